/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The recorder: what is kept of a session, and the scripts that are made of it. */
#include "api-fixture.h"
#include "api/recorder/recorder.h"
#include "operation/operation.h"

#define UUID "11111111-2222-3333-4444-555555555555"

static void run_nothing(Request *request)
{
        request_return(request, NULL);
}

static JsonObject *parse(const char *text)
{
        g_autoptr(JsonNode) node = json_from_string(text, NULL);

        return json_object_ref(json_node_get_object(node));
}

/* What the handlers of src/api/vm begin, without doing it. */
static void tell(Request *request, const char *operation, const char *args)
{
        g_autoptr(JsonObject) object = parse(args);

        request_tell_operation(request, operation, object);
        request_return(request, NULL);
}

static void run_power_on(Request *request)
{
        tell(request, "PowerOnVM", "{\"vm\": \"" UUID "\"}");
}

static const char *to_tell = "{}"; /* of ReconfigVM_Task and CloneVM_Task */

static void run_reconfigure(Request *request)
{
        tell(request, "ApplyConfigSpec", to_tell);
}

static void run_clone(Request *request)
{
        tell(request, "CloneFromSpec", to_tell);
}

/* Is a task that goes on, and ends as the test says. */
static void run_reset(Request *request)
{
        Managed *task = world_add(request_world(request), "Task", "task-1", NULL);
        VimValue *info = vim_new_object("TaskInfo");
        g_autoptr(JsonObject) args = parse("{\"vm\": \"" UUID "\", \"type\": \"hard\"}");

        vim_set_text(info, "state", "running");
        managed_set(task, "info", info);
        request_tell_operation(request, "ResetVM", args);
        request_return(request, managed_reference(task));
}

/* Fails when the name is "bad". */
static void run_rename(Request *request)
{
        if (strcmp(request_arg_text(request, "newName"), "bad") == 0) {
                request_invalid(request, "newName", "bad");
                return;
        }
        {
                g_autoptr(JsonObject) args = parse("{\"vm\": \"" UUID "\"}");

                json_object_set_string_member(args, "name", request_arg_text(request, "newName"));
                request_tell_operation(request, "RenameVM", args);
        }
        managed_set_text(request_target(request), "name", request_arg_text(request, "newName"));
        request_return(request, NULL);
}

/* As src/api/aerostat does it; what it is does not matter. */
static void run_operation(Request *request)
{
        tell(request, request_arg_text(request, "operation"), request_arg_text(request, "arguments"));
}

static const Handler test_handlers[] = {
        {"AerostatManager", "RunOperation", run_operation, ""},
        {"AerostatManager", "RunOperation_Task", run_operation, ""},
        {"VirtualMachine", "PowerOnVM_Task", run_power_on, ""},
        {"VirtualMachine", "ResetVM_Task", run_reset, ""},
        {"VirtualMachine", "ReconfigVM_Task", run_reconfigure, ""},
        {"VirtualMachine", "CloneVM_Task", run_clone, ""},
        {"ManagedEntity", "Rename_Task", run_rename, ""},
        {"HostLocalAccountManager", "CreateUser", run_nothing, ""},
        {"GuestProcessManager", "StartProgramInGuest", run_nothing, ""},
        {"GuestFileManager", "MakeDirectoryInGuest", run_nothing, ""},
        {"GuestFileManager", "MoveFileInGuest", run_nothing, ""},
        {"GuestFileManager", "DeleteDirectoryInGuest", run_nothing, ""},
        {"PerformanceManager", "QueryPerfCounterByLevel", run_nothing, ""},
        {NULL},
};
static const ApiModule test_module = {.name = "test", .handlers = test_handlers};
extern const ApiModule task_module, field_module;
const ApiModule *const api_modules[] = {&task_module, &field_module, &test_module, &recorder_module, NULL};

typedef struct Fixture {
        ApiFixture base;
        Managed *vm, *accounts, *fields, *manager;
} Fixture;

static Managed *add_entity(World *world, const char *type, const char *id, const char *key, const char *name,
                           Managed *parent)
{
        Managed *entity = world_add(world, type, id, key);

        entity_set_up(entity, name);
        entity_set_parent(entity, parent);
        return entity;
}

static void set_up(Fixture *fixture, gconstpointer data)
{
        World *world;
        Managed *folder;
        g_autoptr(GError) error = NULL;
        g_autoptr(Record) record = record_new(UUID, "web1");

        (void)data;
        api_fixture_set_up(&fixture->base, ":memory:", (ApiParts){0});
        world = fixture->base.world;
        g_assert_true(record_save(fixture->base.inventory, record, NULL));
        folder = add_entity(world, "Folder", "group-d1", "root", "Datacenters", NULL);
        folder = add_entity(world, "Datacenter", "datacenter-1", "host", "ha", folder);
        folder = add_entity(world, "Folder", "group-v1", "vm:/", "vm", folder);
        fixture->vm = add_entity(world, "VirtualMachine", "vm-1", UUID, "web1", folder);
        fixture->accounts = world_add(world, "HostLocalAccountManager", "HostLocalAccountManager", NULL);
        fixture->manager = world_add(world, "AerostatManager", "AerostatManager", NULL);
        fixture->fields = world_find(world, "CustomFieldsManager");
        g_assert_true(recorder_start(fixture->base.api, &fixture->base.admin, &error));
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
        (void)data;
        api_fixture_tear_down(&fixture->base);
}

/* Without what is before the first call. */
static char *calls_of(Fixture *fixture, RecorderForm form)
{
        static const char *const heads[] = {"#!/bin/sh\nset -e\n", "\n\n\n", "\n\n"};
        GString *script = recorder_script(fixture->base.api, "admin", form);
        const char *head = form == RECORDER_SHELL ? strstr(script->str, heads[form])
                                                  : g_strrstr(script->str, heads[form]);
        char *calls = g_strdup(head != NULL ? head + strlen(heads[form]) : script->str);

        (void)g_string_free(script, TRUE);
        return calls;
}

