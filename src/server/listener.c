/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Accepting, counting, and closing what takes too long. */
#include "server/listener.h"

#include <gio/gunixconnection.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#define BACKLOG         1024
#define ACCEPTS_AT_ONCE 64
#define PAUSE_MS        200
/* Of a client whose machine is gone. */
#define KEEPALIVE_S 60

typedef struct Port {
        Listener *listener;
        GSocket *socket;
        GTlsCertificate *certificate;
        GSource *source; /* NULL: paused */
        guint pause;
} Port;

struct Listener {
        Router router;
        gpointer user_data;
        GPtrArray *ports;
        GHashTable *connections; /* Client to who it counts for */
        GHashTable *counts;      /* text to a number */
        guint timer;
};

/* --- counting --- */

/* Who a client counts for. Owned. */
static char *party_of(GSocketAddress *address)
{
        GInetAddress *inet;

        if (address == NULL || !G_IS_INET_SOCKET_ADDRESS(address))
                return g_strdup("local");
        inet = g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(address));
        if (g_inet_address_get_family(inet) == G_SOCKET_FAMILY_IPV6) {
                g_autoptr(GInetAddress) network = NULL;
                guint8 bytes[16] = {0};

                memcpy(bytes, g_inet_address_to_bytes(inet), 8);
                /* ::ffff:192.0.2.7 is not one network with all of IPv4. */
                if (memcmp(bytes, (guint8[8]){0}, 8) == 0)
                        return g_inet_address_to_string(inet);
                network = g_inet_address_new_from_bytes(bytes, G_SOCKET_FAMILY_IPV6);
                return g_inet_address_to_string(network);
        }
        return g_inet_address_to_string(inet);
}

static unsigned count_of(const Listener *listener, const char *party)
{
        return GPOINTER_TO_UINT(g_hash_table_lookup(listener->counts, party));
}

static void set_count(Listener *listener, const char *party, unsigned count)
{
        if (count > 0)
                g_hash_table_replace(listener->counts, g_strdup(party), GUINT_TO_POINTER(count));
        else
                (void)g_hash_table_remove(listener->counts, party);
}

static void on_closed(Client *client, gpointer user_data)
{
        Listener *listener = user_data;
        gpointer party = NULL;

        if (!g_hash_table_steal_extended(listener->connections, client, NULL, &party))
                return;
        set_count(listener, party, count_of(listener, party) - 1);
        g_free(party);
}

/* Makes room for a new one by the end of one that nobody uses. False: all are in use. */
static bool make_room(Listener *listener)
{
        GHashTableIter iter;
        gpointer key;
        Client *oldest = NULL;
        int64_t oldest_us = 0, since_us;

        g_hash_table_iter_init(&iter, listener->connections);
        while (g_hash_table_iter_next(&iter, &key, NULL))
                if (client_is_idle(key, &since_us) && (oldest == NULL || since_us < oldest_us)) {
                        oldest = key;
                        oldest_us = since_us;
                }
        if (oldest != NULL)
                client_close(oldest);
        return oldest != NULL;
}

/* --- connections --- */

static bool is_own_user(GSocketConnection *socket)
{
        g_autoptr(GCredentials) credentials =
                g_socket_get_credentials(g_socket_connection_get_socket(socket), NULL);
        uid_t user = credentials != NULL ? g_credentials_get_unix_user(credentials, NULL) : (uid_t)-1;

        return user != (uid_t)-1 && (user == 0 || user == geteuid());
}

static void add_connection(Listener *listener, GSocketConnection *socket, GTlsCertificate *certificate)
{
        g_autoptr(GSocketAddress) address = g_socket_connection_get_remote_address(socket, NULL);
        g_autofree char *party = party_of(address), *name = NULL;
        bool is_local = G_IS_UNIX_CONNECTION(socket);
        ClientPlan plan = {.certificate = certificate,
                           .router = listener->router,
                           .user_data = listener->user_data,
                           .closed = on_closed,
                           .closed_data = listener};

        if (count_of(listener, party) >= CONNECTIONS_ADDRESS_MAX ||
            (g_hash_table_size(listener->connections) >= CONNECTIONS_MAX && !make_room(listener)))
                return; /* the socket closes with its last reference */
        name = is_local || address == NULL ? g_strdup("local")
                                           : g_inet_address_to_string(g_inet_socket_address_get_address(
                                                     G_INET_SOCKET_ADDRESS(address)));
        plan.address = name;
        plan.is_own = is_local && is_own_user(socket);
        set_count(listener, party, count_of(listener, party) + 1);
        g_hash_table_insert(listener->connections, client_new(socket, &plan), g_steal_pointer(&party));
}

void listener_adopt(Listener *listener, GSocketConnection *socket)
{
        add_connection(listener, socket, NULL);
}

static gboolean on_timer(gpointer user_data)
{
        Listener *listener = user_data;
        g_autoptr(GList) all = g_hash_table_get_keys(listener->connections);
        int64_t now_us = g_get_monotonic_time();

        for (GList *one = all; one != NULL; one = one->next)
                if (g_hash_table_contains(listener->connections, one->data))
                        client_check(one->data, now_us);
        return G_SOURCE_CONTINUE;
}

/* --- ports --- */

