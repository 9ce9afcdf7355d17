/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Differences of values. */
#include "api/collector/change.h"

#include <string.h>

void change_add(VimValue *changes, const char *name, const char *op, VimValue *value)
{
        VimValue *change = vim_new_object("PropertyChange");

        vim_set_text(change, "name", name);
        vim_set_text(change, "op", op);
        vim_set(change, "val", value);
        vim_add(changes, change);
}

/* --- lists --- */

/* How paths call each item, to its place + 1; NULL: not all can be called, or two alike. */
static GHashTable *steps_of(const VimValue *list)
{
        g_autoptr(GHashTable) steps = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

        for (unsigned i = 0; i < vim_length(list); i++) {
                char *step = vim_item_step(vim_item(list, i));

                if (step == NULL || !g_hash_table_insert(steps, step, GUINT_TO_POINTER(i + 1)))
                        return NULL;
        }
        return g_steal_pointer(&steps);
}

/* Removing what is not there any more and adding what is new at the end must give the new order. */
static bool keeps_order(const VimValue *old, GHashTable *new_steps)
{
        unsigned kept = 0;

        for (unsigned i = 0; i < vim_length(old); i++) {
                g_autofree char *step = vim_item_step(vim_item(old, i));
                unsigned place = GPOINTER_TO_UINT(g_hash_table_lookup(new_steps, step));

                if (place != 0 && place != ++kept)
                        return false;
        }
        return true;
}

static bool by_items(VimValue *changes, const char *path, const VimValue *old, const VimValue *new)
{
        g_autoptr(GHashTable) old_steps = steps_of(old), new_steps = steps_of(new);

        if (old->type != new->type || old_steps == NULL || new_steps == NULL || !keeps_order(old, new_steps))
                return false;
        for (unsigned i = 0; i < vim_length(old); i++) {
                g_autofree char *step = vim_item_step(vim_item(old, i));
                g_autofree char *name = g_strconcat(path, step, NULL);

                if (!g_hash_table_contains(new_steps, step))
                        change_add(changes, name, "remove", NULL);
        }
        for (unsigned i = 0; i < vim_length(new); i++) {
                const VimValue *item = vim_item(new, i);
                g_autofree char *step = vim_item_step(item);
                g_autofree char *name = g_strconcat(path, step, NULL);
                unsigned place = GPOINTER_TO_UINT(g_hash_table_lookup(old_steps, step));

                if (place == 0)
                        change_add(changes, name, "add", vim_ref(item));
                else
                        change_between(changes, name, vim_item(old, place - 1), item);
        }
        return true;
}

/* --- objects --- */

static void by_fields(VimValue *changes, const char *path, const VimValue *old, const VimValue *new)
{
        for (unsigned i = 0; i < new->type->n_fields; i++) {
                g_autofree char *name = NULL;

                if (vim_equal(old->fields[i], new->fields[i]))
                        continue;
                name = g_strconcat(path, ".", new->type->fields[i].name, NULL);
                if (old->fields[i] == NULL || new->fields[i] == NULL)
                        change_add(changes, name, "assign", vim_ref(new->fields[i]));
                else
                        change_between(changes, name, old->fields[i], new->fields[i]);
        }
}

void change_between(VimValue *changes, const char *path, const VimValue *old, const VimValue *new)
{
        if (vim_equal(old, new))
                return;
        if (old->is_list && new->is_list) {
                if (by_items(changes, path, old, new))
                        return;
        } else if (!old->is_list && !new->is_list &&
                   old->type == new->type &&new->type->kind == VIM_OBJECT) {
                by_fields(changes, path, old, new);
                return;
        }
        change_add(changes, path, "assign", vim_ref(new));
}
