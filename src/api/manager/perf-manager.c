/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PerformanceManager: which counters there are and of what, and the clock of the samples. */
#include "api/manager/manager.h"
#include "api/manager/perf-query.h"

#define INTERVAL_MS (PERF_INTERVAL_S * 1000)

typedef struct PerfManager {
        Api *api;
        PerfStore *store;
        guint source;
        bool failing; /* said once, not for each roll-up */
} PerfManager;

PerfStore *manager_perf_store(const Api *api)
{
        return ((PerfManager *)api_get_data(api, "perf-manager"))->store;
}

/* --- the clock --- */

static gboolean on_time(gpointer user_data);

/* At whole multiples of the interval, as ESX has it, so that samples of several hosts fit together. */
static void wait_for_next(PerfManager *manager)
{
        int64_t left_ms = INTERVAL_MS - g_get_real_time() / 1000 % INTERVAL_MS;

        manager->source = g_timeout_add((guint)left_ms, on_time, manager);
}

static void say_kept(PerfManager *manager, bool kept, const GError *error)
{
        if (!kept && !manager->failing)
                journal_add(api_parts(manager->api)->journal, "error", NULL,
                            "the past day's samples are not kept: %s", error->message);
        manager->failing = !kept;
}

static gboolean on_time(gpointer user_data)
{
        PerfManager *manager = user_data;
        g_autoptr(GError) error = NULL;
        bool kept;
        const ApiParts *parts = api_parts(manager->api);
        const PerfHost figures = {.host = scheduler_host(parts->scheduler),
                                  .sharing = sharing_figures(parts->sharing),
                                  .machines = scheduler_machines(parts->scheduler),
                                  .pools = parts->pools};
        int64_t now_ms = g_get_real_time() / 1000;

        /* The timer may be some milliseconds early by this clock. */
        kept = perf_store_sample(manager->store, (now_ms + INTERVAL_MS / 2) / INTERVAL_MS * INTERVAL_MS,
                                 &figures, &error);
        say_kept(manager, kept, error);
        wait_for_next(manager);
        return G_SOURCE_REMOVE;
}

/* --- methods --- */

static bool is_measured(const Managed *entity)
{
        return vim_type_is(entity->type, vim_type("HostSystem")) ||
               vim_type_is(entity->type, vim_type("ResourcePool")) ||
               vim_type_is(entity->type, vim_type("VirtualMachine"));
}

static void query_provider(Request *request)
{
        bool answered;
        const Managed *entity = request_arg_object(request, "entity", &answered);
        VimValue *summary;

        if (answered)
                return;
        summary = vim_new_object("PerfProviderSummary");
        vim_set(summary, "entity", managed_reference(entity));
        vim_set_bool(summary, "currentSupported", is_measured(entity));
        vim_set_bool(summary, "summarySupported", is_measured(entity));
        if (is_measured(entity))
                vim_set_int(summary, "refreshRate", PERF_INTERVAL_S);
        request_return(request, summary);
}

/* The ring of an interval if it has samples in the time that was asked for; else NULL. */
static const PerfRing *find_samples(Request *request, const Managed *entity, int64_t interval_s)
{
        const PerfSeries *series = perf_store_series(manager_perf_store(request_api(request)), interval_s);
        const PerfRing *ring = perf_series_find(series, entity);
        int64_t first, end;

        if (ring == NULL)
                return NULL;
        perf_ring_range(series, ring, request_arg_int(request, "beginTime", -1000) / 1000,
                        request_arg_int(request, "endTime", INT64_MAX) / 1000, &first, &end);
        return first < end ? ring : NULL;
}

/* Without an interval of any of them: an entity that is new has no roll-up yet. */
static void query_available(Request *request)
{
        int64_t interval_s = request_arg_int(request, "intervalId", 0);
        bool answered;
        const Managed *entity = request_arg_object(request, "entity", &answered);
        const PerfRing *ring;
        VimValue *list;

        if (answered || !perf_interval_known(request, "intervalId", interval_s))
                return;
        list = vim_new_list("PerfMetricId");
        ring = find_samples(request, entity, interval_s != 0 ? interval_s : PERF_DAY_INTERVAL_S);
        if (ring == NULL && interval_s == 0)
                ring = find_samples(request, entity, PERF_INTERVAL_S);
        for (unsigned i = 0; ring != NULL && i < perf_n_counters; i++)
                if (perf_ring_has(ring, &perf_counters[i]))
                        vim_add(list, perf_metric_id(&perf_counters[i]));
        request_return(request, list);
}

