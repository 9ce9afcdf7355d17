/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What methods about many VMs have in common. */
#pragma once

/* Of one request. */
#define VMS_MAX 10000
