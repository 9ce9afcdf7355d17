/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Power: on, off, suspended, reset, by the guest, its questions. */
#include <string.h>

#include "api/vm/act.h"
#include "api/wait.h"

static void power_on(Request *request)
{
        const Vm *vm = act_vm(request);

        if (vm == NULL)
                return;
        if (fact_bool(vm->facts, "template", false)) {
                task_failed(request, vim_new_fault("NotSupported"),
                            "VM \"%s\" is a template; clone it, or make it a VM again",
                            fact_text(vm->facts, "name"));
                return;
        }
        /* One that sleeps is woken. */
        if (vm_is_on(vm) && !fact_is(vm->facts, "power", "standby")) {
                (void)act_check_power(request, "poweredOff", true);
                return;
        }
        act_task(request, "PowerOnVM", act_args(request), NULL);
}

static void power_off(Request *request)
{
        const Vm *vm = act_vm(request);
        JsonObject *args;

        /* A suspended one loses its memory. */
        if (vm == NULL ||
            (strcmp(vm_power(vm), "suspended") != 0 && !act_check_power(request, "poweredOn", true)))
                return;
        args = act_args(request);
        json_object_set_string_member(args, "type", "hard");
        act_task(request, "PowerOffVM", args, NULL);
}

static void suspend(Request *request)
{
        JsonObject *args;

        if (act_vm(request) == NULL || !act_check_power(request, "poweredOn", true))
                return;
        args = act_args(request);
        json_object_set_string_member(args, "type", "hard");
        act_task(request, "SuspendVM", args, NULL);
}

static void reset(Request *request)
{
        JsonObject *args;

        if (act_vm(request) == NULL || !act_check_power(request, "poweredOn", true))
                return;
        args = act_args(request);
        json_object_set_string_member(args, "type", "hard");
        act_task(request, "ResetVM", args, NULL);
}

static void terminate(Request *request)
{
        JsonObject *args;

        if (act_vm(request) == NULL || !act_check_power(request, "poweredOn", false))
                return;
        args = act_args(request);
        json_object_set_string_member(args, "type", "hard");
        act_wait(request, "PowerOffVM", args);
}

/* --- by the guest: asked for, not waited for --- */

/* A guest that takes its time, or does not do it, is in nobody's way. */
static void ask_guest(Request *request, const char *operation)
{
        const Vm *vm = act_vm(request);
        g_autoptr(JsonObject) args = NULL;
        g_autoptr(GError) error = NULL;
        int64_t task;

        if (vm == NULL || !act_check_power(request, "poweredOn", false))
                return;
        if (!vm_agent_answers(vm)) {
                request_fault(request, vim_new_fault("ToolsUnavailable"),
                              "the agent of VM \"%s\" does not answer; start qemu-guest-agent in the guest",
                              fact_text(vm->facts, "name"));
                return;
        }
        args = act_args(request);
        if (strcmp(operation, "ShutdownGuest") == 0)
                json_object_set_boolean_member(args, "wait", false);
        request_tell_operation(request, operation, args);
        if (operations_start(api_parts(request_api(request))->operations, operation, args, NULL, NULL, &task,
                             &error))
                request_return(request, NULL);
        else
                request_fail(request, error);
}

static void shutdown_guest(Request *request)
{
        ask_guest(request, "ShutdownGuest");
}

static void reboot_guest(Request *request)
{
        ask_guest(request, "RebootGuest");
}

static void standby_guest(Request *request)
{
        ask_guest(request, "StandbyGuest");
}

/* --- questions --- */

/* It was answered by somebody else, or is being. */
static VimValue *answer_fault(const GError *error)
{
        bool by_another = error->domain == G_IO_ERROR &&
                          (error->code == G_IO_ERROR_NOT_FOUND || error->code == G_IO_ERROR_BUSY);

        return by_another ? vim_new_fault("ConcurrentAccess") : vm_fault_of(error);
}

/* False: a fault was sent. */
static bool check_question(Request *request, const Vm *vm, const char *id, int64_t now)
{
        const char *name = fact_text(vm->facts, "name");
        guint64 number = 0;

        if (!g_ascii_string_to_unsigned(id, 10, 1, INT64_MAX, &number, NULL) ||
            (int64_t)number < vm->first_question || (int64_t)number > vm->last_question) {
                request_invalid(request, "questionId",
                                "VM \"%s\" has not asked this; runtime.question says what it asks", name);
                return false;
        }
        if ((int64_t)number == now)
                return true;
        request_fault(request, vim_new_fault("ConcurrentAccess"), "VM \"%s\" does not ask this any more",
                      name);
        return false;
}

