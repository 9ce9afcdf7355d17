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
CliStatus vm_create(const CliArgs *args, GError **error);
CliStatus vm_delete(const CliArgs *args, GError **error);
CliStatus vm_off(const CliArgs *args, GError **error);
CliStatus vm_on(const CliArgs *args, GError **error);
CliStatus vm_question(const CliArgs *args, GError **error);
CliStatus vm_reboot(const CliArgs *args, GError **error);
CliStatus vm_reconfigure(const CliArgs *args, GError **error);
CliStatus vm_register(const CliArgs *args, GError **error);
CliStatus vm_rename(const CliArgs *args, GError **error);
CliStatus vm_reset(const CliArgs *args, GError **error);
CliStatus vm_shutdown(const CliArgs *args, GError **error);
CliStatus vm_standby(const CliArgs *args, GError **error);
CliStatus vm_suspend(const CliArgs *args, GError **error);
CliStatus vm_template(const CliArgs *args, GError **error);
CliStatus vm_unregister(const CliArgs *args, GError **error);
