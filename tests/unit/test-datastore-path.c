/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths on datastores: what is taken, what is refused, and that nothing that is taken leads out. */
#include <string.h>

#include "storage/datastore-path.h"

static void test_parse(void)
{
        static const char *const wrong[] = {"",           "store",       "[store]",      "[store] ",
                                            "[] a",       "[s] /",       "[s] a/..",     "[s] a/../b",
                                            "[s] ..",     "[s] a/",      "[s] ./",       "[s] a\nb",
                                            "store] a/b", "[s]a",        "[s] a\xff",    "[s] a/.",
                                            "[s",         "[s] .",       "[s] a/b/../c", " [s] a",
                                            "[s] //",     "[s] \xc2\x85"};
        static const char *const same[] = {"[s] a/b",   "[s] /a/b",  "[s] a//b",
                                           "[s] ./a/b", "[s] a/./b", "[s] /.//a/././b"};
        g_autofree char *name = NULL, *rest = NULL;

        g_assert_true(datastore_parse("[store 1] web01/web01-000001.qcow2", &name, &rest, NULL));
        g_assert_cmpstr(name, ==, "store 1");
        g_assert_cmpstr(rest, ==, "web01/web01-000001.qcow2");
        for (unsigned i = 0; i < G_N_ELEMENTS(same); i++) {
                g_autofree char *store = NULL, *path = NULL;

                g_assert_true(datastore_parse(same[i], &store, &path, NULL));
                g_assert_cmpstr(store, ==, "s");
                g_assert_cmpstr(path, ==, "a/b");
        }
        for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
                g_autoptr(GError) error = NULL;
                char *no_name = NULL, *no_rest = NULL;

                g_assert_false(datastore_parse(wrong[i], &no_name, &no_rest, &error));
                g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
                g_assert_true(g_utf8_validate(error->message, -1, NULL));
                g_assert_null(no_name);
                g_assert_null(no_rest);
        }
}

static void assert_formatted(const char *path, const char *file, const char *expected)
{
        g_autofree char *text = datastore_format("s", path, file);

        g_assert_cmpstr(text, ==, expected);
}

static void test_format(void)
{
        assert_formatted("/vm/store", "/vm/store/web/web.qcow2", "[s] web/web.qcow2");
        assert_formatted("/vm/store/", "/vm/store//web/web.qcow2", "[s] web/web.qcow2");
        assert_formatted("/", "/web/web.qcow2", "[s] web/web.qcow2");
        assert_formatted("/vm/store", "/vm/store2/web.qcow2", NULL);
        assert_formatted("/vm/store", "/vm/store", NULL);
        assert_formatted("/vm/store", "/vm/store/../secret", NULL);
        assert_formatted("/vm/store", "/vm/other", NULL);
}

static void assert_folder(const char *text, const char *expected_name, const char *expected_rest)
{
        g_autofree char *name = NULL, *rest = NULL;
        g_autoptr(GError) error = NULL;

        g_assert_true(datastore_parse_folder(text, &name, &rest, &error));
        g_assert_no_error(error);
        g_assert_cmpstr(name, ==, expected_name);
        g_assert_cmpstr(rest, ==, expected_rest);
}

static void test_folder(void)
{
        static const char *const wrong[] = {"",          "[]", "[] ", "[s]a", "[s] ..", "[s] ../a",
                                            "[s] a/../", "[s", "s",   "[s]/", "[\xff]", "[s] a\r"};

        assert_folder("[s]", "s", "");
        assert_folder("[s] ", "s", "");
        assert_folder("[s 1] a", "s 1", "a");
        assert_folder("[s] a/", "s", "a");
        assert_folder("[s] a/b c/", "s", "a/b c");
        assert_folder("[s] /", "s", "");
        assert_folder("[s] .", "s", "");
        assert_folder("[s] ./", "s", "");
        assert_folder("[s] /a//b/./", "s", "a/b");
        assert_folder("[a]b]", "a]b", "");
        assert_folder("[s] ...", "s", "...");
        for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
                g_autoptr(GError) error = NULL;
                char *no_name = NULL, *no_rest = NULL;

                if (datastore_parse_folder(wrong[i], &no_name, &no_rest, &error))
                        g_error("\"%s\" was taken", wrong[i]);
                g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
                g_assert_true(g_utf8_validate(error->message, -1, NULL));
                g_assert_null(no_name);
        }
}

