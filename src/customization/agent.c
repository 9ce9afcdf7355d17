/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The steps of a customization, as calls of the program guest-step in the guest. */
#include "customization/agent.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "customization/guest-step.h"
#include "customization/parts.h"

#define PROGRAM "/aerostat/customization/guest-step"

/* How long to wait before asking again whether a step has ended. */
#define PAUSE_FIRST_US 20000u
#define PAUSE_MAX_US   1000000u

#define SAID_MAX 400 /* bytes of what a step says that an error repeats */

typedef struct Step {
        char *title; /* "the time zone": "... could not be set" */
        GPtrArray *arguments;
        const char *input; /* borrowed, or NULL */
        unsigned timeout_s;
} Step;

typedef struct Guest {
        const CustomizationSpec *spec;
        const CustomizationTarget *target;
        CustomizationSend send;
        gpointer user_data;
        const char *program;
} Guest;

static void step_free(gpointer data)
{
        Step *step = data;

        g_free(step->title);
        g_ptr_array_unref(step->arguments);
        g_free(step);
}

/* A step with its word for guest-step and the arguments that follow it, the last of which is NULL. */
static Step *add_step(GPtrArray *steps, char *title, const char *word, ...) G_GNUC_NULL_TERMINATED;
static Step *add_step(GPtrArray *steps, char *title, const char *word, ...)
{
        Step *step = g_new0(Step, 1);
        va_list arguments;

        step->title = title;
        step->timeout_s = CUSTOMIZATION_STEP_S;
        step->arguments = g_ptr_array_new_with_free_func(g_free);
        va_start(arguments, word);
        for (; word != NULL; word = va_arg(arguments, const char *))
                g_ptr_array_add(step->arguments, g_strdup(word));
        va_end(arguments);
        g_ptr_array_add(steps, step);
        return step;
}

static void add_arguments(Step *step, char *const *arguments)
{
        for (unsigned i = 0; arguments[i] != NULL; i++)
                g_ptr_array_add(step->arguments, g_strdup(arguments[i]));
}

/* --- from the specification to its steps --- */

static void add_cards(const Guest *guest, GPtrArray *steps)
{
        const char *domain = guest->spec->domain == NULL ? "" : guest->spec->domain;
        g_auto(GStrv) addresses = customization_addresses(guest->spec, guest->target->index);
        Step *name_servers = NULL;

        for (unsigned i = 0; i < guest->spec->cards->len; i++) {
                const SpecCard *card = g_ptr_array_index(guest->spec->cards, i);
                const char *mac = guest->target->macs[i];
                g_autofree char *lower = g_ascii_strdown(mac, -1);
                Step *step =
                        add_step(steps, g_strdup_printf("the network card %s", mac), "card", lower,
                                 addresses[i], card->gateway == NULL ? "" : card->gateway, domain, NULL);

                add_arguments(step, card->dns);
        }
        /* One file in the guest for all of its cards. */
        for (unsigned i = 0; i < guest->spec->cards->len; i++) {
                const SpecCard *card = g_ptr_array_index(guest->spec->cards, i);

                if (card->dns[0] == NULL)
                        continue;
                if (name_servers == NULL)
                        name_servers =
                                add_step(steps, g_strdup("the name servers"), "name-servers", domain, NULL);
                add_arguments(name_servers, card->dns);
        }
}

static void add_users(const Guest *guest, GPtrArray *steps)
{
        for (unsigned i = 0; i < guest->spec->users->len; i++) {
                const SpecUser *user = g_ptr_array_index(guest->spec->users, i);
                g_autofree char *groups = g_strjoinv(",", user->groups);
                Step *step = add_step(steps, g_strdup_printf("the user %s", user->name), "user", user->name,
                                      user->sudo ? "sudo" : "no", groups, NULL);

                add_arguments(step, user->ssh_keys);
                step->input = user->password_hash;
        }
}

