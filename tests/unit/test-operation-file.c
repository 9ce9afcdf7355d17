/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files on datastores and disks of no VM: made, moved, copied, and never one that a VM stands on. */
#include <glib/gstdio.h>
#include <libvirt/libvirt.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inventory/catalog.h"
#include "operation/operation.h"
#include "storage/disk.h"
#include "storage/store-file.h"

/* libvirt's own driver for tests. It lives as long as the process. */
#define URI  "test:///default"
#define UUID "11111111-2222-4333-8444-555555555555"

typedef struct World {
        Inventory *inventory;
        Operations *operations;
        virConnectPtr connection;
        char *top, *one, *two; /* folders: all, datastores "one" and "two" */
} World;

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

typedef struct Answer {
        bool done;
        JsonNode *result;
        GError *error;
} Answer;

static void on_done(JsonNode *result, const GError *error, gpointer user_data)
{
        Answer *answer = user_data;

        answer->done = true;
        answer->result = result != NULL ? json_node_copy(result) : NULL;
        answer->error = error != NULL ? g_error_copy(error) : NULL;
}

static JsonNode *wait_task(World *world, int64_t id, GError **error)
{
        for (;;) {
                g_autoptr(JsonNode) task = operations_task(world->operations, id, NULL);
                JsonObject *object = json_node_get_object(task);
                const char *state = json_object_get_string_member(object, "state");

                if (strcmp(state, "success") == 0)
                        return json_object_has_member(object, "result")
                                       ? json_node_copy(json_object_get_member(object, "result"))
                                       : NULL;
                if (strcmp(state, "error") == 0) {
                        const char *kind = json_object_get_string_member(object, "errorKind");
                        const char *message = json_object_get_string_member(object, "message");
                        int code = G_IO_ERROR_FAILED;

                        for (int i = 0; i <= G_IO_ERROR_NOT_CONNECTED; i++)
                                if (strcmp(operations_error_kind((GIOErrorEnum)i), kind) == 0 &&
                                    strcmp(kind, "failed") != 0)
                                        code = i;
                        g_set_error_literal(error, G_IO_ERROR, code, message);
                        return NULL;
                }
                (void)g_main_context_iteration(NULL, FALSE);
        }
}

/* Calls a method with arguments in JSON with ' for ", and waits when it is a task. */
static JsonNode *ask(World *world, GError **error, const char *method, const char *text)
{
        g_autofree char *json = g_strdelimit(g_strdup(text), "'", '"');
        g_autoptr(JsonNode) args = json_from_string(json, NULL);
        int64_t task = -1;
        Answer answer = {0};

        g_assert_nonnull(args);
        if (!operations_start(world->operations, method, json_node_get_object(args), on_done, &answer, &task,
                              error))
                return NULL;
        if (task != 0)
                return wait_task(world, task, error);
        while (!answer.done)
                (void)g_main_context_iteration(NULL, TRUE);
        if (answer.error != NULL)
                g_propagate_error(error, answer.error);
        return answer.result;
}

static void do_it(World *world, const char *method, const char *text)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonNode) result G_GNUC_UNUSED = ask(world, &error, method, text);

        g_assert_no_error(error);
}

static void assert_refused(World *world, GIOErrorEnum code, const char *begins, const char *method,
                           const char *text)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonNode) result = ask(world, &error, method, text);

        g_assert_null(result);
        g_assert_nonnull(error);
        if (error->code != (int)code || !g_str_has_prefix(error->message, begins))
                g_error("%s %s: %d %s", method, text, error->code, error->message);
}

static void assert_result(World *world, const char *expected, const char *method, const char *text)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonNode) result = ask(world, &error, method, text);
        g_autofree char *json = NULL;

        g_assert_no_error(error);
        json = g_strdelimit(json_to_string(result, FALSE), "\"", '\'');
        g_assert_cmpstr(json, ==, expected);
}

