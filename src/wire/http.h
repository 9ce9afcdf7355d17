/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests to a host's API in its JSON form, over TLS or the Unix socket: what the command line and
 * libaerostat have in common. libsoup works through the context that is the thread's default: all calls for
 * one SoupSession are from one thread, with the same context pushed.
 *
 * By the socket a connection is a session. libsoup closes it after a method without a result (204): what
 * belongs to a session (views, collectors) is gone then.
 */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <stdbool.h>

/* Of an answer. What is longer is refused. */
#define WIRE_ANSWER_MAX_BYTES (64U << 20)

/* The API's release that is spoken; hosts take the names of other ones as well. */
#define WIRE_RELEASE "8.0.1.0"

/* The header with the session's key. */
#define WIRE_SESSION "vmware-api-session-id"

/* Where the host is, and how one knows it. Stays as it is while there are messages. */
typedef struct WireHost {
        char *base;            /* "https://host:443", of the socket "http://localhost" */
        char *socket;          /* its path; NULL: by TCP */
        char *thumbprint;      /* as wire_thumbprint() gives it: this certificate and no other */
        GTlsDatabase *trusted; /* without a thumbprint: whose certificates are good; NULL: the system's */
        char *session;         /* its key; NULL: there is none */
} WireHost;

void wire_host_clear(WireHost *host);

/* "AB:CD" as "abcd"; NULL when it is no SHA-256. Owned. */
char *wire_thumbprint(const char *text);

/* Connects to nothing yet. timeout_s: without a byte. Owned. */
SoupSession *wire_http_new(const WireHost *host, const char *user_agent, unsigned timeout_s);

/* Without a redirection. NULL: url is no address. Owned. */
SoupMessage *wire_message_new(const WireHost *host, const char *verb, const char *url);

/* The thumbprint of the certificate for which it was not sent; NULL: that was not why. Borrowed. */
const char *wire_message_refused(SoupMessage *message);

/* ".../TYPE/ID/LAST" at the host. Owned. */
char *wire_url(const WireHost *host, const char *type, const char *id, const char *last);

/* The body of a method call; args may be NULL. */
void wire_set_args(SoupMessage *message, JsonObject *args);

/*
 * Sends it and gathers the whole answer. An end in time, too, for all of it together: G_IO_ERROR_TIMED_OUT.
 * NULL with an error of GIO or libsoup. Owned.
 */
GByteArray *wire_send(SoupSession *http, SoupMessage *message, guint timeout_ms, GCancellable *cancellable,
                      GError **error);
