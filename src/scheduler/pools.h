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

/* As the policy has it. Its shares must be right, see pools_check(). */
struct policy_pool pools_laid_out(const InventoryPool *pool, uint32_t parent);

/* Whether it could be made or changed so. The parent must be there. */
bool pools_check(const Pools *pools, const InventoryPool *pool, GError **error);

/* Checks everything, then makes or changes it. */
bool pools_set(Pools *pools, const InventoryPool *pool, GError **error);

/* Refused while pools are below it; whether VMs are is the caller's to check. */
bool pools_delete(Pools *pools, const char *path, GError **error);

/*
 * Another path for a pool, with those below it; VMs follow in the inventory. Refused where there is one
 * already, or where it would be within itself.
 */
bool pools_move(Pools *pools, const char *from, const char *to, GError **error);

/* "/a/b/c", within "/a/b", is "/x/c" when that becomes "/x". NULL: it is not within. Owned. */
char *pools_moved_path(const char *path, const char *from, const char *to);

/* Several changes as one, as inventory_begin(): all of them, or all is as before. */
bool pools_begin(Pools *pools, GError **error);
bool pools_end(Pools *pools, bool ok, GError **error);

/* Deletes it; pools and VMs that are in it go to its parent, unless a pool of the same name is there. */
bool pools_dissolve(Pools *pools, const char *path, GError **error);
