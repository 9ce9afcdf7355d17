/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * AttachDisk: a disk file that is there becomes a VM's disk. A file that others stand on can be read only,
 * so that it is non-persistent; what another VM has for its own is that VM's.
 */
#include <string.h>
#include <sys/stat.h>

#include "operation/args.h"
#include "operation/disk.h"
#include "operation/file.h"
#include "operation/foreign.h"
#include "storage/disk.h"

#define SECTOR_BYTES 512

/* The name says what it is: a guest decides what is in its raw disk, and not how that is called. Disks that
 * clients of vim25 make are qcow2 as well, and have the name that these gave them. NULL: it is none. */
static const char *format_of(const StoreFile *file)
{
        if (g_str_has_suffix(file->path, ".qcow2") || g_str_has_suffix(file->path, ".vmdk"))
                return "qcow2";
        return g_str_has_suffix(file->path, ".raw") || g_str_has_suffix(file->path, ".img") ? "raw" : NULL;
}

static bool refuse(const StoreFile *file, const char *why, GError **error)
{
        return operation_refuse(error, G_IO_ERROR_INVALID_DATA, "\"%s\" is no disk: %s", file->text, why);
}

/* *ret: what it is, for libvirt. Nothing beneath it lies elsewhere than on datastores. */
static bool check_disk(Call *call, const StoreFile *file, const char **ret, GError **error)
{
        const Foreign foreign = {.call = call, .uuid = "", .from = "", .home = ""};
        const char *format = format_of(file);
        g_autoptr(DiskInfo) info = NULL;
        struct stat st;

        if (!store_file_stat(file, &st, error))
                return false;
        if (!S_ISREG(st.st_mode))
                return refuse(file, "it is a folder", error);
        if (format == NULL)
                return refuse(file, "a disk's name ends with .qcow2 or .vmdk, or .raw or .img", error);
        info = disk_info(file->path, error);
        if (info == NULL)
                return file_prefix_error(file, error);
        if (strcmp(info->format, format) != 0)
                return refuse(file,
                              "what is in it is of another format than its name says (.qcow2 and .vmdk: "
                              "qcow2); qemu-img convert makes one of it",
                              error);
        if (st.st_size == 0 || (strcmp(format, "raw") == 0 && st.st_size % SECTOR_BYTES != 0))
                return refuse(file, "it has no whole sectors", error);
        *ret = format;
        return foreign_check_chain(&foreign, file->path, format, error) || file_prefix_error(file, error);
}

/* --- who has it --- */

static bool check_uses(Call *call, const StoreFile *file, DiskMode mode, GError **error)
{
        g_autoptr(FileUses) uses = file_uses_new(call, error);

        if (uses == NULL)
                return false;
        return mode == DISK_INDEPENDENT_NONPERSISTENT ? file_uses_check_shared(uses, file, error)
                                                      : file_uses_check(uses, file, error);
}

bool vm_disk_check_unshared(SnapshotVm *vm, const DefinitionDisk *disk, GError **error)
{
        g_autoptr(FileUses) uses = file_uses_new(vm->call, error);

        return uses != NULL && file_uses_check_others(uses, disk->path, vm->record->name, error);
}

/* --- the steps --- */

bool end_attach_disk(Call *call, const Intent *intent, bool uses_new, GError **error)
{
        g_autoptr(SnapshotVm) vm = snapshot_vm_open_locked(call, intent->uuid, error);
        g_autoptr(JsonParser) parser = json_parser_new();
        JsonObject *details = vm != NULL ? snapshot_details(intent, parser, error) : NULL;
        const char *path = details != NULL ? args_text(details, "path", error) : NULL;
        const char *word = path != NULL ? args_text(details, "mode", error) : NULL;
        g_autofree char *target = NULL;
        DiskMode mode;

        (void)uses_new;
        if (word == NULL || !vm_disk_parse_mode(word, &mode, error))
                return false;
        if (definition_uses(vm->definition, path)) {
                target = vm_disk_target_of(vm, path, error);
                if (target == NULL || !vm_disk_save_mode(call, intent->uuid, target, mode, error))
                        return false;
                snapshot_write_home(vm);
        }
        return intent_delete(call_inventory(call), intent->id, error);
}

static bool save_intent(SnapshotVm *vm, Intent *intent, const char *path, DiskMode mode, GError **error)
{
        g_autoptr(JsonBuilder) details = json_builder_new();

        json_builder_begin_object(details);
        json_builder_set_member_name(details, "path");
        json_builder_add_string_value(details, path);
        json_builder_set_member_name(details, "mode");
        json_builder_add_string_value(details, disk_mode_name(mode));
        json_builder_end_object(details);
        return snapshot_save_intent(vm, intent, details, error);
}

static bool attach(SnapshotVm *vm, const DefinitionDisk *disk, DiskMode mode, JsonBuilder *result,
                   GError **error)
{
        g_autoptr(Intent) intent = snapshot_new_intent(vm, INTENT_ATTACH);
        g_autofree char *target = NULL;
        g_autoptr(GError) left = NULL;

        if (!save_intent(vm, intent, disk->path, mode, error))
                return false;
        if (!vm_disk_plug(vm, disk, error)) {
                if (!end_attach_disk(vm->call, intent, false, &left))
                        call_event(vm->call, "error", vm->record->name, "disk %s: %s", disk->path,
                                   left->message);
                return false;
        }
        target = vm_disk_target_of(vm, disk->path, error);
        if (target == NULL || !vm_disk_save_mode(vm->call, vm->record->uuid, target, mode, error) ||
            !intent_delete(call_inventory(vm->call), intent->id, error))
                return false;
        snapshot_write_home(vm);
        call_event(vm->call, "task", vm->record->name, "disk %s attached: %s", target, disk->path);
        vm_disk_tell(result, target, disk->path);
        return true;
}

bool run_attach_disk(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name, *path, *word = NULL, *bus = "virtio", *target = NULL, *format = NULL;
        g_autoptr(StoreFile) file = NULL;
        g_autoptr(SnapshotVm) vm = NULL;
        DiskMode mode = DISK_PERSISTENT;

        if (!args_only(args, error, "vm", "path", "mode", "bus", "target", NULL) ||
            (name = args_text(args, "vm", error)) == NULL ||
            (path = args_text(args, "path", error)) == NULL || !args_text_if(args, "mode", &word, error) ||
            !args_text_if(args, "bus", &bus, error) || !args_text_if(args, "target", &target, error) ||
            !vm_disk_parse_mode(word, &mode, error))
                return false;
        vm = snapshot_vm_open(call, name, error);
        if (vm == NULL || !vm_disk_check_awake(vm, error) || !vm_disk_check_room(vm, mode, error) ||
            (file = file_parse(call, path, false, error)) == NULL || !file_lock(call, file, error) ||
            !check_uses(call, file, mode, error) || !check_disk(call, file, &format, error))
                return false;
        return attach(vm,
                      &(const DefinitionDisk){.target = (char *)(guintptr)target,
                                              .bus = (char *)(guintptr)bus,
                                              .device = (char *)(guintptr) "disk",
                                              .path = file->path,
                                              .format = (char *)(guintptr)format},
                      mode, result, error);
}
