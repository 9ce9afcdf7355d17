/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files on a datastore: no link leads out, copies are whole or not there, nothing is overwritten unasked. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "storage/store-file.h"

typedef struct Store {
        char *top, *root, *outside;
} Store;

static void set_up(Store *store, gconstpointer data)
{
        (void)data;
        store->top = g_dir_make_tmp("store-file-XXXXXX", NULL);
        store->root = g_build_filename(store->top, "root", NULL);
        store->outside = g_build_filename(store->top, "outside", NULL);
        g_assert_cmpint(g_mkdir(store->root, 0700), ==, 0);
        g_assert_cmpint(g_mkdir(store->outside, 0700), ==, 0);
}

static void tear_down(Store *store, gconstpointer data)
{
        g_autoptr(StoreFile) all = store_file_new("t", g_get_tmp_dir(), strrchr(store->top, '/') + 1);

        (void)data;
        g_assert_true(store_file_remove(all, NULL));
        g_free(store->top);
        g_free(store->root);
        g_free(store->outside);
}

static StoreFile *at(const Store *store, const char *rest)
{
        return store_file_new("ds", store->root, rest);
}

static void put(const Store *store, const char *rest, const char *text)
{
        g_autoptr(StoreFile) file = at(store, rest);

        g_assert_true(g_file_set_contents(file->path, text, -1, NULL));
}

static void assert_text(const Store *store, const char *rest, const char *expected)
{
        g_autoptr(StoreFile) file = at(store, rest);
        g_autofree char *text = NULL;

        if (!g_file_get_contents(file->path, &text, NULL, NULL))
                text = NULL;
        g_assert_cmpstr(text, ==, expected);
}

static void make(const Store *store, const char *rest)
{
        g_autoptr(StoreFile) folder = at(store, rest);
        g_autoptr(GError) error = NULL;

        g_assert_true(store_file_make_folder(folder, true, &error));
        g_assert_no_error(error);
}

static void assert_error(GError **error, GIOErrorEnum code, const char *begins)
{
        g_assert_error(*error, G_IO_ERROR, (int)code);
        if (!g_str_has_prefix((*error)->message, begins))
                g_error("\"%s\" does not begin with %s", (*error)->message, begins);
        g_clear_error(error);
}

/* Links at every place: to a folder outside, to a file outside, and one that leads back in. */
static void test_links(Store *store, gconstpointer data)
{
        g_autofree char *secret = g_build_filename(store->outside, "secret", NULL);
        g_autofree char *way = g_build_filename(store->root, "way", NULL);
        g_autofree char *leaf = g_build_filename(store->root, "leaf", NULL);
        static const char *const through[] = {"way/secret", "way/new", "leaf"};
        g_autoptr(StoreFile) plain = at(store, "plain"), way_file = at(store, "way");
        g_autofree char *text = NULL;
        g_autoptr(GError) error = NULL;

        (void)data;
        g_assert_true(g_file_set_contents(secret, "secret", -1, NULL));
        g_assert_cmpint(symlink(store->outside, way), ==, 0);
        g_assert_cmpint(symlink(secret, leaf), ==, 0);
        put(store, "plain", "plain");
        for (unsigned i = 0; i < G_N_ELEMENTS(through); i++) {
                g_autoptr(StoreFile) file = at(store, through[i]), copy = at(store, "copy");
                struct stat st;

                g_assert_cmpint(store_file_open(file, O_RDONLY, 0, &error), <, 0);
                assert_error(&error, G_IO_ERROR_NOT_SUPPORTED, "\"[ds] ");
                g_assert_false(store_file_stat(file, &st, &error));
                assert_error(&error, G_IO_ERROR_NOT_SUPPORTED, "\"[ds] ");
                g_assert_false(store_file_copy(file, copy, NULL, NULL, NULL, &error));
                g_clear_error(&error);
                g_assert_false(store_file_copy(plain, file, NULL, NULL, NULL, &error));
                g_clear_error(&error);
        }
        /* A link is deleted, not what it leads to. */
        g_assert_true(store_file_remove(way_file, &error));
        g_assert_no_error(error);
        g_assert_true(g_file_get_contents(secret, &text, NULL, NULL));
        g_assert_cmpstr(text, ==, "secret");
        g_assert_false(g_file_test(way, G_FILE_TEST_EXISTS));
}

static void test_folders(Store *store, gconstpointer data)
{
        g_autoptr(StoreFile) deep = at(store, "a/b/c"), file_below = at(store, "f/g"), all = at(store, "a"),
                             root = at(store, "");
        g_autoptr(GError) error = NULL;

        (void)data;
        g_assert_false(store_file_make_folder(deep, false, &error));
        assert_error(&error, G_IO_ERROR_NOT_FOUND, "\"[ds] a/b/c\"");
        make(store, "a/b/c");
        g_assert_false(store_file_make_folder(deep, true, &error));
        assert_error(&error, G_IO_ERROR_EXISTS, "\"[ds] a/b/c\"");
        put(store, "f", "");
        g_assert_false(store_file_make_folder(file_below, true, &error));
        assert_error(&error, G_IO_ERROR_NOT_FOUND, "\"[ds] f/g\"");
        put(store, "a/b/x", "x");
        g_assert_true(store_file_remove(all, &error));
        g_assert_false(store_file_remove(all, &error));
        assert_error(&error, G_IO_ERROR_NOT_FOUND, "\"[ds] a\"");
        g_assert_false(store_file_remove(root, &error));
        assert_error(&error, G_IO_ERROR_NOT_SUPPORTED, "\"[ds] \"");
        assert_text(store, "f", "");
}

