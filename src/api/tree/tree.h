/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files that make the tree of the inventory know of each other. */
#pragma once

#include "api/entity.h"
#include "api/request.h"

extern const ApiModule folder_module, catalogue_module, service_module;

/* --- folder.c: the folders and the datacenter --- */

#define DATACENTER_NAME "Datacenter" /* until it is renamed */

/* The folders of VMs are those of the inventory afterwards. */
void folders_sync(Api *api);
/*
 * A folder of VMs is going to have another path: when the one is gone and the other there, it is the same
 * folder.
 */
void folders_expect(Api *api, const char *from, const char *to);

/* The path in the inventory of a folder of VMs ("/lab", borrowed); NULL: it is one of others. */
const char *folder_path(const Managed *folder);

/* --- folder-act.c --- */

extern const struct Handler folder_handlers[];

/* --- name.c --- */

/* Whether it can be an entity's name; false: InvalidName was sent. kind: "folder". */
bool name_is_right(Request *request, const char *kind, const char *name);
/* Whether nothing has it yet; false: DuplicateName was sent. there: what has it, or NULL. */
bool name_is_free(Request *request, const Managed *there, const char *name);

/* --- about.c --- */

typedef enum AboutOf { ABOUT_VCENTER, ABOUT_HOST } AboutOf;

VimValue *about_value(Api *api, AboutOf of);

/*
 * Sets every field of a data object that refers to a managed object of which there is one: what
 * ServiceContent and HostConfigManager are made of. Fields that are set already stay.
 */
void managers_fill(World *world, VimValue *object);
