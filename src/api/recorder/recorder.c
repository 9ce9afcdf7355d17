/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recordings: begun, fed with calls, read, ended. */
#include "api/recorder/recorder.h"

#include <string.h>

#include "api/recorder/step.h"

typedef struct Recording {
        char *user;
        GPtrArray *steps; /* of Step * */
        size_t bytes;
        unsigned left_out;
        bool paused;
} Recording;

typedef struct Recorder {
        GHashTable *recordings; /* char * (the session's id) to Recording * */
        GHashTable *tasks;      /* char * (its id) to Step *, a reference: tasks that have not ended */
        RequestWatcher watcher;
        World *world;
} Recorder;

/* A call that has not been answered. */
typedef struct Open {
        char *session_id;
        Step *step;
} Open;

static void recording_free(gpointer data)
{
        Recording *recording = data;

        g_free(recording->user);
        g_ptr_array_unref(recording->steps);
        g_free(recording);
}

static void unref_step(gpointer step)
{
        step_unref(step);
}

static Recorder *recorder_of(const Api *api)
{
        return api_get_data(api, "recorder");
}

/* --- fed --- */

static gpointer on_begin(const Request *request, gpointer user_data)
{
        const Recorder *recorder = user_data;
        const Session *session = request_session(request);
        const Recording *recording;
        Step *step;
        Open *open;

        if (session == NULL || session->id == NULL)
                return NULL;
        recording = g_hash_table_lookup(recorder->recordings, session->id);
        if (recording == NULL || recording->paused)
                return NULL;
        step = step_new(request);
        if (step == NULL)
                return NULL;
        open = g_new(Open, 1);
        *open = (Open){.session_id = g_strdup(session->id), .step = step};
        return open;
}

static void on_operation(gpointer kept, const Request *request, const char *operation, JsonObject *args,
                         gpointer user_data)
{
        const Open *open = kept;

        (void)user_data;
        step_add_operation(open->step, request, operation, args);
}

/* One whose task fails later has not been. */
static void forget(const Recorder *recorder, Step *step)
{
        GHashTableIter iter;
        gpointer recording;

        g_hash_table_iter_init(&iter, recorder->recordings);
        while (g_hash_table_iter_next(&iter, NULL, &recording))
                (void)g_ptr_array_remove(((Recording *)recording)->steps, step);
}

static void settle(const Recorder *recorder, const Managed *task)
{
        Step *step = g_hash_table_lookup(recorder->tasks, task->id);
        const char *state = vim_get_text(managed_peek(task, "info"), "state");

        if (step == NULL || state == NULL)
                return;
        if (strcmp(state, "error") == 0)
                forget(recorder, step);
        if (strcmp(state, "error") == 0 || strcmp(state, "success") == 0)
                (void)g_hash_table_remove(recorder->tasks, task->id);
}

static void on_task(Api *api, gconstpointer data, gpointer user_data)
{
        (void)api;
        settle(user_data, data);
}

static void follow(const Recorder *recorder, Step *step, const VimValue *result)
{
        const Managed *task;

        if (result == NULL || result->is_list || result->type->kind != VIM_REFERENCE ||
            strcmp(result->type->name, "Task") != 0)
                return;
        task = world_find(recorder->world, result->text);
        if (task == NULL)
                return;
        g_hash_table_insert(recorder->tasks, g_strdup(task->id), step_ref(step));
        settle(recorder, task);
}

static void on_end(gpointer kept, bool succeeded, const VimValue *result, gpointer user_data)
{
        const Recorder *recorder = user_data;
        Open *open = kept;
        Recording *recording = g_hash_table_lookup(recorder->recordings, open->session_id);

        /* An operation that only said what it would do. */
        if (open->step->called && open->step->operations->len == 0)
                recording = NULL;
        if (succeeded && recording != NULL && recording->steps->len < RECORDED_MAX &&
            recording->bytes + open->step->bytes <= RECORDED_BYTES) {
                recording->bytes += open->step->bytes;
                g_ptr_array_add(recording->steps, step_ref(open->step));
                follow(recorder, open->step, result);
        } else if (succeeded && recording != NULL) {
                recording->left_out++;
        }
        step_unref(open->step);
        g_free(open->session_id);
        g_free(open);
}

