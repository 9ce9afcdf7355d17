/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Task objects and their TaskInfo. */
#include "api/task.h"

#include <string.h>

#include "api/internal.h"

/* Tasks that have ended are objects for a while: this many, the oldest go first. */
#define ENDED_MAX 1000

/* What is known of a task besides its record. The subject of its object. */
typedef struct TaskFacts {
        RequestResult result;
        gpointer data;
        GDestroyNotify free_data;
        FaultOf fault;
        bool partial;
        int64_t record; /* of the operation's task; 0: it is none */
} TaskFacts;

typedef struct Tasks {
        GQueue ended; /* of Managed *, references, oldest first */
        unsigned last_quick;
        bool starting; /* one, whose object will be made when its number is known */
} Tasks;

/* Chains of events are called by their tasks: above the numbers of events, which are their own chains. */
#define CHAIN_RECORD 0x40000000
#define CHAIN_QUICK  0x60000000
#define CHAIN_MASK   0x1fffffff

static void facts_free(gpointer data)
{
        TaskFacts *facts = data;

        if (facts->free_data != NULL)
                facts->free_data(facts->data);
        g_free(facts);
}

char *task_description_id(const VimType *type, const char *method)
{
        static const struct {
                const char *method, *name;
        } others[] = {{"ReconfigVM_Task", "reconfigure"},
                      {"CreateVM_Task", "createVm"},
                      {"RegisterVM_Task", "registerVm"},
                      {"RevertToSnapshot_Task", "revert"},
                      {"RemoveSnapshot_Task", "remove"}};
        g_autofree char *name = g_strdup(method);
        char *end = strstr(name, "_Task");

        for (unsigned i = 0; i < G_N_ELEMENTS(others); i++)
                if (strcmp(method, others[i].method) == 0)
                        return g_strdup_printf("%s.%s", type->name, others[i].name);
        if (end != NULL)
                *end = '\0';
        if (g_str_has_suffix(name, "VM") && vim_type_is(type, vim_type("VirtualMachine")))
                name[strlen(name) - strlen("VM")] = '\0';
        name[0] = g_ascii_tolower(name[0]);
        return g_strdup_printf("%s.%s", type->name, name);
}

static void set_info(Api *api, Managed *task, VimValue *info)
{
        managed_set(task, "info", info);
        api_signal(api, API_TASK_INFO_CHANGED, task);
}

static Managed *add_task(Api *api, const char *id, int64_t chain, const char *method,
                         const char *description, const Managed *entity, const Session *session)
{
        Managed *task = world_add(api_world(api), "Task", id, NULL);
        VimValue *info = vim_new_object("TaskInfo");
        VimValue *reason = vim_new_object("TaskReasonUser");

        vim_set_text(info, "key", id);
        vim_set(info, "task", managed_reference(task));
        vim_set_text(info, "name", method);
        vim_set_text(info, "descriptionId", description);
        vim_set(info, "entity", managed_reference(entity));
        if (entity != NULL && vim_type_field(entity->type, "name") >= 0)
                vim_set(info, "entityName", vim_ref(managed_peek(entity, "name")));
        vim_set_text(info, "state", "queued");
        vim_set_bool(info, "cancelled", false);
        vim_set_bool(info, "cancelable", true);
        vim_set_text(reason, "userName", session != NULL ? session->user : "aerostat");
        vim_set(info, "reason", reason);
        vim_set(info, "queueTime", vim_new_time(g_get_real_time()));
        vim_set_int(info, "eventChainId", chain);
        set_info(api, task, info);
        return task;
}

/* A copy to be changed: what is in the world is not. */
static VimValue *copy_info(const Managed *task)
{
        const VimValue *old = managed_peek(task, "info");
        VimValue *info = vim_new_object("TaskInfo");

        for (unsigned i = 0; i < info->type->n_fields; i++)
                info->fields[i] = vim_ref(old->fields[i]);
        return info;
}

