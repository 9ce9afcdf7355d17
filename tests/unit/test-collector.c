/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The property collector's one-time reading: what is selected, what is read of it, pages, who may. */
#include "collector-world.h"

#define PC "propertyCollector"

/* The parts of a specification; spec(): of one PropertyFilterSpec, in RetrieveProperties' arguments. */
#define SPEC(props, objects) "{'propSet':[" props "],'objectSet':[" objects "]}"
#define SPECS(list)          "{'specSet':[" list "],'options':{}}"
#define ONE(props, objects)  "{'specSet':[" SPEC(props, objects) "]}"
#define PROPS(type, paths)   "{'type':'" type "','pathSet':[" paths "]}"
#define OBJECT(ref)          "{'obj':" ref "}"
#define FROM(ref, select)    "{'obj':" ref ",'skip':true,'selectSet':[" select "]}"
#define NAMED(name)          "{'_typeName':'SelectionSpec','name':'" name "'}"
#define GO(name, type, path, select)                                                     \
        "{'_typeName':'TraversalSpec','name':'" name "','type':'" type "','path':'" path \
        "','selectSet':[" select "]}"
#define VM1 REF("VirtualMachine", "vm-1")
#define VM2 REF("VirtualMachine", "vm-2")

/* Folders below folders, and the VMs' folder of datacenters: what every client uses. */
#define DOWN                                                                      \
        GO("folders", "Folder", "childEntity", NAMED("folders") "," NAMED("vms")) \
        "," GO("vms", "Datacenter", "vmFolder", NAMED("folders"))

static const char *retrieve(Lab *lab, const char *args)
{
        return lab_ask(lab, PC, "RetrieveProperties", args);
}

static void test_paths(void)
{
        g_autoptr(Lab) lab = lab_new();

        g_assert_cmpstr(retrieve(lab, ONE(PROPS("VirtualMachine", "'name','config.hardware.memoryMB'"),
                                          OBJECT(VM1))),
                        ==, "vm-1{name=web1 config.hardware.memoryMB=512}");
        g_assert_cmpstr(
                retrieve(lab, ONE(PROPS("VirtualMachine", "'config.hardware.device[2001].deviceInfo.label'"),
                                  OBJECT(VM1))),
                ==, "vm-1{config.hardware.device[2001].deviceInfo.label=disk 1}");
        /* What is unset is not there; nor is an item that is not. */
        g_assert_cmpstr(retrieve(lab, ONE(PROPS("VirtualMachine",
                                                "'snapshot','config.hardware.device[7]','guest.net'"),
                                          OBJECT(VM1))),
                        ==, "vm-1{}");
        /* Nothing is asked for but which objects there are. */
        g_assert_cmpstr(retrieve(lab, ONE("{'type':'VirtualMachine'}", OBJECT(VM1))), ==, "vm-1{}");
        /* By a base type, twice, and in two specifications of one type. */
        g_assert_cmpstr(retrieve(lab, ONE(PROPS("ManagedEntity", "'name','name'") "," PROPS(
                                                  "VirtualMachine", "'name','config.name'"),
                                          OBJECT(VM1))),
                        ==, "vm-1{name=web1 config.name=web1}");
        /* Of a type that none of the objects has. */
        g_assert_cmpstr(retrieve(lab, ONE(PROPS("HostSystem", "'name'"), OBJECT(VM1))), ==, "");
}

static void test_keys_of_text(void)
{
        g_autoptr(Lab) lab = lab_new();
        VimValue *config = vim_new_object("VirtualMachineConfigInfo"),
                 *option = vim_new_object("OptionValue");

        vim_set_text(option, "key", "sched.mem.max");
        vim_set(option, "value", vim_new_string("many"));
        vim_set(config, "extraConfig", option);
        managed_set(world_find(lab->world, "vm-1"), "config", config);
        g_assert_cmpstr(
                retrieve(lab, ONE(PROPS("VirtualMachine", "'config.extraConfig[\\'sched.mem.max\\'].value'"),
                                  OBJECT(VM1))),
                ==, "vm-1{config.extraConfig[\"sched.mem.max\"].value=many}");
        /* A property that is a list itself. */
        g_assert_cmpstr(retrieve(lab, ONE(PROPS("Folder", "'childEntity[\\'vm-1\\']'"), OBJECT(VM_FOLDER))),
                        ==, "group-v3{childEntity[\"vm-1\"]=vm-1}");
}

