/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AerostatManager: figures of a scheduler whose VMs are the test's own, previews, and operations by name. */
#include <glib/gstdio.h>

#include "api-fixture.h"
#include "api/aerostat/aerostat.h"
#include "api/vm/vm.h"
#include "scheduler/scheduler-internal.h"

#define N_VMS 3

static const char *const uuids[N_VMS] = {"11111111-2222-3333-4444-555555555555",
                                         "11111111-2222-3333-4444-666666666666",
                                         "11111111-2222-3333-4444-777777777777"};
static const char *const names[N_VMS] = {"one", "three", "two"}; /* sorted: that is the machines' order */

typedef struct Fixture {
        ApiFixture base;
        ApiParts parts;
        char *folder;
        Managed *manager;
        Machine *machines[N_VMS];
        Managed *vms[N_VMS];
} Fixture;

/* Nobody is connected to, so that nobody takes away VMs that libvirt has not. */
static void add_parts(ApiParts *parts, gpointer data)
{
        Fixture *fixture = data;
        g_autofree char *config = g_build_filename(fixture->folder, "aerostatd.conf", NULL);
        g_autoptr(GError) error = NULL;

        g_assert_true(g_file_set_contents(config,
                                          "[aerostatd]\nConnection=test:///no/such/file\n"
                                          "[Memory]\nMem.HostMemoryMB=512\nMem.ShareScanGHz=0\n",
                                          -1, NULL));
        parts->config = config_new(config, &error);
        g_assert_no_error(error);
        parts->pools = pools_new(parts->inventory, &error);
        g_assert_no_error(error);
        parts->scheduler = scheduler_new(parts->config, parts->inventory, parts->pools, parts->journal);
        parts->sharing = sharing_new(fixture->folder, parts->config, parts->scheduler, parts->journal);
        parts->state_dir = fixture->folder;
        fixture->parts = *parts;
}

/* It uses all that it has, which is as much as the host may share out. */
static void add_machine(Fixture *fixture, unsigned i)
{
        Scheduler *scheduler = fixture->parts.scheduler;
        Machine *machine = machine_new(inventory_vm_new(uuids[i], names[i]), scheduler);
        g_autoptr(JsonObject) facts = json_object_new();

        (void)g_strlcpy(machine->info.uuid, uuids[i], sizeof(machine->info.uuid));
        machine->info.power = "on";
        machine->info.runs = machine->listed = true;
        machine->info.memory_bytes = machine->info.rss_bytes = 512ULL * MIB;
        g_hash_table_insert(scheduler->machines, machine->record->uuid, machine);
        g_ptr_array_add(scheduler->sorted, machine);
        fixture->machines[i] = machine;
        json_object_set_string_member(facts, "uuid", uuids[i]);
        json_object_set_string_member(facts, "name", names[i]);
        json_object_set_string_member(facts, "power", "on");
        vm_apply(fixture->base.api, facts);
        fixture->vms[i] = world_find_key(fixture->base.world, "VirtualMachine", uuids[i]);
        g_assert_nonnull(fixture->vms[i]);
}

static void set_up(Fixture *fixture, gconstpointer data)
{
        g_autoptr(GError) error = NULL;

        (void)data;
        fixture->folder = g_dir_make_tmp("test-aerostat-XXXXXX", &error);
        g_assert_no_error(error);
        fixture->base.add_parts = add_parts;
        fixture->base.add_data = fixture;
        api_fixture_set_up(&fixture->base, ":memory:", (ApiParts){0});
        fixture->manager = world_find(fixture->base.world, "AerostatManager");
        for (unsigned i = 0; i < N_VMS; i++)
                add_machine(fixture, i);
        scheduler_round(fixture->parts.scheduler);
        api_signal(fixture->base.api, API_ROUND, NULL);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
        g_autofree char *command = g_strdup_printf("rm -rf '%s'", fixture->folder);

        (void)data;
        /* What the API listens to goes after it. */
        answer_clear(&fixture->base.answer);
        operations_free(fixture->base.operations);
        api_free(fixture->base.api);
        api_fixture_session_clear(&fixture->base.reader);
        api_fixture_session_clear(&fixture->base.operator);
        api_fixture_session_clear(&fixture->base.admin);
        sharing_free(fixture->parts.sharing);
        scheduler_free(fixture->parts.scheduler);
        pools_free(fixture->parts.pools);
        journal_free(fixture->base.journal);
        inventory_close(fixture->base.inventory);
        config_free(fixture->parts.config);
        g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
        g_free(fixture->folder);
}

