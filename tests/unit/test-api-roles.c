/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who may call what: all methods that there are, by all roles. */
#include <glib/gstdio.h>
#include <libvirt/virterror.h>
#include <string.h>

#include "api/internal.h"

typedef struct Fixture {
        char *folder;
        ApiParts parts;
        Api *api;
        unsigned answers;
        VimValue *fault;
        GPtrArray *allowed[ROLE_ADMINISTRATOR + 1]; /* "Type.Method", owned */
} Fixture;

static void ignore(void *user_data, virErrorPtr error)
{
        (void)user_data;
        (void)error;
}

static void set_up(Fixture *fixture, gconstpointer data)
{
        OperationsParts operations = {.uri = "test:///default"};
        ApiParts *parts = &fixture->parts;
        g_autofree char *config = NULL;
        g_autoptr(GError) error = NULL;

        (void)data;
        virSetErrorFunc(NULL, ignore);
        fixture->folder = g_dir_make_tmp("test-roles-XXXXXX", &error);
        g_assert_no_error(error);
        config = g_build_filename(fixture->folder, "aerostatd.conf", NULL);
        g_assert_true(g_file_set_contents(config, "[aerostatd]\nConnection=test:///default\n", -1, NULL));
        parts->config = config_new(config, &error);
        g_assert_no_error(error);
        parts->inventory = operations.inventory = inventory_open(":memory:", &error);
        g_assert_no_error(error);
        parts->pools = pools_new(parts->inventory, &error);
        g_assert_no_error(error);
        parts->journal = journal_new(parts->inventory);
        parts->scheduler = scheduler_new(parts->config, parts->inventory, parts->pools, parts->journal);
        parts->sharing = sharing_new(fixture->folder, parts->config, parts->scheduler, parts->journal);
        parts->operations = operations_new(&operations, &error);
        g_assert_no_error(error);
        parts->state_dir = fixture->folder;
        fixture->api = api_new(parts, &error);
        g_assert_no_error(error);
        for (unsigned i = 0; i < G_N_ELEMENTS(fixture->allowed); i++)
                fixture->allowed[i] = g_ptr_array_new_with_free_func(g_free);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
        g_autofree char *command = g_strdup_printf("rm -rf '%s'", fixture->folder);

        (void)data;
        for (unsigned i = 0; i < G_N_ELEMENTS(fixture->allowed); i++)
                g_ptr_array_unref(fixture->allowed[i]);
        operations_free(fixture->parts.operations);
        api_free(fixture->api);
        sharing_free(fixture->parts.sharing);
        scheduler_free(fixture->parts.scheduler);
        journal_free(fixture->parts.journal);
        pools_free(fixture->parts.pools);
        inventory_close(fixture->parts.inventory);
        config_free(fixture->parts.config);
        g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
        g_free(fixture->folder);
}

static void on_done(const VimValue *result, const VimValue *fault, const char *message, gpointer user_data)
{
        Fixture *fixture = user_data;

        g_assert_null(result);
        g_assert_nonnull(message);
        fixture->answers++;
        vim_unref(fixture->fault);
        fixture->fault = vim_ref(fault);
}

/* What it takes, by the type table unless the handler says otherwise; nobody has said: everything. */
static const char *privilege_of(const Handler *handler, const VimMethod *method)
{
        const char *privilege = handler->privilege != NULL ? handler->privilege : method->privilege;

        return privilege != NULL ? privilege : "System.Administrator";
}

/* Without arguments: it must be refused before anybody looks at them. */
static void must_be_refused(Fixture *fixture, Managed *target, const VimMethod *method, Role role,
                            const char *privilege)
{
        g_autofree VimValue **args = g_new0(VimValue *, method->n_params + 1);
        g_autoptr(Session) session = session_new("192.0.2.1", NULL);

        session->user = g_strdup("somebody");
        session->role = role;
        fixture->answers = 0;
        g_assert_null(
                request_start(fixture->api, session, VIM_NEWEST, target, method, args, on_done, fixture));
        g_assert_cmpuint(fixture->answers, ==, 1);
        if (role == ROLE_NONE)
                g_assert_true(vim_is(fixture->fault, "NotAuthenticated"));
        else
                g_assert_true(vim_is(fixture->fault, "NoPermission"));
        g_assert_cmpstr(vim_get_text(fixture->fault, "privilegeId"), ==, privilege);
        g_assert_cmpstr(vim_get_text(fixture->fault, "object"), ==, target->id);
        g_clear_pointer(&fixture->fault, vim_unref);
}

