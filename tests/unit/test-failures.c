/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every call that can fail made to fail: when a pager starts and changes, and while it works. */
#include <aerostat/pager.h>
#include <fcntl.h>
#include <liburing.h>
#include <linux/userfaultfd.h>
#include <lz4.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <zstd.h>

#include "unit.h"

#define GUEST      (6u << 20)
#define LIMIT      (4u << 20)
#define DEVICE_NEW 0xaa00u /* USERFAULTFD_IOC_NEW */
#define MOVE       0x05u   /* of UFFDIO_MOVE, which the headers of Debian 12 do not have */

/*
 * In turn: the n-th call that this thread makes fails, once. Only the thread that arms it is
 * concerned, so that n means the same call in every run.
 */
static _Thread_local struct {
        unsigned n; /* 0: not armed */
        const char *failed;
} turn;

static bool fails(const char *what)
{
        if (!turn.n || --turn.n)
                return false;
        turn.failed = what;
        return true;
}

/* By chance: calls of every thread that a working pager must be able to bear. */
static struct {
        _Atomic(bool) on;
        _Atomic(unsigned) failed;
        char *_Atomic guest;
} chance;

static bool fails_by_chance(unsigned one_in)
{
        static _Thread_local uint64_t state;

        if (!chance.on)
                return false;
        if (!state)
                state = (uintptr_t)&state | 1;
        if (unit_below(&state, one_in))
                return false;
        (void)atomic_fetch_add(&chance.failed, 1);
        return true;
}

/* Always: what the host does not have, or does not permit. */
static struct {
        _Atomic(bool) userfaultfd, device, move, space, copy;
} denied;

/* What the pager holds; its mappings are all made by syscall(). */
static _Atomic(int64_t) blocks, mapped;

/* As ld names them for --wrap. */
#define WRAPPED(type, name, ...)         \
        type __wrap_##name(__VA_ARGS__); \
        type __real_##name(__VA_ARGS__); \
        type __wrap_##name(__VA_ARGS__)

#define FAIL_WITH(error, result) \
        do {                     \
                errno = (error); \
                return (result); \
        } while (0)

WRAPPED(void *, calloc, size_t n, size_t size)
{
        void *p;

        if (fails("calloc"))
                FAIL_WITH(ENOMEM, NULL);
        p = __real_calloc(n, size);
        blocks += !!p;
        return p;
}

WRAPPED(void, free, void *p)
{
        blocks -= !!p;
        __real_free(p);
}

static int64_t whole_pages(long length)
{
        return (length + UNIT_PAGE - 1) / UNIT_PAGE * UNIT_PAGE;
}

static int error_of_syscall(long number, const long *a)
{
        const char *addr = (const char *)a[0], *memory = chance.guest;
        bool guest = memory && addr >= memory && addr < memory + GUEST;

        switch (number) {
        case SYS_mmap:
                return fails("mmap") || fails_by_chance(4) ? ENOMEM : 0;
        case SYS_mremap:
                /* To shrink splits a mapping, of which there may be too many already. */
                return a[2] < a[1] || fails("mremap") || fails_by_chance(4) ? ENOMEM : 0;
        case SYS_userfaultfd:
                return denied.userfaultfd ? EPERM : fails("userfaultfd") ? EMFILE : 0;
        case SYS_madvise:
                /* What the VMM gives back is the VMM's to know of; other advice may be unknown. */
                if (a[2] == MADV_DONTNEED)
                        return !guest && fails_by_chance(50) ? EINVAL : 0;
                return fails("madvise") ? EINVAL : 0;
        default:
                return 0;
        }
}

long __wrap_syscall(long number, ...);
long __real_syscall(long number, ...);
/* What was not given may be anything, and is no defect of the caller. */
__attribute__((no_sanitize_address)) long __wrap_syscall(long number, ...)
{
        va_list args;
        long a[6], r;
        int error;

        /* As libc's own does: six, whether given or not. */
        va_start(args, number);
        for (size_t i = 0; i < G_N_ELEMENTS(a); i++)
                a[i] = va_arg(args, long);
        va_end(args);
        error = error_of_syscall(number, a);
        if (error)
                FAIL_WITH(error, -1);
        r = __real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
        if (number == SYS_mmap && r != -1)
                mapped += whole_pages(a[1]);
        else if (number == SYS_munmap && r == 0)
                mapped -= whole_pages(a[1]);
        else if (number == SYS_mremap && r != -1)
                mapped += whole_pages(a[2]) - whole_pages(a[1]);
        return r;
}

