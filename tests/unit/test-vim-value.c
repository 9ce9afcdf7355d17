/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values: what they become as fields, what is equal, where property paths lead. Types and versions. */
#include <glib.h>
#include <string.h>

#include "vim/value.h"

/* --- types --- */

static void test_types(void)
{
        const VimType *disk = vim_type("VirtualDisk");

        g_assert_true(vim_type("ManagedObjectReference") == vim_type("ManagedObject"));
        g_assert_null(vim_type("virtualDisk"));
        g_assert_null(vim_type(""));
        g_assert_true(vim_type_is(disk, vim_type("VirtualDevice")));
        g_assert_true(vim_type_is(disk, disk));
        g_assert_false(vim_type_is(vim_type("VirtualDevice"), disk));
        g_assert_cmpint(vim_type_field(disk, "nothing"), ==, -1);
        /* The base's fields come first. */
        g_assert_cmpint(vim_type_field(disk, "key"), <, vim_type_field(disk, "capacityInKB"));
        g_assert_nonnull(vim_type_method(vim_type("VirtualMachine"), "Rename_Task"));
        g_assert_nonnull(vim_type_method(vim_type("VirtualMachine"), "Fetch"));
        g_assert_null(vim_type_method(vim_type("Folder"), "PowerOnVM_Task"));
        g_assert_cmpstr(vim_type_wire_name(vim_type("TypeName")), ==, "string");
        g_assert_cmpstr(vim_type_wire_name(vim_type("Folder")), ==, "ManagedObjectReference");
}

/* What the table promises to those that search it, and that all inheritance is in order. */
static void test_table(void)
{
        for (unsigned i = 0; i < vim_n_types; i++) {
                const VimType *type = &vim_types[i];

                g_assert_true(i == 0 || strcmp(vim_types[i - 1].name, type->name) < 0);
                g_assert_true(vim_type(type->name) == type);
                if (type->base == NULL)
                        continue;
                g_assert_cmpuint(type->base->n_fields, ==, type->n_inherited);
                for (unsigned f = 0; f < type->n_inherited; f++)
                        g_assert_cmpstr(type->fields[f].name, ==, type->base->fields[f].name);
        }
}

static void test_version_names(void)
{
        static const struct {
                const char *text;
                int version; /* -1: none */
        } cases[] = {
                {"2.0", VIM_2_0},   {"2.5u2", VIM_2_5},   {"4.0", VIM_4_0},     {"4.1", VIM_4_1},
                {"5.5", VIM_5_5},   {"6.7", VIM_6_7},     {"6.7.1", VIM_6_7_1}, {"6.7.3", VIM_6_7_3},
                {"6.9", VIM_6_8_7}, {"7.0.0.0", VIM_7_0}, {"8.0.1.0", VIM_7_0}, {"1.0", -1},
                {"", -1},           {"6.", -1},           {"6..7", -1},         {"a", -1},
                {"9999999", -1},    {"6.7.1.1.1", -1},    {"6.7 ", -1},
        };

        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
                VimVersion version;

                if (vim_version_parse(cases[i].text, &version) != (cases[i].version >= 0))
                        g_error("\"%s\"", cases[i].text);
                if (cases[i].version >= 0)
                        g_assert_cmpint(version, ==, cases[i].version);
        }
        for (unsigned i = 0; i <= VIM_NEWEST; i++) {
                VimVersion version;

                g_assert_true(vim_version_parse(vim_version_name((VimVersion)i), &version));
                g_assert_cmpint(version, ==, i);
        }
}

