/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which file is meant, and who asks: by a session, a ticket, or a name and password with each request. */
#include "server/folder.h"

#include <string.h>
#include <unistd.h>

#include "api/access/ticket.h"
#include "inventory/catalog.h"
#include "server/folder-internal.h"
#include "storage/datastore-path.h"

#define PREFIX "/folder"

/* --- jobs --- */

void folder_job_free(FolderJob *job)
{
        if (job->exchange != NULL)
                exchange_set_gone(job->exchange, NULL, NULL);
        if (job->fd >= 0)
                (void)close(job->fd);
        if (job->partial_is_there)
                (void)store_file_remove(job->partial, NULL);
        g_clear_pointer(&job->file, store_file_free);
        g_clear_pointer(&job->partial, store_file_free);
        g_clear_error(&job->error);
        if (job->list != NULL)
                g_string_free(job->list, TRUE);
        g_free(job);
}

typedef struct Step {
        FolderJob *job;
        void (*work)(FolderJob *job), (*next)(FolderJob *job);
} Step;

static void work(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
        Step *step = data;

        (void)source;
        (void)cancellable;
        step->work(step->job);
        g_task_return_boolean(task, TRUE);
}

static void on_worked(GObject *source, GAsyncResult *result, gpointer user_data)
{
        const Step *step = g_task_get_task_data(G_TASK(result));

        (void)source;
        (void)user_data;
        step->next(step->job);
}

void folder_job_run(FolderJob *job, void (*run)(FolderJob *job), void (*next)(FolderJob *job))
{
        g_autoptr(GTask) task = g_task_new(NULL, NULL, on_worked, NULL);
        Step *step = g_new(Step, 1);

        *step = (Step){.job = job, .work = run, .next = next};
        g_task_set_task_data(task, step, g_free);
        g_task_run_in_thread(task, work);
}

static unsigned status_of(const GError *error)
{
        if (error->domain != G_IO_ERROR)
                return SOUP_STATUS_INTERNAL_SERVER_ERROR;
        switch (error->code) {
        case G_IO_ERROR_NOT_FOUND:
                return SOUP_STATUS_NOT_FOUND;
        case G_IO_ERROR_INVALID_ARGUMENT:
        case G_IO_ERROR_FILENAME_TOO_LONG:
                return SOUP_STATUS_BAD_REQUEST;
        case G_IO_ERROR_NOT_SUPPORTED:
        case G_IO_ERROR_PERMISSION_DENIED:
                return SOUP_STATUS_FORBIDDEN;
        case G_IO_ERROR_BUSY:
        case G_IO_ERROR_EXISTS:
        case G_IO_ERROR_IS_DIRECTORY:
                return SOUP_STATUS_CONFLICT;
        case G_IO_ERROR_NO_SPACE:
                return SOUP_STATUS_INSUFFICIENT_STORAGE;
        default:
                return SOUP_STATUS_INTERNAL_SERVER_ERROR;
        }
}

void folder_job_fail(FolderJob *job)
{
        if (job->exchange != NULL)
                exchange_refuse(job->exchange, status_of(job->error), "%s", job->error->message);
        folder_job_free(job);
}

static void on_gone(gpointer data)
{
        ((FolderJob *)data)->exchange = NULL;
}

/* --- which file --- */

static bool is_our_datacenter(World *world, const char *path)
{
        const Managed *datacenter = world_find_key(world, "Datacenter", "host");
        const VimValue *name = datacenter != NULL ? managed_peek(datacenter, "name") : NULL;

        /* "ha-datacenter" is what clients of an ESX say. */
        return name == NULL || strcmp(path + (path[0] == '/'), name->text) == 0 ||
               strcmp(path, "ha-datacenter") == 0;
}

