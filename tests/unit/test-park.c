/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ring of parked pages: what goes in comes out in its order, and its memory goes with it. */
#include "pager/park.h"

#include <fcntl.h>

#include "pager/uffd.h"
#include "unit.h"

#define RING   8u
#define SAMPLE 3u

struct fixture {
        int uffd, pagemap;
        struct park park;
        char *guest; /* pages to move, registered */
        size_t guest_length;
        uint32_t next;   /* page of the guest that is moved next */
        uint32_t oldest; /* and the one that was moved first of those in the ring */
};

static bool set_up(struct fixture *f, uint32_t pages)
{
        char reason[192] = "";
        int r;

        *f = (struct fixture){.uffd = -1, .pagemap = -1, .guest_length = (size_t)pages * UNIT_PAGE};
        r = uffd_open(&f->uffd, reason, sizeof(reason));
        if (r < 0) {
                g_assert_cmpstr(reason, !=, "");
                g_test_skip(reason);
                return false;
        }
        f->pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
        g_assert_cmpint(f->pagemap, >=, 0);
        f->guest = mmap(NULL, f->guest_length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        g_assert_true(f->guest != MAP_FAILED);
        for (uint32_t page = 0; page < pages; page++)
                memset(f->guest + (size_t)page * UNIT_PAGE, (int)(page + 1), UNIT_PAGE);
        g_assert_cmpint(uffd_register(f->uffd, (uintptr_t)f->guest, f->guest_length, true), ==, 0);
        g_assert_cmpint(park_resize(&f->park, f->uffd, RING, SAMPLE), ==, 0);
        return true;
}

static void tear_down(struct fixture *f)
{
        park_free(&f->park);
        g_assert_null(f->park.base);
        park_free(&f->park);
        g_assert_cmpint(munmap(f->guest, f->guest_length), ==, 0);
        (void)close(f->pagemap);
        (void)close(f->uffd);
}

/* Moves up to want pages of the guest into the ring; returns how many there was room for. */
static uint32_t put(struct fixture *f, uint32_t want)
{
        uint32_t slot = UINT32_MAX, room = park_room(&f->park, want, &slot);
        size_t moved = 0;

        if (!room)
                return 0;
        g_assert_cmpuint(slot + room, <=, RING);
        g_assert_cmpint(uffd_move(f->uffd, f->pagemap, park_address(&f->park, slot),
                                  (uintptr_t)f->guest + (size_t)f->next * UNIT_PAGE, room * UNIT_PAGE,
                                  &moved),
                        ==, 0);
        g_assert_cmpuint(moved, ==, room * UNIT_PAGE);
        for (uint32_t i = 0; i < room; i++)
                f->park.owner[slot + i] = f->next + i;
        park_take(&f->park, room);
        f->next += room;
        return room;
}

/* Looks at up to want of the oldest and drops them; returns how many there were in a piece. */
static uint32_t drop(struct fixture *f, uint32_t want)
{
        uint32_t slot = UINT32_MAX, n = park_oldest(&f->park, want, &slot);

        for (uint32_t i = 0; i < n; i++) {
                const char *page = (const char *)park_address(&f->park, slot + i);

                g_assert_cmpuint(f->park.owner[slot + i], ==, f->oldest);
                f->oldest++;
                for (size_t at = 0; at < UNIT_PAGE; at++)
                        g_assert_cmpint(page[at], ==, (char)f->oldest);
        }
        if (n)
                park_drop(&f->park, n);
        return n;
}

static size_t present(const struct fixture *f)
{
        return unit_pages_present(f->park.base, (RING + SAMPLE) * UNIT_PAGE);
}

static void test_none(void)
{
        struct park park = {};
        uint32_t slot = 7;

        g_assert_cmpuint(park_room(&park, 1, &slot), ==, 0);
        g_assert_cmpuint(park_oldest(&park, 1, &slot), ==, 0);
        g_assert_cmpuint(slot, ==, 7);
        g_assert_cmpuint(park_records_bytes(&park), ==, 0);
        park_free(&park);
}

static void test_fill(void)
{
        struct fixture f;

        if (!set_up(&f, 32))
                return;
        g_assert_cmpuint(present(&f), ==, 0);
        g_assert_cmpuint(drop(&f, 5), ==, 0);
        g_assert_cmpuint(put(&f, 5), ==, 5);
        g_assert_cmpuint(present(&f), ==, 5);
        /* They have left the guest. */
        g_assert_cmpuint(unit_pages_present(f.guest, f.guest_length), ==, 32 - 5);
        g_assert_cmpuint(put(&f, 5), ==, 3);
        g_assert_cmpuint(put(&f, 5), ==, 0);
        g_assert_cmpuint(drop(&f, 3), ==, 3);
        /* Dropped is given back. */
        g_assert_cmpuint(present(&f), ==, 5);
        g_assert_cmpuint(put(&f, 100), ==, 3);
        g_assert_cmpuint(put(&f, 100), ==, 0);
        /* To the end of the ring, then from its beginning. */
        g_assert_cmpuint(drop(&f, 100), ==, 5);
        g_assert_cmpuint(drop(&f, 100), ==, 3);
        g_assert_cmpuint(drop(&f, 100), ==, 0);
        g_assert_cmpuint(present(&f), ==, 0);
        tear_down(&f);
}

static void test_wrap(void)
{
        uint64_t state = 0x9a4c;
        struct fixture f;

        if (!set_up(&f, 2000))
                return;
        while (f.next < 1990) {
                uint32_t in = put(&f, 1 + unit_below(&state, RING)), held = f.next - f.oldest;

                g_assert_cmpuint(held, <=, RING);
                g_assert_cmpuint(in, >, 0);
                g_assert_cmpuint(f.park.head - f.park.tail, ==, held);
                g_assert_cmpuint(present(&f), ==, held);
                g_assert_cmpuint(drop(&f, 1 + unit_below(&state, held)), >, 0);
                if (held == RING)
                        (void)drop(&f, RING);
        }
        while (drop(&f, RING))
                ;
        g_assert_cmpuint(f.oldest, ==, f.next);
        g_assert_cmpuint(present(&f), ==, 0);
        tear_down(&f);
}

/* Positions past 32 bits: a VM that runs for years. */
static void test_long_life(void)
{
        struct fixture f;

        if (!set_up(&f, 64))
                return;
        f.park.head = f.park.tail = (1ull << 32) - 3;
        for (unsigned i = 0; i < 6; i++) {
                uint32_t n = put(&f, 4);

                g_assert_cmpuint(n, >, 0);
                while (n)
                        n -= drop(&f, n);
        }
        g_assert_cmpuint(f.park.tail, >, 1ull << 32);
        g_assert_cmpuint(f.park.head, ==, f.park.tail);
        tear_down(&f);
}

/* One page in the middle was discarded: its memory goes, its slot stays until its turn. */
static void test_discard(void)
{
        uint32_t slot = 0;
        struct fixture f;

        if (!set_up(&f, 16))
                return;
        g_assert_cmpuint(put(&f, RING), ==, RING);
        park_discard(&f.park, 3);
        g_assert_cmpuint(present(&f), ==, RING - 1);
        g_assert_cmpuint(put(&f, 1), ==, 0);
        g_assert_cmpuint(drop(&f, 3), ==, 3);
        g_assert_cmpuint(park_oldest(&f.park, 1, &slot), ==, 1);
        g_assert_cmpuint(slot, ==, 3);
        park_drop(&f.park, 1);
        f.oldest++;
        g_assert_cmpuint(drop(&f, RING), ==, 4);
        tear_down(&f);
}

/* The slots beside the ring are not part of it. */
static void test_sample_slots(void)
{
        struct fixture f;
        size_t moved;

        if (!set_up(&f, 32))
                return;
        for (uint32_t i = 0; i < SAMPLE; i++)
                g_assert_cmpint(uffd_move(f.uffd, f.pagemap, park_address(&f.park, RING + i),
                                          (uintptr_t)f.guest + (31 - i) * UNIT_PAGE, UNIT_PAGE, &moved),
                                ==, 0);
        for (unsigned round = 0; round < 2; round++) {
                g_assert_cmpuint(put(&f, 100), ==, RING);
                g_assert_cmpuint(drop(&f, 100), ==, RING);
        }
        g_assert_cmpuint(present(&f), ==, SAMPLE);
        for (uint32_t i = 0; i < SAMPLE; i++)
                g_assert_cmpint(*(const char *)park_address(&f.park, RING + i), ==, (char)(32 - i));
        park_discard(&f.park, RING + 1);
        g_assert_cmpuint(present(&f), ==, SAMPLE - 1);
        tear_down(&f);
}

static void test_resize(void)
{
        struct fixture f;
        uint32_t slot;

        if (!set_up(&f, 64))
                return;
        g_assert_cmpuint(put(&f, 6), ==, 6);
        g_assert_cmpuint(drop(&f, 6), ==, 6);
        g_assert_cmpint(park_resize(&f.park, f.uffd, 3 * RING, SAMPLE), ==, 0);
        g_assert_cmpuint(park_records_bytes(&f.park), >, 0);
        g_assert_cmpuint(park_oldest(&f.park, 1, &slot), ==, 0);
        g_assert_cmpuint(park_room(&f.park, 100, &slot), ==, 3 * RING);
        g_assert_cmpuint(slot, ==, 0);
        /* What cannot be registered leaves the ring as it was. */
        g_assert_cmpint(park_resize(&f.park, -1, 5, SAMPLE), ==, -EBADF);
        g_assert_cmpuint(f.park.ring_slots, ==, 3 * RING);
        g_assert_cmpint(park_resize(&f.park, f.uffd, RING, SAMPLE), ==, 0);
        g_assert_cmpuint(put(&f, RING), ==, RING);
        g_assert_cmpuint(drop(&f, RING), ==, RING);
        tear_down(&f);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/park/none", test_none);
        g_test_add_func("/park/fill", test_fill);
        g_test_add_func("/park/wrap", test_wrap);
        g_test_add_func("/park/long-life", test_long_life);
        g_test_add_func("/park/discard", test_discard);
        g_test_add_func("/park/sample-slots", test_sample_slots);
        g_test_add_func("/park/resize", test_resize);
        return g_test_run();
}
