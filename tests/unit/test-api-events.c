/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EventManager: what aerostat's events are in vim25, who is found in them, and collectors that follow. */
#include <glib/gstdio.h>

#include "api-fixture.h"
#include "api/manager/event-kind.h"
#include "api/manager/manager.h"
#include "api/manager/session-event.h"

extern const ApiModule task_module, history_module, task_manager_module, event_manager_module;
const ApiModule *const api_modules[] = {&task_module, &history_module, &task_manager_module,
                                        &event_manager_module, NULL};

typedef struct Fixture {
        ApiFixture base;
        Managed *manager, *folder, *vm, *host;
} Fixture;

static Managed *add_entity(World *world, const char *type, const char *id, const char *key, const char *name)
{
        Managed *entity = world_add(world, type, id, key);

        entity_set_up(entity, name);
        return entity;
}

static void set_up(Fixture *fixture, gconstpointer data)
{
        World *world;

        (void)data;
        api_fixture_set_up(&fixture->base, ":memory:", (ApiParts){0});
        world = fixture->base.world;
        fixture->manager = world_find(world, "EventManager");
        fixture->folder = add_entity(world, "Folder", "group-v1", NULL, "lab");
        fixture->vm = add_entity(world, "VirtualMachine", "vm-1", "u1", "web1");
        fixture->host = add_entity(world, "HostSystem", "host-1", "host", "esx1");
        (void)add_entity(world, "Datacenter", "datacenter-1", "host", "ha");
        (void)add_entity(world, "ComputeResource", "domain-s1", "host", "esx1");
        entity_set_parent(fixture->vm, fixture->folder);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
        (void)data;
        api_fixture_tear_down(&fixture->base);
}

static const VimValue *latest(const Fixture *fixture)
{
        return managed_peek(fixture->manager, "latestEvent");
}

static const char *told(Fixture *fixture, const char *type, const char *vm, const char *message)
{
        journal_add(fixture->base.journal, type, vm, "%s", message);
        return latest(fixture)->type->name;
}

/* --- kinds --- */

static void vmwares_types(Fixture *fixture, gconstpointer data)
{
        static const char *const kinds[][3] = {
                {"vm", "is powered on", "VmPoweredOnEvent"},
                {"vm", "is powered off", "VmPoweredOffEvent"},
                {"vm", "is shut down", "VmPoweredOffEvent"},
                {"vm", "is powered off; its suspended memory is gone", "VmPoweredOffEvent"},
                {"vm", "is suspended", "VmSuspendedEvent"},
                {"vm", "is created in datastore \"a\"", "VmCreatedEvent"},
                {"vm", "is a linked clone of \"base\"", "VmClonedEvent"},
                {"vm", "is deleted", "VmRemovedEvent"},
                {"vm", "is unregistered; its files stay", "VmRemovedEvent"},
                {"vm", "is registered from /a/b.xml", "VmRegisteredEvent"},
                {"vm", "was taken into the inventory, in folder /", "VmDiscoveredEvent"},
                {"vm", "was called \"old\" until now", "VmRenamedEvent"},
                {"vm", "has a card 52:54:00:00:00:01 on port group \"a\"", "VmReconfiguredEvent"},
                {"vm", "customized with \"a\" by its guest's agent", "CustomizationSucceeded"},
                {"vm", "the guest has rebooted", "VmGuestRebootEvent"},
                {"vm", "does not run any more", "EventEx"},
                {"task", "disk vdb added", "VmReconfiguredEvent"},
                {"task", "moved to datastore fast", "VmRelocatedEvent"},
                {"task", "snapshot \"a\" made", "EventEx"},
                {"question", "datastore \"a\" is full", "VmMessageEvent"},
                {"setting", "sched.mem.max = 12", "VmResourceReallocatedEvent"},
                {"of the future", "something", "EventEx"},
        };

        (void)data;
        for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++) {
                const VimValue *event;

                g_assert_cmpstr(told(fixture, kinds[i][0], "web1", kinds[i][1]), ==, kinds[i][2]);
                event = latest(fixture);
                g_assert_cmpstr(vim_get_text(vim_get(event, "vm"), "name"), ==, "web1");
                g_assert_cmpstr(vim_get_text(vim_get(event, "vm"), "vm"), ==, "vm-1");
                g_assert_cmpstr(vim_get_text(vim_get(event, "host"), "host"), ==, "host-1");
                g_assert_cmpstr(vim_get_text(vim_get(event, "datacenter"), "name"), ==, "ha");
                g_assert_cmpstr(vim_get_text(vim_get(event, "computeResource"), "computeResource"), ==,
                                "domain-s1");
                g_assert_true(g_str_has_suffix(vim_get_text(event, "fullFormattedMessage"), kinds[i][1]));
                g_assert_true(g_str_has_prefix(vim_get_text(event, "fullFormattedMessage"), "web1: "));
                g_assert_cmpint(vim_get_int(event, "key", 0), ==, i + 1);
                g_assert_cmpint(vim_get_int(event, "chainId", 0), ==, i + 1);
                g_assert_cmpint(vim_get_int(event, "createdTime", 0), >, 0);
                /* Whatever a type needs is there. */
                for (unsigned j = 0; j < event->type->n_fields; j++)
                        g_assert_true(event->fields[j] != NULL || event->type->fields[j].is_optional);
        }
}

