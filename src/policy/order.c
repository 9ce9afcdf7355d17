/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pools that were moved within their array, in an order again that the rest of the policy takes. */
#include <errno.h>
#include <stdlib.h>

#include "policy/policy.h"

static bool is_well_formed(const struct policy_pool *pools, size_t n_pools, const struct policy_vm *vms,
                           size_t n_vms)
{
        if (n_pools == 0 || n_pools > POLICY_MAX || n_vms > POLICY_MAX || pools[0].parent != POLICY_ROOT)
                return false;
        for (size_t i = 0; i < n_pools; i++)
                if (pools[i].parent >= n_pools)
                        return false;
        for (size_t i = 0; i < n_vms; i++)
                if (vms[i].pool >= n_pools)
                        return false;
        return true;
}

/* The pools level by level, from the root on; returns how many there are below it, itself included. */
static size_t walk(const struct policy_pool *pools, size_t n_pools, uint32_t *order, uint32_t *next,
                   uint32_t *first)
{
        size_t n = 1;

        /* The children of each in a chain, 0 for its end: the root is nobody's child. */
        for (size_t i = n_pools; i-- > 1;) {
                next[i] = first[pools[i].parent];
                first[pools[i].parent] = (uint32_t)i;
        }
        order[0] = POLICY_ROOT;
        for (size_t i = 0; i < n; i++)
                for (uint32_t child = first[order[i]]; child != 0; child = next[child])
                        order[n++] = child;
        return n;
}

static void apply(struct policy_pool *pools, size_t n_pools, struct policy_vm *vms, size_t n_vms,
                  const uint32_t *order, struct policy_pool *before, uint32_t *places)
{
        for (size_t i = 0; i < n_pools; i++) {
                before[i] = pools[i];
                places[order[i]] = (uint32_t)i;
        }
        for (size_t i = 0; i < n_pools; i++) {
                pools[i] = before[order[i]];
                pools[i].parent = places[pools[i].parent];
        }
        for (size_t i = 0; i < n_vms; i++)
                vms[i].pool = places[vms[i].pool];
}

int policy_order_pools(struct policy_pool *pools, size_t n_pools, struct policy_vm *vms, size_t n_vms,
                       uint32_t *ret_places)
{
        uint32_t *chains;
        struct policy_pool *before;
        int r = 0;

        if (!is_well_formed(pools, n_pools, vms, n_vms))
                return -EINVAL;
        chains = calloc(3 * n_pools, sizeof(*chains));
        before = malloc(n_pools * sizeof(*before));
        if (chains == NULL || before == NULL)
                r = -ENOMEM;
        else if (walk(pools, n_pools, chains, chains + n_pools, chains + 2 * n_pools) < n_pools)
                r = -ELOOP;
        else
                apply(pools, n_pools, vms, n_vms, chains, before, ret_places);
        free(before);
        free(chains);
        return r;
}
