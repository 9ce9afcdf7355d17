/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What VMs do by themselves: they end, go to standby, are stopped by a full datastore, their agents begin to
 * answer. libvirt tells so, and at the start of the daemon a look tells what it has missed.
 */
#pragma once

#include "operation/operation.h"

extern const Method watch_methods[];

/* Over a new connection; the events come in the main context. */
void watch_begin(Operations *operations, virConnectPtr connection);

/* No look of theirs comes later. */
void watch_end(Operations *operations);

/* The guest is customized if that is due, in a call of its own. Any thread. */
void watch_customize(Operations *operations, const char *uuid);

/* Does what is due for a VM as it is now. It is locked by the call. */
bool watch_look(Call *call, const char *uuid, GError **error);
