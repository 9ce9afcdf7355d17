/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Snapshots: made, gone back to, renamed, removed. */
#include <string.h>

#include "api/vm/act.h"
#include "inventory/catalog.h"

/* --- of a VM --- */

static VimValue *made_snapshot(Api *api, JsonNode *result, gpointer data)
{
        JsonObject *object =
                result != NULL && JSON_NODE_HOLDS_OBJECT(result) ? json_node_get_object(result) : NULL;
        g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, fact_int(object, "snapshot", 0));

        (void)data;
        return managed_reference(world_find_key(api_world(api), "VirtualMachineSnapshot", key));
}

static bool check_name(Request *request, const char *name, bool is_task)
{
        g_autoptr(GError) error = NULL;
        VimValue *fault;

        if (catalog_check_name("snapshot", name, &error))
                return true;
        fault = vim_new_fault("InvalidName");
        vim_set_text(fault, "name", name);
        if (is_task)
                task_failed(request, fault, "%s", error->message);
        else
                request_fault(request, fault, "%s", error->message);
        return false;
}

static void create_with(Request *request, bool memory, bool quiesce)
{
        const char *name = request_arg_text(request, "name");
        const char *description = request_arg_text(request, "description");
        const Vm *vm = act_vm(request);
        JsonObject *args;

        if (vm == NULL || !check_name(request, name, true))
                return;
        args = act_args(request);
        json_object_set_string_member(args, "name", name);
        if (description != NULL)
                json_object_set_string_member(args, "description", description);
        /* As a vCenter has it: what does not run has no memory, and nothing to be quiesced. */
        json_object_set_boolean_member(args, "memory", memory && strcmp(vm_power(vm), "poweredOff") != 0);
        json_object_set_boolean_member(args, "quiesce",
                                       quiesce && !memory && vm_is_on(vm) && vm_agent_answers(vm));
        act_task(request, "CreateSnapshot", args, made_snapshot);
}

static void create(Request *request)
{
        create_with(request, request_arg_bool(request, "memory", false),
                    request_arg_bool(request, "quiesce", false));
}

static void create_ex(Request *request)
{
        create_with(request, request_arg_bool(request, "memory", false),
                    request_arg(request, "quiesceSpec") != NULL);
}

/* --- going back --- */

/* One that ran then runs again, unless that is not wanted. */
static void revert_to(Request *request, Managed *managed, int64_t id)
{
        TaskPlan plan = {.operation = "RevertToSnapshot",
                         .entity = managed,
                         .description_id = "VirtualMachine.revertToSnapshot"};
        g_autofree char *which = g_strdup_printf("#%" G_GINT64_FORMAT, id);

        plan.args = json_object_new();
        json_object_set_string_member(plan.args, "vm", managed->key);
        json_object_set_string_member(plan.args, "snapshot", which);
        json_object_set_boolean_member(plan.args, "suppressPowerOn",
                                       request_arg_bool(request, "suppressPowerOn", false));
        request_set_fault(request, vm_fault_of);
        task_run(request, &plan);
}

static void revert_to_current(Request *request)
{
        const Vm *vm = act_vm(request);
        int64_t id = vm != NULL ? fact_int(vm->facts, "current_snapshot", 0) : 0;

        if (vm == NULL)
                return;
        if (id == 0)
                task_failed(request, vim_new_fault("NotFound"), "VM \"%s\" has no snapshot",
                            fact_text(vm->facts, "name"));
        else
                revert_to(request, request_target(request), id);
}

static void remove_all(Request *request)
{
        if (act_vm(request) != NULL)
                act_task(request, "RemoveAllSnapshots", act_args(request), NULL);
}

static void consolidate(Request *request)
{
        if (act_vm(request) != NULL)
                act_task(request, "ConsolidateVMDisks", act_args(request), NULL);
}

/* --- of a snapshot --- */

/* With its VM, whose task it is. */
static JsonObject *args_of(Request *request, Managed **ret_vm)
{
        const Managed *snapshot = request_target(request);
        Managed *vm = world_resolve(request_world(request), managed_peek(snapshot, "vm"));
        g_autofree char *which = g_strconcat("#", snapshot->key, NULL);
        JsonObject *args = json_object_new();

        json_object_set_string_member(args, "vm", vm->key);
        json_object_set_string_member(args, "snapshot", which);
        *ret_vm = vm;
        return args;
}

static void revert(Request *request)
{
        const Managed *snapshot = request_target(request);

        revert_to(request, world_resolve(request_world(request), managed_peek(snapshot, "vm")),
                  g_ascii_strtoll(snapshot->key, NULL, 10));
}

static void remove_one(Request *request)
{
        TaskPlan plan = {.operation = "RemoveSnapshot", .description_id = "VirtualMachine.removeSnapshot"};

        plan.args = args_of(request, &plan.entity);
        json_object_set_boolean_member(plan.args, "removeChildren",
                                       request_arg_bool(request, "removeChildren", false));
        request_set_fault(request, vm_fault_of);
        task_run(request, &plan);
}

static void rename_one(Request *request)
{
        const char *name = request_arg_text(request, "name");
        const char *description = request_arg_text(request, "description");
        JsonObject *args;
        Managed *vm;

        if (name != NULL && !check_name(request, name, false))
                return;
        args = args_of(request, &vm);
        if (name != NULL)
                json_object_set_string_member(args, "name", name);
        if (description != NULL)
                json_object_set_string_member(args, "description", description);
        request_set_fault(request, vm_fault_of);
        request_operate(request, "RenameSnapshot", args, NULL, NULL, NULL);
}

static const Handler handlers[] = {
        {"VirtualMachine", "CreateSnapshot_Task", create, NULL},
        {"VirtualMachine", "CreateSnapshotEx_Task", create_ex, NULL},
        {"VirtualMachine", "RevertToCurrentSnapshot_Task", revert_to_current, NULL},
        {"VirtualMachine", "RemoveAllSnapshots_Task", remove_all, NULL},
        {"VirtualMachine", "ConsolidateVMDisks_Task", consolidate, NULL},
        {"VirtualMachineSnapshot", "RevertToSnapshot_Task", revert, NULL},
        {"VirtualMachineSnapshot", "RemoveSnapshot_Task", remove_one, NULL},
        {"VirtualMachineSnapshot", "RenameSnapshot", rename_one, NULL},
        {NULL},
};

const ApiModule vm_snapshot_module = {.name = "vm-snapshot", .handlers = handlers};
