# SPDX-License-Identifier: LGPL-2.1-or-later
"""The inventory by clients in other languages: govmomi (Go) and rbvmomi (Ruby), as Debian has them."""

import json
import os
import shutil
import subprocess
from urllib.parse import quote

import pytest
from conftest import PASSWORD, ROOT, USER
from pyVim.task import WaitForTask
from pyVmomi import vim
from vms import STORE, Machines

HERE = ROOT / "tests/clients"
GO_LIBRARIES = "/usr/share/gocode"


@pytest.fixture(scope="module", name="go_programs")
def _go_programs(tmp_path_factory):
    if shutil.which("go") is None or not os.path.isdir(f"{GO_LIBRARIES}/src/github.com/vmware/govmomi"):
        pytest.skip("golang-go and golang-github-vmware-govmomi-dev are not installed")
    folder = tmp_path_factory.mktemp("go")
    # What has been compiled stays beside the build: govmomi takes a minute.
    cache = os.environ.get("GOCACHE", str(ROOT / "build/go"))
    for name in ("inventory", "administration"):
        subprocess.run(["go", "build", "-o", folder / name, HERE / f"go/{name}.go"], check=True,
                       env={**os.environ, "GO111MODULE": "off", "GOPATH": GO_LIBRARIES, "GOCACHE": cache})
    return folder


def run_go(program, host, *words):
    """What it says."""
    done = subprocess.run([program, f"https://{USER}:{quote(PASSWORD)}@127.0.0.1:{host.port}/sdk", *words],
                          capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(name="tree")
def _tree(si):
    """What must be found, by pyVmomi."""
    datacenter = si.content.rootFolder.childEntity[0]
    compute = datacenter.hostFolder.childEntity[0]
    folder = datacenter.vmFolder.CreateFolder("found")
    plain = vim.ResourceConfigSpec(cpuAllocation=vim.ResourceAllocationInfo(),
                                   memoryAllocation=vim.ResourceAllocationInfo())
    pool = compute.resourcePool.CreateResourcePool("gold", plain)
    yield datacenter, compute
    WaitForTask(folder.Destroy_Task())
    WaitForTask(pool.Destroy_Task())


def test_govmomi(host, tree, go_programs):
    datacenter, compute = tree
    found = run_go(go_programs / "inventory", host)
    assert found["IsVC"] and found["About"]["Name"] == "aerostat" and found["Root"] == "group-d1"
    assert found["Default"] == f"/{datacenter.name}"
    assert {f"/{datacenter.name}", f"/{datacenter.name}/vm/found", f"/{datacenter.name}/vm/test",
            f"/{datacenter.name}/host/{compute.name}/Resources"} <= set(found["Paths"])
    assert found["Hosts"] == [f"/{datacenter.name}/host/{compute.name}/{compute.host[0].name}"]
    assert found["Pools"] == [f"/{datacenter.name}/host/{compute.name}/Resources/gold"]
    assert found["VMs"] == [f"/{datacenter.name}/vm/test"]
    assert found["ByName"] == [vm._moId for vm in compute.host[0].vm if vm.name.startswith("te")]
    assert found["Memory"] == compute.host[0].hardware.memorySize
    assert found["Options"]["Mem.IdleTax"] == 75 and found["Time"]


def test_administration_by_govmomi(guest_host, go_programs):
    machines = Machines(guest_host)
    found = run_go(go_programs / "administration", guest_host, STORE)
    assert found["Option"] == 50
    assert {"annotation": "by govmomi", "guestinfo.owner": "olga", "sched.mem.max": "48"}.items() <= found["Extra"].items()
    assert found["Disks"] == [f"[{STORE}] tools/system.vmdk", f"[{STORE}] tools/more.vmdk"]
    assert "pvscsi" in found["Devices"] and "cdrom" in found["Devices"]
    assert "nothing.vmdk" in found["Refused"]
    assert {"mem.consumed.average", "mem.vmmemctl.average"} <= set(found["Counters"])
    assert {"VmCreatedEvent", "VmPoweredOnEvent", "VmPoweredOffEvent"} <= set(found["Events"])
    assert (found["Tree"], found["Uploaded"], found["Stat"]) == ("base", "hello", "tools.iso")
    assert found["Clone"] == f"/{machines.datacenter.name}/vm/tools-clone"
    assert (found["Field"], found["Pool"]) == ("govmomi", 512)
    assert not machines.folder.childEntity and not machines.home("tools").exists()


def test_rbvmomi(host, tree):
    if shutil.which("ruby") is None or subprocess.run(["ruby", "-e", "require 'rbvmomi'"], stderr=subprocess.DEVNULL,
                                                      check=False).returncode != 0:
        pytest.skip("ruby-rbvmomi is not installed")
    datacenter, compute = tree
    done = subprocess.run(["ruby", HERE / "ruby/inventory.rb", "127.0.0.1", str(host.port), USER, PASSWORD],
                          capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["name"], found["type"]) == ("aerostat", "VirtualCenter")
    assert found["datacenter"] == found["path"] == datacenter.name
    assert {"vm/found", "vm/test"} <= set(found["vms"]) and found["found"] == "test"
    assert (found["pool"], found["connected"]) == ("Resources", "connected")
    assert found["memory"] == compute.host[0].hardware.memorySize
    assert found["options"]["Mem.IdleTax"] == 75
    assert found["collected"] == "Datacenters"
