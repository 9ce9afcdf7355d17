/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The life of pages under a limit: every state is reached, and left with every byte right. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"

#define PAGES 16384u /* 64 MiB */
#define TIGHT 4096u  /* so that parking, cache and swap file are all used */

static const enum page_state held[] = {PAGE_PARKED, PAGE_SAME, PAGE_COMPRESSED, PAGE_SWAPPED};
static const enum aerostat_pager_fault fault_of[] = {AEROSTAT_PAGER_FAULT_PARKED, AEROSTAT_PAGER_FAULT_SAME,
                                                     AEROSTAT_PAGER_FAULT_COMPRESSED,
                                                     AEROSTAT_PAGER_FAULT_SWAPPED};

static void tighten(struct guest *guest)
{
        guest_limit(guest, TIGHT);
        guest_settle(guest);
        for (size_t i = 0; i < ARRAY_LENGTH(held); i++)
                g_assert_cmpuint(guest_in_state(guest, held[i]), >, 0);
}

/* Does a line "VmFlags" of guest memory in smaps have the flag? */
static bool has_vm_flag(const struct guest *guest, const char *flag)
{
        g_autofree char *smaps = NULL;
        g_auto(GStrv) lines = NULL;
        bool inside = false, found = false;

        g_assert_true(g_file_get_contents("/proc/self/smaps", &smaps, NULL, NULL));
        lines = g_strsplit(smaps, "\n", -1);
        for (char **line = lines; *line; line++) {
                uintptr_t start, end;

                if (sscanf(*line, "%lx-%lx ", &start, &end) == 2)
                        inside = start < (uintptr_t)guest_page(guest, guest->pages) &&
                                 end > (uintptr_t)guest->ram;
                else if (inside && g_str_has_prefix(*line, "VmFlags:"))
                        found |= strstr(*line, flag) != NULL;
        }
        return found;
}

static void test_no_limit(void)
{
        struct guest guest;

        if (!pager_possible())
                return;
        guest_new(&guest, PAGES, NULL);
        g_assert_cmpuint(guest_in_state(&guest, PAGE_UNTRACKED), ==, PAGES);
        g_assert_false(has_vm_flag(&guest, " um"));
        g_assert_cmpuint(guest_stats(&guest).resident_bytes, ==, PAGES * PAGE_BYTES);
        /* A limit that allows everything is none. */
        guest_limit(&guest, PAGES);
        guest_verify(&guest);
        g_assert_cmpuint(guest_in_state(&guest, PAGE_UNTRACKED), ==, PAGES);
        guest_free(&guest);
}

static void test_states_add_up(void)
{
        struct aerostat_pager_stats s;
        struct guest guest;

        if (!pager_possible())
                return;
        guest_new(&guest, PAGES, NULL);
        tighten(&guest);
        s = guest_stats(&guest);
        g_assert_cmpuint(s.absent_bytes + s.resident_bytes + s.parked_bytes + s.same_bytes +
                                 s.compressed_bytes + s.writing_bytes + s.swapped_bytes + s.reading_bytes,
                         ==, s.memory_bytes);
        g_assert_cmpuint(s.swap_used_bytes, ==, s.swapped_bytes);
        g_assert_cmpuint(s.swap_file_bytes, ==, PAGES * PAGE_BYTES);
        g_assert_cmpuint(s.cache_live_bytes, <=, s.cache_bytes);
        g_assert_cmpuint(s.cache_bytes, <=, s.cache_limit_bytes);
        guest_free(&guest);
}

static _Atomic(bool) toggled;

static void *toggle(void *argument)
{
        const struct guest *guest = argument;

        for (unsigned i = 0; i < 20; i++) {
                guest_limit(guest, PAGES / 4);
                wait_until(guest_in_state(guest, PAGE_RESIDENT) < PAGES / 2);
                g_assert_cmpint(aerostat_pager_set_limit(guest->pager, AEROSTAT_PAGER_UNLIMITED), ==, 0);
                guest_verify(guest);
                wait_until(guest_in_state(guest, PAGE_UNTRACKED) > PAGES / 2);
        }
        atomic_store(&toggled, true);
        return NULL;
}

