/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The methods of snapshots; those that only look, or change a name. */
#include "operation/snapshot.h"

#include <string.h>

#include "inventory/catalog.h"
#include "operation/args.h"

static void add_snapshot(const SnapshotVm *vm, const SnapshotRecord *snapshot, JsonBuilder *result)
{
        g_autofree char *clones = snapshot_clone_names(vm, snapshot->id, NULL);
        GHashTableIter iter;
        gpointer target, path;

        json_builder_begin_object(result);
        json_builder_set_member_name(result, "id");
        json_builder_add_int_value(result, snapshot->id);
        json_builder_set_member_name(result, "parent");
        if (snapshot->parent > 0)
                json_builder_add_int_value(result, snapshot->parent);
        else
                json_builder_add_null_value(result);
        json_builder_set_member_name(result, "name");
        json_builder_add_string_value(result, snapshot->name);
        json_builder_set_member_name(result, "description");
        json_builder_add_string_value(result, snapshot->description);
        json_builder_set_member_name(result, "time_ms");
        json_builder_add_int_value(result, snapshot->time_ms);
        json_builder_set_member_name(result, "memory");
        json_builder_add_boolean_value(result, snapshot->memory != NULL);
        json_builder_set_member_name(result, "current");
        json_builder_add_boolean_value(result, snapshot->id == vm->record->current_snapshot);
        json_builder_set_member_name(result, "disks");
        json_builder_begin_object(result);
        g_hash_table_iter_init(&iter, snapshot->disks);
        while (g_hash_table_iter_next(&iter, &target, &path)) {
                json_builder_set_member_name(result, target);
                json_builder_add_string_value(result, path);
        }
        json_builder_end_object(result);
        json_builder_set_member_name(result, "clones");
        json_builder_add_string_value(result, clones != NULL ? clones : "");
        json_builder_end_object(result);
}

static bool run_list_snapshots(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *vm_name;
        g_autoptr(SnapshotVm) vm = NULL;
        g_autoptr(Tree) tree = NULL;

        if (!args_only(args, error, "vm", NULL) || (vm_name = args_text(args, "vm", error)) == NULL)
                return false;
        vm = snapshot_vm_look(call, vm_name, error);
        if (vm == NULL)
                return false;
        /* Files may be on their way just now. */
        tree = snapshot_vm_tree(vm, NULL, 0, NULL);
        json_builder_begin_object(result);
        json_builder_set_member_name(result, "vm");
        json_builder_add_string_value(result, vm->record->name);
        json_builder_set_member_name(result, "consolidation_needed");
        json_builder_add_boolean_value(result, tree != NULL && tree_has_unmerged(tree));
        json_builder_set_member_name(result, "snapshots");
        json_builder_begin_array(result);
        for (unsigned i = 0; i < vm->snapshots->len; i++)
                add_snapshot(vm, vm->snapshots->pdata[i], result);
        json_builder_end_array(result);
        json_builder_end_object(result);
        return true;
}

static bool run_rename_snapshot(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *vm_name, *which, *name = NULL, *description = NULL;
        g_autoptr(SnapshotVm) vm = NULL;
        g_autoptr(SnapshotRecord) changed = NULL;
        const SnapshotRecord *snapshot;

        (void)result;
        if (!args_only(args, error, "vm", "snapshot", "name", "description", NULL) ||
            (vm_name = args_text(args, "vm", error)) == NULL ||
            (which = args_text(args, "snapshot", error)) == NULL ||
            !args_text_if(args, "name", &name, error) ||
            !args_text_if(args, "description", &description, error) ||
            (name != NULL && !catalog_check_name("snapshot", name, error)))
                return false;
        if (description != NULL && strlen(description) > SNAPSHOT_DESCRIPTION_MAX) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "a snapshot's description has at most %d bytes", SNAPSHOT_DESCRIPTION_MAX);
                return false;
        }
        vm = snapshot_vm_open(call, vm_name, error);
        snapshot = vm != NULL ? snapshot_pick(vm, which, error) : NULL;
        if (snapshot == NULL)
                return false;
        changed = snapshot_record_copy(snapshot);
        if (name != NULL) {
                g_free(changed->name);
                changed->name = g_strdup(name);
        }
        if (description != NULL) {
                g_free(changed->description);
                changed->description = g_strdup(description);
        }
        if (!snapshot_records_change(call_inventory(call), vm->record->uuid, &changed, 1, NULL, 0,
                                     vm->record->current_snapshot, 0, error))
                return false;
        snapshot_write_home(vm);
        return true;
}

extern const Method snapshot_methods[];
extern const IntentKind snapshot_intents[];

const Method snapshot_methods[] = {
        {.name = "CreateSnapshot", .is_task = true, .run = run_create_snapshot},
        {.name = "RevertToSnapshot", .is_task = true, .run = run_revert_to_snapshot},
        {.name = "RevertToCurrentSnapshot", .is_task = true, .run = run_revert_to_current_snapshot},
        {.name = "RemoveSnapshot", .is_task = true, .run = run_remove_snapshot},
        {.name = "RemoveAllSnapshots", .is_task = true, .run = run_remove_all_snapshots},
        {.name = METHOD_CONSOLIDATE, .is_task = true, .run = run_consolidate_disks},
        {.name = "ListSnapshots", .run = run_list_snapshots},
        {.name = "RenameSnapshot", .run = run_rename_snapshot},
        {.name = NULL},
};

const IntentKind snapshot_intents[] = {
        {.name = "snapshot", .end = end_create_snapshot},
        {.name = "revert", .end = end_revert_snapshot},
        {.name = "remove-snapshot", .end = end_remove_snapshot},
        {.name = NULL},
};