/* NULL: answered. */
static StoreFile *find_file(const Api *api, Exchange *exchange, const char *store)
{
        const Head *head = exchange_head(exchange);
        g_autofree char *datacenter = head_query_value(head->query, "dcPath");
        g_autofree char *text = NULL, *name = NULL, *rest = NULL, *root = NULL;
        const char *path = head->path + strlen(PREFIX);
        g_autoptr(GError) error = NULL;

        text = g_strdup_printf("[%s] %s", store, path + (path[0] == '/'));
        if (datacenter != NULL && !is_our_datacenter(api_world(api), datacenter)) {
                exchange_refuse(exchange, SOUP_STATUS_NOT_FOUND, "there is no datacenter \"%.100s\"",
                                datacenter);
                return NULL;
        }
        if (!datastore_parse_folder(text, &name, &rest, &error)) {
                exchange_refuse(exchange, SOUP_STATUS_BAD_REQUEST, "%s", error->message);
                return NULL;
        }
        root = datastore_path(api_parts(api)->inventory, name, &error);
        if (root != NULL)
                return store_file_new(name, root, rest);
        exchange_refuse(exchange, SOUP_STATUS_NOT_FOUND, "there is no datastore \"%.100s\"", name);
        return NULL;
}

/* What there is to choose from. */
static void list_datastores(const Api *api, Exchange *exchange)
{
        g_autoptr(GPtrArray) all = datastore_list(api_parts(api)->inventory, NULL);
        GString *page =
                g_string_new("<!DOCTYPE html>\n<html><head><title>Datastores</title></head><body>\n");

        for (unsigned i = 0; all != NULL && i < all->len; i++) {
                const NamedText *one = all->pdata[i];
                g_autofree char *query = g_uri_escape_string(one->name, NULL, FALSE);
                g_autofree char *shown = g_markup_escape_text(one->name, -1);

                g_string_append_printf(page, "<a href=\"%s?dsName=%s\">%s</a><br>\n", PREFIX, query, shown);
        }
        g_string_append(page, "</body></html>\n");
        exchange_answer(exchange, SOUP_STATUS_OK, "text/html; charset=utf-8", page);
}

/* Of who is allowed to. */
static void serve(Server *server, Exchange *exchange)
{
        Api *api = server_api(server);
        g_autofree char *store = head_query_value(exchange_head(exchange)->query, "dsName");
        bool reads = exchange_is(exchange, "GET") || exchange_is(exchange, "HEAD");
        StoreFile *file;
        FolderJob *job;

        if (store == NULL && reads && strlen(exchange_head(exchange)->path) <= strlen(PREFIX "/")) {
                list_datastores(api, exchange);
                return;
        }
        if (store == NULL) {
                exchange_refuse(exchange, SOUP_STATUS_BAD_REQUEST,
                                "%s/PATH?dsName=DATASTORE: which datastore is not said", PREFIX);
                return;
        }
        file = find_file(api, exchange, store);
        if (file == NULL)
                return;
        job = g_new0(FolderJob, 1);
        job->api = api;
        job->exchange = exchange;
        job->file = file;
        job->fd = -1;
        exchange_set_gone(exchange, on_gone, job);
        if (reads)
                folder_job_read(job);
        else if (exchange_is(exchange, "PUT"))
                folder_job_put(job);
        else
                folder_job_delete(job);
}

/* --- who asks --- */

static const char *privilege_of(const Exchange *exchange)
{
        return exchange_is(exchange, "PUT") || exchange_is(exchange, "DELETE") ? "Datastore.FileManagement"
                                                                               : "Datastore.Browse";
}

static void authorize(Server *server, Exchange *exchange)
{
        const Session *session = route_session(exchange);

        if (role_has(session->role, privilege_of(exchange)))
                serve(server, exchange);
        else
                exchange_refuse(exchange, SOUP_STATUS_FORBIDDEN, "\"%s\" has not the privilege %s",
                                session->user, privilege_of(exchange));
}

