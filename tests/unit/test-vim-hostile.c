/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is sent to do harm is refused, and cheaply: nothing is fetched, and nothing grows. */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "vim/json.h"
#include "vim/soap.h"

#define START                                                               \
        "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"" \
        " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\""                   \
        " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><e:Body>" \
        "<Rename_Task xmlns=\"urn:vim25\"><_this type=\"Folder\">group-v3</_this>"
#define END "</Rename_Task></e:Body></e:Envelope>"

static const VimType *type_of(const char *claimed, const char *id, gpointer user_data)
{
        (void)claimed;
        (void)id;
        (void)user_data;
        return vim_type("Folder");
}

/* Whether it was read; if not, for what is in the message. */
static bool reads(const char *text, size_t length, const char *cause)
{
        g_auto(WireCall) call = {0};
        g_autoptr(GError) error = NULL;

        if (soap_read_call(text, length, type_of, NULL, &call, &error))
                return true;
        g_assert_error(error, WIRE_ERROR, (int)error->code);
        g_assert_cmpuint(strlen(error->message), <, 1000);
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        if (strstr(error->message, cause) == NULL)
                g_error("\"%s\" does not say: %s", error->message, cause);
        return false;
}

static bool reads_text(const char *text, const char *cause)
{
        return reads(text, strlen(text), cause);
}

static char *repeat(const char *before, const char *text, unsigned n, const char *after)
{
        GString *whole = g_string_new(before);

        while (n-- > 0)
                g_string_append(whole, text);
        g_string_append(whole, after);
        return g_string_free(whole, FALSE);
}

static void test_good(void)
{
        g_assert_true(reads_text(START "<newName>&lt;&#65;&amp;</newName>" END, ""));
        g_assert_true(reads_text("\xef\xbb\xbf" START "<newName>a</newName>" END, ""));
        g_assert_true(reads_text(
                START "<newName><![CDATA[<!DOCTYPE a>]]></newName><!-- <!DOCTYPE --><?p <! ?>" END, ""));
}

static void test_entities(void)
{
        g_autofree char *path = NULL;
        g_autofree char *external = NULL;
        int fd = g_file_open_tmp("aerostat-XXXXXX", &path, NULL);

        g_assert_cmpint(fd, >=, 0);
        g_assert_true(g_close(fd, NULL));
        external = g_strdup_printf(
                "<!DOCTYPE a [<!ENTITY x SYSTEM \"file://%s\">]>" START "<newName>&x;</newName>" END, path);
        g_assert_false(reads_text(external, "document type"));
        g_assert_false(
                reads_text("<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"
                           "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>" START "<newName>&c;</newName>" END,
                           "document type"));
        g_assert_false(reads_text("<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/a.dtd\">" START
                                  "<newName>a</newName>" END,
                                  "document type"));
        g_assert_false(reads_text(START "<newName>&x;</newName>" END, "not a SOAP document"));
        /* Encodings in which the look beforehand would see other letters than libxml2. */
        g_assert_false(
                reads_text("<?xml version=\"1.0\" encoding=\"UTF-7\"?>+ADw-!DOCTYPE a>" START END, ""));
        g_assert_true(reads_text(
                "<?xml version=\"1.0\" encoding=\"UTF-16\"?>" START "<newName>a</newName>" END, ""));
        g_assert_cmpint(g_unlink(path), ==, 0);
}

static void test_depth(void)
{
        g_autofree char *unknown = repeat(START, "<a>", 1000, "");
        g_autofree char *closed = repeat(START "<newName>a</newName>", "<a>", 60, "");
        g_autofree char *whole = repeat(closed, "</a>", 60, END);
        g_autofree char *open = repeat("", "[", 1000, "");
        g_autofree char *json = repeat(open, "]", 1000, "");
        g_autoptr(GError) error = NULL;

        g_assert_false(reads_text(unknown, "nested deeper"));
        g_assert_true(reads_text(whole, ""));
        g_assert_null(json_read_value(json, strlen(json), &error));
        g_assert_error(error, WIRE_ERROR, WIRE_ERROR_MALFORMED);
        g_assert_nonnull(strstr(error->message, "nested deeper"));
}

/* Deep in what is known: faults have faults as their causes. */
static void test_depth_of_values(void)
{
        g_autoptr(GString) text = g_string_new("<v xmlns=\"urn:vim25\" xmlns:xsi=\"http://www.w3.org/2001/"
                                               "XMLSchema-instance\" xsi:type=\"LocalizedMethodFault\">");
        g_autoptr(GError) error = NULL;
        g_autoptr(VimValue) value = NULL;

        for (unsigned i = 0; i < 30; i++)
                g_string_append(text, "<fault><faultCause>");
        g_string_append(text, "<fault/>");
        for (unsigned i = 0; i < 30; i++)
                g_string_append(text, "</faultCause></fault>");
        g_string_append(text, "</v>");
        value = soap_read_value(text->str, text->len, &error);
        g_assert_no_error(error);
        g_assert_nonnull(value);
}

