/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What becomes of targets: worked examples, promises on random hosts, and a loop that must settle. */
#include "policy-world.h"

static struct policy_scratch *scratch;

/* A VM of 1 GiB at its target of 512 MiB, whose balloon and pager both work. */
static struct policy_vm plain_vm(void)
{
        return (struct policy_vm){
                .shares = 10240,
                .limit_bytes = POLICY_UNLIMITED,
                .memory_bytes = GIB(1),
                .consumed_bytes = MIB(512),
                .demand_bytes = MIB(512),
                .balloon_max_bytes = MIB(665),
                .balloon_state = POLICY_BALLOON_OK,
                .has_pager = true,
                .runs = true,
                .cache_max_bytes = MIB(100),
                .pager_limit_bytes = POLICY_UNLIMITED,
                .target_bytes = MIB(512),
        };
}

/* Of 1000 MiB managed memory, 6 %, 4 %, 2 % and 1 %. */
static const struct policy_thresholds thresholds = {.bytes = {MIB(60), MIB(40), MIB(20), MIB(10)}};

static void plan(struct policy_vm *vms, size_t n, enum policy_state state)
{
        g_assert_cmpint(policy_plan(vms, n, state, MIB(1000), 0, &thresholds, NULL), ==, 0);
}

static void test_not_overcommitted(void)
{
        for (unsigned state = 0; state < POLICY_STATES; state++) {
                struct policy_vm vms[2] = {plain_vm(), plain_vm()};

                vms[1].limit_bytes = MIB(300);
                vms[1].target_bytes = vms[1].demand_bytes = MIB(200);
                g_assert_cmpint(policy_plan(vms, 2, (enum policy_state)state, GIB(2), 0, &thresholds, NULL),
                                ==, 0);
                g_assert_cmpuint(vms[0].new_balloon_target_bytes, ==, 0);
                if (state == POLICY_HIGH) {
                        g_assert_cmpuint(vms[0].new_pager_limit_bytes, ==, POLICY_UNLIMITED);
                        g_assert_cmpuint(vms[1].new_pager_limit_bytes, ==, MIB(300));
                        continue;
                }
                /* Something is reclaimed all the same: down to the targets, where no balloon does it. */
                g_assert_cmpuint(vms[0].new_pager_limit_bytes, >=, vms[0].target_bytes);
                g_assert_cmpuint(vms[1].new_pager_limit_bytes, >=, MIB(200));
                g_assert_cmpuint(vms[1].new_pager_limit_bytes, <=, MIB(300));
        }
}

static void test_states(void)
{
        struct policy_vm vm[2] = {plain_vm(), plain_vm()};

        vm[0].demand_bytes = vm[0].consumed_bytes = MIB(600);
        vm[0].target_bytes = MIB(450);
        vm[1].target_bytes = MIB(490);
        vm[1].demand_bytes = vm[1].consumed_bytes = MIB(300);
        vm[0].balloon_target_bytes = MIB(50);
        plan(vm, 2, POLICY_HIGH);
        g_assert_cmpuint(vm[0].new_balloon_target_bytes, ==, MIB(50));
        /* Nobody loses anything, pagers' margins of 10 and 7 MiB neither. 73 are there up to 990, for the
         * 414 and 717 that are missing. */
        g_assert_cmpuint(vm[0].new_pager_limit_bytes, ==,
                         world_whole_pages(MIB(610) + MIB(73) * 414 / 1131));
        g_assert_cmpuint(vm[1].new_pager_limit_bytes, ==,
                         world_whole_pages(MIB(307) + MIB(73) * 717 / 1131));
        g_assert_null(vm[0].cause);

        vm[0].balloon_target_bytes = MIB(300);
        plan(vm, 2, POLICY_HIGH);
        g_assert_cmpuint(vm[0].new_balloon_target_bytes, ==, MIB(150));

        vm[0].balloon_target_bytes = 0;
        plan(vm, 2, POLICY_SOFT);
        g_assert_cmpuint(vm[0].new_balloon_target_bytes, ==, MIB(150));
        g_assert_cmpstr(vm[0].cause, ==, "host memory is soft: idle memory ballooned, down to its target");
        g_assert_null(vm[1].cause);
        /* While the balloon works on it, vm[0] keeps what it has and its pager's margin; vm[1] gets the
         * rest. */
        g_assert_cmpuint(vm[0].new_pager_limit_bytes, ==, MIB(610));
        g_assert_cmpuint(vm[1].new_pager_limit_bytes, ==, MIB(380));

        plan(vm, 2, POLICY_HARD);
        g_assert_cmpuint(vm[0].new_balloon_target_bytes, ==, MIB(150));
        g_assert_cmpuint(vm[0].new_pager_limit_bytes, ==, MIB(450));
        g_assert_cmpuint(vm[1].new_pager_limit_bytes, ==, MIB(490));
        g_assert_false(vm[0].new_stopped);
        g_assert_nonnull(vm[0].cause);

        plan(vm, 2, POLICY_LOW);
        g_assert_cmpuint(vm[0].new_pager_limit_bytes, ==, MIB(450));
        g_assert_true(vm[0].new_stopped);
        g_assert_false(vm[1].new_stopped);
}

