/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CustomFieldsManager: custom attributes, and their values on VMs and on the host. */
#include <string.h>

#include "api/manager/manager.h"
#include "inventory/catalog.h"
#include "inventory/object-id.h"

/* Of object ids: fields keep their keys when they are renamed (inventory/attribute.c). */
#define KIND "field"

typedef struct Field {
        int64_t key;
        char *name;
        AttributeType type;
} Field;

typedef struct Fields {
        Api *api;
        Managed *managed;
        GArray *all;               /* of Field, by name */
        GHashTable *values;        /* char * (object, as attribute_set() has it) to VimValue * */
        VimValue *none;            /* the values of one that has none */
        VimValue *of_vm, *of_host; /* availableField */
        uint64_t structure;        /* of the world, when it was all put right */
        unsigned watch;
        guint source;
} Fields;

static void field_clear(gpointer field)
{
        g_free(((Field *)field)->name);
}

/* --- as values --- */

static VimValue *definition_of(const Field *field)
{
        static const char *const types[] = {
                [ATTRIBUTE_ANY] = NULL, [ATTRIBUTE_VM] = "VirtualMachine", [ATTRIBUTE_HOST] = "HostSystem"};
        VimValue *value = vim_new_object("CustomFieldDef");

        vim_set_int(value, "key", field->key);
        vim_set_text(value, "name", field->name);
        vim_set_text(value, "type", "string");
        vim_set_text(value, "managedObjectType", types[field->type]);
        return value;
}

/* Of those that an object of this kind may have; ATTRIBUTE_ANY: all. */
static VimValue *definitions_for(const Fields *fields, AttributeType type)
{
        VimValue *list = vim_new_list("CustomFieldDef");

        for (unsigned i = 0; i < fields->all->len; i++) {
                const Field *field = &g_array_index(fields->all, Field, i);

                if (type == ATTRIBUTE_ANY || field->type == ATTRIBUTE_ANY || field->type == type)
                        vim_add(list, definition_of(field));
        }
        return list;
}

static VimValue *values_of(const Fields *fields, GHashTable *by_name)
{
        VimValue *list = vim_new_list("CustomFieldValue");

        for (unsigned i = 0; i < fields->all->len; i++) {
                const Field *field = &g_array_index(fields->all, Field, i);
                const char *text = g_hash_table_lookup(by_name, field->name);
                VimValue *value;

                if (text == NULL)
                        continue;
                value = vim_new_object("CustomFieldStringValue");
                vim_set_int(value, "key", field->key);
                vim_set_text(value, "value", text);
                vim_add(list, value);
        }
        return list;
}

/* --- kept right --- */

static void show_on(const Fields *fields, Managed *entity, const char *object, const VimValue *definitions)
{
        const VimValue *values = object != NULL ? g_hash_table_lookup(fields->values, object) : NULL;

        if (values == NULL)
                values = fields->none;
        managed_set(entity, "availableField", vim_ref(definitions));
        managed_set(entity, "value", vim_ref(values));
        if (vim_type_field(entity->type, "customValue") >= 0)
                managed_set(entity, "customValue", vim_ref(values));
}

static void show(Fields *fields)
{
        World *world = api_world(fields->api);
        g_autoptr(GPtrArray) vms = world_list(world, "VirtualMachine");
        g_autoptr(GPtrArray) hosts = world_list(world, "HostSystem");

        for (unsigned i = 0; i < vms->len; i++)
                show_on(fields, vms->pdata[i], ((const Managed *)vms->pdata[i])->key, fields->of_vm);
        for (unsigned i = 0; i < hosts->len; i++)
                show_on(fields, hosts->pdata[i], "host", fields->of_host);
        fields->structure = world_structure_version(world);
}

static void forget(Fields *fields)
{
        g_clear_pointer(&fields->of_vm, vim_unref);
        g_clear_pointer(&fields->of_host, vim_unref);
        g_hash_table_remove_all(fields->values);
        g_array_set_size(fields->all, 0);
}

