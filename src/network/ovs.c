/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is to change is worked out from the list and then made in one transaction of ovs-vsctl. */
#include "network/ovs.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "network/command.h"
#include "network/interface.h"
#include "network/table.h"

#define SWITCH_MARK   "aerostat-switch"
#define UPLINK_MARK   "aerostat-uplink"
#define UPLINK_MARKED "external_ids:" UPLINK_MARK "=true"

#define VLAN_TRUNK 4095

/* Nobody else of this process changes what is there between looking and changing. */
static GMutex changing;

static void port_free(OvsPort *port)
{
        g_free(port->name);
        g_strfreev(port->interfaces);
        g_free(port->error);
        g_free(port);
}

static void bridge_free(OvsBridge *bridge)
{
        g_free(bridge->name);
        g_free(bridge->switch_name);
        g_ptr_array_unref(bridge->ports);
        g_free(bridge);
}

/* --- what is there --- */

enum { BRIDGE_NAME, BRIDGE_TYPE, BRIDGE_IDS, BRIDGE_PORTS, BRIDGE_COLUMNS };
enum { PORT_UUID, PORT_NAME, PORT_TAG, PORT_IDS, PORT_INTERFACES, PORT_COLUMNS };
enum { INTERFACE_UUID, INTERFACE_NAME, INTERFACE_ERROR, INTERFACE_COLUMNS };

/* Rows by their UUIDs, which are the first column. */
static GHashTable *index_rows(const GPtrArray *rows)
{
        GHashTable *table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

        for (unsigned i = 0; i < rows->len; i++) {
                g_auto(GStrv) uuids = table_uuids(rows->pdata[i], 0);

                if (uuids[0] != NULL)
                        g_hash_table_insert(table, g_strdup(uuids[0]), rows->pdata[i]);
        }
        return table;
}

static OvsPort *read_port(JsonArray *row, GHashTable *interfaces)
{
        g_auto(GStrv) uuids = table_uuids(row, PORT_INTERFACES);
        g_autoptr(GStrvBuilder) names = g_strv_builder_new();
        OvsPort *port = g_new0(OvsPort, 1);

        port->name = g_strdup(table_text(row, PORT_NAME));
        port->vlan = VLAN_TRUNK;
        (void)table_number(row, PORT_TAG, VLAN_TRUNK, &port->vlan);
        port->uplink = table_mapped(row, PORT_IDS, UPLINK_MARK) != NULL;
        for (unsigned i = 0; uuids[i] != NULL; i++) {
                JsonArray *interface = g_hash_table_lookup(interfaces, uuids[i]);
                const char *name = interface != NULL ? table_text(interface, INTERFACE_NAME) : NULL;

                if (name != NULL)
                        g_strv_builder_add(names, name);
                if (name != NULL && port->error == NULL)
                        port->error = g_strdup(table_text(interface, INTERFACE_ERROR));
        }
        port->interfaces = g_strv_builder_end(names);
        return port;
}

static OvsBridge *read_bridge(JsonArray *row, GHashTable *ports, GHashTable *interfaces)
{
        g_auto(GStrv) uuids = table_uuids(row, BRIDGE_PORTS);
        OvsBridge *bridge = g_new0(OvsBridge, 1);

        bridge->name = g_strdup(table_text(row, BRIDGE_NAME));
        bridge->switch_name = g_strdup(table_mapped(row, BRIDGE_IDS, SWITCH_MARK));
        bridge->userspace = g_strcmp0(table_text(row, BRIDGE_TYPE), "netdev") == 0;
        bridge->ports = g_ptr_array_new_with_free_func((GDestroyNotify)port_free);
        for (unsigned i = 0; uuids[i] != NULL; i++) {
                JsonArray *port = g_hash_table_lookup(ports, uuids[i]);
                const char *name = port != NULL ? table_text(port, PORT_NAME) : NULL;

                /* Every bridge has a port of its own name, to the host itself. */
                if (name != NULL && strcmp(name, bridge->name) != 0)
                        g_ptr_array_add(bridge->ports, read_port(port, interfaces));
        }
        return bridge;
}

