/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat portgroup apply: a whole table at once. */
#include <errno.h>
#include <string.h>

#include "cli/portgroup.h"

/* What the daemon takes. */
#define TABLE_MAX (1u << 20)

static bool read_all(FILE *file, const char *shown, GString *text, GError **error)
{
        char buffer[4096];
        size_t n;

        while ((n = fread(buffer, 1, sizeof(buffer), file)) > 0 && text->len <= TABLE_MAX)
                g_string_append_len(text, buffer, (gssize)n);
        if (ferror(file))
                g_set_error(error, CLI_ERROR, CLI_FAILED, "cannot read %s: %s", shown, g_strerror(errno));
        else if (text->len > TABLE_MAX)
                g_set_error(error, CLI_ERROR, CLI_USAGE, "%s is larger than %u bytes, which no table is",
                            shown, TABLE_MAX);
        else if (!g_utf8_validate(text->str, (gssize)text->len, NULL))
                g_set_error(error, CLI_ERROR, CLI_USAGE, "%s is no text in UTF-8", shown);
        else
                return true;
        return false;
}

static char *read_table(const char *path, GError **error)
{
        g_autofree char *shown = strcmp(path, "-") == 0 ? g_strdup("standard input") : cli_escape(path);
        g_autoptr(GString) text = g_string_new(NULL);
        FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
        bool ok;

        if (file == NULL) {
                g_set_error(error, CLI_ERROR, CLI_USAGE, "cannot open %s: %s", shown, g_strerror(errno));
                return NULL;
        }
        ok = read_all(file, shown, text, error);
        if (file != stdin)
                (void)fclose(file);
        return ok ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

/* "VLAN 10 on vSwitch0" */
static char *place(JsonObject *step, const char *vlan_member, const char *switch_member)
{
        const char *on = daemon_json_text(step, switch_member);

        return g_strdup_printf("VLAN %" G_GUINT64_FORMAT " on %s", daemon_json_uint_or_0(step, vlan_member),
                               on != NULL ? on : "?");
}

typedef struct Counts {
        unsigned made, changed, removed, kept;
} Counts;

static void tell_step(JsonObject *step, bool what_if, Counts *counts)
{
        const char *action = daemon_json_text(step, "action"), *name = daemon_json_text(step, "name");
        g_autofree char *shown = cli_escape(name != NULL ? name : "?");
        g_autofree char *after = place(step, "vlan", "switch"), *safe = cli_escape(after);
        const char *if_words = what_if ? "What if: " : "";

        if (g_strcmp0(action, "keep") == 0) {
                counts->kept++;
        } else if (g_strcmp0(action, "make") == 0) {
                counts->made++;
                printf("%s%s: made, %s\n", if_words, shown, safe);
        } else if (g_strcmp0(action, "remove") == 0) {
                counts->removed++;
                printf("%s%s: deleted, was %s\n", if_words, shown, safe);
        } else if (g_strcmp0(action, "change") == 0) {
                g_autofree char *before = place(step, "vlan_before", "switch_before"),
                                *before_safe = cli_escape(before);

                counts->changed++;
                printf("%s%s: %s -> %s\n", if_words, shown, before_safe, safe);
        }
}

static void tell(JsonNode *node, bool what_if)
{
        JsonObject *report = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
        JsonNode *steps = report != NULL ? json_object_get_member(report, "steps") : NULL;
        Counts counts = {0};

        if (steps == NULL || !JSON_NODE_HOLDS_ARRAY(steps))
                return;
        for (guint i = 0; i < json_array_get_length(json_node_get_array(steps)); i++) {
                JsonNode *step = json_array_get_element(json_node_get_array(steps), i);

                if (JSON_NODE_HOLDS_OBJECT(step))
                        tell_step(json_node_get_object(step), what_if, &counts);
        }
        printf("%s%u made, %u changed, %u deleted, %u as before\n", what_if ? "What if: " : "", counts.made,
               counts.changed, counts.removed, counts.kept);
}

CliStatus portgroup_apply(const CliArgs *args, GError **error)
{
        const char *on = cli_args_get(args, "switch");
        bool what_if = cli_args_has(args, "what-if"), done;
        g_autoptr(JsonObject) body = json_object_new();
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonNode) result = NULL;
        g_autofree char *table = NULL;
        unsigned json = 0;

        if (!cli_args_choice(args, "format", daemon_show_formats, &json, error) ||
            (table = read_table(args->operands->pdata[0], error)) == NULL ||
            (client = api_client_new(args, error)) == NULL)
                return CLI_USAGE;
        json_object_set_string_member(body, "table", table);
        if (on != NULL)
                json_object_set_string_member(body, "switch", on);
        json_object_set_boolean_member(body, "what_if", what_if);
        json_object_set_boolean_member(body, "remove_others", cli_args_has(args, "remove-others"));
        done = operation_do(args, client, "ApplyPortGroups", g_steal_pointer(&body), &result, error);
        if (result != NULL && json == 1) {
                cli_json_print_node(stdout, result, true);
                putchar('\n');
        } else if (result != NULL) {
                tell(result, what_if);
        }
        return done ? CLI_OK : CLI_FAILED;
}
