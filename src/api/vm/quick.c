/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The figures that change all the time, of each round of the memory scheduler. Of many VMs that is much at a
 * time, so the main loop is held for a slice of it, and others have their turn in between.
 */
#include <string.h>
#include <time.h>

#include "api/vm/module.h"

#define PERIOD_US G_USEC_PER_SEC /* under pressure there are many rounds a second */
#define SLICE_US  2000

/* Since when its VMM has been there, by the wall clock. */
static int64_t boot_of(const Machine *machine)
{
        struct timespec up;
        int64_t up_us, began_us;

        if (machine->process == NULL || clock_gettime(CLOCK_BOOTTIME, &up) < 0)
                return 0;
        up_us = up.tv_sec * G_USEC_PER_SEC + up.tv_nsec / 1000;
        began_us =
                (int64_t)(machine->process->start_ticks * G_USEC_PER_SEC / (uint64_t)sysconf(_SC_CLK_TCK));
        return g_get_real_time() - up_us + began_us;
}

static bool are_alike(const VmFigures *a, const VmFigures *b)
{
        return memcmp(a->of, b->of, sizeof a->of) == 0 && a->agent_answers == b->agent_answers;
}

void vm_refresh_quick(Managed *managed, const Machine *machine)
{
        Vm *vm = vm_of(managed);
        VmFigures figures;

        if (vm->boot_us == 0 && vm_is_on(vm) && (vm->boot_us = boot_of(machine)) != 0) {
                managed_set(managed, "runtime", vm_runtime(vm));
                vm_set_summary(managed);
        }
        figures = vm_figures(vm, machine, g_get_real_time());
        if (vm->quick != NULL && are_alike(&figures, &vm->figures))
                return;
        vim_unref(vm->quick);
        vm->figures = figures;
        vm->quick = vm_quick(&figures);
        managed_set_part(managed, "summary", "quickStats", vim_ref(vm->quick));
}

static gboolean refresh_some(gpointer user_data)
{
        VmModule *module = user_data;
        Scheduler *scheduler = api_parts(module->api)->scheduler;
        int64_t until_us = g_get_monotonic_time() + SLICE_US;

        do {
                g_autofree char *uuid = g_queue_pop_head(&module->quick);
                Managed *managed =
                        uuid != NULL ? world_find_key(api_world(module->api), "VirtualMachine", uuid) : NULL;
                const Machine *machine = uuid != NULL ? scheduler_find(scheduler, uuid, NULL) : NULL;

                if (uuid == NULL) {
                        module->quick_source = 0;
                        return G_SOURCE_REMOVE;
                }
                if (vm_of(managed) != NULL && machine != NULL)
                        vm_refresh_quick(managed, machine);
        } while (g_get_monotonic_time() < until_us);
        return G_SOURCE_CONTINUE;
}

static void on_round(Api *api, gconstpointer data, gpointer user_data)
{
        VmModule *module = user_data;
        int64_t now_us = g_get_monotonic_time();
        GPtrArray *machines;

        (void)data;
        if (now_us - module->quick_us < PERIOD_US || module->quick_source != 0)
                return;
        module->quick_us = now_us;
        machines = scheduler_machines(api_parts(api)->scheduler);
        for (unsigned i = 0; i < machines->len; i++)
                g_queue_push_tail(&module->quick,
                                  g_strdup(((const Machine *)machines->pdata[i])->info.uuid));
        module->quick_source = g_idle_add_full(G_PRIORITY_DEFAULT, refresh_some, module, NULL);
}

void quick_start(VmModule *module)
{
        api_listen(module->api, API_ROUND, on_round, module);
}

void quick_stop(VmModule *module)
{
        g_clear_handle_id(&module->quick_source, g_source_remove);
        g_queue_clear_full(&module->quick, g_free);
}
