/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One method that changes something, and one line that says so: for the verbs of disks, snapshots,
 * datastores. */
#include "cli/act.h"

#include <stdarg.h>
#include <string.h>

#include "cli/operation.h"

/* Given, of a verb that has it. */
static bool was_given(const CliArgs *args, const char *name)
{
        for (const CliOption *option = args->verb->options; option->name != NULL; option++)
                if (strcmp(option->name, name) == 0)
                        return cli_args_has(args, name);
        return false;
}

CliStatus cli_act(const CliArgs *args, const char *method, JsonObject *body, GError **error,
                  const char *format, ...)
{
        g_autoptr(JsonObject) members = body;
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonNode) result = NULL;
        g_autofree char *said = NULL, *shown = NULL;
        va_list words;

        va_start(words, format);
        said = g_strdup_vprintf(format, words);
        va_end(words);
        shown = cli_escape(said);
        if (cli_args_has(args, "what-if")) {
                printf("What if: %s\n", shown);
                return CLI_OK;
        }
        client = api_client_new(args, error);
        if (client == NULL)
                return CLI_USAGE;
        if (!operation_do(args, client, method, g_steal_pointer(&members), &result, error))
                return CLI_FAILED;
        if (!was_given(args, "no-wait"))
                printf("%s\n", shown);
        return CLI_OK;
}

JsonObject *cli_body(const char *first, const char *value, ...)
{
        JsonObject *body = json_object_new();
        const char *member = first;
        va_list rest;

        va_start(rest, value);
        while (member != NULL) {
                if (value != NULL)
                        json_object_set_string_member(body, member, value);
                member = va_arg(rest, const char *);
                value = member != NULL ? va_arg(rest, const char *) : NULL;
        }
        va_end(rest);
        return body;
}

bool cli_set_mb(const CliArgs *args, JsonObject *body, GError **error)
{
        const char *text = cli_args_get(args, "size");
        int64_t mb;

        if (text == NULL) {
                g_set_error_literal(error, CLI_ERROR, CLI_USAGE, "how large? --size 20G");
                return false;
        }
        if (!daemon_parse_mb(text, "--size", false, 0, &mb, error))
                return false;
        json_object_set_int_member(body, "size_mb", mb);
        return true;
}

CliStatus cli_list(const CliArgs *args, const Field *fields, const char *method, JsonObject *body,
                   const char *member, const Field *sort, GError **error)
{
        g_autoptr(JsonObject) members = body;
        g_autoptr(GPtrArray) columns = field_find_list(fields, "all", "", NULL), rows = NULL;
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonNode) result = NULL;
        JsonNode *list;
        DaemonLook look;

        if (!daemon_read_look(args, &look, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        if (client == NULL)
                return CLI_USAGE;
        if (!operation_do(args, client, method, g_steal_pointer(&members), &result, error))
                return CLI_FAILED;
        list = result;
        if (member != NULL && result != NULL && JSON_NODE_HOLDS_OBJECT(result))
                list = json_object_get_member(json_node_get_object(result), member);
        if (list == NULL || !JSON_NODE_HOLDS_ARRAY(list)) {
                g_set_error_literal(error, CLI_ERROR, CLI_FAILED, "the daemon's answer is no list");
                return CLI_FAILED;
        }
        for (unsigned i = 0; i < json_array_get_length(json_node_get_array(list)); i++)
                if (!JSON_NODE_HOLDS_OBJECT(json_array_get_element(json_node_get_array(list), i))) {
                        g_set_error_literal(error, CLI_ERROR, CLI_FAILED,
                                            "the daemon's answer is no list of objects");
                        return CLI_FAILED;
                }
        if (!field_check_all(fields, json_node_get_array(list), error))
                return CLI_FAILED;
        rows = field_select(json_node_get_array(list), NULL, sort, !field_is_text(sort));
        field_print(columns, rows, look.format, look.unit, look.header);
        return CLI_OK;
}