static void open_world(World *world)
{
        OperationsParts parts = {.uri = URI, .event = on_event, .changed = on_changed};
        g_autofree char *path = g_build_filename(world->top, "inventory", NULL);
        g_autoptr(GError) error = NULL;

        world->inventory = inventory_open(path, &error);
        g_assert_no_error(error);
        parts.inventory = world->inventory;
        world->operations = operations_new(&parts, &error);
        g_assert_no_error(error);
}

static void close_world(World *world)
{
        operations_free(world->operations);
        inventory_close(world->inventory);
}

static void set_up(World *world, gconstpointer data)
{
        (void)data;
        world->connection = virConnectOpen(URI);
        world->top = g_dir_make_tmp("operation-file-XXXXXX", NULL);
        world->one = g_build_filename(world->top, "one", NULL);
        world->two = g_build_filename(world->top, "two", NULL);
        g_assert_cmpint(g_mkdir(world->one, 0700), ==, 0);
        g_assert_cmpint(g_mkdir(world->two, 0700), ==, 0);
        open_world(world);
        g_assert_true(datastore_add(world->inventory, "one", world->one, NULL));
        g_assert_true(datastore_add(world->inventory, "two", world->two, NULL));
        do_it(world, "ReconcileVMs", "{}");
}

static void tear_down(World *world, gconstpointer data)
{
        g_autoptr(StoreFile) all = store_file_new("t", g_get_tmp_dir(), strrchr(world->top, '/') + 1);

        (void)data;
        close_world(world);
        g_assert_true(store_file_remove(all, NULL));
        g_assert_cmpint(virConnectClose(world->connection), >=, 0);
        g_free(world->top);
        g_free(world->one);
        g_free(world->two);
}

static char *path_of(const World *world, const char *rest)
{
        return g_build_filename(world->top, rest, NULL);
}

