/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CreateSnapshot: of a VM that runs, is off, or is suspended. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "inventory/catalog.h"
#include "operation/args.h"
#include "operation/snapshot.h"
#include "operation/vm.h"
#include "storage/disk.h"
#include "vm/block.h"

#define DEPTH_MAX 32 /* snapshots one after the other, as ESX has it */
/* Memory of a VM that was running then, and of one that was suspended: reverting does the same again. */
#define MEMORY_PREFIX  "-Snapshot"
#define MEMORY_RUNNING ".vmsn"

typedef struct Create {
        SnapshotVm *vm;
        SnapshotRecord *snapshot;
        GHashTable *overlays; /* char *target to char *path */
        bool memory, quiesce;
} Create;

static unsigned depth_of(const SnapshotVm *vm)
{
        unsigned depth = 0;

        for (const SnapshotRecord *at = snapshot_by_id(vm, vm->record->current_snapshot);
             at != NULL && depth <= DEPTH_MAX; at = snapshot_by_id(vm, at->parent))
                depth++;
        return depth;
}

/*
 * The memory would come back as it was, and with it what the guest's file system believes of a disk that has
 * gone on since: that is how file systems are destroyed.
 */
static bool check_independent(const SnapshotVm *vm, GError **error)
{
        g_autoptr(GPtrArray) modes = disk_records(call_inventory(vm->call), vm->record->uuid, error);

        for (unsigned i = 0; modes != NULL && i < modes->len; i++) {
                const DiskRecord *disk = modes->pdata[i];

                if (disk->mode == DISK_PERSISTENT)
                        continue;
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "VM \"%s\": disk %s is %s, so that it would not go back with the memory, and "
                            "the guest "
                            "would damage it; make the snapshot without memory, or with the VM powered off",
                            vm->record->name, disk->target, disk_mode_name(disk->mode));
                return false;
        }
        return modes != NULL;
}

static bool check(const Create *create, GError **error)
{
        const SnapshotVm *vm = create->vm;

        if (!snapshot_vm_check(vm, error))
                return false;
        if (vm->disks->len == 0)
                return vm_refuse(vm->record, "has no disk that a snapshot could be made of", error);
        if (depth_of(vm) >= DEPTH_MAX)
                return vm_refuse(vm->record, "has 32 snapshots one after the other already; remove some",
                                 error);
        if ((create->memory || vm->record->saved != NULL) && !check_independent(vm, error))
                return false;
        for (unsigned i = 0; i < vm->disks->len; i++) {
                const DefinitionDisk *disk = vm->disks->pdata[i];

                if (!disk_check_format(disk->path, disk->format, error))
                        return false;
        }
        return true;
}

/* --- what is written down before anything is made --- */

static bool save_intent(const Create *create, Intent *intent, GError **error)
{
        g_autoptr(JsonBuilder) details = json_builder_new();
        GPtrArray *files = g_ptr_array_new();
        const SnapshotRecord *snapshot = create->snapshot;
        GHashTableIter iter;
        gpointer target, path;

        g_hash_table_iter_init(&iter, create->overlays);
        while (g_hash_table_iter_next(&iter, NULL, &path))
                g_ptr_array_add(files, g_strdup(path));
        if (snapshot->memory != NULL)
                g_ptr_array_add(files, g_strdup(snapshot->memory));
        g_strfreev(intent->new_files);
        intent->new_files = snapshot_take_paths(files);

        json_builder_begin_object(details);
        json_builder_set_member_name(details, "name");
        json_builder_add_string_value(details, snapshot->name);
        json_builder_set_member_name(details, "description");
        json_builder_add_string_value(details, snapshot->description);
        json_builder_set_member_name(details, "definition");
        json_builder_add_string_value(details, snapshot->definition);
        json_builder_set_member_name(details, "parent");
        json_builder_add_int_value(details, snapshot->parent);
        json_builder_set_member_name(details, "time_ms");
        json_builder_add_int_value(details, snapshot->time_ms);
        if (snapshot->memory != NULL) {
                json_builder_set_member_name(details, "memory");
                json_builder_add_string_value(details, snapshot->memory);
        }
        json_builder_set_member_name(details, "disks");
        json_builder_begin_object(details);
        g_hash_table_iter_init(&iter, snapshot->disks);
        while (g_hash_table_iter_next(&iter, &target, &path)) {
                json_builder_set_member_name(details, target);
                json_builder_add_string_value(details, path);
        }
        json_builder_end_object(details);
        json_builder_end_object(details);
        return snapshot_save_intent(create->vm, intent, details, error);
}

