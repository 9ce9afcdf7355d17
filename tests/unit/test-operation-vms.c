/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Methods about many VMs: listing and adopting them, folders, custom attributes. */
#include <libvirt/libvirt.h>
#include <string.h>

#include "inventory/catalog.h"
#include "operation/operation.h"

/* libvirt's own driver for tests, with one running VM, "test". It lives as long as the process. */
#define URI "test:///default"

typedef struct World {
        Inventory *inventory;
        Operations *operations;
        virConnectPtr connection;
} World;

typedef struct Answer {
        bool done;
        JsonNode *result;
        GError *error;
} Answer;

static void on_event(const char *type, const char *vm, const char *message, gpointer user_data)
{
        (void)type;
        (void)vm;
        (void)message;
        (void)user_data;
}

static void on_changed(gpointer user_data)
{
        (void)user_data;
}

/* Tasks begin when what an earlier life left behind has been looked at: nothing of the test's is busy then.
 */
static void wait_reconciled(World *world)
{
        g_autoptr(JsonObject) args = json_object_new();
        g_autoptr(GError) error = NULL;
        const char *state = "";
        int64_t id;

        g_assert_true(operations_start(world->operations, "ReconcileVMs", args, NULL, NULL, &id, &error));
        while (strcmp(state, "success") != 0) {
                g_autoptr(JsonNode) task = operations_task(world->operations, id, &error);

                g_assert_no_error(error);
                state = g_intern_string(json_object_get_string_member(json_node_get_object(task), "state"));
                (void)g_main_context_iteration(NULL, FALSE);
        }
}

static void set_up(World *world, gconstpointer data)
{
        g_autoptr(GError) error = NULL;
        OperationsParts parts = {.uri = URI, .event = on_event, .changed = on_changed};

        (void)data;
        world->connection = virConnectOpen(URI);
        g_assert_nonnull(world->connection);
        world->inventory = inventory_open(":memory:", &error);
        g_assert_no_error(error);
        parts.inventory = world->inventory;
        world->operations = operations_new(&parts, &error);
        g_assert_no_error(error);
        wait_reconciled(world);
}

static void tear_down(World *world, gconstpointer data)
{
        (void)data;
        operations_free(world->operations);
        inventory_close(world->inventory);
        g_assert_cmpint(virConnectClose(world->connection), >=, 0);
}

static void on_done(JsonNode *result, const GError *error, gpointer user_data)
{
        Answer *answer = user_data;

        answer->done = true;
        answer->result = result != NULL ? json_node_copy(result) : NULL;
        answer->error = error != NULL ? g_error_copy(error) : NULL;
}

/* Calls a method with arguments in JSON with ' for "; the result, or NULL with an error. */
static JsonNode *ask(World *world, const char *method, const char *text, GError **error)
{
        g_autofree char *json = g_strdelimit(g_strdup(text), "'", '"');
        g_autoptr(JsonNode) args = json_from_string(json, error);
        int64_t task = -1;
        Answer answer = {0};

        g_assert_nonnull(args);
        g_assert_true(operations_start(world->operations, method, json_node_get_object(args), on_done,
                                       &answer, &task, error));
        while (!answer.done)
                (void)g_main_context_iteration(NULL, TRUE);
        if (answer.error != NULL)
                g_propagate_error(error, answer.error);
        return answer.result;
}

/* What is done without a result. */
static void do_it(World *world, const char *method, const char *text)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonNode) result = ask(world, method, text, &error);

        g_assert_no_error(error);
        g_assert_null(result);
}

static void assert_refused(World *world, const char *method, const char *text, GIOErrorEnum code,
                           const char *why)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonNode) result = ask(world, method, text, &error);

        g_assert_null(result);
        g_assert_error(error, G_IO_ERROR, (int)code);
        if (strstr(error->message, why) == NULL)
                g_error("\"%s\" is not in: %s", why, error->message);
}

static void assert_result(World *world, const char *method, const char *text, const char *expected)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonNode) result = ask(world, method, text, &error);
        g_autofree char *json = NULL;

        g_assert_no_error(error);
        json = g_strdelimit(json_to_string(result, FALSE), "\"", '\'');
        g_assert_cmpstr(json, ==, expected);
}

static JsonObject *find(World *world, const char *name)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonNode) result = ask(world, "ListVMs", "{'disks': true}", &error);
        JsonObject *found = NULL;

        g_assert_no_error(error);
        for (unsigned i = 0; i < json_array_get_length(json_node_get_array(result)); i++) {
                JsonObject *vm = json_array_get_object_element(json_node_get_array(result), i);

                if (strcmp(json_object_get_string_member(vm, "name"), name) != 0)
                        continue;
                g_assert_null(found);
                found = json_object_ref(vm);
        }
        return found;
}

