/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A guest that goes to work again touches, one after the other, most of what it lost while it was idle; each
 * of these faults costs several times what it takes to put a page back that is at hand anyway. So a burst of
 * faults is followed by bringing back others, as long as the burst goes on and there is ample room below the
 * limit: of those compressed the ones that left last first, and in the swap file those behind one that was
 * touched, which left with it. While it goes on they are read with that (fault.c); nobody waits for the
 * reads that begin it. A VM that is kept at its limit has no room, and nothing happens.
 */
#include <stdlib.h>
#include <sys/eventfd.h>

#include "base/macro.h"
#include "pager/evict.h"
#include "pager/fault.h"
#include "pager/pager.h"

#define BURST_FAULTS    64u       /* so many within BURST_NS are a burst */
#define BURST_NS        50000000u /* a guest at rest that wakes up now and then does not get there */
#define PAGES_PER_FAULT 8u        /* of a burst; what is brought in vain is bounded by it */
#define STEP_PAGES      512u
#define PASS_OVER_MAX   8u /* segments in which there is nothing to bring */
#define SAME_GAP        8u /* pages of one value between two others come along */

struct step {
        struct aerostat_pager *pager;
        uint32_t page[STEP_PAGES];
        uint32_t count;
};

void recall_note(struct aerostat_pager *pager)
{
        struct recall *recall = &pager->recall;
        uint64_t now, since;

        if ((atomic_fetch_add_explicit(&recall->faults, 1, memory_order_relaxed) + 1) % BURST_FAULTS)
                return;
        now = monotonic_ns();
        since = atomic_exchange(&recall->since_ns, now);
        if (now - since > BURST_NS)
                return;
        (void)eventfd_write(pager->burst_event, 1);
        if (atomic_fetch_add(&recall->allowed, BURST_FAULTS * PAGES_PER_FAULT) == 0)
                reclaim_kick(pager);
}

void recall_note_swapped(struct aerostat_pager *pager, uint32_t page, uint32_t slot)
{
        struct recall *recall = &pager->recall;
        uint32_t nth = atomic_load_explicit(&recall->faults, memory_order_relaxed);

        atomic_store_explicit(&recall->place[nth % RECALL_PLACES], (uint64_t)slot << 32 | page,
                              memory_order_relaxed);
        recall_note(pager);
}

bool recall_goes_on(struct aerostat_pager *pager)
{
        return monotonic_ns() - atomic_load(&pager->recall.since_ns) <= 2 * BURST_NS;
}

static bool collect(void *userdata, uint32_t page, cache_location location)
{
        struct step *step = userdata;
        struct page_ref ref = page_numbered(step->pager, page);
        uint32_t meta = ref.range ? atomic_load_explicit(ref_meta(ref), memory_order_relaxed) : 0;

        (void)location;
        /*
         * Some have left; of one that came back under another location nothing is lost either. One that is
         * watched for its next touch waits for it.
         */
        if (meta_state(meta) == PAGE_COMPRESSED && !(meta & PAGE_SAMPLED))
                step->page[step->count++] = page;
        return step->count < STEP_PAGES;
}

static int compare_pages(const void *a, const void *b)
{
        uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

        return (left > right) - (left < right);
}

/* Whether it is of one value, and left at about the time when the other did. */
static bool left_with(struct aerostat_pager *pager, uint32_t number, unsigned time)
{
        struct page_ref ref = page_numbered(pager, number);
        uint32_t meta;

        if (!ref.range)
                return false;
        meta = atomic_load_explicit(ref_meta(ref), memory_order_relaxed);
        return meta_state(meta) == PAGE_SAME && abs((int16_t)(uint16_t)(meta_time(meta) - time)) <= 1;
}

