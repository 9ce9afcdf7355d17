/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What KSM saves this VM. Consumed counts a shared page by share, but how many share it is for root
 * alone to read, and the host's totals say nothing about one VM. What the kernel does tell everybody
 * is whether a page of his own is mapped once or more often (pagemap). Mapped more often, two have
 * it at least, so that half of it at least is saved: that much is counted and no more, because what
 * is not really saved would be taken above the limit.
 *
 * Pages are looked at in turn, some of them at a time. One that is found shared is marked until it
 * is found otherwise or leaves the guest.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "pager/pager.h"

#define LOOK_NS    250000000u
#define LOOK_PAGES 65536u /* in one look; it takes a few milliseconds */

/* Pages of this process that KSM has merged; 0 also without KSM. */
static uint64_t merging_pages(void)
{
        static const char key[] = "ksm_merging_pages ";
        char line[128];
        uint64_t value = 0;
        FILE *f = fopen("/proc/self/ksm_stat", "re");

        if (!f)
                return 0;
        while (fgets(line, sizeof(line), f)) {
                if (strncmp(line, key, strlen(key)) == 0)
                        value = strtoull(line + strlen(key), NULL, 10);
        }
        (void)fclose(f);
        return value;
}

uint64_t share_pages(struct aerostat_pager *pager)
{
        /* Memory can be mapped twice for other reasons, and the kernel's own count is late. */
        return MIN(atomic_load_explicit(&pager->shared, memory_order_relaxed),
                   atomic_load_explicit(&pager->merged, memory_order_relaxed));
}

void share_mark(struct aerostat_pager *pager, struct page_ref ref, bool shared)
{
        page_meta *meta = ref_meta(ref);
        uint32_t m = atomic_load_explicit(meta, memory_order_relaxed);

        if (shared == !!(m & PAGE_SHARED))
                return;
        if (shared) {
                (void)atomic_fetch_or_explicit(meta, PAGE_SHARED, memory_order_relaxed);
                (void)atomic_fetch_add_explicit(&pager->shared, 1, memory_order_relaxed);
        } else {
                (void)atomic_fetch_and_explicit(meta, ~PAGE_SHARED, memory_order_relaxed);
                (void)atomic_fetch_sub_explicit(&pager->shared, 1, memory_order_relaxed);
        }
}

void share_forget_range(struct aerostat_pager *pager, struct range *range)
{
        for (uint32_t i = 0; i < range->pages; i++)
                share_mark(pager, (struct page_ref){range, i}, false);
}

/* Looks at the pages from the hand on, to the end of a range or a chunk's worth; says how many. */
static uint32_t look_at_some(struct aerostat_pager *pager, uint32_t *hand)
{
        uint8_t shared[CHUNK_PAGES];
        struct range *range = range_from(pager, hand);
        uint32_t first, count;

        if (!range)
                return 0;
        first = *hand - range->first;
        count = MIN(CHUNK_PAGES, range->pages - first);
        *hand += count;
        if (pages_mapped_twice(pager, range->addr + first * PAGE_BYTES, count, shared) < 0)
                memset(shared, 0, sizeof(shared));
        for (uint32_t i = 0; i < count; i++) {
                struct page_ref ref = {range, first + i};
                page_meta *meta = ref_meta(ref);
                uint32_t m = atomic_load_explicit(meta, memory_order_relaxed);

                /* Most are as they were. One that others are at is left for the next time. */
                if (shared[i] == !!(m & PAGE_SHARED) || !page_trylock(meta))
                        continue;
                if (page_state(meta) == PAGE_RESIDENT || page_state(meta) == PAGE_UNTRACKED)
                        share_mark(pager, ref, shared[i]);
                page_unlock(meta);
        }
        return count;
}

void share_look(struct aerostat_pager *pager)
{
        uint64_t now = monotonic_ns(), last = atomic_load(&pager->sharing_ns);
        uint64_t pages = atomic_load(&pager->pages);
        uint32_t todo = (uint32_t)MIN((uint64_t)LOOK_PAGES, pages), hand, seen;

        if (now - last < LOOK_NS || !atomic_compare_exchange_strong(&pager->sharing_ns, &last, now))
                return;
        atomic_store_explicit(&pager->merged, merging_pages(), memory_order_relaxed);
        if (!atomic_load(&pager->merged) && !atomic_load(&pager->shared))
                return;
        hand = atomic_load(&pager->share_hand);
        while (todo) {
                (void)pthread_rwlock_rdlock(&pager->ranges_lock);
                seen = look_at_some(pager, &hand);
                (void)pthread_rwlock_unlock(&pager->ranges_lock);
                if (!seen)
                        break;
                todo -= MIN(todo, seen);
        }
        atomic_store(&pager->share_hand, hand);
}

/* A chunk at a time, so that the guest is held up by no more than that, and reclaim can keep pace. */
static int advise_from(struct aerostat_pager *pager, uint32_t *hand, int advice)
{
        struct range *range;
        uint32_t first, count;
        int r = 0;

        (void)pthread_rwlock_rdlock(&pager->ranges_lock);
        range = range_from(pager, hand);
        if (!range) {
                r = -ENOENT;
        } else {
                first = *hand - range->first;
                count = MIN(CHUNK_PAGES, range->pages - first);
                *hand += count;
                if (sys_madvise((void *)(range->addr + first * PAGE_BYTES), count * PAGE_BYTES, advice) < 0)
                        r = -errno;
        }
        (void)pthread_rwlock_unlock(&pager->ranges_lock);
        return r;
}

int aerostat_pager_set_mergeable(struct aerostat_pager *pager, bool mergeable)
{
        uint64_t chunks = atomic_load(&pager->pages) / CHUNK_PAGES + RANGES_MAX;
        uint32_t hand = 0;
        int r = 0;

        atomic_store(&pager->unmergeable, !mergeable);
        /* The hand begins anew at the end: so many steps are once round. */
        while (chunks-- && r == 0) {
                uint32_t before = hand;

                r = advise_from(pager, &hand, mergeable ? MADV_MERGEABLE : MADV_UNMERGEABLE);
                if (hand < before)
                        break;
                if (!mergeable)
                        reclaim_kick(pager);
        }
        /* Without KSM nothing is shared: that is as was wanted. */
        if (r == -EINVAL)
                return mergeable ? -ENOTSUP : 0;
        return r == -ENOENT ? 0 : r;
}
