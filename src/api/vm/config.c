/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* VirtualMachineConfigInfo, of a VM and of its snapshots, and what it is allotted. */
#include <string.h>

#include "api/host/allocation.h"
#include "api/host/host.h"
#include "api/vm/vm.h"
#include "operation/vm.h"
#include "vim/json.h"

const char *vm_option(const Vm *vm, const char *name)
{
        return fact_text(fact_object(vm->facts, "options"), name);
}

/* --- allocations --- */

void vm_memory_settings(const Vm *vm, struct policy_vm_config *ret)
{
        JsonObject *options = fact_object(vm->facts, "options");
        g_autoptr(GList) names = options != NULL ? json_object_get_members(options) : NULL;
        char wrong[256];

        policy_vm_config_init(ret);
        for (GList *name = names; name != NULL; name = name->next)
                (void)policy_vm_config_parse(ret, name->data, fact_text(options, name->data), wrong,
                                             sizeof(wrong));
}

VimValue *vm_memory_allocation(const Vm *vm, JsonObject *hardware)
{
        struct policy_vm_config config;
        char shares[32] = "normal";

        vm_memory_settings(vm, &config);
        (void)policy_vm_config_format(&config, POLICY_VM_SHARES, shares, sizeof(shares));
        return allocation_value(
                shares, policy_vm_config_shares(&config, (uint64_t)fact_int(hardware, "memory_mb", 0) * MIB),
                config.reservation_mb, config.limit_mb, false);
}

static int64_t number_option(const Vm *vm, const char *name, int64_t otherwise)
{
        const char *text = vm_option(vm, name);
        gint64 number;

        return text != NULL && g_ascii_string_to_signed(text, 10, 0, INT32_MAX, &number, NULL) ? number
                                                                                               : otherwise;
}

int64_t vm_cpu_limit_mhz(const Vm *vm)
{
        return number_option(vm, VM_OPTION_CPU_MAX, -1);
}

VimValue *vm_cpu_allocation(const Vm *vm, JsonObject *hardware)
{
        const char *shares = vm_option(vm, VM_OPTION_CPU_SHARES);

        return allocation_value(shares != NULL ? shares : "normal",
                                vm_cpu_shares(shares, (unsigned)fact_int(hardware, "cpus", 1)),
                                number_option(vm, VM_OPTION_CPU_MIN, 0), vm_cpu_limit_mhz(vm), false);
}

VimValue *vm_resource_config(const Vm *vm)
{
        VimValue *config = vim_new_object("ResourceConfigSpec");
        JsonObject *hardware = fact_object(vm->facts, "hardware");

        vim_set_ref(config, "entity", "VirtualMachine", vm->id);
        vim_set(config, "cpuAllocation", vm_cpu_allocation(vm, hardware));
        vim_set(config, "memoryAllocation", vm_memory_allocation(vm, hardware));
        return config;
}

/* --- its parts --- */

/* One that has no name here is its own. */
static const char *guest_name(const char *id)
{
        const char *name = config_option_guest_name(id);

        return name != NULL ? name : id;
}

static VimValue *new_files(const Vm *vm)
{
        VimValue *files = vim_new_object("VirtualMachineFileInfo");
        const char *vmx = fact_text(fact_object(vm->facts, "vmx"), "file");
        const char *slash = vmx != NULL ? strrchr(vmx, '/') : NULL;
        g_autofree char *folder = slash != NULL ? g_strndup(vmx, (gsize)(slash - vmx) + 1) : NULL;

        vim_set_text(files, "vmPathName", vmx != NULL ? vmx : "");
        vim_set_text(files, "snapshotDirectory", folder);
        vim_set_text(files, "suspendDirectory", folder);
        vim_set_text(files, "logDirectory", folder);
        return files;
}

static VimValue *new_tools(void)
{
        VimValue *tools = vim_new_object("ToolsConfigInfo");

        vim_set_int(tools, "toolsVersion", 0);
        vim_set_bool(tools, "afterPowerOn", true);
        vim_set_bool(tools, "afterResume", true);
        vim_set_bool(tools, "beforeGuestStandby", true);
        vim_set_bool(tools, "beforeGuestShutdown", true);
        vim_set_text(tools, "toolsUpgradePolicy", "manual");
        vim_set_bool(tools, "syncTimeWithHost", false);
        return tools;
}

