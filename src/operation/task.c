/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tasks as others see them: as JSON, told while they go on, cancelled. */
#include <inttypes.h>

#include "operation/internal.h"

#define TELL_EVERY_US (G_USEC_PER_SEC / 2)

/* --- told --- */

void task_tell(Call *call)
{
        const OperationsParts *parts = &call->operations->parts;
        TaskRecord task;

        if (parts->task == NULL)
                return;
        /* A copy: who is told may ask for tasks. */
        g_mutex_lock(&call->operations->mutex);
        task = call->task;
        task.message = g_strdup(task.message);
        g_mutex_unlock(&call->operations->mutex);
        parts->task(&task, parts->user_data);
        g_free(task.message);
}

static gboolean tell_progress(gpointer user_data)
{
        Call *call = user_data;

        g_mutex_lock(&call->operations->mutex);
        call->told_source = 0;
        call->told_us = g_get_monotonic_time();
        g_mutex_unlock(&call->operations->mutex);
        task_tell(call);
        return G_SOURCE_REMOVE;
}

void task_tell_progress(Call *call)
{
        int64_t wait_us = call->told_us + TELL_EVERY_US - g_get_monotonic_time();

        if (call->operations->parts.task == NULL || call->task.id == 0 || call->told_source != 0)
                return;
        if (call->told_us == 0 || wait_us < 0)
                wait_us = 0;
        call->told_source = g_timeout_add((guint)((wait_us + 999) / 1000), tell_progress, call);
}

void task_tell_end(Call *call)
{
        g_clear_handle_id(&call->told_source, g_source_remove);
}

/* --- asked for --- */

static const char *const state_names[] = {"queued", "running", "success", "error"};

const char *operations_error_kind(GIOErrorEnum error)
{
        switch ((int)error) {
        case G_IO_ERROR_NOT_FOUND:
                return "not_found";
        case G_IO_ERROR_EXISTS:
                return "exists";
        case G_IO_ERROR_INVALID_ARGUMENT:
                return "invalid_argument";
        case G_IO_ERROR_BUSY:
                return "busy";
        case G_IO_ERROR_NO_SPACE:
                return "no_space";
        case G_IO_ERROR_CANCELLED:
                return "cancelled";
        case G_IO_ERROR_NOT_SUPPORTED:
                return "not_supported";
        default:
                return "failed";
        }
}

static void add_text(JsonBuilder *builder, const char *name, const char *text)
{
        json_builder_set_member_name(builder, name);
        if (text != NULL)
                json_builder_add_string_value(builder, text);
        else
                json_builder_add_null_value(builder);
}

static void add_time(JsonBuilder *builder, const char *name, int64_t ms)
{
        json_builder_set_member_name(builder, name);
        if (ms != 0)
                json_builder_add_int_value(builder, ms);
        else
                json_builder_add_null_value(builder);
}

static void add_task(Operations *operations, JsonBuilder *builder, const TaskRecord *task)
{
        JsonNode *result = g_hash_table_lookup(operations->results, &task->id);

        json_builder_begin_object(builder);
        json_builder_set_member_name(builder, "id");
        json_builder_add_int_value(builder, task->id);
        add_text(builder, "method", task->method);
        add_text(builder, "object", task->object);
        add_text(builder, "state", state_names[task->state]);
        json_builder_set_member_name(builder, "percent");
        json_builder_add_int_value(builder, task->percent);
        add_text(builder, "message", task->message);
        add_text(builder, "errorKind",
                 task->state == TASK_ERROR ? operations_error_kind(task->error) : NULL);
        add_time(builder, "queued_ms", task->queued_ms);
        add_time(builder, "started_ms", task->started_ms);
        add_time(builder, "ended_ms", task->ended_ms);
        if (result != NULL) {
                json_builder_set_member_name(builder, "result");
                json_builder_add_value(builder, json_node_copy(result));
        }
        json_builder_end_object(builder);
}

/* What is known of it now: of one that has not ended, more than the inventory has. */
static void add_task_now(Operations *operations, JsonBuilder *builder, const TaskRecord *task)
{
        const Call *call = g_hash_table_lookup(operations->tasks, &task->id);

        g_mutex_lock(&operations->mutex);
        add_task(operations, builder, call != NULL ? &call->task : task);
        g_mutex_unlock(&operations->mutex);
}

JsonNode *operations_task(Operations *operations, int64_t id, GError **error)
{
        g_autoptr(JsonBuilder) builder = json_builder_new();
        g_autoptr(GError) inner = NULL;
        TaskRecord *ended = NULL;
        const Call *call = g_hash_table_lookup(operations->tasks, &id);
        const TaskRecord *found = call != NULL ? &call->task : NULL;

        if (found == NULL) {
                found = ended = task_record_load(operations->parts.inventory, id, &inner);
                if (inner != NULL) {
                        g_propagate_error(error, g_steal_pointer(&inner));
                        return NULL;
                }
        }
        if (found == NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            "there is no task %" PRId64 "; 'aerostat task list' shows the latest", id);
                return NULL;
        }
        add_task_now(operations, builder, found);
        task_record_free(ended);
        return json_builder_get_root(builder);
}

bool operations_cancel(Operations *operations, int64_t id, GError **error)
{
        Call *call = g_hash_table_lookup(operations->tasks, &id);
        g_autoptr(JsonNode) known = NULL;

        if (call == NULL) {
                known = operations_task(operations, id, error);
                if (known != NULL)
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                                    "task %" PRId64 " has ended already", id);
                return false;
        }
        g_cancellable_cancel(call->cancellable);
        return true;
}
