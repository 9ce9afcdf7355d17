/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* HostDatastoreBrowser: what there is on a datastore. */
#include <string.h>

#include "api/store/store.h"
#include "api/wait.h"

/* What the operation calls a type of file, and what vim25 does. */
static const struct {
        const char *word, *query, *info;
} types[] = {
        {"disk", "VmDiskFileQuery", "VmDiskFileInfo"},
        {"config", "VmConfigFileQuery", "VmConfigFileInfo"},
        {"snapshot", "VmSnapshotFileQuery", "VmSnapshotFileInfo"},
        {"nvram", "VmNvramFileQuery", "VmNvramFileInfo"},
        {"log", "VmLogFileQuery", "VmLogFileInfo"},
        {"iso", "IsoImageFileQuery", "IsoImageFileInfo"},
        {"floppy", "FloppyImageFileQuery", "FloppyImageFileInfo"},
        {"folder", "FolderFileQuery", "FolderFileInfo"},
        {"file", "FileQuery", "FileInfo"},
};

#define FORMAT_VERSION 14 /* the virtual hardware that disks are for: of 6.7 */

Managed *store_add_browser(Api *api, const char *key)
{
        g_autofree char *id = api_id(api, "datastoreBrowser", key);
        Managed *browser = world_add(api_world(api), "HostDatastoreBrowser", id, key);
        VimValue *supported = vim_new_list("FileQuery");

        for (unsigned i = 0; i < G_N_ELEMENTS(types); i++)
                if (strcmp(types[i].query, "FileQuery") != 0)
                        vim_add(supported, vim_new_object(types[i].query));
        managed_set(browser, "datastore", vim_new_list("Datastore"));
        managed_set(browser, "supportedType", supported);
        return browser;
}

/* What is to be told of files. The data of a search. */
typedef struct Wanted {
        bool type, size, modification, owner;
        bool typed; /* the search is for types, so that files are told as what they are */
        bool disk;
        bool deep;
        char *datastore;
} Wanted;

static void wanted_free(gpointer data)
{
        Wanted *wanted = data;

        g_free(wanted->datastore);
        g_free(wanted);
}

/* --- the answer --- */

static const char *info_type(const char *word)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(types); i++)
                if (strcmp(types[i].word, word) == 0)
                        return types[i].info;
        return "FileInfo";
}

static void add_disk(VimValue *info, JsonObject *file)
{
        if (!json_object_has_member(file, "provisioned_bytes"))
                return;
        vim_set_text(info, "diskType", "VirtualDiskFlatVer2BackingInfo");
        vim_set_int(info, "capacityKb", json_object_get_int_member(file, "provisioned_bytes") >> 10);
        vim_set_int(info, "hardwareVersion", FORMAT_VERSION);
        vim_set_bool(info, "thin", json_object_get_boolean_member(file, "thin"));
}

static VimValue *file_value(JsonObject *file, const Wanted *wanted)
{
        const char *word = json_object_get_string_member(file, "type");
        bool typed = wanted->type || wanted->typed;
        VimValue *info = vim_new_object(typed ? info_type(word) : "FileInfo");

        vim_set_text(info, "path", json_object_get_string_member(file, "name"));
        if (wanted->size)
                vim_set_int(info, "fileSize", json_object_get_int_member(file, "size_bytes"));
        if (wanted->modification)
                vim_set(info, "modification",
                        vim_new_time_ms(json_object_get_int_member(file, "modified_ms")));
        if (wanted->owner && json_object_has_member(file, "owner"))
                vim_set_text(info, "owner", json_object_get_string_member(file, "owner"));
        if (typed && wanted->disk && strcmp(word, "disk") == 0)
                add_disk(info, file);
        return info;
}

static VimValue *folder_value(Api *api, JsonObject *folder, const Wanted *wanted)
{
        VimValue *value = vim_new_object("HostDatastoreBrowserSearchResults"),
                 *files = vim_new_list("FileInfo");
        JsonArray *list = json_object_get_array_member(folder, "files");

        for (unsigned i = 0; i < json_array_get_length(list); i++)
                vim_add(files, file_value(json_array_get_object_element(list, i), wanted));
        vim_set(value, "datastore", managed_reference(world_find(api_world(api), wanted->datastore)));
        vim_set_text(value, "folderPath", json_object_get_string_member(folder, "folder"));
        vim_set(value, "file", files);
        return value;
}

