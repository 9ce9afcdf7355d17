/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The course of a check: its end, its pace, and a line a second about it. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "pagecheck.h"

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
        (void)signal;
        stopped = 1;
}

void run_catch_signals(void)
{
        struct sigaction action = {.sa_handler = stop, .sa_flags = SA_RESTART};

        (void)sigaction(SIGTERM, &action, NULL);
        (void)sigaction(SIGINT, &action, NULL);
        (void)sigaction(SIGHUP, &action, NULL);
}

uint64_t now_ns(void)
{
        struct timespec time;

        (void)clock_gettime(CLOCK_MONOTONIC, &time);
        return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

double now(void)
{
        return (double)now_ns() / 1e9;
}

void run_start(struct run *run, double seconds)
{
        memset(run, 0, sizeof(*run));
        run->started = now();
        run->ends = seconds > 0 ? run->started + seconds : 0;
        run->next_report = run->started + 1;
}

/* Two buckets to each power of two: bucket b begins at 2^(b/2), or at one and a half times that. */
void run_touched(struct run *run, uint64_t ns)
{
        unsigned power = 63 - (unsigned)__builtin_clzll(ns | 2);

        run->latency[power * 2 + (ns >> (power - 1) & 1)]++;
        if (ns > run->worst_ns)
                run->worst_ns = ns;
}

/* The upper bound of the bucket in which the p99 is, or the worst where that is less. */
static double run_p99_us(const struct run *run)
{
        uint64_t all = 0, seen = 0, bound;
        unsigned i;

        for (i = 0; i < 128; i++)
                all += run->latency[i];
        for (i = 0; i < 127; i++) {
                seen += run->latency[i];
                if (seen * 100 >= all * 99)
                        break;
        }
        bound = i % 2 ? (uint64_t)2 << i / 2 : (uint64_t)3 << i / 2 >> 1;
        return (double)(bound < run->worst_ns ? bound : run->worst_ns) / 1e3;
}

static void run_report(struct run *run, double time)
{
        printf("pagecheck: t=%.1f accesses=%" PRIu64 " reads=%" PRIu64 " writes=%" PRIu64
               " mismatches=%" PRIu64 " p99_us=%.1f worst_us=%.1f\n",
               time - run->started, run->reads + run->writes, run->reads, run->writes, mismatches,
               run_p99_us(run), (double)run->worst_ns / 1e3);
        memset(run->latency, 0, sizeof(run->latency));
        run->worst_ns = 0;
}

bool run_goes_on(struct run *run, const struct options *options)
{
        double time = now();

        if (options->rate) {
                double due = run->started + (double)(run->reads + run->writes) / (double)options->rate;

                /* Well below a clock tick nothing is gained by sleeping. */
                if (due - time > 0.002) {
                        struct timespec pause = {.tv_nsec = due - time < 0.5 ? (long)((due - time) * 1e9)
                                                                             : 500000000};

                        (void)nanosleep(&pause, NULL);
                        time = now();
                }
        }
        if (stopped || (run->ends > 0 && time >= run->ends) ||
            (options->accesses > 0 && run->reads + run->writes >= options->accesses))
                return false;
        if (time >= run->next_report) {
                run_report(run, time);
                /* A guest that stood still for long owes no reports for that time. */
                run->next_report = time - run->next_report < 1 ? run->next_report + 1 : time + 1;
        }
        return true;
}

enum status run_finish(struct run *run, size_t last_pass)
{
        printf("pagecheck: checked=%" PRIu64 " last_pass=%zu mismatches=%" PRIu64 " accesses=%" PRIu64
               " reads=%" PRIu64 " writes=%" PRIu64 " seconds=%.4f\n",
               run->checked, last_pass, mismatches, run->reads + run->writes, run->reads, run->writes,
               now() - run->started);
        return mismatches ? STATUS_MISMATCH : STATUS_RIGHT;
}