static int error_of_ioctl(unsigned long request)
{
        if (_IOC_TYPE(request) == UFFDIO) {
                switch (_IOC_NR(request)) {
                case _UFFDIO_API:
                        return denied.move || fails("UFFDIO_API") ? EINVAL : 0;
                case _UFFDIO_REGISTER:
                        return fails("UFFDIO_REGISTER") ? ENOMEM : 0;
                case _UFFDIO_UNREGISTER:
                        return fails("UFFDIO_UNREGISTER") ? ENOMEM : 0;
                case _UFFDIO_COPY:
                        return denied.copy || fails_by_chance(200) ? ENOMEM
                               : fails_by_chance(20)               ? EAGAIN
                                                                   : 0;
                case _UFFDIO_ZEROPAGE:
                        return denied.copy ? ENOMEM : fails_by_chance(20) ? EAGAIN : 0;
                case MOVE:
                        return fails_by_chance(10)    ? EBUSY
                               : fails_by_chance(20)  ? EAGAIN
                               : fails_by_chance(100) ? ENOMEM
                                                      : 0;
                default:
                        return 0;
                }
        }
        return fails("ioctl") ? ENOMEM : 0;
}

int __wrap_ioctl(int fd, unsigned long request, ...);
int __real_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...)
{
        va_list args;
        void *argument;
        int error = error_of_ioctl(request);

        va_start(args, request);
        argument = va_arg(args, void *);
        va_end(args);
        if (!error) {
                int r = __real_ioctl(fd, request, argument);

                /* Linux 6.18 does this: it has moved all, and reports an error it met on the way. */
                if (r < 0 || _IOC_TYPE(request) != UFFDIO || _IOC_NR(request) != MOVE ||
                    !fails_by_chance(30))
                        return r;
                error = EEXIST;
        }
        /* The kernel says how far it came before it failed. */
        if (_IOC_TYPE(request) == UFFDIO && _IOC_NR(request) == MOVE)
                ((int64_t *)argument)[4] = -error;
        if (_IOC_TYPE(request) == UFFDIO && _IOC_NR(request) == _UFFDIO_COPY)
                ((struct uffdio_copy *)argument)->copy = -error;
        FAIL_WITH(error, -1);
}

int __wrap_open64(const char *path, int flags, ...);
int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...)
{
        va_list args;
        mode_t mode;

        va_start(args, flags);
        mode = (mode_t)va_arg(args, int);
        va_end(args);
        if (denied.device && strcmp(path, "/dev/userfaultfd") == 0)
                FAIL_WITH(EACCES, -1);
        if (fails("open"))
                FAIL_WITH(EMFILE, -1);
        return __real_open64(path, flags, mode);
}

WRAPPED(FILE *, fopen64, const char *path, const char *mode)
{
        if (fails("fopen"))
                FAIL_WITH(EMFILE, NULL);
        return __real_fopen64(path, mode);
}

WRAPPED(ssize_t, pread64, int fd, void *buffer, size_t size, off_t offset)
{
        if (fails("pread"))
                FAIL_WITH(ENOMEM, -1);
        return __real_pread64(fd, buffer, size, offset);
}

WRAPPED(int, fallocate64, int fd, int mode, off_t offset, off_t length)
{
        if (denied.space || fails("fallocate"))
                FAIL_WITH(ENOSPC, -1);
        return __real_fallocate64(fd, mode, offset, length);
}

WRAPPED(int, ftruncate64, int fd, off_t length)
{
        if (fails("ftruncate"))
                FAIL_WITH(EIO, -1);
        return __real_ftruncate64(fd, length);
}

WRAPPED(int, pthread_create, pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *),
        void *argument)
{
        if (fails("pthread_create"))
                return EAGAIN;
        return __real_pthread_create(thread, attr, run, argument);
}

