/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Modes of disks. */
#include <string.h>

#include "inventory/database.h"
#include "inventory/record.h"

static const char *const mode_names[] = {
        [DISK_PERSISTENT] = "persistent",
        [DISK_INDEPENDENT_PERSISTENT] = "independent_persistent",
        [DISK_INDEPENDENT_NONPERSISTENT] = "independent_nonpersistent",
};

const char *disk_mode_name(DiskMode mode)
{
        return mode_names[mode];
}

bool disk_mode_parse(const char *name, DiskMode *ret)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(mode_names); i++) {
                if (strcmp(name, mode_names[i]) != 0)
                        continue;
                *ret = (DiskMode)i;
                return true;
        }
        return false;
}

void disk_record_free(DiskRecord *disk)
{
        if (disk == NULL)
                return;
        g_free(disk->target);
        g_free(disk->base);
        g_free(disk);
}

static gpointer read_disk(const Statement *statement)
{
        DiskRecord *disk = g_new0(DiskRecord, 1);

        disk->target = db_text(statement, 0);
        disk->mode = (DiskMode)db_int(statement, 1);
        disk->base = db_text(statement, 2);
        return disk;
}

GPtrArray *disk_records(Inventory *inventory, const char *uuid, GError **error)
{
        LOCK(inventory);
        g_autoptr(Statement) statement = db_query(
                inventory, error, "SELECT target, mode, base FROM vm_disk WHERE uuid = ? ORDER BY target",
                TEXT(uuid));

        return db_rows(statement, read_disk, (GDestroyNotify)disk_record_free, error);
}

bool disk_record_save(Inventory *inventory, const char *uuid, const DiskRecord *disk, GError **error)
{
        LOCK(inventory);

        return db_vm_must_exist(inventory, uuid, error) &&
               db_run(inventory, error, "INSERT OR REPLACE INTO vm_disk VALUES (?, ?, ?, ?)", TEXT(uuid),
                      TEXT(disk->target), INT(disk->mode), TEXT(disk->base));
}

bool disk_record_delete(Inventory *inventory, const char *uuid, const char *target, GError **error)
{
        LOCK(inventory);

        return db_run(inventory, error, "DELETE FROM vm_disk WHERE uuid = ? AND target = ?", TEXT(uuid),
                      TEXT(target));
}
