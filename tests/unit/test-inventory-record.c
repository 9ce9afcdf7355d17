/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records of VMs: kept whole, bound to what they stand on, gone with everything that hangs on them. */
#include "inventory-world.h"
#include "inventory/card-key.h"
#include "inventory/object-id.h"

static void test_all_members(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(Record) record = record_new(A, "web \"1\"; DROP TABLE vm"), plain = NULL, full = NULL,
                          unknown = NULL;
        g_autoptr(GError) error = NULL;

        assert_done(record_save(inventory, record, &error), &error);
        plain = record_load(inventory, A, &error);
        g_assert_cmpstr(plain->name, ==, "web \"1\"; DROP TABLE vm");
        g_assert_cmpstr(plain->folder, ==, "/");
        g_assert_null(plain->datastore);
        g_assert_null(plain->home);
        g_assert_null(plain->parent);
        g_assert_null(plain->saved);
        g_assert_cmpint(plain->parent_snapshot, ==, 0);
        g_assert_cmpint(plain->current_snapshot, ==, 0);
        g_assert_cmpint(plain->state, ==, RECORD_READY);
        g_assert_false(plain->is_template);

        add_record(inventory, B, "parent");
        assert_done(folder_add(inventory, "/lab", &error), &error);
        assert_done(datastore_add(inventory, "fast", "/d", &error), &error);
        g_free(record->folder);
        record->folder = g_strdup("/lab");
        record->datastore = g_strdup("fast");
        record->home = g_strdup("/d/\xff\n'");
        record->parent = g_strdup(B);
        record->made_ms = INT64_MAX;
        record->state = RECORD_REMOVING;
        record->is_template = true;
        record->saved = g_strdup("/d/saved");
        assert_done(record_save(inventory, record, &error), &error);
        full = record_find(inventory, record->name, &error);
        g_assert_cmpstr(full->uuid, ==, A);
        g_assert_cmpstr(full->folder, ==, "/lab");
        g_assert_cmpstr(full->datastore, ==, "fast");
        g_assert_cmpstr(full->home, ==, "/d/\xff\n'");
        g_assert_cmpstr(full->parent, ==, B);
        g_assert_cmpint(full->made_ms, ==, INT64_MAX);
        g_assert_cmpint(full->state, ==, RECORD_REMOVING);
        g_assert_true(full->is_template);
        g_assert_cmpstr(full->saved, ==, "/d/saved");

        unknown = record_load(inventory, C, &error);
        g_assert_null(unknown);
        for (unsigned i = 0; i < G_N_ELEMENTS(hostile); i++)
                g_assert_null(record_find(inventory, hostile[i], &error));
        g_assert_no_error(error);
}

static void test_names(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autofree char *longest = g_strnfill(CATALOG_NAME_MAX, 'x'), *too_long = g_strnfill(300, 'x');
        g_autoptr(GError) error = NULL;

        add_record(inventory, A, "web01");
        assert_fails(save_record(inventory, B, "web01", NULL, NULL, NULL, 0, &error), &error,
                     G_IO_ERROR_EXISTS, "\"web01\"");
        add_record(inventory, B, "Web01");
        assert_fails(save_record(inventory, B, "web01", NULL, NULL, NULL, 0, &error), &error,
                     G_IO_ERROR_EXISTS, "\"web01\"");
        assert_records(record_list(inventory, NULL, false, &error), "Web01 web01");

        /* A name that was given back can be taken. */
        add_record(inventory, A, longest);
        add_record(inventory, B, "web01");
        assert_fails(save_record(inventory, C, too_long, NULL, NULL, NULL, 0, &error), &error,
                     G_IO_ERROR_INVALID_ARGUMENT, "80 bytes");
        assert_fails(save_record(inventory, C, "a\nb", NULL, NULL, NULL, 0, &error), &error,
                     G_IO_ERROR_INVALID_ARGUMENT, "a\\nb");
        assert_fails(save_record(inventory, C, "new", "/nowhere", NULL, NULL, 0, &error), &error,
                     G_IO_ERROR_NOT_FOUND, "folder \"/nowhere\"");
        assert_fails(save_record(inventory, C, "new", NULL, "nowhere", NULL, 0, &error), &error,
                     G_IO_ERROR_NOT_FOUND, "datastore \"nowhere\"");
        assert_fails(save_record(inventory, C, "new", NULL, NULL, "nobody", 0, &error), &error,
                     G_IO_ERROR_NOT_FOUND, "parent \"nobody\"");
        assert_fails(save_record(inventory, C, "new", NULL, NULL, NULL, 7, &error), &error,
                     G_IO_ERROR_NOT_FOUND, "snapshot \"7\"");
        g_assert_null(record_load(inventory, C, &error));
        g_assert_no_error(error);
}

