/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pager as a whole: its making and end, its ranges, settings and figures. */
#include "pager/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

#include "base/macro.h"
#include "pager/control.h"
#include "pager/fault.h"
#include "pager/handler.h"
#include "pager/memory_kind.h"
#include "pager/uffd.h"

#define LIMIT_MIN      MIB(4)
#define PATIENCE_NS    30000000000u
#define PARK_RING_PART 4u /* of guest memory: the ring's slots */

uint64_t pager_limit_pages(struct aerostat_pager *pager)
{
        uint64_t limit = atomic_load_explicit(&pager->limit, memory_order_relaxed) / PAGE_BYTES;

        return limit >= atomic_load_explicit(&pager->pages, memory_order_relaxed) ? UINT64_MAX : limit;
}

/* Never more than half of what the limit allows: the guest works with the other half. */
uint64_t pager_cache_limit(struct aerostat_pager *pager)
{
        uint64_t bound = atomic_load_explicit(&pager->pages, memory_order_relaxed) * PAGE_BYTES / 100 *
                         atomic_load_explicit(&pager->cache_pct, memory_order_relaxed);

        return MIN(bound, atomic_load_explicit(&pager->limit, memory_order_relaxed) / 2);
}

void aerostat_pager_config_init(struct aerostat_pager_config *config)
{
        *config = (struct aerostat_pager_config){
                .limit_bytes = AEROSTAT_PAGER_UNLIMITED,
                .cache_pct = 10,
                .codec = AEROSTAT_PAGER_CODEC_LZ4,
                .sample_period_ms = 60000,
                .sample_pages = 100,
        };
}

static bool limit_valid(uint64_t limit)
{
        return limit >= LIMIT_MIN;
}

static bool sampling_valid(uint32_t period_ms, uint32_t pages)
{
        return (!period_ms || (period_ms >= 1000 && period_ms <= 3600000)) && pages >= 1 &&
               pages <= AEROSTAT_PAGER_SAMPLE_PAGES_MAX;
}

/* One line about what failed first; later causes are its consequences. */
static int refuse(char *reason, int error, const char *format, ...) __attribute__((format(printf, 3, 4)));
static int refuse(char *reason, int error, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        (void)vsnprintf(reason, AEROSTAT_PAGER_REASON_MAX, format, args);
        va_end(args);
        return error;
}

static int check_config(const struct aerostat_pager_config *config, char *reason)
{
        if (!limit_valid(config->limit_bytes))
                return refuse(reason, -EINVAL, "limit: must be at least 4 MiB");
        if (config->cache_pct > 100)
                return refuse(reason, -EINVAL, "cache: must be 0 to 100 percent of guest memory");
        if (config->codec > AEROSTAT_PAGER_CODEC_ZSTD)
                return refuse(reason, -EINVAL, "codec: must be off, lz4 or zstd");
        if (!sampling_valid(config->sample_period_ms, config->sample_pages))
                return refuse(reason, -EINVAL, "sampling: period must be 0 or 1 to 3600 s, pages 1 to %d",
                              AEROSTAT_PAGER_SAMPLE_PAGES_MAX);
        return 0;
}

/* What aerostat_pager_new() has made so far. */
static void destroy(struct aerostat_pager *pager)
{
        control_stop(pager->control);
        reclaim_stop(pager);
        /* Before the swap thread, which may have to finish a read for them. */
        handlers_stop(pager->handlers);
        swap_free(pager->swap);
        for (unsigned i = 0; i < pager->n_ranges; i++) {
                struct range *range = &pager->ranges[i];

                if (range->pages)
                        range_unmap_records(range);
        }
        cache_free(&pager->cache);
        park_free(&pager->park);
        if (pager->pagemap >= 0)
                (void)close(pager->pagemap);
        if (pager->uffd >= 0)
                (void)close(pager->uffd);
        if (pager->burst_event >= 0)
                (void)close(pager->burst_event);
        (void)pthread_mutex_destroy(&pager->settings);
        (void)pthread_mutex_destroy(&pager->reasons.lock);
        (void)pthread_mutex_destroy(&pager->reclaim_lock);
        (void)pthread_rwlock_destroy(&pager->ranges_lock);
        free(pager);
}

