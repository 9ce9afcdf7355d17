/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What all managed entities have in common: name, parent, status, and that other objects list them.
 *
 * Keys (world.h) by which modules find each other's objects:
 *   Folder            "root"; "vm:/lab/old" of VMs, by path, "vm:/" the root of these; "host:/",
 * "datastore:/", "network:/" Datacenter, ComputeResource, HostSystem   "host" ResourcePool      its path,
 * "/" the root VirtualMachine    UUID VirtualMachineSnapshot   number in the inventory Datastore, Network
 * name
 */
#pragma once

#include "api/api.h"

/* Of a new one: sets what the type table requires, with nothing wrong. */
void entity_set_up(Managed *entity, const char *name);

/* Both ways: the child's parent, and the folder's childEntity. parent NULL: nowhere any more. */
void entity_set_parent(Managed *entity, Managed *parent);

/* Adds to, or takes from, a property of another object that is a list of references ("vm" of a HostSystem).
 * Nothing when it is there, or not there. */
void entity_list_in(const Managed *entity, Managed *other, const char *property);
void entity_unlist_in(const Managed *entity, Managed *other, const char *property);

/*
 * Sets a field of a property that is a data object, which must be there: "network" of "config". What others
 * have set in it stays. Takes the value; NULL unsets.
 */
void managed_set_part(Managed *managed, const char *property, const char *field, VimValue *value);
