/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What calls of vim25 are made with that do the same as an operation. */
#include "api/recorder/making.h"

#include <string.h>

#include "api/manager/scope.h"

/* --- arguments --- */

const char *making_text(const Making *making, const char *member)
{
        return step_json_text(making->args, member);
}

bool making_has(const Making *making, const char *member)
{
        return json_object_has_member(making->args, member);
}

bool making_has_only(const Making *making, const char *const *known)
{
        g_autoptr(GList) members = json_object_get_members(making->args);

        for (GList *member = members; member != NULL; member = member->next)
                if (!g_strv_contains(known, member->data))
                        return false;
        return true;
}

bool making_truth(const Making *making, const char *member, bool otherwise)
{
        return step_json_truth(making->args, member, otherwise);
}

void making_set_number(const Making *making, const char *member, VimValue *object, const char *field)
{
        if (making_has(making, member))
                vim_set_int(object, field, step_json_number(making->args, member, 0));
}

/* --- what is named --- */

const Managed *making_vm_named(const Making *making, const char *name)
{
        const Managed *vm = name != NULL ? world_find_key(making->world, "VirtualMachine", name) : NULL;

        return vm != NULL || name == NULL ? vm : scope_vm_named(making->world, name);
}

const Managed *making_vm(const Making *making)
{
        return making_vm_named(making, making_text(making, "vm"));
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

const Managed *making_snapshot(const Making *making, const char *which)
{
        const Managed *vm = making_vm(making);
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

const Managed *making_folder(const Making *making, const char *path)
{
        g_autofree char *key = g_strconcat("vm:", path, NULL);

        return path != NULL ? world_find_key(making->world, "Folder", key) : NULL;
}

const Managed *making_host_object(const Making *making, const char *type)
{
        const Managed *managed = world_find_key(making->world, type, "host");
        g_autoptr(GPtrArray) all = managed == NULL ? world_list(making->world, type) : NULL;

        return all != NULL && all->len == 1 ? all->pdata[0] : managed;
}

const Managed *making_datastore(const Making *making, const char *member)
{
        const char *name = making_text(making, member);

        return name != NULL ? world_find_key(making->world, "Datastore", name) : NULL;
}

/* --- calls --- */

Step *making_call(const Making *making, const Managed *target, const char *method)
{
        Step *made = target != NULL ? step_make(target, method) : NULL;

        if (made != NULL)
                g_ptr_array_add(making->step->equals, made);
        return made;
}

void making_give(const Making *making, Step *made, const char *param, VimValue *value)
{
        step_give(made, making->world, param, value);
}

void making_give_text(const Making *making, Step *made, const char *param, const char *text)
{
        making_give(making, made, param, vim_new_string(text));
}
