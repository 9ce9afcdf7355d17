/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors of calls as they are told: what failed, why, and what to do. */
#pragma once

#include <json-glib/json-glib.h>

#include "cli/cli.h"

/* Who is asked. */
typedef struct ApiPeer {
        char *label;        /* fit for a terminal */
        char *user;         /* NULL: none was said */
        const char *pinned; /* the only certificate's thumbprint; NULL: any good one. Borrowed */
        bool local;         /* by its socket */
        uint64_t timeout_ms;
} ApiPeer;

/* failure: of GLib or libsoup. refused: the thumbprint of a certificate that is not trusted; NULL: none. */
void api_error_transport(const ApiPeer *peer, const GError *failure, const char *refused, GError **error);

/* What the host answers with an HTTP status that is none of success; fault: what came with it, or NULL. */
void api_error_refused(const ApiPeer *peer, unsigned status, JsonNode *fault, GError **error);

/* Returns false. */
bool api_error_garbled(const ApiPeer *peer, const char *what, GError **error);
