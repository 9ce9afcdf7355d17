/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A VM's devices with ESX's keys: the same device has the same key for as long as it is there. A disk's key
 * follows from its target (vda is the first of controller 1000), a card's is given when it is seen first.
 */
#include <string.h>

#include "api/vm/vm.h"

#define DISKS_PER_CONTROLLER 15 /* and the controller itself, which is unit 7 */
#define CONTROLLER_UNIT      7
#define CARDS_MAX            100
#define CARD_FIRST_UNIT      7
#define IDE_DRIVES           4
#define SATA_DRIVES          30
#define SATA_UNIT            24
#define SHARES_NORMAL        1000

/* --- places --- */

/* "vda" is 0, "sdaa" is 26. -1: no such name. */
static int index_of(const char *target)
{
        int index = 0;

        if (target == NULL || strlen(target) < 3 || strlen(target) > 4)
                return -1;
        for (const char *letter = target + 2; *letter != '\0'; letter++) {
                if (!g_ascii_islower(*letter))
                        return -1;
                index = index * 26 + *letter - 'a' + 1;
        }
        return index - 1;
}

/* bus: of the controllers, from 0. */
static void place_scsi(int bus, int unit, DevicePlace *ret)
{
        ret->unit = unit < CONTROLLER_UNIT ? unit : unit + 1;
        ret->controller = DEVICE_SCSI + bus;
        ret->key = DEVICE_DISK + 16 * bus + ret->unit;
}

bool device_place(JsonObject *disk, DevicePlace *ret)
{
        const char *bus = fact_text(disk, "bus");
        int index = index_of(fact_text(disk, "target"));

        if (bus == NULL || index < 0)
                return false;
        if (strcmp(bus, "virtio") == 0 && index < 4 * DISKS_PER_CONTROLLER)
                place_scsi(index / DISKS_PER_CONTROLLER, index % DISKS_PER_CONTROLLER, ret);
        else if (strcmp(bus, "scsi") == 0 && index < DISKS_PER_CONTROLLER)
                place_scsi(DEVICE_SCSI_LSI - DEVICE_SCSI, index, ret);
        else if (strcmp(bus, "ide") == 0 && index < IDE_DRIVES)
                *ret = (DevicePlace){DEVICE_CDROM + index, DEVICE_IDE + index / 2, index % 2};
        else if (strcmp(bus, "sata") == 0 && index < SATA_DRIVES)
                *ret = (DevicePlace){DEVICE_SATA_DISK + index, DEVICE_SATA, index};
        else
                return false;
        return true;
}

static char *target_name(const char *prefix, int index)
{
        if (index < 26)
                return g_strdup_printf("%s%c", prefix, 'a' + index);
        return g_strdup_printf("%s%c%c", prefix, 'a' + index / 26 - 1, 'a' + index % 26);
}

char *device_target(int controller, int unit)
{
        int bus = controller - DEVICE_SCSI;

        if (controller >= DEVICE_SCSI && controller <= DEVICE_SCSI_LSI) {
                if (unit < 0 || unit > DISKS_PER_CONTROLLER || unit == CONTROLLER_UNIT)
                        return NULL;
                unit -= unit > CONTROLLER_UNIT;
                return controller == DEVICE_SCSI_LSI ? target_name("sd", unit)
                                                     : target_name("vd", bus * DISKS_PER_CONTROLLER + unit);
        }
        if (controller == DEVICE_IDE || controller == DEVICE_IDE + 1)
                return unit == 0 || unit == 1 ? target_name("hd", 2 * (controller - DEVICE_IDE) + unit)
                                              : NULL;
        return controller == DEVICE_SATA && unit >= 0 && unit < SATA_DRIVES ? target_name("sd", unit) : NULL;
}

const char *device_bus(int controller)
{
        if (controller == DEVICE_SCSI_LSI)
                return "scsi";
        if (controller >= DEVICE_SCSI && controller < DEVICE_SCSI_LSI)
                return "virtio";
        return controller == DEVICE_SATA ? "sata" : "ide";
}

/* --- controllers --- */

static const struct {
        const char *word, *type;
} scsi_kinds[] = {
        /* The first is what there is unless something else was asked for. */
        {"pvscsi", "ParaVirtualSCSIController"},
        {"lsilogic", "VirtualLsiLogicController"},
        {"lsisas1068", "VirtualLsiLogicSASController"},
        {"buslogic", "VirtualBusLogicController"},
};

