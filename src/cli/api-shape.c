/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls and properties where an object or a list of objects must come. */
#include "cli/api-client.h"

static bool set_shape(const ApiClient *client, const char *last, const char *wanted, GError **error)
{
        g_autofree char *what = g_strdup_printf("%s is not %s", last, wanted);

        return api_garbled(client, what, error);
}

static JsonObject *as_object(const ApiClient *client, JsonNode *node, const char *last, GError **error)
{
        if (node != NULL && JSON_NODE_HOLDS_OBJECT(node))
                return json_node_dup_object(node);
        (void)set_shape(client, last, "an object", error);
        return NULL;
}

static JsonArray *as_objects(const ApiClient *client, JsonNode *node, const char *last, GError **error)
{
        JsonArray *list = json_list(node);

        if (node == NULL)
                return json_array_new();
        if (list == NULL) {
                (void)set_shape(client, last, "a list", error);
                return NULL;
        }
        for (guint i = 0; i < json_array_get_length(list); i++)
                if (!JSON_NODE_HOLDS_OBJECT(json_array_get_element(list, i))) {
                        (void)set_shape(client, last, "a list of objects", error);
                        return NULL;
                }
        return json_array_ref(list);
}

JsonObject *api_call_object(ApiClient *client, const char *type, const char *id, const char *method,
                            JsonObject *args, GError **error)
{
        g_autoptr(JsonNode) node = NULL;

        return api_call(client, type, id, method, args, &node, error)
                       ? as_object(client, node, method, error)
                       : NULL;
}

JsonArray *api_call_objects(ApiClient *client, const char *type, const char *id, const char *method,
                            JsonObject *args, GError **error)
{
        g_autoptr(JsonNode) node = NULL;

        return api_call(client, type, id, method, args, &node, error)
                       ? as_objects(client, node, method, error)
                       : NULL;
}

JsonObject *api_get_object(ApiClient *client, const char *type, const char *id, const char *property,
                           GError **error)
{
        g_autoptr(JsonNode) node = NULL;

        return api_get(client, type, id, property, &node, error) ? as_object(client, node, property, error)
                                                                 : NULL;
}

JsonArray *api_get_objects(ApiClient *client, const char *type, const char *id, const char *property,
                           GError **error)
{
        g_autoptr(JsonNode) node = NULL;

        return api_get(client, type, id, property, &node, error) ? as_objects(client, node, property, error)
                                                                 : NULL;
}
