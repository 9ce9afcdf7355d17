/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the API asks for at once and operations do one after the other: a VM is made, or is there, and is
 * changed in steps, all of them or none. Who asks has checked what can be checked; what fails all the same
 * (a full disk, a guest that does not let go of a card) takes back the steps before it.
 *
 *      "first":   {"method", "args"}: how the VM comes to be; or "vm": it is there
 *      "specification": {"name", "text"}: a customization specification for the time of it
 *      "options":  texts to be kept with the VM, null: none any more
 *      "settings": the memory scheduler's, and "pool"; "settings_before": what they are now
 *      "steps":    [{"method", "args", "undo": {"method", "args"}}]; to all arguments, but for those of
 *                  methods of files, "vm" is added; to undo's, what the step returns as "target" or "mac"
 *      "last":     {"method", "args"}: the same, but its failure takes nothing back
 */
#include <string.h>

#include "operation/args.h"
#include "operation/vm.h"

#define STEPS_MAX 200

/* What a step may be. */
static const char *const step_methods[] = {"AddCard",
                                           "AddDisk",
                                           "AttachDisk",
                                           "CreateVirtualDisk",
                                           "CustomizeVM",
                                           "ExtendDisk",
                                           "MarkAsTemplate",
                                           "MarkAsVirtualMachine",
                                           "MoveIntoFolder",
                                           "PowerOnVM",
                                           "ReconfigVM",
                                           "RelocateVM",
                                           "RemoveCard",
                                           "RemoveDisk",
                                           "RenameVM",
                                           "SetCard",
                                           "SetDiskMode",
                                           "AddDrive",
                                           "RemoveDrive",
                                           "SetDrive",
                                           NULL};
static const char *const first_methods[] = {"CloneVM", "CreateVM", "RegisterVM", NULL};

typedef struct Compose {
        Call *call;
        JsonObject *first, *specification, *options, *settings, *settings_before, *last;
        JsonArray *steps;
        char *uuid;          /* of the VM */
        bool settings_alone; /* of a VM that others may have at work, and that libvirt alone may know */
        GPtrArray *undo;     /* of JsonObject *: what takes back what was done, in the order of that */
        GHashTable *before;  /* options as they were: char * to char *, NULL: none */
        bool configured;
        JsonBuilder *result;
} Compose;

static void compose_clear(Compose *compose)
{
        g_clear_pointer(&compose->undo, g_ptr_array_unref);
        g_clear_pointer(&compose->before, g_hash_table_unref);
        g_free(compose->uuid);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Compose, compose_clear)

/* --- what is asked for --- */

static bool check_method(JsonObject *step, const char *const *allowed, GError **error)
{
        const char *method = args_text(step, "method", error);

        if (method == NULL || g_strv_contains(allowed, method))
                return method != NULL;
        return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT, "\"%.50s\" is no step of this", method);
}

static bool check_steps(JsonObject *args, Compose *compose, GError **error)
{
        JsonNode *node = json_object_get_member(args, "steps");

        if (node == NULL)
                return true;
        if (!JSON_NODE_HOLDS_ARRAY(node) || json_array_get_length(json_node_get_array(node)) > STEPS_MAX)
                return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                        "\"steps\" is to be an array of at most %d objects", STEPS_MAX);
        compose->steps = json_node_get_array(node);
        for (unsigned i = 0; i < json_array_get_length(compose->steps); i++) {
                JsonNode *step = json_array_get_element(compose->steps, i);

                if (!JSON_NODE_HOLDS_OBJECT(step))
                        return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                                "\"steps\" is to be an array of objects");
                if (!check_method(json_node_get_object(step), step_methods, error))
                        return false;
        }
        return true;
}

static bool check_texts(JsonObject *object, const char *what, GError **error)
{
        g_autoptr(GList) names = object != NULL ? json_object_get_members(object) : NULL;

        for (GList *name = names; name != NULL; name = name->next) {
                JsonNode *node = json_object_get_member(object, name->data);

                if (!JSON_NODE_HOLDS_NULL(node) &&
                    (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_STRING))
                        return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                                "\"%s\" is to have strings", what);
        }
        return true;
}

