/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat vm: the table of its verbs. */
#include "cli/vm.h"

#include <limits.h>
#include <stdio.h>

#include "cli/operation.h"
#include "cli/vm-select.h"

/* Of one command: the parent and the daemon's most. */
#define CLONE_NAMES_MAX 1001

static const char *const shares_levels[] = {"low", "normal", "high", NULL};
static const char *const on_off[] = {"on", "off", NULL};

static void complete_columns(const char *prefix)
{
        field_complete(vm_fields, prefix);
}

static const char *const hard_soft[] = {"hard", "soft", NULL};
static const char *const standby_actions[] = {"checkpoint", "powerOnSuspend", NULL};
static const char *const firmwares[] = {"bios", "efi", NULL};

static void complete_template(const char *prefix)
{
        static const char *const words[] = {"mark", "unmark"};

        for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
                if (g_str_has_prefix(words[i], prefix))
                        puts(words[i]);
        vm_complete(prefix);
}

static void complete_question(const char *prefix)
{
        static const char *const words[] = {"list", "answer", "retry", "cancel"};

        for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
                if (g_str_has_prefix(words[i], prefix))
                        puts(words[i]);
        vm_complete(prefix);
}

/* clang-format off */
static const CliOption list_options[] = {
        {"columns", "LIST", NULL, false,
         "which, with commas between them, or all; their names are\n"
         "in aerostat-vm(1)",
         .complete = complete_columns},
        {"sort", "COLUMN", NULL, false,
         "words upwards, numbers downwards; COLUMN:reverse turns\n"
         "that round (default name)",
         .complete = complete_columns},
        {"filter", "CONDITION", NULL, false,
         "only VMs for which all conditions hold, with commas\n"
         "between them: web*, pool=/prod, swcur>0, mctlsz>=1G"},
        OPTION_FORMAT,
        OPTION_NO_HEADER,
        OPTION_UNIT,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption show_options[] = {
        {"format", "FORMAT", daemon_show_formats, false, "table (default) or json"},
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption set_options[] = {
        {"shares", "low|normal|high|N", shares_levels, false, "weight against other VMs and pools beside it"},
        {"reservation", "SIZE", NULL, false, "host memory that it has for certain"},
        {"limit", "SIZE|none", NULL, false, "host memory that it never exceeds; none: its own size"},
        {"max-balloon", "SIZE|default", NULL, false, "how far it may be ballooned; default: Mem.CtlMaxPercent"},
        {"sharing", "on|off", on_off, false, "whether its pages are shared with like ones"},
        {"salt", "TEXT", NULL, false, "VMs with different salts share no pages; \"\": none"},
        {"swap-dir", "DIR|default", NULL, false, "where its swap file is made at the next power-on"},
        {"pool", "PATH", NULL, false, "move it to this resource pool", .complete = pool_complete},
        OPTIONS_SELECT,
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption adopt_options[] = {
        {"folder", "PATH", NULL, false, "put it into this folder (default /)", .complete = folder_complete},
        OPTION_SELECT_FILTER,
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption move_options[] = {
        {"folder", "PATH", NULL, false, "the folder to put them into", .complete = folder_complete},
        OPTION_SELECT_FILTER,
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

static const CliOption clone_options[] = {
        {"count", "N", NULL, false, "make so many, with names that count on", .letter = 'n'},
        {"prefix", "TEXT", NULL, false,
         "what stands before the number of counted names (default the\n"
         "second word of the parent's name)"},
        {"full", NULL, NULL, false, "copy the disks whole; without it, clones share the parent's"},
        {"snapshot", "NAME|#ID", NULL, false, "of the parent, to clone from (default its current one)"},
        {"customization", "NAME|none", NULL, false,
         "specification to apply (default what the parent's custom\n"
         "attribute Customization names)"},
        {"copy-attributes", "LIST", NULL, false, "custom attributes to copy, with commas between them"},
        {"folder", "PATH", NULL, false, "folder for the clones (default the parent's)"},
        {"datastore", "NAME", NULL, false, "datastore for the clones (default the parent's)"},
        {"power-on", NULL, NULL, false, "power each clone on when it is made"},
        {"template", NULL, NULL, false, "make templates, not VMs"},
        {"in-flight", "N", NULL, false, "make so many at a time (default 4)"},
        {"new", NULL, NULL, false, "do not go on with what an earlier call has begun"},
        OPTION_WHAT_IF,
        OPTION_FORMAT,
        OPTION_NO_HEADER,
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption create_options[] = {
        {"datastore", "NAME", NULL, false, "where its folder is made; has to be said"},
        {"memory", "SIZE", NULL, false, "its memory; has to be said"},
        {"cpus", "N", NULL, false, "its processors (default 1)"},
        {"cpus-max", "N", NULL, false, "so many can be had while it runs (default as many as it has)"},
        {"disk", "LIST", NULL, false,
         "disks, with commas between them: SIZE, SIZE:thick,\n"
         "SIZE:independent_nonpersistent (default none)"},
        {"image", "FILE", NULL, false, "a copy of this image is the first disk, before those of --disk"},
        {"cdrom", "FILE", NULL, false, "image in its CD drive: \"[DATASTORE] PATH\" or a path"},
        {"port-group", "LIST", NULL, false, "network cards on these port groups"},
        {"bridge", "LIST", NULL, false, "network cards on these bridges of the host"},
        {"firmware", "bios|efi", firmwares, false, "(default bios)"},
        {"kernel", "FILE", NULL, false, "boots this and not from a disk"},
        {"initrd", "FILE", NULL, false, "with --kernel"},
        {"cmdline", "TEXT", NULL, false, "with --kernel"},
        {"folder", "PATH", NULL, false, "put it into this folder (default /)", .complete = folder_complete},
        {"no-pager", NULL, NULL, false, "without a pager of its own"},
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption register_options[] = {
        {"folder", "PATH", NULL, false, "put it into this folder (default /)", .complete = folder_complete},
        {"name", "NAME", NULL, false, "what it is called here (default what it was called)"},
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption rename_options[] = {
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption each_options[] = {
        OPTIONS_SELECT,
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption off_options[] = {
        {"hard", NULL, NULL, false, "at once, whatever the VM is set to"},
        {"soft", NULL, NULL, false, "through its guest, whatever the VM is set to"},
        {"within", "SECONDS", NULL, false, "softly: how long the guest may take (default 300)"},
        OPTIONS_SELECT,
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption type_options[] = {
        {"hard", NULL, NULL, false, "at once, whatever the VM is set to"},
        {"soft", NULL, NULL, false, "through its guest, whatever the VM is set to"},
        OPTIONS_SELECT,
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption shutdown_options[] = {
        {"within", "SECONDS", NULL, false, "how long the guest may take (default 300)"},
        OPTIONS_SELECT,
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption reconfigure_options[] = {
        {"memory", "SIZE", NULL, false, "its memory, from the next power-on"},
        {"cpus", "N", NULL, false, "its processors; at once up to its maximum"},
        {"cdrom", "FILE|none", NULL, false, "image in its CD drive: \"[DATASTORE] PATH\" or a path"},
        {"power-off-type", "hard|soft", hard_soft, false, "what 'vm off' does (default soft)"},
        {"suspend-type", "hard|soft", hard_soft, false, "what 'vm suspend' does (default hard)"},
        {"reset-type", "hard|soft", hard_soft, false, "what 'vm reset' does (default soft)"},
        {"standby-action", "ACTION", standby_actions, false,
         "when its guest goes to standby: checkpoint (default) suspends\n"
         "the VM, powerOnSuspend leaves it"},
        {"pager", "on|off", on_off, false, "a pager of its own, from the next power-on"},
        {"annotation", "TEXT", NULL, false, "what is noted of it; \"\": nothing"},
        {"option", "KEY=VALUE", NULL, false,
         "an option of its extraConfig, guestinfo.role=web; KEY= takes\n"
         "it away, KEY alone asks for the value"},
        {"guest-id", "ID", NULL, false, "what guest it is for, by vim25's name (otherGuest64)"},
        {"cpu-shares", "low|normal|high|N", shares_levels, false, "processors: weight against other VMs"},
        {"cpu-reservation", "MHZ", NULL, false, "processors: what it has for certain"},
        {"cpu-limit", "MHZ|none", NULL, false, "processors: what it never exceeds"},
        OPTIONS_SELECT,
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption question_options[] = {
        {"format", "FORMAT", daemon_show_formats, false, "of 'list': table (default) or json"},
        OPTIONS_SELECT,
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption reconcile_options[] = {
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption customize_options[] = {
        {"customization", "NAME", NULL, false, "the specification", .complete = customization_complete},
        OPTIONS_SELECT,
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption relocate_options[] = {
        {"datastore", "NAME", NULL, false, "where to", .complete = datastore_complete},
        {"thick", NULL, NULL, false, "reserve everything; else disks become thin"},
        OPTIONS_SELECT,
        OPTION_WHAT_IF,
        OPTIONS_TASK,
        OPTION_END,
};

const CliVerb vm_verbs[] = {
        {
                .name = "list",
                .summary = "List the VMs of this host, where they belong, their memory",
                .options = list_options,
                .run = vm_list,
        },
        {
                .name = "show",
                .summary = "Show all about one VM",
                .operands = "NAME|UUID",
                .operands_min = 1,
                .operands_max = 1,
                .options = show_options,
                .run = vm_show,
                .complete_operand = vm_complete,
        },
        {
                .name = "set",
                .summary = "Change what VMs are entitled to",
                .operands = "[NAME|UUID...]",
                .operands_max = UINT_MAX,
                .options = set_options,
                .notes = "SIZE is in whole megabytes: 512M, 1.5G; 50% is half of each VM's memory. Every value\n"
                         "is checked, for every VM, before the first is changed.",
                .run = vm_set,
                .complete_operand = vm_complete,
        },
        {
                .name = "adopt",
                .summary = "Take VMs that libvirt has into the inventory",
                .operands = "[NAME|UUID...]",
                .operands_max = UINT_MAX,
                .options = adopt_options,
                .notes = "The VM goes on as it is; its disks stay where they are. All there are: --filter '*'.",
                .run = vm_adopt,
                .complete_operand = vm_complete,
        },
        {
                .name = "move",
                .summary = "Put VMs into a folder",
                .operands = "[NAME|UUID...]",
                .operands_max = UINT_MAX,
                .options = move_options,
                .notes = "All of them are moved, or none. Those of another folder: --filter folder=/lab.",
                .run = vm_move,
                .complete_operand = vm_complete,
        },
        {
                .name = "relocate",
                .summary = "Move VMs' files to a datastore, also while they run",
                .operands = "[NAME|UUID...]",
                .operands_max = UINT_MAX,
                .options = relocate_options,
                .notes = "Zeros take no space in thin disks afterwards. A linked clone stays linked to its parent's files;\n"
                         "a VM that has linked clones is not moved.",
                .run = vm_relocate,
                .complete_operand = vm_complete,
        },
        {
                .name = "clone",
                .summary = "Make clones of a VM: linked ones, by the dozen",
                .operands = "PARENT [NAME...]",
                .operands_min = 1,
                .operands_max = CLONE_NAMES_MAX,
                .options = clone_options,
                .notes = "What could refuse it is looked at before the first is made. What was made stays when a\n"
                         "later one fails; the same command again goes on where it ended.",
                .run = vm_clone,
                .complete_operand = vm_complete,
        },
        {
                .name = "customize",
                .summary = "Give VMs host names, addresses, users by a specification",
                .operands = "[NAME|UUID...]",
                .operands_max = UINT_MAX,
                .options = customize_options,
                .notes = "By cloud-init, which reads it when the VM starts next, or by the guest's agent, at once or\n"
                         "as soon as it answers, as the specification says.",
                .run = vm_customize,
                .complete_operand = vm_complete,
        },
        {
                .name = "create",
                .summary = "Make a VM in a datastore",
                .operands = "NAME",
                .operands_min = 1,
                .operands_max = 1,
                .options = create_options,
                .run = vm_create,
        },
        {
                .name = "register",
                .summary = "Take a VM into the inventory whose files are in a datastore",
                .operands = "\"[DATASTORE] FOLDER/NAME.vmx\"",
                .operands_min = 1,
                .operands_max = 1,
                .options = register_options,
                .notes = "The files may come from another host, and the VM may be suspended. What would reach for more\n"
                         "of this host than its datastores is refused.",
                .run = vm_register,
        },
        {
                .name = "unregister",
                .summary = "Forget VMs; their files stay",
                .operands = "[NAME|UUID...]",
                .operands_max = UINT_MAX,
                .options = each_options,
                .run = vm_unregister,
                .complete_operand = vm_complete,
        },
        {
                .name = "delete",
                .summary = "Delete VMs with their files",
                .operands = "[NAME|UUID...]",
                .operands_max = UINT_MAX,
                .options = each_options,
                .notes = "Refused for a VM that runs, and for one whose disks linked clones stand on.",
                .run = vm_delete,
                .complete_operand = vm_complete,
        },
        {
                .name = "rename",
                .summary = "Give a VM another name",
                .operands = "NAME|UUID NEW-NAME",
                .operands_min = 2,
                .operands_max = 2,
                .options = rename_options,
                .notes = "Its folder and its disks keep theirs.",
                .run = vm_rename,
                .complete_operand = vm_complete,
        },
        {
                .name = "reconfigure",
                .summary = "Change VMs' hardware, and what power operations do",
                .operands = "[NAME|UUID...]",
                .operands_max = UINT_MAX,
                .options = reconfigure_options,
                .notes = "What cannot be changed while the VM runs is so from its next power-on. Options from\n"
                         "--annotation on are of vim25's ReconfigVM_Task, and not said together with those before.",
                .run = vm_reconfigure,
                .complete_operand = vm_complete,
        },
        {
                .name = "template",
                .summary = "Make VMs templates, or templates VMs",
                .operands = "mark|unmark [NAME|UUID...]",
                .operands_min = 1,
                .operands_max = UINT_MAX,
                .options = each_options,
                .notes = "A template cannot be powered on, and is there to be cloned.",
                .run = vm_template,
                .complete_operand = complete_template,
        },
        {
                .name = "on",
                .summary = "Power VMs on; suspended ones go on where they were",
                .operands = "[NAME|UUID...]",
                .operands_max = UINT_MAX,
                .options = each_options,
                .run = vm_on,
                .complete_operand = vm_complete,
        },
        {
                .name = "off",
                .summary = "Power VMs off",
                .operands = "[NAME|UUID...]",
                .operands_max = UINT_MAX,
                .options = off_options,
                .notes = "Softly or hard, as each VM is set. The memory of a suspended VM is forgotten.",
                .run = vm_off,
                .complete_operand = vm_complete,
        },
        {
                .name = "reset",
                .summary = "Reset VMs",
                .operands = "[NAME|UUID...]",
                .operands_max = UINT_MAX,
                .options = type_options,
                .notes = "Softly or hard, as each VM is set.",
                .run = vm_reset,
                .complete_operand = vm_complete,
        },
        {
                .name = "suspend",
                .summary = "Write VMs' memory to their datastores, and power them off",
                .operands = "[NAME|UUID...]",
                .operands_max = UINT_MAX,
                .options = type_options,
                .notes = "Softly or hard, as each VM is set.",
                .run = vm_suspend,
                .complete_operand = vm_complete,
        },
        {
                .name = "shutdown",
                .summary = "Have guests shut down",
                .operands = "[NAME|UUID...]",
                .operands_max = UINT_MAX,
                .options = shutdown_options,
                .run = vm_shutdown,
                .complete_operand = vm_complete,
        },
        {
                .name = "reboot",
                .summary = "Have guests reboot",
                .operands = "[NAME|UUID...]",
                .operands_max = UINT_MAX,
                .options = each_options,
                .run = vm_reboot,
                .complete_operand = vm_complete,
        },
        {
                .name = "standby",
                .summary = "Have guests go to standby",
                .operands = "[NAME|UUID...]",
                .operands_max = UINT_MAX,
                .options = each_options,
                .notes = "By the guest's agent. What becomes of the VM then is its --standby-action.",
                .run = vm_standby,
                .complete_operand = vm_complete,
        },
        {
                .name = "question",
                .summary = "Show what stopped VMs ask, and answer it",
                .operands = "list|answer [retry|cancel [NAME|UUID...]]",
                .operands_min = 1,
                .operands_max = UINT_MAX,
                .options = question_options,
                .notes = "A VM whose disk cannot grow, because its datastore is full, waits with a question. When there\n"
                         "is room, retry lets it go on, and nothing is lost; cancel powers it off.",
                .run = vm_question,
                .complete_operand = complete_question,
        },
        {
                .name = "reconcile",
                .summary = "Put right what a killed daemon left half-done",
                .options = reconcile_options,
                .notes = "The daemon does this by itself when it starts; this is for when the cause that kept it from\n"
                         "doing so is gone. 'aerostat event list' tells what was found.",
                .run = vm_reconcile,
        },
        {.name = NULL},
};
/* clang-format on */
