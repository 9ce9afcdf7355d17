/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat pager show: everything about one pager, for eyes or as JSON. */
#include <math.h>

#include "cli/pager-fields.h"
#include "cli/pager-find.h"
#include "cli/pager.h"

#define BAR_WIDTH   64
#define LABEL_WIDTH 16

static const CliColumn fault_columns[] = {
        {"  FAULTS", "kind", 0, true}, {"COUNT", "count", 10, false}, {"P50", "p50", 9, false},
        {"P99", "p99", 9, false},      {"", "meaning", 0, true},      {NULL, NULL, 0, false},
};

static const char *const fault_meanings[AEROSTAT_PAGER_FAULT_KINDS] = {
        [AEROSTAT_PAGER_FAULT_ZERO] = "first touch of an absent page",
        [AEROSTAT_PAGER_FAULT_PARKED] = "moved back",
        [AEROSTAT_PAGER_FAULT_SAME] = "filled with its one value",
        [AEROSTAT_PAGER_FAULT_COMPRESSED] = "decompressed",
        [AEROSTAT_PAGER_FAULT_SWAPPED] = "read from the swap file",
        [AEROSTAT_PAGER_FAULT_PROTECTED] = "write to a shared page on its way out",
        [AEROSTAT_PAGER_FAULT_RACED] = "already there",
};

static void heading(const char *text, bool bold)
{
        printf("\n%s%s%s\n", bold ? "\033[1m" : "", text, bold ? "\033[0m" : "");
}

static void line(const char *label, const char *value)
{
        printf("  %-*s%s\n", LABEL_WIDTH, label, value);
}

