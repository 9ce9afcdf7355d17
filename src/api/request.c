/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a call to its handler, and back with the answer. */
#include "api/request.h"

#include <string.h>

#include "api/internal.h"

struct Request {
        Api *api;
        Session *session; /* held */
        GList running;    /* in the session's */
        VimVersion version;
        Managed *target;
        const VimMethod *method;
        VimValue **args;
        RequestDone done;
        gpointer user_data;
        FaultOf fault;
        void (*cancel)(Request *request, gpointer data);
        gpointer cancel_data;
        gpointer watched; /* what the watcher keeps of it */
        bool starting;    /* the one who starts it is to be told whether it was answered at once */
        bool answered;
};

Api *request_api(const Request *request)
{
        return request->api;
}

World *request_world(const Request *request)
{
        return api_world(request->api);
}

Session *request_session(const Request *request)
{
        return request->session != NULL && request->session->role != ROLE_NONE ? request->session : NULL;
}

Session *request_client(const Request *request)
{
        return request->session;
}

VimVersion request_version(const Request *request)
{
        return request->version;
}

Managed *request_target(const Request *request)
{
        return request->target;
}

const VimMethod *request_method(const Request *request)
{
        return request->method;
}

/* --- arguments --- */

const VimValue *request_arg(const Request *request, const char *name)
{
        for (unsigned i = 0; i < request->method->n_params; i++)
                if (strcmp(request->method->params[i].name, name) == 0)
                        return request->args[i];
        g_error("%s has no parameter %s", request->method->name, name);
}

const char *request_arg_text(const Request *request, const char *name)
{
        const VimValue *value = request_arg(request, name);

        if (value == NULL || value->is_list)
                return NULL;
        g_assert(value->type->kind == VIM_STRING || value->type->kind == VIM_ENUM ||
                 value->type->kind == VIM_REFERENCE);
        return value->text;
}

bool request_arg_bool(const Request *request, const char *name, bool otherwise)
{
        const VimValue *value = request_arg(request, name);

        return value != NULL ? value->boolean : otherwise;
}

int64_t request_arg_int(const Request *request, const char *name, int64_t otherwise)
{
        const VimValue *value = request_arg(request, name);

        return value != NULL ? value->integer : otherwise;
}

static bool may_see(const Request *request, const Managed *managed)
{
        return managed->owner == NULL || managed->owner == request->session;
}

Managed *request_arg_object(Request *request, const char *name, bool *ret_answered)
{
        const VimValue *reference = request_arg(request, name);
        Managed *managed = world_resolve(request_world(request), reference);

        *ret_answered = false;
        if (reference == NULL || (managed != NULL && may_see(request, managed)))
                return managed;
        *ret_answered = true;
        request_fault(request, fault_no_object(reference->type->name, reference->text),
                      "there is no %s \"%.100s\" (any more)", reference->type->name, reference->text);
        return NULL;
}

/* --- watching --- */

#define WATCHER "request-watcher"

void request_watch(Api *api, const RequestWatcher *watcher)
{
        api_set_data(api, WATCHER, (gpointer)(gintptr)watcher);
}

static void tell_begin(Request *request)
{
        const RequestWatcher *watcher = api_get_data(request->api, WATCHER);

        if (watcher != NULL)
                request->watched = watcher->begin(request, watcher->user_data);
}

void request_tell_operation(const Request *request, const char *operation, JsonObject *args)
{
        const RequestWatcher *watcher = api_get_data(request->api, WATCHER);

        if (watcher != NULL && request->watched != NULL)
                watcher->operate(request->watched, request, operation, args, watcher->user_data);
}

static void tell_end(Request *request, bool succeeded, const VimValue *result)
{
        const RequestWatcher *watcher = api_get_data(request->api, WATCHER);

        if (watcher != NULL && request->watched != NULL)
                watcher->end(g_steal_pointer(&request->watched), succeeded, result, watcher->user_data);
}

/* --- answering --- */

static void request_free(Request *request)
{
        for (unsigned i = 0; i < request->method->n_params; i++)
                vim_unref(request->args[i]);
        g_free(request->args);
        managed_unref(request->target);
        if (request->session != NULL) {
                g_queue_unlink(&request->session->running, &request->running);
                session_unref(request->session);
        }
        g_free(request);
}

static void answer(Request *request, const VimValue *result, const VimValue *fault, const char *message)
{
        g_assert(!request->answered);
        request->answered = true;
        tell_end(request, fault == NULL, result);
        request->done(result, fault, message, request->user_data);
        if (!request->starting)
                request_free(request);
}

void request_return(Request *request, VimValue *result)
{
        g_autoptr(VimValue) value = result;

        answer(request, value, NULL, NULL);
}

void request_fault(Request *request, VimValue *fault, const char *format, ...)
{
        g_autoptr(VimValue) value = fault;
        g_autofree char *message = NULL;
        va_list words;

        va_start(words, format);
        message = g_strdup_vprintf(format, words);
        va_end(words);
        answer(request, NULL, value, message);
}

