/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The inventory's tree: what is in it, that it is whole, and what can be done to folders, pools and options.
 */
#include <glib/gstdio.h>

#include "api-fixture.h"
#include "api/host/host.h"
#include "api/tree/tree.h"
#include "host-root.h"

extern const ApiModule task_module;

const ApiModule *const api_modules[] = {
        &task_module,   &folder_module, &host_module,      &compute_module, &pool_module,
        &option_module, &system_module, &catalogue_module, &service_module, NULL,
};

typedef struct Tree {
        ApiFixture frame;
        char *dir, *file;
        Config *config;
        Inventory *inventory; /* of the parts that the frame does not have */
        Pools *pools;
        Journal *journal;
        Scheduler *scheduler;
} Tree;

static void add_parts(ApiParts *parts, gpointer data)
{
        const Tree *tree = data;

        parts->config = tree->config;
        parts->pools = tree->pools;
        parts->scheduler = tree->scheduler;
        parts->state_dir = tree->dir;
}

static void on_round(gpointer user_data)
{
        const Tree *tree = user_data;

        if (tree->frame.api != NULL)
                api_signal(tree->frame.api, API_ROUND, NULL);
}

static void begin(Tree *tree)
{
        const SchedulerListener listener = {.round = on_round, .user_data = tree};
        g_autofree char *conf = g_build_filename(tree->dir, "aerostatd.conf", NULL);
        g_autoptr(GError) error = NULL;

        tree->config = config_new(conf, &error);
        g_assert_no_error(error);
        tree->inventory = inventory_open(tree->file, &error);
        g_assert_no_error(error);
        tree->pools = pools_new(tree->inventory, &error);
        tree->journal = journal_new(tree->inventory);
        tree->scheduler = scheduler_new(tree->config, tree->inventory, tree->pools, tree->journal);
        tree->frame.add_parts = add_parts;
        tree->frame.add_data = tree;
        api_fixture_set_up(&tree->frame, tree->file, (ApiParts){0});
        scheduler_listen(tree->scheduler, &listener);
        scheduler_round(tree->scheduler);
}

static void end(Tree *tree)
{
        api_fixture_tear_down(&tree->frame);
        tree->frame = (ApiFixture){0};
        scheduler_free(tree->scheduler);
        journal_free(tree->journal);
        pools_free(tree->pools);
        inventory_close(tree->inventory);
        config_free(tree->config);
}

static void set_up(Tree *tree, gconstpointer data)
{
        g_autofree char *conf = NULL;

        (void)data;
        tree->dir = g_dir_make_tmp("aerostat-tree-XXXXXX", NULL);
        tree->file = g_build_filename(tree->dir, "inventory.sqlite", NULL);
        conf = g_build_filename(tree->dir, "aerostatd.conf", NULL);
        g_assert_true(g_file_set_contents(
                conf, "[aerostatd]\nConnection=test:///default\nPagerDirectories=/nowhere\n", -1, NULL));
        begin(tree);
}

static void tear_down(Tree *tree, gconstpointer data)
{
        (void)data;
        end(tree);
        host_root_remove_tree(tree->dir);
        g_free(tree->dir);
        g_free(tree->file);
}

static Managed *find(Tree *tree, const char *type, const char *key)
{
        return world_find_key(tree->frame.world, type, key);
}

static Managed *named(Tree *tree, const VimValue *reference)
{
        return world_resolve(tree->frame.world, reference);
}

static const char *name_of(const Managed *managed)
{
        return managed_peek(managed, "name")->text;
}

static bool lists(const Managed *parent, const char *property, const Managed *child)
{
        const VimValue *list = managed_peek(parent, property);

        for (unsigned i = 0; i < vim_length(list); i++)
                if (strcmp(vim_item(list, i)->text, child->id) == 0)
                        return true;
        return false;
}

