/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs ovs-vsctl: bounded in time and output, its failures turned into errors that say what to do. */
#pragma once

#include <gio/gio.h>

/*
 * arguments: what follows "ovs-vsctl --timeout=... --format=json", NULL-terminated. Blocks; for any thread.
 * Returns what it printed, owned. Errors of G_IO_ERROR: NOT_SUPPORTED (Open vSwitch is not installed or does
 * not run), TIMED_OUT (it does not answer), FAILED with ovs-vsctl's own words.
 */
char *command_run(const char *const *arguments, GError **error);
