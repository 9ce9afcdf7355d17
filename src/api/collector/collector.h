/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A PropertyCollector of a session: its filters, the versions of what its client was told, and the call that
 * waits. The one that the service content names stands for another of each session, made when it is needed.
 *
 * Versions: each UpdateSet makes the next one. What the last one told is kept until the client shows, by
 * asking with its version, that it has it; who asks with the version before that gets the same again.
 *
 *   version N-1 ──UpdateSet (kept)──> version N ──asked with N: forgotten, collect──> ...
 *        └──asked with N-1: the same again──┘        "" ──> everything enters anew
 */
#pragma once

#include "api/collector/filter.h"

/* Calls with tokens that go on later, of one collector; the oldest is given up for another. */
#define COLLECTOR_RETRIEVALS_MAX 16

typedef struct Collector {
        Api *api;
        Managed *managed; /* what it is the subject of */
        Session *session;
        bool is_default;
        GPtrArray *filters;  /* of Managed *, references */
        char nonce[20];      /* what its versions begin with */
        uint64_t version;    /* of the last UpdateSet; 0: there was none */
        bool truncated;      /* that one */
        GArray *told;        /* what it told, of Told; NULL: the client has it */
        bool told_afresh;    /* it followed on "" */
        bool told_truncated; /* it followed on a truncated one */
        Request *waiting;
        bool waiting_afresh; /* with "" */
        bool is_ready;       /* queued to be looked at, or being looked at */
        unsigned waiting_max;
        guint timer;
        GQueue retrievals; /* retrieve.c's own */
} Collector;

/* The one that a request is for. NULL: the session has too many objects, and the request was answered. */
Collector *collector_of(Request *request);

/* === update.c: calls that ask for updates === */

/* At the module's start and end. */
void updates_start(Api *api);
void updates_stop(Api *api);

void updates_check(Request *request);
void updates_wait(Request *request);
void updates_wait_ex(Request *request);
void updates_cancel(Request *request);
/* A collector has another filter. */
void updates_changed(Collector *collector);
/* The call that waits, if there is one, ends so. */
void updates_end_wait(Collector *collector, const char *why);
/* UpdateSets that were told are not needed any more. */
void updates_forget(Collector *collector);

/* === retrieve.c === */

void retrieve_properties(Request *request);
void retrieve_properties_ex(Request *request);
void retrieve_continue(Request *request);
void retrieve_cancel(Request *request);
void retrieve_fetch(Request *request);
/* Tokens that were given out are not good any more. */
void retrieve_forget(Collector *collector);
