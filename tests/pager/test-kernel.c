/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Kernel behaviour that is rare, made common: answers of userfaultfd are altered at random, or for
 * a while. No byte is ever wrong for it.
 */
#include <errno.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "child.h"
#include "fixture.h"

#ifndef UFFDIO_MOVE
struct uffdio_move {
        __u64 dst;
        __u64 src;
        __u64 len;
        __u64 mode;
        __s64 move;
};
#define UFFDIO_MOVE               _IOWR(UFFDIO, 0x05, struct uffdio_move)
#define UFFDIO_MOVE_MODE_DONTWAKE ((__u64)1 << 0)
#endif

#define PAGES     8192u /* 32 MiB */
#define TIGHT     2500u
#define EXIT_LOST 74

/* What the kernel answers meanwhile: to one request in so many (1: to all) and at most that often. */
static struct {
        _Atomic(unsigned long) request; /* 0: nothing is altered */
        _Atomic(unsigned) one_in;
        _Atomic(uint64_t) most;
        _Atomic(int) error; /* 0: any of errors[] */
        _Atomic(bool) does_it;
        _Atomic(bool) blind; /* nothing can be learnt from pagemap, either */
        _Atomic(uint64_t) random, altered;
        _Atomic(uintptr_t) only_at; /* register: this range alone */
} play;

static const int move_errors[] = {EBUSY, EAGAIN, ENOMEM};
static const int copy_errors[] = {EAGAIN, ENOMEM};

static uint64_t next_random(void)
{
        /* splitmix64 (Steele, Lea, Flood, 2014) */
        uint64_t x = atomic_fetch_add(&play.random, 0x9e3779b97f4a7c15u);

        x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
        x = (x ^ x >> 27) * 0x94d049bb133111ebu;
        return x ^ x >> 31;
}

int __real_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...);

/* As Linux 6.18: it moves pages and then says that it did not. */
static void move_secretly(int fd, const struct uffdio_move *asked, uint64_t random)
{
        struct uffdio_move move = *asked;
        uint64_t pages = move.len / PAGE_BYTES;

        move.len = (random % 4 ? pages : 1 + random / 4 % pages) * PAGE_BYTES;
        move.mode |= UFFDIO_MOVE_MODE_DONTWAKE;
        (void)__real_ioctl(fd, UFFDIO_MOVE, &move);
}

static int pick_error(unsigned long request, uint64_t random)
{
        int error = atomic_load(&play.error);

        if (error)
                return error;
        if (atomic_load(&play.does_it))
                return random % 2 ? EEXIST : EAGAIN;
        return request == UFFDIO_MOVE ? move_errors[random % ARRAY_LENGTH(move_errors)]
                                      : copy_errors[random % ARRAY_LENGTH(copy_errors)];
}

static bool to_be_altered(unsigned long request, const void *argument, uint64_t random)
{
        uintptr_t only_at = atomic_load(&play.only_at);

        return request == atomic_load(&play.request) && random % atomic_load(&play.one_in) == 0 &&
               atomic_load(&play.altered) < atomic_load(&play.most) &&
               (!only_at || ((const struct uffdio_register *)argument)->range.start == only_at);
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
        uint64_t random = next_random();
        void *argument;
        va_list args;

        va_start(args, request);
        argument = va_arg(args, void *);
        va_end(args);
        if (!to_be_altered(request, argument, random))
                return __real_ioctl(fd, request, argument);
        random = next_random();
        atomic_fetch_add(&play.altered, 1);
        if (request == UFFDIO_MOVE && atomic_load(&play.does_it))
                move_secretly(fd, argument, random >> 1);
        /* No progress is reported. */
        if (request == UFFDIO_MOVE)
                ((struct uffdio_move *)argument)->move = 0;
        if (request == UFFDIO_COPY)
                ((struct uffdio_copy *)argument)->copy = 0;
        errno = pick_error(request, random);
        return -1;
}

ssize_t __real_pread64(int fd, void *buffer, size_t size, off_t offset);
ssize_t __wrap_pread64(int fd, void *buffer, size_t size, off_t offset);

ssize_t __wrap_pread64(int fd, void *buffer, size_t size, off_t offset)
{
        if (atomic_load(&play.blind)) {
                errno = ENOMEM;
                return -1;
        }
        return __real_pread64(fd, buffer, size, offset);
}

static void play_begin(unsigned long request, unsigned one_in, int error, bool does_it)
{
        atomic_store(&play.altered, 0);
        atomic_store(&play.one_in, one_in);
        atomic_store(&play.most, UINT64_MAX);
        atomic_store(&play.error, error);
        atomic_store(&play.does_it, does_it);
        atomic_store(&play.request, request);
}

static void play_end(void)
{
        atomic_store(&play.request, 0);
}

struct worker {
        const struct guest *guest;
        uint32_t id, count;
        uint64_t seed;
        _Atomic(bool) *stop;
        _Atomic(uint64_t) accesses;
};

