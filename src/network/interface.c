/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is asked of the kernel, by the means it has for it. */
#include "network/interface.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/macro.h"

bool interface_name_is_valid(const char *name)
{
        size_t length = strlen(name);

        if (length == 0 || length >= IFNAMSIZ || name[0] == '-' || strcmp(name, ".") == 0 ||
            strcmp(name, "..") == 0)
                return false;
        for (const char *p = name; *p != '\0'; p++)
                if (!g_ascii_isgraph(*p) || strchr("/:\"\\,", *p) != NULL)
                        return false;
        return true;
}

bool interface_exists(const char *name)
{
        return if_nametoindex(name) != 0;
}

/* An address by which others reach the host, as text; NULL: none. What is link-local is nobody's choice. */
static char *find_address(const char *name)
{
        char text[INET6_ADDRSTRLEN];
        struct ifaddrs *all = NULL;
        char *found = NULL;

        if (getifaddrs(&all) < 0)
                return NULL;
        for (const struct ifaddrs *one = all; one != NULL && found == NULL; one = one->ifa_next) {
                const struct sockaddr_in6 *v6;

                if (one->ifa_addr == NULL || strcmp(one->ifa_name, name) != 0)
                        continue;
                if (one->ifa_addr->sa_family == AF_INET) {
                        struct sockaddr_in v4;

                        memcpy(&v4, one->ifa_addr, sizeof(v4));
                        found = g_strdup(inet_ntop(AF_INET, &v4.sin_addr, text, sizeof(text)));
                } else if (one->ifa_addr->sa_family == AF_INET6) {
                        v6 = (const void *)one->ifa_addr;
                        if (!IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr))
                                found = g_strdup(inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof(text)));
                }
        }
        freeifaddrs(all);
        return found;
}

bool interface_check_uplink(const char *name, GError **error)
{
        g_autofree char *link = g_strdup_printf("/sys/class/net/%s/master", name), *master = NULL,
                        *address = NULL;

        if (!interface_name_is_valid(name)) {
                g_autofree char *valid = g_utf8_make_valid(name, -1), *shown = g_strescape(valid, NULL);

                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "\"%.40s\" cannot be the name of a network interface", shown);
                return false;
        }
        if (!interface_exists(name)) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                            "this host has no network interface %s; \"ip link\" lists them", name);
                return false;
        }
        master = g_file_read_link(link, NULL);
        if (master != NULL && !g_str_has_suffix(master, "/ovs-system")) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                            "%s belongs to %s; take it out there first: ip link set %s nomaster", name,
                            strrchr(master, '/') + 1, name);
                return false;
        }
        address = find_address(name);
        if (address != NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                            "%s has the address %s, by which nobody would reach this host once it is an "
                            "uplink; take the address away first (ip address flush dev %s), and give it to "
                            "the switch's own interface afterwards",
                            name, address, name);
                return false;
        }
        return true;
}

bool interface_set_up(const char *name, GError **error)
{
        _cleanup_close_ int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        struct ifreq request = {0};

        g_strlcpy(request.ifr_name, name, sizeof(request.ifr_name));
        if (fd >= 0 && ioctl(fd, SIOCGIFFLAGS, &request) == 0) {
                request.ifr_flags |= IFF_UP;
                if (ioctl(fd, SIOCSIFFLAGS, &request) == 0)
                        return true;
        }
        g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(errno), "%s cannot be switched on: %s",
                    name, g_strerror(errno));
        return false;
}

bool interface_kernel_switches(void)
{
        static const char family[] = "ovs_datapath";
        struct {
                struct nlmsghdr header;
                struct genlmsghdr generic;
                struct nlattr attribute;
                char name[NLA_ALIGN(sizeof(family))];
        } request = {
                .header = {.nlmsg_len = sizeof(request),
                           .nlmsg_type = GENL_ID_CTRL,
                           .nlmsg_flags = NLM_F_REQUEST},
                .generic = {.cmd = CTRL_CMD_GETFAMILY, .version = 1},
                .attribute = {.nla_len = NLA_HDRLEN + sizeof(family), .nla_type = CTRL_ATTR_FAMILY_NAME},
        };
        _cleanup_close_ int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
        struct {
                struct nlmsghdr header;
                char rest[8192];
        } answer;
        ssize_t n;

        memcpy(request.name, family, sizeof(family));
        if (fd < 0 || send(fd, &request, sizeof(request), 0) < 0)
                return false;
        /* The kernel has answered by now: it does so within send(). */
        n = recv(fd, &answer, sizeof(answer), MSG_DONTWAIT);
        return n >= (ssize_t)sizeof(answer.header) && answer.header.nlmsg_type == GENL_ID_CTRL;
}
