/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What memory and processors the host has. */
#pragma once

#include "host/file.h"

typedef struct HostMemory {
        uint64_t total_bytes;     /* what there is to share out: the machine's, or the cgroup's limit */
        uint64_t available_bytes; /* could be had without swapping: free, and caches that can go */
        uint64_t free_bytes;
        uint64_t machine_bytes;          /* MemTotal */
        uint64_t hugepages_bytes;        /* set aside as huge pages of all sizes; part of total_bytes, */
        uint64_t hugepages_unused_bytes; /* and no use to guests that do not ask for them */
        char cgroup[256]; /* whose memory.max is total_bytes, cut if longer; empty: the machine is the limit
                           */
} HostMemory;

/*
 * Memory of the host. Where this process is in a cgroup v2 whose memory.max (or that of one above it)
 * is smaller than the machine, that cgroup is the host: nobody in it gets more. VMs that run in
 * other cgroups (libvirt's machine.slice) are then not within the figures; the caller says so.
 * Takes some tens of microseconds.
 */
bool host_memory_read(const char *root, HostMemory *ret_memory, GError **error);

typedef struct HostCpu {
        unsigned online;
        double mhz; /* of one processor, as it is sold rather than at this moment; 0: not known */
        uint32_t page_bytes;
} HostCpu;

/* Processors of the host. They seldom change, and /proc/cpuinfo is slow to read: ask once. */
bool host_cpu_read(const char *root, HostCpu *ret_cpu, GError **error);

/*
 * For how long processors have had nothing to do since boot, all of them together; waiting for disks is
 * nothing, too. In steps of the kernel's clock tick.
 */
bool host_cpu_read_idle(const char *root, uint64_t *ret_ns, GError **error);
