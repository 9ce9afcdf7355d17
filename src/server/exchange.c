/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests as they were read, answers as they are sent. */
#include "server/exchange.h"

#include <string.h>

#include "server/exchange-internal.h"

/* What is smaller goes in a packet or few; compressing it costs more than it saves. */
#define COMPRESS_BYTES_MIN (16 << 10)

Exchange *exchange_new(Client *client)
{
        Exchange *exchange = g_new0(Exchange, 1);

        exchange->client = client;
        exchange->headers = g_string_new(NULL);
        return exchange;
}

void exchange_end(Exchange *exchange)
{
        bool is_unread = exchange->route != NULL && exchange->route->open != NULL && !exchange->body_read;

        if ((!exchange->answered || exchange->is_open || is_unread) && exchange->gone != NULL)
                exchange->gone(exchange->gone_data);
        if (exchange->free_data != NULL)
                exchange->free_data(exchange->data);
        head_clear(&exchange->head);
        g_clear_pointer(&exchange->body, g_byte_array_unref);
        g_clear_pointer(&exchange->body_bytes, g_bytes_unref);
        g_clear_object(&exchange->sink);
        g_string_free(exchange->headers, TRUE);
        g_clear_pointer(&exchange->whole, g_bytes_unref);
        g_clear_object(&exchange->stream);
        g_free(exchange);
}

const Head *exchange_head(const Exchange *exchange)
{
        return &exchange->head;
}

bool exchange_is(const Exchange *exchange, const char *method)
{
        return strcmp(exchange->head.method, method) == 0;
}

const char *exchange_header(const Exchange *exchange, const char *name)
{
        return soup_message_headers_get_one(exchange->head.headers, name);
}

GBytes *exchange_body(const Exchange *exchange)
{
        return exchange->body_bytes;
}

const char *exchange_address(const Exchange *exchange)
{
        return client_plan(exchange->client)->address;
}

bool exchange_is_own(const Exchange *exchange)
{
        return client_plan(exchange->client)->is_own;
}

bool exchange_is_secure(const Exchange *exchange)
{
        return client_plan(exchange->client)->certificate != NULL;
}

void exchange_serve(Exchange *exchange, const Route *route, gpointer data)
{
        exchange->route = route;
        exchange->route_data = data;
        client_serve(exchange->client);
}

gpointer exchange_route_data(const Exchange *exchange)
{
        return exchange->route_data;
}

gpointer exchange_connection_data(const Exchange *exchange)
{
        GDestroyNotify *free_data;

        return *client_data(exchange->client, &free_data);
}

void exchange_set_connection_data(Exchange *exchange, gpointer data, GDestroyNotify free_data)
{
        GDestroyNotify *place;
        gpointer *at = client_data(exchange->client, &place);

        if (*place != NULL)
                (*place)(*at);
        *at = data;
        *place = free_data;
}

void exchange_set_gone(Exchange *exchange, void (*gone)(gpointer data), gpointer data)
{
        exchange->gone = gone;
        exchange->gone_data = data;
}

void exchange_set_data(Exchange *exchange, gpointer data, GDestroyNotify free_data)
{
        if (exchange->free_data != NULL)
                exchange->free_data(exchange->data);
        exchange->data = data;
        exchange->free_data = free_data;
}

gpointer exchange_data(const Exchange *exchange)
{
        return exchange->data;
}

/* --- answering --- */

void exchange_add_header(Exchange *exchange, const char *name, const char *value)
{
        g_string_append_printf(exchange->headers, "%s: %s\r\n", name, value);
}

bool exchange_accepts_gzip(const Exchange *exchange)
{
        SoupMessageHeaders *headers = exchange->head.headers;

        return headers != NULL && soup_message_headers_header_contains(headers, "Accept-Encoding", "gzip");
}

GBytes *exchange_compress(GBytes *bytes)
{
        g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 1);
        g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable();
        g_autoptr(GOutputStream) stream = g_converter_output_stream_new(memory, G_CONVERTER(compressor));
        gsize size;
        const void *data = g_bytes_get_data(bytes, &size);

        if (size < COMPRESS_BYTES_MIN || !g_output_stream_write_all(stream, data, size, NULL, NULL, NULL) ||
            !g_output_stream_close(stream, NULL, NULL))
                return NULL;
        return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(memory));
}

