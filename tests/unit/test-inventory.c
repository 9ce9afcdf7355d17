/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The inventory: what was saved is there again, and a file that cannot be used is refused by name. */
#include <glib/gstdio.h>
#include <sched.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <unistd.h>

#include "inventory/inventory.h"
#include "inventory/object-id.h"
#include "inventory/sample.h"

#define UUID "11111111-2222-3333-4444-555555555555"

typedef struct Folder {
        char *path, *file;
} Folder;

static void set_up(Folder *folder, gconstpointer data)
{
        g_autoptr(GError) error = NULL;

        (void)data;
        folder->path = g_dir_make_tmp("aerostat-inventory-XXXXXX", &error);
        g_assert_no_error(error);
        folder->file = g_build_filename(folder->path, "inventory.sqlite", NULL);
}

static void remove_files(const char *path)
{
        g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
        const char *name;

        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
                g_autofree char *file = g_build_filename(path, name, NULL);

                g_assert_cmpint(g_unlink(file), ==, 0);
        }
}

static void tear_down(Folder *folder, gconstpointer data)
{
        (void)data;
        remove_files(folder->path);
        g_assert_cmpint(g_rmdir(folder->path), ==, 0);
        g_free(folder->path);
        g_free(folder->file);
}

static Inventory *must_open(const char *path)
{
        g_autoptr(GError) error = NULL;
        Inventory *inventory = inventory_open(path, &error);

        g_assert_no_error(error);
        g_assert_nonnull(inventory);
        return inventory;
}

static void assert_refused(const char *path, GIOErrorEnum code, const char *why)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Inventory) inventory = inventory_open(path, &error);

        g_assert_null(inventory);
        g_assert_error(error, G_IO_ERROR, (int)code);
        g_assert_nonnull(strstr(error->message, path));
        g_assert_nonnull(strstr(error->message, why));
}

static void save_vm(Inventory *inventory, const char *pool, bool stopped, const char *shares)
{
        g_autoptr(InventoryVm) vm = inventory_vm_new(UUID, "web \"1\"; DROP TABLE vm");
        g_autoptr(GError) error = NULL;

        g_free(vm->pool);
        vm->pool = g_strdup(pool);
        vm->stopped = stopped;
        if (shares != NULL)
                g_hash_table_insert(vm->options, g_strdup("sched.mem.shares"), g_strdup(shares));
        g_hash_table_insert(vm->options, g_strdup("sched.mem.min"), g_strdup("512"));
        g_assert_true(inventory_vm_save(inventory, vm, &error));
        g_assert_no_error(error);
}

/* Closed and opened again, as after the end of the daemon. */
static void test_vm(Folder *folder, gconstpointer data)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Inventory) inventory = must_open(folder->file);
        g_autoptr(InventoryVm) unknown = inventory_vm_load(inventory, UUID, &error);
        g_autoptr(InventoryVm) vm = NULL, changed = NULL;

        (void)data;
        g_assert_null(unknown);
        g_assert_no_error(error);
        save_vm(inventory, "/prod/ä", true, "high");
        inventory_close(g_steal_pointer(&inventory));

        inventory = must_open(folder->file);
        vm = inventory_vm_load(inventory, UUID, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(vm->uuid, ==, UUID);
        g_assert_cmpstr(vm->name, ==, "web \"1\"; DROP TABLE vm");
        g_assert_cmpstr(vm->pool, ==, "/prod/ä");
        g_assert_true(vm->stopped);
        g_assert_cmpuint(g_hash_table_size(vm->options), ==, 2);
        g_assert_cmpstr(g_hash_table_lookup(vm->options, "sched.mem.shares"), ==, "high");
        g_assert_cmpstr(g_hash_table_lookup(vm->options, "sched.mem.min"), ==, "512");

        /* An option that is gone from the record is gone from the file. */
        save_vm(inventory, "/", false, NULL);
        changed = inventory_vm_load(inventory, UUID, &error);
        g_assert_false(changed->stopped);
        g_assert_cmpstr(changed->pool, ==, "/");
        g_assert_cmpuint(g_hash_table_size(changed->options), ==, 1);
}

static void save_pool(Inventory *inventory, const char *path, int64_t limit_mib)
{
        const InventoryPool pool = {.path = (char *)(gintptr)path,
                                    .shares = (char *)(gintptr) "4711",
                                    .reservation_mib = 10,
                                    .limit_mib = limit_mib,
                                    .expandable = limit_mib < 0};
        g_autoptr(GError) error = NULL;

        g_assert_true(inventory_pool_save(inventory, &pool, &error));
        g_assert_no_error(error);
}