int aerostat_pager_new(const struct aerostat_pager_config *config, struct aerostat_pager **ret_pager,
                       char *reason)
{
        char ignored[AEROSTAT_PAGER_REASON_MAX];
        struct aerostat_pager *pager;
        int r;

        if (!reason)
                reason = ignored;
        r = check_config(config, reason);
        if (r < 0)
                return r;
        pager = calloc(1, sizeof(*pager));
        if (!pager)
                return refuse(reason, -ENOMEM, "out of memory");
        pager->uffd = pager->pagemap = pager->burst_event = -1;
        pager->started_ns = monotonic_ns();
        pager->patience_ns = PATIENCE_NS;
        pager->on_fatal = config->on_fatal;
        pager->userdata = config->userdata;
        pager->limit = config->limit_bytes;
        pager->reservation = config->reservation_bytes;
        pager->cache_pct = config->cache_pct;
        pager->codec = config->codec;
        pager->sample_period_ms = config->sample_period_ms;
        pager->sample_pages = config->sample_pages;
        if (config->name && config->name[0])
                (void)snprintf(pager->name, sizeof(pager->name), "%s", config->name);
        else
                (void)snprintf(pager->name, sizeof(pager->name), "%d", getpid());
        (void)pthread_mutex_init(&pager->settings, NULL);
        (void)pthread_mutex_init(&pager->reasons.lock, NULL);
        (void)pthread_mutex_init(&pager->reclaim_lock, NULL);
        (void)pthread_rwlock_init(&pager->ranges_lock, NULL);

        r = uffd_open(&pager->uffd, reason, AEROSTAT_PAGER_REASON_MAX);
        if (r < 0)
                goto fail;
        pager->burst_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (pager->burst_event < 0) {
                r = refuse(reason, -errno, "eventfd: %s", strerror(errno));
                goto fail;
        }
        pager->pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
        if (pager->pagemap < 0) {
                r = refuse(reason, -errno, "/proc/self/pagemap: %s", strerror(errno));
                goto fail;
        }
        if (config->swap_dir) {
                const struct swap_events events = {fault_swap_written, fault_swap_read, pager};

                r = swap_new(config->swap_dir, &events, &pager->swap, reason, AEROSTAT_PAGER_REASON_MAX);
                if (r < 0)
                        goto fail;
        }
        r = handlers_start(pager, &pager->handlers);
        if (r == 0)
                r = reclaim_start(pager);
        if (r < 0) {
                (void)refuse(reason, r, "the pager's threads cannot be started: %s", strerror(-r));
                goto fail;
        }
        if (config->socket_path) {
                r = control_start(pager, config->socket_path, &pager->control);
                if (r < 0) {
                        (void)refuse(reason, r, "control socket %.100s: %s", config->socket_path,
                                     strerror(-r));
                        goto fail;
                }
        }
        *ret_pager = pager;
        return 0;
fail:
        destroy(pager);
        return r;
}

static uint64_t swap_pages_wanted(uint64_t pages, uint64_t reservation)
{
        uint64_t kept = reservation / PAGE_BYTES;

        return pages > kept ? pages - kept : 0;
}

static int resize_swap(struct aerostat_pager *pager, uint64_t pages, uint64_t reservation, char *reason)
{
        uint64_t missing = 0, want = swap_pages_wanted(pages, reservation);
        int r;

        if (!pager->swap || want == swap_pages(pager->swap))
                return 0;
        r = swap_resize(pager->swap, want, &missing);
        if (r == -ENOSPC)
                return refuse(reason, r,
                              "swap file: %" PRIu64 " MiB are missing for its %" PRIu64
                              " MiB (guest memory less reservation); free space, or raise the reservation",
                              DIV_ROUND_UP(missing, MIB(1)), DIV_ROUND_UP(want * PAGE_BYTES, MIB(1)));
        if (r == -EBUSY)
                return refuse(reason, r,
                              "swap file: pages are in the part that would be cut off; "
                              "raise the limit first so that they come back");
        if (r < 0)
                return refuse(reason, r, "swap file: %s", strerror(-r));
        return 0;
}

