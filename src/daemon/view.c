/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON of everything that the daemon shows. */
#include "daemon/view.h"

#include <string.h>

#define MIB      ((uint64_t)1 << 20)
#define PAGE     4096
#define TEXT_MAX (PATH_MAX + 1)

static void add_uint(JsonBuilder *builder, const char *name, uint64_t value)
{
        json_builder_set_member_name(builder, name);
        json_builder_add_int_value(builder, (gint64)MIN(value, (uint64_t)G_MAXINT64));
}

/* Memory that may be without a bound. */
static void add_bound(JsonBuilder *builder, const char *name, uint64_t value)
{
        json_builder_set_member_name(builder, name);
        if (value == POLICY_UNLIMITED)
                json_builder_add_null_value(builder);
        else
                json_builder_add_int_value(builder, (gint64)value);
}

static void add_double(JsonBuilder *builder, const char *name, double value)
{
        json_builder_set_member_name(builder, name);
        json_builder_add_double_value(builder, value);
}

static void add_string(JsonBuilder *builder, const char *name, const char *value)
{
        json_builder_set_member_name(builder, name);
        if (value == NULL)
                json_builder_add_null_value(builder);
        else
                json_builder_add_string_value(builder, value);
}

static void add_bool(JsonBuilder *builder, const char *name, bool value)
{
        json_builder_set_member_name(builder, name);
        json_builder_add_boolean_value(builder, value);
}

static void begin_member(JsonBuilder *builder, const char *name)
{
        json_builder_set_member_name(builder, name);
        json_builder_begin_object(builder);
}

static const char *managed_name(const Machine *machine)
{
        if (machine->stats_us != 0)
                return "pager";
        return machine->info.has_balloon_device ? "balloon" : "none";
}

static const char *power_name(const Machine *machine)
{
        switch (machine->info.power) {
        case VM_RUNNING:
                return "running";
        case VM_PAUSED:
                return "paused";
        case VM_OFF:
                return "off";
        case VM_CRASHED:
                break;
        }
        return "crashed";
}

static const char *balloon_name(enum policy_balloon_state state)
{
        static const char *const names[] = {
                [POLICY_BALLOON_NONE] = "none",
                [POLICY_BALLOON_OK] = "ok",
                [POLICY_BALLOON_INACTIVE] = "inactive",
                [POLICY_BALLOON_UNCOOPERATIVE] = "uncooperative",
        };

        return names[state];
}

static void add_figures(JsonBuilder *builder, const Machine *machine)
{
        const struct aerostat_pager_stats *stats = &machine->stats;
        const struct policy_vm *plan = &machine->plan;
        uint64_t present = stats->memory_bytes - MIN(stats->memory_bytes, stats->absent_bytes);
        uint64_t held = stats->resident_bytes + stats->parked_bytes;
        uint64_t active = MIN(plan->active_bytes, plan->consumed_bytes);

        add_uint(builder, "memory_bytes", machine->info.memory_bytes);
        add_uint(builder, "granted_bytes", machine->stats_us != 0 ? present : plan->consumed_bytes);
        add_uint(builder, "target_bytes", plan->target_bytes);
        add_uint(builder, "active_bytes", plan->active_bytes);
        add_uint(builder, "consumed_bytes", plan->consumed_bytes);
        add_uint(builder, "overhead_bytes", plan->overhead_bytes);
        add_uint(builder, "idle_bytes", plan->consumed_bytes - active);
        add_uint(builder, "resident_bytes", stats->resident_bytes);
        add_uint(builder, "parked_bytes", stats->parked_bytes);
        add_uint(builder, "absent_bytes", stats->absent_bytes);
        add_uint(builder, "shared_bytes", stats->shared_bytes);
        add_uint(builder, "saved_bytes", stats->shared_saved_bytes);
        add_uint(builder, "private_bytes", held - MIN(held, stats->shared_bytes));
        add_uint(builder, "balloon_bytes", machine->info.balloon_bytes);
        add_uint(builder, "balloon_target_bytes", machine->balloon_asked_bytes);
        add_uint(builder, "balloon_max_bytes", plan->balloon_max_bytes);
        add_uint(builder, "swapped_bytes", stats->swapped_bytes);
        add_uint(builder, "swap_target_bytes", plan->swap_target_bytes);
        add_double(builder, "swap_reads_bytes_per_s", machine->rates.swap_in * PAGE);
        add_double(builder, "swap_writes_bytes_per_s", machine->rates.swap_out * PAGE);
        add_uint(builder, "cache_bytes", stats->cache_bytes);
        add_uint(builder, "cache_used_bytes", stats->cache_live_bytes);
        add_uint(builder, "compressed_bytes", stats->compressed_bytes);
        add_uint(builder, "same_bytes", stats->same_bytes);
        add_double(builder, "zip_bytes_per_s", machine->rates.zip * PAGE);
        add_double(builder, "unzip_bytes_per_s", machine->rates.unzip * PAGE);
        add_double(builder, "faults_per_s", machine->rates.faults);
        add_bound(builder, "pager_limit_bytes",
                  machine->stats_us != 0 && stats->limit_bytes < stats->memory_bytes ? stats->limit_bytes
                                                                                     : POLICY_UNLIMITED);
}

