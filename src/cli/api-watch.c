/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/api-watch.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

static gboolean on_input(gint fd, GIOCondition condition, gpointer data)
{
        ApiWatch *watch = data;

        (void)fd;
        if ((condition & (G_IO_HUP | G_IO_ERR | G_IO_NVAL)) == 0 && !watch->on_input(watch->data))
                return G_SOURCE_CONTINUE;
        g_cancellable_cancel(watch->cancellable);
        return G_SOURCE_REMOVE;
}

/*
 * Not GLib's source for signals: one that came shortly before that is destroyed is passed on by a thread of
 * GLib's, which finds it gone, and is lost.
 */
static volatile sig_atomic_t came; /* its number */
static int doorbell = -1;

static void on_signal(int number)
{
        const uint64_t one = 1;
        int error = errno;

        came = number;
        (void)!write(doorbell, &one, sizeof(one));
        errno = error;
}

static gboolean on_doorbell(gint fd, GIOCondition condition, gpointer data)
{
        ApiWatch *watch = data;

        (void)fd;
        (void)condition;
        g_cancellable_cancel(watch->cancellable);
        return G_SOURCE_REMOVE;
}

static const int ending[] = {SIGINT, SIGTERM};

static void catch_signals(ApiWatch *watch)
{
        struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART}, now;

        if (doorbell < 0)
                doorbell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (doorbell < 0)
                return;
        for (unsigned i = 0; i < G_N_ELEMENTS(ending); i++) {
                /* Another one is somebody else's. */
                if (sigaction(ending[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
                        watch->caught[i] = sigaction(ending[i], &action, NULL) == 0;
        }
        watch->sources[1] = g_unix_fd_source_new(doorbell, G_IO_IN);
        g_source_set_callback(watch->sources[1], G_SOURCE_FUNC(on_doorbell), watch, NULL);
}

/* From then on they end the process at once; whichever came before is known. */
static void release_signals(ApiWatch *watch)
{
        const struct sigaction action = {.sa_handler = SIG_DFL};
        uint64_t rung;

        for (unsigned i = 0; i < G_N_ELEMENTS(ending); i++) {
                if (watch->caught[i])
                        (void)sigaction(ending[i], &action, NULL);
                watch->caught[i] = false;
        }
        if (came != 0) {
                watch->ended_by = came;
                came = 0;
                (void)!read(doorbell, &rung, sizeof(rung));
        }
}

void api_watch_begin(ApiWatch *watch, GMainContext *context, GCancellable *cancellable, bool signals)
{
        watch->cancellable = cancellable;
        if (watch->on_input != NULL) {
                watch->sources[0] = g_unix_fd_source_new(watch->fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
                g_source_set_callback(watch->sources[0], G_SOURCE_FUNC(on_input), watch, NULL);
        }
        if (signals)
                catch_signals(watch);
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
        release_signals(watch);
        watch->cancellable = NULL;
}