/* --- begun, read, ended --- */

bool recorder_form_parse(const char *name, RecorderForm *ret)
{
        static const char *const names[] = {"shell", "python", "powercli"};

        for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
                if (strcmp(name, names[i]) == 0) {
                        *ret = (RecorderForm)i;
                        return true;
                }
        return false;
}

bool recorder_start(Api *api, const Session *session, GError **error)
{
        Recorder *recorder = recorder_of(api);
        Recording *recording;

        (void)g_hash_table_remove(recorder->recordings, session->id);
        if (g_hash_table_size(recorder->recordings) >= RECORDINGS_MAX) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                            "there are %d recordings already; end one of them first", RECORDINGS_MAX);
                return false;
        }
        recording = g_new0(Recording, 1);
        recording->user = g_strdup(session->user);
        recording->steps = g_ptr_array_new_with_free_func(unref_step);
        g_hash_table_insert(recorder->recordings, g_strdup(session->id), recording);
        return true;
}

bool recorder_stop(Api *api, const char *session_id)
{
        return g_hash_table_remove(recorder_of(api)->recordings, session_id);
}

bool recorder_pause(Api *api, const char *session_id, bool paused)
{
        Recording *recording = g_hash_table_lookup(recorder_of(api)->recordings, session_id);

        if (recording == NULL)
                return false;
        recording->paused = paused;
        return true;
}

bool recorder_is_paused(Api *api, const char *session_id)
{
        const Recording *recording = g_hash_table_lookup(recorder_of(api)->recordings, session_id);

        return recording != NULL && recording->paused;
}

const char *recorder_user(Api *api, const char *session_id)
{
        const Recording *recording = g_hash_table_lookup(recorder_of(api)->recordings, session_id);

        return recording != NULL ? recording->user : NULL;
}

GString *recorder_script(Api *api, const char *session_id, RecorderForm form)
{
        const Recording *recording = g_hash_table_lookup(recorder_of(api)->recordings, session_id);
        bool operates = false;
        GString *script;

        if (recording == NULL)
                return NULL;
        for (unsigned i = 0; i < recording->steps->len; i++)
                operates = operates || script_operates(recording->steps->pdata[i]);
        script = g_string_new(NULL);
        if (form == RECORDER_SHELL)
                g_string_append(script, "#!/bin/sh\nset -e\n");
        else
                script_begin(script, operates, form == RECORDER_POWERCLI);
        for (unsigned i = 0; i < recording->steps->len; i++) {
                if (form == RECORDER_SHELL)
                        shell_add(script, recording->steps->pdata[i]);
                else
                        script_add(script, recording->steps->pdata[i], form == RECORDER_POWERCLI);
        }
        if (recording->left_out > 0)
                g_string_append_printf(script,
                                       "# %u calls more are not here: a recording is full at some time\n",
                                       recording->left_out);
        return script;
}

/* --- beginning and end --- */

static bool start(Api *api, GError **error)
{
        Recorder *recorder = g_new0(Recorder, 1);

        (void)error;
        recorder->recordings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, recording_free);
        recorder->tasks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_step);
        recorder->world = api_world(api);
        recorder->watcher = (RequestWatcher){
                .begin = on_begin, .operate = on_operation, .end = on_end, .user_data = recorder};
        api_listen(api, API_TASK_INFO_CHANGED, on_task, recorder);
        api_set_data(api, "recorder", recorder);
        request_watch(api, &recorder->watcher);
        return true;
}

static void stop(Api *api)
{
        Recorder *recorder = recorder_of(api);

        request_watch(api, NULL);
        g_hash_table_unref(recorder->tasks);
        g_hash_table_unref(recorder->recordings);
        g_free(recorder);
}

const ApiModule recorder_module = {.name = "recorder", .start = start, .stop = stop};
