/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Page faults of the guest: bringing the page that is touched back, and others with it. */
#include "pager/fault.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "base/crc32c.h"
#include "base/macro.h"
#include "pager/own_read.h"
#include "pager/pager.h"
#include "pager/uffd.h"

#define STREAM_GAP  16u  /* pages that were there all the while, between two touches of a stream */
#define LOOK_BEHIND 256u /* pages in memory for those of the next slots: what stayed lies between */

/* Between tries to give a page back. */
#define NAP_MIN_NS 10000l
#define NAP_MAX_NS 1000000l

const uint64_t fault_zeros[512] __attribute__((aligned(4096)));

static void fault_account(struct aerostat_pager *pager, enum aerostat_pager_fault kind, uint64_t since_ns)
{
        uint64_t ns = monotonic_ns() - since_ns;
        unsigned bucket = 0;

        if (ns >= 256)
                bucket = MIN(63u - (unsigned)__builtin_clzll(ns) - 7u, AEROSTAT_PAGER_LATENCY_BUCKETS - 1u);
        atomic_fetch_add_explicit(&pager->counters.faults[kind], 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&pager->counters.latency[kind][bucket], 1, memory_order_relaxed);
}

/*
 * Puts pages of content at the guest's empty pages from ref on and wakes who waits for them.
 * Returns how many are there, and 0 or the error of the next one. What passes by itself (EAGAIN,
 * ENOMEM) is waited for, with naps that become longer, but patience_ns at most without progress.
 */
static int place(struct aerostat_pager *pager, struct page_ref ref, const void *content, uint32_t count,
                 uint64_t patience_ns, uint32_t *ret_placed)
{
        size_t done = 0, length = count * PAGE_BYTES;
        uint64_t until = 0;
        long nap_ns = NAP_MIN_NS;

        *ret_placed = 0;
        for (;;) {
                struct timespec nap = {};
                size_t n = 0;
                int r = uffd_copy(pager->uffd, ref_addr(ref) + done, (const char *)content + done,
                                  length - done, &n);

                done += n;
                *ret_placed = (uint32_t)(done / PAGE_BYTES);
                if (r == 0 || (r != -EAGAIN && r != -ENOMEM))
                        return r;
                if (n) {
                        until = 0;
                        nap_ns = NAP_MIN_NS;
                        continue;
                }
                if (!until)
                        until = monotonic_ns() + patience_ns;
                else if (monotonic_ns() >= until)
                        return r;
                if (!patience_ns)
                        return r;
                nap.tv_nsec = nap_ns;
                (void)nanosleep(&nap, NULL);
                nap_ns = MIN(nap_ns * 2, NAP_MAX_NS);
        }
}

/* What to do when content that only the pager holds could not be placed. */
static void place_failed(struct aerostat_pager *pager, struct page_ref ref, int error)
{
        if (error == -ENOENT || error == -ESRCH) {
                /* The VMM took this memory away; nobody can want it back. */
                page_forget(pager, ref);
                page_change(pager, ref, PAGE_ABSENT);
                return;
        }
        if (error == -ENOMEM || error == -EAGAIN)
                pager_fatal(pager, "page %u could not be given back to the guest in %" PRIu64 " s: %s",
                            page_number(ref), pager->patience_ns / 1000000000u,
                            error == -ENOMEM ? "the host has no memory left for it (ENOMEM)"
                                             : "the kernel put it off each time (EAGAIN)");
        else
                pager_fatal(pager, "page %u could not be given back to the guest: %s", page_number(ref),
                            error == -EEXIST ? "other memory appeared in its place" : strerror(-error));
}

/* The page is in the guest again; for the holder of its lock. */
static void arrived(struct aerostat_pager *pager, struct page_ref ref, unsigned heat)
{
        page_meta *meta = ref_meta(ref);

        page_change(pager, ref, PAGE_RESIDENT);
        page_set_heat(meta, heat, (1u << heat) - 1);
}

