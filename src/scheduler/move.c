/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* VMs and pools into a pool: all of them or none. */
#include <errno.h>
#include <string.h>

#include "scheduler/scheduler-internal.h"

/* What was done, to be in force when all of it is written. */
typedef struct Done {
        char *from, *to;  /* a pool's paths; from NULL: a VM */
        Machine *machine; /* that runs, or NULL */
        char *name;       /* the VM's */
} Done;

static void done_clear(gpointer data)
{
        Done *done = data;

        g_free(done->from);
        g_free(done->to);
        g_free(done->name);
}

static char *path_in(const char *pool, const char *path)
{
        return g_strconcat(strcmp(pool, "/") == 0 ? "" : pool, strrchr(path, '/'), NULL);
}

static bool is_in(const char *pool, const char *path)
{
        g_autofree char *parent = g_path_get_dirname(path);

        return strcmp(parent, pool) == 0;
}

/* --- whether all of it can be promised --- */

/* For errors. */
static char *move_name(const Scheduler *scheduler, const SchedulerMove *move)
{
        const Machine *machine;

        if (move->uuid == NULL)
                return g_strdup_printf("pool \"%s\"", move->pool);
        machine = g_hash_table_lookup(scheduler->machines, move->uuid);
        return g_strdup_printf("VM \"%s\"", machine != NULL ? machine->record->name : move->uuid);
}

static struct policy_pool *pools_of(GArray *pools)
{
        return (struct policy_pool *)(void *)pools->data;
}

static struct policy_vm *vms_of(GArray *vms)
{
        return (struct policy_vm *)(void *)vms->data;
}

/* A VM's promise, which is as if it were not there any more. */
static uint64_t take_vm(Scheduler *scheduler, GArray *vms, const char *uuid)
{
        struct policy_vm *vm;
        uint64_t promise_bytes;
        guint place;

        /* One that does not run is admitted when it starts. */
        if (!g_ptr_array_find(scheduler->sorted, g_hash_table_lookup(scheduler->machines, uuid), &place))
                return 0;
        vm = &vms_of(vms)[place];
        promise_bytes = MIN(vm->reservation_bytes, MIN(vm->limit_bytes, vm->memory_bytes));
        vm->reservation_bytes = 0;
        return promise_bytes;
}

/* What is promised in a pool as a whole, and all as if there were nothing in it. */
static int take_pool(GArray *pools, GArray *vms, uint32_t pool, uint64_t *ret_promise_bytes)
{
        struct policy_pool *all = pools_of(pools);
        struct policy_vm *each = vms_of(vms);
        g_autofree uint64_t *used = g_new(uint64_t, pools->len);
        g_autofree bool *within = g_new0(bool, pools->len);
        int result = policy_reservations(all, pools->len, each, vms->len, used);

        if (result != 0)
                return result;
        *ret_promise_bytes = MAX(all[pool].reservation_bytes, used[pool]);
        for (uint32_t i = pool; i < pools->len; i++) {
                within[i] = i == pool || within[all[i].parent];
                if (within[i])
                        all[i].reservation_bytes = 0;
        }
        for (unsigned i = 0; i < vms->len; i++)
                if (within[each[i].pool])
                        each[i].reservation_bytes = 0;
        return 0;
}

/*
 * What each one's promise is. What is in another one that moves goes by itself: VMs are taken before pools,
 * and pools from the lowest on, which are the last.
 */
static int take_all(Scheduler *scheduler, const char *to, const SchedulerMove *moves, unsigned n,
                    GArray *pools, GArray *vms, uint64_t *promises)
{
        g_autofree unsigned *of_pool = g_new0(unsigned, pools->len); /* its place in moves, from 1 */

        for (unsigned i = 0; i < n; i++) {
                if (moves[i].uuid != NULL) {
                        const Machine *machine = g_hash_table_lookup(scheduler->machines, moves[i].uuid);

                        if (machine != NULL && strcmp(machine->record->pool, to) != 0)
                                promises[i] = take_vm(scheduler, vms, moves[i].uuid);
                } else if (!is_in(to, moves[i].pool)) {
                        of_pool[pools_index(scheduler->pools, moves[i].pool)] = i + 1;
                }
        }
        for (uint32_t i = pools->len; i-- > 1;) {
                int result = of_pool[i] == 0 ? 0 : take_pool(pools, vms, i, &promises[of_pool[i] - 1]);

                if (result != 0)
                        return result;
        }
        return 0;
}

/* Until the error is told: what could be promised, if not all of it. */
typedef struct Promised {
        const Scheduler *scheduler;
        GArray *pools, *vms;
        uint32_t target;
        uint64_t short_bytes;
        uint32_t where;
} Promised;

static int admit_bytes(Promised *promised, uint64_t bytes)
{
        const SchedulerHost *host = &promised->scheduler->host;

        return policy_admit(pools_of(promised->pools), promised->pools->len, vms_of(promised->vms),
                            promised->vms->len, host->managed_bytes, host->thresholds.bytes[POLICY_HIGH],
                            promised->target, bytes, 0, &promised->short_bytes, &promised->where);
}

