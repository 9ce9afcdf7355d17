/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compression of single pages: nothing lost, nothing beyond a buffer, nothing believed that is damaged. */
#include "pager/codec.h"

#include "unit.h"

static const enum codec_kind kinds[] = {CODEC_LZ4, CODEC_ZSTD};

static struct codec *new_codec(void)
{
        struct codec *codec = NULL;

        g_assert_cmpint(codec_new(&codec), ==, 0);
        return codec;
}

static void test_same_value(void)
{
        static const uint64_t values[] = {0, 1, UINT64_MAX, 0x0123456789abcdef, 0x2020202020202020};
        /* Byte positions at the ends, around them, and in the middle. */
        static const size_t odd[] = {0, 1, 7, 8, 9, 15, 16, 2040, 2047, 2048, 2049, 4080, 4087, 4088, 4095};
        struct unit_guarded page = unit_guarded_new(UNIT_PAGE, false);

        for (size_t v = 0; v < G_N_ELEMENTS(values); v++) {
                uint64_t found = ~values[v];

                codec_fill(page.data, values[v]);
                for (size_t i = 0; i < UNIT_PAGE / 8; i++)
                        g_assert_cmphex(((uint64_t *)page.data)[i], ==, values[v]);
                g_assert_true(codec_same_value(page.data, &found));
                g_assert_cmphex(found, ==, values[v]);
                for (size_t i = 0; i < G_N_ELEMENTS(odd); i++) {
                        page.data[odd[i]] ^= 0x40;
                        found = 0x5a5a;
                        g_assert_false(codec_same_value(page.data, &found));
                        g_assert_cmphex(found, ==, 0x5a5a);
                        page.data[odd[i]] ^= 0x40;
                }
        }
        unit_guarded_free(&page);
}

static void test_same_value_every_byte(void)
{
        struct unit_guarded page = unit_guarded_new(UNIT_PAGE, true);
        uint64_t found;

        codec_fill(page.data, 0xfeedfacecafebeef);
        for (size_t i = 0; i < UNIT_PAGE; i++) {
                page.data[i]++;
                g_assert_false(codec_same_value(page.data, &found));
                page.data[i]--;
        }
        /* All bytes the same within each word, but two values in turn. */
        for (size_t i = 0; i < UNIT_PAGE / 8; i++)
                ((uint64_t *)page.data)[i] = i % 2;
        g_assert_false(codec_same_value(page.data, &found));
        unit_guarded_free(&page);
}

/* One codec for all, with pages in between that do not compress: they must not leave traces. */
static void test_round_trip(void)
{
        struct unit_guarded page = unit_guarded_new(UNIT_PAGE, false);
        struct unit_guarded back = unit_guarded_new(UNIT_PAGE, false);
        struct codec *out = new_codec(), *in = new_codec();
        uint64_t state = 0x1005;
        unsigned stored[CODEC_ZSTD + 1] = {};

        for (unsigned i = 0; i < 4000; i++) {
                enum codec_kind kind = kinds[i % 2];
                char data[CODEC_STORED_MAX];
                size_t n;

                if (unit_below(&state, 10) == 0)
                        unit_fill_random(page.data, UNIT_PAGE, &state);
                else
                        unit_fill_compressible(page.data, &state);
                n = codec_compress(out, kind, page.data, data);
                g_assert_cmpuint(n, <=, CODEC_STORED_MAX);
                if (!n)
                        continue;
                stored[kind]++;
                memset(back.data, 0xee, UNIT_PAGE);
                g_assert_cmpint(codec_decompress(in, kind, data, n, back.data), ==, 0);
                g_assert_cmpmem(page.data, UNIT_PAGE, back.data, UNIT_PAGE);
        }
        /* The pages are such that most of them are worth storing. */
        g_assert_cmpuint(stored[CODEC_LZ4], >, 1000);
        g_assert_cmpuint(stored[CODEC_ZSTD], >, 1000);
        codec_free(out);
        codec_free(in);
        unit_guarded_free(&page);
        unit_guarded_free(&back);
}

/*
 * Pages whose random part grows byte by byte: sizes rise to the bound and are refused from there,
 * with nothing written past it.
 */
static void test_refusal(void)
{
        struct unit_guarded dst = unit_guarded_new(CODEC_STORED_MAX, false);
        struct unit_guarded page = unit_guarded_new(UNIT_PAGE, false);
        struct codec *codec = new_codec();

        for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
                size_t largest = 0, refused = 0;
                uint64_t state = 0x2048;

                for (size_t part = 0; part <= UNIT_PAGE; part += part > 1900 && part < 2200 ? 1 : 16) {
                        char before[64];
                        size_t n;

                        memset(page.data, 0, UNIT_PAGE);
                        unit_fill_random(page.data, part, &state);
                        memset(before, 0x77, sizeof(before));
                        memcpy(dst.data - sizeof(before), before, sizeof(before));
                        n = codec_compress(codec, kinds[k], page.data, dst.data);
                        g_assert_cmpmem(dst.data - sizeof(before), sizeof(before), before, sizeof(before));
                        g_assert_cmpuint(n, <=, CODEC_STORED_MAX);
                        if (part > CODEC_STORED_MAX)
                                g_assert_cmpuint(n, ==, 0);
                        if (part < CODEC_STORED_MAX - 128)
                                g_assert_cmpuint(n, >, 0);
                        largest = MAX(largest, n);
                        refused += !n;
                }
                g_assert_cmpuint(largest, >, CODEC_STORED_MAX - 32);
                g_assert_cmpuint(refused, >, 0);
        }
        codec_free(codec);
        unit_guarded_free(&dst);
        unit_guarded_free(&page);
}

