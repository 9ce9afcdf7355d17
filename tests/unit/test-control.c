/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The control socket: who gets in, what is understood, and that no client can harm another. */
#include <aerostat/pager-protocol.h>

#include "unit.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "pager/pager.h"

#define NOBODY 65534u
#define GUEST  (16u << 20)

struct fixture {
        char *dir;
        char *path;
        struct aerostat_pager *pager;
};

static char *new_dir(void)
{
        char *dir = g_dir_make_tmp("aerostat-unit-XXXXXX", NULL);

        g_assert_nonnull(dir);
        return dir;
}

/* False, the test being skipped, where this process may not have a pager. */
static bool set_up_with(struct fixture *f, const struct aerostat_pager_config *config)
{
        struct aerostat_pager_config full = *config;
        char reason[AEROSTAT_PAGER_REASON_MAX] = "";
        int r;

        f->dir = new_dir();
        f->path = g_build_filename(f->dir, "vm.sock", NULL);
        full.socket_path = f->path;
        r = aerostat_pager_new(&full, &f->pager, reason);
        if (r == -EPERM || r == -ENOSYS) {
                g_test_skip(reason);
                (void)rmdir(f->dir);
                g_free(f->dir);
                g_free(f->path);
                return false;
        }
        g_assert_cmpstr(reason, ==, "");
        g_assert_cmpint(r, ==, 0);
        return true;
}

static bool set_up(struct fixture *f)
{
        struct aerostat_pager_config config;

        aerostat_pager_config_init(&config);
        config.name = "unit";
        return set_up_with(f, &config);
}

static void tear_down(struct fixture *f)
{
        aerostat_pager_free(f->pager);
        /* The socket has gone with the pager: the directory is empty. */
        g_assert_cmpint(rmdir(f->dir), ==, 0);
        g_free(f->dir);
        g_free(f->path);
}

static int try_connect(const char *path)
{
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        struct timeval patience = {.tv_sec = UNIT_PATIENCE_MS / 1000};
        int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

        g_assert_cmpint(fd, >=, 0);
        g_assert_cmpuint(strlen(path), <, sizeof(address.sun_path));
        (void)strcpy(address.sun_path, path);
        if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
                int r = -errno;

                (void)close(fd);
                return r;
        }
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
        return fd;
}

static int client_new(const struct fixture *f)
{
        int fd = try_connect(f->path);

        g_assert_cmpint(fd, >=, 0);
        return fd;
}

static struct aerostat_pager_request request_of(unsigned type, uint64_t v0, uint64_t v1)
{
        static uint64_t serial = 0x1000;

        return (struct aerostat_pager_request){.magic = AEROSTAT_PAGER_MAGIC,
                                               .version = AEROSTAT_PAGER_VERSION,
                                               .type = (uint16_t)type,
                                               .serial = serial++,
                                               .value = {v0, v1}};
}

/* io_uring has the thread that made it do its work at times, and a wait with a timeout then ends early. */
static ssize_t receive_any(int fd, struct aerostat_pager_reply *reply)
{
        ssize_t n;

        do {
                n = recv(fd, reply, sizeof(*reply), MSG_TRUNC);
        } while (n < 0 && errno == EINTR);
        return n;
}

static bool is_closed(int fd)
{
        struct aerostat_pager_reply reply;
        ssize_t n = receive_any(fd, &reply);

        /* ECONNRESET: closed while something we sent was still unread. */
        return n == 0 || (n < 0 && errno == ECONNRESET);
}

static void send_message(int fd, const void *message, size_t size)
{
        g_assert_cmpint(send(fd, message, size, MSG_NOSIGNAL), ==, (ssize_t)size);
}

static void receive(int fd, struct aerostat_pager_reply *reply)
{
        ssize_t n;

        memset(reply, 0xa5, sizeof(*reply));
        n = receive_any(fd, reply);
        g_assert_cmpint(n, ==, sizeof(*reply));
        g_assert_cmphex(reply->magic, ==, AEROSTAT_PAGER_MAGIC);
        g_assert_cmpuint(reply->version, ==, AEROSTAT_PAGER_VERSION);
        g_assert_cmpuint(reply->reserved, ==, 0);
        g_assert_cmpint(reply->error, <=, 0);
        g_assert_nonnull(memchr(reply->message, '\0', sizeof(reply->message)));
        g_assert_null(strchr(reply->message, '\n'));
        g_assert_true(!reply->error == !reply->message[0]);
        g_assert_cmpuint(reply->stats.pid, ==, getpid());
        g_assert_cmpstr(reply->stats.name, ==, "unit");
}

