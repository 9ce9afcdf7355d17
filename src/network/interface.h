/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Network interfaces of the host, and whether its kernel switches packets for Open vSwitch. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

/* Whether a name can be an interface's: 1 to 15 bytes, no blanks, no slash. Does not begin with "-". */
bool interface_name_is_valid(const char *name);

bool interface_exists(const char *name);

/*
 * Whether it can be the uplink of a switch. INVALID_ARGUMENT, NOT_FOUND; BUSY when it belongs to a bridge or
 * a bond, or has an address, by which the host would not be reached any more.
 */
bool interface_check_uplink(const char *name, GError **error);

/* Switches it on, as an uplink must be. */
bool interface_set_up(const char *name, GError **error);

/* Whether the kernel has Open vSwitch's datapath (its module is loaded when it is there). */
bool interface_kernel_switches(void);