static VimValue *new_flags(void)
{
        VimValue *flags = vim_new_object("VirtualMachineFlagInfo");

        vim_set_bool(flags, "disableAcceleration", false);
        vim_set_bool(flags, "enableLogging", true);
        vim_set_bool(flags, "useToe", false);
        vim_set_bool(flags, "runWithDebugInfo", false);
        vim_set_text(flags, "monitorType", "release");
        vim_set_text(flags, "htSharing", "any");
        vim_set_bool(flags, "snapshotDisabled", false);
        vim_set_bool(flags, "snapshotLocked", false);
        vim_set_bool(flags, "diskUuidEnabled", false);
        vim_set_text(flags, "virtualMmuUsage", "automatic");
        vim_set_text(flags, "virtualExecUsage", "hvAuto");
        vim_set_text(flags, "snapshotPowerOffBehavior", "powerOff");
        vim_set_bool(flags, "recordReplayEnabled", false);
        vim_set_text(flags, "faultToleranceType", "unset");
        return flags;
}

/* preset: as the VM's own default is. */
static VimValue *new_power_ops(const Vm *vm)
{
        const char *off = vm_option(vm, "powerType.powerOff"), *suspend = vm_option(vm, "powerType.suspend");
        const char *reset = vm_option(vm, "powerType.reset"),
                   *standby = vm_option(vm, "aerostat.standbyAction");
        VimValue *ops = vim_new_object("VirtualMachineDefaultPowerOpInfo");

        vim_set_text(ops, "powerOffType", off != NULL ? off : "soft");
        vim_set_text(ops, "suspendType", suspend != NULL ? suspend : "hard");
        vim_set_text(ops, "resetType", reset != NULL ? reset : "soft");
        vim_set_text(ops, "defaultPowerOffType", "soft");
        vim_set_text(ops, "defaultSuspendType", "hard");
        vim_set_text(ops, "defaultResetType", "soft");
        vim_set_text(ops, "standbyAction", standby != NULL ? standby : "checkpoint");
        return ops;
}

static VimValue *new_boot_options(JsonObject *hardware)
{
        VimValue *options = vim_new_object("VirtualMachineBootOptions");

        vim_set_int(options, "bootDelay", 0);
        vim_set_bool(options, "enterBIOSSetup", false);
        if (fact_is(hardware, "firmware", "efi"))
                vim_set_bool(options, "efiSecureBootEnabled", false);
        vim_set_bool(options, "bootRetryEnabled", false);
        vim_set_int(options, "bootRetryDelay", 10000);
        return options;
}

/* Those that are fields of their own, and the scheduler's. */
static bool is_extra(const char *name)
{
        static const char *const others[] = {
                VM_OPTION_GUEST_ID, VM_OPTION_ANNOTATION, "scsi0.virtualDev", "scsi1.virtualDev",
                "scsi2.virtualDev", "scsi3.virtualDev",   "sata0.present",    NULL};

        return !g_strv_contains(others, name) && !g_str_has_prefix(name, VM_OPTION_CPU) &&
               policy_vm_key_find(name) < 0;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
        return strcmp(a, b);
}

static void add_option(VimValue *list, const char *name, const char *value)
{
        VimValue *option = vim_new_object("OptionValue");

        vim_set_text(option, "key", name);
        vim_set(option, "value", vim_new_string(value));
        vim_add(list, option);
}

/* The scheduler's are there as they are in force, whether anybody has set them or not. */
static VimValue *new_extra_config(const Vm *vm)
{
        JsonObject *options = fact_object(vm->facts, "options");
        GList *names = options != NULL ? json_object_get_members(options) : NULL;
        VimValue *list = vim_new_list("OptionValue");
        struct policy_vm_config config;
        char text[PATH_MAX + 1];

        names = g_list_sort(names, compare_names);
        for (GList *name = names; name != NULL; name = name->next)
                if (is_extra(name->data))
                        add_option(list, name->data, fact_text(options, name->data));
        g_list_free(names);
        vm_memory_settings(vm, &config);
        for (unsigned key = 0; key < POLICY_VM_KEYS; key++)
                if (policy_vm_config_format(&config, key, text, sizeof(text)) == 0 && text[0] != '\0')
                        add_option(list, policy_vm_keys[key], text);
        return list;
}

