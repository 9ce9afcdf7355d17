/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * KSM has no tenants: what is mergeable is merged with whatever is like it. So one salt group at a time
 * shares, the one with the most memory, and the others' pagers make their memory unmergeable. That is
 * the safe side of ESX's salting: nothing of different salts is ever shared.
 */
#include "scheduler/sharing.h"

#include <string.h>

#define TICK_MS     250
#define FULL_TICKS  4 /* of these, but for a boost: guests may want the processors at any moment */
#define SCARCE      4 /* free memory of fewer times what state high begins at */
#define PAGE        4096
#define SALT_COMMON "" /* of VMs that name none, unless each is its own (Mem.ShareForceSalting 2) */

struct Sharing {
        Config *config;
        Scheduler *scheduler;
        Journal *journal;
        HostKsm *ksm; /* NULL: could not be opened */
        HostProcess *thread;
        HostCpu cpu;
        guint tick_source;

        struct policy_sharing policy;
        enum policy_sharing_pace pace;
        SharingFigures figures;
        char *reason;
        uint64_t pages_shared, pages_scanned;
        HostKsmSample sample;
        HostKsmUsage usage;
        int64_t newest_us; /* start of the youngest VM that was seen */
        unsigned ticks;
        uint64_t idle_ns; /* of processors; 0: not known */
};

static void set_reason(Sharing *sharing, const char *state, const char *reason)
{
        sharing->figures.state = state;
        if (strcmp(sharing->reason, reason) == 0)
                return;
        g_free(sharing->reason);
        sharing->reason = g_strdup(reason);
        sharing->figures.reason = sharing->reason;
        if (reason[0] != '\0')
                journal_add(sharing->journal, "share", NULL, "%s", reason);
}

/* --- who shares with whom --- */

/* NULL: with nobody. */
static const char *salt_of(const Sharing *sharing, const Machine *machine)
{
        int64_t force = config_get(sharing->config, POLICY_SHARE_FORCE_SALTING);

        if (!machine->config.share_pages)
                return NULL;
        if (force == 0)
                return SALT_COMMON;
        if (machine->config.salt[0] != '\0' || force == 1)
                return machine->config.salt;
        return machine->record->uuid;
}

/* The group with the most memory; NULL: nobody shares. */
static const char *choose_group(const Sharing *sharing, GPtrArray *machines)
{
        g_autoptr(GHashTable) sums = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
        const char *chosen = NULL;
        uint64_t most = 0;

        for (unsigned i = 0; i < machines->len; i++) {
                const Machine *machine = machines->pdata[i];
                const char *salt = salt_of(sharing, machine);
                uint64_t *sum = salt != NULL ? g_hash_table_lookup(sums, salt) : NULL;

                if (salt == NULL)
                        continue;
                if (sum == NULL) {
                        sum = g_new0(uint64_t, 1);
                        g_hash_table_insert(sums, (char *)(gintptr)salt, sum);
                }
                *sum += machine->info.memory_bytes;
                /* Of equals the first by name, always: a group that changes costs all its merging. */
                if (*sum > most) {
                        most = *sum;
                        chosen = salt;
                }
        }
        return chosen;
}

typedef struct Members {
        uint64_t bytes, touched_bytes;
        uint32_t vms;
        const Machine *stranger; /* would be merged with the group, and cannot be kept out */
} Members;

static Members tell_members(Sharing *sharing, GPtrArray *machines, const char *group)
{
        Members members = {0};

        for (unsigned i = 0; i < machines->len; i++) {
                const Machine *machine = machines->pdata[i];
                const char *salt = salt_of(sharing, machine);
                bool in = salt != NULL && group != NULL && strcmp(salt, group) == 0;

                if (machine->link != NULL)
                        pager_link_order(machine->link, AEROSTAT_PAGER_SET_MERGEABLE, in, 0);
                else if (!in)
                        members.stranger = machine;
                if (in) {
                        members.bytes += machine->info.memory_bytes;
                        members.touched_bytes += machine_granted_bytes(machine);
                        members.vms++;
                }
        }
        return members;
}

/* --- the scanner --- */

static uint64_t difference(uint64_t now, uint64_t before)
{
        return now > before ? now - before : 0;
}

