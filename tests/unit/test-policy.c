/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Allocation against slow and obvious versions of it, against the paper's example, and its promises. */
#include "policy-world.h"

#include <math.h>

static struct policy_scratch *scratch;

static int allocate(struct world *world, uint64_t *ret_deficit)
{
        return policy_allocate(world->pools, world->n_pools, world->vms, world->n_vms, world->capacity_bytes,
                               world->tax_pct, scratch, ret_deficit);
}

/* Of the policy, the nth allocation from now fails; 0: none. */
static unsigned fail_in;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
        return fail_in && --fail_in == 0 ? NULL : __real_malloc(size);
}

/* ---- the slow and obvious version: bisection for the level, from the root down, in pages ---- */

struct bounds {
        double min, max, active;
};

static double whole(uint64_t bytes)
{
        return floor((double)bytes / POLICY_PAGE);
}

static struct bounds vm_bounds(const struct policy_vm *vm)
{
        struct bounds b;

        b.max = fmin(fmin(whole(vm->limit_bytes), whole(vm->memory_bytes)), whole(vm->demand_bytes));
        b.min = fmin(ceil((double)vm->reservation_bytes / POLICY_PAGE), b.max);
        b.active = fmin(ceil((double)vm->active_bytes / POLICY_PAGE), b.max);
        return b;
}

static struct bounds pool_bounds(const struct world *world, size_t pool)
{
        struct bounds sum = {0, 0, 0};

        for (size_t i = 0; i < world->n_pools + world->n_vms; i++) {
                struct bounds b;

                if (i < world->n_pools ? i == 0 || world->pools[i].parent != pool
                                       : world->vms[i - world->n_pools].pool != pool)
                        continue;
                b = i < world->n_pools ? pool_bounds(world, i) : vm_bounds(&world->vms[i - world->n_pools]);
                sum.min += b.min;
                sum.max += b.max;
                sum.active += b.active;
        }
        sum.max = fmax(fmin(sum.max, whole(world->pools[pool].limit_bytes)), sum.min);
        if (pool != 0)
                sum.min =
                        fmin(fmax(sum.min, ceil((double)world->pools[pool].reservation_bytes / POLICY_PAGE)),
                             sum.max);
        sum.active = fmin(sum.active, sum.max);
        return sum;
}

static double at_level(struct bounds b, double shares, double tax, double level)
{
        double cost = shares * level, k = 1 / (1 - tax / 100);
        double pages = cost <= b.active ? cost : b.active + (cost - b.active) / k;

        return fmin(fmax(pages, b.min), b.max);
}

static void slow_fill(const struct world *world, size_t pool, double amount, double *ret_claims)
{
        double low = 0, high = 1e18;

        for (unsigned step = 0; step <= 300; step++) {
                double level = step == 300 ? low : (low + high) / 2, sum = 0;

                if (step < 300 && low > 0 && step > 20)
                        level = sqrt(low * high);
                for (size_t i = 0; i < world->n_pools + world->n_vms; i++) {
                        bool is_pool = i < world->n_pools;
                        const struct policy_vm *vm = is_pool ? NULL : &world->vms[i - world->n_pools];
                        double got;

                        if (is_pool ? i == 0 || world->pools[i].parent != pool : vm->pool != pool)
                                continue;
                        got = at_level(is_pool ? pool_bounds(world, i) : vm_bounds(vm),
                                       is_pool ? world->pools[i].shares : vm->shares, world->tax_pct, level);
                        sum += got;
                        if (step < 300)
                                continue;
                        if (is_pool)
                                slow_fill(world, i, got, ret_claims);
                        else
                                ret_claims[i - world->n_pools] = got;
                }
                if (sum <= amount)
                        low = level;
                else
                        high = level;
        }
}

