# SPDX-License-Identifier: LGPL-2.1-or-later
"""VMs with snapshots, unregistered and registered elsewhere, with real guests and two libvirts."""

import os
import shutil

import pytest

from fleet import Fleet, Refused, TaskFailed
from harness import Workspace
from managed import Libvirt


@pytest.fixture(scope="module")
def fleet():
    if os.getuid() != 0:
        pytest.skip("libvirt's private daemon needs root")
    with Workspace() as workspace:
        yield Fleet(workspace)


def refused(fleet, why, method, **args):
    with pytest.raises((TaskFailed, Refused), match=why):
        fleet.do(method, **args)


def tree(fleet, name):
    """What is known of each snapshot beside its number, by name."""
    snapshots = fleet.do("ListSnapshots", vm=name)["snapshots"]
    names = {snapshot["id"]: snapshot["name"] for snapshot in snapshots}
    return {snapshot["name"]: (names.get(snapshot["parent"]), snapshot["description"], snapshot["time_ms"],
                               snapshot["memory"], snapshot["current"]) for snapshot in snapshots}


def vmx(home):
    return next(home.glob("*.vmx"))


def test_snapshots_go_with_it(fleet):
    """Two branches, one with memory; the folder has another name and lies elsewhere when it is registered again."""
    fleet.create("web01", disks=[{"size_mb": 16}, {"size_mb": 4, "mode": "independent_persistent"}], **fleet.boot_in_store())
    guest = fleet.on("web01")
    guest.write("root")
    fleet.do("CreateSnapshot", vm="web01", name="root", description="two\nlines and \"quotes\"")
    fleet.off("web01")
    fleet.do("SetDiskMode", vm="web01", target="vdb", mode="persistent")
    guest = fleet.on("web01")
    guest.write("left")
    guest.shell("echo left >/tmp/state")
    fleet.do("CreateSnapshot", vm="web01", name="left", memory=True)
    fleet.do("RevertToSnapshot", vm="web01", snapshot="root")
    guest = fleet.on("web01")
    guest.write("right")
    fleet.off("web01")
    fleet.do("CreateSnapshot", vm="web01", name="right")
    before = tree(fleet, "web01")
    assert before["left"][0] == before["right"][0] == "root" and before["right"][4]
    fleet.do("UnregisterVM", vm="web01")
    assert "web01" not in fleet.libvirt.virsh("list", "--all", "--name").stdout.split()

    with Workspace() as workspace:
        other = Fleet(workspace, libvirt=Libvirt(workspace), datastore="own")
        other.do("AddDatastore", name="boot", path=str(fleet.store))
        shutil.move(fleet.home("web01"), other.store / "moved")
        other.do("RegisterVM", path="[own] moved/web01.vmx")
        assert tree(other, "web01") == before
        disks = {path for snapshot in other.do("ListSnapshots", vm="web01")["snapshots"] for path in snapshot["disks"].values()}
        assert {os.path.dirname(path) for path in disks} == {str(other.store / "moved")}
        other.check_disks()
        guest = other.on("web01")
        assert guest.read() == "right"
        other.do("RevertToSnapshot", vm="web01", snapshot="left")
        guest = other.guest("web01")
        assert (guest.read(), guest.shell("cat /tmp/state").strip()) == ("left", "left")
        # And it is a tree like any other: what is removed is merged, also beside the memory's.
        other.do("RemoveSnapshot", vm="web01", snapshot="right")
        other.do("RemoveSnapshot", vm="web01", snapshot="root")
        assert guest.read() == "left"
        other.do("RevertToSnapshot", vm="web01", snapshot="left")
        guest = other.guest("web01")
        assert (guest.read(), guest.shell("cat /tmp/state").strip()) == ("left", "left")
        other.do("CreateSnapshot", vm="web01", name="again")
        other.off("web01")
        other.do("UnregisterVM", vm="web01")
        other.do("RegisterVM", path="[own] moved/web01.vmx", name="web02")
        assert set(tree(other, "web02")) == {"left", "again"}
        other.do("RemoveAllSnapshots", vm="web02")
        other.check_disks()
        assert len(list((other.store / "moved").glob("*.qcow2"))) == 2
        assert other.on("web02").read() == "left"
        other.off("web02")
        other.do("DestroyVM", vm="web02")
        assert not (other.store / "moved").exists()


