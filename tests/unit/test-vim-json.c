/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The JSON form: what is taken, and what is sent. */
#include <glib.h>
#include <string.h>

#include "vim/json.h"

/* What a value is read as, written again; NULL: it is refused with that cause. */
static void assert_value(const char *text, const char *expected, const char *cause)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(VimValue) value = json_read_value(text, strlen(text), &error);
        g_autoptr(GString) json = NULL;

        if (expected == NULL) {
                g_assert_error(error, WIRE_ERROR, WIRE_ERROR_WRONG_VALUE);
                if (strstr(error->message, cause) == NULL)
                        g_error("\"%s\" does not say: %s", error->message, cause);
                return;
        }
        g_assert_no_error(error);
        json = json_write_any(value, VIM_NEWEST);
        g_assert_cmpstr(json->str, ==, expected);
}

static void test_values(void)
{
        assert_value("5", "{\"_typeName\":\"int\",\"_value\":5}", "");
        assert_value("5000000000", "{\"_typeName\":\"long\",\"_value\":5000000000}", "");
        assert_value("-9223372036854775808", "{\"_typeName\":\"long\",\"_value\":-9223372036854775808}", "");
        assert_value(" 0.5 ", "{\"_typeName\":\"double\",\"_value\":0.5}", "");
        assert_value("true", "{\"_typeName\":\"boolean\",\"_value\":true}", "");
        assert_value("\"\\n\\\"\\u00e9\"", "{\"_typeName\":\"string\",\"_value\":\"\\n\\\"é\"}", "");
        assert_value("{\"_typeName\":\"long\",\"_value\":\"7\"}", "{\"_typeName\":\"long\",\"_value\":7}",
                     "");
        assert_value("{\"_typeName\":\"ArrayOfShort\",\"_value\":[1,2]}",
                     "{\"_typeName\":\"ArrayOfShort\",\"_value\":[1,2]}", "");
        assert_value("{\"_typeName\":\"OptionValue\",\"key\":\"a\",\"value\":1,\"future\":{\"x\":[]}}",
                     "{\"_typeName\":\"OptionValue\",\"key\":\"a\",\"value\":{\"_typeName\":\"int\",\"_"
                     "value\":1}}",
                     "");
        assert_value("{\"_typeName\":\"OptionValue\",\"key\":\"a\",\"value\":null}",
                     "{\"_typeName\":\"OptionValue\",\"key\":\"a\"}", "");
        assert_value("{\"_typeName\":\"PropertySpec\",\"type\":\"Folder\",\"pathSet\":[]}",
                     "{\"_typeName\":\"PropertySpec\",\"type\":\"Folder\"}", "");
}

static void test_wrong_values(void)
{
        assert_value("null", NULL, "no value");
        assert_value("[1]", NULL, "_typeName");
        assert_value("{}", NULL, "_typeName");
        assert_value("{\"_typeName\":\"Nothing\"}", NULL, "Nothing");
        assert_value("{\"_typeName\":\"int\"}", NULL, "_value");
        assert_value("{\"_typeName\":\"int\",\"_value\":\"5\"}", NULL, "int");
        assert_value("{\"_typeName\":\"int\",\"_value\":5000000000}", NULL, "int");
        assert_value("{\"_typeName\":\"int\",\"_value\":1.5}", NULL, "int");
        assert_value("{\"_typeName\":\"string\",\"_value\":1}", NULL, "string");
        assert_value("{\"_typeName\":\"double\",\"_value\":1e999}", NULL, "double");
        assert_value("{\"_typeName\":\"ArrayOfInt\",\"_value\":{}}", NULL, "array");
        assert_value("{\"_typeName\":\"ArrayOfAnyType\",\"_value\":[{\"_typeName\":\"ArrayOfInt\",\"_"
                     "value\":[]}]}",
                     NULL, "list in a list");
        assert_value("{\"_typeName\":\"OptionValue\"}", NULL, "key");
        assert_value("{\"_typeName\":\"OptionValue\",\"key\":5}", NULL, "key");
        assert_value("{\"_typeName\":\"ManagedObjectReference\",\"type\":\"Folder\"}", NULL, "reference");
        assert_value("{\"_typeName\":\"ManagedObjectReference\",\"type\":\"OptionValue\",\"value\":\"a\"}",
                     NULL, "OptionValue");
        assert_value("{\"_typeName\":\"VirtualDeviceConfigSpec\",\"device\":{\"_typeName\":\"Event\"}}",
                     NULL, "device: Event is no VirtualDevice");
}

