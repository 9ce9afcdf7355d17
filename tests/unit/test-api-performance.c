/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PerformanceManager: counters are the machine's figures, samples are kept for an hour, roll-ups for a day
 * and over a restart, queries find them. */
#include "api-fixture.h"
#include "api/manager/manager.h"
#include "api/manager/perf-query.h"
#include "inventory/sample.h"

#define MIB  ((uint64_t)1 << 20)
#define UUID "11111111-2222-3333-4444-555555555555"
#define T0   INT64_C(1700000000000) /* a multiple of 20 s; 200 s after one of 300 s */

extern const ApiModule task_module, history_module, task_manager_module, perf_manager_module;
const ApiModule *const api_modules[] = {&task_module, &history_module, &task_manager_module,
                                        &perf_manager_module, NULL};

typedef struct Fixture {
        ApiFixture base;
        Managed *manager, *vm, *host, *pool;
        Machine *machine;
        GPtrArray *machines;
        Pools *pools;
        SchedulerHost figures;
        SharingFigures sharing;
        unsigned samples;
} Fixture;

static Managed *add_pool(Fixture *fixture, const char *path)
{
        g_autofree char *id = api_id(fixture->base.api, "resgroup", path);

        return world_add(fixture->base.world, "ResourcePool", id, path);
}

static void set_up(Fixture *fixture, gconstpointer data)
{
        g_autofree char *vm = NULL, *host = NULL;
        World *world;

        (void)data;
        api_fixture_set_up(&fixture->base, ":memory:", (ApiParts){0});
        world = fixture->base.world;
        fixture->manager = world_find(world, "PerfMgr");
        vm = api_id(fixture->base.api, "vm", UUID);
        host = api_id(fixture->base.api, "host", "host");
        fixture->vm = world_add(world, "VirtualMachine", vm, UUID);
        fixture->host = world_add(world, "HostSystem", host, "host");
        fixture->pool = add_pool(fixture, "/");
        fixture->pools = pools_new(fixture->base.inventory, NULL);
        fixture->machine = machine_new(inventory_vm_new(UUID, "web1"), NULL);
        fixture->machine->info.memory_bytes = 1000 * MIB;
        fixture->machine->plan.consumed_bytes = 600 * MIB;
        fixture->machine->plan.active_bytes = 250 * MIB;
        fixture->machine->plan.overhead_bytes = 30 * MIB;
        fixture->machine->plan.target_bytes = 700 * MIB;
        fixture->machine->plan.reservation_bytes = 100 * MIB;
        fixture->machines = g_ptr_array_new();
        g_ptr_array_add(fixture->machines, fixture->machine);
        fixture->figures.managed_bytes = 4000 * MIB;
        fixture->figures.total_bytes = 5000 * MIB;
        fixture->figures.free_bytes = 1000 * MIB;
        fixture->figures.consumed_bytes = 640 * MIB;
        fixture->figures.state = POLICY_SOFT;
        fixture->sharing.common_bytes = 7 * MIB;
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
        (void)data;
        g_ptr_array_unref(fixture->machines);
        machine_free(fixture->machine);
        pools_free(fixture->pools);
        api_fixture_tear_down(&fixture->base);
}

static void sample(Fixture *fixture)
{
        const PerfHost figures = {.host = &fixture->figures,
                                  .sharing = &fixture->sharing,
                                  .machines = fixture->machines,
                                  .pools = fixture->pools};
        g_autoptr(GError) error = NULL;

        g_assert_true(perf_store_sample(manager_perf_store(fixture->base.api),
                                        T0 + (int64_t)fixture->samples++ * PERF_INTERVAL_S * 1000, &figures,
                                        &error));
        g_assert_no_error(error);
}

static void sample_active(Fixture *fixture, unsigned kib)
{
        fixture->machine->plan.active_bytes = (uint64_t)kib << 10;
        sample(fixture);
}

static const PerfRing *ring_of(const Fixture *fixture, int interval_s, const Managed *entity)
{
        const PerfSeries *series = perf_store_series(manager_perf_store(fixture->base.api), interval_s);

        return perf_series_find(series, entity);
}

