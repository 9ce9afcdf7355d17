/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls of a host's API, in its JSON form, one at a time, each with an end in time and size. Over the Unix
 * socket one is who one is; elsewhere the first call logs in, and the end logs out.
 */
#pragma once

#include "cli/cli.h"
#include "wire/json.h"

typedef struct ApiClient ApiClient;

/* Reads --host, --fingerprint and --timeout, which every verb that asks a host has. Connects to nothing yet.
 */
ApiClient *api_client_new(const CliArgs *args, GError **error);

/* For completion: little patience, and no questions. NULL: none can be asked. */
ApiClient *api_client_new_quick(void);

void api_client_free(ApiClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApiClient, api_client_free)

/*
 * While a call waits for its answer, on_input is called when fd has something to read; the call is given up
 * when it returns true.
 */
void api_client_watch(ApiClient *client, int fd, bool (*on_input)(gpointer data), gpointer data);

/*
 * Waits. Over TLS a SIGINT or SIGTERM that would end the process, here or in a call, first ends the session:
 * the call fails, and so do all after it; false here. api_client_free() then lets the signal do what it
 * does.
 */
bool api_client_sleep(ApiClient *client, uint64_t ms);

/* Where the host is, fit for a terminal. */
const char *api_client_label(const ApiClient *client);

/*
 * Calls a method of a managed object. args is taken; NULL: none. ret may be NULL; what it gets is NULL for a
 * method without a result. An error has the host's own sentence where it sent one; its code is CLI_NOT_FOUND
 * for what is not there, CLI_TIMED_OUT for no answer in time, otherwise CLI_FAILED.
 */
bool api_call(ApiClient *client, const char *type, const char *id, const char *method, JsonObject *args,
              JsonNode **ret, GError **error);

/* A property; NULL in *ret when it is unset. */
bool api_get(ApiClient *client, const char *type, const char *id, const char *property, JsonNode **ret,
             GError **error);

/* The same where there must be an object, or a list of objects (nothing is an empty one). */
JsonObject *api_call_object(ApiClient *client, const char *type, const char *id, const char *method,
                            JsonObject *args, GError **error);
JsonArray *api_call_objects(ApiClient *client, const char *type, const char *id, const char *method,
                            JsonObject *args, GError **error);
JsonObject *api_get_object(ApiClient *client, const char *type, const char *id, const char *property,
                           GError **error);
JsonArray *api_get_objects(ApiClient *client, const char *type, const char *id, const char *property,
                           GError **error);

/* Where the managers are: ServiceContent. Borrowed; NULL with an error. */
JsonObject *api_content(ApiClient *client, GError **error);

/* What AerostatManager.RunOperation can run: AerostatOperation[]. Borrowed; NULL with an error. */
JsonArray *api_operations(ApiClient *client, GError **error);

/* An error about what the host answers: "... does not answer as aerostatd does: WHAT". Returns false. */
bool api_garbled(const ApiClient *client, const char *what, GError **error);
