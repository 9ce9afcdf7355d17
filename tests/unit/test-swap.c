/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The swap file: its space, its slots, what is written coming back, and every way that can fail. */
#include <fcntl.h>
#include <liburing.h>

static int seam_fallocate(int fd, int mode, off_t offset, off_t length);
static int seam_wait_cqe(struct io_uring *ring, struct io_uring_cqe **cqe);
static int seam_submit(struct io_uring *ring);

/* Included so that completions and submissions can be changed on their way. */
#define fallocate         seam_fallocate
#define io_uring_wait_cqe seam_wait_cqe
#define io_uring_submit   seam_submit
#include "pager/swap.c"
#undef fallocate
#undef io_uring_wait_cqe
#undef io_uring_submit

#undef MIN
#undef MAX
#undef CLAMP
#include "unit.h"

#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>

/*
 * What the seams do. A result is changed by its place in order among reads or writes: the first of
 * an armed injection and so many after it.
 */
static struct {
        _Atomic(unsigned) skip;   /* completions of the kind that pass first */
        _Atomic(unsigned) count;  /* that are changed then */
        _Atomic(int) result;      /* negative: the error; else bytes fewer than there are */
        _Atomic(int) writes;      /* changes writes, else reads */
        _Atomic(unsigned) partly; /* submissions that the kernel takes only a part of */
        _Atomic(unsigned) busy;   /* submissions that it takes nothing of */
        _Atomic(unsigned) changed;
        int fallocate_error;
        bool reserve_partly; /* fallocate() keeps what it got before it failed, as on ext4 */
} seam;

static int seam_wait_cqe(struct io_uring *ring, struct io_uring_cqe **cqe)
{
        int r = io_uring_wait_cqe(ring, cqe);
        uint64_t tag;

        if (r < 0)
                return r;
        tag = (*cqe)->user_data;
        /* Neither the bell nor the part that ends a batch is any I/O. */
        if (tag == TAG_BELL || (tag >> 32 && !(tag & 0xff)) || !atomic_load(&seam.count) ||
            !!(tag >> 32) != atomic_load(&seam.writes))
                return r;
        if (atomic_load(&seam.skip)) {
                (void)atomic_fetch_sub(&seam.skip, 1);
                return r;
        }
        (void)atomic_fetch_sub(&seam.count, 1);
        (void)atomic_fetch_add(&seam.changed, 1);
        if (atomic_load(&seam.result) < 0)
                (*cqe)->res = atomic_load(&seam.result);
        else
                (*cqe)->res -= atomic_load(&seam.result);
        return r;
}

static int seam_submit(struct io_uring *ring)
{
        if (atomic_load(&seam.busy)) {
                (void)atomic_fetch_sub(&seam.busy, 1);
                return -EAGAIN;
        }
        if (atomic_load(&seam.partly) && io_uring_sq_ready(ring) > 1) {
                unsigned tail = ring->sq.sqe_tail;
                int r;

                /* As when the kernel finds no memory for the last request: it says how many it took. */
                (void)atomic_fetch_sub(&seam.partly, 1);
                ring->sq.sqe_tail = tail - 1;
                r = io_uring_submit(ring);
                ring->sq.sqe_tail = tail;
                return r;
        }
        return io_uring_submit(ring);
}

static int seam_fallocate(int fd, int mode, off_t offset, off_t length)
{
        int r;

        if (seam.fallocate_error) {
                errno = seam.fallocate_error;
                return -1;
        }
        r = fallocate(fd, mode, offset, length);
        if (r < 0 && seam.reserve_partly) {
                int error = errno;

                for (off_t at = offset; fallocate(fd, mode, at, PAGE_BYTES) == 0; at += PAGE_BYTES)
                        ;
                errno = error;
        }
        return r;
}

static void inject(bool writes, unsigned skip, unsigned count, int result)
{
        atomic_store(&seam.writes, writes);
        atomic_store(&seam.skip, skip);
        atomic_store(&seam.result, result);
        atomic_store(&seam.changed, 0);
        atomic_store(&seam.count, count);
}

/* What the events said, and a swap file to say it. */
struct fixture {
        struct swap *swap;
        pthread_mutex_t lock;
        pthread_cond_t event;
        unsigned written, reads;
        struct swap_write last_write;
        struct swap_read last_read;
        int last_error;
        char *read_data; /* copies of what came */
};

static void on_written(void *userdata, struct swap_write *batch)
{
        struct fixture *f = userdata;

        (void)pthread_mutex_lock(&f->lock);
        f->last_write = *batch;
        f->written++;
        (void)pthread_cond_signal(&f->event);
        (void)pthread_mutex_unlock(&f->lock);
}

