/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* HostNetworkInfo: switches and port groups from the inventory, interfaces from the kernel. */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>

#include "api/network/network.h"

#define PORTS_MAX      1024 /* as many as a bridge is told to have; there is no bound */
#define PORTS_DEFAULT  128  /* as many as one is made with that nobody has said anything of */
#define MTU            1500
#define INTERFACES_MAX 256

static char *key_of(const char *type, const char *name)
{
        return g_strdup_printf("key-vim.host.%s-%s", type, name);
}

/* --- interfaces --- */

/* A line of a file of an interface in /sys/class/net; "" when there is none. Owned. */
static char *attribute(const char *interface, const char *name)
{
        g_autofree char *path = g_build_filename("/sys/class/net", interface, name, NULL);
        char *text = NULL;

        if (!g_file_get_contents(path, &text, NULL, NULL))
                return g_strdup("");
        text[strcspn(text, "\n")] = '\0';
        return text;
}

static char *link_name(const char *interface, const char *name)
{
        g_autofree char *path = g_build_filename("/sys/class/net", interface, name, NULL);
        g_autofree char *target = g_file_read_link(path, NULL);

        return target != NULL ? g_path_get_basename(target) : g_strdup("");
}

static VimValue *nic_value(const char *interface)
{
        g_autofree char *key = key_of("PhysicalNic", interface), *mac = attribute(interface, "address");
        g_autofree char *speed = attribute(interface, "speed"), *duplex = attribute(interface, "duplex");
        g_autofree char *driver = link_name(interface, "device/driver"),
                        *pci = link_name(interface, "device");
        g_autofree char *state = attribute(interface, "operstate");
        int64_t speed_mb = g_ascii_strtoll(speed, NULL, 10);
        VimValue *nic = vim_new_object("PhysicalNic"), *spec = vim_new_object("PhysicalNicSpec"), *link;

        vim_set_text(nic, "key", key);
        vim_set_text(nic, "device", interface);
        vim_set_text(nic, "pci", pci);
        vim_set_text(nic, "driver", driver);
        if (speed_mb > 0 && strcmp(state, "down") != 0) {
                link = vim_new_object("PhysicalNicLinkInfo");
                vim_set_int(link, "speedMb", speed_mb);
                vim_set_bool(link, "duplex", strcmp(duplex, "half") != 0);
                vim_set(nic, "linkSpeed", link);
        }
        vim_set(nic, "spec", spec);
        vim_set_bool(nic, "wakeOnLanSupported", false);
        vim_set_text(nic, "mac", mac);
        return nic;
}

static bool is_uplink(const GPtrArray *switches, const char *interface)
{
        for (unsigned i = 0; i < switches->len; i++)
                if (g_strv_contains((const char *const *)((const SwitchRecord *)switches->pdata[i])->uplinks,
                                    interface))
                        return true;
        return false;
}

/* Those with hardware behind them, and what else a switch has as an uplink. By the kernel's list and not by
 * /sys, which may be that of another network namespace. */
static VimValue *nics(const GPtrArray *switches)
{
        VimValue *list = vim_new_list("PhysicalNic");
        struct if_nameindex *all = if_nameindex();

        for (const struct if_nameindex *one = all;
             one != NULL && one->if_index != 0 && vim_length(list) < INTERFACES_MAX; one++) {
                g_autofree char *device = g_build_filename("/sys/class/net", one->if_name, "device", NULL);

                if (g_utf8_validate(one->if_name, -1, NULL) &&
                    (g_file_test(device, G_FILE_TEST_EXISTS) || is_uplink(switches, one->if_name)))
                        vim_add(list, nic_value(one->if_name));
        }
        if_freenameindex(all);
        return list;
}

