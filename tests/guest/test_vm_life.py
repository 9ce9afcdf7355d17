# SPDX-License-Identifier: LGPL-2.1-or-later
"""VMs from their making to their end, with real guests: created, powered, changed, registered, deleted."""

import os
import subprocess

import pytest

from fleet import Fleet, Refused, TaskFailed
from harness import Workspace, wait_until


@pytest.fixture(scope="module")
def fleet():
    if os.getuid() != 0:
        pytest.skip("libvirt's private daemon needs root")
    with Workspace() as workspace:
        yield Fleet(workspace)


def defined(fleet):
    return fleet.libvirt.virsh("list", "--all", "--name").stdout.split()


def refused(fleet, why, method, **args):
    with pytest.raises((TaskFailed, Refused), match=why):
        fleet.do(method, **args)


@pytest.mark.parametrize("change, why", [
    ({"name": "a/b"}, "name"), ({"name": ""}, "name"), ({"name": "a\nb"}, "name"), ({"name": "x" * 300}, "name"),
    ({"name": ".."}, "name"), ({"name": 7}, "name"), ({"datastore": "nowhere"}, 'no datastore "nowhere"'),
    ({"folder": "/nowhere"}, "folder"), ({"memory_mb": 0}, "memory_mb"), ({"memory_mb": None}, "memory_mb"),
    ({"cpus": 100000}, "cpus"), ({"disks": [{}]}, "size_mb"), ({"disks": 1}, "disks"), ({"disks": [1]}, "disks"),
    ({"disks": [{"size_mb": 1, "mode": "odd"}]}, "mode"), ({"disks": [{"size_mb": 1, "provisioning": "odd"}]}, "provisioning"),
    ({"disks": [{"size_mb": 1}] * 61}, "disks"), ({"cards": [{}]}, "card"), ({"cards": [{"port_group": "none"}]}, "none"),
    ({"firmware": "odd"}, "firmware"), ({"kernel": "/nowhere/vmlinuz"}, "no file"), ({"cdrom": "[ds1] ../x.iso"}, r"\.\."),
    ({"odd": 1}, "odd"),
])
def test_bad_input_makes_nothing(fleet, change, why):
    before = sorted(fleet.store.iterdir()), defined(fleet)
    refused(fleet, why, "CreateVM", **{"name": "bad", "datastore": "ds1", "memory_mb": 64, **change})
    assert (sorted(fleet.store.iterdir()), defined(fleet)) == before
    assert not [vm for vm in fleet.do("ListVMs") if vm["name"] == "bad"]


def test_odd_names(fleet):
    for name in 'a "b" <c> & \'d\' $(e)', "-rf", "a,b:c=d", "Größe 漢字":
        fleet.do("CreateVM", name=name, datastore="ds1", memory_mb=64, disks=[{"size_mb": 1}])
        assert fleet.disk(name) == f"{fleet.store}/{name}/{name}.qcow2"
        fleet.check_disks(name)
        refused(fleet, "already", "CreateVM", name=name, datastore="ds1", memory_mb=64)
        fleet.do("DestroyVM", vm=name)
        assert not fleet.home(name).exists()


def test_one_name_at_once(fleet):
    numbers = [fleet.start("CreateVM", name="twice", datastore="ds1", memory_mb=64, disks=[{"size_mb": 1}])[0]
               for _ in range(4)]
    for number in numbers:
        wait_until(lambda n=number: fleet.task(n)["state"] in ("success", "error"), what="the task to end")
    states = [fleet.task(number)["state"] for number in numbers]
    assert states.count("success") == 1
    assert [path.name for path in fleet.store.iterdir() if path.name.startswith("twice")] == ["twice"]
    fleet.do("DestroyVM", vm="twice")


