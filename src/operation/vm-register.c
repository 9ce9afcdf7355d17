/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * VMs whose files are there: taken into this host's inventory, and out of it. The files come from whoever
 * can write to the datastore, and nothing that they say is believed.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "inventory/catalog.h"
#include "operation/args.h"
#include "operation/home.h"
#include "operation/vm.h"
#include "operation/vmx.h"
#include "storage/datastore.h"
#include "storage/disk.h"

#define KIND_REGISTER   "register"
#define KIND_UNREGISTER "unregister"

typedef struct Registration {
        Call *call;
        Record *record;
        GHashTable *vmx;
        Definition *definition;
        char *datastore; /* name */
        char *home;
} Registration;

static void registration_clear(Registration *registration)
{
        record_free(registration->record);
        g_clear_pointer(&registration->vmx, g_hash_table_unref);
        definition_free(registration->definition);
        g_free(registration->datastore);
        g_free(registration->home);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Registration, registration_clear)

static bool refuse(GError **error, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool refuse(GError **error, const char *format, ...)
{
        g_autofree char *message = NULL;
        va_list words;

        va_start(words, format);
        message = g_strdup_vprintf(format, words);
        va_end(words);
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, message);
        return false;
}

/* Where links lead, of a file or of the folder that it is to be made in; owned. */
static char *real_path(const char *path)
{
        char resolved[PATH_MAX];
        g_autofree char *folder = g_path_get_dirname(path);

        if (realpath(path, resolved) != NULL || realpath(folder, resolved) != NULL)
                return g_strdup(resolved);
        return NULL;
}

/* In one of the datastores, wherever links lead. */
static bool is_allowed(const char *path, gpointer user_data)
{
        g_autofree char *canonical = g_path_is_absolute(path) ? g_canonicalize_filename(path, "/") : NULL;
        g_autofree char *real = canonical != NULL ? real_path(canonical) : NULL;
        g_autoptr(GPtrArray) datastores = datastore_list(call_inventory(user_data), NULL);

        for (unsigned i = 0; real != NULL && datastores != NULL && i < datastores->len; i++) {
                const NamedText *datastore = datastores->pdata[i];
                g_autofree char *root = real_path(datastore->text);

                if (root != NULL && g_str_has_prefix(real, root) && real[strlen(root)] == '/')
                        return true;
        }
        return false;
}

static const char *value_of(const Registration *registration, const char *key)
{
        const char *value = g_hash_table_lookup(registration->vmx, key);

        return value != NULL ? value : "";
}

/* "[ds] folder/NAME.vmx": the folder is one of the datastore's own, and no link. */
static bool parse_path(Call *call, const char *text, Registration *registration, char **ret_file,
                       GError **error)
{
        g_autofree char *rest = NULL, *root = NULL;
        g_auto(GStrv) parts = NULL;
        struct stat status;

        if (!datastore_parse(text, &registration->datastore, &rest, error))
                return false;
        root = datastore_path(call_inventory(call), registration->datastore, error);
        if (root == NULL) {
                g_autofree char *shown = catalog_shown(registration->datastore);

                if (error == NULL || *error == NULL)
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                    "there is no datastore \"%s\"; 'aerostat datastore list' shows all",
                                    shown);
                return false;
        }
        parts = g_strsplit(rest, "/", -1);
        if (g_strv_length(parts) != 2 || *parts[0] == '\0' || !g_str_has_suffix(parts[1], ".vmx"))
                return refuse(error, "the path is to be \"[DATASTORE] FOLDER/NAME.vmx\"");
        registration->home = g_build_filename(root, parts[0], NULL);
        *ret_file = g_build_filename(registration->home, parts[1], NULL);
        if (lstat(registration->home, &status) < 0 || !S_ISDIR(status.st_mode)) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no folder %s",
                            registration->home);
                return false;
        }
        return true;
}

