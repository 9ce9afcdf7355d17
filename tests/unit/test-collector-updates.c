/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Filters and their updates: what is told, when, to whom, and in which versions. */
#include "collector-world.h"

#define PC  "propertyCollector"
#define VM1 REF("VirtualMachine", "vm-1")
#define VM2 REF("VirtualMachine", "vm-2")

#define SPEC(type, paths, objects) \
        "{'propSet':[{'type':'" type "','pathSet':[" paths "]}],'objectSet':[" objects "]}"
#define OBJECT(ref)       "{'obj':" ref "}"
#define NAMES_OF(objects) SPEC("VirtualMachine", "'name'", objects)
/* All VMs below the VMs' folder. */
#define ALL                                                                                                \
        "{'obj':" VM_FOLDER ",'skip':true,'selectSet':[{'_typeName':'TraversalSpec','name':'down','type':" \
        "'Folder','path':'childEntity','selectSet':[{'_typeName':'SelectionSpec','name':'down'}]}]}"

/* === small helpers === */

static const char *create_in(Lab *lab, Session *session, const char *collector, const char *spec,
                             bool partial)
{
        g_autofree char *args =
                g_strdup_printf("{'spec':%s,'partialUpdates':%s}", spec, partial ? "true" : "false");

        return lab_ask_as(lab, session, collector, "CreateFilter", args);
}

static const char *create(Lab *lab, const char *spec)
{
        return create_in(lab, lab->session, PC, spec, false);
}

static const char *version(Lab *lab)
{
        return lab_text(lab, g_strdup(vim_get_text(lab->last.result, "version")));
}

static const char *check_in(Lab *lab, const char *collector, const char *since)
{
        g_autofree char *args = g_strdup_printf("{'version':'%s'}", since);

        return lab_ask(lab, collector, "CheckForUpdates", args);
}

static const char *check(Lab *lab, const char *since)
{
        return check_in(lab, PC, since);
}

static const char *take(Lab *lab, const char *since, unsigned max)
{
        g_autofree char *args = g_strdup_printf(
                "{'version':'%s','options':{'maxWaitSeconds':0,'maxObjectUpdates':%u}}", since, max);

        return lab_ask(lab, PC, "WaitForUpdatesEx", args);
}

static void wait_in(Lab *lab, Session *session, const char *collector, const char *since, Reply *reply)
{
        g_autofree char *args = g_strdup_printf("{'version':'%s'}", since);

        lab_begin(lab, session, collector, "WaitForUpdatesEx", args, reply);
}

static void rename_vm(Lab *lab, const char *id, const char *name)
{
        managed_set_text(world_find(lab->world, id), "name", name);
}

/* === what is told === */

static void test_enter_modify_leave(void)
{
        g_autoptr(Lab) lab = lab_new();
        const char *now;

        g_assert_nonnull(
                world_find(lab->world, create(lab, SPEC("VirtualMachine", "'name','config.name'", ALL))));
        g_assert_cmpstr(check(lab, ""), ==,
                        "enter vm-1{name=web1 config.name=web1} enter vm-2{name=web2 config.name=web2}");
        now = version(lab);
        g_assert_cmpstr(check(lab, now), ==, "-");
        rename_vm(lab, "vm-2", "db");
        g_assert_cmpstr(check(lab, now), ==, "modify vm-2{name=db}");
        now = version(lab);
        (void)lab_add_vm(lab, "vm-3", "web3", "group-v5");
        lab_remove(lab, "vm-1");
        g_assert_cmpstr(check(lab, now), ==, "leave vm-1{} enter vm-3{name=web3 config.name=web3}");
        now = version(lab);
        /* What nobody asked for, and what comes to the same. */
        managed_set_text(world_find(lab->world, "vm-2"), "overallStatus", "red");
        rename_vm(lab, "vm-2", "other");
        rename_vm(lab, "vm-2", "db");
        g_assert_cmpstr(check(lab, now), ==, "-");
        /* Out of the traversal and in again by another folder, and a folder that takes all with it. */
        entity_set_parent(world_find(lab->world, "vm-3"), world_find(lab->world, "group-h4"));
        g_assert_cmpstr(check(lab, now), ==, "leave vm-3{}");
        now = version(lab);
        entity_set_parent(world_find(lab->world, "vm-3"), world_find(lab->world, "group-v3"));
        entity_set_parent(world_find(lab->world, "group-v5"), world_find(lab->world, "group-h4"));
        g_assert_cmpstr(check(lab, now), ==, "leave vm-2{} enter vm-3{name=web3 config.name=web3}");
}

