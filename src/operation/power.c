/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Power operations, hard and through the guest. */
#include <string.h>

#include "operation/args.h"
#include "operation/left-home.h"
#include "operation/vm.h"

/* How long a guest may take to shut down, unless its caller says otherwise. */
#define SHUTDOWN_S     300
#define SHUTDOWN_MAX_S 86400

/* The VM, locked, and its power. */
static Record *find(Call *call, JsonObject *args, virConnectPtr *ret_connection, LifePower *ret_power,
                    GError **error)
{
        const char *name = args_text(args, "vm", error);
        virConnectPtr connection = name != NULL ? call_connection(call, error) : NULL;
        g_autoptr(Record) record = connection != NULL ? call_vm(call, name, true, error) : NULL;

        if (record == NULL || !life_power(connection, record->uuid, ret_power, error))
                return NULL;
        if (*ret_power == LIFE_NONE) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            "VM \"%s\" is not known to libvirt; register it again, or unregister it",
                            record->name);
                return NULL;
        }
        *ret_connection = connection;
        return g_steal_pointer(&record);
}

/* The same for what needs a VM that runs. */
static Record *find_on(Call *call, JsonObject *args, virConnectPtr *ret_connection, LifePower *ret_power,
                       GError **error)
{
        g_autoptr(Record) record = find(call, args, ret_connection, ret_power, error);

        if (record != NULL && *ret_power == LIFE_OFF) {
                (void)vm_refuse(record,
                                record->saved != NULL ? "is suspended; power it on first" : "is powered off",
                                error);
                return NULL;
        }
        return g_steal_pointer(&record);
}

/* What hangs on its running. */
static bool ended(Call *call, const Record *record, GError **error)
{
        call_changed(call);
        (void)left_home_settle(call, record->uuid);
        return question_delete(call_inventory(call), record->uuid, error) && redo_drop(call, record, error);
}

static bool start(Call *call, virConnectPtr connection, const Record *record, GError **error)
{
        g_autoptr(Definition) definition = vm_definition(call, record->uuid, false, error);
        g_autofree char *before = definition != NULL ? definition_text(definition) : NULL;
        g_autofree char *after = NULL, *xml = NULL;
        bool any;

        if (definition == NULL || !vm_set_pager(call, record, definition, error) ||
            !call_admit(call, record->uuid, record->name, definition_memory_bytes(definition), error))
                return false;
        after = definition_text(definition);
        if (strcmp(before, after) != 0 && !life_define(connection, after, error))
                return false;
        if (!redo_begin(call, record, definition, &any, error))
                return false;
        xml = definition_text(definition);
        if (any ? life_start_as(connection, xml, error) : life_start(connection, record->uuid, error))
                return true;
        (void)redo_drop(call, record, NULL);
        return false;
}

static bool run_power_on(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        virConnectPtr connection;
        LifePower power;
        g_autoptr(Record) record = NULL;

        (void)result;
        if (!args_only(args, error, "vm", NULL))
                return false;
        record = find(call, args, &connection, &power, error);
        if (record == NULL)
                return false;
        if (record->is_template)
                return vm_refuse(
                        record, "is a template, which cannot be powered on; clone it, or make it a VM again",
                        error);
        if (power == LIFE_STANDBY)
                return life_wake(connection, record->uuid, error);
        if (power != LIFE_OFF)
                return vm_refuse(record, "is powered on already", error);
        call_progress(call, 0, record->saved != NULL ? "resuming" : "starting");
        if (record->saved != NULL ? !suspend_resume(call, record, error)
                                  : !start(call, connection, record, error))
                return false;
        vm_apply_cpu(call, record, false);
        vm_update_files(call, record);
        call_changed(call);
        call_event(call, "vm", record->name, "is powered on");
        return true;
}

static bool power_off(Call *call, virConnectPtr connection, Record *record, unsigned timeout_s, bool soft,
                      GError **error)
{
        call_progress(call, 0, soft ? "shutting down" : "powering off");
        if (soft ? !life_shutdown(connection, record->uuid, timeout_s, call_cancellable(call), error)
                 : !life_destroy(connection, record->uuid, error))
                return false;
        call_event(call, "vm", record->name, soft ? "is shut down" : "is powered off");
        return ended(call, record, error);
}

