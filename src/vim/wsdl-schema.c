/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of types as XML Schema, in the order in which soap-write.c sends what is in them. */
#include "vim/wsdl-schema.h"

#include <string.h>

#include "vim/wire-form.h"

static GString *open_schema(const char *include)
{
        GString *to = g_string_new(WSDL_XML_HEAD "<schema xmlns=\"" WSDL_XSD "\" xmlns:xsd=\"" WSDL_XSD "\""
                                                 " xmlns:vim25=\"urn:vim25\" targetNamespace=\"urn:vim25\""
                                                 " elementFormDefault=\"qualified\">\n");

        if (include != NULL)
                g_string_append_printf(to, "<include schemaLocation=\"%s\"/>\n", include);
        return to;
}

static void append_element(GString *to, const char *name, const VimType *type, bool is_list,
                           bool is_optional)
{
        g_string_append_printf(to, "<element name=\"%s\" type=\"%s:", name,
                               vim_type_is_xsd(type) ? "xsd" : "vim25");
        wire_append_name(to, type, false);
        /* A list that is required may have no items. */
        g_string_append_printf(to, "\"%s%s/>\n", is_optional || is_list ? " minOccurs=\"0\"" : "",
                               is_list ? " maxOccurs=\"unbounded\"" : "");
}

/* --- values --- */

static void append_array(GString *to, const VimType *type)
{
        g_string_append(to, "<complexType name=\"");
        wire_append_name(to, type, true);
        g_string_append(to, "\"><sequence>\n");
        append_element(to, vim_type_wire_name(type), type, true, true);
        g_string_append(to, "</sequence></complexType>\n");
}

GString *wsdl_core_types(void)
{
        GString *to = open_schema(NULL);

        g_string_append(to, "<complexType name=\"ManagedObjectReference\"><simpleContent>"
                            "<extension base=\"xsd:string\">"
                            "<attribute name=\"type\" type=\"xsd:string\"/>"
                            "<attribute name=\"serverGuid\" type=\"xsd:string\"/>"
                            "</extension></simpleContent></complexType>\n");
        append_array(to, vim_type("ManagedObject"));
        for (unsigned i = 0; i < vim_n_types; i++) {
                const VimType *type = &vim_types[i];

                /* Of those that are strings on the wire, one is enough. */
                if (vim_type_is_xsd(type) && strcmp(vim_type_wire_name(type), type->name) == 0)
                        append_array(to, type);
        }
        g_string_append(to, "</schema>\n");
        return to;
}

static void append_object(GString *to, const VimType *type)
{
        g_string_append_printf(to, "<complexType name=\"%s\">", type->name);
        if (type->base != NULL)
                g_string_append_printf(to, "<complexContent><extension base=\"vim25:%s\">",
                                       type->base->name);
        g_string_append(to, "<sequence>\n");
        for (unsigned i = type->n_inherited; i < type->n_fields; i++) {
                const VimField *field = &type->fields[i];

                append_element(to, field->name, field->type, field->is_list, field->is_optional);
        }
        g_string_append(to, "</sequence>");
        if (type->base != NULL)
                g_string_append(to, "</extension></complexContent>");
        g_string_append(to, "</complexType>\n");
}

static void append_enum(GString *to, const VimType *type)
{
        g_string_append_printf(to, "<simpleType name=\"%s\"><restriction base=\"xsd:string\">\n",
                               type->name);
        for (unsigned i = 0; i < type->n_values; i++)
                g_string_append_printf(to, "<enumeration value=\"%s\"/>\n", type->values[i].text);
        g_string_append(to, "</restriction></simpleType>\n");
}

GString *wsdl_vim_types(void)
{
        GString *to = open_schema("core-types.xsd");

        for (unsigned i = 0; i < vim_n_types; i++) {
                const VimType *type = &vim_types[i];

                if (type->kind == VIM_OBJECT)
                        append_object(to, type);
                else if (type->kind == VIM_ENUM)
                        append_enum(to, type);
                else
                        continue;
                append_array(to, type);
        }
        g_string_append(to, "</schema>\n");
        return to;
}

/* --- messages --- */

static void append_method(GString *to, const VimMethod *method)
{
        g_string_append_printf(to,
                               "<complexType name=\"%sRequestType\"><sequence>\n"
                               "<element name=\"_this\" type=\"vim25:ManagedObjectReference\"/>\n",
                               method->name);
        for (unsigned i = 0; i < method->n_params; i++) {
                const VimField *param = &method->params[i];

                append_element(to, param->name, param->type, param->is_list, param->is_optional);
        }
        g_string_append_printf(to,
                               "</sequence></complexType>\n"
                               "<element name=\"%s\" type=\"vim25:%sRequestType\"/>\n"
                               "<element name=\"%sResponse\"><complexType><sequence>\n",
                               method->name, method->name, method->name);
        if (method->result != NULL)
                append_element(to, "returnval", method->result, method->result_is_list,
                               method->result_is_optional);
        g_string_append(to, "</sequence></complexType></element>\n");
}

GString *wsdl_message_types(void)
{
        GString *to = open_schema("vim-types.xsd");
        const VimType *fault = vim_type("MethodFault");

        for (unsigned i = 0; i < vim_n_types; i++) {
                const VimType *type = &vim_types[i];

                for (unsigned m = 0; m < type->n_methods; m++)
                        append_method(to, &type->methods[m]);
                if (vim_type_is(type, fault))
                        g_string_append_printf(to, "<element name=\"%sFault\" type=\"vim25:%s\"/>\n",
                                               type->name, type->name);
        }
        g_string_append(to, "</schema>\n");
        return to;
}