static void test_came_and_went(void)
{
        g_autoptr(Lab) lab = lab_new();
        const char *now;

        (void)create(lab, NAMES_OF(ALL));
        (void)check(lab, "");
        now = version(lab);
        (void)lab_add_vm(lab, "vm-3", "web3", "group-v5");
        lab_remove(lab, "vm-3");
        g_assert_cmpstr(check(lab, now), ==, "-");
        /* Another with the same id. */
        lab_remove(lab, "vm-2");
        (void)lab_add_vm(lab, "vm-2", "again", "group-v5");
        g_assert_cmpstr(check(lab, now), ==, "leave vm-2{} enter vm-2{name=again}");
}

static void test_unset(void)
{
        g_autoptr(Lab) lab = lab_new();
        Managed *vm = world_find(lab->world, "vm-1");
        const char *now;

        (void)create(lab, SPEC("VirtualMachine",
                               "'config','config.name','config.hardware.device[2001]','guest.ipAddress'",
                               OBJECT(VM1)));
        g_assert_cmpstr(check(lab, ""), ==,
                        "enter vm-1{config=VirtualMachineConfigInfo config.name=web1 "
                        "config.hardware.device[2001]=VirtualDisk}");
        now = version(lab);
        managed_set(vm, "config", lab_config("web1", 1));
        g_assert_cmpstr(check(lab, now), ==,
                        "modify vm-1{config=VirtualMachineConfigInfo -config.hardware.device[2001]}");
        now = version(lab);
        managed_set(vm, "config", NULL);
        g_assert_cmpstr(check(lab, now), ==, "modify vm-1{config=- ~config.name}");
        now = version(lab);
        managed_set(vm, "config", lab_config("web1", 2));
        g_assert_cmpstr(check(lab, now), ==,
                        "modify vm-1{config=VirtualMachineConfigInfo config.name=web1 "
                        "config.hardware.device[2001]=VirtualDisk}");
}

static void test_partial(void)
{
        g_autoptr(Lab) lab = lab_new();
        Managed *vm = world_find(lab->world, "vm-1");
        VimValue *config;
        const char *now;

        (void)create_in(lab, lab->session, PC, SPEC("VirtualMachine", "'config','recentTask'", OBJECT(VM1)),
                        true);
        g_assert_cmpstr(check(lab, ""), ==, "enter vm-1{config=VirtualMachineConfigInfo recentTask=[]}");
        now = version(lab);
        managed_set(vm, "config", lab_config("renamed", 3));
        managed_set(vm, "recentTask", vim_new_reference("Task", "task-1"));
        g_assert_cmpstr(check(lab, now), ==,
                        "modify vm-1{config.name=renamed +config.hardware.device[2002]=VirtualDisk "
                        "+recentTask[\"task-1\"]=task-1}");
        now = version(lab);
        config = lab_config("renamed", 0);
        vim_set_int(config, "hotPlugMemoryLimit", 7);
        managed_set(vm, "config", config);
        g_assert_cmpstr(check(lab, now), ==,
                        "modify vm-1{-config.hardware.device[2000] -config.hardware.device[2001] "
                        "-config.hardware.device[2002] config.hotPlugMemoryLimit=7}");
}

static void test_order_of_items(void)
{
        g_autoptr(Lab) lab = lab_new();
        Managed *folder = world_find(lab->world, "group-v3");
        VimValue *list = vim_new_list("ManagedEntity");
        const char *now;

        (void)create_in(lab, lab->session, PC, SPEC("Folder", "'childEntity'", OBJECT(VM_FOLDER)), true);
        g_assert_cmpstr(check(lab, ""), ==, "enter group-v3{childEntity=[group-v5 vm-1]}");
        now = version(lab);
        /* What additions at the end cannot say is said whole. */
        vim_add(list, vim_new_reference("VirtualMachine", "vm-1"));
        vim_add(list, vim_new_reference("Folder", "group-v5"));
        managed_set(folder, "childEntity", list);
        g_assert_cmpstr(check(lab, now), ==, "modify group-v3{childEntity=[vm-1 group-v5]}");
}

