/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Resource pools. */
#include "inventory/database.h"

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

static gpointer read_pool(const Statement *statement)
{
        InventoryPool *pool = g_new0(InventoryPool, 1);

        pool->path = db_text(statement, 0);
        pool->shares = db_text(statement, 1);
        pool->reservation_mib = db_int(statement, 2);
        pool->limit_mib = db_int(statement, 3);
        pool->expandable = db_int(statement, 4) != 0;
        return pool;
}

GPtrArray *inventory_pools(Inventory *inventory, GError **error)
{
        LOCK(inventory);
        /* In the order of their paths a parent comes before what is below it. */
        g_autoptr(Statement) statement =
                db_query(inventory, error,
                         "SELECT path, shares, reservation_mib, limit_mib, expandable FROM pool"
                         "  ORDER BY path");

        return db_rows(statement, read_pool, (GDestroyNotify)inventory_pool_free, error);
}

bool inventory_pool_save(Inventory *inventory, const InventoryPool *pool, GError **error)
{
        LOCK(inventory);

        return db_run(inventory, error, "INSERT OR REPLACE INTO pool VALUES (?, ?, ?, ?, ?)",
                      TEXT(pool->path), TEXT(pool->shares), INT(pool->reservation_mib), INT(pool->limit_mib),
                      INT(pool->expandable));
}

bool inventory_pool_delete(Inventory *inventory, const char *path, GError **error)
{
        LOCK(inventory);
        g_autofree char *parent = g_path_get_dirname(path);

        if (!db_begin(inventory, error))
                return false;
        return db_end(inventory,
                      db_run(inventory, error, "UPDATE vm SET pool = ? WHERE pool = ?", TEXT(parent),
                             TEXT(path)) &&
                              db_run(inventory, error, "DELETE FROM pool WHERE path = ?", TEXT(path)),
                      error);
}

bool inventory_pool_move(Inventory *inventory, const char *from, const char *to, GError **error)
{
        LOCK(inventory);
        /* "0" comes after "/": between the two is what is below. */
        g_autofree char *below = g_strconcat(from, "/", NULL), *end = g_strconcat(from, "0", NULL);
        bool ok = db_begin(inventory, error);

        if (!ok)
                return false;
        ok = db_run(inventory, error,
                    "UPDATE pool SET path = ?1 || substr(path, length(?2) + 1)"
                    "  WHERE path = ?2 OR (path > ?3 AND path < ?4)",
                    TEXT(to), TEXT(from), TEXT(below), TEXT(end)) &&
             db_run(inventory, error,
                    "UPDATE vm SET pool = ?1 || substr(pool, length(?2) + 1)"
                    "  WHERE pool = ?2 OR (pool > ?3 AND pool < ?4)",
                    TEXT(to), TEXT(from), TEXT(below), TEXT(end));
        return db_end(inventory, ok, error);
}