/* While chunks are armed and let go of, and pages are on their way, too. */
static void test_states_add_up_always(void)
{
        struct guest guest;
        GThread *thread;

        if (!pager_possible())
                return;
        guest_new(&guest, PAGES, NULL);
        thread = g_thread_new("toggle", toggle, &guest);
        while (!atomic_load(&toggled)) {
                struct aerostat_pager_stats s = guest_stats(&guest);

                g_assert_cmpuint(s.absent_bytes + s.resident_bytes + s.parked_bytes + s.same_bytes +
                                         s.compressed_bytes + s.writing_bytes + s.swapped_bytes +
                                         s.reading_bytes,
                                 ==, s.memory_bytes);
                g_assert_cmpuint(s.absent_bytes, <=, s.memory_bytes);
                g_assert_cmpuint(s.resident_bytes, <=, s.memory_bytes);
        }
        (void)g_thread_join(thread);
        guest_free(&guest);
}

/* Touches a page that is in that state now; it may have moved on when the touch comes. */
static bool touch_one(struct guest *guest, enum page_state state, uint32_t *page)
{
        *page = guest_find(guest, state, (*page + 1) % guest->pages);
        if (*page < guest->pages) {
                g_assert_true(content_right(guest_page(guest, *page), *page, guest->generation[*page]));
                content_write(guest_page(guest, *page), *page, ++guest->generation[*page]);
        }
        return *page < guest->pages;
}

static void test_touch_in_every_state(void)
{
        struct guest guest;

        if (!pager_possible())
                return;
        guest_new(&guest, PAGES, NULL);
        tighten(&guest);
        for (size_t i = 0; i < ARRAY_LENGTH(held); i++) {
                uint64_t faults = guest_stats(&guest).faults[fault_of[i]];
                uint32_t page = 0;

                /* A fault is counted when the page is there already. */
                wait_until((touch_one(&guest, held[i], &page),
                            guest_stats(&guest).faults[fault_of[i]] > faults));
        }
        guest_free(&guest);
}

static void test_discard_in_every_state(void)
{
        static const unsigned char zeros[PAGE_BYTES];
        struct aerostat_pager_stats s;
        struct guest guest;

        if (!pager_possible())
                return;
        guest_new(&guest, PAGES, NULL);
        tighten(&guest);
        for (size_t i = 0; i < ARRAY_LENGTH(held); i++) {
                uint32_t page = guest_find(&guest, held[i], 0);

                g_assert_cmpint(aerostat_pager_discard(guest.pager, guest_page(&guest, page), PAGE_BYTES),
                                ==, 0);
                g_assert_cmpint(guest_state(&guest, page), ==, PAGE_ABSENT);
                g_assert_cmpmem(guest_page(&guest, page), PAGE_BYTES, zeros, PAGE_BYTES);
                content_write(guest_page(&guest, page), page, ++guest.generation[page]);
        }
        /* All of it, and whatever was held for it is free again. */
        g_assert_cmpint(aerostat_pager_discard(guest.pager, guest.ram, PAGES * PAGE_BYTES), ==, 0);
        wait_until(guest_stats(&guest).cache_bytes == 0);
        s = guest_stats(&guest);
        g_assert_cmpuint(s.absent_bytes, ==, s.memory_bytes);
        g_assert_cmpuint(s.swap_used_bytes, ==, 0);
        g_assert_cmpuint(s.consumed_bytes, ==, 0);
        for (uint32_t i = 0; i < PAGES; i++) {
                g_assert_cmpmem(guest_page(&guest, i), PAGE_BYTES, zeros, PAGE_BYTES);
                content_write(guest_page(&guest, i), i, ++guest.generation[i]);
        }
        guest_free(&guest);
}

static void test_limit_lifted(void)
{
        struct guest guest;

        if (!pager_possible())
                return;
        guest_new(&guest, PAGES, NULL);
        tighten(&guest);
        g_assert_true(has_vm_flag(&guest, " um"));
        aerostat_pager_set_limit(guest.pager, AEROSTAT_PAGER_UNLIMITED);
        /* Parked memory is there anyway, and given back at once; the rest when it is touched. */
        wait_until(guest_in_state(&guest, PAGE_PARKED) == 0);
        guest_verify(&guest);
        wait_until(guest_in_state(&guest, PAGE_UNTRACKED) == PAGES);
        g_assert_false(has_vm_flag(&guest, " um"));
        guest_free(&guest);
}

