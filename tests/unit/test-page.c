/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The record of a page: which steps it may take, its lock, and that its fields keep apart. */
#include "pager/page.h"

#include <glib.h>
#include <pthread.h>
#include <string.h>

/*
 * The diagram of page.h read off by hand, a row for each state that is left and a column for each
 * that is entered, in the diagram's order. It is not to be generated from page.c.
 */
static const struct {
        enum page_state from;
        const char *name;
        const char *to;
} diagram[] = {
        /*                              UARPSCWSRL */
        {PAGE_UNTRACKED, "untracked", ".xx......."}, {PAGE_ABSENT, "absent", "x.x......."},
        {PAGE_RESIDENT, "resident", "xx.xxxx..."},   {PAGE_PARKED, "parked", ".xx.xxx..."},
        {PAGE_SAME, "same", ".xx......."},           {PAGE_COMPRESSED, "compressed", ".xx...x..."},
        {PAGE_WRITING, "writing", ".xx....x.."},     {PAGE_SWAPPED, "swapped", ".x......x."},
        {PAGE_READING, "reading", ".xx....x.x"},     {PAGE_LOST, "lost", ".x........"},
};

static void test_steps(void)
{
        g_assert_cmpuint(G_N_ELEMENTS(diagram), ==, PAGE_STATES);
        for (size_t from = 0; from < PAGE_STATES; from++) {
                g_assert_cmpuint(diagram[from].from, ==, from);
                g_assert_cmpuint(strlen(diagram[from].to), ==, PAGE_STATES);
                for (size_t to = 0; to < PAGE_STATES; to++) {
                        bool legal = diagram[from].to[to] == 'x';

                        if (page_may_change((enum page_state)from, (enum page_state)to) == legal)
                                continue;
                        g_test_message("%s to %s is %s in page.c and %s in the diagram", diagram[from].name,
                                       diagram[to].name, legal ? "refused" : "allowed",
                                       legal ? "there" : "not there");
                        g_test_fail();
                }
        }
}

static void test_no_state(void)
{
        for (unsigned state = 0; state < PAGE_STATES; state++) {
                g_assert_false(page_may_change((enum page_state)state, PAGE_STATES));
                g_assert_false(page_may_change(PAGE_STATES, (enum page_state)state));
                g_assert_false(page_may_change((enum page_state)state, (enum page_state)PAGE_STATE_MASK));
        }
        g_assert_false(page_may_change((enum page_state)PAGE_STATE_MASK, PAGE_ABSENT));
}

static void test_names(void)
{
        for (size_t state = 0; state < PAGE_STATES; state++)
                g_assert_cmpstr(page_state_name((enum page_state)state), ==, diagram[state].name);
        g_assert_cmpstr(page_state_name(PAGE_STATES), ==, "unknown");
        g_assert_cmpstr(page_state_name((enum page_state)PAGE_STATE_MASK), ==, "unknown");
}

static void test_trylock(void)
{
        page_meta meta = PAGE_PARKED;

        g_assert_true(page_trylock(&meta));
        g_assert_false(page_trylock(&meta));
        page_unlock(&meta);
        page_lock(&meta);
        g_assert_false(page_trylock(&meta));
        page_unlock(&meta);
        g_assert_cmphex(meta, ==, PAGE_PARKED);
}

