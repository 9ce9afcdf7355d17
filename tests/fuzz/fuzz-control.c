/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any message to a pager's control socket: it is answered, and the pager stays in a state it may be in. */
#include <aerostat/pager-protocol.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "pager/control.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define GUEST  (6u << 20) /* a limit of 4 MiB, the lowest there is, is in force on it */
#define VERIFY 256u       /* inputs between two looks at the guest's memory */

#define CHECK(condition)                                                                              \
        do {                                                                                          \
                if (!(condition)) {                                                                   \
                        (void)fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
                        abort();                                                                      \
                }                                                                                     \
        } while (0)

static struct aerostat_pager *pager;
static uint64_t *guest;

static uint64_t word_at(size_t i)
{
        /* Pages of all kinds: one value, compressible, and neither. */
        switch (i / 512 % 3) {
        case 0:
                return i / 512;
        case 1:
                return i & 0xff;
        default:
                return (i + 1) * 0x9e3779b97f4a7c15;
        }
}

static void verify_guest(void)
{
        for (size_t i = 0; i < GUEST / sizeof(guest[0]); i += 64)
                CHECK(guest[i] == word_at(i));
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
        struct aerostat_pager_config config;
        char reason[AEROSTAT_PAGER_REASON_MAX] = "";
        const char *dir = getenv("TMPDIR");

        (void)argc;
        (void)argv;
        aerostat_pager_config_init(&config);
        config.name = "fuzz";
        config.swap_dir = dir ? dir : "/tmp";
        guest = mmap(NULL, GUEST, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (guest == MAP_FAILED) {
                perror("mmap");
                exit(EXIT_FAILURE);
        }
        for (size_t i = 0; i < GUEST / sizeof(guest[0]); i++)
                guest[i] = word_at(i);
        if (aerostat_pager_new(&config, &pager, reason) < 0 ||
            aerostat_pager_add_range(pager, guest, GUEST, reason) < 0) {
                (void)fprintf(stderr, "no pager: %s\n", reason);
                exit(EXIT_FAILURE);
        }
        return 0;
}

static void check_settings(const struct aerostat_pager_stats *s)
{
        CHECK(s->limit_bytes >= 4u << 20);
        CHECK(s->cache_pct <= 100);
        CHECK(s->codec <= AEROSTAT_PAGER_CODEC_ZSTD);
        CHECK(!s->sample_period_ms || (s->sample_period_ms >= 1000 && s->sample_period_ms <= 3600000));
        CHECK(s->sample_pages >= 1 && s->sample_pages <= AEROSTAT_PAGER_SAMPLE_PAGES_MAX);
        CHECK(s->memory_bytes == GUEST);
        CHECK(s->unmanaged_bytes == 0);
        CHECK(s->swap_file_bytes ==
              (s->reservation_bytes / 4096 < GUEST / 4096 ? GUEST - s->reservation_bytes / 4096 * 4096 : 0));
        CHECK(s->swap_errors == 0);
        CHECK(memchr(s->reason, '\0', sizeof(s->reason)));
}

static int same_settings(const struct aerostat_pager_stats *a, const struct aerostat_pager_stats *b)
{
        return a->limit_bytes == b->limit_bytes && a->reservation_bytes == b->reservation_bytes &&
               a->cache_pct == b->cache_pct && a->codec == b->codec &&
               a->sample_period_ms == b->sample_period_ms && a->sample_pages == b->sample_pages;
}

static void answer(const void *message, size_t size)
{
        struct aerostat_pager_stats before;
        struct aerostat_pager_reply reply;
        uint32_t interval = UINT32_MAX;
        bool keep;

        aerostat_pager_get_stats(pager, &before);
        memset(&reply, 0x5a, sizeof(reply));
        keep = control_answer(pager, message, size, &reply, &interval);
        CHECK(reply.magic == AEROSTAT_PAGER_MAGIC && reply.version == AEROSTAT_PAGER_VERSION);
        CHECK(reply.reserved == 0);
        CHECK(memchr(reply.message, '\0', sizeof(reply.message)));
        CHECK(reply.error <= 0);
        CHECK(!reply.error == !reply.message[0]);
        CHECK(keep == (reply.error != -EPROTO));
        CHECK(keep || size != sizeof(struct aerostat_pager_request) ||
              memcmp(message, &(uint32_t){AEROSTAT_PAGER_MAGIC}, 4) != 0 || reply.type == 0);
        CHECK(interval == UINT32_MAX || interval == 0 || (interval >= 100 && interval <= 3600000));
        CHECK(!reply.error || interval == UINT32_MAX);
        check_settings(&reply.stats);
        if (reply.error)
                CHECK(same_settings(&before, &reply.stats));
}

/*
 * An odd first byte: the rest is the message as it is. An even one: the rest are requests of nine
 * bytes, type and value, so that what comes after the magic number need not be found by chance.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static unsigned inputs;

        if (!size)
                return 0;
        if (data[0] & 1) {
                answer(data + 1, size - 1);
        } else {
                for (size_t at = 1; at + 9 <= size; at += 9) {
                        struct aerostat_pager_request request = {.magic = AEROSTAT_PAGER_MAGIC,
                                                                 .version = AEROSTAT_PAGER_VERSION,
                                                                 .type = data[at] % 10u};

                        /* Sampling has two values of half the size. */
                        memcpy(&request.value[0], data + at + 1, 8);
                        if (request.type == AEROSTAT_PAGER_SET_SAMPLING) {
                                request.value[1] = request.value[0] >> 32;
                                request.value[0] &= UINT32_MAX;
                        }
                        answer(&request, sizeof(request));
                }
        }
        if (++inputs % VERIFY == 0)
                verify_guest();
        return 0;
}