static bool read_files(Registration *registration, const char *file, GError **error)
{
        g_autofree char *text = vmx_read_file(file, VMX_SIZE_MAX, error);
        g_autofree char *path = NULL, *xml = NULL;
        const char *name;

        registration->vmx = text != NULL ? vmx_parse(text, error) : NULL;
        if (registration->vmx == NULL) {
                g_prefix_error(error, "%s: ", file);
                return false;
        }
        name = value_of(registration, "aerostat.xml");
        if (*name == '\0' || strchr(name, '/') != NULL)
                return refuse(error,
                              "%s names no definition beside it (aerostat.xml); only what aerostat has "
                              "written can be "
                              "registered",
                              file);
        path = g_build_filename(registration->home, name, NULL);
        xml = vmx_read_file(path, DEFINITION_MAX, error);
        registration->definition = xml != NULL ? definition_parse(xml, error) : NULL;
        if (registration->definition == NULL)
                g_prefix_error(error, "%s: ", path);
        return registration->definition != NULL;
}

/* Its files may lie elsewhere than when it was written. */
static bool adapt(Registration *registration, Definition *definition, GError **error)
{
        const char *from = value_of(registration, "aerostat.home");
        const char *type = vm_domain_type(registration->call, error);

        if (type == NULL)
                return false;
        if (g_path_is_absolute(from))
                definition_move_files(definition, from, registration->home);
        return definition_check_foreign(definition, type, NULL, is_allowed, registration->call, error);
}

/* From the old folder's file to the new folder's; owned. */
static char *move_path(const Registration *registration, const char *path)
{
        const char *from = value_of(registration, "aerostat.home");
        size_t length = strlen(from);

        if (length > 1 && strncmp(path, from, length) == 0 && path[length] == '/')
                return g_build_filename(registration->home, path + length + 1, NULL);
        return g_strdup(path);
}

/* Each file that a disk stands on is in a datastore; those that moved with it are named where they are. */
static bool check_chain(const Registration *registration, const char *path, const char *format,
                        GError **error)
{
        g_autofree char *file = g_strdup(path);
        g_autofree char *expected = g_strdup(format != NULL ? format : "raw");

        for (unsigned i = 0; i < DISK_CHAIN_MAX; i++) {
                g_autoptr(DiskInfo) info = NULL;
                g_autofree char *next = NULL;

                if (!is_allowed(file, registration->call)) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                                    "a disk stands on %s, which lies in none of this host's datastores",
                                    file);
                        return false;
                }
                if (!disk_check_format(file, expected, error))
                        return false;
                info = strcmp(expected, "raw") != 0 ? disk_info(file, error) : NULL;
                if (strcmp(expected, "raw") == 0)
                        return true;
                if (info == NULL || info->backing == NULL)
                        return info != NULL;
                next = move_path(registration, info->backing);
                if (strcmp(next, info->backing) != 0 &&
                    !disk_set_backing(file, next,
                                      info->backing_format != NULL ? info->backing_format : "raw", error))
                        return false;
                g_free(expected);
                expected = g_strdup(info->backing_format != NULL ? info->backing_format : "raw");
                g_free(file);
                file = g_steal_pointer(&next);
        }
        return refuse(error, "a disk stands on more than %d files", DISK_CHAIN_MAX);
}

static bool check_disks(const Registration *registration, Definition *definition, GError **error)
{
        g_autoptr(GPtrArray) disks = definition_disks(definition);

        for (unsigned i = 0; i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];

                if (disk->path != NULL && g_strcmp0(disk->device, "disk") == 0 &&
                    !check_chain(registration, disk->path, disk->format, error))
                        return false;
        }
        return true;
}

/* Whether one of the files is frozen by a snapshot of this VM; 0: none. */
static int64_t find_snapshot(Call *call, const Record *record, GPtrArray *files, GError **error)
{
        g_autoptr(GPtrArray) snapshots = snapshot_records(call_inventory(call), record->uuid, error);

        for (unsigned i = 0; snapshots != NULL && i < snapshots->len; i++) {
                const SnapshotRecord *snapshot = snapshots->pdata[i];
                GHashTableIter iter;
                gpointer file;

                g_hash_table_iter_init(&iter, snapshot->disks);
                while (g_hash_table_iter_next(&iter, NULL, &file))
                        if (g_ptr_array_find_with_equal_func(files, file, g_str_equal, NULL))
                                return snapshot->id;
        }
        return 0;
}

