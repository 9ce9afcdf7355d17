/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What operations say of VMs, as the API's properties. */
#include "api/vm/module.h"
#include "unit.h"

static const char facts_text[] =
        "{\"uuid\": \"11111111-2222-3333-4444-555555555555\", \"sequence\": 1, \"name\": \"web01\","
        " \"power\": \"on\", \"stamp\": \"s\", \"adopted\": true, \"pool\": \"/gold\", \"folder\": \"/lab\","
        " \"template\": false, \"made_ms\": 1700000000000, \"agent\": \"connected\","
        " \"vmx\": {\"file\": \"[fast] web01/web01.vmx\", \"datastore\": \"fast\"},"
        " \"options\": {\"sched.mem.shares\": \"high\", \"sched.mem.min\": \"256\", \"sched.mem.max\": "
        "\"768\","
        "   \"aerostat.annotation\": \"a note\", \"aerostat.standbyAction\": \"powerOnSuspend\"},"
        " \"hardware\": {\"memory_mb\": 1024, \"cpus\": 2, \"cpus_max\": 4, \"firmware\": \"bios\","
        "  \"disks\": [{\"target\": \"vda\", \"bus\": \"virtio\", \"device\": \"disk\","
        "    \"file\": \"[fast] web01/web01.qcow2\", \"datastore\": \"fast\", \"mode\": \"persistent\","
        "    \"provisioned_bytes\": 8589934592, \"used_bytes\": 1048576,"
        "    \"chain\": [{\"file\": \"[fast] web01/web01.qcow2\", \"datastore\": \"fast\","
        "                \"used_bytes\": 1048576, \"own\": true},"
        "               {\"file\": \"[slow] mould/mould.qcow2\", \"datastore\": \"slow\","
        "                \"used_bytes\": 4194304, \"own\": false}]},"
        "   {\"target\": \"vdq\", \"bus\": \"virtio\", \"device\": \"disk\","
        "    \"file\": \"[fast] web01/web01_1.qcow2\", \"datastore\": \"fast\","
        "    \"mode\": \"independent_nonpersistent\", \"provisioned_bytes\": 1048576, \"used_bytes\": 0,"
        "    \"chain\": []},"
        "   {\"target\": \"hda\", \"bus\": \"ide\", \"device\": \"cdrom\", \"file\": null}],"
        "  \"cards\": [{\"mac\": \"52:54:00:00:00:01\", \"model\": \"virtio\", \"port_group\": \"blue\","
        "    \"bridge\": \"br0\", \"connected\": true, \"start_connected\": true}]},"
        " \"snapshots\": [{\"id\": 7, \"parent\": 0, \"name\": \"clean\", \"description\": \"\","
        "    \"time_ms\": 1700000001000, \"memory\": false},"
        "   {\"id\": 9, \"parent\": 7, \"name\": \"later\", \"description\": \"x\","
        "    \"time_ms\": 1700000002000, \"memory\": true}],"
        " \"current_snapshot\": 9, \"consolidation_needed\": false,"
        " \"files\": [{\"file\": \"[fast] web01/web01.vmx\", \"datastore\": \"fast\", \"type\": \"config\","
        "    \"bytes\": 500, \"used_bytes\": 4096}]}";

typedef struct Fixture {
        World *world;
        Vm *vm;
        JsonParser *parser;
} Fixture;

static void add(World *world, const char *type, const char *id, const char *key)
{
        (void)world_add(world, type, id, key);
}

static void set_up(Fixture *fixture, gconstpointer data)
{
        g_autoptr(GError) error = NULL;

        (void)data;
        fixture->world = world_new();
        add(fixture->world, "Datastore", "datastore-1", "fast");
        add(fixture->world, "Datastore", "datastore-2", "slow");
        add(fixture->world, "Network", "network-1", "blue");
        add(fixture->world, "HostSystem", "host-1", "host");
        fixture->vm = vm_new(fixture->world, "vm-1");
        fixture->parser = json_parser_new();
        g_assert_true(json_parser_load_from_data(fixture->parser, facts_text, -1, &error));
        g_assert_no_error(error);
        fixture->vm->facts = json_object_ref(json_node_get_object(json_parser_get_root(fixture->parser)));
        device_number_cards(fixture->vm);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
        (void)data;
        vm_free(fixture->vm);
        g_object_unref(fixture->parser);
        world_free(fixture->world);
}

