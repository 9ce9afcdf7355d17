/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * System calls made directly. The preload library stands in for libc's madvise(), mmap() and
 * munmap(); its own calls must not come back to it.
 */
#pragma once

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PAGE_SHIFT 12
#define PAGE_BYTES 4096UL

static inline int sys_madvise(void *addr, size_t length, int advice)
{
        return (int)syscall(SYS_madvise, addr, length, advice);
}

static inline int sys_munmap(void *addr, size_t length)
{
        return (int)syscall(SYS_munmap, addr, length);
}

static inline void *sys_mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset)
{
        return (void *)syscall(SYS_mmap, addr, length, prot, flags, fd, offset);
}

/* Anonymous memory that costs nothing until it is touched and that a child of fork() does not get. */
static inline int sys_map_lazy(size_t length, void **ret_addr)
{
        void *addr = sys_mmap(NULL, length, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

        if (addr == MAP_FAILED)
                return -errno;
        /* Advice that an unusual kernel refuses costs memory or a copy, not correctness. */
        (void)sys_madvise(addr, length, MADV_DONTFORK);
        (void)sys_madvise(addr, length, MADV_DONTDUMP);
        (void)sys_madvise(addr, length, MADV_NOHUGEPAGE);
        *ret_addr = addr;
        return 0;
}

static inline uint64_t monotonic_ns(void)
{
        struct timespec ts;

        (void)clock_gettime(CLOCK_MONOTONIC, &ts);
        return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}
