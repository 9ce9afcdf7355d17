/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the content of a page goes that leaves the guest: one value, the cache, a batch for the swap file.
 */
#include <string.h>

#include "base/macro.h"
#include "pager/evict.h"
#include "pager/fault.h"
#include "pager/pager.h"

#define SWAP_RETRY_NS 10000000000u

void store_swap_failed(struct aerostat_pager *pager, int error)
{
        atomic_store(&pager->swap_retry_ns, monotonic_ns() + SWAP_RETRY_NS);
        reason_set(pager, REASON_SWAP,
                   "writing to the swap file failed (%s); its pages stay in memory; check the disk",
                   strerror(-error));
}

void store_swap_works(struct aerostat_pager *pager)
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

void store_flush(struct aerostat_pager *pager)
{
        if (pager->batch && pager->batch->count) {
                swap_write_start(pager->swap, pager->batch);
                pager->batch = NULL;
        }
}

/* Makes sure that one more page can be put into a batch. May wait for the disk: hold no page lock. */
bool store_batch_ready(struct aerostat_pager *pager)
{
        if (!swap_usable(pager))
                return false;
        if (pager->batch && pager->batch->count == SWAP_WRITE_PAGES)
                store_flush(pager);
        if (!pager->batch)
                pager->batch = swap_write_get(pager->swap);
        return true;
}

/* Where the next page of the batch goes; store_batch_ready() said that there is room. */
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
        if (!store_batch_ready(pager))
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

void store_compact_cache(struct aerostat_pager *pager)
{
        const struct cache_mover mover = {claim_entry, entry_moved, pager};

        cache_compact(&pager->cache, &mover);
        count_cache(pager);
}

void store_free_empty(struct aerostat_pager *pager)
{
        cache_free_empty(&pager->cache);
        count_cache(pager);
}

/* Keeps the cache at its bound by sending what is oldest on to the swap file. */
void store_age_cache(struct aerostat_pager *pager)
{
        uint64_t bound = pager_cache_limit(pager), before;

        if (cache_bytes(&pager->cache) + CACHE_SEGMENT_BYTES <= bound || !cache_bytes(&pager->cache))
                return;
        store_compact_cache(pager);
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

enum store_result store_page(struct aerostat_pager *pager, struct page_ref ref, const void *content,
                             bool batch)
{
        unsigned codec = atomic_load_explicit(&pager->codec, memory_order_relaxed);
        struct counters *counters = &pager->counters;
        cache_location location;
        uint64_t value;
        size_t size = 0;
        uint32_t meta = atomic_load_explicit(ref_meta(ref), memory_order_relaxed);

        if (codec_same_value(content, &value)) {
                *ref_payload(ref) = value;
                page_change(pager, ref, PAGE_SAME);
                atomic_fetch_add_explicit(&counters->same_pages, 1, memory_order_relaxed);
                stamp(pager, ref_meta(ref));
                return STORE_LEFT;
        }
        if (codec != CODEC_OFF &&
            cache_bytes(&pager->cache) <= MAX(pager_cache_limit(pager), (uint64_t)CACHE_SEGMENT_BYTES) - 1) {
                size = codec_compress(pager->codec_out, codec, content, pager->scratch);
                if (!size) {
                        atomic_fetch_add_explicit(&counters->incompressible, 1, memory_order_relaxed);
                        if (meta_state(meta) == PAGE_PARKED && meta_heat(meta) != PAGE_HEAT_STIFF)
                                return STORE_SPARED;
                }
        }
        if (size &&
            cache_insert(&pager->cache, page_number(ref), codec, pager->scratch, size, &location) == 0) {
                count_cache(pager);
                *ref_payload(ref) = location;
                page_change(pager, ref, PAGE_COMPRESSED);
                atomic_fetch_add_explicit(&counters->compressions, 1, memory_order_relaxed);
                stamp(pager, ref_meta(ref));
                return STORE_LEFT;
        }
        if (!batch)
                return STORE_REFUSED;
        memcpy(batch_next(pager), content, PAGE_BYTES);
        batch_add(pager, ref);
        stamp(pager, ref_meta(ref));
        return STORE_LEFT;
}
