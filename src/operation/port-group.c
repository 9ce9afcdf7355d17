/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Port groups: one by one, or a whole table at once. */
#include <stdlib.h>
#include <string.h>

#include "network/plan.h"
#include "operation/args.h"
#include "operation/network.h"

PortGroupRecord *network_find_port_group(const GPtrArray *groups, const char *name, GError **error)
{
        g_autofree char *shown = NULL;

        for (unsigned i = 0; i < groups->len; i++) {
                PortGroupRecord *record = groups->pdata[i];

                if (strcmp(record->name, name) == 0)
                        return record;
        }
        shown = catalog_shown(name);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                    "there is no port group \"%s\"%s; 'aerostat portgroup %s", shown,
                    groups->len == 0 ? ", nor any other" : "",
                    groups->len == 0 ? "create' makes one" : "list' shows all");
        return NULL;
}

/* --- the VMs of a port group --- */

static int compare_names(const void *a, const void *b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The inventory, which refuses it as well, cannot refuse a part of a table before the rest is written. */
bool network_check_unused(Call *call, const char *name, GError **error)
{
        g_auto(GStrv) uuids = port_group_users(call_inventory(call), name, error);
        g_autofree char *names = NULL;

        if (uuids == NULL || uuids[0] == NULL)
                return uuids != NULL;
        for (char **uuid = uuids; *uuid != NULL; uuid++) {
                g_autoptr(Record) record = record_load(call_inventory(call), *uuid, NULL);

                if (record != NULL) {
                        g_free(*uuid);
                        *uuid = g_strdup(record->name);
                }
        }
        qsort(uuids, g_strv_length(uuids), sizeof(*uuids), compare_names);
        names = g_strjoinv(", ", uuids);
        g_set_error(
                error, G_IO_ERROR, G_IO_ERROR_BUSY,
                "VMs have cards on port group \"%s\": %.300s; put these on another port group, or remove "
                "them, first",
                name, names);
        return false;
}

bool network_lock_users(Call *call, const char *name, GHashTable *users, GError **error)
{
        g_auto(GStrv) uuids = port_group_users(call_inventory(call), name, error);

        for (unsigned i = 0; uuids != NULL && uuids[i] != NULL; i++) {
                if (g_hash_table_contains(users, uuids[i]))
                        continue;
                if (!call_lock(call, uuids[i], true, error))
                        return false;
                g_hash_table_add(users, g_strdup(uuids[i]));
        }
        return uuids != NULL;
}

/* All are tried; the error names the first that did not come along, and how many more. */
static bool follow_users(Call *call, GHashTable *users, GError **error)
{
        unsigned n = 0, failed = 0, all = g_hash_table_size(users);
        g_autoptr(GError) first = NULL;
        g_autofree char *name = NULL;
        g_auto(NetworkView) view = {0};
        GHashTableIter iter;
        gpointer uuid;

        if (all == 0)
                return true;
        if (!network_view_load(call, &view, error))
                return false;
        g_hash_table_iter_init(&iter, users);
        while (g_hash_table_iter_next(&iter, &uuid, NULL)) {
                g_autoptr(Record) record = record_load(call_inventory(call), uuid, NULL);
                g_autoptr(GError) why = NULL;

                call_progress(call, 100 * n++ / all, "changes the cards of %s",
                              record != NULL ? record->name : (const char *)uuid);
                if (network_follow(call, &view, uuid, &why))
                        continue;
                if (failed++ == 0) {
                        name = g_strdup(record != NULL ? record->name : uuid);
                        first = g_steal_pointer(&why);
                }
        }
        if (failed == 0)
                return true;
        g_set_error(
                error, G_IO_ERROR, G_IO_ERROR_FAILED,
                "the port group has been changed, but the cards of %u of %u VMs have not come along; %s: "
                "%s; the same command tries again",
                failed, all, name, first->message);
        return false;
}

/* --- one --- */

/* The switch that is meant: the one that was given, or the only one there is. */
static const char *default_switch(const GPtrArray *switches, const char *given, GError **error)
{
        if (given != NULL)
                return network_find_switch(switches, given, error) != NULL ? given : NULL;
        if (switches->len == 1)
                return ((const SwitchRecord *)switches->pdata[0])->name;
        if (switches->len == 0)
                g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                    "there is no virtual switch yet; 'aerostat switch create' makes one");
        else
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "there are %u virtual switches; say which is meant (--switch, or in a table the "
                            "third column)",
                            switches->len);
        return NULL;
}

static PlanGroup *read_group(Call *call, const char *name, const char *switch_name, int64_t vlan,
                             GError **error)
{
        g_autoptr(GPtrArray) switches = switch_list(call_inventory(call), error);

        if (switches == NULL || !plan_check_name("port group", name, error) ||
            !plan_check_vlan(vlan, error) ||
            (switch_name = default_switch(switches, switch_name, error)) == NULL)
                return NULL;
        return plan_group_new(name, switch_name, (unsigned)vlan);
}

void network_tell_port_group(Call *call, const PortGroupRecord *record)
{
        call_event(call, "setting", NULL, "port group \"%s\" has VLAN %u on virtual switch \"%s\"",
                   record->name, record->vlan, record->switch_name);
}

