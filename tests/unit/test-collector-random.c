/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Random changes to a random inventory, and clients who know nothing of it but what UpdateSets tell: after
 * any of them, what a client has pieced together is what it would read anew. Answers get lost, sets are cut
 * short, clients begin anew.
 */
#include "api/collector/children.h"
#include "collector-world.h"

#define PC     "propertyCollector"
#define STEPS  3000u
#define MAX_VM 30u

/* Folders and what is in them, VMs with some paths of their own; folders themselves too. */
#define SPEC_TREE                                                                                           \
        "{'propSet':[{'type':'VirtualMachine','pathSet':['name','config','recentTask','config.hardware."    \
        "device"                                                                                            \
        "[2001]','config.hardware.device[2000].deviceInfo.label','guest.ipAddress','parent']},"             \
        "{'type':'Folder','pathSet':['name','childEntity']}],"                                              \
        "'objectSet':[{'obj':" VM_FOLDER ",'selectSet':[{'_typeName':'TraversalSpec','name':'down','type':" \
        "'Folder','path':'childEntity','selectSet':[{'_typeName':'SelectionSpec','name':'down'},"           \
        "{'_typeName':'TraversalSpec','type':'VirtualMachine','path':'recentTask'}]}]}]}"
#define SPEC_VIEW                                                                                        \
        "{'propSet':[{'type':'ManagedEntity','all':true}],'objectSet':[{'obj':" REF(                     \
                "ContainerView", "%s") ",'skip':true,'selectSet':[{'_typeName':'TraversalSpec','type':'" \
                                       "ContainerView','path':'view'}]}]}"
#define SPEC_ONE                                                                                            \
        "{'propSet':[{'type':'VirtualMachine','pathSet':['config.extraConfig','config.extraConfig[\\'a\\']" \
        "',"                                                                                                \
        "'config.extraConfig[\\'a\\'].value']}],'objectSet':[{'obj':" REF("VirtualMachine", "vm-1") "}]}"

/* === a client === */

typedef struct Client {
        const char *collector; /* its own */
        const char *spec;
        GHashTable *objects; /* id to GHashTable of path to VimValue * */
        char *version;
        unsigned max; /* objects at a time */
} Client;

static void free_value(gpointer value)
{
        vim_unref(value);
}

static void free_table(gpointer table)
{
        g_hash_table_unref(table);
}

static GHashTable *new_table(void)
{
        return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_value);
}

static VimValue *copy_of(const VimValue *value)
{
        VimValue *copy =
                value->is_list ? vim_new_list(value->type->name) : vim_new_object(value->type->name);

        if (value->is_list)
                for (unsigned i = 0; i < vim_length(value); i++)
                        vim_add(copy, vim_ref(vim_item(value, i)));
        else
                for (unsigned i = 0; i < value->type->n_fields; i++)
                        copy->fields[i] = vim_ref(value->fields[i]);
        return copy;
}

static VimValue *apply(const VimValue *value, const char *rest, const char *op, const VimValue *new);

/*
 * rest: what stands behind the key. Where a client asked for a path and for one below it, it is told of
 * both, and what is told twice comes to the same.
 */
static VimValue *apply_to_item(const VimValue *list, const char *key, const char *rest, const char *op,
                               const VimValue *new)
{
        const VimValue *old = vim_find_item(list, key);
        bool removes = rest[0] == '\0' && strcmp(op, "remove") == 0;
        VimValue *copy = vim_new_list(list->type->name);

        g_assert_true(list->is_list);
        for (unsigned i = 0; i < vim_length(list); i++) {
                const VimValue *item = vim_item(list, i);

                if (item != old)
                        vim_add(copy, vim_ref(item));
                else if (!removes)
                        vim_add(copy, apply(item, rest, "assign", new));
        }
        if (old == NULL && !removes) {
                g_assert_cmpstr(rest, ==, "");
                vim_add(copy, vim_ref(new));
        }
        return copy;
}

