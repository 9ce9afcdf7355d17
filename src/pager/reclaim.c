/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeping the VM below its limit: which pages leave the guest, and where they go. */
#include <errno.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "base/thread.h"
#include "pager/fault.h"
#include "pager/handler.h"
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
#define BATCH_PAGES     UFFD_MOVE_MAX
#define SCAN_PAGES      16384u                  /* that the hand passes at most in one go */
#define BUSY_CHANCES    7u                      /* pinned or shared: not asked again at once */
#define REFUSED_CHANCES 15u                     /* nowhere to put it */
#define ROUNDS_MAX      (REFUSED_CHANCES + 2ul) /* of the hand without an eviction, then it gives up */
#define PARKED_SHARE    8u                      /* part of the limit that is parked under pressure */
#define PARKED_MIN      64u

#define TICK_NS       250000000u
#define IDLE_TICK_NS  1000000000u
#define SWAP_RETRY_NS 10000000000u

/* The margin below the limit: reclaim begins when half of it is gone. */
static uint64_t margin_pages(uint64_t limit)
{
        return CLAMP(limit / 64, 128u, 2048u);
}

unsigned reclaim_time(struct aerostat_pager *pager)
{
        uint64_t limit = pager_limit_pages(pager);
        uint64_t evictions = atomic_load_explicit(&pager->evictions, memory_order_relaxed);

        if (limit == UINT64_MAX)
                limit = atomic_load_explicit(&pager->pages, memory_order_relaxed);
        return (unsigned)(evictions / MAX(limit / RECLAIM_TIME_PER_MEMORY, 1u)) & 0xffff;
}

void reclaim_swap_failed(struct aerostat_pager *pager, int error)
{
        atomic_store(&pager->swap_retry_ns, monotonic_ns() + SWAP_RETRY_NS);
        reason_set(pager, REASON_SWAP,
                   "writing to the swap file failed (%s); its pages stay in memory; check the disk",
                   strerror(-error));
}

void reclaim_swap_works(struct aerostat_pager *pager)
{
        /* One that was under way beside one that failed says nothing. */
        if (monotonic_ns() >= atomic_load(&pager->swap_retry_ns))
                reason_clear(pager, REASON_SWAP);
}

static bool swap_usable(struct aerostat_pager *pager)
{
        uint64_t staged = pager->batch ? pager->batch->count : 0;
        uint64_t retry;

        if (!pager->swap || swap_room(pager->swap) <= staged)
                return false;
        retry = atomic_load(&pager->swap_retry_ns);
        return !retry || monotonic_ns() >= retry;
}

void reclaim_flush(struct aerostat_pager *pager)
{
        if (pager->batch && pager->batch->count) {
                swap_write_start(pager->swap, pager->batch);
                pager->batch = NULL;
        }
}

/* Makes sure that one more page can be put into a batch. May wait for the disk: hold no page lock. */
static bool batch_ready(struct aerostat_pager *pager)
{
        if (!swap_usable(pager))
                return false;
        if (pager->batch && pager->batch->count == SWAP_WRITE_PAGES)
                reclaim_flush(pager);
        if (!pager->batch)
                pager->batch = swap_write_get(pager->swap);
        return true;
}

/* Where the next page of the batch goes; batch_ready() said that there is room. */
static void *batch_next(struct aerostat_pager *pager)
{
        return pager->batch->data + pager->batch->count * PAGE_BYTES;
}

static void batch_add(struct aerostat_pager *pager, struct page_ref ref)
{
        struct swap_write *batch = pager->batch;

        batch->page[batch->count] = page_number(ref);
        *ref_payload(ref) = (uint64_t)batch->number << 8 | batch->count;
        batch->count++;
        page_change(pager, ref, PAGE_WRITING);
}

/* Lets the cache count at the size it is now. */
static void count_cache(struct aerostat_pager *pager)
{
        uint64_t pages = cache_bytes(&pager->cache) / PAGE_BYTES;

        if (pages != pager->cache_counted)
                (void)atomic_fetch_add(&pager->taken, pages - pager->cache_counted);
        pager->cache_counted = pages;
}