static bool parse(JsonObject *args, Compose *compose, const char **ret_vm, GError **error)
{
        if (!args_only(args, error, "vm", "first", "specification", "options", "settings", "settings_before",
                       "steps", "last", NULL) ||
            !args_text_if(args, "vm", ret_vm, error) ||
            !args_object_if(args, "first", &compose->first, error) ||
            !args_object_if(args, "specification", &compose->specification, error) ||
            !args_object_if(args, "options", &compose->options, error) ||
            !args_object_if(args, "settings", &compose->settings, error) ||
            !args_object_if(args, "settings_before", &compose->settings_before, error) ||
            !args_object_if(args, "last", &compose->last, error) || !check_steps(args, compose, error) ||
            !check_texts(compose->options, "options", error) ||
            !check_texts(compose->settings, "settings", error) ||
            !check_texts(compose->settings_before, "settings_before", error))
                return false;
        if ((compose->first == NULL) == (*ret_vm == NULL))
                return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                        "either \"vm\" is to be given, or \"first\"");
        return (compose->first == NULL || check_method(compose->first, first_methods, error)) &&
               (compose->last == NULL || check_method(compose->last, step_methods, error));
}

/* --- one step --- */

/* A card by its place becomes one by its address. */
static void name_card(const Compose *compose, JsonObject *args)
{
        int64_t place = json_object_get_int_member_with_default(args, "card", -1);
        g_autoptr(Definition) definition = vm_definition(compose->call, compose->uuid, false, NULL);
        g_autoptr(GPtrArray) cards = definition != NULL ? definition_cards(definition) : NULL;

        json_object_remove_member(args, "card");
        if (cards != NULL && place >= 0 && place < cards->len)
                json_object_set_string_member(args, "mac",
                                              ((const DefinitionCard *)cards->pdata[place])->mac);
}

/* A copy of its arguments, with the VM. */
static JsonObject *args_of(const Compose *compose, JsonObject *step)
{
        static const char *const of_files[] = {"CreateVirtualDisk", "DeleteVirtualDisk", NULL};
        const char *method = json_object_get_string_member(step, "method");
        JsonObject *given = NULL, *args = json_object_new();
        g_autoptr(GList) names = NULL;

        (void)args_object_if(step, "args", &given, NULL);
        names = given != NULL ? json_object_get_members(given) : NULL;
        for (GList *name = names; name != NULL; name = name->next)
                json_object_set_member(args, name->data,
                                       json_node_copy(json_object_get_member(given, name->data)));
        if (strcmp(method, "MoveIntoFolder") == 0) {
                JsonArray *vms = json_array_new();

                json_array_add_string_element(vms, compose->uuid);
                json_object_set_array_member(args, "vms", vms);
        } else if (compose->uuid != NULL && !g_strv_contains(of_files, method)) {
                json_object_set_string_member(args, "vm", compose->uuid);
        }
        if (json_object_has_member(args, "card"))
                name_card(compose, args);
        return args;
}

/* *ret: what it returned, or NULL. */
static bool run_method(const Compose *compose, JsonObject *step, JsonNode **ret, GError **error)
{
        g_autoptr(JsonObject) args = args_of(compose, step);
        g_autoptr(JsonBuilder) builder = json_builder_new();
        bool done = call_method(compose->call, json_object_get_string_member(step, "method"), args, builder,
                                error);

        *ret = json_builder_get_root(builder);
        return done;
}

/* What the step has made goes to what takes it back. */
static void keep_undo(Compose *compose, JsonObject *step, JsonNode *result)
{
        static const char *const made[] = {"target", "mac"};
        JsonObject *undo = NULL, *args = NULL, *returned;

        (void)args_object_if(step, "undo", &undo, NULL);
        if (undo == NULL)
                return;
        (void)args_object_if(undo, "args", &args, NULL);
        returned = result != NULL && JSON_NODE_HOLDS_OBJECT(result) ? json_node_get_object(result) : NULL;
        for (unsigned i = 0; args != NULL && returned != NULL && i < G_N_ELEMENTS(made); i++)
                if (json_object_has_member(returned, made[i]) && !json_object_has_member(args, made[i]))
                        json_object_set_member(args, made[i],
                                               json_node_copy(json_object_get_member(returned, made[i])));
        g_ptr_array_add(compose->undo, json_object_ref(undo));
}

static unsigned count_steps(const Compose *compose)
{
        return compose->steps != NULL ? json_array_get_length(compose->steps) : 0;
}

/* How much there is, before, of and after the steps. */
static void begin_part(const Compose *compose, unsigned index)
{
        call_part(compose->call, index,
                  (compose->first != NULL) + count_steps(compose) + (compose->last != NULL));
}

static bool run_steps(Compose *compose, GError **error)
{
        unsigned n = count_steps(compose);

        for (unsigned i = 0; i < n; i++) {
                JsonObject *step = json_array_get_object_element(compose->steps, i);
                g_autoptr(JsonNode) result = NULL;

                begin_part(compose, (compose->first != NULL) + i);
                if (!run_method(compose, step, &result, error))
                        return false;
                keep_undo(compose, step, result);
        }
        return true;
}

/* --- options and settings --- */