/* Asks and takes the answer; returns its error. */
static int ask(int fd, unsigned type, uint64_t v0, uint64_t v1, struct aerostat_pager_reply *reply)
{
        struct aerostat_pager_request request = request_of(type, v0, v1);

        send_message(fd, &request, sizeof(request));
        receive(fd, reply);
        g_assert_cmpuint(reply->type, ==, type);
        g_assert_cmpuint(reply->serial, ==, request.serial);
        return reply->error;
}

static void check_same_settings(const struct aerostat_pager_stats *a, const struct aerostat_pager_stats *b)
{
        g_assert_cmpuint(a->limit_bytes, ==, b->limit_bytes);
        g_assert_cmpuint(a->reservation_bytes, ==, b->reservation_bytes);
        g_assert_cmpuint(a->cache_pct, ==, b->cache_pct);
        g_assert_cmpuint(a->codec, ==, b->codec);
        g_assert_cmpuint(a->sample_period_ms, ==, b->sample_period_ms);
        g_assert_cmpuint(a->sample_pages, ==, b->sample_pages);
        g_assert_cmpuint(a->memory_bytes, ==, b->memory_bytes);
        g_assert_cmpuint(a->swap_file_bytes, ==, b->swap_file_bytes);
}

static void test_socket(void)
{
        struct fixture f;
        struct stat st;

        if (!set_up(&f))
                return;
        g_assert_cmpint(lstat(f.path, &st), ==, 0);
        g_assert_true(S_ISSOCK(st.st_mode));
        g_assert_cmphex(st.st_mode & 07777, ==, 0600);
        g_assert_cmpuint(st.st_uid, ==, geteuid());
        tear_down(&f);
}

/* A name that the owner left behind when it died is taken over. */
static void test_stale(void)
{
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        struct aerostat_pager_config config;
        struct aerostat_pager_reply reply;
        struct fixture f = {};
        int fd;

        f.dir = new_dir();
        f.path = g_build_filename(f.dir, "vm.sock", NULL);
        (void)strcpy(address.sun_path, f.path);
        fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof(address)), ==, 0);
        (void)close(fd);
        g_assert_cmpint(access(f.path, F_OK), ==, 0);

        aerostat_pager_config_init(&config);
        config.name = "unit";
        config.socket_path = f.path;
        if (aerostat_pager_new(&config, &f.pager, NULL) < 0) {
                (void)unlink(f.path);
                (void)rmdir(f.dir);
                g_test_skip("no right to a pager");
        } else {
                fd = client_new(&f);
                g_assert_cmpint(ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
                (void)close(fd);
                aerostat_pager_free(f.pager);
                g_assert_cmpint(rmdir(f.dir), ==, 0);
        }
        g_free(f.dir);
        g_free(f.path);
}

/* Starts another pager at path: it must be refused with error, in one line that names the path. */
static void check_refused(const char *path, int error)
{
        char reason[AEROSTAT_PAGER_REASON_MAX] = "";
        struct aerostat_pager *pager = NULL;
        struct aerostat_pager_config config;

        aerostat_pager_config_init(&config);
        config.socket_path = path;
        g_assert_cmpint(aerostat_pager_new(&config, &pager, reason), ==, error);
        g_assert_null(pager);
        g_assert_nonnull(strstr(reason, "socket"));
        g_assert_null(strchr(reason, '\n'));
        if (strlen(path) < 100)
                g_assert_nonnull(strstr(reason, path));
}

