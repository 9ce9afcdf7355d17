/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat top --batch: CSV, one line a VM and sample, with every column. */
#include "cli/top.h"

static void print_sample(const Top *top, bool header)
{
        unsigned n = top->n_fields;
        g_autofree CliColumn *columns = g_new0(CliColumn, n + 4);
        g_autoptr(CliTable) table = NULL;
        g_autoptr(GDateTime) now = g_date_time_new_now_utc();
        g_autofree char *time = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
        g_autofree char *state = field_text(top->host, "state");
        uint64_t free_bytes = daemon_json_uint_or_0(top->host, "free_bytes");

        columns[0] = (CliColumn){"TIME", "time", 0, true};
        columns[1] = (CliColumn){"STATE", "host_state", 0, true};
        columns[2] = (CliColumn){"FREE", "host_free_bytes", 0, false};
        for (unsigned c = 0; c < n; c++)
                columns[c + 3] = (CliColumn){top->order[c]->title, top->order[c]->member, 0, false};
        table = cli_table_new(columns);

        for (unsigned r = 0; r < top->rows->len; r++) {
                GPtrArray *cells = g_ptr_array_new();

                g_ptr_array_add(cells, g_strdup(time));
                g_ptr_array_add(cells, g_strdup(state));
                g_ptr_array_add(cells, g_strdup_printf("%" G_GUINT64_FORMAT, free_bytes));
                for (unsigned c = 0; c < n; c++)
                        g_ptr_array_add(cells,
                                        field_format(top->order[c], top->rows->pdata[r], CLI_UNIT_B, true));
                cli_table_add(table, cells);
        }
        cli_table_print_csv(table, stdout, header);
        (void)fflush(stdout);
}

CliStatus top_batch(Top *top, GError **error)
{
        gint64 due_us = g_get_monotonic_time();
        CliStatus status = CLI_OK;
        bool going = true;

        if (!top_fetch(top, error))
                return CLI_FAILED;
        for (uint64_t done = 1;; done++) {
                g_autoptr(GError) failure = NULL;
                gint64 now_us;

                /* A daemon that is away for a while leaves a gap, not an end. */
                if (done > 1 && !top_fetch(top, &failure)) {
                        fprintf(stderr, "aerostat: %s\n", failure->message);
                        status = (CliStatus)failure->code;
                } else {
                        print_sample(top, done == 1);
                }
                if (done == top->count || ferror(stdout))
                        return status;

                due_us += (gint64)top->delay_ms * 1000;
                now_us = g_get_monotonic_time();
                if (due_us > now_us)
                        going = api_client_sleep(top->client, (uint64_t)(due_us - now_us + 999) / 1000);
                else
                        due_us = now_us;
                if (!going)
                        return status;
        }
}
