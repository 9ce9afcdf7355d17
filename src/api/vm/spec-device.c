/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* deviceChange of a VirtualMachineConfigSpec: disks, cards, drives, controllers. */
#include <inttypes.h>
#include <string.h>

#include "api/vm/plan.h"

#define KIB_PER_MIB 1024

/* Of one that is to be made: NULL, nothing. */
static JsonObject *hardware_of(const Plan *plan)
{
        return plan->vm != NULL ? fact_object(plan->vm->facts, "hardware") : NULL;
}

/* --- what devices say --- */

const char *plan_disk_mode(Plan *plan, const VimValue *backing, unsigned index)
{
        int place = backing != NULL ? vim_type_field(backing->type, "diskMode") : -1;
        const char *mode = place >= 0 ? vim_get_text(backing, "diskMode") : NULL;

        if (mode == NULL || *mode == '\0' || strcmp(mode, "persistent") == 0)
                return "persistent";
        if (strcmp(mode, "independent_persistent") == 0 || strcmp(mode, "independent_nonpersistent") == 0)
                return mode;
        (void)plan_bad_device(plan, "InvalidDeviceBacking", index,
                              "a disk's mode is persistent, independent_persistent or "
                              "independent_nonpersistent, not \"%.40s\"",
                              mode);
        return NULL;
}

const char *plan_provisioning(const VimValue *backing)
{
        bool is_flat = backing != NULL && vim_type_field(backing->type, "thinProvisioned") >= 0;

        return is_flat && (!vim_get_bool(backing, "thinProvisioned", false) ||
                           vim_get_bool(backing, "eagerlyScrub", false))
                       ? "thick"
                       : "thin";
}

int64_t plan_disk_mb(const VimValue *disk)
{
        int64_t bytes = vim_get_int(disk, "capacityInBytes", 0), kib = vim_get_int(disk, "capacityInKB", 0);

        if (bytes > 0)
                return bytes / MIB + (bytes % MIB != 0);
        return kib > 0 ? kib / KIB_PER_MIB + (kib % KIB_PER_MIB != 0) : 0;
}

static bool has_field(const VimValue *object, const char *name)
{
        return object != NULL && vim_type_field(object->type, name) >= 0;
}

const char *plan_port_group(Plan *plan, const VimValue *device, unsigned index)
{
        const VimValue *backing = vim_get(device, "backing");
        const Managed *network = NULL;
        const char *name;

        if (!vim_is(backing, "VirtualEthernetCardNetworkBackingInfo")) {
                (void)plan_bad_device(plan, "InvalidDeviceBacking", index,
                                      "a card is on a port group of the host: "
                                      "VirtualEthernetCardNetworkBackingInfo");
                return NULL;
        }
        if (vim_get(backing, "network") != NULL)
                network = world_resolve(plan->world, vim_get(backing, "network"));
        name = network != NULL ? network->key : vim_get_text(backing, "deviceName");
        if (name == NULL || world_find_key(plan->world, "Network", name) == NULL) {
                (void)plan_bad_device(plan, "InvalidDeviceBacking", index, "there is no network \"%.80s\"",
                                      name != NULL ? name : "");
                return NULL;
        }
        return name;
}

const char *plan_card_model(const VimValue *device)
{
        if (vim_is(device, "VirtualVmxnet"))
                return "virtio";
        if (vim_is(device, "VirtualE1000"))
                return "e1000";
        if (vim_is(device, "VirtualE1000e"))
                return "e1000e";
        return vim_is(device, "VirtualPCNet32") ? "rtl8139" : NULL;
}

const char *plan_iso(Plan *plan, const VimValue *device, unsigned index)
{
        const VimValue *backing = vim_get(device, "backing");
        const char *file;

        /* Other backings are drives of the client or of the host, of which there is none here: empty. */
        if (!vim_is(backing, "VirtualCdromIsoBackingInfo"))
                return "";
        file = vim_get_text(backing, "fileName");
        if (file != NULL && (*file == '\0' || *file == '['))
                return file;
        /* What is not on a datastore is none of the client's. */
        (void)plan_bad_device(plan, "InvalidDeviceBacking", index,
                              "an image is \"[datastore] path\", not "
                              "\"%.80s\"",
                              file != NULL ? file : "");
        return NULL;
}

