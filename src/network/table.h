/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tables as "ovs-vsctl --format=json list" prints them. Nothing in them is believed: what has another type
 * than expected is as if it were not there.
 */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <stdbool.h>

/* The rows, of JsonArray *, owned, of the table at *text, a line, which goes on to the next. FAILED. */
GPtrArray *table_read(const char **text, unsigned n_columns, GError **error);

/* A column of a row: one string, borrowed, or NULL for none and for several. */
const char *table_text(JsonArray *row, unsigned column);

/* One number of 0 to max. */
bool table_number(JsonArray *row, unsigned column, unsigned max, unsigned *ret);

/* The value of a key in a column that is a map; NULL: none. */
const char *table_mapped(JsonArray *row, unsigned column, const char *key);

/* The UUIDs of one that is a UUID or a set of them. NULL-terminated, owned. */
char **table_uuids(JsonArray *row, unsigned column);