static const VimValue *ask(Fixture *fixture, const char *method)
{
        const VimValue *result = call(&fixture->base, &fixture->base.reader, fixture->manager, method, NULL);

        assert_no_fault(&fixture->base);
        return result;
}

/* --- figures --- */

static void test_vms(Fixture *fixture, gconstpointer data)
{
        const Machine *machine = fixture->machines[1];
        const VimValue *list, *vm;
        VimValue *wanted;

        (void)data;
        fixture->machines[1]->stats = (struct aerostat_pager_stats){.memory_bytes = 500ULL * MIB,
                                                                    .absent_bytes = 100ULL * MIB,
                                                                    .resident_bytes = 300ULL * MIB,
                                                                    .parked_bytes = 20ULL * MIB,
                                                                    .shared_bytes = 50ULL * MIB,
                                                                    .limit_bytes = 400ULL * MIB,
                                                                    .swapped_bytes = 7ULL * MIB,
                                                                    .compressed_bytes = 30ULL * MIB,
                                                                    .cache_bytes = 10ULL * MIB};
        fixture->machines[1]->stats_us = g_get_monotonic_time();
        fixture->machines[1]->rates.swap_in = 3;
        list = ask(fixture, "QueryVmMemory");
        g_assert_cmpuint(vim_length(list), ==, N_VMS);
        vm = vim_item(list, 1);
        g_assert_cmpstr(vim_get_text(vm, "vm"), ==, fixture->vms[1]->id);
        g_assert_cmpstr(vim_get_text(vm, "name"), ==, "three");
        g_assert_cmpstr(vim_get_text(vm, "uuid"), ==, uuids[1]);
        g_assert_cmpstr(vim_get_text(vm, "managed"), ==, "pager");
        g_assert_null(vim_get(vm, "problem"));
        g_assert_cmpint(vim_get_int(vm, "targetBytes", -1), ==, (int64_t)machine->plan.target_bytes);
        g_assert_cmpint(vim_get_int(vm, "grantedBytes", -1), ==, 400LL * MIB);
        g_assert_cmpint(vim_get_int(vm, "privateBytes", -1), ==, 270LL * MIB);
        g_assert_cmpint(vim_get_int(vm, "pagerLimitBytes", -1), ==, 400LL * MIB);
        g_assert_cmpfloat(vim_get(vm, "swapReadBytesPerSecond")->number, ==, 3 * 4096);
        g_assert_null(vim_get(vm, "limitBytes"));
        g_assert_cmpuint(vim_length(vim_get(vm, "config")), ==, POLICY_VM_KEYS);
        g_assert_null(vim_get(vim_item(list, 0), "pagerLimitBytes"));

        /* Each once, however often it is asked for. */
        wanted = vim_new_list("VirtualMachine");
        vim_add(wanted, managed_reference(fixture->vms[2]));
        vim_add(wanted, managed_reference(fixture->vms[2]));
        list = call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryVmMemory", "vm", wanted,
                    NULL);
        assert_no_fault(&fixture->base);
        g_assert_cmpuint(vim_length(list), ==, 1);
        g_assert_cmpstr(vim_get_text(vim_item(list, 0), "name"), ==, "two");

        (void)call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryVmMemory", "vm",
                   vim_new_reference("VirtualMachine", "vm-none"), NULL);
        assert_fault(&fixture->base, "ManagedObjectNotFound");

        /* The host's are their sums. */
        vm = ask(fixture, "QueryHostMemory");
        g_assert_cmpint(vim_get_int(vm, "privateBytes", -1), ==, 270LL * MIB);
        g_assert_cmpint(vim_get_int(vm, "swappedBytes", -1), ==, 7LL * MIB);
        g_assert_cmpint(vim_get_int(vm, "zippedBytes", -1), ==, 30LL * MIB);
        g_assert_cmpint(vim_get_int(vm, "zipSavedBytes", -1), ==, 20LL * MIB);
        g_assert_cmpint(vim_get_int(vm, "vms", -1), ==, N_VMS);
        g_assert_cmpint(vim_get_int(vm, "managedBytes", -1), ==, 512LL * MIB);
        g_assert_cmpstr(vim_get_text(vm, "connection"), ==, "lost");
        g_assert_cmpuint(vim_length(vim_get(vm, "overcommit")), ==, 3);
}

