/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A slow disk: a read that takes its time is in nobody's way but that of the page's own user. */
#include <fcntl.h>
#include <liburing.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"

#define PAGES    4096u /* 16 MiB */
#define TIGHT    1200u
#define SWAP_DIR "/var/tmp"

/* The next read goes to a pipe instead, and is done when the test has written there. */
static struct {
        _Atomic(bool) next, held;
        int pipe[2];
        int file;
        off_t at;
        uint32_t length;
        unsigned ring_entries;
} slow;

int __real_io_uring_submit(struct io_uring *ring);
int __wrap_io_uring_submit(struct io_uring *ring);

int __wrap_io_uring_submit(struct io_uring *ring)
{
        for (unsigned i = ring->sq.sqe_head; i != ring->sq.sqe_tail; i++) {
                struct io_uring_sqe *sqe = &ring->sq.sqes[i & ring->sq.ring_mask];

                if (sqe->opcode != IORING_OP_READ || !atomic_exchange(&slow.next, false))
                        continue;
                slow.file = sqe->fd;
                slow.at = (off_t)sqe->off;
                slow.length = sqe->len;
                slow.ring_entries = ring->sq.ring_entries;
                sqe->fd = slow.pipe[0];
                sqe->off = (uint64_t)-1;
                atomic_store(&slow.held, true);
        }
        return __real_io_uring_submit(ring);
}

static void let_slow_read_end(void)
{
        g_autofree unsigned char *content = aligned_alloc(PAGE_BYTES, slow.length);

        g_assert_cmpint(pread(slow.file, content, slow.length, slow.at), ==, (ssize_t)slow.length);
        g_assert_cmpint(write(slow.pipe[1], content, slow.length), ==, (ssize_t)slow.length);
        atomic_store(&slow.held, false);
}

struct touch {
        const struct guest *guest;
        uint32_t page;
        _Atomic(bool) done;
        pthread_t thread;
};

static void *touch(void *argument)
{
        struct touch *touch = argument;

        g_assert_true(content_right(guest_page(touch->guest, touch->page), touch->page, 0));
        atomic_store(&touch->done, true);
        return NULL;
}

static void touch_begin(struct touch *with, const struct guest *guest, enum page_state state, uint32_t from)
{
        *with = (struct touch){.guest = guest, .page = guest_find(guest, state, from)};
        g_assert_cmpuint(with->page, <, PAGES);
        g_assert_cmpint(pthread_create(&with->thread, NULL, touch, with), ==, 0);
}

static void touch_end(struct touch *with)
{
        wait_until(atomic_load(&with->done));
        g_assert_cmpint(pthread_join(with->thread, NULL), ==, 0);
}

/* A guest with pages in the swap file, one of which somebody waits for in vain. */
static bool begin(struct guest *guest, struct touch *waiting)
{
        struct aerostat_pager_config config;

#ifdef __SANITIZE_THREAD__
        g_test_skip("ThreadSanitizer is not told what the fault leader's own ring hands over");
        return false;
#endif
        if (!pager_possible())
                return false;
        g_assert_cmpint(pipe2(slow.pipe, O_CLOEXEC), ==, 0);
        aerostat_pager_config_init(&config);
        config.swap_dir = SWAP_DIR;
        config.codec = AEROSTAT_PAGER_CODEC_OFF;
        config.sample_period_ms = 0;
        guest_new(guest, PAGES, &config);
        guest_limit(guest, TIGHT);
        guest_settle(guest);
        atomic_store(&slow.next, true);
        touch_begin(waiting, guest, PAGE_SWAPPED, 0);
        wait_until(atomic_load(&slow.held));
        g_assert_cmpint(guest_state(guest, waiting->page), ==, PAGE_READING);
        /* It is the fault thread itself that waits for the read: its ring is a small one. */
        g_assert_cmpuint(slow.ring_entries, <, 16);
        return true;
}

static void end(struct guest *guest)
{
        guest_free(guest);
        (void)close(slow.pipe[0]);
        (void)close(slow.pipe[1]);
}

static void test_others_are_served(void)
{
        struct touch waiting, other;
        struct guest guest;

        if (!begin(&guest, &waiting))
                return;
        /* More than once: what was quick for the first has to be there for the next ones, too. */
        for (unsigned i = 0; i < 3; i++) {
                touch_begin(&other, &guest, PAGE_SAME, waiting.page);
                touch_end(&other);
                touch_begin(&other, &guest, PAGE_SWAPPED, waiting.page);
                touch_end(&other);
        }
        g_assert_false(atomic_load(&waiting.done));
        g_assert_cmpint(guest_state(&guest, waiting.page), ==, PAGE_READING);
        let_slow_read_end();
        touch_end(&waiting);
        end(&guest);
}

/* As remove_range() does: waits for the page with the lock held that another fault waits for. */
static void test_no_deadlock(void)
{
        struct touch waiting, other;
        struct guest guest;

        if (!begin(&guest, &waiting))
                return;
        g_assert_cmpint(pthread_mutex_lock(&guest.pager->reclaim_lock), ==, 0);
        /* As if that many pages came in: the next one has to evict for itself. */
        atomic_fetch_add(&guest.pager->taken, (uint64_t)PAGES << PROMISED_SHIFT);
        touch_begin(&other, &guest, PAGE_SWAPPED, waiting.page + 1);
        wait_until(atomic_load(&guest.pager->waiting) > 0);
        let_slow_read_end();
        touch_end(&waiting);
        g_assert_false(atomic_load(&other.done));
        atomic_fetch_sub(&guest.pager->taken, (uint64_t)PAGES << PROMISED_SHIFT);
        g_assert_cmpint(pthread_mutex_unlock(&guest.pager->reclaim_lock), ==, 0);
        touch_end(&other);
        end(&guest);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/slow/others-are-served", test_others_are_served);
        g_test_add_func("/slow/no-deadlock", test_no_deadlock);
        return g_test_run();
}