GPtrArray *ovs_list(GError **error)
{
        static const char *const arguments[] = {"--columns=name,datapath_type,external_ids,ports",
                                                "list",
                                                "Bridge",
                                                "--",
                                                "--columns=_uuid,name,tag,external_ids,interfaces",
                                                "list",
                                                "Port",
                                                "--",
                                                "--columns=_uuid,name,error",
                                                "list",
                                                "Interface",
                                                NULL};
        g_autofree char *text = command_run(arguments, error);
        const char *next = text;
        g_autoptr(GPtrArray) bridges = NULL, ports = NULL, interfaces = NULL, result = NULL;
        g_autoptr(GHashTable) ports_by_uuid = NULL, interfaces_by_uuid = NULL;

        if (text == NULL || (bridges = table_read(&next, BRIDGE_COLUMNS, error)) == NULL ||
            (ports = table_read(&next, PORT_COLUMNS, error)) == NULL ||
            (interfaces = table_read(&next, INTERFACE_COLUMNS, error)) == NULL)
                return NULL;
        ports_by_uuid = index_rows(ports);
        interfaces_by_uuid = index_rows(interfaces);
        result = g_ptr_array_new_with_free_func((GDestroyNotify)bridge_free);
        for (unsigned i = 0; i < bridges->len; i++)
                if (table_text(bridges->pdata[i], BRIDGE_NAME) != NULL)
                        g_ptr_array_add(result,
                                        read_bridge(bridges->pdata[i], ports_by_uuid, interfaces_by_uuid));
        return g_steal_pointer(&result);
}

const OvsBridge *ovs_find(const GPtrArray *bridges, const char *name)
{
        for (unsigned i = 0; i < bridges->len; i++) {
                const OvsBridge *bridge = bridges->pdata[i];

                if (strcmp(bridge->name, name) == 0)
                        return bridge;
        }
        return NULL;
}

static const OvsPort *uplink_port(const OvsBridge *bridge)
{
        for (unsigned i = 0; bridge != NULL && i < bridge->ports->len; i++) {
                const OvsPort *port = bridge->ports->pdata[i];

                if (port->uplink)
                        return port;
        }
        return NULL;
}

const char *const *ovs_uplinks(const OvsBridge *bridge)
{
        static const char *const none[] = {NULL};
        const OvsPort *port = uplink_port(bridge);

        return port != NULL ? (const char *const *)port->interfaces : none;
}

/* The bridge that an interface is on, or NULL, and the port. */
static const OvsBridge *find_interface(const GPtrArray *bridges, const char *name, const OvsPort **ret_port)
{
        for (unsigned i = 0; i < bridges->len; i++) {
                const OvsBridge *bridge = bridges->pdata[i];

                for (unsigned p = 0; p < bridge->ports->len; p++) {
                        *ret_port = bridge->ports->pdata[p];
                        if (g_strv_contains((const char *const *)(*ret_port)->interfaces, name))
                                return bridge;
                }
        }
        return NULL;
}

char *ovs_bridge_name(const char *switch_name)
{
        g_autofree char *digest = NULL;

        if (interface_name_is_valid(switch_name))
                return g_strdup(switch_name);
        digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, switch_name, -1);
        return g_strdup_printf("vs%.10s", digest);
}

/* --- orders to ovs-vsctl --- */

static void add_words(GPtrArray *command, ...) G_GNUC_NULL_TERMINATED;

static void add_words(GPtrArray *command, ...)
{
        va_list words;
        const char *word;

        va_start(words, command);
        if (command->len > 0)
                g_ptr_array_add(command, g_strdup("--"));
        while ((word = va_arg(words, const char *)) != NULL)
                g_ptr_array_add(command, g_strdup(word));
        va_end(words);
}

/* NAME="value" with everything escaped that has a meaning to ovs-vsctl: it reads JSON's strings. */
static char *mark(const char *name, const char *value)
{
        g_autoptr(JsonNode) node = json_node_init_string(json_node_alloc(), value);
        g_autofree char *quoted = json_to_string(node, FALSE);

        return g_strdup_printf("external_ids:%s=%s", name, quoted);
}

static bool run_words(GPtrArray *command, GError **error)
{
        g_autofree char *output = NULL;

        if (command->len == 0)
                return true;
        g_ptr_array_add(command, NULL);
        output = command_run((const char *const *)command->pdata, error);
        return output != NULL;
}

static void add_make(GPtrArray *command, const char *bridge, const char *switch_name)
{
        g_autofree char *owner = mark(SWITCH_MARK, switch_name);

        add_words(command, "add-br", bridge, NULL);
        add_words(command, "set", "Bridge", bridge,
                  interface_kernel_switches() ? "datapath_type=system" : "datapath_type=netdev", owner,
                  NULL);
}

