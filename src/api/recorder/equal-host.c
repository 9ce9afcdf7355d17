/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations on folders, the host and custom attributes that are calls of vim25, and that no table says. */
#include <string.h>

#include "api/recorder/making.h"

/* --- folders --- */

/* "/lab/old" is in "/lab". Owned. */
static char *parent_of(const char *path)
{
        const char *slash = strrchr(path, '/');

        return slash != NULL && slash != path ? g_strndup(path, (gsize)(slash - path)) : g_strdup("/");
}

static const char *last_of(const char *path)
{
        const char *slash = strrchr(path, '/');

        return slash != NULL ? slash + 1 : path;
}

void equal_add_folder(const Making *making)
{
        const char *path = making_text(making, "path");
        g_autofree char *parent = path != NULL ? parent_of(path) : NULL;
        Step *made = making_call(making, making_folder(making, parent), "CreateFolder");

        if (made != NULL)
                making_give_text(making, made, "name", last_of(path));
}

static void move_into(const Making *making, const Managed *folder, VimValue *list)
{
        Step *made = making_call(making, folder, "MoveIntoFolder_Task");

        if (made != NULL)
                making_give(making, made, "list", list);
        else
                vim_unref(list);
}

/* To another place, or by another name: to both at once vim25 has no call. */
void equal_add_moved_folder(const Making *making)
{
        const char *path = making_text(making, "path"), *to = making_text(making, "to");
        const Managed *folder = making_folder(making, path);
        g_autofree char *parent = NULL, *new_parent = NULL;
        VimValue *list;
        Step *made;

        if (folder == NULL || to == NULL)
                return;
        parent = parent_of(path);
        new_parent = parent_of(to);
        if (strcmp(parent, new_parent) == 0) {
                made = making_call(making, folder, "Rename_Task");
                making_give_text(making, made, "newName", last_of(to));
        } else if (strcmp(last_of(path), last_of(to)) == 0) {
                list = vim_new_list("ManagedEntity");
                vim_add(list, managed_reference(folder));
                move_into(making, making_folder(making, new_parent), list);
        }
}

void equal_add_moved(const Making *making)
{
        JsonArray *vms = step_json_texts(making->args, "vms");
        bool all = vms != NULL && !making_has(making, "folders");
        VimValue *list = vim_new_list("ManagedEntity");

        for (unsigned i = 0; all && i < json_array_get_length(vms); i++) {
                const Managed *vm = making_vm_named(making, json_array_get_string_element(vms, i));

                all = vm != NULL;
                if (all)
                        vim_add(list, managed_reference(vm));
        }
        if (all)
                move_into(making, making_folder(making, making_text(making, "folder")), list);
        else
                vim_unref(list);
}

/* --- the host --- */

/* What is not said of one that is changed stays as it is; vim25 wants all of it. */
void equal_add_port_group(const Making *making)
{
        bool add = strcmp(making->operation, "AddPortGroup") == 0;
        Step *made;
        VimValue *spec;

        if (making_text(making, "name") == NULL || making_text(making, "switch") == NULL ||
            (!making_has(making, "vlan") && !add))
                return;
        made = making_call(making, making_host_object(making, "HostNetworkSystem"), making->operation);
        if (made == NULL)
                return;
        spec = vim_new_object("HostPortGroupSpec");
        vim_set_text(spec, "name", making_text(making, "name"));
        vim_set_int(spec, "vlanId", step_json_number(making->args, "vlan", 0));
        vim_set_text(spec, "vswitchName", making_text(making, "switch"));
        vim_set(spec, "policy", vim_new_object("HostNetworkPolicy"));
        if (!add)
                making_give_text(making, made, "pgName", making_text(making, "name"));
        making_give(making, made, "portgrp", spec);
}

void equal_add_switch(const Making *making)
{
        JsonArray *uplinks = step_json_texts(making->args, "uplinks");
        Step *made = making_call(making, making_host_object(making, "HostNetworkSystem"), making->operation);
        VimValue *spec, *bridge, *nics;

        if (made == NULL)
                return;
        spec = vim_new_object("HostVirtualSwitchSpec");
        vim_set_int(spec, "numPorts", 128);
        if (uplinks != NULL && json_array_get_length(uplinks) > 0) {
                bridge = vim_new_object("HostVirtualSwitchBondBridge");
                nics = vim_new_list("string");
                for (unsigned i = 0; i < json_array_get_length(uplinks); i++)
                        vim_add(nics, vim_new_string(json_array_get_string_element(uplinks, i)));
                vim_set(bridge, "nicDevice", nics);
                vim_set(spec, "bridge", bridge);
        }
        making_give_text(making, made, "vswitchName", making_text(making, "name"));
        making_give(making, made, "spec", spec);
}

void equal_add_removed_datastore(const Making *making)
{
        const Managed *datastore = making_datastore(making, "name");
        Step *made = datastore != NULL
                             ? making_call(making, making_host_object(making, "HostDatastoreSystem"),
                                           "RemoveDatastore")
                             : NULL;

        if (made != NULL)
                making_give(making, made, "datastore", managed_reference(datastore));
}

/* --- custom attributes --- */

static Step *call_fields(const Making *making, const char *method)
{
        return making_call(making, making_host_object(making, "CustomFieldsManager"), method);
}

void equal_add_defined(const Making *making)
{
        const char *type = making_text(making, "type");
        Step *made = call_fields(making, "AddCustomFieldDef");

        if (made == NULL)
                return;
        making_give_text(making, made, "name", making_text(making, "name"));
        if (g_strcmp0(type, "vm") == 0)
                making_give(making, made, "moType", vim_new_text(vim_type("TypeName"), "VirtualMachine"));
        else if (g_strcmp0(type, "host") == 0)
                making_give(making, made, "moType", vim_new_text(vim_type("TypeName"), "HostSystem"));
}

/* Its key is found by its name. */
static void give_key(const Making *making, Step *made)
{
        made->field = g_strdup(making_text(making, "name"));
        making_give(making, made, "key", vim_new_int(0));
}

void equal_add_changed_field(const Making *making)
{
        Step *made = call_fields(making, making->operation);

        if (made == NULL)
                return;
        give_key(making, made);
        if (making_text(making, "to") != NULL)
                making_give_text(making, made, "name", making_text(making, "to"));
}

static void set_field_of(const Making *making, const Managed *entity)
{
        const char *value = making_text(making, "value");
        Step *made = entity != NULL ? call_fields(making, "SetField") : NULL;

        if (made == NULL)
                return;
        making_give(making, made, "entity", managed_reference(entity));
        give_key(making, made);
        making_give_text(making, made, "value", value != NULL ? value : "");
}

void equal_add_set_field(const Making *making)
{
        JsonArray *vms = step_json_texts(making->args, "vms");

        if (making_truth(making, "host", false))
                set_field_of(making, making_host_object(making, "HostSystem"));
        else if (vms == NULL)
                set_field_of(making, making_vm(making));
        for (unsigned i = 0; vms != NULL && i < json_array_get_length(vms) && i < CALLS_MAX; i++)
                set_field_of(making, making_vm_named(making, json_array_get_string_element(vms, i)));
}
