/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls as PowerCLI's own cmdlets, where VMware has one that does the same; one parameter a line, so that
 * what differs in one setting differs in one line. Objects are found by their places (script.c has the
 * functions At, Entity, EntitySnapshot), not by names, in which cmdlets see wildcards.
 */
#include <string.h>

#include "api/recorder/step.h"

typedef struct Line {
        GString *script;
        const Step *step;
} Line;

/* --- words --- */

/* PowerShell takes typographic quotes for its own: each is written twice. */
void cmdlet_add_text(GString *script, const char *text)
{
        g_string_append_c(script, '\'');
        for (const char *c = text; *c != '\0'; c = g_utf8_find_next_char(c, NULL)) {
                gunichar letter = g_utf8_get_char(c);

                if (letter == '\'' || (letter >= 0x2018 && letter <= 0x201b))
                        g_string_append_unichar(script, letter);
                g_string_append_unichar(script, letter);
        }
        g_string_append_c(script, '\'');
}

static const char *arg_text(const Line *line, const char *name)
{
        const VimValue *value = step_arg(line->step, name);

        return value != NULL ? value->text : NULL;
}

static bool arg_bool(const Line *line, const char *name)
{
        const VimValue *value = step_arg(line->step, name);

        return value != NULL && value->boolean;
}

/* The next parameter, on a line of its own. */
static void add_parameter(const Line *line, const char *name)
{
        g_string_append_printf(line->script, " `\n    -%s ", name);
}

static void add_text(const Line *line, const char *parameter, const char *text)
{
        if (text == NULL)
                return;
        add_parameter(line, parameter);
        cmdlet_add_text(line->script, text);
}

static void add_int(const Line *line, const char *parameter, const VimValue *object, const char *field)
{
        if (vim_get(object, field) == NULL)
                return;
        add_parameter(line, parameter);
        g_string_append_printf(line->script, "%" G_GINT64_FORMAT, vim_get_int(object, field, 0));
}

static void add_switch(const Line *line, const char *parameter, bool on)
{
        g_string_append_printf(line->script, " `\n    -%s:%s", parameter, on ? "$true" : "$false");
}

/* The object with this id. False: it has no place. */
static bool add_entity(const Line *line, const char *parameter, const char *id)
{
        const Place *place = id != NULL ? step_place(line->step, id) : NULL;

        if (place == NULL || place->path == NULL)
                return false;
        if (parameter != NULL)
                add_parameter(line, parameter);
        g_string_append(line->script, place->snapshot != NULL ? "(EntitySnapshot " : "(Entity ");
        cmdlet_add_text(line->script, place->path);
        if (place->snapshot != NULL) {
                g_string_append_c(line->script, ' ');
                cmdlet_add_text(line->script, place->snapshot);
        }
        g_string_append_c(line->script, ')');
        return true;
}

static bool add_target(const Line *line, const char *parameter)
{
        return add_entity(line, parameter, line->step->target);
}

static bool has_only(const VimValue *object, const char *const *fields)
{
        for (unsigned i = 0; object != NULL && i < object->type->n_fields; i++) {
                const VimValue *value = object->fields[i];

                if (value != NULL && !(value->is_list && vim_length(value) == 0) &&
                    !g_strv_contains(fields, object->type->fields[i].name))
                        return false;
        }
        return true;
}

/* --- those with nothing but a target --- */

typedef struct Plain {
        const char *type, *method, *cmdlet, *parameter, *rest;
} Plain;

/* clang-format off */
static const Plain plain[] = {
        {"VirtualMachine", "PowerOnVM_Task", "Start-VM", "VM", "-Confirm:$false"},
        {"VirtualMachine", "PowerOffVM_Task", "Stop-VM", "VM", "-Confirm:$false"},
        {"VirtualMachine", "SuspendVM_Task", "Suspend-VM", "VM", "-Confirm:$false"},
        {"VirtualMachine", "ResetVM_Task", "Restart-VM", "VM", "-Confirm:$false"},
        {"VirtualMachine", "ShutdownGuest", "Stop-VMGuest", "VM", "-Confirm:$false"},
        {"VirtualMachine", "RebootGuest", "Restart-VMGuest", "VM", "-Confirm:$false"},
        {"VirtualMachine", "StandbyGuest", "Suspend-VMGuest", "VM", "-Confirm:$false"},
        {"VirtualMachine", "Destroy_Task", "Remove-VM", "VM", "-DeletePermanently -Confirm:$false"},
        {"VirtualMachine", "UnregisterVM", "Remove-VM", "VM", "-Confirm:$false"},
        {"VirtualMachine", "MarkAsTemplate", "Set-VM", "VM", "-ToTemplate -Confirm:$false"},
        {"Folder", "Destroy_Task", "Remove-Folder", "Folder", "-DeletePermanently -Confirm:$false"},
        {"Folder", "UnregisterAndDestroy_Task", "Remove-Folder", "Folder", "-Confirm:$false"},
        {"ResourcePool", "Destroy_Task", "Remove-ResourcePool", "ResourcePool", "-Confirm:$false"},
};
/* clang-format on */

