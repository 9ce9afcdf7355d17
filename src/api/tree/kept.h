/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The few words that the API itself has to remember: names given by clients, its own UUID. */
#pragma once

#include "api/api.h"

/* key: "Datacenter.name". What was kept last, or NULL. Owned. */
char *kept_get(Api *api, const char *key);
bool kept_set(Api *api, const char *key, const char *value, GError **error);
