/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The tables. A file is brought up version by version, so that a new one goes the same way as an old one.
 *
 * A row of vm is what the memory scheduler knows of a VM that it has seen (name, pool, stopped); a Record,
 * too, once it has a folder. Only the names of Records are unique: libvirt may have had several VMs of a
 * name one after the other.
 */
#include "inventory/database.h"

static const char version_1[] =
        "CREATE TABLE vm (uuid TEXT PRIMARY KEY, name TEXT NOT NULL, pool TEXT NOT NULL,"
        "  stopped INTEGER NOT NULL) STRICT;"
        "CREATE TABLE vm_option (uuid TEXT NOT NULL REFERENCES vm ON DELETE CASCADE, name TEXT NOT NULL,"
        "  value TEXT NOT NULL, PRIMARY KEY (uuid, name)) STRICT;"
        "CREATE TABLE pool (path TEXT PRIMARY KEY, shares TEXT NOT NULL, reservation_mib INTEGER NOT NULL,"
        "  limit_mib INTEGER NOT NULL, expandable INTEGER NOT NULL) STRICT;"
        "CREATE TABLE event (id INTEGER PRIMARY KEY AUTOINCREMENT, time_ms INTEGER NOT NULL,"
        "  type TEXT NOT NULL, vm TEXT, message TEXT NOT NULL) STRICT;";

static const char version_2[] =
        "CREATE TABLE folder (path TEXT PRIMARY KEY,"
        "  parent TEXT REFERENCES folder DEFERRABLE INITIALLY DEFERRED) STRICT;"
        "INSERT INTO folder VALUES ('/', NULL);"
        "CREATE INDEX folder_parent ON folder (parent);"

        "CREATE TABLE datastore (name TEXT PRIMARY KEY, path TEXT NOT NULL UNIQUE) STRICT;"

        "CREATE TABLE snapshot (id INTEGER PRIMARY KEY AUTOINCREMENT,"
        "  uuid TEXT NOT NULL REFERENCES vm ON DELETE CASCADE, parent INTEGER REFERENCES snapshot,"
        "  name TEXT NOT NULL, description TEXT NOT NULL, time_ms INTEGER NOT NULL, memory TEXT,"
        "  definition TEXT NOT NULL) STRICT;"
        "CREATE INDEX snapshot_vm ON snapshot (uuid);"
        "CREATE INDEX snapshot_parent ON snapshot (parent);"
        "CREATE TABLE snapshot_disk (snapshot INTEGER NOT NULL REFERENCES snapshot ON DELETE CASCADE,"
        "  target TEXT NOT NULL, path TEXT NOT NULL, PRIMARY KEY (snapshot, target)) STRICT;"

        /* Linked clones hold the snapshot that they stand on; full ones only remember their parent. */
        "ALTER TABLE vm ADD COLUMN folder TEXT REFERENCES folder ON UPDATE CASCADE;"
        "ALTER TABLE vm ADD COLUMN datastore TEXT REFERENCES datastore ON UPDATE CASCADE;"
        "ALTER TABLE vm ADD COLUMN home TEXT;"
        "ALTER TABLE vm ADD COLUMN parent TEXT REFERENCES vm ON DELETE SET NULL;"
        "ALTER TABLE vm ADD COLUMN parent_snapshot INTEGER REFERENCES snapshot;"
        "ALTER TABLE vm ADD COLUMN current_snapshot INTEGER REFERENCES snapshot;"
        "ALTER TABLE vm ADD COLUMN made_ms INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE vm ADD COLUMN state INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE vm ADD COLUMN is_template INTEGER NOT NULL DEFAULT 0;"
        "ALTER TABLE vm ADD COLUMN saved TEXT;"
        "CREATE UNIQUE INDEX vm_name ON vm (name) WHERE folder IS NOT NULL;"
        "CREATE INDEX vm_folder ON vm (folder);"
        "CREATE INDEX vm_datastore ON vm (datastore);"
        "CREATE INDEX vm_parent ON vm (parent);"
        "CREATE INDEX vm_parent_snapshot ON vm (parent_snapshot);"
        "CREATE INDEX vm_current_snapshot ON vm (current_snapshot);"

        "CREATE TABLE vm_disk (uuid TEXT NOT NULL REFERENCES vm ON DELETE CASCADE, target TEXT NOT NULL,"
        "  mode INTEGER NOT NULL, base TEXT, PRIMARY KEY (uuid, target)) STRICT;"

        "CREATE TABLE switch (name TEXT PRIMARY KEY, bridge TEXT NOT NULL UNIQUE, uplinks BLOB NOT NULL)"
        "  STRICT;"
        "CREATE TABLE port_group (name TEXT PRIMARY KEY,"
        "  switch TEXT NOT NULL REFERENCES switch ON UPDATE CASCADE,"
        "  vlan INTEGER NOT NULL CHECK (vlan BETWEEN 0 AND 4095)) STRICT;"
        "CREATE INDEX port_group_switch ON port_group (switch);"
        "CREATE TABLE vm_card (uuid TEXT NOT NULL REFERENCES vm ON DELETE CASCADE, mac TEXT NOT NULL,"
        "  port_group TEXT NOT NULL REFERENCES port_group ON UPDATE CASCADE, PRIMARY KEY (uuid, mac))"
        "  STRICT;"
        "CREATE INDEX vm_card_port_group ON vm_card (port_group);"

        /* vm NULL: the host's. */
        "CREATE TABLE attribute (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, type INTEGER NOT NULL)"
        "  STRICT;"
        "CREATE TABLE attribute_value (attribute INTEGER NOT NULL REFERENCES attribute ON DELETE CASCADE,"
        "  vm TEXT REFERENCES vm ON DELETE CASCADE, value TEXT NOT NULL) STRICT;"
        "CREATE UNIQUE INDEX attribute_value_one ON attribute_value (attribute, ifnull(vm, ''));"
        "CREATE INDEX attribute_value_vm ON attribute_value (vm);"
        "CREATE INDEX attribute_value_find ON attribute_value (attribute, value);"

        "CREATE TABLE specification (name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;"
        /* Numbers stay with their VMs also when the specification is gone and comes again. */
        "CREATE TABLE customization (uuid TEXT PRIMARY KEY REFERENCES vm ON DELETE CASCADE,"
        "  specification TEXT NOT NULL, number INTEGER NOT NULL, pending TEXT,"
        "  UNIQUE (specification, number)) STRICT;"
        "CREATE INDEX customization_pending ON customization (uuid) WHERE pending IS NOT NULL;"

        "CREATE TABLE task (id INTEGER PRIMARY KEY AUTOINCREMENT, method TEXT NOT NULL, object TEXT,"
        "  state INTEGER NOT NULL, percent INTEGER NOT NULL, message TEXT, queued_ms INTEGER NOT NULL,"
        "  started_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL) STRICT;"

        /* Intents, batches and questions may outlive or come before the row of their VM. */
        "CREATE TABLE intent (id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL, kind TEXT NOT NULL,"
        "  new_files BLOB NOT NULL, old_files BLOB NOT NULL, details TEXT) STRICT;"
        "CREATE TABLE batch (id INTEGER PRIMARY KEY AUTOINCREMENT, parent TEXT NOT NULL,"
        "  request TEXT NOT NULL, names BLOB NOT NULL, begun_ms INTEGER NOT NULL) STRICT;"
        "CREATE INDEX batch_parent ON batch (parent);"
        "CREATE TABLE question (id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE,"
        "  text TEXT NOT NULL, datastore TEXT, time_ms INTEGER NOT NULL) STRICT;";

