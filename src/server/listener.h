/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where clients come in: sockets that are listened to, and how many may be connected, in all and from one
 * address. The main thread only.
 */
#pragma once

#include "server/client.h"

#define CONNECTIONS_MAX         2048
#define CONNECTIONS_ADDRESS_MAX 1024 /* nobody alone takes all; IPv6 counts by /64 */

typedef struct Listener Listener;

Listener *listener_new(Router router, gpointer user_data);
void listener_free(Listener *listener); /* closes all connections */

/* address NULL: all there are, of IPv4 and IPv6. certificate NULL: without TLS. */
bool listener_add(Listener *listener, const char *address, unsigned port, GTlsCertificate *certificate,
                  GError **error);

/* One that somebody else has accepted, without TLS. */
void listener_adopt(Listener *listener, GSocketConnection *socket);
