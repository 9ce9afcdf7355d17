/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * HistoryCollectors: a position in all tasks or events that match a filter, and the page of the newest ones.
 *
 * Items have numbers that grow. The position lies behind an item: what comes next has a greater number.
 */
#pragma once

#include "api/request.h"

/* Of one client, of tasks and of events together. */
#define HISTORY_COLLECTORS_MAX 32

/* Items in one answer, and in the latest page. */
#define HISTORY_PAGE_MAX     1000
#define HISTORY_PAGE_DEFAULT 10

typedef struct HistoryKind {
        const char *type; /* "EventHistoryCollector" */
        const char *item; /* "Event" */
        /*
         * The nearest item that matches: the smallest number above from, or (back) the greatest that is not
         * above it. 0: none.
         */
        int64_t (*step)(Api *api, gconstpointer filter, int64_t from, bool back);
        bool (*matches)(Api *api, gconstpointer filter, int64_t number);
        /* One item; NULL: it is there no more. filter: some say what is in an item. */
        VimValue *(*read)(Api *api, gconstpointer filter, int64_t number);
        GDestroyNotify free_filter;
} HistoryKind;

/* Answers with a new collector of the session that asks. filter is taken, value (as the client gave it) not.
 */
void history_create(Request *request, const HistoryKind *kind, gpointer filter, const VimValue *value);

/* Methods of it. */
void history_read_next(Request *request);
void history_read_previous(Request *request);

/* The item is new, or is another now: the latest pages are put right. */
void histories_changed(Api *api, const HistoryKind *kind, int64_t number);
