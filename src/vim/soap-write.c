/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values to SOAP. One answer may hold the properties of all VMs: text is put together without a tree of it.
 */
#include <string.h>

#include "vim/soap.h"
#include "vim/wire-form.h"

#define XSD "http://www.w3.org/2001/XMLSchema"
#define XSI "http://www.w3.org/2001/XMLSchema-instance"

/* Clients look for just these prefixes, and some of them for xsi:type as the last attribute. */
static const char envelope_start[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                     "<soapenv:Envelope"
                                     " xmlns:soapenc=\"http://schemas.xmlsoap.org/soap/encoding/\""
                                     " xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\""
                                     " xmlns:xsd=\"" XSD "\" xmlns:xsi=\"" XSI "\">\n"
                                     "<soapenv:Body>\n";
static const char envelope_end[] = "\n</soapenv:Body>\n</soapenv:Envelope>\n";

static void write_element(GString *to, const char *name, const char *attributes, const VimValue *value,
                          const VimType *declared, VimVersion version);

static void append_escaped(GString *to, const char *text)
{
        for (;;) {
                size_t plain = strcspn(text, "&<>\r");

                g_string_append_len(to, text, (gssize)plain);
                text += plain;
                switch (*text++) {
                case '&':
                        g_string_append(to, "&amp;");
                        break;
                case '<':
                        g_string_append(to, "&lt;");
                        break;
                case '>':
                        g_string_append(to, "&gt;");
                        break;
                case '\r': /* readers would make a line feed of it */
                        g_string_append(to, "&#13;");
                        break;
                default:
                        return;
                }
        }
}

static void append_type(GString *to, const VimType *type, bool is_list)
{
        g_string_append(to, " xsi:type=\"");
        if (!is_list && vim_type_is_xsd(type))
                g_string_append(to, "xsd:");
        wire_append_name(to, type, is_list);
        g_string_append_c(to, '"');
}

static void open_tag(GString *to, const char *name, const char *attributes)
{
        g_string_append_c(to, '<');
        g_string_append(to, name);
        g_string_append(to, attributes);
}

static void close_tag(GString *to, const char *name)
{
        g_string_append_len(to, "</", 2);
        g_string_append(to, name);
        g_string_append_c(to, '>');
}

static void write_fields(GString *to, const VimValue *object, const VimType *as, VimVersion version)
{
        for (unsigned i = 0; i < as->n_fields; i++) {
                const VimField *field = &as->fields[i];
                const VimValue *value = object->fields[i];

                if (value == NULL || field->since > version)
                        continue;
                if (!field->is_list)
                        write_element(to, field->name, "", value, field->type, version);
                for (unsigned item = 0; field->is_list && item < value->items->len; item++)
                        write_element(to, field->name, "", value->items->pdata[item], field->type, version);
        }
}

/* A list in an anyType: its children are named and typed for what they are. */
static void write_array(GString *to, const char *name, const char *attributes, const VimValue *list,
                        VimVersion version)
{
        const VimType *items = wire_known_type(wire_any_item_type(list->type), version);
        const char *item_name = vim_type_wire_name(items);

        open_tag(to, name, attributes);
        append_type(to, items, true);
        g_string_append_c(to, '>');
        for (unsigned i = 0; i < list->items->len; i++)
                write_element(to, item_name, "", list->items->pdata[i], NULL, version);
        close_tag(to, name);
}

static void write_reference(GString *to, const VimValue *value, VimVersion version)
{
        g_string_append(to, " type=\"");
        g_string_append(to, wire_known_type(value->type, version)->name);
        g_string_append(to, "\" xsi:type=\"ManagedObjectReference\">");
        append_escaped(to, value->text);
}

/* declared: NULL, or anyType, has the type said in any case. */
static void write_element(GString *to, const char *name, const char *attributes, const VimValue *value,
                          const VimType *declared, VimVersion version)
{
        g_autoptr(VimValue) any = NULL;
        const VimType *type;

        if (declared == NULL || declared->kind == VIM_ANY)
                value = any = wire_any_value(value, version);
        if (value->is_list) {
                write_array(to, name, attributes, value, version);
                return;
        }
        type = wire_known_type(value->type, version);
        open_tag(to, name, attributes);
        switch (type->kind) {
        case VIM_REFERENCE:
                write_reference(to, value, version);
                break;
        case VIM_OBJECT:
                if (type != declared)
                        append_type(to, type, false);
                g_string_append_c(to, '>');
                write_fields(to, value, type, version);
                break;
        default:
                if (type != declared)
                        append_type(to, type, false);
                g_string_append_c(to, '>');
                if (type->kind == VIM_STRING)
                        append_escaped(to, value->text);
                else
                        wire_append_text(to, value);
        }
        close_tag(to, name);
}

GString *soap_write_result(const VimMethod *method, const VimValue *result, VimVersion version)
{
        GString *to = g_string_sized_new(4096);

        g_string_append_len(to, envelope_start, sizeof envelope_start - 1);
        g_string_append_printf(to, "<%sResponse xmlns=\"urn:vim25\">", method->name);
        if (result != NULL && method->result_is_list)
                for (unsigned i = 0; i < vim_length(result); i++)
                        write_element(to, "returnval", "", vim_item(result, i), method->result, version);
        else if (result != NULL)
                write_element(to, "returnval", "", result, method->result, version);
        g_string_append_printf(to, "</%sResponse>", method->name);
        g_string_append_len(to, envelope_end, sizeof envelope_end - 1);
        return to;
}

GString *soap_write_fault(const VimValue *fault, const char *message, VimVersion version)
{
        const VimType *type = wire_known_type(fault->type, version);
        g_autoptr(VimValue) text = vim_new_string(message != NULL ? message : "");
        GString *to = g_string_sized_new(1024);

        g_string_append_len(to, envelope_start, sizeof envelope_start - 1);
        g_string_append(to, "<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>");
        append_escaped(to, text->text);
        g_string_append_printf(to, "</faultstring><detail><%sFault xmlns=\"urn:vim25\"", type->name);
        append_type(to, type, false);
        g_string_append_c(to, '>');
        write_fields(to, fault, type, version);
        g_string_append_printf(to, "</%sFault></detail></soapenv:Fault>", type->name);
        g_string_append_len(to, envelope_end, sizeof envelope_end - 1);
        return to;
}

void soap_write_value(GString *to, const char *element, const VimValue *value, VimVersion version)
{
        write_element(to, element, " xmlns=\"urn:vim25\" xmlns:xsd=\"" XSD "\" xmlns:xsi=\"" XSI "\"", value,
                      NULL, version);
}