static void test_reference(void)
{
        uint64_t seed = 1;

        for (unsigned round = 0; round < 3000; round++) {
                struct world world = world_random(&seed);
                g_autofree double *claims = g_new0(double, world.n_vms + 1);
                struct bounds root = pool_bounds(&world, 0);
                uint64_t deficit;
                int r;

                world.pools[0].limit_bytes = round % 4 ? POLICY_UNLIMITED : world.pools[0].limit_bytes;
                root = pool_bounds(&world, 0);
                slow_fill(&world, 0, fmin(fmax(whole(world.capacity_bytes), root.min), root.max), claims);
                r = allocate(&world, &deficit);
                g_assert_cmpint(r, ==, root.min > whole(world.capacity_bytes));
                g_assert_true(!deficit == !r);
                for (size_t i = 0; i < world.n_vms; i++) {
                        double difference = (double)world.vms[i].claim_bytes / POLICY_PAGE - claims[i];

                        if (fabs(difference) > 24)
                                g_error("round %u: VM %zu has %" PRIu64 " pages, not %.1f", round, i,
                                        world.vms[i].claim_bytes / POLICY_PAGE, claims[i]);
                }
                world_free(&world);
        }
}

/* OSDI 2002, 5.2, to the letter: as long as it is too much, a page from whom it costs the least. */
static void test_revocation(void)
{
        uint64_t seed = 2;

        for (unsigned round = 0; round < 200; round++) {
                struct policy_pool root = {.shares = 1, .limit_bytes = POLICY_UNLIMITED};
                struct policy_vm vms[6];
                uint32_t tax = unit_below(&seed, 100);
                double k = 100.0 / (100 - tax);
                uint64_t held[6], sum = 0, capacity;

                for (size_t i = 0; i < G_N_ELEMENTS(vms); i++) {
                        world_random_vm(&vms[i], 1, &seed);
                        vms[i].shares = 1 + unit_below(&seed, 1000);
                        vms[i].memory_bytes = vms[i].demand_bytes =
                                (1 + unit_below(&seed, 500)) * POLICY_PAGE;
                        vms[i].limit_bytes = POLICY_UNLIMITED;
                        vms[i].reservation_bytes = world_whole_pages(vms[i].memory_bytes / (2 + i));
                        vms[i].active_bytes = world_whole_pages(world_part(&seed, vms[i].memory_bytes));
                        held[i] = vms[i].demand_bytes / POLICY_PAGE;
                        sum += held[i];
                }
                capacity = world_part(&seed, sum);
                while (sum > capacity) {
                        size_t lowest = G_N_ELEMENTS(vms);
                        double lowest_rho = INFINITY;

                        for (size_t i = 0; i < G_N_ELEMENTS(vms); i++) {
                                double p = (double)held[i], a = (double)vms[i].active_bytes / POLICY_PAGE;
                                double f = fmin(a, p) / p, rho = vms[i].shares / (p * (f + k * (1 - f)));

                                if (held[i] > vms[i].reservation_bytes / POLICY_PAGE && rho < lowest_rho) {
                                        lowest = i;
                                        lowest_rho = rho;
                                }
                        }
                        if (lowest == G_N_ELEMENTS(vms))
                                break;
                        held[lowest]--;
                        sum--;
                }
                g_assert_cmpint(policy_allocate(&root, 1, vms, G_N_ELEMENTS(vms), capacity * POLICY_PAGE,
                                                tax, scratch, NULL),
                                >=, 0);
                /* Each of the others may be a page off to the same side. */
                for (size_t i = 0; i < G_N_ELEMENTS(vms); i++)
                        g_assert_cmpfloat(fabs((double)vms[i].claim_bytes / POLICY_PAGE - (double)held[i]),
                                          <=, G_N_ELEMENTS(vms));
        }
}

/* Two VMs of 256 MiB with equal shares on 360 MiB; one is idle. */
static void test_idle_tax(void)
{
        static const struct {
                uint32_t tax;
                uint64_t idle_mib, busy_mib; /* worked out by hand */
        } cases[] = {{0, 180, 180}, {75, 104, 256}, {50, 120, 240}, {99, 104, 256}};

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                struct policy_pool root = {.shares = 1, .limit_bytes = POLICY_UNLIMITED};
                struct policy_vm vms[2];
                uint64_t seed = 3;

                for (size_t j = 0; j < 2; j++) {
                        world_random_vm(&vms[j], 1, &seed);
                        vms[j].shares = 2560;
                        vms[j].reservation_bytes = 0;
                        vms[j].limit_bytes = POLICY_UNLIMITED;
                        vms[j].memory_bytes = vms[j].demand_bytes = MIB(256);
                        vms[j].active_bytes = j ? MIB(256) : 0;
                }
                g_assert_cmpint(policy_allocate(&root, 1, vms, 2, MIB(360), cases[i].tax, scratch, NULL), ==,
                                0);
                g_assert_cmpuint(vms[0].target_bytes, ==, MIB(cases[i].idle_mib));
                g_assert_cmpuint(vms[1].target_bytes, ==, MIB(cases[i].busy_mib));
                g_assert_cmpuint(root.claim_bytes, ==, MIB(360));
                g_assert_cmpuint(root.target_bytes, ==, MIB(360));
        }
}

