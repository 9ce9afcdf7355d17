/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One round: what the host has, what the policy makes of it, and the orders that follow. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "host/ksm.h"
#include "scheduler/scheduler-internal.h"

#define MIB ((uint64_t)1 << 20)

/* What the host itself takes is followed at once upwards, and so much a round downwards. */
#define OTHER_DECAY 16
#define OTHER_STEP  (16 * MIB)

/* A cause is not told of a VM again before this time has passed; another one not before that. */
#define CAUSE_EVERY_US (60 * G_USEC_PER_SEC)
#define CAUSE_OTHER_US (5 * G_USEC_PER_SEC)

/* A VM that is stopped and has not lost so much for so long cannot come down; it goes on then, for a while.
 */
#define COMES_DOWN_BYTES MIB
#define COMES_DOWN_US    (15 * G_USEC_PER_SEC)
#define LET_GO_FOR_US    (60 * G_USEC_PER_SEC)

/* After an order that libvirt refused. */
#define REFUSED_FOR_US (10 * G_USEC_PER_SEC)

/* At its limit, by the pager's own account: it stays a little below. */
#define PRESSED_BYTES (2 * MIB)

bool scheduler_is_pressed(const Machine *machine)
{
        return machine->stats_us != 0 && machine->plan.has_pager &&
               machine->stats.limit_bytes <
                       MIN(machine->info.memory_bytes, policy_vm_config_limit_bytes(&machine->config)) &&
               machine->stats.consumed_bytes + PRESSED_BYTES + machine->stats.limit_bytes / 64 >=
                       machine->stats.limit_bytes;
}

/*
 * A pager knows of a page that it is shared, not by how many, and takes half of it for saved. Of all VMs
 * together it is known: as many pages as are mapped, less those that there are. KSM learns late of pages
 * that are shared no more, so its sum of what is saved would be too high; its count of those that there
 * are, of other programs too, is too high as well, and that is the safe side.
 */
static uint64_t measure_sharing(const Scheduler *scheduler)
{
        uint64_t shared = 0, counted = 0;
        HostKsmFigures ksm = {0};

        for (unsigned i = 0; i < scheduler->sorted->len; i++) {
                const Machine *machine = scheduler->sorted->pdata[i];

                if (machine->link != NULL && machine->stats_us != 0) {
                        shared += machine->stats.shared_bytes;
                        counted += machine->stats.shared_saved_bytes;
                }
        }
        if (shared == 0 || !host_ksm_read_figures("", &ksm, NULL))
                return 0;
        shared -= MIN(shared, ksm.common_bytes);
        return shared - MIN(shared, counted);
}

/* Without a set amount, managed is what the host has less what is not ours. */
static void measure_host(Scheduler *scheduler)
{
        SchedulerHost *host = &scheduler->host;
        uint64_t set_bytes = (uint64_t)config_get(scheduler->config, POLICY_HOST_MEMORY_MB) * MIB;
        uint64_t ours = host->consumed_bytes + host->overhead_bytes;
        HostMemory memory = {0};
        uint64_t used, other;

        if (!host_memory_read("", &memory, NULL)) {
                /* As it was: a host without /proc/meminfo for a moment has not changed. */
                memory.total_bytes = host->total_bytes;
                memory.available_bytes =
                        host->total_bytes - MIN(host->total_bytes, ours + host->other_bytes);
        }
        host->total_bytes = memory.total_bytes;
        used = memory.total_bytes - MIN(memory.total_bytes, memory.available_bytes);
        other = used - MIN(used, ours);
        other = (other + OTHER_STEP - 1) / OTHER_STEP * OTHER_STEP;
        if (other < host->other_bytes)
                other = MAX(other, host->other_bytes - host->other_bytes / OTHER_DECAY);
        host->other_bytes = other;

        host->managed_bytes = memory.total_bytes - MIN(memory.total_bytes, other);
        if (set_bytes != 0)
                host->managed_bytes = MIN(set_bytes, host->managed_bytes);
        host->free_bytes = host->managed_bytes - MIN(host->managed_bytes, ours);
}