static void try_handler(Fixture *fixture, const Handler *handler)
{
        World *world = api_world(fixture->api);
        const VimType *type = vim_type(handler->type);
        const VimMethod *method = vim_type_method(type, handler->method);
        const char *privilege = privilege_of(handler, method);
        g_autofree char *id = g_strdup_printf("role-%s-%s", handler->type, handler->method);
        Managed *target = world_add(world, handler->type, id, NULL);

        /* Of this type and no other: nothing nearer takes the call. */
        g_assert_true(api_handler(fixture->api, type, method) == handler);
        for (Role role = ROLE_NONE; role <= ROLE_ADMINISTRATOR; role++) {
                if (privilege[0] != '\0' && !role_has(role, privilege))
                        must_be_refused(fixture, target, method, role, privilege);
                else
                        g_ptr_array_add(fixture->allowed[role],
                                        g_strdup_printf("%s%s.%s", privilege[0] == '\0' ? "?" : "",
                                                        handler->type, handler->method));
        }
        world_remove(target);
}

static void try_all(Fixture *fixture)
{
        for (const ApiModule *const *module = api_modules; *module != NULL; module++)
                for (const Handler *handler = (*module)->handlers; handler != NULL && handler->type != NULL;
                     handler++)
                        try_handler(fixture, handler);
}

/* --- what is allowed --- */

/* What a vCenter answers to whoever asks. */
static const char *const anonymous[] = {
        /* Each property asks for what it takes. */
        "PropertyCollector.CancelRetrievePropertiesEx",
        "PropertyCollector.ContinueRetrievePropertiesEx",
        "PropertyCollector.RetrieveProperties",
        "PropertyCollector.RetrievePropertiesEx",
        "ServiceInstance.RetrieveProductComponents",
        "ServiceInstance.RetrieveServiceContent",
        "SessionManager.AcquireGenericServiceTicket", /* which asks for a session by itself */
        "SessionManager.CloneSession",
        "SessionManager.Login",
        NULL,
};

/* Their handlers ask by themselves, by what their arguments are about; their own tests show what. */
static const char *const asking[] = {
        "?AuthorizationManager.FetchUserPrivilegeOnEntities",
        "?AuthorizationManager.HasUserPrivilegeOnEntities",
        "?EventHistoryCollector.ReadNextEvents",
        "?EventHistoryCollector.ReadPreviousEvents",
        "?HistoryCollector.DestroyCollector",
        "?HistoryCollector.ResetCollector",
        "?HistoryCollector.RewindCollector",
        "?HistoryCollector.SetCollectorPageSize",
        "?ManagedObject.Fetch",
        "?Task.CancelTask",
        "?TaskHistoryCollector.ReadNextTasks",
        "?TaskHistoryCollector.ReadPreviousTasks",
        "?VirtualMachine.CloneVM_Task",    /* by what is made of it */
        "?VirtualMachine.ReconfigVM_Task", /* by what is changed */
        NULL,
};