static VimValue *vnic_value(const struct ifaddrs *address)
{
        g_autofree char *key = key_of("VirtualNic", address->ifa_name);
        g_autofree char *mac = attribute(address->ifa_name, "address"),
                        *mtu = attribute(address->ifa_name, "mtu");
        VimValue *vnic = vim_new_object("HostVirtualNic"), *spec = vim_new_object("HostVirtualNicSpec");
        VimValue *ip = vim_new_object("HostIpConfig");
        char text[INET_ADDRSTRLEN];
        struct sockaddr_in v4;

        memcpy(&v4, address->ifa_addr, sizeof v4);
        vim_set_bool(ip, "dhcp", false);
        vim_set_text(ip, "ipAddress", inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text));
        if (address->ifa_netmask != NULL) {
                memcpy(&v4, address->ifa_netmask, sizeof v4);
                vim_set_text(ip, "subnetMask", inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text));
        }
        vim_set(spec, "ip", ip);
        vim_set_text(spec, "mac", mac);
        if (*mtu != '\0')
                vim_set_int(spec, "mtu", g_ascii_strtoll(mtu, NULL, 10));
        vim_set_text(vnic, "device", address->ifa_name);
        vim_set_text(vnic, "key", key);
        vim_set_text(vnic, "portgroup", ""); /* the host's own, of no port group */
        vim_set(vnic, "spec", spec);
        return vnic;
}

/* By which the host is reached. */
static VimValue *vnics(void)
{
        VimValue *list = vim_new_list("HostVirtualNic");
        struct ifaddrs *all = NULL;

        if (getifaddrs(&all) < 0)
                return list;
        for (const struct ifaddrs *one = all; one != NULL && vim_length(list) < INTERFACES_MAX;
             one = one->ifa_next)
                if (one->ifa_addr != NULL && one->ifa_addr->sa_family == AF_INET &&
                    (one->ifa_flags & IFF_LOOPBACK) == 0)
                        vim_add(list, vnic_value(one));
        freeifaddrs(all);
        return list;
}

static VimValue *dns_config(void)
{
        VimValue *config = vim_new_object("HostDnsConfig"), *addresses = vim_new_list("string");
        g_autofree char *text = NULL, *domain = NULL;
        g_auto(GStrv) lines = NULL;

        if (!g_file_get_contents("/etc/resolv.conf", &text, NULL, NULL))
                text = g_strdup("");
        lines = g_strsplit(text, "\n", 64);
        for (char **line = lines; *line != NULL; line++) {
                g_auto(GStrv) words = g_strsplit_set(*line, " \t", 3);

                if (words[0] == NULL || words[1] == NULL)
                        continue;
                if (strcmp(words[0], "nameserver") == 0)
                        vim_add(addresses, vim_new_string(words[1]));
                else if (domain == NULL &&
                         (strcmp(words[0], "search") == 0 || strcmp(words[0], "domain") == 0))
                        domain = g_strdup(words[1]);
        }
        vim_set_bool(config, "dhcp", false);
        vim_set_text(config, "hostName", g_get_host_name());
        vim_set_text(config, "domainName", domain != NULL ? domain : "");
        vim_set(config, "address", addresses);
        return config;
}

/* --- switches and port groups --- */

static VimValue *policy(void)
{
        VimValue *value = vim_new_object("HostNetworkPolicy"), *security, *shaping, *teaming;

        security = vim_new_object("HostNetworkSecurityPolicy");
        vim_set_bool(security, "allowPromiscuous", false);
        vim_set_bool(security, "macChanges", true);
        vim_set_bool(security, "forgedTransmits", true);
        shaping = vim_new_object("HostNetworkTrafficShapingPolicy");
        vim_set_bool(shaping, "enabled", false);
        teaming = vim_new_object("HostNicTeamingPolicy");
        vim_set_text(teaming, "policy", "loadbalance_srcmac");
        vim_set(value, "security", security);
        vim_set(value, "nicTeaming", teaming);
        vim_set(value, "shapingPolicy", shaping);
        return value;
}

static VimValue *texts(char *const *list)
{
        VimValue *value = vim_new_list("string");

        for (; *list != NULL; list++)
                vim_add(value, vim_new_string(*list));
        return value;
}

static VimValue *switch_spec(const SwitchRecord *record)
{
        VimValue *spec = vim_new_object("HostVirtualSwitchSpec"), *bridge;

        vim_set_int(spec, "numPorts", PORTS_DEFAULT);
        if (record->uplinks[0] != NULL) {
                bridge = vim_new_object("HostVirtualSwitchBondBridge");
                vim_set(bridge, "nicDevice", texts(record->uplinks));
                vim_set(spec, "bridge", bridge);
        }
        vim_set(spec, "policy", policy());
        vim_set_int(spec, "mtu", MTU);
        return spec;
}

