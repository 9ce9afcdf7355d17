/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Datastores: directories that are given a name, and what is free there. */
#include <string.h>

#include "inventory/catalog.h"
#include "operation/args.h"
#include "operation/operation.h"
#include "storage/datastore.h"

static bool run_add(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name, *path;
        g_autofree char *clean = NULL;
        DatastoreSpace space;

        (void)result;
        if (!args_only(args, error, "name", "path", NULL) ||
            (name = args_text(args, "name", error)) == NULL ||
            (path = args_text(args, "path", error)) == NULL)
                return false;
        if (!g_path_is_absolute(path)) {
                g_autofree char *shown = catalog_shown(path);

                g_set_error(
                        error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                        "\"%s\" is no absolute path; a datastore is a folder of the host, like /vmfs/store1",
                        shown);
                return false;
        }
        clean = g_canonicalize_filename(path, NULL);
        return datastore_space(clean, &space, error) &&
               datastore_add(call_inventory(call), name, clean, error);
}

static bool run_remove(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name;

        (void)result;
        return args_only(args, error, "name", NULL) && (name = args_text(args, "name", error)) != NULL &&
               datastore_delete(call_inventory(call), name, error);
}

static bool run_rename(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name, *to;

        (void)result;
        return args_only(args, error, "name", "to", NULL) &&
               (name = args_text(args, "name", error)) != NULL &&
               (to = args_text(args, "to", error)) != NULL &&
               datastore_rename(call_inventory(call), name, to, error);
}

static void add_datastore(JsonBuilder *result, const NamedText *entry, const GPtrArray *records)
{
        DatastoreSpace space = {0};
        g_autoptr(GError) error = NULL;
        bool accessible = datastore_space(entry->text, &space, &error);
        unsigned vms = 0;

        for (unsigned i = 0; i < records->len; i++)
                vms += g_strcmp0(((const Record *)records->pdata[i])->datastore, entry->name) == 0;
        json_builder_begin_object(result);
        json_builder_set_member_name(result, "name");
        json_builder_add_string_value(result, entry->name);
        json_builder_set_member_name(result, "path");
        json_builder_add_string_value(result, entry->text);
        json_builder_set_member_name(result, "vms");
        json_builder_add_int_value(result, vms);
        json_builder_set_member_name(result, "accessible");
        json_builder_add_boolean_value(result, accessible);
        json_builder_set_member_name(result, "capacity_bytes");
        json_builder_add_int_value(result, (int64_t)space.capacity_bytes);
        json_builder_set_member_name(result, "free_bytes");
        json_builder_add_int_value(result, (int64_t)space.free_bytes);
        json_builder_end_object(result);
}

static bool run_list(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(GPtrArray) datastores = NULL, records = NULL;

        if (!args_only(args, error, NULL))
                return false;
        datastores = datastore_list(call_inventory(call), error);
        records = datastores != NULL ? record_list(call_inventory(call), NULL, false, error) : NULL;
        if (records == NULL)
                return false;
        json_builder_begin_array(result);
        for (unsigned i = 0; i < datastores->len; i++)
                add_datastore(result, datastores->pdata[i], records);
        json_builder_end_array(result);
        return true;
}

extern const Method datastore_methods[];

const Method datastore_methods[] = {
        {.name = "AddDatastore", .changes = true, .run = run_add},
        {.name = "RemoveDatastore", .changes = true, .run = run_remove},
        {.name = "RenameDatastore", .changes = true, .run = run_rename},
        {.name = "ListDatastores", .run = run_list},
        {.name = NULL},
};
