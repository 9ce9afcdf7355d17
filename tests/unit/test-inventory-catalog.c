/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names, folders, custom attributes, specifications and who has which number of them, datastores, switches,
 * port groups. */
#include <limits.h>

#include "inventory-world.h"

static void test_names(void)
{
        static const char *const good[] = {
                "a", "Tmpl Capture 1.0", "...", "-rf", "ä", "'; DROP TABLE vm", "a\"b", "%2f", "日本"};
        static const struct {
                const char *name, *why;
        } bad[] = {
                {"", "empty"},
                {".", "folders"},
                {"..", "folders"},
                {"a/b", "slash"},
                {"a\\b", "slash"},
                {"a\nb", "control"},
                {"\x7f", "control"},
                {"a\xc2\x85z", "control"},
                {"a\xe2\x80\xa8z", "control"},
                {"a\xe2\x80\xaez", "control"},
                {" a", "blank"},
                {"a\t", "control"},
                {"a\xc2\xa0", "blank"},
                {"a\xff", "UTF-8"},
                {"\xed\xa0\x80", "UTF-8"},
        };
        g_autofree char *longest = g_strnfill(CATALOG_NAME_MAX, 'x'),
                        *too_long = g_strnfill(CATALOG_NAME_MAX + 1, 'x');
        g_autoptr(GError) error = NULL;

        for (unsigned i = 0; i < G_N_ELEMENTS(good); i++)
                assert_done(catalog_check_name("folder", good[i], &error), &error);
        for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++)
                assert_fails(catalog_check_name("folder", bad[i].name, &error), &error,
                             G_IO_ERROR_INVALID_ARGUMENT, bad[i].why);
        assert_done(catalog_check_name("folder", longest, &error), &error);
        assert_fails(catalog_check_name("virtual machine", too_long, &error), &error,
                     G_IO_ERROR_INVALID_ARGUMENT, "virtual machine");
}

static void test_shown(void)
{
        g_autofree char *much = g_strnfill(100000, 'x'), *cut = catalog_shown(much),
                        *controls = catalog_shown("a\n\x1b[2J\xff\xe2\x80\xae"),
                        *plain = catalog_shown("Büro \"1\"");

        g_assert_cmpuint(strlen(cut), <, 220);
        g_assert_true(g_str_has_suffix(cut, "..."));
        g_assert_true(g_utf8_validate(controls, -1, NULL));
        g_assert_true(g_str_has_prefix(controls, "a\\n\\u001b[2J"));
        g_assert_true(g_str_has_suffix(controls, "\\u202e"));
        g_assert_cmpstr(plain, ==, "Büro \"1\"");
}

static void test_folders(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(GError) error = NULL;

        assert_strings(folder_list(inventory, &error), "");
        g_assert_true(folder_exists(inventory, "/", &error));
        g_assert_false(folder_exists(inventory, "/lab", &error));
        assert_fails(folder_add(inventory, "/lab/old", &error), &error, G_IO_ERROR_NOT_FOUND, "\"/lab\"");
        assert_done(folder_add(inventory, "/lab", &error), &error);
        assert_done(folder_add(inventory, "/lab/old", &error), &error);
        assert_done(folder_add(inventory, "/lab-2", &error), &error);
        g_assert_true(folder_exists(inventory, "/lab/old", &error));
        assert_strings(folder_list(inventory, &error), "/lab /lab-2 /lab/old");
        assert_fails(folder_add(inventory, "/lab", &error), &error, G_IO_ERROR_EXISTS, "\"/lab\"");
        assert_fails(folder_add(inventory, "/", &error), &error, G_IO_ERROR_EXISTS, "\"/\"");

        for (unsigned i = 0; i < G_N_ELEMENTS(hostile); i++) {
                if (strcmp(hostile[i], "/") == 0)
                        continue;
                assert_fails(folder_add(inventory, hostile[i], &error), &error, G_IO_ERROR_INVALID_ARGUMENT,
                             "");
                g_assert_false(folder_exists(inventory, hostile[i], &error));
                assert_fails(folder_delete(inventory, hostile[i], &error), &error, G_IO_ERROR_NOT_FOUND, "");
                assert_fails(folder_move(inventory, hostile[i], "/x", &error), &error, G_IO_ERROR_NOT_FOUND,
                             "");
        }
        assert_fails(folder_add(inventory, "/lab/", &error), &error, G_IO_ERROR_INVALID_ARGUMENT, "empty");
        assert_fails(folder_add(inventory, "//x", &error), &error, G_IO_ERROR_INVALID_ARGUMENT, "empty");
        assert_fails(folder_add(inventory, "/lab/..", &error), &error, G_IO_ERROR_INVALID_ARGUMENT, "..");
        assert_strings(folder_list(inventory, &error), "/lab /lab-2 /lab/old");

        add_record(inventory, A, "web");
        assert_done(save_record(inventory, A, "web", "/lab/old", NULL, NULL, 0, &error), &error);
        assert_fails(folder_delete(inventory, "/lab/old", &error), &error, G_IO_ERROR_BUSY, "web");
        assert_fails(folder_delete(inventory, "/lab", &error), &error, G_IO_ERROR_BUSY, "/lab/old");
        assert_fails(folder_delete(inventory, "/", &error), &error, G_IO_ERROR_INVALID_ARGUMENT, "/");
        assert_done(save_record(inventory, A, "web", "/", NULL, NULL, 0, &error), &error);
        assert_done(folder_delete(inventory, "/lab/old", &error), &error);
        assert_done(folder_delete(inventory, "/lab", &error), &error);
        assert_strings(folder_list(inventory, &error), "/lab-2");
}

