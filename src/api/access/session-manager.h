/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SessionManager, as far as those know it who bring requests in. The main thread only. */
#pragma once

#include "api/request.h"

#define SESSIONS_MAX 1024

/* Of a client's cookie, if it is still logged in; it counts as active now. Borrowed. */
Session *session_manager_find(Api *api, const char *key);

/* Nobody can guess it. Owned. */
char *session_manager_random(void);

/* By what others call it. NULL: none such. */
Session *session_manager_by_id(Api *api, const char *id);

/* Logs a user in: the session gets its key. False: there are too many sessions. */
bool session_manager_open(Api *api, Session *session, const char *user, const char *full_name, Role role);

/* Cancels what it waits for, removes its objects. Once is enough, twice does nothing. */
void session_manager_close(Api *api, Session *session);

/* An account's role has changed; ROLE_NONE: it is gone, and so are its sessions. */
void session_manager_set_role(Api *api, const char *user, Role role);
