/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Datastores: directories with a folder for each VM. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

#include "storage/datastore-path.h"

typedef struct DatastoreSpace {
        uint64_t capacity_bytes;
        uint64_t free_bytes; /* for us */
} DatastoreSpace;

bool datastore_space(const char *path, DatastoreSpace *ret, GError **error);

/* Told of a folder before it is made, so that it can be found again after a kill. False: it is not made. */
typedef bool (*DatastoreClaim)(const char *home, gpointer user_data, GError **error);

/*
 * The folder of a new VM, made now with mode 0700: named like the VM, or with "_1", "_2" where that is
 * taken. NULL with an error; the name has been checked by catalog_check_name().
 */
char *datastore_make_home(const char *datastore_path, const char *vm_name, DatastoreClaim claim,
                          gpointer user_data, GError **error);

/*
 * Deletes a VM's folder and the files, links and sockets in it, nothing that a link leads to; with a deeper
 * folder in it nothing at all (FAILED). home must lie directly below datastore_path; succeeds when it is
 * gone.
 */
bool datastore_remove_home(const char *datastore_path, const char *home, GError **error);
