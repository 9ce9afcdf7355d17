/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables, statements and their errors. */
#include "inventory/inventory.h"

#include <sqlite3.h>

#define BUSY_TIMEOUT_MS 5000
#define VERSION         1

/* Events are trimmed once in so many, not each time. */
#define TRIM_EVERY 1000

struct Inventory {
        sqlite3 *db;
        char *path;
        unsigned events_added;
};

static const char schema[] =
        "CREATE TABLE vm (uuid TEXT PRIMARY KEY, name TEXT NOT NULL, pool TEXT NOT NULL,"
        "  stopped INTEGER NOT NULL) STRICT;"
        "CREATE TABLE vm_option (uuid TEXT NOT NULL REFERENCES vm ON DELETE CASCADE, name TEXT NOT NULL,"
        "  value TEXT NOT NULL, PRIMARY KEY (uuid, name)) STRICT;"
        "CREATE TABLE pool (path TEXT PRIMARY KEY, shares TEXT NOT NULL, reservation_mib INTEGER NOT NULL,"
        "  limit_mib INTEGER NOT NULL, expandable INTEGER NOT NULL) STRICT;"
        "CREATE TABLE event (id INTEGER PRIMARY KEY AUTOINCREMENT, time_ms INTEGER NOT NULL,"
        "  type TEXT NOT NULL, vm TEXT, message TEXT NOT NULL) STRICT;";

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

static bool fail(const Inventory *inventory, GError **error)
{
        GIOErrorEnum code = G_IO_ERROR_FAILED;

        if (sqlite3_errcode(inventory->db) == SQLITE_FULL)
                code = G_IO_ERROR_NO_SPACE;
        g_set_error(error, G_IO_ERROR, (int)code, "inventory %s: %s", inventory->path,
                    sqlite3_errmsg(inventory->db));
        return false;
}

static bool execute(Inventory *inventory, const char *sql, GError **error)
{
        return sqlite3_exec(inventory->db, sql, NULL, NULL, NULL) == SQLITE_OK || fail(inventory, error);
}

static sqlite3_stmt *prepare(Inventory *inventory, const char *sql, GError **error)
{
        sqlite3_stmt *statement = NULL;

        if (sqlite3_prepare_v2(inventory->db, sql, -1, &statement, NULL) != SQLITE_OK)
                (void)fail(inventory, error);
        return statement;
}

static void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
        /* Fails only for want of memory, which the step then reports. */
        (void)sqlite3_bind_text(statement, index, text, -1, SQLITE_TRANSIENT);
}

static void bind_int(sqlite3_stmt *statement, int index, int64_t value)
{
        (void)sqlite3_bind_int64(statement, index, value);
}

/* Runs a statement that returns no rows. */
static bool finish(Inventory *inventory, sqlite3_stmt *statement, GError **error)
{
        return sqlite3_step(statement) == SQLITE_DONE || fail(inventory, error);
}

static char *column_text(sqlite3_stmt *statement, int index)
{
        return g_strdup((const char *)sqlite3_column_text(statement, index));
}

/* Ends what a "BEGIN" began: with everything or with nothing. */
static bool end(Inventory *inventory, bool ok, GError **error)
{
        if (ok && execute(inventory, "COMMIT", error))
                return true;
        (void)sqlite3_exec(inventory->db, "ROLLBACK", NULL, NULL, NULL);
        return false;
}

static bool get_version(Inventory *inventory, int *ret_version, GError **error)
{
        g_autoptr(sqlite3_stmt) statement = prepare(inventory, "PRAGMA user_version", error);

        if (statement == NULL)
                return false;
        if (sqlite3_step(statement) != SQLITE_ROW)
                return fail(inventory, error);
        *ret_version = sqlite3_column_int(statement, 0);
        return true;
}

static bool set_up(Inventory *inventory, GError **error)
{
        g_autofree char *set_version = g_strdup_printf("PRAGMA user_version = %d", VERSION);
        int version = 0;

        if (!execute(inventory, "PRAGMA journal_mode = WAL", error) ||
            !execute(inventory, "PRAGMA synchronous = NORMAL", error) ||
            !execute(inventory, "PRAGMA foreign_keys = ON", error) ||
            !execute(inventory, "BEGIN IMMEDIATE", error))
                return false;
        if (!get_version(inventory, &version, error))
                return end(inventory, false, error);
        if (version > VERSION) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "inventory %s was written by a newer aerostat (format %d, this one knows %d)",
                            inventory->path, version, VERSION);
                return end(inventory, false, error);
        }
        if (version == 0 && (!execute(inventory, schema, error) || !execute(inventory, set_version, error)))
                return end(inventory, false, error);
        return end(inventory, true, error);
}

