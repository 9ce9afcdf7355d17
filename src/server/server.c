/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a request's head to who serves it, and on whose behalf. */
#include "server/server.h"

#include <string.h>

#include "api/access/session-manager.h"
#include "api/vm/console-ticket.h"
#include "server/certificate.h"
#include "server/folder.h"
#include "server/guest-file.h"
#include "server/listener.h"
#include "server/routes.h"
#include "vim/wire.h"

/* Who has not logged in yet has little to say, and many could say it at once. */
#define STRANGER_BYTES_MAX (128 << 10)
#define KEY_MAX            64

struct Server {
        Api *api;
        Listener *listener;
        Writer *writer;
        GTlsCertificate *certificate;
        GQueue consoles;
};

static const Route soap_route = {.body_max = WIRE_BYTES_MAX, .run = soap_run};
static const Route soap_route_stranger = {.body_max = STRANGER_BYTES_MAX, .run = soap_run};
static const Route json_route = {.body_max = WIRE_BYTES_MAX, .run = json_run};
static const Route json_route_stranger = {.body_max = STRANGER_BYTES_MAX, .run = json_run};
static const Route documents_route = {.run = documents_run};
static const Route recorder_route = {.run = recorder_run};

Api *server_api(const Server *server)
{
        return server->api;
}

GQueue *server_consoles(Server *server)
{
        return &server->consoles;
}

Writer *server_writer(const Server *server)
{
        return server->writer;
}

/* --- sessions --- */

/* The exchange's data. */
typedef struct Visit {
        Server *server;
        Session *session;
        bool is_brief; /* the session ends with the exchange */
} Visit;

static void visit_free(gpointer data)
{
        Visit *visit = data;

        if (visit->is_brief)
                session_manager_close(visit->server->api, visit->session);
        session_unref(visit->session);
        g_free(visit);
}

static void set_visit(Server *server, Exchange *exchange, Session *session, bool is_brief)
{
        Visit *visit = g_new(Visit, 1);

        *visit = (Visit){.server = server, .session = session_ref(session), .is_brief = is_brief};
        exchange_set_data(exchange, visit, visit_free);
}

void route_set_session(Server *server, Exchange *exchange, Session *session)
{
        set_visit(server, exchange, session, false);
}

void route_set_brief_session(Server *server, Exchange *exchange, Session *session)
{
        set_visit(server, exchange, session, true);
}

char *route_cookie(const Exchange *exchange, const char *name)
{
        const char *cookies = soup_message_headers_get_list(exchange_head(exchange)->headers, "Cookie");
        /* Some clients send back what they were sent, with Path and all. */
        g_auto(GStrv) parts = g_strsplit_set(cookies != NULL ? cookies : "", ";,", -1);
        size_t length = strlen(name);

        for (char **part = parts; *part != NULL; part++) {
                char *text = g_strstrip(*part), *value;

                if (strncmp(text, name, length) != 0 || text[length] != '=')
                        continue;
                value = text + length + 1;
                value += value[0] == '"';
                return g_strndup(value, strcspn(value, "\""));
        }
        return NULL;
}

/* Of a session, in the header of JSON or the cookie of SOAP. Owned; NULL: none. */
static char *key_of(const Exchange *exchange)
{
        const char *key = exchange_header(exchange, "vmware-api-session-id");

        return key != NULL ? g_strdup(key) : route_cookie(exchange, "vmware_soap_session");
}

/* Of the connection, and gone with it. */
typedef struct Own {
        Api *api;
        Session *session;
} Own;

static void own_free(gpointer data)
{
        Own *own = data;

        session_manager_close(own->api, own->session);
        session_unref(own->session);
        g_free(own);
}

/* By the Unix socket: who can open it is the administrator of this host as it is. */
static Session *own_session(Server *server, Exchange *exchange)
{
        Own *own = exchange_connection_data(exchange);
        Session *session;

        if (own != NULL && !own->session->has_ended)
                return session_ref(own->session);
        session = session_new(SESSION_LOCAL, exchange_header(exchange, "User-Agent"));
        if (!session_manager_open(server->api, session, g_get_user_name(), g_get_real_name(),
                                  ROLE_ADMINISTRATOR))
                return session;
        own = g_new(Own, 1);
        *own = (Own){.api = server->api, .session = session_ref(session)};
        exchange_set_connection_data(exchange, own, own_free);
        return session;
}

/* Owned. */
static Session *find_session(Server *server, Exchange *exchange)
{
        g_autofree char *key = key_of(exchange);
        Session *session =
                key != NULL && strlen(key) <= KEY_MAX ? session_manager_find(server->api, key) : NULL;

        if (session != NULL)
                return session_ref(session);
        if (exchange_is_own(exchange))
                return own_session(server, exchange);
        return session_new(exchange_address(exchange), exchange_header(exchange, "User-Agent"));
}

Session *route_session(Exchange *exchange)
{
        const Visit *visit = exchange_data(exchange);
        g_autoptr(Session) session = NULL;

        /* Between a request's head and its body another request can have ended the session. */
        if (visit->session->has_ended && !visit->is_brief) {
                session = find_session(visit->server, exchange);
                set_visit(visit->server, exchange, session, false);
                visit = exchange_data(exchange);
        }
        return visit->session;
}

/* --- paths --- */

