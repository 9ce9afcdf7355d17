/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Admission: what can be promised where, and that what was admitted can be allocated. */
#include "policy-world.h"

/* Host of 1000 MiB, 60 reserve; /fixed 400, /open 200 expandable; /open/deep 100 expandable, limit 300. */
enum { FIXED = 1, OPEN, DEEP };
static const struct policy_pool pools[] = {
        {.shares = 1, .limit_bytes = POLICY_UNLIMITED},
        {.shares = 1, .limit_bytes = POLICY_UNLIMITED, .reservation_bytes = MIB(400)},
        {.shares = 1, .limit_bytes = POLICY_UNLIMITED, .reservation_bytes = MIB(200), .expandable = true},
        {.parent = OPEN,
         .shares = 1,
         .limit_bytes = MIB(300),
         .reservation_bytes = MIB(100),
         .expandable = true},
};
/* /fixed has promised 300, /open/deep 50; 40 are overhead. So the root has 900 - 600 = 300 left. */
static const struct policy_vm vms[] = {
        {.pool = FIXED,
         .shares = 1,
         .reservation_bytes = MIB(300),
         .limit_bytes = POLICY_UNLIMITED,
         .memory_bytes = MIB(512),
         .overhead_bytes = MIB(20)},
        {.pool = DEEP,
         .shares = 1,
         .reservation_bytes = MIB(80),
         .limit_bytes = MIB(50),
         .memory_bytes = MIB(512),
         .overhead_bytes = MIB(20)},
};

static void test_used(void)
{
        uint64_t used[4];
        struct policy_pool bad[2] = {pools[0], pools[1]};

        g_assert_cmpint(policy_reservations(pools, 4, vms, 2, used), ==, 0);
        g_assert_cmpuint(used[POLICY_ROOT], ==, MIB(600));
        g_assert_cmpuint(used[FIXED], ==, MIB(300));
        g_assert_cmpuint(used[OPEN], ==, MIB(100));
        g_assert_cmpuint(used[DEEP], ==, MIB(50));
        bad[1].parent = 1;
        g_assert_cmpint(policy_reservations(bad, 2, NULL, 0, used), ==, -EINVAL);
        g_assert_cmpint(policy_reservations(pools, 2, vms, 2, used), ==, -EINVAL);
        g_assert_cmpint(policy_reservations(pools, 0, vms, 0, used), ==, -EINVAL);
}

/* As much as is admitted, and not one byte more. */
static void test_unreserved(void)
{
        uint64_t left[4];

        g_assert_cmpint(policy_unreserved(pools, 4, vms, 2, MIB(1000), MIB(60), left), ==, 0);
        g_assert_cmpuint(left[POLICY_ROOT], ==, MIB(300));
        g_assert_cmpuint(left[FIXED], ==, MIB(100));
        g_assert_cmpuint(left[OPEN], ==, MIB(100));
        g_assert_cmpuint(left[DEEP], ==, MIB(50));
        for (uint32_t pool = POLICY_ROOT; pool <= FIXED; pool++)
                for (unsigned more = 0; more < 2; more++)
                        g_assert_cmpint(policy_admit(pools, 4, vms, 2, MIB(1000), MIB(60), pool,
                                                     left[pool] + more, 0, NULL, NULL),
                                        ==, more > 0 ? -ENOSPC : 0);
        /* More is promised than there is. */
        g_assert_cmpint(policy_unreserved(pools, 4, vms, 2, MIB(300), MIB(60), left), ==, 0);
        g_assert_cmpuint(left[POLICY_ROOT], ==, 0);
        g_assert_cmpint(policy_unreserved(pools, 0, vms, 2, MIB(300), MIB(60), left), ==, -EINVAL);
}

static void test_admit(void)
{
        static const struct {
                uint32_t pool;
                unsigned reservation_mib, overhead_mib, short_mib, where;
        } cases[] = {
                {POLICY_ROOT, 300, 0, 0, 0},
                {POLICY_ROOT, 290, 10, 0, 0},
                {POLICY_ROOT, 291, 10, 1, POLICY_ROOT},
                {POLICY_ROOT, 0, 301, 1, POLICY_ROOT},
                {FIXED, 100, 300, 0, 0},
                {FIXED, 101, 0, 1, FIXED},
                {FIXED, 100, 301, 1, POLICY_ROOT},
                {OPEN, 100, 0, 0, 0},
                {OPEN, 400, 0, 0, 0},
                {OPEN, 401, 0, 1, POLICY_ROOT},
                {OPEN, 390, 20, 10, POLICY_ROOT},
                {DEEP, 50, 300, 0, 0},
                {DEEP, 150, 300, 0, 0}, /* 50 of its own, 100 of its parent's */
                {DEEP, 250, 200, 0, 0}, /* and 100 of the root's */
                {DEEP, 250, 201, 1, POLICY_ROOT},
                {DEEP, 251, 0, 1, DEEP}, /* its limit */
                {DEEP, 0, 0, 0, 0},
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                uint64_t missing = 77;
                uint32_t where = 77;
                int r = policy_admit(pools, 4, vms, 2, MIB(1000), MIB(60), cases[i].pool,
                                     MIB(cases[i].reservation_mib), MIB(cases[i].overhead_mib), &missing,
                                     &where);

                g_test_message("case %zu", i);
                g_assert_cmpint(r, ==, cases[i].short_mib ? -ENOSPC : 0);
                g_assert_cmpuint(missing, ==, cases[i].short_mib ? MIB(cases[i].short_mib) : 77);
                g_assert_cmpuint(where, ==, cases[i].short_mib ? cases[i].where : 77);
        }
        g_assert_cmpint(policy_admit(pools, 4, vms, 2, MIB(1000), 0, 4, 0, 0, NULL, NULL), ==, -EINVAL);
        g_assert_cmpint(policy_admit(pools, 4, vms, 2, MIB(10), MIB(60), 0, 1, 0, NULL, NULL), ==, -ENOSPC);
        g_assert_cmpint(
                policy_admit(pools, 4, vms, 2, MIB(1000), 0, OPEN, UINT64_MAX, UINT64_MAX, NULL, NULL), ==,
                -ENOSPC);
}

