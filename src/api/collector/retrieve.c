/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RetrieveProperties and its pages; Fetch. */
#include <string.h>

#include "api/collector/collector.h"
#include "api/collector/read.h"
#include "api/collector/select.h"
#include "api/collector/view.h"

/* An object, and by which of the specifications it was selected. */
typedef struct Row {
        Managed *managed; /* a reference */
        unsigned spec;    /* the first one */
        GArray *more;     /* of unsigned: the others; NULL: there are none */
} Row;

/* What was selected, and how far it was sent. */
typedef struct Retrieval {
        char *token; /* NULL: nobody asks for the rest */
        GPtrArray *specs;
        GArray *rows; /* of Row */
        unsigned sent;
        unsigned page; /* objects at a time */
} Retrieval;

static void retrieval_free(Retrieval *retrieval)
{
        for (unsigned i = 0; i < retrieval->rows->len; i++) {
                Row *row = &g_array_index(retrieval->rows, Row, i);

                managed_unref(row->managed);
                g_clear_pointer(&row->more, g_array_unref);
        }
        g_array_unref(retrieval->rows);
        g_ptr_array_unref(retrieval->specs);
        g_free(retrieval->token);
        g_free(retrieval);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Retrieval, retrieval_free)

static void free_retrieval(gpointer retrieval)
{
        retrieval_free(retrieval);
}

void retrieve_forget(Collector *collector)
{
        g_queue_clear_full(&collector->retrievals, free_retrieval);
}

/* --- selecting --- */

static void add_row(Retrieval *retrieval, GHashTable *places, Managed *managed, unsigned spec)
{
        Row row = {.managed = managed, .spec = spec}, *earlier;
        gpointer place;

        if (g_hash_table_lookup_extended(places, managed, NULL, &place)) {
                earlier = &g_array_index(retrieval->rows, Row, GPOINTER_TO_UINT(place));
                if (earlier->more == NULL)
                        earlier->more = g_array_new(FALSE, FALSE, sizeof spec);
                g_array_append_val(earlier->more, spec);
                return;
        }
        g_hash_table_insert(places, managed, GUINT_TO_POINTER(retrieval->rows->len));
        (void)managed_ref(managed);
        g_array_append_val(retrieval->rows, row);
}

static bool add_selected(Request *request, Retrieval *retrieval, GHashTable *places, unsigned place)
{
        Spec *spec = retrieval->specs->pdata[place];
        Walk *walk = walk_new(request_world(request));
        const Managed *denied = NULL;
        bool all;

        walk_begin(walk);
        all = select_objects(walk, spec, request_session(request), &denied);
        for (unsigned i = 0; i < walk->selected->len; i++) {
                Managed *managed = ((Node *)walk->selected->pdata[i])->managed;

                if (spec_paths(spec, managed->type) != NULL)
                        add_row(retrieval, places, managed, place);
        }
        walk_free(walk);
        if (!all) {
                request_invalid(request, "specSet",
                                "the traversals lead along more than %u references; ask for less",
                                SELECT_STEPS_MAX);
                return false;
        }
        /* It would look as if there were nothing. */
        return denied == NULL || request_session(request) != NULL || request_allowed(request, "System.View");
}

static void unref_spec(gpointer spec)
{
        spec_unref(spec);
}

/* NULL: the request was answered. */
static Retrieval *retrieval_new(Request *request)
{
        const VimValue *list = request_arg(request, "specSet");
        g_autoptr(Retrieval) retrieval = g_new0(Retrieval, 1);
        g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL);

        views_bring_up(request_api(request));
        retrieval->specs = g_ptr_array_new_with_free_func(unref_spec);
        retrieval->rows = g_array_new(FALSE, FALSE, sizeof(Row));
        for (unsigned i = 0; i < vim_length(list); i++) {
                Spec *spec = spec_new(request, vim_item(list, i));

                if (spec == NULL)
                        return NULL;
                g_ptr_array_add(retrieval->specs, spec);
                if (!add_selected(request, retrieval, places, i))
                        return NULL;
        }
        return g_steal_pointer(&retrieval);
}

/* --- sending --- */

static VimValue *content_of(const Retrieval *retrieval, const Row *row, Session *session)
{
        unsigned n = row->more != NULL ? row->more->len : 0;
        g_autofree const GPtrArray **lists = g_new(const GPtrArray *, n + 1);

        lists[0] = spec_paths(retrieval->specs->pdata[row->spec], row->managed->type);
        for (unsigned i = 0; i < n; i++)
                lists[i + 1] = spec_paths(retrieval->specs->pdata[g_array_index(row->more, unsigned, i)],
                                          row->managed->type);
        return content_new(row->managed, lists, n + 1, session);
}

