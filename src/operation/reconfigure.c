/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A VM's hardware and habits, changed at once where QEMU can, else from the next power-on. */
#include <string.h>

#include "operation/args.h"
#include "operation/vm.h"

typedef struct Change {
        int64_t memory_mb, cpus; /* 0: as they are */
        const char *options[8];  /* by their place in vm_options; NULL: as it is */
        bool has_cdrom;
        char *cdrom; /* owned; NULL: nothing in it */
        bool waits;  /* for power-off, at least a part of it */
} Change;

static void change_clear(Change *change)
{
        g_free(change->cdrom);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Change, change_clear)

static bool parse_cdrom(Call *call, JsonObject *args, Change *change, GError **error)
{
        const char *text = NULL;

        change->has_cdrom = json_object_has_member(args, "cdrom");
        if (!args_text_if(args, "cdrom", &text, error))
                return false;
        if (text == NULL || *text == '\0')
                return true;
        change->cdrom = vm_parse_file(call, text, error);
        if (change->cdrom != NULL && !g_file_test(change->cdrom, G_FILE_TEST_IS_REGULAR))
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "cdrom: there is no file %s",
                            change->cdrom);
        return change->cdrom != NULL && g_file_test(change->cdrom, G_FILE_TEST_IS_REGULAR);
}

static bool parse_options(JsonObject *args, Change *change, GError **error)
{
        for (unsigned i = 0; vm_options[i].name != NULL; i++) {
                const VmOption *option = &vm_options[i];
                bool flag = true;

                g_assert(i < G_N_ELEMENTS(change->options));
                if (strcmp(option->name, VM_OPTION_PAGER) == 0) {
                        if (!args_bool_if(args, option->arg, &flag, error))
                                return false;
                        if (json_object_has_member(args, option->arg))
                                change->options[i] = flag ? "TRUE" : "FALSE";
                } else if (!args_text_if(args, option->arg, &change->options[i], error) ||
                           (change->options[i] != NULL &&
                            !vm_option_check(option, change->options[i], error))) {
                        return false;
                }
        }
        return true;
}

static bool parse(Call *call, JsonObject *args, Change *change, GError **error)
{
        return args_only(args, error, "vm", "memory_mb", "cpus", "powerOffType", "suspendType", "resetType",
                         "standbyAction", "pager", "cdrom", NULL) &&
               args_int_if(args, "memory_mb", VM_MEMORY_MB_MIN, VM_MEMORY_MB_MAX, &change->memory_mb,
                           error) &&
               args_int_if(args, "cpus", 1, VM_CPUS_MAX, &change->cpus, error) &&
               parse_options(args, change, error) && parse_cdrom(call, args, change, error);
}

/* Its drive's target, owned; NULL: it has none. */
static char *find_drive(Definition *definition)
{
        g_autoptr(GPtrArray) disks = definition_disks(definition);

        for (unsigned i = 0; i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];

                if (g_strcmp0(disk->device, "cdrom") == 0)
                        return g_strdup(disk->target);
        }
        return NULL;
}

static bool set_cdrom(Definition *definition, const Change *change, GError **error)
{
        g_autofree char *target = find_drive(definition), *element = NULL;
        /* Machines with EFI have no IDE. */
        DefinitionDisk drive = {.bus = (char *)(definition_nvram(definition) != NULL ? "sata" : "ide"),
                                .device = (char *)"cdrom",
                                .path = change->cdrom,
                                .format = (char *)"raw"};

        if (target != NULL)
                return definition_set_disk(definition, target, change->cdrom, "raw", error);
        element = definition_add_disk(definition, &drive, error);
        return element != NULL;
}

/* Of the VM that runs. */
static bool set_cdrom_live(Call *call, const Record *record, Change *change, GError **error)
{
        virConnectPtr connection = call_connection(call, error);
        g_autoptr(Definition) live =
                connection != NULL ? vm_definition(call, record->uuid, true, error) : NULL;
        g_autofree char *target = live != NULL ? find_drive(live) : NULL;
        g_autofree char *element = NULL;

        if (live == NULL)
                return false;
        if (target == NULL) {
                change->waits = true;
                return true;
        }
        if (!definition_set_disk(live, target, change->cdrom, "raw", error))
                return false;
        element = definition_remove_disk(live, target, error);
        return element != NULL && life_update(connection, record->uuid, element, true, false, error);
}

