# SPDX-License-Identifier: LGPL-2.1-or-later
"""Snapshots with real guests: what the guest wrote is there, or gone, as the operation says."""

import pytest

from harness import HarnessError, Workspace
from vm_world import World


@pytest.fixture(scope="module")
def world():
    with Workspace() as workspace:
        try:
            yield World(workspace)
        except HarnessError as error:
            pytest.skip(str(error))


def test_off(world):
    """Of a VM that is off: back to the snapshot, and the snapshot away."""
    vm = world.make("off")
    vm.on()
    vm.write(1, "before")
    vm.off()
    vm.snapshot("first")
    assert vm.files() == ["off-000001.qcow2", "off.qcow2"]
    vm.on()
    vm.write(1, "after")
    vm.write(2, "after")
    vm.off()
    vm.do("RevertToCurrentSnapshot")
    assert vm.files() == ["off-000002.qcow2", "off.qcow2"]
    vm.on()
    assert vm.read(1) == "before"
    assert vm.read(2) == ""
    vm.write(2, "kept")
    vm.off()
    vm.do("RemoveSnapshot", snapshot="first")
    assert vm.files() == ["off.qcow2"]
    vm.check()
    vm.on()
    assert (vm.read(1), vm.read(2)) == ("before", "kept")
    vm.off()


def test_running(world):
    """Of a VM that runs, with memory: a program goes on where it was."""
    vm = world.make("run")
    vm.on()
    vm.write(1, "one")
    vm.sh("echo state >/tmp/state")
    vm.snapshot("disk only")
    vm.write(1, "two")
    counter = vm.start("sh -c 'i=0; while :; do i=$((i+1)); echo n=$i; sleep 0.2; done'")
    counter.wait_line("n=3")
    identity = vm.snapshot("with memory", memory=True)
    assert [s["memory"] for s in vm.snapshots()["snapshots"]] == [False, True]
    vm.write(1, "three")
    vm.sh("echo changed >/tmp/state")
    said = len(counter.lines)
    vm.do("RevertToSnapshot", snapshot=f"#{identity}")
    vm.connect()
    counter.wait_line("n=", after=len(counter.lines))
    assert len(counter.lines) > 0 and said > 0
    assert vm.sh("cat /tmp/state") == "state"
    assert vm.read(1) == "two"
    # Twice from the same memory.
    vm.write(1, "four")
    vm.do("RevertToSnapshot", snapshot="with memory")
    vm.connect()
    assert vm.sh("cat /tmp/state") == "state"
    assert vm.read(1) == "two"
    # Merged below a running guest, which sees nothing of it.
    vm.do("RemoveSnapshot", snapshot="disk only")
    assert vm.read(1) == "two"
    assert vm.names() == ["with memory"]
    vm.do("RevertToSnapshot", snapshot="with memory")
    vm.connect()
    assert vm.read(1) == "two"
    vm.do("RemoveAllSnapshots")
    assert vm.files() == ["run.qcow2"]
    assert not list(vm.home.glob("*.vmsn"))
    assert vm.read(1) == "two"
    vm.off()
    vm.check()
    vm.on()
    assert vm.read(1) == "two"
    vm.off()
