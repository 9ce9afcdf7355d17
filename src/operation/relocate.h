/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RelocateVM: a VM's files to another datastore, thin or thick, whether it is off or runs. Copies first,
 * then the definition that names them, then the inventory, then the old files go; of a VM that runs QEMU
 * copies what it writes to and changes over by itself, disk by disk. A kill between two of those is moved
 * on from, by a task: what is copied already is where it is to be.
 */
#pragma once

#include "operation/snapshot.h"
#include "storage/disk.h"

typedef struct Relocate {
        SnapshotVm *vm;
        Tree *tree;
        GHashTable *moves; /* char *path to char *path: files of disks and snapshots */
        char *datastore, *datastore_path, *home, *old_home; /* old_home NULL: an adopted VM */
        DiskProvisioning provisioning;
        unsigned n_disks, n_done; /* for progress */
        Intent *intent;
} Relocate;

/* --- relocate-copy.c --- */

/* Where a file will be; path itself when it stays. */
const char *relocate_path(const GHashTable *moves, const char *path);

/* What is moved into move->home, by move->tree. BUSY with linked clones. */
bool relocate_choose(Relocate *move, GError **error);

/* Files that nobody writes to; what else lies in the VM's folder; what a disk of a VM that runs writes to.
 */
bool relocate_copy_disks(Relocate *move, GError **error);
bool relocate_copy_others(const Relocate *move, GError **error);
bool relocate_copy_active(Relocate *move, const DefinitionDisk *disk, GError **error);
/* A disk of which there may be a part of a copy already. */
bool relocate_copy_again(Relocate *move, const DefinitionDisk *disk, GError **error);

/* --- relocate-finish.c: all is copied --- */

/* What names the files names the copies, and the old ones and the intent go. */
bool relocate_finish(Relocate *move, GError **error);
