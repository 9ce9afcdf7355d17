/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The counters there are. Formulas are those of daemon/view.c: a sample says what top said then. Of ESX's
 * counters those are there that mean something here; there is no host cache, so there is no llSwap.
 */
#include "api/manager/perf-counter.h"

#include "api/manager/manager.h"

#define KB(bytes) ((bytes) >> 10)
#define MB(bytes) ((bytes) >> 20)
#define PAGE_KB   4

static uint64_t parts_of(uint64_t part, uint64_t whole)
{
        return whole > 0 ? (uint64_t)((double)MIN(part, whole) * 10000 / (double)whole) : 0;
}

static uint64_t kb_rate(double pages_per_s)
{
        return (uint64_t)(pages_per_s * PAGE_KB + 0.5);
}

/* --- of virtual machines --- */

static uint64_t zip_saved_bytes(const Machine *machine)
{
        return machine->stats.compressed_bytes -
               MIN(machine->stats.compressed_bytes, machine->stats.cache_bytes);
}

static uint64_t uptime_s(const Machine *machine)
{
        return machine->stats_us != 0
                       ? machine->stats.uptime_ms / 1000
                       : (uint64_t)(g_get_monotonic_time() - machine->started_us) / G_USEC_PER_SEC;
}

#define VM(name, expression)                        \
        static uint64_t vm_##name(const Machine *m) \
        {                                           \
                return (expression);                \
        }

VM(usage, parts_of(m->plan.active_bytes, m->info.memory_bytes))
VM(granted, KB(machine_granted_bytes(m)))
VM(active, KB(m->plan.active_bytes))
VM(shared, KB(m->stats.shared_bytes))
VM(zero, KB(m->stats.same_bytes))
VM(swapped, KB(m->stats.swapped_bytes))
VM(swap_target, KB(m->plan.swap_target_bytes))
VM(swap_in, m->stats.swap_ins *PAGE_KB)
VM(swap_out, m->stats.swap_outs *PAGE_KB)
VM(swap_in_rate, kb_rate(m->rates.swap_in))
VM(swap_out_rate, kb_rate(m->rates.swap_out))
VM(balloon, KB(m->info.balloon_bytes))
VM(balloon_target, KB(m->balloon_asked_bytes))
VM(consumed, KB(m->plan.consumed_bytes))
VM(overhead, KB(m->plan.overhead_bytes))
VM(entitlement, KB(m->plan.target_bytes))
VM(compressed, KB(m->stats.compressed_bytes))
VM(zip_rate, kb_rate(m->rates.zip))
VM(unzip_rate, kb_rate(m->rates.unzip))
VM(zip_saved, KB(zip_saved_bytes(m)))
VM(uptime, uptime_s(m))

/* --- of the host --- */

static uint64_t sum(const PerfHost *host, uint64_t (*of_vm)(const Machine *machine))
{
        uint64_t total = 0;

        for (unsigned i = 0; i < host->machines->len; i++)
                total += of_vm(host->machines->pdata[i]);
        return total;
}

/* The rates are added before they are rounded, as top does. */
static uint64_t sum_rates(const PerfHost *host, size_t offset)
{
        double total = 0;

        for (unsigned i = 0; i < host->machines->len; i++)
                total += *(const double *)(const void *)((const char *)host->machines->pdata[i] + offset);
        return kb_rate(total);
}

static uint64_t reserved_bytes(const Machine *machine)
{
        return machine->plan.reservation_bytes;
}

#define HOST(name, expression)                         \
        static uint64_t host_##name(const PerfHost *h) \
        {                                              \
                return (expression);                   \
        }

HOST(usage, parts_of(h->host->managed_bytes - MIN(h->host->managed_bytes, h->host->free_bytes),
                     h->host->managed_bytes))
