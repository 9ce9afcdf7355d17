# SPDX-License-Identifier: LGPL-2.1-or-later
"""The harness itself: that no command is lost on its way, and that a wait says why it was in vain."""

import signal

import pytest

from harness import Guest

COMMANDS = 150


@pytest.fixture(scope="module")
def guest(workspace):
    return Guest(workspace, memory_mib=256, balloon=None)


def test_commands_in_a_row(guest):
    """The next one arrives while the guest still clears up after the one before."""
    for i in range(COMMANDS):
        job = guest.run(f"echo number {i}")
        assert job.status == 0
        assert job.output() == f"number {i}"


def test_commands_at_once(guest):
    jobs = [guest.start(f"sh -c 'echo number {i}; exit {i}'") for i in range(20)]
    assert [job.wait() for job in jobs] == list(range(20))
    assert [job.output() for job in jobs] == [f"number {i}" for i in range(20)]


def test_wait_in_vain(guest):
    """Its error has what the guest said last, in both directions and on its console."""
    job = guest.start("sh -c 'echo waiting for nothing; exec sleep 1000'")
    job.wait_line("waiting")
    with pytest.raises(TimeoutError) as error:
        job.wait(timeout=0.1)
    message = str(error.value)
    assert "the end of 'sh -c" in message
    assert f"> run {job.number} sh -c" in message
    assert f"< {job.number} out waiting for nothing" in message
    assert "aerostat-guest: ready" in message
    job.signal("KILL")
    assert job.wait() == 128 + signal.SIGKILL


def test_monitor_in_vain(guest):
    """The same for QEMU's monitor. The last test of this guest: the late answer is still to come."""
    guest.process.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(TimeoutError, match="(?s)monitor does not answer.*aerostat-guest: ready"):
            guest.qmp("query-status", timeout=0.1)
    finally:
        guest.process.send_signal(signal.SIGCONT)
