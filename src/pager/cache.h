/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The compression cache: compressed pages in the order they came, in segments that are filled from
 * front to back. What has left leaves a hole; when there are too many, segments are copied together
 * in their order, which keeps the order of ages. So there are no size classes, hardly any waste,
 * and the oldest page is always in the oldest segment.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CACHE_SEGMENT_BYTES (128u << 10)

/* Where a compressed page is, how long it is and by what it was compressed; fits a page's payload. */
typedef uint64_t cache_location;

struct cache_segment {
        uint32_t used;          /* bytes from the front that were given out */
        _Atomic(uint32_t) live; /* of these, bytes whose page is still here */
        uint32_t older, newer;  /* the list of ages; newer also links the free ones */
};

/*
 * One thread at a time inserts, looks for the oldest, compacts or resizes: the holder of the
 * reclaim lock. Any thread that holds the lock of a page may read and release that page's entry.
 */
struct cache {
        char *base;
        struct cache_segment *segments;
        size_t base_bytes, segments_bytes; /* mapped: for capacity at least */
        uint32_t capacity;                 /* segments to be used */
        uint32_t in_use;                   /* segments in the list of ages */
        uint32_t free;                     /* list of segments used once and free again */
        uint32_t fresh;                    /* segments from here on were never used */
        uint32_t oldest, newest;
        _Atomic(uint64_t) live_bytes;
};

/* Makes room for bytes, never less than before. The cache may move: no page may be in use. */
int cache_reserve(struct cache *cache, uint64_t bytes);
void cache_free(struct cache *cache);

/* -ENOSPC when every segment reserved is in use. Copies size bytes (1 to 2048). */
int cache_insert(struct cache *cache, uint32_t page, unsigned codec, const void *data, size_t size,
                 cache_location *ret_location);

const void *cache_data(const struct cache *cache, cache_location location);
size_t cache_size(cache_location location);
unsigned cache_codec(cache_location location);
void cache_release(struct cache *cache, cache_location location);

/*
 * Calls visit for every entry of the oldest segment, those included whose page has left, until
 * visit returns false. After a complete visit the segment is freed if nothing live is left in it.
 */
typedef bool (*cache_visit)(void *userdata, uint32_t page, cache_location location);
void cache_visit_oldest(struct cache *cache, cache_visit visit, void *userdata);

/*
 * Likewise for the newest segment of which at least a sixteenth is live, but for the first pass_over of
 * those. False: there is none.
 */
bool cache_visit_newest(struct cache *cache, unsigned pass_over, cache_visit visit, void *userdata);

/*
 * Frees empty segments, and closes holes when they are more than an eighth of the memory.
 * claim: locks the page and says whether location is still where it is; if so, moved is called
 * with the new place and unlocks it.
 */
struct cache_mover {
        bool (*claim)(void *userdata, uint32_t page, cache_location location);
        void (*moved)(void *userdata, uint32_t page, cache_location location);
        void *userdata;
};
void cache_compact(struct cache *cache, const struct cache_mover *mover);
/* The first half of that: frees the segments in which nothing is live. */
void cache_free_empty(struct cache *cache);

static inline uint64_t cache_bytes(const struct cache *cache)
{
        return (uint64_t)__atomic_load_n(&cache->in_use, __ATOMIC_RELAXED) * CACHE_SEGMENT_BYTES;
}
