# SPDX-License-Identifier: LGPL-2.1-or-later
"""Disks of VMs with real guests: added, removed, extended, moved between datastores, space given back."""

import os
import subprocess

import pytest

from fleet import DISK_MB, Fleet, Refused, TaskFailed
from harness import MIB, HarnessError, Workspace, wait_until


@pytest.fixture(scope="module")
def fleet():
    with Workspace() as workspace:
        small = workspace.folder("small")
        try:
            # Before libvirtd, whose mount namespace is its own.
            if os.getuid() == 0:
                subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "small", str(small)], check=True)
                workspace.on_close(lambda: subprocess.run(["umount", "-l", str(small)], check=True))
            result = Fleet(workspace, datastore="store")
        except HarnessError as error:
            pytest.skip(str(error))
        result.small = small
        result.do("AddDatastore", name="small", path=str(small))
        result.other = workspace.folder("other")
        result.do("AddDatastore", name="other", path=str(result.other))
        yield result


@pytest.fixture(scope="module")
def vm(fleet):
    machine = fleet.machine("web01")
    machine.on()
    return machine


def refused(what, text):
    with pytest.raises((TaskFailed, Refused), match=text):
        what()


def disks(vm):
    return {disk["target"]: disk for disk in vm.do("ListDisks")}


def used(path):
    return path.stat().st_blocks * 512


def find_home(fleet, vm):
    """On the first datastore: of the folders with its name, that with its disk."""
    vm.home = next(path for path in fleet.store.iterdir() if list(path.glob("*.qcow2")))


def size_mb(vm, disk):
    return int(vm.sh(f"cat /sys/block/{disk}/size")) // 2048


def test_datastores(fleet, vm):
    stores = {store["name"]: store for store in fleet.do("ListDatastores")}
    assert stores["store"]["vms"] == 1 and stores["other"]["vms"] == 0
    assert 0 < stores["store"]["free_bytes"] <= stores["store"]["capacity_bytes"]
    refused(lambda: fleet.do("RemoveDatastore", name="store"), "web01")
    refused(lambda: fleet.do("AddDatastore", name="again", path=str(fleet.store)), "already")
    refused(lambda: fleet.do("AddDatastore", name="a/b", path=str(fleet.workspace.path)), "datastore")
    refused(lambda: fleet.do("AddDatastore", name="none", path="/nowhere/at all"), "/nowhere/at all")
    refused(lambda: fleet.do("AddDatastore", name="none", path="store"), "absolute")
    fleet.do("RenameDatastore", name="other", to="second")
    fleet.do("RenameDatastore", name="second", to="other")


def test_plugged(vm):
    """Into a VM that runs, and out of it."""
    target = vm.do("AddDisk", size_mb=32)["target"]
    assert target == "vdb"
    wait_until(lambda: vm.run("test -b /dev/vdb").status == 0, what="the guest to see the disk")
    vm.write(3, "plugged", disk="vdb")
    assert (vm.home / "web01_1.qcow2").exists()
    vm.do("ExtendDisk", target="vdb", size_mb=48)
    wait_until(lambda: size_mb(vm, "vdb") == 48, what="the guest to see the size")
    refused(lambda: vm.do("ExtendDisk", target="vdb", size_mb=16), "smaller")
    refused(lambda: vm.do("ExtendDisk", target="vdz", size_mb=16), 'no disk "vdz"')
    refused(lambda: vm.do("AddDisk", size_mb=8, mode="independent_nonpersistent"), "when it is off")
    vm.do("RemoveDisk", target="vdb", delete=True)
    assert not (vm.home / "web01_1.qcow2").exists()
    assert set(disks(vm)) == {"vda"}


def test_attached(fleet, vm):
    """A disk that was another VM's comes with what was written, into a VM that runs; out of it, it is kept."""
    fleet.create("giver", pager=False, disks=[{"size_mb": 64}, {"size_mb": 16}])
    guest = fleet.on("giver")
    guest.write("from the giver", disk="vdb")
    path = "[store] giver/giver_1.qcow2"
    refused(lambda: vm.do("AttachDisk", path=path), 'in use: VM "giver" has it')
    fleet.off("giver")
    refused(lambda: vm.do("AttachDisk", path=path), 'in use: VM "giver" has it')
    fleet.do("RemoveDisk", vm="giver", target="vdb")
    assert (fleet.home("giver") / "giver_1.qcow2").exists()
    fleet.cli("disk", "attach", "web01", path)
    assert disks(vm)["vdb"]["path"] == str(fleet.home("giver") / "giver_1.qcow2")
    wait_until(lambda: vm.run("test -b /dev/vdb").status == 0, what="the guest to see the disk")
    assert vm.guest.read(disk="vdb") == "from the giver"
    refused(lambda: fleet.do("AttachDisk", vm="giver", path=path), 'in use: VM "web01" has it')
    refused(lambda: fleet.do("DeleteDatastoreFile", path=path), 'VM "web01" has it')
    vm.do("RemoveDisk", target="vdb")
    fleet.do("AttachDisk", vm="giver", path=path, target="vdc", mode="independent_persistent")
    assert {disk["target"]: disk["mode"] for disk in fleet.do("ListDisks", vm="giver")} == \
        {"vda": "persistent", "vdc": "independent_persistent"}
    fleet.do("DestroyVM", vm="giver")


