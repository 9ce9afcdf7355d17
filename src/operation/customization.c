/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Customization specifications by name, and VMs customized with them. */
#include <limits.h>
#include <string.h>

#include "inventory/catalog.h"
#include "operation/args.h"
#include "operation/customize.h"
#include "operation/home.h"
#include "vm/life.h"

/* How long an agent that is said to be there may take for its first answer. */
#define FIRST_ANSWER_S 10

/* --- specifications --- */

/* The text as it will be kept: checked, and written as we write it. */
static char *read_text(JsonObject *args, GError **error)
{
        const char *text = args_text(args, "text", error);
        g_autoptr(CustomizationSpec) spec = text != NULL ? customization_parse(text, error) : NULL;

        return spec != NULL ? customization_text(spec) : NULL;
}

/* overwrite: one of that name must be there; else it must not. */
static bool save(Inventory *inventory, const char *name, const char *text, bool overwrite, GError **error)
{
        g_autofree char *shown = catalog_shown(name);
        g_autoptr(GError) wrong = NULL;
        g_autofree char *old = specification_load(inventory, name, &wrong);

        if (wrong != NULL) {
                g_propagate_error(error, g_steal_pointer(&wrong));
                return false;
        }
        if (overwrite && old == NULL) {
                g_set_error(
                        error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                        "there is no customization specification \"%s\"; 'aerostat customization create' "
                        "makes one",
                        shown);
                return false;
        }
        if (!overwrite && old != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                            "there is a customization specification \"%s\" already; 'aerostat customization "
                            "set' changes it",
                            shown);
                return false;
        }
        return specification_save(inventory, name, text, error);
}

static bool create_or_overwrite(Call *call, JsonObject *args, bool overwrite, GError **error)
{
        Inventory *inventory = call_inventory(call);
        g_autofree char *text = NULL;
        const char *name;

        if (!args_only(args, error, "name", "text", NULL))
                return false;
        name = args_text(args, "name", error);
        if (name == NULL || !catalog_check_name("customization specification", name, error))
                return false;
        text = read_text(args, error);
        if (text == NULL || !inventory_begin(inventory, error) ||
            !inventory_end(inventory, save(inventory, name, text, overwrite, error), error))
                return false;
        call_changed(call);
        return true;
}

static bool run_create(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        (void)result;
        return create_or_overwrite(call, args, false, error);
}

static bool run_overwrite(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        (void)result;
        return create_or_overwrite(call, args, true, error);
}

static bool run_rename(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name, *to;

        (void)result;
        if (!args_only(args, error, "name", "to", NULL))
                return false;
        name = args_text(args, "name", error);
        to = name != NULL ? args_text(args, "to", error) : NULL;
        if (to == NULL || !specification_rename(call_inventory(call), name, to, error))
                return false;
        call_changed(call);
        return true;
}

static bool run_delete(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name;

        (void)result;
        if (!args_only(args, error, "name", NULL))
                return false;
        name = args_text(args, "name", error);
        if (name == NULL || !specification_delete(call_inventory(call), name, error))
                return false;
        call_changed(call);
        return true;
}

static void add_text(JsonBuilder *builder, const char *name, const char *value)
{
        (void)json_builder_set_member_name(builder, name);
        (void)json_builder_add_string_value(builder, value);
}

static void add_number(JsonBuilder *builder, const char *name, unsigned value)
{
        (void)json_builder_set_member_name(builder, name);
        (void)json_builder_add_int_value(builder, value);
}

static void add_spec(JsonBuilder *builder, const CustomizationSpec *spec)
{
        g_autofree char *text = customization_text(spec);

        (void)json_builder_set_member_name(builder, "spec");
        (void)json_builder_add_value(builder, json_from_string(text, NULL));
}

