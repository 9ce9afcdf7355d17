/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat vm: the table of its verbs. */
#include "cli/vm.h"

#include <limits.h>

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
        OPTION_WHAT_IF,
        OPTIONS_DAEMON,
        OPTION_END,
};

const CliVerb vm_verbs[] = {
        {
                .name = "list",
                .summary = "List the VMs of this host and their memory",
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
                .operands = "NAME|UUID...",
                .operands_min = 1,
                .operands_max = UINT_MAX,
                .options = set_options,
                .notes = "SIZE is in whole megabytes: 512M, 1.5G; 50% is half of each VM's memory. Every value\n"
                         "is checked, for every VM, before the first is changed.",
                .run = vm_set,
                .complete_operand = vm_complete,
        },
        {.name = NULL},
};
/* clang-format on */