/* The one port that all uplinks are in. */
static void add_uplinks(GPtrArray *command, const char *bridge, const char *const *uplinks)
{
        g_autofree char *bond = g_strconcat(bridge, "-uplinks", NULL);

        if (uplinks[0] == NULL)
                return;
        if (uplinks[1] == NULL) {
                add_words(command, "add-port", bridge, uplinks[0], "vlan_mode=trunk", UPLINK_MARKED, NULL);
                return;
        }
        add_words(command, "add-bond", bridge, bond, NULL);
        for (; *uplinks != NULL; uplinks++)
                g_ptr_array_add(command, g_strdup(*uplinks));
        /* Needs nothing of the switch at the other end, as ESX's own way of teaming. */
        g_ptr_array_add(command, g_strdup("bond_mode=balance-slb"));
        g_ptr_array_add(command, g_strdup("vlan_mode=trunk"));
        g_ptr_array_add(command, g_strdup(UPLINK_MARKED));
}

static bool all_in(const char *const *some, const char *const *all)
{
        for (; *some != NULL; some++)
                if (!g_strv_contains(all, *some))
                        return false;
        return true;
}

/* --- whether it can be --- */

/* What is there, and what is wanted. */
typedef struct Change {
        const GPtrArray *present; /* of OvsBridge * */
        OvsWanted *bridges;
        unsigned n_bridges;
        const OvsPlace *ports;
        unsigned n_ports;
} Change;

static const OvsWanted *find_wanted(const Change *change, const char *bridge)
{
        for (unsigned i = 0; i < change->n_bridges; i++)
                if (strcmp(change->bridges[i].bridge, bridge) == 0)
                        return &change->bridges[i];
        return NULL;
}

static bool is_of(const OvsBridge *now, const OvsWanted *wanted)
{
        return now != NULL && g_strcmp0(now->switch_name, wanted->switch_name) == 0;
}

/* Somebody else's bridge of that name: ours is gone. */
static bool is_to_go(const OvsBridge *now, const OvsWanted *wanted)
{
        return wanted->uplinks == NULL && is_of(now, wanted);
}

/* An uplink of ours that its bridge is to be without. */
static bool is_given_up(const Change *change, const OvsBridge *from, const OvsPort *port, const char *uplink)
{
        const OvsWanted *wanted = find_wanted(change, from->name);

        return wanted != NULL && is_of(from, wanted) &&
               (is_to_go(from, wanted) || (port->uplink && !g_strv_contains(wanted->uplinks, uplink)));
}

static bool check_uplink(const Change *change, const OvsWanted *wanted, const char *uplink, GError **error)
{
        const OvsPort *port = NULL;
        const OvsBridge *other = find_interface(change->present, uplink, &port);

        if (other != NULL && strcmp(other->name, wanted->bridge) == 0 && port->uplink)
                return true;
        if (other != NULL && is_given_up(change, other, port, uplink))
                return true;
        if (other != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                            "%s is on bridge %s already; take it from there first", uplink, other->name);
                return false;
        }
        if (ovs_find(change->present, uplink) != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "%s is a bridge itself, and no uplink", uplink);
                return false;
        }
        return interface_check_uplink(uplink, error);
}

/* How many of all bridges are to have it. */
static unsigned count_wanted(const Change *change, const char *uplink)
{
        unsigned n = 0;

        for (unsigned i = 0; i < change->n_bridges; i++)
                for (const char *const *one = change->bridges[i].uplinks; one != NULL && *one != NULL; one++)
                        n += strcmp(*one, uplink) == 0;
        return n;
}

static bool check_uplinks(const Change *change, const OvsWanted *wanted, GError **error)
{
        for (const char *const *uplink = wanted->uplinks; *uplink != NULL; uplink++) {
                if (count_wanted(change, *uplink) > 1) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                    "uplink \"%.40s\" is given twice", *uplink);
                        return false;
                }
                if (!check_uplink(change, wanted, *uplink, error))
                        return false;
        }
        return true;
}

/* Whether the bridge is that switch's, or can be made. */
static bool check_bridge(const OvsBridge *now, const OvsWanted *wanted, GError **error)
{
        if (is_of(now, wanted))
                return true;
        if (now != NULL && now->switch_name != NULL)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                            "bridge %s belongs to virtual switch \"%s\"; take another name than \"%s\"",
                            wanted->bridge, now->switch_name, wanted->switch_name);
        else if (now != NULL || interface_exists(wanted->bridge))
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                            "this host has %s %s already, which is not aerostat's; take another name than "
                            "\"%s\"",
                            now != NULL ? "a bridge" : "a network interface", wanted->bridge,
                            wanted->switch_name);
        else
                return true;
        return false;
}

