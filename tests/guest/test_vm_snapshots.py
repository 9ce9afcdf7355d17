# SPDX-License-Identifier: LGPL-2.1-or-later
"""Snapshots with real guests: what the guest wrote is there, or gone, as the operation says."""

import pytest

from fleet import Fleet, Refused, TaskFailed
from harness import HarnessError, Workspace


@pytest.fixture(scope="module")
def fleet():
    with Workspace() as workspace:
        try:
            yield Fleet(workspace, datastore="store")
        except HarnessError as error:
            pytest.skip(str(error))


@pytest.fixture(scope="module")
def vm(fleet):
    machine = fleet.machine("web01", disks=2)
    machine.do("SetDiskMode", target="vdb", mode="independent_persistent")
    machine.on()
    return machine


def refused(what, text):
    """Calls what(), which is to fail with these words in its error."""
    with pytest.raises((TaskFailed, Refused), match=text):
        what()


def test_disk_only(vm):
    """Back to a snapshot without memory; the independent disk goes on as if nothing had been."""
    vm.write(1, "before")
    vm.write(1, "other", disk="vdb")
    vm.snapshot("first")
    assert vm.files() == ["web01-000001.qcow2", "web01.qcow2", "web01_1.qcow2"]
    vm.write(1, "after")
    vm.write(2, "after")
    vm.write(1, "later", disk="vdb")
    vm.do("RevertToCurrentSnapshot")
    assert vm.files() == ["web01-000002.qcow2", "web01.qcow2", "web01_1.qcow2"]
    vm.on()
    assert (vm.read(1), vm.read(2), vm.read(1, disk="vdb")) == ("before", "", "later")
    refused(lambda: vm.snapshot("memory", memory=True), "vdb is independent_persistent")
    vm.off()
    refused(lambda: vm.do("SetDiskMode", target="vda", mode="independent_persistent"), 'snapshot "first"')
    vm.do("SetDiskMode", target="vdb", mode="persistent")
    vm.do("RemoveSnapshot", snapshot="first")
    assert vm.files() == ["web01.qcow2", "web01_1.qcow2"]
    vm.check()
    vm.on()
    assert (vm.read(1), vm.read(1, disk="vdb")) == ("before", "later")


def test_memory(vm):
    """With memory a program goes on where it was, as often as one likes, and merging is not noticed."""
    vm.write(1, "one")
    vm.write(1, "one", disk="vdb")
    vm.snapshot("disk only")
    vm.write(1, "two")
    counter = vm.start("sh -c 'i=0; while :; do i=$((i+1)); echo n=$i; usleep 100000; done'")
    counter.wait_line("n=3")
    vm.sh("echo state >/tmp/state")
    identity = vm.snapshot("with memory", memory=True)
    said = len(counter.lines)
    assert [snapshot["memory"] for snapshot in vm.snapshots()["snapshots"]] == [False, True]
    for number in range(3):
        vm.write(1, f"three{number}")
        vm.write(1, "three", disk="vdb")
        vm.sh("echo changed >/tmp/state")
        vm.do("RevertToSnapshot", snapshot=f"#{identity}")
        vm.connect()
        assert vm.sh("cat /tmp/state") == "state"
        assert (vm.read(1), vm.read(1, disk="vdb")) == ("two", "one")
        if number == 1:
            vm.do("RemoveSnapshot", snapshot="disk only")
            assert vm.names() == ["with memory"]
            assert vm.read(1) == "two"
    # It counts on from where it was, so that it says numbers again.
    numbers = [int(line[2:]) for line in counter.lines if line.startswith("n=")]
    assert numbers[-1] < len(numbers) and said > 0
    counter.stop()
    vm.do("RemoveAllSnapshots")
    assert vm.files() == ["web01.qcow2", "web01_1.qcow2"]
    assert not list(vm.home.glob("*.vm[sn][sn]"))
    assert (vm.read(1), vm.read(1, disk="vdb")) == ("two", "one")


