/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Folders of VMs: made, moved, listed, deleted with or without what is in them; VMs and folders moved into
 * them. */
#include <string.h>

#include "inventory/catalog.h"
#include "operation/args.h"
#include "operation/operation.h"
#include "operation/vms.h"
#include "vm/life.h"

static bool run_create(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *path;

        (void)result;
        if (!args_only(args, error, "path", NULL))
                return false;
        path = args_text(args, "path", error);
        if (path == NULL || !folder_add(call_inventory(call), path, error))
                return false;
        call_changed(call);
        return true;
}

static bool run_move(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *path, *to;

        (void)result;
        if (!args_only(args, error, "path", "to", NULL))
                return false;
        path = args_text(args, "path", error);
        to = path != NULL ? args_text(args, "to", error) : NULL;
        if (to == NULL || !folder_move(call_inventory(call), path, to, error))
                return false;
        call_changed(call);
        return true;
}

static bool run_destroy(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *path;

        (void)result;
        if (!args_only(args, error, "path", NULL))
                return false;
        path = args_text(args, "path", error);
        if (path == NULL || !folder_delete(call_inventory(call), path, error))
                return false;
        call_changed(call);
        return true;
}

/* Adds 1 to the folder's count, in a table of folders and counts. */
static void count(GHashTable *counts, const char *folder)
{
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, folder));

        g_hash_table_insert(counts, g_strdup(folder), GUINT_TO_POINTER(n + 1));
}

static void add_folder(JsonBuilder *result, const char *path, GHashTable *vms, GHashTable *folders)
{
        json_builder_begin_object(result);
        json_builder_set_member_name(result, "path");
        json_builder_add_string_value(result, path);
        json_builder_set_member_name(result, "vms");
        json_builder_add_int_value(result, GPOINTER_TO_UINT(g_hash_table_lookup(vms, path)));
        json_builder_set_member_name(result, "folders");
        json_builder_add_int_value(result, GPOINTER_TO_UINT(g_hash_table_lookup(folders, path)));
        json_builder_end_object(result);
}

static bool run_list(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(GHashTable) vms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_autoptr(GHashTable) folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_autoptr(GPtrArray) records = NULL;
        g_auto(GStrv) paths = NULL;

        if (!args_only(args, error, NULL))
                return false;
        records = record_list(call_inventory(call), NULL, false, error);
        paths = records != NULL ? folder_list(call_inventory(call), error) : NULL;
        if (paths == NULL)
                return false;
        for (unsigned i = 0; i < records->len; i++)
                count(vms, ((const Record *)records->pdata[i])->folder);
        for (char **path = paths; *path != NULL; path++) {
                g_autofree char *parent = g_path_get_dirname(*path);

                count(folders, parent);
        }
        json_builder_begin_array(result);
        add_folder(result, "/", vms, folders);
        for (char **path = paths; *path != NULL; path++)
                add_folder(result, *path, vms, folders);
        json_builder_end_array(result);
        return true;
}

static bool move_vms(Call *call, char *const *names, const char *folder, GError **error)
{
        for (; names != NULL && *names != NULL; names++) {
                g_autoptr(Record) record = call_find(call, *names, error);

                if (record == NULL)
                        return false;
                g_free(record->folder);
                record->folder = g_strdup(folder);
                if (!record_save(call_inventory(call), record, error))
                        return false;
        }
        return true;
}

static bool move_folders(Call *call, char *const *paths, const char *folder, GError **error)
{
        for (; paths != NULL && *paths != NULL; paths++) {
                const char *slash = strrchr(*paths, '/');
                g_autofree char *to = g_strconcat(strcmp(folder, "/") == 0 ? "" : folder,
                                                  slash != NULL ? slash : "/", NULL);

                if (!folder_move(call_inventory(call), *paths, to, error))
                        return false;
        }
        return true;
}

static bool run_move_into(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_auto(GStrv) names = NULL, folders = NULL;
        const char *folder;
        bool ok;

        (void)result;
        if (!args_only(args, error, "vms", "folders", "folder", NULL) ||
            !args_texts_if(args, "vms", VMS_MAX, &names, error) ||
            !args_texts_if(args, "folders", VMS_MAX, &folders, error))
                return false;
        folder = args_text(args, "folder", error);
        if (folder == NULL)
                return false;
        /* Who works on one of them would write its folder back. */
        for (char **name = names; name != NULL && *name != NULL; name++) {
                g_autoptr(Record) record = call_vm(call, *name, true, error);

                if (record == NULL)
                        return false;
        }
        /* All of them, or none. */
        if (!inventory_begin(call_inventory(call), error))
                return false;
        ok = move_vms(call, names, folder, error) && move_folders(call, folders, folder, error);
        if (!inventory_end(call_inventory(call), ok, error))
                return false;
        call_changed(call);
        return true;
}