/* Of a port group, with nothing that is other than its switch's: the parts are there, and say nothing. */
static VimValue *inherited(void)
{
        VimValue *value = vim_new_object("HostNetworkPolicy");

        vim_set(value, "security", vim_new_object("HostNetworkSecurityPolicy"));
        vim_set(value, "nicTeaming", vim_new_object("HostNicTeamingPolicy"));
        vim_set(value, "offloadPolicy", vim_new_object("HostNetOffloadCapabilities"));
        vim_set(value, "shapingPolicy", vim_new_object("HostNetworkTrafficShapingPolicy"));
        return value;
}

static VimValue *group_spec(const PortGroupRecord *record)
{
        VimValue *spec = vim_new_object("HostPortGroupSpec");

        vim_set_text(spec, "name", record->name);
        vim_set_int(spec, "vlanId", record->vlan);
        vim_set_text(spec, "vswitchName", record->switch_name);
        vim_set(spec, "policy", inherited());
        return spec;
}

static VimValue *switch_value(const SwitchRecord *record, const GPtrArray *groups)
{
        VimValue *value = vim_new_object("HostVirtualSwitch"), *names = vim_new_list("string"),
                 *interfaces = vim_new_list("string");
        g_autofree char *key = key_of("VirtualSwitch", record->name);

        for (unsigned i = 0; i < groups->len; i++) {
                const PortGroupRecord *group = groups->pdata[i];
                g_autofree char *group_key = key_of("PortGroup", group->name);

                if (strcmp(group->switch_name, record->name) == 0)
                        vim_add(names, vim_new_string(group_key));
        }
        for (char **uplink = record->uplinks; *uplink != NULL; uplink++) {
                g_autofree char *nic = key_of("PhysicalNic", *uplink);

                vim_add(interfaces, vim_new_string(nic));
        }
        vim_set_text(value, "name", record->name);
        vim_set_text(value, "key", key);
        vim_set_int(value, "numPorts", PORTS_MAX);
        vim_set_int(value, "numPortsAvailable", PORTS_MAX);
        vim_set_int(value, "mtu", MTU);
        vim_set(value, "portgroup", names);
        vim_set(value, "pnic", interfaces);
        vim_set(value, "spec", switch_spec(record));
        return value;
}

static VimValue *group_value(const PortGroupRecord *record)
{
        VimValue *value = vim_new_object("HostPortGroup");
        g_autofree char *key = key_of("PortGroup", record->name);
        g_autofree char *switch_key = key_of("VirtualSwitch", record->switch_name);

        vim_set_text(value, "key", key);
        vim_set_text(value, "vswitch", switch_key);
        vim_set(value, "computedPolicy", policy());
        vim_set(value, "spec", group_spec(record));
        return value;
}

VimValue *network_info(const GPtrArray *switches, const GPtrArray *groups)
{
        VimValue *info = vim_new_object("HostNetworkInfo"),
                 *all_switches = vim_new_list("HostVirtualSwitch"),
                 *all_groups = vim_new_list("HostPortGroup");

        for (unsigned i = 0; i < switches->len; i++)
                vim_add(all_switches, switch_value(switches->pdata[i], groups));
        for (unsigned i = 0; i < groups->len; i++)
                vim_add(all_groups, group_value(groups->pdata[i]));
        vim_set(info, "vswitch", all_switches);
        vim_set(info, "portgroup", all_groups);
        vim_set(info, "pnic", nics(switches));
        vim_set(info, "vnic", vnics());
        vim_set(info, "consoleVnic", vim_new_list("HostVirtualNic"));
        vim_set(info, "dnsConfig", dns_config());
        return info;
}

VimValue *network_config(const GPtrArray *switches, const GPtrArray *groups)
{
        VimValue *config = vim_new_object("HostNetworkConfig"),
                 *all_switches = vim_new_list("HostVirtualSwitchConfig"),
                 *all_groups = vim_new_list("HostPortGroupConfig");

        for (unsigned i = 0; i < switches->len; i++) {
                const SwitchRecord *record = switches->pdata[i];
                VimValue *entry = vim_new_object("HostVirtualSwitchConfig");

                vim_set_text(entry, "name", record->name);
                vim_set(entry, "spec", switch_spec(record));
                vim_add(all_switches, entry);
        }
        for (unsigned i = 0; i < groups->len; i++) {
                VimValue *entry = vim_new_object("HostPortGroupConfig");

                vim_set(entry, "spec", group_spec(groups->pdata[i]));
                vim_add(all_groups, entry);
        }
        vim_set(config, "vswitch", all_switches);
        vim_set(config, "portgroup", all_groups);
        return config;
}
