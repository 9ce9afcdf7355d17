/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CloneVM_Task: full and linked, customized, changed, powered on. */
#include <string.h>

#include "api/vm/act.h"
#include "api/vm/customize.h"
#include "api/vm/module.h"
#include "api/vm/relocate.h"
#include "inventory/catalog.h"

/* What the clone will be before it is changed: what it is made from, powered off. */
static Vm *as_clone(const Vm *parent, JsonObject *hardware)
{
        Vm *vm = vm_new(parent->world, "");
        g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), parent->facts);
        g_autoptr(JsonNode) copy = json_node_copy(node);
        g_autofree char *text = json_to_string(copy, FALSE);
        g_autoptr(JsonNode) own = json_from_string(text, NULL);

        vm->facts = json_node_dup_object(own);
        json_object_set_string_member(vm->facts, "power", "off");
        if (hardware != NULL)
                json_object_set_object_member(vm->facts, "hardware", json_object_ref(hardware));
        (void)device_number_cards(vm);
        return vm;
}

static bool check_name(Plan *plan, const char *name)
{
        g_autoptr(GError) error = NULL;
        VimValue *fault;

        if (catalog_check_name("virtual machine", name, &error))
                return plan_name_is_free(plan, name);
        fault = vim_new_fault("InvalidName");
        vim_set_text(fault, "name", name);
        return plan_fail(plan, fault, "%s", error->message);
}

/* The snapshot that is named, with its hardware; unset leaves *ret alone. */
static bool read_snapshot(Plan *plan, const Vm *vm, const VimValue *spec, JsonObject **ret)
{
        const VimValue *reference = vim_get(spec, "snapshot");
        const Managed *snapshot = reference != NULL ? world_resolve(plan->world, reference) : NULL;

        if (reference == NULL)
                return true;
        for (unsigned i = 0; snapshot != NULL && i < fact_count(vm->facts, "snapshots"); i++) {
                JsonObject *own = fact_item(vm->facts, "snapshots", i);
                g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, fact_int(own, "id", 0));

                if (strcmp(key, snapshot->key) == 0) {
                        *ret = own;
                        return true;
                }
        }
        return plan_invalid(plan, "spec.snapshot", "the VM has no such snapshot");
}

static JsonObject *clone_args(const Vm *vm, const char *name, const Location *location, JsonObject *snapshot,
                              bool as_template)
{
        JsonObject *args = json_object_new();
        JsonArray *names = json_array_new();

        json_array_add_string_element(names, name);
        json_object_set_string_member(args, "vm", fact_text(vm->facts, "uuid"));
        json_object_set_array_member(args, "names", names);
        json_object_set_string_member(args, "folder", location->folder);
        json_object_set_boolean_member(args, "linked", location->linked);
        json_object_set_boolean_member(args, "template", as_template);
        /* Every call is its own: it does not go on with what an earlier one left. */
        json_object_set_boolean_member(args, "new", true);
        if (location->datastore != NULL)
                json_object_set_string_member(args, "datastore", location->datastore);
        if (snapshot != NULL) {
                g_autofree char *which = g_strdup_printf("#%" G_GINT64_FORMAT, fact_int(snapshot, "id", 0));

                json_object_set_string_member(args, "snapshot", which);
        }
        return args;
}

static bool read_config(Plan *plan, const VimValue *spec)
{
        const VimValue *config = vim_get(spec, "config"), *location = vim_get(spec, "location");

        if (config != NULL && (!plan_config(plan, config) || !plan_devices(plan, config)))
                return false;
        return vim_length(vim_get(location, "deviceChange")) == 0 || plan_devices(plan, location);
}

static void start(Request *request, Plan *plan, const Vm *vm, const Location *location, JsonObject *snapshot)
{
        const VimValue *spec = request_arg(request, "spec"), *custom = vim_get(spec, "customization");
        bool as_template = vim_get_bool(spec, "template", false);
        JsonObject *first =
                clone_args(vm, request_arg_text(request, "name"), location, snapshot, as_template);
        JsonObject *args = plan_args(plan);

        if (custom != NULL)
                customize_add(api_parts(request_api(request))->inventory, args, first, "customization",
                              custom);
        else /* whatever the parent's attribute says */
                json_object_set_string_member(first, "customization", "");
        json_object_set_object_member(args, "first", plan_call("CloneVM", first));
        if (vim_get_bool(spec, "powerOn", false) && !as_template)
                json_object_set_object_member(args, "last", plan_call("PowerOnVM", json_object_new()));
        act_task(request, "CloneFromSpec", args, act_made);
}

/* Who may clone: by what it is, and what it becomes. */
static const char *privilege_for(const Vm *vm, const VimValue *spec)
{
        bool from_template = fact_bool(vm->facts, "template", false);

        if (vim_get_bool(spec, "template", false))
                return from_template ? "VirtualMachine.Provisioning.CloneTemplate"
                                     : "VirtualMachine.Provisioning.CreateTemplateFromVM";
        return from_template ? "VirtualMachine.Provisioning.DeployTemplate"
                             : "VirtualMachine.Provisioning.Clone";
}

static void clone_vm(Request *request)
{
        const VimValue *spec = request_arg(request, "spec"), *custom = vim_get(spec, "customization");
        const Vm *vm = act_vm(request);
        g_autoptr(Plan) plan = NULL;
        JsonObject *snapshot = NULL;
        Location location;
        const char *folder;
        Vm *copy;
        bool wrong;

        if (vm == NULL || !request_allowed(request, privilege_for(vm, spec)))
                return;
        folder = act_key(request, request_arg(request, "folder"), "Folder", &wrong);
        if (wrong)
                return;
        plan = plan_new(request_world(request), vm);
        if (folder == NULL || !g_str_has_prefix(folder, "vm:/"))
                (void)plan_fail(plan, vim_new_fault("InvalidFolder"), "VMs are in folders of VMs");
        else if (check_name(plan, request_arg_text(request, "name")) &&
                 location_read(plan, vm, vim_get(spec, "location"), &location))
                (void)read_snapshot(plan, vm, spec, &snapshot);
        copy = as_clone(vm, fact_object(snapshot, "hardware"));
        plan->vm = copy;
        plan->is_clone = true;
        if (plan->fault == NULL && read_config(plan, spec) && custom != NULL)
                (void)customize_check(plan, custom);
        /* Who may clone may give it what it is to have. */
        g_ptr_array_set_size(plan->privileges, 0);
        if (custom != NULL)
                plan_privilege(plan, "VirtualMachine.Provisioning.Customize");
        if (plan_check(plan, request)) {
                location.folder = folder + strlen("vm:");
                if (location.pool != NULL)
                        json_object_set_string_member(plan->settings, "pool", location.pool);
                start(request, plan, vm, &location, snapshot);
        }
        vm_free(copy);
}

static const Handler handlers[] = {
        {"VirtualMachine", "CloneVM_Task", clone_vm, ""},
        {NULL},
};

const ApiModule vm_clone_module = {.name = "vm-clone", .handlers = handlers};
