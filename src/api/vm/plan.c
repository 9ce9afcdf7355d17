/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "api/vm/plan.h"

#include "api/store/store.h"

#include <string.h>

Plan *plan_new(World *world, const Vm *vm)
{
        Plan *plan = g_new0(Plan, 1);

        plan->world = world;
        plan->vm = vm;
        plan->wanted = json_object_new();
        plan->options = json_object_new();
        plan->settings = json_object_new();
        plan->settings_before = json_object_new();
        plan->steps = json_array_new();
        plan->later = json_array_new();
        plan->privileges = g_ptr_array_new();
        plan->controllers = g_hash_table_new(NULL, NULL);
        plan->targets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        return plan;
}

void plan_free(Plan *plan)
{
        if (plan == NULL)
                return;
        json_object_unref(plan->wanted);
        json_object_unref(plan->options);
        json_object_unref(plan->settings);
        json_object_unref(plan->settings_before);
        json_array_unref(plan->steps);
        json_array_unref(plan->later);
        g_ptr_array_unref(plan->privileges);
        g_hash_table_unref(plan->controllers);
        g_hash_table_unref(plan->targets);
        vim_unref(plan->fault);
        g_free(plan->message);
        g_free(plan);
}

/* --- faults --- */

static bool fail(Plan *plan, VimValue *fault, char *message)
{
        if (plan->fault != NULL) {
                vim_unref(fault);
                g_free(message);
                return false;
        }
        plan->fault = fault;
        plan->message = message;
        return false;
}

bool plan_fail(Plan *plan, VimValue *fault, const char *format, ...)
{
        va_list words;
        char *message;

        va_start(words, format);
        message = g_strdup_vprintf(format, words);
        va_end(words);
        return fail(plan, fault, message);
}

bool plan_invalid(Plan *plan, const char *property, const char *format, ...)
{
        VimValue *fault = vim_new_fault("InvalidArgument");
        va_list words;
        char *message;

        va_start(words, format);
        message = g_strdup_vprintf(format, words);
        va_end(words);
        vim_set_text(fault, "invalidProperty", property);
        return fail(plan, fault, message);
}

bool plan_bad_device(Plan *plan, const char *type, unsigned index, const char *format, ...)
{
        g_autofree char *property = g_strdup_printf("configSpec.deviceChange[%u]", index);
        VimValue *fault = vim_new_fault(type);
        va_list words;
        char *message;

        va_start(words, format);
        message = g_strdup_vprintf(format, words);
        va_end(words);
        vim_set_int(fault, "deviceIndex", index);
        vim_set_text(fault, "property", property);
        return fail(plan, fault, message);
}

bool plan_needs_off(Plan *plan, const char *what)
{
        VimValue *fault = vim_new_fault("InvalidPowerState");

        vim_set_text(fault, "requestedState", "poweredOff");
        vim_set_text(fault, "existingState", vm_power(plan->vm));
        return plan_fail(plan, fault, "VM \"%s\": %s can be changed when it is powered off",
                         fact_text(plan->vm->facts, "name"), what);
}

/* --- steps --- */

JsonObject *plan_call(const char *method, JsonObject *args)
{
        JsonObject *call = json_object_new();

        json_object_set_string_member(call, "method", method);
        json_object_set_object_member(call, "args", args);
        return call;
}

void plan_step(Plan *plan, const char *method, JsonObject *args, const char *undo, JsonObject *undo_args)
{
        JsonObject *step = plan_call(method, args);

        if (undo != NULL)
                json_object_set_object_member(step, "undo", plan_call(undo, undo_args));
        json_array_add_object_element(plan->steps, step);
}

void plan_later(Plan *plan, const char *method, JsonObject *args)
{
        json_array_add_object_element(plan->later, plan_call(method, args));
}

void plan_privilege(Plan *plan, const char *privilege)
{
        g_ptr_array_add(plan->privileges, (gpointer)(guintptr)privilege);
}

JsonObject *plan_args(Plan *plan)
{
        JsonObject *args = json_object_new();
        JsonArray *steps = json_array_new();
        JsonArray *const parts[] = {plan->steps, plan->later};

        for (unsigned p = 0; p < G_N_ELEMENTS(parts); p++)
                for (unsigned i = 0; i < json_array_get_length(parts[p]); i++)
                        json_array_add_object_element(
                                steps, json_object_ref(json_array_get_object_element(parts[p], i)));
        json_object_set_object_member(args, "options", json_object_ref(plan->options));
        json_object_set_object_member(args, "settings", json_object_ref(plan->settings));
        json_object_set_object_member(args, "settings_before", json_object_ref(plan->settings_before));
        json_object_set_array_member(args, "steps", steps);
        return args;
}

bool plan_check(Plan *plan, Request *request)
{
        for (unsigned i = 0; i < plan->privileges->len; i++)
                if (!request_allowed(request, plan->privileges->pdata[i]))
                        return false;
        if (plan->fault == NULL)
                return true;
        task_failed(request, g_steal_pointer(&plan->fault), "%s", plan->message);
        return false;
}

bool plan_name_is_free(Plan *plan, const char *name)
{
        g_autoptr(GPtrArray) vms = world_list(plan->world, "VirtualMachine");

        for (unsigned i = 0; i < vms->len; i++) {
                VimValue *fault;

                if (strcmp(managed_peek(vms->pdata[i], "name")->text, name) != 0)
                        continue;
                fault = vim_new_fault("DuplicateName");
                vim_set_text(fault, "name", name);
                vim_set(fault, "object", managed_reference(vms->pdata[i]));
                return plan_fail(plan, fault, "there is a VM \"%s\" already", name);
        }
        return true;
}

/* --- errors of operations --- */

/* "... 300 MB cannot be guaranteed, overhead included: the host has 200 MB left to promise ..." */
static VimValue *no_memory(const char *message)
{
        static const char asked[] = " MB cannot be guaranteed", left[] = " MB left to promise";
        VimValue *fault = vim_new_fault("InsufficientMemoryResourcesFault");
        const char *texts[] = {strstr(message, asked), strstr(message, left)};
        const char *fields[] = {"requested", "unreserved"};

        for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
                const char *start = texts[i];

                while (start != NULL && start > message && g_ascii_isdigit(start[-1]))
                        start--;
                vim_set_int(fault, fields[i], start != NULL ? g_ascii_strtoll(start, NULL, 10) * MIB : 0);
        }
        return fault;
}

VimValue *vm_fault_of(const GError *error)
{
        VimValue *fault;

        if (error->domain != G_IO_ERROR)
                return fault_of(error);
        /* About a file: "[store] disk.qcow2" ... */
        if (g_str_has_prefix(error->message, "\"["))
                return store_fault(error);
        switch (error->code) {
        case G_IO_ERROR_NO_SPACE:
                return strstr(error->message, "cannot be guaranteed") != NULL ? no_memory(error->message)
                                                                              : fault_of(error);
        case G_IO_ERROR_FAILED:
                fault = vim_new_fault("GenericVmConfigFault");
                vim_set_text(fault, "reason", error->message);
                return fault;
        default:
                return fault_of(error);
        }
}
