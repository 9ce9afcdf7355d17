/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Networks in the API: what the files of this folder share. */
#pragma once

#include "api/entity.h"
#include "api/request.h"
#include "inventory/catalog.h"

/* Errors of operations on switches and port groups. */
VimValue *network_fault(const GError *error);

/* What the host has now, from the inventory and the kernel. switches, groups: of the inventory's records. */
VimValue *network_info(const GPtrArray *switches, const GPtrArray *groups);
VimValue *network_config(const GPtrArray *switches, const GPtrArray *groups);

/* UpdateNetworkConfig. */
void network_update_config(Request *request);

/* A specification's uplinks, to "uplinks" of args, where "name" is already; and what of it cannot be had
 * here. False: a fault was sent. property: where it is among the request's arguments. */
bool network_read_switch(Request *request, const VimValue *spec, const char *property, JsonObject *args);
/* The same of a port group: "name", "vlan", "switch". */
bool network_read_group(Request *request, const VimValue *spec, const char *property, JsonObject *args);
