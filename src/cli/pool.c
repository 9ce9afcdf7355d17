/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat pool: resource pools, listed, made, changed, deleted. */
#include <limits.h>
#include <string.h>

#include "cli/daemon.h"
#include "cli/memory.h"
#include "cli/pool-call.h"

#define DEFAULT_COLUMNS "path,shares,resv,resvusd,resvfree,expand,limit,sztgt,cnsm,tchd,vms,pools"

static CliStatus pool_list(const CliArgs *args, GError **error);
static CliStatus pool_create(const CliArgs *args, GError **error);
static CliStatus pool_set(const CliArgs *args, GError **error);
static CliStatus pool_rename(const CliArgs *args, GError **error);
static CliStatus pool_delete(const CliArgs *args, GError **error);

static const char *const shares_levels[] = {"low", "normal", "high", NULL};
static const char *const yes_no[] = {"no", "yes", NULL};

static void complete_columns(const char *prefix)
{
        field_complete(pool_fields, prefix);
}

/* clang-format off */
#define OPTIONS_POOL \
        {"shares", "low|normal|high|N", shares_levels, false, "weight against VMs and pools beside it"}, \
        {"reservation", "SIZE", NULL, false, "host memory that what is in it has for certain"}, \
        {"limit", "SIZE|none", NULL, false, "host memory that what is in it never exceeds"}, \
        {"expandable", "yes|no", yes_no, false, \
         "whether reservations in it that do not fit are taken\n" \
         "from its parent"}