static void test_missing_objects(void)
{
        g_autoptr(Lab) lab = lab_new();
        const char *now;

        (void)create(
                lab,
                "{'reportMissingObjectsInResults':true,'propSet':[{'type':'VirtualMachine'}],'objectSet':["
                "{'obj':" REF("VirtualMachine", "vm-9") "},{'obj':" VM1 "}]}");
        g_assert_cmpstr(check(lab, ""), ==, "enter vm-1{} missing vm-9");
        now = version(lab);
        g_assert_cmpstr(check(lab, now), ==, "-");
        g_assert_cmpstr(create(lab, NAMES_OF(OBJECT(REF("VirtualMachine", "vm-9")))), ==,
                        "ManagedObjectNotFound");
        world_remove(world_find(lab->world, "vm-1"));
        g_assert_cmpstr(check(lab, now), ==, "leave vm-1{}");
}

static void test_views(void)
{
        g_autoptr(Lab) lab = lab_new();
        const char *view = lab_ask(lab, "ViewManager", "CreateContainerView",
                                   "{'container':" ROOT ",'type':['VirtualMachine'],'recursive':true}");
        g_autofree char *spec = g_strdup_printf(
                SPEC("VirtualMachine", "'name'",
                     "{'obj':" REF("ContainerView",
                                   "%s") ",'skip':true,'selectSet':[{'_typeName':'TraversalSpec',"
                                         "'type':'ContainerView','path':'view'}]}"),
                view);
        const char *now;

        (void)create(lab, spec);
        g_assert_cmpstr(check(lab, ""), ==, "enter vm-1{name=web1} enter vm-2{name=web2}");
        now = version(lab);
        (void)lab_add_vm(lab, "vm-3", "web3", "group-v5");
        lab_remove(lab, "vm-1");
        g_assert_cmpstr(check(lab, now), ==, "leave vm-1{} enter vm-3{name=web3}");
        now = version(lab);
        (void)lab_ask(lab, view, "DestroyView", "{}");
        g_assert_cmpstr(check(lab, now), ==, "leave vm-2{} leave vm-3{}");
}

/* === versions === */

static void test_versions(void)
{
        g_autoptr(Lab) lab = lab_new();
        const char *first, *second, *other;

        (void)create(lab, NAMES_OF(ALL));
        g_assert_cmpstr(check(lab, "1"), ==, "InvalidCollectorVersion");
        (void)check(lab, "");
        first = version(lab);
        rename_vm(lab, "vm-1", "a");
        g_assert_cmpstr(check(lab, first), ==, "modify vm-1{name=a}");
        second = version(lab);
        /* The answer was lost; meanwhile more has happened, which comes after. */
        rename_vm(lab, "vm-1", "b");
        g_assert_cmpstr(check(lab, first), ==, "modify vm-1{name=a}");
        g_assert_cmpstr(version(lab), ==, second);
        g_assert_cmpstr(check(lab, second), ==, "modify vm-1{name=b}");
        g_assert_cmpstr(check(lab, first), ==, "InvalidCollectorVersion");
        second = version(lab);
        g_assert_null(second);
        /* Anew: all again, and what was before is of no use. */
        g_assert_cmpstr(check(lab, ""), ==, "enter vm-1{name=b} enter vm-2{name=web2}");
        second = version(lab);
        g_assert_cmpstr(check(lab, ""), ==, "enter vm-1{name=b} enter vm-2{name=web2}");
        g_assert_cmpstr(version(lab), !=, second);
        g_assert_cmpstr(check(lab, second), ==, "InvalidCollectorVersion");
        /* Another collector's. */
        other = lab_ask(lab, PC, "CreatePropertyCollector", "{}");
        (void)check(lab, "");
        second = version(lab);
        g_assert_cmpstr(check_in(lab, other, second), ==, "InvalidCollectorVersion");
}

