/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is being done: tasks as people see them, and intents, by which half-done work is ended or undone. */
#pragma once

#include <gio/gio.h>

#include "inventory/inventory.h"

/* --- tasks --- */

/* Of those that have ended, about so many are kept; the oldest go first. */
#define TASKS_KEPT_MAX 10000

typedef enum TaskState { TASK_QUEUED, TASK_RUNNING, TASK_SUCCESS, TASK_ERROR } TaskState;

typedef struct TaskRecord {
        int64_t id;
        char *method; /* "CloneVM" */
        char *object; /* what it is done to: a VM's name, a path; NULL: the host */
        TaskState state;
        unsigned percent;
        char *message;                           /* what it is doing now; of an error, the error */
        int64_t queued_ms, started_ms, ended_ms; /* wall clock; 0: not yet */
        GIOErrorEnum error; /* which kind; says nothing in other states than TASK_ERROR */
} TaskRecord;

void task_record_free(TaskRecord *task);
/* id 0: adds, and writes the id, which is never given again. */
bool task_record_save(Inventory *inventory, TaskRecord *task, GError **error);
/* Newest first, at most limit. Of TaskRecord *, owned. */
GPtrArray *task_records(Inventory *inventory, unsigned limit, GError **error);
/* NULL without an error: there is none of that id (any more). Owned. */
TaskRecord *task_record_load(Inventory *inventory, int64_t id, GError **error);
/* At start: those that were queued or running have ended with an error that says the daemon did. */
bool task_records_end_all(Inventory *inventory, int64_t now_ms, GError **error);

/* --- intents ---
 *
 * Work on a VM's disks makes new files, then changes the domain's definition to use them, then the
 * inventory, then drops old files. An intent is written before the first file is made and forgotten in the
 * transaction that changes the inventory. When the daemon finds one at its start, the definition says
 * which way to go: uses_new files of the VM appear in it: the work is ended; else it is undone.
 */
typedef struct Intent {
        int64_t id;
        char *uuid;
        char *kind;       /* "snapshot", "revert", "remove-snapshot", "move", ... */
        char **new_files; /* absolute paths: to be deleted when undone */
        char **old_files; /* to be deleted when ended */
        char *details;    /* JSON, what the kind's own code needs to end it */
} Intent;

void intent_free(Intent *intent);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Intent, intent_free)
bool intent_save(Inventory *inventory, Intent *intent, GError **error); /* id 0: adds, writes the id */
bool intent_delete(Inventory *inventory, int64_t id, GError **error);   /* nothing when it is gone */
GPtrArray *intent_list(Inventory *inventory, GError **error);           /* oldest first, owned */

/* --- batches of clones --- */

typedef struct Batch {
        int64_t id;
        char *parent;  /* UUID */
        char *request; /* JSON: what was asked for */
        char **names;  /* all that it is to make, in order */
        int64_t begun_ms;
} Batch;

void batch_free(Batch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Batch, batch_free)
bool batch_save(Inventory *inventory, Batch *batch, GError **error); /* id 0: adds, writes the id */
bool batch_delete(Inventory *inventory, int64_t id, GError **error);
/* The newest unfinished one of the parent; NULL without an error when there is none. */
Batch *batch_find(Inventory *inventory, const char *parent, GError **error);

/* --- questions --- */

typedef struct Question {
        char *uuid;
        int64_t id; /* changes with each question */
        char *text; /* names VM, datastore, what is missing */
        char *datastore;
        int64_t time_ms;
} Question;

void question_free(Question *question);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Question, question_free)
bool question_save(Inventory *inventory, Question *question, GError **error); /* one a VM; writes the id */
bool question_delete(Inventory *inventory, const char *uuid, GError **error);
GPtrArray *question_list(Inventory *inventory, GError **error);
