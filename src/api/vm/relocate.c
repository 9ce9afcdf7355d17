/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RelocateVM_Task, MigrateVM_Task: to another datastore, pool or folder. There is one host. */
#include "api/vm/relocate.h"

#include <inttypes.h>
#include <string.h>

#include "api/vm/act.h"

/* --- the spec --- */

static bool no_object(Plan *plan, const VimValue *reference)
{
        VimValue *fault = vim_new_fault("ManagedObjectNotFound");

        vim_set(fault, "obj", vim_ref(reference));
        return plan_fail(plan, fault, "there is no %s \"%.100s\" (any more)", reference->type->name,
                         reference->text);
}

/* The key of what a field names; unset leaves *ret alone. */
static bool read_key(Plan *plan, const VimValue *spec, const char *field, const char **ret)
{
        const VimValue *reference = vim_get(spec, field);
        const Managed *managed = reference != NULL ? world_resolve(plan->world, reference) : NULL;

        if (reference == NULL)
                return true;
        if (managed == NULL || managed->key == NULL)
                return no_object(plan, reference);
        *ret = managed->key;
        return true;
}

static bool read_move_type(Plan *plan, const char *type, const char *field, bool *ret_linked)
{
        static const char *const whole[] = {
                "moveAllDiskBackingsAndAllowSharing", "moveAllDiskBackingsAndDisallowSharing",
                "moveAllDiskBackingsAndConsolidate", "moveChildMostDiskBacking", NULL};

        if (type == NULL)
                return true;
        if (strcmp(type, "createNewChildDiskBacking") == 0) {
                *ret_linked = true;
                return true;
        }
        return g_strv_contains(whole, type) ||
               plan_invalid(plan, field, "\"%.50s\" is no way to move disks", type);
}

static bool read_locator(Plan *plan, const Vm *vm, const VimValue *locator, unsigned index, Location *ret)
{
        g_autofree char *field = g_strdup_printf("spec.disk[%u]", index);
        g_autofree char *type_field = g_strconcat(field, ".diskMoveType", NULL);
        const VimValue *backing = vim_get(locator, "diskBackingInfo");
        int64_t key = vim_get_int(locator, "diskId", 0);
        const char *datastore = NULL, *provisioning;

        if (device_find_disk(vm, (int)key) == NULL)
                return plan_invalid(plan, field, "the VM has no disk with key %" PRId64, key);
        if (!read_key(plan, locator, "datastore", &datastore) ||
            !read_move_type(plan, vim_get_text(locator, "diskMoveType"), type_field, &ret->linked))
                return false;
        if (ret->datastore != NULL && strcmp(datastore, ret->datastore) != 0)
                return plan_invalid(plan, field, "all files of a VM go to one datastore, \"%s\" or \"%s\"",
                                    ret->datastore, datastore);
        ret->datastore = datastore;
        if (backing == NULL)
                return true;
        provisioning = plan_provisioning(backing);
        if (ret->provisioning != NULL && strcmp(provisioning, ret->provisioning) != 0)
                return plan_invalid(plan, field, "all disks of a VM become thin, or all thick");
        ret->provisioning = provisioning;
        return true;
}

static bool read_rest(Plan *plan, const VimValue *spec)
{
        if (vim_get(spec, "service") != NULL)
                return plan_invalid(plan, "spec.service", "VMs stay with this host");
        return vim_length(vim_get(spec, "profile")) == 0 ||
               plan_invalid(plan, "spec.profile", "there are no storage policies here");
}

bool location_read(Plan *plan, const Vm *vm, const VimValue *spec, Location *ret)
{
        const VimValue *disks = vim_get(spec, "disk");
        const char *transform = vim_get_text(spec, "transform"), *host = NULL, *folder = NULL;

        *ret = (Location){0};
        if (!read_rest(plan, spec) || !read_key(plan, spec, "datastore", &ret->datastore) ||
            !read_key(plan, spec, "pool", &ret->pool) || !read_key(plan, spec, "host", &host) ||
            !read_key(plan, spec, "folder", &folder) ||
            !read_move_type(plan, vim_get_text(spec, "diskMoveType"), "spec.diskMoveType", &ret->linked))
                return false;
        if (folder != NULL && !g_str_has_prefix(folder, "vm:/"))
                return plan_invalid(plan, "spec.folder", "VMs are in folders of VMs");
        if (folder != NULL)
                ret->folder = folder + strlen("vm:");
        if (transform != NULL)
                ret->provisioning = strcmp(transform, "flat") == 0 ? "thick" : "thin";
        for (unsigned i = 0; i < vim_length(disks); i++)
                if (!read_locator(plan, vm, vim_item(disks, i), i, ret))
                        return false;
        return true;
}