static void test_round(Fixture *fixture, gconstpointer data)
{
        int64_t before = managed_peek(fixture->manager, "round")->integer;

        (void)data;
        api_signal(fixture->base.api, API_ROUND, NULL);
        g_assert_cmpint(managed_peek(fixture->manager, "round")->integer, >, before);
}

static void add_pool(Fixture *fixture, const char *path, const char *shares)
{
        const InventoryPool pool = {.path = (char *)(gintptr)path,
                                    .shares = (char *)(gintptr)shares,
                                    .limit_mib = -1,
                                    .expandable = true};
        g_autoptr(GError) error = NULL;

        g_assert_true(scheduler_set_pool(fixture->parts.scheduler, &pool, &error));
        g_assert_no_error(error);
}

/* The pools and who is in them, as the API has them. */
static void settle(Fixture *fixture)
{
        api_signal(fixture->base.api, API_CATALOG_CHANGED, NULL);
        scheduler_round(fixture->parts.scheduler);
        api_signal(fixture->base.api, API_ROUND, NULL);
}

static void set_pool(Fixture *fixture, unsigned i, const char *path)
{
        Machine *machine = fixture->machines[i];

        g_free(machine->record->pool);
        machine->record->pool = g_strdup(path);
}

static const VimValue *pool_of(const VimValue *list, const char *path)
{
        for (unsigned i = 0; i < vim_length(list); i++)
                if (strcmp(vim_get_text(vim_item(list, i), "path"), path) == 0)
                        return vim_item(list, i);
        g_error("there is no pool %s", path);
}

static void test_pools(Fixture *fixture, gconstpointer data)
{
        const VimValue *list, *pool;

        (void)data;
        add_pool(fixture, "/a", "normal");
        add_pool(fixture, "/a/b", "777");
        add_pool(fixture, "/ab", "low");
        set_pool(fixture, 0, "/a");
        set_pool(fixture, 1, "/a/b");
        settle(fixture);
        list = ask(fixture, "QueryPoolMemory");
        g_assert_cmpuint(vim_length(list), ==, 4);
        pool = pool_of(list, "/");
        g_assert_cmpint(vim_get_int(pool, "vms", -1), ==, 3);
        g_assert_cmpint(vim_get_int(pool, "pools", -1), ==, 2);
        pool = pool_of(list, "/a");
        g_assert_nonnull(vim_get(pool, "pool"));
        g_assert_cmpint(vim_get_int(pool, "vms", -1), ==, 2);
        g_assert_cmpint(vim_get_int(pool, "pools", -1), ==, 1);
        g_assert_cmpint(vim_get_int(pool, "consumedBytes", -1), ==, 1024LL * MIB);
        g_assert_cmpint(vim_get_int(pool, "targetBytes", -1), ==,
                        (int64_t)(fixture->machines[0]->plan.target_bytes +
                                  fixture->machines[1]->plan.target_bytes));
        pool = pool_of(list, "/a/b");
        g_assert_cmpint(vim_get_int(pool, "shares", -1), ==, 777);
        g_assert_cmpstr(vim_get_text(pool, "sharesLevel"), ==, "custom");
        g_assert_cmpint(vim_get_int(pool_of(list, "/ab"), "vms", -1), ==, 0);
}

static void test_advice(Fixture *fixture, gconstpointer data)
{
        const VimValue *list = ask(fixture, "QueryAdvice");
        bool about_vm = false, about_host = false;

        (void)data;
        for (unsigned i = 0; i < vim_length(list); i++) {
                const VimValue *advice = vim_item(list, i);

                g_assert_cmpstr(vim_get_text(advice, "message"), !=, "");
                if (g_strcmp0(vim_get_text(advice, "kind"), "no-balloon") == 0 &&
                    g_strcmp0(vim_get_text(advice, "vm"), fixture->vms[0]->id) == 0) {
                        about_vm = true;
                        g_assert_cmpstr(vim_get_text(advice, "name"), ==, "one");
                }
                about_host = about_host || vim_get(advice, "vm") == NULL;
        }
        g_assert_true(about_vm);
        g_assert_true(about_host);
}

/* --- the event log, admission --- */

