/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/api-client.h"

#include <signal.h>
#include <string.h>

#include "cli/api-error.h"
#include "cli/api-watch.h"
#include "cli/host-choice.h"
#include "cli/output.h"
#include "cli/password.h"
#include "wire/http.h"

#define TIMEOUT_DEFAULT_MS  10000
#define TIMEOUT_COMPLETE_MS 500
/* Logins are slowed for who has given wrong passwords. */
#define TIMEOUT_LOGIN_MS  60000
#define TIMEOUT_LOGOUT_MS 2000

#define SESSION_MANAGER "SessionManager"

struct ApiClient {
        GMainContext *context;
        SoupSession *http;
        WireHost wire;
        ApiPeer peer;
        char *password; /* NULL: not asked for yet */
        char *password_file;
        uint64_t timeout_ms;
        bool quiet; /* asks nobody for a password */
        JsonObject *content;
        JsonArray *operations;
        bool unknown; /* the last call: whoever asks is not logged in */

        ApiWatch watch;
};

/* GIO ignores SIGPIPE, for sockets; but "aerostat vm list | head -1" is to end quietly. */
static void keep_sigpipe(void)
{
        struct sigaction before;

        if (sigaction(SIGPIPE, NULL, &before) == 0) {
                g_type_class_unref(g_type_class_ref(G_TYPE_SOCKET));
                (void)sigaction(SIGPIPE, &before, NULL);
        }
}

/* Takes what is in choice. */
static ApiClient *make_client(HostChoice *choice, uint64_t timeout_ms, GError **error)
{
        ApiClient *client = g_new0(ApiClient, 1);

        client->timeout_ms = timeout_ms;
        client->peer = (ApiPeer){.label = g_steal_pointer(&choice->label),
                                 .user = g_steal_pointer(&choice->user),
                                 .local = choice->socket != NULL,
                                 .timeout_ms = timeout_ms};
        client->password_file = g_steal_pointer(&choice->password_file);
        client->wire.socket = g_steal_pointer(&choice->socket);
        client->wire.base =
                choice->base != NULL ? g_steal_pointer(&choice->base) : g_strdup("http://localhost");
        if (choice->fingerprint != NULL) {
                client->wire.thumbprint = wire_thumbprint(choice->fingerprint);
                if (client->wire.thumbprint == NULL) {
                        g_autofree char *shown = cli_escape(choice->fingerprint);

                        g_set_error(error, CLI_ERROR, CLI_USAGE,
                                    "\"%s\" is no fingerprint of a certificate: that is a SHA-256, 64 "
                                    "hexadecimal "
                                    "digits",
                                    shown);
                        api_client_free(client);
                        return NULL;
                }
                client->peer.pinned = client->wire.thumbprint;
        }
        keep_sigpipe();
        client->context = g_main_context_new();
        g_main_context_push_thread_default(client->context);
        client->http = wire_http_new(&client->wire, "aerostat/" AEROSTAT_VERSION, 0);
        g_main_context_pop_thread_default(client->context);
        return client;
}

ApiClient *api_client_new(const CliArgs *args, GError **error)
{
        const char *fingerprint = cli_args_get(args, "fingerprint");
        uint64_t timeout_ms = TIMEOUT_DEFAULT_MS;
        HostChoice choice = {0};
        ApiClient *client;

        if (!cli_args_seconds(args, "timeout", 10, 3600 * 1000, &timeout_ms, error) ||
            !host_choose(cli_args_get(args, "host"), &choice, error))
                return NULL;
        if (fingerprint != NULL) {
                g_free(choice.fingerprint);
                choice.fingerprint = g_strdup(fingerprint);
        }
        client = make_client(&choice, timeout_ms, error);
        host_choice_clear(&choice);
        return client;
}

ApiClient *api_client_new_quick(void)
{
        HostChoice choice = {0};
        ApiClient *client;

        if (!host_choose(NULL, &choice, NULL))
                return NULL;
        client = make_client(&choice, TIMEOUT_COMPLETE_MS, NULL);
        host_choice_clear(&choice);
        if (client != NULL)
                client->quiet = true;
        return client;
}

void api_client_watch(ApiClient *client, int fd, bool (*on_input)(gpointer data), gpointer data)
{
        client->watch.fd = fd;
        client->watch.on_input = on_input;
        client->watch.data = data;
}

const char *api_client_label(const ApiClient *client)
{
        return client->peer.label;
}

bool api_garbled(const ApiClient *client, const char *what, GError **error)
{
        return api_error_garbled(&client->peer, what, error);
}

/* --- one request --- */

