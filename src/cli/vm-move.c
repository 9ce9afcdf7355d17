/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat vm adopt, and vm move: VMs into the inventory, and into folders. */
#include <string.h>

#include "cli/operation.h"
#include "cli/vm-select.h"
#include "cli/vm.h"

CliStatus vm_adopt(const CliArgs *args, GError **error)
{
        g_autoptr(ApiClient) client = api_client_new(args, error);
        g_autoptr(GPtrArray) vms = client != NULL ? vm_select_new(args, client, 0, error) : NULL;
        const char *folder = cli_args_get(args, "folder");
        JsonObject *body;

        if (vms == NULL)
                return CLI_FAILED;
        body = json_object_new();
        if (folder != NULL)
                json_object_set_string_member(body, "folder", folder);
        return vm_do_each(args, client, vms, "AdoptVM", body, "taken into the inventory");
}

/* All of them at once, so that all are moved or none is. */
static bool move_all(const CliArgs *args, ApiClient *client, const GPtrArray *vms, const char *folder,
                     GError **error)
{
        JsonArray *uuids = json_array_new();
        JsonObject *body = json_object_new();
        g_autoptr(JsonNode) result = NULL;

        for (unsigned i = 0; i < vms->len; i++)
                json_array_add_string_element(uuids, vm_select_uuid(vms->pdata[i]));
        json_object_set_array_member(body, "vms", uuids);
        json_object_set_string_member(body, "folder", folder);
        return operation_do(args, client, "MoveIntoFolder", body, &result, error);
}

CliStatus vm_move(const CliArgs *args, GError **error)
{
        const char *folder = cli_args_get(args, "folder");
        bool what_if = cli_args_has(args, "what-if");
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(GPtrArray) vms = NULL;

        if (folder == NULL || folder[0] != '/') {
                g_set_error_literal(error, CLI_ERROR, CLI_USAGE,
                                    "say where to, with --folder and a path that begins with \"/\"");
                return CLI_USAGE;
        }
        client = api_client_new(args, error);
        vms = client != NULL ? vm_select(args, client, 0, error) : NULL;
        if (vms == NULL || (!what_if && !move_all(args, client, vms, folder, error)))
                return CLI_FAILED;
        for (unsigned i = 0; i < vms->len; i++) {
                const char *before = daemon_json_text(vms->pdata[i], "folder");

                daemon_tell_change(vm_select_name(vms->pdata[i]), "folder", before != NULL ? before : "",
                                   folder, what_if);
        }
        return CLI_OK;
}
