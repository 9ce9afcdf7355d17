/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every part uses: the checksum, the macros, and threads that take no signals. */
#include "base/thread.h"

/* Included for the two ways to the checksum, of which a machine takes one. */
#include "base/crc32c.c"

#include "unit.h"

/* GLib has macros of the same names, which evaluate twice. */
#undef MIN
#undef MAX
#undef CLAMP
#include "base/macro.h"

#include <signal.h>

/* RFC 3720, B.4. */
static const struct {
        const char *name;
        uint32_t crc;
        size_t size;
        uint8_t data[48];
} vectors[] = {
        {"zeros", 0x8a9136aa, 32, {0}},
        {"ones", 0x62a8ab43, 32, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}},
        {"up", 0x46dd794e, 32, {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31}},
        {"down", 0x113fdb5c, 32, {31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16,
                                  15, 14, 13, 12, 11, 10, 9,  8,  7,  6,  5,  4,  3,  2,  1,  0}},
        {"iSCSI read", 0xd9963a56, 48, {0x01, 0xc0, 0, 0, 0, 0, 0, 0, 0,    0, 0, 0,    0, 0, 0, 0,
                                        0x14, 0,    0, 0, 0, 0, 4, 0, 0,    0, 0, 0x14, 0, 0, 0, 0x18,
                                        0x28, 0,    0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0,    0, 0, 0, 0}},
};

static void test_vectors(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(vectors); i++) {
                uint64_t aligned[6];

                memcpy(aligned, vectors[i].data, vectors[i].size);
                g_assert_cmphex(crc32c(aligned, vectors[i].size), ==, vectors[i].crc);
                g_assert_cmphex(crc32c_by_table(aligned, vectors[i].size), ==, vectors[i].crc);
        }
        g_assert_cmphex(crc32c(NULL, 0), ==, 0);
}

static void test_ways_agree(void)
{
#ifdef __x86_64__
        uint64_t page[512], state = 0xc3c3;

        if (!__builtin_cpu_supports("sse4.2")) {
                g_test_skip("the processor has no CRC-32C instruction");
                return;
        }
        for (unsigned i = 0; i < 200; i++) {
                size_t size = i ? 8 * unit_below(&state, 513) : sizeof(page);

                unit_fill_random(page, sizeof(page), &state);
                g_assert_cmphex(crc32c_by_instruction(page, size), ==, crc32c_by_table(page, size));
        }
#else
        g_test_skip("there is one way on this machine");
#endif
}

/* The reason for having it: no change of a single bit goes unseen. */
static void test_single_bits(void)
{
        uint64_t page[512], state = 0xb17;
        uint32_t crc;

        unit_fill_random(page, sizeof(page), &state);
        crc = crc32c(page, sizeof(page));
        for (unsigned bit = 0; bit < 8 * sizeof(page); bit += 7) {
                page[bit / 64] ^= 1ull << bit % 64;
                g_assert_cmphex(crc32c(page, sizeof(page)), !=, crc);
                page[bit / 64] ^= 1ull << bit % 64;
        }
        g_assert_cmphex(crc32c(page, sizeof(page)), ==, crc);
}

static void test_min_max(void)
{
        int calls = 0, low = -3, high = 8;

        g_assert_cmpint(MIN(low, high), ==, -3);
        g_assert_cmpint(MAX(low, high), ==, 8);
        g_assert_cmpint(MIN(high, low), ==, -3);
        g_assert_cmpint(MAX(high, low), ==, 8);
        g_assert_cmpint(MIN(low, low), ==, -3);

        g_assert_cmpint(MIN(++calls, 10), ==, 1);
        g_assert_cmpint(calls, ==, 1);
        g_assert_cmpint(MAX(0, ++calls), ==, 2);
        g_assert_cmpint(calls, ==, 2);
        /* Nested ones do not take each other's variables. */
        g_assert_cmpint(MIN(MAX(1, MIN(5, ++calls)), MAX(2, 9)), ==, 3);
        g_assert_cmpint(calls, ==, 3);
        g_assert_cmpint(CLAMP(++calls, 0, 10), ==, 4);
        g_assert_cmpint(calls, ==, 4);
        g_assert_cmpint(CLAMP(-1, 0, 10), ==, 0);
        g_assert_cmpint(CLAMP(11, 0, 10), ==, 10);
}

