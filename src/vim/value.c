/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Building, reading and comparing values. */
#include "vim/value.h"

#include <string.h>

static VimValue *new_value_with(const VimType *type, size_t more)
{
        VimValue *value = g_malloc0(sizeof *value + more);

        g_atomic_ref_count_init(&value->references);
        value->type = type;
        return value;
}

static VimValue *new_value(const VimType *type)
{
        g_assert(type != NULL);
        return new_value_with(type, 0);
}

VimValue *vim_ref(const VimValue *value)
{
        VimValue *counted = (VimValue *)(uintptr_t)value;

        if (counted != NULL)
                g_atomic_ref_count_inc(&counted->references);
        return counted;
}

static void free_value(VimValue *value)
{
        if (value->is_list) {
                g_ptr_array_unref(value->items);
        } else if (value->type->kind == VIM_OBJECT) {
                for (unsigned i = 0; i < value->type->n_fields; i++)
                        vim_unref(value->fields[i]);
        } else if (value->type->kind == VIM_STRING || value->type->kind == VIM_REFERENCE) {
                g_free(value->text);
        } else if (value->type->kind == VIM_BINARY) {
                g_bytes_unref(value->binary);
        }
        g_free(value);
}

void vim_unref(VimValue *value)
{
        if (value != NULL && g_atomic_ref_count_dec(&value->references))
                free_value(value);
}

/* --- building --- */

static VimValue *new_integer(const char *type, int64_t number)
{
        VimValue *value = new_value(vim_type(type));

        value->integer = number;
        return value;
}

VimValue *vim_new_bool(bool truth)
{
        VimValue *value = new_value(vim_type("boolean"));

        value->boolean = truth;
        return value;
}

VimValue *vim_new_int(int64_t value)
{
        return new_integer("int", CLAMP(value, INT32_MIN, INT32_MAX));
}

VimValue *vim_new_long(int64_t value)
{
        return new_integer("long", value);
}

VimValue *vim_new_short(int64_t value)
{
        return new_integer("short", CLAMP(value, INT16_MIN, INT16_MAX));
}

VimValue *vim_new_byte(int64_t value)
{
        return new_integer("byte", CLAMP(value, INT8_MIN, INT8_MAX));
}

VimValue *vim_new_time(int64_t unix_us)
{
        return new_integer("dateTime", unix_us);
}

VimValue *vim_new_time_ms(int64_t unix_ms)
{
        return vim_new_time(unix_ms * 1000);
}

static VimValue *new_number(const char *type, double number)
{
        VimValue *value = new_value(vim_type(type));

        value->number = value->type->kind == VIM_FLOAT ? (double)(float)number : number;
        return value;
}

VimValue *vim_new_double(double value)
{
        return new_number("double", value);
}

VimValue *vim_new_float(double value)
{
        return new_number("float", value);
}

/* XML has no room for control characters, however they are written. */
static char *clean(const char *text)
{
        char *valid = g_utf8_make_valid(text, -1);

        for (char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
                gunichar c = g_utf8_get_char(p);

                if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
                        *p = '?';
                else if (c == 0xfffe || c == 0xffff)
                        memcpy(p, "\xef\xbf\xbd", 3); /* the replacement character, as long */
        }
        return valid;
}

VimValue *vim_new_text(const VimType *type, const char *text)
{
        const VimConstant *constant = type->kind == VIM_ENUM ? vim_type_value(type, text) : NULL;
        VimValue *value;

        if (type->kind != VIM_STRING && constant == NULL)
                return NULL;
        value = new_value(type);
        if (constant != NULL)
                memcpy(&value->text, &constant->text, sizeof value->text);
        else
                value->text = clean(text);
        return value;
}

VimValue *vim_new_string(const char *value)
{
        return value != NULL ? vim_new_text(vim_type("string"), value) : NULL;
}

VimValue *vim_new_binary(GBytes *bytes)
{
        VimValue *value = new_value(vim_type("base64Binary"));

        value->binary = g_bytes_ref(bytes);
        return value;
}

VimValue *vim_new_enum(const char *type, const char *value)
{
        const VimType *kind = vim_type(type);
        VimValue *made;

        g_assert(kind != NULL && kind->kind == VIM_ENUM);
        made = vim_new_text(kind, value);
        g_assert(made != NULL);
        return made;
}

VimValue *vim_new_reference(const char *type, const char *id)
{
        const VimType *kind = vim_type(type);
        VimValue *value;

        g_assert(kind != NULL && kind->kind == VIM_REFERENCE);
        if (id == NULL)
                return NULL;
        value = new_value(kind);
        value->text = clean(id);
        return value;
}

