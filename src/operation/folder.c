/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Folders of VMs: made, moved, listed, deleted; VMs moved into them. */
#include "inventory/catalog.h"
#include "operation/args.h"
#include "operation/operation.h"
#include "operation/vms.h"

static bool run_create(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *path;

        (void)result;
        if (!args_only(args, error, "path", NULL))
                return false;
        path = args_text(args, "path", error);
        return path != NULL && folder_add(call_inventory(call), path, error);
}

static bool run_move(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *path, *to;

        (void)result;
        if (!args_only(args, error, "path", "to", NULL))
                return false;
        path = args_text(args, "path", error);
        to = path != NULL ? args_text(args, "to", error) : NULL;
        return to != NULL && folder_move(call_inventory(call), path, to, error);
}

static bool run_destroy(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *path;

        (void)result;
        if (!args_only(args, error, "path", NULL))
                return false;
        path = args_text(args, "path", error);
        return path != NULL && folder_delete(call_inventory(call), path, error);
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

/* All of them, or none. */
static bool move_all(Call *call, char *const *names, const char *folder, GError **error)
{
        bool ok = true;

        if (!inventory_begin(call_inventory(call), error))
                return false;
        for (; ok && *names != NULL; names++) {
                g_autoptr(Record) record = call_find(call, *names, error);

                ok = record != NULL;
                if (!ok)
                        break;
                g_free(record->folder);
                record->folder = g_strdup(folder);
                ok = record_save(call_inventory(call), record, error);
        }
        return inventory_end(call_inventory(call), ok, error);
}

static bool run_move_into(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_auto(GStrv) names = NULL;
        const char *folder;

        (void)result;
        if (!args_only(args, error, "vms", "folder", NULL) ||
            !args_texts_if(args, "vms", VMS_MAX, &names, error))
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
        return names == NULL || move_all(call, names, folder, error);
}

const Method folder_methods[] = {
        {.name = "CreateFolder", .run = run_create},      {.name = "MoveFolder", .run = run_move},
        {.name = "DestroyFolder", .run = run_destroy},    {.name = "ListFolders", .run = run_list},
        {.name = "MoveIntoFolder", .run = run_move_into}, {.name = NULL},
};
