/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fields of the daemon's objects by name: their columns in tables, CSV and top, one definition each. */
#pragma once

#include "cli/api-client.h"
#include "cli/daemon-json.h"
#include "cli/output.h"

typedef enum FieldKind {
        FIELD_TEXT,
        FIELD_BYTES,
        FIELD_LIMIT, /* bytes; null: unlimited */
        FIELD_RATE,  /* bytes a second */
        FIELD_COUNT,
        FIELD_BOOL,
} FieldKind;

typedef struct Field {
        const char *title;  /* of the column; esxtop's word where it has one */
        const char *member; /* in the daemon's JSON; also the field in CSV */
        FieldKind kind;
        const char *help;

        /* For what the JSON has no member for; the text is the caller's. NULL: the member it is. */
        char *(*derive)(JsonObject *object);
} Field;

/* Ended by one without a title. */
extern const Field vm_fields[];
extern const Field pool_fields[];

unsigned field_count(const Field *fields);

/* By title or member, in either case. NULL with an error that has the nearest; what is "--columns" or so. */
const Field *field_find(const Field *fields, const char *name, const char *what, GError **error);

/* A list of names with commas; "all" is all there are. Array of const Field *. */
GPtrArray *field_find_list(const Field *fields, const char *names, const char *what, GError **error);

bool field_is_text(const Field *field);

/* A number to compare and to sort by; an unlimited limit is INFINITY, none is -1. */
double field_number(const Field *field, JsonObject *object);

/* The value as people read it, or, unit CLI_UNIT_B and raw, as programs do; escaped. */
char *field_format(const Field *field, JsonObject *object, CliUnit unit, bool raw);

/* Whether every member has its type; if not, the error says whose and which. */
bool field_check(const Field *fields, JsonObject *object, GError **error);
bool field_check_all(const Field *fields, JsonArray *objects, GError **error);

/* Orders by a field: text upwards, numbers downwards, unless reversed; equals by name. */
int field_compare(const Field *field, bool reversed, JsonObject *a, JsonObject *b);

/* What --filter and --sort hold. */
typedef struct FieldFilter FieldFilter;

/*
 * Conditions with commas between them, all of which must hold: COLUMN=PATTERN, COLUMN!=PATTERN for
 * words (* and ?), COLUMN>SIZE, >=, <, <=, =, != for numbers. One without a sign is a pattern of names.
 */
FieldFilter *field_filter_new(const Field *fields, const char *text, GError **error);
bool field_filter_match(const FieldFilter *filter, JsonObject *object);
void field_filter_free(FieldFilter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FieldFilter, field_filter_free)

/* "COLUMN" or "COLUMN:reverse". */
bool field_parse_sort(const Field *fields, const char *text, const Field **ret, bool *ret_reversed,
                      GError **error);

/* Array of JsonObject * out of objects, filtered (NULL: all) and sorted. Borrowed from objects. */
GPtrArray *field_select(JsonArray *objects, const FieldFilter *filter, const Field *sort, bool reversed);

/* Prints rows as a table, JSON (whole objects, one a line) or CSV. */
void field_print(const GPtrArray *columns, const GPtrArray *rows, CliFormat format, CliUnit unit,
                 bool header);

/* An object on one line, or indented. */
void field_print_json(JsonObject *object, bool indented);

/* For completion: titles of fields, in lower case, the last of a list with commas. */
void field_complete(const Field *fields, const char *prefix);

/* name and member of an object fit for a terminal; "" if there is none. */
char *field_text(JsonObject *object, const char *member);