static GByteArray *send_watched(ApiClient *client, SoupMessage *message, uint64_t timeout_ms, GError **error)
{
        g_autoptr(GCancellable) cancellable = g_cancellable_new();
        GByteArray *answer;

        g_main_context_push_thread_default(client->context);
        api_watch_begin(&client->watch, client->context, cancellable, client->wire.session != NULL);
        answer = wire_send(client->http, message, (guint)timeout_ms, cancellable, error);
        api_watch_end(&client->watch);
        g_main_context_pop_thread_default(client->context);
        return answer;
}

static gboolean on_slept(gpointer data)
{
        *(bool *)data = true;
        return G_SOURCE_REMOVE;
}

bool api_client_sleep(ApiClient *client, uint64_t ms)
{
        g_autoptr(GCancellable) cancellable = g_cancellable_new();
        g_autoptr(GSource) timer = g_timeout_source_new((guint)ms);
        bool slept = false;

        g_source_set_callback(timer, on_slept, &slept, NULL);
        g_source_attach(timer, client->context);
        api_watch_begin(&client->watch, client->context, cancellable, client->wire.session != NULL);
        while (!slept && !g_cancellable_is_cancelled(cancellable))
                (void)g_main_context_iteration(client->context, TRUE);
        api_watch_end(&client->watch);
        g_source_destroy(timer);
        return slept && client->watch.ended_by == 0;
}

/* body: NULL of a property. */
static bool ask(ApiClient *client, const char *type, const char *id, const char *last, JsonObject *body,
                uint64_t timeout_ms, JsonNode **ret, SoupMessage **ret_message, GError **error)
{
        g_autofree char *url = wire_url(&client->wire, type, id, last), *problem = NULL;
        g_autoptr(SoupMessage) message = wire_message_new(&client->wire, body != NULL ? "POST" : "GET", url);
        g_autoptr(GByteArray) answer = NULL;
        g_autoptr(JsonNode) node = NULL;
        g_autoptr(GError) failure = NULL;
        unsigned status;

        client->unknown = false;
        client->peer.timeout_ms = timeout_ms;
        if (message == NULL) {
                g_set_error(error, CLI_ERROR, CLI_NOT_FOUND, "there is no %s \"%s\"", type, id);
                return false;
        }
        if (body != NULL)
                wire_set_args(message, body);
        answer = send_watched(client, message, timeout_ms, &failure);
        if (answer == NULL) {
                api_error_transport(&client->peer, failure, wire_message_refused(message), error);
                return false;
        }
        status = soup_message_get_status(message);
        if (answer->len > 0)
                node = json_parse_bounded((const char *)answer->data, answer->len, &problem);
        if (status < 200 || status >= 300) {
                client->unknown = g_strcmp0(json_fault_type(node), "NotAuthenticated") == 0;
                api_error_refused(&client->peer, status, node, error);
                return false;
        }
        if (answer->len == 0 && status != SOUP_STATUS_NO_CONTENT)
                return api_garbled(client, "its answer is empty", error);
        if (problem != NULL)
                return api_garbled(client, problem, error);
        if (ret != NULL)
                *ret = g_steal_pointer(&node);
        if (ret_message != NULL)
                *ret_message = g_steal_pointer(&message);
        return true;
}

/* --- sessions --- */

/* What was said beforehand; false: it cannot be read. */
static bool read_password(ApiClient *client, GError **error)
{
        const char *given = g_getenv("AEROSTAT_PASSWORD");

        if (client->password != NULL)
                return true;
        if (given != NULL && given[0] != '\0')
                client->password = g_strdup(given);
        else if (client->password_file != NULL)
                client->password = password_read_file(client->password_file, error);
        return client->password != NULL || client->password_file == NULL;
}

static bool ask_password(ApiClient *client, GError **error)
{
        g_autofree char *user = cli_escape(client->peer.user);
        g_autofree char *prompt = g_strdup_printf("Password of %s at %s: ", user, client->peer.label);

        if (client->password == NULL && !client->quiet)
                client->password = password_ask(prompt);
        if (client->password == NULL)
                g_set_error(
                        error, CLI_ERROR, CLI_FAILED,
                        "there is no password for %s, and no terminal to ask for it: AEROSTAT_PASSWORD and "
                        "PasswordFile say it",
                        client->peer.label);
        return client->password != NULL;
}

/* Without being logged in, what there is. */
static bool greet(ApiClient *client, GError **error)
{
        g_autoptr(JsonObject) none = json_object_new();

        return ask(client, "ServiceInstance", "ServiceInstance", "RetrieveServiceContent", none,
                   client->timeout_ms, NULL, NULL, error);
}

