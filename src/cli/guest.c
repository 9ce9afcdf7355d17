/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat guest: programs and files in guests, by their agents, as a user of the guest. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/daemon-json.h"
#include "cli/daemon.h"
#include "cli/output.h"
#include "cli/password.h"
#include "cli/vm-select.h"
#include "cli/vm-spec.h"

#define PASSWORD_VARIABLE "AEROSTAT_GUEST_PASSWORD"
#define ASK_MS            250

static CliStatus guest_run(const CliArgs *args, GError **error);
static CliStatus guest_ps(const CliArgs *args, GError **error);
static CliStatus guest_kill(const CliArgs *args, GError **error);
static CliStatus guest_ls(const CliArgs *args, GError **error);
static CliStatus guest_mkdir(const CliArgs *args, GError **error);
static CliStatus guest_rm(const CliArgs *args, GError **error);
static CliStatus guest_mv(const CliArgs *args, GError **error);

/* clang-format off */
#define OPTION_USER {"user", "NAME", NULL, false, "of the guest; has to be said"}

static const CliOption run_options[] = {
        OPTION_USER,
        {"directory", "PATH", NULL, false, "where it is run (default the user's home)"},
        {"environment", "LIST", NULL, false, "NAME=VALUE, with commas between them"},
        {"detach", NULL, NULL, false, "print its number, do not wait for its end"},
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption plain_options[] = {
        OPTION_USER,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption mkdir_options[] = {
        OPTION_USER,
        {"parents", NULL, NULL, false, "and what is missing above it"},
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption rm_options[] = {
        OPTION_USER,
        {"directory", NULL, NULL, false, "it is a directory"},
        {"recursive", NULL, NULL, false, "a directory with all that is in it"},
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption mv_options[] = {
        OPTION_USER,
        {"directory", NULL, NULL, false, "it is a directory"},
        {"overwrite", NULL, NULL, false, "a file that is there by the new name"},
        OPTIONS_DAEMON,
        OPTION_END,
};

#define NOTES "The user's password is " PASSWORD_VARIABLE ", or is asked for."

const CliVerb guest_verbs[] = {
        {
                .name = "run",
                .summary = "Run a program in a guest",
                .operands = "VM PROGRAM [ARGUMENTS]",
                .operands_min = 2,
                .operands_max = 3,
                .options = run_options,
                .notes = "ARGUMENTS is one text, which the guest takes apart. What the program says is lost, unless\n"
                         "it is sent to a file. " NOTES,
                .run = guest_run,
                .complete_operand = vm_complete,
        },
        {
                .name = "ps",
                .summary = "List the processes of a guest",
                .operands = "VM",
                .operands_min = 1,
                .operands_max = 1,
                .options = plain_options,
                .notes = NOTES,
                .run = guest_ps,
                .complete_operand = vm_complete,
        },
        {
                .name = "kill",
                .summary = "End a process of a guest",
                .operands = "VM NUMBER",
                .operands_min = 2,
                .operands_max = 2,
                .options = plain_options,
                .notes = NOTES,
                .run = guest_kill,
                .complete_operand = vm_complete,
        },
        {
                .name = "ls",
                .summary = "List a directory of a guest",
                .operands = "VM PATH",
                .operands_min = 2,
                .operands_max = 2,
                .options = plain_options,
                .notes = NOTES,
                .run = guest_ls,
                .complete_operand = vm_complete,
        },
        {
                .name = "mkdir",
                .summary = "Make a directory in a guest",
                .operands = "VM PATH",
                .operands_min = 2,
                .operands_max = 2,
                .options = mkdir_options,
                .notes = NOTES,
                .run = guest_mkdir,
                .complete_operand = vm_complete,
        },
        {
                .name = "rm",
                .summary = "Delete a file or a directory in a guest",
                .operands = "VM PATH",
                .operands_min = 2,
                .operands_max = 2,
                .options = rm_options,
                .notes = NOTES,
                .run = guest_rm,
                .complete_operand = vm_complete,
        },
        {
                .name = "mv",
                .summary = "Move or rename a file or a directory in a guest",
                .operands = "VM PATH NEW-PATH",
                .operands_min = 3,
                .operands_max = 3,
                .options = mv_options,
                .notes = NOTES,
                .run = guest_mv,
                .complete_operand = vm_complete,
        },
        {.name = NULL},
};
/* clang-format on */

/* One guest, and as whom one is there. */
typedef struct Guest {
        ApiClient *client;
        char *vm, *user, *password, *files, *processes; /* the VM's and the managers' ids */
} Guest;

static void guest_clear(Guest *guest)
{
        g_clear_pointer(&guest->client, api_client_free);
        password_free(guest->password);
        g_free(guest->vm);
        g_free(guest->user);
        g_free(guest->files);
        g_free(guest->processes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Guest, guest_clear)

static const char *operand(const CliArgs *args, unsigned i)
{
        return args->operands->pdata[i];
}

static char *read_password(const char *user)
{
        g_autofree char *shown = cli_escape(user),
                        *prompt = g_strdup_printf("Password of %s in the guest: ", shown);
        const char *variable = g_getenv(PASSWORD_VARIABLE);

        return variable != NULL ? g_strdup(variable) : password_read_line(STDIN_FILENO, prompt);
}

/* Owned; NULL with an error. */
static char *find_manager(ApiClient *client, const char *property, GError **error)
{
        JsonObject *content = api_content(client, error);
        const char *operations =
                content != NULL
                        ? json_text(json_object_get_member(content, "guestOperationsManager"), "value")
                        : NULL;
        g_autoptr(JsonNode) manager = NULL;

        if (content == NULL)
                return NULL;
        if (operations != NULL &&
            !api_get(client, "GuestOperationsManager", operations, property, &manager, error))
                return NULL;
        if (json_text(manager, "value") == NULL)
                (void)api_garbled(client, "it has no guest operations", error);
        return g_strdup(json_text(manager, "value"));
}

static bool guest_open(Guest *guest, const CliArgs *args, GError **error)
{
        const char *user = cli_args_get(args, "user");
        g_autoptr(JsonObject) vm = NULL;

        if (user == NULL) {
                g_set_error_literal(error, CLI_ERROR, CLI_USAGE, "say as which --user of the guest");
                return false;
        }
        guest->client = api_client_new(args, error);
        vm = guest->client != NULL ? vm_find(guest->client, operand(args, 0), error) : NULL;
        if (vm == NULL)
                return false;
        guest->vm = vm_spec_id(guest->client, vm_select_uuid(vm), error);
        guest->files = guest->vm != NULL ? find_manager(guest->client, "fileManager", error) : NULL;
        guest->processes =
                guest->files != NULL ? find_manager(guest->client, "processManager", error) : NULL;
        if (guest->processes == NULL)
                return false;
        guest->user = g_strdup(user);
        guest->password = read_password(user);
        if (guest->password != NULL)
                return true;
        g_set_error_literal(error, CLI_ERROR, CLI_USAGE,
                            "no password was given; it is " PASSWORD_VARIABLE
                            ", or the first line of standard input");
        return false;
}

/* args is taken; who one is and where is added to it. */
static bool guest_call(const Guest *guest, bool is_file, const char *method, JsonObject *args,
                       JsonNode **ret, GError **error)
{
        JsonObject *auth = json_typed("NamePasswordAuthentication");

        json_object_set_boolean_member(auth, "interactiveSession", FALSE);
        json_object_set_string_member(auth, "username", guest->user);
        json_object_set_string_member(auth, "password", guest->password);
        json_object_set_object_member(args, "vm", json_reference("VirtualMachine", guest->vm));
        json_object_set_object_member(args, "auth", auth);
        return api_call(guest->client, is_file ? "GuestFileManager" : "GuestProcessManager",
                        is_file ? guest->files : guest->processes, method, args, ret, error);
}

/* A call with one text, or two, and one truth. */
static CliStatus change(const CliArgs *args, const char *method, const char *const *names, const char *flag,
                        bool truth, GError **error)
{
        g_auto(Guest) guest = {0};
        JsonObject *body;

        if (!guest_open(&guest, args, error))
                return CLI_FAILED;
        body = json_object_new();
        for (unsigned i = 0; names[i] != NULL; i++)
                json_object_set_string_member(body, names[i], operand(args, i + 1));
        if (flag != NULL)
                json_object_set_boolean_member(body, flag, truth);
        return guest_call(&guest, true, method, body, NULL, error) ? CLI_OK : CLI_FAILED;
}

static CliStatus guest_mkdir(const CliArgs *args, GError **error)
{
        static const char *const names[] = {"directoryPath", NULL};

        return change(args, "MakeDirectoryInGuest", names, "createParentDirectories",
                      cli_args_has(args, "parents"), error);
}

static CliStatus guest_rm(const CliArgs *args, GError **error)
{
        static const char *const directory[] = {"directoryPath", NULL}, *const file[] = {"filePath", NULL};
        bool recursive = cli_args_has(args, "recursive");

        if (recursive || cli_args_has(args, "directory"))
                return change(args, "DeleteDirectoryInGuest", directory, "recursive", recursive, error);
        return change(args, "DeleteFileInGuest", file, NULL, false, error);
}

static CliStatus guest_mv(const CliArgs *args, GError **error)
{
        static const char *const directory[] = {"srcDirectoryPath", "dstDirectoryPath", NULL},
                                 *const file[] = {"srcFilePath", "dstFilePath", NULL};

        if (cli_args_has(args, "directory"))
                return change(args, "MoveDirectoryInGuest", directory, NULL, false, error);
        return change(args, "MoveFileInGuest", file, "overwrite", cli_args_has(args, "overwrite"), error);
}

/* --- programs --- */

static int64_t number_of(JsonNode *object, const char *member)
{
        JsonNode *node = json_member(object, member);

        return node != NULL && JSON_NODE_HOLDS_VALUE(node) ? (int64_t)daemon_json_number(node) : -1;
}

static JsonObject *program_of(const CliArgs *args)
{
        const char *directory = cli_args_get(args, "directory"), *list = cli_args_get(args, "environment");
        JsonObject *spec = json_typed("GuestProgramSpec"), *body = json_object_new();
        g_auto(GStrv) variables = list != NULL ? g_strsplit(list, ",", -1) : NULL;
        JsonArray *array = json_array_new();

        json_object_set_string_member(spec, "programPath", operand(args, 1));
        json_object_set_string_member(spec, "arguments", args->operands->len > 2 ? operand(args, 2) : "");
        if (directory != NULL)
                json_object_set_string_member(spec, "workingDirectory", directory);
        for (unsigned i = 0; variables != NULL && variables[i] != NULL; i++)
                json_array_add_string_element(array, variables[i]);
        json_object_set_array_member(spec, "envVariables", array);
        json_object_set_object_member(body, "spec", spec);
        return body;
}

/* Until it has ended: its exit code. Negative with an error. */
static int64_t wait_for(const Guest *guest, int64_t pid, GError **error)
{
        for (;;) {
                JsonObject *body = json_object_new();
                JsonArray *pids = json_array_new(), *list;
                g_autoptr(JsonNode) answer = NULL;
                JsonNode *process;

                json_array_add_int_element(pids, pid);
                json_object_set_array_member(body, "pids", pids);
                if (!guest_call(guest, false, "ListProcessesInGuest", body, &answer, error))
                        return -1;
                list = json_list(answer);
                process = list != NULL && json_array_get_length(list) > 0 ? json_array_get_element(list, 0)
                                                                          : NULL;
                if (process == NULL || json_text(process, "endTime") != NULL) {
                        if (process != NULL && number_of(process, "exitCode") >= 0)
                                return number_of(process, "exitCode");
                        g_set_error(error, CLI_ERROR, CLI_FAILED,
                                    "process %" G_GINT64_FORMAT " has ended; how, the guest does not say",
                                    pid);
                        return -1;
                }
                if (!api_client_sleep(guest->client, ASK_MS)) {
                        g_set_error(error, CLI_ERROR, CLI_FAILED,
                                    "interrupted; process %" G_GINT64_FORMAT " goes on in the guest", pid);
                        return -1;
                }
        }
}

static CliStatus guest_run(const CliArgs *args, GError **error)
{
        g_auto(Guest) guest = {0};
        g_autoptr(JsonNode) answer = NULL;
        int64_t pid, code;

        if (!guest_open(&guest, args, error) ||
            !guest_call(&guest, false, "StartProgramInGuest", program_of(args), &answer, error))
                return CLI_FAILED;
        if (answer == NULL || !JSON_NODE_HOLDS_VALUE(answer)) {
                (void)api_garbled(guest.client, "it does not say which process was started", error);
                return CLI_FAILED;
        }
        pid = (int64_t)daemon_json_number(answer);
        if (cli_args_has(args, "detach")) {
                printf("%" G_GINT64_FORMAT "\n", pid);
                return CLI_OK;
        }
        code = wait_for(&guest, pid, error);
        if (code > 0)
                g_set_error(error, CLI_ERROR, CLI_FAILED, "%s ended with %" G_GINT64_FORMAT,
                            operand(args, 1), code);
        return code == 0 ? CLI_OK : CLI_FAILED;
}

static CliStatus guest_kill(const CliArgs *args, GError **error)
{
        g_auto(Guest) guest = {0};
        JsonObject *body;
        gint64 pid;

        if (!g_ascii_string_to_signed(operand(args, 1), 10, 1, INT64_MAX, &pid, NULL)) {
                g_set_error_literal(error, CLI_ERROR, CLI_USAGE, "a process is said by its number");
                return CLI_USAGE;
        }
        if (!guest_open(&guest, args, error))
                return CLI_FAILED;
        body = json_object_new();
        json_object_set_int_member(body, "pid", pid);
        return guest_call(&guest, false, "TerminateProcessInGuest", body, NULL, error) ? CLI_OK : CLI_FAILED;
}

static CliStatus guest_ps(const CliArgs *args, GError **error)
{
        g_auto(Guest) guest = {0};
        g_autoptr(JsonNode) answer = NULL;
        JsonArray *list;

        if (!guest_open(&guest, args, error) ||
            !guest_call(&guest, false, "ListProcessesInGuest", json_object_new(), &answer, error))
                return CLI_FAILED;
        list = json_list(answer);
        for (unsigned i = 0; list != NULL && i < json_array_get_length(list); i++) {
                JsonNode *process = json_array_get_element(list, i);
                const char *owner = json_text(process, "owner"), *line = json_text(process, "cmdLine");
                g_autofree char *shown = cli_escape(line != NULL ? line : ""),
                                *user = cli_escape(owner != NULL ? owner : "-");

                printf("%" G_GINT64_FORMAT " %s %s\n", number_of(process, "pid"), user, shown);
        }
        return CLI_OK;
}

/* --- files --- */

static CliStatus guest_ls(const CliArgs *args, GError **error)
{
        g_auto(Guest) guest = {0};
        int64_t remaining = 1, shown = 0;

        if (!guest_open(&guest, args, error))
                return CLI_FAILED;
        while (remaining > 0) {
                JsonObject *body = json_object_new();
                g_autoptr(JsonNode) answer = NULL;
                JsonArray *files;

                json_object_set_string_member(body, "filePath", operand(args, 1));
                json_object_set_int_member(body, "index", shown);
                if (!guest_call(&guest, true, "ListFilesInGuest", body, &answer, error))
                        return CLI_FAILED;
                files = json_list(json_member(answer, "files"));
                for (unsigned i = 0; files != NULL && i < json_array_get_length(files); i++, shown++) {
                        const char *path = json_text(json_array_get_element(files, i), "path");
                        g_autofree char *safe = cli_escape(path != NULL ? path : "");

                        printf("%s\n", safe);
                }
                /* One that says there are more and gives none would be asked for ever. */
                remaining = files != NULL && json_array_get_length(files) > 0
                                    ? number_of(answer, "remaining")
                                    : 0;
        }
        return CLI_OK;
}
