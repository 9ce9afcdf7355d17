/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What can be done to VMs, disks and networks, and the frame it is done in.
 *
 * Every method runs in a thread and may block. Its result is JSON. A long one is a task: who calls it has
 * the task's number at once, and progress, cancelling and the outcome by it.
 *
 * Rules that keep right what a kill interrupts: inventory/work.h.
 */
#pragma once

#include <json-glib/json-glib.h>
#include <libvirt/libvirt.h>

#include "inventory/record.h"
#include "inventory/work.h"

/* So many methods run at a time, and so many more wait for their turn; what comes then is refused. */
#define OPERATION_THREADS 8
#define OPERATIONS_MAX    1000

/* Results of tasks that have ended are kept for so many. */
#define OPERATION_RESULTS_MAX 1000

/* === for the daemon: all of this from the main context only === */

typedef struct Operations Operations;

typedef struct OperationsParts {
        Inventory *inventory;
        const char *uri; /* of libvirt */

        /* What VMs are started with; copied. */
        const char *domain_type;   /* "kvm" or "qemu"; NULL: what libvirt can do best */
        const char *pager_library; /* that is preloaded into the VMM, an absolute path */
        const char *pager_dir;     /* where pagers have their sockets */

        /* In the main context. admit: as scheduler_admit(); may be NULL. */
        bool (*admit)(const char *uuid, const char *name, uint64_t memory_bytes, gpointer user_data,
                      GError **error);
        void (*event)(const char *type, const char *vm, const char *message, gpointer user_data);
        void (*changed)(gpointer user_data); /* VMs have come, gone or changed */
        /*
         * May be NULL. A task was queued, has begun, is further on (of each at most twice a second) or has
         * ended; borrowed.
         */
        void (*task)(const TaskRecord *task, gpointer user_data);
        /*
         * May be NULL. What VMs are that a call may have changed, see describe.h: before it is told to have
         * ended. Borrowed.
         */
        void (*described)(JsonNode *vms, gpointer user_data);
        /* The memory scheduler's settings of a VM, as scheduler_configure(); may be NULL. */
        bool (*configure)(const char *uuid, GHashTable *options, gpointer user_data, GError **error);
        gpointer user_data;
} OperationsParts;

/*
 * Connects to libvirt when it can, puts right what an earlier life left half-done, then takes up work.
 * What parts points at must outlive it.
 */
Operations *operations_new(const OperationsParts *parts, GError **error);

/* Cancels what runs and waits for it, iterating the main context. */
void operations_free(Operations *operations);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Operations, operations_free)

/* All methods for clients, one by one; NULL: there are no more. Static. */
const char *operations_offered(unsigned index, bool *ret_is_task);

/* Of a method that is no task. result: NULL when it has none, or there is an error. */
typedef void (*OperationDone)(JsonNode *result, const GError *error, gpointer user_data);

/*
 * Starts a method. args is referenced. A task's number goes to ret_task at once; else it is set to 0 and
 * done is called, once, later. False, and done is not called, when it cannot be started.
 */
bool operations_start(Operations *operations, const char *method, JsonObject *args, OperationDone done,
                      gpointer user_data, int64_t *ret_task, GError **error);

/* "not_found", "no_space", ...: how clients are told the kind of a task's error. */
const char *operations_error_kind(GIOErrorEnum error);

/* One task as JSON, with its result. NULL with NOT_FOUND. */
JsonNode *operations_task(Operations *operations, int64_t id, GError **error);
bool operations_cancel(Operations *operations, int64_t id, GError **error);

/* Settings of a VM have changed: its files on the datastore follow, as soon as nobody works on it. */
void operations_settings_changed(Operations *operations, const char *uuid);

/*
 * Any thread: libvirt's connection, a reference to be closed by virConnectClose(); NULL with an error while
 * there is none. For what is asked of guests only, which may take as long as they like.
 */
virConnectPtr operations_connection(Operations *operations, GError **error);

/* === for methods === */

