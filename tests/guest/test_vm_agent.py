# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is done by the guest's agent, with guests that have one: standby, soft suspend, quiet snapshots, trimming."""

import os
import time

import pytest

from fleet import Fleet, TaskFailed
from harness import Workspace, agent_image, wait_until


@pytest.fixture(scope="module")
def fleet():
    if os.getuid() != 0:
        pytest.skip("libvirt's private daemon needs root")
    with Workspace() as workspace:
        fleet = Fleet(workspace)
        fleet.create_from(agent_image(), "agent", 160)
        fleet.do("PowerOnVM", vm="agent")
        wait_agent(fleet)
        yield fleet


def wait_agent(fleet):
    wait_until(lambda: fleet.ask_agent("agent", "guest-ping") is not None, what="the agent", interval=0.2)


def test_standby(fleet):
    fleet.do("ReconfigVM", vm="agent", standbyAction="powerOnSuspend")
    fleet.agent_shell("agent", "echo here >/run/memory")
    fleet.do("StandbyGuest", vm="agent")
    wait_until(lambda: fleet.power("agent") == "pmsuspended", what="the guest to sleep")
    fleet.do("PowerOnVM", vm="agent")
    wait_until(lambda: fleet.power("agent") == "running", what="the guest to be awake")
    assert fleet.agent_shell("agent", "cat /run/memory") == "here\n"
    # By default a guest that sleeps is a suspended VM.
    fleet.do("ReconfigVM", vm="agent", standbyAction="checkpoint")
    fleet.do("StandbyGuest", vm="agent")
    wait_until(lambda: (fleet.home("agent") / "agent.vmss").exists() and fleet.power("agent") == "shut off",
               what="the VM to be suspended")
    fleet.do("PowerOnVM", vm="agent")
    assert fleet.agent_shell("agent", "cat /run/memory") == "here\n"


def test_soft_suspend(fleet):
    """What the guest had not written yet is on its disk when it is suspended."""
    fleet.agent_shell("agent", "echo unwritten-$((40 + 2)) >/root/late; echo here >/run/memory")
    fleet.do("SuspendVM", vm="agent", type="soft")
    assert b"unwritten-42" in open(fleet.disk("agent"), "rb").read()
    fleet.do("PowerOnVM", vm="agent")
    assert fleet.agent_shell("agent", "cat /run/memory; cat /root/late") == "here\nunwritten-42\n"


def test_quiet_snapshot(fleet):
    """Its file systems are quiet for that moment: what was written before is in the frozen file."""
    fleet.agent_shell("agent", "echo 0 >/proc/sys/vm/dirty_writeback_centisecs; echo quiet-$((40 + 2)) >/root/quiet")
    frozen = fleet.disk("agent")
    assert b"quiet-42" not in open(frozen, "rb").read()
    fleet.do("CreateSnapshot", vm="agent", name="quiet", quiesce=True)
    assert fleet.disk("agent") != frozen and b"quiet-42" in open(frozen, "rb").read()
    assert fleet.ask_agent("agent", "guest-fsfreeze-status") == "thawed"
    fleet.agent_shell("agent", "rm /root/quiet")
    fleet.do("RevertToSnapshot", vm="agent", snapshot="quiet")
    fleet.do("PowerOnVM", vm="agent")
    assert fleet.agent_shell("agent", "cat /root/quiet") == "quiet-42\n"
    fleet.do("RemoveAllSnapshots", vm="agent")


def test_trim(fleet):
    """What the guest has deleted goes back to the datastore."""
    # Some of it was free before: that is given back first.
    fleet.do("ReleaseSpace", vm="agent")
    fleet.agent_shell("agent", "dd if=/dev/urandom of=/root/large bs=1M count=64 conv=fsync 2>/dev/null; rm /root/large; sync")
    outcome = fleet.do("ReleaseSpace", vm="agent")
    assert outcome["before_bytes"] - outcome["after_bytes"] >= 48 << 20


def test_a_silent_agent(fleet):
    """Nobody waits for an agent that says nothing: what needs it is refused, and cancelled, and the daemon ends at once."""
    fleet.agent_shell("agent", "(sleep 1; busybox killall -STOP qemu-ga) >/dev/null 2>&1 &")
    wait_until(lambda: fleet.ask_agent("agent", "guest-ping") is None, what="the agent to be silent")
    task, _ = fleet.start("ReleaseSpace", vm="agent")
    wait_until(lambda: fleet.task(task)["state"] == "running", what="the task to run")
    fleet.daemon.api.cancel(task)
    before = time.monotonic()
    with pytest.raises(TaskFailed, match="cancel"):
        fleet.wait(task)
    assert time.monotonic() - before < 20
    for method, args in (("ReleaseSpace", {}), ("SuspendVM", {"type": "soft"})):
        task, _ = fleet.start(method, vm="agent", **args)
        wait_until(lambda t=task: fleet.task(t)["state"] == "running", what="the task to run")
        before = time.monotonic()
        fleet.daemon.stop()
        assert time.monotonic() - before < 20
        fleet.daemon.start()
    assert fleet.power("agent") == "running"
    fleet.off("agent")
    fleet.do("DestroyVM", vm="agent")
