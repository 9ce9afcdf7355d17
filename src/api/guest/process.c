/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GuestAuthManager and GuestProcessManager: logins and programs in guests. */
#include <inttypes.h>
#include <string.h>

#include "api/guest/guest.h"
#include "api/guest/module.h"

#define QUERY   "VirtualMachine.GuestOperations.Query"
#define EXECUTE "VirtualMachine.GuestOperations.Execute"

/* Of programs that were started here, so many are remembered, and when they have ended, so long. */
#define STARTED_MAX   1000u
#define ENDED_KEPT_US (5 * 60 * G_USEC_PER_SEC)
#define ASKED_MAX     1000u /* numbers in one request */

/* A program that was started here. */
typedef struct Started {
        char *uuid;
        VimValue *info; /* GuestProcessInfo; with endTime when it is known to have ended */
        int64_t pid;
        int64_t ended_us; /* 0: not known to have */
} Started;

static void started_free(gpointer data)
{
        Started *started = data;

        g_free(started->uuid);
        vim_unref(started->info);
        g_free(started);
}

static void validate(Request *request)
{
        guest_run_words(request, guest_words("nothing", NULL), NULL, NULL);
}

/* --- StartProgramInGuest --- */

typedef struct Program {
        GPtrArray *check, *start; /* words */
        char *path, *line;
        int64_t pid;
} Program;

static void program_free(gpointer data)
{
        Program *program = data;

        g_ptr_array_unref(program->check);
        g_ptr_array_unref(program->start);
        g_free(program->path);
        g_free(program->line);
        g_free(program);
}

static void run_start(Work *work)
{
        Program *program = work->data;
        g_autoptr(GBytes) said = work_do(work, program->path, (const char *const *)program->check->pdata);

        if (said != NULL && work_begin(work, (const char *const *)program->start->pdata, &program->pid))
                work->result = vim_new_long(program->pid);
}

static void remember(Work *work)
{
        GuestModule *module = api_get_data(work->api, GUEST_MODULE);
        const Program *program = work->data;
        g_autofree char *name = g_path_get_basename(program->path);
        Started *started = g_new0(Started, 1);
        VimValue *info = vim_new_object("GuestProcessInfo");

        vim_set_text(info, "name", name);
        vim_set_int(info, "pid", program->pid);
        vim_set_text(info, "owner", work->login.user);
        vim_set_text(info, "cmdLine", program->line);
        vim_set(info, "startTime", vim_new_time(g_get_real_time()));
        *started = (Started){.uuid = g_strdup(work->uuid), .info = info, .pid = program->pid};
        g_queue_push_tail(&module->started, started);
        while (g_queue_get_length(&module->started) > STARTED_MAX)
                started_free(g_queue_pop_head(&module->started));
}

/* NAME=value, for export. */
static bool is_variable(const char *text)
{
        if (!g_ascii_isalpha(*text) && *text != '_')
                return false;
        while (g_ascii_isalnum(*text) || *text == '_')
                text++;
        return *text == '=';
}

static bool add_variables(Request *request, const VimValue *list, GPtrArray *words)
{
        size_t total = 0;

        for (unsigned i = 0; i < vim_length(list); i++) {
                const char *text = vim_item(list, i)->text;

                total += strlen(text);
                if (i >= GUEST_VARIABLES_MAX || total > GUEST_ARGUMENTS_MAX || !is_variable(text)) {
                        request_invalid(request, "spec.envVariables",
                                        "variables are NAME=value, at most %u of them with %u bytes in all",
                                        GUEST_VARIABLES_MAX, GUEST_ARGUMENTS_MAX);
                        return false;
                }
                g_ptr_array_add(words, g_strdup(text));
        }
        g_ptr_array_add(words, NULL);
        return true;
}

static void start_program(Request *request)
{
        const VimValue *spec = request_arg(request, "spec");
        const char *path = vim_get_text(spec, "programPath"), *arguments = vim_get_text(spec, "arguments");
        const char *folder = vim_get_text(spec, "workingDirectory");
        Program *program;

        if (!guest_check_text(request, "spec.programPath", path, GUEST_PATH_MAX) ||
            (folder != NULL && *folder != '\0' &&
             !guest_check_text(request, "spec.workingDirectory", folder, GUEST_PATH_MAX)))
                return;
        if (strlen(arguments) > GUEST_ARGUMENTS_MAX) {
                request_invalid(request, "spec.arguments", "arguments have at most %u bytes",
                                GUEST_ARGUMENTS_MAX);
                return;
        }
        folder = folder != NULL ? folder : "";
        program = g_new0(Program, 1);
        program->path = g_strdup(path);
        program->line = g_strdup_printf("\"%s\" %s", path, arguments);
        program->check = guest_words("program", path, folder, NULL);
        program->start = guest_words("start", path, arguments, folder, NULL);
        g_ptr_array_set_size(program->start, (int)program->start->len - 1);
        if (add_variables(request, vim_get(spec, "envVariables"), program->start))
                work_start(request, run_start, remember, program, program_free);
        else
                program_free(program);
}