static void test_all(void)
{
        g_autoptr(Lab) lab = lab_new();
        const char *text;

        text = retrieve(lab, ONE("{'type':'VirtualMachine','all':true,'pathSet':['no such']}", OBJECT(VM1)));
        g_assert_nonnull(strstr(text, "name=web1"));
        g_assert_nonnull(strstr(text, "config=VirtualMachineConfigInfo"));
        g_assert_nonnull(strstr(text, "recentTask=[]"));
        g_assert_null(strstr(text, "snapshot"));
        /* Also what only the object's own type has. */
        text = retrieve(lab, ONE("{'type':'ManagedEntity','all':true}", OBJECT(VM1)));
        g_assert_nonnull(strstr(text, "config=VirtualMachineConfigInfo"));
}

static void test_wrong_paths(void)
{
        static const char *const wrong[] = {"'nothing'",
                                            "'config.nothing'",
                                            "'name.length'",
                                            "'config.hardware.device.key'",
                                            "'config.hardware.memoryMB[1]'",
                                            "'parent.name'",
                                            "''",
                                            "'config.'",
                                            "'config[1]'",
                                            "'.name'"};
        g_autoptr(Lab) lab = lab_new();

        for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
                g_autofree char *args = g_strdup_printf("{'specSet':[{'propSet':[{'type':'VirtualMachine','"
                                                        "pathSet':[%s]}],'objectSet':[%s]}]}",
                                                        wrong[i], OBJECT(VM1));

                g_assert_cmpstr(retrieve(lab, args), ==, "InvalidProperty");
        }
        /* Other types have it. */
        g_assert_cmpstr(retrieve(lab, ONE(PROPS("ManagedEntity", "'config'"), OBJECT(VM1))), ==,
                        "InvalidProperty");
        g_assert_cmpstr(retrieve(lab, ONE(PROPS("NoSuchThing", "'name'"), OBJECT(VM1))), ==, "InvalidType");
        g_assert_cmpstr(retrieve(lab, ONE(PROPS("OptionValue", "'key'"), OBJECT(VM1))), ==, "InvalidType");
        g_assert_cmpstr(retrieve(lab, "{'specSet':[{'propSet':[],'objectSet':[]}]}"), ==, "InvalidArgument");
        g_assert_cmpstr(retrieve(lab, ONE(PROPS("VirtualMachine", "'name'"), FROM(ROOT, NAMED("nothing")))),
                        ==, "InvalidArgument");
        g_assert_cmpstr(retrieve(lab, ONE(PROPS("VirtualMachine", "'name'"),
                                          FROM(ROOT, GO("a", "Folder", "nothing", "")))),
                        ==, "InvalidArgument");
}

static void test_newer_properties(void)
{
        g_autoptr(Lab) lab = lab_new();
        g_autofree char *body =
                g_strdelimit(g_strdup(ONE("{'type':'VirtualMachine','all':true}", OBJECT(VM1))), "'", '"');
        Managed *target = world_find(lab->world, PC);
        const VimMethod *method = vim_type_method(target->type, "RetrieveProperties");
        VimValue **args;

        managed_set(world_find(lab->world, "vm-1"), "rootSnapshot", vim_new_list("VirtualMachineSnapshot"));
        g_assert_nonnull(strstr(retrieve(lab, ONE("{'type':'VirtualMachine','all':true}", OBJECT(VM1))),
                                "rootSnapshot=[]"));
        g_assert_true(json_read_args(body, strlen(body), method, &args, NULL));
        reply_clear(&lab->last);
        (void)request_start(lab->api, lab->session, VIM_2_5, target, method, args, on_reply, &lab->last);
        g_free(args);
        g_assert_null(strstr(reply_text(lab, &lab->last), "rootSnapshot"));
        g_assert_nonnull(strstr(reply_text(lab, &lab->last), "name=web1"));
}

