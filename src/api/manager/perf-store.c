/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The hour and the day: measuring, rolling up, keeping in the inventory. */
#include "api/manager/perf-store.h"

#include <string.h>

#include "inventory/sample.h"

#define DAY_INTERVAL_MS (PERF_DAY_INTERVAL_S * 1000)

struct PerfStore {
        World *world;
        Inventory *inventory;
        PerfSeries *hour, *day;
};

PerfStore *perf_store_new(World *world, Inventory *inventory)
{
        PerfStore *store = g_new0(PerfStore, 1);

        store->world = world;
        store->inventory = inventory;
        store->hour = perf_series_new(PERF_INTERVAL_S, PERF_SAMPLES);
        store->day = perf_series_new(PERF_DAY_INTERVAL_S, PERF_DAY_SAMPLES);
        return store;
}

void perf_store_free(PerfStore *store)
{
        perf_series_free(store->hour);
        perf_series_free(store->day);
        g_free(store);
}

const PerfSeries *perf_store_series(const PerfStore *store, int64_t interval_s)
{
        switch (interval_s) {
        case PERF_INTERVAL_S:
                return store->hour;
        case PERF_DAY_INTERVAL_S:
                return store->day;
        default:
                return NULL;
        }
}

/* --- measuring --- */

static uint32_t fit(uint64_t value)
{
        return (uint32_t)MIN(value, PERF_NOTHING - 1);
}

static void sample_vm(PerfStore *store, const Machine *machine)
{
        const Managed *vm = world_find_key(store->world, "VirtualMachine", machine->record->uuid);
        uint32_t *row;

        if (vm == NULL)
                return;
        row = perf_series_row(store->hour, vm->id, PERF_VM);
        for (unsigned i = 0; i < perf_n_counters; i++)
                if (perf_counters[i].of_vm != NULL)
                        *row++ = fit(perf_counters[i].of_vm(machine));
}

static void sample_pool(PerfStore *store, const char *path, const uint64_t *sums)
{
        const Managed *pool = world_find_key(store->world, "ResourcePool", path);
        uint32_t *row;

        if (pool == NULL)
                return;
        row = perf_series_row(store->hour, pool->id, PERF_POOL);
        for (unsigned i = 0; i < perf_kind_width(PERF_POOL); i++)
                row[i] = fit(sums[i]);
}

static void add_vm(const Machine *machine, uint64_t *sums)
{
        for (unsigned i = 0; i < perf_n_counters; i++)
                if (perf_counters[i].of_pool)
                        *sums++ += perf_counters[i].of_vm(machine);
}

static void sample_pools(PerfStore *store, const PerfHost *figures)
{
        size_t n;
        const struct policy_pool *all = pools_array(figures->pools, &n);
        unsigned width = perf_kind_width(PERF_POOL);
        g_autofree uint64_t *sums = g_new0(uint64_t, n * width);

        for (unsigned i = 0; i < figures->machines->len; i++) {
                const Machine *machine = figures->machines->pdata[i];

                add_vm(machine, &sums[(size_t)pools_index(figures->pools, machine->record->pool) * width]);
        }
        /* A parent stands before its children: from the last on, each is complete when it is added. */
        for (size_t i = n; i-- > 0;) {
                const InventoryPool *pool = pools_get(figures->pools, (uint32_t)i);

                sample_pool(store, pool != NULL ? pool->path : "/", &sums[i * width]);
                for (unsigned column = 0; i > 0 && column < width; column++)
                        sums[all[i].parent * width + column] += sums[i * width + column];
        }
}

static void sample_host(PerfStore *store, const PerfHost *figures)
{
        const Managed *host = world_find_key(store->world, "HostSystem", "host");
        uint32_t *row;

        if (host == NULL)
                return;
        row = perf_series_row(store->hour, host->id, PERF_HOST);
        for (unsigned i = 0; i < perf_n_counters; i++)
                if (perf_counters[i].of_host != NULL)
                        *row++ = fit(perf_counters[i].of_host(figures));
}

/* --- in the inventory --- */