static void answer(Request *request)
{
        const Vm *vm = act_vm(request);
        const char *id = request_arg_text(request, "questionId");
        const char *choice = request_arg_text(request, "answerChoice");
        int64_t now = vm != NULL ? fact_int(fact_object(vm->facts, "question"), "id", 0) : 0;
        JsonObject *args;

        if (vm == NULL || !check_question(request, vm, id, now))
                return;
        if (strcmp(choice, "0") != 0 && strcmp(choice, "1") != 0) {
                request_invalid(request, "answerChoice", "the answers are 0 (Retry) and 1 (Cancel)");
                return;
        }
        args = act_args(request);
        json_object_set_int_member(args, "id", now);
        json_object_set_string_member(args, "answer", strcmp(choice, "0") == 0 ? "retry" : "cancel");
        request_set_fault(request, answer_fault);
        request_change(request, "AnswerVM", args, NULL, NULL, NULL);
}

/* --- several at once --- */

/* vCenter's answer names a task for each; those that cannot be started are told with why. */
typedef struct Several {
        VimValue *attempted, *not_attempted;
} Several;

static void attempt(Request *request, const VimValue *reference, Several *several)
{
        Managed *managed = world_resolve(request_world(request), reference);
        g_autoptr(JsonObject) args = json_object_new();
        g_autoptr(GError) error = NULL;
        g_autofree char *task_id = NULL;
        VimValue *info;
        int64_t id = 0;

        if (vm_of(managed) != NULL) {
                json_object_set_string_member(args, "vm", managed->key);
                if (operations_start(api_parts(request_api(request))->operations, "PowerOnVM", args, NULL,
                                     NULL, &id, &error)) {
                        request_tell_operation(request, "PowerOnVM", args);
                        task_id = g_strdup_printf("task-%" G_GINT64_FORMAT, id);
                        info = vim_new_object("ClusterAttemptedVmInfo");
                        vim_set(info, "vm", vim_ref(reference));
                        vim_set_ref(info, "task", "Task", task_id);
                        vim_add(several->attempted, info);
                        return;
                }
        }
        info = vim_new_object("ClusterNotAttemptedVmInfo");
        vim_set(info, "vm", vim_ref(reference));
        vim_set(info, "fault",
                error != NULL ? vim_new_localized(vm_fault_of(error), error->message)
                              : vim_new_localized(vim_new_fault("NotFound"), "there is no such VM"));
        vim_add(several->not_attempted, info);
}

static void power_on_several(Request *request)
{
        const VimValue *vms = request_arg(request, "vm");
        Several several = {vim_new_list("ClusterAttemptedVmInfo"),
                           vim_new_list("ClusterNotAttemptedVmInfo")};
        VimValue *result = vim_new_object("ClusterPowerOnVmResult");

        for (unsigned i = 0; i < vim_length(vms); i++)
                attempt(request, vim_item(vms, i), &several);
        vim_set(result, "attempted", several.attempted);
        vim_set(result, "notAttempted", several.not_attempted);
        task_done(request, result);
}

static const Handler handlers[] = {
        {"VirtualMachine", "PowerOnVM_Task", power_on, NULL},
        {"VirtualMachine", "PowerOffVM_Task", power_off, NULL},
        {"VirtualMachine", "SuspendVM_Task", suspend, NULL},
        {"VirtualMachine", "ResetVM_Task", reset, NULL},
        {"VirtualMachine", "TerminateVM", terminate, NULL},
        {"VirtualMachine", "ShutdownGuest", shutdown_guest, NULL},
        {"VirtualMachine", "RebootGuest", reboot_guest, NULL},
        {"VirtualMachine", "StandbyGuest", standby_guest, NULL},
        {"VirtualMachine", "AnswerVM", answer, NULL},
        {"Datacenter", "PowerOnMultiVM_Task", power_on_several, "VirtualMachine.Interact.PowerOn"},
        {NULL},
};

const ApiModule vm_power_module = {.name = "vm-power", .handlers = handlers};
