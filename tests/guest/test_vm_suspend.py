# SPDX-License-Identifier: LGPL-2.1-or-later
"""Suspended VMs and independent-nonpersistent disks, with real guests: what the mode says is kept, is."""

import os
import time

import pytest

from fleet import Fleet, Refused, TaskFailed
from harness import Workspace, wait_until
from managed import Libvirt

REDO = [{"size_mb": 16, "mode": "independent_nonpersistent"}, {"size_mb": 16}]


@pytest.fixture(scope="module")
def fleet():
    if os.getuid() != 0:
        pytest.skip("libvirt's private daemon needs root")
    with Workspace() as workspace:
        yield Fleet(workspace)


def test_nonpersistent_disk(fleet):
    home = fleet.home("np")
    fleet.create("np", disks=REDO)
    guest = fleet.on("np")
    assert (home / "np-vda.REDO").exists()
    guest.write("dropped", disk="vda")
    guest.write("kept", disk="vdb")

    # Kept while it is suspended, as often as one likes.
    fleet.do("SuspendVM", vm="np")
    assert (home / "np.vmss").exists() and (home / "np-vda.REDO").exists()
    assert 'checkpoint.vmState = ' in (home / "np.vmx").read_text()
    with pytest.raises(TaskFailed, match="suspended already"):
        fleet.do("SuspendVM", vm="np")
    # A daemon that starts finds it suspended, and leaves its REDO file alone.
    fleet.daemon.kill()
    fleet.daemon.start()
    assert fleet.do("ReconfigVM", vm="np", standbyAction="powerOnSuspend", cpus=2)["waits_for_power_off"]
    fleet.do("PowerOnVM", vm="np")
    assert not (home / "np.vmss").exists()
    assert "checkpoint" not in (home / "np.vmx").read_text()
    guest = fleet.guest("np")
    assert guest.read(disk="vda") == "dropped" and guest.read(disk="vdb") == "kept"
    assert guest.shell("nproc") == "1"

    # The guest's own shutdown drops it too.
    guest.send("poweroff")
    wait_until(lambda: not (home / "np-vda.REDO").exists(), what="the REDO file to go")
    guest = fleet.on("np")
    assert guest.read(disk="vda") == "" and guest.read(disk="vdb") == "kept"
    assert guest.shell("nproc") == "2"

    # So it does when nobody was there to see it end.
    guest.write("dropped again", disk="vda")
    fleet.daemon.kill()
    guest.send("poweroff")
    guest.wait_off()
    assert (home / "np-vda.REDO").exists()
    fleet.daemon.start()
    wait_until(lambda: not (home / "np-vda.REDO").exists(), what="the REDO file to go")

    guest = fleet.on("np")
    assert guest.read(disk="vda") == ""
    guest.write("dropped", disk="vda")
    # Power-off of a suspended VM forgets its memory.
    fleet.do("SuspendVM", vm="np")
    fleet.off("np")
    assert not (home / "np.vmss").exists() and not (home / "np-vda.REDO").exists()
    fleet.check_disks("np")
    fleet.do("DestroyVM", vm="np")
    assert not home.exists()


def test_killed_between_memory_and_record(fleet):
    """The daemon dies at a moment when the VM is saved and nothing says so."""
    fleet.create("cut", disks=REDO)
    guest = fleet.on("cut")
    guest.write("there", disk="vda")
    task, _ = fleet.start("SuspendVM", vm="cut")
    wait_until(lambda: (fleet.home("cut") / "cut.vmss").exists() or fleet.task(task)["state"] != "running",
               what="the memory's file", interval=0.001)
    # libvirt goes on alone, and the next daemon finds it at that.
    fleet.daemon.kill()
    fleet.daemon.start()
    wait_until(lambda: fleet.power("cut") in ("running", "shut off"), what="the VM to run, or not")
    fleet.do("ReconcileVMs")
    if fleet.power("cut") == "shut off":
        fleet.do("PowerOnVM", vm="cut")
    guest = fleet.guest("cut")
    assert guest.read(disk="vda") == "there"
    assert not (fleet.home("cut") / "cut.vmss").exists()

    # And while it goes on: it runs, or is suspended as before, and in both cases has lost nothing.
    guest.shell("echo here >/tmp/memory")
    for seconds in 0.01, 0.1, 0.3:
        fleet.do("SuspendVM", vm="cut")
        fleet.start("PowerOnVM", vm="cut")
        time.sleep(seconds)  # wherever that is; all moments are to be right
        fleet.daemon.kill()
        fleet.daemon.start()
        # A task waits until all is put right.
        fleet.do("ReconcileVMs")
        if fleet.power("cut") == "shut off":
            fleet.do("PowerOnVM", vm="cut")
        guest = fleet.guest("cut")
        assert guest.shell("cat /tmp/memory") == "here" and guest.read(disk="vda") == "there"
    fleet.do("SuspendVM", vm="cut")
    fleet.check_disks("cut")
    # Deleted like any other.
    fleet.do("DestroyVM", vm="cut")
    assert not fleet.home("cut").exists()