char *device_controller_option(int controller)
{
        if (controller >= DEVICE_SCSI && controller < DEVICE_SCSI_LSI)
                return g_strdup_printf("scsi%d.virtualDev", controller - DEVICE_SCSI);
        return controller == DEVICE_SATA ? g_strdup("sata0.present") : NULL;
}

const char *device_scsi_word(const VimValue *controller)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(scsi_kinds); i++)
                if (strcmp(controller->type->name, scsi_kinds[i].type) == 0)
                        return scsi_kinds[i].word;
        return scsi_kinds[0].word;
}

/* NULL: nothing was asked for. */
static const char *option_of(const Vm *vm, int controller)
{
        g_autofree char *name = device_controller_option(controller);

        return name != NULL ? vm_option(vm, name) : NULL;
}

static const char *scsi_type(const Vm *vm, int controller)
{
        const char *word = option_of(vm, controller);

        if (controller == DEVICE_SCSI_LSI)
                return "VirtualLsiLogicController";
        for (unsigned i = 0; i < G_N_ELEMENTS(scsi_kinds); i++)
                if (g_strcmp0(word, scsi_kinds[i].word) == 0)
                        return scsi_kinds[i].type;
        return scsi_kinds[0].type;
}

JsonObject *device_find_disk(const Vm *vm, int key)
{
        JsonObject *hardware = fact_object(vm->facts, "hardware");
        DevicePlace place;

        for (unsigned i = 0; i < fact_count(hardware, "disks"); i++) {
                JsonObject *disk = fact_item(hardware, "disks", i);

                if (device_place(disk, &place) && place.key == key)
                        return disk;
        }
        return NULL;
}

int device_card_key(const Vm *vm, const char *mac)
{
        gpointer key;

        return mac != NULL && g_hash_table_lookup_extended(vm->card_keys, mac, NULL, &key)
                       ? GPOINTER_TO_INT(key)
                       : -1;
}

JsonObject *device_find_card(const Vm *vm, int key)
{
        JsonObject *hardware = fact_object(vm->facts, "hardware");

        for (unsigned i = 0; i < fact_count(hardware, "cards"); i++) {
                JsonObject *card = fact_item(hardware, "cards", i);

                if (device_card_key(vm, fact_text(card, "mac")) == key)
                        return card;
        }
        return NULL;
}

static gboolean is_gone(gpointer mac, gpointer key, gpointer hardware)
{
        (void)key;
        return fact_find(hardware, "cards", "mac", mac) == NULL;
}

static int free_card_key(const Vm *vm)
{
        for (int key = DEVICE_CARD; key < DEVICE_CARD + CARDS_MAX; key++) {
                GHashTableIter iter;
                gpointer used;
                bool is_free = true;

                g_hash_table_iter_init(&iter, vm->card_keys);
                while (g_hash_table_iter_next(&iter, NULL, &used))
                        is_free = is_free && GPOINTER_TO_INT(used) != key;
                if (is_free)
                        return key;
        }
        return DEVICE_CARD + CARDS_MAX;
}

bool device_number_cards(Vm *vm)
{
        JsonObject *hardware = fact_object(vm->facts, "hardware");
        bool changed = g_hash_table_foreach_remove(vm->card_keys, is_gone, hardware) > 0;

        for (unsigned i = 0; i < fact_count(hardware, "cards"); i++) {
                const char *mac = fact_text(fact_item(hardware, "cards", i), "mac");

                if (mac == NULL || g_hash_table_contains(vm->card_keys, mac))
                        continue;
                g_hash_table_insert(vm->card_keys, g_strdup(mac), GINT_TO_POINTER(free_card_key(vm)));
                changed = true;
        }
        return changed;
}

bool device_cards_in_order(const Vm *vm)
{
        JsonObject *hardware = fact_object(vm->facts, "hardware");
        int next = DEVICE_CARD;

        for (unsigned i = 0; i < fact_count(hardware, "cards"); i++) {
                int key = device_card_key(vm, fact_text(fact_item(hardware, "cards", i), "mac"));

                if (key >= 0 && key != next++)
                        return false;
        }
        return true;
}

/* --- devices --- */

static VimValue *new_device(const char *type, int key, const char *label, const char *summary)
{
        VimValue *device = vim_new_object(type), *info = vim_new_object("Description");

        vim_set_text(info, "label", label);
        vim_set_text(info, "summary", summary);
        vim_set_int(device, "key", key);
        vim_set(device, "deviceInfo", info);
        return device;
}

