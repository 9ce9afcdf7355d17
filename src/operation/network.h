/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the methods of switches, port groups and cards share.
 *
 * The inventory says what is wanted, and is changed first; definitions and Open vSwitch follow it. What a kill
 * leaves between is put right when the daemon starts (ReconcileNetwork), by the same functions.
 */
#pragma once

#include "inventory/catalog.h"
#include "network/ovs.h"
#include "operation/operation.h"

/* The record of a list; NULL when there is none of that name. */
SwitchRecord *network_find_switch(const GPtrArray *switches, const char *name);
PortGroupRecord *network_find_port_group(const GPtrArray *groups, const char *name);

/* NOT_FOUND, naming what there is. */
bool network_refuse_switch(const GPtrArray *switches, const char *name, GError **error);
bool network_refuse_port_group(const GPtrArray *groups, const char *name, GError **error);

/* One change of switches and port groups at a time: what is checked is so until it is done. */
GMutexLocker *network_lock(void);

/* --- cards follow their port groups: card-follow.c --- */

/* What is on the host, looked at once for many cards. */
typedef struct NetworkView {
        GPtrArray *switches; /* of SwitchRecord * */
        GPtrArray *groups;   /* of PortGroupRecord * */
        GPtrArray *bridges;  /* of OvsBridge *; NULL: Open vSwitch was not asked yet */
} NetworkView;

bool network_view_load(Call *call, NetworkView *view, GError **error);
void network_view_clear(NetworkView *view);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NetworkView, network_view_clear)

/*
 * Brings the definition of a VM, and its running cards, to where the inventory has them; nothing when they are
 * there. The VM is locked by the call. *ret_changed, which may be NULL.
 */
bool network_follow(Call *call, NetworkView *view, const char *uuid, bool *ret_changed, GError **error);
