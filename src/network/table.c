/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RFC 7047's notation: an atom, or ["uuid", X], ["set", [...]], ["map", [[key, value], ...]]. */
#include "network/table.h"

#include <string.h>

#define DEPTH_MAX 16

static bool fail(const char *why, GError **error)
{
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "what ovs-vsctl printed cannot be read: %s", why);
        return false;
}

/* The parser goes down as deep as the text does. */
static bool is_too_deep(const char *text, size_t length)
{
        unsigned depth = 0;
        bool quoted = false;

        for (size_t i = 0; i < length; i++) {
                if (quoted && text[i] == '\\')
                        i++;
                else if (text[i] == '"')
                        quoted = !quoted;
                else if (!quoted && (text[i] == '[' || text[i] == '{') && ++depth > DEPTH_MAX)
                        return true;
                else if (!quoted && (text[i] == ']' || text[i] == '}') && depth > 0)
                        depth--;
        }
        return false;
}

static JsonArray *node_array(JsonNode *node)
{
        return node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

static bool take_rows(JsonArray *data, unsigned n_columns, GPtrArray *rows)
{
        for (guint i = 0; i < json_array_get_length(data); i++) {
                JsonArray *row = node_array(json_array_get_element(data, i));

                if (row == NULL || json_array_get_length(row) != n_columns)
                        return false;
                g_ptr_array_add(rows, json_array_ref(row));
        }
        return true;
}

GPtrArray *table_read(const char **text, unsigned n_columns, GError **error)
{
        size_t length = strcspn(*text, "\n");
        g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)json_array_unref);
        g_autoptr(JsonParser) parser = json_parser_new();
        JsonNode *root = NULL, *data = NULL;

        if (is_too_deep(*text, length)) {
                fail("it is too deep", error);
                return NULL;
        }
        if (!json_parser_load_from_data(parser, *text, (gssize)length, NULL) ||
            (root = json_parser_get_root(parser)) == NULL || !JSON_NODE_HOLDS_OBJECT(root)) {
                fail("it is no JSON object", error);
                return NULL;
        }
        data = json_object_get_member(json_node_get_object(root), "data");
        if (node_array(data) == NULL || !take_rows(node_array(data), n_columns, rows)) {
                fail("it is no table", error);
                return NULL;
        }
        *text += length + ((*text)[length] == '\n');
        return g_steal_pointer(&rows);
}

static const char *node_text(JsonNode *node)
{
        return node != NULL && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING
                       ? json_node_get_string(node)
                       : NULL;
}

/* What stands behind the tag in ["tag", ...], or NULL. */
static JsonNode *tagged(JsonNode *node, const char *tag)
{
        JsonArray *pair = node_array(node);

        if (pair == NULL || json_array_get_length(pair) != 2 ||
            g_strcmp0(node_text(json_array_get_element(pair, 0)), tag) != 0)
                return NULL;
        return json_array_get_element(pair, 1);
}

const char *table_text(JsonArray *row, unsigned column)
{
        return node_text(json_array_get_element(row, column));
}

bool table_number(JsonArray *row, unsigned column, unsigned max, unsigned *ret)
{
        JsonNode *node = json_array_get_element(row, column);
        gint64 value;

        if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_INT64)
                return false;
        value = json_node_get_int(node);
        if (value < 0 || value > (gint64)max)
                return false;
        *ret = (unsigned)value;
        return true;
}

const char *table_mapped(JsonArray *row, unsigned column, const char *key)
{
        JsonArray *map = node_array(tagged(json_array_get_element(row, column), "map"));

        for (guint i = 0; map != NULL && i < json_array_get_length(map); i++) {
                JsonArray *pair = node_array(json_array_get_element(map, i));

                if (pair != NULL && json_array_get_length(pair) == 2 &&
                    g_strcmp0(node_text(json_array_get_element(pair, 0)), key) == 0)
                        return node_text(json_array_get_element(pair, 1));
        }
        return NULL;
}

static void add_uuid(GStrvBuilder *uuids, JsonNode *node)
{
        const char *uuid = node_text(tagged(node, "uuid"));

        if (uuid != NULL)
                g_strv_builder_add(uuids, uuid);
}

char **table_uuids(JsonArray *row, unsigned column)
{
        JsonNode *node = json_array_get_element(row, column);
        JsonArray *set = node_array(tagged(node, "set"));
        g_autoptr(GStrvBuilder) uuids = g_strv_builder_new();

        add_uuid(uuids, node);
        for (guint i = 0; set != NULL && i < json_array_get_length(set); i++)
                add_uuid(uuids, json_array_get_element(set, i));
        return g_strv_builder_end(uuids);
}
