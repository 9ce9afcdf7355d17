/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A read from the swap file that the fault leader takes in itself, on a ring of its own. That saves
 * the wake-up of the swap thread, which is a good part of the time that a refault takes on a quick
 * disk. The leader sleeps until the read is done or another fault comes, whichever is first; in the
 * latter case the swap thread takes the read over, so a slow read is never in another fault's way.
 *
 *                start               done
 *      FREE ------------> LEADER ------------> FREE
 *                            | another fault
 *                            v               done
 *                          SWAP -------------> FREE
 *
 * The state says whose the ring's completions are. The leader never waits for anything else while
 * it is LEADER: whoever holds what it would wait for may himself wait for the page.
 */
#pragma once

#include "pager/swap.h"

struct own_read;

/* uffd: where other faults are heard of. Only the thread that calls own_read_start() may block on it. */
int own_read_new(struct swap *swap, int uffd, struct own_read **ret_own);
/* Waits for a read that is under way. The swap thread must still run. */
void own_read_free(struct own_read *own);

/*
 * By the leader, which then lets go of its locks and calls own_read_finish(). -EBUSY: another one is
 * under way, or the last ones were in others' way; nothing has happened.
 */
int own_read_start(struct own_read *own, struct swap_read *read);
void own_read_finish(struct own_read *own);
