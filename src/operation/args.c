/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "operation/args.h"

#include <gio/gio.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

static bool refuse(GError **error, const char *name, const char *what)
{
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "\"%s\" is to be %s", name, what);
        return false;
}

bool args_only(JsonObject *args, GError **error, ...)
{
        g_autoptr(GList) members = json_object_get_members(args);
        g_autoptr(GString) allowed = g_string_new(NULL);

        for (GList *member = members; member != NULL; member = member->next) {
                g_autofree char *shown = NULL;
                const char *name;
                bool known = false;
                va_list names;

                va_start(names, error);
                g_string_truncate(allowed, 0);
                while ((name = va_arg(names, const char *)) != NULL) {
                        known = known || strcmp(name, member->data) == 0;
                        g_string_append_printf(allowed, "%s%s", allowed->len > 0 ? ", " : "", name);
                }
                va_end(names);
                if (known)
                        continue;
                shown = g_strescape(member->data, NULL);
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "\"%.100s\" is no member here; there %s %s", shown,
                            allowed->len > 0 ? "are" : "is", allowed->len > 0 ? allowed->str : "none");
                return false;
        }
        return true;
}

/* NULL: not there. */
static JsonNode *member(JsonObject *args, const char *name)
{
        JsonNode *node = json_object_get_member(args, name);

        return node == NULL || JSON_NODE_HOLDS_NULL(node) ? NULL : node;
}

static bool holds(JsonNode *node, GType type)
{
        return JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type;
}

const char *args_text(JsonObject *args, const char *name, GError **error)
{
        const char *text = NULL;

        if (args_text_if(args, name, &text, error) && text == NULL)
                (void)refuse(error, name, "there, and a string");
        return text;
}

bool args_text_if(JsonObject *args, const char *name, const char **ret, GError **error)
{
        JsonNode *node = member(args, name);

        if (node == NULL)
                return true;
        if (!holds(node, G_TYPE_STRING))
                return refuse(error, name, "a string");
        *ret = json_node_get_string(node);
        return true;
}

bool args_bool_if(JsonObject *args, const char *name, bool *ret, GError **error)
{
        JsonNode *node = member(args, name);

        if (node == NULL)
                return true;
        if (!holds(node, G_TYPE_BOOLEAN))
                return refuse(error, name, "true or false");
        *ret = json_node_get_boolean(node);
        return true;
}

bool args_int_if(JsonObject *args, const char *name, int64_t min, int64_t max, int64_t *ret, GError **error)
{
        JsonNode *node = member(args, name);

        if (node == NULL)
                return true;
        if (!holds(node, G_TYPE_INT64) || json_node_get_int(node) < min || json_node_get_int(node) > max) {
                g_autofree char *what =
                        g_strdup_printf("a whole number from %" PRId64 " to %" PRId64, min, max);

                return refuse(error, name, what);
        }
        *ret = json_node_get_int(node);
        return true;
}

bool args_object_if(JsonObject *args, const char *name, JsonObject **ret, GError **error)
{
        JsonNode *node = member(args, name);

        if (node == NULL)
                return true;
        if (!JSON_NODE_HOLDS_OBJECT(node))
                return refuse(error, name, "an object");
        *ret = json_node_get_object(node);
        return true;
}

static bool holds_objects(JsonArray *array)
{
        for (unsigned i = 0; i < json_array_get_length(array); i++)
                if (!JSON_NODE_HOLDS_OBJECT(json_array_get_element(array, i)))
                        return false;
        return true;
}

bool args_objects_if(JsonObject *args, const char *name, unsigned max, JsonArray **ret, GError **error)
{
        JsonNode *node = member(args, name);
        JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;

        if (node == NULL)
                return true;
        if (array == NULL || json_array_get_length(array) > max || !holds_objects(array)) {
                g_autofree char *what = g_strdup_printf("an array of at most %u objects", max);

                return refuse(error, name, what);
        }
        *ret = array;
        return true;
}

bool args_texts_if(JsonObject *args, const char *name, unsigned max, char ***ret, GError **error)
{
        JsonNode *node = member(args, name);
        g_autoptr(GPtrArray) texts = NULL;
        JsonArray *array;

        if (node == NULL)
                return true;
        array = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
        if (array == NULL || json_array_get_length(array) > max) {
                g_autofree char *what = g_strdup_printf("an array of at most %u strings", max);

                return refuse(error, name, what);
        }
        texts = g_ptr_array_new_with_free_func(g_free);
        for (unsigned i = 0; i < json_array_get_length(array); i++) {
                JsonNode *element = json_array_get_element(array, i);

                if (!holds(element, G_TYPE_STRING))
                        return refuse(error, name, "an array of strings");
                g_ptr_array_add(texts, g_strdup(json_node_get_string(element)));
        }
        g_ptr_array_add(texts, NULL);
        *ret = (char **)g_ptr_array_free(g_steal_pointer(&texts), FALSE);
        return true;
}
