/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations and their tasks over HTTP. */
#pragma once

#include <libsoup/soup.h>

#include "operation/operation.h"

/* POST /do/METHOD: 200 with the result, 202 with a task's number. */
void calls_do(Operations *operations, SoupServerMessage *message, const char *method_name);

/* GET /tasks?limit=N, GET /tasks/N, DELETE /tasks/N, which cancels it. */
void calls_tasks(Operations *operations, SoupServerMessage *message, const char *number, GHashTable *query);
