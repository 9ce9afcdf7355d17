/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls: their threads, and the tasks that some of them are. */
#include "operation/operation.h"

#include <inttypes.h>
#include <string.h>

#include "operation/describe.h"
#include "operation/internal.h"
#include "operation/watch.h"

#define RECONNECT_MS 5000
#define HOLD_MAX_MS  5000 /* who waits for an answer waits no longer for what an earlier life left */

static int64_t now_ms(void)
{
        return g_get_real_time() / 1000;
}

/* --- calls --- */

static void call_free(Call *call)
{
        json_object_unref(call->args);
        g_clear_pointer(&call->touched, g_hash_table_unref);
        g_clear_pointer(&call->descriptions, json_node_unref);
        g_clear_pointer(&call->result, json_node_unref);
        g_clear_error(&call->error);
        g_clear_pointer(&call->after, g_ptr_array_unref);
        g_object_unref(call->cancellable);
        g_mutex_clear(&call->mutex);
        g_free(call->task.method);
        g_free(call->task.object);
        g_free(call->task.message);
        g_free(call->what);
        g_free(call);
}

static char *name_of(Operations *operations, const char *vm)
{
        g_autoptr(Record) record = NULL;

        if (g_uuid_string_is_valid(vm))
                record = record_load(operations->parts.inventory, vm, NULL);
        return g_strdup(record != NULL ? record->name : vm);
}

/* What it is done to, for people: most methods say so in one of these. */
static char *object_of(Operations *operations, JsonObject *args)
{
        static const char *const members[] = {"vm", "name", "path", "switch"};

        for (unsigned i = 0; i < G_N_ELEMENTS(members); i++) {
                JsonNode *node = json_object_get_member(args, members[i]);

                if (node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
                    json_node_get_value_type(node) == G_TYPE_STRING)
                        return name_of(operations, json_node_get_string(node));
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
        call->task.object = object_of(operations, args);
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

static GIOErrorEnum kind_of(const GError *error)
{
        return error != NULL && error->domain == G_IO_ERROR ? (GIOErrorEnum)error->code : G_IO_ERROR_FAILED;
}

/* What it found to be done. When the daemon ends, the next one finds it again. */
static void begin_after(const Call *call)
{
        for (unsigned i = 0; call->after != NULL && i < call->after->len; i++) {
                const Next *next = call->after->pdata[i];
                g_autoptr(JsonObject) args = json_object_new();
                g_autoptr(GError) error = NULL;

                json_object_set_string_member(args, "vm", next->uuid);
                if (!operations_start(call->operations, next->method, args, NULL, NULL, NULL, &error) &&
                    !call->operations->closing)
                        g_warning("%s of %s: %s", next->method, next->uuid, error->message);
        }
}

static gboolean finish(gpointer user_data)
{
        Call *call = user_data;
        Operations *operations = call->operations;

        (void)g_hash_table_remove(operations->calls, call);
        task_tell_end(call);
        /* Who is told that it has ended finds the VMs as they are then. */
        if (call->descriptions != NULL)
                operations->parts.described(call->descriptions, operations->parts.user_data);
        if (call->method->changes && call->error == NULL)
                operations->parts.changed(operations->parts.user_data);
        if (call->task.id != 0) {
                call->task.ended_ms = now_ms();
                call->task.state = call->error == NULL ? TASK_SUCCESS : TASK_ERROR;
                call->task.error = kind_of(call->error);
                if (call->error == NULL)
                        call->task.percent = 100;
                g_free(call->task.message);
                call->task.message = g_strdup(call->error != NULL ? call->error->message : "done");
                save_task(call);
                keep_result(operations, call->task.id, call->result);
                g_hash_table_remove(operations->tasks, &call->task.id);
                task_tell(call);
        }
        if (call->method == reconcile_methods)
                reconcile_done(operations, call->error);
        begin_after(call);
        if (call->done != NULL)
                call->done(call->error == NULL ? call->result : NULL, call->error, call->user_data);
        call_free(call);
        return G_SOURCE_REMOVE;
}

static gboolean begin_task(gpointer user_data)
{
        Call *call = user_data;

        save_task(call);
        task_tell(call);
        return G_SOURCE_REMOVE;
}

/* Names of files and libvirt's words may be in it, in bytes that are no UTF-8; JSON takes no others. */
static void make_valid(GError *error)
{
        char *text = g_utf8_make_valid(error->message, -1);

        g_free(error->message);
        error->message = text;
}

static void describe_touched(Call *call)
{
        g_autofree char **uuids = NULL;

        if (call->touched == NULL || call->operations->parts.described == NULL)
                return;
        uuids = (char **)g_hash_table_get_keys_as_array(call->touched, NULL);
        call->descriptions = describe_vms(call, uuids);
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
        describe_touched(call);
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

virConnectPtr operations_connection(Operations *operations, GError **error)
{
        unsigned generation;

        return connection_get(operations->connection, &generation, error);
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
        if (method->is_task)
                task_tell(call);
        if (method->is_task && !operations->ready)
                g_queue_push_tail(&operations->held, call);
        else if (!method->internal && operations->hold_source != 0)
                g_queue_push_tail(&operations->held_shortly, call);
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

static void let_go(Operations *operations, GQueue *held)
{
        while (held->length > 0)
                g_thread_pool_push(operations->threads, g_queue_pop_head(held), NULL);
}

static gboolean hold_no_longer(gpointer user_data)
{
        Operations *operations = user_data;

        operations->hold_source = 0;
        let_go(operations, &operations->held_shortly);
        return G_SOURCE_REMOVE;
}

static void reconcile_done(Operations *operations, const GError *error)
{
        operations->reconciling = false;
        g_clear_handle_id(&operations->hold_source, g_source_remove);
        let_go(operations, &operations->held_shortly);
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
        let_go(operations, &operations->held);
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
        operations->hold_source = g_timeout_add(HOLD_MAX_MS, hold_no_longer, operations);
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
        g_clear_handle_id(&operations->hold_source, g_source_remove);
        g_hash_table_iter_init(&iter, operations->calls);
        while (g_hash_table_iter_next(&iter, NULL, &call))
                g_cancellable_cancel(((Call *)call)->cancellable);
        let_go(operations, &operations->held);
        let_go(operations, &operations->held_shortly);
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
