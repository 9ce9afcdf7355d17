/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The watch over a balloon, on a clock of the test's own. */
#include "base/macro.h"
#include "policy/policy.h"
#include "unit.h"

struct guest {
        struct policy_balloon_watch watch;
        uint64_t now_ms, asked_bytes, actual_bytes;
        bool paused, no_driver;
};

static enum policy_balloon_state after(struct guest *g, unsigned seconds)
{
        enum policy_balloon_state state = g->watch.state;

        for (unsigned i = 0; i < seconds; i++) {
                g->now_ms += 1000;
                state = policy_balloon_watch_update(&g->watch, g->now_ms, g->asked_bytes, g->actual_bytes,
                                                    !g->paused, !g->no_driver);
                g_assert_cmpint(state, ==, g->watch.state);
        }
        return state;
}

static struct guest asked(uint64_t bytes)
{
        struct guest g = {.now_ms = 1000000, .asked_bytes = bytes};

        g_assert_cmpint(after(&g, 1), ==, POLICY_BALLOON_OK);
        return g;
}

static void test_works(void)
{
        struct guest g = asked(MIB(1000));

        for (unsigned i = 0; i < 100; i++) {
                g.actual_bytes += MIB(10);
                g_assert_cmpint(after(&g, 4), ==, POLICY_BALLOON_OK);
        }
        g_assert_cmpint(after(&g, 3600), ==, POLICY_BALLOON_OK);
        g.asked_bytes = 0;
        for (unsigned i = 0; i < 10; i++) {
                g.actual_bytes -= MIB(99);
                g_assert_cmpint(after(&g, 4), ==, POLICY_BALLOON_OK);
        }
}

static void test_no_progress(void)
{
        struct guest g = asked(MIB(100));

        g_assert_cmpint(after(&g, 4), ==, POLICY_BALLOON_OK);
        g_assert_cmpint(after(&g, 1), ==, POLICY_BALLOON_INACTIVE);
        /* A page is no progress, and asking for something else is none either. */
        g.actual_bytes = POLICY_PAGE;
        g.asked_bytes = MIB(200);
        g_assert_cmpint(after(&g, 14), ==, POLICY_BALLOON_INACTIVE);
        g_assert_cmpint(after(&g, 1), ==, POLICY_BALLOON_UNCOOPERATIVE);
}

static void test_progress_ends_inactivity(void)
{
        struct guest g = asked(MIB(100));

        g_assert_cmpint(after(&g, 19), ==, POLICY_BALLOON_INACTIVE);
        g.actual_bytes = MIB(2);
        g_assert_cmpint(after(&g, 1), ==, POLICY_BALLOON_OK);
        g_assert_cmpint(after(&g, 3), ==, POLICY_BALLOON_OK);
        /* Less than before, and back: no progress. */
        g.actual_bytes = MIB(1);
        g_assert_cmpint(after(&g, 2), ==, POLICY_BALLOON_INACTIVE);
        g.actual_bytes = MIB(2);
        g_assert_cmpint(after(&g, 1), ==, POLICY_BALLOON_INACTIVE);
        /* 5 % of a small rest. */
        g = asked(MIB(10));
        g_assert_cmpint(after(&g, 10), ==, POLICY_BALLOON_INACTIVE);
        g.actual_bytes = KIB(512);
        g_assert_cmpint(after(&g, 1), ==, POLICY_BALLOON_OK);
}

