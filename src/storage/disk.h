/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Disk files, by qemu-img. All calls block, for as long as copying takes, and are for any thread. Files
 * that are made belong to the caller, with mode 0600; a call that fails or is cancelled leaves none behind.
 * Paths are absolute. Errors: NOT_FOUND, EXISTS, NO_SPACE (with what is missing where it is known), BUSY (a
 * VM has it open), CANCELLED, INVALID_ARGUMENT, NOT_SUPPORTED (it stands on what is no file), FAILED.
 * qemu-img ends with the thread that waits for it, so nothing is written any more when the daemon has been
 * killed.
 */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum DiskProvisioning {
        DISK_THIN,  /* qcow2 that grows */
        DISK_THICK, /* qcow2 with everything reserved (fallocate) */
} DiskProvisioning;

typedef struct DiskInfo {
        char *format;  /* "qcow2", "raw" */
        char *backing; /* absolute path of the file beneath, or NULL */
        char *backing_format;
        uint64_t provisioned_bytes; /* what the guest sees */
        uint64_t used_bytes;        /* blocks that this file alone takes (st_blocks) */
} DiskInfo;

void disk_info_free(DiskInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DiskInfo, disk_info_free)

typedef void (*DiskProgress)(unsigned percent, gpointer user_data);

/*
 * Works on a disk that a VM has open, too, and takes microseconds for a qcow2. The format is what the
 * contents say, and a guest decides what its raw disk says: see disk_check_format().
 */
DiskInfo *disk_info(const char *path, GError **error);

/*
 * Whether it looks like what its definition says. To be asked before a disk that we did not make is copied
 * or stood upon: a guest with a raw disk could write a qcow2 header into it that names a file of the host.
 */
bool disk_check_format(const char *path, const char *format, GError **error);

/* The file and those beneath it, top first: char *, owned. At most DISK_CHAIN_MAX, else FAILED. */
#define DISK_CHAIN_MAX 64
GPtrArray *disk_chain(const char *path, GError **error);

bool disk_create(const char *path, uint64_t bytes, DiskProvisioning provisioning, GError **error);

/* A qcow2 over backing, which must never be written again while it is there. */
bool disk_create_overlay(const char *path, const char *backing, const char *backing_format, GError **error);

/*
 * A copy of what a guest sees in source, without backing file; runs of zeros take no space in a thin one.
 * backing: NULL, or a file that target is to stand on, so that only differences are copied; any file will
 * do.
 */
bool disk_copy(const char *source, const char *target, DiskProvisioning provisioning, const char *backing,
               DiskProgress progress, gpointer user_data, GCancellable *cancellable, GError **error);

/*
 * The contents of path go into its backing file; path stays as it is, so that it can be done again. No VM
 * may have them open. Killed, it may leave leaks in the backing file: disk_mend_leaks().
 */
bool disk_commit(const char *path, DiskProgress progress, gpointer user_data, GCancellable *cancellable,
                 GError **error);

/* Only the name of the backing file in the header: for files that were moved. */
bool disk_set_backing(const char *path, const char *backing, const char *backing_format, GError **error);

bool disk_resize(const char *path, uint64_t bytes, GError **error); /* larger only */

/*
 * Gives blocks of zeros back to the file system: a copy without them takes the file's place in one step, so
 * that there must be room for what is not zero. Killed, it may leave PATH + DISK_RELEASE_SUFFIX behind.
 */
#define DISK_RELEASE_SUFFIX ".released"
bool disk_release_zeros(const char *path, DiskProgress progress, gpointer user_data,
                        GCancellable *cancellable, GError **error);

/*
 * Gives clusters back that nothing refers to (leaks), which a killed writer leaves and which harm nobody.
 * FAILED with what is wrong when there is more.
 */
bool disk_mend_leaks(const char *path, GError **error);

/* So that a crash of the host after this finds file and name there. */
bool disk_sync(const char *path, GError **error);
