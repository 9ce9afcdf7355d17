/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Guest memory that KSM shares: how it counts, and that it can be evicted and written all the same. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "fixture.h"
#include "pager/evict.h"

#define KSM   "/sys/kernel/mm/ksm/"
#define PAGES 4096u /* and as many again that equal them */
#define TIGHT 1500u

#define SHARED_BESIDE 64u /* of this process's own */

/* Of a process beside; far more than here, and each of them shared by hundreds. */
#define SHARER_PAGES 20000u

/* In the order in which they can be set; to be set back in the same. */
static const struct {
        const char *name, *value;
} settings[] = {
        {"advisor_mode", "none"}, /* else it sets pages_to_scan */
        {"pages_to_scan", "20000"}, {"sleep_millisecs", "2"}, {"smart_scan", "0"}, {"run", "1"},
};
static char *before[ARRAY_LENGTH(settings)];

static char *ksm_path(size_t i)
{
        return g_strconcat(KSM, settings[i].name, NULL);
}

static void set(size_t i, const char *value)
{
        g_autofree char *path = ksm_path(i);
        FILE *f = fopen(path, "we");

        /* What this kernel does not have was not read, either. */
        if (!f)
                return;
        (void)fputs(value, f);
        (void)fclose(f);
}

/* The modes are listed with brackets around the one that is on. */
static char *setting_of(const char *text)
{
        const char *open = strchr(text, '['), *close = strchr(text, ']');

        return open && close ? g_strndup(open + 1, (gsize)(close - open - 1)) : g_strdup(text);
}

static void ksm_restore(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(settings); i++) {
                if (before[i])
                        set(i, before[i]);
                g_clear_pointer(&before[i], g_free);
        }
}

static void ksm_full_rate(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(settings); i++) {
                g_autofree char *path = ksm_path(i), *text = NULL;

                if (g_file_get_contents(path, &text, NULL, NULL))
                        before[i] = setting_of(text);
        }
        for (size_t i = 0; i < ARRAY_LENGTH(settings); i++)
                set(i, settings[i].value);
}

static uint64_t merging_pages_of(pid_t pid)
{
        g_autofree char *path = g_strdup_printf("/proc/%d/ksm_stat", pid), *text = NULL;
        const char *line;

        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        line = strstr(text, "ksm_merging_pages ");
        return line ? g_ascii_strtoull(line + strlen("ksm_merging_pages "), NULL, 10) : 0;
}

/* Somebody else who uses KSM may turn it off, as whoever finds it on when he is done does. */
static uint64_t merging_pages_at_full_rate(pid_t pid)
{
        for (size_t i = 0; i < ARRAY_LENGTH(settings); i++)
                set(i, settings[i].value);
        return merging_pages_of(pid);
}

static bool overlaps(const struct guest *guest, uintptr_t start, uintptr_t end)
{
        return start < (uintptr_t)guest_page(guest, guest->pages) && end > (uintptr_t)guest->ram;
}

/* The kernel's own account of their memory by share. They may be one mapping, or many. */
static uint64_t pss_bytes(const struct guest *guest, const struct guest *twin)
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
                        inside = overlaps(guest, start, end) || overlaps(twin, start, end);
                else if (inside && g_str_has_prefix(*line, "Pss:"))
                        kib += g_ascii_strtoull(*line + strlen("Pss:"), NULL, 10);
        }
        return kib * 1024;
}

struct worker {
        struct guest *guest;
        uint64_t seed;
        _Atomic(bool) *stop;
        _Atomic(uint64_t) writes;
};

/* What was written is there when it is looked at again, however the page was shared meanwhile. */
static void *write_and_look(void *argument)
{
        struct worker *w = argument;
        struct guest *guest = w->guest;

        while (!atomic_load(w->stop)) {
                uint32_t page;

                w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
                page = (uint32_t)(w->seed >> 33) % guest->pages;
                if (!content_right(guest_page(guest, page), page, guest->generation[page]))
                        g_error("page %u is wrong", page);
                if (w->seed >> 61 == 0) {
                        content_write(guest_page(guest, page), page, ++guest->generation[page]);
                        atomic_fetch_add(&w->writes, 1);
                }
        }
        return NULL;
}

