/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of types on the wire, what a version knows of them, and what is demanded of what was read. */
#include "vim/wire-form.h"

#include <string.h>

/* --- names and versions --- */

static const VimType *item_type(const char *name)
{
        char first_small[64];
        const VimType *type;

        type = vim_type(name);
        if (type != NULL || strlen(name) >= sizeof first_small)
                return type;
        /* XML Schema's names begin with a small letter, few of vim25's do, and lists of them with a great
         * one: ArrayOfInt. */
        g_strlcpy(first_small, name, sizeof first_small);
        first_small[0] = g_ascii_tolower(name[0]);
        return vim_type(first_small);
}

WireType wire_type(const char *name)
{
        if (g_str_has_prefix(name, "ArrayOf") && name[strlen("ArrayOf")] != '\0') {
                const VimType *type = item_type(name + strlen("ArrayOf"));

                if (type != NULL)
                        return (WireType){.type = type, .is_list = true};
        }
        return (WireType){.type = vim_type(name)};
}

WireType wire_xsd_type(const char *name)
{
        static const struct {
                const char *name, *type;
        } others[] = {
                {"unsignedByte", "short"},      {"unsignedShort", "int"},     {"unsignedInt", "long"},
                {"unsignedLong", "long"},       {"integer", "long"},          {"nonNegativeInteger", "long"},
                {"positiveInteger", "long"},    {"decimal", "double"},        {"token", "string"},
                {"normalizedString", "string"}, {"anySimpleType", "anyType"},
        };
        const VimType *type = vim_type(name);

        for (unsigned i = 0; type == NULL && i < G_N_ELEMENTS(others); i++)
                if (strcmp(name, others[i].name) == 0)
                        type = vim_type(others[i].type);
        return (WireType){.type = type != NULL && vim_type_is_xsd(type) ? type : NULL};
}

void wire_append_name(GString *to, const VimType *type, bool is_list)
{
        const char *name = vim_type_wire_name(type);

        if (!is_list) {
                g_string_append(to, name);
                return;
        }
        g_string_append(to, "ArrayOf");
        g_string_append_c(to, g_ascii_toupper(name[0]));
        g_string_append(to, name + 1);
}

const VimType *wire_known_type(const VimType *type, VimVersion version)
{
        while (type->since > version && type->base != NULL)
                type = type->base;
        return type;
}

static bool is_fault(const VimType *type)
{
        return type->kind == VIM_OBJECT && vim_type_is(type, vim_type("MethodFault"));
}

const VimType *wire_any_item_type(const VimType *type)
{
        return is_fault(type) ? vim_type("LocalizedMethodFault") : type;
}

/* A value of an enumeration, or a list of such. */
static bool is_known(const VimValue *value, VimVersion version)
{
        if (!value->is_list)
                return vim_type_value(value->type, value->text)->since <= version;
        for (unsigned i = 0; i < value->items->len; i++)
                if (!is_known(value->items->pdata[i], version))
                        return false;
        return value->type->since <= version;
}

static VimValue *as_strings(const VimValue *value)
{
        VimValue *list;

        if (!value->is_list)
                return vim_new_string(value->text);
        list = vim_new_list("string");
        for (unsigned i = 0; i < value->items->len; i++)
                vim_add(list, as_strings(value->items->pdata[i]));
        return list;
}

VimValue *wire_any_value(const VimValue *value, VimVersion version)
{
        VimValue *shared;

        if (value->type->kind == VIM_ENUM && !is_known(value, version))
                return as_strings(value);
        shared = vim_ref(value);
        return !value->is_list && is_fault(value->type) ? vim_new_localized(shared, NULL) : shared;
}

/* --- what was read --- */

void wire_enter(WirePath *path, const char *name)
{
        /* What is deeper was refused before; the count stays right all the same. */
        if (path->n < G_N_ELEMENTS(path->names))
                path->names[path->n] = name;
        path->n++;
}

void wire_leave(WirePath *path)
{
        path->n--;
}

