/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ring of parked pages. */
#include "pager/park.h"

#include <string.h>

#include "base/macro.h"
#include "base/sys.h"
#include "pager/uffd.h"

#define EMPTY_TRIES 8u

int park_resize(struct park *park, int uffd, uint32_t ring_slots, uint32_t sample_slots)
{
        size_t length = ((size_t)ring_slots + sample_slots) * PAGE_BYTES;
        void *base = NULL, *owner = NULL;
        int r;

        r = sys_map_lazy(length, &base);
        if (r < 0)
                return r;
        r = uffd_register(uffd, (uintptr_t)base, length, false);
        if (r < 0) {
                (void)sys_munmap(base, length);
                return r;
        }
        r = sys_map_lazy(ring_slots * sizeof(uint32_t), &owner);
        if (r < 0) {
                (void)sys_munmap(base, length);
                return r;
        }
        park_free(park);
        *park = (struct park){
                .base = base, .owner = owner, .ring_slots = ring_slots, .sample_slots = sample_slots};
        return 0;
}

void park_free(struct park *park)
{
        if (!park->base)
                return;
        (void)sys_munmap(park->base, ((size_t)park->ring_slots + park->sample_slots) * PAGE_BYTES);
        (void)sys_munmap(park->owner, park->ring_slots * sizeof(uint32_t));
        *park = (struct park){};
}

uint32_t park_room(const struct park *park, uint32_t want, uint32_t *ret_slot)
{
        uint32_t slot, room;

        if (!park->ring_slots || __atomic_load_n(&park->broken, __ATOMIC_RELAXED))
                return 0;
        slot = (uint32_t)(park->head % park->ring_slots);
        room = (uint32_t)(park->ring_slots - (park->head - park->tail));
        *ret_slot = slot;
        return MIN(MIN(want, room), park->ring_slots - slot);
}

void park_take(struct park *park, uint32_t count)
{
        park->head += count;
}

uint32_t park_oldest(const struct park *park, uint32_t want, uint32_t *ret_slot)
{
        uint32_t slot, there;

        if (park->head == park->tail)
                return 0;
        slot = (uint32_t)(park->tail % park->ring_slots);
        there = (uint32_t)(park->head - park->tail);
        *ret_slot = slot;
        return MIN(MIN(want, there), park->ring_slots - slot);
}

/*
 * Empties slots. A slot that is not empty must never be used again: what is in it would be taken
 * for a page that has been moved there.
 */
static void empty_slots(struct park *park, uint32_t slot, uint32_t count)
{
        void *addr = (void *)park_address(park, slot);

        for (unsigned tries = 0; tries < EMPTY_TRIES; tries++) {
                if (sys_madvise(addr, count * PAGE_BYTES, MADV_DONTNEED) == 0)
                        return;
                /* The host program may lock all its memory (mlockall). In part would split the mapping. */
                (void)syscall(SYS_munlock, park->base,
                              ((size_t)park->ring_slots + park->sample_slots) * PAGE_BYTES);
        }
        __atomic_store_n(&park->broken, true, __ATOMIC_RELAXED);
}

void park_drop(struct park *park, uint32_t count)
{
        empty_slots(park, (uint32_t)(park->tail % park->ring_slots), count);
        park->tail += count;
}

void park_discard(struct park *park, uint32_t slot)
{
        empty_slots(park, slot, 1);
}

size_t park_records_bytes(const struct park *park)
{
        /* An owner and, in the page tables, an entry for each slot. */
        return park->ring_slots * (sizeof(uint32_t) + 8) + park->sample_slots * 8u;
}
