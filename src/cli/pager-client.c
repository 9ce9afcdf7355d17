/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Connections to pagers. Nothing here blocks but one poll() for all of them: a VMM that is stopped
 * accepts connections as long as its backlog has room and then answers nothing at all.
 */
#include "cli/pager-client.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/output.h"
#include "pager-client/message.h"

#define BACKLOG_RETRY_MS 10

PagerPeer *pager_peer_new(const char *path)
{
        PagerPeer *peer = g_new0(PagerPeer, 1);
        const char *base = strrchr(path, '/');
        char *end = NULL;
        guint64 pid;

        peer->path = g_strdup(path);
        peer->fd = peer->pinned = -1;

        base = base != NULL ? base + 1 : path;
        pid = g_ascii_isdigit(base[0]) ? g_ascii_strtoull(base, &end, 10) : 0;
        if (end != NULL && strcmp(end, ".sock") == 0 && pid <= INT_MAX)
                peer->path_pid = (pid_t)pid;
        return peer;
}

void pager_peer_disconnect(PagerPeer *peer)
{
        if (peer->fd >= 0)
                (void)close(peer->fd);
        peer->fd = -1;
        peer->state = PAGER_PEER_IDLE;
        g_clear_pointer(&peer->problem, g_free);
}

void pager_peer_free(PagerPeer *peer)
{
        if (peer == NULL)
                return;
        pager_peer_disconnect(peer);
        if (peer->pinned >= 0)
                (void)close(peer->pinned);
        g_free(peer->path);
        g_free(peer);
}

char *pager_peer_label(const PagerPeer *peer)
{
        if (peer->known && peer->reply.stats.name[0] != '\0')
                return cli_escape(peer->reply.stats.name);
        if (peer->path_pid > 0)
                return g_strdup_printf("PID %d", peer->path_pid);
        return cli_escape(peer->path);
}

static void fail(PagerPeer *peer, PagerPeerState state, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
static void fail(PagerPeer *peer, PagerPeerState state, const char *format, ...)
{
        va_list arguments;

        pager_peer_disconnect(peer);
        va_start(arguments, format);
        peer->problem = g_strdup_vprintf(format, arguments);
        va_end(arguments);
        peer->state = state;
}

void pager_peer_ask(PagerPeer *peer, enum aerostat_pager_request_type type, uint64_t value0, uint64_t value1)
{
        g_assert(peer->state == PAGER_PEER_IDLE || peer->state == PAGER_PEER_ANSWERED);

        pager_request_init(&peer->request, type, peer->request.serial + 1, value0, value1);
        peer->state = PAGER_PEER_ASKED;
}

bool pager_peer_receive(PagerPeer *peer)
{
        struct aerostat_pager_reply reply;
        g_autofree char *problem = NULL;
        ssize_t n;

        /* MSG_TRUNC: the true length of a longer message, which recv() would cut to fit. */
        do
                n = recv(peer->fd, &reply, sizeof(reply), MSG_DONTWAIT | MSG_TRUNC);
        while (n < 0 && errno == EINTR);

        if (n < 0 && errno == EAGAIN)
                return false;
        if (n < 0 && errno != ECONNRESET) {
                fail(peer, PAGER_PEER_CLOSED, "cannot receive: %s", g_strerror(errno));
        } else if (n <= 0) {
                fail(peer, PAGER_PEER_CLOSED,
                     "the connection was closed: only root and the VM's own "
                     "user may ask, %d at a time",
                     AEROSTAT_PAGER_CLIENTS_MAX);
        } else if (!pager_reply_check(&reply, (size_t)n, &peer->request, &problem)) {
                fail(peer, PAGER_PEER_GARBLED, "%s", problem);
        } else {
                peer->reply = reply;
                peer->known = true;
                peer->state = PAGER_PEER_ANSWERED;
                return true;
        }
        return false;
}

static bool listens_as(int fd, uid_t owner)
{
        struct ucred peer;
        socklen_t length = sizeof(peer);

        return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 && peer.uid == owner;
}

/* Leaves fd at -1 without failing when the backlog is full, which poll() cannot wait for. */
static void try_connect(PagerPeer *peer)
{
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        int fd;

        if (strlen(peer->path) >= sizeof(address.sun_path)) {
                fail(peer, PAGER_PEER_DENIED, "the socket's path is longer than %zu bytes",
                     sizeof(address.sun_path) - 1);
                return;
        }
        if (peer->pinned >= 0)
                (void)snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d", peer->pinned);
        else
                g_strlcpy(address.sun_path, peer->path, sizeof(address.sun_path));

        fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd < 0) {
                fail(peer, PAGER_PEER_DENIED, "cannot make a socket: %s", g_strerror(errno));
                return;
        }
        if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0) {
                peer->fd = fd;
                if (peer->pinned >= 0 && !listens_as(fd, peer->owner))
                        fail(peer, PAGER_PEER_DENIED,
                             "what listens there is another user's than the socket");
                return;
        }

        int error = errno;
        (void)close(fd);
        if (error == ECONNREFUSED || error == ENOENT)
                fail(peer, PAGER_PEER_GONE, "nobody listens there");
        else if (error == EPROTOTYPE || error == ENOTSOCK)
                fail(peer, PAGER_PEER_GARBLED, "what listens there is not a pager");
        else if (error != EAGAIN && error != EINTR)
                fail(peer, PAGER_PEER_DENIED, "cannot connect: %s", g_strerror(error));
}