def test_clones_before_their_parent(fleet):
    """A parent that comes after its clones knows them, and nothing is taken from under them."""
    for name in "parent", "stranger":
        fleet.do("CreateVM", name=name, datastore="ds1", memory_mb=64, disks=[{"size_mb": 4}])
    fleet.do("CreateSnapshot", vm="parent", name="base")
    fleet.do("CloneVM", vm="parent", names=["child1", "child2"])
    for name in "child1", "child2", "parent":
        fleet.do("UnregisterVM", vm=name)
    for name in "child1", "child2", "parent":
        fleet.do("RegisterVM", path=f"[ds1] {name}/{name}.vmx")
    refused(fleet, "linked clones: child1, child2", "RemoveSnapshot", vm="parent", snapshot="base")
    refused(fleet, "linked clones: child1, child2", "DestroyVM", vm="parent")
    refused(fleet, "linked clones", "UnregisterVM", vm="parent")
    listed = {vm["name"]: vm for vm in fleet.do("ListVMs")}
    assert listed["child1"]["parent"] == "parent"
    for name in "child1", "child2":
        fleet.do("DestroyVM", vm=name)
    fleet.do("RemoveAllSnapshots", vm="parent")
    fleet.check_disks("parent")
    for name in "parent", "stranger":
        fleet.do("DestroyVM", vm=name)


def test_hostile_snapshots(fleet):
    """What NAME.vmx says of snapshots is not believed; nothing is changed by what is refused."""
    for name in "hostile", "victim":
        fleet.do("CreateVM", name=name, datastore="ds1", memory_mb=64, disks=[{"size_mb": 1}])
        fleet.do("CreateSnapshot", vm=name, name="only")
    fleet.do("UnregisterVM", vm="hostile")
    home, victim = fleet.home("hostile"), fleet.home("victim")
    text = vmx(home).read_text()
    (home / "memory").write_text("no memory")
    for old, new, why in (
            ('"hostile.qcow2"', '"/etc/passwd"', "datastores"),
            ('"hostile.qcow2"', '"../victim/victim.qcow2"', "without"),
            ('"hostile.qcow2"', f'"{victim}/victim.qcow2"', '"victim" has as its own'),
            ('"hostile.qcow2"', f'"{victim}/victim-000001.qcow2"', '"victim" has as its own'),
            ('"hostile.qcow2"', '"hostile-000001.qcow2"', "the VM writes to"),
            ('"hostile.qcow2"', '"none.qcow2"', "none.qcow2"),
            ('disk0.node = "vda"', 'disk0.node = "vdq"', "no disk vdq"),
            ("<devices>", "<devices><hostdev mode='subsystem' type='pci'/>", "hostdev"),
            ("<uuid>", "<uuid>0", "another VM|UUID"),
            ("snapshot0.parent", 'snapshot0.filename = "memory"\nsnapshot0.parent', "memory"),
            ("snapshot0.parent", 'snapshot0.filename = "none"\nsnapshot0.parent', "memory is not at"),
            ("snapshot0.parent", 'snapshot0.filename = "/etc/passwd"\nsnapshot0.parent', "datastores"),
            ('snapshot0.parent = "0"', 'snapshot0.parent = "5"', "snapshot0.parent")):
        assert old in text, old
        vmx(home).write_text(text.replace(old, new))
        refused(fleet, why, "RegisterVM", path="[ds1] hostile/hostile.vmx")
        fleet.check_disks()
        assert not [vm for vm in fleet.do("ListVMs") if vm["name"] == "hostile"]
    # A link that leads out of the datastore.
    vmx(home).write_text(text.replace('"hostile.qcow2"', '"link.qcow2"'))
    (home / "link.qcow2").symlink_to("/etc/passwd")
    refused(fleet, "datastores", "RegisterVM", path="[ds1] hostile/hostile.vmx")
    (home / "link.qcow2").unlink()
    vmx(home).write_text(text)
    fleet.do("RegisterVM", path="[ds1] hostile/hostile.vmx")
    assert list(tree(fleet, "hostile")) == ["only"]
    fleet.do("RevertToSnapshot", vm="hostile", snapshot="only")
    for name in "hostile", "victim":
        fleet.do("DestroyVM", vm=name)


