/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One operation that is said as calls of vim25: what equal.c and its parts make them with. */
#pragma once

#include "api/recorder/step.h"

/* Of more than these the operation itself is called. */
#define CALLS_MAX 1024

typedef struct Making {
        Step *step; /* the calls are added to it */
        World *world;
        const char *operation;
        JsonObject *args;
} Making;

/* Of the operation's arguments: what a client sends, and nobody has looked at. */
const char *making_text(const Making *making, const char *member);
bool making_has(const Making *making, const char *member);
bool making_has_only(const Making *making, const char *const *known);
bool making_truth(const Making *making, const char *member, bool otherwise);
void making_set_number(const Making *making, const char *member, VimValue *object, const char *field);

/* What is named, NULL when it is not there, or not the only one of its name. Borrowed. */
const Managed *making_vm_named(const Making *making, const char *name);
const Managed *making_vm(const Making *making);
/* By its name or its number; which NULL: the current one. */
const Managed *making_snapshot(const Making *making, const char *which);
const Managed *making_folder(const Making *making, const char *path);
const Managed *making_datastore(const Making *making, const char *member);
/* The host's object of the type, or the only one there is. */
const Managed *making_host_object(const Making *making, const char *type);

/* A call, without arguments yet. NULL: what it is of is not there. Borrowed. */
Step *making_call(const Making *making, const Managed *target, const char *method);
/* Takes the value. */
void making_give(const Making *making, Step *made, const char *param, VimValue *value);
void making_give_text(const Making *making, Step *made, const char *param, const char *text);

/* equal-vm.c */
void equal_add_virtual_machine(const Making *making);
void equal_add_registered(const Making *making);
void equal_add_relocated(const Making *making);
void equal_add_customized(const Making *making);
void equal_add_clones(const Making *making);
void equal_add_reconfigured(const Making *making);
void equal_add_configured(const Making *making);
void equal_add_disk(const Making *making);
void equal_add_card(const Making *making);

/* equal-host.c */
void equal_add_folder(const Making *making);
void equal_add_moved_folder(const Making *making);
void equal_add_moved(const Making *making);
void equal_add_port_group(const Making *making);
void equal_add_switch(const Making *making);
void equal_add_removed_datastore(const Making *making);
void equal_add_defined(const Making *making);
void equal_add_changed_field(const Making *making);
void equal_add_set_field(const Making *making);