/* How a Task that was answered with has ended. */
static void assert_task(Tree *tree, const char *fault)
{
        const Managed *task;

        assert_no_fault(&tree->frame);
        task = named(tree, tree->frame.answer.result);
        while (vim_get(managed_peek(task, "info"), "completeTime") == NULL)
                (void)g_main_context_iteration(NULL, TRUE);
        if (fault == NULL)
                g_assert_cmpstr(vim_get_text(managed_peek(task, "info"), "state"), ==, "success");
        else
                g_assert_cmpstr(vim_get(vim_get(managed_peek(task, "info"), "error"), "fault")->type->name,
                                ==, fault);
}

/* --- whole --- */

/* Set by modules that are not here. */
static bool is_others(const char *where)
{
        static const char *const others[] = {"ServiceInstance.content.propertyCollector",
                                             "HostSystem.datastoreBrowser"};

        for (unsigned i = 0; i < G_N_ELEMENTS(others); i++)
                if (strcmp(where, others[i]) == 0)
                        return true;
        return false;
}

static void check_whole(const char *where, const VimValue *value)
{
        if (value->is_list) {
                for (unsigned i = 0; i < vim_length(value); i++)
                        check_whole(where, vim_item(value, i));
                return;
        }
        if (value->type->kind != VIM_OBJECT)
                return;
        for (unsigned i = 0; i < value->type->n_fields; i++) {
                const VimField *field = &value->type->fields[i];
                g_autofree char *below = g_strconcat(where, ".", field->name, NULL);

                if (value->fields[i] != NULL)
                        check_whole(below, value->fields[i]);
                else if (!field->is_optional && !is_others(below))
                        g_test_fail_printf("%s (%s) is required and not set", below, value->type->name);
        }
}

/* What the type table says is there, is. */
static void test_whole(Tree *tree, gconstpointer data)
{
        g_autoptr(GPtrArray) all = world_list(tree->frame.world, "ManagedObject");

        (void)data;
        for (unsigned i = 0; i < all->len; i++) {
                const Managed *managed = all->pdata[i];

                for (unsigned k = 0; k < managed->type->n_fields; k++) {
                        const VimField *field = &managed->type->fields[k];
                        g_autofree char *where = g_strconcat(managed->type->name, ".", field->name, NULL);
                        g_autoptr(VimValue) value = managed_get(managed, k, &tree->frame.admin);

                        if (value != NULL)
                                check_whole(where, value);
                        else if (!field->is_optional && !is_others(where))
                                g_test_fail_printf("%s is required and not set", where);
                }
        }
}

static void test_content(Tree *tree, gconstpointer data)
{
        static const char *const there[] = {"rootFolder",   "setting",        "scheduledTaskManager",
                                            "alarmManager", "licenseManager", "extensionManager"};
        Managed *service = world_find(tree->frame.world, "ServiceInstance");
        const VimValue *content = call(&tree->frame, NULL, service, "RetrieveServiceContent", NULL);
        const VimValue *about = vim_get(content, "about");
        g_autofree char *uuid = g_strdup(vim_get_text(about, "instanceUuid"));

        (void)data;
        assert_no_fault(&tree->frame);
        for (unsigned i = 0; i < G_N_ELEMENTS(there); i++)
                g_assert_nonnull(named(tree, vim_get(content, there[i])));
        g_assert_cmpstr(vim_get_text(about, "apiType"), ==, "VirtualCenter");
        g_assert_cmpstr(vim_get_text(about, "productLineId"), ==, "vpx");
        g_assert_true(g_uuid_string_is_valid(uuid));
        (void)call(&tree->frame, NULL, service, "CurrentTime", NULL);
        assert_fault(&tree->frame, "NotAuthenticated");

        end(tree);
        begin(tree);
        service = world_find(tree->frame.world, "ServiceInstance");
        g_assert_cmpstr(vim_get_text(vim_get(managed_peek(service, "content"), "about"), "instanceUuid"), ==,
                        uuid);
}