/* Where it cannot be known all are. */
static double measure_idle(Sharing *sharing, uint64_t since_ns)
{
        uint64_t before_ns = sharing->idle_ns;

        if (!host_cpu_read_idle("", &sharing->idle_ns, NULL))
                sharing->idle_ns = 0;
        if (before_ns == 0 || sharing->idle_ns == 0 || since_ns == 0)
                return sharing->cpu.online;
        return (double)difference(sharing->idle_ns, before_ns) / (double)since_ns;
}

static void measure(Sharing *sharing, const HostKsmFigures *figures, struct policy_sharing_facts *facts)
{
        HostKsmSample sample = {
                .time_ns = (uint64_t)g_get_monotonic_time() * 1000,
                .cpu_ns = sharing->sample.cpu_ns, /* in case it cannot be read */
                .pages_scanned = figures->pages_scanned,
        };
        uint64_t shared = figures->pages_sharing + figures->zero_pages;

        facts->pages_scanned = difference(figures->pages_scanned, sharing->pages_scanned);
        facts->pages_merged = difference(shared, sharing->pages_shared);
        sharing->pages_scanned = figures->pages_scanned;
        sharing->pages_shared = shared;

        if (sharing->thread != NULL && host_ksm_read_cpu(sharing->thread, &sample.cpu_ns, NULL))
                sharing->usage = host_ksm_usage(&sharing->sample, &sample);
        facts->scanner_cpus = sharing->usage.cores;
        facts->idle_cpus = measure_idle(sharing, sample.time_ns - sharing->sample.time_ns);
        sharing->sample = sample;
        if (sharing->usage.ns_per_page > 0)
                facts->pages_per_cpu_second = 1000000000u / sharing->usage.ns_per_page;

        sharing->figures.shared_bytes = figures->shared_bytes;
        sharing->figures.common_bytes = figures->common_bytes;
        sharing->figures.saved_bytes = figures->saved_bytes;
        sharing->figures.pages_per_s = sharing->usage.pages_per_s;
        sharing->figures.cores = sharing->usage.cores;
}

static bool notice_new(Sharing *sharing, GPtrArray *machines)
{
        int64_t newest_us = sharing->newest_us;

        for (unsigned i = 0; i < machines->len; i++)
                newest_us = MAX(newest_us, ((const Machine *)machines->pdata[i])->started_us);
        if (newest_us == sharing->newest_us)
                return false;
        sharing->newest_us = newest_us;
        return true;
}

static bool scan(Sharing *sharing, const struct policy_sharing_order *order, uint64_t mergeable_bytes,
                 GError **error)
{
        uint64_t pass_s = mergeable_bytes / PAGE / MAX(order->pages_per_s, 1);
        HostKsmPace pace = {
                .pages_per_s = CLAMP(order->pages_per_s, 1, 10000000),
                .ns_per_page = MIN(sharing->usage.ns_per_page, 1000000),
                .max_cpu_pct = (uint32_t)CLAMP(order->cpus * 100 + 1, 1, 100),
                .min_pages_to_scan = 1,
                .max_pages_to_scan = (uint32_t)CLAMP(order->pages_per_s / 10, 10, 1000000),
        };

        if (order->pages_per_s == 0)
                return host_ksm_stop(sharing->ksm, error);
        /* At leisure the kernel's advisor keeps the time of a pass; in a hurry a number is quicker. */
        if (order->pace == POLICY_SHARING_NORMAL)
                pace.scan_time_s = (uint32_t)CLAMP(pass_s, 1, 36000);
        return host_ksm_set_pace(sharing->ksm, &pace, error);
}

static const char *state_name(const Sharing *sharing)
{
        switch (host_ksm_state(sharing->ksm)) {
        case HOST_KSM_FOREIGN:
                return "foreign";
        case HOST_KSM_SCANNING:
                return sharing->pace == POLICY_SHARING_IDLE ? "idle" : "scanning";
        case HOST_KSM_IDLE:
                return sharing->pace == POLICY_SHARING_OFF ? "off" : "idle";
        case HOST_KSM_OFF:
                break;
        }
        return "off";
}