static void test_journal(Fixture *fixture, gconstpointer data)
{
        const VimValue *list;
        int64_t first;

        (void)data;
        journal_add(fixture->base.journal, "vm", "one", "first");
        journal_add(fixture->base.journal, "state", NULL, "second");
        list = call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryJournal", "limit",
                    vim_new_int(2), NULL);
        assert_no_fault(&fixture->base);
        g_assert_cmpuint(vim_length(list), ==, 2);
        g_assert_cmpstr(vim_get_text(vim_item(list, 0), "message"), ==, "first");
        g_assert_cmpstr(vim_get_text(vim_item(list, 0), "vm"), ==, "one");
        g_assert_cmpstr(vim_get_text(vim_item(list, 1), "type"), ==, "state");
        g_assert_null(vim_get(vim_item(list, 1), "vm"));
        first = vim_get_int(vim_item(list, 0), "id", -1);
        list = call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryJournal", "after",
                    vim_new_long(first), NULL);
        g_assert_cmpuint(vim_length(list), ==, 1);
        for (int limit = 0; limit <= 1001; limit += 1001) {
                (void)call(&fixture->base, &fixture->base.reader, fixture->manager, "QueryJournal", "limit",
                           vim_new_int(limit), NULL);
                assert_fault(&fixture->base, "InvalidArgument");
        }
}

static void admit(Fixture *fixture, Session *session, const char *uuid, int64_t memory_bytes)
{
        (void)call(&fixture->base, session, fixture->manager, "AdmitVm", "uuid", vim_new_string(uuid),
                   "name", vim_new_string("new"), "memoryBytes", vim_new_long(memory_bytes), NULL);
}

static void test_admission(Fixture *fixture, gconstpointer data)
{
        static const char uuid[] = "99999999-2222-3333-4444-555555555555";
        InventoryVm *record = inventory_vm_new(uuid, "new");
        g_autoptr(GError) error = NULL;

        (void)data;
        admit(fixture, &fixture->base.operator, uuid, 1024LL * MIB);
        assert_no_fault(&fixture->base);
        /* What it is to be guaranteed counts, not its size. */
        g_hash_table_insert(record->options, g_strdup("sched.mem.min"), g_strdup("600"));
        g_assert_true(inventory_vm_save(fixture->base.inventory, record, &error));
        inventory_vm_free(record);
        admit(fixture, &fixture->base.operator, uuid, 1024LL * MIB);
        assert_fault(&fixture->base, "InsufficientMemoryResourcesFault");
        g_assert_cmpint(vim_get_int(fixture->base.answer.fault, "requested", -1), ==, 664LL * MIB);
        admit(fixture, &fixture->base.operator, "new", 1024LL * MIB);
        assert_fault(&fixture->base, "InvalidArgument");
        admit(fixture, &fixture->base.operator, uuid, -1);
        assert_fault(&fixture->base, "InvalidArgument");
        admit(fixture, &fixture->base.reader, uuid, 1024LL * MIB);
        assert_fault(&fixture->base, "NoPermission");
}

/* --- previews --- */

/* shares 0: as they are; reservation -1 and limit -2 likewise. */
static VimValue *change(const Managed *entity, int64_t shares, int64_t reservation, int64_t limit,
                        const Managed *pool)
{
        VimValue *value = vim_new_object("AerostatAllocationChange"),
                 *info = vim_new_object("ResourceAllocationInfo"), *custom = vim_new_object("SharesInfo");

        vim_set(value, "entity", managed_reference(entity));
        vim_set_text(custom, "level", "custom");
        vim_set_int(custom, "shares", shares);
        if (shares != 0)
                vim_set(info, "shares", custom);
        else
                vim_unref(custom);
        if (reservation >= 0)
                vim_set_int(info, "reservation", reservation);
        if (limit > -2)
                vim_set_int(info, "limit", limit);
        vim_set(value, "memoryAllocation", info);
        vim_set(value, "resourcePool", managed_reference(pool));
        return value;
}

static const VimValue *preview(Fixture *fixture, VimValue *one, VimValue *other)
{
        VimValue *list = vim_new_list("AerostatAllocationChange");

        vim_add(list, one);
        vim_add(list, other);
        return call(&fixture->base, &fixture->base.reader, fixture->manager, "PreviewAllocation", "change",
                    list, NULL);
}

