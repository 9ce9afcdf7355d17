/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* VirtualMachineConfigSpec but for its devices: what becomes options, settings and steps, and what is
 * refused. */
#include <string.h>

#include "api/host/allocation.h"
#include "api/vm/module.h"
#include "api/vm/plan.h"
#include "inventory/catalog.h"
#include "operation/vm.h"

#define OPTIONS_MAX      200
#define OPTION_NAME_MAX  128
#define OPTION_VALUE_MAX 4096
#define ANNOTATION_MAX   4096

/* --- numbers --- */

static bool read_memory(Plan *plan, const VimValue *spec)
{
        int64_t mb = vim_get_int(spec, "memoryMB", 0);
        int64_t now =
                plan->vm != NULL ? fact_int(fact_object(plan->vm->facts, "hardware"), "memory_mb", 0) : 0;
        JsonObject *args, *undo;
        VimValue *fault;

        if (vim_get(spec, "memoryMB") == NULL || mb == now)
                return true;
        plan_privilege(plan, "VirtualMachine.Config.Memory");
        if (mb < VM_MEMORY_MB_MIN || mb > VM_MEMORY_MB_MAX) {
                fault = vim_new_fault("MemorySizeNotSupported");
                vim_set_int(fault, "memorySizeMB", mb);
                vim_set_int(fault, "minMemorySizeMB", VM_MEMORY_MB_MIN);
                vim_set_int(fault, "maxMemorySizeMB", VM_MEMORY_MB_MAX);
                return plan_fail(plan, fault, "a VM has %d to %d MB of memory", VM_MEMORY_MB_MIN,
                                 VM_MEMORY_MB_MAX);
        }
        if (plan->vm == NULL) {
                json_object_set_int_member(plan->wanted, "memory_mb", mb);
                return true;
        }
        if (strcmp(vm_power(plan->vm), "poweredOff") != 0)
                return plan_needs_off(plan, "memoryMB");
        args = json_object_new();
        undo = json_object_new();
        json_object_set_int_member(args, "memory_mb", mb);
        json_object_set_int_member(undo, "memory_mb", now);
        plan_step(plan, "ReconfigVM", args, "ReconfigVM", undo);
        return true;
}

static bool read_cpus(Plan *plan, const VimValue *spec)
{
        int64_t cpus = vim_get_int(spec, "numCPUs", 0);
        JsonObject *hardware = plan->vm != NULL ? fact_object(plan->vm->facts, "hardware") : NULL;
        int64_t now = fact_int(hardware, "cpus", 0);
        JsonObject *args, *undo;

        if (vim_get(spec, "numCPUs") == NULL || cpus == now)
                return true;
        plan_privilege(plan, "VirtualMachine.Config.CPUCount");
        if (cpus < 1 || cpus > VM_CPUS_MAX)
                return plan_invalid(plan, "configSpec.numCPUs", "a VM has 1 to %d processors", VM_CPUS_MAX);
        if (plan->vm == NULL) {
                json_object_set_int_member(plan->wanted, "cpus", cpus);
                return true;
        }
        /* A running guest can be given more, as far as it was prepared for it, and is not asked for any
         * back. */
        if (strcmp(vm_power(plan->vm), "poweredOff") != 0 &&
            (!vm_is_on(plan->vm) || cpus < now || cpus > fact_int(hardware, "cpus_max", 0)))
                return plan_needs_off(plan, "numCPUs");
        args = json_object_new();
        undo = json_object_new();
        json_object_set_int_member(args, "cpus", cpus);
        json_object_set_int_member(undo, "cpus", now);
        plan_step(plan, "ReconfigVM", args, vm_is_on(plan->vm) ? NULL : "ReconfigVM", undo);
        if (vm_is_on(plan->vm))
                json_object_unref(undo);
        return true;
}

/* --- allocation --- */

static bool set_option(Plan *plan, const char *name, const char *value)
{
        if (value != NULL && *value != '\0')
                json_object_set_string_member(plan->options, name, value);
        else
                json_object_set_null_member(plan->options, name);
        return true;
}

/* With what it is now, for taking back. */
static void set_setting(Plan *plan, enum policy_vm_key key, const char *value)
{
        struct policy_vm_config now;
        char text[PATH_MAX + 1] = "";

        json_object_set_string_member(plan->settings, policy_vm_keys[key], value);
        if (plan->vm == NULL)
                return;
        vm_memory_settings(plan->vm, &now);
        if (policy_vm_config_format(&now, key, text, sizeof(text)) == 0)
                json_object_set_string_member(plan->settings_before, policy_vm_keys[key], text);
}