static void assert_calls(Fixture *fixture, RecorderForm form, const char *expected)
{
        g_autofree char *calls = calls_of(fixture, form);

        g_assert_cmpstr(calls, ==, expected);
}

static VimValue *text(const char *words)
{
        return vim_new_string(words);
}

static void all_forms(Fixture *fixture, gconstpointer data)
{
        const VimValue *field;
        int64_t key;

        (void)data;
        (void)call(&fixture->base, &fixture->base.admin, fixture->vm, "PowerOnVM_Task", NULL);
        field = call(&fixture->base, &fixture->base.admin, fixture->fields, "AddCustomFieldDef", "name",
                     text("Owner"), "moType", text("VirtualMachine"), NULL);
        key = vim_get_int(field, "key", 0);
        (void)call(&fixture->base, &fixture->base.admin, fixture->fields, "SetField", "entity",
                   managed_reference(fixture->vm), "key", vim_new_int(key), "value", text("it's \"a\""),
                   NULL);
        (void)call(&fixture->base, &fixture->base.admin, fixture->vm, "Rename_Task", "newName", text("web2"),
                   NULL);
        (void)call(&fixture->base, &fixture->base.admin, fixture->vm, "PowerOnVM_Task", NULL);
        assert_calls(fixture, RECORDER_SHELL,
                     "aerostat vm on 'web1'\n"
                     "aerostat attribute define --type 'vm' 'Owner'\n"
                     "aerostat attribute set 'Owner' 'it'\\''s \"a\"' 'web1'\n"
                     "aerostat vm rename 'web1' 'web2'\n"
                     "aerostat vm on 'web2'\n");
        assert_calls(fixture, RECORDER_PYTHON,
                     "do(at(\"ha/vm/web1\").PowerOnVM_Task())\n"
                     "do(thing(\"CustomFieldsManager\", \"CustomFieldsManager\").AddCustomFieldDef(\n"
                     "    name=\"Owner\",\n"
                     "    moType=kind(\"VirtualMachine\")\n"
                     "))\n"
                     "do(thing(\"CustomFieldsManager\", \"CustomFieldsManager\").SetField(\n"
                     "    entity=at(\"ha/vm/web1\"),\n"
                     "    key=field(\"Owner\"),\n"
                     "    value=\"it's \\\"a\\\"\"\n"
                     "))\n"
                     "do(at(\"ha/vm/web1\").Rename_Task(\n"
                     "    newName=\"web2\"\n"
                     "))\n"
                     "do(at(\"ha/vm/web2\").PowerOnVM_Task())\n");
        assert_calls(fixture, RECORDER_POWERCLI,
                     "Start-VM -VM (Entity 'ha/vm/web1') -Confirm:$false\n"
                     "New-CustomAttribute `\n"
                     "    -Name 'Owner' `\n"
                     "    -TargetType 'VirtualMachine'\n"
                     "Set-Annotation `\n"
                     "    -Entity (Entity 'ha/vm/web1') `\n"
                     "    -CustomAttribute 'Owner' `\n"
                     "    -Value 'it''s \"a\"'\n"
                     "Set-VM `\n"
                     "    -VM (Entity 'ha/vm/web1') `\n"
                     "    -Name 'web2' `\n"
                     "    -Confirm:$false\n"
                     "Start-VM -VM (Entity 'ha/vm/web2') -Confirm:$false\n");
}

/* Failures, reads and others' calls are not in it. */
static void what_is_kept(Fixture *fixture, gconstpointer data)
{
        Managed *manager = world_add(fixture->base.world, "PerformanceManager", "PerfMgr", NULL);

        (void)data;
        (void)call(&fixture->base, &fixture->base.admin, fixture->vm, "Rename_Task", "newName", text("bad"),
                   NULL);
        assert_fault(&fixture->base, "InvalidArgument");
        (void)call(&fixture->base, &fixture->base.admin, manager, "QueryPerfCounterByLevel", "level",
                   vim_new_int(1), NULL);
        (void)call(&fixture->base, &fixture->base.operator, fixture->vm, "PowerOnVM_Task", NULL);
        assert_calls(fixture, RECORDER_SHELL, "");
        g_assert_cmpstr(recorder_user(fixture->base.api, "admin"), ==, "admin");
        g_assert_null(recorder_user(fixture->base.api, "operator"));
        g_assert_true(recorder_stop(fixture->base.api, "admin"));
        g_assert_false(recorder_stop(fixture->base.api, "admin"));
        (void)call(&fixture->base, &fixture->base.admin, fixture->vm, "PowerOnVM_Task", NULL);
        g_assert_null(recorder_script(fixture->base.api, "admin", RECORDER_SHELL));
}

static void no_secrets(Fixture *fixture, gconstpointer data)
{
        VimValue *account = vim_new_object("HostAccountSpec");

        (void)data;
        vim_set_text(account, "id", "anna");
        vim_set_text(account, "password", "correct horse");
        (void)call(&fixture->base, &fixture->base.admin, fixture->accounts, "CreateUser", "user", account,
                   NULL);
        assert_no_fault(&fixture->base);
        for (unsigned form = RECORDER_SHELL; form <= RECORDER_POWERCLI; form++) {
                g_autofree char *calls = calls_of(fixture, (RecorderForm)form);

                g_assert_null(strstr(calls, "horse"));
                g_assert_nonnull(strstr(calls, "anna"));
                g_assert_true(form == RECORDER_SHELL || strstr(calls, "ecret") != NULL);
        }
}

static unsigned different_lines(const char *a, const char *b)
{
        g_auto(GStrv) of_a = g_strsplit(a, "\n", -1), of_b = g_strsplit(b, "\n", -1);
        unsigned n = 0;

        g_assert_cmpuint(g_strv_length(of_a), ==, g_strv_length(of_b));
        for (unsigned i = 0; of_a[i] != NULL; i++)
                n += strcmp(of_a[i], of_b[i]) != 0;
        return n;
}