static SnapshotRecord *record_from_details(const Intent *intent, JsonObject *details, GError **error)
{
        g_autoptr(SnapshotRecord) snapshot = g_new0(SnapshotRecord, 1);
        const char *memory = NULL;
        JsonObject *disks = NULL;
        g_autoptr(GList) targets = NULL;

        snapshot->uuid = g_strdup(intent->uuid);
        snapshot->name = g_strdup(args_text(details, "name", error));
        snapshot->description = g_strdup(args_text(details, "description", error));
        snapshot->definition = g_strdup(args_text(details, "definition", error));
        snapshot->disks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        if (snapshot->name == NULL || snapshot->description == NULL || snapshot->definition == NULL ||
            !args_int_if(details, "parent", 0, INT64_MAX, &snapshot->parent, error) ||
            !args_int_if(details, "time_ms", 0, INT64_MAX, &snapshot->time_ms, error) ||
            !args_text_if(details, "memory", &memory, error) ||
            !args_object_if(details, "disks", &disks, error))
                return NULL;
        snapshot->memory = g_strdup(memory);
        targets = disks != NULL ? json_object_get_members(disks) : NULL;
        for (GList *target = targets; target != NULL; target = target->next)
                g_hash_table_insert(snapshot->disks, g_strdup(target->data),
                                    g_strdup(args_text(disks, target->data, NULL)));
        return g_steal_pointer(&snapshot);
}

/* --- making it --- */

static const char *overlay_of(const Create *create, const DefinitionDisk *disk)
{
        return g_hash_table_lookup(create->overlays, disk->target);
}

static bool make_overlays(const Create *create, GError **error)
{
        for (unsigned i = 0; i < create->vm->disks->len; i++) {
                const DefinitionDisk *disk = create->vm->disks->pdata[i];

                if (!disk_create_overlay(overlay_of(create, disk), disk->path, disk->format, error))
                        return false;
        }
        return true;
}

static bool switch_definition(const Create *create, GError **error)
{
        SnapshotVm *vm = create->vm;
        g_autofree char *xml = NULL;

        for (unsigned i = 0; i < vm->disks->len; i++) {
                const DefinitionDisk *disk = vm->disks->pdata[i];

                if (!definition_set_disk(vm->definition, disk->target, overlay_of(create, disk), "qcow2",
                                         error))
                        return false;
        }
        xml = definition_text(vm->definition);
        return life_define(vm->connection, xml, error);
}

static void show_progress(unsigned percent, gpointer user_data)
{
        call_progress(user_data, percent, "saves the memory");
}

static bool switch_running(const Create *create, GError **error)
{
        SnapshotVm *vm = create->vm;
        g_autofree BlockOverlay *overlays = g_new0(BlockOverlay, vm->disks->len);
        const BlockWatch watch = {show_progress, vm->call, call_cancellable(vm->call)};

        for (unsigned i = 0; i < vm->disks->len; i++) {
                const DefinitionDisk *disk = vm->disks->pdata[i];

                overlays[i].target = disk->target;
                overlays[i].path = overlay_of(create, disk);
        }
        return block_snapshot(vm->connection, vm->record->uuid, overlays, vm->disks->len,
                              create->snapshot->memory, create->quiesce, &watch, error);
}

/* The memory of a suspended VM is never written again, so that one file can have two names. */
static bool keep_memory(const Create *create, GError **error)
{
        const char *saved = create->vm->record->saved, *memory = create->snapshot->memory;

        if (saved == NULL)
                return true;
        if (link(saved, memory) == 0)
                return disk_sync(memory, error);
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(errno),
                    "VM \"%s\": its memory %s cannot be kept as %s: %s", create->vm->record->name, saved,
                    memory, g_strerror(errno));
        return false;
}

static bool make(const Create *create, GError **error)
{
        if (!make_overlays(create, error) || !keep_memory(create, error))
                return false;
        if (!create->vm->is_on)
                return switch_definition(create, error);
        return switch_running(create, error) &&
               (create->snapshot->memory == NULL || disk_sync(create->snapshot->memory, error));
}