/* The scheduler has seen a VM before it is adopted, and goes on to save what it knows of it afterwards. */
static void test_adopted(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(InventoryVm) vm = inventory_vm_new(A, "old"), other = inventory_vm_new(B, "web"),
                               again = NULL;
        g_autoptr(Record) record = NULL;
        g_autoptr(GError) error = NULL;

        g_free(vm->pool);
        vm->pool = g_strdup("/prod");
        vm->stopped = true;
        g_hash_table_insert(vm->options, g_strdup("sched.mem.min"), g_strdup("7"));
        assert_done(inventory_vm_save(inventory, vm, &error), &error);
        assert_done(inventory_vm_save(inventory, other, &error), &error);
        g_assert_null(record_load(inventory, A, &error));
        g_assert_null(record_find(inventory, "old", &error));
        assert_records(record_list(inventory, NULL, false, &error), "");
        assert_records(record_list(inventory, "/", false, &error), "");

        /* Of the name that one that is not adopted has, too. */
        add_record(inventory, A, "web");
        again = inventory_vm_load(inventory, A, &error);
        g_assert_cmpstr(again->name, ==, "web");
        g_assert_cmpstr(again->pool, ==, "/prod");
        g_assert_true(again->stopped);
        g_assert_cmpuint(g_hash_table_size(again->options), ==, 1);

        /* What the scheduler takes the name to be does not rename it. */
        vm->stopped = false;
        assert_done(inventory_vm_save(inventory, vm, &error), &error);
        record = record_load(inventory, A, &error);
        g_assert_cmpstr(record->name, ==, "web");
        g_clear_pointer(&again, inventory_vm_free);
        again = inventory_vm_load(inventory, A, &error);
        g_assert_false(again->stopped);

        assert_done(record_delete(inventory, A, &error), &error);
        g_assert_null(inventory_vm_load(inventory, A, &error));
        g_clear_pointer(&again, inventory_vm_free);
        again = inventory_vm_load(inventory, B, &error);
        g_assert_nonnull(again);
        g_assert_no_error(error);
}

static void test_list(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(GError) error = NULL;

        /* "-" is before "/" and "0" after it; "_" and "%" stand for nothing but themselves. */
        for (const char *const *path = (const char *const[]){"/lab", "/lab/old", "/lab/old/x", "/lab-2",
                                                             "/lab0", "/l_b", "/l%", NULL};
             *path != NULL; path++) {
                g_autofree char *uuid = g_uuid_string_random();

                assert_done(folder_add(inventory, *path, &error), &error);
                assert_done(
                        save_record(inventory, uuid, strrchr(*path, '/') + 1, *path, NULL, NULL, 0, &error),
                        &error);
        }
        add_record(inventory, A, "top");
        assert_records(record_list(inventory, "/lab", false, &error), "lab");
        assert_records(record_list(inventory, "/lab", true, &error), "lab old x");
        assert_records(record_list(inventory, "/lab/old", true, &error), "old x");
        assert_records(record_list(inventory, "/l_b", true, &error), "l_b");
        assert_records(record_list(inventory, "/l%", true, &error), "l%");
        assert_records(record_list(inventory, "/", false, &error), "top");
        assert_records(record_list(inventory, "/", true, &error), "l% l_b lab lab-2 lab0 old top x");
        assert_records(record_list(inventory, NULL, false, &error), "l% l_b lab lab-2 lab0 old top x");
        for (unsigned i = 0; i < G_N_ELEMENTS(hostile); i++)
                if (strcmp(hostile[i], "/") != 0)
                        assert_records(record_list(inventory, hostile[i], true, &error), "");
}