static VimValue *reservation_spec(int64_t reservation, const char *note)
{
        VimValue *spec = vim_new_object("VirtualMachineConfigSpec"),
                 *allocation = vim_new_object("ResourceAllocationInfo");

        vim_set_int(allocation, "reservation", reservation);
        vim_set_int(allocation, "limit", -1);
        vim_set(spec, "memoryAllocation", allocation);
        vim_set_text(spec, "annotation", note);
        return spec;
}

/* By cmdlets, and by calls (a note besides, for which there is none together with an allocation). */
static void one_setting_one_line(Fixture *fixture, gconstpointer data)
{
        char *calls[2][3];

        (void)data;
        for (unsigned with_note = 0; with_note < 2; with_note++) {
                for (unsigned i = 0; i < 2; i++) {
                        to_tell = i == 0 ? "{\"vm\": \"" UUID
                                           "\", \"settings\": {\"sched.mem.min\": \"128\"}}"
                                         : "{\"vm\": \"" UUID
                                           "\", \"settings\": {\"sched.mem.min\": \"256\"}}";
                        g_assert_true(recorder_start(fixture->base.api, &fixture->base.admin, NULL));
                        (void)call(&fixture->base, &fixture->base.admin, fixture->vm, "ReconfigVM_Task",
                                   "spec", reservation_spec(i == 0 ? 128 : 256, with_note ? "a note" : NULL),
                                   NULL);
                        for (unsigned form = RECORDER_SHELL; form <= RECORDER_POWERCLI; form++)
                                calls[i][form] = calls_of(fixture, (RecorderForm)form);
                }
                g_assert_true((strstr(calls[0][RECORDER_POWERCLI], "Set-VMResourceConfiguration") != NULL) ==
                              !with_note);
                for (unsigned form = RECORDER_SHELL; form <= RECORDER_POWERCLI; form++) {
                        g_assert_cmpuint(different_lines(calls[0][form], calls[1][form]), ==, 1);
                        g_free(calls[0][form]);
                        g_free(calls[1][form]);
                }
        }
}

static void told(Fixture *fixture, const char *method, const char *operations, VimValue *spec)
{
        to_tell = operations;
        if (strcmp(method, "CloneVM_Task") == 0)
                (void)call(&fixture->base, &fixture->base.admin, fixture->vm, method, "folder",
                           vim_new_reference("Folder", "group-v1"), "name", text("it's"), "spec", spec,
                           NULL);
        else
                (void)call(&fixture->base, &fixture->base.admin, fixture->vm, method, "spec", spec, NULL);
        assert_no_fault(&fixture->base);
}

static void settings_for_a_shell(Fixture *fixture, gconstpointer data)
{
        (void)data;
        told(fixture, "ReconfigVM_Task",
             "{\"vm\": \"" UUID "\", \"options\": {\"aerostat.standbyAction\": \"powerOnSuspend\", "
             "\"powerType.powerOff\": null, \"aerostat.annotation\": \"a\\nnote\"}, "
             "\"settings\": {\"sched.mem.shares\": \"high\", \"sched.mem.min\": \"128\", "
             "\"sched.mem.max\": \"-1\", \"sched.mem.maxmemctl\": \"-1\", \"sched.swap.dir\": \"\", "
             "\"sched.mem.pshare.enable\": \"FALSE\"}, "
             "\"steps\": [{\"method\": \"ReconfigVM\", \"args\": {\"memory_mb\": 1024, \"cdrom\": \"\"}}, "
             "{\"method\": \"AddDisk\", \"args\": {\"size_mb\": 16, \"provisioning\": \"thick\"}}, "
             "{\"method\": \"AddCard\", \"args\": {\"port_group\": \"lab\", \"connected\": false}}]}",
             vim_new_object("VirtualMachineConfigSpec"));
        assert_calls(fixture, RECORDER_SHELL,
                     "aerostat vm reconfigure --annotation 'a\nnote' 'web1'\n"
                     "aerostat vm reconfigure --standby-action 'powerOnSuspend' 'web1'\n"
                     "aerostat vm reconfigure --power-off-type 'soft' 'web1'\n"
                     "aerostat vm set --shares 'high' --reservation 128M --limit none --max-balloon default "
                     "--sharing off --swap-dir default 'web1'\n"
                     "aerostat vm reconfigure --memory 1024M --cdrom none 'web1'\n"
                     "aerostat disk add --size 16M --thick 'web1'\n"
                     "aerostat card add --portgroup 'lab' --connected no 'web1'\n");
}

static VimValue *clone_spec(const char *move_type)
{
        VimValue *spec = vim_new_object("VirtualMachineCloneSpec"),
                 *location = vim_new_object("VirtualMachineRelocateSpec");

        vim_set_text(location, "diskMoveType", move_type);
        vim_set(spec, "location", location);
        vim_set_bool(spec, "powerOn", true);
        vim_set_bool(spec, "template", false);
        return spec;
}

static void clones(Fixture *fixture, gconstpointer data)
{
        (void)data;
        told(fixture, "CloneVM_Task",
             "{\"specification\": {\"name\": \"api 1\", \"text\": \"{\\\"users\\\": [{\\\"name\\\": "
             "\\\"ops\\\", \\\"password_hash\\\": \\\"hidden\\\"}]}\"}, "
             "\"first\": {\"method\": \"CloneVM\", \"args\": {\"vm\": \"" UUID "\", \"names\": [\"it's\"], "
             "\"linked\": true, \"template\": false, \"new\": true, \"folder\": \"/\", "
             "\"customization\": \"api 1\"}}, "
             "\"last\": {\"method\": \"PowerOnVM\", \"args\": {}}}",
             clone_spec("createNewChildDiskBacking"));
        told(fixture, "CloneVM_Task",
             "{\"first\": {\"method\": \"CloneVM\", \"args\": {\"vm\": \"" UUID "\", \"names\": [\"-x\"], "
             "\"linked\": false, \"template\": true, \"folder\": \"/\"}}}",
             clone_spec(NULL));
        assert_calls(
                fixture, RECORDER_SHELL,
                "aerostat customization create 'recorded' - <<'EOF'\n"
                "{\n  \"users\" : [\n    {\n      \"name\" : \"ops\"\n    }\n  ]\n}\n"
                "EOF\n"
                "aerostat vm clone --customization 'recorded' --folder '/' --new 'web1' 'it'\\''s'\n"
                "aerostat vm on 'it'\\''s'\n"
                "aerostat customization delete 'recorded'\n"
                "aerostat vm clone --full --customization none --folder '/' --template -- 'web1' '-x'\n");
        {
                g_autofree char *calls = calls_of(fixture, RECORDER_POWERCLI);

                /* Without a snapshot there is no cmdlet for a linked clone. */
                g_assert_nonnull(strstr(calls, "CloneVM_Task(\n"));
                g_assert_nonnull(strstr(calls, "$vm = New-VM `\n"
                                               "    -Name 'it''s' `\n"
                                               "    -VM (Entity 'ha/vm/web1') `\n"
                                               "    -Location (Entity 'ha/vm')\n"
                                               "Start-VM -VM $vm -Confirm:$false\n"));
        }
}