/* Reads and writes pages of its own: those whose number is id modulo count. */
static void *work(void *argument)
{
        struct worker *w = argument;
        const struct guest *guest = w->guest;

        while (!atomic_load(w->stop)) {
                uint32_t page;

                w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
                page = (uint32_t)(w->seed >> 33) % (guest->pages / w->count) * w->count + w->id;
                if (!content_right(guest_page(guest, page), page, guest->generation[page]))
                        g_error("page %u is wrong", page);
                if (w->seed >> 61 == 0)
                        content_write(guest_page(guest, page), page, ++guest->generation[page]);
                atomic_fetch_add(&w->accesses, 1);
        }
        return NULL;
}

/* Two threads at work until so many answers were altered; each of them has got on, too. */
static void work_until_altered(const struct guest *guest, uint64_t altered)
{
        _Atomic(bool) stop = false;
        struct worker workers[2];
        pthread_t threads[2];

        for (uint32_t i = 0; i < ARRAY_LENGTH(workers); i++) {
                workers[i] = (struct worker){guest, i, ARRAY_LENGTH(workers), i, &stop, 0};
                g_assert_cmpint(pthread_create(&threads[i], NULL, work, &workers[i]), ==, 0);
        }
        wait_until(atomic_load(&play.altered) >= altered);
        for (uint32_t i = 0; i < ARRAY_LENGTH(workers); i++)
                wait_until(atomic_load(&workers[i].accesses) > 1000);
        atomic_store(&stop, true);
        for (uint32_t i = 0; i < ARRAY_LENGTH(workers); i++)
                (void)pthread_join(threads[i], NULL);
}

static void guest_under_limit(struct guest *guest)
{
        guest_new(guest, PAGES, NULL);
        guest_limit(guest, TIGHT);
}

static void test_moves_in_secret(void)
{
        struct guest guest;

        if (!pager_possible())
                return;
        play_begin(UFFDIO_MOVE, 10, 0, true);
        guest_under_limit(&guest);
        work_until_altered(&guest, 2000);
        guest_settle(&guest);
        guest_verify(&guest);
        play_end();
        guest_free(&guest);
}

/* The same error each time, which is where a special case would show. */
static void test_every_move_in_secret(const void *error)
{
        struct guest guest;

        if (!pager_possible())
                return;
        play_begin(UFFDIO_MOVE, 1, *(const int *)error, true);
        guest_under_limit(&guest);
        guest_settle(&guest);
        work_until_altered(&guest, 2000);
        guest_free(&guest);
        play_end();
}

static void test_moves_fail_at_random(void)
{
        struct guest guest;

        if (!pager_possible())
                return;
        play_begin(UFFDIO_MOVE, 3, 0, false);
        guest_under_limit(&guest);
        work_until_altered(&guest, 2000);
        guest_settle(&guest);
        guest_verify(&guest);
        play_end();
        guest_free(&guest);
}

/* A page was moved or was not, and the kernel does not say: nobody guesses. */
static void move_blindly(const void *argument)
{
        struct guest guest;
        uint32_t page;

        (void)argument;
        guest_under_limit(&guest);
        guest_settle(&guest);
        page = guest_find(&guest, PAGE_PARKED, 0);
        g_assert_cmpuint(page, <, PAGES);
        atomic_store(&play.blind, true);
        play_begin(UFFDIO_MOVE, 1, EEXIST, true);
        (void)*(volatile unsigned char *)guest_page(&guest, page);
        (void)dprintf(STDERR_FILENO, "page %u was seen\n", page);
}

static void test_blind_move(void)
{
        g_autofree char *text = NULL;
        int status;

        if (!pager_possible())
                return;
        status = in_child(move_blindly, NULL, &text);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_LOST ||
            !strstr(text, "cannot be known: /proc/self/pagemap cannot be read"))
                g_error("status %x: %s", (unsigned)status, text);
}

/* Nothing can be taken: the VM goes on above its limit. What is parked already can still come back. */
static void test_moves_fail_for_a_while(const void *error)
{
        uint32_t page;
        struct guest guest;

        if (!pager_possible())
                return;
        guest_new(&guest, PAGES, NULL);
        play_begin(UFFDIO_MOVE, 1, *(const int *)error, false);
        guest_limit(&guest, TIGHT);
        wait_until(atomic_load(&play.altered) >= PAGES);
        guest_verify(&guest);
        g_assert_cmpuint(guest_in_state(&guest, PAGE_RESIDENT), ==, PAGES);
        g_assert_cmpuint(guest_stats(&guest).parks, ==, 0);
        if (*(const int *)error == EBUSY)
                g_assert_cmpuint(guest_stats(&guest).busy, >=, PAGES);
        if (*(const int *)error == ENOMEM)
                g_assert_nonnull(strstr(guest_stats(&guest).reason, "no memory left for page tables"));
        else
                g_assert_cmpstr(guest_stats(&guest).reason, ==, "");
        play_end();
        guest_settle(&guest);
        wait_until(!guest_stats(&guest).reason[0]);

        page = guest_find(&guest, PAGE_PARKED, 0);
        g_assert_cmpuint(page, <, PAGES);
        play_begin(UFFDIO_MOVE, 1, *(const int *)error, false);
        guest_verify(&guest);
        g_assert_cmpint(aerostat_pager_set_limit(guest.pager, AEROSTAT_PAGER_UNLIMITED), ==, 0);
        wait_until(guest_in_state(&guest, PAGE_PARKED) == 0);
        guest_verify(&guest);
        play_end();
        guest_free(&guest);
}

