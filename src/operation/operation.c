/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls: their threads, their tasks, and what a method is given to work with. */
#include "operation/operation.h"

#include <inttypes.h>
#include <string.h>

#include "operation/internal.h"
#include "operation/watch.h"

#define RECONNECT_MS 5000

static int64_t now_ms(void)
{
        return g_get_real_time() / 1000;
}

/* --- calls --- */

static void call_free(Call *call)
{
        json_object_unref(call->args);
        g_clear_pointer(&call->result, json_node_unref);
        g_clear_error(&call->error);
        g_object_unref(call->cancellable);
        g_mutex_clear(&call->mutex);
        g_free(call->task.method);
        g_free(call->task.object);
        g_free(call->task.message);
        g_free(call->what);
        g_free(call);
}

/* What it is done to, for people: most methods say so in one of these. */
static char *object_of(JsonObject *args)
{
        static const char *const members[] = {"vm", "name", "path", "switch"};

        for (unsigned i = 0; i < G_N_ELEMENTS(members); i++) {
                JsonNode *node = json_object_get_member(args, members[i]);

                if (node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
                    json_node_get_value_type(node) == G_TYPE_STRING)
                        return g_strdup(json_node_get_string(node));
        }
        return NULL;
}

static Call *call_new(Operations *operations, const Method *method, JsonObject *args)
{
        Call *call = g_new0(Call, 1);

        call->operations = operations;
        call->root = call;
        call->method = method;
        call->args = json_object_ref(args);
        call->cancellable = g_cancellable_new();
        g_mutex_init(&call->mutex);
        call->task.method = g_strdup(method->name);
        call->task.object = object_of(args);
        call->task.queued_ms = now_ms();
        return call;
}

static void save_task(Call *call)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&call->operations->mutex);
        g_autoptr(GError) error = NULL;

        /* The task goes on: its record is for people. */
        if (!task_record_save(call->operations->parts.inventory, &call->task, &error))
                g_warning("task %s: %s", call->method->name, error->message);
}

static void keep_result(Operations *operations, int64_t id, JsonNode *result)
{
        int64_t *key;

        if (result == NULL)
                return;
        key = g_new(int64_t, 1);
        *key = id;
        g_hash_table_insert(operations->results, key, json_node_ref(result));
        g_queue_push_tail(&operations->order, key);
        if (operations->order.length > OPERATION_RESULTS_MAX)
                g_hash_table_remove(operations->results, g_queue_pop_head(&operations->order));
}

static void reconcile_done(Operations *operations, const GError *error);

static gboolean finish(gpointer user_data)
{
        Call *call = user_data;
        Operations *operations = call->operations;

        (void)g_hash_table_remove(operations->calls, call);
        if (call->task.id != 0) {
                call->task.ended_ms = now_ms();
                call->task.state = call->error == NULL ? TASK_SUCCESS : TASK_ERROR;
                if (call->error == NULL)
                        call->task.percent = 100;
                g_free(call->task.message);
                call->task.message = g_strdup(call->error != NULL ? call->error->message : "done");
                save_task(call);
                keep_result(operations, call->task.id, call->result);
                g_hash_table_remove(operations->tasks, &call->task.id);
        }
        if (call->method == reconcile_methods)
                reconcile_done(operations, call->error);
        if (call->done != NULL)
                call->done(call->error == NULL ? call->result : NULL, call->error, call->user_data);
        call_free(call);
        return G_SOURCE_REMOVE;
}

static gboolean begin_task(gpointer user_data)
{
        Call *call = user_data;

        save_task(call);
        return G_SOURCE_REMOVE;
}

/* Names of files and libvirt's words may be in it, in bytes that are no UTF-8; JSON takes no others. */
static void make_valid(GError *error)
{
        char *text = g_utf8_make_valid(error->message, -1);

        g_free(error->message);
        error->message = text;
}

