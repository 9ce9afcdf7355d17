/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Operations that were called by their names (AerostatManager) as the calls of vim25 that do the same. What
 * vim25 says otherwise, or not at all, has none, and stays a call of the operation.
 */
#include <string.h>

#include "api/recorder/making.h"

/* What the method is called of. */
typedef enum Target {
        OF_VM,
        OF_SNAPSHOT,
        OF_FOLDER,    /* its path */
        OF_DATASTORE, /* its name */
        OF_HOST,      /* the host's object of the type, or the only one there is */
} Target;

typedef struct Argument {
        const char *member; /* of the operation's arguments */
        const char *param;  /* of the method; or NULL */
        const char *value;  /* param NULL: the only value with which vim25 does the same */
} Argument;

typedef struct Equal {
        const char *operation;
        Target target;
        const char *type, *method;
        Argument arguments[5];
} Equal;

/* clang-format off */
static const Equal table[] = {
        {"PowerOnVM", OF_VM, "VirtualMachine", "PowerOnVM_Task", {}},
        {"PowerOffVM", OF_VM, "VirtualMachine", "PowerOffVM_Task", {{"type", NULL, "hard"}}},
        {"ResetVM", OF_VM, "VirtualMachine", "ResetVM_Task", {{"type", NULL, "hard"}}},
        {"SuspendVM", OF_VM, "VirtualMachine", "SuspendVM_Task", {{"type", NULL, "hard"}}},
        {"RebootGuest", OF_VM, "VirtualMachine", "RebootGuest", {}},
        {"StandbyGuest", OF_VM, "VirtualMachine", "StandbyGuest", {}},
        {"DestroyVM", OF_VM, "VirtualMachine", "Destroy_Task", {}},
        {"UnregisterVM", OF_VM, "VirtualMachine", "UnregisterVM", {}},
        {"MarkAsTemplate", OF_VM, "VirtualMachine", "MarkAsTemplate", {}},
        {"RenameVM", OF_VM, "VirtualMachine", "Rename_Task", {{"name", "newName"}}},
        {"CreateSnapshot", OF_VM, "VirtualMachine", "CreateSnapshot_Task", {{"name", "name"},
                {"description", "description"}, {"memory", "memory"}, {"quiesce", "quiesce"}}},
        {"RemoveAllSnapshots", OF_VM, "VirtualMachine", "RemoveAllSnapshots_Task", {}},
        {"ConsolidateVMDisks", OF_VM, "VirtualMachine", "ConsolidateVMDisks_Task", {}},
        {"RevertToSnapshot", OF_SNAPSHOT, "VirtualMachineSnapshot", "RevertToSnapshot_Task",
                {{"suppressPowerOn", "suppressPowerOn"}}},
        {"RemoveSnapshot", OF_SNAPSHOT, "VirtualMachineSnapshot", "RemoveSnapshot_Task",
                {{"removeChildren", "removeChildren"}}},
        {"RenameSnapshot", OF_SNAPSHOT, "VirtualMachineSnapshot", "RenameSnapshot", {{"name", "name"},
                {"description", "description"}}},
        {"DestroyFolder", OF_FOLDER, "Folder", "Destroy_Task", {}},
        {"RenameDatastore", OF_DATASTORE, "Datastore", "RenameDatastore", {{"to", "newName"}}},
        {"AddDatastore", OF_HOST, "HostDatastoreSystem", "CreateLocalDatastore", {{"name", "name"},
                {"path", "path"}}},
        {"RemovePortGroup", OF_HOST, "HostNetworkSystem", "RemovePortGroup", {{"name", "pgName"}}},
        {"RemoveVirtualSwitch", OF_HOST, "HostNetworkSystem", "RemoveVirtualSwitch", {{"name", "vswitchName"}}},
        {"DeleteCustomizationSpec", OF_HOST, "CustomizationSpecManager", "DeleteCustomizationSpec",
                {{"name", "name"}}},
        {"RenameCustomizationSpec", OF_HOST, "CustomizationSpecManager", "RenameCustomizationSpec",
                {{"name", "name"}, {"to", "newName"}}},
        {"MakeDirectory", OF_HOST, "FileManager", "MakeDirectory", {{"path", "name"},
                {"parents", "createParentDirectories"}}},
        {"DeleteDatastoreFile", OF_HOST, "FileManager", "DeleteDatastoreFile_Task", {{"path", "name"}}},
        {"CopyDatastoreFile", OF_HOST, "FileManager", "CopyDatastoreFile_Task", {{"source", "sourceName"},
                {"target", "destinationName"}, {"force", "force"}}},
        {"MoveDatastoreFile", OF_HOST, "FileManager", "MoveDatastoreFile_Task", {{"source", "sourceName"},
                {"target", "destinationName"}, {"force", "force"}}},
};
/* clang-format on */

