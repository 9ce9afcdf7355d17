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
#ifndef USERFAULTFD_IOC_NEW
#define USERFAULTFD_IOC_NEW _IO(0xAA, 0x00)
#endif

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

/* How many pages from addr on are there, without a gap. Both ends of a move are private memory. */
static size_t leading_present(int pagemap, uintptr_t addr, size_t pages)
{
        uint64_t entries[UFFD_MOVE_MAX];
        ssize_t got = pread(pagemap, entries, pages * sizeof(entries[0]),
                            (off_t)((addr >> PAGE_SHIFT) * sizeof(entries[0])));
        size_t n = 0;

        /* Bit 63: present; bit 62: swapped out by the host. */
        while (n < pages && (ssize_t)((n + 1) * sizeof(entries[0])) <= got && entries[n] >> 62)
                n++;
        return n;
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
         * EEXIST of that, leaving out all that the second try moved. dst was empty, so what is there
         * now has been moved.
         */
        moved = leading_present(pagemap, dst, length / PAGE_BYTES) * PAGE_BYTES;
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
