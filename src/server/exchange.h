/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One request over HTTP and its answer, as those see it who serve paths.
 *
 * An exchange is answered once, at once or later. When its client goes before that, or the server ends, the
 * one who serves it is told and forgets it: it must not be touched from then on. The main thread only.
 */
#pragma once

#include <gio/gio.h>

#include "server/head.h"

typedef struct Exchange Exchange;

/* How a path is served. */
typedef struct Route {
        uint64_t body_max; /* larger ones are refused before they are read */
        void (*run)(Exchange *exchange, gpointer user_data); /* the body is there */
        /* NULL: the body is kept in memory. Else where it is written to as it comes; returns NULL when it
         * has refused it. */
        GOutputStream *(*open)(Exchange *exchange, gpointer user_data);
} Route;

/* Of the head. NULL: the exchange was answered, or will be, or will go on by exchange_serve(). */
typedef const Route *(*Router)(Exchange *exchange, gpointer user_data);

const Head *exchange_head(const Exchange *exchange);
bool exchange_is(const Exchange *exchange, const char *method);
const char *exchange_header(const Exchange *exchange, const char *name); /* the last of them; or NULL */
GBytes *exchange_body(const Exchange *exchange);                         /* borrowed */

/* Of the client: "192.0.2.7", "local". */
const char *exchange_address(const Exchange *exchange);
/* By the Unix socket: the daemon's own user, or root, who need not log in. */
bool exchange_is_own(const Exchange *exchange);
bool exchange_accepts_gzip(const Exchange *exchange);
bool exchange_is_secure(const Exchange *exchange); /* over TLS */

/* After a router returned NULL without an answer: goes on by a route, with data of its own. */
void exchange_serve(Exchange *exchange, const Route *route, gpointer data);
gpointer exchange_route_data(const Exchange *exchange);

/* Something that lives as long as the connection; one only. */
gpointer exchange_connection_data(const Exchange *exchange);
void exchange_set_connection_data(Exchange *exchange, gpointer data, GDestroyNotify free_data);

/* Of the one who serves it: called instead of an answer's being sent; where the body goes somewhere else,
 * also when it does not come to its end. */
void exchange_set_gone(Exchange *exchange, void (*gone)(gpointer data), gpointer data);
/* Until the exchange is over, however it ends; one only. */
void exchange_set_data(Exchange *exchange, gpointer data, GDestroyNotify free_data);
gpointer exchange_data(const Exchange *exchange);

/* === answering === */

/* For the answer that follows. */
void exchange_add_header(Exchange *exchange, const char *name, const char *value);

/* body is taken; NULL: none. Compressed when it is large and the client likes that. */
void exchange_answer(Exchange *exchange, unsigned status, const char *type, GString *body);
/* The same of bytes that are kept elsewhere, too. */
void exchange_answer_bytes(Exchange *exchange, unsigned status, const char *type, GBytes *body);
/* The same of what exchange_compress() made, or left. */
void exchange_answer_written(Exchange *exchange, unsigned status, const char *type, GBytes *body,
                             bool is_compressed);
/* NULL: it is too small to be compressed, or cannot be. Any thread. */
GBytes *exchange_compress(GBytes *body);
/* So many bytes of a stream, which is taken. */
void exchange_answer_stream(Exchange *exchange, unsigned status, const char *type, GInputStream *body,
                            uint64_t length);
/*
 * An answer whose end nobody knows yet: what is sent by exchange_push() follows its head. The connection
 * ends with it. `gone` is called if that is not the server's own doing.
 */
typedef struct Open {
        /* The head, or what was pushed last, was written out, and more can be pushed. */
        void (*drained)(gpointer data);
        /* The client has sent something more: returns how much of it was taken. The rest is offered again
         * after exchange_take_more(). NULL: it has nothing more to say. */
        size_t (*received)(const char *bytes, size_t size, gpointer data);
        gpointer data;
} Open;

void exchange_answer_open(Exchange *exchange, unsigned status, const char *type, const Open *open);
/* bytes (not none) are held until they are written out: `drained` must have been called since the last. */
void exchange_push(Exchange *exchange, GBytes *bytes);
/* When all was written out. The exchange is over. */
void exchange_push_end(Exchange *exchange);
void exchange_take_more(Exchange *exchange);

/* A status and a line of text for people. */
void exchange_refuse(Exchange *exchange, unsigned status, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