static VimValue *new_connectable(bool start_connected, bool connected)
{
        VimValue *connectable = vim_new_object("VirtualDeviceConnectInfo");

        vim_set_bool(connectable, "startConnected", start_connected);
        vim_set_bool(connectable, "allowGuestControl", true);
        vim_set_bool(connectable, "connected", connected);
        vim_set_text(connectable, "status", "ok");
        return connectable;
}

static VimValue *shares_of(int shares)
{
        VimValue *value = vim_new_object("SharesInfo");

        vim_set_int(value, "shares", shares);
        vim_set_text(value, "level", "normal");
        return value;
}

/* What the disk stands on, as a chain of parents. from: its place in the chain. */
static VimValue *new_backing(const Vm *vm, JsonObject *disk, unsigned from)
{
        JsonObject *file = fact_item(disk, "chain", from);
        VimValue *backing = vim_new_object("VirtualDiskFlatVer2BackingInfo");
        const char *name = fact_text(file != NULL ? file : disk, "file");
        const char *datastore = fact_text(file != NULL ? file : disk, "datastore");
        int64_t provisioned = fact_int(disk, "provisioned_bytes", 0);
        g_autofree char *seed =
                g_strdup_printf("%s %s", fact_text(vm->facts, "uuid"), name != NULL ? name : "");
        g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, seed, -1), *uuid = NULL;

        vim_set_text(backing, "fileName", name != NULL ? name : "");
        if (datastore != NULL)
                vim_set(backing, "datastore", vm_reference_to(vm, "Datastore", datastore));
        vim_set_text(backing, "diskMode", fact_text(disk, "mode"));
        vim_set_bool(backing, "split", false);
        vim_set_bool(backing, "writeThrough", false);
        vim_set_bool(backing, "thinProvisioned",
                     from > 0 || fact_count(disk, "chain") > 1 || provisioned == 0 ||
                             fact_int(disk, "used_bytes", 0) < provisioned);
        vim_set_bool(backing, "digestEnabled", false);
        vim_set_text(backing, "sharing", "sharingNone");
        uuid = g_strdup_printf("%.8s-%.4s-%.4s-%.4s-%.12s", sum, sum + 8, sum + 12, sum + 16, sum + 20);
        vim_set_text(backing, "uuid", uuid);
        if (from + 1 < fact_count(disk, "chain"))
                vim_set(backing, "parent", new_backing(vm, disk, from + 1));
        return backing;
}

static VimValue *new_disk(const Vm *vm, JsonObject *disk, const DevicePlace *place, unsigned number)
{
        int64_t kib = fact_int(disk, "provisioned_bytes", 0) / KIB;
        g_autofree char *label = g_strdup_printf("Hard disk %u", number);
        g_autofree char *summary = g_strdup_printf("%" G_GINT64_FORMAT " KB", kib);
        VimValue *device = new_device("VirtualDisk", place->key, label, summary);
        VimValue *allocation = vim_new_object("StorageIOAllocationInfo");
        g_autofree char *object = g_strdup_printf("%s-%d", vm->id, place->key);

        vim_set(device, "backing", new_backing(vm, disk, 0));
        vim_set_int(device, "capacityInKB", kib);
        vim_set_int(device, "capacityInBytes", fact_int(disk, "provisioned_bytes", 0));
        vim_set(device, "shares", shares_of(SHARES_NORMAL));
        vim_set_int(allocation, "limit", -1);
        vim_set(allocation, "shares", shares_of(SHARES_NORMAL));
        vim_set_int(allocation, "reservation", 0);
        vim_set(device, "storageIOAllocation", allocation);
        vim_set_text(device, "diskObjectId", object);
        vim_set_bool(device, "nativeUnmanagedLinkedClone", false);
        return device;
}

