/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* TaskManager: recent tasks, and collectors over those of this daemon and of the one before it. */
#include "api-fixture.h"
#include "api/manager/manager.h"
#include "api/task.h"

extern const ApiModule task_module, history_module, task_manager_module;
const ApiModule *const api_modules[] = {&task_module, &history_module, &task_manager_module, NULL};

typedef struct Fixture {
        ApiFixture base;
        Managed *manager, *folder, *vm, *other;
} Fixture;

static Managed *add_vm(World *world, const char *id, const char *name, Managed *folder)
{
        Managed *vm = world_add(world, "VirtualMachine", id, name);

        entity_set_up(vm, name);
        entity_set_parent(vm, folder);
        return vm;
}

static void add_record(Inventory *inventory, const char *object, TaskState state, int64_t ms)
{
        TaskRecord record = {.method = (char[]){"PowerOnVM"},
                             .object = (char *)(gintptr)object,
                             .state = state,
                             .message = (char[]){"it went wrong"},
                             .queued_ms = ms,
                             .started_ms = ms + 1,
                             .ended_ms = ms + 2,
                             .error = G_IO_ERROR_NO_SPACE};
        g_autoptr(GError) error = NULL;

        g_assert_true(task_record_save(inventory, &record, &error));
        g_assert_no_error(error);
}

static void set_up(Fixture *fixture, gconstpointer data)
{
        (void)data;
        api_fixture_set_up(&fixture->base, ":memory:", (ApiParts){0});
        fixture->manager = world_find(fixture->base.world, "TaskManager");
        fixture->folder = world_add(fixture->base.world, "Folder", "group-v1", NULL);
        entity_set_up(fixture->folder, "lab");
        fixture->vm = add_vm(fixture->base.world, "vm-1", "web1", fixture->folder);
        fixture->other = add_vm(fixture->base.world, "vm-2", "web2", NULL);
        /* Of the daemon before this one. */
        add_record(fixture->base.inventory, "web1", TASK_SUCCESS, 1000);
        add_record(fixture->base.inventory, "web2", TASK_ERROR, 2000);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
        (void)data;
        api_fixture_tear_down(&fixture->base);
}

/* A task that runs on the object, or goes on. */
static void tell(Fixture *fixture, int64_t id, const char *object, TaskState state)
{
        const TaskRecord record = {.id = id,
                                   .method = (char[]){"CloneVM"},
                                   .object = (char *)(gintptr)object,
                                   .state = state,
                                   .message = (char[]){"words"},
                                   .queued_ms = 3000 + id,
                                   .started_ms = 3000 + id};

        api_signal(fixture->base.api, API_TASK_CHANGED, &record);
}

static char *ids(const VimValue *list)
{
        g_autoptr(GString) all = g_string_new(NULL);

        for (unsigned i = 0; i < vim_length(list); i++) {
                const VimValue *item = vim_item(list, i);

                g_string_append_printf(all, "%s%s", i > 0 ? " " : "",
                                       item->type->kind == VIM_REFERENCE ? item->text
                                                                         : vim_get_text(item, "key"));
        }
        return g_string_free(g_steal_pointer(&all), FALSE);
}

static void assert_ids(const VimValue *list, const char *expected)
{
        g_autofree char *found = ids(list);

        g_assert_cmpstr(found, ==, expected);
}

static void assert_property(const Managed *managed, const char *property, const char *expected)
{
        assert_ids(managed_peek(managed, property), expected);
}

/* --- recent tasks --- */