static void own_types(Fixture *fixture, gconstpointer data)
{
        const VimValue *arguments;

        (void)data;
        g_assert_cmpstr(told(fixture, "state", NULL, "memory is soft, was high: 10 of 20 MB are free"), ==,
                        "EventEx");
        g_assert_cmpstr(vim_get_text(latest(fixture), "eventTypeId"), ==, "aerostat.memory.state");
        g_assert_cmpstr(vim_get_text(latest(fixture), "severity"), ==, "warning");
        g_assert_cmpstr(vim_get_text(latest(fixture), "message"), ==,
                        "memory is soft, was high: 10 of 20 MB are free");
        g_assert_cmpstr(vim_get_text(latest(fixture), "fullFormattedMessage"), ==,
                        "memory is soft, was high: 10 of 20 MB are free");
        g_assert_null(vim_get(latest(fixture), "vm"));
        arguments = vim_get(latest(fixture), "arguments");
        g_assert_cmpuint(vim_length(arguments), ==, 2);
        g_assert_cmpstr(vim_get_text(vim_item(arguments, 0), "key"), ==, "state");
        g_assert_cmpstr(vim_get(vim_item(arguments, 0), "value")->text, ==, "soft");
        g_assert_cmpstr(vim_get(vim_item(arguments, 1), "value")->text, ==, "high");
        (void)told(fixture, "state", NULL, "memory is low, was hard: x");
        g_assert_cmpstr(vim_get_text(latest(fixture), "severity"), ==, "error");
        (void)told(fixture, "reclaim", "web1", "target 12 MB");
        g_assert_cmpstr(vim_get_text(latest(fixture), "eventTypeId"), ==, "aerostat.memory.reclaim");
        g_assert_cmpstr(vim_get_text(latest(fixture), "objectId"), ==, "vm-1");
        g_assert_cmpstr(vim_get_text(latest(fixture), "objectName"), ==, "web1");
        (void)told(fixture, "vm", NULL, "is powered on");
        g_assert_cmpstr(latest(fixture)->type->name, ==, "EventEx");
}

