/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a call to its answer, and tasks, with a module of the test's own: privileges, faults, owners,
 * cancelling. */
#include "api-fixture.h"
#include "api/internal.h"
#include "api/task.h"

typedef struct Fixture {
        ApiFixture base;
        Managed *folder;
        GPtrArray *tasks_told; /* "task-1 running" */
} Fixture;

static Request *kept; /* by a handler that does not answer at once */
static unsigned cancels;

/* --- the module --- */

static void on_cancelled(Request *request, gpointer data)
{
        (void)request;
        g_assert_true(data == &cancels);
        cancels++;
}

static void run_keep(Request *request)
{
        request_set_cancel(request, on_cancelled, &cancels);
        kept = request;
}

static void run_answer_cancelled(Request *request, gpointer data)
{
        (void)data;
        request_fault(request, vim_new_fault("RequestCanceled"), "cancelled");
}

static void run_wait(Request *request)
{
        request_set_cancel(request, run_answer_cancelled, NULL);
}

static void run_task_done(Request *request)
{
        task_done(request, vim_new_string("result"));
}

/* By the name: which kind of end it comes to. */
static void run_create(Request *request)
{
        const char *name = request_arg_text(request, "name");
        g_autoptr(GError) error = NULL;

        if (strcmp(name, "invalid") == 0) {
                request_invalid(request, "name", "\"%s\" is no name", name);
        } else if (strcmp(name, "exists") == 0) {
                error = g_error_new(G_IO_ERROR, G_IO_ERROR_EXISTS, "there is a folder \"x\" already");
                request_fail(request, error);
        } else if (strcmp(name, "busy") == 0) {
                error = g_error_new(G_IO_ERROR, G_IO_ERROR_BUSY,
                                    "VM \"a\" is busy: task 12 (CloneVM) works on it");
                request_fail(request, error);
        } else if (strcmp(name, "in-use") == 0) {
                error = g_error_new(G_IO_ERROR, G_IO_ERROR_BUSY, "the folder \"a\" is not empty: b");
                request_fail(request, error);
        } else if (strcmp(name, "foreign") == 0) {
                error = g_error_new(G_FILE_ERROR, G_FILE_ERROR_IO, "it broke");
                request_fail(request, error);
        } else {
                request_return(request, managed_reference(request_target(request)));
        }
}

static void run_move(Request *request)
{
        bool answered;
        Managed *object = request_arg_object(request, "pool", &answered);

        if (!answered)
                request_return(request, managed_reference(object));
}

/* An operation that is no task; and one that is. */
static void run_operate(Request *request)
{
        JsonObject *args = json_object_new();

        json_object_set_string_member(args, "name", request_arg_text(request, "name"));
        request_operate(request, "AddCustomFieldDef", args, NULL, NULL, NULL);
}

static VimValue *no_result(Api *api, JsonNode *result, gpointer data)
{
        (void)api;
        (void)result;
        return vim_new_string(data);
}

static void run_operation_task(Request *request)
{
        JsonObject *args = json_object_new();

        json_object_set_string_member(args, "vm", "nothing");
        task_run(request, &(TaskPlan){.operation = "PowerOnVM", .args = args});
}

static void run_quick_task(Request *request)
{
        JsonObject *args = json_object_new();

        json_object_set_string_member(args, "name", request_arg_text(request, "newName"));
        task_run(request, &(TaskPlan){.operation = "AddCustomFieldDef",
                                      .args = args,
                                      .description_id = "test.quick",
                                      .result = no_result,
                                      .data = g_strdup("made"),
                                      .free_data = g_free});
}

static const Handler test_handlers[] = {
        {"Folder", "CreateFolder", run_create, NULL},
        {"Folder", "CreateDatacenter", run_operate, NULL},
        {"Folder", "CreateCluster", run_keep, ""},
        {"Folder", "CreateStoragePod", run_wait, "System.View"},
        {"Folder", "RegisterVM_Task", run_move, ""},
        {"ManagedEntity", "Destroy_Task", run_operation_task, "System.View"},
        {"ManagedEntity", "Rename_Task", run_quick_task, "System.View"},
        {"ManagedEntity", "Reload", run_task_done, "System.View"},
        {NULL},
};

static const ApiModule test_module = {.name = "test", .handlers = test_handlers};