static void test_live(void)
{
        struct aerostat_pager_reply reply;
        struct fixture f;
        int fd;

        if (!set_up(&f))
                return;
        check_refused(f.path, -EADDRINUSE);
        /* The one that was there is served as before. */
        fd = client_new(&f);
        g_assert_cmpint(ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        (void)close(fd);
        tear_down(&f);
}

/* Whatever else has the name is nobody's to remove. */
static void test_not_a_socket(void)
{
        g_autofree char *path = NULL, *target = NULL, *content = NULL;
        struct fixture f;

        if (!set_up(&f))
                return;
        path = g_build_filename(f.dir, "file", NULL);
        target = g_build_filename(f.dir, "nowhere", NULL);
        g_assert_cmpint(symlink(target, path), ==, 0);
        check_refused(path, -EADDRINUSE);
        g_assert_cmpint(unlink(path), ==, 0);
        g_assert_true(g_file_set_contents(path, "precious", -1, NULL));
        check_refused(path, -EADDRINUSE);
        g_assert_true(g_file_get_contents(path, &content, NULL, NULL));
        g_assert_cmpstr(content, ==, "precious");
        g_assert_cmpint(unlink(path), ==, 0);
        tear_down(&f);
}

static void test_path(void)
{
        struct sockaddr_un address;
        g_autofree char *none = NULL;
        struct fixture f;
        char longest[sizeof(address.sun_path) + 1];
        size_t n;

        if (!set_up(&f))
                return;
        none = g_build_filename(f.dir, "none", "vm.sock", NULL);
        check_refused(none, -ENOENT);
        /* One byte too long, and the longest there can be. */
        n = strlen(f.dir);
        memset(longest, 'x', sizeof(longest));
        memcpy(longest, f.dir, n);
        longest[n] = '/';
        longest[sizeof(address.sun_path)] = '\0';
        check_refused(longest, -ENAMETOOLONG);
        aerostat_pager_free(f.pager);
        longest[sizeof(address.sun_path) - 1] = '\0';
        {
                struct aerostat_pager_config config;

                aerostat_pager_config_init(&config);
                config.socket_path = longest;
                g_assert_cmpint(aerostat_pager_new(&config, &f.pager, NULL), ==, 0);
                n = (size_t)try_connect(longest);
                g_assert_cmpint((int)n, >=, 0);
                (void)close((int)n);
        }
        tear_down(&f);
}

/* Another VM took the name over; it is its to remove. */
static void test_name_taken_over(void)
{
        struct fixture f;

        if (!set_up(&f))
                return;
        g_assert_cmpint(unlink(f.path), ==, 0);
        g_assert_true(g_file_set_contents(f.path, "another's", -1, NULL));
        aerostat_pager_free(f.pager);
        g_assert_cmpint(unlink(f.path), ==, 0);
        g_assert_cmpint(rmdir(f.dir), ==, 0);
        g_free(f.dir);
        g_free(f.path);
}

static void test_malformed(void)
{
        static const size_t sizes[] = {1, 63, sizeof(struct aerostat_pager_request) - 1,
                                       sizeof(struct aerostat_pager_request) + 1, 4096};
        struct aerostat_pager_stats before, after;
        struct aerostat_pager_request request;
        char large[4096] = {};
        struct fixture f;

        if (!set_up(&f))
                return;
        aerostat_pager_get_stats(f.pager, &before);
        for (unsigned i = 0; i < G_N_ELEMENTS(sizes) + 6; i++) {
                struct aerostat_pager_reply reply;
                int fd = client_new(&f);
                size_t size = sizeof(request);

                /* All would change something if they were carried out. */
                request = request_of(AEROSTAT_PAGER_SET_LIMIT, 8u << 20, 0);
                if (i < G_N_ELEMENTS(sizes))
                        size = sizes[i];
                else if (i == G_N_ELEMENTS(sizes))
                        request.magic ^= 1;
                else if (i == G_N_ELEMENTS(sizes) + 1)
                        request.version++;
                else
                        request.reserved[i - G_N_ELEMENTS(sizes) - 2] = 1ull << 63;
                memcpy(large, &request, sizeof(request));
                send_message(fd, large, size);
                receive(fd, &reply);
                g_assert_cmpint(reply.error, ==, -EPROTO);
                g_assert_true(is_closed(fd));
                (void)close(fd);
        }
        aerostat_pager_get_stats(f.pager, &after);
        check_same_settings(&before, &after);
        tear_down(&f);
}

#define WIDE (1ull << 32) /* a value that looks small when it is cut to 32 bits */

static void test_settings(void)
{
        static const struct {
                unsigned type;
                uint64_t v[2];
                int error;
        } cases[] = {
                {AEROSTAT_PAGER_SET_LIMIT, {4u << 20}, 0},
                {AEROSTAT_PAGER_SET_LIMIT, {(4u << 20) - 1}, -EINVAL},
                {AEROSTAT_PAGER_SET_LIMIT, {(4u << 20) + 1}, 0},
                {AEROSTAT_PAGER_SET_LIMIT, {0}, -EINVAL},
                {AEROSTAT_PAGER_SET_LIMIT, {UINT64_MAX - 1}, 0},
                {AEROSTAT_PAGER_SET_LIMIT, {AEROSTAT_PAGER_UNLIMITED}, 0},
                {AEROSTAT_PAGER_SET_RESERVATION, {0}, 0},
                {AEROSTAT_PAGER_SET_RESERVATION, {12345678}, 0},
                {AEROSTAT_PAGER_SET_RESERVATION, {UINT64_MAX}, 0},
                {AEROSTAT_PAGER_SET_CACHE_PCT, {0}, 0},
                {AEROSTAT_PAGER_SET_CACHE_PCT, {101}, -EINVAL},
                {AEROSTAT_PAGER_SET_CACHE_PCT, {WIDE}, -EINVAL},
                {AEROSTAT_PAGER_SET_CACHE_PCT, {WIDE + 50}, -EINVAL},
                {AEROSTAT_PAGER_SET_CACHE_PCT, {UINT64_MAX}, -EINVAL},
                {AEROSTAT_PAGER_SET_CACHE_PCT, {100}, 0},
                {AEROSTAT_PAGER_SET_CODEC, {AEROSTAT_PAGER_CODEC_OFF}, 0},
                {AEROSTAT_PAGER_SET_CODEC, {AEROSTAT_PAGER_CODEC_ZSTD}, 0},
                {AEROSTAT_PAGER_SET_CODEC, {3}, -EINVAL},
                {AEROSTAT_PAGER_SET_CODEC, {WIDE + 1}, -EINVAL},
                {AEROSTAT_PAGER_SET_CODEC, {UINT64_MAX}, -EINVAL},
                {AEROSTAT_PAGER_SET_CODEC, {AEROSTAT_PAGER_CODEC_LZ4}, 0},
                {AEROSTAT_PAGER_SET_SAMPLING, {0, 1}, 0},
                {AEROSTAT_PAGER_SET_SAMPLING, {1000, 1024}, 0},
                {AEROSTAT_PAGER_SET_SAMPLING, {3600000, 100}, 0},
                {AEROSTAT_PAGER_SET_SAMPLING, {1, 100}, -EINVAL},
                {AEROSTAT_PAGER_SET_SAMPLING, {999, 100}, -EINVAL},
                {AEROSTAT_PAGER_SET_SAMPLING, {3600001, 100}, -EINVAL},
                {AEROSTAT_PAGER_SET_SAMPLING, {60000, 0}, -EINVAL},
                {AEROSTAT_PAGER_SET_SAMPLING, {0, 0}, -EINVAL},
                {AEROSTAT_PAGER_SET_SAMPLING, {60000, 1025}, -EINVAL},
                {AEROSTAT_PAGER_SET_SAMPLING, {WIDE + 60000, 100}, -EINVAL},
                {AEROSTAT_PAGER_SET_SAMPLING, {60000, WIDE + 100}, -EINVAL},
                {AEROSTAT_PAGER_SET_SAMPLING, {UINT64_MAX, UINT64_MAX}, -EINVAL},
                {AEROSTAT_PAGER_SET_MERGEABLE, {0}, 0},
                {AEROSTAT_PAGER_SET_MERGEABLE, {2}, -EINVAL},
                {AEROSTAT_PAGER_SET_MERGEABLE, {WIDE + 1}, -EINVAL},
                {AEROSTAT_PAGER_SUBSCRIBE, {1}, -EINVAL},
                {AEROSTAT_PAGER_SUBSCRIBE, {99}, -EINVAL},
                {AEROSTAT_PAGER_SUBSCRIBE, {3600001}, -EINVAL},
                {AEROSTAT_PAGER_SUBSCRIBE, {WIDE + 100}, -EINVAL},
                {AEROSTAT_PAGER_SUBSCRIBE, {UINT64_MAX}, -EINVAL},
                {AEROSTAT_PAGER_SUBSCRIBE, {3600000}, 0},
                {AEROSTAT_PAGER_SUBSCRIBE, {0}, 0},
                {0, {1}, -EOPNOTSUPP},
                {9, {1}, -EOPNOTSUPP},
                {UINT16_MAX, {1}, -EOPNOTSUPP},
        };
        struct aerostat_pager_stats expected;
        struct aerostat_pager_reply reply;
        struct fixture f;
        int fd;

        if (!set_up(&f))
                return;
        fd = client_new(&f);
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                const uint64_t *v = cases[i].v;

                aerostat_pager_get_stats(f.pager, &expected);
                g_assert_cmpint(ask(fd, cases[i].type, v[0], v[1], &reply), ==, cases[i].error);
                if (!cases[i].error) {
                        switch (cases[i].type) {
                        case AEROSTAT_PAGER_SET_LIMIT:
                                expected.limit_bytes = v[0];
                                break;
                        case AEROSTAT_PAGER_SET_RESERVATION:
                                expected.reservation_bytes = v[0];
                                break;
                        case AEROSTAT_PAGER_SET_CACHE_PCT:
                                expected.cache_pct = (uint32_t)v[0];
                                break;
                        case AEROSTAT_PAGER_SET_CODEC:
                                expected.codec = (uint32_t)v[0];
                                break;
                        case AEROSTAT_PAGER_SET_SAMPLING:
                                expected.sample_period_ms = (uint32_t)v[0];
                                expected.sample_pages = (uint32_t)v[1];
                                break;
                        default:
                                break;
                        }
                }
                /* The reply has the state after the request, and that is the pager's. */
                check_same_settings(&reply.stats, &expected);
                aerostat_pager_get_stats(f.pager, &expected);
                check_same_settings(&reply.stats, &expected);
        }
        (void)close(fd);
        tear_down(&f);
}

