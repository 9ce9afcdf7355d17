/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The compression cache against a model that is an array: content, order of ages, room, memory. */
#include "pager/cache.h"

#include "unit.h"

#define SIZE_MAX_STORED 2048u

/* What the pager keeps for a page that is in the cache. */
struct entry {
        bool in;
        cache_location location;
        uint16_t size;
        uint8_t codec;
        uint64_t seed; /* of its content */
        uint64_t age;  /* when it came */
};

struct model {
        struct cache cache;
        struct entry *entries;
        uint32_t pages;
        uint32_t count;
        uint64_t clock;
        uint64_t random;
        uint64_t stored; /* bytes that were to be kept */
        uint64_t moves;
        uint32_t claimed; /* page locked between claim and moved */
        unsigned refuse;  /* one claim in so many is turned down, the page having left just then; 0: none */
};

#define NO_PAGE UINT32_MAX

static void model_init(struct model *m, uint32_t pages, uint64_t segments)
{
        *m = (struct model){.pages = pages, .random = 0xcac4e, .claimed = NO_PAGE};
        m->entries = g_new0(struct entry, pages);
        g_assert_cmpint(cache_reserve(&m->cache, segments * CACHE_SEGMENT_BYTES), ==, 0);
}

static void model_clear(struct model *m)
{
        cache_free(&m->cache);
        g_assert_null(m->cache.base);
        g_assert_cmpuint(cache_bytes(&m->cache), ==, 0);
        g_free(m->entries);
}

static void fill(char *data, const struct entry *e)
{
        uint64_t seed = e->seed;

        unit_fill_random(data, e->size, &seed);
}

static void check_entry(const struct model *m, uint32_t page)
{
        const struct entry *e = &m->entries[page];
        char data[SIZE_MAX_STORED];

        fill(data, e);
        g_assert_cmpuint(cache_size(e->location), ==, e->size);
        g_assert_cmpuint(cache_codec(e->location), ==, e->codec);
        g_assert_cmpmem(cache_data(&m->cache, e->location), e->size, data, e->size);
}

static void check_all(const struct model *m)
{
        for (uint32_t page = 0; page < m->pages; page++) {
                if (m->entries[page].in)
                        check_entry(m, page);
        }
}

/* Inserts page; false when there is no room, and then nothing has changed. */
static bool insert(struct model *m, uint32_t page, uint16_t size)
{
        struct entry *e = &m->entries[page];
        uint64_t bytes = cache_bytes(&m->cache);
        cache_location location = UINT64_MAX;
        char data[SIZE_MAX_STORED];
        int r;

        g_assert_false(e->in);
        *e = (struct entry){.size = size,
                            .codec = (uint8_t)(1 + unit_below(&m->random, 2)),
                            .seed = unit_random(&m->random) | 1};
        fill(data, e);
        r = cache_insert(&m->cache, page, e->codec, data, size, &location);
        if (r < 0) {
                g_assert_cmpint(r, ==, -ENOSPC);
                g_assert_cmphex(location, ==, UINT64_MAX);
                g_assert_cmpuint(cache_bytes(&m->cache), ==, bytes);
                return false;
        }
        g_assert_cmpint(r, ==, 0);
        e->in = true;
        e->location = location;
        e->age = ++m->clock;
        m->count++;
        m->stored += size;
        return true;
}

static void leave(struct model *m, uint32_t page)
{
        struct entry *e = &m->entries[page];

        g_assert_true(e->in);
        cache_release(&m->cache, e->location);
        e->in = false;
        m->count--;
        m->stored -= e->size;
}

static bool is_at(const struct model *m, uint32_t page, cache_location location)
{
        g_assert_cmpuint(page, <, m->pages);
        return m->entries[page].in && m->entries[page].location == location;
}

static bool claim(void *userdata, uint32_t page, cache_location location)
{
        struct model *m = userdata;

        g_assert_cmpuint(m->claimed, ==, NO_PAGE);
        if (!is_at(m, page, location))
                return false;
        if (m->refuse && unit_below(&m->random, m->refuse) == 0) {
                leave(m, page);
                return false;
        }
        m->claimed = page;
        return true;
}

static void moved(void *userdata, uint32_t page, cache_location location)
{
        struct model *m = userdata;

        g_assert_cmpuint(m->claimed, ==, page);
        g_assert_cmpuint(cache_size(location), ==, m->entries[page].size);
        m->claimed = NO_PAGE;
        m->entries[page].location = location;
        m->moves++;
        check_entry(m, page);
}