VimValue *vim_new_object_of(const VimType *type)
{
        VimValue *value;

        g_assert(type != NULL && type->kind == VIM_OBJECT);
        value = new_value_with(type, type->n_fields * sizeof(VimValue *));
        value->fields = (VimValue **)(value + 1);
        return value;
}

VimValue *vim_new_object(const char *type)
{
        return vim_new_object_of(vim_type(type));
}

static void unref_item(gpointer item)
{
        vim_unref(item);
}

VimValue *vim_new_list_of(const VimType *item_type)
{
        VimValue *value = new_value(item_type);

        value->is_list = true;
        value->items = g_ptr_array_new_with_free_func(unref_item);
        return value;
}

VimValue *vim_new_list(const char *item_type)
{
        return vim_new_list_of(vim_type(item_type));
}

static bool is_integer(VimKind kind)
{
        return kind == VIM_BYTE || kind == VIM_SHORT || kind == VIM_INT || kind == VIM_LONG;
}

static int64_t clamp_to(VimKind kind, int64_t number)
{
        switch (kind) {
        case VIM_BYTE:
                return CLAMP(number, INT8_MIN, INT8_MAX);
        case VIM_SHORT:
                return CLAMP(number, INT16_MIN, INT16_MAX);
        case VIM_INT:
                return CLAMP(number, INT32_MIN, INT32_MAX);
        default:
                return number;
        }
}

/* A value as one of the type, where that is the same thing in other words. Takes it; NULL: it does not fit.
 */
static VimValue *fit(VimValue *value, const VimType *type)
{
        VimValue *other = NULL;

        g_assert(!value->is_list);
        if (type->kind == VIM_ANY || vim_type_is(value->type, type))
                return value;
        if (is_integer(value->type->kind) && is_integer(type->kind)) {
                other = new_value(type);
                other->integer = clamp_to(type->kind, value->integer);
        } else if (is_integer(value->type->kind) && (type->kind == VIM_DOUBLE || type->kind == VIM_FLOAT)) {
                other = new_number(type->name, (double)value->integer);
        } else if ((value->type->kind == VIM_DOUBLE || value->type->kind == VIM_FLOAT) &&
                   (type->kind == VIM_DOUBLE || type->kind == VIM_FLOAT)) {
                other = new_number(type->name, value->number);
        } else if (value->type->kind == VIM_STRING && (type->kind == VIM_STRING || type->kind == VIM_ENUM)) {
                other = vim_new_text(type, value->text);
        } else if (value->type->kind == VIM_REFERENCE && type->kind == VIM_REFERENCE &&
                   vim_type_is(type, value->type)) {
                return value; /* less is known of it than the field says */
        }
        vim_unref(value);
        return other;
}

void vim_add(VimValue *list, VimValue *item)
{
        g_assert(list->is_list);
        if (item == NULL)
                return;
        item = fit(item, list->type);
        g_assert(item != NULL);
        g_ptr_array_add(list->items, item);
}

/* NULL where there is none: a mistake in aerostat, which tests take for a failure, and no reason to end. */
static VimValue **field_of(const VimValue *object, const char *name, const VimField **ret)
{
        int place;

        g_assert(!object->is_list && object->type->kind == VIM_OBJECT);
        place = vim_type_field(object->type, name);
        if (place < 0) {
                g_critical("%s has no field %s", object->type->name, name);
                return NULL;
        }
        *ret = &object->type->fields[place];
        return &object->fields[place];
}

/* As the field's type, or nothing, when it is another thing. */
static VimValue *fit_or_drop(const VimField *field, VimValue *value)
{
        if (value->is_list) {
                if (field->type->kind == VIM_ANY ||
                    (field->is_list && vim_type_is(value->type, field->type)))
                        return value;
                vim_unref(value);
                return NULL;
        }
        if (field->is_list) {
                VimValue *list = vim_new_list(field->type->name);

                value = fit(value, field->type);
                if (value != NULL)
                        vim_add(list, value);
                return list;
        }
        return fit(value, field->type);
}

VimValue *vim_fit_field(const VimField *field, VimValue *value)
{
        const VimType *type = value != NULL ? value->type : NULL;
        VimValue *fitted = value != NULL ? fit_or_drop(field, value) : NULL;

        if (value != NULL && fitted == NULL)
                g_critical("%s: a %s is no %s", field->name, type->name, field->type->name);
        return fitted;
}

void vim_set(VimValue *object, const char *name, VimValue *value)
{
        const VimField *field;
        VimValue **place = field_of(object, name, &field);

        if (place == NULL) {
                vim_unref(value);
                return;
        }
        value = vim_fit_field(field, value);
        vim_unref(*place);
        *place = value;
}

