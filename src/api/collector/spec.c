/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a client asks for, checked before anything is looked at. */
#include "api/collector/spec.h"

#include <string.h>

#include "api/internal.h"

/* A PropertySpec. */
typedef struct Wanted {
        const VimType *type;
        bool all;
        GPtrArray *paths; /* of Path * */
} Wanted;

/* === paths === */

void path_free(Path *path)
{
        if (path == NULL)
                return;
        vim_unref(path->name);
        g_free(path->key);
        g_free(path->rest);
        g_free(path->parent);
        g_clear_pointer(&path->places, g_array_unref);
        g_free(path);
}

static void free_path(gpointer path)
{
        path_free(path);
}

/* Where the last step begins. */
static size_t last_dot(const char *text)
{
        size_t last = 0;
        bool inside = false;

        for (size_t i = 0; text[i] != '\0'; i++) {
                if (text[i] == '[')
                        inside = true;
                else if (text[i] == ']')
                        inside = false;
                else if (text[i] == '.' && !inside)
                        last = i;
        }
        return last;
}

static bool leads_on(const VimField *field, bool has_key, const char *rest, VimVersion version)
{
        if (has_key && !field->is_list)
                return false;
        if (rest[0] == '\0')
                return true;
        /* Other objects' properties are their own. */
        return (!field->is_list || has_key) && field->type->kind != VIM_REFERENCE &&
               vim_type_has_path(field->type, rest, version);
}

/*
 * Fields that have their place in all that extends the type, too, for those of the base come first; so that
 * reading needs no names. NULL: there are keys in it, or it leads on by what a value is in fact.
 */
static GArray *places_of(const VimType *type, const char *rest)
{
        g_auto(GStrv) names = g_strsplit(rest, ".", -1);
        g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(unsigned));

        for (char **name = names; *name != NULL; name++) {
                int place = type->kind == VIM_OBJECT ? vim_type_field(type, *name) : -1;
                unsigned found = (unsigned)place;

                if (place < 0 || (name[1] != NULL && type->fields[place].is_list))
                        return NULL;
                g_array_append_val(places, found);
                type = type->fields[place].type;
        }
        return g_steal_pointer(&places);
}

Path *path_new(const VimType *type, const char *text, VimVersion version)
{
        g_autofree char *name = NULL, *key = NULL;
        const char *rest;
        Path *path;
        int place;

        if (!vim_path_first(text, &name, &key, &rest))
                return NULL;
        place = vim_type_field(type, name);
        if (place < 0 || type->fields[place].since > version ||
            !leads_on(&type->fields[place], key != NULL, rest, version))
                return NULL;
        path = g_new0(Path, 1);
        path->name = vim_new_text(vim_type("PropertyPath"), text);
        path->place = (unsigned)place;
        path->key = g_steal_pointer(&key);
        if (rest[0] != '\0') {
                path->rest = g_strdup(rest);
                path->parent = g_strndup(rest, last_dot(rest));
                path->places = places_of(type->fields[place].type, rest);
        }
        return path;
}

/* === making === */

static bool refuse_type(Request *request, const char *argument, const char *name)
{
        VimValue *fault = vim_new_fault("InvalidType");

        vim_set_text(fault, "argument", argument);
        request_fault(request, fault, "there is no type of managed objects \"%.100s\"", name);
        return false;
}

static const VimType *managed_type(const char *name)
{
        const VimType *type = vim_type(name);

        return type != NULL && type->kind == VIM_REFERENCE ? type : NULL;
}

static void free_wanted(gpointer data)
{
        Wanted *wanted = data;

        g_ptr_array_unref(wanted->paths);
        g_free(wanted);
}

static bool add_paths(Request *request, const Spec *spec, Wanted *wanted, const VimValue *paths,
                      unsigned *total)
{
        for (unsigned i = 0; i < vim_length(paths) && !wanted->all; i++) {
                const char *text = vim_item(paths, i)->text;
                Path *path = path_new(wanted->type, text, spec->version);
                VimValue *fault;

                if (path == NULL) {
                        fault = vim_new_fault("InvalidProperty");
                        vim_set_text(fault, "name", text);
                        request_fault(request, fault, "%s has no property \"%.200s\"", wanted->type->name,
                                      text);
                        return false;
                }
                g_ptr_array_add(wanted->paths, path);
                if (++*total > SPEC_PATHS_MAX) {
                        request_invalid(request, "propSet",
                                        "more than %d property paths; ask for fewer at a time",
                                        SPEC_PATHS_MAX);
                        return false;
                }
        }
        return true;
}

static bool read_wanted(Request *request, Spec *spec, const VimValue *list)
{
        unsigned total = 0;

        for (unsigned i = 0; i < vim_length(list); i++) {
                const VimValue *item = vim_item(list, i);
                const VimType *type = managed_type(vim_get_text(item, "type"));
                Wanted *wanted;

                if (type == NULL)
                        return refuse_type(request, "propSet.type", vim_get_text(item, "type"));
                wanted = g_new0(Wanted, 1);
                wanted->type = type;
                wanted->all = vim_get_bool(item, "all", false);
                wanted->paths = g_ptr_array_new_with_free_func(free_path);
                g_ptr_array_add(spec->wanted, wanted);
                if (!add_paths(request, spec, wanted, vim_get(item, "pathSet"), &total))
                        return false;
        }
        return true;
}

