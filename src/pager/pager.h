/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pager's parts put together: what its files share with each other. */
#pragma once

#include <aerostat/pager.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/sys.h"
#include "pager/cache.h"
#include "pager/codec.h"
#include "pager/page.h"
#include "pager/park.h"
#include "pager/reason.h"
#include "pager/swap.h"

/*
 * Threads
 *   fault threads (handler.c) resolve the guest's page faults
 *   reclaim thread (reclaim.c) keeps the VM below its limit: parks, compresses, swaps out; and
 *                            watches the working set (sample.c)
 *   swap thread (swap.c)     completes writes, and reads that no fault thread waits for (own_read.c)
 *   control thread (control.c) talks to clients
 * and the VMM's own threads, which come in by discard and by the API.
 *
 * Locks, in the order in which they are taken
 *   settings      limits and other values; add and remove of ranges
 *   reclaim       everything that takes pages out of the guest; parking ring; cache inserts
 *   ranges        read: for the time of a fault or a batch; write: to change the set of ranges
 *   page locks    in the order of addresses, or by trylock
 *   swap's own    see swap.c
 * A thread that holds any of them never touches guest memory, so no faulting thread can be in its
 * way, and never waits for I/O but with settings or reclaim alone. A fault thread that waits for a
 * read of its own waits for nothing else.
 */

#define RANGES_MAX  64
#define CHUNK_PAGES 512u /* unit of arming: a huge page */

#define PROMISED_SHIFT 40

/* Part of guest memory, with the records of its pages. Page numbers go on from range to range. */
struct range {
        uintptr_t addr;
        uint32_t pages;
        uint32_t first; /* number of its first page */
        page_meta *meta;
        uint64_t *payload;         /* see page.h; for the holder of the page's lock */
        uint8_t *armed;            /* by chunk: registered with the userfaultfd */
        bool all_armed, any_armed; /* for the holder of the reclaim lock */
};

/* A page together with where it is. */
struct page_ref {
        struct range *range;
        uint32_t index;
};

/* Sequential touches, by which neighbours are brought back ahead (fault.c). */
#define STREAMS 8
struct streams {
        _Atomic(uint64_t) stream[STREAMS]; /* next page << 32 | window << 16 | use */
        _Atomic(uint32_t) clock;
};

/* Pages that are brought back ahead, after a burst of faults (recall.c). */
#define RECALL_PLACES 32
struct recall {
        _Atomic(uint32_t) faults;
        _Atomic(uint64_t) since_ns;             /* when their number was last a multiple of a burst */
        _Atomic(uint32_t) allowed;              /* pages still to be brought */
        _Atomic(uint64_t) place[RECALL_PLACES]; /* of touches in the swap file: slot << 32 | page; 0: none */
};

struct sample {
        uint32_t page[AEROSTAT_PAGER_SAMPLE_PAGES_MAX];
        uint32_t count;
        uint64_t random;
        uint64_t started_ns;
        _Atomic(uint32_t) touched;
        _Atomic(uint64_t) parked;                                   /* pages in slots of their own */
        double slow, fast;                                          /* fractions */
        _Atomic(uint64_t) active_slow, active_fast, active_current; /* bytes, for statistics */
        _Atomic(uint64_t) periods;
};

struct counters {
        _Atomic(uint64_t) parks, compressions, decompressions, same_pages, incompressible;
        _Atomic(uint64_t) swap_outs, swap_ins, prefetched, discards, busy, limit_overruns, swap_errors;
        _Atomic(uint64_t) faults[AEROSTAT_PAGER_FAULT_KINDS];
        _Atomic(uint64_t) latency[AEROSTAT_PAGER_FAULT_KINDS][AEROSTAT_PAGER_LATENCY_BUCKETS];
};

struct aerostat_pager {
        int uffd;
        int pagemap;
        char name[AEROSTAT_PAGER_NAME_MAX];
        uint64_t started_ns;
        void (*on_fatal)(void *userdata, const char *reason);
        void *userdata;
        _Atomic(bool) fatal;
        uint64_t patience_ns; /* how long the kernel may fail to take a page back for the guest */

        pthread_mutex_t settings;
        _Atomic(uint64_t) limit;
        _Atomic(uint64_t) reservation;
        _Atomic(uint32_t) cache_pct;
        _Atomic(uint32_t) codec;
        _Atomic(uint32_t) sample_period_ms;
        _Atomic(uint32_t) sample_pages;
        struct reasons reasons;