/* While a balloon empties a VM round by round, its limit must not follow so closely that pages are evicted.
 */
static void test_limit_does_not_follow(void)
{
        struct policy_vm vm[2] = {plain_vm(), plain_vm()};
        uint64_t limit;

        vm[0].target_bytes = MIB(300);
        vm[0].consumed_bytes = vm[0].demand_bytes = MIB(480);
        vm[1].target_bytes = vm[1].consumed_bytes = vm[1].demand_bytes = MIB(300);
        for (unsigned round = 0; round < 20; round++) {
                plan(vm, 2, POLICY_SOFT);
                limit = vm[0].new_pager_limit_bytes;
                /* What eviction itself takes, and the margin that it keeps. */
                g_assert_cmpuint(limit, >=, vm[0].consumed_bytes + MIB(3) / 2 + limit / 64);
                vm[0].pager_limit_bytes = limit;
                vm[0].consumed_bytes -= MIB(5);
                vm[0].balloon_bytes += MIB(5);
        }
        /* Nor does it grow with a VM that fills it. */
        vm[0].consumed_bytes = vm[0].pager_limit_bytes;
        plan(vm, 2, POLICY_SOFT);
        g_assert_cmpuint(vm[0].new_pager_limit_bytes, ==, vm[0].pager_limit_bytes);
}

static void test_balloon_states(void)
{
        struct policy_vm vm[2] = {plain_vm(), plain_vm()};

        vm[0].target_bytes = MIB(400);
        vm[0].balloon_state = POLICY_BALLOON_INACTIVE;
        plan(vm, 2, POLICY_SOFT);
        g_assert_cmpuint(vm[0].new_balloon_target_bytes, ==, MIB(112));
        g_assert_cmpuint(vm[0].new_pager_limit_bytes, >, MIB(400));

        vm[0].balloon_state = POLICY_BALLOON_UNCOOPERATIVE;
        vm[0].balloon_bytes = MIB(30);
        plan(vm, 2, POLICY_SOFT);
        g_assert_cmpuint(vm[0].new_balloon_target_bytes, ==, MIB(30));

        vm[0].balloon_state = POLICY_BALLOON_NONE;
        vm[0].balloon_target_bytes = MIB(30);
        plan(vm, 2, POLICY_SOFT);
        g_assert_cmpuint(vm[0].new_balloon_target_bytes, ==, 0);
        /* 400 and a slice, not the 512 that it has. */
        g_assert_cmpuint(vm[0].new_pager_limit_bytes, ==, MIB(410));
        g_assert_true(g_str_has_prefix(vm[0].cause, "host memory is soft and its balloon does not work"));

        vm[0].balloon_state = POLICY_BALLOON_OK;
        vm[0].runs = false;
        plan(vm, 2, POLICY_LOW);
        g_assert_cmpuint(vm[0].new_balloon_target_bytes, ==, MIB(30));
        /* Somebody else has paused it. */
        g_assert_false(vm[0].new_stopped);
}

