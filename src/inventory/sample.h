/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What was measured of the API's objects, rolled up, for as long as its owner wants it: of each time and
 * object some bytes, which are its owner's to understand.
 */
#pragma once

#include "inventory/inventory.h"

/*
 * Of one time, all objects: in one transaction with what goes, which is all up to oldest_ms, and what was
 * kept of this time or later ones, when the clock was put back. Of the newest a loss of power may cost some.
 * samples: char *object ("vm-12") to GBytes *.
 */
bool samples_save(Inventory *inventory, int64_t time_ms, GHashTable *samples, int64_t oldest_ms,
                  GError **error);

/* Called with the inventory's mutex held. */
typedef void (*SampleRead)(int64_t time_ms, const char *object, const uint8_t *bytes, size_t size,
                           gpointer user_data);

/* All that is later than after_ms and not later than until_ms, by time; but of objects that are gone. */
bool samples_read(Inventory *inventory, int64_t after_ms, int64_t until_ms, SampleRead read,
                  gpointer user_data, GError **error);
