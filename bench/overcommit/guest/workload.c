/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * workload: a guest's memory in use, in roles that the host gives it while it runs.
 *
 *      workload PORT MIB SEED
 *
 * Lines from the host over PORT; ROLE is a number that comes back with everything about that role:
 *      role ROLE busy MIB RATE    skewed accesses to a working set of MIB
 *      role ROLE stream RATE      all pages in order, again and again
 *      role ROLE idle RATE        accesses to any page, few of them
 *      end SECONDS                checks as many pages as that time allows, then ends
 * RATE is accesses a second that are due, 0 as many as possible. With a rate latency is from when an
 * access was due, however late the ones before it made it; without one, from its beginning.
 *
 * Lines to the host:
 *      filled PAGES
 *      role ROLE                                     begins now
 *      progress ROLE ACCESSES MISMATCHES             ten times a second; accesses of this role
 *      histogram ROLE BUCKET:COUNT ..., worst ROLE NS, over ROLE ACCESSES READS WRITES MISSED
 *      end CHECKED ACCESSES MISMATCHES
 * and pagecheck's own for a page that is wrong.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pagecheck.h"
#include "workload.h"

#define REPORT_NS       100000000u
#define ACCESSES_A_LOOK 32       /* between looks at the port */
#define SLEEP_NS        100000u  /* at least, when nothing is due: accesses are that late in any mode */
#define LONG_NS         2000000u /* a wait in which the host may say something */
#define STREAM_SLEEP_MS 2
#define SECOND_NS       1000000000u
#define RATE_MAX        10000000u

enum kind { KIND_IDLE, KIND_BUSY, KIND_STREAM };

struct role {
        enum kind kind;
        unsigned number;
        size_t working_set_pages;
        uint64_t rate;
        uint64_t started_ns, reported_ns;
        uint64_t accesses, reads, writes;
        struct histogram histogram;
};

/* pagecheck's clock, whose own file comes with much else. */
static uint64_t clock_ns(void)
{
        struct timespec time;

        (void)clock_gettime(CLOCK_MONOTONIC, &time);
        return (uint64_t)time.tv_sec * SECOND_NS + (uint64_t)time.tv_nsec;
}

/* When access i of the role is due. Seconds and rest apart, so that nothing overflows. */
static uint64_t role_due(const struct role *role, uint64_t i)
{
        return role->started_ns + i / role->rate * SECOND_NS + i % role->rate * SECOND_NS / role->rate;
}

static bool role_parse(struct role *role, const struct memory *memory, const char *line)
{
        unsigned number;
        uint64_t mib = 0, rate;
        enum kind kind;

        if (sscanf(line, "role %u busy %" SCNu64 " %" SCNu64, &number, &mib, &rate) == 3)
                kind = KIND_BUSY;
        else if (sscanf(line, "role %u stream %" SCNu64, &number, &rate) == 2)
                kind = KIND_STREAM;
        else if (sscanf(line, "role %u idle %" SCNu64, &number, &rate) == 2)
                kind = KIND_IDLE;
        else
                return false;
        if (rate > RATE_MAX || mib > memory->pages * PAGE_BYTES >> 20 || (kind == KIND_BUSY && mib == 0))
                return false;
        memset(role, 0, sizeof(*role));
        role->kind = kind;
        role->number = number;
        role->working_set_pages = kind == KIND_BUSY ? (size_t)(mib << 20) / PAGE_BYTES : memory->pages;
        role->rate = rate;
        role->started_ns = role->reported_ns = clock_ns();
        printf("role %u\n", number);
        return true;
}

static void role_over(struct role *role, const struct memory *memory)
{
        uint64_t now = clock_ns(), missed = 0;

        if (role->number == 0)
                return;
        if (role->rate) {
                uint64_t due = role_due(role, role->accesses), period = SECOND_NS / role->rate;

                if (now > due && period > 0) {
                        missed = (now - due) / period;
                        histogram_add_missed(&role->histogram, now - due, period);
                }
        }
        histogram_print(&role->histogram, role->number);
        printf("over %u %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", role->number, role->accesses,
               memory->reads - role->reads, memory->writes - role->writes, missed);
}