static void test_disks(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(GPtrArray) disks = NULL, fewer = NULL;
        DiskRecord first = {(char *)(gintptr) "vdb", DISK_INDEPENDENT_PERSISTENT, NULL},
                   second = {(char *)(gintptr) "vda", DISK_INDEPENDENT_NONPERSISTENT,
                             (char *)(gintptr) "/d/base\n"};
        g_autoptr(GError) error = NULL;
        const DiskRecord *disk;
        DiskMode mode = DISK_PERSISTENT;

        assert_fails(disk_record_save(inventory, A, &first, &error), &error, G_IO_ERROR_NOT_FOUND, A);
        add_record(inventory, A, "a");
        assert_done(disk_record_save(inventory, A, &first, &error), &error);
        assert_done(disk_record_save(inventory, A, &second, &error), &error);
        first.mode = DISK_PERSISTENT;
        assert_done(disk_record_save(inventory, A, &first, &error), &error);
        disks = disk_records(inventory, A, &error);
        g_assert_cmpuint(disks->len, ==, 2);
        disk = disks->pdata[0];
        g_assert_cmpstr(disk->target, ==, "vda");
        g_assert_cmpint(disk->mode, ==, DISK_INDEPENDENT_NONPERSISTENT);
        g_assert_cmpstr(disk->base, ==, "/d/base\n");
        disk = disks->pdata[1];
        g_assert_cmpstr(disk->target, ==, "vdb");
        g_assert_cmpint(disk->mode, ==, DISK_PERSISTENT);
        g_assert_null(disk->base);
        assert_done(disk_record_delete(inventory, A, "vda", &error), &error);
        fewer = disk_records(inventory, A, &error);
        g_assert_cmpuint(fewer->len, ==, 1);

        for (int i = DISK_PERSISTENT; i <= DISK_INDEPENDENT_NONPERSISTENT; i++) {
                g_assert_true(disk_mode_parse(disk_mode_name((DiskMode)i), &mode));
                g_assert_cmpint(mode, ==, i);
        }
        g_assert_false(disk_mode_parse("undoable", &mode));
        g_assert_cmpint(mode, ==, DISK_INDEPENDENT_NONPERSISTENT);
}

/* --- snapshots --- */

static SnapshotRecord *new_snapshot(const char *name, int64_t parent)
{
        SnapshotRecord *snapshot = g_new0(SnapshotRecord, 1);

        snapshot->parent = parent;
        snapshot->name = g_strdup(name);
        snapshot->description = g_strdup("why\n'");
        snapshot->definition = g_strdup("<domain/>");
        snapshot->memory = g_strdup("/d/memory");
        snapshot->time_ms = 5;
        snapshot->disks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_hash_table_insert(snapshot->disks, g_strdup("vda"), g_strdup("/d/a.qcow2"));
        g_hash_table_insert(snapshot->disks, g_strdup("vdb"), g_strdup("/d/b.qcow2"));
        return snapshot;
}

static int64_t add_snapshot(Inventory *inventory, const char *uuid, const char *name, int64_t parent)
{
        g_autoptr(SnapshotRecord) snapshot = new_snapshot(name, parent);
        g_autoptr(GError) error = NULL;

        assert_done(snapshot_records_change(inventory, uuid, &snapshot, 1, NULL, 0, SNAPSHOT_LAST_SAVED, 0,
                                            &error),
                    &error);
        return snapshot->id;
}

static int64_t parent_of(Inventory *inventory, int64_t id)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(SnapshotRecord) snapshot = snapshot_record_load(inventory, id, &error);

        g_assert_no_error(error);
        return snapshot != NULL ? snapshot->parent : -1;
}

