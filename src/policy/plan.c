/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets become orders: balloon targets, limits of the pager, which VMs stop, and why. */
#include "policy/policy.h"

#include <errno.h>

#include "base/macro.h"

struct host {
        enum policy_state state;
        uint64_t slice_bytes;  /* of the reserve, to grow into */
        uint64_t total_shares; /* of VMs with a pager */
        uint64_t budget_bytes; /* what the limits together may be */
        bool close;            /* no room to leave pagers what they need for themselves */
};

static uint64_t add(uint64_t a, uint64_t b)
{
        uint64_t sum;

        return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static uint64_t above(uint64_t a, uint64_t b)
{
        return a > b ? a - b : 0;
}

/* part <= whole */
static uint64_t proportion(uint64_t bytes, uint64_t part, uint64_t whole)
{
        uint64_t product;

        if (whole == 0)
                return 0;
        if (!__builtin_mul_overflow(bytes, part, &product))
                return product / whole;
        return (uint64_t)((unsigned __int128)bytes * part / whole);
}

static uint64_t own_limit(const struct policy_vm *vm)
{
        return MIN(vm->limit_bytes, vm->memory_bytes);
}

/* No limit of the pager is below it. */
static uint64_t lowest_limit(const struct policy_vm *vm)
{
        return MAX(MIN(vm->reservation_bytes, own_limit(vm)), POLICY_PAGER_LIMIT_MIN);
}

/* Its target as a limit. */
static uint64_t target_limit(const struct policy_vm *vm)
{
        return MAX(MIN(vm->target_bytes, own_limit(vm)), lowest_limit(vm));
}

static bool balloon_works(const struct policy_vm *vm)
{
        return vm->runs &&
               (vm->balloon_state == POLICY_BALLOON_OK || vm->balloon_state == POLICY_BALLOON_INACTIVE);
}

/*
 * What a VM has, and what its pager keeps free below a limit: pagers begin to evict a little below it, so
 * a limit of just what the VM has takes that little away from it.
 */
static uint64_t at_ease(const struct policy_vm *vm, const struct host *host)
{
        return add(vm->consumed_bytes,
                   host->close ? 0 : MIB(2) + MIN(vm->consumed_bytes / 60, (uint64_t)MIB(8)));
}

/*
 * The same for a VM that its balloon empties, whose limit follows it down: it would take that little
 * again every time, all that the balloon was to give. The limit of now stays, as far as that leaves it no
 * more; or it would grow from round to round.
 */
static uint64_t harmless_limit(const struct policy_vm *vm, const struct host *host)
{
        return MAX(vm->consumed_bytes, MIN(vm->pager_limit_bytes, at_ease(vm, host)));
}

/* If there is room for all. */
static uint64_t wanted_limit(const struct policy_vm *vm, const struct host *host)
{
        uint64_t target = target_limit(vm), keeps = target;

        if (host->state >= POLICY_HARD)
                return target;
        /* Nothing is reclaimed, and free memory is there to be used. */
        if (host->state == POLICY_HIGH)
                return own_limit(vm);
        keeps = add(target, proportion(host->slice_bytes, vm->shares, host->total_shares));
        if (balloon_works(vm))
                keeps = MAX(keeps, harmless_limit(vm, host));
        return MAX(MIN(keeps, own_limit(vm)), target);
}

static uint64_t balloon_target(const struct policy_vm *vm, enum policy_state state, bool some_wait,
                               bool some_starve)
{
        uint64_t want = MIN(vm->balloon_max_bytes, above(vm->demand_bytes, vm->target_bytes));
        uint64_t own = MIN(vm->balloon_max_bytes, above(vm->demand_bytes, own_limit(vm)));
        uint64_t now = vm->balloon_target_bytes, difference, most;

        if (vm->balloon_state == POLICY_BALLOON_NONE)
                return 0;
        if (!vm->runs)
                return now;
        if (state == POLICY_HIGH && !some_starve)
                want = MAX(MIN(now, want), own);
        if (vm->balloon_state == POLICY_BALLOON_UNCOOPERATIVE)
                want = MIN(want, vm->balloon_bytes);
        /* Nothing is taken of a reservation, neither by the deadband nor for being unused. */
        most = MIN(vm->balloon_max_bytes,
                   above(vm->demand_bytes, MIN(vm->reservation_bytes, own_limit(vm))));
        /*
         * While somebody waits for memory, what gains none costs time that he waits, too: only what is
         * beyond unused memory helps, and one that waits himself is to have more.
         */
        if (some_wait && want > now &&
            (policy_waits(vm) || add(now, add(vm->unused_bytes, vm->unused_bytes)) >= vm->balloon_max_bytes))
                want = now;
        else if (some_wait && want > now)
                want = MAX(want, MIN(add(want, vm->unused_bytes), most));
        difference = MAX(want, now) - MIN(want, now);
        if (want != 0 && now <= most && state != POLICY_LOW &&
            difference < policy_balloon_deadband(vm->memory_bytes))
                return now;
        return want;
}

/* A limit as it is, when it is so near the new one that a change is not worth it. */
static bool near(const struct policy_vm *vm, const struct host *host)
{
        uint64_t now = vm->pager_limit_bytes, next = vm->new_pager_limit_bytes;

        if (now == POLICY_UNLIMITED || host->state == POLICY_LOW || now < lowest_limit(vm) ||
            now > MAX(own_limit(vm), POLICY_PAGER_LIMIT_MIN))
                return false;
        return MAX(now, next) - MIN(now, next) < policy_limit_deadband(vm->memory_bytes);
}

/* Only the administrator's limits. */
static void lift_limits(struct policy_vm *vms, size_t n_vms)
{
        for (size_t i = 0; i < n_vms; i++) {
                struct policy_vm *vm = &vms[i];

                if (vm->has_pager && own_limit(vm) < vm->memory_bytes)
                        vm->new_pager_limit_bytes = MAX(own_limit(vm), POLICY_PAGER_LIMIT_MIN);
        }
}

/* Of its wanted limit what it has already: leaving it that reclaims nothing. */
static uint64_t held_limit(const struct policy_vm *vm, const struct host *host)
{
        return MAX(MIN(at_ease(vm, host), vm->new_pager_limit_bytes), lowest_limit(vm));
}

/* See policy_plan(). */
static bool starves(const struct policy_vm *vm)
{
        return policy_waits(vm) && vm->consumed_bytes < target_limit(vm);
}

/* What is missing to the target of one that starves. */
static uint64_t lack(const struct policy_vm *vm, const struct host *host)
{
        return starves(vm) ? above(target_limit(vm), held_limit(vm, host)) : 0;
}

/* What one has above its target, and can lose now: a balloon that has yet to give it comes first. */
static uint64_t spare(const struct policy_vm *vm, const struct host *host)
{
        if (starves(vm) || (vm->balloon_state == POLICY_BALLOON_OK && vm->runs &&
                            vm->new_balloon_target_bytes >
                                    add(vm->balloon_bytes, policy_balloon_deadband(vm->memory_bytes))))
                return 0;
        return above(held_limit(vm, host), target_limit(vm));
}

/* Of all VMs with a pager together. */
struct sums {
        uint64_t wanted, held, targets, lowest;
        uint64_t eased; /* as held, whatever the limits are now: what is decided by it must last */
        uint64_t lack, spare;
};

static struct sums want_limits(struct policy_vm *vms, size_t n_vms, const struct host *host)
{
        struct sums sums = {0};

        for (size_t i = 0; i < n_vms; i++)
                if (vms[i].has_pager) {
                        vms[i].new_pager_limit_bytes = wanted_limit(&vms[i], host);
                        sums.wanted = add(sums.wanted, vms[i].new_pager_limit_bytes);
                        sums.held = add(sums.held, held_limit(&vms[i], host));
                        sums.eased = add(sums.eased, balloon_works(&vms[i]) ? MAX(at_ease(&vms[i], host),
                                                                                  lowest_limit(&vms[i]))
                                                                            : held_limit(&vms[i], host));
                        sums.lack = add(sums.lack, lack(&vms[i], host));
                        sums.spare = add(sums.spare, spare(&vms[i], host));
                        sums.targets = add(sums.targets, target_limit(&vms[i]));
                        sums.lowest = add(sums.lowest, lowest_limit(&vms[i]));
                }
        return sums;
}

/*
 * Where all can keep what they hold. Who starves gets what is free first, and if that is too little, others
 * come down to their targets, by no more than is missing. What they are yet to lose is given to nobody: a
 * later round finds it free.
 */
static uint64_t gentle_limit(const struct policy_vm *vm, const struct host *host, const struct sums *sums)
{
        uint64_t wanted = vm->new_pager_limit_bytes, holds = held_limit(vm, host);
        uint64_t room = host->budget_bytes - sums->held, given = MIN(room, sums->lack);
        uint64_t taken = MIN(sums->lack - given, sums->spare);

        holds += proportion(given, lack(vm, host), sums->lack);
        holds -= proportion(taken, spare(vm, host), sums->spare);
        return holds + proportion(above(wanted, holds), room - given, sums->wanted - sums->held - given);
}

/*
 * Returns what the limits are together. Before the state is hard, who grows gets what is free, and
 * nobody loses by it what his balloon can still give: the state worsens first, and asks the balloons.
 */
static uint64_t set_limits(struct policy_vm *vms, size_t n_vms, struct host *host)
{
        struct sums sums = want_limits(vms, n_vms, host);
        uint64_t sum = 0, budget = host->budget_bytes;
        bool gently;

        if (sums.eased > budget) {
                host->close = true;
                sums = want_limits(vms, n_vms, host);
        }
        gently = host->state < POLICY_HARD && sums.held <= budget;
        for (size_t i = 0; i < n_vms; i++) {
                struct policy_vm *vm = &vms[i];
                uint64_t target, least, limit;

                if (!vm->has_pager)
                        continue;
                target = target_limit(vm);
                least = lowest_limit(vm);
                limit = vm->new_pager_limit_bytes;
                if (sums.wanted > budget) {
                        if (gently)
                                limit = gentle_limit(vm, host, &sums);
                        else if (sums.targets <= budget)
                                limit = target + proportion(limit - target, budget - sums.targets,
                                                            sums.wanted - sums.targets);
                        else if (sums.lowest <= budget)
                                limit = least + proportion(target - least, budget - sums.lowest,
                                                           sums.targets - sums.lowest);
                        else
                                limit = least;
                }
                vm->new_pager_limit_bytes = MAX(limit / POLICY_PAGE * POLICY_PAGE, least);
                /* Staying below what it could be is always possible. */
                if (near(vm, host) && vm->pager_limit_bytes < vm->new_pager_limit_bytes)
                        vm->new_pager_limit_bytes = vm->pager_limit_bytes;
                sum = add(sum, vm->new_pager_limit_bytes);
        }
        for (size_t i = 0; i < n_vms; i++) {
                struct policy_vm *vm = &vms[i];

                if (vm->has_pager && near(vm, host) && vm->pager_limit_bytes > vm->new_pager_limit_bytes &&
                    vm->pager_limit_bytes - vm->new_pager_limit_bytes <= above(budget, sum)) {
                        sum += vm->pager_limit_bytes - vm->new_pager_limit_bytes;
                        vm->new_pager_limit_bytes = vm->pager_limit_bytes;
                }
        }
        return sum;
}

/* A margin, so that a guest at its target does not stop and go. */
static bool stops(const struct policy_vm *vm, const struct host *host)
{
        uint64_t margin = policy_limit_deadband(vm->memory_bytes);

        if (host->state != POLICY_LOW || !vm->has_pager || !(vm->runs || vm->stopped))
                return false;
        return vm->consumed_bytes > add(target_limit(vm), vm->stopped ? margin / 4 : margin);
}

/*
 * What cannot be held within the limit. Stored compressed, two bytes of the guest take one, and that
 * one counts within the limit.
 */
static void expect_out(struct policy_vm *vm)
{
        uint64_t held = above(vm->demand_bytes, vm->new_balloon_target_bytes);
        uint64_t out = vm->has_pager ? above(held, vm->new_pager_limit_bytes) : 0;
        uint64_t stored = MIN(out, vm->cache_max_bytes);

        vm->zip_target_bytes = MIN(2 * stored, held);
        vm->swap_target_bytes = out - stored;
}

static const char *cause(const struct policy_vm *vm, enum policy_state state)
{
        bool limited = vm->new_pager_limit_bytes < vm->consumed_bytes;
        bool ballooned = vm->new_balloon_target_bytes > vm->balloon_bytes;
        bool idle = vm->active_bytes < vm->target_bytes;

        if (vm->new_stopped)
                return "host memory is low: stopped until it is at its target";
        if (!limited && !ballooned)
                return NULL;
        if (above(vm->demand_bytes, own_limit(vm)) > 0 && vm->target_bytes >= own_limit(vm))
                return "above its own limit";
        switch (state) {
        case POLICY_HIGH:
                return limited ? "above its target: others are entitled to the memory" : NULL;
        case POLICY_SOFT:
                if (limited && !balloon_works(vm))
                        return "host memory is soft and its balloon does not work: compressed and swapped "
                               "down to its target";
                return idle ? "host memory is soft: idle memory ballooned, down to its target"
                            : "host memory is soft: ballooned to its target";
        case POLICY_HARD:
                return idle ? "host memory is hard: idle memory compressed and swapped, down to its target"
                            : "host memory is hard: compressed and swapped down to its target";
        default:
                return "host memory is low: compressed and swapped down to its target";
        }
}

int policy_plan(struct policy_vm *vms, size_t n_vms, enum policy_state state, uint64_t managed_bytes,
                uint64_t overhead_bytes, const struct policy_thresholds *thresholds,
                uint64_t *ret_excess_bytes)
{
        struct host host = {.state = state};
        uint64_t all = overhead_bytes, others = overhead_bytes, usable, excess = 0;
        bool some_wait = false, some_starve = false;

        if ((unsigned)state >= POLICY_STATES || n_vms > POLICY_MAX || (n_vms && !vms) || !thresholds)
                return -EINVAL;
        for (size_t i = 0; i < n_vms; i++) {
                some_wait = some_wait || policy_waits(&vms[i]);
                some_starve = some_starve || starves(&vms[i]);
        }
        for (size_t i = 0; i < n_vms; i++) {
                struct policy_vm *vm = &vms[i];

                /* Without a pager nothing keeps it within its own limit. */
                all = add(all, vm->has_pager ? own_limit(vm) : MAX(own_limit(vm), vm->consumed_bytes));
                if (vm->has_pager)
                        host.total_shares += vm->shares;
                else
                        others = add(others, vm->consumed_bytes);
                vm->new_pager_limit_bytes = POLICY_UNLIMITED;
                vm->new_balloon_target_bytes = balloon_target(vm, state, some_wait, some_starve);
        }
        usable = above(managed_bytes, thresholds->bytes[POLICY_LOW]);
        /* When all have taken their slices, the state is still not worse than soft. */
        host.slice_bytes = above(thresholds->bytes[POLICY_HIGH], thresholds->bytes[POLICY_SOFT]);
        host.budget_bytes = above(usable, others);
        /* Where all have room at full size, and yet something is reclaimed, it takes limits to do it. */
        if (all > usable || state != POLICY_HIGH)
                excess = above(add(set_limits(vms, n_vms, &host), others), usable);
        else
                lift_limits(vms, n_vms);
        for (size_t i = 0; i < n_vms; i++) {
                vms[i].new_stopped = stops(&vms[i], &host);
                expect_out(&vms[i]);
                vms[i].cause = cause(&vms[i], state);
        }
        if (ret_excess_bytes)
                *ret_excess_bytes = excess;
        return 0;
}
