/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which pages leave the guest. */
#include <errno.h>
#include <string.h>

#include "base/macro.h"
#include "pager/evict.h"
#include "pager/fault.h"
#include "pager/pager.h"
#include "pager/uffd.h"

/*
 * The choice of victims. Guest memory has no accessed bits to read here; parking stands in for
 * them. A hand goes round the guest's memory and parks what it finds, except pages that have
 * chances left: those lose one. A parked page that is touched comes back at the cost of one fault,
 * with more chances than it had before (1, 3, 7, 15), so that what is in steady use is hardly
 * tried any more. A page that stays parked until it is the oldest goes: it was not used for as
 * long as it took to park the ring's worth of others.
 */
#define SCAN_PAGES    16384u /* that the hand passes at most in one go */
#define BUSY_CHANCES  7u     /* pinned or shared: not asked again at once */
#define STIFF_CHANCES 7u     /* what only the disk would take: other pages first */

/* Moves one parked page back without a touch. For the holder of its lock. */
void victim_unpark(struct aerostat_pager *pager, struct page_ref ref, unsigned heat, unsigned chances)
{
        (void)fault_bring(pager, pager->restore, ref, false);
        page_set_heat(ref_meta(ref), heat, chances);
}

/* Sends the oldest parked pages on. Returns how many left. */
uint32_t victim_evict_oldest(struct aerostat_pager *pager)
{
        uint32_t slot, left = 0, n = park_oldest(&pager->park, BATCH_PAGES, &slot);

        for (uint32_t i = 0; i < n; i++) {
                struct page_ref ref = page_numbered(pager, pager->park.owner[slot + i]);
                bool batch;

                if (!ref.range || page_state(ref_meta(ref)) != PAGE_PARKED)
                        continue;
                batch = store_batch_ready(pager);
                page_lock(ref_meta(ref));
                if (page_state(ref_meta(ref)) == PAGE_PARKED && *ref_payload(ref) == slot + i) {
                        const void *content = (const void *)park_address(&pager->park, slot + i);

                        switch (store_page(pager, ref, content, batch)) {
                        case STORE_LEFT:
                                left++;
                                break;
                        case STORE_SPARED:
                                victim_unpark(pager, ref, PAGE_HEAT_STIFF, STIFF_CHANCES);
                                break;
                        case STORE_REFUSED:
                                victim_unpark(pager, ref, 0, REFUSED_CHANCES);
                                pager->refused++;
                                break;
                        }
                }
                page_unlock(ref_meta(ref));
        }
        if (n)
                park_drop(&pager->park, n);
        return left;
}

static void found_busy(struct aerostat_pager *pager, page_meta *meta)
{
        atomic_fetch_add_explicit(&pager->counters.busy, 1, memory_order_relaxed);
        page_set_heat(meta, PAGE_HEAT_BUSY, BUSY_CHANCES);
}

/* A page that cannot be moved: why, and what the hand should make of it. */
static void move_failed(struct aerostat_pager *pager, struct page_ref ref, int error)
{
        switch (error) {
        case -ENOENT:
                /* Discarded without our hearing of it. */
                page_change(pager, ref, PAGE_ABSENT);
                break;
        case -EBUSY:
                found_busy(pager, ref_meta(ref));
                break;
        case -EAGAIN:
        case -EEXIST:
                page_set_heat(ref_meta(ref), 0, 1);
                break;
        case -ENOTRECOVERABLE:
                page_unknown(pager, ref);
                break;
        case -ENOMEM:
                page_set_heat(ref_meta(ref), 0, 1);
                pager->stuck = page_number(ref);
                reason_set(pager, REASON_MOVE,
                           "guest memory cannot be moved: the host has no memory left for page tables");
                break;
        default:
                page_set_heat(ref_meta(ref), 0, REFUSED_CHANCES);
                pager->stuck = page_number(ref);
                reason_set(pager, REASON_MOVE, "guest memory cannot be moved (%s)%s", strerror(-error),
                           error == -EINVAL ? "; is it locked?" : "");
                break;
        }
}

