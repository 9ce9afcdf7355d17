/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat pager list */
#include "cli/pager-find.h"
#include "cli/pager.h"

static const CliColumn columns[] = {
        {"NAME", "name", 0, true},
        {"PID", "pid", 0, false},
        {"MEMSZ", "memory_bytes", 0, false},
        {"LIMIT", "limit_bytes", 0, false},
        {"CONSUMED", "consumed_bytes", 0, false},
        {"ACTIVE", "active_bytes", 0, false},
        {"RESIDENT", "resident_bytes", 0, false},
        {"PARKED", "parked_bytes", 0, false},
        {"ZIP", "compressed_bytes", 0, false},
        {"CACHE", "cache_bytes", 0, false},
        {"SWAP", "swapped_bytes", 0, false},
        {"STATUS", "status", 0, true},
        {NULL, NULL, 0, false},
};

/* CSV is for programs: what there is none of, a limit for instance, is an empty cell. */
static GPtrArray *make_row(const PagerPeer *peer, CliFormat format, CliUnit unit)
{
        const struct aerostat_pager_stats *s = &peer->reply.stats;
        const uint64_t sizes[] = {s->consumed_bytes,   s->active_bytes, s->resident_bytes, s->parked_bytes,
                                  s->compressed_bytes, s->cache_bytes,  s->swapped_bytes};
        const char *nothing = format == CLI_FORMAT_CSV ? "" : "-";
        GPtrArray *cells = g_ptr_array_new();

        g_ptr_array_add(cells, peer->known ? cli_escape(s->name) : g_strdup(nothing));
        g_ptr_array_add(cells, pager_format_pid(peer));
        if (peer->known) {
                g_ptr_array_add(cells, cli_format_size(s->memory_bytes, unit));
                if (format == CLI_FORMAT_CSV && s->limit_bytes == AEROSTAT_PAGER_UNLIMITED)
                        g_ptr_array_add(cells, g_strdup(nothing));
                else
                        g_ptr_array_add(cells, pager_format_limit(s->limit_bytes, unit));
        }
        for (size_t i = 0; peer->known && i < G_N_ELEMENTS(sizes); i++)
                g_ptr_array_add(cells, cli_format_size(sizes[i], unit));
        while (cells->len < G_N_ELEMENTS(columns) - 2)
                g_ptr_array_add(cells, g_strdup(nothing));
        g_ptr_array_add(cells, g_strdup(pager_status(peer)));
        return cells;
}

static void print_rows(const GPtrArray *peers, CliFormat format, CliUnit unit, bool header)
{
        g_autoptr(CliTable) table = cli_table_new(columns);
        const CliTableLook look = {.header = header, .bold = cli_may_style(stdout)};

        for (unsigned i = 0; i < peers->len; i++)
                cli_table_add(table, make_row(peers->pdata[i], format, unit));
        if (format == CLI_FORMAT_CSV)
                cli_table_print_csv(table, stdout, header);
        else
                (void)cli_table_print(table, stdout, &look);
}

/* An array with one VM a line: still readable by eye, and by tools that read lines. */
static void print_json(const GPtrArray *peers)
{
        putchar('[');
        for (unsigned i = 0; i < peers->len; i++) {
                g_autoptr(JsonBuilder) builder = json_builder_new();

                pager_begin_json(builder, peers->pdata[i]);
                json_builder_end_object(builder);
                fputs(i > 0 ? ",\n" : "\n", stdout);
                cli_json_print(stdout, builder, false);
        }
        fputs("\n]\n", stdout);
}

CliStatus pager_list(const CliArgs *args, GError **error)
{
        g_autoptr(GPtrArray) peers = NULL;
        unsigned format = CLI_FORMAT_TABLE, unit = CLI_UNIT_AUTO;
        uint64_t timeout_ms = 0;

        if (!cli_args_choice(args, "format", cli_format_names, &format, error) ||
            !cli_args_choice(args, "unit", cli_unit_names, &unit, error) ||
            !pager_get_timeout(args, &timeout_ms, error))
                return CLI_USAGE;
        if (format == CLI_FORMAT_CSV)
                unit = CLI_UNIT_B;

        peers = pager_find_all(timeout_ms);
        if (format == CLI_FORMAT_JSON)
                print_json(peers);
        else
                print_rows(peers, format, unit, !cli_args_has(args, "no-header"));
        return CLI_OK;
}