static bool leaves(const Change *change, const char *port)
{
        for (unsigned i = 0; i < change->n_ports; i++)
                if (strcmp(change->ports[i].port, port) == 0)
                        return true;
        return false;
}

/* BUSY when there are ports of others on it, which would go with it. */
static bool check_unused(const Change *change, const OvsBridge *bridge, GError **error)
{
        g_autoptr(GString) names = g_string_new(NULL);

        for (unsigned i = 0; i < bridge->ports->len; i++) {
                const OvsPort *port = bridge->ports->pdata[i];

                /* One that does not work is left from a VM that was there when the host went down. */
                if (!port->uplink && port->error == NULL && !leaves(change, port->name))
                        g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", port->name);
        }
        if (names->len == 0)
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY, "bridge %s has ports that are in use: %.300s",
                    bridge->name, names->str);
        return false;
}

static bool check_wanted(const Change *change, const OvsWanted *wanted, GError **error)
{
        const OvsBridge *now = ovs_find(change->present, wanted->bridge);

        if (wanted->uplinks != NULL
                    ? check_bridge(now, wanted, error) && check_uplinks(change, wanted, error)
                    : !is_to_go(now, wanted) || check_unused(change, now, error))
                return true;
        g_prefix_error(error, "virtual switch \"%s\": ", wanted->switch_name);
        return false;
}

static bool check_place(const Change *change, const OvsPlace *place, GError **error)
{
        const OvsWanted *wanted = find_wanted(change, place->bridge);
        const OvsPort *port;
        bool has_bridge =
                wanted != NULL ? wanted->uplinks != NULL : ovs_find(change->present, place->bridge) != NULL;

        if (has_bridge &&
            (find_interface(change->present, place->port, &port) != NULL || interface_exists(place->port)))
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "this host has no %s %s",
                    has_bridge ? "network interface" : "bridge", has_bridge ? place->port : place->bridge);
        return false;
}

static bool check(const Change *change, GError **error)
{
        for (unsigned i = 0; i < change->n_bridges; i++)
                if (!check_wanted(change, &change->bridges[i], error))
                        return false;
        for (unsigned i = 0; i < change->n_ports; i++)
                if (!check_place(change, &change->ports[i], error))
                        return false;
        return true;
}

/* --- changing it --- */

/* Whether its uplinks are to be others; so is that of one that is not there yet. */
static bool changes_uplinks(const OvsBridge *now, const OvsWanted *wanted)
{
        return wanted->uplinks != NULL && !(now != NULL && all_in(ovs_uplinks(now), wanted->uplinks) &&
                                            all_in(wanted->uplinks, ovs_uplinks(now)));
}

static void add_place(GPtrArray *command, const Change *change, const OvsPlace *place)
{
        g_autofree char *tag = g_strdup_printf("tag=%u", place->vlan);
        const OvsPort *now = NULL;
        const OvsBridge *from = find_interface(change->present, place->port, &now);

        if (from == NULL) {
                add_words(command, "add-port", place->bridge, place->port, NULL);
        } else if (strcmp(from->name, place->bridge) != 0) {
                /* As it is, with what libvirt has written to it, and at once. */
                g_autofree char *id = g_strconcat("@", place->port, NULL),
                                *named = g_strconcat("--id=", id, NULL);

                add_words(command, named, "get", "Port", place->port, NULL);
                add_words(command, "remove", "Bridge", from->name, "ports", id, NULL);
                add_words(command, "add", "Bridge", place->bridge, "ports", id, NULL);
        }
        add_words(command, "clear", "Port", place->port, "tag", "trunks", "vlan_mode", NULL);
        if (place->vlan != VLAN_TRUNK)
                add_words(command, "set", "Port", place->port, tag, NULL);
}