static int key_of(const char *name)
{
        for (unsigned i = 0; i < perf_n_counters; i++)
                if (strcmp(perf_counters[i].name, name) == 0)
                        return perf_counters[i].key;
        g_assert_not_reached();
}

static VimValue *spec_of(const Managed *entity, const char *counter)
{
        VimValue *spec = vim_new_object("PerfQuerySpec"), *id = vim_new_object("PerfMetricId");

        vim_set(spec, "entity", managed_reference(entity));
        vim_set_int(spec, "intervalId", PERF_INTERVAL_S);
        if (counter == NULL) {
                vim_unref(id);
                return spec;
        }
        vim_set_int(id, "counterId", key_of(counter));
        vim_set_text(id, "instance", "");
        vim_set(spec, "metricId", id);
        return spec;
}

static const VimValue *query(Fixture *fixture, VimValue *spec)
{
        return call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryPerf", "querySpec", spec,
                    NULL);
}

/* The newest value of it. */
static int64_t newest(Fixture *fixture, const Managed *entity, const char *counter)
{
        VimValue *spec = spec_of(entity, counter);
        const VimValue *result, *series;

        vim_set_int(spec, "maxSample", 1);
        result = query(fixture, spec);
        assert_no_fault(&fixture->base);
        g_assert_cmpuint(vim_length(result), ==, 1);
        series = vim_get(vim_item(result, 0), "value");
        g_assert_cmpuint(vim_length(series), ==, 1);
        g_assert_cmpint(vim_get_int(vim_get(vim_item(series, 0), "id"), "counterId", 0), ==,
                        key_of(counter));
        g_assert_cmpuint(vim_length(vim_get(vim_item(series, 0), "value")), ==, 1);
        return vim_item(vim_get(vim_item(series, 0), "value"), 0)->integer;
}

/* --- figures --- */

static void of_a_vm(Fixture *fixture, gconstpointer data)
{
        Machine *machine = fixture->machine;
        struct aerostat_pager_stats stats = {.memory_bytes = 1000 * MIB,
                                             .absent_bytes = 200 * MIB,
                                             .shared_bytes = 11 * MIB,
                                             .same_bytes = 12 * MIB,
                                             .swapped_bytes = 13 * MIB,
                                             .compressed_bytes = 14 * MIB,
                                             .cache_bytes = 4 * MIB,
                                             .swap_ins = 10,
                                             .swap_outs = 20,
                                             .uptime_ms = 77000};
        static const struct {
                const char *name;
                int64_t value;
        } expected[] = {
                {"usage", 2500},
                {"granted", 800 << 10},
                {"active", 250 << 10},
                {"shared", 11 << 10},
                {"zero", 12 << 10},
                {"swapped", 13 << 10},
                {"swaptarget", 5 << 10},
                {"swapin", 40},
                {"swapout", 80},
                {"swapinRate", 10},
                {"swapoutRate", 6},
                {"vmmemctl", 64 << 10},
                {"vmmemctltarget", 128 << 10},
                {"consumed", 600 << 10},
                {"overhead", 30 << 10},
                {"entitlement", 700 << 10},
                {"compressed", 14 << 10},
                {"compressionRate", 4},
                {"decompressionRate", 8},
                {"zipSaved", 10 << 10},
                {"uptime", 77},
        };

        (void)data;
        /* Without a pager what it has is all that is known. */
        sample(fixture);
        g_assert_cmpint(newest(fixture, fixture->vm, "granted"), ==, 600 << 10);
        g_assert_cmpint(newest(fixture, fixture->vm, "swapped"), ==, 0);

        machine->stats = stats;
        machine->stats_us = 1;
        machine->plan.swap_target_bytes = 5 * MIB;
        machine->info.balloon_bytes = 64 * MIB;
        machine->balloon_asked_bytes = 128 * MIB;
        machine->rates = (MachineRates){.swap_in = 2.5, .swap_out = 1.4, .zip = 1, .unzip = 2};
        sample(fixture);
        for (unsigned i = 0; i < G_N_ELEMENTS(expected); i++)
                g_assert_cmpint(newest(fixture, fixture->vm, expected[i].name), ==, expected[i].value);
}