/* Its touch counts for the working set, once. */
static void note_touch(struct aerostat_pager *pager, page_meta *meta)
{
        if (atomic_load_explicit(meta, memory_order_relaxed) & PAGE_SAMPLED) {
                (void)atomic_fetch_and_explicit(meta, ~PAGE_SAMPLED, memory_order_relaxed);
                atomic_fetch_add_explicit(&pager->sample.touched, 1, memory_order_relaxed);
        }
}

/*
 * A page that comes back before as many others were evicted as there is room for would have been
 * kept by a somewhat larger memory: it is warmer than its history says. (The idea of Linux's
 * mm/workingset.c.)
 */
static unsigned heat_of_refault(struct aerostat_pager *pager, page_meta *meta)
{
        uint16_t ago = (uint16_t)(reclaim_time(pager) -
                                  meta_time(atomic_load_explicit(meta, memory_order_relaxed)));

        return ago <= RECLAIM_TIME_PER_MEMORY ? 1 : 0;
}

int fault_restore_content(struct aerostat_pager *pager, struct codec *codec, struct page_ref ref,
                          void *buffer)
{
        uint64_t payload = *ref_payload(ref);

        switch (page_state(ref_meta(ref))) {
        case PAGE_ABSENT:
                memset(buffer, 0, PAGE_BYTES);
                return 0;
        case PAGE_SAME:
                codec_fill(buffer, payload);
                return 0;
        case PAGE_COMPRESSED:
                return codec_decompress(codec, cache_codec(payload), cache_data(&pager->cache, payload),
                                        cache_size(payload), buffer);
        case PAGE_WRITING:
                memcpy(buffer,
                       swap_write_by_number(pager->swap, (unsigned)(payload >> 8))->data +
                               (payload & 0xff) * PAGE_BYTES,
                       PAGE_BYTES);
                return 0;
        default:
                return -EINVAL;
        }
}

static void account_left(struct aerostat_pager *pager, struct page_ref ref)
{
        if (page_state(ref_meta(ref)) == PAGE_COMPRESSED)
                atomic_fetch_add_explicit(&pager->counters.decompressions, 1, memory_order_relaxed);
}

/* From SAME, COMPRESSED or WRITING. */
static void bring_stored(struct aerostat_pager *pager, struct fault_context *context, struct page_ref ref)
{
        uint32_t placed;
        int r;

        r = fault_restore_content(pager, context->codec, ref, context->buffer);
        if (r < 0) {
                pager_fatal(pager, "page %u does not decompress: the compression cache is damaged",
                            page_number(ref));
                return;
        }
        r = place(pager, ref, context->buffer, 1, pager->patience_ns, &placed);
        if (r < 0) {
                place_failed(pager, ref, r);
                return;
        }
        account_left(pager, ref);
        page_forget(pager, ref);
        arrived(pager, ref, heat_of_refault(pager, ref_meta(ref)));
}

static void bring_parked(struct aerostat_pager *pager, struct page_ref ref)
{
        uint32_t slot = (uint32_t)*ref_payload(ref);
        uintptr_t src = park_address(&pager->park, slot);
        unsigned heat = meta_heat(atomic_load_explicit(ref_meta(ref), memory_order_relaxed));
        bool present = true, ignore;
        uint32_t placed;
        size_t moved;
        int r = -EAGAIN;

        /* One that was watched for the working set does not count as parked for eviction. */
        if (slot >= pager->park.ring_slots)
                atomic_fetch_sub_explicit(&pager->sample.parked, 1, memory_order_relaxed);
        for (unsigned tries = 0; tries < 8; tries++) {
                r = uffd_move(pager->uffd, pager->pagemap, ref_addr(ref), src, PAGE_BYTES, &moved);
                if (r != -EAGAIN && r != -EBUSY)
                        break;
        }
        if (r < 0 && r != -ENOENT && r != -ENOTRECOVERABLE) {
                /*
                 * The kernel holds on to it for some purpose of its own, or the guest's memory has been
                 * locked and the slot has not. Nobody writes to it: copy.
                 */
                r = place(pager, ref, (const void *)src, 1, pager->patience_ns, &placed);
                if (r == 0)
                        park_discard(&pager->park, slot);
        }
        if (r == -ENOTRECOVERABLE || (r == -ENOENT && page_in_pagemap(pager, src, &present, &ignore) < 0))
                page_unknown(pager, ref);
        else if (r == -ENOENT && !present)
                pager_fatal(pager, "page %u is gone from where it was parked: a defect; please report it",
                            page_number(ref));
        else if (r < 0)
                place_failed(pager, ref, r);
        else
                arrived(pager, ref, heat == PAGE_HEAT_BUSY ? 1 : MIN(heat + 1, (unsigned)PAGE_HEAT_MAX));
}

