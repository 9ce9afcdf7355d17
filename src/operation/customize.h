/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Customization of a VM that is being made. */
#pragma once

#include "operation/operation.h"
#include "vm/definition.h"

/*
 * Makes the seed of the specification for the VM in its home, and adds the drive with it to its definition,
 * which the caller defines. Which of the specification's addresses it gets is settled here, for good.
 * Threads of one call may do this for several VMs at once.
 */
bool customize_clone(Call *call, Definition *definition, const Record *record, const char *specification,
                     GError **error);
