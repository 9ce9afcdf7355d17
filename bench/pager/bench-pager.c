/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Measures the pager beside the kernel's swap, in pairs of runs over the same pages. Prints what it
 * measured, a line each, for bench/pager/run, which turns the kernel's swap on and off and does the
 * arithmetic:
 *   figure KEY VALUE               of the pager alone, or about the content
 *   pair KEY NUMBER PAGER KERNEL   both sides' value in one pair of runs
 */
#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "base/sys.h"
#include "pager/pager.h"
#include "sides.h"
#include "touch.h"

#define PAIRS_MAX    100
#define WASTE_ROUNDS 2u

/* So far apart that no touch brings along what another one touches: the kernel reads clusters of 8. */
#define DISK_TOUCH_APART 16u

struct options {
        struct content content;
        unsigned pairs;
        uint32_t pages;
        const char *zram; /* the device's name; for its figures */
        const char *swap_dir;
};

static void print_figure(const char *key, double value)
{
        (void)printf("figure %s %.6g\n", key, value);
        (void)fflush(stdout);
}

static void print_pair(const char *key, unsigned pair, double pager, double kernel)
{
        (void)printf("pair %s %u %.6g %.6g\n", key, pair, pager, kernel);
        (void)fflush(stdout);
}

static void print_content(const struct content *content, const char *prefix)
{
        static const char *const names[] = {"zero", "same", "compressible", "incompressible"};
        char key[64];

        for (unsigned i = 0; i < KINDS; i++) {
                (void)snprintf(key, sizeof(key), "%spages_%s", prefix, names[i]);
                print_figure(key, content->kinds[i]);
        }
        (void)snprintf(key, sizeof(key), "%spages", prefix);
        print_figure(key, content->pages);
        (void)snprintf(key, sizeof(key), "%spages_distinct", prefix);
        print_figure(key, (double)MIN(content->distinct, (uint64_t)content->pages));
}

/* Host memory that zram takes for what is in it, its allocator's holes included. */
static uint64_t zram_used_bytes(const struct options *options)
{
        uint64_t original, compressed, used;
        char path[128];
        FILE *f;
        int n;

        (void)snprintf(path, sizeof(path), "/sys/block/%s/mm_stat", options->zram);
        f = fopen(path, "re");
        if (!f)
                err(1, "%s", path);
        n = fscanf(f, "%" SCNu64 " %" SCNu64 " %" SCNu64, &original, &compressed, &used);
        (void)fclose(f);
        if (n != 3)
                errx(1, "%s: not as expected", path);
        return used;
}

/* Which side goes first changes from pair to pair. */
#define IN_TURN(pair, pager_first, kernel_second) \
        do {                                      \
                if ((pair) % 2 == 0) {            \
                        pager_first;              \
                        kernel_second;            \
                } else {                          \
                        kernel_second;            \
                        pager_first;              \
                }                                 \
        } while (0)

struct sides {
        struct pager_side pager;
        struct kernel_side kernel;
        uint32_t out; /* both sides evicted the pages from 0 to here, or nearly all of them */
};

/* The pages in [from, to) that are out on both sides; skip: every which one is taken. */
static struct order order_out(const struct sides *sides, uint32_t from, uint32_t to, uint32_t skip)
{
        struct order order;

        order_new(&order, (to - from) / skip + 1);
        for (uint32_t i = from; i < to; i += skip) {
                if (pager_side_is_out(&sides->pager, i) && kernel_side_is_out(&sides->kernel, i))
                        order_add(&order, i);
        }
        return order;
}

static void random_touches(const struct sides *sides, unsigned pair, const char *key, struct order *order)
{
        struct latency pager = {}, kernel = {};
        char name[64];

        order_shuffle(order, pair + 1);
        IN_TURN(pair, pager = touch_each(sides->pager.ram, order),
                kernel = touch_each(sides->kernel.ram, order));
        (void)snprintf(name, sizeof(name), "%s_p50_ns", key);
        print_pair(name, pair, pager.p50, kernel.p50);
        (void)snprintf(name, sizeof(name), "%s_p99_ns", key);
        print_pair(name, pair, pager.p99, kernel.p99);
}

/* In small turns: a shared disk is quick and slow by turns itself. */
static void random_touches_on_disk(const struct sides *sides, unsigned pair, struct order *order)
{
        struct latency pager = {}, kernel = {};

        order_shuffle(order, pair + 1);
        if (pair % 2 == 0)
                touch_in_turn(sides->pager.ram, sides->kernel.ram, order, &pager, &kernel);
        else
                touch_in_turn(sides->kernel.ram, sides->pager.ram, order, &kernel, &pager);
        print_pair("refault_disk_p50_ns", pair, pager.p50, kernel.p50);
        print_pair("refault_disk_p99_ns", pair, pager.p99, kernel.p99);
}