static void test_retries(void)
{
        static const unsigned waits_s[] = {60, 120, 240, 480, 600, 600};
        struct guest g = asked(MIB(100));

        g_assert_cmpint(after(&g, 20), ==, POLICY_BALLOON_UNCOOPERATIVE);
        for (size_t i = 0; i < G_N_ELEMENTS(waits_s); i++) {
                /* As the plan does: asked for no more than there is. */
                g.asked_bytes = 0;
                g_assert_cmpint(after(&g, waits_s[i] - 1), ==, POLICY_BALLOON_UNCOOPERATIVE);
                g_assert_cmpint(after(&g, 1), ==, POLICY_BALLOON_OK);
                g.asked_bytes = MIB(100);
                g_assert_cmpint(after(&g, 19), !=, POLICY_BALLOON_UNCOOPERATIVE);
                g_assert_cmpint(after(&g, 1), ==, POLICY_BALLOON_UNCOOPERATIVE);
        }
        /* One success, and it is trusted as at first. */
        g_assert_cmpint(after(&g, 599), ==, POLICY_BALLOON_UNCOOPERATIVE);
        g.actual_bytes = MIB(20);
        g_assert_cmpint(after(&g, 1), ==, POLICY_BALLOON_OK);
        g_assert_cmpint(after(&g, 20), ==, POLICY_BALLOON_UNCOOPERATIVE);
        g_assert_cmpint(after(&g, 60), ==, POLICY_BALLOON_OK);
}

static void test_paused(void)
{
        struct guest g = asked(MIB(100));

        g_assert_cmpint(after(&g, 4), ==, POLICY_BALLOON_OK);
        g.paused = true;
        g_assert_cmpint(after(&g, 3600), ==, POLICY_BALLOON_OK);
        g.paused = false;
        g_assert_cmpint(after(&g, 1), ==, POLICY_BALLOON_INACTIVE);
}

static void test_clock_jumps(void)
{
        struct guest g = asked(MIB(100));

        g_assert_cmpint(after(&g, 1), ==, POLICY_BALLOON_OK);
        g.now_ms += 7200 * 1000;
        g_assert_cmpint(after(&g, 1), !=, POLICY_BALLOON_UNCOOPERATIVE);
        g.now_ms -= 7200 * 1000;
        g_assert_cmpint(after(&g, 1), !=, POLICY_BALLOON_UNCOOPERATIVE);
        g.now_ms = 0;
        g_assert_cmpint(after(&g, 10), !=, POLICY_BALLOON_UNCOOPERATIVE);
        g_assert_cmpint(after(&g, 10), ==, POLICY_BALLOON_UNCOOPERATIVE);
        g.now_ms = UINT64_MAX - 5000;
        g_assert_cmpint(after(&g, 30), ==, POLICY_BALLOON_UNCOOPERATIVE);
}

static void test_reboot(void)
{
        struct guest g = asked(MIB(100));

        g.actual_bytes = MIB(50);
        g_assert_cmpint(after(&g, 1), ==, POLICY_BALLOON_OK);
        g_assert_cmpint(after(&g, 20), ==, POLICY_BALLOON_UNCOOPERATIVE);
        g.actual_bytes = 0;
        g_assert_cmpint(after(&g, 1), ==, POLICY_BALLOON_OK);
        g_assert_cmpint(after(&g, 4), ==, POLICY_BALLOON_OK);
        g_assert_cmpint(after(&g, 1), ==, POLICY_BALLOON_INACTIVE);
}

static void test_no_driver(void)
{
        struct guest g = asked(MIB(100));

        g_assert_cmpint(after(&g, 30), ==, POLICY_BALLOON_UNCOOPERATIVE);
        g.no_driver = true;
        g_assert_cmpint(after(&g, 1), ==, POLICY_BALLOON_NONE);
        g.no_driver = false;
        g_assert_cmpint(after(&g, 5), ==, POLICY_BALLOON_OK);
        g_assert_cmpint(after(&g, 1), ==, POLICY_BALLOON_INACTIVE);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/policy-balloon/works", test_works);
        g_test_add_func("/policy-balloon/no-progress", test_no_progress);
        g_test_add_func("/policy-balloon/progress-ends-inactivity", test_progress_ends_inactivity);
        g_test_add_func("/policy-balloon/retries", test_retries);
        g_test_add_func("/policy-balloon/paused", test_paused);
        g_test_add_func("/policy-balloon/clock-jumps", test_clock_jumps);
        g_test_add_func("/policy-balloon/reboot", test_reboot);
        g_test_add_func("/policy-balloon/no-driver", test_no_driver);
        return g_test_run();
}
