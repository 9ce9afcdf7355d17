/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tree of pools: checked as a whole, kept, and laid out so that the policy finds parents first. */
#include "daemon/pools.h"

#define MIB ((uint64_t)1 << 20)

static InventoryPool normal(const char *path)
{
        return (InventoryPool){.path = (char *)(gintptr)path,
                               .shares = (char *)(gintptr) "normal",
                               .limit_mib = -1,
                               .expandable = true};
}

static void make(Pools *pools, const char *path)
{
        const InventoryPool pool = normal(path);
        g_autoptr(GError) error = NULL;

        g_assert_true(pools_set(pools, &pool, &error));
        g_assert_no_error(error);
}

static void assert_laid_out(Pools *pools)
{
        size_t n;
        const struct policy_pool *array = pools_array(pools, &n);

        g_assert_cmpuint(array[POLICY_ROOT].parent, ==, POLICY_ROOT);
        g_assert_null(pools_get(pools, POLICY_ROOT));
        for (uint32_t i = 1; i < n; i++) {
                const InventoryPool *pool = pools_get(pools, i);
                g_autofree char *parent = g_path_get_dirname(pool->path);

                g_assert_cmpuint(pools_index(pools, pool->path), ==, i);
                g_assert_cmpuint(array[i].parent, ==, pools_index(pools, parent));
                g_assert_cmpuint(array[i].parent, <, i);
        }
}

static void test_tree(void)
{
        g_autoptr(Inventory) inventory = inventory_open(":memory:", NULL);
        g_autoptr(Pools) pools = pools_new(inventory, NULL), again = NULL;
        InventoryPool pool;
        size_t n;

        for (const char *const *path =
                     (const char *const[]){"/b", "/a-b", "/a", "/a/z", "/a/b", "/a-b/c", "/a/b/ü", NULL};
             *path != NULL; path++) {
                make(pools, *path);
                assert_laid_out(pools);
        }
        pool = normal("/a/b");
        pool.shares = (char *)(gintptr) "77";
        pool.reservation_mib = 10;
        pool.limit_mib = 20;
        pool.expandable = false;
        g_assert_true(pools_set(pools, &pool, NULL));
        assert_laid_out(pools);

        /* As another daemon finds it. */
        again = pools_new(inventory, NULL);
        assert_laid_out(again);
        const struct policy_pool *array = pools_array(again, &n);
        g_assert_cmpuint(n, ==, 8);
        array += pools_index(again, "/a/b");
        g_assert_cmpuint(array->shares, ==, 77);
        g_assert_cmpuint(array->reservation_bytes, ==, 10 * MIB);
        g_assert_cmpuint(array->limit_bytes, ==, 20 * MIB);
        g_assert_false(array->expandable);
        array = pools_array(again, &n);
        g_assert_cmpuint(array[pools_index(again, "/b")].limit_bytes, ==, POLICY_UNLIMITED);
        g_assert_cmpuint(pools_index(again, "/nowhere"), ==, POLICY_ROOT);
}

static void refuse(Pools *pools, const InventoryPool *pool, GIOErrorEnum code)
{
        g_autoptr(GError) error = NULL;

        g_assert_false(pools_set(pools, pool, &error));
        g_assert_error(error, G_IO_ERROR, (int)code);
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        g_assert_null(strchr(error->message, '\n'));
}

static void test_refused(void)
{
        static const char *const paths[] = {"",          "/",     "a",     "//",      "/a/",
                                            "/a//b",     "/.",    "/..",   "/a/../b", "/a\nb",
                                            "/\xff\xfe", "/a\tb", "a/b/c", "/\x7f"};
        g_autoptr(Inventory) inventory = inventory_open(":memory:", NULL);
        g_autoptr(Pools) pools = pools_new(inventory, NULL);
        g_autofree char *long_name = g_strnfill(66, 'x');
        InventoryPool pool;
        size_t n;

        long_name[0] = '/';
        make(pools, "/a");
        for (unsigned i = 0; i < G_N_ELEMENTS(paths); i++) {
                pool = normal(paths[i]);
                refuse(pools, &pool, G_IO_ERROR_INVALID_ARGUMENT);
        }
        pool = normal(long_name);
        refuse(pools, &pool, G_IO_ERROR_INVALID_ARGUMENT);
        pool = normal("/c/d");
        refuse(pools, &pool, G_IO_ERROR_NOT_FOUND);

        pool = normal("/b");
        pool.shares = (char *)(gintptr) "many";
        refuse(pools, &pool, G_IO_ERROR_INVALID_ARGUMENT);
        pool = normal("/b");
        pool.reservation_mib = -1;
        refuse(pools, &pool, G_IO_ERROR_INVALID_ARGUMENT);
        pool.reservation_mib = INT64_MAX;
        refuse(pools, &pool, G_IO_ERROR_INVALID_ARGUMENT);
        pool = normal("/b");
        pool.limit_mib = -2;
        refuse(pools, &pool, G_IO_ERROR_INVALID_ARGUMENT);
        pool.limit_mib = 9;
        pool.reservation_mib = 10;
        refuse(pools, &pool, G_IO_ERROR_INVALID_ARGUMENT);

        (void)pools_array(pools, &n);
        g_assert_cmpuint(n, ==, 2);
        g_autoptr(GPtrArray) kept = inventory_pools(inventory, NULL);
        g_assert_cmpuint(kept->len, ==, 1);
}

static void test_depth(void)
{
        g_autoptr(Inventory) inventory = inventory_open(":memory:", NULL);
        g_autoptr(Pools) pools = pools_new(inventory, NULL);
        g_autoptr(GString) path = g_string_new(NULL);
        InventoryPool pool;

        for (unsigned depth = 1; depth <= POOL_DEPTH_MAX; depth++) {
                g_string_append(path, "/x");
                make(pools, path->str);
        }
        g_string_append(path, "/x");
        pool = normal(path->str);
        refuse(pools, &pool, G_IO_ERROR_INVALID_ARGUMENT);
}

static void test_delete(void)
{
        g_autoptr(Inventory) inventory = inventory_open(":memory:", NULL);
        g_autoptr(Pools) pools = pools_new(inventory, NULL);
        g_autoptr(GError) below = NULL, root = NULL, none = NULL;

        make(pools, "/a");
        make(pools, "/a/b");
        make(pools, "/a-");
        g_assert_false(pools_delete(pools, "/a", &below));
        g_assert_error(below, G_IO_ERROR, G_IO_ERROR_BUSY);
        g_assert_nonnull(strstr(below->message, "/a/b"));
        g_assert_false(pools_delete(pools, "/", &root));
        g_assert_error(root, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
        g_assert_false(pools_delete(pools, "/c", &none));
        g_assert_error(none, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
        g_assert_true(pools_delete(pools, "/a/b", NULL));
        assert_laid_out(pools);
        g_assert_true(pools_delete(pools, "/a", NULL));
        assert_laid_out(pools);
        g_assert_false(pools_has(pools, "/a"));
        g_assert_true(pools_has(pools, "/a-"));
        g_assert_true(pools_has(pools, "/"));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/pools/tree", test_tree);
        g_test_add_func("/pools/refused", test_refused);
        g_test_add_func("/pools/depth", test_depth);
        g_test_add_func("/pools/delete", test_delete);
        return g_test_run();
}
