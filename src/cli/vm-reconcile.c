/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat vm reconcile: try again to put right what a kill of the daemon left. */
#include "cli/operation.h"
#include "cli/vm.h"

CliStatus vm_reconcile(const CliArgs *args, GError **error)
{
        g_autoptr(ApiClient) client = api_client_new(args, error);
        g_autoptr(JsonNode) result = NULL;

        if (client == NULL)
                return CLI_USAGE;
        return operation_do(args, client, "ReconcileVMs", json_object_new(), &result, error) ? CLI_OK
                                                                                             : CLI_FAILED;
}