static void add_commands(const Guest *guest, GPtrArray *steps)
{
        g_autofree char *id = customization_instance_id(guest->spec, guest->target);

        for (unsigned i = 0; guest->spec->commands[i] != NULL; i++) {
                g_autofree char *number = g_strdup_printf("%03u", i);
                Step *step = add_step(steps, g_strdup_printf("command %u", i + 1), "command", id, number,
                                      guest->spec->commands[i], NULL);

                step->timeout_s = CUSTOMIZATION_COMMAND_S;
        }
}

static GPtrArray *steps_new(const Guest *guest)
{
        GPtrArray *steps = g_ptr_array_new_with_free_func(step_free);
        g_autofree char *host_name = customization_host_name(guest->spec, guest->target);
        g_autofree char *full_name = customization_full_name(guest->spec, host_name);

        (void)add_step(steps, g_strdup("the host name"), "host-name", host_name, full_name, NULL);
        if (guest->spec->time_zone != NULL)
                (void)add_step(steps, g_strdup("the time zone"), "time-zone", guest->spec->time_zone, NULL);
        add_cards(guest, steps);
        add_users(guest, steps);
        add_commands(guest, steps);
        return steps;
}

/* --- to the agent and back --- */

static void add_text(JsonBuilder *builder, const char *name, const char *value)
{
        (void)json_builder_set_member_name(builder, name);
        (void)json_builder_add_string_value(builder, value);
}

static char *exec_command(const Guest *guest, const Step *step)
{
        g_autoptr(JsonBuilder) builder = json_builder_new();
        g_autoptr(JsonNode) root = NULL;

        (void)json_builder_begin_object(builder);
        add_text(builder, "execute", "guest-exec");
        (void)json_builder_set_member_name(builder, "arguments");
        (void)json_builder_begin_object(builder);
        add_text(builder, "path", "/bin/sh");
        (void)json_builder_set_member_name(builder, "arg");
        (void)json_builder_begin_array(builder);
        (void)json_builder_add_string_value(builder, "-c");
        (void)json_builder_add_string_value(builder, guest->program);
        (void)json_builder_add_string_value(builder, "aerostat");
        for (unsigned i = 0; i < step->arguments->len; i++)
                (void)json_builder_add_string_value(builder, g_ptr_array_index(step->arguments, i));
        (void)json_builder_end_array(builder);
        if (step->input != NULL) {
                g_autofree char *encoded = g_base64_encode((const guchar *)step->input, strlen(step->input));

                add_text(builder, "input-data", encoded);
        }
        (void)json_builder_set_member_name(builder, "capture-output");
        (void)json_builder_add_boolean_value(builder, true);
        (void)json_builder_end_object(builder);
        (void)json_builder_end_object(builder);
        root = json_builder_get_root(builder);
        return json_to_string(root, false);
}

static bool nonsense(const Guest *guest, const char *command, GError **error)
{
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                    "%s: its guest agent's answer to %s makes no sense; is it the one of QEMU?",
                    guest->target->name, command);
        return false;
}

/* The parser calls itself for every level, and no answer needs more than two. */
static bool is_nested_deeply(const char *text)
{
        unsigned levels = 0;

        for (; *text != '\0' && levels <= 8; text++)
                levels += *text == '[' || *text == '{';
        return levels > 8;
}

/* What the agent returned, borrowed from the parser; NULL with an error. */
static JsonObject *ask(const Guest *guest, JsonParser *parser, const char *name, const char *command,
                       GError **error)
{
        g_autofree char *answer = guest->send(command, guest->user_data, error);
        JsonNode *node;

        if (answer == NULL)
                return NULL;
        if (is_nested_deeply(answer) || !json_parser_load_from_data(parser, answer, -1, NULL) ||
            (node = json_parser_get_root(parser)) == NULL || !JSON_NODE_HOLDS_OBJECT(node) ||
            (node = json_object_get_member(json_node_get_object(node), "return")) == NULL ||
            !JSON_NODE_HOLDS_OBJECT(node))
                return nonsense(guest, name, error), NULL;
        return json_node_get_object(node);
}

