/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RelocateVM: a VM's files to another datastore, thin or thick, whether it is off or runs. Copies first,
 * then the definition that names them, then the inventory, then the old files go; of a VM that runs QEMU
 * copies what it writes to and changes over by itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inventory/catalog.h"
#include "operation/args.h"
#include "operation/disk.h"
#include "storage/datastore.h"
#include "storage/disk.h"
#include "vm/block.h"

#define INTENT "relocate"

typedef struct Relocate {
        SnapshotVm *vm;
        Tree *tree;
        GHashTable *moves; /* char *path to char *path: files of disks and snapshots */
        char *datastore, *datastore_path, *home, *old_home;
        DiskProvisioning provisioning;
        unsigned n_disks, n_done; /* for progress */
        Intent *intent;
} Relocate;

static void relocate_clear(Relocate *move)
{
        g_clear_pointer(&move->tree, tree_free);
        g_clear_pointer(&move->moves, g_hash_table_unref);
        g_clear_pointer(&move->intent, intent_free);
        g_free(move->datastore);
        g_free(move->datastore_path);
        g_free(move->home);
        g_free(move->old_home);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Relocate, relocate_clear)

static const char *new_path(const GHashTable *moves, const char *path)
{
        const char *moved = path != NULL ? g_hash_table_lookup((GHashTable *)(guintptr)moves, path) : NULL;

        return moved != NULL ? moved : path;
}

/* --- what is to be moved --- */

/* Files of its own: those in its folder, or, of an adopted VM, what it writes to and what it froze. */
static bool is_own(const Relocate *move, const TreeFile *file)
{
        g_autofree char *folder = g_path_get_dirname(file->path);

        if (move->old_home != NULL)
                return strcmp(folder, move->old_home) == 0;
        return file->active || file->named;
}

static char *name_for(const TreeFile *file)
{
        g_autofree char *name = g_path_get_basename(file->path);
        const char *point = strrchr(name, '.');

        /* What is copied becomes a qcow2. */
        if (g_str_has_suffix(name, ".qcow2"))
                return g_steal_pointer(&name);
        return g_strdup_printf("%.*s.qcow2", (int)(point != NULL ? point - name : (gssize)strlen(name)),
                               name);
}

static bool choose_moves(Relocate *move, GError **error)
{
        GHashTableIter iter;
        gpointer value;

        g_clear_pointer(&move->moves, g_hash_table_unref);
        move->moves = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        move->n_disks = 0;
        g_hash_table_iter_init(&iter, move->tree->files);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                const TreeFile *file = value;
                g_autofree char *name = name_for(file);

                if (file->cloned) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                                    "VM \"%s\" has linked clones, which stand on its files where they are; "
                                    "delete them first ('aerostat vm clone --full' makes copies that stand "
                                    "alone)",
                                    move->vm->record->name);
                        return false;
                }
                if (is_own(move, file)) {
                        move->n_disks++;
                        g_hash_table_insert(move->moves, g_strdup(file->path),
                                            g_build_filename(move->home, name, NULL));
                }
        }
        for (unsigned i = 0; i < move->vm->snapshots->len; i++) {
                const SnapshotRecord *snapshot = move->vm->snapshots->pdata[i];
                g_autofree char *name =
                        snapshot->memory != NULL ? g_path_get_basename(snapshot->memory) : NULL;

                if (name != NULL)
                        g_hash_table_insert(move->moves, g_strdup(snapshot->memory),
                                            g_build_filename(move->home, name, NULL));
        }
        return true;
}

/* --- copies --- */

static void show_progress(unsigned percent, gpointer user_data)
{
        const Relocate *move = user_data;
        unsigned n = MAX(move->n_disks, 1u);

        call_progress(move->vm->call, (100 * MIN(move->n_done, n - 1) + percent) / n, "copies disks");
}

