/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random hosts for the tests of the policy: pools in pools, VMs of all kinds. */
#pragma once

#include "base/macro.h"
#include "policy/policy.h"
#include "unit.h"

struct world {
        struct policy_pool *pools;
        struct policy_vm *vms;
        size_t n_pools, n_vms;
        uint64_t capacity_bytes;
        uint32_t tax_pct;
};

/* Up to bound, all magnitudes alike. */
static inline uint64_t world_any(uint64_t *seed, uint64_t bound)
{
        uint64_t value = unit_random(seed) >> unit_below(seed, 64);

        return bound == UINT64_MAX ? value : value % (bound + 1);
}

static inline uint64_t world_part(uint64_t *seed, uint64_t whole)
{
        return whole / 1000 * unit_below(seed, 1001);
}

static inline uint64_t world_whole_pages(uint64_t bytes)
{
        return bytes / POLICY_PAGE * POLICY_PAGE;
}

static inline void world_free(struct world *world)
{
        g_free(world->pools);
        g_free(world->vms);
        memset(world, 0, sizeof(*world));
}

static inline void world_random_vm(struct policy_vm *vm, size_t n_pools, uint64_t *seed)
{
        *vm = (struct policy_vm){
                .pool = unit_below(seed, (uint32_t)n_pools),
                .shares = 1 + (uint32_t)world_any(seed, 1000000),
                .limit_bytes = POLICY_UNLIMITED,
                .memory_bytes = MIB(8 + unit_below(seed, 4096)),
                .balloon_state = (enum policy_balloon_state)unit_below(seed, 4),
                .has_pager = unit_below(seed, 4) != 0,
                .runs = unit_below(seed, 8) != 0,
                .stopped = unit_below(seed, 8) == 0,
                .pager_limit_bytes = POLICY_UNLIMITED,
        };
        if (unit_below(seed, 4) == 0)
                vm->limit_bytes = MIB(4) + world_part(seed, 2 * vm->memory_bytes);
        if (unit_below(seed, 3) == 0)
                vm->reservation_bytes = world_part(seed, MIN(vm->memory_bytes, vm->limit_bytes));
        vm->demand_bytes = unit_below(seed, 4) ? world_part(seed, vm->memory_bytes) : vm->memory_bytes;
        vm->active_bytes = unit_below(seed, 4) ? world_part(seed, vm->demand_bytes) : 0;
        vm->consumed_bytes = world_part(seed, vm->demand_bytes);
        vm->overhead_bytes = MIB(unit_below(seed, 64));
        vm->balloon_max_bytes = vm->memory_bytes / 100 * 65;
        vm->balloon_bytes = world_part(seed, vm->balloon_max_bytes);
        vm->returned_bytes = unit_below(seed, 3) ? 0 : unit_below(seed, MIB(3));
        vm->balloon_target_bytes = world_part(seed, vm->balloon_max_bytes);
        vm->cache_max_bytes = unit_below(seed, 2) ? vm->memory_bytes / 10 : 0;
        vm->unused_bytes = world_part(seed, vm->memory_bytes - vm->balloon_bytes);
        if (unit_below(seed, 2))
                vm->pager_limit_bytes = MAX(MIB(4), world_part(seed, vm->memory_bytes));
}

static inline struct world world_random(uint64_t *seed)
{
        struct world world = {
                .n_pools = 1 + unit_below(seed, 12),
                .n_vms = unit_below(seed, 40),
                .tax_pct = unit_below(seed, 3) ? unit_below(seed, 100) : 0,
        };
        uint64_t all = 0;

        world.pools = g_new0(struct policy_pool, world.n_pools);
        world.vms = g_new0(struct policy_vm, MAX(world.n_vms, (size_t)1));
        for (size_t i = 0; i < world.n_pools; i++)
                world.pools[i] = (struct policy_pool){
                        .parent = i ? unit_below(seed, (uint32_t)i) : 0,
                        .shares = 1 + (uint32_t)world_any(seed, 1000000),
                        .reservation_bytes = unit_below(seed, 3) ? 0 : MIB(unit_below(seed, 2048)),
                        .limit_bytes = unit_below(seed, 3) ? POLICY_UNLIMITED : MIB(unit_below(seed, 8192)),
                        .expandable = unit_below(seed, 2),
                };
        for (size_t i = 0; i < world.n_vms; i++) {
                world_random_vm(&world.vms[i], world.n_pools, seed);
                all += world.vms[i].memory_bytes;
        }
        world.capacity_bytes = world_part(seed, all + all / 4);
        return world;
}
