/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What else a VMM and its kernel do with guest memory: direct I/O, fork, huge pages, other owners. */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "child.h"
#include "fixture.h"

#define PAGES     8192u /* 32 MiB */
#define TIGHT     2000u
#define HUGE_PAGE MIB(2)

static void guest_under_limit(struct guest *guest)
{
        guest_new(guest, PAGES, NULL);
        guest_limit(guest, TIGHT);
        guest_settle(guest);
}

/* Direct I/O is of groups of pages; every other group is nobody else's to change. */
#define GROUP 8u

struct toucher {
        struct guest *guest;
        _Atomic(bool) *stop;
};

/* While the disk writes there, too: what the byte is does not matter. */
__attribute__((no_sanitize("thread"))) static void touch(const struct guest *guest, uint32_t page)
{
        (void)*(volatile unsigned char *)guest_page(guest, page);
}

/* Touches all pages, so that those under I/O come and go; writes and verifies its own. */
static void *touch_at_random(void *argument)
{
        struct toucher *t = argument;
        struct guest *guest = t->guest;
        uint64_t seed = 11;

        while (!atomic_load(t->stop)) {
                uint32_t page;

                seed = seed * 6364136223846793005u + 1442695040888963407u;
                page = (uint32_t)(seed >> 33) % guest->pages;
                touch(guest, page);
                if (page / GROUP % 2)
                        continue;
                if (!content_right(guest_page(guest, page), page, guest->generation[page]))
                        g_error("page %u is wrong", page);
                if (seed >> 61 == 0)
                        content_write(guest_page(guest, page), page, ++guest->generation[page]);
        }
        return NULL;
}

static void write_out(const struct guest *guest, int fd, uint32_t first, unsigned char *buffer)
{
        g_assert_cmpint(pwrite(fd, guest_page(guest, first), GROUP * PAGE_BYTES, 0), ==, GROUP * PAGE_BYTES);
        g_assert_cmpint(pread(fd, buffer, GROUP * PAGE_BYTES, 0), ==, GROUP * PAGE_BYTES);
        for (uint32_t i = 0; i < GROUP; i++)
                g_assert_true(
                        content_right(buffer + i * PAGE_BYTES, first + i, guest->generation[first + i]));
}

static void read_in(struct guest *guest, int fd, uint32_t first, unsigned char *buffer)
{
        for (uint32_t i = 0; i < GROUP; i++)
                content_write(buffer + i * PAGE_BYTES, first + i, ++guest->generation[first + i]);
        g_assert_cmpint(pwrite(fd, buffer, GROUP * PAGE_BYTES, 0), ==, GROUP * PAGE_BYTES);
        g_assert_cmpint(pread(fd, guest_page(guest, first), GROUP * PAGE_BYTES, 0), ==, GROUP * PAGE_BYTES);
        for (uint32_t i = 0; i < GROUP; i++)
                g_assert_true(content_right(guest_page(guest, first + i), first + i,
                                            guest->generation[first + i]));
}

