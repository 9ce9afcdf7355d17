/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "operation/snapshot-file.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "inventory/catalog.h"
#include "operation/snapshot.h"
#include "operation/vm.h"
#include "operation/vmx.h"
#include "storage/disk.h"

#define SNAPSHOTS_MAX 1000

static char *key_of(unsigned n, const char *member)
{
        return g_strdup_printf("snapshot%u.%s", n, member);
}

/* --- written --- */

static void append(GString *text, unsigned n, const char *member, const char *value)
{
        g_autofree char *key = key_of(n, member);

        vmx_append(text, key, value);
}

static void append_number(GString *text, unsigned n, const char *member, int64_t value)
{
        g_autofree char *number = g_strdup_printf("%" PRId64, value);

        append(text, n, member, number);
}

static void append_path(GString *text, unsigned n, const char *member, const char *home, const char *path)
{
        size_t length = strlen(home);
        bool inside = strncmp(path, home, length) == 0 && path[length] == '/';

        append(text, n, member, inside ? path + length + 1 : path);
}

static void append_snapshot(GString *text, unsigned n, const char *home, const SnapshotRecord *snapshot)
{
        g_autoptr(GList) targets = g_hash_table_get_keys(snapshot->disks);
        unsigned disks = 0;

        append_number(text, n, "uid", snapshot->id);
        append_number(text, n, "parent", snapshot->parent);
        append(text, n, "displayName", snapshot->name);
        append(text, n, "description", snapshot->description);
        append_number(text, n, "time_ms", snapshot->time_ms);
        if (snapshot->memory != NULL)
                append_path(text, n, "filename", home, snapshot->memory);
        append(text, n, "definition", snapshot->definition);
        targets = g_list_sort(targets, (GCompareFunc)g_strcmp0);
        for (GList *target = targets; target != NULL; target = target->next, disks++) {
                g_autofree char *node = g_strdup_printf("disk%u.node", disks);
                g_autofree char *file = g_strdup_printf("disk%u.fileName", disks);

                append(text, n, node, target->data);
                append_path(text, n, file, home, g_hash_table_lookup(snapshot->disks, target->data));
        }
        append_number(text, n, "numDisks", disks);
}

bool snapshot_file_append(Call *call, const char *uuid, const char *home, GString *text, GError **error)
{
        g_autoptr(GPtrArray) snapshots = snapshot_records(call_inventory(call), uuid, error);
        /* Those who change snapshots have a record of before. */
        g_autoptr(Record) record = snapshots != NULL ? record_load(call_inventory(call), uuid, error) : NULL;
        g_autofree char *number = NULL, *current = NULL;

        if (record == NULL)
                return snapshots != NULL && (error == NULL || *error == NULL);
        if (snapshots->len == 0)
                return true;
        number = g_strdup_printf("%u", snapshots->len);
        current = g_strdup_printf("%" PRId64, record->current_snapshot);
        vmx_append(text, "snapshot.numSnapshots", number);
        vmx_append(text, "snapshot.current", current);
        for (unsigned i = 0; i < snapshots->len; i++)
                append_snapshot(text, i, home, snapshots->pdata[i]);
        return true;
}

/* --- read --- */

typedef struct Reader {
        const Foreign *foreign;
        GHashTable *vmx;
        GError **error;
} Reader;

static bool refuse(const Reader *reader, const char *key, const char *what)
{
        return operation_refuse(reader->error, G_IO_ERROR_INVALID_ARGUMENT, "%s %s", key, what);
}

static bool read_number(const Reader *reader, const char *key, int64_t min, int64_t max, int64_t *ret)
{
        const char *text = g_hash_table_lookup(reader->vmx, key);
        gint64 number;

        if (text == NULL || !g_ascii_string_to_signed(text, 10, min, max, &number, NULL))
                return refuse(reader, key, "is to be a number, and not that large");
        *ret = number;
        return true;
}

static bool read_member_number(const Reader *reader, unsigned n, const char *member, int64_t min,
                               int64_t max, int64_t *ret)
{
        g_autofree char *key = key_of(n, member);

        return read_number(reader, key, min, max, ret);
}

/* Owned; NULL with an error when there is none. */
static char *read_text(const Reader *reader, unsigned n, const char *member, size_t length_max)
{
        g_autofree char *key = key_of(n, member);
        const char *text = g_hash_table_lookup(reader->vmx, key);

        if (text != NULL && strlen(text) <= length_max)
                return g_strdup(text);
        (void)refuse(reader, key, text == NULL ? "is missing" : "is too long");
        return NULL;
}

