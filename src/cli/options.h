/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's settings, by its OptionManager. */
#pragma once

#include "cli/api-client.h"

/* Objects with name, value, default, min, max, unit and help. Owned; NULL with an error. */
JsonArray *options_list(ApiClient *client, GError **error);

/* Sets all that values (a number a name) has, or nothing. */
bool options_set(ApiClient *client, JsonObject *values, GError **error);
