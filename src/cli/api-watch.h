/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is looked at while a call waits for its answer: keys, and the signals that end the process. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

typedef struct ApiWatch {
        int fd;
        bool (*on_input)(gpointer data); /* of fd; true: the wait is over. NULL: nothing is watched */
        gpointer data;
        int ended_by; /* the signal that came, known when the wait is over; 0: none */

        GCancellable *cancellable; /* during the wait */
        GSource *sources[2];       /* of fd, of signals */
        bool caught[2];
} ApiWatch;

/*
 * cancellable is cancelled when the wait is to be over. signals: SIGINT and SIGTERM are taken, where they
 * would end the process; who waits for them himself, or ignores them, keeps them.
 */
void api_watch_begin(ApiWatch *watch, GMainContext *context, GCancellable *cancellable, bool signals);
void api_watch_end(ApiWatch *watch);
