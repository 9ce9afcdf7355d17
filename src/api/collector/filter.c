/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a client knows of the objects in a filter, and what it has to be told. */
#include "api/collector/filter.h"

#include <string.h>

#include "api/collector/change.h"
#include "api/collector/read.h"
#include "api/collector/select.h"
#include "api/internal.h"

struct Filter {
        Spec *spec;
        bool partial;
        Session *session;
        Walk *walk;
        bool walked;
        bool missing_told;
        GQueue dirty; /* of Managed *, references: to be looked at; also some that are gone from the walk */
        GQueue left;  /* of Managed *, references: the client knows them, and they are not selected any more
                       */
};

/* Of a selected object; Node.data. */
typedef struct Report {
        unsigned n;      /* paths */
        uint64_t seen;   /* the world's version when old was read */
        bool told;       /* the client knows the object */
        bool queued;     /* it is in dirty */
        VimValue *old[]; /* as many; NULL: unset */
} Report;

static void report_free(Report *report)
{
        for (unsigned i = 0; i < report->n; i++)
                vim_unref(report->old[i]);
        g_free(report);
}

static void unref_managed(gpointer managed)
{
        managed_unref(managed);
}

static void forget(Node *node, gpointer user_data)
{
        (void)user_data;
        g_clear_pointer((Report **)&node->data, report_free);
}

static void forget_all(Filter *filter)
{
        walk_clear(filter->walk, forget, NULL);
        g_queue_clear_full(&filter->dirty, unref_managed);
        g_queue_clear_full(&filter->left, unref_managed);
}

static void filter_free(gpointer data)
{
        Filter *filter = data;

        if (filter == NULL)
                return;
        forget_all(filter);
        walk_free(filter->walk);
        spec_unref(filter->spec);
        g_free(filter);
}

void filter_attach(Managed *managed, Spec *spec, bool partial_updates, Session *session)
{
        Filter *filter = g_new0(Filter, 1);

        filter->spec = spec_ref(spec);
        filter->partial = partial_updates;
        filter->session = session;
        filter->walk = walk_new(managed->world);
        managed->subject = filter;
        managed->free_subject = filter_free;
}

void filter_detach(Managed *managed)
{
        filter_free(managed->subject);
        managed->subject = NULL;
}

void filter_restart(Managed *managed)
{
        Filter *filter = managed->subject;

        forget_all(filter);
        filter->walked = false;
        filter->missing_told = false;
}

void told_clear(Told *told)
{
        managed_unref(told->filter);
        managed_unref(told->object); /* NULL where none is */
        vim_unref(told->changes);
}

/* === what is selected === */

/* Whether one of the properties that are wanted has changed since they were read. */
static bool may_differ(const Filter *filter, const Managed *managed, const Report *report)
{
        const GPtrArray *paths = spec_paths(filter->spec, managed->type);

        for (unsigned i = 0; i < paths->len; i++)
                if (managed->versions[((const Path *)paths->pdata[i])->place] > report->seen)
                        return true;
        return false;
}

static void enqueue(Node *node, gpointer user_data)
{
        Filter *filter = user_data;
        Report *report = node->data;

        if (report == NULL || report->queued || (report->told && !may_differ(filter, node->managed, report)))
                return;
        report->queued = true;
        g_queue_push_tail(&filter->dirty, managed_ref(node->managed));
}

static void on_left(Node *node, gpointer user_data)
{
        Filter *filter = user_data;
        const Report *report = node->data;

        if (report->told)
                g_queue_push_tail(&filter->left, managed_ref(node->managed));
        forget(node, NULL);
}

static void select_anew(Filter *filter)
{
        Walk *walk = filter->walk;

        walk_begin(walk);
        (void)select_objects(walk, filter->spec, filter->session, NULL);
        walk_end(walk, on_left, filter);
        for (unsigned i = 0; i < walk->selected->len; i++) {
                Node *node = walk->selected->pdata[i];
                const GPtrArray *paths = spec_paths(filter->spec, node->managed->type);
                Report *report;

                if (node->data != NULL || paths == NULL)
                        continue;
                report = g_malloc0(sizeof *report + paths->len * sizeof report->old[0]);
                report->n = paths->len;
                node->data = report;
                enqueue(node, filter);
        }
        filter->walked = true;
}

static void look(Filter *filter)
{
        if (!filter->walked || walk_look(filter->walk, enqueue, filter))
                select_anew(filter);
}

/* === what has changed of an object === */

static void read_all(const Filter *filter, const Managed *managed, Report *report)
{
        const GPtrArray *paths = spec_paths(filter->spec, managed->type);

        for (unsigned i = 0; i < paths->len; i++) {
                const Path *path = paths->pdata[i];

                if (may_read(filter->session, &managed->type->fields[path->place]))
                        report->old[i] = path_read(path, managed, filter->session);
        }
        report->seen = world_version(managed->world);
        report->told = true;
}

static void add_unset(VimValue *changes, const Filter *filter, const Managed *managed, const Path *path)
{
        const char *name = path->name->text;

        if (!path_has_parent(path, managed, filter->session))
                change_add(changes, name, "indirectRemove", NULL);
        else if (g_str_has_suffix(name, "]"))
                change_add(changes, name, "remove", NULL);
        else
                change_add(changes, name, "assign", NULL);
}