static void recent_tasks(Fixture *fixture, gconstpointer data)
{
        uint64_t version;

        (void)data;
        assert_property(fixture->manager, "recentTask", "");
        for (int64_t i = 100; i < 110; i++) {
                tell(fixture, i, "web1", TASK_RUNNING);
                if (i != 100)
                        tell(fixture, i, "web1", TASK_SUCCESS);
        }
        tell(fixture, 200, "web2", TASK_QUEUED);
        assert_property(fixture->manager, "recentTask",
                        "task-100 task-101 task-102 task-103 task-104 task-105 task-106 task-107 task-108 "
                        "task-109 task-200");
        /* What has not ended stays; of the others, the newest. */
        tell(fixture, 110, "web1", TASK_RUNNING);
        assert_property(fixture->vm, "recentTask",
                        "task-100 task-105 task-106 task-107 task-108 task-109 task-110");
        assert_property(fixture->other, "recentTask", "task-200");
        version = fixture->manager->changed;
        tell(fixture, 110, "web1", TASK_RUNNING);
        g_assert_cmpuint(fixture->manager->changed, ==, version);

        for (int64_t i = 1000; i < 1100; i++) {
                tell(fixture, i, "web2", TASK_RUNNING);
                tell(fixture, i, "web2", TASK_ERROR);
        }
        tell(fixture, 1100, "web2", TASK_RUNNING);
        /* Three that run, and 32. */
        g_assert_cmpuint(vim_length(managed_peek(fixture->manager, "recentTask")), ==, 4 + 32);
}

/* A Task that is an object no more is named nowhere. */
static void forgotten_tasks(Fixture *fixture, gconstpointer data)
{
        (void)data;
        tell(fixture, 1, "web1", TASK_RUNNING);
        tell(fixture, 1, "web1", TASK_SUCCESS);
        assert_property(fixture->vm, "recentTask", "task-1");
        for (int64_t i = 2; i < 1010; i++) {
                tell(fixture, i, "web2", TASK_RUNNING);
                tell(fixture, i, "web2", TASK_SUCCESS);
        }
        g_assert_null(world_find(fixture->base.world, "task-1"));
        assert_property(fixture->vm, "recentTask", "");
}

static void description(Fixture *fixture, gconstpointer data)
{
        const VimValue *info = vim_get(managed_peek(fixture->manager, "description"), "methodInfo");
        bool found = false;

        (void)data;
        for (unsigned i = 0; i < vim_length(info); i++)
                if (strcmp(vim_get_text(vim_item(info, i), "key"), "VirtualMachine.powerOn") == 0) {
                        g_assert_cmpstr(vim_get_text(vim_item(info, i), "label"), ==, "Power On VM");
                        found = true;
                }
        g_assert_true(found);
        g_assert_cmpint(managed_peek(fixture->manager, "maxCollector")->integer, ==, HISTORY_COLLECTORS_MAX);
        (void)call(&fixture->base, &fixture->base.admin, fixture->manager, "CreateTask", "obj",
                   managed_reference(fixture->vm), "taskTypeId", vim_new_string("x"), "cancelable",
                   vim_new_bool(false), NULL);
        assert_fault(&fixture->base, "NotSupported");
}

/* --- collectors --- */

static Managed *collect(Fixture *fixture, VimValue *filter)
{
        const VimValue *reference = call(&fixture->base, &fixture->base.reader, fixture->manager,
                                         "CreateCollectorForTasks", "filter", filter, NULL);

        assert_no_fault(&fixture->base);
        return world_resolve(fixture->base.world, reference);
}

static VimValue *filter_by_entity(const Managed *entity, const char *recursion)
{
        VimValue *filter = vim_new_object("TaskFilterSpec"), *by = vim_new_object("TaskFilterSpecByEntity");

        vim_set(by, "entity", managed_reference(entity));
        vim_set_text(by, "recursion", recursion);
        vim_set(filter, "entity", by);
        return filter;
}

static const VimValue *on_collector(Fixture *fixture, Managed *collector, const char *method, int64_t count)
{
        const VimValue *result;

        if (count >= 0)
                result = call(&fixture->base, &fixture->base.reader, collector, method, "maxCount",
                              vim_new_int(count), NULL);
        else
                result = call(&fixture->base, &fixture->base.reader, collector, method, NULL);
        assert_no_fault(&fixture->base);
        return result;
}