static bool visit_oldest(void *userdata, uint32_t page, cache_location location)
{
        struct aerostat_pager *pager = userdata;
        struct page_ref ref = page_numbered(pager, page);
        bool go_on = true;

        if (!ref.range || page_state(ref_meta(ref)) != PAGE_COMPRESSED)
                return true;
        if (!batch_ready(pager))
                return false;
        page_lock(ref_meta(ref));
        if (page_state(ref_meta(ref)) == PAGE_COMPRESSED && *ref_payload(ref) == location) {
                if (fault_restore_content(pager, pager->codec_out, ref, batch_next(pager)) < 0) {
                        pager_fatal(pager, "page %u does not decompress: the compression cache is damaged",
                                    page);
                        go_on = false;
                } else {
                        batch_add(pager, ref);
                        cache_release(&pager->cache, location);
                }
        }
        page_unlock(ref_meta(ref));
        return go_on;
}

static bool claim_entry(void *userdata, uint32_t page, cache_location location)
{
        struct page_ref ref = page_numbered(userdata, page);

        if (!ref.range)
                return false;
        page_lock(ref_meta(ref));
        if (page_state(ref_meta(ref)) == PAGE_COMPRESSED && *ref_payload(ref) == location)
                return true;
        page_unlock(ref_meta(ref));
        return false;
}

static void entry_moved(void *userdata, uint32_t page, cache_location location)
{
        struct page_ref ref = page_numbered(userdata, page);

        *ref_payload(ref) = location;
        page_unlock(ref_meta(ref));
        count_cache(userdata);
}

static void compact_cache(struct aerostat_pager *pager)
{
        const struct cache_mover mover = {claim_entry, entry_moved, pager};

        cache_compact(&pager->cache, &mover);
        count_cache(pager);
}

/* Keeps the cache at its bound by sending what is oldest on to the swap file. */
static void age_cache(struct aerostat_pager *pager)
{
        uint64_t bound = pager_cache_limit(pager), before;

        if (cache_bytes(&pager->cache) + CACHE_SEGMENT_BYTES <= bound || !cache_bytes(&pager->cache))
                return;
        compact_cache(pager);
        while (cache_bytes(&pager->cache) && cache_bytes(&pager->cache) + CACHE_SEGMENT_BYTES > bound) {
                before = cache_bytes(&pager->cache);
                cache_visit_oldest(&pager->cache, visit_oldest, pager);
                count_cache(pager);
                if (cache_bytes(&pager->cache) >= before)
                        break;
        }
}

static void stamp(struct aerostat_pager *pager, page_meta *meta)
{
        uint32_t m = atomic_load_explicit(meta, memory_order_relaxed);

        atomic_fetch_add_explicit(&pager->evictions, 1, memory_order_relaxed);
        m &= (1u << PAGE_HEAT_SHIFT) - 1;
        atomic_store_explicit(meta, (m & ~PAGE_PREFETCHED) | reclaim_time(pager) << PAGE_TIME_SHIFT,
                              memory_order_relaxed);
}

/*
 * Finds a place for the content of a page that is PARKED, or RESIDENT and protected: false when
 * there is none, and nothing has changed. For the holder of the page's lock; batch: room in a
 * batch was made sure of.
 */
static bool put_away(struct aerostat_pager *pager, struct page_ref ref, const void *content, bool batch)
{
        unsigned codec = atomic_load_explicit(&pager->codec, memory_order_relaxed);
        struct counters *counters = &pager->counters;
        cache_location location;
        uint64_t value;
        size_t size = 0;

        if (codec_same_value(content, &value)) {
                *ref_payload(ref) = value;
                page_change(pager, ref, PAGE_SAME);
                atomic_fetch_add_explicit(&counters->same_pages, 1, memory_order_relaxed);
                stamp(pager, ref_meta(ref));
                return true;
        }
        if (codec != CODEC_OFF &&
            cache_bytes(&pager->cache) <= MAX(pager_cache_limit(pager), (uint64_t)CACHE_SEGMENT_BYTES) - 1) {
                size = codec_compress(pager->codec_out, codec, content, pager->scratch);
                if (!size)
                        atomic_fetch_add_explicit(&counters->incompressible, 1, memory_order_relaxed);
        }
        if (size &&
            cache_insert(&pager->cache, page_number(ref), codec, pager->scratch, size, &location) == 0) {
                count_cache(pager);
                *ref_payload(ref) = location;
                page_change(pager, ref, PAGE_COMPRESSED);
                atomic_fetch_add_explicit(&counters->compressions, 1, memory_order_relaxed);
                stamp(pager, ref_meta(ref));
                return true;
        }
        if (!batch)
                return false;
        memcpy(batch_next(pager), content, PAGE_BYTES);
        batch_add(pager, ref);
        stamp(pager, ref_meta(ref));
        return true;
}

