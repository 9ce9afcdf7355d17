/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RemoveSnapshot, RemoveAllSnapshots, ConsolidateVMDisks: the records go first; then files that nothing
 * needs any more are dropped or merged, which can be broken off and taken up at any time.
 */
#include <inttypes.h>
#include <string.h>

#include "operation/args.h"
#include "operation/snapshot.h"
#include "storage/disk.h"
#include "vm/block.h"

#define INTENT "remove-snapshot"

/* --- merging one file into the one beneath it --- */

typedef struct Merge {
        SnapshotVm *vm;
        Intent *intent;
        const TreeFile *into, *child;
        const char *target; /* of the disk whose chain has both, while the VM is on; else NULL */
        bool child_is_top;  /* of that chain */
} Merge;

static void show_progress(unsigned percent, gpointer user_data)
{
        const Merge *merge = user_data;
        g_autofree char *name = g_path_get_basename(merge->into->path);

        call_progress(merge->vm->call, percent, "merges %s", name);
}

static bool is_in(const GPtrArray *files, const char *path)
{
        for (unsigned i = 0; i < files->len; i++)
                if (strcmp(files->pdata[i], path) == 0)
                        return true;
        return false;
}

/* The disk that QEMU has both files open for. */
static bool find_target(Merge *merge, GError **error)
{
        SnapshotVm *vm = merge->vm;

        for (unsigned i = 0; vm->is_on && i < vm->disks->len; i++) {
                const char *target = ((const DefinitionDisk *)vm->disks->pdata[i])->target;
                g_autoptr(GPtrArray) chain = block_chain(vm->connection, vm->record->uuid, target, error);

                if (chain == NULL)
                        return false;
                if (!is_in(chain, merge->into->path) || !is_in(chain, merge->child->path))
                        continue;
                merge->target = target;
                merge->child_is_top = strcmp(chain->pdata[0], merge->child->path) == 0;
        }
        return true;
}

static bool write_down(const Merge *merge, GError **error)
{
        SnapshotVm *vm = merge->vm;
        GCancellable *cancellable = call_cancellable(vm->call);
        gpointer self = (gpointer)(guintptr)merge;
        const BlockWatch watch = {show_progress, self, cancellable};

        if (merge->target == NULL)
                return disk_commit(merge->child->path, show_progress, self, cancellable, error);
        return block_commit(vm->connection, vm->record->uuid, merge->target, merge->into->path,
                            merge->child_is_top ? NULL : merge->child->path, &watch, error);
}

/* The VM, which is off, is to write to the lower file. */
static bool switch_definition(const Merge *merge, GError **error)
{
        SnapshotVm *vm = merge->vm;
        g_autofree char *xml = NULL;

        for (unsigned i = 0; i < vm->disks->len; i++) {
                const DefinitionDisk *disk = vm->disks->pdata[i];

                if (strcmp(disk->path, merge->child->path) == 0 &&
                    !definition_set_disk(vm->definition, disk->target, merge->into->path,
                                         merge->into->format, error))
                        return false;
        }
        xml = definition_text(vm->definition);
        return life_define(vm->connection, xml, error);
}

/* What stood on the upper file stands on the lower one, which says the same now. */
static bool switch_children(const Merge *merge, GError **error)
{
        for (unsigned i = 0; i < merge->child->children->len; i++) {
                const TreeFile *file = merge->child->children->pdata[i];
                g_autoptr(DiskInfo) info = disk_info(file->path, error);

                if (info == NULL)
                        return false;
                /* QEMU has seen to the one in its chain. */
                if (g_strcmp0(info->backing, merge->into->path) != 0 &&
                    !disk_set_backing(file->path, merge->into->path, merge->into->format, error))
                        return false;
        }
        return true;
}

/* Snapshots that name the upper file name the lower one. */
static bool switch_records(const Merge *merge, GError **error)
{
        SnapshotVm *vm = merge->vm;
        g_autofree SnapshotRecord **changed = g_new0(SnapshotRecord *, vm->snapshots->len);
        unsigned n = 0;

        for (unsigned i = 0; i < vm->snapshots->len; i++) {
                SnapshotRecord *snapshot = vm->snapshots->pdata[i];
                bool has_it = false;
                GHashTableIter iter;
                gpointer path;

                g_hash_table_iter_init(&iter, snapshot->disks);
                while (g_hash_table_iter_next(&iter, NULL, &path)) {
                        if (strcmp(path, merge->child->path) != 0)
                                continue;
                        g_hash_table_iter_replace(&iter, g_strdup(merge->into->path));
                        has_it = true;
                }
                if (has_it)
                        changed[n++] = snapshot;
        }
        return n == 0 || snapshot_records_change(call_inventory(vm->call), vm->record->uuid, changed, n,
                                                 NULL, 0, vm->record->current_snapshot, 0, error);
}

