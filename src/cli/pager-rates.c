/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rates are taken over the pager's own uptime: a late or lost message makes none of them wrong. */
#include "cli/pager-rates.h"

#include "cli/pager-fields.h"
#include "cli/pager.h"

/* In the order of use: a narrow terminal cuts the right end. */
const CliColumn pager_rate_columns[] = {
        {"TIME", "time", 8, true},
        {"NAME", "name", 12, true},
        {"PID", "pid", 7, false},
        {"CONSUMED", "consumed_bytes", 8, false},
        {"LIMIT", "limit_bytes", 9, false},
        {"ACTIVE", "active_bytes", 6, false},
        {"FLT/s", "faults_per_s", 7, false},
        {"PARK/s", "parks_per_s", 7, false},
        {"ZIP/s", "compressions_per_s", 7, false},
        {"UNZIP/s", "decompressions_per_s", 7, false},
        {"SWOUT/s", "swap_outs_per_s", 7, false},
        {"SWIN/s", "swap_ins_per_s", 7, false},
        {"F.ZERO", "faults_zero_per_s", 6, false},
        {"F.PARK", "faults_parked_per_s", 6, false},
        {"F.SAME", "faults_same_per_s", 6, false},
        {"F.ZIP", "faults_compressed_per_s", 6, false},
        {"F.SWAP", "faults_swapped_per_s", 6, false},
        {"F.PROT", "faults_protected_per_s", 6, false},
        {"F.RACE", "faults_raced_per_s", 6, false},
        {"RESIDENT", "resident_bytes", 8, false},
        {"PARKED", "parked_bytes", 6, false},
        {"ZIP", "compressed_bytes", 6, false},
        {"CACHE", "cache_bytes", 6, false},
        {"SWAP", "swapped_bytes", 6, false},
        {NULL, NULL, 0, false},
};

static bool rate(uint64_t before, uint64_t now, const struct aerostat_pager_stats *a,
                 const struct aerostat_pager_stats *b, double *ret)
{
        if (b->uptime_ms <= a->uptime_ms)
                return false;
        /* Counters do not run backwards; should one do so all the same, nothing happened. */
        *ret = now > before ? (double)(now - before) * 1000 / (double)(b->uptime_ms - a->uptime_ms) : 0;
        return true;
}

static char *format_rate(uint64_t before, uint64_t now, const struct aerostat_pager_stats *a,
                         const struct aerostat_pager_stats *b, CliFormat format)
{
        double value = 0;

        (void)rate(before, now, a, b, &value);
        /* A table has no room for a fraction, but "0" must not hide what is rare. */
        if (format == CLI_FORMAT_CSV || (value > 0 && value < 9.95))
                return g_strdup_printf("%.1f", value);
        return g_strdup_printf("%.0f", value);
}

static char *format_time(CliFormat format)
{
        g_autoptr(GDateTime) now =
                format == CLI_FORMAT_TABLE ? g_date_time_new_now_local() : g_date_time_new_now_utc();

        return g_date_time_format(now, format == CLI_FORMAT_TABLE ? "%H:%M:%S" : "%Y-%m-%dT%H:%M:%SZ");
}

static void add_size(GPtrArray *cells, uint64_t bytes, CliUnit unit)
{
        g_ptr_array_add(cells, cli_format_size(bytes, unit));
}

GPtrArray *pager_rate_row(const PagerPeer *peer, const struct aerostat_pager_stats *before,
                          const struct aerostat_pager_stats *now, CliFormat format, CliUnit unit)
{
        const uint64_t counters[][2] = {
                {pager_faults_total(before), pager_faults_total(now)},
                {before->parks, now->parks},
                {before->compressions, now->compressions},
                {before->decompressions, now->decompressions},
                {before->swap_outs, now->swap_outs},
                {before->swap_ins, now->swap_ins},
        };
        GPtrArray *cells;

        if (now->uptime_ms <= before->uptime_ms)
                return NULL;

        cells = g_ptr_array_new();
        g_ptr_array_add(cells, format_time(format));
        g_ptr_array_add(cells, cli_escape(now->name));
        g_ptr_array_add(cells, pager_format_pid(peer));
        add_size(cells, now->consumed_bytes, unit);
        if (format == CLI_FORMAT_CSV && now->limit_bytes == AEROSTAT_PAGER_UNLIMITED)
                g_ptr_array_add(cells, g_strdup(""));
        else
                g_ptr_array_add(cells, pager_format_limit(now->limit_bytes, unit));
        add_size(cells, now->active_bytes, unit);
        for (size_t i = 0; i < G_N_ELEMENTS(counters); i++)
                g_ptr_array_add(cells, format_rate(counters[i][0], counters[i][1], before, now, format));
        for (unsigned kind = 0; kind < AEROSTAT_PAGER_FAULT_KINDS; kind++)
                g_ptr_array_add(cells,
                                format_rate(before->faults[kind], now->faults[kind], before, now, format));
        add_size(cells, now->resident_bytes, unit);
        add_size(cells, now->parked_bytes, unit);
        add_size(cells, now->compressed_bytes, unit);
        add_size(cells, now->cache_bytes, unit);
        add_size(cells, now->swapped_bytes, unit);
        return cells;
}

static void add_rate(JsonBuilder *builder, const char *member, uint64_t before, uint64_t now,
                     const struct aerostat_pager_stats *a, const struct aerostat_pager_stats *b)
{
        double value = 0;

        json_builder_set_member_name(builder, member);
        if (rate(before, now, a, b, &value))
                json_builder_add_double_value(builder, value);
        else
                json_builder_add_null_value(builder);
}

JsonBuilder *pager_rate_object(const PagerPeer *peer, const struct aerostat_pager_stats *before,
                               const struct aerostat_pager_stats *now)
{
        g_autofree char *time = format_time(CLI_FORMAT_JSON);
        JsonBuilder *builder = json_builder_new();

        pager_begin_json(builder, peer);
        cli_json_add_string(builder, "time", time);
        json_builder_set_member_name(builder, "per_second");
        json_builder_begin_object(builder);
        add_rate(builder, "faults", pager_faults_total(before), pager_faults_total(now), before, now);
        for (unsigned kind = 0; kind < AEROSTAT_PAGER_FAULT_KINDS; kind++) {
                g_autofree char *member = g_strconcat("faults_", pager_fault_names[kind], NULL);

                add_rate(builder, member, before->faults[kind], now->faults[kind], before, now);
        }
        for (const PagerField *f = pager_fields; f->name != NULL; f++)
                if (f->kind == PAGER_FIELD_COUNTER)
                        add_rate(builder, f->name, pager_field_get(f, before), pager_field_get(f, now),
                                 before, now);
        json_builder_end_object(builder);
        json_builder_end_object(builder);
        return builder;
}