/* A second range of the same pager that equals the first. */
static void twin_new(struct guest *twin, const struct guest *guest)
{
        char reason[AEROSTAT_PAGER_REASON_MAX] = "";

        *twin = *guest;
        twin->ram = mmap(NULL, twin->pages * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                         -1, 0);
        g_assert_true(twin->ram != MAP_FAILED);
        twin->generation = g_new0(uint32_t, twin->pages);
        for (uint32_t i = 0; i < twin->pages; i++)
                content_write(guest_page(twin, i), i, 0);
        if (aerostat_pager_add_range(twin->pager, twin->ram, twin->pages * PAGE_BYTES, reason) < 0)
                g_error("range: %s", reason);
}

static void merge_both(const struct guest *guest, const struct guest *twin)
{
        g_assert_cmpint(madvise(guest->ram, PAGES * PAGE_BYTES, MADV_MERGEABLE), ==, 0);
        g_assert_cmpint(madvise(twin->ram, PAGES * PAGE_BYTES, MADV_MERGEABLE), ==, 0);
        wait_until(merging_pages_at_full_rate(getpid()) > PAGES * 3 / 2);
}

static void share_and_evict(const void *argument)
{
        _Atomic(bool) stop = false;
        struct aerostat_pager_stats s;
        struct guest guest, twin;
        struct worker workers[2];
        pthread_t threads[2];

        (void)argument;
        guest_new(&guest, PAGES, NULL);
        twin_new(&twin, &guest);
        merge_both(&guest, &twin);

        /* A limit in force, but with nothing to do for it. */
        guest_limit(&guest, 2 * PAGES - 1);
        wait_until(guest_stats(&guest).shared_bytes >= PAGES * PAGE_BYTES);
        s = guest_stats(&guest);
        g_assert_cmpuint(s.shared_bytes, <=, s.resident_bytes);
        /* At least two have each of them, and what is saved leaves at least one. */
        g_assert_cmpuint(s.shared_saved_bytes, >=, s.shared_bytes / 4);
        g_assert_cmpuint(s.shared_saved_bytes, <, s.shared_bytes);
        g_assert_cmpuint(s.consumed_bytes, <, s.resident_bytes);

        /* The pages that differ take more than that: shared ones have to go. */
        workers[0] = (struct worker){&guest, 1, &stop, 0};
        workers[1] = (struct worker){&twin, 2, &stop, 0};
        for (size_t i = 0; i < ARRAY_LENGTH(workers); i++)
                g_assert_cmpint(pthread_create(&threads[i], NULL, write_and_look, &workers[i]), ==, 0);
        guest_limit(&guest, TIGHT);
        wait_until(guest_stats(&guest).consumed_bytes <= TIGHT * PAGE_BYTES);
        for (size_t i = 0; i < ARRAY_LENGTH(workers); i++) {
                uint64_t writes = atomic_load(&workers[i].writes);

                wait_until(atomic_load(&workers[i].writes) > writes + 200);
        }
        atomic_store(&stop, true);
        for (size_t i = 0; i < ARRAY_LENGTH(workers); i++)
                (void)pthread_join(threads[i], NULL);
        guest_settle(&guest);
        g_assert_cmpuint(guest_stats(&guest).busy, >, 0);
        s = guest_stats(&guest);
        g_assert_cmpuint(s.shared_bytes, <=, s.resident_bytes);
        g_assert_cmpuint(s.shared_saved_bytes, <=, s.shared_bytes / 2);
        guest_verify(&guest);
        guest_verify(&twin);
        g_assert_cmpint(aerostat_pager_remove_range(twin.pager, twin.ram), ==, 0);
        guest_verify(&twin);
        g_assert_cmpint(munmap(twin.ram, PAGES * PAGE_BYTES), ==, 0);
        g_free(twin.generation);
        guest_free(&guest);
}

