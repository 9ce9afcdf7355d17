/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What was found by following references from object to object, and what that depended on: so that it is
 * known when it would come out otherwise, and that nothing else has to be looked at until then.
 */
#pragma once

#include "api/session.h"

/* An object on the way. */
typedef struct Node {
        Managed *managed;    /* a reference */
        uint64_t places;     /* of properties that were followed; bit 63 is all from there */
        uint64_t *marks;     /* of selections that are done with it (select.c); only during a walk */
        unsigned generation; /* the walk that came by last */
        bool selected;
        gpointer data; /* of who walks; survives walks */
} Node;

typedef struct Walk {
        World *world;
        GHashTable *nodes;   /* Managed * to Node * */
        GPtrArray *selected; /* of Node *, in the order in which they were found */
        GPtrArray *before;   /* the same of the walk before; only during a walk */
        uint64_t looked;     /* the world's version that it is right for */
        unsigned generation;
} Walk;

Walk *walk_new(World *world);
void walk_free(Walk *walk); /* after walk_clear(), where nodes have data */

/* Begins anew: whatever is not visited until walk_end() is left out. */
void walk_begin(Walk *walk);
/* The node, as of this walk; borrowed until walk_end(). */
Node *walk_visit(Walk *walk, Managed *managed);
void walk_select(Walk *walk, Node *node);
/* Notes that the walk depends on a property. */
void walk_depends(Node *node, unsigned place);
/* left (may be NULL) is called for nodes with data that were selected and are not any more. */
void walk_end(Walk *walk, void (*left)(Node *node, gpointer user_data), gpointer user_data);

/* Nothing was found; also when the world is not there any more. left as above. */
void walk_clear(Walk *walk, void (*left)(Node *node, gpointer user_data), gpointer user_data);

Node *walk_find(const Walk *walk, const Managed *managed);

/*
 * Looks at what has changed in the world since it looked last. True: a walk would find something else.
 * changed (may be NULL) is called for every selected node that has.
 */
bool walk_look(Walk *walk, void (*changed)(Node *node, gpointer user_data), gpointer user_data);
