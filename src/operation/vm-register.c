/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * VMs whose files are there: taken into this host's inventory, and out of it. The files come from whoever
 * can write to the datastore, and nothing that they say is believed.
 */
#include <string.h>
#include <sys/stat.h>

#include "inventory/catalog.h"
#include "operation/args.h"
#include "operation/foreign.h"
#include "operation/home.h"
#include "operation/kin.h"
#include "operation/snapshot-file.h"
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
        Foreign foreign;
        GPtrArray *snapshots; /* of SnapshotRecord *, by the numbers that the file gives them */
        int64_t current;      /* one of these, or 0 */
        GPtrArray *clones;    /* see kin_find_clones() */
} Registration;

static void registration_clear(Registration *registration)
{
        record_free(registration->record);
        g_clear_pointer(&registration->vmx, g_hash_table_unref);
        definition_free(registration->definition);
        g_free(registration->datastore);
        g_free(registration->home);
        g_clear_pointer(&registration->snapshots, g_ptr_array_unref);
        g_clear_pointer(&registration->clones, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Registration, registration_clear)

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
                return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                        "the path is to be \"[DATASTORE] FOLDER/NAME.vmx\"");
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
                return operation_refuse(
                        error, G_IO_ERROR_INVALID_ARGUMENT,
                        "%s names no definition beside it (aerostat.xml); only what aerostat has "
                        "written can be registered",
                        file);
        path = g_build_filename(registration->home, name, NULL);
        xml = vmx_read_file(path, DEFINITION_MAX, error);
        registration->definition = xml != NULL ? definition_parse(xml, error) : NULL;
        if (registration->definition == NULL)
                g_prefix_error(error, "%s: ", path);
        return registration->definition != NULL;
}

static bool take_snapshots(Registration *registration, GError **error)
{
        const Foreign *foreign = &registration->foreign;

        registration->snapshots =
                snapshot_file_parse(foreign, registration->vmx, &registration->current, error);
        if (registration->snapshots == NULL ||
            !snapshot_file_check(foreign, registration->snapshots, registration->definition, error))
                return false;
        registration->clones =
                kin_find_clones(registration->call, foreign->uuid, registration->snapshots, error);
        return registration->clones != NULL;
}

static bool take_saved(Registration *registration, GError **error)
{
        const char *text = value_of(registration, "checkpoint.vmState");
        g_autofree char *base = NULL, *path = NULL;

        if (*text == '\0')
                return true;
        base = g_path_get_basename(text);
        path = g_build_filename(registration->home, base, NULL);
        if (!foreign_take_memory(&registration->foreign, path, "the VM is suspended", error))
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
                if (vm_option_travels(key, value) ||
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
                        return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                                "%s is none of a disk's modes", mode_key);
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

/* From then on it cannot be undone: a snapshot that clones stand on stays. */
static bool save_clones(const Registration *registration, int64_t intent, GError **error)
{
        Inventory *inventory = call_inventory(registration->call);
        bool ok;

        if (!inventory_begin(inventory, error))
                return false;
        ok = kin_save_clones(registration->call, registration->record->uuid, registration->clones, error) &&
             intent_delete(inventory, intent, error);
        return inventory_end(inventory, ok, error);
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
            snapshot_file_save(&registration->foreign, registration->snapshots, registration->current,
                               error) &&
            vm_define(registration->call, registration->definition, error) &&
            save_clones(registration, intent.id, error))
                return true;
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
                               : operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                                  "%s: the definition has no UUID", file);
        registration.record = record = record_new(uuid, name);
        g_free(record->folder);
        record->folder = g_strdup(folder);
        record->datastore = g_strdup(registration.datastore);
        record->home = g_strdup(registration.home);
        record->made_ms = g_get_real_time() / 1000;
        record->is_template = strcmp(value_of(&registration, "aerostat.template"), "TRUE") == 0;
        registration.foreign = (Foreign){.call = call,
                                         .uuid = uuid,
                                         .from = value_of(&registration, "aerostat.home"),
                                         .home = registration.home};
        if (!call_lock(call, uuid, true, error) || is_registered(&registration, connection, error) ||
            !foreign_adapt(&registration.foreign, registration.definition, error) ||
            !foreign_check_disks(&registration.foreign, registration.definition, error) ||
            !take_snapshots(&registration, error) ||
            !kin_find_parent(call, record, registration.definition, error) ||
            !take_saved(&registration, error))
                return false;
        if (record->saved != NULL && g_strcmp0(definition_name(registration.definition), name) != 0)
                return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                        "VM \"%s\" is suspended, and keeps its name until it is powered off",
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

/* A VM that was adopted has no file that could hold the tree of them, and it must not be lost. */
static bool check_snapshots(Call *call, const Record *record, GError **error)
{
        g_autoptr(GPtrArray) snapshots = snapshot_records(call_inventory(call), record->uuid, error);

        if (snapshots != NULL && snapshots->len > 0)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "VM \"%s\" has %u snapshots, \"%s\" among them, and no folder of its own where "
                            "they could be noted; remove them first",
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
            (record->home == NULL && !check_snapshots(call, record, error)) ||
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