static const char *target_of(Plan *plan, const VimValue *device, unsigned index)
{
        int64_t key = vim_get_int(device, "key", 0);
        JsonObject *disk = plan->vm != NULL ? device_find_disk(plan->vm, (int)key) : NULL;

        if (disk != NULL && fact_is(disk, "device", "disk") == (bool)vim_is(device, "VirtualDisk"))
                return fact_text(disk, "target");
        (void)plan_bad_device(plan, "DeviceNotFound", index, "the VM has no %s with key %" PRId64,
                              device->type->name, key);
        return NULL;
}

static const char *mac_of(Plan *plan, const VimValue *device, unsigned index)
{
        int64_t key = vim_get_int(device, "key", 0);
        JsonObject *card = plan->vm != NULL ? device_find_card(plan->vm, (int)key) : NULL;

        if (card == NULL)
                (void)plan_bad_device(plan, "DeviceNotFound", index, "the VM has no card with key %" PRId64,
                                      key);
        return fact_text(card, "mac");
}

static JsonObject *with_text(const char *name, const char *value)
{
        JsonObject *args = json_object_new();

        json_object_set_string_member(args, name, value);
        return args;
}

/* Names a card; a clone has the cards of its parent, in their order, with other addresses. */
static JsonObject *with_card(const Plan *plan, const char *mac)
{
        JsonObject *args;

        if (!plan->is_clone)
                return with_text("mac", mac);
        args = json_object_new();
        for (unsigned i = 0; i < fact_count(hardware_of(plan), "cards"); i++)
                if (fact_is(fact_item(hardware_of(plan), "cards", i), "mac", mac))
                        json_object_set_int_member(args, "card", i);
        return args;
}

/* --- add --- */

/* Where a new disk is to be, when its client has a name for it: what else there is leaves that to us. */
static const char *named_file(const VimValue *backing)
{
        const char *file = backing != NULL ? vim_get_text(backing, "fileName") : NULL;

        return file != NULL && *file == '[' &&
                               (g_str_has_suffix(file, ".vmdk") || g_str_has_suffix(file, ".qcow2"))
                       ? file
                       : NULL;
}

static void make_file(Plan *plan, const char *file, const VimValue *disk)
{
        JsonObject *args = with_text("path", file);

        json_object_set_int_member(args, "size_kb", plan_disk_mb(disk) * KIB_PER_MIB);
        json_object_set_string_member(args, "provisioning", plan_provisioning(vim_get(disk, "backing")));
        plan_step(plan, "CreateVirtualDisk", args, "DeleteVirtualDisk", with_text("path", file));
}

/* fileOperation: none, of a file that is there; else one is made. */
static bool add_disk(Plan *plan, const VimValue *change, const VimValue *disk, unsigned index)
{
        const VimValue *backing = vim_get(disk, "backing");
        const char *operation = vim_get_text(change, "fileOperation");
        const char *mode = plan_disk_mode(plan, backing, index), *file = NULL;
        int64_t size_mb = plan_disk_mb(disk);
        bool is_new = operation != NULL;
        JsonObject *args, *undo;

        if (mode == NULL)
                return false;
        if (backing != NULL && !vim_is(backing, "VirtualDiskFlatVer2BackingInfo"))
                return plan_bad_device(plan, "InvalidDeviceBacking", index,
                                       "a disk is a file: VirtualDiskFlatVer2BackingInfo, not %s",
                                       backing->type->name);
        if (is_new && has_field(backing, "parent") && vim_get(backing, "parent") != NULL)
                return plan_bad_device(
                        plan, "InvalidDeviceBacking", index,
                        "a new disk has no parent; CloneVM_Task makes disks that stand on others");
        plan_privilege(plan, is_new ? "VirtualMachine.Config.AddNewDisk"
                                    : "VirtualMachine.Config.AddExistingDisk");
        if (is_new && strcmp(operation, "create") != 0 && strcmp(operation, "replace") != 0)
                return plan_bad_device(plan, "InvalidDeviceOperation", index,
                                       "a disk is added with fileOperation create, replace or none");
        file = is_new ? named_file(backing) : backing != NULL ? vim_get_text(backing, "fileName") : NULL;
        if (!is_new && (file == NULL || *file != '['))
                return plan_bad_device(
                        plan, "InvalidDeviceBacking", index,
                        "a disk that is there is \"[datastore] path\" in backing.fileName; to "
                        "make one, fileOperation is create");
        if (is_new && size_mb <= 0)
                return plan_bad_device(plan, "InvalidDeviceSpec", index,
                                       "a new disk is to have its capacity");
        if (strcmp(mode, "independent_nonpersistent") == 0 && plan->vm != NULL && vm_is_on(plan->vm))
                return plan_needs_off(plan, "a disk that is not persistent");
        args = with_text("mode", mode);
        if (file == NULL) {
                json_object_set_int_member(args, "size_mb", size_mb);
                json_object_set_string_member(args, "provisioning", plan_provisioning(backing));
        } else {
                json_object_set_string_member(args, "path", file);
        }
        undo = json_object_new();
        json_object_set_boolean_member(undo, "delete", file == NULL);
        if (plan_place(plan, disk, DEVICE_SCSI, index, args)) {
                if (is_new && file != NULL)
                        make_file(plan, file, disk);
                plan_step(plan, file == NULL ? "AddDisk" : "AttachDisk", args, "RemoveDisk", undo);
                return true;
        }
        json_object_unref(args);
        json_object_unref(undo);
        return false;
}