static void of_the_host(Fixture *fixture, gconstpointer data)
{
        static const struct {
                const char *name;
                int64_t value;
        } expected[] = {{"usage", 7500},       {"consumed", 640 << 10},   {"granted", 600 << 10},
                        {"active", 250 << 10}, {"sharedcommon", 7 << 10}, {"state", POLICY_SOFT},
                        {"totalmb", 5000},     {"totalCapacity", 4000},   {"reservedCapacity", 100},
                        {"swapused", 0},       {"unreserved", 3900 << 10}};

        (void)data;
        sample(fixture);
        for (unsigned i = 0; i < G_N_ELEMENTS(expected); i++)
                g_assert_cmpint(newest(fixture, fixture->host, expected[i].name), ==, expected[i].value);
        g_assert_cmpint(newest(fixture, fixture->host, "uptime"), >, 0);
}

/* Each counter is there once, with all that a client may look for it by. */
static void counters(Fixture *fixture, gconstpointer data)
{
        const VimValue *all = managed_peek(fixture->manager, "perfCounter"), *found;
        g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        VimValue *keys = vim_new_list("int");

        (void)data;
        g_assert_cmpuint(vim_length(all), ==, perf_n_counters);
        for (unsigned i = 0; i < perf_n_counters; i++) {
                const VimValue *info = vim_item(all, i);

                g_assert_true(perf_counter_find(vim_get_int(info, "key", 0)) == &perf_counters[i]);
                g_assert_nonnull(vim_type_value(vim_type("PerformanceManagerUnit"),
                                                vim_get_text(vim_get(info, "unitInfo"), "key")));
                g_assert_true(g_hash_table_add(
                        names, g_strjoin(".", vim_get_text(vim_get(info, "groupInfo"), "key"),
                                         vim_get_text(vim_get(info, "nameInfo"), "key"),
                                         vim_get_text(info, "rollupType"), NULL)));
        }
        g_assert_true(g_hash_table_contains(names, "mem.vmmemctl.average"));
        g_assert_true(g_hash_table_contains(names, "sys.uptime.latest"));

        vim_add(keys, vim_new_int(key_of("active")));
        found = call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryPerfCounter",
                     "counterId", keys, NULL);
        g_assert_cmpuint(vim_length(found), ==, 1);
        g_assert_cmpstr(vim_get_text(vim_get(vim_item(found, 0), "nameInfo"), "key"), ==, "active");
        keys = vim_new_list("int");
        vim_add(keys, vim_new_int(9999));
        (void)call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryPerfCounter", "counterId",
                   keys, NULL);
        assert_fault(&fixture->base, "InvalidArgument");
        found = call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryPerfCounterByLevel",
                     "level", vim_new_int(1), NULL);
        g_assert_cmpuint(vim_length(found), >, 3);
        g_assert_cmpuint(vim_length(found), <, perf_n_counters);
        for (unsigned i = 0; i < vim_length(found); i++)
                g_assert_cmpint(vim_get_int(vim_item(found, i), "level", 0), ==, 1);
        (void)call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryPerfCounterByLevel",
                   "level", vim_new_int(5), NULL);
        assert_fault(&fixture->base, "InvalidArgument");
}

static void assert_available(Fixture *fixture, int interval_s, unsigned n)
{
        const VimValue *result =
                call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryAvailablePerfMetric",
                     "entity", managed_reference(fixture->vm), "intervalId", vim_new_int(interval_s), NULL);

        g_assert_cmpuint(vim_length(result), ==, n);
}

