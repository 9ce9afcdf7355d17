/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RevertToSnapshot: fresh overlays over the files that the snapshot froze, the definition of then, and with
 * memory a VM that is suspended just there, which is what powering on resumes.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "operation/args.h"
#include "operation/network.h"
#include "operation/snapshot.h"
#include "storage/disk.h"
#include "vm/block.h"

#define SAVED_PREFIX "-"
#define SAVED_SUFFIX ".vmss"

typedef struct Revert {
        SnapshotVm *vm;
        const SnapshotRecord *snapshot; /* the VM's */
        Definition *definition;         /* as it will be */
        GHashTable *overlays;           /* char *target to char *path, new */
        char *saved;                    /* path of the memory that it goes on with, or NULL */
        Intent *intent;
} Revert;

static void revert_clear(Revert *revert)
{
        g_clear_pointer(&revert->definition, definition_free);
        g_clear_pointer(&revert->overlays, g_hash_table_unref);
        g_clear_pointer(&revert->intent, intent_free);
        g_free(revert->saved);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Revert, revert_clear)

/* --- the definition --- */

static const DefinitionDisk *disk_of(const GPtrArray *disks, const char *target)
{
        for (unsigned i = 0; i < disks->len; i++)
                if (strcmp(((const DefinitionDisk *)disks->pdata[i])->target, target) == 0)
                        return disks->pdata[i];
        return NULL;
}

/* A disk that the snapshot left alone is what it is now; one that is no more is left out. */
static bool set_other_disk(Revert *revert, const GPtrArray *now, const DefinitionDisk *disk, GError **error)
{
        const DefinitionDisk *current = disk_of(now, disk->target);
        g_autofree char *element = NULL;

        if (current != NULL)
                return definition_set_disk(revert->definition, disk->target, current->path, current->format,
                                           error);
        if (disk->path == NULL || g_file_test(disk->path, G_FILE_TEST_EXISTS))
                return true;
        element = definition_remove_disk(revert->definition, disk->target, error);
        if (element == NULL)
                return false;
        call_event(revert->vm->call, "error", revert->vm->record->name,
                   "disk %s of the snapshot is left out: %s is not there any more", disk->target,
                   disk->path);
        return true;
}

static bool make_definition(Revert *revert, GError **error)
{
        SnapshotVm *vm = revert->vm;
        g_autoptr(GPtrArray) now = definition_disks(vm->definition), then = NULL;

        revert->definition = definition_parse(revert->snapshot->definition, error);
        if (revert->definition == NULL)
                return false;
        /* It may have been renamed since. */
        definition_set_name(revert->definition, vm->record->name);
        definition_set_uuid(revert->definition, vm->record->uuid);
        then = definition_disks(revert->definition);
        for (unsigned i = 0; i < then->len; i++) {
                const DefinitionDisk *disk = then->pdata[i];
                const char *overlay = g_hash_table_lookup(revert->overlays, disk->target);

                if (overlay != NULL) {
                        if (!definition_set_disk(revert->definition, disk->target, overlay, "qcow2", error))
                                return false;
                } else if (!set_other_disk(revert, now, disk, error)) {
                        return false;
                }
        }
        return network_place(vm->call, vm->record->uuid, revert->definition, error);
}

/* Disks that came after the snapshot are the VM's no more; their files stay. */
static void tell_left_disks(const Revert *revert)
{
        g_autoptr(GPtrArray) then = definition_disks(revert->definition);

        for (unsigned i = 0; i < revert->vm->disks->len; i++) {
                const DefinitionDisk *disk = revert->vm->disks->pdata[i];

                if (disk_of(then, disk->target) == NULL)
                        call_event(revert->vm->call, "task", revert->vm->record->name,
                                   "disk %s came after the snapshot: it is taken out, its file %s stays",
                                   disk->target, disk->path);
        }
}

/* --- files --- */

static Tree *tree_after(const Revert *revert, GError **error)
{
        const SnapshotVm *vm = revert->vm;
        g_autoptr(Tree) tree = tree_new();

        for (unsigned i = 0; i < vm->snapshots->len; i++) {
                const SnapshotRecord *snapshot = vm->snapshots->pdata[i];
                GHashTableIter iter;
                gpointer path;

                g_hash_table_iter_init(&iter, snapshot->disks);
                while (g_hash_table_iter_next(&iter, NULL, &path))
                        if (tree_add(tree, path, error) == NULL)
                                return NULL;
        }
        /* Disks that the snapshot left alone go on as they are, and those that came after it stay. */
        for (unsigned i = 0; i < vm->disks->len; i++) {
                const DefinitionDisk *disk = vm->disks->pdata[i];

                if (!g_hash_table_contains(revert->snapshot->disks, disk->target) &&
                    tree_add(tree, disk->path, error) == NULL)
                        return NULL;
        }
        return g_steal_pointer(&tree);
}