/* --- ListProcessesInGuest --- */

/* A program whose end is to be asked for. */
typedef struct Ask {
        int64_t pid;
        AgentStatus status;
        bool known;
} Ask;

typedef struct Listing {
        GArray *asks; /* of Ask */
        int64_t *pids;
        unsigned n_pids; /* 0: all */
} Listing;

static void listing_free(gpointer data)
{
        Listing *listing = data;

        for (unsigned i = 0; i < listing->asks->len; i++)
                agent_status_clear(&g_array_index(listing->asks, Ask, i).status);
        g_array_unref(listing->asks);
        g_free(listing->pids);
        g_free(listing);
}

static bool is_asked_for(const Listing *listing, int64_t pid)
{
        for (unsigned i = 0; i < listing->n_pids; i++)
                if (listing->pids[i] == pid)
                        return true;
        return listing->n_pids == 0;
}

static void run_list(Work *work)
{
        const char *const words[] = {"processes", NULL};
        Listing *listing = work->data;
        g_autoptr(GBytes) said = work_do(work, NULL, words);
        g_autoptr(VimValue) all = NULL;

        if (said == NULL)
                return;
        for (unsigned i = 0; i < listing->asks->len; i++) {
                Ask *ask = &g_array_index(listing->asks, Ask, i);

                /* The agent of a guest that was started anew does not know it. */
                ask->known = agent_status(&work->agent, ask->pid, &ask->status, NULL);
        }
        all = guest_processes_value(said);
        work->result = vim_new_list("GuestProcessInfo");
        for (unsigned i = 0; i < vim_length(all); i++)
                if (is_asked_for(listing, vim_get_int(vim_item(all, i), "pid", 0)))
                        vim_add(work->result, vim_ref(vim_item(all, i)));
}

static VimValue *with_end(const VimValue *info, int code)
{
        VimValue *ended = vim_new_object("GuestProcessInfo");

        for (unsigned i = 0; i < info->type->n_fields; i++)
                ended->fields[i] = vim_ref(info->fields[i]);
        vim_set(ended, "endTime", vim_new_time(g_get_real_time()));
        if (code >= 0)
                vim_set_int(ended, "exitCode", code);
        return ended;
}

static bool is_running(const VimValue *list, int64_t pid)
{
        for (unsigned i = 0; i < vim_length(list); i++)
                if (vim_get_int(vim_item(list, i), "pid", 0) == pid)
                        return true;
        return false;
}

static void note_ends(GuestModule *module, const Work *work)
{
        const Listing *listing = work->data;

        for (GList *link = module->started.head; link != NULL; link = link->next) {
                Started *started = link->data;

                for (unsigned i = 0; i < listing->asks->len && started->ended_us == 0; i++) {
                        const Ask *ask = &g_array_index(listing->asks, Ask, i);
                        VimValue *ended;

                        if (strcmp(started->uuid, work->uuid) != 0 || started->pid != ask->pid ||
                            (ask->known ? !ask->status.exited : is_running(work->result, ask->pid)))
                                continue;
                        ended = with_end(started->info, ask->known ? ask->status.code : -1);
                        vim_unref(started->info);
                        started->info = ended;
                        started->ended_us = g_get_monotonic_time();
                }
        }
}

static void forget_old(GuestModule *module)
{
        for (GList *link = module->started.head, *next; link != NULL; link = next) {
                Started *started = link->data;

                next = link->next;
                if (started->ended_us == 0 || g_get_monotonic_time() - started->ended_us < ENDED_KEPT_US)
                        continue;
                started_free(started);
                g_queue_delete_link(&module->started, link);
        }
}

/* What was started here is told as it was asked for, and for a while after its end, too. */
static void add_started(Work *work)
{
        GuestModule *module = api_get_data(work->api, GUEST_MODULE);
        const Listing *listing = work->data;
        VimValue *all = vim_new_list("GuestProcessInfo");

        note_ends(module, work);
        forget_old(module);
        for (GList *link = module->started.head; link != NULL; link = link->next) {
                const Started *started = link->data;

                if (strcmp(started->uuid, work->uuid) == 0 && is_asked_for(listing, started->pid))
                        vim_add(all, vim_ref(started->info));
        }
        for (unsigned i = 0; i < vim_length(work->result); i++) {
                const VimValue *item = vim_item(work->result, i);
                bool there = false;

                for (unsigned j = 0; j < vim_length(all) && !there; j++)
                        there = vim_get_int(vim_item(all, j), "pid", 0) == vim_get_int(item, "pid", -1) &&
                                vim_get(vim_item(all, j), "endTime") == NULL;
                if (!there)
                        vim_add(all, vim_ref(item));
        }
        vim_unref(work->result);
        work->result = all;
}

