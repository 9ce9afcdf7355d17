/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which objects of other modules a VM's properties name, so that it is known when they would name others. */
#include <string.h>

#include "api/vm/vm.h"

/* What was looked for, and what there was first. */
typedef struct Named {
        const char *type;
        char *key;
        VimValue *found; /* NULL: none */
} Named;

static void named_clear(gpointer data)
{
        Named *named = data;

        g_free(named->key);
        vim_unref(named->found);
}

GArray *vm_named_new(void)
{
        GArray *all = g_array_new(FALSE, FALSE, sizeof(Named));

        g_array_set_clear_func(all, named_clear);
        return all;
}

static bool is_noted(const Vm *vm, const char *type, const char *key)
{
        for (unsigned i = 0; i < vm->named->len; i++) {
                const Named *named = &g_array_index(vm->named, Named, i);

                if (strcmp(named->key, key) == 0 && strcmp(named->type, type) == 0)
                        return true;
        }
        return false;
}

Managed *vm_find_named(const Vm *vm, const char *type, const char *key)
{
        Managed *managed = world_find_key(vm->world, type, key);
        Named named;

        if (is_noted(vm, type, key))
                return managed;
        named = (Named){.type = type, .key = g_strdup(key), .found = managed_reference(managed)};
        g_array_append_val(vm->named, named);
        return managed;
}

VimValue *vm_reference_to(const Vm *vm, const char *type, const char *key)
{
        return key != NULL ? managed_reference(vm_find_named(vm, type, key)) : NULL;
}

bool vm_names_others(const Vm *vm)
{
        for (unsigned i = 0; i < vm->named->len; i++) {
                const Named *named = &g_array_index(vm->named, Named, i);
                const Managed *now = world_find_key(vm->world, named->type, named->key);

                /* An object has but one reference as long as it is there, and no other has it. */
                if ((now != NULL ? now->reference : NULL) != named->found)
                        return true;
        }
        return false;
}

void vm_forget_named(Vm *vm)
{
        g_array_set_size(vm->named, 0);
}
