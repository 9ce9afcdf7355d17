/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat snapshot: made, gone back to, removed. */
#include "cli/act.h"
#include "cli/operation.h"

static CliStatus snapshot_list(const CliArgs *args, GError **error);
static CliStatus snapshot_create(const CliArgs *args, GError **error);
static CliStatus snapshot_revert(const CliArgs *args, GError **error);
static CliStatus snapshot_remove(const CliArgs *args, GError **error);
static CliStatus snapshot_rename(const CliArgs *args, GError **error);
static CliStatus snapshot_consolidate(const CliArgs *args, GError **error);

#define WHICH "SNAPSHOT is its name, or #NUMBER where several have one."

/* clang-format off */
static const CliOption list_options[] = {
        OPTION_FORMAT,
        OPTION_NO_HEADER,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption create_options[] = {
        {"description", "TEXT", NULL, false, "what it is for"},
        {"memory", NULL, NULL, false, "of a VM that runs: with its memory, so that going back\ngoes on from there"},
        {"quiesce", NULL, NULL, false, "the guest's agent freezes its file systems for that moment"},
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption remove_options[] = {
        {"children", NULL, NULL, false, "those that came from it, too"},
        {"all", NULL, NULL, false, "all that the VM has"},
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption rename_options[] = {
        {"name", "NAME", NULL, false, "its new name"},
        {"description", "TEXT", NULL, false, "what it is for"},
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption task_options[] = {
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

const CliVerb snapshot_verbs[] = {
        {
                .name = "list",
                .summary = "List a VM's snapshots",
                .operands = "VM",
                .operands_min = 1,
                .operands_max = 1,
                .options = list_options,
                .run = snapshot_list,
                .complete_operand = vm_complete,
        },
        {
                .name = "create",
                .summary = "Make a snapshot",
                .operands = "VM NAME",
                .operands_min = 2,
                .operands_max = 2,
                .options = create_options,
                .notes = "Independent disks are left alone. With memory a VM must not have one.",
                .run = snapshot_create,
                .complete_operand = vm_complete,
        },
        {
                .name = "revert",
                .summary = "Go back to a snapshot",
                .operands = "VM [SNAPSHOT]",
                .operands_min = 1,
                .operands_max = 2,
                .options = task_options,
                .notes = "Without SNAPSHOT: to the current one. What the VM has written since is lost. With memory it\n"
                         "goes on running; without, it is powered off. " WHICH,
                .run = snapshot_revert,
                .complete_operand = vm_complete,
        },
        {
                .name = "remove",
                .summary = "Remove snapshots; the VM stays as it is",
                .operands = "VM [SNAPSHOT]",
                .operands_min = 1,
                .operands_max = 2,
                .options = remove_options,
                .notes = "Its files are merged, also while the VM runs. One that has linked clones is not removed.\n" WHICH,
                .run = snapshot_remove,
                .complete_operand = vm_complete,
        },
        {
                .name = "rename",
                .summary = "Give a snapshot another name or description",
                .operands = "VM SNAPSHOT",
                .operands_min = 2,
                .operands_max = 2,
                .options = rename_options,
                .run = snapshot_rename,
                .complete_operand = vm_complete,
        },
        {
                .name = "consolidate",
                .summary = "Merge files of removed snapshots that are left",
                .operands = "VM",
                .operands_min = 1,
                .operands_max = 1,
                .options = task_options,
                .notes = "There are some when a merge was cancelled or found no room, or when linked clones or a second\n"
                         "branch stood on them.",
                .run = snapshot_consolidate,
                .complete_operand = vm_complete,
        },
        {.name = NULL},
};
/* clang-format on */

static char *derive_time(JsonObject *object)
{
        g_autoptr(GDateTime) time =
                g_date_time_new_from_unix_local((gint64)(daemon_json_uint_or_0(object, "time_ms") / 1000));

        return time != NULL ? g_date_time_format(time, "%F %T") : g_strdup("");
}

static const Field fields[] = {
        {"NAME", "name", FIELD_TEXT, "Its name", NULL},
        {"NUMBER", "id", FIELD_COUNT, "Its number, for life", NULL},
        {"PARENT", "parent", FIELD_COUNT, "The number of the one it came from", NULL},
        {"TIME", "time", FIELD_TEXT, "When it was made", derive_time},
        {"MEMORY", "memory", FIELD_BOOL, "Whether memory belongs to it", NULL},
        {"CURRENT", "current", FIELD_BOOL, "Whether the VM goes on from it", NULL},
        {"CLONES", "clones", FIELD_TEXT, "VMs that are linked to it", NULL},
        {"DESCRIPTION", "description", FIELD_TEXT, "What it is for", NULL},
        {NULL, NULL, FIELD_TEXT, NULL, NULL},
};

static const char *operand(const CliArgs *args, unsigned i)
{
        return i < args->operands->len ? args->operands->pdata[i] : NULL;
}

static CliStatus snapshot_list(const CliArgs *args, GError **error)
{
        return cli_list(args, fields, "ListSnapshots", cli_body("vm", operand(args, 0), NULL), "snapshots",
                        &fields[1], error);
}

static CliStatus snapshot_create(const CliArgs *args, GError **error)
{
        const char *vm = operand(args, 0), *name = operand(args, 1);
        JsonObject *body =
                cli_body("vm", vm, "name", name, "description", cli_args_get(args, "description"), NULL);

        json_object_set_boolean_member(body, "memory", cli_args_has(args, "memory"));
        json_object_set_boolean_member(body, "quiesce", cli_args_has(args, "quiesce"));
        return cli_act(args, "CreateSnapshot", body, error, "%s: snapshot \"%s\" made", vm, name);
}

static CliStatus snapshot_revert(const CliArgs *args, GError **error)
{
        const char *vm = operand(args, 0), *which = operand(args, 1);

        if (which == NULL)
                return cli_act(args, "RevertToCurrentSnapshot", cli_body("vm", vm, NULL), error,
                               "%s: back to the current snapshot", vm);
        return cli_act(args, "RevertToSnapshot", cli_body("vm", vm, "snapshot", which, NULL), error,
                       "%s: back to snapshot \"%s\"", vm, which);
}

static CliStatus snapshot_remove(const CliArgs *args, GError **error)
{
        const char *vm = operand(args, 0), *which = operand(args, 1);
        JsonObject *body;

        if ((which == NULL) != cli_args_has(args, "all")) {
                g_set_error_literal(error, CLI_ERROR, CLI_USAGE, "say which snapshot, or --all");
                return CLI_USAGE;
        }
        if (which == NULL)
                return cli_act(args, "RemoveAllSnapshots", cli_body("vm", vm, NULL), error,
                               "%s: all snapshots removed", vm);
        body = cli_body("vm", vm, "snapshot", which, NULL);
        json_object_set_boolean_member(body, "removeChildren", cli_args_has(args, "children"));
        return cli_act(args, "RemoveSnapshot", body, error, "%s: snapshot \"%s\" removed", vm, which);
}

static CliStatus snapshot_rename(const CliArgs *args, GError **error)
{
        const char *vm = operand(args, 0), *which = operand(args, 1);
        const char *name = cli_args_get(args, "name"), *description = cli_args_get(args, "description");

        if (name == NULL && description == NULL) {
                g_set_error_literal(error, CLI_ERROR, CLI_USAGE,
                                    "say what it is to be, with --name or --description");
                return CLI_USAGE;
        }
        return cli_act(args, "RenameSnapshot",
                       cli_body("vm", vm, "snapshot", which, "name", name, "description", description, NULL),
                       error, "%s: snapshot \"%s\" changed", vm, which);
}

static CliStatus snapshot_consolidate(const CliArgs *args, GError **error)
{
        const char *vm = operand(args, 0);

        return cli_act(args, "ConsolidateVMDisks", cli_body("vm", vm, NULL), error, "%s: files merged", vm);
}
