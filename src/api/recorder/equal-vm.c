/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations on VMs that are calls of vim25, and that no table says. */
#include <string.h>

#include "api/recorder/making.h"

void equal_add_virtual_machine(const Making *making)
{
        Step *made = making_call(making, making_vm(making), "MarkAsVirtualMachine");

        if (made != NULL)
                making_give(making, made, "pool",
                            managed_reference(world_find_key(making->world, "ResourcePool", "/")));
}

void equal_add_registered(const Making *making)
{
        const char *folder = making_text(making, "folder"), *name = making_text(making, "name");
        Step *made =
                making_call(making, making_folder(making, folder != NULL ? folder : "/"), "RegisterVM_Task");

        if (made == NULL)
                return;
        making_give_text(making, made, "path", making_text(making, "path"));
        if (name != NULL)
                making_give_text(making, made, "name", name);
        making_give(making, made, "asTemplate", vim_new_bool(false));
        making_give(making, made, "pool",
                    managed_reference(world_find_key(making->world, "ResourcePool", "/")));
}

void equal_add_relocated(const Making *making)
{
        const Managed *datastore = making_datastore(making, "datastore");
        const char *provisioning = making_text(making, "provisioning");
        Step *made = datastore != NULL ? making_call(making, making_vm(making), "RelocateVM_Task") : NULL;
        VimValue *spec;

        if (made == NULL)
                return;
        spec = vim_new_object("VirtualMachineRelocateSpec");
        vim_set(spec, "datastore", managed_reference(datastore));
        if (provisioning != NULL)
                vim_set_text(spec, "transform", strcmp(provisioning, "thick") == 0 ? "flat" : "sparse");
        making_give(making, made, "spec", spec);
}

/* The name is what is said of it. */
static VimValue *named_specification(Step *made, const char *name)
{
        made->specification = g_strdup(name);
        return vim_new_object("CustomizationSpec");
}

void equal_add_customized(const Making *making)
{
        const char *name = making_text(making, "spec");
        Step *made = making_call(making, making_vm(making), "CustomizeVM_Task");

        if (made != NULL)
                making_give(making, made, "spec", named_specification(made, name));
}

static VimValue *clone_spec(const Making *making, Step *made, const Managed *snapshot)
{
        VimValue *spec = vim_new_object("VirtualMachineCloneSpec"),
                 *location = vim_new_object("VirtualMachineRelocateSpec");
        const char *customization = making_text(making, "customization");

        if (making_truth(making, "linked", true))
                vim_set_text(location, "diskMoveType", "createNewChildDiskBacking");
        vim_set(location, "datastore", managed_reference(making_datastore(making, "datastore")));
        vim_set(spec, "location", location);
        vim_set_bool(spec, "template", making_truth(making, "template", false));
        if (customization[0] != '\0')
                vim_set(spec, "customization", named_specification(made, customization));
        vim_set_bool(spec, "powerOn", making_truth(making, "power_on", false));
        vim_set(spec, "snapshot", managed_reference(snapshot));
        return spec;
}

/* One after the other. A specification that the parent's attribute names is the operation's affair. */
void equal_add_clones(const Making *making)
{
        static const char *const known[] = {"vm",       "names",  "linked",   "snapshot",  "customization",
                                            "template", "folder", "power_on", "datastore", "new",
                                            NULL};
        bool linked = making_truth(making, "linked", true);
        const Managed *snapshot = linked || making_text(making, "snapshot") != NULL
                                          ? making_snapshot(making, making_text(making, "snapshot"))
                                          : NULL;
        const Managed *vm = making_vm(making), *folder = NULL;
        JsonArray *names = step_json_texts(making->args, "names");

        if (!making_has_only(making, known) || making_text(making, "customization") == NULL || vm == NULL ||
            names == NULL || (linked && snapshot == NULL))
                return;
        folder = making_text(making, "folder") != NULL
                         ? making_folder(making, making_text(making, "folder"))
                         : world_resolve(making->world, managed_peek(vm, "parent"));
        for (unsigned i = 0; folder != NULL && i < json_array_get_length(names) && i < CALLS_MAX; i++) {
                Step *made = making_call(making, vm, "CloneVM_Task");

                making_give(making, made, "folder", managed_reference(folder));
                making_give_text(making, made, "name", json_array_get_string_element(names, i));
                making_give(making, made, "spec", clone_spec(making, made, snapshot));
        }
}

