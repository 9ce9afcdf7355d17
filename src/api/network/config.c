/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* UpdateNetworkConfig: switches and port groups, made so in one call, all of them or none. */
#include <net/if.h>
#include <string.h>

#include "api/network/network.h"
#include "api/wait.h"

static VimValue *config_fault(const GError *error)
{
        VimValue *fault = network_fault(error);

        if (vim_is(fault, "InvalidArgument"))
                vim_set_text(fault, "invalidProperty", "config");
        return fault;
}

/* Its operation, "add", say, is looked at by who knows what is there. */
static void read_change(const VimValue *entry, JsonObject *args)
{
        const char *word = vim_get_text(entry, "changeOperation");

        if (word != NULL)
                json_object_set_string_member(args, "change", word);
}

static bool says(const VimValue *entry, const char *change)
{
        return g_strcmp0(vim_get_text(entry, "changeOperation"), change) == 0;
}

/* Only its name counts of what is to go, or to be left as it is. */
static bool is_to_be(const VimValue *entry)
{
        return !says(entry, "remove") && !says(entry, "ignore");
}

static bool read_switch(Request *request, const VimValue *entry, const char *property, JsonObject *args)
{
        const VimValue *spec = vim_get(entry, "spec");

        json_object_set_string_member(args, "name", vim_get_text(entry, "name"));
        read_change(entry, args);
        if (spec == NULL && says(entry, "add")) {
                request_invalid(request, property,
                                "virtual switch \"%.80s\": what is added has to be specified",
                                vim_get_text(entry, "name"));
                return false;
        }
        return spec == NULL || !is_to_be(entry) || network_read_switch(request, spec, property, args);
}

static bool read_group(Request *request, const VimValue *entry, const char *property, JsonObject *args)
{
        const VimValue *spec = vim_get(entry, "spec");

        if (spec == NULL) {
                request_invalid(request, property, "a port group that is to be changed has to be named");
                return false;
        }
        json_object_set_string_member(args, "name", vim_get_text(spec, "name"));
        read_change(entry, args);
        return !is_to_be(entry) || network_read_group(request, spec, property, args);
}

/* NULL: a fault was sent. */
static JsonArray *read_list(Request *request, const VimValue *list, const char *name,
                            bool (*read)(Request *request, const VimValue *entry, const char *property,
                                         JsonObject *args))
{
        g_autoptr(JsonArray) entries = json_array_new();

        for (unsigned i = 0; i < vim_length(list); i++) {
                g_autofree char *property = g_strdup_printf("config.%s[%u].spec", name, i);
                g_autoptr(JsonObject) args = json_object_new();

                if (!read(request, vim_item(list, i), property, args))
                        return NULL;
                json_array_add_object_element(entries, g_steal_pointer(&args));
        }
        return g_steal_pointer(&entries);
}

/* What the host itself has is not configured here; False: a fault was sent. */
static bool check_others(Request *request, const VimValue *config)
{
        static const char *const foreign[] = {"vnic",
                                              "consoleVnic",
                                              "proxySwitch",
                                              "dhcp",
                                              "nat",
                                              "dnsConfig",
                                              "ipRouteConfig",
                                              "consoleIpRouteConfig",
                                              "routeTableConfig",
                                              "netStackSpec"};
        const VimValue *nics = vim_get(config, "pnic");

        for (unsigned i = 0; i < G_N_ELEMENTS(foreign); i++) {
                const VimValue *value = vim_get(config, foreign[i]);

                if (value == NULL || (value->is_list && vim_length(value) == 0))
                        continue;
                request_fault(request, vim_new_fault("NotSupported"),
                              "config.%s: what the host itself has is not configured here", foreign[i]);
                return false;
        }
        for (unsigned i = 0; i < vim_length(nics); i++) {
                const VimValue *nic = vim_item(nics, i);
                const char *device = vim_get_text(nic, "device");
                bool known = if_nametoindex(device) != 0;

                if (known && vim_get(vim_get(nic, "spec"), "linkSpeed") == NULL)
                        continue;
                request_fault(request, vim_new_fault(known ? "NotSupported" : "NotFound"),
                              known ? "network interface \"%.40s\": its speed is not set here"
                                    : "there is no network interface \"%.40s\"",
                              device);
                return false;
        }
        return true;
}

static VimValue *result_of(Api *api, JsonNode *result, gpointer data)
{
        (void)api;
        (void)result;
        (void)data;
        return vim_new_object("HostNetworkConfigResult");
}

void network_update_config(Request *request)
{
        const VimValue *config = request_arg(request, "config");
        const char *mode = request_arg_text(request, "changeMode");
        bool replace = strcmp(mode, "replace") == 0;
        g_autoptr(JsonArray) switches = NULL, groups = NULL;
        JsonObject *args;

        if (!replace && strcmp(mode, "modify") != 0) {
                request_invalid(request, "changeMode", "the mode is \"modify\" or \"replace\"");
                return;
        }
        if (!check_others(request, config) ||
            (switches = read_list(request, vim_get(config, "vswitch"), "vswitch", read_switch)) == NULL ||
            (groups = read_list(request, vim_get(config, "portgroup"), "portgroup", read_group)) == NULL)
                return;
        args = json_object_new();
        json_object_set_boolean_member(args, "replace", replace);
        json_object_set_array_member(args, "switches", g_steal_pointer(&switches));
        json_object_set_array_member(args, "port_groups", g_steal_pointer(&groups));
        request_set_fault(request, config_fault);
        request_change(request, "UpdateNetworkConfig", args, result_of, NULL, NULL);
}