static int64_t current_of(Inventory *inventory, const char *uuid)
{
        g_autoptr(Record) record = record_load(inventory, uuid, NULL);

        return record->current_snapshot;
}

static void test_snapshot_members(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(SnapshotRecord) loaded = NULL, changed = NULL, again = NULL;
        g_autoptr(GPtrArray) all = NULL;
        g_autoptr(GError) error = NULL;
        int64_t id;

        add_record(inventory, A, "a");
        id = add_snapshot(inventory, A, "first", 0);
        g_assert_cmpint(current_of(inventory, A), ==, id);
        loaded = snapshot_record_load(inventory, id, &error);
        changed = snapshot_record_copy(loaded);
        g_assert_cmpstr(changed->uuid, ==, A);
        g_assert_cmpstr(changed->name, ==, "first");
        g_assert_cmpstr(changed->description, ==, "why\n'");
        g_assert_cmpstr(changed->definition, ==, "<domain/>");
        g_assert_cmpstr(changed->memory, ==, "/d/memory");
        g_assert_cmpint(changed->time_ms, ==, 5);
        g_assert_cmpint(changed->parent, ==, 0);
        g_assert_cmpuint(g_hash_table_size(changed->disks), ==, 2);
        g_assert_cmpstr(g_hash_table_lookup(changed->disks, "vdb"), ==, "/d/b.qcow2");

        g_free(changed->name);
        changed->name = g_strdup("renamed");
        g_clear_pointer(&changed->memory, g_free);
        g_hash_table_remove(changed->disks, "vdb");
        assert_done(snapshot_records_change(inventory, A, &changed, 1, NULL, 0, 0, 0, &error), &error);
        g_assert_cmpint(current_of(inventory, A), ==, 0);
        all = snapshot_records(inventory, A, &error);
        g_assert_cmpuint(all->len, ==, 1);
        again = snapshot_record_copy(all->pdata[0]);
        g_assert_cmpint(again->id, ==, id);
        g_assert_cmpstr(again->name, ==, "renamed");
        g_assert_null(again->memory);
        g_assert_cmpuint(g_hash_table_size(again->disks), ==, 1);
        g_assert_null(snapshot_record_load(inventory, id + 1, &error));
        g_assert_no_error(error);
}