def test_life(fleet):
    fleet.create("web01", cpus=1, cpus_max=3,
                 disks=[{"size_mb": 16}, {"size_mb": 4, "provisioning": "thick", "mode": "independent_persistent"}],
                 **fleet.boot_in_store())
    fleet.do("MarkAsTemplate", vm="web01")
    refused(fleet, "is a template", "PowerOnVM", vm="web01")
    fleet.do("MarkAsVirtualMachine", vm="web01")
    refused(fleet, "powered off", "PowerOffVM", vm="web01")
    refused(fleet, "powered off", "SuspendVM", vm="web01")
    refused(fleet, "no VM", "PowerOnVM", vm="none")

    # Admission: what is promised to it must be there.
    fleet.daemon.set(HostMemoryMB=256)
    fleet.daemon.set_vm(fleet.libvirt.virsh("domuuid", "web01").stdout.strip(), min=128)
    fleet.daemon.wait_for(lambda: fleet.daemon.host()["managed_bytes"] == 256 << 20, "a round")
    # Another host that registers it has the same settings.
    wait_until(lambda: 'sched.mem.min = "128"' in (fleet.home("web01") / "web01.vmx").read_text(), what="its file")
    fleet.daemon.set(HostMemoryMB=100)
    fleet.daemon.wait_for(lambda: fleet.daemon.host()["managed_bytes"] == 100 << 20, "a round")
    refused(fleet, "cannot be guaranteed", "PowerOnVM", vm="web01")
    fleet.daemon.set(HostMemoryMB=0)
    fleet.daemon.wait_for(lambda: fleet.daemon.host()["managed_bytes"] > 512 << 20, "a round")

    guest = fleet.on("web01")
    fleet.daemon.wait_for(lambda: fleet.daemon.vm("web01")["managed"] == "pager", "its pager")
    guest.write("first", disk="vda")
    guest.write("second", disk="vdb")
    refused(fleet, "powered on already", "PowerOnVM", vm="web01")
    refused(fleet, "runs", "DestroyVM", vm="web01")
    refused(fleet, "runs", "RenameVM", vm="web01", name="web02")
    refused(fleet, "runs", "MarkAsTemplate", vm="web01")
    refused(fleet, "runs", "UnregisterVM", vm="web01")

    # At once what can be, the rest from the next power-on.
    assert not fleet.do("ReconfigVM", vm="web01", cpus=2)["waits_for_power_off"]
    wait_until(lambda: guest.run("test -d /sys/devices/system/cpu/cpu1").status == 0, what="the guest to see its processor")
    assert fleet.do("ReconfigVM", vm="web01", memory_mb=224)["waits_for_power_off"]
    refused(fleet, "standbyAction", "ReconfigVM", vm="web01", standbyAction="odd")

    # Its default is soft: the guest hears of its power button.
    fleet.do("PowerOffVM", vm="web01", type="preset", timeout_s=60)
    assert fleet.power("web01") == "shut off"
    fleet.do("RenameVM", vm="web01", name="web02")
    assert "web02" in defined(fleet) and "web01" not in defined(fleet)
    files = {path.name for path in fleet.home("web01").iterdir()}
    assert {"web02.vmx", "web02.xml", "web01.qcow2"} <= files and "web01.vmx" not in files

    guest = fleet.on("web02")
    assert guest.read(disk="vda") == "first" and guest.read(disk="vdb") == "second"
    assert int(guest.shell("sed -n 's/^MemTotal: *\\([0-9]*\\).*/\\1/p' /proc/meminfo")) > 128 << 10
    # A reset starts the guest anew, in the same process.
    guest.shell("touch /tmp/before")
    fleet.do("ResetVM", vm="web02")
    guest.wait_again()
    assert guest.run("test -e /tmp/before").status != 0
    fleet.off("web02")
    fleet.check_disks("web01")

    fleet.do("UnregisterVM", vm="web02")
    assert "web02" not in defined(fleet)
    fleet.do("RegisterVM", path="[ds1] web01/web02.vmx", name="web03")
    assert {vm["name"] for vm in fleet.do("ListVMs")} >= {"web03"}
    assert fleet.disk("web03") == str(fleet.home("web01") / "web01.qcow2")
    fleet.do("DestroyVM", vm="web03")
    assert not fleet.home("web01").exists()


