/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tree of resource pools: kept in the inventory, laid out for the policy. */
#pragma once

#include "inventory/inventory.h"
#include "policy/policy.h"

#define POOLS_MAX      10000
#define POOL_DEPTH_MAX 16

typedef struct Pools Pools;

Pools *pools_new(Inventory *inventory, GError **error);
void pools_free(Pools *pools);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pools, pools_free)

/* The root first, a parent before its children. In bytes and shares; the out fields are the last round's. */
struct policy_pool *pools_array(Pools *pools, size_t *ret_n);

/* The index for pools_array(); of a pool that is not there, the root's. */
uint32_t pools_index(const Pools *pools, const char *path);
bool pools_has(const Pools *pools, const char *path);

/* NULL for the root. */
const InventoryPool *pools_get(const Pools *pools, uint32_t index);

/* Checks everything, then makes or changes it. The parent must be there. */
bool pools_set(Pools *pools, const InventoryPool *pool, GError **error);

/* Refused while pools are below it; whether VMs are is the caller's to check. */
bool pools_delete(Pools *pools, const char *path, GError **error);
