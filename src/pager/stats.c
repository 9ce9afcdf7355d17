/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Figures: taken one after the other while the guest runs, and made to add up all the same. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/macro.h"
#include "pager/memory_kind.h"
#include "pager/pager.h"

#define CENSUS_TRIES    16u
#define SURVEY_PER_COST 100u /* at most one hundredth of the time */
#define SURVEY_MIN_NS   1000000000u

static uint64_t in_state(struct aerostat_pager *pager, enum page_state state)
{
        return atomic_load_explicit(&pager->in_state[state], memory_order_relaxed);
}

/* present: pages that are there without being tracked; saved: by sharing. */
static uint64_t consumed_pages(struct aerostat_pager *pager, uint64_t present, uint64_t saved)
{
        uint64_t pages = present + (atomic_load(&pager->taken) & ((1ull << PROMISED_SHIFT) - 1));

        return pages > saved ? pages - saved : 0;
}

uint64_t pager_consumed_pages(struct aerostat_pager *pager)
{
        return consumed_pages(pager, 0, share_pages(pager) / 2);
}

/* How many pages are in which state, at one time. */
struct census {
        uint64_t pages;
        uint64_t in_state[PAGE_STATES];
};

/*
 * A page on its way from one state to another while the counters are read, one after the other, is
 * counted twice or not at all. Mostly another look finds none; at the worst the largest figure is
 * off by those few pages, so that they add up.
 */
static void take_census(struct aerostat_pager *pager, struct census *ret_census)
{
        uint64_t sum = 0;
        unsigned largest = 0;

        for (unsigned tries = 0; tries < CENSUS_TRIES; tries++) {
                ret_census->pages = atomic_load(&pager->pages);
                sum = 0;
                for (unsigned i = 0; i < PAGE_STATES; i++)
                        sum += ret_census->in_state[i] = in_state(pager, (enum page_state)i);
                if (sum == ret_census->pages)
                        return;
        }
        for (unsigned i = 1; i < PAGE_STATES; i++) {
                if (ret_census->in_state[i] > ret_census->in_state[largest])
                        largest = i;
        }
        /* A range that comes or goes is in the counters of states and not in pages, for a moment. */
        if (ret_census->in_state[largest] + ret_census->pages < sum)
                ret_census->pages = sum;
        ret_census->in_state[largest] += ret_census->pages - sum;
}

/*
 * How much of the memory that is not armed is there; only the kernel knows. Asking takes time in
 * proportion to the memory, so it is done at most for a hundredth of the time.
 */
static uint64_t untracked_present(struct aerostat_pager *pager, const struct census *census)
{
        uint64_t now = monotonic_ns(), total = 0;

        (void)pthread_mutex_lock(&pager->settings);
        if (!pager->survey_ns || now >= pager->survey_ns) {
                (void)pthread_rwlock_rdlock(&pager->ranges_lock);
                for (unsigned i = 0; i < pager->n_ranges; i++) {
                        struct range *range = &pager->ranges[i];
                        uint64_t present = 0;

                        if (range->pages &&
                            memory_count_present(pager->pagemap, range->addr,
                                                 (size_t)range->pages * PAGE_BYTES, &present) == 0)
                                total += present;
                }
                (void)pthread_rwlock_unlock(&pager->ranges_lock);
                pager->survey_present = total;
                pager->survey_ns =
                        now + MAX((monotonic_ns() - now) * SURVEY_PER_COST, (uint64_t)SURVEY_MIN_NS);
        }
        /* The armed part of what is there has been counted already. */
        total = pager->survey_present;
        (void)pthread_mutex_unlock(&pager->settings);
        total -= MIN(total, census->in_state[PAGE_RESIDENT]);
        return MIN(total, census->in_state[PAGE_UNTRACKED]);
}

static uint64_t records_bytes(struct aerostat_pager *pager)
{
        uint64_t pages = atomic_load(&pager->pages);

        return pages * (sizeof(uint64_t) + sizeof(page_meta)) + pages / CHUNK_PAGES + sizeof(*pager) +
               park_records_bytes(&pager->park) + (pager->swap ? swap_records_bytes(pager->swap) : 0);
}