static bool read_args(const char *method, const char *text, VimValue ***ret, GError **error)
{
        return json_read_args(text, strlen(text), vim_type_method(vim_type("VirtualMachine"), method), ret,
                              error);
}

static void free_args(const char *name, VimValue **args)
{
        const VimMethod *method = vim_type_method(vim_type("VirtualMachine"), name);

        for (unsigned i = 0; i < method->n_params; i++)
                vim_unref(args[i]);
        g_free(args);
}

static void test_args(void)
{
        g_autoptr(GError) error = NULL;
        VimValue **args = NULL;

        (void)read_args("Rename_Task", "{\"newName\":\"a\",\"more\":1}", &args, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(args[0]->text, ==, "a");
        free_args("Rename_Task", args);
        (void)read_args("PowerOnVM_Task", "", &args, &error);
        g_assert_no_error(error);
        g_assert_null(args[0]);
        free_args("PowerOnVM_Task", args);
        (void)read_args("PowerOnVM_Task", "{\"host\":{\"type\":\"HostSystem\",\"value\":\"host-1\"}}", &args,
                        &error);
        g_assert_no_error(error);
        g_assert_true(vim_is(args[0], "HostSystem"));
        free_args("PowerOnVM_Task", args);
}

static void test_wrong_args(void)
{
        static const struct {
                const char *text;
                WireError code;
                const char *cause;
        } cases[] = {
                {"", WIRE_ERROR_WRONG_VALUE, "newName"},
                {"{}", WIRE_ERROR_WRONG_VALUE, "newName"},
                {"{\"newName\":null}", WIRE_ERROR_WRONG_VALUE, "newName"},
                {"{\"newName\":[\"a\"]}", WIRE_ERROR_WRONG_VALUE, "newName"},
                {"[]", WIRE_ERROR_MALFORMED, "object"},
                {"5", WIRE_ERROR_MALFORMED, "object"},
                {"{", WIRE_ERROR_MALFORMED, "JSON"},
        };

        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                VimValue **args = NULL;

                g_assert_false(read_args("Rename_Task", cases[i].text, &args, &error));
                g_assert_error(error, WIRE_ERROR, (int)cases[i].code);
                g_assert_nonnull(strstr(error->message, cases[i].cause));
                g_assert_null(args);
        }
}

static void test_plain(void)
{
        g_autoptr(VimValue) state = vim_new_enum("VirtualMachinePowerState", "poweredOn");
        g_autoptr(VimValue) list = vim_new_list("string");
        g_autoptr(GString) unset = json_write_value(NULL, VIM_NEWEST);
        g_autoptr(GString) word = json_write_value(state, VIM_NEWEST);
        g_autoptr(GString) words = NULL;

        vim_add(list, vim_new_string("a\tb\\"));
        vim_add(list, vim_new_string(""));
        words = json_write_value(list, VIM_NEWEST);
        g_assert_cmpstr(unset->str, ==, "null");
        g_assert_cmpstr(word->str, ==, "\"poweredOn\"");
        g_assert_cmpstr(words->str, ==, "[\"a\\tb\\\\\",\"\"]");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/vim-json/values", test_values);
        g_test_add_func("/vim-json/wrong-values", test_wrong_values);
        g_test_add_func("/vim-json/args", test_args);
        g_test_add_func("/vim-json/wrong-args", test_wrong_args);
        g_test_add_func("/vim-json/plain", test_plain);
        return g_test_run();
}
