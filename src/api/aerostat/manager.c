/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "api/aerostat/aerostat.h"
#include "api/vm/plan.h"

#define MANAGER        "AerostatManager"
#define EVENTS_DEFAULT 100
#define EVENTS_MAX     1000

/* --- rounds of the memory scheduler --- */

static void on_round(Api *api, gconstpointer data, gpointer user_data)
{
        Managed *manager = user_data;
        const VimValue *last = managed_peek(manager, "round");

        (void)api;
        (void)data;
        managed_set(manager, "round", vim_new_long(last->integer + 1));
}

/* --- the event log, as it is kept --- */

static VimValue *event_value(const InventoryEvent *event)
{
        VimValue *value = vim_new_object("AerostatEvent");

        vim_set_int(value, "id", event->id);
        vim_set(value, "time", vim_new_time_ms(event->time_ms));
        vim_set_text(value, "type", event->type);
        vim_set_text(value, "vm", event->vm);
        vim_set_text(value, "message", event->message);
        return value;
}

static void query_journal(Request *request)
{
        const ApiParts *parts = api_parts(request_api(request));
        int64_t after = request_arg_int(request, "after", -1);
        int64_t limit = request_arg_int(request, "limit", EVENTS_DEFAULT);
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) events = NULL;
        VimValue *list;

        if (limit < 1 || limit > EVENTS_MAX) {
                request_invalid(request, "limit", "the limit of QueryJournal is 1 to %d", EVENTS_MAX);
                return;
        }
        events = inventory_events(parts->inventory, MAX(after, -1), (unsigned)limit, &error);
        if (events == NULL) {
                request_fail(request, error);
                return;
        }
        list = vim_new_list("AerostatEvent");
        for (unsigned i = 0; i < events->len; i++)
                vim_add(list, event_value(events->pdata[i]));
        request_return(request, list);
}

/* --- VMs that others start --- */

static void admit_vm(Request *request)
{
        const char *uuid = request_arg_text(request, "uuid"), *name = request_arg_text(request, "name");
        int64_t memory_bytes = request_arg_int(request, "memoryBytes", 0);
        g_autoptr(GError) error = NULL;

        if (!g_uuid_string_is_valid(uuid)) {
                request_invalid(request, "uuid", "AdmitVm: \"%.100s\" is no UUID", uuid);
        } else if (memory_bytes < 0) {
                request_invalid(request, "memoryBytes", "AdmitVm: VM \"%.100s\" has memory, in bytes", name);
        } else if (scheduler_admit(api_parts(request_api(request))->scheduler, uuid, name,
                                   (uint64_t)memory_bytes, &error)) {
                request_return(request, NULL);
        } else {
                request_set_fault(request, vm_fault_of);
                request_fail(request, error);
        }
}

/* --- the manager --- */

static bool start(Api *api, GError **error)
{
        Managed *manager = world_add(api_world(api), MANAGER, MANAGER, NULL);

        (void)error;
        managed_set(manager, "round", vim_new_long(0));
        api_listen(api, API_ROUND, on_round, manager);
        return true;
}

static const Handler handlers[] = {
        {MANAGER, "AdmitVm", admit_vm, NULL},
        {MANAGER, "PreviewAllocation", aerostat_preview, NULL},
        {MANAGER, "QueryAdvice", aerostat_query_advice, NULL},
        {MANAGER, "QueryJournal", query_journal, NULL},
        {MANAGER, "QueryHostMemory", aerostat_query_host, NULL},
        {MANAGER, "QueryOperations", aerostat_query_operations, NULL},
        {MANAGER, "QueryPoolMemory", aerostat_query_pools, NULL},
        {MANAGER, "QueryVmMemory", aerostat_query_vms, NULL},
        {MANAGER, "RunOperation", aerostat_run_operation, NULL},
        {MANAGER, "RunOperation_Task", aerostat_run_task, NULL},
        {NULL},
};

const ApiModule aerostat_module = {.name = "aerostat", .handlers = handlers, .start = start};