static void add_record(World *world, const char *name, const char *parent)
{
        g_autofree char *uuid = g_uuid_string_random();
        g_autoptr(Record) record = record_new(uuid, name);
        g_autoptr(Record) from = parent != NULL ? record_find(world->inventory, parent, NULL) : NULL;

        record->parent = from != NULL ? g_strdup(from->uuid) : NULL;
        g_assert_true(record_save(world->inventory, record, NULL));
}

static void test_adopt(World *world, gconstpointer data)
{
        g_autoptr(JsonObject) before = find(world, "test"), after = NULL, moved = NULL;
        virDomainPtr domain = virDomainLookupByName(world->connection, "test");
        g_autofree char *args = NULL;

        (void)data;
        g_assert_false(json_object_get_boolean_member(before, "adopted"));
        g_assert_cmpstr(json_object_get_string_member(before, "power"), ==, "on");
        g_assert_false(json_object_has_member(before, "folder"));

        assert_refused(world, "AdoptVM", "{'vm': 'nobody'}", G_IO_ERROR_NOT_FOUND, "\"nobody\"");
        assert_refused(world, "AdoptVM", "{'vm': 'test', 'folder': '/none'}", G_IO_ERROR_NOT_FOUND, "/none");
        assert_refused(world, "AdoptVM", "{}", G_IO_ERROR_INVALID_ARGUMENT, "\"vm\"");
        do_it(world, "CreateFolder", "{'path': '/lab'}");
        do_it(world, "AdoptVM", "{'vm': 'test', 'folder': '/lab'}");
        assert_refused(world, "AdoptVM", "{'vm': 'test'}", G_IO_ERROR_EXISTS, "already");
        after = find(world, "test");
        g_assert_true(json_object_get_boolean_member(after, "adopted"));
        g_assert_cmpstr(json_object_get_string_member(after, "power"), ==, "on");
        g_assert_cmpstr(json_object_get_string_member(after, "folder"), ==, "/lab");
        g_assert_true(json_object_get_null_member(after, "datastore"));
        g_assert_cmpstr(json_object_get_string_member(after, "uuid"), ==,
                        json_object_get_string_member(before, "uuid"));

        /* Renamed by others: found by its UUID, it has the new name then, and its folder still. */
        g_assert_cmpint(virDomainDestroy(domain), ==, 0);
        g_assert_cmpint(virDomainRename(domain, "other", 0), ==, 0);
        args = g_strdup_printf("{'vm': '%s'}", json_object_get_string_member(before, "uuid"));
        do_it(world, "AdoptVM", args);
        moved = find(world, "other");
        g_assert_cmpstr(json_object_get_string_member(moved, "folder"), ==, "/lab");
        g_assert_cmpstr(json_object_get_string_member(moved, "power"), ==, "off");
        g_assert_null(find(world, "test"));
        g_assert_cmpint(virDomainRename(domain, "test", 0), ==, 0);
        g_assert_cmpint(virDomainCreate(domain), ==, 0);
        g_assert_cmpint(virDomainFree(domain), ==, 0);
}

/* Cards that are on a port group's bridge, in its VLAN, are on the port group. */
static void test_adopt_cards(World *world, gconstpointer data)
{
        static const char *const cards[][3] = {{"52:54:00:00:00:01", "br0", "<vlan><tag id='7'/></vlan>"},
                                               {"52:54:00:00:00:02", "br0", ""},
                                               {"52:54:00:00:00:03", "br0", "<vlan><tag id='8'/></vlan>"},
                                               {"52:54:00:00:00:04", "br1", "<vlan><tag id='7'/></vlan>"}};
        const SwitchRecord vswitch = {(char *)(gintptr) "s", (char *)(gintptr) "br0", NULL};
        const PortGroupRecord groups[] = {{(char *)(gintptr) "lab", (char *)(gintptr) "s", 7},
                                          {(char *)(gintptr) "all", (char *)(gintptr) "s", 4095}};
        g_autoptr(GString) xml = g_string_new("<domain type='test'><name>carded</name><memory>8192</memory>"
                                              "<os><type>hvm</type></os><devices>");
        g_autoptr(GHashTable) found = NULL;
        char uuid[VIR_UUID_STRING_BUFLEN];
        virDomainPtr domain;

        (void)data;
        for (unsigned i = 0; i < G_N_ELEMENTS(cards); i++)
                g_string_append_printf(xml,
                                       "<interface type='bridge'><mac address='%s'/><source bridge='%s'/>"
                                       "<virtualport type='openvswitch'/>%s</interface>",
                                       cards[i][0], cards[i][1], cards[i][2]);
        g_string_append(xml, "</devices></domain>");
        domain = virDomainDefineXML(world->connection, xml->str);
        g_assert_nonnull(domain);
        g_assert_cmpint(virDomainGetUUIDString(domain, uuid), ==, 0);
        g_assert_true(switch_save(world->inventory, &vswitch, NULL));
        g_assert_true(port_group_save_all(world->inventory, groups, G_N_ELEMENTS(groups), NULL));
        do_it(world, "AdoptVM", "{'vm': 'carded'}");
        found = card_records(world->inventory, uuid, NULL);
        g_assert_cmpuint(g_hash_table_size(found), ==, 2);
        g_assert_cmpstr(g_hash_table_lookup(found, cards[0][0]), ==, "lab");
        g_assert_cmpstr(g_hash_table_lookup(found, cards[1][0]), ==, "all");
        g_assert_cmpint(virDomainUndefine(domain), ==, 0);
        g_assert_cmpint(virDomainFree(domain), ==, 0);
}

