/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Datastores in the API: objects, browsers, file and disk managers, their faults. */
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api-fixture.h"
#include "inventory/catalog.h"
#include "storage/store-file.h"

/* What the modules of others have made before. */
static bool start_tree(Api *api, GError **error)
{
        Managed *folder = world_add(api_world(api), "Folder", "group-s1", "datastore:/");
        Managed *host = world_add(api_world(api), "HostSystem", "host-1", "host");

        (void)error;
        entity_set_up(folder, "datastore");
        managed_set(folder, "childEntity", vim_new_list("ManagedEntity"));
        entity_set_up(host, "host");
        managed_set(host, "datastore", vim_new_list("Datastore"));
        return true;
}

static const ApiModule tree_module = {.name = "test-tree", .start = start_tree};

extern const ApiModule task_module, wait_module, datastore_module, datastore_browser_module,
        disk_manager_module, file_manager_module, storage_system_module;
const ApiModule *const api_modules[] = {&tree_module,
                                        &task_module,
                                        &wait_module,
                                        &datastore_module,
                                        &datastore_browser_module,
                                        &disk_manager_module,
                                        &file_manager_module,
                                        &storage_system_module,
                                        NULL};

typedef struct Fixture {
        ApiFixture base;
        char *top;
        Managed *system, *datastore, *files, *disks;
} Fixture;

static char *make_folder(const Fixture *fixture, const char *name)
{
        char *path = g_build_filename(fixture->top, name, NULL);

        g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
        return path;
}

static void create(Fixture *fixture, const char *name, const char *path)
{
        (void)call(&fixture->base, &fixture->base.admin, fixture->system, "CreateLocalDatastore", "name",
                   vim_new_string(name), "path", vim_new_string(path), NULL);
}

static void set_up(Fixture *fixture, gconstpointer data)
{
        g_autofree char *path = NULL;

        (void)data;
        fixture->top = g_dir_make_tmp("api-store-XXXXXX", NULL);
        api_fixture_set_up(&fixture->base, ":memory:", (ApiParts){0});
        fixture->system = world_find_key(fixture->base.world, "HostDatastoreSystem", "host");
        fixture->files = world_find(fixture->base.world, "FileManager");
        fixture->disks = world_find(fixture->base.world, "virtualDiskManager");
        path = make_folder(fixture, "one");
        create(fixture, "one", path);
        assert_no_fault(&fixture->base);
        fixture->datastore = world_resolve(fixture->base.world, fixture->base.answer.result);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
        g_autoptr(StoreFile) all = store_file_new("t", g_get_tmp_dir(), strrchr(fixture->top, '/') + 1);

        (void)data;
        api_fixture_tear_down(&fixture->base);
        g_assert_true(store_file_remove(all, NULL));
        g_free(fixture->top);
}

/* Until the task that was answered with has ended: its TaskInfo. */
static const VimValue *ended(Fixture *fixture)
{
        Managed *task;

        assert_no_fault(&fixture->base);
        task = world_resolve(fixture->base.world, fixture->base.answer.result);
        g_assert_nonnull(task);
        while (vim_get(managed_peek(task, "info"), "completeTime") == NULL)
                (void)g_main_context_iteration(NULL, TRUE);
        return managed_peek(task, "info");
}

static void assert_success(Fixture *fixture)
{
        const VimValue *info = ended(fixture);

        if (strcmp(vim_get_text(info, "state"), "success") != 0)
                g_error("%s", vim_get_text(vim_get(info, "error"), "localizedMessage"));
}

static void assert_error(Fixture *fixture, const char *type, const char *file)
{
        const VimValue *info = ended(fixture), *fault;

        g_assert_cmpstr(vim_get_text(info, "state"), ==, "error");
        fault = vim_get(vim_get(info, "error"), "fault");
        g_assert_cmpstr(fault->type->name, ==, type);
        if (file != NULL)
                g_assert_cmpstr(vim_get_text(fault, "file"), ==, file);
}

