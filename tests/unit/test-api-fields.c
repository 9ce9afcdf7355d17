/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CustomFieldsManager: fields keep their keys, their values are on the objects at once. */
#include "api-fixture.h"
#include "inventory/catalog.h"

#define UUID "11111111-2222-3333-4444-555555555555"

extern const ApiModule task_module, field_module;
const ApiModule *const api_modules[] = {&task_module, &field_module, NULL};

typedef struct Fixture {
        ApiFixture base;
        Managed *manager, *vm, *host, *folder;
} Fixture;

static Managed *add_entity(World *world, const char *type, const char *id, const char *key)
{
        Managed *entity = world_add(world, type, id, key);

        entity_set_up(entity, id);
        return entity;
}

static void set_up(Fixture *fixture, gconstpointer data)
{
        g_autoptr(Record) record = record_new(UUID, "web1");
        World *world;

        (void)data;
        api_fixture_set_up(&fixture->base, ":memory:", (ApiParts){0});
        world = fixture->base.world;
        g_assert_true(record_save(fixture->base.inventory, record, NULL));
        fixture->manager = world_find(world, "CustomFieldsManager");
        fixture->vm = add_entity(world, "VirtualMachine", "vm-1", UUID);
        fixture->host = add_entity(world, "HostSystem", "host-1", "host");
        fixture->folder = add_entity(world, "Folder", "group-v1", NULL);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
        (void)data;
        api_fixture_tear_down(&fixture->base);
}

/* The key; 0: a fault. */
static int64_t define(Fixture *fixture, const char *name, const char *type)
{
        const VimValue *field =
                call(&fixture->base, &fixture->base.admin, fixture->manager, "AddCustomFieldDef", "name",
                     vim_new_string(name), "moType", vim_new_string(type), NULL);

        return vim_get_int(field, "key", 0);
}

static void set(Fixture *fixture, const Managed *entity, int64_t key, const char *value)
{
        (void)call(&fixture->base, &fixture->base.admin, fixture->manager, "SetField", "entity",
                   managed_reference(entity), "key", vim_new_int(key), "value", vim_new_string(value), NULL);
}

/* "owner=anna " of a property with values; "owner " of one with definitions. */
static char *shown(const Fixture *fixture, const Managed *managed, const char *property)
{
        const VimValue *list = managed_peek(managed, property), *fields;
        g_autoptr(GString) all = g_string_new(NULL);

        fields = managed_peek(fixture->manager, "field");
        for (unsigned i = 0; i < vim_length(list); i++) {
                const VimValue *item = vim_item(list, i);

                for (unsigned j = 0; j < vim_length(fields); j++)
                        if (vim_get_int(vim_item(fields, j), "key", 0) == vim_get_int(item, "key", -1))
                                g_string_append(all, vim_get_text(vim_item(fields, j), "name"));
                if (vim_is(item, "CustomFieldStringValue"))
                        g_string_append_printf(all, "=%s", vim_get_text(item, "value"));
                g_string_append_c(all, ' ');
        }
        return g_string_free(g_steal_pointer(&all), FALSE);
}

static void assert_shown(const Fixture *fixture, const Managed *managed, const char *property,
                         const char *expected)
{
        g_autofree char *found = shown(fixture, managed, property);

        g_assert_cmpstr(found, ==, expected);
}

static void life_of_fields(Fixture *fixture, gconstpointer data)
{
        int64_t owner, rack;

        (void)data;
        owner = define(fixture, "owner", NULL);
        g_assert_cmpint(owner, >, 0);
        rack = define(fixture, "rack", "vim.HostSystem");
        g_assert_cmpint(rack, !=, owner);
        (void)define(fixture, "ticket", "VirtualMachine");
        assert_shown(fixture, fixture->manager, "field", "owner rack ticket ");
        assert_shown(fixture, fixture->vm, "availableField", "owner ticket ");
        assert_shown(fixture, fixture->host, "availableField", "owner rack ");

        g_assert_cmpint(define(fixture, "owner", NULL), ==, 0);
        assert_fault(&fixture->base, "DuplicateName");
        g_assert_cmpstr(vim_get_text(fixture->base.answer.fault, "name"), ==, "owner");
        g_assert_cmpint(define(fixture, "x", "Datastore"), ==, 0);
        assert_fault(&fixture->base, "InvalidArgument");

        /* Renamed, also behind the API's back, it keeps its key. */
        (void)call(&fixture->base, &fixture->base.admin, fixture->manager, "RenameCustomFieldDef", "key",
                   vim_new_int(owner), "name", vim_new_string("contact"), NULL);
        assert_no_fault(&fixture->base);
        g_assert_true(attribute_rename(fixture->base.inventory, "contact", "person", NULL));
        api_signal(fixture->base.api, API_CATALOG_CHANGED, NULL);
        while (g_main_context_iteration(NULL, FALSE))
                continue;
        assert_shown(fixture, fixture->manager, "field", "person rack ticket ");
        g_assert_cmpint(vim_get_int(vim_item(managed_peek(fixture->manager, "field"), 0), "key", 0), ==,
                        owner);
        (void)call(&fixture->base, &fixture->base.admin, fixture->manager, "RenameCustomFieldDef", "key",
                   vim_new_int(owner), "name", vim_new_string("rack"), NULL);
        assert_fault(&fixture->base, "DuplicateName");

        /* One that is gone and comes again is another. */
        (void)call(&fixture->base, &fixture->base.admin, fixture->manager, "RemoveCustomFieldDef", "key",
                   vim_new_int(rack), NULL);
        assert_no_fault(&fixture->base);
        assert_shown(fixture, fixture->host, "availableField", "person ");
        g_assert_cmpint(define(fixture, "rack", NULL), >, rack);
        (void)call(&fixture->base, &fixture->base.admin, fixture->manager, "RemoveCustomFieldDef", "key",
                   vim_new_int(rack), NULL);
        assert_fault(&fixture->base, "InvalidArgument");
        (void)call(&fixture->base, &fixture->base.operator, fixture->manager, "AddCustomFieldDef", "name",
                   vim_new_string("y"), NULL);
        assert_fault(&fixture->base, "NoPermission");
}