/* As VMware's reference says them. */
static void test_values_since(void)
{
        static const struct {
                const char *type, *value;
                VimVersion since;
        } cases[] = {
                {"VirtualMachineGuestOsIdentifier", "winXPProGuest", VIM_2_0},
                {"VirtualMachineGuestOsIdentifier", "winNetDatacenterGuest", VIM_2_5},
                {"VirtualMachineGuestOsIdentifier", "rhel8_64Guest", VIM_6_7},
                {"VirtualMachineGuestOsIdentifier", "amazonlinux2_64Guest", VIM_6_7_1},
                {"VirtualMachineGuestOsIdentifier", "debian11_64Guest", VIM_7_0},
                {"VirtualMachineToolsVersionStatus", "guestToolsCurrent", VIM_4_0},
                {"VirtualMachineToolsVersionStatus", "guestToolsTooNew", VIM_5_0},
                {"VirtualMachineTicketType", "webmks", VIM_6_0},
                {"RecommendationReasonCode", "vmAntiAffinityPolicy", VIM_6_8_7},
                {"HostSgxInfoSgxStates", "enabled", VIM_7_0},
        };

        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
                const VimConstant *value = vim_type_value(vim_type(cases[i].type), cases[i].value);

                g_assert_nonnull(value);
                g_assert_cmpint(value->since, ==, cases[i].since);
        }
        g_assert_null(vim_type_value(vim_type("VirtualMachineTicketType"), "mks2"));
}

static void assert_no_newer_values(const char *owner, const VimField *field)
{
        for (unsigned i = 0; field->type->kind == VIM_ENUM && i < field->type->n_values; i++)
                if (field->type->values[i].since > field->since)
                        g_error("%s.%s: can be %s, which came later", owner, field->name,
                                field->type->values[i].text);
}

/* So a field that a client knows never has a value that it does not know. */
static void test_grown_enumerations_are_strings(void)
{
        unsigned grown = 0;

        for (unsigned i = 0; i < vim_n_types; i++) {
                const VimType *type = &vim_types[i];

                for (unsigned f = 0; f < type->n_fields; f++)
                        assert_no_newer_values(type->name, &type->fields[f]);
                for (unsigned m = 0; m < type->n_methods; m++) {
                        const VimMethod *method = &type->methods[m];
                        const VimField result = {
                                .name = "result", .type = method->result, .since = method->since};

                        for (unsigned p = 0; p < method->n_params; p++)
                                assert_no_newer_values(method->name, &method->params[p]);
                        if (method->result != NULL)
                                assert_no_newer_values(method->name, &result);
                }
                for (unsigned v = 0; v < type->n_values; v++) {
                        g_assert_cmpint(type->values[v].since, >=, type->since);
                        grown += type->values[v].since > type->since;
                }
        }
        g_assert_cmpuint(grown, >, 250);
}

/* --- building --- */

static void test_numbers(void)
{
        g_autoptr(VimValue) disk = vim_new_object("VirtualDisk");
        g_autoptr(VimValue) big = vim_new_int(INT64_MAX);
        g_autoptr(VimValue) byte = vim_new_byte(-1000);
        g_autoptr(VimValue) number = vim_new_float(0.1);

        g_assert_cmpint(big->integer, ==, INT32_MAX);
        g_assert_cmpint(byte->integer, ==, INT8_MIN);
        g_assert_true(number->number == (double)0.1f);
        vim_set(disk, "capacityInKB", vim_new_int(5));
        g_assert_true(vim_get(disk, "capacityInKB")->type == vim_type("long"));
        vim_set_int(disk, "key", INT64_MAX);
        g_assert_true(vim_get(disk, "key")->type == vim_type("int"));
        g_assert_cmpint(vim_get_int(disk, "key", 0), ==, INT32_MAX);
        g_assert_cmpint(vim_get_int(disk, "unitNumber", -7), ==, -7);
        g_assert_cmpint(vim_get_int(NULL, "unitNumber", -7), ==, -7);
        vim_set(disk, "key", NULL);
        g_assert_null(vim_get(disk, "key"));
}

