/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the pager, libvirt and /proc say of a VM, brought together for the policy. */
#include "scheduler/machine.h"

#include <string.h>

#include "host/ksm.h"

#define MIB ((uint64_t)1 << 20)

/* Figures older than this are not gone by: the VMM is stopped, or so slow that it might as well be. */
#define STATS_STALE_US (10 * G_USEC_PER_SEC)
#define RATES_OVER_US  G_USEC_PER_SEC

/* Memory that a VM may come to need before the next round, on top of what it has touched. */
#define HEADROOM_BYTES (32 * MIB)

/*
 * What is left to a guest beside what it cannot do without, by its own account. Below some of that
 * Linux begins to kill, unless the balloon gives way first (autodeflate).
 */
#define SPARE_MIN_BYTES         (64 * MIB)
#define SPARE_PART              4
#define SPARE_MIN_DEFLATE_BYTES (32 * MIB)
#define SPARE_PART_DEFLATE      16

/* Without an account of its own, a guest keeps so much of its size, and is left alone while it boots. */
#define UNKNOWN_KEEPS_PCT 50
#define UNKNOWN_BOOTS_US  (60 * G_USEC_PER_SEC)

/* A guest that has touched so much more in a second is growing, and is for so long after. */
#define GROWTH_BYTES   (4 * MIB)
#define GROWTH_OVER_US G_USEC_PER_SEC
#define GROWING_FOR_US (3 * G_USEC_PER_SEC)

#define STEP_MIN_BYTES (8 * MIB)

/* Memory that changed by more between two reports was on its way in or out when they were made. */
#define MOVING_BYTES (4 * MIB)
#define MEASURE_US   G_USEC_PER_SEC

/* The kernel's record of a page that KSM keeps an eye on; it is charged to nobody. */
#define KSM_RECORD_BYTES 64

Machine *machine_new(InventoryVm *record, Scheduler *scheduler)
{
        Machine *machine = g_new0(Machine, 1);

        machine->record = record;
        machine->scheduler = scheduler;
        machine->info.name = record->name;
        machine->problem = g_strdup("");
        machine->started_us = g_get_monotonic_time();
        policy_vm_config_init(&machine->config);
        return machine;
}

void machine_free(Machine *machine)
{
        if (machine == NULL)
                return;
        pager_link_free(machine->link);
        host_process_free(machine->process);
        inventory_vm_free(machine->record);
        g_free(machine->problem);
        g_free(machine);
}

uint64_t machine_swap_ins(const Machine *machine)
{
        return machine->stats.swap_ins + machine->stats.decompressions;
}

uint64_t machine_granted_bytes(const Machine *machine)
{
        const struct aerostat_pager_stats *stats = &machine->stats;

        return machine->stats_us != 0 ? stats->memory_bytes - MIN(stats->memory_bytes, stats->absent_bytes)
                                      : machine->plan.consumed_bytes;
}

void machine_set_info(Machine *machine, const VmInfo *info)
{
        if (info->guest_total_bytes > info->guest_usable_bytes)
                machine->peak_guest_bytes =
                        MAX(machine->peak_guest_bytes, info->guest_total_bytes - info->guest_usable_bytes);
        if (info->guest_updated_s != machine->info.guest_updated_s)
                machine->reported_touched_bytes = machine->touched_bytes;
        machine->info = *info;
        machine->info.name = machine->record->name;
        machine->listed = true;
}

static void follow_growth(Machine *machine, int64_t now_us)
{
        const struct aerostat_pager_stats *stats = &machine->stats;

        machine->touched_bytes = stats->memory_bytes - MIN(stats->memory_bytes, stats->absent_bytes);
        if (machine->touched_bytes > machine->grown_from_bytes + GROWTH_BYTES)
                machine->grew_us = now_us;
        if (now_us - machine->grown_from_us > GROWTH_OVER_US ||
            machine->touched_bytes < machine->grown_from_bytes) {
                machine->grown_from_us = now_us;
                machine->grown_from_bytes = machine->touched_bytes;
        }
}

static uint64_t pager_present_bytes(const struct aerostat_pager_stats *stats)
{
        return stats->resident_bytes + stats->parked_bytes + stats->cache_bytes + stats->writing_bytes +
               stats->reading_bytes;
}

/*
 * Overhead is what the process holds beside the guest's memory, two figures of different sources. While
 * much is being evicted or brought back they are not of the same moment, and their difference is
 * nothing that the state of the host could be judged by: it stays what it was.
 */
static void measure_if_still(Machine *machine, uint64_t before_bytes, int64_t now_us)
{
        uint64_t now_bytes = pager_present_bytes(&machine->stats);
        bool moving = MAX(now_bytes, before_bytes) - MIN(now_bytes, before_bytes) > MOVING_BYTES;

        if (machine->measured_us != 0 && (moving || now_us - machine->measured_us < MEASURE_US))
                return;
        machine->measured_us = now_us;
        machine_measure(machine);
}

