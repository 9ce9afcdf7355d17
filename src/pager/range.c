/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ranges of guest memory: finding pages, arming, and the one place where states change. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/macro.h"
#include "pager/pager.h"
#include "pager/uffd.h"

/* Of an entry in /proc/PID/pagemap; see the kernel's admin-guide/mm/pagemap.rst. */
#define PAGEMAP_EXCLUSIVE (1ull << 56)
#define PAGEMAP_SWAPPED   (1ull << 62)
#define PAGEMAP_PRESENT   (1ull << 63)

int range_map_records(struct range *range)
{
        size_t n = range->pages;
        void *records = NULL;
        int r = sys_map_lazy(n * (sizeof(uint64_t) + sizeof(page_meta)) + range_chunks(range), &records);

        if (r < 0)
                return r;
        range->payload = records;
        range->meta = (page_meta *)(range->payload + n);
        range->armed = (uint8_t *)records + n * (sizeof(uint64_t) + sizeof(page_meta));
        return 0;
}

void range_unmap_records(struct range *range)
{
        size_t n = range->pages;

        (void)sys_munmap(range->payload, n * (sizeof(uint64_t) + sizeof(page_meta)) + range_chunks(range));
        *range = (struct range){};
}

struct page_ref page_at(struct aerostat_pager *pager, uintptr_t addr)
{
        for (unsigned i = 0; i < pager->n_ranges; i++) {
                struct range *range = &pager->ranges[i];

                /* Below the range the difference wraps around. */
                if (addr - range->addr < (uint64_t)range->pages * PAGE_BYTES)
                        return (struct page_ref){range, (uint32_t)((addr - range->addr) >> PAGE_SHIFT)};
        }
        return (struct page_ref){};
}

struct page_ref page_numbered(struct aerostat_pager *pager, uint32_t number)
{
        for (unsigned i = 0; i < pager->n_ranges; i++) {
                struct range *range = &pager->ranges[i];

                if (number - range->first < range->pages)
                        return (struct page_ref){range, number - range->first};
        }
        return (struct page_ref){};
}

struct range *range_from(struct aerostat_pager *pager, uint32_t *hand)
{
        struct range *next = NULL, *first = NULL;

        for (unsigned i = 0; i < pager->n_ranges; i++) {
                struct range *range = &pager->ranges[i];

                if (!range->pages)
                        continue;
                if (*hand - range->first < range->pages)
                        return range;
                if (range->first > *hand && (!next || range->first < next->first))
                        next = range;
                if (!first || range->first < first->first)
                        first = range;
        }
        if (!next)
                next = first;
        if (next)
                *hand = next->first;
        return next;
}

uint32_t page_number(struct page_ref ref)
{
        return ref.range->first + ref.index;
}

page_meta *ref_meta(struct page_ref ref)
{
        return &ref.range->meta[ref.index];
}

uint64_t *ref_payload(struct page_ref ref)
{
        return &ref.range->payload[ref.index];
}

uintptr_t ref_addr(struct page_ref ref)
{
        return ref.range->addr + (uintptr_t)ref.index * PAGE_BYTES;
}

/* Untracked memory is only known to the kernel. */
static bool consumes(enum page_state state)
{
        return state == PAGE_RESIDENT || state == PAGE_PARKED || state == PAGE_WRITING ||
               state == PAGE_READING;
}

void page_change(struct aerostat_pager *pager, struct page_ref ref, enum page_state to)
{
        page_meta *meta = ref_meta(ref);
        uint32_t m = atomic_load_explicit(meta, memory_order_relaxed);
        enum page_state from = meta_state(m);

        if (!page_may_change(from, to)) {
                pager_fatal(pager, "page %u would go from %s to %s: a defect of the pager; please report it",
                            page_number(ref), page_state_name(from), page_state_name(to));
                return;
        }
        /* What leaves the guest is shared no more, and saves nothing. */
        if (m & PAGE_SHARED && to != PAGE_RESIDENT && to != PAGE_UNTRACKED) {
                share_mark(pager, ref, false);
                m &= ~PAGE_SHARED;
        }
        atomic_store_explicit(meta, (m & ~PAGE_STATE_MASK) | to, memory_order_relaxed);
        atomic_fetch_sub_explicit(&pager->in_state[from], 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&pager->in_state[to], 1, memory_order_relaxed);
        if (consumes(to) && !consumes(from))
                (void)atomic_fetch_add(&pager->taken, 1);
        else if (consumes(from) && !consumes(to))
                (void)atomic_fetch_sub(&pager->taken, 1);
}

void page_forget(struct aerostat_pager *pager, struct page_ref ref)
{
        uint64_t payload = *ref_payload(ref);

        switch (page_state(ref_meta(ref))) {
        case PAGE_PARKED:
                park_discard(&pager->park, (uint32_t)payload);
                if (payload >= pager->park.ring_slots)
                        atomic_fetch_sub_explicit(&pager->sample.parked, 1, memory_order_relaxed);
                break;
        case PAGE_COMPRESSED:
                cache_release(&pager->cache, payload);
                break;
        case PAGE_SWAPPED:
                swap_slot_free(pager->swap, (uint32_t)payload);
                break;
        default:
                /* Nothing is held, or whoever completes the I/O frees it. */
                break;
        }
}

static uint32_t first_chunk(const struct range *range)
{
        return (uint32_t)((range->addr >> PAGE_SHIFT) % CHUNK_PAGES);
}

uint32_t range_chunk_of(const struct range *range, uint32_t index)
{
        return (first_chunk(range) + index) / CHUNK_PAGES;
}