/* A GIOErrorEnum; those that are there already just failed. */
static const char version_3[] = "ALTER TABLE task ADD COLUMN error INTEGER NOT NULL DEFAULT 0;";

/* An account without a hash is the host's own: PAM knows its password. */
static const char version_4[] = "CREATE TABLE object_id (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT "
                                "NOT NULL, key TEXT NOT NULL,"
                                "  UNIQUE (kind, key)) STRICT;"
                                "CREATE TABLE account (name TEXT PRIMARY KEY, full_name TEXT NOT NULL, hash "
                                "TEXT, role INTEGER NOT NULL,"
                                "  made_ms INTEGER NOT NULL) STRICT;";

static const char version_5[] =
        "CREATE TABLE left_home (id INTEGER PRIMARY KEY AUTOINCREMENT,"
        "  uuid TEXT NOT NULL REFERENCES vm ON DELETE CASCADE, path TEXT NOT NULL, UNIQUE (uuid, path))"
        "  STRICT;";

/* VMs that were not adopted have cards, too. gone: counted up with each thing that went; NULL: it is there.
 */
static const char version_6[] =
        "CREATE TABLE card_key (uuid TEXT NOT NULL, mac TEXT NOT NULL, key INTEGER NOT NULL,"
        "  PRIMARY KEY (uuid, mac)) STRICT;"
        "ALTER TABLE object_id ADD COLUMN gone INTEGER;"
        "CREATE INDEX object_id_gone ON object_id (gone) WHERE gone IS NOT NULL;";

/* By time, as they are written and dropped: what is added goes to the end, and what is dropped lies
 * together. */
static const char version_7[] =
        "CREATE TABLE sample (time_ms INTEGER NOT NULL, object TEXT NOT NULL, counters BLOB NOT NULL,"
        "  PRIMARY KEY (time_ms, object)) STRICT, WITHOUT ROWID;"
        "CREATE INDEX event_reclaim ON event (id) WHERE type = 'reclaim';";

static const char *const versions[] = {version_1, version_2, version_3, version_4,
                                       version_5, version_6, version_7};

static bool bring_up(Inventory *inventory, GError **error)
{
        g_autofree char *set_version =
                g_strdup_printf("PRAGMA user_version = %u", (unsigned)G_N_ELEMENTS(versions));
        g_autoptr(Statement) statement = db_query(inventory, error, "PRAGMA user_version");
        int64_t version;

        if (db_step(statement, error) < 1)
                return false;
        version = db_int(statement, 0);
        g_clear_pointer(&statement, statement_release);
        if (version < 0 || version > (int64_t)G_N_ELEMENTS(versions)) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "inventory %s was written by a newer aerostat (format %" G_GINT64_FORMAT
                            ", this one knows %u)",
                            inventory->path, version, (unsigned)G_N_ELEMENTS(versions));
                return false;
        }
        if (version == G_N_ELEMENTS(versions))
                return true;
        for (; version < (int64_t)G_N_ELEMENTS(versions); version++)
                if (!db_execute(inventory, versions[version], error))
                        return false;
        return db_execute(inventory, set_version, error);
}

bool schema_set_up(Inventory *inventory, GError **error)
{
        return db_execute(inventory, "PRAGMA journal_mode = WAL", error) &&
               db_execute(inventory, "PRAGMA synchronous = FULL", error) &&
               db_execute(inventory, "PRAGMA foreign_keys = ON", error) && db_begin(inventory, error) &&
               db_end(inventory, bring_up(inventory, error), error);
}