/* The kernel's word: what is mapped of guest memory and of everything the pager keeps for it. */
static uint64_t rss_anon_bytes(void)
{
        g_autofree char *status = NULL;
        const char *line;

        g_assert_true(g_file_get_contents("/proc/self/status", &status, NULL, NULL));
        line = strstr(status, "RssAnon:");
        g_assert_nonnull(line);
        return g_ascii_strtoull(line + strlen("RssAnon:"), NULL, 10) * 1024;
}

static void test_memory_is_really_free(void)
{
        uint64_t before, after;
        struct guest guest;

        if (!pager_possible())
                return;
        guest_new(&guest, PAGES, NULL);
        before = rss_anon_bytes();
        tighten(&guest);
        after = rss_anon_bytes();
        /* Records and buffers are outside of the limit, and small. */
        g_assert_cmpuint(before - after, >, (PAGES - TIGHT) * PAGE_BYTES - MIB(6));
        guest_free(&guest);
}

struct worker {
        const struct guest *guest;
        uint32_t id, count;
        uint64_t seed;
        _Atomic(bool) *stop;
        uint64_t accesses;
};

/* Reads and writes pages of its own: those whose number is id modulo count. */
static void *work(void *argument)
{
        struct worker *w = argument;
        const struct guest *guest = w->guest;

        while (!atomic_load(w->stop)) {
                uint32_t page;

                w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
                page = (uint32_t)(w->seed >> 33) % (guest->pages / w->count) * w->count + w->id;
                if (!content_right(guest_page(guest, page), page, guest->generation[page]))
                        g_error("page %u is wrong", page);
                if (w->seed >> 60 == 0)
                        content_write(guest_page(guest, page), page, ++guest->generation[page]);
                w->accesses++;
        }
        return NULL;
}

static void *touch_all(void *argument)
{
        struct worker *w = argument;

        while (!atomic_load(w->stop)) {
                for (uint32_t i = 0; i < w->guest->pages; i++)
                        (void)*(volatile unsigned char *)guest_page(w->guest, i);
        }
        return NULL;
}

static void test_limits_jump_under_load(void)
{
        static const uint64_t limits[] = {8192, 2048, 12000, 1024, 20000, 3000};
        _Atomic(bool) stop = false;
        struct worker workers[3];
        pthread_t threads[3];
        struct guest guest;

        if (!pager_possible())
                return;
        guest_new(&guest, PAGES, NULL);
        for (uint32_t i = 0; i < 3; i++) {
                workers[i] = (struct worker){&guest, i, 3, i, &stop, 0};
                g_assert_cmpint(pthread_create(&threads[i], NULL, work, &workers[i]), ==, 0);
        }
        for (size_t i = 0; i < ARRAY_LENGTH(limits); i++) {
                uint64_t faults = guest_stats(&guest).faults[AEROSTAT_PAGER_FAULT_COMPRESSED];

                guest_limit(&guest, limits[i]);
                /* On the way down it may be touched and left again, by what eviction itself takes. */
                wait_until(guest_stats(&guest).consumed_bytes <=
                           (limits[i] - RECLAIM_OWN_PAGES) * PAGE_BYTES);
                if (limits[i] > PAGES)
                        continue;
                /* Once it is reached it is kept, while pages come and go. */
                do {
                        struct aerostat_pager_stats s = guest_stats(&guest);

                        if (s.consumed_bytes > limits[i] * PAGE_BYTES)
                                g_error("limit %lu: consumed %lu, resident %lu parked %lu cache %lu, "
                                        "overruns %lu",
                                        limits[i] * PAGE_BYTES, s.consumed_bytes, s.resident_bytes,
                                        s.parked_bytes, s.cache_bytes, s.limit_overruns);
                } while (guest_stats(&guest).faults[AEROSTAT_PAGER_FAULT_COMPRESSED] < faults + 500);
        }
        atomic_store(&stop, true);
        for (uint32_t i = 0; i < 3; i++) {
                pthread_join(threads[i], NULL);
                g_assert_cmpuint(workers[i].accesses, >, 0);
        }
        guest_free(&guest);
}

