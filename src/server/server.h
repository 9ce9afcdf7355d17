/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The way in to the vSphere API: HTTP with TLS, without it on loopback where the settings say so, and on the
 * daemon's Unix socket. The main thread only.
 */
#pragma once

#include "api/api.h"

typedef struct Server Server;

/* The API must outlive it. It listens nowhere yet. */
Server *server_new(Api *api);
/* Ends all connections; requests under way are cancelled, and may be answered afterwards. */
void server_free(Server *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Server, server_free)

/* Where the settings say. What could be listened at is, also where something else could not. */
bool server_listen(Server *server, GError **error);

/* A connection on the Unix socket. */
void server_adopt(Server *server, GSocketConnection *socket);