def test_linked_clones_hold_their_parent(fleet):
    fleet.do("CreateVM", name="Tmpl Parent", datastore="ds1", memory_mb=64, disks=[{"size_mb": 4}])
    fleet.do("CreateSnapshot", vm="Tmpl Parent", name="base", memory=False)
    fleet.do("CloneVM", vm="Tmpl Parent", names=["child1", "child2"])
    refused(fleet, "linked clones: child1, child2", "DestroyVM", vm="Tmpl Parent")
    refused(fleet, "linked clones", "UnregisterVM", vm="Tmpl Parent")
    # Also one that was away meanwhile.
    fleet.do("UnregisterVM", vm="child1")
    fleet.do("RegisterVM", path="[ds1] child1/child1.vmx")
    refused(fleet, "linked clones: child1, child2", "DestroyVM", vm="Tmpl Parent")
    fleet.do("DestroyVM", vm="child1")
    refused(fleet, "linked clones: child2", "DestroyVM", vm="Tmpl Parent")
    fleet.do("DestroyVM", vm="child2")
    fleet.do("DestroyVM", vm="Tmpl Parent")


def test_killed_while_creating(fleet):
    """At whatever moment the daemon dies, a VM is there with all that it has, or not at all."""
    for milliseconds in 1, 5, 15, 30, 60, 120:
        task, _ = fleet.start("CreateVM", name="half", datastore="ds1", memory_mb=64, disks=[{"size_mb": 4}] * 3)
        subprocess.run(["sleep", str(milliseconds / 1000)], check=True)
        fleet.daemon.kill()
        fleet.daemon.start()
        wait_until(lambda t=task: fleet.task(t)["state"] in ("success", "error"), what="the task to have ended")
        listed = [vm for vm in fleet.do("ListVMs") if vm["name"] == "half"]
        if "half" in defined(fleet) and listed:
            fleet.check_disks("half")
            fleet.do("DestroyVM", vm="half")
        wait_until(lambda: not fleet.home("half").exists() and "half" not in defined(fleet),
                   what="what was half made to be gone")


def test_left_overs(fleet):
    """Parts of files that a kill has left go at the next start; what is somebody's stays."""
    fleet.do("CreateVM", name="tidy", datastore="ds1", memory_mb=64)
    home = fleet.home("tidy")
    for name in "tidy.vmx.A1B2C3", "tidy.xml.ZZZZZZ", "tidy.vmx.backup", "tidy.vmx.txt", "notes.vmx.A1B2C3":
        (home / name).write_text("x")
    fleet.daemon.kill()
    fleet.daemon.start()
    fleet.do("ReconcileVMs")
    left = {path.name for path in home.iterdir()}
    assert left == {"tidy.vmx", "tidy.xml", "tidy.vmx.txt", "tidy.vmx.backup", "notes.vmx.A1B2C3"}
    fleet.do("DestroyVM", vm="tidy")


HOSTILE = [
    ("<devices>", "<devices><hostdev mode='subsystem' type='pci'/>", "hostdev"),
    (".qcow2'", ".qcow2/../../../../../../etc/passwd'", "datastores"),
    ("<devices>", "<devices><disk type='file'><source file='/etc/passwd'/><target dev='vdz'/></disk>", "datastores"),
    ("<domain", "<!DOCTYPE domain [<!ENTITY a 'b'>]><domain", "document type"),
    ("</domain>", "<qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><qemu:arg value='-x'/>"
                  "</qemu:commandline></domain>", "arguments for QEMU"),
    ("</domain>", "", "XML"),
]