static void providers(Fixture *fixture, gconstpointer data)
{
        const VimValue *result;

        (void)data;
        result = call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryPerfProviderSummary",
                      "entity", managed_reference(fixture->vm), NULL);
        g_assert_true(vim_get_bool(result, "currentSupported", false));
        g_assert_true(vim_get_bool(result, "summarySupported", false));
        g_assert_cmpint(vim_get_int(result, "refreshRate", 0), ==, 20);
        result = call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryPerfProviderSummary",
                      "entity", managed_reference(fixture->pool), NULL);
        g_assert_true(vim_get_bool(result, "currentSupported", false));
        result = call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryPerfProviderSummary",
                      "entity", managed_reference(world_find(fixture->base.world, "PerfMgr")), NULL);
        g_assert_false(vim_get_bool(result, "currentSupported", true));
        g_assert_false(vim_get_bool(result, "summarySupported", true));
        result = call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryAvailablePerfMetric",
                      "entity", managed_reference(fixture->vm), NULL);
        g_assert_cmpuint(vim_length(result), ==, 0);
        sample(fixture);
        assert_available(fixture, 20, 22);
        assert_available(fixture, 300, 0);
        assert_available(fixture, 0, 22);
        for (unsigned i = 0; i < 5; i++)
                sample(fixture);
        assert_available(fixture, 300, 22);
        /* Of a time before that. */
        result = call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryAvailablePerfMetric",
                      "entity", managed_reference(fixture->vm), "endTime", vim_new_time_ms(T0 - 1), NULL);
        g_assert_cmpuint(vim_length(result), ==, 0);
        (void)call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryAvailablePerfMetric",
                   "entity", managed_reference(fixture->vm), "intervalId", vim_new_int(1800), NULL);
        assert_fault(&fixture->base, "InvalidArgument");
}

/* --- samples --- */

/* "1 2 -1" */
static void assert_values(Fixture *fixture, VimValue *spec, const char *expected)
{
        const VimValue *result = query(fixture, spec), *values, *infos;
        g_autoptr(GString) found = g_string_new(NULL);

        assert_no_fault(&fixture->base);
        g_assert_cmpuint(vim_length(result), ==, 1);
        values = vim_get(vim_item(vim_get(vim_item(result, 0), "value"), 0), "value");
        infos = vim_get(vim_item(result, 0), "sampleInfo");
        g_assert_cmpuint(vim_length(values), ==, vim_length(infos));
        for (unsigned i = 0; i < vim_length(values); i++)
                g_string_append_printf(found, "%s%d", i > 0 ? " " : "", (int)vim_item(values, i)->integer);
        g_assert_cmpstr(found->str, ==, expected);
}

static void ranges(Fixture *fixture, gconstpointer data)
{
        VimValue *spec;

        (void)data;
        for (unsigned i = 1; i <= 6; i++) {
                fixture->machine->plan.active_bytes = i << 10;
                sample(fixture);
        }
        assert_values(fixture, spec_of(fixture->vm, "active"), "1 2 3 4 5 6");
        spec = spec_of(fixture->vm, "active");
        vim_set_int(spec, "maxSample", 2);
        assert_values(fixture, spec, "5 6");
        /* Without the one at the beginning, with the one at the end. */
        spec = spec_of(fixture->vm, "active");
        vim_set(spec, "startTime", vim_new_time_ms(T0 + 20000));
        vim_set(spec, "endTime", vim_new_time_ms(T0 + 80000));
        assert_values(fixture, spec, "3 4 5");
        vim_set_int(spec = spec_of(fixture->vm, "active"), "maxSample", 100000);
        assert_values(fixture, spec, "1 2 3 4 5 6");

        spec = spec_of(fixture->vm, "active");
        vim_set(spec, "startTime", vim_new_time_ms(T0 + 200000));
        g_assert_cmpuint(vim_length(query(fixture, spec)), ==, 0);
        g_assert_cmpuint(vim_length(query(fixture, spec_of(fixture->manager, "active"))), ==, 0);
}

static VimValue *day_spec(const Managed *entity, const char *counter)
{
        VimValue *spec = spec_of(entity, counter);

        vim_set_int(spec, "intervalId", PERF_DAY_INTERVAL_S);
        return spec;
}

/* As the next daemon does it, so long after the newest sample. */
static void restart(Fixture *fixture, int64_t later_ms)
{
        g_autoptr(GError) error = NULL;

        perf_manager_module.stop(fixture->base.api);
        world_remove(fixture->manager);
        g_assert_true(perf_manager_module.start(fixture->base.api, &error));
        fixture->manager = world_find(fixture->base.world, "PerfMgr");
        g_assert_true(perf_store_load(manager_perf_store(fixture->base.api),
                                      T0 + ((int64_t)fixture->samples - 1) * 20000 + later_ms, &error));
        g_assert_no_error(error);
}

