/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The swap file of a VM: its slots, and the thread that sees its reads and writes to their end. */
#include "pager/swap.h"

#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/crc32c.h"
#include "base/macro.h"
#include "base/sys.h"
#include "base/thread.h"

#define READS        32u
#define READS_AHEAD  8u   /* of them, what nobody waits for */
#define RING_ENTRIES 512u /* more than all parts of all batches and all reads together */
#define WORD_BITS    64u
#define READ_TRIES   3u

_Static_assert(RING_ENTRIES >= SWAP_WRITES * SWAP_WRITE_PAGES + READS + 2,
               "the ring takes every request there is");

/*
 * A task that makes a ring or submits to it is interrupted by the kernel now and then, so that it
 * completes its own requests, and once more when the ring goes; its system calls end with EINTR. For
 * the pager's threads that is nothing. The VMM's threads must not see it: the ring is made by the
 * swap thread, and what others have to submit, a fault thread does at once, but one of the VMM's
 * leaves it in the ring and rings the bell. (IORING_SETUP_SINGLE_ISSUER would cost each fault on a
 * swapped page a wake-up of the swap thread.)
 */
struct swap {
        int fd;
        int bell; /* eventfd that the swap thread reads through the ring */
        uint64_t rung;
        bool stop;
        int started; /* by the swap thread: 1, or a negative error */
        struct swap_events events;
        struct io_uring ring;
        pthread_t thread;

        /* Guards the rest; also the ring's submission side. Held for bookkeeping and io_uring_submit(). */
        pthread_mutex_t lock;
        pthread_cond_t idle; /* a batch or a read was given back */
        uint64_t *map;       /* a bit for each slot: in use */
        uint64_t map_bytes;
        uint64_t slots;
        uint64_t used;
        uint64_t next_word; /* where the search for slots goes on */
        struct swap_write writes[SWAP_WRITES];
        bool write_busy[SWAP_WRITES];
        uint64_t writes_started, writes_done;
        struct swap_read reads[READS];
        bool read_busy[READS];
        void *buffers;
        struct {
                int fd;
                bool (*take_in)(void *userdata);
                void *userdata;
        } taken_over;
};

#define BUFFER_BYTES ((size_t)(SWAP_WRITES * SWAP_WRITE_PAGES + READS * SWAP_READ_PAGES) * PAGE_BYTES)

/* What a completion is for: the number of a read, or of a batch with the run's first index and length. */
#define TAG_BELL                   UINT64_MAX
#define TAG_TAKEN_OVER             (UINT64_MAX - 1)
#define TAG_READ(n)                ((uint64_t)(n))
#define TAG_WRITE(n, first, count) (1ull << 32 | (uint64_t)(n) << 16 | (uint64_t)(first) << 8 | (count))

/* The kernel may be short of memory for a moment; what is in the ring has to go in all the same. */
static void submit(struct swap *swap)
{
        if (!thread_is_ours) {
                (void)eventfd_write(swap->bell, 1);
                return;
        }
        while (io_uring_sq_ready(&swap->ring) > 0) {
                if (io_uring_submit(&swap->ring) <= 0)
                        (void)sched_yield();
        }
}

static int open_file(const char *dir)
{
        int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC | O_DIRECT, 0600);

        /* A file system without direct I/O still does; it costs page cache. */
        if (fd < 0 && errno == EINVAL)
                fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
                char path[4096];

                if (snprintf(path, sizeof(path), "%s/aerostat-swap-XXXXXX", dir) >= (int)sizeof(path))
                        return -ENAMETOOLONG;
                fd = mkostemp(path, O_CLOEXEC);
                if (fd >= 0)
                        (void)unlink(path);
        }
        return fd >= 0 ? fd : -errno;
}

static void *run(void *argument);

