/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Threads that live in somebody else's process. */
#pragma once

#include <pthread.h>
#include <stdbool.h>

/*
 * Starts a joinable thread that takes no signals: the host program's handlers must never run on
 * it. name has at most 15 characters. Returns 0 or a negative errno value.
 */
int thread_start(pthread_t *ret_thread, const char *name, void *(*run)(void *), void *argument);

/* Whether the calling thread is one of those: each says so when it begins. */
extern _Thread_local bool thread_is_ours;

/*
 * Asks the scheduler to run the calling thread as soon as it wakes, at the price of being interrupted
 * sooner: for one that others wait for and that has little to do each time. It gets no more of the processor
 * by it. Linux before 6.12 takes no notice.
 */
void thread_hurry(void);