static void operate(Fixture *fixture, const char *operation, const char *args)
{
        (void)call(&fixture->base, &fixture->base.admin, fixture->manager, "RunOperation_Task", "operation",
                   text(operation), "arguments", text(args), NULL);
        assert_no_fault(&fixture->base);
}

/* By vim25's words where it has them, with names; by the operation's where not, without secrets. */
static void operations_by_name(Fixture *fixture, gconstpointer data)
{
        g_autofree char *head = NULL;

        (void)data;
        operate(fixture, "PowerOnVM", "{\"vm\": \"" UUID "\"}");
        operate(fixture, "RenameVM", "{\"vm\": \"web1\", \"name\": \"web2\"}");
        operate(fixture, "MoveIntoFolder", "{\"vms\": [\"web1\"], \"folder\": \"/\"}");
        operate(fixture, "ConfigureVM",
                "{\"vm\": \"web1\", \"settings\": {\"sched.mem.min\": \"64\", \"sched.mem.shares\": "
                "\"300\"}}");
        operate(fixture, "SetField", "{\"vm\": \"web1\", \"name\": \"Owner\", \"value\": \"anna\"}");
        operate(fixture, "CloneVM", "{\"vm\": \"web1\", \"names\": [\"b\"], \"what_if\": true}");
        head = calls_of(fixture, RECORDER_PYTHON);
        g_assert_cmpstr(head, ==,
                        "do(at(\"ha/vm/web1\").PowerOnVM_Task())\n"
                        "do(at(\"ha/vm/web1\").Rename_Task(\n"
                        "    newName=\"web2\"\n"
                        "))\n"
                        "do(at(\"ha/vm\").MoveIntoFolder_Task(\n"
                        "    list=[\n"
                        "        at(\"ha/vm/web1\"),\n"
                        "    ]\n"
                        "))\n"
                        "do(at(\"ha/vm/web1\").ReconfigVM_Task(\n"
                        "    spec=new(\"VirtualMachineConfigSpec\",\n"
                        "        memoryAllocation=new(\"ResourceAllocationInfo\",\n"
                        "            reservation=64,\n"
                        "            shares=new(\"SharesInfo\",\n"
                        "                shares=300,\n"
                        "                level=\"custom\"\n"
                        "            )\n"
                        "        )\n"
                        "    )\n"
                        "))\n"
                        "do(thing(\"CustomFieldsManager\", \"CustomFieldsManager\").SetField(\n"
                        "    entity=at(\"ha/vm/web1\"),\n"
                        "    key=field(\"Owner\"),\n"
                        "    value=\"anna\"\n"
                        "))\n");
        assert_calls(
                fixture, RECORDER_POWERCLI,
                "Start-VM -VM (Entity 'ha/vm/web1') -Confirm:$false\n"
                "Set-VM `\n"
                "    -VM (Entity 'ha/vm/web1') `\n"
                "    -Name 'web2' `\n"
                "    -Confirm:$false\n"
                "Do-Call ((Get-View (At 'ha/vm')).MoveIntoFolder_Task(\n"
                "    @(\n"
                "        (At 'ha/vm/web1')\n"
                "    )\n"
                "))\n"
                "Get-VMResourceConfiguration -VM (Entity 'ha/vm/web1') | Set-VMResourceConfiguration `\n"
                "    -MemSharesLevel 'Custom' `\n"
                "    -NumMemShares 300 `\n"
                "    -MemReservationMB 64\n"
                "Set-Annotation `\n"
                "    -Entity (Entity 'ha/vm/web1') `\n"
                "    -CustomAttribute 'Owner' `\n"
                "    -Value 'anna'\n");
        assert_calls(fixture, RECORDER_SHELL,
                     "aerostat vm on 'web1'\n"
                     "aerostat vm rename 'web1' 'web2'\n"
                     "aerostat vm move --folder '/' 'web1'\n"
                     "aerostat vm set --shares '300' --reservation 64M 'web1'\n"
                     "aerostat attribute set 'Owner' 'anna' 'web1'\n");
}

