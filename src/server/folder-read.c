/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading files of datastores, and what is in a folder. */
#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <string.h>
#include <unistd.h>

#include "server/folder-internal.h"

#define LIST_MAX 10000

/* QEMU's lock on images that it writes to (its file-posix driver): shared ones of this byte. */
#define QEMU_WRITES_BYTE 101

static bool is_written_to(int fd)
{
        struct flock lock = {
                .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = QEMU_WRITES_BYTE, .l_len = 1};

        return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

static bool add_to_list(const StoreFile *file, const struct stat *st, gpointer user_data, GError **error)
{
        FolderJob *job = user_data;
        const char *name = strrchr(file->rest, '/') != NULL ? strrchr(file->rest, '/') + 1 : file->rest;
        g_autofree char *link = g_uri_escape_string(name, NULL, FALSE);
        g_autofree char *store = g_uri_escape_string(file->datastore, NULL, FALSE);
        g_autofree char *shown = g_markup_escape_text(name, -1);
        const char *slash = S_ISDIR(st->st_mode) ? "/" : "";

        (void)error;
        g_string_append_printf(job->list, "<a href=\"%s%s?dsName=%s\">%s%s</a> %lld<br>\n", link, slash,
                               store, shown, slash, (long long)st->st_size);
        return job->list->len < LIST_MAX * 100u;
}

static void list_folder(FolderJob *job)
{
        job->list = g_string_new("<!DOCTYPE html>\n<html><head><title>Files</title></head><body>\n");
        if (store_file_walk(job->file, false, add_to_list, job, &job->error) && job->error == NULL)
                g_string_append(job->list, "</body></html>\n");
}

static void open_file(FolderJob *job)
{
        if (!store_file_stat(job->file, &job->st, &job->error))
                return;
        if (S_ISDIR(job->st.st_mode)) {
                list_folder(job);
                return;
        }
        job->fd = store_file_open(job->file, O_RDONLY | O_NONBLOCK, 0, &job->error);
        if (job->fd < 0)
                return;
        if (fstat(job->fd, &job->st) < 0 || !S_ISREG(job->st.st_mode))
                g_set_error(&job->error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "\"%s\" is no file",
                            job->file->text);
        else if (is_written_to(job->fd))
                g_set_error(&job->error, G_IO_ERROR, G_IO_ERROR_BUSY,
                            "\"%s\" is being written to by a VM; power it off, or take a snapshot, first",
                            job->file->text);
}

/* False: none, or several, of which all is sent; *ret_status may say that there is nothing there. */
static bool one_range(const Exchange *exchange, goffset size, goffset *ret_start, goffset *ret_length)
{
        SoupRange *ranges = NULL;
        int n = 0;
        bool one = soup_message_headers_get_ranges(exchange_head(exchange)->headers, size, &ranges, &n) &&
                   n == 1 && ranges[0].start >= 0 && ranges[0].end >= ranges[0].start &&
                   ranges[0].start < size;

        if (one) {
                *ret_start = ranges[0].start;
                *ret_length = MIN(ranges[0].end, size - 1) - ranges[0].start + 1;
        }
        if (ranges != NULL)
                soup_message_headers_free_ranges(exchange_head(exchange)->headers, ranges);
        return one;
}

/* "bytes=900-" of a file of 800. */
static bool is_beyond(const Exchange *exchange, goffset size)
{
        const char *range = exchange_header(exchange, "Range");
        char *end = NULL;
        guint64 start;

        if (range == NULL || !g_str_has_prefix(range, "bytes=") || !g_ascii_isdigit(range[6]) ||
            strchr(range, ',') != NULL)
                return false;
        start = g_ascii_strtoull(range + 6, &end, 10);
        return *end == '-' && start >= (guint64)size;
}

static void send_file(FolderJob *job)
{
        Exchange *exchange = job->exchange;
        g_autoptr(GDateTime) changed = g_date_time_new_from_unix_utc(job->st.st_mtime);
        g_autofree char *date = soup_date_time_to_string(changed, SOUP_DATE_HTTP), *content_range = NULL;
        goffset size = job->st.st_size, start = 0, length = size;
        bool part = one_range(exchange, size, &start, &length);
        g_autoptr(GInputStream) stream = NULL;

        if (is_beyond(exchange, size)) {
                content_range = g_strdup_printf("bytes */%" G_GOFFSET_FORMAT, size);
                exchange_add_header(exchange, "Content-Range", content_range);
                exchange_refuse(exchange, SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE,
                                "the file has %" G_GOFFSET_FORMAT " bytes", size);
                return;
        }
        exchange_add_header(exchange, "Accept-Ranges", "bytes");
        exchange_add_header(exchange, "Last-Modified", date);
        if (part) {
                content_range = g_strdup_printf("bytes %" G_GOFFSET_FORMAT "-%" G_GOFFSET_FORMAT
                                                "/%" G_GOFFSET_FORMAT,
                                                start, start + length - 1, size);
                exchange_add_header(exchange, "Content-Range", content_range);
                (void)lseek(job->fd, start, SEEK_SET);
        }
        stream = g_unix_input_stream_new(g_steal_fd(&job->fd), TRUE);
        exchange_answer_stream(exchange, part ? SOUP_STATUS_PARTIAL_CONTENT : SOUP_STATUS_OK,
                               "application/octet-stream", g_steal_pointer(&stream), (uint64_t)length);
}

static void on_opened(FolderJob *job)
{
        if (job->exchange == NULL) {
                folder_job_free(job);
        } else if (job->error != NULL) {
                folder_job_fail(job);
        } else if (job->list != NULL) {
                exchange_answer(job->exchange, SOUP_STATUS_OK, "text/html; charset=utf-8",
                                g_steal_pointer(&job->list));
                folder_job_free(job);
        } else {
                send_file(job);
                folder_job_free(job);
        }
}

void folder_job_read(FolderJob *job)
{
        folder_job_run(job, open_file, on_opened);
}
