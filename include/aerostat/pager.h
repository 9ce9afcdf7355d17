/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libaerostat-pager: keeps the guest memory of one virtual machine within a limit of host memory. */
#ifndef AEROSTAT_PAGER_H
#define AEROSTAT_PAGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * One pager serves one VMM process. Every function may be called from any thread that holds no
 * lock which a thread touching guest memory may wait for, unless it says otherwise. Functions
 * return 0 or a negative errno value and leave their ret_ parameters untouched on failure.
 *
 * Memory is counted in bytes and handled in pages of 4096 bytes.
 */

#define AEROSTAT_PAGER_NAME_MAX         64
#define AEROSTAT_PAGER_REASON_MAX       192
#define AEROSTAT_PAGER_LATENCY_BUCKETS  24
#define AEROSTAT_PAGER_SAMPLE_PAGES_MAX 1024

/* No limit: the guest may have all its memory in host memory. */
#define AEROSTAT_PAGER_UNLIMITED UINT64_MAX

enum aerostat_pager_codec {
        AEROSTAT_PAGER_CODEC_OFF = 0, /* no compression cache: victims go straight to swap */
        AEROSTAT_PAGER_CODEC_LZ4 = 1,
        AEROSTAT_PAGER_CODEC_ZSTD = 2,
};

/* What a page's fault had to do; index of the counters and histograms below. */
enum aerostat_pager_fault {
        AEROSTAT_PAGER_FAULT_ZERO = 0,   /* first touch of an absent page */
        AEROSTAT_PAGER_FAULT_PARKED,     /* moved back */
        AEROSTAT_PAGER_FAULT_SAME,       /* filled with its one value */
        AEROSTAT_PAGER_FAULT_COMPRESSED, /* decompressed */
        AEROSTAT_PAGER_FAULT_SWAPPED,    /* read from the swap file, or caught on its way there */
        AEROSTAT_PAGER_FAULT_PROTECTED,  /* write to a shared page that was being evicted */
        AEROSTAT_PAGER_FAULT_RACED,      /* already resolved when it was looked at */
        AEROSTAT_PAGER_FAULT_KINDS
};

struct aerostat_pager_config {
        const char *name;           /* shown in messages and by the CLI; NULL: the process id */
        const char *swap_dir;       /* directory of the swap file; NULL: no swap file */
        const char *socket_path;    /* control socket; NULL: none. See <aerostat/pager-protocol.h> */
        uint64_t limit_bytes;       /* AEROSTAT_PAGER_UNLIMITED, or at least 4 MiB */
        uint64_t reservation_bytes; /* part of guest memory for which no swap space is kept */
        uint32_t cache_pct;         /* bound of the compression cache, percent of guest memory, 0..100 */
        uint32_t codec;             /* enum aerostat_pager_codec */
        uint32_t sample_period_ms;  /* working-set sampling; 0: off, else 1000..3600000 */
        uint32_t sample_pages;      /* 1..AEROSTAT_PAGER_SAMPLE_PAGES_MAX */

        /*
         * Called at most once, from a thread of the pager, when a page of the guest is lost (its
         * swap page came back wrong or not at all). The guest thread that needs it stays blocked.
         * Must not touch guest memory and must end the VM. NULL: the reason is written to standard
         * error and the process ends with status 74 (EX_IOERR), at once.
         */
        void (*on_fatal)(void *userdata, const char *reason);
        void *userdata;
};

struct aerostat_pager_stats {
        char name[AEROSTAT_PAGER_NAME_MAX];
        char reason[AEROSTAT_PAGER_REASON_MAX]; /* why something is not managed or degraded, else "" */
        uint64_t pid;
        uint64_t uptime_ms;

        uint64_t memory_bytes;      /* guest memory under management */
        uint64_t unmanaged_bytes;   /* guest memory offered that could not be managed */
        uint64_t limit_bytes;       /* as set */
        uint64_t reservation_bytes; /* as set */
        uint64_t consumed_bytes;    /* what counts against the limit: resident + parked + cache +
                                     * pages on their way to or from swap - saved by sharing */

        /* The states' guest bytes; they add up to memory_bytes. */
        uint64_t absent_bytes; /* never touched, or given back by the balloon */
        uint64_t resident_bytes;
        uint64_t parked_bytes;
        uint64_t same_bytes;       /* all words equal; no storage */
        uint64_t compressed_bytes; /* guest bytes, before compression */
        uint64_t writing_bytes;    /* on their way to the swap file */
        uint64_t swapped_bytes;
        uint64_t reading_bytes; /* on their way back */

        uint64_t shared_bytes;       /* part of resident_bytes that KSM shares */
        uint64_t shared_saved_bytes; /* host memory that this sharing saves, at least */

        uint64_t cache_bytes;       /* host memory of the compression cache, everything included */
        uint64_t cache_live_bytes;  /* of that, compressed pages */
        uint64_t cache_limit_bytes; /* its bound */
        uint64_t swap_file_bytes;
        uint64_t swap_used_bytes;
        uint64_t records_bytes; /* the pager's own records and buffers */

        uint32_t cache_pct;
        uint32_t codec;
        uint32_t sample_period_ms;
        uint32_t sample_pages;

