/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The threads that hear of page faults. The kernel wakes every thread that waits for messages of a
 * userfaultfd, so only one does, the leader; a second one helps while the faults are those of several
 * threads. Each takes one message at a time: of two that one takes, the second waits although the
 * other one has nothing to do. (What two threads can serve at all: faults_per_s_bare of `make bench-pager`.)
 *
 * Most of a fault's time is that of two wake-ups: of the leader, and of the thread that faulted. On
 * the processor they are on already they cost a switch; on another one, an interrupt, and the time
 * that it takes to wake from idleness, which in a nested host is ten times the rest. So in a burst
 * of faults the leader goes where they come from. (p50 of a refault with one processor idle: 8 µs
 * there, 60 µs from elsewhere; `make bench-pager`.)
 */
#include "pager/handler.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"
#include "base/thread.h"
#include "pager/fault.h"
#include "pager/own_read.h"
#include "pager/pager.h"
#include "pager/uffd.h"

#define BURST_GAP_NS  200000u /* faults closer than this are a burst */
#define LOOK_EVERY    16u     /* faults of a burst, for where they come from */
#define MISSES_MAX    2u
#define REST_FAULTS   8192u
#define RELAX_NS      100000000u /* without faults: the burst is over */
#define SPIN_NS       50000u     /* how long to look for more before sleeping */
#define YIELD_NS      20000u     /* a processor offered to others that comes back later is wanted by them */
#define BUSY_FAULTS   1024u      /* that are waited for asleep then */
#define MIXED_STEP    2u /* for a fault of another thread than the last one's; less one for the same's */
#define MIXED_CROWD   4u /* from here on there is work for two */
#define MIXED_MAX     16u
#define NOT_FOLLOWING (-1)

struct handlers {
        struct aerostat_pager *pager;
        pthread_t leader, helper;
        bool leader_runs, helper_runs;
        struct fault_context *leader_context, *helper_context;
        struct own_read *own;     /* the leader's; NULL: no swap file, or no memory */
        char *doorbell;           /* a page whose fault tells the leader to end */
        _Atomic(uint32_t) wanted; /* futex: the helper is */
        _Atomic(bool) stop;
        _Atomic(uint32_t) last_tid; /* whose fault was served last */
        _Atomic(uint32_t) mixed;    /* how much the last faults were those of several threads */

        _Atomic(bool) can_look; /* for messages without waiting (Linux 6.10) */
        _Atomic(uint32_t) busy; /* faults to go before that is tried again */
        bool can_follow;        /* seccomp and cpusets permitting */
        cpu_set_t allowed;
        _Atomic(int) leader_tid;
        _Atomic(int) cpu;          /* that the leader is bound to, or NOT_FOLLOWING */
        _Atomic(uint64_t) last_ns; /* when the last fault was served */
        unsigned burst;            /* faults in it so far */
        unsigned misses;           /* times in a row that it was elsewhere */
        unsigned rest;             /* faults to go before it is followed again */
        uint32_t seen_tid;         /* whose stat file is open */
        int stat;
};

/* The processor that a thread of this process ran on last; -1 when that cannot be known. */
static int cpu_of_thread(struct handlers *handlers, uint32_t tid)
{
        char text[512];
        const char *p;
        ssize_t n;

        if (tid != handlers->seen_tid) {
                (void)snprintf(text, sizeof(text), "/proc/self/task/%u/stat", tid);
                if (handlers->stat >= 0)
                        (void)close(handlers->stat);
                handlers->stat = open(text, O_RDONLY | O_CLOEXEC);
                handlers->seen_tid = tid;
        }
        n = handlers->stat >= 0 ? pread(handlers->stat, text, sizeof(text) - 1, 0) : -1;
        if (n <= 0)
                return -1;
        text[n] = '\0';
        /* Field 39; the second, the name, may have blanks in it and ends with the last bracket. */
        p = strrchr(text, ')');
        for (unsigned field = 2; p && field < 39; field++)
                p = strchr(p + 1, ' ');
        return p ? atoi(p + 1) : -1;
}

static void bind_leader(struct handlers *handlers, const cpu_set_t *set, int cpu)
{
        if (sched_setaffinity(atomic_load(&handlers->leader_tid), sizeof(*set), set) == 0)
                atomic_store(&handlers->cpu, cpu);
        else
                handlers->can_follow = false;
}

static void follow(struct handlers *handlers, uint32_t tid)
{
        int cpu = cpu_of_thread(handlers, tid);
        cpu_set_t set;

        if (cpu < 0 || cpu >= CPU_SETSIZE || !CPU_ISSET(cpu, &handlers->allowed))
                return;
        if (cpu == atomic_load(&handlers->cpu)) {
                handlers->misses = 0;
                return;
        }
        if (++handlers->misses > MISSES_MAX) {
                /*
                 * The scheduler wakes it on an idle processor each time, away from us. While there
                 * are such, staying awake on one is better.
                 */
                handlers->misses = 0;
                handlers->rest = REST_FAULTS;
                bind_leader(handlers, &handlers->allowed, NOT_FOLLOWING);
                return;
        }
        CPU_ZERO(&set);
        CPU_SET(cpu, &set);
        bind_leader(handlers, &set, cpu);
}

