/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A VM's tree of snapshots in its NAME.vmx, so that it goes with the VM when another host registers it:
 *
 *      snapshot.numSnapshots, snapshot.current (a uid; 0: none)
 *      snapshotN.uid, .parent (a uid; 0: none), .displayName, .description, .time_ms,
 *              .filename (its memory; "" or none), .definition (the domain's XML then),
 *              .numDisks, .diskM.node ("vda"), .diskM.fileName (the file that it froze)
 *
 * A parent comes before its children. Paths are relative to the VM's folder where they can be.
 */
#pragma once

#include "operation/foreign.h"

bool snapshot_file_append(Call *call, const char *uuid, const char *home, GString *text, GError **error);

/*
 * Of SnapshotRecord *, owned, with the ids of the file, and absolute paths; an empty array when it says
 * nothing of snapshots. INVALID_ARGUMENT. Only what the text says is looked at, no file.
 */
GPtrArray *snapshot_file_parse(const Foreign *foreign, GHashTable *vmx, int64_t *ret_current,
                               GError **error);

/* That what they name is there and in datastores; definitions and files are made fit for this host. */
bool snapshot_file_check(const Foreign *foreign, GPtrArray *snapshots, Definition *definition,
                         GError **error);

/* Into the inventory, in which they get ids of its own. The VM has a record. */
bool snapshot_file_save(const Foreign *foreign, GPtrArray *snapshots, int64_t current, GError **error);