/* The value with a change at ".a.b[k].c" below it. */
static VimValue *apply(const VimValue *value, const char *rest, const char *op, const VimValue *new)
{
        g_autofree char *name = NULL;
        const char *after;
        VimValue *copy;
        int place;

        if (rest[0] == '\0') {
                g_assert_cmpstr(op, ==, "assign");
                return vim_ref(new);
        }
        g_assert_nonnull(value);
        if (rest[0] == '[') {
                g_autofree char *inner = NULL;
                const char *end = strchr(rest, ']');

                inner = g_strndup(rest + 1, (gsize)(end - rest - 1));
                if (inner[0] == '"') {
                        inner[strlen(inner) - 1] = '\0';
                        return apply_to_item(value, inner + 1, end + 1, op, new);
                }
                return apply_to_item(value, inner, end + 1, op, new);
        }
        after = rest + 1 + strcspn(rest + 1, ".[");
        name = g_strndup(rest + 1, (gsize)(after - rest - 1));
        place = vim_type_field(value->type, name);
        g_assert_cmpint(place, >=, 0);
        copy = copy_of(value);
        vim_unref(copy->fields[place]);
        copy->fields[place] = apply(value->fields[place], after, op, new);
        return copy;
}

/* The filter's own paths, as the client knows them: what is deeper is a change below one of them. */
static bool is_filter_path(const Client *client, const char *name)
{
        g_autofree char *in_spec = g_strdup(client->spec);
        g_autofree char *escaped = g_strdelimit(g_strdup(name), "\"", '\'');
        g_autofree char *quoted = g_strdup_printf("'%s'", escaped);

        /* The specification escapes quotes in keys. */
        for (char *p = in_spec; (p = strchr(p, '\\')) != NULL;)
                memmove(p, p + 1, strlen(p));
        return strstr(in_spec, quoted) != NULL ||
               (strstr(in_spec, "'all'") != NULL && strpbrk(name, ".[") == NULL);
}

static bool is_below(const char *name, const char *path)
{
        size_t length = strlen(path);

        return strncmp(name, path, length) == 0 && (name[length] == '.' || name[length] == '[');
}

static void apply_change(const Client *client, GHashTable *properties, const VimValue *change)
{
        const char *name = vim_get_text(change, "name"), *op = vim_get_text(change, "op");
        const VimValue *new = vim_get(change, "val");
        bool known = is_filter_path(client, name);
        GHashTableIter iter;
        gpointer path, value;

        if (known && new == NULL)
                g_hash_table_remove(properties, name);
        else if (known)
                g_hash_table_insert(properties, g_strdup(name), vim_ref(new));
        /* What was removed with all around it was told of that. */
        if (strcmp(op, "indirectRemove") == 0)
                return;
        g_hash_table_iter_init(&iter, properties);
        while (g_hash_table_iter_next(&iter, &path, &value)) {
                if (!is_below(name, path))
                        continue;
                g_hash_table_iter_replace(&iter, apply(value, name + strlen(path), op, new));
                known = true;
        }
        g_assert_true(known);
}

static void apply_update(Client *client, const VimValue *update)
{
        const char *id = vim_get_text(update, "obj"), *kind = vim_get_text(update, "kind");
        const VimValue *changes = vim_get(update, "changeSet");
        GHashTable *properties;

        if (strcmp(kind, "leave") == 0) {
                g_assert_true(g_hash_table_remove(client->objects, id));
                return;
        }
        if (strcmp(kind, "enter") == 0) {
                g_assert_false(g_hash_table_contains(client->objects, id));
                g_hash_table_insert(client->objects, g_strdup(id), new_table());
        }
        properties = g_hash_table_lookup(client->objects, id);
        g_assert_nonnull(properties);
        for (unsigned i = 0; i < vim_length(changes); i++)
                apply_change(client, properties, vim_item(changes, i));
}

