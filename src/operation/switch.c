/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Virtual switches: bridges of Open vSwitch with uplinks. */
#include <string.h>

#include "network/plan.h"
#include "operation/args.h"
#include "operation/network.h"

GMutexLocker *network_lock(void)
{
        static GMutex mutex;

        return g_mutex_locker_new(&mutex);
}

SwitchRecord *network_find_switch(const GPtrArray *switches, const char *name, GError **error)
{
        g_autofree char *shown = NULL;

        for (unsigned i = 0; i < switches->len; i++) {
                SwitchRecord *record = switches->pdata[i];

                if (strcmp(record->name, name) == 0)
                        return record;
        }
        shown = catalog_shown(name);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                    "there is no virtual switch \"%s\"%s; 'aerostat switch %s", shown,
                    switches->len == 0 ? ", nor any other" : "",
                    switches->len == 0 ? "create' makes one" : "list' shows all");
        return NULL;
}

SwitchRecord *network_new_switch(const char *name, char **uplinks)
{
        SwitchRecord *record = g_new0(SwitchRecord, 1);

        record->name = g_strdup(name);
        record->bridge = ovs_bridge_name(name);
        record->uplinks = uplinks != NULL ? g_strdupv(uplinks) : g_new0(char *, 1);
        return record;
}

static bool apply(const SwitchRecord *record, bool *ret_made, GError **error)
{
        return ovs_apply(record->bridge, record->name, (const char *const *)record->uplinks, ret_made,
                         error);
}

void network_tell_switch(Call *call, const SwitchRecord *record, const char *what)
{
        g_autofree char *uplinks = g_strjoinv(", ", record->uplinks);

        call_event(call, "setting", NULL, "virtual switch \"%s\" is %s: bridge %s, %s%s", record->name, what,
                   record->bridge, uplinks[0] != '\0' ? "uplinks " : "no uplinks", uplinks);
}

void network_tell_deleted(Call *call, const char *kind, const char *name)
{
        call_event(call, "setting", NULL, "%s \"%s\" is deleted", kind, name);
}

static bool run_add(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = network_lock();
        Inventory *inventory = call_inventory(call);
        g_autoptr(GPtrArray) switches = switch_list(inventory, error);
        g_autoptr(SwitchRecord) record = NULL;
        g_auto(GStrv) uplinks = NULL;
        const char *name;

        if (switches == NULL || !args_only(args, error, "name", "uplinks", NULL) ||
            (name = args_text(args, "name", error)) == NULL ||
            !args_texts_if(args, "uplinks", NETWORK_UPLINKS_MAX, &uplinks, error) ||
            !plan_check_name("virtual switch", name, error))
                return false;
        if (network_find_switch(switches, name, NULL) != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                            "there is a virtual switch \"%s\" already; 'aerostat switch set' changes it",
                            name);
                return false;
        }
        record = network_new_switch(name, uplinks);
        /* First, so that a bridge which a kill prevents is made at the next start. */
        if (!switch_save(inventory, record, error))
                return false;
        if (!apply(record, NULL, error)) {
                (void)switch_delete(inventory, name, NULL);
                return false;
        }
        network_tell_switch(call, record, "made");
        json_builder_begin_object(result);
        json_builder_set_member_name(result, "name");
        json_builder_add_string_value(result, name);
        json_builder_set_member_name(result, "bridge");
        json_builder_add_string_value(result, record->bridge);
        json_builder_end_object(result);
        return true;
}

static bool run_update(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = network_lock();
        Inventory *inventory = call_inventory(call);
        g_autoptr(GPtrArray) switches = switch_list(inventory, error);
        g_autoptr(SwitchRecord) after = NULL;
        g_auto(GStrv) uplinks = NULL;
        const SwitchRecord *before;
        const char *name;

        (void)result;
        if (switches == NULL || !args_only(args, error, "name", "uplinks", NULL) ||
            (name = args_text(args, "name", error)) == NULL ||
            !args_texts_if(args, "uplinks", NETWORK_UPLINKS_MAX, &uplinks, error) ||
            (before = network_find_switch(switches, name, error)) == NULL)
                return false;
        after = network_new_switch(name, uplinks != NULL ? uplinks : before->uplinks);
        if (!switch_save(inventory, after, error))
                return false;
        if (!apply(after, NULL, error)) {
                (void)switch_save(inventory, before, NULL);
                return false;
        }
        network_tell_switch(call, after, "changed");
        return true;
}