static void scrolling(Fixture *fixture, gconstpointer data)
{
        Managed *collector;

        (void)data;
        for (int64_t i = 10; i < 16; i++)
                tell(fixture, i, "web1", TASK_RUNNING);
        collector = collect(fixture, vim_new_object("TaskFilterSpec"));
        g_assert_true(collector->owner == &fixture->base.reader);
        assert_property(collector, "latestPage",
                        "task-15 task-14 task-13 task-12 task-11 task-10 task-2 task-1");
        /* From the oldest on, and back from there. */
        assert_ids(on_collector(fixture, collector, "ReadPreviousTasks", 5), "");
        assert_ids(on_collector(fixture, collector, "ReadNextTasks", 3), "task-1 task-2 task-10");
        assert_ids(on_collector(fixture, collector, "ReadNextTasks", 3), "task-11 task-12 task-13");
        assert_ids(on_collector(fixture, collector, "ReadPreviousTasks", 2), "task-13 task-12");
        assert_ids(on_collector(fixture, collector, "ReadNextTasks", 100),
                   "task-12 task-13 task-14 task-15");
        assert_ids(on_collector(fixture, collector, "ReadNextTasks", 100), "");
        (void)on_collector(fixture, collector, "RewindCollector", -1);
        assert_ids(on_collector(fixture, collector, "ReadNextTasks", 1), "task-1");
        /* The page, and back from where it ends. */
        (void)on_collector(fixture, collector, "SetCollectorPageSize", 4);
        assert_property(collector, "latestPage", "task-15 task-14 task-13 task-12");
        (void)on_collector(fixture, collector, "ResetCollector", -1);
        assert_ids(on_collector(fixture, collector, "ReadPreviousTasks", 2), "task-11 task-10");
        assert_ids(on_collector(fixture, collector, "ReadPreviousTasks", 9), "task-2 task-1");
        assert_ids(on_collector(fixture, collector, "ReadPreviousTasks", 9), "");
        /* What comes while it is read. */
        tell(fixture, 16, "web2", TASK_RUNNING);
        assert_property(collector, "latestPage", "task-16 task-15 task-14 task-13");
        tell(fixture, 14, "web1", TASK_SUCCESS);
        assert_property(collector, "latestPage", "task-16 task-15 task-14 task-13");
        g_assert_cmpstr(vim_get_text(vim_item(managed_peek(collector, "latestPage"), 2), "state"), ==,
                        "success");

        (void)call(&fixture->base, &fixture->base.reader, collector, "ReadNextTasks", "maxCount",
                   vim_new_int(0), NULL);
        assert_fault(&fixture->base, "InvalidArgument");
        (void)call(&fixture->base, &fixture->base.reader, collector, "SetCollectorPageSize", "maxCount",
                   vim_new_int(HISTORY_PAGE_MAX + 1), NULL);
        assert_fault(&fixture->base, "InvalidArgument");
        (void)call(&fixture->base, &fixture->base.admin, collector, "RewindCollector", NULL);
        assert_fault(&fixture->base, "ManagedObjectNotFound");
        (void)on_collector(fixture, collector, "DestroyCollector", -1);
        tell(fixture, 17, "web2", TASK_RUNNING);
}