/* 1 - 2 - 3 - 4, and 5 on 3. */
static void test_snapshot_tree(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(Intent) intent = g_new0(Intent, 1);
        g_autoptr(SnapshotRecord) extra = NULL;
        g_autoptr(GPtrArray) left = NULL, none = NULL;
        g_autoptr(GHashTable) counts = NULL;
        g_autoptr(GError) error = NULL;
        int64_t id[6] = {0}, remove[2];

        add_record(inventory, A, "a");
        add_record(inventory, B, "b");
        for (int i = 1; i <= 4; i++)
                id[i] = add_snapshot(inventory, A, "s", id[i - 1]);
        id[5] = add_snapshot(inventory, A, "s", id[3]);
        counts = snapshot_counts(inventory, &error);
        g_assert_cmpuint(g_hash_table_size(counts), ==, 1);
        g_assert_cmpuint(GPOINTER_TO_UINT(g_hash_table_lookup(counts, A)), ==, 5);
        intent->uuid = g_strdup(A);
        intent->kind = g_strdup("remove-snapshot");
        assert_done(intent_save(inventory, intent, &error), &error);

        /* In one call two in a row, the deeper one first, and the current one becomes another. */
        remove[0] = id[3];
        remove[1] = id[2];
        assert_done(snapshot_records_change(inventory, A, NULL, 0, remove, 2, id[4], intent->id, &error),
                    &error);
        g_assert_cmpint(parent_of(inventory, id[4]), ==, id[1]);
        g_assert_cmpint(parent_of(inventory, id[5]), ==, id[1]);
        g_assert_cmpint(parent_of(inventory, id[3]), ==, -1);
        g_assert_cmpint(current_of(inventory, A), ==, id[4]);
        none = intent_list(inventory, &error);
        g_assert_cmpuint(none->len, ==, 0);

        /* The last one's id is not given again. */
        remove[0] = id[5];
        assert_done(snapshot_records_change(inventory, A, NULL, 0, remove, 1, id[4], 0, &error), &error);
        g_assert_cmpint(add_snapshot(inventory, A, "s", id[4]), >, id[5]);

        /* Another VM's; and nothing of what was asked for is done when the rest cannot be. */
        remove[0] = id[4];
        assert_fails(snapshot_records_change(inventory, B, NULL, 0, remove, 1, 0, 0, &error), &error,
                     G_IO_ERROR_NOT_FOUND, B);
        assert_fails(snapshot_records_change(inventory, B, NULL, 0, NULL, 0, id[4], 0, &error), &error,
                     G_IO_ERROR_NOT_FOUND, B);
        extra = new_snapshot("extra", id[4]);
        remove[0] = 4711;
        assert_fails(
                snapshot_records_change(inventory, A, &extra, 1, remove, 1, SNAPSHOT_LAST_SAVED, 0, &error),
                &error, G_IO_ERROR_NOT_FOUND, "4711");
        g_assert_cmpint(extra->id, ==, 0);
        left = snapshot_records(inventory, A, &error);
        g_assert_cmpuint(left->len, ==, 3);
        extra->parent = 4711;
        assert_fails(
                snapshot_records_change(inventory, A, &extra, 1, NULL, 0, SNAPSHOT_LAST_SAVED, 0, &error),
                &error, G_IO_ERROR_NOT_FOUND, "4711");
        assert_fails(snapshot_records_change(inventory, C, NULL, 0, NULL, 0, 0, 0, &error), &error,
                     G_IO_ERROR_NOT_FOUND, C);
}

static void test_linked_clones(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(Record) full = NULL;
        g_autoptr(GError) error = NULL;
        int64_t first, second;

        add_record(inventory, A, "parent");
        first = add_snapshot(inventory, A, "gold", 0);
        second = add_snapshot(inventory, A, "later", first);
        assert_done(save_record(inventory, B, "Web01", NULL, NULL, A, first, &error), &error);
        assert_done(save_record(inventory, C, "Full01", NULL, NULL, A, 0, &error), &error);
        assert_records(record_clones(inventory, A, first, &error), "Web01");
        assert_records(record_clones(inventory, A, second, &error), "");
        assert_records(record_clones(inventory, A, 0, &error), "Web01");
        assert_records(record_clones(inventory, B, 0, &error), "");
        assert_records(record_clones(inventory, B, first, &error), "");

        assert_fails(snapshot_records_change(inventory, A, NULL, 0, &first, 1, second, 0, &error), &error,
                     G_IO_ERROR_BUSY, "\"gold\" has linked clones: Web01");
        assert_fails(record_delete(inventory, A, &error), &error, G_IO_ERROR_BUSY,
                     "VM \"parent\" has linked clones: Web01");
        assert_done(snapshot_records_change(inventory, A, NULL, 0, &second, 1, first, 0, &error), &error);

        assert_done(record_delete(inventory, B, &error), &error);
        assert_done(record_delete(inventory, A, &error), &error);
        g_assert_null(snapshot_record_load(inventory, first, &error));
        full = record_load(inventory, C, &error);
        g_assert_null(full->parent);
        g_assert_no_error(error);
}

static unsigned count(GPtrArray *array)
{
        g_autoptr(GPtrArray) owned = array;

        return owned->len;
}

