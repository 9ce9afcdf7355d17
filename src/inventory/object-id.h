/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers by which the API names things: the same as long as the thing is there, never given again. */
#pragma once

#include "inventory/inventory.h"

/* kind: "vm", "group-v"; key: what tells the thing from others of its kind (a UUID, a path). 0 with an
 * error. */
int64_t object_id_get(Inventory *inventory, const char *kind, const char *key, GError **error);
/* Those of them that have none get one, which waits for the disk once. keys: NULL-terminated. */
bool object_id_make(Inventory *inventory, const char *kind, const char *const *keys, GError **error);
/* Renamed: keeps its number. Nothing when from has none. */
bool object_id_move(Inventory *inventory, const char *kind, const char *from, const char *to,
                    GError **error);
/*
 * It is gone, and has the same number should it come again, as VMs do: so many are remembered, those that
 * went last.
 */
#define OBJECT_IDS_GONE_MAX 10000
bool object_id_gone(Inventory *inventory, const char *kind, const char *key, GError **error);
/* It is gone for good. */
bool object_id_forget(Inventory *inventory, const char *kind, const char *key, GError **error);
