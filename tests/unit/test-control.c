/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The control socket: where it is, who gets in, and what is understood. */
#include "control-fixture.h"
#include "unit.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#define NOBODY 65534u
#define GUEST  (16u << 20)

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
        struct control f;
        struct stat st;

        if (!control_set_up(&f))
                return;
        g_assert_cmpint(lstat(f.path, &st), ==, 0);
        g_assert_true(S_ISSOCK(st.st_mode));
        g_assert_cmphex(st.st_mode & 07777, ==, 0600);
        g_assert_cmpuint(st.st_uid, ==, geteuid());
        control_tear_down(&f);
}

/* A name that the owner left behind when it died is taken over. */
static void test_stale(void)
{
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        struct aerostat_pager_config config;
        struct aerostat_pager_reply reply;
        struct control f = {};
        int fd;

        f.dir = control_new_dir();
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
                fd = control_client(&f);
                g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
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
        struct control f;
        int fd;

        if (!control_set_up(&f))
                return;
        check_refused(f.path, -EADDRINUSE);
        /* The one that was there is served as before. */
        fd = control_client(&f);
        g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        (void)close(fd);
        control_tear_down(&f);
}

/* Whatever else has the name is nobody's to remove. */
static void test_not_a_socket(void)
{
        g_autofree char *path = NULL, *target = NULL, *content = NULL;
        struct control f;

        if (!control_set_up(&f))
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
        control_tear_down(&f);
}

static void test_path(void)
{
        struct sockaddr_un address;
        g_autofree char *none = NULL;
        struct control f;
        char longest[sizeof(address.sun_path) + 1];
        size_t n;

        if (!control_set_up(&f))
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
                n = (size_t)control_try_connect(longest);
                g_assert_cmpint((int)n, >=, 0);
                (void)close((int)n);
        }
        control_tear_down(&f);
}

/* Another VM took the name over; it is its to remove. */
static void test_name_taken_over(void)
{
        struct control f;

        if (!control_set_up(&f))
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
        struct control f;

        if (!control_set_up(&f))
                return;
        aerostat_pager_get_stats(f.pager, &before);
        for (unsigned i = 0; i < G_N_ELEMENTS(sizes) + 6; i++) {
                struct aerostat_pager_reply reply;
                int fd = control_client(&f);
                size_t size = sizeof(request);

                /* All would change something if they were carried out. */
                request = control_request(AEROSTAT_PAGER_SET_LIMIT, 8u << 20, 0);
                if (i < G_N_ELEMENTS(sizes))
                        size = sizes[i];
                else if (i == G_N_ELEMENTS(sizes))
                        request.magic ^= 1;
                else if (i == G_N_ELEMENTS(sizes) + 1)
                        request.version++;
                else
                        request.reserved[i - G_N_ELEMENTS(sizes) - 2] = 1ull << 63;
                memcpy(large, &request, sizeof(request));
                control_send(fd, large, size);
                control_receive(fd, &reply);
                g_assert_cmpint(reply.error, ==, -EPROTO);
                g_assert_true(control_is_closed(fd));
                (void)close(fd);
        }
        aerostat_pager_get_stats(f.pager, &after);
        check_same_settings(&before, &after);
        control_tear_down(&f);
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
        struct control f;
        int fd;

        if (!control_set_up(&f))
                return;
        fd = control_client(&f);
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                const uint64_t *v = cases[i].v;

                aerostat_pager_get_stats(f.pager, &expected);
                g_assert_cmpint(control_ask(fd, cases[i].type, v[0], v[1], &reply), ==, cases[i].error);
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
        control_tear_down(&f);
}