/* --- reconfigured --- */

static void give_spec(const Making *making, VimValue *spec)
{
        Step *made = making_call(making, making_vm(making), "ReconfigVM_Task");

        if (made != NULL)
                making_give(making, made, "spec", spec);
        else
                vim_unref(spec);
}

/* value NULL: it goes. */
static void add_extra(VimValue *list, const char *key, const char *value)
{
        VimValue *option = vim_new_object("OptionValue");

        vim_set_text(option, "key", key);
        vim_set(option, "value", vim_new_string(value != NULL ? value : ""));
        vim_add(list, option);
}

/* The list is taken. */
static void set_extra(VimValue *spec, VimValue *list)
{
        if (vim_length(list) > 0)
                vim_set(spec, "extraConfig", list);
        else
                vim_unref(list);
}

static void set_power_ops(const Making *making, VimValue *spec)
{
        static const char *const words[] = {"powerOffType", "suspendType", "resetType", "standbyAction"};
        VimValue *info = vim_new_object("VirtualMachineDefaultPowerOpInfo");
        bool any = false;

        for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
                if (making_text(making, words[i]) != NULL) {
                        vim_set_text(info, words[i], making_text(making, words[i]));
                        any = true;
                }
        if (any)
                vim_set(spec, "powerOpInfo", info);
        else
                vim_unref(info);
}

/* What is in a drive vim25 says with the drive's key, which is another VM's affair. */
void equal_add_reconfigured(const Making *making)
{
        static const char *const known[] = {"vm",          "memory_mb", "cpus",          "powerOffType",
                                            "suspendType", "resetType", "standbyAction", "annotation",
                                            "options",     NULL};
        JsonObject *options = step_json_object(making->args, "options");
        g_autoptr(GList) keys = options != NULL ? json_object_get_members(options) : NULL;
        VimValue *spec, *list;

        if (!making_has_only(making, known))
                return;
        spec = vim_new_object("VirtualMachineConfigSpec");
        list = vim_new_list("OptionValue");
        making_set_number(making, "memory_mb", spec, "memoryMB");
        making_set_number(making, "cpus", spec, "numCPUs");
        vim_set(spec, "annotation", vim_new_string(making_text(making, "annotation")));
        set_power_ops(making, spec);
        for (GList *key = keys; key != NULL; key = key->next)
                add_extra(list, key->data, step_json_text(options, key->data));
        set_extra(spec, list);
        give_spec(making, spec);
}

static VimValue *shares_of(const char *text)
{
        VimValue *shares = vim_new_object("SharesInfo");
        bool is_level = vim_type_value(vim_type("SharesLevel"), text) != NULL;

        vim_set_int(shares, "shares", is_level ? 0 : g_ascii_strtoll(text, NULL, 10));
        vim_set_text(shares, "level", is_level ? text : "custom");
        return shares;
}

/* The three that vim25 has words for, and others by their keys. */
static VimValue *settings_spec(JsonObject *settings)
{
        VimValue *spec = vim_new_object("VirtualMachineConfigSpec"),
                 *allocation = vim_new_object("ResourceAllocationInfo"), *list = vim_new_list("OptionValue");
        g_autoptr(GList) keys = json_object_get_members(settings);
        bool any = false;

        for (GList *key = keys; key != NULL; key = key->next) {
                const char *value = step_json_text(settings, key->data);
                bool is_shares = strcmp(key->data, "sched.mem.shares") == 0,
                     is_min = strcmp(key->data, "sched.mem.min") == 0,
                     is_max = strcmp(key->data, "sched.mem.max") == 0;

                if (value == NULL)
                        continue;
                if (is_shares)
                        vim_set(allocation, "shares", shares_of(value));
                else if (is_min || is_max)
                        vim_set_int(allocation, is_min ? "reservation" : "limit",
                                    g_ascii_strtoll(value, NULL, 10));
                else if (strcmp(key->data, "pool") != 0)
                        add_extra(list, key->data, value);
                any = any || is_shares || is_min || is_max;
        }
        set_extra(spec, list);
        if (any)
                vim_set(spec, "memoryAllocation", allocation);
        else
                vim_unref(allocation);
        return spec;
}

