/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Thresholds as published, and when one state of the host follows another. */
#include "base/macro.h"
#include "policy/policy.h"
#include "unit.h"

static void assert_thresholds_mib(uint64_t managed_bytes, uint32_t pct,
                                  const double expected_mib[POLICY_STATES])
{
        struct policy_thresholds t;

        g_assert_cmpint(policy_thresholds_compute(managed_bytes, pct, &t), ==, 0);
        for (unsigned i = 0; i < POLICY_STATES; i++)
                g_assert_cmpfloat_with_epsilon((double)t.bytes[i] / MIB(1), expected_mib[i], 1e-4);
}

static void test_percent(void)
{
        assert_thresholds_mib(GIB(100), 6, (double[]){6144, 4096, 2048, 1024});
        assert_thresholds_mib(GIB(100), 12, (double[]){12288, 8192, 4096, 2048});
        assert_thresholds_mib(GIB(1), 3, (double[]){30.72, 20.48, 10.24, 5.12});
        assert_thresholds_mib(0, 6, (double[]){0, 0, 0, 0});
}

/* 899 MB for 28 GB and 1,619 MB for 100 GB have been published. */
static void test_sliding_scale(void)
{
        assert_thresholds_mib(GIB(28), 0, (double[]){899, 575.36, 287.68, 143.84});
        assert_thresholds_mib(GIB(100), 0, (double[]){1619, 1036.16, 518.08, 259.04});
        assert_thresholds_mib(GIB(4), 0, (double[]){245, 156.8, 78.4, 39.2});
        assert_thresholds_mib(GIB(12), 0, (double[]){572, 366.08, 183.04, 91.52});
        assert_thresholds_mib(GIB(1), 0, (double[]){61, 39.04, 19.52, 9.76});
}

static void test_bad_percent(void)
{
        struct policy_thresholds t = {.bytes = {1, 2, 3, 4}};

        g_assert_cmpint(policy_thresholds_compute(GIB(1), POLICY_MIN_FREE_PCT_MAX, &t), ==, 0);
        t.bytes[0] = 1;
        g_assert_cmpint(policy_thresholds_compute(GIB(1), POLICY_MIN_FREE_PCT_MAX + 1, &t), ==, -EINVAL);
        g_assert_cmpuint(t.bytes[0], ==, 1);
        g_assert_cmpint(policy_thresholds_compute(UINT64_MAX, POLICY_MIN_FREE_PCT_MAX, &t), ==, 0);
        g_assert_cmpuint(t.bytes[0], >, UINT64_MAX / 6);
        for (unsigned i = 1; i < POLICY_STATES; i++)
                g_assert_cmpuint(t.bytes[i], <, t.bytes[i - 1]);
}

/* Thresholds 64, 40, 20, 10; the margin is 4. */
static void test_steps(void)
{
        static const struct policy_thresholds t = {.bytes = {64, 40, 20, 10}};
        static const struct {
                enum policy_state now;
                uint64_t free;
                enum policy_state next;
        } steps[] = {
                {POLICY_HIGH, 1000, POLICY_HIGH}, {POLICY_HIGH, 63, POLICY_HIGH},
                {POLICY_HIGH, 40, POLICY_HIGH},   {POLICY_HIGH, 39, POLICY_SOFT},
                {POLICY_HIGH, 20, POLICY_SOFT},   {POLICY_HIGH, 19, POLICY_HARD},
                {POLICY_HIGH, 10, POLICY_HARD},   {POLICY_HIGH, 9, POLICY_LOW},
                {POLICY_HIGH, 0, POLICY_LOW},     {POLICY_SOFT, 39, POLICY_SOFT},
                {POLICY_SOFT, 68, POLICY_SOFT},   {POLICY_SOFT, 69, POLICY_HIGH},
                {POLICY_SOFT, 19, POLICY_HARD},   {POLICY_SOFT, 9, POLICY_LOW},
                {POLICY_HARD, 44, POLICY_HARD},   {POLICY_HARD, 45, POLICY_SOFT},
                {POLICY_HARD, 1000, POLICY_SOFT}, {POLICY_HARD, 10, POLICY_HARD},
                {POLICY_HARD, 9, POLICY_LOW},     {POLICY_LOW, 24, POLICY_LOW},
                {POLICY_LOW, 25, POLICY_HARD},    {POLICY_LOW, 1000, POLICY_HARD},
        };

        for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
                g_assert_cmpint(policy_state_next(steps[i].now, steps[i].free, &t), ==, steps[i].next);
        g_assert_cmpint(policy_state_next((enum policy_state)99, 1000, &t), ==, POLICY_LOW);
}

/* Free memory that wavers around a threshold by less than the margin changes the state once. */
static void test_hysteresis(void)
{
        struct policy_thresholds t;
        enum policy_state state = POLICY_HIGH;
        unsigned changes = 0;

        g_assert_cmpint(policy_thresholds_compute(GIB(100), 6, &t), ==, 0);
        for (unsigned i = 0; i < 1000; i++) {
                uint64_t free = t.bytes[POLICY_HARD] + (i % 2 ? MIB(200) : 0) - MIB(100);
                enum policy_state next = policy_state_next(state, free, &t);

                changes += next != state;
                state = next;
        }
        g_assert_cmpint(state, ==, POLICY_HARD);
        g_assert_cmpuint(changes, ==, 1);
}

static void test_names(void)
{
        g_assert_cmpstr(policy_state_name(POLICY_HIGH), ==, "high");
        g_assert_cmpstr(policy_state_name(POLICY_SOFT), ==, "soft");
        g_assert_cmpstr(policy_state_name(POLICY_HARD), ==, "hard");
        g_assert_cmpstr(policy_state_name(POLICY_LOW), ==, "low");
        g_assert_cmpstr(policy_state_name(POLICY_STATES), ==, "unknown");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/policy-state/percent", test_percent);
        g_test_add_func("/policy-state/sliding-scale", test_sliding_scale);
        g_test_add_func("/policy-state/bad-percent", test_bad_percent);
        g_test_add_func("/policy-state/steps", test_steps);
        g_test_add_func("/policy-state/hysteresis", test_hysteresis);
        g_test_add_func("/policy-state/names", test_names);
        return g_test_run();
}
