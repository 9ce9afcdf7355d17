/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The documents by which SOAP toolkits know the API. */
#include "vim/wsdl.h"

#include <string.h>

#include "vim/wsdl-schema.h"

#define WSDL "http://schemas.xmlsoap.org/wsdl/"
#define SOAP "http://schemas.xmlsoap.org/wsdl/soap/"

/* --- operations --- */

typedef void (*AppendMethod)(GString *to, const VimMethod *method);

static void for_each_method(GString *to, AppendMethod append)
{
        for (unsigned i = 0; i < vim_n_types; i++)
                for (unsigned m = 0; m < vim_types[i].n_methods; m++)
                        append(to, &vim_types[i].methods[m]);
}

static void append_messages(GString *to, const VimMethod *method)
{
        static const char *const ways[] = {"Request", "Response"};

        for (unsigned i = 0; i < G_N_ELEMENTS(ways); i++)
                g_string_append_printf(to,
                                       "<message name=\"%s%sMsg\"><part name=\"parameters\" "
                                       "element=\"vim25:%s%s\"/></message>\n",
                                       method->name, ways[i], method->name, i == 1 ? "Response" : "");
}

static void append_fault_messages(GString *to)
{
        const VimType *fault = vim_type("MethodFault");

        for (unsigned i = 0; i < vim_n_types; i++)
                if (vim_type_is(&vim_types[i], fault))
                        g_string_append_printf(to,
                                               "<message name=\"%sFaultMsg\"><part name=\"fault\" "
                                               "element=\"vim25:%sFault\"/></message>\n",
                                               vim_types[i].name, vim_types[i].name);
}

static bool names_fault(const VimMethod *method, const char *name)
{
        for (unsigned i = 0; i < method->n_faults; i++)
                if (strcmp(method->faults[i]->name, name) == 0)
                        return true;
        return false;
}

static void append_port_fault(GString *to, const char *name)
{
        g_string_append_printf(to, "<fault name=\"%s\" message=\"vim25:%sFaultMsg\"/>\n", name, name);
}

/* Whatever a method names, it may answer with a RuntimeFault. */
static void append_port_operation(GString *to, const VimMethod *method)
{
        g_string_append_printf(to,
                               "<operation name=\"%s\">\n<input message=\"vim25:%sRequestMsg\"/>\n"
                               "<output message=\"vim25:%sResponseMsg\"/>\n",
                               method->name, method->name, method->name);
        for (unsigned i = 0; i < method->n_faults; i++)
                append_port_fault(to, method->faults[i]->name);
        if (!names_fault(method, "RuntimeFault"))
                append_port_fault(to, "RuntimeFault");
        g_string_append(to, "</operation>\n");
}

static void append_binding_fault(GString *to, const char *name)
{
        g_string_append_printf(to, "<fault name=\"%s\"><soap:fault name=\"%s\" use=\"literal\"/></fault>\n",
                               name, name);
}

static void append_binding_operation(GString *to, const VimMethod *method)
{
        g_string_append_printf(to,
                               "<operation name=\"%s\">\n"
                               "<soap:operation soapAction=\"urn:vim25/%s\" style=\"document\"/>\n"
                               "<input><soap:body use=\"literal\"/></input>\n"
                               "<output><soap:body use=\"literal\"/></output>\n",
                               method->name, vim_version_name(VIM_NEWEST));
        for (unsigned i = 0; i < method->n_faults; i++)
                append_binding_fault(to, method->faults[i]->name);
        if (!names_fault(method, "RuntimeFault"))
                append_binding_fault(to, "RuntimeFault");
        g_string_append(to, "</operation>\n");
}

/* --- documents --- */

static GString *make_vim(void)
{
        GString *to = g_string_new(WSDL_XML_HEAD
                                   "<definitions xmlns=\"" WSDL "\" xmlns:soap=\"" SOAP "\""
                                   " xmlns:vim25=\"urn:vim25\" targetNamespace=\"urn:vim25\">\n"
                                   "<types><schema xmlns=\"" WSDL_XSD "\""
                                   " targetNamespace=\"urn:vim25\" elementFormDefault=\"qualified\">\n"
                                   "<include schemaLocation=\"vim-messagetypes.xsd\"/>\n"
                                   "</schema></types>\n");

        for_each_method(to, append_messages);
        append_fault_messages(to);
        g_string_append(to, "<portType name=\"VimPortType\">\n");
        for_each_method(to, append_port_operation);
        g_string_append(to, "</portType>\n<binding name=\"VimBinding\" type=\"vim25:VimPortType\">\n"
                            "<soap:binding style=\"document\""
                            " transport=\"http://schemas.xmlsoap.org/soap/http\"/>\n");
        for_each_method(to, append_binding_operation);
        g_string_append(to, "</binding>\n</definitions>\n");
        return to;
}

/* Clients put the address in that they were given. */
static GString *make_service(void)
{
        return g_string_new(
                WSDL_XML_HEAD
                "<definitions xmlns=\"" WSDL "\" xmlns:soap=\"" SOAP "\""
                " xmlns:vim25=\"urn:vim25\" targetNamespace=\"urn:vim25Service\">\n"
                "<import namespace=\"urn:vim25\" location=\"vim.wsdl\"/>\n"
                "<service name=\"VimService\"><port name=\"VimPort\" binding=\"vim25:VimBinding\">\n"
                "<soap:address location=\"https://localhost/sdk/vimService\"/>\n"
                "</port></service>\n</definitions>\n");
}

/* Clients choose the newest that they know too, and send it as their SOAPAction. */
static GString *make_versions(void)
{
        GString *to = g_string_new(WSDL_XML_HEAD "<namespaces version=\"1.0\">\n"
                                                 "<namespace><name>urn:vim25</name>");

        g_string_append_printf(to, "<version>%s</version><priorVersions>\n", vim_version_name(VIM_NEWEST));
        for (unsigned i = VIM_NEWEST; i-- > VIM_2_5;) {
                /* An update of 2.5 had a number of its own, which some still ask for. */
                if (i == VIM_2_5)
                        g_string_append(to, "<version>2.5u2</version>\n");
                g_string_append_printf(to, "<version>%s</version>\n", vim_version_name((VimVersion)i));
        }
        g_string_append(to, "</priorVersions></namespace>\n"
                            "<namespace><name>urn:vim2</name><version>2.0</version></namespace>\n"
                            "</namespaces>\n");
        return to;
}

const GString *wsdl_document(const char *name)
{
        static struct {
                const char *name;
                GString *(*make)(void);
                GString *made;
        } documents[] = {
                {"vimService.wsdl", make_service},
                {"vim.wsdl", make_vim},
                {"core-types.xsd", wsdl_core_types},
                {"vim-types.xsd", wsdl_vim_types},
                {"vim-messagetypes.xsd", wsdl_message_types},
                {"vimServiceVersions.xml", make_versions},
        };

        for (unsigned i = 0; i < G_N_ELEMENTS(documents); i++) {
                if (strcmp(documents[i].name, name) != 0)
                        continue;
                if (documents[i].made == NULL)
                        documents[i].made = documents[i].make();
                return documents[i].made;
        }
        return NULL;
}