static void test_host(Tree *tree, gconstpointer data)
{
        const Managed *host = find(tree, "HostSystem", "host"),
                      *compute = find(tree, "ComputeResource", "host");
        const Managed *hosts = find(tree, "Folder", "host:/");
        const VimValue *managers = managed_peek(host, "configManager");
        const VimValue *stats = vim_get(managed_peek(host, "summary"), "quickStats");

        (void)data;
        g_assert_true(lists(hosts, "childEntity", compute));
        g_assert_true(lists(compute, "host", host));
        g_assert_true(named(tree, managed_peek(host, "parent")) == compute);
        g_assert_true(named(tree, managed_peek(compute, "resourcePool")) == find(tree, "ResourcePool", "/"));
        g_assert_true(named(tree, vim_get(managers, "advancedOption")) ==
                      find(tree, "OptionManager", "host"));
        g_assert_cmpint(vim_get_int(stats, "overallMemoryUsage", 0), >, 0);
        g_assert_cmpint(vim_get_int(managed_peek(host, "hardware"), "memorySize", 0), >, 0);
}

/* --- folders --- */

static Managed *make_folder(Tree *tree, Managed *parent, const char *name)
{
        const VimValue *made = call(&tree->frame, &tree->frame.admin, parent, "CreateFolder", "name",
                                    vim_new_string(name), NULL);

        assert_no_fault(&tree->frame);
        return named(tree, made);
}

static void test_folders(Tree *tree, gconstpointer data)
{
        Managed *root = find(tree, "Folder", "vm:/"), *lab, *old;
        g_autofree char *lab_id = NULL, *old_id = NULL;
        Session *admin = &tree->frame.admin;

        (void)data;
        lab = make_folder(tree, root, "lab");
        old = make_folder(tree, lab, "old");
        lab_id = g_strdup(lab->id);
        old_id = g_strdup(old->id);
        g_assert_true(lists(root, "childEntity", lab) && lists(lab, "childEntity", old));

        /* Renamed, it and what is in it are the same objects, now and after a start. */
        (void)call(&tree->frame, admin, lab, "Rename_Task", "newName", vim_new_string("Lab 2"), NULL);
        assert_task(tree, NULL);
        g_assert_true(find(tree, "Folder", "vm:/Lab 2") == lab);
        g_assert_true(find(tree, "Folder", "vm:/Lab 2/old") == old);
        g_assert_cmpstr(name_of(lab), ==, "Lab 2");
        g_assert_true(lists(root, "childEntity", lab));

        (void)call(&tree->frame, admin, root, "MoveIntoFolder_Task", "list", managed_reference(old), NULL);
        assert_task(tree, NULL);
        g_assert_true(find(tree, "Folder", "vm:/old") == old);
        g_assert_true(lists(root, "childEntity", old) && !lists(lab, "childEntity", old));

        end(tree);
        begin(tree);
        g_assert_cmpstr(find(tree, "Folder", "vm:/Lab 2")->id, ==, lab_id);
        g_assert_cmpstr(find(tree, "Folder", "vm:/old")->id, ==, old_id);

        (void)call(&tree->frame, &tree->frame.admin, find(tree, "Folder", "vm:/old"), "Destroy_Task", NULL);
        assert_task(tree, NULL);
        g_assert_null(find(tree, "Folder", "vm:/old"));
        g_assert_null(world_find(tree->frame.world, old_id));
        g_assert_cmpuint(vim_length(managed_peek(find(tree, "Folder", "vm:/"), "childEntity")), ==, 1);
}

