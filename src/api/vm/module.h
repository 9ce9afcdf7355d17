/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What keeps the VirtualMachine objects right, and when. */
#pragma once

#include <unistd.h>

#include "api/vm/vm.h"

#define VM_MODULE "vm"

typedef struct VmModule {
        Api *api;

        /* quick.c */
        int64_t quick_us; /* monotonic: when the figures were set last */
        GQueue quick;     /* of char *: UUIDs of those that are still to be set */
        guint quick_source;

        /* survey.c */
        guint survey_source, sweep_source;
        bool surveying, survey_again;
        int64_t survey_us;  /* when the last one began */
        GHashTable *wanted; /* UUIDs that are to be described whatever their stamps are */
        GPtrArray *sweep;   /* of UUIDs that the sweep under way has still to ask for */
        int64_t last_event;
        uint64_t places; /* what VMs may refer to, when it was looked at last */

        /* guest-ask.c */
        guint ask_source;
        unsigned asking;
        bool stopped;
} VmModule;

/* For tests, too. */
Vm *vm_new(World *world, const char *id);
void vm_free(gpointer vm);

void quick_start(VmModule *module);
void quick_stop(VmModule *module);

/* Described again soon, whether it seems to have changed or not. */
void survey_want(VmModule *module, const char *uuid);
void survey_start(VmModule *module);
void survey_stop(VmModule *module);

/* After each description: its agent may have come or gone. */
void guest_ask_changed(Api *api, Managed *managed, bool anew); /* anew: it may have other addresses */
void guest_ask_start(VmModule *module);
void guest_ask_stop(VmModule *module);
