/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the module of guest operations keeps. The main thread only. */
#pragma once

#include <glib.h>

typedef struct GuestModule {
        GThreadPool *threads;
        GHashTable *per_vm; /* uuid to how much is under way */
        unsigned n_works;
        gint stopping;         /* atomic: threads give up */
        GQueue started;        /* of Started *: programs that were started here, newest last */
        GHashTable *transfers; /* id to GuestTransfer */
        unsigned last_transfer;
        guint sweep_source;
        char *base; /* of the URLs of transfers */
} GuestModule;

void guest_threads_start(GuestModule *module);
void guest_threads_stop(GuestModule *module);