static bool note(const Merge *merge, GError **error)
{
        g_autoptr(JsonBuilder) details = json_builder_new();

        g_strfreev(merge->intent->old_files);
        merge->intent->old_files = g_new0(char *, 2);
        merge->intent->old_files[0] = g_strdup(merge->child->path);
        json_builder_begin_object(details);
        json_builder_set_member_name(details, "into");
        json_builder_add_string_value(details, merge->into->path);
        json_builder_set_member_name(details, "child");
        json_builder_add_string_value(details, merge->child->path);
        json_builder_end_object(details);
        return snapshot_save_intent(merge->vm, merge->intent, details, error);
}

static bool merge_one(Merge *merge, GError **error)
{
        SnapshotVm *vm = merge->vm;

        if (!find_target(merge, error) || !note(merge, error) || !write_down(merge, error))
                return false;
        if (merge->child->active && merge->target == NULL && !switch_definition(merge, error))
                return false;
        if (!switch_children(merge, error) || !switch_records(merge, error))
                return false;
        /* Should this host die, another finds what is there. */
        snapshot_write_home(vm);
        snapshot_delete_files(vm->call, vm->record->name, merge->intent->old_files);
        return true;
}

bool snapshot_consolidate(SnapshotVm *vm, Intent *intent, GError **error)
{
        for (;;) {
                g_autoptr(Tree) tree = NULL;
                TreeFile *into, *child;
                Merge merge = {.vm = vm, .intent = intent};

                if (!snapshot_vm_reload(vm, error))
                        return false;
                tree = snapshot_vm_tree(vm, NULL, 0, error);
                if (tree == NULL)
                        return false;
                if (!tree_next_merge(tree, &into, &child))
                        return true;
                merge.into = into;
                merge.child = child;
                if (!merge_one(&merge, error))
                        return false;
        }
}

/* --- after a kill --- */

/*
 * Something stands on the lower file beside the upper one only when that has been written down: the rest of
 * the merge is quickly done. Before that, all is as it was, and the merge can be begun anew.
 */
bool snapshot_end_merge(SnapshotVm *vm, const Intent *intent, GError **error)
{
        g_autoptr(JsonParser) parser = json_parser_new();
        JsonObject *details = snapshot_details(intent, parser, error);
        const char *into = NULL, *child = NULL;
        g_autoptr(Tree) tree = NULL;
        Merge merge = {.vm = vm};

        if (details == NULL || !args_text_if(details, "into", &into, error) ||
            !args_text_if(details, "child", &child, error))
                return false;
        tree = into != NULL && child != NULL ? snapshot_vm_tree(vm, NULL, 0, error) : NULL;
        if (tree == NULL)
                return into == NULL || child == NULL;
        merge.into = tree_find(tree, into);
        merge.child = tree_find(tree, child);
        if (!vm->is_on && merge.into != NULL && !disk_mend_leaks(into, error))
                return false;
        if (merge.into == NULL || merge.child == NULL || merge.into->children->len < 2 ||
            merge.child->active)
                return true;
        return switch_children(&merge, error) && switch_records(&merge, error) &&
               snapshot_vm_reload(vm, error);
}

/* Files that were to go, and that really nothing needs. */
static bool drop_files(SnapshotVm *vm, char *const *paths, GError **error)
{
        g_autoptr(Tree) tree = snapshot_vm_tree(vm, NULL, 0, error);
        g_autoptr(GPtrArray) files = g_ptr_array_new();

        if (tree == NULL)
                return false;
        for (char *const *path = paths; *path != NULL; path++)
                if (tree_find(tree, *path) == NULL)
                        g_ptr_array_add(files, *path);
        g_ptr_array_add(files, NULL);
        snapshot_delete_files(vm->call, vm->record->name, (char **)files->pdata);
        return true;
}

/* The snapshots of an intent that are still there. */
static int64_t *remaining(const SnapshotVm *vm, JsonObject *details, unsigned *ret_n)
{
        JsonNode *node = json_object_get_member(details, "remove");
        JsonArray *ids = node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
        unsigned n = ids != NULL ? json_array_get_length(ids) : 0;
        int64_t *found = g_new0(int64_t, n + 1);

        *ret_n = 0;
        for (unsigned i = 0; i < n; i++) {
                int64_t id = json_array_get_int_element(ids, i);

                if (snapshot_by_id(vm, id) != NULL)
                        found[(*ret_n)++] = id;
        }
        return found;
}