static void test_copies_fail_at_random(void)
{
        struct guest guest;

        if (!pager_possible())
                return;
        play_begin(UFFDIO_COPY, 10, 0, false);
        guest_under_limit(&guest);
        work_until_altered(&guest, 300);
        guest_settle(&guest);
        guest_verify(&guest);
        play_end();
        guest_free(&guest);
}

struct while_copies_fail {
        int error;
        unsigned times;
};

/* Whoever touches waits until the kernel has memory again, and then gets the right page. */
static void test_copies_fail_for_a_while(const void *argument)
{
        const struct while_copies_fail *fail = argument;
        struct guest guest;

        if (!pager_possible())
                return;
        guest_under_limit(&guest);
        guest_settle(&guest);
        play_begin(UFFDIO_COPY, 1, fail->error, false);
        atomic_store(&play.most, fail->times);
        guest_verify(&guest);
        g_assert_cmpuint(atomic_load(&play.altered), >=, fail->times);
        play_end();
        guest_free(&guest);
}

/* The kernel never takes it: the VM ends, and says what of, and only after its patience. */
static void touch_in_vain(const void *error)
{
        struct guest guest;
        uint32_t page;

        guest_under_limit(&guest);
        guest_settle(&guest);
        guest.pager->patience_ns = 2000000000;
        page = guest_find(&guest, PAGE_COMPRESSED, 0);
        g_assert_cmpuint(page, <, PAGES);
        play_begin(UFFDIO_COPY, 1, *(const int *)error, false);
        (void)*(volatile unsigned char *)guest_page(&guest, page);
        (void)dprintf(STDERR_FILENO, "page %u was seen\n", page);
}

static void test_copies_fail_for_good(const void *error)
{
        g_autofree char *text = NULL;
        int status;

        if (!pager_possible())
                return;
        status = in_child(touch_in_vain, error, &text);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_LOST ||
            !strstr(text, "could not be given back to the guest in 2 s: ") ||
            !strstr(text, *(const int *)error == ENOMEM ? "no memory left" : "put it off"))
                g_error("status %x: %s", (unsigned)status, text);
}

/* Somebody else has taken the memory between its coming and the limit. */
static void test_register_fails(void)
{
        struct guest guest;

        if (!pager_possible())
                return;
        guest_new(&guest, PAGES, NULL);
        atomic_store(&play.only_at, (uintptr_t)guest.ram);
        play_begin(UFFDIO_REGISTER, 1, EBUSY, false);
        guest_limit(&guest, TIGHT);
        wait_until(atomic_load(&play.altered) >= 2);
        guest_verify(&guest);
        g_assert_cmpuint(guest_in_state(&guest, PAGE_UNTRACKED), ==, PAGES);
        g_assert_nonnull(strstr(guest_stats(&guest).reason, "in use by the VMM"));
        play_end();
        atomic_store(&play.only_at, 0);
        guest_settle(&guest);
        guest_free(&guest);
}

int main(int argc, char **argv)
{
        static const struct while_copies_fail no_progress = {EAGAIN, 1500}, no_memory = {ENOMEM, 50};
        static const int eexist = EEXIST, eagain = EAGAIN, ebusy = EBUSY, enomem = ENOMEM;

        g_test_init(&argc, &argv, NULL);
        atomic_store(&play.random, (uint64_t)g_test_rand_int());
        g_test_add_func("/kernel/move/in-secret", test_moves_in_secret);
        g_test_add_data_func("/kernel/move/each-in-secret/eexist", &eexist, test_every_move_in_secret);
        g_test_add_data_func("/kernel/move/each-in-secret/eagain", &eagain, test_every_move_in_secret);
        g_test_add_func("/kernel/move/at-random", test_moves_fail_at_random);
        g_test_add_func("/kernel/move/blind", test_blind_move);
        g_test_add_data_func("/kernel/move/for-a-while/ebusy", &ebusy, test_moves_fail_for_a_while);
        g_test_add_data_func("/kernel/move/for-a-while/eagain", &eagain, test_moves_fail_for_a_while);
        g_test_add_data_func("/kernel/move/for-a-while/enomem", &enomem, test_moves_fail_for_a_while);
        g_test_add_func("/kernel/copy/at-random", test_copies_fail_at_random);
        g_test_add_data_func("/kernel/copy/for-a-while/eagain", &no_progress, test_copies_fail_for_a_while);
        g_test_add_data_func("/kernel/copy/for-a-while/enomem", &no_memory, test_copies_fail_for_a_while);
        g_test_add_data_func("/kernel/copy/for-good/eagain", &eagain, test_copies_fail_for_good);
        g_test_add_data_func("/kernel/copy/for-good/enomem", &enomem, test_copies_fail_for_good);
        g_test_add_func("/kernel/register", test_register_fails);
        return g_test_run();
}
