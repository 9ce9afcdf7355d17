/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What several unit tests use: random pages, buffers between guard pages, figures of this process. */
#pragma once

#include <dirent.h>
#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define UNIT_PAGE 4096u

/* How long to wait for what must happen; reached only when it does not. */
#define UNIT_PATIENCE_MS 30000u

/* xorshift64*: the same pages in every run, so that a failure comes back. */
static inline uint64_t unit_random(uint64_t *state)
{
        *state ^= *state >> 12;
        *state ^= *state << 25;
        *state ^= *state >> 27;
        return *state * 0x2545f4914f6cdd1dull;
}

static inline uint32_t unit_below(uint64_t *state, uint32_t bound)
{
        return (uint32_t)((unit_random(state) >> 32) * bound >> 32);
}

static inline void unit_fill_random(void *data, size_t size, uint64_t *state)
{
        char *p = data;
        uint64_t word;

        for (; size >= sizeof(word); size -= sizeof(word), p += sizeof(word)) {
                word = unit_random(state);
                memcpy(p, &word, sizeof(word));
        }
        word = unit_random(state);
        memcpy(p, &word, size);
}

/* What guests have in memory: small numbers, pointers into few places, text, tables with holes. */
static inline void unit_fill_compressible(void *data, uint64_t *state)
{
        static const char *const words[] = {"inode ", "struct ", "0x00007f", "return ", "\n", "error", "="};
        unsigned kind = unit_below(state, 4);
        uint64_t word, heap = unit_random(state) & ~0xffffffull;
        char *bytes = data;
        size_t at = 0;

        memset(bytes, 0, UNIT_PAGE);
        while (at + 16 <= UNIT_PAGE) {
                switch (kind) {
                case 0:
                        word = unit_below(state, 100);
                        memcpy(bytes + at, &word, sizeof(word));
                        at += 8;
                        break;
                case 1:
                        word = heap + unit_below(state, 512) * 64;
                        memcpy(bytes + at, &word, sizeof(word));
                        at += 8 * (1 + unit_below(state, 3));
                        break;
                case 2: {
                        const char *text = words[unit_below(state, G_N_ELEMENTS(words))];

                        memcpy(bytes + at, text, strlen(text));
                        at += strlen(text);
                        break;
                }
                default:
                        unit_fill_random(bytes + at, 1 + unit_below(state, 8), state);
                        at += 32;
                        break;
                }
        }
}

/* size bytes that end (or, from_front, begin) where a page begins that nobody may touch. */
struct unit_guarded {
        char *map;
        size_t length;
        char *data;
};

static inline struct unit_guarded unit_guarded_new(size_t size, bool from_front)
{
        size_t inside = (size + UNIT_PAGE - 1) / UNIT_PAGE * UNIT_PAGE;
        struct unit_guarded g = {.length = inside + 2 * UNIT_PAGE};

        g.map = mmap(NULL, g.length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        g_assert_true(g.map != MAP_FAILED);
        g_assert_cmpint(mprotect(g.map + UNIT_PAGE, inside, PROT_READ | PROT_WRITE), ==, 0);
        g.data = g.map + UNIT_PAGE + (from_front ? 0 : inside - size);
        return g;
}

static inline void unit_guarded_free(struct unit_guarded *g)
{
        g_assert_cmpint(munmap(g->map, g->length), ==, 0);
}

static inline uint64_t unit_now_ms(void)
{
        struct timespec ts;

        (void)clock_gettime(CLOCK_MONOTONIC, &ts);
        return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

static inline void unit_nap_ms(unsigned ms)
{
        struct timespec ts = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

        (void)nanosleep(&ts, NULL);
}

/* Waits for condition; false when patience ends. It need not stay true. */
#define UNIT_EVENTUALLY(condition)                                              \
        ({                                                                      \
                uint64_t unit_until = unit_now_ms() + UNIT_PATIENCE_MS;         \
                bool unit_met;                                                  \
                                                                                \
                while (!(unit_met = (condition)) && unit_now_ms() < unit_until) \
                        unit_nap_ms(2);                                         \
                unit_met;                                                       \
        })

/* Of /proc/self/fd or /proc/self/task. */
static inline unsigned unit_count_entries(const char *path)
{
        DIR *dir = opendir(path);
        unsigned n = 0;

        g_assert_nonnull(dir);
        while (readdir(dir))
                n++;
        (void)closedir(dir);
        return n;
}

static inline unsigned unit_count_lines(const char *path)
{
        FILE *f = fopen(path, "re");
        unsigned n = 0;
        int c;

        g_assert_nonnull(f);
        while ((c = getc(f)) != EOF)
                n += c == '\n';
        (void)fclose(f);
        return n;
}

/* Pages of the mapping that take memory. */
static inline size_t unit_pages_present(const void *addr, size_t length)
{
        size_t pages = length / UNIT_PAGE, present = 0;
        g_autofree unsigned char *map = g_malloc(pages ? pages : 1);

        g_assert_cmpint(mincore((void *)(uintptr_t)addr, length, map), ==, 0);
        for (size_t i = 0; i < pages; i++)
                present += map[i] & 1;
        return present;
}