/* Beginnings of names of what changes something, whatever the table says of it. */
static const char *const changing[] = {
        "Add",
        "Answer",
        "Apply",
        "Assign",
        "Attach",
        "Clone",
        "Consolidate",
        "Copy",
        "Customize",
        "Defragment",
        "Delete",
        "Destroy_",
        "Detach",
        "Disable",
        "Enable",
        "Enter",
        "Exit",
        "Expand",
        "Extend",
        "Import",
        "Inflate",
        "Initiate",
        "Install",
        "Make",
        "Mark",
        "Mount",
        "Move",
        "Overwrite",
        "Power",
        "Promote",
        "Reboot",
        "Reconfig",
        "Refresh",
        "Register",
        "Relocate",
        "Remove",
        "Rename",
        "Reset_",
        "ResetG",
        "ResetE",
        "Restart",
        "Revert",
        "Set",
        "Shrink",
        "Shutdown",
        "Standby",
        "Start",
        "Stop",
        "Suspend",
        "Terminate",
        "Unmount",
        "Unregister",
        "Update",
        "Upgrade",
        "Zero",
        "CreateVM",
        "CreateSnapshot",
        "CreateFolder",
        "CreateDatacenter",
        "CreateUser",
        "CreateResourcePool",
        NULL,
};

/* What begins like that, and is for the client's own session or only looks anew. */
static const char *const harmless[] = {
        "Datastore.RefreshDatastore",
        "Datastore.RefreshDatastoreStorageInfo",
        "ListView.ResetListView",
        "ListView.ResetListViewFromView",
        "ResourcePool.RefreshRuntime",
        "SessionManager.CloneSession",
        "SessionManager.SetLocale",
        "VirtualMachine.RefreshStorageInfo",
        NULL,
};

/* What only an administrator may, besides all that is not about VMs. */
static const char *const shaping[] = {"Clone", "Relocate", "Reconfig", "Register", "Unregister", "Destroy_",
                                      "Mark",  "Create",   "Rename",   "Migrate",  "Customize",  NULL};

static void assert_same(GPtrArray *found, const char *const *wanted, bool asking_ones)
{
        unsigned n = 0;

        for (unsigned i = 0; i < found->len; i++) {
                const char *one = found->pdata[i];

                if ((one[0] == '?') != asking_ones)
                        continue;
                n++;
                if (!g_strv_contains(wanted, one))
                        (g_test_message("%s: nobody has said here that all may call it", one),
                         g_test_fail());
        }
        g_assert_cmpuint(n, ==, g_strv_length((char **)(gintptr)wanted));
}

static bool begins(const char *one, const char *const *with)
{
        const char *method = strchr(one, '.') + 1;

        for (; *with != NULL; with++)
                if (g_str_has_prefix(method, *with))
                        return true;
        return false;
}

static void test_all(Fixture *fixture, gconstpointer data)
{
        GPtrArray *const *allowed = fixture->allowed;

        (void)data;
        try_all(fixture);
        g_assert_cmpuint(allowed[ROLE_ADMINISTRATOR]->len, >, 100);
        assert_same(allowed[ROLE_NONE], anonymous, false);
        assert_same(allowed[ROLE_NONE], asking, true);
        for (unsigned i = 0; i < allowed[ROLE_READ_ONLY]->len; i++) {
                const char *one = allowed[ROLE_READ_ONLY]->pdata[i];

                if (one[0] != '?' && begins(one, changing) && !g_strv_contains(harmless, one))
                        (g_test_message("%s changes something, and ReadOnly may call it", one),
                         g_test_fail());
        }
        for (unsigned i = 0; i < allowed[ROLE_OPERATOR]->len; i++) {
                const char *one = allowed[ROLE_OPERATOR]->pdata[i];

                if ((g_str_has_prefix(one, "VirtualMachine.") || g_str_has_prefix(one, "Folder.") ||
                     g_str_has_prefix(one, "ManagedEntity.")) &&
                    begins(one, shaping) && !g_str_has_prefix(one, "VirtualMachine.CreateSnapshot") &&
                    /* Of fault tolerance, which there is none of. */
                    !g_str_has_prefix(one, "VirtualMachine.CreateSecondaryVM"))
                        (g_test_message("%s makes or shapes a VM, and VirtualMachineUser may call it", one),
                         g_test_fail());
                if (g_str_has_prefix(one, "Host") && begins(one, changing))
                        (g_test_message("%s changes the host, and VirtualMachineUser may call it", one),
                         g_test_fail());
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add("/roles/all", Fixture, NULL, set_up, test_all, tear_down);
        return g_test_run();
}