/* A fault where the pager holds nothing: a first touch, or one that was resolved meanwhile. */
static enum aerostat_pager_fault bring_empty(struct aerostat_pager *pager, struct page_ref ref, bool write)
{
        uint32_t placed;
        int r;

        /* A page that is only read needs no memory: the kernel's own page of zeros does. */
        r = write ? place(pager, ref, fault_zeros, 1, pager->patience_ns, &placed)
                  : uffd_zero(pager->uffd, ref_addr(ref));
        if (r == 0) {
                if (page_state(ref_meta(ref)) != PAGE_RESIDENT)
                        page_change(pager, ref, PAGE_RESIDENT);
                page_set_heat(ref_meta(ref), 0, 0);
                return AEROSTAT_PAGER_FAULT_ZERO;
        }
        if (r == -EEXIST && page_state(ref_meta(ref)) == PAGE_ABSENT)
                page_change(pager, ref, PAGE_RESIDENT);
        /* Present, or not registered any more: let the kernel look again. */
        (void)uffd_wake(pager->uffd, ref_addr(ref), PAGE_BYTES);
        return AEROSTAT_PAGER_FAULT_RACED;
}

enum aerostat_pager_fault fault_bring(struct aerostat_pager *pager, struct fault_context *context,
                                      struct page_ref ref, bool write)
{
        switch (page_state(ref_meta(ref))) {
        case PAGE_PARKED:
                bring_parked(pager, ref);
                return AEROSTAT_PAGER_FAULT_PARKED;
        case PAGE_SAME:
                bring_stored(pager, context, ref);
                return AEROSTAT_PAGER_FAULT_SAME;
        case PAGE_COMPRESSED:
                bring_stored(pager, context, ref);
                return AEROSTAT_PAGER_FAULT_COMPRESSED;
        case PAGE_WRITING:
                bring_stored(pager, context, ref);
                return AEROSTAT_PAGER_FAULT_SWAPPED;
        case PAGE_ABSENT:
        case PAGE_RESIDENT:
        case PAGE_UNTRACKED:
                return bring_empty(pager, ref, write);
        default:
                /* READING: its completion wakes. LOST: nothing ever will. */
                return AEROSTAT_PAGER_FAULT_RACED;
        }
}

void fault_add_behind(struct aerostat_pager *pager, struct page_ref start, struct swap_read *read,
                      uint32_t most)
{
        uint32_t end = MIN(start.range->pages, start.index + 1 + LOOK_BEHIND);

        for (uint32_t i = start.index + 1; i < end && read->count < most; i++) {
                struct page_ref ref = {start.range, i};
                uint32_t at;

                if (page_state(ref_meta(ref)) != PAGE_SWAPPED ||
                    atomic_load_explicit(ref_meta(ref), memory_order_relaxed) & PAGE_SAMPLED ||
                    !page_trylock(ref_meta(ref)))
                        continue;
                at = (uint32_t)*ref_payload(ref) - read->slot;
                if (page_state(ref_meta(ref)) == PAGE_SWAPPED && at >= read->count && at < most) {
                        page_change(pager, ref, PAGE_READING);
                        while (read->count < at)
                                read->page[read->count++] = SWAP_NO_PAGE;
                        read->page[read->count++] = page_number(ref);
                }
                page_unlock(ref_meta(ref));
        }
}

