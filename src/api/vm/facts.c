/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "api/vm/facts.h"

static JsonNode *member(JsonObject *object, const char *name, JsonNodeType type)
{
        JsonNode *node = object != NULL ? json_object_get_member(object, name) : NULL;

        return node != NULL && JSON_NODE_TYPE(node) == type ? node : NULL;
}

const char *fact_text(JsonObject *object, const char *name)
{
        JsonNode *node = member(object, name, JSON_NODE_VALUE);

        return node != NULL && json_node_get_value_type(node) == G_TYPE_STRING ? json_node_get_string(node)
                                                                               : NULL;
}

int64_t fact_int(JsonObject *object, const char *name, int64_t otherwise)
{
        JsonNode *node = member(object, name, JSON_NODE_VALUE);

        return node != NULL && json_node_get_value_type(node) == G_TYPE_INT64 ? json_node_get_int(node)
                                                                              : otherwise;
}

bool fact_bool(JsonObject *object, const char *name, bool otherwise)
{
        JsonNode *node = member(object, name, JSON_NODE_VALUE);

        return node != NULL && json_node_get_value_type(node) == G_TYPE_BOOLEAN ? json_node_get_boolean(node)
                                                                                : otherwise;
}

JsonObject *fact_object(JsonObject *object, const char *name)
{
        JsonNode *node = member(object, name, JSON_NODE_OBJECT);

        return node != NULL ? json_node_get_object(node) : NULL;
}

unsigned fact_count(JsonObject *object, const char *name)
{
        JsonNode *node = member(object, name, JSON_NODE_ARRAY);

        return node != NULL ? json_array_get_length(json_node_get_array(node)) : 0;
}

JsonObject *fact_item(JsonObject *object, const char *name, unsigned index)
{
        JsonNode *node = member(object, name, JSON_NODE_ARRAY);
        JsonNode *item = node != NULL && index < json_array_get_length(json_node_get_array(node))
                                 ? json_array_get_element(json_node_get_array(node), index)
                                 : NULL;

        return item != NULL && JSON_NODE_HOLDS_OBJECT(item) ? json_node_get_object(item) : NULL;
}

JsonObject *fact_find(JsonObject *object, const char *name, const char *member_name, const char *text)
{
        for (unsigned i = 0; i < fact_count(object, name); i++) {
                JsonObject *item = fact_item(object, name, i);

                if (fact_is(item, member_name, text))
                        return item;
        }
        return NULL;
}

bool fact_is(JsonObject *object, const char *name, const char *text)
{
        return g_strcmp0(fact_text(object, name), text) == 0 && text != NULL;
}
