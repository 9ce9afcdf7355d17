/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading the daemon's JSON, of which nothing is believed. */
#include "cli/daemon-json.h"

#include <math.h>

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