void fault_read_swapped(struct aerostat_pager *pager, struct page_ref ref, uint32_t window,
                        struct swap_read *read, struct own_read *own)
{
        read->slot = (uint32_t)*ref_payload(ref);
        read->count = 1;
        read->touched = 0;
        read->page[0] = page_number(ref);
        page_change(pager, ref, PAGE_READING);

        fault_add_behind(pager, ref, read, 1 + MIN(window, SWAP_READ_PAGES - 1u));
        /* Many pages take a while to place: better not by the thread that the next fault waits for. */
        if (own && read->count == 1 && own_read_start(own, read) == 0)
                return;
        if (swap_read_start(pager->swap, read) < 0)
                pager_fatal(pager,
                            "swap file: no room in its ring: a defect of the pager; please report it");
}

/*
 * Streams: touches that go on from page to page. The first touch of a stream brings nothing else;
 * each touch that continues it doubles what is brought along. It does so within what was brought, too: what
 * could not come along is touched there.
 */
static uint32_t stream_window(struct aerostat_pager *pager, uint32_t number)
{
        struct streams *streams = &pager->streams;
        uint32_t now = atomic_fetch_add_explicit(&streams->clock, 1, memory_order_relaxed) & 0xffff;
        unsigned oldest = 0;
        uint32_t oldest_age = 0;

        for (unsigned i = 0; i < STREAMS; i++) {
                uint64_t s = atomic_load_explicit(&streams->stream[i], memory_order_relaxed);
                uint32_t next = (uint32_t)(s >> 32), window = s >> 16 & 0xffff;
                uint32_t age = (now - (s & 0xffff)) & 0xffff;

                /* Some pages may have been there all the while. */
                if (s && number + window + 1 - next < window + 1 + STREAM_GAP) {
                        window = MIN(MAX(window * 2, 2u), (uint32_t)FAULT_WINDOW_MAX);
                        atomic_store_explicit(&streams->stream[i],
                                              (uint64_t)(number + window + 1) << 32 | window << 16 | now,
                                              memory_order_relaxed);
                        return window;
                }
                if (!s || age >= oldest_age) {
                        oldest = i;
                        oldest_age = s ? age : UINT32_MAX;
                }
        }
        atomic_store_explicit(&streams->stream[oldest], (uint64_t)(number + 1) << 32 | now,
                              memory_order_relaxed);
        return 0;
}

static bool comes_along(enum page_state state, bool absent_too)
{
        return state == PAGE_SAME || state == PAGE_COMPRESSED || (state == PAGE_ABSENT && absent_too);
}

uint32_t fault_bring_run(struct aerostat_pager *pager, struct fault_context *context, struct page_ref first,
                         uint32_t count, bool absent_too)
{
        uint32_t n, placed = 0;

        count = MIN(MIN(count, (uint32_t)FAULT_WINDOW_MAX), first.range->pages - first.index);
        for (n = 0; n < count; n++) {
                struct page_ref next = {first.range, first.index + n};
                enum page_state state = page_state(ref_meta(next));

                /* One that is watched for its next touch has to have one. */
                if (!comes_along(state, absent_too) ||
                    atomic_load_explicit(ref_meta(next), memory_order_relaxed) & PAGE_SAMPLED ||
                    !page_trylock(ref_meta(next)))
                        break;
                state = page_state(ref_meta(next));
                if (!comes_along(state, absent_too) ||
                    fault_restore_content(pager, context->codec, next, context->buffer + n * PAGE_BYTES) <
                            0) {
                        page_unlock(ref_meta(next));
                        break;
                }
        }
        if (!n)
                return 0;
        /* What is not placed stays where it is; a touch will say why. */
        (void)place(pager, first, context->buffer, n, 0, &placed);
        for (uint32_t i = 0; i < n; i++) {
                struct page_ref next = {first.range, first.index + i};

                if (i < placed) {
                        account_left(pager, next);
                        page_forget(pager, next);
                        arrived(pager, next, 0);
                        (void)atomic_fetch_or_explicit(ref_meta(next), PAGE_PREFETCHED,
                                                       memory_order_relaxed);
                }
                page_unlock(ref_meta(next));
        }
        atomic_fetch_add_explicit(&pager->counters.prefetched, placed, memory_order_relaxed);
        return placed;
}

