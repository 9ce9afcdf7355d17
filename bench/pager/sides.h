/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The two sides that are compared, each with memory of the same content: the pager, and the
 * kernel with whatever swap is on. Both take pages from the memory's front on. And the least that any
 * pager outside of the kernel has to do.
 */
#pragma once

#include <aerostat/pager.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "content.h"

/* What left, and how long that took. */
struct evicted {
        uint32_t pages;
        double seconds;
};

struct pager_side {
        struct aerostat_pager *pager;
        unsigned char *ram;
        uint32_t pages;  /* filled */
        uint32_t mapped; /* the rest stays absent: under a limit above pages all pages fit */
        uint64_t limit;  /* pages, for the eviction */
};

struct pager_options {
        const char *swap_dir; /* NULL: none */
        uint32_t codec;
};

/* Fresh memory, filled, without a limit yet. */
void pager_side_new(struct pager_side *side, const struct content *content,
                    const struct pager_options *options);
/* Sets the limit; the time until it is reached, and the pages that had left by then. */
struct evicted pager_side_evict(struct pager_side *side);
/* Waits until the pager has nothing to do any more. */
void pager_side_settle(const struct pager_side *side);
/* Lifts the limit so far that what is touched next comes back without anything having to leave. */
void pager_side_make_room(const struct pager_side *side);
bool pager_side_is_out(const struct pager_side *side, uint32_t page);
/* Bytes of compressed data in the cache: its use, without the heads and ends of entries. */
uint64_t pager_side_payload(const struct pager_side *side);
struct aerostat_pager_stats pager_side_stats(const struct pager_side *side);
void pager_side_free(struct pager_side *side);

struct kernel_side {
        unsigned char *ram;
        uint32_t pages;
        int pagemap;
};

void kernel_side_new(struct kernel_side *side, const struct content *content);
/* Asks for the first pages of the memory to go. The count is of those that did. */
struct evicted kernel_side_evict(struct kernel_side *side, uint32_t pages);
/*
 * After a swap file that is written in the background: has the kernel give up its copies of the
 * pages that are on the disk, so that a touch has to read them.
 */
void kernel_side_drop_copies(struct kernel_side *side, uint32_t pages);
/* Whether it is out and no copy is left in the swap cache. */
bool kernel_side_is_out(const struct kernel_side *side, uint32_t page);
void kernel_side_free(struct kernel_side *side);

/* Two threads that answer each page fault with a page that is at hand, and do nothing else. */
struct bare_side {
        unsigned char *ram;
        uint32_t pages;
        int uffd;
        pthread_t thread[2];
};

void bare_side_new(struct bare_side *side, uint32_t pages);
void bare_side_free(struct bare_side *side);

/* Anonymous memory of small pages, as both sides get it. */
unsigned char *map_pages(uint32_t pages);
