/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a VM is: its folder, pool, host, datastores, networks, which all list it. */
#include <string.h>

#include "api/vm/vm.h"

/* The objects that the property's references name have the VM in their "vm", and others not any more. */
static void set_references(Managed *managed, const char *property, VimValue *references)
{
        g_autoptr(VimValue) before = vim_ref(managed_peek(managed, property));

        for (unsigned i = 0; i < vim_length(references); i++)
                entity_list_in(managed, world_resolve(managed->world, vim_item(references, i)), "vm");
        for (unsigned i = 0; i < vim_length(before); i++) {
                const VimValue *old = vim_item(before, i);
                Managed *other = world_resolve(managed->world, old);
                bool stays = false;

                for (unsigned n = 0; n < vim_length(references); n++)
                        stays = stays || vim_equal(vim_item(references, n), old);
                if (!stays && other != NULL)
                        entity_unlist_in(managed, other, "vm");
        }
        managed_set(managed, property, references);
}

static void add_reference(const Vm *vm, VimValue *list, const char *type, const char *key)
{
        g_autoptr(VimValue) reference = vm_reference_to(vm, type, key);

        for (unsigned i = 0; reference != NULL && i < vim_length(list); i++)
                if (vim_equal(vim_item(list, i), reference))
                        return;
        if (reference != NULL)
                vim_add(list, g_steal_pointer(&reference));
}

static VimValue *datastores_of(const Vm *vm)
{
        JsonObject *hardware = fact_object(vm->facts, "hardware");
        VimValue *list = vim_new_list("Datastore");

        add_reference(vm, list, "Datastore", fact_text(fact_object(vm->facts, "vmx"), "datastore"));
        for (unsigned i = 0; i < fact_count(hardware, "disks"); i++) {
                JsonObject *disk = fact_item(hardware, "disks", i);

                add_reference(vm, list, "Datastore", fact_text(disk, "datastore"));
                for (unsigned f = 0; f < fact_count(disk, "chain"); f++)
                        add_reference(vm, list, "Datastore",
                                      fact_text(fact_item(disk, "chain", f), "datastore"));
        }
        return list;
}

static VimValue *networks_of(const Vm *vm)
{
        JsonObject *hardware = fact_object(vm->facts, "hardware");
        VimValue *list = vim_new_list("Network");

        for (unsigned i = 0; i < fact_count(hardware, "cards"); i++) {
                JsonObject *card = fact_item(hardware, "cards", i);
                const char *group = fact_text(card, "port_group");

                add_reference(vm, list, "Network", group != NULL ? group : fact_text(card, "bridge"));
        }
        return list;
}

static void set_pool(Managed *managed, Managed *pool)
{
        Managed *before = world_resolve(managed->world, managed_peek(managed, "resourcePool"));

        if (before != NULL && before != pool)
                entity_unlist_in(managed, before, "vm");
        if (pool != NULL)
                entity_list_in(managed, pool, "vm");
        managed_set(managed, "resourcePool", managed_reference(pool));
}

void vm_refresh_places(Managed *managed)
{
        const Vm *vm = vm_of(managed);
        const char *folder = fact_text(vm->facts, "folder"), *pool = fact_text(vm->facts, "pool");
        g_autofree char *key = g_strconcat("vm:", folder != NULL ? folder : "/", NULL);
        Managed *parent = vm_find_named(vm, "Folder", key);
        Managed *host = vm_find_named(vm, "HostSystem", "host");

        if (parent == NULL)
                parent = vm_find_named(vm, "Folder", "vm:/");
        entity_set_parent(managed, parent);
        /* A template is in no pool. */
        set_pool(managed, fact_bool(vm->facts, "template", false) || pool == NULL
                                  ? NULL
                                  : vm_find_named(vm, "ResourcePool", pool));
        if (host != NULL)
                entity_list_in(managed, host, "vm");
        set_references(managed, "datastore", datastores_of(vm));
        set_references(managed, "network", networks_of(vm));
}

void vm_leave_places(Managed *managed)
{
        Managed *host = world_find_key(managed->world, "HostSystem", "host");

        entity_set_parent(managed, NULL);
        set_pool(managed, NULL);
        if (host != NULL)
                entity_unlist_in(managed, host, "vm");
        set_references(managed, "datastore", vim_new_list("Datastore"));
        set_references(managed, "network", vim_new_list("Network"));
}
