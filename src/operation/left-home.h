/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The folder that a VM was relocated from while it ran. QEMU goes on writing EFI variables, the console and
 * the pager's swap file there, which nothing can move under it. So until it ends, every definition of the VM
 * names the variables where they are, and the folder is written down (inventory/record.h); then the
 * variables follow in one step, the definitions name them there, and the folder goes. What a kill
 * interrupts is done again.
 */
#pragma once

#include "operation/operation.h"

/*
 * Does that, when the VM (locked) does not run and there is something to do. False: not everything could be
 * done, which is an event; the VM can be used as it is, and it is tried again before its next use.
 */
bool left_home_settle(Call *call, const char *uuid);
