/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What comes back with a page that is touched: others in a burst of touches, what follows in a stream. */
#include "fixture.h"

#define PAGES 16384u /* 64 MiB */
#define TIGHT 4096u  /* so that parking, cache and swap file are all used */

static void tighten(struct guest *guest)
{
        guest_limit(guest, TIGHT);
        guest_settle(guest);
        g_assert_cmpuint(guest_in_state(guest, PAGE_SAME), >, 0);
        g_assert_cmpuint(guest_in_state(guest, PAGE_COMPRESSED), >, 0);
        g_assert_cmpuint(guest_in_state(guest, PAGE_SWAPPED), >, 0);
}

/* As a guest does that goes to work again; by itself it might be too slow for it on a slow machine. */
static void burst(struct guest *guest)
{
        for (unsigned i = 0; i < 1024; i++)
                recall_note(guest->pager);
}

static uint64_t prefetched(const struct guest *guest)
{
        return guest_stats(guest).prefetched;
}

/* A burst of touches of compressed pages brings back the others, where there is room. */
static void test_recall(void)
{
        struct guest guest;
        uint32_t page, noted;
        uint64_t compressed, before;

        if (!pager_possible())
                return;
        guest_new(&guest, PAGES, NULL);
        tighten(&guest);
        compressed = guest_in_state(&guest, PAGE_COMPRESSED);

        /* A touch is noted, and one touch is no burst. */
        noted = atomic_load(&guest.pager->recall.faults);
        page = guest_find(&guest, PAGE_COMPRESSED, 0);
        g_assert_true(content_right(guest_page(&guest, page), page, 0));
        wait_until(atomic_load(&guest.pager->recall.faults) > noted);
        g_assert_cmpuint(atomic_load(&guest.pager->recall.allowed), ==, 0);

        /* At the limit nothing comes but what is touched: it would drive out others. */
        before = prefetched(&guest);
        burst(&guest);
        wait_until(atomic_load(&guest.pager->recall.allowed) == 0);
        g_assert_cmpuint(prefetched(&guest), ==, before);

        /* A limit all the same, so that nothing comes back for that reason. */
        guest_limit(&guest, PAGES - 1024);
        burst(&guest);
        wait_until(prefetched(&guest) > before + compressed / 2 ||
                   (burst(&guest), guest_in_state(&guest, PAGE_COMPRESSED) < compressed / 16));
        guest_verify(&guest);
        guest_free(&guest);
}

static bool watch(void *userdata, uint32_t page, cache_location location)
{
        struct guest *guest = userdata;
        page_meta *meta = ref_meta(page_numbered(guest->pager, page));

        (void)location;
        if (page_state(meta) == PAGE_COMPRESSED)
                (void)atomic_fetch_or(meta, PAGE_SAMPLED);
        return true;
}

/* Pages that are watched for their next touch stay; others come all the same, though these are first. */
static void test_recall_passes_over_watched(void)
{
        struct guest guest;
        uint32_t watched = 0;
        uint64_t compressed;

        if (!pager_possible())
                return;
        guest_new(&guest, PAGES, NULL);
        tighten(&guest);
        (void)pthread_mutex_lock(&guest.pager->reclaim_lock);
        g_assert_true(cache_visit_newest(&guest.pager->cache, 0, watch, &guest));
        g_assert_true(cache_visit_newest(&guest.pager->cache, 1, watch, &guest));
        (void)pthread_mutex_unlock(&guest.pager->reclaim_lock);
        for (uint32_t i = 0; i < PAGES; i++)
                if (atomic_load(ref_meta(page_numbered(guest.pager, i))) & PAGE_SAMPLED)
                        watched++;
        compressed = guest_in_state(&guest, PAGE_COMPRESSED);
        g_assert_cmpuint(watched, >, 0);
        g_assert_cmpuint(watched, <, compressed / 2);

        guest_limit(&guest, PAGES - 1024);
        wait_until((burst(&guest), guest_in_state(&guest, PAGE_COMPRESSED) < watched + compressed / 16));
        for (uint32_t i = 0; i < PAGES; i++) {
                page_meta *meta = ref_meta(page_numbered(guest.pager, i));

                if (atomic_load(meta) & PAGE_SAMPLED)
                        g_assert_cmpint(page_state(meta), ==, PAGE_COMPRESSED);
                (void)atomic_fetch_and(meta, ~PAGE_SAMPLED);
        }
        guest_verify(&guest);
        guest_free(&guest);
}

/* As if all that is in the swap file were touched; of so many places the last ones are kept. */
static void note_swapped(struct guest *guest)
{
        for (uint32_t i = 0; i < PAGES; i++) {
                struct page_ref ref = page_numbered(guest->pager, i);

                if (page_state(ref_meta(ref)) != PAGE_SWAPPED)
                        continue;
                page_lock(ref_meta(ref));
                recall_note_swapped(guest->pager, i, (uint32_t)*ref_payload(ref));
                page_unlock(ref_meta(ref));
        }
}

/* What left for the swap file with a page that was touched comes, too, and nobody waits for it. */
static void test_recall_from_swap(void)
{
        struct guest guest;
        uint64_t swapped, faults, before;

        if (!pager_possible())
                return;
        guest_new(&guest, PAGES, NULL);
        tighten(&guest);
        swapped = guest_in_state(&guest, PAGE_SWAPPED);
        faults = guest_stats(&guest).faults[AEROSTAT_PAGER_FAULT_SWAPPED];

        /* Not where it would drive out others. */
        before = guest_stats(&guest).swap_ins;
        note_swapped(&guest);
        wait_until(atomic_load(&guest.pager->recall.allowed) == 0);
        g_assert_cmpuint(guest_stats(&guest).swap_ins, ==, before);

        guest_limit(&guest, PAGES - 1024);
        wait_until((note_swapped(&guest), guest_stats(&guest).swap_ins >= before + swapped / 2));
        g_assert_cmpuint(guest_stats(&guest).faults[AEROSTAT_PAGER_FAULT_SWAPPED], ==, faults);
        guest_verify(&guest);
        guest_free(&guest);
}

/*
 * Who goes through memory in order waits for few of its pages, though they lie in different places and some
 * are there.
 */
static void test_stream(void)
{
        static const enum aerostat_pager_fault kinds[] = {
                AEROSTAT_PAGER_FAULT_SAME, AEROSTAT_PAGER_FAULT_COMPRESSED, AEROSTAT_PAGER_FAULT_SWAPPED};
        struct aerostat_pager_stats before, after;
        uint64_t out, faults = 0;
        struct guest guest;

        if (!pager_possible())
                return;
        guest_new(&guest, PAGES, NULL);
        tighten(&guest);
        out = guest_in_state(&guest, PAGE_SAME) + guest_in_state(&guest, PAGE_COMPRESSED) +
              guest_in_state(&guest, PAGE_SWAPPED);
        guest_limit(&guest, PAGES + 1024);
        before = guest_stats(&guest);
        for (uint32_t i = 0; i < PAGES; i++)
                g_assert_true(content_right(guest_page(&guest, i), i, 0));
        after = guest_stats(&guest);
        for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
                faults += after.faults[kinds[i]] - before.faults[kinds[i]];
        g_test_message("%lu of %lu pages that were out were waited for", faults, out);
        g_assert_cmpuint(faults, <, out / 5);
        guest_free(&guest);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/ahead/recall", test_recall);
        g_test_add_func("/ahead/recall-passes-over-watched", test_recall_passes_over_watched);
        g_test_add_func("/ahead/recall-from-swap", test_recall_from_swap);
        g_test_add_func("/ahead/stream", test_stream);
        return g_test_run();
}
