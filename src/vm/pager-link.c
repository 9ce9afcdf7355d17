/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One request is under way at a time; the figures of the subscription come in between. */
#include "vm/pager-link.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "pager-client/message.h"

#define KINDS    (AEROSTAT_PAGER_SET_MERGEABLE + 1)
#define RETRY_US (60 * G_USEC_PER_SEC)

typedef struct Order {
        bool given;   /* at least once */
        bool pending; /* not sent yet */
        uint64_t value[2];
        int64_t retry_us; /* refused: not sent again before; 0: was not */
} Order;

struct PagerLink {
        char *path;
        int fd;
        pid_t pid;
        guint in_source;
        guint out_source; /* while the socket has no room */
        const PagerLinkEvents *events;
        gpointer user_data;

        uint64_t serial;
        struct aerostat_pager_request request; /* the one under way; type 0: none */
        struct aerostat_pager_request subscription;
        Order orders[KINDS];
        struct aerostat_pager_stats stats;
};

static gboolean on_out(gint fd, GIOCondition condition, gpointer user_data);

/* The owner may free the link in the callback. */
static void lose(PagerLink *link, const char *reason)
{
        g_clear_handle_id(&link->in_source, g_source_remove);
        g_clear_handle_id(&link->out_source, g_source_remove);
        link->events->lost(link, reason, link->user_data);
}

/* Sends the next order when none is under way. False: the link is lost. */
static bool send_next(PagerLink *link)
{
        enum aerostat_pager_request_type type;
        struct aerostat_pager_request request;
        ssize_t n;

        if (link->request.type != 0)
                return true;
        for (type = 1; type < KINDS && !link->orders[type].pending; type++)
                ;
        if (type == KINDS)
                return true;

        pager_request_init(&request, type, ++link->serial, link->orders[type].value[0],
                           link->orders[type].value[1]);
        n = send(link->fd, &request, sizeof(request), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n == (ssize_t)sizeof(request)) {
                link->orders[type].pending = false;
                link->request = request;
                if (type == AEROSTAT_PAGER_SUBSCRIBE)
                        link->subscription = request;
                return true;
        }
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
                if (link->out_source == 0)
                        link->out_source = g_unix_fd_add(link->fd, G_IO_OUT, on_out, link);
                return true;
        }
        lose(link, n < 0 ? g_strerror(errno) : "a request was cut short");
        return false;
}

static gboolean on_out(gint fd, GIOCondition condition, gpointer user_data)
{
        PagerLink *link = user_data;

        (void)fd;
        (void)condition;
        link->out_source = 0;
        (void)send_next(link);
        return G_SOURCE_REMOVE;
}

/* Takes one message. False: the link is lost. */
static bool take(PagerLink *link, const struct aerostat_pager_reply *reply, size_t length)
{
        g_autofree char *problem = NULL;
        bool answers =
                link->request.type != 0 && length == sizeof(*reply) && reply->serial == link->request.serial;
        enum aerostat_pager_request_type type = answers ? link->request.type : AEROSTAT_PAGER_SUBSCRIBE;

        if (!pager_reply_check(reply, length, answers ? &link->request : &link->subscription, &problem)) {
                lose(link, problem);
                return false;
        }
        link->stats = reply->stats;
        if (answers)
                link->request.type = 0;
        if (reply->error != 0) {
                g_autofree char *message = g_strescape(reply->message, NULL);

                /* Unless another one of its kind has been given since. */
                if (!link->orders[type].pending)
                        link->orders[type].retry_us = g_get_monotonic_time() + RETRY_US;
                link->events->refused(link, type, message, link->user_data);
        }
        if (answers && !send_next(link))
                return false;
        link->events->stats(link, &link->stats, link->user_data);
        return true;
}

static gboolean on_in(gint fd, GIOCondition condition, gpointer user_data)
{
        PagerLink *link = user_data;
        struct aerostat_pager_reply reply;
        ssize_t n;

        (void)condition;
        n = recv(fd, &reply, sizeof(reply), MSG_DONTWAIT | MSG_TRUNC);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
                return G_SOURCE_CONTINUE;
        if (n <= 0) {
                lose(link, n < 0 ? g_strerror(errno) : "the pager closed the connection");
                return G_SOURCE_REMOVE;
        }
        return take(link, &reply, (size_t)n) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static int open_socket(const char *path, pid_t *ret_pid, GError **error)
{
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        struct ucred peer = {0};
        socklen_t size = sizeof(peer);
        int fd;

        if (g_strlcpy(address.sun_path, path, sizeof(address.sun_path)) >= sizeof(address.sun_path)) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG, "%s: longer than %zu bytes",
                            path, sizeof(address.sun_path) - 1);
                return -1;
        }
        fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 ||
            getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) {
                g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(errno), "%s: %s", path,
                            g_strerror(errno));
                if (fd >= 0)
                        (void)close(fd);
                return -1;
        }
        *ret_pid = peer.pid;
        return fd;
}

PagerLink *pager_link_new(const char *path, const PagerLinkEvents *events, gpointer user_data,
                          GError **error)
{
        pid_t pid = 0;
        int fd = open_socket(path, &pid, error);
        PagerLink *link;

        if (fd < 0)
                return NULL;
        link = g_new0(PagerLink, 1);
        link->path = g_strdup(path);
        link->fd = fd;
        link->pid = pid;
        link->events = events;
        link->user_data = user_data;
        link->in_source = g_unix_fd_add(fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_in, link);
        return link;
}

void pager_link_free(PagerLink *link)
{
        if (link == NULL)
                return;
        g_clear_handle_id(&link->in_source, g_source_remove);
        g_clear_handle_id(&link->out_source, g_source_remove);
        (void)close(link->fd);
        g_free(link->path);
        g_free(link);
}

void pager_link_set_owner(PagerLink *link, gpointer user_data)
{
        link->user_data = user_data;
}

const char *pager_link_path(const PagerLink *link)
{
        return link->path;
}

pid_t pager_link_pid(const PagerLink *link)
{
        return link->pid;
}

void pager_link_set_interval(PagerLink *link, unsigned interval_ms)
{
        pager_link_order(link, AEROSTAT_PAGER_SUBSCRIBE, interval_ms, 0);
}

void pager_link_order(PagerLink *link, enum aerostat_pager_request_type type, uint64_t value0,
                      uint64_t value1)
{
        Order *order = &link->orders[type];

        if (link->in_source == 0 ||
            (order->given && order->value[0] == value0 && order->value[1] == value1 &&
             (order->retry_us == 0 || g_get_monotonic_time() < order->retry_us)))
                return;
        *order = (Order){.given = true, .pending = true, .value = {value0, value1}};
        /* From the main loop, so that the owner is never called back from within an order. */
        if (link->request.type == 0 && link->out_source == 0)
                link->out_source = g_unix_fd_add(link->fd, G_IO_OUT, on_out, link);
}
