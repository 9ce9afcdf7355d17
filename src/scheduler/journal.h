/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events: what happened and why, for the inventory and for the daemon's log. */
#pragma once

#include "inventory/inventory.h"

typedef struct Journal Journal;

Journal *journal_new(Inventory *inventory);
void journal_free(Journal *journal);

/* Called after each event that was kept; one listener. */
void journal_listen(Journal *journal, void (*added)(gpointer user_data), gpointer user_data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Journal, journal_free)

/*
 * type: state, reclaim, balloon, limit, stop, resume, share, vm, setting, daemon, error; of operations also
 * task and question. vm: NULL or a name. How messages begin says to the API's clients what kind of event it
 * is: api/manager/event-kind.c.
 */
void journal_add(Journal *journal, const char *type, const char *vm, const char *format, ...)
        __attribute__((format(printf, 4, 5)));