/* A linked clone's parent, where this host has it: so that nobody takes from under it what it stands on. */
static bool find_parent(Registration *registration, GError **error)
{
        g_autoptr(GPtrArray) disks = definition_disks(registration->definition);
        g_autoptr(GPtrArray) records = record_list(call_inventory(registration->call), NULL, false, error);
        g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);

        for (unsigned i = 0; i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];
                g_autoptr(GPtrArray) chain = disk->path != NULL && g_strcmp0(disk->format, "qcow2") == 0
                                                     ? disk_chain(disk->path, NULL)
                                                     : NULL;

                for (unsigned n = 1; chain != NULL && n < chain->len; n++)
                        g_ptr_array_add(files, g_strdup(chain->pdata[n]));
        }
        for (unsigned i = 0; files->len > 0 && records != NULL && i < records->len; i++) {
                const Record *record = records->pdata[i];
                int64_t snapshot = find_snapshot(registration->call, record, files, error);

                if (snapshot == 0)
                        continue;
                registration->record->parent = g_strdup(record->uuid);
                registration->record->parent_snapshot = snapshot;
                break;
        }
        return records != NULL;
}

/* The memory of a suspended VM has its definition in it, too, which goes the same way. */
static bool take_saved(Registration *registration, virConnectPtr connection, GError **error)
{
        const char *text = value_of(registration, "checkpoint.vmState");
        g_autofree char *base = NULL, *path = NULL, *xml = NULL, *adapted = NULL;
        g_autoptr(Definition) definition = NULL;

        if (*text == '\0')
                return true;
        base = g_path_get_basename(text);
        path = g_build_filename(registration->home, base, NULL);
        if (!g_file_test(path, G_FILE_TEST_IS_REGULAR) || g_file_test(path, G_FILE_TEST_IS_SYMLINK))
                return refuse(error, "the VM is suspended, and its memory is not at %s", path);
        xml = life_saved_definition(connection, path, error);
        definition = xml != NULL ? definition_parse(xml, error) : NULL;
        if (definition == NULL || !adapt(registration, definition, error) ||
            !check_disks(registration, definition, error)) {
                g_prefix_error(error, "%s: ", path);
                return false;
        }
        if (g_strcmp0(definition_uuid(definition), registration->record->uuid) != 0)
                return refuse(error, "%s is the memory of another VM", path);
        adapted = definition_text(definition);
        if (strcmp(adapted, xml) != 0 && !life_saved_define(connection, path, adapted, error))
                return false;
        registration->record->saved = g_steal_pointer(&path);
        return true;
}

static bool save_options(const Registration *registration, GError **error)
{
        Inventory *inventory = call_inventory(registration->call);
        const Record *record = registration->record;
        g_autoptr(InventoryVm) vm = inventory_vm_new(record->uuid, record->name);
        GHashTableIter iter;
        gpointer key, value;

        g_hash_table_iter_init(&iter, registration->vmx);
        while (g_hash_table_iter_next(&iter, &key, &value)) {
                const VmOption *option = vm_option_find(key);

                if (option != NULL && !vm_option_check(option, value, error))
                        return false;
                /* The scheduler checks each of its own when it reads them. A folder for swap is this host's.
                 */
                if (option != NULL ||
                    (g_str_has_prefix(key, "sched.mem.") && strlen(value) <= CATALOG_NAME_MAX))
                        g_hash_table_insert(vm->options, g_strdup(key), g_strdup(value));
        }
        return inventory_vm_save(inventory, vm, error);
}