/* BUSY, before the bridge goes. */
static bool check_empty(Call *call, const char *name, GError **error)
{
        g_autoptr(GPtrArray) groups = port_group_list(call_inventory(call), error);
        g_autoptr(GString) names = g_string_new(NULL);

        for (unsigned i = 0; groups != NULL && i < groups->len; i++) {
                const PortGroupRecord *group = groups->pdata[i];

                if (strcmp(group->switch_name, name) == 0)
                        g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", group->name);
        }
        if (names->len > 0)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                            "virtual switch \"%s\" has port groups: %.300s; delete them first", name,
                            names->str);
        return groups != NULL && names->len == 0;
}

static bool run_remove(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = network_lock();
        Inventory *inventory = call_inventory(call);
        g_autoptr(GPtrArray) switches = switch_list(inventory, error);
        const SwitchRecord *record;
        const char *name;

        (void)result;
        if (switches == NULL || !args_only(args, error, "name", NULL) ||
            (name = args_text(args, "name", error)) == NULL ||
            (record = network_find_switch(switches, name, error)) == NULL ||
            !check_empty(call, name, error) || !ovs_remove(record->bridge, name, error) ||
            !switch_delete(inventory, name, error))
                return false;
        network_tell_deleted(call, "virtual switch", name);
        return true;
}

/* --- what is there --- */

/* What is wrong with it; NULL: nothing. Owned. */
static char *find_problem(const SwitchRecord *record, const GPtrArray *bridges, const GError *why)
{
        const OvsBridge *bridge = bridges != NULL ? ovs_find(bridges, record->bridge) : NULL;

        if (bridges == NULL)
                return g_strdup(why->message);
        if (bridge == NULL)
                return g_strdup_printf("bridge %s is missing; 'aerostat switch set' makes it again",
                                       record->bridge);
        if (g_strcmp0(bridge->switch_name, record->name) != 0)
                return g_strdup_printf("bridge %s is not aerostat's any more", record->bridge);
        for (unsigned i = 0; i < bridge->ports->len; i++) {
                const OvsPort *port = bridge->ports->pdata[i];

                if (port->uplink && port->error != NULL)
                        return g_strdup(port->error);
        }
        for (char **uplink = record->uplinks; *uplink != NULL; uplink++)
                if (!g_strv_contains(ovs_uplinks(bridge), *uplink))
                        return g_strdup_printf("%s is no uplink any more; 'aerostat switch set' mends that",
                                               *uplink);
        return NULL;
}

static void add_text(JsonBuilder *result, const char *member, const char *text)
{
        json_builder_set_member_name(result, member);
        if (text != NULL)
                json_builder_add_string_value(result, text);
        else
                json_builder_add_null_value(result);
}

static void add_switch(JsonBuilder *result, const SwitchRecord *record, const GPtrArray *groups,
                       const GPtrArray *bridges, const GError *why)
{
        const OvsBridge *bridge = bridges != NULL ? ovs_find(bridges, record->bridge) : NULL;
        g_autofree char *problem = find_problem(record, bridges, why);
        unsigned n = 0;

        for (unsigned i = 0; i < groups->len; i++)
                n += strcmp(((const PortGroupRecord *)groups->pdata[i])->switch_name, record->name) == 0;
        json_builder_begin_object(result);
        add_text(result, "name", record->name);
        add_text(result, "bridge", record->bridge);
        json_builder_set_member_name(result, "uplinks");
        json_builder_begin_array(result);
        for (char **uplink = record->uplinks; *uplink != NULL; uplink++)
                json_builder_add_string_value(result, *uplink);
        json_builder_end_array(result);
        json_builder_set_member_name(result, "port_groups");
        json_builder_add_int_value(result, n);
        add_text(result, "datapath", bridge == NULL ? NULL : bridge->userspace ? "userspace" : "kernel");
        add_text(result, "problem", problem);
        json_builder_end_object(result);
}

