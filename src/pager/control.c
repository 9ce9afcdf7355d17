/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server side of the control socket: a thread, a few connections, one message at a time. */
#include "pager/control.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/macro.h"
#include "base/sys.h"
#include "base/thread.h"
#include "pager/pager.h"

#define RETRY_NS 100000000u /* what the system has none left of is asked for again after this time */

/* What a guest does may call for a limit sooner than figures are due, but not all the time. */
#define BURST_EVERY_NS 25000000u

#define SUBSCRIBE_MIN_MS 100u
#define SUBSCRIBE_MAX_MS 3600000u

/* A client that asks more often waits for the next window, and harms nobody. */
#define WINDOW_NS           100000000u
#define REQUESTS_PER_WINDOW 64u

struct client {
        int fd;
        uint32_t interval_ms; /* of its subscription; 0: none */
        uint64_t serial;      /* of its subscription */
        uint64_t next_ns;     /* when its next figures are due */
        uint64_t window_ns;   /* when the present window ends */
        unsigned requests;    /* in it */
};

struct control {
        struct aerostat_pager *pager;
        int listener;
        int stop;             /* eventfd */
        uint64_t burst_ns;    /* bursts are not looked at before */
        uint64_t accept_ns;   /* nobody is admitted before: there is nothing to do it with */
        _Atomic(bool) ending; /* for a thread that poll() does not tell */
        pthread_t thread;
        struct client clients[AEROSTAT_PAGER_CLIENTS_MAX];
        struct sockaddr_un address;
        struct stat made; /* the socket that is ours */
};

static void explain(struct aerostat_pager_reply *reply, int error, const char *message)
{
        reply->error = error;
        (void)snprintf(reply->message, sizeof(reply->message), "%s", message);
}

static void carry_out(struct aerostat_pager *pager, const struct aerostat_pager_request *request,
                      struct aerostat_pager_reply *reply, uint32_t *ret_interval_ms)
{
        const uint64_t *v = request->value;
        char text[AEROSTAT_PAGER_REASON_MAX];
        int r = 0;

        switch (request->type) {
        case AEROSTAT_PAGER_GET_STATS:
                break;
        case AEROSTAT_PAGER_SET_LIMIT:
                r = aerostat_pager_set_limit(pager, v[0]);
                if (r < 0)
                        explain(reply, r, "limit: must be at least 4 MiB, or unlimited");
                break;
        case AEROSTAT_PAGER_SET_RESERVATION:
                r = aerostat_pager_set_reservation(pager, v[0]);
                if (r == -ENOSPC)
                        explain(reply, r,
                                "reservation: the swap file cannot grow by what it gives up: no "
                                "space left in its directory");
                else if (r == -EBUSY)
                        explain(reply, r,
                                "reservation: swapped pages are in the part of the swap file that "
                                "would be cut off; raise the limit first, so that they come back");
                else if (r < 0)
                        explain(reply, r, strerror_r(-r, text, sizeof(text)));
                break;
        case AEROSTAT_PAGER_SET_CACHE_PCT:
                r = v[0] > 100 ? -EINVAL : aerostat_pager_set_cache_pct(pager, (uint32_t)v[0]);
                if (r < 0)
                        explain(reply, r,
                                r == -EINVAL ? "cache: must be 0 to 100 percent of guest memory"
                                             : "cache: no address space for one that large");
                break;
        case AEROSTAT_PAGER_SET_CODEC:
                r = v[0] > UINT32_MAX ? -EINVAL : aerostat_pager_set_codec(pager, (uint32_t)v[0]);
                if (r < 0)
                        explain(reply, r, "codec: must be 0 (off), 1 (lz4) or 2 (zstd)");
                break;
        case AEROSTAT_PAGER_SET_SAMPLING:
                r = v[0] > UINT32_MAX || v[1] > UINT32_MAX
                            ? -EINVAL
                            : aerostat_pager_set_sampling(pager, (uint32_t)v[0], (uint32_t)v[1]);
                if (r < 0)
                        explain(reply, r,
                                "sampling: the period must be 0 (off) or 1000 to 3600000 ms, "
                                "the pages 1 to 1024");
                break;
        case AEROSTAT_PAGER_SET_MERGEABLE:
                r = v[0] > 1 ? -EINVAL : aerostat_pager_set_mergeable(pager, v[0]);
                if (r == -EINVAL)
                        explain(reply, r, "sharing: must be 0 (off) or 1 (on)");
                else if (r < 0)
                        explain(reply, r,
                                "sharing: this kernel has no KSM, or has no memory to part what is shared");
                break;
        case AEROSTAT_PAGER_SUBSCRIBE:
                if (v[0] && (v[0] < SUBSCRIBE_MIN_MS || v[0] > SUBSCRIBE_MAX_MS))
                        explain(reply, -EINVAL,
                                "subscription: the interval must be 0 (end) or 100 to 3600000 ms");
                else
                        *ret_interval_ms = (uint32_t)v[0];
                break;
        default:
                explain(reply, -EOPNOTSUPP, "unknown request; the pager is older than its client");
                break;
        }
}

