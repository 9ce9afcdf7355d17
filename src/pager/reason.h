/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is wrong now, one line for each cause; the gravest that lasts is what clients are told.
 * Whoever finds that a cause has ended clears it. Any thread, holding any lock of the pager.
 */
#pragma once

#include <aerostat/pager.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct aerostat_pager;

/* The gravest first. */
enum reason_cause {
        REASON_FATAL, /* lasts */
        REASON_SWAP,  /* the last write to the swap file failed */
        REASON_ARM,   /* a range is in the way of userfaultfd */
        REASON_MOVE,  /* a page could not be moved when that was last tried */
        REASON_CAUSES
};

/* Memory that was offered and is not managed. */
#define REFUSALS_MAX 16
struct refusal {
        uintptr_t addr;
        size_t length; /* 0: none */
        uint64_t number;
        char text[AEROSTAT_PAGER_REASON_MAX];
};

struct reasons {
        _Atomic(uint32_t) present; /* a bit for each cause */
        pthread_mutex_t lock;      /* for the rest */
        char text[REASON_CAUSES][AEROSTAT_PAGER_REASON_MAX];
        struct refusal refusal[REFUSALS_MAX];
        uint64_t refusals;     /* so far */
        uint64_t refused_more; /* bytes beyond those */
};

void reason_set(struct aerostat_pager *pager, enum reason_cause cause, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
/* Costs next to nothing when there is nothing to clear. */
void reason_clear(struct aerostat_pager *pager, enum reason_cause cause);
bool reason_is_set(struct aerostat_pager *pager, enum reason_cause cause);

/* The range could not be taken, and is counted once however often that happens. */
void reason_refused(struct aerostat_pager *pager, uintptr_t addr, size_t length, const char *text);
/* It has been taken now, or is no memory any more. */
void reason_not_refused(struct aerostat_pager *pager, uintptr_t addr, size_t length);

/* ret_text (AEROSTAT_PAGER_REASON_MAX): the reason or "". Returns the bytes that are not managed. */
uint64_t reason_now(struct aerostat_pager *pager, char *ret_text);