static void add_vm(JsonBuilder *builder, const Machine *machine)
{
        json_builder_begin_object(builder);
        add_string(builder, "name", machine->record->name);
        add_string(builder, "uuid", machine->record->uuid);
        add_uint(builder, "pid", machine->process != NULL ? (uint64_t)machine->process->pid : 0);
        add_string(builder, "pool", machine->record->pool);
        add_string(builder, "power", power_name(machine));
        add_string(builder, "managed", managed_name(machine));
        add_string(builder, "problem",
                   machine_is_silent(machine, g_get_monotonic_time())
                           ? "its pager says nothing: the VMM is stopped, or very slow; its figures are old"
                           : machine->problem);
        add_figures(builder, machine);
        add_string(builder, "balloon_state", balloon_name(machine->balloon_state));
        add_bool(builder, "stopped", machine->record->stopped);
        add_string(builder, "cause", machine->plan.cause != NULL ? machine->plan.cause : "");
        add_uint(builder, "shares", policy_vm_config_shares(&machine->config, machine->info.memory_bytes));
        add_string(builder, "shares_level", policy_shares_level_name(machine->config.shares_level));
        add_uint(builder, "reservation_bytes", (uint64_t)machine->config.reservation_mb * MIB);
        add_bound(builder, "limit_bytes", policy_vm_config_limit_bytes(&machine->config));

        begin_member(builder, "config");
        for (unsigned key = 0; key < POLICY_VM_KEYS; key++) {
                char text[TEXT_MAX] = "";

                (void)policy_vm_config_format(&machine->config, (enum policy_vm_key)key, text, sizeof(text));
                add_string(builder, policy_vm_keys[key], text);
        }
        json_builder_end_object(builder);
        json_builder_end_object(builder);
}

JsonNode *view_vm(const Machine *machine)
{
        g_autoptr(JsonBuilder) builder = json_builder_new();

        add_vm(builder, machine);
        return json_builder_get_root(builder);
}

JsonNode *view_vms(Scheduler *scheduler)
{
        g_autoptr(JsonBuilder) builder = json_builder_new();
        GPtrArray *machines = scheduler_machines(scheduler);

        json_builder_begin_array(builder);
        for (unsigned i = 0; i < machines->len; i++)
                add_vm(builder, machines->pdata[i]);
        json_builder_end_array(builder);
        return json_builder_get_root(builder);
}

typedef struct Sums {
        uint64_t balloon, balloon_target, balloon_max, swapped, swap_target, zipped, cache;
        MachineRates rates;
} Sums;

static Sums sum_up(GPtrArray *machines)
{
        Sums sums = {0};

        for (unsigned i = 0; i < machines->len; i++) {
                const Machine *machine = machines->pdata[i];

                sums.balloon += machine->info.balloon_bytes;
                sums.balloon_target += machine->balloon_asked_bytes;
                sums.balloon_max += machine->plan.balloon_max_bytes;
                sums.swapped += machine->stats.swapped_bytes;
                sums.swap_target += machine->plan.swap_target_bytes;
                sums.zipped += machine->stats.compressed_bytes;
                sums.cache += machine->stats.cache_bytes;
                sums.rates.swap_in += machine->rates.swap_in;
                sums.rates.swap_out += machine->rates.swap_out;
                sums.rates.zip += machine->rates.zip;
                sums.rates.unzip += machine->rates.unzip;
        }
        return sums;
}

