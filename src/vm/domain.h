/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The calls to libvirt themselves. They block; for the hypervisor's threads. */
#pragma once

#include <libvirt/libvirt.h>

#include "vm/hypervisor.h"

/* The calling thread's last libvirt error, printable. */
char *vm_describe_error(void);

/* Asks for the events; the callbacks come in the main context. */
void vm_subscribe(virConnectPtr connection, virConnectDomainEventCallback lifecycle,
                  virConnectDomainEventGenericCallback reboot, void *opaque);

/*
 * Of VmInfo *; NULL with *ret_error on failure. known: what was found out before about VMs, by their
 * UUIDs, and cannot change while they run; kept up by each call, for one caller at a time.
 */
GPtrArray *vm_list(virConnectPtr connection, GHashTable *known, char **ret_error);
GHashTable *vm_known_new(void);

bool vm_order(virConnectPtr connection, const char *uuid, VmOrderType type, uint64_t value,
              char **ret_error);