static void ordered_touches(const struct sides *sides, unsigned pair, const char *key,
                            const struct order *order)
{
        double pager = 0, kernel = 0;

        IN_TURN(pair, pager = touch_all(sides->pager.ram, order),
                kernel = touch_all(sides->kernel.ram, order));
        print_pair(key, pair, pager, kernel);
}

static void two_threads(const struct sides *sides, unsigned pair, struct order *order)
{
        struct aerostat_pager_stats before, after;
        double pager = 0, kernel = 0, faults = 0;

        order_shuffle(order, pair + 1);
        before = pager_side_stats(&sides->pager);
        IN_TURN(pair, pager = touch_by_two(sides->pager.ram, order),
                kernel = touch_by_two(sides->kernel.ram, order));
        after = pager_side_stats(&sides->pager);
        for (unsigned i = AEROSTAT_PAGER_FAULT_SAME; i <= AEROSTAT_PAGER_FAULT_COMPRESSED; i++)
                faults += (double)(after.faults[i] - before.faults[i]);
        print_pair("faults_per_s", pair, faults / pager, order->count / kernel);
        print_pair("regain_pages_per_s", pair, order->count / pager, order->count / kernel);
        print_pair("faults_per_s_prefetched", pair, (double)(after.prefetched - before.prefetched), 0);
}

/* How quick it was to evict on both sides, and what memory that left in use. */
static void print_eviction(const struct sides *sides, const struct evicted *pager,
                           const struct evicted *kernel, uint64_t zram_bytes, unsigned pair,
                           const char *prefix)
{
        struct aerostat_pager_stats stats = pager_side_stats(&sides->pager);
        uint64_t out_all = (stats.same_bytes + stats.compressed_bytes + stats.swapped_bytes) / PAGE_BYTES;
        char key[64];

        (void)snprintf(key, sizeof(key), "%sevict_pages_per_s", prefix);
        print_pair(key, pair, pager->pages / pager->seconds, kernel->pages / kernel->seconds);
        (void)snprintf(key, sizeof(key), "%sevicted_pages", prefix);
        print_pair(key, pair, pager->pages, kernel->pages);
        (void)snprintf(key, sizeof(key), "%sstored_bytes_per_byte", prefix);
        print_pair(key, pair, (double)stats.cache_bytes / ((double)out_all * PAGE_BYTES),
                   (double)zram_bytes / (kernel->pages * (double)PAGE_BYTES));
        (void)snprintf(key, sizeof(key), "%sto_swap_file", prefix);
        print_pair(key, pair, (double)(stats.swapped_bytes / PAGE_BYTES), 0);
        (void)snprintf(key, sizeof(key), "%swaste_filled", prefix);
        print_pair(key, pair, 1 - (double)pager_side_payload(&sides->pager) / (double)stats.cache_bytes, 0);
}

/* Fills both sides and evicts; prefix: of the keys that are printed of it, NULL for none. */
static void evict_both(struct sides *sides, const struct options *options, unsigned pair, const char *prefix,
                       const struct pager_options *pager_options)
{
        struct evicted pager, kernel;
        uint64_t zram_before = zram_used_bytes(options);

        pager_side_new(&sides->pager, &options->content, pager_options);
        kernel_side_new(&sides->kernel, &options->content);
        /* The pager goes first: how many it takes is not known before. */
        pager = pager_side_evict(&sides->pager);
        pager_side_settle(&sides->pager);
        kernel = kernel_side_evict(&sides->kernel, pager.pages);
        sides->out = pager.pages;
        if (prefix)
                print_eviction(sides, &pager, &kernel, zram_used_bytes(options) - zram_before, pair, prefix);
}

static void free_both(struct sides *sides)
{
        pager_side_free(&sides->pager);
        kernel_side_free(&sides->kernel);
}

/*
 * Each kind of touch has an eviction of its own: a burst of faults makes the pager bring others back, those
 * that left last first. So where each touch is to be a fault, it is of the eighth that left first: part.
 */
static struct order evict_for_touches(struct sides *sides, const struct options *options, unsigned pair,
                                      const char *prefix, uint32_t part)
{
        const struct pager_options pager_options = {.codec = AEROSTAT_PAGER_CODEC_LZ4};

        evict_both(sides, options, pair, prefix, &pager_options);
        pager_side_make_room(&sides->pager);
        return order_out(sides, 0, sides->out / part, 1);
}

static void end_touches(struct sides *sides, struct order *order)
{
        order_free(order);
        free_both(sides);
}