static void try_send(PagerPeer *peer)
{
        ssize_t n = send(peer->fd, &peer->request, sizeof(peer->request), MSG_DONTWAIT | MSG_NOSIGNAL);

        /* A pager that closed may have left its reason to be read. */
        if (n == (ssize_t)sizeof(peer->request) || errno == EPIPE || errno == ECONNRESET)
                peer->state = PAGER_PEER_WAITING;
        else if (errno != EAGAIN && errno != EINTR)
                fail(peer, PAGER_PEER_CLOSED, "cannot send: %s", g_strerror(errno));
}

static void advance(PagerPeer *peer)
{
        if (peer->state == PAGER_PEER_ASKED && peer->fd < 0)
                try_connect(peer);
        if (peer->state == PAGER_PEER_ASKED && peer->fd >= 0)
                try_send(peer);
        if (peer->state == PAGER_PEER_WAITING)
                (void)pager_peer_receive(peer);
}

/* A host with thousands of VMs needs as many connections; the usual soft limit is 1024. */
void pager_allow_files(unsigned n)
{
        struct rlimit limit;

        if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= n + 64)
                return;
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
}

static bool is_pending(const PagerPeer *peer)
{
        return peer->state == PAGER_PEER_ASKED || peer->state == PAGER_PEER_WAITING;
}

/* One look at those still pending: all of them, or those that poll() found ready. */
static void advance_all(GPtrArray *pending, const struct pollfd *ready)
{
        for (unsigned i = pending->len; i-- > 0;) {
                PagerPeer *peer = pending->pdata[i];

                if (ready == NULL || ready[i].fd < 0 || ready[i].revents != 0)
                        advance(peer);
                if (!is_pending(peer))
                        g_ptr_array_remove_index_fast(pending, i);
        }
}

/* ret_fds is in the order of pending; those without a connection have -1, which poll() leaves out. */
static bool collect_fds(const GPtrArray *pending, GArray *ret_fds)
{
        bool unconnected = false;

        g_array_set_size(ret_fds, 0);
        for (unsigned i = 0; i < pending->len; i++) {
                const PagerPeer *peer = pending->pdata[i];
                const struct pollfd fd = {
                        .fd = peer->fd,
                        .events = peer->state == PAGER_PEER_ASKED ? POLLOUT : POLLIN,
                };

                unconnected = unconnected || peer->fd < 0;
                g_array_append_val(ret_fds, fd);
        }
        return unconnected;
}

void pager_peers_exchange(GPtrArray *peers, uint64_t timeout_ms)
{
        gint64 deadline = g_get_monotonic_time() + (gint64)timeout_ms * 1000;
        g_autoptr(GPtrArray) pending = g_ptr_array_new(); /* borrowed */
        g_autoptr(GArray) fds = g_array_new(FALSE, FALSE, sizeof(struct pollfd));

        pager_allow_files(2 * peers->len);
        for (unsigned i = 0; i < peers->len; i++)
                if (is_pending(peers->pdata[i]))
                        g_ptr_array_add(pending, peers->pdata[i]);

        advance_all(pending, NULL);
        while (pending->len > 0) {
                gint64 left_ms = (deadline - g_get_monotonic_time() + 999) / 1000;
                struct pollfd *ready;

                if (left_ms <= 0)
                        break;
                if (collect_fds(pending, fds))
                        left_ms = MIN(left_ms, BACKLOG_RETRY_MS);
                ready = (struct pollfd *)(void *)fds->data;
                if (poll(ready, fds->len, (int)MIN(left_ms, INT_MAX)) >= 0)
                        advance_all(pending, ready);
        }
        for (unsigned i = 0; i < pending->len; i++)
                fail(pending->pdata[i], PAGER_PEER_SILENT, "no answer within %g s; is it stopped?",
                     (double)timeout_ms / 1000);
}
