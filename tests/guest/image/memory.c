/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fills memory, uses it as programs do, some of it often and most of it seldom, and checks it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "pagecheck.h"

struct memory {
        const struct options *options;
        uint8_t *bytes;
        uint32_t *generations; /* of each page; memory of this guest as well, and so under test */
        size_t stride;         /* see memory_pick() */
        uint64_t random;
};

static size_t common_divisor(size_t a, size_t b)
{
        while (b) {
                size_t rest = a % b;

                a = b;
                b = rest;
        }
        return a;
}

/*
 * The page of the next access. Ranks below the hot part are drawn most of the time. Rank r is page
 * r * stride: stride has no divisor in common with the number of pages, so every page has one rank,
 * and hot pages are spread all over the memory instead of being neighbours.
 */
static size_t memory_pick(struct memory *memory)
{
        const struct options *options = memory->options;
        size_t hot = options->pages * options->hot_pages_pct / 100, rank;

        if (hot == 0)
                hot = 1;
        if (hot == options->pages || next_random(&memory->random) % 100 < options->hot_accesses_pct)
                rank = next_random(&memory->random) % hot;
        else
                rank = hot + next_random(&memory->random) % (options->pages - hot);
        return rank * memory->stride % options->pages;
}

static struct identity memory_identity(const struct memory *memory, size_t page)
{
        return (struct identity){(uint32_t)page, memory->generations[page]};
}

static void memory_check(struct memory *memory, struct run *run, size_t page)
{
        (void)content_check(memory->options->seed, memory_identity(memory, page),
                            memory->bytes + page * PAGE_BYTES, page);
        run->checked++;
}

static void memory_rewrite(struct memory *memory, size_t page)
{
        memory->generations[page]++;
        content_write(memory->options->seed, memory_identity(memory, page),
                      memory->bytes + page * PAGE_BYTES);
}

static void memory_access(struct memory *memory, struct run *run)
{
        size_t page = memory_pick(memory);
        volatile uint64_t *first = (volatile uint64_t *)(void *)(memory->bytes + page * PAGE_BYTES);
        uint64_t draw = next_random(&memory->random);
        uint64_t started = now_ns();

        if (draw % 100 >= memory->options->writes_pct) {
                (void)*first;
                run_touched(run, now_ns() - started);
                memory_check(memory, run, page);
                run->reads++;
                return;
        }

        /* Half of the writes look first, the others hit the page without having read it. */
        if (draw >> 63) {
                (void)*first;
                run_touched(run, now_ns() - started);
                memory_check(memory, run, page);
        } else {
                *first = 0;
                run_touched(run, now_ns() - started);
        }
        memory_rewrite(memory, page);
        run->writes++;
}

enum status memory_run(const struct options *options)
{
        struct memory memory = {.options = options, .random = options->seed};
        size_t pages = options->pages;
        struct run run;
        double started = now();

        memory.bytes =
                mmap(NULL, pages * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        memory.generations = calloc(pages, sizeof(*memory.generations));
        if (memory.bytes == MAP_FAILED || memory.generations == NULL) {
                fprintf(stderr, "pagecheck: no memory for %zu pages: %s\n", pages, strerror(errno));
                return STATUS_BROKEN;
        }
        memory.stride = (size_t)((double)pages * 0.618) | 1;
        while (common_divisor(memory.stride, pages) != 1)
                memory.stride += 2;

        for (size_t page = 0; page < pages; page++)
                memory_rewrite(&memory, page);
        printf("pagecheck: filled=%zu seconds=%.4f\n", pages, now() - started);

        run_start(&run, options->seconds);
        while (run_goes_on(&run, options))
                memory_access(&memory, &run);

        for (size_t page = 0; page < pages; page++)
                memory_check(&memory, &run, page);
        return run_finish(&run, pages);
}
