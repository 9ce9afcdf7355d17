/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What clones are made from and where: everything that can refuse them is looked at here. */
#include <inttypes.h>
#include <string.h>

#include "inventory/catalog.h"
#include "operation/clone.h"
#include "operation/customize.h"
#include "vm/definition.h"
#include "vm/life.h"

/* The parent's custom attribute that names the specification, unless the call does. */
#define CUSTOMIZATION_ATTRIBUTE "Customization"

void clone_plan_free(ClonePlan *plan)
{
        if (plan == NULL)
                return;
        g_clear_pointer(&plan->parent, record_free);
        g_clear_pointer(&plan->snapshot, snapshot_record_free);
        g_clear_pointer(&plan->disks, g_hash_table_unref);
        g_free(plan->definition);
        g_free(plan->folder);
        g_free(plan->datastore);
        g_free(plan->datastore_path);
        g_free(plan->customization);
        g_strfreev(plan->attributes);
        g_free(plan);
}

/* "#12", or a name that only one has; NULL: the current one. */
static SnapshotRecord *find_snapshot(Call *call, const Record *parent, const char *which, GError **error)
{
        g_autoptr(GPtrArray) all = snapshot_records(call_inventory(call), parent->uuid, error);
        const SnapshotRecord *found = NULL;
        gint64 id = parent->current_snapshot;

        if (all == NULL)
                return NULL;
        if (which != NULL &&
            (which[0] != '#' || !g_ascii_string_to_signed(which + 1, 10, 1, G_MAXINT64, &id, NULL)))
                id = -1;
        for (unsigned i = 0; i < all->len; i++) {
                const SnapshotRecord *snapshot = all->pdata[i];

                if (id != -1 ? snapshot->id != id : strcmp(snapshot->name, which) != 0)
                        continue;
                if (found != NULL) {
                        (void)operation_refuse(
                                error, G_IO_ERROR_INVALID_ARGUMENT,
                                "VM \"%s\" has several snapshots \"%s\"; say which by its number: #%" PRId64
                                " or #%" PRId64,
                                parent->name, which, found->id, snapshot->id);
                        return NULL;
                }
                found = snapshot;
        }
        if (found != NULL)
                return snapshot_record_copy(found);
        if (which != NULL)
                (void)operation_refuse(
                        error, G_IO_ERROR_NOT_FOUND,
                        "VM \"%s\" has no snapshot \"%s\"; 'aerostat snapshot list' shows all", parent->name,
                        which);
        else
                (void)operation_refuse(error, G_IO_ERROR_NOT_SUPPORTED,
                                       "VM \"%s\" has no snapshot for linked clones to stand on; make one: "
                                       "aerostat snapshot create \"%s\" NAME",
                                       parent->name, parent->name);
        return NULL;
}

static bool check_modes(Call *call, const Record *parent, bool linked, GError **error)
{
        g_autoptr(GPtrArray) disks = disk_records(call_inventory(call), parent->uuid, error);

        for (unsigned i = 0; disks != NULL && i < disks->len; i++) {
                const DiskRecord *disk = disks->pdata[i];

                if (disk->mode == DISK_INDEPENDENT_NONPERSISTENT ||
                    (linked && disk->mode == DISK_INDEPENDENT_PERSISTENT))
                        return operation_refuse(
                                error, G_IO_ERROR_NOT_SUPPORTED,
                                "disk %s of VM \"%s\" is %s: snapshots leave it out, so no clone can "
                                "be made "
                                "from one; make it persistent first: aerostat disk set \"%s\" %s "
                                "--mode persistent",
                                disk->target, parent->name, disk_mode_name(disk->mode), parent->name,
                                disk->target);
        }
        return disks != NULL;
}

static bool plan_from_snapshot(Call *call, ClonePlan *plan, const char *which, GError **error)
{
        plan->snapshot = find_snapshot(call, plan->parent, which, error);
        if (plan->snapshot == NULL)
                return false;
        plan->definition = g_strdup(plan->snapshot->definition);
        plan->disks = g_hash_table_ref(plan->snapshot->disks);
        return true;
}

/* A full copy of what is there, of a VM that nobody can power on meanwhile. */
static bool plan_from_disks(Call *call, ClonePlan *plan, GError **error)
{
        virConnectPtr connection = call_connection(call, error);
        g_autoptr(Definition) definition = NULL;
        g_autoptr(GPtrArray) disks = NULL;
        LifePower power;

        if (connection == NULL || !life_power(connection, plan->parent->uuid, &power, error))
                return false;
        if (power != LIFE_OFF || plan->parent->saved != NULL)
                return operation_refuse(
                        error, G_IO_ERROR_NOT_SUPPORTED,
                        "VM \"%s\" is not powered off; power it off, or make a snapshot and name it",
                        plan->parent->name);
        plan->definition = life_definition(connection, plan->parent->uuid, false, error);
        definition = plan->definition != NULL ? definition_parse(plan->definition, error) : NULL;
        if (definition == NULL)
                return false;
        disks = definition_disks(definition);
        plan->disks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        for (unsigned i = 0; i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];

                if (g_strcmp0(disk->device, "disk") == 0 && disk->path != NULL)
                        g_hash_table_insert(plan->disks, g_strdup(disk->target), g_strdup(disk->path));
        }
        return true;
}

