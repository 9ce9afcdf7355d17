/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Advice: each kind when it is due, and not otherwise. */
#include "policy/advice.h"

#include "base/macro.h"
#include "unit.h"

static const struct policy_advice_host host = {.capacity_bytes = GIB(8), .sharing_on = true};

/* About which there is nothing to say. */
static struct policy_advice_vm good_vm(void)
{
        return (struct policy_advice_vm){
                .memory_bytes = GIB(4),
                .limit_bytes = POLICY_UNLIMITED,
                .consumed_bytes = GIB(3),
                .active_bytes = GIB(1),
                .peak_active_bytes = GIB(2),
                .peak_guest_bytes = GIB(3),
                .observed_ms = POLICY_ADVICE_WINDOW_MS,
                .balloon_state = POLICY_BALLOON_OK,
                .shares_pages = true,
        };
}

/* What is said of one VM, or POLICY_ADVICE_KINDS for nothing. */
static enum policy_advice_kind advised(struct policy_advice_vm vm, uint64_t *ret_suggested)
{
        struct policy_advice advice[8];
        size_t n = policy_advise(&vm, 1, &host, advice, G_N_ELEMENTS(advice));

        g_assert_cmpuint(n, <=, 2);
        g_assert_cmpint(advice[n - 1].kind, ==, POLICY_ADVICE_OVERCOMMIT);
        g_assert_cmpuint(advice[n - 1].vm, ==, POLICY_ADVICE_HOST);
        if (n == 1)
                return POLICY_ADVICE_KINDS;
        g_assert_cmpuint(advice[0].vm, ==, 0);
        g_assert_cmpstr(advice[0].message, !=, "");
        g_test_message("%s: %s", policy_advice_kind_name(advice[0].kind), advice[0].message);
        if (ret_suggested)
                *ret_suggested = advice[0].suggested_bytes;
        return advice[0].kind;
}

static void test_nothing(void)
{
        g_assert_cmpint(advised(good_vm(), NULL), ==, POLICY_ADVICE_KINDS);
}

static void test_size(void)
{
        struct policy_advice_vm vm = good_vm();
        uint64_t suggested;

        vm.peak_guest_bytes = vm.peak_active_bytes = MIB(800);
        g_assert_cmpint(advised(vm, &suggested), ==, POLICY_ADVICE_OVERSIZED);
        g_assert_cmpuint(suggested, ==, MIB(1024));
        vm.observed_ms--;
        g_assert_cmpint(advised(vm, NULL), ==, POLICY_ADVICE_KINDS);
        /* By what the host sees alone, no more than half is said to be too much. */
        vm = good_vm();
        vm.peak_guest_bytes = 0;
        vm.peak_active_bytes = MIB(100);
        g_assert_cmpint(advised(vm, &suggested), ==, POLICY_ADVICE_OVERSIZED);
        g_assert_cmpuint(suggested, ==, GIB(2));
        /* The guest's word counts when it needs more. */
        vm.peak_guest_bytes = GIB(3);
        g_assert_cmpint(advised(vm, NULL), ==, POLICY_ADVICE_KINDS);
        vm.memory_bytes = MIB(300);
        vm.peak_guest_bytes = MIB(10);
        vm.peak_active_bytes = MIB(10);
        g_assert_cmpint(advised(vm, NULL), ==, POLICY_ADVICE_KINDS);

        vm = good_vm();
        vm.peak_guest_bytes = MIB(3900);
        g_assert_cmpint(advised(vm, &suggested), ==, POLICY_ADVICE_UNDERSIZED);
        g_assert_cmpuint(suggested, >, GIB(4));

        vm = good_vm();
        vm.limit_bytes = vm.consumed_bytes = GIB(2);
        g_assert_cmpint(advised(vm, NULL), ==, POLICY_ADVICE_KINDS);
        vm.swap_in_bytes_per_s = MIB(1);
        g_assert_cmpint(advised(vm, &suggested), ==, POLICY_ADVICE_LIMIT);
        g_assert_cmpuint(suggested, ==, MIB(3840));
}