static void test_folders_refused(Tree *tree, gconstpointer data)
{
        Managed *root = find(tree, "Folder", "vm:/"), *hosts = find(tree, "Folder", "host:/"), *lab, *in;
        Session *admin = &tree->frame.admin;

        (void)data;
        lab = make_folder(tree, root, "lab");
        in = make_folder(tree, lab, "in");
        (void)call(&tree->frame, admin, root, "CreateFolder", "name", vim_new_string("lab"), NULL);
        assert_fault(&tree->frame, "DuplicateName");
        (void)call(&tree->frame, admin, root, "CreateFolder", "name", vim_new_string("a/b"), NULL);
        assert_fault(&tree->frame, "InvalidName");
        (void)call(&tree->frame, admin, hosts, "CreateFolder", "name", vim_new_string("a"), NULL);
        assert_fault(&tree->frame, "NotSupported");
        (void)call(&tree->frame, admin, root, "Destroy_Task", NULL);
        assert_fault(&tree->frame, "NotSupported");
        (void)call(&tree->frame, admin, in, "MoveIntoFolder_Task", "list", managed_reference(lab), NULL);
        assert_fault(&tree->frame, "InvalidFolder");
        (void)call(&tree->frame, admin, lab, "MoveIntoFolder_Task", "list", managed_reference(hosts), NULL);
        assert_fault(&tree->frame, "InvalidArgument");
        (void)make_folder(tree, root, "in");
        (void)call(&tree->frame, admin, root, "MoveIntoFolder_Task", "list", managed_reference(in), NULL);
        assert_task(tree, "DuplicateName");
        g_assert_true(find(tree, "Folder", "vm:/lab/in") == in);
        (void)call(&tree->frame, &tree->frame.operator, root, "CreateFolder", "name", vim_new_string("x"),
                   NULL);
        assert_fault(&tree->frame, "NoPermission");
        (void)call(&tree->frame, &tree->frame.operator, lab, "Rename_Task", "newName", vim_new_string("x"),
                   NULL);
        assert_fault(&tree->frame, "NoPermission");
}

static void test_datacenter(Tree *tree, gconstpointer data)
{
        Managed *datacenter = find(tree, "Datacenter", "host"), *host = find(tree, "HostSystem", "host");
        Session *admin = &tree->frame.admin;

        (void)data;
        (void)call(&tree->frame, admin, datacenter, "Rename_Task", "newName", vim_new_string("Graz"), NULL);
        assert_task(tree, NULL);
        end(tree);
        begin(tree);
        g_assert_cmpstr(name_of(find(tree, "Datacenter", "host")), ==, "Graz");
        host = find(tree, "HostSystem", "host");
        (void)call(&tree->frame, &tree->frame.admin, host, "Rename_Task", "newName", vim_new_string("x"),
                   NULL);
        assert_fault(&tree->frame, "NotSupported");
        (void)call(&tree->frame, &tree->frame.admin, host, "Destroy_Task", NULL);
        assert_fault(&tree->frame, "NotSupported");
}

/* --- resource pools --- */

static VimValue *spec(const char *level, int64_t shares, int64_t reservation, int64_t limit)
{
        VimValue *config = vim_new_object("ResourceConfigSpec"),
                 *memory = vim_new_object("ResourceAllocationInfo"), *pair = vim_new_object("SharesInfo");

        vim_set_text(pair, "level", level);
        vim_set_int(pair, "shares", shares);
        vim_set(memory, "shares", pair);
        vim_set_int(memory, "reservation", reservation);
        vim_set_int(memory, "limit", limit);
        vim_set_bool(memory, "expandableReservation", true);
        vim_set(config, "memoryAllocation", memory);
        vim_set(config, "cpuAllocation", vim_new_object("ResourceAllocationInfo"));
        return config;
}

static Managed *make_pool(Tree *tree, Managed *parent, const char *name, VimValue *config)
{
        const VimValue *made = call(&tree->frame, &tree->frame.admin, parent, "CreateResourcePool", "name",
                                    vim_new_string(name), "spec", config, NULL);

        assert_no_fault(&tree->frame);
        return named(tree, made);
}

