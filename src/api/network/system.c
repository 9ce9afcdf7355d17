/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Network objects, one for each port group, and the HostNetworkSystem that makes them. */
#include <string.h>

#include "api/network/network.h"
#include "api/task.h"
#include "api/wait.h"

#define PRIVILEGE "Host.Config.Network"

/* --- Network objects --- */

static void list_in_all(Managed *network, bool listed)
{
        static const char *const others[] = {"HostSystem", "ComputeResource", "Datacenter"};

        for (unsigned i = 0; i < G_N_ELEMENTS(others); i++) {
                Managed *other = world_find_key(network->world, others[i], "host");

                if (other != NULL && listed)
                        entity_list_in(network, other, "network");
                else if (other != NULL)
                        entity_unlist_in(network, other, "network");
        }
}

static void add_network(Api *api, const char *name)
{
        World *world = api_world(api);
        g_autofree char *id = api_id(api, "network", name);
        Managed *network = world_add(world, "Network", id, name);
        const Managed *host = world_find_key(world, "HostSystem", "host");
        VimValue *summary = vim_new_object("NetworkSummary");

        entity_set_up(network, name);
        vim_set(summary, "network", managed_reference(network));
        vim_set_text(summary, "name", name);
        vim_set_bool(summary, "accessible", true);
        vim_set_text(summary, "ipPoolName", "");
        managed_set(network, "summary", summary);
        managed_set(network, "host", vim_new_list("HostSystem"));
        managed_set(network, "vm", vim_new_list("VirtualMachine"));
        if (host != NULL)
                entity_list_in(host, network, "host");
        entity_set_parent(network, world_find_key(world, "Folder", "network:/"));
        list_in_all(network, true);
}

static void drop_network(Api *api, Managed *network)
{
        api_id_gone(api, "network", network->key, false);
        list_in_all(network, false);
        entity_set_parent(network, NULL);
        world_remove(network);
}

static bool is_in(const GPtrArray *groups, const char *name)
{
        for (unsigned i = 0; i < groups->len; i++)
                if (strcmp(((const PortGroupRecord *)groups->pdata[i])->name, name) == 0)
                        return true;
        return false;
}

static void update_networks(Api *api, const GPtrArray *groups)
{
        g_autoptr(GPtrArray) networks = world_list(api_world(api), "Network");

        for (unsigned i = 0; i < networks->len; i++)
                if (!is_in(groups, ((const Managed *)networks->pdata[i])->key))
                        drop_network(api, networks->pdata[i]);
        for (unsigned i = 0; i < groups->len; i++) {
                const PortGroupRecord *group = groups->pdata[i];

                if (world_find_key(api_world(api), "Network", group->name) == NULL)
                        add_network(api, group->name);
        }
}

/* --- HostNetworkSystem's properties --- */

static void update(Api *api)
{
        Inventory *inventory = api_parts(api)->inventory;
        g_autoptr(GPtrArray) switches = switch_list(inventory, NULL);
        g_autoptr(GPtrArray) groups = switches != NULL ? port_group_list(inventory, NULL) : NULL;
        Managed *system = world_find_key(api_world(api), "HostNetworkSystem", "host");
        Managed *host = world_find_key(api_world(api), "HostSystem", "host");
        g_autoptr(VimValue) info = NULL;

        if (groups == NULL)
                return;
        update_networks(api, groups);
        info = network_info(switches, groups);
        managed_set(system, "networkInfo", vim_ref(info));
        managed_set(system, "dnsConfig", vim_ref(vim_get(info, "dnsConfig")));
        managed_set(system, "networkConfig", network_config(switches, groups));
        if (host != NULL && managed_peek(host, "config") != NULL)
                managed_set_part(host, "config", "network", vim_ref(info));
}

static void on_catalog(Api *api, gconstpointer data, gpointer user_data)
{
        (void)data;
        (void)user_data;
        update(api);
}

static VimValue *capabilities(void)
{
        VimValue *value = vim_new_object("HostNetCapabilities");

        vim_set_bool(value, "canSetPhysicalNicLinkSpeed", false);
        vim_set_bool(value, "supportsNicTeaming", true);
        vim_set(value, "nicTeamingPolicy", vim_new_string("loadbalance_srcmac"));
        vim_set_bool(value, "supportsVlan", true);
        vim_set_bool(value, "usesServiceConsoleNic", false);
        vim_set_bool(value, "supportsNetworkHints", false);
        vim_set_int(value, "maxPortGroupsPerVswitch", 4096);
        vim_set_bool(value, "vswitchConfigSupported", true);
        vim_set_bool(value, "vnicConfigSupported", false);
        vim_set_bool(value, "ipRouteConfigSupported", false);
        vim_set_bool(value, "dnsConfigSupported", false);
        vim_set_bool(value, "dhcpOnVnicSupported", false);
        vim_set_bool(value, "ipV6Supported", true);
        return value;
}

static VimValue *offload(void)
{
        VimValue *value = vim_new_object("HostNetOffloadCapabilities");

        vim_set_bool(value, "csumOffload", true);
        vim_set_bool(value, "tcpSegmentation", true);
        vim_set_bool(value, "zeroCopyXmit", false);
        return value;
}