/* Pages of which none can go anywhere, but which are parked and brought back all the time. */
static void test_consumed_is_of_one_moment(void)
{
        _Atomic(bool) stop = false;
        struct aerostat_pager_config config;
        struct worker worker;
        struct guest guest;
        uint64_t parks;
        pthread_t thread;

        if (!pager_possible())
                return;
        aerostat_pager_config_init(&config);
        config.codec = AEROSTAT_PAGER_CODEC_OFF;
        config.sample_period_ms = 0;
        guest_new(&guest, 4096, &config);
        for (uint32_t i = 0; i < guest.pages; i++) {
                for (uint32_t w = 0; w < 512; w++)
                        ((uint64_t *)(void *)guest_page(&guest, i))[w] = (uint64_t)i << 32 | w;
        }
        guest_limit(&guest, 1100);
        parks = guest_stats(&guest).parks;
        worker = (struct worker){.guest = &guest, .stop = &stop};
        g_assert_cmpint(pthread_create(&thread, NULL, touch_all, &worker), ==, 0);
        while (guest_stats(&guest).parks < parks + 20000) {
                g_assert_cmpuint(guest_stats(&guest).consumed_bytes, ==, guest.pages * PAGE_BYTES);
                /* Looks in which there is nothing else, so that they meet pages on their way. */
                for (unsigned i = 0; i < 1000; i++)
                        g_assert_cmpuint(pager_consumed_pages(guest.pager), ==, guest.pages);
        }
        atomic_store(&stop, true);
        pthread_join(thread, NULL);
        for (uint32_t i = 0; i < guest.pages; i++)
                content_write(guest_page(&guest, i), i, 0);
        guest_free(&guest);
}

/* What a limit is measured by is not what a survey found when the guest was smaller. */
static void test_limit_right_after_growth(void)
{
        struct guest guest;

        if (!pager_possible())
                return;
        guest_new(&guest, PAGES, NULL);
        g_assert_cmpint(aerostat_pager_discard(guest.pager, guest.ram, PAGES * PAGE_BYTES), ==, 0);
        (void)guest_stats(&guest);
        for (uint32_t i = 0; i < PAGES; i++)
                content_write(guest_page(&guest, i), i, 0);
        guest_limit(&guest, PAGES - 1);
        g_assert_cmpuint(guest_in_state(&guest, PAGE_UNTRACKED), ==, 0);
        g_assert_cmpuint(guest_stats(&guest).consumed_bytes, >, PAGES * PAGE_BYTES / 4 * 3);
        guest_free(&guest);
}

struct discarder {
        const struct guest *guest;
        _Atomic(bool) *stop;
};

static void *discard_at_random(void *argument)
{
        struct discarder *d = argument;
        uint64_t seed = 99;

        while (!atomic_load(d->stop)) {
                seed = seed * 6364136223846793005u + 1442695040888963407u;
                g_assert_cmpint(aerostat_pager_discard(
                                        d->guest->pager,
                                        guest_page(d->guest, (uint32_t)(seed >> 33) % d->guest->pages),
                                        PAGE_BYTES),
                                ==, 0);
        }
        return NULL;
}

/* As with a balloon: a page that is discarded while others use it holds zeros, or what came after. */
static void test_discards_race_with_touches(void)
{
        struct aerostat_pager_config config;
        _Atomic(bool) stop = false;
        struct discarder d = {.stop = &stop};
        struct guest guest;
        pthread_t thread;
        uint64_t seed = 5;

        if (!pager_possible())
                return;
        aerostat_pager_config_init(&config);
        config.swap_dir = "/var/tmp";
        config.codec = AEROSTAT_PAGER_CODEC_OFF; /* more of them are on their way to or from the disk */
        guest_new(&guest, 4096, &config);
        d.guest = &guest;
        guest_limit(&guest, 1200);
        guest_settle(&guest);
        g_assert_cmpint(pthread_create(&thread, NULL, discard_at_random, &d), ==, 0);
        while (guest_stats(&guest).discards < 20000 || guest_stats(&guest).swap_ins < 300) {
                uint32_t page;
                uint64_t *word;

                seed = seed * 6364136223846793005u + 1442695040888963407u;
                page = (uint32_t)(seed >> 33) % guest.pages;
                word = (uint64_t *)(void *)guest_page(&guest, page);
                if (seed >> 62)
                        __atomic_store_n(word, (uint64_t)page << 32 | 1, __ATOMIC_RELAXED);
                else if (word[0] && word[0] >> 32 != page && content_of(page) != CONTENT_SAME &&
                         !content_right(guest_page(&guest, page), page, 0))
                        g_assert_true(word[0] == 0 || word[0] >> 32 == page ||
                                      content_right(guest_page(&guest, page), page, 0));
        }
        atomic_store(&stop, true);
        pthread_join(thread, NULL);
        for (uint32_t i = 0; i < guest.pages; i++)
                content_write(guest_page(&guest, i), i, 0);
        guest_free(&guest);
}

