/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The daemon's local interface: JSON over HTTP on a Unix socket, and figures for a collector. */
#pragma once

#include "daemon/scheduler.h"
#include "daemon/sharing.h"
#include "operation/operation.h"

typedef struct Http Http;

typedef struct HttpParts {
        Config *config;
        Inventory *inventory;
        Pools *pools;
        Scheduler *scheduler;
        Sharing *sharing;
        Journal *journal;
        Operations *operations;
} HttpParts;

/* Listens; the file's rights are the access control: its owner alone. parts must outlive it. */
Http *http_new(const char *socket_path, const HttpParts *parts, GError **error);
void http_free(Http *http);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Http, http_free)
