/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of a VM, and what they take. */
#include <string.h>

#include "api/vm/vm.h"

/* The value again with the time of before when it is the same but for that, else with now's. */
static VimValue *with_time(VimValue *value, const VimValue *before)
{
        if (before != NULL) {
                vim_set(value, "timestamp", vim_ref(vim_get(before, "timestamp")));
                if (vim_equal(value, before))
                        return value;
        }
        vim_set(value, "timestamp", vim_new_time(g_get_real_time()));
        return value;
}

static bool is_disk(JsonObject *disk)
{
        DevicePlace place;

        return fact_is(disk, "device", "disk") && device_place(disk, &place);
}

static const char *name_of(JsonObject *file)
{
        const char *name = fact_text(file, "file");

        return name != NULL ? name : "";
}

/* --- layout: names --- */

static void add_disk_names(VimValue *list, JsonObject *disk)
{
        VimValue *layout = vim_new_object("VirtualMachineFileLayoutDiskLayout");
        VimValue *names = vim_new_list("string");
        DevicePlace place;

        (void)device_place(disk, &place);
        for (unsigned i = fact_count(disk, "chain"); i > 0; i--)
                vim_add(names, vim_new_string(name_of(fact_item(disk, "chain", i - 1))));
        if (vim_length(names) == 0)
                vim_add(names, vim_new_string(name_of(disk)));
        vim_set_int(layout, "key", place.key);
        vim_set(layout, "diskFile", names);
        vim_add(list, layout);
}

VimValue *vm_layout(const Vm *vm)
{
        VimValue *layout = vim_new_object("VirtualMachineFileLayout");
        VimValue *configs = vim_new_list("string"), *logs = vim_new_list("string");
        VimValue *disks = vim_new_list("VirtualMachineFileLayoutDiskLayout");
        JsonObject *hardware = fact_object(vm->facts, "hardware");

        for (unsigned i = 0; i < fact_count(vm->facts, "files"); i++) {
                JsonObject *file = fact_item(vm->facts, "files", i);

                if (fact_is(file, "type", "config") || fact_is(file, "type", "extendedConfig"))
                        vim_add(configs, vim_new_string(name_of(file)));
                else if (fact_is(file, "type", "log"))
                        vim_add(logs, vim_new_string(name_of(file)));
        }
        for (unsigned i = 0; i < fact_count(hardware, "disks"); i++)
                if (is_disk(fact_item(hardware, "disks", i)))
                        add_disk_names(disks, fact_item(hardware, "disks", i));
        vim_set(layout, "configFile", configs);
        vim_set(layout, "logFile", logs);
        vim_set(layout, "disk", disks);
        return layout;
}

/* --- layoutEx: names and sizes --- */

/* Of the file, added when it is not there yet. */
static int64_t file_key(VimValue *files, JsonObject *file, const char *type, int64_t bytes)
{
        VimValue *info;

        for (unsigned i = 0; i < vim_length(files); i++)
                if (strcmp(vim_get_text(vim_item(files, i), "name"), name_of(file)) == 0)
                        return vim_get_int(vim_item(files, i), "key", 0);
        info = vim_new_object("VirtualMachineFileLayoutExFileInfo");
        vim_set_int(info, "key", vim_length(files));
        vim_set_text(info, "name", name_of(file));
        vim_set_text(info, "type", type);
        vim_set_int(info, "size", bytes);
        vim_set_int(info, "uniqueSize", fact_bool(file, "own", true) ? bytes : 0);
        vim_set_bool(info, "accessible", true);
        vim_add(files, info);
        return vim_length(files) - 1;
}

static void add_chain(VimValue *list, VimValue *files, JsonObject *disk)
{
        VimValue *layout = vim_new_object("VirtualMachineFileLayoutExDiskLayout");
        VimValue *chain = vim_new_list("VirtualMachineFileLayoutExDiskUnit");
        DevicePlace place;

        (void)device_place(disk, &place);
        for (unsigned i = fact_count(disk, "chain"); i > 0; i--) {
                JsonObject *file = fact_item(disk, "chain", i - 1);
                VimValue *unit = vim_new_object("VirtualMachineFileLayoutExDiskUnit");

                vim_set(unit, "fileKey",
                        vim_new_int(file_key(files, file, "diskExtent", fact_int(file, "used_bytes", 0))));
                vim_add(chain, unit);
        }
        vim_set_int(layout, "key", place.key);
        vim_set(layout, "chain", chain);
        vim_add(list, layout);
}

static void add_frozen(VimValue *list, const Vm *vm, VimValue *files, JsonObject *snapshot)
{
        VimValue *layout = vim_new_object("VirtualMachineFileLayoutExSnapshotLayout");
        VimValue *disks = vim_new_list("VirtualMachineFileLayoutExDiskLayout");
        JsonObject *hardware = fact_object(snapshot, "hardware");
        g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, fact_int(snapshot, "id", 0));

        for (unsigned i = 0; i < fact_count(hardware, "disks"); i++)
                if (is_disk(fact_item(hardware, "disks", i)))
                        add_chain(disks, files, fact_item(hardware, "disks", i));
        vim_set(layout, "key", vm_reference_to(vm, "VirtualMachineSnapshot", key));
        vim_set_int(layout, "dataKey", -1);
        vim_set_int(layout, "memoryKey", -1);
        vim_set(layout, "disk", disks);
        vim_add(list, layout);
}

