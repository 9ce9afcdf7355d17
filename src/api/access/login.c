/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Login: an attempt waits for its turn (throttle.h), is checked in a thread, and is answered. Whoever fails
 * is not told why, nor can he tell it from how long it takes.
 */
#include "api/access/login.h"

#include <string.h>

#include "api/access/password.h"
#include "api/access/throttle.h"
#include "api/manager/session-event.h"
#include "inventory/account.h"

#define THREADS_MAX 4
/* Attempts that wait for their turn or are being checked. */
#define ATTEMPTS_MAX 256
/* Others at a name slow its owner as well, so not for long; an address is its user's own fault. */
#define NAME_LONGEST_US    (4 * INT64_C(1000000))
#define ADDRESS_LONGEST_US (15 * INT64_C(1000000))
#define WAIT_MAX_US        (30 * INT64_C(1000000))

typedef struct Logins {
        Throttle *names, *addresses;
        GThreadPool *threads;
        GHashTable *attempts; /* Attempt to itself: those not answered */
} Logins;

typedef struct Attempt {
        Logins *logins;   /* NULL: the API has ended */
        Request *request; /* NULL: it was answered; the thread does not look at it */
        guint timer;
        char *user, *password;
        char *hash; /* NULL: see next */
        bool is_host_user, is_right;
        bool is_checking; /* a thread has it */
} Attempt;

static Logins *logins_of(const Api *api)
{
        return api_get_data(api, "login");
}

static void attempt_free(Attempt *attempt)
{
        explicit_bzero(attempt->password, strlen(attempt->password));
        g_free(attempt->password);
        g_free(attempt->user);
        g_free(attempt->hash);
        g_free(attempt);
}

static void refuse(Request *request)
{
        request_fault(request, vim_new_fault("InvalidLogin"),
                      "Cannot complete login due to an incorrect user name or password.");
}

static void refuse_many(Request *request)
{
        request_fault(request, vim_new_fault("InvalidLogin"),
                      "too many attempts to log in; try again in a minute");
}

void login_succeed(Request *request, const char *user, const char *full_name, Role role)
{
        Session *session = request_client(request);
        VimValue *fault;

        if (role == ROLE_NONE) {
                fault = vim_new_fault("NoPermission");
                vim_set(fault, "object", managed_reference(request_target(request)));
                vim_set_text(fault, "privilegeId", "System.View");
                request_fault(request, fault,
                              "\"%s\" has no role here; an administrator gives one: 'aerostat account role'",
                              user);
        } else if (session == NULL ||
                   !session_manager_open(request_api(request), session, user, full_name, role)) {
                request_fault(request, vim_new_fault("SystemError"),
                              "there are %d sessions already; one is to log out first", SESSIONS_MAX);
        } else {
                session_event_login(request_api(request), session);
                request_return(request, session_value(session));
        }
}

/* The role that the account has now, whatever it was when the attempt began. */
static void finish(Attempt *attempt)
{
        Request *request = attempt->request;
        Api *api = request_api(request);
        Logins *logins = attempt->logins;
        g_autoptr(Account) account =
                attempt->is_right ? account_get(api_parts(api)->inventory, attempt->user, NULL) : NULL;

        if (account == NULL) {
                session_event_refused(api, attempt->user,
                                      request_client(request) != NULL ? request_client(request)->address
                                                                      : NULL);
                refuse(request);
                return;
        }
        throttle_clear(logins->names, attempt->user);
        if (request_client(request) != NULL)
                throttle_clear(logins->addresses, request_client(request)->address);
        login_succeed(request, account->name, account->full_name, (Role)account->role);
}

static gboolean on_checked(gpointer user_data)
{
        Attempt *attempt = user_data;

        if (attempt->logins != NULL) {
                (void)g_hash_table_remove(attempt->logins->attempts, attempt);
                if (attempt->request != NULL)
                        finish(attempt);
        }
        attempt_free(attempt);
        return G_SOURCE_REMOVE;
}

