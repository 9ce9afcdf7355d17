/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Questions to aerostatd: HTTP over its Unix socket, one at a time, each with an end in time and size. */
#pragma once

#include <json-glib/json-glib.h>

#include "cli/cli.h"

typedef struct DaemonClient DaemonClient;

/* Reads --socket and --timeout, which every verb that asks the daemon has. Connects to nothing yet. */
DaemonClient *daemon_client_new(const CliArgs *args, GError **error);

/* For completion: the daemon's usual place, and little patience. */
DaemonClient *daemon_client_new_quick(void);

void daemon_client_free(DaemonClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonClient, daemon_client_free)

/*
 * While a question waits for its answer, on_input is called when fd has something to read; the call is
 * given up when it returns true.
 */
void daemon_client_watch(DaemonClient *client, int fd, bool (*on_input)(gpointer data), gpointer data);

/* The socket's path, fit for a terminal. */
const char *daemon_client_label(const DaemonClient *client);

/*
 * Asks and returns the answer's JSON, or NULL for an empty answer. An error has the daemon's own
 * sentence where it sent one; its code is CLI_NOT_FOUND for what is not there, CLI_TIMED_OUT for no
 * answer in time, otherwise CLI_FAILED. body, which may be NULL, is left to the caller.
 */
bool daemon_call(DaemonClient *client, const char *method, const char *path, JsonNode *body, JsonNode **ret,
                 GError **error);

/* GET of an object, or of an array of objects; anything else is an error. */
JsonObject *daemon_get_object(DaemonClient *client, const char *path, GError **error);
JsonArray *daemon_get_objects(DaemonClient *client, const char *path, GError **error);

/* The array of objects that an operation answers which is no task. Takes over body. */
JsonArray *daemon_do_objects(DaemonClient *client, const char *operation, JsonObject *body, GError **error);

/* The same of PATCH or POST with the members of an object, which it takes over. */
JsonObject *daemon_change(DaemonClient *client, const char *method, const char *path, JsonObject *body,
                          GError **error);

/*
 * "/vms/a%2Fb": prefix, and name with everything escaped that has a meaning in a path. NULL for what no
 * path can say ("", ".", ".."), with an error that there is no such thing; kind is what it would be.
 */
char *daemon_path(const char *prefix, const char *kind, const char *name, GError **error);
