/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The inventory as a tree. */
#include "api/collector/children.h"

typedef struct Below {
        const char *type;
        const char *properties[CHILDREN_MAX + 1];
} Below;

static const Below below[] = {
        {"Folder", {"childEntity"}},
        {"Datacenter", {"vmFolder", "hostFolder", "datastoreFolder", "networkFolder"}},
        {"ComputeResource", {"host", "resourcePool"}},
        {"ResourcePool", {"resourcePool", "vm"}},
};

void children_places(const VimType *type, int places[CHILDREN_MAX + 1])
{
        static const VimType *types[G_N_ELEMENTS(below)];
        unsigned n = 0;

        for (unsigned i = 0; i < G_N_ELEMENTS(below); i++) {
                if (types[i] == NULL)
                        types[i] = vim_type(below[i].type);
                if (!vim_type_is(type, types[i]))
                        continue;
                for (; below[i].properties[n] != NULL; n++)
                        places[n] = vim_type_field(type, below[i].properties[n]);
                break;
        }
        places[n] = -1;
}

GPtrArray *children_of(const Managed *managed)
{
        GPtrArray *list = g_ptr_array_new();
        int places[CHILDREN_MAX + 1];

        children_places(managed->type, places);
        for (unsigned i = 0; places[i] >= 0; i++) {
                const VimValue *value = managed->properties[places[i]];
                Managed *child =
                        value != NULL && !value->is_list ? world_resolve(managed->world, value) : NULL;

                if (child != NULL)
                        g_ptr_array_add(list, child);
                for (unsigned j = 0; j < vim_length(value); j++) {
                        child = world_resolve(managed->world, vim_item(value, j));
                        if (child != NULL)
                                g_ptr_array_add(list, child);
                }
        }
        return list;
}