static void details(Fixture *fixture, gconstpointer data)
{
        (void)data;
        (void)told(fixture, "vm", "web1", "was called \"a \"quoted\" name\" until now");
        g_assert_cmpstr(vim_get_text(latest(fixture), "oldName"), ==, "a \"quoted\" name");
        g_assert_cmpstr(vim_get_text(latest(fixture), "newName"), ==, "web1");
        (void)told(fixture, "vm", "web2", "is a full clone of \"web1\"");
        g_assert_cmpstr(vim_get_text(vim_get(latest(fixture), "sourceVm"), "vm"), ==, "vm-1");
        g_assert_cmpstr(vim_get_text(vim_get(latest(fixture), "vm"), "vm"), ==, "vm-0");
        (void)told(fixture, "question", "web1", "datastore \"a\" is full");
        g_assert_cmpstr(vim_get_text(latest(fixture), "message"), ==, "datastore \"a\" is full");
}

static void of_sessions(Fixture *fixture, gconstpointer data)
{
        Session session = {.user = (char[]){"anna"},
                           .address = (char[]){"10.0.0.5"},
                           .id = (char[]){"52ab"},
                           .agent = (char[]){"x from y, session z, client w"}};

        (void)data;
        session_event_login(fixture->base.api, &session);
        g_assert_cmpstr(latest(fixture)->type->name, ==, "UserLoginSessionEvent");
        g_assert_cmpstr(vim_get_text(latest(fixture), "userName"), ==, "anna");
        g_assert_cmpstr(vim_get_text(latest(fixture), "ipAddress"), ==, "10.0.0.5");
        g_assert_cmpstr(vim_get_text(latest(fixture), "sessionId"), ==, "52ab");
        g_assert_cmpstr(vim_get_text(latest(fixture), "userAgent"), ==, session.agent);
        session_event_logout(fixture->base.api, &session);
        g_assert_cmpstr(latest(fixture)->type->name, ==, "UserLogoutSessionEvent");
        g_assert_cmpstr(vim_get_text(latest(fixture), "sessionId"), ==, "52ab");
        session_event_refused(fixture->base.api, "eve from 10.9.9.9", "10.0.0.6");
        g_assert_cmpstr(latest(fixture)->type->name, ==, "BadUsernameSessionEvent");
        g_assert_cmpstr(vim_get_text(latest(fixture), "ipAddress"), ==, "10.0.0.6");
        g_assert_cmpstr(vim_get_text(latest(fixture), "userName"), ==, "eve_from_10.9.9.9");
}

/* What a VM's events are caused by: the task that works on it, and who began that. */
static void by_task(Fixture *fixture, gconstpointer data)
{
        TaskRecord task = {.id = 7,
                           .method = (char[]){"PowerOnVM"},
                           .object = (char[]){"web1"},
                           .state = TASK_RUNNING,
                           .queued_ms = 1,
                           .started_ms = 1};
        const VimValue *info;

        (void)data;
        api_signal(fixture->base.api, API_TASK_CHANGED, &task);
        info = managed_peek(world_find(fixture->base.world, "task-7"), "info");
        (void)told(fixture, "vm", "web1", "is powered on");
        g_assert_cmpstr(vim_get_text(latest(fixture), "userName"), ==, "aerostat");
        g_assert_cmpint(vim_get_int(latest(fixture), "chainId", 0), ==,
                        vim_get_int(info, "eventChainId", -1));
        (void)told(fixture, "vm", "web2", "is powered on");
        g_assert_cmpstr(vim_get_text(latest(fixture), "userName"), ==, "");
        task.state = TASK_SUCCESS;
        api_signal(fixture->base.api, API_TASK_CHANGED, &task);
        (void)told(fixture, "vm", "web1", "is powered off");
        g_assert_cmpint(vim_get_int(latest(fixture), "chainId", 0), ==,
                        vim_get_int(latest(fixture), "key", -1));
}

/* --- queries --- */

static VimValue *by_entity(const Managed *entity, const char *recursion)
{
        VimValue *filter = vim_new_object("EventFilterSpec"),
                 *by = vim_new_object("EventFilterSpecByEntity");

        vim_set(by, "entity", managed_reference(entity));
        vim_set_text(by, "recursion", recursion);
        vim_set(filter, "entity", by);
        return filter;
}

