/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* In the guest: programs, files, variables, by the API's guest operations. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/internal.h"

#define PROCESS_POLL_MS 500
#define LIST_MAX        100000

/* --- who works there --- */

static void set_guest_user(aerostat_vm *vm, const char *user, const char *password)
{
        g_mutex_lock(&vm->mutex);
        if (vm->guest_password != NULL)
                explicit_bzero(vm->guest_password, strlen(vm->guest_password));
        g_free(vm->guest_user);
        g_free(vm->guest_password);
        vm->guest_user = g_strdup(user);
        vm->guest_password = g_strdup(password);
        g_mutex_unlock(&vm->mutex);
}

void aerostat_vm_log_out(aerostat_vm *vm)
{
        set_guest_user(vm, NULL, NULL);
}

/* Arguments that every guest operation has; NULL with an error while nobody is logged in. */
static JsonObject *guest_args(aerostat_job *job, GError **error)
{
        aerostat_vm *vm = job->vm;
        JsonObject *args = NULL, *auth;

        g_mutex_lock(&vm->mutex);
        if (vm->guest_user != NULL) {
                auth = json_typed("NamePasswordAuthentication");
                json_object_set_boolean_member(auth, "interactiveSession", FALSE);
                json_object_set_string_member(auth, "username", vm->guest_user);
                json_object_set_string_member(auth, "password", vm->guest_password);
                args = json_object_new();
                json_object_set_object_member(args, "vm", json_reference("VirtualMachine", vm->id));
                json_object_set_object_member(args, "auth", auth);
        }
        g_mutex_unlock(&vm->mutex);
        if (args == NULL)
                (void)job_fail(error, -EACCES, "VM \"%s\": log in to the guest first", vm->name);
        return args;
}

/* A manager of the guest operations by its property: "authManager", of type "GuestAuthManager". Owned. */
static char *manager(aerostat_job *job, const char *property, GError **error)
{
        g_autoptr(JsonNode) content = NULL, reference = NULL;
        const char *operations, *id;

        if (!job_get(job, "ServiceInstance", "ServiceInstance", "content", &content, error))
                return NULL;
        operations = json_text(json_member(content, "guestOperationsManager"), "value");
        if (operations == NULL) {
                (void)job_fail(error, -EOPNOTSUPP, "%s has no guest operations", job->host->wire.base);
                return NULL;
        }
        if (!job_get(job, "GuestOperationsManager", operations, property, &reference, error))
                return NULL;
        id = json_text(reference, "value");
        if (id == NULL)
                (void)job_fail(error, -EOPNOTSUPP, "%s has no %s", job->host->wire.base, property);
        return g_strdup(id);
}

/* args is taken. */
static bool guest_call(aerostat_job *job, const char *property, const char *type, const char *method,
                       JsonObject *args, JsonNode **ret, GError **error)
{
        g_autoptr(JsonObject) taken = args;
        g_autofree char *id = manager(job, property, error);

        return id != NULL && job_call(job, type, id, method, g_steal_pointer(&taken), ret, error);
}

static bool process_call(aerostat_job *job, const char *method, JsonObject *args, JsonNode **ret,
                         GError **error)
{
        return guest_call(job, "processManager", "GuestProcessManager", method, args, ret, error);
}

static bool file_call(aerostat_job *job, const char *method, JsonObject *args, JsonNode **ret,
                      GError **error)
{
        return guest_call(job, "fileManager", "GuestFileManager", method, args, ret, error);
}

static bool run_log_in(aerostat_job *job, GError **error)
{
        JsonObject *args;

        set_guest_user(job->vm, job->text[0], job->text[1]);
        explicit_bzero(job->text[1], strlen(job->text[1]));
        args = guest_args(job, error);
        if (args != NULL && guest_call(job, "authManager", "GuestAuthManager", "ValidateCredentialsInGuest",
                                       args, NULL, error))
                return true;
        aerostat_vm_log_out(job->vm);
        return false;
}

aerostat_job *aerostat_vm_log_in(aerostat_vm *vm, const char *user, const char *password,
                                 aerostat_callback callback, void *data)
{
        aerostat_job *job = job_new(vm->host, vm, run_log_in, callback, data);

        job->text[0] = g_strdup(user);
        job->text[1] = g_strdup(password);
        return job_begin(job);
}

/* --- programs --- */

