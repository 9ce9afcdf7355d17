/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The managed objects: ids and keys, versions of what changes, who is told and how often, what is gone. */
#include <string.h>

#include "api/entity.h"
#include "api/session.h"

/* --- watchers --- */

typedef struct Watched {
        unsigned id, told;
        Managed *set;        /* is given another name when told; or NULL */
        struct Watched *out; /* is taken out when told; or NULL */
} Watched;

static void on_change(World *world, gpointer user_data)
{
        Watched *watched = user_data;

        watched->told++;
        if (watched->set != NULL)
                managed_set_text(g_steal_pointer(&watched->set), "name", "set by a watcher");
        if (watched->out != NULL)
                world_unwatch(world, g_steal_pointer(&watched->out)->id);
}

static void watch(World *world, Watched *watched)
{
        watched->id = world_watch(world, on_change, watched);
}

static void run_loop(void)
{
        while (g_main_context_iteration(NULL, FALSE))
                continue;
}

/* Once for all changes, and not for a change that is none. */
static void told_once(void)
{
        g_autoptr(World) world = world_new();
        Managed *folder = world_add(world, "Folder", "group-1", NULL);
        Watched watched = {0};

        watch(world, &watched);
        managed_set_text(folder, "name", "a");
        managed_set_text(folder, "name", "b");
        g_assert_cmpuint(watched.told, ==, 0);
        run_loop();
        g_assert_cmpuint(watched.told, ==, 1);
        managed_set_text(folder, "name", "b");
        run_loop();
        g_assert_cmpuint(watched.told, ==, 1);
        world_unwatch(world, watched.id);
        managed_set_text(folder, "name", "c");
        run_loop();
        g_assert_cmpuint(watched.told, ==, 1);
}

/* What a watcher changes is told to all again. */
static void told_of_watchers_changes(void)
{
        g_autoptr(World) world = world_new();
        Managed *folder = world_add(world, "Folder", "group-1", NULL);
        Watched first = {.set = folder}, second = {0};

        watch(world, &first);
        watch(world, &second);
        managed_set_text(folder, "name", "a");
        run_loop();
        g_assert_cmpuint(first.told, ==, 2);
        g_assert_cmpuint(second.told, ==, 2);
}

/* Whoever is taken out meanwhile takes nobody's turn with him. */
static void taken_out_while_told(void)
{
        g_autoptr(World) world = world_new();
        Managed *folder = world_add(world, "Folder", "group-1", NULL);
        Watched first = {0}, second = {0}, third = {0};

        first.out = &first;
        second.out = &third;
        watch(world, &first);
        watch(world, &second);
        watch(world, &third);
        managed_set_text(folder, "name", "a");
        run_loop();
        g_assert_cmpuint(first.told, ==, 1);
        g_assert_cmpuint(second.told, ==, 1);
        g_assert_cmpuint(third.told, ==, 0);
        managed_set_text(folder, "name", "b");
        run_loop();
        g_assert_cmpuint(first.told, ==, 1);
        g_assert_cmpuint(second.told, ==, 2);
        g_assert_cmpuint(third.told, ==, 0);
}

/* --- versions --- */

static unsigned place(const Managed *managed, const char *property)
{
        return (unsigned)vim_type_field(managed->type, property);
}

static void versions(void)
{
        g_autoptr(World) world = world_new();
        uint64_t before = world_version(world), structure;
        Managed *folder = world_add(world, "Folder", "group-1", NULL);
        Managed *vm = world_add(world, "VirtualMachine", "vm-1", NULL);

        g_assert_cmpuint(folder->added, >, before);
        g_assert_cmpuint(vm->added, >, folder->added);
        g_assert_cmpuint(vm->changed, ==, vm->added);
        g_assert_cmpuint(world_structure_version(world), ==, vm->added);

        structure = world_structure_version(world);
        managed_set_text(vm, "name", "a");
        g_assert_cmpuint(vm->changed, ==, world_version(world));
        g_assert_cmpuint(vm->versions[place(vm, "name")], ==, vm->changed);
        g_assert_cmpuint(vm->versions[place(vm, "overallStatus")], ==, 0);
        g_assert_cmpuint(folder->changed, ==, folder->added);
        g_assert_cmpuint(world_structure_version(world), ==, structure);

        managed_set(vm, "parent", managed_reference(folder));
        g_assert_cmpuint(world_structure_version(world), ==, world_version(world));
        structure = world_structure_version(world);
        managed_set(vm, "parent", managed_reference(folder));
        g_assert_cmpuint(world_version(world), ==, structure);
        managed_set(vm, "parent", NULL);
        g_assert_null(managed_peek(vm, "parent"));
        g_assert_cmpuint(world_structure_version(world), >, structure);
}

