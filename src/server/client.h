/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One client's connection: requests are read from it one after the other, served, and answered.
 *
 *      HANDSHAKE -> HEAD -> BODY -> SERVED -> ANSWERING -> HEAD ...
 *                                                       -> LINGERING -> closed
 *
 * HANDSHAKE only with TLS. ANSWERING goes on for as long as an answer is open (exchange_answer_open()).
 * LINGERING lets the client read a last answer before its client is reset. Every state but SERVED, and an
 * open answer of which all was sent, has a time by which it must be over: see client_check().
 */
#pragma once

#include "server/exchange.h"

typedef struct Client Client;

typedef struct ClientPlan {
        GTlsCertificate *certificate; /* NULL: no TLS */
        const char *address;          /* of the client */
        bool is_own;                  /* see exchange_is_own() */
        Router router;
        gpointer user_data;                            /* of the router and its routes */
        void (*closed)(Client *client, gpointer data); /* once; the client is still there */
        gpointer closed_data;
} ClientPlan;

/* Takes a reference to the socket. */
Client *client_new(GSocketConnection *socket, const ClientPlan *plan);
/* Closes it, tells who serves its exchange, and gives the creator's reference back. */
void client_close(Client *client);

/* Between two requests; the longer, the smaller the number. */
bool client_is_idle(const Client *client, int64_t *ret_since_us);

/* Closes it if its client has taken too long. Called about once in a second. */
void client_check(Client *client, int64_t now_us);
