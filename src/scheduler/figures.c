/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scheduler/figures.h"

#include <string.h>

#define MIB    ((uint64_t)1 << 20)
#define PAGE   4096
#define SILENT "its pager says nothing: the VMM is stopped, or very slow; its figures are old"

/* Of advice. */
#define PER_VM   4
#define FOR_HOST 8

/* --- VMs --- */

static const char *managed_name(const Machine *machine)
{
        if (machine->stats_us != 0)
                return "pager";
        return machine->info.has_balloon_device ? "balloon" : "none";
}

static const char *balloon_name(enum policy_balloon_state state)
{
        static const char *const names[] = {
                [POLICY_BALLOON_NONE] = "none",
                [POLICY_BALLOON_OK] = "ok",
                [POLICY_BALLOON_INACTIVE] = "inactive",
                [POLICY_BALLOON_UNCOOPERATIVE] = "uncooperative",
        };

        return names[state];
}

static FiguresRates rates_of(const Machine *machine)
{
        const MachineRates *pages = &machine->rates;

        return (FiguresRates){.swap_in = pages->swap_in * PAGE,
                              .swap_out = pages->swap_out * PAGE,
                              .zip = pages->zip * PAGE,
                              .unzip = pages->unzip * PAGE};
}

static uint64_t private_of(const struct aerostat_pager_stats *stats)
{
        uint64_t held = stats->resident_bytes + stats->parked_bytes;

        return held - MIN(held, stats->shared_bytes);
}

static void set_settings(const Machine *machine, FiguresVm *figures)
{
        const struct policy_vm_config *config = &machine->config;

        figures->shares = policy_vm_config_shares(config, machine->info.memory_bytes);
        figures->shares_level = policy_shares_level_name(config->shares_level);
        figures->reservation_bytes = (uint64_t)config->reservation_mb * MIB;
        figures->limit_bytes = policy_vm_config_limit_bytes(config);
}

static void set_pager(const Machine *machine, FiguresVm *figures)
{
        const struct aerostat_pager_stats *stats = &machine->stats;
        bool limited = machine->stats_us != 0 && stats->limit_bytes < stats->memory_bytes;

        figures->resident_bytes = stats->resident_bytes;
        figures->parked_bytes = stats->parked_bytes;
        figures->absent_bytes = stats->absent_bytes;
        figures->shared_bytes = stats->shared_bytes;
        figures->saved_bytes = stats->shared_saved_bytes;
        figures->private_bytes = private_of(stats);
        figures->swapped_bytes = stats->swapped_bytes;
        figures->cache_bytes = stats->cache_bytes;
        figures->cache_used_bytes = stats->cache_live_bytes;
        figures->compressed_bytes = stats->compressed_bytes;
        figures->same_bytes = stats->same_bytes;
        figures->pager_limit_bytes = limited ? stats->limit_bytes : POLICY_UNLIMITED;
}

void figures_vm(const Machine *machine, FiguresVm *ret)
{
        const struct policy_vm *plan = &machine->plan;

        *ret = (FiguresVm){
                .name = machine->record->name,
                .uuid = machine->record->uuid,
                .pool = machine->record->pool,
                .power = machine->info.power,
                .managed = managed_name(machine),
                .problem = machine_is_silent(machine, g_get_monotonic_time()) ? SILENT : machine->problem,
                .cause = plan->cause != NULL ? plan->cause : "",
                .balloon_state = balloon_name(machine->balloon_state),
                .memory_bytes = machine->info.memory_bytes,
                .granted_bytes = machine_granted_bytes(machine),
                .target_bytes = plan->target_bytes,
                .active_bytes = plan->active_bytes,
                .consumed_bytes = plan->consumed_bytes,
                .overhead_bytes = plan->overhead_bytes,
                .idle_bytes = plan->consumed_bytes - MIN(plan->active_bytes, plan->consumed_bytes),
                .balloon_bytes = machine->info.balloon_bytes,
                .balloon_target_bytes = machine->balloon_asked_bytes,
                .balloon_max_bytes = plan->balloon_max_bytes,
                .swap_target_bytes = plan->swap_target_bytes,
                .pid = machine->process != NULL ? (uint64_t)machine->process->pid : 0,
                .rates = rates_of(machine),
                .faults_per_s = machine->rates.faults,
                .stopped = machine->record->stopped,
        };
        set_pager(machine, ret);
        set_settings(machine, ret);
}