def make_foreign(fleet, name):
    """A VM that libvirt has, whose disk lies in no datastore."""
    fleet.create(name, disks=[{"size_mb": 16}], pager=False)
    xml = fleet.libvirt.virsh("dumpxml", "--inactive", "--security-info", name).stdout
    folder = fleet.workspace.folder("elsewhere")
    shutil.copy(fleet.disk(name), folder / f"{name}.img")
    xml = xml.replace(fleet.disk(name), f"{folder}/{name}.img").replace(str(fleet.home(name)), str(folder))
    fleet.do("DestroyVM", vm=name)
    path = fleet.workspace.path / "foreign.xml"
    path.write_text(xml, encoding="utf-8")
    fleet.libvirt.virsh("define", str(path))
    return folder


def test_adopted(fleet):
    """A VM without a folder of its own: what can be done to it is done, the rest is refused, and its files stay its own."""
    folder = make_foreign(fleet, "old")
    disk = folder / "old.img"
    fleet.do("AdoptVM", vm="old")
    guest = fleet.on("old")
    guest.write("before")
    for why, method, args in (("no folder on a datastore", "SuspendVM", {}), ("no folder on a datastore", "AddDisk", {"size_mb": 4}),
                              ("runs", "DestroyVM", {})):
        refused(fleet, why, method, vm="old", **args)
    guest.shell("echo here >/tmp/memory")
    fleet.do("CreateSnapshot", vm="old", name="with memory", memory=True)
    guest.write("after")
    guest.shell("echo gone >/tmp/memory")
    assert os.path.dirname(fleet.disk("old")) == str(folder)
    # Nobody would know of its snapshots any more.
    refused(fleet, "1 snapshots, \"with memory\" among them", "UnregisterVM", vm="old")
    fleet.do("RevertToSnapshot", vm="old", snapshot="with memory")
    guest = fleet.guest("old")
    assert (guest.read(), guest.shell("cat /tmp/memory").strip()) == ("before", "here")

    # The daemon's death changes nothing.
    fleet.daemon.kill()
    fleet.daemon.start()
    fleet.do("RemoveAllSnapshots", vm="old")
    assert fleet.disk("old") == str(disk) and guest.read() == "before"
    assert sorted(path.name for path in folder.iterdir() if not path.is_socket()) == ["old.console", "old.img"]

    # Its memory settings, its clones, its name.
    fleet.daemon.set_vm("old", shares="high")
    fleet.off("old")
    fleet.do("ExtendDisk", vm="old", target="vda", size_mb=24)
    fleet.do("CloneVM", vm="old", names=["copy"], linked=False, datastore="ds1")
    assert fleet.on("copy").read() == "before"
    fleet.off("copy")
    fleet.do("DestroyVM", vm="copy")
    fleet.do("RenameVM", vm="old", name="older")
    assert "older" in fleet.libvirt.virsh("list", "--all", "--name").stdout.split()

    # Out of the inventory it is libvirt's as before, and in again.
    fleet.on("older")
    fleet.do("UnregisterVM", vm="older")
    assert fleet.power("older") == "running"
    fleet.do("AdoptVM", vm="older")
    # While it runs it gets a folder.
    fleet.do("RelocateVM", vm="older", datastore="ds1")
    assert os.path.dirname(fleet.disk("older")) == str(fleet.home("older"))
    assert fleet.guest("older").read() == "before"
    assert disk.exists()
    fleet.do("SuspendVM", vm="older")
    fleet.do("PowerOnVM", vm="older")
    assert fleet.guest("older").read() == "before"
    fleet.off("older")
    fleet.do("DestroyVM", vm="older")
    assert not fleet.home("older").exists() and disk.exists()


def test_adopted_is_deleted(fleet):
    """From libvirt; what lies in no folder of its own stays, as nobody knows whose it is besides."""
    folder = make_foreign(fleet, "doomed")
    fleet.do("AdoptVM", vm="doomed")
    fleet.do("DestroyVM", vm="doomed")
    assert "doomed" not in fleet.libvirt.virsh("list", "--all", "--name").stdout.split()
    assert (folder / "doomed.img").exists()
