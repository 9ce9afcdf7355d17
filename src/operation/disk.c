/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disks of a VM: added, removed, extended, their modes. */
#include "operation/disk.h"

#include <inttypes.h>
#include <string.h>

#include "operation/args.h"
#include "operation/home.h"
#include "operation/vm.h"
#include "storage/disk.h"
#include "vm/block.h"

#define INTENT_ADD    "add-disk"
#define INTENT_REMOVE "remove-disk"
#define DISKS_MAX     60
#define SIZE_MB_MAX   (INT64_C(64) << 20)

/* --- what the VM has --- */

DefinitionDisk *vm_disk_find(const SnapshotVm *vm, const char *target, GError **error)
{
        g_autoptr(GPtrArray) disks = definition_disks(vm->definition);

        for (unsigned i = 0; i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];

                if (strcmp(disk->target, target) == 0 && g_strcmp0(disk->device, "disk") == 0 &&
                    disk->path != NULL) {
                        g_ptr_array_set_free_func(disks, NULL);
                        for (unsigned j = 0; j < disks->len; j++)
                                if (j != i)
                                        definition_disk_free(disks->pdata[j]);
                        return disks->pdata[i];
                }
        }
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                    "VM \"%s\" has no disk \"%.30s\"; 'aerostat disk list \"%s\"' shows all",
                    vm->record->name, target, vm->record->name);
        return NULL;
}

bool vm_disk_mode(const SnapshotVm *vm, const char *target, DiskMode *ret, GError **error)
{
        g_autoptr(GPtrArray) modes = disk_records(call_inventory(vm->call), vm->record->uuid, error);

        *ret = DISK_PERSISTENT;
        for (unsigned i = 0; modes != NULL && i < modes->len; i++) {
                const DiskRecord *mode = modes->pdata[i];

                if (strcmp(mode->target, target) == 0)
                        *ret = mode->mode;
        }
        return modes != NULL;
}

const SnapshotRecord *vm_disk_snapshot(const SnapshotVm *vm, const char *target)
{
        for (unsigned i = 0; i < vm->snapshots->len; i++) {
                const SnapshotRecord *snapshot = vm->snapshots->pdata[i];

                if (g_hash_table_contains(snapshot->disks, target))
                        return snapshot;
        }
        return NULL;
}

bool vm_disk_check_awake(const SnapshotVm *vm, GError **error)
{
        if (vm->record->saved == NULL)
                return snapshot_vm_check(vm, error);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                    "VM \"%s\" is suspended, and would come back with the disks that it had; power it on or "
                    "off first",
                    vm->record->name);
        return false;
}

static bool refuse_snapshot(const SnapshotVm *vm, const char *target, const char *doing, GError **error)
{
        const SnapshotRecord *snapshot = vm_disk_snapshot(vm, target);

        if (snapshot == NULL)
                return true;
        g_set_error(
                error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                "disk %s of VM \"%s\" cannot be %s while snapshot \"%s\" has it; remove the snapshots first",
                target, vm->record->name, doing, snapshot->name);
        return false;
}

/* --- AddDisk --- */

static char *free_disk_path(const SnapshotVm *vm, GError **error)
{
        for (unsigned number = 0; vm->record->home != NULL && number < 1000; number++) {
                g_autofree char *path = home_disk_path(vm->record, number);

                if (!g_file_test(path, G_FILE_TEST_EXISTS))
                        return g_steal_pointer(&path);
        }
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                    "VM \"%s\" has no folder on a datastore for another disk; relocate it to one",
                    vm->record->name);
        return NULL;
}

bool vm_disk_save_mode(Call *call, const char *uuid, const char *target, DiskMode mode, GError **error)
{
        const DiskRecord disk = {.target = (char *)(guintptr)target, .mode = mode};

        return mode == DISK_PERSISTENT ? disk_record_delete(call_inventory(call), uuid, target, error)
                                       : disk_record_save(call_inventory(call), uuid, &disk, error);
}

static bool save_add_intent(SnapshotVm *vm, Intent *intent, const char *path, DiskMode mode, GError **error)
{
        g_autoptr(JsonBuilder) details = json_builder_new();

        g_strfreev(intent->new_files);
        intent->new_files = g_new0(char *, 2);
        intent->new_files[0] = g_strdup(path);
        json_builder_begin_object(details);
        json_builder_set_member_name(details, "mode");
        json_builder_add_string_value(details, disk_mode_name(mode));
        json_builder_end_object(details);
        return snapshot_save_intent(vm, intent, details, error);
}