bool clone_plan_customize(Call *call, ClonePlan *plan, const CloneArgs *args, unsigned count, GError **error)
{
        g_autoptr(Definition) definition = definition_parse(plan->definition, error);

        if (definition == NULL)
                return false;
        plan->customization = args->customization != NULL
                                      ? g_strdup(args->customization)
                                      : attribute_get(call_inventory(call), plan->parent->uuid,
                                                      CUSTOMIZATION_ATTRIBUTE, NULL);
        if (plan->customization == NULL || plan->customization[0] == '\0') {
                g_clear_pointer(&plan->customization, g_free);
                return true;
        }
        if (customize_can(call, plan->customization, definition, count, error))
                return true;
        if (args->customization == NULL)
                g_prefix_error(error, "the parent's attribute " CUSTOMIZATION_ATTRIBUTE " says \"%s\": ",
                               plan->customization);
        return false;
}

static bool plan_place(Call *call, ClonePlan *plan, const CloneArgs *args, GError **error)
{
        Inventory *inventory = call_inventory(call);
        g_autoptr(GError) inner = NULL;

        plan->folder = g_strdup(args->folder != NULL ? args->folder : plan->parent->folder);
        if (!folder_exists(inventory, plan->folder, &inner)) {
                if (inner == NULL)
                        g_set_error(&inner, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                    "there is no folder \"%s\"; 'aerostat folder list' shows all",
                                    plan->folder);
                g_propagate_error(error, g_steal_pointer(&inner));
                return false;
        }
        plan->datastore = g_strdup(args->datastore != NULL ? args->datastore : plan->parent->datastore);
        if (plan->datastore == NULL)
                return operation_refuse(error, G_IO_ERROR_INVALID_ARGUMENT,
                                        "VM \"%s\" lies on no datastore; say where its clones shall be",
                                        plan->parent->name);
        plan->datastore_path = datastore_path(inventory, plan->datastore, &inner);
        if (inner != NULL)
                g_propagate_error(error, g_steal_pointer(&inner));
        else if (plan->datastore_path == NULL)
                (void)operation_refuse(error, G_IO_ERROR_NOT_FOUND,
                                       "there is no datastore \"%s\"; 'aerostat datastore list' shows all",
                                       plan->datastore);
        return plan->datastore_path != NULL;
}

/* Attributes must be there: a mistyped one is no wish to copy nothing. And the one that we write ourselves.
 */
static bool plan_attributes(Call *call, ClonePlan *plan, const CloneArgs *args, GError **error)
{
        Inventory *inventory = call_inventory(call);
        g_autoptr(GPtrArray) all = attribute_list(inventory, error);
        bool has_template = false;

        if (all == NULL)
                return false;
        plan->attributes = g_strdupv(args->attributes);
        for (unsigned i = 0; i < all->len; i++)
                has_template = has_template || strcmp(((const Attribute *)all->pdata[i])->name,
                                                      CLONE_ATTRIBUTE_TEMPLATE) == 0;
        for (char **name = plan->attributes; name != NULL && *name != NULL; name++) {
                bool found = false;

                for (unsigned i = 0; i < all->len && !found; i++)
                        found = strcmp(((const Attribute *)all->pdata[i])->name, *name) == 0;
                if (!found)
                        return operation_refuse(
                                error, G_IO_ERROR_NOT_FOUND,
                                "there is no custom attribute \"%s\"; 'aerostat attribute list' shows all",
                                *name);
        }
        return has_template || args->what_if ||
               attribute_add(inventory, CLONE_ATTRIBUTE_TEMPLATE, ATTRIBUTE_VM, error);
}

ClonePlan *clone_plan_new(Call *call, const CloneArgs *args, GError **error)
{
        g_autoptr(ClonePlan) plan = g_new0(ClonePlan, 1);

        plan->linked = args->linked;
        plan->power_on = args->power_on;
        plan->as_template = args->as_template;
        plan->parent = call_vm(call, args->vm, false, error);
        if (plan->parent == NULL || !check_modes(call, plan->parent, args->linked, error))
                return NULL;
        if (args->linked || args->snapshot != NULL ? !plan_from_snapshot(call, plan, args->snapshot, error)
                                                   : !plan_from_disks(call, plan, error))
                return NULL;
        if (!plan_place(call, plan, args, error) || !plan_attributes(call, plan, args, error))
                return NULL;
        return g_steal_pointer(&plan);
}
