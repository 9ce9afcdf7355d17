/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files beneath a VM's disks and snapshots: what may be merged, what may go, and what must stay. */
#include <glib/gstdio.h>

#include "operation/snapshot-tree.h"
#include "storage/disk.h"
#include "unit.h"

typedef struct Folder {
        char *path;
} Folder;

static void set_up(Folder *folder, gconstpointer data)
{
        (void)data;
        folder->path = g_dir_make_tmp("aerostat-tree-XXXXXX", NULL);
        g_assert_nonnull(folder->path);
}

static void tear_down(Folder *folder, gconstpointer data)
{
        g_autoptr(GDir) dir = g_dir_open(folder->path, 0, NULL);
        const char *name;

        (void)data;
        while ((name = g_dir_read_name(dir)) != NULL) {
                g_autofree char *file = g_build_filename(folder->path, name, NULL);

                g_assert_cmpint(g_unlink(file), ==, 0);
        }
        g_assert_cmpint(g_rmdir(folder->path), ==, 0);
        g_free(folder->path);
}

static char *in(Folder *folder, const char *name)
{
        return g_build_filename(folder->path, name, NULL);
}

static void make(Folder *folder, const char *name, const char *backing)
{
        g_autofree char *path = in(folder, name), *base = backing != NULL ? in(folder, backing) : NULL;
        g_autoptr(GError) error = NULL;
        bool well = backing != NULL ? disk_create_overlay(path, base, "qcow2", &error)
                                    : disk_create(path, 1 << 20, DISK_THIN, &error);

        g_assert_no_error(error);
        g_assert_true(well);
}

static TreeFile *add(Folder *folder, Tree *tree, const char *name)
{
        g_autofree char *path = in(folder, name);
        g_autoptr(GError) error = NULL;
        TreeFile *file = tree_add(tree, path, &error);

        g_assert_no_error(error);
        g_assert_nonnull(file);
        return file;
}

static void assert_merge(const Tree *tree, const char *into, const char *child)
{
        TreeFile *lower = NULL, *upper = NULL;

        if (into == NULL) {
                g_assert_false(tree_next_merge(tree, &lower, &upper));
                return;
        }
        g_assert_true(tree_next_merge(tree, &lower, &upper));
        g_assert_true(g_str_has_suffix(lower->path, into));
        g_assert_true(g_str_has_suffix(upper->path, child));
}

static void test_number(void)
{
        g_assert_cmpuint(tree_overlay_number("/a/web-000012.qcow2"), ==, 12);
        g_assert_cmpuint(tree_overlay_number("/a/web-1-999999.qcow2"), ==, 999999);
        g_assert_cmpuint(tree_overlay_number("/a/web.qcow2"), ==, 0);
        g_assert_cmpuint(tree_overlay_number("/a/web-00001.qcow2"), ==, 0);
        g_assert_cmpuint(tree_overlay_number("/a/web-00000a.qcow2"), ==, 0);
        g_assert_cmpuint(tree_overlay_number("/a/web-000001.raw"), ==, 0);
        g_assert_cmpuint(tree_overlay_number("-000001.qcow2"), ==, 0);
        g_assert_cmpuint(tree_overlay_number(""), ==, 0);
}

/* golden <- web <- 1 <- 2, which the VM writes to; nobody but the VM's snapshots has frozen anything. */
static void test_merge_order(Folder *folder, gconstpointer data)
{
        g_autoptr(Tree) tree = tree_new();

        (void)data;
        make(folder, "golden.qcow2", NULL);
        make(folder, "web.qcow2", "golden.qcow2");
        make(folder, "web-000001.qcow2", "web.qcow2");
        make(folder, "web-000002.qcow2", "web-000001.qcow2");
        add(folder, tree, "web-000002.qcow2")->active = true;
        g_assert_true(tree_has_unmerged(tree));
        /* From below, and the image that the VM was made from is nobody's to write to. */
        assert_merge(tree, "/web.qcow2", "/web-000001.qcow2");
        add(folder, tree, "web.qcow2")->named = true;
        assert_merge(tree, "/web-000001.qcow2", "/web-000002.qcow2");
        add(folder, tree, "web-000001.qcow2")->named = true;
        assert_merge(tree, NULL, NULL);
        g_assert_false(tree_has_unmerged(tree));
}

