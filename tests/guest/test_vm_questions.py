# SPDX-License-Identifier: LGPL-2.1-or-later
"""A datastore runs full under a thin disk and under a REDO file: the VM asks, and no write is lost."""

import os
import subprocess

import pytest

from fleet import Fleet, Refused, TaskFailed
from harness import Workspace, wait_until

STORE_MIB = 28
FILLER_MIB = 12
DISK_MIB = 32
WRITTEN_MIB = 20


@pytest.fixture(scope="module")
def fleet():
    if os.getuid() != 0:
        pytest.skip("libvirt's private daemon and a small tmpfs need root")
    with Workspace() as workspace:
        # Before libvirtd, which sees what was mounted when it started; lazily, as it may have it open still.
        small = workspace.folder("small")
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={STORE_MIB}m", "tmpfs", str(small)], check=True)
        workspace.on_close(lambda: subprocess.run(["umount", "-l", str(small)], check=False))
        fleet = Fleet(workspace)
        fleet.do("AddDatastore", name="small", path=str(small))
        fleet.small = small
        yield fleet


def fill(fleet):
    """Leaves too little room for what the guest will write."""
    (fleet.small / "filler").write_bytes(bytes(FILLER_MIB << 20))


def questions(fleet, name):
    return [question for question in fleet.do("ListQuestions") if question["vm"] == name]


def start_writing(guest):
    """Random data, and its checksum as the guest has it in memory."""
    guest.shell(f"dd if=/dev/urandom of=/tmp/data bs=1M count={WRITTEN_MIB} 2>/dev/null")
    return guest.start("sh -c 'dd if=/tmp/data of=/dev/vda bs=1M oflag=direct 2>/dev/null; echo written $?'")


def same(guest):
    guest.shell("echo 3 >/proc/sys/vm/drop_caches")
    return (guest.shell("sha256sum </tmp/data") ==
            guest.shell(f"dd if=/dev/vda bs=1M count={WRITTEN_MIB} 2>/dev/null | sha256sum"))


@pytest.mark.parametrize("mode", ["persistent", "independent_nonpersistent"])
def test_full_datastore(fleet, mode):
    name = mode[:11]
    fleet.create(name, datastore="small", memory_mb=160, disks=[{"size_mb": DISK_MIB, "mode": mode}], pager=False)
    guest = fleet.on(name)
    fill(fleet)
    job = start_writing(guest)
    wait_until(lambda: questions(fleet, name), what="the question")
    question = questions(fleet, name)[0]
    assert name in question["text"] and '"small"' in question["text"] and "vda" in question["text"]
    assert question["datastore"] == "small" and question["choices"] == ["retry", "cancel"]
    assert fleet.power(name) == "paused" and job.status is None
    with pytest.raises(TaskFailed, match="question"):
        fleet.do("SuspendVM", vm=name)

    # Still full: the same question again, as another one.
    fleet.do("AnswerVM", vm=name, id=question["id"], answer="retry")
    wait_until(lambda: [q for q in questions(fleet, name) if q["id"] != question["id"]], what="the next question")
    with pytest.raises(TaskFailed, match="any more"):
        fleet.do("AnswerVM", vm=name, id=question["id"], answer="retry")
    with pytest.raises((TaskFailed, Refused), match="retry or cancel"):
        fleet.do("AnswerVM", vm=name, answer="maybe")

    # The daemon dies, and with it the question; the next one finds it again.
    if mode == "persistent":
        fleet.daemon.kill()
        fleet.daemon.start()
        wait_until(lambda: questions(fleet, name), what="the question")
    (fleet.small / "filler").unlink()
    fleet.do("AnswerVM", vm=name, answer="retry")
    job.wait_line("written 0")
    assert same(guest)
    assert not questions(fleet, name)

    fleet.off(name)
    fleet.check_disks()
    fleet.do("DestroyVM", vm=name)


def test_cancel_powers_off(fleet):
    fleet.create("cancelled", datastore="small", memory_mb=160, disks=[{"size_mb": DISK_MIB}], pager=False)
    guest = fleet.on("cancelled")
    guest.write("before", at=2 * DISK_MIB * 1024 - 8)
    fill(fleet)
    start_writing(guest)
    wait_until(lambda: questions(fleet, "cancelled"), what="the question")
    fleet.do("AnswerVM", vm="cancelled", answer="cancel")
    assert fleet.power("cancelled") == "shut off" and not questions(fleet, "cancelled")
    with pytest.raises(TaskFailed, match="has no question"):
        fleet.do("AnswerVM", vm="cancelled", answer="retry")
    (fleet.small / "filler").unlink()
    guest = fleet.on("cancelled")
    assert guest.read(at=2 * DISK_MIB * 1024 - 8) == "before"
    fleet.off("cancelled")
    fleet.do("DestroyVM", vm="cancelled")


def test_full_datastore_makes_nothing(fleet):
    """A VM whose disk has no room is not made at all, and nothing of it is left."""
    with pytest.raises(TaskFailed, match="no room"):
        fleet.create("large", datastore="small", disks=[{"size_mb": 100, "provisioning": "thick"}])
    assert not list(fleet.small.iterdir())
    assert "large" not in fleet.libvirt.virsh("list", "--all", "--name").stdout.split()
    fleet.create("large", datastore="small", disks=[{"size_mb": 100}])
    fleet.do("DestroyVM", vm="large")
    assert not list(fleet.small.iterdir())
