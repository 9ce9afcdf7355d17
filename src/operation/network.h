/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the methods of switches, port groups and cards share.
 *
 * The inventory says what is wanted, and is changed first; definitions and Open vSwitch follow it. What a
 * kill leaves between is put right when the daemon starts (ReconcileNetwork), by the same functions; a
 * bridge that was to go is told of then, and stays.
 */
#pragma once

#include "inventory/catalog.h"
#include "network/ovs.h"
#include "operation/operation.h"
#include "vm/definition.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SwitchRecord, switch_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PortGroupRecord, port_group_record_free)

/* The record of a list; NULL with NOT_FOUND. error may be NULL. */
SwitchRecord *network_find_switch(const GPtrArray *switches, const char *name, GError **error);
PortGroupRecord *network_find_port_group(const GPtrArray *groups, const char *name, GError **error);

/* As many uplinks as a switch has with ESX. */
#define NETWORK_UPLINKS_MAX 32

/* uplinks: copied, or NULL for none. */
SwitchRecord *network_new_switch(const char *name, char **uplinks);

/* To the event log. what: "made", "changed"; kind: "virtual switch", "port group". */
void network_tell_switch(Call *call, const SwitchRecord *record, const char *what);
void network_tell_port_group(Call *call, const PortGroupRecord *record);
void network_tell_deleted(Call *call, const char *kind, const char *name);

/* BUSY, naming the VMs with cards on it. */
bool network_check_unused(Call *call, const char *port_group, GError **error);

/* VMs with cards on it are added to users (UUIDs, owned); until the end of the call nobody else changes
 * them. */
bool network_lock_users(Call *call, const char *port_group, GHashTable *users, GError **error);

/*
 * One change of the inventory's switches, port groups and cards at a time: what is looked at stays so until
 * it is written. VMs are locked before it or, as that does not wait, while it is held.
 */
GMutexLocker *network_lock(void);

/* What is wanted and what is there, looked at once for many cards. */
typedef struct NetworkView {
        GPtrArray *switches; /* of SwitchRecord *, owned */
        GPtrArray *groups;   /* of PortGroupRecord *, owned */
        GPtrArray *bridges;  /* of OvsBridge *, owned; NULL: Open vSwitch has not been asked yet */
} NetworkView;

bool network_view_load(Call *call, NetworkView *view, GError **error);
void network_view_clear(NetworkView *view);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NetworkView, network_view_clear)

/* Asks Open vSwitch unless that was done. */
bool network_view_look(NetworkView *view, GError **error);

/* Where a card of this port group is to be; strings are the view's. NOT_FOUND. */
bool network_view_place(const NetworkView *view, const char *port_group, const char **ret_bridge,
                        unsigned *ret_vlan, GError **error);

/*
 * Brings a VM's definition and its running cards to where the inventory has them, and forgets cards that the
 * VM has not; nothing when all is right. The VM is locked by the call. A running card that is not Open
 * vSwitch's stays until the VM's next start.
 */
bool network_follow(Call *call, NetworkView *view, const char *uuid, GError **error);

/*
 * The same for a definition that is not libvirt's yet: of a clone, of a snapshot, or one with which saved
 * memory goes on; its port groups may have changed since. What a guest knows of its cards stays.
 */
bool network_place(Call *call, const char *uuid, Definition *definition, GError **error);