/* No writer keeps pages apart: all that is left is shared, and it is shared pages that have to go. */
static void share_all_and_evict(const void *argument)
{
        struct guest guest, twin;

        (void)argument;
        guest_new(&guest, PAGES, NULL);
        twin_new(&twin, &guest);
        merge_both(&guest, &twin);
        guest_limit(&guest, TIGHT);
        guest_settle(&guest);
        /* What was merged, too; the account of sharing is the kernel's, and takes its time. */
        wait_until(guest_in_state(&guest, PAGE_RESIDENT) + guest_in_state(&guest, PAGE_PARKED) <
                   2 * PAGES - PAGES / 2);
        /* A write to each, to what is still shared and to what is out. */
        for (uint32_t i = 0; i < PAGES; i++) {
                content_write(guest_page(&guest, i), i, ++guest.generation[i]);
                g_assert_true(content_right(guest_page(&twin, i), i, 0));
        }
        guest_settle(&guest);
        guest_verify(&guest);
        guest_verify(&twin);
        guest_free(&guest);
        guest_verify(&twin);
        g_assert_cmpint(munmap(twin.ram, PAGES * PAGE_BYTES), ==, 0);
        g_free(twin.generation);
}

/* What cannot be discarded: the address from, as long as it is not 0, and so many bytes. */
static _Atomic(uintptr_t) stays_from;
static _Atomic(unsigned) stayed;

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);