/* Whether it takes memory to bring a page in from there. That of a batch is needed for others. */
static bool needs_room(enum page_state state)
{
        return state != PAGE_RESIDENT && state != PAGE_PARKED && state != PAGE_READING && state != PAGE_LOST;
}

/* What the page looks like now; it may look different when its lock is held. */
static enum page_state peek(struct aerostat_pager *pager, uintptr_t addr)
{
        enum page_state state = PAGE_RESIDENT;
        struct page_ref ref;

        (void)pthread_rwlock_rdlock(&pager->ranges_lock);
        ref = page_at(pager, addr);
        if (ref.range)
                state = page_state(ref_meta(ref));
        (void)pthread_rwlock_unlock(&pager->ranges_lock);
        return state;
}

/*
 * A fault on a page in the swap file: its read is started, with those that are likely to follow. Returns how
 * far the stream goes on that it is part of.
 */
static uint32_t start_read(struct aerostat_pager *pager, struct fault_context *context, struct page_ref ref,
                           struct swap_read *read, uint64_t since)
{
        uint32_t stream = stream_window(pager, page_number(ref));
        uint32_t window = stream ? reclaim_spare_room(pager, MIN(stream, SWAP_READ_PAGES - 1u)) : 0;

        read->since_ns = since;
        /* One read for both: this page, and those that would be recalled for it. */
        if (!stream && recall_goes_on(pager) && reclaim_ample_room(pager, SWAP_READ_PAGES - 1u))
                window = SWAP_READ_PAGES - 1u;
        if (!window)
                recall_note_swapped(pager, page_number(ref), (uint32_t)*ref_payload(ref));
        else if (!stream)
                recall_note(pager);
        fault_read_swapped(pager, ref, window, read, context->own);
        reclaim_room_used(pager, window);
        return stream;
}

/* What follows a page of a stream, as far as it costs little. The rest is passed over. */
static void bring_ahead(struct aerostat_pager *pager, struct fault_context *context, struct page_ref ref,
                        uint32_t window, bool absent_too)
{
        uint32_t end = MIN(ref.range->pages, ref.index + 1 + window);

        window = reclaim_spare_room(pager, window);
        for (uint32_t i = ref.index + 1; window && i < end;) {
                uint32_t n = fault_bring_run(pager, context, (struct page_ref){ref.range, i}, end - i,
                                             absent_too);

                i += MAX(n, 1u);
        }
        reclaim_room_used(pager, window);
}

/*
 * Resolves the fault. Returns false when the page turns out to need room and there is none promised,
 * or to be in the swap file and *read is NULL; takes *read over otherwise if it is needed.
 */
static bool resolve(struct aerostat_pager *pager, struct fault_context *context, struct page_ref ref,
                    uint64_t flags, uint64_t since, bool room, struct swap_read **read)
{
        bool write = flags & UFFD_PAGEFAULT_FLAG_WRITE;
        enum aerostat_pager_fault kind;
        uint32_t window = 0;

        page_lock(ref_meta(ref));
        if (!room && needs_room(page_state(ref_meta(ref)))) {
                page_unlock(ref_meta(ref));
                return false;
        }
        note_touch(pager, ref_meta(ref));
        if (page_state(ref_meta(ref)) == PAGE_SWAPPED) {
                bool can = *read != NULL;

                if (can)
                        window = start_read(pager, context, ref, *read, since);
                *read = NULL;
                page_unlock(ref_meta(ref));
                if (window)
                        bring_ahead(pager, context, ref, window, false);
                return can;
        }
        if (flags & UFFD_PAGEFAULT_FLAG_WP && page_state(ref_meta(ref)) == PAGE_RESIDENT) {
                (void)uffd_protect(pager->uffd, ref_addr(ref), PAGE_BYTES, false);
                kind = AEROSTAT_PAGER_FAULT_PROTECTED;
        } else {
                kind = fault_bring(pager, context, ref, write);
        }
        page_unlock(ref_meta(ref));
        fault_account(pager, kind, since);

        if (kind == AEROSTAT_PAGER_FAULT_SAME || kind == AEROSTAT_PAGER_FAULT_COMPRESSED ||
            (kind == AEROSTAT_PAGER_FAULT_ZERO && write))
                window = stream_window(pager, page_number(ref));
        /* What comes next of a stream is known. */
        if (window)
                bring_ahead(pager, context, ref, window, write);
        else if (kind == AEROSTAT_PAGER_FAULT_COMPRESSED)
                recall_note(pager);
        return true;
}