/* A copy that stands where the original does; then, by name alone, on the copy of that. */
static bool copy_file(Relocate *move, const TreeFile *file, GError **error)
{
        const char *to = new_path(move->moves, file->path), *backing = NULL;
        DiskProvisioning provisioning = file->backing != NULL ? DISK_THIN : move->provisioning;

        if (file->backing != NULL)
                backing = file->backing->path;
        if (!disk_copy(file->path, to, provisioning, backing, show_progress, move,
                       call_cancellable(move->vm->call), error))
                return false;
        if (backing != NULL && new_path(move->moves, backing) != backing &&
            !disk_set_backing(to, new_path(move->moves, backing), "qcow2", error))
                return false;
        move->n_done++;
        return true;
}

/* What a running VM writes to: QEMU copies it, and writes to both until it changes over. */
static bool copy_active(Relocate *move, const DefinitionDisk *disk, GError **error)
{
        SnapshotVm *vm = move->vm;
        const TreeFile *file = tree_find(move->tree, disk->path);
        const char *to = new_path(move->moves, disk->path);
        const BlockWatch watch = {show_progress, move, call_cancellable(vm->call)};
        g_autoptr(DiskInfo) info = disk_info(disk->path, error);
        bool made;

        if (info == NULL)
                return false;
        if (file->backing != NULL)
                made = disk_create_overlay(to, new_path(move->moves, file->backing->path),
                                           new_path(move->moves, file->backing->path) != file->backing->path
                                                   ? "qcow2"
                                                   : file->backing->format,
                                           error) &&
                       disk_resize(to, info->provisioned_bytes, error);
        else
                made = disk_create(to, info->provisioned_bytes, move->provisioning, error);
        if (!made || !block_copy(vm->connection, vm->record->uuid, disk->target, to, file->backing != NULL,
                                 &watch, error))
                return false;
        move->n_done++;
        return true;
}

static bool copy_disks(Relocate *move, GError **error)
{
        GHashTableIter iter;
        gpointer value;

        g_hash_table_iter_init(&iter, move->tree->files);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                const TreeFile *file = value;

                if (new_path(move->moves, file->path) != file->path && !(move->vm->is_on && file->active) &&
                    !copy_file(move, file, error))
                        return false;
        }
        return true;
}

static bool copy_plain(const char *from, const char *to, GError **error)
{
        g_autoptr(GFile) source = g_file_new_for_path(from), target = g_file_new_for_path(to);

        return g_file_copy(source, target, G_FILE_COPY_ALL_METADATA | G_FILE_COPY_NOFOLLOW_SYMLINKS, NULL,
                           NULL, NULL, error) &&
               disk_sync(to, error);
}

/* What describes the VM is written anew, and what a kill has left of such writing is nobody's. */
static bool is_description(const Relocate *move, const char *name)
{
        const char *vm = move->vm->record->name;

        return g_str_has_prefix(name, vm) &&
               (g_str_has_prefix(name + strlen(vm), ".vmx") || g_str_has_prefix(name + strlen(vm), ".xml"));
}

/* Memory, EFI variables, seeds, consoles: whatever else lies in its folder. */
static bool copy_others(const Relocate *move, GError **error)
{
        g_autoptr(GDir) dir = move->old_home != NULL ? g_dir_open(move->old_home, 0, error) : NULL;
        const char *name;

        if (move->old_home != NULL && dir == NULL)
                return false;
        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
                g_autofree char *from = g_build_filename(move->old_home, name, NULL);
                g_autofree char *to = g_build_filename(move->home, name, NULL);
                struct stat st;

                if (is_description(move, name) || tree_find(move->tree, from) != NULL ||
                    lstat(from, &st) < 0 || !S_ISREG(st.st_mode))
                        continue;
                if (!copy_plain(from, to, error))
                        return false;
        }
        return true;
}

/* --- the definition --- */