static void compact(struct model *m)
{
        const struct cache_mover mover = {claim, moved, m};

        cache_compact(&m->cache, &mover);
        g_assert_cmpuint(m->claimed, ==, NO_PAGE);
}

/* What the cache needs for an entry besides its content: a head, and rounding up. */
#define ENTRY_EXTRA_MAX (8u + 3u)

static void check_figures(const struct model *m)
{
        uint64_t live = m->cache.live_bytes;

        g_assert_cmpuint(live, >=, m->stored);
        g_assert_cmpuint(live, <=, m->stored + (uint64_t)m->count * ENTRY_EXTRA_MAX);
        g_assert_cmpuint(cache_bytes(&m->cache), >=, live);
}

struct visit {
        struct model *m;
        unsigned stop_after; /* live entries; 0: never */
        unsigned live;       /* live entries seen */
        unsigned seen;
        uint64_t last_age;
        bool take; /* seen entries leave */
};

static bool visit_one(void *userdata, uint32_t page, cache_location location)
{
        struct visit *v = userdata;

        v->seen++;
        if (!is_at(v->m, page, location))
                return true;
        check_entry(v->m, page);
        /* From old to new. */
        g_assert_cmpuint(v->m->entries[page].age, >, v->last_age);
        v->last_age = v->m->entries[page].age;
        v->live++;
        if (v->take)
                leave(v->m, page);
        return !v->stop_after || v->live < v->stop_after;
}

/* Whatever is not in the oldest segment is newer than all that is in it. */
static void check_ages(struct model *m)
{
        struct visit v = {.m = m};
        uint32_t older = 0;

        if (!m->count)
                return;
        /* Empty segments at the old end are freed by a visit each. */
        while (!v.live)
                cache_visit_oldest(&m->cache, visit_one, &v);
        for (uint32_t page = 0; page < m->pages; page++)
                older += m->entries[page].in && m->entries[page].age <= v.last_age;
        g_assert_cmpuint(older, ==, v.live);
}

/* Takes all out, from old to new. */
static void drain(struct model *m)
{
        while (m->count) {
                struct visit v = {.m = m, .take = true};

                check_ages(m);
                cache_visit_oldest(&m->cache, visit_one, &v);
        }
        g_assert_cmpuint(m->cache.live_bytes, ==, 0);
}

static void test_empty(void)
{
        struct cache cache = {};
        struct visit v = {};
        cache_location location = 7;
        const struct cache_mover mover = {claim, moved, NULL};

        g_assert_cmpint(cache_insert(&cache, 0, 1, "x", 1, &location), ==, -ENOSPC);
        g_assert_cmpuint(location, ==, 7);
        cache_visit_oldest(&cache, visit_one, &v);
        g_assert_cmpuint(v.seen, ==, 0);
        cache_compact(&cache, &mover);
        g_assert_cmpuint(cache_bytes(&cache), ==, 0);
        g_assert_cmpint(cache_reserve(&cache, 0), ==, 0);
        cache_free(&cache);
        cache_free(&cache);
}

static void test_sizes(void)
{
        struct model m;

        model_init(&m, SIZE_MAX_STORED + 1, 20);
        for (uint32_t size = 1; size <= SIZE_MAX_STORED; size++)
                g_assert_true(insert(&m, size, (uint16_t)size));
        check_all(&m);
        check_figures(&m);
        for (uint32_t size = 1; size <= SIZE_MAX_STORED; size++)
                leave(&m, size);
        check_figures(&m);
        compact(&m);
        g_assert_cmpuint(cache_bytes(&m.cache), ==, 0);
        model_clear(&m);
}

/* The last place of the largest cache there can be: location and size do not get mixed up. */
static void test_too_large(void)
{
        struct cache cache = {};

        g_assert_cmpint(cache_reserve(&cache, 1ull << 38), ==, -E2BIG);
        g_assert_cmpuint(cache.capacity, ==, 0);
        g_assert_cmpint(cache_reserve(&cache, 1ull << 20), ==, 0);
        g_assert_cmpint(cache_reserve(&cache, 1ull << 38), ==, -E2BIG);
        g_assert_cmpuint(cache.capacity, ==, 8);
        cache_free(&cache);
}

