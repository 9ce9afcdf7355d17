/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory of a real guest, as the content of the pages that both sides evict. */
#pragma once

#include <stdint.h>

enum page_kind {
        KIND_ZERO,
        KIND_SAME,         /* every word the same, and not zero */
        KIND_COMPRESSIBLE, /* to half or better: both sides keep it compressed */
        KIND_INCOMPRESSIBLE,
        KINDS
};

/* Pages picked from the file; page i of what is benchmarked gets page[i]. */
struct content {
        const unsigned char *file;
        uint64_t file_pages;
        uint32_t pages;
        uint32_t *page;
        uint8_t *kind;              /* of page[i] */
        uint32_t kinds[KINDS];      /* how many of each */
        uint64_t distinct;          /* pages of the file that qualify; fewer than pages: they are repeated */
        double compressed_fraction; /* bytes that all compressible pages take, per byte of all pages */
};

/* Maps the file. Ends the program when that fails, like everything here. */
void content_open(struct content *content, const char *path);
enum pick {
        PICK_ALL,
        PICK_FOR_MEMORY, /* not what is incompressible: both sides keep it all in memory */
        PICK_FOR_DISK,   /* not what is one value all over: both sides write it all to their files */
};

/* Picks pages evenly from the file, in its order. */
void content_pick(struct content *content, uint32_t pages, enum pick pick);
/* Writes the pages picked to ram. */
void content_fill(const struct content *content, unsigned char *ram);