static VimValue *by_list(const char *field, const char *item_type, const char *text)
{
        VimValue *filter = vim_new_object("EventFilterSpec"), *list = vim_new_list(item_type);

        vim_add(list, vim_new_text(vim_type(item_type), text));
        vim_set(filter, field, list);
        return filter;
}

/* The keys of what a query finds: "1 3". */
static void assert_found(Fixture *fixture, VimValue *filter, const char *expected)
{
        const VimValue *list = call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryEvents",
                                    "filter", filter, NULL);
        g_autoptr(GString) found = g_string_new(NULL);

        assert_no_fault(&fixture->base);
        for (unsigned i = 0; i < vim_length(list); i++)
                g_string_append_printf(found, "%s%d", i > 0 ? " " : "",
                                       (int)vim_get_int(vim_item(list, i), "key", 0));
        g_assert_cmpstr(found->str, ==, expected);
}

static void queries(Fixture *fixture, gconstpointer data)
{
        VimValue *filter;

        (void)data;
        (void)told(fixture, "vm", "web1", "is powered on");
        (void)told(fixture, "state", NULL, "memory is soft, was high: x");
        (void)told(fixture, "vm", "gone", "is powered off");
        (void)told(fixture, "error", "web1", "it broke");
        (void)call(&fixture->base, &fixture->base.admin, fixture->manager, "LogUserEvent", "entity",
                   managed_reference(fixture->vm), "msg", vim_new_string("looks well: so far"), NULL);
        assert_no_fault(&fixture->base);
        assert_found(fixture, vim_new_object("EventFilterSpec"), "1 2 3 4 5");
        assert_found(fixture, by_entity(fixture->vm, "self"), "1 4 5");
        assert_found(fixture, by_entity(fixture->folder, "children"), "1 4 5");
        assert_found(fixture, by_entity(fixture->folder, "self"), "");
        assert_found(fixture, by_entity(fixture->host, "self"), "2");
        assert_found(fixture, by_entity(fixture->host, "all"), "1 2 3 4 5");
        assert_found(fixture, by_list("type", "TypeName", "VmPoweredOnEvent"), "1");
        assert_found(fixture, by_list("type", "TypeName", "VmEvent"), "1 3");
        assert_found(fixture, by_list("eventTypeId", "string", "vim.event.VmPoweredOffEvent"), "3");
        assert_found(fixture, by_list("eventTypeId", "string", "aerostat.memory.state"), "2");
        assert_found(fixture, by_list("category", "string", "error"), "4");
        assert_found(fixture, by_list("category", "string", "user"), "5");
        assert_found(fixture, by_list("tag", "string", "x"), "");

        filter = vim_new_object("EventFilterSpec");
        vim_set_int(filter, "maxCount", 2);
        assert_found(fixture, filter, "4 5");
        filter = vim_new_object("EventFilterSpec");
        vim_set_int(filter, "eventChainId", 3);
        assert_found(fixture, filter, "3");
        filter = vim_new_object("EventFilterSpec");
        vim_set(filter, "userName", vim_new_object("EventFilterSpecByUsername"));
        vim_set_bool((VimValue *)(gintptr)vim_get(filter, "userName"), "systemUser", false);
        vim_set((VimValue *)(gintptr)vim_get(filter, "userName"), "userList", vim_new_string("admin"));
        assert_found(fixture, filter, "5");

        filter = vim_new_object("EventFilterSpec");
        vim_set(filter, "time", vim_new_object("EventFilterSpecByTime"));
        vim_set((VimValue *)(gintptr)vim_get(filter, "time"), "endTime", vim_new_time_ms(1000));
        assert_found(fixture, filter, "");
        filter = vim_new_object("EventFilterSpec");
        vim_set_int(filter, "maxCount", 0);
        (void)call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryEvents", "filter", filter,
                   NULL);
        assert_fault(&fixture->base, "InvalidArgument");
}

