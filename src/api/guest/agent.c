/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands of qemu-guest-agent and their answers. */
#include "api/guest/agent.h"

#include <string.h>

#define ANSWER_S       30 /* for what the agent does at once, with a busy host and a piece of a file, too */
#define PAUSE_FIRST_US 10000u
#define PAUSE_MAX_US   250000u
#define NESTED_MAX     8
#define SAID_MAX       300

void agent_status_clear(AgentStatus *status)
{
        g_clear_pointer(&status->output, g_bytes_unref);
}

/* --- asking --- */

static bool nonsense(const char *command, GError **error)
{
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                    "the guest agent's answer to %s makes no sense; is it the one of QEMU?", command);
        return false;
}

/* The parser calls itself for every level, and no answer needs more than two. */
static bool is_nested_deeply(const char *text)
{
        unsigned levels = 0;
        bool in_text = false;

        for (; *text != '\0' && levels <= NESTED_MAX; text++) {
                if (*text == '\\' && in_text && text[1] != '\0')
                        text++;
                else if (*text == '"')
                        in_text = !in_text;
                else if (!in_text)
                        levels += *text == '[' || *text == '{';
        }
        return levels > NESTED_MAX;
}

static bool is_of(JsonNode *node, GType type)
{
        return node != NULL && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type;
}

/* What it says it could not do, in words that can be shown. */
static bool refuse(JsonObject *said, const char *command, GError **error)
{
        JsonNode *node = json_object_get_member(said, "desc");
        g_autofree char *valid = g_utf8_make_valid(
                is_of(node, G_TYPE_STRING) ? json_node_get_string(node) : "it did not say why", -1);
        bool disabled = strstr(valid, "disabled") != NULL || strstr(valid, "has not been found") != NULL;

        for (char *at = valid; *at != '\0'; at++)
                if (g_ascii_iscntrl(*at))
                        *at = ' ';
        g_set_error(error, G_IO_ERROR, disabled ? G_IO_ERROR_NOT_SUPPORTED : G_IO_ERROR_FAILED,
                    "the guest's agent does not do %s: %.*s", command, SAID_MAX, valid);
        return false;
}

/* What the agent returned, borrowed from the parser; NULL with an error. */
static JsonNode *ask(const Agent *agent, JsonParser *parser, const char *command, JsonBuilder *arguments,
                     GError **error)
{
        g_autoptr(JsonBuilder) builder = json_builder_new();
        g_autoptr(JsonNode) root = NULL;
        g_autofree char *text = NULL, *answer = NULL;
        JsonNode *node;
        JsonObject *object;

        json_builder_begin_object(builder);
        json_builder_set_member_name(builder, "execute");
        json_builder_add_string_value(builder, command);
        json_builder_set_member_name(builder, "arguments");
        json_builder_add_value(builder, json_builder_get_root(arguments));
        json_builder_end_object(builder);
        root = json_builder_get_root(builder);
        text = json_to_string(root, FALSE);
        answer = agent->send(text, ANSWER_S, agent->user_data, error);
        if (answer == NULL)
                return NULL;
        if (is_nested_deeply(answer) || !json_parser_load_from_data(parser, answer, -1, NULL) ||
            (node = json_parser_get_root(parser)) == NULL || !JSON_NODE_HOLDS_OBJECT(node))
                return nonsense(command, error), NULL;
        object = json_node_get_object(node);
        node = json_object_get_member(object, "error");
        if (node != NULL && JSON_NODE_HOLDS_OBJECT(node))
                return refuse(json_node_get_object(node), command, error), NULL;
        node = json_object_get_member(object, "return");
        return node != NULL ? node : (nonsense(command, error), NULL);
}

static JsonObject *ask_object(const Agent *agent, JsonParser *parser, const char *command,
                              JsonBuilder *arguments, GError **error)
{
        JsonNode *node = ask(agent, parser, command, arguments, error);

        if (node == NULL || JSON_NODE_HOLDS_OBJECT(node))
                return node != NULL ? json_node_get_object(node) : NULL;
        return nonsense(command, error), NULL;
}

