/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The API's JSON, of which nothing is believed. */
#include "wire/json.h"

#include <stdbool.h>

#define DEPTH_MAX  200
#define VALUES_MAX (4 << 20)

JsonObject *json_typed(const char *type)
{
        JsonObject *object = json_object_new();

        json_object_set_string_member(object, "_typeName", type);
        return object;
}

JsonObject *json_reference(const char *type, const char *id)
{
        JsonObject *object = json_typed("ManagedObjectReference");

        json_object_set_string_member(object, "type", type);
        json_object_set_string_member(object, "value", id);
        return object;
}

JsonNode *json_member(JsonNode *object, const char *member)
{
        if (object == NULL || !JSON_NODE_HOLDS_OBJECT(object))
                return NULL;
        return json_object_get_member(json_node_get_object(object), member);
}

const char *json_plain_text(JsonNode *node)
{
        if (node != NULL && JSON_NODE_HOLDS_OBJECT(node))
                node = json_member(node, "_value");
        if (node == NULL || !JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_STRING)
                return NULL;
        return json_node_get_string(node);
}

const char *json_text(JsonNode *object, const char *member)
{
        return json_plain_text(json_member(object, member));
}

JsonArray *json_list(JsonNode *node)
{
        if (node != NULL && JSON_NODE_HOLDS_OBJECT(node))
                node = json_member(node, "_value");
        return node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

/* --- faults --- */

const char *json_fault_type(JsonNode *fault)
{
        return json_text(fault, "_typeName");
}

const char *json_fault_sentence(JsonNode *fault)
{
        JsonArray *messages = json_list(json_member(fault, "faultMessage"));

        if (messages == NULL || json_array_get_length(messages) == 0)
                return NULL;
        return json_text(json_array_get_element(messages, 0), "message");
}

/* --- reading --- */

/*
 * json-glib calls itself for each level of nesting, makes some 60 bytes of each value, and takes
 * comments and other quotes than JSON's. So a look first: it must be bounded, and plain.
 */
static const char *find_problem(const char *text, size_t length)
{
        unsigned depth = 0, values = 0;
        bool quoted = false;

        for (size_t i = 0; i < length; i++) {
                if (quoted) {
                        if (text[i] == '\\')
                                i++;
                        else if (text[i] == '"')
                                quoted = false;
                        continue;
                }
                switch (text[i]) {
                case '"':
                        quoted = true;
                        break;
                case '[':
                case '{':
                        if (++depth > DEPTH_MAX)
                                return "its answer is nested too deeply";
                        break;
                case ']':
                case '}':
                        depth -= depth > 0 ? 1 : 0;
                        break;
                case ',':
                        if (++values > VALUES_MAX)
                                return "its answer has too many values";
                        break;
                case '/':
                case '#':
                case '\'':
                        return "its answer is not JSON";
                default:
                        break;
                }
        }
        return NULL;
}

JsonNode *json_parse_bounded(const char *text, size_t length, char **ret_problem)
{
        g_autoptr(JsonParser) parser = json_parser_new_immutable();
        const char *problem = NULL;

        if (!g_utf8_validate(text, (gssize)length, NULL))
                problem = "its answer is not UTF-8";
        else
                problem = find_problem(text, length);
        if (problem == NULL && !json_parser_load_from_data(parser, text, (gssize)length, NULL))
                problem = "its answer is not JSON";
        if (problem != NULL) {
                *ret_problem = g_strdup(problem);
                return NULL;
        }
        return json_parser_steal_root(parser);
}
