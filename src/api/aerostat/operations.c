/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations by their own names, with JSON for arguments and results: for what no method of vim25 says. */
#include <stdlib.h>
#include <string.h>

#include "api/aerostat/aerostat.h"
#include "api/internal.h"
#include "api/manager/scope.h"
#include "api/task.h"
#include "api/vm/plan.h"
#include "api/wait.h"
#include "vim/json-scan.h"

#define READ          "System.Read"
#define ADMINISTRATOR "System.Administrator"
#define CUSTOM_FIELDS "Global.ManageCustomFields"
#define DISK_FILES    "Datastore.FileManagement"
#define FOLDER        "Folder."
#define NETWORK       "Host.Config.Network"
#define STORAGE       "Host.Config.Storage"
#define VM_CONFIG     "VirtualMachine.Config."
#define VM_INTERACT   "VirtualMachine.Interact."
#define VM_INVENTORY  "VirtualMachine.Inventory."
#define VM_PROVISIONS "VirtualMachine.Provisioning."
#define VM_STATE      "VirtualMachine.State."
#define MODIFY_SPECS  VM_PROVISIONS "ModifyCustSpecs"
#define READ_SPECS    VM_PROVISIONS "ReadCustSpecs"
#define EDIT_DEVICE   VM_CONFIG "EditDevice"

/* --- who may --- */

typedef struct Needs {
        const char *operation, *privilege;
} Needs;

/*
 * What vim25's methods of the same kind take; sorted. Those that carry out others, whichever they are told
 * (ApplyConfigSpec, CloneFromSpec ...), take all that there is.
 */