static void keep_ended(Api *api, Managed *task)
{
        Tasks *tasks = api_get_data(api, "task");

        g_queue_push_tail(&tasks->ended, managed_ref(task));
        while (g_queue_get_length(&tasks->ended) > ENDED_MAX) {
                Managed *oldest = g_queue_pop_head(&tasks->ended);

                world_remove(oldest);
                api_signal(api, API_TASK_INFO_CHANGED, oldest);
                managed_unref(oldest);
        }
}

/* Takes result and fault. */
static void end_task(Api *api, Managed *task, VimValue *result, VimValue *fault, const char *message)
{
        VimValue *info = copy_info(task);

        vim_set_text(info, "state", fault != NULL ? "error" : "success");
        vim_set_bool(info, "cancelled", fault != NULL && vim_is(fault, "RequestCanceled"));
        vim_set_bool(info, "cancelable", false);
        if (fault != NULL)
                vim_set(info, "error", vim_new_localized(fault, message));
        vim_set(info, "result", result);
        vim_set(info, "progress", NULL);
        if (vim_get(info, "startTime") == NULL)
                vim_set(info, "startTime", vim_ref(vim_get(info, "queueTime")));
        vim_set(info, "completeTime", vim_new_time(g_get_real_time()));
        set_info(api, task, info);
        keep_ended(api, task);
}

static VimValue *task_fault(const Managed *task, const GError *error)
{
        const TaskFacts *facts = task->subject;

        return fault_about(facts != NULL ? facts->fault : fault_of, error,
                           vim_get(managed_peek(task, "info"), "entity"));
}

static bool has_ended(const Managed *task)
{
        return vim_get(managed_peek(task, "info"), "completeTime") != NULL;
}

/* --- tasks of operations --- */

static char *id_of_record(int64_t id)
{
        return g_strdup_printf("task-%" G_GINT64_FORMAT, id);
}

static VimValue *message_value(const char *text)
{
        VimValue *message = vim_new_object("LocalizableMessage");

        vim_set_text(message, "key", "aerostat.progress");
        vim_set_text(message, "message", text);
        return message;
}

/* What it has made, once it has ended. */
static VimValue *result_of(Api *api, const Managed *task)
{
        const TaskFacts *facts = task->subject;
        g_autoptr(JsonNode) node = NULL;
        JsonObject *object;

        if (facts == NULL || facts->result == NULL)
                return NULL;
        node = operations_task(api_parts(api)->operations, facts->record, NULL);
        object = node != NULL ? json_node_get_object(node) : NULL;
        return facts->result(api, object != NULL ? json_object_get_member(object, "result") : NULL,
                             facts->data);
}

static bool has_partial(const Managed *task)
{
        const TaskFacts *facts = task->subject;

        return facts != NULL && facts->partial;
}

static void follow(Api *api, Managed *task, const TaskRecord *record)
{
        VimValue *info;

        if (record->state == TASK_SUCCESS) {
                end_task(api, task, result_of(api, task), NULL, NULL);
        } else if (record->state == TASK_ERROR) {
                g_autoptr(GError) error =
                        g_error_new_literal(G_IO_ERROR, (int)record->error, record->message);

                end_task(api, task, has_partial(task) ? result_of(api, task) : NULL, task_fault(task, error),
                         record->message);
        } else {
                info = copy_info(task);
                vim_set_text(info, "state", record->state == TASK_RUNNING ? "running" : "queued");
                if (record->started_ms != 0)
                        vim_set(info, "startTime", vim_new_time_ms(record->started_ms));
                if (record->state == TASK_RUNNING)
                        vim_set_int(info, "progress", record->percent);
                if (record->message != NULL)
                        vim_set(info, "description", message_value(record->message));
                set_info(api, task, info);
        }
}

