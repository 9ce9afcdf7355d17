/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cards follow their port groups: in the definition by libvirt, while running by libvirt and Open vSwitch.
 */
#include <string.h>

#include "network/interface.h"
#include "network/plan.h"
#include "operation/network.h"
#include "operation/vm.h"

bool network_view_load(Call *call, NetworkView *view, GError **error)
{
        view->switches = switch_list(call_inventory(call), error);
        view->groups = view->switches != NULL ? port_group_list(call_inventory(call), error) : NULL;
        return view->groups != NULL;
}

void network_view_clear(NetworkView *view)
{
        g_clear_pointer(&view->switches, g_ptr_array_unref);
        g_clear_pointer(&view->groups, g_ptr_array_unref);
        g_clear_pointer(&view->bridges, g_ptr_array_unref);
}

bool network_view_look(NetworkView *view, GError **error)
{
        if (view->bridges == NULL)
                view->bridges = ovs_list(error);
        return view->bridges != NULL;
}

bool network_view_place(const NetworkView *view, const char *port_group, const char **ret_bridge,
                        unsigned *ret_vlan, GError **error)
{
        const PortGroupRecord *group = network_find_port_group(view->groups, port_group, error);
        const SwitchRecord *record =
                group != NULL ? network_find_switch(view->switches, group->switch_name, error) : NULL;

        if (record == NULL)
                return false;
        *ret_bridge = record->bridge;
        *ret_vlan = group->vlan;
        return true;
}

static unsigned card_vlan(const DefinitionCard *card)
{
        return card->trunk ? PLAN_VLAN_TRUNK : card->vlan;
}

/* The card's element with another place; owned. Of a running card nothing else can be changed. */
static char *set_place(Definition *definition, const DefinitionCard *card, const char *bridge, unsigned vlan,
                       bool runs, GError **error)
{
        DefinitionCard changed = *card;
        g_autofree char *name = g_strdup(bridge);

        changed.bridge = name;
        changed.open_vswitch = true;
        changed.trunk = vlan == PLAN_VLAN_TRUNK;
        changed.vlan = changed.trunk ? 0 : vlan;
        changed.whole_packets = !runs && !interface_kernel_switches();
        return definition_set_card(definition, &changed, error);
}

/* *ret_changed is set when there was something to change. present: of char *, those that were found. */
static bool place_cards(const NetworkView *view, GHashTable *cards, Definition *definition, bool runs,
                        GPtrArray *present, bool *ret_changed, GError **error)
{
        g_autoptr(GPtrArray) all = definition_cards(definition);

        for (unsigned i = 0; i < all->len; i++) {
                const DefinitionCard *card = all->pdata[i];
                const char *group = card->mac != NULL ? g_hash_table_lookup(cards, card->mac) : NULL;
                g_autofree char *element = NULL;
                const char *bridge;
                unsigned vlan;

                if (group == NULL)
                        continue;
                g_ptr_array_add(present, g_strdup(card->mac));
                if (!network_view_place(view, group, &bridge, &vlan, error))
                        return false;
                if (card->open_vswitch && g_strcmp0(card->bridge, bridge) == 0 && card_vlan(card) == vlan)
                        continue;
                element = set_place(definition, card, bridge, vlan, runs, error);
                if (element == NULL)
                        return false;
                *ret_changed = true;
        }
        return true;
}

bool network_place(Call *call, const char *uuid, Definition *definition, GError **error)
{
        g_autoptr(GHashTable) cards = card_records(call_inventory(call), uuid, error);
        g_autoptr(GPtrArray) present = g_ptr_array_new_with_free_func(g_free);
        g_auto(NetworkView) view = {0};
        bool changed;

        return cards != NULL && network_view_load(call, &view, error) &&
               place_cards(&view, cards, definition, true, present, &changed, error);
}

static bool follow_definition(Call *call, const NetworkView *view, const char *uuid, GHashTable *cards,
                              GPtrArray *present, GError **error)
{
        g_autoptr(Definition) definition = vm_definition(call, uuid, false, error);
        g_autoptr(Record) record = NULL;
        bool changed = false;

        if (definition == NULL || !place_cards(view, cards, definition, false, present, &changed, error))
                return false;
        if (!changed)
                return true;
        if (!vm_define(call, definition, error))
                return false;
        record = record_load(call_inventory(call), uuid, NULL);
        if (record != NULL)
                vm_update_files(call, record);
        return true;
}