/* NULL: nothing of what is wanted. */
static VimValue *compare_all(const Filter *filter, const Managed *managed, Report *report)
{
        const GPtrArray *paths = spec_paths(filter->spec, managed->type);
        VimValue *changes = vim_new_list("PropertyChange");

        for (unsigned i = 0; i < paths->len; i++) {
                const Path *path = paths->pdata[i];
                g_autoptr(VimValue) value = NULL;

                if (managed->versions[path->place] <= report->seen ||
                    !may_read(filter->session, &managed->type->fields[path->place]))
                        continue;
                value = path_read(path, managed, filter->session);
                if (vim_equal(report->old[i], value))
                        continue;
                if (value == NULL)
                        add_unset(changes, filter, managed, path);
                else if (filter->partial && report->old[i] != NULL)
                        change_between(changes, path->name->text, report->old[i], value);
                else
                        change_add(changes, path->name->text, "assign", vim_ref(value));
                vim_unref(report->old[i]);
                report->old[i] = g_steal_pointer(&value);
        }
        report->seen = world_version(managed->world);
        if (vim_length(changes) == 0)
                g_clear_pointer(&changes, vim_unref);
        return changes;
}

/* === what the client is told === */

static void add_told(GArray *items, Managed *filter, Managed *object, ToldKind kind, VimValue *changes)
{
        Told told = {.filter = managed_ref(filter), .object = object, .kind = kind, .changes = changes};

        g_array_append_val(items, told);
}

/* Takes the reference. Whether there was something to tell. */
static bool collect_dirty(Managed *managed, Filter *filter, Managed *object, GArray *items)
{
        Node *node = walk_find(filter->walk, object);
        Report *report = node != NULL ? node->data : NULL;
        VimValue *changes = NULL;
        bool known;

        if (report == NULL || !report->queued) {
                managed_unref(object);
                return false;
        }
        report->queued = false;
        known = report->told;
        if (!known)
                read_all(filter, object, report);
        else
                changes = compare_all(filter, object, report);
        if (known && changes == NULL) {
                managed_unref(object);
                return false;
        }
        add_told(items, managed, object, known ? TOLD_MODIFY : TOLD_ENTER, changes);
        return true;
}

bool filter_collect(Managed *managed, GArray *items, unsigned *room)
{
        Filter *filter = managed->subject;

        look(filter);
        if (!filter->missing_told && filter->spec->missing->len > 0)
                add_told(items, managed, NULL, TOLD_MISSING, NULL);
        filter->missing_told = true;
        for (; *room > 0 && filter->left.length > 0; (*room)--)
                add_told(items, managed, g_queue_pop_head(&filter->left), TOLD_LEAVE, NULL);
        while (*room > 0 && filter->dirty.length > 0)
                *room -= collect_dirty(managed, filter, g_queue_pop_head(&filter->dirty), items);
        return filter->left.length > 0 || filter->dirty.length > 0;
}

/* As it was when it was read for the client. */
static VimValue *enter_changes(const Filter *filter, const Managed *object, const Report *report)
{
        const GPtrArray *paths = spec_paths(filter->spec, object->type);
        VimValue *changes = vim_new_list("PropertyChange");

        for (unsigned i = 0; i < paths->len; i++)
                if (report->old[i] != NULL)
                        change_add(changes, ((const Path *)paths->pdata[i])->name->text, "assign",
                                   vim_ref(report->old[i]));
        if (vim_length(changes) == 0)
                g_clear_pointer(&changes, vim_unref);
        return changes;
}

VimValue *filter_update_of(const Told *told)
{
        static const char *const kinds[] = {
                [TOLD_ENTER] = "enter", [TOLD_MODIFY] = "modify", [TOLD_LEAVE] = "leave"};
        const Filter *filter = told->filter->subject;
        const Node *node = filter != NULL ? walk_find(filter->walk, told->object) : NULL;
        VimValue *update;

        if (filter == NULL || (told->kind == TOLD_ENTER && (node == NULL || node->data == NULL)))
                return NULL;
        update = vim_new_object("ObjectUpdate");
        vim_set_text(update, "kind", kinds[told->kind]);
        vim_set(update, "obj", managed_reference(told->object));
        if (told->kind == TOLD_MODIFY)
                vim_set(update, "changeSet", vim_ref(told->changes));
        if (told->kind == TOLD_ENTER) {
                vim_set(update, "changeSet", enter_changes(filter, told->object, node->data));
                vim_set(update, "missingSet",
                        missing_of(spec_paths(filter->spec, told->object->type), told->object,
                                   filter->session));
        }
        return update;
}

VimValue *filter_missing(const Managed *managed)
{
        const Filter *filter = managed->subject;
        VimValue *list;

        if (filter == NULL || filter->spec->missing->len == 0)
                return NULL;
        list = vim_new_list("MissingObject");
        for (unsigned i = 0; i < filter->spec->missing->len; i++) {
                const VimValue *reference = filter->spec->missing->pdata[i];
                VimValue *missing = vim_new_object("MissingObject");

                vim_set(missing, "obj", vim_ref(reference));
                vim_set(missing, "fault",
                        vim_new_localized(fault_no_object(reference->type->name, reference->text),
                                          "there is no such object (any more)"));
                vim_add(list, missing);
        }
        return list;
}