/* Every value of every field, beside all ones and all zeros in the rest of the word. */
static void test_fields(void)
{
        static const uint32_t rest[] = {0, UINT32_MAX};

        for (size_t i = 0; i < G_N_ELEMENTS(rest); i++) {
                for (unsigned heat = 0; heat <= 15; heat++) {
                        for (unsigned chances = 0; chances <= 15; chances++) {
                                page_meta meta = rest[i];

                                page_set_heat(&meta, heat, chances);
                                g_assert_cmpuint(meta_heat(meta), ==, heat);
                                g_assert_cmpuint(meta_chances(meta), ==, chances);
                                g_assert_cmphex(meta & 0xffff00ff, ==, rest[i] & 0xffff00ff);
                        }
                }
        }
        for (unsigned state = 0; state < PAGE_STATES; state++) {
                page_meta meta = 0xabcd0000 | 3u << PAGE_HEAT_SHIFT | 7u << PAGE_CHANCE_SHIFT |
                                 PAGE_SAMPLED | PAGE_PREFETCHED | state;

                for (int locked = 0; locked <= 1; locked++) {
                        g_assert_cmpuint(page_state(&meta), ==, state);
                        g_assert_cmpuint(meta_state(meta), ==, state);
                        g_assert_cmpuint(meta_heat(meta), ==, 3);
                        g_assert_cmpuint(meta_chances(meta), ==, 7);
                        g_assert_cmphex(meta_time(meta), ==, 0xabcd);
                        g_assert_true(meta & PAGE_SAMPLED);
                        g_assert_true(meta & PAGE_PREFETCHED);
                        g_assert_cmpint(!!(meta & PAGE_LOCKED), ==, locked);
                        if (!locked)
                                page_lock(&meta);
                }
        }
}

static void test_flags_apart(void)
{
        static const uint32_t fields[] = {
                PAGE_STATE_MASK,
                PAGE_LOCKED,
                PAGE_SAMPLED,
                PAGE_PREFETCHED,
                0xfu << PAGE_HEAT_SHIFT,
                0xfu << PAGE_CHANCE_SHIFT,
                0xffffu << PAGE_TIME_SHIFT,
        };
        uint32_t seen = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
                g_assert_cmphex(seen & fields[i], ==, 0);
                seen |= fields[i];
        }
        g_assert_cmpuint(PAGE_STATES, <=, PAGE_STATE_MASK + 1);
        /* The chances that the greatest heat gives fit their field. */
        g_assert_cmpuint((1u << PAGE_HEAT_MAX) - 1, <=, 15);
}

#define ROUNDS 50000u

struct contended {
        page_meta meta;
        uint64_t count; /* plain: the lock is all that guards it, and what ThreadSanitizer watches */
};

static void *increment(void *argument)
{
        struct contended *c = argument;

        for (unsigned i = 0; i < ROUNDS; i++) {
                if (i % 2) {
                        page_lock(&c->meta);
                } else {
                        while (!page_trylock(&c->meta))
                                (void)sched_yield();
                }
                c->count++;
                page_unlock(&c->meta);
        }
        return NULL;
}

/* Others set the record's other bits meanwhile, as a touch of a sampled page does. */
static void *disturb(void *argument)
{
        struct contended *c = argument;

        for (unsigned i = 0; i < ROUNDS; i++) {
                (void)atomic_fetch_or(&c->meta, PAGE_SAMPLED);
                (void)atomic_fetch_and(&c->meta, ~PAGE_SAMPLED);
        }
        return NULL;
}

static void test_threads(void)
{
        struct contended c = {.meta = PAGE_RESIDENT};
        pthread_t threads[3];

        g_assert_cmpint(pthread_create(&threads[0], NULL, increment, &c), ==, 0);
        g_assert_cmpint(pthread_create(&threads[1], NULL, increment, &c), ==, 0);
        g_assert_cmpint(pthread_create(&threads[2], NULL, disturb, &c), ==, 0);
        for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
                g_assert_cmpint(pthread_join(threads[i], NULL), ==, 0);
        g_assert_cmpuint(c.count, ==, 2 * ROUNDS);
        g_assert_cmphex(c.meta, ==, PAGE_RESIDENT);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/page/steps", test_steps);
        g_test_add_func("/page/no-state", test_no_state);
        g_test_add_func("/page/names", test_names);
        g_test_add_func("/page/trylock", test_trylock);
        g_test_add_func("/page/fields", test_fields);
        g_test_add_func("/page/flags-apart", test_flags_apart);
        g_test_add_func("/page/threads", test_threads);
        return g_test_run();
}
