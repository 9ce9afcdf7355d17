/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tells ThreadSanitizer what the kernel orders: whoever takes a completion sees what the submitter
 * had written. Linked to tests with -Wl,--wrap in builds with -Db_sanitize=thread.
 */
#include <liburing.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

int __real_io_uring_submit(struct io_uring *ring);
/* Weak: a test may have its own, which then does the same. */
int __wrap_io_uring_submit(struct io_uring *ring);
__attribute__((weak)) int __wrap_io_uring_submit(struct io_uring *ring)
{
        /* liburing's own look at the tail, in its header, is an acquire of the same address. */
        __tsan_release(ring->cq.ktail);
        return __real_io_uring_submit(ring);
}

int __real___io_uring_get_cqe(struct io_uring *ring, struct io_uring_cqe **cqe, unsigned submit,
                              unsigned wait, sigset_t *mask);
int __wrap___io_uring_get_cqe(struct io_uring *ring, struct io_uring_cqe **cqe, unsigned submit,
                              unsigned wait, sigset_t *mask);
int __wrap___io_uring_get_cqe(struct io_uring *ring, struct io_uring_cqe **cqe, unsigned submit,
                              unsigned wait, sigset_t *mask)
{
        int r = __real___io_uring_get_cqe(ring, cqe, submit, wait, mask);

        __tsan_acquire(ring->cq.ktail);
        return r;
}