static VimValue *new_cdrom(const Vm *vm, JsonObject *disk, const DevicePlace *place, unsigned number)
{
        const char *file = fact_text(disk, "file"), *datastore = fact_text(disk, "datastore");
        g_autofree char *label = g_strdup_printf("CD/DVD drive %u", number);
        g_autofree char *summary =
                file != NULL ? g_strdup_printf("ISO %s", file) : g_strdup("Remote device");
        VimValue *device = new_device("VirtualCdrom", place->key, label, summary);
        VimValue *backing;

        if (file != NULL) {
                backing = vim_new_object("VirtualCdromIsoBackingInfo");
                vim_set_text(backing, "fileName", file);
                if (datastore != NULL)
                        vim_set(backing, "datastore", vm_reference_to(vm, "Datastore", datastore));
        } else {
                backing = vim_new_object("VirtualCdromRemotePassthroughBackingInfo");
                vim_set_text(backing, "deviceName", "");
                vim_set_bool(backing, "useAutoDetect", false);
                vim_set_bool(backing, "exclusive", false);
        }
        vim_set(device, "backing", backing);
        vim_set(device, "connectable", new_connectable(file != NULL, file != NULL && vm_is_on(vm)));
        return device;
}

static const char *card_type(const char *model)
{
        if (g_strcmp0(model, "e1000") == 0)
                return "VirtualE1000";
        if (g_strcmp0(model, "e1000e") == 0)
                return "VirtualE1000e";
        if (g_strcmp0(model, "rtl8139") == 0)
                return "VirtualPCNet32";
        return "VirtualVmxnet3";
}

static VimValue *new_card(const Vm *vm, JsonObject *card, int key, unsigned number)
{
        const char *group = fact_text(card, "port_group"), *bridge = fact_text(card, "bridge");
        const char *name = group != NULL ? group : bridge != NULL ? bridge : "";
        g_autofree char *label = g_strdup_printf("Network adapter %u", number);
        VimValue *device = new_device(card_type(fact_text(card, "model")), key, label, name);
        VimValue *backing = vim_new_object("VirtualEthernetCardNetworkBackingInfo");

        vim_set_text(backing, "deviceName", name);
        vim_set_bool(backing, "useAutoDetect", false);
        vim_set(backing, "network", vm_reference_to(vm, "Network", name));
        vim_set_bool(backing, "inPassthroughMode", false);
        vim_set(device, "backing", backing);
        vim_set(device, "connectable",
                new_connectable(fact_bool(card, "start_connected", true),
                                fact_bool(card, "connected", false)));
        vim_set_int(device, "controllerKey", DEVICE_PCI);
        vim_set_int(device, "unitNumber", CARD_FIRST_UNIT + key - DEVICE_CARD);
        vim_set_text(device, "addressType", "assigned");
        vim_set_text(device, "macAddress", fact_text(card, "mac"));
        vim_set_bool(device, "wakeOnLanEnabled", true);
        return device;
}

/* --- controllers, and what every PC has --- */

bool device_has_any_on(JsonObject *hardware, int controller)
{
        for (unsigned i = 0; i < fact_count(hardware, "disks"); i++) {
                DevicePlace place;

                if (device_place(fact_item(hardware, "disks", i), &place) && place.controller == controller)
                        return true;
        }
        return false;
}

/* What was added, borrowed. */
static VimValue *add_controller(VimValue *list, JsonObject *hardware, const char *type, int key, int bus,
                                const char *label, const int *fixed)
{
        VimValue *device = new_device(type, key, label, label), *children = vim_new_list("int");

        vim_set_int(device, "busNumber", bus);
        for (; fixed != NULL && *fixed != 0; fixed++)
                vim_add(children, vim_new_int(*fixed));
        for (unsigned i = 0; i < fact_count(hardware, "disks"); i++) {
                DevicePlace place;

                if (device_place(fact_item(hardware, "disks", i), &place) && place.controller == key)
                        vim_add(children, vim_new_int(place.key));
        }
        if (vim_length(children) > 0)
                vim_set(device, "device", children);
        else
                vim_unref(children);
        if (vim_is(device, "VirtualSATAController")) {
                vim_set_int(device, "controllerKey", DEVICE_PCI);
                vim_set_int(device, "unitNumber", SATA_UNIT);
        }
        if (vim_type_field(device->type, "sharedBus") >= 0) {
                vim_set_int(device, "controllerKey", DEVICE_PCI);
                vim_set_int(device, "unitNumber", 3 + bus);
                vim_set_text(device, "sharedBus", "noSharing");
                vim_set_bool(device, "hotAddRemove", true);
                vim_set_int(device, "scsiCtlrUnitNumber", CONTROLLER_UNIT);
        }
        vim_add(list, device);
        return device;
}

