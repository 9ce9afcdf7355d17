/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A VM's display or serial port by a WebSocket at /ticket/TICKET: bytes as they come, both ways. Of each
 * direction one piece is on its way at a time, and the next is taken when that was written.
 *
 *      opening ──> passing ──> closing: a close frame with the reason, and the end of the connection
 *
 * The handshake is answered when the console is open, or could not be.
 */
#include <string.h>
#include <unistd.h>

#include "api/vm/console-ticket.h"
#include "api/vm/vm.h"
#include "server/routes.h"
#include "server/websocket.h"

#define PREFIX               "/ticket/"
#define PRIVILEGE            "VirtualMachine.Interact.ConsoleInteract"
#define PROTOCOL             "binary"
#define CONSOLES_MAX         128
#define CONSOLES_SESSION_MAX 16
#define GUEST_BYTES          (16 << 10)
#define PING_S               20
#define SILENT_S             60

typedef struct Bridge {
        unsigned references; /* the exchange's, and one of each operation under way */
        Server *server;
        Exchange *exchange; /* NULL: over */
        Session *session;
        char *uuid; /* of the VM */
        ConsoleKind kind;
        char *accept; /* of the handshake */
        WebSocket websocket;
        GSocketConnection *guest; /* NULL: not yet */
        GCancellable *cancellable;
        bool is_writing; /* to the client; true until the handshake was answered, too */
        bool is_reading; /* from the guest */
        bool is_typing;  /* to the guest */
        GBytes *said;    /* of the guest: to be written when that is done; */
        GBytes *pong;    /* and so these */
        GBytes *closing;
        int64_t heard_us; /* of the client; monotonic */
        guint timer;
        unsigned watch; /* of the world */
        char from_guest[GUEST_BYTES], to_guest[WEBSOCKET_TAKE_MAX];
} Bridge;

static Bridge *bridge_ref(Bridge *bridge)
{
        bridge->references++;
        return bridge;
}

static void bridge_unref(Bridge *bridge)
{
        if (--bridge->references > 0)
                return;
        session_unref(bridge->session);
        g_free(bridge->uuid);
        g_free(bridge->accept);
        g_clear_object(&bridge->guest);
        g_object_unref(bridge->cancellable);
        g_clear_pointer(&bridge->said, g_bytes_unref);
        g_clear_pointer(&bridge->pong, g_bytes_unref);
        g_clear_pointer(&bridge->closing, g_bytes_unref);
        g_free(bridge);
}

/* The exchange is over. */
static void leave(Bridge *bridge)
{
        bridge->exchange = NULL;
        bridge->session->consoles--;
        (void)g_queue_remove(server_consoles(bridge->server), bridge);
        session_remove_end(bridge->session, bridge);
        (void)g_source_remove(bridge->timer);
        world_unwatch(api_world(server_api(bridge->server)), bridge->watch);
        g_cancellable_cancel(bridge->cancellable);
        bridge_unref(bridge);
}

static void on_gone(gpointer data)
{
        leave(data);
}

/* === to the client === */

static void read_guest(Bridge *bridge);

/* Takes bytes. */
static void push(Bridge *bridge, GBytes *bytes)
{
        bridge->is_writing = true;
        exchange_push(bridge->exchange, bytes);
        g_bytes_unref(bytes);
}

/* What is to be written next. */
static void go_on(Bridge *bridge)
{
        Exchange *exchange = bridge->exchange;

        if (exchange == NULL || bridge->is_writing)
                return;
        if (bridge->said != NULL) {
                push(bridge, g_steal_pointer(&bridge->said));
        } else if (bridge->closing != NULL) {
                push(bridge, g_steal_pointer(&bridge->closing));
                leave(bridge);
                exchange_push_end(exchange);
        } else if (bridge->pong != NULL) {
                push(bridge, g_steal_pointer(&bridge->pong));
        } else {
                read_guest(bridge);
        }
}

static void end(Bridge *bridge, unsigned code, const char *reason)
{
        if (bridge->exchange == NULL || bridge->closing != NULL)
                return;
        bridge->closing = websocket_close_frame(code, reason);
        go_on(bridge);
}

static void end_of_guest(Bridge *bridge)
{
        end(bridge, WEBSOCKET_NORMAL, "the VM is powered off");
}

/* libvirt does not always say that a serial port's stream has ended. */
static void on_world(World *world, gpointer user_data)
{
        Bridge *bridge = user_data;
        const Managed *managed = world_find_key(world, "VirtualMachine", bridge->uuid);
        const Vm *vm = managed != NULL ? vm_of(managed) : NULL;

        if (vm == NULL || !vm_is_on(vm))
                end_of_guest(bridge);
}

