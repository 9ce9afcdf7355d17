/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A VM whose snapshots somebody works on. */
#include <errno.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <string.h>

#include "base/macro.h"
#include "inventory/catalog.h"
#include "operation/home.h"
#include "operation/snapshot.h"

void snapshot_vm_free(SnapshotVm *vm)
{
        if (vm == NULL)
                return;
        g_clear_pointer(&vm->record, record_free);
        g_clear_pointer(&vm->definition, definition_free);
        g_clear_pointer(&vm->disks, g_ptr_array_unref);
        g_clear_pointer(&vm->snapshots, g_ptr_array_unref);
        g_free(vm);
}

/* Snapshots are about disks with a file; those that are independent they leave alone. */
static bool is_snapshots(const DefinitionDisk *disk, const GPtrArray *modes)
{
        if (g_strcmp0(disk->device, "disk") != 0 || disk->path == NULL || disk->read_only)
                return false;
        for (unsigned i = 0; i < modes->len; i++) {
                const DiskRecord *mode = modes->pdata[i];

                if (strcmp(mode->target, disk->target) == 0)
                        return mode->mode == DISK_PERSISTENT;
        }
        return true;
}

static bool load_disks(SnapshotVm *vm, GError **error)
{
        g_autoptr(GPtrArray) modes = disk_records(call_inventory(vm->call), vm->record->uuid, error);
        g_autofree char *xml = NULL;

        if (modes == NULL)
                return false;
        xml = life_definition(vm->connection, vm->record->uuid, vm->is_on, error);
        g_clear_pointer(&vm->definition, definition_free);
        g_clear_pointer(&vm->disks, g_ptr_array_unref);
        vm->definition = xml != NULL ? definition_parse(xml, error) : NULL;
        if (vm->definition == NULL)
                return false;
        vm->disks = definition_disks(vm->definition);
        for (unsigned i = vm->disks->len; i > 0; i--)
                if (!is_snapshots(vm->disks->pdata[i - 1], modes))
                        g_ptr_array_remove_index(vm->disks, i - 1);
        return true;
}

bool snapshot_vm_reload(SnapshotVm *vm, GError **error)
{
        Inventory *inventory = call_inventory(vm->call);
        g_autoptr(Record) record = record_load(inventory, vm->record->uuid, error);

        if (record == NULL) {
                if (error == NULL || *error == NULL)
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                    "VM \"%s\" is not there any more", vm->record->name);
                return false;
        }
        record_free(vm->record);
        vm->record = g_steal_pointer(&record);
        g_clear_pointer(&vm->snapshots, g_ptr_array_unref);
        vm->snapshots = snapshot_records(inventory, vm->record->uuid, error);
        if (vm->snapshots == NULL || !life_power(vm->connection, vm->record->uuid, &vm->power, error))
                return false;
        vm->is_on = vm->power != LIFE_OFF && vm->power != LIFE_NONE;
        if (vm->power != LIFE_NONE)
                return load_disks(vm, error);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                    "libvirt does not know VM \"%s\"; register it again", vm->record->name);
        return false;
}

static SnapshotVm *open_record(Call *call, Record *record, GError **error)
{
        g_autoptr(SnapshotVm) vm = g_new0(SnapshotVm, 1);

        vm->call = call;
        vm->record = record;
        if (record == NULL)
                return NULL;
        vm->connection = call_connection(call, error);
        if (vm->connection == NULL || !snapshot_vm_reload(vm, error))
                return NULL;
        return g_steal_pointer(&vm);
}

SnapshotVm *snapshot_vm_open(Call *call, const char *name, GError **error)
{
        return open_record(call, call_vm(call, name, true, error), error);
}

SnapshotVm *snapshot_vm_look(Call *call, const char *name, GError **error)
{
        g_autoptr(GError) inner = NULL;
        Record *record = record_find(call_inventory(call), name, &inner);
        g_autofree char *shown = NULL;

        if (record == NULL && inner == NULL)
                record = record_load(call_inventory(call), name, &inner);
        if (record == NULL && inner == NULL) {
                shown = catalog_shown(name);
                g_set_error(&inner, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            "there is no VM \"%s\" in the inventory", shown);
        }
        if (inner != NULL) {
                g_propagate_error(error, g_steal_pointer(&inner));
                return NULL;
        }
        return open_record(call, record, error);
}

