/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* VirtualMachineRelocateSpec, as RelocateVM_Task and CloneVM_Task have it. */
#pragma once

#include "api/vm/plan.h"

typedef struct Location {
        const char *datastore;    /* name; NULL: as it is */
        const char *pool;         /* path */
        const char *folder;       /* path */
        const char *provisioning; /* "thin", "thick"; NULL: not said */
        bool linked;              /* createNewChildDiskBacking */
} Location;

/* vm: whose disks the locators name. False with the plan's fault. Strings are borrowed from the world. */
bool location_read(Plan *plan, const Vm *vm, const VimValue *spec, Location *ret);
