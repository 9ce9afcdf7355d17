/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NAME.vmx: what is written is read again, and what others wrote is not believed. */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "operation/vmx.h"

static GHashTable *must_parse(const char *text)
{
        g_autoptr(GError) error = NULL;
        GHashTable *values = vmx_parse(text, &error);

        g_assert_no_error(error);
        return values;
}

static void test_round_trip(void)
{
        static const char *const values[] = {"",           "plain", "a \"b\" | c", "line\nbreak\ttab\r",
                                             "Größe 漢字", "|22",   "#no = \"x\""};
        g_autoptr(GString) text = g_string_new("# a comment\n\n");
        g_autoptr(GHashTable) read = NULL;

        for (unsigned i = 0; i < G_N_ELEMENTS(values); i++) {
                g_autofree char *key = g_strdup_printf("aerostat.disk.%u", i);

                vmx_append(text, key, values[i]);
        }
        read = must_parse(text->str);
        g_assert_cmpuint(g_hash_table_size(read), ==, G_N_ELEMENTS(values));
        for (unsigned i = 0; i < G_N_ELEMENTS(values); i++) {
                g_autofree char *key = g_strdup_printf("aerostat.disk.%u", i);

                g_assert_cmpstr(g_hash_table_lookup(read, key), ==, values[i]);
        }
}

static void test_other_writers(void)
{
        g_autoptr(GHashTable) read =
                must_parse(".encoding=\"UTF-8\"\r\n  memsize   =\t\"64\"  \r\nscsi0:0.present = \"TRUE\"");

        g_assert_cmpstr(g_hash_table_lookup(read, ".encoding"), ==, "UTF-8");
        g_assert_cmpstr(g_hash_table_lookup(read, "memsize"), ==, "64");
        g_assert_cmpstr(g_hash_table_lookup(read, "scsi0:0.present"), ==, "TRUE");
}

static void test_refused(void)
{
        static const char *const texts[] = {
                "odd",
                "= \"x\"",
                "a",
                "a =",
                "a = x",
                "a = \"x",
                "a = \"x\" y",
                "a = \"|\"",
                "a = \"|2\"",
                "a = \"|zz\"",
                "a = \"|00\"",
                "a = \"\xff\"",
                "a = \"|FF\"",
                "a b = \"x\"",
                "a\"b = \"x\"",
                "ä = \"x\"",
                "a = \"1\"\na = \"2\"",
        };

        for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(GHashTable) values = vmx_parse(texts[i], &error);

                if (values != NULL)
                        g_error("taken: %s", texts[i]);
                g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
                g_assert_true(g_str_has_prefix(error->message, "line "));
        }
}

static void assert_unread(const char *path)
{
        g_autoptr(GError) error = NULL;

        g_assert_null(vmx_read_file(path, 10, &error));
        g_assert_nonnull(strstr(error->message, path));
}

static void test_files(void)
{
        g_autoptr(GError) error = NULL;
        g_autofree char *folder = g_dir_make_tmp("aerostat-vmx-XXXXXX", &error);
        g_autofree char *file = g_build_filename(folder, "a.vmx", NULL);
        g_autofree char *link = g_build_filename(folder, "link", NULL);
        g_autofree char *pipe = g_build_filename(folder, "pipe", NULL);
        g_autofree char *text = NULL;

        assert_unread(file);
        assert_unread(folder);
        g_assert_true(g_file_set_contents(file, "1234567890", -1, NULL));
        text = vmx_read_file(file, 10, &error);
        g_assert_cmpstr(text, ==, "1234567890");
        g_assert_true(g_file_set_contents(file, "12345678901", -1, NULL));
        assert_unread(file);
        g_assert_true(g_file_set_contents(file, "a\0b", 3, NULL));
        assert_unread(file);
        g_assert_true(g_file_set_contents(file, "short", -1, NULL));
        g_assert_cmpint(symlink(file, link), ==, 0);
        assert_unread(link);
        /* Nobody writes to it, and nobody waits for that. */
        g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
        assert_unread(pipe);
        g_assert_cmpint(g_unlink(pipe) + g_unlink(link) + g_unlink(file) + g_rmdir(folder), ==, 0);
}

int main(int argc, char *argv[])
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/vmx/round-trip", test_round_trip);
        g_test_add_func("/vmx/other-writers", test_other_writers);
        g_test_add_func("/vmx/refused", test_refused);
        g_test_add_func("/vmx/files", test_files);
        return g_test_run();
}
