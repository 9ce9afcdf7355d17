/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The schemas are right, and what is sent is what they say. */
#include <glib.h>
#include <glib/gstdio.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <string.h>

#include "vim-random.h"
#include "vim/soap.h"
#include "vim/wsdl.h"

static const char *const documents[] = {"vimService.wsdl",      "vim.wsdl",
                                        "core-types.xsd",       "vim-types.xsd",
                                        "vim-messagetypes.xsd", "vimServiceVersions.xml"};

static void on_error(void *user_data, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The first complaint is kept. */
static void on_error(void *user_data, const char *format, ...)
{
        GString *text = user_data;
        va_list args;

        va_start(args, format);
        if (text->len < 1000)
                g_string_append_vprintf(text, format, args);
        va_end(args);
}

static xmlSchema *load_schema(void)
{
        g_autofree char *folder = g_dir_make_tmp("aerostat-wsdl-XXXXXX", NULL);
        g_autofree char *root = g_build_filename(folder, "vim-messagetypes.xsd", NULL);
        g_autoptr(GString) complaint = g_string_new(NULL);
        xmlSchemaParserCtxt *parser;
        xmlSchema *schema;

        for (unsigned i = 0; i < G_N_ELEMENTS(documents); i++) {
                g_autofree char *path = g_build_filename(folder, documents[i], NULL);
                const GString *text = wsdl_document(documents[i]);

                g_assert_true(g_file_set_contents(path, text->str, (gssize)text->len, NULL));
        }
        parser = xmlSchemaNewParserCtxt(root);
        xmlSchemaSetParserErrors(parser, on_error, on_error, complaint);
        schema = xmlSchemaParse(parser);
        xmlSchemaFreeParserCtxt(parser);
        for (unsigned i = 0; i < G_N_ELEMENTS(documents); i++) {
                g_autofree char *path = g_build_filename(folder, documents[i], NULL);

                g_assert_cmpint(g_unlink(path), ==, 0);
        }
        g_assert_cmpint(g_rmdir(folder), ==, 0);
        g_assert_cmpstr(complaint->str, ==, "");
        g_assert_nonnull(schema);
        return schema;
}

static xmlNode *child(xmlNode *node, const char *name)
{
        for (node = node->children; node != NULL; node = node->next)
                if (node->type == XML_ELEMENT_NODE &&
                    (name == NULL || strcmp((const char *)node->name, name) == 0))
                        return node;
        g_assert_not_reached();
}

static void check_valid(xmlSchemaValidCtxt *context, const GString *text, bool is_fault)
{
        xmlDoc *document = xmlReadMemory(text->str, (int)text->len, NULL, NULL, XML_PARSE_NONET);
        g_autoptr(GString) complaint = g_string_new(NULL);
        xmlNode *node;

        g_assert_nonnull(document);
        node = child(child(xmlDocGetRootElement(document), "Body"), NULL);
        if (is_fault)
                node = child(child(node, "detail"), NULL);
        xmlSchemaSetValidErrors(context, on_error, on_error, complaint);
        if (xmlSchemaValidateOneElement(context, node) != 0)
                g_error("%s\n%s", complaint->str, text->str);
        xmlFreeDoc(document);
}

static VimValue *random_result(GRand *rand, const VimMethod *method)
{
        VimValue *list;

        if (method->result == NULL || (method->result_is_optional && g_rand_boolean(rand)))
                return NULL;
        if (!method->result_is_list)
                return random_value(rand, method->result, 1);
        list = vim_new_list(method->result->name);
        for (int n = g_rand_int_range(rand, 0, 3); n > 0; n--)
                vim_add(list, random_value(rand, method->result, 1));
        return list;
}

static void test_answers(void)
{
        g_autoptr(GRand) rand = g_rand_new_with_seed(7);
        xmlSchema *schema = load_schema();
        xmlSchemaValidCtxt *context = xmlSchemaNewValidCtxt(schema);
        const VimType *fault = vim_type("MethodFault");

        for (unsigned i = 0; i < vim_n_types; i++) {
                for (unsigned m = 0; m < vim_types[i].n_methods; m++) {
                        g_autoptr(VimValue) result = random_result(rand, &vim_types[i].methods[m]);
                        g_autoptr(GString) text =
                                soap_write_result(&vim_types[i].methods[m], result, VIM_NEWEST);

                        check_valid(context, text, false);
                }
                if (vim_type_is(&vim_types[i], fault)) {
                        g_autoptr(VimValue) value = random_object(rand, &vim_types[i], 1);
                        g_autoptr(GString) text = soap_write_fault(value, "what was wrong", VIM_NEWEST);

                        check_valid(context, text, true);
                }
        }
        xmlSchemaFreeValidCtxt(context);
        xmlSchemaFree(schema);
}

static void test_documents(void)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(documents); i++) {
                const GString *text = wsdl_document(documents[i]);
                xmlDoc *document = xmlReadMemory(text->str, (int)text->len, NULL, NULL, XML_PARSE_NONET);

                g_assert_nonnull(document);
                xmlFreeDoc(document);
                g_assert_true(wsdl_document(documents[i]) == text);
        }
        g_assert_null(wsdl_document("../vim.wsdl"));
        g_assert_null(wsdl_document(""));
}

static void test_versions(void)
{
        const char *text = wsdl_document("vimServiceVersions.xml")->str;

        g_assert_nonnull(strstr(text, "<name>urn:vim25</name><version>7.0.0.0</version>"));
        g_assert_nonnull(strstr(text, "<version>6.7.1</version>"));
        g_assert_nonnull(strstr(text, "<version>2.5</version>"));
        g_assert_nonnull(strstr(text, "<name>urn:vim2</name><version>2.0</version>"));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/vim-wsdl/documents", test_documents);
        g_test_add_func("/vim-wsdl/versions", test_versions);
        g_test_add_func("/vim-wsdl/answers", test_answers);
        return g_test_run();
}
