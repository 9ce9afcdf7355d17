/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The Unix socket: who serves a connection; and /metrics, there and on loopback. All else is the API's. */
#include "daemon/http.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "daemon/metrics.h"

#define LISTEN_BACKLOG  1024
#define PEEK_BYTES      512
#define BODY_MAX        ((gsize)1 << 20)
#define PEER_SOCKET     "aerostat-socket"
#define METRICS         "/metrics"
#define CONTENT_METRICS "application/openmetrics-text; version=1.0.0; charset=utf-8"

struct Http {
        ApiParts parts;
        Server *server; /* of the API */
        GSocketService *service;
        GHashTable *arrivals; /* Arrival to itself */
        SoupServer *local;
        SoupServer *metrics; /* on loopback; NULL: not asked for */
        char *socket_path;
};

/* --- figures for collectors --- */

static void refuse(SoupServerMessage *message, unsigned status, const char *text)
{
        soup_server_message_set_status(message, status, NULL);
        soup_server_message_set_response(message, "text/plain; charset=utf-8", SOUP_MEMORY_COPY, text,
                                         strlen(text));
}

static void handle(SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
                   gpointer user_data)
{
        Http *http = user_data;
        char *text;

        (void)server;
        (void)query;
        if (strcmp(path, METRICS) != 0) {
                refuse(message, SOUP_STATUS_NOT_FOUND, "there is " METRICS "\n");
                return;
        }
        if (strcmp(soup_server_message_get_method(message), "GET") != 0) {
                refuse(message, SOUP_STATUS_METHOD_NOT_ALLOWED, METRICS " can be read (GET)\n");
                return;
        }
        text = metrics_text(http->parts.scheduler, http->parts.sharing);
        soup_server_message_set_status(message, SOUP_STATUS_OK, NULL);
        soup_server_message_set_response(message, CONTENT_METRICS, SOUP_MEMORY_TAKE, text, strlen(text));
}

/* A body is cut off while it comes, not once it has filled memory. */
static void on_chunk(SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
        GObject *peer = G_OBJECT(soup_server_message_get_remote_address(message));
        GSocket *socket = soup_server_message_get_socket(message);
        gsize *size = user_data;

        *size += g_bytes_get_size(chunk);
        if (*size > BODY_MAX)
                (void)g_socket_close(socket != NULL ? socket : g_object_get_data(peer, PEER_SOCKET), NULL);
}

static void on_started(SoupServer *server, SoupServerMessage *message, gpointer user_data)
{
        gsize *size = g_new0(gsize, 1);

        (void)server;
        (void)user_data;
        /*
         * One request for each connection: libsoup (3.2) never notices the end of one that is kept
         * when the client went before it had read its answer.
         */
        soup_message_headers_replace(soup_server_message_get_response_headers(message), "Connection",
                                     "close");
        (void)g_signal_connect_data(message, "got-chunk", G_CALLBACK(on_chunk), size,
                                    (GClosureNotify)(void (*)(void))g_free, 0);
}

/* --- who serves a connection --- */

/* A client that has not said anything yet. */
typedef struct Arrival {
        Http *http;
        GSocketConnection *connection;
        GSource *source;
} Arrival;

static void arrival_free(gpointer data)
{
        Arrival *arrival = data;

        g_source_destroy(arrival->source);
        g_source_unref(arrival->source);
        g_object_unref(arrival->connection);
        g_free(arrival);
}

static void serve(Http *http, GSocketConnection *connection)
{
        g_autoptr(GSocketAddress) local = g_socket_connection_get_local_address(connection, NULL);
        g_autoptr(GSocketAddress) peer = g_socket_connection_get_remote_address(connection, NULL);

        if (local == NULL || peer == NULL)
                return;
        /* libsoup does not say which socket a stream of ours is. */
        g_object_set_data_full(G_OBJECT(peer), PEER_SOCKET,
                               g_object_ref(g_socket_connection_get_socket(connection)), g_object_unref);
        (void)soup_server_accept_iostream(http->local, G_IO_STREAM(connection), local, peer, NULL);
}

/* "GET /metrics HTTP/1.1" */
static bool is_for_metrics(const char *text)
{
        const char *start = strchr(text, ' ');

        return start != NULL && g_str_has_prefix(start + 1, METRICS) &&
               strchr(" ?\r\n", start[1 + strlen(METRICS)]) != NULL;
}

