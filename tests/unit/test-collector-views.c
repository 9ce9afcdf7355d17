/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Views of the inventory that follow it, and searches in it. */
#include "collector-world.h"

#define VM1 REF("VirtualMachine", "vm-1")
#define VM2 REF("VirtualMachine", "vm-2")

/* The id of a new view. */
static const char *create(Lab *lab, const char *method, const char *args)
{
        const char *id = lab_ask(lab, "ViewManager", method, args);

        g_assert_nonnull(world_find(lab->world, id));
        return id;
}

static const char *create_container(Lab *lab, const char *container, const char *types, bool recursive)
{
        g_autofree char *args = g_strdup_printf("{'container':%s,'type':[%s],'recursive':%s}", container,
                                                types, recursive ? "true" : "false");

        return create(lab, "CreateContainerView", args);
}

static const char *shown(Lab *lab, const char *view)
{
        return lab_ask(lab, view, "Fetch", "{'prop':'view'}");
}

static void test_container(void)
{
        g_autoptr(Lab) lab = lab_new();
        const char *vms = create_container(lab, ROOT, "'VirtualMachine'", true);

        g_assert_cmpstr(shown(lab, vms), ==, "[vm-1 vm-2]");
        g_assert_cmpstr(shown(lab, create_container(lab, ROOT, "'Folder','VirtualMachine'", true)), ==,
                        "[group-v3 group-h4 group-v5 vm-1 vm-2]");
        g_assert_cmpstr(shown(lab, create_container(lab, ROOT, "", true)), ==,
                        "[datacenter-2 group-v3 group-h4 group-v5 vm-1 vm-2]");
        g_assert_cmpstr(shown(lab, create_container(lab, ROOT, "", false)), ==, "[datacenter-2]");
        g_assert_cmpstr(shown(lab, create_container(lab, VM_FOLDER, "'VirtualMachine'", false)), ==,
                        "[vm-1]");
        g_assert_cmpstr(shown(lab, create_container(lab, VM_FOLDER, "'ManagedEntity'", false)), ==,
                        "[group-v5 vm-1]");
        g_assert_cmpstr(lab_ask(lab, vms, "Fetch", "{'prop':'container'}"), ==, "group-d1");
        g_assert_cmpstr(lab_ask(lab, vms, "Fetch", "{'prop':'type'}"), ==, "[VirtualMachine]");
        g_assert_cmpstr(lab_ask(lab, vms, "Fetch", "{'prop':'recursive'}"), ==, "true");
        g_assert_cmpstr(
                lab_ask(lab, "ViewManager", "CreateContainerView", "{'container':" VM1 ",'recursive':true}"),
                ==, "InvalidArgument");
        g_assert_cmpstr(lab_ask(lab, "ViewManager", "CreateContainerView",
                                "{'container':" ROOT ",'type':['Nothing'],'recursive':true}"),
                        ==, "InvalidArgument");
}

/* Hosts and pools: their VMs are shown though they are two levels down. */
static void test_compute(void)
{
        g_autoptr(Lab) lab = lab_new();
        Managed *compute = lab_add(lab, "ComputeResource", "domain-1", "host", "group-h4");
        Managed *host = lab_add(lab, "HostSystem", "host-1", "host", "domain-1");
        Managed *pool = lab_add(lab, "ResourcePool", "resgroup-1", "Resources", "domain-1");
        Managed *inner = lab_add(lab, "ResourcePool", "resgroup-2", "inner", "resgroup-1");
        Managed *innermost = lab_add(lab, "ResourcePool", "resgroup-3", "innermost", "resgroup-2");

        entity_list_in(host, compute, "host");
        managed_set(compute, "resourcePool", managed_reference(pool));
        entity_list_in(inner, pool, "resourcePool");
        entity_list_in(innermost, inner, "resourcePool");
        entity_list_in(world_find(lab->world, "vm-1"), host, "vm");
        entity_list_in(world_find(lab->world, "vm-2"), host, "vm");
        entity_list_in(world_find(lab->world, "vm-1"), inner, "vm");
        entity_list_in(world_find(lab->world, "vm-2"), innermost, "vm");

        g_assert_cmpstr(shown(lab, create_container(lab, REF("ComputeResource", "domain-1"), "", false)), ==,
                        "[host-1 resgroup-1 vm-1 vm-2]");
        g_assert_cmpstr(
                shown(lab, create_container(lab, REF("HostSystem", "host-1"), "'VirtualMachine'", false)),
                ==, "[vm-1 vm-2]");
        g_assert_cmpstr(shown(lab, create_container(lab, REF("ResourcePool", "resgroup-1"), "", false)), ==,
                        "[resgroup-2 vm-1]");
        g_assert_cmpstr(shown(lab, create_container(lab, REF("ResourcePool", "resgroup-1"), "", true)), ==,
                        "[resgroup-2 resgroup-3 vm-1 vm-2]");
        g_assert_cmpstr(lab_ask(lab, "SearchIndex", "FindByInventoryPath",
                                "{'inventoryPath':'ha-datacenter/host/host/Resources/inner/web1'}"),
                        ==, "vm-1");
        g_assert_cmpstr(lab_ask(lab, "SearchIndex", "FindChild",
                                "{'entity':" REF("ComputeResource", "domain-1") ",'name':'Resources'}"),
                        ==, "resgroup-1");
}