static void test_pools(Tree *tree, gconstpointer data)
{
        Managed *root = find(tree, "ResourcePool", "/"), *a, *b, *c;
        const VimValue *memory, *children;
        g_autoptr(VimValue) configuration = NULL;
        g_autofree char *b_id = NULL;
        VimValue *change;
        Session *admin = &tree->frame.admin;

        (void)data;
        g_assert_cmpstr(name_of(root), ==, "Resources");
        a = make_pool(tree, root, "a", spec("custom", 77, 0, 4096));
        b = make_pool(tree, a, "b", spec("high", 0, 0, -1));
        c = make_pool(tree, b, "c", spec("normal", 0, 0, -1));
        b_id = g_strdup(b->id);
        memory = vim_get(managed_peek(a, "config"), "memoryAllocation");
        g_assert_cmpint(vim_get_int(vim_get(memory, "shares"), "shares", 0), ==, 77);
        g_assert_cmpstr(vim_get_text(vim_get(memory, "shares"), "level"), ==, "custom");
        g_assert_cmpint(vim_get_int(memory, "limit", 0), ==, 4096);
        g_assert_cmpint(vim_get_int(vim_get(managed_peek(c, "runtime"), "memory"), "maxUsage", 0), <=,
                        (int64_t)4096 << 20);
        g_assert_true(lists(a, "resourcePool", b) && named(tree, managed_peek(b, "parent")) == a);

        /* What is not said stays. */
        change = spec("low", 0, 0, -1);
        vim_set(change, "memoryAllocation", vim_new_object("ResourceAllocationInfo"));
        (void)call(&tree->frame, admin, a, "UpdateConfig", "name", vim_new_string("aa"), "config", change,
                   NULL);
        assert_no_fault(&tree->frame);
        g_assert_true(find(tree, "ResourcePool", "/aa") == a && find(tree, "ResourcePool", "/aa/b/c") == c);
        memory = vim_get(managed_peek(a, "config"), "memoryAllocation");
        g_assert_cmpint(vim_get_int(memory, "limit", 0), ==, 4096);

        change = spec("low", 0, 0, 99);
        vim_set(change, "entity", managed_reference(b));
        (void)call(&tree->frame, admin, a, "UpdateChildResourceConfiguration", "spec", change, NULL);
        assert_no_fault(&tree->frame);
        memory = vim_get(managed_peek(b, "config"), "memoryAllocation");
        g_assert_cmpint(vim_get_int(memory, "limit", 0), ==, 99);
        configuration =
                managed_get(a, (unsigned)vim_type_field(a->type, "childConfiguration"), &tree->frame.admin);
        g_assert_cmpuint(vim_length(configuration), ==, 1);

        (void)call(&tree->frame, admin, root, "MoveIntoResourcePool", "list", managed_reference(b), NULL);
        assert_no_fault(&tree->frame);
        g_assert_true(find(tree, "ResourcePool", "/b") == b && find(tree, "ResourcePool", "/b/c") == c);
        children = managed_peek(a, "resourcePool");
        g_assert_cmpuint(vim_length(children), ==, 0);
        g_assert_true(lists(root, "resourcePool", b));

        end(tree);
        begin(tree);
        b = find(tree, "ResourcePool", "/b");
        g_assert_cmpstr(b->id, ==, b_id);
        (void)call(&tree->frame, &tree->frame.admin, b, "Rename_Task", "newName", vim_new_string("bb"),
                   NULL);
        assert_task(tree, NULL);
        g_assert_true(find(tree, "ResourcePool", "/bb") == b);

        /* What is in a pool goes to its parent. */
        c = find(tree, "ResourcePool", "/bb/c");
        (void)call(&tree->frame, &tree->frame.admin, b, "Destroy_Task", NULL);
        assert_task(tree, NULL);
        g_assert_null(world_find(tree->frame.world, b_id));
        g_assert_true(find(tree, "ResourcePool", "/c") == c);
        g_assert_true(lists(find(tree, "ResourcePool", "/"), "resourcePool", c));
        (void)call(&tree->frame, &tree->frame.admin, find(tree, "ResourcePool", "/"), "DestroyChildren",
                   NULL);
        assert_no_fault(&tree->frame);
        g_assert_cmpuint(vim_length(managed_peek(find(tree, "ResourcePool", "/"), "resourcePool")), ==, 0);
}

