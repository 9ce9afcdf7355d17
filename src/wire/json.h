/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The API's JSON, made and read. What a host answers is not trusted to have any shape. */
#pragma once

#include <json-glib/json-glib.h>
#include <stddef.h>

/* Bounds depth and the number of values first. NULL: *ret_problem says in a few words why not; both owned.
 */
JsonNode *json_parse_bounded(const char *text, size_t length, char **ret_problem);

JsonObject *json_typed(const char *type); /* {"_typeName": type} */
JsonObject *json_reference(const char *type, const char *id);

/* Members with a shape; NULL or otherwise when they are not there or another thing. Borrowed. */
const char *json_text(JsonNode *object, const char *member);
JsonNode *json_member(JsonNode *object, const char *member);
JsonArray *json_list(JsonNode *node);        /* the node's own, or that in "_value"; NULL: no list */
const char *json_plain_text(JsonNode *node); /* a string, or {"_value": a string} */

/* Of a fault: its type, and its first sentence for people. NULL: it has none. Borrowed. */
const char *json_fault_type(JsonNode *fault);
const char *json_fault_sentence(JsonNode *fault);
