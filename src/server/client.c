/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading, serving, answering. Of a client that is slow, or sends what nobody asked for, no more is kept
 * than the bounds here; one that goes away is noticed also while its request waits.
 */
#include "server/client.h"

#include <string.h>

#include "server/body.h"
#include "server/exchange-internal.h"

#define READ_BYTES (8 << 10)
/* Of what comes while a request is served: then it is not read any more. */
#define AHEAD_BYTES_MAX (64 << 10)
#define SLICE_BYTES     (128 << 10)

#define HANDSHAKE_S 10
#define IDLE_S      930 /* between requests: pyVmomi keeps its connections for 900 */
#define HEAD_S      10
/* Until the first request begins. Browsers connect ahead of need and give that up after 10 seconds: were it
 * given up here just then, they could send a request into a connection that is closing. */
#define UNUSED_S 20
/* A body has this, and a second more for so many bytes. */
#define BODY_S       30
#define BODY_BYTES_S 4096
#define SLICE_S      60
#define LINGER_S     2
#define LINGER_BYTES (1 << 20)

typedef enum State {
        HANDSHAKE,
        HEAD,
        BODY,
        SINKING, /* in BODY: what came is being written to where it goes */
        SERVED,
        ANSWERING,
        LINGERING,
        CLOSED,
} State;

struct Client {
        unsigned references; /* the creator's, and one for each operation under way */
        ClientPlan plan;
        char *address;
        GSocketConnection *socket;
        GIOStream *stream;
        GCancellable *cancellable;
        State state;
        int64_t deadline_us; /* monotonic; 0: none */
        int64_t begun_us;    /* the body */
        GByteArray *buffer;  /* read, and not looked at */
        bool head_begun, reading, sending, ended;
        size_t lingered;
        Body body;
        Exchange *exchange; /* from the end of its head to the end of its answer */
        gpointer data;
        GDestroyNotify free_data;
        char chunk[READ_BYTES];
};

static void step(Client *client);
static void send_slice(Client *client);

static Client *client_ref(Client *client)
{
        client->references++;
        return client;
}

static void client_unref(Client *client)
{
        if (--client->references > 0)
                return;
        g_byte_array_unref(client->buffer);
        g_clear_object(&client->stream);
        g_object_unref(client->socket);
        g_object_unref(client->cancellable);
        g_free(client->address);
        g_free(client);
}

static void set_deadline(Client *client, unsigned seconds)
{
        client->deadline_us = g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
}

void client_close(Client *client)
{
        Exchange *exchange = g_steal_pointer(&client->exchange);

        if (client->state == CLOSED)
                return;
        client->state = CLOSED;
        g_cancellable_cancel(client->cancellable);
        /* At once, and below TLS: nothing is to be waited for. */
        (void)g_socket_close(g_socket_connection_get_socket(client->socket), NULL);
        if (exchange != NULL)
                exchange_end(exchange);
        if (client->free_data != NULL)
                client->free_data(g_steal_pointer(&client->data));
        client->plan.closed(client, client->plan.closed_data);
        client_unref(client);
}

void client_check(Client *client, int64_t now_us)
{
        if (client->deadline_us != 0 && now_us > client->deadline_us)
                client_close(client);
}

/* --- answering --- */

static void on_output_closed(GObject *source, GAsyncResult *result, gpointer user_data)
{
        Client *client = user_data;

        (void)g_output_stream_close_finish(G_OUTPUT_STREAM(source), result, NULL);
        if (client->state == LINGERING)
                (void)g_socket_shutdown(g_socket_connection_get_socket(client->socket), FALSE, TRUE, NULL);
        client_unref(client);
}

/* The client is to read what was sent before its client is reset for what it goes on to send. */
static void linger(Client *client)
{
        if (client->ended) {
                client_close(client);
                return;
        }
        client->state = LINGERING;
        set_deadline(client, LINGER_S);
        g_byte_array_set_size(client->buffer, 0);
        g_output_stream_close_async(g_io_stream_get_output_stream(client->stream), G_PRIORITY_DEFAULT,
                                    client->cancellable, on_output_closed, client_ref(client));
        step(client);
}

static void on_answered(Client *client)
{
        bool keep = client->exchange->keep_alive && !client->ended;

        exchange_end(g_steal_pointer(&client->exchange));
        if (!keep) {
                linger(client);
                return;
        }
        client->state = HEAD;
        client->head_begun = false;
        set_deadline(client, IDLE_S);
        step(client);
}

/* Bytes on their way: a thread may still look at them when the exchange has ended. */
typedef struct Sending {
        Client *client;
        GBytes *bytes;
} Sending;