static bool add_plain(const Line *line, const char *type)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(plain); i++) {
                if (strcmp(plain[i].type, type) != 0 ||
                    strcmp(plain[i].method, line->step->method->name) != 0)
                        continue;
                g_string_append_printf(line->script, "%s -%s ", plain[i].cmdlet, plain[i].parameter);
                if (!add_target(line, NULL))
                        return false;
                g_string_append_printf(line->script, " %s", plain[i].rest);
                return true;
        }
        return false;
}

/* --- VMs --- */

static bool add_clone(const Line *line)
{
        static const char *const known[] = {"location", "template",      "powerOn",
                                            "snapshot", "customization", NULL};
        static const char *const places[] = {"diskMoveType", "datastore", "pool", "host", NULL};
        const VimValue *spec = step_arg(line->step, "spec"), *location = vim_get(spec, "location");
        const char *type = vim_get_text(location, "diskMoveType"),
                   *snapshot = vim_get_text(spec, "snapshot"), *pool = vim_get_text(location, "pool"),
                   *store = vim_get_text(location, "datastore");
        bool linked = g_strcmp0(type, "createNewChildDiskBacking") == 0;

        if (!has_only(spec, known) || !has_only(location, places) || vim_get_bool(spec, "template", false) ||
            (type != NULL && !linked) || (linked && snapshot == NULL) || (!linked && snapshot != NULL) ||
            (vim_get(spec, "customization") != NULL && line->step->specification == NULL))
                return false;
        g_string_append(line->script, "$vm = New-VM");
        add_text(line, "Name", arg_text(line, "name"));
        if (!add_target(line, "VM") || !add_entity(line, "Location", arg_text(line, "folder")) ||
            (pool != NULL && !add_entity(line, "ResourcePool", pool)) ||
            (store != NULL && !add_entity(line, "Datastore", store)))
                return false;
        if (linked && !add_entity(line, "ReferenceSnapshot", snapshot))
                return false;
        if (linked)
                g_string_append(line->script, " `\n    -LinkedClone");
        if (line->step->specification != NULL) {
                add_parameter(line, "OSCustomizationSpec");
                g_string_append(line->script, "(Specification ");
                cmdlet_add_text(line->script, line->step->specification);
                g_string_append_c(line->script, ')');
        }
        if (vim_get_bool(spec, "powerOn", false))
                g_string_append(line->script, "\nStart-VM -VM $vm -Confirm:$false");
        return true;
}

static bool add_settings(const Line *line, const VimValue *spec)
{
        static const char *const known[] = {"memoryMB", "numCPUs", "annotation", "name", NULL};

        if (!has_only(spec, known))
                return false;
        g_string_append(line->script, "Set-VM");
        if (!add_target(line, "VM"))
                return false;
        add_text(line, "Name", vim_get_text(spec, "name"));
        add_int(line, "MemoryMB", spec, "memoryMB");
        add_int(line, "NumCpu", spec, "numCPUs");
        add_text(line, "Notes", vim_get_text(spec, "annotation"));
        g_string_append(line->script, " `\n    -Confirm:$false");
        return true;
}

/* "custom" and its number are two parameters. */
static void add_shares(const Line *line, const VimValue *shares)
{
        static const char *const levels[][2] = {
                {"low", "Low"}, {"normal", "Normal"}, {"high", "High"}, {"custom", "Custom"}};
        const char *level = vim_get_text(shares, "level");

        for (unsigned i = 0; level != NULL && i < G_N_ELEMENTS(levels); i++)
                if (strcmp(level, levels[i][0]) == 0)
                        add_text(line, "MemSharesLevel", levels[i][1]);
        if (g_strcmp0(level, "custom") == 0)
                add_int(line, "NumMemShares", shares, "shares");
}

static void add_limit(const Line *line, const VimValue *allocation)
{
        if (vim_get(allocation, "limit") == NULL)
                return;
        if (vim_get_int(allocation, "limit", 0) >= 0) {
                add_int(line, "MemLimitMB", allocation, "limit");
        } else {
                add_parameter(line, "MemLimitMB");
                g_string_append(line->script, "$null");
        }
}