/* By its UUID or its name; NULL: it is done to something else. */
static Managed *find_entity(Api *api, const char *object)
{
        Managed *entity = object != NULL ? world_find_key(api_world(api), "VirtualMachine", object) : NULL;
        g_autoptr(GPtrArray) vms = NULL;

        if (object == NULL || entity != NULL)
                return entity;
        vms = world_list(api_world(api), "VirtualMachine");
        for (unsigned i = 0; i < vms->len && entity == NULL; i++) {
                const VimValue *name = managed_peek(vms->pdata[i], "name");

                if (name != NULL && strcmp(name->text, object) == 0)
                        entity = vms->pdata[i];
        }
        return entity;
}

/* vim25's method that the operation is; NULL: none. Clients look it up. */
static const char *method_of(const Managed *entity, const char *operation)
{
        g_autofree char *task = g_strconcat(operation, "_Task", NULL);
        const VimType *type = entity != NULL ? entity->type : vim_type("VirtualMachine");
        const VimMethod *method = vim_type_method(type, task);

        if (method == NULL)
                method = vim_type_method(type, operation);
        return method != NULL ? method->name : NULL;
}

/* One that was not begun through the API, or before the API was there. */
static Managed *add_foreign(Api *api, const char *id, const TaskRecord *record)
{
        const Managed *entity = find_entity(api, record->object);

        return add_task(api, id, CHAIN_RECORD | (record->id & CHAIN_MASK), method_of(entity, record->method),
                        record->method, entity, NULL);
}

static void on_task(Api *api, gconstpointer data, gpointer user_data)
{
        const TaskRecord *record = data;
        g_autofree char *id = id_of_record(record->id);
        Managed *task = world_find(api_world(api), id);
        const Tasks *tasks = api_get_data(api, "task");

        (void)user_data;
        if (tasks->starting)
                return;
        if (task == NULL && record->state <= TASK_RUNNING)
                task = add_foreign(api, id, record);
        if (task != NULL && !has_ended(task))
                follow(api, task, record);
}

/* --- what methods call --- */

static Managed *add_quick(Request *request, const char *description, const Managed *entity)
{
        Api *api = request_api(request);
        Tasks *tasks = api_get_data(api, "task");
        g_autofree char *id = g_strdup_printf("task-q%u", ++tasks->last_quick);

        return add_task(api, id, CHAIN_QUICK | (tasks->last_quick & CHAIN_MASK),
                        request_method(request)->name, description, entity, request_session(request));
}

void task_done(Request *request, VimValue *result)
{
        g_autofree char *description =
                task_description_id(request_target(request)->type, request_method(request)->name);
        Managed *task = add_quick(request, description, request_target(request));

        end_task(request_api(request), task, result, NULL, NULL);
        request_return(request, managed_reference(task));
}

void task_failed(Request *request, VimValue *fault, const char *format, ...)
{
        g_autofree char *description =
                task_description_id(request_target(request)->type, request_method(request)->name);
        Managed *task = add_quick(request, description, request_target(request));
        g_autofree char *message = NULL;
        va_list words;

        va_start(words, format);
        message = g_strdup_vprintf(format, words);
        va_end(words);
        end_task(request_api(request), task, NULL, fault, message);
        request_return(request, managed_reference(task));
}

/* An operation that is no task here has ended. */
typedef struct Quick {
        Api *api;
        Managed *task; /* a reference */
} Quick;

static void on_quick_done(JsonNode *result, const GError *error, gpointer user_data)
{
        Quick *quick = user_data;
        const TaskFacts *facts = quick->task->subject;

        if (error != NULL)
                end_task(quick->api, quick->task, NULL, task_fault(quick->task, error), error->message);
        else
                end_task(quick->api, quick->task,
                         facts->result != NULL ? facts->result(quick->api, result, facts->data) : NULL, NULL,
                         NULL);
        managed_unref(quick->task);
        g_free(quick);
}