static void add_share(JsonBuilder *builder, const SharingFigures *figures)
{
        begin_member(builder, "share");
        add_uint(builder, "shared_bytes", figures->shared_bytes);
        add_uint(builder, "common_bytes", figures->common_bytes);
        add_uint(builder, "saved_bytes", figures->saved_bytes);
        add_string(builder, "state", figures->state);
        add_string(builder, "reason", figures->reason);
        add_double(builder, "pages_per_s", figures->pages_per_s);
        add_double(builder, "cpu", figures->cores);
        json_builder_end_object(builder);
}

JsonNode *view_host(Scheduler *scheduler, const Sharing *sharing)
{
        g_autoptr(JsonBuilder) builder = json_builder_new();
        const SchedulerHost *host = scheduler_host(scheduler);
        Sums sums = sum_up(scheduler_machines(scheduler));

        json_builder_begin_object(builder);
        add_string(builder, "version", AEROSTAT_VERSION);
        add_uint(builder, "managed_bytes", host->managed_bytes);
        add_uint(builder, "total_bytes", host->total_bytes);
        add_uint(builder, "free_bytes", host->free_bytes);
        add_uint(builder, "consumed_bytes", host->consumed_bytes);
        add_uint(builder, "overhead_bytes", host->overhead_bytes);
        add_uint(builder, "other_bytes", host->other_bytes);
        add_string(builder, "state", policy_state_name(host->state));
        add_uint(builder, "state_since_ms", (uint64_t)host->state_since_ms);
        add_string(builder, "state_cause", host->state_cause);
        begin_member(builder, "thresholds");
        add_uint(builder, "high_bytes", host->thresholds.bytes[POLICY_HIGH]);
        add_uint(builder, "soft_bytes", host->thresholds.bytes[POLICY_SOFT]);
        add_uint(builder, "hard_bytes", host->thresholds.bytes[POLICY_HARD]);
        add_uint(builder, "low_bytes", host->thresholds.bytes[POLICY_LOW]);
        json_builder_end_object(builder);
        json_builder_set_member_name(builder, "overcommit");
        json_builder_begin_array(builder);
        for (unsigned i = 0; i < G_N_ELEMENTS(host->overcommit); i++)
                json_builder_add_double_value(builder, host->overcommit[i]);
        json_builder_end_array(builder);
        add_uint(builder, "vms", host->vms);
        add_share(builder, sharing_figures(sharing));

        begin_member(builder, "balloon");
        add_uint(builder, "current_bytes", sums.balloon);
        add_uint(builder, "target_bytes", sums.balloon_target);
        add_uint(builder, "max_bytes", sums.balloon_max);
        json_builder_end_object(builder);
        begin_member(builder, "swap");
        add_uint(builder, "current_bytes", sums.swapped);
        add_uint(builder, "target_bytes", sums.swap_target);
        add_double(builder, "reads_bytes_per_s", sums.rates.swap_in * PAGE);
        add_double(builder, "writes_bytes_per_s", sums.rates.swap_out * PAGE);
        json_builder_end_object(builder);
        begin_member(builder, "zip");
        add_uint(builder, "zipped_bytes", sums.zipped);
        add_uint(builder, "saved_bytes", sums.zipped - MIN(sums.zipped, sums.cache));
        add_double(builder, "zip_bytes_per_s", sums.rates.zip * PAGE);
        add_double(builder, "unzip_bytes_per_s", sums.rates.unzip * PAGE);
        json_builder_end_object(builder);

        add_string(builder, "connection", host->connected ? "ok" : "lost");
        add_string(builder, "connection_reason", host->connection_reason);
        json_builder_end_object(builder);
        return json_builder_get_root(builder);
}

/* Sums over the VMs of a pool and of those below it are made by path: "/a" has what "/a/b" has. */
static bool is_within(const char *pool, const char *path)
{
        size_t length = strlen(path);

        return strcmp(path, "/") == 0 || strcmp(pool, path) == 0 ||
               (strncmp(pool, path, length) == 0 && pool[length] == '/');
}