static bool add_allocation(const Line *line, const VimValue *spec)
{
        static const char *const known[] = {"memoryAllocation", NULL}, *const parts[] = {"shares",
                                                                                         "reservation",
                                                                                         "limit", NULL};
        const VimValue *allocation = vim_get(spec, "memoryAllocation");

        if (allocation == NULL || !has_only(spec, known) || !has_only(allocation, parts))
                return false;
        g_string_append(line->script, "Get-VMResourceConfiguration -VM ");
        if (!add_target(line, NULL))
                return false;
        g_string_append(line->script, " | Set-VMResourceConfiguration");
        add_shares(line, vim_get(allocation, "shares"));
        add_int(line, "MemReservationMB", allocation, "reservation");
        add_limit(line, allocation);
        return true;
}

static bool add_snapshot(const Line *line)
{
        g_string_append(line->script, "New-Snapshot");
        if (!add_target(line, "VM"))
                return false;
        add_text(line, "Name", arg_text(line, "name"));
        add_text(line, "Description", arg_text(line, "description"));
        add_switch(line, "Memory", arg_bool(line, "memory"));
        add_switch(line, "Quiesce", arg_bool(line, "quiesce"));
        g_string_append(line->script, " `\n    -Confirm:$false");
        return true;
}

static bool add_on_vm(const Line *line)
{
        const char *method = line->step->method->name;
        gsize before = line->script->len;

        if (strcmp(method, "CloneVM_Task") == 0)
                return add_clone(line);
        if (strcmp(method, "CreateSnapshot_Task") == 0)
                return add_snapshot(line);
        if (strcmp(method, "Rename_Task") == 0) {
                g_string_append(line->script, "Set-VM");
                if (!add_target(line, "VM"))
                        return false;
                add_text(line, "Name", arg_text(line, "newName"));
                g_string_append(line->script, " `\n    -Confirm:$false");
                return true;
        }
        if (strcmp(method, "ReconfigVM_Task") != 0)
                return false;
        if (add_settings(line, step_arg(line->step, "spec")))
                return true;
        (void)g_string_truncate(line->script, before);
        return add_allocation(line, step_arg(line->step, "spec"));
}

static bool add_on_snapshot(const Line *line)
{
        const char *method = line->step->method->name;

        if (strcmp(method, "RemoveSnapshot_Task") == 0) {
                g_string_append(line->script, "Remove-Snapshot");
                if (!add_target(line, "Snapshot"))
                        return false;
                add_switch(line, "RemoveChildren", arg_bool(line, "removeChildren"));
        } else if (strcmp(method, "RenameSnapshot") == 0) {
                g_string_append(line->script, "Set-Snapshot");
                if (!add_target(line, "Snapshot"))
                        return false;
                add_text(line, "Name", arg_text(line, "name"));
                add_text(line, "Description", arg_text(line, "description"));
        } else if (strcmp(method, "RevertToSnapshot_Task") == 0 && !arg_bool(line, "suppressPowerOn")) {
                const Place *place = step_place(line->step, line->step->target);

                if (place->path == NULL)
                        return false;
                g_string_append(line->script, "Set-VM `\n    -VM (Entity ");
                cmdlet_add_text(line->script, place->path);
                g_string_append_c(line->script, ')');
                (void)add_target(line, "Snapshot");
        } else {
                return false;
        }
        g_string_append(line->script, " `\n    -Confirm:$false");
        return true;
}

/* --- folders, fields --- */

static bool add_on_folder(const Line *line)
{
        const char *method = line->step->method->name;
        bool create = strcmp(method, "CreateFolder") == 0;

        if (!create && strcmp(method, "Rename_Task") != 0)
                return false;
        g_string_append(line->script, create ? "New-Folder" : "Set-Folder");
        if (!add_target(line, create ? "Location" : "Folder"))
                return false;
        add_text(line, "Name", arg_text(line, create ? "name" : "newName"));
        return true;
}

static bool add_defined(const Line *line)
{
        const char *type = arg_text(line, "moType");

        g_string_append(line->script, "New-CustomAttribute");
        add_text(line, "Name", arg_text(line, "name"));
        if (type != NULL && g_str_has_suffix(type, "VirtualMachine"))
                add_text(line, "TargetType", "VirtualMachine");
        else if (type != NULL && g_str_has_suffix(type, "HostSystem"))
                add_text(line, "TargetType", "VMHost");
        else if (type != NULL && !g_str_has_suffix(type, "ManagedEntity"))
                return false;
        return true;
}

