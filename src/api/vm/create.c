/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* VMs that come to be: Folder.CreateVM_Task, RegisterVM_Task. */
#include <string.h>

#include "api/vm/act.h"
#include "storage/datastore.h"

#define MEMORY_MB_DEFAULT 128
#define CPUS_HOT_ADD      8 /* that a VM can be given at least while it runs, when that is wanted */

/* The path of a folder of VMs; NULL: it was answered that it is none. Borrowed. */
static const char *folder_of(Request *request)
{
        const char *key = request_target(request)->key;

        if (key != NULL && g_str_has_prefix(key, "vm:/"))
                return key + strlen("vm:");
        request_fault(request, vim_new_fault("InvalidFolder"), "VMs are in folders of VMs; this is none");
        return NULL;
}

/* Where its files go. */
static bool read_datastore(Plan *plan, const VimValue *spec)
{
        const char *path = vim_get_text(vim_get(spec, "files"), "vmPathName"), *end;
        g_autofree char *name = NULL;
        VimValue *fault;

        end = path != NULL && *path == '[' ? strchr(path, ']') : NULL;
        if (end == NULL)
                return plan_invalid(plan, "configSpec.files.vmPathName",
                                    "where the VM is to be: \"[datastore]\"");
        name = g_strndup(path + 1, (gsize)(end - path) - 1);
        if (world_find_key(plan->world, "Datastore", name) == NULL) {
                fault = vim_new_fault("InvalidDatastore");
                vim_set_text(fault, "name", name);
                return plan_fail(plan, fault, "there is no datastore \"%.80s\"", name);
        }
        json_object_set_string_member(plan->wanted, "datastore", name);
        return true;
}

static bool read_machine(Plan *plan, const VimValue *spec)
{
        const char *firmware = vim_get_text(spec, "firmware");
        int64_t cpus = vim_get_int(spec, "numCPUs", 1);

        if (firmware != NULL && strcmp(firmware, "bios") != 0 && strcmp(firmware, "efi") != 0)
                return plan_invalid(plan, "configSpec.firmware", "it is bios or efi");
        if (firmware != NULL)
                json_object_set_string_member(plan->wanted, "firmware", firmware);
        if (vim_get_bool(spec, "cpuHotAddEnabled", false))
                json_object_set_int_member(plan->wanted, "cpus_max", MAX(cpus, CPUS_HOT_ADD));
        if (!json_object_has_member(plan->wanted, "memory_mb"))
                json_object_set_int_member(plan->wanted, "memory_mb", MEMORY_MB_DEFAULT);
        return true;
}

static bool check_name(Plan *plan)
{
        const char *name = fact_text(plan->wanted, "name");

        if (name == NULL)
                return plan_invalid(plan, "configSpec.name", "a new VM is to have a name");
        return plan_name_is_free(plan, name);
}

/* Who may create may give it what it is to have, but for what is there already. */
static void keep_privileges(Plan *plan)
{
        for (unsigned i = plan->privileges->len; i > 0; i--)
                if (strcmp(plan->privileges->pdata[i - 1], "VirtualMachine.Config.AddExistingDisk") != 0)
                        g_ptr_array_remove_index(plan->privileges, i - 1);
}

static void create_in(Request *request, const char *folder, const char *pool)
{
        const VimValue *spec = request_arg(request, "config");
        g_autoptr(Plan) plan = plan_new(request_world(request), NULL);
        JsonObject *args;

        if (plan_config(plan, spec) && check_name(plan) && read_datastore(plan, spec) &&
            read_machine(plan, spec))
                (void)plan_devices(plan, spec);
        keep_privileges(plan);
        if (pool != NULL && strcmp(pool, "/") != 0)
                json_object_set_string_member(plan->settings, "pool", pool);
        if (!plan_check(plan, request))
                return;
        json_object_set_string_member(plan->wanted, "folder", folder);
        args = plan_args(plan);
        json_object_set_object_member(args, "first", plan_call("CreateVM", json_object_ref(plan->wanted)));
        act_task(request, "CreateFromSpec", args, act_made);
}

static void create(Request *request)
{
        const char *folder = folder_of(request), *pool;
        bool wrong;

        if (folder == NULL)
                return;
        pool = act_key(request, request_arg(request, "pool"), "ResourcePool", &wrong);
        if (!wrong)
                create_in(request, folder, pool);
}

/* The old way, from a pool: the VM is in the root of the folders. */
static void create_child(Request *request)
{
        create_in(request, "/", request_target(request)->key);
}

static JsonArray *only_step(const char *method)
{
        JsonArray *steps = json_array_new();

        json_array_add_object_element(steps, plan_call(method, json_object_new()));
        return steps;
}

static void register_vm(Request *request)
{
        const char *folder = folder_of(request), *pool, *name = request_arg_text(request, "name");
        JsonObject *args, *outer = json_object_new(), *settings = json_object_new();
        bool wrong;

        if (folder == NULL) {
                json_object_unref(outer);
                json_object_unref(settings);
                return;
        }
        pool = act_key(request, request_arg(request, "pool"), "ResourcePool", &wrong);
        if (pool != NULL && strcmp(pool, "/") != 0)
                json_object_set_string_member(settings, "pool", pool);
        json_object_set_object_member(outer, "settings", settings);
        if (wrong) {
                json_object_unref(outer);
                return;
        }
        args = json_object_new();
        json_object_set_string_member(args, "path", request_arg_text(request, "path"));
        json_object_set_string_member(args, "folder", folder);
        if (name != NULL && *name != '\0')
                json_object_set_string_member(args, "name", name);
        json_object_set_object_member(outer, "first", plan_call("RegisterVM", args));
        if (request_arg_bool(request, "asTemplate", false))
                json_object_set_array_member(outer, "steps", only_step("MarkAsTemplate"));
        act_task(request, "RegisterFromSpec", outer, act_made);
}

static const Handler handlers[] = {
        {"Folder", "CreateVM_Task", create, NULL},
        {"Folder", "RegisterVM_Task", register_vm, NULL},
        {"ResourcePool", "CreateChildVM_Task", create_child, "VirtualMachine.Inventory.Create"},
        {NULL},
};

const ApiModule vm_create_module = {.name = "vm-create", .handlers = handlers};
