/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who is there: VMs that come and go in libvirt, their pagers, and when a round is due. */
#include <inttypes.h>
#include <string.h>

#include "scheduler/scheduler-internal.h"

#define MESSAGE_MAX 256
#define MIB         ((uint64_t)1 << 20)

#define TICK_MS          200
#define POKE_MS          20
#define ROUND_MIN_US     (50 * 1000)
#define LIST_CALM_US     (5 * G_USEC_PER_SEC)
#define LIST_PRESSED_US  (500 * 1000)
#define SCAN_US          G_USEC_PER_SEC
#define PROCESSES_US     (10 * G_USEC_PER_SEC)
#define CALM_AFTER_US    (10 * G_USEC_PER_SEC)
#define STATS_CALM_MS    1000
#define STATS_PRESSED_MS 100
#define SOCKETS_MAX      65536

/* --- pagers --- */

static bool is_calm(const Scheduler *scheduler)
{
        return g_get_monotonic_time() - scheduler->calm_since_us > CALM_AFTER_US;
}

static void on_stats(PagerLink *link, const struct aerostat_pager_stats *stats, gpointer user_data)
{
        Machine *machine = user_data;
        bool first = machine->stats_us == 0;

        machine_set_stats(machine, stats, g_get_monotonic_time());
        (void)link;
        if (first || scheduler_is_pressed(machine) || machine_returned_bytes(machine) >= POLICY_WAITS_BYTES)
                scheduler_poke(machine->scheduler);
}

static void on_refused(PagerLink *link, enum aerostat_pager_request_type type, const char *message,
                       gpointer user_data)
{
        Machine *machine = user_data;

        (void)link;
        (void)type;
        journal_add(machine->scheduler->journal, "error", machine->record->name, "its pager refuses: %s",
                    message);
}

static void on_lost(PagerLink *link, const char *reason, gpointer user_data)
{
        Machine *machine = user_data;
        Scheduler *scheduler = machine->scheduler;

        (void)link;
        machine_drop_link(machine, reason);
        /* Most often the VM has ended; the list will say. */
        hypervisor_list(scheduler->hypervisor);
        scheduler_poke(scheduler);
}

static const PagerLinkEvents link_events = {.stats = on_stats, .refused = on_refused, .lost = on_lost};

/* Whose socket it is, the kernel says; which VM that is, the command line of the process. */
static void try_socket(Scheduler *scheduler, const char *path)
{
        g_autoptr(PagerLink) link = NULL;
        g_autoptr(HostProcess) process = NULL;
        Machine *machine = NULL;

        link = pager_link_new(path, &link_events, NULL, NULL);
        if (link == NULL)
                return;
        process = host_process_read("", pager_link_pid(link), NULL);
        if (process != NULL && process->uuid != NULL)
                machine = g_hash_table_lookup(scheduler->machines, process->uuid);
        if (machine == NULL || machine->link != NULL) {
                /* Not libvirt's, or not yet: it is looked at again when another VM has come. */
                if (g_hash_table_size(scheduler->sockets) < SOCKETS_MAX)
                        g_hash_table_add(scheduler->sockets, g_strdup(path));
                return;
        }
        pager_link_set_owner(link, machine);
        machine->link = g_steal_pointer(&link);
        host_process_free(machine->process);
        machine->process = g_steal_pointer(&process);
        pager_link_set_interval(machine->link, STATS_PRESSED_MS);
}

static bool has_link(const Scheduler *scheduler, const char *path)
{
        for (unsigned i = 0; i < scheduler->sorted->len; i++) {
                const Machine *machine = scheduler->sorted->pdata[i];

                if (machine->link != NULL && strcmp(pager_link_path(machine->link), path) == 0)
                        return true;
        }
        return false;
}

static bool misses_pager(const Scheduler *scheduler)
{
        for (unsigned i = 0; i < scheduler->sorted->len; i++)
                if (((const Machine *)scheduler->sorted->pdata[i])->link == NULL)
                        return true;
        return false;
}

static void find_pagers(Scheduler *scheduler)
{
        const char *const *dirs = config_pager_dirs(scheduler->config);

        scheduler->last_scan_us = g_get_monotonic_time();
        if (!misses_pager(scheduler))
                return;
        for (unsigned i = 0; dirs[i] != NULL; i++) {
                g_autoptr(GDir) dir = g_dir_open(dirs[i], 0, NULL);
                const char *name;

                while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
                        g_autofree char *path = g_build_filename(dirs[i], name, NULL);

                        if (g_str_has_suffix(name, ".sock") &&
                            !g_hash_table_contains(scheduler->sockets, path) && !has_link(scheduler, path))
                                try_socket(scheduler, path);
                }
        }
}