/* What the type table requires is there, however deep. */
static void assert_whole(const VimValue *value)
{
        if (value->is_list) {
                for (unsigned i = 0; i < vim_length(value); i++)
                        assert_whole(vim_item(value, i));
                return;
        }
        if (value->type->kind != VIM_OBJECT)
                return;
        for (unsigned i = 0; i < value->type->n_fields; i++) {
                const VimField *field = &value->type->fields[i];

                if (value->fields[i] != NULL)
                        assert_whole(value->fields[i]);
                else if (!field->is_optional)
                        g_error("%s.%s is not set", value->type->name, field->name);
        }
}

static JsonObject *hardware(const Fixture *fixture)
{
        return fact_object(fixture->vm->facts, "hardware");
}

static int64_t number_at(const VimValue *value, const char *path)
{
        g_autoptr(VimValue) at = vim_at_path(value, path, NULL);

        g_assert_nonnull(at);
        return at->integer;
}

static char *text_at(const VimValue *value, const char *path)
{
        g_autoptr(VimValue) at = vim_at_path(value, path, NULL);

        return at != NULL ? g_strdup(at->text) : NULL;
}

#define assert_text(value, path, expected)                         \
        do {                                                       \
                g_autofree char *assert_at = text_at(value, path); \
                g_assert_cmpstr(assert_at, ==, expected);          \
        } while (0)

static void test_config(Fixture *fixture, gconstpointer data)
{
        g_autoptr(VimValue) config = vm_config(fixture->vm, hardware(fixture));

        (void)data;
        assert_whole(config);
        assert_text(config, "name", "web01");
        assert_text(config, "uuid", "11111111-2222-3333-4444-555555555555");
        assert_text(config, "annotation", "a note");
        assert_text(config, "files.vmPathName", "[fast] web01/web01.vmx");
        assert_text(config, "defaultPowerOps.standbyAction", "powerOnSuspend");
        assert_text(config, "memoryAllocation.shares.level", "high");
        g_assert_cmpint(number_at(config, "memoryAllocation.shares.shares"), ==, 1024 * 20);
        g_assert_cmpint(number_at(config, "memoryAllocation.reservation"), ==, 256);
        g_assert_cmpint(number_at(config, "memoryAllocation.limit"), ==, 768);
        g_assert_cmpint(number_at(config, "hardware.memoryMB"), ==, 1024);
        g_assert_cmpint(number_at(config, "cpuHotAddEnabled"), ==, true);
        assert_text(config, "extraConfig[\"sched.mem.min\"].value", "256");
}

static void test_devices(Fixture *fixture, gconstpointer data)
{
        g_autoptr(VimValue) config = vm_config(fixture->vm, hardware(fixture));

        (void)data;
        /* The 17th disk of the bus is the second of the second controller. */
        g_assert_cmpint(number_at(config, "hardware.device[2000].capacityInKB"), ==, 8 << 20);
        g_assert_cmpint(number_at(config, "hardware.device[2000].controllerKey"), ==, 1000);
        g_assert_cmpint(number_at(config, "hardware.device[2017].controllerKey"), ==, 1001);
        g_assert_cmpint(number_at(config, "hardware.device[2017].unitNumber"), ==, 1);
        g_assert_cmpint(number_at(config, "hardware.device[1001].busNumber"), ==, 1);
        g_assert_cmpint(number_at(config, "hardware.device[3000].controllerKey"), ==, 200);
        g_assert_cmpint(number_at(config, "hardware.device[4000].controllerKey"), ==, 100);
        assert_text(config, "hardware.device[2017].backing.diskMode", "independent_nonpersistent");
        assert_text(config, "hardware.device[2000].backing.parent.fileName", "[slow] mould/mould.qcow2");
        assert_text(config, "hardware.device[2000].backing.parent.datastore", "datastore-2");
        assert_text(config, "hardware.device[4000].macAddress", "52:54:00:00:00:01");
        assert_text(config, "hardware.device[4000].backing.network", "network-1");
        assert_text(config, "hardware.device[2000].deviceInfo.label", "Hard disk 1");
}