SnapshotVm *snapshot_vm_open_locked(Call *call, const char *uuid, GError **error)
{
        Record *record = record_load(call_inventory(call), uuid, error);

        if (record == NULL && error != NULL && *error == NULL)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no VM with UUID %s", uuid);
        return open_record(call, record, error);
}

bool snapshot_vm_check(const SnapshotVm *vm, GError **error)
{
        if (vm->power != LIFE_IO_ERROR)
                return true;
        g_set_error(
                error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                "VM \"%s\" waits because of its disk; answer its question first: aerostat vm question list",
                vm->record->name);
        return false;
}

const SnapshotRecord *snapshot_by_id(const SnapshotVm *vm, int64_t id)
{
        for (unsigned i = 0; i < vm->snapshots->len; i++)
                if (((const SnapshotRecord *)vm->snapshots->pdata[i])->id == id)
                        return vm->snapshots->pdata[i];
        return NULL;
}

const SnapshotRecord *snapshot_pick(const SnapshotVm *vm, const char *which, GError **error)
{
        const SnapshotRecord *found = NULL;
        g_autofree char *shown = NULL;
        gint64 id = 0;

        if (which == NULL)
                return NULL;
        if (which[0] == '#' && g_ascii_string_to_signed(which + 1, 10, 1, G_MAXINT64, &id, NULL))
                found = snapshot_by_id(vm, id);
        for (unsigned i = 0; id == 0 && i < vm->snapshots->len; i++) {
                const SnapshotRecord *snapshot = vm->snapshots->pdata[i];

                if (strcmp(snapshot->name, which) != 0)
                        continue;
                if (found != NULL) {
                        g_set_error(
                                error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                "VM \"%s\" has several snapshots \"%s\"; say which by its number: #%" PRId64
                                " or #%" PRId64,
                                vm->record->name, which, found->id, snapshot->id);
                        return NULL;
                }
                found = snapshot;
        }
        if (found != NULL)
                return found;
        shown = catalog_shown(which);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                    "VM \"%s\" has no snapshot \"%s\"; 'aerostat snapshot list \"%s\"' shows all",
                    vm->record->name, shown, vm->record->name);
        return NULL;
}

char *snapshot_clone_names(const SnapshotVm *vm, int64_t id, GError **error)
{
        g_autoptr(GPtrArray) clones = record_clones(call_inventory(vm->call), vm->record->uuid, id, error);
        g_autoptr(GString) names = g_string_new(NULL);

        if (clones == NULL || clones->len == 0)
                return NULL;
        for (unsigned i = 0; i < clones->len && i < 10; i++)
                g_string_append_printf(names, "%s%s", i > 0 ? ", " : "",
                                       ((const Record *)clones->pdata[i])->name);
        if (clones->len > 10)
                g_string_append_printf(names, " and %u more", clones->len - 10);
        return g_string_free(g_steal_pointer(&names), FALSE);
}

static bool is_left_out(int64_t id, const int64_t *left_out, unsigned n)
{
        for (unsigned i = 0; i < n; i++)
                if (left_out[i] == id)
                        return true;
        return false;
}

static bool add_snapshot(const SnapshotVm *vm, Tree *tree, const SnapshotRecord *snapshot, GError **error)
{
        g_autoptr(GError) inner = NULL;
        g_autofree char *clones = snapshot_clone_names(vm, snapshot->id, &inner);
        GHashTableIter iter;
        gpointer path;

        if (inner != NULL) {
                g_propagate_error(error, g_steal_pointer(&inner));
                return false;
        }
        g_hash_table_iter_init(&iter, snapshot->disks);
        while (g_hash_table_iter_next(&iter, NULL, &path)) {
                TreeFile *file = tree_add(tree, path, error);

                if (file == NULL)
                        return false;
                file->named = true;
                file->cloned = file->cloned || clones != NULL;
        }
        return true;
}

Tree *snapshot_vm_tree(const SnapshotVm *vm, const int64_t *left_out, unsigned n_left_out, GError **error)
{
        g_autoptr(Tree) tree = tree_new();

        for (unsigned i = 0; i < vm->disks->len; i++) {
                TreeFile *file = tree_add(tree, ((const DefinitionDisk *)vm->disks->pdata[i])->path, error);

                if (file == NULL)
                        return NULL;
                file->active = true;
        }
        for (unsigned i = 0; i < vm->snapshots->len; i++) {
                const SnapshotRecord *snapshot = vm->snapshots->pdata[i];

                if (!is_left_out(snapshot->id, left_out, n_left_out) &&
                    !add_snapshot(vm, tree, snapshot, error))
                        return NULL;
        }
        return g_steal_pointer(&tree);
}

