/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A definition that comes with files of a datastore. Whoever could write there must not get more of this
 * host by it than a VM has: what is known to be harmless passes, everything else is named and refused.
 */
#include <string.h>

#include "vm/definition-xml.h"

typedef struct Check {
        bool (*allowed)(const char *path, gpointer user_data);
        gpointer user_data;
        GError **error;
} Check;

static bool refuse(const Check *check, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool refuse(const Check *check, const char *format, ...)
{
        g_autofree char *what = NULL;
        va_list args;

        va_start(args, format);
        what = g_strdup_vprintf(format, args);
        va_end(args);
        g_set_error(check->error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                    "the VM's definition has %s. That is not taken over from a datastore; take it out of "
                    "the file",
                    what);
        return false;
}

static bool is_one_of(const char *name, const char *const *names)
{
        return name != NULL && g_strv_contains(names, name);
}

static bool check_file(const Check *check, const char *path)
{
        if (path == NULL || check->allowed(path, check->user_data))
                return true;
        return refuse(check, "the file \"%s\", which lies in none of this host's datastores", path);
}

/* Only elements of these names, and none of another namespace. */
static bool check_children(const Check *check, const xmlNode *parent, const char *const *names)
{
        for (xmlNode *node = parent->children; node != NULL; node = node->next)
                if (node->type == XML_ELEMENT_NODE &&
                    (node->ns != NULL || !is_one_of((const char *)node->name, names)))
                        return refuse(check, "<%s> in <%s>", (const char *)node->name,
                                      (const char *)parent->name);
        return true;
}

static bool check_disk(const Check *check, xmlNode *node)
{
        static const char *const children[] = {"driver",       "source",  "target", "readonly", "shareable",
                                               "serial",       "wwn",     "vendor", "product",  "boot",
                                               "iotune",       "blockio", "alias",  "address",  "geometry",
                                               "backingStore", NULL};
        static const char *const devices[] = {"disk", "cdrom", "floppy", NULL};
        g_autofree char *device = xml_attribute(node, "device");
        g_autofree char *path = xml_attribute(xml_child(node, "source"), "file");

        /* libvirt finds out for itself what a file stands on; the disks' chains are checked by the caller.
         */
        xml_remove_children(node, "backingStore");
        if (!check_children(check, node, children))
                return false;
        if (!xml_attribute_is(node, "type", "file") || (device != NULL && !is_one_of(device, devices)))
                return refuse(check, "a disk that is not a file");
        for (xmlNode *source = xml_child(node, "source"); source != NULL;
             source = xml_next(source, "source"))
                if (xmlFirstElementChild(source) != NULL)
                        return refuse(check, "<%s> in a disk's <source>",
                                      (const char *)xmlFirstElementChild(source)->name);
        return check_file(check, path);
}

static bool check_card(const Check *check, xmlNode *node)
{
        static const char *const children[] = {"mac",    "source",  "model",  "virtualport", "vlan",
                                               "target", "link",    "mtu",    "bandwidth",   "boot",
                                               "alias",  "address", "driver", "guest",       NULL};

        /* Not <script>, which libvirt runs as root, not <backend>, which names devices. */
        if (!check_children(check, node, children))
                return false;
        if (!xml_attribute_is(node, "type", "bridge") && !xml_attribute_is(node, "type", "network"))
                return refuse(check, "a network card that is on no bridge or network");
        return true;
}

static bool check_character_device(const Check *check, xmlNode *node)
{
        static const char *const types[] = {"pty", "file", "unix", "null", "spicevmc", NULL};
        static const char *const children[] = {"source",   "target", "alias", "address",
                                               "protocol", "log",    NULL};
        g_autofree char *type = xml_attribute(node, "type");
        g_autofree char *path = xml_attribute(xml_child(node, "source"), "path");
        g_autofree char *log = xml_attribute(xml_child(node, "log"), "file");

        if (!check_children(check, node, children))
                return false;
        if (!is_one_of(type, types))
                return refuse(check, "a <%s> of type \"%s\"", (const char *)node->name,
                              type != NULL ? type : "");
        if (log != NULL && !check_file(check, log))
                return false;
        /* libvirt's own choice, on whichever host it runs. */
        if (strcmp(type, "pty") == 0 || (strcmp(type, "unix") == 0 && xml_is(node, "channel"))) {
                xml_remove_children(node, "source");
                return true;
        }
        return check_file(check, path);
}

static bool check_random(const Check *check, const xmlNode *node)
{
        xmlNode *backend = xml_child(node, "backend");
        g_autofree char *path = xml_text(backend);

        if (xml_attribute_is(backend, "model", "random") &&
            (g_strcmp0(path, "/dev/urandom") == 0 || g_strcmp0(path, "/dev/random") == 0))
                return true;
        return refuse(check, "a source of random numbers that is not /dev/urandom");
}

/* Whoever may connect is this host's matter: a socket of libvirt's, as in a new machine. */
static bool check_graphics(const Check *check, xmlNode *node)
{
        if (!xml_attribute_is(node, "type", "vnc"))
                return refuse(check, "<graphics> other than VNC");
        while (node->properties != NULL)
                (void)xmlRemoveProp(node->properties);
        xmlNodeSetContent(node, NULL);
        xml_set_attribute(node, "type", "vnc");
        xml_set_attribute(xml_add(node, "listen", NULL), "type", "socket");
        return true;
}

static bool check_video(const Check *check, const xmlNode *node)
{
        static const char *const children[] = {"model", "alias", "address", NULL};

        return check_children(check, node, children);
}

static bool check_device(const Check *check, xmlNode *node)
{
        static const char *const harmless[] = {"controller", "memballoon", "watchdog",
                                               "panic",      "vsock",      NULL};
        static const char *const inputs[] = {"mouse", "tablet", "keyboard", NULL};
        const char *name = (const char *)node->name;
        g_autofree char *type = xml_attribute(node, "type");

        if (node->ns != NULL)
                return refuse(check, "<%s> among its devices", name);
        if (xml_is(node, "disk"))
                return check_disk(check, node);
        if (xml_is(node, "interface"))
                return check_card(check, node);
        if (xml_is(node, "serial") || xml_is(node, "console") || xml_is(node, "channel"))
                return check_character_device(check, node);
        if (xml_is(node, "rng"))
                return check_random(check, node);
        if (xml_is(node, "graphics"))
                return check_graphics(check, node);
        if (xml_is(node, "audio") && g_strcmp0(type, "none") == 0)
                return true;
        if (xml_is(node, "video"))
                return check_video(check, node);
        if (is_one_of(name, harmless) || (xml_is(node, "input") && is_one_of(type, inputs)))
                return true;
        return refuse(check, "<%s> among its devices", name);
}

static bool check_devices(const Check *check, xmlNode *devices, const char *emulator)
{
        xml_remove_children(devices, "emulator");
        for (xmlNode *node = devices->children; node != NULL; node = node->next)
                if (node->type == XML_ELEMENT_NODE && !check_device(check, node))
                        return false;
        if (emulator != NULL)
                (void)xml_add(devices, "emulator", emulator);
        return true;
}

static bool check_boot(const Check *check, xmlNode *os)
{
        static const char *const children[] = {"type",   "loader", "nvram",    "boot",
                                               "kernel", "initrd", "cmdline",  "bootmenu",
                                               "bios",   "smbios", "firmware", NULL};
        static const char *const files[] = {"nvram", "kernel", "initrd", NULL};

        if (!check_children(check, os, children))
                return false;
        /* This host's firmware, wherever that lies. */
        if (xml_attribute_is(os, "firmware", "efi"))
                xml_remove_children(os, "loader");
        else if (xml_child(os, "loader") != NULL)
                return refuse(check, "a <loader> without firmware='efi'");
        for (unsigned i = 0; files[i] != NULL; i++) {
                g_autofree char *path = xml_text(xml_child(os, files[i]));

                if (path != NULL && !check_file(check, path))
                        return false;
        }
        xml_set_attribute(xml_child(os, "nvram"), "template", NULL);
        return true;
}

/* <qemu:commandline>: its variables are set anew at each power-on; arguments could be anything. */
static bool drop_command_line(const Check *check, xmlNode *root)
{
        for (xmlNode *node = root->children, *next; node != NULL; node = next) {
                next = node->next;
                if (node->type != XML_ELEMENT_NODE || node->ns == NULL)
                        continue;
                if (strcmp((const char *)node->name, "commandline") != 0)
                        return refuse(check, "<%s>", (const char *)node->name);
                for (xmlNode *child = node->children; child != NULL; child = child->next)
                        if (child->type == XML_ELEMENT_NODE && strcmp((const char *)child->name, "env") != 0)
                                return refuse(check, "arguments for QEMU");
                xml_remove(node);
        }
        return true;
}

bool definition_check_foreign(Definition *definition, const char *domain_type, const char *emulator,
                              bool (*allowed)(const char *path, gpointer user_data), gpointer user_data,
                              GError **error)
{
        static const char *const children[] = {
                "name",          "uuid",  "title",       "description", "metadata", "memory",
                "currentMemory", "vcpu",  "vcpus",       "iothreads",   "os",       "features",
                "cpu",           "clock", "on_poweroff", "on_reboot",   "on_crash", "pm",
                "devices",       "genid", "sysinfo",     "resource",    "seclabel", NULL};
        Check check = {.allowed = allowed, .user_data = user_data, .error = error};
        xmlNode *root = definition_root(definition);
        xmlNode *os = xml_need(root, "os");

        /* Of the other host. */
        xml_remove_children(root, "seclabel");
        xml_remove_children(root, "resource");
        xml_set_attribute(root, "type", domain_type);
        /* The other kind hands files of the host to the guest. */
        if (xml_child(root, "sysinfo") != NULL &&
            !xml_attribute_is(xml_child(root, "sysinfo"), "type", "smbios"))
                return refuse(&check, "<sysinfo> other than SMBIOS");
        return drop_command_line(&check, root) && check_children(&check, root, children) &&
               check_boot(&check, os) && check_devices(&check, xml_need(root, "devices"), emulator);
}