static void on_read(void *userdata, struct swap_read *read, int error)
{
        struct fixture *f = userdata;

        (void)pthread_mutex_lock(&f->lock);
        f->last_read = *read;
        f->last_error = error;
        memcpy(f->read_data, read->data, (size_t)read->count * PAGE_BYTES);
        f->reads++;
        (void)pthread_cond_signal(&f->event);
        (void)pthread_mutex_unlock(&f->lock);
}

static unsigned so_far(struct fixture *f, const unsigned *counter)
{
        unsigned n;

        (void)pthread_mutex_lock(&f->lock);
        n = *counter;
        (void)pthread_mutex_unlock(&f->lock);
        return n;
}

static void wait_until(struct fixture *f, const unsigned *counter, unsigned n)
{
        struct timespec until;

        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += UNIT_PATIENCE_MS / 1000;
        (void)pthread_mutex_lock(&f->lock);
        while (*counter < n) {
                if (pthread_cond_timedwait(&f->event, &f->lock, &until))
                        g_error("%u events came, not %u", *counter, n);
        }
        (void)pthread_mutex_unlock(&f->lock);
}

static void set_up(struct fixture *f, const char *dir, uint64_t pages)
{
        const struct swap_events events = {on_written, on_read, f};
        char reason[192] = "";
        uint64_t missing = 0;
        int r;

        *f = (struct fixture){.read_data = g_malloc(SWAP_READ_PAGES * PAGE_BYTES)};
        (void)pthread_mutex_init(&f->lock, NULL);
        (void)pthread_cond_init(&f->event, NULL);
        r = swap_new(dir, &events, &f->swap, reason, sizeof(reason));
        if (r < 0)
                g_test_message("%s", reason);
        g_assert_cmpint(r, ==, 0);
        g_assert_cmpstr(reason, ==, "");
        g_assert_cmpint(swap_resize(f->swap, pages, &missing), ==, 0);
        g_assert_cmpuint(missing, ==, 0);
}

static void tear_down(struct fixture *f)
{
        swap_free(f->swap);
        (void)pthread_cond_destroy(&f->event);
        (void)pthread_mutex_destroy(&f->lock);
        g_free(f->read_data);
}

/* The content of page number; different for each, and not for the eye. */
static void content(char *data, uint32_t number, uint64_t round)
{
        uint64_t state = ((uint64_t)number + 1) * 0x9e3779b97f4a7c15 ^ (round + 1);

        unit_fill_random(data, PAGE_BYTES, &state);
}

/* Writes pages [first, first + count) as a batch and waits for its end. */
static void write_batch(struct fixture *f, uint32_t first, unsigned count, uint64_t round)
{
        unsigned before = so_far(f, &f->written);
        struct swap_write *batch = swap_write_get(f->swap);

        g_assert_cmpuint(batch->count, ==, 0);
        g_assert_true(swap_write_by_number(f->swap, batch->number) == batch);
        for (unsigned i = 0; i < count; i++) {
                content(batch->data + i * PAGE_BYTES, first + i, round);
                batch->page[i] = first + i;
        }
        batch->count = count;
        swap_write_start(f->swap, batch);
        wait_until(f, &f->written, before + 1);
        g_assert_cmpuint(f->last_write.count, ==, count);
        for (unsigned i = 0; i < count; i++)
                g_assert_cmpuint(f->last_write.page[i], ==, first + i);
}

/* Reads count slots from slot on; returns what the event said. */
static int read_slots(struct fixture *f, uint32_t slot, unsigned count)
{
        unsigned before = so_far(f, &f->reads);
        struct swap_read *read = swap_read_get(f->swap);

        read->slot = slot;
        read->count = count;
        memset(read->data, 0x11, (size_t)count * PAGE_BYTES);
        g_assert_cmpint(swap_read_start(f->swap, read), ==, 0);
        wait_until(f, &f->reads, before + 1);
        g_assert_cmpuint(f->last_read.slot, ==, slot);
        g_assert_cmpuint(f->last_read.count, ==, count);
        return f->last_error;
}

static void check_slot(struct fixture *f, uint32_t slot, uint32_t page, uint64_t round)
{
        char data[PAGE_BYTES];

        g_assert_cmpint(read_slots(f, slot, 1), ==, 0);
        content(data, page, round);
        g_assert_cmpmem(f->read_data, PAGE_BYTES, data, PAGE_BYTES);
}

static bool batch_failed(const struct swap_write *batch)
{
        for (unsigned i = 0; i < batch->count; i++) {
                if (batch->failed[i])
                        return true;
        }
        return false;
}

static void free_slots(struct fixture *f, const struct swap_write *batch)
{
        for (unsigned i = 0; i < batch->count; i++) {
                if (batch->slot[i] != SWAP_NO_PAGE)
                        swap_slot_free(f->swap, batch->slot[i]);
        }
}

