/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A property collector's updates as server-sent events: one WaitForUpdatesEx after the other, each begun
 * when the set before it was written out. So a client that reads slowly gets fewer sets with more in each,
 * and one that does not read is cut off like every other (client.c).
 *
 *      asking ──set──> writing ──drained──> asking ...
 *         └─────────────fault──> writing the fault ──> closed
 *
 * To its session a stream is what the call is: one that waits for an answer is not idle, for as long as the
 * client is there.
 */
#include "server/call.h"
#include "vim/json.h"

#define SESSION_STREAMS_MAX 16
#define OBJECTS_MAX         200 /* of one set: the next goes on with the others */
#define ALIVE_S             15

typedef struct Stream {
        unsigned references; /* the exchange's, and one of the call under way */
        Api *api;
        Exchange *exchange; /* NULL: gone */
        Session *session;
        Managed *collector;
        VimVersion release;
        char *version;    /* that the client has */
        Request *request; /* NULL: none waits */
        bool is_writing;
        bool is_last;  /* what is written, or to be written, is the end */
        GString *next; /* to be written when that is done */
        guint alive;
} Stream;

static void stream_unref(Stream *stream)
{
        if (--stream->references > 0)
                return;
        session_unref(stream->session);
        managed_unref(stream->collector);
        g_free(stream->version);
        g_free(stream);
}

/* The exchange is over. */
static void leave(Stream *stream)
{
        stream->exchange = NULL;
        stream->session->streams--;
        (void)g_source_remove(stream->alive);
        if (stream->next != NULL)
                g_string_free(g_steal_pointer(&stream->next), TRUE);
        if (stream->request != NULL)
                request_cancel(stream->request);
        stream_unref(stream);
}

static void on_gone(gpointer data)
{
        leave(data);
}

/* === writing === */

/* Takes text. */
static void write_out(Stream *stream, GString *text)
{
        Exchange *exchange = stream->exchange;
        g_autoptr(GBytes) bytes = NULL;

        if (stream->is_writing) {
                stream->next = text;
                return;
        }
        bytes = g_string_free_to_bytes(text);
        stream->is_writing = true;
        exchange_push(exchange, bytes);
        if (!stream->is_last)
                return;
        leave(stream);
        exchange_push_end(exchange);
}

/* json is taken. A line's end within it would end the event. */
static GString *event(const char *head, GString *json)
{
        g_string_prepend(json, "\ndata: ");
        g_string_prepend(json, head);
        return g_string_append(json, "\n\n");
}

static void write_set(Stream *stream, const VimValue *set)
{
        g_autofree char *head = NULL;

        g_free(stream->version);
        stream->version = g_strdup(vim_get_text(set, "version"));
        head = g_strdup_printf("id: %s", stream->version);
        write_out(stream, event(head, json_write_value(set, stream->release)));
}

static void write_fault(Stream *stream, const VimValue *fault, const char *message)
{
        /* Without an id a browser that comes again begins anew. */
        const char *head = vim_is(fault, "InvalidCollectorVersion") ? "id\nevent: fault" : "event: fault";

        stream->is_last = true;
        write_out(stream, event(head, json_write_fault(fault, message, stream->release)));
}

static void write_end_of_session(Stream *stream)
{
        g_autoptr(VimValue) fault = vim_new_fault("NotAuthenticated");

        vim_set(fault, "object", managed_reference(stream->collector));
        vim_set_text(fault, "privilegeId", "System.View");
        write_fault(stream, fault, "the session has ended; log in again");
}

/* While a set was written; a call that waits is told so itself. */
static void write_end_of_collector(Stream *stream)
{
        g_autoptr(VimValue) fault = vim_new_fault("ManagedObjectNotFound");

        vim_set(fault, "obj", managed_reference(stream->collector));
        write_fault(stream, fault, "the property collector was destroyed");
}

static gboolean on_alive(gpointer user_data)
{
        Stream *stream = user_data;

        if (!stream->is_writing)
                write_out(stream, g_string_new(":\n\n"));
        return G_SOURCE_CONTINUE;
}

/* === asking === */

static void on_set(const VimValue *result, const VimValue *fault, const char *message, gpointer user_data)
{
        Stream *stream = user_data;

        stream->request = NULL;
        if (stream->exchange == NULL)
                ; /* nobody is there to be told */
        else if (stream->session->has_ended)
                write_end_of_session(stream);
        else if (fault != NULL)
                write_fault(stream, fault, message);
        else
                write_set(stream, result);
        stream_unref(stream);
}

static void ask(Stream *stream)
{
        const VimMethod *method = vim_type_method(stream->collector->type, "WaitForUpdatesEx");
        VimValue *options = vim_new_object("WaitOptions");
        VimValue *args[] = {vim_new_string(stream->version), options};

        g_assert(method->n_params == G_N_ELEMENTS(args));
        vim_set_int(options, "maxObjectUpdates", OBJECTS_MAX);
        stream->references += 2;
        stream->request = request_start(stream->api, stream->session, stream->release, stream->collector,
                                        method, args, on_set, stream);
        stream_unref(stream);
}

static void on_drained(gpointer data)
{
        Stream *stream = data;

        stream->is_writing = false;
        if (stream->next != NULL)
                write_out(stream, g_steal_pointer(&stream->next));
        else if (stream->request == NULL && stream->session->has_ended)
                write_end_of_session(stream);
        else if (stream->request == NULL && stream->collector->gone)
                write_end_of_collector(stream);
        else if (stream->request == NULL)
                ask(stream);
}

/* === beginning === */

/* What the client has; a browser that comes again says it in a header. Owned. */
static char *version_of(const Exchange *exchange)
{
        const char *last = exchange_header(exchange, "Last-Event-ID");
        char *version =
                last != NULL ? g_strdup(last) : head_query_value(exchange_head(exchange)->query, "version");

        return version != NULL ? version : g_strdup("");
}

void updates_stream(Server *server, Exchange *exchange, VimVersion version, Managed *collector)
{
        Session *session = route_session(exchange);
        Stream *stream;
        Open open = {.drained = on_drained};

        if (session->streams >= SESSION_STREAMS_MAX || session->running.length >= SESSION_CALLS_MAX) {
                exchange_refuse(exchange, SOUP_STATUS_SERVICE_UNAVAILABLE,
                                "the session has %d streams open, or waits for %d answers, which is as many "
                                "as there may be; close some",
                                SESSION_STREAMS_MAX, SESSION_CALLS_MAX);
                return;
        }
        session->calls++;
        session->streams++;
        stream = g_new(Stream, 1);
        *stream = (Stream){.references = 1,
                           .api = server_api(server),
                           .exchange = exchange,
                           .session = session_ref(session),
                           .collector = managed_ref(collector),
                           .release = version,
                           .version = version_of(exchange),
                           .is_writing = true};
        stream->alive = g_timeout_add_seconds(ALIVE_S, on_alive, stream);
        open.data = stream;
        exchange_set_gone(exchange, on_gone, stream);
        exchange_add_header(exchange, "Cache-Control", "no-store");
        exchange_answer_open(exchange, SOUP_STATUS_OK, "text/event-stream; charset=utf-8", &open);
}
