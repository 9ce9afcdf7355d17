/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat vm list */
#include "cli/vm.h"

#define DEFAULT_COLUMNS "name,pool,memsz,cnsm,sztgt,tchd,mctlsz,zipped,swcur,svd,shares,resv,limit,status"

CliStatus vm_list(const CliArgs *args, GError **error)
{
        const char *names = cli_args_get(args, "columns"), *condition = cli_args_get(args, "filter"),
                   *order = cli_args_get(args, "sort");
        g_autoptr(DaemonClient) client = NULL;
        g_autoptr(FieldFilter) filter = NULL;
        g_autoptr(GPtrArray) columns = NULL, rows = NULL;
        g_autoptr(JsonArray) vms = NULL;
        const Field *sort = NULL;
        bool reversed = false;
        DaemonLook look;

        if (!daemon_read_look(args, &look, error))
                return CLI_USAGE;
        /* For a program that reads CSV, all there is. */
        if (names == NULL)
                names = look.format == CLI_FORMAT_CSV ? "all" : DEFAULT_COLUMNS;
        columns = field_find_list(vm_fields, names, "--columns", error);
        if (columns == NULL ||
            (order != NULL && !field_parse_sort(vm_fields, order, &sort, &reversed, error)))
                return CLI_USAGE;
        if (condition != NULL) {
                filter = field_filter_new(vm_fields, condition, error);
                if (filter == NULL)
                        return CLI_USAGE;
        }

        client = daemon_client_new(args, error);
        vms = client != NULL ? daemon_get_objects(client, "/vms", error) : NULL;
        if (vms == NULL || !field_check_all(vm_fields, vms, error))
                return CLI_FAILED;
        rows = field_select(vms, filter, sort, reversed);
        field_print(columns, rows, look.format, look.unit, look.header);
        return CLI_OK;
}
