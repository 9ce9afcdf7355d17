/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel's side of the comparison: MADV_PAGEOUT to the swap that bench/pager/run turned on. */
#include <err.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/macro.h"
#include "base/sys.h"
#include "sides.h"

/* Of an entry in /proc/PID/pagemap; see the kernel's admin-guide/mm/pagemap.rst. */
#define PAGEMAP_SWAPPED (1ull << 62)

#define DROP_TRIES 20

void kernel_side_new(struct kernel_side *side, const struct content *content)
{
        *side = (struct kernel_side){.pages = content->pages, .ram = map_pages(content->pages)};
        side->pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
        if (side->pagemap < 0)
                err(1, "/proc/self/pagemap");
        content_fill(content, side->ram);
}

static uint32_t count_out(const struct kernel_side *side, uint32_t pages)
{
        uint64_t entries[512];
        uint32_t out = 0;

        for (uint32_t i = 0; i < pages; i += ARRAY_LENGTH(entries)) {
                size_t n = MIN(pages - i, (uint32_t)ARRAY_LENGTH(entries));
                off_t at = (off_t)(((uintptr_t)side->ram / PAGE_BYTES + i) * sizeof(uint64_t));

                if (pread(side->pagemap, entries, n * sizeof(uint64_t), at) !=
                    (ssize_t)(n * sizeof(uint64_t)))
                        err(1, "/proc/self/pagemap");
                for (size_t k = 0; k < n; k++)
                        out += (entries[k] & PAGEMAP_SWAPPED) != 0;
        }
        return out;
}

static void page_out(struct kernel_side *side, uint32_t pages)
{
        if (madvise(side->ram, pages * PAGE_BYTES, MADV_PAGEOUT) < 0)
                err(1, "MADV_PAGEOUT");
}

struct evicted kernel_side_evict(struct kernel_side *side, uint32_t pages)
{
        uint64_t start = monotonic_ns(), end;

        page_out(side, pages);
        end = monotonic_ns();
        return (struct evicted){.pages = count_out(side, pages), .seconds = (double)(end - start) / 1e9};
}

/* One byte a page: bit 0 says that a copy is in memory, in the swap cache for a page that is out. */
static void residency(const struct kernel_side *side, uint32_t first, uint32_t count, unsigned char *ret_in)
{
        if (mincore(side->ram + first * PAGE_BYTES, count * PAGE_BYTES, ret_in) < 0)
                err(1, "mincore");
}

void kernel_side_drop_copies(struct kernel_side *side, uint32_t pages)
{
        unsigned char in[512];

        for (unsigned tries = 0; tries < DROP_TRIES; tries++) {
                uint32_t left = 0;

                for (uint32_t i = 0; i < pages; i += ARRAY_LENGTH(in)) {
                        uint32_t n = MIN(pages - i, (uint32_t)ARRAY_LENGTH(in));

                        residency(side, i, n, in);
                        for (uint32_t k = 0; k < n; k++) {
                                if (!(in[k] & 1))
                                        continue;
                                /* Mapped again by a read, and clean, it goes without being written. */
                                (void)*(volatile unsigned char *)(side->ram + (i + k) * PAGE_BYTES);
                                left++;
                        }
                }
                if (!left)
                        return;
                (void)usleep(100000);
                page_out(side, pages);
        }
}

bool kernel_side_is_out(const struct kernel_side *side, uint32_t page)
{
        unsigned char in;

        residency(side, page, 1, &in);
        return !(in & 1);
}

void kernel_side_free(struct kernel_side *side)
{
        (void)munmap(side->ram, side->pages * PAGE_BYTES);
        (void)close(side->pagemap);
        *side = (struct kernel_side){.pagemap = -1};
}
