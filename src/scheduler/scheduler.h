/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory scheduler: finds the VMs, asks the policy, carries its orders out. */
#pragma once

#include "host/memory.h"
#include "scheduler/config.h"
#include "scheduler/journal.h"
#include "scheduler/machine.h"
#include "scheduler/pools.h"

typedef struct Scheduler Scheduler;

/* Overhead of a VM that does not run yet: what QEMU takes beside its guest, roughly. */
#define SCHEDULER_NEW_VM_OVERHEAD_BYTES ((uint64_t)64 << 20)

/* What the host had at the last round. */
typedef struct SchedulerHost {
        uint64_t total_bytes;
        uint64_t managed_bytes;
        uint64_t other_bytes;    /* of the total: for what is not a VM */
        uint64_t consumed_bytes; /* by the host's account, see sharing_bytes */
        uint64_t overhead_bytes;
        uint64_t sharing_bytes; /* what sharing saves beyond what the VMs' own figures say */
        uint64_t free_bytes;
        enum policy_state state;
        int64_t state_since_ms; /* wall clock */
        const char *state_cause;
        struct policy_thresholds thresholds;
        double overcommit[3]; /* means of about 1, 5 and 15 minutes */
        unsigned vms;
        bool connected;
        const char *connection_reason;
} SchedulerHost;

/* All must outlive the scheduler. */
Scheduler *scheduler_new(Config *config, Inventory *inventory, Pools *pools, Journal *journal);

/* Leaves the VMs as they are, with their last orders; but those that it has stopped go on. */
void scheduler_free(Scheduler *scheduler);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scheduler, scheduler_free)

/* One listener, for who shows the VMs. */
typedef struct SchedulerListener {
        void (*round)(gpointer user_data);   /* there are new figures */
        void (*changed)(gpointer user_data); /* libvirt says that VMs have come, gone or changed */
        gpointer user_data;
} SchedulerListener;

void scheduler_listen(Scheduler *scheduler, const SchedulerListener *listener);

const SchedulerHost *scheduler_host(const Scheduler *scheduler);

/* Of Machine *, those that run, in the order of their names; owned by the scheduler. */
GPtrArray *scheduler_machines(Scheduler *scheduler);

/* By name or UUID; NULL with an error. */
Machine *scheduler_find(Scheduler *scheduler, const char *name, GError **error);

/*
 * A VM that does not run, as the inventory remembers it, to be configured and then freed. By UUID: a name
 * may belong to another VM by now. NULL with an error.
 */
Machine *scheduler_load_off(Scheduler *scheduler, const char *uuid, GError **error);

/*
 * Changes a VM's settings and its pool: all of them or none. options: char * to char *, sched.mem.* and
 * "pool".
 */
bool scheduler_configure(Scheduler *scheduler, Machine *machine, GHashTable *options, GError **error);

/*
 * What admission could still promise in each pool by itself, in the order of pools_array(): of its own
 * reservation, at the root of the host's memory. To be freed with g_free().
 */
uint64_t *scheduler_unreserved(Scheduler *scheduler);

/* Pools as in pools.h, with admission control, and a round after it. */
bool scheduler_set_pool(Scheduler *scheduler, const InventoryPool *pool, GError **error);
bool scheduler_delete_pool(Scheduler *scheduler, const char *path, GError **error);
/* The same, but what is in it goes to its parent, which has promised as much already. */
bool scheduler_dissolve_pool(Scheduler *scheduler, const char *path, GError **error);
/* Its parent stays. */
bool scheduler_rename_pool(Scheduler *scheduler, const char *from, const char *to, GError **error);

/* A VM, by its UUID, or a pool, by its path. */
typedef struct SchedulerMove {
        const char *uuid; /* NULL: a pool */
        const char *pool;
} SchedulerMove;

/*
 * VMs and pools into a pool, one after the other (what is in one that has moved has another path by then):
 * all of them or none. The pool must have enough for what is promised in them together; for one for which it
 * has not (NO_SPACE), *ret_asked_bytes is what was asked. Errors name the VM or pool.
 */
bool scheduler_move_into(Scheduler *scheduler, const char *to, const SchedulerMove *moves, unsigned n,
                         uint64_t *ret_asked_bytes, GError **error);

/* A round at once: what was set is in force when this returns. */
void scheduler_round(Scheduler *scheduler);

/* Something has changed that the next round must see; it comes at once, but not again and again. */
void scheduler_poke(Scheduler *scheduler);

/*
 * Whether a VM of this size that is not running may be started: its reservation and overhead can be
 * guaranteed. uuid may be unknown so far.
 */
bool scheduler_admit(Scheduler *scheduler, const char *uuid, const char *name, uint64_t memory_bytes,
                     GError **error);
