/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A new VM. Its record comes first, so that what there is of it can be found and undone after a kill. */
#include <string.h>

#include "inventory/catalog.h"
#include "operation/args.h"
#include "operation/discard.h"
#include "operation/home.h"
#include "operation/vm.h"
#include "storage/datastore.h"
#include "storage/disk.h"

#define DISK_MB_MAX ((int64_t)1 << 40)
#define CARDS_MAX   10

typedef struct DiskWish {
        const char *from; /* image to be copied, or NULL */
        int64_t size_mb;  /* of a copy: at least */
        DiskProvisioning provisioning;
        DiskMode mode;
} DiskWish;

typedef struct Wish {
        const char *name, *folder, *datastore, *kernel, *initrd, *cmdline, *firmware;
        char *cdrom; /* owned */
        int64_t memory_mb, cpus, cpus_max;
        bool pager;
        JsonArray *cards;
        GArray *disks;    /* of DiskWish */
        GPtrArray *paths; /* what kernel and the like are on this host */
} Wish;

static void wish_clear(Wish *wish)
{
        g_free(wish->cdrom);
        g_clear_pointer(&wish->disks, g_array_unref);
        g_clear_pointer(&wish->paths, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Wish, wish_clear)

/* A file of the host's that is there, kept by the wish. */
static bool parse_host_file(Call *call, Wish *wish, JsonObject *args, const char *name, const char **ret,
                            GError **error)
{
        const char *text = NULL;
        char *path;

        if (!args_text_if(args, name, &text, error))
                return false;
        if (text == NULL || *text == '\0')
                return true;
        path = vm_parse_file(call, text, error);
        if (path == NULL)
                return false;
        g_ptr_array_add(wish->paths, path);
        if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s: there is no file %s", name, path);
                return false;
        }
        *ret = path;
        return true;
}

static bool parse_disk(Call *call, Wish *all, JsonObject *args, DiskWish *wish, GError **error)
{
        const char *provisioning = "thin", *mode = "persistent";

        *wish = (DiskWish){0};
        if (!args_only(args, error, "size_mb", "from", "provisioning", "mode", NULL) ||
            !parse_host_file(call, all, args, "from", &wish->from, error) ||
            !args_int_if(args, "size_mb", 1, DISK_MB_MAX, &wish->size_mb, error) ||
            !args_text_if(args, "provisioning", &provisioning, error) ||
            !args_text_if(args, "mode", &mode, error))
                return false;
        if (wish->size_mb == 0 && wish->from == NULL)
                return operation_refuse(
                        error, G_IO_ERROR_INVALID_ARGUMENT,
                        "a disk is to have its \"size_mb\", or an image to be copied \"from\"");
        if (strcmp(provisioning, "thin") != 0 && strcmp(provisioning, "thick") != 0)
                return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                        "a disk's \"provisioning\" is to be thin or thick");
        if (!disk_mode_parse(mode, &wish->mode))
                return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                        "a disk's \"mode\" is to be persistent, independent_persistent or "
                                        "independent_nonpersistent");
        wish->provisioning = strcmp(provisioning, "thick") == 0 ? DISK_THICK : DISK_THIN;
        return true;
}

static bool parse_disks(Call *call, JsonObject *args, Wish *wish, GError **error)
{
        JsonArray *disks = NULL;

        wish->disks = g_array_new(FALSE, TRUE, sizeof(DiskWish));
        if (!args_objects_if(args, "disks", VM_DISKS_MAX, &disks, error))
                return false;
        for (unsigned i = 0; disks != NULL && i < json_array_get_length(disks); i++) {
                DiskWish disk;

                if (!parse_disk(call, wish, json_array_get_object_element(disks, i), &disk, error))
                        return false;
                g_array_append_val(wish->disks, disk);
        }
        return true;
}

static bool check_card(JsonObject *card, GError **error)
{
        const char *group = NULL, *bridge = NULL;

        if (!args_only(card, error, "port_group", "bridge", "model", NULL) ||
            !args_text_if(card, "port_group", &group, error) ||
            !args_text_if(card, "bridge", &bridge, error))
                return false;
        if ((group == NULL) == (bridge == NULL))
                return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                        "a card is to have either a \"port_group\" or a \"bridge\"");
        return true;
}

static bool parse_numbers(JsonObject *args, Wish *wish, GError **error)
{
        wish->memory_mb = 0;
        wish->cpus = 1;
        if (!args_int_if(args, "memory_mb", VM_MEMORY_MB_MIN, VM_MEMORY_MB_MAX, &wish->memory_mb, error) ||
            !args_int_if(args, "cpus", 1, VM_CPUS_MAX, &wish->cpus, error))
                return false;
        if (wish->memory_mb == 0)
                return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT, "\"memory_mb\" is missing");
        wish->cpus_max = wish->cpus;
        return args_int_if(args, "cpus_max", wish->cpus, VM_CPUS_MAX, &wish->cpus_max, error);
}

