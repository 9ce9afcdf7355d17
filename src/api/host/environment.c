/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EnvironmentBrowser: what VMs can be made of here. */
#include "api/host/host.h"

#define MIB ((uint64_t)1 << 20)

/* --- the target: what there is to connect VMs to --- */

static VimValue *datastore_info(const Managed *datastore)
{
        const VimValue *summary = managed_peek(datastore, "summary");
        const VimValue *capability = managed_peek(datastore, "capability");
        const VimValue *info = managed_peek(datastore, "info");
        VimValue *value;

        if (summary == NULL || capability == NULL)
                return NULL;
        value = vim_new_object("VirtualMachineDatastoreInfo");
        vim_set_text(value, "name", vim_get_text(summary, "name"));
        vim_set(value, "datastore", vim_ref(summary));
        vim_set(value, "capability", vim_ref(capability));
        vim_set_int(value, "maxFileSize", vim_get_int(info, "maxFileSize", INT64_MAX));
        vim_set_text(value, "mode", "readWrite");
        return value;
}

static VimValue *network_info(const Managed *network)
{
        const VimValue *summary = managed_peek(network, "summary");
        VimValue *value;

        if (summary == NULL)
                return NULL;
        value = vim_new_object("VirtualMachineNetworkInfo");
        vim_set_text(value, "name", managed_peek(network, "name")->text);
        vim_set(value, "network", vim_ref(summary));
        return value;
}

static VimValue *infos(World *world, const char *type, const char *info_type,
                       VimValue *(*info)(const Managed *managed))
{
        g_autoptr(GPtrArray) all = world_list(world, type);
        VimValue *list = vim_new_list(info_type);

        for (unsigned i = 0; i < all->len; i++) {
                VimValue *value = info(all->pdata[i]);

                if (value != NULL)
                        vim_add(list, value);
        }
        return list;
}

VimValue *config_target(Api *api)
{
        World *world = api_world(api);
        const HostFacts *facts = host_facts(api);
        const Managed *root = pool_object(api, "/");
        VimValue *target = vim_new_object("ConfigTarget");

        vim_set_int(target, "numCpus", facts->identity->threads->len);
        vim_set_int(target, "numCpuCores", facts->identity->cores);
        vim_set_int(target, "maxCpusPerHost", facts->identity->threads->len);
        vim_set_int(target, "numNumaNodes", facts->identity->nodes);
        vim_set_bool(target, "smcPresent", false);
        vim_set(target, "datastore",
                infos(world, "Datastore", "VirtualMachineDatastoreInfo", datastore_info));
        vim_set(target, "network", infos(world, "Network", "VirtualMachineNetworkInfo", network_info));
        vim_set_int(target, "maxMemMBOptimalPerf", (int64_t)(facts->memory.total_bytes / MIB));
        vim_set_int(target, "supportedMaxMemMB", CONFIG_MEMORY_MAX_MB);
        vim_set(target, "resourcePool", vim_ref(managed_peek(root, "runtime")));
        vim_set_bool(target, "autoVmotion", false);
        return target;
}

/* --- methods --- */

static void query_target(Request *request)
{
        request_return(request, config_target(request_api(request)));
}

static void query_descriptors(Request *request)
{
        request_return(request, config_option_descriptors(request_api(request)));
}

static void return_option(Request *request, const char *key, const VimValue *guests)
{
        VimValue *option = config_option(request_api(request), key, guests);

        if (option != NULL)
                request_return(request, option);
        else
                request_invalid(
                        request, "key",
                        "there is no configuration option \"%.50s\"; QueryConfigOptionDescriptor lists all",
                        key);
}

static void query_option(Request *request)
{
        return_option(request, request_arg_text(request, "key"), NULL);
}

static void query_option_ex(Request *request)
{
        const VimValue *spec = request_arg(request, "spec");

        return_option(request, vim_get_text(spec, "key"), vim_get(spec, "guestId"));
}

static void query_capabilities(Request *request)
{
        request_return(request, vim_ref(managed_peek(host_object(request_api(request)), "capability")));
}

const Handler environment_handlers[] = {
        {"EnvironmentBrowser", "QueryConfigOptionDescriptor", query_descriptors, NULL},
        {"EnvironmentBrowser", "QueryConfigOption", query_option, NULL},
        {"EnvironmentBrowser", "QueryConfigOptionEx", query_option_ex, NULL},
        {"EnvironmentBrowser", "QueryConfigTarget", query_target, NULL},
        {"EnvironmentBrowser", "QueryTargetCapabilities", query_capabilities, NULL},
        {"Datacenter", "queryDatacenterConfigOptionDescriptor", query_descriptors, NULL},
        {NULL},
};