static const Needs needs[] = {
        {"AddCard", VM_CONFIG "AddRemoveDevice"},
        {"AddCustomFieldDef", CUSTOM_FIELDS},
        {"AddDatastore", STORAGE},
        {"AddDisk", VM_CONFIG "AddNewDisk"},
        {"AddDrive", VM_CONFIG "AddRemoveDevice"},
        {"AddPortGroup", NETWORK},
        {"AddVirtualSwitch", NETWORK},
        {"AdoptVM", VM_INVENTORY "Register"},
        {"AnswerVM", VM_INTERACT "AnswerQuestion"},
        {"ApplyConfigSpec", ADMINISTRATOR},
        {"ApplyPortGroups", NETWORK},
        {"AttachDisk", VM_CONFIG "AddExistingDisk"},
        {"CheckCustomizationSpec", READ_SPECS},
        {"CloneFromSpec", ADMINISTRATOR},
        {"CloneVM", VM_PROVISIONS "Clone"},
        {"ConfigureVM", VM_CONFIG "Resource"},
        {"ConsolidateVMDisks", VM_STATE "RemoveSnapshot"},
        {"CopyDatastoreFile", DISK_FILES},
        {"CopyVirtualDisk", DISK_FILES},
        {"CreateCustomizationSpec", MODIFY_SPECS},
        {"CreateFolder", FOLDER "Create"},
        {"CreateFromSpec", ADMINISTRATOR},
        {"CreateSnapshot", VM_STATE "CreateSnapshot"},
        {"CreateVM", VM_INVENTORY "Create"},
        {"CreateVirtualDisk", DISK_FILES},
        {"CustomizeFromSpec", ADMINISTRATOR},
        {"CustomizeVM", VM_PROVISIONS "Customize"},
        {"DeleteCustomizationSpec", MODIFY_SPECS},
        {"DeleteDatastoreFile", DISK_FILES},
        {"DeleteVirtualDisk", DISK_FILES},
        {"DestroyFolder", FOLDER "Delete"},
        {"DestroyFolderTree", FOLDER "Delete"},
        {"DestroyVM", VM_INVENTORY "Delete"},
        {"ExtendDisk", VM_CONFIG "DiskExtend"},
        {"ExtendVirtualDisk", DISK_FILES},
        {"FindByField", READ},
        {"GetCustomizationSpec", READ_SPECS},
        {"GetSpaceReport", READ},
        {"InflateVirtualDisk", DISK_FILES},
        {"ListCards", READ},
        {"ListCustomFields", READ},
        {"ListCustomizationSpecs", READ_SPECS},
        {"ListDatastores", READ},
        {"ListDisks", READ},
        {"ListFolders", READ},
        {"ListPortGroups", READ},
        {"ListQuestions", READ},
        {"ListSnapshots", READ},
        {"ListVMs", READ},
        {"ListVirtualSwitches", READ},
        {"MakeDirectory", DISK_FILES},
        {"MarkAsTemplate", VM_PROVISIONS "MarkAsTemplate"},
        {"MarkAsVirtualMachine", VM_PROVISIONS "MarkAsVM"},
        {"MoveDatastoreFile", DISK_FILES},
        {"MoveFolder", FOLDER "Move"},
        {"MoveIntoFolder", FOLDER "Move"},
        {"MoveVirtualDisk", DISK_FILES},
        {"OverwriteCustomizationSpec", MODIFY_SPECS},
        {"PowerOffVM", VM_INTERACT "PowerOff"},
        {"PowerOnVM", VM_INTERACT "PowerOn"},
        {"PutDatastoreFile", DISK_FILES},
        {"QueryVirtualDisk", DISK_FILES},
        {"RebootGuest", VM_INTERACT "Reset"},
        {"ReconcileVMs", ADMINISTRATOR},
        {"ReconfigVM", VM_CONFIG "Settings"},
        {"RegisterFromSpec", ADMINISTRATOR},
        {"RegisterVM", VM_INVENTORY "Register"},
        {"ReleaseSpace", VM_PROVISIONS "PromoteDisks"},
        {"RelocateFromSpec", ADMINISTRATOR},
        {"RelocateVM", "Resource.ColdMigrate"},
        {"RemoveAllSnapshots", VM_STATE "RemoveSnapshot"},
        {"RemoveCard", VM_CONFIG "AddRemoveDevice"},
        {"RemoveCustomFieldDef", CUSTOM_FIELDS},
        {"RemoveDatastore", "Datastore.Delete"},
        {"RemoveDatastoreFile", DISK_FILES},
        {"RemoveDisk", VM_CONFIG "RemoveDisk"},
        {"RemoveDrive", VM_CONFIG "AddRemoveDevice"},
        {"RemovePortGroup", NETWORK},
        {"RemoveSnapshot", VM_STATE "RemoveSnapshot"},
        {"RemoveVirtualSwitch", NETWORK},
        {"RenameCustomFieldDef", CUSTOM_FIELDS},
        {"RenameCustomizationSpec", MODIFY_SPECS},
        {"RenameDatastore", "Datastore.Rename"},
        {"RenameSnapshot", VM_STATE "RenameSnapshot"},
        {"RenameVM", VM_CONFIG "Rename"},
        {"ResetVM", VM_INTERACT "Reset"},
        {"RevertToCurrentSnapshot", VM_STATE "RevertToSnapshot"},
        {"RevertToSnapshot", VM_STATE "RevertToSnapshot"},
        {"SearchDatastore", "Datastore.Browse"},
        {"SetCard", EDIT_DEVICE},
        {"SetDiskMode", VM_CONFIG "Settings"},
        {"SetDrive", EDIT_DEVICE},
        {"SetField", "Global.SetCustomField"},
        {"SetVirtualDiskUuid", DISK_FILES},
        {"ShrinkVirtualDisk", DISK_FILES},
        {"ShutdownGuest", VM_INTERACT "PowerOff"},
        {"StandbyGuest", VM_INTERACT "Suspend"},
        {"SuspendVM", VM_INTERACT "Suspend"},
        {"UnregisterVM", VM_INVENTORY "Unregister"},
        {"UpdateNetworkConfig", NETWORK},
        {"UpdatePortGroup", NETWORK},
        {"UpdateVirtualSwitch", NETWORK},
        {"ZeroFillVirtualDisk", DISK_FILES},
};

static int by_name(const void *name, const void *entry)
{
        return strcmp(name, ((const Needs *)entry)->operation);
}

const char *aerostat_privilege(const char *operation)
{
        const Needs *found = bsearch(operation, needs, G_N_ELEMENTS(needs), sizeof needs[0], by_name);

        return found != NULL ? found->privilege : NULL;
}

unsigned aerostat_n_privileges(void)
{
        return G_N_ELEMENTS(needs);
}

static const char *privilege_of(const char *operation)
{
        const char *privilege = aerostat_privilege(operation);

        return privilege != NULL ? privilege : ADMINISTRATOR;
}

void aerostat_query_operations(Request *request)
{
        VimValue *list = vim_new_list("AerostatOperation");
        const char *name;
        bool is_task;

        for (unsigned i = 0; (name = operations_offered(i, &is_task)) != NULL; i++) {
                VimValue *value = vim_new_object("AerostatOperation");

                vim_set_text(value, "name", name);
                vim_set_bool(value, "task", is_task);
                vim_set_text(value, "privilege", privilege_of(name));
                vim_add(list, value);
        }
        request_return(request, list);
}