static void test_own_limit(void)
{
        for (unsigned state = 0; state < POLICY_STATES; state++) {
                struct policy_vm vm = plain_vm();

                vm.limit_bytes = vm.target_bytes = MIB(300);
                vm.pager_limit_bytes = MIB(301);
                g_assert_cmpint(policy_plan(&vm, 1, (enum policy_state)state, GIB(8), 0, &thresholds, NULL),
                                ==, 0);
                g_assert_cmpuint(vm.new_pager_limit_bytes, ==, MIB(300));
                g_assert_cmpuint(vm.new_balloon_target_bytes, ==, MIB(212));
                if (state != POLICY_LOW)
                        g_assert_cmpstr(vm.cause, ==, "above its own limit");
        }
}

static void test_deadband(void)
{
        struct policy_vm vm[2] = {plain_vm(), plain_vm()};

        vm[0].target_bytes = MIB(412);
        vm[0].balloon_target_bytes = MIB(91);
        plan(vm, 2, POLICY_SOFT);
        g_assert_cmpuint(vm[0].new_balloon_target_bytes, ==, MIB(91));
        vm[0].balloon_target_bytes = MIB(89);
        plan(vm, 2, POLICY_SOFT);
        g_assert_cmpuint(vm[0].new_balloon_target_bytes, ==, MIB(100));
        plan(vm, 2, POLICY_LOW);
        g_assert_cmpuint(vm[0].new_balloon_target_bytes, ==, MIB(100));
        vm[0].balloon_target_bytes = MIB(1);
        vm[0].target_bytes = MIB(512);
        plan(vm, 2, POLICY_SOFT);
        g_assert_cmpuint(vm[0].new_balloon_target_bytes, ==, 0);
        /* Nothing of a reservation. */
        vm[0].reservation_bytes = vm[0].target_bytes = MIB(412);
        vm[0].balloon_target_bytes = MIB(104);
        plan(vm, 2, POLICY_SOFT);
        g_assert_cmpuint(vm[0].new_balloon_target_bytes, ==, MIB(100));

        /* 990 MiB are there; 5 MiB is the band. */
        vm[0].reservation_bytes = 0;
        vm[0].target_bytes = MIB(500);
        vm[1].target_bytes = MIB(480);
        vm[0].pager_limit_bytes = MIB(504);
        vm[1].pager_limit_bytes = MIB(476);
        plan(vm, 2, POLICY_HARD);
        g_assert_cmpuint(vm[0].new_pager_limit_bytes, ==, MIB(504));
        g_assert_cmpuint(vm[1].new_pager_limit_bytes, ==, MIB(476));
        /* The sum does not allow it. */
        vm[0].target_bytes = MIB(502);
        vm[1].target_bytes = MIB(488);
        vm[0].pager_limit_bytes = MIB(504);
        vm[1].pager_limit_bytes = MIB(487);
        plan(vm, 2, POLICY_HARD);
        g_assert_cmpuint(vm[0].new_pager_limit_bytes, ==, MIB(502));
        g_assert_cmpuint(vm[1].new_pager_limit_bytes, ==, MIB(487));
}