        pthread_rwlock_t ranges_lock;
        struct range ranges[RANGES_MAX]; /* by page number */
        unsigned n_ranges;
        _Atomic(uint64_t) pages; /* in all ranges */
        uint64_t survey_ns;      /* when untracked memory may be looked at again; under settings */
        uint64_t survey_present; /* what was there then */

        _Atomic(uint64_t) in_state[PAGE_STATES];
        /*
         * Memory taken, in one word, so that every look is at one moment: pages consumed, those of the
         * cache included, and above PROMISED_SHIFT those that were promised room.
         */
        _Atomic(uint64_t) taken;
        _Atomic(bool) unmergeable;    /* KSM is to be kept off, from ranges to come, too */
        uint64_t cache_counted;       /* pages of the cache in it; under the reclaim lock */
        _Atomic(uint64_t) shared;     /* pages marked so */
        _Atomic(uint64_t) merged;     /* pages of this process, by KSM's account, which is late */
        _Atomic(uint32_t) share_hand; /* page number where the search for them goes on */
        struct counters counters;
        struct streams streams;
        struct recall recall;

        pthread_mutex_t reclaim_lock;
        struct park park;
        struct cache cache;
        struct swap *swap;
        struct swap_write *batch;        /* being filled */
        struct codec *codec_out;         /* for the holder of the reclaim lock */
        char *scratch;                   /* two pages, likewise */
        uint32_t stuck;                  /* page that could not be moved, while REASON_MOVE is set */
        uint32_t hand;                   /* page number where the search for victims goes on */
        uint64_t refused;                /* pages since then that no place was found for */
        _Atomic(uint64_t) fruitless;     /* pages that the hand has passed since a page was evicted */
        _Atomic(uint64_t) swap_retry_ns; /* no swapping out before this time: the file failed */
        _Atomic(uint64_t) evictions;
        _Atomic(uint32_t) waiting;     /* fault threads that want the reclaim lock */
        struct fault_context *restore; /* for the holder of the reclaim lock */
        _Atomic(uint64_t) sharing_ns;  /* when sharing was last looked at */
        struct sample sample;

        pthread_t reclaim_thread;
        _Atomic(uint32_t) wanted; /* futex: something for the reclaim thread to do */
        _Atomic(bool) stop;

        struct handlers *handlers;

        struct control *control;
        int burst_event; /* eventfd: the guest brings back what it lost, which clients are to hear at once */
};

/* range.c */
struct page_ref page_at(struct aerostat_pager *pager, uintptr_t addr);
struct page_ref page_numbered(struct aerostat_pager *pager, uint32_t number);
uint32_t page_number(struct page_ref ref);
page_meta *ref_meta(struct page_ref ref);
uint64_t *ref_payload(struct page_ref ref);
uintptr_t ref_addr(struct page_ref ref);

/* Takes the step in the diagram of page.h; any other ends the VM. For the holder of the page's lock. */
void page_change(struct aerostat_pager *pager, struct page_ref ref, enum page_state to);

/* Registers what is not, and finds out which pages are there. Under the reclaim lock, ranges read-locked. */
int range_arm(struct aerostat_pager *pager, struct range *range, uint32_t chunk, uint32_t chunks);
/* Lets go of the armed chunks in which no page is out; true when no chunk is left armed. */
bool range_disarm(struct aerostat_pager *pager, struct range *range);
uint32_t range_chunks(const struct range *range);
/* The chunk that a page of the range is in. */
uint32_t range_chunk_of(const struct range *range, uint32_t index);
/* The kernel's word on one page: there at all, and not shared with anybody. */
int page_in_pagemap(struct aerostat_pager *pager, uintptr_t addr, bool *ret_present, bool *ret_exclusive);
/* The page may be in the guest or where it was being moved to: no guess is made, the VM ends. */
void page_unknown(struct aerostat_pager *pager, struct page_ref ref);

/* The range that page *hand is in; if none is, the next, and *hand becomes its first page. NULL: no ranges.
 */
struct range *range_from(struct aerostat_pager *pager, uint32_t *hand);
/* For each of at most CHUNK_PAGES pages, whether it is there and mapped elsewhere, too. */
int pages_mapped_twice(struct aerostat_pager *pager, uintptr_t addr, uint32_t count, uint8_t *ret_twice);

