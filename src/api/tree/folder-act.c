/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be done to folders and to the datacenter. */
#include <string.h>

#include "api/task.h"
#include "api/tree/kept.h"
#include "api/tree/tree.h"

static const char *name_of(const Managed *entity)
{
        return managed_peek(entity, "name")->text;
}

static void refuse(Request *request, const char *why)
{
        request_fault(request, vim_new_fault("NotSupported"), "%s \"%s\": %s",
                      request_target(request)->type->name, name_of(request_target(request)), why);
}

/* NULL: it was sent that only folders of VMs can. root: whether "vm" itself can. */
static const char *vm_path(Request *request, bool root)
{
        const char *path = folder_path(request_target(request));

        if (path != NULL && (root || strcmp(path, "/") != 0))
                return path;
        refuse(request,
               path != NULL ? "this folder is a part of the datacenter and stays as it is"
                            : "only folders of VMs are made and changed; this one has what the host has");
        return NULL;
}

static char *child_path(const char *folder, const char *name)
{
        return g_strconcat(strcmp(folder, "/") == 0 ? "" : folder, "/", name, NULL);
}

static Managed *find_folder(const Request *request, const char *path)
{
        g_autofree char *key = g_strconcat("vm:", path, NULL);

        return world_find_key(request_world(request), "Folder", key);
}

/* --- making --- */

static VimValue *made_folder(Api *api, JsonNode *result, gpointer data)
{
        g_autofree char *key = g_strconcat("vm:", data, NULL);

        (void)result;
        folders_sync(api);
        return managed_reference(world_find_key(api_world(api), "Folder", key));
}

static void create_folder(Request *request)
{
        const char *folder = vm_path(request, true), *name = request_arg_text(request, "name");
        JsonObject *args;
        char *path;

        if (folder == NULL || !name_is_right(request, "folder", name))
                return;
        path = child_path(folder, name);
        if (!name_is_free(request, find_folder(request, path), name)) {
                g_free(path);
                return;
        }
        args = json_object_new();
        json_object_set_string_member(args, "path", path);
        request_operate(request, "CreateFolder", args, made_folder, path, g_free);
}

static void refuse_datacenter(Request *request)
{
        refuse(request, "aerostat serves one host, which has one datacenter");
}

static void refuse_host(Request *request)
{
        refuse(request, "aerostat serves the host that it runs on, and no other");
}

static void refuse_other(Request *request)
{
        refuse(request, "there is nothing of this kind here");
}

/* --- renaming and moving --- */

static VimValue *moved_folders(Api *api, JsonNode *result, gpointer data)
{
        (void)result;
        (void)data;
        folders_sync(api);
        return NULL;
}

static void rename_folder(Request *request)
{
        const char *path = vm_path(request, false), *name = request_arg_text(request, "newName");
        g_autofree char *parent = path != NULL ? g_path_get_dirname(path) : NULL, *to = NULL;
        TaskPlan plan = {.operation = "MoveFolder", .result = moved_folders};

        if (path == NULL || !name_is_right(request, "folder", name))
                return;
        to = child_path(parent, name);
        if (strcmp(path, to) != 0 && !name_is_free(request, find_folder(request, to), name))
                return;
        plan.args = json_object_new();
        json_object_set_string_member(plan.args, "path", path);
        json_object_set_string_member(plan.args, "to", to);
        folders_expect(request_api(request), path, to);
        task_run(request, &plan);
}

static void rename_datacenter(Request *request)
{
        const char *name = request_arg_text(request, "newName");
        g_autoptr(GError) error = NULL;

        if (!name_is_right(request, "datacenter", name))
                return;
        if (!kept_set(request_api(request), "Datacenter.name", name, &error)) {
                request_fail(request, error);
                return;
        }
        managed_set_text(request_target(request), "name", name);
        task_done(request, NULL);
}