static bool set_cpus_live(Call *call, const Record *record, Change *change, GError **error)
{
        virConnectPtr connection = call_connection(call, error);
        g_autoptr(Definition) live =
                connection != NULL ? vm_definition(call, record->uuid, true, error) : NULL;
        unsigned cpus = (unsigned)change->cpus;

        if (live == NULL)
                return false;
        if (cpus == definition_cpus(live))
                return true;
        /* Guests are not asked to part with processors. */
        if (cpus < definition_cpus(live) || cpus > definition_cpus_max(live)) {
                change->waits = true;
                return true;
        }
        return life_set_cpus(connection, record->uuid, cpus, error);
}

static bool change_definition(Call *call, const Record *record, const Change *change, GError **error)
{
        g_autoptr(Definition) definition = vm_definition(call, record->uuid, false, error);
        g_autofree char *before = definition != NULL ? definition_text(definition) : NULL;
        g_autofree char *after = NULL;

        if (definition == NULL)
                return false;
        if (change->memory_mb != 0)
                definition_set_memory(definition, (uint64_t)change->memory_mb << 20);
        if (change->cpus != 0)
                definition_set_cpus(definition, (unsigned)change->cpus);
        if (change->has_cdrom && !set_cdrom(definition, change, error))
                return false;
        after = definition_text(definition);
        return strcmp(before, after) == 0 || vm_define(call, definition, error);
}

static bool change_live(Call *call, const Record *record, Change *change, GError **error)
{
        if (change->memory_mb != 0)
                change->waits = true;
        return (change->cpus == 0 || set_cpus_live(call, record, change, error)) &&
               (!change->has_cdrom || set_cdrom_live(call, record, change, error));
}

static bool save_options(Call *call, const Record *record, const Change *change, GError **error)
{
        for (unsigned i = 0; vm_options[i].name != NULL; i++)
                if (change->options[i] != NULL &&
                    !inventory_option_set(call_inventory(call), record->uuid, vm_options[i].name,
                                          change->options[i], error))
                        return false;
        return true;
}

static bool run_reconfigure(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_auto(Change) change = {0};
        const char *name = parse(call, args, &change, error) ? args_text(args, "vm", error) : NULL;
        virConnectPtr connection = name != NULL ? call_connection(call, error) : NULL;
        g_autoptr(Record) record = connection != NULL ? call_vm(call, name, true, error) : NULL;
        LifePower power;
        bool off;

        if (record == NULL || !life_power(connection, record->uuid, &power, error))
                return false;
        off = power == LIFE_OFF && record->saved == NULL;
        if (!change_definition(call, record, &change, error))
                return false;
        if (power == LIFE_ON || power == LIFE_PAUSED) {
                if (!change_live(call, record, &change, error)) {
                        g_prefix_error(error,
                                       "VM \"%s\" has the change from its next power-on, but not now: ",
                                       record->name);
                        return false;
                }
        } else if (!off) {
                change.waits = change.memory_mb != 0 || change.cpus != 0 || change.has_cdrom;
        }
        if (!save_options(call, record, &change, error))
                return false;
        vm_update_files(call, record);
        call_changed(call);
        json_builder_begin_object(result);
        json_builder_set_member_name(result, "waits_for_power_off");
        json_builder_add_boolean_value(result,
                                       change.waits || (!off && json_object_has_member(args, "pager")));
        json_builder_end_object(result);
        return true;
}

/* --- the memory scheduler's settings --- */

/* char * to char *; NULL with an error. */
static GHashTable *parse_settings(JsonObject *args, GError **error)
{
        g_autoptr(GHashTable) settings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        JsonObject *given = NULL;
        g_autoptr(GList) names = NULL;

        if (!args_object_if(args, "settings", &given, error))
                return NULL;
        names = given != NULL ? json_object_get_members(given) : NULL;
        for (GList *name = names; name != NULL; name = name->next) {
                const char *value = args_text(given, name->data, error);

                if (value == NULL)
                        return NULL;
                g_hash_table_insert(settings, g_strdup(name->data), g_strdup(value));
        }
        return g_steal_pointer(&settings);
}

/* Of a VM that need not be in the inventory: those that libvirt alone knows have them, too. */
static bool run_configure(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(GHashTable) settings = NULL;
        g_autoptr(Record) record = NULL;
        const char *name;

        (void)result;
        if (!args_only(args, error, "vm", "settings", NULL) ||
            (name = args_text(args, "vm", error)) == NULL ||
            (settings = parse_settings(args, error)) == NULL)
                return false;
        record = record_find(call_inventory(call), name, NULL);
        return call_configure(call, record != NULL ? record->uuid : name, settings, error);
}

const Method reconfigure_methods[] = {
        {.name = "ConfigureVM", .run = run_configure},
        {.name = "ReconfigVM", .is_task = true, .run = run_reconfigure},
        {.name = NULL},
};
