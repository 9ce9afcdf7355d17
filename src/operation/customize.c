/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What clones and VMs that are there already have in common when they are customized. */
#include "operation/customize.h"

#include <limits.h>
#include <string.h>

#include "customization/agent.h"
#include "customization/seed.h"
#include "inventory/catalog.h"
#include "operation/watch.h"
#include "vm/life.h"

/* An agent that has answered once answers each command at once; what takes long is asked for again. */
#define ANSWER_S 30

CustomizationSpec *customize_load(Call *call, const char *specification, GError **error)
{
        g_autoptr(GError) wrong = NULL;
        g_autofree char *text = specification_load(call_inventory(call), specification, &wrong);
        g_autofree char *shown = catalog_shown(specification);
        CustomizationSpec *spec;

        if (wrong != NULL) {
                g_propagate_error(error, g_steal_pointer(&wrong));
                return NULL;
        }
        if (text == NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            "there is no customization specification \"%s\"; 'aerostat customization list' "
                            "shows all",
                            shown);
                return NULL;
        }
        spec = customization_parse(text, error);
        if (spec == NULL)
                g_prefix_error(error, "\"%s\" has to be written anew: ", shown);
        return spec;
}

void customize_target(CustomizeTarget *ret, const Record *record, Definition *definition, unsigned index)
{
        g_autoptr(GPtrArray) cards = definition_cards(definition);

        ret->macs = g_new0(char *, cards->len + 1);
        for (unsigned i = 0; i < cards->len; i++)
                ret->macs[i] = g_strdup(((const DefinitionCard *)cards->pdata[i])->mac);
        ret->target.name = record->name;
        ret->target.uuid = record->uuid;
        ret->target.index = index;
        ret->target.macs = (const char *const *)ret->macs;
}

void customize_target_clear(CustomizeTarget *target)
{
        g_strfreev(target->macs);
}

/* UINT_MAX: none. */
static unsigned number_in_name(const char *name, unsigned capacity)
{
        const char *end = name + strlen(name), *at = end;
        guint64 number;

        while (at > name && g_ascii_isdigit(at[-1]))
                at--;
        return g_ascii_string_to_unsigned(at, 10, 1, MIN(capacity, UINT_MAX - 1), &number, NULL)
                       ? (unsigned)number - 1
                       : UINT_MAX;
}

bool customize_number(Call *call, const CustomizationSpec *spec, const char *specification,
                      const Record *record, unsigned *ret, GError **error)
{
        unsigned wanted = number_in_name(record->name, customization_capacity(spec));

        return customization_number(call_inventory(call), record->uuid, specification, wanted, ret, error);
}

bool customize_can(Call *call, const char *specification, Definition *definition, unsigned count,
                   GError **error)
{
        g_autoptr(CustomizationSpec) spec = customize_load(call, specification, error);
        g_autoptr(Record) record = NULL;
        g_auto(CustomizeTarget) target = {0};
        unsigned capacity, used;

        if (spec == NULL)
                return false;
        record = record_new(definition_uuid(definition), definition_name(definition));
        customize_target(&target, record, definition, 0);
        capacity = customization_capacity(spec);
        if (!customization_check(spec, &target.target, error) ||
            !customization_count(call_inventory(call), specification, capacity, &used, error))
                return false;
        if (count <= capacity - used)
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                    "the customization specification \"%s\" has addresses for %u VMs, of which %u are left, "
                    "and %u are asked for; make its pools larger",
                    specification, capacity, capacity - used, count);
        return false;
}

#define SEED_SUFFIX "-seed.iso"

/* The seed that it has already, of whatever name it had then; else where one is to lie. Owned. */
static char *find_seed(const Record *record, Definition *definition, bool *ret_there)
{
        g_autoptr(GPtrArray) disks = definition_disks(definition);
        g_autofree char *name = g_strconcat(record->name, SEED_SUFFIX, NULL);

        *ret_there = true;
        for (unsigned i = 0; i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];
                g_autofree char *folder = disk->path != NULL ? g_path_get_dirname(disk->path) : NULL;

                if (g_strcmp0(disk->device, "cdrom") == 0 && g_strcmp0(folder, record->home) == 0 &&
                    g_str_has_suffix(disk->path, SEED_SUFFIX))
                        return g_strdup(disk->path);
        }
        *ret_there = false;
        return g_build_filename(record->home, name, NULL);
}

static bool add_drive(Definition *definition, char *path, GError **error)
{
        /* virtio's bus for SCSI: the one that kernels for virtual machines have a driver for. */
        char bus[] = "scsi", device[] = "cdrom", format[] = "raw";
        DefinitionDisk disk = {
                .bus = bus, .device = device, .path = path, .format = format, .read_only = true};
        g_autofree char *element = definition_add_disk(definition, &disk, error);

        return element != NULL;
}

bool customize_by_seed(const CustomizationSpec *spec, const CustomizationTarget *target,
                       const Record *record, Definition *definition, bool *ret_added, GError **error)
{
        g_autofree char *path = NULL;
        bool there;

        if (record->home == NULL) {
                g_set_error(
                        error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                        "%s has no folder on a datastore where the CD-ROM for cloud-init could lie; have "
                        "the specification applied \"by\": \"agent\"",
                        record->name);
                return false;
        }
        path = find_seed(record, definition, &there);
        *ret_added = !there;
        return customization_make_seed(spec, target, path, error) &&
               (there || add_drive(definition, path, error));
}

bool customize_clone(Call *call, Definition *definition, const Record *record, const char *specification,
                     GError **error)
{
        g_autoptr(CustomizationSpec) spec = customize_load(call, specification, error);
        g_auto(CustomizeTarget) target = {0};
        g_autofree char *text = NULL;
        unsigned number;
        bool added;

        if (spec == NULL || !customize_number(call, spec, specification, record, &number, error))
                return false;
        customize_target(&target, record, definition, number);
        if (customization_by(spec) == CUSTOMIZATION_BY_CLOUD_INIT)
                return customize_by_seed(spec, &target.target, record, definition, &added, error);
        text = customization_text(spec);
        return customization_check(spec, &target.target, error) &&
               customization_set_pending(call_inventory(call), record->uuid, text, error);
}

/* --- by the agent --- */

bool customize_resume(Call *call, GError **error)
{
        g_autoptr(GPtrArray) pending = customization_list_pending(call_inventory(call), NULL, error);

        for (unsigned i = 0; pending != NULL && i < pending->len; i++)
                watch_customize(call_operations(call),
                                ((const PendingCustomization *)pending->pdata[i])->uuid);
        return pending != NULL;
}

typedef struct Asking {
        Call *call;
        virConnectPtr connection;
        const char *uuid;
} Asking;

static char *ask(const char *command, gpointer user_data, GError **error)
{
        const Asking *asking = user_data;

        return life_agent(asking->connection, asking->uuid, command, ANSWER_S,
                          call_cancellable(asking->call), error);
}

bool customize_by_agent(Call *call, const CustomizationSpec *spec, const CustomizationTarget *target,
                        GError **error)
{
        Asking asking = {call, call_connection(call, error), target->uuid};

        return asking.connection != NULL && customization_by_agent(spec, target, ask, &asking, error);
}