static void ask_for_password(Exchange *exchange)
{
        exchange_add_header(exchange, "WWW-Authenticate", "Basic realm=\"aerostat\", charset=\"UTF-8\"");
        exchange_refuse(exchange, SOUP_STATUS_UNAUTHORIZED, "log in first, or send a name and a password");
}

/* Of one request. */
typedef struct Login {
        Server *server; /* gone, too, when the exchange is */
        Api *api;
        Exchange *exchange; /* NULL: gone */
        Session *session;
        Request *request; /* NULL: being started, or answered */
} Login;

static void on_login_gone(gpointer data)
{
        Login *login = data;

        login->exchange = NULL;
        if (login->request != NULL)
                request_cancel(login->request);
}

static void on_logged_in(const VimValue *result, const VimValue *fault, const char *message,
                         gpointer user_data)
{
        Login *login = user_data;
        Exchange *exchange = login->exchange;

        (void)result;
        (void)message;
        if (exchange == NULL) {
                session_manager_close(login->api, login->session); /* nobody has heard of it */
        } else {
                exchange_set_gone(exchange, NULL, NULL);
                route_set_brief_session(login->server, exchange, login->session);
                if (fault == NULL)
                        authorize(login->server, exchange);
                else
                        ask_for_password(exchange);
        }
        session_unref(login->session);
        g_free(login);
}

static void log_in(Server *server, Exchange *exchange, const char *user, const char *password)
{
        Api *api = server_api(server);
        Managed *manager = world_find(api_world(api), "SessionManager");
        VimValue *args[] = {vim_new_string(user), vim_new_string(password), NULL};
        Login *login = g_new0(Login, 1);

        login->server = server;
        login->api = api;
        login->exchange = exchange;
        login->session = session_new(exchange_address(exchange), exchange_header(exchange, "User-Agent"));
        exchange_set_gone(exchange, on_login_gone, login);
        /* A login waits for a thread: it is not answered at once, unless it is refused. */
        Request *request = request_start(api, login->session, VIM_NEWEST, manager,
                                         vim_type_method(manager->type, "Login"), args, on_logged_in, login);
        if (request != NULL)
                login->request = request;
}

/* "Basic base64(user:password)". False: it is none. */
static bool read_basic(const Exchange *exchange, char **ret_user, char **ret_password)
{
        const char *sent = exchange_header(exchange, "Authorization");
        g_autofree guchar *bytes = NULL;
        g_autofree char *text = NULL;
        const char *colon;
        gsize size;

        if (sent == NULL || g_ascii_strncasecmp(sent, "Basic ", strlen("Basic ")) != 0)
                return false;
        bytes = g_base64_decode(sent + strlen("Basic "), &size);
        text = bytes != NULL ? g_strndup((const char *)bytes, size) : NULL;
        colon = text != NULL && g_utf8_validate(text, -1, NULL) ? strchr(text, ':') : NULL;
        if (colon == NULL)
                return false;
        *ret_user = g_strndup(text, (gsize)(colon - text));
        *ret_password = g_strdup(colon + 1);
        return true;
}

void folder_begin(Server *server, Exchange *exchange)
{
        g_autofree char *ticket = route_cookie(exchange, "vmware_cgi_ticket"), *user = NULL,
                        *password = NULL;
        g_autoptr(Session) session = NULL;

        if (route_session(exchange)->role != ROLE_NONE) {
                authorize(server, exchange);
        } else if (ticket != NULL) {
                session = ticket_use(server_api(server), ticket, exchange_head(exchange)->method,
                                     exchange_head(exchange)->target);
                if (session != NULL) {
                        route_set_session(server, exchange, session);
                        authorize(server, exchange);
                } else {
                        exchange_refuse(exchange, SOUP_STATUS_UNAUTHORIZED,
                                        "the ticket is not good (any more) for this request");
                }
        } else if (read_basic(exchange, &user, &password)) {
                log_in(server, exchange, user, password);
        } else {
                ask_for_password(exchange);
        }
}
