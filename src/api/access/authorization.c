/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * AuthorizationManager: every account has one role, on the root folder and so on everything. Roles are
 * those that there are.
 */
#include <string.h>

#include "api/access/access.h"
#include "api/access/role.h"
#include "api/access/session-manager.h"
#include "inventory/account.h"

#define PERMISSIONS_MAX 1000
#define ANSWERS_MAX     10000

static Managed *root_of(const Request *request)
{
        return world_find_key(request_world(request), "Folder", "root");
}

/* --- what there is --- */

static const char *name_in_group(const char *privilege)
{
        return strrchr(privilege, '.') != NULL ? strrchr(privilege, '.') + 1 : privilege;
}

/* Owned. */
static char *group_of(const char *privilege)
{
        const char *dot = strrchr(privilege, '.');

        return dot != NULL ? g_strndup(privilege, (gsize)(dot - privilege)) : g_strdup(privilege);
}

static VimValue *privilege_list(void)
{
        VimValue *list = vim_new_list("AuthorizationPrivilege");

        for (const char *const *privilege = role_privileges(); *privilege != NULL; privilege++) {
                VimValue *value = vim_new_object("AuthorizationPrivilege");
                g_autofree char *group = group_of(*privilege);

                vim_set_text(value, "privId", *privilege);
                vim_set_bool(value, "onParent", false);
                vim_set_text(value, "name", name_in_group(*privilege));
                vim_set_text(value, "privGroupName", group);
                vim_add(list, value);
        }
        return list;
}

static void describe(VimValue *value, const char *label, const char *summary)
{
        vim_set_text(value, "label", label);
        vim_set_text(value, "summary", summary);
}

static VimValue *privileges_of(Role role)
{
        VimValue *list = vim_new_list("string");

        for (const char *const *privilege = role_privileges(); *privilege != NULL; privilege++)
                if (role != ROLE_NONE && role_has(role, *privilege))
                        vim_add(list, vim_new_string(*privilege));
        return list;
}

static VimValue *role_list(void)
{
        VimValue *list = vim_new_list("AuthorizationRole");

        for (unsigned i = 0; i < role_n_names; i++) {
                VimValue *value = vim_new_object("AuthorizationRole"), *info = vim_new_object("Description");

                describe(info, role_names[i].label, role_names[i].summary);
                vim_set_int(value, "roleId", role_names[i].id);
                vim_set_bool(value, "system", true);
                vim_set_text(value, "name", role_names[i].name);
                vim_set(value, "info", info);
                vim_set(value, "privilege", privileges_of(role_names[i].role));
                vim_add(list, value);
        }
        return list;
}

static VimValue *element(const char *key)
{
        VimValue *value = vim_new_object("ElementDescription");

        vim_set_text(value, "key", key);
        describe(value, key, key);
        return value;
}

static VimValue *description(void)
{
        g_autoptr(GHashTable) groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        VimValue *value = vim_new_object("AuthorizationDescription"),
                 *privileges = vim_new_list("ElementDescription"),
                 *group_list = vim_new_list("ElementDescription");

        for (const char *const *privilege = role_privileges(); *privilege != NULL; privilege++) {
                char *group = group_of(*privilege);

                vim_add(privileges, element(*privilege));
                if (!g_hash_table_contains(groups, group))
                        vim_add(group_list, element(group));
                (void)g_hash_table_add(groups, group);
        }
        vim_set(value, "privilege", privileges);
        vim_set(value, "privilegeGroup", group_list);
        return value;
}

/* --- who has which --- */

static VimValue *permission_of(const Request *request, const Account *account)
{
        VimValue *value = vim_new_object("Permission");

        vim_set(value, "entity", managed_reference(root_of(request)));
        vim_set_text(value, "principal", account->name);
        vim_set_bool(value, "group", false);
        vim_set_int(value, "roleId", role_find((Role)account->role)->id);
        vim_set_bool(value, "propagate", true);
        return value;
}

