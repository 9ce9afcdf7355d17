/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Custom attributes: defined, set on VMs and on the host, found. */
#include <string.h>

#include "inventory/catalog.h"
#include "operation/args.h"
#include "operation/operation.h"
#include "operation/vms.h"

static const char *const type_names[] = {
        [ATTRIBUTE_ANY] = "any",
        [ATTRIBUTE_VM] = "vm",
        [ATTRIBUTE_HOST] = "host",
};

static bool parse_type(const char *name, AttributeType *ret, GError **error)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(type_names); i++) {
                if (strcmp(name, type_names[i]) != 0)
                        continue;
                *ret = (AttributeType)i;
                return true;
        }
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "\"type\" is to be \"vm\", \"host\" or \"any\"");
        return false;
}

/* Who shows them is told. */
static bool changed(Call *call, bool ok)
{
        if (ok)
                call_changed(call);
        return ok;
}

static bool run_add(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name, *type_name = "any";
        AttributeType type;

        (void)result;
        if (!args_only(args, error, "name", "type", NULL))
                return false;
        name = args_text(args, "name", error);
        return name != NULL && args_text_if(args, "type", &type_name, error) &&
               parse_type(type_name, &type, error) &&
               changed(call, attribute_add(call_inventory(call), name, type, error));
}

static bool run_rename(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name, *to;

        (void)result;
        if (!args_only(args, error, "name", "to", NULL))
                return false;
        name = args_text(args, "name", error);
        to = name != NULL ? args_text(args, "to", error) : NULL;
        return to != NULL && changed(call, attribute_rename(call_inventory(call), name, to, error));
}

static bool run_remove(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name;

        (void)result;
        if (!args_only(args, error, "name", NULL))
                return false;
        name = args_text(args, "name", error);
        return name != NULL && changed(call, attribute_delete(call_inventory(call), name, error));
}

static bool run_list(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(GPtrArray) attributes = NULL;
        g_autoptr(GHashTable) host = NULL;

        if (!args_only(args, error, NULL))
                return false;
        attributes = attribute_list(call_inventory(call), error);
        host = attributes != NULL ? attribute_values(call_inventory(call), "host", error) : NULL;
        if (host == NULL)
                return false;
        json_builder_begin_array(result);
        for (unsigned i = 0; i < attributes->len; i++) {
                const Attribute *attribute = attributes->pdata[i];

                json_builder_begin_object(result);
                json_builder_set_member_name(result, "name");
                json_builder_add_string_value(result, attribute->name);
                json_builder_set_member_name(result, "type");
                json_builder_add_string_value(result, type_names[attribute->type]);
                /* null: the host has none. */
                json_builder_set_member_name(result, "host");
                json_builder_add_string_value(result, g_hash_table_lookup(host, attribute->name));
                json_builder_end_object(result);
        }
        json_builder_end_array(result);
        return true;
}

static bool set_all(Call *call, char *const *names, const char *name, const char *value, GError **error)
{
        bool ok = true;

        if (!inventory_begin(call_inventory(call), error))
                return false;
        for (; ok && *names != NULL; names++) {
                g_autoptr(Record) record = call_find(call, *names, error);

                ok = record != NULL && attribute_set(call_inventory(call), record->uuid, name, value, error);
        }
        return inventory_end(call_inventory(call), ok, error);
}

/* On one VM; on all these, or none; or on the host. Also while somebody else works on them. */
static bool run_set(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_auto(GStrv) names = NULL;
        const char *name, *vm = NULL, *value = NULL;
        bool host = false;

        (void)result;
        if (!args_only(args, error, "vm", "vms", "host", "name", "value", NULL) ||
            !args_text_if(args, "vm", &vm, error) || !args_texts_if(args, "vms", VMS_MAX, &names, error) ||
            !args_bool_if(args, "host", &host, error) || !args_text_if(args, "value", &value, error))
                return false;
        name = args_text(args, "name", error);
        if (name == NULL)
                return false;
        if (host + (names != NULL) + (vm != NULL) != 1) {
                g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                    "either \"vm\" or \"vms\" is to be there, or \"host\" is to be true");
                return false;
        }
        if (vm != NULL)
                names = g_strdupv((char *[]){(char *)(gintptr)vm, NULL});
        return changed(call, host ? attribute_set(call_inventory(call), "host", name, value, error)
                                  : set_all(call, names, name, value, error));
}

static bool run_find(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(GHashTable) wanted = NULL;
        g_autoptr(GPtrArray) records = NULL;
        g_auto(GStrv) uuids = NULL;
        const char *name, *value = NULL;

        if (!args_only(args, error, "name", "value", NULL) || !args_text_if(args, "value", &value, error))
                return false;
        name = args_text(args, "name", error);
        uuids = name != NULL ? attribute_find(call_inventory(call), name, value, error) : NULL;
        records = uuids != NULL ? record_list(call_inventory(call), NULL, false, error) : NULL;
        if (records == NULL)
                return false;
        wanted = g_hash_table_new(g_str_hash, g_str_equal);
        for (char **uuid = uuids; *uuid != NULL; uuid++)
                g_hash_table_add(wanted, *uuid);
        json_builder_begin_array(result);
        for (unsigned i = 0; i < records->len; i++) {
                const Record *record = records->pdata[i];

                if (record->state != RECORD_READY || !g_hash_table_contains(wanted, record->uuid))
                        continue;
                json_builder_begin_object(result);
                json_builder_set_member_name(result, "name");
                json_builder_add_string_value(result, record->name);
                json_builder_set_member_name(result, "uuid");
                json_builder_add_string_value(result, record->uuid);
                json_builder_end_object(result);
        }
        json_builder_end_array(result);
        return true;
}

const Method attribute_methods[] = {
        {.name = "AddCustomFieldDef", .run = run_add},
        {.name = "RenameCustomFieldDef", .run = run_rename},
        {.name = "RemoveCustomFieldDef", .run = run_remove},
        {.name = "ListCustomFields", .run = run_list},
        {.name = "SetField", .run = run_set},
        {.name = "FindByField", .run = run_find},
        {.name = NULL},
};