/* As the field's own type at once, which most often it can be; value NULL: it cannot. Takes it. */
static bool put(VimValue **place, VimValue *value)
{
        if (value == NULL)
                return false;
        vim_unref(*place);
        *place = value;
        return true;
}

void vim_set_text(VimValue *object, const char *name, const char *text)
{
        const VimField *field;
        VimValue **place = field_of(object, name, &field);

        if (place == NULL)
                return;
        if (text == NULL || field->is_list || !put(place, vim_new_text(field->type, text)))
                vim_set(object, name, vim_new_string(text));
}

void vim_set_int(VimValue *object, const char *name, int64_t value)
{
        const VimField *field;
        VimValue **place = field_of(object, name, &field), *made;

        if (place == NULL)
                return;
        if (field->is_list || !is_integer(field->type->kind)) {
                vim_set(object, name, vim_new_long(value));
                return;
        }
        made = new_value(field->type);
        made->integer = clamp_to(field->type->kind, value);
        (void)put(place, made);
}

void vim_set_bool(VimValue *object, const char *field, bool value)
{
        vim_set(object, field, vim_new_bool(value));
}

void vim_set_ref(VimValue *object, const char *field, const char *type, const char *id)
{
        vim_set(object, field, vim_new_reference(type, id));
}

VimValue *vim_new_localized(VimValue *fault, const char *message)
{
        VimValue *localized = vim_new_object("LocalizedMethodFault");

        vim_set(localized, "fault", fault);
        vim_set_text(localized, "localizedMessage", message);
        return localized;
}

/* --- reading --- */

const VimValue *vim_get(const VimValue *object, const char *name)
{
        const VimField *field;
        VimValue *const *place = object != NULL ? field_of(object, name, &field) : NULL;

        return place != NULL ? *place : NULL;
}

const char *vim_get_text(const VimValue *object, const char *field)
{
        const VimValue *value = vim_get(object, field);

        if (value == NULL || value->is_list)
                return NULL;
        switch (value->type->kind) {
        case VIM_STRING:
        case VIM_ENUM:
        case VIM_REFERENCE:
                return value->text;
        default:
                return NULL;
        }
}

int64_t vim_get_int(const VimValue *object, const char *field, int64_t otherwise)
{
        const VimValue *value = vim_get(object, field);

        if (value == NULL || value->is_list ||
            !(is_integer(value->type->kind) || value->type->kind == VIM_TIME))
                return otherwise;
        return value->integer;
}

bool vim_get_bool(const VimValue *object, const char *field, bool otherwise)
{
        const VimValue *value = vim_get(object, field);

        return value != NULL && !value->is_list && value->type->kind == VIM_BOOLEAN ? value->boolean
                                                                                    : otherwise;
}

unsigned vim_length(const VimValue *list)
{
        return list != NULL && list->is_list ? list->items->len : 0;
}

const VimValue *vim_item(const VimValue *list, unsigned index)
{
        g_assert(index < vim_length(list));
        return list->items->pdata[index];
}

bool vim_is(const VimValue *value, const char *type)
{
        return value != NULL && !value->is_list && vim_type_is(value->type, vim_type(type));
}

/* --- comparing --- */

static bool equal_lists(const VimValue *a, const VimValue *b)
{
        if (a->items->len != b->items->len)
                return false;
        for (unsigned i = 0; i < a->items->len; i++)
                if (!vim_equal(a->items->pdata[i], b->items->pdata[i]))
                        return false;
        return true;
}

static bool equal_objects(const VimValue *a, const VimValue *b)
{
        for (unsigned i = 0; i < a->type->n_fields; i++)
                if (!vim_equal(a->fields[i], b->fields[i]))
                        return false;
        return true;
}

bool vim_equal(const VimValue *a, const VimValue *b)
{
        if (a == b)
                return true;
        if (a == NULL || b == NULL || a->type != b->type || a->is_list != b->is_list)
                return false;
        if (a->is_list)
                return equal_lists(a, b);
        switch (a->type->kind) {
        case VIM_BOOLEAN:
                return a->boolean == b->boolean;
        case VIM_BYTE:
        case VIM_SHORT:
        case VIM_INT:
        case VIM_LONG:
        case VIM_TIME:
                return a->integer == b->integer;
        case VIM_FLOAT:
        case VIM_DOUBLE:
                return memcmp(&a->number, &b->number, sizeof a->number) == 0;
        case VIM_BINARY:
                return g_bytes_equal(a->binary, b->binary);
        case VIM_OBJECT:
                return equal_objects(a, b);
        default:
                return strcmp(a->text, b->text) == 0;
        }
}