static void send_answer(Exchange *exchange, unsigned status, const char *type, uint64_t length)
{
        GString *head = g_string_new(NULL);
        g_autoptr(GDateTime) now = g_date_time_new_now_utc();
        g_autofree char *date = soup_date_time_to_string(now, SOUP_DATE_HTTP);
        bool is_head = exchange->head.method != NULL && exchange_is(exchange, "HEAD");

        g_assert(!exchange->answered);
        exchange->answered = true;
        /* What is left of the body would look like the next request. */
        if (!exchange->body_read && (exchange->head.chunked || exchange->head.length > 0))
                exchange->keep_alive = false;
        g_string_append_printf(head, "HTTP/1.1 %u %s\r\nDate: %s\r\nServer: aerostatd\r\n", status,
                               soup_status_get_phrase(status), date);
        if (type != NULL)
                g_string_append_printf(head, "Content-Type: %s\r\n", type);
        if (status != SOUP_STATUS_NO_CONTENT && status != SOUP_STATUS_NOT_MODIFIED && !exchange->is_open)
                g_string_append_printf(head, "Content-Length: %" G_GUINT64_FORMAT "\r\n", length);
        if (status == SOUP_STATUS_SWITCHING_PROTOCOLS)
                g_string_append(head, "Connection: Upgrade\r\n");
        else if (!exchange->keep_alive)
                g_string_append(head, "Connection: close\r\n");
        else if (exchange->head.minor == 0)
                g_string_append(head, "Connection: keep-alive\r\n");
        g_string_append(head, "X-Content-Type-Options: nosniff\r\n");
        g_string_append_len(head, exchange->headers->str, (gssize)exchange->headers->len);
        g_string_append(head, "\r\n");
        exchange->left = is_head ? 0 : length;
        client_answer(exchange->client, head);
}

void exchange_answer_written(Exchange *exchange, unsigned status, const char *type, GBytes *body,
                             bool is_compressed)
{
        gsize size = body != NULL ? g_bytes_get_size(body) : 0;

        if (is_compressed) {
                exchange_add_header(exchange, "Content-Encoding", "gzip");
                exchange_add_header(exchange, "Vary", "Accept-Encoding");
        }
        if (size > 0)
                exchange->whole = g_bytes_ref(body);
        send_answer(exchange, status, type, size);
}

void exchange_answer_bytes(Exchange *exchange, unsigned status, const char *type, GBytes *body)
{
        g_autoptr(GBytes) compressed =
                body != NULL && exchange_accepts_gzip(exchange) ? exchange_compress(body) : NULL;

        exchange_answer_written(exchange, status, type, compressed != NULL ? compressed : body,
                                compressed != NULL);
}

void exchange_answer(Exchange *exchange, unsigned status, const char *type, GString *body)
{
        g_autoptr(GBytes) bytes = body != NULL ? g_string_free_to_bytes(body) : NULL;

        exchange_answer_bytes(exchange, status, type, bytes);
}

void exchange_answer_stream(Exchange *exchange, unsigned status, const char *type, GInputStream *body,
                            uint64_t length)
{
        exchange->stream = body;
        send_answer(exchange, status, type, length);
}

void exchange_answer_open(Exchange *exchange, unsigned status, const char *type, const Open *open)
{
        exchange->open = *open;
        exchange->is_open = true;
        exchange->keep_alive = false;
        send_answer(exchange, status, type, 0);
}

void exchange_push(Exchange *exchange, GBytes *bytes)
{
        g_assert(exchange->is_open && exchange->left == 0 && g_bytes_get_size(bytes) > 0);
        g_clear_pointer(&exchange->whole, g_bytes_unref);
        exchange->whole = g_bytes_ref(bytes);
        exchange->left = g_bytes_get_size(bytes);
        client_push(exchange->client);
}

void exchange_push_end(Exchange *exchange)
{
        exchange->is_open = false;
        client_push(exchange->client);
}

void exchange_take_more(Exchange *exchange)
{
        client_take_more(exchange->client);
}

void exchange_refuse(Exchange *exchange, unsigned status, const char *format, ...)
{
        GString *text = g_string_new(NULL);
        va_list words;

        va_start(words, format);
        g_string_append_vprintf(text, format, words);
        va_end(words);
        g_string_append_c(text, '\n');
        exchange_answer(exchange, status, "text/plain; charset=utf-8", text);
}