/* Once it has been found out, not for every moment in which a guest is slow. */
static void tell_balloon(Scheduler *scheduler, const Machine *machine, enum policy_balloon_state now)
{
        const char *name = machine->record->name;

        if (now == POLICY_BALLOON_INACTIVE && machine->balloon_state == POLICY_BALLOON_OK)
                journal_add(scheduler->journal, "balloon", name,
                            "its balloon is inactive: asked for %" PRIu64 " MB, it stays at %" PRIu64 " MB",
                            machine->balloon_asked_bytes / MIB, machine->info.balloon_bytes / MIB);
        else if (now == POLICY_BALLOON_UNCOOPERATIVE && machine->balloon_state != now)
                journal_add(scheduler->journal, "balloon", name,
                            "its balloon is uncooperative: asked for %" PRIu64 " MB, it stays at %" PRIu64
                            " MB; %s. Is virtio_balloon loaded in the guest?",
                            machine->balloon_asked_bytes / MIB, machine->info.balloon_bytes / MIB,
                            machine->link != NULL ? "its memory is compressed and swapped instead"
                                                  : "without a pager nothing else takes memory from it");
        else if (now == POLICY_BALLOON_OK && machine->balloon_state == POLICY_BALLOON_UNCOOPERATIVE)
                journal_add(scheduler->journal, "balloon", name, "its balloon is given another try");
}

static void fill(Scheduler *scheduler, int64_t now_us)
{
        unsigned ctl_max_pct = (unsigned)config_get(scheduler->config, POLICY_CTL_MAX_PERCENT);
        unsigned zip_pct = config_get(scheduler->config, POLICY_MEM_ZIP_ENABLE) != 0
                                   ? (unsigned)config_get(scheduler->config, POLICY_MEM_ZIP_MAX_PCT)
                                   : 0;
        GPtrArray *sorted = scheduler->sorted;

        if (scheduler->vms_size < sorted->len) {
                scheduler->vms_size = 2 * (size_t)sorted->len;
                scheduler->vms = g_renew(struct policy_vm, scheduler->vms, scheduler->vms_size);
        }
        scheduler->host.consumed_bytes = 0;
        scheduler->host.overhead_bytes = 0;
        scheduler->host.vms = sorted->len;
        for (unsigned i = 0; i < sorted->len; i++) {
                Machine *machine = sorted->pdata[i];
                struct policy_vm *vm = &scheduler->vms[i];
                enum policy_balloon_state state = policy_balloon_watch_update(
                        &machine->watch, (uint64_t)(now_us / 1000), machine->balloon_asked_bytes,
                        machine->info.balloon_bytes, machine->info.runs, machine->info.has_balloon_device);

                tell_balloon(scheduler, machine, state);
                machine->balloon_state = state;
                machine_fill(machine, now_us, ctl_max_pct, zip_pct, vm);
                vm->pool = pools_index(scheduler->pools, machine->record->pool);
                scheduler->host.consumed_bytes += vm->consumed_bytes;
                scheduler->host.overhead_bytes += vm->overhead_bytes;
        }
        scheduler->host.sharing_bytes = MIN(measure_sharing(scheduler), scheduler->host.consumed_bytes);
        scheduler->host.consumed_bytes -= scheduler->host.sharing_bytes;
}

/* The VM that grew most since the last change of state; NULL: none grew. */
static const Machine *find_grower(const Scheduler *scheduler, uint64_t *ret_bytes)
{
        const Machine *most = NULL;

        *ret_bytes = 0;
        for (unsigned i = 0; i < scheduler->sorted->len; i++) {
                const Machine *machine = scheduler->sorted->pdata[i];
                uint64_t consumed = scheduler->vms[i].consumed_bytes;

                if (consumed > machine->state_consumed_bytes &&
                    consumed - machine->state_consumed_bytes > *ret_bytes) {
                        *ret_bytes = consumed - machine->state_consumed_bytes;
                        most = machine;
                }
        }
        return most;
}