/* False: there was nothing. */
static bool take_update(Lab *lab, Client *client, uint64_t *random)
{
        g_autofree char *args = NULL;
        const VimValue *filters;

        if (client->version[0] != '\0' && unit_below(random, 200) == 0) {
                client->version[0] = '\0';
                g_hash_table_remove_all(client->objects);
        }
        args = g_strdup_printf("{'version':'%s','options':{'maxWaitSeconds':0,'maxObjectUpdates':%u}}",
                               client->version, client->max);
        (void)lab_ask(lab, client->collector, "WaitForUpdatesEx", args);
        g_assert_null(lab->last.fault);
        if (lab->last.result == NULL)
                return false;
        /* Lost on the way. (After "" the next one is "" again.) */
        if (unit_below(random, 10) == 0)
                return true;
        filters = vim_get(lab->last.result, "filterSet");
        for (unsigned i = 0; i < vim_length(filters); i++) {
                const VimValue *updates = vim_get(vim_item(filters, i), "objectSet");

                g_assert_cmpuint(vim_length(updates), <=, client->max);
                for (unsigned j = 0; j < vim_length(updates); j++)
                        apply_update(client, vim_item(updates, j));
        }
        g_free(client->version);
        client->version = g_strdup(vim_get_text(lab->last.result, "version"));
        client->max = unit_below(random, 3) == 0 ? 1 + unit_below(random, 5) : 1000;
        return true;
}

static void compare_object(const Client *client, const VimValue *content)
{
        const VimValue *set = vim_get(content, "propSet");
        GHashTable *properties = g_hash_table_lookup(client->objects, vim_get_text(content, "obj"));

        g_assert_nonnull(properties);
        for (unsigned i = 0; i < vim_length(set); i++) {
                const char *name = vim_get_text(vim_item(set, i), "name");
                const VimValue *now = vim_get(vim_item(set, i), "val");

                if (!vim_equal(g_hash_table_lookup(properties, name), now)) {
                        g_autoptr(GString) has = g_string_new(NULL);

                        say(has, g_hash_table_lookup(properties, name));
                        g_string_append(has, " is ");
                        say(has, now);
                        g_error("%s: %s of %s: %s", client->collector, name, vim_get_text(content, "obj"),
                                has->str);
                }
        }
        g_assert_cmpuint(g_hash_table_size(properties), ==, vim_length(set));
}

/* All that there is to tell, and then the client knows what it would read. */
static void compare(Lab *lab, Client *client, uint64_t *random)
{
        g_autofree char *args = g_strdup_printf("{'specSet':[%s]}", client->spec);
        const VimValue *objects;

        while (take_update(lab, client, random))
                ;
        (void)lab_ask(lab, PC, "RetrieveProperties", args);
        g_assert_null(lab->last.fault);
        objects = lab->last.result;
        g_assert_cmpuint(vim_length(objects), ==, g_hash_table_size(client->objects));
        for (unsigned i = 0; i < vim_length(objects); i++)
                compare_object(client, vim_item(objects, i));
}

static void client_init(Lab *lab, Client *client, const char *spec, bool partial)
{
        g_autofree char *args =
                g_strdup_printf("{'spec':%s,'partialUpdates':%s}", spec, partial ? "true" : "false");

        client->collector = lab_ask(lab, PC, "CreatePropertyCollector", "{}");
        client->spec = spec;
        client->objects = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_table);
        client->version = g_strdup("");
        client->max = 1000;
        (void)lab_ask(lab, client->collector, "CreateFilter", args);
        g_assert_null(lab->last.fault);
}

static void client_clear(Client *client)
{
        g_hash_table_unref(client->objects);
        g_free(client->version);
}

/* === what happens === */

typedef struct Chaos {
        Lab *lab;
        uint64_t random;
        unsigned last; /* id */
} Chaos;

static Managed *any(Chaos *chaos, const char *type)
{
        g_autoptr(GPtrArray) list = world_list(chaos->lab->world, type);

        return list->len > 0 ? list->pdata[unit_below(&chaos->random, list->len)] : NULL;
}