static bool end_add(Call *call, const Intent *intent, bool uses_new, GError **error)
{
        g_autoptr(SnapshotVm) vm = snapshot_vm_open_locked(call, intent->uuid, error);
        g_autoptr(JsonParser) parser = json_parser_new();
        JsonObject *details = vm != NULL ? snapshot_details(intent, parser, error) : NULL;
        const char *word = NULL;
        g_autoptr(GPtrArray) disks = NULL;
        DiskMode mode = DISK_PERSISTENT;

        (void)uses_new;
        if (details == NULL || !args_text_if(details, "mode", &word, error))
                return false;
        if (!snapshot_uses_new(vm, intent)) {
                snapshot_delete_files(call, vm->record->name, intent->new_files);
                return intent_delete(call_inventory(call), intent->id, error);
        }
        (void)disk_mode_parse(word != NULL ? word : "", &mode);
        disks = definition_disks(vm->definition);
        for (unsigned i = 0; i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];

                if (g_strcmp0(disk->path, intent->new_files[0]) == 0 &&
                    !vm_disk_save_mode(call, intent->uuid, disk->target, mode, error))
                        return false;
        }
        snapshot_write_home(vm);
        return intent_delete(call_inventory(call), intent->id, error);
}

bool vm_disk_plug(SnapshotVm *vm, const DefinitionDisk *disk, GError **error)
{
        g_autofree char *element = definition_add_disk(vm->definition, disk, error), *xml = NULL;

        if (element == NULL)
                return false;
        if (vm->is_on)
                return life_attach(vm->connection, vm->record->uuid, element, true, true, error);
        xml = definition_text(vm->definition);
        return life_define(vm->connection, xml, error);
}

/* The one with this file, which is new. */
char *vm_disk_target_of(SnapshotVm *vm, const char *path, GError **error)
{
        g_autoptr(GPtrArray) disks = NULL;

        if (!snapshot_vm_reload(vm, error))
                return NULL;
        disks = definition_disks(vm->definition);
        for (unsigned i = 0; i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];

                if (g_strcmp0(disk->path, path) == 0)
                        return g_strdup(disk->target);
        }
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "VM \"%s\": libvirt does not have the new disk %s",
                    vm->record->name, path);
        return NULL;
}

void vm_disk_tell(JsonBuilder *result, const char *target, const char *path)
{
        json_builder_begin_object(result);
        json_builder_set_member_name(result, "target");
        json_builder_add_string_value(result, target);
        json_builder_set_member_name(result, "path");
        json_builder_add_string_value(result, path);
        json_builder_end_object(result);
}

typedef struct NewDisk {
        uint64_t bytes;
        DiskProvisioning provisioning;
        DiskMode mode;
        const char *bus, *target; /* target NULL: the next that is free */
} NewDisk;

static bool add_disk(SnapshotVm *vm, const NewDisk *new, JsonBuilder *result, GError **error)
{
        g_autofree char *path = free_disk_path(vm, error), *target = NULL;
        g_autoptr(Intent) intent = snapshot_new_intent(vm, INTENT_ADD);
        const DefinitionDisk disk = {.bus = (char *)(guintptr) new->bus,
                                     .target = (char *)(guintptr) new->target,
                                     .device = (char *)(guintptr) "disk",
                                     .path = path,
                                     .format = (char *)(guintptr) "qcow2"};

        if (path == NULL || !save_add_intent(vm, intent, path, new->mode, error))
                return false;
        if (!disk_create(path, new->bytes, new->provisioning, error) || !vm_disk_plug(vm, &disk, error)) {
                g_autoptr(GError) left = NULL;

                if (!end_add(vm->call, intent, false, &left))
                        call_event(vm->call, "error", vm->record->name,
                                   "%s is left until the next start: %s", path, left->message);
                return false;
        }
        target = vm_disk_target_of(vm, path, error);
        if (target == NULL || !vm_disk_save_mode(vm->call, vm->record->uuid, target, new->mode, error) ||
            !intent_delete(call_inventory(vm->call), intent->id, error))
                return false;
        snapshot_write_home(vm);
        call_event(vm->call, "task", vm->record->name, "disk %s added", target);
        vm_disk_tell(result, target, path);
        return true;
}

