/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The recorder: what operations are as lines of a script, each of them and each of their settings. */
#include "recorder-fixture.h"

/* By vim25's words where it has them, with names; by the operation's where not, without secrets. */
static void operations_by_name(RecorderFixture *fixture, gconstpointer data)
{
        g_autofree char *head = NULL;

        (void)data;
        recorder_operate(fixture, "PowerOnVM", "{\"vm\": \"" UUID "\"}");
        recorder_operate(fixture, "RenameVM", "{\"vm\": \"web1\", \"name\": \"web2\"}");
        recorder_operate(fixture, "MoveIntoFolder", "{\"vms\": [\"web1\"], \"folder\": \"/\"}");
        recorder_operate(
                fixture, "ConfigureVM",
                "{\"vm\": \"web1\", \"settings\": {\"sched.mem.min\": \"64\", \"sched.mem.shares\": "
                "\"300\"}}");
        recorder_operate(fixture, "SetField",
                         "{\"vm\": \"web1\", \"name\": \"Owner\", \"value\": \"anna\"}");
        recorder_operate(fixture, "CloneVM", "{\"vm\": \"web1\", \"names\": [\"b\"], \"what_if\": true}");
        head = recorder_calls(fixture, RECORDER_PYTHON);
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
        recorder_assert_calls(
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
        recorder_assert_calls(fixture, RECORDER_SHELL,
                              "aerostat vm on 'web1'\n"
                              "aerostat vm rename 'web1' 'web2'\n"
                              "aerostat vm move --folder '/' 'web1'\n"
                              "aerostat vm set --shares '300' --reservation 64M 'web1'\n"
                              "aerostat attribute set 'Owner' 'anna' 'web1'\n");
}

static void operations_of_aerostat(RecorderFixture *fixture, gconstpointer data)
{
        static const char *const helpers[] = {"aerostat ", "def operate(", "function Invoke-Operation("};
        GString *script;

        (void)data;
        for (unsigned form = RECORDER_PYTHON; form <= RECORDER_POWERCLI; form++) {
                script = recorder_script(fixture->base.api, "admin", (RecorderForm)form);
                g_assert_null(strstr(script->str, helpers[form]));
                (void)g_string_free(script, TRUE);
        }
        recorder_operate(fixture, "PowerOffVM",
                         "{\"vm\": \"" UUID "\", \"type\": \"preset\", \"timeout_s\": 30}");
        recorder_operate(
                fixture, "CreateVM",
                "{\"name\": \"a\", \"datastore\": \"store\", \"memory_mb\": 64, \"pager\": true, \"disks\": "
                "[{\"size_mb\": 16, \"password\": \"horse\"}], \"cards\": []}");
        recorder_assert_calls(fixture, RECORDER_PYTHON,
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
        recorder_assert_calls(fixture, RECORDER_POWERCLI,
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
static void assert_one_line_differs(RecorderFixture *fixture, const char *what,
                                    void (*act)(RecorderFixture *, const char *, bool))
{
        char *calls[2][3];

        for (unsigned i = 0; i < 2; i++) {
                g_assert_true(recorder_start(fixture->base.api, &fixture->base.admin, NULL));
                act(fixture, what, i == 1);
                for (unsigned form = RECORDER_SHELL; form <= RECORDER_POWERCLI; form++)
                        calls[i][form] = recorder_calls(fixture, (RecorderForm)form);
        }
        for (unsigned form = RECORDER_SHELL; form <= RECORDER_POWERCLI; form++) {
                if (recorder_different_lines(calls[0][form], calls[1][form]) != 1)
                        g_error("%s: not one line:\n%s%s", what, calls[0][form], calls[1][form]);
                g_free(calls[0][form]);
                g_free(calls[1][form]);
        }
}

/* "OPERATION ONE OTHER ARGUMENTS", with "@" where the one or the other is. */
static void operate_once(RecorderFixture *fixture, const char *what, bool other)
{
        g_auto(GStrv) words = g_strsplit(what, " ", 4);
        g_auto(GStrv) parts = g_strsplit(words[3], "@", -1);
        g_autofree char *args = g_strjoinv(words[other ? 2 : 1], parts);

        recorder_operate(fixture, words[0], args);
}

/* As a client of vim25 says it. */
static void reconfigure_once(RecorderFixture *fixture, const char *what, bool other)
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
                vim_set(part, "value", vim_new_string(value));
                vim_set(spec, "extraConfig", part);
        }
        recorder_told(fixture, "ReconfigVM_Task", operations, spec);
        recorder_to_tell = "{}";
}

static void each_setting_one_line(RecorderFixture *fixture, gconstpointer data)
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
static void every_operation(RecorderFixture *fixture, gconstpointer data)
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
                recorder_operate(fixture, name,
                                 place < G_N_ELEMENTS(all) && all[place].args != NULL ? all[place].args
                                                                                      : "{}");
                for (unsigned form = RECORDER_SHELL; form <= RECORDER_POWERCLI; form++) {
                        g_autofree char *calls = recorder_calls(fixture, (RecorderForm)form);
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
int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        recorder_add_test("/api-recorder-operations/operations-by-name", operations_by_name);
        recorder_add_test("/api-recorder-operations/operations-of-aerostat", operations_of_aerostat);
        recorder_add_test("/api-recorder-operations/each-setting-one-line", each_setting_one_line);
        recorder_add_test("/api-recorder-operations/every-operation", every_operation);
        return g_test_run();
}
