/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Each side is read when what came from it last was written to the other, so of each direction a buffer is
 * kept and no more.
 */
#include "vm/console-serial.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER_BYTES 4096
#define WOULD_BLOCK  (-2) /* of libvirt's streams */

typedef struct Buffer {
        char bytes[BUFFER_BYTES];
        size_t start, size; /* what is left of it */
} Buffer;

typedef struct Pass {
        unsigned references; /* its own, and the stream's callback's */
        virStreamPtr stream;
        int fd;
        guint source; /* of the socket; 0: nothing is waited for there */
        GIOCondition waited;
        Buffer from_guest, to_guest;
        bool has_ended;
} Pass;

static void pass_unref(void *data)
{
        Pass *pass = data;

        if (--pass->references == 0)
                g_free(pass);
}

/*
 * Opening by force ends the stream that has the port, in libvirt, with the locks taken in the other order
 * than by who ends that stream himself: the two at once can wait for each other for ever, and the VM with
 * them.
 */
static GMutex opening;

bool console_serial_open(virDomainPtr domain, virStreamPtr stream)
{
        bool opened;

        g_mutex_lock(&opening);
        opened = virDomainOpenConsole(domain, NULL, stream, VIR_DOMAIN_CONSOLE_FORCE) == 0;
        g_mutex_unlock(&opening);
        return opened;
}

/* libvirt may wait for an answer to this. */
static gpointer give_up_stream(gpointer data)
{
        virStreamPtr stream = data;

        g_mutex_lock(&opening);
        (void)virStreamAbort(stream);
        g_mutex_unlock(&opening);
        (void)virStreamFree(stream);
        return NULL;
}

static gboolean end(gpointer user_data)
{
        Pass *pass = user_data;

        (void)virStreamEventRemoveCallback(pass->stream);
        if (pass->source != 0)
                (void)g_source_remove(pass->source);
        (void)close(pass->fd);
        g_thread_unref(g_thread_new("console-end", give_up_stream, pass->stream));
        pass_unref(pass);
        return G_SOURCE_REMOVE;
}

/* Not from within the callback that is to be removed. */
static void end_soon(Pass *pass)
{
        if (pass->has_ended)
                return;
        pass->has_ended = true;
        /* A stream that has ended calls back again and again until its callback is gone: not after that. */
        (void)g_idle_add_full(G_PRIORITY_HIGH, end, pass, NULL);
}

/* === moving === */

static void used(Buffer *buffer, size_t n)
{
        buffer->start += n;
        buffer->size -= n;
}

static void filled(Buffer *buffer, size_t n)
{
        buffer->start = 0;
        buffer->size = n;
}

static bool is_later(void)
{
        return errno == EAGAIN || errno == EINTR;
}

/* These four: false when the other side has ended. */
static bool receive(Pass *pass)
{
        int n = pass->from_guest.size > 0
                        ? WOULD_BLOCK
                        : virStreamRecv(pass->stream, pass->from_guest.bytes, BUFFER_BYTES);

        if (n > 0)
                filled(&pass->from_guest, (size_t)n);
        return n > 0 || n == WOULD_BLOCK;
}

static bool hand_out(Pass *pass)
{
        Buffer *buffer = &pass->from_guest;
        ssize_t n = buffer->size > 0
                            ? send(pass->fd, buffer->bytes + buffer->start, buffer->size, MSG_NOSIGNAL)
                            : 0;

        if (n > 0)
                used(buffer, (size_t)n);
        return n >= 0 || is_later();
}

static bool take_in(Pass *pass)
{
        ssize_t n;

        if (pass->to_guest.size > 0)
                return true;
        n = recv(pass->fd, pass->to_guest.bytes, BUFFER_BYTES, 0);
        if (n > 0)
                filled(&pass->to_guest, (size_t)n);
        return n > 0 || (n < 0 && is_later());
}

static bool type(Pass *pass)
{
        Buffer *buffer = &pass->to_guest;
        int n = buffer->size > 0 ? virStreamSend(pass->stream, buffer->bytes + buffer->start, buffer->size)
                                 : 0;

        if (n > 0)
                used(buffer, (size_t)n);
        return n >= 0 || n == WOULD_BLOCK;
}

/* === waiting === */

static gboolean on_socket(gint fd, GIOCondition condition, gpointer user_data);

static void wait_for_socket(Pass *pass)
{
        GIOCondition wanted =
                (pass->to_guest.size == 0 ? G_IO_IN : 0) | (pass->from_guest.size > 0 ? G_IO_OUT : 0);

        if (wanted == pass->waited && pass->source != 0)
                return;
        if (pass->source != 0)
                (void)g_source_remove(pass->source);
        pass->waited = wanted;
        pass->source = g_unix_fd_add(pass->fd, wanted, on_socket, pass);
}

static void wait_for_both(Pass *pass)
{
        int wanted = VIR_STREAM_EVENT_ERROR | VIR_STREAM_EVENT_HANGUP |
                     (pass->from_guest.size == 0 ? VIR_STREAM_EVENT_READABLE : 0) |
                     (pass->to_guest.size > 0 ? VIR_STREAM_EVENT_WRITABLE : 0);

        wait_for_socket(pass);
        if (virStreamEventUpdateCallback(pass->stream, wanted) < 0)
                end_soon(pass);
}

static gboolean on_socket(gint fd, GIOCondition condition, gpointer user_data)
{
        Pass *pass = user_data;
        bool goes_on = !pass->has_ended;

        (void)fd;
        if (goes_on && (condition & (G_IO_IN | G_IO_HUP | G_IO_ERR)) != 0)
                goes_on = take_in(pass) && type(pass);
        if (goes_on && (condition & G_IO_OUT) != 0)
                goes_on = hand_out(pass);
        if (!goes_on) {
                pass->source = 0;
                end_soon(pass);
                return G_SOURCE_REMOVE;
        }
        wait_for_both(pass);
        return G_SOURCE_CONTINUE;
}

static void on_stream(virStreamPtr stream, int events, void *opaque)
{
        Pass *pass = opaque;

        (void)stream;
        if (pass->has_ended)
                return;
        if ((events & VIR_STREAM_EVENT_WRITABLE) != 0 && !type(pass)) {
                end_soon(pass);
                return;
        }
        /* What was said last may still be there when the stream has ended. */
        if (!receive(pass) || !hand_out(pass) ||
            ((events & (VIR_STREAM_EVENT_ERROR | VIR_STREAM_EVENT_HANGUP)) != 0 &&
             (events & VIR_STREAM_EVENT_READABLE) == 0))
                end_soon(pass);
        else
                wait_for_both(pass);
}

static gboolean begin(gpointer user_data)
{
        Pass *pass = user_data;

        pass->references++;
        if (virStreamEventAddCallback(pass->stream,
                                      VIR_STREAM_EVENT_READABLE | VIR_STREAM_EVENT_ERROR |
                                              VIR_STREAM_EVENT_HANGUP,
                                      on_stream, pass, pass_unref) < 0) {
                pass->references--;
                end_soon(pass);
        } else {
                wait_for_socket(pass);
        }
        return G_SOURCE_REMOVE;
}

void console_serial_pass(virStreamPtr stream, int fd)
{
        Pass *pass = g_new0(Pass, 1);

        pass->references = 1;
        pass->stream = stream;
        pass->fd = fd;
        (void)g_idle_add(begin, pass);
        // cppcheck-suppress memleak ; who it was given to frees it
}
