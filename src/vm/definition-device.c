/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disks and network cards of a definition. */
#include <string.h>

#include "base/macro.h"
#include "vm/definition-xml.h"

#define TARGETS_MAX 702 /* vda to vdzz */
#define MAC_TRIES   1000
#define VLAN_MAX    4094

static xmlNode *get_devices(Definition *definition)
{
        return xml_need(definition_root(definition), "devices");
}

void definition_disk_free(DefinitionDisk *disk)
{
        if (disk == NULL)
                return;
        g_free(disk->target);
        g_free(disk->bus);
        g_free(disk->device);
        g_free(disk->path);
        g_free(disk->format);
        g_free(disk);
}

static DefinitionDisk *read_disk(const xmlNode *node)
{
        DefinitionDisk *disk = g_new0(DefinitionDisk, 1);

        disk->target = xml_attribute(xml_child(node, "target"), "dev");
        disk->bus = xml_attribute(xml_child(node, "target"), "bus");
        disk->device = xml_attribute(node, "device");
        if (disk->device == NULL)
                disk->device = g_strdup("disk");
        disk->path = xml_attribute(xml_child(node, "source"), "file");
        disk->format = xml_attribute(xml_child(node, "driver"), "type");
        disk->read_only = xml_child(node, "readonly") != NULL;
        return disk;
}

GPtrArray *definition_disks(Definition *definition)
{
        GPtrArray *disks = g_ptr_array_new_with_free_func((GDestroyNotify)definition_disk_free);
        xmlNode *devices = get_devices(definition);

        for (xmlNode *node = xml_child(devices, "disk"); node != NULL; node = xml_next(node, "disk"))
                g_ptr_array_add(disks, read_disk(node));
        return disks;
}

static xmlNode *look_for_disk(Definition *definition, const char *target)
{
        xmlNode *devices = get_devices(definition);

        for (xmlNode *node = xml_child(devices, "disk"); node != NULL; node = xml_next(node, "disk"))
                if (xml_attribute_is(xml_child(node, "target"), "dev", target))
                        return node;
        return NULL;
}

static xmlNode *find_disk(Definition *definition, const char *target, GError **error)
{
        xmlNode *node = look_for_disk(definition, target);

        if (node == NULL)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s has no disk \"%s\"",
                            definition_name(definition), target);
        return node;
}

static void set_source(xmlNode *disk, const char *path)
{
        xmlNode *source = xml_child(disk, "source");

        /* What says more of a source that was no file does not fit one. */
        if (source != NULL && (path == NULL || !xml_attribute_is(disk, "type", "file"))) {
                xml_remove(source);
                source = NULL;
        }
        xml_set_attribute(disk, "type", "file");
        if (path != NULL)
                xml_set_attribute(source != NULL ? source : xml_add(disk, "source", NULL), "file", path);
        xml_remove_children(disk, "backingStore");
}

bool definition_set_disk(Definition *definition, const char *target, const char *path, const char *format,
                         GError **error)
{
        xmlNode *node = find_disk(definition, target, error);
        xmlNode *driver;

        if (node == NULL || !xml_check_text("the disk's path", path, error) ||
            !xml_check_text("the disk's format", format, error))
                return false;
        set_source(node, path);
        if (format != NULL) {
                driver = xml_need(node, "driver");
                xml_set_attribute(driver, "name", "qemu");
                xml_set_attribute(driver, "type", format);
        }
        return true;
}

static const char *bus_prefix(const char *bus)
{
        static const struct {
                const char *bus, *prefix;
        } prefixes[] = {{"virtio", "vd"}, {"sata", "sd"}, {"scsi", "sd"},
                        {"usb", "sd"},    {"ide", "hd"},  {"fdc", "fd"}};

        for (unsigned i = 0; i < ARRAY_LENGTH(prefixes); i++)
                if (g_strcmp0(bus, prefixes[i].bus) == 0)
                        return prefixes[i].prefix;
        return NULL;
}

