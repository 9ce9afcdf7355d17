/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes what the fuzzers begin with: make-corpus control|codec DIRECTORY */
#include <aerostat/pager-protocol.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pager/codec.h"

static const char *directory;

static void write_seed(const char *name, const void *data, size_t size)
{
        char path[4096];
        FILE *f;

        (void)snprintf(path, sizeof(path), "%s/%s", directory, name);
        f = fopen(path, "wbe");
        if (!f || fwrite(data, 1, size, f) != size || fclose(f) != 0) {
                perror(path);
                exit(EXIT_FAILURE);
        }
}

/* One seed for each request as it is, and one with all of them in the short form. */
static void control_seeds(void)
{
        static const struct {
                const char *name;
                uint8_t type;
                uint64_t value[2];
        } requests[] = {
                {"stats", AEROSTAT_PAGER_GET_STATS, {0}},
                {"limit", AEROSTAT_PAGER_SET_LIMIT, {4u << 20}},
                {"reservation", AEROSTAT_PAGER_SET_RESERVATION, {1u << 20}},
                {"cache", AEROSTAT_PAGER_SET_CACHE_PCT, {50}},
                {"codec", AEROSTAT_PAGER_SET_CODEC, {AEROSTAT_PAGER_CODEC_ZSTD}},
                {"sampling", AEROSTAT_PAGER_SET_SAMPLING, {1000, 50}},
                {"subscribe", AEROSTAT_PAGER_SUBSCRIBE, {100}},
                {"no-limit", AEROSTAT_PAGER_SET_LIMIT, {AEROSTAT_PAGER_UNLIMITED}},
        };
        const size_t n = sizeof(requests) / sizeof(requests[0]);
        uint8_t all[1 + 9 * sizeof(requests) / sizeof(requests[0])] = {0};

        for (size_t i = 0; i < n; i++) {
                struct aerostat_pager_request request = {.magic = AEROSTAT_PAGER_MAGIC,
                                                         .version = AEROSTAT_PAGER_VERSION,
                                                         .type = requests[i].type,
                                                         .serial = i};
                uint64_t brief = requests[i].value[0] | requests[i].value[1] << 32;
                uint8_t seed[1 + sizeof(request)] = {1};

                memcpy(request.value, requests[i].value, sizeof(request.value));
                memcpy(seed + 1, &request, sizeof(request));
                write_seed(requests[i].name, seed, sizeof(seed));
                all[1 + 9 * i] = requests[i].type;
                memcpy(all + 1 + 9 * i + 1, &brief, sizeof(brief));
        }
        write_seed("all", all, sizeof(all));
        write_seed("short", "\1x", 2);
}

/* Pages of a few kinds, by each codec. */
static void codec_seeds(void)
{
        uint64_t page[512];
        struct codec *codec;

        if (codec_new(&codec) < 0)
                exit(EXIT_FAILURE);
        for (unsigned shape = 0; shape < 4; shape++) {
                for (size_t i = 0; i < 512; i++)
                        page[i] = shape == 0   ? 0
                                  : shape == 1 ? i
                                  : shape == 2 ? (i % 7) * 0x0101010101010101
                                               : (i % 4 ? 0 : (i + 1) * 0x9e3779b97f4a7c15);
                for (enum codec_kind kind = CODEC_LZ4; kind <= CODEC_ZSTD; kind++) {
                        uint8_t seed[1 + CODEC_STORED_MAX] = {(uint8_t)kind};
                        size_t n = codec_compress(codec, kind, page, seed + 1);
                        char name[32];

                        (void)snprintf(name, sizeof(name), "%u-%d", shape, (int)kind);
                        if (n)
                                write_seed(name, seed, 1 + n);
                }
        }
        codec_free(codec);
}

int main(int argc, char **argv)
{
        if (argc != 3 || (strcmp(argv[1], "control") != 0 && strcmp(argv[1], "codec") != 0)) {
                (void)fprintf(stderr, "usage: make-corpus control|codec DIRECTORY\n");
                return EXIT_FAILURE;
        }
        directory = argv[2];
        (void)mkdir(directory, 0755);
        if (strcmp(argv[1], "control") == 0)
                control_seeds();
        else
                codec_seeds();
        return EXIT_SUCCESS;
}