extern const ApiModule task_module;
const ApiModule *const api_modules[] = {&task_module, &test_module, NULL};

/* --- fixture --- */

static void on_task_info(Api *api, gconstpointer data, gpointer user_data)
{
        const Managed *task = data;
        Fixture *fixture = user_data;

        (void)api;
        g_ptr_array_add(fixture->tasks_told,
                        g_strdup_printf("%s %s%s", task->id,
                                        vim_get_text(managed_peek(task, "info"), "state"),
                                        task->gone ? ", gone" : ""));
}

static void set_up(Fixture *fixture, gconstpointer data)
{
        (void)data;
        api_fixture_set_up(&fixture->base, ":memory:", (ApiParts){0});
        fixture->tasks_told = g_ptr_array_new_with_free_func(g_free);
        api_listen(fixture->base.api, API_TASK_INFO_CHANGED, on_task_info, fixture);
        fixture->folder = world_add(fixture->base.world, "Folder", "group-1", NULL);
        entity_set_up(fixture->folder, "lab");
        cancels = 0;
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
        (void)data;
        api_fixture_tear_down(&fixture->base);
        g_ptr_array_unref(fixture->tasks_told);
}

/* --- privileges --- */

static void privileges(Fixture *fixture, gconstpointer data)
{
        ApiFixture *base = &fixture->base;
        (void)data;
        /* By the type table: Folder.Create. */
        call(base, NULL, fixture->folder, "CreateFolder", "name", vim_new_string("a"), NULL);
        assert_fault(base, "NotAuthenticated");
        g_assert_cmpstr(vim_get_text(base->answer.fault, "object"), ==, "group-1");
        g_assert_cmpstr(vim_get_text(base->answer.fault, "privilegeId"), ==, "Folder.Create");
        call(base, &base->operator, fixture->folder, "CreateFolder", "name", vim_new_string("a"), NULL);
        assert_fault(base, "NoPermission");
        call(base, &base->admin, fixture->folder, "CreateFolder", "name", vim_new_string("a"), NULL);
        g_assert_cmpstr(base->answer.result->text, ==, "group-1");
        /* By the handler: anybody's, and a reader's though the table says more. */
        g_assert_nonnull(
                call_open(base, NULL, fixture->folder, "CreateCluster", "name", vim_new_string("a"), NULL));
        request_return(g_steal_pointer(&kept), NULL);
        g_assert_cmpuint(base->answer.times, ==, 1);
        call(base, &base->reader, fixture->folder, "Reload", NULL);
        g_assert_null(base->answer.fault);
        call(base, NULL, fixture->folder, "Reload", NULL);
        assert_fault(base, "NotAuthenticated");
}

static void not_implemented(Fixture *fixture, gconstpointer data)
{
        ApiFixture *base = &fixture->base;
        (void)data;
        call(base, &base->admin, fixture->folder, "UnregisterAndDestroy_Task", NULL);
        assert_fault(base, "NotImplemented");
}

/* --- faults --- */

static void faults(Fixture *fixture, gconstpointer data)
{
        ApiFixture *base = &fixture->base;
        (void)data;
        call(base, &base->admin, fixture->folder, "CreateFolder", "name", vim_new_string("invalid"), NULL);
        assert_fault(base, "InvalidArgument");
        g_assert_cmpstr(vim_get_text(base->answer.fault, "invalidProperty"), ==, "name");
        g_assert_cmpstr(base->answer.message, ==, "\"invalid\" is no name");
        call(base, &base->admin, fixture->folder, "CreateFolder", "name", vim_new_string("exists"), NULL);
        assert_fault(base, "DuplicateName");
        g_assert_cmpstr(vim_get_text(base->answer.fault, "name"), ==, "x");
        g_assert_cmpstr(vim_get_text(base->answer.fault, "object"), ==, "group-1");
        call(base, &base->admin, fixture->folder, "CreateFolder", "name", vim_new_string("busy"), NULL);
        assert_fault(base, "TaskInProgress");
        g_assert_cmpstr(vim_get_text(base->answer.fault, "task"), ==, "task-12");
        call(base, &base->admin, fixture->folder, "CreateFolder", "name", vim_new_string("in-use"), NULL);
        assert_fault(base, "ResourceInUse");
        g_assert_cmpstr(vim_get_text(base->answer.fault, "name"), ==, "a");
        call(base, &base->admin, fixture->folder, "CreateFolder", "name", vim_new_string("foreign"), NULL);
        assert_fault(base, "SystemError");
        g_assert_cmpstr(vim_get_text(base->answer.fault, "reason"), ==, "it broke");
}