static gboolean on_said(GSocket *socket, GIOCondition condition, gpointer user_data)
{
        Arrival *arrival = user_data;
        Http *http = arrival->http;
        char text[PEEK_BYTES + 1];
        ssize_t n = recv(g_socket_get_fd(socket), text, PEEK_BYTES, MSG_PEEK | MSG_DONTWAIT);

        (void)condition;
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
                return G_SOURCE_CONTINUE;
        if (n > 0) {
                text[n] = '\0';
                if (is_for_metrics(text))
                        serve(http, arrival->connection);
                else
                        server_adopt(http->server, arrival->connection);
        }
        (void)g_hash_table_remove(http->arrivals, arrival);
        return G_SOURCE_REMOVE;
}

static Arrival *arrival_new(Http *http, GSocketConnection *connection)
{
        Arrival *arrival = g_new0(Arrival, 1);

        arrival->http = http;
        arrival->connection = g_object_ref(connection);
        arrival->source = g_socket_create_source(g_socket_connection_get_socket(connection), G_IO_IN, NULL);
        g_source_set_callback(arrival->source, G_SOURCE_FUNC(on_said), arrival, NULL);
        (void)g_source_attach(arrival->source, NULL);
        return arrival;
}

static void on_client(GSocketService *service, GSocketConnection *connection, GObject *source,
                      gpointer user_data)
{
        Http *http = user_data;

        (void)service;
        (void)source;
        g_hash_table_add(http->arrivals, arrival_new(http, connection));
}

static bool listen_locally(Http *http, GError **error)
{
        g_autoptr(GSocketAddress) address = g_unix_socket_address_new(http->socket_path);
        g_autoptr(GSocket) listener =
                g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
        mode_t mask;
        bool bound;

        if (listener == NULL)
                return false;
        /* Many may come at once; who finds no room is sent away by the kernel, not told to wait. */
        g_socket_set_listen_backlog(listener, LISTEN_BACKLOG);
        /* The lock says that nobody else is here: what lies there is left from a daemon that was killed. */
        (void)g_unlink(http->socket_path);
        mask = umask(0077);
        bound = g_socket_bind(listener, address, TRUE, error);
        (void)umask(mask);
        if (!bound || !g_socket_listen(listener, error))
                return false;
        http->service = g_socket_service_new();
        (void)g_signal_connect(http->service, "incoming", G_CALLBACK(on_client), http);
        return g_socket_listener_add_socket(G_SOCKET_LISTENER(http->service), listener, NULL, error);
}

Http *http_new(const char *socket_path, const ApiParts *parts, Server *server, GError **error)
{
        g_autoptr(Http) http = g_new0(Http, 1);
        unsigned port = config_metrics_port(parts->config);

        http->parts = *parts;
        http->server = server;
        http->arrivals = g_hash_table_new_full(NULL, NULL, NULL, arrival_free);
        http->socket_path = g_strdup(socket_path);
        http->local = soup_server_new("server-header", "aerostatd", NULL);
        (void)g_signal_connect(http->local, "request-started", G_CALLBACK(on_started), NULL);
        soup_server_add_handler(http->local, NULL, handle, http, NULL);
        if (!listen_locally(http, error))
                return NULL;
        if (port != 0) {
                http->metrics = soup_server_new("server-header", "aerostatd", NULL);
                (void)g_signal_connect(http->metrics, "request-started", G_CALLBACK(on_started), NULL);
                soup_server_add_handler(http->metrics, NULL, handle, http, NULL);
                if (!soup_server_listen_local(http->metrics, port, 0, error))
                        return NULL;
        }
        return g_steal_pointer(&http);
}

void http_free(Http *http)
{
        if (http == NULL)
                return;
        if (http->service != NULL) {
                g_socket_service_stop(http->service);
                g_socket_listener_close(G_SOCKET_LISTENER(http->service));
        }
        g_clear_object(&http->service);
        g_hash_table_unref(http->arrivals);
        if (http->local != NULL)
                soup_server_disconnect(http->local);
        if (http->metrics != NULL)
                soup_server_disconnect(http->metrics);
        g_clear_object(&http->local);
        g_clear_object(&http->metrics);
        (void)g_unlink(http->socket_path);
        g_free(http->socket_path);
        g_free(http);
}
