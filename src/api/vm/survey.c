/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What changed otherwise than by an operation: looked for when something says so, with one call to libvirt
 * and one look at the inventory for all VMs, and in turn, seldom, without a reason (a guest writes to its
 * disks).
 */
#include <string.h>

#include "api/vm/module.h"

#define DELAY_MS       100 /* what comes together is one */
#define PERIOD_US      (1 * G_USEC_PER_SEC)
#define RETRY_MS       5000
#define EVENTS_MAX     100
#define SWEEP_PERIOD_S 600
#define SWEEP_AT_ONCE  20
#define SWEEP_PAUSE_MS 200

static void survey_soon(VmModule *module, unsigned delay_ms);

/* --- asking --- */

static JsonObject *known_stamps(const VmModule *module)
{
        g_autoptr(GPtrArray) vms = world_list(api_world(module->api), "VirtualMachine");
        JsonObject *known = json_object_new();

        for (unsigned i = 0; i < vms->len; i++) {
                const Managed *managed = vms->pdata[i];
                const Vm *vm = vm_of(managed);
                bool wanted = module->wanted != NULL && g_hash_table_contains(module->wanted, managed->key);

                if (vm != NULL)
                        json_object_set_string_member(known, managed->key,
                                                      wanted ? "" : fact_text(vm->facts, "stamp"));
        }
        return known;
}

static void apply_all(const VmModule *module, JsonNode *result)
{
        JsonObject *object =
                result != NULL && JSON_NODE_HOLDS_OBJECT(result) ? json_node_get_object(result) : NULL;

        if (object != NULL)
                vm_apply_all(module->api, json_object_get_member(object, "vms"));
}

static void on_surveyed(JsonNode *result, const GError *error, gpointer user_data)
{
        VmModule *module = user_data;
        bool more = result != NULL && fact_bool(json_node_get_object(result), "more", false);

        module->surveying = false;
        apply_all(module, result);
        if (error != NULL && !module->stopped)
                survey_soon(module, RETRY_MS);
        else if (more || module->survey_again)
                survey_soon(module, 0);
        module->survey_again = false;
}

static gboolean survey(gpointer user_data)
{
        VmModule *module = user_data;
        g_autoptr(JsonObject) args = json_object_new();

        module->survey_source = 0;
        if (module->surveying) {
                module->survey_again = true;
                return G_SOURCE_REMOVE;
        }
        json_object_set_object_member(args, "known", known_stamps(module));
        g_clear_pointer(&module->wanted, g_hash_table_unref);
        module->surveying = true;
        module->survey_us = g_get_monotonic_time();
        if (!operations_start(api_parts(module->api)->operations, "DescribeVMs", args, on_surveyed, module,
                              NULL, NULL)) {
                module->surveying = false;
                survey_soon(module, RETRY_MS);
        }
        return G_SOURCE_REMOVE;
}

/* Not more often than once in a period, whatever happens. */
static void survey_soon(VmModule *module, unsigned delay_ms)
{
        int64_t wait_us = module->survey_us + PERIOD_US - g_get_monotonic_time();

        if (module->survey_source != 0 || module->stopped)
                return;
        if (delay_ms > 0 && wait_us > 0)
                delay_ms = MAX(delay_ms, (unsigned)(wait_us / 1000));
        module->survey_source = g_timeout_add(delay_ms, survey, module);
}

void survey_want(VmModule *module, const char *uuid)
{
        if (module->wanted == NULL)
                module->wanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        (void)g_hash_table_add(module->wanted, g_strdup(uuid));
        survey_soon(module, DELAY_MS);
}

/* --- what says so --- */

static void on_changed(Api *api, gconstpointer data, gpointer user_data)
{
        VmModule *module = user_data;

        (void)api;
        if (data != NULL)
                survey_want(module, data);
        else
                survey_soon(module, DELAY_MS);
}

/* Of the objects that VMs refer to: another when one has come or gone, or stands for something else. */
static uint64_t print_of_places(World *world)
{
        static const char *const types[] = {"Folder", "ResourcePool", "Datastore", "Network", "HostSystem"};
        uint64_t print = 0;

        for (unsigned t = 0; t < G_N_ELEMENTS(types); t++) {
                g_autoptr(GPtrArray) places = world_list(world, types[t]);

                /* In no order, so they are added up. */
                for (unsigned i = 0; i < places->len; i++) {
                        const Managed *place = places->pdata[i];
                        g_autofree char *text =
                                g_strconcat(place->id, " ", place->key != NULL ? place->key : "", NULL);

                        print += (uint64_t)g_str_hash(text) * 0x9e3779b97f4a7c15ull;
                }
        }
        return print;
}

