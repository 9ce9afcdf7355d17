/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "daemon/http-message.h"

#include <string.h>

#define MEMBERS_MAX  64
#define BRACKETS_MAX 4096

bool http_is(const char *method, const char *name)
{
        return strcmp(method, name) == 0;
}

/* --- answers --- */

void http_answer(SoupServerMessage *message, unsigned status, JsonNode *node)
{
        g_autofree char *text = json_to_string(node, FALSE);

        soup_server_message_set_status(message, status, NULL);
        soup_server_message_set_response(message, "application/json", SOUP_MEMORY_COPY, text, strlen(text));
        json_node_unref(node);
}

void http_refuse(SoupServerMessage *message, unsigned status, const char *text)
{
        g_autoptr(JsonBuilder) builder = json_builder_new();

        json_builder_begin_object(builder);
        json_builder_set_member_name(builder, "error");
        json_builder_add_string_value(builder, text);
        json_builder_end_object(builder);
        http_answer(message, status, json_builder_get_root(builder));
}

void http_refuse_error(SoupServerMessage *message, const GError *error)
{
        unsigned status = SOUP_STATUS_BAD_REQUEST;

        if (error->domain != G_IO_ERROR)
                status = SOUP_STATUS_INTERNAL_SERVER_ERROR;
        else if (error->code == G_IO_ERROR_NOT_FOUND)
                status = SOUP_STATUS_NOT_FOUND;
        else if (error->code == G_IO_ERROR_BUSY || error->code == G_IO_ERROR_NO_SPACE ||
                 error->code == G_IO_ERROR_EXISTS || error->code == G_IO_ERROR_NOT_SUPPORTED)
                status = SOUP_STATUS_CONFLICT;
        else if (error->code == G_IO_ERROR_FAILED)
                status = SOUP_STATUS_INTERNAL_SERVER_ERROR;
        http_refuse(message, status, error->message);
}

/* The parser calls itself for every level, so levels must not be many: nor can they be, of few brackets. */
static bool is_nested_deeply(const char *text, gsize size)
{
        unsigned brackets = 0;

        for (gsize i = 0; i < size && brackets <= BRACKETS_MAX; i++)
                brackets += text[i] == '[' || text[i] == '{';
        return brackets > BRACKETS_MAX;
}

JsonObject *http_read_body(SoupServerMessage *message, JsonParser *parser, GError **error)
{
        SoupMessageBody *body = soup_server_message_get_request_body(message);
        g_autoptr(GBytes) bytes = soup_message_body_flatten(body);
        gsize size = 0;
        const char *text = g_bytes_get_data(bytes, &size);
        JsonNode *root;

        if (text == NULL || is_nested_deeply(text, size) || !g_utf8_validate(text, (gssize)size, NULL) ||
            !json_parser_load_from_data(parser, text, (gssize)size, NULL) ||
            (root = json_parser_get_root(parser)) == NULL || !JSON_NODE_HOLDS_OBJECT(root)) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "the request's body is no JSON object");
                return NULL;
        }
        if (json_object_get_size(json_node_get_object(root)) > MEMBERS_MAX) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "the request has more than %d members", MEMBERS_MAX);
                return NULL;
        }
        return json_node_get_object(root);
}
