/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of tasks, also of those whose objects are gone or that an earlier daemon ran. */
#pragma once

#include "api/manager/history.h"

/* So many, the newest; some 3 MB. */
#define TASK_HISTORY_MAX 2000

typedef struct TaskHistory TaskHistory;

TaskHistory *task_history_new(Api *api);
void task_history_free(TaskHistory *history);

/* The info of a Task is new or another. Its number; *ret_moved: it is new, or has ended now. */
int64_t task_history_set(TaskHistory *history, const VimValue *info, bool *ret_moved);

/* The info of the newest that runs on an entity of this name; NULL: none. Borrowed. */
const VimValue *task_history_running(TaskHistory *history, const char *entity_name);

/* NULL with InvalidArgument sent. */
gpointer task_filter_new(Request *request, const VimValue *value);
extern const HistoryKind task_history_kind;
