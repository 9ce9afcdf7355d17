/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* HostLocalAccountManager and UserDirectory: the accounts that can log in. */
#include "inventory/account.h"

#include <string.h>

#include "api/access/access.h"
#include "api/access/password.h"
#include "api/access/session-manager.h"

#define RESULTS_MAX 1000

/* A request that waits for its password to be hashed, which takes long on purpose. */
typedef struct Hashing {
        Request *request;
        char *password, *hash;
        GError *error;
        void (*next)(Request *request, char *hash); /* takes it */
} Hashing;

static gboolean on_hashed(gpointer user_data)
{
        Hashing *hashing = user_data;

        if (hashing->hash != NULL)
                hashing->next(hashing->request, g_steal_pointer(&hashing->hash));
        else
                request_fail(hashing->request, hashing->error);
        explicit_bzero(hashing->password, strlen(hashing->password));
        g_free(hashing->password);
        g_clear_error(&hashing->error);
        g_free(hashing);
        return G_SOURCE_REMOVE;
}

static gpointer hash(gpointer data)
{
        Hashing *hashing = data;

        hashing->hash = password_hash(hashing->password, &hashing->error);
        (void)g_idle_add(on_hashed, hashing);
        return NULL;
}

static void hash_and(Request *request, void (*next)(Request *request, char *hash))
{
        const char *password = vim_get_text(request_arg(request, "user"), "password");
        Hashing *hashing;

        if (password == NULL) {
                next(request, NULL);
        } else if (password[0] == '\0' || strlen(password) > PASSWORD_MAX) {
                request_invalid(request, "user.password", "a password has 1 to %d bytes", PASSWORD_MAX);
        } else {
                hashing = g_new0(Hashing, 1);
                hashing->request = request;
                hashing->password = g_strdup(password);
                hashing->next = next;
                g_thread_unref(g_thread_new("password", hash, hashing));
        }
}

/* --- HostLocalAccountManager --- */

static const char *spec_id(const Request *request)
{
        return vim_get_text(request_arg(request, "user"), "id");
}

static void fail(Request *request, const GError *error)
{
        VimValue *fault;

        if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_EXISTS)) {
                fault = vim_new_fault("AlreadyExists");
                vim_set_text(fault, "name", spec_id(request));
        } else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)) {
                fault = vim_new_fault("UserNotFound");
                vim_set_text(fault, "principal",
                             strcmp(request_method(request)->name, "RemoveUser") == 0
                                     ? request_arg_text(request, "userName")
                                     : spec_id(request));
                vim_set_bool(fault, "unresolved", false);
        } else {
                fault = fault_of(error);
        }
        request_fault(request, fault, "%s", error->message);
}

static void create_hashed(Request *request, char *hash)
{
        const ApiParts *parts = api_parts(request_api(request));
        const char *description = vim_get_text(request_arg(request, "user"), "description");
        g_autoptr(Account) account = g_new0(Account, 1);
        g_autoptr(GError) error = NULL;

        account->name = g_strdup(spec_id(request));
        account->full_name = g_strdup(description != NULL ? description : "");
        account->hash = hash;
        account->role = ROLE_NONE;
        account->made_ms = g_get_real_time() / 1000;
        if (!account_add(parts->inventory, account, &error)) {
                fail(request, error);
                return;
        }
        journal_add(parts->journal, "account", NULL, "account \"%s\" was made", account->name);
        request_return(request, NULL);
}

static void update_hashed(Request *request, char *hash)
{
        Api *api = request_api(request);
        const ApiParts *parts = api_parts(api);
        const char *description = vim_get_text(request_arg(request, "user"), "description");
        g_autofree char *taken = hash;
        g_autoptr(GError) error = NULL;
        g_autoptr(Account) account = account_get(parts->inventory, spec_id(request), &error);

        if (account != NULL && description != NULL) {
                g_free(account->full_name);
                account->full_name = g_strdup(description);
        }
        if (account != NULL && hash != NULL) {
                g_free(account->hash);
                account->hash = g_steal_pointer(&taken);
        }
        if (account == NULL || !account_change(parts->inventory, account, &error)) {
                fail(request, error);
                return;
        }
        journal_add(parts->journal, "account", NULL, "account \"%s\" was changed", account->name);
        request_return(request, NULL);
}

static void create(Request *request)
{
        hash_and(request, create_hashed);
}

static void update(Request *request)
{
        hash_and(request, update_hashed);
}

static void remove_user(Request *request)
{
        Api *api = request_api(request);
        const ApiParts *parts = api_parts(api);
        const char *name = request_arg_text(request, "userName");
        g_autoptr(GError) error = NULL;

        if (!account_remove(parts->inventory, name, &error)) {
                fail(request, error);
                return;
        }
        journal_add(parts->journal, "account", NULL, "account \"%s\" was removed", name);
        session_manager_set_role(api, name, ROLE_NONE);
        request_return(request, NULL);
}

/* --- UserDirectory --- */

static bool is_wanted(const Account *account, const char *text, bool exact)
{
        g_autofree char *name = g_utf8_casefold(account->name, -1), *part = g_utf8_casefold(text, -1),
                        *full_name = g_utf8_casefold(account->full_name, -1);

        return exact ? strcmp(name, part) == 0
                     : strstr(name, part) != NULL || strstr(full_name, part) != NULL;
}

static VimValue *result_of(const Account *account)
{
        VimValue *value = vim_new_object("UserSearchResult");

        vim_set_text(value, "principal", account->name);
        vim_set_text(value, "fullName", account->full_name);
        vim_set_bool(value, "group", false);
        return value;
}

static void retrieve(Request *request)
{
        const char *domain = request_arg_text(request, "domain");
        const char *text = request_arg_text(request, "searchStr");
        bool exact = request_arg_bool(request, "exactMatch", false);
        g_autoptr(GPtrArray) accounts = NULL;
        g_autoptr(GError) error = NULL;
        VimValue *list;

        if ((domain != NULL && domain[0] != '\0') || request_arg(request, "belongsToGroup") != NULL) {
                request_fault(request, vim_new_fault("NotFound"), "there are no domains and no groups");
                return;
        }
        accounts = account_list(api_parts(request_api(request))->inventory, &error);
        if (accounts == NULL) {
                request_fail(request, error);
                return;
        }
        list = vim_new_list("UserSearchResult");
        for (unsigned i = 0; i < accounts->len && vim_length(list) < RESULTS_MAX; i++)
                if (request_arg_bool(request, "findUsers", false) &&
                    request_arg(request, "belongsToUser") == NULL &&
                    is_wanted(accounts->pdata[i], text, exact))
                        vim_add(list, result_of(accounts->pdata[i]));
        request_return(request, list);
}

static const Handler handlers[] = {
        {"HostLocalAccountManager", "CreateUser", create},
        {"HostLocalAccountManager", "UpdateUser", update},
        {"HostLocalAccountManager", "RemoveUser", remove_user},
        {"UserDirectory", "RetrieveUserGroups", retrieve, "System.View"},
        {NULL},
};

static bool start(Api *api, GError **error)
{
        Managed *directory = world_add(api_world(api), "UserDirectory", "UserDirectory", NULL);

        (void)error;
        (void)world_add(api_world(api), "HostLocalAccountManager", "HostLocalAccountManager", NULL);
        managed_set(directory, "domainList", vim_new_list("string"));
        return true;
}

const ApiModule account_module = {.name = "account", .handlers = handlers, .start = start};
