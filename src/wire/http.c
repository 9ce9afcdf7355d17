/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * HTTP by libsoup, which works through a main loop; here each request runs it to the request's end, so that
 * the time for connecting, waiting and reading together has one bound.
 */
#include "wire/http.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#define CHUNK_BYTES       (256U << 10)
#define THUMBPRINT_DIGITS 64
#define REFUSED           "aerostat-refused"

void wire_host_clear(WireHost *host)
{
        g_clear_pointer(&host->base, g_free);
        g_clear_pointer(&host->socket, g_free);
        g_clear_pointer(&host->thumbprint, g_free);
        g_clear_object(&host->trusted);
        g_clear_pointer(&host->session, g_free);
}

char *wire_thumbprint(const char *text)
{
        g_autoptr(GString) plain = g_string_new(NULL);

        for (; *text != '\0'; text++)
                if (g_ascii_isxdigit(*text))
                        g_string_append_c(plain, g_ascii_tolower(*text));
                else if (*text != ':')
                        return NULL;
        return plain->len == THUMBPRINT_DIGITS ? g_strdup(plain->str) : NULL;
}

/* --- whom one speaks to --- */

/*
 * Asked only when a certificate is not good by itself; with a thumbprint none is (wire_http_new()), so that
 * it goes by that alone.
 */
static gboolean on_certificate(SoupMessage *message, GTlsCertificate *certificate,
                               GTlsCertificateFlags flags, gpointer user_data)
{
        const WireHost *host = user_data;
        g_autoptr(GByteArray) bytes = NULL;
        char *thumbprint;

        (void)flags;
        g_object_get(certificate, "certificate", &bytes, NULL);
        if (bytes == NULL)
                return FALSE;
        thumbprint = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes->data, bytes->len);
        g_object_set_data_full(G_OBJECT(message), REFUSED, thumbprint, g_free);
        if (g_strcmp0(thumbprint, host->thumbprint) != 0)
                return FALSE;
        g_object_set_data(G_OBJECT(message), REFUSED, NULL);
        return TRUE;
}

SoupSession *wire_http_new(const WireHost *host, const char *user_agent, unsigned timeout_s)
{
        g_autoptr(GSocketAddress) address = NULL;
        SoupSession *http;

        if (host->socket != NULL)
                address = g_unix_socket_address_new(host->socket);
        /* No proxy, and no decompression of what claims to be compressed. By the socket a connection is a
         * session, so there is one. */
        http = soup_session_new_with_options("remote-connectable", address, "proxy-resolver", NULL,
                                             "timeout", timeout_s, "user-agent", user_agent, "max-conns", 1,
                                             NULL);
        soup_session_remove_feature_by_type(http, SOUP_TYPE_CONTENT_DECODER);
        if (host->thumbprint != NULL)
                soup_session_set_tls_database(http, NULL);
        else if (host->trusted != NULL)
                soup_session_set_tls_database(http, host->trusted);
        return http;
}

/* --- messages --- */

const char *wire_message_refused(SoupMessage *message)
{
        return g_object_get_data(G_OBJECT(message), REFUSED);
}

SoupMessage *wire_message_new(const WireHost *host, const char *verb, const char *url)
{
        SoupMessage *message = soup_message_new(verb, url);

        if (message == NULL)
                return NULL;
        soup_message_add_flags(message, SOUP_MESSAGE_NO_REDIRECT);
        /* libsoup takes a new connection for each POST otherwise. */
        if (host->socket != NULL)
                soup_message_add_flags(message, SOUP_MESSAGE_IDEMPOTENT);
        if (host->session != NULL)
                soup_message_headers_replace(soup_message_get_request_headers(message), WIRE_SESSION,
                                             host->session);
        g_signal_connect(message, "accept-certificate", G_CALLBACK(on_certificate), (gpointer)(gintptr)host);
        return message;
}

char *wire_url(const WireHost *host, const char *type, const char *id, const char *last)
{
        g_autofree char *escaped = g_uri_escape_string(id, NULL, FALSE);

        return g_strdup_printf("%s/sdk/vim25/" WIRE_RELEASE "/%s/%s/%s", host->base, type, escaped, last);
}

