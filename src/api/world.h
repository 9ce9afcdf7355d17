/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The managed objects: everything that a client can name, with the values of its properties.
 *
 * Who makes an object keeps its properties right: sets each when it changes, at once or as soon as it is
 * known. A set that changes nothing is no change. So reading costs no more than sending, and whoever waits
 * for updates is told what has changed and nothing else.
 *
 * The main thread only. Values may be made in any thread.
 */
#pragma once

#include "vim/value.h"

typedef struct World World;
typedef struct Managed Managed;
typedef struct Session Session;

/* A property that depends on who asks, or on the moment: made when it is read. No updates are sent of it. */
typedef VimValue *(*ManagedGet)(const Managed *managed, Session *session);

struct Managed {
        World *world;
        const VimType *type;
        char *id;  /* "vm-12": unique in the world, whatever the type */
        char *key; /* what it stands for where its maker keeps that: a UUID, a path, a name; or NULL */
        VimValue *reference; /* that names it */
        gpointer subject;    /* its maker's own; freed with it */
        GDestroyNotify free_subject;
        Session *owner; /* filters, views and the like, that only their session can use; NULL: everybody's */

        VimValue **properties; /* type->n_fields; NULL: unset */
        ManagedGet *gets;      /* as many, or NULL when there is none */
        uint64_t *versions;    /* the world's version when each was changed last */
        uint64_t added;        /* ... when it was added */
        uint64_t changed;      /* ... when anything of it was */
        bool gone;             /* removed; kept while somebody has a reference */
        unsigned references;
        Managed *older, *newer; /* by `changed`: see world_latest() */
};

World *world_new(void);
void world_free(World *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(World, world_free)

/*
 * Adds one; asserts that there is none with this id. Borrowed. key may be NULL. All properties are unset,
 * but ManagedObject has none and ManagedEntity's must be set at once: name, overallStatus, effectiveRole and
 * so on are required where the table says so.
 */
Managed *world_add(World *world, const char *type, const char *id, const char *key);
/* Takes it out; watchers see it gone. */
void world_remove(Managed *managed);

/* It stands for something else now (a path that was renamed). Asserts that no other of its type does. */
void world_set_key(Managed *managed, const char *key);

Managed *world_find(World *world, const char *id);
/* By what it stands for. NULL: none. */
Managed *world_find_key(World *world, const char *type, const char *key);
/* The one that a reference names; NULL: none, or it is of another type than the reference says. */
Managed *world_resolve(World *world, const VimValue *reference);
/* All of a type or what extends it, in no order. Of Managed *, borrowed; the array is owned. */
GPtrArray *world_list(World *world, const char *type);

Managed *managed_ref(Managed *managed);
void managed_unref(Managed *managed);
VimValue *managed_reference(const Managed *managed); /* the value that names it, owned; NULL of NULL */

/* Takes the value; NULL unsets. Asserts that there is such a property and that the value fits. */
void managed_set(Managed *managed, const char *property, VimValue *value);
void managed_set_text(Managed *managed, const char *property, const char *text);
void managed_set_get(Managed *managed, const char *property, ManagedGet get);

/* A reference more; NULL: unset. */
VimValue *managed_get(const Managed *managed, unsigned place, Session *session);
/* By name, of those that are kept: borrowed. */
const VimValue *managed_peek(const Managed *managed, const char *property);

/* Counts all changes. */
uint64_t world_version(const World *world);
/* The version in which objects were last added or removed, or a property that names objects has changed:
 * what a traversal has found is the same until it moves. */
uint64_t world_structure_version(const World *world);

/*
 * The object that changed last; `older` leads on to those before it. Also those that are gone are among
 * them, while somebody has a reference. So who has looked at version v finds all that has changed since in
 * as many steps. NULL: there is none.
 */
Managed *world_latest(const World *world);

/* Called in the main loop after changes: once for all that came since it was called last. */
typedef void (*WorldWatch)(World *world, gpointer user_data);
unsigned world_watch(World *world, WorldWatch watch, gpointer user_data);
void world_unwatch(World *world, unsigned id);