static void test_file(void)
{
        g_autofree char *dir = g_dir_make_tmp("aerostat-unit-XXXXXX", NULL);
        unsigned fds = unit_count_entries("/proc/self/fd"), n = 0;
        struct fixture f;
        struct stat st;
        GDir *listing;

        set_up(&f, dir, 256);
        g_assert_cmpint(fstat(f.swap->fd, &st), ==, 0);
        g_assert_true(S_ISREG(st.st_mode));
        g_assert_cmphex(st.st_mode & 07777, ==, 0600);
        g_assert_cmpuint(st.st_nlink, ==, 0);
        g_assert_cmpint(st.st_size, ==, 256 * PAGE_BYTES);
        /* Reserved, not just as long. */
        g_assert_cmpint(st.st_blocks * 512, >=, 256 * (gint64)PAGE_BYTES);
        g_assert_cmpint(fcntl(f.swap->fd, F_GETFD) & FD_CLOEXEC, !=, 0);
        g_assert_cmpint(fcntl(f.swap->ring.ring_fd, F_GETFD) & FD_CLOEXEC, !=, 0);
        listing = g_dir_open(dir, 0, NULL);
        while (g_dir_read_name(listing))
                n++;
        g_dir_close(listing);
        g_assert_cmpuint(n, ==, 0);
        g_assert_cmpuint(swap_records_bytes(f.swap), >, 0);
        tear_down(&f);
        g_assert_cmpuint(unit_count_entries("/proc/self/fd"), ==, fds);
        /* Empty, and nobody holds on to it. */
        g_assert_cmpint(rmdir(dir), ==, 0);
}

static void test_no_directory(void)
{
        const struct swap_events events = {on_written, on_read, NULL};
        unsigned fds = unit_count_entries("/proc/self/fd");
        struct swap *swap = NULL;
        char reason[192];

        reason[0] = '\0';
        g_assert_cmpint(swap_new("/nonexistent/dir", &events, &swap, reason, sizeof(reason)), ==, -ENOENT);
        g_assert_null(swap);
        g_assert_nonnull(strstr(reason, "/nonexistent/dir"));
        g_assert_null(strchr(reason, '\n'));
        g_assert_cmpint(swap_new("/dev/null", &events, &swap, reason, sizeof(reason)), <, 0);
        g_assert_null(swap);
        g_assert_cmpuint(unit_count_entries("/proc/self/fd"), ==, fds);
        swap_free(NULL);
}

static void test_round_trip(void)
{
        struct fixture f;
        uint32_t slot[256];

        set_up(&f, g_get_tmp_dir(), 256);
        for (uint32_t first = 0; first < 256; first += SWAP_WRITE_PAGES) {
                write_batch(&f, first, SWAP_WRITE_PAGES, 0);
                g_assert_false(batch_failed(&f.last_write));
                for (unsigned i = 0; i < SWAP_WRITE_PAGES; i++) {
                        char data[PAGE_BYTES] __attribute__((aligned(8)));

                        slot[first + i] = f.last_write.slot[i];
                        content(data, first + i, 0);
                        g_assert_cmphex(f.last_write.checksum[i], ==, crc32c(data, PAGE_BYTES));
                }
                g_assert_cmpuint(swap_used(f.swap), ==, first + SWAP_WRITE_PAGES);
                g_assert_cmpuint(swap_room(f.swap), ==, 256 - first - SWAP_WRITE_PAGES);
        }
        for (uint32_t i = 0; i < 256; i++) {
                for (uint32_t j = 0; j < i; j++)
                        g_assert_cmpuint(slot[i], !=, slot[j]);
                g_assert_cmpuint(slot[i], <, 256);
                check_slot(&f, slot[i], i, 0);
        }
        /* Neighbours in an empty file stay together. */
        for (uint32_t i = 0; i + SWAP_READ_PAGES <= SWAP_WRITE_PAGES; i += SWAP_READ_PAGES) {
                g_assert_cmpint(read_slots(&f, slot[i], SWAP_READ_PAGES), ==, 0);
                for (uint32_t j = 0; j < SWAP_READ_PAGES; j++) {
                        char data[PAGE_BYTES];

                        content(data, i + j, 0);
                        g_assert_cmpmem(f.read_data + j * PAGE_BYTES, PAGE_BYTES, data, PAGE_BYTES);
                }
        }
        tear_down(&f);
}

/* Batches of every size, an empty one among them. */
static void test_batch_sizes(void)
{
        struct fixture f;

        set_up(&f, g_get_tmp_dir(), 128);
        for (unsigned count = 0; count <= SWAP_WRITE_PAGES; count++) {
                write_batch(&f, 1000, count, count);
                g_assert_cmpuint(swap_used(f.swap), ==, count);
                for (unsigned i = 0; i < count; i += 9)
                        check_slot(&f, f.last_write.slot[i], 1000 + i, count);
                free_slots(&f, &f.last_write);
        }
        g_assert_cmpuint(swap_used(f.swap), ==, 0);
        tear_down(&f);
}

