/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * HTTP by libsoup, which works through a main loop; here each call runs one of its own to the end, so
 * that the time for connecting, waiting and reading together has one bound.
 */
#include "cli/daemon-client.h"

#include <gio/gunixsocketaddress.h>
#include <glib-unix.h>
#include <libsoup/soup.h>
#include <signal.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/daemon-json.h"
#include "cli/output.h"

#define TIMEOUT_DEFAULT_MS  10000
#define TIMEOUT_COMPLETE_MS 500
#define ANSWER_MAX_BYTES    (64 << 20)
#define CHUNK_BYTES         (64 << 10)
#define SYSTEM_SOCKET       "/run/aerostat/aerostatd.sock"

struct DaemonClient {
        GMainContext *context;
        SoupSession *session;
        char *path, *label;
        uint64_t timeout_ms;

        int watched_fd;
        bool (*on_input)(gpointer data); /* NULL: nothing is watched */
        gpointer on_input_data;
};

/* One question on its way. */
typedef struct Call {
        DaemonClient *client;
        GCancellable *cancellable;
        SoupMessage *message;
        GInputStream *stream;
        GByteArray *answer;
        guint8 *chunk;
        GError *error;
        bool timed_out, done;
} Call;

static char *find_socket(void)
{
        const char *named = g_getenv("AEROSTAT_DAEMON"), *runtime = g_getenv("XDG_RUNTIME_DIR");

        if (named != NULL && named[0] != '\0')
                return g_strdup(named);
        if (geteuid() != 0 && runtime != NULL && runtime[0] == '/') {
                g_autofree char *own = g_build_filename(runtime, "aerostat", "aerostatd.sock", NULL);

                /* Who runs no daemon of his own may be allowed to ask the system's. */
                if (g_file_test(own, G_FILE_TEST_EXISTS) || !g_file_test(SYSTEM_SOCKET, G_FILE_TEST_EXISTS))
                        return g_steal_pointer(&own);
        }
        return g_strdup(SYSTEM_SOCKET);
}

/* GIO ignores SIGPIPE, for sockets; but "aerostat vm list | head -1" is to end quietly. */
static void keep_sigpipe(void)
{
        struct sigaction before;

        if (sigaction(SIGPIPE, NULL, &before) == 0) {
                g_type_class_unref(g_type_class_ref(G_TYPE_SOCKET));
                (void)sigaction(SIGPIPE, &before, NULL);
        }
}

/* Takes over path. */
static DaemonClient *make_client(char *path, uint64_t timeout_ms, GError **error)
{
        DaemonClient *client;
        g_autoptr(GSocketAddress) address = NULL;

        if (strlen(path) >= sizeof(((struct sockaddr_un *)NULL)->sun_path)) {
                g_autofree char *shown = cli_escape(path);

                g_set_error(
                        error, CLI_ERROR, CLI_USAGE,
                        "the path of the daemon's socket, %s, is longer than %zu bytes; use a shorter one",
                        shown, sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1);
                g_free(path);
                return NULL;
        }

        keep_sigpipe();
        client = g_new0(DaemonClient, 1);
        client->path = path;
        client->label = cli_escape(path);
        client->timeout_ms = timeout_ms;
        client->context = g_main_context_new();
        address = g_unix_socket_address_new(path);
        g_main_context_push_thread_default(client->context);
        /* No proxy, and no decompression of what claims to be compressed. */
        client->session =
                soup_session_new_with_options("remote-connectable", address, "proxy-resolver", NULL,
                                              "user-agent", "aerostat/" AEROSTAT_VERSION, NULL);
        soup_session_remove_feature_by_type(client->session, SOUP_TYPE_CONTENT_DECODER);
        g_main_context_pop_thread_default(client->context);
        return client;
}