static void run_call(gpointer data, gpointer user_data)
{
        Call *call = data;
        Operations *operations = call->operations;
        g_autoptr(JsonBuilder) builder = json_builder_new();

        (void)user_data;
        g_mutex_lock(&operations->mutex);
        call->task.state = TASK_RUNNING;
        call->task.started_ms = now_ms();
        g_mutex_unlock(&operations->mutex);
        if (call->task.id != 0)
                (void)g_idle_add_full(G_PRIORITY_DEFAULT, begin_task, call, NULL);
        if (!g_cancellable_set_error_if_cancelled(call->cancellable, &call->error) &&
            !call->method->run(call, call->args, builder, &call->error) && call->error == NULL)
                g_set_error(&call->error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s failed without a reason",
                            call->method->name);
        if (call->error != NULL)
                make_valid(call->error);
        /* What was done in part is told, too. */
        call->result = json_builder_get_root(builder);
        locks_give_all(operations->locks, call);
        if (call->connection != NULL)
                (void)virConnectClose(call->connection);
        (void)g_idle_add_full(G_PRIORITY_DEFAULT, finish, call, NULL);
}

static bool start_task(Operations *operations, Call *call, GError **error)
{
        if (!task_record_save(operations->parts.inventory, &call->task, error))
                return false;
        call->what = g_strdup_printf("task %" PRId64 " (%s)", call->task.id, call->method->name);
        g_hash_table_insert(operations->tasks, &call->task.id, call);
        return true;
}

bool operations_offers(const char *method_name)
{
        const Method *method = method_find(method_name);

        return method != NULL && !method->internal;
}

bool operations_start(Operations *operations, const char *method_name, JsonObject *args, OperationDone done,
                      gpointer user_data, int64_t *ret_task, GError **error)
{
        const Method *method = method_find(method_name);
        Call *call;

        if (method == NULL) {
                g_autofree char *shown = g_strescape(method_name, NULL);

                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no method \"%.100s\"", shown);
                return false;
        }
        if (operations->closing ||
            g_hash_table_size(operations->calls) >= OPERATION_THREADS + OPERATIONS_MAX) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                            operations->closing
                                    ? "the daemon is ending"
                                    : "%u operations wait already; try again when some have ended",
                            g_hash_table_size(operations->calls));
                return false;
        }
        call = call_new(operations, method, args);
        if (method->is_task && !start_task(operations, call, error)) {
                call_free(call);
                return false;
        }
        if (call->what == NULL)
                call->what = g_strdup(method->name);
        if (ret_task != NULL)
                *ret_task = call->task.id;
        call->done = method->is_task ? NULL : done;
        call->user_data = user_data;
        (void)g_hash_table_add(operations->calls, call);
        if (method->is_task && !operations->ready)
                g_queue_push_tail(&operations->held, call);
        else
                g_thread_pool_push(operations->threads, call, NULL);
        return true;
}

/* --- the connection, and what an earlier life left --- */

/* Again and again: with a connection that was lost and came back, the end of VMs may have been missed. */
static gboolean reconcile(gpointer user_data)
{
        Operations *operations = user_data;
        g_autoptr(JsonObject) args = json_object_new();

        if (operations->reconciling || operations->closing)
                return G_SOURCE_CONTINUE;
        operations->reconciling =
                operations_start(operations, reconcile_methods->name, args, NULL, NULL, NULL, NULL);
        return G_SOURCE_CONTINUE;
}

static void reconcile_done(Operations *operations, const GError *error)
{
        operations->reconciling = false;
        /* It was broken off, which is nothing to be told; and nothing is to be taken up. */
        if (operations->closing)
                return;
        if (error != NULL) {
                /* Said once for each reason. */
                if (g_strcmp0(operations->reason, error->message) != 0)
                        operations->parts.event("error", NULL, error->message, operations->parts.user_data);
                g_free(operations->reason);
                operations->reason = g_strdup(error->message);
                return;
        }
        g_clear_pointer(&operations->reason, g_free);
        operations->ready = true;
        while (operations->held.length > 0)
                g_thread_pool_push(operations->threads, g_queue_pop_head(&operations->held), NULL);
}

/* --- tasks --- */

static const char *const state_names[] = {"queued", "running", "success", "error"};

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