static void test_off(void)
{
        struct codec *codec = new_codec();
        char page[UNIT_PAGE] = {}, data[CODEC_STORED_MAX] = {};

        g_assert_cmpuint(codec_compress(codec, CODEC_OFF, page, data), ==, 0);
        g_assert_cmpuint(codec_compress(codec, (enum codec_kind)3, page, data), ==, 0);
        g_assert_cmpint(codec_decompress(codec, CODEC_OFF, data, sizeof(data), page), ==, -EBADMSG);
        g_assert_cmpint(codec_decompress(codec, (enum codec_kind)3, data, sizeof(data), page), ==, -EBADMSG);
        codec_free(codec);
        codec_free(NULL);
}

/* Decompresses with a guard page right behind the input and on both sides of the output. */
static int decompress_guarded(struct codec *codec, enum codec_kind kind, const void *data, size_t size)
{
        static struct unit_guarded src, page;
        int r;

        if (!page.map) {
                src = unit_guarded_new(UNIT_PAGE, false);
                page = unit_guarded_new(UNIT_PAGE, false);
        }
        memcpy(src.data + UNIT_PAGE - size, data, size);
        r = codec_decompress(codec, kind, src.data + UNIT_PAGE - size, size, page.data);
        if (r != 0)
                g_assert_cmpint(r, ==, -EBADMSG);
        return r;
}

static void test_truncated(void)
{
        struct codec *codec = new_codec();
        char page[UNIT_PAGE], data[CODEC_STORED_MAX];
        uint64_t state = 0x7211;

        for (unsigned i = 0; i < 40; i++) {
                enum codec_kind kind = kinds[i % 2];
                size_t n;

                unit_fill_compressible(page, &state);
                n = codec_compress(codec, kind, page, data);
                for (size_t size = 0; size < n; size++)
                        g_assert_cmpint(decompress_guarded(codec, kind, data, size), ==, -EBADMSG);
                if (n)
                        g_assert_cmpint(decompress_guarded(codec, kind, data, n), ==, 0);
        }
        codec_free(codec);
}

static void test_damaged(void)
{
        struct codec *codec = new_codec();
        char page[UNIT_PAGE], data[CODEC_STORED_MAX], damaged[CODEC_STORED_MAX];
        uint64_t state = 0xdada;
        unsigned refused = 0;

        for (unsigned i = 0; i < 20000; i++) {
                enum codec_kind kind = kinds[i % 2];
                static size_t n[CODEC_ZSTD + 1];
                static char kept[CODEC_ZSTD + 1][CODEC_STORED_MAX];

                if (i % 200 < 2) {
                        do {
                                unit_fill_compressible(page, &state);
                                n[kind] = codec_compress(codec, kind, page, data);
                        } while (!n[kind]);
                        memcpy(kept[kind], data, n[kind]);
                }
                memcpy(damaged, kept[kind], n[kind]);
                for (unsigned flips = 1 + unit_below(&state, 4); flips; flips--)
                        damaged[unit_below(&state, (uint32_t)n[kind])] ^=
                                (char)(1 + unit_below(&state, 255));
                refused += decompress_guarded(codec, kind, damaged, n[kind]) < 0;
                /* What was damaged before does not harm what comes after. */
                if (i % 100 < 2)
                        g_assert_cmpint(decompress_guarded(codec, kind, kept[kind], n[kind]), ==, 0);
        }
        g_assert_cmpuint(refused, >, 100);
        codec_free(codec);
}

static void test_noise(void)
{
        struct codec *codec = new_codec();
        char data[CODEC_STORED_MAX];
        uint64_t state = 0x4015e;

        for (unsigned i = 0; i < 20000; i++) {
                size_t size = unit_below(&state, sizeof(data) + 1);

                unit_fill_random(data, size, &state);
                (void)decompress_guarded(codec, kinds[i % 2], data, size);
        }
        codec_free(codec);
}

/* Input that is sound but not one page: more, or less. */
static void test_other_size(void)
{
        /* LZ4: a literal "a", and a match of it that goes on for 4 + 15 + 255 * n + m bytes. */
        char lz4[64] = {0x1f, 'a', 1, 0};
        struct codec *codec = new_codec();
        size_t n = 4;

        memset(lz4 + n, 0xff, 20);
        n += 20;
        lz4[n++] = 0;
        lz4[n++] = 0x50; /* the last literals */
        memcpy(lz4 + n, "abcde", 5);
        n += 5;
        /* 1 + 4 + 15 + 20 * 255 + 5 bytes: more than a page. */
        g_assert_cmpint(decompress_guarded(codec, CODEC_LZ4, lz4, n), ==, -EBADMSG);
        lz4[4 + 15] = 0;
        lz4[4 + 16] = 0x50;
        memcpy(lz4 + 4 + 17, "abcde", 5);
        /* 1 + 4 + 15 + 15 * 255 + 5 bytes: less. */
        g_assert_cmpint(decompress_guarded(codec, CODEC_LZ4, lz4, 4 + 17 + 5), ==, -EBADMSG);
        lz4[4 + 15] = (char)(4096 - (1 + 4 + 15 + 15 * 255 + 5));
        g_assert_cmpint(decompress_guarded(codec, CODEC_LZ4, lz4, 4 + 17 + 5), ==, 0);
        codec_free(codec);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/codec/same-value", test_same_value);
        g_test_add_func("/codec/same-value-every-byte", test_same_value_every_byte);
        g_test_add_func("/codec/round-trip", test_round_trip);
        g_test_add_func("/codec/refusal", test_refusal);
        g_test_add_func("/codec/off", test_off);
        g_test_add_func("/codec/truncated", test_truncated);
        g_test_add_func("/codec/damaged", test_damaged);
        g_test_add_func("/codec/noise", test_noise);
        g_test_add_func("/codec/other-size", test_other_size);
        return g_test_run();
}