static bool get_int(JsonObject *object, const char *name, int64_t *ret)
{
        JsonNode *node = json_object_get_member(object, name);

        if (!is_of(node, G_TYPE_INT64))
                return false;
        *ret = json_node_get_int(node);
        return true;
}

static bool get_bool(JsonObject *object, const char *name)
{
        JsonNode *node = json_object_get_member(object, name);

        return is_of(node, G_TYPE_BOOLEAN) && json_node_get_boolean(node);
}

/* NULL: there is none, or too much. */
static GBytes *get_bytes(JsonObject *object, const char *name, gsize max)
{
        JsonNode *node = json_object_get_member(object, name);
        const char *text = is_of(node, G_TYPE_STRING) ? json_node_get_string(node) : NULL;
        guchar *data;
        gsize size;

        if (text == NULL || strlen(text) > (max + 2) / 3 * 4)
                return NULL;
        data = g_base64_decode(text, &size);
        if (size <= max)
                return g_bytes_new_take(data, size);
        g_free(data);
        return NULL;
}

static void add_text(JsonBuilder *builder, const char *name, const char *text)
{
        json_builder_set_member_name(builder, name);
        json_builder_add_string_value(builder, text);
}

static void add_int(JsonBuilder *builder, const char *name, int64_t value)
{
        json_builder_set_member_name(builder, name);
        json_builder_add_int_value(builder, value);
}

/* --- programs --- */

bool agent_exec(const Agent *agent, const char *const *argv, const char *input, bool capture,
                int64_t *ret_pid, GError **error)
{
        g_autoptr(JsonBuilder) arguments = json_builder_new();
        g_autoptr(JsonParser) parser = json_parser_new();
        JsonObject *answer;

        json_builder_begin_object(arguments);
        add_text(arguments, "path", argv[0]);
        json_builder_set_member_name(arguments, "arg");
        json_builder_begin_array(arguments);
        for (unsigned i = 1; argv[i] != NULL; i++)
                json_builder_add_string_value(arguments, argv[i]);
        json_builder_end_array(arguments);
        if (input != NULL) {
                g_autofree char *encoded = g_base64_encode((const guchar *)input, strlen(input));

                add_text(arguments, "input-data", encoded);
        }
        json_builder_set_member_name(arguments, "capture-output");
        json_builder_add_boolean_value(arguments, capture);
        json_builder_end_object(arguments);
        answer = ask_object(agent, parser, "guest-exec", arguments, error);
        if (answer == NULL)
                return false;
        return (get_int(answer, "pid", ret_pid) && *ret_pid > 0) || nonsense("guest-exec", error);
}

bool agent_status(const Agent *agent, int64_t pid, AgentStatus *ret, GError **error)
{
        g_autoptr(JsonBuilder) arguments = json_builder_new();
        g_autoptr(JsonParser) parser = json_parser_new();
        JsonObject *answer;
        int64_t value;

        *ret = (AgentStatus){0};
        json_builder_begin_object(arguments);
        add_int(arguments, "pid", pid);
        json_builder_end_object(arguments);
        answer = ask_object(agent, parser, "guest-exec-status", arguments, error);
        if (answer == NULL)
                return false;
        ret->exited = get_bool(answer, "exited");
        if (!ret->exited)
                return true;
        if (get_int(answer, "exitcode", &value))
                ret->code = (int)(value & 255);
        else if (get_int(answer, "signal", &value))
                ret->code = 128 + (int)(value & 127);
        else
                return nonsense("guest-exec-status", error);
        if (json_object_has_member(answer, "out-data")) {
                ret->output = get_bytes(answer, "out-data", AGENT_OUTPUT_MAX);
                if (ret->output == NULL)
                        return nonsense("guest-exec-status", error);
        } else {
                ret->output = g_bytes_new(NULL, 0);
        }
        return true;
}

