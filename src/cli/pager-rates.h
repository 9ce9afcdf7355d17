/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What happened between two answers of one pager, as rates, and one row or object of "watch" made of it. */
#pragma once

#include "cli/output.h"
#include "cli/pager-client.h"

extern const CliColumn pager_rate_columns[];

/*
 * A row for pager_rate_columns, or NULL when no time passed between the two by the pager's own clock,
 * so that there are no rates.
 */
GPtrArray *pager_rate_row(const PagerPeer *peer, const struct aerostat_pager_stats *before,
                          const struct aerostat_pager_stats *now, CliFormat format, CliUnit unit);

/* The same with every counter, as an object. */
JsonBuilder *pager_rate_object(const PagerPeer *peer, const struct aerostat_pager_stats *before,
                               const struct aerostat_pager_stats *now);
