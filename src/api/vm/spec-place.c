/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where devices of a spec are to be: controllers by their keys, units, and libvirt's targets for them. */
#include <inttypes.h>
#include <string.h>

#include "api/vm/plan.h"

#define SCSI_UNITS       16
#define SCSI_CONTROLLERS 4
#define IDE_UNITS        2
#define SATA_UNITS       30

/* --- controllers that a spec adds --- */

static int key_of_controller(const VimValue *device)
{
        int64_t bus = vim_get_int(device, "busNumber", 0);

        if (vim_is(device, "VirtualSCSIController"))
                return bus >= 0 && bus < SCSI_CONTROLLERS ? DEVICE_SCSI + (int)bus : -1;
        if (vim_is(device, "VirtualSATAController"))
                return bus == 0 ? DEVICE_SATA : -1;
        if (vim_is(device, "VirtualIDEController"))
                return bus >= 0 && bus < 2 ? DEVICE_IDE + (int)bus : -1;
        return -1;
}

void plan_note_controllers(Plan *plan, const VimValue *changes)
{
        for (unsigned i = 0; i < vim_length(changes); i++) {
                const VimValue *device = vim_get(vim_item(changes, i), "device");
                int key = vim_is(device, "VirtualController") ? key_of_controller(device) : -1;

                if (key >= 0 && g_strcmp0(vim_get_text(vim_item(changes, i), "operation"), "add") == 0)
                        g_hash_table_insert(plan->controllers,
                                            GINT_TO_POINTER((int)vim_get_int(device, "key", 0)),
                                            GINT_TO_POINTER(key));
        }
}

/* What a VM here has in any case needs no more. */
static void keep_controller(Plan *plan, int key, const VimValue *device)
{
        g_autofree char *option = device_controller_option(key);

        if (option != NULL)
                json_object_set_string_member(plan->options, option,
                                              key == DEVICE_SATA ? "TRUE" : device_scsi_word(device));
}

bool plan_add_controller(Plan *plan, const VimValue *device, unsigned index)
{
        int key = key_of_controller(device);

        if (key < 0)
                return plan_bad_device(plan, "InvalidDeviceSpec", index,
                                       "there is no %s %" PRId64
                                       " here: SCSI 0 to 3, SATA 0, IDE 0 and 1 are",
                                       device->type->name, vim_get_int(device, "busNumber", 0));
        plan_privilege(plan, "VirtualMachine.Config.AddRemoveDevice");
        keep_controller(plan, key, device);
        return true;
}

bool plan_remove_controller(Plan *plan, const VimValue *device, unsigned index)
{
        int key = (int)vim_get_int(device, "key", 0);
        g_autofree char *option = device_controller_option(key);
        JsonObject *hardware = plan->vm != NULL ? fact_object(plan->vm->facts, "hardware") : NULL;

        if (option == NULL || key == DEVICE_SCSI)
                return plan_bad_device(plan, "InvalidDeviceOperation", index,
                                       "controller %d cannot be removed: every VM has it", key);
        if (device_has_any_on(hardware, key))
                return plan_bad_device(plan, "InvalidDeviceOperation", index,
                                       "controller %d has disks or drives; remove these first", key);
        plan_privilege(plan, "VirtualMachine.Config.AddRemoveDevice");
        json_object_set_null_member(plan->options, option);
        return true;
}

/* --- units --- */

static unsigned units_of(int controller)
{
        if (controller >= DEVICE_SCSI && controller <= DEVICE_SCSI_LSI)
                return SCSI_UNITS;
        if (controller == DEVICE_IDE || controller == DEVICE_IDE + 1)
                return IDE_UNITS;
        return controller == DEVICE_SATA ? SATA_UNITS : 0;
}

/* Of this VM, or of what the spec has said before. */
static bool is_taken(const Plan *plan, const char *target)
{
        JsonObject *hardware = plan->vm != NULL ? fact_object(plan->vm->facts, "hardware") : NULL;

        return fact_find(hardware, "disks", "target", target) != NULL ||
               g_hash_table_contains(plan->targets, target);
}

static char *free_target(const Plan *plan, int controller)
{
        for (unsigned unit = 0; unit < units_of(controller); unit++) {
                char *target = device_target(controller, (int)unit);

                if (target != NULL && !is_taken(plan, target))
                        return target;
                g_free(target);
        }
        return NULL;
}

static bool no_controller(Plan *plan, int64_t key, unsigned index)
{
        VimValue *fault = vim_new_fault("InvalidController");

        vim_set_int(fault, "controllerKey", key);
        vim_set_int(fault, "deviceIndex", index);
        return plan_fail(plan, fault, "there is no controller %" PRId64, key);
}

bool plan_place(Plan *plan, const VimValue *device, int otherwise, unsigned index, JsonObject *args)
{
        int64_t key = vim_get_int(device, "controllerKey", otherwise),
                unit = vim_get_int(device, "unitNumber", -1);
        gpointer added;
        int controller =
                g_hash_table_lookup_extended(plan->controllers, GINT_TO_POINTER((int)key), NULL, &added)
                        ? GPOINTER_TO_INT(added)
                        : (int)key;
        g_autofree char *target = NULL;

        if (units_of(controller) == 0)
                return no_controller(plan, key, index);
        if (unit >= 0) {
                target = unit < units_of(controller) ? device_target(controller, (int)unit) : NULL;
                if (target == NULL)
                        return plan_bad_device(plan, "InvalidDeviceSpec", index,
                                               "controller %d has no unit %" PRId64 " for a disk",
                                               controller, unit);
                if (is_taken(plan, target))
                        return plan_bad_device(plan, "InvalidDeviceSpec", index,
                                               "unit %" PRId64 " of controller %d is taken", unit,
                                               controller);
        } else {
                target = free_target(plan, controller);
                if (target == NULL)
                        return plan_bad_device(plan, "InvalidDeviceSpec", index,
                                               "controller %d has no unit left", controller);
        }
        json_object_set_string_member(args, "bus", device_bus(controller));
        json_object_set_string_member(args, "target", target);
        (void)g_hash_table_add(plan->targets, g_steal_pointer(&target));
        return true;
}
