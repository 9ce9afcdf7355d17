/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who logged in, out, or tried to: as events, for who keeps the sessions. */
#pragma once

#include "api/api.h"
#include "api/session.h"

/* Types in the journal. */
#define SESSION_EVENT_LOGIN   "login"
#define SESSION_EVENT_LOGOUT  "logout"
#define SESSION_EVENT_REFUSED "login-refused"

void session_event_login(Api *api, const Session *session);
void session_event_logout(Api *api, const Session *session);
/* user: as the client called himself. */
void session_event_refused(Api *api, const char *user, const char *address);

/* A message of these read back. Never NULL: what is not there is "". */
typedef struct SessionEvent {
        char *user, *address, *id, *agent;
} SessionEvent;

void session_event_parse(const char *message, SessionEvent *ret);
void session_event_clear(SessionEvent *event);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SessionEvent, session_event_clear)