/* Of a VM without a pager, which leads us to its process, the process is looked for: by the UUID there. */
static void find_processes(Scheduler *scheduler)
{
        int64_t now_us = g_get_monotonic_time();
        g_autoptr(GDir) proc = NULL;
        const char *name;
        bool missing = false;

        for (unsigned i = 0; i < scheduler->sorted->len; i++)
                missing = missing || ((const Machine *)scheduler->sorted->pdata[i])->process == NULL;
        if (!missing || now_us - scheduler->last_proc_us < PROCESSES_US)
                return;
        scheduler->last_proc_us = now_us;
        proc = g_dir_open("/proc", 0, NULL);
        while (proc != NULL && (name = g_dir_read_name(proc)) != NULL) {
                g_autoptr(HostProcess) process = NULL;
                Machine *machine = NULL;
                guint64 pid = 0;

                if (!g_ascii_string_to_unsigned(name, 10, 1, G_MAXINT, &pid, NULL))
                        continue;
                process = host_process_read("", (pid_t)pid, NULL);
                if (process != NULL && process->uuid != NULL)
                        machine = g_hash_table_lookup(scheduler->machines, process->uuid);
                if (machine != NULL && machine->process == NULL)
                        machine->process = g_steal_pointer(&process);
        }
}

/* --- VMs --- */

static int by_name(gconstpointer a, gconstpointer b)
{
        const Machine *ma = *(Machine *const *)a, *mb = *(Machine *const *)b;
        int order = strcmp(ma->record->name, mb->record->name);

        return order != 0 ? order : strcmp(ma->record->uuid, mb->record->uuid);
}

static void load_options(Scheduler *scheduler, Machine *machine)
{
        char message[MESSAGE_MAX];
        GHashTableIter iter;
        gpointer name, value;

        g_hash_table_iter_init(&iter, machine->record->options);
        while (g_hash_table_iter_next(&iter, &name, &value))
                /* Others are for operations. */
                if (g_str_has_prefix(name, "sched.") &&
                    policy_vm_config_parse(&machine->config, name, value, message, sizeof(message)) < 0)
                        journal_add(scheduler->journal, "error", machine->record->name,
                                    "a setting in the inventory is not in force: %s", message);
}

static void add_machine(Scheduler *scheduler, const VmInfo *info)
{
        g_autoptr(GError) error = NULL;
        InventoryVm *record = inventory_vm_load(scheduler->inventory, info->uuid, &error);
        Machine *machine;

        if (error != NULL) {
                journal_add(scheduler->journal, "error", info->name, "left alone for now: %s",
                            error->message);
                return;
        }
        if (record == NULL)
                record = inventory_vm_new(info->uuid, info->name);
        if (strcmp(record->name, info->name) != 0) {
                g_free(record->name);
                record->name = g_strdup(info->name);
        }
        /* Resumed by somebody else, or never stopped: the daemon was killed on its way to that. */
        if (info->runs)
                record->stopped = false;
        if (!pools_has(scheduler->pools, record->pool)) {
                journal_add(scheduler->journal, "vm", info->name,
                            "its pool \"%s\" is there no more: it belongs to the host now", record->pool);
                g_free(record->pool);
                record->pool = g_strdup("/");
        }
        machine = machine_new(record, scheduler);
        machine_set_info(machine, info);
        /* The balloon was asked for what it has, as far as anybody can tell. */
        machine->balloon_asked_bytes = info->balloon_bytes;
        load_options(scheduler, machine);
        if (!inventory_vm_save(scheduler->inventory, record, &error))
                journal_add(scheduler->journal, "error", info->name, "%s", error->message);
        g_hash_table_insert(scheduler->machines, record->uuid, machine);
        g_ptr_array_add(scheduler->sorted, machine);
        g_hash_table_remove_all(scheduler->sockets);
        journal_add(scheduler->journal, "vm", record->name, "%s, %" PRIu64 " MB",
                    scheduler->taken_up ? "runs" : "was found running", info->memory_bytes / MIB);
}

static void remove_machine(Scheduler *scheduler, Machine *machine)
{
        g_autoptr(GError) error = NULL;

        journal_add(scheduler->journal, "vm", machine->record->name, "does not run any more");
        if (machine->record->stopped) {
                machine->record->stopped = false;
                if (!inventory_vm_save(scheduler->inventory, machine->record, &error))
                        journal_add(scheduler->journal, "error", machine->record->name, "%s",
                                    error->message);
        }
        (void)g_ptr_array_remove(scheduler->sorted, machine);
        (void)g_hash_table_remove(scheduler->machines, machine->record->uuid);
}

