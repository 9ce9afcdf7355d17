/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Values of the API's types in memory.
 *
 * A value is built by one thread and then not changed any more; from then on any thread may read it and hold
 * references. So what was made once for an object's property is sent to every client as it is.
 *
 * Everything that builds takes the values it is given (a NULL leaves a field unset). A field that is not
 * there, or a value of the wrong type, is a mistake in aerostat: it is complained of (g_critical(), which
 * tests fail by), and the field stays unset. What clients send is checked by those who read it (soap.h,
 * json.h).
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "vim/type.h"

typedef struct VimValue VimValue;

struct VimValue {
        gatomicrefcount references;
        const VimType *type; /* of the items, when it is a list; never anyType but for a list of any */
        bool is_list;
        union {
                bool boolean;
                int64_t integer; /* VIM_BYTE to VIM_LONG; VIM_TIME: microseconds since 1970, UTC */
                double number;
                char *text; /* VIM_STRING; VIM_ENUM: borrowed from the type; VIM_REFERENCE: the id */
                GBytes *binary;
                VimValue *
                        *fields;  /* VIM_OBJECT: type->n_fields, NULL where unset; behind the value itself */
                GPtrArray *items; /* of VimValue */
        };
};

VimValue *vim_ref(const VimValue *value); /* NULL may be given. What is shared is not changed any more */
void vim_unref(VimValue *value);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VimValue, vim_unref)

/* === building === */

VimValue *vim_new_bool(bool value);
VimValue *vim_new_int(int64_t value); /* xsd:int; clamped to it */
VimValue *vim_new_long(int64_t value);
VimValue *vim_new_short(int64_t value); /* clamped */
VimValue *vim_new_byte(int64_t value);  /* clamped */
VimValue *vim_new_double(double value);
VimValue *vim_new_float(double value);
VimValue *
vim_new_string(const char *value); /* NULL with NULL; made valid UTF-8 without control characters */
VimValue *vim_new_time(int64_t unix_us);
VimValue *vim_new_time_ms(int64_t unix_ms);
VimValue *vim_new_binary(GBytes *value); /* a reference more */
VimValue *vim_new_enum(const char *type, const char *value);
VimValue *vim_new_reference(const char *type, const char *id); /* NULL with a NULL id */
VimValue *vim_new_object(const char *type);
VimValue *vim_new_list(const char *item_type);
/* The same of what was looked up: its fields are null, and may be set as they are by who makes many. */
VimValue *vim_new_object_of(const VimType *type);
VimValue *vim_new_list_of(const VimType *item_type);

/* A value as the field has it: see vim_set(). Takes it and returns it, another, or NULL. */
VimValue *vim_fit_field(const VimField *field, VimValue *value);

/* Checked against the table; for values that were read. NULL when the value does not fit the type. */
VimValue *vim_new_text(const VimType *type, const char *text); /* strings and enumerations */

/*
 * Sets a field of an object; an earlier value of it is freed. Numbers become the field's own type, so
 * vim_set(o, "capacity", vim_new_int(5)) is right for a long. A single value for a field that is a list
 * becomes a list of one.
 */
void vim_set(VimValue *object, const char *field, VimValue *value);
void vim_set_text(VimValue *object, const char *field, const char *text); /* strings and enumerations */
void vim_set_int(VimValue *object, const char *field, int64_t value);     /* numbers of all sizes */
void vim_set_bool(VimValue *object, const char *field, bool value);
void vim_set_ref(VimValue *object, const char *field, const char *type, const char *id);

/* The list is one of the type's, of what extends it, or of anyType. */
void vim_add(VimValue *list, VimValue *item);

/* === reading; all borrowed === */

/* A field; NULL: unset, or object is NULL. Asserts that the type has such a field. */
const VimValue *vim_get(const VimValue *object, const char *field);
/* The same as text, number, truth; what is unset is NULL, otherwise, false. */
const char *vim_get_text(const VimValue *object,
                         const char *field); /* string, enumeration, reference's id */
int64_t vim_get_int(const VimValue *object, const char *field, int64_t otherwise);
bool vim_get_bool(const VimValue *object, const char *field, bool otherwise);

unsigned vim_length(const VimValue *list); /* 0 of NULL */
const VimValue *vim_item(const VimValue *list, unsigned index);

bool vim_is(const VimValue *value, const char *type); /* no list, of the type or one that extends it */

/* Values alike in everything, types and unset fields too. */
bool vim_equal(const VimValue *a, const VimValue *b);

/*
 * What a property path leads to below a value: "hardware.device[4000].backing", the key of an item being its
 * "key" field, or its own text ("name" too where there is no key). NULL: nothing there.
 * *ret_valid (may be NULL): whether the type has such a path at all, where that can be said.
 */
VimValue *vim_at_path(const VimValue *value, const char *path, bool *ret_valid); /* owned */
/* Whether values of this type can have such a path, as far as the version knows. */
bool vim_type_has_path(const VimType *type, const char *path, VimVersion version);

/* A path's first step: its name, the key behind it (NULL: none), and what follows ("": nothing). False, with
 * nothing returned: it is no path. */
bool vim_path_first(const char *path, char **ret_name, char **ret_key, const char **ret_rest);
/* The item that a path calls by this key. Borrowed; NULL: none. */
const VimValue *vim_find_item(const VimValue *list, const char *key);
/* How paths call this item: "[4000]", "[\"k\"]", by its "key" or, of references, the id. NULL: not at all.
 */
char *vim_item_step(const VimValue *item);

/* === faults === */

/* A new fault; the message is beside it where it is sent, so it is not in it. */
#define vim_new_fault(type) vim_new_object(type)
/* A LocalizedMethodFault. Takes the fault. */
VimValue *vim_new_localized(VimValue *fault, const char *message);
