/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the API has changed of VMs itself: shown at once, without another look at them. */
#include <string.h>

#include "api/vm/vm.h"

void vm_settings_changed(Managed *managed, GHashTable *settings)
{
        Vm *vm = vm_of(managed);
        GHashTableIter iter;
        gpointer name, value;

        if (vm == NULL)
                return;
        if (fact_object(vm->facts, "options") == NULL)
                json_object_set_object_member(vm->facts, "options", json_object_new());
        g_hash_table_iter_init(&iter, settings);
        while (g_hash_table_iter_next(&iter, &name, &value))
                json_object_set_string_member(strcmp(name, "pool") == 0 ? vm->facts
                                                                        : fact_object(vm->facts, "options"),
                                              name, value);
        vm_refresh(managed);
        vm_refresh_places(managed);
}

/* NULL: it is not there. Owned. */
static char *moved_path(const char *path, const char *from, const char *to)
{
        size_t length = strlen(from);

        if (path == NULL || strncmp(path, from, length) != 0 ||
            (path[length] != '/' && path[length] != '\0'))
                return NULL;
        if (strcmp(to, "/") == 0)
                return g_strdup(path[length] != '\0' ? path + length : "/");
        return g_strconcat(to, path + length, NULL);
}

void vm_places_moved(World *world, const char *fact, const char *from, const char *to)
{
        g_autoptr(GPtrArray) all = world_list(world, "VirtualMachine");

        for (unsigned i = 0; i < all->len; i++) {
                Vm *vm = vm_of(all->pdata[i]);
                g_autofree char *path = vm != NULL ? moved_path(fact_text(vm->facts, fact), from, to) : NULL;

                if (path == NULL)
                        continue;
                json_object_set_string_member(vm->facts, fact, path);
                vm_refresh_places(all->pdata[i]);
        }
}