/* The port of a running card on its bridge; NULL: it is not there. */
static const OvsPort *find_port(const NetworkView *view, const char *device, const char *bridge_name)
{
        const OvsBridge *bridge = ovs_find(view->bridges, bridge_name);

        for (unsigned i = 0; bridge != NULL && device != NULL && i < bridge->ports->len; i++) {
                const OvsPort *port = bridge->ports->pdata[i];

                if (strcmp(port->name, device) == 0)
                        return port;
        }
        return NULL;
}

/*
 * Libvirt changes a running card's VLAN and no more: to another bridge its port is moved here, and libvirt
 * goes on saying the old one until the VM's next start, which follows the definition.
 */
static bool follow_card(Call *call, NetworkView *view, const char *uuid, Definition *definition,
                        const DefinitionCard *card, const char *group, GError **error)
{
        virConnectPtr connection = call_connection(call, error);
        const OvsPort *port;
        const char *bridge;
        unsigned vlan;

        if (connection == NULL || !network_view_place(view, group, &bridge, &vlan, error) ||
            !network_view_look(view, error))
                return false;
        /* It may also have lost its port, with a bridge that somebody deleted. */
        port = find_port(view, card->device, bridge);
        if ((port == NULL || port->vlan != vlan) && card->device != NULL &&
            !ovs_set_port(card->device, bridge, vlan, error))
                return false;
        if (card_vlan(card) != vlan) {
                g_autofree char *element = set_place(definition, card, card->bridge, vlan, true, error);

                return element != NULL && life_update(connection, uuid, element, true, false, error);
        }
        return true;
}

static bool follow_running(Call *call, NetworkView *view, const char *uuid, GHashTable *cards,
                           GPtrArray *present, GError **error)
{
        g_autoptr(Definition) definition = vm_definition(call, uuid, true, error);
        g_autoptr(GPtrArray) all = definition != NULL ? definition_cards(definition) : NULL;

        for (unsigned i = 0; all != NULL && i < all->len; i++) {
                const DefinitionCard *card = all->pdata[i];
                const char *group = card->mac != NULL ? g_hash_table_lookup(cards, card->mac) : NULL;

                if (group == NULL)
                        continue;
                g_ptr_array_add(present, g_strdup(card->mac));
                if (card->open_vswitch && !follow_card(call, view, uuid, definition, card, group, error))
                        return false;
        }
        return all != NULL;
}

/* Of a card that was to be added when the daemon ended, or that somebody took away by other means. */
static bool forget_absent(Call *call, const char *uuid, GHashTable *cards, GPtrArray *present,
                          GError **error)
{
        GHashTableIter iter;
        gpointer mac;

        g_hash_table_iter_init(&iter, cards);
        while (g_hash_table_iter_next(&iter, &mac, NULL))
                if (!g_ptr_array_find_with_equal_func(present, mac, g_str_equal, NULL) &&
                    !card_save(call_inventory(call), uuid, mac, NULL, error))
                        return false;
        return true;
}

bool network_follow(Call *call, NetworkView *view, const char *uuid, GError **error)
{
        g_autoptr(GHashTable) cards = card_records(call_inventory(call), uuid, error);
        g_autoptr(GPtrArray) present = g_ptr_array_new_with_free_func(g_free);
        virConnectPtr connection = cards != NULL ? call_connection(call, error) : NULL;
        LifePower power;

        if (cards == NULL || connection == NULL)
                return false;
        if (g_hash_table_size(cards) == 0)
                return true;
        if (!life_power(connection, uuid, &power, error))
                return false;
        if (power == LIFE_NONE)
                return true;
        return follow_definition(call, view, uuid, cards, present, error) &&
               (power == LIFE_OFF || follow_running(call, view, uuid, cards, present, error)) &&
               forget_absent(call, uuid, cards, present, error);
}
