/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * VirtualMachine.AcquireTicket: "webmks" for the display, as in vim25; "serial", which is aerostat's own,
 * for the serial port.
 */
#include "api/vm/console-ticket.h"

#include <string.h>

#include "api/access/session-manager.h"
#include "api/vm/act.h"

#define MODULE              "vm-console"
#define TICKET_S            30
#define TICKETS_SESSION_MAX 16

typedef struct Consoles {
        GHashTable *tickets; /* id to ConsoleTicket */
        unsigned port;
        char *thumbprint;
} Consoles;

/* A request that waits for what libvirt says. */
typedef struct Asking {
        Request *request; /* NULL: answered */
        ConsoleKind kind;
} Asking;

/* === tickets === */

void console_ticket_free(ConsoleTicket *ticket)
{
        session_unref(ticket->session);
        g_free(ticket->uuid);
        g_free(ticket);
}

static bool is_good(const ConsoleTicket *ticket)
{
        return !ticket->session->has_ended && ticket->until_us >= g_get_monotonic_time();
}

static gboolean is_over(gpointer key, gpointer value, gpointer user_data)
{
        (void)key;
        (void)user_data;
        return !is_good(value);
}

ConsoleTicket *console_ticket_use(Api *api, const char *ticket)
{
        const Consoles *consoles = api_get_data(api, MODULE);
        g_autofree char *key = NULL;
        gpointer id = NULL, found = NULL;

        if (!g_hash_table_steal_extended(consoles->tickets, ticket, &id, &found))
                return NULL;
        key = id;
        if (is_good(found))
                return found;
        console_ticket_free(found);
        return NULL;
}

static unsigned count_of(const Consoles *consoles, const Session *session)
{
        GHashTableIter iter;
        gpointer ticket;
        unsigned n = 0;

        g_hash_table_iter_init(&iter, consoles->tickets);
        while (g_hash_table_iter_next(&iter, NULL, &ticket))
                n += ((const ConsoleTicket *)ticket)->session == session;
        return n;
}

static VimValue *ticket_value(const Consoles *consoles, const Managed *vm, const char *id)
{
        VimValue *value = vim_new_object("VirtualMachineTicket");
        g_autoptr(VimValue) path = vim_at_path(managed_peek(vm, "config"), "files.vmPathName", NULL);

        vim_set_text(value, "ticket", id);
        vim_set_text(value, "cfgFile", path != NULL ? path->text : "");
        if (consoles->port != 0)
                vim_set_int(value, "port", consoles->port);
        vim_set_text(value, "sslThumbprint", consoles->thumbprint);
        return value;
}

static void issue(Request *request, ConsoleKind kind)
{
        Consoles *consoles = api_get_data(request_api(request), MODULE);
        const Managed *vm = request_target(request);
        ConsoleTicket *ticket;
        char *id;

        (void)g_hash_table_foreach_remove(consoles->tickets, is_over, NULL);
        if (count_of(consoles, request_session(request)) >= TICKETS_SESSION_MAX) {
                VimValue *fault = vim_new_fault("LimitExceeded");

                vim_set_int(fault, "limit", TICKETS_SESSION_MAX);
                request_fault(request, fault,
                              "the session has %d tickets that were not used; they are good for %d seconds",
                              TICKETS_SESSION_MAX, TICKET_S);
                return;
        }
        ticket = g_new(ConsoleTicket, 1);
        *ticket = (ConsoleTicket){.session = session_ref(request_session(request)),
                                  .uuid = g_strdup(vm->key),
                                  .kind = kind,
                                  .until_us = g_get_monotonic_time() + TICKET_S * G_USEC_PER_SEC};
        id = session_manager_random();
        g_hash_table_insert(consoles->tickets, id, ticket);
        request_return(request, ticket_value(consoles, vm, id));
}

/* === the method === */

static void on_looked(int fd, const GError *error, gpointer user_data)
{
        Asking *asking = user_data;
        Request *request = g_steal_pointer(&asking->request);

        (void)fd;
        if (request != NULL) {
                request_set_cancel(request, NULL, NULL);
                if (error != NULL)
                        request_fail(request, error);
                else
                        issue(request, asking->kind);
        }
        g_free(asking);
}

static void on_cancel(Request *request, gpointer data)
{
        ((Asking *)data)->request = NULL;
        request_fault(request, vim_new_fault("RequestCanceled"), "nobody waits for the ticket any more");
}

static bool parse_kind(const char *text, ConsoleKind *ret)
{
        *ret = strcmp(text, "serial") == 0 ? CONSOLE_SERIAL : CONSOLE_DISPLAY;
        return *ret == CONSOLE_SERIAL || strcmp(text, "webmks") == 0;
}

static void acquire(Request *request)
{
        ConsoleKind kind;
        virConnectPtr connection;
        g_autoptr(GError) error = NULL;
        Asking *asking;

        if (act_vm(request) == NULL)
                return;
        if (!parse_kind(request_arg_text(request, "ticketType"), &kind)) {
                request_invalid(
                        request, "ticketType",
                        "there are tickets \"webmks\" (the display) and \"serial\" (the serial port)");
                return;
        }
        if (!act_check_power(request, "poweredOn", false))
                return;
        connection = operations_connection(api_parts(request_api(request))->operations, &error);
        if (connection == NULL) {
                request_fail(request, error);
                return;
        }
        asking = g_new(Asking, 1);
        *asking = (Asking){.request = request, .kind = kind};
        request_set_cancel(request, on_cancel, asking);
        console_look(connection, request_target(request)->key, kind, false, on_looked, asking);
}

static const Handler handlers[] = {
        {"VirtualMachine", "AcquireTicket", acquire, "VirtualMachine.Interact.ConsoleInteract"},
        {NULL},
};

/* === the module === */

void console_set_place(Api *api, unsigned port, const char *thumbprint)
{
        Consoles *consoles = api_get_data(api, MODULE);

        consoles->port = port;
        g_free(consoles->thumbprint);
        consoles->thumbprint = g_strdup(thumbprint);
}

static void free_ticket(gpointer ticket)
{
        console_ticket_free(ticket);
}

static bool start(Api *api, GError **error)
{
        Consoles *consoles = g_new0(Consoles, 1);

        (void)error;
        consoles->tickets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_ticket);
        api_set_data(api, MODULE, consoles);
        return true;
}

static void stop(Api *api)
{
        Consoles *consoles = api_get_data(api, MODULE);

        g_hash_table_unref(consoles->tickets);
        g_free(consoles->thumbprint);
        g_free(consoles);
}

const ApiModule vm_console_module = {.name = MODULE, .handlers = handlers, .start = start, .stop = stop};