def test_hostile_files(fleet):
    """What lies on a datastore may have been written by anybody."""
    fleet.do("CreateVM", name="hostile", datastore="ds1", memory_mb=64, disks=[{"size_mb": 1}])
    fleet.do("UnregisterVM", vm="hostile")
    home = fleet.home("hostile")
    xml, vmx = (home / "hostile.xml").read_text().replace('"', "'"), (home / "hostile.vmx").read_text()
    for old, new, why in HOSTILE:
        assert old in xml
        (home / "hostile.xml").write_text(xml.replace(old, new, 1))
        refused(fleet, why, "RegisterVM", path="[ds1] hostile/hostile.vmx")
    (home / "hostile.xml").write_text(xml)
    for text, why in (("odd", "line 1"), (vmx.replace("hostile.xml", "../hostile.xml"), "beside it"), ("\0", "no text"),
                      (vmx + 'checkpoint.vmState = "none.vmss"\n', "memory is not at"),
                      (vmx + 'aerostat.disk.vda.mode = "odd"\n', "modes"), ("#" * (9 << 20), "larger")):
        (home / "hostile.vmx").write_text(text)
        refused(fleet, why, "RegisterVM", path="[ds1] hostile/hostile.vmx")
    for path in "[ds1] ../hostile.vmx", "[none] hostile/hostile.vmx", "[ds1] hostile", "hostile", "[ds1] a/b/c.vmx":
        refused(fleet, ".", "RegisterVM", path=path)
    # A disk that stands on a file of the host's.
    (home / "hostile.vmx").write_text(vmx)
    disk = home / "hostile.qcow2"
    disk.rename(home / "kept")
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", "/etc/passwd", str(disk)], check=True)
    refused(fleet, "datastores", "RegisterVM", path="[ds1] hostile/hostile.vmx")
    disk.unlink()
    disk.symlink_to("/etc/passwd")
    refused(fleet, "datastores", "RegisterVM", path="[ds1] hostile/hostile.vmx")
    disk.unlink()
    assert "hostile" not in defined(fleet)
    (home / "kept").rename(disk)
    fleet.do("RegisterVM", path="[ds1] hostile/hostile.vmx")
    fleet.do("DestroyVM", vm="hostile")


def test_command_line(fleet):
    fleet.cli("vm", "create", "cli01", "--datastore", "ds1", "--memory", "64M", "--disk", "1M,2M:thick:independent_persistent")
    fleet.cli("vm", "create", "cli02", "--datastore", "ds1", "--memory", "64M", "--no-pager")
    fleet.cli("vm", "reconfigure", "--filter", "cli*", "--standby-action", "powerOnSuspend")
    assert "powerOnSuspend" in (fleet.home("cli02") / "cli02.vmx").read_text()
    fleet.cli("vm", "template", "mark", "cli01")
    assert "template" in fleet.cli("vm", "on", "cli01", check=False).stderr
    fleet.cli("vm", "template", "unmark", "cli01")
    fleet.cli("vm", "rename", "cli01", "cli03")
    assert fleet.cli("vm", "question", "list").stdout == ""
    assert "has no question" in fleet.cli("vm", "question", "answer", "retry", "cli02", check=False).stderr
    fleet.cli("vm", "unregister", "cli03")
    fleet.cli("vm", "register", "[ds1] cli01/cli03.vmx")
    fleet.cli("vm", "delete", "cli02", "cli03", "--what-if")
    assert fleet.home("cli02").exists()
    fleet.cli("vm", "delete", "cli02", "cli03")
    assert not fleet.home("cli01").exists() and not fleet.home("cli02").exists()


def test_templates_move(fleet):
    """Between folders and datastores as templates, which are cloned and not powered on."""
    fleet.create("mould")
    fleet.do("AddDatastore", name="ds2", path=str(fleet.workspace.folder("ds2")))
    fleet.do("CreateFolder", path="/moulds")
    fleet.do("MarkAsTemplate", vm="mould")
    fleet.cli("vm", "move", "--folder", "/moulds", "mould")
    fleet.cli("vm", "relocate", "mould", "--datastore", "ds2")
    listed = next(vm for vm in fleet.do("ListVMs") if vm["name"] == "mould")
    assert (listed["template"], listed["folder"], listed["datastore"]) == (True, "/moulds", "ds2")
    with pytest.raises(TaskFailed, match="is a template"):
        fleet.on("mould")
    fleet.do("CloneVM", vm="mould", names=["cast"], linked=False)
    assert not next(vm for vm in fleet.do("ListVMs") if vm["name"] == "cast")["template"]
    for name in "cast", "mould":
        fleet.do("DestroyVM", vm=name)
    fleet.do("RemoveDatastore", name="ds2")