static void test_folder_move(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(Record) record = NULL;
        g_autofree char *name = g_strnfill(CATALOG_NAME_MAX, 'n');
        g_autoptr(GString) deep = g_string_new("/ä/x");
        g_autoptr(GError) error = NULL;

        for (const char *const *path = (const char *const[]){"/ä", "/ä/x", "/ä/x/y", "/äz", "/to", NULL};
             *path != NULL; path++)
                assert_done(folder_add(inventory, *path, &error), &error);
        assert_done(save_record(inventory, A, "web", "/ä/x/y", NULL, NULL, 0, &error), &error);

        assert_done(folder_move(inventory, "/ä", "/to/long", &error), &error);
        assert_strings(folder_list(inventory, &error), "/to /to/long /to/long/x /to/long/x/y /äz");
        record = record_load(inventory, A, &error);
        g_assert_cmpstr(record->folder, ==, "/to/long/x/y");
        assert_fails(folder_delete(inventory, "/to/long", &error), &error, G_IO_ERROR_BUSY, "/to/long/x");
        assert_done(folder_move(inventory, "/to/long", "/ä", &error), &error);
        assert_done(folder_move(inventory, "/ä", "/ä", &error), &error);

        assert_fails(folder_move(inventory, "/ä", "/ä/x/z", &error), &error, G_IO_ERROR_INVALID_ARGUMENT,
                     "into itself");
        assert_fails(folder_move(inventory, "/", "/to/all", &error), &error, G_IO_ERROR_INVALID_ARGUMENT,
                     "\"/\"");
        assert_fails(folder_move(inventory, "/ä", "/to", &error), &error, G_IO_ERROR_EXISTS, "\"/to\"");
        assert_fails(folder_move(inventory, "/ä", "/no/x", &error), &error, G_IO_ERROR_NOT_FOUND, "\"/no\"");
        assert_fails(folder_move(inventory, "/no", "/to/x", &error), &error, G_IO_ERROR_NOT_FOUND,
                     "\"/no\"");
        assert_fails(folder_move(inventory, "/ä", "/to/a\nb", &error), &error, G_IO_ERROR_INVALID_ARGUMENT,
                     "a\\nb");
        assert_strings(folder_list(inventory, &error), "/to /ä /ä/x /ä/x/y /äz");

        /* What is below has a limit, too. */
        while (deep->len + 1 + CATALOG_NAME_MAX <= FOLDER_PATH_MAX) {
                g_string_append_printf(deep, "/%s", name);
                assert_done(folder_add(inventory, deep->str, &error), &error);
        }
        g_string_append_printf(deep, "/%s", name);
        assert_fails(folder_add(inventory, deep->str, &error), &error, G_IO_ERROR_INVALID_ARGUMENT, "1024");
        g_string_printf(deep, "/to/%s", name);
        assert_fails(folder_move(inventory, "/ä", deep->str, &error), &error, G_IO_ERROR_INVALID_ARGUMENT,
                     "below it");
        g_assert_true(folder_exists(inventory, "/ä/x/y", &error));
}