static void user_events(Fixture *fixture, gconstpointer data)
{
        g_autofree char *much = g_strnfill(2000, 'x');

        (void)data;
        (void)call(&fixture->base, &fixture->base.admin, fixture->manager, "LogUserEvent", "entity",
                   managed_reference(fixture->vm), "msg", vim_new_string("looks well: so far"), NULL);
        g_assert_cmpstr(latest(fixture)->type->name, ==, "GeneralUserEvent");
        g_assert_cmpstr(vim_get_text(latest(fixture), "message"), ==, "looks well: so far");
        g_assert_cmpstr(vim_get_text(latest(fixture), "userName"), ==, "admin");
        g_assert_cmpstr(vim_get_text(vim_get(latest(fixture), "entity"), "entity"), ==, "vm-1");
        (void)call(&fixture->base, &fixture->base.admin, fixture->manager, "LogUserEvent", "entity",
                   managed_reference(fixture->host), "msg", vim_new_string("warm"), NULL);
        g_assert_cmpstr(vim_get_text(latest(fixture), "message"), ==, "warm (on esx1)");
        (void)call(&fixture->base, &fixture->base.admin, fixture->manager, "LogUserEvent", "entity",
                   managed_reference(fixture->host), "msg", vim_new_string(much), NULL);
        assert_fault(&fixture->base, "InvalidArgument");
        (void)call(&fixture->base, &fixture->base.reader, fixture->manager, "LogUserEvent", "entity",
                   managed_reference(fixture->host), "msg", vim_new_string("warm"), NULL);
        assert_fault(&fixture->base, "NoPermission");
        (void)call(&fixture->base, &fixture->base.admin, fixture->manager, "PostEvent", "eventToPost",
                   vim_new_object("EventEx"), NULL);
        assert_fault(&fixture->base, "NotSupported");
}

/* --- collectors --- */

static void collectors(Fixture *fixture, gconstpointer data)
{
        const VimValue *page;
        Managed *collector;
        VimValue *filter = by_list("type", "TypeName", "VmEvent");

        (void)data;
        vim_set_bool(filter, "disableFullMessage", true);
        for (unsigned i = 0; i < 15; i++)
                (void)told(fixture, "vm", "web1", i % 2 == 0 ? "is powered on" : "is powered off");
        collector = world_resolve(fixture->base.world,
                                  call(&fixture->base, &fixture->base.reader, fixture->manager,
                                       "CreateCollectorForEvents", "filter", filter, NULL));
        page = managed_peek(collector, "latestPage");
        g_assert_cmpuint(vim_length(page), ==, HISTORY_PAGE_DEFAULT);
        g_assert_cmpint(vim_get_int(vim_item(page, 0), "key", 0), ==, 15);
        g_assert_cmpint(vim_get_int(vim_item(page, 9), "key", 0), ==, 6);
        g_assert_null(vim_get(vim_item(page, 0), "fullFormattedMessage"));

        (void)told(fixture, "vm", "web1", "is suspended");
        (void)told(fixture, "share", NULL, "of another type");
        page = managed_peek(collector, "latestPage");
        g_assert_cmpuint(vim_length(page), ==, HISTORY_PAGE_DEFAULT);
        g_assert_cmpstr(vim_item(page, 0)->type->name, ==, "VmSuspendedEvent");
        g_assert_cmpint(vim_get_int(vim_item(page, 9), "key", 0), ==, 7);

        page = call(&fixture->base, &fixture->base.reader, collector, "ReadNextEvents", "maxCount",
                    vim_new_int(2), NULL);
        g_assert_cmpuint(vim_length(page), ==, 2);
        g_assert_cmpint(vim_get_int(vim_item(page, 0), "key", 0), ==, 1);
        (void)call(&fixture->base, &fixture->base.reader, collector, "ResetCollector", NULL);
        page = call(&fixture->base, &fixture->base.reader, collector, "ReadPreviousEvents", "maxCount",
                    vim_new_int(100), NULL);
        g_assert_cmpuint(vim_length(page), ==, 6);
        g_assert_cmpint(vim_get_int(vim_item(page, 0), "key", 0), ==, 6);
}