static const CliOption list_options[] = {
        {"columns", "LIST", NULL, false, "which, with commas between them, or all", .complete = complete_columns},
        {"sort", "COLUMN", NULL, false,
         "words upwards, numbers downwards; COLUMN:reverse turns\n"
         "that round (default path)",
         .complete = complete_columns},
        OPTION_FORMAT,
        OPTION_NO_HEADER,
        OPTION_UNIT,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption edit_options[] = {
        OPTIONS_POOL,
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption delete_options[] = {
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

const CliVerb pool_verbs[] = {
        {
                .name = "list",
                .summary = "List the resource pools",
                .options = list_options,
                .run = pool_list,
        },
        {
                .name = "create",
                .summary = "Make a resource pool",
                .operands = "PATH",
                .operands_min = 1,
                .operands_max = 1,
                .options = edit_options,
                .notes = "PATH is the path of the pool that it will be in, a slash, and its name: /prod/web.",
                .run = pool_create,
                .complete_operand = pool_complete,
        },
        {
                .name = "set",
                .summary = "Change resource pools",
                .operands = "PATH...",
                .operands_min = 1,
                .operands_max = UINT_MAX,
                .options = edit_options,
                .run = pool_set,
                .complete_operand = pool_complete,
        },
        {
                .name = "rename",
                .summary = "Give a resource pool another name",
                .operands = "PATH NEW-NAME",
                .operands_min = 2,
                .operands_max = 2,
                .options = delete_options,
                .notes = "It stays where it is: NEW-NAME is a name, not a path.",
                .run = pool_rename,
                .complete_operand = pool_complete,
        },
        {
                .name = "delete",
                .summary = "Delete resource pools that are empty",
                .operands = "PATH...",
                .operands_min = 1,
                .operands_max = UINT_MAX,
                .options = delete_options,
                .run = pool_delete,
                .complete_operand = pool_complete,
        },
        {.name = NULL},
};
/* clang-format on */

static CliStatus pool_list(const CliArgs *args, GError **error)
{
        const char *names = cli_args_get(args, "columns"), *order = cli_args_get(args, "sort");
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(GPtrArray) columns = NULL, rows = NULL;
        g_autoptr(JsonArray) pools = NULL;
        const Field *sort = NULL;
        bool reversed = false;
        DaemonLook look;

        if (!daemon_read_look(args, &look, error))
                return CLI_USAGE;
        if (names == NULL)
                names = look.format == CLI_FORMAT_CSV ? "all" : DEFAULT_COLUMNS;
        columns = field_find_list(pool_fields, names, "--columns", error);
        if (columns == NULL ||
            (order != NULL && !field_parse_sort(pool_fields, order, &sort, &reversed, error)))
                return CLI_USAGE;

        client = api_client_new(args, error);
        pools = client != NULL ? memory_pools(client, error) : NULL;
        if (pools == NULL || !field_check_all(pool_fields, pools, error))
                return CLI_FAILED;
        rows = field_select(pools, NULL, sort, reversed);
        field_print(columns, rows, look.format, look.unit, look.header);
        return CLI_OK;
}

static bool check_path(const char *path, GError **error)
{
        g_autofree char *shown = g_strescape(path, NULL);

        if (path[0] == '/' && g_utf8_validate(path, -1, NULL))
                return true;
        g_set_error(error, CLI_ERROR, CLI_USAGE,
                    "a pool's path begins with a slash, as /prod/web does, not \"%s\"", shown);
        return false;
}

static bool check_paths(const CliArgs *args, GError **error)
{
        for (unsigned i = 0; i < args->operands->len; i++)
                if (!check_path(args->operands->pdata[i], error))
                        return false;
        return true;
}

static bool set_mb(const CliArgs *args, const char *option, const char *member, bool none_allowed,
                   JsonObject *body, GError **error)
{
        g_autofree char *what = g_strconcat("--", option, NULL);
        const char *text = cli_args_get(args, option);
        int64_t mb = 0;

        if (text == NULL)
                return true;
        if (!daemon_parse_mb(text, what, none_allowed, 0, &mb, error))
                return false;
        json_object_set_int_member(body, member, mb);
        return true;
}

/* The members that options stand for. */
static JsonObject *read_wishes(const CliArgs *args, GError **error)
{
        g_autoptr(JsonObject) body = json_object_new();
        const char *shares = cli_args_get(args, "shares");
        unsigned expandable = 0;

        if ((shares != NULL && !daemon_check_shares(shares, error)) ||
            !set_mb(args, "reservation", "reservation_mb", false, body, error) ||
            !set_mb(args, "limit", "limit_mb", true, body, error) ||
            !cli_args_choice(args, "expandable", yes_no, &expandable, error))
                return NULL;
        if (shares != NULL)
                json_object_set_string_member(body, "shares", shares);
        if (cli_args_has(args, "expandable"))
                json_object_set_boolean_member(body, "expandable", expandable == 1);
        return g_steal_pointer(&body);
}

static char *format_wish(JsonObject *body, const char *member)
{
        const char *shares = daemon_json_text(body, member);

        if (shares != NULL)
                return g_strdup(shares);
        if (strcmp(member, "expandable") == 0)
                return g_strdup(json_object_get_boolean_member(body, member) ? "yes" : "no");
        return daemon_format_mb(json_object_get_int_member(body, member), "none");
}

/* How a pool has it now. */
static char *format_now(JsonObject *pool, const char *member, const char *wish)
{
        uint64_t value = 0;

        if (strcmp(member, "shares") == 0) {
                const char *level = daemon_json_text(pool, "shares_level");

                /* A number is compared with the number, a level with the level. */
                if (g_ascii_isdigit(wish[0]) || level == NULL || strcmp(level, "custom") == 0)
                        return g_strdup_printf("%" G_GUINT64_FORMAT, daemon_json_uint_or_0(pool, "shares"));
                return cli_escape(level);
        }
        if (strcmp(member, "expandable") == 0)
                return g_strdup(daemon_json_is_true(pool, member) ? "yes" : "no");
        if (daemon_json_uint(pool, strcmp(member, "limit_mb") == 0 ? "limit_bytes" : "reservation_bytes",
                             &value) == DAEMON_GIVEN)
                return cli_format_size_exact(value);
        return g_strdup("none");
}

static void tell(const char *path, JsonObject *body, JsonObject *before, bool what_if)
{
        static const char *const members[] = {"shares", "reservation_mb", "limit_mb", "expandable"};
        static const char *const names[] = {"shares", "reservation", "limit", "expandable"};

        for (unsigned i = 0; i < G_N_ELEMENTS(members); i++) {
                g_autofree char *wish = NULL, *old = NULL;

                if (!json_object_has_member(body, members[i]))
                        continue;
                wish = format_wish(body, members[i]);
                old = format_now(before, members[i], wish);
                daemon_tell_change(path, names[i], old, wish, what_if);
        }
}

static CliStatus pool_create(const CliArgs *args, GError **error)
{
        const char *path = args->operands->pdata[0];
        g_autofree char *shown = cli_escape(path);
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonObject) body = NULL;

        if (!check_paths(args, error))
                return CLI_USAGE;
        body = read_wishes(args, error);
        client = body != NULL ? api_client_new(args, error) : NULL;
        if (client == NULL)
                return CLI_USAGE;

        if (!cli_args_has(args, "what-if") && !pool_call_create(client, path, body, error))
                return CLI_FAILED;
        printf("%s%s: made\n", cli_args_has(args, "what-if") ? "What if: " : "", shown);
        return CLI_OK;
}

/* The pools that are named, as they are; all of them are there, or it is an error. */
static GPtrArray *find_pools(ApiClient *client, const GPtrArray *paths, GError **error)
{
        g_autoptr(JsonArray) pools = memory_pools(client, error);
        g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)json_object_unref);

        if (pools == NULL || !field_check_all(pool_fields, pools, error))
                return NULL;
        for (unsigned i = 0; i < paths->len; i++) {
                CliNearest nearest = {.word = paths->pdata[i]};

                for (guint p = 0; p < json_array_get_length(pools) && found->len == i; p++) {
                        JsonObject *pool = json_array_get_object_element(pools, p);

                        cli_nearest_offer(&nearest, daemon_json_text(pool, "path"));
                        if (strcmp(daemon_json_text(pool, "path"), paths->pdata[i]) == 0)
                                g_ptr_array_add(found, json_object_ref(pool));
                }
                if (found->len == i) {
                        g_autofree char *hint = cli_nearest_hint(&nearest, ""), *safe = cli_escape(hint),
                                        *shown = cli_escape(paths->pdata[i]);

                        g_set_error(error, CLI_ERROR, CLI_NOT_FOUND, "there is no pool %s%s", shown, safe);
                        return NULL;
                }
        }
        return g_steal_pointer(&found);
}

