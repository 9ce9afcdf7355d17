/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The frame's own parts, for its files: operation.c (threads, tasks), call.c, connection.c, lock.c,
 * reconcile.c. */
#pragma once

#include "operation/operation.h"

typedef struct Connection Connection;
typedef struct Locks Locks;

struct Operations {
        OperationsParts parts;
        char *domain_type, *pager_library, *pager_dir; /* of parts, which outlives its settings */
        GThreadPool *threads;
        Connection *connection;
        Locks *locks;

        GMutex mutex;        /* of what calls change while they run: tasks' progress, and these */
        GHashTable *stuck;   /* uuid to why: see operations_get_stuck() */
        unsigned reconciled; /* the generation of the connection over which all was put right */

        /* Of the main context. */
        GHashTable *tasks;   /* id to Call, of those that have not ended */
        GHashTable *results; /* id to JsonNode, of those that have */
        GQueue order;        /* ids in results, oldest first */
        GQueue held;         /* tasks that wait until the first reconciling is done */
        GQueue held_shortly; /* other calls, which wait until it has ended, one way or the other */
        guint hold_source;   /* or until so long has passed; 0: they do not wait any more */
        GHashTable *calls;   /* under way: Call to itself */
        bool ready;
        bool reconciling;
        bool closing;
        char *reason; /* why it is not ready */
        guint reconnect_source;
};

struct Call {
        Operations *operations;
        Call *root; /* of a method that is run as a part of another: that; else itself */
        const Method *method;
        JsonObject *args;
        OperationDone done;
        gpointer user_data;

        TaskRecord task;   /* id 0: no task; by the mutex while it runs */
        guint told_source; /* by the mutex, too: its progress is going to be told */
        int64_t told_us;   /* when it was last */
        unsigned part_from,
                part_to; /* of a root, by the mutex: the percents of its part that runs, see call_part() */
        char *what;      /* "task 12 (CreateSnapshot)", for who finds a VM locked */
        GCancellable *cancellable;
        GMutex mutex; /* of connection and touched */
        virConnectPtr connection;
        unsigned generation; /* of the connection */
        GHashTable *touched; /* UUIDs; NULL: none */

        JsonNode *descriptions; /* of those, or NULL */
        JsonNode *result;
        GError *error;

        GPtrArray *after; /* of Next *, or NULL: see call_begin_after() */
};

typedef struct Next {
        const char *method;
        char *uuid;
} Next;

/* --- task.c: tasks as others see them --- */

/* To OperationsParts.task; in the main context. */
void task_tell(Call *call);
/* The same soon; any thread. The operations' mutex is held. */
void task_tell_progress(Call *call);
/* Not any more. */
void task_tell_end(Call *call);

/* --- methods.c: all there are --- */

const Method *method_find(const char *name);
const IntentKind *intent_kind_find(const char *name);

/* --- connection.c: to libvirt, kept up by those who need it; any thread --- */

Connection *connection_new(const char *uri);
void connection_free(Connection *connection);
/*
 * Opens it when there is none or it is dead. A reference, to be closed; NULL with an error. Each that was
 * opened has its own generation, counted from 1.
 */
virConnectPtr connection_get(Connection *connection, unsigned *ret_generation, GError **error);

/* --- lock.c: who works on which VM; any thread --- */

Locks *locks_new(void);
void locks_free(Locks *locks);
/* owner: whose locks are released together, and described in errors by what (borrowed until then). */
bool locks_take(Locks *locks, gconstpointer owner, const char *what, bool passing, const char *uuid,
                const char *name, bool exclusive, GError **error);
/* Whether others hold it only in passing: the daemon itself, for a look that ends by itself. */
bool locks_are_passing(Locks *locks, gconstpointer owner, const char *uuid);
void locks_give(Locks *locks, gconstpointer owner, const char *uuid);
void locks_give_all(Locks *locks, gconstpointer owner);

/* --- reconcile.c --- */

/* The internal method that ends what an earlier life of the daemon left half-done. */
extern const Method reconcile_methods[];

/* Whether all has been put right since the connection that the call has was opened. */
bool call_is_reconciled(Call *call);
void call_set_reconciled(Call *call);

/* VMs whose intents could not be ended: why. NULL: nothing is wrong with this one. Owned. */
char *operations_get_stuck(Operations *operations, const char *uuid);
void operations_set_stuck(Operations *operations, const char *uuid, const char *reason);
