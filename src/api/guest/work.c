/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Threads for what is asked of guests, apart from all others: a guest may take as long as it likes. */
#include <libvirt/virterror.h>
#include <string.h>

#include "api/guest-programs.h"
#include "api/guest/guest.h"
#include "api/guest/module.h"
#include "vm/life.h"

#define THREADS    16
#define WORK_MAX   200 /* begun and waiting */
#define PER_VM_MAX 8
#define DO_S       60 /* for what in-guest does, with the check of the password */

#define PROGRAMS "/aerostat/guest/"

/* Exit statuses of as-user and in-guest. */
enum {
        IS_NOT_FOUND = 10,
        IS_THERE = 11,
        IS_DENIED = 12,
        IS_NOT_EMPTY = 13,
        IS_NO_DIRECTORY = 14,
        IS_NO_FILE = 15,
        IS_NO_LOGIN = 90,
        IS_NO_TOOL = 91,
};

/* --- faults --- */

void work_fault(Work *work, VimValue *fault, const char *format, ...)
{
        va_list words;

        g_clear_pointer(&work->fault, vim_unref);
        g_free(work->message);
        work->fault = fault;
        va_start(words, format);
        work->message = g_strdup_vprintf(format, words);
        va_end(words);
}

void work_fail(Work *work, const GError *error)
{
        const char *type = "GuestOperationsUnavailable";

        /* libvirt passes the agent's own words on, too. */
        if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED) ||
            strstr(error->message, "has been disabled") != NULL ||
            strstr(error->message, "has not been found") != NULL)
                type = "OperationDisabledByGuest";
        work_fault(work, vim_new_fault(type), "VM \"%s\": %s", work->vm, error->message);
}

static void file_fault(Work *work, const char *type, const char *file, const char *what)
{
        VimValue *fault = vim_new_fault(type);

        vim_set_text(fault, "file", file);
        work_fault(work, fault, "\"%s\" in the guest of VM \"%s\": %s", file, work->vm, what);
}

/* What an exit status means; nothing of 0. */
static void fail_by_status(Work *work, const char *file, int code)
{
        const char *name = file != NULL ? file : "";

        switch (code) {
        case 0:
                return;
        case IS_NOT_FOUND:
                file_fault(work, "FileNotFound", name, "there is no such file");
                return;
        case IS_THERE:
                file_fault(work, "FileAlreadyExists", name, "it is there already");
                return;
        case IS_NOT_EMPTY:
                file_fault(work, "DirectoryNotEmpty", name, "it is not empty");
                return;
        case IS_NO_DIRECTORY:
                file_fault(work, "NotADirectory", name, "it is no directory");
                return;
        case IS_NO_FILE:
                file_fault(work, "NotAFile", name, "it is no file");
                return;
        case IS_DENIED:
                work_fault(work, vim_new_fault("GuestPermissionDenied"),
                           "user \"%s\" of the guest of VM \"%s\" may not do that%s%s", work->login.user,
                           work->vm, file != NULL ? " with " : "", name);
                return;
        case IS_NO_LOGIN:
                work_fault(work, vim_new_fault("InvalidGuestLogin"),
                           "the guest of VM \"%s\" does not let \"%s\" in with this password", work->vm,
                           work->login.user);
                return;
        case IS_NO_TOOL:
                work_fault(work, vim_new_fault("GuestOperationsUnavailable"),
                           "the guest of VM \"%s\" has no su, setpriv or getent, by which users are checked",
                           work->vm);
                return;
        default:
                if (file != NULL)
                        file_fault(work, "CannotAccessFile", name, "the guest could not do it");
                else
                        work_fault(work, vim_new_fault("GuestOperationsFault"),
                                   "the guest of VM \"%s\" could not do it", work->vm);
        }
}

/* --- in the thread --- */

