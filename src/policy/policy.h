/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The memory policy: figures in, targets out. No I/O, no clock, no threads of its own, no allocation
 * that outlives a call; the daemon, the tests and the benchmarks run the same code.
 *
 * Bounds: POLICY_MAX VMs and pools each. Memory figures are bytes; what is handed out is whole pages of
 * 4096 bytes (limits and sizes are rounded down, reservations up, and 32 PiB is as good as unlimited).
 * Nothing here locks: one thread at a time works on one set of arrays.
 *
 * Sources: C. A. Waldspurger, "Memory Resource Management in VMware ESX Server", OSDI 2002, sections
 * 3.2 (balloon), 5.1-5.3 (shares, idle tax, sampling), 6.1-6.3 (admission, states, reallocation).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POLICY_UNLIMITED UINT64_MAX
#define POLICY_ROOT      0 /* pools[0] is the root: the host */
#define POLICY_MAX       1000000u
#define POLICY_PAGE      4096u

/* The page engine refuses a lower limit. */
#define POLICY_PAGER_LIMIT_MIN ((uint64_t)4 << 20)

/* One resource pool. A parent stands before its children in the array. */
struct policy_pool {
        uint32_t parent; /* index; of the root: itself */
        uint32_t shares; /* against its siblings, VMs and pools alike; at least 1 */
        uint64_t reservation_bytes;
        uint64_t limit_bytes; /* POLICY_UNLIMITED, or the most that all below it get */
        bool expandable;      /* reservations below that do not fit go on to the parent */

        /* out, of policy_allocate() */
        uint64_t active_bytes; /* sum of what is below it */
        uint64_t claim_bytes;
        uint64_t target_bytes; /* sum of its VMs' targets */
};

enum policy_balloon_state {
        POLICY_BALLOON_NONE = 0, /* no driver in the guest, or no device */
        POLICY_BALLOON_OK,
        POLICY_BALLOON_INACTIVE,      /* no progress for some seconds */
        POLICY_BALLOON_UNCOOPERATIVE, /* for longer; other means take over, it is asked again later */
};

struct policy_vm {
        /* in: what the administrator set */
        uint32_t pool; /* index */
        uint32_t shares;
        uint64_t reservation_bytes;
        uint64_t limit_bytes;  /* POLICY_UNLIMITED: the configured size */
        uint64_t memory_bytes; /* configured size */

        /* in: what was measured */
        uint64_t consumed_bytes;
        uint64_t overhead_bytes;
        uint64_t active_bytes;   /* smoothed by the pager's estimators; at most memory_bytes counts */
        uint64_t recent_bytes;   /* the same without the slowest of them */
        uint64_t demand_bytes;   /* what it would hold if nothing were taken from it: touched and not given
                                  * back of its own accord, the balloon's pages included, and room to grow */
        uint64_t returned_bytes; /* that its pager brought back within a second */
        uint64_t balloon_bytes;  /* of now */
        uint64_t balloon_max_bytes; /* by Mem.CtlMaxPercent, sched.mem.maxmemctl, and what the guest needs */
        uint64_t unused_bytes; /* not in the balloon and not backed by the host: what the guest gives its
                                * balloon first, and nobody gains by */
        enum policy_balloon_state balloon_state;
        bool has_pager;                /* its limit can be enforced by the page engine */
        bool runs;                     /* not paused by somebody else; a paused guest does not balloon */
        uint64_t cache_max_bytes;      /* bound of its compression cache; 0: Mem.MemZipEnable is 0 */
        uint64_t pager_limit_bytes;    /* as set now, POLICY_UNLIMITED: none */
        uint64_t balloon_target_bytes; /* as asked now (deadband) */
        bool stopped;                  /* by the low state */

        /* out, of policy_judge_active(), and in for policy_allocate() */
        uint64_t asks_bytes; /* the most that it claims for now; 0: its demand */

        /* out, of policy_allocate() */
        uint64_t claim_bytes;  /* its part of the capacity, never above limit, size or demand */
        uint64_t target_bytes; /* SZTGT: claim, never below the reservation (within limit and size), and
                                * its part of what nobody claims, up to limit and size */
        /* out, of policy_plan() */
        uint64_t new_balloon_target_bytes;
        uint64_t new_pager_limit_bytes;
        uint64_t swap_target_bytes; /* SWTGT: expected in the swap file once the plan is carried out */
        uint64_t zip_target_bytes;  /* expected in the compression cache, guest bytes */
        bool new_stopped;
        const char *cause; /* static text: why it loses memory now; NULL: it does not */
};

