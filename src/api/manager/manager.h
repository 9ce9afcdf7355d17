/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the managers' modules know of each other. */
#pragma once

#include "api/internal.h"
#include "api/manager/event-log.h"
#include "api/manager/perf-store.h"
#include "api/manager/scope.h"
#include "api/manager/task-history.h"

/* What users write into the log: "USER: WORDS". A type in the journal. */
#define EVENT_USER "user"

TaskHistory *manager_task_history(const Api *api);
EventLog *manager_event_log(const Api *api);
PerfStore *manager_perf_store(const Api *api);

/* An ElementDescription. summary NULL: the label. */
VimValue *manager_element(const char *key, const char *label, const char *summary);
