/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tree of a VM's snapshots: VirtualMachineSnapshot objects, snapshot and rootSnapshot. */
#include "api/vm/vm.h"

static char *key_of(int64_t id)
{
        return g_strdup_printf("%" G_GINT64_FORMAT, id);
}

static Managed *find(const Vm *vm, int64_t id)
{
        g_autofree char *key = key_of(id);

        return id > 0 ? world_find_key(vm->world, "VirtualMachineSnapshot", key) : NULL;
}

static VimValue *references_of_children(const Vm *vm, int64_t parent)
{
        VimValue *list = vim_new_list("VirtualMachineSnapshot");

        for (unsigned i = 0; i < fact_count(vm->facts, "snapshots"); i++) {
                JsonObject *snapshot = fact_item(vm->facts, "snapshots", i);

                if (fact_int(snapshot, "parent", 0) == parent)
                        vim_add(list, managed_reference(find(vm, fact_int(snapshot, "id", 0))));
        }
        return list;
}

/* --- objects --- */

static void make(Api *api, const Vm *vm, JsonObject *snapshot)
{
        int64_t id = fact_int(snapshot, "id", 0);
        Managed *managed = find(vm, id);

        if (managed == NULL) {
                g_autofree char *key = key_of(id), *object_id = api_id(api, "snapshot", key);

                managed = world_add(vm->world, "VirtualMachineSnapshot", object_id, key);
                managed_set(managed, "value", vim_new_list("CustomFieldValue"));
                managed_set(managed, "availableField", vim_new_list("CustomFieldDef"));
                managed_set(managed, "vm", vim_new_reference("VirtualMachine", vm->id));
        }
}

static void remove_others(Api *api, const Managed *vm_object, JsonObject *facts)
{
        g_autoptr(GPtrArray) all = world_list(vm_object->world, "VirtualMachineSnapshot");

        for (unsigned i = 0; i < all->len; i++) {
                Managed *snapshot = all->pdata[i];
                const VimValue *owner = managed_peek(snapshot, "vm");
                bool is_there = false;

                if (owner == NULL || g_strcmp0(owner->text, vm_object->id) != 0)
                        continue;
                for (unsigned s = 0; s < fact_count(facts, "snapshots"); s++)
                        is_there = is_there || fact_int(fact_item(facts, "snapshots", s), "id", 0) ==
                                                       g_ascii_strtoll(snapshot->key, NULL, 10);
                if (is_there)
                        continue;
                api_id_gone(api, "snapshot", snapshot->key, true);
                world_remove(snapshot);
        }
}

void vm_remove_snapshots(Api *api, Managed *managed)
{
        remove_others(api, managed, NULL);
}

/* --- the tree --- */

static VimValue *new_trees(const Vm *vm, int64_t parent);

static const char *state_of(JsonObject *snapshot)
{
        if (!fact_bool(snapshot, "memory", false))
                return "poweredOff";
        return fact_bool(snapshot, "suspended", false) ? "suspended" : "poweredOn";
}

static VimValue *new_tree(const Vm *vm, JsonObject *snapshot)
{
        VimValue *tree = vim_new_object("VirtualMachineSnapshotTree");
        int64_t id = fact_int(snapshot, "id", 0);
        const char *description = fact_text(snapshot, "description");

        vim_set(tree, "snapshot", managed_reference(find(vm, id)));
        vim_set_ref(tree, "vm", "VirtualMachine", vm->id);
        vim_set_text(tree, "name", fact_text(snapshot, "name"));
        vim_set_text(tree, "description", description != NULL ? description : "");
        vim_set_int(tree, "id", id);
        vim_set(tree, "createTime", vim_new_time_ms(fact_int(snapshot, "time_ms", 0)));
        vim_set_text(tree, "state", state_of(snapshot));
        vim_set_bool(tree, "quiesced", false);
        vim_set_bool(tree, "replaySupported", false);
        vim_set(tree, "childSnapshotList", new_trees(vm, id));
        return tree;
}

/* As deep as snapshots lie one upon the other, which is bounded where they are made. */
static VimValue *new_trees(const Vm *vm, int64_t parent)
{
        VimValue *list = vim_new_list("VirtualMachineSnapshotTree");

        for (unsigned i = 0; i < fact_count(vm->facts, "snapshots"); i++) {
                JsonObject *snapshot = fact_item(vm->facts, "snapshots", i);

                if (fact_int(snapshot, "parent", 0) == parent)
                        vim_add(list, new_tree(vm, snapshot));
        }
        return list;
}

void vm_refresh_snapshots(Api *api, Managed *managed)
{
        Vm *vm = vm_of(managed);
        VimValue *info = NULL;
        unsigned n = fact_count(vm->facts, "snapshots");

        for (unsigned i = 0; i < n; i++)
                make(api, vm, fact_item(vm->facts, "snapshots", i));
        for (unsigned i = 0; i < n; i++) {
                JsonObject *snapshot = fact_item(vm->facts, "snapshots", i);
                Managed *object = find(vm, fact_int(snapshot, "id", 0));
                JsonObject *hardware = fact_object(snapshot, "hardware");

                managed_set(object, "config",
                            vm_config(vm, hardware != NULL ? hardware : fact_object(vm->facts, "hardware")));
                managed_set(object, "childSnapshot",
                            references_of_children(vm, fact_int(snapshot, "id", 0)));
        }
        if (n > 0) {
                Managed *current = find(vm, fact_int(vm->facts, "current_snapshot", 0));

                info = vim_new_object("VirtualMachineSnapshotInfo");
                vim_set(info, "currentSnapshot", managed_reference(current));
                vim_set(info, "rootSnapshotList", new_trees(vm, 0));
        }
        managed_set(managed, "snapshot", info);
        managed_set(managed, "rootSnapshot", references_of_children(vm, 0));
        if (vm->had_snapshots || n > 0)
                remove_others(api, managed, vm->facts);
        vm->had_snapshots = n > 0;
}