static bool parse(Call *call, JsonObject *args, Wish *wish, GError **error)
{
        const char *cdrom = NULL;

        wish->folder = "/";
        wish->firmware = "bios";
        wish->pager = true;
        wish->paths = g_ptr_array_new_with_free_func(g_free);
        if (!args_only(args, error, "name", "folder", "datastore", "memory_mb", "cpus", "cpus_max", "disks",
                       "cdrom", "kernel", "initrd", "cmdline", "firmware", "cards", "pager", NULL) ||
            (wish->name = args_text(args, "name", error)) == NULL ||
            !catalog_check_name("virtual machine", wish->name, error) ||
            (wish->datastore = args_text(args, "datastore", error)) == NULL ||
            !args_text_if(args, "folder", &wish->folder, error) || !parse_numbers(args, wish, error) ||
            !parse_disks(call, args, wish, error) ||
            !args_objects_if(args, "cards", CARDS_MAX, &wish->cards, error) ||
            !parse_host_file(call, wish, args, "kernel", &wish->kernel, error) ||
            !parse_host_file(call, wish, args, "initrd", &wish->initrd, error) ||
            !parse_host_file(call, wish, args, "cdrom", &cdrom, error) ||
            !args_text_if(args, "cmdline", &wish->cmdline, error) ||
            !args_text_if(args, "firmware", &wish->firmware, error) ||
            !args_bool_if(args, "pager", &wish->pager, error))
                return false;
        wish->cdrom = g_strdup(cdrom);
        if (strcmp(wish->firmware, "bios") != 0 && strcmp(wish->firmware, "efi") != 0)
                return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                        "\"firmware\" is to be bios or efi");
        if (wish->kernel == NULL && (wish->initrd != NULL || wish->cmdline != NULL))
                return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                        "\"initrd\" and \"cmdline\" go with a \"kernel\"");
        for (unsigned i = 0; wish->cards != NULL && i < json_array_get_length(wish->cards); i++)
                if (!check_card(json_array_get_object_element(wish->cards, i), error))
                        return false;
        return true;
}

static Definition *new_definition(Call *call, const Wish *wish, const Record *record, GError **error)
{
        const char *type = vm_domain_type(call, error);
        g_autofree char *console = g_strdup_printf("%s/%s.console", record->home, record->name);
        g_autofree char *nvram = g_strdup_printf("%s/%s.nvram", record->home, record->name);
        DefinitionMachine machine = {
                .name = record->name,
                .uuid = record->uuid,
                .domain_type = type,
                .memory_bytes = (uint64_t)wish->memory_mb << 20,
                .cpus = (unsigned)wish->cpus,
                .cpus_max = (unsigned)wish->cpus_max,
                .kernel = wish->kernel,
                .initrd = wish->initrd,
                .cmdline = wish->cmdline,
                .firmware = wish->firmware,
                .console = console,
                .nvram = nvram,
                /* What is given a kernel needs nobody to look at its installation. */
                .display = wish->kernel == NULL,
        };

        return type != NULL ? definition_new(&machine) : NULL;
}

static void on_copied(unsigned percent, gpointer user_data)
{
        call_progress(user_data, percent, "copying the image");
}

static bool make_file(Call *call, const char *path, const DiskWish *wish, GError **error)
{
        uint64_t bytes = (uint64_t)wish->size_mb << 20;
        g_autoptr(DiskInfo) info = NULL;

        if (wish->from == NULL)
                return disk_create(path, bytes, wish->provisioning, error);
        if (!disk_copy(wish->from, path, wish->provisioning, NULL, on_copied, call, call_cancellable(call),
                       error))
                return false;
        info = disk_info(path, error);
        return info != NULL && (bytes <= info->provisioned_bytes || disk_resize(path, bytes, error));
}

static bool make_disk(Call *call, const Record *record, Definition *definition, const DiskWish *wish,
                      unsigned number, GError **error)
{
        g_autofree char *path = home_disk_path(record, number), *element = NULL;
        DefinitionDisk disk = {.bus = (char *)"virtio", .path = path, .format = (char *)"qcow2"};
        g_autoptr(GPtrArray) disks = NULL;
        DiskRecord kept = {.mode = wish->mode};

        call_progress(call, 10, "making disk %u", number + 1);
        if (!make_file(call, path, wish, error))
                return false;
        element = definition_add_disk(definition, &disk, error);
        if (element == NULL || wish->mode == DISK_PERSISTENT)
                return element != NULL;
        disks = definition_disks(definition);
        kept.target = ((const DefinitionDisk *)disks->pdata[disks->len - 1])->target;
        return disk_record_save(call_inventory(call), record->uuid, &kept, error);
}