static void free_selection(gpointer data)
{
        Selection *selection = data;

        path_free(selection->path);
        if (selection->next != NULL)
                g_array_unref(selection->next);
        g_free(selection);
}

/* The TraversalSpecs in a list and below them get their places first, since names may point forward. */
static bool add_selections(Request *request, Spec *spec, const VimValue *list, GHashTable *places)
{
        for (unsigned i = 0; i < vim_length(list); i++) {
                const VimValue *item = vim_item(list, i);
                Selection *selection;

                if (!vim_is(item, "TraversalSpec") || g_hash_table_contains(places, item))
                        continue;
                if (spec->selections->len >= SPEC_SELECTIONS_MAX) {
                        request_invalid(request, "objectSet",
                                        "more than %d traversals; ask for fewer at a time",
                                        SPEC_SELECTIONS_MAX);
                        return false;
                }
                selection = g_new0(Selection, 1);
                g_hash_table_insert(places, (gpointer)(uintptr_t)item,
                                    GUINT_TO_POINTER(spec->selections->len));
                g_ptr_array_add(spec->selections, selection);
                selection->name = vim_get_text(item, "name");
                selection->skip = vim_get_bool(item, "skip", false);
                selection->type = managed_type(vim_get_text(item, "type"));
                if (selection->type == NULL)
                        return refuse_type(request, "objectSet.selectSet.type", vim_get_text(item, "type"));
                selection->path = path_new(selection->type, vim_get_text(item, "path"), spec->version);
                if (selection->path == NULL) {
                        request_invalid(request, "objectSet.selectSet.path", "%s has no property \"%.200s\"",
                                        selection->type->name, vim_get_text(item, "path"));
                        return false;
                }
                if (!add_selections(request, spec, vim_get(item, "selectSet"), places))
                        return false;
        }
        return true;
}

static int find_name(GHashTable *names, const char *name)
{
        gpointer place;

        return name != NULL && g_hash_table_lookup_extended(names, name, NULL, &place)
                       ? (int)GPOINTER_TO_UINT(place)
                       : -1;
}

/* The places of a selectSet; NULL: a name is not known, and the request was answered. */
static GArray *resolve(Request *request, const VimValue *list, GHashTable *places, GHashTable *names)
{
        g_autoptr(GArray) next = g_array_new(FALSE, FALSE, sizeof(unsigned));

        for (unsigned i = 0; i < vim_length(list); i++) {
                const VimValue *item = vim_item(list, i);
                const char *name = vim_get_text(item, "name");
                int place = vim_is(item, "TraversalSpec")
                                    ? GPOINTER_TO_INT(g_hash_table_lookup(places, item))
                                    : find_name(names, name);

                if (place < 0) {
                        request_invalid(request, "objectSet.selectSet",
                                        "there is no selection named \"%.100s\"", name != NULL ? name : "");
                        return NULL;
                }
                g_array_append_val(next, place);
        }
        return g_steal_pointer(&next);
}

static bool resolve_all(Request *request, Spec *spec, GHashTable *places, GHashTable *names)
{
        GHashTableIter iter;
        gpointer item, place;

        g_hash_table_iter_init(&iter, places);
        while (g_hash_table_iter_next(&iter, &item, &place)) {
                Selection *selection = spec->selections->pdata[GPOINTER_TO_UINT(place)];

                selection->next = resolve(request, vim_get(item, "selectSet"), places, names);
                if (selection->next == NULL)
                        return false;
        }
        return true;
}

static void free_start(gpointer data)
{
        Start *start = data;

        managed_unref(start->managed);
        g_array_unref(start->next);
        g_free(start);
}

static void unref_value(gpointer value)
{
        vim_unref(value);
}

static bool add_start(Request *request, Spec *spec, const VimValue *item, bool report_missing, GArray *next)
{
        const VimValue *reference = vim_get(item, "obj");
        Managed *managed = world_resolve(request_world(request), reference);
        Start *start;

        if (managed == NULL || (managed->owner != NULL && managed->owner != request_session(request))) {
                g_array_unref(next);
                g_ptr_array_add(spec->missing, vim_ref(reference));
                if (report_missing)
                        return true;
                request_fault(request, fault_no_object(reference->type->name, reference->text),
                              "there is no %s \"%.100s\" (any more)", reference->type->name,
                              reference->text);
                return false;
        }
        start = g_new0(Start, 1);
        start->managed = managed_ref(managed);
        start->skip = vim_get_bool(item, "skip", false);
        start->next = next;
        g_ptr_array_add(spec->starts, start);
        return true;
}

