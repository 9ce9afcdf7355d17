/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths to answers. A request is checked as a whole before anything is changed. */
#include "daemon/http.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <libsoup/soup.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/calls.h"
#include "daemon/http-message.h"
#include "daemon/view.h"

#define EVENTS_DEFAULT  100
#define EVENTS_MAX      1000
#define LISTEN_BACKLOG  1024
#define MB_MAX          POLICY_MB_MAX
#define CONTENT_METRICS "application/openmetrics-text; version=1.0.0; charset=utf-8"

struct Http {
        HttpParts parts;
        SoupServer *local;
        SoupServer *metrics; /* on loopback; NULL: not asked for */
        char *socket_path;
};

/* A number or a string, as text; NULL with an error for anything else. */
static char *member_text(JsonObject *object, const char *name, GError **error)
{
        JsonNode *node = json_object_get_member(object, name);

        if (node != NULL && JSON_NODE_HOLDS_VALUE(node)) {
                GType type = json_node_get_value_type(node);

                if (type == G_TYPE_STRING)
                        return g_strdup(json_node_get_string(node));
                if (type == G_TYPE_INT64)
                        return g_strdup_printf("%" G_GINT64_FORMAT, json_node_get_int(node));
                if (type == G_TYPE_BOOLEAN)
                        return g_strdup(json_node_get_boolean(node) ? "TRUE" : "FALSE");
        }
        g_autofree char *shown = g_strescape(name, NULL);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "\"%.100s\" is to be a string or a whole number", shown);
        return NULL;
}

/* Borrowed from the body; NULL with an error when it is not there or something else. */
static const char *member_string(JsonObject *body, const char *name, GError **error)
{
        JsonNode *node = json_object_get_member(body, name);

        if (node != NULL && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING)
                return json_node_get_string(node);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "\"%s\" is to be there, and a string",
                    name);
        return NULL;
}

static bool member_bool(JsonObject *body, const char *name, bool *ret, GError **error)
{
        JsonNode *node = json_object_get_member(body, name);

        if (node == NULL)
                return true;
        if (JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_BOOLEAN) {
                *ret = json_node_get_boolean(node);
                return true;
        }
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "\"%s\" is to be true or false", name);
        return false;
}

static void patch_vm(Http *http, SoupServerMessage *message, Machine *machine)
{
        g_autoptr(GHashTable) options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_autoptr(JsonParser) parser = json_parser_new();
        g_autoptr(GError) error = NULL;
        JsonObject *body = http_read_body(message, parser, &error);
        g_autoptr(GList) names = body != NULL ? json_object_get_members(body) : NULL;

        for (GList *name = names; name != NULL && error == NULL; name = name->next) {
                char *value = member_text(body, name->data, &error);

                if (value != NULL)
                        g_hash_table_insert(options, g_strdup(name->data), value);
        }
        if (error == NULL)
                (void)scheduler_configure(http->parts.scheduler, machine, options, &error);
        if (error != NULL)
                http_refuse_error(message, error);
        else
                http_answer(message, SOUP_STATUS_OK, view_vm(machine));
}

static void patch_off(Http *http, SoupServerMessage *message, const char *uuid)
{
        g_autoptr(GError) error = NULL;
        Machine *machine = scheduler_load_off(http->parts.scheduler, uuid, &error);

        if (machine == NULL)
                http_refuse_error(message, error);
        else
                patch_vm(http, message, machine);
        machine_free(machine);
}

static void on_vms(Http *http, SoupServerMessage *message, const char *name)
{
        const char *method = soup_server_message_get_method(message);
        g_autoptr(GError) error = NULL;
        Machine *machine;

        if (name[0] == '\0') {
                if (!http_is(method, "GET"))
                        http_refuse(message, SOUP_STATUS_METHOD_NOT_ALLOWED, "/vms can be read only");
                else
                        http_answer(message, SOUP_STATUS_OK, view_vms(http->parts.scheduler));
                return;
        }
        machine = scheduler_find(http->parts.scheduler, name, &error);
        if (machine == NULL && http_is(method, "PATCH"))
                patch_off(http, message, name);
        else if (machine == NULL)
                http_refuse_error(message, error);
        else if (http_is(method, "GET"))
                http_answer(message, SOUP_STATUS_OK, view_vm(machine));
        else if (http_is(method, "PATCH"))
                patch_vm(http, message, machine);
        else
                http_refuse(message, SOUP_STATUS_METHOD_NOT_ALLOWED, "a VM can be read and changed (PATCH)");
}

static bool member_mb(JsonObject *body, const char *name, int64_t *ret, GError **error)
{
        g_autofree char *text = NULL;

        if (!json_object_has_member(body, name))
                return true;
        text = member_text(body, name, error);
        if (text == NULL)
                return false;
        if (g_ascii_string_to_signed(text, 10, -1, MB_MAX, ret, NULL))
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s is a number of MB, or -1", name);
        return false;
}

