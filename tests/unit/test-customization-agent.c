/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a guest's agent is asked to do, in which order, and what is made of its answers. */
#include <json-glib/json-glib.h>
#include <string.h>

#include "customization/agent.h"

#define UUID "6f1c1c1e-0000-4000-8000-00000000aaaa"
#define HASH "$6$salt$abcdefghijklmnop"

/* Seen from outside: the linker has the library refer to them, too. */
__attribute__((visibility("default"))) gint64 __wrap_g_get_monotonic_time(void);
__attribute__((visibility("default"))) void __wrap_g_usleep(gulong us);

/* The test's own time: nobody waits. */
static gint64 time_us;

gint64 __wrap_g_get_monotonic_time(void)
{
        return time_us;
}

void __wrap_g_usleep(gulong us)
{
        time_us += (gint64)us;
}

/* An agent: it notes each step's arguments, one a line, and says that it has ended when asked again. */
typedef struct Agent {
        GString *steps;
        GString *inputs;
        unsigned commands, polls;
        bool first_poll;
        unsigned fail_at; /* the step, from 1, that ends with 1; 0: none */
        unsigned lost_at; /* the command, from 1, that gets no answer */
        bool never_ends;
        const char *exec_answer; /* in place of the proper one */
        const char *status_answer;
} Agent;

static void note_step(Agent *agent, JsonObject *arguments)
{
        JsonArray *arg = json_object_get_array_member(arguments, "arg");

        g_assert_cmpstr(json_object_get_string_member(arguments, "path"), ==, "/bin/sh");
        g_assert_cmpstr(json_array_get_string_element(arg, 0), ==, "-c");
        g_assert_true(g_str_has_prefix(json_array_get_string_element(arg, 1), "#!/bin/sh\n"));
        g_assert_cmpstr(json_array_get_string_element(arg, 2), ==, "aerostat");
        for (unsigned i = 3; i < json_array_get_length(arg); i++)
                g_string_append_printf(agent->steps, "[%s]", json_array_get_string_element(arg, i));
        g_string_append_c(agent->steps, '\n');
        if (json_object_has_member(arguments, "input-data")) {
                gsize size;
                g_autofree guchar *input =
                        g_base64_decode(json_object_get_string_member(arguments, "input-data"), &size);

                g_string_append_len(agent->inputs, (const char *)input, (gssize)size);
        }
}

static char *answer_status(Agent *agent)
{
        agent->first_poll = !agent->first_poll;
        agent->polls++;
        if (agent->status_answer != NULL)
                return g_strdup(agent->status_answer);
        if (agent->first_poll || agent->never_ends)
                return g_strdup("{\"return\":{\"exited\":false}}");
        if (agent->fail_at == agent->commands)
                return g_strdup("{\"return\":{\"exited\":true,\"exitcode\":1,\"err-data\":"
                                "\"bm8gc3VjaAp0aGluZyD/Cg==\"}}");
        return g_strdup("{\"return\":{\"exited\":true,\"exitcode\":0}}");
}

static char *answer(const char *command, gpointer user_data, GError **error)
{
        Agent *agent = user_data;
        g_autoptr(JsonParser) parser = json_parser_new();
        JsonObject *object;
        const char *name;

        g_assert_true(json_parser_load_from_data(parser, command, -1, NULL));
        object = json_node_get_object(json_parser_get_root(parser));
        name = json_object_get_string_member(object, "execute");
        if (strcmp(name, "guest-exec-status") == 0) {
                g_assert_cmpint(json_object_get_int_member(
                                        json_object_get_object_member(object, "arguments"), "pid"),
                                ==, 42);
                return answer_status(agent);
        }
        g_assert_cmpstr(name, ==, "guest-exec");
        agent->commands++;
        agent->first_poll = false;
        if (agent->commands == agent->lost_at) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "lost");
                return NULL;
        }
        note_step(agent, json_object_get_object_member(object, "arguments"));
        return g_strdup(agent->exec_answer != NULL ? agent->exec_answer : "{\"return\":{\"pid\":42}}");
}

static bool customize(Agent *agent, const char *json, const CustomizationTarget *target, GError **error)
{
        g_autoptr(CustomizationSpec) spec = customization_parse(json, NULL);

        g_assert_nonnull(spec);
        return customization_by_agent(spec, target, answer, agent, error);
}

static void set_up(Agent *agent, gconstpointer data)
{
        (void)data;
        time_us = 0;
        agent->steps = g_string_new(NULL);
        agent->inputs = g_string_new(NULL);
}

static void tear_down(Agent *agent, gconstpointer data)
{
        (void)data;
        (void)g_string_free(agent->steps, TRUE);
        (void)g_string_free(agent->inputs, TRUE);
}