static void test_where_it_goes(void)
{
        struct policy_vm vm[2] = {plain_vm(), plain_vm()};

        /* 300 MiB too much, the balloon takes 100; a cache of 60 MiB holds 120. */
        vm[0].demand_bytes = vm[0].consumed_bytes = MIB(800);
        vm[0].target_bytes = MIB(500);
        vm[1].target_bytes = MIB(400);
        vm[0].balloon_max_bytes = MIB(100);
        vm[0].cache_max_bytes = MIB(60);
        plan(vm, 2, POLICY_HARD);
        g_assert_cmpuint(vm[0].zip_target_bytes, ==, MIB(120));
        g_assert_cmpuint(vm[0].swap_target_bytes, ==, MIB(140));
        vm[0].cache_max_bytes = 0;
        plan(vm, 2, POLICY_HARD);
        g_assert_cmpuint(vm[0].zip_target_bytes, ==, 0);
        g_assert_cmpuint(vm[0].swap_target_bytes, ==, MIB(200));
        vm[0].balloon_max_bytes = MIB(500);
        plan(vm, 2, POLICY_HARD);
        g_assert_cmpuint(vm[0].swap_target_bytes, ==, 0);
}

static void test_stop(void)
{
        struct policy_vm vm[4] = {plain_vm(), plain_vm(), plain_vm(), plain_vm()};

        for (size_t i = 0; i < 4; i++) {
                vm[i].target_bytes = MIB(200);
                vm[i].consumed_bytes = MIB(204);
        }
        vm[1].consumed_bytes = MIB(206);
        vm[2].consumed_bytes = MIB(206);
        vm[2].has_pager = false;
        vm[3].stopped = true;
        plan(vm, 4, POLICY_LOW);
        g_assert_false(vm[0].new_stopped); /* within the margin */
        g_assert_true(vm[1].new_stopped);
        g_assert_false(vm[2].new_stopped); /* could not come down */
        g_assert_true(vm[3].new_stopped);  /* not there yet */
        vm[3].consumed_bytes = MIB(200);
        plan(vm, 4, POLICY_LOW);
        g_assert_false(vm[3].new_stopped);
        vm[3].consumed_bytes = MIB(900);
        plan(vm, 4, POLICY_HARD);
        for (size_t i = 0; i < 4; i++)
                g_assert_false(vm[i].new_stopped);
}

static void test_floors(void)
{
        struct policy_vm vm[2] = {plain_vm(), plain_vm()};
        uint64_t excess = 77;

        vm[0].reservation_bytes = MIB(600);
        vm[1].reservation_bytes = MIB(500);
        for (unsigned state = 0; state < POLICY_STATES; state++) {
                g_assert_cmpint(policy_plan(vm, 2, (enum policy_state)state, MIB(1000), MIB(5), &thresholds,
                                            &excess),
                                ==, 0);
                g_assert_cmpuint(excess, ==, MIB(115));
                g_assert_cmpuint(vm[0].new_pager_limit_bytes, ==, MIB(600));
                g_assert_cmpuint(vm[1].new_pager_limit_bytes, ==, MIB(500));
        }
        vm[1].reservation_bytes = vm[1].target_bytes = 0;
        plan(vm, 2, POLICY_LOW);
        g_assert_cmpuint(vm[1].new_pager_limit_bytes, ==, POLICY_PAGER_LIMIT_MIN);
}

static void test_malformed(void)
{
        struct policy_vm vm = plain_vm();

        g_assert_cmpint(policy_plan(&vm, 1, POLICY_STATES, GIB(1), 0, &thresholds, NULL), ==, -EINVAL);
        g_assert_cmpint(policy_plan(NULL, 1, POLICY_HIGH, GIB(1), 0, &thresholds, NULL), ==, -EINVAL);
        g_assert_cmpint(policy_plan(&vm, 1, POLICY_HIGH, GIB(1), 0, NULL, NULL), ==, -EINVAL);
        g_assert_cmpint(policy_plan(&vm, POLICY_MAX + 1, POLICY_HIGH, GIB(1), 0, &thresholds, NULL), ==,
                        -EINVAL);
        g_assert_cmpint(policy_plan(NULL, 0, POLICY_HIGH, GIB(1), 0, &thresholds, NULL), ==, 0);
}