/* Machines as VMs are; whether any came, went, stands still or goes on. */
static bool take_up(Scheduler *scheduler, GPtrArray *vms)
{
        bool changed = false;

        for (unsigned i = 0; i < scheduler->sorted->len; i++)
                ((Machine *)scheduler->sorted->pdata[i])->listed = false;
        for (unsigned i = 0; i < vms->len; i++) {
                const VmInfo *info = vms->pdata[i];
                Machine *machine = g_hash_table_lookup(scheduler->machines, info->uuid);

                if (machine != NULL) {
                        /* Without a round nobody would be told before the next one. */
                        changed = changed || strcmp(machine->info.power, info->power) != 0;
                        machine_set_info(machine, info);
                        continue;
                }
                add_machine(scheduler, info);
                changed = true;
        }
        for (unsigned i = scheduler->sorted->len; i-- > 0;) {
                Machine *machine = scheduler->sorted->pdata[i];

                if (!machine->listed) {
                        remove_machine(scheduler, machine);
                        changed = true;
                }
        }
        return changed;
}

static void on_listed(GPtrArray *vms, gpointer user_data)
{
        Scheduler *scheduler = user_data;
        g_autoptr(GError) error = NULL;
        bool together, changed;

        /* Of a thousand that are new each by itself would wait for the disk. */
        together = inventory_begin(scheduler->inventory, NULL);
        changed = take_up(scheduler, vms);
        if (together && !inventory_end(scheduler->inventory, true, &error))
                journal_add(scheduler->journal, "error", NULL, "what was found of VMs is not saved: %s",
                            error->message);
        scheduler->taken_up = true;
        if (changed) {
                g_ptr_array_sort(scheduler->sorted, by_name);
                find_pagers(scheduler);
                scheduler_poke(scheduler);
        }
}

void scheduler_listen(Scheduler *scheduler, const SchedulerListener *listener)
{
        scheduler->listener = *listener;
}

static void on_changed(gpointer user_data)
{
        Scheduler *scheduler = user_data;

        hypervisor_list(scheduler->hypervisor);
        if (scheduler->listener.changed != NULL)
                scheduler->listener.changed(scheduler->listener.user_data);
}

static void on_rebooted(const char *uuid, gpointer user_data)
{
        Scheduler *scheduler = user_data;
        Machine *machine = g_hash_table_lookup(scheduler->machines, uuid);

        if (machine == NULL)
                return;
        machine_set_rebooted(machine);
        journal_add(scheduler->journal, "vm", machine->record->name, "the guest has rebooted");
        hypervisor_list(scheduler->hypervisor);
        scheduler_poke(scheduler);
}

static void on_connected(gpointer user_data)
{
        Scheduler *scheduler = user_data;

        scheduler->host.connected = true;
        g_free(scheduler->connection_reason);
        scheduler->connection_reason = g_strdup("");
        scheduler->host.connection_reason = scheduler->connection_reason;
        journal_add(scheduler->journal, "daemon", NULL, "connected to %s",
                    config_connection(scheduler->config));
        hypervisor_list(scheduler->hypervisor);
}

static void on_connection_lost(const char *reason, gpointer user_data)
{
        Scheduler *scheduler = user_data;

        scheduler->host.connected = false;
        if (g_strcmp0(scheduler->connection_reason, reason) == 0)
                return;
        g_free(scheduler->connection_reason);
        scheduler->connection_reason = g_strdup(reason);
        scheduler->host.connection_reason = scheduler->connection_reason;
        journal_add(scheduler->journal, "error", NULL,
                    "no connection to %s: %s. VMs with a pager stay governed; trying again",
                    config_connection(scheduler->config), reason);
}

static const HypervisorEvents hypervisor_events = {
        .listed = on_listed,
        .changed = on_changed,
        .rebooted = on_rebooted,
        .connected = on_connected,
        .lost = on_connection_lost,
};

/* --- when --- */

static gboolean on_poke(gpointer user_data)
{
        Scheduler *scheduler = user_data;

        scheduler->poke_source = 0;
        scheduler_round(scheduler);
        return G_SOURCE_REMOVE;
}

void scheduler_poke(Scheduler *scheduler)
{
        int64_t since_us = g_get_monotonic_time() - scheduler->last_round_us;

        if (scheduler->poke_source == 0)
                scheduler->poke_source = g_timeout_add(
                        since_us >= ROUND_MIN_US ? POKE_MS : ROUND_MIN_US / 1000, on_poke, scheduler);
}

