/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * /folder/PATH?dcPath=DATACENTER&dsName=DATASTORE: files of datastores. GET and HEAD (with ranges) and lists
 * of folders take Datastore.Browse; PUT and DELETE Datastore.FileManagement.
 */
#pragma once

#include "server/routes.h"

/* Of a head; answers, or goes on with the body, later. */
void folder_begin(Server *server, Exchange *exchange);