static void query_counter(Request *request)
{
        const VimValue *keys = request_arg(request, "counterId");
        g_autoptr(VimValue) list = vim_new_list("PerfCounterInfo");

        for (unsigned i = 0; i < vim_length(keys); i++) {
                const PerfCounter *counter = perf_counter_find(vim_item(keys, i)->integer);

                if (counter == NULL) {
                        request_invalid(request, "counterId", "there is no counter %" G_GINT64_FORMAT,
                                        vim_item(keys, i)->integer);
                        return;
                }
                vim_add(list, perf_counter_info(counter));
        }
        request_return(request, g_steal_pointer(&list));
}

/* Those of the level and of those below it. */
static void query_level(Request *request)
{
        int64_t level = request_arg_int(request, "level", 0);
        VimValue *list;

        if (level < 1 || level > 4) {
                request_invalid(request, "level", "the level is 1 to 4");
                return;
        }
        list = vim_new_list("PerfCounterInfo");
        for (unsigned i = 0; i < perf_n_counters; i++)
                if (perf_counters[i].level <= level)
                        vim_add(list, perf_counter_info(&perf_counters[i]));
        request_return(request, list);
}

/* --- start --- */

static VimValue *description(void)
{
        static const char *const rollups[][2] = {
                {"average", "Average over the interval"}, {"maximum", "Largest in the interval"},
                {"minimum", "Smallest in the interval"},  {"latest", "At the end of the interval"},
                {"summation", "Sum over the interval"},   {"none", "As it was measured"}};
        static const char *const stats[][2] = {{"absolute", "A value at a time"},
                                               {"delta", "A difference between two times"},
                                               {"rate", "A value by the second"}};
        VimValue *value = vim_new_object("PerformanceDescription");
        VimValue *counter = vim_new_list("ElementDescription"), *type = vim_new_list("ElementDescription");

        for (unsigned i = 0; i < G_N_ELEMENTS(rollups); i++)
                vim_add(counter, manager_element(rollups[i][0], rollups[i][0], rollups[i][1]));
        for (unsigned i = 0; i < G_N_ELEMENTS(stats); i++)
                vim_add(type, manager_element(stats[i][0], stats[i][0], stats[i][1]));
        vim_set(value, "counterType", counter);
        vim_set(value, "statsType", type);
        return value;
}

/* There is one: "key" is its number for clients that change it, which is not possible here. */
static VimValue *intervals(void)
{
        VimValue *list = vim_new_list("PerfInterval"), *day = vim_new_object("PerfInterval");

        vim_set_int(day, "key", 1);
        vim_set_int(day, "samplingPeriod", PERF_DAY_INTERVAL_S);
        vim_set_text(day, "name", "Past day");
        vim_set_int(day, "length", PERF_DAY_INTERVAL_S * PERF_DAY_SAMPLES);
        vim_set_int(day, "level", 4);
        vim_set_bool(day, "enabled", true);
        vim_add(list, day);
        return list;
}

static bool start(Api *api, GError **error)
{
        Managed *managed = world_add(api_world(api), "PerformanceManager", "PerfMgr", NULL);
        PerfManager *manager = g_new0(PerfManager, 1);
        VimValue *counters = vim_new_list("PerfCounterInfo");

        manager->api = api;
        manager->store = perf_store_new(api_world(api), api_parts(api)->inventory);
        api_set_data(api, "perf-manager", manager);
        for (unsigned i = 0; i < perf_n_counters; i++)
                vim_add(counters, perf_counter_info(&perf_counters[i]));
        managed_set(managed, "perfCounter", counters);
        managed_set(managed, "historicalInterval", intervals());
        managed_set(managed, "description", description());
        if (api_parts(api)->scheduler != NULL)
                wait_for_next(manager);
        return perf_store_load(manager->store, g_get_real_time() / 1000, error);
}

static void stop(Api *api)
{
        PerfManager *manager = api_get_data(api, "perf-manager");

        g_clear_handle_id(&manager->source, g_source_remove);
        perf_store_free(manager->store);
        g_free(manager);
}

static const Handler handlers[] = {
        {"PerformanceManager", "QueryPerfProviderSummary", query_provider, NULL},
        {"PerformanceManager", "QueryAvailablePerfMetric", query_available, NULL},
        {"PerformanceManager", "QueryPerfCounter", query_counter, NULL},
        {"PerformanceManager", "QueryPerfCounterByLevel", query_level, NULL},
        {"PerformanceManager", "QueryPerf", perf_query, NULL},
        {"PerformanceManager", "QueryPerfComposite", perf_query_composite, NULL},
        {NULL},
};

const ApiModule perf_manager_module = {
        .name = "perf-manager", .handlers = handlers, .start = start, .stop = stop};