static void test_numbers(void)
{
        g_assert_cmpuint(DIV_ROUND_UP(0u, 8u), ==, 0);
        g_assert_cmpuint(DIV_ROUND_UP(1u, 8u), ==, 1);
        g_assert_cmpuint(DIV_ROUND_UP(8u, 8u), ==, 1);
        g_assert_cmpuint(DIV_ROUND_UP(9u, 8u), ==, 2);
        /* 32-bit operands are widened before they are shifted. */
        g_assert_cmpuint(KIB(4194304u), ==, 1ull << 32);
        g_assert_cmpuint(MIB(4096u), ==, 1ull << 32);
        g_assert_cmpuint(GIB(4u), ==, 1ull << 32);
}

static void test_take_fd(void)
{
        int fds[2], kept = -1;

        g_assert_cmpint(pipe(fds), ==, 0);
        {
                _cleanup_close_ int closed = fds[0];
                _cleanup_close_ int taken = fds[1];
                _cleanup_close_ int none = -1;

                kept = take_fd(&taken);
                g_assert_cmpint(taken, ==, -1);
                g_assert_cmpint(closed, ==, fds[0]);
                g_assert_cmpint(none, ==, -1);
        }
        g_assert_cmpint(kept, ==, fds[1]);
        g_assert_cmpint(close(fds[0]), ==, -1);
        g_assert_cmpint(errno, ==, EBADF);
        g_assert_cmpint(close(kept), ==, 0);
}

struct report {
        sigset_t mask;
        char name[16];
};

static void *report_thread(void *argument)
{
        struct report *report = argument;

        (void)pthread_sigmask(SIG_SETMASK, NULL, &report->mask);
        /* The name is set by the starter, perhaps only after this began. */
        for (unsigned i = 0; i < 10000; i++) {
                (void)pthread_getname_np(pthread_self(), report->name, sizeof(report->name));
                if (strcmp(report->name, "aerostat-unit") == 0)
                        break;
                unit_nap_ms(1);
        }
        return report;
}

static void test_thread(void)
{
        struct report report = {};
        sigset_t mine, after;
        pthread_t thread;
        void *result = NULL;

        (void)sigemptyset(&mine);
        (void)sigaddset(&mine, SIGUSR2);
        g_assert_cmpint(pthread_sigmask(SIG_SETMASK, &mine, NULL), ==, 0);
        g_assert_cmpint(thread_start(&thread, "aerostat-unit", report_thread, &report), ==, 0);
        g_assert_cmpint(pthread_sigmask(SIG_SETMASK, NULL, &after), ==, 0);
        g_assert_cmpint(pthread_join(thread, &result), ==, 0);
        g_assert_true(result == &report);
        g_assert_cmpstr(report.name, ==, "aerostat-unit");

        for (int sig = 1; sig <= SIGRTMAX; sig++) {
                /* Two signals are libc's own, and those two cannot be blocked. */
                if (sig == SIGKILL || sig == SIGSTOP || (sig > 31 && sig < SIGRTMIN))
                        continue;
                g_assert_cmpint(sigismember(&report.mask, sig), ==, 1);
                g_assert_cmpint(sigismember(&after, sig), ==, sig == SIGUSR2);
        }
        (void)sigemptyset(&mine);
        (void)pthread_sigmask(SIG_SETMASK, &mine, NULL);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/crc32c/vectors", test_vectors);
        g_test_add_func("/base/crc32c/ways-agree", test_ways_agree);
        g_test_add_func("/base/crc32c/single-bits", test_single_bits);
        g_test_add_func("/base/macro/min-max", test_min_max);
        g_test_add_func("/base/macro/numbers", test_numbers);
        g_test_add_func("/base/macro/take-fd", test_take_fd);
        g_test_add_func("/base/thread", test_thread);
        return g_test_run();
}
