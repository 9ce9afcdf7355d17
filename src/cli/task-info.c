/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/task-info.h"

#include <inttypes.h>
#include <string.h>

#include "cli/daemon-json.h"
#include "cli/memory.h"

#define PREFIX      "task-"
#define TASKS_MAX   1000
#define RUN         "RunOperation"
#define TASK_SUFFIX "_Task"

static int64_t number_of(const char *key)
{
        gint64 number = 0;

        if (key == NULL || !g_str_has_prefix(key, PREFIX))
                return 0;
        (void)g_ascii_string_to_signed(key + strlen(PREFIX), 10, 1, INT64_MAX, &number, NULL);
        return number;
}

int64_t task_info_number(JsonNode *reference)
{
        return number_of(json_text(reference, "value"));
}

/* "CloneVM": what vim25 calls it, or the operation of which it has no name. Owned. */
static char *method_of(JsonNode *info)
{
        const char *name = json_text(info, "name"), *description = json_text(info, "descriptionId");

        if (name == NULL || g_str_has_prefix(name, RUN))
                return g_strdup(description != NULL ? description : "");
        if (g_str_has_suffix(name, TASK_SUFFIX))
                return g_strndup(name, strlen(name) - strlen(TASK_SUFFIX));
        return g_strdup(name);
}

static void set_text(JsonObject *task, const char *member, const char *text)
{
        if (text != NULL)
                json_object_set_string_member(task, member, text);
        else
                json_object_set_null_member(task, member);
}

static void set_time(JsonObject *task, const char *member, const char *text)
{
        int64_t ms = memory_time_ms(text);

        if (ms > 0)
                json_object_set_int_member(task, member, ms);
        else
                json_object_set_null_member(task, member);
}

static const char *kind_of(JsonNode *fault)
{
        static const struct {
                const char *fault, *kind;
        } kinds[] = {
                {"DuplicateName", "exists"},
                {"FileNotFound", "not_found"},
                {"InsufficientMemoryResourcesFault", "no_space"},
                {"InvalidArgument", "invalid_argument"},
                {"InvalidState", "not_supported"},
                {"ManagedObjectNotFound", "not_found"},
                {"NoDiskSpace", "no_space"},
                {"NotFound", "not_found"},
                {"RequestCanceled", "cancelled"},
                {"ResourceInUse", "busy"},
                {"TaskInProgress", "busy"},
        };
        const char *type = json_fault_type(fault);

        if (fault == NULL)
                return NULL;
        for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++)
                if (g_strcmp0(kinds[i].fault, type) == 0)
                        return kinds[i].kind;
        return "failed";
}

/* What it does, or why it failed. */
static const char *message_of(JsonNode *info)
{
        const char *wrong = json_text(json_member(info, "error"), "localizedMessage");

        return wrong != NULL ? wrong : json_text(json_member(info, "description"), "message");
}

/* Of an operation it is JSON, in a string. */
static void set_result(JsonObject *task, JsonNode *info)
{
        const char *text = json_plain_text(json_member(info, "result"));
        g_autofree char *problem = NULL;
        JsonNode *node =
                text != NULL && text[0] != '\0' ? json_parse_bounded(text, strlen(text), &problem) : NULL;

        if (node != NULL)
                json_object_set_member(task, "result", node);
}

static JsonObject *shape(JsonNode *info)
{
        const char *state = json_text(info, "state");
        bool done = g_strcmp0(state, "success") == 0;
        JsonNode *progress = json_member(info, "progress");
        g_autofree char *method = method_of(info);
        JsonObject *task = json_object_new();

        json_object_set_int_member(task, "id", number_of(json_text(info, "key")));
        set_text(task, "method", method);
        set_text(task, "object", json_text(info, "entityName"));
        set_text(task, "state", state);
        if (done || progress != NULL)
                json_object_set_int_member(task, "percent",
                                           done ? 100 : (gint64)daemon_json_number(progress));
        else if (g_strcmp0(state, "error") == 0)
                json_object_set_null_member(task, "percent");
        else
                json_object_set_int_member(task, "percent", 0);
        set_text(task, "message", message_of(info));
        set_text(task, "errorKind", kind_of(json_member(json_member(info, "error"), "fault")));
        set_time(task, "queued_ms", json_text(info, "queueTime"));
        set_time(task, "started_ms", json_text(info, "startTime"));
        set_time(task, "ended_ms", json_text(info, "completeTime"));
        set_result(task, info);
        return task;
}

/* --- the list --- */

