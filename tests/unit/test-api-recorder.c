/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The recorder: what is kept of a session, and the scripts that are made of it. */
#include "recorder-fixture.h"

static VimValue *text(const char *words)
{
        return vim_new_string(words);
}

static void all_forms(RecorderFixture *fixture, gconstpointer data)
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
        recorder_assert_calls(fixture, RECORDER_SHELL,
                              "aerostat vm on 'web1'\n"
                              "aerostat attribute define --type 'vm' 'Owner'\n"
                              "aerostat attribute set 'Owner' 'it'\\''s \"a\"' 'web1'\n"
                              "aerostat vm rename 'web1' 'web2'\n"
                              "aerostat vm on 'web2'\n");
        recorder_assert_calls(
                fixture, RECORDER_PYTHON,
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
        recorder_assert_calls(fixture, RECORDER_POWERCLI,
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
static void what_is_kept(RecorderFixture *fixture, gconstpointer data)
{
        Managed *manager = world_add(fixture->base.world, "PerformanceManager", "PerfMgr", NULL);

        (void)data;
        (void)call(&fixture->base, &fixture->base.admin, fixture->vm, "Rename_Task", "newName", text("bad"),
                   NULL);
        assert_fault(&fixture->base, "InvalidArgument");
        (void)call(&fixture->base, &fixture->base.admin, manager, "QueryPerfCounterByLevel", "level",
                   vim_new_int(1), NULL);
        (void)call(&fixture->base, &fixture->base.operator, fixture->vm, "PowerOnVM_Task", NULL);
        recorder_assert_calls(fixture, RECORDER_SHELL, "");
        g_assert_cmpstr(recorder_user(fixture->base.api, "admin"), ==, "admin");
        g_assert_null(recorder_user(fixture->base.api, "operator"));
        g_assert_true(recorder_stop(fixture->base.api, "admin"));
        g_assert_false(recorder_stop(fixture->base.api, "admin"));
        (void)call(&fixture->base, &fixture->base.admin, fixture->vm, "PowerOnVM_Task", NULL);
        g_assert_null(recorder_script(fixture->base.api, "admin", RECORDER_SHELL));
}

static void no_secrets(RecorderFixture *fixture, gconstpointer data)
{
        VimValue *account = vim_new_object("HostAccountSpec");

        (void)data;
        vim_set_text(account, "id", "anna");
        vim_set_text(account, "password", "correct horse");
        (void)call(&fixture->base, &fixture->base.admin, fixture->accounts, "CreateUser", "user", account,
                   NULL);
        assert_no_fault(&fixture->base);
        for (unsigned form = RECORDER_SHELL; form <= RECORDER_POWERCLI; form++) {
                g_autofree char *calls = recorder_calls(fixture, (RecorderForm)form);

                g_assert_null(strstr(calls, "horse"));
                g_assert_nonnull(strstr(calls, "anna"));
                g_assert_true(form == RECORDER_SHELL || strstr(calls, "ecret") != NULL);
        }
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
static void one_setting_one_line(RecorderFixture *fixture, gconstpointer data)
{
        char *calls[2][3];

        (void)data;
        for (unsigned with_note = 0; with_note < 2; with_note++) {
                for (unsigned i = 0; i < 2; i++) {
                        recorder_to_tell = i == 0 ? "{\"vm\": \"" UUID
                                                    "\", \"settings\": {\"sched.mem.min\": \"128\"}}"
                                                  : "{\"vm\": \"" UUID
                                                    "\", \"settings\": {\"sched.mem.min\": \"256\"}}";
                        g_assert_true(recorder_start(fixture->base.api, &fixture->base.admin, NULL));
                        (void)call(&fixture->base, &fixture->base.admin, fixture->vm, "ReconfigVM_Task",
                                   "spec", reservation_spec(i == 0 ? 128 : 256, with_note ? "a note" : NULL),
                                   NULL);
                        for (unsigned form = RECORDER_SHELL; form <= RECORDER_POWERCLI; form++)
                                calls[i][form] = recorder_calls(fixture, (RecorderForm)form);
                }
                g_assert_true((strstr(calls[0][RECORDER_POWERCLI], "Set-VMResourceConfiguration") != NULL) ==
                              !with_note);
                for (unsigned form = RECORDER_SHELL; form <= RECORDER_POWERCLI; form++) {
                        g_assert_cmpuint(recorder_different_lines(calls[0][form], calls[1][form]), ==, 1);
                        g_free(calls[0][form]);
                        g_free(calls[1][form]);
                }
        }
}

static void settings_for_a_shell(RecorderFixture *fixture, gconstpointer data)
{
        (void)data;
        recorder_told(
                fixture, "ReconfigVM_Task",
                "{\"vm\": \"" UUID "\", \"options\": {\"aerostat.standbyAction\": \"powerOnSuspend\", "
                "\"powerType.powerOff\": null, \"aerostat.annotation\": \"a\\nnote\"}, "
                "\"settings\": {\"sched.mem.shares\": \"high\", \"sched.mem.min\": \"128\", "
                "\"sched.mem.max\": \"-1\", \"sched.mem.maxmemctl\": \"-1\", \"sched.swap.dir\": \"\", "
                "\"sched.mem.pshare.enable\": \"FALSE\"}, "
                "\"steps\": [{\"method\": \"ReconfigVM\", \"args\": {\"memory_mb\": 1024, \"cdrom\": "
                "\"\"}}, "
                "{\"method\": \"AddDisk\", \"args\": {\"size_mb\": 16, \"provisioning\": \"thick\"}}, "
                "{\"method\": \"AddCard\", \"args\": {\"port_group\": \"lab\", \"connected\": false}}]}",
                vim_new_object("VirtualMachineConfigSpec"));
        recorder_assert_calls(
                fixture, RECORDER_SHELL,
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

static void clones(RecorderFixture *fixture, gconstpointer data)
{
        (void)data;
        recorder_told(
                fixture, "CloneVM_Task",
                "{\"specification\": {\"name\": \"api 1\", \"text\": \"{\\\"users\\\": [{\\\"name\\\": "
                "\\\"ops\\\", \\\"password_hash\\\": \\\"hidden\\\"}]}\"}, "
                "\"first\": {\"method\": \"CloneVM\", \"args\": {\"vm\": \"" UUID
                "\", \"names\": [\"it's\"], "
                "\"linked\": true, \"template\": false, \"new\": true, \"folder\": \"/\", "
                "\"customization\": \"api 1\"}}, "
                "\"last\": {\"method\": \"PowerOnVM\", \"args\": {}}}",
                clone_spec("createNewChildDiskBacking"));
        recorder_told(fixture, "CloneVM_Task",
                      "{\"first\": {\"method\": \"CloneVM\", \"args\": {\"vm\": \"" UUID
                      "\", \"names\": [\"-x\"], "
                      "\"linked\": false, \"template\": true, \"folder\": \"/\"}}}",
                      clone_spec(NULL));
        recorder_assert_calls(
                fixture, RECORDER_SHELL,
                "aerostat customization create 'recorded' - <<'EOF'\n"
                "{\n  \"users\" : [\n    {\n      \"name\" : \"ops\"\n    }\n  ]\n}\n"
                "EOF\n"
                "aerostat vm clone --customization 'recorded' --folder '/' --new 'web1' 'it'\\''s'\n"
                "aerostat vm on 'it'\\''s'\n"
                "aerostat customization delete 'recorded'\n"
                "aerostat vm clone --full --customization none --folder '/' --template -- 'web1' '-x'\n");
        {
                g_autofree char *calls = recorder_calls(fixture, RECORDER_POWERCLI);

                /* Without a snapshot there is no cmdlet for a linked clone. */
                g_assert_nonnull(strstr(calls, "CloneVM_Task(\n"));
                g_assert_nonnull(strstr(calls, "$vm = New-VM `\n"
                                               "    -Name 'it''s' `\n"
                                               "    -VM (Entity 'ha/vm/web1') `\n"
                                               "    -Location (Entity 'ha/vm')\n"
                                               "Start-VM -VM $vm -Confirm:$false\n"));
        }
}

static void guests(RecorderFixture *fixture, gconstpointer data)
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
        recorder_assert_calls(
                fixture, RECORDER_SHELL,
                "aerostat guest run --detach --user 'ann' --directory '/tmp' --environment 'A=1' -- "
                "'web1' '/bin/sh' '-c true'\n"
                "aerostat guest mkdir --user 'ann' --parents -- 'web1' '/a'\n"
                "aerostat guest mv --user 'ann' --overwrite -- 'web1' '/a' '/b'\n"
                "aerostat guest rm --directory --user 'ann' --recursive -- 'web1' '/b'\n");
        for (unsigned form = RECORDER_SHELL; form <= RECORDER_POWERCLI; form++) {
                g_autofree char *calls = recorder_calls(fixture, (RecorderForm)form);

                g_assert_null(strstr(calls, "horse"));
        }
}

/* What nobody has looked at yet when it is recorded. */
static void hostile_arguments(RecorderFixture *fixture, gconstpointer data)
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
                        recorder_operate(fixture, name, words[w]);
                for (unsigned form = RECORDER_SHELL; form <= RECORDER_POWERCLI; form++)
                        g_free(recorder_calls(fixture, (RecorderForm)form));
                g_assert_true(recorder_start(fixture->base.api, &fixture->base.admin, NULL));
        }
}

/* A task that fails after its call was answered was nothing. */
static void tasks_that_fail(RecorderFixture *fixture, gconstpointer data)
{
        (void)data;
        for (unsigned fails = 0; fails < 2; fails++) {
                VimValue *info = vim_new_object("TaskInfo");
                Managed *task;

                (void)call(&fixture->base, &fixture->base.admin, fixture->vm, "ResetVM_Task", NULL);
                recorder_assert_calls(
                        fixture, RECORDER_SHELL,
                        fails ? "aerostat vm reset --hard 'web1'\naerostat vm reset --hard 'web1'\n"
                              : "aerostat vm reset --hard 'web1'\n");
                task = world_find(fixture->base.world, "task-1");
                vim_set_text(info, "state", fails ? "error" : "success");
                managed_set(task, "info", info);
                api_signal(fixture->base.api, API_TASK_INFO_CHANGED, task);
                world_remove(task);
        }
        recorder_assert_calls(fixture, RECORDER_SHELL, "aerostat vm reset --hard 'web1'\n");
}

/* What a client chooses stays between its quotes. */
static void hostile_words(RecorderFixture *fixture, gconstpointer data)
{
        static const char words[] = "a'; rm -rf / #\xe2\x80\x99; Remove-Item $(x)\"\\\n$(y) `z`";
        g_autofree char *line = NULL;

        (void)data;
        (void)call(&fixture->base, &fixture->base.admin, fixture->vm, "Rename_Task", "newName", text(words),
                   NULL);
        line = recorder_calls(fixture, RECORDER_POWERCLI);
        g_assert_nonnull(strstr(line, "'a''; rm -rf / #\xe2\x80\x99\xe2\x80\x99; Remove-Item"));
        g_free(line);
        line = recorder_calls(fixture, RECORDER_PYTHON);
        g_assert_nonnull(strstr(line, "$(x)\\\"\\\\"));
        g_free(line);
        line = recorder_calls(fixture, RECORDER_SHELL);
        g_assert_nonnull(strstr(line, "'a'\\''; rm -rf"));
}

static void bounded(RecorderFixture *fixture, gconstpointer data)
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
                g_autofree char *calls = recorder_calls(fixture, RECORDER_SHELL);

                g_assert_nonnull(strstr(calls, "# 3 calls more are not here"));
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        recorder_add_test("/api-recorder/all-forms", all_forms);
        recorder_add_test("/api-recorder/what-is-kept", what_is_kept);
        recorder_add_test("/api-recorder/no-secrets", no_secrets);
        recorder_add_test("/api-recorder/one-setting-one-line", one_setting_one_line);
        recorder_add_test("/api-recorder/settings-for-a-shell", settings_for_a_shell);
        recorder_add_test("/api-recorder/clones", clones);
        recorder_add_test("/api-recorder/guests", guests);
        recorder_add_test("/api-recorder/hostile-arguments", hostile_arguments);
        recorder_add_test("/api-recorder/tasks-that-fail", tasks_that_fail);
        recorder_add_test("/api-recorder/hostile-words", hostile_words);
        recorder_add_test("/api-recorder/bounded", bounded);
        return g_test_run();
}