static void test_attributes(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(GPtrArray) list = NULL;
        g_autoptr(GError) error = NULL;

        assert_done(attribute_add(inventory, "Template", ATTRIBUTE_VM, &error), &error);
        assert_done(attribute_add(inventory, "Rack", ATTRIBUTE_HOST, &error), &error);
        assert_done(attribute_add(inventory, "Owner", ATTRIBUTE_ANY, &error), &error);
        assert_fails(attribute_add(inventory, "Owner", ATTRIBUTE_VM, &error), &error, G_IO_ERROR_EXISTS,
                     "Owner");
        for (unsigned i = 0; i < G_N_ELEMENTS(hostile); i++) {
                assert_fails(attribute_delete(inventory, hostile[i], &error), &error, G_IO_ERROR_NOT_FOUND,
                             "");
                assert_fails(attribute_set(inventory, "host", hostile[i], "x", &error), &error,
                             G_IO_ERROR_NOT_FOUND, "");
                assert_fails(attribute_set(inventory, hostile[i], "Owner", "x", &error), &error,
                             G_IO_ERROR_NOT_FOUND, "");
                assert_fails(attribute_rename(inventory, hostile[i], "x", &error), &error,
                             G_IO_ERROR_NOT_FOUND, "");
                g_assert_null(attribute_find(inventory, hostile[i], NULL, &error));
                g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
                g_clear_error(&error);
        }
        assert_fails(attribute_add(inventory, "a\nb", ATTRIBUTE_VM, &error), &error,
                     G_IO_ERROR_INVALID_ARGUMENT, "custom attribute");
        assert_fails(attribute_rename(inventory, "Owner", "Rack", &error), &error, G_IO_ERROR_EXISTS,
                     "Rack");
        assert_done(attribute_rename(inventory, "Owner", "Owner", &error), &error);
        list = attribute_list(inventory, &error);
        g_assert_cmpuint(list->len, ==, 3);
        g_assert_cmpstr(((Attribute *)list->pdata[0])->name, ==, "Owner");
        g_assert_cmpint(((Attribute *)list->pdata[0])->type, ==, ATTRIBUTE_ANY);
        g_assert_cmpstr(((Attribute *)list->pdata[1])->name, ==, "Rack");
        g_assert_cmpint(((Attribute *)list->pdata[1])->type, ==, ATTRIBUTE_HOST);
}

static void assert_value(Inventory *inventory, const char *object, const char *name, const char *expected)
{
        g_autoptr(GError) error = NULL;
        g_autofree char *value = attribute_get(inventory, object, name, &error);

        g_assert_no_error(error);
        g_assert_cmpstr(value, ==, expected);
}

