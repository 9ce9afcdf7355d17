/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is served at which path: the files of this folder to each other. */
#pragma once

#include "api/request.h"
#include "server/exchange.h"
#include "server/server.h"
#include "server/writer.h"

/* Each serves what its paths are. user_data: the Server. */
void soap_run(Exchange *exchange, gpointer user_data);
void json_run(Exchange *exchange, gpointer user_data);
void documents_run(Exchange *exchange, gpointer user_data);
void recorder_run(Exchange *exchange, gpointer user_data);

/* The web client's files, and "/". */
void web_begin(Server *server, Exchange *exchange);
/* A VM's console by a ticket. */
void console_begin(Server *server, Exchange *exchange);
/* Of a JSON client that may call WaitForUpdatesEx. */
void updates_stream(Server *server, Exchange *exchange, VimVersion version, Managed *collector);

Api *server_api(const Server *server);
GQueue *server_consoles(Server *server); /* console.c's own: those that are open */
Writer *server_writer(const Server *server);

/* Who sent it, logged in or not (or not any more). Borrowed. */
Session *route_session(Exchange *exchange);
/* Another, that was named in the body, or by a ticket. */
void route_set_session(Server *server, Exchange *exchange, Session *session);
/* One that ends with the exchange. */
void route_set_brief_session(Server *server, Exchange *exchange, Session *session);

/* Owned; NULL: there is none. */
char *route_cookie(const Exchange *exchange, const char *name);
