/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Datastores: paths as ESX writes them, folders of VMs made and deleted, and nothing outside of them. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "storage/datastore.h"
#include "unit.h"

typedef struct Store {
        char *path;
} Store;

static void set_up(Store *store, gconstpointer data)
{
        (void)data;
        store->path = g_dir_make_tmp("aerostat-datastore-XXXXXX", NULL);
        g_assert_nonnull(store->path);
}

static void remove_tree(const char *path)
{
        g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
        const char *name;

        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
                g_autofree char *file = g_build_filename(path, name, NULL);

                if (g_file_test(file, G_FILE_TEST_IS_DIR) && !g_file_test(file, G_FILE_TEST_IS_SYMLINK))
                        remove_tree(file);
                else
                        g_assert_cmpint(g_unlink(file), ==, 0);
        }
        g_assert_cmpint(g_rmdir(path), ==, 0);
}

static void tear_down(Store *store, gconstpointer data)
{
        (void)data;
        remove_tree(store->path);
        g_free(store->path);
}

static void touch(const char *folder, const char *name)
{
        g_autofree char *file = g_build_filename(folder, name, NULL);

        g_assert_true(g_file_set_contents(file, "x", 1, NULL));
}

static bool is_there(const char *folder, const char *name)
{
        g_autofree char *file = g_build_filename(folder, name, NULL);

        return g_file_test(file, G_FILE_TEST_EXISTS);
}

static void test_space(Store *store, gconstpointer data)
{
        g_autoptr(GError) error = NULL;
        g_autofree char *missing = g_build_filename(store->path, "missing", NULL);
        g_autofree char *file = g_build_filename(store->path, "file", NULL);
        DatastoreSpace space = {0};

        (void)data;
        g_assert_true(datastore_space(store->path, &space, &error));
        g_assert_cmpuint(space.capacity_bytes, >, 0);
        g_assert_cmpuint(space.free_bytes, <=, space.capacity_bytes);
        g_assert_false(datastore_space(missing, &space, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
        g_assert_nonnull(strstr(error->message, missing));
        touch(store->path, "file");
        g_assert_false(datastore_space(file, &space, NULL));
}

static char *make_home(Store *store, const char *name)
{
        g_autoptr(GError) error = NULL;
        char *home = datastore_make_home(store->path, name, NULL, NULL, &error);

        g_assert_no_error(error);
        g_assert_nonnull(home);
        return home;
}

static void test_make_home(Store *store, gconstpointer data)
{
        g_autofree char *first = make_home(store, "-web, \"1\":ä"),
                        *second = make_home(store, "-web, \"1\":ä");
        g_autofree char *name = g_path_get_basename(second),
                        *missing = g_build_filename(store->path, "no", NULL);
        g_autoptr(GError) error = NULL;
        struct stat st;

        (void)data;
        g_assert_cmpstr(name, ==, "-web, \"1\":ä_1");
        g_assert_cmpint(g_stat(first, &st), ==, 0);
        g_assert_true(S_ISDIR(st.st_mode));
        g_assert_cmpint(st.st_mode & 0777, ==, 0700);
        g_assert_null(datastore_make_home(missing, "web", NULL, NULL, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void test_remove_home(Store *store, gconstpointer data)
{
        g_autofree char *home = make_home(store, "web"), *other = make_home(store, "other");
        g_autofree char *link = g_build_filename(home, "link", NULL);
        g_autofree char *file_link = g_build_filename(home, "file-link", NULL);
        g_autofree char *file = g_build_filename(other, "kept", NULL);

        (void)data;
        touch(other, "kept");
        touch(home, "web.qcow2");
        g_assert_cmpint(symlink(other, link), ==, 0);
        g_assert_cmpint(symlink(file, file_link), ==, 0);
        g_assert_true(datastore_remove_home(store->path, home, NULL));
        g_assert_false(is_there(store->path, "web"));
        g_assert_true(is_there(other, "kept"));
        /* It is gone: nothing is left to do. */
        g_assert_true(datastore_remove_home(store->path, home, NULL));
}

static void assert_not_removed(const char *path, const char *home, GIOErrorEnum code)
{
        g_autoptr(GError) error = NULL;

        g_assert_false(datastore_remove_home(path, home, &error));
        g_assert_error(error, G_IO_ERROR, (int)code);
        g_assert_nonnull(strstr(error->message, home));
}

static void test_remove_refused(Store *store, gconstpointer data)
{
        g_autofree char *home = make_home(store, "web"), *deep = g_build_filename(home, "deep", NULL);
        g_autofree char *up = g_build_filename(home, "..", NULL);
        g_autofree char *link = g_build_filename(store->path, "link", NULL);
        g_autoptr(GError) error = NULL;

        (void)data;
        touch(home, "web.qcow2");
        assert_not_removed(store->path, store->path, G_IO_ERROR_INVALID_ARGUMENT);
        assert_not_removed(store->path, up, G_IO_ERROR_INVALID_ARGUMENT);
        assert_not_removed(store->path, deep, G_IO_ERROR_INVALID_ARGUMENT);
        assert_not_removed(home, store->path, G_IO_ERROR_INVALID_ARGUMENT);

        /* A folder that is none of the VM's: nothing goes. */
        g_assert_cmpint(g_mkdir(deep, 0700), ==, 0);
        assert_not_removed(store->path, home, G_IO_ERROR_FAILED);
        g_assert_true(is_there(home, "web.qcow2"));

        /* A link in the place of a VM's folder leads to files of others. */
        g_assert_cmpint(symlink(home, link), ==, 0);
        g_assert_false(datastore_remove_home(store->path, link, &error));
        g_assert_true(is_there(home, "web.qcow2"));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add("/datastore/space", Store, NULL, set_up, test_space, tear_down);
        g_test_add("/datastore/make-home", Store, NULL, set_up, test_make_home, tear_down);
        g_test_add("/datastore/remove-home", Store, NULL, set_up, test_remove_home, tear_down);
        g_test_add("/datastore/remove-refused", Store, NULL, set_up, test_remove_refused, tear_down);
        return g_test_run();
}