/* Bounds of length and depth. */
static void test_bounds(void)
{
        g_autoptr(GString) deep = g_string_new("[s] a"), longest = g_string_new("[s] ");
        g_autofree char *name = NULL, *rest = NULL, *wide = NULL, *component = g_strnfill(256, 'x');

        for (unsigned i = 1; i < DATASTORE_DEPTH_MAX; i++)
                g_string_append(deep, "/a");
        g_assert_true(datastore_parse(deep->str, &name, &rest, NULL));
        g_string_append(deep, "/a");
        g_clear_pointer(&name, g_free);
        g_clear_pointer(&rest, g_free);
        g_assert_false(datastore_parse(deep->str, &name, &rest, NULL));
        wide = g_strdup_printf("[s] %s", component);
        g_assert_false(datastore_parse(wide, &name, &rest, NULL));
        component[255] = '\0';
        while (longest->len <= DATASTORE_PATH_MAX)
                g_string_append_printf(longest, "%s/", component);
        g_string_append_c(longest, 'x');
        g_assert_false(datastore_parse(longest->str, &name, &rest, NULL));
}

/* What was taken stays below, whatever it is made of, and is taken as the same again. */
static void check_taken(const char *name, const char *rest)
{
        g_autofree char *joined = g_strconcat("/vm/store/", rest, NULL);
        g_autofree char *clean = g_canonicalize_filename(joined, "/");
        g_autofree char *back = datastore_format(name, "/vm/store", joined);
        g_autofree char *again_name = NULL, *again = NULL;

        g_assert_cmpstr(clean, ==, joined);
        g_assert_true(g_str_has_prefix(clean, "/vm/store/"));
        g_assert_true(g_utf8_validate(rest, -1, NULL));
        g_assert_true(datastore_parse(back, &again_name, &again, NULL));
        g_assert_cmpstr(again_name, ==, name);
        g_assert_cmpstr(again, ==, rest);
}

static void test_random(void)
{
        static const char *const pieces[] = {
                "[",   "]",    " ",        "] ",           "/",    "..",   ".",  "a",   "b c", "\\", "\n",
                "%2e", "\xff", "\xc3\xa9", "\xe2\x80\xa8", "[s] ", "/../", "//", "\x7f"};
        unsigned taken = 0;

        for (unsigned i = 0; i < 300000; i++) {
                g_autoptr(GString) text = g_string_new(g_test_rand_int_range(0, 4) != 0 ? "[s] " : "");
                g_autofree char *name = NULL, *rest = NULL, *folder_name = NULL, *folder = NULL;

                for (int n = g_test_rand_int_range(0, 8); n > 0; n--)
                        g_string_append(text, pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))]);
                if (datastore_parse(text->str, &name, &rest, NULL)) {
                        check_taken(name, rest);
                        /* A file's path is a folder's, too. */
                        g_assert_true(datastore_parse_folder(text->str, &folder_name, &folder, NULL));
                        g_assert_cmpstr(folder, ==, rest);
                        taken++;
                } else if (datastore_parse_folder(text->str, &folder_name, &folder, NULL) &&
                           folder[0] != '\0') {
                        check_taken(folder_name, folder);
                }
        }
        g_assert_cmpuint(taken, >, 1000);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/datastore-path/parse", test_parse);
        g_test_add_func("/datastore-path/format", test_format);
        g_test_add_func("/datastore-path/folder", test_folder);
        g_test_add_func("/datastore-path/bounds", test_bounds);
        g_test_add_func("/datastore-path/random", test_random);
        return g_test_run();
}
