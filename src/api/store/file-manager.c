/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* FileManager: files and folders on datastores. */
#include "api/store/store.h"
#include "api/wait.h"

static void transfer(Request *request, const char *operation)
{
        const char *source = request_arg_text(request, "sourceName");
        const char *target = request_arg_text(request, "destinationName");
        Managed *datastore = store_of_path(request, source, true, NULL);
        JsonObject *args;

        if (datastore == NULL || store_of_path(request, target, true, NULL) == NULL)
                return;
        args = json_object_new();
        json_object_set_string_member(args, "source", source);
        json_object_set_string_member(args, "target", target);
        json_object_set_boolean_member(args, "force", request_arg_bool(request, "force", false));
        store_run(request, datastore, operation, args, NULL, NULL, NULL);
}

static void move(Request *request)
{
        transfer(request, "MoveDatastoreFile");
}

static void copy(Request *request)
{
        transfer(request, "CopyDatastoreFile");
}

static void delete_file(Request *request)
{
        const char *path = request_arg_text(request, "name");
        Managed *datastore = store_of_path(request, path, true, NULL);
        JsonObject *args;

        if (datastore == NULL)
                return;
        args = json_object_new();
        json_object_set_string_member(args, "path", path);
        store_run(request, datastore, "DeleteDatastoreFile", args, NULL, NULL, NULL);
}

static void make_directory(Request *request)
{
        const char *path = request_arg_text(request, "name");
        JsonObject *args;

        if (store_of_path(request, path, true, NULL) == NULL)
                return;
        args = json_object_new();
        json_object_set_string_member(args, "path", path);
        json_object_set_boolean_member(args, "parents",
                                       request_arg_bool(request, "createParentDirectories", false));
        request_set_fault(request, store_fault);
        request_operate(request, "MakeDirectory", args, NULL, NULL, NULL);
}

static bool start(Api *api, GError **error)
{
        (void)error;
        (void)world_add(api_world(api), "FileManager", "FileManager", NULL);
        return true;
}

static const Handler handlers[] = {
        {"FileManager", "MoveDatastoreFile_Task", move, "Datastore.FileManagement"},
        {"FileManager", "CopyDatastoreFile_Task", copy, "Datastore.FileManagement"},
        {"FileManager", "DeleteDatastoreFile_Task", delete_file, "Datastore.FileManagement"},
        {"FileManager", "MakeDirectory", make_directory, "Datastore.FileManagement"},
        {"FileManager", "ChangeOwner", store_unsupported, "Datastore.FileManagement"},
        {NULL},
};

extern const ApiModule file_manager_module;
const ApiModule file_manager_module = {.name = "file-manager", .handlers = handlers, .start = start};