static bool prepare(Create *create, const char *name, const char *description, GError **error)
{
        SnapshotVm *vm = create->vm;
        SnapshotRecord *snapshot = g_new0(SnapshotRecord, 1);

        create->snapshot = snapshot;
        snapshot->uuid = g_strdup(vm->record->uuid);
        snapshot->parent = vm->record->current_snapshot;
        snapshot->name = g_strdup(name);
        snapshot->description = g_strdup(description);
        snapshot->time_ms = g_get_real_time() / 1000;
        snapshot->disks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        snapshot->definition = life_definition(vm->connection, vm->record->uuid, false, error);
        if (snapshot->definition == NULL)
                return false;
        for (unsigned i = 0; i < vm->disks->len; i++) {
                const DefinitionDisk *disk = vm->disks->pdata[i];

                g_hash_table_insert(snapshot->disks, g_strdup(disk->target), g_strdup(disk->path));
        }
        if (vm->record->saved != NULL)
                snapshot->memory = snapshot_free_path(vm, MEMORY_PREFIX, SNAPSHOT_MEMORY_SUSPENDED);
        else if (create->memory)
                snapshot->memory = snapshot_free_path(vm, MEMORY_PREFIX, MEMORY_RUNNING);
        create->overlays = snapshot_overlays(snapshot->disks);
        return true;
}

static bool create_it(Create *create, GError **error)
{
        SnapshotVm *vm = create->vm;
        g_autoptr(Intent) intent = snapshot_new_intent(vm, "snapshot");

        if (!save_intent(create, intent, error))
                return false;
        if (!make(create, error)) {
                g_autoptr(GError) left = NULL;

                /* A definition that could not be set, or a snapshot that libvirt undid: nobody uses them. */
                if (!end_create_snapshot(vm->call, intent, false, &left))
                        call_event(vm->call, "error", vm->record->name,
                                   "what was made for a snapshot is left until the next start: %s",
                                   left->message);
                return false;
        }
        if (!snapshot_records_change(call_inventory(vm->call), vm->record->uuid, &create->snapshot, 1, NULL,
                                     0, SNAPSHOT_LAST_SAVED, intent->id, error))
                return false;
        snapshot_write_home(vm);
        return true;
}

/* After a kill, or an error: whoever uses the overlays decides. */
bool end_create_snapshot(Call *call, const Intent *intent, bool uses_new, GError **error)
{
        g_autoptr(SnapshotVm) vm = snapshot_vm_open_locked(call, intent->uuid, error);
        g_autoptr(JsonParser) parser = json_parser_new();
        g_autoptr(SnapshotRecord) snapshot = NULL;
        JsonObject *details;

        if (vm == NULL)
                return false;
        if (vm->is_on &&
            (!block_abort_all(vm->connection, intent->uuid, error) || !snapshot_vm_reload(vm, error)))
                return false;
        /* Which may have changed since that was asked. */
        (void)uses_new;
        if (!snapshot_uses_new(vm, intent)) {
                snapshot_delete_files(call, vm->record->name, intent->new_files);
                return intent_delete(call_inventory(call), intent->id, error);
        }
        details = snapshot_details(intent, parser, error);
        snapshot = details != NULL ? record_from_details(intent, details, error) : NULL;
        if (snapshot == NULL || !snapshot_records_change(call_inventory(call), intent->uuid, &snapshot, 1,
                                                         NULL, 0, SNAPSHOT_LAST_SAVED, intent->id, error))
                return false;
        snapshot_write_home(vm);
        return true;
}

bool run_create_snapshot(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name, *description = "", *vm_name;
        g_autoptr(SnapshotVm) vm = NULL;
        Create create = {0};
        bool well;

        if (!args_only(args, error, "vm", "name", "description", "memory", "quiesce", NULL) ||
            (vm_name = args_text(args, "vm", error)) == NULL ||
            (name = args_text(args, "name", error)) == NULL ||
            !args_text_if(args, "description", &description, error) ||
            !args_bool_if(args, "memory", &create.memory, error) ||
            !args_bool_if(args, "quiesce", &create.quiesce, error) ||
            !catalog_check_name("snapshot", name, error))
                return false;
        if (strlen(description) > SNAPSHOT_DESCRIPTION_MAX) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "a snapshot's description has at most %d bytes", SNAPSHOT_DESCRIPTION_MAX);
                return false;
        }
        vm = create.vm = snapshot_vm_open(call, vm_name, error);
        if (vm == NULL)
                return false;
        /* As in ESX: there is no memory to keep when it is off, and with memory nothing needs to be quiet.
         */
        create.memory = create.memory && vm->is_on;
        create.quiesce = create.quiesce && vm->power == LIFE_ON && !create.memory;
        well = check(&create, error) && prepare(&create, name, description, error) &&
               create_it(&create, error);
        if (well) {
                call_event(call, "task", vm->record->name, "snapshot \"%s\" made", name);
                json_builder_begin_object(result);
                json_builder_set_member_name(result, "snapshot");
                json_builder_add_int_value(result, create.snapshot->id);
                json_builder_end_object(result);
        }
        snapshot_record_free(create.snapshot);
        g_clear_pointer(&create.overlays, g_hash_table_unref);
        return well;
}
