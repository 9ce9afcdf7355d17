/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "recorder-fixture.h"

#include "operation/operation.h"

static void run_nothing(Request *request)
{
        request_return(request, NULL);
}

static JsonObject *parse(const char *text)
{
        g_autoptr(JsonNode) node = json_from_string(text, NULL);

        return json_object_ref(json_node_get_object(node));
}

/* What the handlers of src/api/vm begin, without doing it. */
static void tell(Request *request, const char *operation, const char *args)
{
        g_autoptr(JsonObject) object = parse(args);

        request_tell_operation(request, operation, object);
        request_return(request, NULL);
}

static void run_power_on(Request *request)
{
        tell(request, "PowerOnVM", "{\"vm\": \"" UUID "\"}");
}

const char *recorder_to_tell = "{}";

static void run_reconfigure(Request *request)
{
        tell(request, "ApplyConfigSpec", recorder_to_tell);
}

static void run_clone(Request *request)
{
        tell(request, "CloneFromSpec", recorder_to_tell);
}

/* Is a task that goes on, and ends as the test says. */
static void run_reset(Request *request)
{
        Managed *task = world_add(request_world(request), "Task", "task-1", NULL);
        VimValue *info = vim_new_object("TaskInfo");
        g_autoptr(JsonObject) args = parse("{\"vm\": \"" UUID "\", \"type\": \"hard\"}");

        vim_set_text(info, "state", "running");
        managed_set(task, "info", info);
        request_tell_operation(request, "ResetVM", args);
        request_return(request, managed_reference(task));
}

/* Fails when the name is "bad". */
static void run_rename(Request *request)
{
        if (strcmp(request_arg_text(request, "newName"), "bad") == 0) {
                request_invalid(request, "newName", "bad");
                return;
        }
        {
                g_autoptr(JsonObject) args = parse("{\"vm\": \"" UUID "\"}");

                json_object_set_string_member(args, "name", request_arg_text(request, "newName"));
                request_tell_operation(request, "RenameVM", args);
        }
        managed_set_text(request_target(request), "name", request_arg_text(request, "newName"));
        request_return(request, NULL);
}

/* As src/api/aerostat does it; what it is does not matter. */
static void run_operation(Request *request)
{
        tell(request, request_arg_text(request, "operation"), request_arg_text(request, "arguments"));
}

static const Handler test_handlers[] = {
        {"AerostatManager", "RunOperation", run_operation, ""},
        {"AerostatManager", "RunOperation_Task", run_operation, ""},
        {"VirtualMachine", "PowerOnVM_Task", run_power_on, ""},
        {"VirtualMachine", "ResetVM_Task", run_reset, ""},
        {"VirtualMachine", "ReconfigVM_Task", run_reconfigure, ""},
        {"VirtualMachine", "CloneVM_Task", run_clone, ""},
        {"ManagedEntity", "Rename_Task", run_rename, ""},
        {"HostLocalAccountManager", "CreateUser", run_nothing, ""},
        {"GuestProcessManager", "StartProgramInGuest", run_nothing, ""},
        {"GuestFileManager", "MakeDirectoryInGuest", run_nothing, ""},
        {"GuestFileManager", "MoveFileInGuest", run_nothing, ""},
        {"GuestFileManager", "DeleteDirectoryInGuest", run_nothing, ""},
        {"PerformanceManager", "QueryPerfCounterByLevel", run_nothing, ""},
        {NULL},
};
static const ApiModule test_module = {.name = "test", .handlers = test_handlers};
extern const ApiModule task_module, field_module;
const ApiModule *const api_modules[] = {&task_module, &field_module, &test_module, &recorder_module, NULL};

static Managed *add_entity(World *world, const char *type, const char *id, const char *key, const char *name,
                           Managed *parent)
{
        Managed *entity = world_add(world, type, id, key);

        entity_set_up(entity, name);
        entity_set_parent(entity, parent);
        return entity;
}

static void set_up(RecorderFixture *fixture, gconstpointer data)
{
        World *world;
        Managed *folder;
        g_autoptr(GError) error = NULL;
        g_autoptr(Record) record = record_new(UUID, "web1");

        (void)data;
        api_fixture_set_up(&fixture->base, ":memory:", (ApiParts){0});
        world = fixture->base.world;
        g_assert_true(record_save(fixture->base.inventory, record, NULL));
        folder = add_entity(world, "Folder", "group-d1", "root", "Datacenters", NULL);
        folder = add_entity(world, "Datacenter", "datacenter-1", "host", "ha", folder);
        folder = add_entity(world, "Folder", "group-v1", "vm:/", "vm", folder);
        fixture->vm = add_entity(world, "VirtualMachine", "vm-1", UUID, "web1", folder);
        fixture->accounts = world_add(world, "HostLocalAccountManager", "HostLocalAccountManager", NULL);
        fixture->manager = world_add(world, "AerostatManager", "AerostatManager", NULL);
        fixture->fields = world_find(world, "CustomFieldsManager");
        g_assert_true(recorder_start(fixture->base.api, &fixture->base.admin, &error));
}

static void tear_down(RecorderFixture *fixture, gconstpointer data)
{
        (void)data;
        api_fixture_tear_down(&fixture->base);
}

char *recorder_calls(RecorderFixture *fixture, RecorderForm form)
{
        static const char *const heads[] = {"#!/bin/sh\nset -e\n", "\n\n\n", "\n\n"};
        GString *script = recorder_script(fixture->base.api, "admin", form);
        const char *head = form == RECORDER_SHELL ? strstr(script->str, heads[form])
                                                  : g_strrstr(script->str, heads[form]);
        char *calls = g_strdup(head != NULL ? head + strlen(heads[form]) : script->str);

        (void)g_string_free(script, TRUE);
        return calls;
}

void recorder_assert_calls(RecorderFixture *fixture, RecorderForm form, const char *expected)
{
        g_autofree char *calls = recorder_calls(fixture, form);

        g_assert_cmpstr(calls, ==, expected);
}

unsigned recorder_different_lines(const char *a, const char *b)
{
        g_auto(GStrv) of_a = g_strsplit(a, "\n", -1), of_b = g_strsplit(b, "\n", -1);
        unsigned n = 0;

        g_assert_cmpuint(g_strv_length(of_a), ==, g_strv_length(of_b));
        for (unsigned i = 0; of_a[i] != NULL; i++)
                n += strcmp(of_a[i], of_b[i]) != 0;
        return n;
}

void recorder_told(RecorderFixture *fixture, const char *method, const char *operations, VimValue *spec)
{
        recorder_to_tell = operations;
        if (strcmp(method, "CloneVM_Task") == 0)
                (void)call(&fixture->base, &fixture->base.admin, fixture->vm, method, "folder",
                           vim_new_reference("Folder", "group-v1"), "name", vim_new_string("it's"), "spec",
                           spec, NULL);
        else
                (void)call(&fixture->base, &fixture->base.admin, fixture->vm, method, "spec", spec, NULL);
        assert_no_fault(&fixture->base);
}

void recorder_operate(RecorderFixture *fixture, const char *operation, const char *args)
{
        (void)call(&fixture->base, &fixture->base.admin, fixture->manager, "RunOperation_Task", "operation",
                   vim_new_string(operation), "arguments", vim_new_string(args), NULL);
        assert_no_fault(&fixture->base);
}

void recorder_add_test(const char *path, void (*test)(RecorderFixture *, gconstpointer))
{
        g_test_add(path, RecorderFixture, NULL, set_up, test, tear_down);
}