int swap_new(const char *dir, const struct swap_events *events, struct swap **ret_swap, char *reason,
             size_t reason_size)
{
        struct swap *swap;
        int r;

        swap = calloc(1, sizeof(*swap));
        if (!swap) {
                (void)snprintf(reason, reason_size, "swap file: out of memory");
                return -ENOMEM;
        }
        swap->events = *events;
        r = swap->fd = open_file(dir);
        if (r < 0) {
                (void)snprintf(reason, reason_size,
                               "swap file: cannot be made in %.80s: %s; let user %u write there or "
                               "choose another directory",
                               dir, strerror(-r), (unsigned)geteuid());
                goto fail_file;
        }
        r = sys_map_lazy(BUFFER_BYTES, &swap->buffers);
        if (r < 0) {
                (void)snprintf(reason, reason_size, "swap file: no memory for its buffers");
                goto fail_buffers;
        }
        for (unsigned i = 0; i < SWAP_WRITES; i++) {
                swap->writes[i].number = i;
                swap->writes[i].data = (char *)swap->buffers + (size_t)i * SWAP_WRITE_PAGES * PAGE_BYTES;
        }
        for (unsigned i = 0; i < READS; i++)
                swap->reads[i].data =
                        (char *)swap->buffers +
                        ((size_t)SWAP_WRITES * SWAP_WRITE_PAGES + (size_t)i * SWAP_READ_PAGES) * PAGE_BYTES;
        r = swap->bell = eventfd(0, EFD_CLOEXEC);
        if (r < 0) {
                r = -errno;
                (void)snprintf(reason, reason_size, "swap file: eventfd: %s", strerror(-r));
                goto fail_bell;
        }
        (void)pthread_mutex_init(&swap->lock, NULL);
        (void)pthread_cond_init(&swap->idle, NULL);
        r = thread_start(&swap->thread, "aerostat-swap", run, swap);
        if (r < 0) {
                (void)snprintf(reason, reason_size, "swap file: no thread: %s", strerror(-r));
                goto fail_thread;
        }
        (void)pthread_mutex_lock(&swap->lock);
        while (!swap->started)
                (void)pthread_cond_wait(&swap->idle, &swap->lock);
        r = swap->started;
        (void)pthread_mutex_unlock(&swap->lock);
        if (r < 0) {
                (void)pthread_join(swap->thread, NULL);
                (void)snprintf(reason, reason_size,
                               "swap file: io_uring: %s; see kernel.io_uring_disabled and RLIMIT_MEMLOCK",
                               strerror(-r));
                goto fail_thread;
        }
        *ret_swap = swap;
        return 0;

fail_thread:
        (void)pthread_cond_destroy(&swap->idle);
        (void)pthread_mutex_destroy(&swap->lock);
        (void)close(swap->bell);
fail_bell:
        (void)sys_munmap(swap->buffers, BUFFER_BYTES);
fail_buffers:
        (void)close(swap->fd);
fail_file:
        free(swap);
        return r;
}

void swap_free(struct swap *swap)
{
        if (!swap)
                return;
        (void)pthread_mutex_lock(&swap->lock);
        swap->stop = true;
        (void)pthread_mutex_unlock(&swap->lock);
        (void)eventfd_write(swap->bell, 1);
        (void)pthread_join(swap->thread, NULL);

        (void)close(swap->bell);
        (void)sys_munmap(swap->buffers, BUFFER_BYTES);
        if (swap->map)
                (void)sys_munmap(swap->map, swap->map_bytes);
        (void)close(swap->fd);
        (void)pthread_cond_destroy(&swap->idle);
        (void)pthread_mutex_destroy(&swap->lock);
        free(swap);
}

/* How many bytes the file system lacks for growing the file by bytes. */
static uint64_t missing_for(const struct swap *swap, uint64_t bytes)
{
        struct statvfs vfs;
        uint64_t available;

        if (fstatvfs(swap->fd, &vfs) < 0)
                return bytes;
        available = (uint64_t)vfs.f_bavail * vfs.f_frsize;
        return bytes > available ? bytes - available : bytes;
}

static uint64_t words_for(uint64_t slots)
{
        return DIV_ROUND_UP(slots, WORD_BITS);
}

