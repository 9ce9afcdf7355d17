/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of pagecheck share: the content of pages, the run of a check, the options. */
#ifndef PAGECHECK_H
#define PAGECHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_BYTES 4096u
#define PAGE_WORDS (PAGE_BYTES / sizeof(uint64_t))

struct options {
        size_t pages;
        double seconds; /* 0: until told to stop */
        uint64_t seed;
        unsigned hot_pages_pct;    /* this part of the pages ... */
        unsigned hot_accesses_pct; /* ... takes this part of the accesses */
        unsigned writes_pct;
        uint64_t rate;     /* accesses a second, 0: as many as possible */
        uint64_t accesses; /* in all, 0: no end to them */
        const char *device;
        uint64_t device_offset;
};

enum status {
        STATUS_RIGHT = 0,
        STATUS_MISMATCH = 1,
        STATUS_USAGE = 2,
        STATUS_BROKEN = 3, /* could not run, or not to the end */
};

/* content.c */

enum content_class {
        CLASS_ZERO,
        CLASS_SAME,         /* every word is the tag */
        CLASS_COMMON,       /* the same in all guests, whatever their seed */
        CLASS_COMPRESSIBLE, /* 2:1 to 4:1 */
        CLASS_INCOMPRESSIBLE,
};

/*
 * How many of 100 pages are of which class, each program's own. A page may change its class with
 * each write, as it does in a real guest.
 */
struct content_share {
        unsigned below; /* the sum of this share and those before it; 100 ends the list */
        enum content_class class;
        unsigned noise[2]; /* words of each even and odd cache line that do not repeat, of 8 */
};

extern const struct content_share content_shares[];

/*
 * Whose content a page has. Everything in a page follows from this and the seed, so a page that
 * lost a write, is a stale copy, or was swapped with another differs from what is expected.
 */
struct identity {
        uint32_t page;
        uint32_t generation; /* from 1: a page that was never written is always wrong */
};

uint64_t mix(uint64_t value);
/* Successive values of a generator whose state is *state; never repeats within 2^64 calls. */
uint64_t next_random(uint64_t *state);

void content_write(uint64_t seed, struct identity id, void *page);
/* Says on standard output what is wrong, unless too much was said already, and counts it. */
bool content_check(uint64_t seed, struct identity id, const void *page, size_t position);

extern uint64_t mismatches;

/* run.c */

struct run {
        double started, ends; /* ends 0: never */
        double next_report;
        uint64_t reads, writes;
        uint64_t checked;      /* pages compared, in all */
        uint32_t latency[128]; /* since the last report, see run_touched() */
        uint64_t worst_ns;
};

double now(void);
uint64_t now_ns(void);
/* Makes SIGTERM, SIGINT and SIGHUP end the run early but in order, with the last check. */
void run_catch_signals(void);
void run_start(struct run *run, double seconds);
/* False when it is over; reports once a second; waits where the rate asks for it. */
bool run_goes_on(struct run *run, const struct options *options);
/* Notes how long the first touch of a page took. */
void run_touched(struct run *run, uint64_t ns);
/* The last line; returns the exit status. */
enum status run_finish(struct run *run, size_t last_pass);

/* memory.c, odirect.c */

enum status memory_run(const struct options *options);
enum status odirect_run(const struct options *options);

#endif