DaemonClient *daemon_client_new(const CliArgs *args, GError **error)
{
        const char *named = cli_args_get(args, "socket");
        uint64_t timeout_ms = TIMEOUT_DEFAULT_MS;

        if (!cli_args_seconds(args, "timeout", 10, 3600 * 1000, &timeout_ms, error))
                return NULL;
        if (named != NULL && named[0] == '\0') {
                g_set_error(error, CLI_ERROR, CLI_USAGE, "--socket is the path of the daemon's socket");
                return NULL;
        }
        return make_client(named != NULL ? g_strdup(named) : find_socket(), timeout_ms, error);
}

DaemonClient *daemon_client_new_quick(void)
{
        return make_client(find_socket(), TIMEOUT_COMPLETE_MS, NULL);
}

void daemon_client_free(DaemonClient *client)
{
        if (client == NULL)
                return;
        g_main_context_push_thread_default(client->context);
        soup_session_abort(client->session);
        g_object_unref(client->session);
        /* What was cut off ends in the loop. */
        while (g_main_context_iteration(client->context, FALSE)) {
        }
        g_main_context_pop_thread_default(client->context);
        g_main_context_unref(client->context);
        g_free(client->path);
        g_free(client->label);
        g_free(client);
}

void daemon_client_watch(DaemonClient *client, int fd, bool (*on_input)(gpointer data), gpointer data)
{
        client->watched_fd = fd;
        client->on_input = on_input;
        client->on_input_data = data;
}

const char *daemon_client_label(const DaemonClient *client)
{
        return client->label;
}

static void set_garbled(const Call *call, const char *what, GError **error)
{
        g_set_error(error, CLI_ERROR, CLI_FAILED, "what listens at %s does not answer as aerostatd does: %s",
                    call->client->label, what);
}