static void change_state(Scheduler *scheduler, enum policy_state next)
{
        SchedulerHost *host = &scheduler->host;
        bool worse = next > host->state;
        uint64_t grown = 0;
        const Machine *grower = find_grower(scheduler, &grown);
        g_autoptr(GString) cause = g_string_new(NULL);

        g_string_printf(cause, "%" PRIu64 " of %" PRIu64 " MB are free, %s the threshold of %" PRIu64 " MB",
                        host->free_bytes / MIB, host->managed_bytes / MIB, worse ? "below" : "well above",
                        host->thresholds.bytes[next] / MIB);
        if (worse && grower != NULL)
                g_string_append_printf(cause, "; %s has taken %" PRIu64 " MB since the last change",
                                       grower->record->name, grown / MIB);

        journal_add(scheduler->journal, "state", NULL, "memory is %s, was %s: %s", policy_state_name(next),
                    policy_state_name(host->state), cause->str);
        host->state = next;
        host->state_since_ms = g_get_real_time() / 1000;
        g_free(scheduler->state_cause);
        scheduler->state_cause = g_string_free(g_steal_pointer(&cause), FALSE);
        host->state_cause = scheduler->state_cause;
        for (unsigned i = 0; i < scheduler->sorted->len; i++)
                ((Machine *)scheduler->sorted->pdata[i])->state_consumed_bytes =
                        scheduler->vms[i].consumed_bytes;
}

static void update_overcommit(Scheduler *scheduler, double seconds)
{
        static const double minutes[] = {1, 5, 15};
        SchedulerHost *host = &scheduler->host;
        double sum = 0, now;

        for (unsigned i = 0; i < scheduler->sorted->len; i++)
                sum += (double)scheduler->vms[i].memory_bytes;
        now = host->managed_bytes > 0 ? MAX(sum / (double)host->managed_bytes - 1, 0) : 0;
        for (unsigned i = 0; i < G_N_ELEMENTS(minutes); i++)
                host->overcommit[i] += (now - host->overcommit[i]) * -expm1(-seconds / (60 * minutes[i]));
}

static void save(Scheduler *scheduler, const Machine *machine)
{
        g_autoptr(GError) error = NULL;

        if (!inventory_vm_save(scheduler->inventory, machine->record, &error))
                journal_add(scheduler->journal, "error", machine->record->name, "%s", error->message);
}

static Machine *machine_of(Scheduler *scheduler, const char *uuid)
{
        return g_hash_table_lookup(scheduler->machines, uuid);
}

static void on_order_done(const char *uuid, VmOrderType type, const char *error, gpointer user_data)
{
        Scheduler *scheduler = user_data;
        Machine *machine = machine_of(scheduler, uuid);

        if (machine == NULL)
                return;
        machine->ordering = false;
        if (error != NULL) {
                journal_add(scheduler->journal, "error", machine->record->name, "%s: %s",
                            type == VM_ORDER_BALLOON   ? "the balloon cannot be set"
                            : type == VM_ORDER_SUSPEND ? "the VM cannot be stopped"
                                                       : "the VM cannot be resumed",
                            error);
                machine->refused_us = g_get_monotonic_time();
                /* Not asked, then: a later round tries again. */
                if (type == VM_ORDER_BALLOON)
                        machine->balloon_asked_bytes = machine->info.balloon_bytes;
                /* Not stopped by us, so not ours to resume. */
                if (type == VM_ORDER_SUSPEND) {
                        machine->record->stopped = false;
                        save(scheduler, machine);
                }
                return;
        }
        if (type == VM_ORDER_RESUME && machine->record->stopped) {
                machine->record->stopped = false;
                save(scheduler, machine);
        }
        hypervisor_list(scheduler->hypervisor);
}

static void order(Scheduler *scheduler, Machine *machine, VmOrderType type, uint64_t value)
{
        machine->ordering = true;
        hypervisor_order(scheduler->hypervisor, machine->record->uuid, type, value, on_order_done);
}

static void stop(Scheduler *scheduler, Machine *machine, int64_t now_us)
{
        const struct policy_vm *plan = &machine->plan;

        /* Written down first: whoever comes after us must know that this VM is to go on. */
        machine->record->stopped = true;
        machine->came_down_us = now_us;
        machine->lowest_bytes = plan->consumed_bytes;
        save(scheduler, machine);
        journal_add(scheduler->journal, "stop", machine->record->name,
                    "stopped until it holds no more than %" PRIu64 " MB (now %" PRIu64
                    "): host memory is low",
                    plan->target_bytes / MIB, plan->consumed_bytes / MIB);
        order(scheduler, machine, VM_ORDER_SUSPEND, 0);
}