static void test_pools(Folder *folder, gconstpointer data)
{
        /* '-' sorts before '/': siblings come between a parent and its children, never before it. */
        static const char *const order[] = {"/a", "/a-b", "/a-b/c", "/a/z", "/b"};
        g_autoptr(Inventory) inventory = must_open(folder->file);
        g_autoptr(GPtrArray) pools = NULL, fewer = NULL;

        (void)data;
        save_pool(inventory, "/b", 1);
        save_pool(inventory, "/a-b", 2);
        save_pool(inventory, "/a", 3);
        save_pool(inventory, "/a/z", 4);
        save_pool(inventory, "/a-b/c", 5);
        save_pool(inventory, "/a", -1);
        inventory_close(g_steal_pointer(&inventory));

        inventory = must_open(folder->file);
        pools = inventory_pools(inventory, NULL);
        g_assert_cmpuint(pools->len, ==, G_N_ELEMENTS(order));
        for (unsigned i = 0; i < pools->len; i++)
                g_assert_cmpstr(((InventoryPool *)pools->pdata[i])->path, ==, order[i]);
        const InventoryPool *a = pools->pdata[0];
        g_assert_cmpint(a->limit_mib, ==, -1);
        g_assert_cmpint(a->reservation_mib, ==, 10);
        g_assert_true(a->expandable);
        g_assert_cmpstr(a->shares, ==, "4711");
        g_assert_false(((InventoryPool *)pools->pdata[1])->expandable);

        g_assert_true(inventory_pool_delete(inventory, "/b", NULL));
        fewer = inventory_pools(inventory, NULL);
        g_assert_cmpuint(fewer->len, ==, G_N_ELEMENTS(order) - 1);
}

static void assert_events(Inventory *inventory, int64_t after, unsigned limit, const int64_t *ids,
                          unsigned n)
{
        g_autoptr(GPtrArray) events = inventory_events(inventory, after, limit, NULL);

        g_assert_cmpuint(events->len, ==, n);
        for (unsigned i = 0; i < n; i++)
                g_assert_cmpint(((InventoryEvent *)events->pdata[i])->id, ==, ids[i]);
}

static void test_events(Folder *folder, gconstpointer data)
{
        g_autoptr(Inventory) inventory = must_open(folder->file);
        g_autoptr(GPtrArray) events = NULL;
        const InventoryEvent *event;

        (void)data;
        for (int i = 0; i < 5; i++)
                g_assert_true(inventory_event_add(inventory, 1000 - i, i % 2 ? "vm" : "state",
                                                  i % 2 ? "web" : NULL, "said", NULL));
        assert_events(inventory, -1, 2, (int64_t[]){4, 5}, 2);
        assert_events(inventory, 0, 2, (int64_t[]){1, 2}, 2);
        assert_events(inventory, 3, 100, (int64_t[]){4, 5}, 2);
        assert_events(inventory, 5, 100, NULL, 0);

        events = inventory_events(inventory, 1, 1, NULL);
        event = events->pdata[0];
        g_assert_cmpint(event->time_ms, ==, 999);
        g_assert_cmpstr(event->type, ==, "vm");
        g_assert_cmpstr(event->vm, ==, "web");
        g_assert_cmpstr(event->message, ==, "said");
}

static void run_sql(const char *path, const char *sql)
{
        sqlite3 *db = NULL;

        g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_close(db), ==, SQLITE_OK);
}

static int64_t oldest_event(Inventory *inventory)
{
        g_autoptr(GPtrArray) events = inventory_events(inventory, 0, 1, NULL);

        return ((InventoryEvent *)events->pdata[0])->id;
}

/* Also where daemons end before they have added enough events to look. */
static void test_events_are_bounded(Folder *folder, gconstpointer data)
{
        g_autoptr(Inventory) inventory = must_open(folder->file);

        (void)data;
        inventory_close(g_steal_pointer(&inventory));
        run_sql(folder->file,
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100400)"
                " INSERT INTO event (time_ms, type, vm, message) SELECT i, 'vm', NULL, 'x' FROM n");
        inventory = must_open(folder->file);
        g_assert_cmpint(oldest_event(inventory), ==, 100400 - INVENTORY_EVENTS_MAX + 1);

        for (int i = 0; i < 1000; i++)
                g_assert_true(inventory_event_add(inventory, 1, "vm", NULL, "y", NULL));
        g_assert_cmpint(oldest_event(inventory), ==, 101400 - INVENTORY_EVENTS_MAX + 1);
}