static bool trim_events(Inventory *inventory, GError **error)
{
        g_autoptr(sqlite3_stmt) statement =
                prepare(inventory, "DELETE FROM event WHERE id <= (SELECT max(id) FROM event) - ?", error);

        if (statement == NULL)
                return false;
        bind_int(statement, 1, INVENTORY_EVENTS_MAX);
        return finish(inventory, statement, error);
}

Inventory *inventory_open(const char *path, GError **error)
{
        g_autoptr(Inventory) inventory = g_new0(Inventory, 1);

        inventory->path = g_strdup(path);
        if (sqlite3_open(path, &inventory->db) != SQLITE_OK) {
                (void)fail(inventory, error);
                return NULL;
        }
        (void)sqlite3_busy_timeout(inventory->db, BUSY_TIMEOUT_MS);
        /* Also here: a daemon may end before it has added enough events to look. */
        if (!set_up(inventory, error) || !trim_events(inventory, error))
                return NULL;
        return g_steal_pointer(&inventory);
}

void inventory_close(Inventory *inventory)
{
        if (inventory == NULL)
                return;
        (void)sqlite3_close(inventory->db);
        g_free(inventory->path);
        g_free(inventory);
}

InventoryVm *inventory_vm_new(const char *uuid, const char *name)
{
        InventoryVm *vm = g_new0(InventoryVm, 1);

        vm->uuid = g_strdup(uuid);
        vm->name = g_strdup(name);
        vm->pool = g_strdup("/");
        vm->options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        return vm;
}

void inventory_vm_free(InventoryVm *vm)
{
        if (vm == NULL)
                return;
        g_free(vm->uuid);
        g_free(vm->name);
        g_free(vm->pool);
        g_hash_table_unref(vm->options);
        g_free(vm);
}

static bool load_options(Inventory *inventory, InventoryVm *vm, GError **error)
{
        g_autoptr(sqlite3_stmt) statement =
                prepare(inventory, "SELECT name, value FROM vm_option WHERE uuid = ?", error);
        int step;

        if (statement == NULL)
                return false;
        bind_text(statement, 1, vm->uuid);
        while ((step = sqlite3_step(statement)) == SQLITE_ROW)
                g_hash_table_insert(vm->options, column_text(statement, 0), column_text(statement, 1));
        return step == SQLITE_DONE || fail(inventory, error);
}

InventoryVm *inventory_vm_load(Inventory *inventory, const char *uuid, GError **error)
{
        g_autoptr(sqlite3_stmt) statement =
                prepare(inventory, "SELECT name, pool, stopped FROM vm WHERE uuid = ?", error);
        g_autoptr(InventoryVm) vm = NULL;
        g_autofree char *name = NULL;
        int step;

        if (statement == NULL)
                return NULL;
        bind_text(statement, 1, uuid);
        step = sqlite3_step(statement);
        if (step == SQLITE_DONE)
                return NULL;
        if (step != SQLITE_ROW) {
                (void)fail(inventory, error);
                return NULL;
        }

        name = column_text(statement, 0);
        vm = inventory_vm_new(uuid, name);
        g_free(vm->pool);
        vm->pool = column_text(statement, 1);
        vm->stopped = sqlite3_column_int(statement, 2) != 0;
        if (!load_options(inventory, vm, error))
                return NULL;
        return g_steal_pointer(&vm);
}

static bool save_options(Inventory *inventory, const InventoryVm *vm, GError **error)
{
        g_autoptr(sqlite3_stmt) clear = prepare(inventory, "DELETE FROM vm_option WHERE uuid = ?", error);
        g_autoptr(sqlite3_stmt) insert =
                clear != NULL ? prepare(inventory, "INSERT INTO vm_option VALUES (?, ?, ?)", error) : NULL;
        GHashTableIter iter;
        gpointer name, value;

        if (insert == NULL)
                return false;
        bind_text(clear, 1, vm->uuid);
        if (!finish(inventory, clear, error))
                return false;

        g_hash_table_iter_init(&iter, vm->options);
        while (g_hash_table_iter_next(&iter, &name, &value)) {
                (void)sqlite3_reset(insert);
                bind_text(insert, 1, vm->uuid);
                bind_text(insert, 2, name);
                bind_text(insert, 3, value);
                if (!finish(inventory, insert, error))
                        return false;
        }
        return true;
}

bool inventory_vm_save(Inventory *inventory, const InventoryVm *vm, GError **error)
{
        g_autoptr(sqlite3_stmt) statement = NULL;

        if (!execute(inventory, "BEGIN IMMEDIATE", error))
                return false;
        statement = prepare(inventory,
                            "INSERT INTO vm VALUES (?, ?, ?, ?) ON CONFLICT (uuid) DO UPDATE SET"
                            "  name = excluded.name, pool = excluded.pool, stopped = excluded.stopped",
                            error);
        if (statement == NULL)
                return end(inventory, false, error);
        bind_text(statement, 1, vm->uuid);
        bind_text(statement, 2, vm->name);
        bind_text(statement, 3, vm->pool);
        bind_int(statement, 4, vm->stopped);
        return end(inventory, finish(inventory, statement, error) && save_options(inventory, vm, error),
                   error);
}

