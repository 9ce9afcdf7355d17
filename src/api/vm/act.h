/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the methods of VMs have in common. */
#pragma once

#include "api/task.h"
#include "api/vm/plan.h"

/* The target's. NULL: it was answered that it is none of ours. */
Vm *act_vm(Request *request);

/* {"vm": UUID} */
JsonObject *act_args(const Request *request);

/*
 * Whether it is in this state; else the request was answered with a task that failed (or, of a method that
 * is none, with the fault): InvalidPowerState.
 */
bool act_check_power(Request *request, const char *wanted, bool is_task);

/* Starts the operation as a task with vm_fault_of() for its errors. args is taken. */
void act_task(Request *request, const char *operation, JsonObject *args, RequestResult result);

/*
 * Runs an operation that is a task, for a method that is none: answers when it has ended, with nothing. args
 * is taken.
 */
void act_wait(Request *request, const char *operation, JsonObject *args);

/* The VirtualMachine of "uuid" in an operation's result. */
VimValue *act_made(Api *api, JsonNode *result, gpointer data);

/* Keys of what a reference names: the path of a pool, the name of a datastore. NULL: unset. *ret_wrong: the
 * request was answered. Borrowed. */
const char *act_key(Request *request, const VimValue *reference, const char *type, bool *ret_wrong);