static bool is_plain(const char *path)
{
        g_auto(GStrv) parts = g_strsplit(path, "/", -1);

        for (char **part = parts; *part != NULL; part++)
                if (**part == '\0' || strcmp(*part, ".") == 0 || strcmp(*part, "..") == 0)
                        return false;
        return *parts != NULL;
}

/* Owned: where it is now; NULL with an error. */
static char *read_path(const Reader *reader, unsigned n, const char *member)
{
        g_autofree char *text = read_text(reader, n, member, PATH_MAX), *key = NULL;
        bool absolute = text != NULL && *text == '/';

        if (text == NULL)
                return NULL;
        if (is_plain(text + (absolute ? 1 : 0)))
                return absolute ? foreign_path(reader->foreign, text)
                                : g_build_filename(reader->foreign->home, text, NULL);
        key = key_of(n, member);
        (void)refuse(reader, key, "is to be the path of a file, without \"..\"");
        return NULL;
}

static bool read_disks(const Reader *reader, unsigned n, SnapshotRecord *snapshot)
{
        int64_t disks = 0;

        if (!read_member_number(reader, n, "numDisks", 1, VM_DISKS_MAX, &disks))
                return false;
        for (unsigned i = 0; i < (unsigned)disks; i++) {
                g_autofree char *node = g_strdup_printf("disk%u.node", i);
                g_autofree char *member = g_strdup_printf("disk%u.fileName", i);
                char *target = read_text(reader, n, node, CATALOG_NAME_MAX);
                char *path = target != NULL ? read_path(reader, n, member) : NULL;

                if (path == NULL) {
                        g_free(target);
                        return false;
                }
                g_hash_table_insert(snapshot->disks, target, path);
        }
        return true;
}

static bool has_memory(const Reader *reader, unsigned n)
{
        g_autofree char *key = key_of(n, "filename");
        const char *text = g_hash_table_lookup(reader->vmx, key);

        return text != NULL && *text != '\0';
}

static const SnapshotRecord *find(const GPtrArray *snapshots, int64_t id)
{
        for (unsigned i = 0; i < snapshots->len; i++)
                if (((const SnapshotRecord *)snapshots->pdata[i])->id == id)
                        return snapshots->pdata[i];
        return NULL;
}

static bool read_snapshot(const Reader *reader, unsigned n, const GPtrArray *before,
                          SnapshotRecord *snapshot)
{
        g_autofree char *uid = key_of(n, "uid"), *parent = key_of(n, "parent");

        snapshot->uuid = g_strdup(reader->foreign->uuid);
        snapshot->disks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        if (!read_number(reader, uid, 1, INT64_MAX, &snapshot->id) ||
            !read_number(reader, parent, 0, INT64_MAX, &snapshot->parent) ||
            !read_member_number(reader, n, "time_ms", 0, INT64_MAX, &snapshot->time_ms))
                return false;
        if (find(before, snapshot->id) != NULL)
                return refuse(reader, uid, "has come before");
        if (snapshot->parent != 0 && find(before, snapshot->parent) == NULL)
                return refuse(reader, parent, "is to be that of a snapshot that came before");
        snapshot->name = read_text(reader, n, "displayName", CATALOG_NAME_MAX);
        snapshot->description = read_text(reader, n, "description", SNAPSHOT_DESCRIPTION_MAX);
        snapshot->definition = read_text(reader, n, "definition", DEFINITION_MAX);
        if (snapshot->name == NULL || snapshot->description == NULL || snapshot->definition == NULL ||
            !catalog_check_name("snapshot", snapshot->name, reader->error) ||
            !read_disks(reader, n, snapshot))
                return false;
        if (has_memory(reader, n))
                snapshot->memory = read_path(reader, n, "filename");
        return !has_memory(reader, n) || snapshot->memory != NULL;
}

GPtrArray *snapshot_file_parse(const Foreign *foreign, GHashTable *vmx, int64_t *ret_current, GError **error)
{
        const Reader reader = {.foreign = foreign, .vmx = vmx, .error = error};
        g_autoptr(GPtrArray) snapshots =
                g_ptr_array_new_with_free_func((GDestroyNotify)snapshot_record_free);
        int64_t number = 0, current = 0;

        if (!g_hash_table_contains(vmx, "snapshot.numSnapshots")) {
                *ret_current = 0;
                return g_steal_pointer(&snapshots);
        }
        if (!read_number(&reader, "snapshot.numSnapshots", 0, SNAPSHOTS_MAX, &number) ||
            !read_number(&reader, "snapshot.current", 0, INT64_MAX, &current))
                return NULL;
        for (unsigned i = 0; i < (unsigned)number; i++) {
                SnapshotRecord *snapshot = g_new0(SnapshotRecord, 1);
                bool well = read_snapshot(&reader, i, snapshots, snapshot);

                g_ptr_array_add(snapshots, snapshot);
                if (!well)
                        return NULL;
        }
        if (current != 0 && find(snapshots, current) == NULL) {
                (void)refuse(&reader, "snapshot.current", "is to be one of the snapshots");
                return NULL;
        }
        *ret_current = current;
        return g_steal_pointer(&snapshots);
}

