/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writing files of datastores. What comes is written to a file without a name, or where the file system has
 * none such with one of its own, in the same folder; when it is whole the operation that moves files puts it
 * in its place, and refuses to where a VM uses what is there.
 */
#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <string.h>
#include <unistd.h>

#include "server/folder-internal.h"

#define FILE_MODE 0600

static void put_run(Exchange *exchange, gpointer user_data);
static GOutputStream *put_open(Exchange *exchange, gpointer user_data);

/* The disk is the bound: ENOSPC ends it. */
static const Route put_route = {.body_max = G_MAXINT64, .run = put_run, .open = put_open};

/* --- before the body --- */

static void open_partial(FolderJob *job)
{
        g_autofree char *unique = g_uuid_string_random(), *name = g_strconcat(".upload-", unique, NULL);
        g_autoptr(StoreFile) here = NULL;
        const char *slash = strrchr(job->file->rest, '/');
        g_autofree char *folder =
                slash != NULL ? g_strndup(job->file->rest, (gsize)(slash - job->file->rest)) : g_strdup("");

        if (job->file->rest[0] == '\0') {
                g_set_error(&job->error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "\"%s\" is a datastore as a whole", job->file->text);
                return;
        }
        if (!store_file_is_in_folder(job->file, &job->error))
                return;
        job->replaces = store_file_stat(job->file, &job->st, &job->error);
        if (!job->replaces && !g_error_matches(job->error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
                return; /* a link, a device: those stay what they are */
        g_clear_error(&job->error);
        if (job->replaces && !S_ISREG(job->st.st_mode)) {
                g_set_error(&job->error, G_IO_ERROR, G_IO_ERROR_EXISTS, "\"%s\" is there, and no file",
                            job->file->text);
                return;
        }
        job->partial = store_file_beside(job->file, name);
        here = store_file_new(job->file->datastore, job->file->root, folder);
        job->fd = store_file_open(here, O_TMPFILE | O_WRONLY, FILE_MODE, NULL);
        if (job->fd >= 0)
                return;
        job->fd = store_file_open(job->partial, O_CREAT | O_EXCL | O_WRONLY, FILE_MODE, &job->error);
        job->partial_is_there = job->fd >= 0;
}

static void on_opened(FolderJob *job)
{
        if (job->exchange == NULL)
                folder_job_free(job);
        else if (job->error != NULL)
                folder_job_fail(job);
        else
                exchange_serve(job->exchange, &put_route, job);
}

/* Of an exchange that goes away while its body comes: nobody else frees the job then. */
static void on_gone(gpointer data)
{
        FolderJob *job = data;

        job->exchange = NULL;
        folder_job_free(job);
}

/* --- the body --- */

static GOutputStream *put_open(Exchange *exchange, gpointer user_data)
{
        FolderJob *job = exchange_route_data(exchange);
        int fd = fcntl(job->fd, F_DUPFD_CLOEXEC, 0);

        (void)user_data;
        if (fd < 0) {
                exchange_refuse(exchange, SOUP_STATUS_SERVICE_UNAVAILABLE, "%s", g_strerror(errno));
                folder_job_free(job);
                return NULL;
        }
        exchange_set_gone(exchange, on_gone, job);
        /* Its own: a thread may still write when the job has gone with its client. */
        return g_unix_output_stream_new(fd, TRUE);
}

/* --- after it --- */

static void on_late_gone(gpointer data)
{
        ((FolderJob *)data)->exchange = NULL;
}

/* Gives it its name, with everything on the disk. */
static void finish(FolderJob *job)
{
        if (fsync(job->fd) < 0) {
                (void)store_file_fail(job->file, errno, "written", &job->error);
                return;
        }
        if (!job->partial_is_there)
                job->partial_is_there = store_file_link(job->partial, job->fd, &job->error);
}

static void on_moved(JsonNode *result, const GError *error, gpointer user_data)
{
        FolderJob *job = user_data;

        (void)result;
        if (error != NULL) {
                job->error = g_error_copy(error);
                folder_job_fail(job);
                return;
        }
        job->partial_is_there = false;
        if (job->exchange != NULL)
                exchange_answer(job->exchange, job->replaces ? SOUP_STATUS_OK : SOUP_STATUS_CREATED, NULL,
                                NULL);
        folder_job_free(job);
}

static void on_finished(FolderJob *job)
{
        g_autoptr(JsonObject) args = json_object_new();
        int64_t task;

        if (job->error != NULL) {
                folder_job_fail(job);
                return;
        }
        json_object_set_string_member(args, "source", job->partial->text);
        json_object_set_string_member(args, "target", job->file->text);
        json_object_set_boolean_member(args, "force", TRUE);
        if (!operations_start(api_parts(job->api)->operations, "PutDatastoreFile", args, on_moved, job,
                              &task, &job->error))
                folder_job_fail(job);
}

static void put_run(Exchange *exchange, gpointer user_data)
{
        FolderJob *job = exchange_route_data(exchange);

        (void)user_data;
        exchange_set_gone(exchange, on_late_gone, job);
        folder_job_run(job, finish, on_finished);
}

void folder_job_put(FolderJob *job)
{
        folder_job_run(job, open_partial, on_opened);
}

/* --- DELETE --- */

static void on_deleted(JsonNode *result, const GError *error, gpointer user_data)
{
        FolderJob *job = user_data;

        (void)result;
        if (error != NULL) {
                job->error = g_error_copy(error);
                folder_job_fail(job);
                return;
        }
        if (job->exchange != NULL)
                exchange_answer(job->exchange, SOUP_STATUS_NO_CONTENT, NULL, NULL);
        folder_job_free(job);
}

void folder_job_delete(FolderJob *job)
{
        g_autoptr(JsonObject) args = json_object_new();
        int64_t task;

        json_object_set_string_member(args, "path", job->file->text);
        if (!operations_start(api_parts(job->api)->operations, "RemoveDatastoreFile", args, on_deleted, job,
                              &task, &job->error))
                folder_job_fail(job);
}
