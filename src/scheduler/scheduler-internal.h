/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The scheduler's state, for the two files that make it up: scheduler.c (who is there), round.c (who gets
 * what). */
#pragma once

#include "scheduler/scheduler.h"

struct Scheduler {
        Config *config;
        Inventory *inventory;
        Pools *pools;
        Journal *journal;
        Hypervisor *hypervisor;
        struct policy_scratch *scratch;

        SchedulerListener listener;

        GHashTable *machines; /* uuid, borrowed, to Machine *, owned */
        GPtrArray *sorted;    /* of Machine *, borrowed, by name */
        GHashTable *sockets;  /* path to GINT_TO_POINTER(1): pagers of no VM we know, not asked again */

        SchedulerHost host;
        char *connection_reason;
        char *state_cause;
        struct policy_vm *vms; /* of one round, in the order of sorted */
        size_t vms_size;
        bool low_is_hopeless; /* said once */

        guint tick_source;
        guint poke_source;
        int64_t last_round_us;
        int64_t last_list_us;
        int64_t last_scan_us;
        int64_t last_proc_us;  /* processes were looked for */
        int64_t calm_since_us; /* nothing was taken and nobody was at his limit since then */
        bool taken_up;         /* the first list has been seen */
};

/* round.c */
/* What is shared out: in the VMs' own figures, what sharing saves beyond these included. */
uint64_t scheduler_capacity(const SchedulerHost *host);

/* VMs that the low state has stopped: without us nobody would let them go on. Their limits stay. */
void scheduler_resume_all(Scheduler *scheduler);

/* configure.c */
/* The VMs (struct policy_vm) as admission sees them, in the order of sorted; except, when it is one of them,
 * is left out. */
GArray *scheduler_collect_vms(Scheduler *scheduler, const Machine *except);

/* NO_SPACE for -ENOSPC: what was asked for, for whom, and in which pool so much of it is missing. */
void scheduler_set_short(Scheduler *scheduler, GError **error, int result, const char *what,
                         uint64_t asked_bytes, uint64_t short_bytes, uint32_t pool);

/* A copy of the record with the changes made. */
InventoryVm *scheduler_change_record(const InventoryVm *record, GHashTable *options, const char *pool);

/* The running VMs whose pool was from, or below it, are in to. */
void scheduler_follow_pool(Scheduler *scheduler, const char *from, const char *to);

/* The machine's settings with the changes made ("pool" is none of them), or false: what is wrong with them.
 */
bool scheduler_read_options(const Machine *machine, GHashTable *options, struct policy_vm_config *ret_config,
                            GError **error);

/* Whether a VM is held back by its pager's limit, although it may have more. */
bool scheduler_is_pressed(const Machine *machine);
