/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Operations that were called by their names (AerostatManager) as the calls of vim25 that do the same. What
 * vim25 says otherwise, or not at all, has none, and stays a call of the operation.
 */
#include <string.h>

#include "api/manager/scope.h"
#include "api/recorder/step.h"

/* What the method is called of. */
typedef enum Target {
        OF_VM,
        OF_SNAPSHOT,
        OF_FOLDER,    /* its path */
        OF_DATASTORE, /* its name */
        OF_HOST,      /* the host's object of the type, or the only one there is */
} Target;

typedef struct Argument {
        const char *member; /* of the operation's arguments */
        const char *param;  /* of the method; or NULL */
        const char *value;  /* param NULL: the only value with which vim25 does the same */
} Argument;

typedef struct Equal {
        const char *operation;
        Target target;
        const char *type, *method;
        Argument arguments[5];
} Equal;

/* clang-format off */
static const Equal table[] = {
        {"PowerOnVM", OF_VM, "VirtualMachine", "PowerOnVM_Task", {}},
        {"PowerOffVM", OF_VM, "VirtualMachine", "PowerOffVM_Task", {{"type", NULL, "hard"}}},
        {"ResetVM", OF_VM, "VirtualMachine", "ResetVM_Task", {{"type", NULL, "hard"}}},
        {"SuspendVM", OF_VM, "VirtualMachine", "SuspendVM_Task", {{"type", NULL, "hard"}}},
        {"RebootGuest", OF_VM, "VirtualMachine", "RebootGuest", {}},
        {"StandbyGuest", OF_VM, "VirtualMachine", "StandbyGuest", {}},
        {"DestroyVM", OF_VM, "VirtualMachine", "Destroy_Task", {}},
        {"UnregisterVM", OF_VM, "VirtualMachine", "UnregisterVM", {}},
        {"MarkAsTemplate", OF_VM, "VirtualMachine", "MarkAsTemplate", {}},
        {"RenameVM", OF_VM, "VirtualMachine", "Rename_Task", {{"name", "newName"}}},
        {"CreateSnapshot", OF_VM, "VirtualMachine", "CreateSnapshot_Task", {{"name", "name"},
                {"description", "description"}, {"memory", "memory"}, {"quiesce", "quiesce"}}},
        {"RemoveAllSnapshots", OF_VM, "VirtualMachine", "RemoveAllSnapshots_Task", {}},
        {"ConsolidateVMDisks", OF_VM, "VirtualMachine", "ConsolidateVMDisks_Task", {}},
        {"RevertToSnapshot", OF_SNAPSHOT, "VirtualMachineSnapshot", "RevertToSnapshot_Task",
                {{"suppressPowerOn", "suppressPowerOn"}}},
        {"RemoveSnapshot", OF_SNAPSHOT, "VirtualMachineSnapshot", "RemoveSnapshot_Task",
                {{"removeChildren", "removeChildren"}}},
        {"RenameSnapshot", OF_SNAPSHOT, "VirtualMachineSnapshot", "RenameSnapshot", {{"name", "name"},
                {"description", "description"}}},
        {"DestroyFolder", OF_FOLDER, "Folder", "Destroy_Task", {}},
        {"RenameDatastore", OF_DATASTORE, "Datastore", "RenameDatastore", {{"to", "newName"}}},
        {"AddDatastore", OF_HOST, "HostDatastoreSystem", "CreateLocalDatastore", {{"name", "name"},
                {"path", "path"}}},
        {"RemovePortGroup", OF_HOST, "HostNetworkSystem", "RemovePortGroup", {{"name", "pgName"}}},
        {"RemoveVirtualSwitch", OF_HOST, "HostNetworkSystem", "RemoveVirtualSwitch", {{"name", "vswitchName"}}},
        {"DeleteCustomizationSpec", OF_HOST, "CustomizationSpecManager", "DeleteCustomizationSpec",
                {{"name", "name"}}},
        {"RenameCustomizationSpec", OF_HOST, "CustomizationSpecManager", "RenameCustomizationSpec",
                {{"name", "name"}, {"to", "newName"}}},
        {"MakeDirectory", OF_HOST, "FileManager", "MakeDirectory", {{"path", "name"},
                {"parents", "createParentDirectories"}}},
        {"DeleteDatastoreFile", OF_HOST, "FileManager", "DeleteDatastoreFile_Task", {{"path", "name"}}},
        {"CopyDatastoreFile", OF_HOST, "FileManager", "CopyDatastoreFile_Task", {{"source", "sourceName"},
                {"target", "destinationName"}, {"force", "force"}}},
        {"MoveDatastoreFile", OF_HOST, "FileManager", "MoveDatastoreFile_Task", {{"source", "sourceName"},
                {"target", "destinationName"}, {"force", "force"}}},
};
/* clang-format on */