static void add_task(Operations *operations, JsonBuilder *builder, const TaskRecord *task, bool with_result)
{
        JsonNode *result = with_result ? g_hash_table_lookup(operations->results, &task->id) : NULL;

        json_builder_begin_object(builder);
        json_builder_set_member_name(builder, "id");
        json_builder_add_int_value(builder, task->id);
        add_text(builder, "method", task->method);
        add_text(builder, "object", task->object);
        add_text(builder, "state", state_names[task->state]);
        json_builder_set_member_name(builder, "percent");
        json_builder_add_int_value(builder, task->percent);
        add_text(builder, "message", task->message);
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
static void add_task_now(Operations *operations, JsonBuilder *builder, const TaskRecord *task,
                         bool with_result)
{
        const Call *call = g_hash_table_lookup(operations->tasks, &task->id);

        g_mutex_lock(&operations->mutex);
        add_task(operations, builder, call != NULL ? &call->task : task, with_result);
        g_mutex_unlock(&operations->mutex);
}

JsonNode *operations_tasks(Operations *operations, unsigned limit, GError **error)
{
        g_autoptr(GPtrArray) tasks = task_records(operations->parts.inventory, limit, error);
        g_autoptr(JsonBuilder) builder = json_builder_new();

        if (tasks == NULL)
                return NULL;
        json_builder_begin_array(builder);
        for (unsigned i = 0; i < tasks->len; i++)
                add_task_now(operations, builder, tasks->pdata[i], false);
        json_builder_end_array(builder);
        return json_builder_get_root(builder);
}

JsonNode *operations_task(Operations *operations, int64_t id, GError **error)
{
        g_autoptr(GPtrArray) tasks = NULL;
        g_autoptr(JsonBuilder) builder = json_builder_new();
        const Call *call = g_hash_table_lookup(operations->tasks, &id);
        const TaskRecord *found = call != NULL ? &call->task : NULL;

        if (found == NULL) {
                tasks = task_records(operations->parts.inventory, TASKS_KEPT_MAX, error);
                if (tasks == NULL)
                        return NULL;
                for (unsigned i = 0; i < tasks->len && found == NULL; i++)
                        if (((const TaskRecord *)tasks->pdata[i])->id == id)
                                found = tasks->pdata[i];
        }
        if (found == NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            "there is no task %" PRId64 "; 'aerostat task list' shows the latest", id);
                return NULL;
        }
        add_task_now(operations, builder, found, true);
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

/* --- the whole --- */

Operations *operations_new(const OperationsParts *parts, GError **error)
{
        Operations *operations;

        if (!task_records_end_all(parts->inventory, now_ms(), error))
                return NULL;
        operations = g_new0(Operations, 1);
        operations->parts = *parts;
        /* What these point at changes when settings are read again. */
        operations->parts.domain_type = operations->domain_type = g_strdup(parts->domain_type);
        operations->parts.pager_library = operations->pager_library = g_strdup(parts->pager_library);
        operations->parts.pager_dir = operations->pager_dir = g_strdup(parts->pager_dir);
        g_mutex_init(&operations->mutex);
        operations->connection = connection_new(parts->uri);
        operations->locks = locks_new();
        operations->stuck = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        operations->calls = g_hash_table_new(NULL, NULL);
        operations->tasks = g_hash_table_new(g_int64_hash, g_int64_equal);
        operations->results =
                g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)json_node_unref);
        operations->threads = g_thread_pool_new(run_call, NULL, OPERATION_THREADS, FALSE, NULL);
        (void)reconcile(operations);
        operations->reconnect_source = g_timeout_add(RECONNECT_MS, reconcile, operations);
        return operations;
}

void operations_free(Operations *operations)
{
        GHashTableIter iter;
        gpointer call;

        if (operations == NULL)
                return;
        operations->closing = true;
        g_clear_handle_id(&operations->reconnect_source, g_source_remove);
        g_hash_table_iter_init(&iter, operations->calls);
        while (g_hash_table_iter_next(&iter, NULL, &call))
                g_cancellable_cancel(((Call *)call)->cancellable);
        while (operations->held.length > 0)
                g_thread_pool_push(operations->threads, g_queue_pop_head(&operations->held), NULL);
        while (g_hash_table_size(operations->calls) > 0)
                (void)g_main_context_iteration(NULL, TRUE);
        watch_end(operations);
        g_thread_pool_free(operations->threads, FALSE, TRUE);
        connection_free(operations->connection);
        locks_free(operations->locks);
        g_hash_table_unref(operations->stuck);
        g_hash_table_unref(operations->calls);
        g_hash_table_unref(operations->tasks);
        g_hash_table_unref(operations->results);
        g_queue_clear(&operations->order);
        g_mutex_clear(&operations->mutex);
        g_free(operations->reason);
        g_free(operations->domain_type);
        g_free(operations->pager_library);
        g_free(operations->pager_dir);
        g_free(operations);
}
