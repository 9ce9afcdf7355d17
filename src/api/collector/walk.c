/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Objects that were visited, and whether they still are as they were. */
#include "api/collector/walk.h"

#define LAST_PLACE 63u

static void free_node(gpointer data)
{
        Node *node = data;

        managed_unref(node->managed);
        g_free(node->marks);
        g_free(node);
}

Walk *walk_new(World *world)
{
        Walk *walk = g_new0(Walk, 1);

        walk->world = world;
        walk->nodes = g_hash_table_new_full(NULL, NULL, NULL, free_node);
        walk->selected = g_ptr_array_new();
        walk->before = g_ptr_array_new();
        return walk;
}

void walk_free(Walk *walk)
{
        if (walk == NULL)
                return;
        g_ptr_array_unref(walk->selected);
        g_ptr_array_unref(walk->before);
        g_hash_table_unref(walk->nodes);
        g_free(walk);
}

void walk_begin(Walk *walk)
{
        GPtrArray *found = walk->selected;

        walk->generation++;
        walk->looked = world_version(walk->world);
        walk->selected = walk->before;
        walk->before = found;
        g_ptr_array_set_size(walk->selected, 0);
}

Node *walk_visit(Walk *walk, Managed *managed)
{
        Node *node = g_hash_table_lookup(walk->nodes, managed);

        if (node == NULL) {
                node = g_new0(Node, 1);
                node->managed = managed_ref(managed);
                g_hash_table_insert(walk->nodes, managed, node);
        }
        if (node->generation != walk->generation) {
                node->generation = walk->generation;
                node->places = 0;
                node->selected = false;
        }
        return node;
}

void walk_select(Walk *walk, Node *node)
{
        if (!node->selected)
                g_ptr_array_add(walk->selected, node);
        node->selected = true;
}

void walk_depends(Node *node, unsigned place)
{
        node->places |= UINT64_C(1) << MIN(place, LAST_PLACE);
}

void walk_end(Walk *walk, void (*left)(Node *node, gpointer user_data), gpointer user_data)
{
        GHashTableIter iter;
        gpointer data;

        for (unsigned i = 0; left != NULL && i < walk->before->len; i++) {
                Node *node = walk->before->pdata[i];

                if (node->data != NULL && (node->generation != walk->generation || !node->selected))
                        left(node, user_data);
        }
        g_ptr_array_set_size(walk->before, 0);
        g_hash_table_iter_init(&iter, walk->nodes);
        while (g_hash_table_iter_next(&iter, NULL, &data)) {
                Node *node = data;

                if (node->generation != walk->generation)
                        g_hash_table_iter_remove(&iter);
                else
                        g_clear_pointer(&node->marks, g_free);
        }
}

void walk_clear(Walk *walk, void (*left)(Node *node, gpointer user_data), gpointer user_data)
{
        for (unsigned i = 0; i < walk->selected->len; i++) {
                Node *node = walk->selected->pdata[i];

                if (node->data != NULL)
                        left(node, user_data);
        }
        g_ptr_array_set_size(walk->selected, 0);
        g_hash_table_remove_all(walk->nodes);
}

Node *walk_find(const Walk *walk, const Managed *managed)
{
        return g_hash_table_lookup(walk->nodes, managed);
}

/* Whether something that was followed from it has changed. */
static bool leads_elsewhere(const Node *node, uint64_t since)
{
        const Managed *managed = node->managed;

        if (managed->gone)
                return true;
        for (unsigned i = 0; i < managed->type->n_fields; i++)
                if ((node->places >> MIN(i, LAST_PLACE) & 1) != 0 && managed->versions[i] > since)
                        return true;
        return false;
}

bool walk_look(Walk *walk, void (*changed)(Node *node, gpointer user_data), gpointer user_data)
{
        uint64_t since = walk->looked;
        bool elsewhere = false;

        for (Managed *managed = world_latest(walk->world); managed != NULL && managed->changed > since;
             managed = managed->older) {
                Node *node = walk_find(walk, managed);

                if (node == NULL)
                        continue;
                elsewhere = elsewhere || leads_elsewhere(node, since);
                if (node->selected && changed != NULL)
                        changed(node, user_data);
        }
        walk->looked = world_version(walk->world);
        return elsewhere;
}