/* Finds a slot for a range, and numbers for its pages. */
static struct range *free_range(struct aerostat_pager *pager, uint32_t pages, uint32_t *ret_first)
{
        struct range *found = NULL;
        uint64_t first = 0;
        bool moved;

        for (unsigned i = 0; i < RANGES_MAX && !found; i++) {
                if (!pager->ranges[i].pages)
                        found = &pager->ranges[i];
        }
        /* The lowest number from which on there are that many free. */
        do {
                moved = false;
                for (unsigned i = 0; i < pager->n_ranges; i++) {
                        const struct range *r = &pager->ranges[i];

                        if (r->pages && first < (uint64_t)r->first + r->pages && r->first < first + pages) {
                                first = (uint64_t)r->first + r->pages;
                                moved = true;
                        }
                }
        } while (moved);
        if (!found || first + pages > UINT32_MAX)
                return NULL;
        *ret_first = (uint32_t)first;
        return found;
}

/* A few segments more than the bound: for the one being filled, and to compact into. */
static int reserve_cache(struct aerostat_pager *pager, uint64_t pages, uint32_t cache_pct)
{
        return cache_reserve(&pager->cache,
                             pages * PAGE_BYTES / 100 * cache_pct + 8 * (uint64_t)CACHE_SEGMENT_BYTES);
}

/* Ring and cache as large as this much guest memory needs them. */
static int fit_to_memory(struct aerostat_pager *pager, uint64_t pages, uint32_t cache_pct)
{
        uint64_t ring = CLAMP(pages / PARK_RING_PART, 256u, (uint64_t)UINT32_MAX / 2);
        int r;

        reclaim_unpark_all(pager);
        sample_end(pager);
        pager->sample.started_ns = 0;
        /* Cache and ring may move: nobody may be reading from them. */
        (void)pthread_rwlock_wrlock(&pager->ranges_lock);
        r = reserve_cache(pager, pages, cache_pct);
        if (r == 0 && ring != pager->park.ring_slots)
                r = park_resize(&pager->park, pager->uffd, (uint32_t)ring, AEROSTAT_PAGER_SAMPLE_PAGES_MAX);
        (void)pthread_rwlock_unlock(&pager->ranges_lock);
        return r;
}

