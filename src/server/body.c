/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lengths and chunks. */
#include "server/body.h"

#include <string.h>

/* A chunk's line, with extensions that nobody needs; and all of a body's trailers. */
#define LINE_MAX_BYTES    128
#define TRAILER_BYTES_MAX 4096
#define SIZE_DIGITS_MAX   15

enum {
        IN_DATA,     /* of the body, or of a chunk */
        IN_SIZE,     /* a chunk's line */
        IN_LINE_END, /* after a chunk */
        IN_TRAILER,
        IN_NOTHING,
};

void body_begin(Body *body, const Head *head, uint64_t max)
{
        *body = (Body){.chunked = head->chunked, .left = head->length, .max = max};
        body->state = head->chunked ? IN_SIZE : head->length > 0 ? IN_DATA : IN_NOTHING;
}

/* The length of the line with its end; 0: not there yet, -1: too long. */
static ssize_t line_length(const char *data, size_t size, size_t max)
{
        const char *end = size > 0 ? memchr(data, '\n', MIN(size, max)) : NULL;

        if (end != NULL)
                return end + 1 - data;
        return size >= max ? -1 : 0;
}

static bool parse_size(const char *line, size_t length, uint64_t *ret)
{
        size_t digits = 0;
        uint64_t size = 0;

        while (digits < length && g_ascii_isxdigit(line[digits])) {
                size = size << 4 | (unsigned)g_ascii_xdigit_value(line[digits]);
                if (++digits > SIZE_DIGITS_MAX)
                        return false;
        }
        if (digits == 0 || strchr(";\r\n \t", line[digits]) == NULL)
                return false;
        *ret = size;
        return true;
}

static BodyResult take_data(Body *body, const char *data, size_t size, size_t *ret_used,
                            const char **ret_data, size_t *ret_size)
{
        size_t n = (size_t)MIN(body->left, size);

        if (n == 0)
                return BODY_MORE;
        *ret_used += n;
        *ret_data = data;
        *ret_size = n;
        body->left -= n;
        body->taken += n;
        if (body->left == 0)
                body->state = body->chunked ? IN_LINE_END : IN_NOTHING;
        return BODY_DATA;
}

/* One line that is not of the body. BODY_DATA: there may be more to do. */
static BodyResult take_line(Body *body, const char *data, size_t size, size_t *ret_used)
{
        size_t max = body->state == IN_TRAILER    ? TRAILER_BYTES_MAX - body->trailer_bytes
                     : body->state == IN_LINE_END ? 2
                                                  : LINE_MAX_BYTES;
        ssize_t length = line_length(data, size, max);
        bool empty;

        if (length == 0)
                return BODY_MORE;
        if (length < 0)
                return BODY_MALFORMED;
        *ret_used += (size_t)length;
        empty = length == 1 || (length == 2 && data[0] == '\r');
        if (body->state == IN_SIZE) {
                if (!parse_size(data, (size_t)length, &body->left))
                        return BODY_MALFORMED;
                if (body->left > body->max - body->taken)
                        return BODY_TOO_LARGE;
                body->state = body->left > 0 ? IN_DATA : IN_TRAILER;
        } else if (body->state == IN_LINE_END) {
                if (!empty)
                        return BODY_MALFORMED;
                body->state = IN_SIZE;
        } else {
                body->trailer_bytes += (unsigned)length;
                if (empty)
                        body->state = IN_NOTHING;
        }
        return BODY_DATA;
}

BodyResult body_take(Body *body, const char *data, size_t size, size_t *ret_used, const char **ret_data,
                     size_t *ret_size)
{
        BodyResult result;

        *ret_used = 0;
        *ret_size = 0;
        *ret_data = data;
        if (!body->chunked && body->left > body->max)
                return BODY_TOO_LARGE;
        do {
                if (body->state == IN_NOTHING)
                        return BODY_DONE;
                if (body->state == IN_DATA)
                        return take_data(body, data + *ret_used, size - *ret_used, ret_used, ret_data,
                                         ret_size);
                result = take_line(body, data + *ret_used, size - *ret_used, ret_used);
        } while (result == BODY_DATA);
        return result;
}