/* One that was kept by an older aerostat and is not taken any more is shown with what is wrong with it. */
static bool add_specification(Call *call, JsonBuilder *result, const NamedText *entry, GError **error)
{
        g_autoptr(GError) wrong = NULL;
        g_autoptr(CustomizationSpec) spec = customization_parse(entry->text, &wrong);
        unsigned vms, used = 0, capacity = spec != NULL ? customization_capacity(spec) : UINT_MAX;

        if (!customization_count(call_inventory(call), entry->name, UINT_MAX, &vms, error) ||
            !customization_count(call_inventory(call), entry->name, capacity, &used, error))
                return false;
        (void)json_builder_begin_object(result);
        add_text(result, "name", entry->name);
        add_number(result, "vms", vms);
        if (capacity != UINT_MAX)
                add_number(result, "addresses_left", capacity - used);
        if (spec != NULL)
                add_spec(result, spec);
        else
                add_text(result, "wrong", wrong->message);
        (void)json_builder_end_object(result);
        return true;
}

static bool run_list(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(GPtrArray) entries = NULL;

        if (!args_only(args, error, NULL))
                return false;
        entries = specification_list(call_inventory(call), error);
        if (entries == NULL)
                return false;
        (void)json_builder_begin_array(result);
        for (unsigned i = 0; i < entries->len; i++)
                if (!add_specification(call, result, entries->pdata[i], error))
                        return false;
        (void)json_builder_end_array(result);
        return true;
}

static bool run_get(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(CustomizationSpec) spec = NULL;
        g_autofree char *name = NULL, *text = NULL;

        if (!args_only(args, error, "name", NULL))
                return false;
        name = g_strdup(args_text(args, "name", error));
        spec = name != NULL ? customize_load(call, name, error) : NULL;
        if (spec == NULL)
                return false;
        text = customization_text(spec);
        return add_specification(call, result, &(NamedText){name, text}, error);
}

static bool run_check(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(CustomizationSpec) spec = NULL;
        const char *text;

        (void)call;
        if (!args_only(args, error, "text", NULL))
                return false;
        text = args_text(args, "text", error);
        spec = text != NULL ? customization_parse(text, error) : NULL;
        if (spec == NULL)
                return false;
        (void)json_builder_begin_object(result);
        add_spec(result, spec);
        (void)json_builder_end_object(result);
        return true;
}

/* --- VMs --- */

typedef struct Work {
        Call *call;
        Record *record;
        const char *name; /* of the specification */
        CustomizationSpec *spec;
        Definition *definition;
        CustomizeTarget target;
        LifePower power;
} Work;

static void work_clear(Work *work)
{
        g_clear_pointer(&work->record, record_free);
        g_clear_pointer(&work->spec, customization_free);
        g_clear_pointer(&work->definition, definition_free);
        customize_target_clear(&work->target);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

static bool check_state(const Work *work, GError **error)
{
        const char *name = work->record->name;

        if (work->record->is_template) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "%s is a template and is not powered on; customize its clones", name);
                return false;
        }
        if (work->record->saved != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "%s is suspended and would go on as it was; power it off first", name);
                return false;
        }
        if (customization_by(work->spec) == CUSTOMIZATION_BY_CLOUD_INIT && work->power != LIFE_OFF) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "%s is powered on, and cloud-init reads its CD-ROM when a guest starts; power "
                            "it off "
                            "first, or have the specification applied \"by\": \"agent\"",
                            name);
                return false;
        }
        return true;
}

static bool load_work(Work *work, const char *vm, GError **error)
{
        virConnectPtr connection = call_connection(work->call, error);
        g_autofree char *xml = NULL;

        if (connection == NULL)
                return false;
        work->record = call_vm(work->call, vm, true, error);
        work->spec = work->record != NULL ? customize_load(work->call, work->name, error) : NULL;
        if (work->spec == NULL || !life_power(connection, work->record->uuid, &work->power, error) ||
            !check_state(work, error))
                return false;
        xml = life_definition(connection, work->record->uuid, false, error);
        work->definition = xml != NULL ? definition_parse(xml, error) : NULL;
        return work->definition != NULL;
}

/* The VM's number, unless that does not fit: then it keeps the one that it has. what_if: it does in any
 * case. */