static void add_scsi(VimValue *list, const Vm *vm, JsonObject *hardware)
{
        for (int bus = 0; bus <= DEVICE_SCSI_LSI - DEVICE_SCSI; bus++) {
                int key = DEVICE_SCSI + bus;
                g_autofree char *label = g_strdup_printf("SCSI controller %d", bus);

                /* The first is always there, so that a disk can be added to it. */
                if (bus == 0 || device_has_any_on(hardware, key) || option_of(vm, key) != NULL)
                        (void)add_controller(list, hardware, scsi_type(vm, key), key, bus, label, NULL);
        }
}

static void add_fixed(VimValue *list, const char *type, int key, const char *label, int controller, int unit)
{
        VimValue *device = new_device(type, key, label, label);

        vim_set_int(device, "controllerKey", controller);
        vim_set_int(device, "unitNumber", unit);
        if (strcmp(type, "VirtualMachineVideoCard") == 0) {
                vim_set_int(device, "videoRamSizeInKB", 16 * KIB);
                vim_set_int(device, "numDisplays", 1);
                vim_set_bool(device, "useAutoDetect", false);
                vim_set_bool(device, "enable3DSupport", false);
        }
        vim_add(list, device);
}

/* The PCI controller, borrowed. */
static VimValue *add_machine(VimValue *list, const Vm *vm, JsonObject *hardware)
{
        static const int ps2[] = {600, 700, 0};
        VimValue *pci;

        (void)add_controller(list, hardware, "VirtualIDEController", DEVICE_IDE, 0, "IDE 0", NULL);
        (void)add_controller(list, hardware, "VirtualIDEController", DEVICE_IDE + 1, 1, "IDE 1", NULL);
        (void)add_controller(list, hardware, "VirtualPS2Controller", 300, 0, "PS2 controller 0", ps2);
        pci = add_controller(list, hardware, "VirtualPCIController", DEVICE_PCI, 0, "PCI controller 0",
                             NULL);
        (void)add_controller(list, hardware, "VirtualSIOController", 400, 0, "SIO controller 0", NULL);
        add_fixed(list, "VirtualKeyboard", 600, "Keyboard", 300, 0);
        add_fixed(list, "VirtualPointingDevice", 700, "Pointing device", 300, 1);
        add_fixed(list, "VirtualMachineVideoCard", 500, "Video card", DEVICE_PCI, 0);
        add_scsi(list, vm, hardware);
        if (device_has_any_on(hardware, DEVICE_SATA) || option_of(vm, DEVICE_SATA) != NULL)
                (void)add_controller(list, hardware, "VirtualAHCIController", DEVICE_SATA, 0,
                                     "SATA controller 0", NULL);
        return pci;
}

static void add_disks(VimValue *list, const Vm *vm, JsonObject *hardware)
{
        unsigned n_disks = 0, n_drives = 0;

        for (unsigned i = 0; i < fact_count(hardware, "disks"); i++) {
                JsonObject *disk = fact_item(hardware, "disks", i);
                VimValue *device;
                DevicePlace place;

                if (!device_place(disk, &place))
                        continue;
                if (fact_is(disk, "device", "cdrom"))
                        device = new_cdrom(vm, disk, &place, ++n_drives);
                else
                        device = new_disk(vm, disk, &place, ++n_disks);
                vim_set_int(device, "controllerKey", place.controller);
                vim_set_int(device, "unitNumber", place.unit);
                vim_add(list, device);
        }
}

/* What says that it is on the PCI controller. */
static VimValue *find_on_pci(const VimValue *list)
{
        VimValue *children = vim_new_list("int");

        for (unsigned i = 0; i < vim_length(list); i++) {
                const VimValue *device = vim_item(list, i);

                if (vim_get_int(device, "controllerKey", 0) == DEVICE_PCI)
                        vim_add(children, vim_new_int(vim_get_int(device, "key", 0)));
        }
        return children;
}

VimValue *device_list(const Vm *vm, JsonObject *hardware)
{
        VimValue *list = vim_new_list("VirtualDevice"), *pci;
        unsigned n_cards = 0;

        pci = add_machine(list, vm, hardware);
        add_disks(list, vm, hardware);
        for (unsigned i = 0; i < fact_count(hardware, "cards"); i++) {
                JsonObject *card = fact_item(hardware, "cards", i);
                int key = device_card_key(vm, fact_text(card, "mac"));

                /* A snapshot may have one that the VM has no longer. */
                vim_add(list,
                        new_card(vm, card, key >= 0 ? key : DEVICE_CARD + CARDS_MAX + (int)i, ++n_cards));
        }
        vim_set(pci, "device", find_on_pci(list));
        return list;
}