static void role_access(struct role *role, struct memory *memory)
{
        uint64_t from = role->rate ? role_due(role, role->accesses) : clock_ns();

        memory_access(memory, role->kind == KIND_STREAM ? memory_stream(memory)
                                                        : memory_pick(memory, role->working_set_pages));
        role->accesses++;
        histogram_add(&role->histogram, clock_ns() - from, 1);
}

static void role_report(struct role *role, uint64_t now)
{
        if (now - role->reported_ns < REPORT_NS)
                return;
        role->reported_ns = now;
        printf("progress %u %" PRIu64 " %" PRIu64 "\n", role->number, role->accesses, mismatches);
}

/* Who would spin until the next access is due would keep a processor from those who work for others. */
static void sleep_until(uint64_t due)
{
        uint64_t ns = due + SLEEP_NS;
        struct timespec until = {.tv_sec = (time_t)(ns / SECOND_NS), .tv_nsec = (long)(ns % SECOND_NS)};

        (void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

/* The accesses that are due now, a few at most; how long to wait for the next, in ms. */
static int role_step(struct role *role, struct memory *memory)
{
        int wait_ms = 0;

        for (unsigned i = 0; i < ACCESSES_A_LOOK; i++) {
                if (role->rate) {
                        uint64_t due = role_due(role, role->accesses), now = clock_ns();

                        if (now < due) {
                                /* Its latency is nobody's concern, and others want the processor. */
                                if (role->kind == KIND_STREAM)
                                        wait_ms = STREAM_SLEEP_MS;
                                else if (due - now >= LONG_NS)
                                        wait_ms = due - now < REPORT_NS ? (int)((due - now) / 1000000) : 100;
                                else
                                        sleep_until(due);
                                break;
                        }
                }
                role_access(role, memory);
        }
        role_report(role, clock_ns());
        return wait_ms;
}

/* Pages from all over the memory, until the time is over. */
static void end(struct memory *memory, double seconds)
{
        uint64_t ends = clock_ns() + (uint64_t)(seconds * 1e9);
        size_t checked = 0;

        while (checked < memory->pages && clock_ns() < ends)
                memory_check(memory, checked++ * memory->stride % memory->pages);
        printf("end %zu %" PRIu64 " %" PRIu64 "\n", checked, memory->reads + memory->writes, mismatches);
}

static int serve(struct memory *memory)
{
        struct role *role = calloc(1, sizeof(*role));
        int wait_ms = -1;

        if (role == NULL)
                return STATUS_BROKEN;
        for (;;) {
                char *line = port_line(wait_ms);
                double seconds;

                if (line && sscanf(line, "end %lf", &seconds) == 1) {
                        role_over(role, memory);
                        end(memory, seconds);
                        free(role);
                        return mismatches ? STATUS_MISMATCH : STATUS_RIGHT;
                }
                if (line) {
                        role_over(role, memory);
                        if (!role_parse(role, memory, line))
                                printf("not understood: %s\n", line);
                        role->reads = memory->reads;
                        role->writes = memory->writes;
                }
                wait_ms = role->number ? role_step(role, memory) : -1;
        }
}

int main(int argc, char **argv)
{
        struct memory memory;
        unsigned long mib;

        if (argc != 4 || (mib = strtoul(argv[2], NULL, 10)) == 0 || mib > 65536) {
                fputs("usage: workload PORT MIB SEED\n", stderr);
                return STATUS_USAGE;
        }
        if (!port_open(argv[1])) {
                fprintf(stderr, "workload: %s: %s\n", argv[1], strerror(errno));
                return STATUS_BROKEN;
        }
        if (!memory_new(&memory, mib * (1 << 20) / PAGE_BYTES, strtoull(argv[3], NULL, 10))) {
                fprintf(stderr, "workload: no memory for %lu MiB: %s\n", mib, strerror(errno));
                return STATUS_BROKEN;
        }
        memory_fill(&memory);
        printf("filled %zu\n", memory.pages);
        return serve(&memory);
}
