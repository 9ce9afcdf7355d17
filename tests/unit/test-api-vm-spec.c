/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What specs of VMs ask for, as arguments of operations; and what is refused. */
#include "api/vm/module.h"
#include "api/vm/plan.h"
#include "unit.h"

static const char facts_text[] =
        "{\"uuid\": \"11111111-2222-3333-4444-555555555555\", \"name\": \"web01\", \"power\": \"off\","
        " \"pool\": \"/\", \"folder\": \"/\", \"options\": {\"sched.mem.min\": \"16\"},"
        " \"hardware\": {\"memory_mb\": 512, \"cpus\": 2, \"cpus_max\": 4, \"firmware\": \"bios\","
        "  \"disks\": [{\"target\": \"vda\", \"bus\": \"virtio\", \"device\": \"disk\", \"mode\": "
        "\"persistent\","
        "    \"file\": \"[fast] web01/web01.qcow2\", \"provisioned_bytes\": 8388608}],"
        "  \"cards\": [{\"mac\": \"52:54:00:00:00:01\", \"model\": \"virtio\", \"port_group\": \"blue\","
        "    \"connected\": false, \"start_connected\": true}]}}";

typedef struct Fixture {
        World *world;
        Vm *vm;
        Plan *plan;
        VimValue *spec;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data)
{
        (void)data;
        fixture->world = world_new();
        (void)world_add(fixture->world, "Network", "network-1", "blue");
        (void)world_add(fixture->world, "Network", "network-2", "red");
        fixture->vm = vm_new(fixture->world, "vm-1");
        fixture->vm->facts = json_node_dup_object(json_from_string(facts_text, NULL));
        device_number_cards(fixture->vm);
        fixture->plan = plan_new(fixture->world, fixture->vm);
        fixture->spec = vim_new_object("VirtualMachineConfigSpec");
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
        (void)data;
        plan_free(fixture->plan);
        vim_unref(fixture->spec);
        vm_free(fixture->vm);
        world_free(fixture->world);
}

static VimValue *change(const char *operation, VimValue *device)
{
        VimValue *value = vim_new_object("VirtualDeviceConfigSpec");

        vim_set_text(value, "operation", operation);
        vim_set(value, "device", device);
        return value;
}

static VimValue *disk(int key, int controller, int64_t kib, const char *mode, bool thin)
{
        VimValue *device = vim_new_object("VirtualDisk");
        VimValue *backing = vim_new_object("VirtualDiskFlatVer2BackingInfo");

        vim_set_text(backing, "fileName", "");
        vim_set_text(backing, "diskMode", mode);
        vim_set_bool(backing, "thinProvisioned", thin);
        vim_set_int(device, "key", key);
        vim_set_int(device, "controllerKey", controller);
        vim_set_int(device, "capacityInKB", kib);
        vim_set(device, "backing", backing);
        return device;
}

static VimValue *card(int key, const char *network)
{
        VimValue *device = vim_new_object("VirtualE1000");
        VimValue *backing = vim_new_object("VirtualEthernetCardNetworkBackingInfo");

        vim_set_text(backing, "deviceName", network);
        vim_set_int(device, "key", key);
        vim_set(device, "backing", backing);
        return device;
}

static bool read_all(Fixture *fixture)
{
        return plan_config(fixture->plan, fixture->spec) && plan_devices(fixture->plan, fixture->spec);
}

static JsonObject *step(JsonArray *steps, unsigned index, const char *method)
{
        JsonObject *object = json_array_get_object_element(steps, index);

        g_assert_cmpstr(fact_text(object, "method"), ==, method);
        return fact_object(object, "args");
}

static void test_nothing(Fixture *fixture, gconstpointer data)
{
        (void)data;
        /* What is so already is no change. */
        vim_set_text(fixture->spec, "name", "web01");
        vim_set_int(fixture->spec, "memoryMB", 512);
        vim_set_int(fixture->spec, "numCPUs", 2);
        g_assert_true(read_all(fixture));
        g_assert_cmpuint(json_array_get_length(fixture->plan->steps), ==, 0);
        g_assert_cmpuint(json_object_get_size(fixture->plan->settings), ==, 0);
}

