/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a new machine has. */
#include <string.h>

#include "vm/definition-xml.h"

/* Under emulation a guest otherwise takes a cache of translated code as large as its own memory. */
#define TCG_CACHE_MIB "64"

/* A q35's slots for devices that come while it runs have to be there before. */
#define SPARE_PORTS 4

static xmlNode *add_with(xmlNode *parent, const char *name, const char *attribute, const char *value)
{
        xmlNode *node = xml_add(parent, name, NULL);

        xml_set_attribute(node, attribute, value);
        return node;
}

static void add_boot(xmlNode *root, const DefinitionMachine *machine, bool efi)
{
        xmlNode *os = xml_add(root, "os", NULL);
        xmlNode *type = xml_add(os, "type", "hvm");

        xml_set_attribute(type, "arch", "x86_64");
        xml_set_attribute(type, "machine", efi ? "q35" : "pc");
        if (efi)
                xml_set_attribute(os, "firmware", "efi");
        if (efi && machine->nvram != NULL)
                (void)xml_add(os, "nvram", machine->nvram);
        if (machine->kernel != NULL)
                (void)xml_add(os, "kernel", machine->kernel);
        if (machine->initrd != NULL)
                (void)xml_add(os, "initrd", machine->initrd);
        if (machine->cmdline != NULL)
                (void)xml_add(os, "cmdline", machine->cmdline);
        (void)add_with(os, "boot", "dev", "cdrom");
        (void)add_with(os, "boot", "dev", "hd");
}

static void add_processor(xmlNode *root, const DefinitionMachine *machine)
{
        bool emulated = strcmp(machine->domain_type, "qemu") == 0;
        xmlNode *features = xml_add(root, "features", NULL);
        xmlNode *cache;

        (void)xml_add(features, "acpi", NULL);
        (void)xml_add(features, "apic", NULL);
        if (emulated) {
                cache = xml_add(xml_add(features, "tcg", NULL), "tb-cache", TCG_CACHE_MIB);
                xml_set_attribute(cache, "unit", "MiB");
        } else {
                /* The host's own, as libvirt can describe it: a VM that is suspended here goes on elsewhere.
                 */
                (void)add_with(root, "cpu", "mode", "host-model");
        }
}

static void add_power(xmlNode *root)
{
        xmlNode *pm;

        (void)add_with(root, "clock", "offset", "utc");
        (void)xml_add(root, "on_poweroff", "destroy");
        (void)xml_add(root, "on_reboot", "restart");
        (void)xml_add(root, "on_crash", "destroy");
        pm = xml_add(root, "pm", NULL);
        (void)add_with(pm, "suspend-to-mem", "enabled", "yes");
        (void)add_with(pm, "suspend-to-disk", "enabled", "no");
}

static void add_console(xmlNode *devices, const char *path)
{
        xmlNode *log = xml_add(add_with(devices, "serial", "type", "pty"), "log", NULL);

        xml_set_attribute(log, "file", path);
        /* What earlier starts said stays. */
        xml_set_attribute(log, "append", "on");
}

static void add_display(xmlNode *devices)
{
        xmlNode *tablet = add_with(devices, "input", "type", "tablet");

        xml_set_attribute(tablet, "bus", "virtio");
        (void)add_with(add_with(devices, "graphics", "type", "vnc"), "listen", "type", "socket");
        (void)add_with(xml_add(devices, "video", NULL), "model", "type", "vga");
}

static void add_devices(xmlNode *root, const DefinitionMachine *machine, bool efi)
{
        xmlNode *devices = xml_add(root, "devices", NULL);
        xmlNode *node;

        if (machine->emulator != NULL)
                (void)xml_add(devices, "emulator", machine->emulator);
        node = add_with(devices, "controller", "type", "usb");
        xml_set_attribute(node, "model", "none");
        if (efi) {
                node = add_with(devices, "controller", "type", "pci");
                xml_set_attribute(node, "index", "0");
                xml_set_attribute(node, "model", "pcie-root");
        }
        for (unsigned i = 0; efi && i < SPARE_PORTS; i++) {
                node = add_with(devices, "controller", "type", "pci");
                xml_set_attribute(node, "model", "pcie-root-port");
        }
        if (machine->console != NULL)
                add_console(devices, machine->console);
        if (machine->display)
                add_display(devices);

        /* libvirt gives the socket a path with the VM's name in it. */
        node = add_with(add_with(devices, "channel", "type", "unix"), "target", "type", "virtio");
        xml_set_attribute(node, "name", "org.qemu.guest_agent.0");

        node = add_with(devices, "memballoon", "model", "virtio");
        xml_set_attribute(node, "autodeflate", "on");
        (void)add_with(node, "stats", "period", "2");

        node = add_with(devices, "rng", "model", "virtio");
        node = xml_add(node, "backend", "/dev/urandom");
        xml_set_attribute(node, "model", "random");
}

Definition *definition_new(const DefinitionMachine *machine)
{
        bool efi = g_strcmp0(machine->firmware, "efi") == 0;
        g_autofree char *text = g_strdup_printf(
                "<domain xmlns:qemu='" QEMU_NAMESPACE "'><vcpu current='%u'>%u</vcpu>"
                "</domain>",
                machine->cpus, machine->cpus_max > machine->cpus ? machine->cpus_max : machine->cpus);
        Definition *definition = definition_parse(text, NULL);
        xmlNode *root = definition_root(definition);

        xml_set_attribute(root, "type", machine->domain_type);
        definition_set_name(definition, machine->name);
        definition_set_uuid(definition, machine->uuid);
        definition_set_memory(definition, machine->memory_bytes);
        definition_set_cpus(definition, machine->cpus);
        add_boot(root, machine, efi);
        add_processor(root, machine);
        add_power(root);
        add_devices(root, machine, efi);
        return definition;
}
