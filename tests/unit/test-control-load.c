/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many clients of a control socket, and hostile ones: that none can harm another, or the guest. */
#include "control-fixture.h"
#include "unit.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

static void test_clients_max(void)
{
        int fds[AEROSTAT_PAGER_CLIENTS_MAX], more;
        struct aerostat_pager_reply reply;
        struct control f;

        if (!control_set_up(&f))
                return;
        for (unsigned round = 0; round < 3; round++) {
                for (size_t i = 0; i < G_N_ELEMENTS(fds); i++) {
                        fds[i] = control_client(&f);
                        g_assert_cmpint(control_ask(fds[i], AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
                }
                for (unsigned i = 0; i < 3; i++) {
                        more = control_client(&f);
                        g_assert_true(control_is_closed(more));
                        (void)close(more);
                }
                /* All others are served, and a place that becomes free is given away. */
                for (size_t i = 0; i < G_N_ELEMENTS(fds); i++)
                        g_assert_cmpint(control_ask(fds[i], AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
                (void)close(fds[7]);
                fds[7] = control_client(&f);
                g_assert_cmpint(control_ask(fds[7], AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
                for (size_t i = 0; i < G_N_ELEMENTS(fds); i++)
                        (void)close(fds[i]);
        }
        control_tear_down(&f);
}

/* What the system has none of for the pager's threads; it gets over it. */
static struct {
        _Atomic(bool) no_files;
        _Atomic(unsigned) accepts;
        _Atomic(unsigned) polls_to_fail, polls_failed;
} lack;

int __real_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);
int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);
int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags)
{
        (void)atomic_fetch_add(&lack.accepts, 1);
        if (!atomic_load(&lack.no_files))
                return __real_accept4(fd, address, length, flags);
        errno = EMFILE;
        return -1;
}

int __real_poll(struct pollfd *fds, nfds_t n, int timeout);
int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout);
int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout)
{
        if (gettid() == getpid() || !atomic_load(&lack.polls_to_fail))
                return __real_poll(fds, n, timeout);
        (void)atomic_fetch_sub(&lack.polls_to_fail, 1);
        (void)atomic_fetch_add(&lack.polls_failed, 1);
        errno = ENOMEM;
        return -1;
}

/* A client that cannot be admitted waits, others are served, and nothing turns in circles. */
static void test_no_files(void)
{
        struct aerostat_pager_reply reply;
        uint64_t since, elapsed;
        struct control f;
        int fd, late;

        if (!control_set_up(&f))
                return;
        fd = control_client(&f);
        g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        atomic_store(&lack.accepts, 0);
        atomic_store(&lack.no_files, true);
        since = unit_now_ms();
        late = control_client(&f);
        g_assert_true(UNIT_EVENTUALLY(atomic_load(&lack.accepts) >= 3));
        g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        elapsed = unit_now_ms() - since;
        g_assert_cmpuint(atomic_load(&lack.accepts), <=, elapsed / 100 + 2);
        atomic_store(&lack.no_files, false);
        g_assert_cmpint(control_ask(late, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        (void)close(late);
        (void)close(fd);
        control_tear_down(&f);
}

static void test_no_memory_to_wait(void)
{
        struct aerostat_pager_reply reply;
        struct control f;
        int fd;

        if (!control_set_up(&f))
                return;
        fd = control_client(&f);
        g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        atomic_store(&lack.polls_failed, 0);
        atomic_store(&lack.polls_to_fail, 3);
        for (unsigned i = 0; i < 5; i++)
                g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        g_assert_true(UNIT_EVENTUALLY(atomic_load(&lack.polls_failed) == 3));
        (void)close(fd);
        /* It ends even while it cannot wait. */
        atomic_store(&lack.polls_to_fail, UINT32_MAX);
        control_tear_down(&f);
        atomic_store(&lack.polls_to_fail, 0);
}

static void test_subscription(void)
{
        struct aerostat_pager_reply reply;
        struct aerostat_pager_request request;
        struct control f;
        uint64_t serial, since;
        struct pollfd p;
        int fd;

        if (!control_set_up(&f))
                return;
        fd = control_client(&f);
        since = unit_now_ms();
        g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_SUBSCRIBE, 100, 0, &reply), ==, 0);
        serial = reply.serial;
        for (unsigned i = 0; i < 4; i++) {
                control_receive(fd, &reply);
                g_assert_cmpuint(reply.type, ==, AEROSTAT_PAGER_SUBSCRIBE);
                g_assert_cmpuint(reply.serial, ==, serial);
                g_assert_cmpint(reply.error, ==, 0);
        }
        /* Not earlier than asked for. */
        g_assert_cmpuint(unit_now_ms() - since, >=, 390);

        /* Replies to other requests come in between, and are told apart by their serial. */
        request = control_request(AEROSTAT_PAGER_SET_CODEC, AEROSTAT_PAGER_CODEC_ZSTD, 0);
        control_send(fd, &request, sizeof(request));
        do {
                control_receive(fd, &reply);
        } while (reply.serial == serial);
        g_assert_cmpuint(reply.serial, ==, request.serial);
        g_assert_cmpuint(reply.type, ==, AEROSTAT_PAGER_SET_CODEC);

        /* A new one takes the place of the old. */
        request = control_request(AEROSTAT_PAGER_SUBSCRIBE, 150, 0);
        control_send(fd, &request, sizeof(request));
        do {
                control_receive(fd, &reply);
        } while (reply.serial != request.serial);
        for (unsigned i = 0; i < 2; i++) {
                control_receive(fd, &reply);
                g_assert_cmpuint(reply.serial, ==, request.serial);
        }

        request = control_request(AEROSTAT_PAGER_SUBSCRIBE, 0, 0);
        control_send(fd, &request, sizeof(request));
        do {
                control_receive(fd, &reply);
        } while (reply.serial != request.serial);
        p = (struct pollfd){.fd = fd, .events = POLLIN};
        g_assert_cmpint(poll(&p, 1, 400), ==, 0);
        g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        (void)close(fd);
        control_tear_down(&f);
}

/* As a guest does that touches what was taken from it; by itself it might be too slow for it. */
static void burst(const struct control *f)
{
        for (unsigned i = 0; i < 1024; i++)
                recall_note(f->pager);
}

/* Subscribers hear of a burst of touches at once, however long their interval, and not all the time. */
static void test_burst(void)
{
        struct aerostat_pager_reply reply;
        struct control f;
        uint64_t serial, since, n = 0;
        int idle, fd;

        if (!control_set_up(&f))
                return;
        idle = control_client(&f);
        fd = control_client(&f);
        g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_SUBSCRIBE, 3600000, 0, &reply), ==, 0);
        serial = reply.serial;
        since = unit_now_ms();
        while (unit_now_ms() - since < 400) {
                struct pollfd p = {.fd = fd, .events = POLLIN};

                burst(&f);
                if (poll(&p, 1, 1) == 0)
                        continue;
                control_receive(fd, &reply);
                g_assert_cmpuint(reply.type, ==, AEROSTAT_PAGER_SUBSCRIBE);
                g_assert_cmpuint(reply.serial, ==, serial);
                n++;
        }
        g_assert_cmpuint(n, >, 0);
        g_assert_cmpuint(n, <=, (unit_now_ms() - since) / 25 + 1);
        /* Who did not subscribe hears nothing. */
        g_assert_cmpint(poll(&(struct pollfd){.fd = idle, .events = POLLIN}, 1, 0), ==, 0);
        (void)close(idle);
        (void)close(fd);
        control_tear_down(&f);
}