static bool find_target(Work *work, bool what_if, GError **error)
{
        Inventory *inventory = call_inventory(work->call);
        unsigned number;
        bool fits;

        if (!inventory_begin(inventory, error))
                return false;
        fits = customize_number(work->call, work->spec, work->name, work->record, &number, error);
        if (fits) {
                customize_target(&work->target, work->record, work->definition, number);
                fits = customization_check(work->spec, &work->target.target, error);
        }
        if (fits && !what_if)
                return inventory_end(inventory, true, error);
        (void)inventory_end(inventory, false, NULL);
        return fits;
}

static void add_outcome(JsonBuilder *result, const Work *work)
{
        const CustomizationTarget *target = &work->target.target;
        g_autofree char *host_name = customization_host_name(work->spec, target);
        g_auto(GStrv) addresses = customization_addresses(work->spec, target->index);

        (void)json_builder_begin_object(result);
        add_text(result, "vm", work->record->name);
        add_text(result, "specification", work->name);
        add_text(result, "by",
                 customization_by(work->spec) == CUSTOMIZATION_BY_AGENT ? "agent" : "cloud-init");
        add_text(result, "host_name", host_name);
        (void)json_builder_set_member_name(result, "addresses");
        (void)json_builder_begin_array(result);
        for (unsigned i = 0; addresses[i] != NULL; i++)
                (void)json_builder_add_string_value(result, addresses[i]);
        (void)json_builder_end_array(result);
        (void)json_builder_end_object(result);
}

static bool apply_seed(const Work *work, GError **error)
{
        virConnectPtr connection = call_connection(work->call, error);
        g_autofree char *xml = NULL;
        bool added;

        if (connection == NULL || !customize_by_seed(work->spec, &work->target.target, work->record,
                                                     work->definition, &added, error))
                return false;
        if (!added)
                return true;
        xml = definition_text(work->definition);
        return life_define(connection, xml, error) && home_write_files(work->call, work->record, error);
}

/* --- by the agent --- */

static GMutex at_work_mutex;
static GHashTable *at_work; /* UUIDs of guests whose agent is being told: not by two at a time */

/* Each takes one of the threads for operations while its commands run, for half an hour perhaps. */
#define AT_WORK_MAX (OPERATION_THREADS / 2)

static bool begin_guest(const Record *record, GError **error)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&at_work_mutex);

        if (at_work == NULL)
                at_work = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        if (g_hash_table_contains(at_work, record->uuid)) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                            "%s is being customized by its guest's agent at this moment", record->name);
                return false;
        }
        if (g_hash_table_size(at_work) >= AT_WORK_MAX) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                            "%d other guests are being customized; %s is when one of them is done",
                            AT_WORK_MAX, record->name);
                return false;
        }
        return g_hash_table_add(at_work, g_strdup(record->uuid));
}

static void end_guest(const Record *record)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&at_work_mutex);

        (void)g_hash_table_remove(at_work, record->uuid);
}

static bool tell_agent(Call *call, const PendingCustomization *pending, const Record *record, GError **error)
{
        virConnectPtr connection = call_connection(call, error);
        g_autoptr(CustomizationSpec) spec =
                connection != NULL ? customization_parse(pending->text, error) : NULL;
        g_autofree char *xml = spec != NULL ? life_definition(connection, record->uuid, true, error) : NULL;
        g_autoptr(Definition) definition = xml != NULL ? definition_parse(xml, error) : NULL;
        g_auto(CustomizeTarget) target = {0};

        if (definition == NULL)
                return false;
        call_progress(call, 10, "waits for the guest's agent");
        if (!life_agent_wait(connection, record->uuid, FIRST_ANSWER_S, call_cancellable(call), error))
                return false;
        call_progress(call, 20, "the guest's agent is at work");
        customize_target(&target, record, definition, pending->number);
        return customize_by_agent(call, spec, &target.target, error);
}

