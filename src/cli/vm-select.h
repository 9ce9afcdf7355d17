/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which VMs a command is for, and doing something to each of them: for every verb that takes NAME|UUID...
 *
 *      static const CliOption on_options[] = {OPTIONS_SELECT, OPTION_WHAT_IF, OPTIONS_TASK, OPTION_END};
 *      {.name = "on", .operands = "[NAME|UUID...]", .operands_max = UINT_MAX, .options = on_options, ...}
 *
 *      vms = client != NULL ? vm_select(args, client, 0, error) : NULL;
 *      if (vms == NULL)
 *              return CLI_FAILED;
 *      return vm_do_each(args, client, vms, "PowerOnVM", body, "powered on");
 */
#pragma once

#include "cli/daemon.h"

/* clang-format off */
#define OPTION_SELECT_FILTER \
        {"filter", "CONDITION", NULL, false, \
         "all VMs for which all conditions hold, with commas between\n" \
         "them: web*, folder=/lab, attribute:Owner=x, power=on; any\n" \
         "column of 'aerostat vm list'"}
#define OPTIONS_SELECT \
        {"folder", "PATH", NULL, false, "all VMs of this folder", .complete = folder_complete}, \
        {"recursive", NULL, NULL, false, "with --folder: and of those below it"}, \
        OPTION_SELECT_FILTER
/* clang-format on */

/*
 * The VMs that the operands from the first-th on name, and those of --folder; of these, or with neither of
 * all VMs, those that fulfil --filter. A verb that has no --recursive may use --folder for something else,
 * and one without --filter selects by names (and a folder).
 *
 * An array of JsonObject *, each once, with the members that ListVMs and GET /vms give ("name", "uuid",
 * "folder", "power", "template", ..., see vm_fields): in the order of the operands, then by name. NULL with
 * an error: CLI_USAGE when nothing says which, CLI_NOT_FOUND when an operand is no VM or none is left, and
 * for an operand that libvirt has and the inventory has not (those that were not named are passed over).
 */
GPtrArray *vm_select(const CliArgs *args, ApiClient *client, unsigned first, GError **error);

/* The opposite: of those that only libvirt has. */
GPtrArray *vm_select_new(const CliArgs *args, ApiClient *client, unsigned first, GError **error);

const char *vm_select_name(JsonObject *vm); /* of an element; borrowed */
const char *vm_select_uuid(JsonObject *vm);

/*
 * Calls the method for each, one after the other, with the member "vm" (the UUID) and a copy of those of
 * body (NULL: none), which it takes over. Says "NAME: done" of each, and why of each that fails, and goes on
 * with the others; with --what-if (of a verb that has it) says what it would do. Like operation_do() it
 * waits for tasks, or prints their numbers with --no-wait. Returns CLI_OK or how the last one failed.
 */
CliStatus vm_do_each(const CliArgs *args, ApiClient *client, const GPtrArray *vms, const char *method,
                     JsonObject *body, const char *done);

/* One VM by its name or UUID, adopted or not, with "disks". Owned; NULL with CLI_NOT_FOUND. */
JsonObject *vm_find(ApiClient *client, const char *operand, GError **error);

/*
 * All VMs there are, as above, sorted as they come. disks: with "disks", how many each has, which takes
 * longer. Owned.
 */
JsonArray *vm_load_all(ApiClient *client, bool disks, GError **error);
