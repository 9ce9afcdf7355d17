# SPDX-License-Identifier: LGPL-2.1-or-later
"""Disks of VMs with real guests: added, removed, extended, moved between datastores, space given back."""

import os
import subprocess

import pytest

from harness import MIB, HarnessError, Workspace, wait_until
from managed import Refused
from vm_world import DISK_MB, Failed, World


@pytest.fixture(scope="module")
def world():
    with Workspace() as workspace:
        small = workspace.folder("small")
        try:
            # Before libvirtd, whose mount namespace is its own.
            if os.getuid() == 0:
                subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "small", str(small)], check=True)
                workspace.on_close(lambda: subprocess.run(["umount", "-l", str(small)], check=True))
            result = World(workspace)
        except HarnessError as error:
            pytest.skip(str(error))
        result.small = small
        result.do("AddDatastore", name="small", path=str(small))
        result.other = workspace.folder("other")
        result.do("AddDatastore", name="other", path=str(result.other))
        yield result


@pytest.fixture(scope="module")
def vm(world):
    machine = world.make("web01")
    machine.on()
    return machine


def refused(what, text):
    with pytest.raises((Failed, Refused), match=text):
        what()


def disks(vm):
    return {disk["target"]: disk for disk in vm.do("ListDisks")}


def used(path):
    return path.stat().st_blocks * 512


def find_home(world, vm):
    """On the first datastore: of the folders with its name, that with its disk."""
    vm.home = next(path for path in world.store.iterdir() if list(path.glob("*.qcow2")))


def size_mb(vm, disk):
    return int(vm.sh(f"cat /sys/block/{disk}/size")) // 2048


def test_datastores(world, vm):
    stores = {store["name"]: store for store in world.do("ListDatastores")}
    assert stores["store"]["vms"] == 1 and stores["other"]["vms"] == 0
    assert 0 < stores["store"]["free_bytes"] <= stores["store"]["capacity_bytes"]
    refused(lambda: world.do("RemoveDatastore", name="store"), "web01")
    refused(lambda: world.do("AddDatastore", name="again", path=str(world.store)), "already")
    refused(lambda: world.do("AddDatastore", name="a/b", path=str(world.workspace.path)), "datastore")
    refused(lambda: world.do("AddDatastore", name="none", path="/nowhere/at all"), "/nowhere/at all")
    refused(lambda: world.do("AddDatastore", name="none", path="store"), "absolute")
    world.do("RenameDatastore", name="other", to="second")
    world.do("RenameDatastore", name="second", to="other")


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


def test_trimmed(vm):
    """What the guest gives back, or overwrites with zeros, the file system has again."""
    path = vm.home / "web01.qcow2"
    vm.sh("dd if=/dev/urandom of=/dev/vda bs=1M seek=8 count=24 conv=fsync 2>/dev/null")
    assert used(path) > 24 * MIB
    vm.sh("dd if=/dev/zero of=/dev/vda bs=1M seek=8 count=24 conv=fsync oflag=direct 2>/dev/null")
    wait_until(lambda: used(path) < 8 * MIB, what="zeros to be given back")


def test_no_room(world, vm):
    """What does not fit is said, nothing of it is left, and the guest has not noticed."""
    vm.write(1, "here")
    vm.sh("dd if=/dev/urandom of=/dev/vda bs=1M seek=8 count=32 conv=fsync 2>/dev/null")
    before = vm.leaves()
    refused(lambda: vm.do("RelocateVM", datastore="small"), "space")
    assert vm.leaves() == before and list(world.small.iterdir()) == []
    refused(lambda: vm.do("RelocateVM", datastore="small", provisioning="thick"), "missing")
    assert vm.leaves() == before and list(world.small.iterdir()) == []
    assert vm.read(1) == "here"
    vm.write(1, "on")
    vm.sh("dd if=/dev/zero of=/dev/vda bs=1M seek=8 count=32 conv=fsync 2>/dev/null")
    assert vm.read(1) == "on"
    # The disk fits now, and its memory does not.
    vm.do("RelocateVM", datastore="small")
    vm.home = world.small / "web01"
    refused(lambda: vm.snapshot("full", memory=True), "No space left")
    assert (vm.names(), vm.files(), list(vm.home.glob("*.vmsn"))) == ([], ["web01.qcow2"], [])
    assert vm.read(1) == "on"
    vm.write(1, "still on")
    vm.do("RelocateVM", datastore="store")
    find_home(world, vm)


def test_moved_while_running(world, vm):
    """With a snapshot, and a guest that writes and checks what it reads."""
    vm.write(1, "one")
    vm.snapshot("first")
    vm.write(2, "two")
    job = vm.start("sh -c 'i=0; while :; do i=$((i+1)); echo $i | dd of=/dev/vda bs=4096 seek=700 conv=notrunc,fsync "
                   "2>/dev/null; dd if=/dev/vda iflag=direct bs=4096 skip=700 count=1 2>/dev/null | head -n 1 | "
                   "grep -qx $i || exit 1; echo round=$i; usleep 20000; done'")
    job.wait_line("round=1")
    vm.do("RelocateVM", datastore="other")
    vm.home = world.other / "web01"
    job.wait_line("round=", after=len(job.lines))
    assert vm.files() == ["web01-000001.qcow2", "web01.qcow2"]
    assert all(str(world.other) in path for path in vm.leaves().values())
    assert not list(world.store.glob("*/*.qcow2"))
    vm.check()
    assert (vm.read(1), vm.read(2)) == ("one", "two")
    job.signal("KILL")
    vm.off()
    vm.check()
    vm.do("RevertToSnapshot", snapshot="first")
    vm.do("RemoveAllSnapshots")
    vm.check()


def test_moved_while_off(world, vm):
    """Thick there, thin back, with the memory of a snapshot."""
    vm.on()
    vm.sh("echo state >/tmp/state")
    vm.snapshot("memory", memory=True)
    vm.write(2, "after")
    vm.off()
    vm.do("RelocateVM", datastore="store", provisioning="thick")
    find_home(world, vm)
    assert not (world.other / "web01").exists()
    assert used(vm.home / "web01.qcow2") >= DISK_MB * MIB
    vm.check()
    vm.do("RelocateVM", datastore="other", provisioning="thin")
    vm.home = world.other / "web01"
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


def test_report(world, vm):
    """A parent, two linked clones: each file once in what they take, and whole in what they would take."""
    vm.snapshot("base")
    world.do("CloneVM", vm="web01", names=["Web01", "Web02"])
    report = world.do("GetSpaceReport")
    rows = {row["name"]: row for row in report["vms"]}
    base = used(vm.home / "web01.qcow2")
    assert report["problems"] == []
    assert rows["Web01"]["provisioned_bytes"] == DISK_MB * MIB
    assert rows["Web01"]["not_shared_bytes"] < MIB and rows["Web01"]["used_bytes"] > base
    fleet = report["fleet"]
    assert fleet["thick_bytes"] == 2 * DISK_MB * MIB
    assert fleet["thin_bytes"] == 2 * base
    assert base < fleet["linked_bytes"] < base + 3 * MIB
    refused(lambda: vm.do("RelocateVM", datastore="store"), "has linked clones")
    for name in ("Web01", "Web02"):
        world.do("DestroyVM", vm=name)