static void test_blocks(void)
{
        struct policy_advice_vm vm = good_vm();
        struct policy_advice_host off = host;
        struct policy_advice advice[4];
        uint64_t suggested;

        vm.balloon_state = POLICY_BALLOON_NONE;
        g_assert_cmpint(advised(vm, NULL), ==, POLICY_ADVICE_NO_BALLOON);
        vm = good_vm();
        vm.shares_pages = false;
        g_assert_cmpint(advised(vm, NULL), ==, POLICY_ADVICE_SHARING_OFF);
        off.sharing_on = false;
        g_assert_cmpuint(policy_advise(&vm, 1, &off, advice, 4), ==, 2);
        g_assert_cmpint(advice[0].kind, ==, POLICY_ADVICE_SHARING_OFF);
        g_assert_cmpuint(advice[0].vm, ==, POLICY_ADVICE_HOST);
        vm = good_vm();
        vm.reservation_bytes = GIB(4);
        g_assert_cmpint(advised(vm, &suggested), ==, POLICY_ADVICE_LARGE_RESERVATION);
        g_assert_cmpuint(suggested, ==, MIB(2560));
        vm.reservation_bytes = GIB(3);
        g_assert_cmpint(advised(vm, NULL), ==, POLICY_ADVICE_KINDS);
}

/* A fifth active, a quarter more to be safe: four times. */
static void test_overcommit(void)
{
        struct policy_advice_vm vms[4];
        struct policy_advice advice[4];
        char *end;

        for (size_t i = 0; i < 4; i++) {
                vms[i] = good_vm();
                vms[i].active_bytes = GIB(4) / 5;
        }
        g_assert_cmpuint(policy_advise(vms, 4, &host, advice, 4), ==, 1);
        g_assert_cmpint(advice[0].kind, ==, POLICY_ADVICE_OVERCOMMIT);
        g_assert_cmpuint(advice[0].memory_bytes, ==, GIB(16));
        g_assert_cmpuint(advice[0].suggested_bytes / MIB(1), ==, 32 * 1024);
        g_assert_nonnull(strstr(advice[0].message, "about 32.0 GB would fit"));
        /* Asleep altogether, they still are not promised to stay so. */
        for (size_t i = 0; i < 4; i++)
                vms[i].active_bytes = 0;
        g_assert_cmpuint(policy_advise(vms, 4, &host, advice, 4), ==, 1);
        g_assert_cmpuint(advice[0].suggested_bytes, ==, GIB(128));
        g_assert_cmpuint(policy_advise(NULL, 0, &host, advice, 4), ==, 0);
        end = memchr(advice[0].message, '\0', sizeof(advice[0].message));
        g_assert_nonnull(end);
}

static void test_bound(void)
{
        struct policy_advice_vm vms[3] = {good_vm(), good_vm(), good_vm()};
        struct policy_advice advice[3] = {[2] = {.memory_bytes = 77}};

        for (size_t i = 0; i < 3; i++)
                vms[i].balloon_state = POLICY_BALLOON_NONE;
        g_assert_cmpuint(policy_advise(vms, 3, &host, advice, 2), ==, 4);
        g_assert_cmpuint(advice[1].vm, ==, 1);
        g_assert_cmpuint(advice[2].memory_bytes, ==, 77);
        g_assert_cmpuint(policy_advise(vms, 3, &host, NULL, 0), ==, 4);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/policy-advice/nothing", test_nothing);
        g_test_add_func("/policy-advice/size", test_size);
        g_test_add_func("/policy-advice/blocks", test_blocks);
        g_test_add_func("/policy-advice/overcommit", test_overcommit);
        g_test_add_func("/policy-advice/bound", test_bound);
        return g_test_run();
}