static bool run_list(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        Inventory *inventory = call_inventory(call);
        g_autoptr(GPtrArray) switches = switch_list(inventory, error), groups = NULL, bridges = NULL;
        g_autoptr(GError) why = NULL;

        if (switches == NULL || !args_only(args, error, NULL) ||
            (groups = port_group_list(inventory, error)) == NULL)
                return false;
        if (switches->len > 0)
                bridges = ovs_list(&why);
        json_builder_begin_array(result);
        for (unsigned i = 0; i < switches->len; i++)
                add_switch(result, switches->pdata[i], groups, bridges, why);
        json_builder_end_array(result);
        return true;
}

/* --- at the daemon's start --- */

static bool is_known(const GPtrArray *switches, const OvsBridge *bridge)
{
        for (unsigned i = 0; i < switches->len; i++) {
                const SwitchRecord *record = switches->pdata[i];

                if (strcmp(record->bridge, bridge->name) == 0 &&
                    strcmp(record->name, bridge->switch_name) == 0)
                        return true;
        }
        return false;
}

/* Bridges with our mark that the inventory does not know: said, and left alone. */
static void report_unknown(Call *call, const GPtrArray *switches)
{
        g_autoptr(GPtrArray) bridges = ovs_list(NULL);

        for (unsigned i = 0; bridges != NULL && i < bridges->len; i++) {
                const OvsBridge *bridge = bridges->pdata[i];

                if (bridge->switch_name != NULL && !is_known(switches, bridge))
                        call_event(
                                call, "error", NULL,
                                "bridge %s was made for a virtual switch \"%s\", which the inventory does "
                                "not have; if nobody needs it: ovs-vsctl del-br %s",
                                bridge->name, bridge->switch_name, bridge->name);
        }
}

/* A host without switches is not asked for Open vSwitch. */
static void reconcile_switches(Call *call, const GPtrArray *switches)
{
        for (unsigned i = 0; i < switches->len; i++) {
                const SwitchRecord *record = switches->pdata[i];
                g_autoptr(GError) why = NULL;
                bool made = false;

                if (!apply(record, &made, &why))
                        call_event(call, "error", NULL, "virtual switch \"%s\": %s", record->name,
                                   why->message);
                else if (made)
                        call_event(call, "task", NULL,
                                   "virtual switch \"%s\": bridge %s was missing and has been made again",
                                   record->name, record->bridge);
                /* The others would wait for it as long. */
                if (g_error_matches(why, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED) ||
                    g_error_matches(why, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
                        return;
        }
        if (switches->len > 0)
                report_unknown(call, switches);
}

static bool run_reconcile(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        Inventory *inventory = call_inventory(call);
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = network_lock();
        g_autoptr(GPtrArray) switches = switch_list(inventory, error), records = NULL;
        g_auto(NetworkView) view = {0};

        (void)args;
        (void)result;
        if (switches == NULL)
                return false;
        reconcile_switches(call, switches);
        g_clear_pointer(&locker, g_mutex_locker_free);

        records = record_list(inventory, NULL, false, error);
        if (records == NULL || !network_view_load(call, &view, error))
                return false;
        for (unsigned i = 0; view.groups->len > 0 && i < records->len; i++) {
                const Record *record = records->pdata[i];
                g_autoptr(GError) why = NULL;

                /* Who works on it sees to its cards. */
                if (!call_lock(call, record->uuid, true, NULL))
                        continue;
                if (!network_follow(call, &view, record->uuid, &why))
                        call_event(call, "error", record->name, "its network cards: %s", why->message);
                call_unlock(call, record->uuid);
        }
        return true;
}

const Method switch_methods[] = {
        {.name = "AddVirtualSwitch", .changes = true, .run = run_add},
        {.name = "UpdateVirtualSwitch", .changes = true, .run = run_update},
        {.name = "RemoveVirtualSwitch", .changes = true, .run = run_remove},
        {.name = "ListVirtualSwitches", .run = run_list},
        {.name = "ReconcileNetwork", .internal = true, .run = run_reconcile},
        {.name = NULL},
};
