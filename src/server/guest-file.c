/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files from and to guests as streams. A stream of GLib's own kind would wait in a thread; these wait for
 * the transfer, whose work is done in threads of its own.
 */
#include "server/guest-file.h"

#include <libsoup/soup.h>
#include <string.h>

#include "api/guest/transfer.h"
#include "server/routes.h"

/* --- from a guest --- */

#define GUEST_TYPE_INPUT (guest_input_get_type())
G_DECLARE_FINAL_TYPE(GuestInput, guest_input, GUEST, INPUT, GInputStream)

struct _GuestInput {
        GInputStream parent;
        GuestTransfer *transfer;
        GBytes *left; /* read, and not taken yet */
        void *buffer;
        gsize size;
};

G_DEFINE_FINAL_TYPE(GuestInput, guest_input, G_TYPE_INPUT_STREAM)

static void guest_input_init(GuestInput *input)
{
        (void)input;
}

static void guest_input_finalize(GObject *object)
{
        GuestInput *input = GUEST_INPUT(object);

        guest_transfer_end(input->transfer, false, NULL, NULL);
        g_clear_pointer(&input->left, g_bytes_unref);
        G_OBJECT_CLASS(guest_input_parent_class)->finalize(object);
}

static gssize take(GuestInput *input)
{
        gsize n = MIN(g_bytes_get_size(input->left), input->size);
        GBytes *rest;

        memcpy(input->buffer, g_bytes_get_data(input->left, NULL), n);
        rest = g_bytes_new_from_bytes(input->left, n, g_bytes_get_size(input->left) - n);
        g_bytes_unref(input->left);
        input->left = rest;
        return (gssize)n;
}

static void on_read(GuestTransfer *transfer, GBytes *bytes, const char *error, gpointer user_data)
{
        g_autoptr(GTask) task = user_data;
        GuestInput *input = GUEST_INPUT(g_task_get_source_object(task));

        (void)transfer;
        if (bytes == NULL) {
                g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", error);
                return;
        }
        g_clear_pointer(&input->left, g_bytes_unref);
        input->left = g_bytes_ref(bytes);
        g_task_return_int(task, take(input));
}

static void guest_input_read(GInputStream *stream, void *buffer, gsize count, int priority,
                             GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
        GuestInput *input = GUEST_INPUT(stream);
        GTask *task = g_task_new(stream, cancellable, done, user_data);

        g_task_set_priority(task, priority);
        /* What is under way ends by itself, and the buffer is good until then. */
        g_task_set_check_cancellable(task, FALSE);
        input->buffer = buffer;
        input->size = count;
        if (input->left == NULL || g_bytes_get_size(input->left) == 0) {
                guest_transfer_read(input->transfer, on_read, task);
                return;
        }
        g_task_return_int(task, take(input));
        g_object_unref(task);
}

static gssize guest_input_read_end(GInputStream *stream, GAsyncResult *result, GError **error)
{
        (void)stream;
        return g_task_propagate_int(G_TASK(result), error);
}

static void guest_input_class_init(GuestInputClass *class)
{
        G_OBJECT_CLASS(class)->finalize = guest_input_finalize;
        G_INPUT_STREAM_CLASS(class)->read_async = guest_input_read;
        G_INPUT_STREAM_CLASS(class)->read_finish = guest_input_read_end;
}

static void read_file(Exchange *exchange, GuestTransfer *transfer)
{
        GuestInput *input = g_object_new(GUEST_TYPE_INPUT, NULL);

        input->transfer = transfer;
        exchange_answer_stream(exchange, SOUP_STATUS_OK, "application/octet-stream", G_INPUT_STREAM(input),
                               (uint64_t)guest_transfer_size(transfer));
}

/* --- to a guest --- */

#define GUEST_TYPE_OUTPUT (guest_output_get_type())
G_DECLARE_FINAL_TYPE(GuestOutput, guest_output, GUEST, OUTPUT, GOutputStream)

struct _GuestOutput {
        GOutputStream parent;
        GuestTransfer *transfer; /* NULL: it has its end from the one who serves */
        GByteArray *kept; /* what has come and is not on its way yet: asking an agent takes its time */
        gsize size;
};

#define KEPT_BYTES (64u << 10)

G_DEFINE_FINAL_TYPE(GuestOutput, guest_output, G_TYPE_OUTPUT_STREAM)

static void guest_output_init(GuestOutput *output)
{
        output->kept = g_byte_array_new();
}

/* What was kept. */
static GBytes *take_kept(GuestOutput *output)
{
        GBytes *bytes = g_byte_array_free_to_bytes(output->kept);

        output->kept = g_byte_array_new();
        return bytes;
}

/* The client has gone before it had sent everything. */
static void guest_output_finalize(GObject *object)
{
        GuestOutput *output = GUEST_OUTPUT(object);

        if (output->transfer != NULL)
                guest_transfer_end(output->transfer, false, NULL, NULL);
        g_byte_array_unref(output->kept);
        G_OBJECT_CLASS(guest_output_parent_class)->finalize(object);
}

static void on_written(GuestTransfer *transfer, GBytes *bytes, const char *error, gpointer user_data)
{
        g_autoptr(GTask) task = user_data;

        (void)transfer;
        (void)bytes;
        if (error != NULL)
                g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", error);
        else
                g_task_return_int(task, (gssize)GUEST_OUTPUT(g_task_get_source_object(task))->size);
}