/* A client that subscribes and never reads is closed; until then and after others are served. */
static void test_no_reader(void)
{
        struct aerostat_pager_request request;
        struct aerostat_pager_reply reply;
        struct pollfd p;
        struct control f;
        unsigned served = 0, left = 0;
        uint64_t until;
        int deaf, fd;

        if (!control_set_up(&f))
                return;
        deaf = control_client(&f);
        fd = control_client(&f);
        request = control_request(AEROSTAT_PAGER_SUBSCRIBE, 100, 0);
        control_send(deaf, &request, sizeof(request));
        p = (struct pollfd){.fd = deaf};
        for (until = unit_now_ms() + UNIT_PATIENCE_MS; !(p.revents & POLLHUP); served++) {
                g_assert_cmpuint(unit_now_ms(), <, until);
                g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
                g_assert_cmpint(poll(&p, 1, 10), >=, 0);
        }
        g_assert_cmpuint(served, >, 0);
        g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        while (control_receive_any(deaf, &reply) > 0)
                left++;
        /* What it had got was bounded. */
        g_assert_cmpuint(left, <, 1000);
        (void)close(deaf);
        (void)close(fd);
        control_tear_down(&f);
}

/* The same with requests: a thousand questions, no answer read. */
static void test_no_reader_of_replies(void)
{
        struct aerostat_pager_request request;
        struct aerostat_pager_reply reply;
        struct control f;
        unsigned sent = 0;
        int deaf, fd;

        if (!control_set_up(&f))
                return;
        deaf = control_client(&f);
        fd = control_client(&f);
        request = control_request(AEROSTAT_PAGER_GET_STATS, 0, 0);
        while (sent < 1000 && send(deaf, &request, sizeof(request), MSG_NOSIGNAL) == sizeof(request))
                sent++;
        g_assert_cmpuint(sent, <, 1000);
        g_assert_true(errno == EPIPE || errno == ECONNRESET);
        g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        (void)close(deaf);
        (void)close(fd);
        control_tear_down(&f);
}