static void test_steps(Agent *agent, gconstpointer data)
{
        static const char json[] =
                "{\"host_name\": \"{name}-{number}\", \"domain\": \"lab.example\", \"time_zone\": \"UTC\", "
                "\"cards\": [{\"address\": \"10.0.0.10-10.0.0.50/24\", \"gateway\": \"10.0.0.1\", \"dns\": "
                "[\"10.0.0.2\", \"10.0.0.3\"]}, {\"address\": \"dhcp\"}, {\"address\": \"fd00::5/64\", "
                "\"dns\": [\"fd00::2\"]}], \"users\": [{\"name\": \"ops\", \"password_hash\": \"" HASH
                "\", \"ssh_keys\": [\"ssh-rsa AAAAB3 $(reboot) 'x'\"], \"groups\": [\"adm\", \"dev\"], "
                "\"sudo\": true}, {\"name\": \"dev\"}], \"commands\": [\"echo \\\"$HOME\\\"\\n'\", "
                "\"true\"]}";
        const char *const macs[] = {"52:54:00:00:00:0A", "52:54:00:00:00:02", "52:54:00:00:00:03", NULL};
        CustomizationTarget target = {.name = "web", .uuid = UUID, .index = 0, .macs = macs};
        g_autoptr(GError) error = NULL;
        g_autofree char *id = NULL, *expected = NULL;
        const char *command;

        (void)data;
        g_assert_true(customize(agent, json, &target, &error));
        g_assert_no_error(error);
        command = strstr(agent->steps->str, "[command][" UUID "-");
        g_assert_nonnull(command);
        id = g_strndup(command + strlen("[command]["), strlen(UUID) + 9);
        expected = g_strdup_printf(
                "[host-name][web-1][web-1.lab.example]\n"
                "[time-zone][UTC]\n"
                "[card][52:54:00:00:00:0a][10.0.0.10/24][10.0.0.1][lab.example][10.0.0.2][10.0.0.3]\n"
                "[card][52:54:00:00:00:02][dhcp][][lab.example]\n"
                "[card][52:54:00:00:00:03][fd00::5/64][][lab.example][fd00::2]\n"
                "[name-servers][lab.example][10.0.0.2][10.0.0.3][fd00::2]\n"
                "[user][ops][sudo][adm,dev][ssh-rsa AAAAB3 $(reboot) 'x']\n"
                "[user][dev][no][]\n"
                "[command][%s][000][echo \"$HOME\"\n']\n"
                "[command][%s][001][true]\n",
                id, id);
        g_assert_cmpstr(agent->steps->str, ==, expected);
        /* A hash is in nobody's list of processes. */
        g_assert_cmpstr(agent->inputs->str, ==, HASH);
        g_assert_null(strstr(agent->steps->str, HASH));
        g_assert_cmpuint(agent->polls, ==, 2 * agent->commands);
}

static void test_failed_step(Agent *agent, gconstpointer data)
{
        CustomizationTarget target = {.name = "web", .uuid = UUID};
        g_autoptr(GError) error = NULL;

        (void)data;
        agent->fail_at = 2;
        g_assert_false(
                customize(agent, "{\"time_zone\": \"Nowhere\", \"commands\": [\"true\"]}", &target, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
        g_assert_cmpstr(
                error->message, ==,
                "web was not customized: its guest could not do the time zone: no such thing \xef\xbf\xbd");
        g_assert_cmpuint(agent->commands, ==, 2);
}

static void test_lost(Agent *agent, gconstpointer data)
{
        CustomizationTarget target = {.name = "web", .uuid = UUID};
        g_autoptr(GError) error = NULL;

        (void)data;
        agent->lost_at = 2;
        g_assert_false(customize(agent, "{\"commands\": [\"true\", \"true\"]}", &target, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        g_assert_cmpuint(agent->commands, ==, 2);
}

static void test_endless(Agent *agent, gconstpointer data)
{
        CustomizationTarget target = {.name = "web", .uuid = UUID};
        g_autoptr(GError) error = NULL;

        (void)data;
        agent->never_ends = true;
        g_assert_false(customize(agent, "{}", &target, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
        g_assert_nonnull(strstr(error->message, "the host name"));
        g_assert_cmpint(time_us, >=, (gint64)CUSTOMIZATION_STEP_S * G_USEC_PER_SEC);
        /* Asked seldom enough. */
        g_assert_cmpuint(agent->polls, <, 2 * CUSTOMIZATION_STEP_S);
}

static void test_nonsense(Agent *agent, gconstpointer data)
{
        static const char *const answers[] = {
                "",
                "null",
                "[]",
                "{}",
                "{\"return\":{}}",
                "{\"return\":[]}",
                "{\"return\":{\"pid\":\"1\"}}",
                "{\"return\":{\"exited\":1}}",
                "{\"return\":{\"exited\":null}}",
                "{\"error\":{\"class\":\"GenericError\",\"desc\":\"no\"}}",
                "{\"return\":[[[[[[[[[[[[[[[[[[",
        };
        CustomizationTarget target = {.name = "web", .uuid = UUID};

        (void)data;
        for (unsigned i = 0; i < 2 * G_N_ELEMENTS(answers); i++) {
                g_autoptr(GError) error = NULL;

                agent->exec_answer = i % 2 ? answers[i / 2] : NULL;
                agent->status_answer = i % 2 ? NULL : answers[i / 2];
                g_assert_false(customize(agent, "{}", &target, &error));
                g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
                g_assert_nonnull(strstr(error->message, "web: its guest agent's answer"));
        }
}

/* A program that ended by a signal has no exit status, and what it said may be no base64. */
static void test_signal(Agent *agent, gconstpointer data)
{
        CustomizationTarget target = {.name = "web", .uuid = UUID};
        g_autoptr(GError) error = NULL;

        (void)data;
        agent->status_answer = "{\"return\":{\"exited\":true,\"signal\":9,\"err-data\":\"***\"}}";
        g_assert_false(customize(agent, "{}", &target, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
        g_assert_nonnull(strstr(error->message, "it did not say why"));
}

static void test_refused(Agent *agent, gconstpointer data)
{
        CustomizationTarget target = {.name = "web", .uuid = UUID};
        g_autoptr(GError) error = NULL;

        (void)data;
        g_assert_false(customize(agent, "{\"cards\": [{\"address\": \"dhcp\"}]}", &target, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
        g_assert_cmpuint(agent->commands, ==, 0);
}

#define ADD(name, function) \
        g_test_add("/customization-agent/" name, Agent, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        ADD("steps", test_steps);
        ADD("failed-step", test_failed_step);
        ADD("lost", test_lost);
        ADD("endless", test_endless);
        ADD("nonsense", test_nonsense);
        ADD("signal", test_signal);
        ADD("refused", test_refused);
        return g_test_run();
}
