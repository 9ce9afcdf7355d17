/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The folder of a VM on its datastore, and what lies in it beside the disks. */
#pragma once

#include "operation/operation.h"

/*
 * Makes the folder of a VM that is being made (RECORD_MAKING): the record, which names it from then on, is
 * saved before there is anything on the disk.
 */
bool home_make(Call *call, Record *record, const char *datastore_path, GError **error);

/* HOME/NAME.qcow2 of disk 0, HOME/NAME_1.qcow2 of the next; owned. It need not exist. */
char *home_disk_path(const Record *record, unsigned number);

/* A copy, with owner and mode, that is there after a crash of the host. A link is copied as one. */
bool home_copy_file(const char *from, const char *to, GError **error);

/* What a kill has left of writing NAME.vmx and NAME.xml goes. The VM is locked. */
void home_clean(const Record *record);

/*
 * Writes NAME.vmx and NAME.xml anew from the inventory and libvirt's definition, so that another host can
 * register the VM. To be called when either has changed; a VM without a home has none.
 */
bool home_write_files(Call *call, const Record *record, GError **error);