bool agent_run(const Agent *agent, const char *const *argv, const char *input, unsigned timeout_s,
               AgentStatus *ret, GError **error)
{
        int64_t end = g_get_monotonic_time() + (int64_t)timeout_s * G_USEC_PER_SEC, pid;

        *ret = (AgentStatus){0};
        if (!agent_exec(agent, argv, input, true, &pid, error))
                return false;
        for (gulong pause = PAUSE_FIRST_US;; pause = MIN(pause * 2, PAUSE_MAX_US)) {
                if (!agent_status(agent, pid, ret, error))
                        return false;
                if (ret->exited)
                        return true;
                if (g_get_monotonic_time() > end) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                    "the guest has not done it in %u s", timeout_s);
                        return false;
                }
                g_usleep(pause);
        }
}

/* --- files --- */

bool agent_open(const Agent *agent, const char *path, const char *mode, int64_t *ret_handle, GError **error)
{
        g_autoptr(JsonBuilder) arguments = json_builder_new();
        g_autoptr(JsonParser) parser = json_parser_new();
        JsonNode *answer;

        json_builder_begin_object(arguments);
        add_text(arguments, "path", path);
        add_text(arguments, "mode", mode);
        json_builder_end_object(arguments);
        answer = ask(agent, parser, "guest-file-open", arguments, error);
        if (answer == NULL)
                return false;
        if (!is_of(answer, G_TYPE_INT64))
                return nonsense("guest-file-open", error);
        *ret_handle = json_node_get_int(answer);
        return true;
}

static JsonBuilder *with_handle(int64_t handle)
{
        JsonBuilder *arguments = json_builder_new();

        json_builder_begin_object(arguments);
        add_int(arguments, "handle", handle);
        return arguments;
}

void agent_close(const Agent *agent, int64_t handle)
{
        g_autoptr(JsonBuilder) arguments = with_handle(handle);
        g_autoptr(JsonParser) parser = json_parser_new();

        json_builder_end_object(arguments);
        (void)ask(agent, parser, "guest-file-close", arguments, NULL);
}

GBytes *agent_read(const Agent *agent, int64_t handle, unsigned size, GError **error)
{
        g_autoptr(JsonBuilder) arguments = with_handle(handle);
        g_autoptr(JsonParser) parser = json_parser_new();
        JsonObject *answer;
        GBytes *bytes;

        size = MIN(size, AGENT_CHUNK_MAX);
        add_int(arguments, "count", size);
        json_builder_end_object(arguments);
        answer = ask_object(agent, parser, "guest-file-read", arguments, error);
        if (answer == NULL)
                return NULL;
        bytes = get_bytes(answer, "buf-b64", size);
        if (bytes == NULL || (g_bytes_get_size(bytes) == 0 && !get_bool(answer, "eof"))) {
                g_clear_pointer(&bytes, g_bytes_unref);
                nonsense("guest-file-read", error);
        }
        return bytes;
}

bool agent_write(const Agent *agent, int64_t handle, GBytes *bytes, GError **error)
{
        gsize size, done = 0;
        const guchar *data = g_bytes_get_data(bytes, &size);

        while (done < size) {
                g_autoptr(JsonBuilder) arguments = with_handle(handle);
                g_autoptr(JsonParser) parser = json_parser_new();
                gsize piece = MIN(size - done, AGENT_CHUNK_MAX);
                g_autofree char *encoded = g_base64_encode(data + done, piece);
                JsonObject *answer;
                int64_t count;

                add_text(arguments, "buf-b64", encoded);
                json_builder_end_object(arguments);
                answer = ask_object(agent, parser, "guest-file-write", arguments, error);
                if (answer == NULL)
                        return false;
                if (!get_int(answer, "count", &count) || count <= 0 || count > (int64_t)piece)
                        return nonsense("guest-file-write", error);
                done += (gsize)count;
        }
        return true;
}

bool agent_flush(const Agent *agent, int64_t handle, GError **error)
{
        g_autoptr(JsonBuilder) arguments = with_handle(handle);
        g_autoptr(JsonParser) parser = json_parser_new();

        json_builder_end_object(arguments);
        return ask(agent, parser, "guest-file-flush", arguments, error) != NULL;
}