uint32_t range_chunks(const struct range *range)
{
        return range_chunk_of(range, range->pages - 1) + 1;
}

/* The pages of the range that are in the chunk: [*ret_from, *ret_to). */
static void chunk_pages(const struct range *range, uint32_t chunk, uint32_t *ret_from, uint32_t *ret_to)
{
        uint32_t offset = first_chunk(range);

        *ret_from = chunk ? chunk * CHUNK_PAGES - offset : 0;
        *ret_to = MIN((chunk + 1) * CHUNK_PAGES - offset, range->pages);
}

static int read_pagemap(struct aerostat_pager *pager, uintptr_t addr, uint64_t *entries, uint32_t count)
{
        size_t want = count * sizeof(uint64_t);
        ssize_t n = pread(pager->pagemap, entries, want, (off_t)((addr >> PAGE_SHIFT) * sizeof(uint64_t)));

        return n == (ssize_t)want ? 0 : n < 0 ? -errno : -EIO;
}

int page_in_pagemap(struct aerostat_pager *pager, uintptr_t addr, bool *ret_present, bool *ret_exclusive)
{
        uint64_t entry;
        int r = read_pagemap(pager, addr, &entry, 1);

        if (r < 0)
                return r;
        *ret_present = entry & PAGEMAP_PRESENT;
        *ret_exclusive = entry & PAGEMAP_EXCLUSIVE;
        return 0;
}

int pages_mapped_twice(struct aerostat_pager *pager, uintptr_t addr, uint32_t count, uint8_t *ret_twice)
{
        uint64_t entries[CHUNK_PAGES];
        int r = read_pagemap(pager, addr, entries, count);

        if (r < 0)
                return r;
        for (uint32_t i = 0; i < count; i++)
                ret_twice[i] = entries[i] & PAGEMAP_PRESENT && !(entries[i] & PAGEMAP_EXCLUSIVE);
        return 0;
}

void page_unknown(struct aerostat_pager *pager, struct page_ref ref)
{
        pager_fatal(
                pager,
                "where page %u is cannot be known: /proc/self/pagemap cannot be read; is the host out of "
                "memory?",
                page_number(ref));
}

/* A chunk that has just been registered: which of its pages are there? */
static int survey_chunk(struct aerostat_pager *pager, struct range *range, uint32_t chunk)
{
        uint64_t entries[CHUNK_PAGES];
        uint32_t from, to;
        int r;

        chunk_pages(range, chunk, &from, &to);
        for (uint32_t i = from; i < to; i++)
                page_lock(&range->meta[i]);
        r = read_pagemap(pager, range->addr + from * PAGE_BYTES, entries, to - from);
        for (uint32_t i = from; i < to; i++) {
                struct page_ref ref = {range, i};

                /* Others may have been touched since, and were then seen to. */
                if (r == 0 && page_state(&range->meta[i]) == PAGE_UNTRACKED) {
                        bool there = entries[i - from] & (PAGEMAP_PRESENT | PAGEMAP_SWAPPED);

                        page_change(pager, ref, there ? PAGE_RESIDENT : PAGE_ABSENT);
                }
                page_unlock(&range->meta[i]);
        }
        return r;
}

int range_arm(struct aerostat_pager *pager, struct range *range, uint32_t chunk, uint32_t chunks)
{
        uint32_t from, to, ignore;
        int r;

        chunk_pages(range, chunk, &from, &ignore);
        chunk_pages(range, chunk + chunks - 1, &ignore, &to);
        /* Registering again what is registered already changes nothing. */
        r = uffd_register(pager->uffd, range->addr + from * PAGE_BYTES, (to - from) * PAGE_BYTES, true);
        if (r < 0)
                return r;
        for (uint32_t c = chunk; c < chunk + chunks; c++) {
                if (range->armed[c])
                        continue;
                r = survey_chunk(pager, range, c);
                if (r < 0)
                        return r;
                range->armed[c] = 1;
        }
        return 0;
}

/* Nothing of it is held here, and nobody waits for its next touch. */
static bool page_is_in(const page_meta *meta)
{
        uint32_t m = atomic_load_explicit(meta, memory_order_relaxed);

        return meta_state(m) <= PAGE_RESIDENT && !(m & PAGE_SAMPLED);
}

static bool disarm_chunk(struct aerostat_pager *pager, struct range *range, uint32_t chunk)
{
        uint32_t from, to, i;
        bool in = true;

        chunk_pages(range, chunk, &from, &to);
        for (i = from; i < to; i++) {
                if (!page_is_in(&range->meta[i]))
                        return false;
        }
        for (i = from; i < to; i++) {
                page_lock(&range->meta[i]);
                in &= page_is_in(&range->meta[i]);
        }
        in = in &&
             uffd_unregister(pager->uffd, range->addr + from * PAGE_BYTES, (to - from) * PAGE_BYTES) == 0;
        for (i = from; i < to; i++) {
                if (in && page_state(&range->meta[i]) != PAGE_UNTRACKED)
                        page_change(pager, (struct page_ref){range, i}, PAGE_UNTRACKED);
                page_unlock(&range->meta[i]);
        }
        if (in)
                range->armed[chunk] = 0;
        return in;
}

bool range_disarm(struct aerostat_pager *pager, struct range *range)
{
        bool all = true;

        for (uint32_t c = 0; c < range_chunks(range); c++) {
                if (range->armed[c] && !disarm_chunk(pager, range, c))
                        all = false;
        }
        return all;
}