/* A serial port has one who types: libvirt gives it to the last, and does not tell the one before. */
static void end_others(const Bridge *bridge)
{
        g_autoptr(GList) all = g_list_copy(server_consoles(bridge->server)->head);

        for (GList *one = all; one != NULL; one = one->next) {
                Bridge *other = one->data;

                if (other != bridge && other->kind == CONSOLE_SERIAL &&
                    strcmp(other->uuid, bridge->uuid) == 0)
                        end(other, WEBSOCKET_NORMAL, "the serial port was opened somewhere else");
        }
}

static void on_session_end(gpointer data)
{
        end(data, WEBSOCKET_REFUSED, "the session has ended; log in again");
}

static void on_drained(gpointer data)
{
        Bridge *bridge = data;

        bridge->is_writing = false;
        go_on(bridge);
}

static void on_guest_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
        Bridge *bridge = user_data;
        gssize n = g_input_stream_read_finish(G_INPUT_STREAM(source), result, NULL);

        bridge->is_reading = false;
        if (bridge->exchange != NULL && n > 0) {
                bridge->said = websocket_frame(WEBSOCKET_BINARY, bridge->from_guest, (size_t)n);
                go_on(bridge);
        } else {
                end_of_guest(bridge);
        }
        bridge_unref(bridge);
}

static void read_guest(Bridge *bridge)
{
        if (bridge->guest == NULL || bridge->is_reading)
                return;
        bridge->is_reading = true;
        g_input_stream_read_async(g_io_stream_get_input_stream(G_IO_STREAM(bridge->guest)),
                                  bridge->from_guest, sizeof bridge->from_guest, G_PRIORITY_DEFAULT,
                                  bridge->cancellable, on_guest_read, bridge_ref(bridge));
}

/* === from the client === */

static void on_typed(GObject *source, GAsyncResult *result, gpointer user_data)
{
        Bridge *bridge = user_data;
        bool typed = g_output_stream_write_all_finish(G_OUTPUT_STREAM(source), result, NULL, NULL);

        bridge->is_typing = false;
        if (bridge->exchange != NULL && typed)
                exchange_take_more(bridge->exchange);
        else
                end_of_guest(bridge);
        bridge_unref(bridge);
}

static void type(Bridge *bridge)
{
        size_t n = bridge->websocket.size;

        memcpy(bridge->to_guest, bridge->websocket.payload, n);
        bridge->is_typing = true;
        g_output_stream_write_all_async(g_io_stream_get_output_stream(G_IO_STREAM(bridge->guest)),
                                        bridge->to_guest, n, G_PRIORITY_DEFAULT, bridge->cancellable,
                                        on_typed, bridge_ref(bridge));
}

static void on_taken(Bridge *bridge, WebSocketTaken taken)
{
        const WebSocket *websocket = &bridge->websocket;

        switch (taken) {
        case WEBSOCKET_TAKEN_DATA:
                type(bridge);
                break;
        case WEBSOCKET_TAKEN_PING: /* of several, the last is answered */
                g_clear_pointer(&bridge->pong, g_bytes_unref);
                bridge->pong = websocket_frame(WEBSOCKET_PONG, websocket->payload, websocket->size);
                go_on(bridge);
                break;
        case WEBSOCKET_TAKEN_CLOSE:
                end(bridge, websocket->code, NULL);
                break;
        case WEBSOCKET_TAKEN_WRONG:
                end(bridge, websocket->code,
                    websocket->code == WEBSOCKET_NO_TEXT ? "a console has binary messages"
                                                         : "this is not how frames of a WebSocket are made");
                break;
        default:
                break;
        }
}

static size_t on_received(const char *bytes, size_t size, gpointer data)
{
        Bridge *bridge = bridge_ref(data);
        WebSocketTaken taken = WEBSOCKET_TAKEN_DATA;
        size_t all = 0, used;

        bridge->heard_us = g_get_monotonic_time();
        while (taken != WEBSOCKET_TAKEN_NOTHING && bridge->guest != NULL && !bridge->is_typing &&
               bridge->closing == NULL && bridge->exchange != NULL) {
                taken = websocket_take(&bridge->websocket, bytes + all, size - all, &used);
                all += used;
                on_taken(bridge, taken);
        }
        bridge_unref(bridge);
        return all;
}

