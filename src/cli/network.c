/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/network.h"

CliStatus network_change(const CliArgs *args, ApiClient *client, const char *method, JsonObject *body,
                         const char *name, const char *done)
{
        g_autoptr(JsonObject) owned = body;
        g_autofree char *shown = cli_escape(name);
        g_autoptr(JsonNode) result = NULL;
        g_autoptr(GError) error = NULL;

        if (cli_args_has(args, "what-if")) {
                printf("What if: %s: %s\n", shown, done);
                return CLI_OK;
        }
        if (operation_do(args, client, method, g_steal_pointer(&owned), &result, &error)) {
                printf("%s: %s\n", shown, done);
                return CLI_OK;
        }
        (void)fflush(stdout);
        fprintf(stderr, "aerostat: %s: %s\n", shown, error->message);
        return (CliStatus)error->code;
}

CliStatus network_change_each(const CliArgs *args, const char *method, const char *done, GError **error)
{
        g_autoptr(ApiClient) client = api_client_new(args, error);
        CliStatus status = CLI_OK;

        if (client == NULL)
                return CLI_USAGE;
        for (unsigned i = 0; i < args->operands->len; i++) {
                JsonObject *body = json_object_new();
                CliStatus one;

                json_object_set_string_member(body, "name", args->operands->pdata[i]);
                one = network_change(args, client, method, body, args->operands->pdata[i], done);
                status = one != CLI_OK ? one : status;
        }
        return status;
}
