/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading the daemon's JSON. Nothing in it is believed: a member of another type than expected is
 * told, one that is missing or null is "none".
 */
#pragma once

#include <json-glib/json-glib.h>
#include <stdbool.h>
#include <stdint.h>

/* NULL: missing, null, or not text. Valid as long as the object. */
const char *daemon_json_text(JsonObject *object, const char *member);

typedef enum DaemonValue { DAEMON_NONE, DAEMON_GIVEN, DAEMON_WRONG } DaemonValue;

/* A count or a size, never negative. *ret only for DAEMON_GIVEN. */
DaemonValue daemon_json_uint(JsonObject *object, const char *member, uint64_t *ret);

/* Any finite number. */
DaemonValue daemon_json_double(JsonObject *object, const char *member, double *ret);

DaemonValue daemon_json_bool(JsonObject *object, const char *member, bool *ret);

/* The same, with 0 or false for none and for nonsense: for remarks, where an error would be too much. */
uint64_t daemon_json_uint_or_0(JsonObject *object, const char *member);
double daemon_json_double_or_0(JsonObject *object, const char *member);
bool daemon_json_is_true(JsonObject *object, const char *member);

/* The number that a node is, or 0. */
double daemon_json_number(JsonNode *node);

/* The object that a member is, or NULL. Borrowed. */
JsonObject *daemon_json_object(JsonObject *object, const char *member);