static void refaults(const struct options *options, unsigned pair)
{
        struct sides sides;
        struct order order;

        order = evict_for_touches(&sides, options, pair, "", 8);
        random_touches(&sides, pair, "refault_random", &order);
        end_touches(&sides, &order);

        order = evict_for_touches(&sides, options, pair, NULL, 8);
        pin_process(true);
        random_touches(&sides, pair, "refault_random_pinned", &order);
        pin_process(false);
        end_touches(&sides, &order);

        order = evict_for_touches(&sides, options, pair, NULL, 1);
        ordered_touches(&sides, pair, "refault_ordered_ns", &order);
        end_touches(&sides, &order);

        order = evict_for_touches(&sides, options, pair, NULL, 1);
        two_threads(&sides, pair, &order);
        end_touches(&sides, &order);
}

/* The least that faults cost outside of the kernel, of one thread and of two, in the same minutes. */
static void bare_faults(const struct options *options, unsigned pair)
{
        uint32_t half = options->pages / 2;
        struct bare_side side;
        struct order order;

        order_new(&order, half);
        for (uint32_t i = 0; i < half; i++)
                order_add(&order, i);
        order_shuffle(&order, pair + 1);
        bare_side_new(&side, options->pages);
        print_pair("bare_p50_ns", pair, touch_each(side.ram, &order).p50, 0);
        for (uint32_t i = 0; i < half; i++)
                order.page[i] += half;
        print_pair("bare_faults_per_s", pair, half / touch_by_two(side.ram, &order), 0);
        bare_side_free(&side);
        order_free(&order);
}

/* The pager under its limit, its guest touching all pages at random: what that does to the cache. */
static void churn(const struct options *options, unsigned pair)
{
        const struct pager_options pager_options = {.codec = AEROSTAT_PAGER_CODEC_LZ4};
        struct aerostat_pager_stats stats;
        struct pager_side side;
        struct order order;

        pager_side_new(&side, &options->content, &pager_options);
        (void)pager_side_evict(&side);
        order_new(&order, side.pages);
        for (uint32_t i = 0; i < side.pages; i++)
                order_add(&order, i);
        for (unsigned round = 0; round < WASTE_ROUNDS; round++) {
                order_shuffle(&order, pair * WASTE_ROUNDS + round + 1);
                (void)touch_all(side.ram, &order);
        }
        pager_side_settle(&side);
        stats = pager_side_stats(&side);
        print_pair("waste_churned", pair, 1 - (double)pager_side_payload(&side) / (double)stats.cache_bytes,
                   0);
        order_free(&order);
        pager_side_free(&side);
}

static void part_cache(struct options *options)
{
        content_pick(&options->content, options->pages, PICK_FOR_MEMORY);
        print_content(&options->content, "");
        for (unsigned pair = 0; pair < options->pairs; pair++) {
                refaults(options, pair);
                bare_faults(options, pair);
                churn(options, pair);
        }
}

/* With the pages that do not compress: the pager's swap file takes them, zram holds them as they are. */
static void part_all(struct options *options)
{
        const struct pager_options pager_options = {.codec = AEROSTAT_PAGER_CODEC_LZ4,
                                                    .swap_dir = options->swap_dir};

        content_pick(&options->content, options->pages, PICK_ALL);
        print_content(&options->content, "all_");
        for (unsigned pair = 0; pair < options->pairs; pair++) {
                struct sides sides;

                evict_both(&sides, options, pair, "all_", &pager_options);
                free_both(&sides);
        }
}

/* Everything in the pager's swap file, against the kernel's on the same disk. */
static void part_disk(struct options *options)
{
        const struct pager_options pager_options = {.codec = AEROSTAT_PAGER_CODEC_OFF,
                                                    .swap_dir = options->swap_dir};

        content_pick(&options->content, options->pages, PICK_FOR_DISK);
        for (unsigned pair = 0; pair < options->pairs; pair++) {
                struct evicted pager, kernel;
                struct sides sides;
                struct order order;
                uint32_t random_end;

                pager_side_new(&sides.pager, &options->content, &pager_options);
                kernel_side_new(&sides.kernel, &options->content);
                pager = pager_side_evict(&sides.pager);
                pager_side_settle(&sides.pager);
                kernel = kernel_side_evict(&sides.kernel, pager.pages);
                kernel_side_drop_copies(&sides.kernel, pager.pages);
                print_pair("disk_evicted_pages", pair, pager.pages, kernel.pages);

                pager_side_make_room(&sides.pager);
                random_end = pager.pages / 3 * 2;
                order = order_out(&sides, 0, random_end, DISK_TOUCH_APART);
                print_pair("disk_random_touches", pair, order.count, order.count);
                random_touches_on_disk(&sides, pair, &order);
                order_free(&order);
                order = order_out(&sides, random_end, pager.pages, 1);
                print_pair("disk_ordered_touches", pair, order.count, order.count);
                ordered_touches(&sides, pair, "refault_ordered_disk_ns", &order);
                order_free(&order);
                free_both(&sides);
        }
}