static void test_pools_refused(Tree *tree, gconstpointer data)
{
        Managed *root = find(tree, "ResourcePool", "/"),
                *a = make_pool(tree, root, "a", spec("normal", 0, 0, -1)),
                *b = make_pool(tree, a, "b", spec("normal", 0, 0, -1));
        Session *admin = &tree->frame.admin;
        VimValue *config;

        (void)data;
        (void)call(&tree->frame, admin, root, "CreateResourcePool", "name", vim_new_string("a"), "spec",
                   spec("low", 0, 0, -1), NULL);
        assert_fault(&tree->frame, "DuplicateName");
        g_assert_cmpstr(vim_get_text(tree->frame.answer.fault, "object"), ==, a->id);
        (void)call(&tree->frame, admin, root, "CreateResourcePool", "name", vim_new_string("x/y"), "spec",
                   spec("low", 0, 0, -1), NULL);
        assert_fault(&tree->frame, "InvalidName");
        (void)call(&tree->frame, admin, root, "CreateResourcePool", "name", vim_new_string("x"), "spec",
                   spec("low", 0, -5, -1), NULL);
        assert_fault(&tree->frame, "InvalidArgument");
        (void)call(&tree->frame, admin, root, "CreateResourcePool", "name", vim_new_string("x"), "spec",
                   spec("low", 0, (int64_t)1 << 30, -1), NULL);
        assert_fault(&tree->frame, "InsufficientMemoryResourcesFault");
        config = spec("low", 0, 0, -1);
        vim_set_int((VimValue *)(gintptr)vim_get(config, "cpuAllocation"), "reservation", 100);
        (void)call(&tree->frame, admin, root, "CreateResourcePool", "name", vim_new_string("x"), "spec",
                   config, NULL);
        assert_fault(&tree->frame, "NotSupported");
        config = spec("low", 0, 0, -1);
        vim_set_text(config, "scaleDescendantsShares", "scaleCpuAndMemoryShares");
        (void)call(&tree->frame, admin, root, "CreateResourcePool", "name", vim_new_string("x"), "spec",
                   config, NULL);
        assert_fault(&tree->frame, "NotSupported");
        g_assert_null(find(tree, "ResourcePool", "/x"));
        /* As it is told, it may be said back. */
        config = vim_new_object("ResourceConfigSpec");
        vim_set(config, "cpuAllocation", vim_new_object("ResourceAllocationInfo"));
        vim_set(config, "memoryAllocation", vim_new_object("ResourceAllocationInfo"));
        vim_set_text(config, "scaleDescendantsShares",
                     vim_get_text(managed_peek(a, "config"), "scaleDescendantsShares"));
        g_assert_cmpstr(vim_get_text(config, "scaleDescendantsShares"), ==, "disabled");
        g_assert_cmpstr(vim_get_text(managed_peek(a, "runtime"), "sharesScalable"), ==, "disabled");
        (void)call(&tree->frame, admin, a, "UpdateConfig", "config", config, NULL);
        assert_no_fault(&tree->frame);

        (void)call(&tree->frame, admin, root, "UpdateConfig", "config", spec("low", 0, 0, -1), NULL);
        assert_fault(&tree->frame, "NotSupported");
        (void)call(&tree->frame, admin, root, "Destroy_Task", NULL);
        assert_fault(&tree->frame, "NotSupported");
        (void)call(&tree->frame, admin, b, "MoveIntoResourcePool", "list", managed_reference(a), NULL);
        assert_fault(&tree->frame, "InvalidArgument");
        config = spec("low", 0, 0, -1);
        vim_set(config, "entity", managed_reference(b));
        (void)call(&tree->frame, admin, root, "UpdateChildResourceConfiguration", "spec", config, NULL);
        assert_fault(&tree->frame, "InvalidArgument"); /* it is a's child */
        (void)call(&tree->frame, &tree->frame.operator, root, "CreateResourcePool", "name",
                   vim_new_string("y"), "spec", spec("low", 0, 0, -1), NULL);
        assert_fault(&tree->frame, "NoPermission");
}