/* role NULL: all. */
static void return_permissions(Request *request, const RoleName *role)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) accounts = account_list(api_parts(request_api(request))->inventory, &error);
        VimValue *list;

        if (accounts == NULL) {
                request_fail(request, error);
                return;
        }
        list = vim_new_list("Permission");
        for (unsigned i = 0; i < accounts->len; i++) {
                const Account *account = accounts->pdata[i];

                if (account->role != ROLE_NONE && (role == NULL || (int)role->role == account->role))
                        vim_add(list, permission_of(request, account));
        }
        request_return(request, list);
}

static void retrieve_all(Request *request)
{
        return_permissions(request, NULL);
}

static void retrieve_of_role(Request *request)
{
        int64_t id = request_arg_int(request, "roleId", 0);
        const RoleName *role = role_find_id((int)id);

        if (role != NULL)
                return_permissions(request, role);
        else
                request_fault(request, vim_new_fault("NotFound"), "there is no role %d; roleList has all",
                              (int)id);
}

static void retrieve_of_entity(Request *request)
{
        bool answered;
        const Managed *entity = request_arg_object(request, "entity", &answered);

        if (answered)
                return;
        if (entity == root_of(request) || request_arg_bool(request, "inherited", false))
                return_permissions(request, NULL);
        else
                request_return(request, NULL);
}

/* --- changing it --- */

/* What accounts are to have: name to a RoleName. NULL: answered. */
static GHashTable *read_permissions(Request *request)
{
        const VimValue *list = request_arg(request, "permission");
        g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);

        if (vim_length(list) > PERMISSIONS_MAX) {
                request_invalid(request, "permission", "more than %d permissions at a time",
                                PERMISSIONS_MAX);
                return NULL;
        }
        for (unsigned i = 0; i < vim_length(list); i++) {
                const VimValue *permission = vim_item(list, i);
                const RoleName *role = role_find_id((int)vim_get_int(permission, "roleId", 0));
                gpointer key, value;

                if (role == NULL) {
                        request_fault(request, vim_new_fault("NotFound"),
                                      "there is no role %d; roleList has all",
                                      (int)vim_get_int(permission, "roleId", 0));
                        return NULL;
                }
                if (vim_get_bool(permission, "group", false)) {
                        request_fault(request, vim_new_fault("NotSupported"),
                                      "\"%.100s\": roles are given to accounts, and not to groups",
                                      vim_get_text(permission, "principal"));
                        return NULL;
                }
                memcpy(&key, &(const char *){vim_get_text(permission, "principal")}, sizeof key);
                memcpy(&value, &role, sizeof value);
                g_hash_table_insert(wanted, key, value);
        }
        return g_steal_pointer(&wanted);
}

/* The accounts with their new roles, or NULL: answered. reset: who is not named has none. */
static GPtrArray *plan_roles(Request *request, GHashTable *wanted, bool reset)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) accounts = account_list(api_parts(request_api(request))->inventory, &error);
        unsigned found = 0, administrators = 0, administrators_before = 0;

        if (accounts == NULL) {
                request_fail(request, error);
                return NULL;
        }
        for (unsigned i = 0; i < accounts->len; i++) {
                Account *account = accounts->pdata[i];
                const RoleName *role = g_hash_table_lookup(wanted, account->name);

                found += role != NULL;
                administrators_before += account->role == ROLE_ADMINISTRATOR;
                if (role != NULL || reset)
                        account->role = role != NULL ? (int)role->role : ROLE_NONE;
                administrators += account->role == ROLE_ADMINISTRATOR;
        }
        if (found < g_hash_table_size(wanted)) {
                VimValue *fault = vim_new_fault("UserNotFound");
                GHashTableIter iter;
                gpointer name;

                g_hash_table_iter_init(&iter, wanted);
                while (g_hash_table_iter_next(&iter, &name, NULL)) {
                        bool there = false;

                        for (unsigned i = 0; i < accounts->len && !there; i++)
                                there = strcmp(((Account *)accounts->pdata[i])->name, name) == 0;
                        if (!there)
                                vim_set_text(fault, "principal", name);
                }
                vim_set_bool(fault, "unresolved", false);
                request_fault(request, fault, "there is no account of this name; it is to be made first");
                return NULL;
        }
        if (administrators == 0 && administrators_before > 0) {
                request_fault(request, vim_new_fault("AuthMinimumAdminPermission"),
                              "no account would have the role Admin any more");
                return NULL;
        }
        return g_steal_pointer(&accounts);
}