static void test_capacity(void)
{
        struct model m;
        uint32_t page = 0, full;

        model_init(&m, 1000, 4);
        while (insert(&m, page, 2000))
                page++;
        full = page;
        g_assert_cmpuint(full, ==, 4 * (CACHE_SEGMENT_BYTES / 2008));
        g_assert_cmpuint(cache_bytes(&m.cache), ==, 4 * CACHE_SEGMENT_BYTES);
        check_all(&m);

        /* A smaller one may still find room behind the last; a hole is no room before it is closed. */
        leave(&m, 3);
        g_assert_false(insert(&m, 3, 2000));
        /* All of the oldest segment leaves: room for as much. */
        for (page = 0; page < full / 4; page++) {
                if (page != 3)
                        leave(&m, page);
        }
        compact(&m);
        for (page = 0; page < full / 4; page++)
                g_assert_true(insert(&m, page, 2000));
        g_assert_false(insert(&m, full, 2000));
        check_all(&m);
        check_ages(&m);
        model_clear(&m);
}

static void test_visit(void)
{
        struct model m;
        struct visit v;
        uint64_t segments;
        uint32_t page;

        model_init(&m, 500, 8);
        for (page = 0; page < 500; page++)
                g_assert_true(insert(&m, page, 1500));
        segments = cache_bytes(&m.cache) / CACHE_SEGMENT_BYTES;

        /* Stopped: nothing is freed, and the next visit begins again at the oldest. */
        v = (struct visit){.m = &m, .stop_after = 10};
        cache_visit_oldest(&m.cache, visit_one, &v);
        g_assert_cmpuint(v.live, ==, 10);
        g_assert_cmpuint(v.last_age, ==, 10);
        /* Complete, but live entries are left. */
        v = (struct visit){.m = &m};
        cache_visit_oldest(&m.cache, visit_one, &v);
        g_assert_cmpuint(v.live, ==, CACHE_SEGMENT_BYTES / 1508);
        g_assert_cmpuint(cache_bytes(&m.cache), ==, segments * CACHE_SEGMENT_BYTES);
        /* Those whose page has left are shown, too. */
        leave(&m, 5);
        v = (struct visit){.m = &m};
        cache_visit_oldest(&m.cache, visit_one, &v);
        g_assert_cmpuint(v.seen, ==, v.live + 1);

        for (; segments; segments--) {
                v = (struct visit){.m = &m, .take = true};
                cache_visit_oldest(&m.cache, visit_one, &v);
                g_assert_cmpuint(v.live, >, 0);
                g_assert_cmpuint(cache_bytes(&m.cache), ==, (segments - 1) * CACHE_SEGMENT_BYTES);
        }
        g_assert_cmpuint(m.count, ==, 0);
        g_assert_cmpuint(m.cache.live_bytes, ==, 0);
        /* The one being filled was freed with the rest; a new one begins. */
        g_assert_true(insert(&m, 0, 100));
        check_entry(&m, 0);
        model_clear(&m);
}

static void test_visit_to_the_last(void)
{
        struct model m;
        struct visit v;

        /* Leaving one by one over several visits, as when the swap file takes a batch at a time. */
        model_init(&m, 400, 4);
        for (uint32_t page = 0; page < 300; page++)
                g_assert_true(insert(&m, page, 1000));
        for (uint64_t next = 1; m.count; next = v.last_age + 1) {
                v = (struct visit){.m = &m, .take = true, .stop_after = 7};
                cache_visit_oldest(&m.cache, visit_one, &v);
                if (v.live)
                        g_assert_cmpuint(v.last_age, <=, next + 6);
        }
        v = (struct visit){.m = &m};
        while (cache_bytes(&m.cache))
                cache_visit_oldest(&m.cache, visit_one, &v);
        model_clear(&m);
}

static void test_compaction(void)
{
        struct model m;
        uint64_t before;

        model_init(&m, 4000, 40);
        for (uint32_t page = 0; page < 4000; page++)
                g_assert_true(insert(&m, page, (uint16_t)(900 + page % 200)));
        before = cache_bytes(&m.cache);
        /* Below an eighth of holes nothing is moved. */
        for (uint32_t page = 0; page < 4000; page += 10)
                leave(&m, page);
        compact(&m);
        g_assert_cmpuint(m.moves, ==, 0);
        g_assert_cmpuint(cache_bytes(&m.cache), ==, before);

        for (uint32_t page = 0; page < 4000; page++) {
                if (page % 10 && page % 3)
                        leave(&m, page);
        }
        compact(&m);
        g_assert_cmpuint(m.moves, >, 0);
        check_all(&m);
        check_figures(&m);
        check_ages(&m);
        /* Down to a sixteenth, and what the segment being filled has left. */
        g_assert_cmpuint(cache_bytes(&m.cache), <=, m.cache.live_bytes * 16 / 15 + 2 * CACHE_SEGMENT_BYTES);

        drain(&m);
        model_clear(&m);
}