static void operations_of_aerostat(Fixture *fixture, gconstpointer data)
{
        static const char *const helpers[] = {"aerostat ", "def operate(", "function Invoke-Operation("};
        GString *script;

        (void)data;
        for (unsigned form = RECORDER_PYTHON; form <= RECORDER_POWERCLI; form++) {
                script = recorder_script(fixture->base.api, "admin", (RecorderForm)form);
                g_assert_null(strstr(script->str, helpers[form]));
                (void)g_string_free(script, TRUE);
        }
        operate(fixture, "PowerOffVM", "{\"vm\": \"" UUID "\", \"type\": \"preset\", \"timeout_s\": 30}");
        operate(fixture, "CreateVM",
                "{\"name\": \"a\", \"datastore\": \"store\", \"memory_mb\": 64, \"pager\": true, \"disks\": "
                "[{\"size_mb\": 16, \"password\": \"horse\"}], \"cards\": []}");
        assert_calls(fixture, RECORDER_PYTHON,
                     "operate(\"RunOperation_Task\", \"PowerOffVM\", {\n"
                     "    \"vm\": \"web1\",\n"
                     "    \"type\": \"preset\",\n"
                     "    \"timeout_s\": 30,\n"
                     "})\n"
                     "operate(\"RunOperation_Task\", \"CreateVM\", {\n"
                     "    \"name\": \"a\",\n"
                     "    \"datastore\": \"store\",\n"
                     "    \"memory_mb\": 64,\n"
                     "    \"pager\": True,\n"
                     "    \"disks\": [\n"
                     "        {\n"
                     "            \"size_mb\": 16,\n"
                     "            \"password\": secret(\"password\"),\n"
                     "        },\n"
                     "    ],\n"
                     "    \"cards\": [],\n"
                     "})\n");
        assert_calls(fixture, RECORDER_POWERCLI,
                     "Do-Call (Invoke-Operation RunOperation_Task 'PowerOffVM' @{\n"
                     "    'vm' = 'web1'\n"
                     "    'type' = 'preset'\n"
                     "    'timeout_s' = 30\n"
                     "})\n"
                     "Do-Call (Invoke-Operation RunOperation_Task 'CreateVM' @{\n"
                     "    'name' = 'a'\n"
                     "    'datastore' = 'store'\n"
                     "    'memory_mb' = 64\n"
                     "    'pager' = $true\n"
                     "    'disks' = @(\n"
                     "        @{\n"
                     "            'size_mb' = 16\n"
                     "            'password' = (Secret 'password')\n"
                     "        }\n"
                     "    )\n"
                     "    'cards' = @()\n"
                     "})\n");
        for (unsigned form = RECORDER_SHELL; form <= RECORDER_POWERCLI; form++) {
                script = recorder_script(fixture->base.api, "admin", (RecorderForm)form);
                g_assert_nonnull(strstr(script->str, helpers[form]));
                (void)g_string_free(script, TRUE);
        }
}

/* The lines of two captures that differ, in each form. */
static void assert_one_line_differs(Fixture *fixture, const char *what,
                                    void (*act)(Fixture *, const char *, bool))
{
        char *calls[2][3];

        for (unsigned i = 0; i < 2; i++) {
                g_assert_true(recorder_start(fixture->base.api, &fixture->base.admin, NULL));
                act(fixture, what, i == 1);
                for (unsigned form = RECORDER_SHELL; form <= RECORDER_POWERCLI; form++)
                        calls[i][form] = calls_of(fixture, (RecorderForm)form);
        }
        for (unsigned form = RECORDER_SHELL; form <= RECORDER_POWERCLI; form++) {
                if (different_lines(calls[0][form], calls[1][form]) != 1)
                        g_error("%s: not one line:\n%s%s", what, calls[0][form], calls[1][form]);
                g_free(calls[0][form]);
                g_free(calls[1][form]);
        }
}

/* "OPERATION ONE OTHER ARGUMENTS", with "@" where the one or the other is. */
static void operate_once(Fixture *fixture, const char *what, bool other)
{
        g_auto(GStrv) words = g_strsplit(what, " ", 4);
        g_auto(GStrv) parts = g_strsplit(words[3], "@", -1);
        g_autofree char *args = g_strjoinv(words[other ? 2 : 1], parts);

        operate(fixture, words[0], args);
}

/* As a client of vim25 says it. */
static void reconfigure_once(Fixture *fixture, const char *what, bool other)
{
        VimValue *spec = vim_new_object("VirtualMachineConfigSpec"), *part;
        const char *value = other ? "checkpoint" : "powerOnSuspend";
        g_autofree char *operations =
                g_strdup_printf("{\"vm\": \"" UUID "\", \"options\": {\"%s\": \"%s\"}}", what, value);

        if (strcmp(what, "aerostat.annotation") == 0) {
                vim_set_text(spec, "annotation", value);
        } else if (strcmp(what, "aerostat.standbyAction") == 0) {
                part = vim_new_object("VirtualMachineDefaultPowerOpInfo");
                vim_set_text(part, "standbyAction", value);
                vim_set(spec, "powerOpInfo", part);
        } else {
                part = vim_new_object("OptionValue");
                vim_set_text(part, "key", what);
                vim_set(part, "value", text(value));
                vim_set(spec, "extraConfig", part);
        }
        told(fixture, "ReconfigVM_Task", operations, spec);
        to_tell = "{}";
}

static void each_setting_one_line(Fixture *fixture, gconstpointer data)
{
        static const char *const options[] = {"aerostat.annotation", "aerostat.standbyAction",
                                              "guestinfo.role"};
        static const char *const operations[] = {
                "ConfigureVM low high {\"vm\": \"web1\", \"settings\": {\"sched.mem.min\": \"8\", "
                "\"sched.mem.shares\": \"@\"}}",
                "ConfigureVM 128 256 {\"vm\": \"web1\", \"settings\": {\"sched.mem.min\": \"@\", "
                "\"sched.mem.max\": \"512\"}}",
                "ConfigureVM 128 256 {\"vm\": \"web1\", \"settings\": {\"sched.mem.max\": \"@\", "
                "\"sched.mem.shares\": \"high\"}}",
                "ConfigureVM a b {\"vm\": \"web1\", \"settings\": {\"sched.mem.pshare.salt\": \"@\"}}",
                "ReconfigVM checkpoint powerOnSuspend {\"vm\": \"web1\", \"standbyAction\": \"@\"}",
                "UpdatePortGroup 7 8 {\"name\": \"lab\", \"switch\": \"vSwitch0\", \"vlan\": @}",
                "AddPortGroup 7 8 {\"name\": \"lab\", \"switch\": \"vSwitch0\", \"vlan\": @}",
                "CreateVM 64 80 {\"name\": \"new\", \"datastore\": \"s\", \"memory_mb\": @, \"cpus\": 2}",
        };

        (void)data;
        (void)world_add(fixture->base.world, "HostNetworkSystem", "networkSystem-1", "host");
        for (unsigned i = 0; i < G_N_ELEMENTS(options); i++)
                assert_one_line_differs(fixture, options[i], reconfigure_once);
        for (unsigned i = 0; i < G_N_ELEMENTS(operations); i++)
                assert_one_line_differs(fixture, operations[i], operate_once);
}

