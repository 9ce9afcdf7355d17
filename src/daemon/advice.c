/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Advice: what the policy says of the VMs that run now, by name. */
#include <string.h>

#include "daemon/view.h"
#include "policy/advice.h"

#define PAGE     4096
#define PER_VM   4
#define FOR_HOST 8

static struct policy_advice_vm describe(const Machine *machine)
{
        int64_t observed_us = g_get_monotonic_time() - machine->started_us;
        uint64_t pages = machine_swap_ins(machine);

        pages -= MIN(pages, machine->first_swap_ins);
        return (struct policy_advice_vm){
                .memory_bytes = machine->info.memory_bytes,
                .limit_bytes = policy_vm_config_limit_bytes(&machine->config),
                .reservation_bytes = machine->plan.reservation_bytes,
                .consumed_bytes = machine->plan.consumed_bytes,
                .active_bytes = machine->plan.active_bytes,
                .peak_active_bytes = machine->peak_active_bytes,
                .peak_guest_bytes = machine->peak_guest_bytes,
                .swap_in_bytes_per_s = pages * PAGE / (uint64_t)MAX(observed_us / G_USEC_PER_SEC, 1),
                .observed_ms = (uint64_t)observed_us / 1000,
                .balloon_state = machine->balloon_state,
                .shares_pages = machine->config.share_pages,
        };
}

static void add(JsonBuilder *builder, const struct policy_advice *advice, GPtrArray *machines)
{
        json_builder_begin_object(builder);
        json_builder_set_member_name(builder, "vm");
        if (advice->vm == POLICY_ADVICE_HOST)
                json_builder_add_null_value(builder);
        else
                json_builder_add_string_value(builder,
                                              ((const Machine *)machines->pdata[advice->vm])->record->name);
        json_builder_set_member_name(builder, "kind");
        json_builder_add_string_value(builder, policy_advice_kind_name(advice->kind));
        json_builder_set_member_name(builder, "message");
        json_builder_add_string_value(builder, advice->message);
        json_builder_set_member_name(builder, "memory_bytes");
        json_builder_add_int_value(builder, (gint64)advice->memory_bytes);
        json_builder_set_member_name(builder, "suggested_bytes");
        json_builder_add_int_value(builder, (gint64)advice->suggested_bytes);
        json_builder_end_object(builder);
}

JsonNode *view_advice(Scheduler *scheduler, const Sharing *sharing)
{
        g_autoptr(JsonBuilder) builder = json_builder_new();
        GPtrArray *machines = scheduler_machines(scheduler);
        const SchedulerHost *host = scheduler_host(scheduler);
        uint64_t kept = host->thresholds.bytes[POLICY_HIGH] + host->overhead_bytes;
        const struct policy_advice_host for_host = {
                .capacity_bytes = host->managed_bytes - MIN(host->managed_bytes, kept),
                .sharing_on = strcmp(sharing_figures(sharing)->state, "off") != 0,
        };
        size_t max = PER_VM * (size_t)machines->len + FOR_HOST, n;
        g_autofree struct policy_advice_vm *vms = g_new(struct policy_advice_vm, machines->len);
        g_autofree struct policy_advice *advice = g_new(struct policy_advice, max);

        for (unsigned i = 0; i < machines->len; i++)
                vms[i] = describe(machines->pdata[i]);
        n = MIN(policy_advise(vms, machines->len, &for_host, advice, max), max);

        json_builder_begin_array(builder);
        for (size_t i = 0; i < n; i++)
                add(builder, &advice[i], machines);
        json_builder_end_array(builder);
        return json_builder_get_root(builder);
}
