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

/* Forgets the record of a persistent one. */
bool vm_disk_save_mode(Call *call, const char *uuid, const char *target, DiskMode mode, GError **error);

/* What clients say of a disk; NULL is the default. INVALID_ARGUMENT. */
bool vm_disk_parse_mode(const char *word, DiskMode *ret, GError **error);

/* NOT_SUPPORTED: it has as many as it can, or the mode needs one that is off. */
bool vm_disk_check_room(const SnapshotVm *vm, DiskMode mode, GError **error);

/* Into the VM, which is on or off; and the target it has then, owned. */
bool vm_disk_plug(SnapshotVm *vm, const DefinitionDisk *disk, GError **error);
char *vm_disk_target_of(SnapshotVm *vm, const char *path, GError **error);

/* AddDisk's and AttachDisk's. */
void vm_disk_tell(JsonBuilder *result, const char *target, const char *path);

/* --- disk-attach.c --- */

bool run_attach_disk(Call *call, JsonObject *args, JsonBuilder *result, GError **error);
bool end_attach_disk(Call *call, const Intent *intent, bool uses_new, GError **error);
#define INTENT_ATTACH "attach-disk"

/* Nobody else has the disk's file, so that the VM may write to it. BUSY. */
bool vm_disk_check_unshared(SnapshotVm *vm, const DefinitionDisk *disk, GError **error);

bool run_list_disks(Call *call, JsonObject *args, JsonBuilder *result, GError **error);
bool run_release_space(Call *call, JsonObject *args, JsonBuilder *result, GError **error);
bool run_get_space_report(Call *call, JsonObject *args, JsonBuilder *result, GError **error);
