/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pace of scanning: by time and processor, boosted, idle and awake again. */
#include "policy/sharing.h"

#include "base/macro.h"
#include "unit.h"

/* 36 GiB in an hour are 2,622 pages/s; caps far away. */
static struct policy_sharing_facts facts(void)
{
        return (struct policy_sharing_facts){
                .mergeable_bytes = GIB(36),
                .n_vms = 1000,
                .scan_time_min = 60,
                .scan_ghz = 4,
                .rate_max = 1024,
                .cpu_mhz = 2000,
                .pages_per_cpu_second = 100000,
                .idle_cpus = 1000,
        };
}

/* One that has been on for long. */
static const struct policy_sharing settled = {.on = true};

static void test_pace(void)
{
        struct policy_sharing sharing = settled;
        struct policy_sharing_facts f = facts();
        struct policy_sharing_order order = policy_sharing_update(&sharing, &f);

        g_assert_cmpint(order.pace, ==, POLICY_SHARING_NORMAL);
        g_assert_cmpuint(order.pages_per_s, ==, 2622);
        g_assert_cmpfloat_with_epsilon(order.cpus, 0.02622, 1e-9);
        f.scan_time_min = 10;
        g_assert_cmpuint(policy_sharing_update(&sharing, &f).pages_per_s, ==, 15729);
}

static void test_caps(void)
{
        struct policy_sharing sharing = settled;
        struct policy_sharing_facts f = facts();

        f.n_vms = 2;
        g_assert_cmpuint(policy_sharing_update(&sharing, &f).pages_per_s, ==, 2048);
        f.n_vms = 1000;
        f.scan_time_min = 10;
        f.mergeable_bytes = GIB(3600);
        f.state = POLICY_HARD;
        /* 4 GHz are two processors. */
        g_assert_cmpuint(policy_sharing_update(&sharing, &f).pages_per_s, ==, 200000);
        f.cpu_mhz = 4000;
        g_assert_cmpuint(policy_sharing_update(&sharing, &f).pages_per_s, ==, 100000);
        f.cpu_mhz = 0;
        f.pages_per_cpu_second = 0;
        g_assert_cmpuint(policy_sharing_update(&sharing, &f).pages_per_s, ==, 200000);
        f.pages_per_cpu_second = UINT64_MAX;
        f.mergeable_bytes = UINT64_MAX;
        f.n_vms = f.rate_max = f.scan_ghz = UINT32_MAX;
        g_assert_cmpuint(policy_sharing_update(&sharing, &f).pages_per_s, >, 0);
}

static void test_off(void)
{
        for (unsigned i = 0; i < 4; i++) {
                struct policy_sharing sharing = {.on = true, .boost_pages = 1000};
                struct policy_sharing_facts f = facts();
                struct policy_sharing_order order;

                f.scan_ghz = i == 0 ? 0 : 4;
                f.rate_max = i == 1 ? 0 : 1024;
                f.n_vms = i == 2 ? 0 : 10;
                f.mergeable_bytes = i == 3 ? 0 : GIB(1);
                order = policy_sharing_update(&sharing, &f);
                g_assert_cmpint(order.pace, ==, POLICY_SHARING_OFF);
                g_assert_cmpuint(order.pages_per_s, ==, 0);
                g_assert_cmpuint(sharing.boost_pages, ==, 0);
                g_assert_false(sharing.on);
        }
}

/* For as long as two passes take, and no longer. */
static void assert_boosted(struct policy_sharing *sharing, struct policy_sharing_facts f, unsigned boost)
{
        uint64_t scanned = 0, pass = f.mergeable_bytes / 4096;

        f.vm_started = false;
        f.pages_merged = 0;
        for (;;) {
                struct policy_sharing_order order = policy_sharing_update(sharing, &f);

                if (order.pace != POLICY_SHARING_BOOSTED)
                        break;
                g_assert_cmpuint(order.pages_per_s, ==, boost * 2622);
                /* Something is found, so it does not fall idle. */
                f.pages_scanned = order.pages_per_s;
                f.pages_merged = order.pages_per_s / 2;
                scanned += f.pages_scanned;
        }
        g_assert_cmpuint(scanned, >=, 2 * pass);
        g_assert_cmpuint(scanned, <=, 2 * pass + boost * 2622);
}