/* Memory for the records of the range's pages. */
int range_map_records(struct range *range);
void range_unmap_records(struct range *range);

/* Frees what is held for a page outside the guest: for the holder of its lock. */
void page_forget(struct aerostat_pager *pager, struct page_ref ref);

/* reason.c: content of the guest is lost, and the VM ends. */
void pager_fatal(struct aerostat_pager *pager, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

/* pager.c */
uint64_t pager_consumed_pages(struct aerostat_pager *pager);
/* The limit in pages, or UINT64_MAX when it is not in force: all memory fits below it. */
uint64_t pager_limit_pages(struct aerostat_pager *pager);
uint64_t pager_cache_limit(struct aerostat_pager *pager);

/* reclaim.c */
/*
 * Pages that eviction itself may take for a while, of what the limit allows. A limit that is being
 * lowered is reached when consumed is this far below it; from then on consumed stays below it.
 */
#define RECLAIM_OWN_PAGES (4 * CACHE_SEGMENT_BYTES / PAGE_BYTES + SWAP_WRITES * SWAP_WRITE_PAGES)
int reclaim_start(struct aerostat_pager *pager);
void reclaim_stop(struct aerostat_pager *pager);
void reclaim_kick(struct aerostat_pager *pager);
/* Arms what the limit calls for. Under the reclaim lock. */
void reclaim_arm(struct aerostat_pager *pager);
/*
 * Before pages come in: promises room, which at the limit takes evicting others first. Holds no
 * lock. Whoever asked calls reclaim_room_used() when they are in and count by themselves.
 */
void reclaim_make_room(struct aerostat_pager *pager, uint32_t pages);
void reclaim_room_used(struct aerostat_pager *pager, uint32_t pages);
/* Likewise for pages that nobody waits for: room for all or none of them, at no cost to others. */
uint32_t reclaim_spare_room(struct aerostat_pager *pager, uint32_t pages);
/* Likewise for pages that nobody has touched yet: there has to be so much room that nobody misses it. */
bool reclaim_ample_room(struct aerostat_pager *pager, uint32_t pages);
/* Moves every parked page back. Under the reclaim lock. */
void reclaim_unpark_all(struct aerostat_pager *pager);
/* Gives every page of the range back to the guest. Under the reclaim lock. */
int reclaim_restore_range(struct aerostat_pager *pager, struct range *range);
/* Counts evictions: it advances by RECLAIM_TIME_PER_MEMORY while the limit's worth is evicted. */
#define RECLAIM_TIME_PER_MEMORY 64u
unsigned reclaim_time(struct aerostat_pager *pager);

/* recall.c */
/* A compressed page was touched, or one that was in that slot of the swap file. By any thread. */
void recall_note(struct aerostat_pager *pager);
void recall_note_swapped(struct aerostat_pager *pager, uint32_t page, uint32_t slot);
/* Whether a burst of such touches is under way. By any thread. */
bool recall_goes_on(struct aerostat_pager *pager);
/* Brings some pages back ahead, if there is a burst of such touches. False: there is no more to do. Under
 * the reclaim lock. */
bool recall_step(struct aerostat_pager *pager);

/* store.c */
/* Starts to write what waits for a batch to be full. Under the reclaim lock. */
void store_flush(struct aerostat_pager *pager);
/* A write to the swap file failed: none is started for some seconds. */
void store_swap_failed(struct aerostat_pager *pager, int error);
/* A batch was written: if no write failed in the last seconds, they work again. */
void store_swap_works(struct aerostat_pager *pager);

/* share.c */
/* Looks at some pages, if that was not done a moment ago. Holds no lock but settings or reclaim. */
void share_look(struct aerostat_pager *pager);
/* Pages that are shared, by what is known; at least half of them is saved. */
uint64_t share_pages(struct aerostat_pager *pager);
/* For the holder of the page's lock. */
void share_mark(struct aerostat_pager *pager, struct page_ref ref, bool shared);
/* Under the ranges lock, for writing. */
void share_forget_range(struct aerostat_pager *pager, struct range *range);

/* sample.c; all under the reclaim lock */
void sample_tick(struct aerostat_pager *pager, uint64_t now_ns);
void sample_end(struct aerostat_pager *pager);
uint64_t sample_next_ns(struct aerostat_pager *pager);