WRAPPED(int, io_uring_queue_init, unsigned entries, struct io_uring *ring, unsigned flags)
{
        if (fails("io_uring_queue_init"))
                return -ENOMEM;
        return __real_io_uring_queue_init(entries, ring, flags);
}

WRAPPED(int, socket, int domain, int type, int protocol)
{
        if (fails("socket"))
                FAIL_WITH(EMFILE, -1);
        return __real_socket(domain, type, protocol);
}

WRAPPED(int, bind, int fd, const struct sockaddr *address, socklen_t length)
{
        if (fails("bind"))
                FAIL_WITH(EACCES, -1);
        return __real_bind(fd, address, length);
}

WRAPPED(int, listen, int fd, int backlog)
{
        if (fails("listen"))
                FAIL_WITH(ENOBUFS, -1);
        return __real_listen(fd, backlog);
}

WRAPPED(int, eventfd, unsigned value, int flags)
{
        if (fails("eventfd"))
                FAIL_WITH(EMFILE, -1);
        return __real_eventfd(value, flags);
}

WRAPPED(int, chmod, const char *path, mode_t mode)
{
        if (fails("chmod"))
                FAIL_WITH(EPERM, -1);
        return __real_chmod(path, mode);
}

WRAPPED(ZSTD_CCtx *, ZSTD_createCCtx, void)
{
        return fails("ZSTD_createCCtx") ? NULL : __real_ZSTD_createCCtx();
}

WRAPPED(ZSTD_DCtx *, ZSTD_createDCtx, void)
{
        return fails("ZSTD_createDCtx") ? NULL : __real_ZSTD_createDCtx();
}

/* The pages' content, of all kinds: one value, compressible, neither; another in every generation. */
static void content(char *data, uint32_t page, uint64_t generation)
{
        uint64_t state = ((uint64_t)page + 1) * 0x9e3779b97f4a7c15 ^ (generation + 1) * 0xd1342543de82ef95;

        switch ((page + generation) % 4) {
        case 0:
                for (size_t i = 0; i < UNIT_PAGE / sizeof(state); i++)
                        memcpy(data + i * sizeof(state), &state, sizeof(state));
                break;
        case 1:
                unit_fill_random(data, UNIT_PAGE, &state);
                break;
        default:
                unit_fill_compressible(data, &state);
                break;
        }
}

static char *new_guest(size_t size)
{
        char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        g_assert_true(memory != MAP_FAILED);
        for (uint32_t page = 0; page < size / UNIT_PAGE; page++)
                content(memory + (size_t)page * UNIT_PAGE, page, 0);
        return memory;
}

static void check_guest(const char *memory, size_t size)
{
        char expected[UNIT_PAGE];

        for (uint32_t page = 0; page < size / UNIT_PAGE; page++) {
                content(expected, page, 0);
                g_assert_cmpmem(memory + (size_t)page * UNIT_PAGE, UNIT_PAGE, expected, UNIT_PAGE);
        }
}

static void on_fatal(void *userdata, const char *reason)
{
        (void)userdata;
        g_error("%s", reason);
}

/* The first is above the limit by itself, but not by much: a life is to be short. */
static const size_t range_bytes[] = {LIMIT + (512u << 10), 1u << 20};

/* A life: making, two ranges, every setting, a range going and coming. */
struct life {
        char *dir;
        char *socket;
        char *memory[G_N_ELEMENTS(range_bytes)];
        struct aerostat_pager *pager;
        char reason[AEROSTAT_PAGER_REASON_MAX];
};

static int step_new(struct life *l)
{
        struct aerostat_pager_config config;

        aerostat_pager_config_init(&config);
        config.name = "unit";
        config.swap_dir = l->dir;
        config.socket_path = l->socket;
        config.limit_bytes = LIMIT;
        config.on_fatal = on_fatal;
        return aerostat_pager_new(&config, &l->pager, l->reason);
}

static int step_add_first(struct life *l)
{
        return aerostat_pager_add_range(l->pager, l->memory[0], range_bytes[0], l->reason);
}

static int step_add_second(struct life *l)
{
        return aerostat_pager_add_range(l->pager, l->memory[1], range_bytes[1], l->reason);
}