/* What nobody claims is shared as well, by shares; a pool's limit holds for it, too. */
static void test_surplus(void)
{
        struct policy_pool pools[2] = {
                {.shares = 1, .limit_bytes = POLICY_UNLIMITED},
                {.shares = 1000, .limit_bytes = MIB(300)},
        };
        struct policy_vm vms[3] = {0};

        for (size_t i = 0; i < 3; i++) {
                vms[i].shares = 1000;
                vms[i].limit_bytes = POLICY_UNLIMITED;
                vms[i].memory_bytes = MIB(1024);
                vms[i].demand_bytes = MIB(100);
        }
        vms[2].pool = 1;
        vms[1].limit_bytes = MIB(200);
        g_assert_cmpint(policy_allocate(pools, 2, vms, 3, MIB(1000), 75, scratch, NULL), ==, 0);
        for (size_t i = 0; i < 3; i++)
                g_assert_cmpuint(vms[i].claim_bytes, ==, MIB(100));
        g_assert_cmpuint(vms[0].target_bytes, ==, MIB(500));
        g_assert_cmpuint(vms[1].target_bytes, ==, MIB(200));
        g_assert_cmpuint(vms[2].target_bytes, ==, MIB(300));
        g_assert_cmpuint(pools[1].target_bytes, ==, MIB(300));
        g_assert_cmpuint(pools[0].target_bytes, ==, MIB(1000));
}

/* A pool's reservation is for those in it, and the rest of the host divides what remains. */
static void test_pool_reservation(void)
{
        struct policy_pool pools[2] = {
                {.shares = 1, .limit_bytes = POLICY_UNLIMITED},
                {.shares = 1, .limit_bytes = POLICY_UNLIMITED, .reservation_bytes = MIB(600)},
        };
        struct policy_vm vms[3] = {0};

        for (size_t i = 0; i < 3; i++) {
                vms[i].shares = 1000;
                vms[i].limit_bytes = POLICY_UNLIMITED;
                vms[i].memory_bytes = vms[i].demand_bytes = vms[i].active_bytes = MIB(1000);
                vms[i].pool = i < 2;
        }
        vms[0].reservation_bytes = MIB(400);
        g_assert_cmpint(policy_allocate(pools, 2, vms, 3, MIB(1000), 75, scratch, NULL), ==, 0);
        g_assert_cmpuint(vms[0].claim_bytes, ==, MIB(400));
        g_assert_cmpuint(vms[1].claim_bytes, ==, MIB(200));
        g_assert_cmpuint(vms[2].claim_bytes, ==, MIB(400));
        /* The VM's reservation wins over its pool's limit. */
        pools[1].limit_bytes = MIB(100);
        g_assert_cmpint(policy_allocate(pools, 2, vms, 3, MIB(1000), 75, scratch, NULL), ==, 0);
        g_assert_cmpuint(vms[0].claim_bytes, ==, MIB(400));
        g_assert_cmpuint(vms[1].claim_bytes, ==, 0);
}