/* What the guest refused it would refuse again; what broke off is done at its agent's next answer. */
static bool customize_guest(Call *call, const PendingCustomization *pending, const Record *record,
                            GError **error)
{
        g_autoptr(GError) wrong = NULL;
        bool done;

        if (!begin_guest(record, error))
                return false;
        done = tell_agent(call, pending, record, &wrong);
        end_guest(record);
        if (!done && !g_error_matches(wrong, G_IO_ERROR, G_IO_ERROR_INVALID_DATA)) {
                g_propagate_prefixed_error(
                        error, g_steal_pointer(&wrong),
                        "%s is not customized yet; it is when its guest's agent answers next: ",
                        record->name);
                return false;
        }
        if (!customization_end(call_inventory(call), pending, error))
                return false;
        if (!done)
                g_propagate_error(error, g_steal_pointer(&wrong));
        return done;
}

/* Remembered first: if the daemon dies on the way it is done again. */
static bool apply_by_agent(const Work *work, GError **error)
{
        g_autofree char *text = customization_text(work->spec);
        PendingCustomization pending = {
                .uuid = work->record->uuid, .text = text, .number = work->target.target.index};

        return customization_set_pending(call_inventory(work->call), pending.uuid, text, error) &&
               (work->power != LIFE_ON || customize_guest(work->call, &pending, work->record, error));
}

/* --- CustomizeVM --- */

static bool run_customize(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_auto(Work) work = {.call = call};
        bool what_if = false, done;
        const char *vm;

        if (!args_only(args, error, "vm", "spec", "what_if", NULL))
                return false;
        vm = args_text(args, "vm", error);
        work.name = vm != NULL ? args_text(args, "spec", error) : NULL;
        if (work.name == NULL || !args_bool_if(args, "what_if", &what_if, error) ||
            !load_work(&work, vm, error) || !find_target(&work, what_if, error))
                return false;
        done = what_if ||
               (customization_by(work.spec) == CUSTOMIZATION_BY_AGENT ? apply_by_agent(&work, error)
                                                                      : apply_seed(&work, error));
        if (done)
                add_outcome(result, &work);
        return done;
}

/* --- when the agent answers for the first time --- */

/*
 * Without the VM's lock, so that whoever has just powered it on is not in the way, nor this in the way of
 * who powers it off: then it is done the next time.
 */
static bool run_customize_guest(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *uuid = args_text(args, "vm", error);
        g_autoptr(GPtrArray) pending = NULL;
        g_autoptr(Record) record = NULL;
        g_autoptr(GError) wrong = NULL;
        virConnectPtr connection = uuid != NULL ? call_connection(call, error) : NULL;
        LifePower power;

        (void)result;
        pending = connection != NULL ? customization_list_pending(call_inventory(call), uuid, error) : NULL;
        if (pending == NULL)
                return false;
        record = pending->len > 0 ? record_load(call_inventory(call), uuid, &wrong) : NULL;
        if (record == NULL) {
                if (wrong == NULL)
                        return true;
                g_propagate_error(error, g_steal_pointer(&wrong));
                return false;
        }
        if (!life_power(connection, uuid, &power, error))
                return false;
        if (power != LIFE_ON)
                return true;
        if (customize_guest(call, pending->pdata[0], record, &wrong)) {
                call_event(call, "vm", record->name, "customized with \"%s\" by its guest's agent",
                           ((const PendingCustomization *)pending->pdata[0])->specification);
                return true;
        }
        if (!g_error_matches(wrong, G_IO_ERROR, G_IO_ERROR_BUSY) &&
            !g_error_matches(wrong, G_IO_ERROR, G_IO_ERROR_CANCELLED))
                call_event(call, "error", record->name, "%s", wrong->message);
        g_propagate_error(error, g_steal_pointer(&wrong));
        return false;
}

const Method customization_methods[] = {
        {.name = "CreateCustomizationSpec", .run = run_create},
        {.name = "OverwriteCustomizationSpec", .run = run_overwrite},
        {.name = "RenameCustomizationSpec", .run = run_rename},
        {.name = "DeleteCustomizationSpec", .run = run_delete},
        {.name = "ListCustomizationSpecs", .run = run_list},
        {.name = "GetCustomizationSpec", .run = run_get},
        {.name = "CheckCustomizationSpec", .run = run_check},
        {.name = "CustomizeVM", .is_task = true, .run = run_customize},
        {.name = "CustomizeGuest", .internal = true, .run = run_customize_guest},
        {.name = NULL},
};