static bool parse_timeout(JsonObject *args, unsigned *ret, GError **error)
{
        int64_t timeout_s = SHUTDOWN_S;

        if (!args_int_if(args, "timeout_s", 1, SHUTDOWN_MAX_S, &timeout_s, error))
                return false;
        *ret = (unsigned)timeout_s;
        return true;
}

static bool run_power_off(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        virConnectPtr connection;
        g_autoptr(Record) record = NULL;
        LifePower power;
        unsigned timeout_s;
        bool soft;

        (void)result;
        if (!args_only(args, error, "vm", "type", "timeout_s", NULL) ||
            !parse_timeout(args, &timeout_s, error))
                return false;
        record = find(call, args, &connection, &power, error);
        if (record == NULL || !vm_is_soft(call, record->uuid, args, VM_OPTION_POWER_OFF, &soft, error))
                return false;
        if (power == LIFE_OFF && record->saved != NULL)
                return suspend_forget(call, record, error);
        if (power == LIFE_OFF)
                return vm_refuse(record, "is powered off already", error);
        /* A guest that does not run cannot shut itself down. */
        return power_off(call, connection, record, timeout_s, soft && power == LIFE_ON, error);
}

static bool run_shutdown(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        virConnectPtr connection;
        g_autoptr(Record) record = NULL;
        LifePower power;
        unsigned timeout_s;
        bool wait = true;

        (void)result;
        if (!args_only(args, error, "vm", "timeout_s", "wait", NULL) ||
            !parse_timeout(args, &timeout_s, error) || !args_bool_if(args, "wait", &wait, error))
                return false;
        record = find_on(call, args, &connection, &power, error);
        if (record == NULL)
                return false;
        if (power != LIFE_ON)
                return vm_refuse(record, "does not run now, so that its guest cannot shut down", error);
        /* What hangs on its running is seen to when it is off, as of one that shuts itself down. */
        if (!wait)
                return life_ask_shutdown(connection, record->uuid, error);
        return power_off(call, connection, record, timeout_s, true, error);
}

static bool run_reset(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        virConnectPtr connection;
        g_autoptr(Record) record = NULL;
        LifePower power;
        bool soft;

        (void)result;
        if (!args_only(args, error, "vm", "type", NULL))
                return false;
        record = find_on(call, args, &connection, &power, error);
        if (record == NULL || !vm_is_soft(call, record->uuid, args, VM_OPTION_RESET, &soft, error))
                return false;
        return soft && power == LIFE_ON ? life_reboot(connection, record->uuid, error)
                                        : life_reset(connection, record->uuid, error);
}

static bool run_reboot(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        virConnectPtr connection;
        LifePower power;
        g_autoptr(Record) record = NULL;

        (void)result;
        if (!args_only(args, error, "vm", NULL))
                return false;
        record = find_on(call, args, &connection, &power, error);
        return record != NULL && life_reboot(connection, record->uuid, error);
}

static bool run_standby(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        virConnectPtr connection;
        LifePower power;
        g_autoptr(Record) record = NULL;

        (void)result;
        if (!args_only(args, error, "vm", NULL))
                return false;
        record = find_on(call, args, &connection, &power, error);
        if (record == NULL || life_standby(connection, record->uuid, error))
                return record != NULL;
        g_prefix_error(error, "the guest's agent is to do this; in the guest itself, its own way to standby "
                              "does as well: ");
        return false;
}

const Method power_methods[] = {
        {.name = "PowerOnVM", .is_task = true, .run = run_power_on},
        {.name = "PowerOffVM", .is_task = true, .run = run_power_off},
        {.name = "ResetVM", .is_task = true, .run = run_reset},
        {.name = "ShutdownGuest", .is_task = true, .run = run_shutdown},
        {.name = "RebootGuest", .is_task = true, .run = run_reboot},
        {.name = "StandbyGuest", .is_task = true, .run = run_standby},
        {.name = NULL},
};