void equal_add_configured(const Making *making)
{
        JsonObject *settings = step_json_object(making->args, "settings");
        const char *pool = settings != NULL ? step_json_text(settings, "pool") : NULL;
        VimValue *list;
        Step *made;

        if (settings == NULL || making_vm(making) == NULL)
                return;
        if (json_object_get_size(settings) > (pool != NULL))
                give_spec(making, settings_spec(settings));
        made = pool != NULL ? making_call(making, world_find_key(making->world, "ResourcePool", pool),
                                          "MoveIntoResourcePool")
                            : NULL;
        if (made == NULL)
                return;
        list = vim_new_list("ManagedEntity");
        vim_add(list, managed_reference(making_vm(making)));
        making_give(making, made, "list", list);
}

/* --- what is added to a VM --- */

/* The device is taken. */
static void give_device(const Making *making, VimValue *device, const char *file_operation)
{
        VimValue *spec = vim_new_object("VirtualMachineConfigSpec"),
                 *change = vim_new_object("VirtualDeviceConfigSpec");

        vim_set_text(change, "operation", "add");
        if (file_operation != NULL)
                vim_set_text(change, "fileOperation", file_operation);
        vim_set_int(device, "key", -1);
        vim_set(change, "device", device);
        vim_set(spec, "deviceChange", change);
        give_spec(making, spec);
}

/* On the bus, and the place on it, that vim25's is put, too. */
void equal_add_disk(const Making *making)
{
        static const char *const known[] = {"vm", "size_mb", "provisioning", "mode", NULL};
        const char *mode = making_text(making, "mode"), *provisioning = making_text(making, "provisioning");
        VimValue *disk, *backing;
        int64_t mb = step_json_number(making->args, "size_mb", -1);

        if (!making_has_only(making, known) || mb < 0 || mb > INT64_MAX >> 10)
                return;
        disk = vim_new_object("VirtualDisk");
        backing = vim_new_object("VirtualDiskFlatVer2BackingInfo");
        vim_set_text(backing, "fileName", "");
        vim_set_text(backing, "diskMode", mode != NULL ? mode : "persistent");
        vim_set_bool(backing, "thinProvisioned", g_strcmp0(provisioning, "thick") != 0);
        vim_set(disk, "backing", backing);
        vim_set_int(disk, "capacityInKB", mb << 10);
        give_device(making, disk, "create");
}

void equal_add_card(const Making *making)
{
        static const char *const models[][2] = {{"virtio", "VirtualVmxnet3"},
                                                {"e1000", "VirtualE1000"},
                                                {"e1000e", "VirtualE1000e"},
                                                {"rtl8139", "VirtualPCNet32"}};
        const char *model = making_text(making, "model"), *mac = making_text(making, "mac"), *type = NULL;
        bool connected = making_truth(making, "connected", true);
        VimValue *card, *backing, *connectable;

        for (unsigned i = 0; i < G_N_ELEMENTS(models); i++)
                if (strcmp(models[i][0], model != NULL ? model : "virtio") == 0)
                        type = models[i][1];
        if (type == NULL)
                return;
        card = vim_new_object(type);
        backing = vim_new_object("VirtualEthernetCardNetworkBackingInfo");
        connectable = vim_new_object("VirtualDeviceConnectInfo");
        vim_set(backing, "deviceName", vim_new_string(making_text(making, "port_group")));
        vim_set_bool(connectable, "startConnected", connected);
        vim_set_bool(connectable, "allowGuestControl", true);
        vim_set_bool(connectable, "connected", connected);
        vim_set(card, "backing", backing);
        vim_set(card, "connectable", connectable);
        if (mac != NULL) {
                vim_set_text(card, "addressType", "manual");
                vim_set_text(card, "macAddress", mac);
        }
        give_device(making, card, NULL);
}
