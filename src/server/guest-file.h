/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /guestFile: files from and to guests, as GuestFileManager has promised them. */
#pragma once

#include "server/exchange.h"
#include "server/server.h"

/* GET and PUT: answers, or goes on by a route. */
void guest_file_begin(Server *server, Exchange *exchange);

/* Where clients are told to fetch and to bring files: the port with TLS, or (0) the one without. */
void guest_file_listen(Server *server, unsigned port, unsigned plain_port);
