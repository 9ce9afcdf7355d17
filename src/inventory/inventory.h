/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What must outlive the daemon: VMs and their settings, pools, events; what else there is of VMs is in
 * record.h, what they are sorted into and made from in catalog.h, what is being done in work.h. In SQLite.
 * The orders last given are not here: pagers and balloons know theirs.
 */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * One inventory serves all threads of one process: every function that takes it holds its mutex from
 * beginning to end (inventory_close() is for the last one). Every change is one transaction: after a kill at
 * any moment it is there or it is not, and what was there when a function returned is there after a loss of
 * power, too (but for events and tasks, of which the latest may be lost then, never others).
 *
 * Errors are of G_IO_ERROR: those about what was asked for name the object, the cause and the cure
 * (NOT_FOUND, EXISTS, BUSY, INVALID_ARGUMENT); those of the file name the file (NO_SPACE, NOT_SUPPORTED,
 * FAILED).
 */
typedef struct Inventory Inventory;

/* At most so many events are kept; the oldest go first. */
#define INVENTORY_EVENTS_MAX 100000
/*
 * ... and of those which say why memory is taken from VMs ("reclaim") no more than so many: under lasting
 * pressure there are a thousand a minute, and the host's changes of state are still to be found a day later.
 */
#define INVENTORY_RECLAIMS_MAX 50000

typedef struct InventoryVm {
        char *uuid;
        char *name;          /* as last seen */
        char *pool;          /* path of its pool, "/" is the host */
        GHashTable *options; /* sched.mem.* and others as text: char * to char *, only those that were set */

        bool stopped; /* suspended by the low state, to be resumed by us */
} InventoryVm;

typedef struct InventoryPool {
        char *path;   /* "/a/b" */
        char *shares; /* low, normal, high or a number */
        int64_t reservation_mib;
        int64_t limit_mib; /* -1: none */
        bool expandable;
} InventoryPool;

typedef struct InventoryEvent {
        int64_t id;
        int64_t time_ms; /* of the wall clock */
        char *type;
        char *vm; /* its name, or NULL */
        char *message;
} InventoryEvent;

/*
 * path: the file, made when it is not there; ":memory:" for none. One of an older version is brought up to
 * this one, at once or not at all; one of a newer version is refused with NOT_SUPPORTED and left alone.
 */
Inventory *inventory_open(const char *path, GError **error);
void inventory_close(Inventory *inventory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Inventory, inventory_close)

/*
 * Several changes as one: all of them are there after inventory_end() with commit true has succeeded, none
 * after anything else. Each inventory_begin() that succeeds has its inventory_end(), in the same thread;
 * other threads wait in between, so only the inventory's functions belong there. A change that fails in
 * between has no effect by itself, and the others are still to be committed or not. May be nested.
 */
bool inventory_begin(Inventory *inventory, GError **error);
bool inventory_end(Inventory *inventory, bool commit, GError **error);

InventoryVm *inventory_vm_new(const char *uuid, const char *name);
void inventory_vm_free(InventoryVm *vm);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(InventoryVm, inventory_vm_free)

/* NULL without an error when nothing is known of it. */
InventoryVm *inventory_vm_load(Inventory *inventory, const char *uuid, GError **error);
/* The name is that of the VM's Record where it has one (record.h), whatever it says here. */
/* Options other than sched.* that are there already stay as they are: see inventory_option_set(). */
bool inventory_vm_save(Inventory *inventory, const InventoryVm *vm, GError **error);

/* One option, of whatever name, of a VM that is there. value NULL: it has none any more. */
bool inventory_option_set(Inventory *inventory, const char *uuid, const char *name, const char *value,
                          GError **error);

InventoryPool *inventory_pool_copy(const InventoryPool *pool);
void inventory_pool_free(InventoryPool *pool);

/* All pools, a parent before its children; "/" is not among them. Of InventoryPool *, owned. */
GPtrArray *inventory_pools(Inventory *inventory, GError **error);
bool inventory_pool_save(Inventory *inventory, const InventoryPool *pool, GError **error);
/* VMs that are in it, which do not run, are in its parent then. */
bool inventory_pool_delete(Inventory *inventory, const char *path, GError **error);
/* Another path for it, what is below it, and the VMs in them. There must be none of the new path. */
bool inventory_pool_move(Inventory *inventory, const char *from, const char *to, GError **error);

void inventory_event_free(InventoryEvent *event);
bool inventory_event_add(Inventory *inventory, int64_t time_ms, const char *type, const char *vm,
                         const char *message, GError **error);

/* Those after the id, oldest first; with after < 0 the newest limit ones. Of InventoryEvent *, owned. */
GPtrArray *inventory_events(Inventory *inventory, int64_t after, unsigned limit, GError **error);