/* Guest memory of which each page is its own number, and random beyond that. */
static char *new_guest(struct fixture *f)
{
        char *memory = mmap(NULL, GUEST, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        char reason[AEROSTAT_PAGER_REASON_MAX] = "";
        uint64_t state = 0x60e57;

        g_assert_true(memory != MAP_FAILED);
        unit_fill_random(memory, GUEST, &state);
        g_assert_cmpint(aerostat_pager_add_range(f->pager, memory, GUEST, reason), ==, 0);
        return memory;
}

/* What only the reservation can answer: no space for what it gives up, and pages in what it would cut. */
static void test_reservation(void)
{
        struct rlimit before, low = {.rlim_cur = GUEST / 2};
        struct aerostat_pager_config config;
        struct aerostat_pager_reply reply;
        struct fixture f;
        char *memory;
        int fd;

        aerostat_pager_config_init(&config);
        config.name = "unit";
        config.swap_dir = g_get_tmp_dir();
        config.codec = AEROSTAT_PAGER_CODEC_OFF;
        config.reservation_bytes = GUEST;
        if (!set_up_with(&f, &config))
                return;
        memory = new_guest(&f);
        fd = client_new(&f);
        g_assert_cmpint(ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        g_assert_cmpuint(reply.stats.memory_bytes, ==, GUEST);
        g_assert_cmpuint(reply.stats.swap_file_bytes, ==, 0);

        (void)signal(SIGXFSZ, SIG_IGN);
        g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
        low.rlim_max = before.rlim_max;
        g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &low), ==, 0);
        g_assert_cmpint(ask(fd, AEROSTAT_PAGER_SET_RESERVATION, 0, 0, &reply), ==, -ENOSPC);
        g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
        g_assert_cmpuint(reply.stats.reservation_bytes, ==, GUEST);
        g_assert_cmpuint(reply.stats.swap_file_bytes, ==, 0);

        g_assert_cmpint(ask(fd, AEROSTAT_PAGER_SET_RESERVATION, 0, 0, &reply), ==, 0);
        g_assert_cmpuint(reply.stats.swap_file_bytes, ==, GUEST);
        g_assert_cmpint(ask(fd, AEROSTAT_PAGER_SET_LIMIT, 4u << 20, 0, &reply), ==, 0);
        do {
                unit_nap_ms(10);
                g_assert_cmpint(ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        } while (reply.stats.swapped_bytes < GUEST / 2);
        g_assert_cmpint(ask(fd, AEROSTAT_PAGER_SET_RESERVATION, GUEST, 0, &reply), ==, -EBUSY);
        g_assert_cmpuint(reply.stats.reservation_bytes, ==, 0);
        g_assert_cmpuint(reply.stats.swap_file_bytes, ==, GUEST);
        (void)close(fd);
        tear_down(&f);
        g_assert_cmpint(munmap(memory, GUEST), ==, 0);
}

static void test_unknown_type(void)
{
        struct aerostat_pager_reply reply;
        struct fixture f;
        int fd;

        if (!set_up(&f))
                return;
        fd = client_new(&f);
        for (unsigned type = 9; type < 60000; type += 7777) {
                g_assert_cmpint(ask(fd, type, 1, 2, &reply), ==, -EOPNOTSUPP);
                g_assert_cmpint(ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        }
        (void)close(fd);
        tear_down(&f);
}

static void test_clients_max(void)
{
        int fds[AEROSTAT_PAGER_CLIENTS_MAX], more;
        struct aerostat_pager_reply reply;
        struct fixture f;

        if (!set_up(&f))
                return;
        for (unsigned round = 0; round < 3; round++) {
                for (size_t i = 0; i < G_N_ELEMENTS(fds); i++) {
                        fds[i] = client_new(&f);
                        g_assert_cmpint(ask(fds[i], AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
                }
                for (unsigned i = 0; i < 3; i++) {
                        more = client_new(&f);
                        g_assert_true(is_closed(more));
                        (void)close(more);
                }
                /* All others are served, and a place that becomes free is given away. */
                for (size_t i = 0; i < G_N_ELEMENTS(fds); i++)
                        g_assert_cmpint(ask(fds[i], AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
                (void)close(fds[7]);
                fds[7] = client_new(&f);
                g_assert_cmpint(ask(fds[7], AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
                for (size_t i = 0; i < G_N_ELEMENTS(fds); i++)
                        (void)close(fds[i]);
        }
        tear_down(&f);
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
        struct fixture f;
        int fd, late;

        if (!set_up(&f))
                return;
        fd = client_new(&f);
        g_assert_cmpint(ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        atomic_store(&lack.accepts, 0);
        atomic_store(&lack.no_files, true);
        since = unit_now_ms();
        late = client_new(&f);
        g_assert_true(UNIT_EVENTUALLY(atomic_load(&lack.accepts) >= 3));
        g_assert_cmpint(ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        elapsed = unit_now_ms() - since;
        g_assert_cmpuint(atomic_load(&lack.accepts), <=, elapsed / 100 + 2);
        atomic_store(&lack.no_files, false);
        g_assert_cmpint(ask(late, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        (void)close(late);
        (void)close(fd);
        tear_down(&f);
}

static void test_no_memory_to_wait(void)
{
        struct aerostat_pager_reply reply;
        struct fixture f;
        int fd;

        if (!set_up(&f))
                return;
        fd = client_new(&f);
        g_assert_cmpint(ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        atomic_store(&lack.polls_failed, 0);
        atomic_store(&lack.polls_to_fail, 3);
        for (unsigned i = 0; i < 5; i++)
                g_assert_cmpint(ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        g_assert_true(UNIT_EVENTUALLY(atomic_load(&lack.polls_failed) == 3));
        (void)close(fd);
        /* It ends even while it cannot wait. */
        atomic_store(&lack.polls_to_fail, UINT32_MAX);
        tear_down(&f);
        atomic_store(&lack.polls_to_fail, 0);
}

static void test_subscription(void)
{
        struct aerostat_pager_reply reply;
        struct aerostat_pager_request request;
        struct fixture f;
        uint64_t serial, since;
        struct pollfd p;
        int fd;

        if (!set_up(&f))
                return;
        fd = client_new(&f);
        since = unit_now_ms();
        g_assert_cmpint(ask(fd, AEROSTAT_PAGER_SUBSCRIBE, 100, 0, &reply), ==, 0);
        serial = reply.serial;
        for (unsigned i = 0; i < 4; i++) {
                receive(fd, &reply);
                g_assert_cmpuint(reply.type, ==, AEROSTAT_PAGER_SUBSCRIBE);
                g_assert_cmpuint(reply.serial, ==, serial);
                g_assert_cmpint(reply.error, ==, 0);
        }
        /* Not earlier than asked for. */
        g_assert_cmpuint(unit_now_ms() - since, >=, 390);

        /* Replies to other requests come in between, and are told apart by their serial. */
        request = request_of(AEROSTAT_PAGER_SET_CODEC, AEROSTAT_PAGER_CODEC_ZSTD, 0);
        send_message(fd, &request, sizeof(request));
        do {
                receive(fd, &reply);
        } while (reply.serial == serial);
        g_assert_cmpuint(reply.serial, ==, request.serial);
        g_assert_cmpuint(reply.type, ==, AEROSTAT_PAGER_SET_CODEC);

        /* A new one takes the place of the old. */
        request = request_of(AEROSTAT_PAGER_SUBSCRIBE, 150, 0);
        send_message(fd, &request, sizeof(request));
        do {
                receive(fd, &reply);
        } while (reply.serial != request.serial);
        for (unsigned i = 0; i < 2; i++) {
                receive(fd, &reply);
                g_assert_cmpuint(reply.serial, ==, request.serial);
        }

        request = request_of(AEROSTAT_PAGER_SUBSCRIBE, 0, 0);
        send_message(fd, &request, sizeof(request));
        do {
                receive(fd, &reply);
        } while (reply.serial != request.serial);
        p = (struct pollfd){.fd = fd, .events = POLLIN};
        g_assert_cmpint(poll(&p, 1, 400), ==, 0);
        g_assert_cmpint(ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        (void)close(fd);
        tear_down(&f);
}

/* As a guest does that touches what was taken from it; by itself it might be too slow for it. */
static void burst(const struct fixture *f)
{
        for (unsigned i = 0; i < 1024; i++)
                recall_note(f->pager);
}

/* Subscribers hear of a burst of touches at once, however long their interval, and not all the time. */
static void test_burst(void)
{
        struct aerostat_pager_reply reply;
        struct fixture f;
        uint64_t serial, since, n = 0;
        int idle, fd;

        if (!set_up(&f))
                return;
        idle = client_new(&f);
        fd = client_new(&f);
        g_assert_cmpint(ask(fd, AEROSTAT_PAGER_SUBSCRIBE, 3600000, 0, &reply), ==, 0);
        serial = reply.serial;
        since = unit_now_ms();
        while (unit_now_ms() - since < 400) {
                struct pollfd p = {.fd = fd, .events = POLLIN};

                burst(&f);
                if (poll(&p, 1, 1) == 0)
                        continue;
                receive(fd, &reply);
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
        tear_down(&f);
}

/* A client that subscribes and never reads is closed; until then and after others are served. */
static void test_no_reader(void)
{
        struct aerostat_pager_request request;
        struct aerostat_pager_reply reply;
        struct pollfd p;
        struct fixture f;
        unsigned served = 0, left = 0;
        uint64_t until;
        int deaf, fd;

        if (!set_up(&f))
                return;
        deaf = client_new(&f);
        fd = client_new(&f);
        request = request_of(AEROSTAT_PAGER_SUBSCRIBE, 100, 0);
        send_message(deaf, &request, sizeof(request));
        p = (struct pollfd){.fd = deaf};
        for (until = unit_now_ms() + UNIT_PATIENCE_MS; !(p.revents & POLLHUP); served++) {
                g_assert_cmpuint(unit_now_ms(), <, until);
                g_assert_cmpint(ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
                g_assert_cmpint(poll(&p, 1, 10), >=, 0);
        }
        g_assert_cmpuint(served, >, 0);
        g_assert_cmpint(ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        while (receive_any(deaf, &reply) > 0)
                left++;
        /* What it had got was bounded. */
        g_assert_cmpuint(left, <, 1000);
        (void)close(deaf);
        (void)close(fd);
        tear_down(&f);
}

/* The same with requests: a thousand questions, no answer read. */
static void test_no_reader_of_replies(void)
{
        struct aerostat_pager_request request;
        struct aerostat_pager_reply reply;
        struct fixture f;
        unsigned sent = 0;
        int deaf, fd;

        if (!set_up(&f))
                return;
        deaf = client_new(&f);
        fd = client_new(&f);
        request = request_of(AEROSTAT_PAGER_GET_STATS, 0, 0);
        while (sent < 1000 && send(deaf, &request, sizeof(request), MSG_NOSIGNAL) == sizeof(request))
                sent++;
        g_assert_cmpuint(sent, <, 1000);
        g_assert_true(errno == EPIPE || errno == ECONNRESET);
        g_assert_cmpint(ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        (void)close(deaf);
        (void)close(fd);
        tear_down(&f);
}

struct flood {
        const struct fixture *f;
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
        int fd = client_new(flood->f);

        /* Four questions under way at any time: the server never finds it idle. */
        for (unsigned i = 0; i < 4; i++)
                send_message(fd, &request, sizeof(request));
        while (!flood->stop) {
                g_assert_cmpint(receive_any(fd, &reply), ==, sizeof(reply));
                flood->answers++;
                send_message(fd, &request, sizeof(request));
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
        struct fixture f;
        pthread_t thread;
        int fd;

        if (!set_up(&f))
                return;
        all.f = &f;
        fd = client_new(&f);
        g_assert_cmpint(pthread_create(&thread, NULL, flood, &all), ==, 0);
        g_assert_true(UNIT_EVENTUALLY(all.answers > 64));
        since = unit_now_ms();
        answers = all.answers;
        for (unsigned i = 0; i < 30; i++) {
                g_assert_cmpint(ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
                unit_nap_ms(20);
        }
        answers = all.answers - answers;
        elapsed = unit_now_ms() - since;
        g_assert_cmpuint(answers, <=, (elapsed / 100 + 2) * 64);
        all.stop = true;
        g_assert_cmpint(pthread_join(thread, NULL), ==, 0);
        (void)close(fd);
        tear_down(&f);
}

/* Exits with 0 when a connection by uid is closed without an answer, 1 when it is answered. */
static int connect_as(uid_t uid, const char *path)
{
        pid_t child = fork();
        int status = -1;

        g_assert_cmpint(child, >=, 0);
        if (!child) {
                struct aerostat_pager_request request = request_of(AEROSTAT_PAGER_GET_STATS, 0, 0);
                struct aerostat_pager_reply reply;
                int fd;

                if (setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0)
                        _exit(2);
                fd = try_connect(path);
                if (fd < 0)
                        _exit(fd == -EACCES ? 3 : 4);
                (void)send(fd, &request, sizeof(request), MSG_NOSIGNAL);
                _exit(receive_any(fd, &reply) > 0);
        }
        g_assert_cmpint(waitpid(child, &status, 0), ==, child);
        g_assert_true(WIFEXITED(status));
        return WEXITSTATUS(status);
}

static void test_other_user(void)
{
        struct aerostat_pager_reply reply;
        struct fixture f;
        int fd;

        if (geteuid() != 0) {
                g_test_skip("only root can become another user");
                return;
        }
        if (!set_up(&f))
                return;
        g_assert_cmpint(connect_as(0, f.path), ==, 1);
        g_assert_cmpint(chmod(f.dir, 0755), ==, 0);
        g_assert_cmpint(connect_as(NOBODY, f.path), ==, 3);
        /* The permissions are not all that keeps others out. */
        g_assert_cmpint(chmod(f.path, 0666), ==, 0);
        for (unsigned i = 0; i < 2 * AEROSTAT_PAGER_CLIENTS_MAX; i++)
                g_assert_cmpint(connect_as(NOBODY, f.path), ==, 0);
        fd = client_new(&f);
        g_assert_cmpint(ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        (void)close(fd);
        tear_down(&f);
}

static void test_freed_with_clients(void)
{
        unsigned fds = unit_count_entries("/proc/self/fd");
        struct aerostat_pager_reply reply;
        int clients[5], fd;
        struct fixture f;

        if (!set_up(&f))
                return;
        for (size_t i = 0; i < G_N_ELEMENTS(clients); i++) {
                clients[i] = client_new(&f);
                g_assert_cmpint(ask(clients[i], i ? AEROSTAT_PAGER_GET_STATS : AEROSTAT_PAGER_SUBSCRIBE, 100,
                                    0, &reply),
                                ==, 0);
        }
        fd = client_new(&f);
        tear_down(&f);
        g_assert_true(is_closed(fd));
        (void)close(fd);
        for (size_t i = 0; i < G_N_ELEMENTS(clients); i++) {
                while (receive_any(clients[i], &reply) > 0)
                        ;
                (void)close(clients[i]);
        }
        g_assert_cmpuint(unit_count_entries("/proc/self/fd"), ==, fds);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/control/socket", test_socket);
        g_test_add_func("/control/stale", test_stale);
        g_test_add_func("/control/live", test_live);
        g_test_add_func("/control/path", test_path);
        g_test_add_func("/control/name-taken-over", test_name_taken_over);
        g_test_add_func("/control/malformed", test_malformed);
        g_test_add_func("/control/settings", test_settings);
        g_test_add_func("/control/reservation", test_reservation);
        g_test_add_func("/control/unknown-type", test_unknown_type);
        g_test_add_func("/control/clients-max", test_clients_max);
        g_test_add_func("/control/no-files", test_no_files);
        g_test_add_func("/control/no-memory-to-wait", test_no_memory_to_wait);
        g_test_add_func("/control/subscription", test_subscription);
        g_test_add_func("/control/burst", test_burst);
        g_test_add_func("/control/no-reader", test_no_reader);
        g_test_add_func("/control/no-reader-of-replies", test_no_reader_of_replies);
        g_test_add_func("/control/flood", test_flood);
        g_test_add_func("/control/other-user", test_other_user);
        g_test_add_func("/control/freed-with-clients", test_freed_with_clients);
        g_test_add_func("/control/not-a-socket", test_not_a_socket);
        return g_test_run();
}