/* --- taken over --- */

/* What the guest saw then: the file's name may have changed since, by a merge. */
static bool check_disk(const Foreign *foreign, const GPtrArray *disks, const char *target, const char *path,
                       GError **error)
{
        g_autoptr(DiskInfo) info = NULL;

        for (unsigned i = 0; i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];

                if (strcmp(disk->target, target) != 0 || g_strcmp0(disk->device, "disk") != 0)
                        continue;
                if (g_strcmp0(disk->path, path) == 0)
                        return foreign_check_chain(foreign, path, disk->format, error);
                if (!foreign_is_allowed(foreign, path))
                        return operation_refuse(error, G_IO_ERROR_NOT_SUPPORTED,
                                                "%s lies in none of this host's datastores", path);
                info = disk_info(path, error);
                return info != NULL && foreign_check_chain(foreign, path, info->format, error);
        }
        return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT, "its definition has no disk %s", target);
}

static bool check_snapshot(const Foreign *foreign, SnapshotRecord *snapshot, Definition *own, GError **error)
{
        g_autoptr(Definition) definition = definition_parse(snapshot->definition, error);
        g_autoptr(GPtrArray) disks = NULL;
        GHashTableIter iter;
        gpointer target, path;

        if (definition == NULL || !foreign_adapt(foreign, definition, error))
                return false;
        if (g_strcmp0(definition_uuid(definition), foreign->uuid) != 0)
                return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                        "its definition is that of another VM");
        disks = definition_disks(definition);
        g_hash_table_iter_init(&iter, snapshot->disks);
        while (g_hash_table_iter_next(&iter, &target, &path)) {
                if (definition_uses(own, path))
                        return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                                "it is said to have frozen %s, which the VM writes to",
                                                (const char *)path);
                if (!check_disk(foreign, disks, target, path, error))
                        return false;
        }
        if (snapshot->memory != NULL && !foreign_is_allowed(foreign, snapshot->memory))
                return operation_refuse(error, G_IO_ERROR_NOT_SUPPORTED,
                                        "%s lies in none of this host's datastores", snapshot->memory);
        if (snapshot->memory != NULL &&
            !foreign_take_memory(foreign, snapshot->memory, "it has memory", error))
                return false;
        g_free(snapshot->definition);
        snapshot->definition = definition_text(definition);
        return true;
}

bool snapshot_file_check(const Foreign *foreign, GPtrArray *snapshots, Definition *definition,
                         GError **error)
{
        for (unsigned i = 0; i < snapshots->len; i++) {
                SnapshotRecord *snapshot = snapshots->pdata[i];

                if (!check_snapshot(foreign, snapshot, definition, error)) {
                        g_prefix_error(error, "snapshot \"%s\": ", snapshot->name);
                        return false;
                }
        }
        return true;
}

bool snapshot_file_save(const Foreign *foreign, GPtrArray *snapshots, int64_t current, GError **error)
{
        Inventory *inventory = call_inventory(foreign->call);
        g_autofree int64_t *uids = g_new0(int64_t, snapshots->len + 1);
        int64_t current_id = 0;

        for (unsigned i = 0; i < snapshots->len; i++) {
                SnapshotRecord *snapshot = snapshots->pdata[i];

                uids[i] = snapshot->id;
                snapshot->id = 0;
                for (unsigned j = 0; snapshot->parent != 0 && j < i; j++)
                        if (uids[j] == snapshot->parent) {
                                snapshot->parent = ((const SnapshotRecord *)snapshots->pdata[j])->id;
                                break;
                        }
                if (!snapshot_records_change(inventory, foreign->uuid, &snapshot, 1, NULL, 0,
                                             SNAPSHOT_LAST_SAVED, 0, error))
                        return false;
                if (uids[i] == current)
                        current_id = snapshot->id;
        }
        return snapshots->len == 0 ||
               snapshot_records_change(inventory, foreign->uuid, NULL, 0, NULL, 0, current_id, 0, error);
}