static bool add_card(Plan *plan, const VimValue *card, unsigned index)
{
        const char *group = plan_port_group(plan, card, index), *model = plan_card_model(card);
        const char *mac = vim_get_text(card, "macAddress");
        const VimValue *connectable = vim_get(card, "connectable");
        JsonObject *args;

        if (group == NULL)
                return false;
        plan_privilege(plan, "VirtualMachine.Config.AddRemoveDevice");
        args = with_text("port_group", group);
        json_object_set_string_member(args, "model", model);
        if (mac != NULL && *mac != '\0')
                json_object_set_string_member(args, "mac", mac);
        json_object_set_boolean_member(args, "connected", vim_get_bool(connectable, "startConnected", true));
        plan_step(plan, "AddCard", args, "RemoveCard", json_object_new());
        return true;
}

static bool check_off(Plan *plan, const char *what)
{
        return plan->vm == NULL || plan->is_clone || strcmp(vm_power(plan->vm), "poweredOff") == 0 ||
               plan_needs_off(plan, what);
}

static bool set_drive(Plan *plan, const VimValue *drive, unsigned index)
{
        const char *target = target_of(plan, drive, index);
        const char *iso = target != NULL ? plan_iso(plan, drive, index) : NULL;
        const char *now = fact_text(fact_find(hardware_of(plan), "disks", "target", target), "file");
        JsonObject *args, *undo;

        if (iso == NULL)
                return false;
        plan_privilege(plan, "VirtualMachine.Interact.SetCDMedia");
        args = with_text("target", target);
        json_object_set_string_member(args, "file", iso);
        undo = with_text("target", target);
        json_object_set_string_member(undo, "file", now != NULL ? now : "");
        plan_step(plan, "SetDrive", args, "SetDrive", undo);
        return true;
}

static bool add_drive(Plan *plan, const VimValue *drive, unsigned index)
{
        const char *iso = plan_iso(plan, drive, index);
        JsonObject *args;

        if (iso == NULL || !check_off(plan, "a CD-ROM drive"))
                return false;
        plan_privilege(plan, "VirtualMachine.Config.AddRemoveDevice");
        plan_privilege(plan, "VirtualMachine.Interact.SetCDMedia");
        args = with_text("file", iso);
        if (plan_place(plan, drive, DEVICE_IDE, index, args)) {
                plan_step(plan, "AddDrive", args, "RemoveDrive", json_object_new());
                return true;
        }
        json_object_unref(args);
        return false;
}

static bool add_device(Plan *plan, const VimValue *change, const VimValue *device, unsigned index)
{
        if (vim_is(device, "VirtualDisk"))
                return add_disk(plan, change, device, index);
        if (plan_card_model(device) != NULL)
                return add_card(plan, device, index);
        if (vim_is(device, "VirtualCdrom"))
                return add_drive(plan, device, index);
        if (vim_is(device, "VirtualController"))
                return plan_add_controller(plan, device, index);
        return plan_bad_device(plan, "InvalidDeviceSpec", index, "a %s cannot be added here",
                               device->type->name);
}