static VimValue *new_hardware(const Vm *vm, JsonObject *hardware)
{
        VimValue *value = vim_new_object("VirtualHardware");

        vim_set_int(value, "numCPU", fact_int(hardware, "cpus", 1));
        vim_set_int(value, "numCoresPerSocket", 1);
        vim_set_int(value, "memoryMB", fact_int(hardware, "memory_mb", 0));
        vim_set_bool(value, "virtualICH7MPresent", false);
        vim_set_bool(value, "virtualSMCPresent", false);
        vim_set(value, "device", device_list(vm, hardware));
        return value;
}

/* --- the whole --- */

static void set_identity(VimValue *config, const Vm *vm)
{
        const char *guest = vm_option(vm, VM_OPTION_GUEST_ID), *uuid = fact_text(vm->facts, "uuid");
        const char *annotation = vm_option(vm, VM_OPTION_ANNOTATION);
        int64_t made_ms = fact_int(vm->facts, "made_ms", 0);

        if (guest == NULL)
                guest = VM_GUEST_ID_DEFAULT;
        vim_set(config, "modified", vim_new_time(0));
        vim_set_text(config, "name", fact_text(vm->facts, "name"));
        vim_set_text(config, "guestFullName", guest_name(guest));
        vim_set_text(config, "guestId", guest);
        vim_set_text(config, "alternateGuestName", "");
        vim_set_text(config, "version", VM_HARDWARE_VERSION);
        vim_set_text(config, "uuid", uuid);
        vim_set_text(config, "instanceUuid", uuid);
        if (made_ms > 0)
                vim_set(config, "createDate", vim_new_time_ms(made_ms));
        vim_set_bool(config, "template", fact_bool(vm->facts, "template", false));
        vim_set_text(config, "annotation", annotation != NULL ? annotation : "");
}

static void set_rest(VimValue *config, JsonObject *hardware)
{
        bool hot_add = fact_int(hardware, "cpus_max", 0) > fact_int(hardware, "cpus", 0);

        vim_set_bool(config, "memoryHotAddEnabled", false);
        vim_set_bool(config, "cpuHotAddEnabled", hot_add);
        vim_set_bool(config, "cpuHotRemoveEnabled", false);
        vim_set_text(config, "swapPlacement", "inherit");
        vim_set(config, "bootOptions", new_boot_options(hardware));
        vim_set_bool(config, "vAssertsEnabled", false);
        vim_set_bool(config, "changeTrackingEnabled", false);
        vim_set_text(config, "firmware", fact_text(hardware, "firmware"));
        vim_set_int(config, "maxMksConnections", -1);
        vim_set_bool(config, "guestAutoLockEnabled", false);
        vim_set_bool(config, "memoryReservationLockedToMax", false);
        vim_set_bool(config, "nestedHVEnabled", false);
        vim_set_bool(config, "vPMCEnabled", false);
        vim_set_bool(config, "messageBusTunnelEnabled", false);
}

VimValue *vm_config(const Vm *vm, JsonObject *hardware)
{
        VimValue *config;
        g_autofree char *sum = NULL;
        GString *text;

        if (hardware == NULL)
                return NULL;
        config = vim_new_object("VirtualMachineConfigInfo");
        set_identity(config, vm);
        vim_set(config, "files", new_files(vm));
        vim_set(config, "tools", new_tools());
        vim_set(config, "flags", new_flags());
        vim_set(config, "defaultPowerOps", new_power_ops(vm));
        vim_set(config, "hardware", new_hardware(vm, hardware));
        vim_set(config, "cpuAllocation", vm_cpu_allocation(vm, hardware));
        vim_set(config, "memoryAllocation", vm_memory_allocation(vm, hardware));
        vim_set(config, "extraConfig", new_extra_config(vm));
        set_rest(config, hardware);

        /* Another after every change, and the same after every start of the daemon. */
        vim_set_text(config, "changeVersion", "");
        text = json_write_value(config, VIM_NEWEST);
        sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, (gssize)text->len);
        (void)g_string_free(text, TRUE);
        sum[16] = '\0';
        vim_set_text(config, "changeVersion", sum);
        return config;
}