/* --- objects of a session --- */

static void owners(Fixture *fixture, gconstpointer data)
{
        ApiFixture *base = &fixture->base;
        Managed *own = session_add_object(fixture->base.world, &base->admin, "ListView");
        Managed *folder = session_add_object(fixture->base.world, &base->reader, "Folder");

        (void)data;
        entity_set_up(folder, "of the reader");
        g_assert_null(
                call_open(base, &base->admin, folder, "CreateFolder", "name", vim_new_string("a"), NULL));
        assert_fault(base, "ManagedObjectNotFound");
        g_assert_cmpstr(vim_get_text(base->answer.fault, "obj"), ==, folder->id);
        g_assert_null(call_open(base, &base->reader, folder, "Reload", NULL));
        g_assert_null(base->answer.fault);

        /* As arguments: one's own, one that is not there, another's. */
        g_assert_null(call_open(base, &base->admin, fixture->folder, "RegisterVM_Task", "path",
                                vim_new_string("a"), "pool", vim_new_reference("ManagedObject", own->id),
                                NULL));
        g_assert_cmpstr(base->answer.result->text, ==, own->id);
        g_assert_null(call_open(base, &base->reader, fixture->folder, "RegisterVM_Task", "path",
                                vim_new_string("a"), "pool", vim_new_reference("ManagedObject", own->id),
                                NULL));
        assert_fault(base, "ManagedObjectNotFound");
        g_assert_null(call_open(base, &base->reader, fixture->folder, "RegisterVM_Task", "path",
                                vim_new_string("a"), "pool",
                                vim_new_reference("ResourcePool", "resgroup-99"), NULL));
        assert_fault(base, "ManagedObjectNotFound");
        g_assert_null(call_open(base, &base->reader, fixture->folder, "RegisterVM_Task", "path",
                                vim_new_string("a"), NULL));
        g_assert_null(base->answer.fault);
}

/* --- cancelling --- */

static void cancelled_once(Fixture *fixture, gconstpointer data)
{
        ApiFixture *base = &fixture->base;
        Request *request =
                call_open(base, NULL, fixture->folder, "CreateCluster", "name", vim_new_string("a"), NULL);

        (void)data;
        g_assert_true(request == kept);
        request_cancel(request);
        request_cancel(request);
        g_assert_cmpuint(cancels, ==, 1);
        g_assert_cmpuint(base->answer.times, ==, 0);
        request_return(g_steal_pointer(&kept), NULL);
        g_assert_cmpuint(base->answer.times, ==, 1);

        /* One whose cancelling answers at once. */
        request = call_open(base, &base->reader, fixture->folder, "CreateStoragePod", "name",
                            vim_new_string("a"), NULL);
        request_cancel(request);
        assert_fault(base, "RequestCanceled");
}

/* The target is there until the answer, whatever happens to it. */
static void target_goes(Fixture *fixture, gconstpointer data)
{
        ApiFixture *base = &fixture->base;
        Managed *folder = world_add(fixture->base.world, "Folder", "group-2", NULL);

        (void)data;
        (void)call_open(base, NULL, folder, "CreateCluster", "name", vim_new_string("a"), NULL);
        world_remove(folder);
        g_assert_true(request_target(kept)->gone);
        request_return(kept, managed_reference(request_target(kept)));
        g_assert_cmpstr(base->answer.result->text, ==, "group-2");
}

/* --- operations and tasks --- */

static void operates(Fixture *fixture, gconstpointer data)
{
        ApiFixture *base = &fixture->base;
        (void)data;
        g_assert_nonnull(call_open(base, &base->admin, fixture->folder, "CreateDatacenter", "name",
                                   vim_new_string("owner"), NULL));
        while (base->answer.times == 0)
                (void)g_main_context_iteration(NULL, TRUE);
        g_assert_null(base->answer.fault);
        g_assert_nonnull(call_open(base, &base->admin, fixture->folder, "CreateDatacenter", "name",
                                   vim_new_string("owner"), NULL));
        while (base->answer.times == 0)
                (void)g_main_context_iteration(NULL, TRUE);
        assert_fault(base, "DuplicateName");
        g_assert_cmpstr(vim_get_text(base->answer.fault, "object"), ==, "group-1");
}