static void test_deficit(void)
{
        struct policy_pool root = {.shares = 1, .limit_bytes = POLICY_UNLIMITED};
        struct policy_vm vms[2] = {0};
        uint64_t deficit = 1;

        for (size_t i = 0; i < 2; i++)
                vms[i] = (struct policy_vm){.shares = 1,
                                            .reservation_bytes = MIB(300),
                                            .limit_bytes = POLICY_UNLIMITED,
                                            .memory_bytes = MIB(400),
                                            .demand_bytes = MIB(350)};
        g_assert_cmpint(policy_allocate(&root, 1, vms, 2, MIB(500), 0, scratch, &deficit), ==, 1);
        g_assert_cmpuint(deficit, ==, MIB(100));
        g_assert_cmpuint(vms[0].target_bytes, ==, MIB(300));
        g_assert_cmpuint(vms[1].target_bytes, ==, MIB(300));
        g_assert_cmpint(policy_allocate(&root, 1, vms, 2, MIB(600), 0, scratch, &deficit), ==, 0);
        g_assert_cmpuint(deficit, ==, 0);
        /* Not in use, a reservation is lent out, and kept as a target. */
        vms[0].demand_bytes = MIB(10);
        g_assert_cmpint(policy_allocate(&root, 1, vms, 2, MIB(360), 0, scratch, &deficit), ==, 0);
        g_assert_cmpuint(vms[0].claim_bytes, ==, MIB(10));
        g_assert_cmpuint(vms[0].target_bytes, ==, MIB(300));
        g_assert_cmpuint(vms[1].claim_bytes, ==, MIB(350));
}

static void test_promises(void)
{
        uint64_t seed = 4;

        for (unsigned round = 0; round < 5000; round++) {
                struct world world = world_random(&seed);
                uint64_t sum = 0, below = 0, deficit;
                int r = allocate(&world, &deficit);

                g_assert_cmpint(r, >=, 0);
                for (size_t i = 0; i < world.n_vms; i++) {
                        const struct policy_vm *vm = &world.vms[i];
                        uint64_t own = world_whole_pages(MIN(vm->limit_bytes, vm->memory_bytes));
                        uint64_t reserved = MIN(vm->reservation_bytes, own);

                        g_assert_cmpuint(vm->claim_bytes % POLICY_PAGE, ==, 0);
                        g_assert_cmpuint(vm->target_bytes % POLICY_PAGE, ==, 0);
                        g_assert_cmpuint(vm->claim_bytes, <=, own);
                        g_assert_cmpuint(vm->claim_bytes, <=, vm->demand_bytes);
                        g_assert_cmpuint(vm->claim_bytes, >=,
                                         MIN(reserved, world_whole_pages(vm->demand_bytes)));
                        g_assert_cmpuint(vm->target_bytes, <=, own);
                        g_assert_cmpuint(vm->target_bytes, >=, reserved);
                        g_assert_cmpuint(vm->target_bytes, >=, vm->claim_bytes);
                        sum += vm->claim_bytes;
                        below += vm->target_bytes;
                }
                g_assert_cmpuint(world.pools[0].claim_bytes, ==, sum);
                g_assert_cmpuint(world.pools[0].target_bytes, ==, below);
                if (r == 0)
                        g_assert_cmpuint(sum, <=, world.capacity_bytes);
                else
                        g_assert_cmpuint(sum, ==, world_whole_pages(world.capacity_bytes + deficit));
                /* Nothing is left over that somebody, and every pool above him, could have. */
                for (size_t i = 0; r == 0 && i < world.n_vms; i++) {
                        const struct policy_vm *vm = &world.vms[i];
                        bool could = vm->claim_bytes + POLICY_PAGE <=
                                     MIN(MIN(vm->limit_bytes, vm->memory_bytes), vm->demand_bytes);

                        for (size_t pool = vm->pool;; pool = world.pools[pool].parent) {
                                if (world.pools[pool].claim_bytes + POLICY_PAGE >
                                    world.pools[pool].limit_bytes)
                                        could = false;
                                if (pool == 0)
                                        break;
                        }
                        if (could)
                                g_assert_cmpuint(sum, ==, world_whole_pages(world.capacity_bytes));
                }
                world_free(&world);
        }
}

static void test_more_shares_never_less(void)
{
        uint64_t seed = 5;

        for (unsigned round = 0; round < 2000; round++) {
                struct world world = world_random(&seed);
                uint64_t claim, target;
                size_t who;

                if (world.n_vms > 0) {
                        who = unit_below(&seed, (uint32_t)world.n_vms);
                        g_assert_cmpint(allocate(&world, NULL), >=, 0);
                        claim = world.vms[who].claim_bytes;
                        target = world.vms[who].target_bytes;
                        world.vms[who].shares = world.vms[who].shares * 2 + unit_below(&seed, 1000);
                        g_assert_cmpint(allocate(&world, NULL), >=, 0);
                        /* Rounding can go a page a level the other way. */
                        g_assert_cmpuint(world.vms[who].claim_bytes + 12 * POLICY_PAGE, >=, claim);
                        g_assert_cmpuint(world.vms[who].target_bytes + 12 * POLICY_PAGE, >=, target);
                }
                world_free(&world);
        }
}