static Managed *begin_record(Request *request, int64_t id, const char *description, const Managed *entity)
{
        g_autofree char *text = id_of_record(id);

        return add_task(request_api(request), text, CHAIN_RECORD | (id & CHAIN_MASK),
                        request_method(request)->name, description, entity, request_session(request));
}

/* What it has to tell at once, of a task that is not known yet, is what begin_record() knows. */
static bool start_operation(Api *api, const char *operation, JsonObject *args, Quick *quick, int64_t *ret_id,
                            GError **error)
{
        Tasks *tasks = api_get_data(api, "task");
        bool ok;

        tasks->starting = true;
        ok = operations_start(api_parts(api)->operations, operation, args, on_quick_done, quick, ret_id,
                              error);
        tasks->starting = false;
        return ok;
}

void task_run(Request *request, const TaskPlan *plan)
{
        Api *api = request_api(request);
        const Managed *entity = plan->entity != NULL ? plan->entity : request_target(request);
        g_autoptr(JsonObject) args = plan->args;
        g_autofree char *description =
                plan->description_id != NULL
                        ? g_strdup(plan->description_id)
                        : task_description_id(entity->type, request_method(request)->name);
        TaskFacts *facts = g_new0(TaskFacts, 1);
        Quick *quick = g_new0(Quick, 1);
        g_autoptr(GError) error = NULL;
        Managed *task;

        *facts = (TaskFacts){.result = plan->result,
                             .data = plan->data,
                             .free_data = plan->free_data,
                             .fault = request_get_fault(request),
                             .partial = plan->partial};
        quick->api = api;
        request_tell_operation(request, plan->operation, args);
        if (!start_operation(api, plan->operation, args, quick, &facts->record, &error)) {
                facts_free(facts);
                g_free(quick);
                request_fail(request, error);
                return;
        }
        if (facts->record != 0) {
                g_free(quick);
                task = begin_record(request, facts->record, description, entity);
        } else {
                task = add_quick(request, description, entity);
                quick->task = managed_ref(task);
        }
        task->subject = facts;
        task->free_subject = facts_free;
        request_return(request, managed_reference(task));
}

/* --- methods of Task --- */

/* Everybody may cancel what he has begun; for others' tasks it takes a privilege. */
static bool may_cancel(Request *request)
{
        const VimValue *reason = vim_get(managed_peek(request_target(request), "info"), "reason");
        const Session *session = request_session(request);

        return (session != NULL && g_strcmp0(vim_get_text(reason, "userName"), session->user) == 0) ||
               request_allowed(request, "Global.CancelTask");
}

static void cancel_task(Request *request)
{
        const Managed *task = request_target(request);
        const TaskFacts *facts = task->subject;
        int64_t record =
                facts != NULL ? facts->record : g_ascii_strtoll(task->id + strlen("task-"), NULL, 10);
        g_autoptr(GError) error = NULL;

        if (!may_cancel(request))
                return;
        if (has_ended(task)) {
                request_fault(request, vim_new_fault("InvalidState"), "%s has ended already", task->id);
                return;
        }
        if (record == 0)
                request_fault(request, vim_new_fault("NotSupported"), "%s cannot be cancelled", task->id);
        else if (!operations_cancel(api_parts(request_api(request))->operations, record, &error))
                request_fail(request, error);
        else
                request_return(request, NULL);
}

static bool start(Api *api, GError **error)
{
        (void)error;
        api_set_data(api, "task", g_new0(Tasks, 1));
        api_listen(api, API_TASK_CHANGED, on_task, NULL);
        return true;
}

static void unref_task(gpointer task)
{
        managed_unref(task);
}

static void stop(Api *api)
{
        Tasks *tasks = api_get_data(api, "task");

        g_queue_clear_full(&tasks->ended, unref_task);
        g_free(tasks);
}

static const Handler handlers[] = {
        {"Task", "CancelTask", cancel_task, ""},
        {NULL},
};

const ApiModule task_module = {.name = "task", .handlers = handlers, .start = start, .stop = stop};
