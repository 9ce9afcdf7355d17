/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Eviction, in its two halves: which pages leave the guest (victim.c), and where they go (store.c). */
#pragma once

#include "pager/pager.h"
#include "pager/uffd.h"

#define BATCH_PAGES     UFFD_MOVE_MAX
#define REFUSED_CHANCES 15u                     /* nowhere to put it */
#define ROUNDS_MAX      (REFUSED_CHANCES + 2ul) /* of the hand without an eviction, then it gives up */

/* All under the reclaim lock. */

/* store.c */

enum store_result {
        STORE_REFUSED, /* there is no place; nothing has changed */
        STORE_SPARED,  /* it would have to go to the disk, which others should before; nothing has changed */
        STORE_LEFT,
};

/*
 * Finds a place for the content of a page that is PARKED, or RESIDENT and protected. For the holder of the
 * page's lock; batch: room in a batch was made sure of.
 */
enum store_result store_page(struct aerostat_pager *pager, struct page_ref ref, const void *content,
                             bool batch);
/* Makes sure that one more page can be put into a batch. May wait for the disk: hold no page lock. */
bool store_batch_ready(struct aerostat_pager *pager);
/* Keeps the cache within its bound: its oldest pages go to the swap file. */
void store_age_cache(struct aerostat_pager *pager);
/* Closes holes of the cache, when they are many. */
void store_compact_cache(struct aerostat_pager *pager);
/* Gives back what of the cache is empty. */
void store_free_empty(struct aerostat_pager *pager);

/* reclaim.c */

/* Fault threads that wait for the reclaim lock have it first: what it keeps may be different afterwards. */
void reclaim_let_others_in(struct aerostat_pager *pager);

/* victim.c */

/* Lets the hand park up to want pages; returns how many. */
uint32_t victim_park(struct aerostat_pager *pager, uint32_t want);
/* Sends the oldest parked pages on. Returns how many left. */
uint32_t victim_evict_oldest(struct aerostat_pager *pager);
/* Pages that KSM shares, some of them; others are let in meanwhile. Returns how many left. */
uint32_t victim_evict_shared(struct aerostat_pager *pager);
/* Moves one parked page back without a touch. For the holder of its lock. */
void victim_unpark(struct aerostat_pager *pager, struct page_ref ref, unsigned heat, unsigned chances);
/* A page that could not be moved is tried again. */
void victim_retry_stuck(struct aerostat_pager *pager);