static void send_to(Client *client, GOutputStream *stream, GBytes *bytes, GAsyncReadyCallback done)
{
        Sending *sending = g_new(Sending, 1);
        gsize size;
        const void *data = g_bytes_get_data(bytes, &size);

        *sending = (Sending){.client = client_ref(client), .bytes = g_bytes_ref(bytes)};
        g_output_stream_write_all_async(stream, data, size, G_PRIORITY_DEFAULT, client->cancellable, done,
                                        sending);
}

/* Takes it; the client is to be unreferenced. */
static Client *sending_end(Sending *sending)
{
        Client *client = sending->client;

        g_bytes_unref(sending->bytes);
        g_free(sending);
        return client;
}

static void on_slice_sent(GObject *source, GAsyncResult *result, gpointer user_data)
{
        Client *client = sending_end(user_data);
        bool sent = g_output_stream_write_all_finish(G_OUTPUT_STREAM(source), result, NULL, NULL);

        client->sending = false;
        if (client->state == ANSWERING && !sent)
                client_close(client);
        else if (client->state == ANSWERING)
                send_slice(client);
        client_unref(client);
}

static void send_bytes(Client *client, GBytes *bytes)
{
        /* It takes seconds to be read, or the client does not read. */
        set_deadline(client, SLICE_S);
        client->sending = true;
        send_to(client, g_io_stream_get_output_stream(client->stream), bytes, on_slice_sent);
}

static void on_slice_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
        Client *client = user_data;
        g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish(G_INPUT_STREAM(source), result, NULL);
        Exchange *exchange = client->exchange;

        if (client->state == ANSWERING) {
                gsize size = bytes != NULL ? g_bytes_get_size(bytes) : 0;

                if (size == 0) { /* shorter than was promised: the client must see that */
                        client_close(client);
                } else {
                        exchange->left -= size;
                        send_bytes(client, bytes);
                }
        }
        client_unref(client);
}

/* The next piece of the answer. */
static void send_slice(Client *client)
{
        Exchange *exchange = client->exchange;
        uint64_t n = MIN(exchange->left, SLICE_BYTES);

        if (n == 0 && exchange->is_open) {
                client->deadline_us = 0;
                exchange->open.drained(exchange->open.data);
        } else if (n == 0) {
                on_answered(client);
        } else if (exchange->stream != NULL) {
                client->deadline_us = 0; /* the disk may take its time */
                g_input_stream_read_bytes_async(exchange->stream, n, G_PRIORITY_DEFAULT, client->cancellable,
                                                on_slice_read, client_ref(client));
        } else {
                gsize all = g_bytes_get_size(exchange->whole);

                g_autoptr(GBytes) slice = g_bytes_new_from_bytes(exchange->whole, all - exchange->left, n);

                exchange->left -= n;
                send_bytes(client, slice);
        }
}

void client_answer(Client *client, GString *head)
{
        Exchange *exchange = client->exchange;
        uint64_t n = exchange->whole != NULL ? MIN(exchange->left, SLICE_BYTES) : 0;
        g_autoptr(GBytes) bytes = NULL;

        client->state = ANSWERING;
        if (n > 0) { /* one packet for what is small */
                const char *data = g_bytes_get_data(exchange->whole, NULL);

                g_string_append_len(head, data, (gssize)n);
                exchange->left -= n;
        }
        bytes = g_string_free_to_bytes(head);
        send_bytes(client, bytes);
}

void client_push(Client *client)
{
        if (!client->sending)
                send_slice(client);
}

static bool is_open(const Client *client)
{
        return client->state == ANSWERING && client->exchange->is_open;
}

/* To who has left the answer open. */
static bool give(Client *client)
{
        const Open *open = &client->exchange->open;
        size_t used = 0;

        if (client->buffer->len > 0 && open->received != NULL)
                used = open->received((const char *)client->buffer->data, client->buffer->len, open->data);
        if (!is_open(client) || used == 0)
                return false;
        g_byte_array_remove_range(client->buffer, 0, (guint)used);
        return client->buffer->len > 0;
}

void client_take_more(Client *client)
{
        step(client);
}

/* --- requests --- */

bool client_is_idle(const Client *client, int64_t *ret_since_us)
{
        *ret_since_us = client->deadline_us;
        return client->state == HEAD && !client->head_begun;
}

/* What can be read of the client cannot be understood any more. */
static void refuse(Client *client, unsigned status)
{
        client->exchange->keep_alive = false;
        exchange_refuse(client->exchange, status, "%s", soup_status_get_phrase(status));
}

static void take(Client *client, size_t n)
{
        g_byte_array_remove_range(client->buffer, 0, (guint)n);
}

