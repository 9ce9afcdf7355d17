/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The working set by statistical sampling (Waldspurger, "Memory Resource Management in VMware ESX
 * Server", OSDI 2002, section 5.3): in every period some pages picked at random are watched; the
 * fraction that is touched estimates the fraction of guest memory in use. The largest of a slow
 * and a fast moving average and of the period under way is taken, so that the estimate is quick to
 * rise and slow to fall.
 *
 * A page in the guest is watched by parking it in a slot of its own; a page that is out, by the
 * fault that brings it in.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/macro.h"
#include "pager/fault.h"
#include "pager/pager.h"
#include "pager/uffd.h"

#define GAIN_SLOW      0.125
#define GAIN_FAST      0.5
#define TRIES_PER_PAGE 4u

static uint32_t random_below(uint64_t *state, uint32_t bound)
{
        /* xorshift64* (Vigna, 2016): which pages are watched must be spread, not secret. */
        *state ^= *state >> 12;
        *state ^= *state << 25;
        *state ^= *state >> 27;
        return (uint32_t)(((*state * 0x2545f4914f6cdd1dull) >> 32) * bound >> 32);
}

static void publish(struct aerostat_pager *pager, double current)
{
        double bytes = (double)atomic_load(&pager->pages) * (double)PAGE_BYTES;

        atomic_store(&pager->sample.active_slow, (uint64_t)(pager->sample.slow * bytes));
        atomic_store(&pager->sample.active_fast, (uint64_t)(pager->sample.fast * bytes));
        atomic_store(&pager->sample.active_current, (uint64_t)(current * bytes));
}

static double touched_fraction(struct aerostat_pager *pager)
{
        struct sample *sample = &pager->sample;

        return sample->count ? (double)atomic_load(&sample->touched) / sample->count : 0;
}

/* Parks a resident page in its own slot; true when it is watched, or out anyway. */
static bool watch(struct aerostat_pager *pager, struct page_ref ref, uint32_t slot)
{
        page_meta *meta = ref_meta(ref);
        size_t moved;
        bool watched = true;

        page_lock(meta);
        if (atomic_load(meta) & PAGE_SAMPLED) {
                watched = false;
        } else if (page_state(meta) == PAGE_RESIDENT && pager->park.broken) {
                watched = false;
        } else if (page_state(meta) == PAGE_RESIDENT) {
                int r = uffd_move(pager->uffd, pager->pagemap, park_address(&pager->park, slot),
                                  ref_addr(ref), PAGE_BYTES, &moved);

                if (r == 0) {
                        *ref_payload(ref) = slot;
                        page_change(pager, ref, PAGE_PARKED);
                        atomic_fetch_add_explicit(&pager->sample.parked, 1, memory_order_relaxed);
                } else if (r == -ENOENT) {
                        page_change(pager, ref, PAGE_ABSENT);
                } else {
                        if (r == -ENOTRECOVERABLE)
                                page_unknown(pager, ref);
                        else if (r == -EEXIST)
                                park_discard(&pager->park, slot);
                        watched = false;
                }
        }
        if (watched)
                (void)atomic_fetch_or(meta, PAGE_SAMPLED);
        page_unlock(meta);
        return watched;
}

static void begin(struct aerostat_pager *pager, uint64_t now_ns)
{
        struct sample *sample = &pager->sample;
        uint32_t want = atomic_load(&pager->sample_pages);
        uint64_t pages = atomic_load(&pager->pages);

        sample->count = 0;
        sample->started_ns = now_ns;
        atomic_store(&sample->touched, 0);
        if (!sample->random && getrandom(&sample->random, sizeof(sample->random), 0) < 0)
                sample->random = now_ns;
        sample->random |= 1;
        want = (uint32_t)MIN((uint64_t)want, pages / 4);
        for (uint32_t tries = 0; sample->count < want && tries < want * TRIES_PER_PAGE; tries++) {
                uint32_t nth = random_below(&sample->random, (uint32_t)pages);
                struct page_ref ref = {};

                for (unsigned i = 0; i < pager->n_ranges; i++) {
                        if (nth < pager->ranges[i].pages) {
                                ref = (struct page_ref){&pager->ranges[i], nth};
                                break;
                        }
                        nth -= pager->ranges[i].pages;
                }
                if (!ref.range)
                        continue;
                if (!ref.range->all_armed) {
                        ref.range->any_armed = true;
                        if (range_arm(pager, ref.range, range_chunk_of(ref.range, ref.index), 1) < 0)
                                continue;
                }
                if (watch(pager, ref, pager->park.ring_slots + sample->count))
                        sample->page[sample->count++] = page_number(ref);
        }
}

void sample_end(struct aerostat_pager *pager)
{
        struct sample *sample = &pager->sample;

        for (uint32_t i = 0; i < sample->count; i++) {
                struct page_ref ref = page_numbered(pager, sample->page[i]);
                page_meta *meta;

                if (!ref.range)
                        continue;
                meta = ref_meta(ref);
                page_lock(meta);
                (void)atomic_fetch_and(meta, ~PAGE_SAMPLED);
                if (page_state(meta) == PAGE_PARKED && *ref_payload(ref) == pager->park.ring_slots + i) {
                        (void)fault_bring(pager, pager->restore, ref, false);
                        page_set_heat(meta, 0, 0);
                }
                page_unlock(meta);
        }
        sample->count = 0;
}

uint64_t sample_next_ns(struct aerostat_pager *pager)
{
        uint64_t period_ns = (uint64_t)atomic_load(&pager->sample_period_ms) * 1000000u;

        if (!period_ns || !atomic_load(&pager->pages))
                return UINT64_MAX;
        if (!pager->sample.started_ns)
                return 0;
        return pager->sample.started_ns + period_ns;
}

void sample_tick(struct aerostat_pager *pager, uint64_t now_ns)
{
        struct sample *sample = &pager->sample;
        double fraction = touched_fraction(pager);

        if (!atomic_load(&pager->sample_period_ms)) {
                sample_end(pager);
                sample->started_ns = 0;
                return;
        }
        if (now_ns < sample_next_ns(pager)) {
                publish(pager, fraction);
                return;
        }
        if (sample->count) {
                bool first = atomic_fetch_add(&sample->periods, 1) == 0;

                sample_end(pager);
                sample->slow = first ? fraction : sample->slow + GAIN_SLOW * (fraction - sample->slow);
                sample->fast = first ? fraction : sample->fast + GAIN_FAST * (fraction - sample->fast);
        }
        begin(pager, now_ns);
        publish(pager, 0);
}