/* And nothing of another VM's. */
static void test_delete(void)
{
        static const char *const both[] = {A, B};
        g_autoptr(Inventory) inventory = open_new();
        const SwitchRecord vswitch = {(char *)(gintptr) "s", (char *)(gintptr) "br0", NULL};
        const PortGroupRecord group = {(char *)(gintptr) "net", (char *)(gintptr) "s", 0};
        const DiskRecord disk = {(char *)(gintptr) "vda", DISK_PERSISTENT, NULL};
        g_autoptr(GHashTable) cards = NULL, values = NULL;
        g_autoptr(GError) error = NULL;

        g_assert_true(switch_save(inventory, &vswitch, NULL));
        g_assert_true(port_group_save(inventory, &group, NULL));
        g_assert_true(attribute_add(inventory, "Owner", ATTRIBUTE_VM, NULL));
        for (unsigned i = 0; i < G_N_ELEMENTS(both); i++) {
                Question question = {.uuid = (char *)(gintptr)both[i], .text = (char *)(gintptr) "?"};
                Batch batch = {.parent = (char *)(gintptr)both[i], .request = (char *)(gintptr) "{}"};

                add_record(inventory, both[i], i > 0 ? "b" : "a");
                (void)add_snapshot(inventory, both[i], "s", 0);
                assert_done(disk_record_save(inventory, both[i], &disk, &error), &error);
                assert_done(card_save(inventory, both[i], "52:54:00:00:00:01", "net", &error), &error);
                assert_done(attribute_set(inventory, both[i], "Owner", "x", &error), &error);
                assert_done(question_save(inventory, &question, &error), &error);
                assert_done(batch_save(inventory, &batch, &error), &error);
        }
        assert_done(record_delete(inventory, A, &error), &error);
        g_assert_cmpuint(count(snapshot_records(inventory, A, NULL)), ==, 0);
        g_assert_cmpuint(count(snapshot_records(inventory, B, NULL)), ==, 1);
        g_assert_cmpuint(count(disk_records(inventory, A, NULL)), ==, 0);
        g_assert_cmpuint(count(disk_records(inventory, B, NULL)), ==, 1);
        assert_strings(port_group_users(inventory, "net", NULL), B);
        assert_strings(attribute_find(inventory, "Owner", NULL, NULL), B);
        g_assert_cmpuint(count(question_list(inventory, NULL)), ==, 1);
        g_assert_null(batch_find(inventory, A, NULL));
        cards = card_records(inventory, A, NULL);
        g_assert_cmpuint(g_hash_table_size(cards), ==, 0);
        values = attribute_values(inventory, A, NULL);
        g_assert_cmpuint(g_hash_table_size(values), ==, 0);

        /* A VM of the name can be made again; deleting what is gone is no error. */
        assert_done(record_delete(inventory, A, &error), &error);
        add_record(inventory, C, "a");
}

