/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Latencies in logarithmic buckets, as the host reads them. */
#include <inttypes.h>
#include <stdio.h>

#include "workload.h"

#define PER_LINE 32

static unsigned bucket_of(uint64_t ns)
{
        unsigned power, bucket;

        if (ns < 16)
                return (unsigned)ns;
        power = 63 - (unsigned)__builtin_clzll(ns);
        bucket = (power - 3) * 16 + (unsigned)(ns >> (power - 4) & 15);
        return bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1;
}

void histogram_add(struct histogram *histogram, uint64_t ns, uint64_t times)
{
        histogram->count[bucket_of(ns)] += times;
        if (ns > histogram->worst_ns)
                histogram->worst_ns = ns;
}

void histogram_add_missed(struct histogram *histogram, uint64_t first_ns, uint64_t period_ns)
{
        for (uint64_t left = first_ns; left >= period_ns; left -= period_ns)
                histogram_add(histogram, left, 1);
}

void histogram_print(const struct histogram *histogram, unsigned role)
{
        unsigned printed = 0;

        for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
                if (!histogram->count[i])
                        continue;
                if (printed % PER_LINE == 0)
                        printf("%shistogram %u", printed ? "\n" : "", role);
                printf(" %u:%" PRIu64, i, histogram->count[i]);
                printed++;
        }
        printf("%sworst %u %" PRIu64 "\n", printed ? "\n" : "", role, histogram->worst_ns);
}
