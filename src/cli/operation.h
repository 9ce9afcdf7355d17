/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations of aerostatd: methods that are called, and tasks that are waited for. */
#pragma once

#include "cli/daemon.h"

/* clang-format off */
/* For verbs that begin tasks. A task has no end in time; --timeout is for each answer of the daemon. */
#define OPTIONS_TASK \
        {"no-wait", NULL, NULL, false, "begin it, print the task's number, do not wait for its end"}, \
        OPTIONS_DAEMON
/* clang-format on */

/*
 * Calls a method with the members of body, which it takes over. Of a task it waits for the end, with its
 * progress in one line when standard error is a terminal; Ctrl-C and SIGTERM cancel the task and go on
 * waiting for how it ended, a second one ends the wait. With --no-wait the task's number is printed and *ret
 * is NULL. ret: the result, owned, NULL when there is none; of a task also when it fails and has done a
 * part. May be called again for the next of many.
 */
bool operation_do(const CliArgs *args, ApiClient *client, const char *method, JsonObject *body,
                  JsonNode **ret, GError **error);

/* The same of a method that is no task, without asking which it is. */
bool operation_ask(ApiClient *client, const char *method, JsonObject *body, JsonNode **ret, GError **error);

/* And of one that lists objects. Owned; NULL with an error. */
JsonArray *operation_list(ApiClient *client, const char *method, JsonObject *body, GError **error);

/* Whether the last wait was interrupted: who does one thing after the other does not go on then. */
bool operation_interrupted(void);

/* Waits for a task that was begun elsewhere, in the same way. */
bool operation_wait(ApiClient *client, int64_t task, JsonNode **ret, GError **error);