/* --- the method --- */

static bool plan_move(Plan *plan, const Location *location)
{
        const char *now = fact_text(fact_object(plan->vm->facts, "vmx"), "datastore");
        JsonObject *args, *undo;

        if (location->linked)
                return plan_invalid(plan, "spec.diskMoveType", "a linked clone is made by CloneVM_Task");
        if (location->folder != NULL && !fact_is(plan->vm->facts, "folder", location->folder)) {
                args = json_object_new();
                undo = json_object_new();
                json_object_set_string_member(args, "folder", location->folder);
                json_object_set_string_member(undo, "folder", fact_text(plan->vm->facts, "folder"));
                plan_step(plan, "MoveIntoFolder", args, "MoveIntoFolder", undo);
        }
        if (location->pool != NULL && !fact_is(plan->vm->facts, "pool", location->pool)) {
                json_object_set_string_member(plan->settings, "pool", location->pool);
                json_object_set_string_member(plan->settings_before, "pool",
                                              fact_text(plan->vm->facts, "pool"));
        }
        if (location->datastore == NULL && location->provisioning == NULL)
                return true;
        if (g_strcmp0(location->datastore, now) == 0 && location->provisioning == NULL)
                return true;
        args = json_object_new();
        json_object_set_string_member(args, "datastore",
                                      location->datastore != NULL ? location->datastore : now);
        if (location->provisioning != NULL)
                json_object_set_string_member(args, "provisioning", location->provisioning);
        plan_later(plan, "RelocateVM", args);
        return true;
}

static void run(Request *request, Plan *plan)
{
        JsonObject *args;

        if (!plan_check(plan, request))
                return;
        args = plan_args(plan);
        json_object_set_string_member(args, "vm", request_target(request)->key);
        act_task(request, "RelocateFromSpec", args, NULL);
}

static void relocate(Request *request)
{
        const VimValue *spec = request_arg(request, "spec");
        const Vm *vm = act_vm(request);
        g_autoptr(Plan) plan = NULL;
        Location location;

        if (vm == NULL)
                return;
        plan = plan_new(request_world(request), vm);
        if (vim_length(vim_get(spec, "deviceChange")) > 0)
                (void)plan_invalid(plan, "spec.deviceChange", "devices are changed by ReconfigVM_Task");
        else if (location_read(plan, vm, spec, &location))
                (void)plan_move(plan, &location);
        run(request, plan);
}

/* To the host where it is already; so it is the pool that may change. */
static void migrate(Request *request)
{
        const Vm *vm = act_vm(request);
        Location location = {0};
        g_autoptr(Plan) plan = NULL;
        const char *state = request_arg_text(request, "state");
        bool wrong;

        if (vm == NULL)
                return;
        if (fact_bool(vm->facts, "template", false)) {
                task_failed(request, vim_new_fault("NotSupported"),
                            "\"%s\" is a template, which runs on no host", fact_text(vm->facts, "name"));
                return;
        }
        if (request_arg(request, "host") == NULL && request_arg(request, "pool") == NULL) {
                VimValue *fault = vim_new_fault("InvalidArgument");

                vim_set_text(fault, "invalidProperty", "host");
                task_failed(request, fault, "a host or a pool is to be given");
                return;
        }
        if (state != NULL && !act_check_power(request, state, true))
                return;
        (void)act_key(request, request_arg(request, "host"), "HostSystem", &wrong);
        if (wrong)
                return;
        location.pool = act_key(request, request_arg(request, "pool"), "ResourcePool", &wrong);
        if (wrong)
                return;
        plan = plan_new(request_world(request), vm);
        (void)plan_move(plan, &location);
        run(request, plan);
}

static const Handler handlers[] = {
        {"VirtualMachine", "RelocateVM_Task", relocate, NULL},
        {"VirtualMachine", "MigrateVM_Task", migrate, "Resource.HotMigrate"},
        {NULL},
};

const ApiModule vm_relocate_module = {.name = "vm-relocate", .handlers = handlers};
