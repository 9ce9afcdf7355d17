/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* aerostat vm: its verbs, one file each. */
#pragma once

#include "cli/daemon.h"

CliStatus vm_adopt(const CliArgs *args, GError **error);
CliStatus vm_clone(const CliArgs *args, GError **error);
CliStatus vm_customize(const CliArgs *args, GError **error);
CliStatus vm_list(const CliArgs *args, GError **error);
CliStatus vm_show(const CliArgs *args, GError **error);
CliStatus vm_reconcile(const CliArgs *args, GError **error);
CliStatus vm_relocate(const CliArgs *args, GError **error);
CliStatus vm_move(const CliArgs *args, GError **error);
CliStatus vm_set(const CliArgs *args, GError **error);