static int add_range_locked(struct aerostat_pager *pager, uintptr_t addr, size_t length, char *reason)
{
        uint64_t total = atomic_load(&pager->pages) + length / PAGE_BYTES;
        struct range new = {.addr = addr, .pages = (uint32_t)(length / PAGE_BYTES)};
        struct range *range;
        int r;

        for (unsigned i = 0; i < pager->n_ranges; i++) {
                const struct range *old = &pager->ranges[i];
                uintptr_t end = old->addr + (uint64_t)old->pages * PAGE_BYTES;

                if (!old->pages || addr >= end || addr + length <= old->addr)
                        continue;
                if (addr == old->addr && new.pages == old->pages)
                        return 0;
                return refuse(reason, -EINVAL, "guest memory: overlaps a range that is already managed");
        }
        range = free_range(pager, new.pages, &new.first);
        if (!range || total > UINT32_MAX)
                return refuse(reason, -E2BIG, "guest memory: more than %d ranges or 16 TiB", RANGES_MAX);
        r = memory_kind_check(addr, length, reason, AEROSTAT_PAGER_REASON_MAX);
        if (r < 0)
                return r;
        /* What registers once does so later, when there is a limit; huge pages stay until then. */
        r = uffd_register(pager->uffd, addr, length, true);
        if (r < 0)
                return refuse(reason, -ENOTSUP, "guest memory cannot be managed: userfaultfd: %s",
                              strerror(-r));
        (void)uffd_unregister(pager->uffd, addr, length);
        r = resize_swap(pager, total, atomic_load(&pager->reservation), reason);
        if (r < 0)
                return r;
        r = range_map_records(&new);
        if (r == 0) {
                r = fit_to_memory(pager, total, atomic_load(&pager->cache_pct));
                if (r < 0)
                        range_unmap_records(&new);
        }
        if (r < 0) {
                uint64_t ignore;

                if (pager->swap)
                        (void)swap_resize(pager->swap,
                                          swap_pages_wanted(atomic_load(&pager->pages), pager->reservation),
                                          &ignore);
                return refuse(reason, r, "guest memory: no memory for its records: %s", strerror(-r));
        }
        (void)sys_madvise((void *)addr, length, MADV_DONTFORK);
        /*
         * The kernel merges neighbouring mappings again only if they have their reverse map in
         * common: let it make one now, by a first page, before the range is ever registered in parts.
         */
        (void)sys_madvise((void *)addr, PAGE_BYTES, MADV_POPULATE_WRITE);
        (void)pthread_rwlock_wrlock(&pager->ranges_lock);
        *range = new;
        pager->n_ranges = MAX(pager->n_ranges, (unsigned)(range - pager->ranges) + 1);
        (void)pthread_rwlock_unlock(&pager->ranges_lock);
        atomic_fetch_add(&pager->in_state[PAGE_UNTRACKED], new.pages);
        atomic_store(&pager->pages, total);
        reclaim_arm(pager);
        return 0;
}

int aerostat_pager_add_range(struct aerostat_pager *pager, void *addr, size_t length, char *reason)
{
        char ignored[AEROSTAT_PAGER_REASON_MAX];
        int r;

        if (!reason)
                reason = ignored;
        if (!length || ((uintptr_t)addr | length) % PAGE_BYTES || (uintptr_t)addr + length < (uintptr_t)addr)
                return refuse(reason, -EINVAL, "guest memory: address and length must be multiples of 4096");
        if (length / PAGE_BYTES >= UINT32_MAX)
                return refuse(reason, -E2BIG, "guest memory: more than 16 TiB");
        (void)pthread_mutex_lock(&pager->settings);
        (void)pthread_mutex_lock(&pager->reclaim_lock);
        r = add_range_locked(pager, (uintptr_t)addr, length, reason);
        (void)pthread_mutex_unlock(&pager->reclaim_lock);
        (void)pthread_mutex_unlock(&pager->settings);
        if (r < 0)
                reason_refused(pager, (uintptr_t)addr, length, reason);
        else
                reason_not_refused(pager, (uintptr_t)addr, length);
        if (r == 0 && atomic_load(&pager->unmergeable))
                (void)sys_madvise(addr, length, MADV_UNMERGEABLE);
        reclaim_kick(pager);
        return r;
}

static int remove_range_locked(struct aerostat_pager *pager, struct range *range)
{
        uint32_t pages = range->pages;
        uint64_t ignore;
        int r;

        sample_end(pager);
        reclaim_unpark_all(pager);
        r = reclaim_restore_range(pager, range);
        if (r < 0)
                return r;
        range->all_armed = false;
        range->any_armed = true;
        if (!range_disarm(pager, range))
                return -EAGAIN;
        (void)pthread_rwlock_wrlock(&pager->ranges_lock);
        share_forget_range(pager, range);
        atomic_fetch_sub(&pager->in_state[PAGE_UNTRACKED], pages);
        range_unmap_records(range);
        (void)pthread_rwlock_unlock(&pager->ranges_lock);
        atomic_fetch_sub(&pager->pages, pages);
        /* Slots in use keep the file as large as it is; it shrinks with the next change. */
        if (pager->swap)
                (void)swap_resize(pager->swap,
                                  swap_pages_wanted(atomic_load(&pager->pages), pager->reservation),
                                  &ignore);
        return 0;
}

