/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How long a round of the memory policy takes: allocation and plan, with other figures in each round.
 *
 *     bench-policy RESULT.json
 *
 * Prints a table. Times are processor time of one core, since other programs may want the machine, too.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/macro.h"
#include "policy/policy.h"

#define ROUNDS      41
#define VMS_A_POOL  10
#define GOAL_MS     10.0
#define GOAL_GROWTH 1.5

struct host {
        struct policy_pool *pools;
        struct policy_vm *vms;
        size_t n_pools, n_vms;
        uint64_t managed_bytes, overhead_bytes;
        struct policy_thresholds thresholds;
        enum policy_state state;
};

static uint64_t seed = 1;

static uint32_t below(uint32_t bound)
{
        seed ^= seed >> 12;
        seed ^= seed << 25;
        seed ^= seed >> 27;
        return (uint32_t)((seed * 0x2545f4914f6cdd1dull >> 32) * bound >> 32);
}

static double now_ms(clockid_t clock)
{
        struct timespec now;

        (void)clock_gettime(clock, &now);
        return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* VMs that have moved, since the last round, by more than a deadband. */
static void change(struct host *host)
{
        for (size_t i = 0; i < host->n_vms; i++) {
                struct policy_vm *vm = &host->vms[i];

                vm->demand_bytes = vm->memory_bytes / 100 * (50 + below(51));
                vm->active_bytes = below(3) ? vm->demand_bytes / 100 * below(101) : 0;
                vm->consumed_bytes = vm->demand_bytes / 100 * (40 + below(61));
                vm->balloon_bytes = vm->balloon_target_bytes = vm->new_balloon_target_bytes;
                vm->pager_limit_bytes = vm->new_pager_limit_bytes;
                vm->stopped = vm->new_stopped;
        }
        host->state = (enum policy_state)below(POLICY_STATES);
}

static int make_host(struct host *host, size_t n_vms, bool flat)
{
        uint64_t memory = 0;

        *host = (struct host){.n_vms = n_vms, .n_pools = flat ? 1 : MAX(n_vms / VMS_A_POOL, (size_t)1)};
        host->pools = calloc(host->n_pools, sizeof(*host->pools));
        host->vms = calloc(n_vms, sizeof(*host->vms));
        if (!host->pools || !host->vms)
                return -ENOMEM;
        /* Half of the pools in the root, half in others. */
        for (size_t i = 0; i < host->n_pools; i++)
                host->pools[i] = (struct policy_pool){
                        .parent = i > 0 && below(2) ? below((uint32_t)i) : POLICY_ROOT,
                        .shares = 1 + below(100000),
                        .reservation_bytes = below(4) ? 0 : GIB(below(20)),
                        .limit_bytes = below(4) ? POLICY_UNLIMITED : GIB(10 + below(40)),
                };
        host->pools[POLICY_ROOT].limit_bytes = POLICY_UNLIMITED;
        for (size_t i = 0; i < n_vms; i++) {
                struct policy_vm *vm = &host->vms[i];

                *vm = (struct policy_vm){
                        .pool = below((uint32_t)host->n_pools),
                        .limit_bytes = below(10) ? POLICY_UNLIMITED : GIB(2),
                        .memory_bytes = GIB(1 + below(16)),
                        .overhead_bytes = MIB(32),
                        .balloon_state = (enum policy_balloon_state)below(4),
                        .has_pager = below(10) != 0,
                        .runs = below(10) != 0,
                        .new_pager_limit_bytes = POLICY_UNLIMITED,
                };
                vm->shares = (uint32_t)(vm->memory_bytes / MIB(1)) * (below(2) ? 10 : 20);
                vm->reservation_bytes = below(5) ? 0 : vm->memory_bytes / 4;
                vm->balloon_max_bytes = vm->memory_bytes / 100 * 65;
                vm->cache_max_bytes = vm->memory_bytes / 10;
                memory += vm->memory_bytes;
                host->overhead_bytes += vm->overhead_bytes;
        }
        host->managed_bytes = memory / 2;
        return policy_thresholds_compute(host->managed_bytes, 6, &host->thresholds);
}

static int compare(const void *a, const void *b)
{
        double x = *(const double *)a, y = *(const double *)b;

        return (x > y) - (x < y);
}

/* Medians of a round's processor time and of the time until it was done. */
static int measure(size_t n_vms, bool flat, double *ret_cpu_ms, double *ret_wall_ms)
{
        double cpu[ROUNDS], wall[ROUNDS];
        struct policy_scratch *scratch = policy_scratch_new();
        struct host host;
        int r = scratch ? make_host(&host, n_vms, flat) : -ENOMEM;

        /* The first round is for the memory to be there. */
        for (int round = -1; r >= 0 && round < ROUNDS; round++) {
                double cpu_begin, wall_begin;

                change(&host);
                cpu_begin = now_ms(CLOCK_THREAD_CPUTIME_ID);
                wall_begin = now_ms(CLOCK_MONOTONIC);
                r = policy_allocate(host.pools, host.n_pools, host.vms, host.n_vms,
                                    host.managed_bytes - host.thresholds.bytes[POLICY_HIGH] -
                                            host.overhead_bytes,
                                    75, scratch, NULL);
                if (r >= 0)
                        r = policy_plan(host.vms, host.n_vms, host.state, host.managed_bytes,
                                        host.overhead_bytes, &host.thresholds, NULL);
                if (round >= 0) {
                        cpu[round] = now_ms(CLOCK_THREAD_CPUTIME_ID) - cpu_begin;
                        wall[round] = now_ms(CLOCK_MONOTONIC) - wall_begin;
                }
        }
        if (scratch) {
                free(host.pools);
                free(host.vms);
        }
        policy_scratch_free(scratch);
        if (r < 0)
                return r;
        qsort(cpu, ROUNDS, sizeof(*cpu), compare);
        qsort(wall, ROUNDS, sizeof(*wall), compare);
        *ret_cpu_ms = cpu[ROUNDS / 2];
        *ret_wall_ms = wall[ROUNDS / 2];
        return 0;
}

int main(int argc, char **argv)
{
        static const struct {
                size_t n_vms;
                bool flat;
                const char *key;
        } cases[] = {
                {1000, false, "1k"},
                {10000, false, "10k"},
                {100000, false, "100k"},
                {10000, true, "10k_flat"},
        };
        double cpu_ms[ARRAY_LENGTH(cases)], wall_ms[ARRAY_LENGTH(cases)], normal[ARRAY_LENGTH(cases)];
        double growth;
        FILE *result;

        if (argc != 2) {
                (void)fprintf(stderr, "usage: bench-policy RESULT.json\n");
                return 2;
        }
        printf("%9s %8s %12s %12s %16s\n", "VMs", "pools", "cpu ms", "wall ms", "ns / (n log2 n)");
        for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
                double n = (double)cases[i].n_vms;
                int r = measure(cases[i].n_vms, cases[i].flat, &cpu_ms[i], &wall_ms[i]);

                if (r < 0) {
                        (void)fprintf(stderr, "%zu VMs: %s\n", cases[i].n_vms, strerror(-r));
                        return 1;
                }
                normal[i] = cpu_ms[i] * 1e6 / (n * log2(n));
                printf("%9zu %8zu %12.3f %12.3f %16.2f\n", cases[i].n_vms,
                       cases[i].flat ? 1 : cases[i].n_vms / VMS_A_POOL, cpu_ms[i], wall_ms[i], normal[i]);
        }
        /* Caches end somewhere between the sizes, so a linear program shows some growth as well. */
        growth = MAX(normal[1] / normal[0], normal[2] / normal[1]);
        printf("round_ms_10k %.3f  goal <= %.0f  %s\n", cpu_ms[1], GOAL_MS,
               cpu_ms[1] <= GOAL_MS ? "yes" : "no");
        printf("growth       %.3f  goal <= %.1f  %s (ten times the VMs, by n log n)\n", growth, GOAL_GROWTH,
               growth <= GOAL_GROWTH ? "yes" : "no");

        result = fopen(argv[1], "we");
        if (!result) {
                (void)fprintf(stderr, "%s cannot be written: %s\n", argv[1], strerror(errno));
                return 1;
        }
        (void)fprintf(result, "{\n  \"round_ms_10k\": %.4f,\n  \"growth\": %.4f,\n", cpu_ms[1], growth);
        for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
                (void)fprintf(result,
                              "  \"round_%s\": {\"cpu_ms\": %.4f, \"wall_ms\": %.4f, \"ns_per_n_log2_n\": "
                              "%.4f},\n",
                              cases[i].key, cpu_ms[i], wall_ms[i], normal[i]);
        (void)fprintf(result, "  \"goals\": {\"round_ms_10k\": \"<= %.0f\", \"growth\": \"<= %.1f\"},\n",
                      GOAL_MS, GOAL_GROWTH);
        (void)fprintf(result, "  \"rounds\": %d\n}\n", ROUNDS);
        if (fclose(result) != 0) {
                (void)fprintf(stderr, "%s cannot be written: %s\n", argv[1], strerror(errno));
                return 1;
        }
        return 0;
}
