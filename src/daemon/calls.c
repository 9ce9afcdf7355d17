/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "daemon/calls.h"

#include <string.h>

#include "daemon/http-message.h"

#define TASKS_DEFAULT 100
#define TASKS_MAX     1000

/* A method that is no task: the client waits for it. */
static void on_done(JsonNode *result, const GError *error, gpointer user_data)
{
        SoupServerMessage *message = user_data;

        if (error != NULL)
                http_refuse_error(message, error);
        else if (result != NULL)
                http_answer(message, SOUP_STATUS_OK, json_node_copy(result));
        else
                soup_server_message_set_status(message, SOUP_STATUS_NO_CONTENT, NULL);
        soup_server_message_unpause(message);
        g_object_unref(message);
}

void calls_do(Operations *operations, SoupServerMessage *message, const char *method_name)
{
        g_autoptr(JsonParser) parser = json_parser_new();
        g_autoptr(GError) error = NULL;
        JsonObject *args;
        int64_t task = 0;

        if (!http_is(soup_server_message_get_method(message), "POST")) {
                http_refuse(message, SOUP_STATUS_METHOD_NOT_ALLOWED,
                            "methods are called by POST /do/METHOD");
                return;
        }
        if (!operations_offers(method_name)) {
                http_refuse(message, SOUP_STATUS_NOT_FOUND, "there is no method of that name");
                return;
        }
        args = http_read_body(message, parser, &error);
        if (args == NULL ||
            !operations_start(operations, method_name, args, on_done, message, &task, &error)) {
                http_refuse_error(message, error);
        } else if (task != 0) {
                g_autoptr(JsonBuilder) builder = json_builder_new();

                json_builder_begin_object(builder);
                json_builder_set_member_name(builder, "task");
                json_builder_add_int_value(builder, task);
                json_builder_end_object(builder);
                http_answer(message, SOUP_STATUS_ACCEPTED, json_builder_get_root(builder));
        } else {
                g_object_ref(message);
                soup_server_message_pause(message);
        }
}

void calls_tasks(Operations *operations, SoupServerMessage *message, const char *number, GHashTable *query)
{
        const char *method = soup_server_message_get_method(message);
        const char *limit_text = query != NULL ? g_hash_table_lookup(query, "limit") : NULL;
        g_autoptr(GError) error = NULL;
        JsonNode *node = NULL;
        guint64 limit = TASKS_DEFAULT;
        gint64 id;

        if (number[0] == '\0') {
                if (limit_text != NULL)
                        (void)g_ascii_string_to_unsigned(limit_text, 10, 1, TASKS_MAX, &limit, NULL);
                if (http_is(method, "GET"))
                        node = operations_tasks(operations, (unsigned)limit, &error);
                else
                        http_refuse(message, SOUP_STATUS_METHOD_NOT_ALLOWED, "/tasks can be read only");
        } else if (!g_ascii_string_to_signed(number, 10, 1, G_MAXINT64, &id, &error)) {
                http_refuse(message, SOUP_STATUS_NOT_FOUND, "a task goes by its number");
                return;
        } else if (http_is(method, "GET")) {
                node = operations_task(operations, id, &error);
        } else if (http_is(method, "DELETE")) {
                if (operations_cancel(operations, id, &error))
                        soup_server_message_set_status(message, SOUP_STATUS_NO_CONTENT, NULL);
        } else {
                http_refuse(message, SOUP_STATUS_METHOD_NOT_ALLOWED,
                            "a task can be read, or cancelled (DELETE)");
        }
        if (error != NULL)
                http_refuse_error(message, error);
        else if (node != NULL)
                http_answer(message, SOUP_STATUS_OK, node);
}
