/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pager with guest memory of known content, for tests that use this process as the VMM. */
#include "fixture.h"

#include <string.h>

bool pager_possible(void)
{
        struct aerostat_pager_config config;
        char reason[AEROSTAT_PAGER_REASON_MAX];
        struct aerostat_pager *pager;

        aerostat_pager_config_init(&config);
        if (aerostat_pager_new(&config, &pager, reason) < 0) {
                g_test_skip(reason);
                return false;
        }
        aerostat_pager_free(pager);
        return true;
}

enum content content_of(uint32_t page)
{
        return page % CONTENT_KINDS;
}

static uint64_t scramble(uint64_t x)
{
        /* splitmix64 (Steele, Lea, Flood, 2014) */
        x += 0x9e3779b97f4a7c15u;
        x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
        x = (x ^ x >> 27) * 0x94d049bb133111ebu;
        return x ^ x >> 31;
}

static uint64_t content_word(uint32_t page, uint32_t generation, uint32_t word)
{
        uint64_t tag = (uint64_t)page << 32 | generation;

        switch (content_of(page)) {
        case CONTENT_ZERO:
                return generation ? tag : 0;
        case CONTENT_SAME:
                return scramble(tag);
        case CONTENT_COMPRESSIBLE:
                return word % 4 == 0 ? scramble(tag ^ word) : tag;
        default:
                return scramble(tag * 512 + word);
        }
}

void content_write(unsigned char *at, uint32_t page, uint32_t generation)
{
        for (uint32_t word = 0; word < PAGE_BYTES / 8; word++) {
                uint64_t value = content_word(page, generation, word);

                memcpy(at + word * 8, &value, sizeof(value));
        }
}

bool content_right(const unsigned char *at, uint32_t page, uint32_t generation)
{
        for (uint32_t word = 0; word < PAGE_BYTES / 8; word++) {
                uint64_t value = content_word(page, generation, word);

                if (memcmp(at + word * 8, &value, sizeof(value)) != 0)
                        return false;
        }
        return true;
}

void guest_new(struct guest *guest, uint32_t pages, const struct aerostat_pager_config *config)
{
        struct aerostat_pager_config defaults;
        char reason[AEROSTAT_PAGER_REASON_MAX] = "";

        if (!config) {
                aerostat_pager_config_init(&defaults);
                defaults.swap_dir = "/var/tmp";
                defaults.sample_period_ms = 0;
                config = &defaults;
        }
        if (aerostat_pager_new(config, &guest->pager, reason) < 0)
                g_error("pager: %s", reason);
        guest->pages = pages;
        guest->ram =
                mmap(NULL, pages * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        g_assert_true(guest->ram != MAP_FAILED);
        guest->generation = g_new0(uint32_t, pages);
        if (aerostat_pager_add_range(guest->pager, guest->ram, pages * PAGE_BYTES, reason) < 0)
                g_error("range: %s", reason);
        for (uint32_t i = 0; i < pages; i++)
                content_write(guest_page(guest, i), i, 0);
}

void guest_free(struct guest *guest)
{
        guest_verify(guest);
        aerostat_pager_free(guest->pager);
        guest_verify(guest);
        g_assert_cmpint(munmap(guest->ram, guest->pages * PAGE_BYTES), ==, 0);
        g_free(guest->generation);
}

void guest_verify(const struct guest *guest)
{
        for (uint32_t i = 0; i < guest->pages; i++) {
                if (!content_right(guest_page(guest, i), i, guest->generation[i]))
                        g_error("page %u is wrong", i);
        }
}

void guest_limit(const struct guest *guest, uint64_t pages)
{
        g_assert_cmpint(aerostat_pager_set_limit(guest->pager, pages * PAGE_BYTES), ==, 0);
}

struct aerostat_pager_stats guest_stats(const struct guest *guest)
{
        struct aerostat_pager_stats stats;

        aerostat_pager_get_stats(guest->pager, &stats);
        return stats;
}

uint64_t guest_in_state(const struct guest *guest, enum page_state state)
{
        return atomic_load(&guest->pager->in_state[state]);
}

void guest_settle(const struct guest *guest)
{
        wait_until(guest_stats(guest).consumed_bytes <= guest_stats(guest).limit_bytes);
        wait_until(guest_in_state(guest, PAGE_WRITING) + guest_in_state(guest, PAGE_READING) == 0);
}

enum page_state guest_state(const struct guest *guest, uint32_t page)
{
        return page_state(ref_meta(page_at(guest->pager, (uintptr_t)guest_page(guest, page))));
}

uint32_t guest_find(const struct guest *guest, enum page_state state, uint32_t start)
{
        while (start < guest->pages && guest_state(guest, start) != state)
                start++;
        return start;
}
