/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory to disk and back.
 *
 * Suspending: the intent, the file, the record. A kill in between leaves the file, whole or not, and the VM
 * on or off, which tells what is to be done.
 *
 * Resuming: memory must never meet disks that have gone on without it. So the VM is restored paused, and
 * runs only when the record says that it is no longer suspended.
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "operation/args.h"
#include "operation/internal.h"
#include "operation/left-home.h"
#include "operation/network.h"
#include "operation/vm.h"
#include "storage/disk.h"

#define KIND_SUSPEND "suspend"
#define KIND_RESUME  "resume"
#define AGENT_S      5
#define FREEZE_S     60 /* it writes all that it has to */
#define WAKE_TRIES   500
#define WAKE_POLL_US 10000

char *suspend_path(const Record *record)
{
        return g_strdup_printf("%s/%s.vmss", record->home, record->name);
}

static void remove_file(Call *call, const Record *record, const char *path)
{
        if (g_unlink(path) < 0 && errno != ENOENT)
                call_event(call, "error", record->name, "cannot delete %s: %s", path, g_strerror(errno));
}

static bool set_saved(Call *call, Record *record, const char *path, GError **error)
{
        char *before = record->saved;

        record->saved = g_strdup(path);
        if (!record_save(call_inventory(call), record, error)) {
                g_free(record->saved);
                record->saved = before;
                return false;
        }
        g_free(before);
        vm_update_files(call, record);
        return true;
}

/* A guest that froze its file systems too late for an answer must not stay so: it is asked again and again,
 * whoever may want to cancel that. */
static bool thaw_guest(virConnectPtr connection, const Record *record, GError **error)
{
        int64_t deadline = g_get_monotonic_time() + FREEZE_S * G_USEC_PER_SEC;

        for (;;) {
                g_autoptr(GError) inner = NULL;
                g_autofree char *thawed =
                        life_agent(connection, record->uuid, "{\"execute\":\"guest-fsfreeze-thaw\"}",
                                   AGENT_S, NULL, &inner);

                if (thawed != NULL)
                        return true;
                if (!g_error_matches(inner, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
                    g_get_monotonic_time() >= deadline) {
                        g_propagate_error(error, g_steal_pointer(&inner));
                        return false;
                }
        }
}

/* Soft: not without the guest's agent, and with all that the guest has to write on its disks. */
static bool prepare_guest(Call *call, virConnectPtr connection, const Record *record, GError **error)
{
        g_autofree char *frozen = NULL;

        if (!life_agent_wait(connection, record->uuid, AGENT_S, call_cancellable(call), error)) {
                g_prefix_error(error, "VM \"%s\" cannot be suspended softly, only hard: ", record->name);
                return false;
        }
        frozen = life_agent(connection, record->uuid, "{\"execute\":\"guest-fsfreeze-freeze\"}", FREEZE_S,
                            NULL, NULL);
        return thaw_guest(connection, record, error);
}

/* QEMU cannot restore a guest in standby as such; awake, it goes on as after any standby. */
static bool wake(virConnectPtr connection, const Record *record, GError **error)
{
        LifePower power = LIFE_STANDBY;

        if (!life_wake(connection, record->uuid, error))
                return false;
        for (unsigned i = 0; i < WAKE_TRIES && power == LIFE_STANDBY; i++) {
                if (!life_power(connection, record->uuid, &power, error))
                        return false;
                if (power == LIFE_STANDBY)
                        g_usleep(WAKE_POLL_US);
        }
        return power != LIFE_ON || life_pause(connection, record->uuid, error);
}

static void on_progress(unsigned percent, gpointer user_data)
{
        call_progress(user_data, percent, "writing memory");
}

static char *get_boot_id(void)
{
        char *id = NULL;

        if (!g_file_get_contents("/proc/sys/kernel/random/boot_id", &id, NULL, NULL))
                return g_strdup("");
        return g_strstrip(id);
}

/*
 * What has become of the VM, whose memory was to be written: it is off and the memory is whole, or the file
 * goes. libvirt may be at it still, where nobody waited for its end: then it is broken off first. trusted:
 * the host has not crashed since, so that what looks whole is.
 */
static bool settle(Call *call, virConnectPtr connection, Record *record, const char *path, bool trusted,
                   GError **error)
{
        g_autofree char *xml = NULL;
        LifePower power;

        if (!life_settle(connection, record->uuid, error) ||
            !life_power(connection, record->uuid, &power, error))
                return false;
        /* libvirt refuses a file that is not whole. */
        if (power == LIFE_OFF && trusted)
                xml = life_saved_definition(connection, path, NULL);
        if (xml != NULL)
                return disk_sync(path, error) && set_saved(call, record, path, error);
        if (record->saved == NULL)
                remove_file(call, record, path);
        return true;
}

static bool save(Call *call, virConnectPtr connection, Record *record, GError **error)
{
        g_autofree char *path = suspend_path(record), *boot_id = get_boot_id();
        g_autoptr(GError) why = NULL, unsettled = NULL;
        char *files[] = {path, NULL};
        char *none[] = {NULL};
        Intent intent = {.uuid = record->uuid,
                         .kind = (char *)KIND_SUSPEND,
                         .new_files = files,
                         .old_files = none,
                         .details = boot_id};

        if (!intent_save(call_inventory(call), &intent, error))
                return false;
        (void)life_save(connection, record->uuid, path, on_progress, call, call_cancellable(call), &why);
        if (!settle(call, connection, record, path, true, &unsettled)) {
                /* The memory may be there, and must not be lost by a power-on. */
                operations_set_stuck(call_operations(call), record->uuid, unsettled->message);
                g_propagate_error(error, why != NULL ? g_steal_pointer(&why) : g_steal_pointer(&unsettled));
                return false;
        }
        if (!intent_delete(call_inventory(call), intent.id, error) || record->saved != NULL)
                return record->saved != NULL && (error == NULL || *error == NULL);
        if (why == NULL)
                g_set_error(&why, G_IO_ERROR, G_IO_ERROR_FAILED, "its memory is not there");
        g_propagate_prefixed_error(error, g_steal_pointer(&why),
                                   "VM \"%s\" is not suspended: ", record->name);
        return false;
}

static bool run_suspend(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name = args_only(args, error, "vm", "type", NULL) ? args_text(args, "vm", error) : NULL;
        virConnectPtr connection = name != NULL ? call_connection(call, error) : NULL;
        g_autoptr(Record) record = connection != NULL ? call_vm(call, name, true, error) : NULL;
        LifePower power;
        bool soft;

        (void)result;
        if (record == NULL || !life_power(connection, record->uuid, &power, error) ||
            !vm_is_soft(call, record->uuid, args, VM_OPTION_SUSPEND, &soft, error))
                return false;
        if (record->home == NULL || power == LIFE_OFF || power == LIFE_NONE || power == LIFE_IO_ERROR) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "VM \"%s\" %s", record->name,
                            record->home == NULL ? "has no folder on a datastore where its memory could go"
                            : power == LIFE_IO_ERROR
                                    ? "waits for the answer to a question; see 'aerostat vm question'"
                            : record->saved != NULL ? "is suspended already"
                                                    : "is powered off");
                return false;
        }
        if (soft && power == LIFE_ON && !prepare_guest(call, connection, record, error))
                return false;
        if (power == LIFE_STANDBY && !wake(connection, record, error))
                return false;
        call_progress(call, 0, "writing memory");
        if (!save(call, connection, record, error))
                return false;
        /* So that a host that has this datastore alone can resume it. */
        (void)left_home_settle(call, record->uuid);
        call_changed(call);
        call_event(call, "vm", record->name, "is suspended");
        return true;
}

