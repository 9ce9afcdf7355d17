/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One clone: its record first, so that what there is of it can be found and undone after a kill. */
#include <sys/stat.h>

#include "inventory/catalog.h"
#include "operation/clone.h"
#include "operation/customize.h"
#include "operation/discard.h"
#include "operation/home.h"
#include "operation/network.h"
#include "storage/datastore.h"
#include "storage/disk.h"
#include "vm/definition.h"
#include "vm/life.h"

#define VARIABLES_MAX (16 << 20)

typedef struct Making {
        Call *call;
        const ClonePlan *plan;
        Record *record;
        Definition *definition;
        void (*progress)(unsigned, gpointer);
        gpointer user_data;
} Making;

/* Where a drive of the parent's own stands empty in a clone: its seed is not the clone's. */
static bool is_parents_own(const ClonePlan *plan, const DefinitionDisk *disk)
{
        g_autofree char *folder = disk->path != NULL ? g_path_get_dirname(disk->path) : NULL;

        return g_strcmp0(folder, plan->parent->home) == 0;
}

static bool make_disk(Making *making, const DefinitionDisk *disk, unsigned number, GError **error)
{
        const ClonePlan *plan = making->plan;
        const char *source = g_hash_table_lookup(plan->disks, disk->target);
        g_autofree char *path = home_disk_path(making->record, number);
        g_autoptr(DiskInfo) info = source != NULL ? disk_info(source, error) : NULL;

        if (info == NULL)
                return false;
        if (plan->linked) {
                if (!disk_create_overlay(path, source, info->format, error))
                        return false;
        } else if (!disk_copy(source, path, DISK_THIN, NULL, making->progress, making->user_data,
                              call_cancellable(making->call), error)) {
                return false;
        }
        return definition_set_disk(making->definition, disk->target, path, "qcow2", error);
}

static bool make_disks(Making *making, GError **error)
{
        g_autoptr(GPtrArray) disks = definition_disks(making->definition);
        unsigned number = 0;

        for (unsigned i = 0; i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];

                if (g_strcmp0(disk->device, "disk") == 0 && disk->path != NULL) {
                        if (!make_disk(making, disk, number++, error))
                                return false;
                } else if (is_parents_own(making->plan, disk)) {
                        g_autofree char *element =
                                definition_remove_disk(making->definition, disk->target, error);

                        if (element == NULL)
                                return false;
                }
        }
        return true;
}

/* What the parent's firmware has kept; a parent that was never on has nothing yet. */
static bool copy_variables(const Making *making, const char *from, GError **error)
{
        const char *to = definition_nvram(making->definition);
        struct stat status;

        if (from == NULL || to == NULL || lstat(from, &status) < 0)
                return true;
        if (!S_ISREG(status.st_mode) || status.st_size > VARIABLES_MAX)
                return operation_refuse(error, G_IO_ERROR_NOT_SUPPORTED,
                                        "%s is no file of EFI variables: it is larger than %d MiB, or none",
                                        from, VARIABLES_MAX >> 20);
        return home_copy_file(from, to, error);
}

/* Shares, reservation, limit, pool and the like are the parent's. */
static bool copy_options(Making *making, GError **error)
{
        Inventory *inventory = call_inventory(making->call);
        g_autoptr(GError) inner = NULL;
        g_autoptr(InventoryVm) parent = inventory_vm_load(inventory, making->plan->parent->uuid, &inner);
        g_autoptr(InventoryVm) own = inventory_vm_new(making->record->uuid, making->record->name);
        GHashTableIter iter;
        gpointer name, value;

        if (inner != NULL) {
                g_propagate_error(error, g_steal_pointer(&inner));
                return false;
        }
        if (parent == NULL)
                return true;
        g_free(own->pool);
        own->pool = g_strdup(parent->pool);
        g_hash_table_iter_init(&iter, parent->options);
        while (g_hash_table_iter_next(&iter, &name, &value))
                if (!g_str_has_prefix(name, "aerostat.customiz"))
                        g_hash_table_insert(own->options, g_strdup(name), g_strdup(value));
        return inventory_vm_save(inventory, own, error);
}

static bool copy_attributes(Making *making, GError **error)
{
        Inventory *inventory = call_inventory(making->call);
        const ClonePlan *plan = making->plan;

        for (char **name = plan->attributes; name != NULL && *name != NULL; name++) {
                g_autofree char *value = attribute_get(inventory, plan->parent->uuid, *name, NULL);

                if (value != NULL && !attribute_set(inventory, making->record->uuid, *name, value, error))
                        return false;
        }
        return attribute_set(inventory, making->record->uuid, CLONE_ATTRIBUTE_TEMPLATE, plan->parent->name,
                             error);
}

