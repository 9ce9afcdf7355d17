/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as a compressed page: refused, or a page; never a byte read or written that is not ours. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pager/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PAGE 4096

static void check(bool condition, const char *what)
{
        if (!condition) {
                (void)fprintf(stderr, "not so: %s\n", what);
                abort();
        }
}

/* The first byte is the codec; then compressed data, in a block of its exact size that ASan watches. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static struct codec *codec;
        enum codec_kind kind;
        uint8_t stored[CODEC_STORED_MAX];
        void *src, *page, *again;
        size_t n;
        int r;

        if (!size || size > 1 + CODEC_STORED_MAX)
                return 0;
        if (!codec)
                check(codec_new(&codec) == 0, "there is memory for a codec");
        kind = data[0] % 4;
        src = malloc(size - 1);
        page = malloc(PAGE);
        again = malloc(PAGE);
        check((src || size == 1) && page && again, "there is memory");
        if (size > 1)
                memcpy(src, data + 1, size - 1);
        r = codec_decompress(codec, kind, src, size - 1, page);
        check(r == 0 || r == -EBADMSG, "0 or -EBADMSG");
        if (r == 0) {
                check(kind == CODEC_LZ4 || kind == CODEC_ZSTD, "a codec that there is");
                /* It is a page like any other: it can be compressed, and comes back. */
                n = codec_compress(codec, kind, page, stored);
                check(n <= CODEC_STORED_MAX, "no longer than the bound");
                if (n) {
                        check(codec_decompress(codec, kind, stored, n, again) == 0, "comes back");
                        check(memcmp(page, again, PAGE) == 0, "comes back the same");
                }
        }
        free(src);
        free(page);
        free(again);
        return 0;
}
