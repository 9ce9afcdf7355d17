/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bodies, written at once or by threads. */
#include "server/writer.h"

#include <sys/resource.h>

#include "server/exchange.h"

/* Values in a result that is written at once: some hundred microseconds' work. */
#define AT_ONCE_MAX 1000
#define THREADS     2
/* Where processors are few, they serve those who wait for little before those who wait for much. */
#define NICE 10
/* Results that are held for the threads; of what comes then each has to wait for its own. */
#define JOBS_MAX 64

struct Writer {
        GThreadPool *threads;
        unsigned jobs;
        bool ends;
};

struct WriterJob {
        Writer *writer;
        WriterForm form;
        const VimMethod *method;
        VimValue *result;
        VimVersion version;
        bool compresses, is_compressed;
        GBytes *body;
        WriterDone done; /* NULL: cancelled */
        gpointer user_data;
};

/* How many values it is made of, or more than max. */
static unsigned count(const VimValue *value, unsigned max)
{
        unsigned n = 1;

        if (value == NULL)
                return 0;
        if (value->is_list)
                for (unsigned i = 0; i < value->items->len && n <= max; i++)
                        n += count(value->items->pdata[i], max - n);
        else if (value->type->kind == VIM_OBJECT)
                for (unsigned i = 0; i < value->type->n_fields && n <= max; i++)
                        n += count(value->fields[i], max - n);
        return n;
}

static void write_body(WriterJob *job)
{
        GString *text = job->form(job->method, job->result, job->version);
        GBytes *compressed;

        if (text == NULL)
                return;
        job->body = g_string_free_to_bytes(text);
        compressed = job->compresses ? exchange_compress(job->body) : NULL;
        if (compressed == NULL)
                return;
        g_bytes_unref(job->body);
        job->body = compressed;
        job->is_compressed = true;
}

static gboolean finish(gpointer user_data)
{
        WriterJob *job = user_data;

        job->writer->jobs--;
        if (job->done != NULL && !job->writer->ends)
                job->done(job->body, job->is_compressed, job->user_data);
        g_clear_pointer(&job->body, g_bytes_unref);
        g_free(job);
        return G_SOURCE_REMOVE;
}

static void run(gpointer data, gpointer user_data)
{
        static _Thread_local bool is_nice;
        WriterJob *job = data;

        (void)user_data;
        /* Of this thread alone, with Linux; where it may not be, it goes without. */
        if (!is_nice)
                (void)setpriority(PRIO_PROCESS, 0, NICE);
        is_nice = true;
        write_body(job);
        g_clear_pointer(&job->result, vim_unref);
        (void)g_idle_add_full(G_PRIORITY_DEFAULT, finish, job, NULL);
}

Writer *writer_new(void)
{
        Writer *writer = g_new0(Writer, 1);

        /* Exclusive: others' threads are not to be nice. */
        writer->threads = g_thread_pool_new(run, NULL, THREADS, TRUE, NULL);
        return writer;
}

void writer_free(Writer *writer)
{
        if (writer == NULL)
                return;
        writer->ends = true;
        while (writer->jobs > 0)
                (void)g_main_context_iteration(NULL, TRUE);
        g_thread_pool_free(writer->threads, FALSE, TRUE);
        g_free(writer);
}

WriterJob *writer_write(Writer *writer, WriterForm form, const VimMethod *method, const VimValue *result,
                        VimVersion version, bool compresses, WriterDone done, gpointer user_data)
{
        WriterJob *job = g_new0(WriterJob, 1);

        *job = (WriterJob){.writer = writer,
                           .form = form,
                           .method = method,
                           .result = vim_ref(result),
                           .version = version,
                           .compresses = compresses,
                           .done = done,
                           .user_data = user_data};
        writer->jobs++;
        if (writer->jobs <= JOBS_MAX && count(result, AT_ONCE_MAX) > AT_ONCE_MAX) {
                (void)g_thread_pool_push(writer->threads, job, NULL);
                return job;
        }
        write_body(job);
        g_clear_pointer(&job->result, vim_unref);
        (void)finish(job);
        return NULL;
}

void writer_cancel(WriterJob *job)
{
        job->done = NULL;
}