static int step_cache(struct life *l)
{
        return aerostat_pager_set_cache_pct(l->pager, 100);
}

static int step_reserve(struct life *l)
{
        return aerostat_pager_set_reservation(l->pager, 1u << 20);
}

static int step_reserve_nothing(struct life *l)
{
        return aerostat_pager_set_reservation(l->pager, 0);
}

static int step_limit(struct life *l)
{
        return aerostat_pager_set_limit(l->pager, 2 * LIMIT);
}

static int step_codec(struct life *l)
{
        return aerostat_pager_set_codec(l->pager, AEROSTAT_PAGER_CODEC_ZSTD);
}

static int step_sampling(struct life *l)
{
        return aerostat_pager_set_sampling(l->pager, 1000, 100);
}

static int step_remove_first(struct life *l)
{
        return aerostat_pager_remove_range(l->pager, l->memory[0]);
}

static const struct {
        const char *name;
        int (*take)(struct life *l);
        bool explains;
} steps[] = {
        {"new", step_new, true},
        {"add the first range", step_add_first, true},
        {"add the second range", step_add_second, true},
        {"set the cache", step_cache, false},
        {"set a reservation", step_reserve, false},
        {"set no reservation", step_reserve_nothing, false},
        {"set the limit", step_limit, false},
        {"set the codec", step_codec, false},
        {"set the sampling", step_sampling, false},
        {"remove the first range", step_remove_first, false},
        {"add the first range again", step_add_first, true},
};

/* No page is counted twice or in no state, and the limit is kept. */
static bool figures_are_right(struct aerostat_pager *pager, struct aerostat_pager_stats *s)
{
        aerostat_pager_get_stats(pager, s);
        return s->absent_bytes + s->resident_bytes + s->parked_bytes + s->same_bytes + s->compressed_bytes +
                               s->writing_bytes + s->swapped_bytes + s->reading_bytes ==
                       s->memory_bytes &&
               s->absent_bytes <= s->memory_bytes && s->consumed_bytes <= s->limit_bytes;
}

static void check_figures(struct aerostat_pager *pager, const char *after)
{
        struct aerostat_pager_stats s;

        /* They are taken one after the other, while the pager is at work. */
        if (UNIT_EVENTUALLY(figures_are_right(pager, &s)))
                return;
        g_error("figures are wrong after %s failed: of %" PRIu64 " bytes absent %" PRIu64
                ", resident %" PRIu64 ", parked %" PRIu64 ", consumed %" PRIu64 " of %" PRIu64,
                after ? after : "nothing", s.memory_bytes, s.absent_bytes, s.resident_bytes, s.parked_bytes,
                s.consumed_bytes, s.limit_bytes);
}

/*
 * Lives with the n-th call failing in every step that gets that far. A step that fails says so in a
 * negative errno value and, where it explains, in one line; then it is taken again, and succeeds.
 * Returns whether any call failed.
 */
static bool live(struct life *l, size_t failing, unsigned n)
{
        const char *failed = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
                int r;

                l->reason[0] = '\0';
                turn.failed = NULL;
                turn.n = i == failing ? n : 0;
                r = steps[i].take(l);
                turn.n = 0;
                failed = i == failing ? turn.failed : failed;
                if (r >= 0) {
                        g_assert_cmpint(r, ==, 0);
                        g_assert_cmpstr(l->reason, ==, "");
                } else {
                        if (!turn.failed)
                                g_error("%s, after %s failed in \"%s\": %s %s", steps[i].name, failed,
                                        steps[failing].name, g_strerror(-r), l->reason);
                        g_test_message("%s, %s failing: %s; %s", steps[i].name, turn.failed, g_strerror(-r),
                                       l->reason);
                        g_assert_cmpint(r, >, -4096);
                        if (steps[i].explains) {
                                g_assert_cmpstr(l->reason, !=, "");
                                g_assert_null(strchr(l->reason, '\n'));
                        }
                        if (i == 0)
                                g_assert_cmpint(access(l->socket, F_OK), ==, -1);
                        r = steps[i].take(l);
                        if (r < 0)
                                g_error("%s again, after %s failed: %s", steps[i].name, turn.failed,
                                        g_strerror(-r));
                }
                check_figures(l->pager, failed);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(range_bytes); i++)
                check_guest(l->memory[i], range_bytes[i]);
        aerostat_pager_free(l->pager);
        return failed;
}

