/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Port groups in the API: Network objects, what HostNetworkSystem says and does, whole tables. */
#include "api-fixture.h"
#include "inventory/catalog.h"

/* What the modules of others have made before. */
static bool start_tree(Api *api, GError **error)
{
        Managed *folder = world_add(api_world(api), "Folder", "group-n1", "network:/");
        Managed *host = world_add(api_world(api), "HostSystem", "host-1", "host");

        (void)error;
        entity_set_up(folder, "network");
        managed_set(folder, "childEntity", vim_new_list("ManagedEntity"));
        entity_set_up(host, "host");
        managed_set(host, "network", vim_new_list("Network"));
        return true;
}

static const ApiModule tree_module = {.name = "test-tree", .start = start_tree};

extern const ApiModule task_module, wait_module, network_module;
const ApiModule *const api_modules[] = {&tree_module, &task_module, &wait_module, &network_module, NULL};

typedef struct Fixture {
        ApiFixture base;
        Managed *system;
} Fixture;

/* A switch as an earlier life has left it: no Open vSwitch is asked for port groups without cards. */
static void add_switch(Fixture *fixture, const char *name)
{
        char *none[] = {NULL};
        const SwitchRecord record = {
                .name = (char *)(guintptr)name, .bridge = (char *)(guintptr)name, .uplinks = none};

        g_assert_true(switch_save(fixture->base.inventory, &record, NULL));
        api_signal(fixture->base.api, API_CATALOG_CHANGED, NULL);
}

static void set_up(Fixture *fixture, gconstpointer data)
{
        (void)data;
        api_fixture_set_up(&fixture->base, ":memory:", (ApiParts){0});
        fixture->system = world_find_key(fixture->base.world, "HostNetworkSystem", "host");
        add_switch(fixture, "vSwitch0");
        add_switch(fixture, "vSwitch1");
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
        (void)data;
        api_fixture_tear_down(&fixture->base);
}

static VimValue *spec(const char *name, int vlan, const char *vswitch)
{
        VimValue *value = vim_new_object("HostPortGroupSpec");

        vim_set_text(value, "name", name);
        vim_set_int(value, "vlanId", vlan);
        vim_set_text(value, "vswitchName", vswitch);
        vim_set(value, "policy", vim_new_object("HostNetworkPolicy"));
        return value;
}

static void add(Fixture *fixture, const char *name, int vlan, const char *vswitch)
{
        (void)call(&fixture->base, &fixture->base.admin, fixture->system, "AddPortGroup", "portgrp",
                   spec(name, vlan, vswitch), NULL);
}

/* "name vlan switch, ..." of networkInfo. */
static void assert_groups(Fixture *fixture, const char *expected)
{
        const VimValue *list = vim_get(managed_peek(fixture->system, "networkInfo"), "portgroup");
        g_autoptr(GString) all = g_string_new(NULL);

        for (unsigned i = 0; i < vim_length(list); i++) {
                const VimValue *one = vim_get(vim_item(list, i), "spec");

                g_string_append_printf(all, "%s%s %d %s", i > 0 ? ", " : "", vim_get_text(one, "name"),
                                       (int)vim_get_int(one, "vlanId", -1),
                                       vim_get_text(one, "vswitchName"));
                g_assert_nonnull(world_find_key(fixture->base.world, "Network", vim_get_text(one, "name")));
        }
        g_assert_cmpstr(all->str, ==, expected);
}