/* Of ObjectContent; objects that went since they were selected are left out. */
static VimValue *next_objects(Retrieval *retrieval, Session *session)
{
        VimValue *objects = vim_new_list("ObjectContent");

        for (; retrieval->sent < retrieval->rows->len && vim_length(objects) < retrieval->page;
             retrieval->sent++) {
                const Row *row = &g_array_index(retrieval->rows, Row, retrieval->sent);

                if (!row->managed->gone)
                        vim_add(objects, content_of(retrieval, row, session));
        }
        return objects;
}

void retrieve_properties(Request *request)
{
        g_autoptr(Retrieval) retrieval = retrieval_new(request);

        if (retrieval == NULL)
                return;
        retrieval->page = UINT_MAX;
        request_return(request, next_objects(retrieval, request_session(request)));
}

/* Takes the retrieval; keeps it with a token in the result when there is more. */
static VimValue *next_page(Collector *collector, Retrieval *retrieval, Session *session)
{
        VimValue *result = vim_new_object("RetrieveResult");

        vim_set(result, "objects", next_objects(retrieval, session));
        if (retrieval->sent >= retrieval->rows->len) {
                retrieval_free(retrieval);
                return result;
        }
        g_free(retrieval->token);
        retrieval->token = g_uuid_string_random();
        vim_set_text(result, "token", retrieval->token);
        g_queue_push_tail(&collector->retrievals, retrieval);
        if (collector->retrievals.length > COLLECTOR_RETRIEVALS_MAX)
                retrieval_free(g_queue_pop_head(&collector->retrievals));
        return result;
}

void retrieve_properties_ex(Request *request)
{
        const VimValue *options = request_arg(request, "options");
        int64_t max = vim_get_int(options, "maxObjects", INT32_MAX);
        Session *session = request_session(request);
        Retrieval *retrieval;
        Collector *collector = NULL;

        if (max <= 0) {
                request_invalid(request, "options.maxObjects",
                                "%" G_GINT64_FORMAT " objects: it must be one at least", max);
                return;
        }
        retrieval = retrieval_new(request);
        if (retrieval == NULL)
                return;
        if (retrieval->rows->len == 0) {
                retrieval_free(retrieval);
                request_return(request, NULL);
                return;
        }
        /* Who is not logged in has nothing in which the rest could be kept, and sees little: all at once. */
        retrieval->page = session != NULL ? (unsigned)max : UINT_MAX;
        if (retrieval->rows->len > retrieval->page && (collector = collector_of(request)) == NULL)
                retrieval_free(retrieval);
        else
                request_return(request, next_page(collector, retrieval, session));
}

/* === the pages after the first === */

static int compare_token(gconstpointer retrieval, gconstpointer token)
{
        return strcmp(((const Retrieval *)retrieval)->token, token);
}

/* Taken out of the collector. NULL: the request was answered. */
static Retrieval *take_retrieval(Request *request, Collector **ret_collector)
{
        const char *token = request_arg_text(request, "token");
        Retrieval *retrieval;
        Collector *collector;
        GList *found;

        if (!request_allowed(request, "System.View") || (collector = collector_of(request)) == NULL)
                return NULL;
        found = g_queue_find_custom(&collector->retrievals, token, compare_token);
        if (found == NULL) {
                request_invalid(request, "token", "there is no retrieval \"%.60s\" to go on with (any more)",
                                token);
                return NULL;
        }
        *ret_collector = collector;
        retrieval = found->data;
        g_queue_delete_link(&collector->retrievals, found);
        return retrieval;
}

void retrieve_continue(Request *request)
{
        Collector *collector;
        Retrieval *retrieval = take_retrieval(request, &collector);

        if (retrieval != NULL)
                request_return(request, next_page(collector, retrieval, request_session(request)));
}

void retrieve_cancel(Request *request)
{
        Collector *collector;
        Retrieval *retrieval = take_retrieval(request, &collector);

        if (retrieval == NULL)
                return;
        retrieval_free(retrieval);
        request_return(request, NULL);
}

/* === one property === */

void retrieve_fetch(Request *request)
{
        const Managed *managed = request_target(request);
        const char *text = request_arg_text(request, "prop");
        g_autoptr(Path) path = path_new(managed->type, text, request_version(request));
        const VimField *field;
        VimValue *fault;

        if (path == NULL) {
                fault = vim_new_fault("InvalidProperty");
                vim_set_text(fault, "name", text);
                request_fault(request, fault, "%s has no property \"%.200s\"", managed->type->name, text);
                return;
        }
        field = &managed->type->fields[path->place];
        if (!may_read(request_session(request), field)) {
                request_fault(request, fault_unreadable(request_session(request), managed, field),
                              "%s.%s: the session may not read it", managed->type->name, field->name);
                return;
        }
        views_bring_up(request_api(request));
        request_return(request, path_read(path, managed, request_session(request)));
}