static void test_attribute_values(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autofree char *longest = g_strnfill(ATTRIBUTE_VALUE_MAX, 'v'),
                        *too_long = g_strnfill(ATTRIBUTE_VALUE_MAX + 1, 'v');
        g_autoptr(GHashTable) values = NULL, all = NULL;
        g_autoptr(InventoryVm) unadopted = inventory_vm_new(C, "c");
        g_autoptr(GError) error = NULL;

        add_record(inventory, A, "a");
        add_record(inventory, B, "b");
        g_assert_true(attribute_add(inventory, "Owner", ATTRIBUTE_ANY, NULL));
        g_assert_true(attribute_add(inventory, "Template", ATTRIBUTE_VM, NULL));
        g_assert_true(attribute_add(inventory, "Rack", ATTRIBUTE_HOST, NULL));
        assert_done(attribute_set(inventory, A, "Owner", "x", &error), &error);
        assert_done(attribute_set(inventory, A, "Owner", "it's\n\"me\"", &error), &error);
        assert_done(attribute_set(inventory, B, "Owner", longest, &error), &error);
        assert_done(attribute_set(inventory, B, "Template", "gold", &error), &error);
        assert_done(attribute_set(inventory, "host", "Owner", "x", &error), &error);
        assert_done(attribute_set(inventory, "host", "Owner", "us", &error), &error);
        assert_done(attribute_set(inventory, "host", "Rack", "7", &error), &error);
        assert_value(inventory, A, "Owner", "it's\n\"me\"");
        assert_value(inventory, "host", "Owner", "us");
        assert_value(inventory, A, "Template", NULL);
        assert_value(inventory, C, "Owner", NULL);
        assert_value(inventory, A, "nothing", NULL);

        assert_fails(attribute_set(inventory, "host", "Template", "x", &error), &error,
                     G_IO_ERROR_INVALID_ARGUMENT, "VMs only");
        assert_fails(attribute_set(inventory, A, "Rack", "x", &error), &error, G_IO_ERROR_INVALID_ARGUMENT,
                     "hosts only");
        assert_fails(attribute_set(inventory, A, "Owner", too_long, &error), &error,
                     G_IO_ERROR_INVALID_ARGUMENT, "4096");
        assert_fails(attribute_set(inventory, A, "Owner", "\xff", &error), &error,
                     G_IO_ERROR_INVALID_ARGUMENT, "UTF-8");
        /* Seen, but not adopted. */
        assert_done(inventory_vm_save(inventory, unadopted, &error), &error);
        assert_fails(attribute_set(inventory, C, "Owner", "x", &error), &error, G_IO_ERROR_NOT_FOUND, C);

        assert_strings(attribute_find(inventory, "Owner", NULL, &error), A " " B);
        assert_strings(attribute_find(inventory, "Owner", longest, &error), B);
        assert_strings(attribute_find(inventory, "Owner", "us", &error), "");
        assert_strings(attribute_find(inventory, "Owner", "%", &error), "");

        values = attribute_values(inventory, "host", &error);
        g_assert_cmpuint(g_hash_table_size(values), ==, 2);
        g_assert_cmpstr(g_hash_table_lookup(values, "Rack"), ==, "7");
        all = attribute_values_all(inventory, &error);
        g_assert_cmpuint(g_hash_table_size(all), ==, 3);
        g_assert_cmpstr(g_hash_table_lookup(g_hash_table_lookup(all, B), "Template"), ==, "gold");
        g_assert_cmpuint(g_hash_table_size(g_hash_table_lookup(all, "host")), ==, 2);

        /* They follow a new name, and go with the attribute. */
        assert_done(attribute_rename(inventory, "Owner", "Boss", &error), &error);
        assert_value(inventory, "host", "Boss", "us");
        assert_done(attribute_set(inventory, B, "Boss", "", &error), &error);
        assert_done(attribute_set(inventory, "host", "Boss", NULL, &error), &error);
        assert_strings(attribute_find(inventory, "Boss", NULL, &error), A);
        assert_value(inventory, "host", "Boss", NULL);
        assert_done(attribute_delete(inventory, "Boss", &error), &error);
        assert_done(attribute_add(inventory, "Boss", ATTRIBUTE_VM, &error), &error);
        assert_value(inventory, A, "Boss", NULL);
        assert_value(inventory, "host", "Rack", "7");
}

static void test_specifications(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(GError) error = NULL;
        g_autofree char *text = NULL;
        g_autoptr(GPtrArray) list = NULL;

        assert_done(specification_save(inventory, "linux", "{}", &error), &error);
        assert_done(specification_save(inventory, "linux", "{\"a\": \"'\n\"}", &error), &error);
        assert_done(specification_save(inventory, "Windows", "w", &error), &error);
        text = specification_load(inventory, "linux", &error);
        g_assert_cmpstr(text, ==, "{\"a\": \"'\n\"}");
        g_assert_null(specification_load(inventory, "none", &error));
        g_assert_no_error(error);
        assert_fails(specification_save(inventory, "a/b", "x", &error), &error, G_IO_ERROR_INVALID_ARGUMENT,
                     "a/b");
        list = specification_list(inventory, &error);
        g_assert_cmpuint(list->len, ==, 2);
        g_assert_cmpstr(((NamedText *)list->pdata[0])->name, ==, "Windows");
        g_assert_cmpstr(((NamedText *)list->pdata[0])->text, ==, "w");
        assert_done(specification_delete(inventory, "linux", &error), &error);
        assert_fails(specification_delete(inventory, "linux", &error), &error, G_IO_ERROR_NOT_FOUND,
                     "linux");
}