/* The snapshot that the VM goes on from when these are gone: the next one above that stays. */
static int64_t current_without(const SnapshotVm *vm, const int64_t *ids, unsigned n)
{
        int64_t current = vm->record->current_snapshot;

        for (unsigned i = 0; i < n;) {
                const SnapshotRecord *snapshot = snapshot_by_id(vm, current);

                if (snapshot != NULL && ids[i] == current) {
                        current = snapshot->parent;
                        i = 0;
                } else {
                        i++;
                }
        }
        return current;
}

static bool remove_records(SnapshotVm *vm, const int64_t *ids, unsigned n, GError **error)
{
        return n == 0 || snapshot_records_change(call_inventory(vm->call), vm->record->uuid, NULL, 0, ids, n,
                                                 current_without(vm, ids, n), 0, error);
}

/* All but the merging. *ret_can_merge: there is something to be merged, and nobody stands in the way. */
static bool settle(Call *call, const Intent *intent, bool *ret_can_merge, GError **error)
{
        g_autoptr(SnapshotVm) vm = snapshot_vm_open_locked(call, intent->uuid, error);
        g_autoptr(JsonParser) parser = json_parser_new();
        g_autofree int64_t *ids = NULL;
        g_autoptr(Tree) tree = NULL;
        TreeFile *into, *child;
        JsonObject *details;
        unsigned n = 0;

        if (vm == NULL || (vm->is_on && !block_abort_all(vm->connection, intent->uuid, error)) ||
            !snapshot_vm_reload(vm, error))
                return false;
        details = snapshot_details(intent, parser, error);
        if (details == NULL)
                return false;
        ids = remaining(vm, details, &n);
        if (!remove_records(vm, ids, n, error) || !snapshot_vm_reload(vm, error) ||
            !snapshot_end_merge(vm, intent, error) || !drop_files(vm, intent->old_files, error))
                return false;
        snapshot_write_home(vm);
        tree = snapshot_vm_tree(vm, NULL, 0, error);
        if (tree == NULL)
                return false;
        *ret_can_merge = tree_next_merge(tree, &into, &child);
        return intent_delete(call_inventory(call), intent->id, error);
}

/* After a kill: merging takes long, and is a task of its own. */
bool end_remove_snapshot(Call *call, const Intent *intent, bool uses_new, GError **error)
{
        bool can_merge = false;

        (void)uses_new;
        if (!settle(call, intent, &can_merge, error))
                return false;
        if (can_merge)
                call_begin_after(call, METHOD_CONSOLIDATE, intent->uuid);
        return true;
}

/* --- the methods --- */

static bool check_clones(const SnapshotVm *vm, int64_t id, GError **error)
{
        g_autoptr(GError) inner = NULL;
        g_autofree char *names = snapshot_clone_names(vm, id, &inner);

        if (inner != NULL) {
                g_propagate_error(error, g_steal_pointer(&inner));
                return false;
        }
        if (names == NULL)
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                    "snapshot \"%s\" of %s has linked clones: %s; delete them first ('aerostat vm clone "
                    "--full' makes copies that stand alone)",
                    snapshot_by_id(vm, id)->name, vm->record->name, names);
        return false;
}

/* Files that only these snapshots need, and their memory. */
static char **files_of(const SnapshotVm *vm, const int64_t *ids, unsigned n, GError **error)
{
        g_autoptr(Tree) before = snapshot_vm_tree(vm, NULL, 0, error);
        g_autoptr(Tree) after = before != NULL ? snapshot_vm_tree(vm, ids, n, error) : NULL;
        GPtrArray *files = after != NULL ? tree_dropped(before, after) : NULL;

        if (files == NULL)
                return NULL;
        for (unsigned i = 0; i < n; i++) {
                const SnapshotRecord *snapshot = snapshot_by_id(vm, ids[i]);

                if (snapshot->memory != NULL)
                        g_ptr_array_add(files, g_strdup(snapshot->memory));
        }
        return snapshot_take_paths(files);
}

static bool begin(SnapshotVm *vm, Intent *intent, const int64_t *ids, unsigned n, GError **error)
{
        g_autoptr(JsonBuilder) details = json_builder_new();
        char **files = files_of(vm, ids, n, error);

        if (files == NULL)
                return false;
        g_strfreev(intent->old_files);
        intent->old_files = files;
        json_builder_begin_object(details);
        json_builder_set_member_name(details, "remove");
        json_builder_begin_array(details);
        for (unsigned i = 0; i < n; i++)
                json_builder_add_int_value(details, ids[i]);
        json_builder_end_array(details);
        json_builder_end_object(details);
        return snapshot_save_intent(vm, intent, details, error);
}

