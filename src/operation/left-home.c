/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "operation/left-home.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "operation/home.h"
#include "operation/vm.h"
#include "storage/datastore.h"
#include "storage/disk.h"

#define PARTIAL ".aerostat-partial"

typedef struct Settle {
        Call *call;
        virConnectPtr connection;
        Record *record;
        Definition *definition;
        GPtrArray *left; /* of char *, where it was started first */
} Settle;

static void settle_clear(Settle *settle)
{
        g_clear_pointer(&settle->record, record_free);
        g_clear_pointer(&settle->definition, definition_free);
        g_clear_pointer(&settle->left, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Settle, settle_clear)

/* --- files --- */

static bool take_file(const char *from, const char *to, GError **error)
{
        g_autofree char *partial = g_strconcat(to, PARTIAL, NULL);

        /* Of an earlier try. */
        if (g_unlink(partial) < 0 && errno != ENOENT)
                return operation_refuse(error, g_io_error_from_errno(errno), "cannot delete %s: %s", partial,
                                        g_strerror(errno));
        if (!home_copy_file(from, partial, error)) {
                (void)g_unlink(partial);
                return false;
        }
        if (g_rename(partial, to) < 0)
                return operation_refuse(error, g_io_error_from_errno(errno), "cannot make %s: %s", to,
                                        g_strerror(errno));
        return disk_sync(to, error);
}

static bool is_file(const char *path, struct stat *ret)
{
        return lstat(path, ret) == 0 && S_ISREG(ret->st_mode);
}

/* As long as the definition says so, these are the VM's variables, whatever else there is. */
static bool take_variables(const Settle *settle, GError **error)
{
        const char *nvram = definition_nvram(settle->definition);
        g_autofree char *folder = nvram != NULL ? g_path_get_dirname(nvram) : NULL;
        g_autofree char *name = nvram != NULL ? g_path_get_basename(nvram) : NULL, *to = NULL;
        struct stat st;

        if (folder == NULL || strcmp(folder, settle->record->home) == 0 || !is_file(nvram, &st))
                return true;
        for (unsigned i = 0; i < settle->left->len; i++)
                if (strcmp(folder, settle->left->pdata[i]) == 0) {
                        to = g_build_filename(settle->record->home, name, NULL);
                        return take_file(nvram, to, error);
                }
        return true;
}

static bool is_disk(const GPtrArray *disks, const char *path)
{
        for (unsigned i = 0; i < disks->len; i++)
                if (g_strcmp0(((const DefinitionDisk *)disks->pdata[i])->path, path) == 0)
                        return true;
        return false;
}

/* Logs that have grown since they were copied. */
static bool take_logs(const Settle *settle, GError **error)
{
        g_autoptr(GPtrArray) files = definition_files(settle->definition);
        g_autoptr(GPtrArray) disks = definition_disks(settle->definition);

        for (unsigned i = 0; i < files->len; i++) {
                const char *to = files->pdata[i];
                g_autofree char *folder = g_path_get_dirname(to), *name = g_path_get_basename(to);
                g_autofree char *from = g_build_filename(settle->left->pdata[0], name, NULL);
                struct stat source, target;

                if (strcmp(folder, settle->record->home) != 0 || is_disk(disks, to) ||
                    !is_file(from, &source) ||
                    (is_file(to, &target) && target.st_mtim.tv_sec >= source.st_mtim.tv_sec &&
                     target.st_size == source.st_size))
                        continue;
                if (!take_file(from, to, error))
                        return false;
        }
        return true;
}

/* --- definitions --- */

static void move_definition(const Settle *settle, Definition *definition)
{
        for (unsigned i = 0; i < settle->left->len; i++)
                definition_move_files(definition, settle->left->pdata[i], settle->record->home);
}

/* text: NULL with an error stays that. *ret: what it is moved, owned; NULL: as it was. */
static bool move_text(const Settle *settle, const char *text, char **ret, GError **error)
{
        g_autoptr(Definition) definition = text != NULL ? definition_parse(text, error) : NULL;
        g_autofree char *before = definition != NULL ? definition_text(definition) : NULL, *after = NULL;

        if (definition == NULL)
                return false;
        move_definition(settle, definition);
        after = definition_text(definition);
        *ret = strcmp(before, after) != 0 ? g_steal_pointer(&after) : NULL;
        return true;
}

static bool move_own(Settle *settle, GError **error)
{
        g_autofree char *before = definition_text(settle->definition), *after = NULL;

        move_definition(settle, settle->definition);
        after = definition_text(settle->definition);
        return strcmp(before, after) == 0 || life_define(settle->connection, after, error);
}

static bool move_memory(const Settle *settle, const char *path, GError **error)
{
        g_autofree char *xml = life_saved_definition(settle->connection, path, error), *moved = NULL;

        return move_text(settle, xml, &moved, error) &&
               (moved == NULL || life_saved_define(settle->connection, path, moved, error));
}

static bool move_snapshots(const Settle *settle, GError **error)
{
        Inventory *inventory = call_inventory(settle->call);
        g_autoptr(GPtrArray) snapshots = snapshot_records(inventory, settle->record->uuid, error);

        for (unsigned i = 0; snapshots != NULL && i < snapshots->len; i++) {
                SnapshotRecord *snapshot = snapshots->pdata[i];
                char *moved = NULL;

                if (!move_text(settle, snapshot->definition, &moved, error))
                        return false;
                if (moved != NULL) {
                        g_free(snapshot->definition);
                        snapshot->definition = moved;
                }
                if (snapshot->memory != NULL && !move_memory(settle, snapshot->memory, error))
                        return false;
        }
        return snapshots != NULL &&
               (snapshots->len == 0 ||
                snapshot_records_change(inventory, settle->record->uuid,
                                        (SnapshotRecord *const *)snapshots->pdata, snapshots->len, NULL, 0,
                                        settle->record->current_snapshot, 0, error));
}

/* --- the whole --- */

static bool drop_folders(const Settle *settle, GError **error)
{
        for (unsigned i = 0; i < settle->left->len; i++) {
                const char *path = settle->left->pdata[i];
                g_autofree char *store = g_path_get_dirname(path);

                if (!datastore_remove_home(store, path, error) ||
                    !left_home_forget(call_inventory(settle->call), settle->record->uuid, path, error))
                        return false;
        }
        return true;
}

static bool run(Settle *settle, GError **error)
{
        const char *saved = settle->record->saved;

        settle->definition = vm_definition(settle->call, settle->record->uuid, false, error);
        if (settle->definition == NULL || !take_variables(settle, error) || !take_logs(settle, error) ||
            !move_own(settle, error) || !move_snapshots(settle, error) ||
            (saved != NULL && !move_memory(settle, saved, error)))
                return false;
        vm_update_files(settle->call, settle->record);
        return drop_folders(settle, error);
}

bool left_home_settle(Call *call, const char *uuid)
{
        g_auto(Settle) settle = {.call = call};
        g_autoptr(GError) error = NULL;
        LifePower power;

        settle.left = left_homes(call_inventory(call), uuid, &error);
        if (settle.left != NULL && settle.left->len == 0)
                return true;
        settle.record = settle.left != NULL ? record_load(call_inventory(call), uuid, &error) : NULL;
        settle.connection = settle.record != NULL ? call_connection(call, &error) : NULL;
        if (settle.connection != NULL && life_power(settle.connection, uuid, &power, &error) &&
            (power != LIFE_OFF || settle.record->home == NULL || run(&settle, &error)))
                return true;
        call_event(call, "error", settle.record != NULL ? settle.record->name : uuid,
                   "what it left in %s while it ran stays there for now: %s",
                   settle.left != NULL ? (const char *)settle.left->pdata[0] : "its old folder",
                   error != NULL ? error->message : "it is not in the inventory");
        return false;
}
