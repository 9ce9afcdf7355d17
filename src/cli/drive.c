/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat drive: CD drives of VMs, added, filled, removed. */
#include <string.h>

#include "cli/act.h"
#include "cli/operation.h"

static CliStatus drive_add(const CliArgs *args, GError **error);
static CliStatus drive_set(const CliArgs *args, GError **error);
static CliStatus drive_remove(const CliArgs *args, GError **error);

static const char *const buses[] = {"ide", "sata", "scsi", NULL};

/* clang-format off */
#define OPTION_FILE \
        {"file", "FILE|none", NULL, false, "the image in it: \"[DATASTORE] PATH\" or a path"}

static const CliOption add_options[] = {
        OPTION_FILE,
        {"bus", "BUS", buses, false, "ide (default; with EFI sata), sata or scsi"},
        {"target", "NAME", NULL, false, "as libvirt calls it (default the next that is free)"},
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption set_options[] = {
        OPTION_FILE,
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption remove_options[] = {
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

const CliVerb drive_verbs[] = {
        {
                .name = "add",
                .summary = "Add a CD drive to a VM that is off",
                .operands = "VM",
                .operands_min = 1,
                .operands_max = 1,
                .options = add_options,
                .run = drive_add,
                .complete_operand = vm_complete,
        },
        {
                .name = "set",
                .summary = "Put an image into a CD drive, or take it out, also while the VM runs",
                .operands = "VM DRIVE",
                .operands_min = 2,
                .operands_max = 2,
                .options = set_options,
                .run = drive_set,
                .complete_operand = vm_complete,
        },
        {
                .name = "remove",
                .summary = "Take a CD drive from a VM that is off",
                .operands = "VM DRIVE",
                .operands_min = 2,
                .operands_max = 2,
                .options = remove_options,
                .run = drive_remove,
                .complete_operand = vm_complete,
        },
        {.name = NULL},
};
/* clang-format on */

static const char *operand(const CliArgs *args, unsigned i)
{
        return args->operands->pdata[i];
}

/* "none" is an empty one. NULL: nothing is said. */
static const char *file_of(const CliArgs *args)
{
        const char *file = cli_args_get(args, "file");

        return file != NULL && strcmp(file, "none") == 0 ? "" : file;
}

static CliStatus drive_add(const CliArgs *args, GError **error)
{
        const char *vm = operand(args, 0);
        unsigned choice = 0;

        if (!cli_args_choice(args, "bus", buses, &choice, error))
                return CLI_USAGE;
        return cli_act(args, "AddDrive",
                       cli_body("vm", vm, "bus", cli_args_get(args, "bus"), "target",
                                cli_args_get(args, "target"), "file", file_of(args), NULL),
                       error, "%s: drive added", vm);
}

static CliStatus drive_set(const CliArgs *args, GError **error)
{
        const char *vm = operand(args, 0), *target = operand(args, 1), *file = file_of(args);

        if (file == NULL) {
                g_set_error_literal(error, CLI_ERROR, CLI_USAGE, "say which --file, or none");
                return CLI_USAGE;
        }
        return cli_act(args, "SetDrive", cli_body("vm", vm, "target", target, "file", file, NULL), error,
                       "%s: drive %s has %s", vm, target, file[0] != '\0' ? file : "nothing in it");
}

static CliStatus drive_remove(const CliArgs *args, GError **error)
{
        const char *vm = operand(args, 0), *target = operand(args, 1);

        return cli_act(args, "RemoveDrive", cli_body("vm", vm, "target", target, NULL), error,
                       "%s: drive %s removed", vm, target);
}