static void guest_output_write(GOutputStream *stream, const void *buffer, gsize count, int priority,
                               GCancellable *cancellable, GAsyncReadyCallback done, gpointer user_data)
{
        GuestOutput *output = GUEST_OUTPUT(stream);
        GTask *task = g_task_new(stream, cancellable, done, user_data);
        g_autoptr(GBytes) bytes = NULL;

        g_task_set_priority(task, priority);
        g_task_set_check_cancellable(task, FALSE);
        output->size = MIN(count, (gsize)KEPT_BYTES);
        g_byte_array_append(output->kept, buffer, (guint)output->size);
        if (output->kept->len < KEPT_BYTES) {
                g_task_return_int(task, (gssize)output->size);
                g_object_unref(task);
                return;
        }
        bytes = take_kept(output);
        guest_transfer_write(output->transfer, bytes, on_written, task);
}

static gssize guest_output_write_end(GOutputStream *stream, GAsyncResult *result, GError **error)
{
        (void)stream;
        return g_task_propagate_int(G_TASK(result), error);
}

/* Closing is for who serves: it says whether all has come. */
static void guest_output_close(GOutputStream *stream, int priority, GCancellable *cancellable,
                               GAsyncReadyCallback done, gpointer user_data)
{
        g_autoptr(GTask) task = g_task_new(stream, cancellable, done, user_data);

        g_task_set_priority(task, priority);
        g_task_return_boolean(task, TRUE);
}

static gboolean guest_output_close_end(GOutputStream *stream, GAsyncResult *result, GError **error)
{
        (void)stream;
        return g_task_propagate_boolean(G_TASK(result), error);
}

static void guest_output_class_init(GuestOutputClass *class)
{
        G_OBJECT_CLASS(class)->finalize = guest_output_finalize;
        G_OUTPUT_STREAM_CLASS(class)->write_async = guest_output_write;
        G_OUTPUT_STREAM_CLASS(class)->write_finish = guest_output_write_end;
        G_OUTPUT_STREAM_CLASS(class)->close_async = guest_output_close;
        G_OUTPUT_STREAM_CLASS(class)->close_finish = guest_output_close_end;
}

static void on_gone(gpointer data)
{
        *(Exchange **)data = NULL;
}

static void on_placed(GuestTransfer *transfer, GBytes *bytes, const char *error, gpointer user_data)
{
        Exchange **exchange = user_data;

        (void)transfer;
        (void)bytes;
        if (*exchange != NULL) {
                exchange_set_gone(*exchange, NULL, NULL);
                if (error != NULL)
                        exchange_refuse(*exchange, SOUP_STATUS_CONFLICT, "%s", error);
                else
                        exchange_answer(*exchange, SOUP_STATUS_OK, NULL, NULL);
        }
        g_free(exchange);
}

static void on_last_written(GuestTransfer *transfer, GBytes *bytes, const char *error, gpointer user_data)
{
        (void)bytes;
        /* What is short of the announced size is found wanting, and says so. */
        (void)error;
        guest_transfer_end(transfer, true, on_placed, user_data);
}

/* All has come. */
static void write_run(Exchange *exchange, gpointer user_data)
{
        GuestOutput *output = exchange_route_data(exchange); /* its sink, as long as it is there */
        GuestTransfer *transfer = g_steal_pointer(&output->transfer);
        Exchange **answered = g_new(Exchange *, 1);
        g_autoptr(GBytes) last = take_kept(output);

        (void)user_data;
        *answered = exchange;
        exchange_set_gone(exchange, on_gone, answered);
        if (g_bytes_get_size(last) > 0)
                guest_transfer_write(transfer, last, on_last_written, answered);
        else
                guest_transfer_end(transfer, true, on_placed, answered);
}

static GOutputStream *write_open(Exchange *exchange, gpointer user_data)
{
        (void)user_data;
        return exchange_route_data(exchange);
}

/* The transfer is the bound: it takes no more than was announced. */
static const Route write_route = {.body_max = G_MAXINT64, .run = write_run, .open = write_open};

/* Between the router's return and the body. */
typedef struct Pending {
        Exchange *exchange; /* NULL: gone */
        GuestOutput *output;
} Pending;

static gboolean go_on(gpointer data)
{
        Pending *pending = data;

        if (pending->exchange != NULL) {
                exchange_set_gone(pending->exchange, NULL, NULL);
                exchange_serve(pending->exchange, &write_route, pending->output);
        } else {
                g_object_unref(pending->output);
        }
        g_free(pending);
        return G_SOURCE_REMOVE;
}

static void write_file(Exchange *exchange, GuestTransfer *transfer)
{
        Pending *pending = g_new0(Pending, 1);

        pending->exchange = exchange;
        pending->output = g_object_new(GUEST_TYPE_OUTPUT, NULL);
        pending->output->transfer = transfer;
        exchange_set_gone(exchange, on_gone, &pending->exchange);
        g_idle_add(go_on, pending);
}

/* --- which --- */

void guest_file_begin(Server *server, Exchange *exchange)
{
        const char *query = exchange_head(exchange)->query;
        g_autofree char *id = head_query_value(query, "id"), *token = head_query_value(query, "token");
        bool to_guest = exchange_is(exchange, "PUT");
        GuestTransfer *transfer = guest_transfer_begin(server_api(server), id, token, to_guest);

        if (transfer == NULL)
                exchange_refuse(exchange, SOUP_STATUS_NOT_FOUND,
                                "there is no such file on its way; each may be asked for once, and soon");
        else if (to_guest)
                write_file(exchange, transfer);
        else
                read_file(exchange, transfer);
}

void guest_file_listen(Server *server, unsigned port, unsigned plain_port)
{
        g_autofree char *base = port != 0 ? g_strdup_printf("https://*:%u", port)
                                          : g_strdup_printf("http://*:%u", plain_port);

        guest_transfer_set_base(server_api(server), base);
}