/* --- remove --- */

static bool remove_drive(Plan *plan, const VimValue *drive, unsigned index)
{
        const char *target = target_of(plan, drive, index);
        JsonObject *now = fact_find(hardware_of(plan), "disks", "target", target), *undo;

        if (target == NULL || !check_off(plan, "a CD-ROM drive"))
                return false;
        plan_privilege(plan, "VirtualMachine.Config.AddRemoveDevice");
        undo = with_text("target", target);
        json_object_set_string_member(undo, "bus", fact_text(now, "bus"));
        json_object_set_string_member(undo, "file",
                                      fact_text(now, "file") != NULL ? fact_text(now, "file") : "");
        plan_step(plan, "RemoveDrive", with_text("target", target), "AddDrive", undo);
        return true;
}

static bool remove_device(Plan *plan, const VimValue *change, const VimValue *device, unsigned index)
{
        bool is_disk = vim_is(device, "VirtualDisk");
        JsonObject *args;
        const char *name;

        if (vim_is(device, "VirtualCdrom"))
                return remove_drive(plan, device, index);
        if (vim_is(device, "VirtualSCSIController") || vim_is(device, "VirtualSATAController"))
                return plan_remove_controller(plan, device, index);
        if (!is_disk && !vim_is(device, "VirtualEthernetCard"))
                return plan_bad_device(
                        plan, "InvalidDeviceOperation", index,
                        "a %s cannot be removed here; disks, drives, cards and controllers can",
                        device->type->name);
        name = is_disk ? target_of(plan, device, index) : mac_of(plan, device, index);
        if (name == NULL)
                return false;
        plan_privilege(plan, is_disk ? "VirtualMachine.Config.RemoveDisk"
                                     : "VirtualMachine.Config.AddRemoveDevice");
        args = is_disk ? with_text("target", name) : with_card(plan, name);
        if (is_disk)
                json_object_set_boolean_member(
                        args, "delete", g_strcmp0(vim_get_text(change, "fileOperation"), "destroy") == 0);
        plan_later(plan, is_disk ? "RemoveDisk" : "RemoveCard", args);
        return true;
}

/* --- edit --- */

static bool edit_capacity(Plan *plan, const VimValue *disk, const char *target, int64_t now_bytes,
                          unsigned index)
{
        int64_t mb = plan_disk_mb(disk), now_mb = now_bytes / MIB + (now_bytes % MIB != 0);
        JsonObject *args;

        if (mb == 0 || mb == now_mb)
                return true;
        if (mb < now_mb)
                return plan_bad_device(plan, "InvalidDeviceSpec", index,
                                       "a disk cannot be made smaller: it has %" PRId64 " MB", now_mb);
        plan_privilege(plan, "VirtualMachine.Config.DiskExtend");
        args = with_text("target", target);
        json_object_set_int_member(args, "size_mb", mb);
        plan_later(plan, "ExtendDisk", args);
        return true;
}

static bool edit_disk(Plan *plan, const VimValue *disk, unsigned index)
{
        const VimValue *backing = vim_get(disk, "backing");
        const char *target = target_of(plan, disk, index);
        const char *mode = target != NULL ? plan_disk_mode(plan, backing, index) : NULL, *file = NULL;
        JsonObject *now =
                target != NULL ? device_find_disk(plan->vm, (int)vim_get_int(disk, "key", 0)) : NULL;
        JsonObject *args, *undo;

        if (mode == NULL)
                return false;
        if (has_field(backing, "fileName"))
                file = vim_get_text(backing, "fileName");
        if (file != NULL && *file != '\0' && !fact_is(now, "file", file))
                return plan_bad_device(plan, "InvalidDeviceBacking", index,
                                       "a disk's file stays; relocate the VM to move it");
        if (!edit_capacity(plan, disk, target, fact_int(now, "provisioned_bytes", 0), index))
                return false;
        if (!has_field(backing, "diskMode") || vim_get_text(backing, "diskMode") == NULL ||
            fact_is(now, "mode", mode))
                return true;
        plan_privilege(plan, "VirtualMachine.Config.EditDevice");
        if (strcmp(vm_power(plan->vm), "poweredOff") != 0)
                return plan_needs_off(plan, "a disk's mode");
        args = with_text("target", target);
        json_object_set_string_member(args, "mode", mode);
        undo = with_text("target", target);
        json_object_set_string_member(undo, "mode", fact_text(now, "mode"));
        plan_step(plan, "SetDiskMode", args, "SetDiskMode", undo);
        return true;
}

