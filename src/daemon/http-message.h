/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One request and its answer, in JSON. */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <stdbool.h>

#define HTTP_BODY_MAX ((gsize)1 << 20)

bool http_is(const char *method, const char *name);

/* Takes the node over. */
void http_answer(SoupServerMessage *message, unsigned status, JsonNode *node);

void http_refuse(SoupServerMessage *message, unsigned status, const char *text);

/* With the status that fits the error's code, of G_IO_ERROR. */
void http_refuse_error(SoupServerMessage *message, const GError *error);

/* The parser's, and gone with it; NULL with an error. */
JsonObject *http_read_body(SoupServerMessage *message, JsonParser *parser, GError **error);