/* What is taken is free before it is given, and ports have left a bridge that goes. */
static bool run_change(const Change *change, GError **error)
{
        g_autoptr(GPtrArray) command = g_ptr_array_new_with_free_func(g_free);

        for (unsigned i = 0; i < change->n_bridges; i++) {
                const OvsWanted *wanted = &change->bridges[i];
                const OvsBridge *now = ovs_find(change->present, wanted->bridge);
                const OvsPort *before = uplink_port(now);

                if (wanted->uplinks != NULL && now == NULL)
                        add_make(command, wanted->bridge, wanted->switch_name);
                if (before != NULL && changes_uplinks(now, wanted))
                        add_words(command, "del-port", wanted->bridge, before->name, NULL);
        }
        for (unsigned i = 0; i < change->n_ports; i++)
                add_place(command, change, &change->ports[i]);
        for (unsigned i = 0; i < change->n_bridges; i++)
                if (is_to_go(ovs_find(change->present, change->bridges[i].bridge), &change->bridges[i]))
                        add_words(command, "del-br", change->bridges[i].bridge, NULL);
        for (unsigned i = 0; i < change->n_bridges; i++)
                if (changes_uplinks(ovs_find(change->present, change->bridges[i].bridge),
                                    &change->bridges[i]))
                        add_uplinks(command, change->bridges[i].bridge, change->bridges[i].uplinks);
        return run_words(command, error);
}

/* After a change that did not work, whatever came of it: ovs-vswitchd may be what did not take it. */
static void change_back(const Change *change)
{
        g_autoptr(GPtrArray) present = ovs_list(NULL);
        g_autofree OvsWanted *bridges = g_new0(OvsWanted, change->n_bridges);
        g_autofree OvsPlace *ports = g_new0(OvsPlace, change->n_ports);
        Change back = {.present = present, .bridges = bridges, .ports = ports};

        if (present == NULL)
                return;
        for (unsigned i = 0; i < change->n_bridges; i++) {
                const OvsWanted *wanted = &change->bridges[i];
                const OvsBridge *before = ovs_find(change->present, wanted->bridge);

                /* Of others' nothing was changed. */
                if (before == NULL || is_of(before, wanted))
                        bridges[back.n_bridges++] =
                                (OvsWanted){.bridge = wanted->bridge,
                                            .switch_name = wanted->switch_name,
                                            .uplinks = before != NULL ? ovs_uplinks(before) : NULL};
        }
        for (unsigned i = 0; i < change->n_ports; i++) {
                const OvsPort *port = NULL;
                const OvsBridge *from = find_interface(change->present, change->ports[i].port, &port);

                if (from != NULL)
                        ports[back.n_ports++] = (OvsPlace){
                                .port = change->ports[i].port, .bridge = from->name, .vlan = port->vlan};
        }
        (void)run_change(&back, NULL);
}

static bool set_up(const OvsWanted *bridges, unsigned n, GError **error)
{
        for (unsigned i = 0; i < n; i++)
                for (const char *const *uplink = bridges[i].uplinks; uplink != NULL && *uplink != NULL;
                     uplink++)
                        if (!interface_set_up(*uplink, error))
                                return false;
        return true;
}

bool ovs_change(OvsWanted *bridges, unsigned n_bridges, const OvsPlace *ports, unsigned n_ports,
                GError **error)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&changing);
        g_autoptr(GPtrArray) present = ovs_list(error);
        const Change change = {.present = present,
                               .bridges = bridges,
                               .n_bridges = n_bridges,
                               .ports = ports,
                               .n_ports = n_ports};

        if (present == NULL || !check(&change, error) || !set_up(bridges, n_bridges, error))
                return false;
        if (!run_change(&change, error)) {
                change_back(&change);
                return false;
        }
        for (unsigned i = 0; i < n_bridges; i++)
                bridges[i].made = bridges[i].uplinks != NULL && ovs_find(present, bridges[i].bridge) == NULL;
        return true;
}

bool ovs_apply(const char *bridge, const char *switch_name, const char *const *uplinks, bool *ret_made,
               GError **error)
{
        OvsWanted wanted = {.bridge = bridge, .switch_name = switch_name, .uplinks = uplinks};

        if (!ovs_change(&wanted, 1, NULL, 0, error))
                return false;
        if (ret_made != NULL)
                *ret_made = wanted.made;
        return true;
}

bool ovs_remove(const char *bridge, const char *switch_name, GError **error)
{
        OvsWanted wanted = {.bridge = bridge, .switch_name = switch_name};

        return ovs_change(&wanted, 1, NULL, 0, error);
}

bool ovs_set_port(const char *port, const char *bridge, unsigned vlan, GError **error)
{
        const OvsPlace place = {.port = port, .bridge = bridge, .vlan = vlan};

        return ovs_change(NULL, 0, &place, 1, error);
}