/* What cannot be kept: a name that none may have, and a VM that is not there after its power-off. */
static void test_cannot_adopt(World *world, gconstpointer data)
{
        virDomainPtr slash = virDomainDefineXML(world->connection,
                                                "<domain type='test'><name>a\\b</name><memory>8192</memory>"
                                                "<os><type>hvm</type></os></domain>"),
                     transient =
                             virDomainCreateXML(world->connection,
                                                "<domain type='test'><name>gone</name>"
                                                "<memory>8192</memory><os><type>hvm</type></os></domain>",
                                                0);

        (void)data;
        g_assert_nonnull(slash);
        g_assert_nonnull(transient);
        assert_refused(world, "AdoptVM", "{'vm': 'a\\\\b'}", G_IO_ERROR_INVALID_ARGUMENT, "virsh domrename");
        assert_refused(world, "AdoptVM", "{'vm': 'gone'}", G_IO_ERROR_NOT_SUPPORTED, "transient");
        g_assert_cmpint(virDomainUndefine(slash), ==, 0);
        g_assert_cmpint(virDomainDestroy(transient), ==, 0);
        g_assert_cmpint(virDomainFree(slash) + virDomainFree(transient), ==, 0);
}

static void test_list(World *world, gconstpointer data)
{
        g_autoptr(JsonObject) parent = NULL, clone = NULL, none = NULL;
        g_autoptr(Record) record = NULL;

        (void)data;
        add_record(world, "Tmpl Web 1.0", NULL);
        add_record(world, "Web01", "Tmpl Web 1.0");
        record = record_find(world->inventory, "Web01", NULL);
        record->is_template = true;
        g_assert_true(record_save(world->inventory, record, NULL));
        do_it(world, "AddCustomFieldDef", "{'name': 'Owner', 'type': 'vm'}");
        do_it(world, "SetField", "{'vms': ['Web01'], 'name': 'Owner', 'value': 'it\\u0027s me'}");
        parent = find(world, "Tmpl Web 1.0");
        clone = find(world, "Web01");
        g_assert_cmpstr(json_object_get_string_member(parent, "power"), ==, "missing");
        g_assert_true(json_object_get_null_member(parent, "parent"));
        g_assert_cmpuint(json_object_get_size(json_object_get_object_member(parent, "attributes")), ==, 0);
        g_assert_cmpstr(json_object_get_string_member(clone, "parent"), ==, "Tmpl Web 1.0");
        g_assert_true(json_object_get_boolean_member(clone, "template"));
        g_assert_false(json_object_get_boolean_member(clone, "linked"));
        g_assert_cmpint(json_object_get_int_member(clone, "snapshots"), ==, 0);
        g_assert_cmpstr(
                json_object_get_string_member(json_object_get_object_member(clone, "attributes"), "Owner"),
                ==, "it's me");

        record->state = RECORD_MAKING;
        g_assert_true(record_save(world->inventory, record, NULL));
        none = find(world, "Web01");
        g_assert_null(none);
        assert_refused(world, "SetField", "{'vms': ['Web01'], 'name': 'Owner', 'value': 'x'}",
                       G_IO_ERROR_NOT_FOUND, "Web01");
        assert_refused(world, "ListVMs", "{'what': 1}", G_IO_ERROR_INVALID_ARGUMENT, "what");
}