static bool is_there(const World *world, const char *rest)
{
        g_autofree char *path = path_of(world, rest);

        return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void put(const World *world, const char *rest)
{
        g_autofree char *path = path_of(world, rest);

        g_assert_true(g_file_set_contents(path, rest, -1, NULL));
}

/* Nothing half is left, not even a name. */
static void assert_clean(const World *world, const char *folder)
{
        g_autofree char *path = path_of(world, folder);
        g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
        g_autoptr(GPtrArray) intents = intent_list(world->inventory, NULL);
        const char *name;

        while ((name = g_dir_read_name(dir)) != NULL)
                g_assert_false(g_str_has_prefix(name, ".aerostat-"));
        g_assert_cmpuint(intents->len, ==, 0);
}

static uint64_t size_of(const World *world, const char *rest)
{
        g_autofree char *path = path_of(world, rest);
        g_autoptr(DiskInfo) info = disk_info(path, NULL);

        return info != NULL ? info->provisioned_bytes : 0;
}

static uint64_t used_of(const World *world, const char *rest)
{
        g_autofree char *path = path_of(world, rest);
        g_autoptr(DiskInfo) info = disk_info(path, NULL);

        return info->used_bytes;
}

static void test_files(World *world, gconstpointer data)
{
        (void)data;
        do_it(world, "MakeDirectory", "{'path': '[one] a/b', 'parents': true}");
        assert_refused(world, G_IO_ERROR_EXISTS, "\"[one] a/b\"", "MakeDirectory", "{'path': '[one] a/b'}");
        assert_refused(world, G_IO_ERROR_NOT_FOUND, "\"[one] x/y\"", "MakeDirectory",
                       "{'path': '[one] x/y'}");
        assert_refused(world, G_IO_ERROR_NOT_FOUND, "\"[three] x\"", "MakeDirectory",
                       "{'path': '[three] x'}");
        assert_refused(world, G_IO_ERROR_INVALID_ARGUMENT, "\"[one] ../two/x\"", "MakeDirectory",
                       "{'path': '[one] ../two/x'}");
        put(world, "one/a/file");
        do_it(world, "CopyDatastoreFile", "{'source': '[one] a/file', 'target': '[two] file'}");
        g_assert_true(is_there(world, "two/file"));
        assert_refused(world, G_IO_ERROR_EXISTS, "\"[two] file\"", "CopyDatastoreFile",
                       "{'source': '[one] a/file', 'target': '[two] file'}");
        do_it(world, "CopyDatastoreFile",
              "{'source': '[one] a/file', 'target': '[two] file', 'force': true}");
        do_it(world, "MoveDatastoreFile", "{'source': '[one] a/file', 'target': '[one] a/b/moved'}");
        assert_refused(world, G_IO_ERROR_NOT_FOUND, "\"[one] a/file\"", "MoveDatastoreFile",
                       "{'source': '[one] a/file', 'target': '[one] again'}");
        do_it(world, "CopyDatastoreFile", "{'source': '[one] a', 'target': '[two] tree'}");
        g_assert_true(is_there(world, "two/tree/b/moved"));
        do_it(world, "DeleteDatastoreFile", "{'path': '[one] a'}");
        g_assert_false(is_there(world, "one/a"));
        assert_refused(world, G_IO_ERROR_NOT_FOUND, "\"[one] a\"", "DeleteDatastoreFile",
                       "{'path': '[one] a'}");
        assert_refused(world, G_IO_ERROR_NOT_SUPPORTED, "\"[one] \"", "DeleteDatastoreFile",
                       "{'path': '[one]'}");
        assert_clean(world, "two");
}

static void test_disks(World *world, gconstpointer data)
{
        (void)data;
        do_it(world, "CreateVirtualDisk", "{'path': '[one] a.vmdk', 'size_kb': 2048}");
        g_assert_cmpuint(size_of(world, "one/a.vmdk"), ==, 2 << 20);
        g_assert_cmpuint(used_of(world, "one/a.vmdk"), <, 1 << 20);
        assert_refused(world, G_IO_ERROR_EXISTS, "\"[one] a.vmdk\"", "CreateVirtualDisk",
                       "{'path': '[one] a.vmdk', 'size_kb': 2048}");
        assert_refused(world, G_IO_ERROR_NOT_FOUND, "\"[one] none/a.vmdk\"", "CreateVirtualDisk",
                       "{'path': '[one] none/a.vmdk', 'size_kb': 2048}");
        do_it(world, "CreateVirtualDisk",
              "{'path': '[one] thick.vmdk', 'size_kb': 2048, 'provisioning': 'thick'}");
        g_assert_cmpuint(used_of(world, "one/thick.vmdk"), >=, 2 << 20);
        do_it(world, "ExtendVirtualDisk", "{'path': '[one] a.vmdk', 'size_kb': 4096}");
        g_assert_cmpuint(size_of(world, "one/a.vmdk"), ==, 4 << 20);
        assert_refused(world, G_IO_ERROR_INVALID_ARGUMENT, "\"[one] a.vmdk\"", "ExtendVirtualDisk",
                       "{'path': '[one] a.vmdk', 'size_kb': 1024}");
        do_it(world, "InflateVirtualDisk", "{'path': '[one] a.vmdk'}");
        g_assert_cmpuint(used_of(world, "one/a.vmdk"), >=, 4 << 20);
        do_it(world, "ShrinkVirtualDisk", "{'path': '[one] a.vmdk'}");
        g_assert_cmpuint(used_of(world, "one/a.vmdk"), <, 1 << 20);
        do_it(world, "ZeroFillVirtualDisk", "{'path': '[one] thick.vmdk'}");
        g_assert_cmpuint(used_of(world, "one/thick.vmdk"), >=, 2 << 20);
        do_it(world, "CopyVirtualDisk",
              "{'source': '[one] a.vmdk', 'target': '[two] b.vmdk', 'provisioning': 'thick'}");
        g_assert_cmpuint(used_of(world, "two/b.vmdk"), >=, 4 << 20);
        do_it(world, "MoveVirtualDisk", "{'source': '[two] b.vmdk', 'target': '[two] c.vmdk'}");
        g_assert_false(is_there(world, "two/b.vmdk"));
        do_it(world, "SetVirtualDiskUuid", "{'path': '[two] c.vmdk', 'uuid': '" UUID "'}");
        assert_result(world, "{'uuid':'" UUID "','provisioned_bytes':4194304}", "QueryVirtualDisk",
                      "{'path': '[two] c.vmdk'}");
        do_it(world, "DeleteVirtualDisk", "{'path': '[two] c.vmdk'}");
        assert_refused(world, G_IO_ERROR_NOT_FOUND, "\"[two] c.vmdk\"", "DeleteVirtualDisk",
                       "{'path': '[two] c.vmdk'}");
        do_it(world, "MakeDirectory", "{'path': '[two] folder'}");
        assert_refused(world, G_IO_ERROR_NOT_FOUND, "\"[two] folder\"", "DeleteVirtualDisk",
                       "{'path': '[two] folder'}");
        g_assert_true(is_there(world, "two/folder"));
        assert_clean(world, "one");
        assert_clean(world, "two");
}

/* What a client has put there may name files of the host: it is not looked through. */
static void test_hostile_disk(World *world, gconstpointer data)
{
        g_autofree char *secret = path_of(world, "secret"), *disk = path_of(world, "one/disk.qcow2");
        g_autofree char *text = g_strnfill(1 << 20, 's');

        (void)data;
        g_assert_true(g_file_set_contents(secret, text, 1 << 20, NULL));
        g_assert_true(disk_create_overlay(disk, secret, "raw", NULL));
        assert_refused(world, G_IO_ERROR_NOT_SUPPORTED, "\"[one] disk.qcow2\"", "CopyVirtualDisk",
                       "{'source': '[one] disk.qcow2', 'target': '[one] copy.qcow2'}");
        g_assert_false(is_there(world, "one/copy.qcow2"));
        assert_clean(world, "one");
}

static void define(World *world, const char *name, const char *disk)
{
        g_autofree char *xml = g_strdup_printf(
                "<domain type='test'><name>%s</name><uuid>" UUID "</uuid><memory>8192</memory>"
                "<os><type>hvm</type></os><devices><disk type='file' device='disk'>"
                "<driver name='qemu' type='qcow2'/><source file='%s'/><target dev='vda' bus='virtio'/>"
                "</disk></devices></domain>",
                name, disk);
        virDomainPtr domain = virDomainDefineXML(world->connection, xml);
        g_autoptr(Record) record = record_new(UUID, name);

        g_assert_nonnull(domain);
        g_assert_cmpint(virDomainFree(domain), ==, 0);
        record->datastore = g_strdup("one");
        record->home = path_of(world, "one/web");
        g_assert_true(record_save(world->inventory, record, NULL));
}

static void undefine(World *world)
{
        virDomainPtr domain = virDomainLookupByUUIDString(world->connection, UUID);

        (void)virDomainDestroy(domain);
        g_assert_cmpint(virDomainUndefine(domain), ==, 0);
        g_assert_cmpint(virDomainFree(domain), ==, 0);
}

/* A VM "web": its disk stands on a base elsewhere, and it has a snapshot with memory. */
static void make_vm(World *world)
{
        g_autofree char *base = path_of(world, "one/base.qcow2"), *top = path_of(world, "one/web/web.qcow2");
        g_autofree char *folder = path_of(world, "one/web"), *memory = path_of(world, "one/web/web.vmsn");
        g_autoptr(GHashTable) disks = g_hash_table_new(g_str_hash, g_str_equal);
        SnapshotRecord snapshot = {.uuid = (char *)(guintptr)UUID,
                                   .name = (char *)(guintptr) "s",
                                   .description = (char *)(guintptr) "",
                                   .memory = memory,
                                   .definition = (char *)(guintptr) "<domain/>",
                                   .disks = disks};
        SnapshotRecord *list[] = {&snapshot};

        g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
        g_assert_true(disk_create(base, 1 << 20, DISK_THIN, NULL));
        g_assert_true(disk_create_overlay(top, base, "qcow2", NULL));
        put(world, "one/web/web.vmsn");
        put(world, "one/web/web.vmx");
        put(world, "one/web/own.log");
        define(world, "web", top);
        g_assert_true(snapshot_records_change(world->inventory, UUID, list, 1, NULL, 0, SNAPSHOT_LAST_SAVED,
                                              0, NULL));
}

static void test_in_use(World *world, gconstpointer data)
{
        static const char *const used[] = {"base.qcow2",  "web/web.qcow2", "web/web.vmsn",
                                           "web/web.vmx", "web",           "web/linked"};
        g_autofree char *base = path_of(world, "one/base.qcow2"), *linked = path_of(world, "one/web/linked");
        virDomainPtr domain;

        (void)data;
        make_vm(world);
        /* By another name it is the same file. */
        g_assert_cmpint(link(base, linked), ==, 0);
        for (unsigned i = 0; i < G_N_ELEMENTS(used); i++) {
                g_autofree char *one = g_strdup_printf("{'path': '[one] %s'}", used[i]);
                g_autofree char *move =
                        g_strdup_printf("{'source': '[one] %s', 'target': '[two] x'}", used[i]);
                g_autofree char *over = g_strdup_printf(
                        "{'source': '[one] other', 'target': '[one] %s', 'force': true}", used[i]);
                g_autofree char *begins = g_strdup_printf("\"[one] %s", used[i]);

                put(world, "one/other");
                assert_refused(world, G_IO_ERROR_BUSY, begins, "DeleteDatastoreFile", one);
                assert_refused(world, G_IO_ERROR_BUSY, begins, "DeleteVirtualDisk", one);
                assert_refused(world, G_IO_ERROR_BUSY, begins, "MoveDatastoreFile", move);
                assert_refused(world, G_IO_ERROR_BUSY, begins, "ZeroFillVirtualDisk", one);
                assert_refused(world, strcmp(used[i], "web") == 0 ? G_IO_ERROR_EXISTS : G_IO_ERROR_BUSY,
                               begins, "CopyDatastoreFile", over);
                assert_refused(world, strcmp(used[i], "web") == 0 ? G_IO_ERROR_EXISTS : G_IO_ERROR_BUSY,
                               begins, "MoveVirtualDisk", over);
        }
        g_assert_true(is_there(world, "one/web/web.qcow2"));
        /* What lies there and is nobody's may go. */
        do_it(world, "DeleteDatastoreFile", "{'path': '[one] web/own.log'}");

        /* To read it is well while nobody writes to it. */
        do_it(world, "CopyVirtualDisk", "{'source': '[one] web/web.qcow2', 'target': '[two] copy.qcow2'}");
        domain = virDomainLookupByUUIDString(world->connection, UUID);
        g_assert_cmpint(virDomainCreate(domain), ==, 0);
        assert_refused(world, G_IO_ERROR_BUSY, "\"[one] web/web.qcow2\"", "CopyVirtualDisk",
                       "{'source': '[one] web/web.qcow2', 'target': '[two] other.qcow2'}");
        assert_refused(world, G_IO_ERROR_BUSY, "\"[one] web/web.qcow2\"", "CopyDatastoreFile",
                       "{'source': '[one] web/web.qcow2', 'target': '[two] other.qcow2'}");
        do_it(world, "CopyVirtualDisk", "{'source': '[one] base.qcow2', 'target': '[two] other.qcow2'}");
        g_assert_cmpint(virDomainFree(domain), ==, 0);
        undefine(world);
        assert_clean(world, "two");
}

/* A kill while something is made, and one after a copy to another file system took its place. */
static void test_kill(World *world, gconstpointer data)
{
        g_autofree char *partial = path_of(world, "one/.aerostat-1.partial"),
                        *old = path_of(world, "two/old"), *used = path_of(world, "one/web/web.qcow2");
        char *new_files[] = {partial, NULL}, *old_files[] = {old, used, NULL};
        Intent intent = {.uuid = (char *)(guintptr) "99999999-2222-4333-8444-555555555555",
                         .kind = (char *)(guintptr) "file",
                         .new_files = new_files,
                         .old_files = old_files};

        (void)data;
        make_vm(world);
        put(world, "one/.aerostat-1.partial");
        put(world, "two/old");
        g_assert_true(intent_save(world->inventory, &intent, NULL));
        close_world(world);
        open_world(world);
        do_it(world, "ReconcileVMs", "{}");
        g_assert_false(is_there(world, "one/.aerostat-1.partial"));
        g_assert_false(is_there(world, "two/old"));
        /* Whatever the intent says, a file that a VM has stays, and so does the intent. */
        g_assert_true(is_there(world, "one/web/web.qcow2"));
        undefine(world);
}

static void test_search(World *world, gconstpointer data)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(JsonNode) result = NULL;
        JsonObject *found;

        (void)data;
        do_it(world, "MakeDirectory", "{'path': '[one] a/b', 'parents': true}");
        do_it(world, "CreateVirtualDisk", "{'path': '[one] a/Disk.VMDK', 'size_kb': 2048}");
        put(world, "one/a/b/x.vmx");
        put(world, "one/y.iso");
        result = ask(world, &error, "SearchDatastore",
                     "{'path': '[one]', 'deep': true, 'patterns': ['*.vmdk', 'y.*'], 'details': true}");
        g_assert_no_error(error);
        g_assert_cmpuint(json_array_get_length(json_node_get_array(result)), ==, 2);
        found = json_array_get_object_element(json_node_get_array(result), 0);
        g_assert_cmpstr(json_object_get_string_member(found, "folder"), ==, "[one] ");
        found = json_array_get_object_element(json_object_get_array_member(found, "files"), 0);
        g_assert_cmpstr(json_object_get_string_member(found, "name"), ==, "y.iso");
        g_assert_cmpstr(json_object_get_string_member(found, "type"), ==, "iso");
        found = json_array_get_object_element(json_node_get_array(result), 1);
        g_assert_cmpstr(json_object_get_string_member(found, "folder"), ==, "[one] a/");
        found = json_array_get_object_element(json_object_get_array_member(found, "files"), 0);
        g_assert_cmpint(json_object_get_int_member(found, "provisioned_bytes"), ==, 2 << 20);
        g_assert_true(json_object_get_boolean_member(found, "thin"));
        assert_result(world, "[{'folder':'[one] a/','files':[]}]", "SearchDatastore",
                      "{'path': '[one] a/', 'patterns': ['*.vmdk'], 'any_case': false}");
        assert_result(world, "[{'folder':'[one] a/','files':[]}]", "SearchDatastore",
                      "{'path': '[one] a', 'types': ['config']}");
        assert_refused(world, G_IO_ERROR_NOT_FOUND, "\"[one] none\"", "SearchDatastore",
                       "{'path': '[one] none'}");
        assert_refused(world, G_IO_ERROR_INVALID_ARGUMENT, "", "SearchDatastore",
                       "{'path': '[one]', 'types': ['what']}");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add("/operation-file/files", World, NULL, set_up, test_files, tear_down);
        g_test_add("/operation-file/disks", World, NULL, set_up, test_disks, tear_down);
        g_test_add("/operation-file/hostile-disk", World, NULL, set_up, test_hostile_disk, tear_down);
        g_test_add("/operation-file/in-use", World, NULL, set_up, test_in_use, tear_down);
        g_test_add("/operation-file/kill", World, NULL, set_up, test_kill, tear_down);
        g_test_add("/operation-file/search", World, NULL, set_up, test_search, tear_down);
        return g_test_run();
}