typedef struct Making {
        Step *step; /* the calls are added to it */
        World *world;
        const char *operation;
        JsonObject *args;
} Making;

/* Of more than these the operation itself is called. */
#define CALLS_MAX 1024

/* --- arguments: what a client sends, and nobody has looked at --- */

static const char *text_of(const Making *making, const char *member)
{
        return step_json_text(making->args, member);
}

static bool has(const Making *making, const char *member)
{
        return json_object_has_member(making->args, member);
}

static bool truth_of(const Making *making, const char *member, bool otherwise)
{
        return step_json_truth(making->args, member, otherwise);
}

static void set_number(const Making *making, const char *member, VimValue *object, const char *field)
{
        if (has(making, member))
                vim_set_int(object, field, step_json_number(making->args, member, 0));
}

/* --- what is named --- */

static const Managed *vm_named(const Making *making, const char *name)
{
        const Managed *vm = name != NULL ? world_find_key(making->world, "VirtualMachine", name) : NULL;

        return vm != NULL || name == NULL ? vm : scope_vm_named(making->world, name);
}

static const Managed *vm_of_args(const Making *making)
{
        return vm_named(making, text_of(making, "vm"));
}

/* NULL: none, or several. */
static const VimValue *find_snapshot(const VimValue *trees, const char *name, unsigned *found)
{
        const VimValue *snapshot = NULL;

        for (unsigned i = 0; i < vim_length(trees); i++) {
                const VimValue *tree = vim_item(trees, i),
                               *below = find_snapshot(vim_get(tree, "childSnapshotList"), name, found);

                if (below != NULL)
                        snapshot = below;
                if (strcmp(vim_get_text(tree, "name"), name) == 0) {
                        snapshot = vim_get(tree, "snapshot");
                        (*found)++;
                }
        }
        return *found == 1 ? snapshot : NULL;
}

/* By its name or its number; which NULL: the current one. */
static const Managed *snapshot_of(const Making *making, const char *which)
{
        const Managed *vm = vm_of_args(making);
        const VimValue *all = vm != NULL ? managed_peek(vm, "snapshot") : NULL;
        unsigned found = 0;

        if (which == NULL)
                return all != NULL ? world_resolve(making->world, vim_get(all, "currentSnapshot")) : NULL;
        if (which[0] == '#')
                return world_find_key(making->world, "VirtualMachineSnapshot", which + 1);
        return all != NULL ? world_resolve(making->world,
                                           find_snapshot(vim_get(all, "rootSnapshotList"), which, &found))
                           : NULL;
}

static const Managed *folder_at(const Making *making, const char *path)
{
        g_autofree char *key = g_strconcat("vm:", path, NULL);

        return path != NULL ? world_find_key(making->world, "Folder", key) : NULL;
}

/* "/lab/old" is in "/lab". Owned. */
static char *parent_of(const char *path)
{
        const char *slash = strrchr(path, '/');

        return slash != NULL && slash != path ? g_strndup(path, (gsize)(slash - path)) : g_strdup("/");
}

static const char *last_of(const char *path)
{
        const char *slash = strrchr(path, '/');

        return slash != NULL ? slash + 1 : path;
}

