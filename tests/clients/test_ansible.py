# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ansible's modules for VMware, as Debian has them, with Debian's pyVmomi: each does its thing, and does nothing the
second time."""

import json
import os
import shutil
import subprocess

import network
import pytest
from conftest import PASSWORD, ROOT, USER, Api, free_ports
from vms import STORE, Machines, WaitForTask, disks

PLAYBOOKS = ROOT / "tests/clients/ansible"
COLLECTION = "/usr/lib/python3/dist-packages/ansible_collections/community/vmware"

pytestmark = pytest.mark.skipif(shutil.which("ansible-playbook") is None or not os.path.isdir(COLLECTION),
                                reason="Debian's package ansible is not installed")


class Ansible:
    """enter: the command that leads to where the API is, if that is elsewhere."""

    def __init__(self, host, folder, machine, datacenter, enter=()):
        self.folder, self.enter = folder, enter
        self.variables = {"address": "127.0.0.1", "api_port": host.port, "user": USER, "password": PASSWORD,
                          "machine": machine, "datacenter": datacenter}
        self.environment = {**os.environ, "HOME": str(folder), "ANSIBLE_HOME": str(folder / "home"),
                            "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"), "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
                            "ANSIBLE_LOCALHOST_WARNING": "False", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
                            "ANSIBLE_DEPRECATION_WARNINGS": "False", "PYTHONDONTWRITEBYTECODE": "1",
                            "LC_ALL": "C.UTF-8", "PYTHONPATH": str(PLAYBOOKS / "newer-pyvmomi")}

    def play(self, name, **variables):
        """What each task said, by the tasks' names. A failure is the test's."""
        done = subprocess.run(
            [*self.enter, "ansible-playbook", "-i", "localhost,", "-c", "local", "-e",
             "ansible_python_interpreter=/usr/bin/python3", "-e", json.dumps({**self.variables, **variables}),
             PLAYBOOKS / f"{name}.yml"], env=self.environment, cwd=self.folder, capture_output=True, text=True,
            check=False, timeout=300)
        assert done.stdout.lstrip().startswith("{"), done.stdout + done.stderr
        tasks = json.loads(done.stdout)["plays"][0]["tasks"]
        results = {task["task"]["name"]: task["hosts"]["localhost"] for task in tasks}
        for task, result in results.items():
            assert not result.get("failed"), f"{task}: {result.get('msg')}\n{result.get('module_stderr', '')}"
        assert done.returncode == 0, done.stderr
        return results

    def twice(self, name, **variables):
        """All of it changes something, and nothing the second time."""
        first = self.play(name, **variables)
        assert {task for task, result in first.items() if result["changed"]} == set(first), first
        again = self.play(name, **variables)
        assert not [task for task, result in again.items() if result["changed"]], again
        return first


@pytest.fixture(scope="module", name="machines")
def _machines(guest_host):
    return Machines(guest_host)


@pytest.fixture(scope="module", name="ansible")
def _ansible(machines, guest_host, tmp_path_factory):
    return Ansible(guest_host, tmp_path_factory.mktemp("ansible"), machines.compute.host[0].name,
                   machines.datacenter.name)


def fields_of(machines, vm):
    names = {field.key: field.name for field in machines.content.customFieldsManager.field}
    return {names[value.key]: value.value for value in vm.customValue}


def test_information(ansible, machines):
    vm = machines.create("seen", disks=(16,), annotation="a note")
    WaitForTask(vm.CreateSnapshot_Task("base", "words", False, False))
    said = ansible.play("information", guest="seen")
    assert not any(result["changed"] for result in said.values())
    machine, host = machines.compute.host[0].name, machines.compute.host[0]
    assert said["about"]["about_info"]["api_type"] == "VirtualCenter"
    assert [center["name"] for center in said["datacenters"]["datacenter_info"]] == [machines.datacenter.name]
    assert said["host facts"]["ansible_facts"]["ansible_memtotal_mb"] == host.hardware.memorySize >> 20
    assert str(said["host configuration"]["hosts_info"][machine]["Mem.IdleTax"]) == "75"
    assert [store["name"] for store in said["datastores"]["datastores"]] == [STORE]
    assert said["folders"]["flat_folder_info"][0]["path"]
    assert "Resources" in [pool["name"] for pool in said["pools"]["resource_pool_info"]]
    assert [found["guest_name"] for found in said["VMs"]["virtual_machines"]] == ["seen"]
    assert said["guest"]["instance"]["annotation"] == "a note"
    assert said["guest"]["instance"]["hw_product_uuid"] == vm.config.uuid
    assert said["snapshots"]["guest_snapshots"]["current_snapshot"]["name"] == "base"
    assert said["disks"]["guest_disk_info"]["0"]["capacity_in_kb"] == 16 << 10
    assert said["found"]["folders"] == [f"/{machines.datacenter.name}/vm"]
    assert {role["role_name"] for role in said["roles"]["local_role_info"]} >= {"Admin", "ReadOnly"}


def test_folders(ansible, machines):
    ansible.twice("folders", state="present")
    lab = next(folder for folder in machines.folder.childEntity if folder.name == "lab")
    assert [folder.name for folder in lab.childEntity] == ["old"]
    ansible.play("folders", state="absent")
    assert "lab" not in [child.name for child in machines.folder.childEntity]


def test_host_settings(ansible, machines):
    ansible.twice("host-settings")
    options = machines.compute.host[0].configManager.advancedOption
    assert [options.QueryOptions(name)[0].value for name in ("Mem.IdleTax", "Mem.CtlMaxPercent")] == [40, 60]


def test_pool(ansible, machines):
    ansible.twice("pool", state="present")
    gold = next(pool for pool in machines.pool.resourcePool if pool.name == "gold")
    assert (gold.config.memoryAllocation.limit, gold.config.memoryAllocation.shares.level) == (512, "high")
    ansible.twice("pool", state="absent")
    assert "gold" not in [pool.name for pool in machines.pool.resourcePool]


def test_permissions(ansible, machines, guest_host):
    guest_host.add_account("olga", "a secret of hers", "NoAccess")
    ansible.twice("permission", role="ReadOnly")
    permissions = machines.content.authorizationManager.RetrieveAllPermissions()
    assert ("olga", -2) in [(permission.principal, permission.roleId) for permission in permissions]


def test_guest(ansible, machines):
    ansible.twice("guest")
    ansible.twice("clone")
    web1, web2 = machines.find("web1"), machines.find("web2")
    assert (web1.config.hardware.memoryMB, web1.config.hardware.numCPU) == (96, 2)
    assert web1.config.annotation == "by a playbook" and web1.config.guestId == "otherLinux64Guest"
    assert (web1.config.memoryAllocation.reservation, web1.config.memoryAllocation.limit) == (16, 80)
    assert [disk.capacityInKB >> 10 for disk in disks(web1)] == [32, 16]
    assert [tree.name for tree in web1.snapshot.rootSnapshotList] == ["base"]
    assert disks(web2)[0].backing.parent.fileName == disks(web1)[0].backing.parent.fileName
    assert fields_of(machines, web2)["Owner"] == "anna"
    for state, wanted in (("powered-on", "poweredOn"), ("suspended", "suspended"), ("powered-on", "poweredOn"),
                          ("powered-off", "poweredOff")):
        ansible.twice("power", guest="web2", state=state)
        assert web2.runtime.powerState == wanted
    ansible.twice("move", guest="web2")
    assert web2.parent.name == "elsewhere"
    ansible.play("remove", again=False)
    assert machines.find("web1") is None and machines.find("web2") is None
    assert not any(result["changed"] for result in ansible.play("remove", again=True).values())


def test_registered(ansible, machines):
    file = machines.create("moved").config.files.vmPathName
    ansible.twice("register", guest="moved", file=file, state="absent")
    assert machines.find("moved") is None
    ansible.twice("register", guest="moved", file=file, state="present")
    assert machines.find("moved").config.files.vmPathName == file


def test_with_debians_pyvmomi(ansible, machines):
    """Without newer-pyvmomi/, which says what the other tests add to it."""
    machines.create("plain")
    old = Ansible.__new__(Ansible)
    old.__dict__.update(ansible.__dict__, environment={**ansible.environment, "PYTHONPATH": ""})
    try:
        old.play("power", guest="plain", state="powered-off")
    except AssertionError as error:
        why = [line for line in str(error).splitlines() if "VmomiJSONEncoder" in line]
        if not why:
            raise
        pytest.skip(f"vmware_guest_powerstate, with Debian's pyVmomi: {why[0].strip()}")


@pytest.fixture(name="switched")
def _switched(tmp_path):
    """Ansible, and the API, where an Open vSwitch of the test's own is."""
    if network.missing() is not None:
        pytest.skip(network.missing())
    from harness import Workspace
    from managed import Daemon, Libvirt
    port, plain_port = free_ports(2)
    with Workspace() as workspace:
        switches = network.NetworkHost(workspace)
        daemon = Daemon(workspace, Libvirt(workspace, switches),
                        api=[f"ApiPort={port}", "ApiAddresses=127.0.0.1", f"ApiPlainPort={plain_port}"])
        host = Api(daemon.socket, port, plain_port)
        host.add_account(USER, PASSWORD)
        yield Ansible(host, tmp_path, os.uname().nodename, "Datacenter", switches.enter), host


def vlans(host):
    return {group["name"]: group["vlan"] for group in host.manager.run("ListPortGroups")}


def test_port_groups(switched):
    ansible, host = switched
    for state, vlan, wanted in (("present", 12, {"capture": 12}), ("present", 13, {"capture": 13}), ("absent", 13, {})):
        first = ansible.play("port-groups", state=state, vlan=vlan)
        assert first["port group"]["changed"] and vlans(host) == wanted
        again = ansible.play("port-groups", state=state, vlan=vlan)
        assert not again["switch"]["changed"] and not again["port group"]["changed"]
