/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The header of a qcow2 file, as QEMU's docs/interop/qcow2.txt has it. Read here and not by qemu-img, which
 * takes 20 ms: a look at a fleet's files would take a minute. What the file says is not believed.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* So much of a file's beginning is enough. */
#define QCOW2_HEADER_MAX 65536u

typedef struct Qcow2Header {
        uint64_t bytes;          /* of the disk that the guest sees */
        char backing[1024];      /* as it is written there, "" : none */
        char backing_format[16]; /* "" : it does not say */
        bool has_data_file;      /* its data lie in another file */
} Qcow2Header;

/* Whether the bytes at the beginning of a file are those of a qcow2. */
bool qcow2_is(const void *data, size_t size);

/* Returns NULL and fills in ret, or what is wrong with it, of static storage. */
const char *qcow2_parse(const void *data, size_t size, Qcow2Header *ret);