/* From here on it runs, whatever happens; each step may have been made before. */
static bool finish_resume(Call *call, virConnectPtr connection, Record *record, const char *path,
                          int64_t intent, GError **error)
{
        LifePower power;

        if (record->saved != NULL && !set_saved(call, record, NULL, error))
                return false;
        if (!life_power(connection, record->uuid, &power, error) ||
            (power == LIFE_PAUSED && !life_resume(connection, record->uuid, error)))
                return false;
        remove_file(call, record, path);
        return intent_delete(call_inventory(call), intent, error);
}

static const DefinitionDisk *find_disk(const GPtrArray *disks, const char *target)
{
        for (unsigned i = 0; i < disks->len; i++)
                if (g_strcmp0(((const DefinitionDisk *)disks->pdata[i])->target, target) == 0)
                        return disks->pdata[i];
        return NULL;
}

/* Where a disk was, and what lay beside it: the VM may have been relocated since. */
static void move_folder(Definition *saved, const DefinitionDisk *was, const DefinitionDisk *is)
{
        g_autofree char *from = g_path_get_dirname(was->path), *to = g_path_get_dirname(is->path);

        if (g_strcmp0(from, to) != 0)
                definition_move_files(saved, from, to);
}

/*
 * The memory's own definition has the disks of when it was written. Snapshots and moves since then are in
 * the VM's definition; the REDO files that it was suspended with are in the memory's alone.
 */
static bool follow_disks(Call *call, const Record *record, Definition *saved, Definition *own,
                         GError **error)
{
        g_autoptr(GPtrArray) records = disk_records(call_inventory(call), record->uuid, error);
        g_autoptr(GPtrArray) were = NULL, are = NULL;

        if (records == NULL)
                return false;
        were = definition_disks(saved);
        are = definition_disks(own);
        for (unsigned i = 0; i < were->len; i++) {
                const DefinitionDisk *was = were->pdata[i], *is = find_disk(are, was->target);
                bool has_redo = false;

                for (unsigned j = 0; j < records->len; j++) {
                        const DiskRecord *disk = records->pdata[j];

                        has_redo =
                                has_redo || (strcmp(disk->target, was->target) == 0 && disk->base != NULL);
                }
                if (is == NULL || is->path == NULL || was->path == NULL || has_redo)
                        continue;
                move_folder(saved, was, is);
                if (!definition_set_disk(saved, was->target, is->path, is->format, error))
                        return false;
        }
        return true;
}

