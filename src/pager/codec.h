/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compression of one page: LZ4 or zstd, and the pages that are one value all over. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A page is worth keeping compressed when it shrinks to half or better. */
#define CODEC_STORED_MAX 2048

enum codec_kind {
        CODEC_OFF = 0,
        CODEC_LZ4 = 1,
        CODEC_ZSTD = 2,
};

/* State of a compressor or decompressor; for one thread at a time. */
struct codec;

int codec_new(struct codec **ret_codec);
void codec_free(struct codec *codec);

/* Whether all 64-bit words of the page are the same, and which. */
bool codec_same_value(const void *page, uint64_t *ret_value);
void codec_fill(void *page, uint64_t value);

/* Returns the bytes written to dst (at least CODEC_STORED_MAX there), or 0 when they would be more. */
size_t codec_compress(struct codec *codec, enum codec_kind kind, const void *page, void *dst);

/* 0, or -EBADMSG when src does not decompress to exactly a page. */
int codec_decompress(struct codec *codec, enum codec_kind kind, const void *src, size_t size, void *page);
