/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What disks take: lists, the report of space, and giving back what is not needed. */
#include <string.h>

#include "inventory/catalog.h"
#include "operation/args.h"
#include "operation/disk.h"
#include "storage/datastore.h"
#include "storage/disk.h"
#include "storage/space.h"

#define INTENT_RELEASE "release-space"

#define AGENT_TIMEOUT_S 300 /* trimming a large file system takes a while */

static void add_bytes(JsonBuilder *result, const char *name, uint64_t bytes)
{
        json_builder_set_member_name(result, name);
        json_builder_add_int_value(result, (int64_t)MIN(bytes, (uint64_t)INT64_MAX));
}

static void add_text(JsonBuilder *result, const char *name, const char *text)
{
        json_builder_set_member_name(result, name);
        json_builder_add_string_value(result, text);
}

/* --- ListDisks --- */

static bool add_disk(const SnapshotVm *vm, const DefinitionDisk *disk, JsonBuilder *result, GError **error)
{
        g_autoptr(GPtrArray) chain = NULL;
        g_autoptr(DiskInfo) info = NULL;
        DiskMode mode;

        if (!vm_disk_mode(vm, disk->target, &mode, error))
                return false;
        json_builder_begin_object(result);
        add_text(result, "target", disk->target);
        add_text(result, "bus", disk->bus != NULL ? disk->bus : "");
        add_text(result, "mode", disk_mode_name(mode));
        add_text(result, "path", disk->path);
        info = disk_info(disk->path, NULL);
        chain = disk_chain(disk->path, NULL);
        add_bytes(result, "provisioned_bytes", info != NULL ? info->provisioned_bytes : 0);
        add_bytes(result, "used_bytes", info != NULL ? info->used_bytes : 0);
        add_bytes(result, "files", chain != NULL ? chain->len : 0);
        json_builder_end_object(result);
        return true;
}

bool run_list_disks(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name;
        g_autoptr(SnapshotVm) vm = NULL;
        g_autoptr(GPtrArray) disks = NULL;

        if (!args_only(args, error, "vm", NULL) || (name = args_text(args, "vm", error)) == NULL)
                return false;
        vm = snapshot_vm_look(call, name, error);
        if (vm == NULL)
                return false;
        disks = definition_disks(vm->definition);
        json_builder_begin_array(result);
        for (unsigned i = 0; i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];

                if (g_strcmp0(disk->device, "disk") == 0 && disk->path != NULL &&
                    !add_disk(vm, disk, result, error))
                        return false;
        }
        json_builder_end_array(result);
        return true;
}

/* --- ReleaseSpace --- */

static uint64_t used_by(const GPtrArray *paths)
{
        uint64_t sum = 0;

        for (unsigned i = 0; i < paths->len; i++) {
                g_autoptr(DiskInfo) info = disk_info(paths->pdata[i], NULL);

                sum += info != NULL ? info->used_bytes : 0;
        }
        return sum;
}

/* The files that its disks stand on and that are its own, beneath linked clones or not: they say the same
 * after. */
static GPtrArray *own_files(const SnapshotVm *vm, GError **error)
{
        g_autoptr(Tree) tree = snapshot_vm_tree(vm, NULL, 0, error);
        GPtrArray *files;
        GHashTableIter iter;
        gpointer path, value;

        if (tree == NULL)
                return NULL;
        files = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_iter_init(&iter, tree->files);
        while (g_hash_table_iter_next(&iter, &path, &value)) {
                const TreeFile *file = value;
                g_autofree char *folder = g_path_get_dirname(path);

                if ((file->active || g_strcmp0(folder, vm->record->home) == 0) &&
                    g_strcmp0(file->format, "qcow2") == 0)
                        g_ptr_array_add(files, g_strdup(path));
        }
        return files;
}

static void show_progress(unsigned percent, gpointer user_data)
{
        call_progress(user_data, percent, "releases zeros");
}

static bool release_files(SnapshotVm *vm, const GPtrArray *files, GError **error)
{
        for (unsigned i = 0; i < files->len; i++)
                if (!disk_release_zeros(files->pdata[i], show_progress, vm->call, call_cancellable(vm->call),
                                        error))
                        return false;
        return true;
}

/* Each file takes its place in one step: what there is beside them was never anybody's. */
static bool release_off(SnapshotVm *vm, const GPtrArray *files, GError **error)
{
        g_autoptr(Intent) intent = snapshot_new_intent(vm, INTENT_RELEASE);
        GPtrArray *made = g_ptr_array_new();
        g_autoptr(GError) left = NULL;
        bool well;

        for (unsigned i = 0; i < files->len; i++)
                g_ptr_array_add(made, g_strconcat(files->pdata[i], DISK_RELEASE_SUFFIX, NULL));
        g_strfreev(intent->new_files);
        intent->new_files = snapshot_take_paths(made);
        if (!intent_save(call_inventory(vm->call), intent, error))
                return false;
        well = release_files(vm, files, error);
        /* What it has released counts all the same. */
        if (!intent_delete(call_inventory(vm->call), intent->id, &left))
                call_event(vm->call, "error", vm->record->name, "%s", left->message);
        return well;
}

