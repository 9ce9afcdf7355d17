/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat vm clone: one clone or dozens, what became of each, and how long it took. */
#include <string.h>

#include "cli/daemon-json.h"
#include "cli/operation.h"
#include "cli/vm.h"

#define CLONES_MAX    1000
#define IN_FLIGHT_MAX 16

static const CliColumn columns[] = {
        {.title = "NAME", .field = "name", .text = true},
        {.title = "STATE", .field = "state", .text = true},
        {.title = "SECONDS", .field = "seconds"},
        {.title = "REASON", .field = "error", .text = true},
        {.title = NULL},
};

static void add_text_if(JsonObject *body, const char *member, const char *text)
{
        if (text != NULL)
                json_object_set_string_member(body, member, text);
}

/* Names with commas between them. */
static bool add_list(JsonObject *body, const char *member, const char *text, GError **error)
{
        g_auto(GStrv) words = g_strsplit(text, ",", -1);
        g_autoptr(JsonArray) array = json_array_new();

        for (char **word = words; *word != NULL; word++) {
                if (**word == '\0') {
                        g_set_error(error, CLI_ERROR, CLI_USAGE,
                                    "--copy-attributes takes names with commas between them, not \"%s\"",
                                    text);
                        return false;
                }
                json_array_add_string_element(array, *word);
        }
        json_object_set_array_member(body, member, g_steal_pointer(&array));
        return true;
}

static void add_names(const CliArgs *args, JsonObject *body)
{
        JsonArray *names = json_array_new();

        for (unsigned i = 1; i < args->operands->len; i++)
                json_array_add_string_element(names, args->operands->pdata[i]);
        json_object_set_array_member(body, "names", names);
}

static JsonObject *read_body(const CliArgs *args, GError **error)
{
        g_autoptr(JsonObject) body = json_object_new();
        const char *attributes = cli_args_get(args, "copy-attributes");
        const char *customization = cli_args_get(args, "customization");
        uint64_t count = 0, in_flight = 0;

        if (!cli_args_uint(args, "count", 1, CLONES_MAX, &count, error) ||
            !cli_args_uint(args, "in-flight", 1, IN_FLIGHT_MAX, &in_flight, error))
                return NULL;
        if ((count > 0) == (args->operands->len > 1)) {
                g_set_error(
                        error, CLI_ERROR, CLI_USAGE,
                        "say what the clones are to be called, or with --count how many there are to be");
                return NULL;
        }
        json_object_set_string_member(body, "vm", args->operands->pdata[0]);
        if (count > 0)
                json_object_set_int_member(body, "count", (int64_t)count);
        else
                add_names(args, body);
        if (in_flight > 0)
                json_object_set_int_member(body, "in_flight", (int64_t)in_flight);
        add_text_if(body, "prefix", cli_args_get(args, "prefix"));
        add_text_if(body, "folder", cli_args_get(args, "folder"));
        add_text_if(body, "datastore", cli_args_get(args, "datastore"));
        add_text_if(body, "snapshot", cli_args_get(args, "snapshot"));
        if (customization != NULL)
                json_object_set_string_member(body, "customization",
                                              strcmp(customization, "none") == 0 ? "" : customization);
        if (attributes != NULL && !add_list(body, "attributes", attributes, error))
                return NULL;
        json_object_set_boolean_member(body, "linked", !cli_args_has(args, "full"));
        json_object_set_boolean_member(body, "power_on", cli_args_has(args, "power-on"));
        json_object_set_boolean_member(body, "template", cli_args_has(args, "template"));
        json_object_set_boolean_member(body, "what_if", cli_args_has(args, "what-if"));
        json_object_set_boolean_member(body, "new", cli_args_has(args, "new"));
        return g_steal_pointer(&body);
}

static bool is_made(const char *state)
{
        return strcmp(state, "made") == 0 || strcmp(state, "made before") == 0;
}

/* Adds the clones to the table; how many of them are there. */
static unsigned fill(CliTable *table, JsonArray *clones)
{
        unsigned made = 0;

        for (unsigned i = 0; i < json_array_get_length(clones); i++) {
                JsonNode *node = json_array_get_element(clones, i);
                JsonObject *clone = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
                const char *name = clone != NULL ? daemon_json_text(clone, "name") : NULL;
                const char *state = clone != NULL ? daemon_json_text(clone, "state") : NULL;
                const char *reason = clone != NULL ? daemon_json_text(clone, "error") : NULL;
                GPtrArray *cells;

                if (name == NULL || state == NULL)
                        continue;
                made += is_made(state);
                cells = g_ptr_array_new_with_free_func(g_free);
                g_ptr_array_add(cells, cli_escape(name));
                g_ptr_array_add(cells, cli_escape(state));
                g_ptr_array_add(cells, g_strdup_printf("%.2f", daemon_json_double_or_0(clone, "seconds")));
                g_ptr_array_add(cells, cli_escape(reason != NULL ? reason : ""));
                cli_table_add(table, cells);
        }
        return made;
}

static void print(JsonNode *node, const DaemonLook *look)
{
        JsonObject *report = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
        g_autoptr(CliTable) table = cli_table_new(columns);
        JsonNode *clones = report != NULL ? json_object_get_member(report, "clones") : NULL;
        const char *parent;
        unsigned made;

        if (look->format == CLI_FORMAT_JSON || clones == NULL || !JSON_NODE_HOLDS_ARRAY(clones)) {
                cli_json_print_node(stdout, node, true);
                putchar('\n');
                return;
        }
        made = fill(table, json_node_get_array(clones));
        if (look->format == CLI_FORMAT_CSV) {
                cli_table_print_csv(table, stdout, look->header);
                return;
        }
        (void)cli_table_print(table, stdout,
                              &(CliTableLook){.header = look->header, .bold = cli_may_style(stdout)});
        parent = daemon_json_text(report, "parent");
        if (daemon_json_is_true(report, "what_if")) {
                printf("Nothing was made: this is what would be.\n");
                return;
        }
        if (daemon_json_is_true(report, "goes_on"))
                printf("This went on with what an earlier call had begun.\n");
        printf("%u of %u %s clones of %s, in %.1f s\n", made,
               json_array_get_length(json_node_get_array(clones)),
               daemon_json_is_true(report, "linked") ? "linked" : "full", parent != NULL ? parent : "it",
               daemon_json_double_or_0(report, "seconds"));
}

CliStatus vm_clone(const CliArgs *args, GError **error)
{
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonObject) body = NULL;
        g_autoptr(JsonNode) result = NULL;
        DaemonLook look;
        bool done;

        if (!daemon_read_look(args, &look, error))
                return CLI_USAGE;
        body = read_body(args, error);
        client = body != NULL ? api_client_new(args, error) : NULL;
        if (client == NULL)
                return CLI_USAGE;
        done = operation_do(args, client, "CloneVM", g_steal_pointer(&body), &result, error);
        if (result != NULL)
                print(result, &look);
        return done ? CLI_OK : CLI_FAILED;
}