static int64_t target_of(const VimValue *list, const Managed *entity, const char *field)
{
        for (unsigned i = 0; i < vim_length(list); i++)
                if (strcmp(vim_get_text(vim_item(list, i), "entity"), entity->id) == 0)
                        return vim_get_int(vim_item(list, i), field, -1);
        g_error("nothing is said of %s", entity->id);
}

static int64_t new_target(const VimValue *list, const Managed *entity)
{
        return target_of(list, entity, "newTargetBytes");
}

/* Shares alone decide among VMs that use all they have. Whole pages. */
static void assert_part(int64_t bytes, int64_t whole, unsigned part, unsigned parts)
{
        g_assert_cmpint(ABS(bytes - whole * part / parts), <=, 4096);
}

static void test_shares(Fixture *fixture, gconstpointer data)
{
        const VimValue *list;
        int64_t capacity = (int64_t)scheduler_capacity(scheduler_host(fixture->parts.scheduler));

        (void)data;
        /* Three alike have a third each; with twice the shares, one has half. */
        list = preview(fixture, change(fixture->vms[0], 2 * 5120, -1, -2, NULL), NULL);
        assert_no_fault(&fixture->base);
        g_assert_cmpuint(vim_length(list), ==, N_VMS + 1);
        for (unsigned i = 0; i < N_VMS; i++) {
                assert_part(target_of(list, fixture->vms[i], "targetBytes"), capacity, 1, 3);
                assert_part(new_target(list, fixture->vms[i]), capacity, i == 0 ? 2 : 1, 4);
        }
        /* Nothing was changed by that. */
        g_assert_cmpint(fixture->machines[0]->config.shares_level, ==, POLICY_SHARES_NORMAL);
        scheduler_round(fixture->parts.scheduler);
        assert_part((int64_t)fixture->machines[0]->plan.target_bytes, capacity, 1, 3);

        /* A change that is none changes nothing. */
        list = preview(fixture, change(fixture->vms[1], 0, -1, -2, NULL), NULL);
        for (unsigned i = 0; i < N_VMS; i++)
                g_assert_cmpint(new_target(list, fixture->vms[i]), ==,
                                target_of(list, fixture->vms[i], "targetBytes"));
}

static void test_limits(Fixture *fixture, gconstpointer data)
{
        const VimValue *list;
        int64_t capacity = (int64_t)scheduler_capacity(scheduler_host(fixture->parts.scheduler));

        (void)data;
        list = preview(fixture, change(fixture->vms[0], 0, -1, 60, NULL),
                       change(fixture->vms[1], 0, 200, -2, NULL));
        assert_no_fault(&fixture->base);
        g_assert_cmpint(new_target(list, fixture->vms[0]), ==, 60LL * MIB);
        g_assert_cmpint(new_target(list, fixture->vms[1]), >=, 200LL * MIB);
        g_assert_cmpint(new_target(list, fixture->vms[0]) + new_target(list, fixture->vms[1]) +
                                new_target(list, fixture->vms[2]),
                        <=, capacity);
}

static void test_preview_pools(Fixture *fixture, gconstpointer data)
{
        int64_t capacity;
        const VimValue *list;
        const Managed *a, *b, *inner;

        (void)data;
        add_pool(fixture, "/a", "1000");
        add_pool(fixture, "/b", "1000");
        add_pool(fixture, "/b/inner", "1000");
        for (unsigned i = 0; i < N_VMS; i++)
                set_pool(fixture, i, i == 0 ? "/a" : "/b/inner");
        settle(fixture);
        capacity = (int64_t)scheduler_capacity(scheduler_host(fixture->parts.scheduler));
        a = world_find_key(fixture->base.world, "ResourcePool", "/a");
        b = world_find_key(fixture->base.world, "ResourcePool", "/b");
        inner = world_find_key(fixture->base.world, "ResourcePool", "/b/inner");

        list = preview(fixture, change(b, 3000, -1, -2, NULL), NULL);
        assert_no_fault(&fixture->base);
        assert_part(target_of(list, a, "targetBytes"), capacity, 1, 2);
        assert_part(new_target(list, a), capacity, 1, 4);
        assert_part(new_target(list, inner), capacity, 3, 4);
        assert_part(new_target(list, fixture->vms[0]), capacity, 1, 4);

        /* A VM in another pool: half of the host is for two VMs, the other half for one. */
        list = preview(fixture, change(fixture->vms[1], 0, -1, -2, a), NULL);
        assert_part(new_target(list, fixture->vms[1]), capacity, 1, 4);
        assert_part(new_target(list, fixture->vms[2]), capacity, 1, 2);

        /* A pool in another: all is within /a, and /b has nothing. */
        list = preview(fixture, change(inner, 0, -1, -2, a), change(fixture->vms[0], 1000, -1, -2, NULL));
        assert_no_fault(&fixture->base);
        g_assert_cmpint(new_target(list, b), ==, 0);
        assert_part(new_target(list, a), capacity, 1, 1);
        assert_part(new_target(list, inner), capacity, 1, 2);

        (void)preview(fixture, change(b, 0, -1, -2, inner), NULL);
        assert_fault(&fixture->base, "InvalidArgument");
        /* Each by itself could be. */
        (void)preview(fixture, change(a, 0, -1, -2, b), change(b, 0, -1, -2, a));
        assert_fault(&fixture->base, "InvalidArgument");
}

