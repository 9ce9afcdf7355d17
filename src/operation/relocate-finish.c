/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The end of a relocation: all is copied, and what names the files names the copies. */
#include <string.h>

#include "operation/disk.h"
#include "operation/left-home.h"
#include "operation/relocate.h"

/* EFI variables stay where they are: see left-home.c. */
static bool change_definition(const GHashTable *moves, const char *from, const char *to,
                              Definition *definition, GError **error)
{
        g_autoptr(GPtrArray) disks = definition_disks(definition);
        g_autofree char *nvram = g_strdup(definition_nvram(definition));

        for (unsigned i = 0; i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];
                const char *path = relocate_path(moves, disk->path);

                if (path != disk->path &&
                    !definition_set_disk(definition, disk->target, path, "qcow2", error))
                        return false;
        }
        if (from != NULL)
                definition_move_files(definition, from, to);
        if (nvram != NULL)
                definition_set_nvram(definition, nvram);
        return true;
}

/* As it will start next; one that runs has its disks changed already, and the rest when it is off. */
static bool switch_definition(SnapshotVm *vm, const GHashTable *moves, const char *from, const char *to,
                              GError **error)
{
        g_autofree char *xml = life_definition(vm->connection, vm->record->uuid, false, error),
                        *changed = NULL;
        g_autoptr(Definition) definition = xml != NULL ? definition_parse(xml, error) : NULL;

        if (definition == NULL || !change_definition(moves, from, to, definition, error))
                return false;
        changed = definition_text(definition);
        return life_define(vm->connection, changed, error);
}

/* --- the inventory --- */

static bool change_snapshot(SnapshotRecord *snapshot, const GHashTable *moves, const char *from,
                            const char *to, GError **error)
{
        g_autoptr(Definition) definition = definition_parse(snapshot->definition, error);
        GHashTableIter iter;
        gpointer path;

        if (definition == NULL || !change_definition(moves, from, to, definition, error))
                return false;
        g_free(snapshot->definition);
        snapshot->definition = definition_text(definition);
        g_hash_table_iter_init(&iter, snapshot->disks);
        while (g_hash_table_iter_next(&iter, NULL, &path))
                if (relocate_path(moves, path) != path)
                        g_hash_table_iter_replace(&iter, g_strdup(relocate_path(moves, path)));
        if (relocate_path(moves, snapshot->memory) != snapshot->memory) {
                char *memory = g_strdup(relocate_path(moves, snapshot->memory));

                g_free(snapshot->memory);
                snapshot->memory = memory;
        }
        return true;
}

static bool change_records(SnapshotVm *vm, const GHashTable *moves, const char *datastore, const char *from,
                           const char *to, GError **error)
{
        Inventory *inventory = call_inventory(vm->call);
        Record *record = vm->record;
        bool well;

        for (unsigned i = 0; i < vm->snapshots->len; i++)
                if (!change_snapshot(vm->snapshots->pdata[i], moves, from, to, error))
                        return false;
        g_free(record->datastore);
        record->datastore = g_strdup(datastore);
        g_free(record->home);
        record->home = g_strdup(to);
        if (record->saved != NULL) {
                g_autofree char *name = g_path_get_basename(record->saved);

                g_free(record->saved);
                record->saved = g_build_filename(to, name, NULL);
        }
        if (!inventory_begin(inventory, error))
                return false;
        well = record_save(inventory, record, error) &&
               (from == NULL || left_home_add(inventory, record->uuid, from, error)) &&
               snapshot_records_change(inventory, record->uuid,
                                       (SnapshotRecord *const *)vm->snapshots->pdata, vm->snapshots->len,
                                       NULL, 0, record->current_snapshot, 0, error);
        return inventory_end(inventory, well, error);
}

/* --- old files --- */

/* Disks and memory; the rest goes with the folder. */
static void drop_old(SnapshotVm *vm, const GHashTable *moves, const char *old_home)
{
        GHashTableIter iter;
        gpointer path;

        g_hash_table_iter_init(&iter, (GHashTable *)(guintptr)moves);
        while (g_hash_table_iter_next(&iter, &path, NULL)) {
                char *const one[] = {path, NULL};

                if (old_home != NULL)
                        snapshot_delete_files(vm->call, vm->record->name, one);
        }
        if (old_home == NULL)
                call_event(vm->call, "task", vm->record->name,
                           "moved to datastore %s; its files where it was adopted from stay there",
                           vm->record->datastore);
        else if (vm->is_on)
                call_event(vm->call, "task", vm->record->name,
                           "moved to datastore %s; its EFI variables and its console stay in %s until it is "
                           "powered off or suspended, and follow then",
                           vm->record->datastore, old_home);
}

bool relocate_finish(Relocate *move, GError **error)
{
        SnapshotVm *vm = move->vm;

        if (!switch_definition(vm, move->moves, move->old_home, move->home, error) ||
            !change_records(vm, move->moves, move->datastore, move->old_home, move->home, error))
                return false;
        snapshot_write_home(vm);
        drop_old(vm, move->moves, move->old_home);
        if (!intent_delete(call_inventory(vm->call), move->intent->id, error))
                return false;
        /* The VM has moved, whatever becomes of this: it is tried again. */
        (void)left_home_settle(vm->call, vm->record->uuid);
        return true;
}