static void test_container_follows(void)
{
        g_autoptr(Lab) lab = lab_new();
        const char *vms = create_container(lab, ROOT, "'VirtualMachine'", true);
        const char *twin = create_container(lab, ROOT, "'VirtualMachine'", true);
        const char *first = create_container(lab, VM_FOLDER, "'VirtualMachine'", false);

        /* At once, not when the main loop comes round. */
        (void)lab_add_vm(lab, "vm-3", "web3", "group-v5");
        g_assert_cmpstr(shown(lab, vms), ==, "[vm-1 vm-2 vm-3]");
        g_assert_cmpstr(shown(lab, twin), ==, "[vm-1 vm-2 vm-3]");
        g_assert_cmpstr(shown(lab, first), ==, "[vm-1]");
        entity_set_parent(world_find(lab->world, "vm-3"), world_find(lab->world, "group-v3"));
        lab_remove(lab, "vm-2");
        lab_settle();
        g_assert_cmpstr(shown(lab, vms), ==, "[vm-1 vm-3]");
        g_assert_cmpstr(shown(lab, first), ==, "[vm-1 vm-3]");
        /* One of two that show the same goes, and the other stays right. */
        g_assert_cmpstr(lab_ask(lab, vms, "DestroyView", "{}"), ==, "-");
        lab_remove(lab, "vm-3");
        g_assert_cmpstr(shown(lab, twin), ==, "[vm-1]");
        g_assert_null(world_find(lab->world, vms));
        /* Only taken out of the world, without a word to its folder. */
        world_remove(world_find(lab->world, "vm-1"));
        g_assert_cmpstr(shown(lab, twin), ==, "[]");
}

static void test_list(void)
{
        g_autoptr(Lab) lab = lab_new();
        const char *view =
                create(lab, "CreateListView", "{'obj':[" VM2 "," VM1 "," VM2 "," REF("Task", "task-9") "]}");
        const char *copy;

        g_assert_cmpstr(shown(lab, view), ==, "[vm-2 vm-1]");
        g_assert_cmpstr(lab_ask(lab, view, "ModifyListView",
                                "{'add':[" VM_FOLDER "," REF("Task", "task-9") "],'remove':[" VM2 "]}"),
                        ==, "[task-9]");
        g_assert_cmpstr(shown(lab, view), ==, "[vm-1 group-v3]");
        copy = lab_text(lab, g_strdup_printf("{'view':" REF("ListView", "%s") "}", view));
        copy = create(lab, "CreateListViewFromView", copy);
        g_assert_cmpstr(lab_ask(lab, view, "ResetListView", "{'obj':[" VM2 "]}"), ==, "[]");
        g_assert_cmpstr(shown(lab, view), ==, "[vm-2]");
        g_assert_cmpstr(shown(lab, copy), ==, "[vm-1 group-v3]");
        g_assert_cmpstr(lab_ask(lab, view, "ResetListViewFromView",
                                lab_text(lab, g_strdup_printf("{'view':" REF("ListView", "%s") "}", copy))),
                        ==, "-");
        g_assert_cmpstr(shown(lab, view), ==, "[vm-1 group-v3]");
}