/* How many pages from the one at *i on can come at once; *i becomes the index behind them. */
static uint32_t run_length(struct step *step, uint32_t *i)
{
        uint32_t first = step->page[(*i)++], length = 1;
        struct page_ref ref = page_numbered(step->pager, first);
        unsigned time = meta_time(atomic_load_explicit(ref_meta(ref), memory_order_relaxed));

        while (length < FAULT_WINDOW_MAX) {
                uint32_t gap = 0;

                while (gap < SAME_GAP && left_with(step->pager, first + length + gap, time))
                        gap++;
                if (*i < step->count && step->page[*i] <= first + length + gap) {
                        length = step->page[(*i)++] - first + 1;
                } else {
                        length += gap;
                        break;
                }
        }
        return MIN(length, (uint32_t)FAULT_WINDOW_MAX);
}

/* Returns false when there is no room. Leaves the rest for later when a fault thread waits for the lock. */
static bool bring(struct step *step)
{
        struct aerostat_pager *pager = step->pager;
        uint32_t i = 0;

        qsort(step->page, step->count, sizeof(step->page[0]), compare_pages);
        while (i < step->count && !atomic_load(&pager->waiting)) {
                uint32_t first = step->page[i], length = run_length(step, &i);

                if (!reclaim_ample_room(pager, length))
                        return false;
                for (uint32_t done = 0; done < length;) {
                        uint32_t n =
                                fault_bring_run(pager, pager->restore, page_numbered(pager, first + done),
                                                length - done, false);

                        done += MAX(n, 1u);
                }
                reclaim_room_used(pager, length);
        }
        return true;
}

/* Starts to read what lies behind touched pages in the swap file. Returns how many pages come. */
static uint32_t read_behind(struct aerostat_pager *pager)
{
        uint32_t n = 0;

        for (unsigned i = 0; i < RECALL_PLACES && pager->swap && !atomic_load(&pager->waiting); i++) {
                uint64_t place = atomic_exchange(&pager->recall.place[i], 0);
                struct page_ref start = page_numbered(pager, (uint32_t)place);
                struct swap_read *read;

                if (!place || !start.range)
                        continue;
                if (!reclaim_ample_room(pager, SWAP_READ_PAGES))
                        break;
                read = swap_read_try(pager->swap);
                if (read) {
                        read->slot = (uint32_t)(place >> 32) + 1;
                        read->count = 0;
                        read->touched = SWAP_NO_PAGE;
                        fault_add_behind(pager, start, read, SWAP_READ_PAGES);
                        n += read->count;
                }
                if (read && read->count && swap_read_start(pager->swap, read) < 0)
                        pager_fatal(pager, "swap file: no room in its ring: a defect of the pager; "
                                           "please report it");
                else if (read && !read->count)
                        swap_read_put(pager->swap, read);
                reclaim_room_used(pager, SWAP_READ_PAGES);
        }
        return n;
}

/* For a step: looked at before pages are, which takes longer. */
static bool is_room(struct aerostat_pager *pager)
{
        bool room = reclaim_ample_room(pager, FAULT_WINDOW_MAX);

        if (room)
                reclaim_room_used(pager, FAULT_WINDOW_MAX);
        return room;
}

bool recall_step(struct aerostat_pager *pager)
{
        struct recall *recall = &pager->recall;
        struct step step = {.pager = pager};
        uint32_t allowed = atomic_load(&recall->allowed), read = 0;
        bool more;

        if (!allowed)
                return false;
        more = recall_goes_on(pager) && is_room(pager);
        if (more) {
                read = read_behind(pager);
                /* Compaction brings together what stayed of segments that were emptied. */
                for (unsigned passed = 0; more && !step.count; passed++)
                        more = passed <= PASS_OVER_MAX &&
                               cache_visit_newest(&pager->cache, passed, collect, &step);
                more = more && bring(&step);
        }
        store_free_empty(pager);
        if (!more) {
                atomic_store(&recall->allowed, 0);
                return false;
        }
        (void)atomic_fetch_sub(&recall->allowed, MIN(allowed, MAX(step.count + read, BURST_FAULTS)));
        return true;
}