static VimValue *caller(const Managed *managed, Session *session)
{
        (void)managed;
        return vim_new_string(session->user);
}

/* Made when it is read: no change, whoever reads. */
static void made_when_read(void)
{
        g_autoptr(World) world = world_new();
        Managed *vm = world_add(world, "VirtualMachine", "vm-1", NULL);
        Session session = {.user = (char[]){"anna"}};
        uint64_t version = world_version(world);
        g_autoptr(VimValue) name = NULL, unset = NULL;

        managed_set_get(vm, "name", caller);
        name = managed_get(vm, place(vm, "name"), &session);
        unset = managed_get(vm, place(vm, "parent"), &session);
        g_assert_cmpstr(name->text, ==, "anna");
        g_assert_null(unset);
        g_assert_cmpuint(world_version(world), ==, version);
}

/* --- found, and gone --- */

static void free_subject(gpointer subject)
{
        *(bool *)subject = true;
}

static void gone(void)
{
        g_autoptr(World) world = world_new();
        Managed *vm = world_add(world, "VirtualMachine", "vm-1", "uuid-1");
        g_autoptr(VimValue) reference = managed_reference(vm);
        bool freed = false;
        uint64_t before;

        vm->subject = &freed;
        vm->free_subject = free_subject;
        managed_set_text(vm, "name", "a");
        (void)managed_ref(vm);
        before = world_version(world);
        world_remove(vm);
        world_remove(vm);
        g_assert_true(vm->gone);
        g_assert_cmpuint(vm->changed, ==, before + 1);
        g_assert_cmpuint(world_structure_version(world), ==, vm->changed);
        g_assert_null(world_find(world, "vm-1"));
        g_assert_null(world_find_key(world, "VirtualMachine", "uuid-1"));
        g_assert_null(world_resolve(world, reference));
        /* Whoever has a reference reads what was there last. */
        g_assert_cmpstr(managed_peek(vm, "name")->text, ==, "a");
        g_assert_false(freed);
        managed_unref(vm);
        g_assert_true(freed);

        /* The id may come again. */
        vm = world_add(world, "VirtualMachine", "vm-1", "uuid-1");
        g_assert_true(world_find(world, "vm-1") == vm);
        g_assert_null(managed_peek(vm, "name"));
}

static void found(void)
{
        g_autoptr(World) world = world_new();
        Managed *folder = world_add(world, "Folder", "group-1", "a");
        Managed *vm = world_add(world, "VirtualMachine", "vm-1", "a");
        g_autoptr(VimValue) as_entity = vim_new_reference("ManagedEntity", "vm-1");
        g_autoptr(VimValue) as_folder = vim_new_reference("Folder", "vm-1");
        g_autoptr(GPtrArray) entities = world_list(world, "ManagedEntity");
        g_autoptr(GPtrArray) folders = world_list(world, "Folder");
        g_autoptr(GPtrArray) tasks = world_list(world, "Task");

        g_assert_true(world_find_key(world, "Folder", "a") == folder);
        g_assert_true(world_find_key(world, "VirtualMachine", "a") == vm);
        g_assert_null(world_find_key(world, "VirtualMachine", "b"));
        g_assert_true(world_resolve(world, as_entity) == vm);
        g_assert_null(world_resolve(world, as_folder));
        g_assert_null(world_resolve(world, NULL));
        g_assert_cmpuint(entities->len, ==, 2);
        g_assert_cmpuint(folders->len, ==, 1);
        g_assert_true(folders->pdata[0] == folder);
        g_assert_cmpuint(tasks->len, ==, 0);
        g_assert_null(managed_reference(NULL));
}

/* References that outlive the world are still good. */
static void outlives_the_world(void)
{
        World *world = world_new();
        Managed *vm = managed_ref(world_add(world, "VirtualMachine", "vm-1", "a"));

        managed_set_text(vm, "name", "a");
        world_free(world);
        g_assert_true(vm->gone);
        g_assert_cmpstr(managed_peek(vm, "name")->text, ==, "a");
        managed_unref(vm);
}

/* --- entities --- */

