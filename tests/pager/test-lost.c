/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * When the swap file fails: what can be kept is kept, and what is lost ends the VM before the
 * guest sees it. Requests are made to fail for real, on their way to the kernel.
 */
#include <fcntl.h>
#include <liburing.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "child.h"
#include "fixture.h"

#define PAGES     4096u /* 16 MiB */
#define TIGHT     1200u
#define SWAP_DIR  "/var/tmp"
#define EXIT_LOST 74

enum failure {
        FAIL_NOT,
        FAIL_EIO,    /* page 0 of a process cannot be read or written through /proc/PID/mem */
        FAIL_ENOSPC, /* as /dev/full does */
        FAIL_SHORT,  /* half of it */
};

static struct {
        _Atomic(int) write_failure, read_failure;
        _Atomic(unsigned) reads_to_fail;
        _Atomic(bool) long_reads_fail; /* of more than one page */
        _Atomic(unsigned) writes_failed, reads_failed;
        int mem, full;
} sabotage = {.mem = -1, .full = -1};

static void sabotage_request(struct io_uring_sqe *sqe, enum failure failure)
{
        switch (failure) {
        case FAIL_EIO:
                sqe->fd = sabotage.mem;
                sqe->off = 0;
                break;
        case FAIL_ENOSPC:
                sqe->fd = sabotage.full;
                break;
        case FAIL_SHORT:
                sqe->len /= 2;
                break;
        case FAIL_NOT:
                break;
        }
}

int __real_io_uring_submit(struct io_uring *ring);
int __wrap_io_uring_submit(struct io_uring *ring);

#if defined(__SANITIZE_THREAD__)
/* See tests/unit/tsan-io-uring.c. */
void __tsan_release(void *address);
#else
static void __tsan_release(void *address)
{
        (void)address;
}
#endif

/* swap.c calls it with its lock held, so that what has not been submitted holds still. */
int __wrap_io_uring_submit(struct io_uring *ring)
{
        for (unsigned i = ring->sq.sqe_head; i != ring->sq.sqe_tail; i++) {
                struct io_uring_sqe *sqe = &ring->sq.sqes[i & ring->sq.ring_mask];

                if (sqe->opcode == IORING_OP_WRITE && atomic_load(&sabotage.write_failure) != FAIL_NOT) {
                        sabotage_request(sqe, atomic_load(&sabotage.write_failure));
                        atomic_fetch_add(&sabotage.writes_failed, 1);
                } else if (sqe->opcode == IORING_OP_READ && atomic_load(&sabotage.reads_to_fail)) {
                        sabotage_request(sqe, atomic_load(&sabotage.read_failure));
                        atomic_fetch_sub(&sabotage.reads_to_fail, 1);
                        atomic_fetch_add(&sabotage.reads_failed, 1);
                } else if (sqe->opcode == IORING_OP_READ && sqe->len > PAGE_BYTES &&
                           atomic_load(&sabotage.long_reads_fail)) {
                        sabotage_request(sqe, FAIL_EIO);
                        atomic_fetch_add(&sabotage.reads_failed, 1);
                }
        }
        __tsan_release(ring->cq.ktail);
        return __real_io_uring_submit(ring);
}

/* Every page that leaves goes to the swap file, except those of one value. */
static void guest_with_swapped(struct guest *guest, void (*on_fatal)(void *, const char *))
{
        struct aerostat_pager_config config;

        aerostat_pager_config_init(&config);
        config.name = "sacred";
        config.swap_dir = SWAP_DIR;
        config.codec = AEROSTAT_PAGER_CODEC_OFF;
        config.sample_period_ms = 0;
        config.on_fatal = on_fatal;
        guest_new(guest, PAGES, &config);
        guest_limit(guest, TIGHT);
        guest_settle(guest);
        g_assert_cmpuint(guest_in_state(guest, PAGE_SWAPPED), >, PAGES / 8);
}

static int open_swap_file(void)
{
        g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
        const char *name;
        int fd = -1;

        g_assert_nonnull(dir);
        while (fd < 0 && (name = g_dir_read_name(dir))) {
                g_autofree char *path = g_build_filename("/proc/self/fd", name, NULL);
                g_autofree char *target = g_file_read_link(path, NULL);

                if (target && g_str_has_prefix(target, SWAP_DIR "/") &&
                    g_str_has_suffix(target, " (deleted)"))
                        fd = open(path, O_RDWR | O_CLOEXEC);
        }
        g_assert_cmpint(fd, >=, 0);
        return fd;
}

