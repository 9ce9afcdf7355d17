/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file, and what the memory scheduler keeps of each VM. */
#include "inventory/inventory.h"

#include <string.h>

#include "inventory/database.h"

#define BUSY_TIMEOUT_MS 5000

Inventory *inventory_open(const char *path, GError **error)
{
        g_autoptr(Inventory) inventory = g_new0(Inventory, 1);

        inventory->path = g_strdup(path);
        g_rec_mutex_init(&inventory->mutex);
        inventory->statements =
                g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)statement_free);
        /* Its own mutex would be a second one. */
        if (sqlite3_open_v2(path, &inventory->db,
                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                            NULL) != SQLITE_OK) {
                (void)db_fail(inventory, error);
                return NULL;
        }
        (void)sqlite3_busy_timeout(inventory->db, BUSY_TIMEOUT_MS);
        /* Trimmed also here: a daemon may end before it has added enough to look. */
        if (!schema_set_up(inventory, error) || !event_trim(inventory, error) ||
            !task_trim(inventory, error))
                return NULL;
        return g_steal_pointer(&inventory);
}

void inventory_close(Inventory *inventory)
{
        if (inventory == NULL)
                return;
        g_hash_table_unref(inventory->statements);
        (void)sqlite3_close(inventory->db);
        g_rec_mutex_clear(&inventory->mutex);
        g_free(inventory->path);
        g_free(inventory);
}

bool inventory_begin(Inventory *inventory, GError **error)
{
        return db_begin(inventory, error);
}

bool inventory_end(Inventory *inventory, bool commit, GError **error)
{
        return db_end(inventory, commit, error);
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
        g_autoptr(Statement) statement = db_query(
                inventory, error, "SELECT name, value FROM vm_option WHERE uuid = ?", TEXT(vm->uuid));
        int step;

        while ((step = db_step(statement, error)) > 0)
                g_hash_table_insert(vm->options, db_text(statement, 0), db_text(statement, 1));
        return step == 0;
}

/* 1: it is there, 0: it is not, -1: error. */
static int load(Inventory *inventory, const char *uuid, InventoryVm **ret, GError **error)
{
        g_autoptr(Statement) statement =
                db_query(inventory, error, "SELECT name, pool, stopped FROM vm WHERE uuid = ?", TEXT(uuid));
        g_autoptr(InventoryVm) vm = NULL;
        g_autofree char *name = NULL;
        int step = db_step(statement, error);

        if (step <= 0)
                return step;
        name = db_text(statement, 0);
        vm = inventory_vm_new(uuid, name);
        g_free(vm->pool);
        vm->pool = db_text(statement, 1);
        vm->stopped = db_int(statement, 2) != 0;
        if (!load_options(inventory, vm, error))
                return -1;
        *ret = g_steal_pointer(&vm);
        return 1;
}

InventoryVm *inventory_vm_load(Inventory *inventory, const char *uuid, GError **error)
{
        LOCK(inventory);
        InventoryVm *vm = NULL;

        (void)load(inventory, uuid, &vm, error);
        return vm;
}

static bool same_options(GHashTable *a, GHashTable *b)
{
        GHashTableIter iter;
        gpointer name, value;

        if (g_hash_table_size(a) != g_hash_table_size(b))
                return false;
        g_hash_table_iter_init(&iter, a);
        while (g_hash_table_iter_next(&iter, &name, &value))
                if (g_strcmp0(value, g_hash_table_lookup(b, name)) != 0)
                        return false;
        return true;
}

static bool same(const InventoryVm *a, const InventoryVm *b)
{
        return strcmp(a->name, b->name) == 0 && strcmp(a->pool, b->pool) == 0 && a->stopped == b->stopped &&
               same_options(a->options, b->options);
}

static bool save_options(Inventory *inventory, const InventoryVm *vm, GError **error)
{
        GHashTableIter iter;
        gpointer name, value;

        /* The scheduler keeps what it has read for long: others' options it must not bring back. */
        if (!db_run(inventory, error, "DELETE FROM vm_option WHERE uuid = ? AND name GLOB 'sched.*'",
                    TEXT(vm->uuid)))
                return false;
        g_hash_table_iter_init(&iter, vm->options);
        while (g_hash_table_iter_next(&iter, &name, &value))
                if (!db_run(inventory, error,
                            "INSERT INTO vm_option VALUES (?, ?, ?) ON CONFLICT DO NOTHING", TEXT(vm->uuid),
                            TEXT(name), TEXT(value)))
                        return false;
        return true;
}

bool inventory_option_set(Inventory *inventory, const char *uuid, const char *name, const char *value,
                          GError **error)
{
        LOCK(inventory);

        if (value == NULL)
                return db_run(inventory, error, "DELETE FROM vm_option WHERE uuid = ? AND name = ?",
                              TEXT(uuid), TEXT(name));
        return db_run(inventory, error, "INSERT OR REPLACE INTO vm_option VALUES (?, ?, ?)", TEXT(uuid),
                      TEXT(name), TEXT(value));
}

bool inventory_vm_save(Inventory *inventory, const InventoryVm *vm, GError **error)
{
        LOCK(inventory);
        g_autoptr(InventoryVm) known = NULL;
        bool ok;

        /* A daemon that starts saves every VM that it finds: a thousand waits for the disk, if it had to. */
        if (load(inventory, vm->uuid, &known, error) < 0)
                return false;
        if (known != NULL && same(known, vm))
                return true;

        if (!db_begin(inventory, error))
                return false;
        ok = db_run(inventory, error,
                    "INSERT INTO vm (uuid, name, pool, stopped) VALUES (?, ?, ?, ?) ON CONFLICT (uuid)"
                    "  DO UPDATE SET name = iif(folder IS NULL, excluded.name, name),"
                    "  pool = excluded.pool, stopped = excluded.stopped",
                    TEXT(vm->uuid), TEXT(vm->name), TEXT(vm->pool), INT(vm->stopped)) &&
             save_options(inventory, vm, error);
        return db_end(inventory, ok, error);
}
