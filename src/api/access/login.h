/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a session begins. For session-manager.c. */
#pragma once

#include "api/access/session-manager.h"

void login_start(Api *api);
void login_stop(Api *api);

void login_handle(Request *request);

/* Whoever it is has shown who he is: opens the session and answers. */
void login_succeed(Request *request, const char *user, const char *full_name, Role role);

VimValue *session_value(const Session *session); /* a UserSession */