static void test_rename(Store *store, gconstpointer data)
{
        g_autoptr(StoreFile) a = at(store, "a"), b = at(store, "b"), folder = at(store, "d"),
                             inside = at(store, "d/e");
        g_autoptr(GError) error = NULL;

        (void)data;
        put(store, "a", "a");
        put(store, "b", "b");
        make(store, "d");
        g_assert_false(store_file_rename(a, b, false, &error));
        assert_error(&error, G_IO_ERROR_EXISTS, "\"[ds] b\"");
        assert_text(store, "b", "b");
        g_assert_false(store_file_rename(a, folder, true, &error));
        assert_error(&error, G_IO_ERROR_EXISTS, "\"[ds] d\"");
        g_assert_true(store_file_rename(a, b, true, &error));
        assert_text(store, "b", "a");
        g_assert_false(store_file_rename(folder, inside, false, &error));
        g_clear_error(&error);
        g_assert_false(store_file_rename(a, inside, false, &error));
        assert_error(&error, G_IO_ERROR_NOT_FOUND, "\"[ds] a\"");
}

static void test_copy(Store *store, gconstpointer data)
{
        g_autoptr(StoreFile) sparse = at(store, "sparse"), copy = at(store, "copy"),
                             tree = at(store, "tree"), other = at(store, "other"),
                             inside = at(store, "tree/in");
        g_autoptr(GCancellable) cancellable = g_cancellable_new();
        g_autoptr(GError) error = NULL;
        struct stat st;
        int fd = open(sparse->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

        (void)data;
        g_assert_cmpint(fd, >=, 0);
        g_assert_cmpint((int)pwrite(fd, "begin", 5, 0), ==, 5);
        g_assert_cmpint((int)pwrite(fd, "middle", 6, 40 << 20), ==, 6);
        g_assert_cmpint(ftruncate(fd, 64 << 20), ==, 0);
        close(fd);
        g_assert_true(store_file_copy(sparse, copy, NULL, NULL, NULL, &error));
        g_assert_no_error(error);
        g_assert_cmpint(stat(copy->path, &st), ==, 0);
        g_assert_cmpint(st.st_size, ==, 64 << 20);
        g_assert_cmpint(st.st_blocks * 512, <, 1 << 20);
        {
                g_autofree char *a = NULL, *b = NULL;
                gsize size_a, size_b;

                g_assert_true(g_file_get_contents(sparse->path, &a, &size_a, NULL));
                g_assert_true(g_file_get_contents(copy->path, &b, &size_b, NULL));
                g_assert_cmpmem(a, size_a, b, size_b);
        }
        g_assert_false(store_file_copy(sparse, copy, NULL, NULL, NULL, &error));
        assert_error(&error, G_IO_ERROR_EXISTS, "\"[ds] copy\"");

        make(store, "tree/sub");
        put(store, "tree/sub/x", "x");
        put(store, "tree/y", "y");
        g_assert_true(store_file_copy(tree, other, NULL, NULL, NULL, &error));
        assert_text(store, "other/sub/x", "x");
        assert_text(store, "other/y", "y");
        g_assert_false(store_file_copy(tree, inside, NULL, NULL, NULL, &error));
        g_clear_error(&error);
        g_assert_false(g_file_test(inside->path, G_FILE_TEST_EXISTS));

        /* Cancelled: nothing is left. */
        g_assert_true(store_file_remove(copy, NULL));
        g_cancellable_cancel(cancellable);
        g_assert_false(store_file_copy(sparse, copy, NULL, NULL, cancellable, &error));
        assert_error(&error, G_IO_ERROR_CANCELLED, "\"[ds] sparse\"");
        g_assert_false(g_file_test(copy->path, G_FILE_TEST_EXISTS));
}

static bool collect(const StoreFile *file, const struct stat *st, gpointer user_data, GError **error)
{
        (void)error;
        g_string_append_printf(user_data, "%s%s ", file->rest, S_ISDIR(st->st_mode) ? "/" : "");
        return true;
}

static void test_walk(Store *store, gconstpointer data)
{
        g_autoptr(GString) seen = g_string_new(NULL);
        g_autoptr(StoreFile) root = at(store, ""), file = at(store, "b");
        g_autofree char *link = g_build_filename(store->root, "link", NULL);
        g_autoptr(GError) error = NULL;

        (void)data;
        make(store, "a/c");
        put(store, "a/c/x", "");
        put(store, "b", "");
        g_assert_cmpint(symlink("/", link), ==, 0);
        g_assert_true(store_file_walk(root, true, collect, seen, &error));
        g_assert_cmpstr(seen->str, ==, "a/ a/c/ a/c/x b ");
        g_string_truncate(seen, 0);
        g_assert_true(store_file_walk(root, false, collect, seen, &error));
        g_assert_cmpstr(seen->str, ==, "a/ b ");
        g_assert_false(store_file_walk(file, true, collect, seen, &error));
        assert_error(&error, G_IO_ERROR_NOT_FOUND, "\"[ds] b\"");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add("/store-file/links", Store, NULL, set_up, test_links, tear_down);
        g_test_add("/store-file/folders", Store, NULL, set_up, test_folders, tear_down);
        g_test_add("/store-file/rename", Store, NULL, set_up, test_rename, tear_down);
        g_test_add("/store-file/copy", Store, NULL, set_up, test_copy, tear_down);
        g_test_add("/store-file/walk", Store, NULL, set_up, test_walk, tear_down);
        return g_test_run();
}
