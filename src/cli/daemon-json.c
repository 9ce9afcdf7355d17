/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading the daemon's JSON, of which nothing is believed. */
#include "cli/daemon-json.h"

#include <math.h>

#define DEPTH_MAX  16
#define VALUES_MAX (4 << 20)

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

JsonNode *daemon_json_parse(const char *text, size_t length, char **ret_problem)
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

/* NULL: missing or null. */
static JsonNode *find(JsonObject *object, const char *member)
{
        JsonNode *node = json_object_get_member(object, member);

        return node != NULL && !JSON_NODE_HOLDS_NULL(node) ? node : NULL;
}

const char *daemon_json_text(JsonObject *object, const char *member)
{
        JsonNode *node = find(object, member);

        return node != NULL && json_node_get_value_type(node) == G_TYPE_STRING ? json_node_get_string(node)
                                                                               : NULL;
}

DaemonValue daemon_json_uint(JsonObject *object, const char *member, uint64_t *ret)
{
        JsonNode *node = find(object, member);
        double value;

        if (node == NULL)
                return DAEMON_NONE;
        if (json_node_get_value_type(node) == G_TYPE_INT64) {
                if (json_node_get_int(node) < 0)
                        return DAEMON_WRONG;
                *ret = (uint64_t)json_node_get_int(node);
                return DAEMON_GIVEN;
        }
        if (daemon_json_double(object, member, &value) != DAEMON_GIVEN || value < 0 || value > 9e18)
                return DAEMON_WRONG;
        *ret = (uint64_t)value;
        return DAEMON_GIVEN;
}

static bool is_number(JsonNode *node)
{
        GType type = json_node_get_value_type(node);

        return (type == G_TYPE_INT64 || type == G_TYPE_DOUBLE) && isfinite(json_node_get_double(node));
}

double daemon_json_number(JsonNode *node)
{
        return is_number(node) ? json_node_get_double(node) : 0;
}

DaemonValue daemon_json_double(JsonObject *object, const char *member, double *ret)
{
        JsonNode *node = find(object, member);

        if (node == NULL)
                return DAEMON_NONE;
        if (!is_number(node))
                return DAEMON_WRONG;
        *ret = json_node_get_double(node);
        return DAEMON_GIVEN;
}

DaemonValue daemon_json_bool(JsonObject *object, const char *member, bool *ret)
{
        JsonNode *node = find(object, member);

        if (node == NULL)
                return DAEMON_NONE;
        if (json_node_get_value_type(node) != G_TYPE_BOOLEAN)
                return DAEMON_WRONG;
        *ret = json_node_get_boolean(node);
        return DAEMON_GIVEN;
}

uint64_t daemon_json_uint_or_0(JsonObject *object, const char *member)
{
        uint64_t value = 0;

        (void)daemon_json_uint(object, member, &value);
        return value;
}

double daemon_json_double_or_0(JsonObject *object, const char *member)
{
        double value = 0;

        (void)daemon_json_double(object, member, &value);
        return value;
}

bool daemon_json_is_true(JsonObject *object, const char *member)
{
        bool value = false;

        (void)daemon_json_bool(object, member, &value);
        return value;
}

JsonObject *daemon_json_object(JsonObject *object, const char *member)
{
        JsonNode *node = find(object, member);

        return node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}