static bool save_disks(const Registration *registration, GError **error)
{
        g_autoptr(GPtrArray) disks = definition_disks(registration->definition);

        for (unsigned i = 0; i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];
                g_autofree char *mode_key = g_strdup_printf("aerostat.disk.%s.mode", disk->target);
                g_autofree char *base_key = g_strdup_printf("aerostat.disk.%s.base", disk->target);
                const char *mode = value_of(registration, mode_key);
                DiskRecord kept = {.target = disk->target};

                if (*mode == '\0')
                        continue;
                if (!disk_mode_parse(mode, &kept.mode))
                        return refuse(error, "%s is none of a disk's modes", mode_key);
                /* Only while it is suspended has it a REDO file, and that over its own disk. */
                if (registration->record->saved != NULL && *value_of(registration, base_key) != '\0')
                        kept.base = disk->path;
                if (kept.mode != DISK_PERSISTENT &&
                    !disk_record_save(call_inventory(registration->call), registration->record->uuid, &kept,
                                      error))
                        return false;
        }
        return true;
}

static bool is_registered(const Registration *registration, virConnectPtr connection, GError **error)
{
        g_autoptr(GError) inner = NULL;
        g_autoptr(Record) known =
                record_load(call_inventory(registration->call), registration->record->uuid, &inner);
        LifePower power;

        if (inner != NULL) {
                g_propagate_error(error, g_steal_pointer(&inner));
                return true;
        }
        if (known == NULL) {
                if (!life_power(connection, registration->record->uuid, &power, error))
                        return true;
                if (power == LIFE_NONE)
                        return false;
        }
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                    known != NULL ? "it is registered already, as \"%s\""
                                  : "libvirt has a VM of the same UUID already; adopt that one: \"%s\"",
                    known != NULL ? known->name : registration->record->name);
        return true;
}

static bool save_all(Registration *registration, GError **error)
{
        Inventory *inventory = call_inventory(registration->call);
        Record *record = registration->record;
        char *none[] = {NULL};
        Intent intent = {
                .uuid = record->uuid, .kind = (char *)KIND_REGISTER, .new_files = none, .old_files = none};
        g_autoptr(GError) left = NULL;

        if (!intent_save(inventory, &intent, error))
                return false;
        if (record_save(inventory, record, error) && save_options(registration, error) &&
            save_disks(registration, error) &&
            vm_define(registration->call, registration->definition, error))
                return intent_delete(inventory, intent.id, error);
        if (!record_delete(inventory, record->uuid, &left) || !intent_delete(inventory, intent.id, &left))
                call_event(registration->call, "error", record->name, "%s", left->message);
        return false;
}

static bool run_register(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_auto(Registration) registration = {.call = call};
        const char *path = args_only(args, error, "path", "folder", "name", NULL)
                                   ? args_text(args, "path", error)
                                   : NULL;
        virConnectPtr connection = path != NULL ? call_connection(call, error) : NULL;
        const char *folder = "/", *name = NULL;
        g_autofree char *file = NULL, *uuid = NULL;
        Record *record;

        if (connection == NULL || !args_text_if(args, "folder", &folder, error) ||
            !args_text_if(args, "name", &name, error) ||
            !parse_path(call, path, &registration, &file, error) || !read_files(&registration, file, error))
                return false;
        uuid = g_strdup(definition_uuid(registration.definition));
        if (name == NULL)
                name = value_of(&registration, "displayName");
        if (uuid == NULL || !g_uuid_string_is_valid(uuid) ||
            !catalog_check_name("virtual machine", name, error))
                return error != NULL && *error != NULL
                               ? false
                               : refuse(error, "%s: the definition has no UUID", file);
        registration.record = record = record_new(uuid, name);
        g_free(record->folder);
        record->folder = g_strdup(folder);
        record->datastore = g_strdup(registration.datastore);
        record->home = g_strdup(registration.home);
        record->made_ms = g_get_real_time() / 1000;
        record->is_template = strcmp(value_of(&registration, "aerostat.template"), "TRUE") == 0;
        if (!call_lock(call, uuid, true, error) || is_registered(&registration, connection, error) ||
            !adapt(&registration, registration.definition, error) ||
            !check_disks(&registration, registration.definition, error) ||
            !find_parent(&registration, error) || !take_saved(&registration, connection, error))
                return false;
        if (record->saved != NULL && g_strcmp0(definition_name(registration.definition), name) != 0)
                return refuse(error, "VM \"%s\" is suspended, and keeps its name until it is powered off",
                              definition_name(registration.definition));
        definition_set_name(registration.definition, name);
        if (!save_all(&registration, error))
                return false;
        vm_update_files(call, record);
        call_event(call, "vm", record->name, "is registered from %s", file);
        json_builder_begin_object(result);
        json_builder_set_member_name(result, "uuid");
        json_builder_add_string_value(result, uuid);
        json_builder_set_member_name(result, "name");
        json_builder_add_string_value(result, record->name);
        json_builder_end_object(result);
        return true;
}

