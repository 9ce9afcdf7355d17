/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Power, options and the handle of a VM. */
#include <errno.h>
#include <string.h>

#include "client/internal.h"

#define AGENT_POLL_MS 500

aerostat_vm *aerostat_vm_ref(aerostat_vm *vm)
{
        g_atomic_ref_count_inc(&vm->references);
        return vm;
}

void aerostat_vm_unref(aerostat_vm *vm)
{
        if (vm == NULL || !g_atomic_ref_count_dec(&vm->references))
                return;
        aerostat_vm_log_out(vm);
        aerostat_host_unref(vm->host);
        g_mutex_clear(&vm->mutex);
        g_free(vm->id);
        g_free(vm->name);
        g_free(vm);
}

const char *aerostat_vm_name(aerostat_vm *vm)
{
        return vm->name;
}

/* --- power --- */

static const struct {
        const char *method;
        bool is_task;
} power_methods[] = {
        [AEROSTAT_POWER_ON] = {"PowerOnVM_Task", true},
        [AEROSTAT_POWER_OFF] = {"PowerOffVM_Task", true},
        [AEROSTAT_POWER_SUSPEND] = {"SuspendVM_Task", true},
        [AEROSTAT_POWER_RESET] = {"ResetVM_Task", true},
        [AEROSTAT_POWER_SHUT_DOWN] = {"ShutdownGuest", false},
        [AEROSTAT_POWER_REBOOT] = {"RebootGuest", false},
        [AEROSTAT_POWER_STANDBY] = {"StandbyGuest", false},
};

static bool run_power(aerostat_job *job, GError **error)
{
        const char *method;

        if (job->flags >= G_N_ELEMENTS(power_methods))
                return job_fail(error, -EINVAL, "%u is no power operation", job->flags);
        method = power_methods[job->flags].method;
        if (power_methods[job->flags].is_task)
                return job_task(job, "VirtualMachine", job->vm->id, method, NULL, NULL, error);
        return job_call(job, "VirtualMachine", job->vm->id, method, NULL, NULL, error);
}

aerostat_job *aerostat_vm_power(aerostat_vm *vm, enum aerostat_power operation, aerostat_callback callback,
                                void *data)
{
        aerostat_job *job = job_new(vm->host, vm, run_power, callback, data);

        job->flags = (unsigned)operation;
        return job_begin(job);
}

static bool run_get_power(aerostat_job *job, GError **error)
{
        g_autoptr(JsonNode) runtime = NULL;
        const char *state;

        if (!job_get(job, "VirtualMachine", job->vm->id, "runtime", &runtime, error))
                return false;
        state = json_text(runtime, "powerState");
        if (state == NULL)
                return job_fail(error, -EPROTO, "VM \"%s\": the host does not say whether it is on",
                                job->vm->name);
        g_ptr_array_add(job->texts, g_strdup(state));
        return true;
}

aerostat_job *aerostat_vm_get_power(aerostat_vm *vm, aerostat_callback callback, void *data)
{
        return job_begin(job_new(vm->host, vm, run_get_power, callback, data));
}

static bool run_wait_for_agent(aerostat_job *job, GError **error)
{
        int64_t until_us = g_get_monotonic_time() + job->number * G_USEC_PER_SEC;

        for (;;) {
                g_autoptr(JsonNode) guest = NULL;

                if (!job_get(job, "VirtualMachine", job->vm->id, "guest", &guest, error))
                        return false;
                if (g_strcmp0(json_text(guest, "toolsRunningStatus"), "guestToolsRunning") == 0)
                        return true;
                if (g_get_monotonic_time() >= until_us)
                        return job_fail(
                                error, -ETIMEDOUT,
                                "VM \"%s\": its guest's agent did not answer within %" G_GINT64_FORMAT
                                " s; see whether qemu-guest-agent is installed and running in it",
                                job->vm->name, job->number);
                if (g_cancellable_is_cancelled(job->cancellable))
                        return job_fail(error, -ECANCELED, "cancelled");
                g_usleep((gulong)AGENT_POLL_MS * 1000);
        }
}

aerostat_job *aerostat_vm_wait_for_agent(aerostat_vm *vm, unsigned seconds, aerostat_callback callback,
                                         void *data)
{
        aerostat_job *job = job_new(vm->host, vm, run_wait_for_agent, callback, data);

        job->number = seconds;
        return job_begin(job);
}

/* --- options --- */

static bool run_read_option(aerostat_job *job, GError **error)
{
        g_autoptr(JsonNode) config = NULL;
        JsonArray *options;

        if (!job_get(job, "VirtualMachine", job->vm->id, "config", &config, error))
                return false;
        options = json_list(json_member(config, "extraConfig"));
        for (unsigned i = 0; options != NULL && i < json_array_get_length(options); i++) {
                JsonNode *option = json_array_get_element(options, i);
                const char *value = json_text(option, "value");

                if (g_strcmp0(json_text(option, "key"), job->text[0]) != 0 || value == NULL)
                        continue;
                g_ptr_array_add(job->texts, g_strdup(value));
                return true;
        }
        return job_fail(error, -ENOENT, "VM \"%s\" has no option \"%s\"", job->vm->name, job->text[0]);
}

aerostat_job *aerostat_vm_read_option(aerostat_vm *vm, const char *name, aerostat_callback callback,
                                      void *data)
{
        aerostat_job *job = job_new(vm->host, vm, run_read_option, callback, data);

        job->text[0] = g_strdup(name);
        return job_begin(job);
}

static bool run_write_option(aerostat_job *job, GError **error)
{
        JsonObject *spec = json_typed("VirtualMachineConfigSpec"), *option = json_typed("OptionValue");
        JsonObject *value = json_typed("string"), *args = json_object_new();
        JsonArray *options = json_array_new();

        json_object_set_string_member(value, "_value", job->text[1]);
        json_object_set_string_member(option, "key", job->text[0]);
        json_object_set_object_member(option, "value", value);
        json_array_add_object_element(options, option);
        json_object_set_array_member(spec, "extraConfig", options);
        json_object_set_object_member(args, "spec", spec);
        return job_task(job, "VirtualMachine", job->vm->id, "ReconfigVM_Task", args, NULL, error);
}

aerostat_job *aerostat_vm_write_option(aerostat_vm *vm, const char *name, const char *value,
                                       aerostat_callback callback, void *data)
{
        aerostat_job *job = job_new(vm->host, vm, run_write_option, callback, data);

        job->text[0] = g_strdup(name);
        job->text[1] = g_strdup(value);
        return job_begin(job);
}