bool vm_disk_parse_mode(const char *word, DiskMode *ret, GError **error)
{
        if (word == NULL || disk_mode_parse(word, ret))
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "\"%.40s\" is no mode of a disk: persistent, independent_persistent, "
                    "independent_nonpersistent",
                    word);
        return false;
}

static bool parse_provisioning(const char *word, DiskProvisioning *ret, GError **error)
{
        if (word == NULL || strcmp(word, "thin") == 0 || strcmp(word, "thick") == 0) {
                *ret = word != NULL && strcmp(word, "thick") == 0 ? DISK_THICK : DISK_THIN;
                return true;
        }
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "a disk is thin or thick, not \"%.40s\"",
                    word);
        return false;
}

bool vm_disk_check_room(const SnapshotVm *vm, DiskMode mode, GError **error)
{
        g_autoptr(GPtrArray) disks = definition_disks(vm->definition);

        if (disks->len >= DISKS_MAX)
                return vm_refuse(vm->record, "has 60 disks already", error);
        return !vm->is_on || mode != DISK_INDEPENDENT_NONPERSISTENT ||
               vm_refuse(vm->record, "runs: a non-persistent disk can be added when it is off", error);
}

static bool run_add_disk(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name, *mode_word = NULL, *provisioning_word = NULL;
        NewDisk new = {.bus = "virtio"};
        g_autoptr(SnapshotVm) vm = NULL;
        int64_t size_mb = 0;

        if (!args_only(args, error, "vm", "size_mb", "provisioning", "mode", "bus", "target", NULL) ||
            (name = args_text(args, "vm", error)) == NULL ||
            !args_int_if(args, "size_mb", 1, SIZE_MB_MAX, &size_mb, error) ||
            !args_text_if(args, "provisioning", &provisioning_word, error) ||
            !args_text_if(args, "mode", &mode_word, error) || !args_text_if(args, "bus", &new.bus, error) ||
            !args_text_if(args, "target", &new.target, error) ||
            !parse_provisioning(provisioning_word, &new.provisioning, error) ||
            !vm_disk_parse_mode(mode_word, &new.mode, error))
                return false;
        if (size_mb == 0) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "\"size_mb\" is missing: the disk's size");
                return false;
        }
        new.bytes = (uint64_t)size_mb << 20;
        vm = snapshot_vm_open(call, name, error);
        return vm != NULL && vm_disk_check_awake(vm, error) && vm_disk_check_room(vm, new.mode, error) &&
               add_disk(vm, &new, result, error);
}

/* --- RemoveDisk --- */

/* What goes with the disk: the file it writes to, and those beneath it that are its own. */
static char **files_of_disk(const SnapshotVm *vm, const DefinitionDisk *disk, GError **error)
{
        g_autoptr(GPtrArray) chain = disk_chain(disk->path, error);
        g_autoptr(Tree) others = tree_new();
        GPtrArray *files;

        if (chain == NULL)
                return NULL;
        for (unsigned i = 0; i < vm->disks->len; i++) {
                const DefinitionDisk *other = vm->disks->pdata[i];

                if (strcmp(other->target, disk->target) != 0 && tree_add(others, other->path, error) == NULL)
                        return NULL;
        }
        for (unsigned i = 0; i < vm->snapshots->len; i++) {
                GHashTableIter iter;
                gpointer path;

                g_hash_table_iter_init(&iter, ((const SnapshotRecord *)vm->snapshots->pdata[i])->disks);
                while (g_hash_table_iter_next(&iter, NULL, &path))
                        if (tree_add(others, path, error) == NULL)
                                return NULL;
        }
        files = g_ptr_array_new();
        for (unsigned i = 0; i < chain->len; i++) {
                g_autofree char *folder = g_path_get_dirname(chain->pdata[i]);

                if (tree_find(others, chain->pdata[i]) == NULL &&
                    (i == 0 || g_strcmp0(folder, vm->record->home) == 0))
                        g_ptr_array_add(files, g_strdup(chain->pdata[i]));
        }
        return snapshot_take_paths(files);
}

