/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a VM runs, how, and what it takes: runtime, summary, what can be done now. */
#include <string.h>

#include "api/vm/vm.h"

/* --- power --- */

bool vm_is_on(const Vm *vm)
{
        return strcmp(vm_power(vm), "poweredOn") == 0;
}

const char *vm_power(const Vm *vm)
{
        static const char *const on[] = {"on", "paused", "io_error", "standby", NULL};
        const char *word = fact_text(vm->facts, "power");

        if (word != NULL && g_strv_contains(on, word))
                return "poweredOn";
        return g_strcmp0(word, "suspended") == 0 ? "suspended" : "poweredOff";
}

static const char *connection_of(const Vm *vm)
{
        if (fact_is(vm->facts, "power", "unknown"))
                return "disconnected";
        return fact_is(vm->facts, "power", "missing") ? "inaccessible" : "connected";
}

/* --- its question --- */

static VimValue *new_choice(const char *key, const char *label)
{
        VimValue *choice = vim_new_object("ElementDescription");

        vim_set_text(choice, "key", key);
        vim_set_text(choice, "label", label);
        vim_set_text(choice, "summary", label);
        return choice;
}

/* The keys are what ESX has for a disk without space: button.retry is 0, button.abort is 1. */
static VimValue *new_question(JsonObject *asked)
{
        VimValue *question, *choice, *choices, *message;
        g_autofree char *id = NULL;

        if (asked == NULL)
                return NULL;
        id = g_strdup_printf("%" G_GINT64_FORMAT, fact_int(asked, "id", 0));
        choices = vim_new_list("ElementDescription");
        vim_add(choices, new_choice("0", "Retry"));
        vim_add(choices, new_choice("1", "Cancel"));
        choice = vim_new_object("ChoiceOption");
        vim_set(choice, "choiceInfo", choices);
        vim_set_int(choice, "defaultIndex", 0);
        message = vim_new_object("VirtualMachineMessage");
        vim_set_text(message, "id", "msg.hbacommon.outofspace");
        vim_set_text(message, "text", fact_text(asked, "text"));
        question = vim_new_object("VirtualMachineQuestionInfo");
        vim_set_text(question, "id", id);
        vim_set_text(question, "text", fact_text(asked, "text"));
        vim_set(question, "choice", choice);
        vim_set(question, "message", message);
        return question;
}

/* What its processors can take of the host's, all together; 0: not known. */
static int64_t max_cpu_mhz(const Vm *vm)
{
        const Managed *host = world_find_key(vm->world, "HostSystem", "host");
        const VimValue *hardware = host != NULL ? managed_peek(host, "hardware") : NULL;
        int64_t hz = hardware != NULL ? vim_get_int(vim_get(hardware, "cpuInfo"), "hz", 0) : 0;
        int64_t mhz = hz / 1000000 * fact_int(fact_object(vm->facts, "hardware"), "cpus", 1);
        int64_t limit = vm_cpu_limit_mhz(vm);

        return limit >= 0 ? MIN(mhz, limit) : mhz;
}

VimValue *vm_runtime(const Vm *vm)
{
        VimValue *runtime = vim_new_object("VirtualMachineRuntimeInfo");
        JsonObject *saved = fact_find(vm->facts, "files", "type", "suspend");

        vim_set(runtime, "host", vm_reference_to(vm, "HostSystem", "host"));
        vim_set_text(runtime, "connectionState", connection_of(vm));
        vim_set_text(runtime, "powerState", vm_power(vm));
        vim_set_text(runtime, "faultToleranceState", "notConfigured");
        vim_set_bool(runtime, "toolsInstallerMounted", false);
        if (saved != NULL && strcmp(vm_power(vm), "suspended") == 0)
                vim_set(runtime, "suspendTime", vim_new_time_ms(fact_int(saved, "time_ms", 0)));
        if (vm->boot_us > 0)
                vim_set(runtime, "bootTime", vim_new_time(vm->boot_us));
        vim_set_int(runtime, "suspendInterval", 0);
        vim_set(runtime, "question", new_question(fact_object(vm->facts, "question")));
        vim_set_int(runtime, "maxCpuUsage", max_cpu_mhz(vm));
        vim_set_int(runtime, "maxMemoryUsage", fact_int(fact_object(vm->facts, "hardware"), "memory_mb", 0));
        vim_set_int(runtime, "numMksConnections", 0);
        vim_set_text(runtime, "recordReplayState", "inactive");
        vim_set_bool(runtime, "onlineStandby", fact_is(vm->facts, "power", "standby"));
        vim_set_bool(runtime, "consolidationNeeded", fact_bool(vm->facts, "consolidation_needed", false));
        vim_set_bool(runtime, "paused", fact_is(vm->facts, "power", "paused"));
        vim_set_bool(runtime, "snapshotInBackground", false);
        return runtime;
}

/* --- figures --- */

