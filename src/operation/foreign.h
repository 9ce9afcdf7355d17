/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a VM's files on a datastore say, made fit for this host. They come from whoever can write there:
 * nothing that they name is opened or changed unless it lies in a datastore, wherever links lead.
 */
#pragma once

#include "operation/operation.h"
#include "vm/definition.h"

typedef struct Foreign {
        Call *call;
        const char *uuid;
        const char *from; /* its folder when the files were written; "" when they do not say */
        const char *home; /* its folder now */
} Foreign;

/* The path of a file that may have moved with the folder; owned. */
char *foreign_path(const Foreign *foreign, const char *path);

bool foreign_is_allowed(const Foreign *foreign, const char *path);

/* Paths are those of now, and there is nothing in it that reaches for more of the host. */
bool foreign_adapt(const Foreign *foreign, Definition *definition, GError **error);

/*
 * Each file that a disk stands on is in a datastore. Headers of files in the VM's folder that name where it
 * was are set right. format NULL: raw.
 */
bool foreign_check_chain(const Foreign *foreign, const char *path, const char *format, GError **error);
/* The same of all of a definition's disks. */
bool foreign_check_disks(const Foreign *foreign, Definition *definition, GError **error);

/*
 * The memory of a suspended VM or of a snapshot, a file of the folder, has a definition in it, which goes
 * the same way. what: "the VM is suspended", for errors.
 */
bool foreign_take_memory(const Foreign *foreign, const char *path, const char *what, GError **error);