static void steer(Sharing *sharing, GPtrArray *machines, Members members, const HostKsmFigures *ksm)
{
        const SchedulerHost *host = scheduler_host(sharing->scheduler);
        struct policy_sharing_facts facts = {
                .state = host->state,
                .mergeable_bytes = members.bytes,
                .touched_bytes = members.touched_bytes,
                .n_vms = members.vms,
                .vm_started = notice_new(sharing, machines),
                .scarce = host->free_bytes / SCARCE < host->thresholds.bytes[POLICY_HIGH],
                .scan_time_min = (uint32_t)config_get(sharing->config, POLICY_SHARE_SCAN_TIME),
                .scan_ghz = (uint32_t)config_get(sharing->config, POLICY_SHARE_SCAN_GHZ),
                .rate_max = (uint32_t)config_get(sharing->config, POLICY_SHARE_RATE_MAX),
                .cpu_mhz = (uint32_t)sharing->cpu.mhz,
        };
        struct policy_sharing_order order;
        g_autoptr(GError) error = NULL;
        g_autofree char *reason = g_strdup("");

        measure(sharing, ksm, &facts);
        order = policy_sharing_update(&sharing->policy, &facts);
        if (members.vms > 0 && members.stranger != NULL) {
                order = (struct policy_sharing_order){.pace = POLICY_SHARING_OFF};
                g_free(reason);
                reason = g_strdup_printf(
                        "VM \"%s\" has no pager, so nothing keeps its memory from being shared with that of "
                        "VMs of other salts: no pages are shared. Give it the pager, or set "
                        "Mem.ShareForceSalting to 0",
                        members.stranger->record->name);
        }
        sharing->pace = order.pace;
        if (!scan(sharing, &order, members.bytes, &error)) {
                set_reason(sharing, state_name(sharing), error->message);
                return;
        }
        set_reason(sharing, state_name(sharing),
                   host_ksm_reason(sharing->ksm)[0] != '\0' ? host_ksm_reason(sharing->ksm) : reason);
}

static gboolean tick(gpointer user_data)
{
        Sharing *sharing = user_data;
        HostKsmFigures figures = {0};
        GPtrArray *machines = scheduler_machines(sharing->scheduler);
        g_autoptr(GError) error = NULL;
        HostKsmState state;
        Members members;

        if (++sharing->ticks % FULL_TICKS && sharing->pace != POLICY_SHARING_BOOSTED)
                return G_SOURCE_CONTINUE;
        /* Somebody else's scanner, too, must not bring different salts together. */
        members = tell_members(sharing, machines, choose_group(sharing, machines));
        if (!host_ksm_tick(sharing->ksm, &error) || !host_ksm_read_figures("", &figures, &error)) {
                set_reason(sharing, "off", error->message);
                return G_SOURCE_CONTINUE;
        }
        state = host_ksm_state(sharing->ksm);
        if (state == HOST_KSM_OFF || state == HOST_KSM_FOREIGN) {
                struct policy_sharing_facts facts = {0};

                measure(sharing, &figures, &facts);
                set_reason(sharing, state_name(sharing), host_ksm_reason(sharing->ksm));
        } else {
                steer(sharing, machines, members, &figures);
        }
        return G_SOURCE_CONTINUE;
}

Sharing *sharing_new(const char *state_dir, Config *config, Scheduler *scheduler, Journal *journal)
{
        Sharing *sharing = g_new0(Sharing, 1);
        g_autoptr(GError) error = NULL;

        sharing->config = config;
        sharing->scheduler = scheduler;
        sharing->journal = journal;
        sharing->reason = g_strdup("");
        sharing->figures.state = "off";
        sharing->figures.reason = sharing->reason;
        (void)host_cpu_read("", &sharing->cpu, NULL);
        sharing->thread = host_ksm_find_thread("", NULL);
        sharing->ksm = host_ksm_open("", state_dir, &error);
        if (sharing->ksm == NULL)
                set_reason(sharing, "off", error->message);
        else
                sharing->tick_source = g_timeout_add(TICK_MS, tick, sharing);
        return sharing;
}

void sharing_free(Sharing *sharing)
{
        g_autoptr(GError) error = NULL;

        if (sharing == NULL)
                return;
        g_clear_handle_id(&sharing->tick_source, g_source_remove);
        if (sharing->ksm != NULL && !host_ksm_restore(sharing->ksm, &error))
                journal_add(sharing->journal, "error", NULL, "KSM is not as it was found: %s",
                            error->message);
        host_ksm_free(sharing->ksm);
        host_process_free(sharing->thread);
        g_free(sharing->reason);
        g_free(sharing);
}

const SharingFigures *sharing_figures(const Sharing *sharing)
{
        return &sharing->figures;
}