enum policy_state {
        POLICY_HIGH = 0, /* no reclaim */
        POLICY_SOFT,     /* balloon */
        POLICY_HARD,     /* and compress and swap */
        POLICY_LOW,      /* and VMs above their target stop */
        POLICY_STATES
};

struct policy_thresholds {
        uint64_t bytes[POLICY_STATES]; /* of free memory; [POLICY_HIGH] is what reclaiming aims at */
};

/* ---- active.c: whose memory is in use ---- */

/* Of memory brought back in a second; from here on a guest has too little for what it does. */
#define POLICY_WAITS_BYTES ((uint64_t)1 << 20)

/* Whether it waits for its pages, and not because of a limit of its own. */
bool policy_waits(const struct policy_vm *vm);

/*
 * To be called before policy_allocate(). The largest of several estimates keeps memory for a VM that rests
 * for a moment (OSDI 2002, 5.3), and while one VM waits for its pages, that is too long. Then the slowest
 * estimate of the others does not count, and of the one that waits all that it holds and is about to bring
 * back does: how much it touches in a period says only how slow it is. It claims no more than that, either:
 * where it stops, what is left stays with the others. Who loses too much by it is the next to wait, so a
 * mistake ends by itself.
 *
 * Changes active_bytes, and asks_bytes of those that wait.
 */
void policy_judge_active(struct policy_vm *vms, size_t n_vms);

/* ---- allocation.c: who gets how much ---- */

/* Working memory of policy_allocate(), so that a round allocates nothing once it has grown. */
struct policy_scratch;
struct policy_scratch *policy_scratch_new(void); /* NULL: no memory */
void policy_scratch_free(struct policy_scratch *scratch);
static inline void policy_scratch_freep(struct policy_scratch **scratch)
{
        policy_scratch_free(*scratch);
}

/*
 * Shares capacity_bytes out: managed memory less thresholds.bytes[POLICY_HIGH] and all overheads; the
 * caller computes it. Sets claim_bytes and target_bytes of VMs and pools and active_bytes of pools.
 *
 * OSDI 2002, 5.2, takes memory from the lowest rho = S / (P (f + k (1 - f))) first, where S are the
 * shares, P the pages held, f the active fraction, k = 1 / (1 - tax). Taking until it is enough is the
 * same as filling up to a level: with the adjusted cost c(P) = P for P <= A (active) and A + k (P - A)
 * above it, all siblings get the P at which c(P) = S * lambda, within their minimum and maximum, and
 * lambda is such that together they get what their parent has (or all have their maximum).
 *
 *   VM:   max = min(limit, size, demand, asks), min = min(reservation, max)
 *   pool: active = sum of its children's min(active, max), max = min(limit, sum of children's max),
 *         min = min(max(reservation, sum of children's min), max)
 *
 * A VM never gets less than its reservation, as far as it has a use for it: the minima of the children
 * win over a pool's limit and over a reservation of a pool that is too small for them (admission sees
 * to it that neither comes up). The root's reservation means nothing.
 *
 * A second filling shares what nobody claimed in the same hierarchy, untaxed, on top of the claims and
 * up to min(limit, size): the targets. Then each target is raised to the reservation (within limit and
 * size), so the sum of targets, unlike that of claims, may exceed the capacity by reservations that
 * are not used.
 *
 * tax_pct: Mem.IdleTax, 0 to 99. Returns 0; 1 when the minima alone exceed the capacity: all get their
 * minimum, *ret_deficit_bytes (may be NULL; else 0) says by how much; -EINVAL for malformed input;
 * -ENOMEM. Nothing is changed on failure. O(n log n) or better.
 */
int policy_allocate(struct policy_pool *pools, size_t n_pools, struct policy_vm *vms, size_t n_vms,
                    uint64_t capacity_bytes, uint32_t tax_pct, struct policy_scratch *scratch,
                    uint64_t *ret_deficit_bytes);

/* ---- order.c: pools that were moved ---- */

/*
 * Puts each pool behind its parent, when some have other parents than they had, and tells the VMs where
 * their pools are now. The root stays the first. ret_places (n_pools): where each pool is that was at this
 * index. Returns 0; -ELOOP: a pool would be within itself; -EINVAL, -ENOMEM. Nothing is changed on failure.
 */
int policy_order_pools(struct policy_pool *pools, size_t n_pools, struct policy_vm *vms, size_t n_vms,
                       uint32_t *ret_places);

/* ---- state.c: the states of the host ---- */

