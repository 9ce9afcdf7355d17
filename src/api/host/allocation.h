/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shares, reservation, limit: as clients write them, and as the memory scheduler has them. Pure. */
#pragma once

#include "inventory/inventory.h"
#include "vim/value.h"

/* What a ResourceAllocationInfo asks to change; what it does not say is NULL or not given. */
typedef struct Allocation {
        char shares[16]; /* low, normal, high or a number; "": not given */
        bool has_reservation, has_limit, has_expandable;
        int64_t reservation_mib;
        int64_t limit_mib; /* -1: none */
        bool expandable;
} Allocation;

/*
 * info may be NULL: nothing is asked for. False with INVALID_ARGUMENT, whose message begins with the field.
 */
bool allocation_read(const VimValue *info, Allocation *ret, GError **error);
/* The same of processors, whose reservation and limit are in MHz. */
bool allocation_read_cpu(const VimValue *info, Allocation *ret, GError **error);

/*
 * Processors are not shared out among pools: what a client may ask of them is what they have anyway (normal
 * shares, no reservation, no limit). False with NOT_SUPPORTED. normal: how many shares that is.
 */
bool allocation_check_cpu(const VimValue *info, int64_t normal, GError **error);

/* How many shares a pool has with a level; ESX's. */
#define POOL_CPU_SHARES 4000

/* A ResourceAllocationInfo. shares: low, normal, high or a number; number: what the level comes to. */
VimValue *allocation_value(const char *shares, int64_t number, int64_t reservation_mib, int64_t limit_mib,
                           bool expandable);
VimValue *allocation_cpu_value(int64_t shares);

/* The same as settings of a VM, as scheduler_configure() has them. pool: its path, or NULL. Owned. */
GHashTable *allocation_options(const Allocation *allocation, const char *pool);

/* The pool with what is asked for changed. */
void allocation_apply(const Allocation *allocation, InventoryPool *pool);