static void list_processes(Request *request)
{
        GuestModule *module = api_get_data(request_api(request), GUEST_MODULE);
        const VimValue *pids = request_arg(request, "pids"), *vm = request_arg(request, "vm");
        const Managed *managed = world_resolve(request_world(request), vm);
        Listing *listing;

        if (vim_length(pids) > ASKED_MAX) {
                request_invalid(request, "pids", "at most %u can be asked for at a time", ASKED_MAX);
                return;
        }
        listing = g_new0(Listing, 1);
        listing->asks = g_array_new(FALSE, TRUE, sizeof(Ask));
        listing->n_pids = vim_length(pids);
        listing->pids = g_new0(int64_t, listing->n_pids + 1);
        for (unsigned i = 0; i < listing->n_pids; i++)
                listing->pids[i] = vim_item(pids, i)->integer;
        for (GList *link = module->started.head; link != NULL && managed != NULL; link = link->next) {
                const Started *started = link->data;
                const Ask ask = {.pid = started->pid};

                if (strcmp(started->uuid, managed->key) == 0 && started->ended_us == 0 &&
                    is_asked_for(listing, started->pid))
                        g_array_append_val(listing->asks, ask);
        }
        work_start(request, run_list, add_started, listing, listing_free);
}

/* --- TerminateProcessInGuest, ReadEnvironmentVariableInGuest --- */

static void run_terminate(Work *work)
{
        const char *const words[] = {"terminate", work->data, NULL};
        g_autoptr(GBytes) said = work_do(work, "", words);
        VimValue *fault;

        if (said != NULL || !vim_is(work->fault, "FileNotFound"))
                return;
        fault = vim_new_fault("GuestProcessNotFound");
        vim_set_int(fault, "pid", g_ascii_strtoll(work->data, NULL, 10));
        work_fault(work, fault, "there is no process %s in the guest of VM \"%s\"", (const char *)work->data,
                   work->vm);
}

static void terminate(Request *request)
{
        int64_t pid = request_arg_int(request, "pid", 0);

        /* 0 and less are others to kill(). */
        if (pid < 1 || pid > INT32_MAX) {
                VimValue *fault = vim_new_fault("GuestProcessNotFound");

                vim_set_int(fault, "pid", pid);
                request_fault(request, fault, "there is no process %" PRId64, pid);
                return;
        }
        work_start(request, run_terminate, NULL, g_strdup_printf("%" PRId64, pid), g_free);
}

typedef struct Names {
        char **names; /* NULL: all */
} Names;

static void names_free(gpointer data)
{
        g_strfreev(((Names *)data)->names);
        g_free(data);
}

static void run_environment(Work *work)
{
        const char *const words[] = {"environment", NULL};
        const Names *names = work->data;
        g_autoptr(GBytes) said = work_do(work, NULL, words);
        const char *at, *end, *text;
        gsize size;

        if (said == NULL)
                return;
        at = g_bytes_get_data(said, &size);
        end = at + size;
        work->result = vim_new_list("string");
        while (at != NULL && vim_length(work->result) < 10000 &&
               (text = guest_next_text(&at, end)) != NULL) {
                g_autofree char *name = g_strndup(text, strcspn(text, "="));

                if (names->names == NULL || g_strv_contains((const char *const *)names->names, name))
                        vim_add(work->result, vim_new_string(text));
        }
}

static void read_environment(Request *request)
{
        const VimValue *list = request_arg(request, "names");
        Names *names = g_new0(Names, 1);

        if (vim_length(list) > 0) {
                names->names = g_new0(char *, vim_length(list) + 1);
                for (unsigned i = 0; i < vim_length(list); i++)
                        names->names[i] = g_strdup(vim_item(list, i)->text);
        }
        work_start(request, run_environment, NULL, names, names_free);
}

void guest_process_start(Api *api)
{
        GuestModule *module = api_get_data(api, GUEST_MODULE);

        g_queue_init(&module->started);
}

void guest_process_stop(Api *api)
{
        GuestModule *module = api_get_data(api, GUEST_MODULE);

        g_queue_clear_full(&module->started, started_free);
}

const Handler guest_process_handlers[] = {
        {"GuestAuthManager", "ValidateCredentialsInGuest", validate, QUERY},
        {"GuestProcessManager", "StartProgramInGuest", start_program, EXECUTE},
        {"GuestProcessManager", "ListProcessesInGuest", list_processes, QUERY},
        {"GuestProcessManager", "TerminateProcessInGuest", terminate, EXECUTE},
        {"GuestProcessManager", "ReadEnvironmentVariableInGuest", read_environment, QUERY},
        {NULL},
};
