/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ResourcePools: the scheduler's, with the figures of its last round. */
#include <string.h>

#include "api/host/allocation.h"
#include "api/host/host.h"

#define MIB ((uint64_t)1 << 20)
#define KIB ((uint64_t)1 << 10)

#define KIND "resgroup"

/* What the root has in ESX: it competes with nobody. */
#define ROOT_SHARES 163840

/* Of all VMs in a pool and below it. */
typedef struct PoolSums {
        uint64_t configured, consumed, overhead, active, target;
        uint64_t private, shared, swapped, ballooned, compressed;
        uint64_t vm_reserved; /* of the VMs that are in it, not below */
        uint64_t used;        /* what is promised in it */
        uint64_t unreserved;  /* what can be promised yet */
        uint64_t max;         /* the most that it could have */
} PoolSums;

Managed *pool_object(Api *api, const char *path)
{
        return world_find_key(api_world(api), "ResourcePool", path);
}

/* --- figures --- */

static void add_machine(PoolSums *sums, const Machine *machine)
{
        const struct aerostat_pager_stats *stats = &machine->stats;
        uint64_t held = stats->resident_bytes + stats->parked_bytes;

        sums->configured += machine->info.memory_bytes;
        sums->consumed += machine->plan.consumed_bytes;
        sums->overhead += machine->plan.overhead_bytes;
        sums->active += machine->plan.active_bytes;
        sums->target += machine->plan.target_bytes;
        sums->shared += stats->shared_bytes;
        sums->private += held - MIN(held, stats->shared_bytes);
        sums->swapped += stats->swapped_bytes;
        sums->ballooned += machine->info.balloon_bytes;
        sums->compressed += stats->compressed_bytes;
}

/* What policy_reservations() wants to know of the VMs; and each VM's figures into its pool and those above.
 */
static GArray *collect(Api *api, const struct policy_pool *pools, PoolSums *sums)
{
        const ApiParts *parts = api_parts(api);
        GPtrArray *machines = scheduler_machines(parts->scheduler);
        GArray *vms = g_array_new(FALSE, FALSE, sizeof(struct policy_vm));

        for (unsigned i = 0; i < machines->len; i++) {
                const Machine *machine = machines->pdata[i];
                struct policy_vm vm = machine->plan;
                uint64_t most = MIN(vm.limit_bytes, vm.memory_bytes);

                vm.pool = pools_index(parts->pools, machine->record->pool);
                g_array_append_val(vms, vm);
                sums[vm.pool].vm_reserved += MIN(vm.reservation_bytes, most);
                for (uint32_t pool = vm.pool;; pool = pools[pool].parent) {
                        add_machine(&sums[pool], machine);
                        if (pool == POLICY_ROOT)
                                break;
                }
        }
        return vms;
}

static PoolSums *sum_up(Api *api, const struct policy_pool *pools, size_t n)
{
        const SchedulerHost *host = scheduler_host(api_parts(api)->scheduler);
        PoolSums *sums = g_new0(PoolSums, n);
        g_autoptr(GArray) vms = collect(api, pools, sums);
        g_autofree uint64_t *used = g_new0(uint64_t, n),
                            *unreserved = scheduler_unreserved(api_parts(api)->scheduler);

        (void)policy_reservations(pools, n, (const struct policy_vm *)(const void *)vms->data, vms->len,
                                  used);
        for (size_t i = 0; i < n; i++) {
                const struct policy_pool *pool = &pools[i];
                const PoolSums *above = &sums[pool->parent];
                uint64_t limit = i == POLICY_ROOT ? host->managed_bytes : MIN(pool->limit_bytes, above->max);

                sums[i].used = used[i];
                sums[i].max = limit;
                sums[i].unreserved = unreserved[i];
                if (i != POLICY_ROOT && pool->expandable)
                        sums[i].unreserved += above->unreserved;
                sums[i].unreserved = MIN(sums[i].unreserved, limit - MIN(limit, used[i]));
        }
        return sums;
}

/* --- values --- */

static VimValue *config_value(Api *api, const Managed *object, uint32_t index,
                              const struct policy_pool *pool)
{
        const ApiParts *parts = api_parts(api);
        const InventoryPool *known = pools_get(parts->pools, index);
        int64_t host_mib = (int64_t)(scheduler_host(parts->scheduler)->managed_bytes / MIB);
        VimValue *config = vim_new_object("ResourceConfigSpec");

        vim_set(config, "entity", managed_reference(object));
        vim_set(config, "cpuAllocation", allocation_cpu_value(POOL_CPU_SHARES));
        vim_set(config, "memoryAllocation",
                known != NULL ? allocation_value(known->shares, pool->shares, known->reservation_mib,
                                                 known->limit_mib, known->expandable)
                              : allocation_value("normal", ROOT_SHARES, host_mib, host_mib, false));
        vim_set_text(config, "scaleDescendantsShares", POOL_SHARES_AS_SET);
        return config;
}

