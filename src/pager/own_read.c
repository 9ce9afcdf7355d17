/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A read from the swap file that the fault leader takes in itself. */
#include "pager/own_read.h"

#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <poll.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/macro.h"
#include "base/sys.h"

#define RING_ENTRIES 4u
#define AWAKE_NS     120000u
#define REST_READS   32u /* left to the swap thread after one that was in another fault's way */

enum state { FREE, LEADER, SWAP };
enum tag { TAG_READ, TAG_FAULT };

struct own_read {
        struct swap *swap;
        int uffd;
        struct io_uring ring;
        _Atomic(int) state;
        struct swap_read *read;
        bool listening; /* for faults: a poll is in the ring */
        unsigned rest;
        uint64_t started_ns;
        bool quick; /* the last one was */
};

/* The kernel may be short of memory for a moment; what is in the ring has to go in all the same. */
static void submit(struct own_read *own)
{
        while (io_uring_sq_ready(&own->ring) > 0) {
                if (io_uring_submit(&own->ring) <= 0)
                        (void)sched_yield();
        }
}

/* Takes what completions there are. *ret_result: of the read, if that is among them. */
static void take_completions(struct own_read *own, bool *ret_read, int *ret_result)
{
        struct io_uring_cqe *cqe;

        *ret_read = false;
        while (io_uring_peek_cqe(&own->ring, &cqe) == 0) {
                if (cqe->user_data == TAG_READ) {
                        *ret_read = true;
                        *ret_result = cqe->res;
                } else {
                        own->listening = false;
                }
                io_uring_cqe_seen(&own->ring, cqe);
        }
}

/*
 * A userfaultfd can be polled only when it does not block. It has to block for the leader's plain
 * reads, of which this is no part.
 */
static void set_blocking(const struct own_read *own, bool blocking)
{
        (void)fcntl(own->uffd, F_SETFL, O_RDWR | (blocking ? 0 : O_NONBLOCK));
}

int own_read_start(struct own_read *own, struct swap_read *read)
{
        struct io_uring_sqe *sqe;
        bool ignore;
        int result;

        if (atomic_load_explicit(&own->state, memory_order_acquire) != FREE)
                return -EBUSY;
        if (own->rest) {
                own->rest--;
                return -EBUSY;
        }
        take_completions(own, &ignore, &result);
        sqe = io_uring_get_sqe(&own->ring);
        if (!sqe)
                return -EBUSY;
        own->read = read;
        own->started_ns = monotonic_ns();
        read->tries++;
        swap_prep_read(own->swap, read, sqe);
        io_uring_sqe_set_data64(sqe, TAG_READ);
        atomic_store_explicit(&own->state, LEADER, memory_order_relaxed);
        submit(own);
        return 0;
}

/* The read's buffer belongs to others as soon as it is done; the state must be FREE before. */
static void done(struct own_read *own, int result)
{
        struct swap_read *read = own->read;

        atomic_store_explicit(&own->state, FREE, memory_order_release);
        swap_finish_read(own->swap, read, result);
}

/* By the swap thread, when a read that it took over may be done; true when it was. */
static bool take_in(void *userdata)
{
        struct own_read *own = userdata;
        bool read = false;
        int result = 0;

        if (atomic_load_explicit(&own->state, memory_order_acquire) != SWAP)
                return true;
        take_completions(own, &read, &result);
        if (read)
                done(own, result);
        return read;
}

/*
 * A processor that has nothing to do falls asleep, and where the host is itself a virtual machine its
 * awakening takes as long as half a read. So as long as the disk is quick the leader stays awake; the
 * processor is offered to others all the time.
 */
static void stay_awake(struct own_read *own, bool *ret_read, int *ret_result)
{
        while (own->quick && own->listening && monotonic_ns() - own->started_ns < AWAKE_NS) {
                /* The kernel posts a completion when this thread comes by. */
                (void)sched_yield();
                take_completions(own, ret_read, ret_result);
                if (*ret_read)
                        break;
        }
}

void own_read_finish(struct own_read *own)
{
        struct io_uring_sqe *sqe;
        bool read = false;
        int result = 0;

        if (atomic_load_explicit(&own->state, memory_order_relaxed) != LEADER)
                return;
        take_completions(own, &read, &result);
        if (!read) {
                set_blocking(own, false);
                if (!own->listening) {
                        sqe = io_uring_get_sqe(&own->ring);
                        io_uring_prep_poll_add(sqe, own->uffd, POLLIN);
                        io_uring_sqe_set_data64(sqe, TAG_FAULT);
                        own->listening = true;
                }
                submit(own);
                stay_awake(own, &read, &result);
                while (!read && own->listening) {
                        (void)io_uring_submit_and_wait(&own->ring, 1);
                        take_completions(own, &read, &result);
                }
        }
        own->quick = read && monotonic_ns() - own->started_ns < AWAKE_NS;
        if (read) {
                done(own, result);
                set_blocking(own, true);
                return;
        }
        set_blocking(own, true);
        own->rest = REST_READS;
        atomic_store_explicit(&own->state, SWAP, memory_order_release);
        swap_take_over(own->swap, own->ring.ring_fd, take_in, own);
}

int own_read_new(struct swap *swap, int uffd, struct own_read **ret_own)
{
        struct own_read *own = calloc(1, sizeof(*own));
        int r;

        if (!own)
                return -ENOMEM;
        own->swap = swap;
        own->uffd = uffd;
        r = io_uring_queue_init(RING_ENTRIES, &own->ring, 0);
        if (r < 0) {
                free(own);
                return r;
        }
        (void)io_uring_ring_dontfork(&own->ring);
        *ret_own = own;
        return 0;
}

void own_read_free(struct own_read *own)
{
        struct io_uring_sqe *sqe;
        bool ignore;
        int result;

        if (!own)
                return;
        while (atomic_load_explicit(&own->state, memory_order_acquire) != FREE) {
                struct timespec ms = {.tv_nsec = 1000000};

                (void)nanosleep(&ms, NULL);
        }
        take_completions(own, &ignore, &result);
        /* A poll left behind would keep the userfaultfd, and what is registered with it, for a while. */
        if (own->listening) {
                sqe = io_uring_get_sqe(&own->ring);
                io_uring_prep_poll_remove(sqe, TAG_FAULT);
                io_uring_sqe_set_data64(sqe, TAG_READ);
                while (own->listening) {
                        (void)io_uring_submit_and_wait(&own->ring, 1);
                        take_completions(own, &ignore, &result);
                }
        }
        io_uring_queue_exit(&own->ring);
        free(own);
}
