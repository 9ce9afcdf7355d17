/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disks of a VM: what the files of their methods share. */
#pragma once

#include "operation/snapshot.h"

/* The disk of that target with a file; independent ones, too. Owned. NOT_FOUND. */
DefinitionDisk *vm_disk_find(const SnapshotVm *vm, const char *target, GError **error);

/* The mode that the record has for it. False with an error. */
bool vm_disk_mode(const SnapshotVm *vm, const char *target, DiskMode *ret, GError **error);

/* The first snapshot that names it; NULL: none. Borrowed. */
const SnapshotRecord *vm_disk_snapshot(const SnapshotVm *vm, const char *target);

/* NOT_SUPPORTED: a suspended VM comes back with the hardware that it had. */
bool vm_disk_check_awake(const SnapshotVm *vm, GError **error);

bool run_list_disks(Call *call, JsonObject *args, JsonBuilder *result, GError **error);
bool run_release_space(Call *call, JsonObject *args, JsonBuilder *result, GError **error);
bool run_get_space_report(Call *call, JsonObject *args, JsonBuilder *result, GError **error);