static void test_cache_and_codec_change(void)
{
        struct guest guest;

        if (!pager_possible())
                return;
        guest_new(&guest, PAGES, NULL);
        tighten(&guest);
        g_assert_cmpint(aerostat_pager_set_cache_pct(guest.pager, 101), ==, -EINVAL);
        g_assert_cmpint(aerostat_pager_set_codec(guest.pager, 3), ==, -EINVAL);
        g_assert_cmpint(aerostat_pager_set_cache_pct(guest.pager, 40), ==, 0);
        g_assert_cmpint(aerostat_pager_set_codec(guest.pager, AEROSTAT_PAGER_CODEC_ZSTD), ==, 0);
        guest_verify(&guest);
        g_assert_cmpint(aerostat_pager_set_cache_pct(guest.pager, 0), ==, 0);
        wait_until(guest_stats(&guest).cache_bytes == 0);
        guest_verify(&guest);
        guest_settle(&guest);
        g_assert_cmpuint(guest_in_state(&guest, PAGE_COMPRESSED), ==, 0);
        guest_free(&guest);
}

/* Neither swap file nor cache: what does not fit stays, and the guest goes on. */
static void test_nowhere_to_put(void)
{
        struct aerostat_pager_config config;
        struct guest guest;

        if (!pager_possible())
                return;
        aerostat_pager_config_init(&config);
        config.codec = AEROSTAT_PAGER_CODEC_OFF;
        guest_new(&guest, 4096, &config);
        guest_limit(&guest, 1100);
        /* Before they are touched again. */
        wait_until(guest_in_state(&guest, PAGE_SAME) > 0);
        guest_verify(&guest);
        g_assert_cmpuint(guest_in_state(&guest, PAGE_SWAPPED), ==, 0);
        wait_until(guest_stats(&guest).limit_overruns > 0 || (guest_verify(&guest), false));
        guest_free(&guest);
}

static void test_reservation(void)
{
        struct guest guest;

        if (!pager_possible())
                return;
        guest_new(&guest, PAGES, NULL);
        g_assert_cmpint(aerostat_pager_set_reservation(guest.pager, MIB(60)), ==, 0);
        g_assert_cmpuint(guest_stats(&guest).swap_file_bytes, ==, MIB(4));
        guest_limit(&guest, TIGHT);
        wait_until(guest_stats(&guest).swap_used_bytes >= MIB(4) - 64 * PAGE_BYTES);
        guest_verify(&guest);
        g_assert_cmpint(aerostat_pager_set_reservation(guest.pager, MIB(64)), ==, -EBUSY);
        g_assert_cmpuint(guest_stats(&guest).reservation_bytes, ==, MIB(60));
        g_assert_cmpint(aerostat_pager_set_reservation(guest.pager, 0), ==, 0);
        guest_settle(&guest);
        guest_free(&guest);
}