/*
 * What was in force of its processors' shares and limit came from its settings, which may be others now, and
 * would be refused where libvirt has no cgroups: they are set again when it runs.
 */
static bool follow_own(Call *call, const Record *record, Definition *saved, GError **error)
{
        g_autoptr(Definition) own = vm_definition(call, record->uuid, false, error);

        if (own == NULL)
                return false;
        definition_copy_cpu_time(saved, own);
        return follow_disks(call, record, saved, own, error);
}

bool suspend_resume(Call *call, Record *record, GError **error)
{
        virConnectPtr connection = call_connection(call, error);
        g_autofree char *path = g_strdup(record->saved);
        char *files[] = {path, NULL};
        char *none[] = {NULL};
        Intent intent = {
                .uuid = record->uuid, .kind = (char *)KIND_RESUME, .new_files = none, .old_files = files};
        g_autofree char *xml = connection != NULL ? life_saved_definition(connection, path, error) : NULL;
        g_autoptr(Definition) definition = xml != NULL ? definition_parse(xml, error) : NULL;
        g_autofree char *own = NULL;
        LifePower power;

        if (definition == NULL || !follow_own(call, record, definition, error) ||
            !network_place(call, record->uuid, definition, error) ||
            !vm_set_pager(call, record, definition, error) ||
            !call_admit(call, record->uuid, record->name, definition_memory_bytes(definition), error) ||
            !intent_save(call_inventory(call), &intent, error))
                return false;
        own = definition_text(definition);
        if (!life_restore(connection, path, own, true, error)) {
                g_prefix_error(error, "VM \"%s\" stays suspended: ", record->name);
                /* Only what is off for certain is; else libvirt is at it still, or cannot be asked. */
                if (life_power(connection, record->uuid, &power, NULL) && power == LIFE_OFF)
                        (void)intent_delete(call_inventory(call), intent.id, NULL);
                else
                        operations_set_stuck(call_operations(call), record->uuid,
                                             "libvirt has not ended reading its memory");
                return false;
        }
        if (finish_resume(call, connection, record, path, intent.id, error))
                return true;
        operations_set_stuck(call_operations(call), record->uuid,
                             "its memory was read, but it does not run yet");
        return false;
}

bool suspend_forget(Call *call, Record *record, GError **error)
{
        g_autofree char *path = g_strdup(record->saved);

        if (!set_saved(call, record, NULL, error))
                return false;
        remove_file(call, record, path);
        call_event(call, "vm", record->name, "is powered off; its suspended memory is gone");
        return redo_drop(call, record, error);
}

/* --- what a kill has left --- */

static bool end_suspend(Call *call, const Intent *intent, bool uses_new, GError **error)
{
        virConnectPtr connection = call_connection(call, error);
        g_autoptr(Record) record = record_load(call_inventory(call), intent->uuid, error);
        g_autofree char *boot_id = get_boot_id();

        (void)uses_new;
        if (connection == NULL || record == NULL || intent->new_files[0] == NULL)
                return false;
        return settle(call, connection, record, intent->new_files[0],
                      g_strcmp0(boot_id, intent->details) == 0, error) &&
               intent_delete(call_inventory(call), intent->id, error);
}

static bool end_resume(Call *call, const Intent *intent, bool uses_new, GError **error)
{
        virConnectPtr connection = call_connection(call, error);
        g_autoptr(Record) record = record_load(call_inventory(call), intent->uuid, error);
        g_autoptr(GError) busy = NULL;
        LifePower power;

        (void)uses_new;
        if (connection == NULL || record == NULL || intent->old_files[0] == NULL ||
            !life_power(connection, record->uuid, &power, error))
                return false;
        /* Pausing what is paused changes nothing, and waits until libvirt has ended reading the memory. */
        if (record->saved != NULL && power == LIFE_PAUSED) {
                bool quiet = life_pause(connection, record->uuid, &busy);

                if (!life_power(connection, record->uuid, &power, error))
                        return false;
                if (!quiet && power == LIFE_PAUSED) {
                        g_propagate_error(error, g_steal_pointer(&busy));
                        return false;
                }
        }
        /* Off, and the record says suspended: it has not run. */
        if (record->saved != NULL && (power == LIFE_OFF || power == LIFE_NONE))
                return intent_delete(call_inventory(call), intent->id, error);
        return finish_resume(call, connection, record, intent->old_files[0], intent->id, error);
}

const Method suspend_methods[] = {
        {.name = "SuspendVM", .is_task = true, .run = run_suspend},
        {.name = NULL},
};

const IntentKind suspend_intents[] = {
        {.name = KIND_SUSPEND, .end = end_suspend},
        {.name = KIND_RESUME, .end = end_resume},
        {.name = NULL},
};
