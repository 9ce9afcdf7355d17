/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What VMs are, all of it, as JSON: for who shows them. Every call tells it of the VMs that it has locked to
 * change them, when it ends; the method DescribeVMs, of those that have changed otherwise.
 *
 * A description is made of one look, which may take turns with another's: it has a "sequence", and one with
 * a lower number than another of the same VM began earlier, and says nothing that the other does not know.
 */
#pragma once

#include "operation/operation.h"

/*
 * An array with an object for each, in their order. Of one that neither the inventory nor libvirt has it is
 * "uuid", "sequence" and "gone": true. What cannot be read is left out or null: there is always an answer.
 */
JsonNode *describe_vms(Call *call, char *const *uuids);

/*
 * By what a cheap look at all VMs sees whether one has changed: its description has the same as "stamp".
 * record: NULL of one that was not adopted; power: the word that ListVMs has. Owned.
 */
char *describe_stamp(const Record *record, const char *name, const char *power);