static char *make_collector(ApiClient *client, const char *manager, GError **error)
{
        JsonObject *args = json_object_new();
        g_autoptr(JsonNode) collector = NULL;
        const char *id;

        json_object_set_object_member(args, "filter", json_typed("TaskFilterSpec"));
        if (!api_call(client, "TaskManager", manager, "CreateCollectorForTasks", args, &collector, error))
                return NULL;
        id = json_text(collector, "value");
        if (id == NULL)
                (void)api_garbled(client, "there is no list of tasks", error);
        return g_strdup(id);
}

static int by_number(gconstpointer a, gconstpointer b)
{
        int64_t x = (int64_t)daemon_json_uint_or_0(*(JsonObject *const *)a, "id"),
                y = (int64_t)daemon_json_uint_or_0(*(JsonObject *const *)b, "id");

        return (x < y) - (x > y);
}

static JsonArray *sort(JsonArray *infos, unsigned limit)
{
        g_autoptr(GPtrArray) tasks = g_ptr_array_new_with_free_func((GDestroyNotify)json_object_unref);
        JsonArray *sorted = json_array_new();

        for (guint i = 0; i < json_array_get_length(infos); i++) {
                JsonNode *info = json_array_get_element(infos, i);

                if (number_of(json_text(info, "key")) != 0)
                        g_ptr_array_add(tasks, shape(info));
        }
        g_ptr_array_sort(tasks, by_number);
        for (guint i = 0; i < MIN(tasks->len, limit); i++)
                json_array_add_object_element(sorted, json_object_ref(tasks->pdata[i]));
        return sorted;
}

/* A new collector stands behind the newest. */
static JsonArray *read_page(ApiClient *client, const char *collector, GError **error)
{
        JsonObject *args = json_object_new();

        json_object_set_int_member(args, "maxCount", TASKS_MAX);
        return api_call_objects(client, "TaskHistoryCollector", collector, "ReadPreviousTasks", args, error);
}

JsonArray *task_info_list(ApiClient *client, unsigned limit, GError **error)
{
        JsonObject *content = api_content(client, error);
        JsonNode *manager = content != NULL ? json_object_get_member(content, "taskManager") : NULL;
        const char *id = json_text(manager, "value");
        g_autofree char *collector = NULL;
        g_autoptr(JsonArray) infos = NULL;

        if (content == NULL)
                return NULL;
        collector = make_collector(client, id != NULL ? id : "TaskManager", error);
        infos = collector != NULL ? read_page(client, collector, error) : NULL;
        if (collector != NULL)
                (void)api_call(client, "TaskHistoryCollector", collector, "DestroyCollector", NULL, NULL,
                               NULL);
        return infos != NULL ? sort(infos, limit) : NULL;
}

/* --- one task --- */

/* One that is no object any more. */
static JsonObject *find_in_list(ApiClient *client, int64_t number, GError **error)
{
        g_autoptr(JsonArray) tasks = task_info_list(client, TASKS_MAX, error);

        for (guint i = 0; tasks != NULL && i < json_array_get_length(tasks); i++) {
                JsonObject *task = json_array_get_object_element(tasks, i);

                if ((int64_t)daemon_json_uint_or_0(task, "id") == number)
                        return json_object_ref(task);
        }
        if (tasks != NULL)
                g_set_error(error, CLI_ERROR, CLI_NOT_FOUND,
                            "there is no task %" PRId64 "; 'aerostat task list' shows the latest", number);
        return NULL;
}

JsonObject *task_info_read(ApiClient *client, int64_t number, GError **error)
{
        g_autofree char *id = g_strdup_printf(PREFIX "%" PRId64, number);
        g_autoptr(JsonNode) info = NULL;
        g_autoptr(GError) failure = NULL;

        if (api_get(client, "Task", id, "info", &info, &failure)) {
                if (info != NULL && JSON_NODE_HOLDS_OBJECT(info))
                        return shape(info);
                (void)api_garbled(client, "a task is none", error);
                return NULL;
        }
        if (failure->code == CLI_NOT_FOUND)
                return find_in_list(client, number, error);
        g_propagate_error(error, g_steal_pointer(&failure));
        return NULL;
}

bool task_info_cancel(ApiClient *client, int64_t number, GError **error)
{
        g_autofree char *id = g_strdup_printf(PREFIX "%" PRId64, number);
        g_autoptr(GError) failure = NULL;
        g_autoptr(JsonObject) ended = NULL;

        if (api_call(client, "Task", id, "CancelTask", NULL, NULL, &failure))
                return true;
        if (failure->code != CLI_NOT_FOUND) {
                g_propagate_error(error, g_steal_pointer(&failure));
                return false;
        }
        ended = find_in_list(client, number, error);
        if (ended != NULL)
                g_set_error(error, CLI_ERROR, CLI_FAILED, "task %" PRId64 " has ended already", number);
        return false;
}
