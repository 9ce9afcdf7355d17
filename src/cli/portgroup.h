/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cli/network.h"

CliStatus portgroup_apply(const CliArgs *args, GError **error);
