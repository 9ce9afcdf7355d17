/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat account: who may log in to the API, by its own methods in their JSON form. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/daemon-json.h"
#include "cli/daemon.h"
#include "cli/password.h"

#define ACCOUNTS      "HostLocalAccountManager"
#define AUTHORIZATION "AuthorizationManager"
#define DIRECTORY     "UserDirectory"

static CliStatus account_list(const CliArgs *args, GError **error);
static CliStatus account_add(const CliArgs *args, GError **error);
static CliStatus account_remove(const CliArgs *args, GError **error);
static CliStatus account_role(const CliArgs *args, GError **error);
static CliStatus account_password(const CliArgs *args, GError **error);

static const char *const roles[] = {"Admin", "VirtualMachineUser", "ReadOnly", "NoAccess", NULL};

/* clang-format off */
static const CliOption list_options[] = {
        OPTION_FORMAT,
        OPTION_NO_HEADER,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption add_options[] = {
        {"role", "ROLE", roles, false, "Admin, VirtualMachineUser, ReadOnly (default) or NoAccess"},
        {"description", "TEXT", NULL, false, "the full name, say"},
        {"system", NULL, NULL, false, "the host's own account of this name; PAM knows its password"},
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption edit_options[] = {
        OPTIONS_DAEMON,
        OPTION_END,
};

#define NOTES_PASSWORD \
        "The password is asked for twice at a terminal; else it is the first line of standard input."

const CliVerb account_verbs[] = {
        {
                .name = "list",
                .summary = "List who may log in to the API",
                .options = list_options,
                .run = account_list,
        },
        {
                .name = "add",
                .summary = "Let somebody log in to the API",
                .operands = "NAME",
                .operands_min = 1,
                .operands_max = 1,
                .options = add_options,
                .notes = NOTES_PASSWORD,
                .run = account_add,
        },
        {
                .name = "remove",
                .summary = "Let somebody log in no more; his sessions end",
                .operands = "NAME...",
                .operands_min = 1,
                .operands_max = UINT_MAX,
                .options = edit_options,
                .run = account_remove,
        },
        {
                .name = "role",
                .summary = "Say what an account may do",
                .operands = "NAME ROLE",
                .operands_min = 2,
                .operands_max = 2,
                .options = edit_options,
                .notes = "ROLE is Admin (everything), VirtualMachineUser (sees everything; powers VMs, takes snapshots,\n"
                         "answers questions, works in guests), ReadOnly or NoAccess.",
                .run = account_role,
        },
        {
                .name = "password",
                .summary = "Give an account another password",
                .operands = "NAME",
                .operands_min = 1,
                .operands_max = 1,
                .options = edit_options,
                .notes = NOTES_PASSWORD,
                .run = account_password,
        },
        {.name = NULL},
};
/* clang-format on */

/* --- passwords --- */

static char *ask_password(GError **error)
{
        char *password = password_read_line(STDIN_FILENO, "Password: "), *again = NULL;
        const char *wrong = NULL;

        if (password == NULL || password[0] == '\0')
                wrong = "no password was given; it is the first line of standard input";
        else if (strlen(password) > PASSWORD_MAX || !g_utf8_validate(password, -1, NULL))
                wrong = "a password is text of at most 512 bytes";
        else if (isatty(STDIN_FILENO) &&
                 g_strcmp0(again = password_read_line(STDIN_FILENO, "Again: "), password) != 0)
                wrong = "the two differ; nothing was done";
        password_free(again);
        if (wrong == NULL)
                return password;
        password_free(password);
        g_set_error_literal(error, CLI_ERROR, CLI_USAGE, wrong);
        return NULL;
}

/* --- the API --- */

/* The managers are called as their types. */
static bool call(ApiClient *client, const char *manager, const char *method, JsonObject *args,
                 GError **error)
{
        return api_call(client, manager, manager, method, args, NULL, error);
}

/* A HostAccountSpec as the argument "user". Owned. */
static JsonObject *user_argument(const char *name, const char *password, const char *description)
{
        JsonObject *body = json_object_new(), *user = json_object_new();

        json_object_set_string_member(user, "_typeName", "HostAccountSpec");
        json_object_set_string_member(user, "id", name);
        if (password != NULL)
                json_object_set_string_member(user, "password", password);
        if (description != NULL)
                json_object_set_string_member(user, "description", description);
        json_object_set_object_member(body, "user", user);
        return body;
}

/* The role's name in the API, and its number. */
static bool find_role(ApiClient *client, const char *name, int64_t *ret_id, GError **error)
{
        g_autoptr(JsonArray) list = api_get_objects(client, AUTHORIZATION, AUTHORIZATION, "roleList", error);
        g_autofree char *shown = NULL;

        if (list == NULL)
                return false;
        for (guint i = 0; i < json_array_get_length(list); i++) {
                JsonObject *role = json_array_get_object_element(list, i);
                const char *one = daemon_json_text(role, "name");

                if (one != NULL && g_ascii_strcasecmp(one, name) == 0) {
                        *ret_id = json_object_get_int_member_with_default(role, "roleId", 0);
                        return true;
                }
        }
        shown = cli_escape(name);
        g_set_error(error, CLI_ERROR, CLI_USAGE,
                    "there is no role \"%s\"; there are Admin, VirtualMachineUser, ReadOnly and NoAccess",
                    shown);
        return false;
}

static bool set_role(ApiClient *client, const char *name, int64_t role, GError **error)
{
        JsonObject *content = api_content(client, error);
        JsonObject *root = content != NULL ? daemon_json_object(content, "rootFolder") : NULL, *permission,
                   *body;
        JsonArray *list;

        if (content == NULL)
                return false;
        if (root == NULL) {
                g_set_error(error, CLI_ERROR, CLI_FAILED, "the daemon names no root folder");
                return false;
        }
        permission = json_object_new();
        json_object_set_string_member(permission, "_typeName", "Permission");
        json_object_set_string_member(permission, "principal", name);
        json_object_set_boolean_member(permission, "group", FALSE);
        json_object_set_int_member(permission, "roleId", role);
        json_object_set_boolean_member(permission, "propagate", TRUE);
        list = json_array_new();
        json_array_add_object_element(list, permission);
        body = json_object_new();
        json_object_set_object_member(body, "entity", json_object_ref(root));
        json_object_set_array_member(body, "permission", list);
        return call(client, AUTHORIZATION, "SetEntityPermissions", body, error);
}

/* --- verbs --- */

static const Field fields[] = {
        {"NAME", "name", FIELD_TEXT, NULL, NULL},
        {"ROLE", "role", FIELD_TEXT, NULL, NULL},
        {"DESCRIPTION", "description", FIELD_TEXT, NULL, NULL},
        {NULL, NULL, FIELD_TEXT, NULL, NULL},
};

static const char *role_name(JsonArray *list, int64_t id)
{
        for (guint i = 0; i < json_array_get_length(list); i++) {
                JsonObject *role = json_array_get_object_element(list, i);

                if (json_object_get_int_member_with_default(role, "roleId", 0) == id)
                        return daemon_json_text(role, "name");
        }
        return NULL;
}

/* What the account has, or NoAccess. */
static const char *role_of(JsonArray *permissions, JsonArray *list, const char *name)
{
        for (guint i = 0; permissions != NULL && i < json_array_get_length(permissions); i++) {
                JsonObject *permission = json_array_get_object_element(permissions, i);

                if (g_strcmp0(daemon_json_text(permission, "principal"), name) == 0)
                        return role_name(list,
                                         json_object_get_int_member_with_default(permission, "roleId", 0));
        }
        return "NoAccess";
}

static JsonArray *gather(ApiClient *client, GError **error)
{
        g_autoptr(JsonArray) names = NULL, permissions = NULL, list = NULL;
        JsonObject *search = json_object_new();
        JsonArray *rows;

        json_object_set_string_member(search, "searchStr", "");
        json_object_set_boolean_member(search, "exactMatch", FALSE);
        json_object_set_boolean_member(search, "findUsers", TRUE);
        json_object_set_boolean_member(search, "findGroups", FALSE);
        if ((names = api_call_objects(client, DIRECTORY, DIRECTORY, "RetrieveUserGroups", search, error)) ==
                    NULL ||
            (permissions = api_call_objects(client, AUTHORIZATION, AUTHORIZATION, "RetrieveAllPermissions",
                                            NULL, error)) == NULL ||
            (list = api_get_objects(client, AUTHORIZATION, AUTHORIZATION, "roleList", error)) == NULL)
                return NULL;
        rows = json_array_new();
        for (guint i = 0; i < json_array_get_length(names); i++) {
                JsonObject *found = json_array_get_object_element(names, i), *row = json_object_new();
                const char *name = daemon_json_text(found, "principal");
                const char *description = daemon_json_text(found, "fullName");

                json_object_set_string_member(row, "name", name);
                json_object_set_string_member(row, "role", role_of(permissions, list, name));
                json_object_set_string_member(row, "description", description != NULL ? description : "");
                json_array_add_object_element(rows, row);
        }
        return rows;
}

static CliStatus account_list(const CliArgs *args, GError **error)
{
        g_autoptr(GPtrArray) columns = field_find_list(fields, "all", "", NULL), rows = NULL;
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonArray) accounts = NULL;
        DaemonLook look;

        if (!daemon_read_look(args, &look, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        accounts = client != NULL ? gather(client, error) : NULL;
        if (accounts == NULL || !field_check_all(fields, accounts, error))
                return CLI_FAILED;
        rows = field_select(accounts, NULL, &fields[0], false);
        field_print(columns, rows, look.format, CLI_UNIT_AUTO, look.header);
        return CLI_OK;
}

static CliStatus account_add(const CliArgs *args, GError **error)
{
        const char *name = args->operands->pdata[0], *role = cli_args_get(args, "role");
        g_autoptr(ApiClient) client = api_client_new(args, error);
        g_autofree char *shown = cli_escape(name);
        char *password = NULL;
        int64_t id;
        bool made;

        if (client == NULL)
                return CLI_USAGE;
        if (!find_role(client, role != NULL ? role : "ReadOnly", &id, error))
                return CLI_FAILED;
        if (!cli_args_has(args, "system") && (password = ask_password(error)) == NULL)
                return CLI_USAGE;
        made = call(client, ACCOUNTS, "CreateUser",
                    user_argument(name, password, cli_args_get(args, "description")), error);
        password_free(password);
        if (!made || !set_role(client, name, id, error))
                return CLI_FAILED;
        printf("%s: may log in as %s\n", shown, role != NULL ? role : "ReadOnly");
        return CLI_OK;
}

static CliStatus account_remove(const CliArgs *args, GError **error)
{
        g_autoptr(ApiClient) client = api_client_new(args, error);

        if (client == NULL)
                return CLI_USAGE;
        for (unsigned i = 0; i < args->operands->len; i++) {
                g_autofree char *shown = cli_escape(args->operands->pdata[i]);
                JsonObject *body = json_object_new();

                json_object_set_string_member(body, "userName", args->operands->pdata[i]);
                if (!call(client, ACCOUNTS, "RemoveUser", body, error))
                        return CLI_FAILED;
                printf("%s: removed\n", shown);
        }
        return CLI_OK;
}

static CliStatus account_role(const CliArgs *args, GError **error)
{
        const char *name = args->operands->pdata[0], *role = args->operands->pdata[1];
        g_autoptr(ApiClient) client = api_client_new(args, error);
        g_autofree char *shown = cli_escape(name);
        int64_t id;

        if (client == NULL)
                return CLI_USAGE;
        if (!find_role(client, role, &id, error) || !set_role(client, name, id, error))
                return CLI_FAILED;
        printf("%s: %s\n", shown, role);
        return CLI_OK;
}

static CliStatus account_password(const CliArgs *args, GError **error)
{
        const char *name = args->operands->pdata[0];
        g_autoptr(ApiClient) client = api_client_new(args, error);
        g_autofree char *shown = cli_escape(name);
        char *password;
        bool changed;

        if (client == NULL || (password = ask_password(error)) == NULL)
                return CLI_USAGE;
        changed = call(client, ACCOUNTS, "UpdateUser", user_argument(name, password, NULL), error);
        password_free(password);
        if (!changed)
                return CLI_FAILED;
        printf("%s: has another password\n", shown);
        return CLI_OK;
}