bool wire_fail(const WirePath *path, GError **error, WireError code, const char *format, ...)
{
        g_autoptr(GString) text = g_string_new(NULL);
        va_list args;

        for (unsigned i = 0; i < MIN(path->n, G_N_ELEMENTS(path->names)); i++)
                g_string_append_printf(text, "%s%s", i > 0 ? "." : "", path->names[i]);
        if (text->len > 0)
                g_string_append(text, ": ");
        va_start(args, format);
        g_string_append_vprintf(text, format, args);
        va_end(args);
        if (text->len > 500)
                g_string_truncate(text, 500);
        g_autofree char *valid = g_utf8_make_valid(text->str, (gssize)text->len);
        g_set_error_literal(error, WIRE_ERROR, (int)code, valid);
        return false;
}

bool wire_make_reference(const WirePath *path, const VimType *declared, const char *claimed, const char *id,
                         VimValue **ret, GError **error)
{
        const VimType *type = declared->kind == VIM_REFERENCE ? declared : vim_type("ManagedObject");

        if (claimed != NULL) {
                const VimType *said = vim_type(claimed);

                if (said == NULL || said->kind != VIM_REFERENCE)
                        return wire_fail(path, error, WIRE_ERROR_WRONG_VALUE,
                                         "\"%.100s\" is not a type of managed objects", claimed);
                if (!vim_type_is(said, type) && !vim_type_is(type, said))
                        return wire_fail(path, error, WIRE_ERROR_WRONG_VALUE,
                                         "a reference to a %s, not to a %s", type->name, said->name);
                type = said;
        }
        *ret = vim_new_reference(type->name, id);
        return true;
}

static void add_items(VimValue *list, VimValue *items)
{
        for (unsigned i = 0; i < items->items->len; i++)
                g_ptr_array_add(list->items, vim_ref(items->items->pdata[i]));
        vim_unref(items);
}

bool wire_place(WirePath *path, const VimField *field, VimValue **place, VimValue *value, GError **error)
{
        if (!field->is_list) {
                if (*place != NULL) {
                        vim_unref(value);
                        return wire_fail(path, error, WIRE_ERROR_WRONG_VALUE,
                                         "is there twice, and may be but once");
                }
                *place = value;
                return true;
        }
        if (*place == NULL)
                *place = vim_new_list(field->type->name);
        if (value->is_list)
                add_items(*place, value);
        else
                g_ptr_array_add((*place)->items, value);
        return true;
}

/* An optional list without items is an unset one: SOAP cannot say the difference. */
static void settle_list(const VimField *field, VimValue **place)
{
        if (!field->is_list)
                return;
        if (*place == NULL && !field->is_optional) {
                *place = vim_new_list(field->type->name);
        } else if (*place != NULL && field->is_optional && (*place)->items->len == 0) {
                vim_unref(*place);
                *place = NULL;
        }
}

/* What came to a type or method later than itself, older clients do not know to be required. */
static bool is_demanded(const VimField *field, VimVersion since)
{
        return !field->is_optional && field->since <= since;
}

bool wire_check_object(WirePath *path, VimValue *object, GError **error)
{
        for (unsigned i = 0; i < object->type->n_fields; i++) {
                const VimField *field = &object->type->fields[i];

                settle_list(field, &object->fields[i]);
                if (object->fields[i] == NULL && is_demanded(field, object->type->since))
                        return wire_fail(path, error, WIRE_ERROR_WRONG_VALUE,
                                         "%s has no %s, which is required", object->type->name, field->name);
        }
        return true;
}

bool wire_check_args(WirePath *path, const VimMethod *method, VimValue **args, GError **error)
{
        for (unsigned i = 0; i < method->n_params; i++) {
                const VimField *param = &method->params[i];

                if (args[i] == NULL && is_demanded(param, method->since))
                        return wire_fail(path, error, WIRE_ERROR_WRONG_VALUE,
                                         "%s: %s takes this argument always", param->name, method->name);
                settle_list(param, &args[i]);
        }
        return true;
}

void wire_free_args(const VimMethod *method, VimValue **args)
{
        for (unsigned i = 0; args != NULL && i < method->n_params; i++)
                vim_unref(args[i]);
        g_free(args);
}
