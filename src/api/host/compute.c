/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ComputeResource: the host as something that VMs run on, and its EnvironmentBrowser. */
#include "api/host/host.h"

#define MIB ((uint64_t)1 << 20)

static Managed *compute_object(Api *api)
{
        return world_find_key(api_world(api), "ComputeResource", "host");
}

static VimValue *summary_value(Api *api)
{
        const HostFacts *facts = host_facts(api);
        const SchedulerHost *host = scheduler_host(api_parts(api)->scheduler);
        VimValue *summary = vim_new_object("ComputeResourceSummary");
        uint64_t managed = host->managed_bytes != 0 ? host->managed_bytes : facts->memory.total_bytes;
        bool works = host->connected || host->total_bytes == 0;

        vim_set_int(summary, "totalCpu", hardware_cpu_mhz(facts));
        vim_set_int(summary, "totalMemory", (int64_t)facts->memory.total_bytes);
        vim_set_int(summary, "numCpuCores", facts->identity->cores);
        vim_set_int(summary, "numCpuThreads", facts->identity->threads->len);
        vim_set_int(summary, "effectiveCpu", hardware_cpu_mhz(facts));
        vim_set_int(summary, "effectiveMemory", (int64_t)(managed / MIB));
        vim_set_int(summary, "numHosts", 1);
        vim_set_int(summary, "numEffectiveHosts", works ? 1 : 0);
        vim_set(summary, "overallStatus", vim_ref(managed_peek(host_object(api), "overallStatus")));
        return summary;
}

static void on_round(Api *api, gconstpointer data, gpointer user_data)
{
        Managed *compute = compute_object(api);

        (void)data;
        (void)user_data;
        managed_set(compute, "summary", summary_value(api));
        managed_set(compute, "overallStatus", vim_ref(managed_peek(host_object(api), "overallStatus")));
}

static bool start(Api *api, GError **error)
{
        World *world = api_world(api);
        g_autofree char *id = api_id(api, "domain-s", "host"),
                        *browser_id = api_id(api, "envbrowser", "host");
        Managed *compute = world_add(world, "ComputeResource", id, "host"), *host = host_object(api);
        const Managed *browser = world_add(world, "EnvironmentBrowser", browser_id, "host");
        VimValue *config = vim_new_object("ComputeResourceConfigInfo");

        (void)error;
        vim_set_text(config, "vmSwapPlacement", "vmDirectory");
        entity_set_up(compute, managed_peek(host, "name")->text);
        managed_set(compute, "summary", summary_value(api));
        managed_set(compute, "configurationEx", config);
        managed_set(compute, "environmentBrowser", managed_reference(browser));
        managed_set(compute, "datastore", vim_new_list("Datastore"));
        managed_set(compute, "network", vim_new_list("Network"));
        managed_set(compute, "lifecycleManaged", vim_new_bool(false));
        entity_set_parent(compute, world_find_key(world, "Folder", "host:/"));
        entity_list_in(host, compute, "host");
        entity_set_parent(host, compute);
        api_listen(api, API_ROUND, on_round, NULL);
        return true;
}

const ApiModule compute_module = {.name = "compute", .handlers = environment_handlers, .start = start};