/* Each card is on the port group of the parent's: by their order, as its address is its own. */
static bool copy_cards(Making *making, const GPtrArray *parents, GError **error)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = network_lock();
        Inventory *inventory = call_inventory(making->call);
        g_autoptr(GHashTable) groups = card_records(inventory, making->plan->parent->uuid, error);
        g_autoptr(GPtrArray) own = definition_cards(making->definition);

        for (unsigned i = 0; groups != NULL && i < own->len && i < parents->len; i++) {
                const DefinitionCard *card = own->pdata[i], *parent = parents->pdata[i];
                const char *group = parent->mac != NULL ? g_hash_table_lookup(groups, parent->mac) : NULL;

                if (group != NULL && card->mac != NULL &&
                    !card_save(inventory, making->record->uuid, card->mac, group, error))
                        return false;
        }
        return groups != NULL &&
               network_place(making->call, making->record->uuid, making->definition, error);
}

static bool make_all(Making *making, GError **error)
{
        Call *call = making->call;
        const ClonePlan *plan = making->plan;
        Record *record = making->record;
        virConnectPtr connection = call_connection(call, error);
        g_autoptr(GPtrArray) cards = NULL;
        g_autofree char *xml = NULL, *variables = NULL;

        if (connection == NULL)
                return false;
        if (!home_make(call, record, plan->datastore_path, error))
                return false;
        making->definition = definition_parse(plan->definition, error);
        if (making->definition == NULL)
                return false;
        cards = definition_cards(making->definition);
        variables = g_strdup(definition_nvram(making->definition));
        definition_make_clone(making->definition, record->name, record->uuid, record->home);
        if (!make_disks(making, error) || !copy_variables(making, variables, error) ||
            !copy_options(making, error) || !copy_attributes(making, error) ||
            !copy_cards(making, cards, error) ||
            (plan->customization != NULL &&
             !customize_clone(call, making->definition, record, plan->customization, error)))
                return false;
        xml = definition_text(making->definition);
        if (!life_define(connection, xml, error))
                return false;
        record->is_template = plan->as_template;
        if (!home_write_files(call, record, error))
                return false;
        record->state = RECORD_READY;
        return record_save(call_inventory(call), record, error);
}

static bool power_on(Call *call, const Record *record, GError **error)
{
        g_autoptr(JsonObject) args = json_object_new();
        g_autoptr(JsonBuilder) result = json_builder_new();

        json_object_set_string_member(args, "vm", record->uuid);
        if (call_method(call, "PowerOnVM", args, result, error))
                return true;
        g_prefix_error(error, "it was made, but not powered on: ");
        return false;
}

bool clone_make(Call *call, const ClonePlan *plan, const char *name, void (*progress)(unsigned, gpointer),
                gpointer user_data, char **ret_uuid, GError **error)
{
        g_autofree char *uuid = g_uuid_string_random();
        g_autoptr(Record) record = record_new(uuid, name);
        Making making = {
                .call = call, .plan = plan, .record = record, .progress = progress, .user_data = user_data};
        g_autoptr(GError) inner = NULL;
        bool made;

        record->folder = (g_free(record->folder), g_strdup(plan->folder));
        record->datastore = g_strdup(plan->datastore);
        record->parent = g_strdup(plan->parent->uuid);
        record->parent_snapshot = plan->linked ? plan->snapshot->id : 0;
        record->made_ms = g_get_real_time() / 1000;
        record->state = RECORD_MAKING;
        if (!call_lock(call, uuid, true, error) || !record_save(call_inventory(call), record, error))
                return false;
        made = make_all(&making, &inner);
        g_clear_pointer(&making.definition, definition_free);
        if (!made) {
                g_autoptr(GError) left = NULL;

                record->state = RECORD_MAKING;
                if (!record_save(call_inventory(call), record, &left) || !vm_discard(call, record, &left))
                        call_event(call, "error", name,
                                   "what was made of it is left until the next start: %s", left->message);
                g_propagate_error(error, g_steal_pointer(&inner));
        } else {
                call_event(call, "vm", name, "is a %s clone of \"%s\"", plan->linked ? "linked" : "full",
                           plan->parent->name);
                made = !plan->power_on || plan->as_template || power_on(call, record, error);
                *ret_uuid = g_strdup(uuid);
        }
        call_unlock(call, uuid);
        return made;
}
