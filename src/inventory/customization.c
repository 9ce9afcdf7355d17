/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which VM has which number of a specification, and what is still to be done in guests. */
#include <limits.h>

#include "inventory/catalog.h"
#include "inventory/database.h"

void pending_customization_free(PendingCustomization *pending)
{
        if (pending == NULL)
                return;
        g_free(pending->uuid);
        g_free(pending->specification);
        g_free(pending->text);
        g_free(pending);
}

/* 1: it has one, 0: not, -1: error. */
static int has_number(Inventory *inventory, const char *uuid, const char *specification, unsigned *ret,
                      GError **error)
{
        g_autoptr(Statement) statement = db_query(
                inventory, error, "SELECT number FROM customization WHERE uuid = ? AND specification = ?",
                TEXT(uuid), TEXT(specification));
        int step = db_step(statement, error);

        if (step > 0)
                *ret = (unsigned)db_int(statement, 0);
        return step;
}

static bool smallest_free(Inventory *inventory, const char *specification, unsigned *ret, GError **error)
{
        g_autoptr(Statement) statement =
                db_query(inventory, error,
                         "SELECT min(n) FROM (SELECT 0 AS n UNION ALL"
                         "  SELECT number + 1 FROM customization WHERE specification = ?)"
                         "  WHERE n NOT IN (SELECT number FROM customization WHERE specification = ?)",
                         TEXT(specification), TEXT(specification));

        if (db_step(statement, error) < 1)
                return false;
        *ret = (unsigned)db_int(statement, 0);
        return true;
}

/* The wanted one, or the smallest. */
static bool find_free(Inventory *inventory, const char *specification, unsigned wanted, unsigned *ret,
                      GError **error)
{
        int taken = wanted == UINT_MAX
                            ? 1
                            : db_has(inventory, error,
                                     "SELECT 1 FROM customization WHERE specification = ? AND number = ?",
                                     TEXT(specification), INT(wanted));

        if (taken < 0)
                return false;
        if (taken > 0)
                return smallest_free(inventory, specification, ret, error);
        *ret = wanted;
        return true;
}

bool customization_number(Inventory *inventory, const char *uuid, const char *specification, unsigned wanted,
                          unsigned *ret, GError **error)
{
        LOCK(inventory);
        unsigned number = 0;
        int there = has_number(inventory, uuid, specification, &number, error);

        if (there < 0)
                return false;
        if (there == 0 &&
            (!db_vm_must_exist(inventory, uuid, error) ||
             !find_free(inventory, specification, wanted, &number, error) ||
             !db_run(inventory, error, "INSERT OR REPLACE INTO customization VALUES (?, ?, ?, NULL)",
                     TEXT(uuid), TEXT(specification), INT(number))))
                return false;
        *ret = number;
        return true;
}

bool customization_count(Inventory *inventory, const char *specification, unsigned limit, unsigned *ret,
                         GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error,
                         "SELECT count(*) FROM customization WHERE specification = ? AND number < ?",
                         TEXT(specification), INT(limit));

        if (db_step(statement, error) < 1)
                return false;
        *ret = (unsigned)db_int(statement, 0);
        return true;
}

bool customization_set_pending(Inventory *inventory, const char *uuid, const char *text, GError **error)
{
        LOCK(inventory);

        if (!db_run(inventory, error, "UPDATE customization SET pending = ? WHERE uuid = ?", TEXT(text),
                    TEXT(uuid)))
                return false;
        if (db_changes(inventory) > 0)
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                    "the VM has no number of a customization specification");
        return false;
}

bool customization_end(Inventory *inventory, const PendingCustomization *pending, GError **error)
{
        LOCK(inventory);

        return db_run(inventory, error,
                      "UPDATE customization SET pending = NULL WHERE uuid = ? AND pending = ?",
                      TEXT(pending->uuid), TEXT(pending->text));
}

static gpointer read_pending(const Statement *statement)
{
        PendingCustomization *pending = g_new0(PendingCustomization, 1);

        pending->uuid = db_text(statement, 0);
        pending->specification = db_text(statement, 1);
        pending->number = (unsigned)db_int(statement, 2);
        pending->text = db_text(statement, 3);
        return pending;
}

GPtrArray *customization_list_pending(Inventory *inventory, const char *uuid, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                uuid == NULL ? db_query(inventory, error,
                                        "SELECT uuid, specification, number, pending FROM customization"
                                        "  WHERE pending IS NOT NULL ORDER BY uuid")
                             : db_query(inventory, error,
                                        "SELECT uuid, specification, number, pending FROM customization"
                                        "  WHERE pending IS NOT NULL AND uuid = ?",
                                        TEXT(uuid));

        return db_rows(statement, read_pending, (GDestroyNotify)pending_customization_free, error);
}
