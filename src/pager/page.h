/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The record of a guest page: its state, its lock, its history, and where its content is. */
#pragma once

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * The life of a page. There is one record for every page of guest memory, and only the holder of
 * the page's lock changes it.
 *
 *               arm                         park              compress
 *   UNTRACKED <-----> ABSENT --touch--> RESIDENT <----> PARKED --+--> SAME ---------touch--+
 *       ^      disarm    ^                ^ ^ |  touch           +--> COMPRESSED ---touch--+
 *       |                |                | | |                  |        | aged           |
 *       +----------------|----------------+ | |                  |        v                |
 *                        |                  | |                  +--> WRITING ------touch--+
 *                        |                  | |                           | written        |
 *                        |                  | |                           v                |
 *                        |                  | |                       SWAPPED              |
 *                        |                  | |                           | touch          |
 *                        |                  | |                           v                |
 *                        |                  | +---- (shared pages) --> READING --> LOST    |
 *                        |                  |       to SAME,              | read           |
 *                        +-- discard, from  +-------COMPRESSED, <---------+----------------+
 *                            every state            WRITING
 *
 * UNTRACKED   the kernel alone knows whether the page is there: nothing is registered, the guest
 *             pays nothing. In this state an arbitrary discard changes nothing here.
 * ABSENT      registered and empty: a touch brings a page of zeros.
 * RESIDENT    in the guest's address space, perhaps shared by KSM.
 * PARKED      moved out of the guest's reach as it is; payload: its slot (park.h).
 * SAME        all 64-bit words equal; payload: the word.
 * COMPRESSED  in the compression cache; payload: where (cache.h).
 * WRITING     in a buffer on its way to the swap file; payload: which (swap.h). A touch takes it
 *             from there.
 * SWAPPED     payload: slot in the swap file, and checksum.
 * READING     as SWAPPED; a read is under way that will bring it in. (One that nobody waits for may fail:
 *             then it is SWAPPED again.)
 * LOST        came back wrong or not at all. The VM is being stopped.
 */
enum page_state {
        PAGE_UNTRACKED = 0,
        PAGE_ABSENT,
        PAGE_RESIDENT,
        PAGE_PARKED,
        PAGE_SAME,
        PAGE_COMPRESSED,
        PAGE_WRITING,
        PAGE_SWAPPED,
        PAGE_READING,
        PAGE_LOST,
        PAGE_STATES
};

/*
 * A page's meta word:
 *   bits 0-3    state
 *   bit  4      lock
 *   bit  5      sampled: its next touch counts for the working set
 *   bit  6      prefetched: brought back beside another, and not parked since
 *   bit  7      shared: mapped elsewhere, too, when last looked at (share.c); it is in the guest
 *   bits 8-11   heat: how often in a row it was touched while parked
 *   bits 12-15  chances: how many more times the hand passes it by
 *   bits 16-31  when it was evicted, in units of reclaim.c's clock
 */
#define PAGE_LOCKED       (1u << 4)
#define PAGE_SAMPLED      (1u << 5)
#define PAGE_PREFETCHED   (1u << 6)
#define PAGE_SHARED       (1u << 7)
#define PAGE_STATE_MASK   0xfu
#define PAGE_HEAT_SHIFT   8
#define PAGE_CHANCE_SHIFT 12
#define PAGE_TIME_SHIFT   16

#define PAGE_HEAT_MAX 4 /* 2^4 - 1 chances fit their field */
/* No touches, but what was found when its turn came (victim.c): */
#define PAGE_HEAT_STIFF 5 /* it did not compress, and was spared */
#define PAGE_HEAT_BUSY  6 /* it could not be moved: pinned, or KSM's */

typedef _Atomic(uint32_t) page_meta;

/* Whether the diagram above has this step. */
bool page_may_change(enum page_state from, enum page_state to);
const char *page_state_name(enum page_state state);

static inline enum page_state meta_state(uint32_t meta)
{
        return (enum page_state)(meta & PAGE_STATE_MASK);
}

static inline enum page_state page_state(const page_meta *meta)
{
        return meta_state(atomic_load_explicit(meta, memory_order_relaxed));
}

static inline bool page_trylock(page_meta *meta)
{
        return !(atomic_fetch_or_explicit(meta, PAGE_LOCKED, memory_order_acquire) & PAGE_LOCKED);
}

/*
 * The lock is held for microseconds, never across I/O, and nobody who holds one waits for another
 * unless he takes them in the order of addresses.
 */
static inline void page_lock(page_meta *meta)
{
        for (unsigned spins = 0; !page_trylock(meta); spins++) {
                if (spins >= 64)
                        (void)sched_yield();
        }
}

static inline void page_unlock(page_meta *meta)
{
        (void)atomic_fetch_and_explicit(meta, ~PAGE_LOCKED, memory_order_release);
}

/* The fields beside the state; for the holder of the lock. */
static inline unsigned meta_heat(uint32_t meta)
{
        return (meta >> PAGE_HEAT_SHIFT) & 0xf;
}

static inline unsigned meta_chances(uint32_t meta)
{
        return (meta >> PAGE_CHANCE_SHIFT) & 0xf;
}

static inline unsigned meta_time(uint32_t meta)
{
        return meta >> PAGE_TIME_SHIFT;
}

static inline void page_set_heat(page_meta *meta, unsigned heat, unsigned chances)
{
        uint32_t m = atomic_load_explicit(meta, memory_order_relaxed);

        m &= ~((0xfu << PAGE_HEAT_SHIFT) | (0xfu << PAGE_CHANCE_SHIFT));
        atomic_store_explicit(meta, m | heat << PAGE_HEAT_SHIFT | chances << PAGE_CHANCE_SHIFT,
                              memory_order_relaxed);
}