InventoryPool *inventory_pool_copy(const InventoryPool *pool)
{
        InventoryPool *copy = g_new(InventoryPool, 1);

        *copy = *pool;
        copy->path = g_strdup(pool->path);
        copy->shares = g_strdup(pool->shares);
        return copy;
}

void inventory_pool_free(InventoryPool *pool)
{
        g_free(pool->path);
        g_free(pool->shares);
        g_free(pool);
}

GPtrArray *inventory_pools(Inventory *inventory, GError **error)
{
        /* In the order of their paths a parent comes before what is below it. */
        g_autoptr(sqlite3_stmt) statement = prepare(
                inventory,
                "SELECT path, shares, reservation_mib, limit_mib, expandable FROM pool ORDER BY path",
                error);
        g_autoptr(GPtrArray) pools = g_ptr_array_new_with_free_func((GDestroyNotify)inventory_pool_free);
        int step;

        if (statement == NULL)
                return NULL;
        while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
                InventoryPool *pool = g_new0(InventoryPool, 1);

                pool->path = column_text(statement, 0);
                pool->shares = column_text(statement, 1);
                pool->reservation_mib = sqlite3_column_int64(statement, 2);
                pool->limit_mib = sqlite3_column_int64(statement, 3);
                pool->expandable = sqlite3_column_int(statement, 4) != 0;
                g_ptr_array_add(pools, pool);
        }
        if (step != SQLITE_DONE) {
                (void)fail(inventory, error);
                return NULL;
        }
        return g_steal_pointer(&pools);
}

bool inventory_pool_save(Inventory *inventory, const InventoryPool *pool, GError **error)
{
        g_autoptr(sqlite3_stmt) statement =
                prepare(inventory, "INSERT OR REPLACE INTO pool VALUES (?, ?, ?, ?, ?)", error);

        if (statement == NULL)
                return false;
        bind_text(statement, 1, pool->path);
        bind_text(statement, 2, pool->shares);
        bind_int(statement, 3, pool->reservation_mib);
        bind_int(statement, 4, pool->limit_mib);
        bind_int(statement, 5, pool->expandable);
        return finish(inventory, statement, error);
}

bool inventory_pool_delete(Inventory *inventory, const char *path, GError **error)
{
        g_autoptr(sqlite3_stmt) statement = prepare(inventory, "DELETE FROM pool WHERE path = ?", error);

        if (statement == NULL)
                return false;
        bind_text(statement, 1, path);
        return finish(inventory, statement, error);
}

void inventory_event_free(InventoryEvent *event)
{
        g_free(event->type);
        g_free(event->vm);
        g_free(event->message);
        g_free(event);
}

bool inventory_event_add(Inventory *inventory, int64_t time_ms, const char *type, const char *vm,
                         const char *message, GError **error)
{
        g_autoptr(sqlite3_stmt) statement = prepare(
                inventory, "INSERT INTO event (time_ms, type, vm, message) VALUES (?, ?, ?, ?)", error);

        if (statement == NULL)
                return false;
        bind_int(statement, 1, time_ms);
        bind_text(statement, 2, type);
        bind_text(statement, 3, vm);
        bind_text(statement, 4, message);
        if (!finish(inventory, statement, error))
                return false;
        return ++inventory->events_added % TRIM_EVERY != 0 || trim_events(inventory, error);
}

GPtrArray *inventory_events(Inventory *inventory, int64_t after, unsigned limit, GError **error)
{
        const char *newest = "SELECT * FROM (SELECT id, time_ms, type, vm, message FROM event WHERE id > ?1"
                             "  ORDER BY id DESC LIMIT ?2) ORDER BY id";
        const char *next = "SELECT id, time_ms, type, vm, message FROM event WHERE id > ?1"
                           "  ORDER BY id LIMIT ?2";
        g_autoptr(sqlite3_stmt) statement = prepare(inventory, after < 0 ? newest : next, error);
        g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func((GDestroyNotify)inventory_event_free);
        int step;

        if (statement == NULL)
                return NULL;
        bind_int(statement, 1, after);
        bind_int(statement, 2, limit);
        while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
                InventoryEvent *event = g_new0(InventoryEvent, 1);

                event->id = sqlite3_column_int64(statement, 0);
                event->time_ms = sqlite3_column_int64(statement, 1);
                event->type = column_text(statement, 2);
                event->vm = column_text(statement, 3);
                event->message = column_text(statement, 4);
                g_ptr_array_add(events, event);
        }
        if (step != SQLITE_DONE) {
                (void)fail(inventory, error);
                return NULL;
        }
        return g_steal_pointer(&events);
}