static bool may_have_pager(void)
{
        char reason[AEROSTAT_PAGER_REASON_MAX] = "";
        struct aerostat_pager_config config;
        struct aerostat_pager *pager;

        aerostat_pager_config_init(&config);
        if (aerostat_pager_new(&config, &pager, reason) < 0) {
                g_test_skip(reason);
                return false;
        }
        aerostat_pager_free(pager);
        return true;
}

/* Threads before the first pager: this one, and a sanitizer's own. */
static unsigned tasks_at_start;

static void test_in_turn(void)
{
        struct life l = {.dir = g_dir_make_tmp("aerostat-unit-XXXXXX", NULL)};
        unsigned fds, lines = 0, runs = 0;

        l.socket = g_build_filename(l.dir, "vm.sock", NULL);
        if (!may_have_pager())
                goto out;
        for (size_t i = 0; i < G_N_ELEMENTS(range_bytes); i++)
                l.memory[i] = new_guest(range_bytes[i]);
        /* A first life, after which there is what libc keeps: stacks of threads, arenas. */
        (void)live(&l, SIZE_MAX, 0);
        fds = unit_count_entries("/proc/self/fd");
        for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
                for (unsigned n = 1; live(&l, i, n); n++, runs++) {
                        g_assert_cmpuint(unit_count_entries("/proc/self/fd"), ==, fds);
                        g_assert_cmpint(access(l.socket, F_OK), ==, -1);
                        g_assert_cmpint(mapped, ==, 0);
                        g_assert_cmpint(blocks, ==, 0);
                        /* A thread that was joined takes a moment to leave the list. */
                        g_assert_true(
                                UNIT_EVENTUALLY(unit_count_entries("/proc/self/task") <= tasks_at_start));
                        if (!runs)
                                lines = unit_count_lines("/proc/self/maps");
                }
        }
        g_test_message("%u lives", runs);
        g_assert_cmpuint(runs, >, 30);
        /* What is not made by syscall(): libc's and io_uring's. */
        g_assert_cmpuint(unit_count_lines("/proc/self/maps"), <=, lines + 32);
        for (size_t i = 0; i < G_N_ELEMENTS(range_bytes); i++)
                g_assert_cmpint(munmap(l.memory[i], range_bytes[i]), ==, 0);
out:
        g_assert_cmpint(rmdir(l.dir), ==, 0);
        g_free(l.dir);
        g_free(l.socket);
}

/* Starts a pager that must not start; its reason has the words that help. */
static void check_refused(int error, const char *words)
{
        char reason[AEROSTAT_PAGER_REASON_MAX] = "";
        struct aerostat_pager_config config;
        struct aerostat_pager *pager = NULL;
        unsigned fds = unit_count_entries("/proc/self/fd");

        aerostat_pager_config_init(&config);
        g_assert_cmpint(aerostat_pager_new(&config, &pager, reason), ==, error);
        g_assert_null(pager);
        g_assert_nonnull(strstr(reason, words));
        g_assert_cmpuint(unit_count_entries("/proc/self/fd"), ==, fds);
        g_assert_cmpint(blocks, ==, 0);
}

static void test_no_right(void)
{
        denied.userfaultfd = denied.device = true;
        check_refused(-EPERM, "/dev/userfaultfd");
        denied.device = false;
        /* With the device it does without the system call. */
        if (access("/dev/userfaultfd", R_OK | W_OK) < 0)
                g_test_skip("no /dev/userfaultfd to open");
        else
                (void)may_have_pager();
        denied.userfaultfd = false;
}

static void test_old_kernel(void)
{
        if (!may_have_pager())
                return;
        denied.move = true;
        check_refused(-ENOSYS, "6.8");
        denied.move = false;
}

/* A pager ends though the kernel has no page for whoever rings its doorbell. */
static void test_end_without_memory(void)
{
        struct aerostat_pager_config config;
        struct aerostat_pager *pager;

        if (!may_have_pager())
                return;
        aerostat_pager_config_init(&config);
        g_assert_cmpint(aerostat_pager_new(&config, &pager, NULL), ==, 0);
        denied.copy = true;
        aerostat_pager_free(pager);
        denied.copy = false;
        g_assert_cmpint(mapped, ==, 0);
}