/*
 * Merging that fails or is cancelled leaves a VM that is as right as before: what is left to do is told, and
 * the snapshots are gone.
 */
static bool merge_all(SnapshotVm *vm, Intent *intent, GError **error)
{
        g_autoptr(GError) inner = NULL, left = NULL;
        bool can_merge;

        if (snapshot_consolidate(vm, intent, &inner)) {
                snapshot_write_home(vm);
                return intent_delete(call_inventory(vm->call), intent->id, error);
        }
        if (!settle(vm->call, intent, &can_merge, &left))
                call_event(vm->call, "error", vm->record->name,
                           "what was begun is left until the next start: %s", left->message);
        g_propagate_prefixed_error(
                error, g_steal_pointer(&inner),
                "files of snapshots could not all be merged; 'aerostat snapshot consolidate' goes "
                "on with it: ");
        return false;
}

static bool remove_snapshots(SnapshotVm *vm, const int64_t *ids, unsigned n, GError **error)
{
        g_autoptr(Intent) intent = snapshot_new_intent(vm, INTENT);

        for (unsigned i = 0; i < n; i++)
                if (!check_clones(vm, ids[i], error))
                        return false;
        if (!snapshot_vm_check(vm, error) || !begin(vm, intent, ids, n, error))
                return false;
        if (!remove_records(vm, ids, n, error)) {
                (void)intent_delete(call_inventory(vm->call), intent->id, NULL);
                return false;
        }
        snapshot_delete_files(vm->call, vm->record->name, intent->old_files);
        call_event(vm->call, "task", vm->record->name, "%u snapshot%s removed", n, n == 1 ? "" : "s");
        return merge_all(vm, intent, error);
}

static bool is_below(const SnapshotVm *vm, const SnapshotRecord *snapshot, int64_t id)
{
        for (unsigned depth = 0; snapshot != NULL && depth <= vm->snapshots->len; depth++) {
                if (snapshot->id == id)
                        return true;
                snapshot = snapshot_by_id(vm, snapshot->parent);
        }
        return false;
}

bool run_remove_snapshot(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *vm_name, *which;
        bool children = false;
        g_autoptr(SnapshotVm) vm = NULL;
        g_autofree int64_t *ids = NULL;
        const SnapshotRecord *snapshot;
        unsigned n = 0;

        (void)result;
        if (!args_only(args, error, "vm", "snapshot", "removeChildren", NULL) ||
            (vm_name = args_text(args, "vm", error)) == NULL ||
            (which = args_text(args, "snapshot", error)) == NULL ||
            !args_bool_if(args, "removeChildren", &children, error))
                return false;
        vm = snapshot_vm_open(call, vm_name, error);
        snapshot = vm != NULL ? snapshot_pick(vm, which, error) : NULL;
        if (snapshot == NULL)
                return false;
        ids = g_new0(int64_t, vm->snapshots->len);
        for (unsigned i = 0; i < vm->snapshots->len; i++) {
                const SnapshotRecord *other = vm->snapshots->pdata[i];

                if (other == snapshot || (children && is_below(vm, other, snapshot->id)))
                        ids[n++] = other->id;
        }
        return remove_snapshots(vm, ids, n, error);
}

bool run_remove_all_snapshots(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *vm_name;
        g_autoptr(SnapshotVm) vm = NULL;
        g_autofree int64_t *ids = NULL;

        (void)result;
        if (!args_only(args, error, "vm", NULL) || (vm_name = args_text(args, "vm", error)) == NULL)
                return false;
        vm = snapshot_vm_open(call, vm_name, error);
        if (vm == NULL)
                return false;
        ids = g_new0(int64_t, vm->snapshots->len);
        for (unsigned i = 0; i < vm->snapshots->len; i++)
                ids[i] = ((const SnapshotRecord *)vm->snapshots->pdata[i])->id;
        return remove_snapshots(vm, ids, vm->snapshots->len, error);
}

bool run_consolidate_disks(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *vm_name;
        g_autoptr(SnapshotVm) vm = NULL;
        g_autoptr(Intent) intent = NULL;

        (void)result;
        if (!args_only(args, error, "vm", NULL) || (vm_name = args_text(args, "vm", error)) == NULL)
                return false;
        vm = snapshot_vm_open(call, vm_name, error);
        if (vm == NULL || !snapshot_vm_check(vm, error))
                return false;
        intent = snapshot_new_intent(vm, INTENT);
        return begin(vm, intent, NULL, 0, error) && merge_all(vm, intent, error);
}
