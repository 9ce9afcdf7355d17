/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Datastores in the API: what the files of this folder share. */
#pragma once

#include "api/entity.h"
#include "api/request.h"
#include "api/task.h"

/*
 * The datastore that a path names, "[ds] dir/file", or also "[ds]" and "[ds] dir/" with may_be_folder. NULL:
 * InvalidDatastorePath or InvalidDatastore was sent. within: not NULL: it must be this one.
 */
Managed *store_of_path(Request *request, const char *path, bool may_be_folder, const Managed *within);

/* Errors of operations on files; the message begins with the path. */
VimValue *store_fault(const GError *error);
/* Of operations on datastores as a whole. */
VimValue *store_datastore_fault(const GError *error);

/* A task about files of a datastore. args is taken; result may be NULL. */
void store_run(Request *request, Managed *datastore, const char *operation, JsonObject *args,
               RequestResult result, gpointer data, GDestroyNotify free_data);

/* The folder of the host that a Datastore is. Borrowed. */
const char *store_path(const Managed *datastore);

/* The file systems of all datastores have been looked at again, or there are others. */
void store_update_volumes(Api *api);

/* A browser of these datastores; key: as managed objects have it. */
Managed *store_add_browser(Api *api, const char *key);

/* Anything that is nothing here, successfully. */
void store_nothing(Request *request);
void store_none(Request *request); /* an empty list */
void store_unsupported(Request *request);