def test_attached_to_read(fleet, vm):
    """A file that others stand on is nobody's to write to."""
    base = fleet.store / "base.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", str(base), "16M"], check=True)
    fleet.create("child", pager=False)
    fleet.create("reader", pager=False)
    child = fleet.home("child") / "child_1.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-b", str(base), "-F", "qcow2", str(child)], check=True)
    fleet.do("AttachDisk", vm="child", path="[store] child/child_1.qcow2")
    for mode in "persistent", "independent_persistent":
        refused(lambda m=mode: fleet.do("AttachDisk", vm="reader", path="[store] base.qcow2", mode=m), 'VM "child" has it')
    fleet.do("AttachDisk", vm="reader", path="[store] base.qcow2", mode="independent_nonpersistent")
    before = base.read_bytes()
    refused(lambda: fleet.do("SetDiskMode", vm="reader", target="vdb", mode="persistent"), 'VM "child" has')
    guest = fleet.on("reader")
    guest.write("gone", disk="vdb")
    assert guest.read(disk="vdb") == "gone"
    fleet.off("reader")
    assert base.read_bytes() == before
    # What is a VM's own is not even to be read.
    refused(lambda: fleet.do("AttachDisk", vm="reader", path="[store] child/child_1.qcow2", mode="independent_nonpersistent"),
            'VM "child" has it for its own')
    (fleet.store / "text.qcow2").write_text("no disk at all")
    (fleet.store / "raw.img").write_bytes(b"QFI\xfb" + bytes(508))
    for name in "text.qcow2", "child/child.vmx", "child":
        refused(lambda n=name: fleet.do("AttachDisk", vm="reader", path=f"[store] {n}"), "is no disk|has it|lives")
    # A guest wrote that: who called it raw is right.
    refused(lambda: fleet.do("AttachDisk", vm="reader", path="[store] raw.img"), "raw.img")
    for name in "child", "reader":
        fleet.do("DestroyVM", vm=name)
    for name in "base.qcow2", "text.qcow2", "raw.img":
        (fleet.store / name).unlink()


def test_trimmed(vm):
    """What the guest gives back, or overwrites with zeros, the file system has again."""
    path = vm.home / "web01.qcow2"
    vm.sh("dd if=/dev/urandom of=/dev/vda bs=1M seek=8 count=24 conv=fsync 2>/dev/null")
    assert used(path) > 24 * MIB
    vm.sh("dd if=/dev/zero of=/dev/vda bs=1M seek=8 count=24 conv=fsync oflag=direct 2>/dev/null")
    wait_until(lambda: used(path) < 8 * MIB, what="zeros to be given back")


def test_no_room(fleet, vm):
    """What does not fit is said, nothing of it is left, and the guest has not noticed."""
    vm.write(1, "here")
    vm.sh("dd if=/dev/urandom of=/dev/vda bs=1M seek=8 count=32 conv=fsync 2>/dev/null")
    before = vm.leaves()
    refused(lambda: vm.do("RelocateVM", datastore="small"), "space")
    assert vm.leaves() == before and list(fleet.small.iterdir()) == []
    refused(lambda: vm.do("RelocateVM", datastore="small", provisioning="thick"), "missing")
    assert vm.leaves() == before and list(fleet.small.iterdir()) == []
    assert vm.read(1) == "here"
    vm.write(1, "on")
    vm.sh("dd if=/dev/zero of=/dev/vda bs=1M seek=8 count=32 conv=fsync 2>/dev/null")
    assert vm.read(1) == "on"
    # The disk fits now, and its memory does not.
    vm.do("RelocateVM", datastore="small")
    vm.home = fleet.small / "web01"
    refused(lambda: vm.snapshot("full", memory=True), "No space left")
    assert (vm.names(), vm.files(), list(vm.home.glob("*.vmsn"))) == ([], ["web01.qcow2"], [])
    assert vm.read(1) == "on"
    vm.write(1, "still on")
    vm.do("RelocateVM", datastore="store")
    find_home(fleet, vm)


