/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Waits until VMs are within their limits. */
#pragma once

#include "cli/cli.h"
#include "cli/pager-client.h"

/*
 * Returns when every peer (ANSWERED, borrowed) consumes no more than its limit, or after wait_ms.
 * Progress goes to standard error when that is a terminal; who is left above goes there anyway.
 */
CliStatus pager_wait_for_limits(GPtrArray *peers, uint64_t wait_ms, uint64_t timeout_ms);
