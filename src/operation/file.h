/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files on datastores: what the files of their methods share.
 *
 * Nothing that a VM stands on is changed or deleted here: see file_uses_check(). What is made is made under
 * a name of its own beside its place, written down as an intent, and takes its place in one step when it is
 * whole; so a kill leaves what was there, and what was begun goes at the next start.
 */
#pragma once

#include "operation/operation.h"
#include "storage/store-file.h"

/* "[ds] path", of a file, or of a file or a folder. INVALID_ARGUMENT; NOT_FOUND: no such datastore. */
StoreFile *file_parse(Call *call, const char *text, bool may_be_folder, GError **error);

/* Nobody else's method works on it, or takes it for a VM, until the call ends. BUSY. */
bool file_lock(Call *call, const StoreFile *file, GError **error);

/* --- file-use.c: who uses which files --- */

typedef struct FileUses FileUses;

/* Looks at all VMs, libvirt's others, too, and at what is being done to them. NULL with an error. */
FileUses *file_uses_new(Call *call, GError **error);
void file_uses_free(FileUses *uses);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FileUses, file_uses_free)

/* BUSY, naming who has it, when the file, or one in the folder, is used, or the folder is a VM's home. */
bool file_uses_check(const FileUses *uses, const StoreFile *file, GError **error);

/* For a disk that a VM only reads: BUSY when it is somebody's, and not just what other disks stand on. */
bool file_uses_check_shared(const FileUses *uses, const StoreFile *file, GError **error);

/* BUSY, when others than the VM of that name have the file, to write or to stand on. */
bool file_uses_check_others(const FileUses *uses, const char *path, const char *vm, GError **error);

/*
 * To read a file that VMs may use: those are locked for looking until the call ends. BUSY: one that runs
 * writes to it. *ret_format: what a VM's definition says of it; NULL: none does. Borrowed.
 */
bool file_uses_read(const FileUses *uses, Call *call, const StoreFile *file, const char **ret_format,
                    GError **error);

/* --- making --- */

typedef struct FileWork {
        StoreFile *target;
        StoreFile *partial; /* beside it; not there yet */
        Intent *intent;
} FileWork;

/* EXISTS when target is there, unless replace. NULL with an error. */
FileWork *file_work_new(Call *call, const StoreFile *target, bool replace, GError **error);
void file_work_free(FileWork *work);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FileWork, file_work_free)

/* What was made takes its place. False: it is gone. */
bool file_work_end(Call *call, FileWork *work, bool replace, GError **error);
/* It came to nothing. */
void file_work_drop(Call *call, FileWork *work);

/* A method's arguments "source", "target" and "force". */
typedef struct FilePair {
        StoreFile *from, *to;
        FileUses *uses;
        bool replace;
} FilePair;
void file_pair_clear(FilePair *pair);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FilePair, file_pair_clear)

/* Parsed and locked; what is to be replaced is not in use. */
bool file_pair_open(Call *call, JsonObject *args, bool may_be_folder, FilePair *ret, GError **error);

/* To be asked of from before. */
bool file_move(Call *call, const FilePair *pair, GError **error);

/* For storage's functions: shows the percent. user_data: the Call. */
void file_show_progress(unsigned percent, gpointer user_data);

/* Puts the path first, as errors of these methods have it. Returns false. */
bool file_prefix_error(const StoreFile *file, GError **error);

bool run_search_datastore(Call *call, JsonObject *args, JsonBuilder *result, GError **error);