/* Guest memory of which each page is its own number, and random beyond that. */
static char *new_guest(struct control *f)
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
        struct control f;
        char *memory;
        int fd;

        aerostat_pager_config_init(&config);
        config.name = "unit";
        config.swap_dir = g_get_tmp_dir();
        config.codec = AEROSTAT_PAGER_CODEC_OFF;
        config.reservation_bytes = GUEST;
        if (!control_set_up_with(&f, &config))
                return;
        memory = new_guest(&f);
        fd = control_client(&f);
        g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        g_assert_cmpuint(reply.stats.memory_bytes, ==, GUEST);
        g_assert_cmpuint(reply.stats.swap_file_bytes, ==, 0);

        (void)signal(SIGXFSZ, SIG_IGN);
        g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
        low.rlim_max = before.rlim_max;
        g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &low), ==, 0);
        g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_SET_RESERVATION, 0, 0, &reply), ==, -ENOSPC);
        g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
        g_assert_cmpuint(reply.stats.reservation_bytes, ==, GUEST);
        g_assert_cmpuint(reply.stats.swap_file_bytes, ==, 0);

        g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_SET_RESERVATION, 0, 0, &reply), ==, 0);
        g_assert_cmpuint(reply.stats.swap_file_bytes, ==, GUEST);
        g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_SET_LIMIT, 4u << 20, 0, &reply), ==, 0);
        do {
                unit_nap_ms(10);
                g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        } while (reply.stats.swapped_bytes < GUEST / 2);
        g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_SET_RESERVATION, GUEST, 0, &reply), ==, -EBUSY);
        g_assert_cmpuint(reply.stats.reservation_bytes, ==, 0);
        g_assert_cmpuint(reply.stats.swap_file_bytes, ==, GUEST);
        (void)close(fd);
        control_tear_down(&f);
        g_assert_cmpint(munmap(memory, GUEST), ==, 0);
}

static void test_unknown_type(void)
{
        struct aerostat_pager_reply reply;
        struct control f;
        int fd;

        if (!control_set_up(&f))
                return;
        fd = control_client(&f);
        for (unsigned type = 9; type < 60000; type += 7777) {
                g_assert_cmpint(control_ask(fd, type, 1, 2, &reply), ==, -EOPNOTSUPP);
                g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        }
        (void)close(fd);
        control_tear_down(&f);
}

/* Exits with 0 when a connection by uid is closed without an answer, 1 when it is answered. */
static int connect_as(uid_t uid, const char *path)
{
        pid_t child = fork();
        int status = -1;

        g_assert_cmpint(child, >=, 0);
        if (!child) {
                struct aerostat_pager_request request = control_request(AEROSTAT_PAGER_GET_STATS, 0, 0);
                struct aerostat_pager_reply reply;
                int fd;

                if (setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0)
                        _exit(2);
                fd = control_try_connect(path);
                if (fd < 0)
                        _exit(fd == -EACCES ? 3 : 4);
                (void)send(fd, &request, sizeof(request), MSG_NOSIGNAL);
                _exit(control_receive_any(fd, &reply) > 0);
        }
        g_assert_cmpint(waitpid(child, &status, 0), ==, child);
        g_assert_true(WIFEXITED(status));
        return WEXITSTATUS(status);
}

static void test_other_user(void)
{
        struct aerostat_pager_reply reply;
        struct control f;
        int fd;

        if (geteuid() != 0) {
                g_test_skip("only root can become another user");
                return;
        }
        if (!control_set_up(&f))
                return;
        g_assert_cmpint(connect_as(0, f.path), ==, 1);
        g_assert_cmpint(chmod(f.dir, 0755), ==, 0);
        g_assert_cmpint(connect_as(NOBODY, f.path), ==, 3);
        /* The permissions are not all that keeps others out. */
        g_assert_cmpint(chmod(f.path, 0666), ==, 0);
        for (unsigned i = 0; i < 2 * AEROSTAT_PAGER_CLIENTS_MAX; i++)
                g_assert_cmpint(connect_as(NOBODY, f.path), ==, 0);
        fd = control_client(&f);
        g_assert_cmpint(control_ask(fd, AEROSTAT_PAGER_GET_STATS, 0, 0, &reply), ==, 0);
        (void)close(fd);
        control_tear_down(&f);
}

static void test_freed_with_clients(void)
{
        unsigned fds = unit_count_entries("/proc/self/fd");
        struct aerostat_pager_reply reply;
        int clients[5], fd;
        struct control f;

        if (!control_set_up(&f))
                return;
        for (size_t i = 0; i < G_N_ELEMENTS(clients); i++) {
                clients[i] = control_client(&f);
                g_assert_cmpint(control_ask(clients[i],
                                            i ? AEROSTAT_PAGER_GET_STATS : AEROSTAT_PAGER_SUBSCRIBE, 100, 0,
                                            &reply),
                                ==, 0);
        }
        fd = control_client(&f);
        control_tear_down(&f);
        g_assert_true(control_is_closed(fd));
        (void)close(fd);
        for (size_t i = 0; i < G_N_ELEMENTS(clients); i++) {
                while (control_receive_any(clients[i], &reply) > 0)
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
        g_test_add_func("/control/other-user", test_other_user);
        g_test_add_func("/control/freed-with-clients", test_freed_with_clients);
        g_test_add_func("/control/not-a-socket", test_not_a_socket);
        return g_test_run();
}