static const Managed *of_host(const Making *making, const char *type)
{
        const Managed *managed = world_find_key(making->world, type, "host");
        g_autoptr(GPtrArray) all = managed == NULL ? world_list(making->world, type) : NULL;

        return all != NULL && all->len == 1 ? all->pdata[0] : managed;
}

static const Managed *datastore_of(const Making *making, const char *member)
{
        const char *name = text_of(making, member);

        return name != NULL ? world_find_key(making->world, "Datastore", name) : NULL;
}

static const Managed *target_of(const Making *making, const Equal *equal)
{
        switch (equal->target) {
        case OF_VM:
                return vm_of_args(making);
        case OF_SNAPSHOT:
                return snapshot_of(making, text_of(making, "snapshot"));
        case OF_FOLDER:
                return folder_at(making, text_of(making, "path"));
        case OF_DATASTORE:
                return datastore_of(making, "name");
        case OF_HOST:
                return of_host(making, equal->type);
        }
        return NULL;
}

/* --- calls --- */

/* NULL: it is not there. Borrowed. */
static Step *call(const Making *making, const Managed *target, const char *method)
{
        Step *made = target != NULL ? step_make(target, method) : NULL;

        if (made != NULL)
                g_ptr_array_add(making->step->equals, made);
        return made;
}

/* Takes the value. */
static void give(const Making *making, Step *made, const char *param, VimValue *value)
{
        step_give(made, making->world, param, value);
}

static void give_text(const Making *making, Step *made, const char *param, const char *text)
{
        give(making, made, param, vim_new_string(text));
}

static void give_member(const Making *making, Step *made, const Argument *argument)
{
        const char *text = text_of(making, argument->member);

        if (text != NULL)
                give_text(making, made, argument->param, text);
        else if (has(making, argument->member))
                give(making, made, argument->param, vim_new_bool(truth_of(making, argument->member, false)));
}

/* What vim25 wants to be said, and the operation does not. */
static void give_rest(const Making *making, Step *made)
{
        for (unsigned i = 0; i < made->method->n_params; i++)
                if (made->args[i] == NULL && !made->method->params[i].is_optional &&
                    made->method->params[i].type->kind == VIM_BOOLEAN)
                        give(making, made, made->method->params[i].name, vim_new_bool(false));
}

/* Whether the operation says nothing that the line of the table does not know. */
static bool is_said(const Making *making, const Equal *equal)
{
        static const char *const of_targets[][3] = {[OF_VM] = {"vm"},
                                                    [OF_SNAPSHOT] = {"vm", "snapshot"},
                                                    [OF_FOLDER] = {"path"},
                                                    [OF_DATASTORE] = {"name"},
                                                    [OF_HOST] = {NULL}};
        g_autoptr(GList) members = json_object_get_members(making->args);

        for (GList *member = members; member != NULL; member = member->next) {
                const Argument *argument = equal->arguments;

                while (argument->member != NULL && strcmp(argument->member, member->data) != 0)
                        argument++;
                if (argument->member == NULL && !g_strv_contains(of_targets[equal->target], member->data))
                        return false;
        }
        for (const Argument *argument = equal->arguments; argument->member != NULL; argument++)
                if (argument->param == NULL &&
                    g_strcmp0(text_of(making, argument->member), argument->value) != 0)
                        return false;
        return true;
}

static void add_from_table(const Making *making, const Equal *equal)
{
        Step *made = is_said(making, equal) ? call(making, target_of(making, equal), equal->method) : NULL;

        if (made == NULL)
                return;
        for (const Argument *argument = equal->arguments; argument->member != NULL; argument++)
                if (argument->param != NULL)
                        give_member(making, made, argument);
        give_rest(making, made);
}

static bool has_only(JsonObject *args, const char *const *known)
{
        g_autoptr(GList) members = json_object_get_members(args);

        for (GList *member = members; member != NULL; member = member->next)
                if (!g_strv_contains(known, member->data))
                        return false;
        return true;
}

/* --- those that no table says: VMs --- */