static bool finish_remove(SnapshotVm *vm, const Intent *intent, const char *target, GError **error)
{
        if (!disk_record_delete(call_inventory(vm->call), vm->record->uuid, target, error))
                return false;
        snapshot_write_home(vm);
        snapshot_delete_files(vm->call, vm->record->name, intent->old_files);
        return intent_delete(call_inventory(vm->call), intent->id, error);
}

static bool end_remove(Call *call, const Intent *intent, bool uses_new, GError **error)
{
        g_autoptr(SnapshotVm) vm = snapshot_vm_open_locked(call, intent->uuid, error);
        g_autoptr(JsonParser) parser = json_parser_new();
        JsonObject *details = vm != NULL ? snapshot_details(intent, parser, error) : NULL;
        const char *target = details != NULL ? args_text(details, "target", error) : NULL;
        const char *path = target != NULL ? args_text(details, "path", error) : NULL;

        (void)uses_new;
        if (path == NULL)
                return false;
        if (definition_uses(vm->definition, path))
                return intent_delete(call_inventory(call), intent->id, error);
        return finish_remove(vm, intent, target, error);
}

static bool unplug(SnapshotVm *vm, const DefinitionDisk *disk, GError **error)
{
        g_autofree char *element = definition_remove_disk(vm->definition, disk->target, error), *xml = NULL;

        if (element == NULL)
                return false;
        if (vm->is_on)
                return life_detach(vm->connection, vm->record->uuid, element, true, true, error);
        xml = definition_text(vm->definition);
        return life_define(vm->connection, xml, error);
}

static bool remove_disk(SnapshotVm *vm, const DefinitionDisk *disk, bool delete, GError **error)
{
        g_autoptr(Intent) intent = snapshot_new_intent(vm, INTENT_REMOVE);
        g_autoptr(JsonBuilder) details = json_builder_new();

        if (delete) {
                g_strfreev(intent->old_files);
                intent->old_files = files_of_disk(vm, disk, error);
                if (intent->old_files == NULL)
                        return false;
        }
        json_builder_begin_object(details);
        json_builder_set_member_name(details, "target");
        json_builder_add_string_value(details, disk->target);
        json_builder_set_member_name(details, "path");
        json_builder_add_string_value(details, disk->path);
        json_builder_end_object(details);
        if (!snapshot_save_intent(vm, intent, details, error))
                return false;
        if (!unplug(vm, disk, error)) {
                g_autoptr(GError) left = NULL;

                /* The guest may let go of it after all. */
                if (!end_remove(vm->call, intent, false, &left))
                        call_event(vm->call, "error", vm->record->name, "disk %s: %s", disk->target,
                                   left->message);
                return false;
        }
        if (!finish_remove(vm, intent, disk->target, error))
                return false;
        call_event(vm->call, "task", vm->record->name, "disk %s removed%s", disk->target,
                   delete ? ", with its files" : "");
        return true;
}

static bool run_remove_disk(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name, *target;
        bool delete = false;
        g_autoptr(SnapshotVm) vm = NULL;
        DefinitionDisk *disk;
        DiskMode mode;
        bool well;

        (void)result;
        if (!args_only(args, error, "vm", "target", "delete", NULL) ||
            (name = args_text(args, "vm", error)) == NULL ||
            (target = args_text(args, "target", error)) == NULL ||
            !args_bool_if(args, "delete", &delete, error))
                return false;
        vm = snapshot_vm_open(call, name, error);
        if (vm == NULL || !vm_disk_check_awake(vm, error) || !vm_disk_mode(vm, target, &mode, error))
                return false;
        if (vm->is_on && mode == DISK_INDEPENDENT_NONPERSISTENT) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "disk %s of VM \"%s\" is non-persistent; power the VM off to remove it", target,
                            vm->record->name);
                return false;
        }
        disk = vm_disk_find(vm, target, error);
        if (disk == NULL)
                return false;
        well = remove_disk(vm, disk, delete, error);
        definition_disk_free(disk);
        return well;
}

/* --- ExtendDisk, SetDiskMode --- */

