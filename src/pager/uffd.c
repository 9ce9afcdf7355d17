/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* userfaultfd: opening it with the rights there are, and its operations on pages. */
#include "pager/uffd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

#include "base/macro.h"
#include "base/sys.h"

/* The kernel headers of Debian 12 (Linux 6.1) are older than the kernel this needs (6.8). */
#ifndef UFFDIO_MOVE
struct uffdio_move {
        __u64 dst;
        __u64 src;
        __u64 len;
        __u64 mode;
        __s64 move;
};
#define UFFDIO_MOVE       _IOWR(UFFDIO, 0x05, struct uffdio_move)
#define UFFD_FEATURE_MOVE (1 << 16)
#endif
#ifndef UFFDIO_POISON
struct uffdio_poison {
        struct uffdio_range range;
        __u64 mode;
        __s64 updated;
};
#define UFFDIO_POISON _IOWR(UFFDIO, 0x08, struct uffdio_poison)
#endif
#ifndef USERFAULTFD_IOC_NEW
#define USERFAULTFD_IOC_NEW _IO(0xAA, 0x00)
#endif

#define PAGEMAP_TRIES 20u /* 20 ms */

static int open_fd(void)
{
        _cleanup_close_ int dev = -1;
        int fd;

        fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
        if (fd >= 0 || errno != EPERM)
                return fd >= 0 ? fd : -errno;
        /* Faults taken in the kernel are for root, or for whoever may open the device. */
        dev = open("/dev/userfaultfd", O_RDWR | O_CLOEXEC);
        if (dev < 0)
                return errno == ENOENT || errno == EACCES ? -EPERM : -errno;
        fd = ioctl(dev, USERFAULTFD_IOC_NEW, O_CLOEXEC);
        return fd >= 0 ? fd : -errno;
}

int uffd_open(int *ret_fd, char *reason, size_t reason_size)
{
        struct uffdio_api api = {.api = UFFD_API, .features = UFFD_FEATURE_MOVE | UFFD_FEATURE_THREAD_ID};
        _cleanup_close_ int fd = open_fd();

        if (fd == -EPERM) {
                (void)snprintf(reason, reason_size,
                               "no right to handle page faults of the kernel: let user %u open "
                               "/dev/userfaultfd (with libvirt, also in cgroup_device_acl)",
                               (unsigned)geteuid());
                return -EPERM;
        }
        if (fd < 0) {
                (void)snprintf(reason, reason_size, "userfaultfd: %s%s", strerror(-fd),
                               fd == -ENOSYS ? "; needs a kernel with CONFIG_USERFAULTFD" : "");
                return fd;
        }
        if (ioctl(fd, UFFDIO_API, &api) < 0) {
                (void)snprintf(reason, reason_size,
                               "this kernel cannot move pages by userfaultfd; needs Linux 6.8 or later");
                return -ENOSYS;
        }
        *ret_fd = take_fd(&fd);
        return 0;
}

int uffd_register(int fd, uintptr_t addr, size_t length, bool protect)
{
        struct uffdio_register reg = {
                .range = {.start = addr, .len = length},
                .mode = UFFDIO_REGISTER_MODE_MISSING | (protect ? UFFDIO_REGISTER_MODE_WP : 0),
        };

        return ioctl(fd, UFFDIO_REGISTER, &reg) < 0 ? -errno : 0;
}

int uffd_unregister(int fd, uintptr_t addr, size_t length)
{
        struct uffdio_range range = {.start = addr, .len = length};

        return ioctl(fd, UFFDIO_UNREGISTER, &range) < 0 ? -errno : 0;
}

/* The kernel allocates for each read of it; what it has no memory for now, it may have in a moment. */
static int read_pagemap(int pagemap, uintptr_t addr, uint64_t *entries, size_t pages)
{
        size_t want = pages * sizeof(entries[0]);

        for (unsigned tries = 0; tries < PAGEMAP_TRIES; tries++) {
                struct timespec nap = {.tv_nsec = 1000000};
                ssize_t n =
                        pread(pagemap, entries, want, (off_t)((addr >> PAGE_SHIFT) * sizeof(entries[0])));

                if (n == (ssize_t)want)
                        return 0;
                (void)nanosleep(&nap, NULL);
        }
        return -EIO;
}