static VimValue *found(Api *api, JsonNode *result, gpointer data)
{
        const Wanted *wanted = data;
        JsonArray *folders = result != NULL ? json_node_get_array(result) : NULL;
        VimValue *all = vim_new_list("HostDatastoreBrowserSearchResults");

        for (unsigned i = 0; folders != NULL && i < json_array_get_length(folders); i++) {
                VimValue *value = folder_value(api, json_array_get_object_element(folders, i), wanted);

                if (!wanted->deep) {
                        vim_unref(all);
                        return value;
                }
                vim_add(all, value);
        }
        return all;
}

/* --- the question --- */

static JsonArray *texts_of(const VimValue *list)
{
        JsonArray *array = json_array_new();

        for (unsigned i = 0; i < vim_length(list); i++)
                json_array_add_string_element(array, vim_item(list, i)->text);
        return array;
}

static void read_queries(const VimValue *queries, JsonObject *args, Wanted *wanted)
{
        JsonArray *words = json_array_new();
        bool any = vim_length(queries) == 0;

        for (unsigned i = 0; i < vim_length(queries); i++) {
                const VimValue *query = vim_item(queries, i);

                for (unsigned j = 0; j < G_N_ELEMENTS(types); j++)
                        if (strcmp(query->type->name, types[j].query) == 0)
                                json_array_add_string_element(words, types[j].word);
                any = any || strcmp(query->type->name, "FileQuery") == 0;
                if (vim_is(query, "VmDiskFileQuery"))
                        wanted->disk = wanted->disk || vim_get(query, "details") != NULL;
        }
        wanted->typed = vim_length(queries) > 0;
        if (any)
                json_array_unref(words);
        else
                json_object_set_array_member(args, "types", words);
}

static void read_spec(const VimValue *spec, JsonObject *args, Wanted *wanted)
{
        const VimValue *details = vim_get(spec, "details");

        if (spec == NULL)
                return;
        wanted->type = vim_get_bool(details, "fileType", false);
        wanted->size = vim_get_bool(details, "fileSize", false);
        wanted->modification = vim_get_bool(details, "modification", false);
        wanted->owner = vim_get_bool(details, "fileOwner", false);
        read_queries(vim_get(spec, "query"), args, wanted);
        if (vim_get(spec, "matchPattern") != NULL)
                json_object_set_array_member(args, "patterns", texts_of(vim_get(spec, "matchPattern")));
        json_object_set_boolean_member(args, "any_case", vim_get_bool(spec, "searchCaseInsensitive", true));
        json_object_set_boolean_member(args, "details", wanted->disk);
}

/* The browser of one datastore does not look into others. */
static const Managed *only(const Managed *browser)
{
        const VimValue *list = managed_peek(browser, "datastore");

        return strcmp(browser->key, "host") == 0 ? NULL : world_resolve(browser->world, vim_item(list, 0));
}

static void search(Request *request, bool deep)
{
        const char *path = request_arg_text(request, "datastorePath");
        Managed *datastore = store_of_path(request, path, true, only(request_target(request)));
        JsonObject *args;
        Wanted *wanted;

        if (datastore == NULL)
                return;
        args = json_object_new();
        wanted = g_new0(Wanted, 1);
        wanted->deep = deep;
        wanted->datastore = g_strdup(datastore->id);
        json_object_set_string_member(args, "path", path);
        json_object_set_boolean_member(args, "deep", deep);
        read_spec(request_arg(request, "searchSpec"), args, wanted);
        store_run(request, datastore, "SearchDatastore", args, found, wanted, wanted_free);
}

static void search_one(Request *request)
{
        search(request, false);
}

static void search_deep(Request *request)
{
        search(request, true);
}

static void delete_file(Request *request)
{
        const char *path = request_arg_text(request, "datastorePath");
        JsonObject *args;

        if (store_of_path(request, path, true, only(request_target(request))) == NULL)
                return;
        args = json_object_new();
        json_object_set_string_member(args, "path", path);
        request_set_fault(request, store_fault);
        request_change(request, "DeleteDatastoreFile", args, NULL, NULL, NULL);
}

static const Handler handlers[] = {
        {"HostDatastoreBrowser", "SearchDatastore_Task", search_one, "Datastore.Browse"},
        {"HostDatastoreBrowser", "SearchDatastoreSubFolders_Task", search_deep, "Datastore.Browse"},
        {"HostDatastoreBrowser", "DeleteFile", delete_file, NULL},
        {NULL},
};

extern const ApiModule datastore_browser_module;
const ApiModule datastore_browser_module = {.name = "datastore-browser", .handlers = handlers};
