/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Switches and port groups as clients describe them; what of that cannot be had is refused, not passed over.
 */
#include <string.h>

#include "api/network/network.h"

#define MTU 1500

static VimValue *with_name(const char *type, const GError *error)
{
        VimValue *fault = vim_new_fault(type);
        const char *start = strchr(error->message, '"'),
                   *end = start != NULL ? strchr(start + 1, '"') : NULL;
        g_autofree char *name = end != NULL ? g_strndup(start + 1, (gsize)(end - start - 1)) : g_strdup("");

        vim_set_text(fault, "name", name);
        return fault;
}

VimValue *network_fault(const GError *error)
{
        switch (error->domain == G_IO_ERROR ? error->code : G_IO_ERROR_FAILED) {
        case G_IO_ERROR_NOT_FOUND:
                return vim_new_fault("NotFound");
        case G_IO_ERROR_EXISTS:
                return with_name("AlreadyExists", error);
        case G_IO_ERROR_BUSY:
                return with_name("ResourceInUse", error);
        case G_IO_ERROR_INVALID_ARGUMENT:
                return vim_new_fault("InvalidArgument");
        default:
                return vim_new_fault("HostConfigFault");
        }
}

/* False: NotSupported was sent. */
static bool check_policy(Request *request, const VimValue *policy, const char *kind, const char *name)
{
        const VimValue *shaping = vim_get(policy, "shapingPolicy"), *security = vim_get(policy, "security");
        const char *what = NULL;

        if (vim_get_bool(shaping, "enabled", false))
                what = "traffic shaping";
        else if (vim_get_bool(security, "allowPromiscuous", false))
                what = "promiscuous mode";
        if (what == NULL)
                return true;
        request_fault(request, vim_new_fault("NotSupported"),
                      "%s \"%.80s\": virtual switches here have no %s", kind, name, what);
        return false;
}

bool network_read_switch(Request *request, const VimValue *spec, const char *property, JsonObject *args)
{
        const VimValue *bridge = vim_get(spec, "bridge");
        const char *name = json_object_get_string_member(args, "name");
        JsonArray *uplinks;

        if (!check_policy(request, vim_get(spec, "policy"), "virtual switch", name))
                return false;
        if (vim_get_int(spec, "mtu", MTU) > MTU) {
                request_invalid(
                        request, property,
                        "virtual switch \"%.80s\": packets of %d bytes are passed on here, not larger ones",
                        name, MTU);
                return false;
        }
        uplinks = json_array_new();
        if (bridge != NULL && vim_is(bridge, "HostVirtualSwitchBondBridge"))
                for (unsigned i = 0; i < vim_length(vim_get(bridge, "nicDevice")); i++)
                        json_array_add_string_element(uplinks,
                                                      vim_item(vim_get(bridge, "nicDevice"), i)->text);
        else if (bridge != NULL && vim_is(bridge, "HostVirtualSwitchSimpleBridge"))
                json_array_add_string_element(uplinks, vim_get_text(bridge, "nicDevice"));
        json_object_set_array_member(args, "uplinks", uplinks);
        return true;
}

bool network_read_group(Request *request, const VimValue *spec, const char *property, JsonObject *args)
{
        int64_t vlan = vim_get_int(spec, "vlanId", 0);
        const char *name = vim_get_text(spec, "name");

        if (!check_policy(request, vim_get(spec, "policy"), "port group", name))
                return false;
        if (vlan < 0 || vlan > 4095) {
                g_autofree char *path = g_strconcat(property, ".vlanId", NULL);

                request_invalid(request, path, "port group \"%.80s\": a VLAN is 0 to 4095, not %d", name,
                                (int)vlan);
                return false;
        }
        json_object_set_string_member(args, "name", name);
        json_object_set_int_member(args, "vlan", vlan);
        json_object_set_string_member(args, "switch", vim_get_text(spec, "vswitchName"));
        return true;
}
