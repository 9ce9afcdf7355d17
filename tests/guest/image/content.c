/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The content of pages, as mixed as that of real guests, and the check of it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "pagecheck.h"

/* Enough to understand a fault by; a guest that is wrong everywhere must not drown its console. */
#define MISMATCHES_SHOWN 20

/* Few enough for the same page to be in a guest many times, and in every guest. */
#define COMMON_PAGES 64

/* The first word of the page tells whose it is; zero and common pages have none. */
#define TAG(id) ((uint64_t)(id).generation << 32 | (id).page)

/* What is to be in a page, ready for producing its words one after the other. */
struct content {
        enum content_class class;
        uint64_t key;
        uint64_t first;
        unsigned noise[2]; /* words of each even and odd cache line that do not repeat */
};

uint64_t mismatches;

/* The finalizer of SplitMix64: each bit of the value changes half of the result's bits. */
uint64_t mix(uint64_t value)
{
        value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
        value = (value ^ value >> 27) * 0x94d049bb133111ebu;
        return value ^ value >> 31;
}

uint64_t next_random(uint64_t *state)
{
        *state += 0x9e3779b97f4a7c15u;
        return mix(*state);
}

static struct content content_of(uint64_t seed, struct identity id)
{
        struct content content = {.key = mix(seed ^ mix(TAG(id))), .first = TAG(id)};
        unsigned draw = (unsigned)(content.key % 100), i = 0;

        while (draw >= content_shares[i].below)
                i++;
        content.class = content_shares[i].class;
        memcpy(content.noise, content_shares[i].noise, sizeof(content.noise));

        if (content.class == CLASS_COMMON) {
                content.key = mix(id.page % COMMON_PAGES);
                content.first = mix(content.key);
        }
        return content;
}

/*
 * Word i of a page, i > 0. Inlined twice, into the loops of writing and checking: under emulation
 * this is where the program's time goes.
 */
static inline uint64_t content_word(const struct content *content, size_t i)
{
        if (i % 8 < content->noise[i / 8 % 2])
                return mix(content->key + i * 0x9e3779b97f4a7c15u);
        return content->key & 0x00ff00ff00ff00ffu;
}

void content_write(uint64_t seed, struct identity id, void *page)
{
        struct content content = content_of(seed, id);
        uint64_t *words = page;

        if (content.class == CLASS_ZERO) {
                memset(page, 0, PAGE_BYTES);
                return;
        }
        words[0] = content.first;
        for (size_t i = 1; i < PAGE_WORDS; i++)
                words[i] = content.class == CLASS_SAME ? content.first : content_word(&content, i);
}

static uint64_t expected_word(const struct content *content, size_t i)
{
        switch (content->class) {
        case CLASS_ZERO:
                return 0;
        case CLASS_SAME:
                return content->first;
        default:
                return i == 0 ? content->first : content_word(content, i);
        }
}

/* Whether all is right, without saying where it is not. */
static bool content_matches(const struct content *content, const uint64_t *words)
{
        uint64_t difference;

        if (content->class == CLASS_ZERO || content->class == CLASS_SAME) {
                uint64_t value = expected_word(content, 0);

                difference = 0;
                for (size_t i = 0; i < PAGE_WORDS; i++)
                        difference |= words[i] ^ value;
                return difference == 0;
        }
        difference = words[0] ^ content->first;
        for (size_t i = 1; i < PAGE_WORDS; i++)
                difference |= words[i] ^ content_word(content, i);
        return difference == 0;
}

bool content_check(uint64_t seed, struct identity id, const void *page, size_t position)
{
        static const char *const names[] = {"zero", "same", "common", "compressible", "incompressible"};
        struct content content = content_of(seed, id);
        const uint64_t *words = page;
        size_t i = 0;

        if (content_matches(&content, words))
                return true;

        mismatches++;
        if (mismatches > MISMATCHES_SHOWN)
                return false;

        while (i < PAGE_WORDS && words[i] == expected_word(&content, i))
                i++;
        if (i == PAGE_WORDS) {
                /* Wrong when first looked at, right now: something changed the page meanwhile. */
                printf("pagecheck: mismatch position=%zu page=%" PRIu32 " generation=%" PRIu32
                       " class=%s transient\n",
                       position, id.page, id.generation, names[content.class]);
        } else {
                printf("pagecheck: mismatch position=%zu page=%" PRIu32 " generation=%" PRIu32
                       " class=%s offset=%zu expected=%016" PRIx64 " got=%016" PRIx64 " got_tag=%" PRIu64
                       "/%" PRIu64 "\n",
                       position, id.page, id.generation, names[content.class], i * sizeof(*words),
                       expected_word(&content, i), words[i], words[0] & UINT32_MAX, words[0] >> 32);
        }
        return false;
}
