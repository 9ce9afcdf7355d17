/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The memory scheduler's figures, by AerostatManager, with the members that are the columns' and the JSON's
 * of all verbs. Owned; NULL with an error.
 */
#pragma once

#include "cli/api-client.h"

JsonObject *memory_host(ApiClient *client, GError **error);
JsonArray *memory_vms(ApiClient *client, GError **error);
JsonArray *memory_pools(ApiClient *client, GError **error);
/* By their paths, the ids of the ResourcePools. */
GHashTable *memory_pool_ids(ApiClient *client, GError **error);
JsonArray *memory_advice(ApiClient *client, GError **error);

/* after: those with a greater id, oldest first; negative: the newest. limit: 1 to 1000. */
JsonArray *memory_events(ApiClient *client, int64_t after, unsigned limit, GError **error);

/* Milliseconds since 1970 of a dateTime; 0: it is none. */
int64_t memory_time_ms(const char *text);