static void test_texts(void)
{
        g_autoptr(VimValue) odd = vim_new_string("a\x01\x1f\t\r\n\x7f\xff\xef\xbf\xbf");
        g_autoptr(VimValue) info = vim_new_object("SharesInfo");

        g_assert_cmpstr(odd->text, ==, "a??\t\r\n\x7f\xef\xbf\xbd\xef\xbf\xbd");
        g_assert_null(vim_new_string(NULL));
        vim_set_text(info, "level", "high");
        g_assert_true(vim_get(info, "level")->type == vim_type("SharesLevel"));
        g_assert_cmpstr(vim_get_text(info, "level"), ==, "high");
        g_assert_null(vim_new_text(vim_type("SharesLevel"), "highest"));
        g_assert_null(vim_new_text(vim_type("int"), "5"));
        g_assert_null(vim_new_reference("Folder", NULL));
}

static void test_lists(void)
{
        g_autoptr(VimValue) spec = vim_new_object("PropertySpec");
        g_autoptr(VimValue) any = vim_new_list("anyType");

        vim_set(spec, "pathSet", vim_new_string("name"));
        g_assert_cmpuint(vim_length(vim_get(spec, "pathSet")), ==, 1);
        g_assert_true(vim_item(vim_get(spec, "pathSet"), 0)->type == vim_type("PropertyPath"));
        vim_add(any, vim_new_int(1));
        vim_add(any, vim_new_string("a"));
        vim_add(any, NULL);
        g_assert_cmpuint(vim_length(any), ==, 2);
        g_assert_cmpuint(vim_length(NULL), ==, 0);
        g_assert_cmpuint(vim_length(spec), ==, 0);
}

static void test_equal(void)
{
        g_autoptr(VimValue) a = vim_new_object("VirtualDisk");
        g_autoptr(VimValue) b = vim_new_object("VirtualDisk");
        g_autoptr(VimValue) other = vim_new_object("VirtualCdrom");
        g_autoptr(VimValue) number = vim_new_int(1);
        g_autoptr(VimValue) wide = vim_new_long(1);
        g_autoptr(VimValue) vm = vim_new_reference("VirtualMachine", "a");
        g_autoptr(VimValue) folder = vim_new_reference("Folder", "a");

        g_assert_true(vim_equal(a, b));
        g_assert_true(vim_equal(NULL, NULL));
        g_assert_false(vim_equal(a, NULL));
        g_assert_false(vim_equal(a, other));
        g_assert_false(vim_equal(number, wide));
        g_assert_false(vim_equal(vm, folder));
        vim_set_int(a, "key", 0);
        g_assert_false(vim_equal(a, b));
        vim_set_int(b, "key", 0);
        g_assert_true(vim_equal(a, b));
        vim_set(a, "backing", vim_new_object("VirtualDiskFlatVer2BackingInfo"));
        vim_set(b, "backing", vim_new_object("VirtualDiskFlatVer1BackingInfo"));
        g_assert_false(vim_equal(a, b));
}

/* --- paths --- */

static VimValue *new_config(void)
{
        VimValue *config = vim_new_object("VirtualMachineConfigInfo");
        VimValue *hardware = vim_new_object("VirtualHardware");
        VimValue *devices = vim_new_list("VirtualDevice");
        VimValue *option = vim_new_object("OptionValue");

        for (int key = 2000; key < 2003; key++) {
                VimValue *disk = vim_new_object("VirtualDisk");
                VimValue *backing = vim_new_object("VirtualDiskFlatVer2BackingInfo");

                g_autofree char *file = g_strdup_printf("[a] %d", key);
                vim_set_text(backing, "fileName", file);
                vim_set(disk, "backing", backing);
                vim_set_int(disk, "key", key);
                vim_add(devices, disk);
        }
        vim_set(hardware, "device", devices);
        vim_set_int(hardware, "memoryMB", 512);
        vim_set(config, "hardware", hardware);
        vim_set_text(option, "key", "sched.mem.min");
        vim_set(option, "value", vim_new_string("5"));
        vim_set(config, "extraConfig", option);
        return config;
}

