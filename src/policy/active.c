/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What counts as active while somebody waits for memory. */
#include "policy/policy.h"

#include "base/macro.h"

/*
 * What one that waits may bring back until others have lost it; or what it did in half a second, if that is
 * more. For less than LEAD_SECONDS would take, it does not wait for anything worth taking from others.
 */
#define LEAD_BYTES   MIB(16)
#define LEAD_SECONDS 4

bool policy_waits(const struct policy_vm *vm)
{
        uint64_t limit = MIN(vm->limit_bytes, vm->memory_bytes), margin;

        margin = policy_limit_deadband(vm->memory_bytes);
        return vm->has_pager && vm->runs && vm->returned_bytes >= POLICY_WAITS_BYTES && limit > margin &&
               vm->consumed_bytes < limit - margin;
}

void policy_judge_active(struct policy_vm *vms, size_t n_vms)
{
        bool some_wait = false;

        for (size_t i = 0; i < n_vms; i++)
                some_wait = some_wait || policy_waits(&vms[i]);
        for (size_t i = 0; some_wait && i < n_vms; i++) {
                struct policy_vm *vm = &vms[i];

                if (policy_waits(vm)) {
                        uint64_t consumed = MIN(vm->consumed_bytes, vm->memory_bytes);
                        uint64_t returned = MIN(vm->returned_bytes, vm->memory_bytes);
                        uint64_t lead = MIN(MAX(returned / 2, LEAD_BYTES), LEAD_SECONDS * returned);
                        uint64_t used = consumed + lead;

                        vm->active_bytes = MAX(vm->active_bytes, used);
                        vm->asks_bytes = used;
                } else {
                        vm->active_bytes = MIN(vm->active_bytes, vm->recent_bytes);
                }
        }
}
