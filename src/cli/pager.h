/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat pager: its verbs, one file each, and what they have in common. */
#pragma once

#include "cli/cli.h"
#include "cli/output.h"
#include "cli/pager-client.h"

extern const CliVerb pager_verbs[];

CliStatus pager_list(const CliArgs *args, GError **error);
CliStatus pager_show(const CliArgs *args, GError **error);
CliStatus pager_set(const CliArgs *args, GError **error);
CliStatus pager_watch(const CliArgs *args, GError **error);

/* Reads --timeout, which every verb has. */
bool pager_get_timeout(const CliArgs *args, uint64_t *ret_ms, GError **error);

/* "unlimited" for no limit. */
char *pager_format_limit(uint64_t limit_bytes, CliUnit unit);

/* "ok", "degraded", or in a word why there is no answer. */
const char *pager_status(const PagerPeer *peer);

/* Begins an object with what identifies the pager and how it is; the caller ends it. */
void pager_begin_json(JsonBuilder *builder, const PagerPeer *peer);

/* The process id, as the pager says or as its socket is called; "" when neither is known. */
char *pager_format_pid(const PagerPeer *peer);
