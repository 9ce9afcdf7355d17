/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ReconfigVM_Task: all of a spec, or nothing of it. */
#include <string.h>

#include "api/vm/act.h"

static void reconfigure(Request *request)
{
        const VimValue *spec = request_arg(request, "spec");
        const Vm *vm = act_vm(request);
        const char *version = vim_get_text(spec, "changeVersion");
        g_autoptr(Plan) plan = NULL;
        JsonObject *args;

        if (vm == NULL)
                return;
        plan = plan_new(request_world(request), vm);
        if (fact_object(vm->facts, "hardware") == NULL)
                (void)plan_fail(plan, vim_new_fault("InvalidState"),
                                "VM \"%s\": libvirt cannot be asked what it is now",
                                fact_text(vm->facts, "name"));
        else if (version != NULL && *version != '\0' &&
                 strcmp(version,
                        vim_get_text(managed_peek(request_target(request), "config"), "changeVersion")) != 0)
                (void)plan_fail(plan, vim_new_fault("ConcurrentAccess"),
                                "VM \"%s\" was changed meanwhile; look again what it is now",
                                fact_text(vm->facts, "name"));
        else if (plan_config(plan, spec))
                (void)plan_devices(plan, spec);
        if (!plan_check(plan, request))
                return;
        args = plan_args(plan);
        json_object_set_string_member(args, "vm", request_target(request)->key);
        act_task(request, "ApplyConfigSpec", args, NULL);
}

static const Handler handlers[] = {
        {"VirtualMachine", "ReconfigVM_Task", reconfigure, ""},
        {NULL},
};

const ApiModule vm_reconfigure_module = {.name = "vm-reconfigure", .handlers = handlers};
