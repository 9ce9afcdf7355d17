/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/api-watch.h"

#include <glib-unix.h>
#include <signal.h>

static gboolean on_input(gint fd, GIOCondition condition, gpointer data)
{
        ApiWatch *watch = data;

        (void)fd;
        if ((condition & (G_IO_HUP | G_IO_ERR | G_IO_NVAL)) == 0 && !watch->on_input(watch->data))
                return G_SOURCE_CONTINUE;
        g_cancellable_cancel(watch->cancellable);
        return G_SOURCE_REMOVE;
}

static gboolean end(ApiWatch *watch, int number)
{
        watch->ended_by = number;
        g_cancellable_cancel(watch->cancellable);
        return G_SOURCE_CONTINUE;
}

static gboolean on_interrupt(gpointer data)
{
        return end(data, SIGINT);
}

static gboolean on_terminate(gpointer data)
{
        return end(data, SIGTERM);
}

/* NULL: it is somebody else's. */
static GSource *watch_signal(ApiWatch *watch, int number, GSourceFunc function)
{
        struct sigaction now;
        GSource *source;

        if (sigaction(number, NULL, &now) != 0 || now.sa_handler != SIG_DFL)
                return NULL;
        source = g_unix_signal_source_new(number);
        g_source_set_callback(source, function, watch, NULL);
        return source;
}

void api_watch_begin(ApiWatch *watch, GMainContext *context, GCancellable *cancellable, bool signals)
{
        watch->cancellable = cancellable;
        if (watch->on_input != NULL) {
                watch->sources[0] = g_unix_fd_source_new(watch->fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
                g_source_set_callback(watch->sources[0], G_SOURCE_FUNC(on_input), watch, NULL);
        }
        if (signals) {
                watch->sources[1] = watch_signal(watch, SIGINT, on_interrupt);
                watch->sources[2] = watch_signal(watch, SIGTERM, on_terminate);
        }
        for (unsigned i = 0; i < G_N_ELEMENTS(watch->sources); i++)
                if (watch->sources[i] != NULL)
                        g_source_attach(watch->sources[i], context);
}

void api_watch_end(ApiWatch *watch)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(watch->sources); i++)
                if (watch->sources[i] != NULL) {
                        g_source_destroy(watch->sources[i]);
                        g_clear_pointer(&watch->sources[i], g_source_unref);
                }
        watch->cancellable = NULL;
}