static void count(int64_t time_ms, const char *object, const uint8_t *bytes, size_t size, gpointer user_data)
{
        (void)time_ms;
        (void)object;
        (void)bytes;
        (void)size;
        ++*(unsigned *)user_data;
}

/* A VM that is off for a while has none of these; one for an hour is forgotten; others go on. */
static void gaps(Fixture *fixture, gconstpointer data)
{
        (void)data;
        fixture->machine->plan.active_bytes = 1 << 10;
        sample(fixture);
        g_ptr_array_set_size(fixture->machines, 0);
        sample(fixture);
        sample(fixture);
        g_ptr_array_add(fixture->machines, fixture->machine);
        sample(fixture);
        assert_values(fixture, spec_of(fixture->vm, "active"), "1 -1 -1 1");
        g_ptr_array_set_size(fixture->machines, 0);
        for (unsigned i = 0; i < PERF_SAMPLES - 1; i++)
                sample(fixture);
        g_assert_nonnull(ring_of(fixture, 20, fixture->vm));
        assert_values(fixture, spec_of(fixture->vm, "active"), "1");
        sample(fixture);
        g_assert_null(ring_of(fixture, 20, fixture->vm));
        g_assert_nonnull(ring_of(fixture, 20, fixture->host));
}

static void an_hour(Fixture *fixture, gconstpointer data)
{
        VimValue *spec = spec_of(fixture->vm, "active");
        const VimValue *result;

        (void)data;
        for (unsigned i = 1; i <= 2 * PERF_SAMPLES + 7; i++) {
                fixture->machine->plan.active_bytes = i << 10;
                sample(fixture);
        }
        result = query(fixture, spec);
        g_assert_cmpuint(vim_length(vim_get(vim_item(result, 0), "sampleInfo")), ==, PERF_SAMPLES);
        vim_set_int(spec = spec_of(fixture->vm, "active"), "maxSample", 2);
        assert_values(fixture, spec, "366 367");
        spec = spec_of(fixture->vm, "active");
        vim_set(spec, "endTime", vim_new_time_ms(T0 + INT64_C(20000) * (PERF_SAMPLES + 8)));
        assert_values(fixture, spec, "188 189");
}

/* A VM that is deleted is forgotten at once; of one time there is one sample. */
static void forgotten(Fixture *fixture, gconstpointer data)
{
        (void)data;
        sample(fixture);
        fixture->samples = 0;
        sample(fixture);
        assert_values(fixture, spec_of(fixture->vm, "active"), "256000");
        g_ptr_array_set_size(fixture->machines, 0);
        (void)managed_ref(fixture->vm);
        world_remove(fixture->vm);
        sample(fixture);
        g_assert_null(ring_of(fixture, 20, fixture->vm));
        managed_unref(fixture->vm);
}

/* A clock that is put back: what was later has not been yet. */
static void put_back(Fixture *fixture, gconstpointer data)
{
        (void)data;
        for (unsigned i = 1; i <= 30; i++)
                sample_active(fixture, i);
        assert_values(fixture, day_spec(fixture->vm, "active"), "4 14");
        fixture->samples = 7;
        sample_active(fixture, 100);
        assert_values(fixture, spec_of(fixture->vm, "active"), "1 2 3 4 5 6 7 100");
        assert_values(fixture, day_spec(fixture->vm, "active"), "4");
        /* Kept anew, in place of what the inventory had. */
        while (fixture->samples < 22)
                sample_active(fixture, 15);
        assert_values(fixture, day_spec(fixture->vm, "active"), "4 20");
        restart(fixture, 0);
        assert_values(fixture, day_spec(fixture->vm, "active"), "4 20");
}

/* --- roll-ups --- */

