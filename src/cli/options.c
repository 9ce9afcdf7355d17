/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/options.h"

#include <string.h>

#include "cli/daemon-json.h"

#define MANAGER "OptionManager"

/* --- where it is --- */

/* The id of the one HostSystem. Owned; NULL with an error. */
static char *find_host(ApiClient *client, GError **error)
{
        JsonObject *content = api_content(client, error), *root, *args;
        g_autoptr(JsonNode) view = NULL;
        g_autoptr(JsonArray) hosts = NULL;
        JsonArray *types;
        char *id;

        if (content == NULL)
                return NULL;
        root = daemon_json_object(content, "rootFolder");
        if (root == NULL) {
                (void)api_garbled(client, "there is no root folder", error);
                return NULL;
        }
        types = json_array_new();
        json_array_add_string_element(types, "HostSystem");
        args = json_object_new();
        json_object_set_object_member(args, "container", json_object_ref(root));
        json_object_set_array_member(args, "type", types);
        json_object_set_boolean_member(args, "recursive", TRUE);
        if (!api_call(client, "ViewManager", "ViewManager", "CreateContainerView", args, &view, error))
                return NULL;
        if (json_text(view, "value") == NULL) {
                (void)api_garbled(client, "a view has no id", error);
                return NULL;
        }
        hosts = api_get_objects(client, "ContainerView", json_text(view, "value"), "view", error);
        (void)api_call(client, "ContainerView", json_text(view, "value"), "DestroyView", NULL, NULL, NULL);
        if (hosts == NULL)
                return NULL;
        id = json_array_get_length(hosts) > 0
                     ? g_strdup(json_text(json_array_get_element(hosts, 0), "value"))
                     : NULL;
        if (id == NULL)
                (void)api_garbled(client, "there is no host", error);
        return id;
}

static char *find_manager(ApiClient *client, GError **error)
{
        g_autofree char *host = find_host(client, error);
        g_autoptr(JsonNode) managers = NULL;
        char *id;

        if (host == NULL || !api_get(client, "HostSystem", host, "configManager", &managers, error))
                return NULL;
        id = g_strdup(json_text(json_member(managers, "advancedOption"), "value"));
        if (id == NULL)
                (void)api_garbled(client, "the host has no options", error);
        return id;
}

/* --- what there is --- */

static gint64 number(JsonNode *object, const char *member)
{
        JsonNode *node = json_member(object, member);

        /* Of any type (a value is a xsd:anyType) it has its type beside it. */
        if (node != NULL && JSON_NODE_HOLDS_OBJECT(node))
                node = json_member(node, "_value");
        return node != NULL && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_INT64
                       ? json_node_get_int(node)
                       : 0;
}

/* "Idle memory tax (%)": the help, and the unit. */
static void set_words(JsonObject *setting, const char *summary)
{
        const char *unit = g_str_has_suffix(summary, ")") ? strrchr(summary, '(') : NULL;
        g_autofree char *help = NULL, *inner = NULL;

        if (unit != NULL && unit > summary && unit[-1] == ' ') {
                help = g_strndup(summary, (size_t)(unit - 1 - summary));
                inner = g_strndup(unit + 1, strlen(unit) - 2);
        }
        json_object_set_string_member(setting, "unit", inner != NULL ? inner : "");
        json_object_set_string_member(setting, "help", help != NULL ? help : summary);
}

static JsonObject *shape(JsonNode *def, JsonArray *values)
{
        const char *name = json_text(def, "key"), *summary = json_text(def, "summary");
        JsonNode *type = json_member(def, "optionType");
        JsonObject *setting = json_object_new();
        gint64 value = number(type, "defaultValue");

        for (guint i = 0; i < json_array_get_length(values); i++) {
                JsonNode *option = json_array_get_element(values, i);

                if (g_strcmp0(json_text(option, "key"), name) == 0)
                        value = number(option, "value");
        }
        json_object_set_string_member(setting, "name", name != NULL ? name : "");
        json_object_set_int_member(setting, "value", value);
        json_object_set_int_member(setting, "default", number(type, "defaultValue"));
        json_object_set_int_member(setting, "min", number(type, "min"));
        json_object_set_int_member(setting, "max", number(type, "max"));
        set_words(setting, summary != NULL ? summary : "");
        return setting;
}

JsonArray *options_list(ApiClient *client, GError **error)
{
        g_autofree char *manager = find_manager(client, error);
        g_autoptr(JsonArray) defs = NULL, values = NULL;
        JsonArray *settings;

        if (manager == NULL ||
            (defs = api_get_objects(client, MANAGER, manager, "supportedOption", error)) == NULL ||
            (values = api_get_objects(client, MANAGER, manager, "setting", error)) == NULL)
                return NULL;
        settings = json_array_new();
        for (guint i = 0; i < json_array_get_length(defs); i++)
                json_array_add_object_element(settings, shape(json_array_get_element(defs, i), values));
        return settings;
}

/* --- setting --- */

static void add_value(JsonObject *values, const char *name, JsonNode *value, gpointer user_data)
{
        JsonObject *option = json_typed("OptionValue"), *typed = json_typed("long");

        (void)values;
        json_object_set_int_member(typed, "_value", json_node_get_int(value));
        json_object_set_string_member(option, "key", name);
        json_object_set_object_member(option, "value", typed);
        json_array_add_object_element(user_data, option);
}

bool options_set(ApiClient *client, JsonObject *values, GError **error)
{
        g_autofree char *manager = find_manager(client, error);
        JsonArray *changes = json_array_new();
        JsonObject *args = json_object_new();

        json_object_foreach_member(values, add_value, changes);
        json_object_set_array_member(args, "changedValue", changes);
        if (manager != NULL)
                return api_call(client, MANAGER, manager, "UpdateOptions", args, NULL, error);
        json_object_unref(args);
        return false;
}