/*
 * Of each counter its key in 2 bytes and its value in 4, little-endian: so a daemon that has other counters
 * than the one that wrote it reads what both have.
 */
#define PAIR_SIZE 6

static void pack(const char *id, PerfKind kind, const uint32_t *row, gpointer user_data)
{
        GHashTable *samples = user_data;
        uint8_t *bytes = g_malloc(PAIR_SIZE * perf_kind_width(kind)), *end = bytes;

        for (unsigned i = 0; i < perf_n_counters; i++) {
                uint16_t key = GUINT16_TO_LE((uint16_t)perf_counters[i].key);
                uint32_t value;

                if (!perf_counter_is_of(&perf_counters[i], kind))
                        continue;
                value = GUINT32_TO_LE(*row++);
                memcpy(end, &key, sizeof(key));
                memcpy(end + sizeof(key), &value, sizeof(value));
                end += PAIR_SIZE;
        }
        g_hash_table_insert(samples, (gpointer)(gintptr)id, g_bytes_new_take(bytes, (size_t)(end - bytes)));
}

static bool keep(PerfStore *store, int64_t now_ms, GError **error)
{
        g_autoptr(GHashTable) samples =
                g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_bytes_unref);

        perf_series_newest(store->day, pack, samples);
        return samples_save(store->inventory, now_ms, samples, now_ms - perf_series_length_ms(store->day),
                            error);
}

/* False: not an id of anything that is measured. */
static bool kind_of(const char *id, PerfKind *ret)
{
        static const struct {
                const char *prefix;
                PerfKind kind;
        } kinds[] = {{"vm-", PERF_VM}, {"resgroup-", PERF_POOL}, {"host-", PERF_HOST}};

        for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++)
                if (g_str_has_prefix(id, kinds[i].prefix)) {
                        *ret = kinds[i].kind;
                        return true;
                }
        return false;
}

static void unpack(int64_t time_ms, const char *id, const uint8_t *bytes, size_t size, gpointer user_data)
{
        PerfStore *store = user_data;
        PerfKind kind;
        uint32_t *row;

        if (!kind_of(id, &kind))
                return;
        if (perf_series_last_ms(store->day) != time_ms)
                perf_series_begin(store->day, time_ms);
        row = perf_series_row(store->day, id, kind);
        for (; size >= PAIR_SIZE; bytes += PAIR_SIZE, size -= PAIR_SIZE) {
                const PerfCounter *counter;
                uint16_t key;
                uint32_t value;

                memcpy(&key, bytes, sizeof(key));
                memcpy(&value, bytes + sizeof(key), sizeof(value));
                counter = perf_counter_find(GUINT16_FROM_LE(key));
                if (counter != NULL && perf_counter_is_of(counter, kind))
                        row[perf_counter_column(counter, kind)] = GUINT32_FROM_LE(value);
        }
}

bool perf_store_load(PerfStore *store, int64_t now_ms, GError **error)
{
        return samples_read(store->inventory, now_ms - perf_series_length_ms(store->day), now_ms, unpack,
                            store, error);
}

/* --- the two together --- */

bool perf_store_sample(PerfStore *store, int64_t now_ms, const PerfHost *figures, GError **error)
{
        int64_t day_ms = now_ms / DAY_INTERVAL_MS * DAY_INTERVAL_MS;

        if (now_ms == perf_series_last_ms(store->hour))
                return true;
        perf_series_rewind(store->hour, now_ms);
        perf_series_rewind(store->day, now_ms);
        perf_series_begin(store->hour, now_ms);
        for (unsigned i = 0; i < figures->machines->len; i++)
                sample_vm(store, figures->machines->pdata[i]);
        sample_pools(store, figures);
        sample_host(store, figures);
        perf_series_drop(store->hour, store->world);
        if (perf_series_last_ms(store->day) >= day_ms)
                return true;
        perf_series_roll_up(store->day, store->hour, day_ms);
        perf_series_drop(store->day, store->world);
        return perf_series_last_ms(store->day) != day_ms || keep(store, day_ms, error);
}