/* The pool as it is, or a new one, with the body's changes. NULL with an error. */
static InventoryPool *read_pool(Http *http, const char *path, JsonObject *body, GError **error)
{
        static const char *const members[] = {"path", "shares", "reservation_mb", "limit_mb", "expandable"};
        const InventoryPool *known = pools_get(http->parts.pools, pools_index(http->parts.pools, path));
        InventoryPool fresh = {.path = (char *)(gintptr)path,
                               .shares = (char *)(gintptr) "normal",
                               .limit_mib = -1,
                               .expandable = true};
        InventoryPool *pool = inventory_pool_copy(known != NULL ? known : &fresh);
        g_autoptr(GList) names = json_object_get_members(body);
        bool right = true;

        for (GList *name = names; name != NULL && right; name = name->next) {
                right = false;
                for (unsigned i = 0; i < G_N_ELEMENTS(members); i++)
                        right = right || strcmp(members[i], name->data) == 0;
                if (!right) {
                        g_autofree char *shown = g_strescape(name->data, NULL);

                        g_set_error(
                                error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                "a pool has shares, reservation_mb, limit_mb and expandable, not \"%.50s\"",
                                shown);
                }
        }
        if (right && json_object_has_member(body, "shares")) {
                char *shares = member_text(body, "shares", error);

                right = shares != NULL;
                if (right) {
                        g_free(pool->shares);
                        pool->shares = shares;
                }
        }
        right = right && member_mb(body, "reservation_mb", &pool->reservation_mib, error) &&
                member_mb(body, "limit_mb", &pool->limit_mib, error) &&
                member_bool(body, "expandable", &pool->expandable, error);
        if (right)
                return pool;
        inventory_pool_free(pool);
        return NULL;
}

static void answer_pool(Http *http, SoupServerMessage *message, unsigned status, const char *path)
{
        g_autoptr(JsonNode) all = view_pools(http->parts.scheduler, http->parts.pools);
        JsonArray *array = json_node_get_array(all);
        JsonNode *one = json_array_get_element(array, pools_index(http->parts.pools, path));

        http_answer(message, status, json_node_copy(one));
}

static void put_pool(Http *http, SoupServerMessage *message, const char *path)
{
        g_autoptr(JsonParser) parser = json_parser_new();
        g_autoptr(GError) error = NULL;
        JsonObject *body = http_read_body(message, parser, &error);
        bool create = path == NULL;
        InventoryPool *pool = NULL;

        if (body != NULL && create) {
                path = member_string(body, "path", &error);
                if (path != NULL && pools_has(http->parts.pools, path))
                        g_set_error(&error, G_IO_ERROR, G_IO_ERROR_BUSY, "there is a pool \"%s\" already",
                                    path);
        } else if (body != NULL && (strcmp(path, "/") == 0 || !pools_has(http->parts.pools, path))) {
                g_autofree char *shown = g_strescape(path, NULL);

                g_set_error(&error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            "there is no pool \"%.200s\" to change; 'aerostat pool list' shows all", shown);
        }
        if (error == NULL)
                pool = read_pool(http, path, body, &error);
        if (pool != NULL)
                (void)scheduler_set_pool(http->parts.scheduler, pool, &error);
        if (error != NULL)
                http_refuse_error(message, error);
        else
                answer_pool(http, message, create ? SOUP_STATUS_CREATED : SOUP_STATUS_OK, path);
        g_clear_pointer(&pool, inventory_pool_free);
}

static void on_pools(Http *http, SoupServerMessage *message, const char *path)
{
        const char *method = soup_server_message_get_method(message);
        g_autoptr(GError) error = NULL;

        if (path[0] == '\0' && http_is(method, "GET")) {
                http_answer(message, SOUP_STATUS_OK, view_pools(http->parts.scheduler, http->parts.pools));
        } else if (path[0] == '\0' && http_is(method, "POST")) {
                put_pool(http, message, NULL);
        } else if (path[0] != '\0' && http_is(method, "PATCH")) {
                put_pool(http, message, path);
        } else if (path[0] != '\0' && http_is(method, "DELETE")) {
                if (scheduler_delete_pool(http->parts.scheduler, path, &error))
                        soup_server_message_set_status(message, SOUP_STATUS_NO_CONTENT, NULL);
                else
                        http_refuse_error(message, error);
        } else {
                http_refuse(
                        message, SOUP_STATUS_METHOD_NOT_ALLOWED,
                        "pools can be listed and made (POST) at /pools, changed and deleted at /pools/PATH");
        }
}