static gboolean on_timer(gpointer user_data)
{
        Bridge *bridge = user_data;

        if (!role_has(bridge->session->role, PRIVILEGE)) {
                end(bridge, WEBSOCKET_REFUSED, "this is not permitted any more");
        } else if (g_get_monotonic_time() - bridge->heard_us > SILENT_S * G_USEC_PER_SEC) {
                end(bridge, WEBSOCKET_REFUSED, "nothing was heard for a minute");
        } else if (!bridge->is_writing) {
                push(bridge, websocket_frame(WEBSOCKET_PING, "", 0));
        }
        return G_SOURCE_CONTINUE;
}

/* === beginning === */

static void answer(Bridge *bridge)
{
        Exchange *exchange = bridge->exchange;
        const Open open = {.drained = on_drained, .received = on_received, .data = bridge};

        exchange_add_header(exchange, "Upgrade", "websocket");
        exchange_add_header(exchange, "Sec-WebSocket-Accept", bridge->accept);
        if (websocket_offers(exchange_head(exchange), PROTOCOL))
                exchange_add_header(exchange, "Sec-WebSocket-Protocol", PROTOCOL);
        exchange_answer_open(exchange, SOUP_STATUS_SWITCHING_PROTOCOLS, NULL, &open);
}

static void on_opened(int fd, const GError *error, gpointer user_data)
{
        Bridge *bridge = user_data;
        g_autoptr(GSocket) socket = fd >= 0 ? g_socket_new_from_fd(fd, NULL) : NULL;

        if (fd >= 0 && socket == NULL)
                (void)close(fd);
        if (socket != NULL)
                bridge->guest = g_socket_connection_factory_create_connection(socket);
        else
                end(bridge, WEBSOCKET_FAILED, error != NULL ? error->message : "the console has no socket");
        if (bridge->exchange != NULL) {
                answer(bridge);
                exchange_take_more(bridge->exchange);
        }
        bridge_unref(bridge);
}

static void open_guest(Bridge *bridge)
{
        g_autoptr(GError) error = NULL;
        virConnectPtr connection =
                operations_connection(api_parts(server_api(bridge->server))->operations, &error);

        if (connection == NULL) {
                end(bridge, WEBSOCKET_FAILED, error->message);
                answer(bridge);
                return;
        }
        if (bridge->kind == CONSOLE_SERIAL)
                end_others(bridge);
        console_look(connection, bridge->uuid, bridge->kind, true, on_opened, bridge_ref(bridge));
}

static void begin(Server *server, Exchange *exchange, const ConsoleTicket *ticket, const char *accept)
{
        Bridge *bridge = g_new0(Bridge, 1);

        bridge->references = 1;
        bridge->server = server;
        bridge->exchange = exchange;
        bridge->session = session_ref(ticket->session);
        bridge->uuid = g_strdup(ticket->uuid);
        bridge->kind = ticket->kind;
        bridge->accept = g_strdup(accept);
        bridge->cancellable = g_cancellable_new();
        bridge->is_writing = true;
        bridge->heard_us = g_get_monotonic_time();
        bridge->timer = g_timeout_add_seconds(PING_S, on_timer, bridge);
        bridge->watch = world_watch(api_world(server_api(server)), on_world, bridge);
        bridge->session->consoles++;
        g_queue_push_tail(server_consoles(server), bridge);
        session_add_end(bridge->session, on_session_end, bridge);
        exchange_set_gone(exchange, on_gone, bridge);
        open_guest(bridge);
}

void console_begin(Server *server, Exchange *exchange)
{
        const Head *head = exchange_head(exchange);
        g_autofree char *accept = websocket_accept(head);
        g_autoptr(ConsoleTicket) ticket = NULL;

        if (accept == NULL || head->chunked || head->length > 0) {
                exchange_add_header(exchange, "Sec-WebSocket-Version", "13");
                exchange_refuse(exchange, SOUP_STATUS_BAD_REQUEST,
                                "this path is for a WebSocket of version 13");
                return;
        }
        ticket = console_ticket_use(server_api(server), head->path + strlen(PREFIX));
        if (ticket == NULL || !role_has(ticket->session->role, PRIVILEGE))
                exchange_refuse(exchange, SOUP_STATUS_NOT_FOUND,
                                "there is no such ticket; each is good once, for half a minute");
        else if (ticket->session->consoles >= CONSOLES_SESSION_MAX ||
                 server_consoles(server)->length >= CONSOLES_MAX)
                exchange_refuse(exchange, SOUP_STATUS_SERVICE_UNAVAILABLE,
                                "there are %d consoles open in this session, or %d in all; close some",
                                CONSOLES_SESSION_MAX, CONSOLES_MAX);
        else
                begin(server, exchange, ticket, accept);
}
