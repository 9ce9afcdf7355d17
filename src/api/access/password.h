/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passwords: hashed by crypt(3), or known to PAM. What checks them takes long: not for the main thread. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

#define PASSWORD_MAX 512 /* bytes */

/* Owned. */
char *password_hash(const char *password, GError **error);

/* hash NULL: nobody's; it takes as long and is false. */
bool password_matches(const char *password, const char *hash);

/* The host's own account of this name, by PAM's service "aerostat". */
bool password_is_host_user(const char *user, const char *password);