static void add_virtual_machine(const Making *making)
{
        Step *made = call(making, vm_of_args(making), "MarkAsVirtualMachine");

        if (made != NULL)
                give(making, made, "pool",
                     managed_reference(world_find_key(making->world, "ResourcePool", "/")));
}

static void add_registered(const Making *making)
{
        const char *folder = text_of(making, "folder"), *name = text_of(making, "name");
        Step *made = call(making, folder_at(making, folder != NULL ? folder : "/"), "RegisterVM_Task");

        if (made == NULL)
                return;
        give_text(making, made, "path", text_of(making, "path"));
        if (name != NULL)
                give_text(making, made, "name", name);
        give(making, made, "asTemplate", vim_new_bool(false));
        give(making, made, "pool", managed_reference(world_find_key(making->world, "ResourcePool", "/")));
}

static void add_relocated(const Making *making)
{
        const Managed *datastore = datastore_of(making, "datastore");
        const char *provisioning = text_of(making, "provisioning");
        Step *made = datastore != NULL ? call(making, vm_of_args(making), "RelocateVM_Task") : NULL;
        VimValue *spec;

        if (made == NULL)
                return;
        spec = vim_new_object("VirtualMachineRelocateSpec");
        vim_set(spec, "datastore", managed_reference(datastore));
        if (provisioning != NULL)
                vim_set_text(spec, "transform", strcmp(provisioning, "thick") == 0 ? "flat" : "sparse");
        give(making, made, "spec", spec);
}

/* The name is what is said of it. */
static VimValue *named_specification(Step *made, const char *name)
{
        made->specification = g_strdup(name);
        return vim_new_object("CustomizationSpec");
}

static void add_customized(const Making *making)
{
        const char *name = text_of(making, "spec");
        Step *made = call(making, vm_of_args(making), "CustomizeVM_Task");

        if (made != NULL)
                give(making, made, "spec", named_specification(made, name));
}

static VimValue *clone_spec(const Making *making, Step *made, const Managed *snapshot)
{
        VimValue *spec = vim_new_object("VirtualMachineCloneSpec"),
                 *location = vim_new_object("VirtualMachineRelocateSpec");
        const char *customization = text_of(making, "customization");

        if (truth_of(making, "linked", true))
                vim_set_text(location, "diskMoveType", "createNewChildDiskBacking");
        vim_set(location, "datastore", managed_reference(datastore_of(making, "datastore")));
        vim_set(spec, "location", location);
        vim_set_bool(spec, "template", truth_of(making, "template", false));
        if (customization[0] != '\0')
                vim_set(spec, "customization", named_specification(made, customization));
        vim_set_bool(spec, "powerOn", truth_of(making, "power_on", false));
        vim_set(spec, "snapshot", managed_reference(snapshot));
        return spec;
}

/* One after the other. A specification that the parent's attribute names is the operation's affair. */
static void add_clones(const Making *making)
{
        static const char *const known[] = {"vm",       "names",  "linked",   "snapshot",  "customization",
                                            "template", "folder", "power_on", "datastore", "new",
                                            NULL};
        bool linked = truth_of(making, "linked", true);
        const Managed *snapshot = linked || text_of(making, "snapshot") != NULL
                                          ? snapshot_of(making, text_of(making, "snapshot"))
                                          : NULL;
        const Managed *vm = vm_of_args(making), *folder = NULL;
        JsonArray *names = step_json_texts(making->args, "names");

        if (!has_only(making->args, known) || text_of(making, "customization") == NULL || vm == NULL ||
            names == NULL || (linked && snapshot == NULL))
                return;
        folder = text_of(making, "folder") != NULL
                         ? folder_at(making, text_of(making, "folder"))
                         : world_resolve(making->world, managed_peek(vm, "parent"));
        for (unsigned i = 0; folder != NULL && i < json_array_get_length(names) && i < CALLS_MAX; i++) {
                Step *made = call(making, vm, "CloneVM_Task");

                give(making, made, "folder", managed_reference(folder));
                give_text(making, made, "name", json_array_get_string_element(names, i));
                give(making, made, "spec", clone_spec(making, made, snapshot));
        }
}

