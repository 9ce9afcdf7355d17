/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whose memory counts as active while somebody waits for pages. */
#include "policy-world.h"

enum { RESTED, WAITING };

/* On 600 MiB: one that was busy until a moment ago, and one that has gone to work. */
static void two_vms(struct policy_vm vms[2])
{
        for (size_t i = 0; i < 2; i++)
                vms[i] = (struct policy_vm){
                        .shares = 10240,
                        .limit_bytes = POLICY_UNLIMITED,
                        .memory_bytes = GIB(1),
                        .demand_bytes = MIB(500),
                        .has_pager = true,
                        .runs = true,
                };
        vms[RESTED].consumed_bytes = MIB(450);
        vms[RESTED].active_bytes = MIB(400);
        vms[RESTED].recent_bytes = MIB(10);
        vms[WAITING].consumed_bytes = MIB(150);
        vms[WAITING].active_bytes = vms[WAITING].recent_bytes = MIB(40);
        vms[WAITING].returned_bytes = MIB(80);
}

static void share_out(struct policy_vm vms[2])
{
        struct policy_pool root = {.shares = 1, .limit_bytes = POLICY_UNLIMITED};
        struct policy_scratch *scratch = policy_scratch_new();

        g_assert_cmpint(policy_allocate(&root, 1, vms, 2, MIB(600), 75, scratch, NULL), ==, 0);
        policy_scratch_free(scratch);
}

static void test_waits(void)
{
        struct policy_vm vms[2];

        /* By what was touched, the one that is slow for want of memory would get less of it. */
        two_vms(vms);
        share_out(vms);
        g_assert_cmpuint(vms[RESTED].target_bytes, >, MIB(400));
        g_assert_cmpuint(vms[WAITING].target_bytes, <, MIB(200));

        two_vms(vms);
        policy_judge_active(vms, 2);
        g_assert_cmpuint(vms[RESTED].active_bytes, ==, MIB(10));
        g_assert_cmpuint(vms[WAITING].active_bytes, ==, MIB(190));
        share_out(vms);
        /* It claims what it has and what it brings back, not all that it might hold. */
        g_assert_cmpuint(vms[WAITING].claim_bytes, ==, MIB(190));
        g_assert_cmpuint(vms[WAITING].target_bytes, >=, MIB(190));
        g_assert_cmpuint(vms[RESTED].target_bytes, >=, MIB(350));
}

/* An idle VM of which all that is touched has to come back does not take a busy one's memory for that. */
static void test_waits_a_little(void)
{
        struct policy_vm vms[2];

        two_vms(vms);
        vms[WAITING].returned_bytes = MIB(2);
        policy_judge_active(vms, 2);
        g_assert_cmpuint(vms[WAITING].active_bytes, ==, MIB(158));

        two_vms(vms);
        vms[WAITING].returned_bytes = MIB(20);
        policy_judge_active(vms, 2);
        g_assert_cmpuint(vms[WAITING].active_bytes, ==, MIB(166));
}

/* Nothing changes where nobody waits, or who does could not be given more. */
static void test_does_not_wait(void)
{
        for (unsigned i = 0; i < 5; i++) {
                struct policy_vm vms[2], before[2];

                two_vms(vms);
                if (i == 0)
                        vms[WAITING].returned_bytes = POLICY_WAITS_BYTES - 1;
                else if (i == 1)
                        vms[WAITING].limit_bytes = vms[WAITING].consumed_bytes + MIB(1);
                else if (i == 2)
                        vms[WAITING].consumed_bytes = vms[WAITING].memory_bytes;
                else if (i == 3)
                        vms[WAITING].has_pager = false;
                else
                        vms[WAITING].runs = false;
                memcpy(before, vms, sizeof(vms));
                policy_judge_active(vms, 2);
                g_assert_cmpmem(vms, sizeof(vms), before, sizeof(before));
        }
}

/* Whatever is measured: estimates of those that rest only fall, of those that wait only rise. */
static void test_random_hosts(void)
{
        uint64_t seed = 11;

        for (unsigned i = 0; i < 3000; i++) {
                struct world world = world_random(&seed);
                g_autofree struct policy_vm *once = NULL, *before = NULL;
                bool some_wait = false;

                for (size_t j = 0; j < world.n_vms; j++) {
                        world.vms[j].recent_bytes = world_any(&seed, UINT64_MAX);
                        if (unit_below(&seed, 4) == 0)
                                world.vms[j].returned_bytes = world_any(&seed, UINT64_MAX);
                        if (unit_below(&seed, 8) == 0)
                                world.vms[j].consumed_bytes = world_any(&seed, UINT64_MAX);
                        some_wait = some_wait || policy_waits(&world.vms[j]);
                }
                before = g_memdup2(world.vms, world.n_vms * sizeof(*world.vms));
                policy_judge_active(world.vms, world.n_vms);
                once = g_memdup2(world.vms, world.n_vms * sizeof(*world.vms));
                for (size_t j = 0; j < world.n_vms; j++) {
                        if (policy_waits(&before[j]))
                                g_assert_cmpuint(once[j].active_bytes, >=, before[j].active_bytes);
                        else
                                g_assert_cmpuint(once[j].active_bytes, <=, before[j].active_bytes);
                        if (!some_wait)
                                g_assert_cmpuint(once[j].active_bytes, ==, before[j].active_bytes);
                        g_assert_cmpint(once[j].asks_bytes != 0, ==, policy_waits(&before[j]));
                }
                policy_judge_active(world.vms, world.n_vms);
                if (world.n_vms)
                        g_assert_cmpmem(world.vms, world.n_vms * sizeof(*world.vms), once,
                                        world.n_vms * sizeof(*once));
                world_free(&world);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/policy-active/waits", test_waits);
        g_test_add_func("/policy-active/waits-a-little", test_waits_a_little);
        g_test_add_func("/policy-active/does-not-wait", test_does_not_wait);
        g_test_add_func("/policy-active/random-hosts", test_random_hosts);
        return g_test_run();
}