/* Every other slot is free: a batch goes to the holes, and no page on another's. */
static void test_fragmented(void)
{
        uint32_t page_of[256];
        struct fixture f;

        set_up(&f, g_get_tmp_dir(), 256);
        for (uint32_t first = 0; first < 256; first += SWAP_WRITE_PAGES) {
                write_batch(&f, first, SWAP_WRITE_PAGES, 0);
                for (unsigned i = 0; i < SWAP_WRITE_PAGES; i++)
                        page_of[f.last_write.slot[i]] = first + i;
        }
        for (uint32_t slot = 0; slot < 256; slot += 2)
                swap_slot_free(f.swap, slot);
        g_assert_cmpuint(swap_room(f.swap), ==, 128);
        for (uint32_t first = 1000; first < 1128; first += SWAP_WRITE_PAGES) {
                write_batch(&f, first, SWAP_WRITE_PAGES, 0);
                g_assert_false(batch_failed(&f.last_write));
                for (unsigned i = 0; i < SWAP_WRITE_PAGES; i++) {
                        g_assert_cmpuint(f.last_write.slot[i] % 2, ==, 0);
                        page_of[f.last_write.slot[i]] = first + i;
                }
        }
        g_assert_cmpuint(swap_room(f.swap), ==, 0);
        for (uint32_t slot = 0; slot < 256; slot++)
                check_slot(&f, slot, page_of[slot], 0);
        tear_down(&f);
}

/* Pages beyond what there is room for fail; those before them do not. */
static void test_exhausted(void)
{
        struct fixture f;

        /* Not a multiple of the map's words. */
        set_up(&f, g_get_tmp_dir(), 100);
        write_batch(&f, 0, 64, 0);
        g_assert_cmpuint(swap_room(f.swap), ==, 36);
        write_batch(&f, 64, 64, 0);
        for (unsigned i = 0; i < 64; i++) {
                g_assert_cmpint(f.last_write.failed[i], ==, i >= 36);
                if (i < 36)
                        g_assert_cmpuint(f.last_write.slot[i], <, 100);
                else
                        g_assert_cmpuint(f.last_write.slot[i], ==, SWAP_NO_PAGE);
        }
        g_assert_cmpuint(swap_room(f.swap), ==, 0);
        g_assert_cmpuint(swap_used(f.swap), ==, 100);
        for (unsigned i = 0; i < 36; i++)
                check_slot(&f, f.last_write.slot[i], 64 + i, 0);
        write_batch(&f, 0, 3, 0);
        g_assert_true(f.last_write.failed[0] && f.last_write.failed[1] && f.last_write.failed[2]);
        swap_slot_free(f.swap, 99);
        write_batch(&f, 7, 1, 0);
        g_assert_false(f.last_write.failed[0]);
        g_assert_cmpuint(f.last_write.slot[0], ==, 99);
        tear_down(&f);
}

static void test_no_space_at_all(void)
{
        struct fixture f;

        set_up(&f, g_get_tmp_dir(), 0);
        g_assert_cmpuint(swap_room(f.swap), ==, 0);
        write_batch(&f, 0, 5, 0);
        for (unsigned i = 0; i < 5; i++)
                g_assert_true(f.last_write.failed[i]);
        tear_down(&f);
}

