/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which machine the host is: its maker, its processors one by one, when it was booted, how busy it is. */
#pragma once

#include "host/file.h"

typedef struct HostThread {
        unsigned number; /* of the logical processor */
        unsigned package, core;
} HostThread;

/* What firmware writes comes as printable UTF-8; what it does not say is "". Never NULL. */
typedef struct HostIdentity {
        char *vendor, *model, *serial;
        char *uuid; /* of the firmware; where that has none, made of /etc/machine-id. Lower case */
        char *bios_vendor, *bios_version;
        char *cpu_vendor, *cpu_model; /* "GenuineIntel", "Intel(R) Xeon(R) ..." */
        GArray *threads;              /* of HostThread, by number; at least one */
        unsigned packages, cores, nodes;
        int64_t boot_s; /* since 1970; 0: not known */
} HostIdentity;

/* Never fails: what cannot be read is not known. It seldom changes: ask once. */
HostIdentity *host_identity_read(const char *root);
void host_identity_free(HostIdentity *identity);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HostIdentity, host_identity_free)

/* Time that all processors together have spent since boot, in ticks: at work, and altogether. */
typedef struct HostCpuTime {
        uint64_t busy, total;
} HostCpuTime;

bool host_cpu_time_read(const char *root, HostCpuTime *ret_time, GError **error);
/* The part of all processors that was at work between two readings: 0 to 1. */
double host_cpu_busy(const HostCpuTime *before, const HostCpuTime *now);
