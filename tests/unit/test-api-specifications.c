/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CustomizationSpecManager: specifications of vim25 as aerostat's and back, and what is refused. */
#include <limits.h>

#include "api-fixture.h"
#include "api/manager/spec-convert.h"
#include "customization/parts.h"
#include "inventory/catalog.h"

extern const ApiModule task_module, specification_module;
const ApiModule *const api_modules[] = {&task_module, &specification_module, NULL};

typedef struct Fixture {
        ApiFixture base;
        Managed *manager;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data)
{
        (void)data;
        api_fixture_set_up(&fixture->base, ":memory:", (ApiParts){0});
        fixture->manager = world_find(fixture->base.world, "CustomizationSpecManager");
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
        (void)data;
        api_fixture_tear_down(&fixture->base);
}

/* --- values --- */

static VimValue *linux_prep(VimValue *name, const char *domain)
{
        VimValue *identity = vim_new_object("CustomizationLinuxPrep");

        vim_set(identity, "hostName", name);
        vim_set_text(identity, "domain", domain);
        return identity;
}

static VimValue *fixed_name(const char *name)
{
        VimValue *value = vim_new_object("CustomizationFixedName");

        vim_set_text(value, "name", name);
        return value;
}

static VimValue *dhcp(void)
{
        VimValue *adapter = vim_new_object("CustomizationIPSettings");

        vim_set(adapter, "ip", vim_new_object("CustomizationDhcpIpGenerator"));
        return adapter;
}

static VimValue *fixed_ip(const char *address, const char *mask, const char *gateway)
{
        VimValue *adapter = vim_new_object("CustomizationIPSettings"), *ip;

        ip = vim_new_object("CustomizationFixedIp");
        vim_set_text(ip, "ipAddress", address);
        vim_set(adapter, "ip", ip);
        vim_set_text(adapter, "subnetMask", mask);
        vim_set(adapter, "gateway", vim_new_string(gateway));
        return adapter;
}

/* Adapters end with NULL. */
static VimValue *spec_of(VimValue *identity, ...) G_GNUC_NULL_TERMINATED;
static VimValue *spec_of(VimValue *identity, ...)
{
        VimValue *spec = vim_new_object("CustomizationSpec"), *adapter;
        VimValue *map = vim_new_list("CustomizationAdapterMapping");
        va_list adapters;

        va_start(adapters, identity);
        while ((adapter = va_arg(adapters, VimValue *)) != NULL) {
                VimValue *mapping = vim_new_object("CustomizationAdapterMapping");

                vim_set(mapping, "adapter", adapter);
                vim_add(map, mapping);
        }
        va_end(adapters);
        vim_set(spec, "identity", identity);
        vim_set(spec, "globalIPSettings", vim_new_object("CustomizationGlobalIPSettings"));
        vim_set(spec, "nicSettingMap", map);
        return spec;
}

static VimValue *global_of(VimValue *spec)
{
        return (VimValue *)(gintptr)vim_get(spec, "globalIPSettings");
}

static VimValue *identity_of(VimValue *spec)
{
        return (VimValue *)(gintptr)vim_get(spec, "identity");
}

static VimValue *adapter_of(VimValue *spec, unsigned card)
{
        return (VimValue *)(gintptr)vim_get(vim_item(vim_get(spec, "nicSettingMap"), card), "adapter");
}

static VimValue *texts(const char *first, const char *second)
{
        VimValue *list = vim_new_list("string");

        vim_add(list, vim_new_string(first));
        if (second != NULL)
                vim_add(list, vim_new_string(second));
        return list;
}

/* --- the converter --- */

/* Written as aerostat has it, whatever its form. */
static void assert_text(const char *text, const char *expected)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(CustomizationSpec) spec = customization_parse(expected, &error);
        g_autofree char *written = NULL;

        g_assert_no_error(error);
        written = customization_text(spec);
        g_assert_cmpstr(text, ==, written);
}