static char *free_target(Definition *definition, const char *prefix)
{
        for (unsigned i = 0; i < TARGETS_MAX; i++) {
                g_autofree char *target = i < 26 ? g_strdup_printf("%s%c", prefix, (int)('a' + i))
                                                 : g_strdup_printf("%s%c%c", prefix, (int)('a' + i / 26 - 1),
                                                                   (int)('a' + i % 26));

                if (look_for_disk(definition, target) == NULL)
                        return g_steal_pointer(&target);
        }
        return NULL;
}

static bool check_disk(Definition *definition, const DefinitionDisk *disk, GError **error)
{
        if (!xml_check_text("the disk's path", disk->path, error) ||
            !xml_check_text("the disk's target", disk->target, error) ||
            !xml_check_text("the disk's format", disk->format, error))
                return false;
        if (bus_prefix(disk->bus) == NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "a disk's bus is virtio, sata, scsi, usb, ide or fdc");
                return false;
        }
        if (disk->target == NULL || look_for_disk(definition, disk->target) == NULL)
                return true;
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s has a disk \"%s\" already",
                    definition_name(definition), disk->target);
        return false;
}

/* libvirt would take an emulation of old hardware, for which guests have no driver. */
static void need_scsi_controller(Definition *definition)
{
        xmlNode *devices = get_devices(definition);
        xmlNode *node;

        for (node = xml_child(devices, "controller"); node != NULL; node = xml_next(node, "controller"))
                if (xml_attribute_is(node, "type", "scsi"))
                        return;
        node = xml_add(devices, "controller", NULL);
        xml_set_attribute(node, "type", "scsi");
        xml_set_attribute(node, "model", "virtio-scsi");
}

static void set_driver(xmlNode *node, const DefinitionDisk *disk)
{
        xmlNode *driver = xml_add(node, "driver", NULL);

        xml_set_attribute(driver, "name", "qemu");
        xml_set_attribute(driver, "type", disk->format != NULL ? disk->format : "raw");
        if (disk->read_only || g_strcmp0(disk->device, "cdrom") == 0)
                return;
        /* Past the host's page cache, which is memory that VMs could have; and blocks that the guest gives
         * up go back to the datastore. Out of space is a question and not an error. */
        xml_set_attribute(driver, "cache", "none");
        xml_set_attribute(driver, "error_policy", "enospace");
        xml_set_attribute(driver, "rerror_policy", "report");
        xml_set_attribute(driver, "discard", "unmap");
        xml_set_attribute(driver, "detect_zeroes", "unmap");
}

char *definition_add_disk(Definition *definition, const DefinitionDisk *disk, GError **error)
{
        const char *device = disk->device != NULL ? disk->device : "disk";
        g_autofree char *target = NULL;
        xmlNode *node, *element;

        if (!check_disk(definition, disk, error))
                return NULL;
        target = disk->target != NULL ? g_strdup(disk->target)
                                      : free_target(definition, bus_prefix(disk->bus));
        if (target == NULL) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "%s has no place for another %s disk",
                            definition_name(definition), disk->bus);
                return NULL;
        }
        if (strcmp(disk->bus, "scsi") == 0)
                need_scsi_controller(definition);

        node = xml_add(get_devices(definition), "disk", NULL);
        xml_set_attribute(node, "type", "file");
        xml_set_attribute(node, "device", device);
        set_driver(node, disk);
        if (disk->path != NULL)
                set_source(node, disk->path);
        element = xml_add(node, "target", NULL);
        xml_set_attribute(element, "dev", target);
        xml_set_attribute(element, "bus", disk->bus);
        if (disk->read_only || strcmp(device, "cdrom") == 0)
                (void)xml_add(node, "readonly", NULL);
        return xml_element_text(node);
}

char *definition_remove_disk(Definition *definition, const char *target, GError **error)
{
        xmlNode *node = find_disk(definition, target, error);
        char *text;

        if (node == NULL)
                return NULL;
        text = xml_element_text(node);
        xml_remove(node);
        return text;
}

bool definition_uses(Definition *definition, const char *path)
{
        g_autoptr(GPtrArray) disks = definition_disks(definition);
        g_autofree char *canonical = g_canonicalize_filename(path, "/");

        for (unsigned i = 0; i < disks->len; i++) {
                const DefinitionDisk *disk = disks->pdata[i];
                g_autofree char *own = disk->path != NULL ? g_canonicalize_filename(disk->path, "/") : NULL;

                if (g_strcmp0(own, canonical) == 0)
                        return true;
        }
        return false;
}

