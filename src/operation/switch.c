/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Virtual switches: bridges of Open vSwitch with uplinks. */
#include "operation/switch.h"

#include <string.h>

#include "network/interface.h"
#include "network/plan.h"
#include "operation/args.h"
#include "operation/network.h"

/* As many as ESX has. */
#define UPLINKS_MAX 32

GMutexLocker *network_lock(void)
{
        static GMutex mutex;

        return g_mutex_locker_new(&mutex);
}

SwitchRecord *network_find_switch(const GPtrArray *switches, const char *name)
{
        for (unsigned i = 0; i < switches->len; i++) {
                SwitchRecord *record = switches->pdata[i];

                if (strcmp(record->name, name) == 0)
                        return record;
        }
        return NULL;
}

bool network_refuse_switch(const GPtrArray *switches, const char *name, GError **error)
{
        g_autofree char *shown = catalog_shown(name);

        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                    switches->len > 0 ? "there is no virtual switch \"%s\"; 'aerostat switch list' shows all"
                                      : "there is no virtual switch \"%s\", nor any other; 'aerostat switch "
                                        "create' makes one",
                    shown);
        return false;
}

static bool read_args(JsonObject *args, const char **ret_name, char ***ret_uplinks, GError **error)
{
        return args_only(args, error, "name", "uplinks", NULL) &&
               (*ret_name = args_text(args, "name", error)) != NULL &&
               args_texts_if(args, "uplinks", UPLINKS_MAX, ret_uplinks, error);
}

/* The inventory first: a switch whose bridge is missing is made again, a bridge without one is nobody's. */
static bool run_add(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(GMutexLocker) locker = network_lock();
        Inventory *inventory = call_inventory(call);
        g_auto(GStrv) uplinks = NULL;
        g_autofree char *bridge = NULL;
        g_autoptr(GPtrArray) switches = switch_list(inventory, error);
        const char *name = NULL;
        SwitchRecord record;

        if (switches == NULL || !read_args(args, &name, &uplinks, error) ||
            !plan_check_name("virtual switch", name, error) || !catalog_check_name("switch", name, error))
                return false;
        if (network_find_switch(switches, name) != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                            "there is a virtual switch \"%s\" already; 'aerostat switch set' changes it", name);
                return false;
        }
        if (uplinks == NULL)
                uplinks = g_new0(char *, 1);
        bridge = ovs_bridge_name(name);
        record = (SwitchRecord){.name = (char *)name, .bridge = bridge, .uplinks = uplinks};
        if (!switch_save(inventory, &record, error))
                return false;
        if (!ovs_apply(bridge, name, (const char *const *)uplinks, NULL, error)) {
                (void)switch_delete(inventory, name, NULL);
                return false;
        }
        json_builder_begin_object(result);
        json_builder_set_member_name(result, "name");
        json_builder_add_string_value(result, name);
        json_builder_set_member_name(result, "bridge");
        json_builder_add_string_value(result, bridge);
        json_builder_end_object(result);
        return true;
}