static bool set_options(Compose *compose, GError **error)
{
        g_autoptr(GList) names = compose->options != NULL ? json_object_get_members(compose->options) : NULL;
        Inventory *inventory = call_inventory(compose->call);
        g_autoptr(InventoryVm) vm = NULL;

        if (names == NULL)
                return true;
        vm = inventory_vm_load(inventory, compose->uuid, error);
        if (vm == NULL)
                return error != NULL && *error != NULL
                               ? false
                               : operation_refuse(error, G_IO_ERROR_NOT_FOUND,
                                                  "VM \"%s\" is not in the inventory; adopt it first",
                                                  compose->uuid);
        compose->before = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        for (GList *name = names; name != NULL; name = name->next) {
                const char *value =
                        json_object_get_string_member_with_default(compose->options, name->data, NULL);

                g_hash_table_insert(compose->before, g_strdup(name->data),
                                    g_strdup(g_hash_table_lookup(vm->options, name->data)));
                if (!inventory_option_set(inventory, compose->uuid, name->data, value, error))
                        return false;
        }
        return true;
}

static GHashTable *texts_of(JsonObject *object)
{
        GHashTable *texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_autoptr(GList) names = json_object_get_members(object);

        for (GList *name = names; name != NULL; name = name->next)
                g_hash_table_insert(texts, g_strdup(name->data),
                                    g_strdup(json_object_get_string_member(object, name->data)));
        return texts;
}

static bool configure(Compose *compose, JsonObject *settings, GError **error)
{
        g_autoptr(GHashTable) wanted = settings != NULL ? texts_of(settings) : NULL;

        return wanted == NULL || g_hash_table_size(wanted) == 0 ||
               call_configure(compose->call, compose->uuid, wanted, error);
}

static bool set_settings(Compose *compose, GError **error)
{
        compose->configured = configure(compose, compose->settings, error);
        return compose->configured;
}

/* --- taking back --- */

static void take_back(Compose *compose)
{
        GHashTableIter iter;
        gpointer name, value;

        for (unsigned i = compose->undo->len; i > 0; i--) {
                g_autoptr(GError) left = NULL;
                g_autoptr(JsonNode) result = NULL;

                if (!run_method(compose, compose->undo->pdata[i - 1], &result, &left))
                        call_event(compose->call, "error", compose->uuid,
                                   "a change that failed could not be taken back: %s", left->message);
        }
        if (compose->configured)
                (void)configure(compose, compose->settings_before, NULL);
        if (compose->before == NULL)
                return;
        g_hash_table_iter_init(&iter, compose->before);
        while (g_hash_table_iter_next(&iter, &name, &value))
                (void)inventory_option_set(call_inventory(compose->call), compose->uuid, name, value, NULL);
}

/* What was made for this goes again; files that were there stay. */
static void take_back_first(Compose *compose)
{
        bool registered = strcmp(json_object_get_string_member(compose->first, "method"), "RegisterVM") == 0;
        g_autoptr(JsonObject) args = json_object_new();
        g_autoptr(JsonBuilder) result = json_builder_new();
        g_autoptr(GError) left = NULL;

        json_object_set_string_member(args, "vm", compose->uuid);
        if (!call_method(compose->call, registered ? "UnregisterVM" : "DestroyVM", args, result, &left))
                call_event(compose->call, "error", compose->uuid, "what was made of it is left: %s",
                           left->message);
}

/* --- the VM --- */

/* A clone is told by its name. */
static char *uuid_of_made(const Compose *compose, JsonNode *result, GError **error)
{
        JsonObject *returned =
                result != NULL && JSON_NODE_HOLDS_OBJECT(result) ? json_node_get_object(result) : NULL;
        JsonObject *given = NULL;
        g_auto(GStrv) names = NULL;
        g_autoptr(Record) record = NULL;

        if (returned != NULL && json_object_has_member(returned, "uuid"))
                return g_strdup(json_object_get_string_member(returned, "uuid"));
        if (!args_object_if(compose->first, "args", &given, error) || given == NULL ||
            !args_texts_if(given, "names", 1, &names, error) || names == NULL || names[0] == NULL)
                return NULL;
        record = record_find(call_inventory(compose->call), names[0], error);
        return record != NULL ? g_strdup(record->uuid) : NULL;
}

static bool make_first(Compose *compose, GError **error)
{
        g_autoptr(JsonNode) result = NULL;

        begin_part(compose, 0);
        if (!run_method(compose, compose->first, &result, error))
                return false;
        compose->uuid = uuid_of_made(compose, result, error);
        if (compose->uuid == NULL)
                return error != NULL && *error != NULL
                               ? false
                               : operation_refuse(error, G_IO_ERROR_NOT_FOUND,
                                                  "the VM was made and is not there any more");
        return call_lock(compose->call, compose->uuid, true, error);
}

