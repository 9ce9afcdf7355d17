/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "operation/watch.h"

#include <string.h>

#include "operation/args.h"
#include "operation/left-home.h"
#include "operation/vm.h"

/* Somebody works on the VM: it is looked at later, by and by given up, as every power-on looks, too. */
#define RETRY_MS  1000
#define TRIES_MAX 600

#define METHOD_LOOK      "LookAtVM"
#define METHOD_WRITE     "WriteFilesOfVM"
#define METHOD_CUSTOMIZE "CustomizeGuest"
#define METHOD_SEE       "SeeVM"

/* Agents are told for long, a few at a time: the others are asked about again for an hour. */
#define CUSTOMIZE_RETRY_MS  5000
#define CUSTOMIZE_TRIES_MAX 720

typedef struct Look {
        Operations *operations;
        const char *method;
        unsigned retry_ms, tries_max;
        char uuid[VIR_UUID_STRING_BUFLEN];
        unsigned tries;
} Look;

static void look(Look *next);

static GHashTable *waiting; /* Look to the GUINT_TO_POINTER of its timer; of the main context */

static gboolean look_again(gpointer user_data)
{
        if (waiting != NULL)
                (void)g_hash_table_remove(waiting, user_data);
        look(user_data);
        return G_SOURCE_REMOVE;
}

static void look_later(Look *next)
{
        if (waiting == NULL)
                waiting = g_hash_table_new(NULL, NULL);
        (void)g_hash_table_insert(waiting, next,
                                  GUINT_TO_POINTER(g_timeout_add(next->retry_ms, look_again, next)));
}

void watch_end(Operations *operations)
{
        GHashTableIter iter;
        gpointer next, timer;

        if (waiting == NULL)
                return;
        g_hash_table_iter_init(&iter, waiting);
        while (g_hash_table_iter_next(&iter, &next, &timer))
                if (((const Look *)next)->operations == operations) {
                        (void)g_source_remove(GPOINTER_TO_UINT(timer));
                        g_hash_table_iter_remove(&iter);
                        g_free(next);
                }
}

static void on_looked(JsonNode *result, const GError *error, gpointer user_data)
{
        Look *done = user_data;

        (void)result;
        if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_BUSY) && ++done->tries < done->tries_max)
                look_later(done);
        else
                g_free(done);
}

static void look(Look *next)
{
        g_autoptr(JsonObject) args = json_object_new();

        json_object_set_string_member(args, "vm", next->uuid);
        if (!operations_start(next->operations, next->method, args, on_looked, next, NULL, NULL))
                g_free(next);
}

static Look *look_new(Operations *operations)
{
        Look *first = g_new0(Look, 1);

        first->operations = operations;
        first->method = METHOD_LOOK;
        first->retry_ms = RETRY_MS;
        first->tries_max = TRIES_MAX;
        return first;
}

static Look *customize_new(Operations *operations)
{
        Look *first = look_new(operations);

        first->method = METHOD_CUSTOMIZE;
        first->retry_ms = CUSTOMIZE_RETRY_MS;
        first->tries_max = CUSTOMIZE_TRIES_MAX;
        return first;
}

void operations_settings_changed(Operations *operations, const char *uuid)
{
        Look *first = look_new(operations);

        first->method = METHOD_WRITE;
        (void)g_strlcpy(first->uuid, uuid, sizeof(first->uuid));
        look(first);
}

/* Nothing is to be done, but what it is now is to be told. */
static Look *see_new(Operations *operations)
{
        Look *first = look_new(operations);

        first->method = METHOD_SEE;
        return first;
}

static void begin(Look *first, virDomainPtr domain)
{
        if (virDomainGetUUIDString(domain, first->uuid) == 0)
                look(first);
        else
                g_free(first);
}

static int on_lifecycle(virConnectPtr connection, virDomainPtr domain, int event, int detail, void *opaque)
{
        (void)connection;
        (void)detail;
        if (event == VIR_DOMAIN_EVENT_STOPPED || event == VIR_DOMAIN_EVENT_RESUMED ||
            event == VIR_DOMAIN_EVENT_CRASHED || event == VIR_DOMAIN_EVENT_PMSUSPENDED)
                begin(look_new(opaque), domain);
        else
                begin(see_new(opaque), domain);
        return 0;
}

static void on_io_error(virConnectPtr connection, virDomainPtr domain, const char *path, const char *alias,
                        int action, const char *reason, void *opaque)
{
        (void)connection;
        (void)path;
        (void)alias;
        (void)reason;
        if (action == VIR_DOMAIN_EVENT_IO_ERROR_PAUSE)
                begin(look_new(opaque), domain);
}

