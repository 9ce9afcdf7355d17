/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes that administrators make to VMs and pools: checked as a whole, admitted, kept, then in force. */
#include <inttypes.h>
#include <string.h>

#include "inventory/record.h"
#include "scheduler/scheduler-internal.h"

#define MESSAGE_MAX 256
#define MIB         ((uint64_t)1 << 20)
#define KEY_POOL    "pool"

#define UNKNOWN_SIZE_BYTES ((uint64_t)POLICY_MB_MAX * MIB)

static uint64_t reservation_bytes(const struct policy_vm_config *config)
{
        return (uint64_t)config->reservation_mb * MIB;
}

GArray *scheduler_collect_vms(Scheduler *scheduler, const Machine *except)
{
        GArray *vms = g_array_new(FALSE, TRUE, sizeof(struct policy_vm));

        for (unsigned i = 0; i < scheduler->sorted->len; i++) {
                const Machine *machine = scheduler->sorted->pdata[i];
                struct policy_vm vm;

                if (machine == except)
                        continue;
                machine_fill(machine, g_get_monotonic_time(), 0, 0, &vm);
                vm.pool = pools_index(scheduler->pools, machine->record->pool);
                g_array_append_val(vms, vm);
        }
        return vms;
}

void scheduler_set_short(Scheduler *scheduler, GError **error, int result, const char *what,
                         uint64_t asked_bytes, uint64_t short_bytes, uint32_t pool)
{
        const InventoryPool *where = pools_get(scheduler->pools, pool);
        g_autofree char *place =
                where != NULL ? g_strdup_printf("pool \"%s\"", where->path) : g_strdup("the host");

        if (result != -ENOSPC) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s cannot be checked: %s", what,
                            g_strerror(-result));
                return;
        }
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                    "%s: %" PRIu64 " MB cannot be guaranteed, overhead included: %s has %" PRIu64
                    " MB left to promise; lower reservations there, or the one asked for",
                    what, (asked_bytes + MIB - 1) / MIB, place,
                    (asked_bytes - MIN(asked_bytes, short_bytes)) / MIB);
}

static bool admit(Scheduler *scheduler, const Machine *except, uint32_t pool, const char *what,
                  uint64_t promise_bytes, uint64_t overhead_bytes, GError **error)
{
        g_autoptr(GArray) vms = scheduler_collect_vms(scheduler, except);
        const SchedulerHost *host = &scheduler->host;
        uint64_t short_bytes = 0;
        uint32_t where = POLICY_ROOT;
        size_t n;
        const struct policy_pool *pools = pools_array(scheduler->pools, &n);
        int result = policy_admit(pools, n, (const struct policy_vm *)(const void *)vms->data, vms->len,
                                  host->managed_bytes, host->thresholds.bytes[POLICY_HIGH], pool,
                                  promise_bytes, overhead_bytes, &short_bytes, &where);

        if (result != 0)
                scheduler_set_short(scheduler, error, result, what, promise_bytes + overhead_bytes,
                                    short_bytes, where);
        return result == 0;
}

uint64_t *scheduler_unreserved(Scheduler *scheduler)
{
        g_autoptr(GArray) vms = scheduler_collect_vms(scheduler, NULL);
        const SchedulerHost *host = &scheduler->host;
        size_t n;
        const struct policy_pool *pools = pools_array(scheduler->pools, &n);
        uint64_t *free_bytes = g_new0(uint64_t, n);

        (void)policy_unreserved(pools, n, (const struct policy_vm *)(const void *)vms->data, vms->len,
                                host->managed_bytes, host->thresholds.bytes[POLICY_HIGH], free_bytes);
        return free_bytes;
}

bool scheduler_admit(Scheduler *scheduler, const char *uuid, const char *name, uint64_t memory_bytes,
                     GError **error)
{
        g_autoptr(InventoryVm) record = inventory_vm_load(scheduler->inventory, uuid, error);
        g_autofree char *shown = g_strescape(name, NULL);
        g_autofree char *what = g_strdup_printf("VM \"%.200s\"", shown);
        struct policy_vm_config config;
        char message[MESSAGE_MAX];
        GHashTableIter iter;
        gpointer key, value;

        if (record == NULL && error != NULL && *error != NULL)
                return false;
        policy_vm_config_init(&config);
        if (record != NULL) {
                g_hash_table_iter_init(&iter, record->options);
                while (g_hash_table_iter_next(&iter, &key, &value))
                        (void)policy_vm_config_parse(&config, key, value, message, sizeof(message));
        }
        return admit(scheduler, g_hash_table_lookup(scheduler->machines, uuid),
                     record != NULL ? pools_index(scheduler->pools, record->pool) : POLICY_ROOT, what,
                     MIN(reservation_bytes(&config), memory_bytes), SCHEDULER_NEW_VM_OVERHEAD_BYTES, error);
}