/* A card keeps its key when one before it goes. */
static void test_card_keys(Fixture *fixture, gconstpointer data)
{
        JsonArray *cards = json_object_get_array_member(hardware(fixture), "cards");
        JsonObject *second = json_object_new();

        (void)data;
        json_object_set_string_member(second, "mac", "52:54:00:00:00:02");
        json_array_add_object_element(cards, second);
        g_assert_true(device_number_cards(fixture->vm));
        g_assert_true(device_cards_in_order(fixture->vm));
        g_assert_false(device_number_cards(fixture->vm));
        g_assert_cmpint(device_card_key(fixture->vm, "52:54:00:00:00:02"), ==, 4001);
        json_array_remove_element(cards, 0);
        g_assert_true(device_number_cards(fixture->vm));
        g_assert_false(device_cards_in_order(fixture->vm));
        g_assert_cmpint(device_card_key(fixture->vm, "52:54:00:00:00:01"), ==, -1);
        g_assert_cmpint(device_card_key(fixture->vm, "52:54:00:00:00:02"), ==, 4001);
        g_assert_true(device_find_card(fixture->vm, 4001) == json_array_get_object_element(cards, 0));
}

/* The same after every start, another after every change. */
static void test_change_version(Fixture *fixture, gconstpointer data)
{
        g_autoptr(VimValue) first = vm_config(fixture->vm, hardware(fixture));
        g_autoptr(VimValue) again = vm_config(fixture->vm, hardware(fixture));
        g_autoptr(VimValue) changed = NULL;

        (void)data;
        g_assert_cmpstr(vim_get_text(first, "changeVersion"), ==, vim_get_text(again, "changeVersion"));
        json_object_set_string_member(fact_object(fixture->vm->facts, "options"), "sched.mem.min", "300");
        changed = vm_config(fixture->vm, hardware(fixture));
        g_assert_cmpstr(vim_get_text(first, "changeVersion"), !=, vim_get_text(changed, "changeVersion"));
}

static void test_runtime(Fixture *fixture, gconstpointer data)
{
        g_autoptr(VimValue) runtime = NULL, off = NULL, storage = vm_storage(fixture->vm, NULL);
        g_autoptr(VimValue) config = vm_config(fixture->vm, fact_object(fixture->vm->facts, "hardware"));
        g_autoptr(VimValue) summary = NULL;
        static const struct {
                const char *power, *state;
        } powers[] = {{"on", "poweredOn"},      {"paused", "poweredOn"},    {"io_error", "poweredOn"},
                      {"standby", "poweredOn"}, {"suspended", "suspended"}, {"off", "poweredOff"},
                      {"missing", "poweredOff"}};
        JsonObject *question = json_object_new();

        (void)data;
        for (unsigned i = 0; i < G_N_ELEMENTS(powers); i++) {
                json_object_set_string_member(fixture->vm->facts, "power", powers[i].power);
                g_assert_cmpstr(vm_power(fixture->vm), ==, powers[i].state);
        }
        off = vm_runtime(fixture->vm);
        assert_text(off, "connectionState", "inaccessible");
        json_object_set_string_member(fixture->vm->facts, "power", "io_error");
        json_object_set_int_member(question, "id", 3);
        json_object_set_string_member(question, "text", "no space");
        json_object_set_object_member(fixture->vm->facts, "question", question);
        runtime = vm_runtime(fixture->vm);
        assert_whole(runtime);
        assert_text(runtime, "host", "host-1");
        assert_text(runtime, "question.id", "3");
        assert_text(runtime, "question.choice.choiceInfo[\"1\"].label", "Cancel");
        summary = vm_summary(fixture->vm, config, runtime, storage);
        assert_whole(summary);
        assert_text(summary, "overallStatus", "yellow");
        g_assert_cmpint(number_at(summary, "config.numVirtualDisks"), ==, 2);
        assert_text(vim_get(summary, "config"), "hwVersion", "vmx-13");
        /* What the clone shares with its parent is the parent's. */
        g_assert_cmpint(number_at(summary, "storage.committed"), ==, 1048576 + 4096);
        g_assert_cmpint(number_at(summary, "quickStats.uptimeSeconds"), ==, 0);
}