static void test_folders(World *world, gconstpointer data)
{
        (void)data;
        add_record(world, "a", NULL);
        add_record(world, "b", NULL);
        do_it(world, "CreateFolder", "{'path': '/lab'}");
        do_it(world, "CreateFolder", "{'path': '/lab/old'}");
        do_it(world, "MoveIntoFolder", "{'vms': ['a', 'b'], 'folder': '/lab/old'}");
        do_it(world, "MoveIntoFolder", "{'vms': ['b'], 'folder': '/'}");
        /* All or none. */
        assert_refused(world, "MoveIntoFolder", "{'vms': ['a', 'nobody'], 'folder': '/'}",
                       G_IO_ERROR_NOT_FOUND, "nobody");
        assert_refused(world, "MoveIntoFolder", "{'vms': ['b', 'a'], 'folder': '/none'}",
                       G_IO_ERROR_NOT_FOUND, "/none");
        do_it(world, "MoveFolder", "{'path': '/lab', 'to': '/field'}");
        assert_result(world, "ListFolders", "{}",
                      "[{'path':'/','vms':1,'folders':1},{'path':'/field','vms':0,'folders':1},"
                      "{'path':'/field/old','vms':1,'folders':0}]");
        assert_refused(world, "DestroyFolder", "{'path': '/field/old'}", G_IO_ERROR_BUSY, "a");
        do_it(world, "MoveIntoFolder", "{'vms': ['a'], 'folder': '/'}");
        do_it(world, "DestroyFolder", "{'path': '/field/old'}");
        assert_refused(world, "CreateFolder", "{'path': 5}", G_IO_ERROR_INVALID_ARGUMENT, "path");
        assert_refused(world, "CreateFolder", "{'path': '/x', 'y': 1}", G_IO_ERROR_INVALID_ARGUMENT, "y");
}

static void test_attributes(World *world, gconstpointer data)
{
        (void)data;
        add_record(world, "a", NULL);
        add_record(world, "b", NULL);
        do_it(world, "AddCustomFieldDef", "{'name': 'Owner'}");
        do_it(world, "AddCustomFieldDef", "{'name': 'Rack', 'type': 'host'}");
        assert_refused(world, "AddCustomFieldDef", "{'name': 'x', 'type': 'pool'}",
                       G_IO_ERROR_INVALID_ARGUMENT, "type");
        do_it(world, "SetField", "{'host': true, 'name': 'Rack', 'value': '7'}");
        do_it(world, "SetField", "{'vms': ['a', 'b'], 'name': 'Owner', 'value': 'me'}");
        /* All or none. */
        assert_refused(world, "SetField", "{'vms': ['a', 'nobody'], 'name': 'Owner', 'value': 'you'}",
                       G_IO_ERROR_NOT_FOUND, "nobody");
        assert_refused(world, "SetField", "{'name': 'Owner', 'value': 'you'}", G_IO_ERROR_INVALID_ARGUMENT,
                       "vms");
        assert_refused(world, "SetField", "{'vms': ['a'], 'host': true, 'name': 'Owner'}",
                       G_IO_ERROR_INVALID_ARGUMENT, "vms");
        assert_refused(world, "SetField", "{'vms': ['a'], 'vm': 'b', 'name': 'Owner'}",
                       G_IO_ERROR_INVALID_ARGUMENT, "vms");
        do_it(world, "SetField", "{'vm': 'b', 'name': 'Owner'}");
        do_it(world, "RenameCustomFieldDef", "{'name': 'Owner', 'to': 'Boss'}");
        assert_result(world, "ListCustomFields", "{}",
                      "[{'name':'Boss','type':'any','host':null},{'name':'Rack','type':'host','host':'7'}]");
        assert_result(world, "FindByField", "{'name': 'Boss', 'value': 'you'}", "[]");
        assert_refused(world, "FindByField", "{'name': 'Owner'}", G_IO_ERROR_NOT_FOUND, "Owner");
        {
                g_autoptr(Record) a = record_find(world->inventory, "a", NULL);
                g_autofree char *found = g_strdup_printf("[{'name':'a','uuid':'%s'}]", a->uuid);

                assert_result(world, "FindByField", "{'name': 'Boss', 'value': 'me'}", found);
                assert_result(world, "FindByField", "{'name': 'Boss'}", found);
        }
        do_it(world, "RemoveCustomFieldDef", "{'name': 'Boss'}");
        assert_refused(world, "RemoveCustomFieldDef", "{'name': 'Boss'}", G_IO_ERROR_NOT_FOUND, "Boss");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_assert_cmpint(virInitialize(), ==, 0);
#define ADD(name, function) g_test_add(name, World, NULL, set_up, function, tear_down)
        ADD("/operation/vms/adopt", test_adopt);
        ADD("/operation/vms/adopt-cards", test_adopt_cards);
        ADD("/operation/vms/cannot-adopt", test_cannot_adopt);
        ADD("/operation/vms/list", test_list);
        ADD("/operation/vms/folders", test_folders);
        ADD("/operation/vms/attributes", test_attributes);
        return g_test_run();
}
