/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Switches, port groups, and which card is on which. */
#include <string.h>

#include "inventory/catalog.h"
#include "inventory/database.h"
#include "inventory/record.h"

#define VLAN_MAX 4095

/* --- switches --- */

void switch_record_free(SwitchRecord *record)
{
        if (record == NULL)
                return;
        g_free(record->name);
        g_free(record->bridge);
        g_strfreev(record->uplinks);
        g_free(record);
}

static bool switch_must_exist(Inventory *inventory, const char *name, GError **error)
{
        int there = db_has(inventory, error, "SELECT 1 FROM switch WHERE name = ?", TEXT(name));
        g_autofree char *shown = NULL;

        if (there == 0) {
                shown = catalog_shown(name);
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no switch \"%s\"", shown);
        }
        return there > 0;
}

bool switch_save(Inventory *inventory, const SwitchRecord *record, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement = NULL;
        g_autofree char *other = NULL;

        if (!catalog_check_name("switch", record->name, error))
                return false;
        statement = db_query(inventory, error, "SELECT name FROM switch WHERE bridge = ? AND name <> ?",
                             TEXT(record->bridge), TEXT(record->name));
        if (!db_names(statement, &other, error))
                return false;
        if (other != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                            "the bridge %s belongs to the switch \"%s\" already", record->bridge, other);
                return false;
        }
        return db_run(inventory, error,
                      "INSERT INTO switch VALUES (?, ?, ?) ON CONFLICT (name)"
                      "  DO UPDATE SET bridge = excluded.bridge, uplinks = excluded.uplinks",
                      TEXT(record->name), TEXT(record->bridge), TEXTS(record->uplinks));
}

bool switch_delete(Inventory *inventory, const char *name, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement = NULL;
        g_autofree char *groups = NULL;

        if (!switch_must_exist(inventory, name, error))
                return false;
        statement = db_query(inventory, error, "SELECT name FROM port_group WHERE switch = ? ORDER BY name",
                             TEXT(name));
        if (!db_names(statement, &groups, error))
                return false;
        if (groups != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                            "the switch \"%s\" has port groups: %s; delete them first", name, groups);
                return false;
        }
        return db_run(inventory, error, "DELETE FROM switch WHERE name = ?", TEXT(name));
}

static gpointer read_switch(const Statement *statement)
{
        SwitchRecord *record = g_new0(SwitchRecord, 1);

        record->name = db_text(statement, 0);
        record->bridge = db_text(statement, 1);
        record->uplinks = db_texts(statement, 2);
        return record;
}

GPtrArray *switch_list(Inventory *inventory, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error, "SELECT name, bridge, uplinks FROM switch ORDER BY name");

        return db_rows(statement, read_switch, (GDestroyNotify)switch_record_free, error);
}

/* --- port groups --- */

void port_group_record_free(PortGroupRecord *record)
{
        if (record == NULL)
                return;
        g_free(record->name);
        g_free(record->switch_name);
        g_free(record);
}

static bool port_group_must_exist(Inventory *inventory, const char *name, GError **error)
{
        int there = db_has(inventory, error, "SELECT 1 FROM port_group WHERE name = ?", TEXT(name));
        g_autofree char *shown = NULL;

        if (there == 0) {
                shown = catalog_shown(name);
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no port group \"%s\"", shown);
        }
        return there > 0;
}

bool port_group_save(Inventory *inventory, const PortGroupRecord *record, GError **error)
{
        LOCK(inventory);

        if (!catalog_check_name("port group", record->name, error) ||
            !switch_must_exist(inventory, record->switch_name, error))
                return false;
        if (record->vlan > VLAN_MAX) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "the VLAN of port group \"%s\" is to be 0 (none), 1 to 4094, or 4095 (all), "
                            "not %u",
                            record->name, record->vlan);
                return false;
        }
        return db_run(inventory, error,
                      "INSERT INTO port_group VALUES (?, ?, ?) ON CONFLICT (name)"
                      "  DO UPDATE SET switch = excluded.switch, vlan = excluded.vlan",
                      TEXT(record->name), TEXT(record->switch_name), INT(record->vlan));
}

bool port_group_save_all(Inventory *inventory, const PortGroupRecord *records, unsigned n, GError **error)
{
        bool ok = true;

        if (!db_begin(inventory, error))
                return false;
        for (unsigned i = 0; ok && i < n; i++)
                ok = port_group_save(inventory, &records[i], error);
        return db_end(inventory, ok, error);
}

bool port_group_delete(Inventory *inventory, const char *name, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement = NULL;
        g_autofree char *vms = NULL;

        if (!port_group_must_exist(inventory, name, error))
                return false;
        statement = db_query(inventory, error,
                             "SELECT DISTINCT name FROM vm_card JOIN vm USING (uuid) WHERE port_group = ?"
                             "  ORDER BY name",
                             TEXT(name));
        if (!db_names(statement, &vms, error))
                return false;
        if (vms != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                            "VMs have cards on the port group \"%s\": %s; move or remove the cards first",
                            name, vms);
                return false;
        }
        return db_run(inventory, error, "DELETE FROM port_group WHERE name = ?", TEXT(name));
}

static gpointer read_port_group(const Statement *statement)
{
        PortGroupRecord *record = g_new0(PortGroupRecord, 1);

        record->name = db_text(statement, 0);
        record->switch_name = db_text(statement, 1);
        record->vlan = (unsigned)db_int(statement, 2);
        return record;
}

GPtrArray *port_group_list(Inventory *inventory, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error, "SELECT name, switch, vlan FROM port_group ORDER BY name");

        return db_rows(statement, read_port_group, (GDestroyNotify)port_group_record_free, error);
}

char **port_group_users(Inventory *inventory, const char *name, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error,
                         "SELECT DISTINCT uuid FROM vm_card WHERE port_group = ? ORDER BY uuid", TEXT(name));

        return db_strings(statement, error);
}

/* --- cards --- */

bool card_save(Inventory *inventory, const char *uuid, const char *mac, const char *port_group,
               GError **error)
{
        LOCK(inventory);

        if (port_group == NULL)
                return db_run(inventory, error, "DELETE FROM vm_card WHERE uuid = ? AND mac = ?", TEXT(uuid),
                              TEXT(mac));
        return db_vm_must_exist(inventory, uuid, error) &&
               port_group_must_exist(inventory, port_group, error) &&
               db_run(inventory, error, "INSERT OR REPLACE INTO vm_card VALUES (?, ?, ?)", TEXT(uuid),
                      TEXT(mac), TEXT(port_group));
}

GHashTable *card_records(Inventory *inventory, const char *uuid, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement =
                db_query(inventory, error, "SELECT mac, port_group FROM vm_card WHERE uuid = ?", TEXT(uuid));
        g_autoptr(GHashTable) cards = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        int step;

        while ((step = db_step(statement, error)) > 0)
                g_hash_table_insert(cards, db_text(statement, 0), db_text(statement, 1));
        return step == 0 ? g_steal_pointer(&cards) : NULL;
}