/* T0 + 100 s is a whole multiple of 300 s: 6 samples, then 15 for each. */
static void rolled_up(Fixture *fixture, gconstpointer data)
{
        const VimValue *metric;
        VimValue *spec;

        (void)data;
        for (unsigned i = 1; i <= 6; i++) {
                fixture->figures.state = i < 6 ? POLICY_SOFT : POLICY_HARD;
                sample_active(fixture, i);
        }
        /* 3.5, rounded; the latest of states. */
        assert_values(fixture, day_spec(fixture->vm, "active"), "4");
        assert_values(fixture, day_spec(fixture->host, "state"), "2");
        for (unsigned i = 7; i <= 20; i++)
                sample_active(fixture, i);
        assert_values(fixture, day_spec(fixture->vm, "active"), "4");
        sample_active(fixture, 21);
        assert_values(fixture, day_spec(fixture->vm, "active"), "4 14");
        spec = day_spec(fixture->vm, "active");
        vim_set_text(spec, "format", "csv");
        metric = vim_item(query(fixture, spec), 0);
        g_assert_cmpstr(vim_get_text(metric, "sampleInfoCSV"), ==,
                        "300,2023-11-14T22:15:00Z,300,2023-11-14T22:20:00Z");
        spec = day_spec(fixture->vm, "active");
        vim_set_int(spec, "maxSample", 1);
        assert_values(fixture, spec, "14");
        spec = day_spec(fixture->vm, "active");
        vim_set(spec, "startTime", vim_new_time_ms(T0));
        vim_set(spec, "endTime", vim_new_time_ms(T0 + 100000));
        assert_values(fixture, spec, "4");
        metric = vim_item(query(fixture, day_spec(fixture->vm, "active")), 0);
        g_assert_cmpint(vim_get_int(vim_item(vim_get(metric, "sampleInfo"), 0), "interval", 0), ==, 300);

        /* A VM that was off half of the time has the average of when it was on; off all the time, nothing.
         */
        for (unsigned i = 0; i < 7; i++)
                sample_active(fixture, 50);
        g_ptr_array_set_size(fixture->machines, 0);
        for (unsigned i = 0; i < 8 + 15; i++)
                sample(fixture);
        g_ptr_array_add(fixture->machines, fixture->machine);
        for (unsigned i = 0; i < 15; i++)
                sample_active(fixture, 60);
        assert_values(fixture, day_spec(fixture->vm, "active"), "4 14 50 -1 60");
        assert_values(fixture, day_spec(fixture->host, "active"), "4 14 23 0 60");
        /* Every counter has a way that is known. */
        for (unsigned i = 0; i < perf_n_counters; i++)
                g_assert_true(g_str_equal(perf_counters[i].rollup, "average") ||
                              g_str_equal(perf_counters[i].rollup, "latest"));
}

/* The daemon that comes next has the day; what is older goes from it and from the file. */
static void kept(Fixture *fixture, gconstpointer data)
{
        unsigned n = 0;

        (void)data;
        for (unsigned i = 1; i <= 21; i++)
                sample_active(fixture, i);
        restart(fixture, 0);
        g_assert_null(ring_of(fixture, 20, fixture->vm));
        assert_values(fixture, day_spec(fixture->vm, "active"), "4 14");
        assert_values(fixture, day_spec(fixture->host, "state"), "1 1");
        assert_values(fixture, day_spec(fixture->pool, "consumed"), "614400 614400");
        /* It goes on; of the time when there was no daemon there is nothing. */
        fixture->samples += 30;
        for (unsigned i = 0; i < 15; i++)
                sample_active(fixture, 7);
        assert_values(fixture, day_spec(fixture->vm, "active"), "4 14 7");

        /* Later than now: the clock was wrong. */
        restart(fixture, -15 * 20000);
        assert_values(fixture, day_spec(fixture->vm, "active"), "4 14");
        /* A day later but for the last one, and wholly. */
        restart(fixture, 86400000 - 15 * 20000);
        assert_values(fixture, day_spec(fixture->vm, "active"), "7");
        restart(fixture, 86400000);
        g_assert_null(ring_of(fixture, 300, fixture->vm));
        g_assert_true(samples_read(fixture->base.inventory, 0, INT64_MAX, count, &n, NULL));
        g_assert_cmpuint(n, ==, 9);
        fixture->samples += 86400 / 20;
        for (unsigned i = 0; i < 15; i++)
                sample(fixture);
        n = 0;
        g_assert_true(samples_read(fixture->base.inventory, 0, INT64_MAX, count, &n, NULL));
        g_assert_cmpuint(n, ==, 3);
}