#define POLICY_MIN_FREE_PCT_MAX 20u

/*
 * min_free_pct is Mem.MinFreePct: that share of managed memory, and 2/3, 1/3, 1/6 of it (6, 4, 2, 1 %,
 * OSDI 2002, 6.3). 0: the sliding scale of ESX 5: 6 % of the first 4 GiB, 4 % to 12, 2 % to 28, each cut
 * to whole MiB, and 10 MiB for each further GiB (published: 899 MB for 28 GB, 1,619 MB for 100 GB), and
 * 64, 32, 16 % of it. -EINVAL above POLICY_MIN_FREE_PCT_MAX.
 */
int policy_thresholds_compute(uint64_t managed_bytes, uint32_t min_free_pct, struct policy_thresholds *ret);

/*
 * Worse, by as many states as need be, as soon as free memory is below the worse state's threshold.
 * Better by one state a call, when free memory is above the better state's threshold by 1/16 of the
 * high one.
 */
enum policy_state policy_state_next(enum policy_state now, uint64_t free_bytes,
                                    const struct policy_thresholds *thresholds);
const char *policy_state_name(enum policy_state state); /* "high" ... "low" */

/* ---- plan.c: targets become orders ---- */

/* Changes of less are not sent; see policy_plan(). */
static inline uint64_t policy_balloon_deadband(uint64_t memory_bytes)
{
        uint64_t part = memory_bytes / 100;
        return part > (4u << 20) ? part : 4u << 20;
}
static inline uint64_t policy_limit_deadband(uint64_t memory_bytes)
{
        uint64_t part = memory_bytes / 200;
        return part > (1u << 20) ? part : 1u << 20;
}

/*
 * From the targets of policy_allocate(), sets what each VM is to be told: new_balloon_target_bytes,
 * new_pager_limit_bytes, new_stopped, and what follows from it: swap_target_bytes, zip_target_bytes,
 * cause. overhead_bytes: all VMs' overheads and whatever else is taken from managed memory.
 *
 * Balloon. Wanted is demand - target, at most balloon_max. In high it is only let go of, never asked
 * for more unless somebody starves; in every state a guest that has a use for more than its own limit
 * balloons the difference. A paused guest is asked for what it is asked for now; an uncooperative one for no
 * more than it has given, until the watch (balloon.c) lets it try again; one without a driver for nothing.
 *
 * Pager limits. They hold when the daemon is dead, so they alone must keep guests from outrunning it:
 * when all VMs together could exceed managed - thresholds[LOW], then
 *     sum of pager limits + consumed by VMs without a pager + overheads <= managed - thresholds[LOW].
 * A limit is never below min(reservation, limit, size) nor POLICY_PAGER_LIMIT_MIN; if these alone
 * exceed the bound, all are set to them and *ret_excess_bytes (may be NULL; else 0) says by how much.
 * A host that cannot be exceeded, in high, pays nothing: no limits but the administrator's.
 *   hard, low: the target. high and soft: the target and, by shares, a slice of the reserve between high
 * and soft to grow into; or what it has, with what its pager keeps free below a limit, when that
 * is more, in soft only while its balloon works on it.
 * Who waits for his pages and is kept below his target by his limit starves.
 * Limits hide that from the state, for nobody can take the memory that is still free. So what is free is his
 * first, and as far as that is too little, others come down to their targets: by their balloons where these
 * still have to give, else by their limits. What they lose is his as soon as it is free. What exceeds the
 * bound is taken from what is above the targets, in proportion, then from what is above the floors. (Were
 * the slices of all that is between high and low, guests that are kept down by their limits would fill them
 * in soft and send the host back to hard, round after round.)
 *
 * Low: a running VM well above its target stops until it is there or the state is better. Only what
 * the pager can bring down is stopped: a balloon gives nothing back while its guest is stopped, and a
 * VM that cannot come down would be stopped for ever. has_pager has to be false when the engine cannot
 * evict (swap file full or failing).
 *
 * Deadbands: balloon targets closer than policy_balloon_deadband() to the current one are not changed,
 * except to 0 or in low; limits likewise by policy_limit_deadband(), but a limit is lowered always when
 * the sum needs it.
 *
 * Cause is a static text, or NULL when the VM loses nothing. Returns 0 or -EINVAL.
 */
int policy_plan(struct policy_vm *vms, size_t n_vms, enum policy_state state, uint64_t managed_bytes,
                uint64_t overhead_bytes, const struct policy_thresholds *thresholds,
                uint64_t *ret_excess_bytes);