/* What is the default is not kept. */
static void set_cpu(Plan *plan, const Allocation *asked)
{
        char number[24];

        if (asked->shares[0] != '\0')
                (void)set_option(plan, VM_OPTION_CPU_SHARES,
                                 strcmp(asked->shares, "normal") != 0 ? asked->shares : NULL);
        if (asked->has_reservation) {
                (void)g_snprintf(number, sizeof(number), "%" G_GINT64_FORMAT, asked->reservation_mib);
                (void)set_option(plan, VM_OPTION_CPU_MIN, asked->reservation_mib > 0 ? number : NULL);
        }
        if (asked->has_limit) {
                (void)g_snprintf(number, sizeof(number), "%" G_GINT64_FORMAT, asked->limit_mib);
                (void)set_option(plan, VM_OPTION_CPU_MAX, asked->limit_mib >= 0 ? number : NULL);
        }
}

static bool read_allocation(Plan *plan, const VimValue *spec)
{
        const VimValue *memory = vim_get(spec, "memoryAllocation"), *cpu = vim_get(spec, "cpuAllocation");
        g_autoptr(GError) error = NULL;
        char number[24];
        Allocation asked;

        if (memory != NULL || cpu != NULL)
                plan_privilege(plan, "VirtualMachine.Config.Resource");
        if (!allocation_read_cpu(cpu, &asked, &error))
                return plan_invalid(plan, "configSpec.cpuAllocation", "%s", error->message);
        set_cpu(plan, &asked);
        if (!allocation_read(memory, &asked, &error))
                return plan_invalid(plan, "configSpec.memoryAllocation", "%s", error->message);
        if (asked.shares[0] != '\0')
                set_setting(plan, POLICY_VM_SHARES, asked.shares);
        if (asked.has_reservation) {
                (void)g_snprintf(number, sizeof(number), "%" G_GINT64_FORMAT, asked.reservation_mib);
                set_setting(plan, POLICY_VM_MIN, number);
        }
        if (asked.has_limit) {
                (void)g_snprintf(number, sizeof(number), "%" G_GINT64_FORMAT, asked.limit_mib);
                set_setting(plan, POLICY_VM_MAX, number);
        }
        return true;
}

/* The settings as they will be go together. */
static bool check_settings(Plan *plan, const VimValue *spec)
{
        JsonObject *hardware = plan->vm != NULL ? fact_object(plan->vm->facts, "hardware") : NULL;
        int64_t memory_mb = vim_get_int(spec, "memoryMB", fact_int(hardware, "memory_mb", 0));
        g_autoptr(GList) names = json_object_get_members(plan->settings);
        struct policy_vm_config config;
        char wrong[256];

        if (plan->vm != NULL)
                vm_memory_settings(plan->vm, &config);
        else
                policy_vm_config_init(&config);
        for (GList *name = names; name != NULL; name = name->next)
                if (strcmp(name->data, "pool") != 0 &&
                    policy_vm_config_parse(&config, name->data, fact_text(plan->settings, name->data), wrong,
                                           sizeof(wrong)) < 0)
                        return plan_invalid(plan, "configSpec.extraConfig", "%s", wrong);
        if (names != NULL && memory_mb > 0 &&
            policy_vm_config_check(&config, (uint64_t)memory_mb * MIB, wrong, sizeof(wrong)) < 0)
                return plan_invalid(plan, "configSpec.memoryAllocation", "%s", wrong);
        return true;
}

/* --- options --- */

/* One of ours by its vim25 name. */
static bool read_power_op(Plan *plan, const VimValue *info, const char *field, const char *option_name)
{
        const VmOption *option = vm_option_find(option_name);
        const char *value = vim_get_text(info, field);
        g_autofree char *property = g_strdup_printf("configSpec.powerOpInfo.%s", field);
        g_autoptr(GError) error = NULL;

        if (value == NULL)
                return true;
        /* As the default is. */
        if (strcmp(value, "preset") == 0)
                return set_option(plan, option_name, NULL);
        if (!vm_option_check(option, value, &error))
                return plan_invalid(plan, property, "%s", error->message);
        return set_option(plan, option_name, value);
}

static bool read_power_ops(Plan *plan, const VimValue *spec)
{
        const VimValue *info = vim_get(spec, "powerOpInfo");

        if (info == NULL)
                return true;
        plan_privilege(plan, "VirtualMachine.Config.Settings");
        return read_power_op(plan, info, "powerOffType", VM_OPTION_POWER_OFF) &&
               read_power_op(plan, info, "suspendType", VM_OPTION_SUSPEND) &&
               read_power_op(plan, info, "resetType", VM_OPTION_RESET) &&
               read_power_op(plan, info, "standbyAction", VM_OPTION_STANDBY);
}

