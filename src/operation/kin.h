/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Of a VM that is being registered: whose files it stands on, and which linked clones stand on its own. */
#pragma once

#include "operation/operation.h"
#include "vm/definition.h"

/*
 * A linked clone's parent, where this host has it, into the record: so that nobody takes from under it what
 * it stands on.
 */
bool kin_find_parent(Call *call, Record *record, Definition *definition, GError **error);

/*
 * The other way round: VMs that were registered before it and stand on files that its snapshots (of
 * SnapshotRecord *, which must stay) froze. Owned, and locked for this call; to be saved when the snapshots
 * have been, and have ids. NOT_SUPPORTED when such a file is another VM's own.
 */
GPtrArray *kin_find_clones(Call *call, const char *uuid, GPtrArray *snapshots, GError **error);
bool kin_save_clones(Call *call, const char *uuid, GPtrArray *clones, GError **error);
