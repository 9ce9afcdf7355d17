/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AskGuest: what a guest says of itself, by its agent. All of it is the guest's word, and bounded. */
#include <string.h>

#include "operation/args.h"
#include "operation/vm.h"

#define ANSWER_S  5
#define TEXT_MAX  256
#define ITEMS_MAX 64 /* cards, addresses of each, file systems */

/* What it returns; NULL: nothing, or with an error. */
static JsonNode *ask(Call *call, const char *uuid, const char *command, JsonParser *parser, GError **error)
{
        virConnectPtr connection = call_connection(call, error);
        g_autofree char *request = g_strdup_printf("{\"execute\":\"%s\"}", command), *answer = NULL;
        JsonNode *root;

        if (connection == NULL)
                return NULL;
        answer = life_agent(connection, uuid, request, ANSWER_S, call_cancellable(call), error);
        if (answer == NULL || !json_parser_load_from_data(parser, answer, -1, error))
                return NULL;
        root = json_parser_get_root(parser);
        return root != NULL && JSON_NODE_HOLDS_OBJECT(root)
                       ? json_object_get_member(json_node_get_object(root), "return")
                       : NULL;
}

static const char *text_of(JsonObject *object, const char *name)
{
        JsonNode *node = json_object_get_member(object, name);

        return node != NULL && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING
                       ? json_node_get_string(node)
                       : NULL;
}

static int64_t int_of(JsonObject *object, const char *name)
{
        JsonNode *node = json_object_get_member(object, name);

        return node != NULL && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_INT64
                       ? json_node_get_int(node)
                       : 0;
}

static void add_text(JsonBuilder *result, const char *name, const char *text)
{
        g_autofree char *shown = text != NULL ? g_utf8_make_valid(text, MIN(strlen(text), TEXT_MAX)) : NULL;

        if (shown == NULL)
                return;
        json_builder_set_member_name(result, name);
        json_builder_add_string_value(result, shown);
}

static void add_int(JsonBuilder *result, const char *name, int64_t number)
{
        json_builder_set_member_name(result, name);
        json_builder_add_int_value(result, number);
}

/* The objects of a list, each told by tell. */
static void add_list(JsonBuilder *result, const char *name, JsonNode *node,
                     void (*tell)(JsonObject *item, JsonBuilder *result))
{
        JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;

        json_builder_set_member_name(result, name);
        json_builder_begin_array(result);
        for (unsigned i = 0; array != NULL && i < MIN(json_array_get_length(array), ITEMS_MAX); i++) {
                JsonNode *item = json_array_get_element(array, i);

                if (!JSON_NODE_HOLDS_OBJECT(item))
                        continue;
                json_builder_begin_object(result);
                tell(json_node_get_object(item), result);
                json_builder_end_object(result);
        }
        json_builder_end_array(result);
}

static void tell_address(JsonObject *item, JsonBuilder *result)
{
        add_text(result, "address", text_of(item, "ip-address"));
        add_int(result, "prefix", int_of(item, "prefix"));
}

static void tell_card(JsonObject *item, JsonBuilder *result)
{
        const char *mac = text_of(item, "hardware-address");
        g_autofree char *lower =
                mac != NULL ? g_ascii_strdown(mac, (gssize)MIN(strlen(mac), TEXT_MAX)) : NULL;

        add_text(result, "mac", lower);
        add_text(result, "name", text_of(item, "name"));
        add_list(result, "addresses", json_object_get_member(item, "ip-addresses"), tell_address);
}

static void tell_file_system(JsonObject *item, JsonBuilder *result)
{
        add_text(result, "path", text_of(item, "mountpoint"));
        add_text(result, "type", text_of(item, "type"));
        add_int(result, "total_bytes", int_of(item, "total-bytes"));
        add_int(result, "used_bytes", int_of(item, "used-bytes"));
}

static bool run_ask(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *uuid = args_only(args, error, "vm", NULL) ? args_text(args, "vm", error) : NULL;
        g_autoptr(JsonParser) names = json_parser_new(), cards = json_parser_new();
        g_autoptr(JsonParser) systems = json_parser_new(), kinds = json_parser_new();
        g_autoptr(GError) silent = NULL;
        JsonNode *name, *kind;

        if (uuid == NULL)
                return false;
        /* One that does not answer the first question is asked no others. */
        name = ask(call, uuid, "guest-get-host-name", names, &silent);
        if (silent != NULL) {
                g_propagate_error(error, g_steal_pointer(&silent));
                return false;
        }
        json_builder_begin_object(result);
        if (name != NULL && JSON_NODE_HOLDS_OBJECT(name))
                add_text(result, "host_name", text_of(json_node_get_object(name), "host-name"));
        kind = ask(call, uuid, "guest-get-osinfo", kinds, NULL);
        if (kind != NULL && JSON_NODE_HOLDS_OBJECT(kind)) {
                add_text(result, "os_id", text_of(json_node_get_object(kind), "id"));
                add_text(result, "os_name", text_of(json_node_get_object(kind), "pretty-name"));
        }
        add_list(result, "cards", ask(call, uuid, "guest-network-get-interfaces", cards, NULL), tell_card);
        add_list(result, "file_systems", ask(call, uuid, "guest-get-fsinfo", systems, NULL),
                 tell_file_system);
        json_builder_end_object(result);
        return true;
}

const Method guest_methods[] = {
        {.name = "AskGuest", .internal = true, .run = run_ask},
        {.name = NULL},
};
