/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The way in by LD_PRELOAD. A VMM marks guest memory as mergeable; that call, intercepted, says
 * what to manage. Its later calls that discard or replace such memory are seen in the same way.
 * In any other program nothing happens.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/macro.h"
#include "pager/control.h"
#include "pager/pager.h"

#define EXPORT __attribute__((visibility("default")))

/* Smaller blocks are firmware and tables: not worth a record. */
#define RANGE_MIN MIB(1)

#define DEFAULT_SWAP_DIR "/var/lib/aerostat/swap"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Atomic(struct aerostat_pager *) the_pager;

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *format, ...)
{
        char line[512];
        va_list args;

        va_start(args, format);
        (void)vsnprintf(line, sizeof(line), format, args);
        va_end(args);
        (void)dprintf(STDERR_FILENO, "aerostat: %s\n", line);
}

/* A number from the environment; one that is no number in the bounds is named and left out. */
static uint64_t env_number(const char *name, uint64_t low, uint64_t high, uint64_t otherwise)
{
        const char *text = getenv(name);
        char *end;
        uint64_t value;

        if (!text || !*text)
                return otherwise;
        errno = 0;
        value = strtoull(text, &end, 10);
        if (errno || *end || text[0] < '0' || text[0] > '9' || value < low || value > high) {
                say("%s=%.40s: must be a number from %" PRIu64 " to %" PRIu64 "; it is ignored", name, text,
                    low, high);
                return otherwise;
        }
        return value;
}

static uint32_t env_codec(uint32_t otherwise)
{
        static const char *const names[] = {"off", "lz4", "zstd"};
        const char *text = getenv("AEROSTAT_CODEC");

        if (!text || !*text)
                return otherwise;
        for (uint32_t i = 0; i < ARRAY_LENGTH(names); i++) {
                if (strcmp(text, names[i]) == 0)
                        return i;
        }
        say("AEROSTAT_CODEC=%.40s: must be off, lz4 or zstd; it is ignored", text);
        return otherwise;
}

/* QEMU's -name: "NAME", "guest=NAME" or "NAME,debug-threads=on". */
static void name_from_command_line(char *name, size_t size)
{
        char line[8192];
        _cleanup_close_ int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
        ssize_t n = fd >= 0 ? read(fd, line, sizeof(line) - 1) : -1;

        if (n <= 0)
                return;
        line[n] = '\0';
        for (const char *arg = line; arg < line + n; arg += strlen(arg) + 1) {
                const char *value = arg + strlen(arg) + 1;

                if ((strcmp(arg, "-name") != 0 && strcmp(arg, "--name") != 0) || value >= line + n)
                        continue;
                if (strncmp(value, "guest=", 6) == 0)
                        value += 6;
                (void)snprintf(name, size, "%.*s", (int)strcspn(value, ","), value);
        }
}