static VimValue *usage_value(const PoolSums *sums)
{
        VimValue *usage = vim_new_object("ResourcePoolResourceUsage");

        vim_set_int(usage, "reservationUsed", (int64_t)sums->used);
        vim_set_int(usage, "reservationUsedForVm", (int64_t)sums->vm_reserved);
        vim_set_int(usage, "unreservedForPool", (int64_t)sums->unreserved);
        vim_set_int(usage, "unreservedForVm", (int64_t)sums->unreserved);
        vim_set_int(usage, "overallUsage", (int64_t)(sums->consumed + sums->overhead));
        vim_set_int(usage, "maxUsage", (int64_t)sums->max);
        return usage;
}

/* Processors are nobody's: all of them are there for every pool. */
static VimValue *cpu_usage_value(Api *api, bool root)
{
        const HostFacts *facts = host_facts(api);
        VimValue *usage = vim_new_object("ResourcePoolResourceUsage");
        int64_t mhz = hardware_cpu_mhz(facts);

        vim_set_int(usage, "reservationUsed", 0);
        vim_set_int(usage, "reservationUsedForVm", 0);
        vim_set_int(usage, "unreservedForPool", mhz);
        vim_set_int(usage, "unreservedForVm", mhz);
        vim_set_int(usage, "overallUsage", root ? (int64_t)(facts->cpu_busy * (double)mhz) : 0);
        vim_set_int(usage, "maxUsage", mhz);
        return usage;
}

static VimValue *runtime_value(Api *api, const PoolSums *sums, bool root)
{
        VimValue *runtime = vim_new_object("ResourcePoolRuntimeInfo");

        vim_set(runtime, "memory", usage_value(sums));
        vim_set(runtime, "cpu", cpu_usage_value(api, root));
        vim_set_text(runtime, "overallStatus", "green");
        vim_set_text(runtime, "sharesScalable", POOL_SHARES_AS_SET);
        return runtime;
}

static VimValue *quick_stats(const PoolSums *sums)
{
        VimValue *stats = vim_new_object("ResourcePoolQuickStats");
        const struct {
                const char *name;
                uint64_t value;
        } fields[] = {
                {"guestMemoryUsage", sums->active / MIB},
                {"hostMemoryUsage", sums->consumed / MIB},
                {"distributedMemoryEntitlement", sums->target / MIB},
                {"staticMemoryEntitlement", sums->target / MIB},
                {"privateMemory", sums->private / MIB},
                {"sharedMemory", sums->shared / MIB},
                {"swappedMemory", sums->swapped / MIB},
                {"balloonedMemory", sums->ballooned / MIB},
                {"overheadMemory", sums->overhead / MIB},
                {"consumedOverheadMemory", sums->overhead / MIB},
                {"compressedMemory", sums->compressed / KIB}, /* the one that is in KB */
        };

        for (unsigned i = 0; i < G_N_ELEMENTS(fields); i++)
                vim_set_int(stats, fields[i].name, (int64_t)fields[i].value);
        return stats;
}

static void show(Api *api, Managed *object, uint32_t index, const struct policy_pool *pool,
                 const PoolSums *sums)
{
        VimValue *config = config_value(api, object, index, pool),
                 *runtime = runtime_value(api, sums, index == POLICY_ROOT),
                 *summary = vim_new_object("ResourcePoolSummary");

        vim_set(summary, "name", vim_ref(managed_peek(object, "name")));
        vim_set(summary, "config", vim_ref(config));
        vim_set(summary, "runtime", vim_ref(runtime));
        vim_set(summary, "quickStats", quick_stats(sums));
        vim_set_int(summary, "configuredMemoryMB", (int64_t)(sums->configured / MIB));
        managed_set(object, "config", config);
        managed_set(object, "runtime", runtime);
        managed_set(object, "summary", summary);
}

/* --- the objects --- */

static void add_children(VimValue *list, const Managed *pool, const char *property, const char *config)
{
        const VimValue *children = managed_peek(pool, property);

        for (unsigned i = 0; i < vim_length(children); i++) {
                const Managed *child = world_resolve(pool->world, vim_item(children, i));
                const VimValue *value = child != NULL ? managed_peek(child, config) : NULL;

                if (value != NULL)
                        vim_add(list, vim_ref(value));
        }
}