static void watch(Port *port);

static gboolean on_pause_over(gpointer user_data)
{
        Port *port = user_data;

        port->pause = 0;
        watch(port);
        return G_SOURCE_REMOVE;
}

static void unwatch(Port *port)
{
        if (port->source != NULL)
                g_source_destroy(port->source);
        g_clear_pointer(&port->source, g_source_unref);
}

static void set_up_socket(GSocket *socket)
{
        (void)g_socket_set_option(socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
        (void)g_socket_set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_S, NULL);
        g_socket_set_keepalive(socket, TRUE);
}

static gboolean on_arrival(GSocket *socket, GIOCondition condition, gpointer user_data)
{
        Port *port = user_data;

        (void)condition;
        for (unsigned i = 0; i < ACCEPTS_AT_ONCE; i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(GSocket) accepted = g_socket_accept(socket, NULL, &error);
                g_autoptr(GSocketConnection) client = NULL;

                if (accepted == NULL) {
                        if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
                                return G_SOURCE_CONTINUE;
                        /* No descriptor is left: it would be asked again at once, and again. */
                        port->pause = g_timeout_add(PAUSE_MS, on_pause_over, port);
                        unwatch(port);
                        return G_SOURCE_REMOVE;
                }
                set_up_socket(accepted);
                client = g_socket_connection_factory_create_connection(accepted);
                add_connection(port->listener, client, port->certificate);
        }
        return G_SOURCE_CONTINUE;
}

static void watch(Port *port)
{
        port->source = g_socket_create_source(port->socket, G_IO_IN, NULL);
        g_source_set_callback(port->source, G_SOURCE_FUNC(on_arrival), port, NULL);
        (void)g_source_attach(port->source, NULL);
}

static void port_free(gpointer data)
{
        Port *port = data;

        unwatch(port);
        if (port->pause != 0)
                (void)g_source_remove(port->pause);
        (void)g_socket_close(port->socket, NULL);
        g_object_unref(port->socket);
        g_clear_object(&port->certificate);
        g_free(port);
}

static GSocket *bind_to(GInetAddress *inet, unsigned port, GError **error)
{
        g_autoptr(GSocketAddress) address = g_inet_socket_address_new(inet, (guint16)port);
        g_autoptr(GSocket) socket = g_socket_new(g_inet_address_get_family(inet), G_SOCKET_TYPE_STREAM,
                                                 G_SOCKET_PROTOCOL_TCP, error);

        if (socket == NULL)
                return NULL;
        g_socket_set_blocking(socket, FALSE);
        g_socket_set_listen_backlog(socket, BACKLOG);
        return g_socket_bind(socket, address, TRUE, error) && g_socket_listen(socket, error)
                       ? g_steal_pointer(&socket)
                       : NULL;
}

static bool add_port(Listener *listener, GInetAddress *inet, unsigned number, GTlsCertificate *certificate,
                     GError **error)
{
        GSocket *socket = bind_to(inet, number, error);
        Port *port;

        if (socket == NULL) {
                g_autofree char *text = g_inet_address_to_string(inet);

                g_prefix_error(error, "cannot listen at %s port %u: ", text, number);
                return false;
        }
        port = g_new0(Port, 1);
        port->listener = listener;
        port->socket = socket;
        port->certificate = certificate != NULL ? g_object_ref(certificate) : NULL;
        g_ptr_array_add(listener->ports, port);
        watch(port);
        return true;
}

bool listener_add(Listener *listener, const char *address, unsigned port, GTlsCertificate *certificate,
                  GError **error)
{
        g_autoptr(GInetAddress) inet = NULL;

        if (address == NULL) {
                g_autoptr(GError) no_v6 = NULL;
                g_autoptr(GInetAddress) any_v6 = g_inet_address_new_any(G_SOCKET_FAMILY_IPV6);

                /* A socket of IPv6 takes IPv4, too, where there is IPv6 at all. */
                if (add_port(listener, any_v6, port, certificate, &no_v6))
                        return true;
                inet = g_inet_address_new_any(G_SOCKET_FAMILY_IPV4);
        } else {
                inet = g_inet_address_new_from_string(address);
                if (inet == NULL) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                    "\"%s\" is no IP address to listen at", address);
                        return false;
                }
        }
        return add_port(listener, inet, port, certificate, error);
}

Listener *listener_new(Router router, gpointer user_data)
{
        Listener *listener = g_new0(Listener, 1);

        listener->router = router;
        listener->user_data = user_data;
        listener->ports = g_ptr_array_new_with_free_func(port_free);
        listener->connections = g_hash_table_new_full(NULL, NULL, NULL, g_free);
        listener->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        listener->timer = g_timeout_add_seconds(1, on_timer, listener);
        return listener;
}

void listener_free(Listener *listener)
{
        GHashTableIter iter;
        gpointer client;

        if (listener == NULL)
                return;
        g_ptr_array_unref(listener->ports);
        (void)g_source_remove(listener->timer);
        while (g_hash_table_iter_init(&iter, listener->connections),
               g_hash_table_iter_next(&iter, &client, NULL))
                client_close(client);
        g_hash_table_unref(listener->connections);
        g_hash_table_unref(listener->counts);
        g_free(listener);
}
