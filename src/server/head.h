/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The head of an HTTP/1 request, read strictly: what two readers could understand in two ways is refused.
 * Pure; for any thread.
 */
#pragma once

#include <libsoup/soup.h>
#include <stdbool.h>
#include <stdint.h>

#define HEAD_BYTES_MAX        (32 << 10)
#define HEAD_HEADERS_MAX      100
#define STATUS_HEAD_TOO_LARGE 431 /* which libsoup does not know */

typedef struct Head {
        char *method;
        char *target;   /* as it was sent, without scheme and host */
        char *path;     /* unescaped, valid UTF-8, no segment is "." or ".." */
        char *query;    /* as it was sent, after the "?"; NULL: none */
        unsigned minor; /* HTTP/1.minor */
        SoupMessageHeaders *headers;
        bool chunked;
        uint64_t length; /* of the body, when it is not chunked */
        bool keep_alive;
        bool expects_continue;
} Head;

/* Where the head in data ends, the empty line included; 0: not yet. */
size_t head_end(const char *data, size_t size);

/* 0, or the HTTP status for what is wrong with it. ret is to be cleared either way. */
unsigned head_parse(const char *data, size_t size, Head *ret);
void head_clear(Head *head); /* may be cleared twice */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Head, head_clear)

/* The value of a name in a query, unescaped ("+" is a blank); NULL: not there, or no valid UTF-8. Owned. */
char *head_query_value(const char *query, const char *name);
