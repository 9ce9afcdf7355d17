/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Page faults of the guest: what fault.c offers to the pager's other files. */
#pragma once

#include "pager/pager.h"

#define FAULT_WINDOW_MAX 32 /* pages that one fault may bring along */

/* What bringing pages in needs; for one thread at a time. */
struct fault_context {
        struct codec *codec;
        char *buffer; /* FAULT_WINDOW_MAX pages */
        /* By which reads are started, which this thread then finishes; NULL: the swap thread does. */
        struct own_read *own;
};

int fault_context_new(struct fault_context **ret_context);
void fault_context_free(struct fault_context *context);

/* A page of zeros. */
extern const uint64_t fault_zeros[512];

/* Resolves a fault at addr, with the flags of its message. Holds no lock. */
void fault_serve(struct aerostat_pager *pager, struct fault_context *context, uintptr_t addr,
                 uint64_t flags);

/*
 * Brings the page to the guest from any state but SWAPPED, and says what it took. For the holder
 * of its lock.
 */
enum aerostat_pager_fault fault_bring(struct aerostat_pager *pager, struct fault_context *context,
                                      struct page_ref ref, bool write);

/*
 * Brings up to count pages from first on along, as long as they cost little: from SAME, COMPRESSED and, if
 * absent_too, ABSENT. Ends at the first that is not so. The caller was promised room for them. Returns how
 * many came.
 */
uint32_t fault_bring_run(struct aerostat_pager *pager, struct fault_context *context, struct page_ref first,
                         uint32_t count, bool absent_too);

/*
 * Adds to a read that begins at read->slot, and has read->count slots, those of the pages behind start that
 * are in the next ones, up to most: they left with it. They are locked one by one, and are on their way from
 * then on.
 */
void fault_add_behind(struct aerostat_pager *pager, struct page_ref start, struct swap_read *read,
                      uint32_t most);

/*
 * Starts to read a SWAPPED page, and up to window of its neighbours. Takes the read over; its
 * since_ns is set. own: as in the context. For the holder of the page's lock.
 */
void fault_read_swapped(struct aerostat_pager *pager, struct page_ref ref, uint32_t window,
                        struct swap_read *read, struct own_read *own);

/* The content of a page that is ABSENT, SAME, COMPRESSED or WRITING; -EBADMSG when it is damaged. */
int fault_restore_content(struct aerostat_pager *pager, struct codec *codec, struct page_ref ref,
                          void *buffer);

/* The swap file's events. */
void fault_swap_read(void *userdata, struct swap_read *read, int error);
void fault_swap_written(void *userdata, struct swap_write *batch);
