/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The frame's own parts, for its files: operation.c (calls), connection.c, lock.c, reconcile.c. */
#pragma once

#include "operation/operation.h"

typedef struct Connection Connection;
typedef struct Locks Locks;

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
bool locks_take(Locks *locks, gconstpointer owner, const char *what, const char *uuid, const char *name,
                bool exclusive, GError **error);
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