static void test_boost(void)
{
        struct policy_sharing sharing = settled;
        struct policy_sharing_facts f = facts();

        f.pages_per_cpu_second = 1000000;
        f.vm_started = true;
        g_assert_cmpint(policy_sharing_update(&sharing, &f).pace, ==, POLICY_SHARING_BOOSTED);
        assert_boosted(&sharing, f, POLICY_SHARING_BOOST);
        f.vm_started = false;
        g_assert_cmpint(policy_sharing_update(&sharing, &f).pace, ==, POLICY_SHARING_NORMAL);
        f.state = POLICY_SOFT;
        g_assert_cmpint(policy_sharing_update(&sharing, &f).pace, ==, POLICY_SHARING_BOOSTED);
        f.state = POLICY_HIGH;
        g_assert_cmpint(policy_sharing_update(&sharing, &f).pace, ==, POLICY_SHARING_NORMAL);

        /* Turned off and on again: nothing is known of what there is to find. */
        f.scan_ghz = 0;
        g_assert_cmpint(policy_sharing_update(&sharing, &f).pace, ==, POLICY_SHARING_OFF);
        f.scan_ghz = 4;
        assert_boosted(&sharing, f, POLICY_SHARING_BOOST);
}

/* New content is scanned at once, which a guest's memory going up and down is not. */
static void test_growth(void)
{
        struct policy_sharing sharing = settled;
        struct policy_sharing_facts f = facts();

        f.pages_per_cpu_second = 1000000;
        f.scarce = true;
        f.touched_bytes = f.mergeable_bytes / 16;
        g_assert_cmpint(policy_sharing_update(&sharing, &f).pace, ==, POLICY_SHARING_NORMAL);
        f.touched_bytes += MIB(1);
        g_assert_cmpint(policy_sharing_update(&sharing, &f).pace, ==, POLICY_SHARING_BOOSTED);
        assert_boosted(&sharing, f, POLICY_SHARING_BOOST_GROWN);
        f.touched_bytes = 0;
        g_assert_cmpint(policy_sharing_update(&sharing, &f).pace, ==, POLICY_SHARING_NORMAL);
        f.touched_bytes = f.mergeable_bytes / 8;
        g_assert_cmpint(policy_sharing_update(&sharing, &f).pace, ==, POLICY_SHARING_NORMAL);
        f.touched_bytes += MIB(2);
        g_assert_cmpint(policy_sharing_update(&sharing, &f).pace, ==, POLICY_SHARING_BOOSTED);

        /* A host with less in it begins anew. */
        assert_boosted(&sharing, f, POLICY_SHARING_BOOST_GROWN);
        f.mergeable_bytes /= 32;
        f.touched_bytes = f.mergeable_bytes;
        g_assert_cmpint(policy_sharing_update(&sharing, &f).pace, ==, POLICY_SHARING_NORMAL);
}

/* Where there is enough memory, growth is no reason to hurry; it is when it has become scarce. */
static void test_growth_in_plenty(void)
{
        struct policy_sharing sharing = settled;
        struct policy_sharing_facts f = facts();

        f.pages_per_cpu_second = 1000000;
        f.touched_bytes = f.mergeable_bytes / 8;
        g_assert_cmpint(policy_sharing_update(&sharing, &f).pace, ==, POLICY_SHARING_NORMAL);
        f.scarce = true;
        g_assert_cmpint(policy_sharing_update(&sharing, &f).pace, ==, POLICY_SHARING_BOOSTED);
        assert_boosted(&sharing, f, POLICY_SHARING_BOOST_GROWN);
}

/* Guests that grow while one is new do not make its boost slower. */
static void test_growth_of_a_new_vm(void)
{
        struct policy_sharing sharing = settled;
        struct policy_sharing_facts f = facts();

        f.pages_per_cpu_second = 1000000;
        f.vm_started = true;
        g_assert_cmpint(policy_sharing_update(&sharing, &f).pace, ==, POLICY_SHARING_BOOSTED);
        f.vm_started = false;
        f.touched_bytes = f.mergeable_bytes / 8;
        assert_boosted(&sharing, f, POLICY_SHARING_BOOST);
        f.scarce = true;
        f.touched_bytes = f.mergeable_bytes / 4;
        assert_boosted(&sharing, f, POLICY_SHARING_BOOST_GROWN);
}

