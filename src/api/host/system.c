/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's systems of which there is little to say here: memory, processors, services, time, firewall. */
#include <time.h>

#include "api/host/host.h"

static void refuse(Request *request)
{
        request_fault(request, vim_new_fault("NotSupported"),
                      "%s.%s: this is the host's own affair, set up by its own means",
                      request_target(request)->type->name, request_method(request)->name);
}

static void return_nothing(Request *request)
{
        request_return(request, NULL);
}

static Managed *add_system(Api *api, const char *type, const char *kind)
{
        g_autofree char *id = api_id(api, kind, "host");

        return world_add(api_world(api), type, id, "host");
}

/* --- memory --- */

static void show_memory(Api *api)
{
        const SchedulerHost *host = scheduler_host(api_parts(api)->scheduler);
        Managed *system = world_find_key(api_world(api), "HostMemorySystem", "host");
        VimValue *console = vim_new_object("ServiceConsoleReservationInfo"),
                 *vms = vim_new_object("VirtualMachineMemoryReservationInfo");
        int64_t managed = (int64_t)(host->managed_bytes != 0 ? host->managed_bytes
                                                             : host_facts(api)->memory.total_bytes);
        int64_t other = (int64_t)host_facts(api)->memory.total_bytes - managed;

        vim_set_int(console, "serviceConsoleReservedCfg", MAX(other, 0));
        vim_set_int(console, "serviceConsoleReserved", MAX(other, 0));
        vim_set_int(console, "unreserved", managed);
        vim_set_int(vms, "virtualMachineMin", 0);
        vim_set_int(vms, "virtualMachineMax", managed);
        vim_set_int(vms, "virtualMachineReserved", managed);
        vim_set_text(vms, "allocationPolicy", "swapSome");
        managed_set_part(host_object(api), "config", "consoleReservation", vim_ref(console));
        managed_set_part(host_object(api), "config", "virtualMachineReservation", vim_ref(vms));
        managed_set(system, "consoleReservationInfo", console);
        managed_set(system, "virtualMachineReservationInfo", vms);
}

static void on_round(Api *api, gconstpointer data, gpointer user_data)
{
        (void)data;
        (void)user_data;
        show_memory(api);
}

/* --- time --- */

static VimValue *zone(void)
{
        VimValue *value = vim_new_object("HostDateTimeSystemTimeZone");
        g_autoptr(GTimeZone) local = g_time_zone_new_local();
        int now =
                g_time_zone_find_interval(local, G_TIME_TYPE_UNIVERSAL, g_get_real_time() / G_USEC_PER_SEC);
        const char *name = g_time_zone_get_identifier(local);

        vim_set_text(value, "key", name);
        vim_set_text(value, "name", g_time_zone_get_abbreviation(local, now));
        vim_set_text(value, "description", name);
        vim_set_int(value, "gmtOffset", g_time_zone_get_offset(local, now));
        return value;
}

static void query_time(Request *request)
{
        request_return(request, vim_new_time(g_get_real_time()));
}

static void query_zones(Request *request)
{
        VimValue *list = vim_new_list("HostDateTimeSystemTimeZone");

        vim_add(list, zone());
        request_return(request, list);
}

static void add_time(Api *api)
{
        Managed *system = add_system(api, "HostDateTimeSystem", "dateTimeSystem");
        VimValue *info = vim_new_object("HostDateTimeInfo"), *ntp = vim_new_object("HostNtpConfig");

        vim_set(ntp, "server", vim_new_list("string"));
        vim_set(info, "timeZone", zone());
        vim_set(info, "ntpConfig", ntp);
        managed_set_part(host_object(api), "config", "dateTimeInfo", vim_ref(info));
        managed_set(system, "dateTimeInfo", info);
}

/* --- services and firewall: none that the API manages --- */

static void add_services(Api *api)
{
        Managed *services = add_system(api, "HostServiceSystem", "serviceSystem"),
                *firewall = add_system(api, "HostFirewallSystem", "firewallSystem");
        VimValue *info = vim_new_object("HostServiceInfo"), *rules = vim_new_object("HostFirewallInfo"),
                 *policy = vim_new_object("HostFirewallDefaultPolicy");

        vim_set(info, "service", vim_new_list("HostService"));
        vim_set_bool(policy, "incomingBlocked", false);
        vim_set_bool(policy, "outgoingBlocked", false);
        vim_set(rules, "defaultPolicy", policy);
        vim_set(rules, "ruleset", vim_new_list("HostFirewallRuleset"));
        managed_set_part(host_object(api), "config", "service", vim_ref(info));
        managed_set_part(host_object(api), "config", "firewall", vim_ref(rules));
        managed_set(services, "serviceInfo", info);
        managed_set(firewall, "firewallInfo", rules);
}

static bool start(Api *api, GError **error)
{
        Managed *processors = add_system(api, "HostCpuSchedulerSystem", "cpuSchedulerSystem");

        (void)error;
        managed_set(processors, "hyperthreadInfo",
                    vim_ref(vim_get(managed_peek(host_object(api), "config"), "hyperThread")));
        (void)add_system(api, "HostMemorySystem", "memoryManager");
        show_memory(api);
        add_time(api);
        add_services(api);
        api_listen(api, API_ROUND, on_round, NULL);
        return true;
}

static const Handler handlers[] = {
        {"HostMemorySystem", "ReconfigureServiceConsoleReservation", refuse, NULL},
        {"HostMemorySystem", "ReconfigureVirtualMachineReservation", refuse, NULL},
        {"HostCpuSchedulerSystem", "EnableHyperThreading", refuse, NULL},
        {"HostCpuSchedulerSystem", "DisableHyperThreading", refuse, NULL},
        {"HostDateTimeSystem", "QueryDateTime", query_time, NULL},
        {"HostDateTimeSystem", "QueryAvailableTimeZones", query_zones, NULL},
        {"HostDateTimeSystem", "RefreshDateTimeSystem", return_nothing, NULL},
        {"HostDateTimeSystem", "UpdateDateTimeConfig", refuse, NULL},
        {"HostDateTimeSystem", "UpdateDateTime", refuse, NULL},
        {"HostServiceSystem", "RefreshServices", return_nothing, NULL},
        {"HostServiceSystem", "StartService", refuse, NULL},
        {"HostServiceSystem", "StopService", refuse, NULL},
        {"HostServiceSystem", "RestartService", refuse, NULL},
        {"HostServiceSystem", "UpdateServicePolicy", refuse, NULL},
        {"HostFirewallSystem", "RefreshFirewall", return_nothing, NULL},
        {"HostFirewallSystem", "UpdateDefaultPolicy", refuse, NULL},
        {"HostFirewallSystem", "EnableRuleset", refuse, NULL},
        {"HostFirewallSystem", "DisableRuleset", refuse, NULL},
        {"HostFirewallSystem", "UpdateRuleset", refuse, NULL},
        {NULL},
};

const ApiModule system_module = {.name = "system", .handlers = handlers, .start = start};