/* --- running one --- */

/* What keeps a start from being admitted is memory; elsewhere no space is of disks. */
static VimValue *fault_of_operation(const GError *error)
{
        return error->domain == G_IO_ERROR && error->code == G_IO_ERROR_NO_SPACE ? vm_fault_of(error)
                                                                                 : fault_of(error);
}

/* NULL with what is wrong. */
static JsonObject *parse(const char *text, GError **error)
{
        g_autoptr(JsonParser) parser = json_parser_new();
        JsonNode *root;

        if (!json_scan(text, strlen(text), error) || !json_parser_load_from_data(parser, text, -1, error))
                return NULL;
        root = json_parser_get_root(parser);
        if (root != NULL && JSON_NODE_HOLDS_OBJECT(root))
                return json_object_ref(json_node_get_object(root));
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "it is no object");
        return NULL;
}

/* The operation's arguments, owned, when it is there, is (no) task and may be started; NULL: why not was
 * sent. */
static JsonObject *check(Request *request, bool wants_task)
{
        const char *operation = request_arg_text(request, "operation");
        const char *text = request_arg_text(request, "arguments"), *name;
        g_autoptr(GError) error = NULL;
        JsonObject *args;
        bool is_task = false;

        for (unsigned i = 0; (name = operations_offered(i, &is_task)) != NULL; i++)
                if (strcmp(name, operation) == 0)
                        break;
        if (name == NULL) {
                request_invalid(request, "operation",
                                "there is no operation \"%.100s\"; QueryOperations lists all", operation);
                return NULL;
        }
        if (!request_allowed(request, privilege_of(name)))
                return NULL;
        if (is_task != wants_task) {
                request_invalid(request, "operation", "the operation %s is %s task: %s runs it", name,
                                is_task ? "a" : "no", is_task ? "RunOperation_Task" : "RunOperation");
                return NULL;
        }
        args = parse(text != NULL ? text : "{}", &error);
        if (args == NULL)
                request_invalid(request, "arguments",
                                "the arguments of the operation %s are to be a JSON object: %s", name,
                                error->message);
        return args;
}

static VimValue *result_text(Api *api, JsonNode *result, gpointer data)
{
        g_autofree char *text = result != NULL ? json_to_string(result, FALSE) : NULL;

        (void)api;
        (void)data;
        return vim_new_string(text);
}

void aerostat_run_operation(Request *request)
{
        const char *operation = request_arg_text(request, "operation");
        JsonObject *args = check(request, false);

        if (args == NULL)
                return;
        request_set_fault(request, fault_of_operation);
        if (strcmp(privilege_of(operation), READ) == 0)
                request_operate(request, operation, args, result_text, NULL, NULL);
        else
                request_change(request, operation, args, result_text, NULL, NULL);
}

/* What it is done to; of what is no VM, the host. */
static Managed *entity_of(const Request *request, JsonObject *args)
{
        World *world = request_world(request);
        JsonNode *node = json_object_get_member(args, "vm");
        const char *vm = node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
                                         json_node_get_value_type(node) == G_TYPE_STRING
                                 ? json_node_get_string(node)
                                 : NULL;
        Managed *entity = NULL;

        if (vm != NULL)
                entity = world_find_key(world, "VirtualMachine", vm);
        if (vm != NULL && entity == NULL)
                entity = scope_vm_named(world, vm);
        return entity != NULL ? entity : world_find_key(world, "HostSystem", "host");
}

/* A list of tasks shows which of them only ask. */
static char *description_of(const char *operation, JsonObject *args)
{
        JsonNode *node = json_object_get_member(args, "what_if");
        bool what_if = node != NULL && JSON_NODE_HOLDS_VALUE(node) && json_node_get_boolean(node);

        return g_strconcat(operation, what_if ? ".whatIf" : NULL, NULL);
}

void aerostat_run_task(Request *request)
{
        const char *operation = request_arg_text(request, "operation");
        JsonObject *args = check(request, true);
        g_autofree char *description = NULL;
        TaskPlan plan;

        if (args == NULL)
                return;
        description = description_of(operation, args);
        plan = (TaskPlan){.operation = operation,
                          .args = args,
                          .description_id = description,
                          .entity = entity_of(request, args),
                          .result = result_text,
                          .partial = true};
        request_set_fault(request, fault_of_operation);
        task_run(request, &plan);
}