static void test_resize(void)
{
        uint64_t missing = 77;
        uint32_t last = 0;
        struct fixture f;
        struct stat st;

        set_up(&f, g_get_tmp_dir(), 64);
        write_batch(&f, 0, 64, 0);
        g_assert_cmpint(swap_resize(f.swap, 200, &missing), ==, 0);
        g_assert_cmpuint(swap_pages(f.swap), ==, 200);
        g_assert_cmpuint(swap_used(f.swap), ==, 64);
        g_assert_cmpuint(swap_room(f.swap), ==, 136);
        write_batch(&f, 100, 64, 0);
        g_assert_false(batch_failed(&f.last_write));
        for (unsigned i = 0; i < 64; i++) {
                g_assert_cmpuint(f.last_write.slot[i], >=, 64);
                last = MAX(last, f.last_write.slot[i]);
        }
        /* Slots past the new end are in use. */
        g_assert_cmpint(swap_resize(f.swap, last, &missing), ==, -EBUSY);
        g_assert_cmpint(swap_resize(f.swap, 0, &missing), ==, -EBUSY);
        g_assert_cmpuint(swap_pages(f.swap), ==, 200);
        g_assert_cmpint(swap_resize(f.swap, last + 1, &missing), ==, 0);
        g_assert_cmpuint(swap_pages(f.swap), ==, last + 1);
        g_assert_cmpint(fstat(f.swap->fd, &st), ==, 0);
        g_assert_cmpint(st.st_size, ==, (gint64)((last + 1) * PAGE_BYTES));
        check_slot(&f, last, 163, 0);

        free_slots(&f, &f.last_write);
        for (uint32_t slot = 1; slot < 64; slot++)
                swap_slot_free(f.swap, slot);
        g_assert_cmpint(swap_resize(f.swap, 0, &missing), ==, -EBUSY);
        g_assert_cmpint(swap_resize(f.swap, 1, &missing), ==, 0);
        g_assert_cmpuint(swap_room(f.swap), ==, 0);
        /* And up again: what was cut off is free, what was there is there. */
        g_assert_cmpint(swap_resize(f.swap, 70, &missing), ==, 0);
        g_assert_cmpuint(swap_room(f.swap), ==, 69);
        write_batch(&f, 300, 64, 1);
        g_assert_false(batch_failed(&f.last_write));
        write_batch(&f, 400, 5, 1);
        g_assert_false(batch_failed(&f.last_write));
        g_assert_cmpuint(swap_room(f.swap), ==, 0);
        check_slot(&f, 0, 0, 0);
        g_assert_cmpuint(missing, ==, 77);
        tear_down(&f);
}

/* A file system of 1 MiB that nobody else sees; NULL, and the test is skipped, without the right to. */
static char *small_file_system(void)
{
        g_autofree char *dir = NULL;

        if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) {
                g_test_skip("no right to a mount namespace");
                return NULL;
        }
        dir = g_dir_make_tmp("aerostat-unit-XXXXXX", NULL);
        if (mount("aerostat-unit", dir, "tmpfs", 0, "size=1m,mode=700") < 0) {
                (void)rmdir(dir);
                g_test_skip("no right to mount a small file system");
                return NULL;
        }
        return g_steal_pointer(&dir);
}

static void check_disk_full(bool reserve_partly)
{
        g_autofree char *dir = small_file_system();
        uint64_t missing = 0, free_bytes;
        struct statvfs vfs;
        struct fixture f;

        if (!dir)
                return;
        g_assert_cmpint(statvfs(dir, &vfs), ==, 0);
        free_bytes = (uint64_t)vfs.f_bavail * vfs.f_frsize;
        set_up(&f, dir, 64);
        write_batch(&f, 0, 64, 0);
        g_assert_false(batch_failed(&f.last_write));
        seam.reserve_partly = reserve_partly;
        g_assert_cmpint(swap_resize(f.swap, 1000, &missing), ==, -ENOSPC);
        seam.reserve_partly = false;
        g_assert_cmpuint(missing, ==, 1000 * PAGE_BYTES - free_bytes);
        /* As it was: nothing taken, nothing lost. */
        g_assert_cmpuint(swap_pages(f.swap), ==, 64);
        g_assert_cmpint(statvfs(dir, &vfs), ==, 0);
        g_assert_cmpuint((uint64_t)vfs.f_bavail * vfs.f_frsize, ==, free_bytes - 64 * PAGE_BYTES);
        for (unsigned i = 0; i < 64; i++)
                check_slot(&f, f.last_write.slot[i], i, 0);
        g_assert_cmpint(swap_resize(f.swap, free_bytes / PAGE_BYTES, &missing), ==, 0);
        tear_down(&f);
        g_assert_cmpint(statvfs(dir, &vfs), ==, 0);
        g_assert_cmpuint((uint64_t)vfs.f_bavail * vfs.f_frsize, ==, free_bytes);
        g_assert_cmpint(umount(dir), ==, 0);
        g_assert_cmpint(rmdir(dir), ==, 0);
}

static void test_disk_full(void)
{
        check_disk_full(false);
}

static void test_disk_full_partly(void)
{
        check_disk_full(true);
}

/* No other error is told in bytes that are missing. */
static void test_cannot_grow(void)
{
        uint64_t missing = 7;
        struct fixture f;

        set_up(&f, g_get_tmp_dir(), 50);
        seam.fallocate_error = EIO;
        g_assert_cmpint(swap_resize(f.swap, 200, &missing), ==, -EIO);
        seam.fallocate_error = 0;
        g_assert_cmpuint(missing, ==, 7);
        g_assert_cmpuint(swap_pages(f.swap), ==, 50);
        tear_down(&f);
}

