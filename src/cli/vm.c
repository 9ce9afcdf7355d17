/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat vm: the table of its verbs. */
#include "cli/vm.h"

#include <limits.h>

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

static const CliOption reconcile_options[] = {
        OPTIONS_TASK,
        OPTION_END,
};

static const CliOption customize_options[] = {
        {"customization", "NAME", NULL, false, "the specification", .complete = customization_complete},
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
                .summary = "Show all about one VM's memory",
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
                .operands = "NAME|UUID...",
                .operands_min = 1,
                .operands_max = UINT_MAX,
                .options = customize_options,
                .notes = "By cloud-init, which reads it when the VM starts next, or by the guest's agent, at once or\n"
                         "as soon as it answers, as the specification says.",
                .run = vm_customize,
                .complete_operand = vm_complete,
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
