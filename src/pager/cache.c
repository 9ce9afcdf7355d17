/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The compression cache. */
#include "pager/cache.h"

#include <errno.h>
#include <string.h>

#include "base/macro.h"
#include "base/sys.h"

#define NONE UINT32_MAX

/* Holes are closed when they are more than an eighth of the memory, until they are a sixteenth. */
#define COMPACT_ABOVE   8u
#define COMPACT_DOWN_TO 16u

#define WORTH_A_VISIT 16u /* part of a segment */

/* In front of every compressed page, so that a segment can be walked. */
struct entry {
        uint32_t page;
        uint16_t size;
        uint16_t codec;
        char data[];
};
_Static_assert(sizeof(struct entry) == 8, "an entry's head is 8 bytes");

/* location: bits 0-35 offset / 4, bits 36-47 size, bits 48-49 codec */
#define UNIT        4u
#define OFFSET_BITS 36
#define SIZE_BITS   12

static cache_location make_location(uint64_t offset, size_t size, unsigned codec)
{
        return offset / UNIT | (uint64_t)size << OFFSET_BITS | (uint64_t)codec << (OFFSET_BITS + SIZE_BITS);
}

static uint64_t location_offset(cache_location location)
{
        return (location & ((1ull << OFFSET_BITS) - 1)) * UNIT;
}

size_t cache_size(cache_location location)
{
        return (location >> OFFSET_BITS) & ((1u << SIZE_BITS) - 1);
}

unsigned cache_codec(cache_location location)
{
        return (location >> (OFFSET_BITS + SIZE_BITS)) & 3;
}

static size_t entry_bytes(size_t size)
{
        return (sizeof(struct entry) + size + UNIT - 1) & ~(size_t)(UNIT - 1);
}

static struct entry *entry_at(const struct cache *cache, uint32_t segment, uint32_t offset)
{
        return (struct entry *)(cache->base + (size_t)segment * CACHE_SEGMENT_BYTES + offset);
}

/* Maps what is missing, or moves what is there to where there is more room. It never shrinks. */
static int grow_mapping(void **addr, size_t *bytes, size_t to)
{
        void *p = NULL;
        int r;

        if (*bytes >= to)
                return 0;
        if (!*addr) {
                r = sys_map_lazy(to, &p);
                if (r < 0)
                        return r;
        } else {
                p = (void *)syscall(SYS_mremap, *addr, *bytes, to, MREMAP_MAYMOVE, NULL);
                if (p == MAP_FAILED)
                        return -errno;
        }
        *addr = p;
        *bytes = to;
        return 0;
}

int cache_reserve(struct cache *cache, uint64_t bytes)
{
        uint64_t capacity = DIV_ROUND_UP(bytes, CACHE_SEGMENT_BYTES);
        void *base = cache->base, *segments = cache->segments;
        int r;

        if (capacity <= cache->capacity)
                return 0;
        if (capacity * CACHE_SEGMENT_BYTES / UNIT >= 1ull << OFFSET_BITS)
                return -E2BIG;
        /*
         * What has grown may have moved, and stays as large if the rest fails: that costs no memory,
         * and to shrink it could fail, too. cache->base is last, for it says that there is a cache.
         */
        r = grow_mapping(&segments, &cache->segments_bytes, capacity * sizeof(struct cache_segment));
        cache->segments = segments;
        if (r < 0)
                return r;
        r = grow_mapping(&base, &cache->base_bytes, capacity * CACHE_SEGMENT_BYTES);
        if (r < 0)
                return r;
        if (!cache->base)
                cache->oldest = cache->newest = cache->free = NONE;
        cache->base = base;
        cache->capacity = (uint32_t)capacity;
        return 0;
}

void cache_free(struct cache *cache)
{
        if (cache->base)
                (void)sys_munmap(cache->base, cache->base_bytes);
        if (cache->segments)
                (void)sys_munmap(cache->segments, cache->segments_bytes);
        *cache = (struct cache){};
}