static void damage_every_slot(void)
{
        _cleanup_close_ int fd = open_swap_file();

        for (off_t at = 1234; at < (off_t)(PAGES * PAGE_BYTES); at += (off_t)PAGE_BYTES) {
                unsigned char byte;

                g_assert_cmpint(pread(fd, &byte, 1, at), ==, 1);
                byte ^= 0x10;
                g_assert_cmpint(pwrite(fd, &byte, 1, at), ==, 1);
        }
        g_assert_cmpint(fsync(fd), ==, 0);
}

static void cut_off(void)
{
        _cleanup_close_ int fd = open_swap_file();

        g_assert_cmpint(ftruncate(fd, 0), ==, 0);
}

static void fail_every_read(void)
{
        atomic_store(&sabotage.read_failure, FAIL_EIO);
        atomic_store(&sabotage.reads_to_fail, UINT32_MAX);
}

struct loss {
        void (*make)(void);
        const char *says;
};

static const struct loss losses[] = {
        {damage_every_slot, "came back damaged from the swap file (its checksum is wrong)"},
        {cut_off, "cannot be read from the swap file"},
        {fail_every_read, "cannot be read from the swap file"},
};

/* Without a limit nothing is written any more, and every touch of what is out is a read. */
static void lose(const struct guest *guest, const struct loss *loss)
{
        g_assert_cmpint(aerostat_pager_set_limit(guest->pager, AEROSTAT_PAGER_UNLIMITED), ==, 0);
        loss->make();
}

static void touch_what_is_lost(const void *loss)
{
        struct guest guest;
        uint32_t page;

        guest_with_swapped(&guest, NULL);
        page = guest_find(&guest, PAGE_SWAPPED, 0);
        g_assert_cmpuint(page, <, PAGES);
        (void)dprintf(STDERR_FILENO, "%u\n", page);
        lose(&guest, loss);
        (void)*(volatile unsigned char *)guest_page(&guest, page);
        (void)dprintf(STDERR_FILENO, "page %u was seen\n", page);
}

static void test_loss_ends_the_vm(const void *loss)
{
        g_autofree char *text = NULL, *expected = NULL;
        g_auto(GStrv) lines = NULL;
        int status;

        if (!pager_possible())
                return;
        status = in_child(touch_what_is_lost, loss, &text);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_LOST)
                g_error("status %x: %s", (unsigned)status, text);
        lines = g_strsplit(text, "\n", -1);
        g_assert_cmpuint(g_strv_length(lines), ==, 3);
        expected = g_strdup_printf("aerostat: VM sacred is stopped: guest page %s %s", lines[0],
                                   ((const struct loss *)loss)->says);
        g_assert_true(g_str_has_prefix(lines[1], expected));
        g_assert_cmpstr(lines[2], ==, "");
}

static _Atomic(unsigned) fatal_calls;
static char fatal_reason[AEROSTAT_PAGER_REASON_MAX];

static void note_fatal(void *userdata, const char *reason)
{
        (void)userdata;
        g_strlcpy(fatal_reason, reason, sizeof(fatal_reason));
        atomic_fetch_add(&fatal_calls, 1);
}

static _Atomic(unsigned) seen;

static void *touch(void *at)
{
        (void)*(volatile unsigned char *)at;
        atomic_fetch_add(&seen, 1);
        return NULL;
}

static void touch_with_callback(const void *loss)
{
        uint32_t pages[3], from = 0;
        struct guest guest;

        guest_with_swapped(&guest, note_fatal);
        lose(&guest, loss);
        for (size_t i = 0; i < ARRAY_LENGTH(pages); i++, from += PAGES / 4) {
                pthread_t thread;

                pages[i] = guest_find(&guest, PAGE_SWAPPED, from);
                g_assert_cmpuint(pages[i], <, PAGES);
                g_assert_cmpint(pthread_create(&thread, NULL, touch, guest_page(&guest, pages[i])), ==, 0);
        }
        for (size_t i = 0; i < ARRAY_LENGTH(pages); i++)
                wait_until(guest_state(&guest, pages[i]) == PAGE_LOST);
        wait_until(atomic_load(&fatal_calls) > 0);
        if (!strstr(fatal_reason, ((const struct loss *)loss)->says))
                g_error("\"%s\" does not say \"%s\"", fatal_reason, ((const struct loss *)loss)->says);
        g_assert_cmpstr(guest_stats(&guest).reason, ==, fatal_reason);
        g_assert_cmpuint(guest_stats(&guest).swap_errors, >=, ARRAY_LENGTH(pages));
        /* What is not lost is still served. */
        for (uint32_t i = 0; i < PAGES; i++) {
                if (guest_state(&guest, i) < PAGE_WRITING)
                        g_assert_true(content_right(guest_page(&guest, i), i, 0));
        }
        g_assert_cmpuint(atomic_load(&fatal_calls), ==, 1);
        g_assert_cmpuint(atomic_load(&seen), ==, 0);
}