static void test_settings(Fixture *fixture, gconstpointer data)
{
        VimValue *allocation = vim_new_object("ResourceAllocationInfo"), *ops;

        (void)data;
        vim_set_int(allocation, "reservation", 64);
        vim_set_int(allocation, "limit", 256);
        vim_set(fixture->spec, "memoryAllocation", allocation);
        ops = vim_new_object("VirtualMachineDefaultPowerOpInfo");
        vim_set_text(ops, "standbyAction", "powerOnSuspend");
        vim_set(fixture->spec, "powerOpInfo", ops);
        g_assert_true(read_all(fixture));
        g_assert_true(fact_is(fixture->plan->settings, "sched.mem.min", "64"));
        g_assert_true(fact_is(fixture->plan->settings, "sched.mem.max", "256"));
        g_assert_true(fact_is(fixture->plan->settings_before, "sched.mem.min", "16"));
        g_assert_true(fact_is(fixture->plan->options, "aerostat.standbyAction", "powerOnSuspend"));
        g_assert_true(g_ptr_array_find_with_equal_func(fixture->plan->privileges,
                                                       "VirtualMachine.Config.Resource", g_str_equal, NULL));
}

static void test_devices(Fixture *fixture, gconstpointer data)
{
        VimValue *changes = vim_new_list("VirtualDeviceConfigSpec"), *controller, *added;
        JsonObject *args;

        (void)data;
        controller = vim_new_object("VirtualLsiLogicController");
        vim_set_int(controller, "key", -5);
        vim_set_int(controller, "busNumber", 0);
        vim_set_text(controller, "sharedBus", "noSharing");
        added = change("add", disk(-1, -5, 4096, "independent_persistent", false));
        vim_set_text(added, "fileOperation", "create");
        vim_add(changes, change("remove", card(4000, "blue")));
        vim_add(changes, added);
        vim_add(changes, change("add", controller));
        vim_add(changes, change("add", card(-2, "red")));
        vim_add(changes, change("edit", disk(2000, 1000, 16384, "persistent", true)));
        vim_set(fixture->spec, "deviceChange", changes);
        g_assert_true(read_all(fixture));
        args = step(fixture->plan->steps, 0, "AddDisk");
        g_assert_cmpint(fact_int(args, "size_mb", 0), ==, 4);
        g_assert_true(fact_is(args, "provisioning", "thick") &&
                      fact_is(args, "mode", "independent_persistent"));
        args = step(fixture->plan->steps, 1, "AddCard");
        g_assert_true(fact_is(args, "port_group", "red") && fact_is(args, "model", "e1000"));
        /* What cannot be taken back is done last. */
        args = step(fixture->plan->later, 0, "RemoveCard");
        g_assert_true(fact_is(args, "mac", "52:54:00:00:00:01"));
        args = step(fixture->plan->later, 1, "ExtendDisk");
        g_assert_true(fact_is(args, "target", "vda") && fact_int(args, "size_mb", 0) == 16);
}

/* A clone has other addresses than what it is made from. */
static void test_cards_of_a_clone(Fixture *fixture, gconstpointer data)
{
        (void)data;
        fixture->plan->is_clone = true;
        vim_set(fixture->spec, "deviceChange", change("edit", card(4000, "red")));
        g_assert_true(read_all(fixture));
        g_assert_cmpint(fact_int(step(fixture->plan->steps, 0, "SetCard"), "card", -1), ==, 0);
}

static void assert_refused(Fixture *fixture, const char *fault)
{
        g_assert_false(read_all(fixture));
        g_assert_nonnull(fixture->plan->fault);
        g_assert_cmpstr(fixture->plan->fault->type->name, ==, fault);
        g_assert_nonnull(fixture->plan->message);
}

static void test_smaller(Fixture *fixture, gconstpointer data)
{
        (void)data;
        vim_set(fixture->spec, "deviceChange", change("edit", disk(2000, 1000, 1024, "persistent", true)));
        assert_refused(fixture, "InvalidDeviceSpec");
}

static void test_unknown_device(Fixture *fixture, gconstpointer data)
{
        (void)data;
        vim_set(fixture->spec, "deviceChange", change("remove", disk(2009, 1000, 1024, "persistent", true)));
        assert_refused(fixture, "DeviceNotFound");
}