VimValue *vm_quick_idle(void)
{
        static const char *const zero[] = {"overallCpuUsage",
                                           "overallCpuDemand",
                                           "guestMemoryUsage",
                                           "hostMemoryUsage",
                                           "distributedCpuEntitlement",
                                           "distributedMemoryEntitlement",
                                           "staticCpuEntitlement",
                                           "staticMemoryEntitlement",
                                           "privateMemory",
                                           "sharedMemory",
                                           "swappedMemory",
                                           "balloonedMemory",
                                           "consumedOverheadMemory",
                                           "compressedMemory",
                                           "grantedMemory",
                                           "uptimeSeconds",
                                           "ssdSwappedMemory"};
        VimValue *quick = vim_new_object("VirtualMachineQuickStats");

        for (unsigned i = 0; i < G_N_ELEMENTS(zero); i++)
                vim_set_int(quick, zero[i], 0);
        vim_set_text(quick, "guestHeartbeatStatus", "gray");
        vim_set_int(quick, "ftLogBandwidth", -1);
        vim_set_int(quick, "ftSecondaryLatency", -1);
        vim_set_text(quick, "ftLatencyStatus", "gray");
        return quick;
}

static int64_t mib(uint64_t bytes)
{
        return (int64_t)(bytes / MIB);
}

/* Whole steps of this, so that a VM at rest changes seldom. */
#define UPTIME_STEP_S 10

static const char *const figure_names[VM_FIGURES] = {
        "hostMemoryUsage",         "guestMemoryUsage", "consumedOverheadMemory",
        "balloonedMemory",         "sharedMemory",     "privateMemory",
        "swappedMemory",           "compressedMemory", "distributedMemoryEntitlement",
        "staticMemoryEntitlement", "grantedMemory",    "uptimeSeconds"};

VmFigures vm_figures(const Vm *vm, const Machine *machine, int64_t now_us)
{
        const struct aerostat_pager_stats *stats = &machine->stats;
        /* Without a pager, what the VMM has. */
        bool paged = machine->stats_us != 0;
        uint64_t consumed =
                paged ? stats->consumed_bytes
                      : machine->info.rss_bytes - MIN(machine->info.rss_bytes, machine->overhead_bytes);
        uint64_t shared = paged ? stats->shared_bytes : machine->merged_bytes;
        int64_t up_s = vm->boot_us > 0 && now_us > vm->boot_us ? (now_us - vm->boot_us) / G_USEC_PER_SEC : 0;

        return (VmFigures){
                .of = {mib(consumed + machine->overhead_bytes), mib(stats->active_bytes),
                       mib(machine->overhead_bytes), mib(machine->info.balloon_bytes), mib(shared),
                       mib(consumed - MIN(consumed, shared)), mib(stats->swapped_bytes),
                       (int64_t)(stats->compressed_bytes / KIB), mib(machine->plan.target_bytes),
                       mib(machine->plan.claim_bytes), mib(machine_granted_bytes(machine)),
                       up_s / UPTIME_STEP_S * UPTIME_STEP_S},
                .agent_answers = vm_agent_answers(vm),
        };
}

VimValue *vm_quick(const VmFigures *figures)
{
        VimValue *quick = vm_quick_idle();

        for (unsigned i = 0; i < VM_FIGURES; i++)
                vim_set_int(quick, figure_names[i], figures->of[i]);
        vim_set_text(quick, "guestHeartbeatStatus", figures->agent_answers ? "green" : "gray");
        return quick;
}

/* --- summary --- */

static unsigned count_disks(JsonObject *hardware)
{
        unsigned n = 0;

        for (unsigned i = 0; i < fact_count(hardware, "disks"); i++) {
                JsonObject *disk = fact_item(hardware, "disks", i);
                DevicePlace place;

                n += fact_is(disk, "device", "disk") && device_place(disk, &place);
        }
        return n;
}

static VimValue *new_config_summary(const Vm *vm, const VimValue *config)
{
        VimValue *summary = vim_new_object("VirtualMachineConfigSummary");
        JsonObject *hardware = fact_object(vm->facts, "hardware");
        const char *vmx = fact_text(fact_object(vm->facts, "vmx"), "file");
        struct policy_vm_config memory;

        vm_memory_settings(vm, &memory);
        vim_set_text(summary, "name", fact_text(vm->facts, "name"));
        vim_set_bool(summary, "template", fact_bool(vm->facts, "template", false));
        vim_set_text(summary, "vmPathName", vmx != NULL ? vmx : "");
        vim_set_text(summary, "uuid", fact_text(vm->facts, "uuid"));
        vim_set_text(summary, "instanceUuid", fact_text(vm->facts, "uuid"));
        vim_set_int(summary, "cpuReservation", 0);
        vim_set_int(summary, "memoryReservation", memory.reservation_mb);
        vim_set_bool(summary, "installBootRequired", false);
        if (config == NULL)
                return summary;
        vim_set_text(summary, "hwVersion", vim_get_text(config, "version"));
        vim_set_int(summary, "memorySizeMB", fact_int(hardware, "memory_mb", 0));
        vim_set_int(summary, "numCpu", fact_int(hardware, "cpus", 1));
        vim_set_int(summary, "numEthernetCards", fact_count(hardware, "cards"));
        vim_set_int(summary, "numVirtualDisks", count_disks(hardware));
        vim_set_text(summary, "guestId", vim_get_text(config, "guestId"));
        vim_set_text(summary, "guestFullName", vim_get_text(config, "guestFullName"));
        vim_set_text(summary, "annotation", vim_get_text(config, "annotation"));
        return summary;
}

