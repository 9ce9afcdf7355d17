/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ServiceInstance: where clients begin. It starts last, when all managers are there to be named. */
#include "api/tree/tree.h"

static VimValue *clock_now(const Managed *service, Session *session)
{
        (void)service;
        (void)session;
        return vim_new_time(g_get_real_time());
}

static VimValue *capability(void)
{
        VimValue *value = vim_new_object("Capability");

        vim_set_bool(value, "provisioningSupported", true);
        vim_set_bool(value, "multiHostSupported", true); /* the tree is a vCenter's, with one host */
        vim_set_bool(value, "userShellAccessSupported", false);
        vim_set(value, "supportedEVCMode", vim_new_list("EVCMode"));
        vim_set_bool(value, "networkBackupAndRestoreSupported", false);
        vim_set_bool(value, "clusterPlacementSupported", false);
        vim_set_bool(value, "lifecycleManagementSupported", false);
        vim_set_bool(value, "scalableSharesSupported", false);
        return value;
}

static VimValue *content(Api *api)
{
        World *world = api_world(api);
        VimValue *value = vim_new_object("ServiceContent");

        vim_set(value, "rootFolder", managed_reference(world_find_key(world, "Folder", "root")));
        vim_set(value, "about", about_value(api, ABOUT_VCENTER));
        vim_set(value, "setting", managed_reference(world_find_key(world, "OptionManager", "vcenter")));
        managers_fill(world, value);
        return value;
}

static void current_time(Request *request)
{
        request_return(request, vim_new_time(g_get_real_time()));
}

static void retrieve_content(Request *request)
{
        request_return(request, vim_ref(managed_peek(request_target(request), "content")));
}

static void retrieve_components(Request *request)
{
        VimValue *component = vim_new_object("ProductComponentInfo"),
                 *list = vim_new_list("ProductComponentInfo");

        vim_set_text(component, "id", "aerostatd");
        vim_set_text(component, "name", "aerostat");
        vim_set_text(component, "version", AEROSTAT_VERSION);
        vim_set_int(component, "release", 1);
        vim_add(list, component);
        request_return(request, list);
}

static void refuse_migration(Request *request)
{
        request_fault(request, vim_new_fault("NotImplemented"),
                      "ServiceInstance.%s: aerostat serves one host, from which nothing migrates",
                      request_method(request)->name);
}

/* What others have set of it stays. */
static void fill_config_manager(World *world)
{
        Managed *host = world_find_key(world, "HostSystem", "host");
        const VimValue *old = managed_peek(host, "configManager");
        VimValue *managers = vim_new_object("HostConfigManager");

        for (unsigned i = 0; i < managers->type->n_fields; i++)
                managers->fields[i] = vim_ref(old->fields[i]);
        vim_set(managers, "advancedOption",
                managed_reference(world_find_key(world, "OptionManager", "host")));
        managers_fill(world, managers);
        managed_set(host, "configManager", managers);
}

static bool start(Api *api, GError **error)
{
        Managed *service = world_add(api_world(api), "ServiceInstance", "ServiceInstance", NULL);

        (void)error;
        managed_set_get(service, "serverClock", clock_now);
        managed_set(service, "capability", capability());
        managed_set(service, "content", content(api));
        fill_config_manager(api_world(api));
        return true;
}

static const Handler handlers[] = {
        {"ServiceInstance", "CurrentTime", current_time, NULL},
        {"ServiceInstance", "RetrieveServiceContent", retrieve_content, NULL},
        {"ServiceInstance", "RetrieveProductComponents", retrieve_components, NULL},
        {"ServiceInstance", "ValidateMigration", refuse_migration, NULL},
        {"ServiceInstance", "QueryVMotionCompatibility", refuse_migration, NULL},
        {NULL},
};

const ApiModule service_module = {.name = "service", .handlers = handlers, .start = start};