static void test_loss_with_callback(const void *loss)
{
        if (!pager_possible())
                return;
        in_child_succeed(touch_with_callback, loss);
}

/* The pages come back, and the VM goes on above its limit until writing works again. */
static void test_writes_fail(const void *failure)
{
        struct aerostat_pager_stats s;
        struct guest guest;
        uint64_t errors;

        if (!pager_possible())
                return;
        guest_with_swapped(&guest, NULL);
        /* So that there is something to write again. */
        guest_limit(&guest, PAGES - 1);
        for (uint32_t i = 0; i < PAGES; i++)
                content_write(guest_page(&guest, i), i, ++guest.generation[i]);
        atomic_store(&sabotage.writes_failed, 0);
        atomic_store(&sabotage.write_failure, *(const int *)failure);
        guest_limit(&guest, TIGHT);
        wait_until(guest_stats(&guest).swap_errors > 0);
        wait_until(guest_in_state(&guest, PAGE_WRITING) == 0);
        for (uint32_t i = 0; i < PAGES; i++) {
                if (i % 3 == 0)
                        content_write(guest_page(&guest, i), i, ++guest.generation[i]);
        }
        guest_verify(&guest);
        s = guest_stats(&guest);
        g_assert_cmpuint(atomic_load(&sabotage.writes_failed), >, 0);
        g_assert_cmpuint(s.consumed_bytes, >, s.limit_bytes);
        g_assert_nonnull(strstr(s.reason, "writing to the swap file failed"));
        /* Tried again now and then, in vain. */
        errors = s.swap_errors;
        atomic_store(&guest.pager->swap_retry_ns, 1);
        wait_until(guest_stats(&guest).swap_errors > errors);
        guest_verify(&guest);
        /* Slots that could not be written are free again: there are as many as pages in the file. */
        wait_until(swap_used(guest.pager->swap) ==
                   guest_in_state(&guest, PAGE_SWAPPED) + guest_in_state(&guest, PAGE_READING));

        atomic_store(&sabotage.write_failure, FAIL_NOT);
        wait_until(guest_in_state(&guest, PAGE_WRITING) == 0);
        atomic_store(&guest.pager->swap_retry_ns, 1);
        guest_settle(&guest);
        g_assert_cmpuint(guest_in_state(&guest, PAGE_SWAPPED), >, 0);
        wait_until(!guest_stats(&guest).reason[0]);
        guest_free(&guest);
}

static void test_reads_fail_at_first(void)
{
        struct guest guest;

        if (!pager_possible())
                return;
        guest_with_swapped(&guest, NULL);
        for (int failure = FAIL_EIO; failure <= FAIL_SHORT; failure++) {
                if (failure == FAIL_ENOSPC)
                        continue;
                for (unsigned times = 1; times <= 2; times++) {
                        uint32_t page = guest_find(&guest, PAGE_SWAPPED, 0);

                        g_assert_cmpuint(page, <, PAGES);
                        atomic_store(&sabotage.reads_failed, 0);
                        atomic_store(&sabotage.read_failure, failure);
                        atomic_store(&sabotage.reads_to_fail, times);
                        g_assert_true(content_right(guest_page(&guest, page), page, 0));
                        g_assert_cmpuint(atomic_load(&sabotage.reads_failed), ==, times);
                }
        }
        guest_free(&guest);
}

/* What is read along with a touched page is tried on its own, and does not take that one with it. */
static void test_reads_of_many_fail(void)
{
        struct guest guest;

        if (!pager_possible())
                return;
        guest_with_swapped(&guest, NULL);
        guest_limit(&guest, PAGES - 512);
        atomic_store(&sabotage.reads_failed, 0);
        atomic_store(&sabotage.long_reads_fail, true);
        /* In order: a stream, of which much is read at once. */
        guest_verify(&guest);
        g_assert_cmpuint(atomic_load(&sabotage.reads_failed), >, 0);
        atomic_store(&sabotage.long_reads_fail, false);
        guest_free(&guest);
}

/* As after many touches, of which this was the last. */
static void burst_at(struct guest *guest, uint32_t page, uint32_t slot)
{
        for (unsigned i = 0; i < 256; i++)
                recall_note_swapped(guest->pager, page, slot);
}