static double rate(uint64_t now, uint64_t before, int64_t us)
{
        return now > before ? (double)(now - before) * G_USEC_PER_SEC / (double)us : 0;
}

void machine_set_stats(Machine *machine, const struct aerostat_pager_stats *stats, int64_t now_us)
{
        int64_t passed_us = now_us - machine->before_us;
        uint64_t faults = 0, faults_before = 0, present_bytes = pager_present_bytes(&machine->stats);

        machine->stats = *stats;
        machine->stats_us = now_us;
        measure_if_still(machine, present_bytes, now_us);
        follow_growth(machine, now_us);
        machine->peak_active_bytes = MAX(machine->peak_active_bytes, stats->active_bytes);
        if (strcmp(machine->problem, stats->reason) != 0) {
                g_free(machine->problem);
                machine->problem = g_strescape(stats->reason, NULL);
        }

        if (machine->before_us == 0) {
                machine->before = *stats;
                machine->before_us = now_us;
                machine->first_swap_ins = machine_swap_ins(machine);
                return;
        }
        if (passed_us < RATES_OVER_US)
                return;
        for (unsigned kind = 0; kind < AEROSTAT_PAGER_FAULT_KINDS; kind++) {
                faults += stats->faults[kind];
                faults_before += machine->before.faults[kind];
        }
        machine->rates = (MachineRates){
                .swap_in = rate(stats->swap_ins, machine->before.swap_ins, passed_us),
                .swap_out = rate(stats->swap_outs, machine->before.swap_outs, passed_us),
                .zip = rate(stats->compressions, machine->before.compressions, passed_us),
                .unzip = rate(stats->decompressions, machine->before.decompressions, passed_us),
                .faults = rate(faults, faults_before, passed_us),
        };
        machine->before = *stats;
        machine->before_us = now_us;
}

void machine_set_rebooted(Machine *machine)
{
        machine->watch = (struct policy_balloon_watch){0};
        machine->started_us = g_get_monotonic_time();
        machine->unfit_report_s = machine->info.guest_updated_s;
        machine->reported_touched_bytes = 0;
}

void machine_drop_link(Machine *machine, const char *reason)
{
        g_clear_pointer(&machine->link, pager_link_free);
        machine->stats_us = 0;
        machine->before_us = 0;
        machine->measured_us = 0;
        machine->rates = (MachineRates){0};
        memset(&machine->stats, 0, sizeof(machine->stats));
        g_free(machine->problem);
        machine->problem = g_strdup_printf("its pager is gone: %s", reason);
}

void machine_measure(Machine *machine)
{
        HostProcessMemory memory;
        HostKsmProcess ksm = {0};
        uint64_t guest_bytes = pager_present_bytes(&machine->stats);
        bool has_ksm;

        if (machine->process == NULL || !host_process_read_memory(machine->process, &memory, NULL)) {
                machine->overhead_bytes = 0;
                return;
        }
        has_ksm = host_ksm_read_process(machine->process, &ksm, NULL);
        if (machine->link == NULL) {
                /* How much of the process is the guest cannot be told apart: at most its size. */
                guest_bytes = MIN(memory.anon_bytes + memory.shmem_bytes, machine->info.memory_bytes);
                machine->info.rss_bytes = memory.anon_bytes + memory.shmem_bytes;
                if (has_ksm)
                        machine->merged_bytes = ksm.merged_bytes;
        }
        machine->overhead_bytes =
                host_process_overhead(&memory, guest_bytes) + ksm.rmap_items * KSM_RECORD_BYTES;
}

bool machine_has_pager(const Machine *machine, int64_t now_us)
{
        return machine->link != NULL && machine->stats_us != 0 && machine->stats.memory_bytes > 0 &&
               now_us - machine->stats_us < STATS_STALE_US;
}

bool machine_is_silent(const Machine *machine, int64_t now_us)
{
        return machine->link != NULL && machine->stats_us != 0 &&
               now_us - machine->stats_us >= STATS_STALE_US;
}

static uint64_t consumed(const Machine *machine)
{
        /* A pager is in the process that a guest attacks first: it cannot make the host look full. */
        if (machine->link != NULL && machine->stats_us != 0)
                return MIN(machine->stats.consumed_bytes, machine->info.memory_bytes / 4 * 5);
        return MIN(machine->info.rss_bytes, machine->info.memory_bytes);
}

/* What the guest cannot do without: by its own account, and what it has touched since. 0: unknown. */
static uint64_t guest_needs(const Machine *machine)
{
        const VmInfo *info = &machine->info;
        uint64_t since =
                machine->touched_bytes - MIN(machine->touched_bytes, machine->reported_touched_bytes);

        if (info->guest_total_bytes <= info->guest_usable_bytes ||
            info->guest_updated_s == machine->unfit_report_s)
                return 0;
        return info->guest_total_bytes - info->guest_usable_bytes + since;
}

