/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names, templates, customization, and the end of VMs; and what there is not. */
#include <string.h>

#include "api/vm/act.h"
#include "api/vm/customize.h"
#include "api/vm/module.h"
#include "inventory/catalog.h"

/* --- names --- */

static void rename_vm(Request *request)
{
        const char *name = request_arg_text(request, "newName");
        g_autoptr(GError) error = NULL;
        JsonObject *args;
        VimValue *fault;

        if (act_vm(request) == NULL)
                return;
        if (!catalog_check_name("virtual machine", name, &error)) {
                fault = vim_new_fault("InvalidName");
                vim_set_text(fault, "name", name);
                vim_set(fault, "entity", managed_reference(request_target(request)));
                task_failed(request, fault, "%s", error->message);
                return;
        }
        args = act_args(request);
        json_object_set_string_member(args, "name", name);
        act_task(request, "RenameVM", args, NULL);
}

/* --- templates --- */

static void operate(Request *request, const char *operation)
{
        request_set_fault(request, vm_fault_of);
        request_operate(request, operation, act_args(request), NULL, NULL, NULL);
}

static void mark_template(Request *request)
{
        if (act_vm(request) != NULL && act_check_power(request, "poweredOff", false))
                operate(request, "MarkAsTemplate");
}

static void mark_vm(Request *request)
{
        const Vm *vm = act_vm(request);
        JsonObject *args, *settings;
        const char *pool;
        bool wrong;

        if (vm == NULL)
                return;
        if (!fact_bool(vm->facts, "template", false)) {
                request_fault(request, vim_new_fault("InvalidState"), "VM \"%s\" is no template",
                              fact_text(vm->facts, "name"));
                return;
        }
        pool = act_key(request, request_arg(request, "pool"), "ResourcePool", &wrong);
        if (wrong)
                return;
        if (pool == NULL || fact_is(vm->facts, "pool", pool)) {
                operate(request, "MarkAsVirtualMachine");
                return;
        }
        settings = json_object_new();
        json_object_set_string_member(settings, "pool", pool);
        args = act_args(request);
        json_object_set_object_member(args, "settings", settings);
        json_object_set_object_member(args, "last", plan_call("MarkAsVirtualMachine", json_object_new()));
        act_wait(request, "ApplyConfigSpec", args);
}

/* --- the end --- */

static void destroy(Request *request)
{
        const Vm *vm = act_vm(request);

        if (vm == NULL)
                return;
        if (vm_is_on(vm))
                (void)act_check_power(request, "poweredOff", true);
        else
                act_task(request, "DestroyVM", act_args(request), NULL);
}

static void unregister(Request *request)
{
        const Vm *vm = act_vm(request);

        if (vm == NULL)
                return;
        if (vm_is_on(vm))
                (void)act_check_power(request, "poweredOff", false);
        else
                act_wait(request, "UnregisterVM", act_args(request));
}

/* --- customization --- */

static void customize(Request *request)
{
        const VimValue *spec = request_arg(request, "spec");
        const Vm *vm = act_vm(request);
        g_autoptr(Plan) plan = NULL;
        JsonObject *args, *step, *inner;
        JsonArray *steps;

        if (vm == NULL)
                return;
        plan = plan_new(request_world(request), vm);
        (void)customize_check(plan, spec);
        if (!plan_check(plan, request))
                return;
        args = act_args(request);
        inner = json_object_new();
        customize_add(api_parts(request_api(request))->inventory, args, inner, "spec", spec);
        step = plan_call("CustomizeVM", inner);
        steps = json_array_new();
        json_array_add_object_element(steps, step);
        json_object_set_array_member(args, "steps", steps);
        act_task(request, "CustomizeFromSpec", args, NULL);
}

static void check_customization(Request *request)
{
        const VimValue *spec = request_arg(request, "spec");
        const Vm *vm = act_vm(request);
        g_autoptr(Plan) plan = NULL;

        if (vm == NULL)
                return;
        plan = plan_new(request_world(request), vm);
        if (customize_check(plan, spec))
                request_return(request, NULL);
        else
                request_fault(request, g_steal_pointer(&plan->fault), "%s", plan->message);
}

/* --- looking again --- */

static VimValue *seen_again(Api *api, JsonNode *result, gpointer data)
{
        JsonObject *object =
                result != NULL && JSON_NODE_HOLDS_OBJECT(result) ? json_node_get_object(result) : NULL;

        (void)data;
        if (object != NULL)
                vm_apply_all(api, json_object_get_member(object, "vms"));
        return NULL;
}

static void refresh(Request *request)
{
        JsonObject *args;
        JsonArray *vms;

        if (act_vm(request) == NULL)
                return;
        args = json_object_new();
        vms = json_array_new();
        json_array_add_string_element(vms, request_target(request)->key);
        json_object_set_array_member(args, "vms", vms);
        request_operate(request, "DescribeVMs", args, seen_again, NULL, NULL);
}

/* --- what there is not --- */

static void not_supported(Request *request)
{
        request_fault(request, vim_new_fault("NotSupported"), "%s: there is nothing of this kind here",
                      request_method(request)->name);
}

static void no_tools(Request *request)
{
        request_fault(request, vim_new_fault("NotSupported"),
                      "guests get qemu-guest-agent from their own distribution; there is no image of tools");
}

static void upgrade(Request *request)
{
        task_failed(request, vim_new_fault("AlreadyUpgraded"),
                    "all VMs have the newest version there is here");
}

static const Handler handlers[] = {
        {"VirtualMachine", "Rename_Task", rename_vm, "VirtualMachine.Config.Rename"},
        {"VirtualMachine", "Destroy_Task", destroy, "VirtualMachine.Inventory.Delete"},
        {"VirtualMachine", "Reload", refresh, "System.Read"},
        {"VirtualMachine", "RefreshStorageInfo", refresh, NULL},
        {"VirtualMachine", "UnregisterVM", unregister, NULL},
        {"VirtualMachine", "MarkAsTemplate", mark_template, NULL},
        {"VirtualMachine", "MarkAsVirtualMachine", mark_vm, NULL},
        {"VirtualMachine", "CustomizeVM_Task", customize, NULL},
        {"VirtualMachine", "CheckCustomizationSpec", check_customization, NULL},
        {"VirtualMachine", "MountToolsInstaller", no_tools, NULL},
        {"VirtualMachine", "UnmountToolsInstaller", no_tools, NULL},
        {"VirtualMachine", "UpgradeTools_Task", no_tools, NULL},
        {"VirtualMachine", "UpgradeVM_Task", upgrade, NULL},
        {"VirtualMachine", "ExportVm", not_supported, NULL},
        {"VirtualMachine", "CreateSecondaryVM_Task", not_supported, NULL},
        {"VirtualMachine", "StartRecording_Task", not_supported, NULL},
        {NULL},
};

const ApiModule vm_manage_module = {.name = "vm-manage", .handlers = handlers};