static int64_t number_of(JsonNode *object, const char *member, int64_t otherwise)
{
        JsonNode *node = json_member(object, member);

        if (node == NULL || !JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_INT64)
                return otherwise;
        return json_node_get_int(node);
}

/* Until it has ended; what the guest forgot of it cannot be known. */
static bool wait_for_process(aerostat_job *job, int64_t pid, GError **error)
{
        for (;;) {
                JsonObject *args = guest_args(job, error);
                JsonArray *pids = json_array_new(), *processes;
                g_autoptr(JsonNode) answer = NULL;
                JsonNode *process;

                json_array_add_int_element(pids, pid);
                if (args == NULL) {
                        json_array_unref(pids);
                        return false;
                }
                json_object_set_array_member(args, "pids", pids);
                if (!process_call(job, "ListProcessesInGuest", args, &answer, error))
                        return false;
                processes = json_list(answer);
                if (processes == NULL || json_array_get_length(processes) == 0)
                        return job_fail(error, -ENOENT,
                                        "VM \"%s\": process %" G_GINT64_FORMAT
                                        " has ended, and the guest does not know how any more",
                                        job->vm->name, pid);
                process = json_array_get_element(processes, 0);
                if (json_text(process, "endTime") != NULL) {
                        job->result = number_of(process, "exitCode", -1);
                        return true;
                }
                if (g_cancellable_is_cancelled(job->cancellable))
                        return job_fail(error, -ECANCELED,
                                        "cancelled; process %" G_GINT64_FORMAT " goes on in the guest", pid);
                g_usleep((gulong)PROCESS_POLL_MS * 1000);
        }
}

static bool run_run(aerostat_job *job, GError **error)
{
        JsonObject *args = guest_args(job, error), *spec;
        g_autoptr(JsonNode) answer = NULL;
        int64_t pid;

        if (args == NULL)
                return false;
        spec = json_typed("GuestProgramSpec");
        json_object_set_string_member(spec, "programPath", job->text[0]);
        json_object_set_string_member(spec, "arguments", job->text[1] != NULL ? job->text[1] : "");
        json_object_set_object_member(args, "spec", spec);
        if (!process_call(job, "StartProgramInGuest", args, &answer, error))
                return false;
        if (answer == NULL || !JSON_NODE_HOLDS_VALUE(answer) ||
            json_node_get_value_type(answer) != G_TYPE_INT64)
                return job_fail(error, -EPROTO, "VM \"%s\": the host does not say which process was started",
                                job->vm->name);
        pid = json_node_get_int(answer);
        job->result = pid;
        return job->flags == 0 || wait_for_process(job, pid, error);
}

aerostat_job *aerostat_vm_run(aerostat_vm *vm, const char *program, const char *arguments, bool wait,
                              aerostat_callback callback, void *data)
{
        aerostat_job *job = job_new(vm->host, vm, run_run, callback, data);

        job->text[0] = g_strdup(program);
        job->text[1] = g_strdup(arguments);
        job->flags = wait;
        return job_begin(job);
}

static bool run_list_processes(aerostat_job *job, GError **error)
{
        JsonObject *args = guest_args(job, error);
        g_autoptr(JsonNode) answer = NULL;
        JsonArray *processes;

        if (args == NULL || !process_call(job, "ListProcessesInGuest", args, &answer, error))
                return false;
        processes = json_list(answer);
        for (unsigned i = 0; processes != NULL && i < MIN(json_array_get_length(processes), LIST_MAX); i++) {
                JsonNode *process = json_array_get_element(processes, i);
                const char *owner = json_text(process, "owner"), *command = json_text(process, "cmdLine");

                if (json_text(process, "endTime") == NULL)
                        g_ptr_array_add(job->texts, g_strdup_printf("%" G_GINT64_FORMAT " %s %s",
                                                                    number_of(process, "pid", 0),
                                                                    owner != NULL ? owner : "-",
                                                                    command != NULL ? command : ""));
        }
        return true;
}

aerostat_job *aerostat_vm_list_processes(aerostat_vm *vm, aerostat_callback callback, void *data)
{
        return job_begin(job_new(vm->host, vm, run_list_processes, callback, data));
}

static bool run_kill(aerostat_job *job, GError **error)
{
        JsonObject *args = guest_args(job, error);

        if (args == NULL)
                return false;
        json_object_set_int_member(args, "pid", job->number);
        return process_call(job, "TerminateProcessInGuest", args, NULL, error);
}