static void size_line(const char *label, uint64_t bytes, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
static void size_line(const char *label, uint64_t bytes, const char *format, ...)
{
        g_autofree char *size = cli_format_size(bytes, CLI_UNIT_AUTO);
        g_autofree char *remark = NULL;
        va_list arguments;

        va_start(arguments, format);
        remark = g_strdup_vprintf(format, arguments);
        va_end(arguments);
        printf("  %-*s%6s%s%s\n", LABEL_WIDTH, label, size, remark[0] != '\0' ? "  " : "", remark);
}

static void show_identity(const PagerPeer *peer)
{
        const struct aerostat_pager_stats *s = &peer->reply.stats;
        g_autofree char *name = cli_escape(s->name), *path = cli_escape(peer->path),
                        *reason = cli_escape(s->reason), *up = cli_format_duration_ms(s->uptime_ms);

        printf("%s (PID %" G_GUINT64_FORMAT ")\n", name, s->pid);
        line("socket", path);
        line("up", up);
        line("status", pager_status(peer));
        if (reason[0] != '\0')
                line("reason", reason);
}

static void show_memory(const struct aerostat_pager_stats *s)
{
        size_line("memory (MEMSZ)", s->memory_bytes, "%s", "");
        if (s->unmanaged_bytes > 0)
                size_line("not managed", s->unmanaged_bytes, "offered, but cannot be taken over");
        if (s->limit_bytes == AEROSTAT_PAGER_UNLIMITED)
                line("limit", "unlimited");
        else
                size_line("limit", s->limit_bytes, "%s",
                          s->consumed_bytes > s->limit_bytes ? "exceeded" : "");
        size_line("reservation", s->reservation_bytes, "%s", "");
        if (s->limit_bytes == AEROSTAT_PAGER_UNLIMITED)
                size_line("consumed", s->consumed_bytes, "%s", "");
        else
                size_line("consumed", s->consumed_bytes, "%u %% of the limit",
                          cli_percent(s->consumed_bytes, s->limit_bytes));
        if (s->shared_bytes > 0) {
                g_autofree char *saved = cli_format_size(s->shared_saved_bytes, CLI_UNIT_AUTO);

                size_line("shared", s->shared_bytes, "saves %s", saved);
        }
        size_line("records", s->records_bytes, "the pager's own");
}

static void show_active(const struct aerostat_pager_stats *s)
{
        g_autofree char *slow = cli_format_size(s->active_slow_bytes, CLI_UNIT_AUTO),
                        *fast = cli_format_size(s->active_fast_bytes, CLI_UNIT_AUTO),
                        *current = cli_format_size(s->active_current_bytes, CLI_UNIT_AUTO);

        size_line("active", s->active_bytes, "the largest of: slow average %s, fast %s, this period %s",
                  slow, fast, current);
        if (s->sample_period_ms == 0)
                line("sampling", "off");
        else
                printf("  %-*s%u pages every %g s; %" G_GUINT64_FORMAT " periods done\n", LABEL_WIDTH,
                       "sampling", s->sample_pages, (double)s->sample_period_ms / 1000, s->sample_periods);
}

/* The bar is drawn with letters, which need neither colour nor a font. */
static void show_places(const struct aerostat_pager_stats *s)
{
        const struct {
                char mark;
                const char *name;
                uint64_t bytes;
                const char *meaning;
        } places[] = {
                {'#', "resident", s->resident_bytes, "in the guest's reach"},
                {'=', "parked", s->parked_bytes, "out of reach, still whole"},
                {'z', "compressed", s->compressed_bytes, "in the cache, before compression"},
                {'0', "same", s->same_bytes, "one value throughout, no storage"},
                {'w', "writing", s->writing_bytes, "on the way to the swap file"},
                {'s', "swapped", s->swapped_bytes, "in the swap file"},
                {'r', "reading", s->reading_bytes, "on the way back"},
                {'.', "absent", s->absent_bytes, "never touched, or given back"},
        };
        double total = 0, sum = 0;
        uint64_t whole = 0;
        unsigned drawn = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
                total += (double)places[i].bytes;
                whole += places[i].bytes;
        }

        fputs("  [", stdout);
        for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
                sum += (double)places[i].bytes;
                /* Rounding the running sum, not each part, makes the bar as long as it should be. */
                for (; total > 0 && drawn < (unsigned)(sum / total * BAR_WIDTH + 0.5); drawn++)
                        putchar(places[i].mark);
        }
        printf("%*s]\n", (int)(BAR_WIDTH - drawn), "");

        for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
                g_autofree char *size = cli_format_size(places[i].bytes, CLI_UNIT_AUTO);

                printf("  %c %-*s%6s %4u %%  %s\n", places[i].mark, LABEL_WIDTH - 2, places[i].name, size,
                       cli_percent(places[i].bytes, whole), places[i].meaning);
        }
}

static void show_cache(const struct aerostat_pager_stats *s)
{
        g_autofree char *bound = cli_format_size(s->cache_limit_bytes, CLI_UNIT_AUTO);

        size_line("cache", s->cache_bytes, "of at most %s (%u %% of memory)", bound, s->cache_pct);
        size_line("compressed", s->cache_live_bytes, "of that");
        if (s->cache_live_bytes > 0 && s->compressed_bytes > 0)
                printf("  %-*s%5.1fx\n", LABEL_WIDTH, "ratio",
                       (double)s->compressed_bytes / (double)s->cache_live_bytes);
        line("codec", pager_codec_name(s->codec));
}

static void show_swap(const struct aerostat_pager_stats *s)
{
        if (s->swap_file_bytes == 0) {
                line("swap file", "none");
                return;
        }
        size_line("swap file", s->swap_file_bytes, "%s", "");
        size_line("used", s->swap_used_bytes, "%u %%", cli_percent(s->swap_used_bytes, s->swap_file_bytes));
}

static char *format_quantile(const uint64_t *histogram, double part)
{
        double ns = pager_latency_quantile(histogram, part);
        g_autofree char *text = NULL;

        if (ns == 0)
                return g_strdup("-");
        if (isinf(ns)) {
                text = cli_format_latency_ns((double)(UINT64_C(1) << (AEROSTAT_PAGER_LATENCY_BUCKETS + 6)));
                return g_strconcat("> ", text, NULL);
        }
        text = cli_format_latency_ns(ns);
        return g_strconcat("< ", text, NULL);
}