static void test_traversal(void)
{
        g_autoptr(Lab) lab = lab_new();

        g_assert_cmpstr(retrieve(lab, ONE(PROPS("VirtualMachine", "'name'"), FROM(ROOT, DOWN))), ==,
                        "vm-1{name=web1} vm-2{name=web2}");
        /* Folders on the way are reported when they are asked for, the first not: it is skipped. */
        g_assert_cmpstr(retrieve(lab, ONE(PROPS("Folder", "'name'"), FROM(ROOT, DOWN))), ==,
                        "group-v3{name=vm} group-v5{name=lab}");
        /* Once only, whatever ways lead to it. */
        g_assert_cmpstr(retrieve(lab, ONE(PROPS("VirtualMachine", "'name'"),
                                          OBJECT(VM2) "," FROM(VM_FOLDER, DOWN) "," OBJECT(VM1))),
                        ==, "vm-2{name=web2} vm-1{name=web1}");
        /* What a traversal skips is not reported, and yet followed. */
        g_assert_cmpstr(
                retrieve(lab, ONE(PROPS("Folder", "'name'"),
                                  FROM(VM_FOLDER,
                                       "{'_typeName':'TraversalSpec','type':'Folder','path':'childEntity',"
                                       "'skip':true,'selectSet':[" GO("up", "ManagedEntity", "parent",
                                                                      "") "]}"))),
                ==, "group-v3{name=vm}");
        /* Along a path below a property; around a circle. */
        g_assert_cmpstr(
                retrieve(lab, ONE(PROPS("ManagedEntity", "'name'"),
                                  FROM(VM1, GO("up", "ManagedEntity", "parent",
                                               NAMED("up") "," GO("down", "Folder", "childEntity",
                                                                  NAMED("up") "," NAMED("down")))))),
                ==,
                "group-v3{name=vm} datacenter-2{name=ha-datacenter} group-v5{name=lab} vm-1{name=web1} "
                "group-d1{name=Datacenters} vm-2{name=web2}");
}

static void test_nested_traversal(void)
{
        g_autoptr(Lab) lab = lab_new();
        VimValue *snapshots = vim_new_object("VirtualMachineSnapshotInfo");

        (void)world_add(lab->world, "VirtualMachineSnapshot", "snapshot-1", NULL);
        vim_set_ref(snapshots, "currentSnapshot", "VirtualMachineSnapshot", "snapshot-1");
        managed_set(world_find(lab->world, "vm-1"), "snapshot", snapshots);
        g_assert_cmpstr(
                retrieve(lab, ONE("{'type':'VirtualMachineSnapshot'}",
                                  FROM(VM1, GO("s", "VirtualMachine", "snapshot.currentSnapshot", "")))),
                ==, "snapshot-1{}");
}

static void test_merged(void)
{
        g_autoptr(Lab) lab = lab_new();

        g_assert_cmpstr(lab_ask(lab, PC, "RetrievePropertiesEx",
                                SPECS(SPEC(PROPS("VirtualMachine", "'name'"), OBJECT(VM1)) "," SPEC(
                                        PROPS("VirtualMachine", "'config.name','name'"),
                                        OBJECT(VM2) "," OBJECT(VM1)))),
                        ==, "vm-1{name=web1 config.name=web1} vm-2{config.name=web2 name=web2}");
}

static void test_gone(void)
{
        g_autoptr(Lab) lab = lab_new();

        g_assert_cmpstr(retrieve(lab, ONE(PROPS("VirtualMachine", "'name'"),
                                          OBJECT(VM1) "," OBJECT(REF("VirtualMachine", "vm-9")))),
                        ==, "ManagedObjectNotFound");
        g_assert_cmpstr(vim_get_text(lab->last.fault, "obj"), ==, "vm-9");
        g_assert_cmpstr(retrieve(lab,
                                 "{'specSet':[{'reportMissingObjectsInResults':true,'propSet':["
                                 "{'type':'VirtualMachine','pathSet':['name']}],'objectSet':[{'obj':" REF(
                                         "VirtualMachine", "vm-9") "},{'obj':" VM1 "}]}]}"),
                        ==, "vm-1{name=web1}");
        /* It is there, but as something else. */
        g_assert_cmpstr(retrieve(lab, ONE(PROPS("ManagedEntity", "'name'"), OBJECT(REF("Folder", "vm-1")))),
                        ==, "ManagedObjectNotFound");
}