static void a_day(Fixture *fixture, gconstpointer data)
{
        unsigned n = 0;

        (void)data;
        for (unsigned i = 0; i < 6 + 15 * 300; i++)
                sample_active(fixture, i / 15);
        g_assert_cmpuint(vim_length(vim_get(vim_item(query(fixture, day_spec(fixture->vm, "active")), 0),
                                            "sampleInfo")),
                         ==, PERF_DAY_SAMPLES);
        g_assert_true(samples_read(fixture->base.inventory, 0, INT64_MAX, count, &n, NULL));
        g_assert_cmpuint(n, ==, 3 * PERF_DAY_SAMPLES);
        /* Off for a day, it is forgotten. */
        g_ptr_array_set_size(fixture->machines, 0);
        for (unsigned i = 0; i < 15 * (PERF_DAY_SAMPLES - 1); i++)
                sample(fixture);
        g_assert_nonnull(ring_of(fixture, 300, fixture->vm));
        for (unsigned i = 0; i < 15; i++)
                sample(fixture);
        g_assert_null(ring_of(fixture, 300, fixture->vm));
}

/* A VM that is gone is not taken up again; one that the world does not know yet, as libvirt is away, is. */
static void gone(Fixture *fixture, gconstpointer data)
{
        (void)data;
        for (unsigned i = 0; i < 21; i++)
                sample(fixture);
        (void)managed_ref(fixture->vm);
        world_remove(fixture->vm);
        g_ptr_array_set_size(fixture->machines, 0);
        restart(fixture, 0);
        for (unsigned i = 0; i < 15; i++)
                sample(fixture);
        g_assert_nonnull(ring_of(fixture, 300, fixture->vm));
        api_id_gone(fixture->base.api, "vm", UUID, false);
        restart(fixture, 0);
        g_assert_null(ring_of(fixture, 300, fixture->vm));
        g_assert_nonnull(ring_of(fixture, 300, fixture->host));
        managed_unref(fixture->vm);
}

/* What another version has written: counters that are not there, or not any more, and what is cut off. */
static void of_another_version(Fixture *fixture, gconstpointer data)
{
        static const uint8_t bytes[] = {33, 0,  5, 0, 0, 0, 0xff, 0x7f, 1, 0, 0,
                                        0,  45, 0, 1, 0, 0, 0,    98,   0, 9};
        g_autoptr(GBytes) value = g_bytes_new_static(bytes, sizeof(bytes));
        g_autoptr(GHashTable) samples = g_hash_table_new(g_str_hash, g_str_equal);

        (void)data;
        g_hash_table_insert(samples, fixture->vm->id, value);
        g_assert_true(samples_save(fixture->base.inventory, T0 - 200000, samples, 0, NULL));
        restart(fixture, 0);
        assert_values(fixture, day_spec(fixture->vm, "active"), "5");
        assert_values(fixture, day_spec(fixture->vm, "consumed"), "-1");
}

/* Each pool has what its VMs and those of pools below it have. */
static void pools(Fixture *fixture, gconstpointer data)
{
        static const char *const paths[] = {"/a", "/a/b", "/c"};
        Managed *objects[G_N_ELEMENTS(paths)];

        (void)data;
        for (unsigned i = 0; i < G_N_ELEMENTS(paths); i++) {
                InventoryPool pool = {.path = (char *)(gintptr)paths[i],
                                      .shares = (char *)(gintptr) "normal",
                                      .limit_mib = -1};

                g_assert_true(pools_set(fixture->pools, &pool, NULL));
                objects[i] = add_pool(fixture, paths[i]);
        }
        g_free(fixture->machine->record->pool);
        fixture->machine->record->pool = g_strdup("/a/b");
        sample(fixture);
        g_assert_cmpint(newest(fixture, fixture->pool, "consumed"), ==, 600 << 10);
        g_assert_cmpint(newest(fixture, objects[0], "active"), ==, 250 << 10);
        g_assert_cmpint(newest(fixture, objects[1], "overhead"), ==, 30 << 10);
        g_assert_cmpint(newest(fixture, objects[2], "consumed"), ==, 0);
}

