/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Jobs: what takes time, in threads of the library. */
#include <errno.h>
#include <string.h>

#include "client/internal.h"

GQuark job_error_quark(void)
{
        return g_quark_from_static_string("aerostat-job-error");
}

static GThreadPool *pool;

aerostat_job *aerostat_job_ref(aerostat_job *job)
{
        g_atomic_ref_count_inc(&job->references);
        return job;
}

static void job_free(aerostat_job *job)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(job->text); i++)
                g_free(job->text[i]);
        g_object_unref(job->cancellable);
        g_mutex_clear(&job->mutex);
        g_cond_clear(&job->cond);
        g_free(job->message);
        g_ptr_array_unref(job->texts);
        aerostat_vm_unref(job->found);
        aerostat_vm_unref(job->vm);
        aerostat_host_unref(job->host);
        g_free(job);
}

void aerostat_job_unref(aerostat_job *job)
{
        if (job != NULL && g_atomic_ref_count_dec(&job->references))
                job_free(job);
}

aerostat_job *job_new(aerostat_host *host, aerostat_vm *vm, JobRun run, aerostat_callback callback,
                      void *data)
{
        aerostat_job *job = g_new0(aerostat_job, 1);

        g_atomic_ref_count_init(&job->references);
        job->run = run;
        job->callback = callback;
        job->data = data;
        job->host = aerostat_host_ref(host);
        job->vm = vm != NULL ? aerostat_vm_ref(vm) : NULL;
        job->cancellable = g_cancellable_new();
        job->texts = g_ptr_array_new_with_free_func(g_free);
        g_mutex_init(&job->mutex);
        g_cond_init(&job->cond);
        return job;
}

bool job_fail(GError **error, int code, const char *format, ...)
{
        g_autofree char *message = NULL;
        va_list words;

        va_start(words, format);
        message = g_strdup_vprintf(format, words);
        va_end(words);
        g_set_error_literal(error, JOB_ERROR, code, message);
        return false;
}

static void end(aerostat_job *job, bool ok, const GError *error)
{
        g_mutex_lock(&job->mutex);
        job->done = true;
        job->percent = ok ? 100 : job->percent;
        if (!ok) {
                job->error = error->domain == JOB_ERROR ? error->code : -EIO;
                job->message = g_strdup(error->message);
        }
        g_cond_broadcast(&job->cond);
        g_mutex_unlock(&job->mutex);
        if (job->callback != NULL)
                job->callback(job, AEROSTAT_JOB_DONE, job->data);
}

static void run(gpointer data, gpointer user_data)
{
        g_autoptr(GMainContext) context = g_main_context_new();
        g_autoptr(GError) error = NULL;
        aerostat_job *job = data;
        bool ok;

        (void)user_data;
        /* libsoup works through the context of the thread that it is called in. */
        g_main_context_push_thread_default(context);
        ok = job->run(job, &error);
        g_clear_object(&job->http);
        g_clear_pointer(&job->task, g_free);
        g_clear_pointer(&job->collector, g_free);
        while (g_main_context_iteration(context, FALSE)) {
        }
        g_main_context_pop_thread_default(context);
        end(job, ok, error);
        aerostat_job_unref(job);
}

aerostat_job *job_begin(aerostat_job *job)
{
        static gsize once;

        if (g_once_init_enter(&once)) {
                pool = g_thread_pool_new(run, NULL, JOBS_AT_A_TIME, FALSE, NULL);
                g_once_init_leave(&once, 1);
        }
        (void)g_thread_pool_push(pool, aerostat_job_ref(job), NULL);
        return job;
}

void job_set_progress(aerostat_job *job, unsigned percent)
{
        bool changed;

        g_mutex_lock(&job->mutex);
        changed = percent <= 100 && percent != job->percent;
        if (changed)
                job->percent = percent;
        g_mutex_unlock(&job->mutex);
        if (changed && job->callback != NULL)
                job->callback(job, AEROSTAT_JOB_PROGRESS, job->data);
}

int aerostat_job_wait(aerostat_job *job, int timeout_ms)
{
        int64_t until_us = g_get_monotonic_time() + (int64_t)timeout_ms * 1000;
        int result = 0;

        g_mutex_lock(&job->mutex);
        while (!job->done && result == 0) {
                if (timeout_ms < 0)
                        g_cond_wait(&job->cond, &job->mutex);
                else if (!g_cond_wait_until(&job->cond, &job->mutex, until_us))
                        result = -ETIME;
        }
        if (job->done)
                result = job->error;
        g_mutex_unlock(&job->mutex);
        return result;
}

bool aerostat_job_is_done(aerostat_job *job)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&job->mutex);

        return job->done;
}

unsigned aerostat_job_progress(aerostat_job *job)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&job->mutex);

        return job->percent;
}

void aerostat_job_cancel(aerostat_job *job)
{
        g_cancellable_cancel(job->cancellable);
}

/* Once it has ended nothing of it is changed any more. */
static bool has_succeeded(aerostat_job *job)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&job->mutex);

        return job->done && job->error == 0;
}

const char *aerostat_job_message(aerostat_job *job)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&job->mutex);

        return job->done && job->message != NULL ? job->message : "";
}

size_t aerostat_job_count(aerostat_job *job)
{
        return has_succeeded(job) ? job->texts->len : 0;
}

const char *aerostat_job_text(aerostat_job *job, size_t index)
{
        return index < aerostat_job_count(job) ? job->texts->pdata[index] : NULL;
}

int64_t aerostat_job_number(aerostat_job *job)
{
        return has_succeeded(job) ? job->result : 0;
}

aerostat_host *aerostat_job_host(aerostat_job *job)
{
        return has_succeeded(job) ? aerostat_host_ref(job->host) : NULL;
}

aerostat_vm *aerostat_job_vm(aerostat_job *job)
{
        return has_succeeded(job) && job->found != NULL ? aerostat_vm_ref(job->found) : NULL;
}