void wire_set_args(SoupMessage *message, JsonObject *args)
{
        g_autoptr(JsonNode) body = json_node_new(JSON_NODE_OBJECT);
        g_autoptr(GBytes) bytes = NULL;
        char *text;

        if (args != NULL)
                json_node_set_object(body, args);
        else
                json_node_take_object(body, json_object_new());
        text = json_to_string(body, FALSE);
        bytes = g_bytes_new_take(text, strlen(text));
        soup_message_set_request_body_from_bytes(message, "application/json", bytes);
}

/* --- one request on its way --- */

typedef struct Sending {
        GCancellable *cancellable; /* of its own: the caller's, or the time is over */
        GInputStream *stream;
        GByteArray *answer;
        guint8 *chunk;
        GError *error;
        bool timed_out, done;
} Sending;

static void finish(Sending *sending, GError *error)
{
        sending->error = error;
        sending->done = true;
}

static void on_read(GObject *source, GAsyncResult *result, gpointer data)
{
        Sending *sending = data;
        GError *error = NULL;
        gssize n = g_input_stream_read_finish(G_INPUT_STREAM(source), result, &error);

        if (n <= 0) {
                finish(sending, error);
        } else if (sending->answer->len + (gsize)n > WIRE_ANSWER_MAX_BYTES) {
                finish(sending,
                       g_error_new(G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                                   "its answer is longer than %u MiB", WIRE_ANSWER_MAX_BYTES >> 20));
        } else {
                g_byte_array_append(sending->answer, sending->chunk, (guint)n);
                g_input_stream_read_async(sending->stream, sending->chunk, CHUNK_BYTES, G_PRIORITY_DEFAULT,
                                          sending->cancellable, on_read, sending);
        }
}

static void on_sent(GObject *source, GAsyncResult *result, gpointer data)
{
        Sending *sending = data;
        GError *error = NULL;

        sending->stream = soup_session_send_finish(SOUP_SESSION(source), result, &error);
        if (sending->stream == NULL)
                finish(sending, error);
        else
                g_input_stream_read_async(sending->stream, sending->chunk, CHUNK_BYTES, G_PRIORITY_DEFAULT,
                                          sending->cancellable, on_read, sending);
}

static gboolean on_timeout(gpointer data)
{
        Sending *sending = data;

        sending->timed_out = true;
        g_cancellable_cancel(sending->cancellable);
        return G_SOURCE_REMOVE;
}

static void on_cancelled(GCancellable *cancellable, gpointer data)
{
        (void)cancellable;
        g_cancellable_cancel(data);
}

static void run(SoupSession *http, SoupMessage *message, guint timeout_ms, Sending *sending)
{
        GMainContext *context = g_main_context_get_thread_default();
        g_autoptr(GSource) timer = g_timeout_source_new(timeout_ms);

        g_source_set_callback(timer, on_timeout, sending, NULL);
        g_source_attach(timer, context);
        soup_session_send_async(http, message, G_PRIORITY_DEFAULT, sending->cancellable, on_sent, sending);
        while (!sending->done)
                (void)g_main_context_iteration(context, TRUE);
        g_source_destroy(timer);
        /* Closed, it leaves the connection to the next request; what was cancelled is closed in the loop. */
        if (sending->stream != NULL)
                (void)g_input_stream_close(sending->stream, NULL, NULL);
        g_clear_object(&sending->stream);
        while (g_main_context_iteration(context, FALSE)) {
        }
}

GByteArray *wire_send(SoupSession *http, SoupMessage *message, guint timeout_ms, GCancellable *cancellable,
                      GError **error)
{
        g_autofree guint8 *chunk = g_malloc(CHUNK_BYTES);
        g_autoptr(GCancellable) own = g_cancellable_new();
        g_autoptr(GByteArray) answer = g_byte_array_new();
        Sending sending = {.cancellable = own, .answer = answer, .chunk = chunk};
        gulong handler = 0;

        if (cancellable != NULL)
                handler = g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled), own, NULL);
        run(http, message, timeout_ms, &sending);
        if (cancellable != NULL)
                g_cancellable_disconnect(cancellable, handler);
        if (sending.timed_out) {
                g_clear_error(&sending.error);
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no answer within %g s",
                            (double)timeout_ms / 1000);
                return NULL;
        }
        if (sending.error != NULL) {
                g_propagate_error(error, sending.error);
                return NULL;
        }
        return g_steal_pointer(&answer);
}
