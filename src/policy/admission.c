/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Admission: can one more reservation be promised, and if not, how much is missing in which pool? */
#include "policy/policy.h"

#include <errno.h>
#include <stdlib.h>

#include "base/macro.h"

static uint64_t add(uint64_t a, uint64_t b)
{
        uint64_t sum;

        return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static uint64_t above(uint64_t a, uint64_t b)
{
        return a > b ? a - b : 0;
}

int policy_reservations(const struct policy_pool *pools, size_t n_pools, const struct policy_vm *vms,
                        size_t n_vms, uint64_t *ret_used_bytes)
{
        if (!pools || n_pools == 0 || n_pools > POLICY_MAX || n_vms > POLICY_MAX || (n_vms && !vms))
                return -EINVAL;
        for (size_t i = 0; i < n_pools; i++)
                if (i == 0 ? pools[i].parent != 0 : pools[i].parent >= i)
                        return -EINVAL;
        for (size_t i = 0; i < n_vms; i++)
                if (vms[i].pool >= n_pools)
                        return -EINVAL;
        for (size_t i = 0; i < n_pools; i++)
                ret_used_bytes[i] = 0;
        for (size_t i = 0; i < n_vms; i++) {
                uint64_t reserved =
                        MIN(vms[i].reservation_bytes, MIN(vms[i].limit_bytes, vms[i].memory_bytes));

                ret_used_bytes[vms[i].pool] = add(ret_used_bytes[vms[i].pool], reserved);
        }
        for (size_t i = n_pools; i-- > 1;) {
                uint64_t *up = &ret_used_bytes[pools[i].parent];

                *up = add(*up, MAX(pools[i].reservation_bytes, ret_used_bytes[i]));
        }
        return 0;
}

static int missing(uint64_t bytes, uint32_t pool, uint64_t *ret_short_bytes, uint32_t *ret_pool)
{
        if (ret_short_bytes)
                *ret_short_bytes = bytes;
        if (ret_pool)
                *ret_pool = pool;
        return -ENOSPC;
}

/* From the pool up, as far as the promise has to go; used: see policy_reservations(). */
static int admit(const struct policy_pool *pools, const uint64_t *used, uint64_t root_bytes, uint32_t pool,
                 uint64_t reservation_bytes, uint64_t overhead_bytes, uint64_t *ret_short_bytes,
                 uint32_t *ret_pool)
{
        uint64_t more = reservation_bytes, all;

        for (; pool != POLICY_ROOT; pool = pools[pool].parent) {
                uint64_t within = above(pools[pool].reservation_bytes, used[pool]);
                uint64_t over = above(add(used[pool], more), pools[pool].limit_bytes);

                if (more == 0)
                        break;
                if (over)
                        return missing(over, pool, ret_short_bytes, ret_pool);
                if (more > within && !pools[pool].expandable)
                        return missing(more - within, pool, ret_short_bytes, ret_pool);
                more = above(more, within);
        }
        if (pool != POLICY_ROOT)
                more = 0;
        if (more == 0 && overhead_bytes == 0)
                return 0;
        all = add(add(used[POLICY_ROOT], more), overhead_bytes);
        if (all > root_bytes)
                return missing(all - root_bytes, POLICY_ROOT, ret_short_bytes, ret_pool);
        return 0;
}

/* What the root can promise. */
static uint64_t promises_of_root(const struct policy_vm *vms, size_t n_vms, uint64_t managed_bytes,
                                 uint64_t reserve_bytes)
{
        uint64_t taken = reserve_bytes;

        for (size_t i = 0; i < n_vms; i++)
                taken = add(taken, vms[i].overhead_bytes);
        return above(managed_bytes, taken);
}

int policy_unreserved(const struct policy_pool *pools, size_t n_pools, const struct policy_vm *vms,
                      size_t n_vms, uint64_t managed_bytes, uint64_t reserve_bytes, uint64_t *ret_free_bytes)
{
        int r = policy_reservations(pools, n_pools, vms, n_vms, ret_free_bytes);

        if (r < 0)
                return r;
        ret_free_bytes[POLICY_ROOT] = above(promises_of_root(vms, n_vms, managed_bytes, reserve_bytes),
                                            ret_free_bytes[POLICY_ROOT]);
        for (size_t i = 1; i < n_pools; i++)
                ret_free_bytes[i] = above(pools[i].reservation_bytes, ret_free_bytes[i]);
        return 0;
}

int policy_admit(const struct policy_pool *pools, size_t n_pools, const struct policy_vm *vms, size_t n_vms,
                 uint64_t managed_bytes, uint64_t reserve_bytes, uint32_t pool, uint64_t reservation_bytes,
                 uint64_t overhead_bytes, uint64_t *ret_short_bytes, uint32_t *ret_pool)
{
        uint64_t *used;
        int r;

        if (pool >= n_pools || n_pools > POLICY_MAX)
                return -EINVAL;
        used = calloc(n_pools, sizeof(*used));
        if (!used)
                return -ENOMEM;
        r = policy_reservations(pools, n_pools, vms, n_vms, used);
        if (r == 0)
                r = admit(pools, used, promises_of_root(vms, n_vms, managed_bytes, reserve_bytes), pool,
                          reservation_bytes, overhead_bytes, ret_short_bytes, ret_pool);
        free(used);
        return r;
}

int policy_admit_pool(const struct policy_pool *pools, size_t n_pools, const struct policy_vm *vms,
                      size_t n_vms, uint64_t managed_bytes, uint64_t reserve_bytes, uint32_t pool,
                      uint64_t reservation_bytes, uint64_t limit_bytes, bool expandable,
                      uint64_t *ret_short_bytes, uint32_t *ret_pool)
{
        uint64_t *used, before, after;
        int r;

        if (pool == POLICY_ROOT || pool >= n_pools || n_pools > POLICY_MAX)
                return -EINVAL;
        used = calloc(n_pools, sizeof(*used));
        if (!used)
                return -ENOMEM;
        r = policy_reservations(pools, n_pools, vms, n_vms, used);
        if (r < 0)
                goto out;
        before = MAX(pools[pool].reservation_bytes, used[pool]);
        after = MAX(reservation_bytes, used[pool]);
        if (after > limit_bytes)
                r = missing(after - limit_bytes, pool, ret_short_bytes, ret_pool);
        else if (!expandable && used[pool] > reservation_bytes)
                r = missing(used[pool] - reservation_bytes, pool, ret_short_bytes, ret_pool);
        else
                r = admit(pools, used, promises_of_root(vms, n_vms, managed_bytes, reserve_bytes),
                          pools[pool].parent, above(after, before), 0, ret_short_bytes, ret_pool);
out:
        free(used);
        return r;
}
