/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Network cards of VMs, on port groups; also while the VM runs. */
#include <string.h>

#include "network/interface.h"
#include "network/plan.h"
#include "operation/args.h"
#include "operation/network.h"
#include "operation/vm.h"

/* How long a guest has to let go of a card. */
#define RELEASE_S 15

#define MAC_TRIES 100

static const char *const models[] = {"virtio", "e1000e", "e1000", "vmxnet3", "rtl8139", NULL};

/* A VM that is worked on, with its definition. */
typedef struct Vm {
        Record *record;
        virConnectPtr connection; /* the call's */
        LifePower power;
        Definition *definition; /* as it will start next time */
        Definition *running;    /* as it runs; NULL: it does not */
} Vm;

static void vm_clear(Vm *vm)
{
        g_clear_pointer(&vm->record, record_free);
        g_clear_pointer(&vm->definition, definition_free);
        g_clear_pointer(&vm->running, definition_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Vm, vm_clear)

static bool vm_load(Call *call, Vm *vm, const char *name, bool exclusive, GError **error)
{
        if ((vm->record = call_vm(call, name, exclusive, error)) == NULL ||
            (vm->connection = call_connection(call, error)) == NULL ||
            !life_power(vm->connection, vm->record->uuid, &vm->power, error))
                return false;
        if (vm->power == LIFE_NONE) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            "libvirt does not know VM \"%s\"; register it again, or unregister it",
                            vm->record->name);
                return false;
        }
        vm->definition = vm_definition(call, vm->record->uuid, false, error);
        if (vm->definition == NULL)
                return false;
        if (vm->power != LIFE_OFF)
                vm->running = vm_definition(call, vm->record->uuid, true, error);
        return vm->power == LIFE_OFF || vm->running != NULL;
}

/* A copy of the list's card, so that it goes with the list; NULL: there is none. */
static const DefinitionCard *look_for_card(const GPtrArray *cards, const char *mac)
{
        for (unsigned i = 0; i < cards->len; i++) {
                const DefinitionCard *card = cards->pdata[i];

                if (g_strcmp0(card->mac, mac) == 0)
                        return card;
        }
        return NULL;
}

/* In lower case, owned; NULL with an error when it can be no card's. */
static char *read_mac(const char *text, GError **error)
{
        g_autofree char *mac = g_ascii_strdown(text, -1), *shown = NULL;
        bool valid = g_regex_match_simple("\\A[0-9a-f]{2}(:[0-9a-f]{2}){5}\\z", mac, 0, 0);

        if (valid && !(g_ascii_xdigit_value(mac[1]) & 1) && strcmp(mac, "00:00:00:00:00:00") != 0)
                return g_steal_pointer(&mac);
        shown = catalog_shown(text);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    valid ? "\"%s\" is no address of one card: that has an even second digit, as "
                            "52:54:00:12:34:56"
                          : "\"%s\" is no card's address, which looks like 52:54:00:12:34:56",
                    shown);
        return NULL;
}

/* The VM whose card it is, by the inventory: its name, owned, or NULL. */
static char *find_owner(Call *call, const GPtrArray *records, const char *mac)
{
        for (unsigned i = 0; i < records->len; i++) {
                const Record *record = records->pdata[i];
                g_autoptr(GHashTable) cards = card_records(call_inventory(call), record->uuid, NULL);

                if (cards != NULL && g_hash_table_contains(cards, mac))
                        return g_strdup(record->name);
        }
        return NULL;
}

/* One that no VM has, owned. given: NULL for any. */
static char *choose_mac(Call *call, const Vm *vm, const char *given, GError **error)
{
        g_autoptr(GPtrArray) records = record_list(call_inventory(call), NULL, false, error);
        g_autoptr(GPtrArray) own = definition_cards(vm->definition);

        for (unsigned i = 0; records != NULL && i < (given != NULL ? 1 : MAC_TRIES); i++) {
                guint32 n = g_random_int();
                g_autofree char *mac = given != NULL
                                               ? g_strdup(given)
                                               : g_strdup_printf("52:54:00:%02x:%02x:%02x", n >> 16 & 0xff,
                                                                 n >> 8 & 0xff, n & 0xff);
                g_autofree char *owner = find_owner(call, records, mac);

                if (owner == NULL && look_for_card(own, mac) != NULL)
                        owner = g_strdup(vm->record->name);
                if (owner == NULL)
                        return g_steal_pointer(&mac);
                if (given != NULL)
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                                    "VM \"%s\" has a card with the address %s already", owner, mac);
        }
        if (records != NULL && given == NULL)
                g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                                    "no free address was found for the card");
        return NULL;
}

