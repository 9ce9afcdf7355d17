/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Moves pages between a disk and a large buffer with O_DIRECT, and checks them. The device reads
 * and writes the buffer itself, so the pages it meets may be ones that the host has evicted.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pagecheck.h"

#define RUN_PAGES_MAX 64

struct odirect {
        const struct options *options;
        int fd;
        uint8_t *bytes;
        /* Whose content is where: the model that buffer and disk are held against. */
        struct identity *buffer;
        struct identity *disk;
        uint64_t random;
};

static int transfer(const struct odirect *odirect, bool write, size_t block, size_t page, size_t count)
{
        size_t done = 0, length = count * PAGE_BYTES;
        uint8_t *bytes = odirect->bytes + page * PAGE_BYTES;

        while (done < length) {
                off_t offset = (off_t)(odirect->options->device_offset + block * PAGE_BYTES + done);
                ssize_t n = write ? pwrite(odirect->fd, bytes + done, length - done, offset)
                                  : pread(odirect->fd, bytes + done, length - done, offset);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0) {
                        fprintf(stderr, "pagecheck: %s %s at %lld: %s\n", write ? "writing" : "reading",
                                odirect->options->device, (long long)offset,
                                n < 0 ? strerror(errno) : "end of the device");
                        return -1;
                }
                done += (size_t)n;
        }
        return 0;
}

static int odirect_write(struct odirect *odirect, size_t block, size_t page, size_t count)
{
        if (transfer(odirect, true, block, page, count) < 0)
                return -1;
        memcpy(odirect->disk + block, odirect->buffer + page, count * sizeof(struct identity));
        return 0;
}

static int odirect_read(struct odirect *odirect, struct run *run, size_t block, size_t page, size_t count)
{
        if (transfer(odirect, false, block, page, count) < 0)
                return -1;
        memcpy(odirect->buffer + page, odirect->disk + block, count * sizeof(struct identity));
        for (size_t i = page; i < page + count; i++)
                (void)content_check(odirect->options->seed, odirect->buffer[i],
                                    odirect->bytes + i * PAGE_BYTES, i);
        run->checked += count;
        return 0;
}

static void odirect_renew(struct odirect *odirect, size_t page)
{
        static uint32_t generation;

        odirect->buffer[page] = (struct identity){(uint32_t)page, ++generation};
        content_write(odirect->options->seed, odirect->buffer[page], odirect->bytes + page * PAGE_BYTES);
}

static int odirect_step(struct odirect *odirect, struct run *run)
{
        size_t pages = odirect->options->pages;
        size_t count = 1 + next_random(&odirect->random) % RUN_PAGES_MAX;
        size_t block, page;
        uint64_t started;
        int r;

        if (count > pages)
                count = pages;
        block = next_random(&odirect->random) % (pages - count + 1);
        page = next_random(&odirect->random) % (pages - count + 1);

        /* Something new to write, somewhere else, so that what is written stays untouched by us. */
        odirect_renew(odirect, next_random(&odirect->random) % pages);

        started = now_ns();
        if (next_random(&odirect->random) % 100 < odirect->options->writes_pct) {
                r = odirect_write(odirect, block, page, count);
                run->writes++;
        } else {
                r = odirect_read(odirect, run, block, page, count);
                run->reads++;
        }
        run_touched(run, now_ns() - started);
        return r;
}

static int odirect_prepare(struct odirect *odirect)
{
        size_t pages = odirect->options->pages;

        odirect->fd = open(odirect->options->device, O_RDWR | O_DIRECT | O_CLOEXEC);
        if (odirect->fd < 0) {
                fprintf(stderr, "pagecheck: %s: %s\n", odirect->options->device, strerror(errno));
                return -1;
        }
        odirect->bytes =
                mmap(NULL, pages * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        odirect->buffer = calloc(pages, sizeof(*odirect->buffer));
        odirect->disk = calloc(pages, sizeof(*odirect->disk));
        if (odirect->bytes == MAP_FAILED || odirect->buffer == NULL || odirect->disk == NULL) {
                fprintf(stderr, "pagecheck: no memory for %zu pages: %s\n", pages, strerror(errno));
                return -1;
        }
        for (size_t page = 0; page < pages; page++)
                odirect_renew(odirect, page);
        for (size_t page = 0; page < pages; page += RUN_PAGES_MAX) {
                size_t count = pages - page < RUN_PAGES_MAX ? pages - page : RUN_PAGES_MAX;

                if (odirect_write(odirect, page, page, count) < 0)
                        return -1;
        }
        return 0;
}

enum status odirect_run(const struct options *options)
{
        struct odirect odirect = {.options = options, .random = options->seed};
        size_t pages = options->pages;
        double started = now();
        struct run run;

        if (odirect_prepare(&odirect) < 0)
                return STATUS_BROKEN;
        printf("pagecheck: filled=%zu seconds=%.1f\n", pages, now() - started);

        run_start(&run, options->seconds);
        while (run_goes_on(&run, options)) {
                if (odirect_step(&odirect, &run) < 0)
                        return STATUS_BROKEN;
        }

        /* The buffer as it stands, then the whole disk through it. */
        for (size_t page = 0; page < pages; page++)
                (void)content_check(options->seed, odirect.buffer[page], odirect.bytes + page * PAGE_BYTES,
                                    page);
        run.checked += pages;
        for (size_t page = 0; page < pages; page += RUN_PAGES_MAX) {
                size_t count = pages - page < RUN_PAGES_MAX ? pages - page : RUN_PAGES_MAX;

                if (odirect_read(&odirect, &run, page, page, count) < 0)
                        return STATUS_BROKEN;
        }
        return run_finish(&run, 2 * pages);
}
