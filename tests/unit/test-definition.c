/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Definitions: what is not understood stays, hostile text stays text, and a clone is a machine of its own.
 */
#include <gio/gio.h>
#include <string.h>

#include "vm/definition.h"

#define UUID  "11111111-2222-3333-4444-555555555555"
#define OTHER "99999999-2222-3333-4444-555555555555"

static const char sample[] =
        "<domain type='kvm' id='7' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>\n"
        "  <name>web01</name>\n  <uuid>" UUID "</uuid>\n"
        "  <metadata><my:thing xmlns:my='http://example.org/my'>kept &amp; so</my:thing></metadata>\n"
        "  <memory unit='MiB'>512</memory>\n  <vcpu placement='static' current='2'>4</vcpu>\n"
        "  <sysinfo type='smbios'><system><entry name='uuid'>" UUID "</entry></system></sysinfo>\n"
        "  <os firmware='efi'><type arch='x86_64'>hvm</type><nvram>/ds/web01/web01.nvram</nvram></os>\n"
        "  <genid>aaaaaaaa-2222-3333-4444-555555555555</genid>\n"
        "  <devices>\n"
        "    <emulator>/usr/bin/qemu</emulator>\n"
        "    <unknown strange='1'><deeper/></unknown>\n"
        "    <disk type='file' device='disk'><driver name='qemu' type='qcow2' cache='none'/>"
        "<source file='/ds/web01/web01.qcow2'/><backingStore type='file'><source file='/x'/></backingStore>"
        "<target dev='vda' bus='virtio'/><address type='pci' slot='0x05'/></disk>\n"
        "    <disk type='block' device='disk'><source dev='/dev/sdz'/><target dev='vdc' "
        "bus='virtio'/></disk>\n"
        "    <disk type='file' device='cdrom'><target dev='hda' bus='ide'/><readonly/></disk>\n"
        "    <interface type='bridge'><mac address='52:54:00:AA:BB:CC'/><source bridge='br0'/>"
        "<virtualport type='openvswitch'><parameters interfaceid='" UUID "'/></virtualport>"
        "<vlan><tag id='42'/></vlan><target dev='vnet3'/><model type='e1000'/></interface>\n"
        "    <serial type='file'><source path='/ds/web01/web01.console'/></serial>\n"
        "    <serial type='unix'><source mode='bind' path='/ds/web01/jobs'/></serial>\n"
        "    <serial type='pty'/>\n"
        "    <channel type='unix'><source mode='bind' path='/run/web01.agent'/>"
        "<target type='virtio' name='org.qemu.guest_agent.0'/></channel>\n"
        "    <vsock><cid auto='no' address='3'/></vsock>\n"
        "  </devices>\n"
        "  <qemu:commandline><qemu:env name='AEROSTAT_SOCKET' value='/run/pagers/" UUID ".sock'/>"
        "<qemu:env name='AEROSTAT_NAME' value='web01'/></qemu:commandline>\n"
        "</domain>\n";

static Definition *must_parse(const char *text)
{
        g_autoptr(GError) error = NULL;
        Definition *definition = definition_parse(text, &error);

        g_assert_no_error(error);
        g_assert_nonnull(definition);
        return definition;
}

static void assert_has(Definition *definition, const char *part)
{
        g_autofree char *text = definition_text(definition);

        if (strstr(text, part) == NULL)
                g_error("\"%s\" is not in:\n%s", part, text);
}

static void assert_lacks(Definition *definition, const char *part)
{
        g_autofree char *text = definition_text(definition);

        if (strstr(text, part) != NULL)
                g_error("\"%s\" is in:\n%s", part, text);
}