static const char *program(const char *name)
{
        g_autofree char *path = g_strconcat(PROGRAMS, name, NULL);
        g_autoptr(GBytes) bytes = g_resource_lookup_data(guest_programs_get_resource(), path,
                                                         G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

        /* Static storage. */
        return g_bytes_get_data(bytes, NULL);
}

static GPtrArray *command(const Work *work, const char *mode, const char *const *words)
{
        GPtrArray *argv = g_ptr_array_new();
        const char *const first[] = {"/bin/sh",          "-c", program("as-user"),
                                     "aerostat",         mode, work->login.user,
                                     program("in-guest")};

        for (unsigned i = 0; i < G_N_ELEMENTS(first); i++)
                g_ptr_array_add(argv, (gpointer)(guintptr)first[i]);
        for (; *words != NULL; words++)
                g_ptr_array_add(argv, (gpointer)(guintptr)*words);
        g_ptr_array_add(argv, NULL);
        return argv;
}

static GBytes *run_as(Work *work, const char *mode, const char *input, const char *file,
                      const char *const *words)
{
        g_autoptr(GPtrArray) argv = command(work, mode, words);
        g_autoptr(GError) error = NULL;
        g_auto(AgentStatus) status = {0};

        if (!agent_run(&work->agent, (const char *const *)argv->pdata, input, DO_S, &status, &error)) {
                work_fail(work, error);
                return NULL;
        }
        fail_by_status(work, file, status.code);
        return status.code == 0 ? g_steal_pointer(&status.output) : NULL;
}

GBytes *work_do(Work *work, const char *file, const char *const *words)
{
        g_autofree char *input = g_strconcat(work->login.password, "\n", NULL);

        return run_as(work, "login", input, file, words);
}

GBytes *work_do_trusted(Work *work, const char *file, const char *const *words)
{
        return run_as(work, "trusted", NULL, file, words);
}

bool work_begin(Work *work, const char *const *words, int64_t *ret_pid)
{
        g_autoptr(GPtrArray) argv = command(work, "trusted", words);
        g_autoptr(GError) error = NULL;

        if (agent_exec(&work->agent, (const char *const *)argv->pdata, NULL, false, ret_pid, &error))
                return true;
        work_fail(work, error);
        return false;
}

static char *send_command(const char *text, unsigned timeout_s, gpointer user_data, GError **error)
{
        const Work *work = user_data;
        GuestModule *module = api_get_data(work->api, GUEST_MODULE);

        if (g_atomic_int_get(&module->stopping)) {
                g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "aerostatd ends");
                return NULL;
        }
        return life_agent(work->connection, work->uuid, text, timeout_s, NULL, error);
}

static bool is_on(Work *work)
{
        g_autoptr(GError) error = NULL;
        VimValue *fault;
        LifePower power;

        if (!life_power(work->connection, work->uuid, &power, &error)) {
                work_fail(work, error);
                return false;
        }
        if (power == LIFE_ON)
                return true;
        fault = vim_new_fault("InvalidPowerState");
        vim_set_text(fault, "requestedState", "poweredOn");
        vim_set_text(fault, "existingState",
                     power == LIFE_OFF || power == LIFE_NONE ? "poweredOff" : "suspended");
        work_fault(work, fault, "VM \"%s\" is not running", work->vm);
        return false;
}

/* --- in the main thread --- */

static void work_free(Work *work)
{
        if (work->free_data != NULL)
                work->free_data(work->data);
        if (work->login.password != NULL)
                explicit_bzero(work->login.password, strlen(work->login.password));
        g_free(work->login.user);
        g_free(work->login.password);
        g_free(work->vm);
        g_free(work->uuid);
        g_free(work->message);
        vim_unref(work->result);
        vim_unref(work->fault);
        g_free(work);
}

static gboolean on_ended(gpointer data)
{
        Work *work = data;
        GuestModule *module = api_get_data(work->api, GUEST_MODULE);
        unsigned count = GPOINTER_TO_UINT(g_hash_table_lookup(module->per_vm, work->uuid));

        if (count > 1)
                g_hash_table_insert(module->per_vm, g_strdup(work->uuid), GUINT_TO_POINTER(count - 1));
        else
                g_hash_table_remove(module->per_vm, work->uuid);
        module->n_works--;
        if (work->fault == NULL && work->finish != NULL)
                work->finish(work);
        if (work->request == NULL)
                work->done(work);
        else if (work->fault != NULL)
                request_fault(work->request, g_steal_pointer(&work->fault), "%s", work->message);
        else
                request_return(work->request, g_steal_pointer(&work->result));
        work_free(work);
        return G_SOURCE_REMOVE;
}

static void carry_out(gpointer data, gpointer user_data)
{
        Work *work = data;
        g_autoptr(GError) error = NULL;

        (void)user_data;
        work->connection = operations_connection(api_parts(work->api)->operations, &error);
        work->agent = (Agent){.send = send_command, .user_data = work};
        if (work->connection == NULL)
                work_fail(work, error);
        else if (is_on(work))
                work->run(work);
        if (work->connection != NULL)
                (void)virConnectClose(work->connection);
        g_idle_add(on_ended, work);
}