/* The other ways in which there is no room: a limit of the user, or of the file system's format. */
static void test_file_limit(void)
{
        struct rlimit before, low = {.rlim_cur = 100 * PAGE_BYTES};
        uint64_t missing = 0;
        struct fixture f;

        set_up(&f, g_get_tmp_dir(), 50);
        (void)signal(SIGXFSZ, SIG_IGN);
        g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
        low.rlim_max = before.rlim_max;
        g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &low), ==, 0);
        g_assert_cmpint(swap_resize(f.swap, 200, &missing), ==, -ENOSPC);
        g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
        g_assert_cmpuint(missing, >, 0);
        g_assert_cmpuint(missing, <=, 150 * PAGE_BYTES);
        g_assert_cmpuint(swap_pages(f.swap), ==, 50);
        g_assert_cmpint(swap_resize(f.swap, 200, &missing), ==, 0);
        tear_down(&f);
}

/* Somebody cuts the file: what is read past its end is an error, not a page of zeros. */
static void test_truncated(void)
{
        struct fixture f;

        set_up(&f, g_get_tmp_dir(), 128);
        write_batch(&f, 0, 64, 0);
        g_assert_cmpuint(f.last_write.slot[63], ==, 63);
        g_assert_cmpint(ftruncate(f.swap->fd, 32 * (off_t)PAGE_BYTES), ==, 0);
        g_assert_cmpint(read_slots(&f, 0, SWAP_READ_PAGES), ==, 0);
        g_assert_cmpint(read_slots(&f, 40, 1), ==, -EIO);
        g_assert_cmpint(read_slots(&f, 24, SWAP_READ_PAGES), ==, -EIO);
        g_assert_cmpint(read_slots(&f, 31, 1), ==, 0);
        tear_down(&f);
}

/*
 * Each write of a fragmented batch fails in turn, in each way. Exactly its pages are said to have
 * failed, the others can be read, and every slot and buffer can be had again.
 */
static void test_write_failures(void)
{
        static const int results[] = {-EIO, -ENOSPC, -EAGAIN, -EDQUOT, 1, (int)PAGE_BYTES, 512};
        struct fixture f;
        uint32_t taken[16];

        /* Slots 5, 10, 15, … 80 stay taken: a batch goes to runs of 4. */
        set_up(&f, g_get_tmp_dir(), 81);
        write_batch(&f, 0, 64, 0);
        write_batch(&f, 64, 17, 0);
        for (uint32_t slot = 0, n = 0; slot < 81; slot++) {
                if (slot && slot % 5 == 0)
                        taken[n++] = slot;
                else if (slot)
                        swap_slot_free(f.swap, slot);
        }
        g_assert_cmpuint(swap_room(f.swap), ==, 64);

        for (size_t k = 0; k < G_N_ELEMENTS(results); k++) {
                for (unsigned victim = 0; victim < 16; victim++) {
                        const struct swap_write *batch = &f.last_write;
                        unsigned first = 0, end;

                        inject(true, victim, 1, results[k]);
                        write_batch(&f, 500, 64, k);
                        g_assert_cmpuint(atomic_load(&seam.changed), ==, 1);
                        while (first < 64 && !batch->failed[first])
                                first++;
                        g_assert_cmpuint(first, <, 64);
                        /* One run, and all of it. */
                        g_assert_true(!first || batch->slot[first - 1] + 1 != batch->slot[first]);
                        for (end = first + 1; end < 64 && batch->slot[end] == batch->slot[end - 1] + 1;
                             end++)
                                ;
                        for (unsigned i = 0; i < 64; i++) {
                                g_assert_cmpint(batch->failed[i], ==, i >= first && i < end);
                                g_assert_cmpuint(batch->slot[i] % 5, !=, 0);
                                if (!batch->failed[i] && (i + victim) % 8 == 0)
                                        check_slot(&f, batch->slot[i], 500 + i, k);
                        }
                        free_slots(&f, batch);
                        g_assert_cmpuint(swap_room(f.swap), ==, 64);
                }
        }
        /* Completions may come in any order; but what is not changed passes. */
        write_batch(&f, 500, 64, 9);
        g_assert_false(batch_failed(&f.last_write));
        for (size_t n = 0; n < G_N_ELEMENTS(taken); n++)
                check_slot(&f, taken[n], taken[n], 0);
        tear_down(&f);
}

/* Slots that could not be written are free again, and others are taken before them. */
static void test_failed_slots(void)
{
        struct fixture f;

        set_up(&f, g_get_tmp_dir(), 256);
        inject(true, 0, 1, -ENOSPC);
        write_batch(&f, 0, 64, 0);
        g_assert_true(f.last_write.failed[0] && f.last_write.failed[63]);
        g_assert_cmpint(f.last_write.error, ==, -ENOSPC);
        g_assert_cmpuint(f.last_write.slot[0], ==, 0);
        for (unsigned i = 0; i < 64; i++)
                swap_slot_failed(f.swap, f.last_write.slot[i]);
        swap_slot_failed(f.swap, SWAP_NO_PAGE);
        g_assert_cmpuint(swap_used(f.swap), ==, 0);
        for (unsigned round = 1; round < 4; round++) {
                write_batch(&f, 0, 64, round);
                g_assert_cmpint(f.last_write.error, ==, 0);
                g_assert_cmpuint(f.last_write.slot[0], ==, round * 64);
        }
        write_batch(&f, 0, 64, 4);
        g_assert_cmpuint(f.last_write.slot[0], ==, 0);
        g_assert_cmpuint(swap_room(f.swap), ==, 0);
        tear_down(&f);
}