/* Gives the slots past the end the look of being in use, so that nothing needs to know the end. */
static void mark_end(uint64_t *map, uint64_t words, uint64_t from, uint64_t to)
{
        for (uint64_t slot = from; slot < to; slot++)
                map[slot / WORD_BITS] &= ~(1ull << slot % WORD_BITS);
        for (uint64_t slot = to; slot < words * WORD_BITS; slot++)
                map[slot / WORD_BITS] |= 1ull << slot % WORD_BITS;
}

int swap_resize(struct swap *swap, uint64_t pages, uint64_t *ret_missing)
{
        uint64_t words = words_for(pages), bytes = MAX(words * sizeof(uint64_t), PAGE_BYTES);
        void *map = NULL;
        int r;

        r = sys_map_lazy(bytes, &map);
        if (r < 0)
                return r;
        (void)pthread_mutex_lock(&swap->lock);
        if (pages > swap->slots) {
                uint64_t more = (pages - swap->slots) * PAGE_BYTES;

                if (fallocate(swap->fd, 0, (off_t)(swap->slots * PAGE_BYTES), (off_t)more) < 0) {
                        r = errno == EFBIG || errno == EDQUOT ? -ENOSPC : -errno;
                        /* What was reserved before it failed. */
                        (void)ftruncate(swap->fd, (off_t)(swap->slots * PAGE_BYTES));
                        if (r == -ENOSPC)
                                *ret_missing = missing_for(swap, more);
                        goto out;
                }
        } else {
                for (uint64_t slot = pages; slot < swap->slots; slot++) {
                        if (swap->map[slot / WORD_BITS] & 1ull << slot % WORD_BITS) {
                                r = -EBUSY;
                                goto out;
                        }
                }
                if (ftruncate(swap->fd, (off_t)(pages * PAGE_BYTES)) < 0) {
                        r = -errno;
                        goto out;
                }
        }
        if (swap->map)
                memcpy(map, swap->map, MIN(words, words_for(swap->slots)) * sizeof(uint64_t));
        mark_end(map, words, MIN(pages, swap->slots), pages);
        if (swap->map)
                (void)sys_munmap(swap->map, swap->map_bytes);
        swap->map = map;
        swap->map_bytes = bytes;
        __atomic_store_n(&swap->slots, pages, __ATOMIC_RELAXED);
        swap->next_word = 0;
        map = NULL;
out:
        (void)pthread_mutex_unlock(&swap->lock);
        if (map)
                (void)sys_munmap(map, bytes);
        return r;
}

uint64_t swap_pages(const struct swap *swap)
{
        return __atomic_load_n(&swap->slots, __ATOMIC_RELAXED);
}

uint64_t swap_used(const struct swap *swap)
{
        return __atomic_load_n(&swap->used, __ATOMIC_RELAXED);
}

uint64_t swap_room(const struct swap *swap)
{
        uint64_t slots = swap_pages(swap), used = swap_used(swap);

        return slots > used ? slots - used : 0;
}

/*
 * Slots for the whole batch: a word of the map that is all free gives 64 neighbours; when there is
 * none, what single slots there are.
 */
static void take_slots(struct swap *swap, struct swap_write *batch)
{
        uint64_t words = words_for(swap->slots);
        unsigned got = 0;

        for (int whole = 1; whole >= 0 && got < batch->count; whole--) {
                for (uint64_t n = 0; n < words && got < batch->count; n++) {
                        uint64_t w = (swap->next_word + n) % words, free_bits = ~swap->map[w];

                        if (whole && ~free_bits)
                                continue;
                        while (free_bits && got < batch->count) {
                                unsigned bit = (unsigned)__builtin_ctzll(free_bits);

                                free_bits &= free_bits - 1;
                                swap->map[w] |= 1ull << bit;
                                batch->slot[got++] = (uint32_t)(w * WORD_BITS + bit);
                        }
                        if (got == batch->count)
                                swap->next_word = w;
                }
        }
        __atomic_store_n(&swap->used, swap->used + got, __ATOMIC_RELAXED);
        /* The caller made sure that there is room; what has no slot fails as a write would. */
        for (; got < batch->count; got++)
                batch->slot[got] = SWAP_NO_PAGE;
}