static void test_preview_refused(Fixture *fixture, gconstpointer data)
{
        const Managed *root = world_find_key(fixture->base.world, "ResourcePool", "/");
        const Managed *host = world_find_key(fixture->base.world, "HostSystem", "host");

        (void)data;
        (void)preview(fixture, change(fixture->vms[0], -5, -1, -2, NULL), NULL);
        assert_fault(&fixture->base, "InvalidArgument");
        (void)preview(fixture, change(fixture->vms[0], 0, 100, 50, NULL), NULL);
        assert_fault(&fixture->base, "InvalidArgument");
        (void)preview(fixture, change(fixture->vms[0], 0, 600, -2, NULL), NULL);
        assert_fault(&fixture->base, "InvalidArgument");
        (void)preview(fixture, change(fixture->vms[0], 0, -1, 5, NULL),
                      change(fixture->vms[0], 7, -1, -2, NULL));
        assert_fault(&fixture->base, "InvalidArgument");
        (void)preview(fixture, change(host, 7, -1, -2, NULL), NULL);
        assert_fault(&fixture->base, "InvalidArgument");
        (void)preview(fixture, change(root, 7, -1, -2, NULL), NULL);
        assert_fault(&fixture->base, "NotSupported");
        g_assert_cmpint(fixture->machines[0]->config.limit_mb, ==, -1);
}

/* --- operations --- */

static void test_privileges(Fixture *fixture, gconstpointer data)
{
        const VimValue *list = ask(fixture, "QueryOperations");
        const char *name;
        unsigned n = 0;
        bool is_task;

        (void)data;
        for (; (name = operations_offered(n, &is_task)) != NULL; n++) {
                if (aerostat_privilege(name) == NULL)
                        (g_test_message("%s has no privilege in api/aerostat/operations.c", name),
                         g_test_fail());
        }
        g_assert_cmpuint(n, >, 80);
        g_assert_cmpuint(vim_length(list), ==, n);
        /* Nor are there entries of what there is not. */
        g_assert_cmpuint(aerostat_n_privileges(), ==, n);
        g_assert_cmpstr(aerostat_privilege("CloneVM"), ==, "VirtualMachine.Provisioning.Clone");
        g_assert_null(aerostat_privilege("DescribeVMs"));
}

static const VimValue *run(Fixture *fixture, Session *session, const char *method, const char *operation,
                           const char *arguments)
{
        return call(&fixture->base, session, fixture->manager, method, "operation",
                    vim_new_string(operation), "arguments", vim_new_string(arguments), NULL);
}

static void test_run(Fixture *fixture, gconstpointer data)
{
        Session *reader = &fixture->base.reader, *admin = &fixture->base.admin;
        const VimValue *result;

        (void)data;
        result = run(fixture, admin, "RunOperation", "AddCustomFieldDef", "{\"name\":\"owner\"}");
        assert_no_fault(&fixture->base);
        result = run(fixture, reader, "RunOperation", "ListCustomFields", NULL);
        assert_no_fault(&fixture->base);
        g_assert_nonnull(strstr(result->text, "\"owner\""));

        (void)run(fixture, reader, "RunOperation", "AddCustomFieldDef", "{\"name\":\"other\"}");
        assert_fault(&fixture->base, "NoPermission");
        g_assert_cmpstr(vim_get_text(fixture->base.answer.fault, "privilegeId"), ==,
                        "Global.ManageCustomFields");
        (void)run(fixture, admin, "RunOperation", "AddCustomFieldDef", "{\"name\":\"owner\"}");
        assert_fault(&fixture->base, "DuplicateName");
        (void)run(fixture, admin, "RunOperation", "DescribeVMs", NULL); /* the daemon's own */
        assert_fault(&fixture->base, "InvalidArgument");
        (void)run(fixture, admin, "RunOperation", "PowerOnVM", "{\"vm\":\"one\"}");
        assert_fault(&fixture->base, "InvalidArgument");
        g_assert_nonnull(strstr(fixture->base.answer.message, "RunOperation_Task"));
        (void)run(fixture, admin, "RunOperation_Task", "ListCustomFields", NULL);
        assert_fault(&fixture->base, "InvalidArgument");
        (void)run(fixture, &fixture->base.operator, "RunOperation_Task", "DestroyVM", "{\"vm\":\"one\"}");
        assert_fault(&fixture->base, "NoPermission");
}