static bool end_release(Call *call, const Intent *intent, bool uses_new, GError **error)
{
        g_autoptr(Record) record = record_load(call_inventory(call), intent->uuid, error);

        (void)uses_new;
        if (record == NULL && error != NULL && *error != NULL)
                return false;
        snapshot_delete_files(call, record != NULL ? record->name : intent->uuid, intent->new_files);
        return intent_delete(call_inventory(call), intent->id, error);
}

extern const IntentKind disk_space_intents[];

const IntentKind disk_space_intents[] = {
        {.name = INTENT_RELEASE, .end = end_release},
        {.name = NULL},
};

/* The guest knows what it does not need; what it trims, QEMU gives back. */
static bool release_on(SnapshotVm *vm, GError **error)
{
        g_autofree char *answer = NULL;

        call_progress(vm->call, 0, "asks the guest to trim its file systems");
        answer = life_agent(vm->connection, vm->record->uuid, "{\"execute\":\"guest-fstrim\"}",
                            AGENT_TIMEOUT_S, call_cancellable(vm->call), error);
        if (answer != NULL)
                return true;
        g_prefix_error(error,
                       "VM \"%s\" runs, so that its guest's agent has to do it (or power the VM off): ",
                       vm->record->name);
        return false;
}

bool run_release_space(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name;
        g_autoptr(SnapshotVm) vm = NULL;
        g_autoptr(GPtrArray) files = NULL;
        uint64_t before, after;

        if (!args_only(args, error, "vm", NULL) || (name = args_text(args, "vm", error)) == NULL)
                return false;
        vm = snapshot_vm_open(call, name, error);
        if (vm == NULL || !snapshot_vm_check(vm, error))
                return false;
        files = own_files(vm, error);
        if (files == NULL)
                return false;
        before = used_by(files);
        if (vm->is_on ? !release_on(vm, error) : !release_off(vm, files, error))
                return false;
        after = used_by(files);
        call_event(call, "task", vm->record->name, "space that it does not need is released");
        json_builder_begin_object(result);
        add_bytes(result, "before_bytes", before);
        add_bytes(result, "after_bytes", after);
        json_builder_end_object(result);
        return true;
}

/* --- GetSpaceReport --- */

typedef struct Report {
        Call *call;
        virConnectPtr connection;
        GPtrArray *records;
        SpaceSource *sources;
        GPtrArray *lists; /* of char **, owned: what the sources point to */
} Report;

static const char *const *keep(Report *report, GPtrArray *paths)
{
        char **list = snapshot_take_paths(paths);

        g_ptr_array_add(report->lists, list);
        return (const char *const *)list;
}

/* Frozen files of side branches count, too: they are disks that nobody writes to. */
static bool add_snapshots(Report *report, const Record *record, GPtrArray *extras, GPtrArray *disks,
                          GError **error)
{
        g_autoptr(GPtrArray) snapshots = snapshot_records(call_inventory(report->call), record->uuid, error);

        for (unsigned i = 0; snapshots != NULL && i < snapshots->len; i++) {
                const SnapshotRecord *snapshot = snapshots->pdata[i];
                GHashTableIter iter;
                gpointer path;

                if (snapshot->memory != NULL)
                        g_ptr_array_add(extras, g_strdup(snapshot->memory));
                g_hash_table_iter_init(&iter, snapshot->disks);
                while (g_hash_table_iter_next(&iter, NULL, &path))
                        g_ptr_array_add(disks, g_strdup(path));
        }
        return snapshots != NULL;
}

/* Of a domain that is not there nothing is counted. */
static void add_disks(Report *report, const Record *record, GPtrArray *disks)
{
        g_autofree char *xml = life_definition(report->connection, record->uuid, true, NULL);
        g_autoptr(Definition) definition = xml != NULL ? definition_parse(xml, NULL) : NULL;
        g_autoptr(GPtrArray) all = definition != NULL ? definition_disks(definition) : NULL;

        for (unsigned i = 0; all != NULL && i < all->len; i++) {
                const DefinitionDisk *disk = all->pdata[i];

                if (g_strcmp0(disk->device, "disk") == 0 && disk->path != NULL)
                        g_ptr_array_add(disks, g_strdup(disk->path));
        }
}