static const Managed *target_of(const Making *making, const Equal *equal)
{
        switch (equal->target) {
        case OF_VM:
                return making_vm(making);
        case OF_SNAPSHOT:
                return making_snapshot(making, making_text(making, "snapshot"));
        case OF_FOLDER:
                return making_folder(making, making_text(making, "path"));
        case OF_DATASTORE:
                return making_datastore(making, "name");
        case OF_HOST:
                return making_host_object(making, equal->type);
        }
        return NULL;
}

static void give_member(const Making *making, Step *made, const Argument *argument)
{
        const char *text = making_text(making, argument->member);

        if (text != NULL)
                making_give_text(making, made, argument->param, text);
        else if (making_has(making, argument->member))
                making_give(making, made, argument->param,
                            vim_new_bool(making_truth(making, argument->member, false)));
}

/* What vim25 wants to be said, and the operation does not. */
static void give_rest(const Making *making, Step *made)
{
        for (unsigned i = 0; i < made->method->n_params; i++)
                if (made->args[i] == NULL && !made->method->params[i].is_optional &&
                    made->method->params[i].type->kind == VIM_BOOLEAN)
                        making_give(making, made, made->method->params[i].name, vim_new_bool(false));
}

/* Whether the operation says nothing that the line of the table does not know. */
static bool is_said(const Making *making, const Equal *equal)
{
        static const char *const of_targets[][3] = {[OF_VM] = {"vm"},
                                                    [OF_SNAPSHOT] = {"vm", "snapshot"},
                                                    [OF_FOLDER] = {"path"},
                                                    [OF_DATASTORE] = {"name"},
                                                    [OF_HOST] = {NULL}};
        g_autoptr(GList) members = json_object_get_members(making->args);

        for (GList *member = members; member != NULL; member = member->next) {
                const Argument *argument = equal->arguments;

                while (argument->member != NULL && strcmp(argument->member, member->data) != 0)
                        argument++;
                if (argument->member == NULL && !g_strv_contains(of_targets[equal->target], member->data))
                        return false;
        }
        for (const Argument *argument = equal->arguments; argument->member != NULL; argument++)
                if (argument->param == NULL &&
                    g_strcmp0(making_text(making, argument->member), argument->value) != 0)
                        return false;
        return true;
}

static void add_from_table(const Making *making, const Equal *equal)
{
        Step *made =
                is_said(making, equal) ? making_call(making, target_of(making, equal), equal->method) : NULL;

        if (made == NULL)
                return;
        for (const Argument *argument = equal->arguments; argument->member != NULL; argument++)
                if (argument->param != NULL)
                        give_member(making, made, argument);
        give_rest(making, made);
}

void step_add_equals(Step *step, const Request *request, const char *operation, JsonObject *args)
{
        static const struct {
                const char *operation;
                void (*add)(const Making *making);
        } others[] = {
                {"MarkAsVirtualMachine", equal_add_virtual_machine},
                {"RegisterVM", equal_add_registered},
                {"RelocateVM", equal_add_relocated},
                {"CustomizeVM", equal_add_customized},
                {"CloneVM", equal_add_clones},
                {"ReconfigVM", equal_add_reconfigured},
                {"ConfigureVM", equal_add_configured},
                {"AddDisk", equal_add_disk},
                {"AddCard", equal_add_card},
                {"CreateFolder", equal_add_folder},
                {"MoveFolder", equal_add_moved_folder},
                {"MoveIntoFolder", equal_add_moved},
                {"AddPortGroup", equal_add_port_group},
                {"UpdatePortGroup", equal_add_port_group},
                {"AddVirtualSwitch", equal_add_switch},
                {"UpdateVirtualSwitch", equal_add_switch},
                {"RemoveDatastore", equal_add_removed_datastore},
                {"AddCustomFieldDef", equal_add_defined},
                {"RenameCustomFieldDef", equal_add_changed_field},
                {"RemoveCustomFieldDef", equal_add_changed_field},
                {"SetField", equal_add_set_field},
        };
        const Making making = {
                .step = step, .world = request_world(request), .operation = operation, .args = args};

        for (unsigned i = 0; i < G_N_ELEMENTS(table); i++)
                if (strcmp(table[i].operation, operation) == 0)
                        add_from_table(&making, &table[i]);
        for (unsigned i = 0; i < G_N_ELEMENTS(others); i++)
                if (strcmp(others[i].operation, operation) == 0)
                        others[i].add(&making);
        if (step->equals->len >= CALLS_MAX)
                g_ptr_array_set_size(step->equals, 0);
        for (unsigned i = 0; i < step->equals->len; i++)
                step->bytes += ((const Step *)step->equals->pdata[i])->bytes;
}