static const VimValue *info_of(const Fixture *fixture, const char *id)
{
        const Managed *task = world_find(fixture->base.world, id);

        g_assert_nonnull(task);
        return managed_peek(task, "info");
}

static const VimValue *wait_for_task(const Fixture *fixture, const char *id)
{
        while (vim_get(info_of(fixture, id), "completeTime") == NULL)
                (void)g_main_context_iteration(NULL, TRUE);
        return info_of(fixture, id);
}

static void task_done_at_once(Fixture *fixture, gconstpointer data)
{
        ApiFixture *base = &fixture->base;
        const VimValue *info;

        (void)data;
        call(base, &base->reader, fixture->folder, "Reload", NULL);
        info = info_of(fixture, base->answer.result->text);
        g_assert_cmpstr(vim_get_text(info, "state"), ==, "success");
        g_assert_cmpstr(vim_get(info, "result")->text, ==, "result");
        g_assert_cmpstr(vim_get_text(info, "entity"), ==, "group-1");
        g_assert_cmpstr(vim_get_text(info, "entityName"), ==, "lab");
        g_assert_cmpstr(vim_get_text(info, "descriptionId"), ==, "Folder.reload");
        g_assert_cmpstr(vim_get_text(vim_get(info, "reason"), "userName"), ==, "reader");
        g_assert_nonnull(vim_get(info, "startTime"));
}

/* A quick operation that vim25 calls a task: it succeeds, then fails with a fault that is whole. */
static void task_of_quick_operation(Fixture *fixture, gconstpointer data)
{
        ApiFixture *base = &fixture->base;
        g_autofree char *id = NULL;
        const VimValue *info, *fault;

        (void)data;
        for (unsigned i = 0; i < 2; i++) {
                call(base, &base->reader, fixture->folder, "Rename_Task", "newName", vim_new_string("owner"),
                     NULL);
                g_free(id);
                id = g_strdup(base->answer.result->text);
                g_assert_cmpstr(vim_get_text(info_of(fixture, id), "descriptionId"), ==, "test.quick");
                info = wait_for_task(fixture, id);
                if (i == 0)
                        g_assert_cmpstr(vim_get(info, "result")->text, ==, "made");
        }
        g_assert_cmpstr(vim_get_text(info, "state"), ==, "error");
        g_assert_false(vim_get_bool(info, "cancelled", true));
        fault = vim_get(vim_get(info, "error"), "fault");
        g_assert_cmpstr(fault->type->name, ==, "DuplicateName");
        g_assert_cmpstr(vim_get_text(fault, "object"), ==, "group-1");
}

/* A task of its own: one object from the beginning to the end, told of at each step. */
static void task_of_operation(Fixture *fixture, gconstpointer data)
{
        ApiFixture *base = &fixture->base;
        World *world = fixture->base.world;
        g_autoptr(GPtrArray) tasks = NULL;
        g_autofree char *id = NULL;
        const VimValue *info;
        uint64_t version;

        (void)data;
        call(base, &base->reader, fixture->folder, "Destroy_Task", NULL);
        id = g_strdup(base->answer.result->text);
        version = world_find(world, id)->added;
        tasks = world_list(world, "Task");
        g_assert_cmpuint(tasks->len, ==, 1);
        info = info_of(fixture, id);
        g_assert_cmpstr(vim_get_text(info, "state"), ==, "queued");
        g_assert_cmpstr(vim_get_text(info, "name"), ==, "Destroy_Task");
        g_assert_cmpstr(vim_get_text(info, "descriptionId"), ==, "Folder.destroy");
        g_assert_cmpint(vim_get_int(info, "eventChainId", 0), !=, 0);

        info = wait_for_task(fixture, id);
        g_assert_cmpuint(world_find(world, id)->added, ==, version);
        g_assert_cmpstr(vim_get_text(info, "state"), ==, "error");
        g_assert_cmpstr(vim_get(vim_get(info, "error"), "fault")->type->name, ==, "NotFound");
        g_assert_nonnull(vim_get_text(vim_get(info, "error"), "localizedMessage"));
        g_assert_cmpuint(fixture->tasks_told->len, >=, 2);
        g_assert_true(g_str_has_suffix(fixture->tasks_told->pdata[0], " queued"));
        g_assert_true(g_str_has_suffix(fixture->tasks_told->pdata[fixture->tasks_told->len - 1], " error"));

        /* It has ended. */
        g_assert_null(call_open(base, &base->operator, world_find(world, id), "CancelTask", NULL));
        assert_fault(base, "InvalidState");
        g_assert_null(call_open(base, &base->reader, world_find(world, id), "CancelTask", NULL));
        assert_fault(base, "InvalidState");
}

