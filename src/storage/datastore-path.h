/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Paths as ESX writes them: "[store1] web01/web01.qcow2". What is parsed here leads nowhere but below the
 * datastore: ".." is refused; "/" at the start, "//" and "." are passed over, as ESX does, so that what
 * comes out has none. Pure: no I/O.
 */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

#define DATASTORE_PATH_MAX  2048u /* bytes of "[name] rest" */
#define DATASTORE_DEPTH_MAX 32u   /* folders in a path */

/* "[name] rest" to its two parts, owned; rest is not empty. INVALID_ARGUMENT. */
bool datastore_parse(const char *text, char **ret_name, char **ret_rest, GError **error);

/*
 * The same for a folder: rest is "" for the datastore's own ("[name]", "[name] "), and "/" may end what was
 * given, which is not in rest.
 */
bool datastore_parse_folder(const char *text, char **ret_name, char **ret_rest, GError **error);

/* "[name] rest" of a file below the datastore's path; NULL when it is not below it. */
char *datastore_format(const char *name, const char *datastore_path, const char *file);

/* What follows the datastore's path in a file's; NULL: the file is not below it. Borrowed from file. */
const char *datastore_below(const char *datastore_path, const char *file);
