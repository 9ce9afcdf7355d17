/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Both pipes are read as they fill, and the child is killed when it says or takes too much. */
#include "network/command.h"

#include <errno.h>
#include <gio/gunixinputstream.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* Its own limit comes first, so that it is ours that is never needed. */
#define TIMEOUT_S   10
#define DEADLINE_US ((TIMEOUT_S + 5) * G_USEC_PER_SEC)
#define OUTPUT_MAX  (8u << 20)

#define INSTALL "Open vSwitch is not installed on this host: apt install openvswitch-switch"
#define START   "start it: systemctl start openvswitch-switch"

typedef struct Pipe {
        int fd; /* -1: at its end */
        GString *text;
} Pipe;

/* Reads what there is. Returns false for more than OUTPUT_MAX. */
static bool drain(Pipe *pipe)
{
        char buffer[4096];
        ssize_t n = read(pipe->fd, buffer, sizeof(buffer));

        if (n < 0 && errno == EINTR)
                return true;
        if (n <= 0) {
                pipe->fd = -1;
                return true;
        }
        g_string_append_len(pipe->text, buffer, n);
        return pipe->text->len <= OUTPUT_MAX;
}

/* Reads both until they end. Returns false, with what it was, for too much or too long. */
static bool read_both(Pipe pipes[2], const char **ret_problem)
{
        gint64 deadline_us = g_get_monotonic_time() + DEADLINE_US;

        while (pipes[0].fd >= 0 || pipes[1].fd >= 0) {
                /* poll() passes over what is negative. */
                struct pollfd polled[2] = {{.fd = pipes[0].fd, .events = POLLIN},
                                           {.fd = pipes[1].fd, .events = POLLIN}};
                gint64 left_us = deadline_us - g_get_monotonic_time();

                if (left_us <= 0) {
                        *ret_problem = "it did not end";
                        return false;
                }
                if (poll(polled, 2, (int)(left_us / 1000) + 1) < 0)
                        continue;
                for (unsigned i = 0; i < 2; i++) {
                        if (polled[i].revents != 0 && !drain(&pipes[i])) {
                                *ret_problem = "it said more than can be true";
                                return false;
                        }
                }
        }
        return true;
}

/* The first line of what it complained, without its name, fit for an error. */
static char *first_words(const char *complaint)
{
        g_autofree char *line = g_strndup(complaint, MIN(strcspn(complaint, "\n"), 300));
        g_autofree char *valid = g_utf8_make_valid(line, -1);
        const char *words = g_str_has_prefix(valid, "ovs-vsctl: ") ? valid + strlen("ovs-vsctl: ") : valid;

        return words[0] != '\0' ? g_strescape(words, "\"") : g_strdup("it does not say why");
}

/* Whether it went well: exit status, and what ovs-vswitchd made of it, which is no matter of that. */
static bool judge(GSubprocess *child, const char *complaint, GError **error)
{
        g_autofree char *words = first_words(complaint);

        if (g_subprocess_get_if_signaled(child) && g_subprocess_get_term_sig(child) == SIGALRM) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                            "Open vSwitch did not answer for %d s; is ovs-vswitchd running? If not, " START,
                            TIMEOUT_S);
                return false;
        }
        if (strstr(complaint, "database connection failed") != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "Open vSwitch is not running on this host (%s); " START, words);
                return false;
        }
        if (!g_subprocess_get_if_exited(child) || g_subprocess_get_exit_status(child) != 0 ||
            strstr(complaint, "Error detected while setting up") != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "Open vSwitch: %s", words);
                return false;
        }
        return true;
}

static GSubprocess *spawn(const char *const *arguments, GError **error)
{
        g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
        g_auto(GStrv) argv = NULL;
        g_autoptr(GError) problem = NULL;
        GSubprocess *child;

        g_strv_builder_add_many(builder, "ovs-vsctl", "--timeout=" G_STRINGIFY(TIMEOUT_S), "--format=json",
                                NULL);
        for (; *arguments != NULL; arguments++)
                g_strv_builder_add(builder, *arguments);
        argv = g_strv_builder_end(builder);

        child = g_subprocess_newv((const char *const *)argv,
                                  G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &problem);
        if (child == NULL && g_error_matches(problem, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
                g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, INSTALL);
        else if (child == NULL)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "ovs-vsctl cannot be started: %s",
                            problem->message);
        return child;
}

char *command_run(const char *const *arguments, GError **error)
{
        g_autoptr(GSubprocess) child = spawn(arguments, error);
        g_autoptr(GString) output = g_string_new(NULL), complaint = g_string_new(NULL);
        const char *problem = NULL;
        Pipe pipes[2];

        if (child == NULL)
                return NULL;
        pipes[0] =
                (Pipe){g_unix_input_stream_get_fd(G_UNIX_INPUT_STREAM(g_subprocess_get_stdout_pipe(child))),
                       output};
        pipes[1] =
                (Pipe){g_unix_input_stream_get_fd(G_UNIX_INPUT_STREAM(g_subprocess_get_stderr_pipe(child))),
                       complaint};
        if (!read_both(pipes, &problem)) {
                g_subprocess_force_exit(child);
                (void)g_subprocess_wait(child, NULL, NULL);
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "ovs-vsctl was stopped: %s", problem);
                return NULL;
        }
        if (!g_subprocess_wait(child, NULL, error) || !judge(child, complaint->str, error))
                return NULL;
        return g_string_free(g_steal_pointer(&output), FALSE);
}