static void test_several_ranges(void)
{
        unsigned char *extra;
        struct guest guest;

        if (!pager_possible())
                return;
        guest_new(&guest, 4096, NULL);
        extra = mmap(NULL, MIB(8) + PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        for (uint32_t i = 0; i < 2049; i++)
                content_write(extra + i * PAGE_BYTES, i, 7);
        guest_limit(&guest, 1500);
        guest_settle(&guest);
        /* While pages of the first are out; and not aligned to a huge page. */
        g_assert_cmpint(aerostat_pager_add_range(guest.pager, extra, MIB(8) + PAGE_BYTES, NULL), ==, 0);
        g_assert_cmpint(aerostat_pager_add_range(guest.pager, extra, MIB(8) + PAGE_BYTES, NULL), ==, 0);
        g_assert_cmpint(aerostat_pager_add_range(guest.pager, extra + PAGE_BYTES, MIB(4), NULL), ==,
                        -EINVAL);
        g_assert_cmpuint(guest_stats(&guest).memory_bytes, ==, (4096 + 2049) * PAGE_BYTES);
        guest_settle(&guest);
        for (uint32_t i = 0; i < 2049; i++)
                g_assert_true(content_right(extra + i * PAGE_BYTES, i, 7));
        guest_verify(&guest);
        guest_settle(&guest);
        g_assert_cmpint(aerostat_pager_remove_range(guest.pager, extra), ==, 0);
        g_assert_cmpint(aerostat_pager_remove_range(guest.pager, extra), ==, -ENOENT);
        for (uint32_t i = 0; i < 2049; i++)
                g_assert_true(content_right(extra + i * PAGE_BYTES, i, 7));
        g_assert_cmpuint(guest_stats(&guest).memory_bytes, ==, 4096 * PAGE_BYTES);
        munmap(extra, MIB(8) + PAGE_BYTES);
        guest_free(&guest);
}

/* The same touches against a memory of the same size whose victims are picked at random. */
static uint64_t random_replacement_misses(const uint32_t *touches, size_t count, uint32_t pages,
                                          uint32_t room)
{
        g_autofree uint32_t *in = g_new(uint32_t, room), *where = g_new(uint32_t, pages);
        uint64_t misses = 0, seed = 1;
        uint32_t n = 0;

        for (uint32_t i = 0; i < pages; i++)
                where[i] = UINT32_MAX;
        for (size_t i = 0; i < count; i++) {
                uint32_t slot;

                if (where[touches[i]] != UINT32_MAX)
                        continue;
                misses++;
                seed = seed * 6364136223846793005u + 1442695040888963407u;
                slot = n < room ? n++ : (uint32_t)(seed >> 33) % room;
                if (misses > room && where[in[slot]] == slot)
                        where[in[slot]] = UINT32_MAX;
                in[slot] = touches[i];
                where[touches[i]] = slot;
        }
        return misses - MIN(misses, (uint64_t)room);
}

/* 90 of 100 touches go to a tenth of the pages, which is spread over all of memory. */
static void test_victims_beat_random_choice(void)
{
        const uint32_t pages = 8192, room = 2048;
        const size_t count = 400000;
        g_autofree uint32_t *touches = g_new(uint32_t, count);
        struct aerostat_pager_config config;
        uint64_t seed = 3, by_chance, by_age, before;
        struct guest guest;

        if (!pager_possible())
                return;
        aerostat_pager_config_init(&config);
        config.swap_dir = "/var/tmp";
        config.codec = AEROSTAT_PAGER_CODEC_OFF; /* so that room is counted in pages */
        config.sample_period_ms = 0;
        guest_new(&guest, pages, &config);
        /* Pages of one value take no room: there must be none. */
        for (uint32_t i = 0; i < pages; i++) {
                for (uint32_t w = 0; w < 512; w++)
                        ((uint64_t *)(void *)guest_page(&guest, i))[w] = i * 512 + w;
        }
        for (size_t i = 0; i < count; i++) {
                uint32_t page;

                seed = seed * 6364136223846793005u + 1442695040888963407u;
                page = (uint32_t)(seed >> 33) % pages;
                touches[i] = seed % 1000 < 900 ? page / 10 * 10 % pages : page;
        }
        guest_limit(&guest, room);
        guest_settle(&guest);
        before = guest_stats(&guest).faults[AEROSTAT_PAGER_FAULT_SWAPPED];
        for (size_t i = 0; i < count; i++)
                g_assert_cmpuint(*(volatile uint64_t *)(void *)guest_page(&guest, touches[i]), ==,
                                 touches[i] * 512);
        by_age = guest_stats(&guest).faults[AEROSTAT_PAGER_FAULT_SWAPPED] - before;
        by_chance = random_replacement_misses(touches, count, pages, room);
        g_test_message("misses: %lu by age, %lu by chance", by_age, by_chance);
        g_assert_cmpuint(by_age * 10, <, by_chance * 9);
        for (uint32_t i = 0; i < pages; i++)
                content_write(guest_page(&guest, i), i, 0);
        guest_free(&guest);
}

/* What does not compress stays while others do: it would have to go to the disk. */
static void test_incompressible_last(void)
{
        struct guest guest;

        if (!pager_possible())
                return;
        guest_new(&guest, PAGES, NULL);
        guest_limit(&guest, PAGES * 5 / 8);
        guest_settle(&guest);
        g_assert_cmpuint(guest_in_state(&guest, PAGE_COMPRESSED), >, 0);
        g_assert_cmpuint(guest_stats(&guest).incompressible, >, 0);
        g_assert_cmpuint(guest_stats(&guest).swap_outs, ==, 0);

        guest_limit(&guest, TIGHT);
        guest_settle(&guest);
        g_assert_cmpuint(guest_stats(&guest).swap_outs, >, 0);
        guest_free(&guest);
}

static void test_working_set(void)
{
        struct aerostat_pager_config config;
        uint32_t touched = PAGES / 4;
        uint64_t periods;
        struct guest guest;

        if (!pager_possible())
                return;
        aerostat_pager_config_init(&config);
        config.sample_period_ms = 1000;
        config.sample_pages = 1000;
        guest_new(&guest, PAGES, &config);
        periods = guest_stats(&guest).sample_periods;
        /* Of the period that was under way before, nothing is known. */
        while (guest_stats(&guest).sample_periods < periods + 3) {
                for (uint32_t i = 0; i < touched; i++)
                        (void)*(volatile unsigned char *)guest_page(&guest, i);
        }
        /* 1000 of them: the standard error is 1.4 % of memory; and the fast average has seen two periods. */
        g_assert_cmpuint(guest_stats(&guest).active_bytes, >, PAGES * PAGE_BYTES * 15 / 100);
        g_assert_cmpuint(guest_stats(&guest).active_current_bytes, <, PAGES * PAGE_BYTES * 35 / 100);
        /* The guest falls idle: the slow average is the last to believe it. */
        periods = guest_stats(&guest).sample_periods;
        wait_until(guest_stats(&guest).sample_periods >= periods + 3);
        g_assert_cmpuint(guest_stats(&guest).active_current_bytes, <, PAGES * PAGE_BYTES * 5 / 100);
        g_assert_cmpuint(guest_stats(&guest).active_slow_bytes, >, guest_stats(&guest).active_fast_bytes);
        g_assert_cmpint(aerostat_pager_set_sampling(guest.pager, 0, 100), ==, 0);
        wait_until(guest_in_state(&guest, PAGE_UNTRACKED) == PAGES);
        guest_free(&guest);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/life/no-limit", test_no_limit);
        g_test_add_func("/life/states-add-up", test_states_add_up);
        g_test_add_func("/life/states-add-up-always", test_states_add_up_always);
        g_test_add_func("/life/touch-in-every-state", test_touch_in_every_state);
        g_test_add_func("/life/discard-in-every-state", test_discard_in_every_state);
        g_test_add_func("/life/limit-lifted", test_limit_lifted);
        g_test_add_func("/life/memory-is-really-free", test_memory_is_really_free);
        g_test_add_func("/life/limits-jump-under-load", test_limits_jump_under_load);
        g_test_add_func("/life/consumed-is-of-one-moment", test_consumed_is_of_one_moment);
        g_test_add_func("/life/limit-right-after-growth", test_limit_right_after_growth);
        g_test_add_func("/life/discards-race-with-touches", test_discards_race_with_touches);
        g_test_add_func("/life/cache-and-codec-change", test_cache_and_codec_change);
        g_test_add_func("/life/nowhere-to-put", test_nowhere_to_put);
        g_test_add_func("/life/reservation", test_reservation);
        g_test_add_func("/life/several-ranges", test_several_ranges);
        g_test_add_func("/life/victims-beat-random-choice", test_victims_beat_random_choice);
        g_test_add_func("/life/incompressible-last", test_incompressible_last);
        g_test_add_func("/life/working-set", test_working_set);
        return g_test_run();
}
