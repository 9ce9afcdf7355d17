/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SessionManager: the sessions there are, and their ends. How one begins: login.c. */
#include "api/access/session-manager.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "api/access/access.h"
#include "api/access/login.h"
#include "api/access/ticket.h"
#include "api/manager/session-event.h"

#define SWEEP_S     10
#define KEY_BYTES   20 /* as long as VMware's */
#define LOCALE      "en"
#define LOCALE_MAX  32
#define MESSAGE_MAX 4096

typedef struct Sessions {
        Api *api;
        GHashTable *by_key; /* key, borrowed, to Session, a reference */
        guint sweep;
} Sessions;

static Sessions *sessions_of(const Api *api)
{
        return api_get_data(api, "session-manager");
}

char *session_manager_random(void)
{
        unsigned char random[KEY_BYTES];
        GString *text = g_string_new(NULL);

        if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
                g_error("the kernel gives no random numbers: %s", g_strerror(errno));
        for (size_t i = 0; i < sizeof random; i++)
                g_string_append_printf(text, "%02x", random[i]);
        return g_string_free(text, FALSE);
}

/* --- beginning and end --- */

Session *session_manager_find(Api *api, const char *key)
{
        Session *session = g_hash_table_lookup(sessions_of(api)->by_key, key);

        if (session != NULL)
                session->active_ms = g_get_real_time() / 1000;
        return session;
}

Session *session_manager_by_id(Api *api, const char *id)
{
        const Sessions *sessions = sessions_of(api);
        GHashTableIter iter;
        gpointer session;

        g_hash_table_iter_init(&iter, sessions->by_key);
        while (g_hash_table_iter_next(&iter, NULL, &session))
                if (strcmp(((Session *)session)->id, id) == 0)
                        return session;
        return NULL;
}

bool session_manager_open(Api *api, Session *session, const char *user, const char *full_name, Role role)
{
        Sessions *sessions = sessions_of(api);

        g_assert(session->key == NULL && role != ROLE_NONE);
        if (g_hash_table_size(sessions->by_key) >= SESSIONS_MAX)
                return false;
        session->key = session_manager_random();
        session->id = g_uuid_string_random();
        session->user = g_strdup(user);
        session->full_name = g_strdup(full_name);
        session->locale = g_strdup(LOCALE);
        session->role = role;
        session->login_ms = session->active_ms = g_get_real_time() / 1000;
        g_hash_table_insert(sessions->by_key, session->key, session_ref(session));
        return true;
}

static void cancel_running(Session *session)
{
        g_autoptr(GPtrArray) all = g_ptr_array_new();

        for (GList *link = session->running.head; link != NULL; link = link->next)
                g_ptr_array_add(all, link->data);
        for (unsigned i = 0; i < all->len; i++)
                /* One may have ended another. */
                if (g_queue_find(&session->running, all->pdata[i]) != NULL)
                        request_cancel(all->pdata[i]);
}

static void remove_objects(Session *session)
{
        for (unsigned i = 0; i < session->owned->len; i++) {
                world_remove(session->owned->pdata[i]);
                managed_unref(session->owned->pdata[i]);
        }
        g_ptr_array_set_size(session->owned, 0);
}

void session_manager_close(Api *api, Session *session)
{
        Sessions *sessions = sessions_of(api);

        if (session->has_ended || session->key == NULL)
                return;
        session->has_ended = true;
        (void)session_ref(session);
        if (g_hash_table_remove(sessions->by_key, session->key))
                session_unref(session);
        /* Who came by the Unix socket has not logged in. */
        if (strcmp(session->address, SESSION_LOCAL) != 0)
                session_event_logout(api, session);
        cancel_running(session);
        session_tell_end(session);
        remove_objects(session);
        session_unref(session);
}

void session_manager_set_role(Api *api, const char *user, Role role)
{
        g_autoptr(GList) all = g_hash_table_get_values(sessions_of(api)->by_key);

        for (GList *one = all; one != NULL; one = one->next) {
                Session *session = one->data;

                /* Not those who came by the Unix socket: they have no account. */
                if (strcmp(session->user, user) != 0 || strcmp(session->address, SESSION_LOCAL) == 0)
                        continue;
                if (role == ROLE_NONE)
                        session_manager_close(api, session);
                else
                        session->role = role;
        }
}

static gboolean sweep(gpointer user_data)
{
        Sessions *sessions = user_data;
        g_autoptr(GList) all = g_hash_table_get_values(sessions->by_key);
        int64_t oldest_ms = g_get_real_time() / 1000 -
                            (int64_t)config_session_timeout(api_parts(sessions->api)->config) * 1000;

        for (GList *one = all; one != NULL; one = one->next) {
                Session *session = one->data;

                /* Who waits for an answer, or looks at a console, is not idle. Who came by the Unix socket
                 * goes with his connection. */
                if (session->running.length > 0 || session->consoles > 0)
                        session->active_ms = g_get_real_time() / 1000;
                else if (session->active_ms < oldest_ms && strcmp(session->address, SESSION_LOCAL) != 0)
                        session_manager_close(sessions->api, session);
        }
        return G_SOURCE_CONTINUE;
}

/* --- values --- */