static void values(Fixture *fixture, gconstpointer data)
{
        int64_t owner = define(fixture, "owner", NULL), rack = define(fixture, "rack", "HostSystem");

        (void)data;
        set(fixture, fixture->vm, owner, "anna");
        assert_no_fault(&fixture->base);
        assert_shown(fixture, fixture->vm, "value", "owner=anna ");
        assert_shown(fixture, fixture->vm, "customValue", "owner=anna ");
        assert_shown(fixture, fixture->host, "value", "");
        set(fixture, fixture->host, rack, "7");
        assert_shown(fixture, fixture->host, "value", "rack=7 ");
        set(fixture, fixture->vm, rack, "7");
        assert_fault(&fixture->base, "InvalidArgument");
        set(fixture, fixture->folder, owner, "x");
        assert_fault(&fixture->base, "InvalidArgument");
        set(fixture, fixture->vm, 9999, "x");
        assert_fault(&fixture->base, "InvalidArgument");

        (void)call(&fixture->base, &fixture->base.admin, fixture->vm, "setCustomValue", "key",
                   vim_new_string("owner"), "value", vim_new_string("bert"), NULL);
        assert_no_fault(&fixture->base);
        assert_shown(fixture, fixture->vm, "value", "owner=bert ");
        (void)call(&fixture->base, &fixture->base.admin, fixture->vm, "setCustomValue", "key",
                   vim_new_string("nothing"), "value", vim_new_string("bert"), NULL);
        assert_fault(&fixture->base, "InvalidArgument");
        (void)call(&fixture->base, &fixture->base.reader, fixture->vm, "setCustomValue", "key",
                   vim_new_string("owner"), "value", vim_new_string("eve"), NULL);
        assert_fault(&fixture->base, "NoPermission");

        /* Nothing is none; a field that goes takes its values with it. */
        set(fixture, fixture->vm, owner, "");
        assert_shown(fixture, fixture->vm, "value", "");
        set(fixture, fixture->vm, owner, "carl");
        (void)call(&fixture->base, &fixture->base.admin, fixture->manager, "RemoveCustomFieldDef", "key",
                   vim_new_int(owner), NULL);
        assert_shown(fixture, fixture->vm, "value", "");
}

/* A VM that comes has the fields, and its values; what changes nothing is no change. */
static void new_vm(Fixture *fixture, gconstpointer data)
{
        int64_t owner = define(fixture, "owner", NULL);
        Managed *vm;
        uint64_t changed;

        (void)data;
        set(fixture, fixture->vm, owner, "anna");
        world_remove(fixture->vm);
        vm = add_entity(fixture->base.world, "VirtualMachine", "vm-2", UUID);
        while (g_main_context_iteration(NULL, FALSE))
                continue;
        assert_shown(fixture, vm, "availableField", "owner ");
        assert_shown(fixture, vm, "value", "owner=anna ");
        changed = vm->changed;
        api_signal(fixture->base.api, API_CATALOG_CHANGED, NULL);
        while (g_main_context_iteration(NULL, FALSE))
                continue;
        g_assert_cmpuint(vm->changed, ==, changed);
}

static void add(const char *path, void (*test)(Fixture *, gconstpointer))
{
        g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        add("/api-fields/life", life_of_fields);
        add("/api-fields/values", values);
        add("/api-fields/new-vm", new_vm);
        return g_test_run();
}