/* What the VM writes to now, and the memory of one that is suspended: nobody comes back to that. */
static bool choose_old_files(Revert *revert, GError **error)
{
        g_autoptr(Tree) before = snapshot_vm_tree(revert->vm, NULL, 0, error);
        g_autoptr(Tree) after = before != NULL ? tree_after(revert, error) : NULL;
        GPtrArray *dropped = after != NULL ? tree_dropped(before, after) : NULL;

        if (dropped == NULL)
                return false;
        if (revert->vm->record->saved != NULL)
                g_ptr_array_add(dropped, g_strdup(revert->vm->record->saved));
        g_strfreev(revert->intent->old_files);
        revert->intent->old_files = snapshot_take_paths(dropped);
        return true;
}

static void choose_new_files(Revert *revert)
{
        GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
        GHashTableIter iter;
        gpointer path;

        g_hash_table_iter_init(&iter, revert->overlays);
        while (g_hash_table_iter_next(&iter, NULL, &path))
                g_ptr_array_add(files, g_strdup(path));
        if (revert->saved != NULL)
                g_ptr_array_add(files, g_strdup(revert->saved));
        g_strfreev(revert->intent->new_files);
        revert->intent->new_files = snapshot_take_paths(files);
}

static bool make_files(const Revert *revert, GError **error)
{
        GHashTableIter iter;
        gpointer target, path;

        g_hash_table_iter_init(&iter, revert->overlays);
        while (g_hash_table_iter_next(&iter, &target, &path)) {
                const char *frozen = g_hash_table_lookup(revert->snapshot->disks, target);
                g_autoptr(DiskInfo) info = disk_info(frozen, error);

                if (info == NULL || !disk_create_overlay(path, frozen, info->format, error))
                        return false;
        }
        if (revert->saved == NULL)
                return true;
        /* One file with two names: what resumes only reads it, and takes only its own name away. */
        if (link(revert->snapshot->memory, revert->saved) == 0)
                return disk_sync(revert->saved, error);
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(errno),
                    "VM \"%s\": the memory %s of the snapshot cannot be had: %s", revert->vm->record->name,
                    revert->snapshot->memory, g_strerror(errno));
        return false;
}

/* --- the steps --- */

static bool save_intent(Revert *revert, GError **error)
{
        g_autoptr(JsonBuilder) details = json_builder_new();

        choose_new_files(revert);
        json_builder_begin_object(details);
        json_builder_set_member_name(details, "snapshot");
        json_builder_add_int_value(details, revert->snapshot->id);
        if (revert->saved != NULL) {
                json_builder_set_member_name(details, "saved");
                json_builder_add_string_value(details, revert->saved);
        }
        json_builder_end_object(details);
        return snapshot_save_intent(revert->vm, revert->intent, details, error);
}

/* From here on the VM is at the snapshot: the inventory follows, and what was there goes. */
static bool finish(SnapshotVm *vm, const Intent *intent, int64_t snapshot, const char *saved, GError **error)
{
        Inventory *inventory = call_inventory(vm->call);

        g_free(vm->record->saved);
        vm->record->saved = g_strdup(saved);
        vm->record->current_snapshot = snapshot;
        if (!record_save(inventory, vm->record, error) ||
            !snapshot_records_change(inventory, vm->record->uuid, NULL, 0, NULL, 0, snapshot, 0, error))
                return false;
        snapshot_write_home(vm);
        snapshot_delete_files(vm->call, vm->record->name, intent->old_files);
        return intent_delete(inventory, intent->id, error);
}

static bool switch_definition(const Revert *revert, GError **error)
{
        SnapshotVm *vm = revert->vm;
        g_autofree char *xml = definition_text(revert->definition);

        call_progress(vm->call, 50, "goes back to snapshot \"%s\"", revert->snapshot->name);
        return life_destroy(vm->connection, vm->record->uuid, error) &&
               life_define(vm->connection, xml, error);
}