/* --- methods --- */

/* args is taken. */
static void change(Request *request, const char *operation, JsonObject *args)
{
        request_set_fault(request, network_fault);
        request_change(request, operation, args, NULL, NULL, NULL);
}

static JsonObject *named(const char *name)
{
        JsonObject *args = json_object_new();

        json_object_set_string_member(args, "name", name);
        return args;
}

static void run_switch(Request *request, const char *operation)
{
        g_autoptr(JsonObject) args = named(request_arg_text(request, "vswitchName"));

        if (network_read_switch(request, request_arg(request, "spec"), "spec", args))
                change(request, operation, g_steal_pointer(&args));
}

static void add_switch(Request *request)
{
        run_switch(request, "AddVirtualSwitch");
}

static void update_switch(Request *request)
{
        run_switch(request, "UpdateVirtualSwitch");
}

static void remove_switch(Request *request)
{
        change(request, "RemoveVirtualSwitch", named(request_arg_text(request, "vswitchName")));
}

static void add_group(Request *request)
{
        g_autoptr(JsonObject) args = json_object_new();

        if (network_read_group(request, request_arg(request, "portgrp"), "portgrp", args))
                change(request, "AddPortGroup", g_steal_pointer(&args));
}

static void update_group(Request *request)
{
        const char *name = request_arg_text(request, "pgName");
        const VimValue *spec = request_arg(request, "portgrp");
        g_autoptr(JsonObject) args = json_object_new();

        if (strcmp(name, vim_get_text(spec, "name")) != 0) {
                request_invalid(
                        request, "portgrp.name",
                        "port group \"%s\" cannot be renamed; make another one, and put the cards of "
                        "its VMs there",
                        name);
                return;
        }
        if (network_read_group(request, spec, "portgrp", args))
                change(request, "UpdatePortGroup", g_steal_pointer(&args));
}

static void remove_group(Request *request)
{
        change(request, "RemovePortGroup", named(request_arg_text(request, "pgName")));
}

static void refresh(Request *request)
{
        update(request_api(request));
        request_return(request, NULL);
}

static void query_hint(Request *request)
{
        request_return(request, vim_new_list("PhysicalNicHintInfo"));
}

static void destroy_network(Request *request)
{
        change(request, "RemovePortGroup", named(request_target(request)->key));
}

/* Before the task has ended, so that who has waited for it finds what it did. */
static VimValue *tell_changed(Api *api, JsonNode *result, gpointer data)
{
        (void)result;
        (void)data;
        api_signal(api, API_CATALOG_CHANGED, NULL);
        return NULL;
}

static void destroy_task(Request *request)
{
        const TaskPlan plan = {.operation = "RemovePortGroup",
                               .args = named(request_target(request)->key),
                               .result = tell_changed};

        request_set_fault(request, network_fault);
        task_run(request, &plan);
}

static bool start(Api *api, GError **error)
{
        g_autofree char *id = api_id(api, "networkSystem", "host");
        Managed *system = world_add(api_world(api), "HostNetworkSystem", id, "host");
        Managed *host = world_find_key(api_world(api), "HostSystem", "host");

        (void)error;
        managed_set(system, "value", vim_new_list("CustomFieldValue"));
        managed_set(system, "availableField", vim_new_list("CustomFieldDef"));
        managed_set(system, "capabilities", capabilities());
        managed_set(system, "offloadCapabilities", offload());
        if (host != NULL && managed_peek(host, "config") != NULL) {
                managed_set_part(host, "config", "capabilities", capabilities());
                managed_set_part(host, "config", "offloadCapabilities", offload());
        }
        update(api);
        api_listen(api, API_CATALOG_CHANGED, on_catalog, NULL);
        return true;
}

static const Handler handlers[] = {
        {"HostNetworkSystem", "UpdateNetworkConfig", network_update_config, PRIVILEGE},
        {"HostNetworkSystem", "AddVirtualSwitch", add_switch, PRIVILEGE},
        {"HostNetworkSystem", "UpdateVirtualSwitch", update_switch, PRIVILEGE},
        {"HostNetworkSystem", "RemoveVirtualSwitch", remove_switch, PRIVILEGE},
        {"HostNetworkSystem", "AddPortGroup", add_group, PRIVILEGE},
        {"HostNetworkSystem", "UpdatePortGroup", update_group, PRIVILEGE},
        {"HostNetworkSystem", "RemovePortGroup", remove_group, PRIVILEGE},
        {"HostNetworkSystem", "RefreshNetworkSystem", refresh, PRIVILEGE},
        {"HostNetworkSystem", "QueryNetworkHint", query_hint, NULL},
        {"Network", "DestroyNetwork", destroy_network, NULL},
        {"Network", "Destroy_Task", destroy_task, "Network.Delete"},
        {NULL},
};

extern const ApiModule network_module;
const ApiModule network_module = {.name = "network", .handlers = handlers, .start = start};
