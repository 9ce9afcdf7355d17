/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One VM's figures: how far its balloon may go, in what steps, and what is not believed. */
#include "scheduler/machine.h"

#define MIB ((uint64_t)1 << 20)
#define S   G_USEC_PER_SEC

/* The moment at which the tests stand; no clock is read but the one of the machine's start. */
static int64_t now_us;

static Machine *new_machine(uint64_t size_mib)
{
        Machine *machine =
                machine_new(inventory_vm_new("11111111-2222-3333-4444-555555555555", "web"), NULL);
        VmInfo info = {
                .runs = true, .power = "on", .has_balloon_device = true, .memory_bytes = size_mib * MIB};

        machine_set_info(machine, &info);
        now_us = machine->started_us;
        return machine;
}

static void guest_says(Machine *machine, uint64_t total_mib, uint64_t usable_mib, bool deflates)
{
        VmInfo info = machine->info;

        info.guest_total_bytes = total_mib * MIB;
        info.guest_usable_bytes = usable_mib * MIB;
        info.balloon_deflates = deflates;
        info.guest_updated_s++;
        machine_set_info(machine, &info);
}

static uint64_t balloon_max_mib(const Machine *machine)
{
        struct policy_vm vm;

        machine_fill(machine, now_us, 65, 0, &vm);
        return vm.balloon_max_bytes / MIB;
}

static void test_balloon_max(void)
{
        Machine *machine = new_machine(1000);

        /* Nothing is known: left alone while it boots, then half; never above Mem.CtlMaxPercent. */
        g_assert_cmpuint(balloon_max_mib(machine), ==, 0);
        now_us += 61 * S;
        g_assert_cmpuint(balloon_max_mib(machine), ==, 500);

        /* Needs 200, and a quarter of its size is spared; with autodeflate a sixteenth. */
        guest_says(machine, 1000, 800, false);
        g_assert_cmpuint(balloon_max_mib(machine), ==, 1000 - 200 - 250);
        guest_says(machine, 1000, 700, true);
        g_assert_cmpuint(balloon_max_mib(machine), ==, 1000 - 300 - 63);
        guest_says(machine, 1000, 990, true);
        g_assert_cmpuint(balloon_max_mib(machine), ==, 650);
        guest_says(machine, 1000, 10, true);
        g_assert_cmpuint(balloon_max_mib(machine), ==, 0);
        machine_free(machine);
}

/* Whatever a guest says, the balloon stays within what the settings allow. */
static void test_guest_lies(void)
{
        static const uint64_t words[] = {0, 1, 4096, 1000 * MIB, UINT64_MAX / 2, UINT64_MAX - 1, UINT64_MAX};
        Machine *machine = new_machine(1000);

        now_us += 61 * S;
        for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
                for (unsigned k = 0; k < G_N_ELEMENTS(words); k++) {
                        VmInfo info = machine->info;

                        info.guest_total_bytes = words[i];
                        info.guest_usable_bytes = words[k];
                        machine_set_info(machine, &info);
                        g_assert_cmpuint(balloon_max_mib(machine), <=, 650);
                }
        machine_free(machine);
}

static uint64_t step_mib(const Machine *machine, uint64_t target_mib)
{
        return machine_balloon_step(machine, now_us, target_mib * MIB) / MIB;
}

static void test_steps(void)
{
        Machine *machine = new_machine(1000);
        uint64_t at_mib = 0, steps = 0;

        machine->plan.balloon_max_bytes = 400 * MIB;
        g_assert_cmpuint(step_mib(machine, 0), ==, 0);
        /* Half of what there is room for, and no more than is wanted. */
        g_assert_cmpuint(step_mib(machine, 400), ==, 200);
        g_assert_cmpuint(step_mib(machine, 150), ==, 150);
        /* What it gets back, it gets at once. */
        machine->info.balloon_bytes = 300 * MIB;
        g_assert_cmpuint(step_mib(machine, 100), ==, 100);
        /* Near the end, and when the guest needs more than it did, still by small steps. */
        machine->info.balloon_bytes = 398 * MIB;
        g_assert_cmpuint(step_mib(machine, 400), ==, 400);
        g_assert_cmpuint(step_mib(machine, 600), ==, 406);
        machine->plan.balloon_max_bytes = 100 * MIB;
        g_assert_cmpuint(step_mib(machine, 600), ==, 406);

        /* It gets there. */
        machine->plan.balloon_max_bytes = 400 * MIB;
        machine->info.balloon_bytes = 0;
        for (; at_mib < 400 && steps < 50; steps++) {
                at_mib = step_mib(machine, 400);
                machine->info.balloon_bytes = at_mib * MIB;
        }
        g_assert_cmpuint(at_mib, ==, 400);
        g_assert_cmpuint(steps, >, 3);
        machine_free(machine);
}