bool control_answer(struct aerostat_pager *pager, const void *message, size_t size,
                    struct aerostat_pager_reply *ret_reply, uint32_t *ret_interval_ms)
{
        struct aerostat_pager_request request;
        bool well_formed = size == sizeof(request);

        memset(ret_reply, 0, sizeof(*ret_reply));
        ret_reply->magic = AEROSTAT_PAGER_MAGIC;
        ret_reply->version = AEROSTAT_PAGER_VERSION;
        if (well_formed) {
                memcpy(&request, message, sizeof(request));
                well_formed =
                        request.magic == AEROSTAT_PAGER_MAGIC && request.version == AEROSTAT_PAGER_VERSION;
                for (size_t i = 0; i < ARRAY_LENGTH(request.reserved); i++)
                        well_formed = well_formed && !request.reserved[i];
        }
        if (!well_formed) {
                explain(ret_reply, -EPROTO, "not a request of this protocol version");
        } else {
                ret_reply->type = request.type;
                ret_reply->serial = request.serial;
                carry_out(pager, &request, ret_reply, ret_interval_ms);
        }
        aerostat_pager_get_stats(pager, &ret_reply->stats);
        return well_formed;
}

static void drop(struct client *client)
{
        (void)close(client->fd);
        *client = (struct client){.fd = -1};
}

static void send_reply(struct client *client, const struct aerostat_pager_reply *reply)
{
        /* Who does not read what was sent is not waited for. */
        if (send(client->fd, reply, sizeof(*reply), MSG_DONTWAIT | MSG_NOSIGNAL) != (ssize_t)sizeof(*reply))
                drop(client);
}

