/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The trees of snapshots. */
#include <string.h>

#include "inventory/database.h"
#include "inventory/record.h"

static GHashTable *new_disks(void)
{
        return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

SnapshotRecord *snapshot_record_copy(const SnapshotRecord *snapshot)
{
        SnapshotRecord *copy = g_new(SnapshotRecord, 1);
        GHashTableIter iter;
        gpointer target, path;

        *copy = *snapshot;
        copy->uuid = g_strdup(snapshot->uuid);
        copy->name = g_strdup(snapshot->name);
        copy->description = g_strdup(snapshot->description);
        copy->memory = g_strdup(snapshot->memory);
        copy->definition = g_strdup(snapshot->definition);
        copy->disks = new_disks();
        if (snapshot->disks == NULL)
                return copy;
        g_hash_table_iter_init(&iter, snapshot->disks);
        while (g_hash_table_iter_next(&iter, &target, &path))
                g_hash_table_insert(copy->disks, g_strdup(target), g_strdup(path));
        return copy;
}

void snapshot_record_free(SnapshotRecord *snapshot)
{
        if (snapshot == NULL)
                return;
        g_free(snapshot->uuid);
        g_free(snapshot->name);
        g_free(snapshot->description);
        g_free(snapshot->memory);
        g_free(snapshot->definition);
        g_clear_pointer(&snapshot->disks, g_hash_table_unref);
        g_free(snapshot);
}

static gpointer read_snapshot(const Statement *statement)
{
        SnapshotRecord *snapshot = g_new0(SnapshotRecord, 1);

        snapshot->id = db_int(statement, 0);
        snapshot->uuid = db_text(statement, 1);
        snapshot->parent = db_int(statement, 2);
        snapshot->name = db_text(statement, 3);
        snapshot->description = db_text(statement, 4);
        snapshot->time_ms = db_int(statement, 5);
        snapshot->memory = db_text(statement, 6);
        snapshot->definition = db_text(statement, 7);
        snapshot->disks = new_disks();
        return snapshot;
}

static bool load_disks(Inventory *inventory, SnapshotRecord *snapshot, GError **error)
{
        g_autoptr(Statement) statement =
                db_query(inventory, error, "SELECT target, path FROM snapshot_disk WHERE snapshot = ?",
                         INT(snapshot->id));
        int step;

        while ((step = db_step(statement, error)) > 0)
                g_hash_table_insert(snapshot->disks, db_text(statement, 0), db_text(statement, 1));
        return step == 0;
}

#define COLUMNS "id, uuid, parent, name, description, time_ms, memory, definition"

GPtrArray *snapshot_records(Inventory *inventory, const char *uuid, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement = db_query(
                inventory, error, "SELECT " COLUMNS " FROM snapshot WHERE uuid = ? ORDER BY id", TEXT(uuid));
        g_autoptr(GPtrArray) snapshots =
                db_rows(statement, read_snapshot, (GDestroyNotify)snapshot_record_free, error);

        for (unsigned i = 0; snapshots != NULL && i < snapshots->len; i++)
                if (!load_disks(inventory, snapshots->pdata[i], error))
                        return NULL;
        return g_steal_pointer(&snapshots);
}

SnapshotRecord *snapshot_record_load(Inventory *inventory, int64_t id, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error, "SELECT " COLUMNS " FROM snapshot WHERE id = ?", INT(id));
        g_autoptr(SnapshotRecord) snapshot = NULL;

        if (db_step(statement, error) <= 0)
                return NULL;
        snapshot = read_snapshot(statement);
        return load_disks(inventory, snapshot, error) ? g_steal_pointer(&snapshot) : NULL;
}

GHashTable *snapshot_counts(Inventory *inventory, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error, "SELECT uuid, count(*) FROM snapshot GROUP BY uuid");
        g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        int step;

        while ((step = db_step(statement, error)) > 0)
                g_hash_table_insert(counts, db_text(statement, 0),
                                    GUINT_TO_POINTER((guint)db_int(statement, 1)));
        return step == 0 ? g_steal_pointer(&counts) : NULL;
}

/* --- changes --- */

static bool must_exist(Inventory *inventory, const char *uuid, int64_t id, GError **error)
{
        int there = db_has(inventory, error, "SELECT 1 FROM snapshot WHERE id = ? AND uuid = ?", INT(id),
                           TEXT(uuid));

        if (there == 0)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            "the VM with UUID %s has no snapshot %" G_GINT64_FORMAT, uuid, id);
        return there > 0;
}