static void filters(Fixture *fixture, gconstpointer data)
{
        VimValue *filter = vim_new_object("TaskFilterSpec"), *time, *states, *user;
        Managed *collector;

        (void)data;
        tell(fixture, 10, "web1", TASK_RUNNING);
        tell(fixture, 11, "web2", TASK_RUNNING);
        tell(fixture, 12, NULL, TASK_RUNNING);
        collector = collect(fixture, filter_by_entity(fixture->vm, "self"));
        assert_property(collector, "latestPage", "task-10 task-1");
        collector = collect(fixture, filter_by_entity(fixture->folder, "self"));
        assert_property(collector, "latestPage", "");
        collector = collect(fixture, filter_by_entity(fixture->folder, "all"));
        assert_property(collector, "latestPage", "task-10 task-1");
        collector = collect(fixture, filter_by_entity(fixture->vm, "children"));
        assert_property(collector, "latestPage", "");

        states = vim_new_list("TaskInfoState");
        vim_add(states, vim_new_enum("TaskInfoState", "running"));
        vim_set(filter, "state", states);
        collector = collect(fixture, filter);
        assert_property(collector, "latestPage", "task-12 task-11 task-10");
        tell(fixture, 11, "web2", TASK_SUCCESS);
        assert_property(collector, "latestPage", "task-12 task-10");

        filter = vim_new_object("TaskFilterSpec");
        time = vim_new_object("TaskFilterSpecByTime");
        vim_set_text(time, "timeType", "queuedTime");
        vim_set(time, "beginTime", vim_new_time_ms(1500));
        vim_set(time, "endTime", vim_new_time_ms(2500));
        vim_set(filter, "time", time);
        collector = collect(fixture, filter);
        assert_property(collector, "latestPage", "task-2");
        g_assert_cmpstr(
                vim_get(vim_get(vim_item(managed_peek(collector, "latestPage"), 0), "error"), "fault")
                        ->type->name,
                ==, "NoDiskSpace");

        filter = vim_new_object("TaskFilterSpec");
        user = vim_new_object("TaskFilterSpecByUsername");
        vim_set_bool(user, "systemUser", false);
        vim_set(user, "userList", vim_new_string("nobody"));
        vim_set(filter, "userName", user);
        collector = collect(fixture, filter);
        assert_property(collector, "latestPage", "");

        filter = vim_new_object("TaskFilterSpec");
        time = vim_new_object("TaskFilterSpecByTime");
        vim_set_text(time, "timeType", "queuedTime");
        vim_set(time, "beginTime", vim_new_time_ms(2));
        vim_set(time, "endTime", vim_new_time_ms(1));
        vim_set(filter, "time", time);
        (void)call(&fixture->base, &fixture->base.reader, fixture->manager, "CreateCollectorForTasks",
                   "filter", filter, NULL);
        assert_fault(&fixture->base, "InvalidArgument");
}

/* So many for a session, and others have theirs. */
static void bounded(Fixture *fixture, gconstpointer data)
{
        Managed *first = collect(fixture, vim_new_object("TaskFilterSpec"));

        (void)data;
        for (unsigned i = 1; i < HISTORY_COLLECTORS_MAX; i++)
                (void)collect(fixture, vim_new_object("TaskFilterSpec"));
        (void)call(&fixture->base, &fixture->base.reader, fixture->manager, "CreateCollectorForTasks",
                   "filter", vim_new_object("TaskFilterSpec"), NULL);
        assert_fault(&fixture->base, "InvalidState");
        (void)call(&fixture->base, &fixture->base.admin, fixture->manager, "CreateCollectorForTasks",
                   "filter", vim_new_object("TaskFilterSpec"), NULL);
        assert_no_fault(&fixture->base);
        (void)on_collector(fixture, first, "DestroyCollector", -1);
        (void)collect(fixture, vim_new_object("TaskFilterSpec"));
}

/* The history has its bound, too, and goes on across it. */
static void long_history(Fixture *fixture, gconstpointer data)
{
        Managed *collector;
        unsigned n = 0;

        (void)data;
        collector = collect(fixture, filter_by_entity(fixture->vm, "self"));
        for (int64_t i = 10; i < 10 + TASK_HISTORY_MAX + 5; i++) {
                tell(fixture, i, "web1", TASK_RUNNING);
                tell(fixture, i, "web1", TASK_SUCCESS);
        }
        for (unsigned got; (got = vim_length(on_collector(fixture, collector, "ReadNextTasks", 1000))) > 0;)
                n += got;
        g_assert_cmpuint(n, ==, TASK_HISTORY_MAX);
        g_assert_cmpuint(vim_length(managed_peek(collector, "latestPage")), ==, HISTORY_PAGE_DEFAULT);
}

static void add(const char *path, void (*test)(Fixture *, gconstpointer))
{
        g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        add("/api-tasks/recent", recent_tasks);
        add("/api-tasks/forgotten", forgotten_tasks);
        add("/api-tasks/description", description);
        add("/api-tasks/scrolling", scrolling);
        add("/api-tasks/filters", filters);
        add("/api-tasks/bounded", bounded);
        add("/api-tasks/long-history", long_history);
        return g_test_run();
}
