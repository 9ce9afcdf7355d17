/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One run of qemu-img: bounded output, progress, an end when it is cancelled, errors in our words. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

#include "storage/disk.h"

typedef struct QemuImg {
        const char *const *arguments; /* after "qemu-img"; ends with NULL */
        const char *doing;            /* for errors: "copy" in "cannot copy /disk: ..." */
        const char *path;             /* for errors */
        unsigned silence_s;           /* killed after so long without a word; 0: it may take what it takes */

        /* With -p in the arguments. progress, user_data and cancellable may be NULL. */
        DiskProgress progress;
        gpointer user_data;
        GCancellable *cancellable;

        char **ret_output; /* NULL, or where its standard output goes; owned by the caller */
        int *ret_status;   /* NULL, or where an exit status above 0 goes, which is then no error */
} QemuImg;

/*
 * Blocks until it has ended; it ends with the calling thread, too. Errors: CANCELLED, NO_SPACE, BUSY
 * (somebody has the disk open), TIMED_OUT, NOT_FOUND (there is no qemu-img), FAILED.
 */
bool qemu_img_run(const QemuImg *run, GError **error);
