/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Samples of one interval, as long back as there are `samples` of them: of each entity a ring of rows of
 * numbers, a column for each of its kind's counters. Samples are numbered from 0 on, for all entities alike.
 * An entity is known by its id ("vm-12"), which it has after every start and under any name.
 */
#pragma once

#include "api/manager/perf-counter.h"

/* In place of what was not measured. */
#define PERF_NOTHING UINT32_MAX

typedef struct PerfSeries PerfSeries;

PerfSeries *perf_series_new(int interval_s, unsigned samples);
void perf_series_free(PerfSeries *series);

int perf_series_interval_s(const PerfSeries *series);
/* How far back it goes. */
int64_t perf_series_length_ms(const PerfSeries *series);
/* When its newest sample was taken; INT64_MIN: there is none. */
int64_t perf_series_last_ms(const PerfSeries *series);
int64_t perf_series_time_ms(const PerfSeries *series, int64_t number);

/* --- writing --- */

/* Begins a sample; it must be later than the newest. What is older than the length goes. */
void perf_series_begin(PerfSeries *series, int64_t now_ms);
/* An entity's row of the sample that was begun, its columns to be filled; all PERF_NOTHING at first. */
uint32_t *perf_series_row(PerfSeries *series, const char *id, PerfKind kind);
/* The clock was put back: forgets the samples that are not before that. */
void perf_series_rewind(PerfSeries *series, int64_t now_ms);
/* Forgets entities without samples, and those that have left the world. */
void perf_series_drop(PerfSeries *series, World *world);
/* Adds what the last interval's samples of another series come to, each counter in its way, as of now_ms. */
void perf_series_roll_up(PerfSeries *series, const PerfSeries *from, int64_t now_ms);
/* Of the newest sample each entity's row; borrowed. */
typedef void (*PerfRowVisit)(const char *id, PerfKind kind, const uint32_t *row, gpointer user_data);
void perf_series_newest(const PerfSeries *series, PerfRowVisit visit, gpointer user_data);

/* --- reading --- */

/* What is kept of one entity; borrowed, until the next sample. */
typedef struct PerfRing PerfRing;

/* NULL: nothing. */
const PerfRing *perf_series_find(const PerfSeries *series, const Managed *entity);
/* The numbers of its samples after begin_ms and up to end_ms: from *ret_first to *ret_end - 1. */
void perf_ring_range(const PerfSeries *series, const PerfRing *ring, int64_t begin_ms, int64_t end_ms,
                     int64_t *ret_first, int64_t *ret_end);
/* Whether there is such a counter of it. */
bool perf_ring_has(const PerfRing *ring, const PerfCounter *counter);
/* PERF_NOTHING, too. The counter is one that it has. */
uint32_t perf_ring_get(const PerfSeries *series, const PerfRing *ring, const PerfCounter *counter,
                       int64_t number);