/* In state high a boost has half of what nobody else wants, and soon nothing more than that. */
static void test_busy_processors(void)
{
        struct policy_sharing sharing = settled;
        struct policy_sharing_facts f = facts();
        struct policy_sharing_order order;

        f.vm_started = true;
        f.idle_cpus = 1;
        order = policy_sharing_update(&sharing, &f);
        g_assert_cmpint(order.pace, ==, POLICY_SHARING_BOOSTED);
        g_assert_cmpuint(order.pages_per_s, ==, 32768);
        /* A little more or less is no reason to change it. */
        f.vm_started = false;
        f.idle_cpus = 1.2;
        g_assert_cmpuint(policy_sharing_update(&sharing, &f).pages_per_s, ==, 32768);
        /* What it takes itself is not idle, and leaves it as much. */
        f.scanner_cpus = 0.4;
        f.idle_cpus = 0.6;
        g_assert_cmpuint(policy_sharing_update(&sharing, &f).pages_per_s, ==, 32768);
        f.idle_cpus = 0;
        for (unsigned i = 0; i < 10; i++) {
                f.scanner_cpus = order.cpus;
                order = policy_sharing_update(&sharing, &f);
                g_assert_cmpint(order.pace, ==, POLICY_SHARING_BOOSTED);
                g_assert_cmpuint(order.pages_per_s, ==, MAX(32768u >> (i + 1), 2622u));
        }
        f.state = POLICY_SOFT;
        g_assert_cmpuint(policy_sharing_update(&sharing, &f).pages_per_s, ==, 200000);
        f.state = POLICY_HIGH;
        f.pages_per_cpu_second = 1000000;
        f.idle_cpus = 1000;
        assert_boosted(&sharing, f, POLICY_SHARING_BOOST);

        /* An idle processor more or less makes no difference to the pace without a boost. */
        f.idle_cpus = f.scanner_cpus = 0;
        order = policy_sharing_update(&sharing, &f);
        g_assert_cmpint(order.pace, ==, POLICY_SHARING_NORMAL);
        g_assert_cmpuint(order.pages_per_s, ==, 2622);
}

/* Scans as it is told, finding one page in one_in. Returns the seconds until it is idle, at most limit. */
static unsigned scan(struct policy_sharing *sharing, struct policy_sharing_facts *f, uint64_t one_in,
                     unsigned limit)
{
        for (unsigned second = 0; second < limit; second++) {
                struct policy_sharing_order order = policy_sharing_update(sharing, f);

                if (order.pace == POLICY_SHARING_IDLE)
                        return second;
                f->pages_scanned = order.pages_per_s;
                f->pages_merged = one_in ? order.pages_per_s / one_in : 0;
        }
        return limit;
}

static void test_idle(void)
{
        struct policy_sharing sharing = settled;
        struct policy_sharing_facts f = facts();
        unsigned seconds = scan(&sharing, &f, 0, 10 * 3600);
        struct policy_sharing_order order;

        /* Two passes. */
        g_assert_cmpuint(seconds, >, 7000);
        g_assert_cmpuint(seconds, <, 7300);
        f.pages_scanned = f.pages_merged = 0;
        order = policy_sharing_update(&sharing, &f);
        g_assert_cmpint(order.pace, ==, POLICY_SHARING_IDLE);
        g_assert_cmpuint(order.pages_per_s, ==, 2622 / 16);
        /* Little memory more is no reason, much is. */
        f.mergeable_bytes += MIB(100);
        g_assert_cmpint(policy_sharing_update(&sharing, &f).pace, ==, POLICY_SHARING_IDLE);
        f.mergeable_bytes += GIB(1);
        g_assert_cmpint(policy_sharing_update(&sharing, &f).pace, ==, POLICY_SHARING_NORMAL);

        /* Something is found again. */
        f = facts();
        (void)scan(&sharing, &f, 0, 10 * 3600);
        f.pages_scanned = 5000;
        f.pages_merged = 4;
        g_assert_cmpint(policy_sharing_update(&sharing, &f).pace, ==, POLICY_SHARING_IDLE);
        f.pages_merged = 30;
        g_assert_cmpint(policy_sharing_update(&sharing, &f).pace, ==, POLICY_SHARING_NORMAL);

        /* A VM starts. */
        f = facts();
        (void)scan(&sharing, &f, 0, 10 * 3600);
        f.vm_started = true;
        g_assert_cmpint(policy_sharing_update(&sharing, &f).pace, ==, POLICY_SHARING_BOOSTED);
}

static void test_goes_on_while_it_finds(void)
{
        struct policy_sharing sharing = {0};
        struct policy_sharing_facts f = facts();

        g_assert_cmpuint(scan(&sharing, &f, 500, 10 * 3600), ==, 10 * 3600);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/policy-sharing/pace", test_pace);
        g_test_add_func("/policy-sharing/caps", test_caps);
        g_test_add_func("/policy-sharing/off", test_off);
        g_test_add_func("/policy-sharing/boost", test_boost);
        g_test_add_func("/policy-sharing/growth", test_growth);
        g_test_add_func("/policy-sharing/growth-in-plenty", test_growth_in_plenty);
        g_test_add_func("/policy-sharing/growth-of-a-new-vm", test_growth_of_a_new_vm);
        g_test_add_func("/policy-sharing/busy-processors", test_busy_processors);
        g_test_add_func("/policy-sharing/idle", test_idle);
        g_test_add_func("/policy-sharing/goes-on-while-it-finds", test_goes_on_while_it_finds);
        return g_test_run();
}
