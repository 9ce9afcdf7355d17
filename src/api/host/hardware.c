/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's hardware and what it can do, in the API's words. */
#include <string.h>

#include "api/host/host.h"

#define MIB ((uint64_t)1 << 20)

static const char *or_unknown(const char *text)
{
        return text[0] != '\0' ? text : "unknown";
}

int64_t hardware_cpu_mhz(const HostFacts *facts)
{
        return (int64_t)(facts->cpu.mhz * facts->identity->cores);
}

static const char *package_vendor(const char *vendor)
{
        static const char *const vendors[][2] = {
                {"GenuineIntel", "intel"},
                {"AuthenticAMD", "amd"},
                {"HygonGenuine", "hygon"},
        };

        for (unsigned i = 0; i < G_N_ELEMENTS(vendors); i++)
                if (strcmp(vendor, vendors[i][0]) == 0)
                        return vendors[i][1];
        return "unknown";
}

static VimValue *package_value(const HostFacts *facts, unsigned package, unsigned index)
{
        const HostIdentity *identity = facts->identity;
        VimValue *value = vim_new_object("HostCpuPackage"), *threads = vim_new_list("short");

        for (unsigned i = 0; i < identity->threads->len; i++) {
                const HostThread *thread = &g_array_index(identity->threads, HostThread, i);

                if (thread->package == package)
                        vim_add(threads, vim_new_short(thread->number));
        }
        vim_set_int(value, "index", index);
        vim_set_text(value, "vendor", package_vendor(identity->cpu_vendor));
        vim_set_int(value, "hz", (int64_t)(facts->cpu.mhz * 1e6));
        vim_set_int(value, "busHz", 0); /* not known */
        vim_set_text(value, "description", or_unknown(identity->cpu_model));
        vim_set(value, "threadId", threads);
        return value;
}

static VimValue *packages(const HostFacts *facts)
{
        const GArray *threads = facts->identity->threads;
        VimValue *list = vim_new_list("HostCpuPackage");
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

        for (unsigned i = 0; i < threads->len; i++) {
                unsigned package = g_array_index(threads, HostThread, i).package;

                if (g_hash_table_add(seen, GUINT_TO_POINTER(package)))
                        vim_add(list, package_value(facts, package, g_hash_table_size(seen) - 1));
        }
        return list;
}

/* The serial number, by the name that clients look for. */
static VimValue *identifiers(const HostIdentity *identity)
{
        VimValue *list = vim_new_list("HostSystemIdentificationInfo");
        VimValue *info, *type;

        if (identity->serial[0] == '\0')
                return list;
        info = vim_new_object("HostSystemIdentificationInfo");
        type = vim_new_object("ElementDescription");
        vim_set_text(type, "key", "ServiceTag");
        vim_set_text(type, "label", "Service tag");
        vim_set_text(type, "summary", "Service tag of the system");
        vim_set_text(info, "identifierValue", identity->serial);
        vim_set(info, "identifierType", type);
        vim_add(list, info);
        return list;
}

static VimValue *system_info(const HostIdentity *identity)
{
        VimValue *info = vim_new_object("HostSystemInfo");

        vim_set_text(info, "vendor", or_unknown(identity->vendor));
        vim_set_text(info, "model", or_unknown(identity->model));
        vim_set_text(info, "uuid", identity->uuid);
        vim_set(info, "otherIdentifyingInfo", identifiers(identity));
        if (identity->serial[0] != '\0')
                vim_set_text(info, "serialNumber", identity->serial);
        return info;
}

static VimValue *cpu_info(const HostFacts *facts)
{
        VimValue *info = vim_new_object("HostCpuInfo");

        vim_set_int(info, "numCpuPackages", facts->identity->packages);
        vim_set_int(info, "numCpuCores", facts->identity->cores);
        vim_set_int(info, "numCpuThreads", facts->identity->threads->len);
        vim_set_int(info, "hz", (int64_t)(facts->cpu.mhz * 1e6));
        return info;
}

VimValue *hardware_info(const HostFacts *facts)
{
        const HostIdentity *identity = facts->identity;
        VimValue *info = vim_new_object("HostHardwareInfo"), *bios = vim_new_object("HostBIOSInfo"),
                 *numa = vim_new_object("HostNumaInfo");

        vim_set_text(bios, "biosVersion", identity->bios_version);
        vim_set_text(bios, "vendor", identity->bios_vendor);
        vim_set_text(numa, "type", identity->nodes > 1 ? "NUMA" : "None");
        vim_set_int(numa, "numNodes", identity->nodes);
        vim_set(info, "systemInfo", system_info(identity));
        vim_set(info, "cpuInfo", cpu_info(facts));
        vim_set(info, "cpuPkg", packages(facts));
        vim_set_int(info, "memorySize", (int64_t)facts->memory.total_bytes);
        vim_set(info, "numaInfo", numa);
        vim_set_bool(info, "smcPresent", false);
        vim_set(info, "pciDevice", vim_new_list("HostPciDevice"));
        vim_set(info, "biosInfo", bios);
        return info;
}

VimValue *hardware_summary(const HostFacts *facts)
{
        const HostIdentity *identity = facts->identity;
        VimValue *summary = vim_new_object("HostHardwareSummary");

        vim_set_text(summary, "vendor", or_unknown(identity->vendor));
        vim_set_text(summary, "model", or_unknown(identity->model));
        vim_set_text(summary, "uuid", identity->uuid);
        vim_set(summary, "otherIdentifyingInfo", identifiers(identity));
        vim_set_int(summary, "memorySize", (int64_t)facts->memory.total_bytes);
        vim_set_text(summary, "cpuModel", or_unknown(identity->cpu_model));
        vim_set_int(summary, "cpuMhz", (int64_t)facts->cpu.mhz);
        vim_set_int(summary, "numCpuPkgs", identity->packages);
        vim_set_int(summary, "numCpuCores", identity->cores);
        vim_set_int(summary, "numCpuThreads", identity->threads->len);
        vim_set_int(summary, "numNics", 0);
        vim_set_int(summary, "numHBAs", 0);
        return summary;
}

/* What of the capabilities that a client must be told of is there; the rest is not. */
static const char *const capabilities[] = {
        "recursiveResourcePoolsSupported",
        "cpuMemoryResourceConfigurationSupported",
        "vlanTaggingSupported",
        "highGuestMemSupported",
        "suspendedRelocateSupported",
        "perVmSwapFiles",
        "localSwapDatastoreSupported",
        "cloneFromSnapshotSupported",
        "deltaDiskBackingsSupported",
        "snapshotRelayoutSupported",
};

VimValue *hardware_capability(void)
{
        VimValue *value = vim_new_object("HostCapability");

        for (unsigned i = 0; i < value->type->n_fields; i++) {
                const VimField *field = &value->type->fields[i];

                if (field->type->kind == VIM_BOOLEAN && !field->is_optional)
                        vim_set_bool(value, field->name, false);
        }
        for (unsigned i = 0; i < G_N_ELEMENTS(capabilities); i++)
                vim_set_bool(value, capabilities[i], true);
        return value;
}
