/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the nouns of networks have in common. */
#pragma once

#include "cli/operation.h"

/*
 * Calls a method with the members of body, which it takes over, and says "NAME: done"; why not, on standard
 * error. With --what-if, which the verb has, it says what would be done.
 */
CliStatus network_change(const CliArgs *args, ApiClient *client, const char *method, JsonObject *body,
                         const char *name, const char *done);

/* The method with {"name": NAME} for each operand. Returns CLI_OK or how the last one failed. */
CliStatus network_change_each(const CliArgs *args, const char *method, const char *done, GError **error);
