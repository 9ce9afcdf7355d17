/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The web client's files at /ui/, and the way there from "/". Files are looked for in another thread and
 * sent as they are read, so that of each no more is in memory than what is on its way.
 */
#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/macro.h"
#include "server/routes.h"

#define PREFIX "/ui/"
#define INDEX  "index.html"
/* Names in it change with their content. */
#define ASSETS "assets/"

/* What a page of the web client may do: nothing that leaves this server. */
#define POLICY                                                                                       \
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action " \
        "'self'; "                                                                                   \
        "frame-ancestors 'none'"

static const char not_installed[] =
        "<!DOCTYPE html>\n"
        "<html lang=\"en\"><head><meta charset=\"utf-8\"><title>aerostat</title></head><body>\n"
        "<h1>aerostat</h1>\n"
        "<p>The web client is not installed on this host: there is no <code>index.html</code> in the folder "
        "<code>WebDir</code> of <code>aerostatd.conf</code>.</p>\n"
        "</body></html>\n";

static const char *const types[][2] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/vnd.microsoft.icon"},
        {".json", "application/json"},
        {".map", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".woff2", "font/woff2"},
        {".wasm", "application/wasm"},
        {".txt", "text/plain; charset=utf-8"},
};

typedef struct Look {
        Exchange *exchange; /* NULL: gone */
        char *folder;
        char *path; /* below it */
        bool takes_gzip;
        int fd; /* -1: there is none */
        struct stat st;
        bool is_gzip;
        bool is_installed;
} Look;

static void look_free(gpointer data)
{
        Look *look = data;

        if (look->fd >= 0)
                (void)close(look->fd);
        g_free(look->folder);
        g_free(look->path);
        g_free(look);
}

/* === looking, in a thread === */

/* A regular file; -1: there is none. */
static int open_file(int folder, const char *path, struct stat *ret)
{
        const struct open_how how = {.flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
                                     .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
        _cleanup_close_ int fd = (int)syscall(SYS_openat2, folder, path, &how, sizeof how);

        if (fd < 0 || fstat(fd, ret) < 0 || !S_ISREG(ret->st_mode))
                return -1;
        return g_steal_fd(&fd);
}

static bool is_hidden(const char *path)
{
        return path[0] == '.' || strstr(path, "/.") != NULL;
}

static void work(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
        Look *look = data;
        _cleanup_close_ int folder = open(look->folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
        g_autofree char *compressed = g_strconcat(look->path, ".gz", NULL);
        struct stat st;
        int index;

        (void)source;
        (void)cancellable;
        index = folder >= 0 ? open_file(folder, INDEX, &st) : -1;
        look->is_installed = index >= 0;
        if (index >= 0)
                (void)close(index);
        if (look->is_installed && !is_hidden(look->path)) {
                look->fd = look->takes_gzip ? open_file(folder, compressed, &look->st) : -1;
                look->is_gzip = look->fd >= 0;
                if (look->fd < 0)
                        look->fd = open_file(folder, look->path, &look->st);
        }
        g_task_return_boolean(task, TRUE);
}

/* === answering === */

static const char *type_of(const char *path)
{
        for (unsigned i = 0; i < G_N_ELEMENTS(types); i++)
                if (g_str_has_suffix(path, types[i][0]))
                        return types[i][1];
        return "application/octet-stream";
}

static void add_headers(Exchange *exchange)
{
        exchange_add_header(exchange, "Content-Security-Policy", POLICY);
        exchange_add_header(exchange, "Referrer-Policy", "no-referrer");
        exchange_add_header(exchange, "Cross-Origin-Opener-Policy", "same-origin");
}

static void redirect(Exchange *exchange)
{
        exchange_add_header(exchange, "Location", PREFIX);
        exchange_answer(exchange, SOUP_STATUS_FOUND, NULL, NULL);
}

static void send_file(Look *look)
{
        Exchange *exchange = look->exchange;
        const struct stat *st = &look->st;
        g_autofree char *tag = g_strdup_printf("\"%llx-%llx-%llx.%lx\"", (unsigned long long)st->st_ino,
                                               (unsigned long long)st->st_size,
                                               (unsigned long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec);
        const char *known = exchange_header(exchange, "If-None-Match");

        exchange_add_header(exchange, "ETag", tag);
        exchange_add_header(exchange, "Vary", "Accept-Encoding");
        exchange_add_header(exchange, "Cache-Control",
                            g_str_has_prefix(look->path, ASSETS) ? "public, max-age=31536000, immutable"
                                                                 : "no-cache");
        if (known != NULL && strstr(known, tag) != NULL) {
                exchange_answer(exchange, SOUP_STATUS_NOT_MODIFIED, NULL, NULL);
                return;
        }
        if (look->is_gzip)
                exchange_add_header(exchange, "Content-Encoding", "gzip");
        exchange_answer_stream(exchange, SOUP_STATUS_OK, type_of(look->path),
                               g_unix_input_stream_new(g_steal_fd(&look->fd), TRUE), (uint64_t)st->st_size);
}

static void on_looked(GObject *source, GAsyncResult *result, gpointer user_data)
{
        Look *look = g_task_get_task_data(G_TASK(result));
        Exchange *exchange = look->exchange;
        const char *path;

        (void)source;
        (void)user_data;
        if (exchange == NULL)
                return;
        exchange_set_gone(exchange, NULL, NULL);
        path = exchange_head(exchange)->path;
        if (strcmp(path, "/") == 0 && !look->is_installed) {
                documents_run(exchange, NULL);
        } else if (strcmp(path, "/") == 0) {
                redirect(exchange);
        } else {
                add_headers(exchange);
                if (look->fd >= 0)
                        send_file(look);
                else if (!look->is_installed)
                        exchange_answer(exchange, SOUP_STATUS_NOT_FOUND, "text/html; charset=utf-8",
                                        g_string_new(not_installed));
                else
                        exchange_refuse(exchange, SOUP_STATUS_NOT_FOUND, "the web client has no such file");
        }
}

static void on_gone(gpointer data)
{
        ((Look *)data)->exchange = NULL;
}

void web_begin(Server *server, Exchange *exchange)
{
        const char *path = exchange_head(exchange)->path;
        const char *below = g_str_has_prefix(path, PREFIX) ? path + strlen(PREFIX) : "";
        g_autoptr(GTask) task = NULL;
        Look *look;

        if (strcmp(path, "/ui") == 0) {
                redirect(exchange);
                return;
        }
        look = g_new0(Look, 1);
        look->exchange = exchange;
        look->folder = g_strdup(config_web_dir(api_parts(server_api(server))->config));
        look->path = g_strdup(*below != '\0' ? below : INDEX);
        look->takes_gzip = exchange_accepts_gzip(exchange);
        look->fd = -1;
        exchange_set_gone(exchange, on_gone, look);
        task = g_task_new(NULL, NULL, on_looked, NULL);
        g_task_set_task_data(task, look, look_free);
        g_task_run_in_thread(task, work);
}