/* A lost answer with objects that entered is told again as it was. */
static void test_enter_again(void)
{
        g_autoptr(Lab) lab = lab_new();
        const char *first, *second;

        (void)create(lab, NAMES_OF(ALL));
        (void)check(lab, "");
        first = version(lab);
        (void)lab_add_vm(lab, "vm-3", "web3", "group-v5");
        lab_remove(lab, "vm-1");
        g_assert_cmpstr(check(lab, first), ==, "leave vm-1{} enter vm-3{name=web3}");
        second = version(lab);
        rename_vm(lab, "vm-3", "changed");
        lab_remove(lab, "vm-2");
        g_assert_cmpstr(check(lab, first), ==, "leave vm-1{} enter vm-3{name=web3}");
        g_assert_cmpstr(check(lab, second), ==, "leave vm-2{} modify vm-3{name=changed}");
}

static void test_truncated(void)
{
        g_autoptr(Lab) lab = lab_new();
        const char *first, *second, *third;

        (void)lab_add_vm(lab, "vm-3", "web3", "group-v5");
        (void)create(lab, NAMES_OF(ALL));
        g_assert_cmpstr(take(lab, "", 2), ==, "enter vm-1{name=web1} enter vm-2{name=web2} truncated");
        first = version(lab);
        /* Only those may go on from there who know what truncated is. */
        g_assert_cmpstr(check(lab, first), ==, "InvalidCollectorVersion");
        g_assert_cmpstr(take(lab, first, 2), ==, "enter vm-3{name=web3}");
        second = version(lab);
        g_assert_cmpstr(take(lab, first, 2), ==, "enter vm-3{name=web3}");
        g_assert_cmpstr(check(lab, first), ==, "InvalidCollectorVersion");
        rename_vm(lab, "vm-1", "a");
        rename_vm(lab, "vm-2", "b");
        g_assert_true(g_str_has_suffix(take(lab, second, 1), "truncated"));
        third = version(lab);
        g_assert_cmpstr(take(lab, third, 1), !=, "-");
        third = version(lab);
        g_assert_cmpstr(take(lab, third, 1), ==, "-");
        g_assert_cmpstr(take(lab, third, 0), ==, "InvalidArgument");
        g_assert_cmpstr(
                lab_ask(lab, PC, "WaitForUpdatesEx", "{'version':'','options':{'maxWaitSeconds':-1}}"), ==,
                "InvalidArgument");
}

/* === waiting === */

static void test_wait(void)
{
        g_autoptr(Lab) lab = lab_new();
        Reply reply = {0};
        const char *now;

        (void)create(lab, NAMES_OF(ALL));
        (void)check(lab, "");
        now = version(lab);
        wait_in(lab, lab->session, PC, now, &reply);
        g_assert_cmpuint(reply.times, ==, 0);
        managed_set_text(world_find(lab->world, "vm-1"), "overallStatus", "red");
        lab_settle();
        g_assert_cmpuint(reply.times, ==, 0);
        rename_vm(lab, "vm-1", "a");
        rename_vm(lab, "vm-2", "b");
        rename_vm(lab, "vm-1", "c");
        lab_settle();
        g_assert_cmpuint(reply.times, ==, 1);
        g_assert_nonnull(strstr(reply_text(lab, &reply), "vm-1{name=c}"));
        g_assert_nonnull(strstr(reply_text(lab, &reply), "vm-2{name=b}"));
        reply_clear(&reply);
}

/* WaitForUpdates as it was at first, and a filter that is made while it waits. */
static void test_wait_without_filter(void)
{
        g_autoptr(Lab) lab = lab_new();
        Reply reply = {0};

        lab_begin(lab, lab->session, PC, "WaitForUpdates", "{}", &reply);
        lab_settle();
        g_assert_cmpuint(reply.times, ==, 0);
        (void)create(lab, NAMES_OF(OBJECT(VM1)));
        lab_settle();
        g_assert_cmpstr(reply_text(lab, &reply), ==, "enter vm-1{name=web1}");
        reply_clear(&reply);
}

/* Two clients that begin with everything at once: the second has its turn when the main loop has come round,
 * and what is short, or cannot wait, is answered before it. */
