/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compression of one page: LZ4 or zstd, and the pages that are one value all over. */
#include "pager/codec.h"

#include <errno.h>
#include <lz4.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/sys.h"

struct codec {
        LZ4_stream_t lz4;
        ZSTD_CCtx *zstd_out;
        ZSTD_DCtx *zstd_in;
};

int codec_new(struct codec **ret_codec)
{
        struct codec *codec = calloc(1, sizeof(*codec));

        if (!codec)
                return -ENOMEM;
        codec->zstd_out = ZSTD_createCCtx();
        codec->zstd_in = ZSTD_createDCtx();
        if (!codec->zstd_out || !codec->zstd_in || !LZ4_initStream(&codec->lz4, sizeof(codec->lz4))) {
                codec_free(codec);
                return -ENOMEM;
        }
        *ret_codec = codec;
        return 0;
}

void codec_free(struct codec *codec)
{
        if (!codec)
                return;
        (void)ZSTD_freeCCtx(codec->zstd_out);
        (void)ZSTD_freeDCtx(codec->zstd_in);
        free(codec);
}

bool codec_same_value(const void *page, uint64_t *ret_value)
{
        const uint64_t *word = page;

        /* Most pages differ from the end's word at once; zero pages are compared as a whole. */
        if (word[0] != word[PAGE_BYTES / 8 - 1] || memcmp(word, word + 1, PAGE_BYTES - 8) != 0)
                return false;
        *ret_value = word[0];
        return true;
}

void codec_fill(void *page, uint64_t value)
{
        uint64_t *word = page;

        for (size_t i = 0; i < PAGE_BYTES / 8; i++)
                word[i] = value;
}

size_t codec_compress(struct codec *codec, enum codec_kind kind, const void *page, void *dst)
{
        if (kind == CODEC_LZ4) {
                int n;

                /* A block of a stream that begins here: no clearing of 16 KiB for every page. */
                LZ4_resetStream_fast(&codec->lz4);
                n = LZ4_compress_fast_continue(&codec->lz4, page, dst, PAGE_BYTES, CODEC_STORED_MAX, 1);

                if (n > 0)
                        return (size_t)n;
                /* A stream that ran out of room must be set up anew before its next fast reset. */
                (void)LZ4_initStream(&codec->lz4, sizeof(codec->lz4));
                return 0;
        }
        if (kind == CODEC_ZSTD) {
                size_t n = ZSTD_compressCCtx(codec->zstd_out, dst, CODEC_STORED_MAX, page, PAGE_BYTES, 1);

                return ZSTD_isError(n) ? 0 : n;
        }
        return 0;
}

int codec_decompress(struct codec *codec, enum codec_kind kind, const void *src, size_t size, void *page)
{
        if (kind == CODEC_LZ4) {
                if (LZ4_decompress_safe(src, page, (int)size, PAGE_BYTES) != (int)PAGE_BYTES)
                        return -EBADMSG;
                return 0;
        }
        if (kind == CODEC_ZSTD) {
                if (ZSTD_decompressDCtx(codec->zstd_in, page, PAGE_BYTES, src, size) != PAGE_BYTES)
                        return -EBADMSG;
                return 0;
        }
        return -EBADMSG;
}