def test_standby(fleet):
    fleet.create("sleepy")
    guest = fleet.on("sleepy")
    guest.write("before standby")
    guest.start("sh -c 'echo mem >/sys/power/state; echo woke >/tmp/woke'")
    # The default: a guest that goes to standby is a suspended VM.
    wait_until(lambda: (fleet.home("sleepy") / "sleepy.vmss").exists() and fleet.power("sleepy") == "shut off",
               what="the VM to be suspended")
    wait_until(lambda: "checkpoint" in (fleet.home("sleepy") / "sleepy.vmx").read_text(), what="the record")
    # QEMU cannot save a guest that sleeps: it is awake for a moment before that, and may go on a little.
    guest = fleet.on("sleepy")
    assert guest.read() == "before standby"
    wait_until(lambda: guest.run("cat /tmp/woke").status == 0, what="the guest to be awake")

    # The other way: it stays as it is, and power-on wakes it.
    fleet.do("ReconfigVM", vm="sleepy", standbyAction="powerOnSuspend")
    guest.start("sh -c 'rm /tmp/woke; echo mem >/sys/power/state; echo woke >/tmp/woke'")
    wait_until(lambda: fleet.power("sleepy") == "pmsuspended", what="the guest to sleep")
    fleet.do("PowerOnVM", vm="sleepy")
    guest.wait_again()
    wait_until(lambda: guest.run("cat /tmp/woke").status == 0, what="the guest to be awake")
    assert not (fleet.home("sleepy") / "sleepy.vmss").exists()
    fleet.off("sleepy")
    fleet.do("DestroyVM", vm="sleepy")


def test_resumed_by_another_host(fleet):
    """Another libvirt and another daemon with the same storage."""
    # Whoever registers it takes nothing over that lies outside datastores.
    fleet.create("moved", disks=REDO, **fleet.boot_in_store())
    guest = fleet.on("moved")
    guest.write("in the REDO file", disk="vda")
    guest.shell("echo in memory >/tmp/memory")
    fleet.do("SuspendVM", vm="moved")
    fleet.do("UnregisterVM", vm="moved")
    assert (fleet.home("moved") / "moved.vmss").exists()
    assert "moved" not in fleet.libvirt.virsh("list", "--all", "--name").stdout.split()

    with Workspace() as workspace:
        other = Fleet(workspace, libvirt=Libvirt(workspace), datastore="own")
        other.do("AddDatastore", name="shared", path=str(fleet.store))
        assert other.do("RegisterVM", path="[shared] moved/moved.vmx")["name"] == "moved"
        with pytest.raises(TaskFailed, match="registered already"):
            other.do("RegisterVM", path="[shared] moved/moved.vmx")
        guest = other.on("moved")
        assert guest.shell("cat /tmp/memory") == "in memory"
        assert guest.read(disk="vda") == "in the REDO file"
        wait_until(lambda: other.daemon.vm("moved")["managed"] == "pager", what="its pager to be this host's")
        other.off("moved")
        assert not (fleet.home("moved") / "moved-vda.REDO").exists()
        guest = other.on("moved")
        assert guest.read(disk="vda") == ""
        guest.shell("echo again >/tmp/memory")
        other.do("SuspendVM", vm="moved")
        other.do("UnregisterVM", vm="moved")

    # And back, with its folder under another name.
    fleet.home("moved").rename(fleet.home("elsewhere"))
    fleet.do("RegisterVM", path="[ds1] elsewhere/moved.vmx", folder="/")
    guest = fleet.on("moved")
    assert guest.shell("cat /tmp/memory") == "again"
    assert fleet.disk("moved").startswith(str(fleet.home("elsewhere")))
    fleet.off("moved")
    fleet.do("DestroyVM", vm="moved")
    assert not fleet.home("elsewhere").exists()


def test_full_datastore_does_not_suspend(fleet):
    fleet.create("full")
    guest = fleet.on("full")
    guest.shell("echo here >/tmp/memory")
    # No room for the memory: a link to a file system that is always full takes its place.
    os.symlink("/dev/full", fleet.home("full") / "full.vmss")
    with pytest.raises((TaskFailed, Refused), match="full"):
        fleet.do("SuspendVM", vm="full")
    wait_until(lambda: fleet.power("full") == "running", what="the VM to run on")
    assert guest.shell("cat /tmp/memory") == "here"
    fleet.off("full")
    fleet.do("DestroyVM", vm="full")
