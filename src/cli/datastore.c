/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat datastore: directories where VMs live, and what they take there. */
#include <limits.h>
#include <string.h>

#include "cli/act.h"
#include "cli/operation.h"

static CliStatus datastore_list(const CliArgs *args, GError **error);
static CliStatus datastore_add(const CliArgs *args, GError **error);
static CliStatus datastore_rename(const CliArgs *args, GError **error);
static CliStatus datastore_remove(const CliArgs *args, GError **error);
static CliStatus datastore_space(const CliArgs *args, GError **error);

/* What it is about. */
static const char *const scopes[] = {"fleet", "datastore", "vm", NULL};
enum { SCOPE_FLEET, SCOPE_DATASTORE, SCOPE_VM };

/* clang-format off */
static const CliOption list_options[] = {
        OPTION_FORMAT,
        OPTION_NO_HEADER,
        OPTION_UNIT,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption edit_options[] = {
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption space_options[] = {
        {"by", "WHAT", scopes, false, "a line for the fleet (default), each datastore or each vm"},
        OPTION_FORMAT,
        OPTION_NO_HEADER,
        OPTION_UNIT,
        OPTIONS_DAEMON,
        OPTION_END,
};

const CliVerb datastore_verbs[] = {
        {
                .name = "list",
                .summary = "List the datastores",
                .options = list_options,
                .run = datastore_list,
        },
        {
                .name = "add",
                .summary = "Make a folder of the host a datastore",
                .operands = "NAME PATH",
                .operands_min = 2,
                .operands_max = 2,
                .options = edit_options,
                .run = datastore_add,
        },
        {
                .name = "rename",
                .summary = "Give a datastore another name",
                .operands = "NAME NEW-NAME",
                .operands_min = 2,
                .operands_max = 2,
                .options = edit_options,
                .run = datastore_rename,
                .complete_operand = datastore_complete,
        },
        {
                .name = "remove",
                .summary = "Forget a datastore on which no VM lives; its files stay",
                .operands = "NAME",
                .operands_min = 1,
                .operands_max = 1,
                .options = edit_options,
                .run = datastore_remove,
                .complete_operand = datastore_complete,
        },
        {
                .name = "space",
                .summary = "Show what VMs take, and would take as thick, thin or linked disks",
                .options = space_options,
                .run = datastore_space,
        },
        {.name = NULL},
};
/* clang-format on */

static const Field list_fields[] = {
        {"NAME", "name", FIELD_TEXT, "Its name", NULL},
        {"CAPACITY", "capacity_bytes", FIELD_BYTES, "Of its file system", NULL},
        {"FREE", "free_bytes", FIELD_BYTES, "Of its file system", NULL},
        {"VMS", "vms", FIELD_COUNT, "That live there", NULL},
        {"ACCESSIBLE", "accessible", FIELD_BOOL, "Whether it is there", NULL},
        {"PATH", "path", FIELD_TEXT, "The folder", NULL},
        {NULL, NULL, FIELD_TEXT, NULL, NULL},
};

#define FIELDS_FIGURES                                                                              \
        {"PROVISIONED", "provisioned_bytes", FIELD_BYTES, "What guests see", NULL},                 \
                {"NOTSHARED", "not_shared_bytes", FIELD_BYTES, "What no other VM stands on", NULL}, \
        {                                                                                           \
                "USED", "used_bytes", FIELD_BYTES, "Blocks of all files that are stood on", NULL    \
        }

static const Field vm_space_fields[] = {
        {"NAME", "name", FIELD_TEXT, "The VM", NULL},
        {"DATASTORE", "datastore", FIELD_TEXT, "Where it lives", NULL},
        FIELDS_FIGURES,
        {NULL, NULL, FIELD_TEXT, NULL, NULL},
};

static const Field datastore_space_fields[] = {
        {"NAME", "name", FIELD_TEXT, "The datastore", NULL},
        {"CAPACITY", "capacity_bytes", FIELD_BYTES, "Of its file system", NULL},
        {"FREE", "free_bytes", FIELD_BYTES, "Of its file system", NULL},
        FIELDS_FIGURES,
        {NULL, NULL, FIELD_TEXT, NULL, NULL},
};

static const Field fleet_fields[] = {
        {"NAME", "name", FIELD_TEXT, "All of them", NULL},
        FIELDS_FIGURES,
        {"THICK", "thick_bytes", FIELD_BYTES, "With thick disks of their own", NULL},
        {"THIN", "thin_bytes", FIELD_BYTES, "With thin disks of their own", NULL},
        {"LINKED", "linked_bytes", FIELD_BYTES, "As it is: parents and deltas", NULL},
        {NULL, NULL, FIELD_TEXT, NULL, NULL},
};

static const char *operand(const CliArgs *args, unsigned i)
{
        return args->operands->pdata[i];
}

static CliStatus datastore_list(const CliArgs *args, GError **error)
{
        return cli_list(args, list_fields, "ListDatastores", json_object_new(), NULL, &list_fields[0],
                        error);
}

static CliStatus datastore_add(const CliArgs *args, GError **error)
{
        g_autofree char *path = g_canonicalize_filename(operand(args, 1), NULL);

        return cli_act(args, "AddDatastore", cli_body("name", operand(args, 0), "path", path, NULL), error,
                       "%s: is %s", operand(args, 0), path);
}

static CliStatus datastore_rename(const CliArgs *args, GError **error)
{
        return cli_act(args, "RenameDatastore",
                       cli_body("name", operand(args, 0), "to", operand(args, 1), NULL), error,
                       "%s: is called %s", operand(args, 0), operand(args, 1));
}

static CliStatus datastore_remove(const CliArgs *args, GError **error)
{
        return cli_act(args, "RemoveDatastore", cli_body("name", operand(args, 0), NULL), error,
                       "%s: forgotten; its files stay", operand(args, 0));
}

/* What could not be looked at is not in the figures. */
static void tell_problems(JsonObject *report)
{
        JsonNode *node = json_object_get_member(report, "problems");
        JsonArray *problems = node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;

        for (unsigned i = 0; problems != NULL && i < json_array_get_length(problems); i++) {
                JsonNode *text = json_array_get_element(problems, i);
                g_autofree char *shown = NULL;

                if (!JSON_NODE_HOLDS_VALUE(text) || json_node_get_string(text) == NULL)
                        continue;
                shown = cli_escape(json_node_get_string(text));
                fprintf(stderr, "aerostat: not counted: %s\n", shown);
        }
}

static JsonArray *rows_of(JsonObject *report, unsigned scope)
{
        static const char *const members[] = {"fleet", "datastores", "vms"};
        JsonNode *node = json_object_get_member(report, members[scope]);
        g_autoptr(JsonArray) rows = NULL;

        if (scope == SCOPE_FLEET && node != NULL && JSON_NODE_HOLDS_OBJECT(node)) {
                rows = json_array_new();
                json_array_add_object_element(rows, json_object_ref(json_node_get_object(node)));
                return g_steal_pointer(&rows);
        }
        if (scope == SCOPE_FLEET || node == NULL || !JSON_NODE_HOLDS_ARRAY(node))
                return NULL;
        for (unsigned i = 0; i < json_array_get_length(json_node_get_array(node)); i++)
                if (!JSON_NODE_HOLDS_OBJECT(json_array_get_element(json_node_get_array(node), i)))
                        return NULL;
        return json_array_ref(json_node_get_array(node));
}

static CliStatus datastore_space(const CliArgs *args, GError **error)
{
        static const Field *const fields[] = {fleet_fields, datastore_space_fields, vm_space_fields};
        g_autoptr(GPtrArray) columns = NULL, shown = NULL;
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonNode) result = NULL;
        g_autoptr(JsonArray) rows = NULL;
        unsigned scope = SCOPE_FLEET;
        DaemonLook look;

        if (!daemon_read_look(args, &look, error) || !cli_args_choice(args, "by", scopes, &scope, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        if (client == NULL)
                return CLI_USAGE;
        if (!operation_do(args, client, "GetSpaceReport", json_object_new(), &result, error))
                return CLI_FAILED;
        if (result != NULL && JSON_NODE_HOLDS_OBJECT(result))
                rows = rows_of(json_node_get_object(result), scope);
        if (rows == NULL) {
                g_set_error_literal(error, CLI_ERROR, CLI_FAILED,
                                    "the daemon's answer is no report of space");
                return CLI_FAILED;
        }
        if (!field_check_all(fields[scope], rows, error))
                return CLI_FAILED;
        columns = field_find_list(fields[scope], "all", "", NULL);
        shown = field_select(rows, NULL, NULL, false);
        field_print(columns, shown, look.format, look.unit, look.header);
        tell_problems(json_node_get_object(result));
        return CLI_OK;
}
