/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values to JSON. */
#include <math.h>
#include <string.h>

#include "vim/json.h"
#include "vim/wire-form.h"

static void write_value(GString *to, const VimValue *value, const VimType *declared, VimVersion version);

static void append_quoted(GString *to, const char *text)
{
        g_string_append_c(to, '"');
        for (;;) {
                size_t plain = strcspn(text, "\"\\\n\r\t");

                g_string_append_len(to, text, (gssize)plain);
                text += plain;
                if (*text == '\0')
                        break;
                g_string_append_c(to, '\\');
                g_string_append_c(to, *text == '\n'   ? 'n'
                                      : *text == '\r' ? 'r'
                                      : *text == '\t' ? 't'
                                                      : *text);
                text++;
        }
        g_string_append_c(to, '"');
}

static void append_type(GString *to, const VimType *type, bool is_list)
{
        g_string_append(to, "{\"_typeName\":\"");
        wire_append_name(to, type, is_list);
        g_string_append_c(to, '"');
}

static void write_primitive(GString *to, const VimValue *value)
{
        switch (value->type->kind) {
        case VIM_STRING:
        case VIM_ENUM:
                append_quoted(to, value->text);
                break;
        case VIM_FLOAT:
        case VIM_DOUBLE:
                if (!isfinite(value->number)) {
                        g_string_append_c(to, '"');
                        wire_append_text(to, value);
                        g_string_append_c(to, '"');
                        break;
                }
                wire_append_text(to, value);
                break;
        case VIM_TIME:
        case VIM_BINARY:
                g_string_append_c(to, '"');
                wire_append_text(to, value);
                g_string_append_c(to, '"');
                break;
        default:
                wire_append_text(to, value);
        }
}

static void write_items(GString *to, const VimValue *list, const VimType *declared, VimVersion version)
{
        g_string_append_c(to, '[');
        for (unsigned i = 0; i < list->items->len; i++) {
                if (i > 0)
                        g_string_append_c(to, ',');
                write_value(to, list->items->pdata[i], declared, version);
        }
        g_string_append_c(to, ']');
}

/* Without the last bracket. */
static void write_open_object(GString *to, const VimValue *object, VimVersion version)
{
        const VimType *type = wire_known_type(object->type, version);

        append_type(to, type, false);
        for (unsigned i = 0; i < type->n_fields; i++) {
                const VimField *field = &type->fields[i];
                const VimValue *value = object->fields[i];

                if (value == NULL || field->since > version || (field->is_list && value->items->len == 0))
                        continue;
                g_string_append_len(to, ",\"", 2);
                g_string_append(to, field->name);
                g_string_append_len(to, "\":", 2);
                if (field->is_list)
                        write_items(to, value, field->type, version);
                else
                        write_value(to, value, field->type, version);
        }
}

static void write_reference(GString *to, const VimValue *value, VimVersion version)
{
        g_string_append_printf(to, "{\"_typeName\":\"ManagedObjectReference\",\"type\":\"%s\",\"value\":",
                               wire_known_type(value->type, version)->name);
        append_quoted(to, value->text);
        g_string_append_c(to, '}');
}

static void write_any_list(GString *to, const VimValue *list, VimVersion version)
{
        const VimType *items = wire_known_type(wire_any_item_type(list->type), version);

        append_type(to, items, true);
        g_string_append(to, ",\"_value\":");
        write_items(to, list, list->type == items ? items : vim_type("anyType"), version);
        g_string_append_c(to, '}');
}

static void write_any(GString *to, const VimValue *value, VimVersion version)
{
        g_autoptr(VimValue) any = wire_any_value(value, version);
        const VimType *type = any->type;

        if (any->is_list) {
                write_any_list(to, any, version);
                return;
        }
        if (type->kind == VIM_OBJECT || type->kind == VIM_REFERENCE) {
                write_value(to, any, type, version);
                return;
        }
        append_type(to, type, false);
        g_string_append(to, ",\"_value\":");
        write_primitive(to, any);
        g_string_append_c(to, '}');
}

static void write_value(GString *to, const VimValue *value, const VimType *declared, VimVersion version)
{
        if (declared->kind == VIM_ANY || value->is_list) {
                write_any(to, value, version);
        } else if (value->type->kind == VIM_OBJECT) {
                write_open_object(to, value, version);
                g_string_append_c(to, '}');
        } else if (value->type->kind == VIM_REFERENCE) {
                write_reference(to, value, version);
        } else {
                write_primitive(to, value);
        }
}

GString *json_write_value(const VimValue *value, VimVersion version)
{
        GString *to = g_string_sized_new(4096);

        if (value == NULL)
                g_string_append(to, "null");
        else if (value->is_list)
                write_items(to, value, value->type, version);
        else
                write_value(to, value, value->type, version);
        return to;
}

GString *json_write_any(const VimValue *value, VimVersion version)
{
        GString *to = g_string_sized_new(4096);

        write_any(to, value, version);
        return to;
}

GString *json_write_fault(const VimValue *fault, const char *message, VimVersion version)
{
        GString *to = g_string_sized_new(512);

        write_open_object(to, fault, version);
        /* The text that SOAP has beside the fault. */
        if (message != NULL && vim_length(vim_get(fault, "faultMessage")) == 0) {
                g_autoptr(VimValue) text = vim_new_string(message);

                g_string_append_printf(to,
                                       ",\"faultMessage\":[{\"_typeName\":\"LocalizableMessage\",\"key\":\"%"
                                       "s\",\"message\":",
                                       wire_known_type(fault->type, version)->name);
                append_quoted(to, text->text);
                g_string_append(to, "}]");
        }
        g_string_append_c(to, '}');
        return to;
}