/* "/home/web01-000003.qcow2" and "/home/web01.qcow2" are both "/home/web01". */
static char *stem_of(const char *path)
{
        const char *slash = strrchr(path, '/'), *point = strrchr(path, '.');

        if (tree_overlay_number(path) > 0)
                return g_strndup(path, strlen(path) - strlen("-000000.qcow2"));
        return point != NULL && point > slash + 1 ? g_strndup(path, (size_t)(point - path)) : g_strdup(path);
}

char *snapshot_overlay_path(const char *frozen, unsigned number)
{
        g_autofree char *stem = stem_of(frozen);

        return g_strdup_printf("%s-%06u.qcow2", stem, number);
}

GHashTable *snapshot_overlays(GHashTable *frozen)
{
        GHashTable *overlays = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        bool is_free = false;

        for (unsigned number = 1; !is_free; number++) {
                GHashTableIter iter;
                gpointer target, path;

                is_free = true;
                g_hash_table_iter_init(&iter, frozen);
                while (g_hash_table_iter_next(&iter, &target, &path)) {
                        char *overlay = snapshot_overlay_path(path, number);

                        is_free = is_free && !g_file_test(overlay, G_FILE_TEST_EXISTS);
                        g_hash_table_insert(overlays, g_strdup(target), overlay);
                }
        }
        return overlays;
}

char **snapshot_take_paths(GPtrArray *paths)
{
        g_ptr_array_add(paths, NULL);
        return (char **)g_ptr_array_free(paths, FALSE);
}

bool snapshot_uses_new(const SnapshotVm *vm, const Intent *intent)
{
        for (char **file = intent->new_files; *file != NULL; file++)
                if (definition_uses(vm->definition, *file))
                        return true;
        return false;
}

char *snapshot_free_path(const SnapshotVm *vm, const char *prefix, const char *suffix)
{
        g_autofree char *folder = NULL;

        if (vm->record->home != NULL)
                folder = g_strdup(vm->record->home);
        else
                folder = g_path_get_dirname(((const DefinitionDisk *)vm->disks->pdata[0])->path);
        for (unsigned number = 1;; number++) {
                g_autofree char *name =
                        g_strdup_printf("%s%s%u%s", vm->record->name, prefix, number, suffix);
                g_autofree char *path = g_build_filename(folder, name, NULL);

                if (!g_file_test(path, G_FILE_TEST_EXISTS))
                        return g_steal_pointer(&path);
        }
}

void snapshot_delete_files(Call *call, const char *vm, char *const *paths)
{
        for (char *const *path = paths; path != NULL && *path != NULL; path++)
                if (g_unlink(*path) < 0 && errno != ENOENT)
                        call_event(call, "error", vm, "%s is not needed any more and cannot be deleted: %s",
                                   *path, g_strerror(errno));
}

void snapshot_write_home(SnapshotVm *vm)
{
        g_autoptr(GError) error = NULL;

        if (!home_write_files(vm->call, vm->record, &error))
                call_event(vm->call, "error", vm->record->name, "its files are not up to date: %s",
                           error->message);
}

Intent *snapshot_new_intent(const SnapshotVm *vm, const char *kind)
{
        Intent *intent = g_new0(Intent, 1);

        intent->uuid = g_strdup(vm->record->uuid);
        intent->kind = g_strdup(kind);
        intent->new_files = g_new0(char *, 1);
        intent->old_files = g_new0(char *, 1);
        return intent;
}

bool snapshot_save_intent(SnapshotVm *vm, Intent *intent, JsonBuilder *details, GError **error)
{
        g_autoptr(JsonNode) root = json_builder_get_root(details);

        g_free(intent->details);
        intent->details = json_to_string(root, FALSE);
        return intent_save(call_inventory(vm->call), intent, error);
}

JsonObject *snapshot_details(const Intent *intent, JsonParser *parser, GError **error)
{
        if (intent->details != NULL && json_parser_load_from_data(parser, intent->details, -1, NULL) &&
            JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser)))
                return json_node_get_object(json_parser_get_root(parser));
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                    "what the inventory says of \"%s\" cannot be understood", intent->kind);
        return NULL;
}
