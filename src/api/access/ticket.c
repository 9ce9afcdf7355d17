/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tickets: to clone a session, and for single requests over HTTP. */
#include "api/access/ticket.h"

#include <string.h>

#include "api/access/login.h"

#define TICKETS_MAX 1024
#define TICKET_S    120
#define TARGET_MAX  4096

typedef struct Ticket {
        Session *session;
        int64_t until_us;
        char *method, *target; /* of the request; NULL: to clone the session */
} Ticket;

static void ticket_free(gpointer data)
{
        Ticket *ticket = data;

        session_unref(ticket->session);
        g_free(ticket->method);
        g_free(ticket->target);
        g_free(ticket);
}

static GHashTable *tickets_of(const Api *api)
{
        return api_get_data(api, "ticket");
}

static bool is_good(const Ticket *ticket)
{
        return ticket->until_us >= g_get_monotonic_time() && !ticket->session->has_ended;
}

static gboolean is_over(gpointer key, gpointer value, gpointer user_data)
{
        (void)key;
        (void)user_data;
        return !is_good(value);
}

/* method and target are taken. The ticket's id, owned; NULL: answered. */
static char *issue(Request *request, char *method, char *target)
{
        GHashTable *tickets = tickets_of(request_api(request));
        Ticket *ticket = g_new(Ticket, 1);
        char *id;

        *ticket = (Ticket){.session = session_ref(request_session(request)),
                           .until_us = g_get_monotonic_time() + TICKET_S * G_USEC_PER_SEC,
                           .method = method,
                           .target = target};
        (void)g_hash_table_foreach_remove(tickets, is_over, NULL);
        if (g_hash_table_size(tickets) >= TICKETS_MAX) {
                ticket_free(ticket);
                request_fault(request, vim_new_fault("SystemError"),
                              "there are %d tickets that nobody has used yet; they are good for %d seconds",
                              TICKETS_MAX, TICKET_S);
                return NULL;
        }
        id = session_manager_random();
        g_hash_table_insert(tickets, g_strdup(id), ticket);
        return id;
}

void ticket_clone(Request *request)
{
        g_autofree char *id = issue(request, NULL, NULL);

        if (id != NULL)
                request_return(request, vim_new_string(id));
}

void ticket_clone_session(Request *request)
{
        GHashTable *tickets = tickets_of(request_api(request));
        const char *id = request_arg_text(request, "cloneTicket");
        const Ticket *ticket = g_hash_table_lookup(tickets, id);
        g_autoptr(Session) from = NULL;

        if (ticket != NULL && ticket->target == NULL) {
                from = is_good(ticket) ? session_ref(ticket->session) : NULL;
                (void)g_hash_table_remove(tickets, id);
        }
        if (from == NULL || request_session(request) != NULL)
                request_fault(request, vim_new_fault("InvalidLogin"),
                              "the ticket is not good (any more), or the session is logged in already");
        else
                login_succeed(request, from->user, from->full_name, from->role);
}

/* "httpGet" is "GET". Owned. */
static char *method_of(const VimValue *spec)
{
        const char *method = vim_get_text(spec, "method");

        return method != NULL ? g_ascii_strup(method + strlen("http"), -1) : g_strdup("GET");
}

/* Of a URL, what a request of it names: path and query. Owned; NULL: none. */
static char *target_of(const char *url)
{
        const char *host = strstr(url, "://");
        const char *path = strchr(host != NULL ? host + strlen("://") : url, '/');

        return path != NULL && strlen(path) <= TARGET_MAX ? g_strdup(path) : NULL;
}

void ticket_for_service(Request *request)
{
        const VimValue *spec = request_arg(request, "spec");
        g_autofree char *id = NULL;
        VimValue *result;
        char *target;

        /* The table lets everybody ask, as VMware's does; it takes a session all the same. */
        if (!request_allowed(request, "System.View"))
                return;
        target = vim_is(spec, "SessionManagerHttpServiceRequestSpec") ? target_of(vim_get_text(spec, "url"))
                                                                      : NULL;
        if (target == NULL) {
                request_invalid(request, "spec",
                                "tickets are for requests by HTTP, with a URL of up to %d bytes",
                                TARGET_MAX);
                return;
        }
        id = issue(request, method_of(spec), target);
        if (id == NULL)
                return;
        result = vim_new_object("SessionManagerGenericServiceTicket");
        vim_set_text(result, "id", id);
        request_return(request, result);
}

Session *ticket_use(Api *api, const char *id, const char *method, const char *target)
{
        GHashTable *tickets = tickets_of(api);
        const Ticket *ticket = g_hash_table_lookup(tickets, id);
        Session *session = NULL;

        if (ticket == NULL || ticket->target == NULL)
                return NULL;
        if (is_good(ticket) && strcmp(ticket->method, method) == 0 && strcmp(ticket->target, target) == 0)
                session = session_ref(ticket->session);
        (void)g_hash_table_remove(tickets, id);
        return session;
}

void ticket_start(Api *api)
{
        api_set_data(api, "ticket", g_hash_table_new_full(g_str_hash, g_str_equal, g_free, ticket_free));
}

void ticket_stop(Api *api)
{
        g_hash_table_unref(tickets_of(api));
}