/* Any scalar, as text; owned. NULL: none. */
static char *text_of(const VimValue *value)
{
        if (value == NULL)
                return g_strdup("");
        if (value->is_list)
                return NULL;
        switch (value->type->kind) {
        case VIM_STRING:
        case VIM_ENUM:
                return g_strdup(value->text);
        case VIM_BOOLEAN:
                return g_strdup(value->boolean ? "TRUE" : "FALSE");
        case VIM_BYTE:
        case VIM_SHORT:
        case VIM_INT:
        case VIM_LONG:
                return g_strdup_printf("%" G_GINT64_FORMAT, value->integer);
        default:
                return NULL;
        }
}

static bool is_name(const char *name)
{
        size_t length = strlen(name);

        for (const char *c = name; *c != '\0'; c++)
                if (!g_ascii_isgraph(*c))
                        return false;
        return length > 0 && length <= OPTION_NAME_MAX;
}

static bool read_extra(Plan *plan, const VimValue *option)
{
        const char *name = vim_get_text(option, "key");
        g_autofree char *value = text_of(vim_get(option, "value"));
        g_autofree char *property = g_strdup_printf("configSpec.extraConfig[\"%.50s\"]", name);
        const VmOption *own = vm_option_find(name);
        g_autoptr(GError) error = NULL;
        int key = policy_vm_key_find(name);

        if (!is_name(name) || value == NULL || strlen(value) > OPTION_VALUE_MAX)
                return plan_invalid(plan, property,
                                    "a key has 1 to %d letters, a value at most %d bytes of text",
                                    OPTION_NAME_MAX, OPTION_VALUE_MAX);
        if (key >= 0) {
                set_setting(plan, (enum policy_vm_key)key, value);
                return true;
        }
        if (own != NULL && *value != '\0' && !vm_option_check(own, value, &error))
                return plan_invalid(plan, property, "%s", error->message);
        if (own == NULL && (g_str_has_prefix(name, "aerostat.") || g_str_has_prefix(name, "sched.")))
                return plan_invalid(plan, property, "there is no such setting");
        return set_option(plan, name, value);
}

static bool read_extra_config(Plan *plan, const VimValue *spec)
{
        const VimValue *list = vim_get(spec, "extraConfig");
        const VimValue *now = NULL;
        g_autoptr(VimValue) config = NULL;

        if (vim_length(list) == 0)
                return true;
        plan_privilege(plan, "VirtualMachine.Config.AdvancedConfig");
        if (plan->vm != NULL) {
                config = vm_config(plan->vm, fact_object(plan->vm->facts, "hardware"));
                now = vim_get(config, "extraConfig");
        }
        if (vim_length(list) + vim_length(now) > OPTIONS_MAX)
                return plan_invalid(plan, "configSpec.extraConfig", "a VM has at most %d of these",
                                    OPTIONS_MAX);
        for (unsigned i = 0; i < vim_length(list); i++)
                if (!read_extra(plan, vim_item(list, i)))
                        return false;
        return true;
}

static bool read_texts(Plan *plan, const VimValue *spec)
{
        const char *annotation = vim_get_text(spec, "annotation"), *guest = vim_get_text(spec, "guestId");

        if (annotation != NULL) {
                plan_privilege(plan, "VirtualMachine.Config.Annotation");
                if (strlen(annotation) > ANNOTATION_MAX)
                        return plan_invalid(plan, "configSpec.annotation", "it has at most %d bytes",
                                            ANNOTATION_MAX);
                (void)set_option(plan, VM_OPTION_ANNOTATION, annotation);
        }
        if (guest != NULL) {
                plan_privilege(plan, "VirtualMachine.Config.Settings");
                if (!is_name(guest))
                        return plan_invalid(plan, "configSpec.guestId", "\"%.50s\" is no guest's id", guest);
                (void)set_option(plan, VM_OPTION_GUEST_ID, guest);
        }
        return true;
}

static bool read_name(Plan *plan, const VimValue *spec)
{
        const char *name = vim_get_text(spec, "name");
        g_autoptr(GError) error = NULL;
        JsonObject *args;
        VimValue *fault;

        if (name == NULL || (plan->vm != NULL && fact_is(plan->vm->facts, "name", name)))
                return true;
        if (plan->is_clone)
                return plan_invalid(plan, "spec.config.name", "a clone's name is given beside its spec");
        if (!catalog_check_name("virtual machine", name, &error)) {
                fault = vim_new_fault("InvalidName");
                vim_set_text(fault, "name", name);
                return plan_fail(plan, fault, "%s", error->message);
        }
        if (plan->vm == NULL) {
                json_object_set_string_member(plan->wanted, "name", name);
                return true;
        }
        plan_privilege(plan, "VirtualMachine.Config.Rename");
        if (strcmp(vm_power(plan->vm), "poweredOff") != 0)
                return plan_needs_off(plan, "name");
        args = json_object_new();
        json_object_set_string_member(args, "name", name);
        plan_later(plan, "RenameVM", args);
        return true;
}