VimValue *session_value(const Session *session)
{
        VimValue *value = vim_new_object("UserSession");

        vim_set_text(value, "key", session->id);
        vim_set_text(value, "userName", session->user);
        vim_set_text(value, "fullName", session->full_name);
        vim_set(value, "loginTime", vim_new_time_ms(session->login_ms));
        vim_set(value, "lastActiveTime", vim_new_time_ms(session->active_ms));
        vim_set_text(value, "locale", session->locale);
        vim_set_text(value, "messageLocale", session->locale);
        vim_set_bool(value, "extensionSession", false);
        vim_set_text(value, "ipAddress", session->address);
        vim_set_text(value, "userAgent", session->agent != NULL ? session->agent : "");
        vim_set_int(value, "callCount", session->calls);
        return value;
}

static VimValue *get_list(const Managed *managed, Session *session)
{
        VimValue *list = vim_new_list("UserSession");
        GHashTableIter iter;
        gpointer one;

        (void)session;
        g_hash_table_iter_init(&iter, ((Sessions *)managed->subject)->by_key);
        while (g_hash_table_iter_next(&iter, NULL, &one))
                vim_add(list, session_value(one));
        return list;
}

static VimValue *get_current(const Managed *managed, Session *session)
{
        (void)managed;
        return session != NULL && session->role != ROLE_NONE ? session_value(session) : NULL;
}

/* --- methods --- */

static void logout(Request *request)
{
        /* It stays while this request is answered. */
        session_manager_close(request_api(request), request_session(request));
        request_return(request, NULL);
}

static void terminate(Request *request)
{
        const VimValue *ids = request_arg(request, "sessionId");
        Api *api = request_api(request);

        for (unsigned i = 0; i < vim_length(ids); i++) {
                const Session *session = session_manager_by_id(api, vim_item(ids, i)->text);

                if (session == NULL) {
                        request_fault(request, vim_new_fault("NotFound"), "there is no session \"%.100s\"",
                                      vim_item(ids, i)->text);
                        return;
                }
                if (session == request_session(request)) {
                        request_invalid(request, "sessionId", "a session cannot terminate itself: log out");
                        return;
                }
        }
        for (unsigned i = 0; i < vim_length(ids); i++) {
                Session *session = session_manager_by_id(api, vim_item(ids, i)->text);

                if (session != NULL) /* it may have been named twice */
                        session_manager_close(api, session);
        }
        request_return(request, NULL);
}

static void is_active(Request *request)
{
        const Session *session =
                session_manager_by_id(request_api(request), request_arg_text(request, "sessionID"));

        request_return(request,
                       vim_new_bool(session != NULL &&
                                    strcmp(session->user, request_arg_text(request, "userName")) == 0));
}

static void set_locale(Request *request)
{
        const char *locale = request_arg_text(request, "locale");

        if (g_ascii_strncasecmp(locale, LOCALE, strlen(LOCALE)) != 0 || strlen(locale) > LOCALE_MAX)
                request_fault(request, vim_new_fault("InvalidLocale"),
                              "\"%.50s\" is not among the locales: \"%s\" is", locale, LOCALE);
        else
                request_return(request, NULL);
}

static void update_message(Request *request)
{
        const char *message = request_arg_text(request, "message");

        if (strlen(message) > MESSAGE_MAX) {
                request_invalid(request, "message", "a message has at most %d bytes", MESSAGE_MAX);
                return;
        }
        managed_set_text(request_target(request), "message", message);
        request_return(request, NULL);
}

static const Handler handlers[] = {
        {"SessionManager", "Login", login_handle},
        {"SessionManager", "Logout", logout},
        {"SessionManager", "TerminateSession", terminate},
        {"SessionManager", "SessionIsActive", is_active},
        {"SessionManager", "SetLocale", set_locale},
        {"SessionManager", "UpdateServiceMessage", update_message},
        {"SessionManager", "AcquireCloneTicket", ticket_clone},
        {"SessionManager", "CloneSession", ticket_clone_session},
        {"SessionManager", "AcquireGenericServiceTicket", ticket_for_service},
        {NULL},
};

static VimValue *locales(void)
{
        VimValue *list = vim_new_list("string");

        vim_add(list, vim_new_string(LOCALE));
        return list;
}

static bool start(Api *api, GError **error)
{
        Managed *managed = world_add(api_world(api), "SessionManager", "SessionManager", NULL);
        Sessions *sessions = g_new0(Sessions, 1);

        (void)error;
        sessions->api = api;
        sessions->by_key = g_hash_table_new(g_str_hash, g_str_equal);
        sessions->sweep = g_timeout_add_seconds(MIN(SWEEP_S, config_session_timeout(api_parts(api)->config)),
                                                sweep, sessions);
        managed->subject = sessions;
        managed_set_get(managed, "sessionList", get_list);
        managed_set_get(managed, "currentSession", get_current);
        managed_set_text(managed, "message", "");
        managed_set(managed, "messageLocaleList", locales());
        managed_set(managed, "supportedLocaleList", locales());
        managed_set_text(managed, "defaultLocale", LOCALE);
        api_set_data(api, "session-manager", sessions);
        login_start(api);
        ticket_start(api);
        return true;
}

static void stop(Api *api)
{
        Sessions *sessions = sessions_of(api);
        g_autoptr(GList) all = g_hash_table_get_values(sessions->by_key);

        login_stop(api);
        ticket_stop(api);
        (void)g_source_remove(sessions->sweep);
        for (GList *one = all; one != NULL; one = one->next)
                session_manager_close(api, one->data);
        g_hash_table_unref(sessions->by_key);
        g_free(sessions);
}

const ApiModule session_manager_module = {
        .name = "session-manager", .handlers = handlers, .start = start, .stop = stop};
