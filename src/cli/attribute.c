/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat attribute: custom attributes of VMs and of the host. */
#include <limits.h>
#include <string.h>

#include "cli/operation.h"
#include "cli/vm-select.h"

static CliStatus attribute_list(const CliArgs *args, GError **error);
static CliStatus attribute_define(const CliArgs *args, GError **error);
static CliStatus attribute_rename(const CliArgs *args, GError **error);
static CliStatus attribute_delete(const CliArgs *args, GError **error);
static CliStatus attribute_set(const CliArgs *args, GError **error);
static CliStatus attribute_find(const CliArgs *args, GError **error);

static const char *const types[] = {"vm", "host", "any", NULL};

/* clang-format off */
static const CliOption list_options[] = {
        OPTION_FORMAT,
        OPTION_NO_HEADER,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption define_options[] = {
        {"type", "vm|host|any", types, false, "what can have it (default any)"},
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption edit_options[] = {
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption set_options[] = {
        {"of-host", NULL, NULL, false, "of the host, not of VMs"},
        OPTIONS_SELECT,
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

const CliVerb attribute_verbs[] = {
        {
                .name = "list",
                .summary = "List the custom attributes, and the host's values",
                .options = list_options,
                .run = attribute_list,
        },
        {
                .name = "define",
                .summary = "Define custom attributes",
                .operands = "NAME...",
                .operands_min = 1,
                .operands_max = UINT_MAX,
                .options = define_options,
                .run = attribute_define,
        },
        {
                .name = "rename",
                .summary = "Rename a custom attribute; its values stay",
                .operands = "NAME NEW-NAME",
                .operands_min = 2,
                .operands_max = 2,
                .options = edit_options,
                .run = attribute_rename,
                .complete_operand = attribute_complete,
        },
        {
                .name = "delete",
                .summary = "Delete custom attributes, with all their values",
                .operands = "NAME...",
                .operands_min = 1,
                .operands_max = UINT_MAX,
                .options = edit_options,
                .run = attribute_delete,
                .complete_operand = attribute_complete,
        },
        {
                .name = "set",
                .summary = "Set a custom attribute of VMs, or of the host",
                .operands = "NAME VALUE [VM...]",
                .operands_min = 2,
                .operands_max = UINT_MAX,
                .options = set_options,
                .notes = "An empty VALUE (\"\") takes the value away. It is set on all the VMs, or on none.",
                .run = attribute_set,
                .complete_operand = attribute_complete,
        },
        {
                .name = "find",
                .summary = "Find VMs by a custom attribute",
                .operands = "NAME [VALUE]",
                .operands_min = 1,
                .operands_max = 2,
                .options = list_options,
                .notes = "Without VALUE: all that have any value. For patterns: 'aerostat vm list --filter\n"
                         "attribute:NAME=PATTERN'.",
                .run = attribute_find,
                .complete_operand = attribute_complete,
        },
        {.name = NULL},
};
/* clang-format on */

static const Field fields[] = {
        {"NAME", "name", FIELD_TEXT, NULL, NULL},
        {"TYPE", "type", FIELD_TEXT, NULL, NULL},
        {"HOST", "host", FIELD_TEXT, NULL, NULL},
        {NULL, NULL, FIELD_TEXT, NULL, NULL},
};

static const Field found_fields[] = {
        {"NAME", "name", FIELD_TEXT, NULL, NULL},
        {"UUID", "uuid", FIELD_TEXT, NULL, NULL},
        {NULL, NULL, FIELD_TEXT, NULL, NULL},
};

static CliStatus print_list(const CliArgs *args, const Field *what, const char *method, JsonObject *body,
                            GError **error)
{
        g_autoptr(JsonObject) request = body;
        g_autoptr(GPtrArray) columns = field_find_list(what, "all", "", NULL), rows = NULL;
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonArray) found = NULL;
        DaemonLook look;

        if (!daemon_read_look(args, &look, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        found = client != NULL ? operation_list(client, method, g_steal_pointer(&request), error) : NULL;
        if (found == NULL || !field_check_all(what, found, error))
                return CLI_FAILED;
        rows = field_select(found, NULL, &what[0], false);
        field_print(columns, rows, look.format, CLI_UNIT_AUTO, look.header);
        return CLI_OK;
}

static CliStatus attribute_list(const CliArgs *args, GError **error)
{
        return print_list(args, fields, "ListCustomFields", json_object_new(), error);
}

/* Words become strings of JSON, which are UTF-8. */
static bool check_words(const CliArgs *args, GError **error)
{
        for (unsigned i = 0; i < args->operands->len; i++) {
                g_autofree char *shown = NULL;

                if (g_utf8_validate(args->operands->pdata[i], -1, NULL))
                        continue;
                shown = cli_escape(args->operands->pdata[i]);
                g_set_error(error, CLI_ERROR, CLI_USAGE, "\"%s\" is not UTF-8", shown);
                return false;
        }
        return true;
}

static CliStatus attribute_find(const CliArgs *args, GError **error)
{
        JsonObject *body;

        if (!check_words(args, error))
                return CLI_USAGE;
        body = json_object_new();
        json_object_set_string_member(body, "name", args->operands->pdata[0]);
        if (args->operands->len > 1)
                json_object_set_string_member(body, "value", args->operands->pdata[1]);
        return print_list(args, found_fields, "FindByField", body, error);
}

/* Calls a method about one attribute, and says what was done. Takes over body. */
static CliStatus change(const CliArgs *args, ApiClient *client, const char *method, const char *name,
                        JsonObject *body, const char *done)
{
        g_autoptr(JsonObject) request = body;
        g_autofree char *shown = cli_escape(name);
        g_autoptr(JsonNode) result = NULL;
        g_autoptr(GError) error = NULL;

        if (cli_args_has(args, "what-if")) {
                printf("What if: %s: %s\n", shown, done);
                return CLI_OK;
        }
        json_object_set_string_member(request, "name", name);
        if (operation_do(args, client, method, g_steal_pointer(&request), &result, &error)) {
                printf("%s: %s\n", shown, done);
                return CLI_OK;
        }
        (void)fflush(stdout);
        fprintf(stderr, "aerostat: %s: %s\n", shown, error->message);
        return (CliStatus)error->code;
}

static CliStatus change_all(const CliArgs *args, const char *method, const char *type, const char *done,
                            GError **error)
{
        g_autoptr(ApiClient) client = NULL;
        CliStatus status = CLI_OK;

        if (!check_words(args, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        if (client == NULL)
                return CLI_USAGE;
        for (unsigned i = 0; i < args->operands->len; i++) {
                JsonObject *body = json_object_new();
                CliStatus one;

                if (type != NULL)
                        json_object_set_string_member(body, "type", type);
                one = change(args, client, method, args->operands->pdata[i], body, done);
                status = one != CLI_OK ? one : status;
        }
        return status;
}

static CliStatus attribute_define(const CliArgs *args, GError **error)
{
        unsigned type = G_N_ELEMENTS(types) - 2;

        if (!cli_args_choice(args, "type", types, &type, error))
                return CLI_USAGE;
        return change_all(args, "AddCustomFieldDef", types[type], "defined", error);
}

static CliStatus attribute_delete(const CliArgs *args, GError **error)
{
        return change_all(args, "RemoveCustomFieldDef", NULL, "deleted", error);
}

static CliStatus attribute_rename(const CliArgs *args, GError **error)
{
        g_autoptr(ApiClient) client = NULL;
        g_autofree char *shown = NULL, *done = NULL;
        JsonObject *body;

        if (!check_words(args, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        if (client == NULL)
                return CLI_USAGE;
        shown = cli_escape(args->operands->pdata[1]);
        done = g_strconcat("renamed to ", shown, NULL);
        body = json_object_new();
        json_object_set_string_member(body, "to", args->operands->pdata[1]);
        return change(args, client, "RenameCustomFieldDef", args->operands->pdata[0], body, done);
}

/* --- set --- */

static void tell(JsonObject *vm, const char *name, const char *value, bool what_if)
{
        JsonObject *attributes = daemon_json_object(vm, "attributes");
        const char *before = attributes != NULL ? daemon_json_text(attributes, name) : NULL;
        g_autofree char *what = cli_escape(name);

        daemon_tell_change(vm_select_name(vm), what, before != NULL ? before : "none",
                           value[0] != '\0' ? value : "none", what_if);
}

static CliStatus set_vms(const CliArgs *args, ApiClient *client, JsonObject *body, GError **error)
{
        const char *name = args->operands->pdata[0], *value = args->operands->pdata[1];
        g_autoptr(JsonObject) request = body;
        g_autoptr(JsonNode) result = NULL;
        g_autoptr(GPtrArray) vms = vm_select(args, client, 2, error);
        bool what_if = cli_args_has(args, "what-if");
        JsonArray *uuids;

        if (vms == NULL)
                return CLI_FAILED;
        uuids = json_array_new();
        for (unsigned i = 0; i < vms->len; i++)
                json_array_add_string_element(uuids, vm_select_uuid(vms->pdata[i]));
        json_object_set_array_member(request, "vms", uuids);
        if (!what_if && !operation_do(args, client, "SetField", g_steal_pointer(&request), &result, error))
                return CLI_FAILED;
        for (unsigned i = 0; i < vms->len; i++)
                tell(vms->pdata[i], name, value, what_if);
        return CLI_OK;
}

static CliStatus attribute_set(const CliArgs *args, GError **error)
{
        const char *name, *value;
        g_autoptr(ApiClient) client = NULL;
        bool host = cli_args_has(args, "of-host");
        JsonObject *body;

        if (!check_words(args, error))
                return CLI_USAGE;
        if (host &&
            (args->operands->len > 2 || cli_args_has(args, "folder") || cli_args_has(args, "filter"))) {
                g_set_error_literal(error, CLI_ERROR, CLI_USAGE, "--of-host or VMs, not both");
                return CLI_USAGE;
        }
        client = api_client_new(args, error);
        if (client == NULL)
                return CLI_USAGE;
        name = args->operands->pdata[0];
        value = args->operands->pdata[1];
        body = json_object_new();
        json_object_set_string_member(body, "value", value);
        if (host) {
                json_object_set_boolean_member(body, "host", true);
                return change(args, client, "SetField", name, body, value[0] != '\0' ? "set" : "taken away");
        }
        json_object_set_string_member(body, "name", name);
        return set_vms(args, client, body, error);
}