/* An empty segment outside the list of ages. */
static uint32_t take_segment(struct cache *cache)
{
        uint32_t s = cache->free;

        if (s != NONE)
                cache->free = cache->segments[s].newer;
        else if (cache->fresh < cache->capacity)
                s = cache->fresh++;
        else
                return NONE;
        cache->segments[s].used = 0;
        atomic_store_explicit(&cache->segments[s].live, 0, memory_order_relaxed);
        return s;
}

/* Puts s into the list of ages, right before (older than) the segment newer, or at its new end. */
static void link_segment(struct cache *cache, uint32_t s, uint32_t newer)
{
        uint32_t older = newer == NONE ? cache->newest : cache->segments[newer].older;

        cache->segments[s].older = older;
        cache->segments[s].newer = newer;
        if (older == NONE)
                cache->oldest = s;
        else
                cache->segments[older].newer = s;
        if (newer == NONE)
                cache->newest = s;
        else
                cache->segments[newer].older = s;
        __atomic_store_n(&cache->in_use, cache->in_use + 1, __ATOMIC_RELAXED);
}

/* Takes s out of the list of ages and gives its memory back. */
static void free_segment(struct cache *cache, uint32_t s)
{
        struct cache_segment *segment = &cache->segments[s];

        if (segment->older == NONE)
                cache->oldest = segment->newer;
        else
                cache->segments[segment->older].newer = segment->newer;
        if (segment->newer == NONE)
                cache->newest = segment->older;
        else
                cache->segments[segment->newer].older = segment->older;
        (void)sys_madvise(entry_at(cache, s, 0), CACHE_SEGMENT_BYTES, MADV_DONTNEED);
        segment->newer = cache->free;
        cache->free = s;
        __atomic_store_n(&cache->in_use, cache->in_use - 1, __ATOMIC_RELAXED);
}

static cache_location append(struct cache *cache, uint32_t s, uint32_t page, unsigned codec,
                             const void *data, size_t size)
{
        struct cache_segment *segment = &cache->segments[s];
        uint32_t offset = segment->used;
        struct entry *e = entry_at(cache, s, offset);

        e->page = page;
        e->size = (uint16_t)size;
        e->codec = (uint16_t)codec;
        memcpy(e->data, data, size);
        segment->used += (uint32_t)entry_bytes(size);
        atomic_fetch_add_explicit(&segment->live, (uint32_t)entry_bytes(size), memory_order_relaxed);
        return make_location((uint64_t)s * CACHE_SEGMENT_BYTES + offset, size, codec);
}

int cache_insert(struct cache *cache, uint32_t page, unsigned codec, const void *data, size_t size,
                 cache_location *ret_location)
{
        uint32_t s = cache->base ? cache->newest : NONE;

        if (s == NONE || cache->segments[s].used + entry_bytes(size) > CACHE_SEGMENT_BYTES) {
                s = cache->base ? take_segment(cache) : NONE;
                if (s == NONE)
                        return -ENOSPC;
                link_segment(cache, s, NONE);
        }
        *ret_location = append(cache, s, page, codec, data, size);
        atomic_fetch_add_explicit(&cache->live_bytes, entry_bytes(size), memory_order_relaxed);
        return 0;
}

const void *cache_data(const struct cache *cache, cache_location location)
{
        return cache->base + location_offset(location) + sizeof(struct entry);
}

void cache_release(struct cache *cache, cache_location location)
{
        uint32_t bytes = (uint32_t)entry_bytes(cache_size(location));

        atomic_fetch_sub_explicit(&cache->segments[location_offset(location) / CACHE_SEGMENT_BYTES].live,
                                  bytes, memory_order_relaxed);
        atomic_fetch_sub_explicit(&cache->live_bytes, bytes, memory_order_relaxed);
}

static uint32_t live_of(const struct cache *cache, uint32_t s)
{
        return atomic_load_explicit(&cache->segments[s].live, memory_order_relaxed);
}

