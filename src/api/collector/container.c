/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Container views: the inventory below an entity, kept right as it changes. */
#include "api/collector/container.h"

#include <string.h>

#include "api/collector/children.h"
#include "api/collector/walk.h"

/* What some container views show. */
typedef struct Content {
        Containers *containers; /* NULL: they are gone */
        char *key;
        Managed *container; /* a reference */
        GPtrArray *types;   /* of const VimType *; empty: all */
        bool recursive;
        Walk *walk;
        GPtrArray *shown; /* of Managed *: the views, borrowed */
} Content;

struct Containers {
        World *world;
        GHashTable *contents; /* key to Content *, borrowed */
};

/* The subject of a container view. */
typedef struct Shown {
        Content *content; /* lives as long as views show it */
        Managed *view;    /* not a reference */
} Shown;

static bool is_wanted(const Content *content, const VimType *type)
{
        for (unsigned i = 0; i < content->types->len; i++)
                if (vim_type_is(type, content->types->pdata[i]))
                        return true;
        return content->types->len == 0;
}

static void reach(Content *content, GPtrArray *found, const VimValue *reference)
{
        Managed *managed = world_resolve(content->walk->world, reference);
        Node *node;

        if (managed == NULL || managed == content->container)
                return;
        node = walk_visit(content->walk, managed);
        if (node->selected)
                return;
        walk_select(content->walk, node);
        g_ptr_array_add(found, node);
}

static void follow(Content *content, GPtrArray *found, Node *node, int place)
{
        const VimValue *value = node->managed->properties[place];

        walk_depends(node, (unsigned)place);
        if (value != NULL && !value->is_list)
                reach(content, found, value);
        for (unsigned i = 0; i < vim_length(value); i++)
                reach(content, found, vim_item(value, i));
}

/* VMs of a host, or of a pool, are shown one level deeper than other things. */
static void follow_vms(Content *content, GPtrArray *found, Node *node)
{
        const VimType *type = node->managed->type;

        if (vim_type_is(type, vim_type("HostSystem")) || vim_type_is(type, vim_type("ResourcePool")))
                follow(content, found, node, vim_type_field(type, "vm"));
}

static void find_all(Content *content)
{
        g_autoptr(GPtrArray) found = g_ptr_array_new();

        g_ptr_array_add(found, walk_visit(content->walk, content->container));
        for (unsigned i = 0; i < found->len; i++) {
                Node *node = found->pdata[i];
                int places[CHILDREN_MAX + 1];

                if (node->managed->gone)
                        continue;
                if (i == 0 || content->recursive) {
                        children_places(node->managed->type, places);
                        for (unsigned j = 0; places[j] >= 0; j++)
                                follow(content, found, node, places[j]);
                }
                if (i == 0 || content->recursive ||
                    !vim_type_is(content->container->type, vim_type("Folder")))
                        follow_vms(content, found, node);
        }
}

static VimValue *list_wanted(const Content *content)
{
        VimValue *list = vim_new_list("ManagedObject");

        for (unsigned i = 0; i < content->walk->selected->len; i++) {
                const Node *node = content->walk->selected->pdata[i];

                if (is_wanted(content, node->managed->type))
                        vim_add(list, managed_reference(node->managed));
        }
        return list;
}

static void content_find(Content *content)
{
        g_autoptr(VimValue) list = NULL;

        walk_begin(content->walk);
        find_all(content);
        list = list_wanted(content);
        walk_end(content->walk, NULL, NULL);
        for (unsigned i = 0; i < content->shown->len; i++)
                managed_set(content->shown->pdata[i], "view", vim_ref(list));
}

static char *content_key(const Managed *container, const GPtrArray *types, bool recursive)
{
        GString *key = g_string_new(container->id);

        for (unsigned i = 0; i < types->len; i++)
                g_string_append_printf(key, " %s", ((const VimType *)types->pdata[i])->name);
        g_string_append(key, recursive ? " all" : " first");
        return g_string_free(key, FALSE);
}

static void content_free(Content *content)
{
        if (content->containers != NULL)
                (void)g_hash_table_remove(content->containers->contents, content->key);
        walk_free(content->walk);
        managed_unref(content->container);
        g_ptr_array_unref(content->types);
        g_ptr_array_unref(content->shown);
        g_free(content->key);
        g_free(content);
}

static Content *content_new(Containers *containers, Managed *container, GPtrArray *types, bool recursive)
{
        Content *content = g_new0(Content, 1);

        content->containers = containers;
        content->key = content_key(container, types, recursive);
        content->container = managed_ref(container);
        content->types = g_ptr_array_ref(types);
        content->recursive = recursive;
        content->walk = walk_new(containers->world);
        content->shown = g_ptr_array_new();
        g_hash_table_insert(containers->contents, content->key, content);
        return content;
}

/* === views === */

bool container_is_one(const Managed *managed)
{
        static const char *const types[] = {"Folder", "Datacenter", "ComputeResource", "ResourcePool",
                                            "HostSystem"};

        for (unsigned i = 0; i < G_N_ELEMENTS(types); i++)
                if (vim_type_is(managed->type, vim_type(types[i])))
                        return true;
        return false;
}

/* The last one takes the content with it. */
static void hide(gpointer data)
{
        Shown *shown = data;
        Content *content = shown->content;

        (void)g_ptr_array_remove_fast(content->shown, shown->view);
        if (content->shown->len == 0)
                content_free(content);
        g_free(shown);
}

void container_show(Containers *containers, Managed *view, Managed *container, GPtrArray *types,
                    bool recursive)
{
        g_autoptr(GPtrArray) taken = types;
        g_autofree char *key = content_key(container, taken, recursive);
        Content *content = g_hash_table_lookup(containers->contents, key);
        Shown *shown = g_new0(Shown, 1);

        if (content == NULL)
                content = content_new(containers, container, taken, recursive);
        g_ptr_array_add(content->shown, view);
        shown->content = content;
        shown->view = view;
        view->subject = shown;
        view->free_subject = hide;
        /* Another view has it already. */
        if (content->shown->len > 1 && !walk_look(content->walk, NULL, NULL))
                managed_set(view, "view", vim_ref(managed_peek(content->shown->pdata[0], "view")));
        else
                content_find(content);
}

/* === all === */

Containers *containers_new(World *world)
{
        Containers *containers = g_new0(Containers, 1);

        containers->world = world;
        containers->contents = g_hash_table_new(g_str_hash, g_str_equal);
        return containers;
}

void containers_free(Containers *containers)
{
        GHashTableIter iter;
        gpointer content;

        g_hash_table_iter_init(&iter, containers->contents);
        while (g_hash_table_iter_next(&iter, NULL, &content))
                ((Content *)content)->containers = NULL;
        g_hash_table_unref(containers->contents);
        g_free(containers);
}

void containers_bring_up(Containers *containers)
{
        GHashTableIter iter;
        gpointer content;

        g_hash_table_iter_init(&iter, containers->contents);
        while (g_hash_table_iter_next(&iter, NULL, &content))
                if (walk_look(((Content *)content)->walk, NULL, NULL))
                        content_find(content);
}
