/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/operation.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/daemon-json.h"

/* A task is asked after soon, then less and less often. */
#define ASK_FIRST_MS 10
#define ASK_LAST_MS  250

static volatile sig_atomic_t interrupts;

static void on_signal(int signal_number)
{
        (void)signal_number;
        interrupts++;
}

bool operation_interrupted(void)
{
        return interrupts > 0;
}

typedef struct Waiting {
        DaemonClient *client;
        int64_t task;
        bool cancelled;
        bool shown; /* a line of progress stands on the terminal */
        sigset_t before;
        struct sigaction interrupt, terminate;
} Waiting;

static void catch_signals(Waiting *waiting)
{
        struct sigaction action = {.sa_handler = on_signal};
        sigset_t blocked;

        interrupts = 0;
        (void)sigemptyset(&blocked);
        (void)sigaddset(&blocked, SIGINT);
        (void)sigaddset(&blocked, SIGTERM);
        (void)sigprocmask(SIG_BLOCK, &blocked, &waiting->before);
        (void)sigaction(SIGINT, &action, &waiting->interrupt);
        (void)sigaction(SIGTERM, &action, &waiting->terminate);
}

static void release_signals(const Waiting *waiting)
{
        (void)sigaction(SIGINT, &waiting->interrupt, NULL);
        (void)sigaction(SIGTERM, &waiting->terminate, NULL);
        (void)sigprocmask(SIG_SETMASK, &waiting->before, NULL);
}

static void clear_progress(Waiting *waiting)
{
        if (waiting->shown)
                fputs("\r\033[K", stderr);
        waiting->shown = false;
}

static void show_progress(Waiting *waiting, JsonObject *task)
{
        const char *message = daemon_json_text(task, "message");
        g_autofree char *words = cli_escape(message != NULL ? message : "waits for its turn");
        unsigned width = cli_terminal_width(stderr);
        g_autofree char *line = NULL;

        if (width == 0)
                return;
        line = g_strdup_printf("%3" PRIu64 " %% %s", daemon_json_uint_or_0(task, "percent"), words);
        fprintf(stderr, "\r\033[K%.*s", (int)cli_fit(line, width - 1), line);
        (void)fflush(stderr);
        waiting->shown = true;
}

static void cancel(Waiting *waiting, const char *path)
{
        g_autoptr(JsonNode) answer = NULL;

        /* It may have ended by now: how, is asked next. */
        (void)daemon_call(waiting->client, "DELETE", path, NULL, &answer, NULL);
        waiting->cancelled = true;
}

/* Whether the task has ended; then *ret_ok says how. */
static bool has_ended(JsonObject *task, bool *ret_ok, JsonNode **ret, GError **error)
{
        const char *state = daemon_json_text(task, "state"), *message = daemon_json_text(task, "message");
        g_autofree char *words = NULL;

        *ret_ok = g_strcmp0(state, "success") == 0;
        if (!*ret_ok && g_strcmp0(state, "error") != 0)
                return false;
        if (json_object_has_member(task, "result"))
                *ret = json_object_dup_member(task, "result");
        if (!*ret_ok) {
                words = cli_escape(message != NULL ? message : "the task failed without a reason");
                g_set_error(error, CLI_ERROR, CLI_FAILED, "%s", words);
        }
        return true;
}

static bool wait_for(Waiting *waiting, const char *path, JsonNode **ret, GError **error)
{
        unsigned ask_ms = ASK_FIRST_MS;
        bool ok = false;

        for (;;) {
                g_autoptr(JsonObject) task = daemon_get_object(waiting->client, path, error);
                struct timespec wait = {.tv_nsec = ask_ms * 1000000L};

                if (task == NULL || has_ended(task, &ok, ret, error))
                        break;
                show_progress(waiting, task);
                (void)ppoll(NULL, 0, &wait, &waiting->before);
                ask_ms = MIN(2 * ask_ms, ASK_LAST_MS);
                if (interrupts > 0 && !waiting->cancelled) {
                        cancel(waiting, path);
                } else if (interrupts > 1) {
                        g_set_error(error, CLI_ERROR, CLI_FAILED,
                                    "interrupted; task %" PRId64
                                    " is told to end, 'aerostat task show %" PRId64 "' says when it has",
                                    waiting->task, waiting->task);
                        break;
                }
        }
        return ok;
}

bool operation_wait(DaemonClient *client, int64_t task, JsonNode **ret, GError **error)
{
        g_autofree char *path = g_strdup_printf("/tasks/%" PRId64, task);
        Waiting waiting = {.client = client, .task = task};
        bool ok;

        catch_signals(&waiting);
        ok = wait_for(&waiting, path, ret, error);
        clear_progress(&waiting);
        release_signals(&waiting);
        return ok;
}

bool operation_do(const CliArgs *args, DaemonClient *client, const char *method, JsonObject *body,
                  JsonNode **ret, GError **error)
{
        g_autofree char *path = g_strconcat("/do/", method, NULL);
        g_autoptr(JsonNode) request = json_node_new(JSON_NODE_OBJECT), answer = NULL;
        int64_t task = 0;

        *ret = NULL;
        json_node_take_object(request, body);
        if (!daemon_call(client, "POST", path, request, &answer, error))
                return false;
        if (answer != NULL && JSON_NODE_HOLDS_OBJECT(answer))
                task = (int64_t)daemon_json_uint_or_0(json_node_get_object(answer), "task");
        if (task == 0) {
                *ret = g_steal_pointer(&answer);
                return true;
        }
        if (!cli_args_has(args, "no-wait"))
                return operation_wait(client, task, ret, error);
        printf("%" PRId64 "\n", task);
        return true;
}
