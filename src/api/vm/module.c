/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* VirtualMachine objects: made, kept right, and removed, by what operations and libvirt say. */
#include <string.h>

#include "api/vm/module.h"
#include "inventory/card-key.h"

#define ENVIRONMENT_BROWSER "EnvironmentBrowser"

/* --- one object --- */

void vm_free(gpointer data)
{
        Vm *vm = data;

        g_clear_pointer(&vm->facts, json_object_unref);
        g_clear_pointer(&vm->guest, json_object_unref);
        g_hash_table_unref(vm->card_keys);
        g_array_unref(vm->named);
        vim_unref(vm->quick);
        g_free(vm->id);
        g_free(vm);
}

Vm *vm_new(World *world, const char *id)
{
        Vm *vm = g_new0(Vm, 1);

        vm->world = world;
        vm->id = g_strdup(id);
        vm->named = vm_named_new();
        vm->card_keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        return vm;
}

Vm *vm_of(const Managed *managed)
{
        return managed != NULL && managed->free_subject == vm_free ? managed->subject : NULL;
}

/* Of the host; made here where nobody else has. */
static VimValue *environment_browser(Api *api)
{
        World *world = api_world(api);
        Managed *browser = world_find_key(world, ENVIRONMENT_BROWSER, "host");

        if (browser == NULL)
                browser = world_add(world, ENVIRONMENT_BROWSER, "envbrowser-vm", "host");
        return managed_reference(browser);
}

static Managed *make(Api *api, const char *uuid, const char *name)
{
        g_autofree char *id = api_id(api, "vm", uuid);
        Managed *managed = world_add(api_world(api), "VirtualMachine", id, uuid);

        managed->subject = vm_new(api_world(api), id);
        managed->free_subject = vm_free;
        entity_set_up(managed, name);
        managed_set(managed, "capability", vm_capability());
        managed_set(managed, "environmentBrowser", environment_browser(api));
        return managed;
}

void vm_set_summary(Managed *managed)
{
        managed_set(managed, "summary",
                    vm_summary(vm_of(managed), managed_peek(managed, "config"),
                               managed_peek(managed, "runtime"), managed_peek(managed, "storage")));
}

void vm_refresh(Managed *managed)
{
        const Vm *vm = vm_of(managed);
        JsonObject *hardware = fact_object(vm->facts, "hardware");

        managed_set_text(managed, "name", fact_text(vm->facts, "name"));
        managed_set(managed, "config", vm_config(vm, hardware));
        managed_set(managed, "resourceConfig", hardware != NULL ? vm_resource_config(vm) : NULL);
        managed_set(managed, "runtime", vm_runtime(vm));
        managed_set(managed, "guest", vm_guest(vm));
        managed_set(managed, "layout", vm_layout(vm));
        managed_set(managed, "layoutEx", vm_layout_ex(vm, managed_peek(managed, "layoutEx")));
        managed_set(managed, "storage", vm_storage(vm, managed_peek(managed, "storage")));
        managed_set(managed, "disabledMethod", vm_disabled_methods(vm));
        managed_set(managed, "guestHeartbeatStatus",
                    vim_new_enum("ManagedEntityStatus", vm_agent_answers(vm) ? "green" : "gray"));
        managed_set(managed, "overallStatus",
                    vim_new_enum("ManagedEntityStatus",
                                 fact_object(vm->facts, "question") != NULL ? "yellow" : "green"));
        vm_set_summary(managed);
}

static void forget(Api *api, Managed *managed)
{
        api_id_gone(api, "vm", managed->key, false);
        vm_remove_snapshots(api, managed);
        vm_leave_places(managed);
        world_remove(managed);
}

/* While libvirt cannot be asked, a VM has the hardware that it had. */
static void keep_hardware(const Vm *vm, JsonObject *facts)
{
        JsonNode *before = vm->facts != NULL ? json_object_get_member(vm->facts, "hardware") : NULL;

        if (before != NULL && !json_object_has_member(facts, "hardware"))
                json_object_set_member(facts, "hardware", json_node_copy(before));
}

static void note_question(Vm *vm)
{
        int64_t id = fact_int(fact_object(vm->facts, "question"), "id", 0);

        if (id == 0)
                return;
        if (vm->first_question == 0)
                vm->first_question = id;
        vm->last_question = id;
}

static void set_facts(Vm *vm, JsonObject *facts)
{
        keep_hardware(vm, facts);
        g_clear_pointer(&vm->facts, json_object_unref);
        vm->facts = json_object_ref(facts);
        vm->sequence = fact_int(facts, "sequence", 0);
        note_question(vm);
        vm_forget_named(vm);
        if (vm_is_on(vm))
                return;
        vm->boot_us = 0;
        vim_unref(g_steal_pointer(&vm->quick));
}

