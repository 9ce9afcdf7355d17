/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a spec asks for, as steps of an operation (operation/compose.c): read and checked as a whole before
 * anything is done. What cannot be done ends the reading with a fault that names the field. Pure.
 */
#pragma once

#include "api/task.h"
#include "api/vm/vm.h"

typedef struct Plan {
        const Vm *vm;  /* as it is; NULL: it is to be made, and wanted says how */
        bool is_clone; /* vm is what it is to be made from */
        World *world;
        JsonObject *wanted; /* arguments of CreateVM */
        JsonObject *options, *settings, *settings_before;
        JsonArray *steps;
        JsonArray *later;        /* steps that cannot be taken back: after all others */
        GPtrArray *privileges;   /* const char *: what who asks has to have */
        GHashTable *controllers; /* of those that the spec adds, GINT_TO_POINTER: key there to key here */
        GHashTable *targets;     /* char *: taken by what the spec adds */

        VimValue *fault; /* it cannot be done */
        char *message;
} Plan;

Plan *plan_new(World *world, const Vm *vm);
void plan_free(Plan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plan, plan_free)

/* Takes the fault; the first one counts. Always false. */
bool plan_fail(Plan *plan, VimValue *fault, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* InvalidArgument with the field. */
bool plan_invalid(Plan *plan, const char *property, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
/* InvalidPowerState: it is to be off for this. */
bool plan_needs_off(Plan *plan, const char *what);

/* Takes args; undo may be NULL: the method that takes it back, with its arguments (taken). */
void plan_step(Plan *plan, const char *method, JsonObject *args, const char *undo, JsonObject *undo_args);
void plan_later(Plan *plan, const char *method, JsonObject *args);
void plan_privilege(Plan *plan, const char *privilege);

/* {"method": ..., "args": ...}. Takes args. */
JsonObject *plan_call(const char *method, JsonObject *args);

/* All arguments of the operation, but for what the VM is. */
JsonObject *plan_args(Plan *plan);

/*
 * Whether it can be done by who asks: else the request was answered, with a task that has failed. After this
 * the plan can be given to the operation.
 */
bool plan_check(Plan *plan, Request *request);

/* --- what is read; false with the plan's fault --- */

bool plan_config(Plan *plan, const VimValue *spec);  /* all but devices */
bool plan_devices(Plan *plan, const VimValue *spec); /* its deviceChange */

/* --- spec-place.c --- */

/* Disks may name controllers that come after them. */
void plan_note_controllers(Plan *plan, const VimValue *changes);
bool plan_add_controller(Plan *plan, const VimValue *device, unsigned index);
bool plan_remove_controller(Plan *plan, const VimValue *device, unsigned index);

/*
 * "bus" and "target" of a new disk or drive, on the controller and the unit that it asks for (the next that
 * is free, unless it says). otherwise: the controller of one that names none.
 */
bool plan_place(Plan *plan, const VimValue *device, int otherwise, unsigned index, JsonObject *args);

/* A disk's settings as operations have them; NULL: the plan's fault. index: of the spec, for that. */
const char *plan_disk_mode(Plan *plan, const VimValue *backing, unsigned index);
const char *plan_provisioning(const VimValue *backing);
/* The port group that a card's backing names. */
const char *plan_port_group(Plan *plan, const VimValue *device, unsigned index);
const char *plan_card_model(const VimValue *device); /* NULL: no card that there is here */
/* "", or the file. NULL: the plan's fault. */
const char *plan_iso(Plan *plan, const VimValue *device, unsigned index);
int64_t plan_disk_mb(const VimValue *disk); /* 0: it says nothing */

/* InvalidDeviceSpec or one that extends it. */
bool plan_bad_device(Plan *plan, const char *type, unsigned index, const char *format, ...)
        __attribute__((format(printf, 4, 5)));

/* Whether no VM has the name yet. */
bool plan_name_is_free(Plan *plan, const char *name);

/* --- of methods --- */

/* How errors of operations on VMs are said. */
VimValue *vm_fault_of(const GError *error);