static bool add_cdrom(Definition *definition, const Wish *wish, GError **error)
{
        DefinitionDisk drive = {.bus = (char *)(strcmp(wish->firmware, "efi") == 0 ? "sata" : "ide"),
                                .device = (char *)"cdrom",
                                .path = wish->cdrom,
                                .format = (char *)"raw"};
        g_autofree char *element =
                wish->cdrom != NULL ? definition_add_disk(definition, &drive, error) : NULL;

        return wish->cdrom == NULL || element != NULL;
}

static bool add_bridges(Definition *definition, const Wish *wish, GError **error)
{
        for (unsigned i = 0; wish->cards != NULL && i < json_array_get_length(wish->cards); i++) {
                JsonObject *object = json_array_get_object_element(wish->cards, i);
                const char *bridge = NULL, *model = NULL;
                g_autofree char *element = NULL;
                DefinitionCard card = {0};

                if (!args_text_if(object, "bridge", &bridge, error) ||
                    !args_text_if(object, "model", &model, error))
                        return false;
                if (bridge == NULL)
                        continue;
                card.bridge = (char *)(uintptr_t)bridge;
                card.model = (char *)(uintptr_t)model;
                element = definition_add_card(definition, &card, error);
                if (element == NULL)
                        return false;
        }
        return true;
}

static bool add_to_port_groups(Call *call, const Wish *wish, const Record *record, GError **error)
{
        for (unsigned i = 0; wish->cards != NULL && i < json_array_get_length(wish->cards); i++) {
                JsonObject *object = json_array_get_object_element(wish->cards, i);
                g_autoptr(JsonObject) args = json_object_new();
                g_autoptr(JsonBuilder) result = json_builder_new();

                if (!json_object_has_member(object, "port_group"))
                        continue;
                json_object_set_string_member(args, "vm", record->uuid);
                json_object_set_string_member(args, "port_group",
                                              json_object_get_string_member(object, "port_group"));
                if (json_object_has_member(object, "model"))
                        json_object_set_member(args, "model",
                                               json_node_copy(json_object_get_member(object, "model")));
                if (!call_method(call, "AddCard", args, result, error))
                        return false;
        }
        return true;
}

static bool make(Call *call, const Wish *wish, Record *record, const char *datastore, GError **error)
{
        Inventory *inventory = call_inventory(call);
        g_autoptr(Definition) definition = NULL;

        if (!home_make(call, record, datastore, error))
                return false;
        definition = new_definition(call, wish, record, error);
        if (definition == NULL)
                return false;
        for (unsigned i = 0; i < wish->disks->len; i++)
                if (!make_disk(call, record, definition, &g_array_index(wish->disks, DiskWish, i), i, error))
                        return false;
        if (!add_cdrom(definition, wish, error) || !add_bridges(definition, wish, error) ||
            (!wish->pager &&
             !inventory_option_set(inventory, record->uuid, VM_OPTION_PAGER, "FALSE", error)) ||
            !vm_define(call, definition, error))
                return false;
        record->state = RECORD_READY;
        return record_save(inventory, record, error) && add_to_port_groups(call, wish, record, error) &&
               home_write_files(call, record, error);
}

static void undo(Call *call, Record *record)
{
        g_autoptr(GError) left = NULL;

        record->state = RECORD_MAKING;
        if (!record_save(call_inventory(call), record, &left) || !vm_discard(call, record, &left))
                call_event(call, "error", record->name,
                           "what was made of it is left until the next start: %s", left->message);
}

static bool run_create(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_auto(Wish) wish = {0};
        g_autofree char *uuid = g_uuid_string_random(), *datastore = NULL;
        g_autoptr(Record) record = NULL;

        if (!parse(call, args, &wish, error))
                return false;
        datastore = datastore_path(call_inventory(call), wish.datastore, error);
        if (datastore == NULL) {
                g_autofree char *shown = catalog_shown(wish.datastore);

                if (error == NULL || *error == NULL)
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                    "there is no datastore \"%s\"; 'aerostat datastore list' shows all",
                                    shown);
                return false;
        }
        record = record_new(uuid, wish.name);
        g_free(record->folder);
        record->folder = g_strdup(wish.folder);
        record->datastore = g_strdup(wish.datastore);
        record->made_ms = g_get_real_time() / 1000;
        record->state = RECORD_MAKING;
        if (!call_lock(call, uuid, true, error) || !record_save(call_inventory(call), record, error))
                return false;
        if (!make(call, &wish, record, datastore, error)) {
                undo(call, record);
                return false;
        }
        call_event(call, "vm", record->name, "is created in datastore \"%s\"", record->datastore);
        json_builder_begin_object(result);
        json_builder_set_member_name(result, "uuid");
        json_builder_add_string_value(result, uuid);
        json_builder_set_member_name(result, "home");
        json_builder_add_string_value(result, record->home);
        json_builder_end_object(result);
        return true;
}

const Method vm_create_methods[] = {
        {.name = "CreateVM", .is_task = true, .run = run_create},
        {.name = NULL},
};