/* Moves one parked page back without a touch. For the holder of its lock. */
static void unpark(struct aerostat_pager *pager, struct page_ref ref, unsigned chances)
{
        (void)fault_bring(pager, pager->restore, ref, false);
        page_set_heat(ref_meta(ref), 0, chances);
}

/* Sends the oldest parked pages on. Returns how many left. */
static uint32_t evict_oldest(struct aerostat_pager *pager)
{
        uint32_t slot, left = 0, n = park_oldest(&pager->park, BATCH_PAGES, &slot);

        for (uint32_t i = 0; i < n; i++) {
                struct page_ref ref = page_numbered(pager, pager->park.owner[slot + i]);
                bool batch;

                if (!ref.range || page_state(ref_meta(ref)) != PAGE_PARKED)
                        continue;
                batch = batch_ready(pager);
                page_lock(ref_meta(ref));
                if (page_state(ref_meta(ref)) == PAGE_PARKED && *ref_payload(ref) == slot + i) {
                        if (put_away(pager, ref, (void *)park_address(&pager->park, slot + i), batch)) {
                                left++;
                        } else {
                                unpark(pager, ref, REFUSED_CHANCES);
                                pager->refused++;
                        }
                }
                page_unlock(ref_meta(ref));
        }
        if (n)
                park_drop(&pager->park, n);
        return left;
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
                atomic_fetch_add_explicit(&pager->counters.busy, 1, memory_order_relaxed);
                page_set_heat(ref_meta(ref), 0, BUSY_CHANCES);
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
static void retry_stuck(struct aerostat_pager *pager)
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
static bool take_victim(page_meta *meta)
{
        uint32_t m = atomic_load_explicit(meta, memory_order_relaxed);

        if (meta_state(m) != PAGE_RESIDENT || !page_trylock(meta))
                return false;
        m = atomic_load_explicit(meta, memory_order_relaxed);
        if (meta_state(m) == PAGE_RESIDENT && !meta_chances(m))
                return true;
        if (meta_state(m) == PAGE_RESIDENT)
                page_set_heat(meta, meta_heat(m), meta_chances(m) - 1);
        page_unlock(meta);
        return false;
}

/* Lets the hand go on until about want pages are parked. */
static uint32_t park_victims(struct aerostat_pager *pager, uint32_t want)
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
                while (n < most && take_victim(&range->meta[index + n]))
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
        bool present = false, exclusive = false, left = false, batch = batch_ready(pager);
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
                        left = put_away(pager, ref, pager->scratch + PAGE_BYTES, batch);
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

/* When nothing else is left: shared pages, from where the hand is. */
static uint32_t evict_some_shared(struct aerostat_pager *pager)
{
        uint32_t left = 0;

        /* Those that are KSM's and mapped once are not marked. */
        if (!atomic_load_explicit(&pager->merged, memory_order_relaxed))
                return 0;
        for (uint32_t seen = 0; seen < SCAN_PAGES && left < BATCH_PAGES; seen++) {
                struct range *range = range_from(pager, &pager->hand);
                struct page_ref ref;

                if (!range)
                        break;
                ref = (struct page_ref){range, pager->hand - range->first};
                pager->hand++;
                if (page_state(ref_meta(ref)) == PAGE_RESIDENT && evict_shared(pager, ref))
                        left++;
        }
        return left;
}

/* In the ring. */
static uint64_t parked_pages(struct aerostat_pager *pager)
{
        uint64_t all = atomic_load_explicit(&pager->in_state[PAGE_PARKED], memory_order_relaxed);
        uint64_t watched = atomic_load_explicit(&pager->sample.parked, memory_order_relaxed);

        return all > watched ? all - watched : 0;
}

/*
 * What the guest's pages may take. Eviction itself needs room: new segments of the cache, and
 * batches, in which pages that leave the cache are as large as they were. All room is promised
 * below this mark, so what eviction takes for a while stays below the limit.
 */
static uint64_t guest_limit(uint64_t limit)
{
        return limit - RECLAIM_OWN_PAGES;
}

static uint64_t writing_pages(struct aerostat_pager *pager)
{
        return atomic_load_explicit(&pager->in_state[PAGE_WRITING], memory_order_relaxed);
}

/* What is there, and what others have been promised room for. */
static uint64_t spoken_for(struct aerostat_pager *pager, uint64_t taken)
{
        uint64_t pages = (taken & ((1ull << PROMISED_SHIFT) - 1)) + (taken >> PROMISED_SHIFT);
        uint64_t saved = share_pages(pager) / 2;

        return pages > saved ? pages - saved : 0;
}

static uint64_t spoken_for_now(struct aerostat_pager *pager)
{
        return spoken_for(pager, atomic_load(&pager->taken));
}

/* Promises room for pages if there is that much below bound, which no other promise gets then. */
static bool promise_below(struct aerostat_pager *pager, uint32_t pages, uint64_t bound)
{
        uint64_t taken = atomic_load(&pager->taken);

        do {
                if (spoken_for(pager, taken) + pages > bound)
                        return false;
        } while (!atomic_compare_exchange_weak(&pager->taken, &taken,
                                               taken + ((uint64_t)pages << PROMISED_SHIFT)));
        return true;
}

/* Promises it in any case: above the limit if need be. */
static void promise(struct aerostat_pager *pager, uint32_t pages)
{
        (void)atomic_fetch_add(&pager->taken, (uint64_t)pages << PROMISED_SHIFT);
}

/*
 * A step towards the limit less asked pages: keeps the ring filled and sends its oldest on. Returns
 * false when nothing more can be taken from the guest.
 */
static bool reclaim_step(struct aerostat_pager *pager, uint64_t limit, uint32_t asked, bool shared_too)
{
        uint64_t target = MAX(limit / PARKED_SHARE, PARKED_MIN);
        uint32_t parked = 0, left = 0;

        if (parked_pages(pager) < target + BATCH_PAGES)
                parked = park_victims(pager, 2 * BATCH_PAGES);
        age_cache(pager);
        /* While there are victims to park, and it is not urgent, those parked get their time. */
        if (!parked || parked_pages(pager) >= target || spoken_for_now(pager) + asked > guest_limit(limit)) {
                /* The oldest slots may be those of pages that have all been touched again. */
                do
                        left = evict_oldest(pager);
                while (!left && pager->park.head != pager->park.tail);
        }
        if (!left && shared_too && pager->fruitless >= pager->pages)
                left = evict_some_shared(pager);
        if (left) {
                pager->fruitless = 0;
                pager->refused = 0;
        } else if (parked && !pager->refused) {
                /* The ring is being filled. */
                pager->fruitless = 0;
        }
        return pager->fruitless < ROUNDS_MAX * pager->pages;
}

void reclaim_kick(struct aerostat_pager *pager)
{
        if (!atomic_exchange(&pager->wanted, 1))
                (void)syscall(SYS_futex, &pager->wanted, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* Round after round found nothing to evict. */
static bool given_up(struct aerostat_pager *pager)
{
        return atomic_load_explicit(&pager->fruitless, memory_order_relaxed) >=
               (ROUNDS_MAX - 1) * atomic_load_explicit(&pager->pages, memory_order_relaxed);
}

/* Evicts until there is room, or nothing can be evicted. Under the reclaim lock. */
static void evict_for(struct aerostat_pager *pager, uint32_t pages)
{
        /* Shared pages, which take long, are then the reclaim thread's. */
        bool given_up_now = given_up(pager), progress = true;
        uint64_t limit = pager_limit_pages(pager);

        for (bool first = true; limit != UINT64_MAX && progress; limit = pager_limit_pages(pager)) {
                if (promise_below(pager, pages, guest_limit(limit)))
                        return;
                /*
                 * A limit that was lowered a moment ago is far away, and the reclaim thread on its way
                 * there: then each fault does its part and goes on.
                 */
                if ((!first && spoken_for_now(pager) > limit + margin_pages(limit)) ||
                    atomic_load(&pager->fatal))
                        break;
                first = false;
                if (writing_pages(pager) >= BATCH_PAGES) {
                        /* Enough is on its way out; it counts until it has arrived. */
                        reclaim_flush(pager);
                        swap_write_wait(pager->swap);
                } else {
                        progress = reclaim_step(pager, limit, pages, !given_up_now);
                }
        }
        promise(pager, pages);
        if (limit != UINT64_MAX && spoken_for_now(pager) > limit)
                atomic_fetch_add_explicit(&pager->counters.limit_overruns, 1, memory_order_relaxed);
}

void reclaim_make_room(struct aerostat_pager *pager, uint32_t pages)
{
        uint64_t limit = pager_limit_pages(pager);
        bool promised;

        if (limit == UINT64_MAX) {
                promise(pager, pages);
                return;
        }
        promised = promise_below(pager, pages, guest_limit(limit));
        if (!promised || spoken_for_now(pager) + margin_pages(limit) / 2 > guest_limit(limit))
                reclaim_kick(pager);
        if (promised)
                return;
        /* What has come in since then may be another matter: a fault now and then tries again. */
        if (given_up(pager) && spoken_for_now(pager) > limit &&
            atomic_load_explicit(&pager->counters.limit_overruns, memory_order_relaxed) % BATCH_PAGES) {
                promise(pager, pages);
                atomic_fetch_add_explicit(&pager->counters.limit_overruns, 1, memory_order_relaxed);
                return;
        }
        (void)atomic_fetch_add(&pager->waiting, 1);
        (void)pthread_mutex_lock(&pager->reclaim_lock);
        (void)atomic_fetch_sub(&pager->waiting, 1);
        evict_for(pager, pages);
        (void)pthread_mutex_unlock(&pager->reclaim_lock);
}

void reclaim_room_used(struct aerostat_pager *pager, uint32_t pages)
{
        (void)atomic_fetch_sub(&pager->taken, (uint64_t)pages << PROMISED_SHIFT);
}

uint32_t reclaim_spare_room(struct aerostat_pager *pager, uint32_t pages)
{
        uint64_t limit = pager_limit_pages(pager);

        if (limit == UINT64_MAX) {
                promise(pager, pages);
                return pages;
        }
        /* Half of the margin stays for those who need it more. */
        return promise_below(pager, pages, guest_limit(limit) - margin_pages(limit) / 4) ? pages : 0;
}

void reclaim_arm(struct aerostat_pager *pager)
{
        bool all = true;

        if (pager_limit_pages(pager) == UINT64_MAX)
                return;
        for (unsigned i = 0; i < pager->n_ranges; i++) {
                struct range *range = &pager->ranges[i];
                int r;

                if (!range->pages || range->all_armed)
                        continue;
                r = range_arm(pager, range, 0, range_chunks(range));
                if (r < 0) {
                        reason_set(pager, REASON_ARM,
                                   "%u MiB of guest memory cannot be managed: userfaultfd: %s%s",
                                   range->pages / 256, strerror(-r),
                                   r == -EBUSY ? " (in use by the VMM itself)" : "");
                        all = false;
                        continue;
                }
                range->all_armed = range->any_armed = true;
        }
        if (all)
                reason_clear(pager, REASON_ARM);
}

void reclaim_unpark_all(struct aerostat_pager *pager)
{
        uint32_t slot, n;

        while ((n = park_oldest(&pager->park, BATCH_PAGES, &slot)) > 0) {
                for (uint32_t i = 0; i < n; i++) {
                        struct page_ref ref = page_numbered(pager, pager->park.owner[slot + i]);

                        if (!ref.range)
                                continue;
                        page_lock(ref_meta(ref));
                        if (page_state(ref_meta(ref)) == PAGE_PARKED && *ref_payload(ref) == slot + i)
                                unpark(pager, ref, 0);
                        page_unlock(ref_meta(ref));
                }
                park_drop(&pager->park, n);
        }
}

int reclaim_restore_range(struct aerostat_pager *pager, struct range *range)
{
        bool out = true;

        reclaim_flush(pager);
        while (out && !atomic_load(&pager->fatal)) {
                out = false;
                for (uint32_t i = 0; i < range->pages; i++) {
                        struct page_ref ref = {range, i};
                        struct swap_read *read = NULL;

                        if (page_state(ref_meta(ref)) <= PAGE_RESIDENT)
                                continue;
                        out = true;
                        if (page_state(ref_meta(ref)) == PAGE_READING) {
                                (void)sched_yield();
                                continue;
                        }
                        if (page_state(ref_meta(ref)) == PAGE_SWAPPED)
                                read = swap_read_get(pager->swap);
                        page_lock(ref_meta(ref));
                        if (page_state(ref_meta(ref)) == PAGE_SWAPPED && read) {
                                read->since_ns = monotonic_ns();
                                fault_read_swapped(pager, ref, SWAP_READ_PAGES, read, NULL);
                                read = NULL;
                        } else if (page_state(ref_meta(ref)) != PAGE_SWAPPED) {
                                (void)fault_bring(pager, pager->restore, ref, false);
                        }
                        page_unlock(ref_meta(ref));
                        if (read)
                                swap_read_put(pager->swap, read);
                }
        }
        return out ? -EIO : 0;
}

/* Without a limit the guest is let go of, chunk by chunk, as its pages have come back. */
static void let_go(struct aerostat_pager *pager)
{
        /* Nothing is asked of it that could be in vain. */
        reason_clear(pager, REASON_ARM);
        reason_clear(pager, REASON_MOVE);
        reason_clear(pager, REASON_SWAP);
        reclaim_unpark_all(pager);
        for (unsigned i = 0; i < pager->n_ranges; i++) {
                struct range *range = &pager->ranges[i];

                if (range->pages && range->any_armed) {
                        range->all_armed = false;
                        range->any_armed = !range_disarm(pager, range);
                }
        }
}

static void reclaim_round(struct aerostat_pager *pager)
{
        uint64_t limit;

        (void)pthread_mutex_lock(&pager->reclaim_lock);
        reclaim_arm(pager);
        /* What was in vain gets another try, of one round of the hand. */
        pager->fruitless = MIN((uint64_t)pager->fruitless, (ROUNDS_MAX - 1) * pager->pages);
        for (;;) {
                share_look(pager);
                limit = pager_limit_pages(pager);
                if (limit == UINT64_MAX || atomic_load(&pager->stop) ||
                    spoken_for_now(pager) + margin_pages(limit) <=
                            guest_limit(limit) + writing_pages(pager) ||
                    !reclaim_step(pager, limit, 0, true))
                        break;
                if (atomic_load(&pager->waiting)) {
                        (void)pthread_mutex_unlock(&pager->reclaim_lock);
                        (void)sched_yield();
                        (void)pthread_mutex_lock(&pager->reclaim_lock);
                }
        }
        if (limit == UINT64_MAX)
                let_go(pager);
        else
                retry_stuck(pager);
        age_cache(pager);
        compact_cache(pager);
        reclaim_flush(pager);
        sample_tick(pager, monotonic_ns());
        handlers_relax(pager->handlers);
        (void)pthread_mutex_unlock(&pager->reclaim_lock);
}

/* Until when there is nothing to do unless somebody asks. */
static uint64_t next_round_ns(struct aerostat_pager *pager, uint64_t now)
{
        uint64_t next = sample_next_ns(pager);

        if (pager_limit_pages(pager) != UINT64_MAX)
                return MIN(next, now + TICK_NS);
        for (unsigned i = 0; i < pager->n_ranges; i++) {
                if (pager->ranges[i].pages && pager->ranges[i].any_armed)
                        return MIN(next, now + IDLE_TICK_NS);
        }
        return next;
}

static void *run(void *argument)
{
        struct aerostat_pager *pager = argument;

        thread_is_ours = true;
        while (!atomic_load(&pager->stop)) {
                uint64_t now = monotonic_ns(), next;

                (void)pthread_mutex_lock(&pager->reclaim_lock);
                next = next_round_ns(pager, now);
                (void)pthread_mutex_unlock(&pager->reclaim_lock);
                if (!atomic_load(&pager->wanted) && next > now) {
                        struct timespec ts = {.tv_sec = (time_t)((next - now) / 1000000000u),
                                              .tv_nsec = (long)((next - now) % 1000000000u)};

                        (void)syscall(SYS_futex, &pager->wanted, FUTEX_WAIT_PRIVATE, 0,
                                      next == UINT64_MAX ? NULL : &ts, NULL, 0);
                }
                atomic_store(&pager->wanted, 0);
                reclaim_round(pager);
        }
        return NULL;
}

int reclaim_start(struct aerostat_pager *pager)
{
        void *scratch = NULL;
        int r;

        r = sys_map_lazy(2 * PAGE_BYTES, &scratch);
        if (r < 0)
                return r;
        pager->scratch = scratch;
        r = codec_new(&pager->codec_out);
        if (r == 0)
                r = fault_context_new(&pager->restore);
        if (r == 0)
                r = thread_start(&pager->reclaim_thread, "aerostat-evict", run, pager);
        if (r < 0) {
                fault_context_free(pager->restore);
                codec_free(pager->codec_out);
                (void)sys_munmap(scratch, 2 * PAGE_BYTES);
                pager->scratch = NULL;
        }
        return r;
}

void reclaim_stop(struct aerostat_pager *pager)
{
        if (!pager->scratch)
                return;
        atomic_store(&pager->stop, true);
        atomic_store(&pager->wanted, 0);
        reclaim_kick(pager);
        (void)pthread_join(pager->reclaim_thread, NULL);
        fault_context_free(pager->restore);
        codec_free(pager->codec_out);
        (void)sys_munmap(pager->scratch, 2 * PAGE_BYTES);
        pager->scratch = NULL;
}
