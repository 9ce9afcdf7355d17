/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CheckForUpdates and WaitForUpdates: versions, sets, and who waits for them. */
#include <string.h>

#include "api/collector/collector.h"
#include "api/collector/view.h"

/* How long the main loop is held at a time to look for updates; then others have their turn. */
#define SLICE_US 2000
/* So many objects in one set are a slice. */
#define SLICE_OBJECTS 100
#define WAIT_MAX_S    86400
#define NO_MAX        UINT_MAX
#define DATA          "property updates"

typedef struct Updates {
        unsigned watch;
        GPtrArray *waiting; /* of Collector *: those in whose call somebody waits */
        GQueue ready;       /* of Collector *: of these, those to be looked at */
        guint source;
} Updates;

/* A call for updates. */
typedef struct Ask {
        bool afresh;      /* version "" */
        bool again;       /* the version before the last */
        bool takes_parts; /* Ex: may be truncated, and begin where that ended */
        unsigned max;
} Ask;

/* === sets === */

void updates_forget(Collector *collector)
{
        if (collector->told == NULL)
                return;
        for (unsigned i = 0; i < collector->told->len; i++)
                told_clear(&g_array_index(collector->told, Told, i));
        g_clear_pointer(&collector->told, g_array_unref);
}

/* What is told of one filter, from place *at on. NULL: nothing that is of interest any more. */
static VimValue *filter_update(const GArray *told, unsigned *at)
{
        const Managed *filter = g_array_index(told, Told, *at).filter;
        VimValue *update = vim_new_object("PropertyFilterUpdate");
        VimValue *objects = vim_new_list("ObjectUpdate");
        bool something = false;

        vim_set(update, "filter", managed_reference(filter));
        for (; *at < told->len && g_array_index(told, Told, *at).filter == filter; (*at)++) {
                const Told *item = &g_array_index(told, Told, *at);

                if (item->kind == TOLD_MISSING)
                        vim_set(update, "missingSet", filter_missing(filter));
                else
                        vim_add(objects, filter_update_of(item));
                something = something || item->kind == TOLD_MISSING;
        }
        something = something || vim_length(objects) > 0;
        if (vim_length(objects) > 0)
                vim_set(update, "objectSet", objects);
        else
                vim_unref(objects);
        if (!something)
                g_clear_pointer(&update, vim_unref);
        return update;
}

static VimValue *update_set(const Collector *collector)
{
        VimValue *set = vim_new_object("UpdateSet");
        VimValue *filters = vim_new_list("PropertyFilterUpdate");
        g_autofree char *version =
                g_strdup_printf("%s.%" G_GUINT64_FORMAT, collector->nonce, collector->version);

        for (unsigned i = 0; i < collector->told->len;)
                vim_add(filters, filter_update(collector->told, &i));
        vim_set_text(set, "version", version);
        vim_set(set, "filterSet", filters);
        if (collector->truncated)
                vim_set_bool(set, "truncated", true);
        return set;
}

/* Whether there is something to tell that the client does not have. It is in `told` then. */
static bool collect(Collector *collector, bool afresh, unsigned room)
{
        GArray *items = g_array_new(FALSE, FALSE, sizeof(Told));
        bool more = false;

        views_bring_up(collector->api);
        for (unsigned i = 0; i < collector->filters->len; i++)
                more = filter_collect(collector->filters->pdata[i], items, &room) || more;
        if (items->len == 0) {
                g_array_unref(items);
                return false;
        }
        updates_forget(collector);
        collector->told = items;
        collector->told_afresh = afresh;
        collector->told_truncated = collector->truncated && !afresh;
        collector->truncated = more;
        collector->version++;
        return true;
}

/* === who waits === */

static Updates *updates_of(const Api *api)
{
        return api_get_data(api, DATA);
}

/* The request of the call that waited; it waits no more. */
static Request *stop_waiting(Collector *collector)
{
        Request *request = g_steal_pointer(&collector->waiting);

        g_ptr_array_remove_fast(updates_of(collector->api)->waiting, collector);
        (void)g_queue_remove(&updates_of(collector->api)->ready, collector);
        collector->is_ready = false;
        if (collector->timer != 0)
                g_source_remove(collector->timer);
        collector->timer = 0;
        request_set_cancel(request, NULL, NULL);
        return request;
}