static void visit_segment(struct cache *cache, uint32_t s, cache_visit visit, void *userdata)
{
        uint32_t offset = 0;

        while (offset < cache->segments[s].used && live_of(cache, s)) {
                struct entry *e = entry_at(cache, s, offset);
                uint64_t at = (uint64_t)s * CACHE_SEGMENT_BYTES + offset;

                if (!visit(userdata, e->page, make_location(at, e->size, e->codec)))
                        return;
                offset += (uint32_t)entry_bytes(e->size);
        }
        if (!live_of(cache, s))
                free_segment(cache, s);
}

void cache_visit_oldest(struct cache *cache, cache_visit visit, void *userdata)
{
        if (cache->base && cache->oldest != NONE)
                visit_segment(cache, cache->oldest, visit, userdata);
}

bool cache_visit_newest(struct cache *cache, unsigned pass_over, cache_visit visit, void *userdata)
{
        uint32_t s = cache->base ? cache->newest : NONE;

        while (s != NONE && (live_of(cache, s) < CACHE_SEGMENT_BYTES / WORTH_A_VISIT || pass_over--))
                s = cache->segments[s].older;
        if (s != NONE)
                visit_segment(cache, s, visit, userdata);
        return s != NONE;
}

/*
 * Copies what is live in from, in its order, to the end of *to; when that is full, to a new segment
 * right before from. Returns false, the rest staying where it is, when there is none.
 */
static bool move_live(struct cache *cache, uint32_t from, uint32_t *to, const struct cache_mover *mover)
{
        uint32_t offset = 0;

        while (offset < cache->segments[from].used) {
                struct entry *e = entry_at(cache, from, offset);
                uint64_t at = (uint64_t)from * CACHE_SEGMENT_BYTES + offset;
                uint32_t bytes = (uint32_t)entry_bytes(e->size);

                if (*to == NONE || cache->segments[*to].used + bytes > CACHE_SEGMENT_BYTES) {
                        uint32_t target = take_segment(cache);

                        if (target == NONE)
                                return false;
                        link_segment(cache, target, from);
                        *to = target;
                }
                offset += bytes;
                if (!mover->claim(mover->userdata, e->page, make_location(at, e->size, e->codec)))
                        continue;
                atomic_fetch_sub_explicit(&cache->segments[from].live, bytes, memory_order_relaxed);
                mover->moved(mover->userdata, e->page,
                             append(cache, *to, e->page, e->codec, e->data, e->size));
        }
        return true;
}

static uint64_t holes(const struct cache *cache)
{
        uint64_t live = atomic_load_explicit(&cache->live_bytes, memory_order_relaxed);

        return cache_bytes(cache) > live ? cache_bytes(cache) - live : 0;
}

static bool full_enough(uint32_t bytes)
{
        return bytes > CACHE_SEGMENT_BYTES - CACHE_SEGMENT_BYTES / COMPACT_DOWN_TO;
}

void cache_free_empty(struct cache *cache)
{
        uint32_t next;

        if (!cache->base)
                return;
        for (uint32_t s = cache->oldest; s != NONE; s = next) {
                next = cache->segments[s].newer;
                if (!live_of(cache, s))
                        free_segment(cache, s);
        }
}

void cache_compact(struct cache *cache, const struct cache_mover *mover)
{
        uint32_t s, next, to = NONE;

        if (!cache->base)
                return;
        cache_free_empty(cache);
        if (holes(cache) <= cache_bytes(cache) / COMPACT_ABOVE + CACHE_SEGMENT_BYTES)
                return;
        /* Nothing moves out of the segment being filled. */
        for (s = cache->oldest; s != cache->newest && s != NONE; s = next) {
                next = cache->segments[s].newer;
                if (holes(cache) <= cache_bytes(cache) / COMPACT_DOWN_TO)
                        return;
                /* Full enough to stay; but what is open before it would stay half empty. */
                if (full_enough(live_of(cache, s)) &&
                    (to == NONE || full_enough(cache->segments[to].used))) {
                        to = NONE;
                        continue;
                }
                if (!move_live(cache, s, &to, mover))
                        return;
                free_segment(cache, s);
        }
}
