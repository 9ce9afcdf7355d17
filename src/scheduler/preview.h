/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What VMs and pools would get if some had other shares, reservations, limits or pools: the policy, over a
 * copy of what the last round went by. Nothing is changed by it. The main thread only; VMs must not come or
 * go while there is one.
 */
#pragma once

#include "scheduler/scheduler.h"

typedef struct Preview Preview;

Preview *preview_new(Scheduler *scheduler);
void preview_free(Preview *preview);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Preview, preview_free)

/*
 * Checked as scheduler_configure() checks them, but not admitted. A VM that does not run has no target: its
 * settings are checked, and change nothing. By UUID.
 */
bool preview_set_vm(Preview *preview, const char *uuid, GHashTable *options, GError **error);

/* As scheduler_set_pool(), of a pool that is there and not the root. parent: its path; NULL: as it is. */
bool preview_set_pool(Preview *preview, const InventoryPool *pool, const char *parent, GError **error);

/* Once, after all changes. False with INVALID_ARGUMENT: a pool would be within itself. */
bool preview_run(Preview *preview, GError **error);

/* By the places in scheduler_machines() and pools_array(); after preview_run(). */
uint64_t preview_vm_target(const Preview *preview, unsigned machine);
uint64_t preview_pool_target(const Preview *preview, uint32_t pool);
