# SPDX-License-Identifier: LGPL-2.1-or-later
"""A datastore runs full under a thin disk and under a REDO file: the VM asks, and no write is lost."""

import os
import subprocess

import pytest

from fleet import Fleet, Refused, TaskFailed
from harness import Workspace, wait_until

STORE_MIB = 20
LEFT_MIB = 3
DISK_MIB = 32
WRITTEN_MIB = 8


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
    with open(fleet.small / "filler", "wb") as filler:
        space = os.statvfs(fleet.small)
        filler.write(bytes(max(0, space.f_bavail * space.f_frsize - (LEFT_MIB << 20))))


def questions(fleet, name):
    return [question for question in fleet.do("ListQuestions") if question["vm"] == name]


def start_writing(guest, seek=0):
    """Random data, and its checksum as the guest has it in memory."""
    guest.shell(f"dd if=/dev/urandom of=/tmp/data bs=1M count={WRITTEN_MIB} 2>/dev/null")
    return guest.start(f"sh -c 'dd if=/tmp/data of=/dev/vda bs=1M seek={seek} oflag=direct 2>/dev/null; echo written $?'")


def wait_question(fleet, name, other_than=0):
    wait_until(lambda: [q for q in questions(fleet, name) if q["id"] != other_than], what="the question")
    return questions(fleet, name)[0]


def on_disk(guest):
    guest.shell("echo 3 >/proc/sys/vm/drop_caches")
    return guest.shell(f"dd if=/dev/vda bs=1M count={WRITTEN_MIB} 2>/dev/null | sha256sum")


def test_thin_disk(fleet):
    fleet.create("thin", datastore="small", memory_mb=160, disks=[{"size_mb": DISK_MIB}], pager=False)
    guest = fleet.on("thin")
    fill(fleet)
    job = start_writing(guest)
    question = wait_question(fleet, "thin")
    assert '"thin"' in question["text"] and '"small"' in question["text"] and "vda" in question["text"]
    assert question["datastore"] == "small" and question["choices"] == ["retry", "cancel"]
    assert fleet.power("thin") == "paused" and job.status is None
    with pytest.raises(TaskFailed, match="question"):
        fleet.do("SuspendVM", vm="thin")

    # Still full: the same question again, as another one.
    fleet.do("AnswerVM", vm="thin", id=question["id"], answer="retry")
    wait_question(fleet, "thin", other_than=question["id"])
    with pytest.raises(TaskFailed, match="any more"):
        fleet.do("AnswerVM", vm="thin", id=question["id"], answer="retry")
    with pytest.raises((TaskFailed, Refused), match="retry or cancel"):
        fleet.do("AnswerVM", vm="thin", answer="maybe")

    # The daemon dies, and the next one has the question still.
    fleet.daemon.kill()
    fleet.daemon.start()
    wait_question(fleet, "thin")
    (fleet.small / "filler").unlink()
    fleet.do("AnswerVM", vm="thin", answer="retry")
    job.wait_line("written 0")
    checksum = guest.shell("sha256sum </tmp/data")
    assert on_disk(guest) == checksum
    assert not questions(fleet, "thin")

    # The other answer, to a question that comes while no daemon is there.
    fleet.daemon.kill()
    fill(fleet)
    start_writing(guest, seek=DISK_MIB - WRITTEN_MIB)
    wait_until(lambda: fleet.power("thin") == "paused", what="the VM to stop")
    fleet.daemon.start()
    wait_question(fleet, "thin")
    fleet.do("AnswerVM", vm="thin", answer="cancel")
    assert fleet.power("thin") == "shut off" and not questions(fleet, "thin")
    with pytest.raises(TaskFailed, match="has no question"):
        fleet.do("AnswerVM", vm="thin", answer="retry")
    (fleet.small / "filler").unlink()
    fleet.check_disks()
    assert on_disk(fleet.on("thin")) == checksum
    fleet.off("thin")
    fleet.do("DestroyVM", vm="thin")


def test_redo_file(fleet):
    fleet.create("redo", datastore="small", memory_mb=160, disks=[{"size_mb": DISK_MIB, "mode": "independent_nonpersistent"}],
                 pager=False)
    guest = fleet.on("redo")
    fill(fleet)
    job = start_writing(guest)
    assert "REDO" in wait_question(fleet, "redo")["text"]
    (fleet.small / "filler").unlink()
    fleet.do("AnswerVM", vm="redo", answer="retry")
    job.wait_line("written 0")
    assert on_disk(guest) == guest.shell("sha256sum </tmp/data")
    fleet.off("redo")
    fleet.do("DestroyVM", vm="redo")


def test_full_datastore_makes_nothing(fleet):
    """A VM whose disk has no room is not made at all, and nothing of it is left."""
    with pytest.raises(TaskFailed, match="no room"):
        fleet.create("large", datastore="small", disks=[{"size_mb": 100, "provisioning": "thick"}])
    assert not list(fleet.small.iterdir())
    assert "large" not in fleet.libvirt.virsh("list", "--all", "--name").stdout.split()
    fleet.create("large", datastore="small", disks=[{"size_mb": 100}])
    fleet.do("DestroyVM", vm="large")
    assert not list(fleet.small.iterdir())
