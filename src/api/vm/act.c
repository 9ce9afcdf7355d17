/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "api/vm/act.h"

#include <string.h>

#include "api/internal.h"
#include "api/wait.h"

Vm *act_vm(Request *request)
{
        Vm *vm = vm_of(request_target(request));

        if (vm == NULL)
                request_fault(request, vim_new_fault("NotSupported"), "this is no VM of this host");
        return vm;
}

JsonObject *act_args(const Request *request)
{
        JsonObject *args = json_object_new();

        json_object_set_string_member(args, "vm", request_target(request)->key);
        return args;
}

bool act_check_power(Request *request, const char *wanted, bool is_task)
{
        const Vm *vm = vm_of(request_target(request));
        const char *is = vm_power(vm), *name = fact_text(vm->facts, "name");
        VimValue *fault;

        if (strcmp(is, wanted) == 0)
                return true;
        fault = vim_new_fault("InvalidPowerState");
        vim_set_text(fault, "requestedState", wanted);
        vim_set_text(fault, "existingState", is);
        if (is_task)
                task_failed(request, fault, "VM \"%s\" is %s, and is to be %s for this", name, is, wanted);
        else
                request_fault(request, fault, "VM \"%s\" is %s, and is to be %s for this", name, is, wanted);
        return false;
}

void act_task(Request *request, const char *operation, JsonObject *args, RequestResult result)
{
        const TaskPlan plan = {.operation = operation, .args = args, .result = result};

        request_set_fault(request, vm_fault_of);
        task_run(request, &plan);
}

VimValue *act_made(Api *api, JsonNode *result, gpointer data)
{
        const char *uuid = result != NULL && JSON_NODE_HOLDS_OBJECT(result)
                                   ? fact_text(json_node_get_object(result), "uuid")
                                   : NULL;

        (void)data;
        return uuid != NULL ? managed_reference(world_find_key(api_world(api), "VirtualMachine", uuid))
                            : NULL;
}

const char *act_key(Request *request, const VimValue *reference, const char *type, bool *ret_wrong)
{
        const Managed *managed = reference != NULL ? world_resolve(request_world(request), reference) : NULL;

        *ret_wrong = false;
        if (reference == NULL)
                return NULL;
        if (managed != NULL && strcmp(managed->type->name, type) == 0)
                return managed->key;
        *ret_wrong = true;
        request_fault(request, fault_no_object(reference->type->name, reference->text),
                      "there is no %s \"%.100s\" (any more)", type, reference->text);
        return NULL;
}

void act_wait(Request *request, const char *operation, JsonObject *args)
{
        request_set_fault(request, vm_fault_of);
        request_change(request, operation, args, NULL, NULL, NULL);
}