/* Of many VMs it is long, and hardly ever read: made when it is. */
static VimValue *child_configuration(const Managed *pool, Session *session)
{
        VimValue *list = vim_new_list("ResourceConfigSpec");

        (void)session;
        add_children(list, pool, "resourcePool", "config");
        add_children(list, pool, "vm", "resourceConfig");
        return list;
}

static Managed *add_pool(Api *api, const char *path)
{
        g_autofree char *id = api_id(api, KIND, path), *name = g_path_get_basename(path),
                        *above = g_path_get_dirname(path);
        bool root = strcmp(path, "/") == 0;
        Managed *owner = world_find_key(api_world(api), "ComputeResource", "host");
        Managed *parent = root ? owner : pool_object(api, above);
        Managed *pool = world_add(api_world(api), "ResourcePool", id, path);

        entity_set_up(pool, root ? POOL_ROOT_NAME : name);
        managed_set(pool, "owner", managed_reference(owner));
        managed_set(pool, "resourcePool", vim_new_list("ResourcePool"));
        managed_set(pool, "vm", vim_new_list("VirtualMachine"));
        managed_set_get(pool, "childConfiguration", child_configuration);
        entity_set_parent(pool, parent);
        if (root)
                managed_set(owner, "resourcePool", managed_reference(pool));
        else
                entity_list_in(pool, parent, "resourcePool");
        return pool;
}

static void remove_gone(Api *api)
{
        g_autoptr(GPtrArray) all = world_list(api_world(api), "ResourcePool");

        for (unsigned i = 0; i < all->len; i++) {
                Managed *pool = all->pdata[i], *parent;

                if (pools_has(api_parts(api)->pools, pool->key))
                        continue;
                parent = world_resolve(pool->world, managed_peek(pool, "parent"));
                if (parent != NULL)
                        entity_unlist_in(pool, parent, "resourcePool");
                api_id_gone(api, KIND, pool->key, false);
                world_remove(pool);
        }
}

void pools_sync(Api *api)
{
        Pools *pools = api_parts(api)->pools;
        size_t n;
        const struct policy_pool *all = pools_array(pools, &n);
        g_autofree PoolSums *sums = sum_up(api, all, n);

        remove_gone(api);
        for (uint32_t i = 0; i < n; i++) {
                const InventoryPool *known = pools_get(pools, i);
                const char *path = known != NULL ? known->path : "/";
                Managed *object = pool_object(api, path);

                if (object == NULL)
                        object = add_pool(api, path);
                show(api, object, i, &all[i], &sums[i]);
        }
}

static void move_one(Api *api, Managed *pool, const char *to)
{
        g_autofree char *name = g_path_get_basename(to), *above = g_path_get_dirname(to);
        Managed *parent = pool_object(api, above),
                *old = world_resolve(pool->world, managed_peek(pool, "parent"));

        api_id_moved(api, KIND, pool->key, to);
        world_set_key(pool, to);
        managed_set_text(pool, "name", name);
        if (old == parent)
                return;
        entity_unlist_in(pool, old, "resourcePool");
        entity_list_in(pool, parent, "resourcePool");
        entity_set_parent(pool, parent);
}

static int by_length(gconstpointer a, gconstpointer b)
{
        size_t one = strlen((*(Managed *const *)a)->key), other = strlen((*(Managed *const *)b)->key);

        return one < other ? -1 : one > other;
}

void pools_moved(Api *api, const char *from, const char *to)
{
        g_autoptr(GPtrArray) all = world_list(api_world(api), "ResourcePool");

        /* Those above first: the others are looked for by their parents' new paths. */
        g_ptr_array_sort(all, by_length);
        for (unsigned i = 0; i < all->len; i++) {
                Managed *pool = all->pdata[i];
                g_autofree char *path = pools_moved_path(pool->key, from, to);

                if (path != NULL)
                        move_one(api, pool, path);
        }
}

static void on_change(Api *api, gconstpointer data, gpointer user_data)
{
        (void)data;
        (void)user_data;
        pools_sync(api);
}

static bool start(Api *api, GError **error)
{
        (void)error;
        pools_sync(api);
        api_listen(api, API_ROUND, on_change, NULL);
        api_listen(api, API_CATALOG_CHANGED, on_change, NULL);
        return true;
}

const ApiModule pool_module = {.name = "pool", .handlers = pool_handlers, .start = start};
