/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON to values, by json-glib: what is known of a type says what its members are. */
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "vim/json-scan.h"
#include "vim/json.h"
#include "vim/wire-form.h"

typedef struct Reader {
        WirePath path;
        GError **error;
} Reader;

static bool read_value(Reader *r, JsonNode *node, const VimType *declared, VimValue **ret);

#define wrong(r, ...) wire_fail(&(r)->path, (r)->error, WIRE_ERROR_WRONG_VALUE, __VA_ARGS__)

static const char *member_text(JsonObject *object, const char *name)
{
        JsonNode *node = json_object_get_member(object, name);

        return node != NULL && json_node_get_value_type(node) == G_TYPE_STRING ? json_node_get_string(node)
                                                                               : NULL;
}

/* --- primitives --- */

static VimValue *parse_number(JsonNode *node, const VimType *type)
{
        bool is_whole = json_node_get_value_type(node) == G_TYPE_INT64;

        switch (type->kind) {
        case VIM_BYTE:
        case VIM_SHORT:
        case VIM_INT:
        case VIM_LONG:
                return is_whole ? wire_parse_integer(type, json_node_get_int(node)) : NULL;
        case VIM_FLOAT:
        case VIM_DOUBLE:
                return isfinite(json_node_get_double(node))
                               ? wire_parse_number(type, json_node_get_double(node))
                               : NULL;
        default:
                return NULL;
        }
}

static VimValue *parse_text(const char *text, const VimType *type)
{
        switch (type->kind) {
        case VIM_STRING:
        case VIM_ENUM:
        case VIM_TIME:
        case VIM_BINARY:
                return wire_parse(type, text);
        case VIM_LONG: /* JavaScript's numbers are no longer exact where these go on */
        case VIM_FLOAT:
        case VIM_DOUBLE: /* what is no number has none in JSON */
                return wire_parse(type, text);
        default:
                return NULL;
        }
}

static bool read_primitive(Reader *r, JsonNode *node, const VimType *type, VimValue **ret)
{
        GType kind = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : G_TYPE_INVALID;

        if (kind == G_TYPE_BOOLEAN)
                *ret = type->kind == VIM_BOOLEAN ? vim_new_bool(json_node_get_boolean(node)) : NULL;
        else if (kind == G_TYPE_STRING)
                *ret = parse_text(json_node_get_string(node), type);
        else if (kind != G_TYPE_INVALID)
                *ret = parse_number(node, type);
        if (*ret == NULL && kind == G_TYPE_STRING)
                return wrong(r, "\"%.100s\" is no %s", json_node_get_string(node), type->name);
        return *ret != NULL || wrong(r, "not a %s", type->name);
}

/* --- objects --- */

static bool read_reference(Reader *r, JsonNode *node, const VimType *declared, VimValue **ret)
{
        const char *id =
                JSON_NODE_HOLDS_OBJECT(node) ? member_text(json_node_get_object(node), "value") : NULL;

        if (id == NULL)
                return wrong(r, "not a reference, {\"type\": ..., \"value\": ...}");
        return wire_make_reference(&r->path, declared, member_text(json_node_get_object(node), "type"), id,
                                   ret, r->error);
}

static bool read_items(Reader *r, JsonArray *array, const VimType *type, VimValue **ret)
{
        g_autoptr(VimValue) list = vim_new_list(type->name);

        for (unsigned i = 0; i < json_array_get_length(array); i++) {
                VimValue *item = NULL;

                if (!read_value(r, json_array_get_element(array, i), type, &item))
                        return false;
                if (item != NULL && item->is_list) {
                        vim_unref(item);
                        return wrong(r, "a list in a list");
                }
                if (item != NULL)
                        g_ptr_array_add(list->items, item);
        }
        *ret = g_steal_pointer(&list);
        return true;
}

static bool read_field(Reader *r, const VimField *field, JsonNode *node, VimValue **place)
{
        VimValue *value = NULL;
        bool ok;

        wire_enter(&r->path, field->name);
        if (field->is_list && JSON_NODE_HOLDS_ARRAY(node))
                ok = read_items(r, json_node_get_array(node), field->type, &value);
        else
                ok = read_value(r, node, field->type, &value);
        if (ok && value != NULL)
                ok = wire_place(&r->path, field, place, value, r->error);
        if (ok)
                wire_leave(&r->path);
        return ok;
}

static bool read_object(Reader *r, JsonNode *node, const VimType *type, VimValue **ret)
{
        g_autoptr(VimValue) object = vim_new_object(type->name);
        JsonObject *members = json_node_get_object(node);

        for (unsigned i = 0; i < type->n_fields; i++) {
                JsonNode *member = json_object_get_member(members, type->fields[i].name);

                if (member != NULL && !read_field(r, &type->fields[i], member, &object->fields[i]))
                        return false;
        }
        if (!wire_check_object(&r->path, object, r->error))
                return false;
        *ret = g_steal_pointer(&object);
        return true;
}

/* --- what says its type itself --- */

/* "_value" of a primitive or a list. */
static bool read_boxed(Reader *r, JsonObject *box, WireType type, VimValue **ret)
{
        JsonNode *value = json_object_get_member(box, "_value");

        if (value == NULL)
                return wrong(r, "a %s without \"_value\"", type.type->name);
        if (!type.is_list)
                return read_primitive(r, value, type.type, ret);
        if (!JSON_NODE_HOLDS_ARRAY(value))
                return wrong(r, "the \"_value\" of a list is no array");
        return read_items(r, json_node_get_array(value), type.type, ret);
}

