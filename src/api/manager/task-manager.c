/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* TaskManager: the recent tasks, of all and of each entity, what tasks there can be, and their collectors.
 */
#include <string.h>

#include "api/manager/manager.h"

/* Of those that have ended. What has not is always among the recent ones. */
#define RECENT_MAX        32
#define ENTITY_RECENT_MAX 5

typedef struct TaskManager {
        Managed *managed;
        TaskHistory *history;
} TaskManager;

TaskHistory *manager_task_history(const Api *api)
{
        return ((TaskManager *)api_get_data(api, "task-manager"))->history;
}

VimValue *manager_element(const char *key, const char *label, const char *summary)
{
        VimValue *element = vim_new_object("ElementDescription");

        vim_set_text(element, "key", key);
        vim_set_text(element, "label", label);
        vim_set_text(element, "summary", summary != NULL ? summary : label);
        return element;
}

/* --- recent tasks --- */

static bool has_ended(World *world, const VimValue *reference)
{
        const Managed *task = world_resolve(world, reference);

        return task == NULL || vim_get(managed_peek(task, "info"), "completeTime") != NULL;
}

/*
 * Adds a task to those that a list names, or takes it away when it is gone; of those that have ended, the
 * newest stay. The newest come last.
 */
static void update_recent(Managed *managed, const Managed *task, unsigned max)
{
        World *world = managed->world;
        const VimValue *old = managed_peek(managed, "recentTask");
        VimValue *list = vim_new_list("Task");
        unsigned ended = 0, too_many;
        bool is_there = task->gone;

        for (unsigned i = 0; i < vim_length(old); i++) {
                is_there |= strcmp(vim_item(old, i)->text, task->id) == 0;
                ended += has_ended(world, vim_item(old, i));
        }
        too_many = ended - MIN(ended, max);
        for (unsigned i = 0; i < vim_length(old); i++) {
                const VimValue *item = vim_item(old, i);

                if (has_ended(world, item) && (too_many > 0 || world_resolve(world, item) == NULL))
                        too_many -= too_many > 0;
                else
                        vim_add(list, vim_ref(item));
        }
        if (!is_there)
                vim_add(list, managed_reference(task));
        managed_set(managed, "recentTask", list);
}

static void on_info(Api *api, gconstpointer data, gpointer user_data)
{
        const Managed *task = data;
        TaskManager *manager = user_data;
        const VimValue *info = managed_peek(task, "info");
        Managed *entity = world_resolve(api_world(api), vim_get(info, "entity"));
        bool moved = true;

        /* How far it is makes nothing recent. */
        if (!task->gone)
                histories_changed(api, &task_history_kind, task_history_set(manager->history, info, &moved));
        if (!moved)
                return;
        update_recent(manager->managed, task, RECENT_MAX);
        if (entity != NULL && vim_type_field(entity->type, "recentTask") >= 0)
                update_recent(entity, task, ENTITY_RECENT_MAX);
}

/* --- description --- */

/* "PowerOnVM_Task" is "Power On VM". */
static char *label_of(const char *method)
{
        g_autoptr(GString) label = g_string_new(NULL);

        for (const char *c = method; *c != '\0' && strcmp(c, "_Task") != 0; c++) {
                if (c > method && g_ascii_isupper(*c) && g_ascii_islower(c[-1]))
                        g_string_append_c(label, ' ');
                g_string_append_c(label, *c);
        }
        return g_string_free(g_steal_pointer(&label), FALSE);
}

/* Every task of every type, under the name by which TaskInfo.descriptionId calls it. */
static VimValue *method_info(void)
{
        VimValue *list = vim_new_list("ElementDescription");

        for (unsigned i = 0; i < vim_n_types; i++) {
                if (vim_types[i].kind != VIM_REFERENCE)
                        continue;
                for (const VimType *type = &vim_types[i]; type != NULL; type = type->base)
                        for (unsigned j = 0; j < type->n_methods; j++) {
                                const char *name = type->methods[j].name;
                                g_autofree char *key = NULL, *label = NULL;

                                if (!g_str_has_suffix(name, "_Task"))
                                        continue;
                                key = task_description_id(&vim_types[i], name);
                                label = label_of(name);
                                vim_add(list, manager_element(key, label, NULL));
                        }
        }
        return list;
}

static VimValue *description(void)
{
        static const char *const states[][2] = {
                {"queued", "Queued"}, {"running", "Running"}, {"success", "Completed"}, {"error", "Failed"}};
        static const char *const reasons[][2] = {{"TaskReasonSystem", "Begun by aerostat"},
                                                 {"TaskReasonUser", "Begun by a user"}};
        VimValue *value = vim_new_object("TaskDescription");
        VimValue *state = vim_new_list("ElementDescription"), *reason = vim_new_list("TypeDescription");

        for (unsigned i = 0; i < G_N_ELEMENTS(states); i++)
                vim_add(state, manager_element(states[i][0], states[i][1], NULL));
        for (unsigned i = 0; i < G_N_ELEMENTS(reasons); i++) {
                VimValue *type = vim_new_object("TypeDescription");

                vim_set_text(type, "key", reasons[i][0]);
                vim_set_text(type, "label", reasons[i][1]);
                vim_set_text(type, "summary", reasons[i][1]);
                vim_add(reason, type);
        }
        vim_set(value, "methodInfo", method_info());
        vim_set(value, "state", state);
        vim_set(value, "reason", reason);
        return value;
}

/* --- methods --- */

static void create_task(Request *request)
{
        request_fault(request, vim_new_fault("NotSupported"),
                      "aerostat shows its own tasks only: what is done by others has no Task here");
}

static void create_collector(Request *request)
{
        const VimValue *value = request_arg(request, "filter");
        gpointer filter = task_filter_new(request, value);

        if (filter != NULL)
                history_create(request, &task_history_kind, filter, value);
}

static bool start(Api *api, GError **error)
{
        TaskManager *manager = g_new0(TaskManager, 1);
        Managed *managed = world_add(api_world(api), "TaskManager", "TaskManager", NULL);

        (void)error;
        manager->managed = managed;
        manager->history = task_history_new(api);
        api_set_data(api, "task-manager", manager);
        managed_set(managed, "recentTask", vim_new_list("Task"));
        managed_set(managed, "description", description());
        managed_set(managed, "maxCollector", vim_new_int(HISTORY_COLLECTORS_MAX));
        api_listen(api, API_TASK_INFO_CHANGED, on_info, manager);
        return true;
}

static void stop(Api *api)
{
        TaskManager *manager = api_get_data(api, "task-manager");

        task_history_free(manager->history);
        g_free(manager);
}

static const Handler handlers[] = {
        {"TaskManager", "CreateCollectorForTasks", create_collector, NULL},
        {"TaskManager", "CreateTask", create_task, NULL},
        {"TaskHistoryCollector", "ReadNextTasks", history_read_next, ""},
        {"TaskHistoryCollector", "ReadPreviousTasks", history_read_previous, ""},
        {NULL},
};

const ApiModule task_manager_module = {
        .name = "task-manager", .handlers = handlers, .start = start, .stop = stop};