static bool some_may_starve(const struct world *world)
{
        for (size_t i = 0; i < world->n_vms; i++)
                if (world->vms[i].returned_bytes >= MIB(1))
                        return true;
        return false;
}

static void assert_promises(const struct world *world, enum policy_state state, uint64_t managed,
                            uint64_t overhead, const struct policy_thresholds *t, uint64_t excess)
{
        uint64_t limits = 0, others = overhead, could = overhead, usable = managed - t->bytes[POLICY_LOW];

        for (size_t i = 0; i < world->n_vms; i++) {
                const struct policy_vm *vm = &world->vms[i];
                uint64_t own = MIN(vm->limit_bytes, vm->memory_bytes);
                uint64_t reserved = MIN(vm->reservation_bytes, world_whole_pages(own)),
                         limit = vm->new_pager_limit_bytes;
                uint64_t balloon = vm->new_balloon_target_bytes;

                could += vm->has_pager ? own : MAX(own, vm->consumed_bytes);
                if (vm->has_pager) {
                        g_assert_cmpuint(limit, >=, MAX(reserved, POLICY_PAGER_LIMIT_MIN));
                        if (limit != POLICY_UNLIMITED)
                                g_assert_cmpuint(limit, <=, MAX(own, POLICY_PAGER_LIMIT_MIN));
                        else
                                g_assert_cmpuint(own, ==, vm->memory_bytes);
                        if (__builtin_add_overflow(limits, MIN(limit, vm->memory_bytes), &limits))
                                g_assert_not_reached();
                } else {
                        g_assert_cmpuint(limit, ==, POLICY_UNLIMITED);
                        others += vm->consumed_bytes;
                }
                if (vm->balloon_state == POLICY_BALLOON_NONE)
                        g_assert_cmpuint(balloon, ==, 0);
                else if (!vm->runs)
                        g_assert_cmpuint(balloon, ==, vm->balloon_target_bytes);
                else {
                        g_assert_cmpuint(balloon, <=, vm->balloon_max_bytes);
                        if (balloon)
                                g_assert_cmpuint(vm->demand_bytes - balloon, >=, reserved);
                        if (state == POLICY_HIGH && own >= vm->demand_bytes && !some_may_starve(world))
                                g_assert_cmpuint(balloon, <=, vm->balloon_target_bytes);
                }
                if (vm->new_stopped) {
                        g_assert_cmpint(state, ==, POLICY_LOW);
                        g_assert_true(vm->has_pager);
                        g_assert_nonnull(vm->cause);
                }
        }
        if (could > usable) {
                if (excess == 0)
                        g_assert_cmpuint(limits + others, <=, usable);
                else
                        g_assert_cmpuint(limits + others, ==, usable + excess);
        } else
                g_assert_cmpuint(excess, ==, 0);
}

