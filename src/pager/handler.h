/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The threads that hear of page faults. */
#pragma once

struct aerostat_pager;
struct handlers;

int handlers_start(struct aerostat_pager *pager, struct handlers **ret_handlers);
/* Nobody may fault any more. */
void handlers_stop(struct handlers *handlers);

/* From time to time: undoes, after a burst of faults, what the threads did to be near it. */
void handlers_relax(struct handlers *handlers);