static VimValue *random_config(Chaos *chaos)
{
        VimValue *config = lab_config(unit_below(&chaos->random, 2) ? "a" : "b", 0);
        VimValue *hardware = vim_new_object("VirtualHardware"), *devices = vim_new_list("VirtualDevice");
        g_autoptr(VimValue) options = vim_new_list("OptionValue");
        unsigned from = unit_below(&chaos->random, 4), n = unit_below(&chaos->random, 4);
        bool backwards = unit_below(&chaos->random, 5) == 0;

        for (unsigned i = 0; i < n; i++) {
                unsigned key = 2000 + (backwards ? from + n - i : from + i);
                VimValue *device = lab_device((int)key, unit_below(&chaos->random, 2) ? "x" : "y");

                if (unit_below(&chaos->random, 4) == 0) {
                        vim_unref(device);
                        device = vim_new_object("VirtualCdrom");
                        vim_set_int(device, "key", key);
                }
                /* Twice the same key is wrong, and must not confuse anybody. */
                if (unit_below(&chaos->random, 20) == 0)
                        vim_add(devices, vim_ref(device));
                vim_add(devices, device);
        }
        vim_set(hardware, "device", devices);
        vim_set(config, "hardware", hardware);
        for (unsigned i = 0, n_options = unit_below(&chaos->random, 4); i < n_options; i++) {
                static const char *const keys[] = {"a", "b.c", "d]e", "f"};
                VimValue *option = vim_new_object("OptionValue");

                vim_set_text(option, "key", keys[(i + from) % G_N_ELEMENTS(keys)]);
                if (unit_below(&chaos->random, 2))
                        vim_set(option, "value", vim_new_string(unit_below(&chaos->random, 2) ? "1" : "2"));
                else
                        vim_set(option, "value", vim_new_int(unit_below(&chaos->random, 2)));
                vim_add(options, option);
        }
        if (vim_length(options) > 0)
                vim_set(config, "extraConfig", g_steal_pointer(&options));
        return config;
}

static void change_vm(Chaos *chaos, Managed *vm)
{
        VimValue *guest, *tasks;

        switch (unit_below(&chaos->random, 5)) {
        case 0:
                managed_set(vm, "config", unit_below(&chaos->random, 6) ? random_config(chaos) : NULL);
                break;
        case 1:
                managed_set_text(vm, "name", unit_below(&chaos->random, 2) ? "this" : "that");
                break;
        case 2:
                guest = vim_new_object("GuestInfo");
                if (unit_below(&chaos->random, 2))
                        vim_set_text(guest, "ipAddress",
                                     unit_below(&chaos->random, 2) ? "10.0.0.1" : "10.0.0.2");
                if (unit_below(&chaos->random, 3) == 0)
                        g_clear_pointer(&guest, vim_unref);
                managed_set(vm, "guest", guest);
                break;
        case 3:
                tasks = vim_new_list("Task");
                for (unsigned i = 0, n = unit_below(&chaos->random, 3); i < n; i++) {
                        g_autofree char *id = g_strdup_printf("task-%u", unit_below(&chaos->random, 6));

                        vim_add(tasks, vim_new_reference("Task", id));
                }
                managed_set(vm, "recentTask", tasks);
                break;
        default:
                entity_set_parent(vm, any(chaos, "Folder"));
        }
}

static void change_something(Chaos *chaos)
{
        Lab *lab = chaos->lab;
        g_autoptr(GPtrArray) vms = world_list(lab->world, "VirtualMachine");
        g_autofree char *id = g_strdup_printf("vm-%u", ++chaos->last + 100);
        Managed *folder, *vm;

        switch (unit_below(&chaos->random, 12)) {
        case 0:
                if (vms->len < MAX_VM)
                        (void)lab_add_vm(lab, id, "new", any(chaos, "Folder")->id);
                break;
        case 1:
                vm = any(chaos, "VirtualMachine");
                if (vm != NULL && strcmp(vm->id, "vm-1") != 0) {
                        /* Some take leave of their folders, some not. */
                        if (unit_below(&chaos->random, 2))
                                entity_set_parent(vm, NULL);
                        world_remove(vm);
                }
                break;
        case 2:
                /* Also below itself: a circle, which must not hang anybody. */
                folder = any(chaos, "Folder");
                if (strcmp(folder->id, "group-d1") != 0)
                        entity_set_parent(folder, any(chaos, "Folder"));
                break;
        case 3:
                managed_set_text(any(chaos, "Folder"), "name",
                                 unit_below(&chaos->random, 2) ? "here" : "there");
                break;
        default:
                vm = any(chaos, "VirtualMachine");
                if (vm != NULL)
                        change_vm(chaos, vm);
        }
}