/*
 * Segments with holes between segments that are full, as when guests' work comes in waves: what the
 * holes of several have room for must come together all the same, and then there is nothing to do.
 */
static void check_compaction_between_full(unsigned leaving)
{
        const uint32_t pages = 6000, segments = 60;
        g_autofree uint32_t *segment = g_new0(uint32_t, pages);
        struct model m;
        uint64_t holes, moves;

        model_init(&m, pages, segments + 10);
        for (uint32_t page = 0; page < pages; page++) {
                /* Small ones between large ones, which find room where those do not. */
                g_assert_true(insert(&m, page, page % 5 ? 1000 : 40));
                segment[page] = m.cache.in_use;
        }
        for (uint32_t page = 0; page < pages; page++) {
                if (segment[page] % 2 == 0 && page % 100 < leaving)
                        leave(&m, page);
        }
        compact(&m);
        check_all(&m);
        holes = cache_bytes(&m.cache) - m.cache.live_bytes;
        g_test_message("%u in 100 left: %" PRIu64 " KiB of holes in %" PRIu64 " KiB", leaving, holes >> 10,
                       cache_bytes(&m.cache) >> 10);
        g_assert_cmpuint(holes, <=, cache_bytes(&m.cache) / 8 + CACHE_SEGMENT_BYTES);
        moves = m.moves;
        compact(&m);
        g_assert_cmpuint(m.moves, ==, moves);
        drain(&m);
        model_clear(&m);
}

static void test_compaction_between_full(void)
{
        for (unsigned leaving = 10; leaving < 100; leaving += 5)
                check_compaction_between_full(leaving);
}

/* No segment to copy into: nothing is lost, and what could be moved is. */
static void test_compaction_without_room(void)
{
        struct model m;
        uint32_t page = 0;

        model_init(&m, 4000, 16);
        while (insert(&m, page, 1000))
                page++;
        for (uint32_t p = 0; p < page; p += 2)
                leave(&m, p);
        compact(&m);
        check_all(&m);
        check_figures(&m);
        check_ages(&m);
        /* One segment freed is enough to begin with. */
        for (uint32_t p = 0; p < page && p < 131; p++) {
                if (m.entries[p].in)
                        leave(&m, p);
        }
        compact(&m);
        check_all(&m);
        check_ages(&m);
        g_assert_cmpuint(cache_bytes(&m.cache), <=, 9 * CACHE_SEGMENT_BYTES);
        model_clear(&m);
}

/* Memory is given back to the host when it is counted as given back. */
static void test_memory(void)
{
        const size_t segment_pages = CACHE_SEGMENT_BYTES / UNIT_PAGE;
        struct model m;
        size_t length;

        model_init(&m, 2000, 32);
        length = (size_t)m.cache.capacity * CACHE_SEGMENT_BYTES;
        g_assert_cmpuint(unit_pages_present(m.cache.base, length), ==, 0);
        for (uint32_t page = 0; page < 2000; page++)
                g_assert_true(insert(&m, page, 2000));
        g_assert_cmpuint(unit_pages_present(m.cache.base, length), <=, m.cache.in_use * segment_pages);
        g_assert_cmpuint(unit_pages_present(m.cache.base, length), >, (m.cache.in_use - 1) * segment_pages);

        for (uint32_t page = 0; page < 2000; page++) {
                if (page % 4)
                        leave(&m, page);
        }
        compact(&m);
        g_assert_cmpuint(m.cache.in_use, <=, 10);
        g_assert_cmpuint(unit_pages_present(m.cache.base, length), <=, m.cache.in_use * segment_pages);
        check_all(&m);
        while (cache_bytes(&m.cache)) {
                struct visit v = {.m = &m, .take = true};

                cache_visit_oldest(&m.cache, visit_one, &v);
        }
        g_assert_cmpuint(unit_pages_present(m.cache.base, length), ==, 0);
        model_clear(&m);
}

static void test_grow(void)
{
        struct model m;
        uint32_t page = 0;

        model_init(&m, 20000, 2);
        for (uint64_t segments = 3; segments < 100; segments += segments / 2) {
                while (insert(&m, page, 1200))
                        page++;
                if (page > 50)
                        leave(&m, page - 50);
                g_assert_cmpint(cache_reserve(&m.cache, segments * CACHE_SEGMENT_BYTES), ==, 0);
                g_assert_cmpuint(m.cache.capacity, ==, segments);
                /* Never less than before. */
                g_assert_cmpint(cache_reserve(&m.cache, CACHE_SEGMENT_BYTES), ==, 0);
                g_assert_cmpuint(m.cache.capacity, ==, segments);
                check_all(&m);
                check_ages(&m);
                g_assert_true(insert(&m, page++, 1200));
        }
        model_clear(&m);
}

