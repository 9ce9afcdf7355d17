/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Independent-nonpersistent disks. The definition names the disk itself, always; a VM is started with
 * another one, for this time only, in which a REDO file stands over it. Its record is made before the file
 * and goes after it, so that what a kill leaves is found: at the VM's end, at the daemon's start, and at
 * the VM's next power-on at the latest.
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "operation/vm.h"
#include "storage/disk.h"

static char *redo_path(const Record *record, const DiskRecord *disk, const char *base)
{
        g_autofree char *folder = record->home != NULL ? g_strdup(record->home) : g_path_get_dirname(base);

        return g_strdup_printf("%s/%s-%s.REDO", folder, record->name, disk->target);
}

static bool drop(Call *call, const Record *record, DiskRecord *disk, GError **error)
{
        g_autofree char *path = redo_path(record, disk, disk->base);

        if (g_unlink(path) < 0 && errno != ENOENT) {
                g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(errno), "%s: cannot delete %s: %s",
                            record->name, path, g_strerror(errno));
                return false;
        }
        g_clear_pointer(&disk->base, g_free);
        return disk_record_save(call_inventory(call), record->uuid, disk, error);
}

bool redo_drop(Call *call, const Record *record, GError **error)
{
        g_autoptr(GPtrArray) disks = disk_records(call_inventory(call), record->uuid, error);
        bool any = false;

        if (disks == NULL)
                return false;
        for (unsigned i = 0; i < disks->len; i++) {
                DiskRecord *disk = disks->pdata[i];

                if (disk->base == NULL)
                        continue;
                any = true;
                if (!drop(call, record, disk, error))
                        return false;
        }
        if (any)
                vm_update_files(call, record);
        return true;
}

static const DefinitionDisk *find_disk(const GPtrArray *disks, const char *target)
{
        for (unsigned i = 0; i < disks->len; i++)
                if (g_strcmp0(((const DefinitionDisk *)disks->pdata[i])->target, target) == 0)
                        return disks->pdata[i];
        return NULL;
}

static bool begin(Call *call, const Record *record, Definition *definition, DiskRecord *disk,
                  const DefinitionDisk *own, GError **error)
{
        g_autofree char *path = redo_path(record, disk, own->path);

        disk->base = g_strdup(own->path);
        return disk_record_save(call_inventory(call), record->uuid, disk, error) &&
               disk_create_overlay(path, own->path, own->format != NULL ? own->format : "raw", error) &&
               definition_set_disk(definition, disk->target, path, "qcow2", error);
}

bool redo_begin(Call *call, const Record *record, Definition *definition, bool *ret_any, GError **error)
{
        g_autoptr(GPtrArray) disks = disk_records(call_inventory(call), record->uuid, error);
        g_autoptr(GPtrArray) own = definition_disks(definition);

        *ret_any = false;
        if (disks == NULL || !redo_drop(call, record, error))
                return false;
        for (unsigned i = 0; i < disks->len; i++) {
                DiskRecord *disk = disks->pdata[i];
                const DefinitionDisk *mine = find_disk(own, disk->target);

                if (disk->mode != DISK_INDEPENDENT_NONPERSISTENT || mine == NULL || mine->path == NULL)
                        continue;
                *ret_any = true;
                g_clear_pointer(&disk->base, g_free);
                if (!begin(call, record, definition, disk, mine, error)) {
                        g_prefix_error(error, "%s, the REDO file of disk %s: ", record->name, disk->target);
                        (void)redo_drop(call, record, NULL);
                        return false;
                }
        }
        return true;
}