static void test_figures(Fixture *fixture, gconstpointer data)
{
        Machine machine = {.stats_us = 1, .overhead_bytes = 30 * MIB};
        g_autoptr(VimValue) quick = NULL;
        VmFigures figures;

        (void)data;
        machine.stats.consumed_bytes = 300 * (uint64_t)MIB;
        machine.stats.memory_bytes = 1024 * (uint64_t)MIB;
        machine.stats.absent_bytes = 600 * (uint64_t)MIB;
        machine.stats.shared_bytes = 100 * (uint64_t)MIB;
        machine.stats.swapped_bytes = 50 * (uint64_t)MIB;
        machine.stats.compressed_bytes = 40 * (uint64_t)MIB;
        machine.stats.active_bytes = 200 * (uint64_t)MIB;
        machine.info.balloon_bytes = 64 * (uint64_t)MIB;
        fixture->vm->boot_us = G_USEC_PER_SEC;
        figures = vm_figures(fixture->vm, &machine, 36 * G_USEC_PER_SEC);
        quick = vm_quick(&figures);
        assert_whole(quick);
        g_assert_cmpint(vim_get_int(quick, "hostMemoryUsage", 0), ==, 330);
        g_assert_cmpint(vim_get_int(quick, "guestMemoryUsage", 0), ==, 200);
        g_assert_cmpint(vim_get_int(quick, "balloonedMemory", 0), ==, 64);
        g_assert_cmpint(vim_get_int(quick, "swappedMemory", 0), ==, 50);
        g_assert_cmpint(vim_get_int(quick, "compressedMemory", 0), ==, 40 * KIB);
        g_assert_cmpint(vim_get_int(quick, "sharedMemory", 0), ==, 100);
        g_assert_cmpint(vim_get_int(quick, "privateMemory", 0), ==, 200);
        g_assert_cmpint(vim_get_int(quick, "consumedOverheadMemory", 0), ==, 30);
        g_assert_cmpint(vim_get_int(quick, "grantedMemory", 0), ==, 424);
        g_assert_cmpint(vim_get_int(quick, "uptimeSeconds", 0), ==, 30);
}

static void test_guest(Fixture *fixture, gconstpointer data)
{
        static const char answer[] =
                "{\"host_name\": \"web01\", \"os_id\": \"debian\", \"os_name\": \"Debian 12\","
                " \"cards\": [{\"mac\": \"00:00:00:00:00:00\", \"addresses\": [{\"address\": "
                "\"127.0.0.1\"}]},"
                "  {\"mac\": \"52:54:00:00:00:01\", \"addresses\": [{\"address\": \"fe80::1\", \"prefix\": "
                "64},"
                "   {\"address\": \"2001:db8::1\", \"prefix\": 64},"
                "   {\"address\": \"10.0.0.7\", \"prefix\": 24}]}],"
                " \"file_systems\": [{\"path\": \"/\", \"type\": \"ext4\", \"total_bytes\": 1000, "
                "\"used_bytes\": 400}]}";
        g_autoptr(VimValue) silent = vm_guest(fixture->vm), guest = NULL, off = NULL;

        (void)data;
        assert_whole(silent);
        fixture->vm->guest = json_node_dup_object(json_from_string(answer, NULL));
        guest = vm_guest(fixture->vm);
        assert_whole(guest);
        assert_text(guest, "toolsStatus", "toolsOk");
        assert_text(guest, "toolsRunningStatus", "guestToolsRunning");
        assert_text(guest, "hostName", "web01");
        assert_text(guest, "ipAddress", "10.0.0.7");
        g_assert_cmpuint(vim_length(vim_get(guest, "net")), ==, 1);
        g_assert_cmpint(vim_get_int(vim_item(vim_get(guest, "net"), 0), "deviceConfigId", 0), ==, 4000);
        g_assert_cmpint(vim_get_int(vim_item(vim_get(guest, "disk"), 0), "freeSpace", 0), ==, 600);
        assert_text(vim_item(vim_get(guest, "disk"), 0), "filesystemType", "ext4");
        assert_text(guest, "hwVersion", "vmx-13");
        json_object_set_string_member(fixture->vm->facts, "power", "off");
        off = vm_guest(fixture->vm);
        assert_whole(off);
        assert_text(off, "toolsRunningStatus", "guestToolsNotRunning");
        assert_text(off, "guestState", "notRunning");
        g_assert_null(vim_get(off, "ipAddress"));
}