void fault_serve(struct aerostat_pager *pager, struct fault_context *context, uintptr_t addr, uint64_t flags)
{
        uint64_t since = monotonic_ns();
        bool done = false, room = false;

        while (!done) {
                enum page_state state = peek(pager, addr);
                struct swap_read *read = NULL;
                struct page_ref ref;

                if (!room && needs_room(state)) {
                        reclaim_make_room(pager, 1);
                        room = true;
                }
                if (state == PAGE_SWAPPED)
                        read = swap_read_get(pager->swap);
                (void)pthread_rwlock_rdlock(&pager->ranges_lock);
                ref = page_at(pager, addr);
                if (ref.range) {
                        done = resolve(pager, context, ref, flags, since, room, &read);
                } else {
                        /*
                         * Let go of since the fault; or an empty slot of the ring, which somebody who
                         * goes through all memory has come to (mlockall, a debugger). There is
                         * nothing to see: he gets an error instead of waiting for ever.
                         */
                        if (!park_is_slot(&pager->park, addr) || uffd_poison(pager->uffd, addr) < 0)
                                (void)uffd_wake(pager->uffd, addr, PAGE_BYTES);
                        done = true;
                }
                (void)pthread_rwlock_unlock(&pager->ranges_lock);
                if (read)
                        swap_read_put(pager->swap, read);
        }
        if (room)
                reclaim_room_used(pager, 1);
}

void fault_swap_read(void *userdata, struct swap_read *read, int error)
{
        struct aerostat_pager *pager = userdata;

        (void)pthread_rwlock_rdlock(&pager->ranges_lock);
        for (unsigned i = 0; i < read->count; i++) {
                struct page_ref ref = page_numbered(pager, read->page[i]);
                const void *content = read->data + i * PAGE_BYTES;
                uint32_t slot = read->slot + i, placed, checksum;
                int r;

                if (read->page[i] == SWAP_NO_PAGE)
                        continue;
                if (!ref.range) {
                        swap_slot_free(pager->swap, slot);
                        continue;
                }
                page_lock(ref_meta(ref));
                if (page_state(ref_meta(ref)) != PAGE_READING || (uint32_t)*ref_payload(ref) != slot) {
                        /* Discarded meanwhile; whoever waited for it must fault anew. */
                        (void)uffd_wake(pager->uffd, ref_addr(ref), PAGE_BYTES);
                        page_unlock(ref_meta(ref));
                        swap_slot_free(pager->swap, slot);
                        continue;
                }
                checksum = (uint32_t)(*ref_payload(ref) >> 32);
                if (read->failed[i] && i != read->touched) {
                        /* Whether it can be read is for a touch to find out. */
                        page_change(pager, ref, PAGE_SWAPPED);
                        (void)uffd_wake(pager->uffd, ref_addr(ref), PAGE_BYTES);
                        page_unlock(ref_meta(ref));
                        continue;
                }
                if (read->failed[i] || crc32c(content, PAGE_BYTES) != checksum) {
                        page_change(pager, ref, PAGE_LOST);
                        page_unlock(ref_meta(ref));
                        atomic_fetch_add_explicit(&pager->counters.swap_errors, 1, memory_order_relaxed);
                        pager_fatal(pager, "guest page %u %s the swap file%s%s; check the disk it is on",
                                    page_number(ref),
                                    read->failed[i] ? "cannot be read from" : "came back damaged from",
                                    read->failed[i] ? ": " : " (its checksum is wrong)",
                                    read->failed[i] ? strerror(-error) : "");
                        continue;
                }
                r = place(pager, ref, content, 1, pager->patience_ns, &placed);
                if (r < 0) {
                        place_failed(pager, ref, r);
                } else {
                        arrived(pager, ref, i == read->touched ? heat_of_refault(pager, ref_meta(ref)) : 0);
                        if (i != read->touched)
                                (void)atomic_fetch_or_explicit(ref_meta(ref), PAGE_PREFETCHED,
                                                               memory_order_relaxed);
                }
                page_unlock(ref_meta(ref));
                swap_slot_free(pager->swap, slot);
                atomic_fetch_add_explicit(&pager->counters.swap_ins, 1, memory_order_relaxed);
                if (i == read->touched)
                        fault_account(pager, AEROSTAT_PAGER_FAULT_SWAPPED, read->since_ns);
                else
                        atomic_fetch_add_explicit(&pager->counters.prefetched, 1, memory_order_relaxed);
        }
        (void)pthread_rwlock_unlock(&pager->ranges_lock);
}