/* Says what did not work for one of several. */
static CliStatus report(const char *path, const char *what, const GError *error)
{
        g_autofree char *shown = cli_escape(path);

        (void)fflush(stdout);
        fprintf(stderr, "aerostat: %s: %s: %s\n", shown, what, error->message);
        return (CliStatus)error->code;
}

static CliStatus set_one(ApiClient *client, const char *path, JsonObject *body, JsonObject *before)
{
        g_autoptr(GError) error = NULL;

        if (!pool_call_update(client, path, body, &error))
                return report(path, "not changed", error);
        tell(path, body, before, false);
        return CLI_OK;
}

static CliStatus pool_set(const CliArgs *args, GError **error)
{
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonObject) body = NULL;
        g_autoptr(GPtrArray) pools = NULL;
        CliStatus status = CLI_OK;

        if (!check_paths(args, error))
                return CLI_USAGE;
        body = read_wishes(args, error);
        if (body == NULL)
                return CLI_USAGE;
        if (json_object_get_size(body) == 0) {
                g_set_error(error, CLI_ERROR, CLI_USAGE, "nothing to set");
                return CLI_USAGE;
        }
        client = api_client_new(args, error);
        pools = client != NULL ? find_pools(client, args->operands, error) : NULL;
        if (pools == NULL)
                return CLI_FAILED;

        for (unsigned i = 0; i < pools->len; i++) {
                const char *path = args->operands->pdata[i];

                if (cli_args_has(args, "what-if")) {
                        tell(path, body, pools->pdata[i], true);
                } else {
                        CliStatus one = set_one(client, path, body, pools->pdata[i]);

                        status = one != CLI_OK ? one : status;
                }
        }
        return status;
}

static CliStatus pool_rename(const CliArgs *args, GError **error)
{
        const char *path = args->operands->pdata[0], *name = args->operands->pdata[1];
        g_autofree char *shown = cli_escape(path), *to_shown = cli_escape(name);
        g_autoptr(ApiClient) client = NULL;

        if (!check_path(path, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        if (client == NULL)
                return CLI_USAGE;
        if (!cli_args_has(args, "what-if") && !pool_call_rename(client, path, name, error))
                return CLI_FAILED;
        printf("%s%s: renamed to %s\n", cli_args_has(args, "what-if") ? "What if: " : "", shown, to_shown);
        return CLI_OK;
}

/* vim25 has what is in a pool go to its parent; here nobody is to lose his share unawares. */
static bool check_empty(JsonObject *pool, const char *path, GError **error)
{
        g_autofree char *shown = cli_escape(path);
        uint64_t pools = daemon_json_uint_or_0(pool, "pools"), vms = daemon_json_uint_or_0(pool, "vms");

        if (pools > 0)
                g_set_error(error, CLI_ERROR, CLI_FAILED, "pool \"%s\" has pools in it; delete them first",
                            shown);
        else if (vms > 0)
                g_set_error(error, CLI_ERROR, CLI_FAILED,
                            "pool \"%s\" has VMs in it; move them to another pool first", shown);
        return pools == 0 && vms == 0;
}

static CliStatus delete_one(ApiClient *client, const char *path)
{
        g_autofree char *shown = cli_escape(path);
        g_autoptr(GPtrArray) paths = g_ptr_array_new(), found = NULL;
        g_autoptr(GError) error = NULL;

        /* As it is now: what was in it may have been deleted just before. */
        g_ptr_array_add(paths, (gpointer)(gintptr)path);
        found = find_pools(client, paths, &error);
        if (found == NULL || !check_empty(found->pdata[0], path, &error) ||
            !pool_call_delete(client, path, &error))
                return report(path, "not deleted", error);
        printf("%s: deleted\n", shown);
        return CLI_OK;
}

static CliStatus pool_delete(const CliArgs *args, GError **error)
{
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(GPtrArray) pools = NULL;
        CliStatus status = CLI_OK;

        if (!check_paths(args, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        pools = client != NULL ? find_pools(client, args->operands, error) : NULL;
        if (pools == NULL)
                return CLI_FAILED;

        for (unsigned i = 0; i < pools->len; i++) {
                const char *path = args->operands->pdata[i];
                g_autofree char *shown = cli_escape(path);

                if (cli_args_has(args, "what-if")) {
                        printf("What if: %s: deleted\n", shown);
                } else {
                        CliStatus one = delete_one(client, path);

                        status = one != CLI_OK ? one : status;
                }
        }
        return status;
}
