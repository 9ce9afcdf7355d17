/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pager's side of the comparison. It looks inside the pager where the API has no figure. */
#include <err.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "base/macro.h"
#include "base/sys.h"
#include "pager/pager.h"
#include "sides.h"

#define POLL_US   50
#define SETTLE_US 300000 /* more than a tick of the reclaim thread */
#define LIMIT_MIN 4096u  /* pages */

unsigned char *map_pages(uint32_t pages)
{
        void *ram =
                mmap(NULL, pages * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (ram == MAP_FAILED)
                err(1, "mmap");
        if (madvise(ram, pages * PAGE_BYTES, MADV_NOHUGEPAGE) < 0)
                err(1, "MADV_NOHUGEPAGE");
        return ram;
}

/*
 * The lowest limit at which the cache's bound, half of the limit, is not in the way: with fraction
 * r kept of what leaves, x pages leaving from n, the limit is n - x + r x and the cache r x.
 */
static uint64_t lowest_limit(const struct content *content, uint32_t codec)
{
        double r = codec == AEROSTAT_PAGER_CODEC_OFF ? 0 : content->compressed_fraction;
        uint64_t limit = (uint64_t)(1.08 * content->pages * 2 * r / (1 + r));

        return MAX(limit, content->pages / 8u) + LIMIT_MIN / 8;
}

void pager_side_new(struct pager_side *side, const struct content *content,
                    const struct pager_options *options)
{
        char reason[AEROSTAT_PAGER_REASON_MAX] = "";
        struct aerostat_pager_config config;

        *side = (struct pager_side){.pages = content->pages,
                                    .mapped = content->pages + content->pages / 2 + LIMIT_MIN,
                                    .limit = MAX(lowest_limit(content, options->codec), LIMIT_MIN / 4)};
        aerostat_pager_config_init(&config);
        config.swap_dir = options->swap_dir;
        config.codec = options->codec;
        config.cache_pct = 100;
        config.sample_period_ms = 0;
        side->ram = map_pages(side->mapped);
        content_fill(content, side->ram);
        if (aerostat_pager_new(&config, &side->pager, reason) < 0 ||
            aerostat_pager_add_range(side->pager, side->ram, side->mapped * PAGE_BYTES, reason) < 0)
                errx(1, "%s", reason);
}

static uint64_t in_state(const struct pager_side *side, enum page_state state)
{
        return atomic_load_explicit(&side->pager->in_state[state], memory_order_relaxed);
}

/* Away for good: what is parked, or being written, still takes memory. */
static uint32_t count_out(const struct pager_side *side)
{
        return (uint32_t)(in_state(side, PAGE_SAME) + in_state(side, PAGE_COMPRESSED) +
                          in_state(side, PAGE_SWAPPED));
}

struct evicted pager_side_evict(struct pager_side *side)
{
        uint64_t start = monotonic_ns(), end = start;
        struct evicted evicted = {};

        if (aerostat_pager_set_limit(side->pager, side->limit * PAGE_BYTES) < 0)
                errx(1, "the pager does not take a limit of %ju pages", (uintmax_t)side->limit);
        /* Until the memory has been looked over nothing is consumed. */
        do {
                (void)usleep(POLL_US);
                evicted.pages = count_out(side);
                end = monotonic_ns();
                if (end - start > 60000000000u)
                        errx(1, "the pager does not reach its limit: %s", pager_side_stats(side).reason);
        } while (!evicted.pages || pager_consumed_pages(side->pager) > side->limit);
        evicted.seconds = (double)(end - start) / 1e9;
        return evicted;
}

void pager_side_settle(const struct pager_side *side)
{
        do
                (void)usleep(SETTLE_US);
        while (in_state(side, PAGE_WRITING) + in_state(side, PAGE_READING));
}

void pager_side_make_room(const struct pager_side *side)
{
        uint64_t pages = side->pages + side->pages / 4 + LIMIT_MIN / 2;

        if (aerostat_pager_set_limit(side->pager, pages * PAGE_BYTES) < 0)
                errx(1, "the pager does not take a limit of %ju pages", (uintmax_t)pages);
}

bool pager_side_is_out(const struct pager_side *side, uint32_t page)
{
        enum page_state state =
                page_state(ref_meta(page_at(side->pager, (uintptr_t)side->ram + page * PAGE_BYTES)));

        return state == PAGE_SAME || state == PAGE_COMPRESSED || state == PAGE_SWAPPED;
}

uint64_t pager_side_payload(const struct pager_side *side)
{
        uint64_t bytes = 0;

        for (uint32_t i = 0; i < side->pages; i++) {
                struct page_ref ref = page_at(side->pager, (uintptr_t)side->ram + i * PAGE_BYTES);

                page_lock(ref_meta(ref));
                if (page_state(ref_meta(ref)) == PAGE_COMPRESSED)
                        bytes += cache_size(*ref_payload(ref));
                page_unlock(ref_meta(ref));
        }
        return bytes;
}

struct aerostat_pager_stats pager_side_stats(const struct pager_side *side)
{
        struct aerostat_pager_stats stats;

        aerostat_pager_get_stats(side->pager, &stats);
        return stats;
}

void pager_side_free(struct pager_side *side)
{
        aerostat_pager_free(side->pager);
        (void)munmap(side->ram, side->mapped * PAGE_BYTES);
        *side = (struct pager_side){};
}
