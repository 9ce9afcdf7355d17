/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat vm customize: what VMs are to be besides what they were copied from. */
#include "cli/daemon-json.h"
#include "cli/operation.h"
#include "cli/vm-select.h"
#include "cli/vm.h"

/* "web01: host name web01, 10.0.0.10/24, dhcp; by cloud-init, at its next start" */
static void tell(JsonNode *node, const char *vm, bool what_if)
{
        JsonObject *outcome =
                node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
        JsonNode *addresses = outcome != NULL ? json_object_get_member(outcome, "addresses") : NULL;
        const char *host_name = outcome != NULL ? daemon_json_text(outcome, "host_name") : NULL;
        const char *by = outcome != NULL ? daemon_json_text(outcome, "by") : NULL;
        g_autofree char *shown = cli_escape(vm),
                        *shown_host = cli_escape(host_name != NULL ? host_name : "");
        g_autofree char *shown_by = cli_escape(by != NULL ? by : "");

        printf("%s%s: host name %s", what_if ? "What if: " : "", shown, shown_host);
        for (unsigned i = 0; addresses != NULL && JSON_NODE_HOLDS_ARRAY(addresses) &&
                             i < json_array_get_length(json_node_get_array(addresses));
             i++) {
                JsonNode *address = json_array_get_element(json_node_get_array(addresses), i);
                const char *text = JSON_NODE_HOLDS_VALUE(address) ? json_node_get_string(address) : NULL;
                g_autofree char *shown_address = cli_escape(text != NULL ? text : "");

                printf(", %s", shown_address);
        }
        printf("; by %s\n", shown_by);
}

static bool customize(const CliArgs *args, ApiClient *client, const char *vm, const char *specification,
                      GError **error)
{
        bool what_if = cli_args_has(args, "what-if");
        g_autoptr(JsonNode) result = NULL;
        JsonObject *body = json_object_new();

        json_object_set_string_member(body, "vm", vm);
        json_object_set_string_member(body, "spec", specification);
        json_object_set_boolean_member(body, "what_if", what_if);
        if (!operation_do(args, client, "CustomizeVM", body, &result, error))
                return false;
        if (result != NULL)
                tell(result, vm, what_if);
        return true;
}

/* Every VM is tried; the status is that of the last that failed. */
CliStatus vm_customize(const CliArgs *args, GError **error)
{
        const char *specification = cli_args_get(args, "customization");
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(GPtrArray) vms = NULL;
        CliStatus status = CLI_OK;

        if (specification == NULL) {
                g_set_error(error, CLI_ERROR, CLI_USAGE,
                            "say with which specification: --customization NAME; 'aerostat customization "
                            "list' shows all");
                return CLI_USAGE;
        }
        client = api_client_new(args, error);
        vms = client != NULL ? vm_select(args, client, 0, error) : NULL;
        if (vms == NULL)
                return CLI_FAILED;
        for (unsigned i = 0; i < vms->len && !operation_interrupted(); i++) {
                const char *vm = vm_select_name(vms->pdata[i]);
                g_autoptr(GError) wrong = NULL;
                g_autofree char *shown = cli_escape(vm);

                if (customize(args, client, vm, specification, &wrong))
                        continue;
                (void)fflush(stdout);
                fprintf(stderr, "aerostat: %s: not customized: %s\n", shown, wrong->message);
                status = (CliStatus)wrong->code;
        }
        return status;
}