/* A batch is on the disk, or is not: then its pages go back to the guest, which loses nothing. */
void fault_swap_written(void *userdata, struct swap_write *batch)
{
        struct aerostat_pager *pager = userdata;

        (void)pthread_rwlock_rdlock(&pager->ranges_lock);
        for (unsigned i = 0; i < batch->count; i++) {
                struct page_ref ref = page_numbered(pager, batch->page[i]);
                uint32_t slot = batch->slot[i], placed;
                bool mine = false;
                int r;

                if (ref.range) {
                        page_lock(ref_meta(ref));
                        mine = page_state(ref_meta(ref)) == PAGE_WRITING &&
                               *ref_payload(ref) == ((uint64_t)batch->number << 8 | i);
                        if (mine && !batch->failed[i]) {
                                *ref_payload(ref) = slot | (uint64_t)batch->checksum[i] << 32;
                                page_change(pager, ref, PAGE_SWAPPED);
                                atomic_fetch_add_explicit(&pager->counters.swap_outs, 1,
                                                          memory_order_relaxed);
                        } else if (mine) {
                                r = place(pager, ref, batch->data + i * PAGE_BYTES, 1, pager->patience_ns,
                                          &placed);
                                if (r < 0)
                                        place_failed(pager, ref, r);
                                else
                                        arrived(pager, ref, PAGE_HEAT_MAX);
                        }
                        page_unlock(ref_meta(ref));
                }
                if (batch->failed[i]) {
                        atomic_fetch_add_explicit(&pager->counters.swap_errors, 1, memory_order_relaxed);
                        swap_slot_failed(pager->swap, slot);
                        store_swap_failed(pager, batch->error);
                } else if (!mine) {
                        swap_slot_free(pager->swap, slot);
                }
        }
        if (!batch->error && reason_is_set(pager, REASON_SWAP))
                store_swap_works(pager);
        (void)pthread_rwlock_unlock(&pager->ranges_lock);
}

int fault_context_new(struct fault_context **ret_context)
{
        struct fault_context *context = calloc(1, sizeof(*context));
        void *buffer = NULL;
        int r;

        if (!context)
                return -ENOMEM;
        r = codec_new(&context->codec);
        if (r < 0) {
                free(context);
                return r;
        }
        r = sys_map_lazy(FAULT_WINDOW_MAX * PAGE_BYTES, &buffer);
        if (r < 0) {
                codec_free(context->codec);
                free(context);
                return r;
        }
        context->buffer = buffer;
        *ret_context = context;
        return 0;
}

void fault_context_free(struct fault_context *context)
{
        if (!context)
                return;
        (void)sys_munmap(context->buffer, FAULT_WINDOW_MAX * PAGE_BYTES);
        codec_free(context->codec);
        free(context);
}
