/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PropertyCollectors and their filters as objects: made, listed, destroyed. */
#include "api/collector/collector.h"

#define DEFAULT_ID "propertyCollector"

/* === collectors === */

static void unref_managed(gpointer managed)
{
        managed_unref(managed);
}

static void collector_free(gpointer data)
{
        Collector *collector = data;

        updates_forget(collector);
        retrieve_forget(collector);
        g_ptr_array_unref(collector->filters);
        g_free(collector);
}

static VimValue *list_filters(const Collector *collector)
{
        VimValue *list = vim_new_list("PropertyFilter");

        for (unsigned i = 0; collector != NULL && i < collector->filters->len; i++)
                vim_add(list, managed_reference(collector->filters->pdata[i]));
        return list;
}

static VimValue *get_own_filters(const Managed *managed, Session *session)
{
        (void)session;
        return list_filters(managed->subject);
}

/* NULL: the session has too many objects. */
static Collector *collector_new(Api *api, Session *session, bool is_default)
{
        Managed *managed = session_add_object(api_world(api), session, "PropertyCollector");
        Collector *collector;

        if (managed == NULL)
                return NULL;
        collector = g_new0(Collector, 1);
        collector->api = api;
        collector->managed = managed;
        collector->session = session;
        collector->is_default = is_default;
        collector->filters = g_ptr_array_new_with_free_func(unref_managed);
        /* So that a version of another collector is not taken for one of this. */
        g_snprintf(collector->nonce, sizeof collector->nonce, "%08x", g_random_int());
        managed->subject = collector;
        managed->free_subject = collector_free;
        managed_set_get(managed, "filter", get_own_filters);
        return collector;
}

/* What stands for the default one in a session; NULL: it was not needed yet. */
static Collector *find_default(const Session *session)
{
        static const VimType *type;

        if (type == NULL)
                type = vim_type("PropertyCollector");
        for (unsigned i = 0; session != NULL && i < session->owned->len; i++) {
                const Managed *managed = session->owned->pdata[i];
                Collector *collector = managed->type == type && !managed->gone ? managed->subject : NULL;

                if (collector != NULL && collector->is_default)
                        return collector;
        }
        return NULL;
}

static VimValue *get_default_filters(const Managed *managed, Session *session)
{
        (void)managed;
        return list_filters(find_default(session));
}

static void refuse_another(Request *request)
{
        VimValue *fault = vim_new_fault("LimitExceeded");

        vim_set_int(fault, "limit", SESSION_OWNED_MAX);
        request_fault(request, fault,
                      "the session has %d filters, views and collectors, which is as many as there may be; "
                      "destroy "
                      "those that are not needed",
                      SESSION_OWNED_MAX);
}

Collector *collector_of(Request *request)
{
        Session *session = request_session(request);
        Collector *collector = request_target(request)->subject;

        if (collector == NULL)
                collector = find_default(session);
        if (collector == NULL)
                collector = collector_new(request_api(request), session, true);
        if (collector == NULL)
                refuse_another(request);
        return collector;
}

static void create_collector(Request *request)
{
        Collector *collector = collector_new(request_api(request), request_session(request), false);

        if (collector == NULL)
                refuse_another(request);
        else
                request_return(request, managed_reference(collector->managed));
}

static void destroy_filter(Managed *filter)
{
        filter_detach(filter);
        world_remove(filter);
}

static void destroy_collector(Request *request)
{
        Collector *collector = request_target(request)->subject;

        if (collector == NULL || collector->is_default) {
                request_fault(request, vim_new_fault("NotSupported"),
                              "the property collector that every session has cannot be destroyed");
                return;
        }
        updates_end_wait(collector, "the property collector is destroyed");
        updates_forget(collector);
        retrieve_forget(collector);
        for (unsigned i = 0; i < collector->filters->len; i++)
                destroy_filter(collector->filters->pdata[i]);
        g_ptr_array_set_size(collector->filters, 0);
        world_remove(collector->managed);
        request_return(request, NULL);
}

/* === filters === */

static void create_filter(Request *request)
{
        const VimValue *filter_spec = request_arg(request, "spec");
        bool partial = request_arg_bool(request, "partialUpdates", false);
        Session *session = request_session(request);
        g_autoptr(Spec) spec = spec_new(request, filter_spec);
        Collector *collector = spec != NULL ? collector_of(request) : NULL;
        Managed *managed;

        if (collector == NULL)
                return;
        managed = session_add_object(request_world(request), session, "PropertyFilter");
        if (managed == NULL) {
                refuse_another(request);
                return;
        }
        filter_attach(managed, spec, partial, session);
        managed_set(managed, "spec", vim_ref(filter_spec));
        managed_set(managed, "partialUpdates", vim_new_bool(partial));
        g_ptr_array_add(collector->filters, managed_ref(managed));
        updates_changed(collector);
        request_return(request, managed_reference(managed));
}

static Collector *collector_with(const Session *session, Managed *filter)
{
        static const VimType *type;

        if (type == NULL)
                type = vim_type("PropertyCollector");
        for (unsigned i = 0; i < session->owned->len; i++) {
                const Managed *managed = session->owned->pdata[i];
                Collector *collector = managed->type == type ? managed->subject : NULL;

                if (collector != NULL && g_ptr_array_find(collector->filters, filter, NULL))
                        return collector;
        }
        return NULL;
}

static void destroy_property_filter(Request *request)
{
        Managed *filter = request_target(request);
        Collector *collector = collector_with(request_session(request), filter);

        destroy_filter(filter);
        if (collector != NULL)
                (void)g_ptr_array_remove(collector->filters, filter);
        request_return(request, NULL);
}

/* === the module === */

static bool start(Api *api, GError **error)
{
        Managed *managed = world_add(api_world(api), "PropertyCollector", DEFAULT_ID, NULL);

        (void)error;
        managed_set_get(managed, "filter", get_default_filters);
        updates_start(api);
        return true;
}

static const Handler handlers[] = {
        {"ManagedObject", "Fetch", retrieve_fetch, ""},
        {"PropertyCollector", "RetrieveProperties", retrieve_properties},
        {"PropertyCollector", "RetrievePropertiesEx", retrieve_properties_ex},
        {"PropertyCollector", "ContinueRetrievePropertiesEx", retrieve_continue},
        {"PropertyCollector", "CancelRetrievePropertiesEx", retrieve_cancel},
        {"PropertyCollector", "CreateFilter", create_filter},
        {"PropertyCollector", "CheckForUpdates", updates_check},
        {"PropertyCollector", "WaitForUpdates", updates_wait},
        {"PropertyCollector", "WaitForUpdatesEx", updates_wait_ex},
        {"PropertyCollector", "CancelWaitForUpdates", updates_cancel},
        {"PropertyCollector", "CreatePropertyCollector", create_collector},
        {"PropertyCollector", "DestroyPropertyCollector", destroy_collector},
        {"PropertyFilter", "DestroyPropertyFilter", destroy_property_filter, "System.View"},
        {NULL},
};

const ApiModule property_collector_module = {
        .name = "property-collector", .handlers = handlers, .start = start, .stop = updates_stop};