static void test_datastores(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(GPtrArray) list = NULL;
        g_autoptr(Record) record = NULL;
        g_autofree char *path = NULL;
        g_autoptr(GError) error = NULL;

        assert_done(datastore_add(inventory, "fast", "/srv/fast", &error), &error);
        assert_done(datastore_add(inventory, "big", "/srv/big\xff", &error), &error);
        assert_fails(datastore_add(inventory, "fast", "/srv/x", &error), &error, G_IO_ERROR_EXISTS, "fast");
        assert_fails(datastore_add(inventory, "new", "/srv/fast", &error), &error, G_IO_ERROR_EXISTS,
                     "\"fast\"");
        assert_fails(datastore_add(inventory, "a]b", "/srv/x", &error), &error, G_IO_ERROR_INVALID_ARGUMENT,
                     "bracket");
        assert_fails(datastore_add(inventory, "", "/srv/x", &error), &error, G_IO_ERROR_INVALID_ARGUMENT,
                     "empty");
        assert_done(save_record(inventory, A, "web", NULL, "fast", NULL, 0, &error), &error);
        assert_fails(datastore_delete(inventory, "fast", &error), &error, G_IO_ERROR_BUSY, "web");
        assert_fails(datastore_rename(inventory, "fast", "big", &error), &error, G_IO_ERROR_EXISTS, "big");
        assert_fails(datastore_rename(inventory, "none", "x", &error), &error, G_IO_ERROR_NOT_FOUND, "none");
        assert_done(datastore_rename(inventory, "fast", "fast", &error), &error);
        assert_done(datastore_rename(inventory, "fast", "faster", &error), &error);
        record = record_load(inventory, A, &error);
        g_assert_cmpstr(record->datastore, ==, "faster");
        path = datastore_path(inventory, "faster", &error);
        g_assert_cmpstr(path, ==, "/srv/fast");
        g_assert_null(datastore_path(inventory, "fast", &error));
        g_assert_no_error(error);
        list = datastore_list(inventory, &error);
        g_assert_cmpuint(list->len, ==, 2);
        g_assert_cmpstr(((NamedText *)list->pdata[0])->text, ==, "/srv/big\xff");
        assert_done(datastore_delete(inventory, "big", &error), &error);
        assert_fails(datastore_delete(inventory, "big", &error), &error, G_IO_ERROR_NOT_FOUND, "big");
        assert_done(record_delete(inventory, A, &error), &error);
        assert_done(datastore_delete(inventory, "faster", &error), &error);
}

static bool save_switch(Inventory *inventory, const char *name, const char *bridge, const char *uplink,
                        GError **error)
{
        char *uplinks[] = {(char *)(gintptr)uplink, (char *)(gintptr) "eth9", NULL};
        const SwitchRecord record = {(char *)(gintptr)name, (char *)(gintptr)bridge,
                                     uplink != NULL ? uplinks : NULL};

        return switch_save(inventory, &record, error);
}

static bool save_group(Inventory *inventory, const char *name, const char *on, unsigned vlan, GError **error)
{
        const PortGroupRecord record = {(char *)(gintptr)name, (char *)(gintptr)on, vlan};

        return port_group_save(inventory, &record, error);
}

static void test_switches(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(GPtrArray) list = NULL;
        g_autoptr(GError) error = NULL;
        const SwitchRecord *record;

        assert_done(save_switch(inventory, "vSwitch0", "br0", "eth0", &error), &error);
        assert_done(save_switch(inventory, "vSwitch1", "br1", NULL, &error), &error);
        assert_fails(save_switch(inventory, "vSwitch2", "br0", NULL, &error), &error, G_IO_ERROR_EXISTS,
                     "vSwitch0");
        assert_done(save_switch(inventory, "vSwitch0", "br7", "eth1", &error), &error);
        assert_fails(save_switch(inventory, "a/b", "br8", NULL, &error), &error, G_IO_ERROR_INVALID_ARGUMENT,
                     "switch");
        list = switch_list(inventory, &error);
        g_assert_cmpuint(list->len, ==, 2);
        record = list->pdata[0];
        g_assert_cmpstr(record->name, ==, "vSwitch0");
        g_assert_cmpstr(record->bridge, ==, "br7");
        g_assert_cmpuint(g_strv_length(record->uplinks), ==, 2);
        g_assert_cmpstr(record->uplinks[0], ==, "eth1");
        g_assert_cmpstr(record->uplinks[1], ==, "eth9");
        record = list->pdata[1];
        g_assert_cmpuint(g_strv_length(record->uplinks), ==, 0);

        assert_done(save_group(inventory, "net", "vSwitch1", 7, &error), &error);
        assert_fails(switch_delete(inventory, "vSwitch1", &error), &error, G_IO_ERROR_BUSY, "net");
        assert_done(switch_delete(inventory, "vSwitch0", &error), &error);
        assert_fails(switch_delete(inventory, "vSwitch0", &error), &error, G_IO_ERROR_NOT_FOUND, "vSwitch0");
}

