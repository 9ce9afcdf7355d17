/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * When guests' agents are asked what they are: at once when one answers first or has other cards, a few
 * times while its network comes up, then seldom; few at a time, and one that is silent ever more seldom.
 * Nobody waits for them.
 */
#include <string.h>

#include "api/vm/module.h"

#define TICK_S     2
#define IN_FLIGHT  2
#define PERIOD_S   60
#define PER_VM_MS  500 /* so many VMs, so much longer the period */
#define SILENT_MAX 5   /* doublings */

/* Seconds after the first answer, or the change of its cards. */
static const unsigned early_s[] = {3, 5, 10, 20};

static int64_t seconds_us(unsigned seconds)
{
        return (int64_t)seconds * G_USEC_PER_SEC;
}

static void plan_next(Vm *vm, unsigned n_vms)
{
        unsigned period_s = MAX(PERIOD_S, n_vms * PER_VM_MS / 1000);

        if (vm->silent > 0)
                period_s <<= MIN(vm->silent, SILENT_MAX);
        else if (vm->asked <= G_N_ELEMENTS(early_s) && vm->asked > 0)
                period_s = early_s[vm->asked - 1];
        vm->ask_us = g_get_monotonic_time() + seconds_us(period_s);
}

typedef struct Asking {
        VmModule *module;
        char *uuid;
} Asking;

static void on_answer(JsonNode *result, const GError *error, gpointer user_data)
{
        Asking *asking = user_data;
        VmModule *module = asking->module;
        World *world = api_world(module->api);
        Managed *managed = world_find_key(world, "VirtualMachine", asking->uuid);
        Vm *vm = vm_of(managed);

        module->asking--;
        if (vm != NULL && !module->stopped) {
                g_autoptr(GPtrArray) all = world_list(world, "VirtualMachine");

                vm->asking = false;
                vm->asked++;
                vm->silent = error != NULL ? vm->silent + 1 : 0;
                if (result != NULL && JSON_NODE_HOLDS_OBJECT(result)) {
                        g_clear_pointer(&vm->guest, json_object_unref);
                        vm->guest = json_object_ref(json_node_get_object(result));
                        vm_refresh(managed);
                }
                plan_next(vm, all->len);
                if (!vm_agent_answers(vm))
                        vm->ask_us = 0;
        }
        g_free(asking->uuid);
        g_free(asking);
}

static void ask(VmModule *module, const Managed *managed)
{
        g_autoptr(JsonObject) args = json_object_new();
        Asking *asking = g_new0(Asking, 1);
        Vm *vm = vm_of(managed);

        asking->module = module;
        asking->uuid = g_strdup(managed->key);
        json_object_set_string_member(args, "vm", managed->key);
        if (!operations_start(api_parts(module->api)->operations, "AskGuest", args, on_answer, asking, NULL,
                              NULL)) {
                g_free(asking->uuid);
                g_free(asking);
                return;
        }
        module->asking++;
        vm->asking = true;
}

static gboolean tick(gpointer user_data)
{
        VmModule *module = user_data;
        g_autoptr(GPtrArray) vms = world_list(api_world(module->api), "VirtualMachine");
        int64_t now_us = g_get_monotonic_time();

        for (unsigned i = 0; i < vms->len && module->asking < IN_FLIGHT; i++) {
                const Managed *managed = vms->pdata[i];
                const Vm *vm = vm_of(managed);

                if (vm != NULL && vm->ask_us != 0 && !vm->asking && vm->ask_us <= now_us)
                        ask(module, managed);
        }
        return G_SOURCE_CONTINUE;
}

void guest_ask_changed(Api *api, Managed *managed, bool anew)
{
        Vm *vm = vm_of(managed);

        (void)api;
        if (!vm_agent_answers(vm)) {
                vm->ask_us = 0;
                vm->asked = vm->silent = 0;
        } else if (vm->ask_us == 0 || anew) {
                vm->ask_us = g_get_monotonic_time();
                vm->asked = vm->silent = 0;
        }
}

void guest_ask_start(VmModule *module)
{
        module->ask_source = g_timeout_add_seconds(TICK_S, tick, module);
}

void guest_ask_stop(VmModule *module)
{
        module->stopped = true;
        g_clear_handle_id(&module->ask_source, g_source_remove);
}