static void move_pool(Tree *tree, Managed *pool, Managed *to)
{
        (void)call(&tree->frame, &tree->frame.admin, to, "MoveIntoResourcePool", "list",
                   managed_reference(pool), NULL);
}

/* A pool's new parent must have what is promised in it; what its old one had for it is free again. */
static void test_pools_admitted(Tree *tree, gconstpointer data)
{
        Managed *root = find(tree, "ResourcePool", "/"), *tight, *a, *x, *y, *b;
        VimValue *config = spec("normal", 0, 0, -1);

        (void)data;
        vim_set_bool((VimValue *)(gintptr)vim_get(config, "memoryAllocation"), "expandableReservation",
                     false);
        tight = make_pool(tree, root, "tight", config);
        a = make_pool(tree, root, "a", spec("normal", 0, 8, -1));
        move_pool(tree, a, tight);
        assert_fault(&tree->frame, "InsufficientMemoryResourcesFault");
        g_assert_true(find(tree, "ResourcePool", "/a") == a);
        config = spec("normal", 0, 8, -1);
        vim_set_bool((VimValue *)(gintptr)vim_get(config, "memoryAllocation"), "expandableReservation",
                     false);
        (void)call(&tree->frame, &tree->frame.admin, tight, "UpdateConfig", "config", config, NULL);
        assert_no_fault(&tree->frame);
        move_pool(tree, a, tight);
        assert_no_fault(&tree->frame);
        g_assert_true(find(tree, "ResourcePool", "/tight/a") == a);

        /* Within x, whose limit has room for it once. */
        x = make_pool(tree, root, "x", spec("normal", 0, 0, 10));
        y = make_pool(tree, x, "y", spec("normal", 0, 0, -1));
        b = make_pool(tree, x, "b", spec("normal", 0, 8, -1));
        move_pool(tree, b, y);
        assert_no_fault(&tree->frame);
        g_assert_true(find(tree, "ResourcePool", "/x/y/b") == b);
        g_assert_cmpint(vim_get_int(vim_get(managed_peek(x, "runtime"), "memory"), "reservationUsed", 0), ==,
                        (int64_t)8 << 20);
        g_assert_cmpint(vim_get_int(vim_get(managed_peek(y, "runtime"), "memory"), "unreservedForVm", 0), ==,
                        (int64_t)2 << 20);
}

/* --- options --- */

static VimValue *change_of(const char *key, VimValue *value)
{
        VimValue *change = vim_new_object("OptionValue");

        vim_set_text(change, "key", key);
        vim_set(change, "value", value);
        return change;
}

static int64_t shown(Tree *tree, const char *key)
{
        const VimValue *found = call(&tree->frame, &tree->frame.reader, find(tree, "OptionManager", "host"),
                                     "QueryOptions", "name", vim_new_string(key), NULL);

        assert_no_fault(&tree->frame);
        g_assert_cmpuint(vim_length(found), ==, 1);
        return vim_get_int(vim_item(found, 0), "value", -1);
}