void handlers_relax(struct handlers *handlers)
{
        if (handlers && atomic_load(&handlers->cpu) != NOT_FOLLOWING &&
            monotonic_ns() - atomic_load(&handlers->last_ns) > RELAX_NS)
                bind_leader(handlers, &handlers->allowed, NOT_FOLLOWING);
}

static uintptr_t fault_address(const struct uffd_msg *message)
{
        return (uintptr_t)(message->arg.pagefault.address & ~(PAGE_BYTES - 1));
}

static bool is_crowd(struct handlers *handlers)
{
        return atomic_load_explicit(&handlers->mixed, memory_order_relaxed) >= MIXED_CROWD;
}

/* Both handlers count, without order: it is a guess in any case. */
static void note_thread(struct handlers *handlers, uint32_t tid)
{
        uint32_t mixed = atomic_load_explicit(&handlers->mixed, memory_order_relaxed);

        if (atomic_load_explicit(&handlers->last_tid, memory_order_relaxed) != tid) {
                atomic_store_explicit(&handlers->last_tid, tid, memory_order_relaxed);
                mixed = MIN(mixed + MIXED_STEP, MIXED_MAX);
        } else if (mixed) {
                mixed--;
        } else {
                return;
        }
        atomic_store_explicit(&handlers->mixed, mixed, memory_order_relaxed);
}

static void serve(struct handlers *handlers, struct fault_context *context, const struct uffd_msg *message)
{
        if (message->event != UFFD_EVENT_PAGEFAULT)
                return;
        note_thread(handlers, message->arg.pagefault.feat.ptid);
        fault_serve(handlers->pager, context, fault_address(message), message->arg.pagefault.flags);
}

/*
 * A message that comes within SPIN_NS; the processor is offered to others between looks. Where others take
 * it, a thread that is awake waits its turn however urgent the message that comes meanwhile, up to 4 ms for
 * each that is at work; one that sleeps would be woken for it and run at once.
 */
static bool look_for_message(struct handlers *handlers, struct uffd_msg *message)
{
        uint64_t now = monotonic_ns(), until = now + SPIN_NS, before;

        do {
                int n = uffd_read(handlers->pager->uffd, message, 1, false);

                if (n > 0)
                        return true;
                if (n == -EOPNOTSUPP)
                        handlers->can_look = false;
                before = now;
                (void)sched_yield();
                now = monotonic_ns();
                if (now - before > YIELD_NS) {
                        atomic_store_explicit(&handlers->busy, BUSY_FAULTS, memory_order_relaxed);
                        return false;
                }
        } while (handlers->can_look && now < until);
        return false;
}

