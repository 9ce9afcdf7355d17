/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which host a command is for: said on the command line, in the environment, or in a file. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct HostChoice {
        char *label; /* for people: "host:443", or the socket's path */
        char *socket;
        char *base; /* "https://host:443"; of a socket NULL */
        char *user; /* NULL: nobody said */
        char *fingerprint;
        char *password_file;
} HostChoice;

/*
 * word: of --host, or NULL; it is the first of these that there is: word, AEROSTAT_HOST, [default] of the
 * user's file, of the system's, the socket of this machine's daemon. It is a section of such a file, a
 * socket's path, or [https://][USER@]HOST[:PORT]. The user is that of the word, AEROSTAT_USER, or the
 * file's.
 */
bool host_choose(const char *word, HostChoice *ret, GError **error);
void host_choice_clear(HostChoice *choice);

/* For completion: prints the names of sections. */
void host_complete(const char *prefix);

/* The user's own file, whether it is there or not. Owned. */
char *host_own_file(void);
