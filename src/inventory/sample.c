/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Samples of the API's objects. */
#include "inventory/sample.h"

#include "inventory/database.h"

static bool save(Inventory *inventory, int64_t time_ms, GHashTable *samples, int64_t oldest_ms,
                 GError **error)
{
        GHashTableIter iter;
        gpointer object, bytes;

        /* One range each, so that nothing else is looked at. */
        if (!db_run(inventory, error, "DELETE FROM sample WHERE time_ms <= ?", INT(oldest_ms)) ||
            !db_run(inventory, error, "DELETE FROM sample WHERE time_ms >= ?", INT(time_ms)))
                return false;
        g_hash_table_iter_init(&iter, samples);
        while (g_hash_table_iter_next(&iter, &object, &bytes))
                if (!db_run(inventory, error, "INSERT INTO sample VALUES (?, ?, ?)", INT(time_ms),
                            TEXT(object), BYTES(bytes)))
                        return false;
        return true;
}

bool samples_save(Inventory *inventory, int64_t time_ms, GHashTable *samples, int64_t oldest_ms,
                  GError **error)
{
        LOCK(inventory);
        bool ok;

        db_hurry(inventory);
        ok = db_begin(inventory, error) &&
             db_end(inventory, save(inventory, time_ms, samples, oldest_ms, error), error);
        db_hurry_end(inventory);
        return ok;
}

bool samples_read(Inventory *inventory, int64_t after_ms, int64_t until_ms, SampleRead read,
                  gpointer user_data, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error,
                         "SELECT time_ms, object, counters FROM sample WHERE time_ms > ? AND time_ms <= ?"
                         "  AND object IN (SELECT kind || '-' || id FROM object_id WHERE gone IS NULL)"
                         "  ORDER BY time_ms",
                         INT(after_ms), INT(until_ms));
        int step;

        while ((step = db_step(statement, error)) > 0)
                read(db_int(statement, 0), (const char *)sqlite3_column_text(statement->stmt, 1),
                     sqlite3_column_blob(statement->stmt, 2),
                     (size_t)sqlite3_column_bytes(statement->stmt, 2), user_data);
        return step == 0;
}
