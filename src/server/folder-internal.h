/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What folder.c, folder-read.c and folder-put.c share. */
#pragma once

#include "server/folder.h"
#include "storage/store-file.h"

/* Work for one exchange, some of it in threads: it lives until that has ended, also when the client has
 * gone. */
typedef struct FolderJob {
        Api *api;
        Exchange *exchange; /* NULL: gone */
        StoreFile *file;
        GError *error;
        struct stat st;
        int fd;                /* -1: none */
        GString *list;         /* of a folder */
        StoreFile *partial;    /* of what is being put */
        bool partial_is_there; /* by that name */
        bool replaces;
} FolderJob;

void folder_job_free(FolderJob *job);

/* Runs work in a thread, then next, which is to free the job or to go on with it. */
void folder_job_run(FolderJob *job, void (*work)(FolderJob *job), void (*next)(FolderJob *job));

/* With what job->error means; frees the job. */
void folder_job_fail(FolderJob *job);

void folder_job_read(FolderJob *job);
void folder_job_put(FolderJob *job);
void folder_job_delete(FolderJob *job);
