/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Resource pools by their paths, changed by vim25's methods. */
#pragma once

#include "cli/api-client.h"

/*
 * wishes: "shares" (low, normal, high or a number, a text), "reservation_mb", "limit_mb" (-1: none),
 * "expandable"; those that are not there stay as they are, or usual.
 */
bool pool_call_create(ApiClient *client, const char *path, JsonObject *wishes, GError **error);
bool pool_call_update(ApiClient *client, const char *path, JsonObject *wishes, GError **error);

bool pool_call_rename(ApiClient *client, const char *path, const char *name, GError **error);

/* What is in it goes to its parent: who asks has looked that nothing is. */
bool pool_call_delete(ApiClient *client, const char *path, GError **error);
