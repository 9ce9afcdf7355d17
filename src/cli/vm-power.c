/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat vm on, off, reset, suspend, shutdown, reboot, standby: each for any number of VMs. */
#include "cli/operation.h"
#include "cli/vm-select.h"
#include "cli/vm.h"

#define WITHIN_MAX_S 86400

static CliStatus do_each(const CliArgs *args, const char *method, JsonObject *body, const char *done,
                         GError **error)
{
        g_autoptr(JsonObject) own = body;
        g_autoptr(ApiClient) client = api_client_new(args, error);
        g_autoptr(GPtrArray) vms = client != NULL ? vm_select(args, client, 0, error) : NULL;

        if (vms == NULL)
                return CLI_FAILED;
        return vm_do_each(args, client, vms, method, g_steal_pointer(&own), done);
}

/* --hard, --soft, or what the VM itself is set to. NULL with an error. */
static JsonObject *read_type(const CliArgs *args, GError **error)
{
        bool hard = cli_args_has(args, "hard"), soft = cli_args_has(args, "soft");
        JsonObject *body;

        if (hard && soft) {
                g_set_error_literal(error, CLI_ERROR, CLI_USAGE, "--hard and --soft exclude each other");
                return NULL;
        }
        body = json_object_new();
        json_object_set_string_member(body, "type", hard ? "hard" : soft ? "soft" : "preset");
        return body;
}

static bool add_within(const CliArgs *args, JsonObject *body, GError **error)
{
        uint64_t within_s = 0;

        if (!cli_args_uint(args, "within", 1, WITHIN_MAX_S, &within_s, error))
                return false;
        if (within_s > 0)
                json_object_set_int_member(body, "timeout_s", (int64_t)within_s);
        return true;
}

CliStatus vm_on(const CliArgs *args, GError **error)
{
        return do_each(args, "PowerOnVM", NULL, "powered on", error);
}

CliStatus vm_off(const CliArgs *args, GError **error)
{
        g_autoptr(JsonObject) body = read_type(args, error);

        if (body == NULL || !add_within(args, body, error))
                return CLI_USAGE;
        return do_each(args, "PowerOffVM", g_steal_pointer(&body), "powered off", error);
}

CliStatus vm_reset(const CliArgs *args, GError **error)
{
        JsonObject *body = read_type(args, error);

        return body != NULL ? do_each(args, "ResetVM", body, "reset", error) : CLI_USAGE;
}

CliStatus vm_suspend(const CliArgs *args, GError **error)
{
        JsonObject *body = read_type(args, error);

        return body != NULL ? do_each(args, "SuspendVM", body, "suspended", error) : CLI_USAGE;
}

CliStatus vm_shutdown(const CliArgs *args, GError **error)
{
        g_autoptr(JsonObject) body = json_object_new();

        if (!add_within(args, body, error))
                return CLI_USAGE;
        return do_each(args, "ShutdownGuest", g_steal_pointer(&body), "shut down", error);
}

CliStatus vm_reboot(const CliArgs *args, GError **error)
{
        return do_each(args, "RebootGuest", NULL, "rebooting", error);
}

CliStatus vm_standby(const CliArgs *args, GError **error)
{
        return do_each(args, "StandbyGuest", NULL, "sent to standby", error);
}