/* --- out of the inventory: the files stay --- */

static bool forget(Call *call, const char *uuid, bool adopted, int64_t intent, GError **error)
{
        virConnectPtr connection = call_connection(call, error);

        /* What was adopted is libvirt's own as before. */
        return connection != NULL && (adopted || life_undefine(connection, uuid, error)) &&
               record_delete(call_inventory(call), uuid, error) &&
               intent_delete(call_inventory(call), intent, error);
}

static bool check_clones(Call *call, const Record *record, GError **error)
{
        g_autoptr(GPtrArray) clones = record_clones(call_inventory(call), record->uuid, 0, error);

        if (clones != NULL && clones->len > 0)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "VM \"%s\" has %u linked clones, \"%s\" among them; it must stay known while "
                            "they stand on its disks",
                            record->name, clones->len, ((const Record *)clones->pdata[0])->name);
        return clones != NULL && clones->len == 0;
}

/* The files say nothing of snapshots, and a tree of them must not be lost. */
static bool check_snapshots(Call *call, const Record *record, GError **error)
{
        g_autoptr(GPtrArray) snapshots = snapshot_records(call_inventory(call), record->uuid, error);

        if (snapshots != NULL && snapshots->len > 0)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "VM \"%s\" has %u snapshots, which would be forgotten, \"%s\" among them; "
                            "remove them first",
                            record->name, snapshots->len,
                            ((const SnapshotRecord *)snapshots->pdata[0])->name);
        return snapshots != NULL && snapshots->len == 0;
}

static bool run_unregister(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name = args_only(args, error, "vm", NULL) ? args_text(args, "vm", error) : NULL;
        virConnectPtr connection = name != NULL ? call_connection(call, error) : NULL;
        g_autoptr(Record) record = connection != NULL ? call_vm(call, name, true, error) : NULL;
        char *none[] = {NULL};
        Intent intent = {.kind = (char *)KIND_UNREGISTER, .new_files = none, .old_files = none};
        LifePower power;

        (void)result;
        if (record == NULL || !life_power(connection, record->uuid, &power, error))
                return false;
        if (record->home != NULL && power != LIFE_OFF && power != LIFE_NONE) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "VM \"%s\" runs; power it off or suspend it before it is unregistered",
                            record->name);
                return false;
        }
        if (!check_clones(call, record, error) ||
            (record->home != NULL && !check_snapshots(call, record, error)) ||
            (power != LIFE_NONE && record->home != NULL && !home_write_files(call, record, error)))
                return false;
        intent.uuid = record->uuid;
        intent.details = record->home == NULL ? (char *)"\"adopted\"" : NULL;
        if (!intent_save(call_inventory(call), &intent, error) ||
            !forget(call, record->uuid, record->home == NULL, intent.id, error))
                return false;
        call_event(call, "vm", record->name, "is unregistered; its files stay%s%s",
                   record->home != NULL ? " in " : "", record->home != NULL ? record->home : "");
        return true;
}

static bool end_forget(Call *call, const Intent *intent, bool uses_new, GError **error)
{
        (void)uses_new;
        return forget(call, intent->uuid, intent->details != NULL && *intent->details != '\0', intent->id,
                      error);
}

const Method vm_register_methods[] = {
        {.name = "RegisterVM", .is_task = true, .run = run_register},
        {.name = "UnregisterVM", .is_task = true, .run = run_unregister},
        {.name = NULL},
};

const IntentKind vm_register_intents[] = {
        {.name = KIND_REGISTER, .end = end_forget},
        {.name = KIND_UNREGISTER, .end = end_forget},
        {.name = NULL},
};
