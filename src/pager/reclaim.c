/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeping the VM below its limit: room is promised before pages come in, and made by evicting others. */
#include <errno.h>
#include <linux/futex.h>
#include <string.h>

#include "base/macro.h"
#include "base/thread.h"
#include "pager/evict.h"
#include "pager/fault.h"
#include "pager/handler.h"
#include "pager/pager.h"

#define PARKED_SHARE 8u /* part of the limit that is parked under pressure */
#define PARKED_MIN   64u

#define TICK_NS      250000000u
#define IDLE_TICK_NS 1000000000u
#define GIVE_WAY_NS  200000u /* for others to wake up in, and take the lock */

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
        uint32_t parked = 0, left = 0, shared = 0;

        if (parked_pages(pager) < target + BATCH_PAGES)
                parked = victim_park(pager, 2 * BATCH_PAGES);
        store_age_cache(pager);
        /* While there are victims to park, and it is not urgent, those parked get their time. */
        if (!parked || parked_pages(pager) >= target || spoken_for_now(pager) + asked > guest_limit(limit)) {
                /* The oldest slots may be those of pages that have all been touched again. */
                do
                        left = victim_evict_oldest(pager);
                while (!left && pager->park.head != pager->park.tail);
        }
        if (!left && shared_too && pager->fruitless >= pager->pages)
                left = shared = victim_evict_shared(pager);
        if (left) {
                /* For more shared ones no other round of the hand is needed. */
                pager->fruitless = shared ? pager->pages : 0;
                pager->refused = 0;
        } else if (parked && !pager->refused) {
                /* The ring is being filled. */
                pager->fruitless = 0;
        }
        return pager->fruitless < ROUNDS_MAX * pager->pages;
}

/* The mutex is not fair: whoever lets go of it would have it again before those that sleep have woken. */
void reclaim_let_others_in(struct aerostat_pager *pager)
{
        uint64_t until;

        if (!atomic_load(&pager->waiting))
                return;
        (void)pthread_mutex_unlock(&pager->reclaim_lock);
        until = monotonic_ns() + GIVE_WAY_NS;
        do
                (void)sched_yield();
        while (atomic_load(&pager->waiting) && monotonic_ns() < until);
        (void)pthread_mutex_lock(&pager->reclaim_lock);
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

/* Evicts until there is room, nothing can be evicted, or it has taken too long. Under the reclaim lock. */
static void evict_for(struct aerostat_pager *pager, uint32_t pages)
{
        /* Shared pages, which take long, are then the reclaim thread's. */
        bool given_up_now = given_up(pager), progress = true;
        /* The guest waits: whatever comes of it, it does not go on longer than if every page had to go. */
        uint64_t steps = 2 * (pager->pages / BATCH_PAGES + 1);
        uint64_t limit = pager_limit_pages(pager);

        for (bool first = true; limit != UINT64_MAX && progress; limit = pager_limit_pages(pager)) {
                if (promise_below(pager, pages, guest_limit(limit)))
                        return;
                /*
                 * A limit that was lowered a moment ago is far away, and the reclaim thread on its way
                 * there: then each fault does its part and goes on.
                 */
                if ((!first && spoken_for_now(pager) > limit + margin_pages(limit)) || !steps-- ||
                    atomic_load(&pager->fatal))
                        break;
                first = false;
                if (writing_pages(pager) >= BATCH_PAGES) {
                        /* Enough is on its way out; it counts until it has arrived. */
                        store_flush(pager);
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

bool reclaim_ample_room(struct aerostat_pager *pager, uint32_t pages)
{
        uint64_t limit = pager_limit_pages(pager), margin;

        if (limit == UINT64_MAX) {
                promise(pager, pages);
                return true;
        }
        margin = 2 * margin_pages(limit);
        return guest_limit(limit) > margin && promise_below(pager, pages, guest_limit(limit) - margin);
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
                                victim_unpark(pager, ref, 0, 0);
                        page_unlock(ref_meta(ref));
                }
                park_drop(&pager->park, n);
        }
}

int reclaim_restore_range(struct aerostat_pager *pager, struct range *range)
{
        bool out = true;

        store_flush(pager);
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
                reclaim_let_others_in(pager);
        }
        while (!atomic_load(&pager->stop) && recall_step(pager))
                reclaim_let_others_in(pager);
        if (limit == UINT64_MAX)
                let_go(pager);
        else
                victim_retry_stuck(pager);
        store_age_cache(pager);
        store_compact_cache(pager);
        store_flush(pager);
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