def test_half_moved(fleet):
    """One disk fits and the other does not: nobody else is let at the VM until both are in one place."""
    vm = fleet.machine("half", disks=2)
    vm.on()
    vm.write(1, "one")
    vm.write(1, "two", disk="vdb")
    vm.sh("dd if=/dev/urandom of=/dev/vda bs=1M seek=8 count=8 conv=fsync 2>/dev/null")
    vm.sh("dd if=/dev/urandom of=/dev/vdb bs=1M seek=8 count=20 conv=fsync 2>/dev/null")
    refused(lambda: vm.do("RelocateVM", datastore="small"), "space")
    assert {target: "small" in path for target, path in vm.leaves().items()} == {"vda": True, "vdb": False}
    assert [path.name for path in (fleet.small / "half").glob("*.qcow2")] == ["half.qcow2"]
    for method, args in (("CreateSnapshot", {"name": "no"}), ("PowerOffVM", {}), ("RelocateVM", {"datastore": "store"})):
        refused(lambda m=method, a=args: vm.do(m, **a), "1 of its disks are in .*small/half already, 1 are not")
    assert (vm.read(1), vm.read(1, disk="vdb")) == ("one", "two")
    # With room, it is moved on.
    vm.sh("dd if=/dev/zero of=/dev/vdb bs=1M seek=8 count=20 conv=fsync 2>/dev/null")
    fleet.do("ReconcileVMs")
    wait_until(lambda: all("small" in path for path in vm.leaves().values()) and not fleet.daemon.api.running_tasks(), what="the rest to be moved")
    vm.home = fleet.small / "half"
    vm.check()
    vm.write(2, "on", disk="vdb")
    vm.off()
    vm.check()
    vm.on()
    assert (vm.read(1), vm.read(1, disk="vdb"), vm.read(2, disk="vdb")) == ("one", "two", "on")
    vm.off()
    vm.do("DestroyVM")
    assert not (fleet.small / "half").exists()


def test_moved_while_running(fleet, vm):
    """With a snapshot, and a guest that writes and checks what it reads."""
    vm.write(1, "one")
    vm.snapshot("first")
    vm.write(2, "two")
    job = vm.start("sh -c 'i=0; while :; do i=$((i+1)); echo $i | dd of=/dev/vda bs=4096 seek=700 conv=notrunc,fsync "
                   "2>/dev/null; dd if=/dev/vda iflag=direct bs=4096 skip=700 count=1 2>/dev/null | head -n 1 | "
                   "grep -qx $i || exit 1; echo round=$i; usleep 20000; done'")
    job.wait_line("round=1")
    vm.do("RelocateVM", datastore="other")
    vm.home = fleet.other / "web01"
    job.wait_line("round=", after=len(job.lines))
    assert vm.files() == ["web01-000001.qcow2", "web01.qcow2"]
    assert all(str(fleet.other) in path for path in vm.leaves().values())
    assert not list(fleet.store.glob("*/*.qcow2"))
    vm.check()
    assert (vm.read(1), vm.read(2)) == ("one", "two")
    job.signal("KILL")
    vm.off()
    vm.check()
    vm.do("RevertToSnapshot", snapshot="first")
    vm.do("RemoveAllSnapshots")
    vm.check()


def test_moved_while_off(fleet, vm):
    """Thick there, thin back, with the memory of a snapshot."""
    vm.on()
    vm.sh("echo state >/tmp/state")
    vm.snapshot("memory", memory=True)
    vm.write(2, "after")
    vm.off()
    vm.do("RelocateVM", datastore="store", provisioning="thick")
    find_home(fleet, vm)
    assert not (fleet.other / "web01").exists()
    assert used(vm.home / "web01.qcow2") >= DISK_MB * MIB
    vm.check()
    vm.do("RelocateVM", datastore="other", provisioning="thin")
    vm.home = fleet.other / "web01"
    assert used(vm.home / "web01.qcow2") < 8 * MIB
    vm.check()
    vm.do("RevertToSnapshot", snapshot="memory")
    vm.connect()
    assert vm.sh("cat /tmp/state") == "state"
    assert (vm.read(1), vm.read(2)) == ("one", "")
    vm.do("RemoveAllSnapshots")
    vm.off()


def test_released(vm):
    path = vm.home / "web01.qcow2"
    subprocess.run(["qemu-io", "-f", "qcow2", "-c", "write -P 0 8M 32M", "-c", "write -P 7 0 1M", str(path)], check=True,
                   stdout=subprocess.DEVNULL)
    assert used(path) > 32 * MIB
    result = vm.do("ReleaseSpace")
    assert result["before_bytes"] > 32 * MIB and result["after_bytes"] < 8 * MIB
    assert used(path) < 8 * MIB
    vm.check()


def test_report(fleet, vm):
    """A parent, two linked clones: each file once in what they take, and whole in what they would take."""
    vm.snapshot("base")
    fleet.do("CloneVM", vm="web01", names=["Web01", "Web02"])
    report = fleet.do("GetSpaceReport")
    rows = {row["name"]: row for row in report["vms"]}
    base = used(vm.home / "web01.qcow2")
    assert report["problems"] == []
    assert rows["Web01"]["provisioned_bytes"] == DISK_MB * MIB
    assert rows["Web01"]["not_shared_bytes"] < MIB and rows["Web01"]["used_bytes"] > base
    whole = report["fleet"]
    assert whole["thick_bytes"] == 2 * DISK_MB * MIB
    assert whole["thin_bytes"] == 2 * base
    assert base < whole["linked_bytes"] < base + 3 * MIB
    refused(lambda: vm.do("RelocateVM", datastore="store"), "has linked clones")
    for name in ("Web01", "Web02"):
        fleet.do("DestroyVM", vm=name)
