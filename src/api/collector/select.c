/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Traversal. Each object is done once with each selection, so cycles end by themselves; a queue instead of
 * recursion, so that depth costs nothing.
 */
#include "api/collector/select.h"

#include "api/collector/read.h"

/* An object that a selection is to be done with. */
typedef struct Step {
        Node *node;
        unsigned selection;
} Step;

typedef struct Traversal {
        Walk *walk;
        const Spec *spec;
        Session *session;
        GArray *queue; /* of Step */
        unsigned done; /* of these */
        unsigned steps;
        const Managed *denied;
} Traversal;

/* Whether it was marked before. */
static bool mark(Node *node, unsigned selection, unsigned n_selections)
{
        uint64_t bit = UINT64_C(1) << selection % 64, *word;

        if (node->marks == NULL)
                node->marks = g_new0(uint64_t, (n_selections + 63) / 64);
        word = &node->marks[selection / 64];
        if ((*word & bit) != 0)
                return true;
        *word |= bit;
        return false;
}

static void enqueue(Traversal *traversal, Node *node, const GArray *selections)
{
        for (unsigned i = 0; i < selections->len; i++) {
                Step step = {.node = node, .selection = g_array_index(selections, unsigned, i)};

                if (!mark(node, step.selection, traversal->spec->selections->len))
                        g_array_append_val(traversal->queue, step);
        }
}

static void reach(Traversal *traversal, const VimValue *reference, const Selection *selection)
{
        Managed *managed = reference->type->kind == VIM_REFERENCE
                                   ? world_resolve(traversal->walk->world, reference)
                                   : NULL;
        Node *node;

        traversal->steps++;
        if (managed == NULL || !may_see(traversal->session, managed))
                return;
        node = walk_visit(traversal->walk, managed);
        if (!selection->skip)
                walk_select(traversal->walk, node);
        enqueue(traversal, node, selection->next);
}

static void follow(Traversal *traversal, Node *node, const Selection *selection)
{
        const Managed *managed = node->managed;
        g_autoptr(VimValue) value = NULL;

        traversal->steps++;
        if (!vim_type_is(managed->type, selection->type))
                return;
        if (!may_read(traversal->session, &managed->type->fields[selection->path->place])) {
                traversal->denied = managed;
                return;
        }
        walk_depends(node, selection->path->place);
        value = path_read(selection->path, managed, traversal->session);
        if (value == NULL)
                return;
        if (!value->is_list)
                reach(traversal, value, selection);
        for (unsigned i = 0; i < vim_length(value) && traversal->steps < SELECT_STEPS_MAX; i++)
                reach(traversal, vim_item(value, i), selection);
}

bool select_objects(Walk *walk, const Spec *spec, Session *session, const Managed **ret_denied)
{
        Traversal traversal = {.walk = walk, .spec = spec, .session = session};

        traversal.queue = g_array_new(FALSE, FALSE, sizeof(Step));
        for (unsigned i = 0; i < spec->starts->len; i++) {
                const Start *start = spec->starts->pdata[i];
                Node *node;

                if (start->managed->gone)
                        continue;
                node = walk_visit(walk, start->managed);
                if (!start->skip)
                        walk_select(walk, node);
                enqueue(&traversal, node, start->next);
        }
        while (traversal.done < traversal.queue->len && traversal.steps < SELECT_STEPS_MAX) {
                Step step = g_array_index(traversal.queue, Step, traversal.done++);

                follow(&traversal, step.node, spec->selections->pdata[step.selection]);
        }
        g_array_unref(traversal.queue);
        if (ret_denied != NULL)
                *ret_denied = traversal.denied;
        return traversal.steps < SELECT_STEPS_MAX;
}