void figures_sums(Scheduler *scheduler, FiguresSums *ret)
{
        GPtrArray *machines = scheduler_machines(scheduler);
        FiguresSums sums = {0};

        for (unsigned i = 0; i < machines->len; i++) {
                const Machine *machine = machines->pdata[i];
                FiguresRates rates = rates_of(machine);

                sums.private_bytes += private_of(&machine->stats);
                sums.swapped_bytes += machine->stats.swapped_bytes;
                sums.swap_target_bytes += machine->plan.swap_target_bytes;
                sums.balloon_bytes += machine->info.balloon_bytes;
                sums.balloon_target_bytes += machine->balloon_asked_bytes;
                sums.balloon_max_bytes += machine->plan.balloon_max_bytes;
                sums.zipped_bytes += machine->stats.compressed_bytes;
                sums.cache_bytes += machine->stats.cache_bytes;
                sums.rates.swap_in += rates.swap_in;
                sums.rates.swap_out += rates.swap_out;
                sums.rates.zip += rates.zip;
                sums.rates.unzip += rates.unzip;
        }
        sums.zip_saved_bytes = sums.zipped_bytes - MIN(sums.zipped_bytes, sums.cache_bytes);
        *ret = sums;
}

/* --- pools --- */

static void set_pool(Pools *pools, const struct policy_pool *all, uint32_t index, FiguresPool *figures)
{
        const InventoryPool *known = pools_get(pools, index);
        const struct policy_pool *pool = &all[index];

        figures->path = known != NULL ? known->path : "/";
        figures->shares = pool->shares;
        figures->shares_level = known == NULL                       ? "normal"
                                : g_ascii_isdigit(known->shares[0]) ? "custom"
                                                                    : known->shares;
        figures->reservation_bytes = pool->reservation_bytes;
        figures->limit_bytes = pool->limit_bytes;
        figures->expandable = pool->expandable;
        figures->target_bytes = pool->target_bytes;
        figures->active_bytes = pool->active_bytes;
}

FiguresPool *figures_pools(Scheduler *scheduler, Pools *pools, size_t *ret_n)
{
        GPtrArray *machines = scheduler_machines(scheduler);
        size_t n;
        const struct policy_pool *all = pools_array(pools, &n);
        g_autofree uint64_t *free_bytes = scheduler_unreserved(scheduler);
        FiguresPool *figures = g_new0(FiguresPool, n);

        for (uint32_t i = 0; i < n; i++)
                set_pool(pools, all, i, &figures[i]);
        for (unsigned i = 0; i < machines->len; i++) {
                const Machine *machine = machines->pdata[i];
                FiguresPool *own = &figures[pools_index(pools, machine->record->pool)];

                own->consumed_bytes += machine->plan.consumed_bytes;
                own->reserved_bytes += machine->plan.reservation_bytes;
                own->vms++;
        }
        /* A parent stands before its children: from the last on, each is complete when it is added. */
        for (size_t i = n; i-- > 1;) {
                FiguresPool *above = &figures[all[i].parent];

                above->consumed_bytes += figures[i].consumed_bytes;
                above->reserved_bytes += figures[i].reserved_bytes;
                above->vms += figures[i].vms;
                above->pools++;
        }
        for (size_t i = 0; i < n; i++)
                figures[i].reservation_free_bytes = free_bytes[i];
        *ret_n = n;
        return figures;
}

/* --- advice --- */

static struct policy_advice_vm advice_input(const Machine *machine)
{
        int64_t observed_us = g_get_monotonic_time() - machine->started_us;
        uint64_t pages = machine_swap_ins(machine);

        pages -= MIN(pages, machine->first_swap_ins);
        return (struct policy_advice_vm){
                .memory_bytes = machine->info.memory_bytes,
                .limit_bytes = policy_vm_config_limit_bytes(&machine->config),
                .reservation_bytes = machine->plan.reservation_bytes,
                .consumed_bytes = machine->plan.consumed_bytes,
                .active_bytes = machine->plan.active_bytes,
                .peak_active_bytes = machine->peak_active_bytes,
                .peak_guest_bytes = machine->peak_guest_bytes,
                .swap_in_bytes_per_s = pages * PAGE / (uint64_t)MAX(observed_us / G_USEC_PER_SEC, 1),
                .observed_ms = (uint64_t)observed_us / 1000,
                .balloon_state = machine->balloon_state,
                .shares_pages = machine->config.share_pages,
        };
}

struct policy_advice *figures_advice(Scheduler *scheduler, const Sharing *sharing, size_t *ret_n)
{
        GPtrArray *machines = scheduler_machines(scheduler);
        const SchedulerHost *host = scheduler_host(scheduler);
        uint64_t kept = host->thresholds.bytes[POLICY_HIGH] + host->overhead_bytes;
        const struct policy_advice_host for_host = {
                .capacity_bytes = host->managed_bytes - MIN(host->managed_bytes, kept),
                .sharing_on = strcmp(sharing_figures(sharing)->state, "off") != 0,
        };
        size_t max = PER_VM * (size_t)machines->len + FOR_HOST;
        g_autofree struct policy_advice_vm *vms = g_new(struct policy_advice_vm, machines->len);
        struct policy_advice *advice = g_new(struct policy_advice, max);

        for (unsigned i = 0; i < machines->len; i++)
                vms[i] = advice_input(machines->pdata[i]);
        *ret_n = MIN(policy_advise(vms, machines->len, &for_host, advice, max), max);
        return advice;
}