static void test_groups(Fixture *fixture, gconstpointer data)
{
        ApiFixture *base = &fixture->base;
        VimValue *bad;
        Managed *network;

        (void)data;
        add(fixture, "lab", 7, "vSwitch0");
        assert_no_fault(base);
        assert_groups(fixture, "lab 7 vSwitch0");
        network = world_find_key(base->world, "Network", "lab");
        g_assert_cmpuint(vim_length(managed_peek(world_find(base->world, "group-n1"), "childEntity")), ==,
                         1);
        g_assert_cmpuint(vim_length(managed_peek(world_find(base->world, "host-1"), "network")), ==, 1);
        g_assert_cmpstr(vim_get_text(managed_peek(network, "summary"), "name"), ==, "lab");
        add(fixture, "lab", 8, "vSwitch0");
        assert_fault(base, "AlreadyExists");
        g_assert_cmpstr(vim_get_text(base->answer.fault, "name"), ==, "lab");
        add(fixture, "other", 8, "vSwitch9");
        assert_fault(base, "NotFound");
        add(fixture, "other", 4096, "vSwitch0");
        assert_fault(base, "InvalidArgument");
        g_assert_cmpstr(vim_get_text(base->answer.fault, "invalidProperty"), ==, "portgrp.vlanId");
        bad = spec("other", 1, "vSwitch0");
        {
                VimValue *policy = vim_new_object("HostNetworkPolicy"),
                         *shaping = vim_new_object("HostNetworkTrafficShapingPolicy");

                vim_set_bool(shaping, "enabled", true);
                vim_set(policy, "shapingPolicy", shaping);
                vim_set(bad, "policy", policy);
        }
        (void)call(base, &base->admin, fixture->system, "AddPortGroup", "portgrp", bad, NULL);
        assert_fault(base, "NotSupported");

        /* A task of the operations, whose end the method waits for. */
        (void)call(base, &base->admin, fixture->system, "UpdatePortGroup", "pgName", vim_new_string("lab"),
                   "portgrp", spec("lab", 9, "vSwitch1"), NULL);
        assert_no_fault(base);
        assert_groups(fixture, "lab 9 vSwitch1");
        (void)call(base, &base->admin, fixture->system, "UpdatePortGroup", "pgName", vim_new_string("none"),
                   "portgrp", spec("none", 9, "vSwitch1"), NULL);
        assert_fault(base, "NotFound");
        (void)call(base, &base->admin, fixture->system, "UpdatePortGroup", "pgName", vim_new_string("lab"),
                   "portgrp", spec("renamed", 9, "vSwitch1"), NULL);
        assert_fault(base, "InvalidArgument");

        (void)call(base, &base->operator, fixture->system, "RemovePortGroup", "pgName",
                   vim_new_string("lab"), NULL);
        assert_fault(base, "NoPermission");
        (void)call(base, &base->admin, fixture->system, "RemoveVirtualSwitch", "vswitchName",
                   vim_new_string("vSwitch1"), NULL);
        assert_fault(base, "ResourceInUse");
        (void)call(base, &base->admin, fixture->system, "RemovePortGroup", "pgName", vim_new_string("lab"),
                   NULL);
        assert_no_fault(base);
        assert_groups(fixture, "");
        g_assert_null(world_find_key(base->world, "Network", "lab"));
        g_assert_cmpuint(vim_length(managed_peek(world_find(base->world, "group-n1"), "childEntity")), ==,
                         0);
}

/* The id of "lab", which comes and goes again. */
static char *pass_by(Fixture *fixture)
{
        ApiFixture *base = &fixture->base;
        char *id;

        add(fixture, "lab", 7, "vSwitch0");
        assert_no_fault(base);
        id = g_strdup(world_find_key(base->world, "Network", "lab")->id);
        (void)call(base, &base->admin, fixture->system, "RemovePortGroup", "pgName", vim_new_string("lab"),
                   NULL);
        assert_no_fault(base);
        return id;
}

static void test_forgotten(Fixture *fixture, gconstpointer data)
{
        g_autofree char *first = pass_by(fixture), *again = pass_by(fixture), *last = NULL;

        (void)data;
        g_assert_cmpstr(again, ==, first);
        api_fixture_forget_ids(&fixture->base);
        last = pass_by(fixture);
        g_assert_cmpstr(last, !=, first);
}

static void test_in_use(Fixture *fixture, gconstpointer data)
{
        static const char uuid[] = "11111111-2222-4333-8444-555555555555";
        ApiFixture *base = &fixture->base;
        g_autoptr(Record) record = record_new(uuid, "web");

        (void)data;
        add(fixture, "lab", 7, "vSwitch0");
        g_assert_true(record_save(base->inventory, record, NULL));
        g_assert_true(card_save(base->inventory, uuid, "52:54:00:00:00:01", "lab", NULL));
        (void)call(base, &base->admin, world_find_key(base->world, "Network", "lab"), "DestroyNetwork",
                   NULL);
        assert_fault(base, "ResourceInUse");
        g_assert_cmpstr(vim_get_text(base->answer.fault, "name"), ==, "lab");
        assert_groups(fixture, "lab 7 vSwitch0");
}

static VimValue *entry(const char *change, const char *name, int vlan, const char *vswitch)
{
        VimValue *value = vim_new_object("HostPortGroupConfig");

        vim_set_text(value, "changeOperation", change);
        vim_set(value, "spec", spec(name, vlan, vswitch));
        return value;
}

static void update_config(Fixture *fixture, const char *mode, VimValue *config)
{
        (void)call(&fixture->base, &fixture->base.admin, fixture->system, "UpdateNetworkConfig", "config",
                   config, "changeMode", vim_new_string(mode), NULL);
}

/* Takes the entries, ended by NULL. */
static VimValue *table(VimValue *first, ...) G_GNUC_NULL_TERMINATED;
static VimValue *table(VimValue *first, ...)
{
        VimValue *config = vim_new_object("HostNetworkConfig"), *list = vim_new_list("HostPortGroupConfig");
        va_list words;

        va_start(words, first);
        for (; first != NULL; first = va_arg(words, VimValue *))
                vim_add(list, first);
        va_end(words);
        vim_set(config, "portgroup", list);
        return config;
}