/* Holds the collector while a request of it is answered: the answer may be the end of its session. */
static void end_wait(Collector *collector, VimValue *result)
{
        Managed *managed = collector->managed;

        request_return(stop_waiting(collector), result);
        managed_unref(managed);
}

void updates_end_wait(Collector *collector, const char *why)
{
        Managed *managed = collector->managed;

        if (collector->waiting == NULL)
                return;
        request_fault(stop_waiting(collector), vim_new_fault("RequestCanceled"), "%s", why);
        managed_unref(managed);
}

static gboolean serve_ready(gpointer user_data);

/* What is asked for until the main loop comes round has to wait for its turn. */
static void take_turns(Updates *updates)
{
        if (updates->source == 0)
                updates->source = g_idle_add_full(G_PRIORITY_DEFAULT, serve_ready, updates, NULL);
}

/* False: there is nothing to tell, and the call waits on. Otherwise the collector may be gone. */
static bool serve(Collector *collector)
{
        if (collector->managed->gone)
                updates_end_wait(collector, "the session has ended, or its property collector is destroyed");
        else if (collect(collector, collector->waiting_afresh, collector->waiting_max))
                end_wait(collector, update_set(collector));
        else
                return false;
        return true;
}

/* Not all at once, so that short calls need not wait until everybody is served. */
static gboolean serve_ready(gpointer user_data)
{
        Updates *updates = user_data;
        gint64 until = g_get_monotonic_time() + SLICE_US;

        do {
                Collector *collector = g_queue_pop_head(&updates->ready);

                if (collector == NULL) {
                        updates->source = 0;
                        return G_SOURCE_REMOVE;
                }
                collector->is_ready = false;
                (void)serve(collector);
        } while (g_get_monotonic_time() < until);
        return G_SOURCE_CONTINUE;
}

static void make_ready(Updates *updates, Collector *collector)
{
        if (collector->is_ready)
                return;
        collector->is_ready = true;
        g_queue_push_tail(&updates->ready, collector);
        take_turns(updates);
}

static void on_world(World *world, gpointer user_data)
{
        Updates *updates = user_data;

        (void)world;
        for (unsigned i = 0; i < updates->waiting->len; i++)
                make_ready(updates, updates->waiting->pdata[i]);
}

void updates_changed(Collector *collector)
{
        if (collector->waiting != NULL)
                make_ready(updates_of(collector->api), collector);
}

static gboolean on_time(gpointer user_data)
{
        Collector *collector = user_data;

        collector->timer = 0;
        /* Its turn is to come still, but there is no time left for that. */
        if (!collector->is_ready || !serve(collector))
                end_wait(collector, NULL);
        return G_SOURCE_REMOVE;
}

static void on_cancel(Request *request, gpointer data)
{
        (void)request;
        updates_end_wait(data, "the client has gone");
}

static void wait_for(Request *request, Collector *collector, const Ask *ask, int64_t seconds)
{
        (void)managed_ref(collector->managed);
        collector->waiting = request;
        collector->waiting_afresh = ask->afresh;
        collector->waiting_max = ask->max;
        g_ptr_array_add(updates_of(collector->api)->waiting, collector);
        request_set_cancel(request, on_cancel, collector);
        if (seconds > 0)
                collector->timer =
                        g_timeout_add_seconds((guint)MIN(seconds, WAIT_MAX_S), on_time, collector);
}

/* === calls === */

/* Which version the client has; false: it has none that can be gone on from. */
static bool read_version(const Collector *collector, const char *text, Ask *ask)
{
        size_t length = strlen(collector->nonce);
        uint64_t version;

        ask->afresh = text == NULL || text[0] == '\0';
        ask->again = false;
        if (ask->afresh)
                return true;
        if (strncmp(text, collector->nonce, length) != 0 || text[length] != '.' ||
            !g_ascii_string_to_unsigned(text + length + 1, 10, 1, G_MAXUINT64, &version, NULL))
                return false;
        if (version == collector->version)
                return !collector->truncated || ask->takes_parts;
        ask->again = true;
        return version + 1 == collector->version && collector->told != NULL && !collector->told_afresh &&
               (!collector->told_truncated || ask->takes_parts);
}

