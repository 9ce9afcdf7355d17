/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records of VMs, and of their disks. */
#include "inventory/record.h"

#include <string.h>

#include "inventory/catalog.h"
#include "inventory/database.h"

#define COLUMNS                                                                                    \
        "uuid, name, folder, datastore, home, parent, parent_snapshot, current_snapshot, made_ms," \
        "  state, is_template, saved"

Record *record_new(const char *uuid, const char *name)
{
        Record *record = g_new0(Record, 1);

        record->uuid = g_strdup(uuid);
        record->name = g_strdup(name);
        record->folder = g_strdup("/");
        return record;
}

void record_free(Record *record)
{
        if (record == NULL)
                return;
        g_free(record->uuid);
        g_free(record->name);
        g_free(record->folder);
        g_free(record->datastore);
        g_free(record->home);
        g_free(record->parent);
        g_free(record->saved);
        g_free(record);
}

static gpointer read_record(const Statement *statement)
{
        Record *record = g_new0(Record, 1);

        record->uuid = db_text(statement, 0);
        record->name = db_text(statement, 1);
        record->folder = db_text(statement, 2);
        record->datastore = db_text(statement, 3);
        record->home = db_text(statement, 4);
        record->parent = db_text(statement, 5);
        record->parent_snapshot = db_int(statement, 6);
        record->current_snapshot = db_int(statement, 7);
        record->made_ms = db_int(statement, 8);
        record->state = (RecordState)db_int(statement, 9);
        record->is_template = db_int(statement, 10) != 0;
        record->saved = db_text(statement, 11);
        return record;
}

Record *record_load(Inventory *inventory, const char *uuid, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error,
                         "SELECT " COLUMNS " FROM vm WHERE uuid = ? AND folder IS NOT NULL", TEXT(uuid));

        return db_step(statement, error) > 0 ? read_record(statement) : NULL;
}

Record *record_find(Inventory *inventory, const char *name, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error,
                         "SELECT " COLUMNS " FROM vm WHERE name = ? AND folder IS NOT NULL", TEXT(name));

        return db_step(statement, error) > 0 ? read_record(statement) : NULL;
}

bool db_vm_must_exist(Inventory *inventory, const char *uuid, GError **error)
{
        int there = db_has(inventory, error, "SELECT 1 FROM vm WHERE uuid = ? AND folder IS NOT NULL",
                           TEXT(uuid));
        g_autofree char *shown = NULL;

        if (there == 0) {
                shown = catalog_shown(uuid);
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            "no VM with UUID %s is in the inventory", shown);
        }
        return there > 0;
}

/* Of what a record refers to: there is one, or none is asked for. */
static bool refers(int there, const Record *record, const char *kind, const char *name, GError **error)
{
        g_autofree char *shown = NULL;

        if (there == 0) {
                shown = catalog_shown(name);
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "VM \"%s\": there is no %s \"%s\"",
                            record->name, kind, shown);
        }
        return there > 0;
}

static bool check_snapshot(Inventory *inventory, const Record *record, int64_t id, GError **error)
{
        g_autofree char *shown = g_strdup_printf("%" G_GINT64_FORMAT, id);

        return id == 0 || refers(db_has(inventory, error, "SELECT 1 FROM snapshot WHERE id = ?", INT(id)),
                                 record, "snapshot", shown, error);
}

static bool check(Inventory *inventory, const Record *record, GError **error)
{
        int taken;

        if (!catalog_check_name("virtual machine", record->name, error))
                return false;
        taken = db_has(inventory, error,
                       "SELECT 1 FROM vm WHERE name = ? AND uuid <> ? AND folder IS NOT NULL",
                       TEXT(record->name), TEXT(record->uuid));
        if (taken > 0)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS, "there is a VM \"%s\" already",
                            record->name);
        if (taken != 0)
                return false;

        if (!refers(db_has(inventory, error, "SELECT 1 FROM folder WHERE path = ?", TEXT(record->folder)),
                    record, "folder", record->folder, error))
                return false;
        if (record->datastore != NULL &&
            !refers(db_has(inventory, error, "SELECT 1 FROM datastore WHERE name = ?",
                           TEXT(record->datastore)),
                    record, "datastore", record->datastore, error))
                return false;
        if (record->parent != NULL &&
            !refers(db_has(inventory, error, "SELECT 1 FROM vm WHERE uuid = ?", TEXT(record->parent)),
                    record, "parent", record->parent, error))
                return false;
        return check_snapshot(inventory, record, record->parent_snapshot, error) &&
               check_snapshot(inventory, record, record->current_snapshot, error);
}