/* --- the rest: what is so already may be said, what would be another is refused --- */

/* What read_*() read, and what is nobody's matter here. */
static const char *const handled[] = {"memoryMB",
                                      "numCPUs",
                                      "memoryAllocation",
                                      "cpuAllocation",
                                      "powerOpInfo",
                                      "extraConfig",
                                      "annotation",
                                      "guestId",
                                      "name",
                                      "deviceChange",
                                      "changeVersion",
                                      "version",
                                      "locationId",
                                      "tools",
                                      "consolePreferences",
                                      "createDate",
                                      "files",
                                      "alternateGuestName",
                                      "swapPlacement",
                                      "maxMksConnections",
                                      "scheduledHardwareUpgradeInfo",
                                      "messageBusTunnelEnabled",
                                      NULL};

/* Only when it is made. */
static const char *const at_first[] = {"cpuHotAddEnabled", "firmware", NULL};

static bool is_same(Plan *plan, const char *path, const VimValue *asked, const VimValue *now)
{
        if (asked->is_list && vim_length(asked) == 0)
                return true;
        if (asked->is_list || asked->type->kind != VIM_OBJECT) {
                /* What is not said is off. */
                bool is_off = now == NULL && !asked->is_list && asked->type->kind == VIM_BOOLEAN &&
                              !asked->boolean;

                return is_off || (now != NULL && vim_equal(asked, now)) ||
                       plan_invalid(plan, path, "%s cannot be changed here", path);
        }
        for (unsigned i = 0; i < asked->type->n_fields; i++) {
                const char *name = asked->type->fields[i].name;
                g_autofree char *deeper = g_strdup_printf("%s.%s", path, name);
                int place = now != NULL && !now->is_list && now->type->kind == VIM_OBJECT
                                    ? vim_type_field(now->type, name)
                                    : -1;

                if (asked->fields[i] != NULL &&
                    !is_same(plan, deeper, asked->fields[i], place >= 0 ? now->fields[place] : NULL))
                        return false;
        }
        return true;
}

/* As a VM is that was just made. */
static VimValue *default_config(const Plan *plan, const VimValue *spec)
{
        Vm *vm = vm_new(plan->world, "");
        VimValue *config;

        vm->facts = json_object_new();
        json_object_set_string_member(vm->facts, "name", "");
        json_object_set_string_member(vm->facts, "uuid", "");
        json_object_set_object_member(vm->facts, "hardware", json_object_new());
        json_object_set_string_member(fact_object(vm->facts, "hardware"), "firmware",
                                      vim_get_text(spec, "firmware") != NULL ? vim_get_text(spec, "firmware")
                                                                             : "bios");
        config = vm_config(vm, fact_object(vm->facts, "hardware"));
        vm_free(vm);
        return config;
}

static bool read_rest(Plan *plan, const VimValue *spec)
{
        g_autoptr(VimValue) now = plan->vm != NULL
                                          ? vm_config(plan->vm, fact_object(plan->vm->facts, "hardware"))
                                          : default_config(plan, spec);

        for (unsigned i = 0; i < spec->type->n_fields; i++) {
                const VimField *field = &spec->type->fields[i];
                const VimValue *asked = spec->fields[i];
                g_autofree char *path = g_strdup_printf("configSpec.%s", field->name);
                int place = vim_type_field(now->type, field->name);
                const VimValue *is = place >= 0 ? now->fields[place] : NULL;

                if (asked == NULL || g_strv_contains(handled, field->name) ||
                    (plan->vm == NULL && g_strv_contains(at_first, field->name)))
                        continue;
                /* Each processor is in a socket of its own. */
                if (strcmp(field->name, "numCoresPerSocket") == 0 && asked->integer == 1)
                        continue;
                plan_privilege(plan, "VirtualMachine.Config.Settings");
                if (!is_same(plan, path, asked, is))
                        return false;
        }
        return true;
}

bool plan_config(Plan *plan, const VimValue *spec)
{
        return read_name(plan, spec) && read_memory(plan, spec) && read_cpus(plan, spec) &&
               read_allocation(plan, spec) && read_power_ops(plan, spec) && read_extra_config(plan, spec) &&
               read_texts(plan, spec) && check_settings(plan, spec) && read_rest(plan, spec);
}
