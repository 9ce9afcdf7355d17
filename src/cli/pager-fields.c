/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One list of the statistics' members; the compiler checks that it is complete. */
#include "cli/pager-fields.h"

#include <math.h>

#include "cli/output.h"

#define FIELDS(F)                      \
        F(pid, NUMBER)                 \
        F(uptime_ms, NUMBER)           \
        F(memory_bytes, BYTES)         \
        F(unmanaged_bytes, BYTES)      \
        F(limit_bytes, BYTES)          \
        F(reservation_bytes, BYTES)    \
        F(consumed_bytes, BYTES)       \
        F(absent_bytes, BYTES)         \
        F(resident_bytes, BYTES)       \
        F(parked_bytes, BYTES)         \
        F(same_bytes, BYTES)           \
        F(compressed_bytes, BYTES)     \
        F(writing_bytes, BYTES)        \
        F(swapped_bytes, BYTES)        \
        F(reading_bytes, BYTES)        \
        F(shared_bytes, BYTES)         \
        F(shared_saved_bytes, BYTES)   \
        F(cache_bytes, BYTES)          \
        F(cache_live_bytes, BYTES)     \
        F(cache_limit_bytes, BYTES)    \
        F(swap_file_bytes, BYTES)      \
        F(swap_used_bytes, BYTES)      \
        F(records_bytes, BYTES)        \
        F(cache_pct, SETTING)          \
        F(codec, SETTING)              \
        F(sample_period_ms, SETTING)   \
        F(sample_pages, SETTING)       \
        F(active_bytes, BYTES)         \
        F(active_slow_bytes, BYTES)    \
        F(active_fast_bytes, BYTES)    \
        F(active_current_bytes, BYTES) \
        F(sample_periods, NUMBER)      \
        F(parks, COUNTER)              \
        F(unparks, COUNTER)            \
        F(compressions, COUNTER)       \
        F(decompressions, COUNTER)     \
        F(same_pages, COUNTER)         \
        F(incompressible, COUNTER)     \
        F(swap_outs, COUNTER)          \
        F(swap_ins, COUNTER)           \
        F(prefetched, COUNTER)         \
        F(discards, COUNTER)           \
        F(busy, COUNTER)               \
        F(limit_overruns, COUNTER)     \
        F(swap_errors, COUNTER)

#define MEMBER_SIZE(member) sizeof(((struct aerostat_pager_stats *)NULL)->member)
#define TABLE_ENTRY(m, k)   {#m, offsetof(struct aerostat_pager_stats, m), PAGER_FIELD_##k},
#define PLUS_SIZE(m, k)     +MEMBER_SIZE(m)
#define CHECK_SIZE_BYTES    8
#define CHECK_SIZE_COUNTER  8
#define CHECK_SIZE_NUMBER   8
#define CHECK_SIZE_SETTING  4
#define CHECK_MEMBER(m, k)  _Static_assert(MEMBER_SIZE(m) == CHECK_SIZE_##k, "wrong kind for " #m);

const PagerField pager_fields[] = {FIELDS(TABLE_ENTRY){NULL, 0, PAGER_FIELD_NUMBER}};

FIELDS(CHECK_MEMBER)
#define STRINGS_SIZE    (MEMBER_SIZE(name) + MEMBER_SIZE(reason))
#define FIELDS_SIZE     (0 FIELDS(PLUS_SIZE))
#define HISTOGRAMS_SIZE (MEMBER_SIZE(faults) + MEMBER_SIZE(latency))

_Static_assert(STRINGS_SIZE + FIELDS_SIZE + HISTOGRAMS_SIZE == sizeof(struct aerostat_pager_stats),
               "struct aerostat_pager_stats has a member that FIELDS does not list");

const char *const pager_fault_names[] = {
        [AEROSTAT_PAGER_FAULT_ZERO] = "zero",       [AEROSTAT_PAGER_FAULT_PARKED] = "parked",
        [AEROSTAT_PAGER_FAULT_SAME] = "same",       [AEROSTAT_PAGER_FAULT_COMPRESSED] = "compressed",
        [AEROSTAT_PAGER_FAULT_SWAPPED] = "swapped", [AEROSTAT_PAGER_FAULT_PROTECTED] = "protected",
        [AEROSTAT_PAGER_FAULT_RACED] = "raced",     [AEROSTAT_PAGER_FAULT_KINDS] = NULL,
};