/* A VM that is gone keeps its id in its events. */
static void removed_vm(Fixture *fixture, gconstpointer data)
{
        (void)data;
        (void)told(fixture, "vm", "web1", "is powered off");
        world_remove(fixture->vm);
        (void)told(fixture, "vm", "web1", "is deleted");
        g_assert_cmpstr(latest(fixture)->type->name, ==, "VmRemovedEvent");
        g_assert_cmpstr(vim_get_text(vim_get(latest(fixture), "vm"), "vm"), ==, "vm-1");
}

/* What an earlier daemon wrote is there, with the same keys. */
static void after_a_restart(void)
{
        ApiFixture first = {0}, second = {0};
        g_autofree char *dir = g_dir_make_tmp("events-XXXXXX", NULL);
        g_autofree char *path = g_build_filename(dir, "inventory", NULL);
        const VimValue *list;

        api_fixture_set_up(&first, path, (ApiParts){0});
        for (unsigned i = 0; i < 4500; i++)
                g_assert_true(inventory_event_add(first.inventory, i, "vm", "web1", "is powered on", NULL));
        api_fixture_tear_down(&first);
        api_fixture_set_up(&second, path, (ApiParts){0});
        g_assert_cmpint(
                vim_get_int(managed_peek(world_find(second.world, "EventManager"), "latestEvent"), "key", 0),
                ==, 4500);
        list = call(&second, &second.reader, world_find(second.world, "EventManager"), "QueryEvents",
                    "filter", vim_new_object("EventFilterSpec"), NULL);
        g_assert_cmpuint(vim_length(list), ==, HISTORY_PAGE_MAX);
        g_assert_cmpint(vim_get_int(vim_item(list, 0), "key", 0), ==, 3501);
        api_fixture_tear_down(&second);
        for (unsigned i = 0; i < 3; i++) {
                g_autofree char *file = g_strconcat(path, ((const char *[]){"", "-wal", "-shm"})[i], NULL);

                (void)g_remove(file);
        }
        g_assert_cmpint(g_rmdir(dir), ==, 0);
}

/* The changes of state are found behind many thousands of others, which go. */
static void behind_reclaims(Fixture *fixture, gconstpointer data)
{
        Inventory *inventory = fixture->base.inventory;
        VimValue *filter = vim_new_object("EventFilterSpec"), *types = vim_new_list("string");
        const VimValue *list;

        (void)data;
        g_assert_true(inventory_begin(inventory, NULL));
        for (unsigned i = 0; i < INVENTORY_EVENTS_MAX + 2000; i++) {
                bool state = i % 10000 == 0;

                g_assert_true(inventory_event_add(inventory, i, state ? "state" : "reclaim", NULL,
                                                  state ? "memory is soft, was high: x" : "x", NULL));
                if (i % 1000 == 999)
                        api_signal(fixture->base.api, API_EVENT_ADDED, NULL);
        }
        g_assert_true(inventory_end(inventory, true, NULL));
        vim_add(types, vim_new_string("aerostat.memory.state"));
        vim_set(filter, "eventTypeId", types);
        list = call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryEvents", "filter", filter,
                    NULL);
        g_assert_cmpuint(vim_length(list), ==, 11);
}

static void add(const char *path, void (*test)(Fixture *, gconstpointer))
{
        g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        add("/api-events/vmwares-types", vmwares_types);
        add("/api-events/own-types", own_types);
        add("/api-events/details", details);
        add("/api-events/of-sessions", of_sessions);
        add("/api-events/by-task", by_task);
        add("/api-events/queries", queries);
        add("/api-events/user-events", user_events);
        add("/api-events/collectors", collectors);
        add("/api-events/removed-vm", removed_vm);
        add("/api-events/behind-reclaims", behind_reclaims);
        g_test_add_func("/api-events/after-a-restart", after_a_restart);
        return g_test_run();
}
