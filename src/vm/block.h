/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What libvirt does to the disks of a running VM: external snapshots, commits, copies. QEMU has the files;
 * what is not running is storage/disk.h's matter. All calls block, each with a bound on how long QEMU may
 * make no progress, and are for the threads of operations. Errors: NOT_FOUND (no such VM or disk), NO_SPACE,
 * CANCELLED, TIMED_OUT, FAILED with libvirt's own words. After an error the VM writes to the files that it
 * wrote to before.
 */
#pragma once

#include <gio/gio.h>
#include <libvirt/libvirt.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct BlockOverlay {
        const char *target; /* "vda" */
        const char *path;   /* a qcow2 over the file that the VM writes to now; must be there */
} BlockOverlay;

/* How a call is watched; members may be NULL. */
typedef struct BlockWatch {
        void (*progress)(unsigned percent, gpointer user_data);
        gpointer user_data;
        GCancellable *cancellable;
} BlockWatch;

/*
 * From one moment on the VM writes to the overlays, all of them or none; other disks are left alone. memory:
 * NULL, or the file for its memory at that moment, which must not be there; the VM runs on while most of it
 * is written. quiesce: the guest's agent freezes its file systems for that moment; an error when it cannot.
 * libvirt's definitions, of now and of the next start, name the overlays afterwards.
 */
bool block_snapshot(virConnectPtr connection, const char *uuid, const BlockOverlay *overlays, unsigned n,
                    const char *memory, bool quiesce, const BlockWatch *watch, GError **error);

/*
 * Writes what top has into base, beneath it, and takes top, and what is between, out of the chain. top NULL:
 * the file that the VM writes to; afterwards it writes to base, and so say libvirt's definitions. Files
 * stay.
 */
bool block_commit(virConnectPtr connection, const char *uuid, const char *target, const char *base,
                  const char *top, const BlockWatch *watch, GError **error);

/*
 * Copies what the VM writes to into a qcow2 that is there, and lets it write to that from then on, as
 * libvirt's definitions say. shallow: only the file that it writes to; the new one stands on a copy of those
 * beneath.
 */
bool block_copy(virConnectPtr connection, const char *uuid, const char *target, const char *path,
                bool shallow, const BlockWatch *watch, GError **error);

/* Makes it larger for the guest, too. */
bool block_resize(virConnectPtr connection, const char *uuid, const char *target, uint64_t bytes,
                  GError **error);

/*
 * After a daemon's death: what libvirt still does for it (a snapshot in the making) and jobs of disks that
 * nobody waits for any more are ended, or waited for where they cannot be. The VM goes on with what it
 * writes to then.
 */
bool block_abort_all(virConnectPtr connection, const char *uuid, GError **error);

/* The files of a disk of a running VM as QEMU has them, top first: char *, owned. */
GPtrArray *block_chain(virConnectPtr connection, const char *uuid, const char *target, GError **error);
