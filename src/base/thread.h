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
