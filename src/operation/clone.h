/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clones of one VM: what all of them have in common, and the making of one. */
#pragma once

#include "operation/operation.h"

/* The custom attribute of a clone that names its parent. */
#define CLONE_ATTRIBUTE_TEMPLATE "Template"

/* What was asked for; strings are the request's. */
typedef struct CloneArgs {
        const char *vm, *prefix, *folder, *datastore, *snapshot, *customization;
        char **names, **attributes;
        int64_t count, in_flight;
        bool linked, power_on, as_template, what_if, anew;
} CloneArgs;

typedef struct ClonePlan {
        Record *parent;
        SnapshotRecord *snapshot; /* NULL: a full copy of the disks as they are, of a VM that is off */
        char *definition;         /* the parent's, as it was at the snapshot */
        GHashTable *disks;        /* char *target to char *file: what the clones' disks are made from */
        bool linked;

        char *folder;
        char *datastore;
        char *datastore_path;
        char *customization; /* the specification's name, or NULL */
        char **attributes;   /* to be copied from the parent; may be NULL */
        bool power_on;
        bool as_template;
} ClonePlan;

void clone_plan_free(ClonePlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClonePlan, clone_plan_free)

/* Locks the parent for as long as the call lasts: nobody changes it. NULL with an error. */
ClonePlan *clone_plan_new(Call *call, const CloneArgs *args, GError **error);

/* The specification for so many clones that are to be made: it is there, and goes for all of them. */
bool clone_plan_customize(Call *call, ClonePlan *plan, const CloneArgs *args, unsigned count,
                          GError **error);

/*
 * Makes one; when it fails, nothing is left of it. EXISTS: the name is taken. progress: of the copying.
 * Several threads of one call may make clones of one plan at once. ret_uuid: owned.
 */
bool clone_make(Call *call, const ClonePlan *plan, const char *name, void (*progress)(unsigned, gpointer),
                gpointer user_data, char **ret_uuid, GError **error);