#define VM_AND(more) "{\"vm\": \"web1\", " more "}"
#define VM_ALONE     "{\"vm\": \"web1\"}"

/* Every operation that changes something, with all that its command can say, is a line in every form. */
static void every_operation(Fixture *fixture, gconstpointer data)
{
        /* args NULL: it has no command. */
        static const struct {
                const char *operation, *args;
        } all[] = {
                {"AddCard",
                 VM_AND("\"port_group\": \"lab\", \"model\": \"e1000\", \"mac\": \"52:54:00:00:00:01\", "
                        "\"connected\": false")},
                {"AddCustomFieldDef", "{\"name\": \"Owner\", \"type\": \"vm\"}"},
                {"AddDatastore", "{\"name\": \"s\", \"path\": \"/s\"}"},
                {"AddDisk", VM_AND("\"size_mb\": 8, \"provisioning\": \"thick\", \"mode\": \"persistent\", "
                                   "\"bus\": \"sata\"")},
                {"AddDrive", VM_AND("\"bus\": \"sata\", \"target\": \"sda\", \"file\": \"\"")},
                {"AddPortGroup", "{\"name\": \"lab\", \"switch\": \"s\", \"vlan\": 5}"},
                {"AddVirtualSwitch", "{\"name\": \"s\", \"uplinks\": [\"eth0\"]}"},
                {"AdoptVM", VM_AND("\"folder\": \"/\"")},
                {"AnswerVM", VM_AND("\"id\": 5, \"answer\": \"retry\"")},
                {"ApplyPortGroups", "{\"table\": \"a,1\", \"switch\": \"s\", \"remove_others\": true}"},
                {"AttachDisk",
                 VM_AND("\"path\": \"[s] a.raw\", \"mode\": \"persistent\", \"bus\": \"sata\"")},
                {"CloneVM", VM_AND("\"count\": 3, \"prefix\": \"a\", \"attributes\": [\"Owner\"], "
                                   "\"power_on\": true, \"in_flight\": 2, \"new\": true")},
                {"ConfigureVM", VM_AND("\"settings\": {\"sched.mem.min\": \"8\", \"pool\": \"/\"}")},
                {"ConsolidateVMDisks", VM_ALONE},
                {"CreateCustomizationSpec", "{\"name\": \"lab\", \"text\": \"{}\"}"},
                {"CreateFolder", "{\"path\": \"/a\"}"},
                {"CreateSnapshot",
                 VM_AND("\"name\": \"s\", \"description\": \"d\", \"memory\": true, \"quiesce\": true")},
                {"CreateVM",
                 "{\"name\": \"n\", \"datastore\": \"s\", \"memory_mb\": 64, \"cpus\": 1, \"cpus_max\": 2, "
                 "\"disks\": [{\"from\": \"/i\"}, {\"size_mb\": 8, \"provisioning\": \"thick\"}], "
                 "\"cards\": "
                 "[{\"port_group\": \"lab\"}, {\"bridge\": \"br0\"}], \"cdrom\": \"\", \"kernel\": \"/k\", "
                 "\"initrd\": \"/i\", \"cmdline\": \"c\", \"firmware\": \"efi\", \"pager\": false, "
                 "\"folder\": \"/\"}"},
                {"CustomizeVM", VM_AND("\"spec\": \"lab\"")},
                {"DeleteCustomizationSpec", "{\"name\": \"lab\"}"},
                {"DestroyFolder", "{\"path\": \"/a\"}"},
                {"DestroyVM", VM_ALONE},
                {"ExtendDisk", VM_AND("\"target\": \"vda\", \"size_mb\": 16")},
                {"MarkAsTemplate", VM_ALONE},
                {"MarkAsVirtualMachine", VM_ALONE},
                {"MoveFolder", "{\"path\": \"/a\", \"to\": \"/b/c\"}"},
                {"MoveIntoFolder", "{\"vms\": [\"web1\"], \"folder\": \"/\"}"},
                {"OverwriteCustomizationSpec", "{\"name\": \"lab\", \"text\": \"{}\"}"},
                {"PowerOffVM", VM_AND("\"type\": \"soft\", \"timeout_s\": 5")},
                {"PowerOnVM", VM_ALONE},
                {"RebootGuest", VM_ALONE},
                {"ReconcileVMs", "{}"},
                {"ReconfigVM",
                 VM_AND("\"memory_mb\": 64, \"cpus\": 2, \"cdrom\": \"\", \"powerOffType\": \"hard\", "
                        "\"suspendType\": \"hard\", \"resetType\": \"hard\", \"standbyAction\": "
                        "\"checkpoint\", \"pager\": true")},
                {"RegisterVM", "{\"path\": \"[s] a/a.vmx\", \"folder\": \"/\", \"name\": \"a\"}"},
                {"ReleaseSpace", VM_ALONE},
                {"RelocateVM", VM_AND("\"datastore\": \"s\", \"provisioning\": \"thick\"")},
                {"RemoveAllSnapshots", VM_ALONE},
                {"RemoveCard", VM_AND("\"mac\": \"52:54:00:00:00:01\"")},
                {"RemoveCustomFieldDef", "{\"name\": \"Owner\"}"},
                {"RemoveDatastore", "{\"name\": \"s\"}"},
                {"RemoveDisk", VM_AND("\"target\": \"vda\", \"delete\": true")},
                {"RemoveDrive", VM_AND("\"target\": \"hda\"")},
                {"RemovePortGroup", "{\"name\": \"lab\"}"},
                {"RemoveSnapshot", VM_AND("\"snapshot\": \"s\", \"removeChildren\": true")},
                {"RemoveVirtualSwitch", "{\"name\": \"s\"}"},
                {"RenameCustomFieldDef", "{\"name\": \"Owner\", \"to\": \"Contact\"}"},
                {"RenameCustomizationSpec", "{\"name\": \"lab\", \"to\": \"lab2\"}"},
                {"RenameDatastore", "{\"name\": \"s\", \"to\": \"t\"}"},
                {"RenameSnapshot", VM_AND("\"snapshot\": \"s\", \"name\": \"t\", \"description\": \"d\"")},
                {"RenameVM", VM_AND("\"name\": \"web2\"")},
                {"ResetVM", VM_AND("\"type\": \"preset\"")},
                {"RevertToSnapshot", VM_AND("\"snapshot\": \"s\"")},
                {"SetCard", VM_AND("\"port_group\": \"lab\", \"connected\": true")},
                {"SetDiskMode", VM_AND("\"target\": \"vda\", \"mode\": \"persistent\"")},
                {"SetDrive", VM_AND("\"target\": \"hda\", \"file\": \"[s] a.iso\"")},
                {"SetField", VM_AND("\"name\": \"Owner\", \"value\": \"anna\"")},
                {"ShutdownGuest", VM_AND("\"timeout_s\": 5")},
                {"StandbyGuest", VM_ALONE},
                {"SuspendVM", VM_AND("\"type\": \"hard\"")},
                {"UnregisterVM", VM_ALONE},
                {"UpdatePortGroup", "{\"name\": \"lab\", \"vlan\": 5}"},
                {"UpdateVirtualSwitch", "{\"name\": \"s\", \"uplinks\": []}"},
                /* Files of datastores are no verb's. */
                {"CopyDatastoreFile", NULL},
                {"CopyVirtualDisk", NULL},
                {"CreateVirtualDisk", NULL},
                {"DeleteDatastoreFile", NULL},
                {"DeleteVirtualDisk", NULL},
                {"ExtendVirtualDisk", NULL},
                {"InflateVirtualDisk", NULL},
                {"MakeDirectory", NULL},
                {"MoveDatastoreFile", NULL},
                {"MoveVirtualDisk", NULL},
                {"PutDatastoreFile", NULL},
                {"RemoveDatastoreFile", NULL},
                {"SetVirtualDiskUuid", NULL},
                {"ShrinkVirtualDisk", NULL},
                {"ZeroFillVirtualDisk", NULL},
                /* By these methods of vim25 are carried out, which are recorded step by step. */
                {"ApplyConfigSpec", NULL},
                {"CloneFromSpec", NULL},
                {"CreateFromSpec", NULL},
                {"CustomizeFromSpec", NULL},
                {"DestroyFolderTree", NULL},
                {"RegisterFromSpec", NULL},
                {"RelocateFromSpec", NULL},
                {"RevertToCurrentSnapshot", NULL},
                /* Several switches and port groups, all or none: no verb does that. */
                {"UpdateNetworkConfig", NULL},
        };
        const char *name;
        bool is_task;

        (void)data;
        for (unsigned i = 0; (name = operations_offered(i, &is_task)) != NULL; i++) {
                unsigned place = 0;

                while (place < G_N_ELEMENTS(all) && strcmp(all[place].operation, name) != 0)
                        place++;
                g_assert_true(recorder_start(fixture->base.api, &fixture->base.admin, NULL));
                operate(fixture, name,
                        place < G_N_ELEMENTS(all) && all[place].args != NULL ? all[place].args : "{}");
                for (unsigned form = RECORDER_SHELL; form <= RECORDER_POWERCLI; form++) {
                        g_autofree char *calls = calls_of(fixture, (RecorderForm)form);
                        bool lacks = form == RECORDER_SHELL && place < G_N_ELEMENTS(all) &&
                                     all[place].args == NULL;

                        /* Who is not in the table reads. */
                        if ((*calls != '\0') != (place < G_N_ELEMENTS(all)) ||
                            (strstr(calls, "# ") != NULL) != lacks)
                                g_error("%s: %s", name, calls);
                }
        }
}