static void test_unknown_network(Fixture *fixture, gconstpointer data)
{
        (void)data;
        vim_set(fixture->spec, "deviceChange", change("add", card(-1, "green")));
        assert_refused(fixture, "InvalidDeviceBacking");
}

static void test_unknown_mode(Fixture *fixture, gconstpointer data)
{
        (void)data;
        vim_set(fixture->spec, "deviceChange", change("edit", disk(2000, 1000, 0, "undoable", true)));
        assert_refused(fixture, "InvalidDeviceBacking");
}

static void test_running(Fixture *fixture, gconstpointer data)
{
        (void)data;
        json_object_set_string_member(fixture->vm->facts, "power", "on");
        vim_set_int(fixture->spec, "numCPUs", 4);
        g_assert_true(read_all(fixture));
        vim_set_int(fixture->spec, "numCPUs", 5);
        assert_refused(fixture, "InvalidPowerState");
}

static void test_fields(Fixture *fixture, gconstpointer data)
{
        (void)data;
        vim_set_text(fixture->spec, "firmware", "bios");
        g_assert_true(read_all(fixture));
        vim_set_text(fixture->spec, "firmware", "efi");
        assert_refused(fixture, "InvalidArgument");
        g_assert_cmpstr(vim_get_text(fixture->plan->fault, "invalidProperty"), ==, "configSpec.firmware");
}

static void test_options(Fixture *fixture, gconstpointer data)
{
        static const struct {
                const char *name, *value;
                bool well;
        } options[] = {{"guestinfo.a", "b", true},
                       {"aerostat.pager", "FALSE", true},
                       {"aerostat.pager", "perhaps", false},
                       {"sched.mem.max", "many", false},
                       {"sched.none", "1", false},
                       {"aerostat.annotation", "x", false},
                       {"two words", "x", false},
                       {"", "x", false}};

        (void)data;
        for (unsigned i = 0; i < G_N_ELEMENTS(options); i++) {
                g_autoptr(Plan) plan = plan_new(fixture->world, fixture->vm);
                VimValue *option = vim_new_object("OptionValue");

                vim_set_text(option, "key", options[i].name);
                vim_set(option, "value", vim_new_string(options[i].value));
                vim_set(fixture->spec, "extraConfig", option);
                g_assert_cmpint(plan_config(plan, fixture->spec), ==, options[i].well);
        }
}

static void test_faults(void)
{
        g_autoptr(GError) memory = g_error_new_literal(G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                                                       "VM \"a\": 300 MB cannot be guaranteed, overhead "
                                                       "included: the host has 200 MB left to promise");
        g_autoptr(GError) disk_full =
                g_error_new_literal(G_IO_ERROR, G_IO_ERROR_NO_SPACE, "\"a.qcow2\": no space");
        g_autoptr(VimValue) first = vm_fault_of(memory), second = vm_fault_of(disk_full);

        g_assert_true(vim_is(first, "InsufficientMemoryResourcesFault"));
        g_assert_cmpint(vim_get_int(first, "requested", 0), ==, 300 << 20);
        g_assert_cmpint(vim_get_int(first, "unreserved", 0), ==, 200 << 20);
        g_assert_true(vim_is(second, "NoDiskSpace"));
}

int main(int argc, char **argv)
{
        static const struct {
                const char *name;
                void (*test)(Fixture *fixture, gconstpointer data);
        } tests[] = {
                {"/api-vm-spec/nothing", test_nothing},
                {"/api-vm-spec/settings", test_settings},
                {"/api-vm-spec/devices", test_devices},
                {"/api-vm-spec/cards-of-a-clone", test_cards_of_a_clone},
                {"/api-vm-spec/smaller", test_smaller},
                {"/api-vm-spec/unknown-device", test_unknown_device},
                {"/api-vm-spec/unknown-network", test_unknown_network},
                {"/api-vm-spec/unknown-mode", test_unknown_mode},
                {"/api-vm-spec/running", test_running},
                {"/api-vm-spec/fields", test_fields},
                {"/api-vm-spec/options", test_options},
        };

        g_test_init(&argc, &argv, NULL);
        for (unsigned i = 0; i < G_N_ELEMENTS(tests); i++)
                g_test_add(tests[i].name, Fixture, NULL, set_up, tests[i].test, tear_down);
        g_test_add_func("/api-vm-spec/faults", test_faults);
        return g_test_run();
}