void request_set_fault(Request *request, FaultOf fault)
{
        request->fault = fault;
}

FaultOf request_get_fault(const Request *request)
{
        return request->fault;
}

void request_fail(Request *request, const GError *error)
{
        g_autoptr(VimValue) target = managed_reference(request->target);

        request_fault(request, fault_about(request->fault, error, target), "%s", error->message);
}

void request_invalid(Request *request, const char *property, const char *format, ...)
{
        VimValue *fault = vim_new_fault("InvalidArgument");
        g_autofree char *message = NULL;
        va_list words;

        va_start(words, format);
        message = g_strdup_vprintf(format, words);
        va_end(words);
        vim_set_text(fault, "invalidProperty", property);
        request_fault(request, fault, "%s", message);
}

bool request_allowed(Request *request, const char *privilege)
{
        Role role = request->session != NULL ? request->session->role : ROLE_NONE;
        VimValue *fault;

        if (role_has(role, privilege))
                return true;
        fault = vim_new_fault(role == ROLE_NONE ? "NotAuthenticated" : "NoPermission");
        vim_set(fault, "object", managed_reference(request->target));
        vim_set_text(fault, "privilegeId", privilege);
        if (role == ROLE_NONE)
                request_fault(request, fault, "%s: the session is not authenticated; log in first",
                              request->method->name);
        else
                request_fault(request, fault, "%s: \"%s\" has not the privilege %s", request->method->name,
                              request->session->user, privilege);
        return false;
}

/* --- cancelling --- */

void request_set_cancel(Request *request, void (*cancel)(Request *request, gpointer data), gpointer data)
{
        request->cancel = cancel;
        request->cancel_data = data;
}

void request_cancel(Request *request)
{
        void (*cancel)(Request * request, gpointer data) = request->cancel;

        request->cancel = NULL;
        if (cancel != NULL)
                cancel(request, request->cancel_data);
}

/* --- operations --- */

typedef struct Operating {
        Request *request;
        RequestResult result;
        gpointer data;
        GDestroyNotify free_data;
} Operating;

static void operating_free(Operating *operating)
{
        if (operating->free_data != NULL)
                operating->free_data(operating->data);
        g_free(operating);
}

static void on_operated(JsonNode *result, const GError *error, gpointer user_data)
{
        Operating *operating = user_data;
        Request *request = operating->request;

        if (error != NULL)
                request_fail(request, error);
        else
                request_return(request, operating->result != NULL
                                                ? operating->result(request->api, result, operating->data)
                                                : NULL);
        operating_free(operating);
}

void request_operate(Request *request, const char *operation, JsonObject *args, RequestResult result,
                     gpointer data, GDestroyNotify free_data)
{
        Operating *operating = g_new(Operating, 1);
        g_autoptr(JsonObject) taken = args;
        g_autoptr(GError) error = NULL;
        int64_t task = 0;

        *operating = (Operating){.request = request, .result = result, .data = data, .free_data = free_data};
        request_tell_operation(request, operation, taken);
        if (operations_start(api_parts(request->api)->operations, operation, taken, on_operated, operating,
                             &task, &error))
                return;
        request_fail(request, error);
        operating_free(operating);
}

/* --- starting --- */

static bool is_allowed(Request *request, const Handler *handler)
{
        const char *privilege = handler->privilege != NULL ? handler->privilege : request->method->privilege;

        if (privilege == NULL)
                privilege = "System.Administrator"; /* nobody has said who may: only who may everything */
        return privilege[0] == '\0' || request_allowed(request, privilege);
}

static void run(Request *request)
{
        const Handler *handler = api_handler(request->api, request->target->type, request->method);
        VimValue *fault;

        if (!may_see(request, request->target)) {
                request_fault(request, fault_no_object(request->target->type->name, request->target->id),
                              "there is no %s \"%s\"", request->target->type->name, request->target->id);
        } else if (handler == NULL) {
                fault = vim_new_fault("NotImplemented");
                request_fault(request, fault, "%s.%s is not implemented", request->method->owner->name,
                              request->method->name);
        } else if (is_allowed(request, handler)) {
                handler->run(request);
        }
}

Request *request_start(Api *api, Session *session, VimVersion version, Managed *target,
                       const VimMethod *method, VimValue **args, RequestDone done, gpointer user_data)
{
        Request *request = g_new0(Request, 1);

        request->api = api;
        request->running.data = request;
        if (session != NULL) {
                request->session = session_ref(session);
                g_queue_push_tail_link(&session->running, &request->running);
        }
        request->version = version;
        request->target = managed_ref(target);
        request->method = method;
        request->args = g_new0(VimValue *, method->n_params);
        for (unsigned i = 0; i < method->n_params; i++)
                request->args[i] = g_steal_pointer(&args[i]);
        request->done = done;
        request->user_data = user_data;
        request->fault = fault_of;
        request->starting = true;
        tell_begin(request);
        run(request);
        request->starting = false;
        if (!request->answered)
                return request;
        request_free(request);
        return NULL;
}