/* In the order in which they were left, once each; a datastore with one stays. */
static void test_left_homes(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(GPtrArray) left = NULL;
        g_autoptr(GError) error = NULL;

        add_record(inventory, A, "a");
        assert_done(datastore_add(inventory, "ds1", "/stores/one", &error), &error);
        assert_done(datastore_add(inventory, "ds2", "/stores/one-more", &error), &error);
        assert_done(left_home_add(inventory, A, "/stores/one/z", &error), &error);
        assert_done(left_home_add(inventory, A, "/stores/one/a", &error), &error);
        assert_done(left_home_add(inventory, A, "/stores/one/z", &error), &error);
        assert_fails(left_home_add(inventory, B, "/stores/one/b", &error), &error, G_IO_ERROR_NOT_FOUND, B);
        left = left_homes(inventory, A, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(left->len, ==, 2);
        g_assert_cmpstr(left->pdata[0], ==, "/stores/one/z");
        g_assert_cmpstr(left->pdata[1], ==, "/stores/one/a");
        assert_fails(datastore_delete(inventory, "ds1", &error), &error, G_IO_ERROR_BUSY, "a; move");
        assert_done(datastore_delete(inventory, "ds2", &error), &error);

        assert_done(left_home_forget(inventory, A, "/stores/one/z", &error), &error);
        assert_done(left_home_forget(inventory, A, "/stores/one/z", &error), &error);
        g_assert_cmpuint(count(left_homes(inventory, A, NULL)), ==, 1);
        assert_done(record_delete(inventory, A, &error), &error);
        g_assert_cmpuint(count(left_homes(inventory, A, NULL)), ==, 0);
        assert_done(datastore_delete(inventory, "ds1", &error), &error);
}

/* What went and came again is what it was; so many are remembered, and no number is given twice. */
static void test_object_ids(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(GError) error = NULL;
        int64_t first = object_id_get(inventory, "vm", A, &error), last = 0;

        assert_done(inventory_begin(inventory, &error), &error);
        assert_done(object_id_gone(inventory, "vm", A, &error), &error);
        g_assert_cmpint(object_id_get(inventory, "vm", A, &error), ==, first);
        /* It is there again, so it is not forgotten. */
        for (unsigned i = 0; i <= OBJECT_IDS_GONE_MAX; i++) {
                g_autofree char *key = g_strdup_printf("%u", i);

                last = object_id_get(inventory, "vm", key, &error);
                assert_done(object_id_gone(inventory, "vm", key, &error), &error);
        }
        g_assert_cmpint(object_id_get(inventory, "vm", A, &error), ==, first);
        g_assert_cmpint(object_id_get(inventory, "vm", "1", &error), ==, first + 2);
        g_assert_cmpint(object_id_get(inventory, "vm", "0", &error), ==, last + 1);
        assert_done(object_id_forget(inventory, "vm", "0", &error), &error);
        g_assert_cmpint(object_id_get(inventory, "vm", "0", &error), ==, last + 2);
        assert_done(inventory_end(inventory, true, &error), &error);
        g_assert_no_error(error);
}

static void test_object_ids_at_once(void)
{
        static const char *const keys[] = {"x", "y", "x", "z", NULL};
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(GError) error = NULL;
        int64_t y = object_id_get(inventory, "vm", "y", &error);

        assert_done(object_id_make(inventory, "vm", keys, &error), &error);
        g_assert_cmpint(object_id_get(inventory, "vm", "y", &error), ==, y);
        g_assert_cmpint(object_id_get(inventory, "vm", "x", &error), ==, y + 1);
        g_assert_cmpint(object_id_get(inventory, "vm", "z", &error), ==, y + 2);
        g_assert_no_error(error);
}

static void test_card_keys(void)
{
        g_autoptr(Inventory) inventory = open_new();
        g_autoptr(GHashTable) keys = g_hash_table_new(g_str_hash, g_str_equal), kept = NULL, none = NULL;
        g_autoptr(GError) error = NULL;

        g_hash_table_insert(keys, (gpointer)(gintptr) "52:54:00:00:00:02", GINT_TO_POINTER(4001));
        assert_done(card_keys_save(inventory, A, keys, &error), &error);
        assert_done(card_keys_save(inventory, A, keys, &error), &error);
        kept = card_keys(inventory, A, &error);
        g_assert_cmpuint(g_hash_table_size(kept), ==, 1);
        g_assert_cmpint(GPOINTER_TO_INT(g_hash_table_lookup(kept, "52:54:00:00:00:02")), ==, 4001);
        assert_done(card_keys_save(inventory, A, NULL, &error), &error);
        none = card_keys(inventory, A, &error);
        g_assert_cmpuint(g_hash_table_size(none), ==, 0);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/inventory/record/all-members", test_all_members);
        g_test_add_func("/inventory/record/names", test_names);
        g_test_add_func("/inventory/record/adopted", test_adopted);
        g_test_add_func("/inventory/record/list", test_list);
        g_test_add_func("/inventory/record/disks", test_disks);
        g_test_add_func("/inventory/record/snapshot-members", test_snapshot_members);
        g_test_add_func("/inventory/record/snapshot-tree", test_snapshot_tree);
        g_test_add_func("/inventory/record/linked-clones", test_linked_clones);
        g_test_add_func("/inventory/record/delete", test_delete);
        g_test_add_func("/inventory/record/left-homes", test_left_homes);
        g_test_add_func("/inventory/record/object-ids", test_object_ids);
        g_test_add_func("/inventory/record/object-ids-at-once", test_object_ids_at_once);
        g_test_add_func("/inventory/record/card-keys", test_card_keys);
        return g_test_run();
}
