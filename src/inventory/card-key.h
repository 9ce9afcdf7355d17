/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Keys of network cards: a card keeps the one that it was given first. Kept only of VMs whose cards would
 * have others by their order, as after the first of two was removed.
 */
#pragma once

#include "inventory/inventory.h"

/* char *mac to GINT_TO_POINTER(key), owned. Of any VM of libvirt's. */
GHashTable *card_keys(Inventory *inventory, const char *uuid, GError **error);
/* In place of those that there are. keys NULL: none. */
bool card_keys_save(Inventory *inventory, const char *uuid, GHashTable *keys, GError **error);
