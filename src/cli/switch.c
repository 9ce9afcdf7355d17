/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat switch: virtual switches, listed, made, given uplinks, deleted. */
#include <limits.h>
#include <string.h>

#include "cli/network.h"

static CliStatus switch_list(const CliArgs *args, GError **error);
static CliStatus switch_create(const CliArgs *args, GError **error);
static CliStatus switch_set(const CliArgs *args, GError **error);
static CliStatus switch_delete(const CliArgs *args, GError **error);

/* clang-format off */
static const CliOption list_options[] = {
        OPTION_FORMAT,
        OPTION_NO_HEADER,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption edit_options[] = {
        {"uplinks", "LIST|none", NULL, false,
         "the host's network interfaces that lead outside, with\n"
         "commas between them; they carry every VLAN, tagged"},
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption delete_options[] = {
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

const CliVerb switch_verbs[] = {
        {
                .name = "list",
                .summary = "List the virtual switches and what is wrong with them",
                .options = list_options,
                .run = switch_list,
        },
        {
                .name = "create",
                .summary = "Make a virtual switch",
                .operands = "NAME",
                .operands_min = 1,
                .operands_max = 1,
                .options = edit_options,
                .notes = "It is a bridge of Open vSwitch. Several uplinks are one team: nothing goes from one of\n"
                         "them to another.",
                .run = switch_create,
        },
        {
                .name = "set",
                .summary = "Give a virtual switch other uplinks, or mend it",
                .operands = "NAME",
                .operands_min = 1,
                .operands_max = 1,
                .options = edit_options,
                .notes = "Without --uplinks its bridge is made again, as far as it is not as it should be.",
                .run = switch_set,
                .complete_operand = switch_complete,
        },
        {
                .name = "delete",
                .summary = "Delete virtual switches that have no port groups",
                .operands = "NAME...",
                .operands_min = 1,
                .operands_max = UINT_MAX,
                .options = delete_options,
                .run = switch_delete,
                .complete_operand = switch_complete,
        },
        {.name = NULL},
};
/* clang-format on */

static char *derive_uplinks(JsonObject *object)
{
        JsonNode *node = json_object_get_member(object, "uplinks");
        JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
        g_autoptr(GString) names = g_string_new(NULL);

        for (guint i = 0; array != NULL && i < json_array_get_length(array); i++) {
                JsonNode *element = json_array_get_element(array, i);

                if (JSON_NODE_HOLDS_VALUE(element) && json_node_get_value_type(element) == G_TYPE_STRING)
                        g_string_append_printf(names, "%s%s", names->len > 0 ? "," : "",
                                               json_node_get_string(element));
        }
        return g_string_free(g_steal_pointer(&names), FALSE);
}

static const Field fields[] = {
        {"NAME", "name", FIELD_TEXT, NULL, NULL},
        {"BRIDGE", "bridge", FIELD_TEXT, NULL, NULL},
        {"UPLINKS", "uplinks", FIELD_TEXT, NULL, derive_uplinks},
        {"PORTGROUPS", "port_groups", FIELD_COUNT, NULL, NULL},
        {"DATAPATH", "datapath", FIELD_TEXT, NULL, NULL},
        {"PROBLEM", "problem", FIELD_TEXT, NULL, NULL},
        {NULL, NULL, FIELD_TEXT, NULL, NULL},
};

static CliStatus switch_list(const CliArgs *args, GError **error)
{
        g_autoptr(GPtrArray) columns = field_find_list(fields, "all", "", NULL), rows = NULL;
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonArray) switches = NULL;
        DaemonLook look;

        if (!daemon_read_look(args, &look, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        switches = client != NULL ? operation_list(client, "ListVirtualSwitches", json_object_new(), error)
                                  : NULL;
        if (switches == NULL || !field_check_all(fields, switches, error))
                return CLI_FAILED;
        rows = field_select(switches, NULL, &fields[0], false);
        field_print(columns, rows, look.format, CLI_UNIT_AUTO, look.header);
        return CLI_OK;
}

static bool add_uplinks(const CliArgs *args, JsonObject *body, GError **error)
{
        const char *text = cli_args_get(args, "uplinks");
        g_auto(GStrv) names = text != NULL ? g_strsplit(text, ",", -1) : NULL;
        g_autoptr(JsonArray) array = json_array_new();

        if (text == NULL)
                return true;
        for (char **name = names; *name != NULL && strcmp(text, "none") != 0; name++) {
                if (**name == '\0' || !g_utf8_validate(*name, -1, NULL)) {
                        g_autofree char *shown = cli_escape(text);

                        g_set_error(
                                error, CLI_ERROR, CLI_USAGE,
                                "--uplinks takes interfaces with commas between them, or none, not \"%s\"",
                                shown);
                        return false;
                }
                json_array_add_string_element(array, *name);
        }
        json_object_set_array_member(body, "uplinks", g_steal_pointer(&array));
        return true;
}

static CliStatus change(const CliArgs *args, const char *method, const char *done, GError **error)
{
        const char *name = args->operands->pdata[0];
        g_autoptr(JsonObject) body = json_object_new();
        g_autoptr(ApiClient) client = NULL;

        if (!add_uplinks(args, body, error) || (client = api_client_new(args, error)) == NULL)
                return CLI_USAGE;
        json_object_set_string_member(body, "name", name);
        return network_change(args, client, method, g_steal_pointer(&body), name, done);
}

static CliStatus switch_create(const CliArgs *args, GError **error)
{
        return change(args, "AddVirtualSwitch", "made", error);
}

static CliStatus switch_set(const CliArgs *args, GError **error)
{
        return change(args, "UpdateVirtualSwitch", "changed", error);
}

static CliStatus switch_delete(const CliArgs *args, GError **error)
{
        return network_change_each(args, "RemoveVirtualSwitch", "deleted", error);
}