/* ---- admission.c: what can be promised ---- */

/*
 * How much of each pool's reservation is promised to what is in it (powered on): reservations of its
 * VMs, within limit and size, and for each pool in it the larger of its reservation and of what is
 * promised there. ret_used_bytes: n_pools figures. Returns 0 or -EINVAL.
 */
int policy_reservations(const struct policy_pool *pools, size_t n_pools, const struct policy_vm *vms,
                        size_t n_vms, uint64_t *ret_used_bytes);

/*
 * What could still be promised in each pool without asking its parent: of its own reservation, and at the
 * root of the host's memory, as policy_admit() has it. ret_free_bytes: n_pools figures. Returns 0 or
 * -EINVAL.
 */
int policy_unreserved(const struct policy_pool *pools, size_t n_pools, const struct policy_vm *vms,
                      size_t n_vms, uint64_t managed_bytes, uint64_t reserve_bytes,
                      uint64_t *ret_free_bytes);

/*
 * Can reservation_bytes more be promised in this pool (a VM to be powered on, a reservation to be
 * raised by so much, a pool to be made in it), and overhead_bytes on the host? OSDI 2002, 6.1.
 * A pool that is not expandable has to find it within its own reservation; an expandable one asks its
 * parent for what it lacks. No pool promises more than its limit. Overheads are the host's affair: the
 * root holds managed - reserve - all overheads.
 *
 * reserve_bytes should be thresholds.bytes[POLICY_HIGH]: ESX keeps its minimum of free memory out of
 * what it promises, and policy_allocate() shares out no more than that, so with less of a reserve a
 * host on which everybody claims his reservation would never leave the states of reclaim.
 *
 * Returns 0; -ENOSPC: *ret_pool says where *ret_short_bytes are missing (both may be NULL, and are set
 * in this case only); -EINVAL, -ENOMEM.
 */
int policy_admit(const struct policy_pool *pools, size_t n_pools, const struct policy_vm *vms, size_t n_vms,
                 uint64_t managed_bytes, uint64_t reserve_bytes, uint32_t pool, uint64_t reservation_bytes,
                 uint64_t overhead_bytes, uint64_t *ret_short_bytes, uint32_t *ret_pool);

/* The same for a pool (not the root) that is to have another reservation, limit, or be (not) expandable. */
int policy_admit_pool(const struct policy_pool *pools, size_t n_pools, const struct policy_vm *vms,
                      size_t n_vms, uint64_t managed_bytes, uint64_t reserve_bytes, uint32_t pool,
                      uint64_t reservation_bytes, uint64_t limit_bytes, bool expandable,
                      uint64_t *ret_short_bytes, uint32_t *ret_pool);

/* ---- balloon.c: is a balloon working? ---- */

#define POLICY_BALLOON_INACTIVE_MS      5000u
#define POLICY_BALLOON_UNCOOPERATIVE_MS 20000u
#define POLICY_BALLOON_RETRY_MS         60000u
#define POLICY_BALLOON_RETRY_MAX_MS     600000u
/* More between two updates counts as this much: no judgement comes from one jump of the clock. */
#define POLICY_BALLOON_STEP_MAX_MS 4000u

/*
 *          5 s without progress         20 s
 *      OK ---------------------> INACTIVE --> UNCOOPERATIVE
 *       ^ <-- progress ------------ '              |
 *       '------ progress; or for one more try, ----'
 *               after 60 s, 120 s ... 600 s
 *
 * Progress is 1 MiB, or 5 % of what is missing, towards what was asked. Zeroed is a new one.
 */
struct policy_balloon_watch {
        enum policy_balloon_state state;
        bool started;
        bool inflating; /* what was asked for last is above what there was */
        uint64_t updated_ms;
        uint64_t best_bytes;   /* the balloon when it last made progress */
        uint64_t actual_bytes; /* at the last update */
        uint64_t still_ms;     /* without progress */
        uint64_t retry_ms;     /* between tries */
        uint64_t waited_ms;    /* for the next */
};

/*
 * To be called every second or two while something is asked, else at leisure. now_ms: any clock that
 * does not stand still; jumps do no harm. runs: false stops the watch's clock. A balloon that falls
 * from something to nothing is a guest that starts anew, and is given its full time again.
 * Returns the state, which is also in the watch.
 */
enum policy_balloon_state policy_balloon_watch_update(struct policy_balloon_watch *watch, uint64_t now_ms,
                                                      uint64_t asked_bytes, uint64_t actual_bytes, bool runs,
                                                      bool has_driver);