static void free_slot_locked(struct swap *swap, uint32_t slot)
{
        swap->map[slot / WORD_BITS] &= ~(1ull << slot % WORD_BITS);
        __atomic_store_n(&swap->used, swap->used - 1, __ATOMIC_RELAXED);
}

void swap_slot_free(struct swap *swap, uint32_t slot)
{
        (void)pthread_mutex_lock(&swap->lock);
        free_slot_locked(swap, slot);
        (void)pthread_mutex_unlock(&swap->lock);
}

void swap_slot_failed(struct swap *swap, uint32_t slot)
{
        if (slot == SWAP_NO_PAGE)
                return;
        (void)pthread_mutex_lock(&swap->lock);
        free_slot_locked(swap, slot);
        /* If it is the disk's fault and only there, the next batch does better elsewhere. */
        if (swap->next_word == slot / WORD_BITS)
                swap->next_word = (swap->next_word + 1) % words_for(swap->slots);
        (void)pthread_mutex_unlock(&swap->lock);
}

struct swap_write *swap_write_get(struct swap *swap)
{
        struct swap_write *batch = NULL;

        (void)pthread_mutex_lock(&swap->lock);
        while (!batch) {
                for (unsigned i = 0; i < SWAP_WRITES && !batch; i++) {
                        if (!swap->write_busy[i]) {
                                swap->write_busy[i] = true;
                                batch = &swap->writes[i];
                        }
                }
                if (!batch)
                        (void)pthread_cond_wait(&swap->idle, &swap->lock);
        }
        (void)pthread_mutex_unlock(&swap->lock);
        batch->count = 0;
        return batch;
}

void swap_write_wait(struct swap *swap)
{
        uint64_t done;

        (void)pthread_mutex_lock(&swap->lock);
        done = swap->writes_done;
        while (swap->writes_started > swap->writes_done && swap->writes_done == done)
                (void)pthread_cond_wait(&swap->idle, &swap->lock);
        (void)pthread_mutex_unlock(&swap->lock);
}

struct swap_write *swap_write_by_number(struct swap *swap, unsigned number)
{
        return &swap->writes[number];
}

static void give_back_write(struct swap *swap, struct swap_write *batch)
{
        /* The memory is needed elsewhere until the next batch. */
        (void)sys_madvise(batch->data, SWAP_WRITE_PAGES * PAGE_BYTES, MADV_DONTNEED);
        (void)pthread_mutex_lock(&swap->lock);
        swap->write_busy[batch->number] = false;
        swap->writes_done++;
        (void)pthread_cond_broadcast(&swap->idle);
        (void)pthread_mutex_unlock(&swap->lock);
}

void swap_write_start(struct swap *swap, struct swap_write *batch)
{
        struct io_uring_sqe *end;
        unsigned first;

        for (unsigned i = 0; i < batch->count; i++) {
                batch->checksum[i] = crc32c(batch->data + i * PAGE_BYTES, PAGE_BYTES);
                batch->failed[i] = false;
        }
        batch->error = 0;
        (void)pthread_mutex_lock(&swap->lock);
        take_slots(swap, batch);
        swap->writes_started++;
        batch->pending = 1;
        for (first = 0; first < batch->count;) {
                struct io_uring_sqe *sqe;
                unsigned n = 1;

                if (batch->slot[first] == SWAP_NO_PAGE) {
                        batch->failed[first++] = true;
                        batch->error = -ENOSPC;
                        continue;
                }
                while (first + n < batch->count && batch->slot[first + n] == batch->slot[first] + n)
                        n++;
                sqe = io_uring_get_sqe(&swap->ring);
                io_uring_prep_write(sqe, swap->fd, batch->data + first * PAGE_BYTES,
                                    n * (unsigned)PAGE_BYTES, (uint64_t)batch->slot[first] * PAGE_BYTES);
                io_uring_sqe_set_data64(sqe, TAG_WRITE(batch->number, first, n));
                batch->pending++;
                first += n;
        }
        /* One completion more, so that a batch without parts ends like any other. */
        end = io_uring_get_sqe(&swap->ring);
        io_uring_prep_nop(end);
        io_uring_sqe_set_data64(end, TAG_WRITE(batch->number, 0, 0));
        submit(swap);
        (void)pthread_mutex_unlock(&swap->lock);
}

