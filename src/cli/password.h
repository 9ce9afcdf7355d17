/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passwords: read from terminals and files, and wiped. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define PASSWORD_MAX 512 /* bytes */

/*
 * A line from fd without its end; from a terminal, which is asked with prompt, without showing it. Owned,
 * for password_free(); NULL: there is none.
 */
char *password_read_line(int fd, const char *prompt);

/* The first line of a file that only its owner can read. NULL with an error. */
char *password_read_file(const char *path, GError **error);

/* At the terminal of this process, whatever its standard input is. NULL: it has none, or nothing came. */
char *password_ask(const char *prompt);

void password_free(char *password);