static void test_port_groups(void)
{
        PortGroupRecord table[] = {{(char *)(gintptr) "b", (char *)(gintptr) "s", 2},
                                   {(char *)(gintptr) "c", (char *)(gintptr) "s", 4095},
                                   {(char *)(gintptr) "d", (char *)(gintptr) "nowhere", 4}};
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(GPtrArray) one = NULL, list = NULL;
        g_autoptr(GHashTable) cards = NULL;
        g_autoptr(GError) error = NULL;

        assert_done(save_switch(inventory, "s", "br0", NULL, &error), &error);
        assert_done(save_group(inventory, "a", "s", 1, &error), &error);
        assert_fails(save_group(inventory, "x", "s", 4096, &error), &error, G_IO_ERROR_INVALID_ARGUMENT,
                     "4096");
        assert_fails(save_group(inventory, "x", "none", 1, &error), &error, G_IO_ERROR_NOT_FOUND, "none");
        assert_fails(save_group(inventory, "x\n", "s", 1, &error), &error, G_IO_ERROR_INVALID_ARGUMENT,
                     "port group");

        /* All or nothing; and those of the switch that are not in the table stay. */
        assert_fails(port_group_save_all(inventory, table, 3, &error), &error, G_IO_ERROR_NOT_FOUND,
                     "nowhere");
        one = port_group_list(inventory, &error);
        g_assert_cmpuint(one->len, ==, 1);
        table[2].switch_name = table[0].switch_name;
        assert_done(port_group_save_all(inventory, table, 3, &error), &error);
        table[0].vlan = 22;
        assert_done(port_group_save_all(inventory, table, 1, &error), &error);
        list = port_group_list(inventory, &error);
        g_assert_cmpuint(list->len, ==, 4);
        g_assert_cmpuint(((PortGroupRecord *)list->pdata[0])->vlan, ==, 1);
        g_assert_cmpuint(((PortGroupRecord *)list->pdata[1])->vlan, ==, 22);
        g_assert_cmpuint(((PortGroupRecord *)list->pdata[2])->vlan, ==, 4095);
        g_assert_cmpstr(((PortGroupRecord *)list->pdata[3])->switch_name, ==, "s");

        add_record(inventory, A, "web");
        assert_done(card_save(inventory, A, "52:54:00:00:00:01", "a", &error), &error);
        assert_done(card_save(inventory, A, "52:54:00:00:00:02", "a", &error), &error);
        assert_done(card_save(inventory, A, "52:54:00:00:00:02", "b", &error), &error);
        assert_fails(card_save(inventory, A, "52:54:00:00:00:03", "none", &error), &error,
                     G_IO_ERROR_NOT_FOUND, "none");
        assert_fails(card_save(inventory, B, "52:54:00:00:00:03", "a", &error), &error, G_IO_ERROR_NOT_FOUND,
                     B);
        cards = card_records(inventory, A, &error);
        g_assert_cmpuint(g_hash_table_size(cards), ==, 2);
        g_assert_cmpstr(g_hash_table_lookup(cards, "52:54:00:00:00:02"), ==, "b");
        assert_strings(port_group_users(inventory, "a", &error), A);
        assert_strings(port_group_users(inventory, "d", &error), "");
        assert_fails(port_group_delete(inventory, "a", &error), &error, G_IO_ERROR_BUSY, "web");
        assert_done(card_save(inventory, A, "52:54:00:00:00:01", NULL, &error), &error);
        assert_done(port_group_delete(inventory, "a", &error), &error);
        assert_fails(port_group_delete(inventory, "a", &error), &error, G_IO_ERROR_NOT_FOUND, "\"a\"");
}