static bool save(Call *call, const PlanGroup *group, GError **error)
{
        g_autoptr(PortGroupRecord) record = g_new0(PortGroupRecord, 1);

        record->name = g_strdup(group->name);
        record->switch_name = g_strdup(group->switch_name);
        record->vlan = group->vlan;
        if (!port_group_save(call_inventory(call), record, error))
                return false;
        network_tell_port_group(call, record);
        return true;
}

static bool run_add(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = network_lock();
        g_autoptr(GPtrArray) groups = port_group_list(call_inventory(call), error);
        g_autoptr(PlanGroup) group = NULL;
        const char *name, *switch_name = NULL;
        const PortGroupRecord *other;
        int64_t vlan = 0;

        (void)result;
        if (groups == NULL || !args_only(args, error, "name", "switch", "vlan", NULL) ||
            (name = args_text(args, "name", error)) == NULL ||
            !args_text_if(args, "switch", &switch_name, error) ||
            !args_int_if(args, "vlan", 0, PLAN_VLAN_TRUNK, &vlan, error) ||
            (group = read_group(call, name, switch_name, vlan, error)) == NULL)
                return false;
        other = network_find_port_group(groups, name, NULL);
        if (other != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                            "there is a port group \"%s\" already, on virtual switch \"%s\" with VLAN %u; "
                            "'aerostat portgroup set' changes it",
                            name, other->switch_name, other->vlan);
                return false;
        }
        return save(call, group, error);
}

static bool run_update(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = network_lock();
        g_autoptr(GPtrArray) groups = port_group_list(call_inventory(call), error);
        g_autoptr(GHashTable) users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_autoptr(PlanGroup) group = NULL;
        const PortGroupRecord *before;
        const char *name, *switch_name;
        int64_t vlan;

        (void)result;
        if (groups == NULL || !args_only(args, error, "name", "switch", "vlan", NULL) ||
            (name = args_text(args, "name", error)) == NULL ||
            (before = network_find_port_group(groups, name, error)) == NULL)
                return false;
        switch_name = before->switch_name;
        vlan = before->vlan;
        if (!args_text_if(args, "switch", &switch_name, error) ||
            !args_int_if(args, "vlan", 0, PLAN_VLAN_TRUNK, &vlan, error) ||
            (group = read_group(call, name, switch_name, vlan, error)) == NULL ||
            !network_lock_users(call, name, users, error) || !save(call, group, error))
                return false;
        g_clear_pointer(&locker, g_mutex_locker_free);
        return follow_users(call, users, error);
}

static bool remove_group(Call *call, const char *name, GError **error)
{
        if (!port_group_delete(call_inventory(call), name, error))
                return false;
        network_tell_deleted(call, "port group", name);
        return true;
}

static bool run_remove(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = network_lock();
        g_autoptr(GPtrArray) groups = port_group_list(call_inventory(call), error);
        const char *name;

        (void)result;
        return groups != NULL && args_only(args, error, "name", NULL) &&
               (name = args_text(args, "name", error)) != NULL &&
               network_find_port_group(groups, name, error) != NULL &&
               network_check_unused(call, name, error) && remove_group(call, name, error);
}

static void add_text(JsonBuilder *result, const char *member, const char *text)
{
        json_builder_set_member_name(result, member);
        json_builder_add_string_value(result, text);
}

static void add_number(JsonBuilder *result, const char *member, unsigned number)
{
        json_builder_set_member_name(result, member);
        json_builder_add_int_value(result, number);
}

static bool run_list(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        Inventory *inventory = call_inventory(call);
        g_autoptr(GPtrArray) groups = port_group_list(inventory, error), switches = NULL;
        const char *on = NULL;

        if (groups == NULL || !args_only(args, error, "switch", NULL) ||
            !args_text_if(args, "switch", &on, error) ||
            (switches = switch_list(inventory, error)) == NULL ||
            (on != NULL && network_find_switch(switches, on, error) == NULL))
                return false;
        json_builder_begin_array(result);
        for (unsigned i = 0; i < groups->len; i++) {
                const PortGroupRecord *group = groups->pdata[i];
                g_auto(GStrv) users = port_group_users(inventory, group->name, error);

                if (users == NULL)
                        return false;
                if (on != NULL && strcmp(group->switch_name, on) != 0)
                        continue;
                json_builder_begin_object(result);
                add_number(result, "vlan", group->vlan);
                add_text(result, "name", group->name);
                add_text(result, "switch", group->switch_name);
                add_number(result, "vms", g_strv_length(users));
                json_builder_end_object(result);
        }
        json_builder_end_array(result);
        return true;
}

/* --- a table --- */

/* Every row has a switch afterwards, and can be written. */
static bool complete_rows(const GPtrArray *rows, const GPtrArray *switches, const char *given,
                          GError **error)
{
        for (unsigned i = 0; i < rows->len; i++) {
                PlanGroup *row = rows->pdata[i];
                g_autoptr(GError) why = NULL;
                const char *name = row->switch_name;

                if (name == NULL && (name = default_switch(switches, given, &why)) != NULL)
                        row->switch_name = g_strdup(name);
                if (name != NULL && network_find_switch(switches, name, &why) != NULL &&
                    catalog_check_name("port group", row->name, &why))
                        continue;
                g_set_error(error, G_IO_ERROR, why->code, "line %u: %s", row->line, why->message);
                return false;
        }
        return true;
}