/* GLib's and libsoup's errors, as what they mean here. */
static void set_transport_error(const Call *call, GError **error)
{
        const char *label = call->client->label;
        g_autofree char *told = NULL;

        if (call->timed_out) {
                g_set_error(error, CLI_ERROR, CLI_TIMED_OUT,
                            "the daemon at %s did not answer within %g s; see its log, or wait longer with "
                            "--timeout",
                            label, (double)call->client->timeout_ms / 1000);
        } else if (g_error_matches(call->error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
                   g_error_matches(call->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)) {
                g_set_error(error, CLI_ERROR, CLI_FAILED, "no daemon runs at %s: start it with aerostatd",
                            label);
        } else if (g_error_matches(call->error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)) {
                g_set_error(error, CLI_ERROR, CLI_FAILED,
                            "this user may not ask the daemon at %s: try as root, or as the daemon's user",
                            label);
        } else if (g_error_matches(call->error, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_PARSING) ||
                   g_error_matches(call->error, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_ENCODING)) {
                set_garbled(call, "that is not HTTP", error);
        } else if (g_error_matches(call->error, CLI_ERROR, CLI_FAILED)) {
                g_propagate_error(error, g_error_copy(call->error));
        } else {
                told = cli_escape(call->error->message);
                g_set_error(error, CLI_ERROR, CLI_FAILED,
                            "the connection to the daemon at %s broke off (%s); see whether it still runs",
                            label, told);
        }
}

static void finish(Call *call, GError *error)
{
        call->error = error;
        call->done = true;
}

static void on_read(GObject *source, GAsyncResult *result, gpointer data)
{
        Call *call = data;
        GError *error = NULL;
        gssize n = g_input_stream_read_finish(G_INPUT_STREAM(source), result, &error);

        if (n <= 0) {
                finish(call, error);
        } else if (call->answer->len + (gsize)n > ANSWER_MAX_BYTES) {
                set_garbled(call, "its answer is longer than 64 MiB", &error);
                finish(call, error);
        } else {
                g_byte_array_append(call->answer, call->chunk, (guint)n);
                g_input_stream_read_async(call->stream, call->chunk, CHUNK_BYTES, G_PRIORITY_DEFAULT,
                                          call->cancellable, on_read, call);
        }
}

static void on_sent(GObject *source, GAsyncResult *result, gpointer data)
{
        Call *call = data;
        GError *error = NULL;

        call->stream = soup_session_send_finish(SOUP_SESSION(source), result, &error);
        if (call->stream == NULL)
                finish(call, error);
        else
                g_input_stream_read_async(call->stream, call->chunk, CHUNK_BYTES, G_PRIORITY_DEFAULT,
                                          call->cancellable, on_read, call);
}

static gboolean on_timeout(gpointer data)
{
        Call *call = data;

        call->timed_out = true;
        g_cancellable_cancel(call->cancellable);
        return G_SOURCE_REMOVE;
}

static gboolean on_watched(gint fd, GIOCondition condition, gpointer data)
{
        Call *call = data;

        (void)fd;
        if ((condition & (G_IO_HUP | G_IO_ERR | G_IO_NVAL)) == 0 &&
            !call->client->on_input(call->client->on_input_data))
                return G_SOURCE_CONTINUE;
        g_cancellable_cancel(call->cancellable);
        return G_SOURCE_REMOVE;
}

static GSource *watch_input(Call *call)
{
        const DaemonClient *client = call->client;
        GSource *source;

        if (client->on_input == NULL)
                return NULL;
        source = g_unix_fd_source_new(client->watched_fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
        g_source_set_callback(source, G_SOURCE_FUNC(on_watched), call, NULL);
        g_source_attach(source, client->context);
        return source;
}

/* Sends the message and waits until all of the answer is there, or an error. */
static void run(Call *call)
{
        GMainContext *context = call->client->context;
        g_autoptr(GSource) timer = g_timeout_source_new((guint)call->client->timeout_ms);
        g_autoptr(GSource) input = watch_input(call);

        g_main_context_push_thread_default(context);
        g_source_set_callback(timer, on_timeout, call, NULL);
        g_source_attach(timer, context);
        soup_session_send_async(call->client->session, call->message, G_PRIORITY_DEFAULT, call->cancellable,
                                on_sent, call);
        while (!call->done)
                (void)g_main_context_iteration(context, TRUE);
        g_source_destroy(timer);
        if (input != NULL)
                g_source_destroy(input);
        /* libsoup closes what was cancelled in the loop, with the stream. */
        g_clear_object(&call->stream);
        while (g_main_context_iteration(context, FALSE)) {
        }
        g_main_context_pop_thread_default(context);
}

/* The daemon's own sentence, or one made of the status. */
static void set_refusal(const Call *call, JsonNode *node, GError **error)
{
        unsigned status = soup_message_get_status(call->message);
        JsonObject *object =
                node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
        const char *text = object != NULL ? daemon_json_text(object, "error") : NULL;
        CliStatus code = CLI_FAILED;
        g_autofree char *shown = NULL;

        if (status == SOUP_STATUS_NOT_FOUND)
                code = CLI_NOT_FOUND;
        else if (status == SOUP_STATUS_GATEWAY_TIMEOUT)
                code = CLI_TIMED_OUT;
        if (text != NULL && text[0] != '\0') {
                shown = cli_escape(text);
                g_set_error(error, CLI_ERROR, code, "%s", shown);
        } else {
                g_set_error(error, CLI_ERROR, code,
                            "the daemon at %s refused, without a reason (HTTP status %u)",
                            call->client->label, status);
        }
}

static bool take_answer(const Call *call, JsonNode **ret, GError **error)
{
        g_autoptr(JsonNode) node = NULL;
        g_autofree char *problem = NULL;
        unsigned status = soup_message_get_status(call->message);
        bool refused = status < 200 || status >= 300;

        if (call->answer->len > 0)
                node = daemon_json_parse((const char *)call->answer->data, call->answer->len, &problem);
        if (refused) {
                set_refusal(call, node, error);
                return false;
        }
        if (problem != NULL) {
                set_garbled(call, problem, error);
                return false;
        }
        *ret = g_steal_pointer(&node);
        return true;
}

bool daemon_call(DaemonClient *client, const char *method, const char *path, JsonNode *body, JsonNode **ret,
                 GError **error)
{
        g_autofree char *uri = g_strconcat("http://localhost", path, NULL);
        g_autofree guint8 *chunk = g_malloc(CHUNK_BYTES);
        g_autoptr(GCancellable) cancellable = g_cancellable_new();
        g_autoptr(SoupMessage) message = soup_message_new(method, uri);
        g_autoptr(GByteArray) answer = g_byte_array_new();
        g_autoptr(GError) failure = NULL;
        Call call = {.client = client,
                     .cancellable = cancellable,
                     .message = message,
                     .answer = answer,
                     .chunk = chunk};

        g_assert(message != NULL);
        soup_message_add_flags(message, SOUP_MESSAGE_NO_REDIRECT);
        if (body != NULL) {
                g_autofree char *text = json_to_string(body, FALSE);
                g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

                soup_message_set_request_body_from_bytes(message, "application/json", bytes);
        }
        run(&call);
        failure = call.error;
        if (call.error != NULL || call.timed_out) {
                set_transport_error(&call, error);
                return false;
        }
        return take_answer(&call, ret, error);
}

static void set_shape(const DaemonClient *client, const char *path, const char *wanted, GError **error)
{
        g_set_error(error, CLI_ERROR, CLI_FAILED,
                    "what listens at %s does not answer as aerostatd does: %s is not %s", client->label,
                    path, wanted);
}

static JsonObject *call_for_object(DaemonClient *client, const char *method, const char *path,
                                   JsonNode *body, GError **error)
{
        g_autoptr(JsonNode) node = NULL;

        if (!daemon_call(client, method, path, body, &node, error))
                return NULL;
        if (node == NULL || !JSON_NODE_HOLDS_OBJECT(node)) {
                set_shape(client, path, "an object", error);
                return NULL;
        }
        return json_node_dup_object(node);
}

JsonObject *daemon_get_object(DaemonClient *client, const char *path, GError **error)
{
        return call_for_object(client, "GET", path, NULL, error);
}

static JsonArray *call_for_objects(DaemonClient *client, const char *method, const char *path,
                                   JsonNode *body, GError **error)
{
        g_autoptr(JsonNode) node = NULL;
        JsonArray *array;

        if (!daemon_call(client, method, path, body, &node, error))
                return NULL;
        if (node == NULL || !JSON_NODE_HOLDS_ARRAY(node)) {
                set_shape(client, path, "a list", error);
                return NULL;
        }
        array = json_node_get_array(node);
        for (guint i = 0; i < json_array_get_length(array); i++) {
                if (!JSON_NODE_HOLDS_OBJECT(json_array_get_element(array, i))) {
                        set_shape(client, path, "a list of objects", error);
                        return NULL;
                }
        }
        return json_array_ref(array);
}

JsonArray *daemon_get_objects(DaemonClient *client, const char *path, GError **error)
{
        return call_for_objects(client, "GET", path, NULL, error);
}

JsonArray *daemon_do_objects(DaemonClient *client, const char *operation, JsonObject *body, GError **error)
{
        g_autofree char *path = g_strconcat("/do/", operation, NULL);
        g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);

        json_node_take_object(node, body);
        return call_for_objects(client, "POST", path, node, error);
}

JsonObject *daemon_change(DaemonClient *client, const char *method, const char *path, JsonObject *body,
                          GError **error)
{
        g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);

        json_node_take_object(node, body);
        return call_for_object(client, method, path, node, error);
}

char *daemon_path(const char *prefix, const char *kind, const char *name, GError **error)
{
        g_autofree char *escaped = NULL;

        /* Dots would be taken for steps in the path, even when they are escaped. */
        if (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
                g_set_error(error, CLI_ERROR, CLI_NOT_FOUND, "there is no %s \"%s\"", kind, name);
                return NULL;
        }
        escaped = g_uri_escape_string(name, NULL, FALSE);
        return g_strconcat(prefix, escaped, NULL);
}
