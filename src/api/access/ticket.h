/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one client gives to another in place of a password: good once, and for two minutes. */
#pragma once

#include "api/access/session-manager.h"

void ticket_start(Api *api);
void ticket_stop(Api *api);

void ticket_clone(Request *request);         /* AcquireCloneTicket */
void ticket_clone_session(Request *request); /* CloneSession */
void ticket_for_service(Request *request);   /* AcquireGenericServiceTicket */

/* The session on whose behalf one request is made, of this method ("GET") to this target ("/folder/...").
 * NULL: there is no such ticket, or it is for another request. Owned. */
Session *ticket_use(Api *api, const char *id, const char *method, const char *target);
