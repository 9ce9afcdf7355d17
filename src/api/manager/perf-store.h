/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What was measured of VMs, resource pools and the host, as ESX keeps it: the last hour every 20 seconds in
 * memory, and the last day in roll-ups of 5 minutes, in memory and in the inventory, where each roll-up is
 * one transaction. 22 counters of a VM take 16 KB and 25 KB of memory; those of a VM which does not run any
 * more go after the hour and the day, those of a VM which is gone at once.
 */
#pragma once

#include "api/manager/perf-series.h"
#include "inventory/inventory.h"

#define PERF_INTERVAL_S 20
#define PERF_SAMPLES    180

/* "Past day" */
#define PERF_DAY_INTERVAL_S 300
#define PERF_DAY_SAMPLES    288

typedef struct PerfStore PerfStore;

PerfStore *perf_store_new(World *world, Inventory *inventory);
void perf_store_free(PerfStore *store);

/* Takes up what the inventory has of the day up to now_ms (wall clock). */
bool perf_store_load(PerfStore *store, int64_t now_ms, GError **error);

/*
 * now_ms: wall clock. A second one of the same time takes no sample; when the clock was put back, what was
 * measured at later times is forgotten. False: a roll-up could not be kept in the inventory.
 */
bool perf_store_sample(PerfStore *store, int64_t now_ms, const PerfHost *figures, GError **error);

/* Of PERF_INTERVAL_S or PERF_DAY_INTERVAL_S; NULL of others. */
const PerfSeries *perf_store_series(const PerfStore *store, int64_t interval_s);