static bool load_definitions(Fields *fields, GError **error)
{
        Inventory *inventory = api_parts(fields->api)->inventory;
        g_autoptr(GPtrArray) attributes = attribute_list(inventory, error);

        for (unsigned i = 0; attributes != NULL && i < attributes->len; i++) {
                const Attribute *attribute = attributes->pdata[i];
                int64_t key = object_id_get(inventory, KIND, attribute->name, error);

                if (key == 0)
                        return false;
                g_array_set_size(fields->all, i + 1);
                g_array_index(fields->all, Field, i) =
                        (Field){.key = key, .name = g_strdup(attribute->name), .type = attribute->type};
        }
        return attributes != NULL;
}

/* What the inventory has now. */
static void refresh(Fields *fields)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GHashTable) all = attribute_values_all(api_parts(fields->api)->inventory, &error);
        GHashTableIter iter;
        gpointer object, by_name;

        forget(fields);
        if (all == NULL || !load_definitions(fields, &error))
                g_warning("custom attributes are not shown: %s", error->message);
        if (all != NULL) {
                g_hash_table_iter_init(&iter, all);
                while (g_hash_table_iter_next(&iter, &object, &by_name))
                        g_hash_table_insert(fields->values, g_strdup(object), values_of(fields, by_name));
        }
        fields->of_vm = definitions_for(fields, ATTRIBUTE_VM);
        fields->of_host = definitions_for(fields, ATTRIBUTE_HOST);
        managed_set(fields->managed, "field", definitions_for(fields, ATTRIBUTE_ANY));
        show(fields);
}

static gboolean on_idle(gpointer user_data)
{
        Fields *fields = user_data;

        fields->source = 0;
        refresh(fields);
        return G_SOURCE_REMOVE;
}

/* Once for what comes together. */
static void on_catalog(Api *api, gconstpointer data, gpointer user_data)
{
        Fields *fields = user_data;

        (void)api;
        (void)data;
        if (fields->source == 0)
                fields->source = g_idle_add(on_idle, fields);
}

/* New VMs have the fields of all. */
static void on_world(World *world, gpointer user_data)
{
        Fields *fields = user_data;

        if (fields->structure != world_structure_version(world))
                show(fields);
}

/* --- methods --- */

static Fields *fields_of(const Api *api)
{
        return api_get_data(api, "field");
}

static const Field *find_name(const Fields *fields, const char *name)
{
        for (unsigned i = 0; i < fields->all->len; i++) {
                const Field *field = &g_array_index(fields->all, Field, i);

                if (strcmp(field->name, name) == 0)
                        return field;
        }
        return NULL;
}

/* NULL: InvalidArgument was sent. */
static const Field *field_of(Request *request)
{
        const Fields *fields = fields_of(request_api(request));
        int64_t key = request_arg_int(request, "key", 0);

        for (unsigned i = 0; i < fields->all->len; i++) {
                const Field *field = &g_array_index(fields->all, Field, i);

                if (field->key == key)
                        return field;
        }
        request_invalid(request, "key", "there is no custom field %" G_GINT64_FORMAT, key);
        return NULL;
}

static VimValue *on_changed(Api *api, JsonNode *result, gpointer data)
{
        (void)result;
        (void)data;
        refresh(fields_of(api));
        return NULL;
}

static VimValue *on_added(Api *api, JsonNode *result, gpointer data)
{
        const Field *field;

        (void)on_changed(api, result, NULL);
        field = find_name(fields_of(api), data);
        return field != NULL ? definition_of(field) : NULL;
}

/* NULL: InvalidArgument was sent. */
static const char *type_name(Request *request)
{
        const char *type = request_arg_text(request, "moType");

        if (type != NULL && g_str_has_prefix(type, "vim."))
                type += strlen("vim.");
        if (type == NULL || type[0] == '\0' || strcmp(type, "ManagedEntity") == 0)
                return "any";
        if (strcmp(type, "VirtualMachine") == 0)
                return "vm";
        if (strcmp(type, "HostSystem") == 0)
                return "host";
        request_invalid(request, "moType",
                        "custom fields are for a VirtualMachine, a HostSystem or (without moType) for both");
        return NULL;
}