VimValue *vm_layout_ex(const Vm *vm, const VimValue *before)
{
        VimValue *layout = vim_new_object("VirtualMachineFileLayoutEx");
        VimValue *files = vim_new_list("VirtualMachineFileLayoutExFileInfo");
        VimValue *disks = vim_new_list("VirtualMachineFileLayoutExDiskLayout");
        VimValue *snapshots = vim_new_list("VirtualMachineFileLayoutExSnapshotLayout");
        JsonObject *hardware = fact_object(vm->facts, "hardware");

        for (unsigned i = 0; i < fact_count(vm->facts, "files"); i++) {
                JsonObject *file = fact_item(vm->facts, "files", i);

                (void)file_key(files, file, fact_text(file, "type"), fact_int(file, "bytes", 0));
        }
        for (unsigned i = 0; i < fact_count(hardware, "disks"); i++)
                if (is_disk(fact_item(hardware, "disks", i)))
                        add_chain(disks, files, fact_item(hardware, "disks", i));
        for (unsigned i = 0; i < fact_count(vm->facts, "snapshots"); i++)
                add_frozen(snapshots, vm, files, fact_item(vm->facts, "snapshots", i));
        vim_set(layout, "file", files);
        vim_set(layout, "disk", disks);
        vim_set(layout, "snapshot", snapshots);
        return with_time(layout, before);
}

/* --- storage: sums --- */

typedef struct Usage {
        int64_t committed, uncommitted, unshared;
} Usage;

static Usage *usage_on(GHashTable *usages, JsonObject *file)
{
        const char *datastore = fact_text(file, "datastore");
        Usage *usage = g_hash_table_lookup(usages, datastore != NULL ? datastore : "");

        if (usage == NULL) {
                usage = g_new0(Usage, 1);
                g_hash_table_insert(usages, g_strdup(datastore != NULL ? datastore : ""), usage);
        }
        return usage;
}

/* Each file once, however many disks and snapshots stand on it. */
static void add_used(GHashTable *usages, GHashTable *seen, JsonObject *file)
{
        int64_t bytes = fact_int(file, "used_bytes", 0);
        Usage *usage = usage_on(usages, file);

        if (!g_hash_table_add(seen, g_strdup(name_of(file))) || !fact_bool(file, "own", true))
                return;
        usage->committed += bytes;
        usage->unshared += bytes;
}

static void add_disks(GHashTable *usages, GHashTable *seen, JsonObject *hardware, bool may_grow)
{
        for (unsigned i = 0; i < fact_count(hardware, "disks"); i++) {
                JsonObject *disk = fact_item(hardware, "disks", i);
                int64_t used = fact_int(disk, "used_bytes", 0);
                int64_t provisioned = fact_int(disk, "provisioned_bytes", 0);

                if (!is_disk(disk))
                        continue;
                for (unsigned f = 0; f < fact_count(disk, "chain"); f++)
                        add_used(usages, seen, fact_item(disk, "chain", f));
                if (may_grow && provisioned > used)
                        usage_on(usages, disk)->uncommitted += provisioned - used;
        }
}

VimValue *vm_storage(const Vm *vm, const VimValue *before)
{
        g_autoptr(GHashTable) usages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        VimValue *storage = vim_new_object("VirtualMachineStorageInfo");
        VimValue *list = vim_new_list("VirtualMachineUsageOnDatastore");
        g_autoptr(GList) names = NULL;

        add_disks(usages, seen, fact_object(vm->facts, "hardware"), true);
        for (unsigned i = 0; i < fact_count(vm->facts, "snapshots"); i++)
                add_disks(usages, seen, fact_object(fact_item(vm->facts, "snapshots", i), "hardware"),
                          false);
        for (unsigned i = 0; i < fact_count(vm->facts, "files"); i++)
                add_used(usages, seen, fact_item(vm->facts, "files", i));
        names = g_list_sort(g_hash_table_get_keys(usages), (GCompareFunc)g_strcmp0);
        for (GList *name = names; name != NULL; name = name->next) {
                const Usage *usage = g_hash_table_lookup(usages, name->data);
                VimValue *datastore = vm_reference_to(vm, "Datastore", name->data), *item;

                if (datastore == NULL)
                        continue;
                item = vim_new_object("VirtualMachineUsageOnDatastore");
                vim_set(item, "datastore", datastore);
                vim_set_int(item, "committed", usage->committed);
                vim_set_int(item, "uncommitted", usage->uncommitted);
                vim_set_int(item, "unshared", usage->unshared);
                vim_add(list, item);
        }
        vim_set(storage, "perDatastoreUsage", list);
        return with_time(storage, before);
}