static bool save_disks(Inventory *inventory, int64_t id, GHashTable *disks, GError **error)
{
        GHashTableIter iter;
        gpointer target, path;

        if (!db_run(inventory, error, "DELETE FROM snapshot_disk WHERE snapshot = ?", INT(id)))
                return false;
        if (disks == NULL)
                return true;
        g_hash_table_iter_init(&iter, disks);
        while (g_hash_table_iter_next(&iter, &target, &path))
                if (!db_run(inventory, error, "INSERT INTO snapshot_disk VALUES (?, ?, ?)", INT(id),
                            TEXT(target), TEXT(path)))
                        return false;
        return true;
}

static bool save(Inventory *inventory, const char *uuid, const SnapshotRecord *snapshot, int64_t *ret_id,
                 GError **error)
{
        int64_t id = snapshot->id;

        if ((id != 0 && !must_exist(inventory, uuid, id, error)) ||
            (snapshot->parent != 0 && !must_exist(inventory, uuid, snapshot->parent, error)))
                return false;
        if (!db_run(inventory, error,
                    "INSERT INTO snapshot (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                    "  ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, name = excluded.name,"
                    "  description = excluded.description, time_ms = excluded.time_ms,"
                    "  memory = excluded.memory, definition = excluded.definition",
                    ID(id), TEXT(uuid), ID(snapshot->parent), TEXT(snapshot->name),
                    TEXT(snapshot->description != NULL ? snapshot->description : ""), INT(snapshot->time_ms),
                    TEXT(snapshot->memory), TEXT(snapshot->definition)))
                return false;
        if (id == 0)
                id = db_last_id(inventory);
        *ret_id = id;
        return save_disks(inventory, id, snapshot->disks, error);
}

static bool has_no_clones(Inventory *inventory, int64_t id, GError **error)
{
        g_autoptr(Statement) statement = db_query(
                inventory, error, "SELECT name FROM vm WHERE parent_snapshot = ? ORDER BY name", INT(id));
        g_autoptr(SnapshotRecord) snapshot = NULL;
        g_autofree char *clones = NULL;

        if (!db_names(statement, &clones, error))
                return false;
        if (clones == NULL)
                return true;
        snapshot = snapshot_record_load(inventory, id, NULL);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                    "snapshot \"%s\" has linked clones: %s; delete them first ('aerostat vm clone --full' "
                    "makes copies that stand alone)",
                    snapshot != NULL ? snapshot->name : "", clones);
        return false;
}

static bool remove_one(Inventory *inventory, const char *uuid, int64_t id, GError **error)
{
        return must_exist(inventory, uuid, id, error) && has_no_clones(inventory, id, error) &&
               db_run(inventory, error,
                      "UPDATE snapshot SET parent = (SELECT parent FROM snapshot WHERE id = ?1)"
                      "  WHERE parent = ?1",
                      INT(id)) &&
               db_run(inventory, error, "DELETE FROM snapshot WHERE id = ?", INT(id));
}

static bool set_current(Inventory *inventory, const char *uuid, int64_t current, GError **error)
{
        return db_vm_must_exist(inventory, uuid, error) &&
               (current == 0 || must_exist(inventory, uuid, current, error)) &&
               db_run(inventory, error, "UPDATE vm SET current_snapshot = ? WHERE uuid = ?", ID(current),
                      TEXT(uuid));
}

bool snapshot_records_change(Inventory *inventory, const char *uuid, SnapshotRecord *const *records,
                             unsigned n_save, const int64_t *remove, unsigned n_remove, int64_t current,
                             int64_t intent, GError **error)
{
        g_autofree int64_t *ids = g_new0(int64_t, n_save + 1);
        bool ok = true;

        g_return_val_if_fail(current != SNAPSHOT_LAST_SAVED || n_save > 0, false);
        if (!db_begin(inventory, error))
                return false;
        for (unsigned i = 0; ok && i < n_save; i++)
                ok = save(inventory, uuid, records[i], &ids[i], error);
        if (current == SNAPSHOT_LAST_SAVED)
                current = ids[n_save - 1];
        ok = ok && set_current(inventory, uuid, current, error);
        for (unsigned i = 0; ok && i < n_remove; i++)
                ok = remove_one(inventory, uuid, remove[i], error);
        ok = ok && (intent == 0 || db_run(inventory, error, "DELETE FROM intent WHERE id = ?", INT(intent)));
        if (!db_end(inventory, ok, error))
                return false;
        for (unsigned i = 0; i < n_save; i++)
                records[i]->id = ids[i];
        return true;
}
