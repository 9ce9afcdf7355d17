/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Page sharing: how fast KSM scans, which VMs take part, and what comes of it. */
#pragma once

#include "host/ksm.h"
#include "policy/sharing.h"
#include "scheduler/config.h"
#include "scheduler/journal.h"
#include "scheduler/scheduler.h"

typedef struct Sharing Sharing;

typedef struct SharingFigures {
        uint64_t shared_bytes, common_bytes, saved_bytes;
        const char *state;  /* off, idle, scanning, foreign */
        const char *reason; /* one sentence, or "" */
        double pages_per_s;
        double cores;
} SharingFigures;

/* state_dir: where KSM's own settings are kept while they are borrowed. All must outlive it. */
Sharing *sharing_new(const char *state_dir, Config *config, Scheduler *scheduler, Journal *journal);

/* Leaves KSM as it was found. */
void sharing_free(Sharing *sharing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sharing, sharing_free)

const SharingFigures *sharing_figures(const Sharing *sharing);