/* Parks count neighbouring pages whose locks are held; the locks are let go. Returns how many went. */
static uint32_t park_run(struct aerostat_pager *pager, struct page_ref first, uint32_t count)
{
        uint32_t slot = 0, room = park_room(&pager->park, count, &slot), done = 0, parked = 0;
        uint32_t at_once = room;

        while (done < room) {
                struct page_ref ref = {first.range, first.index + done};
                uint32_t ask = MIN(at_once, room - done);
                size_t moved = 0;
                int r = uffd_move(pager->uffd, pager->pagemap, park_address(&pager->park, slot + done),
                                  ref_addr(ref), ask * PAGE_BYTES, &moved);

                for (size_t i = 0; i < moved / PAGE_BYTES; i++, done++, parked++) {
                        struct page_ref gone = {first.range, first.index + done};

                        pager->park.owner[slot + done] = page_number(gone);
                        *ref_payload(gone) = slot + done;
                        page_change(pager, gone, PAGE_PARKED);
                }
                if (r == 0 || (r == -EAGAIN && moved))
                        continue;
                if (r == -EINVAL && ask > 1) {
                        /* The kernel keeps this memory in several mappings, and moves within one. */
                        at_once = ask / 2;
                        continue;
                }
                ref.index = first.index + done;
                move_failed(pager, ref, r);
                /* Somebody looked at the slot while it was empty (fault_serve). */
                if (r == -EEXIST)
                        park_discard(&pager->park, slot + done);
                pager->park.owner[slot + done] = PARK_NO_PAGE;
                done++;
        }
        park_take(&pager->park, room);
        for (uint32_t i = 0; i < count; i++)
                page_unlock(&first.range->meta[first.index + i]);
        atomic_fetch_add_explicit(&pager->counters.parks, parked, memory_order_relaxed);
        return parked;
}

/* Tries again what could not be moved; if nothing is in its way now, that was then. */
void victim_retry_stuck(struct aerostat_pager *pager)
{
        struct page_ref ref = page_numbered(pager, pager->stuck);
        uint32_t slot;

        if (!reason_is_set(pager, REASON_MOVE))
                return;
        if (!ref.range || page_state(ref_meta(ref)) != PAGE_RESIDENT) {
                reason_clear(pager, REASON_MOVE);
                return;
        }
        if (!park_room(&pager->park, 1, &slot) || !page_trylock(ref_meta(ref)))
                return;
        if (page_state(ref_meta(ref)) != PAGE_RESIDENT)
                page_unlock(ref_meta(ref));
        else if (park_run(pager, ref, 1))
                reason_clear(pager, REASON_MOVE);
}

/* Whether the hand takes this page, which it then locks. */
static bool take_victim(struct aerostat_pager *pager, page_meta *meta)
{
        uint32_t m = atomic_load_explicit(meta, memory_order_relaxed);

        if (meta_state(m) != PAGE_RESIDENT || !page_trylock(meta))
                return false;
        m = atomic_load_explicit(meta, memory_order_relaxed);
        if (meta_state(m) == PAGE_RESIDENT && !meta_chances(m) && !(m & PAGE_SHARED))
                return true;
        /* A shared one cannot be moved, which the kernel takes its time to say. */
        if (meta_state(m) == PAGE_RESIDENT && !meta_chances(m))
                found_busy(pager, meta);
        else if (meta_state(m) == PAGE_RESIDENT)
                page_set_heat(meta, meta_heat(m), meta_chances(m) - 1);
        page_unlock(meta);
        return false;
}