/* This comes with every operation that changes a VM; seldom has anything of what VMs refer to changed. */
static void on_catalog(Api *api, gconstpointer data, gpointer user_data)
{
        VmModule *module = user_data;
        uint64_t print = print_of_places(api_world(api));
        g_autoptr(GPtrArray) vms = NULL;

        (void)data;
        survey_soon(module, DELAY_MS);
        if (print == module->places)
                return;
        module->places = print;
        vms = world_list(api_world(api), "VirtualMachine");
        for (unsigned i = 0; i < vms->len; i++) {
                Managed *managed = vms->pdata[i];
                Vm *vm = vm_of(managed);

                if (vm == NULL || !vm_names_others(vm))
                        continue;
                vm_forget_named(vm);
                vm_refresh_places(managed);
                vm_refresh(managed);
        }
}

static void want_named(VmModule *module, const char *name)
{
        g_autoptr(GPtrArray) vms = world_list(api_world(module->api), "VirtualMachine");

        for (unsigned i = 0; i < vms->len; i++) {
                const VimValue *own = managed_peek(vms->pdata[i], "name");

                if (own != NULL && strcmp(own->text, name) == 0)
                        survey_want(module, ((const Managed *)vms->pdata[i])->key);
        }
}

/* Settings of VMs change without an operation, but not without an event. */
static void on_event(Api *api, gconstpointer data, gpointer user_data)
{
        VmModule *module = user_data;
        g_autoptr(GPtrArray) events =
                inventory_events(api_parts(api)->inventory, module->last_event, EVENTS_MAX, NULL);

        (void)data;
        for (unsigned i = 0; events != NULL && i < events->len; i++) {
                const InventoryEvent *event = events->pdata[i];

                module->last_event = MAX(module->last_event, event->id);
                if (event->vm != NULL && strcmp(event->type, "setting") == 0)
                        want_named(module, event->vm);
        }
}

/* --- all of them, in turn --- */

static gboolean sweep_some(gpointer user_data);

static void on_swept(JsonNode *result, const GError *error, gpointer user_data)
{
        VmModule *module = user_data;

        (void)error;
        apply_all(module, result);
        if (!module->stopped)
                module->sweep_source = g_timeout_add(SWEEP_PAUSE_MS, sweep_some, module);
}

static gboolean begin_sweep(gpointer user_data)
{
        VmModule *module = user_data;
        g_autoptr(GPtrArray) vms = world_list(api_world(module->api), "VirtualMachine");

        g_clear_pointer(&module->sweep, g_ptr_array_unref);
        module->sweep = g_ptr_array_new_with_free_func(g_free);
        for (unsigned i = 0; i < vms->len; i++)
                g_ptr_array_add(module->sweep, g_strdup(((const Managed *)vms->pdata[i])->key));
        module->sweep_source = g_timeout_add(SWEEP_PAUSE_MS, sweep_some, module);
        return G_SOURCE_REMOVE;
}

static gboolean sweep_some(gpointer user_data)
{
        VmModule *module = user_data;
        g_autoptr(JsonObject) args = json_object_new();
        JsonArray *uuids = json_array_new();
        unsigned n = MIN(module->sweep->len, SWEEP_AT_ONCE);

        for (unsigned i = 0; i < n; i++)
                json_array_add_string_element(uuids, module->sweep->pdata[module->sweep->len - 1 - i]);
        json_object_set_array_member(args, "vms", uuids);
        g_ptr_array_set_size(module->sweep, (int)(module->sweep->len - n));
        module->sweep_source = 0;
        if (n == 0 || !operations_start(api_parts(module->api)->operations, "DescribeVMs", args, on_swept,
                                        module, NULL, NULL))
                module->sweep_source = g_timeout_add_seconds(SWEEP_PERIOD_S, begin_sweep, module);
        return G_SOURCE_REMOVE;
}

/* --- beginning and end --- */

void survey_start(VmModule *module)
{
        Api *api = module->api;
        g_autoptr(GPtrArray) newest = inventory_events(api_parts(api)->inventory, -1, 1, NULL);

        if (newest != NULL && newest->len > 0)
                module->last_event = ((const InventoryEvent *)newest->pdata[0])->id;
        api_listen(api, API_VMS_CHANGED, on_changed, module);
        api_listen(api, API_CATALOG_CHANGED, on_catalog, module);
        api_listen(api, API_EVENT_ADDED, on_event, module);
        survey_soon(module, 0);
        module->sweep_source = g_timeout_add_seconds(SWEEP_PERIOD_S, begin_sweep, module);
}

void survey_stop(VmModule *module)
{
        module->stopped = true;
        g_clear_handle_id(&module->survey_source, g_source_remove);
        g_clear_handle_id(&module->sweep_source, g_source_remove);
        g_clear_pointer(&module->wanted, g_hash_table_unref);
        g_clear_pointer(&module->sweep, g_ptr_array_unref);
}
