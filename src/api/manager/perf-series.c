/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rings of samples. */
#include "api/manager/perf-series.h"

#include <string.h>

struct PerfRing {
        PerfKind kind;
        unsigned width;      /* columns: its counters */
        bool present;        /* was in the world when it was looked for last */
        int64_t first, last; /* numbers of samples; before first there was none of it */
        uint32_t values[];   /* series->samples rows */
};

struct PerfSeries {
        int interval_s;
        unsigned samples;
        int64_t first, n;  /* numbers of the oldest that is kept, and of the next one */
        GHashTable *rings; /* char *id to PerfRing * */
        int64_t times_ms[];
};

PerfSeries *perf_series_new(int interval_s, unsigned samples)
{
        PerfSeries *series = g_malloc0(sizeof(PerfSeries) + sizeof(int64_t) * samples);

        series->interval_s = interval_s;
        series->samples = samples;
        series->rings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        return series;
}

void perf_series_free(PerfSeries *series)
{
        g_hash_table_unref(series->rings);
        g_free(series);
}

int perf_series_interval_s(const PerfSeries *series)
{
        return series->interval_s;
}

int64_t perf_series_length_ms(const PerfSeries *series)
{
        return (int64_t)series->interval_s * series->samples * 1000;
}

int64_t perf_series_time_ms(const PerfSeries *series, int64_t number)
{
        return series->times_ms[number % series->samples];
}

int64_t perf_series_last_ms(const PerfSeries *series)
{
        return series->n > series->first ? perf_series_time_ms(series, series->n - 1) : INT64_MIN;
}

/* --- rows --- */

static size_t row_place(const PerfSeries *series, const PerfRing *ring, int64_t number)
{
        return (size_t)(number % series->samples) * ring->width;
}

static PerfRing *ring_new(const PerfSeries *series, PerfKind kind)
{
        unsigned width = perf_kind_width(kind);
        PerfRing *ring = g_malloc0(sizeof(PerfRing) + sizeof(uint32_t) * series->samples * width);

        ring->kind = kind;
        ring->width = width;
        ring->first = series->n - 1;
        ring->last = series->n - 2;
        return ring;
}

void perf_series_begin(PerfSeries *series, int64_t now_ms)
{
        series->times_ms[series->n % series->samples] = now_ms;
        series->n++;
        series->first = MAX(series->first, series->n - series->samples);
        while (perf_series_time_ms(series, series->first) <= now_ms - perf_series_length_ms(series))
                series->first++;
}

uint32_t *perf_series_row(PerfSeries *series, const char *id, PerfKind kind)
{
        PerfRing *ring = g_hash_table_lookup(series->rings, id);

        if (ring == NULL) {
                ring = ring_new(series, kind);
                g_hash_table_insert(series->rings, g_strdup(id), ring);
        }
        /* Those that it has missed since its last one say so, too. */
        for (int64_t i = MAX(ring->last + 1, series->first); i < series->n; i++)
                memset(&ring->values[row_place(series, ring, i)], 0xff, sizeof(uint32_t) * ring->width);
        ring->last = series->n - 1;
        return &ring->values[row_place(series, ring, ring->last)];
}

void perf_series_rewind(PerfSeries *series, int64_t now_ms)
{
        GHashTableIter iter;
        gpointer ring;

        while (series->n > series->first && perf_series_last_ms(series) >= now_ms)
                series->n--;
        g_hash_table_iter_init(&iter, series->rings);
        while (g_hash_table_iter_next(&iter, NULL, &ring)) {
                PerfRing *each = ring;

                each->first = MIN(each->first, series->n);
                each->last = MIN(each->last, series->n - 1);
        }
}

void perf_series_drop(PerfSeries *series, World *world)
{
        GHashTableIter iter;
        gpointer id, ring;

        g_hash_table_iter_init(&iter, series->rings);
        while (g_hash_table_iter_next(&iter, &id, &ring)) {
                PerfRing *each = ring;
                bool present = world_find(world, id) != NULL;

                /* After a start the world does not know all at once: what it has not seen yet is not gone.
                 */
                if (each->last < series->first || (each->present && !present))
                        g_hash_table_iter_remove(&iter);
                else
                        each->present = present;
        }
}

/* --- rolling up --- */

/* Of one column, the samples from number `first` to end - 1. */
static uint32_t roll_up(const PerfSeries *series, const PerfRing *ring, unsigned column, bool latest,
                        int64_t first, int64_t end)
{
        uint64_t sum = 0, n = 0;

        for (int64_t i = first; i < end; i++) {
                uint32_t value = ring->values[row_place(series, ring, i) + column];

                if (value == PERF_NOTHING)
                        continue;
                sum = latest ? value : sum + value;
                n = latest ? 1 : n + 1;
        }
        return n > 0 ? (uint32_t)((sum + n / 2) / n) : PERF_NOTHING;
}

/* What is no "latest" is an average. */
static void roll_up_row(const PerfSeries *series, const PerfRing *ring, int64_t first, int64_t end,
                        uint32_t *ret_row)
{
        unsigned column = 0;

        for (unsigned i = 0; i < perf_n_counters; i++) {
                if (!perf_counter_is_of(&perf_counters[i], ring->kind))
                        continue;
                ret_row[column] = roll_up(series, ring, column,
                                          strcmp(perf_counters[i].rollup, "latest") == 0, first, end);
                column++;
        }
}

void perf_series_roll_up(PerfSeries *series, const PerfSeries *from, int64_t now_ms)
{
        GHashTableIter iter;
        gpointer id, ring;
        bool begun = false;

        g_hash_table_iter_init(&iter, from->rings);
        while (g_hash_table_iter_next(&iter, &id, &ring)) {
                const PerfRing *each = ring;
                int64_t first, end;

                perf_ring_range(from, each, now_ms - (int64_t)series->interval_s * 1000, now_ms, &first,
                                &end);
                if (first == end)
                        continue;
                if (!begun)
                        perf_series_begin(series, now_ms);
                begun = true;
                roll_up_row(from, each, first, end, perf_series_row(series, id, each->kind));
        }
}

void perf_series_newest(const PerfSeries *series, PerfRowVisit visit, gpointer user_data)
{
        GHashTableIter iter;
        gpointer id, ring;

        g_hash_table_iter_init(&iter, series->rings);
        while (g_hash_table_iter_next(&iter, &id, &ring)) {
                const PerfRing *each = ring;

                if (each->last == series->n - 1)
                        visit(id, each->kind, &each->values[row_place(series, each, each->last)], user_data);
        }
}

/* --- reading --- */

const PerfRing *perf_series_find(const PerfSeries *series, const Managed *entity)
{
        return g_hash_table_lookup(series->rings, entity->id);
}

void perf_ring_range(const PerfSeries *series, const PerfRing *ring, int64_t begin_ms, int64_t end_ms,
                     int64_t *ret_first, int64_t *ret_end)
{
        int64_t first = MAX(ring->first, series->first), end = MAX(ring->last + 1, first);

        while (first < end && perf_series_time_ms(series, first) <= begin_ms)
                first++;
        while (end > first && perf_series_time_ms(series, end - 1) > end_ms)
                end--;
        *ret_first = first;
        *ret_end = end;
}

bool perf_ring_has(const PerfRing *ring, const PerfCounter *counter)
{
        return perf_counter_is_of(counter, ring->kind);
}

uint32_t perf_ring_get(const PerfSeries *series, const PerfRing *ring, const PerfCounter *counter,
                       int64_t number)
{
        return ring->values[row_place(series, ring, number) + perf_counter_column(counter, ring->kind)];
}