/* A pager that cannot evict (its swap file is full, or fails) would keep its VM stopped for ever. */
static bool comes_down(Machine *machine, int64_t now_us)
{
        uint64_t consumed = machine->plan.consumed_bytes;

        if (machine->came_down_us == 0 || consumed + COMES_DOWN_BYTES <= machine->lowest_bytes) {
                machine->came_down_us = now_us;
                machine->lowest_bytes = consumed;
        }
        return now_us - machine->came_down_us < COMES_DOWN_US;
}

static void stop_or_resume(Scheduler *scheduler, Machine *machine, int64_t now_us)
{
        const struct policy_vm *plan = &machine->plan;
        bool stuck = machine->record->stopped && !comes_down(machine, now_us);

        if (plan->new_stopped && !machine->record->stopped) {
                if (machine->let_go_us == 0 || now_us - machine->let_go_us > LET_GO_FOR_US)
                        stop(scheduler, machine, now_us);
        } else if (machine->record->stopped && (stuck || !plan->new_stopped)) {
                if (stuck && plan->new_stopped)
                        machine->let_go_us = now_us;
                journal_add(scheduler->journal, "resume", machine->record->name,
                            "goes on with %" PRIu64 " MB%s", plan->consumed_bytes / MIB,
                            stuck && plan->new_stopped
                                    ? ", above its target: its pager takes nothing more from it; see "
                                      "'aerostat pager show'"
                                    : "");
                order(scheduler, machine, VM_ORDER_RESUME, 0);
        }
}

void scheduler_resume_all(Scheduler *scheduler)
{
        for (unsigned i = 0; i < scheduler->sorted->len; i++) {
                Machine *machine = scheduler->sorted->pdata[i];

                if (!machine->record->stopped || !hypervisor_is_connected(scheduler->hypervisor))
                        continue;
                journal_add(scheduler->journal, "resume", machine->record->name, "goes on: aerostatd ends");
                order(scheduler, machine, VM_ORDER_RESUME, 0);
        }
}

static void set_balloon(Scheduler *scheduler, Machine *machine, int64_t now_us)
{
        uint64_t wanted = machine_balloon_step(machine, now_us, machine->plan.new_balloon_target_bytes);

        if (wanted == machine->balloon_asked_bytes)
                return;
        machine->balloon_asked_bytes = wanted;
        order(scheduler, machine, VM_ORDER_BALLOON, wanted);
}

static void tell_cause(Scheduler *scheduler, Machine *machine, int64_t now_us)
{
        const struct policy_vm *plan = &machine->plan;

        if (plan->cause == NULL ||
            (machine->cause != NULL &&
             now_us - machine->caused_us <
                     (plan->cause == machine->cause ? CAUSE_EVERY_US : CAUSE_OTHER_US)))
                return;
        machine->cause = plan->cause;
        machine->caused_us = now_us;
        journal_add(scheduler->journal, "reclaim", machine->record->name,
                    "%s: target %" PRIu64 " MB, consumed %" PRIu64 ", active %" PRIu64
                    ", balloon to %" PRIu64 " MB",
                    plan->cause, plan->target_bytes / MIB, plan->consumed_bytes / MIB,
                    plan->active_bytes / MIB, plan->new_balloon_target_bytes / MIB);
}

static void set_pager(Scheduler *scheduler, Machine *machine)
{
        const struct policy_vm *plan = &machine->plan;
        uint64_t period_ms = (uint64_t)config_get(scheduler->config, POLICY_SAMPLE_PERIOD) * 1000;
        bool zip = config_get(scheduler->config, POLICY_MEM_ZIP_ENABLE) != 0;

        pager_link_order(machine->link, AEROSTAT_PAGER_SET_LIMIT,
                         plan->new_pager_limit_bytes == POLICY_UNLIMITED ? AEROSTAT_PAGER_UNLIMITED
                                                                         : plan->new_pager_limit_bytes,
                         0);
        pager_link_order(machine->link, AEROSTAT_PAGER_SET_RESERVATION,
                         MIN(plan->reservation_bytes, machine->stats.memory_bytes), 0);
        pager_link_order(machine->link, AEROSTAT_PAGER_SET_SAMPLING, period_ms,
                         (uint64_t)config_get(scheduler->config, POLICY_SAMPLE_PAGES));
        pager_link_order(machine->link, AEROSTAT_PAGER_SET_CACHE_PCT,
                         zip ? (uint64_t)config_get(scheduler->config, POLICY_MEM_ZIP_MAX_PCT) : 0, 0);
}