static void test_layout(Fixture *fixture, gconstpointer data)
{
        g_autoptr(VimValue) layout = vm_layout(fixture->vm), again = NULL, changed = NULL;
        g_autoptr(VimValue) capability = vm_capability(), disabled = vm_disabled_methods(fixture->vm);
        g_autoptr(VimValue) extended = NULL;

        (void)data;
        assert_whole(capability);
        assert_whole(disabled);
        assert_whole(layout);
        json_object_remove_member(fixture->vm->facts, "snapshots");
        extended = vm_layout_ex(fixture->vm, NULL);
        assert_whole(extended);
        /* The time is that of the last change, so that nobody is told of none. */
        again = vm_layout_ex(fixture->vm, extended);
        g_assert_true(vim_equal(extended, again));
        json_object_set_int_member(fact_item(fixture->vm->facts, "files", 0), "bytes", 501);
        changed = vm_layout_ex(fixture->vm, extended);
        g_assert_false(vim_equal(extended, changed));
}

/* A VirtualMachine as the module makes it, of the fixture's facts. Borrowed. */
static Managed *add_vm(Fixture *fixture)
{
        Managed *managed = world_add(fixture->world, "VirtualMachine", "vm-2", "2");
        Vm *vm = vm_new(fixture->world, "vm-2");

        vm->facts = json_object_ref(fixture->vm->facts);
        managed->subject = vm;
        managed->free_subject = vm_free;
        entity_set_up(managed, "web01");
        vm_refresh_places(managed);
        vm_refresh(managed);
        return managed;
}

static void test_quick(Fixture *fixture, gconstpointer data)
{
        Machine machine = {.stats_us = 1};
        Managed *managed = add_vm(fixture);
        const VimValue *config = vim_get(managed_peek(managed, "summary"), "config");
        uint64_t version;

        (void)data;
        machine.stats.consumed_bytes = 300 * (uint64_t)MIB;
        vm_refresh_quick(managed, &machine);
        g_assert_cmpint(number_at(managed_peek(managed, "summary"), "quickStats.hostMemoryUsage"), ==, 300);
        /* Nothing else is made anew, and nothing at all where the figures are the same. */
        g_assert_true(vim_get(managed_peek(managed, "summary"), "config") == config);
        version = world_version(fixture->world);
        vm_refresh_quick(managed, &machine);
        g_assert_cmpuint(world_version(fixture->world), ==, version);
        machine.stats.consumed_bytes = 301 * (uint64_t)MIB;
        vm_refresh_quick(managed, &machine);
        g_assert_cmpint(number_at(managed_peek(managed, "summary"), "quickStats.hostMemoryUsage"), ==, 301);
}

/* A VM is to be refreshed when what it names comes, goes, or is another object; not when others do. */
static void test_named(Fixture *fixture, gconstpointer data)
{
        Managed *managed = add_vm(fixture);
        Vm *vm = vm_of(managed);

        (void)data;
        g_assert_false(vm_names_others(vm));
        add(fixture->world, "Folder", "group-v1", "vm:/elsewhere");
        add(fixture->world, "Network", "network-2", "green");
        g_assert_false(vm_names_others(vm));
        add(fixture->world, "ResourcePool", "resgroup-1", "/gold");
        g_assert_true(vm_names_others(vm));
        vm_forget_named(vm);
        vm_refresh_places(managed);
        vm_refresh(managed);
        g_assert_false(vm_names_others(vm));
        g_assert_cmpstr(managed_peek(managed, "resourcePool")->text, ==, "resgroup-1");
        world_set_key(world_find(fixture->world, "datastore-1"), "quick");
        g_assert_true(vm_names_others(vm));
        world_set_key(world_find(fixture->world, "datastore-1"), "fast");
        g_assert_false(vm_names_others(vm));
        world_remove(world_find(fixture->world, "network-1"));
        g_assert_true(vm_names_others(vm));
        add(fixture->world, "Network", "network-1", "blue");
        g_assert_true(vm_names_others(vm));
}

int main(int argc, char **argv)
{
        static const struct {
                const char *name;
                void (*test)(Fixture *fixture, gconstpointer data);
        } tests[] = {
                {"/api-vm/config", test_config},       {"/api-vm/devices", test_devices},
                {"/api-vm/card-keys", test_card_keys}, {"/api-vm/change-version", test_change_version},
                {"/api-vm/runtime", test_runtime},     {"/api-vm/figures", test_figures},
                {"/api-vm/guest", test_guest},         {"/api-vm/layout", test_layout},
                {"/api-vm/quick", test_quick},         {"/api-vm/named", test_named},
        };

        g_test_init(&argc, &argv, NULL);
        for (unsigned i = 0; i < G_N_ELEMENTS(tests); i++)
                g_test_add(tests[i].name, Fixture, NULL, set_up, tests[i].test, tear_down);
        return g_test_run();
}