static void test_host_options(Tree *tree, gconstpointer data)
{
        Managed *manager = find(tree, "OptionManager", "host");
        Session *admin = &tree->frame.admin;
        const VimValue *found;
        VimValue *changes;

        (void)data;
        g_assert_cmpuint(vim_length(managed_peek(manager, "supportedOption")), ==, POLICY_SETTINGS);
        found = call(&tree->frame, admin, manager, "QueryOptions", "name", vim_new_string("Mem."), NULL);
        g_assert_cmpuint(vim_length(found), ==, POLICY_SETTINGS);
        g_assert_cmpint(shown(tree, "Mem.IdleTax"), ==, 75);

        (void)call(&tree->frame, admin, manager, "UpdateOptions", "changedValue",
                   change_of("Mem.IdleTax", vim_new_long(50)), NULL);
        assert_no_fault(&tree->frame);
        g_assert_cmpint(shown(tree, "Mem.IdleTax"), ==, 50);
        g_assert_cmpint(config_get(tree->config, POLICY_IDLE_TAX), ==, 50);

        /* One is wrong: none is set. */
        changes = vim_new_list("OptionValue");
        vim_add(changes, change_of("Mem.IdleTax", vim_new_long(20)));
        vim_add(changes, change_of("Mem.BalancePeriod", vim_new_long(0)));
        (void)call(&tree->frame, admin, manager, "UpdateOptions", "changedValue", changes, NULL);
        assert_fault(&tree->frame, "InvalidArgument");
        g_assert_cmpstr(vim_get_text(tree->frame.answer.fault, "invalidProperty"), ==, "Mem.BalancePeriod");
        g_assert_cmpint(shown(tree, "Mem.IdleTax"), ==, 50);
        (void)call(&tree->frame, admin, manager, "UpdateOptions", "changedValue",
                   change_of("Mem.Nothing", vim_new_long(1)), NULL);
        assert_fault(&tree->frame, "InvalidName");
        (void)call(&tree->frame, admin, manager, "QueryOptions", "name", vim_new_string("Net."), NULL);
        assert_fault(&tree->frame, "InvalidName");
        (void)call(&tree->frame, &tree->frame.operator, manager, "UpdateOptions", "changedValue",
                   change_of("Mem.IdleTax", vim_new_long(1)), NULL);
        assert_fault(&tree->frame, "NoPermission");
}

static void test_vcenter_options(Tree *tree, gconstpointer data)
{
        Managed *manager = find(tree, "OptionManager", "vcenter");
        Session *admin = &tree->frame.admin;
        const VimValue *found;

        (void)data;
        (void)call(&tree->frame, admin, manager, "UpdateOptions", "changedValue",
                   change_of("VirtualCenter.InstanceName", vim_new_string("Graz")), NULL);
        assert_no_fault(&tree->frame);
        (void)call(&tree->frame, admin, manager, "UpdateOptions", "changedValue",
                   change_of("VirtualCenter.FQDN", vim_new_string("x")), NULL);
        assert_fault(&tree->frame, "NotSupported");
        end(tree);
        begin(tree);
        found = call(&tree->frame, &tree->frame.admin, find(tree, "OptionManager", "vcenter"),
                     "QueryOptions", "name", vim_new_string("VirtualCenter.InstanceName"), NULL);
        g_assert_cmpstr(vim_get_text(vim_item(found, 0), "value"), ==, "Graz");
}

int main(int argc, char **argv)
{
        static const struct {
                const char *name;
                void (*run)(Tree *tree, gconstpointer data);
        } tests[] = {
                {"/tree/whole", test_whole},
                {"/tree/content", test_content},
                {"/tree/host", test_host},
                {"/tree/folders", test_folders},
                {"/tree/folders-refused", test_folders_refused},
                {"/tree/datacenter", test_datacenter},
                {"/tree/pools", test_pools},
                {"/tree/pools-refused", test_pools_refused},
                {"/tree/pools-admitted", test_pools_admitted},
                {"/tree/host-options", test_host_options},
                {"/tree/vcenter-options", test_vcenter_options},
        };

        g_test_init(&argc, &argv, NULL);
        for (unsigned i = 0; i < G_N_ELEMENTS(tests); i++)
                g_test_add(tests[i].name, Tree, NULL, set_up, tests[i].run, tear_down);
        return g_test_run();
}