static void check(gpointer data, gpointer user_data)
{
        Attempt *attempt = data;

        (void)user_data;
        attempt->is_right = attempt->is_host_user ? password_is_host_user(attempt->user, attempt->password)
                                                  : password_matches(attempt->password, attempt->hash);
        (void)g_idle_add(on_checked, attempt);
}

static gboolean on_turn(gpointer user_data)
{
        Attempt *attempt = user_data;
        Inventory *inventory = api_parts(request_api(attempt->request))->inventory;
        g_autoptr(Account) account = account_get(inventory, attempt->user, NULL);

        attempt->timer = 0;
        attempt->is_checking = true;
        if (account != NULL) {
                attempt->hash = g_strdup(account->hash);
                attempt->is_host_user = account->hash == NULL;
        }
        (void)g_thread_pool_push(attempt->logins->threads, attempt, NULL);
        return G_SOURCE_REMOVE;
}

static void on_cancel(Request *request, gpointer data)
{
        Attempt *attempt = data;

        attempt->request = NULL;
        if (attempt->timer != 0)
                (void)g_source_remove(attempt->timer);
        if (!attempt->is_checking) {
                (void)g_hash_table_remove(attempt->logins->attempts, attempt);
                attempt_free(attempt);
        }
        request_fault(request, vim_new_fault("RequestCanceled"), "the login was given up");
}

static int64_t turn(Logins *logins, Request *request, const char *user)
{
        int64_t now_us = g_get_monotonic_time();
        int64_t name_us = throttle_take(logins->names, user, now_us), address_us = 0;

        if (request_client(request) != NULL)
                address_us = throttle_take(logins->addresses, request_client(request)->address, now_us);
        return MAX(name_us, address_us);
}

void login_handle(Request *request)
{
        Logins *logins = logins_of(request_api(request));
        const char *user = request_arg_text(request, "userName");
        const char *password = request_arg_text(request, "password");
        Attempt *attempt;
        int64_t wait_us;

        if (request_session(request) != NULL) {
                request_fault(request, vim_new_fault("InvalidState"),
                              "\"%s\" is logged in already in this session: log out first",
                              request_session(request)->user);
                return;
        }
        if (strlen(user) > ACCOUNT_NAME_MAX || strlen(password) > PASSWORD_MAX) {
                refuse(request);
                return;
        }
        wait_us = turn(logins, request, user);
        if (g_hash_table_size(logins->attempts) >= ATTEMPTS_MAX || wait_us > WAIT_MAX_US) {
                refuse_many(request);
                return;
        }
        attempt = g_new0(Attempt, 1);
        attempt->logins = logins;
        attempt->request = request;
        attempt->user = g_strdup(user);
        attempt->password = g_strdup(password);
        g_hash_table_add(logins->attempts, attempt);
        request_set_cancel(request, on_cancel, attempt);
        attempt->timer = g_timeout_add((guint)(wait_us / 1000), on_turn, attempt);
}

void login_start(Api *api)
{
        Logins *logins = g_new0(Logins, 1);

        logins->names = throttle_new(NAME_LONGEST_US);
        logins->addresses = throttle_new(ADDRESS_LONGEST_US);
        logins->attempts = g_hash_table_new(NULL, NULL);
        logins->threads = g_thread_pool_new(check, NULL, THREADS_MAX, FALSE, NULL);
        api_set_data(api, "login", logins);
}

/* Nobody waits for an answer any more: the server has gone before the API. */
void login_stop(Api *api)
{
        Logins *logins = logins_of(api);
        GHashTableIter iter;
        gpointer attempt;

        g_hash_table_iter_init(&iter, logins->attempts);
        while (g_hash_table_iter_next(&iter, &attempt, NULL))
                ((Attempt *)attempt)->logins = NULL;
        /* A thread may wait long for PAM; it has all it needs. */
        g_thread_pool_free(logins->threads, TRUE, FALSE);
        g_hash_table_unref(logins->attempts);
        throttle_free(logins->names);
        throttle_free(logins->addresses);
        g_free(logins);
}