/* What was not given may be anything, and is no defect of the caller. */
__attribute__((no_sanitize_address)) long __wrap_syscall(long number, ...)
{
        uintptr_t from = atomic_load(&stays_from);
        va_list args;
        long a[6];

        /* As libc's own does: six, whether given or not. */
        va_start(args, number);
        for (size_t i = 0; i < ARRAY_LENGTH(a); i++)
                a[i] = va_arg(args, long);
        va_end(args);
        if (number == SYS_madvise && from && (uintptr_t)a[0] - from < PAGES * PAGE_BYTES &&
            a[2] == MADV_DONTNEED) {
                atomic_fetch_add(&stayed, 1);
                errno = EINVAL;
                return -1;
        }
        return __real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* Shared pages of which the kernel does not let go: they are the guest's as before, and whole. */
static void evict_what_stays(const void *argument)
{
        struct guest guest, twin;

        (void)argument;
        guest_new(&guest, PAGES, NULL);
        twin_new(&twin, &guest);
        merge_both(&guest, &twin);
        atomic_store(&stays_from, (uintptr_t)guest.ram);
        guest_limit(&guest, TIGHT);
        wait_until(atomic_load(&stayed) > PAGES / 8);
        for (uint32_t i = 0; i < PAGES; i++)
                content_write(guest_page(&guest, i), i, ++guest.generation[i]);
        guest_verify(&guest);
        guest_verify(&twin);
        atomic_store(&stays_from, 0);
        guest_settle(&guest);
        guest_verify(&twin);
        guest_free(&guest);
        guest_verify(&twin);
        g_assert_cmpint(munmap(twin.ram, PAGES * PAGE_BYTES), ==, 0);
        g_free(twin.generation);
}

/* Pages whose twins are gone: KSM's still, but mapped once, so that they do not look shared. */
static void evict_what_was_shared(const void *argument)
{
        struct guest guest, twin;

        (void)argument;
        guest_new(&guest, PAGES, NULL);
        twin_new(&twin, &guest);
        merge_both(&guest, &twin);
        g_assert_cmpint(aerostat_pager_remove_range(twin.pager, twin.ram), ==, 0);
        g_assert_cmpint(munmap(twin.ram, PAGES * PAGE_BYTES), ==, 0);
        g_free(twin.generation);
        guest_limit(&guest, TIGHT);
        wait_until(guest_in_state(&guest, PAGE_RESIDENT) + guest_in_state(&guest, PAGE_PARKED) <= TIGHT);
        guest_settle(&guest);
        guest_free(&guest);
}

static unsigned heat_of(const struct guest *guest, uint32_t page)
{
        return meta_heat(atomic_load(ref_meta(page_at(guest->pager, (uintptr_t)guest_page(guest, page)))));
}

/*
 * What has been found of a page that does not compress makes it leave when its turn comes again. It is not
 * forgotten while shared pages are looked for, or such pages would be parked and spared for ever.
 */
static void look_beside_the_spared(const void *argument)
{
        unsigned char *beside = mmap(NULL, 2 * SHARED_BESIDE * PAGE_BYTES, PROT_READ | PROT_WRITE,
                                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        struct guest guest;

        (void)argument;
        g_assert_true(beside != MAP_FAILED);
        for (uint32_t i = 0; i < 2 * SHARED_BESIDE; i++)
                memset(beside + i * PAGE_BYTES, 1 + i % SHARED_BESIDE, PAGE_BYTES);
        g_assert_cmpint(madvise(beside, 2 * SHARED_BESIDE * PAGE_BYTES, MADV_MERGEABLE), ==, 0);
        wait_until(merging_pages_at_full_rate(getpid()) >= SHARED_BESIDE);

        guest_new(&guest, PAGES, NULL);
        guest_limit(&guest, PAGES - 1);
        wait_until(atomic_load(&guest.pager->merged) > 0);
        (void)pthread_mutex_lock(&guest.pager->reclaim_lock);
        for (uint32_t i = CONTENT_RANDOM; i < PAGES; i += CONTENT_KINDS)
                page_set_heat(ref_meta(page_at(guest.pager, (uintptr_t)guest_page(&guest, i))),
                              PAGE_HEAT_STIFF, 1);
        (void)victim_evict_shared(guest.pager);
        for (uint32_t i = CONTENT_RANDOM; i < PAGES; i += CONTENT_KINDS)
                g_assert_cmpuint(heat_of(&guest, i), ==, PAGE_HEAT_STIFF);
        (void)pthread_mutex_unlock(&guest.pager->reclaim_lock);
        guest_free(&guest);
        g_assert_cmpint(munmap(beside, 2 * SHARED_BESIDE * PAGE_BYTES), ==, 0);
}

/* Sharing is turned off while a writer is at it, with a limit in force, and on again. */
static void part_and_merge(const void *argument)
{
        _Atomic(bool) stop = false;
        struct guest guest, twin;
        struct worker worker;
        pthread_t thread;

        (void)argument;
        guest_new(&guest, PAGES, NULL);
        twin_new(&twin, &guest);
        merge_both(&guest, &twin);
        guest_limit(&guest, 2 * PAGES - 1);
        worker = (struct worker){&guest, 1, &stop, 0};
        g_assert_cmpint(pthread_create(&thread, NULL, write_and_look, &worker), ==, 0);
        g_assert_cmpint(aerostat_pager_set_mergeable(guest.pager, false), ==, 0);
        wait_until(merging_pages_at_full_rate(getpid()) == 0);
        /* The figure follows, and what was counted as saved is not taken above the limit. */
        wait_until(guest_stats(&guest).shared_bytes == 0);
        wait_until(guest_stats(&guest).consumed_bytes <= (2 * PAGES - 1) * PAGE_BYTES);
        g_assert_cmpint(aerostat_pager_set_mergeable(guest.pager, true), ==, 0);
        /* Those that were not written to meanwhile. */
        wait_until(merging_pages_at_full_rate(getpid()) > 0);
        atomic_store(&stop, true);
        (void)pthread_join(thread, NULL);
        guest_verify(&guest);
        guest_verify(&twin);
        guest_free(&guest);
        guest_verify(&twin);
        g_assert_cmpint(munmap(twin.ram, PAGES * PAGE_BYTES), ==, 0);
        g_free(twin.generation);
}

/* Another process, with a lot of pages that are all the same few. */
static pid_t sharer_new(void)
{
        pid_t pid = fork();

        g_assert_cmpint(pid, >=, 0);
        if (pid == 0) {
                unsigned char *ram = mmap(NULL, SHARER_PAGES * PAGE_BYTES, PROT_READ | PROT_WRITE,
                                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

                (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
                if (ram == MAP_FAILED)
                        _exit(EXIT_FAILURE);
                for (uint32_t i = 0; i < SHARER_PAGES; i++)
                        memset(ram + i * PAGE_BYTES, 1 + i % 100, PAGE_BYTES);
                (void)madvise(ram, SHARER_PAGES * PAGE_BYTES, MADV_MERGEABLE);
                for (;;)
                        (void)pause();
        }
        return pid;
}

/* What others share saves this VM nothing: its limit holds by what its own pages take. */
static void share_beside_another(const void *argument)
{
        struct aerostat_pager_stats s;
        struct guest guest, twin;
        uint64_t pss, kept;
        pid_t sharer;

        (void)argument;
        sharer = sharer_new();
        guest_new(&guest, PAGES, NULL);
        twin_new(&twin, &guest);
        merge_both(&guest, &twin);
        wait_until(merging_pages_at_full_rate(sharer) > SHARER_PAGES / 10 * 9);

        /* Resident or parked, and nothing else. */
        guest_limit(&guest, 2 * PAGES - 1);
        wait_until(guest_stats(&guest).shared_bytes >= PAGES * PAGE_BYTES);
        s = guest_stats(&guest);
        pss = pss_bytes(&guest, &twin);
        g_assert_cmpuint(s.consumed_bytes, >=, pss);
        g_assert_cmpuint(s.consumed_bytes, <, s.memory_bytes);

        /* Once it is below the limit by the figure, it is by the kernel's. */
        guest_limit(&guest, TIGHT);
        guest_settle(&guest);
        /* What has been parted counts in full from the next look on; such looks take their turns. */
        wait_until((s = guest_stats(&guest), kept = s.parked_bytes + s.cache_bytes,
                    pss_bytes(&guest, &twin) + kept <= TIGHT * PAGE_BYTES));

        g_assert_cmpint(kill(sharer, SIGKILL), ==, 0);
        g_assert_cmpint(waitpid(sharer, NULL, 0), ==, sharer);
        guest_verify(&twin);
        g_assert_cmpint(aerostat_pager_remove_range(twin.pager, twin.ram), ==, 0);
        /* What was known to be shared there is forgotten with it. */
        s = guest_stats(&guest);
        g_assert_cmpuint(s.shared_bytes, <=, s.resident_bytes);
        g_assert_cmpint(munmap(twin.ram, PAGES * PAGE_BYTES), ==, 0);
        g_free(twin.generation);
        guest_free(&guest);
}

/* This process only waits for the child meanwhile, and holds no lock. */
static void leave(int signal_number)
{
        (void)signal_number;
        exit(EXIT_FAILURE);
}

/* There is one KSM in a host. Whoever has it for minutes, a benchmark, is not waited for. */
static int ksm_lock(void)
{
        int lock = open("/run/lock/aerostat-ksm", O_RDWR | O_CREAT | O_CLOEXEC, 0600);

        for (unsigned i = 0; lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) < 0; i++) {
                if (i == 6000) {
                        (void)close(lock);
                        return -1;
                }
                g_usleep(100000);
        }
        return lock;
}

static void with_ksm(void (*body)(const void *))
{
        g_autofree char *text = NULL;
        int status, lock;

        if (!pager_possible())
                return;
        if (geteuid() != 0 || !g_file_test(KSM "run", G_FILE_TEST_EXISTS) ||
            !g_file_test("/proc/self/ksm_stat", G_FILE_TEST_EXISTS)) {
                g_test_skip("needs root and a kernel with KSM");
                return;
        }
        lock = ksm_lock();
        if (lock < 0) {
                g_test_skip("cannot lock /run/lock/aerostat-ksm, which keeps apart what uses KSM");
                return;
        }
        ksm_full_rate();
        status = in_child(body, NULL, &text);
        ksm_restore();
        (void)close(lock);
        if (status)
                g_error("status %x: %s", (unsigned)status, text);
}

static void test_part_and_merge(void)
{
        with_ksm(part_and_merge);
}

static void test_written_while_evicted(void)
{
        with_ksm(share_and_evict);
}

static void test_shared_alone(void)
{
        with_ksm(share_all_and_evict);
}

static void test_others_share_more(void)
{
        with_ksm(share_beside_another);
}

static void test_no_longer_shared(void)
{
        with_ksm(evict_what_was_shared);
}

static void test_spared(void)
{
        with_ksm(look_beside_the_spared);
}

static void test_not_discarded(void)
{
        with_ksm(evict_what_stays);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        (void)atexit(ksm_restore);
        (void)signal(SIGINT, leave);
        (void)signal(SIGTERM, leave);
        g_test_add_func("/ksm/written-while-evicted", test_written_while_evicted);
        g_test_add_func("/ksm/shared-alone", test_shared_alone);
        g_test_add_func("/ksm/part-and-merge", test_part_and_merge);
        g_test_add_func("/ksm/others-share-more", test_others_share_more);
        g_test_add_func("/ksm/not-discarded", test_not_discarded);
        g_test_add_func("/ksm/no-longer-shared", test_no_longer_shared);
        g_test_add_func("/ksm/spared-remembered", test_spared);
        return g_test_run();
}