static bool is_below(const char *path, const char *folder)
{
        size_t length = strlen(folder);

        return strncmp(path, folder, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

/* A page of somewhere else is not to use what a browser has logged in to here. */
static bool is_foreign(const Exchange *exchange)
{
        const char *origin = exchange_header(exchange, "Origin"), *host = exchange_header(exchange, "Host");
        const char *start = origin != NULL ? strstr(origin, "://") : NULL;

        if (origin == NULL)
                return false;
        return start == NULL || host == NULL || g_ascii_strcasecmp(start + 3, host) != 0;
}

static const Route *refuse_method(Exchange *exchange, const char *allowed)
{
        exchange_add_header(exchange, "Allow", allowed);
        exchange_refuse(exchange, SOUP_STATUS_METHOD_NOT_ALLOWED, "this path has %s", allowed);
        return NULL;
}

static const Route *find_route(Server *server, Exchange *exchange)
{
        const char *path = exchange_head(exchange)->path;
        bool reads = exchange_is(exchange, "GET") || exchange_is(exchange, "HEAD");
        bool is_stranger = route_session(exchange)->role == ROLE_NONE;

        if (g_str_has_prefix(path, "/sdk/vim25/")) {
                if (!reads && !exchange_is(exchange, "POST"))
                        return refuse_method(exchange, "GET, HEAD, POST");
                return is_stranger ? &json_route_stranger : &json_route;
        }
        if (strcmp(path, "/sdk") == 0 || strcmp(path, "/sdk/") == 0 ||
            strcmp(path, "/sdk/vimService") == 0) {
                if (exchange_is(exchange, "POST"))
                        return is_stranger ? &soap_route_stranger : &soap_route;
                if (reads && exchange_head(exchange)->query != NULL)
                        return &documents_route;
                return refuse_method(exchange, "POST");
        }
        if (is_below(path, "/folder")) {
                if (!reads && !exchange_is(exchange, "PUT") && !exchange_is(exchange, "DELETE"))
                        return refuse_method(exchange, "GET, HEAD, PUT, DELETE");
                folder_begin(server, exchange);
                return NULL;
        }
        if (strcmp(path, "/guestFile") == 0) {
                if (!exchange_is(exchange, "GET") && !exchange_is(exchange, "PUT"))
                        return refuse_method(exchange, "GET, PUT");
                guest_file_begin(server, exchange);
                return NULL;
        }
        if (g_str_has_prefix(path, "/recorder/")) {
                if (!reads && !exchange_is(exchange, "POST") && !exchange_is(exchange, "DELETE"))
                        return refuse_method(exchange, "GET, HEAD, POST, DELETE");
                return &recorder_route;
        }
        if (g_str_has_prefix(path, "/ticket/")) {
                if (!exchange_is(exchange, "GET"))
                        return refuse_method(exchange, "GET");
                console_begin(server, exchange);
                return NULL;
        }
        if (strcmp(path, "/") == 0 || is_below(path, "/ui")) {
                if (!reads)
                        return refuse_method(exchange, "GET, HEAD");
                web_begin(server, exchange);
                return NULL;
        }
        if (g_str_has_prefix(path, "/sdk/"))
                return reads ? &documents_route : refuse_method(exchange, "GET, HEAD");
        exchange_refuse(exchange, SOUP_STATUS_NOT_FOUND, "there is nothing at this path");
        return NULL;
}

static const Route *route(Exchange *exchange, gpointer user_data)
{
        g_autoptr(Session) session = NULL;

        if (is_foreign(exchange)) {
                exchange_refuse(exchange, SOUP_STATUS_FORBIDDEN, "this page belongs to another host");
                return NULL;
        }
        session = find_session(user_data, exchange);
        route_set_session(user_data, exchange, session);
        return find_route(user_data, exchange);
}

/* --- listening --- */

static bool listen_with_tls(Server *server, const Config *config, GError **error)
{
        static const char *const all[] = {NULL, NULL};
        const char *const *addresses = config_api_addresses(config);
        unsigned n = addresses != NULL ? g_strv_length((char **)(gintptr)addresses) : 1;
        bool listens = true;

        server->certificate = certificate_get(api_parts(server->api)->state_dir,
                                              config_api_certificate(config), config_api_key(config), error);
        if (server->certificate == NULL)
                return false;
        if (addresses == NULL)
                addresses = all;
        for (unsigned i = 0; i < n; i++)
                listens = listener_add(server->listener, addresses[i], config_api_port(config),
                                       server->certificate, listens ? error : NULL) &&
                          listens;
        return listens;
}

/* Where tickets for consoles are good. */
static void tell_place(Server *server, unsigned port)
{
        g_autofree char *thumbprint =
                server->certificate != NULL ? certificate_thumbprint(server->certificate) : NULL;

        console_set_place(server->api, port, thumbprint);
}

bool server_listen(Server *server, GError **error)
{
        const Config *config = api_parts(server->api)->config;
        unsigned plain = config_api_plain_port(config);
        bool listens = config_api_port(config) == 0 || listen_with_tls(server, config, error);

        guest_file_listen(server, config_api_port(config), plain);
        tell_place(server, config_api_port(config));
        if (plain == 0)
                return listens;
        return listener_add(server->listener, "127.0.0.1", plain, NULL, listens ? error : NULL) && listens;
}

void server_adopt(Server *server, GSocketConnection *socket)
{
        listener_adopt(server->listener, socket);
}

Server *server_new(Api *api)
{
        Server *server = g_new0(Server, 1);

        server->api = api;
        server->writer = writer_new();
        server->listener = listener_new(route, server);
        return server;
}

void server_free(Server *server)
{
        if (server == NULL)
                return;
        listener_free(server->listener);
        writer_free(server->writer);
        g_clear_object(&server->certificate);
        g_free(server);
}