static void test_promises(void)
{
        uint64_t seed = 11;

        for (unsigned round = 0; round < 20000; round++) {
                struct world world = world_random(&seed);
                uint64_t managed = world.capacity_bytes + MIB(64), overhead = 0, excess;
                enum policy_state state = (enum policy_state)unit_below(&seed, POLICY_STATES);
                struct policy_thresholds t;

                for (size_t i = 0; i < world.n_vms; i++)
                        overhead += world.vms[i].overhead_bytes;
                g_assert_cmpint(policy_thresholds_compute(managed, unit_below(&seed, 21), &t), ==, 0);
                world.capacity_bytes = managed > t.bytes[0] + overhead ? managed - t.bytes[0] - overhead : 0;
                g_assert_cmpint(policy_allocate(world.pools, world.n_pools, world.vms, world.n_vms,
                                                world.capacity_bytes, world.tax_pct, scratch, NULL),
                                >=, 0);
                g_assert_cmpint(policy_plan(world.vms, world.n_vms, state, managed, overhead, &t, &excess),
                                ==, 0);
                assert_promises(&world, state, managed, overhead, &t, excess);

                /*
                 * Carried out, and nothing else changed: nothing is sent a second time. Of one that comes
                 * down for another the margin is another matter once its limit is below what it has.
                 */
                for (unsigned again = some_may_starve(&world) ? 2 : 1; again > 0; again--) {
                        for (size_t i = 0; i < world.n_vms; i++) {
                                struct policy_vm *vm = &world.vms[i];

                                vm->pager_limit_bytes = vm->new_pager_limit_bytes;
                                vm->balloon_target_bytes = vm->new_balloon_target_bytes;
                                vm->stopped = vm->new_stopped;
                        }
                        g_assert_cmpint(
                                policy_plan(world.vms, world.n_vms, state, managed, overhead, &t, &excess),
                                ==, 0);
                        assert_promises(&world, state, managed, overhead, &t, excess);
                }
                for (size_t i = 0; i < world.n_vms; i++) {
                        const struct policy_vm *vm = &world.vms[i];

                        g_assert_cmpuint(vm->pager_limit_bytes, ==, vm->new_pager_limit_bytes);
                        g_assert_cmpuint(vm->balloon_target_bytes, ==, vm->new_balloon_target_bytes);
                        g_assert_true(vm->stopped == vm->new_stopped);
                }
                world_free(&world);
        }
}

/*
 * The state stays high, because limits leave free what nobody can take; yet the one that compresses its
 * working set gets what it is entitled to, from the one that is idle, and only what is free already.
 */
static void test_starving(void)
{
        struct policy_vm vm[2] = {plain_vm(), plain_vm()};

        for (size_t i = 0; i < 2; i++)
                vm[i].balloon_state = POLICY_BALLOON_NONE;
        vm[0].target_bytes = MIB(330);
        vm[0].consumed_bytes = MIB(580);
        vm[0].pager_limit_bytes = MIB(590);
        vm[1].demand_bytes = MIB(700);
        vm[1].target_bytes = MIB(630);
        vm[1].consumed_bytes = MIB(355);
        vm[1].pager_limit_bytes = MIB(360);
        plan(vm, 2, POLICY_HIGH);
        /* Nothing comes and goes. */
        g_assert_cmpuint(vm[0].new_pager_limit_bytes, >, vm[0].consumed_bytes);

        vm[1].returned_bytes = MIB(20);
        for (unsigned round = 0; round < 20; round++) {
                plan(vm, 2, POLICY_HIGH);
                g_assert_cmpuint(vm[0].new_pager_limit_bytes, >=, vm[0].target_bytes);
                g_assert_cmpuint(vm[0].consumed_bytes + vm[1].new_pager_limit_bytes, <=, MIB(990));
                for (size_t i = 0; i < 2; i++) {
                        uint64_t limit = vm[i].pager_limit_bytes = vm[i].new_pager_limit_bytes;

                        /* It takes time to come down. */
                        vm[i].consumed_bytes =
                                MAX(limit - MIB(3) / 2 - limit / 64,
                                    vm[i].consumed_bytes - MIN(MIB(30), vm[i].consumed_bytes));
                }
        }
        g_assert_cmpuint(vm[1].consumed_bytes, >=, MIB(600));
        g_assert_cmpstr(vm[0].cause, ==, NULL);

        /* A balloon that has yet to give it comes first. */
        vm[0].balloon_state = POLICY_BALLOON_OK;
        vm[0].consumed_bytes = MIB(580);
        vm[0].pager_limit_bytes = MIB(590);
        vm[0].demand_bytes = MIB(600);
        vm[1].consumed_bytes = MIB(355);
        vm[1].pager_limit_bytes = MIB(360);
        plan(vm, 2, POLICY_HIGH);
        g_assert_cmpuint(vm[0].new_balloon_target_bytes, ==, MIB(270));
        g_assert_cmpuint(vm[0].new_pager_limit_bytes, >=, MIB(580));
        vm[0].balloon_target_bytes = vm[0].balloon_bytes = MIB(270);
        plan(vm, 2, POLICY_HIGH);
        g_assert_cmpuint(vm[0].new_pager_limit_bytes, <, MIB(400));
}