/*
 * How many pages from the first on are at dst, and at src no more. What is at both ends has not
 * been moved. Both are private memory.
 */
static int count_moved(int pagemap, uintptr_t dst, uintptr_t src, size_t pages, size_t *ret_moved)
{
        uint64_t there[UFFD_MOVE_MAX], left[UFFD_MOVE_MAX];
        size_t n = 0;

        if (read_pagemap(pagemap, dst, there, pages) < 0 || read_pagemap(pagemap, src, left, pages) < 0)
                return -ENOTRECOVERABLE;
        /* Bit 63: present; bit 62: swapped out by the host. */
        while (n < pages && there[n] >> 62 && !(left[n] >> 62))
                n++;
        *ret_moved = n;
        return 0;
}

int uffd_move(int fd, int pagemap, uintptr_t dst, uintptr_t src, size_t length, size_t *ret_moved)
{
        struct uffdio_move move = {.dst = dst, .src = src, .len = length};
        size_t moved;
        int error;

        if (ioctl(fd, UFFDIO_MOVE, &move) == 0) {
                *ret_moved = length;
                return 0;
        }
        error = errno;
        /*
         * What an error says about how far the move came is not to be trusted: Linux 6.18, when a
         * page has to be tried twice and the second try succeeds, tries a third time and reports the
         * EEXIST of that, leaving out all that the second try moved. Where the pages are is to be.
         */
        *ret_moved = 0;
        if (count_moved(pagemap, dst, src, length / PAGE_BYTES, &moved) < 0)
                return -ENOTRECOVERABLE;
        moved *= PAGE_BYTES;
        if (moved)
                (void)uffd_wake(fd, dst, moved);
        *ret_moved = moved;
        return moved == length ? 0 : moved ? -EAGAIN : -error;
}

int uffd_copy(int fd, uintptr_t dst, const void *src, size_t length, size_t *ret_copied)
{
        struct uffdio_copy copy = {.dst = dst, .src = (uintptr_t)src, .len = length};
        int error;

        if (ioctl(fd, UFFDIO_COPY, &copy) == 0) {
                *ret_copied = length;
                return 0;
        }
        error = errno;
        *ret_copied = error == EAGAIN && copy.copy > 0 ? (size_t)copy.copy : 0;
        return -error;
}

int uffd_zero(int fd, uintptr_t dst)
{
        struct uffdio_zeropage zero = {.range = {.start = dst, .len = PAGE_BYTES}};

        return ioctl(fd, UFFDIO_ZEROPAGE, &zero) < 0 ? -errno : 0;
}

int uffd_poison(int fd, uintptr_t dst)
{
        struct uffdio_poison poison = {.range = {.start = dst, .len = PAGE_BYTES}};

        return ioctl(fd, UFFDIO_POISON, &poison) < 0 ? -errno : 0;
}

int uffd_wake(int fd, uintptr_t addr, size_t length)
{
        struct uffdio_range range = {.start = addr, .len = length};

        return ioctl(fd, UFFDIO_WAKE, &range) < 0 ? -errno : 0;
}

int uffd_protect(int fd, uintptr_t addr, size_t length, bool protect)
{
        struct uffdio_writeprotect wp = {
                .range = {.start = addr, .len = length},
                .mode = protect ? UFFDIO_WRITEPROTECT_MODE_WP : 0,
        };

        return ioctl(fd, UFFDIO_WRITEPROTECT, &wp) < 0 ? -errno : 0;
}

int uffd_read(int fd, struct uffd_msg *messages, size_t max, bool wait)
{
        struct iovec iov = {.iov_base = messages, .iov_len = max * sizeof(messages[0])};
        ssize_t n;

        do {
                n = wait ? read(fd, messages, iov.iov_len) : preadv2(fd, &iov, 1, -1, RWF_NOWAIT);
        } while (n < 0 && errno == EINTR);
        return n < 0 ? -errno : (int)((size_t)n / sizeof(messages[0]));
}
