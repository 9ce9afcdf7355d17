/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is known of every VM besides its hardware, which libvirt has: where it lives, what it came from,
 * its folder, disk modes, cards, snapshots.
 *
 * A VM that libvirt has and that was not adopted has no Record, but it may have an InventoryVm (its pool and
 * memory settings). A Record that is made for it later keeps these: they share a row.
 */
#pragma once

#include "inventory/inventory.h"

typedef enum RecordState {
        RECORD_READY,
        RECORD_MAKING,   /* being made: what there is of it goes when nobody goes on making it */
        RECORD_REMOVING, /* being deleted: the deletion is to be ended */
} RecordState;

typedef struct Record {
        char *uuid;
        char *name;      /* unique among all; libvirt's name of the domain is the same */
        char *folder;    /* path, "/" is the root */
        char *datastore; /* name of the datastore of its home; NULL: adopted, its disks lie anywhere */
        char *home;      /* absolute path of the folder with its files; NULL as above */
        char *parent;    /* UUID of the VM it was cloned from, or NULL */
        int64_t parent_snapshot;  /* linked clones: the snapshot whose disks it stands on; 0: none */
        int64_t current_snapshot; /* the snapshot that its disks go on from; 0: none */
        int64_t made_ms;          /* wall clock */
        RecordState state;
        bool is_template;
        char *saved; /* absolute path of the memory of a suspended VM; NULL: not suspended */
} Record;

Record *record_new(const char *uuid, const char *name);
void record_free(Record *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Record, record_free)

/* By UUID or by name; NULL without an error when there is none. */
Record *record_load(Inventory *inventory, const char *uuid, GError **error);
Record *record_find(Inventory *inventory, const char *name, GError **error);

/*
 * Makes it or changes it. G_IO_ERROR_EXISTS when the name is another VM's; INVALID_ARGUMENT when it cannot
 * be a name; NOT_FOUND when there is no such folder or datastore, or no such parent or snapshot.
 */
bool record_save(Inventory *inventory, const Record *record, GError **error);

/*
 * With everything that hangs on it: disks, cards, snapshots, attributes' values, options, its question and
 * its unfinished batches. BUSY while linked clones stand on its snapshots. Nothing when there is none.
 */
bool record_delete(Inventory *inventory, const char *uuid, GError **error);

/* Of Record *, owned, by name. folder: NULL, or those in it (deep: and below it). */
GPtrArray *record_list(Inventory *inventory, const char *folder, bool deep, GError **error);

/* Linked clones of a snapshot (or of any snapshot of the VM, with snapshot 0). Of Record *, owned. */
GPtrArray *record_clones(Inventory *inventory, const char *uuid, int64_t snapshot, GError **error);

/* --- folders that it was moved out of while it ran, and in which QEMU has files open until it ends --- */

/* Absolute paths, the one that it was started in first. Nothing is added twice, or forgotten twice. */
bool left_home_add(Inventory *inventory, const char *uuid, const char *path, GError **error);
GPtrArray *left_homes(Inventory *inventory, const char *uuid, GError **error); /* of char *, owned */
bool left_home_forget(Inventory *inventory, const char *uuid, const char *path, GError **error);

/* --- disks: what libvirt does not say of them --- */

typedef enum DiskMode {
        DISK_PERSISTENT,
        DISK_INDEPENDENT_PERSISTENT,    /* snapshots leave it alone */
        DISK_INDEPENDENT_NONPERSISTENT, /* and so do power-offs: changes go to a REDO file that is dropped */
} DiskMode;

const char *disk_mode_name(DiskMode mode); /* "persistent", "independent_persistent", ... as in vim25 */
bool disk_mode_parse(const char *name, DiskMode *ret); /* false: no such mode */

typedef struct DiskRecord {
        char *target; /* as libvirt calls it: "vda"; unique in a VM */
        DiskMode mode;
        char *base; /* non-persistent: absolute path of the disk beneath the REDO file; else NULL */
} DiskRecord;

void disk_record_free(DiskRecord *disk);

/* A disk without a record is persistent. Of DiskRecord *, owned. */
GPtrArray *disk_records(Inventory *inventory, const char *uuid, GError **error);
bool disk_record_save(Inventory *inventory, const char *uuid, const DiskRecord *disk, GError **error);
bool disk_record_delete(Inventory *inventory, const char *uuid, const char *target, GError **error);

/* --- snapshots --- */

typedef struct SnapshotRecord {
        int64_t id;     /* 0 in a new one; given by snapshot_add, never given again */
        char *uuid;     /* of its VM */
        int64_t parent; /* 0: none */
        char *name;
        char *description;
        int64_t time_ms;
        char *memory;      /* absolute path of the memory that belongs to it, or NULL */
        char *definition;  /* the domain's XML then */
        GHashTable *disks; /* char *target to char *: the file that was frozen by it */
} SnapshotRecord;

SnapshotRecord *snapshot_record_copy(const SnapshotRecord *snapshot);
void snapshot_record_free(SnapshotRecord *snapshot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SnapshotRecord, snapshot_record_free)

/* Of SnapshotRecord *, owned, by id: a parent before its children. */
GPtrArray *snapshot_records(Inventory *inventory, const char *uuid, GError **error);
SnapshotRecord *snapshot_record_load(Inventory *inventory, int64_t id, GError **error);
/* Of all VMs at once: char *uuid to how many, GUINT_TO_POINTER; those without are not in it. Owned. */
GHashTable *snapshot_counts(Inventory *inventory, GError **error);

#define SNAPSHOT_LAST_SAVED (-1)

/*
 * One transaction: saves (id 0: adds, and writes the new id into it) the snapshots of save, deletes
 * those of the ids in remove (their children become their parent's), sets the VM's current snapshot (an id;
 * 0: none; SNAPSHOT_LAST_SAVED: the last one of save) and forgets the intent (0: none).
 *
 * NOT_FOUND when an id is of no snapshot of this VM; BUSY when linked clones stand on one that is to be
 * removed. Ids are written into save only when all has succeeded.
 */
bool snapshot_records_change(Inventory *inventory, const char *uuid, SnapshotRecord *const *save,
                             unsigned n_save, const int64_t *remove, unsigned n_remove, int64_t current,
                             int64_t intent, GError **error);

/* --- network cards --- */

/* port_group NULL: forgets; NOT_FOUND when there is none such. By the card's MAC, in lower case. */
bool card_save(Inventory *inventory, const char *uuid, const char *mac, const char *port_group,
               GError **error);
/* char *mac to char *port_group, owned. */
GHashTable *card_records(Inventory *inventory, const char *uuid, GError **error);