/* Thousands of pages coming, leaving from anywhere, aging, being compacted, in no order. */
static void test_random(void)
{
        struct model m;
        uint64_t segments = 24;
        unsigned refusals = 0, visits = 0;

        model_init(&m, 6000, segments);
        m.refuse = 50;
        for (unsigned step = 0; step < 120000; step++) {
                uint32_t page = unit_below(&m.random, m.pages);
                unsigned what = unit_below(&m.random, 1000);

                if (what < 990) {
                        if (m.entries[page].in)
                                leave(&m, page);
                        else if (!insert(&m, page, (uint16_t)(1 + unit_below(&m.random, SIZE_MAX_STORED))))
                                refusals++;
                } else if (what < 995) {
                        struct visit v = {
                                .m = &m, .take = true, .stop_after = unit_below(&m.random, 2) * 20};

                        if (m.count > m.pages / 3)
                                cache_visit_oldest(&m.cache, visit_one, &v);
                        visits++;
                } else if (what < 999) {
                        compact(&m);
                } else if (segments < 40) {
                        segments++;
                        g_assert_cmpint(cache_reserve(&m.cache, segments * CACHE_SEGMENT_BYTES), ==, 0);
                }
                check_figures(&m);
                if (m.entries[page].in)
                        check_entry(&m, page);
                if (step % 500 == 0) {
                        check_all(&m);
                        check_ages(&m);
                }
        }
        g_test_message("%u times full, %u visits, %" PRIu64 " entries moved", refusals, visits, m.moves);
        g_assert_cmpuint(m.moves, >, 1000);
        g_assert_cmpuint(visits, >, 100);
        check_all(&m);
        drain(&m);
        model_clear(&m);
}

/* Sizes as guests' pages have under LZ4: many small ones, a broad middle, a few near the bound. */
static uint16_t realistic_size(uint64_t *state)
{
        unsigned kind = unit_below(state, 10);

        if (kind < 3)
                return (uint16_t)(60 + unit_below(state, 300));
        if (kind < 9)
                return (uint16_t)(400 + unit_below(state, 1200));
        return (uint16_t)(1600 + unit_below(state, 448));
}

/*
 * The cache is to take at most 1.2 times what is stored in it, at every moment: an eighth of holes,
 * a hundredth of heads, and the rest for what comes and goes between two compactions.
 */
static void test_waste(void)
{
        const double bound = 1.2;
        double worst = 0, sum = 0;
        unsigned measured = 0;
        struct model m;

        model_init(&m, 20000, 160);
        for (unsigned step = 0; step < 200000; step++) {
                uint32_t page = unit_below(&m.random, m.pages);

                if (m.entries[page].in)
                        leave(&m, page);
                else if (!insert(&m, page, realistic_size(&m.random)))
                        compact(&m);
                if (step % 64 == 0)
                        compact(&m);
                if (step > 30000 && step % 64 == 0) {
                        double waste = (double)cache_bytes(&m.cache) / (double)m.stored;

                        worst = MAX(worst, waste);
                        sum += waste;
                        measured++;
                }
        }
        g_test_message("used / stored: mean %.3f, worst %.3f", sum / measured, worst);
        g_assert_cmpfloat(worst, <=, bound);
        check_all(&m);
        model_clear(&m);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/cache/empty", test_empty);
        g_test_add_func("/cache/sizes", test_sizes);
        g_test_add_func("/cache/too-large", test_too_large);
        g_test_add_func("/cache/capacity", test_capacity);
        g_test_add_func("/cache/visit", test_visit);
        g_test_add_func("/cache/visit-to-the-last", test_visit_to_the_last);
        g_test_add_func("/cache/compaction", test_compaction);
        g_test_add_func("/cache/compaction-between-full", test_compaction_between_full);
        g_test_add_func("/cache/compaction-without-room", test_compaction_without_room);
        g_test_add_func("/cache/memory", test_memory);
        g_test_add_func("/cache/grow", test_grow);
        g_test_add_func("/cache/random", test_random);
        g_test_add_func("/cache/waste", test_waste);
        return g_test_run();
}