bool scheduler_read_options(const Machine *machine, GHashTable *options, struct policy_vm_config *ret_config,
                            GError **error)
{
        char message[MESSAGE_MAX];
        GHashTableIter iter;
        gpointer key, value;
        uint64_t size_bytes;

        *ret_config = machine->config;
        g_hash_table_iter_init(&iter, options);
        while (g_hash_table_iter_next(&iter, &key, &value)) {
                if (strcmp(key, KEY_POOL) == 0)
                        continue;
                if (policy_vm_config_parse(ret_config, key, value, message, sizeof(message)) < 0) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "VM \"%s\": %s",
                                    machine->record->name, message);
                        return false;
                }
        }
        /* How large a VM will be that does not run is not known; more than that is not reserved then. */
        size_bytes = machine->listed ? machine->info.memory_bytes : UNKNOWN_SIZE_BYTES;
        if (policy_vm_config_check(ret_config, size_bytes, message, sizeof(message)) == 0)
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "VM \"%s\": %s", machine->record->name,
                    message);
        return false;
}

InventoryVm *scheduler_change_record(const InventoryVm *record, GHashTable *options, const char *pool)
{
        InventoryVm *changed = inventory_vm_new(record->uuid, record->name);
        GHashTable *const sources[] = {record->options, options};

        changed->stopped = record->stopped;
        g_free(changed->pool);
        changed->pool = g_strdup(pool);
        for (unsigned i = 0; i < G_N_ELEMENTS(sources); i++) {
                GHashTableIter iter;
                gpointer key, value;

                g_hash_table_iter_init(&iter, sources[i]);
                while (g_hash_table_iter_next(&iter, &key, &value))
                        if (strcmp(key, KEY_POOL) != 0)
                                g_hash_table_insert(changed->options, g_strdup(key), g_strdup(value));
        }
        return changed;
}

static bool is_suspended(Inventory *inventory, const char *uuid)
{
        g_autoptr(Record) record = record_load(inventory, uuid, NULL);

        return record != NULL && record->saved != NULL;
}

Machine *scheduler_load_off(Scheduler *scheduler, const char *uuid, GError **error)
{
        g_autoptr(GError) wrong = NULL;
        InventoryVm *record = inventory_vm_load(scheduler->inventory, uuid, &wrong);
        char message[MESSAGE_MAX];
        GHashTableIter iter;
        gpointer key, value;
        Machine *machine;

        if (record == NULL) {
                g_autofree char *shown = g_strescape(uuid, NULL);

                if (wrong != NULL)
                        g_propagate_error(error, g_steal_pointer(&wrong));
                else
                        g_set_error(
                                error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                "no VM \"%.200s\" runs here, nor did one of that UUID before; 'aerostat vm "
                                "list' shows those that do",
                                shown);
                return NULL;
        }
        if (!pools_has(scheduler->pools, record->pool)) {
                g_free(record->pool);
                record->pool = g_strdup("/");
        }
        machine = machine_new(record, scheduler);
        machine->info.power = is_suspended(scheduler->inventory, uuid) ? "suspended" : "off";
        g_hash_table_iter_init(&iter, record->options);
        while (g_hash_table_iter_next(&iter, &key, &value))
                (void)policy_vm_config_parse(&machine->config, key, value, message, sizeof(message));
        return machine;
}

bool scheduler_configure(Scheduler *scheduler, Machine *machine, GHashTable *options, GError **error)
{
        const char *pool = g_hash_table_lookup(options, KEY_POOL);
        g_autoptr(InventoryVm) changed = NULL;
        g_autofree char *what = g_strdup_printf("VM \"%s\"", machine->record->name);
        struct policy_vm_config config;
        g_autoptr(GString) list = g_string_new(NULL);
        GHashTableIter iter;
        gpointer key, value;

        if (pool == NULL)
                pool = machine->record->pool;
        if (!pools_has(scheduler->pools, pool)) {
                g_autofree char *shown = g_strescape(pool, NULL);

                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            "there is no pool \"%.200s\"; 'aerostat pool list' shows all", shown);
                return false;
        }
        if (!scheduler_read_options(machine, options, &config, error))
                return false;
        /* What lowers a promise is never refused, not even on a host that has promised too much. */
        /* Nor is what a VM asks for that does not run: that is admitted when it starts. */
        if (machine->listed &&
            (reservation_bytes(&config) > reservation_bytes(&machine->config) ||
             strcmp(pool, machine->record->pool) != 0) &&
            !admit(scheduler, machine, pools_index(scheduler->pools, pool), what, reservation_bytes(&config),
                   machine->overhead_bytes, error))
                return false;

        changed = scheduler_change_record(machine->record, options, pool);
        if (!inventory_vm_save(scheduler->inventory, changed, error))
                return false;

        g_hash_table_iter_init(&iter, options);
        while (g_hash_table_iter_next(&iter, &key, &value)) {
                g_autofree char *shown = g_strescape(value, NULL);

                g_string_append_printf(list, "%s%s = %s", list->len > 0 ? ", " : "", (char *)key, shown);
        }
        /* pool may be this record's own. */
        g_free(machine->record->pool);
        machine->record->pool = g_strdup(changed->pool);
        g_hash_table_unref(machine->record->options);
        machine->record->options = g_hash_table_ref(changed->options);
        machine->config = config;
        journal_add(scheduler->journal, "setting", machine->record->name, "%s", list->str);
        scheduler_poke(scheduler);
        return true;
}