/* --- a folder with all that is in it --- */

/* One that runs would be refused when others are gone already. */
static bool all_are_off(Call *call, const GPtrArray *records, GError **error)
{
        virConnectPtr connection = records->len > 0 ? call_connection(call, error) : NULL;

        if (records->len > 0 && connection == NULL)
                return false;
        for (unsigned i = 0; i < records->len; i++) {
                const Record *record = records->pdata[i];
                LifePower power;

                if (!life_power(connection, record->uuid, &power, error))
                        return false;
                if (power != LIFE_OFF && power != LIFE_NONE)
                        return operation_refuse(
                                error, G_IO_ERROR_NOT_SUPPORTED,
                                "VM \"%s\" is in the folder and runs; power it off first, or "
                                "move it out",
                                record->name);
        }
        return true;
}

static bool drop_vm(Call *call, const char *uuid, bool destroy, GError **error)
{
        g_autoptr(JsonObject) args = json_object_new();
        g_autoptr(JsonBuilder) nothing = json_builder_new();

        json_object_set_string_member(args, "vm", uuid);
        return call_method(call, destroy ? "DestroyVM" : "UnregisterVM", args, nothing, error);
}

/* A parent of linked clones goes after them: so again and again, while any goes. */
static bool drop_vms(Call *call, GPtrArray *records, bool destroy, GError **error)
{
        unsigned all = records->len;

        while (records->len > 0) {
                g_autoptr(GError) why = NULL;
                unsigned before = records->len;

                for (unsigned i = records->len; i-- > 0;) {
                        const Record *record = records->pdata[i];

                        call_progress(call, (all - records->len) * 100 / all, "VM \"%s\"", record->name);
                        g_clear_error(&why);
                        if (drop_vm(call, record->uuid, destroy, &why))
                                g_ptr_array_remove_index(records, i);
                        else if (!g_error_matches(why, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
                                break;
                }
                if (records->len < before)
                        continue;
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        return true;
}

/* The folder and those below it, which have no VMs any more. */
static bool delete_tree(Call *call, const char *path, GError **error)
{
        g_autofree char *below = g_strconcat(path, "/", NULL);
        g_auto(GStrv) paths = folder_list(call_inventory(call), error);

        if (paths == NULL)
                return false;
        for (unsigned i = g_strv_length(paths); i-- > 0;)
                if (g_str_has_prefix(paths[i], below) &&
                    !folder_delete(call_inventory(call), paths[i], error))
                        return false;
        return folder_delete(call_inventory(call), path, error);
}

static bool run_destroy_tree(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *path, *vms;
        g_autoptr(GPtrArray) records = NULL;
        bool destroy, ok;

        (void)result;
        path = args_only(args, error, "path", "vms", NULL) ? args_text(args, "path", error) : NULL;
        vms = path != NULL ? args_text(args, "vms", error) : NULL;
        if (vms == NULL)
                return false;
        destroy = strcmp(vms, "destroy") == 0;
        if (!destroy && strcmp(vms, "unregister") != 0)
                return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT, "vms is destroy or unregister");
        if (strcmp(path, "/") == 0)
                return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                        "the folder \"/\" cannot be deleted");
        records = record_list(call_inventory(call), path, true, error);
        if (records == NULL || !all_are_off(call, records, error))
                return false;
        ok = drop_vms(call, records, destroy, error) && delete_tree(call, path, error);
        call_changed(call);
        return ok;
}

const Method folder_methods[] = {
        {.name = "CreateFolder", .run = run_create},
        {.name = "MoveFolder", .run = run_move},
        {.name = "DestroyFolder", .run = run_destroy},
        {.name = "DestroyFolderTree", .is_task = true, .run = run_destroy_tree},
        {.name = "ListFolders", .run = run_list},
        {.name = "MoveIntoFolder", .run = run_move_into},
        {.name = NULL},
};
