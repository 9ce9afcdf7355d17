/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is shown of VMs, pools and the host: the scheduler's figures as they are now, sums included. One
 * place for all who show them. The main thread only; texts are borrowed and good until the scheduler goes
 * on.
 */
#pragma once

#include "policy/advice.h"
#include "scheduler/scheduler.h"
#include "scheduler/sharing.h"

typedef struct FiguresRates {
        double swap_in, swap_out, zip, unzip; /* bytes a second */
} FiguresRates;

/* Of a VM that runs. */
typedef struct FiguresVm {
        const char *name, *uuid, *pool, *power;
        const char *managed; /* "pager", "balloon", "none": by what it can be held to its target */
        const char *problem; /* why it is not wholly managed, or "" */
        const char *cause;   /* why it loses memory now, or "" */
        const char *balloon_state;
        const char *shares_level;
        uint64_t memory_bytes, granted_bytes, target_bytes, active_bytes, consumed_bytes, overhead_bytes;
        uint64_t idle_bytes; /* consumed and not active */
        uint64_t resident_bytes, parked_bytes, absent_bytes, shared_bytes, saved_bytes;
        uint64_t private_bytes; /* held and not shared */
        uint64_t balloon_bytes, balloon_target_bytes, balloon_max_bytes;
        uint64_t swapped_bytes, swap_target_bytes;
        uint64_t cache_bytes, cache_used_bytes, compressed_bytes, same_bytes;
        uint64_t pager_limit_bytes; /* POLICY_UNLIMITED: none */
        uint64_t shares, reservation_bytes;
        uint64_t limit_bytes; /* POLICY_UNLIMITED */
        uint64_t pid;         /* of the VMM; 0: not known */
        FiguresRates rates;
        double faults_per_s;
        bool stopped; /* by the low state */
} FiguresVm;

void figures_vm(const Machine *machine, FiguresVm *ret);

/* Sums over all VMs that run. */
typedef struct FiguresSums {
        uint64_t private_bytes, swapped_bytes, swap_target_bytes;
        uint64_t balloon_bytes, balloon_target_bytes, balloon_max_bytes;
        uint64_t zipped_bytes, cache_bytes;
        uint64_t zip_saved_bytes; /* what is compressed, less what that takes */
        FiguresRates rates;
} FiguresSums;

void figures_sums(Scheduler *scheduler, FiguresSums *ret);

typedef struct FiguresPool {
        const char *path, *shares_level;
        uint64_t shares, reservation_bytes;
        uint64_t limit_bytes; /* POLICY_UNLIMITED */
        bool expandable;
        uint64_t target_bytes, active_bytes;
        /* Of all VMs in it and below it. */
        uint64_t consumed_bytes, reserved_bytes, vms;
        uint64_t reservation_free_bytes; /* see scheduler_unreserved() */
        uint64_t pools;                  /* directly in it */
} FiguresPool;

/* All, in the order of pools_array(): the root first. To be freed with g_free(). */
FiguresPool *figures_pools(Scheduler *scheduler, Pools *pools, size_t *ret_n);

/* What the policy says of VMs (their index is that in scheduler_machines()) and of the host. To be freed
 * with g_free(). */
struct policy_advice *figures_advice(Scheduler *scheduler, const Sharing *sharing, size_t *ret_n);
