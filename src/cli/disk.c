/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat disk: disks of VMs, listed, added, removed, extended, their modes, space given back. */
#include <limits.h>

#include "cli/act.h"
#include "cli/operation.h"
#include "cli/vm-select.h"

static CliStatus disk_list(const CliArgs *args, GError **error);
static CliStatus disk_add(const CliArgs *args, GError **error);
static CliStatus disk_attach(const CliArgs *args, GError **error);
static CliStatus disk_remove(const CliArgs *args, GError **error);
static CliStatus disk_extend(const CliArgs *args, GError **error);
static CliStatus disk_set(const CliArgs *args, GError **error);
static CliStatus disk_release(const CliArgs *args, GError **error);

static const char *const modes[] = {"persistent", "independent_persistent", "independent_nonpersistent",
                                    NULL};
static const char *const buses[] = {"virtio", "sata", "scsi", "ide", NULL};

/* clang-format off */
#define OPTION_MODE \
        {"mode", "MODE", modes, false, \
         "persistent (default), independent_persistent (snapshots\n" \
         "leave it alone), independent_nonpersistent (what is\n" \
         "written is gone at power-off)"}

static const CliOption list_options[] = {
        OPTION_FORMAT,
        OPTION_NO_HEADER,
        OPTION_UNIT,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption add_options[] = {
        {"size", "SIZE", NULL, false, "how large it is for the guest"},
        {"thick", NULL, NULL, false, "reserve all of it now; else it grows"},
        OPTION_MODE,
        {"bus", "BUS", buses, false, "virtio (default), sata, scsi or ide"},
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption attach_options[] = {
        OPTION_MODE,
        {"bus", "BUS", buses, false, "virtio (default), sata, scsi or ide"},
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption remove_options[] = {
        {"delete-files", NULL, NULL, false, "with its files, as far as no snapshot needs them"},
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption extend_options[] = {
        {"size", "SIZE", NULL, false, "how large it is to be"},
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption set_options[] = {
        OPTION_MODE,
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption release_options[] = {
        OPTIONS_SELECT,
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

const CliVerb disk_verbs[] = {
        {
                .name = "list",
                .summary = "List a VM's disks",
                .operands = "VM",
                .operands_min = 1,
                .operands_max = 1,
                .options = list_options,
                .run = disk_list,
                .complete_operand = vm_complete,
        },
        {
                .name = "add",
                .summary = "Add a disk to a VM",
                .operands = "VM",
                .operands_min = 1,
                .operands_max = 1,
                .options = add_options,
                .run = disk_add,
                .complete_operand = vm_complete,
        },
        {
                .name = "attach",
                .summary = "Add a disk file that is there to a VM",
                .operands = "VM FILE",
                .operands_min = 2,
                .operands_max = 2,
                .options = attach_options,
                .notes = "FILE is \"[DATASTORE] PATH\", of a disk that no VM has: NAME.qcow2, or NAME.raw or NAME.img.\n"
                         "One that other disks stand on is to be independent_nonpersistent. 'aerostat disk remove' takes\n"
                         "it out again, and the file stays.",
                .run = disk_attach,
                .complete_operand = vm_complete,
        },
        {
                .name = "remove",
                .summary = "Take a disk out of a VM",
                .operands = "VM DISK",
                .operands_min = 2,
                .operands_max = 2,
                .options = remove_options,
                .notes = "DISK is its target, as 'aerostat disk list' shows it: vdb.",
                .run = disk_remove,
                .complete_operand = vm_complete,
        },
        {
                .name = "extend",
                .summary = "Make a disk larger",
                .operands = "VM DISK",
                .operands_min = 2,
                .operands_max = 2,
                .options = extend_options,
                .notes = "Not while a snapshot has it. The guest's file systems are the guest's to extend.",
                .run = disk_extend,
                .complete_operand = vm_complete,
        },
        {
                .name = "set",
                .summary = "Change a disk's mode",
                .operands = "VM DISK",
                .operands_min = 2,
                .operands_max = 2,
                .options = set_options,
                .notes = "The VM has to be powered off.",
                .run = disk_set,
                .complete_operand = vm_complete,
        },
        {
                .name = "release",
                .summary = "Give back space that VMs' disks do not need",
                .operands = "[NAME|UUID...]",
                .operands_max = UINT_MAX,
                .options = release_options,
                .notes = "Of VMs that are off, blocks of zeros; in VMs that run, the guest's agent trims its file systems.",
                .run = disk_release,
                .complete_operand = vm_complete,
        },
        {.name = NULL},
};
/* clang-format on */

static const Field fields[] = {
        {"DISK", "target", FIELD_TEXT, "As libvirt calls it", NULL},
        {"BUS", "bus", FIELD_TEXT, "What it is plugged into", NULL},
        {"MODE", "mode", FIELD_TEXT, "What becomes of what is written", NULL},
        {"PROVISIONED", "provisioned_bytes", FIELD_BYTES, "What the guest sees", NULL},
        {"USED", "used_bytes", FIELD_BYTES, "Blocks of the file that is written to", NULL},
        {"FILES", "files", FIELD_COUNT, "That it stands on, this one included", NULL},
        {"PATH", "path", FIELD_TEXT, "The file that is written to", NULL},
        {NULL, NULL, FIELD_TEXT, NULL, NULL},
};

static const char *operand(const CliArgs *args, unsigned i)
{
        return args->operands->pdata[i];
}

static CliStatus disk_list(const CliArgs *args, GError **error)
{
        return cli_list(args, fields, "ListDisks", cli_body("vm", operand(args, 0), NULL), NULL, &fields[0],
                        error);
}

static CliStatus disk_add(const CliArgs *args, GError **error)
{
        unsigned choice = 0;
        const char *vm = operand(args, 0), *size = cli_args_get(args, "size");
        g_autoptr(JsonObject) body =
                cli_body("vm", vm, "mode", cli_args_get(args, "mode"), "bus", cli_args_get(args, "bus"),
                         "provisioning", cli_args_has(args, "thick") ? "thick" : NULL, NULL);

        if (!cli_set_mb(args, body, error) || !cli_args_choice(args, "mode", modes, &choice, error) ||
            !cli_args_choice(args, "bus", buses, &choice, error))
                return CLI_USAGE;
        return cli_act(args, "AddDisk", g_steal_pointer(&body), error, "%s: disk of %s added", vm, size);
}

static CliStatus disk_attach(const CliArgs *args, GError **error)
{
        unsigned choice = 0;
        const char *vm = operand(args, 0), *file = operand(args, 1);

        if (!cli_args_choice(args, "mode", modes, &choice, error) ||
            !cli_args_choice(args, "bus", buses, &choice, error))
                return CLI_USAGE;
        return cli_act(args, "AttachDisk",
                       cli_body("vm", vm, "path", file, "mode", cli_args_get(args, "mode"), "bus",
                                cli_args_get(args, "bus"), NULL),
                       error, "%s: disk %s attached", vm, file);
}

static CliStatus disk_remove(const CliArgs *args, GError **error)
{
        const char *vm = operand(args, 0), *target = operand(args, 1);
        JsonObject *body = cli_body("vm", vm, "target", target, NULL);

        json_object_set_boolean_member(body, "delete", cli_args_has(args, "delete-files"));
        return cli_act(args, "RemoveDisk", body, error, "%s: disk %s removed%s", vm, target,
                       cli_args_has(args, "delete-files") ? ", with its files" : "");
}

static CliStatus disk_extend(const CliArgs *args, GError **error)
{
        const char *vm = operand(args, 0), *target = operand(args, 1), *size = cli_args_get(args, "size");
        g_autoptr(JsonObject) body = cli_body("vm", vm, "target", target, NULL);

        if (!cli_set_mb(args, body, error))
                return CLI_USAGE;
        return cli_act(args, "ExtendDisk", g_steal_pointer(&body), error, "%s: disk %s extended to %s", vm,
                       target, size);
}

static CliStatus disk_set(const CliArgs *args, GError **error)
{
        unsigned choice = 0;
        const char *vm = operand(args, 0), *target = operand(args, 1), *mode = cli_args_get(args, "mode");

        if (mode == NULL) {
                g_set_error_literal(error, CLI_ERROR, CLI_USAGE, "say which --mode");
                return CLI_USAGE;
        }
        if (!cli_args_choice(args, "mode", modes, &choice, error))
                return CLI_USAGE;
        return cli_act(args, "SetDiskMode", cli_body("vm", vm, "target", target, "mode", mode, NULL), error,
                       "%s: disk %s is %s", vm, target, mode);
}

static CliStatus disk_release(const CliArgs *args, GError **error)
{
        g_autoptr(ApiClient) client = api_client_new(args, error);
        g_autoptr(GPtrArray) vms = client != NULL ? vm_select(args, client, 0, error) : NULL;

        if (vms == NULL)
                return CLI_FAILED;
        return vm_do_each(args, client, vms, "ReleaseSpace", NULL, "space released");
}