static bool change_definition(const GHashTable *moves, const char *from, const char *to,
                              Definition *definition, GError **error)
{
        g_autoptr(GPtrArray) disks = definition_disks(definition);

        for (unsigned i = 0; i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];
                const char *path = new_path(moves, disk->path);

                if (path != disk->path &&
                    !definition_set_disk(definition, disk->target, path, "qcow2", error))
                        return false;
        }
        if (from != NULL)
                definition_move_files(definition, from, to);
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
                if (new_path(moves, path) != path)
                        g_hash_table_iter_replace(&iter, g_strdup(new_path(moves, path)));
        if (new_path(moves, snapshot->memory) != snapshot->memory) {
                char *memory = g_strdup(new_path(moves, snapshot->memory));

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
               snapshot_records_change(inventory, record->uuid,
                                       (SnapshotRecord *const *)vm->snapshots->pdata, vm->snapshots->len,
                                       NULL, 0, record->current_snapshot, 0, error);
        return inventory_end(inventory, well, error);
}

/* --- old files --- */

/* A VM that runs has its console and its sockets there still: files of disks and memory go, no more. */
static bool drop_old(SnapshotVm *vm, const GHashTable *moves, const char *old_home, GError **error)
{
        GHashTableIter iter;
        gpointer path;

        g_hash_table_iter_init(&iter, (GHashTable *)(guintptr)moves);
        while (g_hash_table_iter_next(&iter, &path, NULL)) {
                char *const one[] = {path, NULL};

                if (old_home != NULL)
                        snapshot_delete_files(vm->call, vm->record->name, one);
        }
        if (old_home == NULL || vm->is_on) {
                call_event(vm->call, "task", vm->record->name, "moved to datastore %s; %s",
                           vm->record->datastore,
                           old_home == NULL
                                   ? "its files where it was adopted from stay there"
                                   : "what else is in its old folder can be deleted when it is off");
                return true;
        }
        g_autofree char *store = g_path_get_dirname(old_home);

        return datastore_remove_home(store, old_home, error);
}

/* --- the steps --- */

static bool save_intent(Relocate *move, GError **error)
{
        g_autoptr(JsonBuilder) details = json_builder_new();
        GPtrArray *files = g_ptr_array_new();
        GHashTableIter iter;
        gpointer from, to;

        json_builder_begin_object(details);
        json_builder_set_member_name(details, "datastore");
        json_builder_add_string_value(details, move->datastore);
        json_builder_set_member_name(details, "datastore_path");
        json_builder_add_string_value(details, move->datastore_path);
        json_builder_set_member_name(details, "to");
        json_builder_add_string_value(details, move->home);
        if (move->old_home != NULL) {
                json_builder_set_member_name(details, "from");
                json_builder_add_string_value(details, move->old_home);
        }
        json_builder_set_member_name(details, "moves");
        json_builder_begin_object(details);
        g_hash_table_iter_init(&iter, move->moves);
        while (g_hash_table_iter_next(&iter, &from, &to)) {
                json_builder_set_member_name(details, from);
                json_builder_add_string_value(details, to);
                g_ptr_array_add(files, g_strdup(to));
        }
        json_builder_end_object(details);
        json_builder_end_object(details);
        g_strfreev(move->intent->new_files);
        move->intent->new_files = snapshot_take_paths(files);
        return snapshot_save_intent(move->vm, move->intent, details, error);
}

static bool finish(SnapshotVm *vm, const Intent *intent, const GHashTable *moves, const char *datastore,
                   const char *from, const char *to, GError **error)
{
        if (!switch_definition(vm, moves, from, to, error) ||
            !change_records(vm, moves, datastore, from, to, error))
                return false;
        snapshot_write_home(vm);
        return drop_old(vm, moves, from, error) &&
               intent_delete(call_inventory(vm->call), intent->id, error);
}

static GHashTable *read_moves(JsonObject *details, GError **error)
{
        GHashTable *moves = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        JsonObject *object = NULL;
        g_autoptr(GList) members = NULL;

        if (args_object_if(details, "moves", &object, error) && object != NULL)
                members = json_object_get_members(object);
        for (GList *at = members; at != NULL; at = at->next)
                g_hash_table_insert(moves, g_strdup(at->data), g_strdup(args_text(object, at->data, NULL)));
        return moves;
}