static void serve(struct control *control, struct client *client, uint64_t now)
{
        struct aerostat_pager_reply reply;
        char message[sizeof(struct aerostat_pager_request) + 1];
        uint32_t interval = UINT32_MAX;
        bool keep;
        ssize_t n;

        n = recv(client->fd, message, sizeof(message), MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
                return;
        if (n <= 0) {
                drop(client);
                return;
        }
        client->requests++;
        keep = control_answer(control->pager, message, (size_t)n, &reply, &interval);
        if (interval != UINT32_MAX) {
                client->interval_ms = interval;
                client->serial = reply.serial;
                client->next_ns = now + (uint64_t)interval * 1000000u;
        }
        send_reply(client, &reply);
        if (!keep && client->fd >= 0)
                drop(client);
}

static void publish(struct control *control, struct client *client, uint64_t now)
{
        struct aerostat_pager_reply reply = {
                .magic = AEROSTAT_PAGER_MAGIC,
                .version = AEROSTAT_PAGER_VERSION,
                .type = AEROSTAT_PAGER_SUBSCRIBE,
                .serial = client->serial,
        };
        uint64_t step = (uint64_t)client->interval_ms * 1000000u;

        /* After a stall the missed ones are not made up for. */
        if (now >= client->next_ns)
                client->next_ns = MAX(client->next_ns + step, now);
        aerostat_pager_get_stats(control->pager, &reply.stats);
        send_reply(client, &reply);
}

static void admit(struct control *control, uint64_t now)
{
        struct ucred peer;
        socklen_t length = sizeof(peer);
        _cleanup_close_ int fd = accept4(control->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

        if (fd < 0) {
                /* Whoever waits keeps the listener ready to be read: it must not be looked at all the time.
                 */
                if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
                        control->accept_ns = now + RETRY_NS;
                return;
        }
        if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0 ||
            (peer.uid != geteuid() && peer.uid != 0))
                return;
        for (size_t i = 0; i < ARRAY_LENGTH(control->clients); i++) {
                if (control->clients[i].fd < 0) {
                        control->clients[i].fd = take_fd(&fd);
                        return;
                }
        }
}

/* Tells all that subscribed, whenever their next figures are due. */
static void tell_burst(struct control *control, uint64_t now)
{
        eventfd_t times;

        if (eventfd_read(control->pager->burst_event, &times) < 0)
                return;
        control->burst_ns = now + BURST_EVERY_NS;
        for (size_t i = 0; i < ARRAY_LENGTH(control->clients); i++) {
                if (control->clients[i].fd >= 0 && control->clients[i].interval_ms)
                        publish(control, &control->clients[i], now);
        }
}

static void nap(uint64_t ns)
{
        struct timespec ts = {.tv_nsec = (long)ns};

        (void)nanosleep(&ts, NULL);
}

static void *run(void *argument)
{
        struct control *control = argument;
        enum { STOP, LISTENER, BURST, CLIENTS };

        thread_is_ours = true;
        for (;;) {
                struct pollfd fds[CLIENTS + AEROSTAT_PAGER_CLIENTS_MAX];
                uint64_t now = monotonic_ns(), wake = UINT64_MAX;
                int timeout;

                fds[STOP] = (struct pollfd){.fd = control->stop, .events = POLLIN};
                fds[LISTENER] = (struct pollfd){.fd = now < control->accept_ns ? -1 : control->listener,
                                                .events = POLLIN};
                if (now < control->accept_ns)
                        wake = MIN(wake, control->accept_ns);
                fds[BURST] = (struct pollfd){
                        .fd = now < control->burst_ns ? -1 : control->pager->burst_event, .events = POLLIN};
                if (now < control->burst_ns)
                        wake = MIN(wake, control->burst_ns);
                for (size_t i = 0; i < ARRAY_LENGTH(control->clients); i++) {
                        struct client *client = &control->clients[i];
                        bool waits = client->requests >= REQUESTS_PER_WINDOW;

                        if (client->fd >= 0 && client->interval_ms)
                                wake = MIN(wake, client->next_ns);
                        if (client->fd >= 0 && waits)
                                wake = MIN(wake, client->window_ns);
                        fds[CLIENTS + i] = (struct pollfd){.fd = waits ? -1 : client->fd, .events = POLLIN};
                }
                timeout = wake == UINT64_MAX ? -1 : wake <= now ? 0 : (int)((wake - now) / 1000000u) + 1;
                if (poll(fds, ARRAY_LENGTH(fds), timeout) < 0) {
                        /* Out of memory, say. What the files are ready for is asked of each instead. */
                        if (errno != EINTR)
                                nap(RETRY_NS);
                        for (size_t i = 0; i < ARRAY_LENGTH(fds); i++)
                                fds[i].revents = i == STOP ? 0 : POLLIN;
                }
                if (fds[STOP].revents || atomic_load(&control->ending))
                        return NULL;
                now = monotonic_ns();
                for (size_t i = 0; i < ARRAY_LENGTH(control->clients); i++) {
                        struct client *client = &control->clients[i];

                        if (now >= client->window_ns) {
                                client->window_ns = now + WINDOW_NS;
                                client->requests = 0;
                        }
                        if (client->fd >= 0 && fds[CLIENTS + i].fd >= 0 && fds[CLIENTS + i].revents)
                                serve(control, client, now);
                        if (client->fd >= 0 && client->interval_ms && now >= client->next_ns)
                                publish(control, client, now);
                }
                if (fds[BURST].fd >= 0 && fds[BURST].revents)
                        tell_burst(control, now);
                if (fds[LISTENER].fd >= 0 && fds[LISTENER].revents)
                        admit(control, now);
        }
}

/* Binds the name, if need be in place of one whose owner has died. */
static int bind_name(int fd, const struct sockaddr_un *address)
{
        _cleanup_close_ int probe = -1;
        struct stat there;

        if (bind(fd, (const struct sockaddr *)address, sizeof(*address)) == 0)
                return 0;
        if (errno != EADDRINUSE)
                return -errno;
        probe = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (probe < 0)
                return -errno;
        if (connect(probe, (const struct sockaddr *)address, sizeof(*address)) == 0 || errno != ECONNREFUSED)
                return -EADDRINUSE;
        /* A file refuses connections, too, and is not ours to remove. */
        if (lstat(address->sun_path, &there) < 0)
                return -errno;
        if (!S_ISSOCK(there.st_mode))
                return -EADDRINUSE;
        if (unlink(address->sun_path) < 0)
                return -errno;
        return bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0 ? -errno : 0;
}

int control_start(struct aerostat_pager *pager, const char *path, struct control **ret_control)
{
        struct control *control;
        bool bound = false;
        int r;

        if (strlen(path) >= sizeof(control->address.sun_path))
                return -ENAMETOOLONG;
        control = calloc(1, sizeof(*control));
        if (!control)
                return -ENOMEM;
        control->pager = pager;
        control->address.sun_family = AF_UNIX;
        (void)strcpy(control->address.sun_path, path);
        control->stop = -1;
        for (size_t i = 0; i < ARRAY_LENGTH(control->clients); i++)
                control->clients[i].fd = -1;
        control->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (control->listener < 0) {
                r = -errno;
                goto fail;
        }
        r = bind_name(control->listener, &control->address);
        if (r < 0)
                goto fail;
        bound = true;
        control->stop = eventfd(0, EFD_CLOEXEC);
        if (chmod(path, 0600) < 0 || stat(path, &control->made) < 0 ||
            listen(control->listener, AEROSTAT_PAGER_CLIENTS_MAX) < 0 || control->stop < 0) {
                r = -errno;
                goto fail;
        }
        r = thread_start(&control->thread, "aerostat-ctl", run, control);
        if (r < 0)
                goto fail;
        *ret_control = control;
        return 0;
fail:
        if (bound)
                (void)unlink(path);
        if (control->listener >= 0)
                (void)close(control->listener);
        if (control->stop >= 0)
                (void)close(control->stop);
        free(control);
        return r;
}

void control_unlink(const struct control *control)
{
        struct stat now;

        /* Another VM may have taken the name over. */
        if (stat(control->address.sun_path, &now) == 0 && now.st_dev == control->made.st_dev &&
            now.st_ino == control->made.st_ino)
                (void)unlink(control->address.sun_path);
}

void control_stop(struct control *control)
{
        if (!control)
                return;
        atomic_store(&control->ending, true);
        (void)eventfd_write(control->stop, 1);
        (void)pthread_join(control->thread, NULL);
        control_unlink(control);
        for (size_t i = 0; i < ARRAY_LENGTH(control->clients); i++) {
                if (control->clients[i].fd >= 0)
                        drop(&control->clients[i]);
        }
        (void)close(control->listener);
        (void)close(control->stop);
        free(control);
}