static void test_paths(void)
{
        static const struct {
                const char *path, *text; /* text: NULL where nothing is there */
                bool valid;
        } cases[] = {
                {"hardware.device[2001].backing.fileName", "[a] 2001", true},
                {"extraConfig[\"sched.mem.min\"].value", "5", true},
                {"extraConfig[sched.mem.min].value", "5", true},
                {"extraConfig[\"other\"].value", NULL, true},
                {"hardware.device[7].backing", NULL, true},
                {"annotation", NULL, true},
                {"hardware.nothing", NULL, false},
                {"nothing", NULL, false},
                {"hardware.device.key", NULL, false},
                {"hardware.memoryMB.key", NULL, false},
                {"hardware.", NULL, false},
                {".hardware", NULL, false},
                {"hardware..device", NULL, false},
                {"hardware.device[", NULL, false},
                {"hardware.device[]", NULL, false},
                {"hardware.device[2000", NULL, false},
                {"hardware.device[2000]backing", NULL, false},
        };
        g_autoptr(VimValue) config = new_config();

        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
                bool valid;
                g_autoptr(VimValue) found = vim_at_path(config, cases[i].path, &valid);

                if (valid != cases[i].valid || (found != NULL) != (cases[i].text != NULL))
                        g_error("%s: %s", cases[i].path, valid ? "valid" : "not valid");
                if (found != NULL)
                        g_assert_cmpstr(found->text, ==, cases[i].text);
        }
}

static void test_paths_of_objects(void)
{
        g_autoptr(VimValue) config = new_config();
        g_autoptr(VimValue) disk = vim_at_path(config, "hardware.device[2002]", NULL);
        g_autoptr(VimValue) list = vim_at_path(config, "hardware.device", NULL);
        g_autofree char *step = g_strnfill(200, 'a');

        g_assert_true(vim_is(disk, "VirtualDisk"));
        g_assert_cmpuint(vim_length(list), ==, 3);
        /* Longer than anything that there is. */
        bool valid = true;
        g_assert_null(vim_at_path(config, step, &valid));
        g_assert_false(valid);
}

static void test_type_paths(void)
{
        static const struct {
                const char *path;
                bool valid;
        } cases[] = {
                {"name", true},
                {"config.hardware.device", true},
                {"config.hardware.device[2000]", true},
                {"config.hardware.device[2000].backing.fileName", true}, /* which some backings have */
                {"config.extraConfig[\"a\"].value.anything", true},
                {"config.hardware.device.key", false},
                {"config.hardware[2]", false},
                {"config.nothing", false},
                {"runtime.host", true},
                {"runtime.host.name", false},
                {"name.length", false},
                {"config.", false},
                {"config..hardware", false},
                {"[2]", false},
        };

        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++)
                if (vim_type_has_path(vim_type("VirtualMachine"), cases[i].path, VIM_NEWEST) !=
                    cases[i].valid)
                        g_error("%s", cases[i].path);
        /* Of another version: what was added later is nothing. */
        g_assert_false(vim_type_has_path(vim_type("VirtualMachine"), "config.createDate", VIM_6_5));
        g_assert_true(vim_type_has_path(vim_type("VirtualMachine"), "config.createDate", VIM_6_7));
        g_assert_false(
                vim_type_has_path(vim_type("VirtualMachine"), "config.hardware.numCoresPerSocket", VIM_4_1));
        g_assert_true(vim_type_has_path(vim_type("VirtualMachine"), "config.hardware.memoryMB", VIM_2_0));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/vim-value/types", test_types);
        g_test_add_func("/vim-value/table", test_table);
        g_test_add_func("/vim-value/version-names", test_version_names);
        g_test_add_func("/vim-value/values-since", test_values_since);
        g_test_add_func("/vim-value/grown-enumerations-are-strings", test_grown_enumerations_are_strings);
        g_test_add_func("/vim-value/numbers", test_numbers);
        g_test_add_func("/vim-value/texts", test_texts);
        g_test_add_func("/vim-value/lists", test_lists);
        g_test_add_func("/vim-value/equal", test_equal);
        g_test_add_func("/vim-value/paths", test_paths);
        g_test_add_func("/vim-value/paths-of-objects", test_paths_of_objects);
        g_test_add_func("/vim-value/type-paths", test_type_paths);
        return g_test_run();
}