/* What is saved would come back with the cards that it had. */
static bool refuse_suspended(const Vm *vm, GError **error)
{
        if (vm->record->saved == NULL)
                return true;
        g_set_error(
                error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                "VM \"%s\" is suspended; until it is resumed or powered off its cards stay, and only their "
                "port groups can change",
                vm->record->name);
        return false;
}

/* --- AddCard --- */

static bool attach(const Vm *vm, const char *bridge, unsigned vlan, const char *mac, const char *model,
                   bool connected, GError **error)
{
        g_autofree char *own_bridge = g_strdup(bridge), *own_mac = g_strdup(mac),
                        *own_model = g_strdup(model);
        DefinitionCard card = {.mac = own_mac,
                               .model = own_model,
                               .bridge = own_bridge,
                               .open_vswitch = true,
                               .trunk = vlan == PLAN_VLAN_TRUNK,
                               .vlan = vlan == PLAN_VLAN_TRUNK ? 0 : vlan,
                               .disconnected = !connected,
                               .whole_packets = !interface_kernel_switches()};
        g_autofree char *element = definition_add_card(vm->definition, &card, error);

        return element != NULL &&
               life_attach(vm->connection, vm->record->uuid, element, vm->power != LIFE_OFF, true, error);
}

static bool check_model(const char *model, GError **error)
{
        g_autofree char *shown = NULL;

        if (g_strv_contains(models, model))
                return true;
        shown = catalog_shown(model);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "a card's model is one of virtio, e1000e, e1000, vmxnet3, rtl8139, not \"%s\"", shown);
        return false;
}

static bool run_add(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = NULL;
        const char *name, *group, *model = models[0], *given = NULL, *bridge;
        g_autofree char *asked = NULL, *mac = NULL;
        g_auto(NetworkView) view = {0};
        bool connected = true;
        g_auto(Vm) vm = {0};
        unsigned vlan;

        if (!args_only(args, error, "vm", "port_group", "model", "mac", "connected", NULL) ||
            (name = args_text(args, "vm", error)) == NULL ||
            (group = args_text(args, "port_group", error)) == NULL ||
            !args_text_if(args, "model", &model, error) || !check_model(model, error) ||
            !args_text_if(args, "mac", &given, error) ||
            (given != NULL && (asked = read_mac(given, error)) == NULL) ||
            !args_bool_if(args, "connected", &connected, error) || !vm_load(call, &vm, name, true, error) ||
            !refuse_suspended(&vm, error))
                return false;

        locker = network_lock();
        if (!network_view_load(call, &view, error) ||
            !network_view_place(&view, group, &bridge, &vlan, error) ||
            (mac = choose_mac(call, &vm, asked, error)) == NULL ||
            !card_save(call_inventory(call), vm.record->uuid, mac, group, error))
                return false;
        g_clear_pointer(&locker, g_mutex_locker_free);
        if (!attach(&vm, bridge, vlan, mac, model, connected, error)) {
                (void)card_save(call_inventory(call), vm.record->uuid, mac, NULL, NULL);
                return false;
        }
        vm_update_files(call, vm.record);
        call_event(call, "vm", vm.record->name, "has a card %s on port group \"%s\"", mac, group);
        json_builder_begin_object(result);
        json_builder_set_member_name(result, "mac");
        json_builder_add_string_value(result, mac);
        json_builder_end_object(result);
        return true;
}

/* --- SetCard --- */

/* The card as the VM has it; NULL with NOT_FOUND, naming those that it has. */
static const DefinitionCard *find_card(const Vm *vm, const GPtrArray *cards, const char *mac, GError **error)
{
        const DefinitionCard *card = look_for_card(cards, mac);
        g_autoptr(GString) names = g_string_new(NULL);

        if (card != NULL)
                return card;
        for (unsigned i = 0; i < cards->len; i++)
                g_string_append_printf(names, "%s%s", i > 0 ? ", " : "",
                                       ((const DefinitionCard *)cards->pdata[i])->mac);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "VM \"%s\" has no card %s; it has %s",
                    vm->record->name, mac, cards->len > 0 ? names->str : "none");
        return NULL;
}

/* The address of the card that is meant, owned; given: NULL for the only one there is. */
static char *which_card(const Vm *vm, const char *given, GError **error)
{
        g_autoptr(GPtrArray) cards = definition_cards(vm->definition);
        g_autofree char *mac = given != NULL ? read_mac(given, error) : NULL;
        const DefinitionCard *only = cards->len == 1 ? cards->pdata[0] : NULL;

        if (given != NULL)
                return mac != NULL && find_card(vm, cards, mac, error) != NULL ? g_steal_pointer(&mac)
                                                                               : NULL;
        if (only != NULL && only->mac != NULL)
                return g_strdup(only->mac);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "VM \"%s\" has %u cards; say which by its address ('aerostat card list' shows them)",
                    vm->record->name, cards->len);
        return NULL;
}

