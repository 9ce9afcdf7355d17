/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Touching pages that are out: in what order, from which threads and processors, and how long it takes. */
#include "touch.h"

#include <dirent.h>
#include <err.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "base/macro.h"
#include "base/sys.h"

#define TURN 32u /* pages: long enough for a burst of faults to be one */

void order_new(struct order *order, uint32_t most)
{
        *order = (struct order){.page = calloc(MAX(most, 1u), sizeof(*order->page))};
        if (!order->page)
                errx(1, "out of memory");
}

void order_add(struct order *order, uint32_t page)
{
        order->page[order->count++] = page;
}

void order_shuffle(struct order *order, uint64_t seed)
{
        for (uint32_t i = order->count; i > 1; i--) {
                uint32_t k, page = order->page[i - 1];

                /* Knuth's MMIX generator; its upper bits are the good ones. */
                seed = seed * 6364136223846793005u + 1442695040888963407u;
                k = (uint32_t)((seed >> 33) % i);
                order->page[i - 1] = order->page[k];
                order->page[k] = page;
        }
}

void order_free(struct order *order)
{
        free(order->page);
        *order = (struct order){};
}

static void touch(const unsigned char *ram, uint32_t page)
{
        (void)*(const volatile unsigned char *)(ram + page * PAGE_BYTES);
}

static int by_size(const void *a, const void *b)
{
        uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

        return x < y ? -1 : x > y;
}

static uint32_t *new_times(const struct order *order)
{
        uint32_t *ns = calloc(MAX(order->count, 1u), sizeof(*ns));

        if (!ns)
                errx(1, "out of memory");
        return ns;
}

static void take_times(const unsigned char *ram, const struct order *order, uint32_t from, uint32_t to,
                       uint32_t *ns)
{
        for (uint32_t i = from; i < to; i++) {
                uint64_t start = monotonic_ns();

                touch(ram, order->page[i]);
                ns[i] = (uint32_t)MIN(monotonic_ns() - start, (uint64_t)UINT32_MAX);
        }
}

/* Frees the times. */
static struct latency latency_of(uint32_t *ns, uint32_t count)
{
        struct latency latency = {};

        qsort(ns, count, sizeof(*ns), by_size);
        if (count)
                latency = (struct latency){.p50 = ns[count / 2], .p99 = ns[(uint64_t)count * 99 / 100]};
        free(ns);
        return latency;
}

struct latency touch_each(const unsigned char *ram, const struct order *order)
{
        uint32_t *ns = new_times(order);

        take_times(ram, order, 0, order->count, ns);
        return latency_of(ns, order->count);
}

void touch_in_turn(const unsigned char *first, const unsigned char *second, const struct order *order,
                   struct latency *ret_first, struct latency *ret_second)
{
        uint32_t *first_ns = new_times(order), *second_ns = new_times(order);

        for (uint32_t i = 0; i < order->count; i += TURN) {
                uint32_t end = MIN(i + TURN, order->count);

                take_times(first, order, i, end, first_ns);
                take_times(second, order, i, end, second_ns);
        }
        *ret_first = latency_of(first_ns, order->count);
        *ret_second = latency_of(second_ns, order->count);
}

double touch_all(const unsigned char *ram, const struct order *order)
{
        uint64_t start = monotonic_ns();

        for (uint32_t i = 0; i < order->count; i++)
                touch(ram, order->page[i]);
        return (double)(monotonic_ns() - start) / MAX(order->count, 1u);
}

struct half {
        const unsigned char *ram;
        struct order order;
        pthread_barrier_t *start;
        uint64_t began_ns, ended_ns;
};

static void *touch_half(void *argument)
{
        struct half *half = argument;

        (void)pthread_barrier_wait(half->start);
        half->began_ns = monotonic_ns();
        (void)touch_all(half->ram, &half->order);
        half->ended_ns = monotonic_ns();
        return NULL;
}

double touch_by_two(const unsigned char *ram, const struct order *order)
{
        uint32_t middle = order->count / 2;
        pthread_barrier_t start;
        struct half halves[2] = {
                {ram, {order->page, middle}, &start, 0, 0},
                {ram, {order->page + middle, order->count - middle}, &start, 0, 0},
        };
        pthread_t thread[2];

        (void)pthread_barrier_init(&start, NULL, 2);
        for (unsigned i = 0; i < 2; i++) {
                if (pthread_create(&thread[i], NULL, touch_half, &halves[i]) != 0)
                        errx(1, "no thread");
        }
        for (unsigned i = 0; i < 2; i++)
                (void)pthread_join(thread[i], NULL);
        (void)pthread_barrier_destroy(&start);
        return (double)(MAX(halves[0].ended_ns, halves[1].ended_ns) -
                        MIN(halves[0].began_ns, halves[1].began_ns)) /
               1e9;
}

void pin_process(bool pin)
{
        static cpu_set_t all;
        struct dirent *entry;
        cpu_set_t one;
        DIR *tasks;

        if (!CPU_COUNT(&all) && sched_getaffinity(0, sizeof(all), &all) < 0)
                err(1, "sched_getaffinity");
        CPU_ZERO(&one);
        for (int cpu = CPU_SETSIZE - 1; cpu >= 0 && !CPU_COUNT(&one); cpu--) {
                if (CPU_ISSET(cpu, &all))
                        CPU_SET(cpu, &one);
        }
        tasks = opendir("/proc/self/task");
        if (!tasks)
                err(1, "/proc/self/task");
        while ((entry = readdir(tasks))) {
                pid_t thread = (pid_t)atoi(entry->d_name);

                if (thread && sched_setaffinity(thread, sizeof(one), pin ? &one : &all) < 0)
                        err(1, "sched_setaffinity");
        }
        (void)closedir(tasks);
}
