/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls under way. A call lives until its request is answered, whether or not its client is still there:
 * requests of operations are answered even while the daemon ends, after the server has gone.
 */
#include "server/call.h"

#include "api/access/session-manager.h"

typedef struct Call {
        Api *api;
        Server *server;     /* gone with the exchange */
        Exchange *exchange; /* NULL: gone */
        const Form *form;
        Session *session;
        bool was_logged_in;
        VimVersion version;
        const VimMethod *method;
        Request *request; /* NULL: not yet, or answered already */
} Call;

static void on_gone(gpointer data)
{
        Call *call = data;

        call->exchange = NULL;
        if (call->request != NULL)
                request_cancel(call->request);
}

/* Browsers keep the cookie, other clients the header or the cookie. */
static void send_key(Exchange *exchange, const Session *session)
{
        g_autofree char *cookie =
                g_strdup_printf("vmware_soap_session=\"%s\"; Path=/; HttpOnly%s; SameSite=Strict",
                                session->key, exchange_is_secure(exchange) ? "; Secure" : "");

        exchange_add_header(exchange, "Set-Cookie", cookie);
        exchange_add_header(exchange, "vmware-api-session-id", session->key);
}

/* An answer that is being written. */
typedef struct Answer {
        Exchange *exchange;
        const Form *form;
        WriterJob *job;
} Answer;

static void on_written(GBytes *body, bool is_compressed, gpointer user_data)
{
        Answer *answer = user_data;

        if (body != NULL)
                exchange_answer_written(answer->exchange, SOUP_STATUS_OK, answer->form->content, body,
                                        is_compressed);
        else
                exchange_answer(answer->exchange, SOUP_STATUS_NO_CONTENT, NULL, NULL);
        g_free(answer);
}

static void on_unwanted(gpointer data)
{
        Answer *answer = data;

        writer_cancel(answer->job);
        g_free(answer);
}

void call_answer(Server *server, Exchange *exchange, const Form *form, const VimMethod *method,
                 const VimValue *result, VimVersion version)
{
        Answer *answer = g_new(Answer, 1);
        WriterJob *job;

        *answer = (Answer){.exchange = exchange, .form = form};
        job = writer_write(server_writer(server), form->result, method, result, version,
                           exchange_accepts_gzip(exchange), on_written, answer);
        if (job == NULL)
                return;
        answer->job = job;
        exchange_set_gone(exchange, on_unwanted, answer);
}

static void on_done(const VimValue *result, const VimValue *fault, const char *message, gpointer user_data)
{
        Call *call = user_data;
        bool has_begun = !call->was_logged_in && call->session->key != NULL && !call->session->has_ended;

        if (call->exchange == NULL && has_begun)
                session_manager_close(call->api, call->session); /* nobody has heard of it */
        if (call->exchange != NULL) {
                if (has_begun)
                        send_key(call->exchange, call->session);
                if (fault != NULL)
                        call->form->fault(call->exchange, fault, message, call->version);
                else
                        call_answer(call->server, call->exchange, call->form, call->method, result,
                                    call->version);
        }
        session_unref(call->session);
        g_free(call);
}

void call_run(Server *server, Exchange *exchange, const Form *form, VimVersion version, Managed *target,
              const VimMethod *method, VimValue **args)
{
        Session *session = route_session(exchange);
        Request *request;
        Call *call;

        if (session->running.length >= SESSION_CALLS_MAX) {
                for (unsigned i = 0; i < method->n_params; i++)
                        g_clear_pointer(&args[i], vim_unref);
                exchange_refuse(exchange, SOUP_STATUS_SERVICE_UNAVAILABLE,
                                "the session waits for %d answers already", SESSION_CALLS_MAX);
                return;
        }
        session->calls++;
        call = g_new(Call, 1);
        *call = (Call){.api = server_api(server),
                       .server = server,
                       .exchange = exchange,
                       .form = form,
                       .session = session_ref(session),
                       .was_logged_in = session->key != NULL,
                       .version = version,
                       .method = method};
        request = request_start(call->api, session, version, target, method, args, on_done, call);
        if (request != NULL) {
                call->request = request;
                exchange_set_gone(exchange, on_gone, call);
        }
}

/* --- what cannot be called --- */

/* Of an object that the client names; there need be none such. */
static VimValue *named(const char *type_name, const char *id)
{
        const VimType *type = type_name != NULL ? vim_type(type_name) : NULL;

        return vim_new_reference(type != NULL && type->kind == VIM_REFERENCE ? type->name : "ManagedObject",
                                 id != NULL ? id : "");
}

static VimValue *fault_for(const GError *error, const char *type, const char *id, const char *method,
                           bool is_logged_in)
{
        VimValue *fault;

        if (error->domain != WIRE_ERROR || error->code == WIRE_ERROR_MALFORMED)
                return vim_new_fault("InvalidRequest");
        /* What there is, is told to those who have logged in; and those whose session has ended are to
         * notice that, not that their filters are gone. */
        if (error->code == WIRE_ERROR_UNKNOWN_OBJECT && !is_logged_in) {
                fault = vim_new_fault("NotAuthenticated");
                vim_set(fault, "object", named(type, id));
                vim_set_text(fault, "privilegeId", "System.View");
                return fault;
        }
        if (error->code == WIRE_ERROR_UNKNOWN_OBJECT) {
                fault = vim_new_fault("ManagedObjectNotFound");
                vim_set(fault, "obj", named(type, id));
                return fault;
        }
        if (error->code == WIRE_ERROR_UNKNOWN_METHOD && method != NULL) {
                fault = vim_new_fault("MethodNotFound");
                vim_set(fault, "receiver", named(type, id));
                vim_set_text(fault, "method", method);
                return fault;
        }
        return vim_new_fault(error->code == WIRE_ERROR_WRONG_VALUE ? "InvalidArgument" : "InvalidRequest");
}

void call_refuse(Exchange *exchange, const Form *form, VimVersion version, const char *type, const char *id,
                 const char *method, const GError *error)
{
        g_autoptr(VimValue) fault =
                fault_for(error, type, id, method, route_session(exchange)->role != ROLE_NONE);

        form->fault(exchange, fault, error->message, version);
}

const VimType *call_type_of(const char *claimed, const char *id, gpointer user_data)
{
        const Managed *managed = world_find(user_data, id);
        const VimType *type = claimed[0] != '\0' ? vim_type(claimed) : NULL;

        if (managed == NULL || (claimed[0] != '\0' && (type == NULL || !vim_type_is(managed->type, type))))
                return NULL;
        return managed->type;
}