static unsigned count_events(Inventory *inventory, const char *type)
{
        g_autoptr(GPtrArray) events = inventory_events(inventory, 0, 2 * INVENTORY_EVENTS_MAX, NULL);
        unsigned n = 0;

        for (unsigned i = 0; i < events->len; i++)
                n += strcmp(((InventoryEvent *)events->pdata[i])->type, type) == 0;
        return n;
}

/* What there may be a thousand of in a minute does not push out the changes of state. */
static void test_reclaims_are_bounded(Folder *folder, gconstpointer data)
{
        g_autoptr(Inventory) inventory = must_open(folder->file);

        (void)data;
        inventory_close(g_steal_pointer(&inventory));
        run_sql(folder->file,
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)"
                " INSERT INTO event (time_ms, type, vm, message)"
                " SELECT i, iif(i % 1000 = 1, 'state', 'reclaim'), NULL, 'x' FROM n");
        inventory = must_open(folder->file);
        g_assert_cmpint(oldest_event(inventory), ==, 1);
        g_assert_cmpuint(count_events(inventory, "state"), ==, 200);
        g_assert_cmpuint(count_events(inventory, "reclaim"), ==, INVENTORY_RECLAIMS_MAX);
}

static void read_sample(int64_t time_ms, const char *object, const uint8_t *bytes, size_t size,
                        gpointer user_data)
{
        g_string_append_printf(user_data, "%d %s %.*s\n", (int)time_ms, object, (int)size,
                               (const char *)bytes);
}

static void assert_samples(Inventory *inventory, const char *expected)
{
        g_autoptr(GString) text = g_string_new(NULL);

        g_assert_true(samples_read(inventory, 10, 60, read_sample, text, NULL));
        g_assert_cmpstr(text->str, ==, expected);
}

static void save_samples(Inventory *inventory, int time_ms, const char *object, int oldest_ms)
{
        g_autoptr(GHashTable) samples = g_hash_table_new(g_str_hash, g_str_equal);
        g_autoptr(GBytes) bytes = g_bytes_new_static(object, 2);

        g_hash_table_insert(samples, (gpointer)(gintptr)object, bytes);
        g_assert_true(samples_save(inventory, time_ms, samples, oldest_ms, NULL));
}