static GPtrArray *present_groups(Call *call, GError **error)
{
        g_autoptr(GPtrArray) records = port_group_list(call_inventory(call), error);
        GPtrArray *groups;

        if (records == NULL)
                return NULL;
        groups = g_ptr_array_new_with_free_func((GDestroyNotify)plan_group_free);
        for (unsigned i = 0; i < records->len; i++) {
                const PortGroupRecord *record = records->pdata[i];

                g_ptr_array_add(groups, plan_group_new(record->name, record->switch_name, record->vlan));
        }
        return groups;
}

/* All that could refuse it; what is changed is locked. */
static bool prepare(Call *call, const GPtrArray *steps, GHashTable *users, GError **error)
{
        for (unsigned i = 0; i < steps->len; i++) {
                const PlanStep *step = steps->pdata[i];

                if ((step->action == PLAN_CHANGE &&
                     !network_lock_users(call, step->after->name, users, error)) ||
                    (step->action == PLAN_REMOVE && !network_check_unused(call, step->before->name, error)))
                        return false;
        }
        return true;
}

static bool write_steps(Call *call, const GPtrArray *steps, GError **error)
{
        g_autofree PortGroupRecord *records = g_new0(PortGroupRecord, steps->len + 1);
        unsigned n = 0;

        for (unsigned i = 0; i < steps->len; i++) {
                const PlanStep *step = steps->pdata[i];

                if (step->action == PLAN_MAKE || step->action == PLAN_CHANGE)
                        records[n++] = (PortGroupRecord){.name = step->after->name,
                                                         .switch_name = step->after->switch_name,
                                                         .vlan = step->after->vlan};
        }
        if (!port_group_save_all(call_inventory(call), records, n, error))
                return false;
        for (unsigned i = 0; i < n; i++)
                network_tell_port_group(call, &records[i]);
        for (unsigned i = 0; i < steps->len; i++) {
                const PlanStep *step = steps->pdata[i];

                if (step->action == PLAN_REMOVE && !remove_group(call, step->before->name, error))
                        return false;
        }
        return true;
}

static void tell_steps(const GPtrArray *steps, bool what_if, JsonBuilder *result)
{
        json_builder_begin_object(result);
        json_builder_set_member_name(result, "what_if");
        json_builder_add_boolean_value(result, what_if);
        json_builder_set_member_name(result, "steps");
        json_builder_begin_array(result);
        for (unsigned i = 0; i < steps->len; i++) {
                const PlanStep *step = steps->pdata[i];
                const PlanGroup *group = step->after != NULL ? step->after : step->before;

                json_builder_begin_object(result);
                add_text(result, "action", plan_action_name(step->action));
                add_text(result, "name", group->name);
                add_text(result, "switch", group->switch_name);
                add_number(result, "vlan", group->vlan);
                if (step->action == PLAN_CHANGE) {
                        add_text(result, "switch_before", step->before->switch_name);
                        add_number(result, "vlan_before", step->before->vlan);
                }
                json_builder_end_object(result);
        }
        json_builder_end_array(result);
        json_builder_end_object(result);
}

static bool run_apply(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = network_lock();
        g_autoptr(GHashTable) users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_autoptr(GPtrArray) switches = NULL, rows = NULL, present = NULL, steps = NULL;
        const char *table, *on = NULL;
        bool what_if = false, remove_others = false;

        if (!args_only(args, error, "table", "switch", "what_if", "remove_others", NULL) ||
            (table = args_text(args, "table", error)) == NULL || !args_text_if(args, "switch", &on, error) ||
            !args_bool_if(args, "what_if", &what_if, error) ||
            !args_bool_if(args, "remove_others", &remove_others, error) ||
            (switches = switch_list(call_inventory(call), error)) == NULL ||
            (on != NULL && network_find_switch(switches, on, error) == NULL) ||
            (rows = plan_parse(table, error)) == NULL || !complete_rows(rows, switches, on, error) ||
            (present = present_groups(call, error)) == NULL)
                return false;
        steps = plan_difference(rows, present, remove_others);
        if (!prepare(call, steps, users, error) || (!what_if && !write_steps(call, steps, error)))
                return false;
        g_clear_pointer(&locker, g_mutex_locker_free);
        tell_steps(steps, what_if, result);
        return what_if || follow_users(call, users, error);
}

const Method port_group_methods[] = {
        {.name = "AddPortGroup", .changes = true, .run = run_add},
        {.name = "UpdatePortGroup", .is_task = true, .changes = true, .run = run_update},
        {.name = "RemovePortGroup", .changes = true, .run = run_remove},
        {.name = "ListPortGroups", .run = run_list},
        {.name = "ApplyPortGroups", .is_task = true, .changes = true, .run = run_apply},
        {.name = NULL},
};
