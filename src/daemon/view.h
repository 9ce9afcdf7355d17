/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the daemon knows, as JSON and as OpenMetrics. */
#pragma once

#include <json-glib/json-glib.h>

#include "daemon/scheduler.h"
#include "daemon/sharing.h"

JsonNode *view_host(Scheduler *scheduler, const Sharing *sharing);
JsonNode *view_vms(Scheduler *scheduler);
JsonNode *view_vm(const Machine *machine);
JsonNode *view_pools(Scheduler *scheduler, Pools *pools);
JsonNode *view_settings(const Config *config);
JsonNode *view_events(GPtrArray *events);
JsonNode *view_advice(Scheduler *scheduler, const Sharing *sharing);

/* To be freed with g_free(). */
char *view_metrics(Scheduler *scheduler, const Sharing *sharing);
