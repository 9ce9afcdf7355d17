/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat vm list */
#include <string.h>

#include "cli/vm-select.h"
#include "cli/vm.h"

#define DEFAULT_COLUMNS                                                                                    \
        "name,power,folder,template,pool,memsz,cnsm,sztgt,tchd,mctlsz,zipped,swcur,svd,shares,resv,limit," \
        "status"

/* Disks are counted only for who wants to know: libvirt has to look into each VM. */
static bool wants_disks(const GPtrArray *columns, const Field *sort, const char *condition)
{
        g_autofree char *lower = condition != NULL ? g_ascii_strdown(condition, -1) : NULL;
        bool wanted = (sort != NULL && strcmp(sort->member, "disks") == 0) ||
                      (lower != NULL && strstr(lower, "disks") != NULL);

        for (unsigned i = 0; !wanted && i < columns->len; i++)
                wanted = strcmp(((const Field *)columns->pdata[i])->member, "disks") == 0;
        return wanted;
}

CliStatus vm_list(const CliArgs *args, GError **error)
{
        const char *names = cli_args_get(args, "columns"), *condition = cli_args_get(args, "filter"),
                   *order = cli_args_get(args, "sort");
        g_autoptr(ApiClient) client = NULL;
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

        client = api_client_new(args, error);
        vms = client != NULL ? vm_load_all(client, wants_disks(columns, sort, condition), error) : NULL;
        if (vms == NULL)
                return CLI_FAILED;
        rows = field_select(vms, filter, sort, reversed);
        field_print(columns, rows, look.format, look.unit, look.header);
        return CLI_OK;
}