bool scheduler_set_pool(Scheduler *scheduler, const InventoryPool *pool, GError **error)
{
        g_autoptr(GArray) vms = scheduler_collect_vms(scheduler, NULL);
        const SchedulerHost *host = &scheduler->host;
        g_autofree char *what = g_strdup_printf("pool \"%s\"", pool->path);
        uint64_t promise_bytes = (uint64_t)MAX(pool->reservation_mib, 0) * MIB;
        bool exists = pools_has(scheduler->pools, pool->path);

        if (exists && strcmp(pool->path, "/") != 0) {
                uint64_t short_bytes = 0;
                uint32_t where = POLICY_ROOT;
                size_t n;
                const struct policy_pool *pools = pools_array(scheduler->pools, &n);
                int result = policy_admit_pool(
                        pools, n, (const struct policy_vm *)(const void *)vms->data, vms->len,
                        host->managed_bytes, host->thresholds.bytes[POLICY_HIGH],
                        pools_index(scheduler->pools, pool->path), promise_bytes,
                        pool->limit_mib < 0 ? POLICY_UNLIMITED : (uint64_t)pool->limit_mib * MIB,
                        pool->expandable, &short_bytes, &where);

                if (result != 0) {
                        scheduler_set_short(scheduler, error, result, what, promise_bytes, short_bytes,
                                            where);
                        return false;
                }
        } else if (!exists && promise_bytes > 0) {
                g_autofree char *parent = g_path_get_dirname(pool->path);

                if (!admit(scheduler, NULL, pools_index(scheduler->pools, parent), what, promise_bytes, 0,
                           error))
                        return false;
        }
        if (!pools_set(scheduler->pools, pool, error))
                return false;
        journal_add(scheduler->journal, "setting", NULL,
                    "pool %s: shares %s, reservation %" PRId64 " MB, limit %" PRId64 " MB, %s", pool->path,
                    pool->shares, pool->reservation_mib, pool->limit_mib,
                    pool->expandable ? "expandable" : "not expandable");
        scheduler_poke(scheduler);
        return true;
}

bool scheduler_delete_pool(Scheduler *scheduler, const char *path, GError **error)
{
        for (unsigned i = 0; i < scheduler->sorted->len; i++) {
                const Machine *machine = scheduler->sorted->pdata[i];

                if (strcmp(machine->record->pool, path) == 0) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                                    "pool \"%s\" has VM \"%s\" in it; move it to another pool first", path,
                                    machine->record->name);
                        return false;
                }
        }
        if (!pools_delete(scheduler->pools, path, error))
                return false;
        journal_add(scheduler->journal, "setting", NULL, "pool %s is deleted", path);
        scheduler_poke(scheduler);
        return true;
}

void scheduler_follow_pool(Scheduler *scheduler, const char *from, const char *to)
{
        for (unsigned i = 0; i < scheduler->sorted->len; i++) {
                Machine *machine = scheduler->sorted->pdata[i];
                char *path = pools_moved_path(machine->record->pool, from, to);

                if (path == NULL)
                        continue;
                g_free(machine->record->pool);
                machine->record->pool = path[0] != '\0' ? path : g_strdup("/");
                if (path[0] == '\0')
                        g_free(path);
        }
}

bool scheduler_dissolve_pool(Scheduler *scheduler, const char *path, GError **error)
{
        g_autofree char *parent = g_path_get_dirname(path);

        if (!pools_dissolve(scheduler->pools, path, error))
                return false;
        scheduler_follow_pool(scheduler, path, strcmp(parent, "/") == 0 ? "" : parent);
        journal_add(scheduler->journal, "setting", NULL, "pool %s is deleted; what was in it is in %s", path,
                    parent);
        scheduler_poke(scheduler);
        return true;
}

bool scheduler_rename_pool(Scheduler *scheduler, const char *from, const char *to, GError **error)
{
        if (!pools_move(scheduler->pools, from, to, error))
                return false;
        scheduler_follow_pool(scheduler, from, to);
        journal_add(scheduler->journal, "setting", NULL, "pool %s is now %s", from, to);
        scheduler_poke(scheduler);
        return true;
}