static void pager_says(Machine *machine, uint64_t size_mib, uint64_t touched_mib)
{
        struct aerostat_pager_stats stats = {.memory_bytes = size_mib * MIB,
                                             .absent_bytes = (size_mib - touched_mib) * MIB,
                                             .consumed_bytes = touched_mib * MIB,
                                             .limit_bytes = UINT64_MAX};

        machine_set_stats(machine, &stats, now_us);
}

/* A guest that grows is not ballooned meanwhile; what it was asked for stays asked for. */
static void test_growth(void)
{
        Machine *machine = new_machine(1000);

        machine->plan.balloon_max_bytes = 400 * MIB;
        now_us += 10 * S;
        pager_says(machine, 1000, 100);
        now_us += 5 * S;
        pager_says(machine, 1000, 101);
        now_us += 5 * S;
        g_assert_cmpuint(step_mib(machine, 400), ==, 200);

        machine->info.balloon_bytes = 50 * MIB;
        machine->balloon_asked_bytes = 60 * MIB;
        pager_says(machine, 1000, 150);
        g_assert_cmpuint(step_mib(machine, 400), ==, 50);
        machine->balloon_asked_bytes = 20 * MIB;
        g_assert_cmpuint(step_mib(machine, 400), ==, 20);
        g_assert_cmpuint(step_mib(machine, 10), ==, 10);
        now_us += 4 * S;
        g_assert_cmpuint(step_mib(machine, 400), >, 50);

        /* Growth since its own report counts as need. */
        guest_says(machine, 1000, 900, false);
        g_assert_cmpuint(balloon_max_mib(machine), ==, 650);
        pager_says(machine, 1000, 450);
        g_assert_cmpuint(balloon_max_mib(machine), ==, 1000 - 100 - 300 - 250);
        machine_free(machine);
}

/* Old figures are no figures: a VMM that is stopped must not be governed by what it said. */
static void test_stale(void)
{
        Machine *machine = new_machine(1000);

        g_assert_false(machine_has_pager(machine, now_us));
        /* The connection itself is not touched. */
        machine->link = (PagerLink *)(void *)machine;
        now_us += S;
        pager_says(machine, 1000, 100);
        g_assert_true(machine_has_pager(machine, now_us + 9 * S));
        g_assert_false(machine_has_pager(machine, now_us + 10 * S));
        g_assert_false(machine_is_silent(machine, now_us + 9 * S));
        g_assert_true(machine_is_silent(machine, now_us + 10 * S));
        machine->link = NULL;
        machine_free(machine);
}

static void test_rates(void)
{
        Machine *machine = new_machine(1000);
        struct aerostat_pager_stats stats = {.memory_bytes = MIB, .swap_ins = 1000};

        now_us += S;
        machine_set_stats(machine, &stats, now_us);
        stats.swap_ins = 1200;
        now_us += 2 * S;
        machine_set_stats(machine, &stats, now_us);
        g_assert_cmpfloat_with_epsilon(machine->rates.swap_in, 100, 0.01);
        /* A counter that goes backwards is another pager's, or a lie: no rate, and none of 2^64. */
        stats.swap_ins = 3;
        now_us += 2 * S;
        machine_set_stats(machine, &stats, now_us);
        g_assert_cmpfloat(machine->rates.swap_in, ==, 0);
        machine_drop_link(machine, "closed");
        g_assert_cmpstr(machine->problem, ==, "its pager is gone: closed");
        machine_free(machine);
}

static void test_hostile_reason(void)
{
        Machine *machine = new_machine(1000);
        struct aerostat_pager_stats stats = {.reason = "\033[2Jowned\n"};

        machine_set_stats(machine, &stats, now_us);
        g_assert_cmpstr(machine->problem, ==, "\\033[2Jowned\\n");
        machine_free(machine);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/machine/balloon-max", test_balloon_max);
        g_test_add_func("/machine/guest-lies", test_guest_lies);
        g_test_add_func("/machine/steps", test_steps);
        g_test_add_func("/machine/growth", test_growth);
        g_test_add_func("/machine/stale", test_stale);
        g_test_add_func("/machine/rates", test_rates);
        g_test_add_func("/machine/hostile-reason", test_hostile_reason);
        return g_test_run();
}
