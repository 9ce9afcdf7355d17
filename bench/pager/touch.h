/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Touching pages that are out: in what order, from which threads and processors, and how long it takes. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Numbers of pages, in the order in which they are touched. */
struct order {
        uint32_t *page;
        uint32_t count;
};

void order_new(struct order *order, uint32_t most);
void order_add(struct order *order, uint32_t page);
/* The same every time for the same seed. */
void order_shuffle(struct order *order, uint64_t seed);
void order_free(struct order *order);

/* Latency of each touch, in ns. */
struct latency {
        double p50, p99;
};

struct latency touch_each(const unsigned char *ram, const struct order *order);
/*
 * The same for the same pages of two memories, some of the one and some of the other in turn: what
 * else goes on at the machine and its disk meets both.
 */
void touch_in_turn(const unsigned char *first, const unsigned char *second, const struct order *order,
                   struct latency *ret_first, struct latency *ret_second);
/* Mean ns of a touch, all of them timed as one. */
double touch_all(const unsigned char *ram, const struct order *order);
/* Two threads, each half of the order. Seconds until both are done. */
double touch_by_two(const unsigned char *ram, const struct order *order);

/* Keeps every thread of this process on one processor, or (false) lets them run on all again. */
void pin_process(bool pin);