static void test_privileges(void)
{
        g_autoptr(Lab) lab = lab_new();
        Session *reader = lab_session("reader", ROLE_READ_ONLY);
        const char *content = ONE(PROPS("ServiceInstance", "'content','serverClock'"),
                                  OBJECT(REF("ServiceInstance", "ServiceInstance")));

        g_assert_cmpstr(lab_ask_as(lab, reader, PC, "RetrieveProperties",
                                   ONE(PROPS("VirtualMachine", "'name'"), OBJECT(VM1))),
                        ==, "vm-1{name=web1}");
        g_assert_cmpstr(lab_ask_as(lab, reader, PC, "RetrieveProperties", content), ==,
                        "ServiceInstance{content=ServiceContent serverClock=dateTime}");
        g_assert_cmpstr(lab_ask_as(lab, NULL, PC, "RetrieveProperties", content), ==,
                        "ServiceInstance{content=ServiceContent!serverClock:NotAuthenticated}");
        g_assert_cmpstr(lab_ask_as(lab, NULL, PC, "RetrieveProperties",
                                   ONE(PROPS("VirtualMachine", "'name'"), OBJECT(VM1))),
                        ==, "vm-1{!name:NotAuthenticated}");
        /* Nothing at all would look like an empty inventory. */
        g_assert_cmpstr(lab_ask_as(lab, NULL, PC, "RetrieveProperties",
                                   ONE(PROPS("VirtualMachine", "'name'"), FROM(ROOT, DOWN))),
                        ==, "NotAuthenticated");
        g_assert_cmpstr(lab_ask_as(lab, NULL, PC, "CreateFilter",
                                   "{'partialUpdates':false,'spec':" SPEC(PROPS("VirtualMachine", "'name'"),
                                                                          OBJECT(VM1)) "}"),
                        ==, "NotAuthenticated");
        lab_log_out(reader);
}

static void test_unreadable(void)
{
        g_autoptr(Lab) lab = lab_new();
        Session *reader = lab_session("reader", ROLE_READ_ONLY);
        Managed *manager = world_add(lab->world, "CustomizationSpecManager", "specs", NULL);

        managed_set(manager, "info", vim_new_list("CustomizationSpecInfo"));
        managed_set(manager, "encryptionKey", vim_new_list("byte"));
        g_assert_cmpstr(lab_ask_as(lab, reader, PC, "RetrieveProperties",
                                   ONE(PROPS("CustomizationSpecManager", "'info','encryptionKey'"),
                                       OBJECT(REF("CustomizationSpecManager", "specs")))),
                        ==, "specs{encryptionKey=[]!info:NoPermission}");
        g_assert_cmpstr(lab_ask_as(lab, reader, "specs", "Fetch", "{'prop':'info'}"), ==, "NoPermission");
        g_assert_cmpstr(lab_ask(lab, "specs", "Fetch", "{'prop':'info'}"), ==, "[]");
        lab_log_out(reader);
}

static const char *token_of(Lab *lab)
{
        const char *token = vim_get_text(lab->last.result, "token");

        return token != NULL ? lab_text(lab, g_strdup(token)) : NULL;
}

static const char *with_token(Lab *lab, const char *method, const char *token)
{
        g_autofree char *args = g_strdup_printf("{'token':'%s'}", token);

        return lab_ask(lab, PC, method, args);
}

