/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The daemon's Unix socket, which is the API's but for figures for a collector. */
#pragma once

#include "api/api.h"
#include "server/server.h"

typedef struct Http Http;

/*
 * Listens; the file's rights are the access control: its owner alone. parts and server, which is given the
 * connections, must outlive it.
 */
Http *http_new(const char *socket_path, const ApiParts *parts, Server *server, GError **error);
void http_free(Http *http);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Http, http_free)