/* Under the lock. */
static struct swap_read *take_read(struct swap *swap, unsigned first)
{
        for (unsigned i = first; i < READS; i++) {
                if (!swap->read_busy[i]) {
                        swap->read_busy[i] = true;
                        swap->reads[i].tries = 0;
                        return &swap->reads[i];
                }
        }
        return NULL;
}

struct swap_read *swap_read_get(struct swap *swap)
{
        struct swap_read *read;

        (void)pthread_mutex_lock(&swap->lock);
        while (!(read = take_read(swap, 0)))
                (void)pthread_cond_wait(&swap->idle, &swap->lock);
        (void)pthread_mutex_unlock(&swap->lock);
        return read;
}

struct swap_read *swap_read_try(struct swap *swap)
{
        struct swap_read *read;

        (void)pthread_mutex_lock(&swap->lock);
        read = take_read(swap, READS - READS_AHEAD);
        (void)pthread_mutex_unlock(&swap->lock);
        return read;
}

void swap_read_put(struct swap *swap, struct swap_read *read)
{
        (void)pthread_mutex_lock(&swap->lock);
        swap->read_busy[read - swap->reads] = false;
        (void)pthread_cond_broadcast(&swap->idle);
        (void)pthread_mutex_unlock(&swap->lock);
}

void swap_prep_read(struct swap *swap, struct swap_read *read, struct io_uring_sqe *sqe)
{
        io_uring_prep_read(sqe, swap->fd, read->data, read->count * (unsigned)PAGE_BYTES,
                           (uint64_t)read->slot * PAGE_BYTES);
}

int swap_read_start(struct swap *swap, struct swap_read *read)
{
        struct io_uring_sqe *sqe;

        (void)pthread_mutex_lock(&swap->lock);
        read->tries++;
        sqe = io_uring_get_sqe(&swap->ring);
        if (sqe) {
                swap_prep_read(swap, read, sqe);
                io_uring_sqe_set_data64(sqe, TAG_READ((uint64_t)(read - swap->reads)));
                submit(swap);
        }
        (void)pthread_mutex_unlock(&swap->lock);
        return sqe ? 0 : -EAGAIN;
}

static void finish_write(struct swap *swap, uint64_t tag, int result)
{
        struct swap_write *batch = &swap->writes[tag >> 16 & 0xffff];
        unsigned first = tag >> 8 & 0xff, count = tag & 0xff;

        /* A short write has not written the run; trying the rest would hide a failing disk. */
        if (result != (int)(count * PAGE_BYTES)) {
                if (!batch->error)
                        batch->error = result < 0 ? result : -EIO;
                for (unsigned i = first; i < first + count; i++)
                        batch->failed[i] = true;
        }
        if (--batch->pending > 0)
                return;
        swap->events.written(swap->events.userdata, batch);
        give_back_write(swap, batch);
}

/* One slot that cannot be read is no reason to lose those beside it. A disk that fails may be waited for. */
static void read_singly(const struct swap *swap, struct swap_read *read)
{
        for (unsigned i = 0; i < read->count; i++) {
                if (read->page[i] != SWAP_NO_PAGE)
                        read->failed[i] = pread(swap->fd, read->data + i * PAGE_BYTES, PAGE_BYTES,
                                                (off_t)((uint64_t)(read->slot + i) * PAGE_BYTES)) !=
                                          (ssize_t)PAGE_BYTES;
        }
}