static void show_faults(const struct aerostat_pager_stats *s, bool bold)
{
        g_autoptr(CliTable) table = cli_table_new(fault_columns);
        const CliTableLook look = {.header = true, .bold = bold};

        for (unsigned kind = 0; kind < AEROSTAT_PAGER_FAULT_KINDS; kind++) {
                GPtrArray *cells = g_ptr_array_new();

                g_ptr_array_add(cells, g_strconcat("  ", pager_fault_names[kind], NULL));
                g_ptr_array_add(cells, g_strdup_printf("%" G_GUINT64_FORMAT, s->faults[kind]));
                g_ptr_array_add(cells, format_quantile(s->latency[kind], 0.5));
                g_ptr_array_add(cells, format_quantile(s->latency[kind], 0.99));
                g_ptr_array_add(cells, g_strdup(fault_meanings[kind]));
                cli_table_add(table, cells);
        }
        putchar('\n');
        (void)cli_table_print(table, stdout, &look);
}

static void show_counters(const struct aerostat_pager_stats *s)
{
        const struct {
                const char *name;
                uint64_t pages;
                const char *meaning;
        } counters[] = {
                {"parked", s->parks, "moved out of the guest's reach"},
                {"unparked", s->unparks, "touched while parked: second chance taken"},
                {"compressed", s->compressions, ""},
                {"decompressed", s->decompressions, ""},
                {"same", s->same_pages, "found to be one value throughout"},
                {"incompressible", s->incompressible, "did not shrink to half"},
                {"swapped out", s->swap_outs, ""},
                {"swapped in", s->swap_ins, ""},
                {"prefetched", s->prefetched, "brought back beside one that was touched"},
                {"discarded", s->discards, "given back by the guest"},
                {"busy", s->busy, "could not be taken: pinned for I/O or shared"},
                {"over the limit", s->limit_overruns, "faults served though nothing could be evicted"},
                {"swap errors", s->swap_errors, "writes and reads that failed"},
        };

        for (size_t i = 0; i < G_N_ELEMENTS(counters); i++) {
                bool remark = counters[i].meaning[0] != '\0';

                printf("  %-*s%10" G_GUINT64_FORMAT "%s%s\n", LABEL_WIDTH, counters[i].name,
                       counters[i].pages, remark ? "  " : "", counters[i].meaning);
        }
}

static void show_text(const PagerPeer *peer)
{
        const struct aerostat_pager_stats *s = &peer->reply.stats;
        bool bold = cli_may_style(stdout);

        show_identity(peer);
        heading("Memory", bold);
        show_memory(s);
        show_active(s);
        heading("Where guest memory is", bold);
        show_places(s);
        heading("Compression cache and swap", bold);
        show_cache(s);
        show_swap(s);
        show_faults(s, bold);
        heading("Pages since the start", bold);
        show_counters(s);
}

CliStatus pager_show(const CliArgs *args, GError **error)
{
        g_autoptr(GPtrArray) peers = NULL;
        static const char *const formats[] = {"table", "json", NULL};
        unsigned format = CLI_FORMAT_TABLE;
        uint64_t timeout_ms = 0;

        if (!cli_args_choice(args, "format", formats, &format, error) ||
            !pager_get_timeout(args, &timeout_ms, error))
                return CLI_USAGE;
        peers = pager_find_named(args->operands, timeout_ms, error);
        if (peers == NULL)
                return CLI_FAILED;

        if (format == CLI_FORMAT_JSON) {
                g_autoptr(JsonBuilder) builder = json_builder_new();

                pager_begin_json(builder, peers->pdata[0]);
                json_builder_end_object(builder);
                cli_json_print(stdout, builder, true);
                putchar('\n');
        } else {
                show_text(peers->pdata[0]);
        }
        return CLI_OK;
}