static void test_attributes(void)
{
        GString *text = g_string_new(START "<newName");
        g_autofree char *large = NULL;
        g_autofree char *many = NULL;
        g_autofree char *spread = repeat(START "<newName>a</newName>", "<a b=\"\" c=\"\"/>", 50001, END);

        for (unsigned i = 0; i < 1000000; i++)
                g_string_append_printf(text, " a%06u=\"\"", i);
        g_string_append(text, ">a</newName>" END);
        large = g_string_free(text, FALSE);
        g_assert_cmpuint(strlen(large), >, 10 << 20);
        g_assert_false(reads_text(large, "larger than"));
        large[WIRE_BYTES_MAX - 1] = '\0';
        g_assert_false(reads_text(large, "attributes"));
        /* Namespaces in force on all levels. */
        text = g_string_new(START);
        for (unsigned i = 0; i < 20; i++) {
                g_string_append(text, "<a");
                for (unsigned j = 0; j < 50; j++)
                        g_string_append_printf(text, " xmlns:p%u-%u=\"u\"", i, j);
                g_string_append(text, ">");
        }
        many = g_string_free(text, FALSE);
        g_assert_false(reads_text(many, "too many attributes"));
        g_assert_false(reads_text(spread, "more than 100000 attributes"));
}

static void test_elements(void)
{
        g_autofree char *text = repeat(START, "<a/>", WIRE_VALUES_MAX, "<newName>a</newName>" END);
        g_autofree char *json =
                repeat("{\"_typeName\":\"ArrayOfInt\",\"_value\":[0", ",0", WIRE_VALUES_MAX, "]}");
        g_autoptr(GError) error = NULL;

        g_assert_false(reads_text(text, "elements"));
        g_assert_null(json_read_value(json, strlen(json), &error));
        g_assert_error(error, WIRE_ERROR, WIRE_ERROR_MALFORMED);
        g_assert_nonnull(strstr(error->message, "values"));
}

static void test_truncated(void)
{
        static const char text[] = "<?xml version=\"1.0\"?><!-- a -->" START
                                   "<newName xsi:type=\"xsd:string\">a&amp;<![CDATA[b]]></newName>" END;
        g_auto(WireCall) whole = {0};

        for (size_t length = 0; length < sizeof text - 1; length++) {
                /* In memory of its own, so that no byte behind it is read unseen. */
                g_autofree char *cut = g_memdup2(text, length);

                g_assert_false(reads(cut, length, ""));
        }
        g_assert_true(soap_read_call(text, sizeof text - 1, type_of, NULL, &whole, NULL));
        g_assert_cmpstr(vim_get_text(NULL, ""), ==, NULL);
        g_assert_cmpstr(whole.args[0]->text, ==, "a&b");
}

static void test_truncated_json(void)
{
        static const char text[] = "{\"newName\":\"a\\u00e9\\\"\",\"x\":[1,2.5e3,{\"a\":null}]}";
        const VimMethod *method = vim_type_method(vim_type("Folder"), "Rename_Task");

        for (size_t length = 1; length < sizeof text - 1; length++) {
                g_autofree char *cut = g_memdup2(text, length);
                g_autoptr(GError) error = NULL;
                VimValue **args = NULL;

                g_assert_false(json_read_args(cut, length, method, &args, &error));
                g_assert_error(error, WIRE_ERROR, WIRE_ERROR_MALFORMED);
                g_assert_null(args);
        }
}

static void test_bytes(void)
{
        static const char nul[] = START "<newName>a\0b</newName>" END;

        g_assert_false(reads(nul, sizeof nul - 1, "UTF-8"));
        g_assert_false(reads_text(START "<newName>\xff</newName>" END, "UTF-8"));
        g_assert_false(reads_text(START "<newName>&#0;</newName>" END, "not a SOAP document"));
        g_assert_false(reads_text(START "<newName>&#1;</newName>" END, "not a SOAP document"));
        g_assert_false(reads_text(START "<newName>\x01</newName>" END, "not a SOAP document"));
        g_assert_false(reads_text(START "<newName>&#xfffe;</newName>" END, "not a SOAP document"));
        g_assert_false(reads_text("", "empty"));
        g_assert_false(reads_text(" ", ""));
        g_assert_false(reads_text(START "<newName>a</newName>" END "<more/>", ""));
        g_assert_false(reads_text(START "<newName a=\"1\" a=\"2\">a</newName>" END, ""));
        g_assert_false(reads_text(START "<n:newName>a</n:newName>" END, ""));
}

static void test_json(void)
{
        static const char *const wrong[] = {
                "/* a */ 1",
                "// a\n1",
                "var a = 1;",
                "'a'",
                "\"\\u0000\"",
                "9223372036854775808",
                "\"a\x01\xff\"",
                "-9223372036854775809",
                "{\"a\":1",
                "[}",
                "#",
                "\\",
                "\"",
                "\"\\",
        };

        for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
                g_autoptr(GError) error = NULL;

                g_assert_null(json_read_value(wrong[i], strlen(wrong[i]), &error));
                if (!g_error_matches(error, WIRE_ERROR, WIRE_ERROR_MALFORMED))
                        g_error("%s: %s", wrong[i], error != NULL ? error->message : "taken");
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/vim-hostile/good", test_good);
        g_test_add_func("/vim-hostile/entities", test_entities);
        g_test_add_func("/vim-hostile/depth", test_depth);
        g_test_add_func("/vim-hostile/depth-of-values", test_depth_of_values);
        g_test_add_func("/vim-hostile/attributes", test_attributes);
        g_test_add_func("/vim-hostile/elements", test_elements);
        g_test_add_func("/vim-hostile/truncated", test_truncated);
        g_test_add_func("/vim-hostile/truncated-json", test_truncated_json);
        g_test_add_func("/vim-hostile/bytes", test_bytes);
        g_test_add_func("/vim-hostile/json", test_json);
        return g_test_run();
}