int aerostat_pager_remove_range(struct aerostat_pager *pager, void *addr)
{
        int r = -ENOENT;

        (void)pthread_mutex_lock(&pager->settings);
        (void)pthread_mutex_lock(&pager->reclaim_lock);
        for (unsigned i = 0; i < pager->n_ranges && r == -ENOENT; i++) {
                if (pager->ranges[i].pages && pager->ranges[i].addr == (uintptr_t)addr)
                        r = remove_range_locked(pager, &pager->ranges[i]);
        }
        (void)pthread_mutex_unlock(&pager->reclaim_lock);
        (void)pthread_mutex_unlock(&pager->settings);
        return r;
}

/* Discards neighbouring pages of one range, at most a chunk. */
static int discard_run(struct aerostat_pager *pager, struct page_ref first, uint32_t count)
{
        struct range *range = first.range;
        int r;

        for (uint32_t i = 0; i < count; i++)
                page_lock(&range->meta[first.index + i]);
        r = sys_madvise((void *)ref_addr(first), count * PAGE_BYTES, MADV_DONTNEED) < 0 ? -errno : 0;
        for (uint32_t i = 0; i < count; i++) {
                struct page_ref ref = {range, first.index + i};
                enum page_state state = page_state(ref_meta(ref));

                if (r == 0)
                        share_mark(pager, ref, false);
                if (r == 0 && state != PAGE_UNTRACKED && state != PAGE_ABSENT) {
                        page_forget(pager, ref);
                        page_change(pager, ref, PAGE_ABSENT);
                }
                page_unlock(ref_meta(ref));
        }
        if (r == 0)
                atomic_fetch_add_explicit(&pager->counters.discards, count, memory_order_relaxed);
        return r;
}

/* Discards from addr to where this kind of memory ends, at most length; *ret_done says how far. */
static int discard_part(struct aerostat_pager *pager, uintptr_t addr, size_t length, size_t *ret_done)
{
        struct page_ref ref = page_at(pager, addr);
        uint32_t count;

        if (!ref.range) {
                /* Up to the next range, in case there is one. */
                for (unsigned i = 0; i < pager->n_ranges; i++) {
                        uintptr_t start = pager->ranges[i].addr;

                        if (pager->ranges[i].pages && start > addr && start < addr + length)
                                length = start - addr;
                }
                *ret_done = length;
                return sys_madvise((void *)addr, length, MADV_DONTNEED) < 0 ? -errno : 0;
        }
        count = MIN((uint32_t)MIN(length / PAGE_BYTES, (size_t)CHUNK_PAGES), ref.range->pages - ref.index);
        *ret_done = count * PAGE_BYTES;
        return discard_run(pager, ref, count);
}