aerostat_job *aerostat_vm_kill(aerostat_vm *vm, int64_t pid, aerostat_callback callback, void *data)
{
        aerostat_job *job = job_new(vm->host, vm, run_kill, callback, data);

        job->number = pid;
        return job_begin(job);
}

static bool run_read_variable(aerostat_job *job, GError **error)
{
        g_autofree char *prefix = g_strconcat(job->text[0], "=", NULL);
        JsonObject *args = guest_args(job, error);
        g_autoptr(JsonNode) answer = NULL;
        JsonArray *names, *values;

        if (args == NULL)
                return false;
        names = json_array_new();
        json_array_add_string_element(names, job->text[0]);
        json_object_set_array_member(args, "names", names);
        if (!process_call(job, "ReadEnvironmentVariableInGuest", args, &answer, error))
                return false;
        values = json_list(answer);
        for (unsigned i = 0; values != NULL && i < json_array_get_length(values); i++) {
                const char *value = json_plain_text(json_array_get_element(values, i));

                if (value != NULL && g_str_has_prefix(value, prefix)) {
                        g_ptr_array_add(job->texts, g_strdup(value + strlen(prefix)));
                        return true;
                }
        }
        return job_fail(error, -ENOENT, "VM \"%s\": the guest's user has no variable \"%s\"", job->vm->name,
                        job->text[0]);
}

aerostat_job *aerostat_vm_read_variable(aerostat_vm *vm, const char *name, aerostat_callback callback,
                                        void *data)
{
        aerostat_job *job = job_new(vm->host, vm, run_read_variable, callback, data);

        job->text[0] = g_strdup(name);
        return job_begin(job);
}

/* --- files --- */

/* The host may not know its own name as the client does: "https://STAR/..." is at the host that was asked.
 */
static char *transfer_url(const aerostat_job *job, const char *url)
{
        const char *path = strstr(url, "://");

        path = path != NULL ? strchr(path + 3, '/') : NULL;
        return path != NULL ? g_strconcat(job->host->wire.base, path, NULL) : g_strdup(url);
}

static bool run_copy_to(aerostat_job *job, GError **error)
{
        int fd = open(job->text[0], O_RDONLY | O_CLOEXEC);
        g_autoptr(JsonNode) answer = NULL;
        g_autofree char *url = NULL;
        JsonObject *args;
        struct stat facts;
        bool ok = false;

        if (fd < 0 || fstat(fd, &facts) < 0 || !S_ISREG(facts.st_mode)) {
                (void)job_fail(error, fd < 0 ? -errno : -EINVAL, "%s: %s", job->text[0],
                               fd < 0 ? g_strerror(errno) : "not a regular file");
        } else if ((args = guest_args(job, error)) != NULL) {
                json_object_set_string_member(args, "guestFilePath", job->text[1]);
                json_object_set_object_member(args, "fileAttributes", json_typed("GuestFileAttributes"));
                json_object_set_int_member(args, "fileSize", facts.st_size);
                json_object_set_boolean_member(args, "overwrite", TRUE);
                ok = file_call(job, "InitiateFileTransferToGuest", args, &answer, error);
                if (ok && json_plain_text(answer) == NULL)
                        ok = job_fail(error, -EPROTO, "the host names no address for the file");
                url = ok ? transfer_url(job, json_plain_text(answer)) : NULL;
                ok = ok && job_upload(job, url, fd, (uint64_t)facts.st_size, error);
        }
        if (fd >= 0)
                (void)close(fd);
        return ok;
}

aerostat_job *aerostat_vm_copy_to_guest(aerostat_vm *vm, const char *local_path, const char *guest_path,
                                        aerostat_callback callback, void *data)
{
        aerostat_job *job = job_new(vm->host, vm, run_copy_to, callback, data);

        job->text[0] = g_strdup(local_path);
        job->text[1] = g_strdup(guest_path);
        return job_begin(job);
}

