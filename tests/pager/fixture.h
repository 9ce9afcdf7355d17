/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pager with guest memory of known content, for tests that use this process as the VMM. */
#pragma once

#include <glib.h>

#include "base/macro.h"
#include "base/sys.h"
#include "pager/pager.h"

/* Only a failure waits this long. */
#define PATIENCE_S 60

/* What a page is filled with; its number says which, so that every kind of storage is used. */
enum content { CONTENT_ZERO, CONTENT_SAME, CONTENT_COMPRESSIBLE, CONTENT_RANDOM, CONTENT_KINDS };

struct guest {
        struct aerostat_pager *pager;
        unsigned char *ram;
        uint32_t pages;
        uint32_t *generation; /* of each page's content; 0: as filled */
};

/* Whether this process may have a pager; if not the test is skipped, with the reason. */
bool pager_possible(void);

/* Memory of that size, filled, with a pager that has no limit. config: may be NULL. */
void guest_new(struct guest *guest, uint32_t pages, const struct aerostat_pager_config *config);
/* Verifies every page before and after the pager lets go of it. */
void guest_free(struct guest *guest);

enum content content_of(uint32_t page);
void content_write(unsigned char *at, uint32_t page, uint32_t generation);
bool content_right(const unsigned char *at, uint32_t page, uint32_t generation);

static inline unsigned char *guest_page(const struct guest *guest, uint32_t page)
{
        return guest->ram + (size_t)page * PAGE_BYTES;
}

void guest_verify(const struct guest *guest);
void guest_limit(const struct guest *guest, uint64_t pages);
/* Waits until the VM is at or below its limit, and nothing is on its way to or from the swap file. */
void guest_settle(const struct guest *guest);
enum page_state guest_state(const struct guest *guest, uint32_t page);
uint64_t guest_in_state(const struct guest *guest, enum page_state state);
/* A page in that state, from number start on; pages when there is none. */
uint32_t guest_find(const struct guest *guest, enum page_state state, uint32_t start);
struct aerostat_pager_stats guest_stats(const struct guest *guest);

/* Polls; fails the test when it takes too long. */
#define wait_until(condition)                                                            \
        do {                                                                             \
                gint64 deadline_ = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC; \
                while (!(condition)) {                                                   \
                        if (g_get_monotonic_time() > deadline_)                          \
                                g_error("waited in vain for: %s", #condition);           \
                        g_usleep(1000);                                                  \
                }                                                                        \
        } while (0)
