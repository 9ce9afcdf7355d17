/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory of a real guest, as the content of the pages that both sides evict. */
#include "content.h"

#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/macro.h"
#include "base/sys.h"
#include "pager/codec.h"

void content_open(struct content *content, const char *path)
{
        _cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
        struct stat st;
        void *file;

        if (fd < 0 || fstat(fd, &st) < 0)
                err(1, "%s", path);
        if (st.st_size < (off_t)PAGE_BYTES)
                errx(1, "%s: holds no page", path);
        file = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
        if (file == MAP_FAILED)
                err(1, "%s", path);
        *content = (struct content){.file = file, .file_pages = (uint64_t)st.st_size / PAGE_BYTES};
}

/* By the pager's own codec. *ret_size: bytes in its cache. */
static enum page_kind kind_of(struct codec *codec, const unsigned char *page, size_t *ret_size)
{
        char compressed[PAGE_BYTES];
        uint64_t value;

        *ret_size = 0;
        if (codec_same_value(page, &value))
                return value ? KIND_SAME : KIND_ZERO;
        *ret_size = codec_compress(codec, CODEC_LZ4, page, compressed);
        return *ret_size ? KIND_COMPRESSIBLE : KIND_INCOMPRESSIBLE;
}

static bool picked(enum page_kind kind, enum pick pick)
{
        switch (pick) {
        case PICK_FOR_MEMORY:
                return kind != KIND_INCOMPRESSIBLE;
        case PICK_FOR_DISK:
                return kind != KIND_ZERO && kind != KIND_SAME;
        default:
                return true;
        }
}

void content_pick(struct content *content, uint32_t pages, enum pick pick)
{
        struct codec *codec;
        uint32_t *usable = calloc(content->file_pages, sizeof(*usable));
        uint8_t *kind = calloc(content->file_pages, sizeof(*kind));
        uint16_t *size = calloc(content->file_pages, sizeof(*size));
        uint64_t bytes = 0;

        free(content->page);
        free(content->kind);
        content->page = calloc(pages, sizeof(*content->page));
        content->kind = calloc(pages, sizeof(*content->kind));
        if (!usable || !kind || !size || !content->page || !content->kind || codec_new(&codec) < 0)
                errx(1, "out of memory");
        content->pages = pages;
        content->distinct = 0;
        memset(content->kinds, 0, sizeof(content->kinds));
        for (uint64_t i = 0; i < content->file_pages; i++) {
                size_t n;

                kind[i] = (uint8_t)kind_of(codec, content->file + i * PAGE_BYTES, &n);
                size[i] = (uint16_t)n;
                if (picked(kind[i], pick))
                        usable[content->distinct++] = (uint32_t)i;
        }
        if (!content->distinct)
                errx(1, "the content has no page of the kind that is wanted");
        for (uint64_t i = 0; i < pages; i++) {
                uint64_t n = content->distinct;
                uint32_t page = usable[n >= pages ? i * n / pages : i % n];

                content->page[i] = page;
                content->kind[i] = kind[page];
                content->kinds[kind[page]]++;
                bytes += size[page];
        }
        content->compressed_fraction = (double)bytes / (double)(pages * PAGE_BYTES);
        codec_free(codec);
        free(usable);
        free(kind);
        free(size);
}

void content_fill(const struct content *content, unsigned char *ram)
{
        for (uint32_t i = 0; i < content->pages; i++)
                memcpy(ram + i * PAGE_BYTES, content->file + content->page[i] * PAGE_BYTES, PAGE_BYTES);
}
