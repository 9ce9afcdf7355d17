/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tickets for VMs' consoles, as those know them who let people in by them. The main thread only. */
#pragma once

#include "api/api.h"
#include "api/session.h"
#include "vm/console.h"

/* What a ticket was for; good once and for half a minute. */
typedef struct ConsoleTicket {
        Session *session; /* that has not ended */
        char *uuid;       /* of the VM */
        ConsoleKind kind;
        int64_t until_us;
} ConsoleTicket;

/* Owned; NULL: it is no ticket, or not any more. */
ConsoleTicket *console_ticket_use(Api *api, const char *ticket);
void console_ticket_free(ConsoleTicket *ticket);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ConsoleTicket, console_ticket_free)

/* What tickets say of where they are good: 0, NULL: nothing. */
void console_set_place(Api *api, unsigned port, const char *thumbprint);