/* One call of a method, with its thread and the threads that it waits for. */
typedef struct Call Call;

typedef struct Method {
        const char *name; /* "CreateSnapshot": as in vim25, where that has it, without "_Task" */
        bool is_task;
        bool internal; /* not for clients: the daemon's own */
        bool changes;  /* datastores or networks: OperationsParts.changed is told when it has succeeded */
        /*
         * args: checked by the method, see args.h. result: one object or array is to be added to it, or
         * none. Errors are of G_IO_ERROR: NOT_FOUND, EXISTS, INVALID_ARGUMENT, BUSY, NO_SPACE, CANCELLED,
         * NOT_SUPPORTED for what the VM cannot do in its present state, FAILED for what else went wrong.
         */
        bool (*run)(Call *call, JsonObject *args, JsonBuilder *result, GError **error);
} Method;

/*
 * How intents of a kind are ended; the VM is locked. False with an error: it stays, and the VM with it. With
 * PENDING that is how it should be: a task (call_begin_after()) ends it.
 */
typedef struct IntentKind {
        const char *name;
        /* uses_new: a new file is in the definition, so the work is to be ended; else it is undone. */
        bool (*end)(Call *call, const Intent *intent, bool uses_new, GError **error);
} IntentKind;

Operations *call_operations(Call *call);
const OperationsParts *call_parts(Call *call);
Inventory *call_inventory(Call *call);

/* libvirt's connection, good until the call ends; NULL with an error while there is none. */
virConnectPtr call_connection(Call *call, GError **error);

/*
 * The VM of that name or UUID, which nobody else changes until the call ends (exclusive), or which nobody
 * changes while it is looked at. At once BUSY, naming the task that has it: nobody waits, so no two wait for
 * each other. A VM that is not READY is not found; one with an intent that could not be ended is
 * NOT_SUPPORTED, with the reason.
 */
Record *call_vm(Call *call, const char *name, bool exclusive, GError **error);

/* The same without a lock, for what changes nothing of its record: it may be worked on meanwhile. */
Record *call_find(Call *call, const char *name, GError **error);

/* The lock alone; given back at the end of the call, or before. */
bool call_lock(Call *call, const char *uuid, bool exclusive, GError **error);
void call_unlock(Call *call, const char *uuid);

/* How far it is, 0 to 100, and what it does now. Cheap: may be called often. */
void call_progress(Call *call, unsigned percent, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
GCancellable *call_cancellable(Call *call);

/* To the event log. type as in daemon/journal.h, or "task"; vm: its name, or NULL. */
void call_event(Call *call, const char *type, const char *vm, const char *format, ...)
        __attribute__((format(printf, 4, 5)));

/* Admission control, when the scheduler runs. */
bool call_admit(Call *call, const char *uuid, const char *name, uint64_t memory_bytes, GError **error);

/* Settings of the memory scheduler: sched.mem.* and "pool", char * to char *. NOT_SUPPORTED without it. */
bool call_configure(Call *call, const char *uuid, GHashTable *options, GError **error);

/* What the VM is now is to be told when the call ends, as of every one that it locks to change it. */
void call_touch(Call *call, const char *uuid);

/* The memory scheduler should look at the VMs again. */
void call_changed(Call *call);

/*
 * The methods that run as parts of this call from now on are the part with that index, from 0, of so many:
 * their progress is this call's. of 0: it is not shown, which is so before.
 */
void call_part(Call *call, unsigned index, unsigned of);

/* Runs another method as a part of this call: its locks are this call's. */
bool call_method(Call *call, const char *name, JsonObject *args, JsonBuilder *result, GError **error);

/*
 * Another method, with the VM (its UUID) as its argument, as a task that begins when this call has ended and
 * given back its locks: for what takes long, and was found by what should not.
 */
void call_begin_after(Call *call, const char *method, const char *uuid);

/* Sets an error of G_IO_ERROR and returns false. */
bool operation_refuse(GError **error, GIOErrorEnum code, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