def test_branches(vm):
    """A tree with two branches: each is as it was, and what is removed takes nothing from the other."""
    vm.write(1, "root")
    vm.snapshot("root", memory=True)
    vm.write(1, "left")
    vm.snapshot("left", memory=True)
    vm.do("RevertToSnapshot", snapshot="root")
    vm.connect()
    vm.write(1, "right")
    vm.snapshot("right", memory=True)
    tree = {snapshot["name"]: snapshot for snapshot in vm.snapshots()["snapshots"]}
    assert tree["left"]["parent"] == tree["right"]["parent"] == tree["root"]["id"]
    assert tree["right"]["current"] and not tree["left"]["current"]
    # Two files stand on what it froze, so it stays until one is left.
    vm.do("RemoveSnapshot", snapshot="root")
    assert vm.snapshots()["consolidation_needed"]
    assert vm.read(1) == "right"
    vm.do("RevertToSnapshot", snapshot="left")
    vm.connect()
    assert vm.read(1) == "left"
    vm.do("RemoveSnapshot", snapshot="right")
    assert not vm.snapshots()["consolidation_needed"]
    assert vm.read(1) == "left"
    vm.do("RevertToSnapshot", snapshot="left")
    vm.connect()
    assert vm.read(1) == "left"
    vm.do("RemoveAllSnapshots")
    assert vm.files() == ["web01.qcow2", "web01_1.qcow2"]
    assert vm.read(1) == "left"


def test_suspended(vm):
    """A snapshot of a VM that is suspended, and back to it: it is suspended again."""
    vm.write(1, "slept")
    vm.sh("echo slept >/tmp/state")
    vm.do("SuspendVM")
    vm.snapshot("asleep")
    vm.do("PowerOnVM")
    vm.connect()
    assert vm.sh("cat /tmp/state") == "slept"
    vm.write(1, "awake")
    vm.sh("echo awake >/tmp/state")
    vm.do("RevertToSnapshot", snapshot="asleep")
    assert vm.fleet.libvirt.virsh("domstate", vm.name).stdout.strip() == "shut off"
    vm.do("RemoveAllSnapshots")
    vm.do("PowerOnVM")
    vm.connect()
    assert (vm.sh("cat /tmp/state"), vm.read(1)) == ("slept", "slept")


def test_refused(vm):
    refused(lambda: vm.snapshot("a\nb"), "snapshot")
    refused(lambda: vm.snapshot("x" * 300), "snapshot")
    refused(lambda: vm.snapshot("a", description="x" * 5000), "4096 bytes")
    refused(lambda: vm.do("RevertToCurrentSnapshot"), 'VM "web01" has no snapshot')
    refused(lambda: vm.do("RevertToSnapshot", snapshot="nope"), 'has no snapshot "nope"')
    first, second = vm.snapshot("same"), vm.snapshot("same")
    refused(lambda: vm.do("RemoveSnapshot", snapshot="same"), f"#{first} or #{second}")
    vm.do("RenameSnapshot", snapshot=f"#{second}", name="the other", description="what it is")
    assert vm.names() == ["same", "the other"]
    vm.fleet.do("CloneVM", vm=vm.name, names=["Web01", "Web02"], snapshot="the other")
    refused(lambda: vm.do("RemoveSnapshot", snapshot="the other"), "linked clones: Web01, Web02; delete them")
    refused(lambda: vm.do("RemoveAllSnapshots"), "Web01, Web02")
    assert vm.names() == ["same", "the other"]
    # What is beneath the clones is not written to, either; it is merged when they are gone.
    vm.do("RemoveSnapshot", snapshot="same")
    assert vm.snapshots()["consolidation_needed"]
    for name in ("Web01", "Web02"):
        vm.fleet.do("DestroyVM", vm=name)
    vm.do("ConsolidateVMDisks")
    assert not vm.snapshots()["consolidation_needed"]
    vm.do("RemoveAllSnapshots")
    assert vm.files() == ["web01.qcow2", "web01_1.qcow2"]
    vm.off()
    vm.check()