static bool lists(const Managed *managed, const char *property, const Managed *entity)
{
        const VimValue *list = managed_peek(managed, property);

        for (unsigned i = 0; i < vim_length(list); i++)
                if (strcmp(vim_item(list, i)->text, entity->id) == 0)
                        return true;
        return false;
}

static void parents(void)
{
        g_autoptr(World) world = world_new();
        Managed *a = world_add(world, "Folder", "group-1", NULL);
        Managed *b = world_add(world, "Folder", "group-2", NULL);
        Managed *vm = world_add(world, "VirtualMachine", "vm-1", NULL);
        uint64_t version;

        entity_set_up(a, "a");
        entity_set_up(b, "b");
        entity_set_up(vm, "vm");
        entity_set_parent(vm, a);
        g_assert_true(lists(a, "childEntity", vm));
        version = world_version(world);
        entity_set_parent(vm, a);
        g_assert_cmpuint(world_version(world), ==, version);

        entity_set_parent(vm, b);
        g_assert_false(lists(a, "childEntity", vm));
        g_assert_true(lists(b, "childEntity", vm));
        g_assert_cmpstr(managed_peek(vm, "parent")->text, ==, "group-2");
        entity_set_parent(vm, NULL);
        g_assert_false(lists(b, "childEntity", vm));
        g_assert_null(managed_peek(vm, "parent"));

        entity_list_in(vm, a, "childEntity");
        entity_list_in(vm, a, "childEntity");
        g_assert_cmpuint(vim_length(managed_peek(a, "childEntity")), ==, 1);
        entity_unlist_in(b, a, "childEntity");
        g_assert_cmpuint(vim_length(managed_peek(a, "childEntity")), ==, 1);
        entity_unlist_in(vm, a, "childEntity");
        g_assert_cmpuint(vim_length(managed_peek(a, "childEntity")), ==, 0);
}

/* --- what a session owns --- */

static void owned_objects(void)
{
        g_autoptr(World) world = world_new();
        Session session = {.owned = g_ptr_array_new()};
        Managed *first = session_add_object(world, &session, "ListView");

        g_assert_true(first->owner == &session);
        for (unsigned i = 1; i < SESSION_OWNED_MAX; i++)
                g_assert_nonnull(session_add_object(world, &session, "ListView"));
        g_assert_null(session_add_object(world, &session, "ListView"));
        world_remove(first);
        g_assert_nonnull(session_add_object(world, &session, "ListView"));
        g_assert_null(session_add_object(world, &session, "ListView"));
        for (unsigned i = 0; i < session.owned->len; i++)
                managed_unref(session.owned->pdata[i]);
        g_ptr_array_unref(session.owned);
}

static void roles(void)
{
        g_assert_true(role_has(ROLE_NONE, NULL));
        g_assert_true(role_has(ROLE_NONE, "System.Anonymous"));
        g_assert_false(role_has(ROLE_NONE, "System.View"));
        g_assert_true(role_has(ROLE_READ_ONLY, "System.View"));
        g_assert_true(role_has(ROLE_READ_ONLY, "System.Anonymous"));
        g_assert_false(role_has(ROLE_READ_ONLY, "VirtualMachine.Interact.PowerOn"));
        g_assert_true(role_has(ROLE_OPERATOR, "VirtualMachine.Interact.PowerOn"));
        g_assert_true(role_has(ROLE_OPERATOR, "System.Read"));
        g_assert_false(role_has(ROLE_OPERATOR, "VirtualMachine.Inventory.Delete"));
        g_assert_false(role_has(ROLE_OPERATOR, "VirtualMachine.Interact"));
        g_assert_false(role_has(ROLE_OPERATOR, "Anything.Else"));
        g_assert_true(role_has(ROLE_ADMINISTRATOR, "Anything.Else"));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/api-world/told-once", told_once);
        g_test_add_func("/api-world/told-of-watchers-changes", told_of_watchers_changes);
        g_test_add_func("/api-world/taken-out-while-told", taken_out_while_told);
        g_test_add_func("/api-world/versions", versions);
        g_test_add_func("/api-world/made-when-read", made_when_read);
        g_test_add_func("/api-world/gone", gone);
        g_test_add_func("/api-world/found", found);
        g_test_add_func("/api-world/outlives-the-world", outlives_the_world);
        g_test_add_func("/api-world/parents", parents);
        g_test_add_func("/api-world/owned-objects", owned_objects);
        g_test_add_func("/api-world/roles", roles);
        return g_test_run();
}