static uint64_t page_table_bytes(void)
{
        FILE *f = fopen("/proc/self/status", "re");
        uint64_t kib = 0;
        char line[256];

        if (!f)
                err(1, "/proc/self/status");
        while (fgets(line, sizeof(line), f))
                (void)sscanf(line, "VmPTE: %" SCNu64, &kib);
        (void)fclose(f);
        return KIB(kib);
}

/* Of a mapping, what is in memory. */
static uint64_t resident_bytes(void *addr, size_t length)
{
        size_t pages = DIV_ROUND_UP(length, PAGE_BYTES);
        unsigned char *in = calloc(pages, 1);
        uint64_t bytes = 0;

        if (!in || mincore(addr, length, in) < 0)
                err(1, "mincore");
        for (size_t i = 0; i < pages; i++)
                bytes += (in[i] & 1) * PAGE_BYTES;
        free(in);
        return bytes;
}

/* What the pager's records take, by its own account and by the kernel's. */
static void part_metadata(struct options *options)
{
        const struct pager_options pager_options = {.codec = AEROSTAT_PAGER_CODEC_LZ4};
        struct aerostat_pager_stats stats;
        struct pager_side side;
        const struct range *range;
        uint64_t tables, resident;

        content_pick(&options->content, options->pages, PICK_FOR_MEMORY);
        pager_side_new(&side, &options->content, &pager_options);
        tables = page_table_bytes();
        (void)pager_side_evict(&side);
        pager_side_make_room(&side);
        for (uint32_t i = 0; i < side.pages; i++)
                (void)*(volatile unsigned char *)(side.ram + i * PAGE_BYTES);
        /* Once more, so that those that did not leave the first time had their turn. */
        (void)pager_side_evict(&side);
        pager_side_settle(&side);
        stats = pager_side_stats(&side);
        range = &side.pager->ranges[0];
        resident = resident_bytes(range->payload, range->pages * (sizeof(uint64_t) + sizeof(page_meta))) +
                   resident_bytes(side.pager->park.owner, side.pager->park.ring_slots * sizeof(uint32_t));
        print_figure("metadata_memory_bytes", (double)stats.memory_bytes);
        print_figure("metadata_bytes_per_page",
                     (double)stats.records_bytes / ((double)stats.memory_bytes / PAGE_BYTES));
        /* The absent part of the memory has records that were never touched. */
        print_figure("metadata_resident_bytes_per_page", (double)resident / side.pages);
        print_figure("metadata_page_table_bytes_per_page",
                     ((double)page_table_bytes() - (double)tables) / side.pages);
        pager_side_free(&side);
}

static const char usage[] = "usage: bench-pager --content FILE --part cache|all|disk|metadata\n"
                            "                   [--pairs N] [--pages N] [--zram DEVICE] [--swap-dir DIR]\n"
                            "To be started by bench/pager/run, which turns the kernel's swap on.\n";

static unsigned number(const char *text, unsigned most)
{
        char *end;
        unsigned long value = strtoul(text, &end, 10);

        if (*end || !value || value > most) {
                (void)fputs(usage, stderr);
                exit(2);
        }
        return (unsigned)value;
}

int main(int argc, char **argv)
{
        static const struct option names[] = {
                {"content", required_argument, NULL, 'c'},
                {"part", required_argument, NULL, 'p'},
                {"pairs", required_argument, NULL, 'n'},
                {"pages", required_argument, NULL, 'm'},
                {"zram", required_argument, NULL, 'z'},
                {"swap-dir", required_argument, NULL, 's'},
                {NULL, 0, NULL, 0},
        };
        static const struct {
                const char *name;
                void (*run)(struct options *options);
        } parts[] = {
                {"cache", part_cache}, {"all", part_all}, {"disk", part_disk}, {"metadata", part_metadata}};
        struct options options = {.pairs = 5, .pages = 49152, .zram = "zram0", .swap_dir = "/var/tmp"};
        const char *content = NULL, *part = "";
        int option;

        while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
                switch (option) {
                case 'c':
                        content = optarg;
                        break;
                case 'p':
                        part = optarg;
                        break;
                case 'n':
                        options.pairs = number(optarg, PAIRS_MAX);
                        break;
                case 'm':
                        options.pages = number(optarg, 1u << 24);
                        break;
                case 'z':
                        options.zram = optarg;
                        break;
                case 's':
                        options.swap_dir = optarg;
                        break;
                default:
                        (void)fputs(usage, stderr);
                        return 2;
                }
        }
        for (unsigned i = 0; content && i < ARRAY_LENGTH(parts); i++) {
                if (strcmp(part, parts[i].name) == 0) {
                        content_open(&options.content, content);
                        parts[i].run(&options);
                        return 0;
                }
        }
        (void)fputs(usage, stderr);
        return 2;
}
