/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scheduler/preview.h"

#include <errno.h>
#include <string.h>

#include "scheduler/scheduler-internal.h"

#define MIB ((uint64_t)1 << 20)

struct Preview {
        Scheduler *scheduler;
        struct policy_vm *vms; /* in the order of the machines */
        struct policy_pool *pools;
        size_t n_vms, n_pools;
        uint32_t *places; /* of the pools, by their places before */
};

/* Settings are those of now, which the next round will go by. */
static void set_config(struct policy_vm *vm, const struct policy_vm_config *config)
{
        vm->shares = policy_vm_config_shares(config, vm->memory_bytes);
        vm->reservation_bytes = (uint64_t)config->reservation_mb * MIB;
        vm->limit_bytes = policy_vm_config_limit_bytes(config);
}

static void copy_vm(const Scheduler *scheduler, const Machine *machine, struct policy_vm *ret)
{
        *ret = machine->plan;
        /* What it is to have in the end, not in the next moment. */
        ret->asks_bytes = 0;
        /* It has come since the last round. */
        if (ret->memory_bytes == 0)
                machine_fill(machine, g_get_monotonic_time(), 0, 0, ret);
        set_config(ret, &machine->config);
        ret->pool = pools_index(scheduler->pools, machine->record->pool);
}

Preview *preview_new(Scheduler *scheduler)
{
        Preview *preview = g_new0(Preview, 1);
        const struct policy_pool *pools = pools_array(scheduler->pools, &preview->n_pools);

        preview->scheduler = scheduler;
        preview->pools = g_memdup2(pools, preview->n_pools * sizeof(*pools));
        preview->places = g_new0(uint32_t, preview->n_pools);
        preview->n_vms = scheduler->sorted->len;
        preview->vms = g_new(struct policy_vm, preview->n_vms);
        for (size_t i = 0; i < preview->n_vms; i++)
                copy_vm(scheduler, scheduler->sorted->pdata[i], &preview->vms[i]);
        return preview;
}

void preview_free(Preview *preview)
{
        if (preview == NULL)
                return;
        g_free(preview->vms);
        g_free(preview->pools);
        g_free(preview->places);
        g_free(preview);
}

/* --- changes --- */

static bool check_vm_off(const Preview *preview, const char *uuid, GHashTable *options, GError **error)
{
        Machine *machine = scheduler_load_off(preview->scheduler, uuid, error);
        struct policy_vm_config config;
        bool right = machine != NULL && scheduler_read_options(machine, options, &config, error);

        machine_free(machine);
        return right;
}

bool preview_set_vm(Preview *preview, const char *uuid, GHashTable *options, GError **error)
{
        const Machine *machine = g_hash_table_lookup(preview->scheduler->machines, uuid);
        const char *pool = g_hash_table_lookup(options, "pool");
        struct policy_vm_config config;
        guint place;

        if (machine == NULL || !g_ptr_array_find(preview->scheduler->sorted, machine, &place))
                return check_vm_off(preview, uuid, options, error);
        if (!scheduler_read_options(machine, options, &config, error))
                return false;
        set_config(&preview->vms[place], &config);
        if (pool != NULL)
                preview->vms[place].pool = pools_index(preview->scheduler->pools, pool);
        return true;
}

bool preview_set_pool(Preview *preview, const InventoryPool *pool, const char *parent, GError **error)
{
        uint32_t place = pools_index(preview->scheduler->pools, pool->path);

        if (!pools_check(preview->scheduler->pools, pool, error))
                return false;
        preview->pools[place] = pools_laid_out(pool, preview->pools[place].parent);
        if (parent != NULL)
                preview->pools[place].parent = pools_index(preview->scheduler->pools, parent);
        return true;
}

/* --- what comes of them --- */

bool preview_run(Preview *preview, GError **error)
{
        const Scheduler *scheduler = preview->scheduler;
        int result = policy_order_pools(preview->pools, preview->n_pools, preview->vms, preview->n_vms,
                                        preview->places);

        if (result == -ELOOP) {
                g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                    "a pool cannot be moved into itself, nor into one that is in it");
                return false;
        }
        if (result == 0)
                result = policy_allocate(preview->pools, preview->n_pools, preview->vms, preview->n_vms,
                                         scheduler_capacity(&scheduler->host),
                                         (uint32_t)config_get(scheduler->config, POLICY_IDLE_TAX),
                                         scheduler->scratch, NULL);
        if (result >= 0)
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "no targets can be computed: %s",
                    g_strerror(-result));
        return false;
}

uint64_t preview_vm_target(const Preview *preview, unsigned machine)
{
        return preview->vms[machine].target_bytes;
}

uint64_t preview_pool_target(const Preview *preview, uint32_t pool)
{
        return preview->pools[preview->places[pool]].target_bytes;
}