static void run(Client *client)
{
        Exchange *exchange = client->exchange;

        client->state = SERVED;
        client->deadline_us = 0;
        exchange->body_read = true;
        exchange->body_bytes = g_byte_array_free_to_bytes(g_steal_pointer(&exchange->body));
        exchange->route->run(exchange, client->plan.user_data);
}

static void on_continued(GObject *source, GAsyncResult *result, gpointer user_data)
{
        Client *client = user_data;
        bool sent = g_output_stream_write_all_finish(G_OUTPUT_STREAM(source), result, NULL, NULL);

        if (client->state == SINKING && !sent) {
                client_close(client);
        } else if (client->state == SINKING) {
                client->state = BODY;
                step(client);
        }
        client_unref(client);
}

/* The client waits to be told that its body is wanted. */
static void send_continue(Client *client)
{
        static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";

        client->state = SINKING;
        g_output_stream_write_all_async(g_io_stream_get_output_stream(client->stream), text, strlen(text),
                                        G_PRIORITY_DEFAULT, client->cancellable, on_continued,
                                        client_ref(client));
}

static void begin_body(Client *client)
{
        Exchange *exchange = client->exchange;
        const Head *head = &exchange->head;

        client->state = BODY;
        client->begun_us = g_get_monotonic_time();
        set_deadline(client, BODY_S);
        exchange->body = g_byte_array_new();
        body_begin(&client->body, head, exchange->route->body_max);
        if (!head->chunked && head->length > exchange->route->body_max) {
                refuse(client, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE);
                return;
        }
        if (exchange->route->open != NULL) {
                exchange->sink = exchange->route->open(exchange, client->plan.user_data);
                if (exchange->sink == NULL) {
                        g_assert(client->state == ANSWERING);
                        return;
                }
        }
        if (head->expects_continue && client->buffer->len == 0 && (head->chunked || head->length > 0))
                send_continue(client);
}

void client_serve(Client *client)
{
        begin_body(client);
        step(client);
}

static void begin_exchange(Client *client, size_t size)
{
        Exchange *exchange = exchange_new(client);
        unsigned status = head_parse((const char *)client->buffer->data, size, &exchange->head);

        take(client, size);
        client->exchange = exchange;
        client->state = SERVED;
        client->deadline_us = 0;
        if (status != 0) {
                refuse(client, status);
                return;
        }
        exchange->keep_alive = exchange->head.keep_alive;
        exchange->route = client->plan.router(exchange, client->plan.user_data);
        if (exchange->route != NULL)
                begin_body(client);
}

static bool take_head(Client *client)
{
        const GByteArray *buffer = client->buffer;
        size_t size = buffer->len > 0 ? head_end((const char *)buffer->data, buffer->len) : 0;

        if (size > HEAD_BYTES_MAX || (size == 0 && buffer->len > HEAD_BYTES_MAX)) {
                client->exchange = exchange_new(client);
                client->state = SERVED;
                refuse(client, STATUS_HEAD_TOO_LARGE);
                return false;
        }
        if (size > 0) {
                begin_exchange(client, size);
                return true;
        }
        if (buffer->len > 0 && !client->head_begun) {
                client->head_begun = true;
                set_deadline(client, HEAD_S);
        }
        return false;
}

static void on_sunk(GObject *source, GAsyncResult *result, gpointer user_data)
{
        Client *client = sending_end(user_data);
        g_autoptr(GError) error = NULL;
        bool written = g_output_stream_write_all_finish(G_OUTPUT_STREAM(source), result, NULL, &error);
        Exchange *exchange = client->exchange;

        if (client->state == SINKING) {
                if (written) {
                        client->state = BODY;
                        set_deadline(client, BODY_S);
                        step(client);
                } else {
                        exchange->keep_alive = false;
                        exchange_refuse(exchange,
                                        g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE)
                                                ? SOUP_STATUS_INSUFFICIENT_STORAGE
                                                : SOUP_STATUS_INTERNAL_SERVER_ERROR,
                                        "%s", error->message);
                }
        }
        client_unref(client);
}

static void keep(Client *client, const char *data, size_t size)
{
        Exchange *exchange = client->exchange;
        g_autoptr(GBytes) bytes = NULL;

        if (exchange->sink == NULL) {
                g_byte_array_append(exchange->body, (const guint8 *)data, (guint)size);
                /* What it has sent gives the client some more time. */
                client->deadline_us = client->begun_us + BODY_S * G_USEC_PER_SEC +
                                      (int64_t)(client->body.taken / BODY_BYTES_S) * G_USEC_PER_SEC;
                return;
        }
        client->state = SINKING;
        client->deadline_us = 0;
        bytes = g_bytes_new(data, size);
        send_to(client, exchange->sink, bytes, on_sunk);
}

