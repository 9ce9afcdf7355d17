/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The scheduler's figures for collectors. */
#pragma once

#include "scheduler/scheduler.h"
#include "scheduler/sharing.h"

/* As OpenMetrics. To be freed with g_free(). */
char *metrics_text(Scheduler *scheduler, const Sharing *sharing);