static void test_round_trip(void)
{
        g_autoptr(Definition) definition = must_parse(sample);
        g_autofree char *text = definition_text(definition);
        g_autoptr(Definition) again = must_parse(text);
        g_autofree char *text_again = definition_text(again);

        g_assert_cmpstr(text, ==, text_again);
        g_assert_cmpstr(definition_name(again), ==, "web01");
        g_assert_cmpstr(definition_uuid(again), ==, UUID);
        g_assert_cmpuint(definition_memory_bytes(again), ==, 512 << 20);
        g_assert_cmpuint(definition_cpus(again), ==, 2);
        g_assert_cmpuint(definition_cpus_max(again), ==, 4);
        g_assert_cmpstr(definition_nvram(again), ==, "/ds/web01/web01.nvram");
        assert_has(again, "<unknown strange=\"1\">");
        assert_has(again, "<deeper/>");
        assert_has(again, "<my:thing xmlns:my=\"http://example.org/my\">kept &amp; so</my:thing>");
        assert_has(again, "<address type=\"pci\" slot=\"0x05\"/>");
}

static void assert_refused(const char *text, const char *why)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Definition) definition = definition_parse(text, &error);

        g_assert_null(definition);
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
        if (strstr(error->message, why) == NULL)
                g_error("\"%s\" is not in: %s", why, error->message);
}

static void test_hostile_xml(void)
{
        g_autofree char *large = g_strnfill(DEFINITION_MAX + 1, ' ');
        GString *deep = g_string_new("<domain>");

        assert_refused("", "not valid XML");
        assert_refused("<domain>", "not valid XML");
        assert_refused("<domain/><domain/>", "not valid XML");
        assert_refused("<network/>", "not a <domain>");
        assert_refused("<domain xmlns='urn:x'/>", "not a <domain>");
        assert_refused("<!DOCTYPE domain [<!ENTITY a 'b'>]><domain><name>&a;</name></domain>",
                       "document type");
        assert_refused("<!DOCTYPE domain SYSTEM 'file:///etc/passwd'><domain/>", "document type");
        assert_refused("<domain><name>&a;</name></domain>", "not valid XML");
        assert_refused("<domain><name>\xff</name></domain>", "not valid XML");
        assert_refused(large, "larger than");
        for (unsigned i = 0; i < 100000; i++)
                g_string_append(deep, "<a>");
        assert_refused(deep->str, "not valid XML");
        g_string_free(deep, TRUE);
}

static void test_setters(void)
{
        g_autoptr(Definition) definition = must_parse(sample);

        definition_set_name(definition, "a <b> & \"c\" 'd' &lt;");
        definition_set_uuid(definition, OTHER);
        definition_set_memory(definition, (uint64_t)1 << 30);
        g_assert_cmpstr(definition_name(definition), ==, "a <b> & \"c\" 'd' &lt;");
        g_assert_cmpstr(definition_uuid(definition), ==, OTHER);
        g_assert_cmpuint(definition_memory_bytes(definition), ==, 1 << 30);
        assert_has(definition, "<name>a &lt;b&gt; &amp; \"c\" 'd' &amp;lt;</name>");
        assert_has(definition, "<entry name=\"uuid\">" OTHER "</entry>");
        assert_has(definition, "<currentMemory unit=\"KiB\">1048576</currentMemory>");

        definition_set_cpus(definition, 3);
        g_assert_cmpuint(definition_cpus(definition), ==, 3);
        g_assert_cmpuint(definition_cpus_max(definition), ==, 4);
        definition_set_cpus(definition, 8);
        g_assert_cmpuint(definition_cpus(definition), ==, 8);
        g_assert_cmpuint(definition_cpus_max(definition), ==, 8);

        definition_set_name(definition, "a\001b\xff");
        g_assert_cmpstr(definition_name(definition), ==, "a?b\357\277\275");
}

