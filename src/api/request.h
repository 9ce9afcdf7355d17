/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One call of a method of a managed object, from whichever wire it came, and how it is answered.
 *
 * A handler runs in the main thread and must not block; it answers exactly once, now or later, with one of
 * request_return(), request_fault(), request_fail(), or through task.h. The request is gone then.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "api/api.h"
#include "api/session.h"

typedef struct Request Request;
typedef void (*RequestHandler)(Request *request);

/*
 * What carries out a method. Tables of these end with a NULL type; they are listed in modules.c. Of several
 * for one method (Rename_Task of a Folder, of any ManagedEntity) the one whose type is nearest to the
 * target's is taken.
 */
typedef struct Handler {
        const char *type;   /* that has the method, of its own or of what it extends: "VirtualMachine" */
        const char *method; /* "PowerOnVM_Task" */
        RequestHandler run;
        const char *privilege; /* NULL: the type table's; "": run asks by request_allowed() */
} Handler;

Api *request_api(const Request *request);
World *request_world(const Request *request);
Session *request_session(const Request *request); /* NULL: not logged in */
Session *request_client(const Request *request);  /* the same, also of one who has not logged in */
VimVersion request_version(const Request *request);
Managed *request_target(const Request *request); /* held until the answer */
const VimMethod *request_method(const Request *request);

/* An argument; NULL: not given. Required ones are there. Borrowed. Asserts that the method has it. */
const VimValue *request_arg(const Request *request, const char *name);
const char *request_arg_text(const Request *request, const char *name);
bool request_arg_bool(const Request *request, const char *name, bool otherwise);
int64_t request_arg_int(const Request *request, const char *name, int64_t otherwise);
/* The object an argument names. NULL when it is not given or, with *ret_answered true, is not there:
 * then ManagedObjectNotFound was sent. */
Managed *request_arg_object(Request *request, const char *name, bool *ret_answered);

/* Of who calls; false: NoPermission was sent. */
bool request_allowed(Request *request, const char *privilege);

/* === answering === */

void request_return(Request *request, VimValue *result); /* takes it; NULL: nothing */
/* fault is taken. The message is for people: object, cause, cure. */
void request_fault(Request *request, VimValue *fault, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
/* Of an operation: the fault that its code (G_IO_ERROR) means. */
void request_fail(Request *request, const GError *error);

/* InvalidArgument that names the field. */
void request_invalid(Request *request, const char *property, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/* The fault that an error means. A MethodFault; owned. */
VimValue *fault_of(const GError *error);
typedef VimValue *(*FaultOf)(const GError *error);

/* How errors of this request's operation are said, its task's, too, in place of fault_of(). */
void request_set_fault(Request *request, FaultOf fault);

/*
 * Called once when the client has gone or the server ends, in place of an answer that nobody would read; the
 * request must still be answered, by it or later. For those that wait long.
 */
void request_set_cancel(Request *request, void (*cancel)(Request *request, gpointer data), gpointer data);

/* === operations === */

/* What an operation's result (NULL: it has none) is as the method's result. data as given. */
typedef VimValue *(*RequestResult)(Api *api, JsonNode *result, gpointer data);

/*
 * Runs an operation that is no task and answers with its result. args is taken. result NULL: the method
 * returns nothing.
 */
void request_operate(Request *request, const char *operation, JsonObject *args, RequestResult result,
                     gpointer data, GDestroyNotify free_data);

/* === watching === */

/* Who is told of calls. */
typedef struct RequestWatcher {
        /* Before it runs. What the watcher keeps of it; NULL: it is of no interest. */
        gpointer (*begin)(const Request *request, gpointer user_data);
        /* It begins an operation (src/operation) with these arguments. */
        void (*operate)(gpointer kept, const Request *request, const char *operation, JsonObject *args,
                        gpointer user_data);
        /* It was answered; kept is to be freed. result: what it returned, or NULL. */
        void (*end)(gpointer kept, bool succeeded, const VimValue *result, gpointer user_data);
        gpointer user_data;
} RequestWatcher;

/* One; borrowed. NULL: none any more. */
void request_watch(Api *api, const RequestWatcher *watcher);

/* By whoever begins an operation for a request otherwise than by request_operate(). */
void request_tell_operation(const Request *request, const char *operation, JsonObject *args);

/* === for the wires and for tests === */

/* Where an answer goes. fault: a MethodFault with its message, or NULL. Both borrowed. */
typedef void (*RequestDone)(const VimValue *result, const VimValue *fault, const char *message,
                            gpointer user_data);

/*
 * Looks for the handler, checks the privilege, and runs it. args: as many as method has, taken one by one
 * (the array is the caller's). session NULL, or with ROLE_NONE: not logged in. Returns the request while it
 * is not answered, for request_cancel(); NULL when done has been called already.
 */
Request *request_start(Api *api, Session *session, VimVersion version, Managed *target,
                       const VimMethod *method, VimValue **args, RequestDone done, gpointer user_data);
void request_cancel(Request *request);