static void test_turns(void)
{
        g_autoptr(Lab) lab = lab_new();
        Reply first = {0}, second = {0};

        for (unsigned i = 0; i < 200; i++) {
                g_autofree char *id = g_strdup_printf("vm-%u", 100 + i);

                (void)lab_add_vm(lab, id, id, "group-v3");
        }
        (void)create(lab, NAMES_OF(ALL));
        (void)create_in(lab, lab->other, PC, NAMES_OF(ALL), false);
        lab_settle();
        wait_in(lab, lab->session, PC, "", &first);
        g_assert_nonnull(strstr(reply_text(lab, &first), "enter vm-299{name=vm-299}"));
        wait_in(lab, lab->other, PC, "", &second);
        g_assert_cmpstr(reply_text(lab, &second), ==, "waiting");
        g_assert_cmpstr(lab_ask(lab, "vm-1", "Fetch", "{'prop':'name'}"), ==, "web1");
        g_assert_nonnull(strstr(take(lab, "", 1000), "enter vm-299{name=vm-299}"));
        g_assert_cmpstr(reply_text(lab, &second), ==, "waiting");
        rename_vm(lab, "vm-1", "a");
        lab_settle();
        g_assert_nonnull(strstr(reply_text(lab, &second), "enter vm-299{name=vm-299}"));
        g_assert_nonnull(strstr(reply_text(lab, &second), "enter vm-1{name=a}"));
        reply_clear(&first);
        reply_clear(&second);
}

static unsigned reads;

static VimValue *read_counted(const Managed *managed, Session *session)
{
        (void)managed;
        (void)session;
        reads++;
        return vim_new_list("CustomFieldDef");
}

/* A change costs those who want the property of the object, and nobody else. */
static void test_what_a_change_costs(void)
{
        g_autoptr(Lab) lab = lab_new();
        Managed *vm = world_find(lab->world, "vm-1");
        Reply reply = {0};
        unsigned before;

        managed_set_get(vm, "availableField", read_counted);
        managed_set_get(world_find(lab->world, "vm-2"), "availableField", read_counted);
        (void)create(lab, SPEC("VirtualMachine", "'availableField','config.name'", ALL));
        reads = 0;
        (void)check(lab, "");
        g_assert_cmpuint(reads, ==, 2);
        wait_in(lab, lab->session, PC, version(lab), &reply);
        before = vm->references;
        rename_vm(lab, "vm-1", "a");
        lab_settle();
        g_assert_cmpstr(reply_text(lab, &reply), ==, "waiting");
        g_assert_cmpuint(vm->references, ==, before);
        managed_set(vm, "config", lab_config("b", 2));
        lab_settle();
        g_assert_cmpstr(reply_text(lab, &reply), ==, "modify vm-1{config.name=b}");
        g_assert_cmpuint(reads, ==, 2);
        reply_clear(&reply);
}

static void test_one_waits(void)
{
        g_autoptr(Lab) lab = lab_new();
        Reply first = {0}, second = {0};
        const char *now;

        (void)create(lab, NAMES_OF(ALL));
        (void)check(lab, "");
        now = version(lab);
        wait_in(lab, lab->session, PC, now, &first);
        wait_in(lab, lab->session, PC, now, &second);
        g_assert_cmpstr(reply_text(lab, &first), ==, "RequestCanceled");
        g_assert_cmpuint(second.times, ==, 0);
        /* Who checks takes nothing away from who waits. */
        rename_vm(lab, "vm-1", "a");
        g_assert_cmpstr(check(lab, now), ==, "modify vm-1{name=a}");
        g_assert_cmpstr(reply_text(lab, &second), ==, "modify vm-1{name=a}");
        g_assert_cmpuint(second.times, ==, 1);
        reply_clear(&first);
        reply_clear(&second);
}