static bool log_in(ApiClient *client, GError **error)
{
        g_autoptr(JsonObject) args = json_object_new();
        g_autoptr(SoupMessage) message = NULL;
        uint64_t timeout_ms =
                client->quiet ? client->timeout_ms : MAX(client->timeout_ms, (uint64_t)TIMEOUT_LOGIN_MS);
        const char *key;

        if (client->peer.user == NULL) {
                g_set_error(error, CLI_ERROR, CLI_USAGE,
                            "who asks %s? --host USER@HOST says it, or AEROSTAT_USER, or User in the file "
                            "of hosts",
                            client->peer.label);
                return false;
        }
        /* Nobody is asked for the password of a host that does not answer, or that is another one. */
        if (!read_password(client, error) || !greet(client, error) || !ask_password(client, error))
                return false;
        json_object_set_string_member(args, "userName", client->peer.user);
        json_object_set_string_member(args, "password", client->password);
        if (!ask(client, SESSION_MANAGER, SESSION_MANAGER, "Login", args, timeout_ms, NULL, &message, error))
                return false;
        key = soup_message_headers_get_one(soup_message_get_response_headers(message), WIRE_SESSION);
        if (key == NULL)
                return api_garbled(client, "a login is answered without a session", error);
        client->wire.session = g_strdup(key);
        return true;
}

/* Nobody waits long for it: a session that is not ended ends by itself. */
static void log_out(ApiClient *client)
{
        g_autoptr(JsonObject) none = NULL;

        if (client->wire.session == NULL)
                return;
        none = json_object_new();
        client->watch.on_input = NULL;
        (void)ask(client, SESSION_MANAGER, SESSION_MANAGER, "Logout", none,
                  MIN(client->timeout_ms, (uint64_t)TIMEOUT_LOGOUT_MS), NULL, NULL, NULL);
}

void api_client_free(ApiClient *client)
{
        int ended_by;

        if (client == NULL)
                return;
        ended_by = client->watch.ended_by;
        if (client->http != NULL) {
                log_out(client);
                g_main_context_push_thread_default(client->context);
                soup_session_abort(client->http);
                g_object_unref(client->http);
                /* What was cut off ends in the loop. */
                while (g_main_context_iteration(client->context, FALSE)) {
                }
                g_main_context_pop_thread_default(client->context);
                g_main_context_unref(client->context);
        }
        g_clear_pointer(&client->content, json_object_unref);
        g_clear_pointer(&client->operations, json_array_unref);
        wire_host_clear(&client->wire);
        g_free(client->peer.label);
        g_free(client->peer.user);
        password_free(client->password);
        g_free(client->password_file);
        g_free(client);
        if (ended_by != 0) {
                (void)fflush(stdout);
                (void)raise(ended_by);
        }
}

/* A session that has ended meanwhile (the daemon was started again, say) is begun anew: what was refused for
 * that was not done. */
static bool ask_logged_in(ApiClient *client, const char *type, const char *id, const char *last,
                          JsonObject *body, JsonNode **ret, GError **error)
{
        g_autoptr(GError) failure = NULL;
        bool fresh = client->wire.session == NULL;

        if (client->watch.ended_by != 0) {
                g_set_error_literal(error, CLI_ERROR, CLI_FAILED, "interrupted");
                return false;
        }
        if (client->peer.local)
                return ask(client, type, id, last, body, client->timeout_ms, ret, NULL, error);
        if (fresh && !log_in(client, error))
                return false;
        if (ask(client, type, id, last, body, client->timeout_ms, ret, NULL, &failure))
                return true;
        if (fresh || !client->unknown) {
                g_propagate_error(error, g_steal_pointer(&failure));
                return false;
        }
        g_clear_pointer(&client->wire.session, g_free);
        return log_in(client, error) &&
               ask(client, type, id, last, body, client->timeout_ms, ret, NULL, error);
}

bool api_call(ApiClient *client, const char *type, const char *id, const char *method, JsonObject *args,
              JsonNode **ret, GError **error)
{
        g_autoptr(JsonObject) body = args != NULL ? args : json_object_new();

        return ask_logged_in(client, type, id, method, body, ret, error);
}

bool api_get(ApiClient *client, const char *type, const char *id, const char *property, JsonNode **ret,
             GError **error)
{
        return ask_logged_in(client, type, id, property, NULL, ret, error);
}

/* --- what is asked for once --- */

JsonObject *api_content(ApiClient *client, GError **error)
{
        if (client->content == NULL)
                client->content =
                        api_get_object(client, "ServiceInstance", "ServiceInstance", "content", error);
        return client->content;
}

JsonArray *api_operations(ApiClient *client, GError **error)
{
        if (client->operations == NULL)
                client->operations = api_call_objects(client, "AerostatManager", "AerostatManager",
                                                      "QueryOperations", NULL, error);
        return client->operations;
}
