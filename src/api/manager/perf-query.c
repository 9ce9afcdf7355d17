/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Samples as clients ask for them: which entity, counters and time, as values or as text. */
#include "api/manager/perf-query.h"

#include <string.h>

#include "api/manager/manager.h"

/* One PerfQuerySpec, understood. */
typedef struct Query {
        const PerfSeries *series;
        const Managed *entity;
        const PerfRing *ring; /* NULL: nothing is kept of it */
        GPtrArray *counters;  /* of const PerfCounter *, that it has */
        int64_t first, end;   /* numbers of samples */
        bool csv;
} Query;

static void query_clear(Query *query)
{
        g_clear_pointer(&query->counters, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Query, query_clear)

static void add_counter(Query *query, const PerfCounter *counter)
{
        if (query->ring != NULL && perf_ring_has(query->ring, counter) &&
            !g_ptr_array_find(query->counters, counter, NULL))
                g_ptr_array_add(query->counters, (gpointer)(gintptr)counter);
}

/* No list of them: all. "" is the only instance of each, and "*" are all instances. */
static bool read_counters(Request *request, const VimValue *spec, Query *query)
{
        const VimValue *ids = vim_get(spec, "metricId");

        query->counters = g_ptr_array_new();
        for (unsigned i = 0; vim_length(ids) == 0 && i < perf_n_counters; i++)
                add_counter(query, &perf_counters[i]);
        for (unsigned i = 0; i < vim_length(ids); i++) {
                int64_t key = vim_get_int(vim_item(ids, i), "counterId", 0);
                const char *instance = vim_get_text(vim_item(ids, i), "instance");
                const PerfCounter *counter = perf_counter_find(key);

                if (counter == NULL) {
                        request_invalid(request, "querySpec.metricId",
                                        "there is no counter %" G_GINT64_FORMAT "; perfCounter lists all",
                                        key);
                        return false;
                }
                if (instance == NULL || instance[0] == '\0' || strcmp(instance, "*") == 0)
                        add_counter(query, counter);
        }
        return true;
}

bool perf_interval_known(Request *request, const char *argument, int64_t interval_s)
{
        if (interval_s == 0 ||
            perf_store_series(manager_perf_store(request_api(request)), interval_s) != NULL)
                return true;
        request_invalid(request, argument,
                        "samples are kept of every %d seconds for an hour, and of every %d seconds for a "
                        "day; there are no others",
                        PERF_INTERVAL_S, PERF_DAY_INTERVAL_S);
        return false;
}

/* Without one, or with 0, samples as they were measured. False: answered. */
static bool read_interval(Request *request, const VimValue *spec, Query *query)
{
        int64_t interval_s = vim_get_int(spec, "intervalId", 0);

        if (!perf_interval_known(request, "querySpec.intervalId", interval_s))
                return false;
        query->series = perf_store_series(manager_perf_store(request_api(request)),
                                          interval_s != 0 ? interval_s : PERF_INTERVAL_S);
        query->ring = perf_series_find(query->series, query->entity);
        return true;
}

static bool read_format(Request *request, const VimValue *spec, Query *query)
{
        const char *format = vim_get_text(spec, "format");

        query->csv = g_strcmp0(format, "csv") == 0;
        if (format != NULL && !query->csv && strcmp(format, "normal") != 0) {
                request_invalid(request, "querySpec.format", "the format is \"normal\" or \"csv\"");
                return false;
        }
        return true;
}

/* After the beginning, up to the end; of these the newest. */
static bool read_range(Request *request, const VimValue *spec, Query *query)
{
        int64_t begin_ms = vim_get_int(spec, "startTime", -1000) / 1000;
        int64_t end_ms = vim_get_int(spec, "endTime", INT64_MAX) / 1000;
        int64_t max = vim_get_int(spec, "maxSample", INT_MAX);

        if (max < 1 || end_ms < begin_ms) {
                request_invalid(request, max < 1 ? "querySpec.maxSample" : "querySpec.endTime", "%s",
                                max < 1 ? "maxSample is to be 1 or more" : "the time ends before it begins");
                return false;
        }
        if (query->ring == NULL)
                return true;
        perf_ring_range(query->series, query->ring, begin_ms, end_ms, &query->first, &query->end);
        query->first = MAX(query->first, query->end - max);
        return true;
}

/* False: answered. */
static bool read_query(Request *request, const VimValue *spec, const Managed *entity, Query *ret)
{
        ret->entity = entity;
        return read_interval(request, spec, ret) && read_counters(request, spec, ret) &&
               read_format(request, spec, ret) && read_range(request, spec, ret);
}

static Managed *entity_of(Request *request, const VimValue *spec)
{
        const VimValue *reference = vim_get(spec, "entity");
        Managed *entity = world_resolve(request_world(request), reference);

        if (entity == NULL)
                request_fault(request, fault_no_object(reference->type->name, reference->text),
                              "there is no %s \"%.100s\" (any more)", reference->type->name,
                              reference->text);
        return entity;
}

/* --- writing --- */

VimValue *perf_metric_id(const PerfCounter *counter)
{
        VimValue *id = vim_new_object("PerfMetricId");

        vim_set_int(id, "counterId", counter->key);
        vim_set_text(id, "instance", "");
        return id;
}

/* What was not measured is -1, as with VMware. */
static int64_t value_at(const Query *query, const PerfCounter *counter, int64_t number)
{
        uint32_t value = perf_ring_get(query->series, query->ring, counter, number);

        return value == PERF_NOTHING ? -1 : (int64_t)value;
}

static VimValue *normal_series(const Query *query, const PerfCounter *counter)
{
        VimValue *series = vim_new_object("PerfMetricIntSeries"), *values = vim_new_list("long");

        for (int64_t i = query->first; i < query->end; i++)
                vim_add(values, vim_new_long(value_at(query, counter, i)));
        vim_set(series, "id", perf_metric_id(counter));
        vim_set(series, "value", values);
        return series;
}

static VimValue *csv_series(const Query *query, const PerfCounter *counter)
{
        VimValue *series = vim_new_object("PerfMetricSeriesCSV");
        g_autoptr(GString) text = g_string_new(NULL);

        for (int64_t i = query->first; i < query->end; i++)
                g_string_append_printf(text, "%s%" G_GINT64_FORMAT, i > query->first ? "," : "",
                                       value_at(query, counter, i));
        vim_set(series, "id", perf_metric_id(counter));
        vim_set_text(series, "value", text->str);
        return series;
}

static VimValue *sample_infos(const Query *query)
{
        VimValue *list = vim_new_list("PerfSampleInfo");

        for (int64_t i = query->first; i < query->end; i++) {
                VimValue *info = vim_new_object("PerfSampleInfo");

                vim_set(info, "timestamp", vim_new_time_ms(perf_series_time_ms(query->series, i)));
                vim_set_int(info, "interval", perf_series_interval_s(query->series));
                vim_add(list, info);
        }
        return list;
}

/* "20,2012-09-01T10:00:20Z,20,..." */
static char *sample_infos_csv(const Query *query)
{
        g_autoptr(GString) text = g_string_new(NULL);

        for (int64_t i = query->first; i < query->end; i++) {
                g_autoptr(GDateTime) time =
                        g_date_time_new_from_unix_utc(perf_series_time_ms(query->series, i) / 1000);
                g_autofree char *shown = g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");

                g_string_append_printf(text, "%s%d,%s", i > query->first ? "," : "",
                                       perf_series_interval_s(query->series), shown);
        }
        return g_string_free(g_steal_pointer(&text), FALSE);
}

static VimValue *metric_of(const Query *query)
{
        VimValue *metric = vim_new_object(query->csv ? "PerfEntityMetricCSV" : "PerfEntityMetric");
        VimValue *list = vim_new_list(query->csv ? "PerfMetricSeriesCSV" : "PerfMetricSeries");

        vim_set(metric, "entity", managed_reference(query->entity));
        if (query->csv) {
                g_autofree char *infos = sample_infos_csv(query);

                vim_set_text(metric, "sampleInfoCSV", infos);
        } else {
                vim_set(metric, "sampleInfo", sample_infos(query));
        }
        for (unsigned i = 0; i < query->counters->len; i++)
                vim_add(list, query->csv ? csv_series(query, query->counters->pdata[i])
                                         : normal_series(query, query->counters->pdata[i]));
        vim_set(metric, "value", list);
        return metric;
}

/* Counts what an answer will be, before any of it is made. False: answered. */
static bool fits(Request *request, const Query *query, int64_t *left)
{
        *left -= (query->end - query->first) * (1 + query->counters->len);
        if (*left >= 0)
                return true;
        request_invalid(request, "querySpec",
                        "this asks for more than %d values at once; ask for fewer entities, counters or "
                        "samples (maxSample) in one call",
                        PERF_VALUES_MAX);
        return false;
}

/* Nothing of what there is nothing of. False: answered. */
static bool add_metric(Request *request, const VimValue *spec, const Managed *entity, int64_t *left,
                       VimValue *list)
{
        g_auto(Query) query = {0};

        if (!read_query(request, spec, entity, &query) || !fits(request, &query, left))
                return false;
        if (query.first < query.end)
                vim_add(list, metric_of(&query));
        return true;
}

void perf_query(Request *request)
{
        const VimValue *specs = request_arg(request, "querySpec");
        g_autoptr(VimValue) list = vim_new_list("PerfEntityMetricBase");
        int64_t left = PERF_VALUES_MAX;

        for (unsigned i = 0; i < vim_length(specs); i++) {
                const Managed *entity = entity_of(request, vim_item(specs, i));

                if (entity == NULL || !add_metric(request, vim_item(specs, i), entity, &left, list))
                        return;
        }
        request_return(request, g_steal_pointer(&list));
}

void perf_query_composite(Request *request)
{
        const VimValue *spec = request_arg(request, "querySpec");
        const Managed *entity = entity_of(request, spec);
        g_autoptr(VimValue) own = vim_new_list("PerfEntityMetricBase");
        g_autoptr(VimValue) children = vim_new_list("PerfEntityMetricBase");
        g_autoptr(GPtrArray) vms = NULL;
        int64_t left = PERF_VALUES_MAX;
        VimValue *metric;

        if (entity == NULL || !add_metric(request, spec, entity, &left, own))
                return;
        vms = vim_type_is(entity->type, vim_type("HostSystem"))
                      ? world_list(request_world(request), "VirtualMachine")
                      : g_ptr_array_new();
        for (unsigned i = 0; i < vms->len; i++)
                if (!add_metric(request, spec, vms->pdata[i], &left, children))
                        return;
        metric = vim_new_object("PerfCompositeMetric");
        if (vim_length(own) > 0)
                vim_set(metric, "entity", vim_ref(vim_item(own, 0)));
        vim_set(metric, "childEntity", g_steal_pointer(&children));
        request_return(request, metric);
}