static bool is_under_pressure(const Scheduler *scheduler)
{
        if (scheduler->host.state != POLICY_HIGH)
                return true;
        for (unsigned i = 0; i < scheduler->sorted->len; i++) {
                const Machine *machine = scheduler->sorted->pdata[i];

                if (machine->balloon_asked_bytes != machine->info.balloon_bytes ||
                    scheduler_is_pressed(machine) ||
                    machine->plan.pager_limit_bytes != machine->plan.new_pager_limit_bytes)
                        return true;
        }
        return false;
}

static gboolean on_tick(gpointer user_data)
{
        Scheduler *scheduler = user_data;
        int64_t now_us = g_get_monotonic_time();
        int64_t balance_us = config_get(scheduler->config, POLICY_BALANCE_PERIOD) * G_USEC_PER_SEC;
        bool calm = is_calm(scheduler);

        if (is_under_pressure(scheduler))
                scheduler->calm_since_us = now_us;
        if (calm != is_calm(scheduler) || now_us - scheduler->last_scan_us > SCAN_US) {
                for (unsigned i = 0; i < scheduler->sorted->len; i++) {
                        Machine *machine = scheduler->sorted->pdata[i];

                        if (machine->link != NULL)
                                pager_link_set_interval(machine->link, is_calm(scheduler)
                                                                               ? STATS_CALM_MS
                                                                               : STATS_PRESSED_MS);
                        /* Of others when their pager reports, for it takes both figures at once. */
                        if (machine->link == NULL)
                                machine_measure(machine);
                }
                find_pagers(scheduler);
                find_processes(scheduler);
        }
        if (now_us - scheduler->last_list_us > (is_calm(scheduler) ? LIST_CALM_US : LIST_PRESSED_US)) {
                scheduler->last_list_us = now_us;
                hypervisor_list(scheduler->hypervisor);
        }
        if (now_us - scheduler->last_round_us >
            MIN(balance_us, is_calm(scheduler) ? balance_us : G_USEC_PER_SEC))
                scheduler_round(scheduler);
        return G_SOURCE_CONTINUE;
}

/* --- its life --- */

Scheduler *scheduler_new(Config *config, Inventory *inventory, Pools *pools, Journal *journal)
{
        Scheduler *scheduler = g_new0(Scheduler, 1);

        scheduler->config = config;
        scheduler->inventory = inventory;
        scheduler->pools = pools;
        scheduler->journal = journal;
        scheduler->scratch = policy_scratch_new();
        if (scheduler->scratch == NULL)
                g_error("out of memory");
        scheduler->machines =
                g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)machine_free);
        scheduler->sorted = g_ptr_array_new();
        scheduler->sockets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        scheduler->connection_reason = g_strdup("not connected yet");
        scheduler->host.connection_reason = scheduler->connection_reason;
        scheduler->state_cause = g_strdup("the daemon has started");
        scheduler->host.state_cause = scheduler->state_cause;
        scheduler->host.state_since_ms = g_get_real_time() / 1000;
        scheduler->last_round_us = g_get_monotonic_time();
        scheduler_round(scheduler);
        scheduler->hypervisor = hypervisor_new(config_connection(config), &hypervisor_events, scheduler);
        scheduler->tick_source = g_timeout_add(TICK_MS, on_tick, scheduler);
        return scheduler;
}

void scheduler_free(Scheduler *scheduler)
{
        if (scheduler == NULL)
                return;
        g_clear_handle_id(&scheduler->tick_source, g_source_remove);
        g_clear_handle_id(&scheduler->poke_source, g_source_remove);
        scheduler_resume_all(scheduler);
        hypervisor_free(scheduler->hypervisor);
        g_hash_table_unref(scheduler->machines);
        g_ptr_array_unref(scheduler->sorted);
        g_hash_table_unref(scheduler->sockets);
        policy_scratch_free(scheduler->scratch);
        g_free(scheduler->connection_reason);
        g_free(scheduler->state_cause);
        g_free(scheduler->vms);
        g_free(scheduler);
}

const SchedulerHost *scheduler_host(const Scheduler *scheduler)
{
        return &scheduler->host;
}

GPtrArray *scheduler_machines(Scheduler *scheduler)
{
        return scheduler->sorted;
}

Machine *scheduler_find(Scheduler *scheduler, const char *name, GError **error)
{
        Machine *found = g_hash_table_lookup(scheduler->machines, name);
        g_autofree char *shown = NULL;

        for (unsigned i = 0; found == NULL && i < scheduler->sorted->len; i++) {
                Machine *machine = scheduler->sorted->pdata[i];

                if (strcmp(machine->record->name, name) == 0)
                        found = machine;
        }
        if (found == NULL) {
                shown = g_strescape(name, NULL);
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            "no VM \"%.200s\" runs here; 'aerostat vm list' shows those that do", shown);
        }
        return found;
}
