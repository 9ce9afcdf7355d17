/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "policy-world.h"

static unsigned fail_in; /* 0: not at all */

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
        return fail_in > 0 && --fail_in == 0 ? NULL : __real_malloc(size);
}

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size)
{
        return fail_in > 0 && --fail_in == 0 ? NULL : __real_calloc(n, size);
}

/* A pool that is told from others by its shares. */
static struct policy_pool pool(uint32_t parent, uint32_t shares)
{
        return (struct policy_pool){.parent = parent, .shares = shares, .limit_bytes = POLICY_UNLIMITED};
}

static void test_moved(void)
{
        /* 1 was put into 3, which is in 2. */
        struct policy_pool pools[] = {pool(0, 10), pool(3, 11), pool(0, 12), pool(2, 13)};
        struct policy_vm vms[] = {{.pool = 1}, {.pool = 3}, {.pool = 0}};
        uint32_t places[4];

        g_assert_cmpint(policy_order_pools(pools, 4, vms, 3, places), ==, 0);
        g_assert_cmpuint(places[0], ==, POLICY_ROOT);
        for (uint32_t i = 0; i < 4; i++) {
                g_assert_cmpuint(pools[places[i]].shares, ==, 10 + i);
                g_assert_cmpuint(pools[places[i]].parent, <=, places[i]);
        }
        g_assert_cmpuint(pools[places[1]].parent, ==, places[3]);
        g_assert_cmpuint(pools[places[3]].parent, ==, places[2]);
        g_assert_cmpuint(pools[places[2]].parent, ==, POLICY_ROOT);
        g_assert_cmpuint(vms[0].pool, ==, places[1]);
        g_assert_cmpuint(vms[1].pool, ==, places[3]);
        g_assert_cmpuint(vms[2].pool, ==, POLICY_ROOT);
}

static void refused(const struct policy_pool *pools, size_t n, uint32_t vm_pool, int result)
{
        g_autofree struct policy_pool *copy = g_memdup2(pools, n * sizeof(*pools));
        struct policy_vm vm = {.pool = vm_pool};
        g_autofree uint32_t *places = g_new0(uint32_t, n);

        g_assert_cmpint(policy_order_pools(copy, n, &vm, 1, places), ==, result);
        g_assert_cmpmem(copy, n * sizeof(*pools), pools, n * sizeof(*pools));
        g_assert_cmpuint(vm.pool, ==, vm_pool);
        for (size_t i = 0; i < n; i++)
                g_assert_cmpuint(places[i], ==, 0);
}

static void test_refused(void)
{
        const struct policy_pool own[] = {pool(0, 1), pool(1, 2)};
        const struct policy_pool ring[] = {pool(0, 1), pool(3, 2), pool(0, 3), pool(1, 4)};
        const struct policy_pool nowhere[] = {pool(0, 1), pool(2, 2)};
        const struct policy_pool no_root[] = {pool(1, 1), pool(0, 2)};
        const struct policy_pool right[] = {pool(0, 1), pool(0, 2)};

        refused(own, 2, 0, -ELOOP);
        refused(ring, 4, 0, -ELOOP);
        refused(nowhere, 2, 0, -EINVAL);
        refused(no_root, 2, 0, -EINVAL);
        refused(right, 2, 2, -EINVAL);
        for (unsigned nth = 1; nth <= 2; nth++) {
                struct policy_pool pools[] = {right[0], right[1]};
                uint32_t places[2];
                int result;

                fail_in = nth;
                result = policy_order_pools(pools, 2, NULL, 0, places);
                g_assert_cmpuint(fail_in, ==, 0);
                g_assert_cmpint(result, ==, -ENOMEM);
        }
}

/* The order decides nothing: shuffled, all get what they got. */
static void test_same_targets(void)
{
        struct policy_scratch *scratch = policy_scratch_new();
        struct policy_pool right[] = {pool(0, 1), pool(0, 3000), pool(0, 1000), pool(2, 500), pool(2, 700)};
        /* The same, as if the second and the fourth had changed places. */
        struct policy_pool mixed[] = {right[0], pool(4, 500), pool(4, 700), right[1], right[2]};
        const uint32_t where[] = {0, 3, 4, 1, 2};
        struct policy_vm vms[8], other[8];
        uint32_t places[5];

        for (uint32_t i = 0; i < 8; i++) {
                vms[i] = (struct policy_vm){.pool = i % 5,
                                            .shares = 100 * (i + 1),
                                            .limit_bytes = POLICY_UNLIMITED,
                                            .memory_bytes = MIB(1000),
                                            .demand_bytes = MIB(100 * (i + 3)),
                                            .active_bytes = MIB(50 * i)};
                other[i] = vms[i];
                other[i].pool = where[vms[i].pool];
        }
        g_assert_cmpint(policy_order_pools(mixed, 5, other, 8, places), ==, 0);
        g_assert_cmpint(policy_allocate(right, 5, vms, 8, MIB(3000), 75, scratch, NULL), ==, 0);
        g_assert_cmpint(policy_allocate(mixed, 5, other, 8, MIB(3000), 75, scratch, NULL), ==, 0);
        for (unsigned i = 0; i < 8; i++)
                g_assert_cmpuint(vms[i].target_bytes, ==, other[i].target_bytes);
        for (unsigned i = 0; i < 5; i++)
                g_assert_cmpuint(right[i].target_bytes, ==, mixed[places[where[i]]].target_bytes);
        policy_scratch_free(scratch);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/policy-order/moved", test_moved);
        g_test_add_func("/policy-order/refused", test_refused);
        g_test_add_func("/policy-order/same-targets", test_same_targets);
        return g_test_run();
}