static void test_inventory(void)
{
        g_autoptr(Lab) lab = lab_new();
        const char *view = create(lab, "CreateInventoryView", "{}");

        g_assert_cmpstr(shown(lab, view), ==, "[group-d1]");
        /* A datacenter comes with its folders. */
        g_assert_cmpstr(lab_ask(lab, view, "OpenInventoryViewFolder",
                                "{'entity':[" ROOT "," REF("Folder", "group-v9") "]}"),
                        ==, "[group-v9]");
        g_assert_cmpstr(shown(lab, view), ==, "[group-d1 datacenter-2 group-v3 group-h4]");
        (void)lab_ask(lab, view, "OpenInventoryViewFolder", "{'entity':[" VM_FOLDER "]}");
        (void)lab_add_vm(lab, "vm-3", "web3", "group-v3");
        g_assert_cmpstr(shown(lab, view), ==,
                        "[group-d1 datacenter-2 group-v3 group-h4 group-v5 vm-1 vm-3]");
        /* What is open below goes as well. */
        g_assert_cmpstr(lab_ask(lab, view, "CloseInventoryViewFolder", "{'entity':[" ROOT "]}"), ==, "[]");
        g_assert_cmpstr(shown(lab, view), ==, "[group-d1]");
}

static void test_owners(void)
{
        g_autoptr(Lab) lab = lab_new();
        const char *view = create_container(lab, ROOT, "'VirtualMachine'", true);

        g_assert_cmpstr(lab_ask(lab, "ViewManager", "Fetch", "{'prop':'viewList'}"), ==,
                        lab_text(lab, g_strdup_printf("[%s]", view)));
        g_assert_cmpstr(lab_ask_as(lab, lab->other, "ViewManager", "Fetch", "{'prop':'viewList'}"), ==,
                        "[]");
        g_assert_cmpstr(lab_ask_as(lab, lab->other, view, "DestroyView", "{}"), ==, "ManagedObjectNotFound");
        for (unsigned i = 1; i < SESSION_OWNED_MAX; i++)
                (void)create(lab, "CreateListView", "{}");
        g_assert_cmpstr(lab_ask(lab, "ViewManager", "CreateListView", "{}"), ==, "LimitExceeded");
        g_assert_cmpstr(lab_ask(lab, view, "DestroyView", "{}"), ==, "-");
        (void)create(lab, "CreateInventoryView", "{}");
}

/* === search === */

static const char *find(Lab *lab, const char *method, const char *args)
{
        return lab_ask(lab, "SearchIndex", method, args);
}

static void test_inventory_path(void)
{
        static const char *const paths[][2] = {
                {"ha-datacenter", "datacenter-2"},
                {"ha-datacenter/vm", "group-v3"},
                {"/ha-datacenter/vm/lab/web2/", "vm-2"},
                {"ha-datacenter/vm/web2", "-"},
                {"", "group-d1"},
                {"ha-datacenter/vm/web1/x", "-"},
                {"ha-datacenter/vm/a%2fb", "vm-8"},
                {"ha-datacenter/vm/a/b", "-"},
                {"ha-datacenter/vm/50%25", "vm-9"},
        };
        g_autoptr(Lab) lab = lab_new();

        (void)lab_add_vm(lab, "vm-8", "a%2fb", "group-v3");
        (void)lab_add_vm(lab, "vm-9", "50%25", "group-v3");
        for (unsigned i = 0; i < G_N_ELEMENTS(paths); i++) {
                g_autofree char *args = g_strdup_printf("{'inventoryPath':'%s'}", paths[i][0]);

                g_assert_cmpstr(find(lab, "FindByInventoryPath", args), ==, paths[i][1]);
        }
        g_assert_cmpstr(find(lab, "FindChild", "{'entity':" VM_FOLDER ",'name':'lab'}"), ==, "group-v5");
        g_assert_cmpstr(find(lab, "FindChild", "{'entity':" VM_FOLDER ",'name':'web2'}"), ==, "-");
        g_assert_cmpstr(find(lab, "FindChild", "{'entity':" REF("Folder", "group-v9") ",'name':'x'}"), ==,
                        "ManagedObjectNotFound");
}

