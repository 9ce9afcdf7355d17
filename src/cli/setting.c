/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat setting: the host's settings, by ESX's names. */
#include <limits.h>
#include <string.h>

#include "cli/daemon.h"
#include "cli/options.h"

static CliStatus setting_list(const CliArgs *args, GError **error);
static CliStatus setting_get(const CliArgs *args, GError **error);
static CliStatus setting_set(const CliArgs *args, GError **error);
static void complete_setting(const char *prefix);

/* clang-format off */
static const CliOption list_options[] = {
        OPTION_FORMAT,
        OPTION_NO_HEADER,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption get_options[] = {
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption set_options[] = {
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

const CliVerb setting_verbs[] = {
        {
                .name = "list",
                .summary = "List the settings, what they are for, and what they may be",
                .options = list_options,
                .run = setting_list,
        },
        {
                .name = "get",
                .summary = "Print the values of settings",
                .operands = "NAME...",
                .operands_min = 1,
                .operands_max = UINT_MAX,
                .options = get_options,
                .run = setting_get,
                .complete_operand = complete_setting,
        },
        {
                .name = "set",
                .summary = "Change settings",
                .operands = "NAME=VALUE...",
                .operands_min = 1,
                .operands_max = UINT_MAX,
                .options = set_options,
                .notes = "VALUE is a number, or default. One setting may be given as NAME VALUE, too. Several\n"
                         "are changed together, or none.",
                .run = setting_set,
                .complete_operand = complete_setting,
        },
        {.name = NULL},
};
/* clang-format on */

static const Field fields[] = {
        {"NAME", "name", FIELD_TEXT, NULL, NULL},        {"VALUE", "value", FIELD_COUNT, NULL, NULL},
        {"DEFAULT", "default", FIELD_COUNT, NULL, NULL}, {"MIN", "min", FIELD_COUNT, NULL, NULL},
        {"MAX", "max", FIELD_COUNT, NULL, NULL},         {"UNIT", "unit", FIELD_TEXT, NULL, NULL},
        {"HELP", "help", FIELD_TEXT, NULL, NULL},        {NULL, NULL, FIELD_TEXT, NULL, NULL},
};

static void complete_setting(const char *prefix)
{
        g_autoptr(ApiClient) client = api_client_new_quick();
        g_autoptr(JsonArray) settings = client != NULL ? options_list(client, NULL) : NULL;

        for (guint i = 0; settings != NULL && i < json_array_get_length(settings); i++) {
                g_autofree char *name = field_text(json_array_get_object_element(settings, i), "name");

                /* ESX's administrators type them in any case. */
                if (g_ascii_strncasecmp(name, prefix, strlen(prefix)) == 0)
                        puts(name);
        }
}

static JsonArray *get_settings(ApiClient *client, GError **error)
{
        g_autoptr(JsonArray) settings = options_list(client, error);

        if (settings == NULL || !field_check_all(fields, settings, error))
                return NULL;
        return g_steal_pointer(&settings);
}

/* In any case, as ESX takes them. */
static JsonObject *find_setting(JsonArray *settings, const char *name, GError **error)
{
        g_autofree char *hint = NULL, *shown = cli_escape(name), *lower = g_ascii_strdown(name, -1);
        g_autoptr(GPtrArray) lowered = g_ptr_array_new_with_free_func(g_free);
        CliNearest nearest = {.word = lower};
        const char *meant = NULL;

        for (guint i = 0; i < json_array_get_length(settings); i++) {
                JsonObject *setting = json_array_get_object_element(settings, i);
                const char *there = daemon_json_text(setting, "name"), *before = nearest.found;

                if (g_ascii_strcasecmp(there, name) == 0)
                        return setting;
                g_ptr_array_add(lowered, g_ascii_strdown(there, -1));
                cli_nearest_offer(&nearest, lowered->pdata[i]);
                /* "IdleTax" is a slip, too, though many letters are missing. */
                if (g_str_has_prefix(lowered->pdata[i], "mem.") &&
                    strcmp((const char *)lowered->pdata[i] + strlen("mem."), lower) == 0)
                        nearest = (CliNearest){.word = lower, .found = lowered->pdata[i]};
                if (nearest.found != before)
                        meant = there;
        }
        if (meant != NULL) {
                g_autofree char *safe = cli_escape(meant);

                hint = g_strdup_printf("; did you mean %s?", safe);
        }
        g_set_error(error, CLI_ERROR, CLI_NOT_FOUND, "there is no setting %s%s", shown,
                    hint != NULL ? hint : "; 'aerostat setting list' shows what there is");
        return NULL;
}

static CliStatus setting_list(const CliArgs *args, GError **error)
{
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonArray) settings = NULL;
        g_autoptr(GPtrArray) columns = field_find_list(fields, "all", "", NULL), rows = NULL;
        DaemonLook look;

        if (!daemon_read_look(args, &look, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        settings = client != NULL ? get_settings(client, error) : NULL;
        if (settings == NULL)
                return CLI_FAILED;
        rows = field_select(settings, NULL, NULL, false);
        field_print(columns, rows, look.format, look.unit, look.header);
        return CLI_OK;
}

static CliStatus setting_get(const CliArgs *args, GError **error)
{
        g_autoptr(ApiClient) client = api_client_new(args, error);
        g_autoptr(JsonArray) settings = client != NULL ? get_settings(client, error) : NULL;
        g_autoptr(GPtrArray) found = g_ptr_array_new();

        for (unsigned i = 0; i < args->operands->len; i++) {
                JsonObject *setting =
                        settings != NULL ? find_setting(settings, args->operands->pdata[i], error) : NULL;

                if (setting == NULL)
                        return CLI_FAILED;
                g_ptr_array_add(found, setting);
        }
        for (unsigned i = 0; i < found->len; i++)
                printf("%" G_GUINT64_FORMAT "\n", daemon_json_uint_or_0(found->pdata[i], "value"));
        return CLI_OK;
}

/* The names and values that the operands hold, in turn. */
static GPtrArray *split_operands(const CliArgs *args, GError **error)
{
        g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
        const GPtrArray *operands = args->operands;

        if (operands->len == 2 && strchr(operands->pdata[0], '=') == NULL) {
                g_ptr_array_add(words, g_strdup(operands->pdata[0]));
                g_ptr_array_add(words, g_strdup(operands->pdata[1]));
                return g_steal_pointer(&words);
        }
        for (unsigned i = 0; i < operands->len; i++) {
                const char *operand = operands->pdata[i], *equals = strchr(operand, '=');

                if (equals == NULL || equals == operand) {
                        g_autofree char *shown = g_strescape(operand, NULL);

                        g_set_error(error, CLI_ERROR, CLI_USAGE,
                                    "settings are given as NAME=VALUE, not \"%s\"", shown);
                        return NULL;
                }
                g_ptr_array_add(words, g_strndup(operand, (size_t)(equals - operand)));
                g_ptr_array_add(words, g_strdup(equals + 1));
        }
        return g_steal_pointer(&words);
}

static bool read_value(JsonObject *setting, const char *text, uint64_t *ret, GError **error)
{
        uint64_t min = daemon_json_uint_or_0(setting, "min"), max = INT64_MAX;
        g_autofree char *name = field_text(setting, "name"), *unit = field_text(setting, "unit"),
                        *shown = g_strescape(text, NULL);
        guint64 value = 0;

        if (strcmp(text, "default") == 0) {
                *ret = daemon_json_uint_or_0(setting, "default");
                return true;
        }
        (void)daemon_json_uint(setting, "max", &max);
        if (g_ascii_string_to_unsigned(text, 10, min, max, &value, NULL)) {
                *ret = value;
                return true;
        }
        g_set_error(error, CLI_ERROR, CLI_USAGE,
                    "%s is a whole number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
                    "%s%s, or default, "
                    "not \"%s\"",
                    name, min, max, unit[0] != '\0' ? " " : "", unit, shown);
        return false;
}

static CliStatus setting_set(const CliArgs *args, GError **error)
{
        g_autoptr(GPtrArray) words = split_operands(args, error), found = g_ptr_array_new();
        g_autoptr(ApiClient) client = words != NULL ? api_client_new(args, error) : NULL;
        g_autoptr(JsonArray) settings = client != NULL ? get_settings(client, error) : NULL;
        g_autoptr(JsonObject) body = json_object_new();
        bool what_if = cli_args_has(args, "what-if");

        if (settings == NULL)
                return CLI_FAILED;
        for (unsigned i = 0; i < words->len; i += 2) {
                JsonObject *setting = find_setting(settings, words->pdata[i], error);
                uint64_t value = 0;

                if (setting == NULL || !read_value(setting, words->pdata[i + 1], &value, error))
                        return CLI_FAILED;
                if (json_object_has_member(body, daemon_json_text(setting, "name"))) {
                        g_autofree char *name = field_text(setting, "name");

                        g_set_error(error, CLI_ERROR, CLI_USAGE, "%s is given twice", name);
                        return CLI_USAGE;
                }
                json_object_set_int_member(body, daemon_json_text(setting, "name"), (gint64)value);
                g_ptr_array_add(found, setting);
        }

        if (!what_if && !options_set(client, body, error))
                return CLI_FAILED;
        for (unsigned i = 0; i < found->len; i++) {
                const char *name = daemon_json_text(found->pdata[i], "name");
                g_autofree char *before = g_strdup_printf("%" G_GUINT64_FORMAT,
                                                          daemon_json_uint_or_0(found->pdata[i], "value")),
                                *after = g_strdup_printf("%" G_GINT64_FORMAT,
                                                         json_object_get_int_member(body, name));

                daemon_tell_change(name, "value", before, after, what_if);
        }
        return CLI_OK;
}