static bool add_on_fields(const Line *line)
{
        const char *method = line->step->method->name;

        if (strcmp(method, "AddCustomFieldDef") == 0)
                return add_defined(line);
        if (line->step->field == NULL)
                return false;
        if (strcmp(method, "SetField") == 0) {
                g_string_append(line->script, "Set-Annotation");
                if (!add_entity(line, "Entity", arg_text(line, "entity")))
                        return false;
                add_text(line, "CustomAttribute", line->step->field);
                add_text(line, "Value", arg_text(line, "value"));
        } else if (strcmp(method, "RenameCustomFieldDef") == 0) {
                g_string_append(line->script, "Set-CustomAttribute");
                add_text(line, "CustomAttribute", line->step->field);
                add_text(line, "Name", arg_text(line, "name"));
        } else if (strcmp(method, "RemoveCustomFieldDef") == 0) {
                g_string_append(line->script, "Remove-CustomAttribute");
                add_text(line, "CustomAttribute", line->step->field);
                g_string_append(line->script, " `\n    -Confirm:$false");
        } else {
                return false;
        }
        return true;
}

/* --- the host --- */

static bool add_host_settings(const Line *line)
{
        const VimValue *changed = step_arg(line->step, "changedValue");

        for (unsigned i = 0; i < vim_length(changed); i++) {
                const VimValue *option = vim_item(changed, i), *value = vim_get(option, "value");
                const char *key = vim_get_text(option, "key");

                if (value == NULL || !g_str_has_prefix(key, "Mem."))
                        return false;
                g_string_append_printf(line->script, "%sGet-AdvancedSetting -Entity (Get-VMHost) -Name ",
                                       i > 0 ? "\n" : "");
                cmdlet_add_text(line->script, key);
                g_string_append(line->script, " | Set-AdvancedSetting -Value ");
                if (value->type->kind == VIM_STRING)
                        cmdlet_add_text(line->script, value->text);
                else
                        g_string_append_printf(line->script, "%" G_GINT64_FORMAT, value->integer);
                g_string_append(line->script, " -Confirm:$false");
        }
        return vim_length(changed) > 0;
}

static bool add_port_group(const Line *line, const char *cmdlet, const char *on)
{
        const VimValue *spec = step_arg(line->step, "portgrp");

        g_string_append(line->script, cmdlet);
        add_parameter(line, on);
        if (strcmp(on, "VirtualSwitch") == 0) {
                g_string_append(line->script, "(Get-VirtualSwitch -Standard -Name ");
                cmdlet_add_text(line->script, vim_get_text(spec, "vswitchName"));
                g_string_append_c(line->script, ')');
                add_text(line, "Name", vim_get_text(spec, "name"));
        } else {
                g_string_append(line->script, "(Get-VirtualPortGroup -Standard -Name ");
                cmdlet_add_text(line->script, arg_text(line, "pgName"));
                g_string_append_c(line->script, ')');
        }
        add_int(line, "VLanId", spec, "vlanId");
        return true;
}

/* The names of switches and port groups are taken for patterns. */
static bool is_pattern(const char *name)
{
        return name != NULL && strpbrk(name, "*?[]`") != NULL;
}

static bool add_on_network(const Line *line)
{
        const char *method = line->step->method->name;
        const VimValue *spec = step_arg(line->step, "portgrp");

        if (is_pattern(arg_text(line, "pgName")) || is_pattern(vim_get_text(spec, "vswitchName")))
                return false;
        if (strcmp(method, "AddPortGroup") == 0)
                return add_port_group(line, "New-VirtualPortGroup", "VirtualSwitch");
        if (strcmp(method, "UpdatePortGroup") == 0)
                return add_port_group(line, "Set-VirtualPortGroup", "VirtualPortGroup");
        if (strcmp(method, "RemovePortGroup") != 0)
                return false;
        g_string_append(line->script, "Get-VirtualPortGroup -Standard -Name ");
        cmdlet_add_text(line->script, arg_text(line, "pgName"));
        g_string_append(line->script, " | Remove-VirtualPortGroup -Confirm:$false");
        return true;
}

bool cmdlet_add(GString *script, const Step *step)
{
        static const struct {
                const char *type;
                bool (*add)(const Line *line);
        } kinds[] = {{"VirtualMachine", add_on_vm},
                     {"VirtualMachineSnapshot", add_on_snapshot},
                     {"Folder", add_on_folder},
                     {"CustomFieldsManager", add_on_fields},
                     {"OptionManager", add_host_settings},
                     {"HostNetworkSystem", add_on_network}};
        const Line line = {.script = script, .step = step};
        const char *type = step_place(step, step->target)->type;
        gsize before = script->len;
        bool done = add_plain(&line, type);

        for (unsigned i = 0; !done && i < G_N_ELEMENTS(kinds); i++)
                if (strcmp(kinds[i].type, type) == 0) {
                        (void)g_string_truncate(script, before);
                        done = kinds[i].add(&line);
                }
        if (done)
                g_string_append_c(script, '\n');
        else
                (void)g_string_truncate(script, before);
        return done;
}