static VimValue *new_storage_summary(const VimValue *storage)
{
        const VimValue *usage = vim_get(storage, "perDatastoreUsage");
        VimValue *summary = vim_new_object("VirtualMachineStorageSummary");
        int64_t committed = 0, uncommitted = 0, unshared = 0;

        for (unsigned i = 0; i < vim_length(usage); i++) {
                committed += vim_get_int(vim_item(usage, i), "committed", 0);
                uncommitted += vim_get_int(vim_item(usage, i), "uncommitted", 0);
                unshared += vim_get_int(vim_item(usage, i), "unshared", 0);
        }
        vim_set_int(summary, "committed", committed);
        vim_set_int(summary, "uncommitted", uncommitted);
        vim_set_int(summary, "unshared", unshared);
        vim_set(summary, "timestamp", vim_ref(vim_get(storage, "timestamp")));
        return summary;
}

VimValue *vm_summary(const Vm *vm, const VimValue *config, const VimValue *runtime, const VimValue *storage)
{
        VimValue *summary = vim_new_object("VirtualMachineSummary");

        vim_set_ref(summary, "vm", "VirtualMachine", vm->id);
        vim_set(summary, "runtime", vim_ref(runtime));
        vim_set(summary, "guest", vm_guest_summary(vm));
        vim_set(summary, "config", new_config_summary(vm, config));
        if (storage != NULL)
                vim_set(summary, "storage", new_storage_summary(storage));
        vim_set(summary, "quickStats", vm->quick != NULL ? vim_ref(vm->quick) : vm_quick_idle());
        vim_set_text(summary, "overallStatus",
                     fact_object(vm->facts, "question") != NULL ? "yellow" : "green");
        return summary;
}

/* --- what can be done --- */

VimValue *vm_capability(void)
{
        static const char *const yes[] = {
                "snapshotOperationsSupported",  "multipleSnapshotsSupported", "snapshotConfigSupported",
                "poweredOffSnapshotsSupported", "memorySnapshotsSupported",   "revertToSnapshotSupported",
                "quiescedSnapshotsSupported",   "s1AcpiManagementSupported",  "bootOptionsSupported",
                "virtualMmuUsageIgnored",       "virtualExecUsageIgnored"};
        VimValue *capability = vim_new_object("VirtualMachineCapability");

        for (unsigned i = 0; i < capability->type->n_fields; i++)
                if (capability->type->fields[i].type->kind == VIM_BOOLEAN)
                        vim_set_bool(capability, capability->type->fields[i].name, false);
        for (unsigned i = 0; i < G_N_ELEMENTS(yes); i++)
                vim_set_bool(capability, yes[i], true);
        return capability;
}

static void disable(VimValue *list, const char *const *methods)
{
        const VimType *type = vim_type("MethodName");

        for (; *methods != NULL; methods++)
                vim_add(list, vim_new_text(type, *methods));
}

VimValue *vm_disabled_methods(const Vm *vm)
{
        static const char *const always[] = {"CreateSecondaryVM_Task",  "TurnOffFaultToleranceForVM_Task",
                                             "MakePrimaryVM_Task",      "TerminateFaultTolerantVM_Task",
                                             "DisableSecondaryVM_Task", "EnableSecondaryVM_Task",
                                             "StartRecording_Task",     "StopRecording_Task",
                                             "StartReplaying_Task",     "StopReplaying_Task",
                                             "MountToolsInstaller",     "UnmountToolsInstaller",
                                             "UpgradeTools_Task",       NULL};
        static const char *const on[] = {"PowerOnVM_Task",
                                         "Destroy_Task",
                                         "UnregisterVM",
                                         "MarkAsTemplate",
                                         "UpgradeVM_Task",
                                         "Rename_Task",
                                         NULL};
        static const char *const off[] = {"PowerOffVM_Task", "SuspendVM_Task", "ResetVM_Task", "RebootGuest",
                                          "StandbyGuest",    "ShutdownGuest",  "AnswerVM",     NULL};
        static const char *const suspended[] = {
                "SuspendVM_Task", "ResetVM_Task",   "RebootGuest",    "StandbyGuest", "ShutdownGuest",
                "AnswerVM",       "MarkAsTemplate", "UpgradeVM_Task", "Rename_Task",  NULL};
        static const char *const vm_only[] = {"MarkAsVirtualMachine", NULL};
        static const char *const template_only[] = {"PowerOnVM_Task", "MarkAsTemplate", NULL};
        static const char *const no_question[] = {"AnswerVM", NULL};
        VimValue *list = vim_new_list("MethodName");

        disable(list, always);
        if (vm_is_on(vm))
                disable(list, on);
        else
                disable(list, strcmp(vm_power(vm), "suspended") == 0 ? suspended : off);
        if (vm_is_on(vm) && fact_object(vm->facts, "question") == NULL)
                disable(list, no_question);
        disable(list, fact_bool(vm->facts, "template", false) ? template_only : vm_only);
        return list;
}