/* While somebody waits, no balloon takes what is not used, and nothing is taken from him. */
static void test_balloon_in_vain(void)
{
        struct policy_vm vm[2] = {plain_vm(), plain_vm()};

        vm[0].demand_bytes = vm[1].demand_bytes = MIB(600);
        vm[0].target_bytes = vm[1].target_bytes = MIB(500);
        vm[0].balloon_max_bytes = MIB(300);
        vm[0].unused_bytes = MIB(150);
        plan(vm, 2, POLICY_SOFT);
        g_assert_cmpuint(vm[0].new_balloon_target_bytes, ==, MIB(100));
        g_assert_cmpuint(vm[1].new_balloon_target_bytes, ==, MIB(100));

        vm[1].returned_bytes = MIB(5);
        plan(vm, 2, POLICY_SOFT);
        g_assert_cmpuint(vm[0].new_balloon_target_bytes, ==, 0);
        g_assert_cmpuint(vm[1].new_balloon_target_bytes, ==, 0);
        /* As much again as is unused. */
        vm[0].unused_bytes = MIB(140);
        plan(vm, 2, POLICY_SOFT);
        g_assert_cmpuint(vm[0].new_balloon_target_bytes, ==, MIB(240));

        /* What it has is kept, and given back when there is no need for it. */
        vm[0].unused_bytes = MIB(150);
        vm[0].balloon_bytes = vm[0].balloon_target_bytes = MIB(80);
        plan(vm, 2, POLICY_SOFT);
        g_assert_cmpuint(vm[0].new_balloon_target_bytes, ==, MIB(80));
        vm[0].demand_bytes = MIB(500);
        plan(vm, 2, POLICY_SOFT);
        g_assert_cmpuint(vm[0].new_balloon_target_bytes, ==, 0);
}

/* ---- six guests on a part of their memory, two of them busy; then the roles change ---- */

enum { GUESTS = 6, ROUNDS_PER_ROLE = 25 };