static void test_branches(Folder *folder, gconstpointer data)
{
        g_autoptr(Tree) tree = tree_new(), fewer = tree_new();
        TreeFile *base;

        (void)data;
        make(folder, "web.qcow2", NULL);
        make(folder, "web-000001.qcow2", "web.qcow2");
        make(folder, "web-000002.qcow2", "web.qcow2");
        base = add(folder, tree, "web-000001.qcow2")->backing;
        add(folder, tree, "web-000002.qcow2")->active = true;
        add(folder, tree, "web-000001.qcow2")->named = true;
        g_assert_cmpuint(base->children->len, ==, 2);
        assert_merge(tree, NULL, NULL);
        g_assert_true(tree_has_unmerged(tree));

        /* One branch is gone: now it can be. */
        add(folder, fewer, "web-000002.qcow2")->active = true;
        assert_merge(fewer, "/web.qcow2", "/web-000002.qcow2");
}

static void test_clones(Folder *folder, gconstpointer data)
{
        g_autoptr(Tree) tree = tree_new();

        (void)data;
        make(folder, "web.qcow2", NULL);
        make(folder, "web-000001.qcow2", "web.qcow2");
        make(folder, "web-000002.qcow2", "web-000001.qcow2");
        make(folder, "web-000003.qcow2", "web-000002.qcow2");
        add(folder, tree, "web-000003.qcow2")->active = true;
        add(folder, tree, "web-000001.qcow2")->named = true;
        add(folder, tree, "web-000002.qcow2")->named = true;
        assert_merge(tree, "/web.qcow2", "/web-000001.qcow2");
        /* Clones read everything beneath the file that they stand on. */
        add(folder, tree, "web-000002.qcow2")->cloned = true;
        assert_merge(tree, NULL, NULL);
        g_assert_true(tree_has_unmerged(tree));
}

static bool has(const GPtrArray *paths, const char *name)
{
        for (unsigned i = 0; i < paths->len; i++)
                if (g_str_has_suffix(paths->pdata[i], name))
                        return true;
        return false;
}

static void test_dropped(Folder *folder, gconstpointer data)
{
        g_autoptr(Tree) before = tree_new(), after = tree_new();
        g_autoptr(GPtrArray) dropped = NULL;

        (void)data;
        make(folder, "web.qcow2", NULL);
        make(folder, "web-000001.qcow2", "web.qcow2");
        make(folder, "web-000002.qcow2", "web.qcow2");
        make(folder, "web-000003.qcow2", "web.qcow2");
        make(folder, "kept.qcow2", "web-000003.qcow2");
        make(folder, "other.qcow2", NULL);
        add(folder, before, "web-000001.qcow2");
        add(folder, before, "web-000002.qcow2");
        add(folder, before, "web-000003.qcow2");
        add(folder, before, "other.qcow2");
        add(folder, after, "web-000001.qcow2");
        dropped = tree_dropped(before, after);
        g_assert_cmpuint(dropped->len, ==, 1);
        g_assert_true(has(dropped, "/web-000002.qcow2"));
}

static void test_loop(Folder *folder, gconstpointer data)
{
        g_autofree char *web = in(folder, "web.qcow2"), *over = in(folder, "web-000001.qcow2");
        g_autoptr(Tree) tree = tree_new();
        g_autoptr(GError) error = NULL;

        (void)data;
        make(folder, "base.qcow2", NULL);
        make(folder, "web.qcow2", "base.qcow2");
        make(folder, "web-000001.qcow2", "web.qcow2");
        g_assert_true(disk_set_backing(web, over, "qcow2", NULL));
        g_assert_null(tree_add(tree, over, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

#define ADD(name, test) g_test_add("/snapshot-tree/" name, Folder, NULL, set_up, test, tear_down)

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/snapshot-tree/number", test_number);
        ADD("merge-order", test_merge_order);
        ADD("branches", test_branches);
        ADD("clones", test_clones);
        ADD("dropped", test_dropped);
        ADD("loop", test_loop);
        return g_test_run();
}