/* The user's own directory for such things, which has no other name where nobody logged in. */
static const char *runtime_dir(char *buffer, size_t size)
{
        const char *runtime = getenv("XDG_RUNTIME_DIR");
        struct stat st;

        if (runtime && *runtime && strlen(runtime) < 64)
                return runtime;
        (void)snprintf(buffer, size, AEROSTAT_PAGER_USERS_DIR "/%u", (unsigned)geteuid());
        return lstat(buffer, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() ? buffer : NULL;
}

/* Where the control socket is made when nobody says: false when there is no such place. */
static bool default_socket(char *path, size_t size)
{
        char own[64], dir[128];
        const char *runtime = runtime_dir(own, sizeof(own));

        if (geteuid() == 0) {
                (void)mkdir("/run/aerostat", 0755);
                (void)snprintf(dir, sizeof(dir), "%s", AEROSTAT_PAGER_RUN_DIR);
        } else if (runtime) {
                (void)snprintf(dir, sizeof(dir), "%s/aerostat", runtime);
                (void)mkdir(dir, 0700);
                (void)snprintf(dir, sizeof(dir), "%s/aerostat/pager", runtime);
        } else {
                return false;
        }
        if (mkdir(dir, 0755) < 0 && errno != EEXIST)
                return false;
        (void)snprintf(path, size, "%s/%d.sock", dir, getpid());
        return true;
}

/* In the child of fork() there are no threads of the pager, and nothing for it to do. */
static void in_child(void)
{
        atomic_store(&the_pager, NULL);
}

static void start(void)
{
        struct aerostat_pager_config config;
        struct aerostat_pager *pager;
        char reason[AEROSTAT_PAGER_REASON_MAX] = "", name[AEROSTAT_PAGER_NAME_MAX] = "", socket[160];
        const char *text;
        uint64_t limit_mib;
        int r;

        aerostat_pager_config_init(&config);
        limit_mib = env_number("AEROSTAT_LIMIT_MIB", 4, UINT64_MAX >> 20, 0);
        if (limit_mib)
                config.limit_bytes = MIB(limit_mib);
        config.reservation_bytes = MIB(env_number("AEROSTAT_RESERVATION_MIB", 0, UINT64_MAX >> 20, 0));
        config.cache_pct = (uint32_t)env_number("AEROSTAT_CACHE_PCT", 0, 100, config.cache_pct);
        config.codec = env_codec(config.codec);
        config.sample_period_ms = 1000 * (uint32_t)env_number("AEROSTAT_SAMPLE_PERIOD_S", 0, 3600,
                                                              config.sample_period_ms / 1000);
        config.sample_pages = (uint32_t)env_number("AEROSTAT_SAMPLE_PAGES", 1,
                                                   AEROSTAT_PAGER_SAMPLE_PAGES_MAX, config.sample_pages);
        text = getenv("AEROSTAT_NAME");
        if (text && *text)
                (void)snprintf(name, sizeof(name), "%s", text);
        else
                name_from_command_line(name, sizeof(name));
        config.name = name;
        text = getenv("AEROSTAT_SWAP_DIR");
        if (text)
                config.swap_dir = *text ? text : NULL;
        else
                config.swap_dir = access(DEFAULT_SWAP_DIR, W_OK) == 0 ? DEFAULT_SWAP_DIR : "/var/tmp";
        text = getenv("AEROSTAT_SOCKET");
        if (text && *text)
                config.socket_path = text;
        else if (default_socket(socket, sizeof(socket)))
                config.socket_path = socket;

        r = aerostat_pager_new(&config, &pager, reason);
        if (r < 0) {
                say("VM %s runs unmanaged: %s", name[0] ? name : "without a name", reason);
                return;
        }
        (void)pthread_atfork(NULL, NULL, in_child);
        atomic_store(&the_pager, pager);
}

static void take_over(void *addr, size_t length)
{
        char reason[AEROSTAT_PAGER_REASON_MAX] = "";
        struct aerostat_pager *pager;
        int r;

        if (length < RANGE_MIN)
                return;
        (void)pthread_once(&once, start);
        pager = atomic_load(&the_pager);
        if (!pager)
                return;
        r = aerostat_pager_add_range(pager, addr, length, reason);
        if (r == -ENOSPC) {
                /* As at any power-on that its host cannot back. */
                say("VM %s is not started: %s", pager->name, reason);
                control_unlink(pager->control);
                _exit(1);
        }
        if (r < 0)
                say("VM %s: %zu MiB run unmanaged: %s", pager->name, length >> 20, reason);
}

/* At the end of the process; its other threads may still need the pager. */
__attribute__((destructor)) static void leave(void)
{
        struct aerostat_pager *pager = atomic_load(&the_pager);

        if (pager && pager->control)
                control_unlink(pager->control);
}

/* The part of the first managed range that lies in [*at, end): false when there is none. */
static bool next_managed(struct aerostat_pager *pager, uintptr_t *at, uintptr_t end, size_t *ret_length,
                         bool *ret_whole)
{
        uintptr_t found = end;

        (void)pthread_rwlock_rdlock(&pager->ranges_lock);
        for (unsigned i = 0; i < pager->n_ranges; i++) {
                const struct range *range = &pager->ranges[i];
                uintptr_t range_end = range->addr + (uintptr_t)range->pages * PAGE_BYTES;
                uintptr_t from = MAX(range->addr, *at), to = MIN(range_end, end);

                if (!range->pages || from >= to || from >= found)
                        continue;
                found = from;
                *ret_length = to - from;
                *ret_whole = from == range->addr && to == range_end;
        }
        (void)pthread_rwlock_unlock(&pager->ranges_lock);
        *at = found;
        return found < end;
}

/*
 * Memory that the VMM is about to unmap or replace: what is held for it is forgotten, and a range
 * that goes as a whole is let go of.
 */
static void before_unmapping(struct aerostat_pager *pager, void *addr, size_t length)
{
        uintptr_t at = (uintptr_t)addr, end = at + length;
        bool whole = false;
        size_t n = 0;

        if (pager)
                reason_not_refused(pager, at, length);
        for (; pager && next_managed(pager, &at, end, &n, &whole); at += n) {
                char *part = (char *)addr + (at - (uintptr_t)addr);

                (void)aerostat_pager_discard(pager, part, n);
                if (whole)
                        (void)aerostat_pager_remove_range(pager, part);
        }
}

/* Memory that is about to move: all of it has to be there. */
static void before_moving(struct aerostat_pager *pager, void *addr)
{
        struct page_ref ref;
        uintptr_t start = 0;

        if (!pager)
                return;
        (void)pthread_rwlock_rdlock(&pager->ranges_lock);
        ref = page_at(pager, (uintptr_t)addr);
        if (ref.range)
                start = ref.range->addr;
        (void)pthread_rwlock_unlock(&pager->ranges_lock);
        if (start)
                (void)aerostat_pager_remove_range(pager, (char *)addr - ((uintptr_t)addr - start));
}

EXPORT int madvise(void *addr, size_t length, int advice)
{
        struct aerostat_pager *pager = atomic_load_explicit(&the_pager, memory_order_acquire);
        int r;

        /*
         * Firmware and tables: too little to be managed, so nothing could take them out of sharing again,
         * and VMs that are to share nothing with each other would share these.
         */
        if (advice == MADV_MERGEABLE && length < RANGE_MIN)
                return 0;
        if (advice == MADV_MERGEABLE) {
                r = sys_madvise(addr, length, advice);
                if (r == 0 || errno == EINVAL) {
                        int error = errno;

                        /* EINVAL: a kernel without KSM. Guest memory it is all the same. */
                        take_over(addr, length & ~(PAGE_BYTES - 1));
                        errno = error;
                }
                return r;
        }
        if (pager && (advice == MADV_DONTNEED || advice == MADV_FREE)) {
                r = aerostat_pager_discard(pager, addr, length);
                if (r < 0)
                        errno = -r;
                return r < 0 ? -1 : 0;
        }
        return sys_madvise(addr, length, advice);
}

EXPORT int munmap(void *addr, size_t length)
{
        before_unmapping(atomic_load_explicit(&the_pager, memory_order_acquire), addr, length);
        return sys_munmap(addr, length);
}

/* libc has this function under two names; which one "mmap" is here depends on macros. */
EXPORT void *map_plain(void *addr, size_t length, int prot, int flags, int fd, off_t offset) __asm__("mmap");
EXPORT void *map_large(void *addr, size_t length, int prot, int flags, int fd,
                       off_t offset) __asm__("mmap64");

void *map_large(void *addr, size_t length, int prot, int flags, int fd, off_t offset)
{
        if (flags & MAP_FIXED)
                before_unmapping(atomic_load_explicit(&the_pager, memory_order_acquire), addr, length);
        return sys_mmap(addr, length, prot, flags, fd, offset);
}

void *map_plain(void *addr, size_t length, int prot, int flags, int fd, off_t offset)
{
        return map_large(addr, length, prot, flags, fd, offset);
}

EXPORT void *mremap(void *addr, size_t old_length, size_t new_length, int flags, ...)
{
        void *new_addr = NULL;
        va_list args;

        if (flags & MREMAP_FIXED) {
                va_start(args, flags);
                new_addr = va_arg(args, void *);
                va_end(args);
        }
        before_moving(atomic_load_explicit(&the_pager, memory_order_acquire), addr);
        return (void *)syscall(SYS_mremap, addr, old_length, new_length, flags, new_addr);
}
