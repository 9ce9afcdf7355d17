/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RelocateVM, and what becomes of one that was broken off. */
#include "operation/relocate.h"

#include <string.h>

#include "inventory/catalog.h"
#include "operation/args.h"
#include "operation/internal.h"
#include "storage/datastore.h"
#include "vm/block.h"

#define INTENT       "relocate"
#define METHOD_GO_ON "GoOnRelocating"

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
        json_builder_set_member_name(details, "thick");
        json_builder_add_boolean_value(details, move->provisioning == DISK_THICK);
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

                *ret_left += relocate_path(moves, disk->path) != disk->path;
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

/* What an intent says of a relocation that was begun. */
static bool read_intent(Relocate *move, GError **error)
{
        g_autoptr(JsonParser) parser = json_parser_new();
        JsonObject *details = snapshot_details(move->intent, parser, error);
        const char *datastore, *path, *to, *from = NULL;
        bool thick = false;

        if (details == NULL || (datastore = args_text(details, "datastore", error)) == NULL ||
            (path = args_text(details, "datastore_path", error)) == NULL ||
            (to = args_text(details, "to", error)) == NULL || !args_text_if(details, "from", &from, error) ||
            !args_bool_if(details, "thick", &thick, error))
                return false;
        move->datastore = g_strdup(datastore);
        move->datastore_path = g_strdup(path);
        move->home = g_strdup(to);
        move->old_home = g_strdup(from);
        move->provisioning = thick ? DISK_THICK : DISK_THIN;
        move->moves = read_moves(details, error);
        return true;
}

/* A relocation that was begun and is not ended, as it is now, with nobody at its disks any more. */
static bool reopen(Relocate *move, Call *call, const Intent *intent, GError **error)
{
        SnapshotVm *vm = move->vm = snapshot_vm_open_locked(call, intent->uuid, error);

        if (vm == NULL || (vm->is_on && !block_abort_all(vm->connection, intent->uuid, error)) ||
            !snapshot_vm_reload(vm, error))
                return false;
        add_all_disks(vm);
        move->intent = (Intent *)(gintptr)intent;
        return read_intent(move, error);
}

static void reopened_clear(Relocate *move)
{
        g_clear_pointer(&move->vm, snapshot_vm_free);
        move->intent = NULL;
        relocate_clear(move);
}

static bool undo(Relocate *move, GError **error)
{
        return drop_new(move->vm, move->intent, error) &&
               drop_home(move->vm, move->datastore_path, move->home, error) &&
               intent_delete(call_inventory(move->vm->call), move->intent->id, error);
}

/* Of copies that nobody goes on with: the room is the moved disks' now. */
static void drop_parts(const Relocate *move)
{
        for (unsigned i = 0; i < move->vm->disks->len; i++) {
                const DefinitionDisk *disk = move->vm->disks->pdata[i];
                const char *to = relocate_path(move->moves, disk->path);
                char *const one[] = {(char *)(gintptr)to, NULL};

                if (to != disk->path)
                        snapshot_delete_files(move->vm->call, move->vm->record->name, one);
        }
}

/* *ret_left: QEMU writes some of its disks in the new place, and some in the old one. */
static bool settle(Call *call, const Intent *intent, bool *ret_left, GError **error)
{
        Relocate move = {0};
        unsigned moved = 0, left = 0;
        bool well = reopen(&move, call, intent, error);

        *ret_left = false;
        if (well)
                count_moved(move.vm, move.moves, &moved, &left);
        if (well && moved > 0 && left > 0) {
                *ret_left = true;
                drop_parts(&move);
                well = operation_refuse(error, G_IO_ERROR_PENDING,
                                        "%u of its disks are in %s already, %u are not", moved, move.home,
                                        left);
        } else if (well) {
                well = moved > 0 ? relocate_finish(&move, error) : undo(&move, error);
        }
        reopened_clear(&move);
        return well;
}

static bool end_relocate(Call *call, const Intent *intent, bool uses_new, GError **error)
{
        bool left;

        (void)uses_new;
        if (settle(call, intent, &left, error))
                return true;
        if (left)
                call_begin_after(call, METHOD_GO_ON, intent->uuid);
        return false;
}