/* --- reconfigured --- */

static void give_spec(const Making *making, VimValue *spec)
{
        Step *made = call(making, vm_of_args(making), "ReconfigVM_Task");

        if (made != NULL)
                give(making, made, "spec", spec);
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
                if (text_of(making, words[i]) != NULL) {
                        vim_set_text(info, words[i], text_of(making, words[i]));
                        any = true;
                }
        if (any)
                vim_set(spec, "powerOpInfo", info);
        else
                vim_unref(info);
}

/* What is in a drive vim25 says with the drive's key, which is another VM's affair. */
static void add_reconfigured(const Making *making)
{
        static const char *const known[] = {"vm",          "memory_mb", "cpus",          "powerOffType",
                                            "suspendType", "resetType", "standbyAction", "annotation",
                                            "options",     NULL};
        JsonObject *options = step_json_object(making->args, "options");
        g_autoptr(GList) keys = options != NULL ? json_object_get_members(options) : NULL;
        VimValue *spec, *list;

        if (!has_only(making->args, known))
                return;
        spec = vim_new_object("VirtualMachineConfigSpec");
        list = vim_new_list("OptionValue");
        set_number(making, "memory_mb", spec, "memoryMB");
        set_number(making, "cpus", spec, "numCPUs");
        vim_set(spec, "annotation", vim_new_string(text_of(making, "annotation")));
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

static void add_configured(const Making *making)
{
        JsonObject *settings = step_json_object(making->args, "settings");
        const char *pool = settings != NULL ? step_json_text(settings, "pool") : NULL;
        VimValue *list;
        Step *made;

        if (settings == NULL || vm_of_args(making) == NULL)
                return;
        if (json_object_get_size(settings) > (pool != NULL))
                give_spec(making, settings_spec(settings));
        made = pool != NULL ? call(making, world_find_key(making->world, "ResourcePool", pool),
                                   "MoveIntoResourcePool")
                            : NULL;
        if (made == NULL)
                return;
        list = vim_new_list("ManagedEntity");
        vim_add(list, managed_reference(vm_of_args(making)));
        give(making, made, "list", list);
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
static void add_disk(const Making *making)
{
        static const char *const known[] = {"vm", "size_mb", "provisioning", "mode", NULL};
        const char *mode = text_of(making, "mode"), *provisioning = text_of(making, "provisioning");
        VimValue *disk, *backing;
        int64_t mb = step_json_number(making->args, "size_mb", -1);

        if (!has_only(making->args, known) || mb < 0 || mb > INT64_MAX >> 10)
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

static void add_card(const Making *making)
{
        static const char *const models[][2] = {{"virtio", "VirtualVmxnet3"},
                                                {"e1000", "VirtualE1000"},
                                                {"e1000e", "VirtualE1000e"},
                                                {"rtl8139", "VirtualPCNet32"}};
        const char *model = text_of(making, "model"), *mac = text_of(making, "mac"), *type = NULL;
        bool connected = truth_of(making, "connected", true);
        VimValue *card, *backing, *connectable;

        for (unsigned i = 0; i < G_N_ELEMENTS(models); i++)
                if (strcmp(models[i][0], model != NULL ? model : "virtio") == 0)
                        type = models[i][1];
        if (type == NULL)
                return;
        card = vim_new_object(type);
        backing = vim_new_object("VirtualEthernetCardNetworkBackingInfo");
        connectable = vim_new_object("VirtualDeviceConnectInfo");
        vim_set(backing, "deviceName", vim_new_string(text_of(making, "port_group")));
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

/* --- folders --- */

static void add_folder(const Making *making)
{
        const char *path = text_of(making, "path");
        g_autofree char *parent = path != NULL ? parent_of(path) : NULL;
        Step *made = call(making, folder_at(making, parent), "CreateFolder");

        if (made != NULL)
                give_text(making, made, "name", last_of(path));
}

static void move_into(const Making *making, const Managed *folder, VimValue *list)
{
        Step *made = call(making, folder, "MoveIntoFolder_Task");

        if (made != NULL)
                give(making, made, "list", list);
        else
                vim_unref(list);
}

/* To another place, or by another name: to both at once vim25 has no call. */
static void add_moved_folder(const Making *making)
{
        const char *path = text_of(making, "path"), *to = text_of(making, "to");
        const Managed *folder = folder_at(making, path);
        g_autofree char *parent = NULL, *new_parent = NULL;
        VimValue *list;
        Step *made;

        if (folder == NULL || to == NULL)
                return;
        parent = parent_of(path);
        new_parent = parent_of(to);
        if (strcmp(parent, new_parent) == 0) {
                made = call(making, folder, "Rename_Task");
                give_text(making, made, "newName", last_of(to));
        } else if (strcmp(last_of(path), last_of(to)) == 0) {
                list = vim_new_list("ManagedEntity");
                vim_add(list, managed_reference(folder));
                move_into(making, folder_at(making, new_parent), list);
        }
}

static void add_moved(const Making *making)
{
        JsonArray *vms = step_json_texts(making->args, "vms");
        bool all = vms != NULL && !has(making, "folders");
        VimValue *list = vim_new_list("ManagedEntity");

        for (unsigned i = 0; all && i < json_array_get_length(vms); i++) {
                const Managed *vm = vm_named(making, json_array_get_string_element(vms, i));

                all = vm != NULL;
                if (all)
                        vim_add(list, managed_reference(vm));
        }
        if (all)
                move_into(making, folder_at(making, text_of(making, "folder")), list);
        else
                vim_unref(list);
}

/* --- the host --- */

/* What is not said of one that is changed stays as it is; vim25 wants all of it. */
static void add_port_group(const Making *making)
{
        bool add = strcmp(making->operation, "AddPortGroup") == 0;
        Step *made;
        VimValue *spec;

        if (text_of(making, "name") == NULL || text_of(making, "switch") == NULL ||
            (!has(making, "vlan") && !add))
                return;
        made = call(making, of_host(making, "HostNetworkSystem"), making->operation);
        if (made == NULL)
                return;
        spec = vim_new_object("HostPortGroupSpec");
        vim_set_text(spec, "name", text_of(making, "name"));
        vim_set_int(spec, "vlanId", step_json_number(making->args, "vlan", 0));
        vim_set_text(spec, "vswitchName", text_of(making, "switch"));
        vim_set(spec, "policy", vim_new_object("HostNetworkPolicy"));
        if (!add)
                give_text(making, made, "pgName", text_of(making, "name"));
        give(making, made, "portgrp", spec);
}

static void add_switch(const Making *making)
{
        JsonArray *uplinks = step_json_texts(making->args, "uplinks");
        Step *made = call(making, of_host(making, "HostNetworkSystem"), making->operation);
        VimValue *spec, *bridge, *nics;

        if (made == NULL)
                return;
        spec = vim_new_object("HostVirtualSwitchSpec");
        vim_set_int(spec, "numPorts", 128);
        if (uplinks != NULL && json_array_get_length(uplinks) > 0) {
                bridge = vim_new_object("HostVirtualSwitchBondBridge");
                nics = vim_new_list("string");
                for (unsigned i = 0; i < json_array_get_length(uplinks); i++)
                        vim_add(nics, vim_new_string(json_array_get_string_element(uplinks, i)));
                vim_set(bridge, "nicDevice", nics);
                vim_set(spec, "bridge", bridge);
        }
        give_text(making, made, "vswitchName", text_of(making, "name"));
        give(making, made, "spec", spec);
}

static void add_removed_datastore(const Making *making)
{
        const Managed *datastore = datastore_of(making, "name");
        Step *made = datastore != NULL
                             ? call(making, of_host(making, "HostDatastoreSystem"), "RemoveDatastore")
                             : NULL;

        if (made != NULL)
                give(making, made, "datastore", managed_reference(datastore));
}

/* --- custom attributes --- */

static Step *call_fields(const Making *making, const char *method)
{
        return call(making, of_host(making, "CustomFieldsManager"), method);
}

static void add_defined(const Making *making)
{
        const char *type = text_of(making, "type");
        Step *made = call_fields(making, "AddCustomFieldDef");

        if (made == NULL)
                return;
        give_text(making, made, "name", text_of(making, "name"));
        if (g_strcmp0(type, "vm") == 0)
                give(making, made, "moType", vim_new_text(vim_type("TypeName"), "VirtualMachine"));
        else if (g_strcmp0(type, "host") == 0)
                give(making, made, "moType", vim_new_text(vim_type("TypeName"), "HostSystem"));
}

/* Its key is found by its name. */
static void give_key(const Making *making, Step *made)
{
        made->field = g_strdup(text_of(making, "name"));
        give(making, made, "key", vim_new_int(0));
}

static void add_changed_field(const Making *making)
{
        Step *made = call_fields(making, making->operation);

        if (made == NULL)
                return;
        give_key(making, made);
        if (text_of(making, "to") != NULL)
                give_text(making, made, "name", text_of(making, "to"));
}

static void set_field_of(const Making *making, const Managed *entity)
{
        const char *value = text_of(making, "value");
        Step *made = entity != NULL ? call_fields(making, "SetField") : NULL;

        if (made == NULL)
                return;
        give(making, made, "entity", managed_reference(entity));
        give_key(making, made);
        give_text(making, made, "value", value != NULL ? value : "");
}

static void add_set_field(const Making *making)
{
        JsonArray *vms = step_json_texts(making->args, "vms");

        if (truth_of(making, "host", false))
                set_field_of(making, of_host(making, "HostSystem"));
        else if (vms == NULL)
                set_field_of(making, vm_of_args(making));
        for (unsigned i = 0; vms != NULL && i < json_array_get_length(vms) && i < CALLS_MAX; i++)
                set_field_of(making, vm_named(making, json_array_get_string_element(vms, i)));
}

/* --- all --- */

void step_add_equals(Step *step, const Request *request, const char *operation, JsonObject *args)
{
        static const struct {
                const char *operation;
                void (*add)(const Making *making);
        } others[] = {
                {"MarkAsVirtualMachine", add_virtual_machine},
                {"RegisterVM", add_registered},
                {"RelocateVM", add_relocated},
                {"CustomizeVM", add_customized},
                {"CloneVM", add_clones},
                {"ReconfigVM", add_reconfigured},
                {"ConfigureVM", add_configured},
                {"AddDisk", add_disk},
                {"AddCard", add_card},
                {"CreateFolder", add_folder},
                {"MoveFolder", add_moved_folder},
                {"MoveIntoFolder", add_moved},
                {"AddPortGroup", add_port_group},
                {"UpdatePortGroup", add_port_group},
                {"AddVirtualSwitch", add_switch},
                {"UpdateVirtualSwitch", add_switch},
                {"RemoveDatastore", add_removed_datastore},
                {"AddCustomFieldDef", add_defined},
                {"RenameCustomFieldDef", add_changed_field},
                {"RemoveCustomFieldDef", add_changed_field},
                {"SetField", add_set_field},
        };
        const Making making = {
                .step = step, .world = request_world(request), .operation = operation, .args = args};

        for (unsigned i = 0; i < G_N_ELEMENTS(table); i++)
                if (strcmp(table[i].operation, operation) == 0)
                        add_from_table(&making, &table[i]);
        for (unsigned i = 0; i < G_N_ELEMENTS(others); i++)
                if (strcmp(others[i].operation, operation) == 0)
                        others[i].add(&making);
        if (step->equals->len >= CALLS_MAX)
                g_ptr_array_set_size(step->equals, 0);
        for (unsigned i = 0; i < step->equals->len; i++)
                step->bytes += ((const Step *)step->equals->pdata[i])->bytes;
}
