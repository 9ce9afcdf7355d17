/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Members of the JSON that says what VMs are (operation/describe.h): what is not there reads as nothing. */
#pragma once

#include <json-glib/json-glib.h>
#include <stdbool.h>
#include <stdint.h>

/* All borrowed; object may be NULL. */
const char *fact_text(JsonObject *object, const char *name);
int64_t fact_int(JsonObject *object, const char *name, int64_t otherwise);
bool fact_bool(JsonObject *object, const char *name, bool otherwise);
JsonObject *fact_object(JsonObject *object, const char *name);

/* Of an array of objects; NULL where there is none. */
unsigned fact_count(JsonObject *object, const char *name);
JsonObject *fact_item(JsonObject *object, const char *name, unsigned index);

/* The item whose member has this text; NULL: none. */
JsonObject *fact_find(JsonObject *object, const char *name, const char *member, const char *text);

bool fact_is(JsonObject *object, const char *name, const char *text);
