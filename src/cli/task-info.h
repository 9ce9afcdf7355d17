/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tasks as the host's TaskInfo has them, with the members of this command's JSON: id, method, object, state,
 * percent, message, errorKind, queued_ms, started_ms, ended_ms, and result. Those of methods that are done
 * at once have no number and are left out.
 */
#pragma once

#include "cli/api-client.h"

/* Owned; NULL with an error. Of a task that has ended long ago there is no result any more. */
JsonObject *task_info_read(ApiClient *client, int64_t number, GError **error);

/* The newest first, limit at most, which is 1 to 1000. */
JsonArray *task_info_list(ApiClient *client, unsigned limit, GError **error);

/* It may have to be waited for. */
bool task_info_cancel(ApiClient *client, int64_t number, GError **error);

/* Of a reference to a task; 0: it is none with a number. */
int64_t task_info_number(JsonNode *reference);