static void carry_out(Scheduler *scheduler, Machine *machine, int64_t now_us)
{
        if (machine->plan.has_pager)
                set_pager(scheduler, machine);
        if (!machine->ordering && hypervisor_is_connected(scheduler->hypervisor) &&
            (machine->refused_us == 0 || now_us - machine->refused_us > REFUSED_FOR_US)) {
                stop_or_resume(scheduler, machine, now_us);
                if (!machine->ordering)
                        set_balloon(scheduler, machine, now_us);
        }
        tell_cause(scheduler, machine, now_us);
}

static void decide_state(Scheduler *scheduler)
{
        SchedulerHost *host = &scheduler->host;
        enum policy_state next;

        if (policy_thresholds_compute(host->managed_bytes,
                                      (uint32_t)config_get(scheduler->config, POLICY_MIN_FREE_PCT),
                                      &host->thresholds) < 0)
                return;
        next = policy_state_next(host->state, host->free_bytes, &host->thresholds);
        if (next != host->state)
                change_state(scheduler, next);
}

/*
 * A pool that has been shared out up to its limit: targets are what keeps its VMs within it, so they are
 * kept to like limits of their own, in every state.
 */
static void hold_in_pools(Scheduler *scheduler, const struct policy_pool *pools)
{
        for (unsigned i = 0; i < scheduler->sorted->len; i++) {
                struct policy_vm *vm = &scheduler->vms[i];
                uint32_t at = vm->pool;

                while (at != POLICY_ROOT && (pools[at].limit_bytes == POLICY_UNLIMITED ||
                                             pools[at].target_bytes + MIB < pools[at].limit_bytes))
                        at = pools[at].parent;
                if (at != POLICY_ROOT)
                        vm->limit_bytes = MIN(vm->limit_bytes, vm->target_bytes);
        }
}

uint64_t scheduler_capacity(const SchedulerHost *host)
{
        uint64_t managed = host->managed_bytes + host->sharing_bytes;
        uint64_t kept = host->thresholds.bytes[POLICY_HIGH] + host->overhead_bytes;

        return managed - MIN(managed, kept);
}

void scheduler_round(Scheduler *scheduler)
{
        SchedulerHost *host = &scheduler->host;
        int64_t now_us = g_get_monotonic_time();
        double seconds = (double)(now_us - scheduler->last_round_us) / G_USEC_PER_SEC;
        struct policy_pool *pools;
        size_t n_pools;
        int result;

        fill(scheduler, now_us);
        measure_host(scheduler);
        decide_state(scheduler);
        update_overcommit(scheduler, seconds);
        scheduler->last_round_us = now_us;

        pools = pools_array(scheduler->pools, &n_pools);
        policy_judge_active(scheduler->vms, scheduler->sorted->len);
        result = policy_allocate(
                pools, n_pools, scheduler->vms, scheduler->sorted->len, scheduler_capacity(host),
                (uint32_t)config_get(scheduler->config, POLICY_IDLE_TAX), scheduler->scratch, NULL);
        if (result >= 0) {
                hold_in_pools(scheduler, pools);
                /* Limits, like targets, are in the VMs' own figures. */
                result = policy_plan(scheduler->vms, scheduler->sorted->len, host->state,
                                     host->managed_bytes + host->sharing_bytes, host->overhead_bytes,
                                     &host->thresholds, NULL);
        }
        if (result < 0) {
                journal_add(scheduler->journal, "error", NULL,
                            "no targets can be computed, all VMs keep theirs: %s", g_strerror(-result));
                return;
        }
        for (unsigned i = 0; i < scheduler->sorted->len; i++) {
                Machine *machine = scheduler->sorted->pdata[i];

                machine->plan = scheduler->vms[i];
                carry_out(scheduler, machine, now_us);
        }
        if (scheduler->listener.round != NULL)
                scheduler->listener.round(scheduler->listener.user_data);
}