static void add_pool(JsonBuilder *builder, Scheduler *scheduler, Pools *pools, uint32_t index)
{
        const InventoryPool *pool = pools_get(pools, index);
        const char *path = pool != NULL ? pool->path : "/";
        GPtrArray *machines = scheduler_machines(scheduler);
        size_t n;
        const struct policy_pool *all = pools_array(pools, &n);
        uint64_t consumed = 0, reserved = 0, vms = 0, below = 0;

        for (unsigned i = 0; i < machines->len; i++) {
                const Machine *machine = machines->pdata[i];

                if (!is_within(machine->record->pool, path))
                        continue;
                consumed += machine->plan.consumed_bytes;
                reserved += machine->plan.reservation_bytes;
                vms++;
        }
        for (size_t i = 1; i < n; i++)
                if (all[i].parent == index)
                        below++;

        json_builder_begin_object(builder);
        add_string(builder, "path", path);
        add_uint(builder, "shares", all[index].shares);
        add_string(builder, "shares_level",
                   pool == NULL                       ? "normal"
                   : g_ascii_isdigit(pool->shares[0]) ? "custom"
                                                      : pool->shares);
        add_uint(builder, "reservation_bytes", all[index].reservation_bytes);
        add_bound(builder, "limit_bytes", all[index].limit_bytes);
        add_bool(builder, "expandable", all[index].expandable);
        add_uint(builder, "target_bytes", all[index].target_bytes);
        add_uint(builder, "consumed_bytes", consumed);
        add_uint(builder, "active_bytes", all[index].active_bytes);
        add_uint(builder, "reservation_used_bytes", reserved);
        add_uint(builder, "reservation_free_bytes",
                 all[index].reservation_bytes - MIN(all[index].reservation_bytes, reserved));
        add_uint(builder, "vms", vms);
        add_uint(builder, "pools", below);
        json_builder_end_object(builder);
}

JsonNode *view_pools(Scheduler *scheduler, Pools *pools)
{
        g_autoptr(JsonBuilder) builder = json_builder_new();
        size_t n;

        (void)pools_array(pools, &n);
        json_builder_begin_array(builder);
        for (uint32_t i = 0; i < n; i++)
                add_pool(builder, scheduler, pools, i);
        json_builder_end_array(builder);
        return json_builder_get_root(builder);
}

JsonNode *view_settings(const Config *config)
{
        g_autoptr(JsonBuilder) builder = json_builder_new();

        json_builder_begin_array(builder);
        for (unsigned i = 0; i < POLICY_SETTINGS; i++) {
                const struct policy_setting *setting = &policy_settings[i];
                const struct {
                        const char *name;
                        int64_t value;
                } numbers[] = {
                        {"value", config_get(config, (enum policy_setting_id)i)},
                        {"default", setting->default_value},
                        {"min", setting->min},
                        {"max", setting->max},
                };

                json_builder_begin_object(builder);
                add_string(builder, "name", setting->name);
                for (unsigned k = 0; k < G_N_ELEMENTS(numbers); k++) {
                        json_builder_set_member_name(builder, numbers[k].name);
                        json_builder_add_int_value(builder, numbers[k].value);
                }
                add_string(builder, "unit", setting->unit);
                add_string(builder, "help", setting->help);
                json_builder_end_object(builder);
        }
        json_builder_end_array(builder);
        return json_builder_get_root(builder);
}

JsonNode *view_events(GPtrArray *events)
{
        g_autoptr(JsonBuilder) builder = json_builder_new();

        json_builder_begin_array(builder);
        for (unsigned i = 0; i < events->len; i++) {
                const InventoryEvent *event = events->pdata[i];

                json_builder_begin_object(builder);
                add_uint(builder, "id", (uint64_t)event->id);
                add_uint(builder, "time_ms", (uint64_t)event->time_ms);
                add_string(builder, "type", event->type);
                add_string(builder, "vm", event->vm);
                add_string(builder, "message", event->message);
                json_builder_end_object(builder);
        }
        json_builder_end_array(builder);
        return json_builder_get_root(builder);
}
