/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the verbs of disks, snapshots and datastores have in common. */
#pragma once

#include "cli/daemon.h"

/*
 * Calls a method with body, which it takes over, and prints the words (escaped), which say what has been
 * done; with --what-if only these, and with --no-wait only the task's number.
 */
CliStatus cli_act(const CliArgs *args, const char *method, JsonObject *body, GError **error,
                  const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Pairs of a member and its text, ended by NULL; those with a NULL text are left out. Owned. */
JsonObject *cli_body(const char *first, const char *value, ...) G_GNUC_NULL_TERMINATED;

/* The member size_mb from --size, which must be there. */
bool cli_set_mb(const CliArgs *args, JsonObject *body, GError **error);

/* Prints the objects that a method lists, or the array that is this member of what it says; sorted, numbers
 * upwards. */
CliStatus cli_list(const CliArgs *args, const Field *fields, const char *method, JsonObject *body,
                   const char *member, const Field *sort, GError **error);