struct flood {
        const struct control *f;
        _Atomic(bool) stop;
        _Atomic(unsigned) answers;
};

static void *flood(void *argument)
{
        struct flood *flood = argument;
        struct aerostat_pager_request request = {.magic = AEROSTAT_PAGER_MAGIC,
                                                 .version = AEROSTAT_PAGER_VERSION,
                                                 .type = AEROSTAT_PAGER_GET_STATS};
        struct aerostat_pager_reply reply;
        int fd = control_client(flood->f);

        /* Four questions under way at any time: the server never finds it idle. */
        for (unsigned i = 0; i < 4; i++)
                control_send(fd, &request, sizeof(request));
        while (!flood->stop) {
                g_assert_cmpint(control_receive_any(fd, &reply), ==, sizeof(reply));
                flood->answers++;
                control_send(fd, &request, sizeof(request));
        }
        (void)close(fd);
        return NULL;
}

/*
 * A client that asks without end gets so many answers in a time and no more (64 in 100 ms, says
 * control.c), so that another's wait is short however fast the flood is.
 */
static void test_flood(void)
{
        struct aerostat_pager_reply reply;
        struct flood all = {};
        unsigned answers;
        uint64_t since, elapsed;
        struct control f;
        pthread_t thread;
        int fd;

        if (!control_set_up(&f))
                return;
        all.f = &f;
        fd = control_client(&f);
        g_assert_cmpint(pthread_create(&thread, NULL, flood, &all), ==, 0);
        g_assert_true(UNIT_EVENTUALLY(all.answers > 64));
        since = unit_now_ms();
        answers = all.answers;
        for (unsigned i = 0; i < 30; i++) {
                g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
                unit_nap_ms(20);
        }
        answers = all.answers - answers;
        elapsed = unit_now_ms() - since;
        g_assert_cmpuint(answers, <=, (elapsed / 100 + 2) * 64);
        all.stop = true;
        g_assert_cmpint(pthread_join(thread, NULL), ==, 0);
        (void)close(fd);
        control_tear_down(&f);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/control-load/clients-max", test_clients_max);
        g_test_add_func("/control-load/no-files", test_no_files);
        g_test_add_func("/control-load/no-memory-to-wait", test_no_memory_to_wait);
        g_test_add_func("/control-load/subscription", test_subscription);
        g_test_add_func("/control-load/burst", test_burst);
        g_test_add_func("/control-load/no-reader", test_no_reader);
        g_test_add_func("/control-load/no-reader-of-replies", test_no_reader_of_replies);
        g_test_add_func("/control-load/flood", test_flood);
        return g_test_run();
}