bool end_revert_snapshot(Call *call, const Intent *intent, bool uses_new, GError **error)
{
        g_autoptr(SnapshotVm) vm = snapshot_vm_open_locked(call, intent->uuid, error);
        g_autoptr(JsonParser) parser = json_parser_new();
        const char *saved = NULL;
        JsonObject *details;
        int64_t snapshot = 0;

        (void)uses_new;
        if (vm == NULL)
                return false;
        if (!snapshot_uses_new(vm, intent)) {
                snapshot_delete_files(call, vm->record->name, intent->new_files);
                return intent_delete(call_inventory(call), intent->id, error);
        }
        details = snapshot_details(intent, parser, error);
        if (details == NULL || !args_int_if(details, "snapshot", 1, INT64_MAX, &snapshot, error) ||
            !args_text_if(details, "saved", &saved, error))
                return false;
        /* It may have been resumed already. */
        if (saved != NULL && (vm->is_on || !g_file_test(saved, G_FILE_TEST_EXISTS)))
                saved = NULL;
        return finish(vm, intent, snapshot, saved, error);
}

static bool power_on(SnapshotVm *vm, GError **error)
{
        g_autoptr(JsonObject) args = json_object_new();
        g_autoptr(JsonBuilder) result = json_builder_new();

        json_object_set_string_member(args, "vm", vm->record->uuid);
        if (call_method(vm->call, "PowerOnVM", args, result, error))
                return true;
        g_prefix_error(error, "VM \"%s\" is at the snapshot, suspended; it cannot be resumed now: ",
                       vm->record->name);
        return false;
}

static bool revert_to(SnapshotVm *vm, const SnapshotRecord *snapshot, bool suppress_power_on, GError **error)
{
        g_auto(Revert) revert = {.vm = vm, .snapshot = snapshot};
        g_autofree char *name = g_strdup(snapshot->name);
        bool resume = !suppress_power_on && snapshot->memory != NULL &&
                      !g_str_has_suffix(snapshot->memory, SNAPSHOT_MEMORY_SUSPENDED);

        revert.intent = snapshot_new_intent(vm, "revert");
        if (snapshot->memory != NULL)
                revert.saved = snapshot_free_path(vm, SAVED_PREFIX, SAVED_SUFFIX);
        revert.overlays = snapshot_overlays(snapshot->disks);
        if (!choose_old_files(&revert, error) || !make_definition(&revert, error) ||
            !save_intent(&revert, error))
                return false;
        if (!make_files(&revert, error) || !switch_definition(&revert, error)) {
                g_autoptr(GError) left = NULL;

                if (!end_revert_snapshot(vm->call, revert.intent, false, &left))
                        call_event(vm->call, "error", vm->record->name,
                                   "what was made to go back to a snapshot is left until the next start: %s",
                                   left->message);
                return false;
        }
        if (!finish(vm, revert.intent, snapshot->id, revert.saved, error))
                return false;
        tell_left_disks(&revert);
        call_event(vm->call, "task", vm->record->name, "went back to snapshot \"%s\"", name);
        call_changed(vm->call);
        return !resume || power_on(vm, error);
}

bool run_revert_to_snapshot(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *vm_name, *which;
        g_autoptr(SnapshotVm) vm = NULL;
        const SnapshotRecord *snapshot;
        bool suppress = false;

        (void)result;
        if (!args_only(args, error, "vm", "snapshot", "suppressPowerOn", NULL) ||
            (vm_name = args_text(args, "vm", error)) == NULL ||
            (which = args_text(args, "snapshot", error)) == NULL ||
            !args_bool_if(args, "suppressPowerOn", &suppress, error))
                return false;
        vm = snapshot_vm_open(call, vm_name, error);
        snapshot = vm != NULL ? snapshot_pick(vm, which, error) : NULL;
        return snapshot != NULL && revert_to(vm, snapshot, suppress, error);
}

bool run_revert_to_current_snapshot(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *vm_name;
        g_autoptr(SnapshotVm) vm = NULL;
        const SnapshotRecord *snapshot;

        (void)result;
        if (!args_only(args, error, "vm", NULL) || (vm_name = args_text(args, "vm", error)) == NULL)
                return false;
        vm = snapshot_vm_open(call, vm_name, error);
        if (vm == NULL)
                return false;
        snapshot = snapshot_by_id(vm, vm->record->current_snapshot);
        if (snapshot != NULL)
                return revert_to(vm, snapshot, false, error);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "VM \"%s\" has no snapshot", vm->record->name);
        return false;
}