/* The host program's threads notice nothing: no system call of theirs ends because of the ring. */
static void test_not_interrupted(void)
{
        struct timeval patience = {.tv_usec = 50000};
        int ends[2];

        g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), ==, 0);
        g_assert_cmpint(setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), ==, 0);
        for (unsigned round = 0; round < 20; round++) {
                struct fixture f;
                char byte;

                set_up(&f, g_get_tmp_dir(), 64);
                write_batch(&f, 0, 64, round);
                check_slot(&f, f.last_write.slot[0], 0, round);
                tear_down(&f);
                /* The kernel takes the ring apart by and by. */
                g_assert_cmpint(recv(ends[0], &byte, 1, 0), ==, -1);
                g_assert_cmpint(errno, ==, EAGAIN);
        }
        (void)close(ends[0]);
        (void)close(ends[1]);
}

/* A read is tried three times; then the event has the error. */
static void test_read_failures(void)
{
        static const struct {
                int result;
                int error;
        } cases[] = {{-EIO, -EIO}, {-ENOSPC, -ENOSPC}, {-EAGAIN, -EAGAIN}, {-ENOMEM, -ENOMEM},
                     {1, -EIO},    {512, -EIO},        {4096, -EIO},       {16 * 4096, -EIO}};
        struct fixture f;
        char data[PAGE_BYTES];

        set_up(&f, g_get_tmp_dir(), 64);
        write_batch(&f, 0, 64, 0);
        for (size_t k = 0; k < G_N_ELEMENTS(cases); k++) {
                for (unsigned times = 1; times <= READ_TRIES; times++) {
                        int error;

                        inject(false, 0, times, cases[k].result);
                        error = read_slots(&f, 16, SWAP_READ_PAGES);
                        g_assert_cmpint(error, ==, times < READ_TRIES ? 0 : cases[k].error);
                        g_assert_cmpuint(atomic_load(&seam.changed), ==, times);
                        g_assert_cmpuint(f.last_read.tries, ==, MIN(times + 1, READ_TRIES));
                        if (error)
                                continue;
                        for (unsigned i = 0; i < SWAP_READ_PAGES; i++) {
                                content(data, 16 + i, 0);
                                g_assert_cmpmem(f.read_data + i * PAGE_BYTES, PAGE_BYTES, data, PAGE_BYTES);
                        }
                }
        }
        tear_down(&f);
}

/* A thousand failures of each kind: a buffer or a slot that leaked once would be missed. */
static void test_no_leak(void)
{
        struct swap_write *batches[SWAP_WRITES];
        struct fixture f;

        set_up(&f, g_get_tmp_dir(), 64);
        for (unsigned i = 0; i < 1000; i++) {
                inject(true, 0, 1, i % 3 ? -EIO : 100);
                write_batch(&f, 0, 2, 0);
                g_assert_true(f.last_write.failed[0] && f.last_write.failed[1]);
                free_slots(&f, &f.last_write);
        }
        g_assert_cmpuint(swap_room(f.swap), ==, 64);
        write_batch(&f, 0, 64, 3);
        g_assert_false(batch_failed(&f.last_write));
        for (unsigned i = 0; i < 1000; i++) {
                inject(false, 0, READ_TRIES, i % 3 ? -EIO : 100);
                g_assert_cmpint(read_slots(&f, 1, 1), ==, -EIO);
        }
        inject(false, 0, 0, 0);
        /* Every buffer is there to be had, at once. */
        for (unsigned i = 0; i < READS; i++)
                (void)swap_read_get(f.swap);
        for (unsigned i = 0; i < READS; i++)
                swap_read_put(f.swap, &f.swap->reads[i]);
        for (unsigned i = 0; i < SWAP_WRITES; i++)
                batches[i] = swap_write_get(f.swap);
        for (unsigned i = 0; i < SWAP_WRITES; i++)
                swap_write_start(f.swap, batches[i]);
        for (uint32_t slot = 0; slot < 64; slot += 9)
                check_slot(&f, slot, slot, 3);
        tear_down(&f);
}