static bool extend(SnapshotVm *vm, const DefinitionDisk *disk, uint64_t bytes, GError **error)
{
        g_autoptr(DiskInfo) info = disk_info(disk->path, error);

        if (info == NULL)
                return false;
        if (!vm->is_on)
                return disk_resize(disk->path, bytes, error);
        if (bytes >= info->provisioned_bytes)
                return block_resize(vm->connection, vm->record->uuid, disk->target, bytes, error);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "disk %s of VM \"%s\" has %" PRIu64 " bytes; a disk cannot be made smaller",
                    disk->target, vm->record->name, info->provisioned_bytes);
        return false;
}

static bool run_extend_disk(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name, *target;
        g_autoptr(SnapshotVm) vm = NULL;
        DefinitionDisk *disk;
        int64_t size_mb = 0;
        DiskMode mode;
        bool well;

        (void)result;
        if (!args_only(args, error, "vm", "target", "size_mb", NULL) ||
            (name = args_text(args, "vm", error)) == NULL ||
            (target = args_text(args, "target", error)) == NULL ||
            !args_int_if(args, "size_mb", 1, SIZE_MB_MAX, &size_mb, error))
                return false;
        if (size_mb == 0) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "\"size_mb\" is missing: the disk's new size");
                return false;
        }
        vm = snapshot_vm_open(call, name, error);
        if (vm == NULL || !vm_disk_check_awake(vm, error) ||
            !refuse_snapshot(vm, target, "extended", error) || !vm_disk_mode(vm, target, &mode, error))
                return false;
        if (vm->is_on && mode == DISK_INDEPENDENT_NONPERSISTENT) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "disk %s of VM \"%s\" is non-persistent; power the VM off to extend it", target,
                            vm->record->name);
                return false;
        }
        disk = vm_disk_find(vm, target, error);
        if (disk == NULL)
                return false;
        well = extend(vm, disk, (uint64_t)size_mb << 20, error);
        definition_disk_free(disk);
        if (well)
                call_event(call, "task", vm->record->name, "disk %s extended", target);
        return well;
}

static bool run_set_disk_mode(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name, *target, *word;
        g_autoptr(SnapshotVm) vm = NULL;
        DefinitionDisk *disk;
        DiskMode mode = DISK_PERSISTENT;
        bool well;

        (void)result;
        if (!args_only(args, error, "vm", "target", "mode", NULL) ||
            (name = args_text(args, "vm", error)) == NULL ||
            (target = args_text(args, "target", error)) == NULL ||
            (word = args_text(args, "mode", error)) == NULL || !vm_disk_parse_mode(word, &mode, error))
                return false;
        vm = snapshot_vm_open(call, name, error);
        if (vm == NULL || !vm_disk_check_awake(vm, error))
                return false;
        if (vm->is_on) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "VM \"%s\" is powered on; a disk's mode can be changed when it is off",
                            vm->record->name);
                return false;
        }
        disk = vm_disk_find(vm, target, error);
        if (disk == NULL)
                return false;
        well = mode == DISK_INDEPENDENT_NONPERSISTENT || vm_disk_check_unshared(vm, disk, error);
        definition_disk_free(disk);
        if (!well)
                return false;
        if (mode != DISK_PERSISTENT && !refuse_snapshot(vm, target, "made independent", error))
                return false;
        if (!vm_disk_save_mode(call, vm->record->uuid, target, mode, error))
                return false;
        snapshot_write_home(vm);
        return true;
}

extern const Method disk_methods[];
extern const IntentKind disk_intents[];

const Method disk_methods[] = {
        {.name = "ListDisks", .run = run_list_disks},
        {.name = "AttachDisk", .is_task = true, .run = run_attach_disk},
        {.name = "AddDisk", .is_task = true, .run = run_add_disk},
        {.name = "RemoveDisk", .is_task = true, .run = run_remove_disk},
        {.name = "ExtendDisk", .is_task = true, .run = run_extend_disk},
        {.name = "SetDiskMode", .run = run_set_disk_mode},
        {.name = "ReleaseSpace", .is_task = true, .run = run_release_space},
        {.name = "GetSpaceReport", .run = run_get_space_report},
        {.name = NULL},
};

const IntentKind disk_intents[] = {
        {.name = INTENT_ADD, .end = end_add},
        {.name = INTENT_ATTACH, .end = end_attach_disk},
        {.name = INTENT_REMOVE, .end = end_remove},
        {.name = NULL},
};