static void assert_converts(VimValue *taken, const char *expected)
{
        g_autoptr(VimValue) spec = taken, back = NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *property = NULL, *again = NULL;
        g_autofree char *text = spec_from_vim(spec, NULL, NULL, &property, &error);

        g_assert_no_error(error);
        assert_text(text, expected);
        /* What it is shown as means the same. */
        back = spec_to_vim(text, &error);
        g_assert_no_error(error);
        again = spec_from_vim(back, NULL, NULL, &property, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(again, ==, text);
}

static void from_vim(void)
{
        VimValue *spec, *name;

        assert_converts(spec_of(linux_prep(vim_new_object("CustomizationVirtualMachineName"), ""), NULL),
                        "{\"host_name\": \"{name}\"}");
        spec = spec_of(linux_prep(fixed_name("web"), "lab.example.com"),
                       fixed_ip("10.0.0.10", "255.255.255.0", "10.0.0.1"), dhcp(), NULL);
        vim_set_text(identity_of(spec), "timeZone", "Europe/Berlin");
        vim_set(global_of(spec), "dnsServerList", texts("10.0.0.2", "10.0.0.3"));
        vim_set(global_of(spec), "dnsSuffixList", texts("lab.example.com", NULL));
        assert_converts(spec, "{\"host_name\": \"web\", \"domain\": \"lab.example.com\", \"time_zone\": "
                              "\"Europe/Berlin\", \"cards\": [{\"address\": \"10.0.0.10/24\", \"gateway\": "
                              "\"10.0.0.1\", \"dns\": [\"10.0.0.2\", \"10.0.0.3\"]}, {\"address\": "
                              "\"dhcp\"}]}");
        name = vim_new_object("CustomizationPrefixName");
        vim_set_text(name, "base", "web");
        spec = spec_of(linux_prep(name, ""), fixed_ip("10.1.0.10", "255.255.240.0", "10.1.0.1"), NULL);
        vim_set(adapter_of(spec, 0), "dnsServerList", texts("10.1.0.2", "10.1.0.3"));
        vim_set(global_of(spec), "dnsServerList", texts("10.1.0.3", "10.1.0.4"));
        assert_converts(spec,
                        "{\"host_name\": \"web-{number}\", \"cards\": [{\"address\": \"10.1.0.10/20\", "
                        "\"gateway\": \"10.1.0.1\", \"dns\": [\"10.1.0.2\", \"10.1.0.3\", "
                        "\"10.1.0.4\"]}]}");
}

/* What only aerostat has is in arguments. */
static void own_forms(void)
{
        static const char text[] = "{\"host_name\": \"{name}-x{number}\", \"users\": [{\"name\": "
                                   "\"anna\"}], \"by\": \"agent\", \"cards\": [{\"address\": "
                                   "\"10.0.0.10-10.0.0.50/24\", \"dns\": [\"10.0.0.1\"]}, {\"address\": "
                                   "\"fd00::10/64\", \"dns\": [\"fd00::1\"]}]}";
        g_autoptr(GError) error = NULL;
        g_autoptr(VimValue) spec = spec_to_vim(text, &error);
        g_autofree char *property = NULL, *back = NULL;

        g_assert_no_error(error);
        g_assert_cmpstr(vim_get_text(vim_get(identity_of(spec), "hostName"), "argument"), ==,
                        "{name}-x{number}");
        g_assert_cmpstr(vim_get_text(vim_get(adapter_of(spec, 0), "ip"), "argument"), ==,
                        "10.0.0.10-10.0.0.50/24");
        g_assert_cmpstr(vim_get_text(vim_get(adapter_of(spec, 1), "ip"), "argument"), ==, "fd00::10/64");
        back = spec_from_vim(spec, NULL, NULL, &property, &error);
        g_assert_no_error(error);
        assert_text(back, text);
}

static void assert_refused(VimValue *taken, const char *property)
{
        g_autoptr(VimValue) spec = taken;
        g_autoptr(GError) error = NULL;
        g_autofree char *found = NULL;
        g_autofree char *text = spec_from_vim(spec, NULL, NULL, &found, &error);

        g_assert_null(text);
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
        g_assert_cmpstr(found, ==, property);
}

static VimValue *vm_name(void)
{
        return vim_new_object("CustomizationVirtualMachineName");
}

static void refusals(void)
{
        VimValue *spec, *adapter, *ipv6;

        assert_refused(spec_of(vim_new_object("CustomizationSysprep"), NULL), "spec.identity");
        assert_refused(spec_of(vim_new_object("CustomizationIdentitySettings"), NULL), "spec.identity");
        assert_refused(spec_of(linux_prep(vim_new_object("CustomizationUnknownName"), ""), NULL),
                       "spec.identity.hostName");
        assert_refused(spec_of(linux_prep(fixed_name("{name}"), ""), NULL), "spec.identity.hostName");
        assert_refused(spec_of(linux_prep(fixed_name("not a name"), ""), NULL), "spec");
        spec = spec_of(linux_prep(vm_name(), ""), NULL);
        vim_set_bool(identity_of(spec), "hwClockUTC", false);
        assert_refused(spec, "spec.identity.hwClockUTC");
        spec = spec_of(linux_prep(vm_name(), ""), NULL);
        vim_set_text(identity_of(spec), "scriptText", "#!/bin/sh");
        assert_refused(spec, "spec.identity.scriptText");
        spec = spec_of(linux_prep(vm_name(), ""), NULL);
        vim_set(spec, "options", vim_new_object("CustomizationWinOptions"));
        assert_refused(spec, "spec.options");

        assert_refused(spec_of(linux_prep(vm_name(), ""), fixed_ip("10.0.0.1", "255.0.255.0", NULL), NULL),
                       "spec.nicSettingMap[0].adapter.ip");
        assert_refused(spec_of(linux_prep(vm_name(), ""), fixed_ip("10.0.0.1", NULL, NULL), NULL),
                       "spec.nicSettingMap[0].adapter.ip");
        adapter = vim_new_object("CustomizationIPSettings");
        vim_set(adapter, "ip", vim_new_object("CustomizationUnknownIpGenerator"));
        assert_refused(spec_of(linux_prep(vm_name(), ""), dhcp(), adapter, NULL),
                       "spec.nicSettingMap[1].adapter.ip");
        spec = spec_of(linux_prep(vm_name(), ""), dhcp(), NULL);
        vim_set(adapter_of(spec, 0), "gateway", vim_new_string("10.0.0.1"));
        assert_refused(spec, "spec.nicSettingMap[0].adapter");
        spec = spec_of(linux_prep(vm_name(), ""), dhcp(), NULL);
        ipv6 = vim_new_object("CustomizationIPSettingsIpV6AddressSpec");
        vim_set(ipv6, "ip", vim_new_object("CustomizationDhcpIpV6Generator"));
        vim_set(adapter_of(spec, 0), "ipV6Spec", ipv6);
        assert_refused(spec, "spec.nicSettingMap[0].adapter");

        spec = spec_of(linux_prep(vm_name(), "a.example"), NULL);
        vim_set(global_of(spec), "dnsSuffixList", texts("a.example", "b.example"));
        assert_refused(spec, "spec.globalIPSettings.dnsSuffixList");
        spec = spec_of(linux_prep(vm_name(), ""), dhcp(), NULL);
        vim_set(global_of(spec), "dnsServerList", texts("10.0.0.1", NULL));
        assert_refused(spec, "spec.globalIPSettings.dnsServerList");
}

/* --- the manager --- */

static VimValue *item_of(const char *name, const char *description, const char *type, VimValue *spec)
{
        VimValue *item = vim_new_object("CustomizationSpecItem"),
                 *info = vim_new_object("CustomizationSpecInfo");

        vim_set_text(info, "name", name);
        vim_set_text(info, "description", description);
        vim_set_text(info, "type", type);
        vim_set(item, "info", info);
        vim_set(item, "spec", spec);
        return item;
}

static VimValue *plain(const char *name, const char *description)
{
        return item_of(name, description, "Linux", spec_of(linux_prep(vm_name(), ""), dhcp(), NULL));
}

static const VimValue *ask(Fixture *fixture, const char *method, const char *param, VimValue *value)
{
        return call(&fixture->base, &fixture->base.admin, fixture->manager, method, param, value, NULL);
}

static const VimValue *rename_to(Fixture *fixture, const char *method, const char *name, const char *to)
{
        return call(&fixture->base, &fixture->base.admin, fixture->manager, method, "name",
                    vim_new_string(name), "newName", vim_new_string(to), NULL);
}

static void assert_names(const Fixture *fixture, const char *expected)
{
        const VimValue *info = managed_peek(fixture->manager, "info");
        g_autoptr(GString) names = g_string_new(NULL);

        for (unsigned i = 0; i < vim_length(info); i++) {
                g_string_append_printf(names, "%s ", vim_get_text(vim_item(info, i), "name"));
                g_assert_cmpstr(vim_get_text(vim_item(info, i), "type"), ==, "Linux");
        }
        g_assert_cmpstr(names->str, ==, expected);
}

static void life_of_specifications(Fixture *fixture, gconstpointer data)
{
        const VimValue *item;
        unsigned number;
        g_autoptr(Record) record = record_new("u", "web1");

        (void)data;
        (void)ask(fixture, "CreateCustomizationSpec", "item", plain("a", "the first"));
        assert_no_fault(&fixture->base);
        assert_names(fixture, "a ");
        (void)ask(fixture, "CreateCustomizationSpec", "item", plain("a", "again"));
        assert_fault(&fixture->base, "AlreadyExists");
        g_assert_cmpstr(vim_get_text(fixture->base.answer.fault, "name"), ==, "a");
        item = ask(fixture, "GetCustomizationSpec", "name", vim_new_string("a"));
        g_assert_cmpstr(vim_get_text(vim_get(item, "info"), "description"), ==, "the first");
        g_assert_true(vim_is(vim_get(vim_get(item, "spec"), "identity"), "CustomizationLinuxPrep"));
        g_assert_true(ask(fixture, "DoesCustomizationSpecExist", "name", vim_new_string("a"))->boolean);
        g_assert_false(ask(fixture, "DoesCustomizationSpecExist", "name", vim_new_string("b"))->boolean);

        (void)rename_to(fixture, "DuplicateCustomizationSpec", "a", "b");
        assert_no_fault(&fixture->base);
        assert_names(fixture, "a b ");
        (void)rename_to(fixture, "DuplicateCustomizationSpec", "a", "b");
        assert_fault(&fixture->base, "AlreadyExists");
        (void)rename_to(fixture, "RenameCustomizationSpec", "a", "b");
        assert_fault(&fixture->base, "AlreadyExists");
        (void)rename_to(fixture, "RenameCustomizationSpec", "x", "y");
        assert_fault(&fixture->base, "NotFound");

        /* VMs keep their numbers of a specification that is renamed. */
        g_assert_true(record_save(fixture->base.inventory, record, NULL));
        g_assert_true(customization_number(fixture->base.inventory, "u", "a", 7, &number, NULL));
        (void)rename_to(fixture, "RenameCustomizationSpec", "a", "c");
        assert_no_fault(&fixture->base);
        assert_names(fixture, "b c ");
        g_assert_true(customization_number(fixture->base.inventory, "u", "c", UINT_MAX, &number, NULL));
        g_assert_cmpuint(number, ==, 7);

        (void)ask(fixture, "DeleteCustomizationSpec", "name", vim_new_string("b"));
        assert_no_fault(&fixture->base);
        assert_names(fixture, "c ");
        (void)ask(fixture, "DeleteCustomizationSpec", "name", vim_new_string("b"));
        assert_fault(&fixture->base, "NotFound");
        (void)ask(fixture, "GetCustomizationSpec", "name", vim_new_string("b"));
        assert_fault(&fixture->base, "NotFound");
        (void)call(&fixture->base, &fixture->base.reader, fixture->manager, "DeleteCustomizationSpec",
                   "name", vim_new_string("c"), NULL);
        assert_fault(&fixture->base, "NoPermission");
}

static void refused_items(Fixture *fixture, gconstpointer data)
{
        VimValue *spec = spec_of(vim_new_object("CustomizationSysprep"), NULL);

        (void)data;
        (void)ask(fixture, "CreateCustomizationSpec", "item", item_of("a", "", "Linux", spec));
        assert_fault(&fixture->base, "InvalidArgument");
        g_assert_cmpstr(vim_get_text(fixture->base.answer.fault, "invalidProperty"), ==,
                        "item.spec.identity");
        spec = spec_of(linux_prep(vm_name(), ""), NULL);
        (void)ask(fixture, "CreateCustomizationSpec", "item", item_of("a", "", "Windows", spec));
        assert_fault(&fixture->base, "InvalidArgument");
        (void)ask(fixture, "OverwriteCustomizationSpec", "item", plain("a", ""));
        assert_fault(&fixture->base, "NotFound");
        assert_names(fixture, "");
}

/* What vim25 does not have stays; and who has read an older one overwrites nothing. */
static void overwriting(Fixture *fixture, gconstpointer data)
{
        g_autoptr(VimValue) read = NULL, item = NULL;
        g_autofree char *text = NULL;

        (void)data;
        g_assert_true(specification_save(fixture->base.inventory, "a",
                                         "{\"users\": [{\"name\": \"anna\"}], \"by\": \"agent\"}", NULL));
        read = vim_ref(ask(fixture, "GetCustomizationSpec", "name", vim_new_string("a")));
        item = vim_new_object("CustomizationSpecItem");
        vim_set(item, "info", vim_ref(vim_get(read, "info")));
        vim_set(item, "spec", spec_of(linux_prep(fixed_name("web"), ""), NULL));
        (void)ask(fixture, "OverwriteCustomizationSpec", "item", vim_ref(item));
        assert_no_fault(&fixture->base);
        text = specification_load(fixture->base.inventory, "a", NULL);
        assert_text(text, "{\"host_name\": \"web\", \"users\": [{\"name\": \"anna\"}], \"by\": \"agent\"}");
        (void)ask(fixture, "OverwriteCustomizationSpec", "item", vim_ref(item));
        assert_fault(&fixture->base, "ConcurrentAccess");
}

static void as_xml(Fixture *fixture, gconstpointer data)
{
        g_autoptr(VimValue) item = plain("a <&> b", "words");
        g_autofree char *xml = NULL;
        const VimValue *back;

        (void)data;
        xml = g_strdup(ask(fixture, "CustomizationSpecItemToXml", "item", vim_ref(item))->text);
        back = ask(fixture, "XmlToCustomizationSpecItem", "specItemXml", vim_new_string(xml));
        assert_no_fault(&fixture->base);
        g_assert_true(vim_equal(back, item));
        (void)ask(fixture, "XmlToCustomizationSpecItem", "specItemXml", vim_new_string("<x/>"));
        assert_fault(&fixture->base, "CustomizationFault");
}

/* The description is for people: it is no reason to customize a guest anew. */
static void description_is_no_change(void)
{
        static const CustomizationTarget target = {.name = "web1", .uuid = "u"};
        g_autoptr(CustomizationSpec) one = customization_parse("{\"description\": \"a\"}", NULL);
        g_autoptr(CustomizationSpec) other = customization_parse("{\"description\": \"b\"}", NULL);
        g_autofree char *text = customization_text(one), *description = spec_description(text);
        g_autofree char *first = customization_instance_id(one, &target),
                        *second = customization_instance_id(other, &target);

        g_assert_cmpstr(description, ==, "a");
        g_assert_cmpstr(first, ==, second);
}

static void add(const char *path, void (*test)(Fixture *, gconstpointer))
{
        g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/api-specifications/from-vim", from_vim);
        g_test_add_func("/api-specifications/own-forms", own_forms);
        g_test_add_func("/api-specifications/refusals", refusals);
        add("/api-specifications/life", life_of_specifications);
        add("/api-specifications/refused-items", refused_items);
        add("/api-specifications/overwriting", overwriting);
        add("/api-specifications/as-xml", as_xml);
        g_test_add_func("/api-specifications/description-is-no-change", description_is_no_change);
        return g_test_run();
}
