/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Folders that VMs were moved out of while they ran. */
#include "inventory/database.h"
#include "inventory/record.h"

bool left_home_add(Inventory *inventory, const char *uuid, const char *path, GError **error)
{
        LOCK(inventory);

        return db_vm_must_exist(inventory, uuid, error) &&
               db_run(inventory, error, "INSERT OR IGNORE INTO left_home (uuid, path) VALUES (?, ?)",
                      TEXT(uuid), TEXT(path));
}

static gpointer read_path(const Statement *statement)
{
        return db_text(statement, 0);
}

GPtrArray *left_homes(Inventory *inventory, const char *uuid, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement = db_query(
                inventory, error, "SELECT path FROM left_home WHERE uuid = ? ORDER BY id", TEXT(uuid));

        return db_rows(statement, read_path, g_free, error);
}

bool left_home_forget(Inventory *inventory, const char *uuid, const char *path, GError **error)
{
        LOCK(inventory);

        return db_run(inventory, error, "DELETE FROM left_home WHERE uuid = ? AND path = ?", TEXT(uuid),
                      TEXT(path));
}