static void test_objects(Fixture *fixture, gconstpointer data)
{
        World *world = fixture->base.world;
        Managed *datastore = fixture->datastore, *folder = world_find(world, "group-s1"), *two;
        const VimValue *summary = managed_peek(datastore, "summary");
        g_autofree char *id = g_strdup(datastore->id), *path = g_build_filename(fixture->top, "none", NULL),
                        *other = make_folder(fixture, "two");

        (void)data;
        g_assert_cmpstr(vim_get_text(summary, "name"), ==, "one");
        g_assert_true(vim_get_bool(summary, "accessible", false));
        g_assert_cmpint(vim_get_int(summary, "capacity", 0), >, 0);
        g_assert_true(vim_is(managed_peek(datastore, "info"), "LocalDatastoreInfo"));
        g_assert_cmpuint(vim_length(managed_peek(folder, "childEntity")), ==, 1);
        g_assert_cmpuint(vim_length(managed_peek(world_find(world, "host-1"), "datastore")), ==, 1);
        g_assert_cmpuint(vim_length(managed_peek(datastore, "host")), ==, 1);

        create(fixture, "three", path);
        assert_fault(&fixture->base, "FileNotFound");
        create(fixture, "one", other);
        assert_fault(&fixture->base, "DuplicateName");
        create(fixture, "a/b", other);
        assert_fault(&fixture->base, "InvalidName");
        create(fixture, "two", other);
        two = world_resolve(world, fixture->base.answer.result);

        (void)call(&fixture->base, &fixture->base.admin, two, "RenameDatastore", "newName",
                   vim_new_string("one"), NULL);
        assert_fault(&fixture->base, "DuplicateName");
        (void)call(&fixture->base, &fixture->base.reader, datastore, "RenameDatastore", "newName",
                   vim_new_string("first"), NULL);
        assert_fault(&fixture->base, "NoPermission");
        (void)call(&fixture->base, &fixture->base.admin, datastore, "Rename_Task", "newName",
                   vim_new_string("first"), NULL);
        assert_success(fixture);
        g_assert_true(world_find_key(world, "Datastore", "first") == datastore);
        g_assert_cmpstr(datastore->id, ==, id);
        g_assert_cmpstr(vim_get_text(managed_peek(datastore, "summary"), "name"), ==, "first");
        (void)call(&fixture->base, &fixture->base.reader, datastore, "RefreshDatastore", NULL);
        assert_no_fault(&fixture->base);

        (void)call(&fixture->base, &fixture->base.admin, two, "Destroy_Task", NULL);
        assert_success(fixture);
        g_assert_null(world_find_key(world, "Datastore", "two"));
        (void)call(&fixture->base, &fixture->base.admin, fixture->system, "RemoveDatastore", "datastore",
                   managed_reference(datastore), NULL);
        assert_no_fault(&fixture->base);
        g_assert_cmpuint(vim_length(managed_peek(folder, "childEntity")), ==, 0);
        g_assert_cmpuint(vim_length(managed_peek(fixture->system, "datastore")), ==, 0);
}

/* Ids of a datastore and its browser; it comes, and goes again. */
static char *pass_by(Fixture *fixture, const char *path)
{
        const Managed *datastore;
        char *ids;

        create(fixture, "passes by", path);
        assert_no_fault(&fixture->base);
        datastore = world_find_key(fixture->base.world, "Datastore", "passes by");
        ids = g_strdup_printf("%s %s", datastore->id, managed_peek(datastore, "browser")->text);
        (void)call(&fixture->base, &fixture->base.admin, fixture->system, "RemoveDatastore", "datastore",
                   managed_reference(datastore), NULL);
        assert_no_fault(&fixture->base);
        return ids;
}

static void test_forgotten(Fixture *fixture, gconstpointer data)
{
        g_autofree char *path = make_folder(fixture, "two"), *first = pass_by(fixture, path),
                        *again = pass_by(fixture, path), *last = NULL;
        g_auto(GStrv) before = NULL, after = NULL;

        (void)data;
        g_assert_cmpstr(again, ==, first);
        api_fixture_forget_ids(&fixture->base);
        last = pass_by(fixture, path);
        before = g_strsplit(first, " ", 2);
        after = g_strsplit(last, " ", 2);
        g_assert_cmpstr(after[0], !=, before[0]);
        g_assert_cmpstr(after[1], !=, before[1]);
}

static void disk(Fixture *fixture, const char *path, const char *type, int64_t size_kb)
{
        VimValue *spec = vim_new_object("FileBackedVirtualDiskSpec");

        vim_set_text(spec, "diskType", type);
        vim_set_text(spec, "adapterType", "lsiLogic");
        vim_set_int(spec, "capacityKb", size_kb);
        (void)call(&fixture->base, &fixture->base.admin, fixture->disks, "CreateVirtualDisk_Task", "name",
                   vim_new_string(path), "spec", spec, NULL);
}