static void test_arguments(Fixture *fixture, gconstpointer data)
{
        static const char *const wrong[] = {"", "[]", "1", "{", "{\"name\":", "{} // more", "{\"name\": 5}"};
        g_autoptr(GString) deep = g_string_new("{\"name\":");

        (void)data;
        for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
                (void)run(fixture, &fixture->base.admin, "RunOperation", "AddCustomFieldDef", wrong[i]);
                assert_fault(&fixture->base, "InvalidArgument");
        }
        for (unsigned i = 0; i < 100000; i++)
                g_string_append_c(deep, '[');
        (void)run(fixture, &fixture->base.admin, "RunOperation", "AddCustomFieldDef", deep->str);
        assert_fault(&fixture->base, "InvalidArgument");
}

static void test_task(Fixture *fixture, gconstpointer data)
{
        const VimValue *info;
        Managed *task;

        (void)data;
        (void)run(fixture, &fixture->base.admin, "RunOperation_Task", "DestroyFolderTree",
                  "{\"path\":\"/none\",\"vms\":\"destroy\"}");
        assert_no_fault(&fixture->base);
        task = world_resolve(fixture->base.world, fixture->base.answer.result);
        g_assert_nonnull(task);
        while (vim_get(info = managed_peek(task, "info"), "completeTime") == NULL)
                (void)g_main_context_iteration(NULL, TRUE);
        g_assert_cmpstr(vim_get_text(info, "state"), ==, "error");
        g_assert_cmpstr(vim_get(vim_get(info, "error"), "fault")->type->name, ==, "NotFound");
        g_assert_cmpstr(vim_get_text(info, "entity"), ==,
                        world_find_key(fixture->base.world, "HostSystem", "host")->id);
}

/* It is refused; its task says that it only asked all the same. */
static void test_what_if(Fixture *fixture, gconstpointer data)
{
        static const struct {
                const char *args, *description;
        } cases[] = {{"{\"vm\":\"none\",\"what_if\":true}", "CloneVM.whatIf"},
                     {"{\"vm\":\"none\",\"what_if\":false}", "CloneVM"},
                     {"{\"vm\":\"none\",\"what_if\":[]}", "CloneVM"},
                     {"{\"vm\":\"none\"}", "CloneVM"}};

        (void)data;
        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
                const VimValue *info;
                Managed *task;

                (void)run(fixture, &fixture->base.admin, "RunOperation_Task", "CloneVM", cases[i].args);
                assert_no_fault(&fixture->base);
                task = world_resolve(fixture->base.world, fixture->base.answer.result);
                while (vim_get(info = managed_peek(task, "info"), "completeTime") == NULL)
                        (void)g_main_context_iteration(NULL, TRUE);
                g_assert_cmpstr(vim_get_text(info, "descriptionId"), ==, cases[i].description);
        }
}

#define ADD(name, function) g_test_add("/aerostat/" name, Fixture, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        ADD("vms", test_vms);
        ADD("round", test_round);
        ADD("pools", test_pools);
        ADD("advice", test_advice);
        ADD("journal", test_journal);
        ADD("admission", test_admission);
        ADD("preview-shares", test_shares);
        ADD("preview-limits", test_limits);
        ADD("preview-pools", test_preview_pools);
        ADD("preview-refused", test_preview_refused);
        ADD("privileges", test_privileges);
        ADD("run", test_run);
        ADD("arguments", test_arguments);
        ADD("task", test_task);
        ADD("what-if", test_what_if);
        return g_test_run();
}
