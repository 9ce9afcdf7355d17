/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat task: what is being done and what was done; waiting for it, ending it. */
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "cli/operation.h"
#include "cli/task-info.h"

#define LIMIT_DEFAULT 100
#define LIMIT_MAX     1000

static CliStatus task_list(const CliArgs *args, GError **error);
static CliStatus task_show(const CliArgs *args, GError **error);
static CliStatus task_wait(const CliArgs *args, GError **error);
static CliStatus task_cancel(const CliArgs *args, GError **error);
static void complete_task(const char *prefix);

/* clang-format off */
static const CliOption list_options[] = {
        {"limit", "N", NULL, false, "the newest N (default 100)", .letter = 'n'},
        {"running", NULL, NULL, false, "only those that have not ended"},
        OPTION_FORMAT,
        OPTION_NO_HEADER,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption show_options[] = {
        {"format", "FORMAT", daemon_show_formats, false, "table (default) or json"},
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption task_options[] = {
        OPTIONS_DAEMON,
        OPTION_END,
};

const CliVerb task_verbs[] = {
        {
                .name = "list",
                .summary = "List what is being done, and what was done",
                .options = list_options,
                .run = task_list,
        },
        {
                .name = "show",
                .summary = "Show a task, how far it is, or how it ended",
                .operands = "NUMBER",
                .operands_min = 1,
                .operands_max = 1,
                .options = show_options,
                .run = task_show,
                .complete_operand = complete_task,
        },
        {
                .name = "wait",
                .summary = "Wait until tasks have ended",
                .operands = "NUMBER...",
                .operands_min = 1,
                .operands_max = UINT_MAX,
                .options = task_options,
                .notes = "Exits as the tasks did: with 1 when one has failed, with 3 when what it was to work on is not\n"
                         "there. Ctrl-C cancels the task.",
                .run = task_wait,
                .complete_operand = complete_task,
        },
        {
                .name = "cancel",
                .summary = "Cancel tasks",
                .operands = "NUMBER...",
                .operands_min = 1,
                .operands_max = UINT_MAX,
                .options = task_options,
                .notes = "What a task has done by then is undone or stays, as its verb says. It has ended when\n"
                         "'aerostat task wait' says so.",
                .run = task_cancel,
                .complete_operand = complete_task,
        },
        {.name = NULL},
};
/* clang-format on */

/* "2026-01-31 12:00:00", local time. */
static char *format_time(JsonObject *task, const char *member)
{
        uint64_t ms = MIN(daemon_json_uint_or_0(task, member), UINT64_C(253402300799999));
        g_autoptr(GDateTime) time = ms > 0 ? g_date_time_new_from_unix_local((gint64)(ms / 1000)) : NULL;

        return time != NULL ? g_date_time_format(time, "%Y-%m-%d %H:%M:%S") : g_strdup("-");
}

static char *derive_queued(JsonObject *task)
{
        return format_time(task, "queued_ms");
}

static char *derive_started(JsonObject *task)
{
        return format_time(task, "started_ms");
}

static char *derive_ended(JsonObject *task)
{
        return format_time(task, "ended_ms");
}

static const Field fields[] = {
        {"TASK", "id", FIELD_COUNT, "Its number", NULL},
        {"METHOD", "method", FIELD_TEXT, "What is done", NULL},
        {"OBJECT", "object", FIELD_TEXT, "To what", NULL},
        {"STATE", "state", FIELD_TEXT, "queued, running, success, error", NULL},
        {"%", "percent", FIELD_COUNT, "How far it is", NULL},
        {"QUEUED", "queued", FIELD_TEXT, "When it was asked for", derive_queued},
        {"STARTED", "started", FIELD_TEXT, "When it was begun", derive_started},
        {"ENDED", "ended", FIELD_TEXT, "When it ended", derive_ended},
        {"MESSAGE", "message", FIELD_TEXT, "What it does now, or its error", NULL},
        {NULL, NULL, FIELD_TEXT, NULL, NULL},
};

static bool has_ended(JsonObject *task)
{
        const char *state = daemon_json_text(task, "state");

        return g_strcmp0(state, "success") == 0 || g_strcmp0(state, "error") == 0;
}

static void complete_task(const char *prefix)
{
        g_autoptr(ApiClient) client = api_client_new_quick();
        g_autoptr(JsonArray) tasks = client != NULL ? task_info_list(client, LIMIT_DEFAULT, NULL) : NULL;

        for (guint i = 0; tasks != NULL && i < json_array_get_length(tasks); i++) {
                g_autofree char *id = g_strdup_printf(
                        "%" PRIu64, daemon_json_uint_or_0(json_array_get_object_element(tasks, i), "id"));

                if (g_str_has_prefix(id, prefix))
                        puts(id);
        }
}

static CliStatus task_list(const CliArgs *args, GError **error)
{
        g_autoptr(GPtrArray) columns =
                field_find_list(fields, "id,method,object,state,percent,queued,message", "", NULL);
        g_autoptr(GPtrArray) rows = g_ptr_array_new();
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonArray) tasks = NULL;
        uint64_t limit = LIMIT_DEFAULT;
        DaemonLook look;

        if (!daemon_read_look(args, &look, error) ||
            !cli_args_uint(args, "limit", 1, LIMIT_MAX, &limit, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        tasks = client != NULL ? task_info_list(client, (unsigned)limit, error) : NULL;
        if (tasks == NULL)
                return CLI_FAILED;
        for (guint i = 0; i < json_array_get_length(tasks); i++) {
                JsonObject *task = json_array_get_object_element(tasks, i);

                if (!cli_args_has(args, "running") || !has_ended(task))
                        g_ptr_array_add(rows, task);
        }
        field_print(columns, rows, look.format, CLI_UNIT_AUTO, look.header);
        return CLI_OK;
}

static bool read_number(const char *operand, int64_t *ret, GError **error)
{
        g_autofree char *shown = NULL;
        guint64 number;

        if (g_ascii_string_to_unsigned(operand, 10, 1, INT64_MAX, &number, NULL)) {
                *ret = (int64_t)number;
                return true;
        }
        shown = cli_escape(operand);
        g_set_error(error, CLI_ERROR, CLI_USAGE, "a task goes by its number, not \"%s\"", shown);
        return false;
}

static CliStatus task_show(const CliArgs *args, GError **error)
{
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(JsonObject) task = NULL;
        DaemonLook look;
        int64_t number = 0;

        if (!daemon_read_look(args, &look, error) || !read_number(args->operands->pdata[0], &number, error))
                return CLI_USAGE;
        client = api_client_new(args, error);
        task = client != NULL ? task_info_read(client, number, error) : NULL;
        if (task == NULL)
                return CLI_FAILED;
        if (look.format == CLI_FORMAT_JSON) {
                field_print_json(task, true);
                putchar('\n');
                return CLI_OK;
        }
        for (const Field *f = fields; f->title != NULL; f++) {
                g_autofree char *value = field_format(f, task, CLI_UNIT_AUTO, false);

                printf("%-10s%s\n", f->title, value);
        }
        return CLI_OK;
}

/* Checks all numbers first. */
static CliStatus each(const CliArgs *args, bool (*what)(ApiClient *, int64_t, GError **), GError **error)
{
        g_autoptr(ApiClient) client = NULL;
        CliStatus status = CLI_OK;
        int64_t number = 0;

        for (unsigned i = 0; i < args->operands->len; i++)
                if (!read_number(args->operands->pdata[i], &number, error))
                        return CLI_USAGE;
        client = api_client_new(args, error);
        if (client == NULL)
                return CLI_USAGE;
        for (unsigned i = 0; i < args->operands->len && !operation_interrupted(); i++) {
                g_autoptr(GError) failed = NULL;

                if (read_number(args->operands->pdata[i], &number, NULL) && what(client, number, &failed))
                        continue;
                (void)fflush(stdout);
                fprintf(stderr, "aerostat: task %" PRId64 ": %s\n", number, failed->message);
                status = (CliStatus)failed->code;
        }
        return status;
}

static bool wait_one(ApiClient *client, int64_t number, GError **error)
{
        g_autoptr(JsonNode) result = NULL;

        if (!operation_wait(client, number, &result, error))
                return false;
        printf("task %" PRId64 ": done\n", number);
        return true;
}

static bool cancel_one(ApiClient *client, int64_t number, GError **error)
{
        if (!task_info_cancel(client, number, error))
                return false;
        printf("task %" PRId64 ": told to end\n", number);
        return true;
}

static CliStatus task_wait(const CliArgs *args, GError **error)
{
        return each(args, wait_one, error);
}

static CliStatus task_cancel(const CliArgs *args, GError **error)
{
        return each(args, cancel_one, error);
}