/* Takes config; switches without uplinks, by their names, ended by NULL. */
static VimValue *with_switches(VimValue *config, ...) G_GNUC_NULL_TERMINATED;
static VimValue *with_switches(VimValue *config, ...)
{
        VimValue *list = vim_new_list("HostVirtualSwitchConfig");
        const char *name;
        va_list words;

        va_start(words, config);
        while ((name = va_arg(words, const char *)) != NULL) {
                VimValue *value = vim_new_object("HostVirtualSwitchConfig");
                VimValue *made = vim_new_object("HostVirtualSwitchSpec");

                vim_set_int(made, "numPorts", 128);
                vim_set_text(value, "name", name);
                vim_set(value, "spec", made);
                vim_add(list, value);
        }
        va_end(words);
        vim_set(config, "vswitch", list);
        return config;
}

static void assert_switches(Fixture *fixture, const char *expected)
{
        const VimValue *list = vim_get(managed_peek(fixture->system, "networkInfo"), "vswitch");
        g_autoptr(GString) all = g_string_new(NULL);

        for (unsigned i = 0; i < vim_length(list); i++)
                g_string_append_printf(all, "%s%s", i > 0 ? " " : "",
                                       vim_get_text(vim_item(list, i), "name"));
        g_assert_cmpstr(all->str, ==, expected);
}

static void test_config(Fixture *fixture, gconstpointer data)
{
        (void)data;
        update_config(fixture, "modify",
                      table(entry("add", "a \"quoted\", name", 1, "vSwitch0"),
                            entry("add", "b", 2, "vSwitch1"), NULL));
        assert_no_fault(&fixture->base);
        assert_groups(fixture, "a \"quoted\", name 1 vSwitch0, b 2 vSwitch1");
        /* Nothing is done when one of them cannot be. */
        update_config(fixture, "modify",
                      table(entry("add", "c", 3, "vSwitch0"), entry("add", "b", 4, "vSwitch0"), NULL));
        assert_fault(&fixture->base, "AlreadyExists");
        update_config(fixture, "modify",
                      table(entry("add", "c", 3, "vSwitch0"), entry("edit", "d", 4, "vSwitch0"), NULL));
        assert_fault(&fixture->base, "NotFound");
        update_config(fixture, "modify", table(entry("add", "c\n5,d", 3, "vSwitch0"), NULL));
        assert_fault(&fixture->base, "InvalidArgument");
        update_config(fixture, "modify", table(entry("what", "c", 3, "vSwitch0"), NULL));
        assert_fault(&fixture->base, "InvalidArgument");
        update_config(fixture, "all", table(entry("add", "c", 3, "vSwitch0"), NULL));
        assert_fault(&fixture->base, "InvalidArgument");
        assert_groups(fixture, "a \"quoted\", name 1 vSwitch0, b 2 vSwitch1");
        update_config(fixture, "modify",
                      table(entry("edit", "b", 22, "vSwitch0"),
                            entry("remove", "a \"quoted\", name", 1, "vSwitch0"), NULL));
        assert_no_fault(&fixture->base);
        assert_groups(fixture, "b 22 vSwitch0");
        /* The whole of it: what is not there goes. */
        update_config(
                fixture, "replace",
                with_switches(table(entry(NULL, "c", 3, "vSwitch0"), NULL), "vSwitch0", "vSwitch1", NULL));
        assert_no_fault(&fixture->base);
        g_assert_true(vim_is(fixture->base.answer.result, "HostNetworkConfigResult"));
        assert_groups(fixture, "c 3 vSwitch0");
        assert_switches(fixture, "vSwitch0 vSwitch1");
        /* Whether it is there already is no matter, but for what is to be left alone. */
        update_config(
                fixture, "replace",
                with_switches(table(entry("add", "c", 4, "vSwitch0"), entry("edit", "d", 5, "vSwitch1"),
                                    entry("remove", "e", 6, "vSwitch1"), entry("ignore", "f", 7, "vSwitch1"),
                                    NULL),
                              "vSwitch0", "vSwitch1", NULL));
        assert_no_fault(&fixture->base);
        assert_groups(fixture, "c 4 vSwitch0, d 5 vSwitch1");
        update_config(fixture, "replace",
                      with_switches(table(entry("ignore", "c", 9, "vSwitch1"), NULL), "vSwitch0", "vSwitch1",
                                    NULL));
        assert_no_fault(&fixture->base);
        assert_groups(fixture, "c 4 vSwitch0");
}