/* A bare value is what JSON says it is. */
static bool read_bare(Reader *r, JsonNode *node, VimValue **ret)
{
        GType kind = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : G_TYPE_INVALID;
        int64_t number = kind == G_TYPE_INT64 ? json_node_get_int(node) : 0;
        const char *type = kind == G_TYPE_STRING       ? "string"
                           : kind == G_TYPE_BOOLEAN    ? "boolean"
                           : kind == G_TYPE_DOUBLE     ? "double"
                           : kind != G_TYPE_INT64      ? NULL
                           : number == (int32_t)number ? "int"
                                                       : "long";

        if (type == NULL)
                return wrong(r, "an array or object here needs a \"_typeName\"");
        return read_primitive(r, node, vim_type(type), ret);
}

static bool read_any(Reader *r, JsonNode *node, VimValue **ret)
{
        const char *name =
                JSON_NODE_HOLDS_OBJECT(node) ? member_text(json_node_get_object(node), "_typeName") : NULL;
        WireType type;

        if (name == NULL)
                return read_bare(r, node, ret);
        type = wire_type(name);
        if (type.type == NULL || (type.type->kind == VIM_ANY && !type.is_list))
                return wrong(r, "there is no type \"%.100s\"", name);
        if (!type.is_list && type.type->kind == VIM_OBJECT)
                return read_object(r, node, type.type, ret);
        if (!type.is_list && type.type->kind == VIM_REFERENCE)
                return read_reference(r, node, type.type, ret);
        return read_boxed(r, json_node_get_object(node), type, ret);
}

static bool read_declared_object(Reader *r, JsonNode *node, const VimType *declared, VimValue **ret)
{
        const VimType *type = declared;
        const char *name;

        if (!JSON_NODE_HOLDS_OBJECT(node))
                return wrong(r, "not an object, a %s", declared->name);
        name = member_text(json_node_get_object(node), "_typeName");
        if (name != NULL)
                type = vim_type(name);
        if (type == NULL)
                return wrong(r, "there is no type \"%.100s\"", name);
        if (!vim_type_is(type, declared))
                return wrong(r, "%s is no %s", type->name, declared->name);
        return read_object(r, node, type, ret);
}

/* *ret stays NULL for null. */
static bool read_value(Reader *r, JsonNode *node, const VimType *declared, VimValue **ret)
{
        if (JSON_NODE_HOLDS_NULL(node))
                return true;
        switch (declared->kind) {
        case VIM_ANY:
                return read_any(r, node, ret);
        case VIM_OBJECT:
                return read_declared_object(r, node, declared, ret);
        case VIM_REFERENCE:
                return read_reference(r, node, declared, ret);
        default:
                return read_primitive(r, node, declared, ret);
        }
}

/* --- documents --- */

static bool parse(const char *json, size_t length, JsonNode **ret, GError **error)
{
        g_autoptr(JsonParser) parser = json_parser_new_immutable();
        g_autoptr(GError) why = NULL;

        if (!json_scan(json, length, error))
                return false;
        if (!json_parser_load_from_data(parser, json, (gssize)length, &why)) {
                g_set_error(error, WIRE_ERROR, WIRE_ERROR_MALFORMED, "The request is not JSON: %s",
                            why->message);
                return false;
        }
        *ret = json_parser_steal_root(parser);
        return true;
}

bool json_read_args(const char *body, size_t length, const VimMethod *method, VimValue ***ret_args,
                    GError **error)
{
        g_autoptr(JsonNode) root = NULL;
        Reader r = {.error = error};
        VimValue **args;
        bool ok = true;

        if (!parse(body, length, &root, error))
                return false;
        if (root != NULL && !JSON_NODE_HOLDS_NULL(root) && !JSON_NODE_HOLDS_OBJECT(root)) {
                g_set_error(error, WIRE_ERROR, WIRE_ERROR_MALFORMED,
                            "The arguments of %s are to be an object, by their names", method->name);
                return false;
        }
        args = g_new0(VimValue *, method->n_params + 1);
        for (unsigned i = 0; ok && i < method->n_params; i++) {
                JsonNode *member =
                        root != NULL && JSON_NODE_HOLDS_OBJECT(root)
                                ? json_object_get_member(json_node_get_object(root), method->params[i].name)
                                : NULL;

                ok = member == NULL || read_field(&r, &method->params[i], member, &args[i]);
        }
        if (!ok || !wire_check_args(&r.path, method, args, error)) {
                wire_free_args(method, args);
                return false;
        }
        *ret_args = args;
        return true;
}

VimValue *json_read_value(const char *json, size_t length, GError **error)
{
        g_autoptr(JsonNode) root = NULL;
        g_autoptr(VimValue) value = NULL;
        Reader r = {.error = error};

        if (!parse(json, length, &root, error))
                return NULL;
        if (root != NULL && !read_value(&r, root, vim_type("anyType"), &value))
                return NULL;
        if (value == NULL)
                (void)wrong(&r, "there is no value in it");
        return g_steal_pointer(&value);
}