static void test_cancel(void)
{
        g_autoptr(Lab) lab = lab_new();
        Reply reply = {0}, others = {0};
        const char *now;

        (void)create(lab, NAMES_OF(ALL));
        (void)create_in(lab, lab->other, PC, NAMES_OF(ALL), false);
        (void)check(lab, "");
        now = version(lab);
        wait_in(lab, lab->session, PC, now, &reply);
        g_assert_cmpstr(lab_ask(lab, PC, "CancelWaitForUpdates", "{}"), ==, "-");
        g_assert_cmpstr(reply_text(lab, &reply), ==, "RequestCanceled");
        reply_clear(&reply);
        /* The client has gone; nothing is lost for when it comes back. */
        wait_in(lab, lab->session, PC, now, &reply);
        request_cancel(reply.request);
        g_assert_cmpstr(reply_text(lab, &reply), ==, "RequestCanceled");
        reply_clear(&reply);
        rename_vm(lab, "vm-1", "a");
        lab_settle();
        g_assert_cmpstr(check(lab, now), ==, "modify vm-1{name=a}");
        /* Others' calls are not touched. */
        (void)lab_ask_as(lab, lab->other, PC, "CheckForUpdates", "{}");
        wait_in(lab, lab->other, PC, version(lab), &others);
        g_assert_cmpstr(lab_ask(lab, PC, "CancelWaitForUpdates", "{}"), ==, "-");
        g_assert_cmpuint(others.times, ==, 0);
        g_assert_cmpstr(lab_ask_as(lab, lab->other, PC, "CancelWaitForUpdates", "{}"), ==, "-");
        g_assert_cmpuint(others.times, ==, 1);
        reply_clear(&others);
}

static void test_timeout(void)
{
        g_autoptr(Lab) lab = lab_new();
        Reply reply = {0};
        uint64_t began = unit_now_ms();

        lab_begin(lab, lab->session, PC, "WaitForUpdatesEx", "{'version':'','options':{'maxWaitSeconds':1}}",
                  &reply);
        g_assert_cmpuint(reply.times, ==, 0);
        while (reply.times == 0)
                (void)g_main_context_iteration(NULL, TRUE);
        g_assert_cmpstr(reply_text(lab, &reply), ==, "-");
        g_assert_cmpuint(unit_now_ms() - began, >=, 500);
        reply_clear(&reply);
}

static void test_session_end(void)
{
        g_autoptr(Lab) lab = lab_new();
        Reply reply = {0};

        (void)create(lab, NAMES_OF(ALL));
        (void)check(lab, "");
        wait_in(lab, lab->session, PC, version(lab), &reply);
        lab_log_out(g_steal_pointer(&lab->session));
        lab_settle();
        g_assert_cmpstr(reply_text(lab, &reply), ==, "RequestCanceled");
        reply_clear(&reply);
}

static void test_server_end(void)
{
        Lab *lab = lab_new();
        Reply reply = {0};

        (void)create(lab, NAMES_OF(ALL));
        (void)check(lab, "");
        wait_in(lab, lab->session, PC, version(lab), &reply);
        api_free(g_steal_pointer(&lab->api));
        g_assert_cmpstr(reply_text(lab, &reply), ==, "RequestCanceled");
        reply_clear(&reply);
        for (unsigned i = 0; i < lab->session->owned->len; i++)
                managed_unref(lab->session->owned->pdata[i]);
        g_ptr_array_set_size(lab->session->owned, 0);
        lab_free(lab);
}

/* === collectors === */

static void test_sessions(void)
{
        g_autoptr(Lab) lab = lab_new();
        const char *filter = create(lab, NAMES_OF(ALL));

        g_assert_cmpstr(lab_ask(lab, PC, "Fetch", "{'prop':'filter'}"), ==,
                        lab_text(lab, g_strdup_printf("[%s]", filter)));
        g_assert_cmpstr(lab_ask_as(lab, lab->other, PC, "Fetch", "{'prop':'filter'}"), ==, "[]");
        g_assert_cmpstr(lab_ask_as(lab, lab->other, PC, "CheckForUpdates", "{}"), ==, "-");
        g_assert_cmpstr(lab_ask_as(lab, lab->other, filter, "DestroyPropertyFilter", "{}"), ==,
                        "ManagedObjectNotFound");
        g_assert_cmpstr(lab_ask(lab, filter, "Fetch", "{'prop':'partialUpdates'}"), ==, "false");
        g_assert_cmpstr(lab_ask(lab, filter, "Fetch", "{'prop':'spec'}"), ==, "PropertyFilterSpec");
}

