/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The figures of struct aerostat_pager_stats by name, so that no output forgets one. */
#pragma once

#include <aerostat/pager.h>
#include <json-glib/json-glib.h>
#include <stdint.h>

typedef enum PagerFieldKind {
        PAGER_FIELD_BYTES,   /* uint64_t */
        PAGER_FIELD_COUNTER, /* uint64_t, pages or events since start */
        PAGER_FIELD_NUMBER,  /* uint64_t */
        PAGER_FIELD_SETTING, /* uint32_t */
} PagerFieldKind;

typedef struct PagerField {
        const char *name;
        size_t offset;
        PagerFieldKind kind;
} PagerField;

/* Every member but the strings, the fault counters and the histograms. Ended by one without a name. */
extern const PagerField pager_fields[];

/* In the order of their enums, ended by NULL. */
extern const char *const pager_fault_names[];
extern const char *const pager_codec_names[];

const char *pager_codec_name(uint32_t codec);

uint64_t pager_field_get(const PagerField *field, const struct aerostat_pager_stats *stats);

/* Adds every member of stats to the object that builder is in. */
void pager_fields_add_json(JsonBuilder *builder, const struct aerostat_pager_stats *stats);

uint64_t pager_faults_total(const struct aerostat_pager_stats *stats);

/*
 * The time below which the given part (0..1) of the faults of a kind were served, in ns: the upper
 * edge of the histogram's bucket, hence at most twice too large. 0: there were none; INFINITY: in
 * the last bucket, which has no upper edge.
 */
double pager_latency_quantile(const uint64_t histogram[AEROSTAT_PAGER_LATENCY_BUCKETS], double part);
