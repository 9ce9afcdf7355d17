/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The scheduler's state, for the two files that make it up: scheduler.c (who is there), round.c (who gets
 * what). */
#pragma once

#include "daemon/scheduler.h"

struct Scheduler {
        Config *config;
        Inventory *inventory;
        Pools *pools;
        Journal *journal;
        Hypervisor *hypervisor;
        struct policy_scratch *scratch;

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
/* VMs that the low state has stopped: without us nobody would let them go on. Their limits stay. */
void scheduler_resume_all(Scheduler *scheduler);

/* Whether a VM is held back by its pager's limit, although it may have more. */
bool scheduler_is_pressed(const Machine *machine);