/* The figure that is missing is in the reason; the memory stays as it is, and unmanaged. */
static void test_no_space(void)
{
        char reason[AEROSTAT_PAGER_REASON_MAX] = "";
        struct aerostat_pager_config config;
        struct aerostat_pager_stats stats;
        struct aerostat_pager *pager;
        char *memory;

        if (!may_have_pager())
                return;
        memory = new_guest(GUEST);
        aerostat_pager_config_init(&config);
        config.swap_dir = g_get_tmp_dir();
        g_assert_cmpint(aerostat_pager_new(&config, &pager, reason), ==, 0);
        denied.space = true;
        g_assert_cmpint(aerostat_pager_add_range(pager, memory, GUEST, reason), ==, -ENOSPC);
        denied.space = false;
        g_assert_nonnull(strstr(reason, "6 MiB are missing for its 6 MiB"));
        aerostat_pager_get_stats(pager, &stats);
        g_assert_cmpuint(stats.memory_bytes, ==, 0);
        g_assert_cmpuint(stats.unmanaged_bytes, ==, GUEST);
        g_assert_cmpstr(stats.reason, ==, reason);
        check_guest(memory, GUEST);
        /* Once more in vain: counted once. Then in success: what was wrong is over. */
        denied.space = true;
        g_assert_cmpint(aerostat_pager_add_range(pager, memory, GUEST, reason), ==, -ENOSPC);
        denied.space = false;
        aerostat_pager_get_stats(pager, &stats);
        g_assert_cmpuint(stats.unmanaged_bytes, ==, GUEST);
        g_assert_cmpint(aerostat_pager_add_range(pager, memory, GUEST, reason), ==, 0);
        aerostat_pager_get_stats(pager, &stats);
        g_assert_cmpuint(stats.memory_bytes, ==, GUEST);
        g_assert_cmpuint(stats.unmanaged_bytes, ==, 0);
        g_assert_cmpstr(stats.reason, ==, "");
        check_guest(memory, GUEST);
        aerostat_pager_free(pager);
        g_assert_cmpint(munmap(memory, GUEST), ==, 0);
}

/* A guest's processor: it has its own pages, writes to them, and knows what must be there. */
struct processor {
        struct aerostat_pager *pager;
        char *memory;
        unsigned number;
        uint64_t generation[GUEST / UNIT_PAGE];
};

#define PROCESSORS 2u
#define DISCARDED  UINT64_MAX
#define TOUCHES    6000u

static void check_page(const struct processor *p, uint32_t page)
{
        char expected[UNIT_PAGE] = {};

        if (p->generation[page] != DISCARDED)
                content(expected, page, p->generation[page]);
        g_assert_cmpmem(p->memory + (size_t)page * UNIT_PAGE, UNIT_PAGE, expected, UNIT_PAGE);
}

static void *process(void *argument)
{
        struct processor *p = argument;
        uint64_t state = 0x9000 + p->number;

        for (unsigned i = 0; i < TOUCHES; i++) {
                uint32_t page = unit_below(&state, GUEST / UNIT_PAGE / PROCESSORS) * PROCESSORS + p->number;
                char *at = p->memory + (size_t)page * UNIT_PAGE;
                unsigned what = unit_below(&state, 16);

                check_page(p, page);
                if (what == 0) {
                        g_assert_cmpint(aerostat_pager_discard(p->pager, at, UNIT_PAGE), ==, 0);
                        p->generation[page] = DISCARDED;
                } else if (what < 6) {
                        p->generation[page] = i;
                        content(at, page, i);
                }
        }
        return NULL;
}

static struct processor processors[PROCESSORS];

/* A pager with as much guest as it may not keep; NULL, and the test is skipped, without the right to. */
static struct aerostat_pager *new_pressed(char **ret_memory)
{
        char reason[AEROSTAT_PAGER_REASON_MAX] = "";
        struct aerostat_pager_config config;
        struct aerostat_pager *pager;

