/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory of the workload: filled, picked from and accessed, every byte checked each time. */
#include <stdlib.h>
#include <sys/mman.h>

#include "pagecheck.h"
#include "workload.h"

#define HOT_PAGES_PCT    10
#define HOT_ACCESSES_PCT 90
#define WRITES_PCT       30

/*
 * Untouched memory aside, a guest at work has about a third that is files' pages and programs (here
 * the part common to all guests, 1.7:1, and some of the incompressible), heaps that compress 2:1 to
 * 5:1, and pages of zeros. All in all LZ4 makes less than half of it.
 */
const struct content_share content_shares[] = {
        {12, CLASS_ZERO, {0, 0}},
        {15, CLASS_SAME, {0, 0}},
        {35, CLASS_COMMON, {4, 4}},
        {55, CLASS_COMPRESSIBLE, {3, 3}},
        {75, CLASS_COMPRESSIBLE, {2, 2}},
        {85, CLASS_COMPRESSIBLE, {1, 1}},
        {100, CLASS_INCOMPRESSIBLE, {8, 8}},
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

bool memory_new(struct memory *memory, size_t pages, uint64_t seed)
{
        *memory = (struct memory){.pages = pages, .seed = seed, .random = seed};
        memory->bytes =
                mmap(NULL, pages * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        memory->generations = calloc(pages, sizeof(*memory->generations));
        if (memory->bytes == MAP_FAILED || memory->generations == NULL)
                return false;
        memory->stride = (size_t)((double)pages * 0.618) | 1;
        while (common_divisor(memory->stride, pages) != 1)
                memory->stride += 2;
        return true;
}

static uint8_t *memory_page(const struct memory *memory, size_t page)
{
        return memory->bytes + page * PAGE_BYTES;
}

static struct identity memory_identity(const struct memory *memory, size_t page)
{
        return (struct identity){(uint32_t)page, memory->generations[page]};
}

static void memory_rewrite(struct memory *memory, size_t page)
{
        memory->generations[page]++;
        content_write(memory->seed, memory_identity(memory, page), memory_page(memory, page));
}

void memory_fill(struct memory *memory)
{
        for (size_t page = 0; page < memory->pages; page++)
                memory_rewrite(memory, page);
}

/*
 * Rank r is page r * stride: stride and the number of pages have no divisor in common, so every
 * page has one rank, and the working set is spread all over the memory.
 */
size_t memory_pick(struct memory *memory, size_t working_set_pages)
{
        size_t hot = working_set_pages * HOT_PAGES_PCT / 100, rank;

        if (next_random(&memory->random) % 100 < HOT_ACCESSES_PCT && hot > 0)
                rank = next_random(&memory->random) % hot;
        else
                rank = hot + next_random(&memory->random) % (working_set_pages - hot);
        return rank * memory->stride % memory->pages;
}

size_t memory_stream(struct memory *memory)
{
        size_t page = memory->next++;

        memory->next %= memory->pages;
        return page;
}

void memory_check(struct memory *memory, size_t page)
{
        (void)content_check(memory->seed, memory_identity(memory, page), memory_page(memory, page), page);
}

void memory_access(struct memory *memory, size_t page)
{
        memory_check(memory, page);
        if (next_random(&memory->random) % 100 < WRITES_PCT) {
                memory_rewrite(memory, page);
                memory->writes++;
        } else {
                memory->reads++;
        }
}