static void add(Request *request)
{
        const char *name = request_arg_text(request, "name"), *type = type_name(request);
        JsonObject *args;

        if (type == NULL)
                return;
        if (request_arg(request, "fieldDefPolicy") != NULL || request_arg(request, "fieldPolicy") != NULL) {
                request_fault(
                        request, vim_new_fault("NotSupported"),
                        "a custom field has no privileges of its own; who may manage and set them says "
                        "the role");
                return;
        }
        args = json_object_new();
        json_object_set_string_member(args, "name", name);
        json_object_set_string_member(args, "type", type);
        request_operate(request, "AddCustomFieldDef", args, on_added, g_strdup(name), g_free);
}

static void rename_field(Request *request)
{
        const Field *field = field_of(request);
        JsonObject *args;

        if (field == NULL)
                return;
        args = json_object_new();
        json_object_set_string_member(args, "name", field->name);
        json_object_set_string_member(args, "to", request_arg_text(request, "name"));
        request_operate(request, "RenameCustomFieldDef", args, on_changed, NULL, NULL);
}

static void remove_field(Request *request)
{
        const Field *field = field_of(request);
        JsonObject *args;

        if (field == NULL)
                return;
        args = json_object_new();
        json_object_set_string_member(args, "name", field->name);
        request_operate(request, "RemoveCustomFieldDef", args, on_changed, NULL, NULL);
}

static void set_on(Request *request, const Managed *entity, const char *field)
{
        JsonObject *args;

        if (!vim_type_is(entity->type, vim_type("VirtualMachine")) &&
            !vim_type_is(entity->type, vim_type("HostSystem"))) {
                request_invalid(request, "entity", "a %s has no custom fields; VMs and the host have",
                                entity->type->name);
                return;
        }
        args = json_object_new();
        json_object_set_string_member(args, "name", field);
        json_object_set_string_member(args, "value", request_arg_text(request, "value"));
        if (vim_type_is(entity->type, vim_type("HostSystem")))
                json_object_set_boolean_member(args, "host", true);
        else
                json_object_set_string_member(args, "vm", entity->key);
        request_operate(request, "SetField", args, on_changed, NULL, NULL);
}

static void set_field(Request *request)
{
        bool answered;
        const Managed *entity = request_arg_object(request, "entity", &answered);
        const Field *field;

        if (answered)
                return;
        field = field_of(request);
        if (field != NULL)
                set_on(request, entity, field->name);
}

/* By the field's name. */
static void set_custom_value(Request *request)
{
        const char *name = request_arg_text(request, "key");

        if (find_name(fields_of(request_api(request)), name) == NULL)
                request_invalid(request, "key", "there is no custom field \"%.100s\"", name);
        else
                set_on(request, request_target(request), name);
}

static bool start(Api *api, GError **error)
{
        Fields *fields = g_new0(Fields, 1);

        (void)error;
        fields->api = api;
        fields->managed = world_add(api_world(api), "CustomFieldsManager", "CustomFieldsManager", NULL);
        fields->all = g_array_new(FALSE, FALSE, sizeof(Field));
        g_array_set_clear_func(fields->all, field_clear);
        fields->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)vim_unref);
        fields->none = vim_new_list("CustomFieldValue");
        api_set_data(api, "field", fields);
        api_listen(api, API_CATALOG_CHANGED, on_catalog, fields);
        fields->watch = world_watch(api_world(api), on_world, fields);
        refresh(fields);
        return true;
}

static void stop(Api *api)
{
        Fields *fields = fields_of(api);

        g_clear_handle_id(&fields->source, g_source_remove);
        world_unwatch(api_world(api), fields->watch);
        forget(fields);
        vim_unref(fields->none);
        g_hash_table_unref(fields->values);
        g_array_unref(fields->all);
        g_free(fields);
}

static const Handler handlers[] = {
        {"CustomFieldsManager", "AddCustomFieldDef", add, NULL},
        {"CustomFieldsManager", "RenameCustomFieldDef", rename_field, NULL},
        {"CustomFieldsManager", "RemoveCustomFieldDef", remove_field, NULL},
        {"CustomFieldsManager", "SetField", set_field, "Global.SetCustomField"},
        {"ExtensibleManagedObject", "setCustomValue", set_custom_value, "Global.SetCustomField"},
        {NULL},
};

const ApiModule field_module = {.name = "field", .handlers = handlers, .start = start, .stop = stop};