        /* Working set (Waldspurger, OSDI 2002, section 5.3): the largest of three estimates. */
        uint64_t active_bytes;
        uint64_t active_slow_bytes;    /* slow moving average over periods */
        uint64_t active_fast_bytes;    /* fast moving average over periods */
        uint64_t active_current_bytes; /* the period under way */
        uint64_t sample_periods;       /* periods completed */

        /* Pages since start. */
        uint64_t parks;
        uint64_t unparks; /* parked pages that were touched: the second chance was taken */
        uint64_t compressions;
        uint64_t decompressions;
        uint64_t same_pages;
        uint64_t incompressible; /* did not shrink to half */
        uint64_t swap_outs;
        uint64_t swap_ins;
        uint64_t prefetched;     /* brought back beside a page that was touched */
        uint64_t discards;       /* given back by the guest */
        uint64_t busy;           /* could not be taken: pinned for I/O or shared */
        uint64_t limit_overruns; /* faults served above the limit because nothing could be evicted */
        uint64_t swap_errors;    /* writes and reads that failed */

        uint64_t faults[AEROSTAT_PAGER_FAULT_KINDS];
        /*
         * latency[kind][i]: faults that took from the pager's reading of the event to the page being
         * there, less than 2^(i+8) ns and at least 2^(i+7) ns (i = 0: any shorter; the last: any longer).
         */
        uint64_t latency[AEROSTAT_PAGER_FAULT_KINDS][AEROSTAT_PAGER_LATENCY_BUCKETS];
};

struct aerostat_pager;

#pragma GCC visibility push(default)

/* Fills in the defaults: unlimited, LZ4, cache of 10 %, sampling of 100 pages every 60 s. */
void aerostat_pager_config_init(struct aerostat_pager_config *config);

/*
 * Starts a pager. The strings of config are copied.
 *   -EINVAL  a value is out of its range
 *   -ENOSYS  the kernel lacks userfaultfd with UFFDIO_MOVE (Linux 6.8)
 *   -EPERM   no right to handle faults taken in the kernel (see /dev/userfaultfd)
 *   -ENOMEM, or the error of creating the socket
 * On failure reason (may be NULL; AEROSTAT_PAGER_REASON_MAX bytes) gets one line: what, why, and
 * what would mend it.
 */
int aerostat_pager_new(const struct aerostat_pager_config *config, struct aerostat_pager **ret_pager,
                       char *reason);

/*
 * Takes over private anonymous memory of this process as guest memory. Grows the swap file by the
 * size. addr and length are multiples of 4096. The memory gets MADV_DONTFORK.
 *   -EINVAL      unaligned, or overlaps a range already there (the same range again returns 0)
 *   -ENOTSUP     this memory cannot be managed (shared, file-backed, huge pages, locked)
 *   -ENOSPC      the swap file cannot be made that large
 *   -E2BIG       more ranges or more memory than the pager can hold
 * reason as above.
 */
int aerostat_pager_add_range(struct aerostat_pager *pager, void *addr, size_t length, char *reason);

/*
 * Brings back every page of the range that starts at addr and lets go of it. May exceed the limit.
 * -ENOENT when there is no such range; -EIO when a page was lost; -EAGAIN when the kernel would not
 * let go of it (the range is still managed).
 */
int aerostat_pager_remove_range(struct aerostat_pager *pager, void *addr);

/*
 * The VMM's own "these pages' content is not needed any more": does madvise(MADV_DONTNEED) on the
 * part of guest memory given and frees whatever is held for it. A later touch reads zeros. A VMM
 * that calls madvise() itself while linked to the preloadable library need not call this.
 */
int aerostat_pager_discard(struct aerostat_pager *pager, void *addr, size_t length);

/* Settings of a running pager; values as in the config. Each takes effect at once. */
/* The first limit takes the time to look at all of guest memory once. */
int aerostat_pager_set_limit(struct aerostat_pager *pager, uint64_t limit_bytes);
/* -ENOSPC: the swap file cannot grow by what the reservation gives up; -EBUSY: pages are there. */
int aerostat_pager_set_reservation(struct aerostat_pager *pager, uint64_t reservation_bytes);
int aerostat_pager_set_cache_pct(struct aerostat_pager *pager, uint32_t cache_pct);
int aerostat_pager_set_codec(struct aerostat_pager *pager, uint32_t codec);
int aerostat_pager_set_sampling(struct aerostat_pager *pager, uint32_t period_ms, uint32_t pages);

/*
 * Whether KSM may share guest memory with whatever is like it on this host: of all ranges, and of those
 * to come. Not to be called for memory that is not private to guests. Off parts what is shared, which
 * takes memory and about a second for each GiB of it; the limit is kept meanwhile as for any other growth.
 *   -ENOMEM  memory ran out while parting; what is parted stays so
 *   -ENOTSUP on, but this kernel has no KSM
 */
int aerostat_pager_set_mergeable(struct aerostat_pager *pager, bool mergeable);

/* A snapshot; figures taken one after the other while the guest runs. */
void aerostat_pager_get_stats(struct aerostat_pager *pager, struct aerostat_pager_stats *ret_stats);

/* Brings everything back, lets go of all ranges, ends the pager's threads, removes swap and socket. */
void aerostat_pager_free(struct aerostat_pager *pager);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