static void test_cpu_time(void)
{
        g_autoptr(Definition) saved =
                must_parse("<domain><cputune><shares>2048</shares></cputune><name>a</name></domain>");
        g_autoptr(Definition) tuned = must_parse(
                "<domain><cputune><shares>7</shares><vcpupin vcpu='0' cpuset='1'/></cputune></domain>");
        g_autoptr(Definition) plain = must_parse("<domain/>");

        definition_copy_cpu_time(saved, tuned);
        assert_has(saved, "<shares>7</shares>");
        assert_has(saved, "cpuset=\"1\"");
        assert_lacks(saved, "2048");
        assert_has(tuned, "<shares>7</shares>");
        definition_copy_cpu_time(saved, plain);
        assert_lacks(saved, "cputune");
        assert_has(saved, "<name>a</name>");
}

static void test_environment(void)
{
        g_autoptr(Definition) definition = must_parse("<domain><name>a</name></domain>");
        g_autofree char *text = NULL;
        g_autoptr(Definition) again = NULL;

        g_assert_null(definition_environment(definition, "LD_PRELOAD"));
        definition_set_environment(definition, "LD_PRELOAD", "/a \"b\" <c>.so");
        definition_set_environment(definition, "X", "1");
        definition_set_environment(definition, "X", "2");
        text = definition_text(definition);
        again = must_parse(text);
        g_assert_cmpstr(definition_environment(again, "LD_PRELOAD"), ==, "/a \"b\" <c>.so");
        g_assert_cmpstr(definition_environment(again, "X"), ==, "2");
        assert_has(again, "<qemu:env name=\"X\"");
        definition_set_environment(again, "X", NULL);
        definition_set_environment(again, "LD_PRELOAD", NULL);
        definition_set_environment(again, "LD_PRELOAD", NULL);
        assert_lacks(again, "commandline");
}