static bool save_roles(Inventory *inventory, GPtrArray *accounts, GError **error)
{
        bool saved = true;

        if (!inventory_begin(inventory, error))
                return false;
        for (unsigned i = 0; i < accounts->len && saved; i++)
                saved = account_change(inventory, accounts->pdata[i], error);
        return inventory_end(inventory, saved, saved ? error : NULL) && saved;
}

static void change_roles(Request *request, GHashTable *wanted, bool reset)
{
        Api *api = request_api(request);
        g_autoptr(GPtrArray) accounts = plan_roles(request, wanted, reset);
        g_autoptr(GError) error = NULL;

        if (accounts == NULL)
                return;
        if (!save_roles(api_parts(api)->inventory, accounts, &error)) {
                request_fail(request, error);
                return;
        }
        for (unsigned i = 0; i < accounts->len; i++) {
                const Account *account = accounts->pdata[i];

                session_manager_set_role(api, account->name, (Role)account->role);
        }
        request_return(request, NULL);
}

/* Whether the request is about the root; false: answered. */
static bool is_about_root(Request *request)
{
        bool answered;
        const Managed *entity = request_arg_object(request, "entity", &answered);

        if (answered)
                return false;
        if (entity == root_of(request))
                return true;
        request_fault(request, vim_new_fault("NotSupported"),
                      "roles are given on the root folder, and hold for everything below it; %s is not that",
                      entity->id);
        return false;
}

static void set_permissions(Request *request)
{
        g_autoptr(GHashTable) wanted = is_about_root(request) ? read_permissions(request) : NULL;

        if (wanted != NULL)
                change_roles(request, wanted, false);
}

static void reset_permissions(Request *request)
{
        g_autoptr(GHashTable) wanted = is_about_root(request) ? read_permissions(request) : NULL;

        if (wanted != NULL)
                change_roles(request, wanted, true);
}

static void remove_permission(Request *request)
{
        g_autoptr(GHashTable) wanted = NULL;
        const RoleName *none = role_find(ROLE_NONE);
        gpointer key, value;

        if (!is_about_root(request))
                return;
        wanted = g_hash_table_new(g_str_hash, g_str_equal);
        memcpy(&key, &(const char *){request_arg_text(request, "user")}, sizeof key);
        memcpy(&value, &none, sizeof value);
        g_hash_table_insert(wanted, key, value);
        change_roles(request, wanted, false);
}

/* --- asking for it --- */

static VimValue *privilege_availability(Role role, const VimValue *privileges)
{
        VimValue *list = vim_new_list("PrivilegeAvailability");

        for (unsigned i = 0; i < vim_length(privileges); i++) {
                VimValue *value = vim_new_object("PrivilegeAvailability");

                vim_set_text(value, "privId", vim_item(privileges, i)->text);
                vim_set_bool(value, "isGranted", role_has(role, vim_item(privileges, i)->text));
                vim_add(list, value);
        }
        return list;
}

/* Of a session by what others call it: ROLE_NONE when there is none. */
static Role role_of_session(const Request *request)
{
        const Session *session =
                session_manager_by_id(request_api(request), request_arg_text(request, "sessionId"));

        return session != NULL ? session->role : ROLE_NONE;
}

static void has_on_entity(Request *request)
{
        const VimValue *privileges = request_arg(request, "privId");
        VimValue *list;
        bool answered;

        (void)request_arg_object(request, "entity", &answered);
        if (answered)
                return;
        list = vim_new_list("boolean");
        for (unsigned i = 0; i < vim_length(privileges); i++)
                vim_add(list,
                        vim_new_bool(role_has(role_of_session(request), vim_item(privileges, i)->text)));
        request_return(request, list);
}

static bool has_too_many(Request *request, const char *argument, unsigned each)
{
        if ((uint64_t)vim_length(request_arg(request, argument)) * MAX(1, each) <= ANSWERS_MAX)
                return false;
        request_invalid(request, argument, "more than %d answers at a time", ANSWERS_MAX);
        return true;
}