/* Beside the place it is to have, and there only when all of it has come. */
static bool download_to(aerostat_job *job, const char *url, const char *path, GError **error)
{
        g_autofree char *beside = g_strdup_printf("%s.XXXXXX", path);
        int fd = g_mkstemp_full(beside, O_WRONLY | O_CLOEXEC, 0600);
        bool ok;

        if (fd < 0)
                return job_fail(error, -errno, "%s: %s", path, g_strerror(errno));
        ok = job_download(job, url, fd, error);
        if (ok && fsync(fd) < 0)
                ok = job_fail(error, -errno, "%s: %s", path, g_strerror(errno));
        if (close(fd) < 0 && ok)
                ok = job_fail(error, -errno, "%s: %s", path, g_strerror(errno));
        if (ok && rename(beside, path) < 0)
                ok = job_fail(error, -errno, "%s: %s", path, g_strerror(errno));
        if (!ok)
                (void)unlink(beside);
        return ok;
}

static bool run_copy_from(aerostat_job *job, GError **error)
{
        JsonObject *args = guest_args(job, error);
        g_autoptr(JsonNode) answer = NULL;
        g_autofree char *url = NULL;

        if (args == NULL)
                return false;
        json_object_set_string_member(args, "guestFilePath", job->text[0]);
        if (!file_call(job, "InitiateFileTransferFromGuest", args, &answer, error))
                return false;
        if (json_text(answer, "url") == NULL)
                return job_fail(error, -EPROTO, "the host names no address for the file");
        url = transfer_url(job, json_text(answer, "url"));
        return download_to(job, url, job->text[1], error);
}

aerostat_job *aerostat_vm_copy_from_guest(aerostat_vm *vm, const char *guest_path, const char *local_path,
                                          aerostat_callback callback, void *data)
{
        aerostat_job *job = job_new(vm->host, vm, run_copy_from, callback, data);

        job->text[0] = g_strdup(guest_path);
        job->text[1] = g_strdup(local_path);
        return job_begin(job);
}

static bool run_list_directory(aerostat_job *job, GError **error)
{
        int64_t remaining = 1;

        while (remaining > 0 && job->texts->len < LIST_MAX) {
                JsonObject *args = guest_args(job, error);
                g_autoptr(JsonNode) answer = NULL;
                JsonArray *files;

                if (args == NULL)
                        return false;
                json_object_set_string_member(args, "filePath", job->text[0]);
                json_object_set_int_member(args, "index", job->texts->len);
                if (!file_call(job, "ListFilesInGuest", args, &answer, error))
                        return false;
                files = json_list(json_member(answer, "files"));
                for (unsigned i = 0; files != NULL && i < json_array_get_length(files); i++) {
                        const char *path = json_text(json_array_get_element(files, i), "path");

                        g_ptr_array_add(job->texts, g_strdup(path != NULL ? path : ""));
                }
                /* One that says there are more and gives none would be asked for ever. */
                remaining = files != NULL && json_array_get_length(files) > 0
                                    ? number_of(answer, "remaining", 0)
                                    : 0;
        }
        return true;
}

aerostat_job *aerostat_vm_list_directory(aerostat_vm *vm, const char *guest_path, aerostat_callback callback,
                                         void *data)
{
        aerostat_job *job = job_new(vm->host, vm, run_list_directory, callback, data);

        job->text[0] = g_strdup(guest_path);
        return job_begin(job);
}

static bool run_make_directory(aerostat_job *job, GError **error)
{
        JsonObject *args = guest_args(job, error);

        if (args == NULL)
                return false;
        json_object_set_string_member(args, "directoryPath", job->text[0]);
        json_object_set_boolean_member(args, "createParentDirectories", TRUE);
        return file_call(job, "MakeDirectoryInGuest", args, NULL, error);
}

aerostat_job *aerostat_vm_make_directory(aerostat_vm *vm, const char *guest_path, aerostat_callback callback,
                                         void *data)
{
        aerostat_job *job = job_new(vm->host, vm, run_make_directory, callback, data);

        job->text[0] = g_strdup(guest_path);
        return job_begin(job);
}

static bool run_delete_file(aerostat_job *job, GError **error)
{
        JsonObject *args = guest_args(job, error);

        if (args == NULL)
                return false;
        json_object_set_string_member(args, "filePath", job->text[0]);
        return file_call(job, "DeleteFileInGuest", args, NULL, error);
}

aerostat_job *aerostat_vm_delete_file(aerostat_vm *vm, const char *guest_path, aerostat_callback callback,
                                      void *data)
{
        aerostat_job *job = job_new(vm->host, vm, run_delete_file, callback, data);

        job->text[0] = g_strdup(guest_path);
        return job_begin(job);
}
