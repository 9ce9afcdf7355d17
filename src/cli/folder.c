/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat folder: folders of VMs, listed, made, moved, deleted. */
#include <limits.h>

#include "cli/daemon.h"
#include "cli/operation.h"

static CliStatus folder_list(const CliArgs *args, GError **error);
static CliStatus folder_create(const CliArgs *args, GError **error);
static CliStatus folder_move(const CliArgs *args, GError **error);
static CliStatus folder_delete(const CliArgs *args, GError **error);

/* clang-format off */
static const CliOption list_options[] = {
        OPTION_FORMAT,
        OPTION_NO_HEADER,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption edit_options[] = {
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

const CliVerb folder_verbs[] = {
        {
                .name = "list",
                .summary = "List the folders of VMs",
                .options = list_options,
                .run = folder_list,
        },
        {
                .name = "create",
                .summary = "Make folders",
                .operands = "PATH...",
                .operands_min = 1,
                .operands_max = UINT_MAX,
                .options = edit_options,
                .notes = "PATH is the path of the folder that it will be in, a slash, and its name: /lab/old. VMs\n"
                         "are put into it with 'aerostat vm move'.",
                .run = folder_create,
                .complete_operand = folder_complete,
        },
        {
                .name = "move",
                .summary = "Move or rename a folder, with all that is in it",
                .operands = "PATH NEW-PATH",
                .operands_min = 2,
                .operands_max = 2,
                .options = edit_options,
                .run = folder_move,
                .complete_operand = folder_complete,
        },
        {
                .name = "delete",
                .summary = "Delete folders that are empty",
                .operands = "PATH...",
                .operands_min = 1,
                .operands_max = UINT_MAX,
                .options = edit_options,
                .run = folder_delete,
                .complete_operand = folder_complete,
        },
        {.name = NULL},
};
/* clang-format on */

static const Field fields[] = {
        {"PATH", "path", FIELD_TEXT, NULL, NULL},
        {"VMS", "vms", FIELD_COUNT, NULL, NULL},
        {"FOLDERS", "folders", FIELD_COUNT, NULL, NULL},
        {NULL, NULL, FIELD_TEXT, NULL, NULL},
};

static CliStatus folder_list(const CliArgs *args, GError **error)
{
        g_autoptr(GPtrArray) columns = field_find_list(fields, "all", "", NULL), rows = NULL;
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonArray) folders = NULL;
        DaemonLook look;

        if (!daemon_read_look(args, &look, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        folders = client != NULL ? operation_list(client, "ListFolders", json_object_new(), error) : NULL;
        if (folders == NULL || !field_check_all(fields, folders, error))
                return CLI_FAILED;
        rows = field_select(folders, NULL, &fields[0], false);
        field_print(columns, rows, look.format, CLI_UNIT_AUTO, look.header);
        return CLI_OK;
}

static bool check_path(const char *path, GError **error)
{
        g_autofree char *shown = NULL;

        if (path[0] == '/' && g_utf8_validate(path, -1, NULL))
                return true;
        shown = cli_escape(path);
        g_set_error(error, CLI_ERROR, CLI_USAGE,
                    "a folder's path begins with \"/\", as in /lab/old; not \"%s\"", shown);
        return false;
}

/* Calls a method with a path, and says what was done. to: NULL, or another path. */
static CliStatus change(const CliArgs *args, ApiClient *client, const char *method, const char *path,
                        const char *to, const char *done)
{
        g_autofree char *shown = cli_escape(path), *to_shown = to != NULL ? cli_escape(to) : NULL;
        g_autofree char *said = g_strconcat(shown, ": ", done, to != NULL ? " " : NULL, to_shown, NULL);
        JsonObject *body = json_object_new();
        g_autoptr(JsonNode) result = NULL;
        g_autoptr(GError) error = NULL;

        json_object_set_string_member(body, "path", path);
        if (to != NULL)
                json_object_set_string_member(body, "to", to);
        if (cli_args_has(args, "what-if")) {
                json_object_unref(body);
                printf("What if: %s\n", said);
                return CLI_OK;
        }
        if (operation_do(args, client, method, body, &result, &error)) {
                printf("%s\n", said);
                return CLI_OK;
        }
        (void)fflush(stdout);
        fprintf(stderr, "aerostat: %s: %s\n", shown, error->message);
        return (CliStatus)error->code;
}

static CliStatus change_all(const CliArgs *args, const char *method, const char *done, GError **error)
{
        g_autoptr(ApiClient) client = NULL;
        CliStatus status = CLI_OK;

        for (unsigned i = 0; i < args->operands->len; i++)
                if (!check_path(args->operands->pdata[i], error))
                        return CLI_USAGE;
        client = api_client_new(args, error);
        if (client == NULL)
                return CLI_USAGE;
        for (unsigned i = 0; i < args->operands->len; i++) {
                CliStatus one = change(args, client, method, args->operands->pdata[i], NULL, done);

                status = one != CLI_OK ? one : status;
        }
        return status;
}

static CliStatus folder_create(const CliArgs *args, GError **error)
{
        return change_all(args, "CreateFolder", "made", error);
}

static CliStatus folder_delete(const CliArgs *args, GError **error)
{
        return change_all(args, "DestroyFolder", "deleted", error);
}

static CliStatus folder_move(const CliArgs *args, GError **error)
{
        const char *path = args->operands->pdata[0], *to = args->operands->pdata[1];
        g_autoptr(ApiClient) client = NULL;

        if (!check_path(path, error) || !check_path(to, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        if (client == NULL)
                return CLI_USAGE;
        return change(args, client, "MoveFolder", path, to, "moved to");
}
