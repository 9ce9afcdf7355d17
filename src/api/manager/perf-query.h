/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Queries of samples. */
#pragma once

#include "api/manager/perf-store.h"
#include "api/request.h"

/* Values in one answer, each of them some 50 bytes of it. */
#define PERF_VALUES_MAX 400000

/* Whether there is such an interval; 0: none was asked for. False: answered, naming the argument. */
bool perf_interval_known(Request *request, const char *argument, int64_t interval_s);
VimValue *perf_metric_id(const PerfCounter *counter); /* PerfMetricId */

/* Methods of PerformanceManager. */
void perf_query(Request *request);
void perf_query_composite(Request *request);
