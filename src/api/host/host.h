/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the host and its pools know of each other. */
#pragma once

#include "api/entity.h"
#include "api/request.h"
#include "host/identity.h"
#include "host/memory.h"

extern const ApiModule host_module, compute_module, pool_module, option_module, system_module;

#define HOST_MODULE "host"

/* What is read once, and what is counted from round to round. */
typedef struct HostFacts {
        HostIdentity *identity;
        HostMemory memory;
        HostCpu cpu;
        HostCpuTime cpu_time; /* at the last round */
        double cpu_busy;
} HostFacts;

const HostFacts *host_facts(Api *api);
Managed *host_object(Api *api); /* HostSystem */

/* --- hardware.c: what never changes while the daemon lives --- */

VimValue *hardware_info(const HostFacts *facts);
VimValue *hardware_summary(const HostFacts *facts);
VimValue *hardware_capability(void);
int64_t hardware_cpu_mhz(const HostFacts *facts); /* of all cores together */

/* --- host-act.c --- */

extern const struct Handler host_handlers[];

/* --- environment.c, config-option.c: what a VM made here can be --- */

extern const struct Handler environment_handlers[];

#define CONFIG_MEMORY_MAX_MB (4 * 1024 * 1024) /* of a VM */
VimValue *config_option_descriptors(Api *api); /* a list */
/* key: "vmx-19", NULL: the newest. guest: only this one, or NULL. NULL: there is no such key. */
VimValue *config_option(Api *api, const char *key, const VimValue *guests);
VimValue *config_target(Api *api);
const char *config_option_guest_name(const char *id); /* NULL: there is no such id */

/* --- pool.c --- */

#define POOL_ROOT_NAME     "Resources"
#define POOL_SHARES_AS_SET "disabled" /* as vim25 calls that they do not scale with what is in a pool */

/* The pools and their figures are as the scheduler has them afterwards. */
void pools_sync(Api *api);
/* The pool and those below it have another path now. To be called before pools_sync(), which would take them
 * for others. */
void pools_moved(Api *api, const char *from, const char *to);
Managed *pool_object(Api *api, const char *path);

/* --- pool-act.c --- */

extern const struct Handler pool_handlers[];
