/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Performance counters: by ESX's names and in its units, of the figures that `aerostat top` shows. */
#pragma once

#include "api/api.h"

/* Of what there are counters. */
typedef enum PerfKind { PERF_VM, PERF_POOL, PERF_HOST } PerfKind;

/* What a host's counters are made of. */
typedef struct PerfHost {
        const SchedulerHost *host;
        const SharingFigures *sharing;
        GPtrArray *machines; /* of Machine * */
        Pools *pools;
} PerfHost;

typedef struct PerfCounter {
        int key; /* the same for ever */
        const char *group, *name, *label;
        const char *rollup, *stats, *unit; /* as vim25 calls them */
        int level;
        /* NULL: virtual machines, or hosts, have none of it. Percents are hundredths. */
        uint64_t (*of_vm)(const Machine *machine);
        uint64_t (*of_host)(const PerfHost *host);
        bool of_pool; /* of a resource pool: the sum of its VMs', with those below it */
} PerfCounter;

extern const PerfCounter perf_counters[];
extern const unsigned perf_n_counters;

/* NULL: none. */
const PerfCounter *perf_counter_find(int64_t key);
bool perf_counter_is_of(const PerfCounter *counter, PerfKind kind);
/* Where a counter is among those of a kind; it is one of them. */
unsigned perf_counter_column(const PerfCounter *counter, PerfKind kind);
/* How many counters a kind has. */
unsigned perf_kind_width(PerfKind kind);
VimValue *perf_counter_info(const PerfCounter *counter); /* PerfCounterInfo */