/* Numbers are given once, the smallest free one first, and come back with the VMs that had them. */
static void test_customization(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(GPtrArray) all = NULL, one = NULL, none = NULL;
        g_autoptr(GError) error = NULL;
        unsigned number;

        add_record(inventory, A, "a");
        add_record(inventory, B, "b");
        add_record(inventory, C, "c");
        assert_fails(customization_number(inventory, "none", "lab", UINT_MAX, &number, &error), &error,
                     G_IO_ERROR_NOT_FOUND, "none");
        assert_fails(customization_set_pending(inventory, A, "{}", &error), &error, G_IO_ERROR_NOT_FOUND,
                     "number");
        assert_done(customization_number(inventory, A, "lab", UINT_MAX, &number, &error), &error);
        g_assert_cmpuint(number, ==, 0);
        assert_done(customization_number(inventory, B, "lab", UINT_MAX, &number, &error), &error);
        g_assert_cmpuint(number, ==, 1);
        assert_done(customization_number(inventory, A, "lab", UINT_MAX, &number, &error), &error);
        g_assert_cmpuint(number, ==, 0);
        assert_done(customization_count(inventory, "lab", 10, &number, &error), &error);
        g_assert_cmpuint(number, ==, 2);
        assert_done(customization_count(inventory, "lab", 1, &number, &error), &error);
        g_assert_cmpuint(number, ==, 1);

        /* Each specification counts for itself, and a VM has one number. */
        assert_done(customization_number(inventory, A, hostile[0], UINT_MAX, &number, &error), &error);
        g_assert_cmpuint(number, ==, 0);
        assert_done(customization_number(inventory, C, "lab", UINT_MAX, &number, &error), &error);
        g_assert_cmpuint(number, ==, 0);
        assert_done(record_delete(inventory, B, &error), &error);
        /* A wanted one only where it is free. */
        assert_done(customization_number(inventory, A, "pool", 7, &number, &error), &error);
        g_assert_cmpuint(number, ==, 7);
        assert_done(customization_number(inventory, A, "pool", 3, &number, &error), &error);
        g_assert_cmpuint(number, ==, 7);
        assert_done(customization_number(inventory, A, "lab", 0, &number, &error), &error);
        g_assert_cmpuint(number, ==, 1);
        assert_done(customization_number(inventory, A, "lab", UINT_MAX, &number, &error), &error);
        g_assert_cmpuint(number, ==, 1);

        assert_done(customization_set_pending(inventory, A, "one", &error), &error);
        one = customization_list_pending(inventory, A, &error);
        g_assert_cmpuint(one->len, ==, 1);
        g_assert_cmpstr(((PendingCustomization *)one->pdata[0])->text, ==, "one");
        g_assert_cmpuint(((PendingCustomization *)one->pdata[0])->number, ==, 1);
        /* What was asked for meanwhile is not forgotten with what was done. */
        assert_done(customization_set_pending(inventory, A, "two", &error), &error);
        assert_done(customization_end(inventory, one->pdata[0], &error), &error);
        all = customization_list_pending(inventory, NULL, &error);
        g_assert_cmpuint(all->len, ==, 1);
        assert_done(customization_end(inventory, all->pdata[0], &error), &error);
        none = customization_list_pending(inventory, NULL, &error);
        g_assert_cmpuint(none->len, ==, 0);
        assert_done(customization_number(inventory, A, "lab", UINT_MAX, &number, &error), &error);
        g_assert_cmpuint(number, ==, 1);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/inventory/catalog/names", test_names);
        g_test_add_func("/inventory/catalog/shown", test_shown);
        g_test_add_func("/inventory/catalog/folders", test_folders);
        g_test_add_func("/inventory/catalog/folder-move", test_folder_move);
        g_test_add_func("/inventory/catalog/attributes", test_attributes);
        g_test_add_func("/inventory/catalog/attribute-values", test_attribute_values);
        g_test_add_func("/inventory/catalog/specifications", test_specifications);
        g_test_add_func("/inventory/catalog/datastores", test_datastores);
        g_test_add_func("/inventory/catalog/switches", test_switches);
        g_test_add_func("/inventory/catalog/port-groups", test_port_groups);
        g_test_add_func("/inventory/catalog/customization", test_customization);
        return g_test_run();
}
