/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bridges of Open vSwitch and their ports. A bridge that was made here has a mark in its external_ids, and
 * so has an uplink; bridges and ports without it are other people's and never changed or removed.
 *
 * All calls run ovs-vsctl and block; for any thread. Errors besides those that are said: see command.h.
 */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

typedef struct OvsPort {
        char *name;
        char **interfaces; /* several: a bond */
        unsigned vlan;     /* 0: untagged, 1 to 4094, 4095: a trunk */
        bool uplink;       /* by our mark */
        char *error;       /* why ovs-vswitchd does not use one of them, or NULL */
} OvsPort;

typedef struct OvsBridge {
        char *name;
        char *switch_name; /* by our mark; NULL: somebody else's bridge */
        bool userspace;    /* switches in ovs-vswitchd, not in the kernel */
        GPtrArray *ports;  /* of OvsPort *, owned, without the bridge's own */
} OvsBridge;

/* Of OvsBridge *, owned. */
GPtrArray *ovs_list(GError **error);

/* Of a list; NULL when there is none of that name. */
const OvsBridge *ovs_find(const GPtrArray *bridges, const char *name);

/* The interfaces that are its uplinks, borrowed, NULL-terminated. */
const char *const *ovs_uplinks(const OvsBridge *bridge);

/*
 * The name of the bridge that a new switch has: its own where that can be an interface's name, else one made
 * from it, always the same.
 */
char *ovs_bridge_name(const char *switch_name);

/* A bridge as it is to be. */
typedef struct OvsWanted {
        const char *bridge, *switch_name;
        const char *const *uplinks; /* NULL-terminated; NULL: it is to be gone */
        bool made;                  /* out: it was not there */
} OvsWanted;

/* Where the port of a running card, "vnet3", is to be. */
typedef struct OvsPlace {
        const char *port, *bridge;
        unsigned vlan;
} OvsPlace;

/*
 * All of it in one transaction; upon failure all is as before. What is checked is what will be: an uplink
 * may come from a bridge that it leaves, and a bridge may go whose ports go to others.
 *
 * Bridges are made, or changed, so that they are that switch's, with just these uplinks, switched on, as a
 * trunk. Several are one bond, each VM's packets going through one of them: nothing goes from one uplink to
 * another, as on ESX, so that they can lead to the same network. Packets are switched by the kernel where it
 * can, else by ovs-vswitchd. Ports come from wherever they are, also from nowhere.
 *
 * Errors name the switch. EXISTS when an interface or somebody else's bridge has the name; NOT_FOUND, BUSY,
 * INVALID_ARGUMENT when an uplink cannot be one; BUSY, naming them, when a bridge is to go that others'
 * ports are on; NOT_FOUND when there is no bridge or interface for a port.
 */
bool ovs_change(OvsWanted *bridges, unsigned n_bridges, const OvsPlace *ports, unsigned n_ports,
                GError **error);

/* One bridge. *ret_made, which may be NULL: whether it was not there. */
bool ovs_apply(const char *bridge, const char *switch_name, const char *const *uplinks, bool *ret_made,
               GError **error);

/* Succeeds when it is gone. */
bool ovs_remove(const char *bridge, const char *switch_name, GError **error);

/* One port. */
bool ovs_set_port(const char *port, const char *bridge, unsigned vlan, GError **error);