/* Whether its cable is in: now, of a VM that runs, and when it starts. */
typedef struct Plugged {
        bool runs, now, at_start;
} Plugged;

static void say_plugged(JsonObject *args, const Plugged *plugged)
{
        if (plugged->runs)
                json_object_set_boolean_member(args, "connected", plugged->now);
        json_object_set_boolean_member(args, "start_connected", plugged->at_start);
}

static bool edit_card(Plan *plan, const VimValue *card, unsigned index)
{
        const char *mac = mac_of(plan, card, index), *group = NULL,
                   *asked = vim_get_text(card, "macAddress");
        JsonObject *now = mac != NULL ? device_find_card(plan->vm, (int)vim_get_int(card, "key", 0)) : NULL;
        const VimValue *connectable = vim_get(card, "connectable");
        Plugged is = {.runs = vm_is_on(plan->vm) && !plan->is_clone,
                      .now = fact_bool(now, "connected", true),
                      .at_start = fact_bool(now, "start_connected", true)};
        Plugged wanted = {.runs = is.runs,
                          .now = vim_get_bool(connectable, "connected", is.now),
                          .at_start = vim_get_bool(connectable, "startConnected", is.at_start)};
        JsonObject *args, *undo;
        bool moves, plugs;

        if (mac == NULL)
                return false;
        if (asked != NULL && *asked != '\0' && g_ascii_strcasecmp(asked, mac) != 0)
                return plan_bad_device(plan, "InvalidDeviceSpec", index,
                                       "a card's address stays; remove it and add another");
        if (vim_get(card, "backing") != NULL && (group = plan_port_group(plan, card, index)) == NULL)
                return false;
        moves = group != NULL && !fact_is(now, "port_group", group);
        plugs = wanted.at_start != is.at_start || (is.runs && wanted.now != is.now);
        if (!moves && !plugs)
                return true;
        plan_privilege(plan, moves ? "VirtualMachine.Config.EditDevice"
                                   : "VirtualMachine.Interact.DeviceConnection");
        args = with_card(plan, mac);
        undo = with_card(plan, mac);
        if (moves) {
                json_object_set_string_member(args, "port_group", group);
                if (fact_text(now, "port_group") != NULL)
                        json_object_set_string_member(undo, "port_group", fact_text(now, "port_group"));
        }
        if (plugs) {
                say_plugged(args, &wanted);
                say_plugged(undo, &is);
        }
        plan_step(plan, "SetCard", args, "SetCard", undo);
        return true;
}

static bool edit_device(Plan *plan, const VimValue *device, unsigned index)
{
        if (vim_is(device, "VirtualDisk"))
                return edit_disk(plan, device, index);
        if (vim_is(device, "VirtualEthernetCard"))
                return edit_card(plan, device, index);
        if (vim_is(device, "VirtualCdrom"))
                return set_drive(plan, device, index);
        return plan_bad_device(plan, "InvalidDeviceOperation", index, "a %s cannot be changed here",
                               device->type->name);
}

/* --- all of them --- */

bool plan_devices(Plan *plan, const VimValue *spec)
{
        const VimValue *changes = vim_get(spec, "deviceChange");

        plan_note_controllers(plan, changes);
        for (unsigned i = 0; i < vim_length(changes); i++) {
                const VimValue *change = vim_item(changes, i), *device = vim_get(change, "device");
                const char *operation = vim_get_text(change, "operation");
                bool well;

                if (g_strcmp0(operation, "add") == 0)
                        well = add_device(plan, change, device, i);
                else if (g_strcmp0(operation, "remove") == 0)
                        well = remove_device(plan, change, device, i);
                else
                        well = edit_device(plan, device, i);
                if (!well)
                        return false;
        }
        return true;
}