static void test_direct_io(void)
{
        static const enum page_state states[] = {PAGE_PARKED, PAGE_COMPRESSED, PAGE_SWAPPED};
        _cleanup_close_ int fd = open("/var/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC | O_DIRECT, 0600);
        uint32_t met[ARRAY_LENGTH(states)][2] = {}, least;
        _Atomic(bool) stop = false;
        unsigned char *buffer;
        struct toucher toucher;
        struct guest guest;
        pthread_t thread;
        uint64_t seed = 7;

        if (!pager_possible())
                return;
        if (fd < 0) {
                g_test_skip("no direct I/O in /var/tmp");
                return;
        }
        buffer = mmap(NULL, GROUP * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        g_assert_true(buffer != MAP_FAILED);
        guest_under_limit(&guest);
        toucher = (struct toucher){&guest, &stop};
        g_assert_cmpint(pthread_create(&thread, NULL, touch_at_random, &toucher), ==, 0);
        do {
                uint32_t first, in;

                seed = seed * 6364136223846793005u + 1442695040888963407u;
                first = (uint32_t)(seed >> 33) % (PAGES / GROUP / 2) * 2 * GROUP + GROUP;
                in = (uint32_t)(seed >> 62) & 1;
                for (size_t s = 0; s < ARRAY_LENGTH(states); s++)
                        met[s][in] += guest_find(&guest, states[s], first) < first + GROUP;
                if (in)
                        read_in(&guest, fd, first, buffer);
                else
                        write_out(&guest, fd, first, buffer);
                least = UINT32_MAX;
                for (size_t s = 0; s < ARRAY_LENGTH(states); s++)
                        least = MIN(least, MIN(met[s][0], met[s][1]));
        } while (least < 30);
        atomic_store(&stop, true);
        (void)pthread_join(thread, NULL);
        guest_free(&guest);
        (void)munmap(buffer, GROUP * PAGE_BYTES);
}

/* In the child: no guest memory, and an end like any other process's. */
static void be_a_child(const struct guest *guest, int wait_fd)
{
        unsigned char resident, end;
        int status = EXIT_SUCCESS;

        for (uint32_t i = 0; i < guest->pages; i += 100) {
                if (mincore(guest_page(guest, i), PAGE_BYTES, &resident) == 0 || errno != ENOMEM)
                        status = EXIT_FAILURE;
        }
        /* Lives until the parent has had all its pages come and go. */
        (void)read(wait_fd, &end, 1);
        exit(status);
}

static void test_fork(void)
{
        struct guest guest;
        int ends[2], status;
        pid_t pid;

        if (!pager_possible())
                return;
        guest_under_limit(&guest);
        g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
        (void)fflush(NULL);
        pid = fork();
        g_assert_cmpint(pid, >=, 0);
        if (pid == 0) {
                (void)close(ends[1]);
                be_a_child(&guest, ends[0]);
        }
        (void)close(ends[0]);
        for (uint32_t i = 0; i < PAGES; i++)
                content_write(guest_page(&guest, i), i, ++guest.generation[i]);
        guest_verify(&guest);
        guest_settle(&guest);
        (void)close(ends[1]);
        wait_until(waitpid(pid, &status, WNOHANG) == pid);
        g_assert_cmpint(status, ==, 0);
        guest_verify(&guest);
        guest_free(&guest);
}

/* Bytes of guest memory in huge pages. */
static uint64_t huge_bytes(const struct guest *guest)
{
        g_autofree char *smaps = NULL;
        g_auto(GStrv) lines = NULL;
        bool inside = false;
        uint64_t kib = 0;

        g_assert_true(g_file_get_contents("/proc/self/smaps", &smaps, NULL, NULL));
        lines = g_strsplit(smaps, "\n", -1);
        for (char **line = lines; *line; line++) {
                uintptr_t start, end;

                if (sscanf(*line, "%lx-%lx ", &start, &end) == 2)
                        inside = start < (uintptr_t)guest_page(guest, guest->pages) &&
                                 end > (uintptr_t)guest->ram;
                else if (inside && g_str_has_prefix(*line, "AnonHugePages:"))
                        kib += g_ascii_strtoull(*line + strlen("AnonHugePages:"), NULL, 10);
        }
        return kib * 1024;
}

/* Like guest_new(), of huge pages, and filled before the pager has it. */
static void guest_new_huge(struct guest *guest)
{
        struct aerostat_pager_config config;
        char reason[AEROSTAT_PAGER_REASON_MAX] = "";
        size_t length = PAGES * PAGE_BYTES, before;
        unsigned char *all =
                mmap(NULL, length + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        g_assert_true(all != MAP_FAILED);
        before = -(uintptr_t)all % HUGE_PAGE;
        if (before)
                g_assert_cmpint(munmap(all, before), ==, 0);
        if (before < HUGE_PAGE)
                g_assert_cmpint(munmap(all + before + length, HUGE_PAGE - before), ==, 0);
        *guest = (struct guest){.ram = all + before, .pages = PAGES, .generation = g_new0(uint32_t, PAGES)};
        (void)madvise(guest->ram, length, MADV_HUGEPAGE);
        for (uint32_t i = 0; i < PAGES; i++)
                content_write(guest_page(guest, i), i, 0);
        aerostat_pager_config_init(&config);
        config.swap_dir = "/var/tmp";
        config.sample_period_ms = 0;
        g_assert_cmpint(aerostat_pager_new(&config, &guest->pager, reason), ==, 0);
}

static void test_huge_pages(void)
{
        struct guest guest;
        uint64_t before;

        if (!pager_possible())
                return;
        guest_new_huge(&guest);
        before = huge_bytes(&guest);
        g_assert_cmpint(aerostat_pager_add_range(guest.pager, guest.ram, PAGES * PAGE_BYTES, NULL), ==, 0);
        if (before < HUGE_PAGE) {
                g_test_skip("no transparent huge pages");
        } else {
                guest_verify(&guest);
                g_assert_cmpuint(huge_bytes(&guest), >=, before);
        }
        guest_limit(&guest, TIGHT);
        guest_settle(&guest);
        g_assert_cmpuint(huge_bytes(&guest), <=, TIGHT * PAGE_BYTES);
        for (uint32_t i = 0; i < PAGES; i += 3)
                content_write(guest_page(&guest, i), i, ++guest.generation[i]);
        guest_verify(&guest);
        guest_settle(&guest);
        guest_free(&guest);
}

/* One line, and the memory is as it was. */
static void refused(struct aerostat_pager *pager, void *addr, size_t length, int error, const char *why)
{
        char reason[AEROSTAT_PAGER_REASON_MAX] = "";
        struct aerostat_pager_stats stats;

        memset(addr, 0x5a, length);
        g_assert_cmpint(aerostat_pager_add_range(pager, addr, length, reason), ==, error);
        if (!strstr(reason, why) || strchr(reason, '\n'))
                g_error("\"%s\" for: %s", reason, why);
        for (size_t i = 0; i < length; i += 512)
                g_assert_cmpuint(((volatile unsigned char *)addr)[i], ==, 0x5a);
        aerostat_pager_get_stats(pager, &stats);
        g_assert_cmpuint(stats.memory_bytes, ==, 0);
        /* A caller's mistake says nothing about the guest's memory. */
        if (error == -ENOTSUP) {
                g_assert_cmpstr(stats.reason, ==, reason);
                g_assert_cmpuint(stats.unmanaged_bytes, >=, length);
        }
}

static void map_and_be_refused(struct aerostat_pager *pager, int flags, int fd, const char *why)
{
        void *addr = mmap(NULL, HUGE_PAGE, PROT_READ | PROT_WRITE, flags, fd, 0);

        if (addr == MAP_FAILED) {
                g_test_message("not there: %s: %s", why, g_strerror(errno));
                return;
        }
        refused(pager, addr, HUGE_PAGE, -ENOTSUP, why);
        g_assert_cmpint(munmap(addr, HUGE_PAGE), ==, 0);
}

/* Not by mlock() and munlock(): where sanitizers are, they do nothing. */
static int lock_memory(void *addr, size_t length)
{
        return (int)syscall(SYS_mlock, addr, length);
}

static int unlock_memory(void *addr, size_t length)
{
        return (int)syscall(SYS_munlock, addr, length);
}

static int open_uffd_on(void *addr, size_t length)
{
        struct uffdio_api api = {.api = UFFD_API};
        struct uffdio_register reg = {.range = {(uintptr_t)addr, length},
                                      .mode = UFFDIO_REGISTER_MODE_MISSING};
        int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);

        g_assert_cmpint(fd, >=, 0);
        g_assert_cmpint(ioctl(fd, UFFDIO_API, &api), ==, 0);
        g_assert_cmpint(ioctl(fd, UFFDIO_REGISTER, &reg), ==, 0);
        return fd;
}

static void test_not_manageable(void)
{
        _cleanup_close_ int file = open("/var/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        const size_t length = HUGE_PAGE;
        struct aerostat_pager_config config;
        struct aerostat_pager *pager;
        unsigned char *plain;
        int uffd;

        if (!pager_possible())
                return;
        aerostat_pager_config_init(&config);
        g_assert_cmpint(aerostat_pager_new(&config, &pager, NULL), ==, 0);
        g_assert_cmpint(file, >=, 0);
        g_assert_cmpint(ftruncate(file, (off_t)length), ==, 0);
        map_and_be_refused(pager, MAP_SHARED | MAP_ANONYMOUS, -1, "it is shared");
        map_and_be_refused(pager, MAP_SHARED, file, "it is shared");
        map_and_be_refused(pager, MAP_PRIVATE, file, "not private anonymous");
        map_and_be_refused(pager, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, "it is locked");
        map_and_be_refused(pager, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, "it is of huge pages");

        plain = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        g_assert_true(plain != MAP_FAILED);
        refused(pager, plain + 512, length / 2, -EINVAL, "multiples of 4096");
        refused(pager, plain, length - 512, -EINVAL, "multiples of 4096");
        /* Somebody else's already. */
        memset(plain, 0x5a, length);
        uffd = open_uffd_on(plain, length);
        refused(pager, plain, length, -ENOTSUP, "userfaultfd");
        (void)close(uffd);
        /* A part of it does, for all. */
        g_assert_cmpint(lock_memory(plain + length / 2, PAGE_BYTES), ==, 0);
        refused(pager, plain, length, -ENOTSUP, "it is locked");
        g_assert_cmpint(munmap(plain + length / 2, PAGE_BYTES), ==, 0);
        g_assert_cmpint(aerostat_pager_add_range(pager, plain, length, NULL), ==, -ENOTSUP);
        g_assert_cmpint(munmap(plain, length), ==, 0);
        aerostat_pager_free(pager);
}

/* Locked since it was added: it stays, and goes when it is unlocked. */
static void test_locked_later(void)
{
        struct guest guest;

        if (!pager_possible())
                return;
        guest_new(&guest, PAGES, NULL);
        if (lock_memory(guest.ram, PAGES * PAGE_BYTES) < 0) {
                g_test_skip("memory cannot be locked");
        } else {
                guest_limit(&guest, TIGHT);
                wait_until(strstr(guest_stats(&guest).reason, "locked"));
                guest_verify(&guest);
                g_assert_cmpuint(guest_in_state(&guest, PAGE_RESIDENT), ==, PAGES);
                g_assert_cmpint(unlock_memory(guest.ram, PAGES * PAGE_BYTES), ==, 0);
                guest_settle(&guest);
                wait_until(!guest_stats(&guest).reason[0]);
        }
        guest_free(&guest);
}

/*
 * The VMM locks all its memory, and the kernel brings in every page of the process first. The pages
 * of the guest come; the pager's own empty ones are passed over.
 */
static void lock_everything(const void *argument)
{
        struct aerostat_pager_config config;
        struct guest guest;

        (void)argument;
        aerostat_pager_config_init(&config);
        config.swap_dir = "/var/tmp";
        config.sample_period_ms = 1000;
        guest_new(&guest, PAGES, &config);
        guest_limit(&guest, TIGHT);
        guest_settle(&guest);
        wait_until(guest_in_state(&guest, PAGE_PARKED) > 0);
        for (unsigned i = 0; i < 2; i++) {
                if (syscall(SYS_mlockall, MCL_CURRENT) < 0)
                        g_error("mlockall: %s", g_strerror(errno));
                guest_verify(&guest);
                for (uint32_t page = 0; page < PAGES; page += 3)
                        content_write(guest_page(&guest, page), page, ++guest.generation[page]);
        }
        guest_verify(&guest);
        /* What came in has to stay, for it is locked, until it no longer is. */
        wait_until(strstr(guest_stats(&guest).reason, "locked"));
        g_assert_cmpint(syscall(SYS_munlockall), ==, 0);
        guest_settle(&guest);
        wait_until(!guest_stats(&guest).reason[0]);
        guest_free(&guest);
}

static void test_everything_locked(void)
{
        if (!pager_possible())
                return;
        if (geteuid() != 0) {
                g_test_skip("needs root, to lock memory");
                return;
        }
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        g_test_skip("a sanitizer's shadow is more memory than can be locked");
        return;
#endif
        in_child_succeed(lock_everything, NULL);
}

/* Somebody reads all memory of the process, and does not wait for ever. */
static void read_everything(const void *argument)
{
        const struct park *park;
        struct guest guest;
        char byte;

        (void)argument;
        guest_under_limit(&guest);
        guest_settle(&guest);
        park = &guest.pager->park;
        for (uint32_t slot = 0; slot < park->ring_slots + park->sample_slots; slot++) {
                struct iovec here = {&byte, 1}, there = {(void *)park_address(park, slot), 1};

                (void)process_vm_readv(getpid(), &here, 1, &there, 1, 0);
        }
        for (uint32_t i = 0; i < PAGES; i++)
                content_write(guest_page(&guest, i), i, ++guest.generation[i]);
        guest_verify(&guest);
        guest_settle(&guest);
        guest_free(&guest);
}

static void test_read_from_outside(void)
{
        if (!pager_possible())
                return;
        in_child_succeed(read_everything, NULL);
}

/* A discard that the pager does not hear of: its records are wrong until it looks. */
static void test_discarded_in_secret(void)
{
        static const unsigned char zeros[PAGE_BYTES];
        g_autofree bool *gone = g_new0(bool, PAGES);
        struct guest guest;
        uint32_t n = 0;

        if (!pager_possible())
                return;
        guest_under_limit(&guest);
        for (uint32_t i = 0; i < PAGES; i++) {
                page_meta *meta = ref_meta(page_at(guest.pager, (uintptr_t)guest_page(&guest, i)));

                /* Locked, so that it is not parked just now; and not all, so that runs have holes. */
                page_lock(meta);
                gone[i] = page_state(meta) == PAGE_RESIDENT && i % 3;
                if (gone[i])
                        g_assert_cmpint(sys_madvise(guest_page(&guest, i), PAGE_BYTES, MADV_DONTNEED), ==,
                                        0);
                n += gone[i];
                page_unlock(meta);
        }
        g_assert_cmpuint(n, >, 0);
        for (uint32_t i = 0; i < PAGES; i++) {
                if (!gone[i] || i % 2)
                        continue;
                g_assert_cmpmem(guest_page(&guest, i), PAGE_BYTES, zeros, PAGE_BYTES);
        }
        /* The hand finds the others, too. */
        guest_limit(&guest, 1100);
        guest_settle(&guest);
        for (uint32_t i = 0; i < PAGES; i++) {
                if (!gone[i])
                        continue;
                g_assert_cmpmem(guest_page(&guest, i), PAGE_BYTES, zeros, PAGE_BYTES);
                content_write(guest_page(&guest, i), i, ++guest.generation[i]);
        }
        guest_settle(&guest);
        /* The record is written when the page is there already. */
        wait_until(guest_in_state(&guest, PAGE_ABSENT) == 0);
        guest_verify(&guest);
        guest_free(&guest);
}

/* The VMM's own userfaultfd on guest memory, as for postcopy migration. */
static void test_in_use(void)
{
        struct guest guest;
        int uffd;

        if (!pager_possible())
                return;
        guest_new(&guest, PAGES, NULL);
        uffd = open_uffd_on(guest.ram, PAGES * PAGE_BYTES);
        guest_limit(&guest, TIGHT);
        wait_until(strstr(guest_stats(&guest).reason, "in use by the VMM"));
        guest_verify(&guest);
        g_assert_cmpuint(guest_in_state(&guest, PAGE_UNTRACKED), ==, PAGES);
        g_assert_cmpuint(guest_stats(&guest).resident_bytes, ==, PAGES * PAGE_BYTES);
        (void)close(uffd);
        guest_settle(&guest);
        wait_until(!guest_stats(&guest).reason[0]);
        g_assert_cmpuint(guest_in_state(&guest, PAGE_UNTRACKED), ==, 0);
        guest_free(&guest);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/world/direct-io", test_direct_io);
        g_test_add_func("/world/fork", test_fork);
        g_test_add_func("/world/huge-pages", test_huge_pages);
        g_test_add_func("/world/not-manageable", test_not_manageable);
        g_test_add_func("/world/locked-later", test_locked_later);
        g_test_add_func("/world/everything-locked", test_everything_locked);
        g_test_add_func("/world/read-from-outside", test_read_from_outside);
        g_test_add_func("/world/discarded-in-secret", test_discarded_in_secret);
        g_test_add_func("/world/in-use", test_in_use);
        return g_test_run();
}
