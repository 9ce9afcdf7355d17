/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The header of a qcow2 file. Everything in it is big-endian. */
#include "storage/qcow2.h"

#include <string.h>

#define MAGIC                    0x514649fbu
#define VERSION_2_HEADER_BYTES   72u
#define VERSION_3_HEADER_BYTES   104u
#define CLUSTER_BITS_MIN         9u
#define CLUSTER_BITS_MAX         21u
#define INCOMPATIBLE_DATA_FILE   (UINT64_C(1) << 2)
#define EXTENSION_END            0u
#define EXTENSION_BACKING_FORMAT 0xe2792acau

/* Where things are. */
#define AT_VERSION        4
#define AT_BACKING_OFFSET 8
#define AT_BACKING_SIZE   16
#define AT_CLUSTER_BITS   20
#define AT_SIZE           24
#define AT_INCOMPATIBLE   72
#define AT_HEADER_LENGTH  100

static uint32_t get_u32(const uint8_t *data, size_t at)
{
        uint32_t value;

        memcpy(&value, data + at, sizeof(value));
        return GUINT32_FROM_BE(value);
}

static uint64_t get_u64(const uint8_t *data, size_t at)
{
        uint64_t value;

        memcpy(&value, data + at, sizeof(value));
        return GUINT64_FROM_BE(value);
}

bool qcow2_is(const void *data, size_t size)
{
        return size >= sizeof(uint32_t) && get_u32(data, 0) == MAGIC;
}

/* Copies text that the header has somewhere; false when it cannot be text. */
static bool copy_text(const uint8_t *data, size_t length, char *ret, size_t ret_size)
{
        if (length >= ret_size || memchr(data, '\0', length) != NULL)
                return false;
        memcpy(ret, data, length);
        ret[length] = '\0';
        return true;
}

static const char *parse_extensions(const uint8_t *data, size_t at, size_t end, Qcow2Header *header)
{
        while (end - at >= 8) {
                uint32_t type = get_u32(data, at), length = get_u32(data, at + 4);

                at += 8;
                if (type == EXTENSION_END)
                        return NULL;
                if (length > end - at)
                        return "an extension of its header is longer than the header";
                if (type == EXTENSION_BACKING_FORMAT &&
                    !copy_text(data + at, length, header->backing_format, sizeof(header->backing_format)))
                        return "the format of its backing file is no word";
                at += MIN((length + 7u) & ~7u, (uint32_t)(end - at));
        }
        return NULL;
}

const char *qcow2_parse(const void *bytes, size_t size, Qcow2Header *ret)
{
        const uint8_t *data = bytes;
        size_t header_bytes = VERSION_2_HEADER_BYTES, end = size;
        uint64_t backing_offset;
        uint32_t version, backing_size, cluster_bits;
        Qcow2Header header = {0};
        const char *wrong;

        if (size < VERSION_2_HEADER_BYTES || !qcow2_is(data, size))
                return "it has no whole qcow2 header";
        version = get_u32(data, AT_VERSION);
        if (version != 2 && version != 3)
                return "its version of qcow2 is unknown";
        if (version == 3) {
                if (size < VERSION_3_HEADER_BYTES)
                        return "it has no whole qcow2 header";
                header_bytes = get_u32(data, AT_HEADER_LENGTH);
                header.has_data_file = get_u64(data, AT_INCOMPATIBLE) & INCOMPATIBLE_DATA_FILE;
        }
        cluster_bits = get_u32(data, AT_CLUSTER_BITS);
        if (cluster_bits < CLUSTER_BITS_MIN || cluster_bits > CLUSTER_BITS_MAX)
                return "the size of its clusters is impossible";
        end = MIN(end, (size_t)1 << cluster_bits);
        if (header_bytes < VERSION_2_HEADER_BYTES || header_bytes > end)
                return "the size of its header is impossible";
        header.bytes = get_u64(data, AT_SIZE);
        if (header.bytes > INT64_MAX)
                return "the size of the disk is impossible";

        backing_offset = get_u64(data, AT_BACKING_OFFSET);
        backing_size = get_u32(data, AT_BACKING_SIZE);
        if (backing_offset != 0) {
                if (backing_offset < header_bytes || backing_offset > end ||
                    backing_size > end - backing_offset || backing_size == 0 ||
                    !copy_text(data + backing_offset, backing_size, header.backing, sizeof(header.backing)))
                        return "the name of its backing file is impossible";
                end = backing_offset;
        }
        wrong = parse_extensions(data, header_bytes, end, &header);
        if (wrong != NULL)
                return wrong;
        *ret = header;
        return NULL;
}
