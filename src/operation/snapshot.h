/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Snapshots: what the files of their methods share.
 *
 * Each snapshot names the files that it froze; the VM goes on in overlays. libvirt knows nothing of them: it
 * is told where the disks are. What is right after a kill at any point: create  overlays, then the
 * definition that uses them, then the record revert  overlays over the frozen files, then the definition,
 * then the record, then old overlays go remove  the record, then files that nothing needs, then files are
 * merged: each merge leaves every file with the contents it had, until the definition or the record points
 * past one, which then goes
 */
#pragma once

#include "operation/operation.h"
#include "operation/snapshot-tree.h"
#include "vm/definition.h"
#include "vm/life.h"

#define SNAPSHOT_DESCRIPTION_MAX 4096 /* bytes */

#define METHOD_CONSOLIDATE "ConsolidateVMDisks"

/* What the file of a snapshot's memory ends with when the VM was suspended then, and did not run. */
#define SNAPSHOT_MEMORY_SUSPENDED ".vmss"

/* A VM that somebody works on; loaded once, and again when something has changed. */
typedef struct SnapshotVm {
        Call *call;
        virConnectPtr connection; /* the call's */
        Record *record;
        LifePower power;
        bool is_on;             /* QEMU has its files open */
        Definition *definition; /* as it runs, or else as it will start */
        GPtrArray *disks;       /* of DefinitionDisk *: those that snapshots are about */
        GPtrArray *snapshots;   /* of SnapshotRecord * */
} SnapshotVm;

/* By name, and locked; by the UUID of a VM whose lock the call has; only to be looked at. NULL with an
 * error. */
SnapshotVm *snapshot_vm_open(Call *call, const char *name, GError **error);
SnapshotVm *snapshot_vm_open_locked(Call *call, const char *uuid, GError **error);
SnapshotVm *snapshot_vm_look(Call *call, const char *name, GError **error);
void snapshot_vm_free(SnapshotVm *vm);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SnapshotVm, snapshot_vm_free)

/* The definition, the disks and the snapshots anew. */
bool snapshot_vm_reload(SnapshotVm *vm, GError **error);

/* NOT_SUPPORTED while it waits for the answer to a question, or libvirt does not know it. */
bool snapshot_vm_check(const SnapshotVm *vm, GError **error);

/* "#12", or a name that one of them has. Borrowed; NULL with NOT_FOUND or INVALID_ARGUMENT. */
const SnapshotRecord *snapshot_pick(const SnapshotVm *vm, const char *which, GError **error);
const SnapshotRecord *snapshot_by_id(const SnapshotVm *vm, int64_t id);

/* Names of the VMs that are linked to it, ", " between; NULL: none, or an error that is set. */
char *snapshot_clone_names(const SnapshotVm *vm, int64_t id, GError **error);

/* What its disks and its snapshots stand on; without those in left_out (n_left_out ids). */
Tree *snapshot_vm_tree(const SnapshotVm *vm, const int64_t *left_out, unsigned n_left_out, GError **error);

/* HOME/web01-000007.qcow2, beside the file HOME/web01.qcow2 or HOME/web01-000001.qcow2 that it is for.
 * Owned. */
char *snapshot_overlay_path(const char *frozen, unsigned number);

/* char *target to char *path: overlays over the files of such a table, none of which exists yet. Owned. */
GHashTable *snapshot_overlays(GHashTable *frozen);

/* FOLDER/NAME-Snapshot1.vmsn or the like, with the first number that is free. Owned. */
char *snapshot_free_path(const SnapshotVm *vm, const char *prefix, const char *suffix);

/* The array's strings, with NULL at the end; the array is no more. Owned. */
char **snapshot_take_paths(GPtrArray *paths);

/* Whether the VM is to write to one of an intent's new files. */
bool snapshot_uses_new(const SnapshotVm *vm, const Intent *intent);

/* Deletes files; what is not there is no matter. With an event about what cannot be deleted. */
void snapshot_delete_files(Call *call, const char *vm, char *const *paths);

/* The files that describe the VM anew, with an event when that fails: they are for other hosts. */
void snapshot_write_home(SnapshotVm *vm);

/* --- intents --- */

/* The member of an intent's details; NULL with an error when they are not what we wrote. Borrowed. */
JsonObject *snapshot_details(const Intent *intent, JsonParser *parser, GError **error);
bool snapshot_save_intent(SnapshotVm *vm, Intent *intent, JsonBuilder *details, GError **error);
Intent *snapshot_new_intent(const SnapshotVm *vm, const char *kind);

/* The methods and ends of intents that are in files of their own. */
bool run_create_snapshot(Call *call, JsonObject *args, JsonBuilder *result, GError **error);
bool run_revert_to_snapshot(Call *call, JsonObject *args, JsonBuilder *result, GError **error);
bool run_revert_to_current_snapshot(Call *call, JsonObject *args, JsonBuilder *result, GError **error);
bool run_remove_snapshot(Call *call, JsonObject *args, JsonBuilder *result, GError **error);
bool run_remove_all_snapshots(Call *call, JsonObject *args, JsonBuilder *result, GError **error);
bool run_consolidate_disks(Call *call, JsonObject *args, JsonBuilder *result, GError **error);
bool end_create_snapshot(Call *call, const Intent *intent, bool uses_new, GError **error);
bool end_revert_snapshot(Call *call, const Intent *intent, bool uses_new, GError **error);
bool end_remove_snapshot(Call *call, const Intent *intent, bool uses_new, GError **error);

/*
 * Merges what can be merged, one pair after the other. The intent, which is saved, tells a later life what
 * is under way. False with an error: what was merged stays merged, and the rest can be tried again.
 */
bool snapshot_consolidate(SnapshotVm *vm, Intent *intent, GError **error);
/* Ends a merge that had come so far that something stands on its outcome. */
bool snapshot_end_merge(SnapshotVm *vm, const Intent *intent, GError **error);