static void patch_settings(Http *http, SoupServerMessage *message)
{
        g_autoptr(GHashTable) values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_autoptr(JsonParser) parser = json_parser_new();
        g_autoptr(GError) error = NULL;
        JsonObject *body = http_read_body(message, parser, &error);
        g_autoptr(GList) names = body != NULL ? json_object_get_members(body) : NULL;

        for (GList *name = names; name != NULL && error == NULL; name = name->next) {
                g_autofree char *text = member_text(body, name->data, &error);
                g_autofree int64_t *value = g_new(int64_t, 1);

                if (text == NULL)
                        break;
                if (g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, value, NULL)) {
                        g_hash_table_insert(values, g_strdup(name->data), g_steal_pointer(&value));
                } else {
                        g_autofree char *shown = g_strescape(name->data, NULL);

                        g_set_error(&error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                    "%.100s is a whole number", shown);
                }
        }
        if (error == NULL && config_set(http->parts.config, values, &error)) {
                for (GList *name = names; name != NULL; name = name->next)
                        journal_add(http->parts.journal, "setting", NULL, "%s = %" PRId64,
                                    (char *)name->data, *(int64_t *)g_hash_table_lookup(values, name->data));
                /* Admission goes by what the host has. */
                scheduler_round(http->parts.scheduler);
        }
        if (error != NULL)
                http_refuse_error(message, error);
        else
                http_answer(message, SOUP_STATUS_OK, view_settings(http->parts.config));
}

static int64_t query_number(GHashTable *query, const char *name, int64_t standard)
{
        const char *text = query != NULL ? g_hash_table_lookup(query, name) : NULL;
        gint64 value = standard;

        if (text != NULL)
                (void)g_ascii_string_to_signed(text, 10, 0, G_MAXINT64, &value, NULL);
        return value;
}

static void on_events(Http *http, SoupServerMessage *message, GHashTable *query)
{
        g_autoptr(GError) error = NULL;
        int64_t limit = CLAMP(query_number(query, "limit", EVENTS_DEFAULT), 1, EVENTS_MAX);
        g_autoptr(GPtrArray) events = inventory_events(
                http->parts.inventory, query_number(query, "after", -1), (unsigned)limit, &error);

        if (events == NULL)
                http_refuse_error(message, error);
        else
                http_answer(message, SOUP_STATUS_OK, view_events(events));
}

static void on_admission(Http *http, SoupServerMessage *message)
{
        g_autoptr(JsonParser) parser = json_parser_new();
        g_autoptr(GError) error = NULL;
        JsonObject *body = http_read_body(message, parser, &error);
        const char *uuid = body != NULL ? member_string(body, "uuid", &error) : NULL;
        const char *name = uuid != NULL ? member_string(body, "name", &error) : NULL;
        g_autofree char *text = name != NULL ? member_text(body, "memory_bytes", &error) : NULL;
        guint64 memory_bytes = 0;

        if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT64, &memory_bytes, NULL))
                g_set_error(&error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "\"memory_bytes\" is a number of bytes");
        if (error == NULL)
                (void)scheduler_admit(http->parts.scheduler, uuid, name, memory_bytes, &error);
        if (error != NULL)
                http_refuse_error(message, error);
        else
                soup_server_message_set_status(message, SOUP_STATUS_NO_CONTENT, NULL);
}

static void answer_metrics(Http *http, SoupServerMessage *message)
{
        char *text = view_metrics(http->parts.scheduler, http->parts.sharing);

        soup_server_message_set_status(message, SOUP_STATUS_OK, NULL);
        soup_server_message_set_response(message, CONTENT_METRICS, SOUP_MEMORY_TAKE, text, strlen(text));
}

/* What follows the noun in path, unescaped: "/vms/a%2Fb" has "a/b". NULL: another noun. */
static const char *operand(const char *path, const char *noun)
{
        size_t length = strlen(noun);

        if (strncmp(path, noun, length) != 0)
                return NULL;
        if (path[length] == '\0')
                return path + length;
        return path[length] == '/' ? path + length + 1 : NULL;
}