/* Libvirt cannot take a running card from another kind of network to Open vSwitch. */
static bool check_running(const Vm *vm, const char *mac, GError **error)
{
        g_autoptr(GPtrArray) cards = vm->running != NULL ? definition_cards(vm->running) : NULL;
        const DefinitionCard *card = cards != NULL ? look_for_card(cards, mac) : NULL;

        if (card == NULL || card->open_vswitch)
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                    "card %s of VM \"%s\" is on no virtual switch, and cannot be put on one while it runs; "
                    "power "
                    "the VM off first",
                    mac, vm->record->name);
        return false;
}

static bool set_port_group(Call *call, const Vm *vm, const char *mac, const char *group, GError **error)
{
        Inventory *inventory = call_inventory(call);
        g_autoptr(GMutexLocker) locker = network_lock();
        g_autoptr(GHashTable) cards = card_records(inventory, vm->record->uuid, error);
        const char *before = cards != NULL ? g_hash_table_lookup(cards, mac) : NULL;
        g_auto(NetworkView) view = {0};

        if (cards == NULL || !network_view_load(call, &view, error) ||
            network_find_port_group(view.groups, group, error) == NULL ||
            !card_save(inventory, vm->record->uuid, mac, group, error))
                return false;
        /* Who changes the port group from here on finds this VM on it, and locked. */
        g_clear_pointer(&locker, g_mutex_locker_free);
        if (network_follow(call, &view, vm->record->uuid, error)) {
                call_event(call, "vm", vm->record->name, "has its card %s on port group \"%s\" now", mac,
                           group);
                return true;
        }
        /* As far as it goes; what does not is put right when the daemon starts. */
        if (card_save(inventory, vm->record->uuid, mac, before, NULL) && before != NULL)
                (void)network_follow(call, &view, vm->record->uuid, NULL);
        return false;
}

/* In one of its definitions; the changed element, owned. */
static char *set_connected_in(const Vm *vm, Definition *definition, const char *mac, bool connected,
                              GError **error)
{
        g_autoptr(GPtrArray) cards = definition_cards(definition);
        const DefinitionCard *card = find_card(vm, cards, mac, error);
        DefinitionCard changed;

        if (card == NULL)
                return NULL;
        if (card->bridge == NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "card %s of VM \"%s\" is on no port group; put it on one first", mac,
                            vm->record->name);
                return NULL;
        }
        changed = *card;
        changed.disconnected = !connected;
        return definition_set_card(definition, &changed, error);
}

/* now_connected: NULL, it stays as it is. */
static bool set_connected(Call *call, const Vm *vm, const char *mac, const bool *now_connected,
                          bool at_start, GError **error)
{
        g_autoptr(Definition) definition = vm_definition(call, vm->record->uuid, false, error);
        g_autofree char *element =
                definition != NULL ? set_connected_in(vm, definition, mac, at_start, error) : NULL;
        g_autofree char *running = NULL;

        if (element == NULL)
                return false;
        if (vm->running != NULL && now_connected != NULL) {
                g_autoptr(Definition) now = vm_definition(call, vm->record->uuid, true, error);

                running = now != NULL ? set_connected_in(vm, now, mac, *now_connected, error) : NULL;
                if (running == NULL ||
                    !life_update(vm->connection, vm->record->uuid, running, true, false, error))
                        return false;
        }
        if (!vm_define(call, definition, error))
                return false;
        vm_update_files(call, vm->record);
        return true;
}

static bool run_set(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        const char *name, *given = NULL, *group = NULL;
        bool has_connected = json_object_has_member(args, "connected");
        bool plugs = has_connected || json_object_has_member(args, "start_connected");
        g_autofree char *mac = NULL;
        bool connected = true, at_start;
        g_auto(Vm) vm = {0};

        (void)result;
        if (!args_only(args, error, "vm", "mac", "port_group", "connected", "start_connected", NULL) ||
            (name = args_text(args, "vm", error)) == NULL || !args_text_if(args, "mac", &given, error) ||
            !args_text_if(args, "port_group", &group, error) ||
            !args_bool_if(args, "connected", &connected, error))
                return false;
        at_start = connected;
        if (!args_bool_if(args, "start_connected", &at_start, error) ||
            !vm_load(call, &vm, name, true, error) || (mac = which_card(&vm, given, error)) == NULL ||
            (plugs && !refuse_suspended(&vm, error)))
                return false;
        return check_running(&vm, mac, error) &&
               (group == NULL || set_port_group(call, &vm, mac, group, error)) &&
               (!plugs || set_connected(call, &vm, mac, has_connected ? &connected : NULL, at_start, error));
}

/* --- RemoveCard --- */