const char *const pager_codec_names[] = {
        [AEROSTAT_PAGER_CODEC_OFF] = "off",
        [AEROSTAT_PAGER_CODEC_LZ4] = "lz4",
        [AEROSTAT_PAGER_CODEC_ZSTD] = "zstd",
        NULL,
};

const char *pager_codec_name(uint32_t codec)
{
        return codec < G_N_ELEMENTS(pager_codec_names) - 1 ? pager_codec_names[codec] : "unknown";
}

uint64_t pager_field_get(const PagerField *field, const struct aerostat_pager_stats *stats)
{
        const void *at = (const char *)stats + field->offset;

        return field->kind == PAGER_FIELD_SETTING ? *(const uint32_t *)at : *(const uint64_t *)at;
}

static void add_array(JsonBuilder *builder, const uint64_t *values, unsigned n)
{
        json_builder_begin_array(builder);
        for (unsigned i = 0; i < n; i++)
                cli_json_add_uint(builder, NULL, values[i]);
        json_builder_end_array(builder);
}

static void add_quantile(JsonBuilder *builder, const char *member, const struct aerostat_pager_stats *stats,
                         double part)
{
        json_builder_set_member_name(builder, member);
        json_builder_begin_object(builder);
        for (unsigned kind = 0; kind < AEROSTAT_PAGER_FAULT_KINDS; kind++) {
                double ns = pager_latency_quantile(stats->latency[kind], part);

                json_builder_set_member_name(builder, pager_fault_names[kind]);
                if (ns == 0 || isinf(ns))
                        json_builder_add_null_value(builder);
                else
                        json_builder_add_int_value(builder, (gint64)ns);
        }
        json_builder_end_object(builder);
}

void pager_fields_add_json(JsonBuilder *builder, const struct aerostat_pager_stats *stats)
{
        cli_json_add_string(builder, "name", stats->name);
        cli_json_add_string(builder, "reason", stats->reason);

        for (const PagerField *f = pager_fields; f->name != NULL; f++) {
                uint64_t value = pager_field_get(f, stats);

                if (f->offset == offsetof(struct aerostat_pager_stats, codec))
                        cli_json_add_string(builder, f->name, pager_codec_name(stats->codec));
                else if (f->offset == offsetof(struct aerostat_pager_stats, limit_bytes) &&
                         value == AEROSTAT_PAGER_UNLIMITED)
                        cli_json_add_string(builder, f->name, NULL);
                else
                        cli_json_add_uint(builder, f->name, value);
        }

        json_builder_set_member_name(builder, "faults");
        json_builder_begin_object(builder);
        for (unsigned kind = 0; kind < AEROSTAT_PAGER_FAULT_KINDS; kind++)
                cli_json_add_uint(builder, pager_fault_names[kind], stats->faults[kind]);
        json_builder_end_object(builder);

        json_builder_set_member_name(builder, "latency");
        json_builder_begin_object(builder);
        for (unsigned kind = 0; kind < AEROSTAT_PAGER_FAULT_KINDS; kind++) {
                json_builder_set_member_name(builder, pager_fault_names[kind]);
                add_array(builder, stats->latency[kind], AEROSTAT_PAGER_LATENCY_BUCKETS);
        }
        json_builder_end_object(builder);
        add_quantile(builder, "latency_p50_ns", stats, 0.5);
        add_quantile(builder, "latency_p99_ns", stats, 0.99);
}

uint64_t pager_faults_total(const struct aerostat_pager_stats *stats)
{
        uint64_t total = 0;

        for (unsigned kind = 0; kind < AEROSTAT_PAGER_FAULT_KINDS; kind++)
                total += stats->faults[kind];
        return total;
}

double pager_latency_quantile(const uint64_t histogram[AEROSTAT_PAGER_LATENCY_BUCKETS], double part)
{
        double total = 0, seen = 0;

        for (unsigned i = 0; i < AEROSTAT_PAGER_LATENCY_BUCKETS; i++)
                total += (double)histogram[i];
        if (total == 0)
                return 0;
        for (unsigned i = 0; i < AEROSTAT_PAGER_LATENCY_BUCKETS - 1; i++) {
                seen += (double)histogram[i];
                if (seen >= part * total)
                        return (double)(UINT64_C(1) << (i + 8));
        }
        return INFINITY;
}
