/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat advise: what would make better use of the host's memory. */
#include <string.h>

#include "cli/daemon.h"
#include "cli/memory.h"

static CliStatus advise(const CliArgs *args, GError **error);

/* clang-format off */
static const CliOption options[] = {
        {"vm", "NAME", NULL, false, "only advice about this VM", .complete = vm_complete},
        OPTION_FORMAT,
        OPTION_NO_HEADER,
        OPTION_UNIT,
        OPTIONS_DAEMON,
        OPTION_END,
};

const CliVerb advise_command = {
        .name = "advise",
        .summary = "Say which VMs are sized wrong, and what keeps memory from better use",
        .options = options,
        .run = advise,
};
/* clang-format on */

static char *derive_vm(JsonObject *advice)
{
        char *vm = field_text(advice, "vm");

        if (vm[0] != '\0')
                return vm;
        g_free(vm);
        return g_strdup("(host)");
}

static const Field fields[] = {
        {"KIND", "kind", FIELD_TEXT, NULL, NULL},
        {"VM", "vm", FIELD_TEXT, NULL, derive_vm},
        {"MEMSZ", "memory_bytes", FIELD_BYTES, NULL, NULL},
        {"SUGGESTED", "suggested_bytes", FIELD_BYTES, NULL, NULL},
        {"ADVICE", "message", FIELD_TEXT, NULL, NULL},
        {NULL, NULL, FIELD_TEXT, NULL, NULL},
};

static CliStatus advise(const CliArgs *args, GError **error)
{
        const char *vm = cli_args_get(args, "vm");
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonArray) all = NULL;
        g_autoptr(GPtrArray) columns = field_find_list(fields, "vm,kind,memsz,suggested,advice", "", NULL),
                             rows = g_ptr_array_new();
        DaemonLook look;

        if (!daemon_read_look(args, &look, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        all = client != NULL ? memory_advice(client, error) : NULL;
        if (all == NULL || !field_check_all(fields, all, error))
                return CLI_FAILED;

        for (guint i = 0; i < json_array_get_length(all); i++) {
                JsonObject *advice = json_array_get_object_element(all, i);

                if (vm == NULL || g_strcmp0(daemon_json_text(advice, "vm"), vm) == 0)
                        g_ptr_array_add(rows, advice);
        }
        if (rows->len == 0 && look.format == CLI_FORMAT_TABLE)
                puts("Nothing to advise.");
        else
                field_print(columns, rows, look.format, look.unit, look.header);
        return CLI_OK;
}