static void test_disks(Fixture *fixture, gconstpointer data)
{
        ApiFixture *base = &fixture->base;

        (void)data;
        disk(fixture, "[one] a.vmdk", "thin", 4096);
        assert_success(fixture);
        g_assert_cmpstr(vim_get(ended(fixture), "result")->text, ==, "[one] a.vmdk");
        disk(fixture, "[one] a.vmdk", "thin", 4096);
        assert_error(fixture, "FileAlreadyExists", "[one] a.vmdk");
        disk(fixture, "[one] none/a.vmdk", "thin", 4096);
        assert_error(fixture, "FileNotFound", "[one] none/a.vmdk");
        disk(fixture, "[one] huge.vmdk", "eagerZeroedThick", INT64_C(32) << 30);
        assert_error(fixture, "NoDiskSpace", "[one] huge.vmdk");
        disk(fixture, "[one] a.vmdk", "rdm", 4096);
        assert_fault(base, "InvalidArgument");
        disk(fixture, "[two] a.vmdk", "thin", 4096);
        assert_fault(base, "InvalidDatastore");
        disk(fixture, "[one] ../a.vmdk", "thin", 4096);
        assert_fault(base, "InvalidDatastorePath");
        (void)call(base, &base->admin, fixture->disks, "ExtendVirtualDisk_Task", "name",
                   vim_new_string("[one] a.vmdk"), "newCapacityKb", vim_new_long(8192), NULL);
        assert_success(fixture);
        (void)call(base, &base->reader, fixture->disks, "QueryVirtualDiskGeometry", "name",
                   vim_new_string("[one] a.vmdk"), NULL);
        assert_no_fault(base);
        g_assert_cmpint(vim_get_int(base->answer.result, "cylinder", 0), ==, 8);
        (void)call(base, &base->admin, fixture->disks, "SetVirtualDiskUuid", "name",
                   vim_new_string("[one] a.vmdk"), "uuid",
                   vim_new_string("60 00 C2 9f 00 11 22 33-44 55 66 77 88 99 aa bb"), NULL);
        assert_no_fault(base);
        (void)call(base, &base->reader, fixture->disks, "QueryVirtualDiskUuid", "name",
                   vim_new_string("[one] a.vmdk"), NULL);
        g_assert_cmpstr(base->answer.result->text, ==, "60 00 c2 9f 00 11 22 33-44 55 66 77 88 99 aa bb");
        (void)call(base, &base->reader, fixture->disks, "DeleteVirtualDisk_Task", "name",
                   vim_new_string("[one] a.vmdk"), NULL);
        assert_fault(base, "NoPermission");
        (void)call(base, &base->admin, fixture->disks, "DeleteVirtualDisk_Task", "name",
                   vim_new_string("[one] a.vmdk"), NULL);
        assert_success(fixture);
        (void)call(base, &base->reader, fixture->disks, "QueryVirtualDiskUuid", "name",
                   vim_new_string("[one] a.vmdk"), NULL);
        assert_fault(base, "FileNotFound");
}

static const VimValue *search(Fixture *fixture, const char *method, const char *path, VimValue *spec)
{
        Managed *browser = world_resolve(fixture->base.world, managed_peek(fixture->datastore, "browser"));

        (void)call(&fixture->base, &fixture->base.operator, browser, method, "datastorePath",
                   vim_new_string(path), "searchSpec", spec, NULL);
        if (fixture->base.answer.fault != NULL)
                return NULL;
        assert_success(fixture);
        return vim_get(ended(fixture), "result");
}