/* Everybody cancels his own; others' only with the privilege. */
static void task_cancelled(Fixture *fixture, gconstpointer data)
{
        ApiFixture *base = &fixture->base;
        World *world = fixture->base.world;
        g_autofree char *id = NULL;
        const VimValue *info;

        (void)data;
        call(base, &base->reader, fixture->folder, "Destroy_Task", NULL);
        id = g_strdup(base->answer.result->text);
        g_free(base->reader.user);
        base->reader.user = g_strdup("another");
        g_assert_null(call_open(base, &base->reader, world_find(world, id), "CancelTask", NULL));
        assert_fault(base, "NoPermission");
        g_assert_cmpstr(vim_get_text(base->answer.fault, "privilegeId"), ==, "Global.CancelTask");
        g_free(base->reader.user);
        base->reader.user = g_strdup("reader");
        g_assert_null(call_open(base, &base->reader, world_find(world, id), "CancelTask", NULL));
        g_assert_null(base->answer.fault);
        info = wait_for_task(fixture, id);
        g_assert_cmpstr(vim_get_text(info, "state"), ==, "error");
}

/* One that was begun elsewhere is an object, too; and an ended one is gone when too many have ended. */
static void foreign_tasks(Fixture *fixture, gconstpointer data)
{
        World *world = fixture->base.world;
        Managed *vm = world_add(world, "VirtualMachine", "vm-1", "u");
        TaskRecord record = {.method = (char[]){"CloneVM"},
                             .object = (char[]){"parent"},
                             .state = TASK_RUNNING,
                             .percent = 40,
                             .message = (char[]){"copies"},
                             .queued_ms = 1000,
                             .started_ms = 2000};
        const VimValue *info;
        g_autoptr(GPtrArray) tasks = NULL;

        (void)data;
        entity_set_up(vm, "parent");
        record.id = 5000;
        api_signal(fixture->base.api, API_TASK_CHANGED, &record);
        info = info_of(fixture, "task-5000");
        g_assert_cmpstr(vim_get_text(info, "entity"), ==, "vm-1");
        g_assert_cmpint(vim_get_int(info, "progress", -1), ==, 40);
        g_assert_cmpstr(vim_get_text(info, "state"), ==, "running");
        for (unsigned i = 0; i < 1002; i++) {
                record.id = 5000 + i;
                record.state = TASK_RUNNING;
                api_signal(fixture->base.api, API_TASK_CHANGED, &record);
                record.state = TASK_SUCCESS;
                api_signal(fixture->base.api, API_TASK_CHANGED, &record);
        }
        tasks = world_list(world, "Task");
        g_assert_cmpuint(tasks->len, ==, 1000);
        g_assert_null(world_find(world, "task-5001"));
        g_assert_nonnull(world_find(world, "task-5002"));
        /* What is told of one that is not known any more makes none. */
        record.id = 5000;
        api_signal(fixture->base.api, API_TASK_CHANGED, &record);
        g_assert_null(world_find(world, "task-5000"));
}

static void add(const char *path, void (*test)(Fixture *, gconstpointer))
{
        g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        add("/api-request/privileges", privileges);
        add("/api-request/not-implemented", not_implemented);
        add("/api-request/faults", faults);
        add("/api-request/owners", owners);
        add("/api-request/cancelled-once", cancelled_once);
        add("/api-request/target-goes", target_goes);
        add("/api-request/operates", operates);
        add("/api-request/task-done-at-once", task_done_at_once);
        add("/api-request/task-of-quick-operation", task_of_quick_operation);
        add("/api-request/task-of-operation", task_of_operation);
        add("/api-request/task-cancelled", task_cancelled);
        add("/api-request/foreign-tasks", foreign_tasks);
        return g_test_run();
}
