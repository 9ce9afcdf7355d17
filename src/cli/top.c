/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat top: asks the daemon every few seconds, and shows the answer until somebody quits. */
#include "cli/top.h"

#include <poll.h>
#include <unistd.h>

#include "cli/memory.h"

#define DELAY_DEFAULT_MS 5000

static CliStatus top_run(const CliArgs *args, GError **error);

static void complete_columns(const char *prefix)
{
        field_complete(vm_fields, prefix);
}

/* clang-format off */
static const CliOption options[] = {
        {"batch", NULL, NULL, false, "CSV with every column instead of a screen", .letter = 'b'},
        {"count", "N", NULL, false, "end after N samples", .letter = 'n'},
        {"delay", "SECONDS", NULL, false, "time between samples, 0.1 to 3600 (default 5)", .letter = 'd'},
        {"columns", "LIST", NULL, false, "which to show first, with commas between them", .complete = complete_columns},
        {"sort", "COLUMN", NULL, false, "words upwards, numbers downwards; COLUMN:reverse turns\nthat round",
         .complete = complete_columns},
        OPTIONS_DAEMON,
        OPTION_END,
};

const CliVerb top_command = {
        .name = "top",
        .summary = "Show the memory of the host and its VMs, again and again",
        .options = options,
        .notes = "The screen and its keys are those of esxtop's memory screen; h shows the keys.",
        .run = top_run,
};
/* clang-format on */

bool top_fetch(Top *top, GError **error)
{
        g_autoptr(JsonObject) host = memory_host(top->client, error);
        g_autoptr(JsonArray) vms = host != NULL ? memory_vms(top->client, error) : NULL;

        if (vms == NULL || !field_check_all(vm_fields, vms, error))
                return false;
        g_clear_pointer(&top->rows, g_ptr_array_unref); /* borrows from vms */
        g_clear_pointer(&top->vms, json_array_unref);
        g_clear_pointer(&top->host, json_object_unref);
        top->host = g_steal_pointer(&host);
        top->vms = g_steal_pointer(&vms);
        top_view_sort(top);
        return true;
}

/* Keys while the daemon is being asked. Returns whether to stop asking. */
static bool on_keys(gpointer data)
{
        Top *top = data;

        top_screen_read_keys(top);
        top_screen_draw(top);
        return top->quit;
}

static void refresh_now(Top *top)
{
        g_autoptr(GError) error = NULL;

        top->refresh = false;
        if (top_fetch(top, &error) || top->quit)
                return;
        g_free(top->message);
        top->message = g_steal_pointer(&error->message);
}

static void show(Top *top)
{
        gint64 due_us = g_get_monotonic_time() + (gint64)top->delay_ms * 1000;

        for (uint64_t samples = 1; !top->quit;) {
                struct pollfd terminal = {.fd = STDIN_FILENO, .events = POLLIN};
                gint64 left_us;
                uint64_t delay_ms = top->delay_ms;

                top_screen_draw(top);
                left_us = due_us - g_get_monotonic_time();
                if (left_us > 0 && !top->refresh) {
                        int n = poll(&terminal, 1, (int)(left_us / 1000 + 1));

                        /* A terminal that has gone has no more keys, but can always be read. */
                        if (n > 0 && (terminal.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
                                return;
                        top_screen_read_keys(top);
                        if (delay_ms != top->delay_ms)
                                due_us = MIN(due_us, g_get_monotonic_time() + (gint64)top->delay_ms * 1000);
                        continue;
                }
                if (samples++ == top->count)
                        return;
                refresh_now(top);
                due_us = g_get_monotonic_time() + (gint64)top->delay_ms * 1000;
        }
}

static CliStatus show_on_terminal(Top *top, GError **error)
{
        if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
                g_set_error(error, CLI_ERROR, CLI_USAGE,
                            "there is no terminal to show it on; --batch writes CSV anywhere");
                return CLI_USAGE;
        }
        /* Before the screen, where what is wrong can be said. */
        if (!top_fetch(top, error) || !top_screen_open(error))
                return CLI_FAILED;
        api_client_watch(top->client, STDIN_FILENO, on_keys, top);
        show(top);
        top_screen_close();
        return CLI_OK;
}

static CliStatus top_run(const CliArgs *args, GError **error)
{
        const char *names = cli_args_get(args, "columns"), *order = cli_args_get(args, "sort");
        Top top = {.delay_ms = DELAY_DEFAULT_MS};
        g_autoptr(ApiClient) client = NULL;
        g_autoptr(GPtrArray) columns = NULL;
        CliStatus status;

        if (!cli_args_seconds(args, "delay", 100, 3600 * 1000, &top.delay_ms, error) ||
            !cli_args_uint(args, "count", 1, UINT64_MAX, &top.count, error) ||
            (order != NULL && !field_parse_sort(vm_fields, order, &top.sort, &top.reversed, error)))
                return CLI_USAGE;
        if (names != NULL) {
                columns = field_find_list(vm_fields, names, "--columns", error);
                if (columns == NULL)
                        return CLI_USAGE;
        }
        client = api_client_new(args, error);
        if (client == NULL)
                return CLI_USAGE;

        top.client = client;
        top_view_init(&top, columns);
        status = cli_args_has(args, "batch") ? top_batch(&top, error) : show_on_terminal(&top, error);
        g_clear_pointer(&top.rows, g_ptr_array_unref);
        g_clear_pointer(&top.vms, json_array_unref);
        g_clear_pointer(&top.host, json_object_unref);
        g_free(top.message);
        return status;
}