static void set_vm(Lab *lab, const char *id, const char *uuid, const char *path, const char *ip)
{
        Managed *vm = world_find(lab->world, id);
        VimValue *config = vim_new_object("VirtualMachineConfigInfo"), *guest = vim_new_object("GuestInfo");
        VimValue *files = vim_new_object("VirtualMachineFileInfo"), *nic = vim_new_object("GuestNicInfo");
        g_autofree char *host = g_strdup_printf("%s.lab.example", managed_peek(vm, "name")->text);

        vim_set_text(config, "uuid", uuid);
        vim_set_text(config, "instanceUuid", id);
        vim_set_text(files, "vmPathName", path);
        vim_set(config, "files", files);
        vim_set_text(guest, "hostName", host);
        vim_set(nic, "ipAddress", vim_new_string(ip));
        vim_set(guest, "net", nic);
        managed_set(vm, "config", config);
        managed_set(vm, "guest", guest);
}

static void test_search(void)
{
#define DC "'datacenter':" REF("Datacenter", "datacenter-2") ","
        g_autoptr(Lab) lab = lab_new();

        (void)lab_add(lab, "Datastore", "datastore-1", "fast", NULL);
        (void)lab_add(lab, "Datacenter", "datacenter-9", "empty", "group-d1");
        set_vm(lab, "vm-1", "aaaaaaaa-0000-4000-8000-000000000001", "[fast] web1/web1.vmx", "10.0.0.1");
        set_vm(lab, "vm-2", "aaaaaaaa-0000-4000-8000-000000000002", "[fast] web2/web2.vmx", "10.0.0.2");
        g_assert_cmpstr(
                find(lab, "FindByUuid", "{'uuid':'AAAAAAAA-0000-4000-8000-000000000002','vmSearch':true}"),
                ==, "vm-2");
        g_assert_cmpstr(find(lab, "FindByUuid", "{'uuid':'vm-2','vmSearch':true,'instanceUuid':true}"), ==,
                        "vm-2");
        g_assert_cmpstr(find(lab, "FindByUuid", "{'uuid':'vm-2','vmSearch':true}"), ==, "-");
        g_assert_cmpstr(find(lab, "FindByUuid", "{'uuid':'vm-2','vmSearch':false}"), ==, "-");
        g_assert_cmpstr(
                find(lab, "FindByUuid",
                     "{'datacenter':" REF("Datacenter", "datacenter-9") ",'uuid':'vm-2','vmSearch':true,"
                                                                        "'instanceUuid':true}"),
                ==, "-");
        g_assert_cmpstr(
                find(lab, "FindAllByUuid", "{" DC "'uuid':'vm-2','vmSearch':true,'instanceUuid':true}"), ==,
                "[vm-2]");
        g_assert_cmpstr(find(lab, "FindByDnsName", "{'dnsName':'WEB1.lab.example','vmSearch':true}"), ==,
                        "vm-1");
        g_assert_cmpstr(find(lab, "FindAllByDnsName", "{'dnsName':'nobody','vmSearch':true}"), ==, "[]");
        g_assert_cmpstr(find(lab, "FindByIp", "{'ip':'10.0.0.2','vmSearch':true}"), ==, "vm-2");
        g_assert_cmpstr(find(lab, "FindAllByIp", "{'ip':'10.0.0.3','vmSearch':true}"), ==, "[]");
        g_assert_cmpstr(find(lab, "FindByDatastorePath", "{" DC "'path':'[fast] web1/web1.vmx'}"), ==,
                        "vm-1");
        g_assert_cmpstr(find(lab, "FindByDatastorePath", "{" DC "'path':'[fast]web2/web2.vmx'}"), ==,
                        "vm-2");
        g_assert_cmpstr(find(lab, "FindByDatastorePath", "{" DC "'path':'[fast] web1'}"), ==, "-");
        g_assert_cmpstr(find(lab, "FindByDatastorePath", "{" DC "'path':'[slow] web1/web1.vmx'}"), ==,
                        "InvalidDatastore");
        g_assert_cmpstr(find(lab, "FindByDatastorePath", "{" DC "'path':'web1/web1.vmx'}"), ==,
                        "InvalidDatastorePath");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/views/container", test_container);
        g_test_add_func("/views/compute", test_compute);
        g_test_add_func("/views/container follows", test_container_follows);
        g_test_add_func("/views/list", test_list);
        g_test_add_func("/views/inventory", test_inventory);
        g_test_add_func("/views/owners", test_owners);
        g_test_add_func("/search/inventory path", test_inventory_path);
        g_test_add_func("/search/others", test_search);
        return g_test_run();
}