static bool has_cpu(JsonObject *options)
{
        g_autoptr(GList) names = options != NULL ? json_object_get_members(options) : NULL;

        for (GList *name = names; name != NULL; name = name->next)
                if (g_str_has_prefix(name->data, VM_OPTION_CPU))
                        return true;
        return false;
}

static bool change(Compose *compose, GError **error)
{
        g_autoptr(Record) record = NULL;

        if (set_options(compose, error) && set_settings(compose, error) && run_steps(compose, error)) {
                record = record_load(call_inventory(compose->call), compose->uuid, NULL);
                if (record != NULL && has_cpu(compose->options))
                        vm_apply_cpu(compose->call, record, true);
                /* Who has the VM at work writes them in the end. */
                if (record != NULL &&
                    (!compose->settings_alone || call_lock(compose->call, compose->uuid, true, NULL)))
                        vm_update_files(compose->call, record);
                return true;
        }
        call_part(compose->call, 0, 0);
        if (compose->first == NULL)
                take_back(compose);
        else
                take_back_first(compose);
        return false;
}

/* Its own, or another's: whoever has a specification of this name keeps it. */
static bool with_specification(Compose *compose, const char *method, GError **error)
{
        g_autoptr(JsonBuilder) result = json_builder_new();
        g_autoptr(JsonObject) args = json_object_new();
        const char *name = args_text(compose->specification, "name", error);
        const char *text = name != NULL ? args_text(compose->specification, "text", error) : NULL;

        if (text == NULL)
                return false;
        json_object_set_string_member(args, "name", name);
        if (strcmp(method, "CreateCustomizationSpec") == 0)
                json_object_set_string_member(args, "text", text);
        return call_method(compose->call, method, args, result, error);
}

static bool do_all(Compose *compose, GError **error)
{
        g_autoptr(JsonNode) result = NULL;

        if ((compose->first != NULL && !make_first(compose, error)) || !change(compose, error))
                return false;
        if (compose->last == NULL)
                return true;
        begin_part(compose, (compose->first != NULL) + count_steps(compose));
        return run_method(compose, compose->last, &result, error);
}

static bool is_empty(JsonObject *object)
{
        return object == NULL || json_object_get_size(object) == 0;
}

/*
 * Which VM it is, in compose->uuid. One that libvirt alone knows has the memory scheduler's settings, too,
 * and nothing else that could be changed here.
 */
static bool find_vm(Compose *compose, const char *vm, GError **error)
{
        g_autoptr(Record) record = NULL;

        compose->settings_alone = is_empty(compose->options) && count_steps(compose) == 0 &&
                                  compose->specification == NULL && compose->last == NULL;
        if (compose->settings_alone) {
                record = record_find(call_inventory(compose->call), vm, NULL);
                compose->uuid = g_strdup(record != NULL ? record->uuid : vm);
                call_touch(compose->call, compose->uuid);
                return true;
        }
        record = call_vm(compose->call, vm, true, error);
        if (record == NULL)
                return false;
        compose->uuid = g_strdup(record->uuid);
        return true;
}

static bool run_compose(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_auto(Compose) compose = {.call = call};
        const char *vm = NULL;
        bool done;

        if (!parse(args, &compose, &vm, error))
                return false;
        compose.undo = g_ptr_array_new_with_free_func((GDestroyNotify)json_object_unref);
        if (vm != NULL && !find_vm(&compose, vm, error))
                return false;
        if (compose.specification != NULL && !with_specification(&compose, "CreateCustomizationSpec", error))
                return false;
        done = do_all(&compose, error);
        if (compose.specification != NULL)
                (void)with_specification(&compose, "DeleteCustomizationSpec", NULL);
        if (compose.uuid != NULL) {
                json_builder_begin_object(result);
                json_builder_set_member_name(result, "uuid");
                json_builder_add_string_value(result, compose.uuid);
                json_builder_end_object(result);
        }
        return done;
}

/* One by another's name for each thing that people see as a task. */
const Method compose_methods[] = {
        {.name = "ApplyConfigSpec", .is_task = true, .run = run_compose},
        {.name = "CloneFromSpec", .is_task = true, .run = run_compose},
        {.name = "CreateFromSpec", .is_task = true, .run = run_compose},
        {.name = "CustomizeFromSpec", .is_task = true, .run = run_compose},
        {.name = "RegisterFromSpec", .is_task = true, .run = run_compose},
        {.name = "RelocateFromSpec", .is_task = true, .run = run_compose},
        {.name = NULL},
};
