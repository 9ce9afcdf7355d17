/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Task objects: of operations that are tasks, and of methods that vim25 calls tasks and that are quick here.
 */
#pragma once

#include "api/request.h"

typedef struct TaskPlan {
        const char *operation; /* a method of src/operation, task or not */
        JsonObject *args;      /* taken */
        /* TaskInfo.descriptionId: "VirtualMachine.powerOn"; NULL: from the method's owner and name. */
        const char *description_id;
        Managed *entity;      /* what it is done to; NULL: the request's target */
        RequestResult result; /* of TaskInfo.result; NULL: none */
        bool partial;         /* the result is told of a task that failed, too: of the part that it did */
        gpointer data;
        GDestroyNotify free_data;
} TaskPlan;

/* Starts it and answers the request with the Task, or with the fault for which it cannot be started. */
void task_run(Request *request, const TaskPlan *plan);

/* A task that has succeeded already: for what is nothing here, or was done at once. result is taken. */
void task_done(Request *request, VimValue *result);
/* A task that has failed: for faults that vim25 reports in the task and not in the call. fault is taken. */
void task_failed(Request *request, VimValue *fault, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
