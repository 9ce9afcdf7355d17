/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Members of a request. Errors are INVALID_ARGUMENT and name the member and what it is to be. */
#pragma once

#include <json-glib/json-glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Refuses members that are not in the list, which ends with NULL. */
bool args_only(JsonObject *args, GError **error, ...) G_GNUC_NULL_TERMINATED;

/* Borrowed from args; NULL with an error when it is not there or is no string. */
const char *args_text(JsonObject *args, const char *name, GError **error);

/* These leave *ret alone, and succeed, when the member is not there or null. */
bool args_text_if(JsonObject *args, const char *name, const char **ret, GError **error);
bool args_bool_if(JsonObject *args, const char *name, bool *ret, GError **error);
bool args_int_if(JsonObject *args, const char *name, int64_t min, int64_t max, int64_t *ret, GError **error);
bool args_object_if(JsonObject *args, const char *name, JsonObject **ret, GError **error);
/* Of objects, borrowed; at most max of them. */
bool args_objects_if(JsonObject *args, const char *name, unsigned max, JsonArray **ret, GError **error);
/* Of strings; at most max of them. NULL-terminated, owned by the caller. */
bool args_texts_if(JsonObject *args, const char *name, unsigned max, char ***ret, GError **error);