static void test_disks(void)
{
        g_autoptr(Definition) definition = must_parse(sample);
        g_autoptr(GPtrArray) disks = definition_disks(definition);
        g_autoptr(GError) error = NULL;
        DefinitionDisk added = {
                .bus = (char *)"virtio", .path = (char *)"/ds/a,b \"<c>\".qcow2", .format = (char *)"qcow2"};
        g_autofree char *element = NULL, *second = NULL;
        const DefinitionDisk *disk = disks->pdata[0];

        g_assert_cmpuint(disks->len, ==, 3);
        g_assert_cmpstr(disk->target, ==, "vda");
        g_assert_cmpstr(disk->bus, ==, "virtio");
        g_assert_cmpstr(disk->device, ==, "disk");
        g_assert_cmpstr(disk->path, ==, "/ds/web01/web01.qcow2");
        g_assert_cmpstr(disk->format, ==, "qcow2");
        disk = disks->pdata[1];
        g_assert_null(disk->path);
        disk = disks->pdata[2];
        g_assert_cmpstr(disk->device, ==, "cdrom");
        g_assert_true(disk->read_only && disk->path == NULL);

        g_assert_true(definition_uses(definition, "/ds/web01/../web01/web01.qcow2"));
        g_assert_false(definition_uses(definition, "/x"));

        g_assert_true(definition_set_disk(definition, "vda", "/ds/new.qcow2", NULL, &error));
        g_assert_true(definition_uses(definition, "/ds/new.qcow2"));
        assert_lacks(definition, "backingStore");
        assert_has(definition, "<driver name=\"qemu\" type=\"qcow2\" cache=\"none\"/>");
        g_assert_true(definition_set_disk(definition, "vdc", "/ds/c.raw", "raw", &error));
        assert_lacks(definition, "/dev/sdz");
        g_assert_true(definition_set_disk(definition, "hda", "/iso", "raw", &error));
        g_assert_true(definition_set_disk(definition, "hda", NULL, NULL, &error));
        g_assert_no_error(error);
        assert_lacks(definition, "/iso");
        g_assert_false(definition_set_disk(definition, "vdz", "/a", "raw", &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
        g_assert_cmpstr(error->message, ==, "web01 has no disk \"vdz\"");
        g_clear_error(&error);
        g_assert_false(definition_set_disk(definition, "vda", "/a\nb\001", "raw", &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
        g_clear_error(&error);

        element = definition_add_disk(definition, &added, &error);
        g_assert_no_error(error);
        g_assert_nonnull(strstr(element, "<target dev=\"vdb\" bus=\"virtio\"/>"));
        g_assert_true(definition_uses(definition, added.path));
        second = definition_add_disk(definition, &added, &error);
        g_assert_nonnull(strstr(second, "<target dev=\"vdd\""));
        added.target = (char *)"vdd";
        g_assert_null(definition_add_disk(definition, &added, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS);
        g_clear_error(&error);
        g_free(second);
        second = definition_remove_disk(definition, "vdd", &error);
        g_assert_nonnull(second);
        added.bus = (char *)"floppy";
        g_assert_null(definition_add_disk(definition, &added, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void test_many_disks(void)
{
        g_autoptr(Definition) definition = must_parse("<domain><name>a</name></domain>");
        DefinitionDisk disk = {.bus = (char *)"scsi"};
        char *element = NULL;

        for (unsigned i = 0; i < 30; i++) {
                g_free(element);
                element = definition_add_disk(definition, &disk, NULL);
                g_assert_nonnull(element);
        }
        g_assert_nonnull(strstr(element, "\"sdad\""));
        g_free(element);
        assert_has(definition, "<controller type=\"scsi\" model=\"virtio-scsi\"/>");
}

static void test_cards(void)
{
        g_autoptr(Definition) definition = must_parse(sample);
        g_autoptr(GPtrArray) cards = definition_cards(definition);
        g_autoptr(GPtrArray) after = NULL;
        g_autoptr(GError) error = NULL;
        DefinitionCard wanted = {.bridge = (char *)"br1", .open_vswitch = true, .vlan = 7};
        const DefinitionCard *card = cards->pdata[0];
        g_autofree char *element = NULL, *changed = NULL, *removed = NULL;

        g_assert_cmpuint(cards->len, ==, 1);
        g_assert_cmpstr(card->mac, ==, "52:54:00:aa:bb:cc");
        g_assert_cmpstr(card->bridge, ==, "br0");
        g_assert_cmpstr(card->model, ==, "e1000");
        g_assert_true(card->open_vswitch && card->vlan == 42 && !card->trunk);
        g_assert_cmpstr(card->device, ==, "vnet3");
        g_assert_false(card->disconnected || card->whole_packets);

        element = definition_add_card(definition, &wanted, &error);
        g_assert_no_error(error);
        g_assert_nonnull(strstr(element, "<tag id=\"7\"/>"));
        wanted.mac = card->mac;
        wanted.trunk = wanted.disconnected = wanted.whole_packets = true;
        changed = definition_set_card(definition, &wanted, &error);
        g_assert_no_error(error);
        g_assert_null(strstr(changed, "vlan"));
        g_assert_nonnull(strstr(changed, "e1000"));
        g_assert_null(strstr(changed, "vnet3"));
        /* Libvirt takes a running card with another one for another card. */
        g_assert_nonnull(strstr(changed, "interfaceid=\"" UUID "\""));
        g_assert_nonnull(strstr(changed, "<link state=\"down\"/>"));
        g_assert_null(strstr(changed, "<host"));
        after = definition_cards(definition);
        g_assert_cmpuint(after->len, ==, 2);
        card = after->pdata[0];
        g_assert_true(card->trunk && card->vlan == 0 && card->disconnected);
        g_free(g_steal_pointer(&changed));
        wanted.model = (char *)"virtio";
        wanted.disconnected = false;
        changed = definition_set_card(definition, &wanted, &error);
        g_assert_no_error(error);
        g_assert_nonnull(strstr(changed, "<host csum=\"off\" gso=\"off\""));
        g_assert_null(strstr(changed, "<link"));
        /* Once and for all. */
        g_free(g_steal_pointer(&changed));
        wanted.whole_packets = false;
        changed = definition_set_card(definition, &wanted, &error);
        g_assert_nonnull(strstr(changed, "csum=\"off\""));
        card = after->pdata[1];
        g_assert_true(g_str_has_prefix(card->mac, "52:54:00:"));
        removed = definition_remove_card(definition, "52:54:00:AA:bb:cc", &error);
        g_assert_nonnull(removed);
        g_assert_null(definition_remove_card(definition, "52:54:00:aa:bb:cc", &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
        g_clear_error(&error);
        wanted.mac = (char *)"52:54:00:aa:bb";
        g_assert_null(definition_add_card(definition, &wanted, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void test_clone(void)
{
        g_autoptr(Definition) definition = must_parse(sample);
        g_autoptr(GPtrArray) cards = NULL;
        const DefinitionCard *card;

        definition_make_clone(definition, "web02", OTHER, "/ds/web02");
        g_assert_cmpstr(definition_name(definition), ==, "web02");
        g_assert_cmpstr(definition_uuid(definition), ==, OTHER);
        g_assert_cmpstr(definition_nvram(definition), ==, "/ds/web02/web02.nvram");
        g_assert_cmpstr(definition_environment(definition, "AEROSTAT_SOCKET"), ==,
                        "/run/pagers/" OTHER ".sock");
        g_assert_cmpstr(definition_environment(definition, "AEROSTAT_NAME"), ==, "web02");
        assert_has(definition, "path=\"/ds/web02/web02.console\"");
        assert_has(definition, "path=\"/ds/web02/web02-jobs\"");
        assert_has(definition, "path=\"/ds/web02/web02.agent\"");
        assert_has(definition, "<cid auto=\"yes\"/>");
        assert_lacks(definition, "aaaaaaaa");
        assert_lacks(definition, "interfaceid");
        assert_lacks(definition, "vnet3");
        cards = definition_cards(definition);
        card = cards->pdata[0];
        g_assert_cmpstr(card->mac, !=, "52:54:00:aa:bb:cc");
        g_assert_cmpuint(card->vlan, ==, 42);
        /* Disks are the caller's. */
        g_assert_true(definition_uses(definition, "/ds/web01/web01.qcow2"));
}

static void test_clone_socket_is_short(void)
{
        g_autoptr(Definition) definition = must_parse(sample);
        g_autofree char *name = g_strnfill(80, 'n');
        g_autofree char *home = g_strconcat("/ds/", name, NULL);
        g_autofree char *wanted = g_strconcat("path=\"", home, "/99999999-jobs\"", NULL);

        definition_make_clone(definition, name, OTHER, home);
        assert_has(definition, wanted);
}

static void test_move_files(void)
{
        g_autoptr(Definition) definition = must_parse(sample);

        definition_move_files(definition, "/ds/web01/", "/other/place");
        g_assert_true(definition_uses(definition, "/other/place/web01.qcow2"));
        g_assert_cmpstr(definition_nvram(definition), ==, "/other/place/web01.nvram");
        assert_has(definition, "/other/place/web01.console");
        assert_has(definition, "/run/web01.agent");
        definition_move_files(definition, "/other/pla", "/x");
        assert_lacks(definition, "/x/");
}

/* Whatever of the host a definition names, so that nobody takes it away. */
static void test_files(void)
{
        g_autoptr(Definition) definition = must_parse(sample);
        g_autoptr(GPtrArray) files = definition_files(definition);
        static const char *const named[] = {"/ds/web01/web01.qcow2", "/ds/web01/web01.nvram",
                                            "/ds/web01/web01.console", "/run/web01.agent"};

        for (unsigned i = 0; i < G_N_ELEMENTS(named); i++) {
                bool found = false;

                for (unsigned j = 0; j < files->len; j++)
                        found = found || strcmp(files->pdata[j], named[i]) == 0;
                if (!found)
                        g_error("%s is named there", named[i]);
        }
}

static void test_new(void)
{
        DefinitionMachine machine = {.name = "n1",
                                     .uuid = UUID,
                                     .domain_type = "qemu",
                                     .emulator = "/usr/bin/q",
                                     .memory_bytes = 64 << 20,
                                     .cpus = 1,
                                     .cpus_max = 4,
                                     .kernel = "/k",
                                     .initrd = "/i",
                                     .cmdline = "a=\"b\" & c",
                                     .firmware = "bios",
                                     .console = "/c"};
        g_autoptr(Definition) bios = definition_new(&machine);
        g_autoptr(Definition) efi = NULL;

        g_assert_cmpuint(definition_cpus(bios), ==, 1);
        g_assert_cmpuint(definition_cpus_max(bios), ==, 4);
        g_assert_cmpuint(definition_memory_bytes(bios), ==, 64 << 20);
        assert_has(bios, "machine=\"pc\"");
        assert_has(bios, "<cmdline>a=\"b\" &amp; c</cmdline>");
        assert_has(bios, "autodeflate=\"on\"");
        assert_lacks(bios, "graphics");
        /* Both to be typed into and to be read later. */
        assert_has(bios, "<serial type=\"pty\">");
        assert_has(bios, "<log file=\"/c\" append=\"on\"/>");
        machine.firmware = "efi";
        machine.nvram = "/v";
        machine.domain_type = "kvm";
        machine.display = true;
        machine.cpus_max = 0;
        efi = definition_new(&machine);
        assert_has(efi, "<os firmware=\"efi\">");
        assert_has(efi, "<nvram>/v</nvram>");
        assert_has(efi, "<graphics type=\"vnc\">");
        g_assert_cmpuint(definition_cpus_max(efi), ==, 1);
}

static bool below_ds(const char *path, gpointer user_data)
{
        (void)user_data;
        return g_str_has_prefix(path, "/ds/") && strstr(path, "..") == NULL;
}

static char *check_foreign(const char *devices, const char *rest)
{
        g_autofree char *text =
                g_strdup_printf("<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>"
                                "<name>a</name><devices>%s</devices>%s</domain>",
                                devices, rest);
        g_autoptr(Definition) definition = must_parse(text);
        g_autoptr(GError) error = NULL;

        if (definition_check_foreign(definition, "qemu", "/usr/bin/q", below_ds, NULL, &error))
                return definition_text(definition);
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
        return NULL;
}

static void test_foreign(void)
{
        static const char *const bad_devices[] = {
                "<hostdev mode='subsystem' type='usb'/>",
                "<disk type='file'><source file='/etc/shadow'/><target dev='vda'/></disk>",
                "<disk type='file'><source file='/ds/../etc/shadow'/><target dev='vda'/></disk>",
                "<disk type='block'><source dev='/dev/sda'/><target dev='vda'/></disk>",
                "<disk type='file'><source file='/ds/a'><slices/></source><target dev='vda'/></disk>",
                "<disk type='file' device='lun'><source file='/ds/a'/><target dev='vda'/></disk>",
                "<disk type='file'><source file='/ds/a'/><mirror file='/etc/x'/><target dev='vda'/></disk>",
                "<interface type='bridge'><source bridge='b'/><script path='/bin/sh'/></interface>",
                "<interface type='hostdev'/>",
                "<interface type='direct'/>",
                "<serial type='dev'><source path='/ds/x'/></serial>",
                "<serial type='file'><source path='/root/.profile'/></serial>",
                "<serial type='pty'><log file='/root/.profile'/></serial>",
                "<rng model='virtio'><backend model='random'>/dev/mem</backend></rng>",
                "<rng model='virtio'><backend model='egd'/></rng>",
                "<filesystem/>",
                "<tpm/>",
                "<shmem/>",
                "<audio type='file' path='/x'/>",
                "<video><driver/></video>",
                "<graphics type='egl-headless'/>",
                "<qemu:device/>",
        };
        static const char *const bad_rest[] = {
                "<qemu:commandline><qemu:arg value='-drive'/></qemu:commandline>",
                "<qemu:override/>",
                "<memoryBacking/>",
                "<os><kernel>/etc/shadow</kernel></os>",
                "<os><loader>/ds/evil</loader></os>",
                "<sysinfo type='fwcfg'/>",
                "<os><init>/bin/sh</init></os>",
        };
        g_autofree char *good = check_foreign(
                "<emulator>/evil</emulator><disk type='file'><driver name='qemu'/><source file='/ds/a'/>"
                "<backingStore type='file'><source file='/etc/shadow'/></backingStore><target "
                "dev='vda'/></disk>"
                "<interface type='bridge'><source bridge='b'/></interface><serial type='file'><source "
                "path='/ds/c'/></serial><serial type='pty'><log file='/ds/d'/></serial>"
                "<channel type='unix'><source path='/run/evil'/></channel>"
                "<graphics type='vnc' listen='0.0.0.0' port='5900'/><audio id='1' type='none'/>",
                "<qemu:commandline><qemu:env name='LD_PRELOAD' value='/ds/evil.so'/></qemu:commandline>");

        g_assert_nonnull(good);
        g_assert_null(strstr(good, "evil"));
        g_assert_null(strstr(good, "shadow"));
        g_assert_null(strstr(good, "0.0.0.0"));
        g_assert_nonnull(strstr(good, "<emulator>/usr/bin/q</emulator>"));
        for (unsigned i = 0; i < G_N_ELEMENTS(bad_devices); i++) {
                g_autofree char *text = check_foreign(bad_devices[i], "");

                if (text != NULL)
                        g_error("taken over: %s", bad_devices[i]);
        }
        for (unsigned i = 0; i < G_N_ELEMENTS(bad_rest); i++) {
                g_autofree char *text = check_foreign("", bad_rest[i]);

                if (text != NULL)
                        g_error("taken over: %s", bad_rest[i]);
        }
}

/* In each unit, as far as bytes can be counted. */
static void test_memory(void)
{
        static const struct {
                const char *element;
                uint64_t bytes;
        } sizes[] = {{"<memory>1024</memory>", 1 << 20},
                     {"<memory unit='KiB'>67108864</memory>", (uint64_t)64 << 30},
                     {"<memory unit='GiB'>3</memory>", (uint64_t)3 << 30},
                     {"<memory unit='TiB'>16777216</memory>", 0},
                     {"<memory unit='cubit'>3</memory>", 0},
                     {"<memory>much</memory>", 0}};

        for (unsigned i = 0; i < G_N_ELEMENTS(sizes); i++) {
                g_autofree char *xml = g_strdup_printf("<domain>%s</domain>", sizes[i].element);
                g_autoptr(Definition) definition = definition_parse(xml, NULL);

                g_assert_nonnull(definition);
                g_assert_cmpuint(definition_memory_bytes(definition), ==, sizes[i].bytes);
        }
}

int main(int argc, char *argv[])
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/definition/memory", test_memory);
        g_test_add_func("/definition/round-trip", test_round_trip);
        g_test_add_func("/definition/hostile-xml", test_hostile_xml);
        g_test_add_func("/definition/setters", test_setters);
        g_test_add_func("/definition/cpu-time", test_cpu_time);
        g_test_add_func("/definition/environment", test_environment);
        g_test_add_func("/definition/disks", test_disks);
        g_test_add_func("/definition/many-disks", test_many_disks);
        g_test_add_func("/definition/cards", test_cards);
        g_test_add_func("/definition/clone", test_clone);
        g_test_add_func("/definition/clone-socket-is-short", test_clone_socket_is_short);
        g_test_add_func("/definition/move-files", test_move_files);
        g_test_add_func("/definition/files", test_files);
        g_test_add_func("/definition/new", test_new);
        g_test_add_func("/definition/foreign", test_foreign);
        return g_test_run();
}
