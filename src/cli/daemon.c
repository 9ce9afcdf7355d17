/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the commands that ask the daemon have in common. */
#include "cli/daemon.h"
#include "cli/operation.h"

#include <string.h>

#include "cli/memory.h"

#define SHARES_MAX 1000000
#define MIB        (UINT64_C(1) << 20)

const char *const daemon_show_formats[] = {"table", "json", NULL};

static bool has_option(const CliArgs *args, const char *name)
{
        for (const CliOption *o = args->verb->options; o->name != NULL; o++)
                if (strcmp(o->name, name) == 0)
                        return true;
        return false;
}

bool daemon_read_look(const CliArgs *args, DaemonLook *ret, GError **error)
{
        unsigned format = CLI_FORMAT_TABLE, unit = CLI_UNIT_AUTO;

        if (!cli_args_choice(args, "format", cli_format_names, &format, error) ||
            (has_option(args, "unit") && !cli_args_choice(args, "unit", cli_unit_names, &unit, error)))
                return false;
        *ret = (DaemonLook){.format = (CliFormat)format,
                            .unit = (CliUnit)unit,
                            .header = !has_option(args, "no-header") || !cli_args_has(args, "no-header")};
        return true;
}

void daemon_tell_change(const char *object, const char *what, const char *before, const char *after,
                        bool what_if)
{
        g_autofree char *o = cli_escape(object), *b = cli_escape(before), *a = cli_escape(after);

        printf("%s%s: %s: ", what_if ? "What if: " : "", o, what);
        if (strcmp(a, b) == 0)
                printf("%s, as before\n", a);
        else
                printf("%s -> %s\n", b, a);
}

bool daemon_check_shares(const char *text, GError **error)
{
        g_autofree char *shown = g_strescape(text, NULL);

        if (strcmp(text, "low") == 0 || strcmp(text, "normal") == 0 || strcmp(text, "high") == 0 ||
            g_ascii_string_to_unsigned(text, 10, 1, SHARES_MAX, NULL, NULL))
                return true;
        g_set_error(error, CLI_ERROR, CLI_USAGE, "--shares is low, normal, high, or 1 to %d, not \"%s\"",
                    SHARES_MAX, shown);
        return false;
}

bool daemon_parse_mb(const char *text, const char *option, bool none_allowed, uint64_t memory_bytes,
                     int64_t *ret_mb, GError **error)
{
        CliSize size;

        if (!cli_parse_size(text, option, none_allowed, &size, error))
                return false;
        if (size.kind == CLI_SIZE_NONE) {
                *ret_mb = -1;
                return true;
        }
        if (size.kind == CLI_SIZE_PERCENT && memory_bytes == 0) {
                g_set_error(error, CLI_ERROR, CLI_USAGE, "%s is a size such as 512M here, not a percentage",
                            option);
                return false;
        }
        if (size.kind == CLI_SIZE_PERCENT)
                size.bytes = (uint64_t)(size.percent / 100 * (double)memory_bytes) / MIB * MIB;
        if (size.bytes % MIB != 0) {
                g_autofree char *shown = g_strescape(text, NULL);

                g_set_error(error, CLI_ERROR, CLI_USAGE, "%s %s is not a whole number of megabytes%s",
                            option, shown, size.bytes < MIB ? "; a number without a unit is bytes" : "");
                return false;
        }
        *ret_mb = (int64_t)(size.bytes / MIB);
        return true;
}

char *daemon_format_mb(int64_t mb, const char *none_word)
{
        return mb < 0 ? g_strdup(none_word) : cli_format_size_exact((uint64_t)mb * MIB);
}

/* Prints members that begin with prefix; one that cannot be typed as it is shown is not offered. */
static void offer(JsonArray *objects, const char *member, const char *prefix)
{
        for (guint i = 0; objects != NULL && i < json_array_get_length(objects); i++) {
                const char *text = daemon_json_text(json_array_get_object_element(objects, i), member);
                g_autofree char *shown = text != NULL ? cli_escape(text) : NULL;

                if (text != NULL && strcmp(shown, text) == 0 && g_str_has_prefix(text, prefix))
                        puts(text);
        }
}

static void complete_operation(const char *operation, const char *member, const char *prefix)
{
        g_autoptr(ApiClient) client = api_client_new_quick();
        g_autoptr(JsonArray) objects =
                client != NULL ? operation_list(client, operation, json_object_new(), NULL) : NULL;

        offer(objects, member, prefix);
}

void vm_complete(const char *prefix)
{
        complete_operation("ListVMs", "name", prefix);
}

void folder_complete(const char *prefix)
{
        complete_operation("ListFolders", "path", prefix);
}

void switch_complete(const char *prefix)
{
        complete_operation("ListVirtualSwitches", "name", prefix);
}

void portgroup_complete(const char *prefix)
{
        complete_operation("ListPortGroups", "name", prefix);
}

void datastore_complete(const char *prefix)
{
        complete_operation("ListDatastores", "name", prefix);
}

void attribute_complete(const char *prefix)
{
        complete_operation("ListCustomFields", "name", prefix);
}

void pool_complete(const char *prefix)
{
        g_autoptr(ApiClient) client = api_client_new_quick();
        g_autoptr(JsonArray) pools = client != NULL ? memory_pools(client, NULL) : NULL;

        offer(pools, "path", prefix);
}