/* Figures of any size and alignment: no crash, no overflow, and limits hold. */
static void test_extremes(void)
{
        uint64_t seed = 6;

        for (unsigned round = 0; round < 3000; round++) {
                struct world world = world_random(&seed);
                uint64_t claims = 0;
                int r;

                for (size_t i = 0; i < world.n_vms; i++) {
                        struct policy_vm *vm = &world.vms[i];

                        vm->shares = 1 + (uint32_t)world_any(&seed, UINT32_MAX - 1);
                        vm->memory_bytes = world_any(&seed, UINT64_MAX);
                        vm->limit_bytes = world_any(&seed, UINT64_MAX);
                        vm->reservation_bytes = world_any(&seed, UINT64_MAX);
                        vm->demand_bytes = world_any(&seed, UINT64_MAX);
                        vm->active_bytes = world_any(&seed, UINT64_MAX);
                }
                world.capacity_bytes = world_any(&seed, UINT64_MAX);
                r = allocate(&world, NULL);
                g_assert_cmpint(r, >=, 0);
                for (size_t i = 0; i < world.n_vms; i++) {
                        g_assert_cmpuint(world.vms[i].target_bytes, <=,
                                         MIN(world.vms[i].limit_bytes, world.vms[i].memory_bytes));
                        if (r == 0)
                                claims += world.vms[i].claim_bytes;
                }
                g_assert_cmpuint(claims, <=, world.capacity_bytes);
                world_free(&world);
        }
}

/* More siblings than are sorted in place; the same host in another order comes out the same. */
static void test_many(void)
{
        enum { N = 20000 };
        struct policy_pool root = {.shares = 1, .limit_bytes = POLICY_UNLIMITED};
        g_autofree struct policy_vm *vms = g_new0(struct policy_vm, N);
        g_autofree struct policy_vm *turned = g_new0(struct policy_vm, N);
        uint64_t seed = 7, all = 0, sum = 0;

        for (size_t i = 0; i < N; i++) {
                world_random_vm(&vms[i], 1, &seed);
                all += vms[i].demand_bytes;
        }
        for (size_t i = 0; i < N; i++)
                turned[i] = vms[N - 1 - i];
        all = world_whole_pages(all / 2);
        g_assert_cmpint(policy_allocate(&root, 1, vms, N, all, 75, scratch, NULL), ==, 0);
        g_assert_cmpint(policy_allocate(&root, 1, turned, N, all, 75, scratch, NULL), ==, 0);
        for (size_t i = 0; i < N; i++) {
                sum += vms[i].claim_bytes;
                g_assert_cmpfloat(fabs((double)vms[i].claim_bytes - (double)turned[N - 1 - i].claim_bytes),
                                  <=, POLICY_PAGE);
        }
        g_assert_cmpuint(sum, ==, all);
}

