/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of workload share: its memory, its histogram, its port. */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* memory.c: the pages, whose content is that of pagecheck's, and single accesses to them. */

struct memory {
        uint8_t *bytes;
        uint32_t *generations; /* of each page; memory of this guest as well, and so under test */
        size_t pages;
        size_t stride; /* see memory_pick() */
        uint64_t seed;
        uint64_t random;
        size_t next; /* of a stream through all pages */
        uint64_t reads, writes;
};

bool memory_new(struct memory *memory, size_t pages, uint64_t seed);
void memory_fill(struct memory *memory);
/* A page of the working set: a tenth of its pages takes nine tenths of the accesses. */
size_t memory_pick(struct memory *memory, size_t working_set_pages);
/* The pages one after the other, from the beginning again after the last. */
size_t memory_stream(struct memory *memory);
/* Checks every byte of the page and, three times of ten, writes it anew. */
void memory_access(struct memory *memory, size_t page);
void memory_check(struct memory *memory, size_t page);

/*
 * histogram.c: logarithmic buckets, 16 to each power of two, so that a value is known to 6 %.
 * Bucket i of 16 and more begins at (16 + i % 16) << (i / 16 - 1) ns; those below hold one value.
 */
#define HISTOGRAM_BUCKETS 640u

struct histogram {
        uint64_t count[HISTOGRAM_BUCKETS];
        uint64_t worst_ns;
};

void histogram_add(struct histogram *histogram, uint64_t ns, uint64_t times);
/* Accesses that were due every period_ns up to now and did not happen: the longest waits first_ns. */
void histogram_add_missed(struct histogram *histogram, uint64_t first_ns, uint64_t period_ns);
/* Lines "histogram ROLE BUCKET:COUNT ..." and "worst ROLE NS". */
void histogram_print(const struct histogram *histogram, unsigned role);

/* port.c: lines from and to the host. */

bool port_open(const char *path);
/* The next line, or NULL when there is none within timeout_ms (-1: for ever). */
char *port_line(int timeout_ms);

#endif
