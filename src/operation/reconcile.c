/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an earlier life of the daemon left half-done is ended or undone, with each new connection to libvirt.
 * What cannot be is reported, and that VM is left alone until it can.
 */
#include <string.h>

#include "operation/args.h"
#include "operation/customize.h"
#include "operation/discard.h"
#include "operation/home.h"
#include "operation/internal.h"
#include "operation/watch.h"
#include "vm/definition.h"
#include "vm/life.h"

/* Whether the work had come so far that the VM goes on with the new files. */
static bool uses_new_files(virConnectPtr connection, const Intent *intent, bool *ret, GError **error)
{
        g_autoptr(Definition) definition = NULL;
        g_autofree char *xml = NULL;
        LifePower power;

        *ret = false;
        if (!life_power(connection, intent->uuid, &power, error))
                return false;
        if (power == LIFE_NONE)
                return true;
        xml = life_definition(connection, intent->uuid, power != LIFE_OFF, error);
        definition = xml != NULL ? definition_parse(xml, error) : NULL;
        if (definition == NULL)
                return false;
        for (char **file = intent->new_files; *file != NULL; file++)
                *ret = *ret || definition_uses(definition, *file);
        return true;
}

static bool end_intent(Call *call, const Intent *intent, GError **error)
{
        virConnectPtr connection = call_connection(call, error);
        const IntentKind *kind = intent_kind_find(intent->kind);
        bool uses_new;

        if (kind == NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                            "a newer aerostatd has begun \"%s\" there; this one does not know it",
                            intent->kind);
                return false;
        }
        return connection != NULL && call_lock(call, intent->uuid, true, error) &&
               uses_new_files(connection, intent, &uses_new, error) &&
               kind->end(call, intent, uses_new, error);
}

static bool end_intents(Call *call, GError **error)
{
        g_autoptr(GPtrArray) intents = intent_list(call_inventory(call), error);

        for (unsigned i = 0; intents != NULL && i < intents->len; i++) {
                const Intent *intent = intents->pdata[i];
                g_autoptr(Record) record = record_load(call_inventory(call), intent->uuid, NULL);
                const char *name = record != NULL ? record->name : intent->uuid;
                g_autoptr(GError) why = NULL;

                /* Somebody works on it, so it is not left over. */
                if (!call_lock(call, intent->uuid, true, NULL))
                        continue;
                if (end_intent(call, intent, &why)) {
                        operations_set_stuck(call_operations(call), intent->uuid, NULL);
                        call_event(call, "task", name,
                                   "what was begun (%s) when the daemon ended is put right", intent->kind);
                } else if (g_error_matches(why, G_IO_ERROR, G_IO_ERROR_PENDING)) {
                        operations_set_stuck(call_operations(call), intent->uuid, why->message);
                        call_event(call, "task", name,
                                   "what was begun (%s) when the daemon ended is ended by a task: %s",
                                   intent->kind, why->message);
                } else {
                        operations_set_stuck(call_operations(call), intent->uuid, why->message);
                        call_event(call, "error", name,
                                   "what was begun (%s) when the daemon ended cannot be put right: %s",
                                   intent->kind, why->message);
                }
                call_unlock(call, intent->uuid);
        }
        return intents != NULL;
}

static bool check_records(Call *call, GError **error)
{
        g_autoptr(GPtrArray) records = record_list(call_inventory(call), NULL, false, error);
        virConnectPtr connection = call_connection(call, error);

        if (records == NULL || connection == NULL)
                return false;
        for (unsigned i = 0; i < records->len; i++) {
                const Record *record = records->pdata[i];
                g_autoptr(GError) why = NULL;
                LifePower power;

                if (!call_lock(call, record->uuid, true, NULL))
                        continue;
                if (record->state == RECORD_READY)
                        home_clean(record);
                if (record->state != RECORD_READY) {
                        if (vm_discard(call, record, &why))
                                call_event(call, "task", record->name,
                                           "%s when the daemon ended: it is gone",
                                           record->state == RECORD_MAKING ? "was being made"
                                                                          : "was being deleted");
                } else if (life_power(connection, record->uuid, &power, &why) && power == LIFE_NONE) {
                        g_set_error(&why, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                    "libvirt does not know it%s%s; register it again, or unregister it",
                                    record->home != NULL ? ", but its files should be in " : "",
                                    record->home != NULL ? record->home : "");
                }
                if (record->state == RECORD_READY && why == NULL)
                        (void)watch_look(call, record->uuid, &why);
                if (why != NULL)
                        call_event(call, "error", record->name, "%s", why->message);
                call_unlock(call, record->uuid);
        }
        return true;
}

static bool run_reconcile(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        if (call_connection(call, error) == NULL)
                return false;
        if (call_is_reconciled(call))
                return true;
        /* Before VMs are looked at, so that nothing happens unseen. */
        watch_begin(call_operations(call), call_connection(call, NULL));
        if (!end_intents(call, error) || !check_records(call, error) ||
            !call_method(call, "ReconcileNetwork", args, result, error) || !customize_resume(call, error))
                return false;
        call_set_reconciled(call);
        return true;
}

static bool run_reconcile_vms(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        return args_only(args, error, NULL) && end_intents(call, error) && check_records(call, error) &&
               call_method(call, "ReconcileNetwork", args, result, error);
}

const Method reconcile_methods[] = {
        {.name = "Reconcile", .internal = true, .run = run_reconcile},
        {.name = "ReconcileVMs", .is_task = true, .run = run_reconcile_vms},
        {.name = NULL},
};