void definition_card_free(DefinitionCard *card)
{
        if (card == NULL)
                return;
        g_free(card->mac);
        g_free(card->model);
        g_free(card->bridge);
        g_free(card->device);
        g_free(card);
}

static DefinitionCard *read_card(const xmlNode *node)
{
        DefinitionCard *card = g_new0(DefinitionCard, 1);
        xmlNode *vlan = xml_child(node, "vlan");
        g_autofree char *mac = xml_attribute(xml_child(node, "mac"), "address");
        g_autofree char *tag = xml_attribute(xml_child(vlan, "tag"), "id");
        guint64 n = 0;

        card->mac = mac != NULL ? g_ascii_strdown(mac, -1) : NULL;
        card->model = xml_attribute(xml_child(node, "model"), "type");
        card->bridge = xml_attribute(xml_child(node, "source"), "bridge");
        card->open_vswitch = xml_attribute_is(xml_child(node, "virtualport"), "type", "openvswitch");
        /* A port of Open vSwitch that names no VLAN has all of them. */
        card->trunk = xml_attribute_is(vlan, "trunk", "yes") || (card->open_vswitch && vlan == NULL);
        if (!card->trunk && tag != NULL && g_ascii_string_to_unsigned(tag, 10, 0, VLAN_MAX, &n, NULL))
                card->vlan = (unsigned)n;
        card->disconnected = xml_attribute_is(xml_child(node, "link"), "state", "down");
        card->whole_packets = xml_attribute_is(xml_grandchild(node, "driver", "host"), "csum", "off");
        card->device = xml_attribute(xml_child(node, "target"), "dev");
        return card;
}

GPtrArray *definition_cards(Definition *definition)
{
        GPtrArray *cards = g_ptr_array_new_with_free_func((GDestroyNotify)definition_card_free);
        xmlNode *devices = get_devices(definition);

        for (xmlNode *node = xml_child(devices, "interface"); node != NULL;
             node = xml_next(node, "interface"))
                g_ptr_array_add(cards, read_card(node));
        return cards;
}

static xmlNode *look_for_card(Definition *definition, const char *mac)
{
        xmlNode *devices = get_devices(definition);

        for (xmlNode *node = xml_child(devices, "interface"); node != NULL;
             node = xml_next(node, "interface")) {
                g_autofree char *own = xml_attribute(xml_child(node, "mac"), "address");

                if (own != NULL && g_ascii_strcasecmp(own, mac) == 0)
                        return node;
        }
        return NULL;
}

static xmlNode *find_card(Definition *definition, const char *mac, GError **error)
{
        xmlNode *node = look_for_card(definition, mac);

        if (node == NULL)
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s has no network card %s",
                            definition_name(definition), mac);
        return node;
}

static bool check_card(const DefinitionCard *card, GError **error)
{
        if (card->bridge == NULL || *card->bridge == '\0' || card->vlan > VLAN_MAX) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                            "a network card needs a bridge, and a VLAN between 0 and %d", VLAN_MAX);
                return false;
        }
        if (card->mac != NULL &&
            !g_regex_match_simple("^[0-9a-f]{2}(:[0-9a-f]{2}){5}$", card->mac, G_REGEX_CASELESS, 0)) {
                g_set_error(
                        error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                        "a network card's address is six pairs of hexadecimal digits with colons between");
                return false;
        }
        return xml_check_text("the bridge's name", card->bridge, error) &&
               xml_check_text("the card's model", card->model, error);
}

/* Its identity towards Open vSwitch stays: libvirt takes another for another card. */
static void set_virtualport(xmlNode *node, bool open_vswitch)
{
        xmlNode *port = xml_child(node, "virtualport");

        if (port != NULL && (!open_vswitch || !xml_attribute_is(port, "type", "openvswitch")))
                xml_remove_children(node, "virtualport");
        if (open_vswitch)
                xml_set_attribute(xml_need(node, "virtualport"), "type", "openvswitch");
}

