/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat customization: specifications, listed, shown, made, changed, deleted, checked. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "cli/daemon-json.h"
#include "cli/daemon.h"
#include "cli/operation.h"

/* As the daemon has it; what is longer is not sent. */
#define TEXT_MAX (256u << 10)

static CliStatus customization_list(const CliArgs *args, GError **error);
static CliStatus customization_show(const CliArgs *args, GError **error);
static CliStatus customization_create(const CliArgs *args, GError **error);
static CliStatus customization_set(const CliArgs *args, GError **error);
static CliStatus customization_delete(const CliArgs *args, GError **error);
static CliStatus customization_rename(const CliArgs *args, GError **error);
static CliStatus customization_check(const CliArgs *args, GError **error);

/* clang-format off */
static const CliOption list_options[] = {
        OPTION_FORMAT,
        OPTION_NO_HEADER,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption plain_options[] = {
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption change_options[] = {
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

#define NOTES_FILE "FILE is JSON, as aerostat-customization(1) describes it; \"-\" is standard input."

const CliVerb customization_verbs[] = {
        {
                .name = "list",
                .summary = "List the customization specifications",
                .options = list_options,
                .run = customization_list,
        },
        {
                .name = "show",
                .summary = "Print a specification, as it can be given to set",
                .operands = "NAME",
                .operands_min = 1,
                .operands_max = 1,
                .options = plain_options,
                .run = customization_show,
                .complete_operand = customization_complete,
        },
        {
                .name = "create",
                .summary = "Make a specification",
                .operands = "NAME FILE",
                .operands_min = 2,
                .operands_max = 2,
                .options = change_options,
                .notes = NOTES_FILE,
                .run = customization_create,
        },
        {
                .name = "set",
                .summary = "Give a specification another content",
                .operands = "NAME FILE",
                .operands_min = 2,
                .operands_max = 2,
                .options = change_options,
                .notes = NOTES_FILE " VMs that were customized with it stay as they are.",
                .run = customization_set,
                .complete_operand = customization_complete,
        },
        {
                .name = "rename",
                .summary = "Give a specification another name",
                .operands = "NAME NEW-NAME",
                .operands_min = 2,
                .operands_max = 2,
                .options = plain_options,
                .run = customization_rename,
                .complete_operand = customization_complete,
        },
        {
                .name = "delete",
                .summary = "Delete specifications",
                .operands = "NAME...",
                .operands_min = 1,
                .operands_max = UINT_MAX,
                .options = change_options,
                .run = customization_delete,
                .complete_operand = customization_complete,
        },
        {
                .name = "check",
                .summary = "Say what is wrong with a file, or nothing",
                .operands = "FILE",
                .operands_min = 1,
                .operands_max = 1,
                .options = plain_options,
                .notes = NOTES_FILE,
                .run = customization_check,
        },
        {.name = NULL},
};
/* clang-format on */

/* --- the list --- */

static const CliColumn columns[] = {
        {.title = "NAME", .field = "name", .text = true},
        {.title = "BY", .field = "by", .text = true},
        {.title = "HOST NAME", .field = "host_name", .text = true},
        {.title = "CARDS", .field = "cards"},
        {.title = "USERS", .field = "users"},
        {.title = "COMMANDS", .field = "commands"},
        {.title = "VMS", .field = "vms"},
        {.title = "ADDRESSES LEFT", .field = "addresses_left"},
        {.title = NULL},
};

static char *text_cell(JsonObject *object, const char *member)
{
        const char *text = object != NULL ? daemon_json_text(object, member) : NULL;

        return cli_escape(text != NULL ? text : "");
}

static char *count_cell(JsonObject *object, const char *member)
{
        JsonNode *node = object != NULL ? json_object_get_member(object, member) : NULL;

        if (node == NULL || !JSON_NODE_HOLDS_ARRAY(node))
                return g_strdup("0");
        return g_strdup_printf("%u", json_array_get_length(json_node_get_array(node)));
}

static void add_row(CliTable *table, JsonObject *entry)
{
        JsonObject *spec = daemon_json_object(entry, "spec");
        GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
        uint64_t left;

        g_ptr_array_add(cells, text_cell(entry, "name"));
        g_ptr_array_add(cells, text_cell(spec, "by"));
        g_ptr_array_add(cells, text_cell(spec, "host_name"));
        g_ptr_array_add(cells, count_cell(spec, "cards"));
        g_ptr_array_add(cells, count_cell(spec, "users"));
        g_ptr_array_add(cells, count_cell(spec, "commands"));
        g_ptr_array_add(cells, g_strdup_printf("%" PRIu64, daemon_json_uint_or_0(entry, "vms")));
        if (daemon_json_uint(entry, "addresses_left", &left) == DAEMON_GIVEN)
                g_ptr_array_add(cells, g_strdup_printf("%" PRIu64, left));
        else
                g_ptr_array_add(cells, g_strdup(""));
        cli_table_add(table, cells);
}

static CliStatus customization_list(const CliArgs *args, GError **error)
{
        g_autoptr(CliTable) table = cli_table_new(columns);
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonNode) result = NULL;
        JsonArray *entries;
        DaemonLook look;

        if (!daemon_read_look(args, &look, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        if (client == NULL)
                return CLI_USAGE;
        if (!operation_ask(client, "ListCustomizationSpecs", json_object_new(), &result, error))
                return CLI_FAILED;
        if (result == NULL || !JSON_NODE_HOLDS_ARRAY(result)) {
                g_set_error(error, CLI_ERROR, CLI_FAILED, "the daemon's answer is no list");
                return CLI_FAILED;
        }
        if (look.format == CLI_FORMAT_JSON) {
                cli_json_print_node(stdout, result, true);
                putchar('\n');
                return CLI_OK;
        }
        entries = json_node_get_array(result);
        for (unsigned i = 0; i < json_array_get_length(entries); i++) {
                JsonNode *node = json_array_get_element(entries, i);

                if (JSON_NODE_HOLDS_OBJECT(node))
                        add_row(table, json_node_get_object(node));
        }
        if (look.format == CLI_FORMAT_CSV)
                cli_table_print_csv(table, stdout, look.header);
        else
                (void)cli_table_print(table, stdout,
                                      &(CliTableLook){.header = look.header, .bold = cli_may_style(stdout)});
        return CLI_OK;
}

/* --- one --- */

static CliStatus customization_show(const CliArgs *args, GError **error)
{
        g_autoptr(ApiClient) client = api_client_new(args, error);
        g_autoptr(JsonObject) body = json_object_new();
        g_autoptr(JsonNode) result = NULL;
        JsonObject *object;

        if (client == NULL)
                return CLI_USAGE;
        json_object_set_string_member(body, "name", args->operands->pdata[0]);
        if (!operation_ask(client, "GetCustomizationSpec", g_steal_pointer(&body), &result, error))
                return CLI_FAILED;
        object = result != NULL && JSON_NODE_HOLDS_OBJECT(result) ? json_node_get_object(result) : NULL;
        if (object == NULL || daemon_json_object(object, "spec") == NULL) {
                g_set_error(error, CLI_ERROR, CLI_FAILED, "the daemon's answer has no specification");
                return CLI_FAILED;
        }
        cli_json_print_node(stdout, json_object_get_member(object, "spec"), true);
        putchar('\n');
        return CLI_OK;
}

/* The text of a file, or of standard input. */
static char *read_file(const char *path, GError **error)
{
        bool standard = strcmp(path, "-") == 0;
        g_autofree char *text = g_malloc(TEXT_MAX + 2), *shown = cli_escape(path);
        FILE *file = standard ? stdin : fopen(path, "re");
        int wrong = 0;
        size_t size;

        if (file == NULL) {
                g_set_error(error, CLI_ERROR, CLI_FAILED, "%s: %s", shown, g_strerror(errno));
                return NULL;
        }
        errno = 0;
        size = fread(text, 1, TEXT_MAX + 1, file);
        if (ferror(file))
                wrong = errno;
        if (!standard)
                (void)fclose(file);
        if (wrong != 0) {
                g_set_error(error, CLI_ERROR, CLI_FAILED, "%s: %s", shown, g_strerror(wrong));
                return NULL;
        }
        text[size] = '\0';
        if (size > TEXT_MAX || strlen(text) != size || !g_utf8_validate(text, -1, NULL)) {
                g_set_error(error, CLI_ERROR, CLI_FAILED,
                            "%s is no specification: that is JSON, in UTF-8, of 256 KiB at most", shown);
                return NULL;
        }
        return g_steal_pointer(&text);
}

/* name NULL: for a method that has none. */
static bool send_text(const CliArgs *args, const char *method, const char *name, const char *path,
                      GError **error)
{
        g_autofree char *text = read_file(path, error);
        g_autoptr(ApiClient) client = text != NULL ? api_client_new(args, error) : NULL;
        g_autoptr(JsonNode) result = NULL;
        JsonObject *body;

        if (client == NULL)
                return false;
        body = json_object_new();
        if (name != NULL)
                json_object_set_string_member(body, "name", name);
        json_object_set_string_member(body, "text", text);
        return operation_ask(client, method, body, &result, error);
}

/* With --what-if the file is checked, and no more. */
static CliStatus create_or_set(const CliArgs *args, const char *method, const char *done, GError **error)
{
        const char *name = args->operands->pdata[0], *path = args->operands->pdata[1];
        bool what_if = cli_args_has(args, "what-if");
        g_autofree char *shown = cli_escape(name);

        if (what_if ? !send_text(args, "CheckCustomizationSpec", NULL, path, error)
                    : !send_text(args, method, name, path, error))
                return CLI_FAILED;
        printf("%s%s: %s\n", what_if ? "What if: " : "", shown, done);
        return CLI_OK;
}

static CliStatus customization_create(const CliArgs *args, GError **error)
{
        return create_or_set(args, "CreateCustomizationSpec", "made", error);
}

static CliStatus customization_set(const CliArgs *args, GError **error)
{
        return create_or_set(args, "OverwriteCustomizationSpec", "changed", error);
}

static CliStatus customization_check(const CliArgs *args, GError **error)
{
        return send_text(args, "CheckCustomizationSpec", NULL, args->operands->pdata[0], error) ? CLI_OK
                                                                                                : CLI_FAILED;
}

static CliStatus customization_rename(const CliArgs *args, GError **error)
{
        g_autoptr(ApiClient) client = api_client_new(args, error);
        g_autofree char *shown = cli_escape(args->operands->pdata[0]),
                        *to_shown = cli_escape(args->operands->pdata[1]);
        g_autoptr(JsonNode) result = NULL;
        JsonObject *body;

        if (client == NULL)
                return CLI_USAGE;
        body = json_object_new();
        json_object_set_string_member(body, "name", args->operands->pdata[0]);
        json_object_set_string_member(body, "to", args->operands->pdata[1]);
        if (!operation_ask(client, "RenameCustomizationSpec", body, &result, error))
                return CLI_FAILED;
        printf("%s: renamed to %s\n", shown, to_shown);
        return CLI_OK;
}

static bool delete_one(const CliArgs *args, ApiClient *client, const char *name, GError **error)
{
        const char *method =
                cli_args_has(args, "what-if") ? "GetCustomizationSpec" : "DeleteCustomizationSpec";
        g_autofree char *shown = cli_escape(name);
        g_autoptr(JsonNode) result = NULL;
        JsonObject *body = json_object_new();

        json_object_set_string_member(body, "name", name);
        if (!operation_ask(client, method, body, &result, error))
                return false;
        printf("%s%s: deleted\n", cli_args_has(args, "what-if") ? "What if: " : "", shown);
        return true;
}

/* Every one is tried; the status is that of the last that failed. */
static CliStatus customization_delete(const CliArgs *args, GError **error)
{
        g_autoptr(ApiClient) client = api_client_new(args, error);
        CliStatus status = CLI_OK;

        if (client == NULL)
                return CLI_USAGE;
        for (unsigned i = 0; i < args->operands->len; i++) {
                g_autoptr(GError) wrong = NULL;

                if (delete_one(args, client, args->operands->pdata[i], &wrong))
                        continue;
                (void)fflush(stdout);
                fprintf(stderr, "aerostat: not deleted: %s\n", wrong->message);
                status = (CliStatus)wrong->code;
        }
        return status;
}

void customization_complete(const char *prefix)
{
        g_autoptr(ApiClient) client = api_client_new_quick();
        g_autoptr(JsonNode) result = NULL;
        JsonArray *entries;

        if (client == NULL ||
            !operation_ask(client, "ListCustomizationSpecs", json_object_new(), &result, NULL) ||
            result == NULL || !JSON_NODE_HOLDS_ARRAY(result))
                return;
        entries = json_node_get_array(result);
        for (unsigned i = 0; i < json_array_get_length(entries); i++) {
                JsonNode *node = json_array_get_element(entries, i);
                const char *name = JSON_NODE_HOLDS_OBJECT(node)
                                           ? daemon_json_text(json_node_get_object(node), "name")
                                           : NULL;
                g_autofree char *shown = name != NULL ? cli_escape(name) : NULL;

                /* One that cannot be typed as it is shown is not offered. */
                if (name != NULL && strcmp(name, shown) == 0 && g_str_has_prefix(name, prefix))
                        puts(name);
        }
}