static bool begin(Request *request, Collector **ret_collector, Ask *ask)
{
        const char *version = request_arg_text(request, "version");
        Collector *collector = collector_of(request);

        *ret_collector = collector;
        if (collector == NULL)
                return false;
        if (!read_version(collector, version, ask)) {
                request_fault(request, vim_new_fault("InvalidCollectorVersion"),
                              "version \"%.60s\" is not the last one of this property collector; begin anew "
                              "without a version",
                              version);
                return false;
        }
        if (ask->afresh)
                for (unsigned i = 0; i < collector->filters->len; i++)
                        filter_restart(collector->filters->pdata[i]);
        if (!ask->again)
                updates_forget(collector);
        return true;
}

/* Who waits knows no less than who asks, but what he asked is answered now, and he would never know. */
static void answer(Request *request, Collector *collector)
{
        Request *waiting = collector->waiting != NULL ? stop_waiting(collector) : NULL;
        Managed *managed = waiting != NULL ? collector->managed : NULL;
        g_autoptr(VimValue) set = update_set(collector);

        request_return(request, vim_ref(set));
        if (waiting != NULL)
                request_return(waiting, g_steal_pointer(&set));
        managed_unref(managed);
}

void updates_check(Request *request)
{
        Collector *collector;
        Ask ask = {.max = NO_MAX};

        if (!begin(request, &collector, &ask))
                return;
        if (ask.again || collect(collector, ask.afresh, ask.max))
                answer(request, collector);
        else
                request_return(request, NULL);
}

/* seconds < 0: until there is something. */
static void check_or_wait(Request *request, Ask *ask, int64_t seconds)
{
        Updates *updates = updates_of(request_api(request));
        Collector *collector;

        if (!begin(request, &collector, ask))
                return;
        updates_end_wait(collector, "another call waits for the updates of this property collector");
        if (!ask->again && seconds != 0 && updates->source != 0) {
                wait_for(request, collector, ask, seconds);
                make_ready(updates, collector);
        } else if (ask->again || collect(collector, ask->afresh, ask->max)) {
                if (collector->told->len > SLICE_OBJECTS)
                        take_turns(updates);
                request_return(request, update_set(collector));
        } else if (seconds == 0) {
                request_return(request, NULL);
        } else {
                wait_for(request, collector, ask, seconds);
        }
}

void updates_wait(Request *request)
{
        Ask ask = {.max = NO_MAX};

        check_or_wait(request, &ask, -1);
}

void updates_wait_ex(Request *request)
{
        const VimValue *options = request_arg(request, "options");
        int64_t seconds = vim_get_int(options, "maxWaitSeconds", -1);
        int64_t max = vim_get_int(options, "maxObjectUpdates", NO_MAX);
        Ask ask = {.takes_parts = true, .max = (unsigned)MIN(max, NO_MAX)};

        if (seconds < 0 && options != NULL && vim_get(options, "maxWaitSeconds") != NULL)
                request_invalid(request, "options.maxWaitSeconds",
                                "%" G_GINT64_FORMAT " seconds: less than none", seconds);
        else if (max <= 0)
                request_invalid(request, "options.maxObjectUpdates",
                                "%" G_GINT64_FORMAT " updates of objects: it must be one at least", max);
        else
                check_or_wait(request, &ask, seconds);
}

void updates_cancel(Request *request)
{
        Collector *collector = collector_of(request);

        if (collector == NULL)
                return;
        updates_end_wait(collector, "CancelWaitForUpdates was called");
        request_return(request, NULL);
}

/* === the module === */

void updates_start(Api *api)
{
        Updates *updates = g_new0(Updates, 1);

        updates->waiting = g_ptr_array_new();
        updates->watch = world_watch(api_world(api), on_world, updates);
        api_set_data(api, DATA, updates);
}

void updates_stop(Api *api)
{
        Updates *updates = updates_of(api);

        while (updates->waiting->len > 0)
                updates_end_wait(updates->waiting->pdata[0], "the server ends");
        world_unwatch(api_world(api), updates->watch);
        if (updates->source != 0)
                g_source_remove(updates->source);
        g_ptr_array_unref(updates->waiting);
        g_free(updates);
}