static void csv(Fixture *fixture, gconstpointer data)
{
        VimValue *spec = spec_of(fixture->vm, "active");
        const VimValue *metric;

        (void)data;
        for (unsigned i = 1; i <= 2; i++) {
                fixture->machine->plan.active_bytes = i << 10;
                sample(fixture);
        }
        vim_set_text(spec, "format", "csv");
        metric = vim_item(query(fixture, spec), 0);
        g_assert_cmpstr(vim_get_text(metric, "sampleInfoCSV"), ==,
                        "20,2023-11-14T22:13:20Z,20,2023-11-14T22:13:40Z");
        g_assert_cmpstr(vim_get_text(vim_item(vim_get(metric, "value"), 0), "value"), ==, "1,2");
}

static void refused(Fixture *fixture, gconstpointer data)
{
        VimValue *spec, *list;

        (void)data;
        for (unsigned i = 0; i < PERF_SAMPLES; i++)
                sample(fixture);
        vim_set_int(spec = spec_of(fixture->vm, "active"), "intervalId", 1800);
        (void)query(fixture, spec);
        assert_fault(&fixture->base, "InvalidArgument");
        vim_set_int(spec = spec_of(fixture->vm, "active"), "maxSample", 0);
        (void)query(fixture, spec);
        assert_fault(&fixture->base, "InvalidArgument");
        vim_set_text(spec = spec_of(fixture->vm, "active"), "format", "xml");
        (void)query(fixture, spec);
        assert_fault(&fixture->base, "InvalidArgument");
        spec = spec_of(fixture->vm, "active");
        vim_set_ref(spec, "entity", "VirtualMachine", "vm-99");
        (void)query(fixture, spec);
        assert_fault(&fixture->base, "ManagedObjectNotFound");

        /* What would be too much at once is refused before any of it is made. */
        list = vim_new_list("PerfQuerySpec");
        for (unsigned i = 0; i < 96; i++)
                vim_add(list, spec_of(fixture->vm, NULL));
        g_assert_cmpuint(vim_length(query(fixture, list)), ==, 96);
        list = vim_new_list("PerfQuerySpec");
        for (unsigned i = 0; i < 97; i++)
                vim_add(list, spec_of(fixture->vm, NULL));
        (void)query(fixture, list);
        assert_fault(&fixture->base, "InvalidArgument");
}

static void composite(Fixture *fixture, gconstpointer data)
{
        const VimValue *result;

        (void)data;
        sample(fixture);
        result = call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryPerfComposite",
                      "querySpec", spec_of(fixture->host, "active"), NULL);
        g_assert_cmpstr(vim_get_text(vim_get(result, "entity"), "entity"), ==, "host-2");
        g_assert_cmpuint(vim_length(vim_get(result, "childEntity")), ==, 1);
        g_assert_cmpstr(vim_get_text(vim_item(vim_get(result, "childEntity"), 0), "entity"), ==, "vm-1");
}

static void add(const char *path, void (*test)(Fixture *, gconstpointer))
{
        g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        add("/api-performance/of-a-vm", of_a_vm);
        add("/api-performance/of-the-host", of_the_host);
        add("/api-performance/counters", counters);
        add("/api-performance/providers", providers);
        add("/api-performance/ranges", ranges);
        add("/api-performance/gaps", gaps);
        add("/api-performance/an-hour", an_hour);
        add("/api-performance/forgotten", forgotten);
        add("/api-performance/put-back", put_back);
        add("/api-performance/rolled-up", rolled_up);
        add("/api-performance/kept", kept);
        add("/api-performance/a-day", a_day);
        add("/api-performance/gone", gone);
        add("/api-performance/of-another-version", of_another_version);
        add("/api-performance/pools", pools);
        add("/api-performance/csv", csv);
        add("/api-performance/refused", refused);
        add("/api-performance/composite", composite);
        return g_test_run();
}