/* All of a time, or nothing; in order, from the beginning that is asked for to the end. */
static void test_samples(Folder *folder, gconstpointer data)
{
        g_autoptr(Inventory) inventory = must_open(folder->file);
        g_autoptr(GHashTable) samples = g_hash_table_new(g_str_hash, g_str_equal);
        g_autoptr(GError) error = NULL;

        (void)data;
        g_assert_cmpint(object_id_get(inventory, "vm", "a", NULL), ==, 1);
        save_samples(inventory, 10, "vm-1", 0);
        save_samples(inventory, 20, "vm-1", 0);
        save_samples(inventory, 60, "vm-1", 0);
        save_samples(inventory, 61, "vm-1", 0);
        assert_samples(inventory, "20 vm-1 vm\n60 vm-1 vm\n");
        inventory_close(g_steal_pointer(&inventory));
        inventory = must_open(folder->file);
        /* In place of those from then on; what is old enough goes. */
        save_samples(inventory, 50, "vm-1", 10);
        assert_samples(inventory, "20 vm-1 vm\n50 vm-1 vm\n");
        g_assert_true(samples_read(inventory, 0, 10, read_sample, NULL, NULL));
        /* Of what is gone nothing; it may come again. */
        g_assert_true(object_id_gone(inventory, "vm", "a", NULL));
        assert_samples(inventory, "");
        g_assert_cmpint(object_id_get(inventory, "vm", "a", NULL), ==, 1);
        assert_samples(inventory, "20 vm-1 vm\n50 vm-1 vm\n");

        run_sql(folder->file, "DROP TABLE sample");
        g_assert_false(samples_save(inventory, 70, samples, 0, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

static void test_newer_version(Folder *folder, gconstpointer data)
{
        g_autoptr(Inventory) inventory = must_open(folder->file);
        g_autoptr(InventoryVm) vm = NULL;

        (void)data;
        save_vm(inventory, "/", true, NULL);
        inventory_close(g_steal_pointer(&inventory));
        run_sql(folder->file, "PRAGMA user_version = 8");
        assert_refused(folder->file, G_IO_ERROR_NOT_SUPPORTED, "newer aerostat");

        /* Nothing was done to it. */
        run_sql(folder->file, "PRAGMA user_version = 7");
        inventory = must_open(folder->file);
        vm = inventory_vm_load(inventory, UUID, NULL);
        g_assert_true(vm->stopped);
}

static void test_corrupt(Folder *folder, gconstpointer data)
{
        g_autofree char *noise = g_malloc(20000);

        (void)data;
        for (unsigned i = 0; i < 20000; i++)
                noise[i] = (char)(i * 7 + i / 251);
        g_assert_true(g_file_set_contents(folder->file, noise, 20000, NULL));
        assert_refused(folder->file, G_IO_ERROR_FAILED, "not a database");
        assert_refused("/nonexistent/inventory.sqlite", G_IO_ERROR_FAILED, "unable to open");
}

/* A file whose header is right and whose tables are not: said when it is read, and no crash. */
static void test_damaged(Folder *folder, gconstpointer data)
{
        g_autoptr(Inventory) inventory = must_open(folder->file);
        g_autofree char *bytes = NULL;
        gsize size = 0;

        (void)data;
        for (int i = 0; i < 500; i++)
                g_assert_true(
                        inventory_event_add(inventory, i, "vm", "web", "a message of some length", NULL));
        save_pool(inventory, "/a", 1);
        inventory_close(g_steal_pointer(&inventory));
        g_assert_true(g_file_get_contents(folder->file, &bytes, &size, NULL));
        memset(bytes + 4096, 0xa5, size - 4096);
        g_assert_true(g_file_set_contents(folder->file, bytes, (gssize)size, NULL));

        g_autoptr(GError) error = NULL, again = NULL;
        inventory = inventory_open(folder->file, &error);
        if (inventory != NULL) {
                g_autoptr(GPtrArray) pools = inventory_pools(inventory, &error);

                g_assert_null(pools);
                g_assert_false(inventory_event_add(inventory, 1, "vm", NULL, "x", &again));
                g_assert_error(again, G_IO_ERROR, G_IO_ERROR_FAILED);
        }
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_FAILED);
        g_assert_nonnull(strstr(error->message, folder->file));
}

/* In a file system of 1 MiB, seen by this process alone. */
static void test_full_disk(Folder *folder, gconstpointer data)
{
        g_autoptr(Inventory) inventory = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(InventoryVm) vm = NULL;
        g_autofree char *big = g_strnfill(2000, 'x');
        int added = 0;

        (void)data;
        if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
            mount("tmpfs", folder->path, "tmpfs", 0, "size=1m") < 0) {
                g_test_skip("only root may mount a small file system");
                return;
        }
        inventory = must_open(folder->file);
        save_vm(inventory, "/first", false, "low");
        while (added < 1000 && inventory_event_add(inventory, added, "vm", NULL, big, &error))
                added++;
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
        g_assert_nonnull(strstr(error->message, folder->file));

        /* What was there is there, and whole. */
        vm = inventory_vm_load(inventory, UUID, NULL);
        g_assert_cmpstr(vm->pool, ==, "/first");
        g_assert_cmpuint(g_hash_table_size(vm->options), ==, 2);
        g_assert_cmpint(oldest_event(inventory), ==, 1);
        g_assert_cmpint(mount(NULL, folder->path, NULL, MS_REMOUNT, "size=8m"), ==, 0);
        g_assert_true(inventory_event_add(inventory, 1, "vm", NULL, big, NULL));
        inventory_close(g_steal_pointer(&inventory));
        g_assert_cmpint(umount(folder->path), ==, 0);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add(name, Folder, NULL, set_up, function, tear_down)
        ADD("/inventory/vm", test_vm);
        ADD("/inventory/pools", test_pools);
        ADD("/inventory/events", test_events);
        ADD("/inventory/events-are-bounded", test_events_are_bounded);
        ADD("/inventory/reclaims-are-bounded", test_reclaims_are_bounded);
        ADD("/inventory/samples", test_samples);
        ADD("/inventory/newer-version", test_newer_version);
        ADD("/inventory/corrupt", test_corrupt);
        ADD("/inventory/damaged", test_damaged);
        ADD("/inventory/full-disk", test_full_disk);
        return g_test_run();
}
