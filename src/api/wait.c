/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests that wait for the ends of tasks. */
#include "api/wait.h"

typedef struct Waiting {
        Request *request;
        RequestResult result;
        gpointer data;
        GDestroyNotify free_data;
} Waiting;

static void waiting_free(gpointer data)
{
        Waiting *waiting = data;

        if (waiting->free_data != NULL)
                waiting->free_data(waiting->data);
        g_free(waiting);
}

/* Takes waiting. */
static void answer(Waiting *waiting, JsonNode *result, const GError *error)
{
        Request *request = waiting->request;
        Api *api = request_api(request);

        api_signal(api, API_CATALOG_CHANGED, NULL);
        if (error != NULL)
                request_fail(request, error);
        else
                request_return(request,
                               waiting->result != NULL ? waiting->result(api, result, waiting->data) : NULL);
        waiting_free(waiting);
}

static void on_done(JsonNode *result, const GError *error, gpointer user_data)
{
        answer(user_data, result, error);
}

static void on_task(Api *api, gconstpointer data, gpointer user_data)
{
        const TaskRecord *record = data;
        GHashTable *all = user_data;
        Waiting *waiting;
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonNode) task = NULL;
        JsonObject *object;

        if (record->state <= TASK_RUNNING || (waiting = g_hash_table_lookup(all, &record->id)) == NULL)
                return;
        g_hash_table_remove(all, &record->id);
        if (record->state == TASK_ERROR)
                error = g_error_new_literal(G_IO_ERROR, (int)record->error,
                                            record->message != NULL ? record->message : "it has failed");
        task = operations_task(api_parts(api)->operations, record->id, NULL);
        object = task != NULL ? json_node_get_object(task) : NULL;
        answer(waiting, object != NULL ? json_object_get_member(object, "result") : NULL, error);
}

void request_change(Request *request, const char *operation, JsonObject *args, RequestResult result,
                    gpointer data, GDestroyNotify free_data)
{
        Api *api = request_api(request);
        Waiting *waiting = g_new0(Waiting, 1);
        g_autoptr(JsonObject) taken = args;
        g_autoptr(GError) error = NULL;
        int64_t task = 0;

        *waiting = (Waiting){.request = request, .result = result, .data = data, .free_data = free_data};
        request_tell_operation(request, operation, taken);
        if (!operations_start(api_parts(api)->operations, operation, taken, on_done, waiting, &task, &error))
                answer(waiting, NULL, error);
        else if (task != 0)
                g_hash_table_insert(api_get_data(api, "wait"), g_memdup2(&task, sizeof task), waiting);
}

static bool start(Api *api, GError **error)
{
        GHashTable *all = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

        (void)error;
        api_set_data(api, "wait", all);
        api_listen(api, API_TASK_CHANGED, on_task, all);
        return true;
}

static void stop(Api *api)
{
        GHashTable *all = api_get_data(api, "wait");
        g_autoptr(GError) error = g_error_new_literal(G_IO_ERROR, G_IO_ERROR_CANCELLED, "aerostatd ends");
        GHashTableIter iter;
        gpointer waiting;

        g_hash_table_iter_init(&iter, all);
        while (g_hash_table_iter_next(&iter, NULL, &waiting)) {
                request_fail(((Waiting *)waiting)->request, error);
                waiting_free(waiting);
        }
        g_hash_table_unref(all);
}

extern const ApiModule wait_module;
const ApiModule wait_module = {.name = "wait", .start = start, .stop = stop};