static bool go_on(Relocate *move, GError **error)
{
        SnapshotVm *vm = move->vm;
        unsigned moved, left;

        move->tree = snapshot_vm_tree(vm, NULL, 0, error);
        if (move->tree == NULL)
                return false;
        count_moved(vm, move->moves, &moved, &move->n_disks);
        for (unsigned i = 0; i < vm->disks->len; i++) {
                const DefinitionDisk *disk = vm->disks->pdata[i];

                if (relocate_path(move->moves, disk->path) != disk->path &&
                    !relocate_copy_again(move, disk, error))
                        return false;
        }
        if (!vm->is_on)
                return relocate_finish(move, error);
        /* As QEMU has them now. */
        if (!snapshot_vm_reload(vm, error))
                return false;
        add_all_disks(vm);
        count_moved(vm, move->moves, &moved, &left);
        return left == 0
                       ? relocate_finish(move, error)
                       : operation_refuse(error, G_IO_ERROR_FAILED, "%u of its disks have not moved", left);
}

/* For a VM whose disks are in two places: nobody else is let at it until they are in one. */
static bool run_go_on(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *uuid = args_text(args, "vm", error);
        g_autoptr(GPtrArray) intents = uuid != NULL ? intent_list(call_inventory(call), error) : NULL;

        (void)result;
        if (intents == NULL || !call_lock(call, uuid, true, error))
                return false;
        for (unsigned i = 0; i < intents->len; i++) {
                const Intent *intent = intents->pdata[i];
                Relocate move = {0};
                bool well;

                if (strcmp(intent->uuid, uuid) != 0 || strcmp(intent->kind, INTENT) != 0)
                        continue;
                well = reopen(&move, call, intent, error) && go_on(&move, error);
                if (well) {
                        call_event(call, "task", move.vm->record->name, "moved to datastore %s",
                                   move.datastore);
                        operations_set_stuck(call_operations(call), uuid, NULL);
                }
                reopened_clear(&move);
                if (!well)
                        return false;
        }
        return true;
}

static bool relocate(Relocate *move, GError **error)
{
        SnapshotVm *vm = move->vm;

        if (!relocate_copy_disks(move, error) || !relocate_copy_others(move, error))
                return false;
        for (unsigned i = 0; vm->is_on && i < vm->disks->len; i++) {
                const DefinitionDisk *disk = vm->disks->pdata[i];

                if (relocate_path(move->moves, disk->path) != disk->path &&
                    !relocate_copy_active(move, disk, error))
                        return false;
        }
        return relocate_finish(move, error);
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
        return relocate_choose(move, error) && save_intent(move, error);
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

/* "left": folders of a VM that runs that are to go when it does not. */
static bool add_left(Call *call, const char *uuid, JsonBuilder *result, GError **error)
{
        g_autoptr(GPtrArray) left = left_homes(call_inventory(call), uuid, error);

        json_builder_begin_object(result);
        json_builder_set_member_name(result, "left");
        json_builder_begin_array(result);
        for (unsigned i = 0; left != NULL && i < left->len; i++)
                json_builder_add_string_value(result, left->pdata[i]);
        json_builder_end_array(result);
        json_builder_end_object(result);
        return left != NULL;
}

static bool run_relocate(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name, *datastore, *word = NULL;
        g_autoptr(SnapshotVm) vm = NULL;
        g_auto(Relocate) move = {.provisioning = DISK_THIN};
        g_autoptr(GError) left = NULL;
        bool is_left;

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
                return add_left(call, vm->record->uuid, result, error);
        }
        if (!settle(call, move.intent, &is_left, &left)) {
                if (is_left)
                        operations_set_stuck(call_operations(call), vm->record->uuid, left->message);
                call_event(call, "error", vm->record->name,
                           "what was begun is left until the next start, or 'aerostat vm reconcile': %s",
                           left->message);
        }
        return false;
}

extern const Method relocate_methods[];
extern const IntentKind relocate_intents[];

const Method relocate_methods[] = {
        {.name = "RelocateVM", .is_task = true, .run = run_relocate},
        {.name = METHOD_GO_ON, .is_task = true, .internal = true, .run = run_go_on},
        {.name = NULL},
};

const IntentKind relocate_intents[] = {
        {.name = INTENT, .end = end_relocate},
        {.name = NULL},
};