void aerostat_pager_get_stats(struct aerostat_pager *pager, struct aerostat_pager_stats *ret_stats)
{
        const struct counters *c = &pager->counters;
        struct aerostat_pager_stats s = {};
        struct census census;
        const uint64_t *in = census.in_state;
        uint64_t present = 0, resident, shared;

        share_look(pager);
        take_census(pager, &census);
        if (in[PAGE_UNTRACKED])
                present = untracked_present(pager, &census);
        resident = in[PAGE_RESIDENT] + present;
        /* A survey of untracked memory may be older than what is known to be shared. */
        shared = MIN(share_pages(pager), resident);
        (void)snprintf(s.name, sizeof(s.name), "%s", pager->name);
        s.unmanaged_bytes = reason_now(pager, s.reason);
        s.pid = (uint64_t)getpid();
        s.uptime_ms = (monotonic_ns() - pager->started_ns) / 1000000;

        s.memory_bytes = census.pages * PAGE_BYTES;
        s.limit_bytes = atomic_load(&pager->limit);
        s.reservation_bytes = atomic_load(&pager->reservation);
        s.consumed_bytes = consumed_pages(pager, present, shared / 2) * PAGE_BYTES;
        s.absent_bytes = (in[PAGE_ABSENT] + in[PAGE_UNTRACKED] - present) * PAGE_BYTES;
        s.resident_bytes = resident * PAGE_BYTES;
        s.parked_bytes = in[PAGE_PARKED] * PAGE_BYTES;
        s.same_bytes = in[PAGE_SAME] * PAGE_BYTES;
        s.compressed_bytes = in[PAGE_COMPRESSED] * PAGE_BYTES;
        s.writing_bytes = in[PAGE_WRITING] * PAGE_BYTES;
        /* What is lost was in the swap file. */
        s.swapped_bytes = (in[PAGE_SWAPPED] + in[PAGE_LOST]) * PAGE_BYTES;
        s.reading_bytes = in[PAGE_READING] * PAGE_BYTES;
        s.shared_bytes = shared * PAGE_BYTES;
        s.shared_saved_bytes = shared / 2 * PAGE_BYTES;

        s.cache_bytes = cache_bytes(&pager->cache);
        s.cache_live_bytes = atomic_load(&pager->cache.live_bytes);
        s.cache_limit_bytes = pager_cache_limit(pager);
        if (pager->swap) {
                s.swap_file_bytes = swap_pages(pager->swap) * PAGE_BYTES;
                s.swap_used_bytes = swap_used(pager->swap) * PAGE_BYTES;
        }
        s.records_bytes = records_bytes(pager);
        s.cache_pct = atomic_load(&pager->cache_pct);
        s.codec = atomic_load(&pager->codec);
        s.sample_period_ms = atomic_load(&pager->sample_period_ms);
        s.sample_pages = atomic_load(&pager->sample_pages);

        s.active_slow_bytes = atomic_load(&pager->sample.active_slow);
        s.active_fast_bytes = atomic_load(&pager->sample.active_fast);
        s.active_current_bytes = atomic_load(&pager->sample.active_current);
        s.active_bytes = MAX(MAX(s.active_slow_bytes, s.active_fast_bytes), s.active_current_bytes);
        s.sample_periods = atomic_load(&pager->sample.periods);

        s.parks = atomic_load(&c->parks);
        s.unparks = atomic_load(&c->faults[AEROSTAT_PAGER_FAULT_PARKED]);
        s.compressions = atomic_load(&c->compressions);
        s.decompressions = atomic_load(&c->decompressions);
        s.same_pages = atomic_load(&c->same_pages);
        s.incompressible = atomic_load(&c->incompressible);
        s.swap_outs = atomic_load(&c->swap_outs);
        s.swap_ins = atomic_load(&c->swap_ins);
        s.prefetched = atomic_load(&c->prefetched);
        s.discards = atomic_load(&c->discards);
        s.busy = atomic_load(&c->busy);
        s.limit_overruns = atomic_load(&c->limit_overruns);
        s.swap_errors = atomic_load(&c->swap_errors);
        for (unsigned kind = 0; kind < AEROSTAT_PAGER_FAULT_KINDS; kind++) {
                s.faults[kind] = atomic_load(&c->faults[kind]);
                for (unsigned i = 0; i < AEROSTAT_PAGER_LATENCY_BUCKETS; i++)
                        s.latency[kind][i] = atomic_load(&c->latency[kind][i]);
        }
        *ret_stats = s;
}