/* As a user of the guest, whose password is nowhere. */
static void guests(Fixture *fixture, gconstpointer data)
{
        Managed *files = world_add(fixture->base.world, "GuestFileManager", "files", NULL),
                *processes = world_add(fixture->base.world, "GuestProcessManager", "processes", NULL);
        VimValue *spec = vim_new_object("GuestProgramSpec"),
                 *auth = vim_new_object("NamePasswordAuthentication");

        (void)data;
        vim_set_text(auth, "username", "ann");
        vim_set_text(auth, "password", "horse");
        vim_set_bool(auth, "interactiveSession", false);
        vim_set_text(spec, "programPath", "/bin/sh");
        vim_set_text(spec, "arguments", "-c true");
        vim_set_text(spec, "workingDirectory", "/tmp");
        vim_set(spec, "envVariables", text("A=1"));
        (void)call(&fixture->base, &fixture->base.admin, processes, "StartProgramInGuest", "vm",
                   managed_reference(fixture->vm), "auth", vim_ref(auth), "spec", spec, NULL);
        (void)call(&fixture->base, &fixture->base.admin, files, "MakeDirectoryInGuest", "vm",
                   managed_reference(fixture->vm), "auth", vim_ref(auth), "directoryPath", text("/a"),
                   "createParentDirectories", vim_new_bool(true), NULL);
        (void)call(&fixture->base, &fixture->base.admin, files, "MoveFileInGuest", "vm",
                   managed_reference(fixture->vm), "auth", vim_ref(auth), "srcFilePath", text("/a"),
                   "dstFilePath", text("/b"), "overwrite", vim_new_bool(true), NULL);
        (void)call(&fixture->base, &fixture->base.admin, files, "DeleteDirectoryInGuest", "vm",
                   managed_reference(fixture->vm), "auth", auth, "directoryPath", text("/b"), "recursive",
                   vim_new_bool(true), NULL);
        assert_calls(fixture, RECORDER_SHELL,
                     "aerostat guest run --detach --user 'ann' --directory '/tmp' --environment 'A=1' -- "
                     "'web1' '/bin/sh' '-c true'\n"
                     "aerostat guest mkdir --user 'ann' --parents -- 'web1' '/a'\n"
                     "aerostat guest mv --user 'ann' --overwrite -- 'web1' '/a' '/b'\n"
                     "aerostat guest rm --directory --user 'ann' --recursive -- 'web1' '/b'\n");
        for (unsigned form = RECORDER_SHELL; form <= RECORDER_POWERCLI; form++) {
                g_autofree char *calls = calls_of(fixture, (RecorderForm)form);

                g_assert_null(strstr(calls, "horse"));
        }
}