/* Together. The error is the first one's that does not fit after those before it. */
static bool admit(Scheduler *scheduler, const char *to, const SchedulerMove *moves, unsigned n,
                  uint64_t *ret_asked_bytes, GError **error)
{
        g_autoptr(GArray) vms = scheduler_collect_vms(scheduler, NULL),
                          pools = g_array_new(FALSE, FALSE, sizeof(struct policy_pool));
        g_autofree uint64_t *promises = g_new0(uint64_t, n), *sums = g_new0(uint64_t, n + 1);
        Promised promised = {.scheduler = scheduler,
                             .pools = pools,
                             .vms = vms,
                             .target = pools_index(scheduler->pools, to)};
        g_autofree char *what = NULL;
        size_t n_pools;
        const struct policy_pool *all = pools_array(scheduler->pools, &n_pools);
        unsigned fits = 0, too_many = n;
        int result;

        g_array_append_vals(pools, all, (guint)n_pools);
        result = take_all(scheduler, to, moves, n, pools, vms, promises);
        for (unsigned i = 0; i < n; i++)
                sums[i + 1] = sums[i] + promises[i];
        if (result == 0)
                result = admit_bytes(&promised, sums[n]);
        if (result == 0)
                return true;
        while (result == -ENOSPC && too_many - fits > 1) {
                unsigned some = fits + (too_many - fits) / 2;

                *(admit_bytes(&promised, sums[some]) == 0 ? &fits : &too_many) = some;
        }
        if (result == -ENOSPC)
                (void)admit_bytes(&promised, sums[too_many]);
        what = move_name(scheduler, &moves[too_many - 1]);
        *ret_asked_bytes = promises[too_many - 1];
        scheduler_set_short(scheduler, error, result, what, *ret_asked_bytes, promised.short_bytes,
                            promised.where);
        return false;
}

/* --- doing it --- */

static bool write_pool(Scheduler *scheduler, const char *to, GPtrArray *paths, unsigned which, GArray *done,
                       GError **error)
{
        g_autofree char *from = g_strdup(paths->pdata[which]), *path = path_in(to, from);
        const Done change = {.from = g_strdup(from), .to = g_strdup(path)};

        g_array_append_val(done, change);
        if (!pools_move(scheduler->pools, from, path, error))
                return false;
        for (unsigned i = 0; i < paths->len; i++) {
                char *moved = paths->pdata[i] != NULL ? pools_moved_path(paths->pdata[i], from, path) : NULL;

                if (moved == NULL)
                        continue;
                g_free(paths->pdata[i]);
                paths->pdata[i] = moved;
        }
        return true;
}

static bool write_vm(Scheduler *scheduler, const char *to, const char *uuid, GArray *done, GError **error)
{
        Machine *machine = g_hash_table_lookup(scheduler->machines, uuid),
                *off = machine == NULL ? scheduler_load_off(scheduler, uuid, error) : NULL;
        const Machine *either = machine != NULL ? machine : off;
        g_autoptr(GHashTable) none = g_hash_table_new(g_str_hash, g_str_equal);
        g_autoptr(InventoryVm) changed =
                either != NULL ? scheduler_change_record(either->record, none, to) : NULL;
        bool ok = changed != NULL && inventory_vm_save(scheduler->inventory, changed, error);
        const Done change = {.to = g_strdup(to),
                             .machine = machine,
                             .name = changed != NULL ? g_strdup(changed->name) : NULL};

        g_array_append_val(done, change);
        machine_free(off);
        return ok;
}

static void put_in_force(Scheduler *scheduler, const Done *done)
{
        if (g_strcmp0(done->from, done->to) == 0)
                return;
        if (done->from != NULL) {
                scheduler_follow_pool(scheduler, done->from, done->to);
                journal_add(scheduler->journal, "setting", NULL, "pool %s is now %s", done->from, done->to);
                return;
        }
        if (done->machine != NULL) {
                g_free(done->machine->record->pool);
                done->machine->record->pool = g_strdup(done->to);
        }
        journal_add(scheduler->journal, "setting", done->name, "pool = %s", done->to);
}

bool scheduler_move_into(Scheduler *scheduler, const char *to, const SchedulerMove *moves, unsigned n,
                         uint64_t *ret_asked_bytes, GError **error)
{
        g_autoptr(GPtrArray) paths =
                g_ptr_array_new_with_free_func(g_free); /* as they are by then, or NULL */
        g_autoptr(GArray) done = g_array_new(FALSE, FALSE, sizeof(Done));
        bool ok = true;

        g_array_set_clear_func(done, done_clear);
        if (!admit(scheduler, to, moves, n, ret_asked_bytes, error) || !pools_begin(scheduler->pools, error))
                return false;
        for (unsigned i = 0; i < n; i++)
                g_ptr_array_add(paths, g_strdup(moves[i].pool));
        for (unsigned i = 0; ok && i < n; i++)
                ok = moves[i].uuid != NULL ? write_vm(scheduler, to, moves[i].uuid, done, error)
                                           : write_pool(scheduler, to, paths, i, done, error);
        if (!pools_end(scheduler->pools, ok, error))
                return false;
        for (unsigned i = 0; i < done->len; i++)
                put_in_force(scheduler, &g_array_index(done, Done, i));
        scheduler_poke(scheduler);
        return true;
}
