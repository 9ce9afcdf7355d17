/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What exchange.c and client.c know of each other. */
#pragma once

#include "server/client.h"

struct Exchange {
        Client *client;
        Head head;
        const Route *route;
        gpointer route_data;
        GByteArray *body; /* until it is all there */
        GBytes *body_bytes;
        GOutputStream *sink;
        bool keep_alive, body_read, answered;

        GString *headers;     /* of the answer */
        GBytes *whole;        /* its body, */
        GInputStream *stream; /* or where that comes from */
        uint64_t left;        /* of it */
        bool is_open;         /* more of it may come */
        Open open;

        void (*gone)(gpointer data);
        gpointer gone_data;
        gpointer data;
        GDestroyNotify free_data;
};

Exchange *exchange_new(Client *client);
/* Tells who serves it, if it was not answered, and frees it. */
void exchange_end(Exchange *exchange);

/* The body, if there is one, and then the route's run. */
void client_serve(Client *client);
/* head is taken; what of the body there is follows it. */
void client_answer(Client *client, GString *head);
/* More of an open answer is there, or its end is. */
void client_push(Client *client);
/* What has come is offered again. */
void client_take_more(Client *client);
const ClientPlan *client_plan(const Client *client);
gpointer *client_data(Client *client, GDestroyNotify **ret_free);
