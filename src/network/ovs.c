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

/* --- changing it --- */

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

static bool check_uplink(const GPtrArray *bridges, const char *bridge, const char *uplink, GError **error)
{
        const OvsPort *port = NULL;
        const OvsBridge *other = find_interface(bridges, uplink, &port);

        if (other != NULL && strcmp(other->name, bridge) == 0 && port->uplink)
                return true;
        if (other != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                            "%s is on bridge %s already; take it from there first", uplink, other->name);
                return false;
        }
        if (ovs_find(bridges, uplink) != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "%s is a bridge itself, and no uplink", uplink);
                return false;
        }
        return interface_check_uplink(uplink, error);
}

static bool check_uplinks(const GPtrArray *bridges, const char *bridge, const char *const *uplinks,
                          GError **error)
{
        for (unsigned i = 0; uplinks[i] != NULL; i++) {
                if (g_strv_contains(uplinks + i + 1, uplinks[i])) {
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                    "uplink \"%.40s\" is given twice", uplinks[i]);
                        return false;
                }
                if (!check_uplink(bridges, bridge, uplinks[i], error))
                        return false;
        }
        return true;
}

/* Whether the bridge is that switch's, or can be made. */
static bool check_bridge(const OvsBridge *now, const char *bridge, const char *switch_name, GError **error)
{
        if (now != NULL && g_strcmp0(now->switch_name, switch_name) == 0)
                return true;
        if (now != NULL && now->switch_name != NULL)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                            "bridge %s belongs to virtual switch \"%s\"; take another name than \"%s\"",
                            bridge, now->switch_name, switch_name);
        else if (now != NULL || interface_exists(bridge))
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                            "this host has %s %s already, which is not aerostat's; take another name than "
                            "\"%s\"",
                            now != NULL ? "a bridge" : "a network interface", bridge, switch_name);
        else
                return true;
        return false;
}

static bool change(const OvsBridge *now, const char *bridge, const char *switch_name,
                   const char *const *uplinks, GError **error)
{
        g_autoptr(GPtrArray) command = g_ptr_array_new_with_free_func(g_free);
        const OvsPort *before = uplink_port(now);

        if (now == NULL)
                add_make(command, bridge, switch_name);
        if (before != NULL)
                add_words(command, "del-port", bridge, before->name, NULL);
        add_uplinks(command, bridge, uplinks);
        return run_words(command, error);
}

/* After a change that did not work, whatever came of it. */
static void change_back(const OvsBridge *before, const char *bridge)
{
        g_autoptr(GPtrArray) bridges = ovs_list(NULL), command = g_ptr_array_new_with_free_func(g_free);
        const OvsBridge *now = bridges != NULL ? ovs_find(bridges, bridge) : NULL;

        if (now == NULL)
                return;
        if (before != NULL)
                (void)change(now, bridge, before->switch_name, ovs_uplinks(before), NULL);
        else
                add_words(command, "del-br", bridge, NULL);
        (void)run_words(command, NULL);
}

static bool set_up(const char *const *uplinks, GError **error)
{
        for (; *uplinks != NULL; uplinks++)
                if (!interface_set_up(*uplinks, error))
                        return false;
        return true;
}

bool ovs_apply(const char *bridge, const char *switch_name, const char *const *uplinks, bool *ret_made,
               GError **error)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&changing);
        g_autoptr(GPtrArray) bridges = ovs_list(error);
        const OvsBridge *now = bridges != NULL ? ovs_find(bridges, bridge) : NULL;
        bool same = now != NULL && all_in(ovs_uplinks(now), uplinks) && all_in(uplinks, ovs_uplinks(now));

        if (bridges == NULL || !check_bridge(now, bridge, switch_name, error) ||
            !check_uplinks(bridges, bridge, uplinks, error))
                return false;
        if (!set_up(uplinks, error))
                return false;
        if (!same && !change(now, bridge, switch_name, uplinks, error)) {
                change_back(now, bridge);
                return false;
        }
        if (ret_made != NULL)
                *ret_made = now == NULL;
        return true;
}

/* BUSY when there are ports of others on it, which would go with it. */
static bool check_unused(const OvsBridge *bridge, GError **error)
{
        g_autoptr(GString) names = g_string_new(NULL);

        for (unsigned i = 0; i < bridge->ports->len; i++) {
                const OvsPort *port = bridge->ports->pdata[i];

                /* One that does not work is left from a VM that was there when the host went down. */
                if (!port->uplink && port->error == NULL)
                        g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", port->name);
        }
        if (names->len == 0)
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY, "bridge %s has ports that are in use: %.300s",
                    bridge->name, names->str);
        return false;
}

bool ovs_remove(const char *bridge, const char *switch_name, GError **error)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&changing);
        g_autoptr(GPtrArray) bridges = ovs_list(error), command = g_ptr_array_new_with_free_func(g_free);
        const OvsBridge *now = bridges != NULL ? ovs_find(bridges, bridge) : NULL;

        if (bridges == NULL)
                return false;
        /* Somebody else's bridge of that name: ours is gone. */
        if (now == NULL || g_strcmp0(now->switch_name, switch_name) != 0)
                return true;
        if (!check_unused(now, error))
                return false;
        add_words(command, "del-br", bridge, NULL);
        return run_words(command, error);
}

bool ovs_set_port(const char *port, const char *bridge, unsigned vlan, GError **error)
{
        g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new(&changing);
        g_autoptr(GPtrArray) bridges = ovs_list(error), command = g_ptr_array_new_with_free_func(g_free);
        g_autofree char *tag = g_strdup_printf("tag=%u", vlan);
        const OvsPort *now = NULL;
        const OvsBridge *from = bridges != NULL ? find_interface(bridges, port, &now) : NULL;

        if (bridges == NULL)
                return false;
        if (ovs_find(bridges, bridge) == NULL || (from == NULL && !interface_exists(port))) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "this host has no %s %s",
                            ovs_find(bridges, bridge) == NULL ? "bridge" : "network interface",
                            ovs_find(bridges, bridge) == NULL ? bridge : port);
                return false;
        }
        if (from == NULL) {
                add_words(command, "add-port", bridge, port, NULL);
        } else if (strcmp(from->name, bridge) != 0) {
                /* As it is, with what libvirt has written to it, and at once. */
                add_words(command, "--id=@port", "get", "Port", port, NULL);
                add_words(command, "remove", "Bridge", from->name, "ports", "@port", NULL);
                add_words(command, "add", "Bridge", bridge, "ports", "@port", NULL);
        }
        add_words(command, "clear", "Port", port, "tag", "trunks", "vlan_mode", NULL);
        if (vlan != VLAN_TRUNK)
                add_words(command, "set", "Port", port, tag, NULL);
        return run_words(command, error);
}
