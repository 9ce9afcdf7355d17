/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CD-ROM drives: AddDrive, RemoveDrive, SetDrive. */
#include <string.h>

#include "operation/args.h"
#include "operation/vm.h"

#define DRIVES_MAX 30

typedef struct Drive {
        Record *record;
        Definition *definition; /* as it starts next */
        LifePower power;
        char *path; /* what is in it; NULL: nothing */
} Drive;

static void drive_clear(Drive *drive)
{
        g_clear_pointer(&drive->record, record_free);
        g_clear_pointer(&drive->definition, definition_free);
        g_free(drive->path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Drive, drive_clear)

static bool parse_file(Call *call, JsonObject *args, char **ret, GError **error)
{
        const char *text = NULL;

        if (!args_text_if(args, "file", &text, error))
                return false;
        if (text == NULL || *text == '\0')
                return true;
        *ret = vm_parse_file(call, text, error);
        return *ret != NULL && (g_file_test(*ret, G_FILE_TEST_IS_REGULAR) ||
                                operation_refuse(error, G_IO_ERROR_NOT_FOUND, "there is no file %s", *ret));
}

/* The VM of the arguments, locked. */
static bool open_drive(Call *call, JsonObject *args, Drive *drive, GError **error)
{
        const char *name = parse_file(call, args, &drive->path, error) ? args_text(args, "vm", error) : NULL;
        virConnectPtr connection = name != NULL ? call_connection(call, error) : NULL;

        drive->record = connection != NULL ? call_vm(call, name, true, error) : NULL;
        if (drive->record == NULL || !life_power(connection, drive->record->uuid, &drive->power, error))
                return false;
        drive->definition = vm_definition(call, drive->record->uuid, false, error);
        return drive->definition != NULL;
}

static bool check_off(const Drive *drive, GError **error)
{
        return (drive->power == LIFE_OFF && drive->record->saved == NULL) ||
               vm_refuse(drive->record, "is not powered off: its drives can be added and removed when it is",
                         error);
}

static bool check_drive(Definition *definition, const Record *record, const char *target, GError **error)
{
        g_autoptr(GPtrArray) disks = definition_disks(definition);

        for (unsigned i = 0; i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];

                if (strcmp(disk->device, "cdrom") == 0 && g_strcmp0(disk->target, target) == 0)
                        return true;
        }
        return operation_refuse(error, G_IO_ERROR_NOT_FOUND, "VM \"%s\" has no drive \"%.30s\"",
                                record->name, target);
}

static bool define(Call *call, const Drive *drive, GError **error)
{
        if (!vm_define(call, drive->definition, error))
                return false;
        vm_update_files(call, drive->record);
        return true;
}

static unsigned count_drives(Definition *definition)
{
        g_autoptr(GPtrArray) disks = definition_disks(definition);
        unsigned n = 0;

        for (unsigned i = 0; i < disks->len; i++)
                n += strcmp(((const DefinitionDisk *)disks->pdata[i])->device, "cdrom") == 0;
        return n;
}

/* What was added last. */
static char *newest_target(Definition *definition)
{
        g_autoptr(GPtrArray) disks = definition_disks(definition);

        return g_strdup(((const DefinitionDisk *)disks->pdata[disks->len - 1])->target);
}

static bool run_add(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *bus = "ide", *target = NULL;
        g_autofree char *element = NULL, *made = NULL;
        g_auto(Drive) drive = {0};
        bool efi;

        if (!args_only(args, error, "vm", "bus", "target", "file", NULL) ||
            !args_text_if(args, "bus", &bus, error) || !args_text_if(args, "target", &target, error) ||
            !open_drive(call, args, &drive, error) || !check_off(&drive, error))
                return false;
        if (count_drives(drive.definition) >= DRIVES_MAX)
                return vm_refuse(drive.record, "has 30 drives already", error);
        /* Machines with EFI have no IDE. */
        efi = definition_nvram(drive.definition) != NULL && strcmp(bus, "ide") == 0;
        element = definition_add_disk(drive.definition,
                                      &(const DefinitionDisk){
                                              .bus = (char *)(guintptr)(efi ? "sata" : bus),
                                              .target = (char *)(guintptr)(efi ? NULL : target),
                                              .device = (char *)(guintptr) "cdrom",
                                              .path = drive.path,
                                              .format = (char *)(guintptr) "raw",
                                      },
                                      error);
        if (element == NULL || !define(call, &drive, error))
                return false;
        made = newest_target(drive.definition);
        json_builder_begin_object(result);
        json_builder_set_member_name(result, "target");
        json_builder_add_string_value(result, made);
        json_builder_end_object(result);
        return true;
}

static bool run_remove(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *target;
        g_autofree char *element = NULL;
        g_auto(Drive) drive = {0};

        (void)result;
        if (!args_only(args, error, "vm", "target", NULL) ||
            (target = args_text(args, "target", error)) == NULL || !open_drive(call, args, &drive, error) ||
            !check_off(&drive, error) || !check_drive(drive.definition, drive.record, target, error))
                return false;
        element = definition_remove_disk(drive.definition, target, error);
        return element != NULL && define(call, &drive, error);
}

static bool set_live(Call *call, const Drive *drive, const char *target, GError **error)
{
        g_autoptr(Definition) live = vm_definition(call, drive->record->uuid, true, error);
        g_autofree char *element = NULL;

        if (live == NULL || !definition_set_disk(live, target, drive->path, "raw", error))
                return false;
        element = definition_remove_disk(live, target, error);
        return element != NULL &&
               life_update(call_connection(call, NULL), drive->record->uuid, element, true, false, error);
}

static bool run_set(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *target;
        g_auto(Drive) drive = {0};

        (void)result;
        if (!args_only(args, error, "vm", "target", "file", NULL) ||
            (target = args_text(args, "target", error)) == NULL || !open_drive(call, args, &drive, error) ||
            !check_drive(drive.definition, drive.record, target, error))
                return false;
        /* A guest that locks its drive keeps what is in it: that comes first. */
        return (drive.power == LIFE_OFF || set_live(call, &drive, target, error)) &&
               definition_set_disk(drive.definition, target, drive.path, "raw", error) &&
               define(call, &drive, error);
}

extern const Method drive_methods[];

const Method drive_methods[] = {
        {.name = "AddDrive", .is_task = true, .run = run_add},
        {.name = "RemoveDrive", .is_task = true, .run = run_remove},
        {.name = "SetDrive", .is_task = true, .run = run_set},
        {.name = NULL},
};