static void test_malformed(void)
{
        struct policy_pool pools[3] = {{.shares = 1}, {.shares = 1}, {.shares = 1, .parent = 1}};
        struct policy_vm vm = {.shares = 1, .pool = 2, .claim_bytes = 77, .target_bytes = 78};

        g_assert_cmpint(policy_allocate(pools, 3, &vm, 1, 0, 99, scratch, NULL), ==, 0);
        vm.claim_bytes = 77;
        g_assert_cmpint(policy_allocate(pools, 3, &vm, 1, 0, 100, scratch, NULL), ==, -EINVAL);
        g_assert_cmpint(policy_allocate(pools, 0, &vm, 0, 0, 0, scratch, NULL), ==, -EINVAL);
        g_assert_cmpint(policy_allocate(NULL, 1, &vm, 1, 0, 0, scratch, NULL), ==, -EINVAL);
        g_assert_cmpint(policy_allocate(pools, 3, NULL, 1, 0, 0, scratch, NULL), ==, -EINVAL);
        g_assert_cmpint(policy_allocate(pools, 3, &vm, 1, 0, 0, NULL, NULL), ==, -EINVAL);
        g_assert_cmpint(policy_allocate(pools, POLICY_MAX + 1, &vm, 1, 0, 0, scratch, NULL), ==, -EINVAL);
        g_assert_cmpint(policy_allocate(pools, 3, &vm, POLICY_MAX + 1, 0, 0, scratch, NULL), ==, -EINVAL);
        pools[1].parent = 2;
        g_assert_cmpint(policy_allocate(pools, 3, &vm, 1, 0, 0, scratch, NULL), ==, -EINVAL);
        pools[1].parent = 1;
        g_assert_cmpint(policy_allocate(pools, 3, &vm, 1, 0, 0, scratch, NULL), ==, -EINVAL);
        pools[1].parent = 0;
        pools[0].parent = 1;
        g_assert_cmpint(policy_allocate(pools, 3, &vm, 1, 0, 0, scratch, NULL), ==, -EINVAL);
        pools[0].parent = 0;
        pools[2].shares = 0;
        g_assert_cmpint(policy_allocate(pools, 3, &vm, 1, 0, 0, scratch, NULL), ==, -EINVAL);
        pools[2].shares = 1;
        vm.pool = 3;
        g_assert_cmpint(policy_allocate(pools, 3, &vm, 1, 0, 0, scratch, NULL), ==, -EINVAL);
        vm.pool = 2;
        vm.shares = 0;
        g_assert_cmpint(policy_allocate(pools, 3, &vm, 1, 0, 0, scratch, NULL), ==, -EINVAL);
        g_assert_cmpuint(vm.claim_bytes, ==, 77);
}

/* Without memory nothing is changed, and the next round is as good as any. */
static void test_no_memory(void)
{
        struct policy_scratch *fresh = policy_scratch_new();
        struct policy_pool root = {.shares = 1, .limit_bytes = POLICY_UNLIMITED};
        struct policy_vm vm = {.shares = 1,
                               .limit_bytes = POLICY_UNLIMITED,
                               .memory_bytes = MIB(8),
                               .demand_bytes = MIB(8),
                               .claim_bytes = 77,
                               .target_bytes = 78};
        unsigned failed = 0;
        int r;

        g_assert_nonnull(fresh);
        do {
                fail_in = ++failed;
                r = policy_allocate(&root, 1, &vm, 1, MIB(6), 0, fresh, NULL);
                if (r < 0) {
                        g_assert_cmpint(r, ==, -ENOMEM);
                        g_assert_cmpuint(vm.claim_bytes, ==, 77);
                        g_assert_cmpuint(vm.target_bytes, ==, 78);
                }
        } while (r < 0);
        g_assert_cmpuint(failed, >, 5);
        g_assert_cmpuint(vm.claim_bytes, ==, MIB(6));
        /* Once it has grown it allocates nothing. */
        fail_in = 1;
        g_assert_cmpint(policy_allocate(&root, 1, &vm, 1, MIB(6), 0, fresh, NULL), ==, 0);
        g_assert_cmpuint(fail_in, ==, 1);
        fail_in = 0;
        policy_scratch_free(fresh);
        policy_scratch_free(NULL);
}

int main(int argc, char **argv)
{
        int r;

        g_test_init(&argc, &argv, NULL);
        scratch = policy_scratch_new();
        g_assert_nonnull(scratch);
        g_test_add_func("/policy/reference", test_reference);
        g_test_add_func("/policy/revocation", test_revocation);
        g_test_add_func("/policy/idle-tax", test_idle_tax);
        g_test_add_func("/policy/surplus", test_surplus);
        g_test_add_func("/policy/pool-reservation", test_pool_reservation);
        g_test_add_func("/policy/deficit", test_deficit);
        g_test_add_func("/policy/promises", test_promises);
        g_test_add_func("/policy/more-shares-never-less", test_more_shares_never_less);
        g_test_add_func("/policy/extremes", test_extremes);
        g_test_add_func("/policy/many", test_many);
        g_test_add_func("/policy/malformed", test_malformed);
        g_test_add_func("/policy/no-memory", test_no_memory);
        r = g_test_run();
        policy_scratch_free(scratch);
        return r;
}
