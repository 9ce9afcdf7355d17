/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Slows those down who try passwords: attempts at one name, or from one address, come one after the other
 * and ever later. Pure: the caller has the clock.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

typedef struct Throttle Throttle;

/* The pause between attempts grows up to longest_us; pause and names are forgotten after a while. */
Throttle *throttle_new(int64_t longest_us);
void throttle_free(Throttle *throttle);

/* For an attempt now: in how many microseconds it may be made. It counts as failed until
 * throttle_clear(). */
int64_t throttle_take(Throttle *throttle, const char *name, int64_t now_us);
/* One of its attempts was right. */
void throttle_clear(Throttle *throttle, const char *name);