static void return_availability(Request *request, const char *argument, Role role)
{
        const VimValue *entities = request_arg(request, argument);
        VimValue *list;

        if (has_too_many(request, argument, vim_length(request_arg(request, "privId"))))
                return;
        list = vim_new_list("EntityPrivilege");
        for (unsigned i = 0; i < vim_length(entities); i++) {
                VimValue *value = vim_new_object("EntityPrivilege");

                vim_set(value, "entity", vim_ref(vim_item(entities, i)));
                vim_set(value, "privAvailability",
                        privilege_availability(role, request_arg(request, "privId")));
                vim_add(list, value);
        }
        request_return(request, list);
}

static void has_on_entities(Request *request)
{
        return_availability(request, "entity", role_of_session(request));
}

/* Of an account; everybody may ask for his own. False: answered. */
static bool role_of_user(Request *request, Role *ret)
{
        const char *user = request_arg_text(request, "userName");
        const Session *session = request_session(request);
        g_autoptr(Account) account = NULL;
        g_autoptr(GError) error = NULL;

        if (!request_allowed(request, "System.View"))
                return false;
        if (strcmp(session->user, user) == 0) {
                *ret = session->role;
                return true;
        }
        if (!request_allowed(request, "Authorization.ModifyPermissions"))
                return false;
        account = account_get(api_parts(request_api(request))->inventory, user, &error);
        if (account == NULL) {
                request_fail(request, error);
                return false;
        }
        *ret = (Role)account->role;
        return true;
}

static void user_has_on_entities(Request *request)
{
        Role role;

        if (role_of_user(request, &role))
                return_availability(request, "entities", role);
}

static void fetch_of_user(Request *request)
{
        const VimValue *entities = request_arg(request, "entities");
        g_autoptr(VimValue) privileges = NULL;
        VimValue *list;
        Role role;

        if (!role_of_user(request, &role) || has_too_many(request, "entities", 1))
                return;
        privileges = privileges_of(role);
        list = vim_new_list("UserPrivilegeResult");
        for (unsigned i = 0; i < vim_length(entities); i++) {
                VimValue *value = vim_new_object("UserPrivilegeResult");

                vim_set(value, "entity", vim_ref(vim_item(entities, i)));
                vim_set(value, "privileges", vim_ref(privileges));
                vim_add(list, value);
        }
        request_return(request, list);
}

static void refuse_change(Request *request)
{
        request_fault(request, vim_new_fault("NotSupported"),
                      "%s: the roles are those that there are; roleList has them",
                      request_method(request)->name);
}

static const Handler handlers[] = {
        {"AuthorizationManager", "AddAuthorizationRole", refuse_change},
        {"AuthorizationManager", "RemoveAuthorizationRole", refuse_change},
        {"AuthorizationManager", "UpdateAuthorizationRole", refuse_change},
        {"AuthorizationManager", "MergePermissions", refuse_change},
        {"AuthorizationManager", "RetrieveAllPermissions", retrieve_all},
        {"AuthorizationManager", "RetrieveRolePermissions", retrieve_of_role},
        {"AuthorizationManager", "RetrieveEntityPermissions", retrieve_of_entity, "System.View"},
        {"AuthorizationManager", "SetEntityPermissions", set_permissions, "Authorization.ModifyPermissions"},
        {"AuthorizationManager", "ResetEntityPermissions", reset_permissions,
         "Authorization.ModifyPermissions"},
        {"AuthorizationManager", "RemoveEntityPermission", remove_permission,
         "Authorization.ModifyPermissions"},
        {"AuthorizationManager", "HasPrivilegeOnEntity", has_on_entity},
        {"AuthorizationManager", "HasPrivilegeOnEntities", has_on_entities},
        {"AuthorizationManager", "HasUserPrivilegeOnEntities", user_has_on_entities, ""},
        {"AuthorizationManager", "FetchUserPrivilegeOnEntities", fetch_of_user, ""},
        {NULL},
};

static bool start(Api *api, GError **error)
{
        Managed *managed = world_add(api_world(api), "AuthorizationManager", "AuthorizationManager", NULL);

        (void)error;
        managed_set(managed, "privilegeList", privilege_list());
        managed_set(managed, "roleList", role_list());
        managed_set(managed, "description", description());
        return true;
}

const ApiModule authorization_module = {.name = "authorization", .handlers = handlers, .start = start};