int aerostat_pager_discard(struct aerostat_pager *pager, void *addr, size_t length)
{
        uintptr_t at = (uintptr_t)addr;
        sigset_t all, before;
        size_t done = 0;
        int r = 0;

        if (at % PAGE_BYTES)
                return -EINVAL;
        length = (length + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
        /* A handler that touched guest memory while this thread has pages locked would never return. */
        (void)sigfillset(&all);
        (void)pthread_sigmask(SIG_SETMASK, &all, &before);
        for (size_t offset = 0; offset < length && r == 0; offset += done) {
                (void)pthread_rwlock_rdlock(&pager->ranges_lock);
                r = discard_part(pager, at + offset, length - offset, &done);
                (void)pthread_rwlock_unlock(&pager->ranges_lock);
        }
        (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
        return r;
}

int aerostat_pager_set_limit(struct aerostat_pager *pager, uint64_t limit_bytes)
{
        if (!limit_valid(limit_bytes))
                return -EINVAL;
        atomic_store(&pager->limit, limit_bytes);
        /*
         * From now on every page is to count by itself: what is known of memory that is not armed is
         * as old as the last survey, and may be less than there is.
         */
        if (pager_limit_pages(pager) != UINT64_MAX && atomic_load(&pager->in_state[PAGE_UNTRACKED])) {
                (void)pthread_mutex_lock(&pager->settings);
                (void)pthread_mutex_lock(&pager->reclaim_lock);
                reclaim_arm(pager);
                (void)pthread_mutex_unlock(&pager->reclaim_lock);
                (void)pthread_mutex_unlock(&pager->settings);
        }
        reclaim_kick(pager);
        return 0;
}

int aerostat_pager_set_reservation(struct aerostat_pager *pager, uint64_t reservation_bytes)
{
        char ignored[AEROSTAT_PAGER_REASON_MAX];
        int r;

        (void)pthread_mutex_lock(&pager->settings);
        (void)pthread_mutex_lock(&pager->reclaim_lock);
        /* Pages that wait in a batch have no slots yet, but have been promised some. */
        store_flush(pager);
        r = resize_swap(pager, atomic_load(&pager->pages), reservation_bytes, ignored);
        if (r == 0)
                atomic_store(&pager->reservation, reservation_bytes);
        (void)pthread_mutex_unlock(&pager->reclaim_lock);
        (void)pthread_mutex_unlock(&pager->settings);
        return r;
}

int aerostat_pager_set_cache_pct(struct aerostat_pager *pager, uint32_t cache_pct)
{
        int r = 0;

        if (cache_pct > 100)
                return -EINVAL;
        (void)pthread_mutex_lock(&pager->settings);
        (void)pthread_mutex_lock(&pager->reclaim_lock);
        /* The cache may move to become larger: nobody may be reading from it. */
        (void)pthread_rwlock_wrlock(&pager->ranges_lock);
        if (atomic_load(&pager->pages))
                r = reserve_cache(pager, atomic_load(&pager->pages), cache_pct);
        (void)pthread_rwlock_unlock(&pager->ranges_lock);
        if (r == 0)
                atomic_store(&pager->cache_pct, cache_pct);
        (void)pthread_mutex_unlock(&pager->reclaim_lock);
        (void)pthread_mutex_unlock(&pager->settings);
        reclaim_kick(pager);
        return r;
}

int aerostat_pager_set_codec(struct aerostat_pager *pager, uint32_t codec)
{
        if (codec > AEROSTAT_PAGER_CODEC_ZSTD)
                return -EINVAL;
        atomic_store(&pager->codec, codec);
        return 0;
}

int aerostat_pager_set_sampling(struct aerostat_pager *pager, uint32_t period_ms, uint32_t pages)
{
        if (!sampling_valid(period_ms, pages))
                return -EINVAL;
        (void)pthread_mutex_lock(&pager->settings);
        atomic_store(&pager->sample_period_ms, period_ms);
        atomic_store(&pager->sample_pages, pages);
        (void)pthread_mutex_unlock(&pager->settings);
        reclaim_kick(pager);
        return 0;
}

void aerostat_pager_free(struct aerostat_pager *pager)
{
        if (!pager)
                return;
        control_stop(pager->control);
        pager->control = NULL;
        (void)pthread_mutex_lock(&pager->settings);
        (void)pthread_mutex_lock(&pager->reclaim_lock);
        atomic_store(&pager->limit, AEROSTAT_PAGER_UNLIMITED);
        for (unsigned i = 0; i < pager->n_ranges; i++) {
                /* What was lost stopped the VM; there is nobody to tell. */
                if (pager->ranges[i].pages)
                        (void)remove_range_locked(pager, &pager->ranges[i]);
        }
        (void)pthread_mutex_unlock(&pager->reclaim_lock);
        (void)pthread_mutex_unlock(&pager->settings);
        destroy(pager);
}
