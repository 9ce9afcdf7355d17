/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A VM's VirtualMachineConfigSpec: what no operation of aerostatd says, and vim25 does. */
#pragma once

#include "cli/daemon.h"

/* Of --annotation, --guest-id, --option and --cpu-...; owned; NULL with an error. */
JsonObject *vm_spec_read(const CliArgs *args, GError **error);
bool vm_spec_says_nothing(JsonObject *spec);

/* vm: as vm_select() gives it. Waits, unless there is --no-wait. */
bool vm_spec_apply(const CliArgs *args, ApiClient *client, JsonObject *vm, JsonObject *spec, GError **error);

/* The managed object's id. Owned; NULL with an error. */
char *vm_spec_id(ApiClient *client, const char *uuid, GError **error);
