/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tree of pools: checked as a whole, kept, and laid out so that the policy finds parents first. */
#include "scheduler/pools.h"

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

static void put_vm(Inventory *inventory, const char *uuid, const char *pool)
{
        g_autoptr(InventoryVm) vm = inventory_vm_new(uuid, uuid);

        g_free(vm->pool);
        vm->pool = g_strdup(pool);
        g_assert_true(inventory_vm_save(inventory, vm, NULL));
}

static void assert_vm_in(Inventory *inventory, const char *uuid, const char *pool)
{
        g_autoptr(InventoryVm) vm = inventory_vm_load(inventory, uuid, NULL);

        g_assert_cmpstr(vm->pool, ==, pool);
}

static void refuse_move(Pools *pools, const char *from, const char *to, GIOErrorEnum code)
{
        g_autoptr(GError) error = NULL;

        g_assert_false(pools_move(pools, from, to, &error));
        g_assert_error(error, G_IO_ERROR, (int)code);
        assert_laid_out(pools);
}

static void test_move(void)
{
        g_autoptr(Inventory) inventory = inventory_open(":memory:", NULL);
        g_autoptr(Pools) pools = pools_new(inventory, NULL), again = NULL;
        g_autoptr(GString) deep = g_string_new(NULL);

        for (const char *const *path =
                     (const char *const[]){"/a", "/a/b", "/a/b/c", "/a-", "/x", "/x/b", NULL};
             *path != NULL; path++)
                make(pools, *path);
        put_vm(inventory, "one", "/a/b/c");
        put_vm(inventory, "two", "/a-");
        put_vm(inventory, "three", "/a/b");

        refuse_move(pools, "/", "/y", G_IO_ERROR_NOT_FOUND);
        refuse_move(pools, "/none", "/y", G_IO_ERROR_NOT_FOUND);
        refuse_move(pools, "/a", "/none/a", G_IO_ERROR_NOT_FOUND);
        refuse_move(pools, "/a", "/a/b/a", G_IO_ERROR_INVALID_ARGUMENT);
        refuse_move(pools, "/a/b", "/x/b", G_IO_ERROR_EXISTS);
        refuse_move(pools, "/a", "/..", G_IO_ERROR_INVALID_ARGUMENT);
        assert_vm_in(inventory, "one", "/a/b/c");

        g_assert_true(pools_move(pools, "/a/b", "/x/new", NULL));
        assert_laid_out(pools);
        g_assert_false(pools_has(pools, "/a/b"));
        g_assert_true(pools_has(pools, "/x/new/c"));
        assert_vm_in(inventory, "one", "/x/new/c");
        assert_vm_in(inventory, "two", "/a-");
        assert_vm_in(inventory, "three", "/x/new");
        again = pools_new(inventory, NULL);
        g_assert_true(pools_has(again, "/x/new/c"));
        g_assert_false(pools_has(again, "/a/b/c"));

        /* What is below it counts, too. */
        for (unsigned i = 0; i < POOL_DEPTH_MAX - 1; i++) {
                g_string_append(deep, "/d");
                make(pools, deep->str);
        }
        g_string_append(deep, "/x");
        refuse_move(pools, "/x", deep->str, G_IO_ERROR_INVALID_ARGUMENT);
}

static void test_dissolve(void)
{
        g_autoptr(Inventory) inventory = inventory_open(":memory:", NULL);
        g_autoptr(Pools) pools = pools_new(inventory, NULL), again = NULL;
        g_autoptr(GError) error = NULL;

        for (const char *const *path =
                     (const char *const[]){"/a", "/a/b", "/a/b/c", "/a/taken", "/taken", "/a/b/d", NULL};
             *path != NULL; path++)
                make(pools, *path);
        put_vm(inventory, "one", "/a/b/c");
        put_vm(inventory, "two", "/a");

        /* One of two could be moved: neither is. */
        g_assert_false(pools_dissolve(pools, "/a", &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS);
        g_assert_true(pools_has(pools, "/a/b/c"));
        assert_laid_out(pools);
        assert_vm_in(inventory, "one", "/a/b/c");
        g_assert_false(pools_dissolve(pools, "/", NULL));

        g_assert_true(pools_delete(pools, "/taken", NULL));
        g_assert_true(pools_dissolve(pools, "/a", NULL));
        assert_laid_out(pools);
        g_assert_false(pools_has(pools, "/a"));
        g_assert_true(pools_has(pools, "/b/c") && pools_has(pools, "/b/d") && pools_has(pools, "/taken"));
        assert_vm_in(inventory, "one", "/b/c");
        assert_vm_in(inventory, "two", "/");
        again = pools_new(inventory, NULL);
        g_assert_true(pools_has(again, "/b/c"));
        g_assert_false(pools_has(again, "/a"));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/pools/tree", test_tree);
        g_test_add_func("/pools/refused", test_refused);
        g_test_add_func("/pools/depth", test_depth);
        g_test_add_func("/pools/delete", test_delete);
        g_test_add_func("/pools/move", test_move);
        g_test_add_func("/pools/dissolve", test_dissolve);
        return g_test_run();
}