        if (!may_have_pager())
                return NULL;
        *ret_memory = new_guest(GUEST);
        aerostat_pager_config_init(&config);
        config.swap_dir = g_get_tmp_dir();
        config.limit_bytes = LIMIT;
        config.sample_period_ms = 1000;
        config.on_fatal = on_fatal;
        g_assert_cmpint(aerostat_pager_new(&config, &pager, reason), ==, 0);
        g_assert_cmpint(aerostat_pager_add_range(pager, *ret_memory, GUEST, reason), ==, 0);
        return pager;
}

/* Lets the guest run, its settings changing meanwhile; what fails of that changes nothing. */
static void run_guest(struct aerostat_pager *pager, char *memory)
{
        pthread_t threads[PROCESSORS];

        for (unsigned i = 0; i < PROCESSORS; i++) {
                processors[i].pager = pager;
                processors[i].memory = memory;
                processors[i].number = i;
                g_assert_cmpint(pthread_create(&threads[i], NULL, process, &processors[i]), ==, 0);
        }
        for (unsigned i = 0; i < 40; i++) {
                int r = aerostat_pager_set_cache_pct(pager, i * 7 % 101);

                g_assert_true(r == 0 || r == -ENOMEM);
                g_assert_cmpint(aerostat_pager_set_codec(pager, i % 3), ==, 0);
                unit_nap_ms(5);
        }
        for (unsigned i = 0; i < PROCESSORS; i++)
                g_assert_cmpint(pthread_join(threads[i], NULL), ==, 0);
}

static void check_run(char *memory)
{
        for (uint32_t page = 0; page < GUEST / UNIT_PAGE; page++) {
                g_assert_true(processors[page % PROCESSORS].memory == memory);
                check_page(&processors[page % PROCESSORS], page);
        }
}

static void end_run(struct aerostat_pager *pager, char *memory)
{
        check_run(memory);
        aerostat_pager_free(pager);
        check_run(memory);
        g_assert_cmpint(munmap(memory, GUEST), ==, 0);
        memset(processors, 0, sizeof(processors));
}

/* While the guest runs under pressure, calls fail here and there; not a byte of it may change. */
static void test_by_chance(void)
{
        struct aerostat_pager_stats stats;
        struct aerostat_pager *pager;
        char *memory;

        pager = new_pressed(&memory);
        if (!pager)
                return;
        chance.guest = memory;
        chance.on = true;
        run_guest(pager, memory);
        chance.on = false;
        aerostat_pager_get_stats(pager, &stats);
        g_test_message("%u calls failed; %" PRIu64 " parked, %" PRIu64 " compressed, %" PRIu64
                       " swapped out, %" PRIu64 " busy, %" PRIu64 " above the limit",
                       chance.failed, stats.parks, stats.compressions, stats.swap_outs, stats.busy,
                       stats.limit_overruns);
        g_assert_cmpuint(chance.failed, >, 100);
        g_assert_cmpuint(stats.parks, >, 0);
        g_assert_cmpuint(stats.compressions, >, 0);
        g_assert_cmpuint(stats.swap_outs, >, 0);
        g_assert_cmpuint(stats.swap_errors, ==, 0);
        end_run(pager, memory);
        chance.guest = NULL;
}

static void *idle(void *argument)
{
        return argument;
}

int main(int argc, char **argv)
{
        pthread_t thread;

        g_test_init(&argc, &argv, NULL);
        /* A sanitizer starts its own with the first; and what was joined takes a moment to be gone. */
        g_assert_cmpint(pthread_create(&thread, NULL, idle, NULL), ==, 0);
        g_assert_cmpint(pthread_join(thread, NULL), ==, 0);
        unit_nap_ms(100);
        tasks_at_start = unit_count_entries("/proc/self/task");
        g_test_add_func("/failures/no-right", test_no_right);
        g_test_add_func("/failures/old-kernel", test_old_kernel);
        g_test_add_func("/failures/no-space", test_no_space);
        g_test_add_func("/failures/end-without-memory", test_end_without_memory);
        g_test_add_func("/failures/by-chance", test_by_chance);
        g_test_add_func("/failures/in-turn", test_in_turn);
        return g_test_run();
}