bool record_save(Inventory *inventory, const Record *record, GError **error)
{
        LOCK(inventory);

        return check(inventory, record, error) &&
               db_run(inventory, error,
                      "INSERT INTO vm (" COLUMNS ", pool, stopped)"
                      "  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '/', 0)"
                      "  ON CONFLICT (uuid) DO UPDATE SET (" COLUMNS ") = (excluded.uuid, excluded.name,"
                      "  excluded.folder, excluded.datastore, excluded.home, excluded.parent,"
                      "  excluded.parent_snapshot, excluded.current_snapshot, excluded.made_ms,"
                      "  excluded.state, excluded.is_template, excluded.saved)",
                      TEXT(record->uuid), TEXT(record->name), TEXT(record->folder), TEXT(record->datastore),
                      TEXT(record->home), TEXT(record->parent), ID(record->parent_snapshot),
                      ID(record->current_snapshot), INT(record->made_ms), INT(record->state),
                      INT(record->is_template), TEXT(record->saved));
}

static Statement *query_clones(Inventory *inventory, const char *uuid, GError **error)
{
        return db_query(inventory, error,
                        "SELECT name FROM vm WHERE uuid <> ?1 AND parent_snapshot IN"
                        "  (SELECT id FROM snapshot WHERE uuid = ?1) ORDER BY name",
                        TEXT(uuid));
}

/* Not even by mistake: their disks stand on what would be nobody's then. */
static bool has_no_clones(Inventory *inventory, const char *uuid, GError **error)
{
        g_autoptr(Statement) statement = query_clones(inventory, uuid, error);
        g_autoptr(Record) record = NULL;
        g_autofree char *clones = NULL;

        if (!db_names(statement, &clones, error))
                return false;
        if (clones == NULL)
                return true;
        record = record_load(inventory, uuid, NULL);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                    "VM \"%s\" has linked clones: %s; delete them first ('aerostat vm clone --full' makes "
                    "copies that stand alone)",
                    record != NULL ? record->name : uuid, clones);
        return false;
}

bool record_delete(Inventory *inventory, const char *uuid, GError **error)
{
        LOCK(inventory);
        bool ok;

        if (!has_no_clones(inventory, uuid, error) || !db_begin(inventory, error))
                return false;
        ok = db_run(inventory, error, "DELETE FROM question WHERE uuid = ?", TEXT(uuid)) &&
             db_run(inventory, error, "DELETE FROM batch WHERE parent = ?", TEXT(uuid)) &&
             db_run(inventory, error, "DELETE FROM vm WHERE uuid = ?", TEXT(uuid));
        return db_end(inventory, ok, error);
}

static Statement *query_list(Inventory *inventory, const char *folder, bool deep, GError **error)
{
        g_autofree char *below = NULL, *end = NULL;

        if (folder == NULL || (deep && strcmp(folder, "/") == 0))
                return db_query(inventory, error,
                                "SELECT " COLUMNS " FROM vm WHERE folder IS NOT NULL ORDER BY name");
        if (!deep || folder[0] == '\0')
                return db_query(inventory, error,
                                "SELECT " COLUMNS " FROM vm WHERE folder = ? ORDER BY name", TEXT(folder));
        /* "0" is what comes after "/". */
        below = g_strconcat(folder, "/", NULL);
        end = g_strconcat(folder, "0", NULL);
        return db_query(inventory, error,
                        "SELECT " COLUMNS " FROM vm WHERE folder = ? OR (folder > ? AND folder < ?)"
                        "  ORDER BY name",
                        TEXT(folder), TEXT(below), TEXT(end));
}

GPtrArray *record_list(Inventory *inventory, const char *folder, bool deep, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement = query_list(inventory, folder, deep, error);

        return db_rows(statement, read_record, (GDestroyNotify)record_free, error);
}

GPtrArray *record_clones(Inventory *inventory, const char *uuid, int64_t snapshot, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error,
                         "SELECT " COLUMNS " FROM vm WHERE folder IS NOT NULL AND parent_snapshot IN"
                         "  (SELECT id FROM snapshot WHERE uuid = ?1 AND (?2 = 0 OR id = ?2)) ORDER BY name",
                         TEXT(uuid), INT(snapshot));

        return db_rows(statement, read_record, (GDestroyNotify)record_free, error);
}