static void test_collectors(void)
{
        g_autoptr(Lab) lab = lab_new();
        const char *second = lab_ask(lab, PC, "CreatePropertyCollector", "{}"), *filter;
        Reply reply = {0};

        (void)create(lab, NAMES_OF(OBJECT(VM1)));
        filter = create_in(lab, lab->session, second, NAMES_OF(OBJECT(VM2)), false);
        g_assert_cmpstr(check(lab, ""), ==, "enter vm-1{name=web1}");
        g_assert_cmpstr(check_in(lab, second, ""), ==, "enter vm-2{name=web2}");
        wait_in(lab, lab->session, second, version(lab), &reply);
        g_assert_cmpstr(lab_ask(lab, second, "DestroyPropertyCollector", "{}"), ==, "-");
        g_assert_cmpstr(reply_text(lab, &reply), ==, "RequestCanceled");
        g_assert_null(world_find(lab->world, second));
        g_assert_null(world_find(lab->world, filter));
        g_assert_cmpstr(check(lab, ""), ==, "enter vm-1{name=web1}");
        g_assert_cmpstr(lab_ask(lab, PC, "DestroyPropertyCollector", "{}"), ==, "NotSupported");
        reply_clear(&reply);
}

static void test_destroy_filter(void)
{
        g_autoptr(Lab) lab = lab_new();
        const char *filter = create(lab, NAMES_OF(OBJECT(VM1))), *first;

        (void)create(lab, NAMES_OF(OBJECT(VM2)));
        (void)check(lab, "");
        first = version(lab);
        rename_vm(lab, "vm-1", "a");
        rename_vm(lab, "vm-2", "b");
        g_assert_cmpstr(check(lab, first), ==, "modify vm-1{name=a} modify vm-2{name=b}");
        g_assert_cmpstr(lab_ask(lab, filter, "DestroyPropertyFilter", "{}"), ==, "-");
        g_assert_cmpstr(check(lab, first), ==, "modify vm-2{name=b}");
        rename_vm(lab, "vm-1", "c");
        g_assert_cmpstr(check(lab, version(lab)), ==, "-");
}

static void test_bounds(void)
{
        g_autoptr(Lab) lab = lab_new();
        const char *filter = create(lab, NAMES_OF(OBJECT(VM1)));

        /* One is the collector. */
        for (unsigned i = 2; i < SESSION_OWNED_MAX; i++)
                g_assert_cmpstr(create(lab, NAMES_OF(OBJECT(VM1))), !=, "LimitExceeded");
        g_assert_cmpstr(create(lab, NAMES_OF(OBJECT(VM1))), ==, "LimitExceeded");
        g_assert_cmpstr(lab_ask(lab, PC, "CreatePropertyCollector", "{}"), ==, "LimitExceeded");
        (void)lab_ask(lab, filter, "DestroyPropertyFilter", "{}");
        g_assert_cmpstr(create(lab, NAMES_OF(OBJECT(VM1))), !=, "LimitExceeded");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/updates/enter, modify, leave", test_enter_modify_leave);
        g_test_add_func("/updates/came and went", test_came_and_went);
        g_test_add_func("/updates/unset", test_unset);
        g_test_add_func("/updates/partial", test_partial);
        g_test_add_func("/updates/order of items", test_order_of_items);
        g_test_add_func("/updates/missing objects", test_missing_objects);
        g_test_add_func("/updates/views", test_views);
        g_test_add_func("/updates/versions", test_versions);
        g_test_add_func("/updates/enter again", test_enter_again);
        g_test_add_func("/updates/truncated", test_truncated);
        g_test_add_func("/updates/wait", test_wait);
        g_test_add_func("/updates/wait without a filter", test_wait_without_filter);
        g_test_add_func("/updates/turns", test_turns);
        g_test_add_func("/updates/what a change costs", test_what_a_change_costs);
        g_test_add_func("/updates/one waits", test_one_waits);
        g_test_add_func("/updates/cancel", test_cancel);
        g_test_add_func("/updates/timeout", test_timeout);
        g_test_add_func("/updates/session end", test_session_end);
        g_test_add_func("/updates/server end", test_server_end);
        g_test_add_func("/updates/sessions", test_sessions);
        g_test_add_func("/updates/collectors", test_collectors);
        g_test_add_func("/updates/destroy a filter", test_destroy_filter);
        g_test_add_func("/updates/bounds", test_bounds);
        return g_test_run();
}