static void test_browser(Fixture *fixture, gconstpointer data)
{
        ApiFixture *base = &fixture->base;
        VimValue *spec = vim_new_object("HostDatastoreBrowserSearchSpec"),
                 *flags = vim_new_object("FileQueryFlags"), *query = vim_new_object("VmDiskFileQuery"),
                 *details = vim_new_object("VmDiskFileQueryFlags");
        g_autofree char *other = make_folder(fixture, "two");
        const VimValue *result, *file;

        (void)data;
        create(fixture, "two", other);
        (void)call(base, &base->admin, fixture->files, "MakeDirectory", "name", vim_new_string("[one] a/b"),
                   "createParentDirectories", vim_new_bool(true), NULL);
        assert_no_fault(base);
        (void)call(base, &base->operator, fixture->files, "MakeDirectory", "name", vim_new_string("[one] c"),
                   NULL);
        assert_fault(base, "NoPermission");
        disk(fixture, "[one] a/b/x.vmdk", "thin", 4096);
        assert_success(fixture);

        vim_set_bool(flags, "fileType", true);
        vim_set_bool(flags, "fileSize", true);
        vim_set_bool(flags, "modification", true);
        vim_set_bool(flags, "fileOwner", true);
        vim_set_bool(details, "diskType", true);
        vim_set_bool(details, "capacityKb", true);
        vim_set_bool(details, "hardwareVersion", true);
        vim_set(query, "details", details);
        vim_set(spec, "details", flags);
        vim_set(spec, "query", query);
        result = search(fixture, "SearchDatastoreSubFolders_Task", "[one]", spec);
        g_assert_cmpuint(vim_length(result), ==, 2);
        g_assert_cmpstr(vim_get_text(vim_item(result, 0), "folderPath"), ==, "[one] ");
        g_assert_cmpstr(vim_get_text(vim_item(result, 1), "folderPath"), ==, "[one] a/b/");
        file = vim_item(vim_get(vim_item(result, 1), "file"), 0);
        g_assert_cmpstr(file->type->name, ==, "VmDiskFileInfo");
        g_assert_cmpstr(vim_get_text(file, "path"), ==, "x.vmdk");
        g_assert_cmpint(vim_get_int(file, "capacityKb", 0), ==, 4096);
        g_assert_nonnull(vim_get(file, "modification"));

        result = search(fixture, "SearchDatastore_Task", "[one] a/", NULL);
        g_assert_true(vim_is(result, "HostDatastoreBrowserSearchResults"));
        file = vim_item(vim_get(result, "file"), 0);
        g_assert_cmpstr(file->type->name, ==, "FileInfo");
        g_assert_null(vim_get(file, "fileSize"));

        g_assert_null(search(fixture, "SearchDatastore_Task", "[one] ..", NULL));
        assert_fault(base, "InvalidDatastorePath");
        g_assert_null(search(fixture, "SearchDatastore_Task", "[two]", NULL));
        assert_fault(base, "InvalidDatastore");
        (void)call(base, &base->operator,
                   world_resolve(base->world, managed_peek(fixture->datastore, "browser")),
                   "SearchDatastore_Task", "datastorePath", vim_new_string("[one] none"), NULL);
        assert_error(fixture, "FileNotFound", "[one] none");

        (void)call(base, &base->admin, fixture->files, "MoveDatastoreFile_Task", "sourceName",
                   vim_new_string("[one] a"), "destinationName", vim_new_string("[two] a"), NULL);
        assert_success(fixture);
        (void)call(base, &base->admin, fixture->files, "CopyDatastoreFile_Task", "sourceName",
                   vim_new_string("[two] a/b/x.vmdk"), "destinationName", vim_new_string("[one] x.vmdk"),
                   NULL);
        assert_success(fixture);
        (void)call(base, &base->admin, fixture->files, "DeleteDatastoreFile_Task", "name",
                   vim_new_string("[two] a"), NULL);
        assert_success(fixture);
        (void)call(base, &base->admin,
                   world_resolve(base->world, managed_peek(fixture->datastore, "browser")), "DeleteFile",
                   "datastorePath", vim_new_string("[one] x.vmdk"), NULL);
        assert_no_fault(base);
        (void)call(base, &base->admin,
                   world_resolve(base->world, managed_peek(fixture->datastore, "browser")), "DeleteFile",
                   "datastorePath", vim_new_string("[one] x.vmdk"), NULL);
        assert_fault(base, "FileNotFound");
}

static void test_storage_system(Fixture *fixture, gconstpointer data)
{
        ApiFixture *base = &fixture->base;
        Managed *system = world_find_key(base->world, "HostStorageSystem", "host");

        (void)data;
        (void)call(base, &base->admin, system, "RescanAllHba", NULL);
        assert_no_fault(base);
        g_assert_cmpuint(vim_length(vim_get(managed_peek(system, "fileSystemVolumeInfo"), "mountInfo")), ==,
                         1);
        (void)call(base, &base->admin, fixture->system, "QueryAvailableDisksForVmfs", NULL);
        g_assert_cmpuint(vim_length(base->answer.result), ==, 0);
        (void)call(base, &base->admin, fixture->system, "UpdateLocalSwapDatastore", NULL);
        assert_fault(base, "NotSupported");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add("/api-store/objects", Fixture, NULL, set_up, test_objects, tear_down);
        g_test_add("/api-store/forgotten", Fixture, NULL, set_up, test_forgotten, tear_down);
        g_test_add("/api-store/disks", Fixture, NULL, set_up, test_disks, tear_down);
        g_test_add("/api-store/browser", Fixture, NULL, set_up, test_browser, tear_down);
        g_test_add("/api-store/storage-system", Fixture, NULL, set_up, test_storage_system, tear_down);
        return g_test_run();
}