/* Those that it had before this start of the daemon; and those that the next start would not see. */
static void number_cards(Api *api, Vm *vm, bool is_new)
{
        Inventory *inventory = api_parts(api)->inventory;
        const char *uuid = fact_text(vm->facts, "uuid");
        g_autoptr(GHashTable) kept = is_new ? card_keys(inventory, uuid, NULL) : NULL;
        g_autoptr(GError) error = NULL;
        bool differ;

        if (kept != NULL && g_hash_table_size(kept) > 0) {
                g_hash_table_unref(vm->card_keys);
                vm->card_keys = g_steal_pointer(&kept);
                vm->keeps_card_keys = true;
        }
        if (!device_number_cards(vm) && !is_new)
                return;
        differ = !device_cards_in_order(vm);
        if (!differ && !vm->keeps_card_keys)
                return;
        if (card_keys_save(inventory, uuid, differ ? vm->card_keys : NULL, &error))
                vm->keeps_card_keys = differ;
        else
                g_warning("%s", error->message);
}

static JsonNode *cards_of(JsonObject *facts)
{
        JsonObject *hardware = fact_object(facts, "hardware");

        return hardware != NULL ? json_object_get_member(hardware, "cards") : NULL;
}

/* Other cards, or plugged in elsewhere: the guest may have other addresses. */
static bool cards_differ(JsonObject *before, JsonObject *now)
{
        JsonNode *old = cards_of(before), *new = cards_of(now);

        return old != NULL && new != NULL && !json_node_equal(old, new);
}

void vm_apply(Api *api, JsonObject *facts)
{
        const char *uuid = fact_text(facts, "uuid");
        Managed *managed = uuid != NULL ? world_find_key(api_world(api), "VirtualMachine", uuid) : NULL;
        const Vm *vm = vm_of(managed);
        bool is_new, other_cards;

        if (uuid == NULL || (vm != NULL && fact_int(facts, "sequence", 0) < vm->sequence))
                return;
        if (fact_bool(facts, "gone", false)) {
                if (managed != NULL)
                        forget(api, managed);
                return;
        }
        is_new = managed == NULL;
        if (is_new)
                managed = make(api, uuid, fact_text(facts, "name"));
        other_cards = cards_differ(vm_of(managed)->facts, facts);
        set_facts(vm_of(managed), facts);
        number_cards(api, vm_of(managed), is_new);
        vm_refresh_snapshots(api, managed);
        vm_refresh_places(managed);
        vm_refresh(managed);
        guest_ask_changed(api, managed, other_cards);
}

/* One that has no object yet. */
static const char *new_uuid(Api *api, JsonObject *facts)
{
        const char *uuid = fact_text(facts, "uuid");

        return uuid == NULL || fact_bool(facts, "gone", false) ||
                               world_find_key(api_world(api), "VirtualMachine", uuid) != NULL
                       ? NULL
                       : uuid;
}

void vm_apply_all(Api *api, JsonNode *vms)
{
        JsonArray *array = vms != NULL && JSON_NODE_HOLDS_ARRAY(vms) ? json_node_get_array(vms) : NULL;
        guint n = array != NULL ? json_array_get_length(array) : 0;
        g_autofree const char **made = g_new0(const char *, n + 1);
        unsigned n_made = 0;

        for (guint i = 0; i < n; i++)
                if ((made[n_made] = new_uuid(api, json_array_get_object_element(array, i))) != NULL)
                        n_made++;
        if (n_made > 1)
                api_ids_make(api, "vm", made);
        for (guint i = 0; i < n; i++)
                vm_apply(api, json_array_get_object_element(array, i));
}

/* --- signals --- */

static void on_described(Api *api, gconstpointer data, gpointer user_data)
{
        (void)user_data;
        vm_apply_all(api, (JsonNode *)(guintptr)data);
}

static bool start(Api *api, GError **error)
{
        VmModule *module = g_new0(VmModule, 1);

        (void)error;
        module->api = api;
        api_set_data(api, VM_MODULE, module);
        api_listen(api, API_VMS_DESCRIBED, on_described, NULL);
        survey_start(module);
        quick_start(module);
        guest_ask_start(module);
        return true;
}

static void stop(Api *api)
{
        VmModule *module = api_get_data(api, VM_MODULE);

        guest_ask_stop(module);
        survey_stop(module);
        quick_stop(module);
        g_free(module);
        api_set_data(api, VM_MODULE, NULL);
}

const ApiModule vm_module = {.name = VM_MODULE, .start = start, .stop = stop};
