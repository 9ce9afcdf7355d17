/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What can be done to VMs, disks and networks, and the frame it is done in.
 *
 * Every method runs in a thread of its own pool and may block. It names its result in JSON. A long one is
 * a task: its caller has the task's number at once, and progress, cancelling and the outcome by it.
 *
 * Rules that keep what a kill leaves right: see inventory/work.h.
 */
#pragma once

#include <json-glib/json-glib.h>
#include <libvirt/libvirt.h>

#include "inventory/record.h"
#include "inventory/work.h"
#include "vm/hypervisor.h"

#define OPERATION_THREADS 8

typedef struct Operations Operations;

/* One call of a method. All functions below are for its own thread (and threads that it waits for). */
typedef struct Call Call;

typedef struct Method {
        const char *name; /* "CreateSnapshot": as in vim25, where that has it, without "_Task" */
        bool is_task;
        /*
         * args: checked by the method, with args.h. result: one JSON value is to be added to it, or none.
         * Returns false with an error of G_IO_ERROR: NOT_FOUND, EXISTS, INVALID_ARGUMENT, BUSY, NO_SPACE,
         * NOT_SUPPORTED for what the VM cannot do in its present state, FAILED for what else went wrong.
         */
        bool (*run)(Call *call, JsonObject *args, JsonBuilder *result, GError **error);
} Method;

Inventory *call_inventory(Call *call);
Operations *call_operations(Call *call);

/* libvirt's connection, good until the call ends; NULL with an error while there is none. */
virConnectPtr call_connection(Call *call, GError **error);

/*
 * The VM of that name (or UUID), which nobody else changes (or, not exclusive, which nobody changes while
 * it is looked at) until the call ends. BUSY, naming the task that has it, at once: nobody waits, so nobody
 * waits for each other. A record under construction is not found.
 */
Record *call_vm(Call *call, const char *name, bool exclusive, GError **error);

/* The lock alone; and giving it back before the end. */
bool call_lock(Call *call, const char *uuid, bool exclusive, GError **error);
void call_unlock(Call *call, const char *uuid);

/* How far it is, 0 to 100, and what it does now. Cheap: may be called often. */
void call_progress(Call *call, unsigned percent, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
GCancellable *call_cancellable(Call *call);

/* To the event log. vm: its name, or NULL. */
void call_event(Call *call, const char *type, const char *vm, const char *format, ...)
        __attribute__((format(printf, 4, 5)));

/* Admission control, when the scheduler runs. */
bool call_admit(Call *call, const char *uuid, const char *name, uint64_t memory_bytes, GError **error);

/* The memory scheduler and the list of VMs should look again. */
void call_changed(Call *call);

/* Runs a method of another file's, as part of this call. */
bool call_method(Call *call, const char *name, JsonObject *args, JsonBuilder *result, GError **error);
