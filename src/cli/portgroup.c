/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat portgroup: port groups, one by one; portgroup-apply.c has the table. */
#include "cli/portgroup.h"

#include <limits.h>

static CliStatus portgroup_list(const CliArgs *args, GError **error);
static CliStatus portgroup_create(const CliArgs *args, GError **error);
static CliStatus portgroup_set(const CliArgs *args, GError **error);
static CliStatus portgroup_delete(const CliArgs *args, GError **error);

#define VLAN_MAX 4095

/* Of CSV: what apply reads. */
#define TABLE_COLUMNS "vlan,name,switch"

static const Field fields[] = {
        {"NAME", "name", FIELD_TEXT, NULL, NULL},     {"VLAN", "vlan", FIELD_COUNT, NULL, NULL},
        {"SWITCH", "switch", FIELD_TEXT, NULL, NULL}, {"VMS", "vms", FIELD_COUNT, NULL, NULL},
        {NULL, NULL, FIELD_TEXT, NULL, NULL},
};

static void complete_columns(const char *prefix)
{
        field_complete(fields, prefix);
}

/* clang-format off */
#define OPTION_VLAN \
        {"vlan", "N", NULL, false, \
         "1 to 4094; 0: untagged; 4095: all of them, which the guest\n" \
         "tags itself"}

static const CliOption list_options[] = {
        {"switch", "NAME", NULL, false, "only those of this virtual switch", .complete = switch_complete},
        {"columns", "LIST", NULL, false,
         "which, with commas between them, or all; CSV has what\n"
         "apply reads, " TABLE_COLUMNS,
         .complete = complete_columns},
        OPTION_FORMAT,
        OPTION_NO_HEADER,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption create_options[] = {
        OPTION_VLAN,
        {"switch", "NAME", NULL, false, "of which virtual switch; may be left out when there is one",
         .complete = switch_complete},
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption set_options[] = {
        OPTION_VLAN,
        {"switch", "NAME", NULL, false, "move it to this virtual switch", .complete = switch_complete},
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption delete_options[] = {
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption apply_options[] = {
        {"switch", "NAME", NULL, false,
         "the virtual switch of lines that name none; may be left\n"
         "out when there is one",
         .complete = switch_complete},
        {"remove-others", NULL, NULL, false, "delete port groups of these switches that are not in it"},
        {"what-if", NULL, NULL, false, "check everything, tell what would change, change nothing"},
        {"format", "FORMAT", daemon_show_formats, false, "table (default) or json"},
        OPTIONS_TASK,
        OPTION_END,
};

const CliVerb portgroup_verbs[] = {
        {
                .name = "list",
                .summary = "List the port groups",
                .options = list_options,
                .run = portgroup_list,
        },
        {
                .name = "create",
                .summary = "Make port groups",
                .operands = "NAME...",
                .operands_min = 1,
                .operands_max = UINT_MAX,
                .options = create_options,
                .run = portgroup_create,
        },
        {
                .name = "set",
                .summary = "Change a port group, with the cards that are on it",
                .operands = "NAME",
                .operands_min = 1,
                .operands_max = 1,
                .options = set_options,
                .notes = "Cards of running VMs come along at once.",
                .run = portgroup_set,
                .complete_operand = portgroup_complete,
        },
        {
                .name = "delete",
                .summary = "Delete port groups that no card is on",
                .operands = "NAME...",
                .operands_min = 1,
                .operands_max = UINT_MAX,
                .options = delete_options,
                .run = portgroup_delete,
                .complete_operand = portgroup_complete,
        },
        {
                .name = "apply",
                .summary = "Make and change port groups so that they are as in a table",
                .operands = "FILE",
                .operands_min = 1,
                .operands_max = 1,
                .options = apply_options,
                .notes = "A line of FILE (-: standard input) is VLAN,NAME or VLAN,NAME,SWITCH; # begins a comment.\n"
                         "When one line is wrong, nothing is changed.",
                .run = portgroup_apply,
        },
        {.name = NULL},
};
/* clang-format on */

static CliStatus portgroup_list(const CliArgs *args, GError **error)
{
        const char *names = cli_args_get(args, "columns"), *on = cli_args_get(args, "switch");
        g_autoptr(GPtrArray) columns = NULL, rows = NULL;
        g_autoptr(JsonObject) body = json_object_new();
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonArray) groups = NULL;
        DaemonLook look;

        if (!daemon_read_look(args, &look, error))
                return CLI_USAGE;
        if (names == NULL)
                names = look.format == CLI_FORMAT_CSV ? TABLE_COLUMNS : "all";
        columns = field_find_list(fields, names, "--columns", error);
        client = columns != NULL ? api_client_new(args, error) : NULL;
        if (client == NULL)
                return CLI_USAGE;
        if (on != NULL)
                json_object_set_string_member(body, "switch", on);
        groups = operation_list(client, "ListPortGroups", g_steal_pointer(&body), error);
        if (groups == NULL || !field_check_all(fields, groups, error))
                return CLI_FAILED;
        /* Upwards, as in a table of VLANs. */
        rows = field_select(groups, NULL, &fields[1], true);
        field_print(columns, rows, look.format, CLI_UNIT_AUTO, look.header);
        return CLI_OK;
}

static JsonObject *read_body(const CliArgs *args, GError **error)
{
        g_autoptr(JsonObject) body = json_object_new();
        const char *on = cli_args_get(args, "switch");
        uint64_t vlan = 0;

        if (!cli_args_uint(args, "vlan", 0, VLAN_MAX, &vlan, error))
                return NULL;
        if (cli_args_has(args, "vlan"))
                json_object_set_int_member(body, "vlan", (int64_t)vlan);
        if (on != NULL)
                json_object_set_string_member(body, "switch", on);
        return g_steal_pointer(&body);
}

static CliStatus portgroup_create(const CliArgs *args, GError **error)
{
        g_autoptr(ApiClient) client = NULL;
        CliStatus status = CLI_OK;

        if (!cli_args_has(args, "vlan")) {
                g_set_error_literal(error, CLI_ERROR, CLI_USAGE, "--vlan is missing; 0 is untagged");
                return CLI_USAGE;
        }
        client = api_client_new(args, error);
        for (unsigned i = 0; client != NULL && i < args->operands->len; i++) {
                const char *name = args->operands->pdata[i];
                JsonObject *body = read_body(args, error);
                CliStatus one;

                if (body == NULL)
                        return CLI_USAGE;
                json_object_set_string_member(body, "name", name);
                one = network_change(args, client, "AddPortGroup", body, name, "made");
                status = one != CLI_OK ? one : status;
        }
        return client != NULL ? status : CLI_USAGE;
}

static CliStatus portgroup_set(const CliArgs *args, GError **error)
{
        const char *name = args->operands->pdata[0];
        g_autoptr(JsonObject) body = read_body(args, error);
        g_autoptr(ApiClient) client = NULL;

        if (body == NULL)
                return CLI_USAGE;
        if (json_object_get_size(body) == 0) {
                g_set_error_literal(error, CLI_ERROR, CLI_USAGE, "nothing to set");
                return CLI_USAGE;
        }
        client = api_client_new(args, error);
        if (client == NULL)
                return CLI_USAGE;
        json_object_set_string_member(body, "name", name);
        return network_change(args, client, "UpdatePortGroup", g_steal_pointer(&body), name, "changed");
}

static CliStatus portgroup_delete(const CliArgs *args, GError **error)
{
        return network_change_each(args, "RemovePortGroup", "deleted", error);
}
