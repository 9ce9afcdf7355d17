/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A PropertyFilter: the objects that it selects, and what its client was told of each.
 *
 *   not selected ──walk──> new ──told: enter──> known ──changed──> dirty ──told: modify──> known
 *         ^                 │                     │                  │
 *         └────walk─────────┘ (never mentioned)   └──────walk────────┴──> left ──told: leave──> forgotten
 *
 * The old values of what was told are kept (they are shared with the world while they are current), so that
 * only what differs is sent, however often it changed meanwhile.
 */
#pragma once

#include "api/collector/spec.h"

typedef enum ToldKind {
        TOLD_MISSING, /* the objects that were not there; object is NULL */
        TOLD_ENTER,
        TOLD_MODIFY,
        TOLD_LEAVE,
} ToldKind;

/* One thing that the client is told. */
typedef struct Told {
        Managed *filter; /* both references */
        Managed *object;
        ToldKind kind;
        VimValue *changes; /* TOLD_MODIFY: of PropertyChange */
} Told;

void told_clear(Told *told);

typedef struct Filter Filter;

/* Takes neither. managed is the filter's own object, and gets it as its subject. */
void filter_attach(Managed *managed, Spec *spec, bool partial_updates, Session *session);
/* Lets go of everything; the object stays. */
void filter_detach(Managed *managed);

/* All is new again. */
void filter_restart(Managed *managed);
/*
 * Adds to items (of Told) what has happened since the last call, as long as there is room: of objects,
 * counted down. Returns whether there is more.
 */
bool filter_collect(Managed *managed, GArray *items, unsigned *room);

/*
 * What is sent of it: an ObjectUpdate. The same again as long as filter_collect() was not called since.
 * NULL: the filter is not there any more.
 */
VimValue *filter_update_of(const Told *told);
/* References to the objects that were not there, as MissingObject; NULL: none. */
VimValue *filter_missing(const Managed *managed);