/* Lets the hand go on until about want pages are parked. */
uint32_t victim_park(struct aerostat_pager *pager, uint32_t want)
{
        uint32_t parked = 0, seen = 0;

        while (parked < want && seen < SCAN_PAGES) {
                struct range *range = range_from(pager, &pager->hand);
                uint32_t index, n = 0, most, slot;

                most = park_room(&pager->park, BATCH_PAGES, &slot);
                if (!range || !most)
                        break;
                index = pager->hand - range->first;
                most = MIN(most, range->pages - index);
                while (n < most && take_victim(pager, &range->meta[index + n]))
                        n++;
                if (n)
                        parked += park_run(pager, (struct page_ref){range, index}, n);
                /* The page that ended the run has been seen, too. */
                if (n < most)
                        n++;
                pager->hand += n;
                seen += n;
        }
        pager->fruitless += seen;
        return parked;
}

/*
 * Evicts a page that KSM shares. It cannot be moved; but a write to it must make a copy first, and
 * that can be held up by write-protection, and nobody can have it pinned for writing. Returns
 * whether it left.
 */
static bool evict_shared(struct aerostat_pager *pager, struct page_ref ref)
{
        bool present = false, exclusive = false, left = false, batch = store_batch_ready(pager);
        page_meta *meta = ref_meta(ref);

        if (!page_trylock(meta))
                return false;
        if (page_state(meta) == PAGE_RESIDENT &&
            uffd_protect(pager->uffd, ref_addr(ref), PAGE_BYTES, true) == 0) {
                if (page_in_pagemap(pager, ref_addr(ref), &present, &exclusive) == 0 && present &&
                    !exclusive) {
                        /*
                         * The one place where the pager reads guest memory: the page is present, and
                         * its lock keeps every discard away.
                         */
                        memcpy(pager->scratch + PAGE_BYTES, (const void *)ref_addr(ref), PAGE_BYTES);
                        left = store_page(pager, ref, pager->scratch + PAGE_BYTES, batch) == STORE_LEFT;
                }
                if (left && sys_madvise((void *)ref_addr(ref), PAGE_BYTES, MADV_DONTNEED) < 0) {
                        /* It is still there (locked?), as it was: what was put away is a copy. */
                        page_forget(pager, ref);
                        page_change(pager, ref, PAGE_RESIDENT);
                        page_set_heat(meta, 0, REFUSED_CHANCES);
                        left = false;
                }
                /* Whoever waits to write finds the page missing, or may write now. */
                (void)uffd_protect(pager->uffd, ref_addr(ref), PAGE_BYTES, false);
                (void)uffd_wake(pager->uffd, ref_addr(ref), PAGE_BYTES);
                /*
                 * KSM keeps a page whose other sharers have gone, which then looks exclusive and
                 * still cannot be moved. Made as if by a write, a copy of it can, in the next round.
                 * It is present and its lock held, so this does not wait for a fault.
                 */
                if (!left && present && exclusive &&
                    sys_madvise((void *)ref_addr(ref), PAGE_BYTES, MADV_POPULATE_WRITE) == 0)
                        page_set_heat(meta, 0, 0);
        }
        page_unlock(meta);
        return left;
}

/*
 * When nothing else is left: shared pages, from where the hand is. Only those that it found busy: the others
 * have chances left or have been spared, which is to be forgotten of none.
 */
uint32_t victim_evict_shared(struct aerostat_pager *pager)
{
        uint32_t left = 0;

        /* Those that are KSM's and mapped once are not marked. */
        if (!atomic_load_explicit(&pager->merged, memory_order_relaxed))
                return 0;
        for (uint32_t seen = 0; seen < SCAN_PAGES && left < BATCH_PAGES; seen++) {
                struct range *range;
                struct page_ref ref;
                uint32_t m;

                /* Those that stay cost as much as those that leave. */
                if (seen % BATCH_PAGES == 0)
                        reclaim_let_others_in(pager);
                range = range_from(pager, &pager->hand);
                if (!range)
                        break;
                ref = (struct page_ref){range, pager->hand - range->first};
                pager->hand++;
                m = atomic_load_explicit(ref_meta(ref), memory_order_relaxed);
                if (meta_state(m) == PAGE_RESIDENT && meta_heat(m) == PAGE_HEAT_BUSY &&
                    evict_shared(pager, ref))
                        left++;
        }
        return left;
}