/* A page that nobody waits for, and that cannot be read, is no reason to stop: a touch may yet succeed. */
static void test_reads_ahead_fail(void)
{
        struct guest guest;
        uint32_t page, slot;

        if (!pager_possible())
                return;
        guest_with_swapped(&guest, NULL);
        guest_limit(&guest, PAGES - 512);
        atomic_store(&sabotage.reads_failed, 0);
        fail_every_read();
        page = guest_find(&guest, PAGE_SWAPPED, 0);
        g_assert_cmpuint(page, <, PAGES);
        page_lock(ref_meta(page_numbered(guest.pager, page)));
        slot = (uint32_t)*ref_payload(page_numbered(guest.pager, page));
        page_unlock(ref_meta(page_numbered(guest.pager, page)));
        wait_until((burst_at(&guest, page, slot), atomic_load(&sabotage.reads_failed) > 2));
        atomic_store(&sabotage.reads_to_fail, 0);
        wait_until(guest_in_state(&guest, PAGE_READING) == 0);
        g_assert_cmpuint(guest_in_state(&guest, PAGE_LOST), ==, 0);
        g_assert_cmpstr(guest_stats(&guest).reason, ==, "");
        guest_verify(&guest);
        guest_free(&guest);
}

/* A mount of its own, which ends with the process. */
static void add_to_a_full_directory(const void *directory)
{
        struct aerostat_pager_config config;
        char reason[AEROSTAT_PAGER_REASON_MAX] = "";
        struct aerostat_pager *pager;
        struct guest guest;
        void *memory;

        if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
            mount("tmpfs", directory, "tmpfs", 0, "size=8m") < 0)
                g_error("tmpfs: %s", g_strerror(errno));
        aerostat_pager_config_init(&config);
        config.swap_dir = directory;
        config.codec = AEROSTAT_PAGER_CODEC_OFF;
        g_assert_cmpint(aerostat_pager_new(&config, &pager, reason), ==, 0);
        memory = mmap(NULL, MIB(64), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        g_assert_true(memory != MAP_FAILED);
        g_assert_cmpint(aerostat_pager_add_range(pager, memory, MIB(64), reason), ==, -ENOSPC);
        g_assert_nonnull(strstr(reason, "56 MiB are missing for its 64 MiB"));
        g_assert_null(strchr(reason, '\n'));
        aerostat_pager_free(pager);
        g_assert_cmpint(munmap(memory, MIB(64)), ==, 0);

        g_assert_cmpint(mount("tmpfs", directory, "tmpfs", MS_REMOUNT, "size=32m"), ==, 0);
        guest_new(&guest, PAGES, &config);
        guest_limit(&guest, TIGHT);
        guest_settle(&guest);
        g_assert_cmpuint(guest_in_state(&guest, PAGE_SWAPPED), >, 0);
        guest_free(&guest);
}

static void test_no_space(void)
{
        g_autofree char *directory = NULL;

        if (!pager_possible())
                return;
        if (geteuid() != 0) {
                g_test_skip("needs root, to mount a small file system");
                return;
        }
        directory = g_dir_make_tmp("aerostat-XXXXXX", NULL);
        g_assert_nonnull(directory);
        in_child_succeed(add_to_a_full_directory, directory);
        g_assert_cmpint(rmdir(directory), ==, 0);
}

int main(int argc, char **argv)
{
        static const int failures[] = {FAIL_EIO, FAIL_ENOSPC, FAIL_SHORT};

        g_test_init(&argc, &argv, NULL);
        sabotage.mem = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
        sabotage.full = open("/dev/full", O_RDWR | O_CLOEXEC);
        g_assert_true(sabotage.mem >= 0 && sabotage.full >= 0);
        g_test_add_data_func("/lost/damaged/ends-the-vm", &losses[0], test_loss_ends_the_vm);
        g_test_add_data_func("/lost/damaged/callback", &losses[0], test_loss_with_callback);
        g_test_add_data_func("/lost/cut-off/ends-the-vm", &losses[1], test_loss_ends_the_vm);
        g_test_add_data_func("/lost/cut-off/callback", &losses[1], test_loss_with_callback);
        g_test_add_data_func("/lost/reads-fail/ends-the-vm", &losses[2], test_loss_ends_the_vm);
        g_test_add_data_func("/lost/reads-fail/callback", &losses[2], test_loss_with_callback);
        g_test_add_func("/lost/reads-fail-at-first", test_reads_fail_at_first);
        g_test_add_func("/lost/reads-of-many-fail", test_reads_of_many_fail);
        g_test_add_func("/lost/reads-ahead-fail", test_reads_ahead_fail);
        g_test_add_data_func("/lost/writes-fail/eio", &failures[0], test_writes_fail);
        g_test_add_data_func("/lost/writes-fail/enospc", &failures[1], test_writes_fail);
        g_test_add_data_func("/lost/writes-fail/short", &failures[2], test_writes_fail);
        g_test_add_func("/lost/no-space", test_no_space);
        return g_test_run();
}