static void on_agent(virConnectPtr connection, virDomainPtr domain, int state, int reason, void *opaque)
{
        (void)connection;
        (void)reason;
        begin(see_new(opaque), domain);
        if (state == VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_CONNECTED)
                begin(customize_new(opaque), domain);
}

void watch_customize(Operations *operations, const char *uuid)
{
        Look *first = customize_new(operations);

        (void)g_strlcpy(first->uuid, uuid, sizeof(first->uuid));
        /* At the priority of what ends calls: before the one that asks for it has ended. */
        (void)g_idle_add_full(G_PRIORITY_DEFAULT, look_again, first, NULL);
}

void watch_begin(Operations *operations, virConnectPtr connection)
{
        /* Without events, what happens is found at the next power-on or start of the daemon. */
        (void)virConnectDomainEventRegisterAny(connection, NULL, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                                               VIR_DOMAIN_EVENT_CALLBACK(on_lifecycle), operations, NULL);
        (void)virConnectDomainEventRegisterAny(connection, NULL, VIR_DOMAIN_EVENT_ID_IO_ERROR_REASON,
                                               VIR_DOMAIN_EVENT_CALLBACK(on_io_error), operations, NULL);
        (void)virConnectDomainEventRegisterAny(connection, NULL, VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE,
                                               VIR_DOMAIN_EVENT_CALLBACK(on_agent), operations, NULL);
}

/* The guest has gone to standby: "checkpoint" makes it a suspended VM. */
static bool look_at_standby(Call *call, const Record *record, GError **error)
{
        g_autofree char *action = vm_option_get(call, record->uuid, VM_OPTION_STANDBY, error);
        g_autoptr(JsonObject) args = json_object_new();
        g_autoptr(JsonBuilder) result = json_builder_new();

        if (action == NULL || strcmp(action, "checkpoint") != 0 || record->home == NULL)
                return action != NULL;
        json_object_set_string_member(args, "vm", record->uuid);
        return call_method(call, "SuspendVM", args, result, error);
}

bool watch_look(Call *call, const char *uuid, GError **error)
{
        virConnectPtr connection = call_connection(call, error);
        g_autoptr(Record) record =
                connection != NULL ? record_load(call_inventory(call), uuid, error) : NULL;
        LifePower power;

        if (record == NULL || record->state != RECORD_READY)
                return error == NULL || *error == NULL;
        /* What was begun and not ended comes first. */
        if (vm_has_intent(call, uuid))
                return true;
        if (!life_power(connection, uuid, &power, error))
                return false;
        if (power == LIFE_IO_ERROR)
                return question_ask(call, record, error);
        if (power == LIFE_STANDBY)
                return look_at_standby(call, record, error);
        if (!question_delete(call_inventory(call), uuid, error))
                return false;
        if (power == LIFE_OFF)
                (void)left_home_settle(call, uuid);
        return power != LIFE_OFF || record->saved != NULL || redo_drop(call, record, error);
}

static bool run_look(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *uuid = args_text(args, "vm", error);
        g_autoptr(GError) why = NULL;

        (void)result;
        if (uuid == NULL || !call_lock(call, uuid, true, error))
                return false;
        if (!watch_look(call, uuid, &why)) {
                g_autoptr(Record) record = record_load(call_inventory(call), uuid, NULL);

                /* There is nobody else to be told. */
                call_event(call, "error", record != NULL ? record->name : uuid, "%s",
                           why != NULL ? why->message : "it cannot be looked at");
        }
        return true;
}

static bool run_write(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *uuid = args_text(args, "vm", error);
        g_autoptr(Record) record = NULL;

        (void)result;
        if (uuid == NULL || !call_lock(call, uuid, true, error))
                return false;
        record = record_load(call_inventory(call), uuid, error);
        if (record != NULL && record->state == RECORD_READY)
                vm_update_files(call, record);
        return record != NULL || error == NULL || *error == NULL;
}

static bool run_see(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *uuid = args_text(args, "vm", error);

        (void)result;
        if (uuid != NULL)
                call_touch(call, uuid);
        return uuid != NULL;
}

const Method watch_methods[] = {
        {.name = METHOD_LOOK, .internal = true, .run = run_look},
        {.name = METHOD_WRITE, .internal = true, .run = run_write},
        {.name = METHOD_SEE, .internal = true, .run = run_see},
        {.name = NULL},
};
