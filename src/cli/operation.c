/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/operation.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/daemon-json.h"
#include "cli/task-info.h"

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
        ApiClient *client;
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

static void cancel(Waiting *waiting)
{
        /* It may have ended by now: how, is asked next. */
        (void)task_info_cancel(waiting->client, waiting->task, NULL);
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
                const char *kind = daemon_json_text(task, "errorKind");

                words = cli_escape(message != NULL ? message : "the task failed without a reason");
                g_set_error(error, CLI_ERROR, g_strcmp0(kind, "not_found") == 0 ? CLI_NOT_FOUND : CLI_FAILED,
                            "%s", words);
        }
        return true;
}

static bool wait_for(Waiting *waiting, JsonNode **ret, GError **error)
{
        unsigned ask_ms = ASK_FIRST_MS;
        bool ok = false;

        for (;;) {
                g_autoptr(JsonObject) task = task_info_read(waiting->client, waiting->task, error);
                struct timespec wait = {.tv_nsec = ask_ms * 1000000L};

                if (task == NULL || has_ended(task, &ok, ret, error))
                        break;
                show_progress(waiting, task);
                (void)ppoll(NULL, 0, &wait, &waiting->before);
                ask_ms = MIN(2 * ask_ms, ASK_LAST_MS);
                if (interrupts > 0 && !waiting->cancelled) {
                        cancel(waiting);
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

bool operation_wait(ApiClient *client, int64_t task, JsonNode **ret, GError **error)
{
        Waiting waiting = {.client = client, .task = task};
        bool ok;

        catch_signals(&waiting);
        ok = wait_for(&waiting, ret, error);
        clear_progress(&waiting);
        release_signals(&waiting);
        return ok;
}

/* --- what is run --- */

static bool is_task(ApiClient *client, const char *method, bool *ret, GError **error)
{
        JsonArray *all = api_operations(client, error);

        for (guint i = 0; all != NULL && i < json_array_get_length(all); i++) {
                JsonObject *operation = json_array_get_object_element(all, i);

                if (g_strcmp0(daemon_json_text(operation, "name"), method) == 0) {
                        *ret = daemon_json_is_true(operation, "task");
                        return true;
                }
        }
        if (all != NULL)
                g_set_error(
                        error, CLI_ERROR, CLI_FAILED,
                        "the daemon at %s cannot do that (%s); is it an older version than this aerostat?",
                        api_client_label(client), method);
        return false;
}

static bool run(ApiClient *client, const char *runs, const char *method, JsonObject *body, JsonNode **ret,
                GError **error)
{
        g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), body);
        g_autofree char *text = json_to_string(node, FALSE);
        JsonObject *args = json_object_new();

        json_object_set_string_member(args, "operation", method);
        json_object_set_string_member(args, "arguments", text);
        return api_call(client, "AerostatManager", "AerostatManager", runs, args, ret, error);
}

bool operation_ask(ApiClient *client, const char *method, JsonObject *body, JsonNode **ret, GError **error)
{
        g_autoptr(JsonObject) owned = body;
        g_autoptr(JsonNode) answer = NULL;
        g_autofree char *problem = NULL;
        const char *text;

        *ret = NULL;
        if (!run(client, "RunOperation", method, owned, &answer, error))
                return false;
        text = json_plain_text(answer);
        if (text == NULL || text[0] == '\0')
                return answer == NULL || text != NULL || api_garbled(client, "a result is no text", error);
        *ret = json_parse_bounded(text, strlen(text), &problem);
        return *ret != NULL || api_garbled(client, problem, error);
}

JsonArray *operation_list(ApiClient *client, const char *method, JsonObject *body, GError **error)
{
        g_autoptr(JsonNode) result = NULL;
        JsonArray *list;

        if (!operation_ask(client, method, body, &result, error))
                return NULL;
        list = json_list(result);
        for (guint i = 0; list != NULL && i < json_array_get_length(list); i++)
                if (!JSON_NODE_HOLDS_OBJECT(json_array_get_element(list, i)))
                        list = NULL;
        if (list != NULL)
                return json_array_ref(list);
        (void)api_garbled(client, "a list is none of objects", error);
        return NULL;
}

bool operation_do(const CliArgs *args, ApiClient *client, const char *method, JsonObject *body,
                  JsonNode **ret, GError **error)
{
        g_autoptr(JsonObject) owned = body;
        g_autoptr(JsonNode) answer = NULL;
        bool task = false;
        int64_t number;

        *ret = NULL;
        if (!is_task(client, method, &task, error))
                return false;
        if (!task)
                return operation_ask(client, method, g_steal_pointer(&owned), ret, error);
        if (!run(client, "RunOperation_Task", method, owned, &answer, error))
                return false;
        number = task_info_number(answer);
        if (number == 0)
                return api_garbled(client, "no task was begun", error);
        if (!cli_args_has(args, "no-wait"))
                return operation_wait(client, number, ret, error);
        printf("%" PRId64 "\n", number);
        return true;
}