static bool add_source(Report *report, unsigned i, GHashTable *indexes, GError **error)
{
        const Record *record = report->records->pdata[i];
        GPtrArray *disks = g_ptr_array_new(), *extras = g_ptr_array_new(), *sides = g_ptr_array_new();
        SpaceSource *source = &report->sources[i];
        gpointer parent;
        bool well;

        source->name = record->name;
        source->parent = -1;
        if (record->parent != NULL && record->parent_snapshot > 0 &&
            g_hash_table_lookup_extended(indexes, record->parent, NULL, &parent))
                source->parent = GPOINTER_TO_INT(parent);
        add_disks(report, record, disks);
        well = add_snapshots(report, record, extras, sides, error);
        if (record->saved != NULL)
                g_ptr_array_add(extras, g_strdup(record->saved));
        source->disks = keep(report, disks);
        source->sides = keep(report, sides);
        source->extras = keep(report, extras);
        return well;
}

static void add_figures(JsonBuilder *result, const SpaceFigures *figures)
{
        add_bytes(result, "provisioned_bytes", figures->provisioned_bytes);
        add_bytes(result, "not_shared_bytes", figures->not_shared_bytes);
        add_bytes(result, "used_bytes", figures->used_bytes);
}

static void add_space(JsonBuilder *result, const Space *space, const GPtrArray *records)
{
        json_builder_begin_object(result);
        json_builder_set_member_name(result, "vms");
        json_builder_begin_array(result);
        for (unsigned i = 0; i < space->vms->len; i++) {
                const SpaceVm *vm = &g_array_index(space->vms, SpaceVm, i);
                const Record *record = records->pdata[i];

                json_builder_begin_object(result);
                add_text(result, "name", vm->name);
                add_text(result, "datastore", record->datastore != NULL ? record->datastore : "");
                add_figures(result, &vm->figures);
                json_builder_end_object(result);
        }
        json_builder_end_array(result);
        json_builder_set_member_name(result, "datastores");
        json_builder_begin_array(result);
        for (unsigned i = 0; i < space->datastores->len; i++) {
                const SpaceDatastore *datastore = &g_array_index(space->datastores, SpaceDatastore, i);

                json_builder_begin_object(result);
                add_text(result, "name", datastore->name);
                add_bytes(result, "capacity_bytes", datastore->capacity_bytes);
                add_bytes(result, "free_bytes", datastore->free_bytes);
                add_figures(result, &datastore->figures);
                json_builder_end_object(result);
        }
        json_builder_end_array(result);
        json_builder_set_member_name(result, "fleet");
        json_builder_begin_object(result);
        add_text(result, "name", "fleet");
        add_figures(result, &space->fleet);
        add_bytes(result, "thick_bytes", space->thick_bytes);
        add_bytes(result, "thin_bytes", space->thin_bytes);
        add_bytes(result, "linked_bytes", space->linked_bytes);
        json_builder_end_object(result);
        json_builder_set_member_name(result, "problems");
        json_builder_begin_array(result);
        for (unsigned i = 0; i < space->problems->len; i++)
                json_builder_add_string_value(result, space->problems->pdata[i]);
        json_builder_end_array(result);
        json_builder_end_object(result);
}

static bool add_datastores(Call *call, Space *space, GError **error)
{
        g_autoptr(GPtrArray) datastores = datastore_list(call_inventory(call), error);

        for (unsigned i = 0; datastores != NULL && i < datastores->len; i++) {
                const NamedText *entry = datastores->pdata[i];
                DatastoreSpace figures = {0};

                /* One that is away has no figures. */
                (void)datastore_space(entry->text, &figures, NULL);
                (void)space_add_datastore(space, entry->name, entry->text, figures.capacity_bytes,
                                          figures.free_bytes);
        }
        return datastores != NULL;
}

bool run_get_space_report(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(GHashTable) indexes = g_hash_table_new(g_str_hash, g_str_equal);
        g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
        g_autoptr(GPtrArray) records = NULL;
        g_autofree SpaceSource *sources = NULL;
        g_autoptr(Space) space = space_new();
        Report report = {.call = call, .lists = lists};

        if (!args_only(args, error, NULL) || !add_datastores(call, space, error))
                return false;
        report.connection = call_connection(call, error);
        records = report.connection != NULL ? record_list(call_inventory(call), NULL, false, error) : NULL;
        if (records == NULL)
                return false;
        for (unsigned i = 0; i < records->len; i++)
                g_hash_table_insert(indexes, ((Record *)records->pdata[i])->uuid, GINT_TO_POINTER((int)i));
        report.records = records;
        report.sources = sources = g_new0(SpaceSource, records->len);
        for (unsigned i = 0; i < records->len; i++)
                if (!add_source(&report, i, indexes, error))
                        return false;
        space_gather(space, sources, records->len);
        space_compute(space);
        add_space(result, space, records);
        return true;
}