static bool push(Work *work)
{
        GuestModule *module = api_get_data(work->api, GUEST_MODULE);
        unsigned count = GPOINTER_TO_UINT(g_hash_table_lookup(module->per_vm, work->uuid));

        if (module->threads == NULL || module->n_works >= WORK_MAX || count >= PER_VM_MAX)
                return false;
        module->n_works++;
        g_hash_table_insert(module->per_vm, g_strdup(work->uuid), GUINT_TO_POINTER(count + 1));
        return g_thread_pool_push(module->threads, work, NULL) || true;
}

bool work_start_for(Api *api, const char *uuid, const char *vm, void (*run)(Work *work),
                    void (*done)(Work *work), gpointer data)
{
        Work *work = g_new0(Work, 1);

        work->api = api;
        work->uuid = g_strdup(uuid);
        work->vm = g_strdup(vm);
        work->run = run;
        work->done = done;
        work->data = data;
        if (push(work))
                return true;
        work_free(work);
        return false;
}

bool guest_check_text(Request *request, const char *name, const char *text, unsigned max)
{
        if (text != NULL && strlen(text) <= max && *text != '\0')
                return true;
        request_invalid(request, name, "%s has 1 to %u bytes", name, max);
        return false;
}

static bool is_user_name(const char *name)
{
        if (*name == '\0' || *name == '-' || strlen(name) > 256)
                return false;
        for (; *name != '\0'; name++)
                if (g_ascii_iscntrl(*name) || strchr(":/", *name) != NULL)
                        return false;
        return true;
}

/* False: a fault was sent. */
static bool read_login(Request *request, Login *ret)
{
        const VimValue *auth = request_arg(request, "auth");
        const char *user, *password;

        if (!vim_is(auth, "NamePasswordAuthentication")) {
                request_fault(request, vim_new_fault("NotSupported"),
                              "%s: guests are logged in to by name and password",
                              request_method(request)->name);
                return false;
        }
        if (vim_get_bool(auth, "interactiveSession", false)) {
                request_fault(request, vim_new_fault("NotSupported"),
                              "%s: the agent of QEMU has no interactive sessions",
                              request_method(request)->name);
                return false;
        }
        user = vim_get_text(auth, "username");
        password = vim_get_text(auth, "password");
        /* What cannot be anybody's. */
        if (!is_user_name(user) || strlen(password) > 1024 || strpbrk(password, "\r\n") != NULL) {
                request_fault(request, vim_new_fault("InvalidGuestLogin"), "nobody can be called so");
                return false;
        }
        *ret = (Login){.user = g_strdup(user), .password = g_strdup(password)};
        return true;
}

void work_start(Request *request, void (*run)(Work *work), void (*finish)(Work *work), gpointer data,
                GDestroyNotify free_data)
{
        Work *work = g_new0(Work, 1);
        bool answered;
        const Managed *vm = request_arg_object(request, "vm", &answered);

        work->api = request_api(request);
        work->data = data;
        work->free_data = free_data;
        if (answered || !read_login(request, &work->login)) {
                work_free(work);
                return;
        }
        work->uuid = g_strdup(vm->key);
        work->vm = g_strdup(managed_peek(vm, "name")->text);
        work->request = request;
        work->run = run;
        work->finish = finish;
        if (push(work))
                return;
        request_fault(request, vim_new_fault("GuestOperationsUnavailable"),
                      "VM \"%s\": its guest is busy with others; try again", work->vm);
        work_free(work);
}

/* --- the threads --- */

void guest_threads_start(GuestModule *module)
{
        module->threads = g_thread_pool_new(carry_out, module, THREADS, FALSE, NULL);
        module->per_vm = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

/* What has begun ends, by its own timeouts at the latest. */
void guest_threads_stop(GuestModule *module)
{
        GThreadPool *threads = g_steal_pointer(&module->threads);

        g_atomic_int_set(&module->stopping, 1);
        while (module->n_works > 0)
                (void)g_main_context_iteration(NULL, TRUE);
        g_thread_pool_free(threads, FALSE, TRUE);
        g_hash_table_unref(module->per_vm);
}
