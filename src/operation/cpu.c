/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Shares and limit of a VM's processors, as far as libvirt has a cgroup for them. A VM that nothing was said
 * of has the host's default; "high" is twice that. A reservation is kept and shown, and nobody guarantees
 * it.
 */
#include <string.h>
#include <unistd.h>

#include "operation/vm.h"

#define SHARES_V1  1024 /* what a cgroup has that nobody changed */
#define SHARES_V2  100
#define SHARES_MIN 2
#define SHARES_MAX 10000

static uint64_t shares_of(const char *shares, unsigned cpus)
{
        bool v2 = access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0;
        int64_t normal = VM_CPU_SHARES_NORMAL * (int64_t)MAX(cpus, 1u);
        int64_t value = (v2 ? SHARES_V2 : SHARES_V1) * vm_cpu_shares(shares, MAX(cpus, 1u)) / normal;

        return (uint64_t)CLAMP(value, SHARES_MIN, SHARES_MAX);
}

/* 0: no limit. */
static uint64_t limit_of(const char *mhz)
{
        guint64 limit = 0;

        return mhz != NULL && g_ascii_string_to_unsigned(mhz, 10, 0, INT32_MAX, &limit, NULL) ? MAX(limit, 1)
                                                                                              : 0;
}

static bool apply(Call *call, const Record *record, GHashTable *options, GError **error)
{
        virConnectPtr connection = call_connection(call, error);
        g_autoptr(Definition) live =
                connection != NULL ? vm_definition(call, record->uuid, true, error) : NULL;

        return live != NULL &&
               life_set_cpu_time(
                       connection, record->uuid,
                       shares_of(g_hash_table_lookup(options, VM_OPTION_CPU_SHARES), definition_cpus(live)),
                       limit_of(g_hash_table_lookup(options, VM_OPTION_CPU_MAX)), error);
}

void vm_apply_cpu(Call *call, const Record *record, bool always)
{
        g_autoptr(InventoryVm) vm = inventory_vm_load(call_inventory(call), record->uuid, NULL);
        g_autoptr(GError) error = NULL;
        LifePower power;

        if (vm == NULL || (!always && g_hash_table_lookup(vm->options, VM_OPTION_CPU_SHARES) == NULL &&
                           g_hash_table_lookup(vm->options, VM_OPTION_CPU_MAX) == NULL))
                return;
        if (call_connection(call, NULL) == NULL ||
            !life_power(call_connection(call, NULL), record->uuid, &power, NULL) || power == LIFE_OFF ||
            power == LIFE_NONE || apply(call, record, vm->options, &error))
                return;
        call_event(call, "error", record->name,
                   "the shares and the limit of its processors are kept, but not in force: %s",
                   error->message);
}