/* A batch's memory is given back when it is on the disk. */
static void test_memory(void)
{
        struct fixture f;

        set_up(&f, g_get_tmp_dir(), 1024);
        for (unsigned i = 0; i < 16; i++)
                write_batch(&f, i * 64, 64, 0);
        /* The event comes first. */
        g_assert_true(UNIT_EVENTUALLY(
                unit_pages_present(f.swap->buffers, SWAP_WRITES * SWAP_WRITE_PAGES * PAGE_BYTES) == 0));
        tear_down(&f);
}

/* The kernel is short of memory: it takes nothing for a while, or only a part. */
static void test_submission_refused(void)
{
        struct fixture f;

        set_up(&f, g_get_tmp_dir(), 64);
        atomic_store(&seam.busy, 100);
        write_batch(&f, 0, 64, 0);
        g_assert_cmpuint(atomic_load(&seam.busy), ==, 0);
        atomic_store(&seam.busy, 100);
        check_slot(&f, f.last_write.slot[9], 9, 0);
        g_assert_cmpuint(atomic_load(&seam.busy), ==, 0);
        tear_down(&f);
}

static void test_submission_in_parts(void)
{
        struct fixture f;

        set_up(&f, g_get_tmp_dir(), 64);
        atomic_store(&seam.partly, 1);
        write_batch(&f, 0, 64, 0);
        g_assert_cmpuint(atomic_load(&seam.partly), ==, 0);
        g_assert_false(batch_failed(&f.last_write));
        check_slot(&f, f.last_write.slot[63], 63, 0);
        tear_down(&f);
}

/* More reads and batches than there are buffers: those who come late wait, and all get theirs. */
struct crowd {
        struct fixture *f;
        unsigned asked;
};

static void *read_on(void *argument)
{
        struct crowd *c = argument;

        for (unsigned i = 0; i < c->asked; i++) {
                struct swap_read *read = swap_read_get(c->f->swap);

                read->slot = i % 48;
                read->count = 1 + i % SWAP_READ_PAGES;
                g_assert_cmpint(swap_read_start(c->f->swap, read), ==, 0);
        }
        return NULL;
}

static void test_crowd(void)
{
        struct fixture f;
        struct crowd c = {&f, 400};
        pthread_t threads[2];
        uint64_t missing;

        set_up(&f, g_get_tmp_dir(), 64);
        write_batch(&f, 0, 64, 0);
        g_assert_cmpint(swap_resize(f.swap, 64 + 16 * 64, &missing), ==, 0);
        for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
                g_assert_cmpint(pthread_create(&threads[i], NULL, read_on, &c), ==, 0);
        for (unsigned i = 0; i < 16; i++) {
                struct swap_write *batch = swap_write_get(f.swap);

                batch->count = SWAP_WRITE_PAGES;
                for (unsigned page = 0; page < SWAP_WRITE_PAGES; page++) {
                        batch->page[page] = page;
                        content(batch->data + page * PAGE_BYTES, page, i);
                }
                swap_write_start(f.swap, batch);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
                g_assert_cmpint(pthread_join(threads[i], NULL), ==, 0);
        wait_until(&f, &f.written, 17);
        wait_until(&f, &f.reads, 800);
        g_assert_cmpuint(swap_room(f.swap), ==, 0);
        for (uint32_t page = 0; page < 64; page++)
                check_slot(&f, page, page, 0);
        tear_down(&f);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/swap/file", test_file);
        g_test_add_func("/swap/no-directory", test_no_directory);
        g_test_add_func("/swap/round-trip", test_round_trip);
        g_test_add_func("/swap/batch-sizes", test_batch_sizes);
        g_test_add_func("/swap/fragmented", test_fragmented);
        g_test_add_func("/swap/exhausted", test_exhausted);
        g_test_add_func("/swap/no-space-at-all", test_no_space_at_all);
        g_test_add_func("/swap/resize", test_resize);
        g_test_add_func("/swap/disk-full", test_disk_full);
        g_test_add_func("/swap/disk-full-partly", test_disk_full_partly);
        g_test_add_func("/swap/file-limit", test_file_limit);
        g_test_add_func("/swap/truncated", test_truncated);
        g_test_add_func("/swap/write-failures", test_write_failures);
        g_test_add_func("/swap/failed-slots", test_failed_slots);
        g_test_add_func("/swap/not-interrupted", test_not_interrupted);
        g_test_add_func("/swap/cannot-grow", test_cannot_grow);
        g_test_add_func("/swap/read-failures", test_read_failures);
        g_test_add_func("/swap/no-leak", test_no_leak);
        g_test_add_func("/swap/memory", test_memory);
        g_test_add_func("/swap/crowd", test_crowd);
        g_test_add_func("/swap/submission-refused", test_submission_refused);
        g_test_add_func("/swap/submission-in-parts", test_submission_in_parts);
        return g_test_run();
}