static void handle(SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
                   gpointer user_data)
{
        Http *http = user_data;
        const char *method = soup_server_message_get_method(message);
        const char *word;

        (void)server;
        if (soup_server_message_get_request_body(message)->length > (goffset)HTTP_BODY_MAX)
                http_refuse(message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "a request has at most 1 MiB");
        else if (!g_utf8_validate(path, -1, NULL))
                http_refuse(message, SOUP_STATUS_BAD_REQUEST, "the request's path is no text in UTF-8");
        else if ((word = operand(path, "/vms")) != NULL)
                on_vms(http, message, word);
        else if ((word = operand(path, "/pools")) != NULL)
                on_pools(http, message, word);
        else if ((word = operand(path, "/do")) != NULL)
                calls_do(http->parts.operations, message, word);
        else if ((word = operand(path, "/tasks")) != NULL)
                calls_tasks(http->parts.operations, message, word, query);
        else if (strcmp(path, "/settings") == 0 && http_is(method, "PATCH"))
                patch_settings(http, message);
        else if (strcmp(path, "/admission") == 0 && http_is(method, "POST"))
                on_admission(http, message);
        else if (!http_is(method, "GET"))
                http_refuse(message, SOUP_STATUS_METHOD_NOT_ALLOWED,
                            "there is nothing to change at this path");
        else if (strcmp(path, "/host") == 0)
                http_answer(message, SOUP_STATUS_OK, view_host(http->parts.scheduler, http->parts.sharing));
        else if (strcmp(path, "/settings") == 0)
                http_answer(message, SOUP_STATUS_OK, view_settings(http->parts.config));
        else if (strcmp(path, "/events") == 0)
                on_events(http, message, query);
        else if (strcmp(path, "/advice") == 0)
                http_answer(message, SOUP_STATUS_OK,
                            view_advice(http->parts.scheduler, http->parts.sharing));
        else if (strcmp(path, "/metrics") == 0)
                answer_metrics(http, message);
        else
                http_refuse(message, SOUP_STATUS_NOT_FOUND,
                            "there are /host, /vms, /pools, /settings, /events, /advice, /metrics, /tasks "
                            "and /do");
}

static void handle_metrics(SoupServer *server, SoupServerMessage *message, const char *path,
                           GHashTable *query, gpointer user_data)
{
        (void)server;
        (void)query;
        if (strcmp(path, "/metrics") == 0 && http_is(soup_server_message_get_method(message), "GET"))
                answer_metrics(user_data, message);
        else
                http_refuse(message, SOUP_STATUS_NOT_FOUND, "there is /metrics");
}

/* A body is cut off while it comes, not once it has filled memory. */
static void on_chunk(SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
        gsize *size = user_data;

        *size += g_bytes_get_size(chunk);
        if (*size > HTTP_BODY_MAX)
                g_socket_close(soup_server_message_get_socket(message), NULL);
}

static void on_started(SoupServer *server, SoupServerMessage *message, gpointer user_data)
{
        gsize *size = g_new0(gsize, 1);

        (void)server;
        (void)user_data;
        /*
         * One request for each connection: libsoup (3.2) never notices the end of one that is kept
         * when the client went before it had read its answer.
         */
        soup_message_headers_replace(soup_server_message_get_response_headers(message), "Connection",
                                     "close");
        (void)g_signal_connect_data(message, "got-chunk", G_CALLBACK(on_chunk), size,
                                    (GClosureNotify)(void (*)(void))g_free, 0);
}

static bool listen_locally(Http *http, GError **error)
{
        g_autoptr(GSocketAddress) address = g_unix_socket_address_new(http->socket_path);
        g_autoptr(GSocket) listener =
                g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
        mode_t mask;
        bool bound;

        if (listener == NULL)
                return false;
        /* Many may come at once; who finds no room is sent away by the kernel, not told to wait. */
        g_socket_set_listen_backlog(listener, LISTEN_BACKLOG);
        /* The lock says that nobody else is here: what lies there is left from a daemon that was killed. */
        (void)g_unlink(http->socket_path);
        mask = umask(0077);
        bound = g_socket_bind(listener, address, TRUE, error);
        (void)umask(mask);
        return bound && g_socket_listen(listener, error) &&
               soup_server_listen_socket(http->local, listener, 0, error);
}

Http *http_new(const char *socket_path, const HttpParts *parts, GError **error)
{
        g_autoptr(Http) http = g_new0(Http, 1);
        unsigned port = config_metrics_port(parts->config);

        http->parts = *parts;
        http->socket_path = g_strdup(socket_path);
        http->local = soup_server_new("server-header", "aerostatd", NULL);
        (void)g_signal_connect(http->local, "request-started", G_CALLBACK(on_started), NULL);
        soup_server_add_handler(http->local, NULL, handle, http, NULL);
        if (!listen_locally(http, error))
                return NULL;
        if (port != 0) {
                http->metrics = soup_server_new("server-header", "aerostatd", NULL);
                (void)g_signal_connect(http->metrics, "request-started", G_CALLBACK(on_started), NULL);
                soup_server_add_handler(http->metrics, NULL, handle_metrics, http, NULL);
                if (!soup_server_listen_local(http->metrics, port, 0, error))
                        return NULL;
        }
        return g_steal_pointer(&http);
}

void http_free(Http *http)
{
        if (http == NULL)
                return;
        if (http->local != NULL)
                soup_server_disconnect(http->local);
        if (http->metrics != NULL)
                soup_server_disconnect(http->metrics);
        g_clear_object(&http->local);
        g_clear_object(&http->metrics);
        (void)g_unlink(http->socket_path);
        g_free(http->socket_path);
        g_free(http);
}
