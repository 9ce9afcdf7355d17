/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who is logged in, and what he may do. The main thread only. */
#pragma once

#include "api/world.h"

/* Each has what the one before it has, and more. */
typedef enum Role {
        ROLE_NONE,          /* not logged in: what a vCenter answers then */
        ROLE_READ_ONLY,     /* sees everything */
        ROLE_OPERATOR,      /* and powers VMs, takes snapshots, works in guests, answers questions */
        ROLE_ADMINISTRATOR, /* everything */
} Role;

#define SESSION_LOCAL "local"

struct Session {
        char *key;  /* the secret in the client's cookie; never logged, never shown whole to others */
        char *id;   /* what other sessions call it: UserSession.key */
        char *user; /* login name */
        char *full_name;
        char *address; /* of the client; SESSION_LOCAL by the Unix socket */
        char *agent;   /* the client's name for itself, or NULL */
        char *locale;
        Role role;
        int64_t login_ms, active_ms; /* wall clock */
        unsigned calls;              /* made so far */
        GPtrArray *owned;            /* of Managed *: filters, views, collectors, which go with it */
        unsigned references;
        bool has_ended;
        GQueue running;             /* of Request *: those that are not answered */
        unsigned streams, consoles; /* that it has open */
        GArray *ends;               /* who is told of its end */
};

/* Of a client that has not logged in: of nobody, with ROLE_NONE. agent: UTF-8, of which the beginning is
 * kept; or NULL. */
Session *session_new(const char *address, const char *agent);
Session *session_ref(Session *session);
void session_unref(Session *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Session, session_unref)

/* Told once, when the session ends; not of one that has ended already. */
typedef void (*SessionEnd)(gpointer data);
void session_add_end(Session *session, SessionEnd end, gpointer data);
void session_remove_end(Session *session, gpointer data);
void session_tell_end(Session *session); /* for session_manager_close() */

/* Whether a role has a privilege ("VirtualMachine.Interact.PowerOn"). NULL: asks for nothing. */
bool role_has(Role role, const char *privilege);

/* An object of the session's own, that goes with it. At most SESSION_OWNED_MAX: NULL then. */
#define SESSION_OWNED_MAX 256
Managed *session_add_object(World *world, Session *session, const char *type);