static void *help(void *argument)
{
        struct handlers *handlers = argument;
        struct uffd_msg message;

        thread_is_ours = true;
        thread_hurry();
        while (!atomic_load(&handlers->stop)) {
                (void)syscall(SYS_futex, &handlers->wanted, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
                while (!atomic_load(&handlers->stop) && is_crowd(handlers) &&
                       look_for_message(handlers, &message))
                        serve(handlers, handlers->helper_context, &message);
                atomic_store(&handlers->wanted, 0);
        }
        return NULL;
}

static void call_helper(struct handlers *handlers)
{
        if (!atomic_exchange(&handlers->wanted, 1))
                (void)syscall(SYS_futex, &handlers->wanted, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* What the leader learns from the distance between faults. */
static void note_fault(struct handlers *handlers, const struct uffd_msg *message)
{
        uint32_t busy = atomic_load_explicit(&handlers->busy, memory_order_relaxed);
        uint64_t now = monotonic_ns();

        if (now - atomic_load_explicit(&handlers->last_ns, memory_order_relaxed) > BURST_GAP_NS)
                handlers->burst = handlers->rest = 0;
        atomic_store_explicit(&handlers->last_ns, now, memory_order_relaxed);
        if (busy)
                atomic_store_explicit(&handlers->busy, busy - 1, memory_order_relaxed);
        if (handlers->rest)
                handlers->rest--;
        else if (++handlers->burst % LOOK_EVERY == 0 && handlers->can_follow)
                follow(handlers, message->arg.pagefault.feat.ptid);
}

static void nap(void)
{
        struct timespec ts = {.tv_nsec = 1000000};

        (void)nanosleep(&ts, NULL);
}

/* Whoever rang waits; a page that is let go of needs no answer, either. */
static void answer_doorbell(struct handlers *handlers)
{
        uintptr_t addr = (uintptr_t)handlers->doorbell;
        size_t copied;

        while (uffd_copy(handlers->pager->uffd, addr, fault_zeros, PAGE_BYTES, &copied) < 0 &&
               uffd_zero(handlers->pager->uffd, addr) < 0 &&
               (!atomic_load(&handlers->stop) ||
                uffd_unregister(handlers->pager->uffd, addr, PAGE_BYTES) < 0))
                nap();
}

/* Touching the empty doorbell returns when the leader has seen it. */
static void ring_doorbell(struct handlers *handlers)
{
        /* Somebody with power over the process may have read the page: then it is not empty. */
        (void)syscall(SYS_munlock, handlers->doorbell, PAGE_BYTES);
        while (sys_madvise(handlers->doorbell, PAGE_BYTES, MADV_DONTNEED) < 0 ||
               mprotect(handlers->doorbell, PAGE_BYTES, PROT_READ) < 0)
                nap();
        (void)*(volatile char *)handlers->doorbell;
}

static void serve_until_stopped(struct handlers *handlers)
{
        struct uffd_msg message;

        for (;;) {
                bool crowd = is_crowd(handlers);

                if (crowd && handlers->can_look)
                        call_helper(handlers);
                /* Where it cannot be near, being awake saves at least its own wake-up. */
                if (!((handlers->burst || handlers->rest) && handlers->can_look &&
                      !atomic_load_explicit(&handlers->busy, memory_order_relaxed) &&
                      atomic_load(&handlers->cpu) == NOT_FOLLOWING &&
                      look_for_message(handlers, &message)) &&
                    uffd_read(handlers->pager->uffd, &message, 1, true) <= 0)
                        continue;
                if (fault_address(&message) == (uintptr_t)handlers->doorbell) {
                        answer_doorbell(handlers);
                        if (atomic_load(&handlers->stop))
                                return;
                        continue;
                }
                /* Waiting for a read by itself it keeps others waiting. */
                handlers->leader_context->own = crowd ? NULL : handlers->own;
                serve(handlers, handlers->leader_context, &message);
                if (handlers->own)
                        own_read_finish(handlers->own);
                note_fault(handlers, &message);
        }
}

static void *lead(void *argument)
{
        struct handlers *handlers = argument;

        thread_is_ours = true;
        thread_hurry();
        atomic_store(&handlers->leader_tid, (int)syscall(SYS_gettid));
        /* Made and unmade by this thread, which its interruptions do not harm. It is not needed, only
         * quicker. */
        if (handlers->pager->swap)
                (void)own_read_new(handlers->pager->swap, handlers->pager->uffd, &handlers->own);
        serve_until_stopped(handlers);
        own_read_free(handlers->own);
        return NULL;
}

void handlers_stop(struct handlers *handlers)
{
        if (!handlers)
                return;
        atomic_store(&handlers->stop, true);
        if (handlers->helper_runs) {
                atomic_store(&handlers->wanted, 0);
                call_helper(handlers);
                (void)pthread_join(handlers->helper, NULL);
        }
        if (handlers->leader_runs) {
                ring_doorbell(handlers);
                (void)pthread_join(handlers->leader, NULL);
        }
        if (handlers->doorbell)
                (void)sys_munmap(handlers->doorbell, PAGE_BYTES);
        if (handlers->stat >= 0)
                (void)close(handlers->stat);
        fault_context_free(handlers->leader_context);
        fault_context_free(handlers->helper_context);
        free(handlers);
}

int handlers_start(struct aerostat_pager *pager, struct handlers **ret_handlers)
{
        struct handlers *handlers = calloc(1, sizeof(*handlers));
        void *doorbell = NULL;
        int r;

        if (!handlers)
                return -ENOMEM;
        handlers->pager = pager;
        handlers->stat = -1;
        handlers->cpu = NOT_FOLLOWING;
        handlers->can_look = true;
        handlers->can_follow = sched_getaffinity(0, sizeof(handlers->allowed), &handlers->allowed) == 0;
        r = sys_map_lazy(PAGE_BYTES, &doorbell);
        if (r < 0)
                goto fail;
        handlers->doorbell = doorbell;
        /* Until it is rung nobody may touch it, not even mlockall(): the kernel passes over such pages. */
        r = mprotect(doorbell, PAGE_BYTES, PROT_NONE) < 0 ? -errno : 0;
        if (r == 0)
                r = uffd_register(pager->uffd, (uintptr_t)doorbell, PAGE_BYTES, false);
        if (r == 0)
                r = fault_context_new(&handlers->leader_context);
        if (r == 0)
                r = fault_context_new(&handlers->helper_context);
        if (r == 0)
                r = thread_start(&handlers->leader, "aerostat-fault", lead, handlers);
        if (r < 0)
                goto fail;
        handlers->leader_runs = true;
        r = thread_start(&handlers->helper, "aerostat-help", help, handlers);
        if (r < 0)
                goto fail;
        handlers->helper_runs = true;
        *ret_handlers = handlers;
        return 0;
fail:
        handlers_stop(handlers);
        return r;
}