static void add_below(const Managed *managed, GHashTable *ids)
{
        g_autoptr(GPtrArray) children = children_of(managed);

        for (unsigned i = 0; i < children->len; i++) {
                const Managed *child = children->pdata[i];

                if (g_hash_table_add(ids, child->id))
                        add_below(child, ids);
        }
}

/* The view shows what a plain look at all of the inventory finds. */
static void compare_view(Lab *lab, const char *view)
{
        g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
        unsigned found = 0;

        add_below(world_find(lab->world, "group-d1"), ids);
        (void)g_hash_table_remove(ids, "group-d1");
        (void)g_hash_table_remove(ids, "datacenter-2");
        (void)lab_ask(lab, view, "Fetch", "{'prop':'view'}");
        for (; found < vim_length(lab->last.result); found++)
                g_assert_true(g_hash_table_contains(ids, vim_item(lab->last.result, found)->text));
        g_assert_cmpuint(found, ==, g_hash_table_size(ids));
}

static void run(uint64_t seed)
{
        g_autoptr(Lab) lab = lab_new();
        Chaos chaos = {.lab = lab, .random = seed};
        const char *view =
                lab_ask(lab, "ViewManager", "CreateContainerView",
                        "{'container':" ROOT ",'type':['VirtualMachine','Folder'],'recursive':true}");
        g_autofree char *in_view = g_strdup_printf(SPEC_VIEW, view);
        const char *const specs[] = {SPEC_TREE, in_view, SPEC_ONE};
        Client clients[2 * G_N_ELEMENTS(specs)];

        for (unsigned i = 0; i < 5; i++) {
                g_autofree char *folder = g_strdup_printf("group-v%u", 10 + i);
                g_autofree char *task = g_strdup_printf("task-%u", i);

                (void)lab_add(lab, "Folder", folder, "more", any(&chaos, "Folder")->id);
                (void)world_add(lab->world, "Task", task, NULL);
        }
        for (unsigned i = 0; i < G_N_ELEMENTS(clients); i++)
                client_init(lab, &clients[i], specs[i / 2], i % 2 == 0);
        for (unsigned step = 0; step < STEPS; step++) {
                change_something(&chaos);
                if (unit_below(&chaos.random, 4) == 0)
                        lab_settle();
                if (unit_below(&chaos.random, 3) == 0)
                        (void)take_update(lab, &clients[unit_below(&chaos.random, G_N_ELEMENTS(clients))],
                                          &chaos.random);
                if (unit_below(&chaos.random, 10) == 0)
                        compare(lab, &clients[unit_below(&chaos.random, G_N_ELEMENTS(clients))],
                                &chaos.random);
                if (unit_below(&chaos.random, 20) == 0)
                        compare_view(lab, view);
                g_ptr_array_set_size(lab->texts, MIN(lab->texts->len, 2 * G_N_ELEMENTS(clients)));
        }
        for (unsigned i = 0; i < G_N_ELEMENTS(clients); i++) {
                compare(lab, &clients[i], &chaos.random);
                client_clear(&clients[i]);
        }
}

static void test_seeds(void)
{
        for (uint64_t seed = 1; seed <= 8; seed++)
                run(seed * 0x9e3779b97f4a7c15ull);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/updates/random", test_seeds);
        return g_test_run();
}