static void test_admit_pool(void)
{
        uint64_t missing;
        uint32_t where;

#define ADMIT(pool, reservation, limit, expandable)                                                   \
        policy_admit_pool(pools, 4, vms, 2, MIB(1000), MIB(60), pool, reservation, limit, expandable, \
                          &missing, &where)
        g_assert_cmpint(ADMIT(FIXED, MIB(700), POLICY_UNLIMITED, false), ==, 0);
        g_assert_cmpint(ADMIT(FIXED, MIB(701), POLICY_UNLIMITED, false), ==, -ENOSPC);
        g_assert_cmpuint(where, ==, POLICY_ROOT);
        g_assert_cmpuint(missing, ==, MIB(1));
        g_assert_cmpint(ADMIT(FIXED, MIB(300), POLICY_UNLIMITED, false), ==, 0);
        g_assert_cmpint(ADMIT(FIXED, MIB(299), POLICY_UNLIMITED, false), ==, -ENOSPC);
        g_assert_cmpuint(where, ==, FIXED);
        g_assert_cmpuint(missing, ==, MIB(1));
        g_assert_cmpint(ADMIT(FIXED, 0, POLICY_UNLIMITED, true), ==, 0);
        g_assert_cmpint(ADMIT(FIXED, 0, MIB(290), true), ==, -ENOSPC);
        g_assert_cmpuint(missing, ==, MIB(10));
        g_assert_cmpint(ADMIT(DEEP, MIB(300), MIB(300), true), ==, 0);
        g_assert_cmpint(ADMIT(DEEP, MIB(301), MIB(300), true), ==, -ENOSPC);
        g_assert_cmpint(ADMIT(POLICY_ROOT, 0, POLICY_UNLIMITED, true), ==, -EINVAL);
#undef ADMIT
}

/* VMs that were let in one by one all get their reservations. */
static void test_kept(void)
{
        g_autoptr(GArray) in = g_array_new(FALSE, FALSE, sizeof(struct policy_vm));
        struct policy_scratch *scratch = policy_scratch_new();
        uint64_t seed = 31;

        g_assert_nonnull(scratch);
        for (unsigned round = 0; round < 300; round++) {
                struct world world = world_random(&seed);
                uint64_t managed = world.capacity_bytes, reserve = managed / 20, overheads = 0;

                g_array_set_size(in, 0);
                for (size_t i = 0; i < world.n_pools; i++) {
                        world.pools[i].reservation_bytes = 0;
                        world.pools[i].expandable = true;
                }
                for (size_t i = 1; i < world.n_pools; i++) {
                        uint64_t wish = MIB(unit_below(&seed, 1000));

                        if (policy_admit_pool(world.pools, world.n_pools, NULL, 0, managed, reserve,
                                              (uint32_t)i, wish, world.pools[i].limit_bytes,
                                              unit_below(&seed, 2), NULL, NULL) == 0)
                                world.pools[i].reservation_bytes = wish;
                }
                for (size_t i = 0; i < world.n_vms; i++) {
                        struct policy_vm *vm = &world.vms[i];

                        if (policy_admit(world.pools, world.n_pools, (struct policy_vm *)in->data, in->len,
                                         managed, reserve, vm->pool,
                                         MIN(vm->reservation_bytes, MIN(vm->limit_bytes, vm->memory_bytes)),
                                         vm->overhead_bytes, NULL, NULL) < 0)
                                continue;
                        vm->demand_bytes = vm->memory_bytes;
                        overheads += vm->overhead_bytes;
                        g_array_append_val(in, *vm);
                }
                if (in->len > 0) {
                        uint64_t deficit;

                        g_assert_cmpuint(overheads + reserve, <=, managed);
                        /* Reservations are rounded up to whole pages. */
                        g_assert_cmpint(
                                policy_allocate(world.pools, world.n_pools, (struct policy_vm *)in->data,
                                                in->len,
                                                managed - reserve - overheads + (in->len + 12) * POLICY_PAGE,
                                                world.tax_pct, scratch, &deficit),
                                ==, 0);
                }
                world_free(&world);
        }
        policy_scratch_free(scratch);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/policy-admission/used", test_used);
        g_test_add_func("/policy-admission/unreserved", test_unreserved);
        g_test_add_func("/policy-admission/admit", test_admit);
        g_test_add_func("/policy-admission/admit-pool", test_admit_pool);
        g_test_add_func("/policy-admission/kept", test_kept);
        return g_test_run();
}
