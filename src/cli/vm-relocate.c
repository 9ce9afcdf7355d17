/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat vm relocate: VMs' files to another datastore, one VM after the other. */
#include "cli/act.h"
#include "cli/vm-select.h"
#include "cli/vm.h"

CliStatus vm_relocate(const CliArgs *args, GError **error)
{
        const char *datastore = cli_args_get(args, "datastore");
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(GPtrArray) vms = NULL;
        g_autofree char *done = NULL;

        if (datastore == NULL) {
                g_set_error_literal(error, CLI_ERROR, CLI_USAGE, "say where to, with --datastore");
                return CLI_USAGE;
        }
        client = api_client_new(args, error);
        vms = client != NULL ? vm_select(args, client, 0, error) : NULL;
        if (vms == NULL)
                return CLI_FAILED;
        done = g_strdup_printf("moved to %s", datastore);
        return vm_do_each(args, client, vms, "RelocateVM",
                          cli_body("datastore", datastore, "provisioning",
                                   cli_args_has(args, "thick") ? "thick" : "thin", NULL),
                          done);
}