/* One of several that cannot be, whichever, and nothing is changed; what it was is named. */
static void test_all_or_none(Fixture *fixture, gconstpointer data)
{
        static const char uuid[] = "11111111-2222-4333-8444-555555555555";
        static const struct {
                const char *change, *name;
                int vlan;
                const char *vswitch, *fault, *says;
        } wrong[] = {
                {"add", "b", 4, "vSwitch0", "AlreadyExists", "port group \"b\""},
                {"edit", "none", 4, "vSwitch0", "NotFound", "port group \"none\""},
                {"remove", "none", 4, "vSwitch0", "NotFound", "port group \"none\""},
                {"add", "x", 4, "vSwitch9", "NotFound", "virtual switch \"vSwitch9\""},
                {"add", "x", 4096, "vSwitch0", "InvalidArgument", "port group \"x\""},
                {"add", "x/y", 4, "vSwitch0", "InvalidArgument", "x/y"},
                {"add", "x\n5,y", 3, "vSwitch0", "InvalidArgument", "cannot be the name"},
                {"add", "new", 3, "vSwitch0", "InvalidArgument", "\"new\" is given twice"},
                {"what", "x", 3, "vSwitch0", "InvalidArgument", "\"what\" is no change"},
                {"remove", "used", 3, "vSwitch0", "ResourceInUse", "port group \"used\": web"},
        };
        ApiFixture *base = &fixture->base;
        g_autoptr(Record) record = record_new(uuid, "web");
        VimValue *config;

        (void)data;
        add(fixture, "b", 2, "vSwitch1");
        add(fixture, "used", 7, "vSwitch0");
        g_assert_true(record_save(base->inventory, record, NULL));
        g_assert_true(card_save(base->inventory, uuid, "52:54:00:00:00:01", "used", NULL));
        for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
                update_config(fixture, "modify",
                              table(entry("add", "new", 3, "vSwitch0"), entry("edit", "used", 8, "vSwitch0"),
                                    entry(wrong[i].change, wrong[i].name, wrong[i].vlan, wrong[i].vswitch),
                                    NULL));
                /* "used" is there twice in the last of them, which is found first. */
                if (strcmp(wrong[i].name, "used") == 0) {
                        assert_fault(base, "InvalidArgument");
                        update_config(fixture, "modify",
                                      table(entry("add", "new", 3, "vSwitch0"),
                                            entry("remove", "used", 3, "vSwitch0"), NULL));
                }
                assert_fault(base, wrong[i].fault);
                if (strstr(base->answer.message, wrong[i].says) == NULL)
                        g_error("\"%s\" does not say \"%s\"", base->answer.message, wrong[i].says);
                assert_groups(fixture, "b 2 vSwitch1, used 7 vSwitch0");
        }

        /* In replace as well, where what is not mentioned goes. */
        update_config(fixture, "replace",
                      with_switches(vim_new_object("HostNetworkConfig"), "vSwitch0", "vSwitch1", NULL));
        assert_fault(base, "ResourceInUse");
        update_config(fixture, "replace",
                      with_switches(table(entry(NULL, "used", 7, "vSwitch0"), NULL), "vSwitch1", NULL));
        assert_fault(base, "ResourceInUse");
        g_assert_cmpstr(vim_get_text(base->answer.fault, "name"), ==, "vSwitch0");

        /* A switch that cannot be made, as there is no Open vSwitch: what is in the inventory by then goes
         * again. */
        config = with_switches(table(entry("add", "new", 3, "vSwitch2"), entry("remove", "b", 2, ""),
                                     entry("edit", "used", 7, "vSwitch0"), NULL),
                               "vSwitch0", "vSwitch1", "vSwitch2", NULL);
        update_config(fixture, "modify", config);
        assert_fault(base, "HostConfigFault");
        g_assert_nonnull(strstr(base->answer.message, "Open vSwitch"));
        assert_groups(fixture, "b 2 vSwitch1, used 7 vSwitch0");
        assert_switches(fixture, "vSwitch0 vSwitch1");

        /* What the host itself has is not passed over. */
        config = vim_new_object("HostNetworkConfig");
        vim_set(config, "dnsConfig", vim_new_object("HostDnsConfig"));
        update_config(fixture, "modify", config);
        assert_fault(base, "NotSupported");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        /* No Open vSwitch, whatever this machine has. */
        g_assert_true(g_setenv("PATH", "/nonexistent", TRUE));
        g_test_add("/api-network/groups", Fixture, NULL, set_up, test_groups, tear_down);
        g_test_add("/api-network/forgotten", Fixture, NULL, set_up, test_forgotten, tear_down);
        g_test_add("/api-network/in-use", Fixture, NULL, set_up, test_in_use, tear_down);
        g_test_add("/api-network/config", Fixture, NULL, set_up, test_config, tear_down);
        g_test_add("/api-network/all-or-none", Fixture, NULL, set_up, test_all_or_none, tear_down);
        return g_test_run();
}