/* Waits for the guest, which may refuse. */
static bool detach_running(Call *call, const Vm *vm, const char *mac, GError **error)
{
        g_autofree char *element = definition_remove_card(vm->running, mac, NULL);
        gint64 end_us = g_get_monotonic_time() + RELEASE_S * G_USEC_PER_SEC;

        /* It was not there while running, or the guest has let go of it since it was asked before. */
        if (element == NULL)
                return true;
        if (!life_detach(vm->connection, vm->record->uuid, element, true, false, error))
                return false;
        do {
                g_autoptr(Definition) now = vm_definition(call, vm->record->uuid, true, error);
                g_autoptr(GPtrArray) cards = now != NULL ? definition_cards(now) : NULL;

                if (cards == NULL || look_for_card(cards, mac) == NULL)
                        return cards != NULL;
                g_usleep(G_USEC_PER_SEC / 10);
        } while (g_get_monotonic_time() < end_us && !g_cancellable_is_cancelled(call_cancellable(call)));
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                    "the guest of VM \"%s\" does not let go of card %s; try again when it is up, or power "
                    "it off",
                    vm->record->name, mac);
        return false;
}

static bool run_remove(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autofree char *mac = NULL, *element = NULL;
        const char *name, *given = NULL;
        g_auto(Vm) vm = {0};

        (void)result;
        if (!args_only(args, error, "vm", "mac", NULL) || (name = args_text(args, "vm", error)) == NULL ||
            !args_text_if(args, "mac", &given, error) || !vm_load(call, &vm, name, true, error) ||
            !refuse_suspended(&vm, error) || (mac = which_card(&vm, given, error)) == NULL)
                return false;
        if ((vm.running != NULL && !detach_running(call, &vm, mac, error)) ||
            (element = definition_remove_card(vm.definition, mac, error)) == NULL ||
            !life_detach(vm.connection, vm.record->uuid, element, false, true, error))
                return false;
        vm_update_files(call, vm.record);
        call_event(call, "vm", vm.record->name, "has no card %s any more", mac);
        return card_save(call_inventory(call), vm.record->uuid, mac, NULL, error);
}

/* --- ListCards --- */

static void add_text(JsonBuilder *result, const char *member, const char *text)
{
        json_builder_set_member_name(result, member);
        if (text != NULL)
                json_builder_add_string_value(result, text);
        else
                json_builder_add_null_value(result);
}

/* now: as it runs, or NULL. */
static void tell_card(const DefinitionCard *card, const DefinitionCard *now, const NetworkView *view,
                      const char *group, JsonBuilder *result)
{
        const PortGroupRecord *record =
                group != NULL ? network_find_port_group(view->groups, group, NULL) : NULL;
        const DefinitionCard *shown = now != NULL ? now : card;

        json_builder_begin_object(result);
        add_text(result, "mac", card->mac);
        add_text(result, "model", card->model);
        add_text(result, "port_group", group);
        add_text(result, "switch", record != NULL ? record->switch_name : NULL);
        add_text(result, "bridge", card->bridge);
        json_builder_set_member_name(result, "vlan");
        json_builder_add_int_value(result, shown->trunk ? PLAN_VLAN_TRUNK : shown->vlan);
        json_builder_set_member_name(result, "connected");
        json_builder_add_boolean_value(result, !shown->disconnected);
        add_text(result, "device", now != NULL ? now->device : NULL);
        json_builder_end_object(result);
}

static bool run_list(Call *call, JsonObject *args, JsonBuilder *result, GError **error)
{
        g_autoptr(GHashTable) groups = NULL;
        g_autoptr(GPtrArray) cards = NULL, running = NULL;
        g_auto(NetworkView) view = {0};
        const char *name;
        g_auto(Vm) vm = {0};

        if (!args_only(args, error, "vm", NULL) || (name = args_text(args, "vm", error)) == NULL ||
            !vm_load(call, &vm, name, false, error) || !network_view_load(call, &view, error) ||
            (groups = card_records(call_inventory(call), vm.record->uuid, error)) == NULL)
                return false;
        cards = definition_cards(vm.definition);
        running = vm.running != NULL ? definition_cards(vm.running) : NULL;
        json_builder_begin_array(result);
        for (unsigned i = 0; i < cards->len; i++) {
                const DefinitionCard *card = cards->pdata[i];

                if (card->mac != NULL)
                        tell_card(card, running != NULL ? look_for_card(running, card->mac) : NULL, &view,
                                  g_hash_table_lookup(groups, card->mac), result);
        }
        json_builder_end_array(result);
        return true;
}

const Method card_methods[] = {
        {.name = "AddCard", .run = run_add},
        {.name = "SetCard", .run = run_set},
        {.name = "RemoveCard", .is_task = true, .run = run_remove},
        {.name = "ListCards", .run = run_list},
        {.name = NULL},
};
