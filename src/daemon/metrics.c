/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* OpenMetrics: the same figures as the API has, one family of gauges each. */
#include "daemon/metrics.h"

typedef struct Family {
        const char *name;
        const char *help;
        size_t offset; /* of a uint64_t in Machine */
} Family;

#define STATS(field) offsetof(Machine, stats.field)
#define PLAN(field)  offsetof(Machine, plan.field)

static const Family families[] = {
        {"memory", "Configured size", offsetof(Machine, info.memory_bytes)},
        {"consumed", "Host memory that guest memory takes", PLAN(consumed_bytes)},
        {"overhead", "Host memory beyond guest memory", PLAN(overhead_bytes)},
        {"target", "Host memory it should have now", PLAN(target_bytes)},
        {"active", "Guest memory touched recently, an estimate", PLAN(active_bytes)},
        {"balloon", "Taken by the balloon", offsetof(Machine, info.balloon_bytes)},
        {"balloon_target", "Asked of the balloon", offsetof(Machine, balloon_asked_bytes)},
        {"swapped", "In the swap file", STATS(swapped_bytes)},
        {"swap_target", "Expected in the swap file", PLAN(swap_target_bytes)},
        {"compressed", "In the compression cache, before compression", STATS(compressed_bytes)},
        {"cache", "Host memory of the compression cache", STATS(cache_bytes)},
        {"same", "Pages of one value, without storage", STATS(same_bytes)},
        {"shared", "Shared pages", STATS(shared_bytes)},
        {"shared_saved", "Saved by sharing", STATS(shared_saved_bytes)},
        {"resident", "In the guest's reach", STATS(resident_bytes)},
        {"parked", "Out of the guest's reach, still whole", STATS(parked_bytes)},
        {"absent", "Never touched, or given back", STATS(absent_bytes)},
        {"reservation", "Guaranteed", PLAN(reservation_bytes)},
};

static const Family counters[] = {
        {"swap_ins", "Pages read from the swap file", STATS(swap_ins)},
        {"swap_outs", "Pages written to the swap file", STATS(swap_outs)},
        {"compressions", "Pages compressed", STATS(compressions)},
        {"decompressions", "Pages decompressed", STATS(decompressions)},
};

static void add_label(GString *text, const char *value)
{
        for (const char *c = value; *c != '\0'; c++) {
                if (*c == '\\' || *c == '"')
                        g_string_append_c(text, '\\');
                if (*c == '\n')
                        g_string_append(text, "\\n");
                else
                        g_string_append_c(text, *c);
        }
}

static void add_family(GString *text, GPtrArray *machines, const Family *family, bool counter)
{
        const char *unit = counter ? "" : "_bytes";

        g_string_append_printf(text, "# TYPE aerostat_vm_%s%s %s\n", family->name, unit,
                               counter ? "counter" : "gauge");
        if (!counter)
                g_string_append_printf(text, "# UNIT aerostat_vm_%s_bytes bytes\n", family->name);
        g_string_append_printf(text, "# HELP aerostat_vm_%s%s %s\n", family->name, unit, family->help);
        for (unsigned i = 0; i < machines->len; i++) {
                const Machine *machine = machines->pdata[i];
                const uint64_t *value =
                        (const uint64_t *)(const void *)((const char *)machine + family->offset);

                g_string_append_printf(text, "aerostat_vm_%s%s{vm=\"", family->name,
                                       counter ? "_total" : unit);
                add_label(text, machine->record->name);
                g_string_append_printf(text, "\",uuid=\"%s\"} %" G_GUINT64_FORMAT "\n",
                                       machine->record->uuid, *value);
        }
}

static void add_gauge(GString *text, const char *name, const char *help, uint64_t value)
{
        g_string_append_printf(text,
                               "# TYPE aerostat_host_%s_bytes gauge\n# UNIT aerostat_host_%s_bytes bytes\n"
                               "# HELP aerostat_host_%s_bytes %s\naerostat_host_%s_bytes %" G_GUINT64_FORMAT
                               "\n",
                               name, name, name, help, name, value);
}

char *metrics_text(Scheduler *scheduler, const Sharing *sharing)
{
        GString *text = g_string_new(NULL);
        const SchedulerHost *host = scheduler_host(scheduler);
        GPtrArray *machines = scheduler_machines(scheduler);

        add_gauge(text, "managed", "Memory that may be shared out", host->managed_bytes);
        add_gauge(text, "free", "Managed memory that no VM takes", host->free_bytes);
        add_gauge(text, "consumed", "Host memory that guest memory takes", host->consumed_bytes);
        add_gauge(text, "overhead", "Host memory of VMs beyond guest memory", host->overhead_bytes);
        add_gauge(text, "share_saved", "Saved by sharing", sharing_figures(sharing)->saved_bytes);
        g_string_append(text, "# TYPE aerostat_host_memory_state stateset\n"
                              "# HELP aerostat_host_memory_state State of the host's memory\n");
        for (unsigned state = 0; state < POLICY_STATES; state++)
                g_string_append_printf(text,
                                       "aerostat_host_memory_state{aerostat_host_memory_state=\"%s\"} %d\n",
                                       policy_state_name((enum policy_state)state), state == host->state);
        for (unsigned i = 0; i < G_N_ELEMENTS(families); i++)
                add_family(text, machines, &families[i], false);
        for (unsigned i = 0; i < G_N_ELEMENTS(counters); i++)
                add_family(text, machines, &counters[i], true);
        g_string_append(text, "# EOF\n");
        return g_string_free(text, FALSE);
}