/* A VM or a folder of VMs goes into the operation's arguments; else InvalidFolder or the like was sent. */
static bool add_moved(Request *request, const VimValue *reference, JsonArray *vms, JsonArray *folders,
                      const char *to)
{
        const Managed *entity = world_resolve(request_world(request), reference);
        const char *path = entity != NULL && vim_is(reference, "Folder") ? folder_path(entity) : NULL;
        VimValue *fault;

        if (entity == NULL) {
                fault = vim_new_fault("ManagedObjectNotFound");
                vim_set(fault, "obj", vim_ref(reference));
                request_fault(request, fault, "there is no %s \"%.100s\" (any more)", reference->type->name,
                              reference->text);
                return false;
        }
        if (vim_type_is(entity->type, vim_type("VirtualMachine"))) {
                json_array_add_string_element(vms, entity->key);
                return true;
        }
        if (path == NULL || strcmp(path, "/") == 0) {
                request_invalid(
                        request, "list",
                        "\"%s\" cannot be moved into the folder \"%s\": only VMs and folders of VMs can",
                        name_of(entity), name_of(request_target(request)));
                return false;
        }
        if (g_str_has_prefix(to, path) && (to[strlen(path)] == '/' || to[strlen(path)] == '\0')) {
                fault = vim_new_fault("InvalidFolder");
                vim_set(fault, "target", managed_reference(request_target(request)));
                request_fault(request, fault, "the folder \"%s\" cannot be moved into itself", path);
                return false;
        }
        json_array_add_string_element(folders, path);
        return true;
}

static void move_into(Request *request)
{
        const char *to = vm_path(request, true);
        const VimValue *list = request_arg(request, "list");
        g_autoptr(JsonArray) vms = json_array_new(), folders = json_array_new();
        TaskPlan plan = {.operation = "MoveIntoFolder", .result = moved_folders};

        if (to == NULL)
                return;
        for (unsigned i = 0; i < vim_length(list); i++)
                if (!add_moved(request, vim_item(list, i), vms, folders, to))
                        return;
        for (unsigned i = 0; i < json_array_get_length(folders); i++) {
                const char *from = json_array_get_string_element(folders, i);
                g_autofree char *name = g_path_get_basename(from), *new_path = child_path(to, name);

                folders_expect(request_api(request), from, new_path);
        }
        plan.args = json_object_new();
        json_object_set_array_member(plan.args, "vms", g_steal_pointer(&vms));
        json_object_set_array_member(plan.args, "folders", g_steal_pointer(&folders));
        json_object_set_string_member(plan.args, "folder", to);
        task_run(request, &plan);
}

/* --- deleting --- */

static void destroy_with(Request *request, const char *vms)
{
        const char *path = vm_path(request, false);
        TaskPlan plan = {.operation = "DestroyFolderTree", .result = moved_folders};

        if (path == NULL)
                return;
        plan.args = json_object_new();
        json_object_set_string_member(plan.args, "path", path);
        json_object_set_string_member(plan.args, "vms", vms);
        task_run(request, &plan);
}

static void destroy_folder(Request *request)
{
        destroy_with(request, "destroy");
}

static void unregister_and_destroy(Request *request)
{
        destroy_with(request, "unregister");
}

static void refuse_change(Request *request)
{
        refuse(request, "it is a part of this host, which cannot be renamed or deleted by the API");
}

/* --- what else there is --- */

static void reload(Request *request)
{
        request_return(request, NULL);
}

const Handler folder_handlers[] = {
        {"Folder", "CreateFolder", create_folder, NULL},
        {"Folder", "Rename_Task", rename_folder, "Folder.Rename"},
        {"Folder", "MoveIntoFolder_Task", move_into, "Folder.Move"},
        {"Folder", "Destroy_Task", destroy_folder, "Folder.Delete"},
        {"Folder", "UnregisterAndDestroy_Task", unregister_and_destroy, NULL},
        {"Folder", "CreateDatacenter", refuse_datacenter, NULL},
        {"Folder", "CreateCluster", refuse_host, NULL},
        {"Folder", "CreateClusterEx", refuse_host, NULL},
        {"Folder", "AddStandaloneHost_Task", refuse_host, NULL},
        {"Folder", "CreateDVS_Task", refuse_other, NULL},
        {"Folder", "CreateStoragePod", refuse_other, NULL},
        {"Datacenter", "Rename_Task", rename_datacenter, "Datacenter.Rename"},
        {"Datacenter", "Destroy_Task", refuse_datacenter, "Datacenter.Delete"},
        {"ManagedEntity", "Rename_Task", refuse_change, NULL},
        {"ManagedEntity", "Destroy_Task", refuse_change, NULL},
        {"ManagedEntity", "Reload", reload, NULL},
        {NULL},
};
