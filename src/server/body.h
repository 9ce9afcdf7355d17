/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The body of an HTTP/1 request as it comes: by length or in chunks. Pure. */
#pragma once

#include "server/head.h"

typedef struct Body {
        bool chunked;
        uint64_t left;  /* of the body or of the chunk */
        uint64_t taken; /* of the body so far */
        uint64_t max;
        unsigned state; /* body.c's */
        unsigned trailer_bytes;
} Body;

void body_begin(Body *body, const Head *head, uint64_t max);

typedef enum BodyResult {
        BODY_MORE,      /* all was looked at: give more */
        BODY_DATA,      /* *ret_data is of the body */
        BODY_DONE,      /* and what follows is the next request */
        BODY_MALFORMED, /* nothing after it can be understood */
        BODY_TOO_LARGE,
} BodyResult;

/* Looks at data; *ret_used of it are done with, *ret_data and *ret_size lie within that. */
BodyResult body_take(Body *body, const char *data, size_t size, size_t *ret_used, const char **ret_data,
                     size_t *ret_size);