static uint64_t guest_spare(const VmInfo *info)
{
        if (info->balloon_deflates)
                return MAX(SPARE_MIN_DEFLATE_BYTES, info->memory_bytes / SPARE_PART_DEFLATE);
        return MAX(SPARE_MIN_BYTES, info->memory_bytes / SPARE_PART);
}

/*
 * The most that its balloon may take, by the settings and by what the guest says it needs. Its word can
 * only lower what is taken by balloon; then other means take the rest.
 */
static uint64_t balloon_max(const Machine *machine, int64_t now_us, unsigned ctl_max_pct)
{
        uint64_t size = machine->info.memory_bytes;
        uint64_t most = policy_vm_config_balloon_max_bytes(&machine->config, size, ctl_max_pct);
        uint64_t needs = guest_needs(machine), keeps;

        if (needs > 0)
                keeps = needs + guest_spare(&machine->info);
        else if (now_us - machine->started_us < UNKNOWN_BOOTS_US)
                keeps = size;
        else
                keeps = size / 100 * UNKNOWN_KEEPS_PCT;
        return MIN(most, size > keeps ? size - keeps : 0);
}

uint64_t machine_balloon_step(const Machine *machine, int64_t now_us, uint64_t balloon_target_bytes)
{
        uint64_t actual = machine->info.balloon_bytes, room, step;

        if (balloon_target_bytes <= actual)
                return balloon_target_bytes;
        if (now_us - machine->grew_us < GROWING_FOR_US && machine->grew_us != 0)
                return MIN(machine->balloon_asked_bytes, actual);
        room = machine->plan.balloon_max_bytes - MIN(machine->plan.balloon_max_bytes, actual);
        step = MAX(room / 2, STEP_MIN_BYTES);
        return MIN(balloon_target_bytes, actual + step);
}

static uint64_t demand(const Machine *machine, bool has_pager)
{
        const struct aerostat_pager_stats *stats = &machine->stats;
        uint64_t size = machine->info.memory_bytes;
        uint64_t touched = MIN(machine->info.rss_bytes, size);

        if (has_pager) {
                touched = stats->memory_bytes - MIN(stats->memory_bytes, stats->absent_bytes);
                touched -= MIN(touched, stats->shared_saved_bytes);
        }
        return MIN(size, touched + machine->info.balloon_bytes + HEADROOM_BYTES);
}

uint64_t machine_returned_bytes(const Machine *machine)
{
        const struct aerostat_pager_stats *now = &machine->stats, *before = &machine->before;
        uint64_t pages = 0;

        if (machine->stats_us == 0)
                return 0;
        pages += now->decompressions - MIN(now->decompressions, before->decompressions);
        pages += now->swap_ins - MIN(now->swap_ins, before->swap_ins);
        return MAX(pages, (uint64_t)(machine->rates.unzip + machine->rates.swap_in)) * POLICY_PAGE;
}

static uint64_t unused(const Machine *machine)
{
        uint64_t absent = MIN(machine->stats.absent_bytes, machine->info.memory_bytes);

        return absent - MIN(absent, machine->info.balloon_bytes);
}

void machine_fill(const Machine *machine, int64_t now_us, unsigned ctl_max_pct, unsigned zip_pct,
                  struct policy_vm *ret_vm)
{
        const struct policy_vm_config *config = &machine->config;
        bool has_pager = machine_has_pager(machine, now_us);
        uint64_t size = machine->info.memory_bytes;
        uint64_t limit = has_pager ? machine->stats.limit_bytes : POLICY_UNLIMITED;

        *ret_vm = (struct policy_vm){
                .shares = policy_vm_config_shares(config, size),
                .reservation_bytes = (uint64_t)config->reservation_mb * MIB,
                .limit_bytes = policy_vm_config_limit_bytes(config),
                .memory_bytes = size,
                .consumed_bytes = consumed(machine),
                .overhead_bytes = machine->overhead_bytes,
                .active_bytes = has_pager ? machine->stats.active_bytes : 0,
                .recent_bytes = MAX(machine->stats.active_fast_bytes, machine->stats.active_current_bytes),
                .demand_bytes = demand(machine, has_pager),
                .returned_bytes = has_pager ? machine_returned_bytes(machine) : 0,
                .balloon_bytes = machine->info.balloon_bytes,
                .unused_bytes = has_pager ? unused(machine) : 0,
                .balloon_max_bytes = balloon_max(machine, now_us, ctl_max_pct),
                .balloon_state = machine->balloon_state,
                .has_pager = has_pager,
                .runs = machine->info.runs || machine->record->stopped,
                .cache_max_bytes = size / 100 * zip_pct,
                .pager_limit_bytes = limit < size ? limit : POLICY_UNLIMITED,
                .balloon_target_bytes = machine->balloon_asked_bytes,
                .stopped = machine->record->stopped,
        };
        /* Where nothing is sampled, all that a VM holds is taken for active: better than for idle. */
        if (!has_pager)
                ret_vm->active_bytes = ret_vm->recent_bytes = ret_vm->demand_bytes;
}