static void set_whole_packets(xmlNode *node)
{
        static const char *const offloads[] = {"csum", "gso", "tso4", "tso6", "ecn", "ufo"};
        xmlNode *host;

        if (!xml_attribute_is(xml_child(node, "model"), "type", "virtio"))
                return;
        host = xml_need(xml_need(node, "driver"), "host");
        for (unsigned i = 0; i < G_N_ELEMENTS(offloads); i++)
                xml_set_attribute(host, offloads[i], "off");
}

static void set_network(xmlNode *node, const DefinitionCard *card)
{
        g_autofree char *tag = g_strdup_printf("%u", card->vlan);

        /* Of the network it was on before. The name of its end on the host libvirt gives anew. */
        xml_remove_children(node, "source");
        xml_remove_children(node, "vlan");
        xml_remove_children(node, "target");
        xml_remove_children(node, "link");
        xml_set_attribute(node, "type", "bridge");
        xml_set_attribute(xml_add(node, "source", NULL), "bridge", card->bridge);
        set_virtualport(node, card->open_vswitch);
        if (card->open_vswitch && !card->trunk)
                xml_set_attribute(xml_add(xml_add(node, "vlan", NULL), "tag", NULL), "id", tag);
        if (card->disconnected)
                xml_set_attribute(xml_add(node, "link", NULL), "state", "down");
        if (card->whole_packets)
                set_whole_packets(node);
}

/* NULL: chance has given none that is free, which is not to be expected. */
static char *new_mac(Definition *definition)
{
        for (unsigned i = 0; i < MAC_TRIES; i++) {
                guint32 n = g_random_int();
                g_autofree char *mac =
                        g_strdup_printf("52:54:00:%02x:%02x:%02x", n >> 16 & 0xff, n >> 8 & 0xff, n & 0xff);

                if (look_for_card(definition, mac) == NULL)
                        return g_steal_pointer(&mac);
        }
        return NULL;
}

char *definition_add_card(Definition *definition, const DefinitionCard *card, GError **error)
{
        g_autofree char *mac = NULL;
        xmlNode *node;

        if (!check_card(card, error))
                return NULL;
        mac = card->mac != NULL ? g_ascii_strdown(card->mac, -1) : new_mac(definition);
        if (mac == NULL || (card->mac != NULL && look_for_card(definition, mac) != NULL)) {
                g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s has a network card %s already",
                            definition_name(definition), card->mac);
                return NULL;
        }
        node = xml_add(get_devices(definition), "interface", NULL);
        xml_set_attribute(xml_add(node, "mac", NULL), "address", mac);
        xml_set_attribute(xml_add(node, "model", NULL), "type",
                          card->model != NULL ? card->model : "virtio");
        set_network(node, card);
        return xml_element_text(node);
}

char *definition_set_card(Definition *definition, const DefinitionCard *card, GError **error)
{
        xmlNode *node;

        if (!check_card(card, error))
                return NULL;
        node = card->mac != NULL ? find_card(definition, card->mac, error) : NULL;
        if (node == NULL) {
                if (card->mac == NULL)
                        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                    "a network card is changed by its address");
                return NULL;
        }
        if (card->model != NULL)
                xml_set_attribute(xml_need(node, "model"), "type", card->model);
        set_network(node, card);
        return xml_element_text(node);
}

char *definition_remove_card(Definition *definition, const char *mac, GError **error)
{
        xmlNode *node = find_card(definition, mac, error);
        char *text;

        if (node == NULL)
                return NULL;
        text = xml_element_text(node);
        xml_remove(node);
        return text;
}

void definition_new_macs(Definition *definition)
{
        xmlNode *devices = get_devices(definition);

        for (xmlNode *node = xml_child(devices, "interface"); node != NULL;
             node = xml_next(node, "interface")) {
                g_autofree char *mac = new_mac(definition);

                /* Without one libvirt makes it. */
                xml_remove_children(node, "mac");
                if (mac != NULL)
                        xml_set_attribute(xml_add(node, "mac", NULL), "address", mac);
                xml_remove_children(node, "target");
                for (xmlNode *p = xml_grandchild(node, "virtualport", "parameters"); p != NULL;
                     p = xml_next(p, "parameters"))
                        xml_set_attribute(p, "interfaceid", NULL);
        }
}
