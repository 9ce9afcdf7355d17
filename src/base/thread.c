/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Threads that live in somebody else's process. */
#include "base/thread.h"

#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

_Thread_local bool thread_is_ours;

#define STACK_BYTES (256u << 10)
#define SLICE_NS    100000u /* the shortest that Linux gives */

int thread_start(pthread_t *ret_thread, const char *name, void *(*run)(void *), void *argument)
{
        pthread_attr_t attr;
        sigset_t all, before;
        int r;

        r = pthread_attr_init(&attr);
        if (r)
                return -r;
        (void)pthread_attr_setstacksize(&attr, STACK_BYTES);

        /* The mask is inherited, so that no signal can reach the thread before it could block any. */
        sigfillset(&all);
        (void)pthread_sigmask(SIG_SETMASK, &all, &before);
        r = pthread_create(ret_thread, &attr, run, argument);
        (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
        (void)pthread_attr_destroy(&attr);
        if (r)
                return -r;
        (void)pthread_setname_np(*ret_thread, name);
        return 0;
}

/* As sched_setattr(2) has it: the kernel's header and the C library's do not go together. */
struct scheduling {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
};

void thread_hurry(void)
{
        struct scheduling attr = {.size = sizeof(attr)};

        if (syscall(SYS_sched_getattr, 0, &attr, sizeof(attr), 0) < 0)
                return;
        attr.runtime = SLICE_NS;
        (void)syscall(SYS_sched_setattr, 0, &attr, 0);
}