HOST(granted, KB(sum(h, machine_granted_bytes)))
HOST(active, sum(h, vm_active))
HOST(shared, KB(h->sharing->shared_bytes))
HOST(common, KB(h->sharing->common_bytes))
HOST(zero, sum(h, vm_zero))
HOST(swap_used, sum(h, vm_swapped))
HOST(swap_in, sum(h, vm_swap_in))
HOST(swap_out, sum(h, vm_swap_out))
HOST(swap_in_rate, sum_rates(h, offsetof(Machine, rates.swap_in)))
HOST(swap_out_rate, sum_rates(h, offsetof(Machine, rates.swap_out)))
HOST(balloon, sum(h, vm_balloon))
HOST(consumed, KB(h->host->consumed_bytes))
HOST(overhead, KB(h->host->overhead_bytes))
HOST(system, KB(h->host->other_bytes))
HOST(compressed, sum(h, vm_compressed))
HOST(zip_rate, sum_rates(h, offsetof(Machine, rates.zip)))
HOST(unzip_rate, sum_rates(h, offsetof(Machine, rates.unzip)))
HOST(reserved, MB(sum(h, reserved_bytes)))
HOST(unreserved, KB(h->host->managed_bytes - MIN(h->host->managed_bytes, sum(h, reserved_bytes))))
HOST(state, (uint64_t)h->host->state)
HOST(total, MB(h->host->total_bytes))
HOST(capacity, MB(h->host->managed_bytes))
HOST(low_threshold, KB(h->host->thresholds.bytes[POLICY_LOW]))

static uint64_t host_uptime(const PerfHost *host)
{
        (void)host;
        return (uint64_t)g_get_monotonic_time() / G_USEC_PER_SEC;
}

/* --- all --- */

#define AVERAGE "average", "absolute"
#define LATEST  "latest", "absolute"
#define PER_S   "average", "rate", "kiloBytesPerSecond"
#define KILO    "kiloBytes"
#define MEGA    "megaBytes"

/* clang-format off */
const PerfCounter perf_counters[] = {
        {24, "mem", "usage", "Usage", "average", "absolute", "percent", 1, vm_usage, host_usage, false},
        {28, "mem", "granted", "Granted", AVERAGE, KILO, 2, vm_granted, host_granted, true},
        {33, "mem", "active", "Active", AVERAGE, KILO, 2, vm_active, host_active, true},
        {37, "mem", "shared", "Shared", AVERAGE, KILO, 2, vm_shared, host_shared, true},
        {41, "mem", "zero", "Zero pages", AVERAGE, KILO, 2, vm_zero, host_zero, true},
        {45, "mem", "unreserved", "Unreserved", AVERAGE, KILO, 2, NULL, host_unreserved, false},
        {49, "mem", "swapused", "Swap used", AVERAGE, KILO, 2, NULL, host_swap_used, false},
        {61, "mem", "sharedcommon", "Shared common", AVERAGE, KILO, 2, NULL, host_common, false},
        {70, "mem", "swapped", "Swapped", AVERAGE, KILO, 2, vm_swapped, NULL, true},
        {74, "mem", "swaptarget", "Swap target", AVERAGE, KILO, 2, vm_swap_target, NULL, false},
        {78, "mem", "swapin", "Swap in", AVERAGE, KILO, 2, vm_swap_in, host_swap_in, false},
        {82, "mem", "swapout", "Swap out", AVERAGE, KILO, 2, vm_swap_out, host_swap_out, false},
        {85, "mem", "swapinRate", "Swap in rate", PER_S, 1, vm_swap_in_rate, host_swap_in_rate, false},
        {86, "mem", "swapoutRate", "Swap out rate", PER_S, 1, vm_swap_out_rate, host_swap_out_rate, false},
        {90, "mem", "vmmemctl", "Balloon", AVERAGE, KILO, 1, vm_balloon, host_balloon, true},
        {94, "mem", "vmmemctltarget", "Balloon target", AVERAGE, KILO, 2, vm_balloon_target, NULL, false},
        {98, "mem", "consumed", "Consumed", AVERAGE, KILO, 1, vm_consumed, host_consumed, true},
        {102, "mem", "overhead", "Overhead consumed", AVERAGE, KILO, 1, vm_overhead, host_overhead, true},
        {106, "mem", "sysUsage", "Used by others than VMs", AVERAGE, KILO, 2, NULL, host_system, false},
        {110, "mem", "reservedCapacity", "Reserved capacity", AVERAGE, MEGA, 2, NULL, host_reserved, false},
        {111, "mem", "state", "State", LATEST, "number", 2, NULL, host_state, false},
        {112, "mem", "totalmb", "Total capacity of the machine", AVERAGE, MEGA, 1, NULL, host_total, false},
        {113, "mem", "totalCapacity", "Total capacity for VMs", AVERAGE, MEGA, 2, NULL, host_capacity, false},
        {114, "mem", "lowfreethreshold", "Low free threshold", AVERAGE, KILO, 2, NULL, host_low_threshold, false},
        {115, "mem", "entitlement", "Entitlement", AVERAGE, KILO, 2, vm_entitlement, NULL, false},
        {116, "mem", "compressed", "Compressed", AVERAGE, KILO, 2, vm_compressed, host_compressed, true},
        {117, "mem", "compressionRate", "Compression rate", PER_S, 2, vm_zip_rate, host_zip_rate, true},
        {118, "mem", "decompressionRate", "Decompression rate", PER_S, 2, vm_unzip_rate, host_unzip_rate, true},
        {119, "mem", "zipped", "Zipped", LATEST, KILO, 4, vm_compressed, NULL, false},
        {120, "mem", "zipSaved", "Saved by zipping", LATEST, KILO, 4, vm_zip_saved, NULL, false},
        {155, "sys", "uptime", "Uptime", LATEST, "second", 1, vm_uptime, host_uptime, false},
};
/* clang-format on */
const unsigned perf_n_counters = G_N_ELEMENTS(perf_counters);

