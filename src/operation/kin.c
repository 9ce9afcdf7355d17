/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "operation/kin.h"

#include <string.h>

#include "operation/vm.h"
#include "storage/disk.h"

static bool is_one(const SnapshotRecord *snapshot, const char *path)
{
        GHashTableIter iter;
        gpointer file;

        g_hash_table_iter_init(&iter, snapshot->disks);
        while (g_hash_table_iter_next(&iter, NULL, &file))
                if (strcmp(file, path) == 0)
                        return true;
        return false;
}

/* The snapshot that froze the first of the files that one has frozen; NULL: none. */
static const SnapshotRecord *find_snapshot(const GPtrArray *snapshots, const GPtrArray *files)
{
        for (unsigned i = 0; i < files->len; i++)
                for (unsigned n = 0; n < snapshots->len; n++)
                        if (is_one(snapshots->pdata[n], files->pdata[i]))
                                return snapshots->pdata[n];
        return NULL;
}

/* Files beneath its disks, those next to them first. Owned. */
static GPtrArray *files_beneath(Definition *definition)
{
        g_autoptr(GPtrArray) disks = definition_disks(definition);
        GPtrArray *files = g_ptr_array_new_with_free_func(g_free);

        for (unsigned i = 0; i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];
                g_autoptr(GPtrArray) chain = disk->path != NULL && g_strcmp0(disk->format, "qcow2") == 0
                                                     ? disk_chain(disk->path, NULL)
                                                     : NULL;

                for (unsigned n = 1; chain != NULL && n < chain->len; n++)
                        g_ptr_array_add(files, g_strdup(chain->pdata[n]));
        }
        return files;
}

bool kin_find_parent(Call *call, Record *record, Definition *definition, GError **error)
{
        g_autoptr(GPtrArray) records = record_list(call_inventory(call), NULL, false, error);
        g_autoptr(GPtrArray) files = files_beneath(definition);

        for (unsigned i = 0; files->len > 0 && records != NULL && i < records->len; i++) {
                const Record *other = records->pdata[i];
                g_autoptr(GPtrArray) snapshots = snapshot_records(call_inventory(call), other->uuid, error);
                const SnapshotRecord *snapshot;

                if (snapshots == NULL)
                        return false;
                snapshot = find_snapshot(snapshots, files);
                if (snapshot == NULL)
                        continue;
                record->parent = g_strdup(other->uuid);
                record->parent_snapshot = snapshot->id;
                break;
        }
        return records != NULL;
}

/* --- clones that were there before their parent --- */

typedef struct Clone {
        Record *record;
        const SnapshotRecord *snapshot; /* gets its id only when it is saved */
} Clone;

static void clone_free(gpointer data)
{
        Clone *clone = data;

        record_free(clone->record);
        g_free(clone);
}

static bool refuse_shared(const Record *other, const SnapshotRecord *snapshot, GError **error)
{
        return operation_refuse(
                error, G_IO_ERROR_NOT_SUPPORTED,
                "snapshot \"%s\" is said to have frozen a file that VM \"%s\" has as its own",
                snapshot->name, other->name);
}

/* No file of the snapshots is one that the other VM writes to, or one of its snapshots. */
static bool check_own(Call *call, const Record *other, Definition *definition, GPtrArray *snapshots,
                      GError **error)
{
        g_autoptr(GPtrArray) theirs = snapshot_records(call_inventory(call), other->uuid, error);

        for (unsigned i = 0; theirs != NULL && i < snapshots->len; i++) {
                const SnapshotRecord *snapshot = snapshots->pdata[i];
                GHashTableIter iter;
                gpointer file;

                g_hash_table_iter_init(&iter, snapshot->disks);
                while (g_hash_table_iter_next(&iter, NULL, &file)) {
                        if (definition_uses(definition, file))
                                return refuse_shared(other, snapshot, error);
                        for (unsigned n = 0; n < theirs->len; n++)
                                if (is_one(theirs->pdata[n], file))
                                        return refuse_shared(other, snapshot, error);
                }
        }
        return theirs != NULL;
}

static bool add_clone(Call *call, const Record *other, GPtrArray *snapshots, GPtrArray *clones,
                      GError **error)
{
        g_autoptr(Definition) definition = vm_definition(call, other->uuid, false, NULL);
        g_autoptr(GPtrArray) files = NULL;
        const SnapshotRecord *snapshot;
        Clone *clone;

        /* What libvirt does not know runs nowhere, and nothing is known of its disks. */
        if (definition == NULL)
                return true;
        if (!check_own(call, other, definition, snapshots, error))
                return false;
        files = files_beneath(definition);
        snapshot = other->parent_snapshot == 0 ? find_snapshot(snapshots, files) : NULL;
        if (snapshot == NULL)
                return true;
        if (!call_lock(call, other->uuid, true, error))
                return false;
        clone = g_new0(Clone, 1);
        clone->snapshot = snapshot;
        g_ptr_array_add(clones, clone);
        clone->record = record_load(call_inventory(call), other->uuid, error);
        return clone->record != NULL;
}

GPtrArray *kin_find_clones(Call *call, const char *uuid, GPtrArray *snapshots, GError **error)
{
        g_autoptr(GPtrArray) clones = g_ptr_array_new_with_free_func(clone_free), records = NULL;

        if (snapshots->len == 0)
                return g_steal_pointer(&clones);
        records = record_list(call_inventory(call), NULL, false, error);
        for (unsigned i = 0; records != NULL && i < records->len; i++) {
                const Record *other = records->pdata[i];

                if (strcmp(other->uuid, uuid) != 0 && !add_clone(call, other, snapshots, clones, error))
                        return NULL;
        }
        return records != NULL ? g_steal_pointer(&clones) : NULL;
}

bool kin_save_clones(Call *call, const char *uuid, GPtrArray *clones, GError **error)
{
        for (unsigned i = 0; i < clones->len; i++) {
                const Clone *clone = clones->pdata[i];

                g_free(clone->record->parent);
                clone->record->parent = g_strdup(uuid);
                clone->record->parent_snapshot = clone->snapshot->id;
                if (!record_save(call_inventory(call), clone->record, error))
                        return false;
        }
        return true;
}