/* With independent disks, which snapshots are not about, but which move with the VM. */
static void add_all_disks(SnapshotVm *vm)
{
        g_ptr_array_unref(vm->disks);
        vm->disks = definition_disks(vm->definition);
        for (unsigned i = vm->disks->len; i > 0; i--) {
                const DefinitionDisk *disk = vm->disks->pdata[i - 1];

                if (g_strcmp0(disk->device, "disk") != 0 || disk->path == NULL)
                        g_ptr_array_remove_index(vm->disks, i - 1);
        }
}

/* How many of its disks are where they are to be, and how many are not. */
static void count_moved(const SnapshotVm *vm, const GHashTable *moves, unsigned *ret_moved,
                        unsigned *ret_left)
{
        *ret_moved = *ret_left = 0;
        for (unsigned i = 0; i < vm->disks->len; i++) {
                const DefinitionDisk *disk = vm->disks->pdata[i];
                GHashTableIter iter;
                gpointer to;

                *ret_left += new_path(moves, disk->path) != disk->path;
                g_hash_table_iter_init(&iter, (GHashTable *)(guintptr)moves);
                while (g_hash_table_iter_next(&iter, NULL, &to))
                        *ret_moved += strcmp(to, disk->path) == 0;
        }
}

/* A new file that no disk needs, nor anything that one stands on. */
static bool drop_new(SnapshotVm *vm, const Intent *intent, GError **error)
{
        g_autoptr(Tree) tree = snapshot_vm_tree(vm, NULL, 0, error);

        if (tree == NULL)
                return false;
        for (char **file = intent->new_files; *file != NULL; file++) {
                char *const one[] = {*file, NULL};

                if (tree_find(tree, *file) == NULL)
                        snapshot_delete_files(vm->call, vm->record->name, one);
        }
        return true;
}

/* A name that was claimed before the folder was made may have become another VM's. */
static bool drop_home(SnapshotVm *vm, const char *datastore_path, const char *home, GError **error)
{
        g_autoptr(GPtrArray) records = record_list(call_inventory(vm->call), NULL, false, error);

        for (unsigned i = 0; records != NULL && i < records->len; i++)
                if (g_strcmp0(((const Record *)records->pdata[i])->home, home) == 0)
                        return true;
        return records != NULL && datastore_remove_home(datastore_path, home, error);
}

static bool end_relocate(Call *call, const Intent *intent, bool uses_new, GError **error)
{
        g_autoptr(SnapshotVm) vm = snapshot_vm_open_locked(call, intent->uuid, error);
        g_autoptr(JsonParser) parser = json_parser_new();
        g_autoptr(GHashTable) moves = NULL;
        const char *datastore, *path, *to, *from = NULL;
        unsigned moved, left;
        JsonObject *details;

        (void)uses_new;
        if (vm == NULL || (vm->is_on && !block_abort_all(vm->connection, intent->uuid, error)) ||
            !snapshot_vm_reload(vm, error))
                return false;
        add_all_disks(vm);
        details = snapshot_details(intent, parser, error);
        if (details == NULL || (datastore = args_text(details, "datastore", error)) == NULL ||
            (path = args_text(details, "datastore_path", error)) == NULL ||
            (to = args_text(details, "to", error)) == NULL || !args_text_if(details, "from", &from, error))
                return false;
        moves = read_moves(details, error);
        count_moved(vm, moves, &moved, &left);
        if (moved > 0 && left == 0)
                return finish(vm, intent, moves, datastore, from, to, error);
        if (!drop_new(vm, intent, error))
                return false;
        if (moved == 0)
                return drop_home(vm, path, to, error) &&
                       intent_delete(call_inventory(call), intent->id, error);
        call_event(call, "error", vm->record->name,
                   "some of its disks are in %s now, others are not: power it off and relocate it again",
                   to);
        return intent_delete(call_inventory(call), intent->id, error);
}

static bool relocate(Relocate *move, GError **error)
{
        SnapshotVm *vm = move->vm;

        if (!copy_disks(move, error) || !copy_others(move, error))
                return false;
        for (unsigned i = 0; vm->is_on && i < vm->disks->len; i++) {
                const DefinitionDisk *disk = vm->disks->pdata[i];

                if (new_path(move->moves, disk->path) != disk->path && !copy_active(move, disk, error))
                        return false;
        }
        return finish(vm, move->intent, move->moves, move->datastore, move->old_home, move->home, error);
}