const PerfCounter *perf_counter_find(int64_t key)
{
        for (unsigned i = 0; i < perf_n_counters; i++)
                if (perf_counters[i].key == key)
                        return &perf_counters[i];
        return NULL;
}

bool perf_counter_is_of(const PerfCounter *counter, PerfKind kind)
{
        switch (kind) {
        case PERF_VM:
                return counter->of_vm != NULL;
        case PERF_POOL:
                return counter->of_pool;
        default:
                return counter->of_host != NULL;
        }
}

unsigned perf_counter_column(const PerfCounter *counter, PerfKind kind)
{
        unsigned column = 0;

        for (const PerfCounter *before = perf_counters; before < counter; before++)
                column += perf_counter_is_of(before, kind);
        return column;
}

unsigned perf_kind_width(PerfKind kind)
{
        return perf_counter_column(&perf_counters[perf_n_counters], kind);
}

static const char *unit_label(const char *unit)
{
        static const char *const labels[][2] = {{"percent", "%"},    {"kiloBytes", "KB"},
                                                {"megaBytes", "MB"}, {"kiloBytesPerSecond", "KBps"},
                                                {"second", "s"},     {"number", "num"}};
        unsigned i = 0;

        while (g_strcmp0(labels[i][0], unit) != 0)
                i++;
        return labels[i][1];
}

VimValue *perf_counter_info(const PerfCounter *counter)
{
        VimValue *info = vim_new_object("PerfCounterInfo");

        vim_set_int(info, "key", counter->key);
        vim_set(info, "nameInfo", manager_element(counter->name, counter->label, NULL));
        vim_set(info, "groupInfo",
                manager_element(counter->group, counter->group[0] == 'm' ? "Memory" : "System", NULL));
        vim_set(info, "unitInfo", manager_element(counter->unit, unit_label(counter->unit), NULL));
        vim_set(info, "rollupType", vim_new_enum("PerfSummaryType", counter->rollup));
        vim_set(info, "statsType", vim_new_enum("PerfStatsType", counter->stats));
        vim_set_int(info, "level", counter->level);
        vim_set_int(info, "perDeviceLevel", counter->level);
        return info;
}