static bool take_body(Client *client)
{
        GByteArray *buffer = client->buffer;
        const char *data;
        size_t used, size;
        BodyResult result =
                body_take(&client->body, (const char *)buffer->data, buffer->len, &used, &data, &size);

        if (result == BODY_DATA)
                keep(client, data, size);
        take(client, used);
        if (result == BODY_DONE)
                run(client);
        else if (result == BODY_MALFORMED)
                refuse(client, SOUP_STATUS_BAD_REQUEST);
        else if (result == BODY_TOO_LARGE)
                refuse(client, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE);
        return result == BODY_DATA || result == BODY_DONE;
}

/* --- reading --- */

static void on_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
        Client *client = user_data;
        gssize n = g_input_stream_read_finish(G_INPUT_STREAM(source), result, NULL);

        client->reading = false;
        if (client->state == CLOSED) {
                client_unref(client);
                return;
        }
        if (n <= 0) {
                client->ended = true;
                if (client->state != ANSWERING || is_open(client))
                        client_close(client);
        } else if (client->state == LINGERING) {
                client->lingered += (size_t)n;
                if (client->lingered > LINGER_BYTES)
                        client_close(client);
                else
                        step(client);
        } else {
                g_byte_array_append(client->buffer, (const guint8 *)client->chunk, (guint)n);
                step(client);
        }
        client_unref(client);
}

/* Also while a request is served, to see whether its client is still there. */
static void read_on(Client *client)
{
        if (client->reading || client->ended || client->state == CLOSED ||
            client->buffer->len > AHEAD_BYTES_MAX)
                return;
        client->reading = true;
        g_input_stream_read_async(g_io_stream_get_input_stream(client->stream), client->chunk,
                                  sizeof client->chunk, G_PRIORITY_DEFAULT, client->cancellable, on_read,
                                  client_ref(client));
}

static void step(Client *client)
{
        bool more = true;

        (void)client_ref(client);
        while (more)
                more = client->state == HEAD   ? take_head(client)
                       : client->state == BODY ? take_body(client)
                       : is_open(client)       ? give(client)
                                               : false;
        read_on(client);
        client_unref(client);
}

/* --- beginning --- */

static void begin(Client *client)
{
        client->state = HEAD;
        set_deadline(client, UNUSED_S);
        step(client);
}

static void on_shaken(GObject *source, GAsyncResult *result, gpointer user_data)
{
        Client *client = user_data;
        bool shaken = g_tls_connection_handshake_finish(G_TLS_CONNECTION(source), result, NULL);

        if (client->state == HANDSHAKE && shaken)
                begin(client);
        else if (client->state == HANDSHAKE)
                client_close(client);
        client_unref(client);
}

static gboolean close_later(gpointer user_data)
{
        client_close(user_data);
        client_unref(user_data);
        return G_SOURCE_REMOVE;
}

static void begin_tls(Client *client)
{
        client->stream =
                g_tls_server_connection_new(G_IO_STREAM(client->socket), client->plan.certificate, NULL);
        if (client->stream == NULL) {
                (void)g_idle_add(close_later, client_ref(client));
                return;
        }
        g_tls_connection_set_require_close_notify(G_TLS_CONNECTION(client->stream), FALSE);
        g_tls_connection_set_advertised_protocols(G_TLS_CONNECTION(client->stream),
                                                  (const char *const[]){"http/1.1", NULL});
        set_deadline(client, HANDSHAKE_S);
        g_tls_connection_handshake_async(G_TLS_CONNECTION(client->stream), G_PRIORITY_DEFAULT,
                                         client->cancellable, on_shaken, client_ref(client));
}

Client *client_new(GSocketConnection *socket, const ClientPlan *plan)
{
        Client *client = g_new0(Client, 1);

        client->references = 1;
        client->plan = *plan;
        client->address = g_strdup(plan->address);
        client->plan.address = client->address;
        client->socket = g_object_ref(socket);
        client->cancellable = g_cancellable_new();
        client->buffer = g_byte_array_new();
        if (plan->certificate != NULL) {
                begin_tls(client);
        } else {
                client->stream = g_object_ref(G_IO_STREAM(socket));
                begin(client);
        }
        return client;
}

const ClientPlan *client_plan(const Client *client)
{
        return &client->plan;
}

gpointer *client_data(Client *client, GDestroyNotify **ret_free)
{
        *ret_free = &client->free_data;
        return &client->data;
}
