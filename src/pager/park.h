/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where parked pages are: a ring of page-sized slots, filled at its head and emptied at its tail,
 * so that the slot a page is in says how long it has been there. Beside the ring are a few slots
 * for the pages that are watched for the working set.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PARK_NO_PAGE UINT32_MAX

/* For the holder of the reclaim lock, except park_address(). */
struct park {
        char *base;      /* ring slots, then sample slots; registered with the userfaultfd */
        uint32_t *owner; /* the page that was put into each ring slot last */
        uint32_t ring_slots;
        uint32_t sample_slots;
        uint64_t head; /* positions count on for ever; slot = position % ring_slots */
        uint64_t tail;
        bool broken; /* a slot could not be emptied: nothing is parked any more */
};

/* Maps the slots and registers them. Any earlier slots must be empty; they are let go of. */
int park_resize(struct park *park, int uffd, uint32_t ring_slots, uint32_t sample_slots);
void park_free(struct park *park);

static inline uintptr_t park_address(const struct park *park, uint32_t slot)
{
        return (uintptr_t)park->base + (size_t)slot * 4096;
}

/* For the holder of the ranges lock. */
static inline bool park_is_slot(const struct park *park, uintptr_t addr)
{
        return addr - (uintptr_t)park->base < ((size_t)park->ring_slots + park->sample_slots) * 4096;
}

/*
 * Up to want neighbouring slots at the head: returns how many and the first. 0 when the ring is
 * full. They are taken by park_take() once pages are in.
 */
uint32_t park_room(const struct park *park, uint32_t want, uint32_t *ret_slot);
void park_take(struct park *park, uint32_t count);

/* The oldest slots: up to want neighbours from the tail. */
uint32_t park_oldest(const struct park *park, uint32_t want, uint32_t *ret_slot);
/* Frees the memory of the count oldest slots, whose pages have all left or been copied. */
void park_drop(struct park *park, uint32_t count);
/* Frees the memory of one slot anywhere: its page was discarded. */
void park_discard(struct park *park, uint32_t slot);

/* Bytes of host memory that the ring's own records may take. */
size_t park_records_bytes(const struct park *park);
