/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* HostSystem: the host that aerostat runs on, its state and its figures. */
#include <unistd.h>

#include "api/host/host.h"
#include "api/tree/tree.h"

#define MIB ((uint64_t)1 << 20)

const HostFacts *host_facts(Api *api)
{
        return api_get_data(api, HOST_MODULE);
}

Managed *host_object(Api *api)
{
        return world_find_key(api_world(api), "HostSystem", "host");
}

/* --- figures --- */

static void count_cpu(HostFacts *facts)
{
        HostCpuTime now;

        if (!host_cpu_time_read("", &now, NULL))
                return;
        if (facts->cpu_time.total != 0)
                facts->cpu_busy = host_cpu_busy(&facts->cpu_time, &now);
        facts->cpu_time = now;
}

/* Before the first round the scheduler knows nothing. */
static uint64_t used_bytes(const HostFacts *facts, const SchedulerHost *host)
{
        if (host->total_bytes == 0)
                return facts->memory.total_bytes -
                       MIN(facts->memory.total_bytes, facts->memory.available_bytes);
        return host->total_bytes - MIN(host->total_bytes, host->free_bytes);
}

static VimValue *quick_stats(const HostFacts *facts, const SchedulerHost *host)
{
        VimValue *stats = vim_new_object("HostListSummaryQuickStats");
        int64_t now_s = g_get_real_time() / G_USEC_PER_SEC;

        vim_set_int(stats, "overallCpuUsage", (int64_t)(facts->cpu_busy * (double)hardware_cpu_mhz(facts)));
        vim_set_int(stats, "overallMemoryUsage", (int64_t)(used_bytes(facts, host) / MIB));
        if (facts->identity->boot_s > 0)
                vim_set_int(stats, "uptime", MAX(now_s - facts->identity->boot_s, 0));
        return stats;
}

static const char *status_of(const SchedulerHost *host)
{
        switch (host->state) {
        case POLICY_HARD:
                return "yellow";
        case POLICY_LOW:
                return "red";
        default:
                return "green";
        }
}

static VimValue *runtime_value(const HostFacts *facts, const SchedulerHost *host)
{
        VimValue *runtime = vim_new_object("HostRuntimeInfo");

        /* Without libvirt nothing can be done to VMs, which is what clients look at this for. */
        vim_set_text(runtime, "connectionState",
                     host->connected || host->total_bytes == 0 ? "connected" : "notResponding");
        vim_set_text(runtime, "powerState", "poweredOn");
        vim_set_text(runtime, "standbyMode", "none");
        vim_set_bool(runtime, "inMaintenanceMode", false);
        vim_set_bool(runtime, "inQuarantineMode", false);
        if (facts->identity->boot_s > 0)
                vim_set(runtime, "bootTime", vim_new_time(facts->identity->boot_s * G_USEC_PER_SEC));
        return runtime;
}

static void set_figures(Api *api)
{
        const HostFacts *facts = host_facts(api);
        const SchedulerHost *figures = scheduler_host(api_parts(api)->scheduler);
        Managed *host = host_object(api);
        VimValue *runtime = runtime_value(facts, figures);

        managed_set_part(host, "summary", "runtime", vim_ref(runtime));
        managed_set(host, "runtime", runtime);
        managed_set_part(host, "summary", "quickStats", quick_stats(facts, figures));
        managed_set_part(host, "summary", "overallStatus",
                         vim_new_enum("ManagedEntityStatus", status_of(figures)));
        managed_set(host, "overallStatus", vim_new_enum("ManagedEntityStatus", status_of(figures)));
}

static void on_round(Api *api, gconstpointer data, gpointer user_data)
{
        (void)data;
        (void)user_data;
        count_cpu(api_get_data(api, HOST_MODULE));
        set_figures(api);
}

/* --- the object --- */

static VimValue *first_summary(Api *api, const Managed *host)
{
        VimValue *summary = vim_new_object("HostListSummary"), *config = vim_new_object("HostConfigSummary");

        vim_set_text(config, "name", g_get_host_name());
        vim_set_int(config, "port", config_api_port(api_parts(api)->config));
        vim_set(config, "product", about_value(api, ABOUT_HOST));
        vim_set_bool(config, "vmotionEnabled", false);
        vim_set_bool(config, "faultToleranceEnabled", false);
        vim_set(summary, "host", managed_reference(host));
        vim_set(summary, "hardware", hardware_summary(host_facts(api)));
        vim_set(summary, "config", config);
        vim_set_bool(summary, "rebootRequired", false);
        vim_set(summary, "customValue", vim_new_list("CustomFieldValue"));
        return summary;
}

static VimValue *hyper_threads(const HostIdentity *identity)
{
        VimValue *info = vim_new_object("HostHyperThreadScheduleInfo");
        bool active = identity->threads->len > identity->cores;

        vim_set_bool(info, "available", active);
        vim_set_bool(info, "active", active);
        vim_set_bool(info, "config", active);
        return info;
}

static VimValue *first_config(Api *api, const Managed *host)
{
        VimValue *config = vim_new_object("HostConfigInfo"), *flags = vim_new_object("HostFlagInfo");

        vim_set_bool(flags, "backgroundSnapshotsEnabled", false);
        vim_set(config, "host", managed_reference(host));
        vim_set(config, "product", about_value(api, ABOUT_HOST));
        vim_set(config, "hyperThread", hyper_threads(host_facts(api)->identity));
        vim_set(config, "flags", flags);
        vim_set_bool(config, "adminDisabled", false);
        return config;
}

/* What the root of all resources has; there is no finer division of the host's own. */
static VimValue *system_resources(void)
{
        VimValue *info = vim_new_object("HostSystemResourceInfo");

        vim_set_text(info, "key", "host");
        vim_set(info, "child", vim_new_list("HostSystemResourceInfo"));
        return info;
}

static void add_host(Api *api)
{
        World *world = api_world(api);
        g_autofree char *id = api_id(api, "host", "host");
        Managed *host = world_add(world, "HostSystem", id, "host");
        VimValue *resource = vim_new_object("HostLicensableResourceInfo");

        entity_set_up(host, g_get_host_name());
        vim_set(resource, "resource", vim_new_list("KeyAnyValue"));
        managed_set(host, "summary", first_summary(api, host));
        managed_set(host, "hardware", hardware_info(host_facts(api)));
        managed_set(host, "capability", hardware_capability());
        managed_set(host, "licensableResource", resource);
        managed_set(host, "configManager", vim_new_object("HostConfigManager"));
        managed_set(host, "config", first_config(api, host));
        managed_set(host, "systemResources", system_resources());
        managed_set(host, "vm", vim_new_list("VirtualMachine"));
        managed_set(host, "datastore", vim_new_list("Datastore"));
        managed_set(host, "network", vim_new_list("Network"));
}

static bool start(Api *api, GError **error)
{
        HostFacts *facts = g_new0(HostFacts, 1);

        api_set_data(api, HOST_MODULE, facts);
        facts->identity = host_identity_read("");
        if (!host_memory_read("", &facts->memory, error) || !host_cpu_read("", &facts->cpu, error)) {
                host_identity_free(facts->identity);
                g_free(facts);
                return false;
        }
        count_cpu(facts);
        add_host(api);
        set_figures(api);
        api_listen(api, API_ROUND, on_round, NULL);
        return true;
}

static void stop(Api *api)
{
        HostFacts *facts = api_get_data(api, HOST_MODULE);

        host_identity_free(facts->identity);
        g_free(facts);
}

const ApiModule host_module = {.name = HOST_MODULE, .handlers = host_handlers, .start = start, .stop = stop};
