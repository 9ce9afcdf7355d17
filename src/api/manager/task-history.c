/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The infos of tasks in the order in which they were queued, and what filters take of them. */
#include "api/manager/task-history.h"

#include <string.h>

#include "api/manager/manager.h"
#include "api/manager/scope.h"

/* Where the numbers begin: those of before the start are below it. */
#define FIRST ((int64_t)1 << 32)

struct TaskHistory {
        Api *api;
        GPtrArray *infos;   /* of VimValue *, TaskInfo, oldest first; the numbers go up by one */
        GHashTable *by_key; /* char * (the info's) to int64_t *, its number */
        int64_t first;      /* the number of the first */
        bool loaded;        /* what the inventory has of earlier ones */
};

TaskHistory *task_history_new(Api *api)
{
        TaskHistory *history = g_new0(TaskHistory, 1);

        history->api = api;
        history->infos = g_ptr_array_new_with_free_func((GDestroyNotify)vim_unref);
        history->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        history->first = FIRST;
        return history;
}

void task_history_free(TaskHistory *history)
{
        g_hash_table_unref(history->by_key);
        g_ptr_array_unref(history->infos);
        g_free(history);
}

static const VimValue *info_at(const TaskHistory *history, int64_t number)
{
        int64_t place = number - history->first;

        return place >= 0 && place < (int64_t)history->infos->len ? history->infos->pdata[place] : NULL;
}

static void remember(TaskHistory *history, const VimValue *info, int64_t number)
{
        int64_t *kept = g_new(int64_t, 1);

        *kept = number;
        g_hash_table_insert(history->by_key, g_strdup(vim_get_text(info, "key")), kept);
}

int64_t task_history_set(TaskHistory *history, const VimValue *info, bool *ret_moved)
{
        const int64_t *known = g_hash_table_lookup(history->by_key, vim_get_text(info, "key"));
        int64_t number;

        if (known != NULL) {
                VimValue **place = (VimValue **)&history->infos->pdata[*known - history->first];

                *ret_moved =
                        (vim_get(*place, "completeTime") == NULL) != (vim_get(info, "completeTime") == NULL);
                vim_unref(*place);
                *place = vim_ref(info);
                return *known;
        }
        *ret_moved = true;
        number = history->first + history->infos->len;
        g_ptr_array_add(history->infos, vim_ref(info));
        remember(history, info, number);
        if (history->infos->len > TASK_HISTORY_MAX) {
                const VimValue *oldest = history->infos->pdata[0];

                (void)g_hash_table_remove(history->by_key, vim_get_text(oldest, "key"));
                g_ptr_array_remove_index(history->infos, 0);
                history->first++;
        }
        return number;
}

const VimValue *task_history_running(TaskHistory *history, const char *entity_name)
{
        for (unsigned i = history->infos->len; i-- > 0;) {
                const VimValue *info = history->infos->pdata[i];

                if (vim_get(info, "completeTime") == NULL &&
                    g_strcmp0(vim_get_text(info, "entityName"), entity_name) == 0)
                        return info;
        }
        return NULL;
}

/* --- of an earlier daemon --- */

static VimValue *info_of(Api *api, const TaskRecord *record)
{
        static const char *const states[] = {"queued", "running", "success", "error"};
        VimValue *info = vim_new_object("TaskInfo"), *reason = vim_new_object("TaskReasonUser");
        g_autofree char *id = g_strdup_printf("task-%" G_GINT64_FORMAT, record->id);

        vim_set_text(info, "key", id);
        vim_set_ref(info, "task", "Task", id);
        vim_set_text(info, "name", record->method);
        vim_set_text(info, "descriptionId", record->method);
        vim_set(info, "entity", managed_reference(scope_vm_named(api_world(api), record->object)));
        vim_set_text(info, "entityName", record->object);
        vim_set_text(info, "state", states[record->state]);
        vim_set_bool(info, "cancelled",
                     record->state == TASK_ERROR && record->error == G_IO_ERROR_CANCELLED);
        vim_set_bool(info, "cancelable", false);
        if (record->state == TASK_ERROR) {
                g_autoptr(GError) error =
                        g_error_new_literal(G_IO_ERROR, (int)record->error,
                                            record->message != NULL ? record->message : "it failed");

                vim_set(info, "error",
                        vim_new_localized(fault_about(fault_of, error, vim_get(info, "entity")),
                                          error->message));
        }
        vim_set_text(reason, "userName", SCOPE_SYSTEM_USER);
        vim_set(info, "reason", reason);
        vim_set(info, "queueTime", vim_new_time_ms(record->queued_ms));
        if (record->started_ms != 0)
                vim_set(info, "startTime", vim_new_time_ms(record->started_ms));
        if (record->ended_ms != 0)
                vim_set(info, "completeTime", vim_new_time_ms(record->ended_ms));
        vim_set_int(info, "eventChainId", 0);
        return info;
}