static void test_pages(void)
{
        static const char all[] = "{'specSet':[" SPEC(PROPS("VirtualMachine", "'name'"),
                                                      FROM(ROOT, DOWN)) "],'options':{'maxObjects':2}}";
        g_autoptr(Lab) lab = lab_new();
        const char *token;

        for (unsigned i = 3; i <= 5; i++) {
                g_autofree char *id = g_strdup_printf("vm-%u", i), *name = g_strdup_printf("web%u", i);

                (void)lab_add_vm(lab, id, name, "group-v5");
        }
        g_assert_cmpstr(lab_ask(lab, PC, "RetrievePropertiesEx", all), ==,
                        "vm-1{name=web1} vm-2{name=web2}");
        token = token_of(lab);
        g_assert_nonnull(token);
        /* Another session's is none. */
        g_assert_cmpstr(lab_ask_as(lab, lab->other, PC, "ContinueRetrievePropertiesEx", "{'token':'x'}"), ==,
                        "InvalidArgument");
        lab_remove(lab, "vm-4");
        g_assert_cmpstr(with_token(lab, "ContinueRetrievePropertiesEx", token), ==,
                        "vm-3{name=web3} vm-5{name=web5}");
        g_assert_null(token_of(lab));
        g_assert_cmpstr(with_token(lab, "ContinueRetrievePropertiesEx", token), ==, "InvalidArgument");

        (void)lab_ask(lab, PC, "RetrievePropertiesEx", all);
        token = token_of(lab);
        g_assert_cmpstr(with_token(lab, "CancelRetrievePropertiesEx", token), ==, "-");
        g_assert_cmpstr(with_token(lab, "ContinueRetrievePropertiesEx", token), ==, "InvalidArgument");

        /* As many as one may have; the first is given up. */
        (void)lab_ask(lab, PC, "RetrievePropertiesEx", all);
        token = token_of(lab);
        for (unsigned i = 0; i < 16; i++)
                (void)lab_ask(lab, PC, "RetrievePropertiesEx", all);
        g_assert_cmpstr(with_token(lab, "ContinueRetrievePropertiesEx", token), ==, "InvalidArgument");
        g_assert_cmpstr(lab_ask(lab, PC, "RetrievePropertiesEx",
                                "{'specSet':[" SPEC(PROPS("VirtualMachine", "'name'"),
                                                    OBJECT(VM1)) "],'options':{'maxObjects':0}}"),
                        ==, "InvalidArgument");
        /* Nothing selected is no result. */
        g_assert_cmpstr(lab_ask(lab, PC, "RetrievePropertiesEx",
                                SPECS(SPEC(PROPS("HostSystem", "'name'"), FROM(ROOT, DOWN)))),
                        ==, "-");
}

static void test_fetch(void)
{
        g_autoptr(Lab) lab = lab_new();

        g_assert_cmpstr(lab_ask(lab, "vm-1", "Fetch", "{'prop':'name'}"), ==, "web1");
        g_assert_cmpstr(lab_ask(lab, "vm-1", "Fetch", "{'prop':'config.hardware.memoryMB'}"), ==, "512");
        g_assert_cmpstr(lab_ask(lab, "vm-1", "Fetch", "{'prop':'snapshot'}"), ==, "-");
        g_assert_cmpstr(lab_ask(lab, "vm-1", "Fetch", "{'prop':'nothing'}"), ==, "InvalidProperty");
        g_assert_cmpstr(lab_ask(lab, "group-v3", "Fetch", "{'prop':'childEntity'}"), ==, "[group-v5 vm-1]");
        g_assert_cmpstr(lab_ask_as(lab, NULL, "vm-1", "Fetch", "{'prop':'name'}"), ==, "NotAuthenticated");
        g_assert_cmpstr(lab_ask_as(lab, NULL, "ServiceInstance", "Fetch", "{'prop':'content'}"), ==,
                        "ServiceContent");
}

/* What a client may ask for at a time has bounds, and reaching them is cheap. */
static void test_bounds(void)
{
        g_autoptr(Lab) lab = lab_new();
        g_autoptr(GString) args = g_string_new("{'specSet':[{'objectSet':[" OBJECT(VM1) "],'propSet':[");

        for (unsigned i = 0; i < 5000; i++)
                g_string_append_printf(args, "%s" PROPS("VirtualMachine", "'name'"), i > 0 ? "," : "");
        g_string_append(args, "]}]}");
        g_assert_cmpstr(retrieve(lab, args->str), ==, "InvalidArgument");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/collector/paths", test_paths);
        g_test_add_func("/collector/keys of text", test_keys_of_text);
        g_test_add_func("/collector/all", test_all);
        g_test_add_func("/collector/wrong paths", test_wrong_paths);
        g_test_add_func("/collector/newer properties", test_newer_properties);
        g_test_add_func("/collector/traversal", test_traversal);
        g_test_add_func("/collector/nested traversal", test_nested_traversal);
        g_test_add_func("/collector/merged", test_merged);
        g_test_add_func("/collector/gone", test_gone);
        g_test_add_func("/collector/privileges", test_privileges);
        g_test_add_func("/collector/unreadable", test_unreadable);
        g_test_add_func("/collector/pages", test_pages);
        g_test_add_func("/collector/fetch", test_fetch);
        g_test_add_func("/collector/bounds", test_bounds);
        return g_test_run();
}