/* What nobody has looked at yet when it is recorded. */
static void hostile_arguments(Fixture *fixture, gconstpointer data)
{
        static const char *const words[] = {
                "{}",
                "{\"vm\": 5, \"name\": 5, \"path\": [], \"to\": {}, \"vms\": [1], \"names\": [null], "
                "\"settings\": 5, \"options\": [], \"table\": 5, \"text\": 5}",
                "{\"vm\": \"web1\", \"settings\": {\"sched.mem.min\": {}, \"sched.mem.shares\": \"x\", "
                "\"pool\": 5}, \"names\": {}, \"vms\": [[]], \"customization\": 7, \"type\": {}, "
                "\"size_mb\": "
                "\"a\", \"vlan\": \"x\", \"uplinks\": [5], \"disks\": [5], \"cards\": 5, \"path\": \"\", "
                "\"to\": \"\", \"name\": {}, \"value\": [], \"snapshot\": \"#\", \"options\": {\"a\": []}}"};
        bool is_task;
        const char *name;

        (void)data;
        for (unsigned i = 0; (name = operations_offered(i, &is_task)) != NULL; i++) {
                for (unsigned w = 0; w < G_N_ELEMENTS(words); w++)
                        operate(fixture, name, words[w]);
                for (unsigned form = RECORDER_SHELL; form <= RECORDER_POWERCLI; form++)
                        g_free(calls_of(fixture, (RecorderForm)form));
                g_assert_true(recorder_start(fixture->base.api, &fixture->base.admin, NULL));
        }
}

/* A task that fails after its call was answered was nothing. */
static void tasks_that_fail(Fixture *fixture, gconstpointer data)
{
        (void)data;
        for (unsigned fails = 0; fails < 2; fails++) {
                VimValue *info = vim_new_object("TaskInfo");
                Managed *task;

                (void)call(&fixture->base, &fixture->base.admin, fixture->vm, "ResetVM_Task", NULL);
                assert_calls(fixture, RECORDER_SHELL,
                             fails ? "aerostat vm reset --hard 'web1'\naerostat vm reset --hard 'web1'\n"
                                   : "aerostat vm reset --hard 'web1'\n");
                task = world_find(fixture->base.world, "task-1");
                vim_set_text(info, "state", fails ? "error" : "success");
                managed_set(task, "info", info);
                api_signal(fixture->base.api, API_TASK_INFO_CHANGED, task);
                world_remove(task);
        }
        assert_calls(fixture, RECORDER_SHELL, "aerostat vm reset --hard 'web1'\n");
}

/* What a client chooses stays between its quotes. */
static void hostile_words(Fixture *fixture, gconstpointer data)
{
        static const char words[] = "a'; rm -rf / #\xe2\x80\x99; Remove-Item $(x)\"\\\n$(y) `z`";
        g_autofree char *line = NULL;

        (void)data;
        (void)call(&fixture->base, &fixture->base.admin, fixture->vm, "Rename_Task", "newName", text(words),
                   NULL);
        line = calls_of(fixture, RECORDER_POWERCLI);
        g_assert_nonnull(strstr(line, "'a''; rm -rf / #\xe2\x80\x99\xe2\x80\x99; Remove-Item"));
        g_free(line);
        line = calls_of(fixture, RECORDER_PYTHON);
        g_assert_nonnull(strstr(line, "$(x)\\\"\\\\"));
        g_free(line);
        line = calls_of(fixture, RECORDER_SHELL);
        g_assert_nonnull(strstr(line, "'a'\\''; rm -rf"));
}

static void bounded(Fixture *fixture, gconstpointer data)
{
        Session session = fixture->base.admin;
        g_autoptr(GError) error = NULL;

        (void)data;
        for (unsigned i = 1; i < RECORDINGS_MAX; i++) {
                g_autofree char *id = g_strdup_printf("%u", i);

                session.id = id;
                g_assert_true(recorder_start(fixture->base.api, &session, NULL));
        }
        session.id = (char[]){"more"};
        g_assert_false(recorder_start(fixture->base.api, &session, &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_BUSY);
        for (unsigned i = 0; i < RECORDED_MAX + 3; i++)
                (void)call(&fixture->base, &fixture->base.admin, fixture->vm, "PowerOnVM_Task", NULL);
        {
                g_autofree char *calls = calls_of(fixture, RECORDER_SHELL);

                g_assert_nonnull(strstr(calls, "# 3 calls more are not here"));
        }
}

static void add(const char *path, void (*test)(Fixture *, gconstpointer))
{
        g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        add("/api-recorder/all-forms", all_forms);
        add("/api-recorder/what-is-kept", what_is_kept);
        add("/api-recorder/no-secrets", no_secrets);
        add("/api-recorder/one-setting-one-line", one_setting_one_line);
        add("/api-recorder/settings-for-a-shell", settings_for_a_shell);
        add("/api-recorder/clones", clones);
        add("/api-recorder/operations-by-name", operations_by_name);
        add("/api-recorder/operations-of-aerostat", operations_of_aerostat);
        add("/api-recorder/each-setting-one-line", each_setting_one_line);
        add("/api-recorder/every-operation", every_operation);
        add("/api-recorder/guests", guests);
        add("/api-recorder/hostile-arguments", hostile_arguments);
        add("/api-recorder/tasks-that-fail", tasks_that_fail);
        add("/api-recorder/hostile-words", hostile_words);
        add("/api-recorder/bounded", bounded);
        return g_test_run();
}