void swap_finish_read(struct swap *swap, struct swap_read *read, int result)
{
        int error = result < 0 ? result : result != (int)(read->count * PAGE_BYTES) ? -EIO : 0;

        if (error && read->tries < READ_TRIES && swap_read_start(swap, read) == 0)
                return;
        for (unsigned i = 0; i < read->count; i++)
                read->failed[i] = error != 0;
        if (error && read->count > 1)
                read_singly(swap, read);
        swap->events.read(swap->events.userdata, read, error);
        swap_read_put(swap, read);
}

/* Listens for the bell, and submits what others have left in the ring. False: it is to end. */
static bool answer_bell(struct swap *swap)
{
        struct io_uring_sqe *sqe;
        bool go_on;

        (void)pthread_mutex_lock(&swap->lock);
        go_on = !swap->stop;
        if (go_on) {
                sqe = io_uring_get_sqe(&swap->ring);
                io_uring_prep_read(sqe, swap->bell, &swap->rung, sizeof(swap->rung), 0);
                io_uring_sqe_set_data64(sqe, TAG_BELL);
                submit(swap);
        }
        (void)pthread_mutex_unlock(&swap->lock);
        return go_on;
}

static void watch_taken_over(struct swap *swap)
{
        struct io_uring_sqe *sqe = io_uring_get_sqe(&swap->ring);

        io_uring_prep_poll_add(sqe, swap->taken_over.fd, POLLIN);
        io_uring_sqe_set_data64(sqe, TAG_TAKEN_OVER);
        submit(swap);
}

void swap_take_over(struct swap *swap, int fd, bool (*take_in)(void *userdata), void *userdata)
{
        (void)pthread_mutex_lock(&swap->lock);
        swap->taken_over.fd = fd;
        swap->taken_over.take_in = take_in;
        swap->taken_over.userdata = userdata;
        watch_taken_over(swap);
        (void)pthread_mutex_unlock(&swap->lock);
}

/* The next one to be taken over may come as soon as take_in() is done with this one. */
static void finish_taken_over(struct swap *swap)
{
        bool (*take_in)(void *userdata);
        void *userdata;

        (void)pthread_mutex_lock(&swap->lock);
        take_in = swap->taken_over.take_in;
        userdata = swap->taken_over.userdata;
        (void)pthread_mutex_unlock(&swap->lock);
        if (take_in(userdata))
                return;
        (void)pthread_mutex_lock(&swap->lock);
        watch_taken_over(swap);
        (void)pthread_mutex_unlock(&swap->lock);
}

static void *run(void *argument)
{
        struct swap *swap = argument;
        int r;

        thread_is_ours = true;
        r = io_uring_queue_init(RING_ENTRIES, &swap->ring, 0);
        if (r == 0) {
                (void)io_uring_ring_dontfork(&swap->ring);
                (void)answer_bell(swap);
        }
        (void)pthread_mutex_lock(&swap->lock);
        swap->started = r < 0 ? r : 1;
        (void)pthread_cond_broadcast(&swap->idle);
        (void)pthread_mutex_unlock(&swap->lock);
        if (r < 0)
                return NULL;
        for (;;) {
                struct io_uring_cqe *cqe;
                uint64_t tag;
                int result;

                if (io_uring_wait_cqe(&swap->ring, &cqe) < 0)
                        continue;
                tag = cqe->user_data;
                result = cqe->res;
                io_uring_cqe_seen(&swap->ring, cqe);
                if (tag == TAG_BELL) {
                        if (!answer_bell(swap))
                                break;
                } else if (tag == TAG_TAKEN_OVER) {
                        finish_taken_over(swap);
                } else if (tag >> 32)
                        finish_write(swap, tag, result);
                else
                        swap_finish_read(swap, &swap->reads[tag], result);
        }
        io_uring_queue_exit(&swap->ring);
        return NULL;
}

size_t swap_records_bytes(const struct swap *swap)
{
        return sizeof(*swap) + swap->map_bytes +
               RING_ENTRIES * (sizeof(struct io_uring_sqe) + 2 * sizeof(struct io_uring_cqe));
}