/* A REDO file is on the old datastore as long as the VM runs. */
static bool check_modes(const SnapshotVm *vm, GError **error)
{
        g_autoptr(GPtrArray) modes = disk_records(call_inventory(vm->call), vm->record->uuid, error);

        for (unsigned i = 0; modes != NULL && i < modes->len; i++) {
                const DiskRecord *mode = modes->pdata[i];

                if (mode->mode == DISK_PERSISTENT || (!vm->is_on && vm->record->saved == NULL))
                        continue;
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "disk %s of VM \"%s\" is %s; power the VM off to relocate it", mode->target,
                            vm->record->name, disk_mode_name(mode->mode));
                return false;
        }
        return modes != NULL;
}

/* The intent comes before the folder; again with its next name, where the first is taken. */
static bool claim(const char *home, gpointer user_data, GError **error)
{
        Relocate *move = user_data;

        g_free(move->home);
        move->home = g_strdup(home);
        return choose_moves(move, error) && save_intent(move, error);
}

static bool prepare(Relocate *move, GError **error)
{
        SnapshotVm *vm = move->vm;
        g_autoptr(GError) inner = NULL;
        g_autofree char *made = NULL;

        move->datastore_path = datastore_path(call_inventory(vm->call), move->datastore, &inner);
        if (inner != NULL || move->datastore_path == NULL) {
                if (inner == NULL)
                        g_set_error(&inner, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                    "there is no datastore \"%.80s\"; 'aerostat datastore list' shows all",
                                    move->datastore);
                g_propagate_error(error, g_steal_pointer(&inner));
                return false;
        }
        if (!snapshot_vm_check(vm, error) || !check_modes(vm, error))
                return false;
        add_all_disks(vm);
        move->old_home = g_strdup(vm->record->home);
        move->tree = snapshot_vm_tree(vm, NULL, 0, error);
        if (move->tree == NULL)
                return false;
        move->intent = snapshot_new_intent(vm, INTENT);
        made = datastore_make_home(move->datastore_path, vm->record->name, claim, move, error);
        if (made == NULL && move->intent->id > 0)
                (void)intent_delete(call_inventory(vm->call), move->intent->id, NULL);
        return made != NULL;
}

static bool run_relocate(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name, *datastore, *word = NULL;
        g_autoptr(SnapshotVm) vm = NULL;
        g_auto(Relocate) move = {.provisioning = DISK_THIN};
        g_autoptr(GError) left = NULL;

        (void)result;
        if (!args_only(args, error, "vm", "datastore", "provisioning", NULL) ||
            (name = args_text(args, "vm", error)) == NULL ||
            (datastore = args_text(args, "datastore", error)) == NULL ||
            !args_text_if(args, "provisioning", &word, error))
                return false;
        if (word != NULL && strcmp(word, "thin") != 0 && strcmp(word, "thick") != 0) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "\"provisioning\" is to be thin or thick, not \"%.40s\"", word);
                return false;
        }
        if (word != NULL && strcmp(word, "thick") == 0)
                move.provisioning = DISK_THICK;
        vm = move.vm = snapshot_vm_open(call, name, error);
        move.datastore = g_strdup(datastore);
        if (vm == NULL || !prepare(&move, error))
                return false;
        if (relocate(&move, error)) {
                call_event(call, "task", vm->record->name, "moved to datastore %s", datastore);
                return true;
        }
        if (!end_relocate(call, move.intent, false, &left))
                call_event(call, "error", vm->record->name,
                           "what was begun is left until the next start: %s", left->message);
        return false;
}

extern const Method relocate_methods[];
extern const IntentKind relocate_intents[];

const Method relocate_methods[] = {
        {.name = "RelocateVM", .is_task = true, .run = run_relocate},
        {.name = NULL},
};

const IntentKind relocate_intents[] = {
        {.name = INTENT, .end = end_relocate},
        {.name = NULL},
};