/* Only when somebody asks: by then the VMs are there that they were about. */
static void load(TaskHistory *history)
{
        g_autoptr(GPtrArray) records = NULL;
        g_autoptr(GError) error = NULL;

        if (history->loaded)
                return;
        history->loaded = true;
        records = task_records(api_parts(history->api)->inventory, TASK_HISTORY_MAX, &error);
        if (records == NULL) {
                g_warning("%s", error->message);
                return;
        }
        for (unsigned i = 0; i < records->len && history->infos->len < TASK_HISTORY_MAX; i++) {
                const TaskRecord *record = records->pdata[i];
                g_autofree char *key = g_strdup_printf("task-%" G_GINT64_FORMAT, record->id);

                if (g_hash_table_contains(history->by_key, key))
                        continue;
                g_ptr_array_insert(history->infos, 0, info_of(history->api, record));
                remember(history, history->infos->pdata[0], --history->first);
        }
}

/* --- filters --- */

typedef struct TaskFilter {
        Scope scope;
        VimValue *value;  /* the TaskFilterSpec */
        const char *time; /* the TaskInfo's field; NULL: of any time */
        int64_t begin_us, end_us;
} TaskFilter;

static void task_filter_free(gpointer data)
{
        TaskFilter *filter = data;

        scope_clear(&filter->scope);
        vim_unref(filter->value);
        g_free(filter);
}

static const char *time_field(const char *option)
{
        if (strcmp(option, "startedTime") == 0)
                return "startTime";
        return strcmp(option, "completedTime") == 0 ? "completeTime" : "queueTime";
}

gpointer task_filter_new(Request *request, const VimValue *value)
{
        const VimValue *time = vim_get(value, "time");
        TaskFilter *filter = g_new0(TaskFilter, 1);

        scope_init(&filter->scope, vim_get(value, "entity"));
        filter->value = vim_ref(value);
        filter->end_us = INT64_MAX;
        if (time != NULL) {
                filter->time = time_field(vim_get_text(time, "timeType"));
                filter->begin_us = vim_get_int(time, "beginTime", 0);
                filter->end_us = vim_get_int(time, "endTime", INT64_MAX);
        }
        if (filter->begin_us <= filter->end_us)
                return filter;
        task_filter_free(filter);
        request_invalid(request, "filter.time", "the time ends before it begins");
        return NULL;
}

static bool lists_text(const VimValue *list, const char *text)
{
        for (unsigned i = 0; i < vim_length(list); i++)
                if (g_strcmp0(vim_item(list, i)->text, text) == 0)
                        return true;
        return list == NULL || vim_length(list) == 0;
}

static bool lists_number(const VimValue *list, int64_t number)
{
        for (unsigned i = 0; i < vim_length(list); i++)
                if (vim_item(list, i)->integer == number)
                        return true;
        return list == NULL || vim_length(list) == 0;
}

static bool is_in_time(const TaskFilter *filter, const VimValue *info)
{
        const VimValue *time = filter->time != NULL ? vim_get(info, filter->time) : NULL;

        return filter->time == NULL ||
               (time != NULL && time->integer >= filter->begin_us && time->integer <= filter->end_us);
}

/* Alarms, schedules and tasks of tasks there are none. */
static bool takes(const TaskFilter *filter, World *world, const VimValue *info)
{
        const VimValue *spec = filter->value;

        return vim_get(spec, "alarm") == NULL && vim_get(spec, "scheduledTask") == NULL &&
               lists_text(vim_get(spec, "state"), vim_get_text(info, "state")) && is_in_time(filter, info) &&
               lists_text(vim_get(spec, "tag"), vim_get_text(info, "changeTag")) &&
               lists_text(vim_get(spec, "activationId"), vim_get_text(info, "activationId")) &&
               lists_text(vim_get(spec, "parentTaskKey"), vim_get_text(info, "parentTaskKey")) &&
               lists_text(vim_get(spec, "rootTaskKey"), vim_get_text(info, "rootTaskKey")) &&
               lists_number(vim_get(spec, "eventChainId"), vim_get_int(info, "eventChainId", 0)) &&
               scope_has_user(vim_get(spec, "userName"),
                              vim_get_text(vim_get(info, "reason"), "userName")) &&
               scope_has(&filter->scope, world, vim_get_text(info, "entity"));
}

/* --- for collectors --- */

static TaskHistory *loaded(Api *api)
{
        TaskHistory *history = manager_task_history(api);

        load(history);
        return history;
}

static bool matches(Api *api, gconstpointer filter, int64_t number)
{
        const VimValue *info = info_at(loaded(api), number);

        return info != NULL && takes(filter, api_world(api), info);
}

static int64_t step(Api *api, gconstpointer filter, int64_t from, bool back)
{
        const TaskHistory *history = loaded(api);
        int64_t end = history->first + history->infos->len;
        int64_t number = back ? MIN(from, end - 1) : MAX(from + 1, history->first);

        while (number >= history->first && number < end && !matches(api, filter, number))
                number += back ? -1 : 1;
        return number >= history->first && number < end ? number : 0;
}

static VimValue *read_info(Api *api, gconstpointer filter, int64_t number)
{
        (void)filter;
        return vim_ref(info_at(loaded(api), number));
}

const HistoryKind task_history_kind = {
        .type = "TaskHistoryCollector",
        .item = "TaskInfo",
        .step = step,
        .matches = matches,
        .read = read_info,
        .free_filter = task_filter_free,
};