static bool get_int(JsonObject *object, const char *name, gint64 *ret)
{
        JsonNode *node = json_object_get_member(object, name);

        if (node == NULL || !JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_INT64)
                return false;
        *ret = json_node_get_int(node);
        return true;
}

/* The end of what the step said, as text that can be shown, owned. */
static char *said(JsonObject *status)
{
        JsonNode *node = json_object_get_member(status, "err-data");
        g_autofree char *valid = NULL;
        g_autofree guchar *data = NULL;
        const char *from;
        gsize size = 0;

        if (node == NULL || !JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_STRING)
                return g_strdup("it did not say why");
        data = g_base64_decode(json_node_get_string(node), &size);
        from = (const char *)data + (size > SAID_MAX ? size - SAID_MAX : 0);
        valid = g_utf8_make_valid(from, (gssize)MIN(size, SAID_MAX));
        for (char *at = g_strstrip(valid); *at != '\0'; at++)
                if (g_ascii_iscntrl(*at))
                        *at = ' ';
        return valid[0] == '\0' ? g_strdup("it did not say why") : g_steal_pointer(&valid);
}

/* Of a step that has ended. */
static bool outcome(const Guest *guest, const Step *step, JsonObject *status, GError **error)
{
        g_autofree char *why = NULL;
        gint64 code;

        if (get_int(status, "exitcode", &code) && code == 0)
                return true;
        why = said(status);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                    "%s was not customized: its guest could not do %s: %s", guest->target->name, step->title,
                    why);
        return false;
}

static bool wait_for(const Guest *guest, const Step *step, gint64 process, GError **error)
{
        g_autofree char *command = g_strdup_printf(
                "{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":%" G_GINT64_FORMAT "}}", process);
        gint64 end = g_get_monotonic_time() + (gint64)step->timeout_s * G_USEC_PER_SEC;

        for (gulong pause = PAUSE_FIRST_US;; pause = MIN(pause * 2, PAUSE_MAX_US)) {
                g_autoptr(JsonParser) parser = json_parser_new();
                JsonObject *status = ask(guest, parser, "guest-exec-status", command, error);
                JsonNode *exited;

                if (status == NULL)
                        return false;
                exited = json_object_get_member(status, "exited");
                if (exited == NULL || !JSON_NODE_HOLDS_VALUE(exited) ||
                    json_node_get_value_type(exited) != G_TYPE_BOOLEAN)
                        return nonsense(guest, "guest-exec-status", error);
                if (json_node_get_boolean(exited))
                        return outcome(guest, step, status, error);
                if (g_get_monotonic_time() > end) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                    "%s is not customized: %s has not ended in its guest after %u s",
                                    guest->target->name, step->title, step->timeout_s);
                        return false;
                }
                g_usleep(pause);
        }
}

static bool do_step(const Guest *guest, const Step *step, GError **error)
{
        g_autofree char *command = exec_command(guest, step);
        g_autoptr(JsonParser) parser = json_parser_new();
        JsonObject *started = ask(guest, parser, "guest-exec", command, error);
        gint64 process;

        if (started == NULL)
                return false;
        return get_int(started, "pid", &process) ? wait_for(guest, step, process, error)
                                                 : nonsense(guest, "guest-exec", error);
}

bool customization_by_agent(const CustomizationSpec *spec, const CustomizationTarget *target,
                            CustomizationSend send, gpointer user_data, GError **error)
{
        g_autoptr(GBytes) program = g_resource_lookup_data(customization_get_resource(), PROGRAM,
                                                           G_RESOURCE_LOOKUP_FLAGS_NONE, error);
        Guest guest = {spec, target, send, user_data, NULL};
        g_autoptr(GPtrArray) steps = NULL;

        if (program == NULL || !customization_check(spec, target, error))
                return false;
        guest.program = g_bytes_get_data(program, NULL);
        steps = steps_new(&guest);
        for (unsigned i = 0; i < steps->len; i++)
                if (!do_step(&guest, g_ptr_array_index(steps, i), error))
                        return false;
        return true;
}
