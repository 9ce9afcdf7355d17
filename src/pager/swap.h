/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The swap file of a VM. It has no name, so that it is gone when the process is, however that
 * ended; its space is reserved from the start. Pages are written in batches and read by io_uring,
 * past the page cache; the checksum of a page is kept with the page's record, not on the disk.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SWAP_WRITES      4u /* batches */
#define SWAP_WRITE_PAGES 64 /* one word of the slot map */
#define SWAP_READ_PAGES  16
#define SWAP_NO_PAGE     UINT32_MAX

struct swap;
struct io_uring_sqe;

/* A batch on its way to the file. The pages of a batch are found by number and index. */
struct swap_write {
        char *data; /* SWAP_WRITE_PAGES pages */
        unsigned number;
        unsigned count;
        uint32_t page[SWAP_WRITE_PAGES];
        uint32_t slot[SWAP_WRITE_PAGES];
        uint32_t checksum[SWAP_WRITE_PAGES];
        bool failed[SWAP_WRITE_PAGES];
        int error;        /* of the first part that failed; negative */
        unsigned pending; /* parts under way */
};

/* Neighbouring slots on their way back. */
struct swap_read {
        char *data; /* SWAP_READ_PAGES pages */
        uint64_t since_ns;
        uint32_t page[SWAP_READ_PAGES]; /* SWAP_NO_PAGE: read only because it lies between */
        uint32_t slot;
        unsigned count;
        unsigned touched; /* index of the page that somebody waits for; SWAP_NO_PAGE: none of them */
        unsigned tries;
        bool failed[SWAP_READ_PAGES]; /* which could not be read, when it is done */
};

/*
 * Called by the swap's own thread, reads also by the fault leader. error: 0 or, when some slots may have
 * failed, a negative errno value.
 */
struct swap_events {
        void (*written)(void *userdata, struct swap_write *batch);
        void (*read)(void *userdata, struct swap_read *read, int error);
        void *userdata;
};

/* Makes an empty file in dir. reason (size reason_size): one line when it fails. */
int swap_new(const char *dir, const struct swap_events *events, struct swap **ret_swap, char *reason,
             size_t reason_size);
/* Nothing may be under way. */
void swap_free(struct swap *swap);

/*
 * Makes the file pages large, its space reserved. -ENOSPC: *ret_missing bytes are missing; it is
 * set in no other case.
 * -EBUSY: it would become smaller, and slots beyond the new end are in use.
 */
int swap_resize(struct swap *swap, uint64_t pages, uint64_t *ret_missing);

uint64_t swap_pages(const struct swap *swap);
uint64_t swap_used(const struct swap *swap);

/* How many more pages can be put into batches. */
uint64_t swap_room(const struct swap *swap);

/*
 * A batch to fill; one caller at a time. Waits for one that is under way when all are. The caller
 * copies pages to data, and sets page and count.
 */
struct swap_write *swap_write_get(struct swap *swap);
/* Gives the batch slots and starts to write it. The caller made sure of swap_room(). */
void swap_write_start(struct swap *swap, struct swap_write *batch);
/* Waits until a batch that is being written is done; at once when there is none. */
void swap_write_wait(struct swap *swap);
struct swap_write *swap_write_by_number(struct swap *swap, unsigned number);

/* A read to fill in; waits when too many are under way. */
struct swap_read *swap_read_get(struct swap *swap);
/* For what nobody waits for: NULL when many are under way. */
struct swap_read *swap_read_try(struct swap *swap);
void swap_read_put(struct swap *swap, struct swap_read *read);
/* 0, or the read was not started: -EAGAIN when the ring is full. */
int swap_read_start(struct swap *swap, struct swap_read *read);

/*
 * For own_read.c: the request for a read, and what follows its completion. And to have the swap
 * thread call take_in() when fd is readable, until that returns true; one at a time.
 */
void swap_prep_read(struct swap *swap, struct swap_read *read, struct io_uring_sqe *sqe);
void swap_finish_read(struct swap *swap, struct swap_read *read, int result);
void swap_take_over(struct swap *swap, int fd, bool (*take_in)(void *userdata), void *userdata);

void swap_slot_free(struct swap *swap, uint32_t slot);
/* Likewise for a slot (or SWAP_NO_PAGE) that could not be written: others are tried before it. */
void swap_slot_failed(struct swap *swap, uint32_t slot);

size_t swap_records_bytes(const struct swap *swap);
