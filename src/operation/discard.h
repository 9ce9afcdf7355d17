/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The end of a VM: of one that was deleted, and of one that was only half made. */
#pragma once

#include "operation/operation.h"

/*
 * Powers it off, takes its definition from libvirt, deletes its home with the files in it, then its record.
 * Disks elsewhere stay (an adopted VM has no home). The record must be MAKING or REMOVING: killed on the
 * way, this is called again at the daemon's next start. The VM is locked by the call.
 */
bool vm_discard(Call *call, const Record *record, GError **error);