static bool read_objects(Request *request, Spec *spec, const VimValue *list, bool report_missing)
{
        g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL);
        g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

        if (vim_length(list) > SPEC_OBJECTS_MAX) {
                request_invalid(request, "objectSet", "more than %d objects; ask for fewer at a time",
                                SPEC_OBJECTS_MAX);
                return false;
        }
        for (unsigned i = 0; i < vim_length(list); i++)
                if (!add_selections(request, spec, vim_get(vim_item(list, i), "selectSet"), places))
                        return false;
        for (unsigned i = spec->selections->len; i-- > 0;) {
                const Selection *selection = spec->selections->pdata[i];

                if (selection->name != NULL)
                        g_hash_table_replace(names, (gpointer)(uintptr_t)selection->name,
                                             GUINT_TO_POINTER(i));
        }
        if (!resolve_all(request, spec, places, names))
                return false;
        for (unsigned i = 0; i < vim_length(list); i++) {
                GArray *next = resolve(request, vim_get(vim_item(list, i), "selectSet"), places, names);

                if (next == NULL || !add_start(request, spec, vim_item(list, i), report_missing, next))
                        return false;
        }
        for (unsigned i = 0; i < spec->selections->len; i++)
                ((Selection *)spec->selections->pdata[i])->name = NULL; /* was the argument's */
        return true;
}

static void unref_paths(gpointer paths)
{
        if (paths != NULL)
                g_ptr_array_unref(paths);
}

Spec *spec_new(Request *request, const VimValue *filter_spec)
{
        g_autoptr(Spec) spec = g_new0(Spec, 1);
        const VimValue *wanted = vim_get(filter_spec, "propSet"),
                       *objects = vim_get(filter_spec, "objectSet");

        spec->references = 1;
        spec->version = request_version(request);
        spec->wanted = g_ptr_array_new_with_free_func(free_wanted);
        spec->selections = g_ptr_array_new_with_free_func(free_selection);
        spec->starts = g_ptr_array_new_with_free_func(free_start);
        spec->missing = g_ptr_array_new_with_free_func(unref_value);
        spec->by_type = g_hash_table_new_full(NULL, NULL, NULL, unref_paths);
        spec->whole = g_ptr_array_new_with_free_func(free_path);
        if (vim_length(wanted) == 0 || vim_length(objects) == 0) {
                request_invalid(request, vim_length(wanted) == 0 ? "propSet" : "objectSet",
                                "the specification names no %s",
                                vim_length(wanted) == 0 ? "type of objects" : "object");
                return NULL;
        }
        if (!read_wanted(request, spec, wanted) ||
            !read_objects(request, spec, objects,
                          vim_get_bool(filter_spec, "reportMissingObjectsInResults", false)))
                return NULL;
        return g_steal_pointer(&spec);
}

Spec *spec_ref(Spec *spec)
{
        spec->references++;
        return spec;
}

void spec_unref(Spec *spec)
{
        if (spec == NULL || --spec->references > 0)
                return;
        g_ptr_array_unref(spec->wanted);
        g_ptr_array_unref(spec->selections);
        g_ptr_array_unref(spec->starts);
        g_ptr_array_unref(spec->missing);
        g_hash_table_unref(spec->by_type);
        g_ptr_array_unref(spec->whole);
        g_free(spec);
}

/* === what is wanted of a type === */

static void add_once(GPtrArray *paths, GHashTable *names, Path *path)
{
        if (g_hash_table_add(names, path->name->text))
                g_ptr_array_add(paths, path);
}

static void add_all(Spec *spec, GPtrArray *paths, GHashTable *names, const VimType *of)
{
        for (unsigned i = 0; i < of->n_fields; i++) {
                Path *path;

                if (of->fields[i].since > spec->version)
                        continue;
                path = g_new0(Path, 1);
                path->name = vim_new_string(of->fields[i].name);
                path->place = i;
                g_ptr_array_add(spec->whole, path);
                add_once(paths, names, path);
        }
}

const GPtrArray *spec_paths(Spec *spec, const VimType *type)
{
        g_autoptr(GHashTable) names = NULL;
        GPtrArray *paths = NULL;
        gpointer key, known;

        memcpy(&key, &type, sizeof key);
        if (g_hash_table_lookup_extended(spec->by_type, key, NULL, &known))
                return known;
        names = g_hash_table_new(g_str_hash, g_str_equal);
        for (unsigned i = 0; i < spec->wanted->len; i++) {
                const Wanted *wanted = spec->wanted->pdata[i];

                if (!vim_type_is(type, wanted->type))
                        continue;
                if (paths == NULL)
                        paths = g_ptr_array_new();
                /* All of the object, also what only its own type has. */
                if (wanted->all)
                        add_all(spec, paths, names, type);
                for (unsigned j = 0; j < wanted->paths->len; j++)
                        add_once(paths, names, wanted->paths->pdata[j]);
        }
        g_hash_table_insert(spec->by_type, key, paths);
        return paths;
}