static void run_loop(uint64_t managed)
{
        struct policy_pool root = {.shares = 1, .limit_bytes = POLICY_UNLIMITED};
        struct policy_vm vms[GUESTS];
        struct policy_thresholds t;
        enum policy_state state = POLICY_HIGH;
        uint64_t overhead = GUESTS * MIB(8);

        g_assert_cmpint(policy_thresholds_compute(managed, 6, &t), ==, 0);
        for (size_t i = 0; i < GUESTS; i++) {
                vms[i] = plain_vm();
                vms[i].memory_bytes = MIB(512);
                vms[i].shares = 5120;
                vms[i].consumed_bytes = vms[i].demand_bytes = 0;
                vms[i].balloon_max_bytes = MIB(332);
        }
        vms[5].balloon_state = POLICY_BALLOON_NONE;
        /* Limits are there before the guests run. */
        for (int round = -1; round < 4 * ROUNDS_PER_ROLE; round++) {
                unsigned role = (unsigned)MAX(round, 0) / ROUNDS_PER_ROLE;
                unsigned settled = (unsigned)MAX(round, 0) % ROUNDS_PER_ROLE;
                uint64_t used = overhead, free;
                enum policy_state before = state;

                for (size_t i = 0; round >= 0 && i < GUESTS; i++) {
                        struct policy_vm *vm = &vms[i];
                        bool busy = i == role || i == (role + 2) % GUESTS;
                        uint64_t active = busy ? MIB(250) : MIB(16), limit = vm->pager_limit_bytes;

                        /* Up to 150 MiB a round touched the first time, the estimate follows by halves. */
                        vm->demand_bytes = MIN(vm->demand_bytes + MIB(150), vm->memory_bytes);
                        vm->active_bytes = (vm->active_bytes + active) / 2;
                        if (vm->balloon_state == POLICY_BALLOON_OK)
                                vm->balloon_bytes = vm->balloon_target_bytes;
                        vm->consumed_bytes =
                                MIN(vm->demand_bytes - MIN(vm->balloon_bytes, vm->demand_bytes), limit);
                        used += vm->consumed_bytes;
                }
                g_assert_cmpuint(used, <=, managed - t.bytes[POLICY_LOW]);
                free = managed - used;
                state = policy_state_next(state, free, &t);
                g_assert_cmpint(policy_allocate(&root, 1, vms, GUESTS,
                                                managed - t.bytes[POLICY_HIGH] - overhead, 75, scratch,
                                                NULL),
                                ==, 0);
                g_assert_cmpint(policy_plan(vms, GUESTS, state, managed, overhead, &t, NULL), ==, 0);
                if (settled >= 15) {
                        g_assert_cmpint(state, ==, before);
                        for (size_t i = 0; i < GUESTS; i++) {
                                bool busy = i == role || i == (role + 2) % GUESTS;

                                g_assert_cmpuint(vms[i].new_balloon_target_bytes, ==,
                                                 vms[i].balloon_target_bytes);
                                g_assert_cmpuint(vms[i].new_pager_limit_bytes, ==, vms[i].pager_limit_bytes);
                                if (busy && managed >= MIB(1024))
                                        g_assert_cmpuint(vms[i].consumed_bytes, >=, MIB(250));
                        }
                }
                for (size_t i = 0; i < GUESTS; i++) {
                        vms[i].balloon_target_bytes = vms[i].new_balloon_target_bytes;
                        vms[i].pager_limit_bytes = vms[i].new_pager_limit_bytes;
                        vms[i].stopped = vms[i].new_stopped;
                }
                g_test_message("round %d: %s, free %" PRIu64 " MiB", round, policy_state_name(state),
                               free >> 20);
                for (size_t i = 0; i < GUESTS; i++)
                        g_test_message("  consumed %" PRIu64 " target %" PRIu64 " limit %" PRIu64
                                       " balloon %" PRIu64,
                                       vms[i].consumed_bytes >> 20, vms[i].target_bytes >> 20,
                                       vms[i].pager_limit_bytes >> 20, vms[i].balloon_target_bytes >> 20);
        }
}

/* Overcommitted by 1.2, 2, 3 and 4. */
static void test_loop(void)
{
        run_loop(MIB(2560));
        run_loop(MIB(1536));
        run_loop(MIB(1024));
        run_loop(MIB(768));
}

int main(int argc, char **argv)
{
        int r;

        g_test_init(&argc, &argv, NULL);
        scratch = policy_scratch_new();
        g_assert_nonnull(scratch);
        g_test_add_func("/policy-plan/not-overcommitted", test_not_overcommitted);
        g_test_add_func("/policy-plan/states", test_states);
        g_test_add_func("/policy-plan/limit-does-not-follow", test_limit_does_not_follow);
        g_test_add_func("/policy-plan/balloon-states", test_balloon_states);
        g_test_add_func("/policy-plan/own-limit", test_own_limit);
        g_test_add_func("/policy-plan/deadband", test_deadband);
        g_test_add_func("/policy-plan/where-it-goes", test_where_it_goes);
        g_test_add_func("/policy-plan/stop", test_stop);
        g_test_add_func("/policy-plan/floors", test_floors);
        g_test_add_func("/policy-plan/malformed", test_malformed);
        g_test_add_func("/policy-plan/promises", test_promises);
        g_test_add_func("/policy-plan/starving", test_starving);
        g_test_add_func("/policy-plan/balloon-in-vain", test_balloon_in_vain);
        g_test_add_func("/policy-plan/loop", test_loop);
        r = g_test_run();
        policy_scratch_free(scratch);
        return r;
}
